// TVM's relay.quantize: power-of-two scales, so that every requantization is a shift.
// The defaults that leave the first convolution and dense layers out are off.
module @tvm attributes {quant_hw.backend = #quant_hw.backend<"tvm", {
  vendor = "Apache",
  hardware = "any CPU or accelerator (TVM)",

  // Clipped at +-127.
  activations = {storage = "i8", symmetry = "symmetric", narrow = true},
  weights = {storage = "i8", symmetry = "symmetric", narrow = true},
  scale_form = "power_of_two",
  // Activations have the fixed scale 8/128 (global_scale), weights the power of two at or
  // above their maximum.
  activation_rule = "p_tvm",
  weight_rule = "p_tvm",
  quantize_form = "q7",

  // A shift to the left where the output is finer.
  requantize_kernel = "r6",
  shift_range = [-31, 31],
  // The folded bias counts as a weight: 8 bits, then shifted to the accumulator.
  bias = "i8_pot_shifted",

  graph_policy = "g3_tvm",
  keep_parameters = ["max_pool2d", "avg_pool2d", "movement"],
  // Scales of a concatenation are unified.
  align_operands = ["concat"],
  add = "tvm",
  mul = "tvm",
  avg_pool = "tvm",
  concat = "tvm",

  target_dialect = "tvm_qnn",
  fidelity = "exact",
  fidelity_reason = "TVM's source (0.18), and runs of relay.quantize and relay.qnn",

  options = {
    // MQBench rounds the logarithm of the scale to nearest.
    "pot-rounding" = {
      ceil = {},
      nearest = {activation_rule = "p_pot_r", weight_rule = "p_pot_r"}
    },
    policy = {
      g3_tvm = {},
      g3 = {graph_policy = "g3", align_operands = []}
    },
    profile = {
      vendor = {},
      mqbench = {
        activations = {narrow = false}, weights = {narrow = false}, activation_rule = "p_pot_r",
        weight_rule = "p_pot_r", quantize_form = "q1", graph_policy = "g3", align_operands = []
      }
    }
  }
}>} {}
