// RUN: hwq-opt %s --split-input-file --verify-diagnostics --quant-hw-select-kernels | FileCheck %s
// RUN: hwq-opt %S/../../../../docs/examples/one-conv.mlir --quant-hw-set-backend=backend=snpe --quant-hw-annotate --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias --quant-hw-select-kernels | FileCheck %s --check-prefix=EXAMPLE

// 2/255 = 0.50196 * 2^-6: M = RHA(0.50196... * 2^31), shift 31 + 6.
// EXAMPLE: module attributes {{.*}}quant_hw.form = "step4"
// EXAMPLE: quant_hw.requantize {{.*}}requant = #quant_hw.requant<kernel = r2, scales = [0.0078431377187371254], multipliers = [1077952640], shifts = [37], lo = 0, hi = 255>}

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
// CHECK: quant_hw.form = "step4"
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  // One multiplier per channel, 31 bits of the scale; what is too small becomes 0.
  // CHECK-LABEL: func.func @requantize(
  func.func @requantize(%a: tensor<?x3xi32>) -> tensor<?x3x!y> {
    // CHECK-NEXT: %[[Y:.*]] = quant_hw.requantize %arg0 {quant_hw.name = "y", requant = #quant_hw.requant<kernel = r2, scales = [2.500000e-01, 3.000000e-01, 1.000000e-10], multipliers = [1073741824, 1288490189, 0], shifts = [32, 32, 31], zero_point = 3, lo = 0, hi = 255>}
    // CHECK-NEXT: return %[[Y]]
    %y = quant_hw.requantize %a {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.25, 0.3, 1.0e-10], zero_point = 3, lo = 0, hi = 255>} : tensor<?x3xi32> -> tensor<?x3x!y>
    return %y : tensor<?x3x!y>
  }

  // The operands shifted left by 20, the sum 2^20 times larger: 2 * 2^-20.
  // CHECK-LABEL: func.func @add(
  func.func @add(%a: tensor<?x1x!x>, %b: tensor<?x1x!quant.uniform<u8:f32, 1.0:5>>) -> tensor<?x1x!quant.uniform<u8:f32, 1.0:3>> {
    // CHECK-NEXT: quant_hw.add %arg0, %arg1 {lhs_requant = #quant_hw.requant<kernel = r2, scales = [2.500000e-01], multipliers = [1073741824], shifts = [32], input_zero_point = 10, left_shift = 20, lo = -2147483648, hi = 2147483647>, quant_hw.name = "y",
    // CHECK-SAME: requant = #quant_hw.requant<kernel = r2, scales = [1.9073486328125E-6], multipliers = [1073741824], shifts = [49], zero_point = 3, lo = 3, hi = 255>,
    // CHECK-SAME: rhs_requant = #quant_hw.requant<kernel = r2, scales = [5.000000e-01], multipliers = [1073741824], shifts = [31], input_zero_point = 5, left_shift = 20, lo = -2147483648, hi = 2147483647>, variant = #quant_hw.add_variant<tflite>}
    %y = quant_hw.add %a, %b {quant_hw.name = "y",
      lhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.25], input_zero_point = 10, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.5], input_zero_point = 5, lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [2.0], zero_point = 3, lo = 3, hi = 255>}
      : (tensor<?x1x!x>, tensor<?x1x!quant.uniform<u8:f32, 1.0:5>>) -> tensor<?x1x!quant.uniform<u8:f32, 1.0:3>>
    return %y : tensor<?x1x!quant.uniform<u8:f32, 1.0:3>>
  }

  // CHECK-LABEL: func.func @avg_pool2d(
  func.func @avg_pool2d(%x: tensor<?x2x2x1x!x>) -> tensor<?x1x1x1x!x> {
    // CHECK-NEXT: quant_hw.avg_pool2d %arg0 {{.*}}variant = #quant_hw.avg_pool_variant<round_half_away>}
    %y = quant_hw.avg_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q5>, clamp = array<i64: 0, 255>} : tensor<?x2x2x1x!x> -> tensor<?x1x1x1x!x>
    return %y : tensor<?x1x1x1x!x>
  }

  // A kernel that is there stays.
  // CHECK-LABEL: func.func @selected(
  func.func @selected(%x: tensor<?x1x!x>) -> tensor<?x1x!y> {
    // CHECK-NEXT: quant_hw.requantize %arg0 {requant = #quant_hw.requant<kernel = r1, scales = [5.000000e-01], multipliers = [536870912], shifts = [30], input_zero_point = 10, zero_point = 3, lo = 0, hi = 255>}
    %y = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = r1, scales = [0.5], multipliers = [536870912], shifts = [30], input_zero_point = 10, zero_point = 3, lo = 0, hi = 255>} : tensor<?x1x!x> -> tensor<?x1x!y>
    return %y : tensor<?x1x!y>
  }
}

// -----

