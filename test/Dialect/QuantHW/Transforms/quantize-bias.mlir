// RUN: hwq-opt %s --split-input-file --verify-diagnostics --quant-hw-quantize-bias | FileCheck %s
// RUN: hwq-opt %S/../../../../docs/examples/one-conv.mlir --quant-hw-set-backend=backend=snpe --quant-hw-annotate --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias | FileCheck %s --check-prefix=EXAMPLE

// RHA(2167.50003) - 16384 and RHA(-4335.00006) - 24576, inside the accumulator.
// EXAMPLE: %[[B:.*]] = "tosa.const"() <{values = dense<[-14216, -28911]> : tensor<2xi32>}>
// EXAMPLE: quant_hw.conv2d %{{.*}}, %{{.*}} bias %[[B]]
// EXAMPLE: quant_hw.requantize %{{[0-9]+}} {quant_hw.name = "y"

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
// CHECK: quant_hw.form = "step3"
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  // Apart from the folded term Zx sum(qw - Zw) = 40 and -20: RHA(-36.5 + 40) - 40,
  // where RHA(-36.5) would be -37, and RHA(18.4 - 20) + 20.
  // CHECK-LABEL: func.func @fully_connected(
  func.func @fully_connected(%x: tensor<?x1x!x>) -> tensor<?x2x!y> {
    // CHECK-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<[-36, 18]> : tensor<2xi32>}>
    // CHECK-NOT: f64
    // CHECK: %[[A:.*]] = quant_hw.fully_connected %arg0, %{{.*}} bias %[[B]] {raw_input}
    // CHECK-NEXT: %[[Y:.*]] = quant_hw.requantize %[[A]] {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [6.250000e-02],
    // CHECK-NEXT: return %[[Y]]
    %w = "tosa.const"() {values = dense<[[132], [126]]> : tensor<2x1xui8>} : () -> tensor<2x1x!w>
    %b = "tosa.const"() {values = dense<[-36.5, 18.4]> : tensor<2xf64>} : () -> tensor<2xf64>
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!x>, tensor<2x1x!w>) -> tensor<?x2xi32>
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    return %y : tensor<?x2x!y>
  }

  // CHECK-LABEL: func.func @conv2d(
  func.func @conv2d(%x: tensor<?x1x1x1x!x>) -> tensor<?x1x1x1x!y> {
    // CHECK-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<7> : tensor<1xi32>}>
    // CHECK: quant_hw.conv2d %arg0, %{{.*}} bias %[[B]] {{.*}}raw_input
    %w = "tosa.const"() {values = dense<132> : tensor<1x1x1x1xui8>} : () -> tensor<1x1x1x1x!w>
    %b = "tosa.const"() {values = dense<7.4> : tensor<1xf64>} : () -> tensor<1xf64>
    %a = quant_hw.conv2d %x, %w {raw_input, pad_value = 10 : i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1x!x>, tensor<1x1x1x1x!w>) -> tensor<?x1x1x1xi32>
    %y = quant_hw.requantize %a bias %b : tensor<1xf64> {requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x1x1x1xi32> -> tensor<?x1x1x1x!y>
    return %y : tensor<?x1x1x1x!y>
  }

  // What has no bias gets none.
  // CHECK-LABEL: func.func @without_bias(
  func.func @without_bias(%x: tensor<?x1x!x>) -> tensor<?x2x!y> {
    // CHECK: quant_hw.fully_connected %arg0, %{{[0-9]+}} :
    %w = "tosa.const"() {values = dense<[[132], [126]]> : tensor<2x1xui8>} : () -> tensor<2x1x!w>
    %a = quant_hw.fully_connected %x, %w : (tensor<?x1x!x>, tensor<2x1x!w>) -> tensor<?x2xi32>
    %y = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    return %y : tensor<?x2x!y>
  }
}

// -----

