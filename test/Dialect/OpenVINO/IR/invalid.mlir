// One case for each constraint.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics

func.func @add_c1(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:3>>', 'tensor<?x4x!quant.uniform<u8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = openvino.add %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32,
      output_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @add_c2(%a: tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = openvino.add %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32,
      output_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @add_c3(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'lhs_scale' to be positive, got -5.000000e-01}}
  %y = openvino.add %a, %b {lhs_scale = -0.5 : f32, rhs_scale = 0.25 : f32,
      output_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @avg_pool_c1(%x: tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 3, got 'tensor<?x2x2x6x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = openvino.avg_pool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, ratio = 2.0 : f32}
      : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>)
      -> tensor<?x2x2x6x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @avg_pool_c2(%x: tensor<?x4x4x3x!quant.uniform<u16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = openvino.avg_pool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, ratio = 2.0 : f32}
      : (tensor<?x4x4x3x!quant.uniform<u16:f32, 0.5:3>>)
      -> tensor<?x2x2x3x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @avg_pool_c3(%x: tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects 'ratio' to be positive, got 0.000000e+00}}
  %y = openvino.avg_pool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, ratio = 0.0 : f32}
      : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>)
      -> tensor<?x2x2x3x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @convert_c1(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = openvino.convert %x : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<?x7xf32>
  return
}

// -----

func.func @convert_c2(%x: tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = openvino.convert %x : (tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>) -> tensor<?x4xf32>
  return
}

// -----

func.func @convolution_c1(%x: tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x2x2x5x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = openvino.convolution %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32, scale = array<f32: 0.5>,
      scaled_bias = array<f32: 12.0, -2.0>, clamp_min = 7 : i32}
      : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x5x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @convolution_c2(%x: tensor<?x4x4x3x!quant.uniform<u16:f32, 0.5:3>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = openvino.convolution %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32, scale = array<f32: 0.5>,
      scaled_bias = array<f32: 12.0, -2.0>, clamp_min = 7 : i32}
      : (tensor<?x4x4x3x!quant.uniform<u16:f32, 0.5:3>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @convolution_c3(%x: tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'scale'}}
  %y = openvino.convolution %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32, scaled_bias = array<f32: 12.0, -2.0>, clamp_min = 7 : i32}
      : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @convolution_backprop_data_c1(%x: tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x4x4x5x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = openvino.convolution_backprop_data %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 3 : i32, scale = array<f32: 0.5>,
      scaled_bias = array<f32: 12.0, -2.0>}
      : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x5x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @convolution_backprop_data_c2(%x: tensor<?x2x2x3x!quant.uniform<u16:f32, 0.5:3>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x2x3x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = openvino.convolution_backprop_data %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 3 : i32, scale = array<f32: 0.5>,
      scaled_bias = array<f32: 12.0, -2.0>}
      : (tensor<?x2x2x3x!quant.uniform<u16:f32, 0.5:3>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @convolution_backprop_data_c3(%x: tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects one scale or one per channel (2), got 3}}
  %y = openvino.convolution_backprop_data %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 3 : i32, scale = array<f32: 0.5, 0.5, 0.5>,
      scaled_bias = array<f32: 12.0, -2.0>}
      : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @dequantization_c1(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x2xi32>' and 'tensor<?x5xf32>'}}
  %y = openvino.dequantization %x {scale = array<f32: 0.125>, real_bias = array<f32: 1.5, -0.25>}
      : (tensor<?x2xi32>) -> tensor<?x5xf32>
  return
}

// -----

func.func @dequantization_c2(%x: tensor<?x2x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = openvino.dequantization %x {scale = array<f32: 0.125>, real_bias = array<f32: 1.5, -0.25>}
      : (tensor<?x2x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x2xf32>
  return
}

// -----

func.func @dequantization_c3(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects one scale or one per channel (2), got 3}}
  %y = openvino.dequantization %x {scale = array<f32: 0.125, 0.125, 0.125>, real_bias = array<f32: 1.5, -0.25>}
      : (tensor<?x2xi32>) -> tensor<?x2xf32>
  return
}

// -----

func.func @fake_quantize_c1(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = openvino.fake_quantize %x {levels = 256 : i32, input_low = -1.5 : f32,
      input_high = 126.0 : f32} : (tensor<?x4xf32>) -> tensor<?x7x!quant.uniform<u8:f32, 0.5:3>>
  return
}

