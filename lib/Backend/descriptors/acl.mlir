// Huawei Ascend with AMCT: convolutions, fully connected layers and average pools between
// AscendQuant and AscendDequant, everything else in floating point.
module @acl attributes {quant_hw.backend = #quant_hw.backend<"acl", {
  vendor = "Huawei",
  hardware = "Ascend NPU (AMCT, ACL)",

  // activation_offset is on by default; offset_w must be 0.
  activations = {storage = "i8", symmetry = "asymmetric"},
  weights = {storage = "i8", symmetry = "symmetric", granularity = "per_channel"},
  // channel_wise is not for fully connected layers.
  fully_connected_granularity = "per_tensor",
  // M/128 where the minimum is the larger one.
  activation_rule = "p_amct",
  weight_rule = "p_amct",
  quantize_form = "q1",
  weight_quantize_form = "q4",

  // Dequantized in f32 as AMCT's own model computes it; the option soc has the chips.
  requantize_kernel = "r9",
  dequant_precision = "f32",
  // RNE(b / (s_w * s_x)); beyond int32 is an error.
  bias = "i32",
  bias_rounding = "rne",

  // Equal quantizers of one tensor are merged.
  graph_policy = "g1_amct",
  stays_float = ["add", "max_pool2d", "concat"],
  add = "float",
  mul = "float",
  avg_pool = "float",
  concat = "float",

  target_dialect = "acl",
  formats = ["amct"],
  fidelity = "approximate",
  fidelity_reason = "AMCT is open source, the roundings of the chip's vdeq_cast and AscendRequant are not public",

  options = {
    // 310: fp16 accumulators and scales; in two products with the square root (sqrt_mode)
    // where a scale is no normal fp16 number, 310-sqrt: everywhere. 310p, 610: the scale in
    // 19 bits. requant: AscendRequant, int32 to int8 at once.
    soc = {
      amct = {},
      "310" = {dequant_precision = "f16"},
      "310-sqrt" = {dequant_precision = "f16_sqrt"},
      "310p" = {dequant_precision = "f19"},
      requant = {dequant_precision = "requant"}
    },
    // activation_offset.
    symmetric = {
      "true" = {activations = {symmetry = "symmetric"}},
      "false" = {}
    },
    "per-channel-weights" = {
      "true" = {},
      "false" = {weights = {granularity = "per_tensor"}}
    },
    // The MQBench paper's code has affine weights, whatever its page says.
    profile = {
      vendor = {},
      mqbench = {
        weights = {symmetry = "asymmetric"}, fully_connected_granularity = "per_channel",
        activation_rule = "p_torch", weight_rule = "p_torch", weight_quantize_form = "q1",
        graph_policy = "g1"
      }
    }
  }
}>} {}
