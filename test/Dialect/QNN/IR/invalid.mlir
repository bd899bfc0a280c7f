// One case for each constraint.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics

func.func @conv2d_c1(%x: tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x2x2x5x!quant.uniform<u8:f32, 2.500000e-01>>'}}
  %y = qnn.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32,
      multiplier = array<i32: 1073741824>, shift = array<i32: 31>, scale = 0.25 : f64,
      offset = 0 : i32}
      : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x5x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @conv2d_c2(%x: tensor<?x4x4x3x!quant.uniform<u16:f32, 0.5:128>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = qnn.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32,
      multiplier = array<i32: 1073741824>, shift = array<i32: 31>, scale = 0.25 : f64,
      offset = 0 : i32}
      : (tensor<?x4x4x3x!quant.uniform<u16:f32, 0.5:128>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @conv2d_c3(%x: tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'shift' in [0, 62], got 63 for channel 0}}
  %y = qnn.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32,
      multiplier = array<i32: 1073741824>, shift = array<i32: 63>, scale = 0.25 : f64,
      offset = 0 : i32}
      : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @conv2d_c4(%x: tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'offset' to be 0 : i32, got -1 : i32}}
  %y = qnn.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32,
      multiplier = array<i32: 1073741824>, shift = array<i32: 31>, scale = 0.25 : f64,
      offset = -1 : i32}
      : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @convert_c1(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:128>>' and 'tensor<?x7x!quant.uniform<u8:f32, 2.500000e-01>>'}}
  %y = qnn.convert %x {multiplier = 1073741824 : i32, shift = 29 : i32, scale = 0.25 : f64,
      offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x7x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @convert_c2(%x: tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = qnn.convert %x {multiplier = 1073741824 : i32, shift = 29 : i32, scale = 0.25 : f64,
      offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @convert_c3(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects 'shift' in [0, 62], got 63}}
  %y = qnn.convert %x {multiplier = 1073741824 : i32, shift = 63 : i32, scale = 0.25 : f64,
      offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @convert_c4(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects 'offset' to be 0 : i32, got -1 : i32}}
  %y = qnn.convert %x {multiplier = 1073741824 : i32, shift = 29 : i32, scale = 0.25 : f64,
      offset = -1 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @depth_wise_conv2d_c1(%x: tensor<?x4x4x2x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x2x2x5x!quant.uniform<u8:f32, 2.500000e-01>>'}}
  %y = qnn.depth_wise_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 128 : i32,
      multiplier = array<i32: 1073741824>, shift = array<i32: 31>, scale = 0.25 : f64,
      offset = 0 : i32}
      : (tensor<?x4x4x2x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x5x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @depth_wise_conv2d_c2(%x: tensor<?x4x4x2x!quant.uniform<u16:f32, 0.5:128>>, %w: tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x2x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = qnn.depth_wise_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 128 : i32,
      multiplier = array<i32: 1073741824>, shift = array<i32: 31>, scale = 0.25 : f64,
      offset = 0 : i32}
      : (tensor<?x4x4x2x!quant.uniform<u16:f32, 0.5:128>>,
         tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @depth_wise_conv2d_c3(%x: tensor<?x4x4x2x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'shift' in [0, 62], got 63 for channel 0}}
  %y = qnn.depth_wise_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 128 : i32,
      multiplier = array<i32: 1073741824>, shift = array<i32: 63>, scale = 0.25 : f64,
      offset = 0 : i32}
      : (tensor<?x4x4x2x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @depth_wise_conv2d_c4(%x: tensor<?x4x4x2x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'offset' to be 0 : i32, got -1 : i32}}
  %y = qnn.depth_wise_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 128 : i32,
      multiplier = array<i32: 1073741824>, shift = array<i32: 31>, scale = 0.25 : f64,
      offset = -1 : i32}
      : (tensor<?x4x4x2x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @dequantize_c1(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = qnn.dequantize %x {scale = 0.5 : f64, offset = -128 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x7xf32>
  return
}

// -----

func.func @dequantize_c2(%x: tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = qnn.dequantize %x {scale = 0.5 : f64, offset = -128 : i32}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>) -> tensor<?x4xf32>
  return
}

// -----

func.func @dequantize_c3(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects 'scale' to be 5.000000e-01 : f64, got 2.500000e-01 : f64}}
  %y = qnn.dequantize %x {scale = 0.25 : f64, offset = -128 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x4xf32>
  return
}

// -----

func.func @element_wise_add_c1(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:128>>', 'tensor<?x4x!quant.uniform<u8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<u8:f32, 2.500000e-01>>'}}
  %y = qnn.element_wise_add %a, %b {left_shift = 20 : i32, lhs_multiplier = 1073741824 : i32,
      lhs_shift = 31 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 32 : i32,
      multiplier = 1073741824 : i32, shift = 48 : i32, scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_add_c2(%a: tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = qnn.element_wise_add %a, %b {left_shift = 20 : i32, lhs_multiplier = 1073741824 : i32,
      lhs_shift = 31 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 32 : i32,
      multiplier = 1073741824 : i32, shift = 48 : i32, scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_add_c3(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'lhs_shift' in [0, 62], got 63}}
  %y = qnn.element_wise_add %a, %b {left_shift = 20 : i32, lhs_multiplier = 1073741824 : i32,
      lhs_shift = 63 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 32 : i32,
      multiplier = 1073741824 : i32, shift = 48 : i32, scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_add_c4(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'offset' to be 0 : i32, got -1 : i32}}
  %y = qnn.element_wise_add %a, %b {left_shift = 20 : i32, lhs_multiplier = 1073741824 : i32,
      lhs_shift = 31 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 32 : i32,
      multiplier = 1073741824 : i32, shift = 48 : i32, scale = 0.25 : f64, offset = -1 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_multiply_c1(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects operands whose dimensions are the result's or 1, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:128>>' for 'tensor<?x7x!quant.uniform<u8:f32, 2.500000e-01>>'}}
  %y = qnn.element_wise_multiply %a, %b {multiplier = 1073741824 : i32, shift = 31 : i32,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_multiply_c2(%a: tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = qnn.element_wise_multiply %a, %b {multiplier = 1073741824 : i32, shift = 31 : i32,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_multiply_c3(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'shift' in [0, 62], got 63}}
  %y = qnn.element_wise_multiply %a, %b {multiplier = 1073741824 : i32, shift = 63 : i32,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_multiply_c4(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'offset' to be 0 : i32, got -1 : i32}}
  %y = qnn.element_wise_multiply %a, %b {multiplier = 1073741824 : i32, shift = 31 : i32,
      scale = 0.25 : f64, offset = -1 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_subtract_c1(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:128>>', 'tensor<?x4x!quant.uniform<u8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<u8:f32, 2.500000e-01>>'}}
  %y = qnn.element_wise_subtract %a, %b {left_shift = 20 : i32, lhs_multiplier = 1073741824 : i32,
      lhs_shift = 31 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 32 : i32,
      multiplier = 1073741824 : i32, shift = 48 : i32, scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_subtract_c2(%a: tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = qnn.element_wise_subtract %a, %b {left_shift = 20 : i32, lhs_multiplier = 1073741824 : i32,
      lhs_shift = 31 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 32 : i32,
      multiplier = 1073741824 : i32, shift = 48 : i32, scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_subtract_c3(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'rhs_multiplier' in [0, 2147483647], got -1}}
  %y = qnn.element_wise_subtract %a, %b {left_shift = 20 : i32, lhs_multiplier = 1073741824 : i32,
      lhs_shift = 31 : i32, rhs_multiplier = -1 : i32, rhs_shift = 32 : i32,
      multiplier = 1073741824 : i32, shift = 48 : i32, scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_subtract_c4(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'offset' to be 0 : i32, got -1 : i32}}
  %y = qnn.element_wise_subtract %a, %b {left_shift = 20 : i32, lhs_multiplier = 1073741824 : i32,
      lhs_shift = 31 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 32 : i32,
      multiplier = 1073741824 : i32, shift = 48 : i32, scale = 0.25 : f64, offset = -1 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @fully_connected_c1(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 1 of the result to be 2, got 'tensor<?x5x!quant.uniform<u8:f32, 2.500000e-01>>'}}
  %y = qnn.fully_connected %x, %w, %b {multiplier = array<i32: 1073741824>, shift = array<i32: 31>,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x5x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @fully_connected_c2(%x: tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = qnn.fully_connected %x, %w, %b {multiplier = array<i32: 1073741824>, shift = array<i32: 31>,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @fully_connected_c3(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'shift' in [0, 62], got 63 for channel 0}}
  %y = qnn.fully_connected %x, %w, %b {multiplier = array<i32: 1073741824>, shift = array<i32: 63>,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @fully_connected_c4(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'offset' to be 0 : i32, got -1 : i32}}
  %y = qnn.fully_connected %x, %w, %b {multiplier = array<i32: 1073741824>, shift = array<i32: 31>,
      scale = 0.25 : f64, offset = -1 : i32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @lookup_c1(%x: tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = qnn.lookup %x {table = array<i32: 0, 1, 1, 3>, scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) -> tensor<?x7x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @lookup_c2(%x: tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 2.500000e-01>>'}}
  %y = qnn.lookup %x {table = array<i32: 0, 1, 1, 3>, scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) -> tensor<?x4x!quant.uniform<u16:f32, 0.25>>
  return
}

// -----

func.func @lookup_c3(%x: tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) {
  // expected-error@+1 {{expects 'offset' to be 0 : i32, got -1 : i32}}
  %y = qnn.lookup %x {table = array<i32: 0, 1, 1, 3>, scale = 0.25 : f64, offset = -1 : i32}
      : (tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @mat_mul_c1(%a: tensor<?x2x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects dimension 2 of the result to be 3, got 'tensor<?x2x6x!quant.uniform<u8:f32, 2.500000e-01>>'}}
  %y = qnn.mat_mul %a, %b {multiplier = array<i32: 1073741824>, shift = array<i32: 31>,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x2x6x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @mat_mul_c2(%a: tensor<?x2x4x!quant.uniform<u16:f32, 0.5:128>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x4x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = qnn.mat_mul %a, %b {multiplier = array<i32: 1073741824>, shift = array<i32: 31>,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x2x4x!quant.uniform<u16:f32, 0.5:128>>, tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @mat_mul_c3(%a: tensor<?x2x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'shift' in [0, 62], got 63 for channel 0}}
  %y = qnn.mat_mul %a, %b {multiplier = array<i32: 1073741824>, shift = array<i32: 63>,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @mat_mul_c4(%a: tensor<?x2x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'offset' to be 0 : i32, got -1 : i32}}
  %y = qnn.mat_mul %a, %b {multiplier = array<i32: 1073741824>, shift = array<i32: 31>,
      scale = 0.25 : f64, offset = -1 : i32}
      : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @pool_avg2d_c1(%x: tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 3, got 'tensor<?x2x2x6x!quant.uniform<u8:f32, 5.000000e-01:128>>'}}
  %y = qnn.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, scale = 0.5 : f64,
      offset = -128 : i32}
      : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:128>>)
      -> tensor<?x2x2x6x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @pool_avg2d_c2(%x: tensor<?x4x4x3x!quant.uniform<u16:f32, 0.5:128>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = qnn.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, scale = 0.5 : f64,
      offset = -128 : i32}
      : (tensor<?x4x4x3x!quant.uniform<u16:f32, 0.5:128>>)
      -> tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @pool_avg2d_c3(%x: tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects 'offset' to be -128 : i32, got -127 : i32}}
  %y = qnn.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, scale = 0.5 : f64,
      offset = -127 : i32}
      : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:128>>)
      -> tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @quantize_c1(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = qnn.quantize %x {scale = 0.5 : f64, offset = -128 : i32}
      : (tensor<?x4xf32>) -> tensor<?x7x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @quantize_c2(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = qnn.quantize %x {scale = 0.5 : f64, offset = -128 : i32}
      : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>
  return
}

// -----

func.func @quantize_c3(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects 'scale' to be 5.000000e-01 : f64, got 2.500000e-01 : f64}}
  %y = qnn.quantize %x {scale = 0.25 : f64, offset = -128 : i32}
      : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @reduce_mean_c1(%x: tensor<?x8x4x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects a result of the operand's shape with 1 along the axes [1], got 'tensor<?x1x7x!quant.uniform<u8:f32, 2.500000e-01>>' for 'tensor<?x8x4x!quant.uniform<u8:f32, 5.000000e-01:128>>'}}
  %y = qnn.reduce_mean %x {axes = array<i64: 1>, multiplier = 1073741824 : i32, shift = 32 : i32,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x8x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x1x7x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @reduce_mean_c2(%x: tensor<?x8x4x!quant.uniform<u16:f32, 0.5:128>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x8x4x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = qnn.reduce_mean %x {axes = array<i64: 1>, multiplier = 1073741824 : i32, shift = 32 : i32,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x8x4x!quant.uniform<u16:f32, 0.5:128>>) -> tensor<?x1x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @reduce_mean_c3(%x: tensor<?x8x4x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects 'shift' in [0, 62], got 63}}
  %y = qnn.reduce_mean %x {axes = array<i64: 1>, multiplier = 1073741824 : i32, shift = 63 : i32,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x8x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x1x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @reduce_mean_c4(%x: tensor<?x8x4x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects 'offset' to be 0 : i32, got -1 : i32}}
  %y = qnn.reduce_mean %x {axes = array<i64: 1>, multiplier = 1073741824 : i32, shift = 32 : i32,
      scale = 0.25 : f64, offset = -1 : i32}
      : (tensor<?x8x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x1x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @transpose_conv2d_c1(%x: tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x4x4x5x!quant.uniform<u8:f32, 2.500000e-01>>'}}
  %y = qnn.transpose_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64,
      pad_value = 128 : i32, multiplier = array<i32: 1073741824>, shift = array<i32: 31>,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x5x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @transpose_conv2d_c2(%x: tensor<?x2x2x3x!quant.uniform<u16:f32, 0.5:128>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x2x3x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = qnn.transpose_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64,
      pad_value = 128 : i32, multiplier = array<i32: 1073741824>, shift = array<i32: 31>,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x2x2x3x!quant.uniform<u16:f32, 0.5:128>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @transpose_conv2d_c3(%x: tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'shift' in [0, 62], got 63 for channel 0}}
  %y = qnn.transpose_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64,
      pad_value = 128 : i32, multiplier = array<i32: 1073741824>, shift = array<i32: 63>,
      scale = 0.25 : f64, offset = 0 : i32}
      : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @transpose_conv2d_c4(%x: tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'offset' to be 0 : i32, got -1 : i32}}
  %y = qnn.transpose_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64,
      pad_value = 128 : i32, multiplier = array<i32: 1073741824>, shift = array<i32: 31>,
      scale = 0.25 : f64, offset = -1 : i32}
      : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25>>
  return
}
