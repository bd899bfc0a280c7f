// One case for each constraint.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics

func.func @convolution_c1(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x2x2x5x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = trt.convolution %x, %w {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32, scale = array<f32: 0.125>,
      real_bias = array<f32: 1.5, -0.25>, clamp_min = 0 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x2x5x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @convolution_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = trt.convolution %x, %w {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32, scale = array<f32: 0.125>,
      real_bias = array<f32: 1.5, -0.25>, clamp_min = 0 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @convolution_c3(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'scale'}}
  %y = trt.convolution %x, %w {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32, real_bias = array<f32: 1.5, -0.25>, clamp_min = 0 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @deconvolution_c1(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x4x4x5x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = trt.deconvolution %x, %w {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      scale = array<f32: 0.125>, real_bias = array<f32: 1.5, -0.25>}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x4x4x5x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @deconvolution_c2(%x: tensor<?x2x2x3x!quant.uniform<i16:f32, 0.5>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x2x3x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = trt.deconvolution %x, %w {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      scale = array<f32: 0.125>, real_bias = array<f32: 1.5, -0.25>}
      : (tensor<?x2x2x3x!quant.uniform<i16:f32, 0.5>>, tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @deconvolution_c3(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects one scale or one per channel (2), got 3}}
  %y = trt.deconvolution %x, %w {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      scale = array<f32: 0.125, 0.125, 0.125>, real_bias = array<f32: 1.5, -0.25>}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @dequantize_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = trt.dequantize %x {scale = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x7xf32>
  return
}

// -----

func.func @dequantize_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = trt.dequantize %x {scale = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x4xf32>
  return
}

// -----

func.func @dequantize_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects 'scale' to be 5.000000e-01 : f32, got 2.500000e-01 : f32}}
  %y = trt.dequantize %x {scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x4xf32>
  return
}

// -----

func.func @element_wise_prod_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects operands whose dimensions are the result's or 1, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01>>' for 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = trt.element_wise_prod %a, %b {ratio = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_prod_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = trt.element_wise_prod %a, %b {ratio = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_prod_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects factors that stand for the scales, got 2.500000e-01 for the scale 5.000000e-01 of channel 0 of result of 'trt.element_wise_prod'}}
  %y = trt.element_wise_prod %a, %b {ratio = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_sub_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01>>', 'tensor<?x4x!quant.uniform<i8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = trt.element_wise_sub %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32,
      output_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_sub_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = trt.element_wise_sub %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32,
      output_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_sub_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'output_scale' to be positive, got 0.000000e+00}}
  %y = trt.element_wise_sub %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32,
      output_scale = 0.0 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_sum_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01>>', 'tensor<?x4x!quant.uniform<i8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = trt.element_wise_sum %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32,
      output_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_sum_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = trt.element_wise_sum %a, %b {lhs_scale = 0.5 : f32, rhs_scale = 0.25 : f32,
      output_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @element_wise_sum_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'lhs_scale' to be positive, got -5.000000e-01}}
  %y = trt.element_wise_sum %a, %b {lhs_scale = -0.5 : f32, rhs_scale = 0.25 : f32,
      output_scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @epilogue_c1(%x: tensor<?x2xi32>, %r: tensor<?x2x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x2xi32>' and 'tensor<?x5x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = trt.epilogue %x, %r {scale = array<f32: 0.125>, real_bias = array<f32: 1.5, -0.25>}
      : (tensor<?x2xi32>, tensor<?x2x!quant.uniform<i8:f32, 0.5>>)
      -> tensor<?x5x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @epilogue_c2(%x: tensor<?x2xi32>, %r: tensor<?x2x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = trt.epilogue %x, %r {scale = array<f32: 0.125>, real_bias = array<f32: 1.5, -0.25>}
      : (tensor<?x2xi32>, tensor<?x2x!quant.uniform<i16:f32, 0.5>>)
      -> tensor<?x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @epilogue_c3(%x: tensor<?x2xi32>, %r: tensor<?x2x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects one scale or one per channel (2), got 3}}
  %y = trt.epilogue %x, %r {scale = array<f32: 0.125, 0.125, 0.125>, real_bias = array<f32: 1.5, -0.25>}
      : (tensor<?x2xi32>, tensor<?x2x!quant.uniform<i8:f32, 0.5>>)
      -> tensor<?x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @fully_connected_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects dimension 1 of the result to be 2, got 'tensor<?x5x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = trt.fully_connected %x, %w {scale = array<f32: 0.125>,
      real_bias = array<f32: 1.5, -0.25>}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x5x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @fully_connected_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = trt.fully_connected %x, %w {scale = array<f32: 0.125>,
      real_bias = array<f32: 1.5, -0.25>}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @fully_connected_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects one scale or one per channel (2), got 3}}
  %y = trt.fully_connected %x, %w {scale = array<f32: 0.125, 0.125, 0.125>,
      real_bias = array<f32: 1.5, -0.25>}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @matrix_multiply_c1(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects dimension 2 of the result to be 3, got 'tensor<?x2x6x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = trt.matrix_multiply %a, %b {scale = array<f32: 0.125>}
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x6x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @matrix_multiply_c2(%a: tensor<?x2x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = trt.matrix_multiply %a, %b {scale = array<f32: 0.125>}
      : (tensor<?x2x4x!quant.uniform<i16:f32, 0.5>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @matrix_multiply_c3(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects an integer kernel, one scale and the input zero point 0 in 'requant'}}
  %y = trt.matrix_multiply %a, %b {scale = array<f32: 0.125, 0.125, 0.125>}
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @pooling_average_c1(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 3, got 'tensor<?x2x2x6x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = trt.pooling_average %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, ratio = 2.0 : f32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>)
      -> tensor<?x2x2x6x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @pooling_average_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = trt.pooling_average %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, ratio = 2.0 : f32}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>)
      -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @pooling_average_c3(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects 'ratio' to be positive, got 0.000000e+00}}
  %y = trt.pooling_average %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, ratio = 0.0 : f32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>)
      -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @quantize_c1(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = trt.quantize %x {scale = 0.5 : f32, rounding = "divide"}
      : (tensor<?x4xf32>) -> tensor<?x7x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @quantize_c2(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = trt.quantize %x {scale = 0.5 : f32, rounding = "divide"}
      : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i16:f32, 0.5>>
  return
}

// -----

func.func @quantize_c3(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects 'rounding' to be 'divide', 'reciprocal', got "up"}}
  %y = trt.quantize %x {scale = 0.5 : f32, rounding = "up"}
      : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @quantize_c4(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects 'scale' to be 5.000000e-01 : f32, got 2.500000e-01 : f32}}
  %y = trt.quantize %x {scale = 0.25 : f32, rounding = "divide"}
      : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @rescale_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01>>' and 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = trt.rescale %x {scale = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x7x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @rescale_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = trt.rescale %x {scale = 0.5 : f32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @rescale_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects factors that stand for the scales, got 1.000000e+00 for the scale 2.000000e+00 of channel 0 of result of 'trt.rescale'}}
  %y = trt.rescale %x {scale = 0.25 : f32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}
