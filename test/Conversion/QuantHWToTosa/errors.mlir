// One op for each reason why it has no form in TOSA.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics --convert-quant-hw-to-tosa

!x = !quant.uniform<i8:f32, 0.5:3>
module attributes {quant_hw.form = "step3"} {
  // expected-error@-1 {{expects a program of form 'step4', got 'step3'}}
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>
module attributes {quant_hw.form = "step4"} {
  func.func @float_kernel(%x: tensor<?x4x!x>) -> tensor<?x4x!x> {
    // expected-error@+1 {{'quant_hw.requantize' of 'y' has no form in TOSA: tosa.rescale has no rounding like that of kernel r4}}
    %y = quant_hw.requantize %x {quant_hw.name = "y", requant = #quant_hw.requant<kernel = r4, scales = [0.5], factors = [0.5], input_zero_point = 3, zero_point = 3, lo = -128, hi = 127>} : tensor<?x4x!x> -> tensor<?x4x!x>
    return %y : tensor<?x4x!x>
  }
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>
module attributes {quant_hw.form = "step4"} {
  func.func @float_op(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    // expected-error@+1 {{'quant_hw.softmax' of 'y' has no form in TOSA: it is computed in float}}
    %y = quant_hw.softmax %x axis 1 {quant_hw.name = "y"} : tensor<?x4xf32>
    return %y : tensor<?x4xf32>
  }
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>
!y = !quant.uniform<i8:f32, 0.00390625:-128>
module attributes {quant_hw.form = "step4"} {
  func.func @softmax(%x: tensor<?x4x!x>) -> tensor<?x4x!y> {
    // expected-error@+1 {{'quant_hw.softmax' of 'y' has no form in TOSA: TOSA does not compute it on codes}}
    %y = quant_hw.softmax %x axis 1 {quant_hw.name = "y"} : tensor<?x4x!x> -> tensor<?x4x!y>
    return %y : tensor<?x4x!y>
  }
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>
!w = !quant.uniform<i8:f32:0, {0.25:1, 0.125:2}>
module attributes {quant_hw.form = "step4"} {
  func.func @zero_points(%x: tensor<?x2x!x>) -> tensor<?x2xi32> {
    %w = "tosa.const"() {values = dense<1> : tensor<2x2xi8>} : () -> tensor<2x2x!w>
    // expected-error@+1 {{'quant_hw.fully_connected' of 'y' has no form in TOSA: its weights have a zero point for each channel, TOSA's one}}
    %y = quant_hw.fully_connected %x, %w {quant_hw.name = "y"} : (tensor<?x2x!x>, tensor<2x2x!w>) -> tensor<?x2xi32>
    return %y : tensor<?x2xi32>
  }
}

// -----

!x = !quant.uniform<i8:f32:1, {0.5:3, 0.25}>
module attributes {quant_hw.form = "step4"} {
  // expected-error@+1 {{input 0 has no form in TOSA: expected codes of 8 bits with one scale, got}}
  func.func @channels(%x: tensor<?x2x!x>) -> tensor<?x2x!x> {
    return %x : tensor<?x2x!x>
  }
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>
module attributes {quant_hw.form = "step4"} {
  func.func @domain(%x: tensor<?x2xi32>) -> tensor<?x2x!x> {
    // expected-error@+1 {{'quant_hw.requantize' of 'y' has no form in TOSA: values of channel 0 may lie in [-2147483648, 2147483647], beyond those that tosa.rescale takes with the multiplier 1073741824 and the shift 31}}
    %y = quant_hw.requantize %x {quant_hw.name = "y", requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], zero_point = 3, lo = -128, hi = 127>} : tensor<?x2xi32> -> tensor<?x2x!x>
    return %y : tensor<?x2x!x>
  }
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>
module attributes {quant_hw.form = "step4"} {
  func.func @average(%x: tensor<?x4x4x2x!x>) -> tensor<?x2x2x2x!x> {
    // expected-error@+1 {{'quant_hw.avg_pool2d' of 'y' has no form in TOSA: the average 'tvm' is neither TOSA's nor a rescaled sum}}
    %y = quant_hw.avg_pool2d %x {quant_hw.name = "y", kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, quantize_form = #quant_hw.quantize_form<q3>,
      variant = #quant_hw.avg_pool_variant<tvm>} : tensor<?x4x4x2x!x> -> tensor<?x2x2x2x!x>
    return %y : tensor<?x2x2x2x!x>
  }
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>
module attributes {quant_hw.form = "step4"} {
  func.func @resize(%x: tensor<?x4x4x2x!x>) -> tensor<?x8x8x2x!x> {
    // expected-error@+1 {{'quant_hw.resize_bilinear' of 'y' has no form in TOSA: the resize 'tflite' is not TOSA's with a rescale}}
    %y = quant_hw.resize_bilinear %x {quant_hw.name = "y", scale = array<i64: 4, 2, 4, 2>, offset = array<i64: -1, -1>, border = array<i64: 1, 1>, variant = #quant_hw.resize_variant<tflite>}
      : tensor<?x4x4x2x!x> -> tensor<?x8x8x2x!x>
    return %y : tensor<?x8x8x2x!x>
  }
}

// -----

!x = !quant.uniform<i8<-2:1>:f32, 0.5>
module attributes {quant_hw.form = "step4"} {
  func.func @table(%x: tensor<?x2x!x>) -> tensor<?x2x!x> {
    // expected-error@+1 {{'quant_hw.lookup' of 'y' has no form in TOSA: it has a table for each channel}}
    %y = quant_hw.lookup %x {quant_hw.name = "y", table = array<i32: -2, -1, 0, 1, 1, 0, -1, -2>, channel_axis = 1 : i64} : tensor<?x2x!x> -> tensor<?x2x!x>
    return %y : tensor<?x2x!x>
  }
}
