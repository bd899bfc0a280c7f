// A mean over any axes: the sum of the codes, less the zero point, and one scale with the count.
// RUN: hwq-opt %s --quant-hw-integerize | FileCheck %s --check-prefix=STEP1
// RUN: hwq-opt %s --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias --quant-hw-select-kernels | FileCheck %s --check-prefix=STEP4
// RUN: sed 's/, mean = "snpe"//' %s | hwq-opt --quant-hw-integerize --remarks-filter='hwq.*' 2>&1 >/dev/null | FileCheck %s --check-prefix=NONE
// NONE: mean stays float: the backend has no mean in integers

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total", mean = "snpe",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
!y = !quant.uniform<u8:f32, 0.25:3>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step0"} {
  // 0.5 / 0.25 / 8 = 2^30 / 2^32.
  // STEP1-LABEL: func.func @mean(
  // STEP1-NEXT: quant_hw.mean %arg0 {axes = array<i64: 1, 3>, quant_hw.name = "m", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [2.500000e-01], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2x3x4x!quant.uniform<u8:f32, 5.000000e-01:10>> -> tensor<?x1x3x1x!quant.uniform<u8:f32, 2.500000e-01:3>>
  // STEP4-LABEL: func.func @mean(
  // STEP4-NEXT: quant_hw.mean %arg0 {{.*}}requant = #quant_hw.requant<kernel = r2, {{.*}}scales = [2.500000e-01], multipliers = [1073741824], shifts = [32], zero_point = 3, lo = 0, hi = 255>
  func.func @mean(%a: tensor<?x2x3x4x!x>) -> tensor<?x1x3x1x!y> {
    %x = quant_hw.dequantize %a : tensor<?x2x3x4x!x> -> tensor<?x2x3x4xf32>
    %m = quant_hw.mean %x {axes = array<i64: 1, 3>} : tensor<?x2x3x4xf32> -> tensor<?x1x3x1xf32>
    %q = quant_hw.quantize %m form <q5> {quant_hw.name = "m"} : tensor<?x1x3x1xf32> -> tensor<?x1x3x1x!y>
    return %q : tensor<?x1x3x1x!y>
  }
}
