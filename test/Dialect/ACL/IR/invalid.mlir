// One case for each constraint.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics

func.func @ascend_anti_quant_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = acl.ascend_anti_quant %x {scale = 0.5 : f32, offset = 3 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x7xf32>
  return
}

// -----

func.func @ascend_anti_quant_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = acl.ascend_anti_quant %x {scale = 0.5 : f32, offset = 3 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>) -> tensor<?x4xf32>
  return
}

// -----

func.func @ascend_anti_quant_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects 'offset' to be 3 : i32, got 4 : i32}}
  %y = acl.ascend_anti_quant %x {scale = 0.5 : f32, offset = 4 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x4xf32>
  return
}

// -----

func.func @ascend_dequant_c1(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x2xi32>' and 'tensor<?x5xf32>'}}
  %y = acl.ascend_dequant %x {deq_scale = array<i64: 1040187392>, precision = "f16"}
      : (tensor<?x2xi32>) -> tensor<?x5xf32>
  return
}

// -----

func.func @ascend_dequant_c2(%x: tensor<?x2x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = acl.ascend_dequant %x {deq_scale = array<i64: 1040187392>, precision = "f16"}
      : (tensor<?x2x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x2xf32>
  return
}

// -----

func.func @ascend_dequant_c3(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects words of 'deq_scale' whose upper 32 bits are 0, got 4294967296 for channel 0}}
  %y = acl.ascend_dequant %x {deq_scale = array<i64: 4294967296>, precision = "f16"}
      : (tensor<?x2xi32>) -> tensor<?x2xf32>
  return
}

// -----

func.func @ascend_quant_c1(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = acl.ascend_quant %x {scale = 2.0 : f32, offset = 3 : i32}
      : (tensor<?x4xf32>) -> tensor<?x7x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @ascend_quant_c2(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = acl.ascend_quant %x {scale = 2.0 : f32, offset = 3 : i32}
      : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>
  return
}

// -----

func.func @ascend_quant_c3(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects 'scale' to be 2.000000e+00 : f32, got 3.000000e+00 : f32}}
  %y = acl.ascend_quant %x {scale = 3.0 : f32, offset = 3 : i32}
      : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>
  return
}

// -----

func.func @ascend_requant_c1(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x2xi32>' and 'tensor<?x5x!quant.uniform<i8:f32, 2.500000e-01:-1>>'}}
  %y = acl.ascend_requant %x {deq_scale = array<i64: 1040187392>, precision = "requant",
      clamp_min = -1 : i32, relu_flag}
      : (tensor<?x2xi32>) -> tensor<?x5x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @ascend_requant_c2(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x!quant.uniform<i16:f32, 2.500000e-01:-1>>'}}
  %y = acl.ascend_requant %x {deq_scale = array<i64: 1040187392>, precision = "requant",
      clamp_min = -1 : i32, relu_flag}
      : (tensor<?x2xi32>) -> tensor<?x2x!quant.uniform<i16:f32, 0.25:-1>>
  return
}

// -----

func.func @ascend_requant_c3(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects 'precision' to be 'requant', 'f32', 'f16', 'f16_sqrt', 'f19', got "f64"}}
  %y = acl.ascend_requant %x {deq_scale = array<i64: 1040187392>, precision = "f64",
      clamp_min = -1 : i32, relu_flag}
      : (tensor<?x2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @ascend_requant_c4(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects 'relu_flag' to be unit, got none}}
  %y = acl.ascend_requant %x {deq_scale = array<i64: 1040187392>, precision = "requant",
      clamp_min = -1 : i32}
      : (tensor<?x2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @avg_pool_c1(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 3, got 'tensor<?x2x2x6x!quant.uniform<i8:f32, 2.500000e-01:-1>>'}}
  %y = acl.avg_pool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, ratio = 2.0 : f32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>)
      -> tensor<?x2x2x6x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @avg_pool_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = acl.avg_pool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, ratio = 2.0 : f32}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5:3>>)
      -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @avg_pool_c3(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects 'ratio' to be positive, got -2.000000e+00}}
  %y = acl.avg_pool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, ratio = -2.0 : f32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>)
      -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @batch_mat_mul_c1(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects dimension 2 of the result to be 3, got 'tensor<?x2x6xi32>'}}
  %y = acl.batch_mat_mul %a, %b
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.5:3>>)
      -> tensor<?x2x6xi32>
  return
}

