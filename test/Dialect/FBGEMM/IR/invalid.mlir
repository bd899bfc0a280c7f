// One case for each constraint.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics

func.func @add_c1(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:3>>', 'tensor<?x4x!quant.uniform<u8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = fbgemm.add %a, %b {A_scale = 0.5 : f32, B_scale = 0.25 : f32, C_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @add_c2(%a: tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = fbgemm.add %a, %b {A_scale = 0.5 : f32, B_scale = 0.25 : f32, C_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @add_c3(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'A_scale' to be positive, got -5.000000e-01}}
  %y = fbgemm.add %a, %b {A_scale = -0.5 : f32, B_scale = 0.25 : f32, C_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @add_c4(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects no 'fuse_relu', got unit}}
  %y = fbgemm.add %a, %b {A_scale = 0.5 : f32, B_scale = 0.25 : f32, C_scale = 0.25 : f32, fuse_relu}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @avg_pool2d_c1(%x: tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 3, got 'tensor<?x2x2x6x!quant.uniform<u8:f32, 5.000000e-01:3>>'}}
  %y = fbgemm.avg_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, memory_format = "channels_last"}
      : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>)
      -> tensor<?x2x2x6x!quant.uniform<u8:f32, 0.5:3>>
  return
}

// -----

func.func @avg_pool2d_c2(%x: tensor<?x4x4x3x!quant.uniform<u16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = fbgemm.avg_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, memory_format = "channels_last"}
      : (tensor<?x4x4x3x!quant.uniform<u16:f32, 0.5:3>>)
      -> tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>
  return
}

// -----

func.func @avg_pool2d_c3(%x: tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects 'memory_format' to be 'channels_last', 'contiguous', 'adaptive', got "nchw"}}
  %y = fbgemm.avg_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, memory_format = "nchw"}
      : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>)
      -> tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>
  return
}

// -----

func.func @conv2d_c1(%x: tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x2x2x5x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = fbgemm.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32,
      C_multiplier = array<f32: 0.5>, scaled_bias = array<f32: 1.5, -0.25>,
      bias_scale = array<f32: 8.0>, clamp_min = 7 : i32, fuse_relu}
      : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x5x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @conv2d_c2(%x: tensor<?x4x4x3x!quant.uniform<u16:f32, 0.5:3>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = fbgemm.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32,
      C_multiplier = array<f32: 0.5>, scaled_bias = array<f32: 1.5, -0.25>,
      bias_scale = array<f32: 8.0>, clamp_min = 7 : i32, fuse_relu}
      : (tensor<?x4x4x3x!quant.uniform<u16:f32, 0.5:3>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @conv2d_c3(%x: tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'C_multiplier'}}
  %y = fbgemm.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32,
      scaled_bias = array<f32: 1.5, -0.25>,
      bias_scale = array<f32: 8.0>, clamp_min = 7 : i32, fuse_relu}
      : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @conv2d_c4(%x: tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'fuse_relu' to be unit, got none}}
  %y = fbgemm.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32,
      C_multiplier = array<f32: 0.5>, scaled_bias = array<f32: 1.5, -0.25>,
      bias_scale = array<f32: 8.0>, clamp_min = 7 : i32}
      : (tensor<?x4x4x3x!quant.uniform<u8:f32, 0.5:3>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @conv_transpose2d_c1(%x: tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x4x4x5x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = fbgemm.conv_transpose2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 3 : i32, C_multiplier = array<f32: 0.5>}
      : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x5x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @conv_transpose2d_c2(%x: tensor<?x2x2x3x!quant.uniform<u16:f32, 0.5:3>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x2x3x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = fbgemm.conv_transpose2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 3 : i32, C_multiplier = array<f32: 0.5>}
      : (tensor<?x2x2x3x!quant.uniform<u16:f32, 0.5:3>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @conv_transpose2d_c3(%x: tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects one scale or one per channel (2), got 3}}
  %y = fbgemm.conv_transpose2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 3 : i32, C_multiplier = array<f32: 0.5, 0.5, 0.5>}
      : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @conv_transpose2d_c4(%x: tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects no 'fuse_relu', got unit}}
  %y = fbgemm.conv_transpose2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 3 : i32, C_multiplier = array<f32: 0.5>, fuse_relu}
      : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:3>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @dequantize_c1(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = fbgemm.dequantize %x : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<?x7xf32>
  return
}

// -----

func.func @dequantize_c2(%x: tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = fbgemm.dequantize %x : (tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>) -> tensor<?x4xf32>
  return
}

// -----

