// What TensorFlow Lite has no counterpart for is an error that names op and reason.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics --convert-quant-hw-to-tflite

!x = !quant.uniform<i8:f32, 0.5:3>
module attributes {quant_hw.form = "step4"} {
  func.func @accumulators(%x: tensor<?x4x!x>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x!x> {
    // expected-error @below {{'quant_hw.fully_connected' of 'y' (to accumulators) has no counterpart in TensorFlow Lite}}
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x4x!x>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2xi32>
    %y = quant_hw.requantize %a {quant_hw.name = "y", requant = #quant_hw.requant<kernel = r1, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 3, lo = -128, hi = 127>} : tensor<?x2xi32> -> tensor<?x2x!x>
    return %y : tensor<?x2x!x>
  }
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>
module attributes {quant_hw.form = "step4"} {
  func.func @kernel(%x: tensor<?x4x!x>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x!x> {
    // expected-error @below {{'quant_hw.fully_connected' of 'y' has no counterpart in TensorFlow Lite, expected one of the kernels r1, r2, r11, r7, r4, r12, got r5}}
    %y = quant_hw.fully_connected %x, %w {raw_input, quant_hw.name = "y", requant = #quant_hw.requant<kernel = r5, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 3, lo = -128, hi = 127>} : (tensor<?x4x!x>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x!x>
    return %y : tensor<?x2x!x>
  }
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>
module attributes {quant_hw.form = "step4"} {
  func.func @zero_point_not_folded(%x: tensor<?x4x!x>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x!x> {
    // expected-error @below {{'quant_hw.fully_connected' of 'y' has no counterpart in TensorFlow Lite, expected 'raw_input' to be unit, got none}}
    %y = quant_hw.fully_connected %x, %w {quant_hw.name = "y", requant = #quant_hw.requant<kernel = r1, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 3, lo = -128, hi = 127>} : (tensor<?x4x!x>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x!x>
    return %y : tensor<?x2x!x>
  }
}

// -----

!x = !quant.uniform<i16:f32, 0.5:3>
module attributes {quant_hw.form = "step4"} {
  func.func @wide(%x: tensor<?x4xf32>) -> tensor<?x4x!x> {
    // expected-error @below {{tensor 'x' has no counterpart in TensorFlow Lite, expected codes of 8 bits, got '!quant.uniform<i16:f32, 5.000000e-01:3>'}}
    %q = quant_hw.quantize %x form <q3> {quant_hw.name = "x"} : tensor<?x4xf32> -> tensor<?x4x!x>
    return %q : tensor<?x4x!x>
  }
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>
module attributes {quant_hw.form = "step4"} {
  func.func @quantize_form(%x: tensor<?x4xf32>) -> tensor<?x4x!x> {
    // expected-error @below {{'quant_hw.quantize' of 'x' has no counterpart in TensorFlow Lite, expected 'form' to be #quant_hw.quantize_form<q3>, #quant_hw.quantize_form<q2>, #quant_hw.quantize_form<q1>, got #quant_hw.quantize_form<q5>}}
    %q = quant_hw.quantize %x form <q5> {quant_hw.name = "x"} : tensor<?x4xf32> -> tensor<?x4x!x>
    return %q : tensor<?x4x!x>
  }
}

// -----

// A bias in f32, which the kernels do not have.
!x = !quant.uniform<i8:f32, 0.5:3>
module attributes {quant_hw.form = "step4"} {
  func.func @real_bias(%x: tensor<?x4x!x>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x!x> {
    // expected-error @below {{'quant_hw.fully_connected' of 'y' has no counterpart in TensorFlow Lite, expected 'requant' to be #quant_hw.requant<kernel = r4, scales = [1.000000e+00], factors = [2.500000e-01], zero_point = 3, lo = -128, hi = 127>, got #quant_hw.requant<kernel = r4, scales = [1.000000e+00], factors = [2.500000e-01], bias = [5.000000e-01, 1.500000e+00], zero_point = 3, lo = -128, hi = 127>}}
    %y = quant_hw.fully_connected %x, %w {raw_input, quant_hw.name = "y", requant = #quant_hw.requant<kernel = r4, scales = [0.25], factors = [0.25], bias = [0.5, 1.5], zero_point = 3, lo = -128, hi = 127>} : (tensor<?x4x!x>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x!x>
    return %y : tensor<?x2x!x>
  }
}
