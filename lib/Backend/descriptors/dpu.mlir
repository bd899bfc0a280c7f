// DeePhi DPU, now AMD (Xilinx) Vitis AI, and Qcode: r = 2^n * q, shifts only.
module @dpu attributes {quant_hw.backend = #quant_hw.backend<"dpu", {
  vendor = "AMD (Xilinx)",
  hardware = "FPGA DPU (Vitis AI)",

  activations = {storage = "i8", symmetry = "symmetric"},
  weights = {storage = "i8", symmetry = "symmetric"},
  scale_form = "power_of_two",
  // The exponent of least squared error, of five (one for a model's inputs).
  activation_rule = "p_dpu",
  weight_rule = "p_dpu",
  // Half up for activations, half away for parameters.
  quantize_form = "q6",
  weight_quantize_form = "q6p",

  // shift_cut; a violation moves the output's or the weights' exponent.
  requantize_kernel = "r6",
  shift_range = [0, 16],
  // Its own exponent, aligned by shift_bias at run time.
  bias = "i8_pot",
  // shift_bias is limited by 24 bits. What the machine does beyond is not public: partial
  // sums fit, in any order.
  accumulator_bits = 24,
  accumulator_overflow = "saturates",

  // Outputs are quantized; inputs of concatenations and max pools aligned to them. Those
  // of additions and average pools can be too, the hardware does not need it.
  graph_policy = "vitis",
  keep_parameters = ["movement"],
  align_operands = ["concat", "max_pool2d"],
  add = "dpu",
  mul = "dpu",
  avg_pool = "dpu",
  concat = "dpu",

  target_dialect = "dpu",
  formats = ["vitis"],
  fidelity = "approximate",
  fidelity_reason = "the silicon's arithmetic is not public; Vitis AI's nndct and cpu_task stand for it",

  options = {
    // Which inputs get the exponent of the output.
    align = {
      concat = {},
      none = {align_operands = [], keep_parameters = ["max_pool2d", "movement"]},
      all = {align_operands = ["concat", "max_pool2d", "avg_pool2d", "add"]}
    },
    // MQBench rounds parameters to even.
    profile = {
      vendor = {},
      mqbench = {weight_quantize_form = "q2"}
    }
  }
}>} {}