// Sx Sw = 1/1024: the biases -1, 0.304 and 1.55 in 8 bits, scale 2.55 / 255, are the codes
// 0, 130 (of 130.4) and 255: -1, 0.3 and 1.55, in accumulator units -1024, 307.2 and 1587.2.
#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total", bias = "i8_asymmetric",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.125>
!w = !quant.uniform<u8:f32, 0.0078125:128>
!y = !quant.uniform<u8:f32, 2.0:3>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  // CHECK-LABEL: func.func @bias_of_8_bits(
  func.func @bias_of_8_bits(%x: tensor<?x1x!x>) -> tensor<?x3x!y> {
    // CHECK: "tosa.const"() <{values = dense<[-1024, 307, 1587]> : tensor<3xi32>}>
    %w = "tosa.const"() {values = dense<[[132], [126], [1]]> : tensor<3x1xui8>} : () -> tensor<3x1x!w>
    %b = "tosa.const"() {values = dense<[-1024.0, 311.296, 1587.2]> : tensor<3xf64>} : () -> tensor<3xf64>
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!x>, tensor<3x1x!w>) -> tensor<?x3xi32>
    %y = quant_hw.requantize %a bias %b : tensor<3xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x3xi32> -> tensor<?x3x!y>
    return %y : tensor<?x3x!y>
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
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  func.func @no_dot_product(%a: tensor<?x2xi32>) -> tensor<?x2x!y> {
    %b = "tosa.const"() {values = dense<1.0> : tensor<2xf64>} : () -> tensor<2xf64>
    // expected-error @below {{expected the bias of 'y' to be a constant on the accumulator of a dot product}}
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
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
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  func.func @no_constant(%x: tensor<?x1x!x>, %b: tensor<2xf64>) -> tensor<?x2x!y> {
    %w = "tosa.const"() {values = dense<[[132], [126]]> : tensor<2x1xui8>} : () -> tensor<2x1x!w>
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!x>, tensor<2x1x!w>) -> tensor<?x2xi32>
    // expected-error @below {{expected the bias of 'y' to be a constant on the accumulator of a dot product}}
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
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
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  func.func @two_biases(%x: tensor<?x1x!x>) -> tensor<?x2x!y> {
    %w = "tosa.const"() {values = dense<[[132], [126]]> : tensor<2x1xui8>} : () -> tensor<2x1x!w>
    %b = "tosa.const"() {values = dense<1.0> : tensor<2xf64>} : () -> tensor<2xf64>
    %i = "tosa.const"() {values = dense<1> : tensor<2xi32>} : () -> tensor<2xi32>
    %a = quant_hw.fully_connected %x, %w bias %i {raw_input} : (tensor<?x1x!x>, tensor<2x1x!w>, tensor<2xi32>) -> tensor<?x2xi32>
    // expected-error @below {{the accumulator of 'y' has an integer bias already}}
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
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
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  func.func @weights(%x: tensor<?x1x!x>, %w: tensor<2x1x!w>) -> tensor<?x2x!y> {
    %b = "tosa.const"() {values = dense<1.0> : tensor<2xf64>} : () -> tensor<2xf64>
    // expected-error @below {{the weights of 'y' are not a constant}}
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!x>, tensor<2x1x!w>) -> tensor<?x2xi32>
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
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
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  func.func @weights_without_bias(%x: tensor<?x1x!x>, %w: tensor<2x1x!w>) -> tensor<?x2x!y> {
    // expected-error @below {{the weights of 'y' are not a constant}}
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!x>, tensor<2x1x!w>) -> tensor<?x2xi32>
    %y = quant_hw.requantize %a {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
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
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  func.func @too_large(%x: tensor<?x1x!x>) -> tensor<?x2x!y> {
    %w = "tosa.const"() {values = dense<[[132], [126]]> : tensor<2x1xui8>} : () -> tensor<2x1x!w>
    %b = "tosa.const"() {values = dense<[1.0, 3.0e9]> : tensor<2xf64>} : () -> tensor<2xf64>
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!x>, tensor<2x1x!w>) -> tensor<?x2xi32>
    // expected-error @below {{the bias of 'y': channel 1: expected a bias that fits 32 bits, got 2999999980}}
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
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
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  // -2^31 + 8 fits, with the 40 of the zero point folded in it does not.
  func.func @too_large_folded(%x: tensor<?x1x!x>) -> tensor<?x2x!y> {
    %w = "tosa.const"() {values = dense<[[132], [126]]> : tensor<2x1xui8>} : () -> tensor<2x1x!w>
    %b = "tosa.const"() {values = dense<[-2147483680.0, 1.0]> : tensor<2xf64>} : () -> tensor<2xf64>
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!x>, tensor<2x1x!w>) -> tensor<?x2xi32>
    // expected-error @below {{the bias of 'y': channel 0: expected a bias that fits 32 bits with its zero points, got -2147483680}}
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    return %y : tensor<?x2x!y>
  }
}

// -----

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total", bias = "i8_asymmetric",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  func.func @bias_not_finite(%x: tensor<?x1x!x>) -> tensor<?x2x!y> {
    %w = "tosa.const"() {values = dense<[[132], [126]]> : tensor<2x1xui8>} : () -> tensor<2x1x!w>
    %b = "tosa.const"() {values = dense<[0x7FF8000000000000, 1.0]> : tensor<2xf64>} : () -> tensor<2xf64>
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!x>, tensor<2x1x!w>) -> tensor<?x2xi32>
    // expected-error @below {{the bias of 'y': expected a finite bias, got one that is not at index 0}}
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    return %y : tensor<?x2x!y>
  }
}

