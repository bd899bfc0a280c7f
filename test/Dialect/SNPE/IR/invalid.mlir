// RUN: hwq-opt %s --split-input-file --verify-diagnostics

// One case per constraint of the encoding and of the ops, in the order of their
// definitions.

func.func @encoding_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected a bitwidth of 8, got 16}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #snpe.encoding<bitwidth = 16, min = 0.0 : f64, max = 65535.0 : f64, scale = 1.0 : f64, offset = 0>} : tensor<4xf32> -> tensor<4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @encoding_c2_low(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected an offset in [-255, 0], got -256}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #snpe.encoding<bitwidth = 8, min = -128.0 : f64, max = -0.5 : f64, scale = 0.5 : f64, offset = -256>} : tensor<4xf32> -> tensor<4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @encoding_c2_high(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected an offset in [-255, 0], got 1}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #snpe.encoding<bitwidth = 8, min = 0.5 : f64, max = 128.0 : f64, scale = 0.5 : f64, offset = 1>} : tensor<4xf32> -> tensor<4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @encoding_c3_zero(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected a positive finite scale, got 0.000000e+00}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 0.0 : f64, scale = 0.0 : f64, offset = 0>} : tensor<4xf32> -> tensor<4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @encoding_c3_infinite(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected a positive finite scale, got INF}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 0.0 : f64, scale = 0x7FF0000000000000 : f64, offset = 0>} : tensor<4xf32> -> tensor<4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @encoding_c3_min(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected the min scale * offset = -6.400000e+01, got -6.450000e+01}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #snpe.encoding<bitwidth = 8, min = -64.5 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>} : tensor<4xf32> -> tensor<4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @encoding_c3_max(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected the max min + scale * 255 = 6.350000e+01, got 6.400000e+01}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 64.0 : f64, scale = 0.5 : f64, offset = -128>} : tensor<4xf32> -> tensor<4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c1_shape(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 2 of the result to be 2, got}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x3x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c1_groups(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 2 input channels for weights 'tensor<2x1x1x1x!quant.uniform<u8:f32, 5.000000e-01:128>>' and 2 groups, got 1}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 2 : i64, pad_value = 128 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c1_stride(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects values of at least 1 in 'stride', got 0}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 0, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c2_input(%x: tensor<?x2x2x1x!quant.uniform<u4:f32, 0.5:8>>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!quant.uniform<u4:f32, 0.5:8>>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c2_weights(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!quant.uniform<i4:f32:0, {0.5, 0.25}>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!quant.uniform<i4:f32:0, {0.5, 0.25}>>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c2_result(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<u16:f32, 0.5:128>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c2_zero_point(%x: tensor<?x2x2x1x!quant.uniform<u8:f32, 0.5:256>>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects zero points in [0, 255], got 256}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!quant.uniform<u8:f32, 0.5:256>>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c2_axis(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!quant.uniform<u8:f32:1, {0.5}>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects a per-axis type with axis 0 and one scale per channel, got axis 1}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!quant.uniform<u8:f32:1, {0.5}>>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c3(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects the encoding of '!quant.uniform<u8:f32, 5.000000e-01:127>', #snpe.encoding<bitwidth = 8, min = -6.350000e+01 : f64, max = 6.400000e+01 : f64, scale = 5.000000e-01 : f64, offset = -127>, got #snpe.encoding<bitwidth = 8, min = -6.400000e+01 : f64}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.5:127>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c4(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<3xi32>) {
  // expected-error@+1 {{expects one bias per channel (2), got 'tensor<3xi32>'}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<3xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#real = #quant_hw.requant<kernel = real, scales = [0.25], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c5_real(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects an integer kernel, got 'real'}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #real, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @conv2d_c5_input_zero_point(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects the input zero point 0 in 'requant'}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], input_zero_point = 1, zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @conv2d_c5_zero_point(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects the zero point of the result, 128, got 127}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 127, lo = 0, hi = 255>, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @conv2d_c5_clamp(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects a clamp inside [0, 255], got [-1, 255]}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = -1, hi = 255>, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @conv2d_c5_scales(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects one scale or one per channel (2), got 3}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #quant_hw.requant<kernel = r2, scales = [0.25, 0.25, 0.25], multipliers = [1073741824, 1073741824, 1073741824], shifts = [32, 32, 32], zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @conv2d_c5_multiplier(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects multipliers and shifts that stand for the scales, got 1073741825 and 31 for the scale 2.500000e-01 of channel 0 of result of 'snpe.conv2d'}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741825], shifts = [31], zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c6(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'pad_value' in [0, 255], got 256}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 256 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @fully_connected_c1(%x: tensor<?x4x!x>, %w: tensor<2x5x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 5 input features for weights}}
  %0 = snpe.fully_connected %x, %w, %b {requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<2x5x!x>, tensor<2xi32>) -> tensor<?x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @fully_connected_c2(%x: tensor<?x4x!x>, %w: tensor<2x4x!quant.uniform<i4:f32, 0.5>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got}}
  %0 = snpe.fully_connected %x, %w, %b {requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<2x4x!quant.uniform<i4:f32, 0.5>>, tensor<2xi32>) -> tensor<?x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @fully_connected_c3(%x: tensor<?x4x!x>, %w: tensor<2x4x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects the encoding of}}
  %0 = snpe.fully_connected %x, %w, %b {requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<2x4x!x>, tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.25:128>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @fully_connected_c4(%x: tensor<?x4x!x>, %w: tensor<2x4x!x>, %b: tensor<2x1xi32>) {
  // expected-error@+1 {{expects one bias per channel (2), got 'tensor<2x1xi32>'}}
  %0 = snpe.fully_connected %x, %w, %b {requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<2x4x!x>, tensor<2x1xi32>) -> tensor<?x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#real = #quant_hw.requant<kernel = real, scales = [0.25], zero_point = 128, lo = 0, hi = 255>
func.func @fully_connected_c5(%x: tensor<?x4x!x>, %w: tensor<2x4x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects an integer kernel, got 'real'}}
  %0 = snpe.fully_connected %x, %w, %b {requant = #real, encoding = #x} : (tensor<?x4x!x>, tensor<2x4x!x>, tensor<2xi32>) -> tensor<?x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c1(%a: tensor<?x4x!x>, %b: tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>) {
  // expected-error@+1 {{expects codes of 8 bits, got}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #term, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c2(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects the encoding of}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #term, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25:128>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c3(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects an integer kernel, got 'real'}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>, rhs_requant = #term, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c4_shape(%a: tensor<?x4x!x>, %b: tensor<?x5x!x>) {
  // expected-error@+1 {{expects one shape everywhere, got}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #term, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x5x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c4_operand_zero_point(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects the zero point of the operand, 128, got 0}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], left_shift = 20, lo = -2147483648, hi = 2147483647>, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c4_operand_clamp(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects operands brought to 32 bits without a zero point, got}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 255>, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c4_operand_scales(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects one scale per operand, got 2}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5, 0.5], multipliers = [1073741824, 1073741824], shifts = [31, 31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>, rhs_requant = #term, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
func.func @eltwise_add_c4_sum(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects the input zero point 0 in 'requant'}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #term, requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], input_zero_point = 1, zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
func.func @eltwise_add_c4_zero_point(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects the zero point of the result, 128, got 0}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #term, requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], lo = 0, hi = 255>, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c4_shift(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects one kernel, one left shift of the operands and none of the sum}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 19, lo = -2147483648, hi = 2147483647>, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @pool_avg2d_c1_shape(%x: tensor<?x8x8x4x!x>) {
  // expected-error@+1 {{expects dimension 1 of the result to be 4, got}}
  %0 = snpe.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, variant = #quant_hw.avg_pool_variant<round_half_away>, encoding = #x} : tensor<?x8x8x4x!x> -> tensor<?x3x4x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @pool_avg2d_c1_type(%x: tensor<?x8x8x4x!x>) {
  // expected-error@+1 {{expects input and result of one quantized type, got}}
  %0 = snpe.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, variant = #quant_hw.avg_pool_variant<round_half_away>, encoding = #x} : tensor<?x8x8x4x!x> -> tensor<?x4x4x4x!quant.uniform<u8:f32, 0.25:128>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @pool_avg2d_c1_kernel(%x: tensor<?x8x8x4x!x>) {
  // expected-error@+1 {{expects values of at least 1 in 'kernel', got 0}}
  %0 = snpe.pool_avg2d %x {kernel = array<i64: 0, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, variant = #quant_hw.avg_pool_variant<round_half_away>, encoding = #x} : tensor<?x8x8x4x!x> -> tensor<?x4x4x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @pool_avg2d_c1_clamp(%x: tensor<?x8x8x4x!x>) {
  // expected-error@+1 {{expects 'clamp' to be two codes of the result, the first not above the second, got [9, 8]}}
  %0 = snpe.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 9, 8>, variant = #quant_hw.avg_pool_variant<round_half_away>, encoding = #x} : tensor<?x8x8x4x!x> -> tensor<?x4x4x4x!x>
  return
}

// -----

#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @pool_avg2d_c2_codes(%x: tensor<?x8x8x4x!quant.uniform<u4:f32, 0.5:8>>) {
  // expected-error@+1 {{expects codes of 8 bits, got}}
  %0 = snpe.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 15>, variant = #quant_hw.avg_pool_variant<round_half_away>, encoding = #x} : tensor<?x8x8x4x!quant.uniform<u4:f32, 0.5:8>> -> tensor<?x4x4x4x!quant.uniform<u4:f32, 0.5:8>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
func.func @pool_avg2d_c2_encoding(%x: tensor<?x8x8x4x!x>) {
  // expected-error@+1 {{expects the encoding of}}
  %0 = snpe.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, variant = #quant_hw.avg_pool_variant<round_half_away>, encoding = #snpe.encoding<bitwidth = 8, min = -63.5 : f64, max = 64.0 : f64, scale = 0.5 : f64, offset = -127>} : tensor<?x8x8x4x!x> -> tensor<?x4x4x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @convert_c1(%x: tensor<?x4x!x>) {
  // expected-error@+1 {{expects one shape, got}}
  %0 = snpe.convert %x {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], input_zero_point = 128, zero_point = 128, lo = 0, hi = 255>, encoding = #x} : tensor<?x4x!x> -> tensor<?x5x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @convert_c2(%x: tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>) {
  // expected-error@+1 {{expects codes of 8 bits, got}}
  %0 = snpe.convert %x {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], input_zero_point = 128, zero_point = 128, lo = 0, hi = 255>, encoding = #x} : tensor<?x4x!quant.uniform<u16:f32, 0.5:128>> -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @convert_c3(%x: tensor<?x4x!x>) {
  // expected-error@+1 {{expects the encoding of}}
  %0 = snpe.convert %x {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], input_zero_point = 128, zero_point = 128, lo = 0, hi = 255>, encoding = #x} : tensor<?x4x!x> -> tensor<?x4x!quant.uniform<u8:f32, 0.25:128>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @convert_c4_real(%x: tensor<?x4x!x>) {
  // expected-error@+1 {{expects an integer kernel, got 'real'}}
  %0 = snpe.convert %x {requant = #quant_hw.requant<kernel = real, scales = [0.25], input_zero_point = 128, zero_point = 128, lo = 0, hi = 255>, encoding = #x} : tensor<?x4x!x> -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @convert_c4_input_zero_point(%x: tensor<?x4x!x>) {
  // expected-error@+1 {{expects the zero point of the operand, 128, got 0}}
  %0 = snpe.convert %x {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>, encoding = #x} : tensor<?x4x!x> -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @convert_c4_zero_point(%x: tensor<?x4x!x>) {
  // expected-error@+1 {{expects the zero point of the result, 128, got 0}}
  %0 = snpe.convert %x {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], input_zero_point = 128, lo = 0, hi = 255>, encoding = #x} : tensor<?x4x!x> -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @convert_c4_scales(%x: tensor<?x4x!x>) {
  // expected-error@+1 {{expects one scale or one per channel (1), got 4}}
  %0 = snpe.convert %x {requant = #quant_hw.requant<kernel = r2, scales = [0.25, 0.25, 0.25, 0.25], multipliers = [1073741824, 1073741824, 1073741824, 1073741824], shifts = [32, 32, 32, 32], input_zero_point = 128, zero_point = 128, lo = 0, hi = 255>, encoding = #x} : tensor<?x4x!x> -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @quantize_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{expects one shape, got}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #x} : tensor<4xf32> -> tensor<5x!x>
  return
}

// -----

#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @quantize_c2_codes(%x: tensor<4xf32>) {
  // expected-error@+1 {{expects codes of 8 bits, got}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #x} : tensor<4xf32> -> tensor<4x!quant.uniform<u4:f32, 0.5:8>>
  return
}

// -----

#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @quantize_c2_encoding(%x: tensor<4xf32>) {
  // expected-error@+1 {{expects the encoding of}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #x} : tensor<4xf32> -> tensor<4x!quant.uniform<u8:f32, 0.25:128>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @dequantize_c1(%x: tensor<4x!x>) {
  // expected-error@+1 {{expects one shape, got}}
  %0 = snpe.dequantize %x {encoding = #x} : tensor<4x!x> -> tensor<5xf32>
  return
}

// -----

#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @dequantize_c2_codes(%x: tensor<4x!quant.uniform<u4:f32, 0.5:8>>) {
  // expected-error@+1 {{expects codes of 8 bits, got}}
  %0 = snpe.dequantize %x {encoding = #x} : tensor<4x!quant.uniform<u4:f32, 0.5:8>> -> tensor<4xf32>
  return
}

// -----

#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @dequantize_c2_encoding(%x: tensor<4x!quant.uniform<u8:f32, 0.25:128>>) {
  // expected-error@+1 {{expects the encoding of}}
  %0 = snpe.dequantize %x {encoding = #x} : tensor<4x!quant.uniform<u8:f32, 0.25:128>> -> tensor<4xf32>
  return
}
