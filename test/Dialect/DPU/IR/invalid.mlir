// One case for each constraint.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics

func.func @conv2d_fix_c1(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.125>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x2x2x5x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = dpu.conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32, shift_cut = 6 : i32,
      shift_bias = 2 : i32, fix_point_input = 3 : i32, fix_point_weights = 5 : i32,
      fix_point_bias = 6 : i32, fix_point = 2 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.125>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
      -> tensor<?x2x2x5x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @conv2d_fix_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.125>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 1.250000e-01>>'}}
  %y = dpu.conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32, shift_cut = 6 : i32,
      shift_bias = 2 : i32, fix_point_input = 3 : i32, fix_point_weights = 5 : i32,
      fix_point_bias = 6 : i32, fix_point = 2 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.125>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @conv2d_fix_c3(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.125>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects 'shift_cut' in [0, 16], got 17}}
  %y = dpu.conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32, shift_cut = 17 : i32,
      shift_bias = 2 : i32, fix_point_input = 3 : i32, fix_point_weights = 5 : i32,
      fix_point_bias = 6 : i32, fix_point = 2 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.125>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @conv2d_fix_c4(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.125>>, %w: tensor<2x3x3x3x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects 'fix_point' to be 2 : i32, got 5 : i32}}
  %y = dpu.conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 0 : i32, shift_cut = 6 : i32,
      shift_bias = 2 : i32, fix_point_input = 3 : i32, fix_point_weights = 5 : i32,
      fix_point_bias = 6 : i32, fix_point = 5 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.125>>,
         tensor<2x3x3x3x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @depthwise_conv2d_fix_c1(%x: tensor<?x4x4x2x!quant.uniform<i8:f32, 0.125>>, %w: tensor<2x3x3x1x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x2x2x5x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = dpu.depthwise_conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 0 : i32, shift_cut = 6 : i32,
      shift_bias = 2 : i32, fix_point_input = 3 : i32, fix_point_weights = 5 : i32,
      fix_point_bias = 6 : i32, fix_point = 2 : i32}
      : (tensor<?x4x4x2x!quant.uniform<i8:f32, 0.125>>,
         tensor<2x3x3x1x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
      -> tensor<?x2x2x5x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @depthwise_conv2d_fix_c2(%x: tensor<?x4x4x2x!quant.uniform<i16:f32, 0.125>>, %w: tensor<2x3x3x1x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x2x!quant.uniform<i16:f32, 1.250000e-01>>'}}
  %y = dpu.depthwise_conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 0 : i32, shift_cut = 6 : i32,
      shift_bias = 2 : i32, fix_point_input = 3 : i32, fix_point_weights = 5 : i32,
      fix_point_bias = 6 : i32, fix_point = 2 : i32}
      : (tensor<?x4x4x2x!quant.uniform<i16:f32, 0.125>>,
         tensor<2x3x3x1x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @depthwise_conv2d_fix_c3(%x: tensor<?x4x4x2x!quant.uniform<i8:f32, 0.125>>, %w: tensor<2x3x3x1x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects 'shift_cut' in [0, 16], got 17}}
  %y = dpu.depthwise_conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 0 : i32, shift_cut = 17 : i32,
      shift_bias = 2 : i32, fix_point_input = 3 : i32, fix_point_weights = 5 : i32,
      fix_point_bias = 6 : i32, fix_point = 2 : i32}
      : (tensor<?x4x4x2x!quant.uniform<i8:f32, 0.125>>,
         tensor<2x3x3x1x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @depthwise_conv2d_fix_c4(%x: tensor<?x4x4x2x!quant.uniform<i8:f32, 0.125>>, %w: tensor<2x3x3x1x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects 'fix_point' to be 2 : i32, got 5 : i32}}
  %y = dpu.depthwise_conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>,
      dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 0 : i32, shift_cut = 6 : i32,
      shift_bias = 2 : i32, fix_point_input = 3 : i32, fix_point_weights = 5 : i32,
      fix_point_bias = 6 : i32, fix_point = 5 : i32}
      : (tensor<?x4x4x2x!quant.uniform<i8:f32, 0.125>>,
         tensor<2x3x3x1x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
      -> tensor<?x2x2x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @eltwise_add_fix_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.125>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<i8:f32, 1.250000e-01>>', 'tensor<?x4x!quant.uniform<i8:f32, 6.250000e-02>>' and 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = dpu.eltwise_add_fix %a, %b {lhs_shift = 1 : i32, rhs_shift = 0 : i32, shift_cut = 2 : i32,
      fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @eltwise_add_fix_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.125>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 1.250000e-01>>'}}
  %y = dpu.eltwise_add_fix %a, %b {lhs_shift = 1 : i32, rhs_shift = 0 : i32, shift_cut = 2 : i32,
      fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @eltwise_add_fix_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.125>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects 'lhs_shift' in [0, 30], got 40}}
  %y = dpu.eltwise_add_fix %a, %b {lhs_shift = 40 : i32, rhs_shift = 0 : i32, shift_cut = 2 : i32,
      fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @eltwise_add_fix_c4(%a: tensor<?x4x!quant.uniform<i8:f32, 0.125>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects 'fix_point' to be 2 : i32, got 5 : i32}}
  %y = dpu.eltwise_add_fix %a, %b {lhs_shift = 1 : i32, rhs_shift = 0 : i32, shift_cut = 2 : i32,
      fix_point = 5 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @eltwise_mul_fix_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.125>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects operands whose dimensions are the result's or 1, got 'tensor<?x4x!quant.uniform<i8:f32, 1.250000e-01>>' for 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = dpu.eltwise_mul_fix %a, %b {shift_cut = 5 : i32, fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @eltwise_mul_fix_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.125>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 1.250000e-01>>'}}
  %y = dpu.eltwise_mul_fix %a, %b {shift_cut = 5 : i32, fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @eltwise_mul_fix_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.125>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects 'shift_cut' in [-31, 31], got 32}}
  %y = dpu.eltwise_mul_fix %a, %b {shift_cut = 32 : i32, fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @eltwise_mul_fix_c4(%a: tensor<?x4x!quant.uniform<i8:f32, 0.125>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects 'fix_point' to be 2 : i32, got 5 : i32}}
  %y = dpu.eltwise_mul_fix %a, %b {shift_cut = 5 : i32, fix_point = 5 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @eltwise_sub_fix_c1(%a: tensor<?x4x!quant.uniform<i8:f32, 0.125>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<i8:f32, 1.250000e-01>>', 'tensor<?x4x!quant.uniform<i8:f32, 6.250000e-02>>' and 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = dpu.eltwise_sub_fix %a, %b {lhs_shift = 1 : i32, rhs_shift = 0 : i32, shift_cut = 2 : i32,
      fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x7x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @eltwise_sub_fix_c2(%a: tensor<?x4x!quant.uniform<i16:f32, 0.125>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 1.250000e-01>>'}}
  %y = dpu.eltwise_sub_fix %a, %b {lhs_shift = 1 : i32, rhs_shift = 0 : i32, shift_cut = 2 : i32,
      fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @eltwise_sub_fix_c3(%a: tensor<?x4x!quant.uniform<i8:f32, 0.125>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects 'rhs_shift' in [0, 30], got -40}}
  %y = dpu.eltwise_sub_fix %a, %b {lhs_shift = 1 : i32, rhs_shift = -40 : i32, shift_cut = 2 : i32,
      fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @eltwise_sub_fix_c4(%a: tensor<?x4x!quant.uniform<i8:f32, 0.125>>, %b: tensor<?x4x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects 'fix_point' to be 2 : i32, got 5 : i32}}
  %y = dpu.eltwise_sub_fix %a, %b {lhs_shift = 1 : i32, rhs_shift = 0 : i32, shift_cut = 2 : i32,
      fix_point = 5 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @fix2float_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.125>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = dpu.fix2float %x {fix_point = 3 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>) -> tensor<?x7xf32>
  return
}

// -----

func.func @fix2float_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.125>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 1.250000e-01>>'}}
  %y = dpu.fix2float %x {fix_point = 3 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.125>>) -> tensor<?x4xf32>
  return
}

// -----

func.func @fix2float_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.125>>) {
  // expected-error@+1 {{expects 'fix_point' to be 3 : i32, got 4 : i32}}
  %y = dpu.fix2float %x {fix_point = 4 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>) -> tensor<?x4xf32>
  return
}

// -----

func.func @float2fix_c1(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = dpu.float2fix %x {fix_point = 3 : i32}
      : (tensor<?x4xf32>) -> tensor<?x7x!quant.uniform<i8:f32, 0.125>>
  return
}

// -----

func.func @float2fix_c2(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 1.250000e-01>>'}}
  %y = dpu.float2fix %x {fix_point = 3 : i32}
      : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i16:f32, 0.125>>
  return
}

// -----

func.func @float2fix_c3(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects 'fix_point' to be 3 : i32, got 4 : i32}}
  %y = dpu.float2fix %x {fix_point = 4 : i32}
      : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8:f32, 0.125>>
  return
}

