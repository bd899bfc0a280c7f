// A leaky relu is a table, or LiteRT's kernel as a table; one with slopes per channel has two
// requantizations, or stays float.
// RUN: hwq-opt %s --quant-hw-integerize | FileCheck %s --check-prefix=STEP1
// RUN: hwq-opt %s --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias --quant-hw-select-kernels | FileCheck %s --check-prefix=STEP4
// RUN: sed 's/, prelu = "r1"//' %s | hwq-opt --quant-hw-integerize --remarks-filter='hwq.*' 2>&1 >/dev/null | FileCheck %s --check-prefix=NONE
// NONE: prelu stays float: the backend has no prelu in integers

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "i8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q3",
  requantize_kernel = "r2", graph_policy = "total", lookup_tables = "tflite", prelu = "r1",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<i8<-4:3>:f32, 0.5:-1>
!y = !quant.uniform<i8:f32, 0.25:10>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step0"} {
  // A = -3..4; twice A from 0 on, and A * 2 * 0.375 below: -2.25, -1.5 and -0.75 are -2, -2 and -1.
  // The slope is what a file of LiteRT holds.
  // STEP1-LABEL: func.func @leaky(
  // STEP1-NEXT: quant_hw.lookup %arg0 {{{.*}}quant_hw.alpha = 3.750000e-01 : f32, quant_hw.name = "l", table = array<i32: 8, 8, 9, 10, 12, 14, 16, 18>}
  // STEP4-LABEL: func.func @leaky(
  // STEP4-NEXT: quant_hw.lookup %arg0 {quant_hw.alpha = 3.750000e-01 : f32, quant_hw.name = "l", table = array<i32: 8, {{8|9}}, 9, 10, 12, 14, 16, 18>}
  func.func @leaky(%a: tensor<?x4x!x>) -> tensor<?x4x!y> {
    %x = quant_hw.dequantize %a : tensor<?x4x!x> -> tensor<?x4xf32>
    %h = quant_hw.unary leaky_relu %x alpha 0.375 : tensor<?x4xf32>
    %q = quant_hw.quantize %h form <q3> {quant_hw.name = "l"} : tensor<?x4xf32> -> tensor<?x4x!y>
    return %q : tensor<?x4x!y>
  }

  // The largest slope, 0.127, is the code 127: scale 0.001. Sx/Sy = 2.
  // STEP1-LABEL: func.func @slopes(
  // STEP1: %[[S:.*]] = "tosa.const"() <{values = dense<[127, -50]> : tensor<2xi8>}> : () -> tensor<2x!quant.uniform<i8<-127:127>:f32, 0.0010000000{{[0-9]*}}>>
  // STEP1: quant_hw.prelu %arg0, %[[S]] {negative = #quant_hw.requant<kernel = real, quantize_form = q3, scales = [0.0020000000{{[0-9]*}}], zero_point = 10, lo = -128, hi = 127>, positive = #quant_hw.requant<kernel = real, quantize_form = q3, scales = [2.000000e+00], zero_point = 10, lo = -128, hi = 127>, quant_hw.name = "p"}
  // STEP4-LABEL: func.func @slopes(
  // STEP4: quant_hw.prelu {{.*}}negative = #quant_hw.requant<kernel = r1, {{.*}}scales = [0.002{{[0-9]*}}], multipliers = [1099511{{[0-9]*}}], shifts = [39], zero_point = 10, lo = -128, hi = 127>, positive = #quant_hw.requant<kernel = r1, {{.*}}scales = [2.000000e+00], multipliers = [1073741824], shifts = [29], zero_point = 10, lo = -128, hi = 127>
  func.func @slopes(%a: tensor<?x2x!x>) -> tensor<?x2x!y> {
    %x = quant_hw.dequantize %a : tensor<?x2x!x> -> tensor<?x2xf32>
    %s = "tosa.const"() {values = dense<[0.127, -0.05]> : tensor<2xf32>} : () -> tensor<2xf32>
    %p = quant_hw.prelu %x, %s : (tensor<?x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
    %q = quant_hw.quantize %p form <q3> {quant_hw.name = "p"} : tensor<?x2xf32> -> tensor<?x2x!y>
    return %q : tensor<?x2x!y>
  }
}
