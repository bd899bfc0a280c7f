// A chip that nobody else knows: int8 throughout, 15-bit multipliers, half up.
module @mychip attributes {quant_hw.backend = #quant_hw.backend<"mychip", {
  vendor = "My company",
  hardware = "NPU, first silicon",

  activations = {storage = "i8", symmetry = "asymmetric"},
  weights = {storage = "i8", symmetry = "symmetric", narrow = true, granularity = "per_channel"},
  activation_rule = "p_tfl",
  weight_rule = "p_tfl",
  quantize_form = "q1",

  // A product of 32 bits with a 15-bit multiplier, shifted, half up.
  requantize_kernel = "r2",
  multiplier_rule = "bits16",
  bias = "i32",
  accumulator_bits = 24,

  graph_policy = "all_ops",
  keep_parameters = ["max_pool2d", "avg_pool2d", "movement"],
  add = "tflite",
  avg_pool = "round_half_away",
  mean = "tflite",
  lookup_tables = "f64",

  target_dialect = "quant_hw",
  fidelity = "exact",
  fidelity_reason = "our own specification",

  options = {
    // The second silicon has wider multipliers.
    silicon = {
      "1" = {},
      "2" = {multiplier_rule = "bits31", accumulator_bits = 32}
    }
  }
}>} {}
