// One case for each constraint.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics

func.func @add_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01>>', 'tensor<?x4x!quant.uniform<i8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01:-128>>'}}
  %y = nnpi.add %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32, scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @add_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = nnpi.add %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32, scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @add_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'lhs_scale' to be positive, got -5.000000e-01}}
  %y = nnpi.add %a, %b {lhs_scale = -0.5 : f32, rhs_scale = 0.25 : f32, scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @avg_pool_c1(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 3, got 'tensor<?x2x2x6x!quant.uniform<i8:f32, 2.500000e-01:-128>>'}}
  %y = nnpi.avg_pool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, scale = 0.5 : f32,
      offset = -128.0 : f32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>)
      -> tensor<?x2x2x6x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @avg_pool_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = nnpi.avg_pool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, scale = 0.5 : f32,
      offset = -128.0 : f32}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>)
      -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @avg_pool_c3(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects 'scale' to be positive, got -5.000000e-01}}
  %y = nnpi.avg_pool %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, scale = -0.5 : f32,
      offset = -128.0 : f32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>)
      -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @batch_mat_mul_c1(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects dimension 2 of the result to be 3, got 'tensor<?x2x6x!quant.uniform<i8:f32, 2.500000e-01:-128>>'}}
  %y = nnpi.batch_mat_mul %a, %b {arithmetic = "float", scale = array<f32: 0.5>,
      precision = "SYMLOWP"}
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x6x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @batch_mat_mul_c2(%a: tensor<?x2x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = nnpi.batch_mat_mul %a, %b {arithmetic = "float", scale = array<f32: 0.5>,
      precision = "SYMLOWP"}
      : (tensor<?x2x4x!quant.uniform<i16:f32, 0.5>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @batch_mat_mul_c3(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects an integer kernel, one scale and the input zero point 0 in 'requant'}}
  %y = nnpi.batch_mat_mul %a, %b {arithmetic = "float", scale = array<f32: 0.5, 0.5, 0.5>,
      precision = "SYMLOWP"}
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @batch_mat_mul_c4(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'precision' to be "SYMLOWP", got "GEMMLOWP"}}
  %y = nnpi.batch_mat_mul %a, %b {arithmetic = "float", scale = array<f32: 0.5>,
      precision = "GEMMLOWP"}
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @conv_transpose_c1(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x4x4x5x!quant.uniform<i8:f32, 2.500000e-01:-128>>'}}
  %y = nnpi.conv_transpose %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      arithmetic = "float", scale = array<f32: 0.5>, precision = "SYMLOWP"}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x4x4x5x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @conv_transpose_c2(%x: tensor<?x2x2x3x!quant.uniform<i16:f32, 0.5>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x2x3x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = nnpi.conv_transpose %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      arithmetic = "float", scale = array<f32: 0.5>, precision = "SYMLOWP"}
      : (tensor<?x2x2x3x!quant.uniform<i16:f32, 0.5>>, tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @conv_transpose_c3(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'multiplier'}}
  %y = nnpi.conv_transpose %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      arithmetic = "integer", scale = array<f32: 0.5>, precision = "SYMLOWP"}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @conv_transpose_c4(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'precision' to be "SYMLOWP", got "GEMMLOWP"}}
  %y = nnpi.conv_transpose %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      arithmetic = "float", scale = array<f32: 0.5>, precision = "GEMMLOWP"}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @convolution_c1(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x2x2x5x!quant.uniform<i8:f32, 2.500000e-01:-128>>'}}
  %y = nnpi.convolution %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32, arithmetic = "integer",
      pre = array<i32: 0>, multiplier = array<i32: 1>, post = array<i32: 1>, precision = "SYMLOWP"}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x2x5x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @convolution_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = nnpi.convolution %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32, arithmetic = "integer",
      pre = array<i32: 0>, multiplier = array<i32: 64>, post = array<i32: 7>, precision = "SYMLOWP"}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @convolution_c3(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'pre' in [0, 31], got 32 for channel 0}}
  %y = nnpi.convolution %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32, arithmetic = "integer",
      pre = array<i32: 32>, multiplier = array<i32: 64>, post = array<i32: 7>, precision = "SYMLOWP"}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @convolution_c4(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'precision' to be "SYMLOWP", got "GEMMLOWP"}}
  %y = nnpi.convolution %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32, arithmetic = "integer",
      pre = array<i32: 0>, multiplier = array<i32: 1>, post = array<i32: 1>, precision = "GEMMLOWP"}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @dequantize_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = nnpi.dequantize %x : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x7xf32>
  return
}

// -----

func.func @dequantize_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = nnpi.dequantize %x : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x4xf32>
  return
}

// -----

