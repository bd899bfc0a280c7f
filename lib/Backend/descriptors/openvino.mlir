// OpenVINO on x86 CPUs: FakeQuantize with levels, int8 convolutions with an f32 epilogue.
module @openvino attributes {quant_hw.backend = #quant_hw.backend<"openvino", {
  vendor = "Intel",
  hardware = "x86 CPU (OpenVINO)",

  // u8 behind a relu and through pools, i8 elsewhere.
  activations = {storage = "i8", symmetry = "unsigned_symmetric", unsigned_storage = "u8"},
  signedness = "producer",
  // As NNCF makes them, the lowest code left out.
  weights = {storage = "i8", symmetry = "symmetric", narrow = true, granularity = "per_channel"},
  // CPUs without VNNI; see the option bits.
  pair_bits = 16,
  activation_rule = "p_torch",
  weight_rule = "p_torch",
  quantize_form = "q2",

  requantize_kernel = "r4",
  bias = "f32",

  graph_policy = "g_ov",
  keep_parameters = ["max_pool2d", "movement"],
  align_operands = ["concat"],
  add = "float",
  mul = "float",
  avg_pool = "float",
  concat = "float",

  target_dialect = "openvino",
  formats = ["openvino"],
  fidelity = "approximate",
  fidelity_reason = "OpenVINO's reference code rounds x/s; its CPU plugin rounds f32(x*k) - f32(lo*k), k = (levels - 1)/(hi - lo), which is no quantize form here and differs at some ties",

  options = {
    // 7: MQBench; pairs of products do not saturate at 16 bits on CPUs without VNNI.
    bits = {
      "8" = {},
      "7" = {weights = {bits = 7, narrow = false}, pair_bits = 0}
    },
    // What NNCF has in front of depthwise convolutions.
    "per-channel-activations" = {
      "false" = {},
      "true" = {activations = {granularity = "per_channel"}}
    }
  }
}>} {}
