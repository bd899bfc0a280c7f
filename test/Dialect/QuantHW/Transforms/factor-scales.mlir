// RUN: hwq-opt %s --split-input-file --verify-diagnostics --quant-hw-factor-scales | FileCheck %s
// RUN: hwq-opt %S/../../../../docs/examples/one-conv.mlir --quant-hw-set-backend=backend=snpe --quant-hw-annotate --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales | FileCheck %s --check-prefix=EXAMPLE

// B3 = B2 / S1: 0.1 / (Sx Sw) - 16384 = 2167.5 - 16384 (0.1 is an f32) and -4335 - 24576.
// EXAMPLE: module attributes {{.*}}quant_hw.form = "step3"
// EXAMPLE: %[[B:.*]] = "tosa.const"() <{values = dense<[-14216.4999677{{[0-9]*}}, -28911.0000645{{[0-9]*}}]> : tensor<2xf64>}>
// EXAMPLE: quant_hw.requantize %{{.*}} bias %[[B]] : tensor<2xf64> {quant_hw.name = "y", {{.*}}requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0078431372549{{[0-9]*}}], lo = 0, hi = 255>}

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
// CHECK: quant_hw.form = "step3"
module attributes {quant_hw.backend = #chip, quant_hw.form = "step2"} {
  // B3 = B2 / S3 = -2.25 * 16 and 1.125 * 8.
  // CHECK-LABEL: func.func @fully_connected(
  func.func @fully_connected(%x: tensor<?x1x!x>) -> tensor<?x2x!y> {
    // CHECK-NOT: dense<[-2.250000e+00
    // CHECK: %[[A:.*]] = quant_hw.fully_connected
    // CHECK-NEXT: %[[B:.*]] = "tosa.const"() <{values = dense<[-3.600000e+01, 9.000000e+00]> : tensor<2xf64>}>
    // CHECK-NEXT: %[[Y:.*]] = quant_hw.requantize %[[A]] bias %[[B]] : tensor<2xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [6.250000e-02, 1.250000e-01], zero_point = 3, lo = 0, hi = 255>} :
    // CHECK-NEXT: return %[[Y]]
    %w = "tosa.const"() {values = dense<[[132], [126]]> : tensor<2x1xui8>} : () -> tensor<2x1x!w>
    %b = "tosa.const"() {values = dense<[-2.25, 1.125]> : tensor<2xf64>} : () -> tensor<2xf64>
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!x>, tensor<2x1x!w>) -> tensor<?x2xi32>
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", scaled_bias, requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625, 0.125], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    return %y : tensor<?x2x!y>
  }

  // The common scale of tflite's addition is twice the larger one: 0.5 / 2, 1 / 2 and 2 / 2.
  // CHECK-LABEL: func.func @add(
  func.func @add(%a: tensor<?x1x!x>, %b: tensor<?x1x!quant.uniform<u8:f32, 1.0:5>>) -> tensor<?x1x!quant.uniform<u8:f32, 1.0:3>> {
    // CHECK-NEXT: %[[Y:.*]] = quant_hw.add %arg0, %arg1 {lhs_requant = {{.*}}scales = [2.500000e-01], input_zero_point = 10, {{.*}}quant_hw.name = "y", requant = {{.*}}scales = [2.000000e+00], zero_point = 3, lo = 3, hi = 255>, rhs_requant = {{.*}}scales = [5.000000e-01], input_zero_point = 5,
    // CHECK-NEXT: return %[[Y]]
    %y = quant_hw.add %a, %b {quant_hw.name = "y",
      lhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.25], input_zero_point = 10, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.5], input_zero_point = 5, lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.0], zero_point = 3, lo = 3, hi = 255>}
      : (tensor<?x1x!x>, tensor<?x1x!quant.uniform<u8:f32, 1.0:5>>) -> tensor<?x1x!quant.uniform<u8:f32, 1.0:3>>
    return %y : tensor<?x1x!quant.uniform<u8:f32, 1.0:3>>
  }

  // Nothing to factor.
  // CHECK-LABEL: func.func @without_bias(
  func.func @without_bias(%x: tensor<?x1x!x>) -> tensor<?x1x!y> {
    // CHECK-NEXT: quant_hw.requantize %arg0 {requant = {{.*}}scales = [2.500000e-01]
    %c = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.25], input_zero_point = 10, zero_point = 3, lo = 0, hi = 255>} : tensor<?x1x!x> -> tensor<?x1x!y>
    return %c : tensor<?x1x!y>
  }
}

// -----

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step2"} {
  func.func @zero_scale(%x: tensor<?x1x!x>) -> tensor<?x2x!y> {
    %w = "tosa.const"() {values = dense<[[132], [126]]> : tensor<2x1xui8>} : () -> tensor<2x1x!w>
    %b = "tosa.const"() {values = dense<[-2.25, 1.125]> : tensor<2xf64>} : () -> tensor<2xf64>
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!x>, tensor<2x1x!w>) -> tensor<?x2xi32>
    // expected-error @below {{channel 1 of 'y' has the scale 0, so its bias has no value in accumulator units}}
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", scaled_bias, requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625, 0.0], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    return %y : tensor<?x2x!y>
  }
}

// -----

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step2"} {
  func.func @bias(%a: tensor<?x2xi32>, %b: tensor<2xf64>) -> tensor<?x2x!y> {
    // expected-error @below {{the bias of 'y' is not a constant}}
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", scaled_bias, requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    return %y : tensor<?x2x!y>
  }
}

// -----

// expected-error @below {{'quant-hw-factor-scales' expects a program of form 'step2', got 'step1'}}
module attributes {quant_hw.form = "step1"} {}

// -----

// expected-error @below {{'quant-hw-factor-scales' expects a backend in 'quant_hw.backend' (set by --quant-hw-set-backend)}}
module attributes {quant_hw.form = "step2"} {}
