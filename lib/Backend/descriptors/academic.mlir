// Research practice: fake quantization of convolutions and fully connected layers in
// b bits, everything else in floating point; no integer program follows.
module @academic attributes {quant_hw.backend = #quant_hw.backend<"academic", {
  vendor = "research papers",
  hardware = "none (fake quantization)",

  // The whole unsigned grid for data without negative values at calibration; codes are
  // unsigned, so a signed grid has its zero point in the middle.
  activations = {storage = "u8", symmetry = "unsigned_symmetric"},
  weights = {storage = "i8", symmetry = "symmetric"},
  // Whatever the others have.
  first_last_bits = 8,

  // PyTorch's and MQBench's observers: the width over 2^b - 1.
  activation_rule = "p_torch",
  weight_rule = "p_torch",
  quantize_form = "q1",

  requantize_kernel = "real",
  bias = "f32",

  graph_policy = "g1",
  fold_batch_norm = false,
  fuse_clamp = false,
  add = "float",
  mul = "float",
  avg_pool = "float",
  concat = "float",

  final_form = "step0",
  target_dialect = "quant_hw",
  fidelity = "exact",
  fidelity_reason = "f32 fake quantization, as in PyTorch and MQBench; there is no integer arithmetic",

  options = {
    // Everything that is not a scale and a zero point, for activations and weights alike.
    scheme = {
      affine = {},
      fixed_point = {activation_scheme = "fixed_point", weight_scheme = "fixed_point"},
      block_fixed_point = {activation_scheme = "block_fixed_point", weight_scheme = "block_fixed_point"},
      // At most 63 levels on either side of zero: more have exponents beyond f32's.
      log2 = {activation_scheme = "power_of_two", weight_scheme = "power_of_two"},
      nnie_log = {activation_scheme = "nnie_log", weight_scheme = "nnie_log"},
      quadratic = {activation_scheme = "quadratic", weight_scheme = "quadratic"},
      // Activations have no codebook: it is found from the values.
      codebook = {weight_scheme = "codebook"},
      fp16 = {activation_scheme = "fp16", weight_scheme = "fp16"},
      bf16 = {activation_scheme = "bf16", weight_scheme = "bf16"},
      fp8_e4m3 = {activation_scheme = "fp8_e4m3", weight_scheme = "fp8_e4m3"},
      fp8_e5m2 = {activation_scheme = "fp8_e5m2", weight_scheme = "fp8_e5m2"}
    },
    "per-channel-weights" = {
      "true" = {weights = {granularity = "per_channel"}},
      "false" = {}
    },
    bits = {
      "2" = {activations = {bits = 2}, weights = {bits = 2}},
      "3" = {activations = {bits = 3}, weights = {bits = 3}},
      "4" = {activations = {bits = 4}, weights = {bits = 4}},
      "5" = {activations = {bits = 5}, weights = {bits = 5}},
      "6" = {activations = {bits = 6}, weights = {bits = 6}},
      "7" = {activations = {bits = 7}, weights = {bits = 7}},
      "8" = {activations = {bits = 8}, weights = {bits = 8}}
    }
  }
}>} {}
