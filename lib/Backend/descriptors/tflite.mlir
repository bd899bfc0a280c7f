// LiteRT (TensorFlow Lite), int8, reference kernels: the specification. The engine that
// phones run is tflite-xnnpack.
module @tflite attributes {quant_hw.backend = #quant_hw.backend<"tflite", {
  vendor = "Google",
  hardware = "CPU and microcontrollers (LiteRT reference kernels)",

  // The int8 specification: weights in [-127, 127] per axis, fully connected per tensor.
  activations = {storage = "i8", symmetry = "asymmetric"},
  weights = {storage = "i8", symmetry = "symmetric", narrow = true, granularity = "per_channel"},
  fully_connected_granularity = "per_tensor",
  scale_precision = "f32",
  activation_rule = "p_tfl",
  weight_rule = "p_tfl",
  quantize_form = "q3",

  // Two roundings; the reference fully connected kernel scales in f64 instead.
  requantize_kernel = "r1",
  fully_connected_kernel = "r12",
  // Products of activations, and leaky relus, have the integer kernel everywhere.
  matmul_kernel = "r1",
  bias = "i32",

  // Movement, pools and concatenation share parameters; the observers unify them.
  graph_policy = "tfl",
  add = "tflite",
  mul = "tflite",
  avg_pool = "tflite",
  concat = "copy",
  rescale = "tflite",
  mean = "tflite",
  resize = "tflite",
  lookup_tables = "tflite",
  prelu = "r1",
  softmax = "real",
  keep_parameters = ["max_pool2d", "avg_pool2d", "resize", "movement"],
  fixed_outputs = "per_256",

  target_dialect = "tflite",
  formats = ["tflite"],
  fidelity = "exact",
  fidelity_reason = "public source, and no difference in 137 000 recorded outputs of 20 ops",

  options = {
    // LiteRT built with TFLITE_SINGLE_ROUNDING.
    "single-rounding" = {
      "true" = {requantize_kernel = "r2", add = "snpe", mul = "snpe", rescale = "snpe", mean = "snpe", matmul_kernel = "r2", prelu = "r2"},
      "false" = {}
    },
    // ruy: LiteRT's optimized kernels without a delegate, the second rounding half up;
    // quantization by the reciprocal, to even (LiteRT 2.3.0: 0 of 48 000 ties differ, 3 435
    // with the quotient; the last elements of an array that fill no vector are rounded otherwise).
    engine = {
      reference = {},
      ruy = {requantize_kernel = "r11", fully_connected_kernel = "r11", transpose_conv_kernel = "r1", quantize_form = "q1", weight_quantize_form = "q3", add = "tflite_ruy", rescale = "tflite_ruy"}
    },
    // Newer converters quantize fully connected weights per channel too.
    "per-channel-weights" = {
      "true" = {fully_connected_granularity = "per_channel"},
      "false" = {weights = {granularity = "per_tensor"}}
    }
  }
}>} {}
