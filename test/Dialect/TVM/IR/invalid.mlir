// One case for each constraint.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics

func.func @add_c1(%a: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<i8<-127:127>:f32, 5.000000e-01>>', 'tensor<?x4x!quant.uniform<i8<-127:127>:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<i8<-127:127>:f32, 2.500000e-01>>'}}
  %y = tvm_qnn.add %a, %b {method = "right_shift", lhs_right_shift = -1 : i32,
      rhs_right_shift = 0 : i32, right_shift = 0 : i32}
      : (tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
         tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}

// -----

func.func @add_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = tvm_qnn.add %a, %b {method = "right_shift", lhs_right_shift = -1 : i32,
      rhs_right_shift = 0 : i32, right_shift = 0 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>,
         tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}

// -----

func.func @add_c3(%a: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>) {
  // expected-error@+1 {{expects 'lhs_right_shift' in [-31, 62], got -32}}
  %y = tvm_qnn.add %a, %b {method = "right_shift", lhs_right_shift = -32 : i32,
      rhs_right_shift = 0 : i32, right_shift = 0 : i32}
      : (tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
         tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}

// -----

func.func @avg_pool2d_c1(%x: tensor<?x4x4x3x!quant.uniform<i8<-127:127>:f32, 0.5>>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 3, got 'tensor<?x2x2x6x!quant.uniform<i8<-127:127>:f32, 5.000000e-01>>'}}
  %y = tvm_qnn.avg_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -127, 127>}
      : (tensor<?x4x4x3x!quant.uniform<i8<-127:127>:f32, 0.5>>)
      -> tensor<?x2x2x6x!quant.uniform<i8<-127:127>:f32, 0.5>>
  return
}

// -----

func.func @avg_pool2d_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = tvm_qnn.avg_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -127, 127>}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>)
      -> tensor<?x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.5>>
  return
}

// -----

func.func @batch_matmul_c1(%a: tensor<?x2x4x!quant.uniform<i8<-127:127>:f32, 0.5>>, %b: tensor<?x4x3x!quant.uniform<i8<-127:127>:f32, 0.25>>) {
  // expected-error@+1 {{expects dimension 2 of the result to be 3, got 'tensor<?x2x6xi32>'}}
  %y = tvm_qnn.batch_matmul %a, %b
      : (tensor<?x2x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
         tensor<?x4x3x!quant.uniform<i8<-127:127>:f32, 0.25>>) -> tensor<?x2x6xi32>
  return
}

// -----

func.func @batch_matmul_c2(%a: tensor<?x2x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x3x!quant.uniform<i8<-127:127>:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = tvm_qnn.batch_matmul %a, %b
      : (tensor<?x2x4x!quant.uniform<i16:f32, 0.5>>,
         tensor<?x4x3x!quant.uniform<i8<-127:127>:f32, 0.25>>) -> tensor<?x2x3xi32>
  return
}

// -----

func.func @batch_matmul_c3(%a: tensor<?x2x4x!quant.uniform<i8<-127:127>:f32, 0.5>>, %b: tensor<?x4x3x!quant.uniform<i8<-127:127>:f32, 0.25>>) {
  // expected-error@+1 {{expects 'requant' iff the result is quantized, got '!quant.uniform<i8<-127:127>:f32, 2.500000e-01>'}}
  %y = tvm_qnn.batch_matmul %a, %b
      : (tensor<?x2x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
         tensor<?x4x3x!quant.uniform<i8<-127:127>:f32, 0.25>>) -> tensor<?x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}

// -----

func.func @conv2d_c1(%x: tensor<?x4x4x3x!quant.uniform<i8<-127:127>:f32, 0.5>>, %w: tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x2x2x5xi32>'}}
  %y = tvm_qnn.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8<-127:127>:f32, 0.5>>,
         tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x5xi32>
  return
}

// -----

func.func @conv2d_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>, %w: tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = tvm_qnn.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>,
         tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2xi32>
  return
}

// -----

func.func @conv2d_c3(%x: tensor<?x4x4x3x!quant.uniform<i8<-127:127>:f32, 0.5>>, %w: tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'requant' iff the result is quantized, got '!quant.uniform<i8<-127:127>:f32, 2.500000e-01>'}}
  %y = tvm_qnn.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8<-127:127>:f32, 0.5>>,
         tensor<2x3x3x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}

// -----

func.func @conv2d_transpose_c1(%x: tensor<?x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.5>>, %w: tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x4x4x5xi32>'}}
  %y = tvm_qnn.conv2d_transpose %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 0 : i32}
      : (tensor<?x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.5>>,
         tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x5xi32>
  return
}

// -----

func.func @conv2d_transpose_c2(%x: tensor<?x2x2x3x!quant.uniform<i16:f32, 0.5>>, %w: tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x2x3x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = tvm_qnn.conv2d_transpose %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 0 : i32}
      : (tensor<?x2x2x3x!quant.uniform<i16:f32, 0.5>>,
         tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x2xi32>
  return
}

// -----

func.func @conv2d_transpose_c3(%x: tensor<?x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.5>>, %w: tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'requant' iff the result is quantized, got '!quant.uniform<i8<-127:127>:f32, 2.500000e-01>'}}
  %y = tvm_qnn.conv2d_transpose %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 0 : i32}
      : (tensor<?x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.5>>,
         tensor<2x2x2x3x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}

// -----

func.func @dense_c1(%x: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 1 of the result to be 2, got 'tensor<?x5xi32>'}}
  %y = tvm_qnn.dense %x, %w, %b
      : (tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
         tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>) -> tensor<?x5xi32>
  return
}

