// Intel NNP-I, SYMLOWP: zero point 0 whatever the type; int8, and uint8 behind a relu.
module @"nnpi-symlowp" attributes {quant_hw.backend = #quant_hw.backend<"nnpi-symlowp", {
  vendor = "Intel",
  hardware = "NNP-I (SYMLOWP)",

  // Glow's SymmetricWithUnsigned: data without negative values has the whole grid, stored
  // as int8 with the zero point -128, which is uint8 with 0.
  activations = {storage = "i8", symmetry = "unsigned_symmetric"},
  // The _PCQ types: one scale per tensor is too coarse for depthwise convolutions.
  weights = {storage = "i8", symmetry = "symmetric", granularity = "per_channel"},
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
    },
    // symmetric: Glow's schema without unsigned codes.
    symmetric = {
      "true" = {activations = {symmetry = "symmetric"}},
      "false" = {}
    }
  }
}>} {}
