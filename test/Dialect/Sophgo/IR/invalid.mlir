// One case for each constraint.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics

func.func @add_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01>>', 'tensor<?x4x!quant.uniform<i8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = sophgo.add %a, %b {chip = "bm1684x", lhs_multiplier = 64 : i32, lhs_rshift = 5 : i32,
      rhs_multiplier = 64 : i32, rhs_rshift = 6 : i32, rshift = 0 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @add_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = sophgo.add %a, %b {chip = "bm1684x", lhs_multiplier = 64 : i32, lhs_rshift = 5 : i32,
      rhs_multiplier = 64 : i32, rhs_rshift = 6 : i32, rshift = 0 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @add_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'lhs_multiplier' in [-127, 127], got 128}}
  %y = sophgo.add %a, %b {chip = "bm1684x", lhs_multiplier = 128 : i32, lhs_rshift = 5 : i32,
      rhs_multiplier = 64 : i32, rhs_rshift = 6 : i32, rshift = 0 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @add_c4(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects no 'do_relu', got unit}}
  %y = sophgo.add %a, %b {chip = "bm1684x", lhs_multiplier = 1 : i32, lhs_rshift = -1 : i32, do_relu,
      rhs_multiplier = 1 : i32, rhs_rshift = 0 : i32, rshift = 0 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @batch_mat_mul_c1(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects dimension 2 of the result to be 3, got 'tensor<?x2x6x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = sophgo.batch_mat_mul %a, %b {quant_mode = "MultiplierShift",
      multiplier = array<i32: 1073741824>, rshift = array<i32: 31>}
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x6x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @batch_mat_mul_c2(%a: tensor<?x2x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = sophgo.batch_mat_mul %a, %b {quant_mode = "MultiplierShift",
      multiplier = array<i32: 1073741824>, rshift = array<i32: 31>}
      : (tensor<?x2x4x!quant.uniform<i16:f32, 0.5>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @batch_mat_mul_c3(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'rshift' in [-32, 62], got -33 for channel 0}}
  %y = sophgo.batch_mat_mul %a, %b {quant_mode = "MultiplierShift",
      multiplier = array<i32: 1073741824>, rshift = array<i32: -33>}
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @batch_mat_mul_c4(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects no 'do_relu', got unit}}
  %y = sophgo.batch_mat_mul %a, %b {quant_mode = "MultiplierShift",
      multiplier = array<i32: 1>, rshift = array<i32: 1>, do_relu}
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @conv2d_c1(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x2x2x5x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = sophgo.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      quant_mode = "MultiplierShift", multiplier = array<i32: 1073741824>, rshift = array<i32: 31>,
      clamp_min = 0 : i32, do_relu}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x2x5x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @conv2d_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = sophgo.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      quant_mode = "MultiplierShift", multiplier = array<i32: 1073741824>, rshift = array<i32: 31>,
      clamp_min = 0 : i32, do_relu}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @conv2d_c3(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'quant_mode' to be 'MultiplierShift', 'QDM', got "OnlyShift"}}
  %y = sophgo.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      quant_mode = "OnlyShift", multiplier = array<i32: 1073741824>, rshift = array<i32: 31>,
      clamp_min = 0 : i32, do_relu}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @conv2d_c4(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'do_relu' to be unit, got none}}
  %y = sophgo.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      quant_mode = "MultiplierShift", multiplier = array<i32: 1>, rshift = array<i32: 1>,
      clamp_min = 0 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x3x3x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @deconv_c1(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x4x4x5x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = sophgo.deconv %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      quant_mode = "QDM", multiplier = array<i32: 1073741824>, rshift = array<i32: 0>}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x4x4x5x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @deconv_c2(%x: tensor<?x2x2x3x!quant.uniform<i16:f32, 0.5>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x2x3x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = sophgo.deconv %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      quant_mode = "QDM", multiplier = array<i32: 1073741824>, rshift = array<i32: 0>}
      : (tensor<?x2x2x3x!quant.uniform<i16:f32, 0.5>>, tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @deconv_c3(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'multiplier' in [0, 2147483647], got -1 for channel 0}}
  %y = sophgo.deconv %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      quant_mode = "QDM", multiplier = array<i32: -1>, rshift = array<i32: 0>}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @deconv_c4(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects no 'do_relu', got unit}}
  %y = sophgo.deconv %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>,
      stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32,
      quant_mode = "QDM", multiplier = array<i32: 1073741824>, rshift = array<i32: 0>, do_relu}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.5>>, tensor<2x2x2x3x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @dequantize_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = sophgo.dequantize %x : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x7xf32>
  return
}

// -----

func.func @dequantize_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = sophgo.dequantize %x : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x4xf32>
  return
}

// -----

