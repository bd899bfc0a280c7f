// TensorFlow Lite of 2017, gemmlowp: uint8 throughout, one scale per tensor.
module @"tflite-u8" attributes {quant_hw.backend = #quant_hw.backend<"tflite-u8", {
  vendor = "Google",
  hardware = "Arm CPU (gemmlowp)",

  activations = {storage = "u8", symmetry = "asymmetric"},
  // 0 is left out, so that products of two weights fit 16 bits.
  weights = {storage = "u8", symmetry = "asymmetric", narrow = true},
  scale_precision = "f32",
  activation_rule = "p_tfl",
  weight_rule = "p_tfl",
  quantize_form = "q3",

  requantize_kernel = "r1",
  scale_product = "f32",
  bias = "i32",

  // Movement, pools and concatenation share parameters; the observers unify them.
  graph_policy = "tfl",
  add = "tflite",
  mul = "tflite",
  avg_pool = "tflite",
  concat = "copy",
  rescale = "tflite",
  mean = "tflite",
  lookup_tables = "tflite",
  softmax = "real",
  keep_parameters = ["max_pool2d", "avg_pool2d", "resize", "movement"],
  fixed_outputs = "per_256",

  target_dialect = "tflite",
  fidelity = "exact",
  fidelity_reason = "the source of gemmlowp and TensorFlow Lite",

  options = {
    "single-rounding" = {
      "true" = {requantize_kernel = "r2", add = "snpe", mul = "snpe", rescale = "snpe", mean = "snpe"},
      "false" = {}
    }
  }
}>} {}