// -----

func.func @fake_quantize_c2(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = openvino.fake_quantize %x {levels = 256 : i32, input_low = -1.5 : f32,
      input_high = 126.0 : f32} : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>
  return
}

// -----

func.func @fake_quantize_c3(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects 'levels' to be 256 : i32, got 255 : i32}}
  %y = openvino.fake_quantize %x {levels = 255 : i32, input_low = -1.5 : f32,
      input_high = 126.0 : f32} : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>
  return
}

// -----

func.func @fully_connected_c1(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 1 of the result to be 2, got 'tensor<?x5x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = openvino.fully_connected %x, %w, %b {scale = array<f32: 0.5>,
      scaled_bias = array<f32: 12.0, -2.0>}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x5x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @fully_connected_c2(%x: tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = openvino.fully_connected %x, %w, %b {scale = array<f32: 0.5>,
      scaled_bias = array<f32: 12.0, -2.0>}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @fully_connected_c3(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'scale'}}
  %y = openvino.fully_connected %x, %w, %b {scaled_bias = array<f32: 12.0, -2.0>}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @group_convolution_c1(%x: tensor<?x4x4x2x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x2x2x5x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = openvino.group_convolution %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 3 : i32,
      scale = array<f32: 0.5>, scaled_bias = array<f32: 12.0, -2.0>}
      : (tensor<?x4x4x2x!quant.uniform<u8:f32, 0.5:3>>,
         tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x5x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @group_convolution_c2(%x: tensor<?x4x4x2x!quant.uniform<u16:f32, 0.5:3>>, %w: tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x2x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = openvino.group_convolution %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 3 : i32,
      scale = array<f32: 0.5>, scaled_bias = array<f32: 12.0, -2.0>}
      : (tensor<?x4x4x2x!quant.uniform<u16:f32, 0.5:3>>,
         tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @group_convolution_c3(%x: tensor<?x4x4x2x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects one scale or one per channel (2), got 3}}
  %y = openvino.group_convolution %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 3 : i32,
      scale = array<f32: 0.5, 0.5, 0.5>, scaled_bias = array<f32: 12.0, -2.0>}
      : (tensor<?x4x4x2x!quant.uniform<u8:f32, 0.5:3>>,
         tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @mat_mul_c1(%a: tensor<?x2x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects dimension 2 of the result to be 3, got 'tensor<?x2x6x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = openvino.mat_mul %a, %b {scale = array<f32: 0.5>}
      : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x2x6x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @mat_mul_c2(%a: tensor<?x2x4x!quant.uniform<u16:f32, 0.5:3>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = openvino.mat_mul %a, %b {scale = array<f32: 0.5>}
      : (tensor<?x2x4x!quant.uniform<u16:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @mat_mul_c3(%a: tensor<?x2x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects an integer kernel, one scale and the input zero point 0 in 'requant'}}
  %y = openvino.mat_mul %a, %b {scale = array<f32: 0.5, 0.5, 0.5>}
      : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @multiply_c1(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects operands whose dimensions are the result's or 1, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:3>>' for 'tensor<?x7x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = openvino.multiply %a, %b {ratio = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @multiply_c2(%a: tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = openvino.multiply %a, %b {ratio = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @multiply_c3(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects factors that stand for the scales, got 2.500000e-01 for the scale 5.000000e-01 of channel 0 of result of 'openvino.multiply'}}
  %y = openvino.multiply %a, %b {ratio = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @requantize_c1(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:3>>' and 'tensor<?x7x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = openvino.requantize %x {scale = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<?x7x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @requantize_c2(%x: tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = openvino.requantize %x {scale = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @requantize_c3(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects factors that stand for the scales, got 1.000000e+00 for the scale 2.000000e+00 of channel 0 of result of 'openvino.requantize'}}
  %y = openvino.requantize %x {scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @subtract_c1(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:3>>', 'tensor<?x4x!quant.uniform<u8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = openvino.subtract %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32,
      output_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @subtract_c2(%a: tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = openvino.subtract %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32,
      output_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @subtract_c3(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'output_scale' to be positive, got 0.000000e+00}}
  %y = openvino.subtract %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32,
      output_scale = 0.0 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}