// -----

func.func @dense_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = tvm_qnn.dense %x, %w, %b
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>,
         tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>) -> tensor<?x2xi32>
  return
}

// -----

func.func @dense_c3(%x: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'requant' iff the result is quantized, got '!quant.uniform<i8<-127:127>:f32, 2.500000e-01>'}}
  %y = tvm_qnn.dense %x, %w, %b
      : (tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
         tensor<2x4x!quant.uniform<i8<-127:127>:f32, 0.25>>, tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}

// -----

func.func @dequantize_c1(%x: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = tvm_qnn.dequantize %x
      : (tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>) -> tensor<?x7xf32>
  return
}

// -----

func.func @dequantize_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = tvm_qnn.dequantize %x
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x4xf32>
  return
}

// -----

func.func @dequantize_accumulator_c1(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x2xi32>' and 'tensor<?x5xf32>'}}
  %y = tvm_qnn.dequantize_accumulator %x {input_scale = array<f32: 0.125>}
      : (tensor<?x2xi32>) -> tensor<?x5xf32>
  return
}

// -----

func.func @dequantize_accumulator_c2(%x: tensor<?x2x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = tvm_qnn.dequantize_accumulator %x {input_scale = array<f32: 0.125>}
      : (tensor<?x2x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x2xf32>
  return
}

// -----

func.func @dequantize_accumulator_c3(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects one scale or one per channel (2), got 3}}
  %y = tvm_qnn.dequantize_accumulator %x {input_scale = array<f32: 0.125, 0.125, 0.125>}
      : (tensor<?x2xi32>) -> tensor<?x2xf32>
  return
}

// -----

func.func @mul_c1(%a: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>) {
  // expected-error@+1 {{expects operands whose dimensions are the result's or 1, got 'tensor<?x4x!quant.uniform<i8<-127:127>:f32, 5.000000e-01>>' for 'tensor<?x7x!quant.uniform<i8<-127:127>:f32, 2.500000e-01>>'}}
  %y = tvm_qnn.mul %a, %b {method = "fixed_point_multiply", multiplier = 1073741824 : i32,
      right_shift = 31 : i32}
      : (tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
         tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}

// -----

func.func @mul_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = tvm_qnn.mul %a, %b {method = "fixed_point_multiply", multiplier = 1073741824 : i32,
      right_shift = 31 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>,
         tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}

// -----

func.func @mul_c3(%a: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>) {
  // expected-error@+1 {{expects 'right_shift' in [-31, 62], got 63}}
  %y = tvm_qnn.mul %a, %b {method = "fixed_point_multiply", multiplier = 1073741824 : i32,
      right_shift = 63 : i32}
      : (tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
         tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}

// -----

func.func @quantize_c1(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = tvm_qnn.quantize %x {rounding = "away"}
      : (tensor<?x4xf32>) -> tensor<?x7x!quant.uniform<i8<-127:127>:f32, 0.5>>
  return
}

// -----

func.func @quantize_c2(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = tvm_qnn.quantize %x {rounding = "away"}
      : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i16:f32, 0.5>>
  return
}

// -----

func.func @quantize_c3(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects 'rounding' to be 'away', 'even', got "up"}}
  %y = tvm_qnn.quantize %x {rounding = "up"}
      : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>
  return
}

// -----

func.func @requantize_c1(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x2xi32>' and 'tensor<?x5x!quant.uniform<i8<-127:127>:f32, 2.500000e-01>>'}}
  %y = tvm_qnn.requantize %x {method = "right_shift", right_shift = array<i32: 1>, a_min = 0 : i32}
      : (tensor<?x2xi32>) -> tensor<?x5x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}

// -----

func.func @requantize_c2(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x!quant.uniform<i16:f32, 2.500000e-01>>'}}
  %y = tvm_qnn.requantize %x {method = "right_shift", right_shift = array<i32: 1>, a_min = 0 : i32}
      : (tensor<?x2xi32>) -> tensor<?x2x!quant.uniform<i16:f32, 0.25>>
  return
}

// -----

func.func @requantize_c3(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects 'right_shift' in [-31, 62], got 63 for channel 0}}
  %y = tvm_qnn.requantize %x {method = "right_shift", right_shift = array<i32: 63>, a_min = 0 : i32}
      : (tensor<?x2xi32>) -> tensor<?x2x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}

// -----

func.func @subtract_c1(%a: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<i8<-127:127>:f32, 5.000000e-01>>', 'tensor<?x4x!quant.uniform<i8<-127:127>:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<i8<-127:127>:f32, 2.500000e-01>>'}}
  %y = tvm_qnn.subtract %a, %b {method = "right_shift", lhs_right_shift = -1 : i32,
      rhs_right_shift = 0 : i32, right_shift = 0 : i32}
      : (tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
         tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}

// -----

func.func @subtract_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = tvm_qnn.subtract %a, %b {method = "right_shift", lhs_right_shift = -1 : i32,
      rhs_right_shift = 0 : i32, right_shift = 0 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>,
         tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}

// -----

func.func @subtract_c3(%a: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>) {
  // expected-error@+1 {{expects 'method' to be 'right_shift', 'fixed_point_multiply', got "floor"}}
  %y = tvm_qnn.subtract %a, %b {method = "floor", lhs_right_shift = -1 : i32,
      rhs_right_shift = 0 : i32, right_shift = 0 : i32}
      : (tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.5>>,
         tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8<-127:127>:f32, 0.25>>
  return
}
