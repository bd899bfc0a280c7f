// Intel NNP-I, GEMMLOWP: asymmetric activations and weights, as Glow's interpreter
// computes them.
module @"nnpi-gemmlowp" attributes {quant_hw.backend = #quant_hw.backend<"nnpi-gemmlowp", {
  vendor = "Intel",
  hardware = "NNP-I (GEMMLOWP)",

  activations = {storage = "u8", symmetry = "asymmetric"},
  // The _PCQ types: one scale per tensor is too coarse for depthwise convolutions.
  weights = {storage = "i8", symmetry = "asymmetric", granularity = "per_channel"},
  activation_rule = "p_glow",
  weight_rule = "p_glow",
  quantize_form = "q4",

  // f32, the zero point inside the rounding.
  requantize_kernel = "r8",
  bias = "i32",

  graph_policy = "nnpi",
  keep_parameters = ["max_pool2d", "movement"],
  add = "nnpi",
  mul = "nnpi",
  // The divisor counts padding.
  avg_pool = "nnpi",
  concat = "nnpi",
  lookup_tables = "f32",

  target_dialect = "nnpi",
  formats = ["glow"],
  fidelity = "approximate",
  fidelity_reason = "the silicon's arithmetic is not public; Glow's interpreter stands for it",

  options = {
    "per-channel-weights" = {
      "true" = {},
      "false" = {weights = {granularity = "per_tensor"}}
    },
    // A scale and an offset for each channel of what convolutions and fully connected
    // layers make and read; the weights have the input's scales in them.
    "per-channel-activations" = {
      "true" = {activations = {granularity = "per_channel"}},
      "false" = {}
    },
    // integer: Glow's CPU form, 8-bit multipliers with a shift before and after.
    engine = {
      reference = {},
      integer = {requantize_kernel = "r7", multiplier_rule = "glow", shift_range = [-32, 62]}
    }
  }
}>} {}