func.func @fully_connected_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 1 of the result to be 2, got 'tensor<?x5x!quant.uniform<i8:f32, 2.500000e-01:-128>>'}}
  %y = nnpi.fully_connected %x, %w, %b {arithmetic = "float", scale = array<f32: 0.5>,
      precision = "SYMLOWP"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x5x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @fully_connected_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = nnpi.fully_connected %x, %w, %b {arithmetic = "float", scale = array<f32: 0.5>,
      precision = "SYMLOWP"}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @fully_connected_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'arithmetic' to be 'float', 'integer', got "double"}}
  %y = nnpi.fully_connected %x, %w, %b {arithmetic = "double", scale = array<f32: 0.5>,
      precision = "SYMLOWP"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @fully_connected_c4(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'precision' to be "SYMLOWP", got "GEMMLOWP"}}
  %y = nnpi.fully_connected %x, %w, %b {arithmetic = "float", scale = array<f32: 0.5>,
      precision = "GEMMLOWP"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @int_lookup_table_c1(%x: tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = nnpi.int_lookup_table %x {table = array<i32: 0, 1, 1, 3>}
      : (tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @int_lookup_table_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = nnpi.int_lookup_table %x {table = array<i32: 0, 1, 1, 3>}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @mul_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects operands whose dimensions are the result's or 1, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01>>' for 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01:-128>>'}}
  %y = nnpi.mul %a, %b {scale = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @mul_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = nnpi.mul %a, %b {scale = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @mul_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects factors that stand for the scales, got 2.500000e-01 for the scale 5.000000e-01 of channel 0 of result of 'nnpi.mul'}}
  %y = nnpi.mul %a, %b {scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @quantize_c1(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = nnpi.quantize %x : (tensor<?x4xf32>) -> tensor<?x7x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @quantize_c2(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = nnpi.quantize %x : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i16:f32, 0.5>>
  return
}

// -----

func.func @rescale_quantized_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01>>' and 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01:-128>>'}}
  %y = nnpi.rescale_quantized %x {ratio = 2.0 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x7x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @rescale_quantized_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = nnpi.rescale_quantized %x {ratio = 2.0 : f32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @rescale_quantized_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects factors that stand for the scales, got 4.000000e+00 for the scale 2.000000e+00 of channel 0 of result of 'nnpi.rescale_quantized'}}
  %y = nnpi.rescale_quantized %x {ratio = 4.0 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @sub_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01>>', 'tensor<?x4x!quant.uniform<i8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01:-128>>'}}
  %y = nnpi.sub %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32, scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @sub_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = nnpi.sub %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32, scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

func.func @sub_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'lhs_scale' to be positive, got 0.000000e+00}}
  %y = nnpi.sub %a, %b {lhs_scale = 0.0 : f32, rhs_scale = 0.25 : f32, scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25:-128>>
  return
}

// -----

!c = !quant.uniform<i8:f32:1, {0.25:3,0.5:-4}>
func.func @fully_connected_c1_clamps_of_channels(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'channel_clamp_min' of 2 channels, got 3}}
  %y = nnpi.fully_connected %x, %w {arithmetic = "float", scale = array<f32: 0.5, 0.25>, precision = "GEMMLOWP", channel_clamp_min = array<i32: 3, -4, 0>}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x!c>
  return
}

// -----

!c = !quant.uniform<i8:f32:1, {0.25:3,0.5:-4}>
func.func @fully_connected_c1_one_clamp(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects clamps of channels in place of 'clamp_min', got 3}}
  %y = nnpi.fully_connected %x, %w {arithmetic = "float", scale = array<f32: 0.5, 0.25>, precision = "GEMMLOWP", clamp_min = 3 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x!c>
  return
}

// -----

!c = !quant.uniform<i8:f32:1, {0.25:3,0.5:-4}>
func.func @fully_connected_c1_scales_of_channels(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects what the kernel has for the scales of the types, the factor 0.25, got the factor 0.25000003 for channel 1 in 'requant'}}
  %y = nnpi.fully_connected %x, %w {arithmetic = "float", scale = array<f32: 0.5, 0.25000003>, precision = "GEMMLOWP"}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x!c>
  return
}

// -----

!c = !quant.uniform<i8:f32:3, {0.25:3,0.5:-4}>
func.func @convolution_c1_padding_of_channels(%x: tensor<?x2x2x2x!c>, %w: tensor<2x1x1x2x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects no 'pad_value' for an input with zero points of its channels}}
  %y = nnpi.convolution %x, %w {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 3 : i32, arithmetic = "float", scale = array<f32: 1.0>, precision = "GEMMLOWP"}
      : (tensor<?x2x2x2x!c>, tensor<2x1x1x2x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
  return
}
