// Qualcomm SNPE, DSP runtime: 8-bit asymmetric activations and weights, parameters
// as the SNPE converter (AIMET) derives them.
module @snpe attributes {quant_hw.backend = #quant_hw.backend<"snpe", {
  vendor = "Qualcomm",
  hardware = "Hexagon DSP (SNPE)",

  activations = {storage = "u8", symmetry = "asymmetric"},
  weights = {storage = "u8", symmetry = "asymmetric"},

  // True minimum and maximum, widened to 0 and to a width of 0.01, zero nudged onto
  // the grid; AIMET's rounding.
  activation_rule = "p_aimet",
  weight_rule = "p_aimet",
  quantize_form = "q5",

  // One 64-bit product, one shift, half up; the zero point after it.
  requantize_kernel = "r2",
  bias = "i32",

  // The integer graph covers everything, inputs and outputs included.
  graph_policy = "total",
  fold_batch_norm = true,
  add = "snpe",
  mul = "snpe",
  avg_pool = "round_half_away",
  // Shared parameters, else one R2 per input.
  concat = "snpe",
  mean = "snpe",
  lookup_tables = "f64",
  keep_parameters = ["max_pool2d", "avg_pool2d", "movement"],

  target_dialect = "snpe",
  formats = ["encodings-1.0.0"],
  fidelity = "approximate",
  fidelity_reason = "the requantization of the DSP is not public; R2, the exact product rounded half up, stands for it",

  options = {
    // The converter's --bias_bitwidth, 8 unless told; 32 is what Qualcomm recommends.
    "bias-bits" = {
      "8" = {bias = "i8_asymmetric"},
      "32" = {bias = "i32"}
    },
    // SNPE has scales per channel for symmetric weights only.
    "per-channel-weights" = {
      "true" = {weights = {symmetry = "symmetric", granularity = "per_channel"}},
      "false" = {weights = {symmetry = "asymmetric", granularity = "per_tensor"}}
    },
    // The public hexagon_nn library's arithmetic, the output zero point inside the
    // scaling. That SNPE's runtime is that library is not documented.
    hexagon = {
      "true" = {
        requantize_kernel = "r10", shift_range = [31, 31], add = "hexagon",
        avg_pool = "hexagon", concat = "hexagon", mul = "none", mean = "none",
        // Relu and clamp keep the range; nothing makes codes larger.
        keep_parameters = ["max_pool2d", "avg_pool2d", "movement", "clamp", "resize"],
        // Its zero points lie in the bias, which a product of activations has not.
        stays_float = ["matmul"]
      },
      "false" = {}
    },
    policy = {
      total = {},
      g3 = {graph_policy = "g3"}
    },
    // The MQBench paper's reading: signed codes, PyTorch's observers, a float output.
    profile = {
      vendor = {},
      mqbench = {
        activations = {storage = "i8"}, weights = {storage = "i8"}, activation_rule = "p_torch",
        weight_rule = "p_torch", quantize_form = "q1", graph_policy = "g3"
      }
    }
  }
}>} {}
