// One scale for all channels, and a bias for each: a fold is proven with every bias. Channel 0 is
// always 0, with whose bias channel 1 would be, too; with its own it is 0.6 to 0.86 steps.
// DEFINE: %{to-step4} = --quant-hw-fold-batch-norm --quant-hw-annotate --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias --quant-hw-select-kernels
// RUN: hwq-opt %s %{to-step4} --quant-hw-fold-requantize | FileCheck %s
// RUN: hwq-opt %s %{to-step4} --quant-hw-fold-requantize --remarks-filter='hwq.*' -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric"},
  activation_rule = "p_tfl", weight_rule = "p_tfl", quantize_form = "q3", requantize_kernel = "r4", bias = "f32",
  graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #chip, quant_hw.form = "calibrated"} {
  // CHECK: quant_hw.fully_connected {{.*}}quant_hw.name = "f"
  // CHECK: quant_hw.requantize
  // CHECK: tosa.reshape
  // REMARK: [Missed] {{.*}}Reason="result of 'quant_hw.requantize': one multiplier differs from two by up to 1 LSB"
  func.func @main(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x1x2xf32> {
    %x = quant_hw.observe "x" %arg range [0.0, 0.0255] : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<[[0.0], [1.0]]> : tensor<2x1xf32>} : () -> tensor<2x1xf32>
    %b = "tosa.const"() {values = dense<[0.0, 0.06]> : tensor<2xf32>} : () -> tensor<2xf32>
    %f = quant_hw.fully_connected %x, %w bias %b {quant_hw.name = "f"} : (tensor<?x1xf32>, tensor<2x1xf32>, tensor<2xf32>) -> tensor<?x2xf32>
    %fo = quant_hw.observe "f" %f range [0.0, 25.5] : tensor<?x2xf32>
    %s = tosa.const_shape {values = dense<[-1, 1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %r = tosa.reshape %fo, %s {quant_hw.name = "r"} : (tensor<?x2xf32>, !tosa.shape<3>) -> tensor<?x1x2xf32>
    %y = quant_hw.observe "r" %r range [0.0, 42.5] : tensor<?x1x2xf32>
    return %y : tensor<?x1x2xf32>
  }
}
