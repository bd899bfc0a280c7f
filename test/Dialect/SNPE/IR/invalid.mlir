// RUN: hwq-opt %s --split-input-file --verify-diagnostics

// One case per constraint of the encoding and of the ops, in the order of their
// definitions.

func.func @encoding_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected a bitwidth of 8, got 16}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #snpe.encoding<bitwidth = 16, min = 0.0 : f64, max = 65535.0 : f64, scale = 1.0 : f64, offset = 0>} : (tensor<4xf32>) -> tensor<4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @encoding_c2_low(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected an offset in [-255, 0], got -256}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #snpe.encoding<bitwidth = 8, min = -128.0 : f64, max = -0.5 : f64, scale = 0.5 : f64, offset = -256>} : (tensor<4xf32>) -> tensor<4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @encoding_c2_high(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected an offset in [-255, 0], got 1}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #snpe.encoding<bitwidth = 8, min = 0.5 : f64, max = 128.0 : f64, scale = 0.5 : f64, offset = 1>} : (tensor<4xf32>) -> tensor<4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @encoding_c3_zero(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected a positive finite scale, got 0.000000e+00}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 0.0 : f64, scale = 0.0 : f64, offset = 0>} : (tensor<4xf32>) -> tensor<4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @encoding_c3_infinite(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected a positive finite scale, got INF}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 0.0 : f64, scale = 0x7FF0000000000000 : f64, offset = 0>} : (tensor<4xf32>) -> tensor<4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @encoding_c3_min(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected the min scale * offset = -6.400000e+01, got -6.450000e+01}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #snpe.encoding<bitwidth = 8, min = -64.5 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>} : (tensor<4xf32>) -> tensor<4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @encoding_c3_max(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected the max min + scale * 255 = 6.350000e+01, got 6.400000e+01}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 64.0 : f64, scale = 0.5 : f64, offset = -128>} : (tensor<4xf32>) -> tensor<4x!quant.uniform<u8:f32, 0.5:128>>
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
func.func @conv2d_c1_zero_point_of_type(%x: tensor<?x2x2x1x!quant.uniform<u8:f32, 0.5:256>>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects zero points in [0, 255], got 256}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!quant.uniform<u8:f32, 0.5:256>>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c1_axis(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!quant.uniform<u8:f32:1, {0.5}>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects a per-axis type with axis 0 and one scale per channel, got axis 1}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!quant.uniform<u8:f32:1, {0.5}>>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c4(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'encoding' to be #snpe.encoding<bitwidth = 8, min = -6.350000e+01 : f64, max = 6.400000e+01 : f64, scale = 5.000000e-01 : f64, offset = -127>}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], zero_point = 127, lo = 0, hi = 255>, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!quant.uniform<u8:f32, 0.5:127>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c1_bias(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<3xi32>) {
  // expected-error@+1 {{expects one bias per channel (2), got 'tensor<3xi32>'}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<3xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#real = #quant_hw.requant<kernel = real, scales = [0.25], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c3(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects an integer kernel in 'requant'}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #real, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @conv2d_c1_input_zero_point(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects the input zero point 0 in 'requant'}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], input_zero_point = 1, zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @conv2d_c1_zero_point(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects the zero point of the result, 128, got 127}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 127, lo = 0, hi = 255>, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @conv2d_c1_clamp(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects a clamp inside [0, 255], got [-1, 255]}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = -1, hi = 255>, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @conv2d_c1_scales(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects one scale or one per channel (2), got 3}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #quant_hw.requant<kernel = r2, scales = [0.25, 0.25, 0.25], multipliers = [1073741824, 1073741824, 1073741824], shifts = [32, 32, 32], zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @conv2d_c1_multiplier(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects multipliers and shifts that stand for the scales, got 1073741825 and 31 for the scale 2.500000e-01 of channel 0 of result of 'snpe.conv2d'}}
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741825], shifts = [31], zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c1_pad_value(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) {
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
func.func @fully_connected_c4(%x: tensor<?x4x!x>, %w: tensor<2x4x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'encoding' to be #snpe.encoding<bitwidth = 8, min = -3.200000e+01 : f64, max = 3.175000e+01 : f64, scale = 2.500000e-01 : f64, offset = -128>}}
  %0 = snpe.fully_connected %x, %w, %b {requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x4x!x>, tensor<2x4x!x>, tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.25:128>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @fully_connected_c1_bias(%x: tensor<?x4x!x>, %w: tensor<2x4x!x>, %b: tensor<2x1xi32>) {
  // expected-error@+1 {{expects one bias per channel (2), got 'tensor<2x1xi32>'}}
  %0 = snpe.fully_connected %x, %w, %b {requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<2x4x!x>, tensor<2x1xi32>) -> tensor<?x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#real = #quant_hw.requant<kernel = real, scales = [0.25], zero_point = 128, lo = 0, hi = 255>
func.func @fully_connected_c3(%x: tensor<?x4x!x>, %w: tensor<2x4x!x>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects an integer kernel in 'requant'}}
  %0 = snpe.fully_connected %x, %w, %b {requant = #real, encoding = #x} : (tensor<?x4x!x>, tensor<2x4x!x>, tensor<2xi32>) -> tensor<?x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c2(%a: tensor<?x4x!x>, %b: tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>) {
  // expected-error@+1 {{expects codes of 8 bits, got}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #term, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c4(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects 'encoding' to be #snpe.encoding<bitwidth = 8, min = -3.200000e+01 : f64, max = 3.175000e+01 : f64, scale = 2.500000e-01 : f64, offset = -128>}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #term, requant = #quant_hw.requant<kernel = r2, scales = [3.814697265625e-06], multipliers = [1073741824], shifts = [48], zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25:128>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c3(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects three 'real' requantizations and no variant, or none 'real' and a variant}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>, rhs_requant = #term, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c1_shape(%a: tensor<?x4x!x>, %b: tensor<?x5x!x>) {
  // expected-error@+1 {{expects one shape everywhere, got}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #term, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x5x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c1_operand_zero_point(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects the zero point of the operand, 128, got 0}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], left_shift = 20, lo = -2147483648, hi = 2147483647>, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c1_operand_clamp(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects operands brought to 32 bits without a zero point, got}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 255>, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c1_operand_scales(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects one scale per operand, got 2}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5, 0.5], multipliers = [1073741824, 1073741824], shifts = [31, 31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>, rhs_requant = #term, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
func.func @eltwise_add_c1_sum(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects the input zero point 0 in 'requant'}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #term, requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], input_zero_point = 1, zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
func.func @eltwise_add_c1_zero_point(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects the zero point of the result, 128, got 0}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #term, requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], lo = 0, hi = 255>, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#term = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @eltwise_add_c1_shift(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) {
  // expected-error@+1 {{expects one kernel, one left shift of the operands and none of the sum}}
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #term, rhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 19, lo = -2147483648, hi = 2147483647>, requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @pool_avg2d_c1_shape(%x: tensor<?x8x8x4x!x>) {
  // expected-error@+1 {{expects dimension 1 of the result to be 4, got}}
  %0 = snpe.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, variant = #quant_hw.avg_pool_variant<round_half_away>, encoding = #x} : (tensor<?x8x8x4x!x>) -> tensor<?x3x4x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @pool_avg2d_c1_type(%x: tensor<?x8x8x4x!x>) {
  // expected-error@+1 {{expects input and result of one quantized type, got}}
  %0 = snpe.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, variant = #quant_hw.avg_pool_variant<round_half_away>, encoding = #x} : (tensor<?x8x8x4x!x>) -> tensor<?x4x4x4x!quant.uniform<u8:f32, 0.25:128>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @pool_avg2d_c1_kernel(%x: tensor<?x8x8x4x!x>) {
  // expected-error@+1 {{expects values of at least 1 in 'kernel', got 0}}
  %0 = snpe.pool_avg2d %x {kernel = array<i64: 0, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, variant = #quant_hw.avg_pool_variant<round_half_away>, encoding = #x} : (tensor<?x8x8x4x!x>) -> tensor<?x4x4x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @pool_avg2d_c1_clamp(%x: tensor<?x8x8x4x!x>) {
  // expected-error@+1 {{expects 'clamp' to be two codes of the result, the first not above the second, got [9, 8]}}
  %0 = snpe.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 9, 8>, variant = #quant_hw.avg_pool_variant<round_half_away>, encoding = #x} : (tensor<?x8x8x4x!x>) -> tensor<?x4x4x4x!x>
  return
}

// -----

#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @pool_avg2d_c2(%x: tensor<?x8x8x4x!quant.uniform<u4:f32, 0.5:8>>) {
  // expected-error@+1 {{expects codes of 8 bits, got}}
  %0 = snpe.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 15>, variant = #quant_hw.avg_pool_variant<round_half_away>, encoding = #x} : (tensor<?x8x8x4x!quant.uniform<u4:f32, 0.5:8>>) -> tensor<?x4x4x4x!quant.uniform<u4:f32, 0.5:8>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
func.func @pool_avg2d_c3(%x: tensor<?x8x8x4x!x>) {
  // expected-error@+1 {{expects 'encoding' to be #snpe.encoding<bitwidth = 8, min = -6.400000e+01 : f64, max = 6.350000e+01 : f64, scale = 5.000000e-01 : f64, offset = -128>}}
  %0 = snpe.pool_avg2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: 0, 255>, variant = #quant_hw.avg_pool_variant<round_half_away>, encoding = #snpe.encoding<bitwidth = 8, min = -63.5 : f64, max = 64.0 : f64, scale = 0.5 : f64, offset = -127>} : (tensor<?x8x8x4x!x>) -> tensor<?x4x4x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @convert_c1(%x: tensor<?x4x!x>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:128>>' and 'tensor<?x5x!quant.uniform<u8:f32, 5.000000e-01:128>>'}}
  %0 = snpe.convert %x {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], input_zero_point = 128, zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x4x!x>) -> tensor<?x5x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @convert_c2(%x: tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>) {
  // expected-error@+1 {{expects codes of 8 bits, got}}
  %0 = snpe.convert %x {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], input_zero_point = 128, zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @convert_c4(%x: tensor<?x4x!x>) {
  // expected-error@+1 {{expects 'encoding' to be #snpe.encoding<bitwidth = 8, min = -3.200000e+01 : f64, max = 3.175000e+01 : f64, scale = 2.500000e-01 : f64, offset = -128>}}
  %0 = snpe.convert %x {requant = #quant_hw.requant<kernel = r2, scales = [2.0], multipliers = [1073741824], shifts = [29], input_zero_point = 128, zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x4x!x>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25:128>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @convert_c3_kernel(%x: tensor<?x4x!x>) {
  // expected-error@+1 {{does not stand for 'quant_hw.requantize' with these operands and attributes}}
  %0 = snpe.convert %x {requant = #quant_hw.requant<kernel = real, scales = [0.25], input_zero_point = 128, zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @convert_c1_input_zero_point(%x: tensor<?x4x!x>) {
  // expected-error@+1 {{expects the zero point of the operand, 128, got 0}}
  %0 = snpe.convert %x {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @convert_c1_zero_point(%x: tensor<?x4x!x>) {
  // expected-error@+1 {{expects the zero point of the result, 128, got 0}}
  %0 = snpe.convert %x {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], input_zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @convert_c3_scales(%x: tensor<?x4x!x>) {
  // expected-error@+1 {{does not stand for 'quant_hw.requantize' with these operands and attributes}}
  %0 = snpe.convert %x {requant = #quant_hw.requant<kernel = r2, scales = [0.25, 0.25, 0.25, 0.25], multipliers = [1073741824, 1073741824, 1073741824, 1073741824], shifts = [32, 32, 32, 32], input_zero_point = 128, zero_point = 128, lo = 0, hi = 255>, encoding = #x} : (tensor<?x4x!x>) -> tensor<?x4x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @quantize_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #x} : (tensor<4xf32>) -> tensor<5x!x>
  return
}

// -----

#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @quantize_c2(%x: tensor<4xf32>) {
  // expected-error@+1 {{expects codes of 8 bits, got}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #x} : (tensor<4xf32>) -> tensor<4x!quant.uniform<u4:f32, 0.5:8>>
  return
}

// -----

#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @quantize_c3(%x: tensor<4xf32>) {
  // expected-error@+1 {{expects 'encoding' to be #snpe.encoding<bitwidth = 8, min = -3.200000e+01 : f64, max = 3.175000e+01 : f64, scale = 2.500000e-01 : f64, offset = -128>}}
  %0 = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #x} : (tensor<4xf32>) -> tensor<4x!quant.uniform<u8:f32, 0.25:128>>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @dequantize_c1(%x: tensor<4x!x>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %0 = snpe.dequantize %x {encoding = #x} : (tensor<4x!x>) -> tensor<5xf32>
  return
}

// -----

#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @dequantize_c2(%x: tensor<4x!quant.uniform<u4:f32, 0.5:8>>) {
  // expected-error@+1 {{expects codes of 8 bits, got}}
  %0 = snpe.dequantize %x {encoding = #x} : (tensor<4x!quant.uniform<u4:f32, 0.5:8>>) -> tensor<4xf32>
  return
}

// -----

#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
func.func @dequantize_c3(%x: tensor<4x!quant.uniform<u8:f32, 0.25:128>>) {
  // expected-error@+1 {{expects 'encoding' to be #snpe.encoding<bitwidth = 8, min = -3.200000e+01 : f64, max = 3.175000e+01 : f64, scale = 2.500000e-01 : f64, offset = -128>}}
  %0 = snpe.dequantize %x {encoding = #x} : (tensor<4x!quant.uniform<u8:f32, 0.25:128>>) -> tensor<4xf32>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @conv2d_c5(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>) {
  // expected-error@+1 {{expects a bias}}
  %0 = snpe.conv2d %x, %w {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, requant = #r, encoding = #x} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>) -> tensor<?x2x2x2x!x>
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#x = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>
#r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>
func.func @fully_connected_c5(%x: tensor<?x4x!x>, %w: tensor<2x4x!x>) {
  // expected-error@+1 {{expects a bias}}
  %0 = snpe.fully_connected %x, %w {requant = #r, encoding = #x} : (tensor<?x4x!x>, tensor<2x4x!x>) -> tensor<?x2x!x>
  return
}

// -----

// The others.
func.func @dequantize_accumulator_c1(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects input and result of one shape, got 'tensor<?x2xi32>' and 'tensor<?x5xf32>'}}
  %y = snpe.dequantize_accumulator %x {
      requant = #quant_hw.requant<kernel = r14, scales = [0.25], factors = [0.25], output_scale = 1.0, lo = -2147483648, hi = 2147483647>}
      : (tensor<?x2xi32>) -> tensor<?x5xf32>
  return
}

// -----

func.func @dequantize_accumulator_c2(%x: tensor<?x2x!quant.uniform<i16:f32, 0.5>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x!quant.uniform<i16:f32, 5.000000e-01>>'}}
  %y = snpe.dequantize_accumulator %x {
      requant = #quant_hw.requant<kernel = r14, scales = [0.25], factors = [0.25], output_scale = 1.0, lo = -2147483648, hi = 2147483647>}
      : (tensor<?x2x!quant.uniform<i16:f32, 0.5>>) -> tensor<?x2xf32>
  return
}

// -----

func.func @dequantize_accumulator_c3(%x: tensor<?x2xi32>) {
  // expected-error@+1 {{expects the kernel 'real', 'r9' or 'r14' for a float result, got 'r4'}}
  %y = snpe.dequantize_accumulator %x {
      requant = #quant_hw.requant<kernel = r4, scales = [0.25], factors = [0.25], output_scale = 1.0, lo = -2147483648, hi = 2147483647>}
      : (tensor<?x2xi32>) -> tensor<?x2xf32>
  return
}

// -----

func.func @eltwise_mul_c1(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects operands whose dimensions are the result's or 1, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:128>>' for 'tensor<?x7x!quant.uniform<u8:f32, 5.000000e-01:128>>'}}
  %y = snpe.eltwise_mul %a, %b {variant = #quant_hw.mul_variant<snpe>,
      requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @eltwise_mul_c2(%a: tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = snpe.eltwise_mul %a, %b {variant = #quant_hw.mul_variant<snpe>,
      requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @eltwise_mul_c3(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects a 'real' requantization iff there is no variant}}
  %y = snpe.eltwise_mul %a, %b {variant = #quant_hw.mul_variant<snpe>,
      requant = #quant_hw.requant<kernel = real, scales = [0.25], zero_point = 128, lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @eltwise_mul_c4(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'encoding' to be #snpe.encoding<bitwidth = 8, min = -6.400000e+01 : f64, max = 6.350000e+01 : f64, scale = 5.000000e-01 : f64, offset = -128>, got #snpe.encoding<bitwidth = 8, min = 0.000000e+00 : f64, max = 2.550000e+02 : f64, scale = 1.000000e+00 : f64, offset = 0>}}
  %y = snpe.eltwise_mul %a, %b {variant = #quant_hw.mul_variant<snpe>,
      requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 255.0 : f64, scale = 1.0 : f64, offset = 0>}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @eltwise_sub_c1(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects one shape everywhere, got 'tensor<?x4x!quant.uniform<u8:f32, 5.000000e-01:128>>', 'tensor<?x4x!quant.uniform<u8:f32, 2.500000e-01>>' and 'tensor<?x7x!quant.uniform<u8:f32, 5.000000e-01:128>>'}}
  %y = snpe.eltwise_sub %a, %b {variant = #quant_hw.add_variant<snpe>,
      lhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], left_shift = 20, lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = r2, scales = [1.9073486328125e-06], multipliers = [1073741824], shifts = [49], zero_point = 128, lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x7x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @eltwise_sub_c2(%a: tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = snpe.eltwise_sub %a, %b {variant = #quant_hw.add_variant<snpe>,
      lhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], left_shift = 20, lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = r2, scales = [1.9073486328125e-06], multipliers = [1073741824], shifts = [49], zero_point = 128, lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @eltwise_sub_c3(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects three 'real' requantizations and no variant, or none 'real' and a variant}}
  %y = snpe.eltwise_sub %a, %b {variant = #quant_hw.add_variant<snpe>,
      lhs_requant = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = real, scales = [0.25], left_shift = 20, lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = real, scales = [1.9073486328125e-06], zero_point = 128, lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = -64.0 : f64, max = 63.5 : f64, scale = 0.5 : f64, offset = -128>}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @eltwise_sub_c4(%a: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x!quant.uniform<u8:f32, 0.25>>) {
  // expected-error@+1 {{expects 'encoding' to be #snpe.encoding<bitwidth = 8, min = -6.400000e+01 : f64, max = 6.350000e+01 : f64, scale = 5.000000e-01 : f64, offset = -128>, got #snpe.encoding<bitwidth = 8, min = 0.000000e+00 : f64, max = 2.550000e+02 : f64, scale = 1.000000e+00 : f64, offset = 0>}}
  %y = snpe.eltwise_sub %a, %b {variant = #quant_hw.add_variant<snpe>,
      lhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], left_shift = 20, lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = r2, scales = [1.9073486328125e-06], multipliers = [1073741824], shifts = [49], zero_point = 128, lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 255.0 : f64, scale = 1.0 : f64, offset = 0>}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.25>>)
      -> tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>
  return
}

// -----

func.func @lookup_c1(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{requires the same shape for all operands and results}}
  %y = snpe.lookup %x {table = array<i32: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199, 200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213, 214, 215, 216, 217, 218, 219, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x7x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @lookup_c2(%x: tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x4x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = snpe.lookup %x {table = array<i32: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199, 200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213, 214, 215, 216, 217, 218, 219, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
      : (tensor<?x4x!quant.uniform<u16:f32, 0.5:128>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @lookup_c3(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects 'encoding' to be #snpe.encoding<bitwidth = 8, min = 0.000000e+00 : f64, max = 6.375000e+01 : f64, scale = 2.500000e-01 : f64, offset = 0>, got #snpe.encoding<bitwidth = 8, min = 0.000000e+00 : f64, max = 2.550000e+02 : f64, scale = 1.000000e+00 : f64, offset = 0>}}
  %y = snpe.lookup %x {table = array<i32: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199, 200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213, 214, 215, 216, 217, 218, 219, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229, 230, 231, 232, 233, 234, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 255.0 : f64, scale = 1.0 : f64, offset = 0>}
      : (tensor<?x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @mat_mul_c1(%a: tensor<?x2x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects dimension 2 of the result to be 3, got 'tensor<?x2x6x!quant.uniform<u8:f32, 2.500000e-01>>'}}
  %y = snpe.mat_mul %a, %b {
      requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
      : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<?x4x3x!quant.uniform<u8:f32, 0.5:128>>)
      -> tensor<?x2x6x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @mat_mul_c2(%a: tensor<?x2x4x!quant.uniform<u16:f32, 0.5:128>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x4x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = snpe.mat_mul %a, %b {
      requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
      : (tensor<?x2x4x!quant.uniform<u16:f32, 0.5:128>>,
         tensor<?x4x3x!quant.uniform<u8:f32, 0.5:128>>)
      -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @mat_mul_c3(%a: tensor<?x2x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects an integer kernel, one scale and the input zero point 0 in 'requant'}}
  %y = snpe.mat_mul %a, %b {
      requant = #quant_hw.requant<kernel = real, scales = [1.0], lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
      : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<?x4x3x!quant.uniform<u8:f32, 0.5:128>>)
      -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @mat_mul_c4(%a: tensor<?x2x4x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<?x4x3x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects 'encoding' to be #snpe.encoding<bitwidth = 8, min = 0.000000e+00 : f64, max = 6.375000e+01 : f64, scale = 2.500000e-01 : f64, offset = 0>, got #snpe.encoding<bitwidth = 8, min = 0.000000e+00 : f64, max = 2.550000e+02 : f64, scale = 1.000000e+00 : f64, offset = 0>}}
  %y = snpe.mat_mul %a, %b {
      requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 255.0 : f64, scale = 1.0 : f64, offset = 0>}
      : (tensor<?x2x4x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<?x4x3x!quant.uniform<u8:f32, 0.5:128>>)
      -> tensor<?x2x3x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @reduce_mean_c1(%x: tensor<?x8x4x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects a result of the operand's shape with 1 along the axes [1], got 'tensor<?x1x7x!quant.uniform<u8:f32, 2.500000e-01>>' for 'tensor<?x8x4x!quant.uniform<u8:f32, 5.000000e-01:128>>'}}
  %y = snpe.reduce_mean %x {axes = array<i64: 1>,
      requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
      : (tensor<?x8x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x1x7x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @reduce_mean_c2(%x: tensor<?x8x4x!quant.uniform<u16:f32, 0.5:128>>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x8x4x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = snpe.reduce_mean %x {axes = array<i64: 1>,
      requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
      : (tensor<?x8x4x!quant.uniform<u16:f32, 0.5:128>>) -> tensor<?x1x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @reduce_mean_c3(%x: tensor<?x8x4x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{does not stand for 'quant_hw.mean' with these operands and attributes}}
  %y = snpe.reduce_mean %x {axes = array<i64: 1>,
      requant = #quant_hw.requant<kernel = real, scales = [0.25], lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
      : (tensor<?x8x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x1x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @reduce_mean_c4(%x: tensor<?x8x4x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects 'encoding' to be #snpe.encoding<bitwidth = 8, min = 0.000000e+00 : f64, max = 6.375000e+01 : f64, scale = 2.500000e-01 : f64, offset = 0>, got #snpe.encoding<bitwidth = 8, min = 0.000000e+00 : f64, max = 2.550000e+02 : f64, scale = 1.000000e+00 : f64, offset = 0>}}
  %y = snpe.reduce_mean %x {axes = array<i64: 1>,
      requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 255.0 : f64, scale = 1.0 : f64, offset = 0>}
      : (tensor<?x8x4x!quant.uniform<u8:f32, 0.5:128>>) -> tensor<?x1x4x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @transpose_conv2d_c1(%x: tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects dimension 3 of the result to be 2, got 'tensor<?x4x4x5x!quant.uniform<u8:f32, 2.500000e-01>>'}}
  %y = snpe.transpose_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 128 : i32,
      requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
      : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<2x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, tensor<2xi32>)
      -> tensor<?x4x4x5x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @transpose_conv2d_c2(%x: tensor<?x2x2x3x!quant.uniform<u16:f32, 0.5:128>>, %w: tensor<2x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects codes of 8 bits, got 'tensor<?x2x2x3x!quant.uniform<u16:f32, 5.000000e-01:128>>'}}
  %y = snpe.transpose_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 128 : i32,
      requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
      : (tensor<?x2x2x3x!quant.uniform<u16:f32, 0.5:128>>,
         tensor<2x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @transpose_conv2d_c3(%x: tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects an integer kernel in 'requant'}}
  %y = snpe.transpose_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 128 : i32,
      requant = #quant_hw.requant<kernel = real, scales = [1.0], lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
      : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<2x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @transpose_conv2d_c4(%x: tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, %b: tensor<2xi32>) {
  // expected-error@+1 {{expects 'encoding' to be #snpe.encoding<bitwidth = 8, min = 0.000000e+00 : f64, max = 6.375000e+01 : f64, scale = 2.500000e-01 : f64, offset = 0>, got #snpe.encoding<bitwidth = 8, min = 0.000000e+00 : f64, max = 2.550000e+02 : f64, scale = 1.000000e+00 : f64, offset = 0>}}
  %y = snpe.transpose_conv2d %x, %w, %b {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 128 : i32,
      requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 255.0 : f64, scale = 1.0 : f64, offset = 0>}
      : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<2x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, tensor<2xi32>)
      -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

func.func @transpose_conv2d_c5(%x: tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>, %w: tensor<2x2x2x3x!quant.uniform<u8:f32, 0.5:128>>) {
  // expected-error@+1 {{expects a bias}}
  %y = snpe.transpose_conv2d %x, %w {pad = array<i64: 0, 0, 0, 0>,
      output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>,
      groups = 1 : i64, pad_value = 128 : i32,
      requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], lo = 0, hi = 255>,
      encoding = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 63.75 : f64, scale = 0.25 : f64, offset = 0>}
      : (tensor<?x2x2x3x!quant.uniform<u8:f32, 0.5:128>>,
         tensor<2x2x2x3x!quant.uniform<u8:f32, 0.5:128>>)
      -> tensor<?x4x4x2x!quant.uniform<u8:f32, 0.25>>
  return
}
