// Sophgo CV18xx as TPU-MLIR compiles for it: the multiplier of a channel comes first, the
// scale of its weights is made to fit it.
module @"sophgo-cv18xx" attributes {quant_hw.backend = #quant_hw.backend<"sophgo-cv18xx", {
  vendor = "Sophgo",
  hardware = "CV18xx TPU",

  // thr/127 (the older runtime's thr/128 is not meant); never unsigned.
  activations = {storage = "i8", symmetry = "symmetric"},
  weights = {storage = "i8", symmetry = "symmetric", narrow = true, granularity = "per_channel"},
  // One scale for a matrix product, in TPU-MLIR 1.30.
  fully_connected_granularity = "per_tensor",
  scale_form = "coupled",
  activation_rule = "p_tpu",
  weight_rule = "p_tpu",
  quantize_form = "q7",
  // RNE(f32(w * f32((th_x/th_y) * 2^(31+r) / m))).
  weight_quantize_form = "q1",

  requantize_kernel = "r1",
  multiplier_rule = "cv18xx",
  bias = "i32",
  bias_rounding = "rne",

  graph_policy = "sophgo",
  // A ReLU6 runs as a ReLU: its table row ends the grid at 6, unless it shares another's.
  relu_limit = "grid",
  keep_parameters = ["movement"],
  align_operands = ["concat", "max_pool2d"],
  // 8-bit multipliers, truncated; one shift of the sum.
  add = "sophgo_cv18xx",
  // q_a * m_a + q_b * m_b is an int16.
  add_bits = 16,
  avg_pool = "sophgo_cv18xx",
  concat = "sophgo_cv18xx",
  lookup_tables = "f64",
  // The multiplier belongs to weights that are made for it.
  stays_float = ["matmul"],

  target_dialect = "sophgo",
  formats = ["tpumlir", "tpumlir-qtable"],
  fidelity = "exact",
  fidelity_reason = "TPU-MLIR's source, and no difference to TPU-MLIR 1.30 in three networks",

  options = {
    "tpu-compat" = {
      "true" = {graph_policy = "sophgo_compat"},
      "false" = {}
    }
  }
}>} {}
