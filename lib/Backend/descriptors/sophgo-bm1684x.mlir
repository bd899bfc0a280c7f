// Sophgo BM1684X and BM1688 as TPU-MLIR compiles for them. Every scale, weight, bias,
// multiplier and shift of three networks comes out equal to TPU-MLIR 1.30.
module @"sophgo-bm1684x" attributes {quant_hw.backend = #quant_hw.backend<"sophgo-bm1684x", {
  vendor = "Sophgo",
  hardware = "BM1684X, BM1688 TPU",

  // thr/127, and thr/255 as u8 where the minimum is not negative. Weights without negative
  // values are u8 too if the op has no bias.
  activations = {storage = "i8", symmetry = "unsigned_symmetric", unsigned_storage = "u8"},
  weights = {storage = "i8", symmetry = "unsigned_symmetric", unsigned_storage = "u8", granularity = "per_channel"},
  // One scale for a matrix product, in TPU-MLIR 1.30.
  fully_connected_granularity = "per_tensor",
  activation_rule = "p_tpu",
  weight_rule = "p_tpu",
  // The input's cast multiplies by the reciprocal; weights divide in f64.
  quantize_form = "q7",
  weight_quantize_form = "q3_f64",

  // rhu(acc * m, n); the matrix product of the chip rounds half away.
  requantize_kernel = "r7",
  fully_connected_kernel = "r5",
  multiplier_rule = "tpu32",
  shift_range = [-32, 30],
  // RHA(b/(s_w*s_x) - z_x*sum(q_w)).
  bias = "i32",

  graph_policy = "sophgo",
  // A ReLU6 runs as a ReLU: its table row ends the grid at 6, unless it shares another's.
  relu_limit = "grid",
  keep_parameters = ["movement"],
  align_operands = ["concat", "max_pool2d"],
  add = "sophgo_bm1684x",
  mul = "sophgo_bm1684x",
  avg_pool = "sophgo_bm1684x",
  concat = "sophgo_bm1684x",
  lookup_tables = "f64",

  target_dialect = "sophgo",
  formats = ["tpumlir", "tpumlir-qtable"],
  fidelity = "exact",
  fidelity_reason = "TPU-MLIR's source, and no difference in 36 million intermediate integers of TPU-MLIR 1.30",

  options = {
    symmetric = {
      "true" = {},
      "false" = {activations = {symmetry = "asymmetric"}, avg_pool = "sophgo_bm1684x_asymmetric"}
    },
    // TPU-MLIR aligns concatenations before max pools, so that a concatenation may get
    // inputs with another range than its output.
    "tpu-compat" = {
      "true" = {graph_policy = "sophgo_compat"},
      "false" = {}
    }
  }
}>} {}