// -----

func.func @inner_product_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.125>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects dimension 1 of the result to be 2, got 'tensor<?x5x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = dpu.inner_product %x, %w, %b {shift_cut = 6 : i32, shift_bias = 2 : i32,
      fix_point_input = 3 : i32, fix_point_weights = 5 : i32, fix_point_bias = 6 : i32,
      fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<2x4x!quant.uniform<i8:f32, 0.03125>>,
         tensor<2xi32>) -> tensor<?x5x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @inner_product_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.125>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 1.250000e-01>>'}}
  %y = dpu.inner_product %x, %w, %b {shift_cut = 6 : i32, shift_bias = 2 : i32,
      fix_point_input = 3 : i32, fix_point_weights = 5 : i32, fix_point_bias = 6 : i32,
      fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.125>>, tensor<2x4x!quant.uniform<i8:f32, 0.03125>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @inner_product_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.125>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects 'shift_cut' in [0, 16], got 17}}
  %y = dpu.inner_product %x, %w, %b {shift_cut = 17 : i32, shift_bias = 2 : i32,
      fix_point_input = 3 : i32, fix_point_weights = 5 : i32, fix_point_bias = 6 : i32,
      fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<2x4x!quant.uniform<i8:f32, 0.03125>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @inner_product_c4(%x: tensor<?x4x!quant.uniform<i8:f32, 0.125>>, %w: tensor<2x4x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects 'fix_point' to be 2 : i32, got 5 : i32}}
  %y = dpu.inner_product %x, %w, %b {shift_cut = 6 : i32, shift_bias = 2 : i32,
      fix_point_input = 3 : i32, fix_point_weights = 5 : i32, fix_point_bias = 6 : i32,
      fix_point = 5 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>, tensor<2x4x!quant.uniform<i8:f32, 0.03125>>,
         tensor<2xi32>) -> tensor<?x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @matmul_fix_c1(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.125>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects dimension 2 of the result to be 3, got 'tensor<?x2x6x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = dpu.matmul_fix %a, %b {shift_cut = 5 : i32, fix_point = 2 : i32}
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x2x6x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @matmul_fix_c2(%a: tensor<?x2x4x!quant.uniform<i16:f32, 0.125>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x4x!quant.uniform<i16:f32, 1.250000e-01>>'}}
  %y = dpu.matmul_fix %a, %b {shift_cut = 5 : i32, fix_point = 2 : i32}
      : (tensor<?x2x4x!quant.uniform<i16:f32, 0.125>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @matmul_fix_c3(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.125>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects 'shift_cut' in [-31, 31], got 32}}
  %y = dpu.matmul_fix %a, %b {shift_cut = 32 : i32, fix_point = 2 : i32}
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @matmul_fix_c4(%a: tensor<?x2x4x!quant.uniform<i8:f32, 0.125>>, %b: tensor<?x4x3x!quant.uniform<i8:f32, 0.0625>>) {
  // expected-error@+1 {{expects 'fix_point' to be 2 : i32, got 5 : i32}}
  %y = dpu.matmul_fix %a, %b {shift_cut = 5 : i32, fix_point = 5 : i32}
      : (tensor<?x2x4x!quant.uniform<i8:f32, 0.125>>, tensor<?x4x3x!quant.uniform<i8:f32, 0.0625>>)
      -> tensor<?x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @pool_avg_fix_c1(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.125>>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 3, got 'tensor<?x2x2x6x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = dpu.pool_avg_fix %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, factor = 1 : i32,
      shift = 3 : i32, fix_point = 2 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.125>>)
      -> tensor<?x2x2x6x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @pool_avg_fix_c2(%x: tensor<?x4x4x3x!quant.uniform<i16:f32, 0.125>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x4x3x!quant.uniform<i16:f32, 1.250000e-01>>'}}
  %y = dpu.pool_avg_fix %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, factor = 1 : i32,
      shift = 3 : i32, fix_point = 2 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i16:f32, 0.125>>)
      -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @pool_avg_fix_c3(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.125>>) {
  // expected-error@+1 {{expects 'factor' in [1, 65535], got 0}}
  %y = dpu.pool_avg_fix %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, factor = 0 : i32,
      shift = 3 : i32, fix_point = 2 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.125>>)
      -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @pool_avg_fix_c4(%x: tensor<?x4x4x3x!quant.uniform<i8:f32, 0.125>>) {
  // expected-error@+1 {{expects 'fix_point' to be 2 : i32, got 5 : i32}}
  %y = dpu.pool_avg_fix %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>,
      pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, factor = 1 : i32,
      shift = 3 : i32, fix_point = 5 : i32}
      : (tensor<?x4x4x3x!quant.uniform<i8:f32, 0.125>>)
      -> tensor<?x2x2x3x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @shift_c1(%x: tensor<?x4x!quant.uniform<i8:f32, 0.125>>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x4x!quant.uniform<i8:f32, 1.250000e-01>>' and 'tensor<?x7x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = dpu.shift %x {shift_cut = 1 : i32, fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>) -> tensor<?x7x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @shift_c2(%x: tensor<?x4x!quant.uniform<i16:f32, 0.125>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<i16:f32, 1.250000e-01>>'}}
  %y = dpu.shift %x {shift_cut = 1 : i32, fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i16:f32, 0.125>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @shift_c3(%x: tensor<?x4x!quant.uniform<i8:f32, 0.125>>) {
  // expected-error@+1 {{expects 'shift_cut' in [-31, 31], got -32}}
  %y = dpu.shift %x {shift_cut = -32 : i32, fix_point = 2 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @shift_c4(%x: tensor<?x4x!quant.uniform<i8:f32, 0.125>>) {
  // expected-error@+1 {{expects 'fix_point' to be 2 : i32, got 5 : i32}}
  %y = dpu.shift %x {shift_cut = 1 : i32, fix_point = 5 : i32}
      : (tensor<?x4x!quant.uniform<i8:f32, 0.125>>) -> tensor<?x4x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @transposed_conv2d_fix_c1(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.125>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x4x4x5x!quant.uniform<i8:f32, 2.500000e-01>>'}}
  %y = dpu.transposed_conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 0 : i32, shift_cut = 6 : i32, shift_bias = 2 : i32,
      fix_point_input = 3 : i32, fix_point_weights = 5 : i32, fix_point_bias = 6 : i32,
      fix_point = 2 : i32}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.125>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
      -> tensor<?x4x4x5x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @transposed_conv2d_fix_c2(%x: tensor<?x2x2x3x!quant.uniform<i16:f32, 0.125>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x2x3x!quant.uniform<i16:f32, 1.250000e-01>>'}}
  %y = dpu.transposed_conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 0 : i32, shift_cut = 6 : i32, shift_bias = 2 : i32,
      fix_point_input = 3 : i32, fix_point_weights = 5 : i32, fix_point_bias = 6 : i32,
      fix_point = 2 : i32}
      : (tensor<?x2x2x3x!quant.uniform<i16:f32, 0.125>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @transposed_conv2d_fix_c3(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.125>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects 'shift_cut' in [0, 16], got 17}}
  %y = dpu.transposed_conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 0 : i32, shift_cut = 17 : i32, shift_bias = 2 : i32,
      fix_point_input = 3 : i32, fix_point_weights = 5 : i32, fix_point_bias = 6 : i32,
      fix_point = 2 : i32}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.125>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25>>
  return
}

// -----

func.func @transposed_conv2d_fix_c4(%x: tensor<?x2x2x3x!quant.uniform<i8:f32, 0.125>>, %w: tensor<2x2x2x3x!quant.uniform<i8:f32, 0.03125>>) {
  %b = "tosa.const"() {values = dense<[4, -12]> : tensor<2xi32>} : () -> tensor<2xi32>
  // expected-error@+1 {{expects 'fix_point' to be 2 : i32, got 5 : i32}}
  %y = dpu.transposed_conv2d_fix %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 0 : i32, shift_cut = 6 : i32, shift_bias = 2 : i32,
      fix_point_input = 3 : i32, fix_point_weights = 5 : i32, fix_point_bias = 6 : i32,
      fix_point = 5 : i32}
      : (tensor<?x2x2x3x!quant.uniform<i8:f32, 0.125>>,
         tensor<2x2x2x3x!quant.uniform<i8:f32, 0.03125>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<i8:f32, 0.25>>
  return
}
