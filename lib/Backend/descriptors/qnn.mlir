// Qualcomm QNN, HTP backend, as ExecuTorch's Qualcomm quantizer sets it up.
module @qnn attributes {quant_hw.backend = #quant_hw.backend<"qnn", {
  vendor = "Qualcomm",
  hardware = "Hexagon HTP (QNN)",

  activations = {storage = "u8", symmetry = "asymmetric"},
  weights = {storage = "i8", symmetry = "symmetric", narrow = true, granularity = "per_channel"},
  activation_rule = "p_aimet",
  weight_rule = "p_aimet",
  quantize_form = "q5",

  requantize_kernel = "r2",
  bias = "i32",

  graph_policy = "total",
  add = "snpe",
  mul = "snpe",
  avg_pool = "round_half_away",
  // All inputs share the output's parameters.
  concat = "copy",
  rescale = "snpe",
  mean = "snpe",
  lookup_tables = "f64",
  keep_parameters = ["max_pool2d", "avg_pool2d", "movement"],
  // 0 to 1.
  fixed_outputs = "per_255",

  target_dialect = "qnn",
  formats = ["encodings-1.0.0", "encodings-2.0.0"],
  fidelity = "approximate",
  fidelity_reason = "the requantization of the HTP is not public; R2 stands for it, which differs from the exact product rounded half away only on negative ties",

  options = {
    "per-channel-weights" = {
      "true" = {},
      "false" = {weights = {granularity = "per_tensor"}}
    },
    "affine-weights" = {
      "true" = {weights = {storage = "u8", symmetry = "asymmetric", narrow = false, granularity = "per_tensor"}},
      "false" = {}
    }
  }
}>} {}