// -----

func.func @batch_mat_mul_c2(%a: tensor<?x2x4x!quant.uniform<i16:f32, 0.5:3>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = acl.batch_mat_mul %a, %b
      : (tensor<?x2x4x!quant.uniform<i16:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.5:3>>)
      -> tensor<?x2x3xi32>
  return
}

// -----

func.func @batch_mat_mul_c3(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.5:3>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects 'requant' iff the result is quantized, got '!quant.uniform<i8:f32, 2.500000e-01:-1>'}}
  %y = acl.batch_mat_mul %a, %b
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.5:3>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @conv2d_c1(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x2x2x5xi32>'}}
  %y = acl.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>) -> tensor<?x2x2x5xi32>
  return
}

// -----

func.func @conv2d_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5:3>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = acl.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5:3>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>) -> tensor<?x2x2x2xi32>
  return
}

// -----

func.func @conv2d_c3(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'requant' iff the result is quantized, got '!quant.uniform<i8:f32, 2.500000e-01:-1>'}}
  %y = acl.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5:3>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @conv2d_transpose_c1(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x4x4x5xi32>'}}
  %y = acl.conv2d_transpose %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5:3>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>) -> tensor<?x4x4x5xi32>
  return
}

// -----

func.func @conv2d_transpose_c2(%x: tensor<?x2x2x3x!quant.uniform<i16:f32, 0.5:3>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x2x3x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = acl.conv2d_transpose %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32}
      : (tensor<?x2x2x3x!quant.uniform<i16:f32, 0.5:3>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>) -> tensor<?x4x4x2xi32>
  return
}

// -----

func.func @conv2d_transpose_c3(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'requant' iff the result is quantized, got '!quant.uniform<i8:f32, 2.500000e-01:-1>'}}
  %y = acl.conv2d_transpose %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5:3>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @depthwise_conv2d_c1(%x: tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x2x2x5xi32>'}}
  %y = acl.depthwise_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 3 : i32}
      : (tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:3>>,
         tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>) -> tensor<?x2x2x5xi32>
  return
}

// -----

func.func @depthwise_conv2d_c2(%x: tensor<?x4x4x2x!quant.uniform<i16:f32, 0.5:3>>, %w: tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x2x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = acl.depthwise_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 3 : i32}
      : (tensor<?x4x4x2x!quant.uniform<i16:f32, 0.5:3>>,
         tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>) -> tensor<?x2x2x2xi32>
  return
}

// -----

func.func @depthwise_conv2d_c3(%x: tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'requant' iff the result is quantized, got '!quant.uniform<i8:f32, 2.500000e-01:-1>'}}
  %y = acl.depthwise_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 3 : i32}
      : (tensor<?x4x4x2x!quant.uniform<i8:f32, 0.5:3>>,
         tensor<2x3x3x1x!quant.uniform<i8:f32, 0.25>>, tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @fully_connection_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 1 of the result to be 2, got 'tensor<?x5xi32>'}}
  %y = acl.fully_connection %x, %w, %b
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x5xi32>
  return
}

// -----

func.func @fully_connection_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = acl.fully_connection %x, %w, %b
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2xi32>
  return
}

// -----

func.func @fully_connection_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'requant' iff the result is quantized, got '!quant.uniform<i8:f32, 2.500000e-01:-1>'}}
  %y = acl.fully_connection %x, %w, %b
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @requant_s8_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01:3>>' and 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01:-1>>'}}
  %y = acl.requant_s8 %x {deq_scale = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x7x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @requant_s8_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01:3>>'}}
  %y = acl.requant_s8 %x {deq_scale = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @requant_s8_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects factors that stand for the scales, got 1.000000e+00 for the scale 2.000000e+00 of channel 0 of result of 'acl.requant_s8'}}
  %y = acl.requant_s8 %x {deq_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-1>>
  return
}

// -----

func.func @requant_s8_c4(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) {
  // expected-error@+1 {{expects no 'relu_flag', got unit}}
  %y = acl.requant_s8 %x {deq_scale = 0.5 : f32, relu_flag}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5:3>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-1>>
  return
}