func.func @linear_c1(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 1 of the result to be 2, got 'tensor<?x5x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = fbgemm.linear %x, %w, %b {C_multiplier = array<f32: 0.5>,
      scaled_bias = array<f32: 12.0, -2.0>}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x5x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @linear_c2(%x: tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = fbgemm.linear %x, %w, %b {C_multiplier = array<f32: 0.5>,
      scaled_bias = array<f32: 12.0, -2.0>}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @linear_c3(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'C_multiplier'}}
  %y = fbgemm.linear %x, %w, %b {scaled_bias = array<f32: 12.0, -2.0>}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @linear_c4(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects no 'fuse_relu', got unit}}
  %y = fbgemm.linear %x, %w, %b {C_multiplier = array<f32: 0.5>, fuse_relu,
      scaled_bias = array<f32: 12.0, -2.0>}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @matmul_c1(%a: tensor<?x2x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects dimension 2 of the result to be 3, got 'tensor<?x2x6x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = fbgemm.matmul %a, %b {C_multiplier = array<f32: 0.5>}
      : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x2x6x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @matmul_c2(%a: tensor<?x2x4x!quant.uniform<u16:f32, 0.5:3>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = fbgemm.matmul %a, %b {C_multiplier = array<f32: 0.5>}
      : (tensor<?x2x4x!quant.uniform<u16:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @matmul_c3(%a: tensor<?x2x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects an integer kernel, one scale and the input zero point 0 in 'requant'}}
  %y = fbgemm.matmul %a, %b {C_multiplier = array<f32: 0.5, 0.5, 0.5>}
      : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @matmul_c4(%a: tensor<?x2x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects no 'fuse_relu', got unit}}
  %y = fbgemm.matmul %a, %b {C_multiplier = array<f32: 0.5>, fuse_relu}
      : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @mul_c1(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects operands whose dimensions are the result's or 1, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:3>>' for 'tensor<?x7x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = fbgemm.mul %a, %b {C_multiplier = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @mul_c2(%a: tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = fbgemm.mul %a, %b {C_multiplier = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @mul_c3(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects factors that stand for the scales, got 2.500000e-01 for the scale 5.000000e-01 of channel 0 of result of 'fbgemm.mul'}}
  %y = fbgemm.mul %a, %b {C_multiplier = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @mul_c4(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects no 'fuse_relu', got unit}}
  %y = fbgemm.mul %a, %b {C_multiplier = 0.5 : f32, fuse_relu}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @quantize_per_tensor_c1(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = fbgemm.quantize_per_tensor %x
      : (tensor<?x4xf32>) -> tensor<?x7x!quant.uniform<u8:f32, 0.5:3>>
  return
}

// -----

func.func @quantize_per_tensor_c2(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = fbgemm.quantize_per_tensor %x
      : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>
  return
}

// -----

func.func @requantize_c1(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:3>>' and 'tensor<?x7x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = fbgemm.requantize %x {memory_format = "channels_last", ratio = 2.0 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<?x7x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @requantize_c2(%x: tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = fbgemm.requantize %x {memory_format = "channels_last", ratio = 2.0 : f32}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @requantize_c3(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects 'memory_format' to be 'channels_last', 'contiguous', got "adaptive"}}
  %y = fbgemm.requantize %x {memory_format = "adaptive", ratio = 2.0 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @requantize_c4(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects no 'fuse_relu', got unit}}
  %y = fbgemm.requantize %x {memory_format = "channels_last", ratio = 2.0 : f32, fuse_relu}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @requantize_for_float_c1(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x2xi32>' and 'tensor<?x5xf32>'}}
  %y = fbgemm.requantize_for_float %x {act_times_w_scale = array<f32: 0.125>,
      float_bias = array<f32: 1.5, -0.25>} : (tensor<?x2xi32>) -> tensor<?x5xf32>
  return
}

// -----

func.func @requantize_for_float_c2(%x: tensor<?x2x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = fbgemm.requantize_for_float %x {act_times_w_scale = array<f32: 0.125>,
      float_bias = array<f32: 1.5, -0.25>} : (tensor<?x2x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x2xf32>
  return
}

// -----

func.func @requantize_for_float_c3(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects one scale or one per channel (2), got 3}}
  %y = fbgemm.requantize_for_float %x {act_times_w_scale = array<f32: 0.125, 0.125, 0.125>,
      float_bias = array<f32: 1.5, -0.25>} : (tensor<?x2xi32>) -> tensor<?x2xf32>
  return
}

// -----

func.func @sub_c1(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:3>>', 'tensor<?x4x!quant.uniform<u8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<u8:f32, 2.500000e-01:7>>'}}
  %y = fbgemm.sub %a, %b {A_scale = 0.5 : f32, B_scale = 0.25 : f32, C_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @sub_c2(%a: tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:3>>'}}
  %y = fbgemm.sub %a, %b {A_scale = 0.5 : f32, B_scale = 0.25 : f32, C_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @sub_c3(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'C_scale' to be positive, got 0.000000e+00}}
  %y = fbgemm.sub %a, %b {A_scale = 0.5 : f32, B_scale = 0.25 : f32, C_scale = 0.0 : f32}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}

// -----

func.func @sub_c4(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects no 'fuse_relu', got unit}}
  %y = fbgemm.sub %a, %b {A_scale = 0.5 : f32, B_scale = 0.25 : f32, C_scale = 0.25 : f32, fuse_relu}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:3>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.25:7>>
  return
}
