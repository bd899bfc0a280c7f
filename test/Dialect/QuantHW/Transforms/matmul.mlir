// A product of two activations through the steps.
// RUN: hwq-opt %s --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales | FileCheck %s --check-prefix=STEP3
// RUN: hwq-opt %s --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias --quant-hw-select-kernels --quant-hw-fold-requantize | FileCheck %s --check-prefix=STEP4
// RUN: sed 's/graph_policy/accumulator_bits = 16, graph_policy/' %s | not hwq-opt --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias 2>&1 | FileCheck %s --check-prefix=LIMIT
// (0 - 10) * (255 - 128) * 4 and (255 - 10) * (0 - 128) * 4
// LIMIT: error: the accumulator of 'y', channel 0, can reach [-125440, 124460], expected [-32768, 32767] (16 bits, beyond which it wraps)
// RUN: sed 's/kernel = "r1"/kernel = "r10"/' %s | not hwq-opt --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias --quant-hw-select-kernels 2>&1 | FileCheck %s --check-prefix=OFFSET
// OFFSET: error: the kernel r10 has its zero points in a bias, which the product of activations 'y' has not

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  fully_connected_kernel = "r1",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step0"} {
  // Sa * Sb / Sy; both zero points stay in the product.
  // STEP3-LABEL: func.func @matmul(
  // STEP3-NEXT: %[[A:.*]] = quant_hw.matmul %arg0, %arg1 : (tensor<?x2x4x!quant.uniform<u8:f32, 5.000000e-01:10>>, tensor<?x4x3x!quant.uniform<u8:f32, 2.500000e-01:128>>) -> tensor<?x2x3xi32>
  // STEP3-NEXT: quant_hw.requantize %[[A]] {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [6.250000e-02], zero_point = 3, lo = 0, hi = 255>}
  // The kernel of fully connected layers.
  // STEP4-LABEL: func.func @matmul(
  // STEP4-NEXT: quant_hw.matmul %arg0, %arg1 {quant_hw.name = "y", requant = #quant_hw.requant<kernel = r1, scales = [6.250000e-02], multipliers = [1073741824], shifts = [34], zero_point = 3, lo = 0, hi = 255>}
  // STEP4-NEXT: return
  func.func @matmul(%a: tensor<?x2x4x!x>, %b: tensor<?x4x3x!w>) -> tensor<?x2x3x!y> {
    %x = quant_hw.dequantize %a : tensor<?x2x4x!x> -> tensor<?x2x4xf32>
    %w = quant_hw.dequantize %b : tensor<?x4x3x!w> -> tensor<?x4x3xf32>
    %y = quant_hw.matmul %x, %w : (tensor<?x2x4xf32>, tensor<?x4x3xf32>) -> tensor<?x2x3xf32>
    %q = quant_hw.quantize %y form <q5> {quant_hw.name = "y"} : tensor<?x2x3xf32> -> tensor<?x2x3x!y>
    return %q : tensor<?x2x3x!y>
  }

  // What nothing quantizes is the accumulator dequantized.
  // STEP3-LABEL: func.func @to_float(
  // STEP3-NEXT: %[[A:.*]] = quant_hw.matmul
  // STEP3-NEXT: quant_hw.requantize %[[A]] {requant = #quant_hw.requant<kernel = real, scales = [1.250000e-01], {{.*}}>} : tensor<?x2x3xi32> -> tensor<?x2x3xf32>
  // STEP4-LABEL: func.func @to_float(
  // STEP4: quant_hw.requantize {{.*}}kernel = r14, {{.*}} -> tensor<?x2x3xf32>
  func.func @to_float(%a: tensor<?x2x4x!x>, %b: tensor<?x4x3x!w>) -> tensor<?x2x3xf32> {
    %x = quant_hw.dequantize %a : tensor<?x2x4x!x> -> tensor<?x2x4xf32>
    %w = quant_hw.dequantize %b : tensor<?x4x3x!w> -> tensor<?x4x3xf32>
    %y = quant_hw.matmul %x, %w : (tensor<?x2x4xf32>, tensor<?x4x3xf32>) -> tensor<?x2x3xf32>
    return %y : tensor<?x2x3xf32>
  }
}