// The kernel is the backend's.
#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r1", graph_policy = "total",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  // CHECK-LABEL: func.func @kernel(
  func.func @kernel(%a: tensor<?x2xi32>) -> tensor<?x2x!y> {
    // CHECK-NEXT: quant_hw.requantize %arg0 {{.*}}kernel = r1, scales = [2.500000e-01], multipliers = [1073741824], shifts = [32]
    %y = quant_hw.requantize %a {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.25], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
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
  func.func @requantize(%a: tensor<?x2xi32>) -> tensor<?x2x!y> {
    %b = "tosa.const"() {values = dense<1.0> : tensor<2xf64>} : () -> tensor<2xf64>
    // expected-error @below {{the bias of 'y' is still real}}
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.25], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    return %y : tensor<?x2x!y>
  }
}

// -----

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total", shift_range = [0, 31],
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  func.func @requantize(%a: tensor<?x2xi32>) -> tensor<?x2x!y> {
    // expected-error @below {{channel 1 of 'y' needs the shift 32, expected one in [0, 31]}}
    %y = quant_hw.requantize %a {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.5, 0.25], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
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
  func.func @requantize(%a: tensor<?x2xi32>) -> tensor<?x2x!y> {
    // expected-error @below {{channel 0 of 'y': expected a scale below 2^31, got 4294967296}}
    %y = quant_hw.requantize %a {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [4294967296.0], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    return %y : tensor<?x2x!y>
  }
}

// -----

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total", shift_range = [0, 40],
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  func.func @add(%a: tensor<?x1x!x>, %b: tensor<?x1x!quant.uniform<u8:f32, 1.0:5>>) -> tensor<?x1x!quant.uniform<u8:f32, 1.0:3>> {
    // expected-error @below {{the sum of 'y' needs the shift 49, expected one in [0, 40]}}
    %y = quant_hw.add %a, %b {quant_hw.name = "y",
      lhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.25], input_zero_point = 10, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.5], input_zero_point = 5, lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [2.0], zero_point = 3, lo = 3, hi = 255>}
      : (tensor<?x1x!x>, tensor<?x1x!quant.uniform<u8:f32, 1.0:5>>) -> tensor<?x1x!quant.uniform<u8:f32, 1.0:3>>
    return %y : tensor<?x1x!quant.uniform<u8:f32, 1.0:3>>
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
  func.func @sum_too_large(%a: tensor<?x1x!x>) -> tensor<?x1x!quant.uniform<u8:f32, 1.0e-20>> {
    // expected-error @below {{the addition 'y': add: expected a scale below 2^31, got}}
    %y = quant_hw.add %a, %a {quant_hw.name = "y",
      lhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.5], input_zero_point = 10, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.5], input_zero_point = 10, lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.0e20], lo = 0, hi = 255>}
      : (tensor<?x1x!x>, tensor<?x1x!x>) -> tensor<?x1x!quant.uniform<u8:f32, 1.0e-20>>
    return %y : tensor<?x1x!quant.uniform<u8:f32, 1.0e-20>>
  }
}

// -----

// Pitfall A9, unsigned codes times 126 twice are no int16 (with the ratio 1, 64 twice would be).
#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total", add = "sophgo_cv18xx", add_bits = 16,
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  func.func @add_bits(%a: tensor<?x1x!x>) -> tensor<?x1x!x> {
    %s = quant_hw.add %a, %a {quant_hw.name = "fits",
      lhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.0], lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.0], lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.0], lo = 0, hi = 255>}
      : (tensor<?x1x!x>, tensor<?x1x!x>) -> tensor<?x1x!x>
    // expected-error @below {{the terms of the addition 'y' can reach [0, 64260], expected [-32768, 32767] (16 bits, beyond which it wraps)}}
    %y = quant_hw.add %s, %s {quant_hw.name = "y",
      lhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.98], lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.98], lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.0], lo = 0, hi = 255>}
      : (tensor<?x1x!x>, tensor<?x1x!x>) -> tensor<?x1x!quant.uniform<u8:f32, 0.25252525252525254>>
    %r = quant_hw.requantize %y {requant = #quant_hw.requant<kernel = r1, scales = [0.5], multipliers = [1073741824], shifts = [31], lo = 0, hi = 255>} : tensor<?x1x!quant.uniform<u8:f32, 0.25252525252525254>> -> tensor<?x1x!x>
    return %r : tensor<?x1x!x>
  }
}

// -----

// Glow's terms are units of 2^-15: 2 * 255 * 500000 * 2^15.
#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total", add = "nnpi",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 5.0e+05>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  func.func @large_scale(%a: tensor<?x1x!x>) -> tensor<?x1x!x> {
    // expected-error @below {{the terms of the addition 'y' can reach [0, 8355840000000], expected [-2147483648, 2147483647] (32 bits, beyond which it wraps)}}
    %y = quant_hw.add %a, %a {quant_hw.name = "y",
      lhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.0], lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.0], lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.0], lo = 0, hi = 255>}
      : (tensor<?x1x!x>, tensor<?x1x!x>) -> tensor<?x1x!x>
    return %y : tensor<?x1x!x>
  }
}

// -----