// -----

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total", accumulator_bits = 10,
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  // Bias 1 and 255 * 4, bias 2 and 255 * -2.
  func.func @accumulator(%x: tensor<?x1x!x>) -> tensor<?x2x!y> {
    %w = "tosa.const"() {values = dense<[[132], [126]]> : tensor<2x1xui8>} : () -> tensor<2x1x!w>
    %b = "tosa.const"() {values = dense<[1.0, 2.0]> : tensor<2xf64>} : () -> tensor<2xf64>
    // expected-error @below {{the accumulator of 'y', channel 0, can reach [1, 1021], expected [-512, 511] (10 bits, beyond which it wraps)}}
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!x>, tensor<2x1x!w>) -> tensor<?x2xi32>
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    return %y : tensor<?x2x!y>
  }
}

// -----

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "i8", symmetry = "symmetric"}, weights = {storage = "i8", symmetry = "symmetric"},
  activation_rule = "p_tfl", weight_rule = "p_tfl", quantize_form = "q3",
  requantize_kernel = "r2", graph_policy = "total", accumulator_bits = 10, accumulator_overflow = "saturates",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32, 0.25>
!y = !quant.uniform<i8:f32, 2.0>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  // 2 * 128 + 127 with the bias in between: [-127, 638] on the way, and less at the end.
  func.func @partial(%x: tensor<?x2x!x>) -> tensor<?x1x!y> {
    %w = "tosa.const"() {values = dense<[[-2, 1]]> : tensor<1x2xi8>} : () -> tensor<1x2x!w>
    %b = "tosa.const"() {values = dense<[200.0]> : tensor<1xf64>} : () -> tensor<1xf64>
    // expected-error @below {{the accumulator of 'y', channel 0, can reach [-382, 583], expected [-512, 511] (10 bits, beyond which it saturates)}}
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x2x!x>, tensor<1x2x!w>) -> tensor<?x1xi32>
    %y = quant_hw.requantize %a bias %b : tensor<1xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q3, scales = [0.0625], lo = -128, hi = 127>} : tensor<?x1xi32> -> tensor<?x1x!y>
    return %y : tensor<?x1x!y>
  }
}

// -----

// expected-error @below {{'quant-hw-quantize-bias' expects a program of form 'step3', got 'step4'}}
module attributes {quant_hw.form = "step4"} {}

// -----

// expected-error @below {{'quant-hw-quantize-bias' expects a backend in 'quant_hw.backend' (set by --quant-hw-set-backend)}}
module attributes {quant_hw.form = "step3"} {}
