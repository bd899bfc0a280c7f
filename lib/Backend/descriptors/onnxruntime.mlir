// ONNX Runtime's CPU provider: QLinear ops, u8 activations and i8 weights (s8 activations
// stay float convolutions on x86). The final form is step 4, written as ONNX.
module @onnxruntime attributes {quant_hw.backend = #quant_hw.backend<"onnxruntime", {
  vendor = "Microsoft",
  hardware = "CPU (ONNX Runtime)",

  activations = {storage = "u8", symmetry = "asymmetric"},
  weights = {storage = "i8", symmetry = "symmetric", narrow = true, granularity = "per_channel"},
  activation_rule = "p_torch",
  weight_rule = "p_torch",
  quantize_form = "q2",

  // QLinearConv, QLinearMatMul and QGemm; QLinearMul is R13, QLinearAdd two fused
  // multiply-adds.
  requantize_kernel = "r4",
  bias = "i32",
  bias_rounding = "rne",
  // CPUs without VNNI: vpmaddubsw.
  pair_bits = 16,

  graph_policy = "all_ops",
  keep_parameters = ["max_pool2d", "movement"],
  add = "onnxruntime",
  mul = "onnxruntime",
  // QLinearAveragePool; of the whole image it is QLinearGlobalAveragePool.
  avg_pool = "onnxruntime",
  concat = "onnxruntime",

  final_form = "step4",
  target_dialect = "quant_hw",
  formats = ["onnx-qdq", "onnx-qlinear"],
  fidelity = "exact",
  fidelity_reason = "runs of ONNX Runtime 1.31 at every optimization level, no difference in up to 790 000 outputs per op",

  options = {
    "per-channel-weights" = {
      "true" = {},
      "false" = {weights = {granularity = "per_tensor"}}
    }
  }
}>} {}