// A window of 2^24 codes.
#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total", 
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  func.func @pool(%x: tensor<?x?x?x1x!x>) -> tensor<?x?x?x1x!x> {
    // expected-error @below {{the sum of a window of 'y' can reach [-167772160, 4278190080], expected [-2147483648, 2147483647] (32 bits, beyond which it wraps)}}
    %y = quant_hw.avg_pool2d %x {quant_hw.name = "y", kernel = array<i64: 4096, 4096>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q5>, clamp = array<i64: 0, 255>} : tensor<?x?x?x1x!x> -> tensor<?x?x?x1x!x>
    return %y : tensor<?x?x?x1x!x>
  }
}

// -----

// expected-error @below {{'quant-hw-select-kernels' expects a program of form 'step3', got 'step2'}}
module attributes {quant_hw.form = "step2"} {}

// -----

// expected-error @below {{'quant-hw-select-kernels' expects a backend in 'quant_hw.backend' (set by --quant-hw-set-backend)}}
module attributes {quant_hw.form = "step3"} {}

// -----

// Engines that take another form for some shapes and scales.
#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "i8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric"},
  activation_rule = "p_tfl", weight_rule = "p_tfl", quantize_form = "q2",
  requantize_kernel = "r4", graph_policy = "total", keep_parameters = ["max_pool2d", "movement"],
  add = "tflite_xnnpack", avg_pool = "onnxruntime", concat = "copy", rescale = "tflite_ruy",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!a = !quant.uniform<i8:f32, 0.5:10>
!b = !quant.uniform<i8:f32, 1.220703125E-4:-7>
!y = !quant.uniform<i8:f32, 1.0:3>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step3"} {
  // XNNPACK leaves a ratio below 2^-10 to LiteRT.
  // CHECK-LABEL: func.func @add(
  func.func @add(%a: tensor<?x1x!a>, %b: tensor<?x1x!b>) -> tensor<?x1x!y> {
    // CHECK-NEXT: quant_hw.add {{.*}}left_shift = 20{{.*}}requant = #quant_hw.requant<kernel = r1, {{.*}}variant = #quant_hw.add_variant<tflite_ruy>}
    %y = quant_hw.add %a, %b {quant_hw.name = "y",
      lhs_requant = #quant_hw.requant<kernel = real, quantize_form = q2, scales = [0.5], input_zero_point = 10, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = real, quantize_form = q2, scales = [1.220703125E-4], input_zero_point = -7, lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = real, quantize_form = q2, scales = [1.0], zero_point = 3, lo = -128, hi = 127>}
      : (tensor<?x1x!a>, tensor<?x1x!b>) -> tensor<?x1x!y>
    return %y : tensor<?x1x!y>
  }

  // ONNX Runtime averages a whole input by its global form.
  // CHECK-LABEL: func.func @whole(
  func.func @whole(%x: tensor<?x2x3x1x!a>) -> tensor<?x1x1x1x!y> {
    // CHECK-NEXT: quant_hw.avg_pool2d %arg0 {{.*}}variant = #quant_hw.avg_pool_variant<onnxruntime_global>}
    %y = quant_hw.avg_pool2d %x {kernel = array<i64: 2, 3>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q2>, clamp = array<i64: -128, 127>,
      requant = #quant_hw.requant<kernel = real, quantize_form = q2, scales = [0.5], input_zero_point = 10, zero_point = 3, lo = -128, hi = 127>} : tensor<?x2x3x1x!a> -> tensor<?x1x1x1x!y>
    return %y : tensor<?x1x1x1x!y>
  }
  // CHECK-LABEL: func.func @padded(
  func.func @padded(%x: tensor<?x2x3x1x!a>) -> tensor<?x1x1x1x!y> {
    // CHECK-NEXT: quant_hw.avg_pool2d %arg0 {{.*}}variant = #quant_hw.avg_pool_variant<onnxruntime>}
    %y = quant_hw.avg_pool2d %x {kernel = array<i64: 3, 3>, stride = array<i64: 1, 1>, pad = array<i64: 1, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q2>, clamp = array<i64: -128, 127>,
      requant = #quant_hw.requant<kernel = real, quantize_form = q2, scales = [0.5], input_zero_point = 10, zero_point = 3, lo = -128, hi = 127>} : tensor<?x2x3x1x!a> -> tensor<?x1x1x1x!y>
    return %y : tensor<?x1x1x1x!y>
  }

  // CHECK-LABEL: func.func @rescale(
  func.func @rescale(%x: tensor<?x1x!a>) -> tensor<?x1x!y> {
    // CHECK-NEXT: quant_hw.requantize %arg0 {{.*}}requant = #quant_hw.requant<kernel = r11, scales = [5.000000e-01], multipliers = [1073741824], shifts = [31]
    %y = quant_hw.requantize %x {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q2, scales = [0.5], input_zero_point = 10, zero_point = 3, lo = -128, hi = 127>} : tensor<?x1x!a> -> tensor<?x1x!y>
    return %y : tensor<?x1x!y>
  }
}
