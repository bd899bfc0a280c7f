// FBGEMM under PyTorch on x86: raw integer accumulators, real bias, f32 scale. Checked
// against PyTorch 2.15 in more than 40 million outputs.
module @fbgemm attributes {quant_hw.backend = #quant_hw.backend<"fbgemm", {
  vendor = "Meta (PyTorch)",
  hardware = "x86 CPU (FBGEMM)",

  activations = {storage = "u8", symmetry = "asymmetric"},
  weights = {storage = "i8", symmetry = "symmetric", granularity = "per_channel"},
  // The library's ChooseQuantizationParams; PyTorch's observers have p_torch for both.
  activation_rule = "p_fb",
  weight_rule = "p_torch",
  quantize_form = "q1",

  // v = raw + b/a per channel, one fused multiply-add per tensor; then RNE(v * m) + z.
  requantize_kernel = "r4",
  bias = "f32",
  // CPUs without VNNI: vpmaddubsw.
  pair_bits = 16,

  graph_policy = "g3",
  add = "fbgemm",
  mul = "fbgemm",
  // Channels last; the library has other orders for NCHW.
  avg_pool = "fbgemm",
  concat = "fbgemm",
  keep_parameters = ["max_pool2d", "avg_pool2d", "movement"],
  fixed_outputs = "per_256",

  target_dialect = "fbgemm",
  fidelity = "exact",
  fidelity_reason = "the source of FBGEMM and PyTorch, and no difference in more than 40 million outputs of PyTorch 2.15; the exact accumulator is that of CPUs with VNNI",

  options = {
    // The library allows any zero point per channel; the MQBench page has them.
    "affine-weights" = {
      "true" = {weights = {symmetry = "asymmetric"}},
      "false" = {}
    },
    "per-channel-weights" = {
      "true" = {},
      "false" = {weights = {granularity = "per_tensor"}}
    },
    // Pairs of products saturate at 16 bits without VNNI, in depthwise convolutions always.
    acc = {
      exact = {},
      "avx2-sat" = {accumulator_mode = "avx2_sat"},
      acc16 = {accumulator_mode = "acc16"},
      "depthwise-sat" = {accumulator_mode = "depthwise_sat"}
    },
    // PyTorch's reduce_range: activations in 0..127, for which no pair saturates.
    bits = {
      "8" = {},
      "7" = {activations = {bits = 7}}
    },
    profile = {
      vendor = {},
      mqbench = {
        activations = {storage = "i8"}, weights = {symmetry = "asymmetric"}, activation_rule = "p_torch"
      }
    }
  }
}>} {}
