// NVIDIA TensorRT: symmetric int8, one f32 epilogue per convolution with real bias,
// residual and activation.
module @tensorrt attributes {quant_hw.backend = #quant_hw.backend<"tensorrt", {
  vendor = "NVIDIA",
  hardware = "GPU (TensorRT)",

  // The developer guide divides by 127 on both sides: weights reach -127, activations
  // are clamped at -128.
  activations = {storage = "i8", symmetry = "symmetric"},
  weights = {storage = "i8", symmetry = "symmetric", narrow = true, granularity = "per_channel"},
  activation_rule = "p_trt",
  weight_rule = "p_trt",
  quantize_form = "q2",

  requantize_kernel = "r14",
  bias = "f32",

  // An addition behind a convolution is part of its kernel: that operand is not
  // quantized, the other one is added as int8.
  graph_policy = "g2_prime",
  fuse_residual = true,
  keep_parameters = ["max_pool2d", "movement"],
  // A concatenation needs one scale.
  align_operands = ["concat"],
  // What stands alone is computed in floating point on dequantized codes.
  add = "float",
  mul = "float",
  avg_pool = "float",
  concat = "float",

  target_dialect = "trt",
  formats = ["onnx-qdq", "tensorrt"],
  fidelity = "approximate",
  fidelity_reason = "TensorRT's kernels are closed; scales, clamps and ties are documented, the order of the f32 operations is not",

  options = {
    // MQBench's symmetric_range: activations without -128.
    "narrow-activations" = {
      "true" = {activations = {narrow = true}},
      "false" = {}
    },
    // The paper's code divides by half of the grid's width.
    "scale-divisor" = {
      "127" = {},
      "127.5" = {activation_rule = "p_torch", weight_rule = "p_torch", weights = {narrow = false}}
    },
    policy = {
      g2_prime = {},
      g2_paper = {graph_policy = "g2_paper", align_operands = []}
    },
    // The MQBench paper's reading: the whole grid everywhere, over 127.5, and operand 0
    // of an addition unquantized even where operand 1 is the convolution.
    profile = {
      vendor = {},
      mqbench = {
        weights = {narrow = false}, activation_rule = "p_torch", weight_rule = "p_torch",
        quantize_form = "q1", graph_policy = "g2_paper", align_operands = []
      }
    }
  }
}>} {}