func.func @lut_c1(%x: tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = sophgo.lut %x {table = array<i32: 0, 1, 1, 3>}
      : (tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) -> tensor<?x7x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @lut_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = sophgo.lut %x {table = array<i32: 0, 1, 1, 3>}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @mat_mul_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 1 of the result to be 2, got 'tensor<?x5x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = sophgo.mat_mul %x, %w, %b {quant_mode = "MultiplierShift",
      multiplier = array<i32: 1073741824>, rshift = array<i32: 31>}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x5x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @mat_mul_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = sophgo.mat_mul %x, %w, %b {quant_mode = "MultiplierShift",
      multiplier = array<i32: 1073741824>, rshift = array<i32: 31>}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @mat_mul_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'rshift' in [-32, 62], got 63 for channel 0}}
  %y = sophgo.mat_mul %x, %w, %b {quant_mode = "MultiplierShift",
      multiplier = array<i32: 1073741824>, rshift = array<i32: 63>}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @mat_mul_c4(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.25>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects no 'do_relu', got unit}}
  %y = sophgo.mat_mul %x, %w, %b {quant_mode = "MultiplierShift",
      multiplier = array<i32: 1>, rshift = array<i32: 1>, do_relu}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<2x4x!quant.uniform<i8:f32, 0.25>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @mul_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects operands whose dimensions are the result's or 1, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01>>' for 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = sophgo.mul %a, %b {multiplier = 64 : i32, rshift = 7 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @mul_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = sophgo.mul %a, %b {multiplier = 64 : i32, rshift = 7 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @mul_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'multiplier' in [-127, 127], got 128}}
  %y = sophgo.mul %a, %b {multiplier = 128 : i32, rshift = 7 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @mul_c4(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects no 'do_relu', got unit}}
  %y = sophgo.mul %a, %b {multiplier = 1 : i32, rshift = 1 : i32, do_relu}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @pool2d_avg_c1(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 3, got 'tensor<?x2x2x6x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = sophgo.pool2d_avg %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, chip = "cv18xx",
      quant_mode = "MultiplierShift", multiplier = 64 : i32, rshift = 7 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>)
      -> tensor<?x2x2x6x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @pool2d_avg_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = sophgo.pool2d_avg %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, chip = "cv18xx",
      quant_mode = "MultiplierShift", multiplier = 64 : i32, rshift = 7 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.5>>)
      -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @pool2d_avg_c3(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects 'scale'}}
  %y = sophgo.pool2d_avg %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, chip = "cv18xx",
      quant_mode = "OnlyScale", multiplier = 64 : i32, rshift = 7 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.5>>)
      -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @quantize_c1(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = sophgo.quantize %x : (tensor<?x4xf32>) -> tensor<?x7x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----

func.func @quantize_c2(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = sophgo.quantize %x : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i16:f32, 0.5>>
  return
}

// -----

func.func @requant_int_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01>>' and 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = sophgo.requant_int %x {multiplier = 64 : i32, rshift = 5 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x7x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @requant_int_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = sophgo.requant_int %x {multiplier = 64 : i32, rshift = 5 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @requant_int_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects 'rshift' in [-32, 62], got 63}}
  %y = sophgo.requant_int %x {multiplier = 64 : i32, rshift = 63 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @requant_int_c4(%x: tensor<?x4x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects no 'do_relu', got unit}}
  %y = sophgo.requant_int %x {multiplier = 64 : i32, rshift = 5 : i32, do_relu}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @sub_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<i8:f32, 5.000000e-01>>', 'tensor<?x4x!quant.uniform<i8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = sophgo.sub %a, %b {chip = "bm1684x", lhs_multiplier = 64 : i32, lhs_rshift = 5 : i32,
      rhs_multiplier = 64 : i32, rhs_rshift = 6 : i32, rshift = 0 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @sub_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = sophgo.sub %a, %b {chip = "bm1684x", lhs_multiplier = 64 : i32, lhs_rshift = 5 : i32,
      rhs_multiplier = 64 : i32, rhs_rshift = 6 : i32, rshift = 0 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @sub_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'chip' to be 'bm1684x', 'cv18xx', got "bm1690"}}
  %y = sophgo.sub %a, %b {chip = "bm1690", lhs_multiplier = 64 : i32, lhs_rshift = 5 : i32,
      rhs_multiplier = 64 : i32, rhs_rshift = 6 : i32, rshift = 0 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @sub_c4(%a: tensor<?x4x!quant.uniform<i8:f32, 0.5>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.25>>) {
  // expected-error@+1 {{expects no 'do_relu', got unit}}
  %y = sophgo.sub %a, %b {chip = "bm1684x", lhs_multiplier = 1 : i32, lhs_rshift = -1 : i32, do_relu,
      rhs_multiplier = 1 : i32, rhs_rshift = 0 : i32, rshift = 0 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.5>>, tensor<?x4x!quant.uniform<i8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}
