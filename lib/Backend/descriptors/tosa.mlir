// The integer profile of TOSA 1.0: tosa.rescale behind every accumulator.
module @tosa attributes {quant_hw.backend = #quant_hw.backend<"tosa", {
  vendor = "Arm",
  hardware = "any TOSA implementation",

  activations = {storage = "i8", symmetry = "asymmetric"},
  weights = {storage = "i8", symmetry = "symmetric", narrow = true, granularity = "per_channel"},
  activation_rule = "p_tfl",
  weight_rule = "p_tfl",
  quantize_form = "q3",

  // apply_scale_32 with SINGLE_ROUND; DOUBLE_ROUND is R1. INEXACT_ROUND is neither.
  requantize_kernel = "r2",
  shift_range = [2, 62],
  bias = "i32",

  graph_policy = "tfl",
  keep_parameters = ["max_pool2d", "avg_pool2d", "resize", "movement"],
  add = "snpe",
  mul = "snpe",
  // The zero point is subtracted first.
  avg_pool = "round_half_away",
  concat = "snpe",
  mean = "snpe",
  prelu = "r2",
  resize = "tosa",
  lookup_tables = "f64",

  target_dialect = "tosa",
  formats = ["tosa"],
  fidelity = "exact",
  fidelity_reason = "the TOSA 1.0 specification and its reference model",

  options = {
    "single-rounding" = {
      "true" = {},
      "false" = {requantize_kernel = "r1", add = "tflite", mul = "tflite", concat = "tflite", mean = "tflite", prelu = "r1", resize = "tosa_double"}
    },
    "per-channel-weights" = {
      "true" = {},
      "false" = {weights = {granularity = "per_tensor"}}
    }
  }
}>} {}
