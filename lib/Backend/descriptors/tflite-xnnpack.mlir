// LiteRT's default engine on phones and x86, XNNPACK: the grids of tflite, f32
// requantization, an addition of its own.
module @"tflite-xnnpack" attributes {quant_hw.backend = #quant_hw.backend<"tflite-xnnpack", {
  vendor = "Google",
  hardware = "Arm and x86 CPU (LiteRT with XNNPACK)",

  activations = {storage = "i8", symmetry = "asymmetric"},
  weights = {storage = "i8", symmetry = "symmetric", narrow = true, granularity = "per_channel"},
  fully_connected_granularity = "per_tensor",
  scale_precision = "f32",
  activation_rule = "p_tfl",
  weight_rule = "p_tfl",
  // To even at run time, by the reciprocal; the converter, which makes the weights,
  // rounds half away.
  quantize_form = "q1",
  weight_quantize_form = "q3",

  requantize_kernel = "r4",
  // Products of activations, and leaky relus, have the integer kernel everywhere.
  matmul_kernel = "r1",
  bias = "i32",

  // Movement, pools and concatenation share parameters; the observers unify them.
  graph_policy = "tfl",
  add = "tflite_xnnpack",
  mul = "tflite_xnnpack",
  avg_pool = "tflite",
  concat = "copy",
  rescale = "tflite_xnnpack",
  mean = "tflite_xnnpack",
  resize = "tflite_xnnpack",
  lookup_tables = "tflite_xnnpack",
  prelu = "r1",
  softmax = "real",
  keep_parameters = ["max_pool2d", "avg_pool2d", "resize", "movement"],
  fixed_outputs = "per_256",

  target_dialect = "tflite",
  formats = ["tflite"],
  fidelity = "exact",
  fidelity_reason = "public source, and recorded outputs of LiteRT 2.3 with its default delegate",

  options = {
    "per-channel-weights" = {
      "true" = {fully_connected_granularity = "per_channel"},
      "false" = {weights = {granularity = "per_tensor"}}
    }
  }
}>} {}
