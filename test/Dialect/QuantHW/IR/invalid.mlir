// RUN: hwq-opt %s --split-input-file --verify-diagnostics

// One case per constraint of the ops, in the order of their definitions.

func.func @observe_c1_count(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expects a range of two finite numbers, the first not above the second}}
  %0 = quant_hw.observe "x" %x range [1.0] : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @observe_c1_order(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expects a range of two finite numbers, the first not above the second}}
  %0 = quant_hw.observe "x" %x range [1.0, -1.0] : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @observe_c1_finite(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expects a range of two finite numbers, the first not above the second}}
  %0 = "quant_hw.observe"(%x) {tensor = "x", range = array<f64: 0.0, 0x7FF0000000000000>} : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @observe_c2(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expects the name of a tensor, got none}}
  %0 = quant_hw.observe "" %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @observe_c3_type(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expects 'quant_hw.parameters' to be a quantized type with one scale, got i8}}
  %0 = quant_hw.observe "x" %x range [0.0, 1.0] {quant_hw.parameters = i8} : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @observe_c3_range(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expects a range beside 'quant_hw.parameters', got none}}
  %0 = quant_hw.observe "x" %x {quant_hw.parameters = !quant.uniform<u8:f32, 0.5>} : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @observe_c3_zero_point(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expects zero points in [0, 255], got -3}}
  %0 = quant_hw.observe "x" %x range [0.0, 1.0] {quant_hw.parameters = !quant.uniform<u8:f32, 0.5:-3>} : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @observe_c3_keep_float(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expects 'quant_hw.keep_float' to be a unit attribute, got true}}
  %0 = quant_hw.observe "x" %x {quant_hw.keep_float = true} : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @observe_c4_count(%x: tensor<?x3xf32>) {
  // expected-error@+1 {{expects a range for each channel of 'tensor<?x3xf32>', got 4 numbers}}
  %0 = quant_hw.observe "x" %x range [-1.0, 1.0] {channel_ranges = array<f64: -1.0, 1.0, 0.0, 1.0>} : tensor<?x3xf32>
  return
}

// -----

func.func @observe_c4_order(%x: tensor<?x2xf32>) {
  // expected-error@+1 {{expects ranges of two finite numbers, the first not above the second, for channel 1}}
  %0 = quant_hw.observe "x" %x range [-1.0, 1.0] {channel_ranges = array<f64: -1.0, 1.0, 0.5, 0.25>} : tensor<?x2xf32>
  return
}

// -----

func.func @observe_c5_kind(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expects 'quant_hw.model_parameters' to be a quantized type with one scale, or one for each index of the last axis, and zero points in its storage range}}
  %0 = quant_hw.observe "x" %x {quant_hw.model_parameters = i8} : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @observe_c5_per_axis(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expects 'quant_hw.model_parameters' to be a quantized type with one scale, or one for each index of the last axis, and zero points in its storage range}}
  %0 = quant_hw.observe "x" %x {quant_hw.model_parameters = !quant.uniform<i8:f32:0, {0.5,0.25}>} : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @observe_c5_zero_point(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expects 'quant_hw.model_parameters' to be a quantized type with one scale, or one for each index of the last axis, and zero points in its storage range}}
  %0 = quant_hw.observe "x" %x {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.5:256>} : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @quantize_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{expects zero points in [0, 255], got 256}}
  %0 = quant_hw.quantize %x form <q5> : tensor<4xf32> -> tensor<4x!quant.uniform<u8:f32, 0.1:256>>
  return
}

// -----

func.func @quantize_c2_axis(%x: tensor<4x2x3xf32>) {
  // expected-error@+1 {{expects a per-axis type with axis 2 and one scale per channel, got axis 1 and 2 scales}}
  %0 = quant_hw.quantize %x form <q5> : tensor<4x2x3xf32> -> tensor<4x2x3x!quant.uniform<i8:f32:1, {0.1, 0.2}>>
  return
}

// -----

func.func @quantize_c2_last_axis(%x: tensor<?x3xf32>) {
  // expected-error@+1 {{expects a per-axis type with axis 1 and one scale per channel, got axis 1 and 2 scales}}
  %0 = quant_hw.quantize %x form <q5> : tensor<?x3xf32> -> tensor<?x3x!quant.uniform<i8:f32:1, {0.1, 0.2}>>
  return
}

// -----

func.func @quantize_c2_count(%x: tensor<4x2xf32>) {
  // Upstream's verifier of tensor types has no say in the number of scales.
  // expected-error@+1 {{got axis 0 and 2 scales}}
  %0 = quant_hw.quantize %x form <q5> : tensor<4x2xf32> -> tensor<4x2x!quant.uniform<i8:f32:0, {0.1, 0.2}>>
  return
}

// -----

func.func @dequantize_c1(%x: tensor<2x!quant.uniform<i8:f32:0, {0.1, 0.2:300}>>) {
  // expected-error@+1 {{expects zero points in [-128, 127], got 300}}
  %0 = quant_hw.dequantize %x : tensor<2x!quant.uniform<i8:f32:0, {0.1, 0.2:300}>> -> tensor<2xf32>
  return
}

// -----

func.func @dequantize_c2(%x: tensor<2x!quant.uniform<i8:f32:0, {0.1, 0.2}>>) {
  // expected-error@+1 {{expects scales along the last axis with 'unit_scale'}}
  %0 = quant_hw.dequantize %x {unit_scale} : tensor<2x!quant.uniform<i8:f32:0, {0.1, 0.2}>> -> tensor<2xf32>
  return
}

// -----

!c8 = !quant.uniform<u8:f32:1, {0.05:128, 0.1:3}>
func.func @requantize_c2_channels(%x: tensor<4x2xi32>) {
  // expected-error@+1 {{expects zero points of channels iff the result has them}}
  %0 = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = real, scales = [0.25], zero_point = 128, lo = 0, hi = 255>} : tensor<4x2xi32> -> tensor<4x2x!c8>
  return
}

// -----

!c8 = !quant.uniform<u8:f32:1, {0.05:128, 0.1:3}>
func.func @requantize_c2_channel_zero_point(%x: tensor<4x2xi32>) {
  // expected-error@+1 {{expects the zero point of the result, 3, got 4 for channel 1}}
  %0 = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = real, scales = [0.25], lo = 0, hi = 255, zero_points = [128, 4], los = [0, 0], his = [255, 255]>} : tensor<4x2xi32> -> tensor<4x2x!c8>
  return
}

// -----

!c8 = !quant.uniform<u8:f32:1, {0.05:128, 0.1:3}>
func.func @requantize_c2_channel_clamp(%x: tensor<4x2xi32>) {
  // expected-error@+1 {{expects a clamp inside [0, 255], got [0, 256] for channel 0}}
  %0 = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = real, scales = [0.25], lo = 0, hi = 255, zero_points = [128, 3], los = [0, 0], his = [256, 255]>} : tensor<4x2xi32> -> tensor<4x2x!c8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @requantize_c1(%x: tensor<4x2xi32>) {
  // expected-error@+1 {{expects input and result of one shape}}
  %0 = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = real, scales = [0.25], zero_point = 128, lo = 0, hi = 255>} : tensor<4x2xi32> -> tensor<4x3x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @requantize_c2_zero_point(%x: tensor<4x2xi32>) {
  // expected-error@+1 {{expects the zero point of the result, 128, got 127}}
  %0 = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = real, scales = [0.25], zero_point = 127, lo = 0, hi = 255>} : tensor<4x2xi32> -> tensor<4x2x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @requantize_c2_clamp(%x: tensor<4x2xi32>) {
  // expected-error@+1 {{expects a clamp inside [0, 255], got [0, 256]}}
  %0 = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = real, scales = [0.25], zero_point = 128, lo = 0, hi = 256>} : tensor<4x2xi32> -> tensor<4x2x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @requantize_c3_scales(%x: tensor<4x2xi32>) {
  // expected-error@+1 {{expects one scale or one per channel (2), got 3}}
  %0 = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = real, scales = [0.25, 0.25, 0.25], zero_point = 128, lo = 0, hi = 255>} : tensor<4x2xi32> -> tensor<4x2x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @requantize_c3_bias(%x: tensor<4x2xi32>, %b: tensor<3xf64>) {
  // expected-error@+1 {{expects one bias per channel (2), got 'tensor<3xf64>'}}
  %0 = quant_hw.requantize %x bias %b : tensor<3xf64> {requant = #quant_hw.requant<kernel = real, scales = [0.25], zero_point = 128, lo = 0, hi = 255>} : tensor<4x2xi32> -> tensor<4x2x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @requantize_c4(%x: tensor<4x2xi32>, %b: tensor<2xf64>) {
  // expected-error@+1 {{expects the kernel 'real' where there is a bias}}
  %0 = quant_hw.requantize %x bias %b : tensor<2xf64> {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>} : tensor<4x2xi32> -> tensor<4x2x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @requantize_c4_scaled_bias(%x: tensor<4x2xi32>) {
  // expected-error@+1 {{expects a bias where 'scaled_bias' is set}}
  %0 = quant_hw.requantize %x {scaled_bias, requant = #quant_hw.requant<kernel = real, scales = [0.25], zero_point = 128, lo = 0, hi = 255>} : tensor<4x2xi32> -> tensor<4x2x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @requantize_c5_quantized(%x: tensor<4x2x!u8>) {
  // expected-error@+1 {{expects the zero point of the operand, 128, got 0}}
  %0 = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = real, scales = [0.25], zero_point = 128, lo = 0, hi = 255>} : tensor<4x2x!u8> -> tensor<4x2x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @requantize_c5_accumulator(%x: tensor<4x2xi32>) {
  // expected-error@+1 {{expects the zero point of the operand, 0, got 7}}
  %0 = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = real, scales = [0.25], input_zero_point = 7, zero_point = 128, lo = 0, hi = 255>} : tensor<4x2xi32> -> tensor<4x2x!u8>
  return
}

// -----

func.func @conv2d_c1_rank(%x: tensor<8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error@+1 {{expects input, weights and result of rank 4}}
  %0 = quant_hw.conv2d %x, %w {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<?x8x8x2xf32>
  return
}

// -----

func.func @conv2d_c1_channels(%x: tensor<?x8x8x4xf32>, %w: tensor<2x3x3x3xf32>) {
  // expected-error@+1 {{expects 3 input channels for weights 'tensor<2x3x3x3xf32>' and 1 groups, got 4}}
  %0 = quant_hw.conv2d %x, %w {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x4xf32>, tensor<2x3x3x3xf32>) -> tensor<?x8x8x2xf32>
  return
}

// -----

func.func @conv2d_c1_groups(%x: tensor<?x8x8x4xf32>, %w: tensor<3x3x3x2xf32>) {
  // expected-error@+1 {{expects output channels divisible by 2 groups, got 3}}
  %0 = quant_hw.conv2d %x, %w {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 2 : i64} : (tensor<?x8x8x4xf32>, tensor<3x3x3x2xf32>) -> tensor<?x8x8x3xf32>
  return
}

// -----

func.func @conv2d_c1_result(%x: tensor<?x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error@+1 {{expects dimension 2 of the result to be 4, got 'tensor<?x4x5x2xf32>'}}
  %0 = quant_hw.conv2d %x, %w {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<?x4x5x2xf32>
  return
}

// -----

func.func @conv2d_c1_window(%x: tensor<?x2x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error@+1 {{expects a kernel of at most 2 along dimension 1, got 5}}
  %0 = quant_hw.conv2d %x, %w {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 2, 1>, groups = 1 : i64} : (tensor<?x2x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<?x1x6x2xf32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @conv2d_c2_weights(%x: tensor<?x8x8x4x!u8>, %w: tensor<2x3x3x4xf32>) {
  // expected-error@+1 {{expects input and weights both float or both quantized}}
  %0 = quant_hw.conv2d %x, %w {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x4x!u8>, tensor<2x3x3x4xf32>) -> tensor<?x8x8x2xi32>
  return
}

// -----

func.func @conv2d_c2_result(%x: tensor<?x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error@+1 {{expects a float result of float operands only, got 'i32'}}
  %0 = quant_hw.conv2d %x, %w {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<?x8x8x2xi32>
  return
}

// -----

func.func @conv2d_c3_count(%x: tensor<?x8x8x4xf32>, %w: tensor<2x3x3x4xf32>, %b: tensor<4xf32>) {
  // expected-error@+1 {{expects one bias per channel (2), got 'tensor<4xf32>'}}
  %0 = quant_hw.conv2d %x, %w bias %b {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x4xf32>, tensor<2x3x3x4xf32>, tensor<4xf32>) -> tensor<?x8x8x2xf32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @conv2d_c3_type(%x: tensor<?x8x8x4x!u8>, %w: tensor<2x3x3x4x!u8>, %b: tensor<2xf32>) {
  // expected-error@+1 {{expects a bias of i32, got 'tensor<2xf32>'}}
  %0 = quant_hw.conv2d %x, %w bias %b {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x4x!u8>, tensor<2x3x3x4x!u8>, tensor<2xf32>) -> tensor<?x8x8x2xi32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @conv2d_c4_missing(%x: tensor<?x8x8x4x!u8>, %w: tensor<2x3x3x4x!u8>) {
  // expected-error@+1 {{expects 'requant' iff the result is quantized}}
  %0 = quant_hw.conv2d %x, %w {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x4x!u8>, tensor<2x3x3x4x!u8>) -> tensor<?x8x8x2x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @conv2d_c4_scales(%x: tensor<?x8x8x4x!u8>, %w: tensor<2x3x3x4x!u8>) {
  // expected-error@+1 {{expects one scale or one per channel (2), got 3}}
  %0 = quant_hw.conv2d %x, %w {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64,
    requant = #quant_hw.requant<kernel = r2, scales = [0.25, 0.25, 0.25], multipliers = [1073741824, 1073741824, 1073741824], shifts = [32, 32, 32], zero_point = 128, lo = 0, hi = 255>} : (tensor<?x8x8x4x!u8>, tensor<2x3x3x4x!u8>) -> tensor<?x8x8x2x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @conv2d_c4_kernel(%x: tensor<?x8x8x4x!u8>, %w: tensor<2x3x3x4x!u8>) {
  // expected-error@+1 {{expects an integer kernel in 'requant'}}
  %0 = quant_hw.conv2d %x, %w {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64,
    requant = #quant_hw.requant<kernel = real, scales = [0.25], zero_point = 128, lo = 0, hi = 255>} : (tensor<?x8x8x4x!u8>, tensor<2x3x3x4x!u8>) -> tensor<?x8x8x2x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @conv2d_c5_together(%x: tensor<?x8x8x4x!u8>, %w: tensor<2x3x3x4x!u8>) {
  // expected-error@+1 {{expects 'raw_input' and 'pad_value' together}}
  %0 = quant_hw.conv2d %x, %w {raw_input, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x4x!u8>, tensor<2x3x3x4x!u8>) -> tensor<?x8x8x2xi32>
  return
}

// -----

func.func @conv2d_c5_float(%x: tensor<?x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error@+1 {{has 'raw_input' though it is float}}
  %0 = quant_hw.conv2d %x, %w {raw_input, pad_value = 0 : i32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<?x8x8x2xf32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @conv2d_c5_code(%x: tensor<?x8x8x4x!u8>, %w: tensor<2x3x3x4x!u8>) {
  // expected-error@+1 {{expects 'pad_value' in [0, 255], got -1}}
  %0 = quant_hw.conv2d %x, %w {raw_input, pad_value = -1 : i32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x4x!u8>, tensor<2x3x3x4x!u8>) -> tensor<?x8x8x2xi32>
  return
}

// -----

!c8 = !quant.uniform<u8:f32:3, {0.05:128, 0.1:3}>
!w8 = !quant.uniform<i8:f32, 0.05>
func.func @conv2d_c5_channels(%x: tensor<?x8x8x2x!c8>, %w: tensor<2x3x3x2x!w8>) {
  // expected-error@+1 {{expects no 'pad_value' for an input with zero points of its channels}}
  %0 = quant_hw.conv2d %x, %w {raw_input, pad_value = 3 : i32, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x2x!c8>, tensor<2x3x3x2x!w8>) -> tensor<?x8x8x2xi32>
  return
}

// -----

func.func @conv2d_c6_count(%x: tensor<?x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error@+1 {{expects 4 values in 'pad', got 2}}
  %0 = quant_hw.conv2d %x, %w {pad = array<i64: 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<?x8x8x2xf32>
  return
}

// -----

func.func @conv2d_c6_stride(%x: tensor<?x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error@+1 {{expects values of at least 1 in 'stride', got 0}}
  %0 = quant_hw.conv2d %x, %w {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 0>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<?x8x8x2xf32>
  return
}

// -----

func.func @conv2d_c6_pad(%x: tensor<?x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error@+1 {{expects values of at least 0 in 'pad', got -1}}
  %0 = quant_hw.conv2d %x, %w {pad = array<i64: 1, -1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<?x8x8x2xf32>
  return
}

// -----

func.func @conv2d_c6_groups(%x: tensor<?x8x8x4xf32>, %w: tensor<2x3x3x4xf32>) {
  // expected-error@+1 {{expects at least one group, got 0}}
  %0 = quant_hw.conv2d %x, %w {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 0 : i64} : (tensor<?x8x8x4xf32>, tensor<2x3x3x4xf32>) -> tensor<?x8x8x2xf32>
  return
}

// -----

func.func @fully_connected_c1_features(%x: tensor<?x4xf32>, %w: tensor<2x5xf32>) {
  // expected-error@+1 {{expects 5 input features for weights 'tensor<2x5xf32>', got 4}}
  %0 = quant_hw.fully_connected %x, %w : (tensor<?x4xf32>, tensor<2x5xf32>) -> tensor<?x2xf32>
  return
}

// -----

func.func @fully_connected_c1_result(%x: tensor<?x4xf32>, %w: tensor<2x4xf32>) {
  // expected-error@+1 {{expects dimension 1 of the result to be 2, got 'tensor<?x3xf32>'}}
  %0 = quant_hw.fully_connected %x, %w : (tensor<?x4xf32>, tensor<2x4xf32>) -> tensor<?x3xf32>
  return
}

// -----

func.func @fully_connected_c1_rank(%x: tensor<?x3x4xf32>, %w: tensor<2x4xf32>) {
  // expected-error@+1 {{expects weights of rank 2 and input and result of one rank}}
  %0 = quant_hw.fully_connected %x, %w : (tensor<?x3x4xf32>, tensor<2x4xf32>) -> tensor<?x2xf32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @fully_connected_c2(%x: tensor<?x4x!u8>, %w: tensor<2x4xf32>) {
  // expected-error@+1 {{expects input and weights both float or both quantized}}
  %0 = quant_hw.fully_connected %x, %w : (tensor<?x4x!u8>, tensor<2x4xf32>) -> tensor<?x2xi32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @fully_connected_c3(%x: tensor<?x4x!u8>, %w: tensor<2x4x!u8>, %b: tensor<3xi32>) {
  // expected-error@+1 {{expects one bias per channel (2), got 'tensor<3xi32>'}}
  %0 = quant_hw.fully_connected %x, %w bias %b : (tensor<?x4x!u8>, tensor<2x4x!u8>, tensor<3xi32>) -> tensor<?x2xi32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @fully_connected_c4_accumulator(%x: tensor<?x4x!u8>, %w: tensor<2x4x!u8>) {
  // expected-error@+1 {{expects 'requant' iff the result is quantized, got 'i32'}}
  %0 = quant_hw.fully_connected %x, %w {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>} : (tensor<?x4x!u8>, tensor<2x4x!u8>) -> tensor<?x2xi32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @fully_connected_c4_input_zero_point(%x: tensor<?x4x!u8>, %w: tensor<2x4x!u8>) {
  // expected-error@+1 {{expects the input zero point 0 in 'requant'}}
  %0 = quant_hw.fully_connected %x, %w {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], input_zero_point = 3, zero_point = 128, lo = 0, hi = 255>} : (tensor<?x4x!u8>, tensor<2x4x!u8>) -> tensor<?x2x!u8>
  return
}

// -----

func.func @fully_connected_c5(%x: tensor<?x4xf32>, %w: tensor<2x4xf32>) {
  // expected-error@+1 {{has 'raw_input' though it is float}}
  %0 = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x4xf32>, tensor<2x4xf32>) -> tensor<?x2xf32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
#in = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, lo = -2147483648, hi = 2147483647>
func.func @add_c1(%a: tensor<?x4x!u8>, %b: tensor<?x5x!u8>) {
  // expected-error@+1 {{expects one shape everywhere}}
  %0 = quant_hw.add %a, %b {lhs_requant = #in, rhs_requant = #in, requant = #quant_hw.requant<kernel = real, scales = [1.0], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x5x!u8>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
!u8n = !quant.uniform<u8:f32, 0.05>
#in = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, lo = -2147483648, hi = 2147483647>
func.func @add_c2_input(%a: tensor<?x4x!u8>, %b: tensor<?x4x!u8n>) {
  // expected-error@+1 {{expects the zero point of the operand, 0, got 128}}
  %0 = quant_hw.add %a, %b {lhs_requant = #in, rhs_requant = #in, requant = #quant_hw.requant<kernel = real, scales = [1.0], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8n>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
#in = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, lo = -2147483648, hi = 2147483647>
func.func @add_c2_result(%a: tensor<?x4x!u8>, %b: tensor<?x4x!u8>) {
  // expected-error@+1 {{expects the zero point of the result, 128, got 0}}
  %0 = quant_hw.add %a, %b {lhs_requant = #in, rhs_requant = #in, requant = #quant_hw.requant<kernel = real, scales = [1.0], lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
#in = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, zero_point = 1, lo = -2147483648, hi = 2147483647>
func.func @add_c2_operand_zero_point(%a: tensor<?x4x!u8>, %b: tensor<?x4x!u8>) {
  // expected-error@+1 {{expects operands brought to 32 bits without a zero point, got}}
  %0 = quant_hw.add %a, %b {lhs_requant = #in, rhs_requant = #in, requant = #quant_hw.requant<kernel = real, scales = [1.0], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
#in = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, lo = -2147483648, hi = 2147483647>
func.func @add_c2_sum(%a: tensor<?x4x!u8>, %b: tensor<?x4x!u8>) {
  // expected-error@+1 {{expects the input zero point 0 in 'requant'}}
  %0 = quant_hw.add %a, %b {lhs_requant = #in, rhs_requant = #in, requant = #quant_hw.requant<kernel = real, scales = [1.0], input_zero_point = 1, zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
#in = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, lo = -2147483648, hi = 2147483647>
func.func @add_c3_variant(%a: tensor<?x4x!u8>, %b: tensor<?x4x!u8>) {
  // expected-error@+1 {{expects three 'real' requantizations and no variant, or none 'real' and a variant}}
  %0 = quant_hw.add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #in, rhs_requant = #in, requant = #quant_hw.requant<kernel = real, scales = [1.0], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
#in = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, lo = -2147483648, hi = 2147483647>
func.func @add_c3_mixed(%a: tensor<?x4x!u8>, %b: tensor<?x4x!u8>) {
  // expected-error@+1 {{expects three 'real' requantizations and no variant, or none 'real' and a variant}}
  %0 = quant_hw.add %a, %b {lhs_requant = #in, rhs_requant = #in, requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
#in = #quant_hw.requant<kernel = real, scales = [0.5, 0.5], input_zero_point = 128, lo = -2147483648, hi = 2147483647>
func.func @add_c4(%a: tensor<?x2x!u8>, %b: tensor<?x2x!u8>) {
  // expected-error@+1 {{expects one scale per operand, got 2}}
  %0 = quant_hw.add %a, %b {lhs_requant = #in, rhs_requant = #in, requant = #quant_hw.requant<kernel = real, scales = [1.0], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x2x!u8>, tensor<?x2x!u8>) -> tensor<?x2x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
#in = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, lo = -2147483648, hi = 2147483647>
func.func @add_c5_left_shift(%a: tensor<?x4x!u8>, %b: tensor<?x4x!u8>) {
  // expected-error@+1 {{expects one kernel, one left shift of the operands and none of the sum}}
  %0 = quant_hw.add %a, %b {lhs_requant = #in, rhs_requant = #in, requant = #quant_hw.requant<kernel = real, scales = [1.0], left_shift = 1, zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
#in = #quant_hw.requant<kernel = r1, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, lo = -2147483648, hi = 2147483647>
func.func @add_c5_kernel(%a: tensor<?x4x!u8>, %b: tensor<?x4x!u8>) {
  // expected-error@+1 {{expects one kernel, one left shift of the operands and none of the sum}}
  %0 = quant_hw.add %a, %b {variant = #quant_hw.add_variant<tflite>, lhs_requant = #in, rhs_requant = #in,
      requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @avg_pool2d_c1(%x: tensor<?x8x8x4x!u8>) {
  // expected-error@+1 {{expects dimension 1 of the result to be 4, got}}
  %0 = quant_hw.avg_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q5>, clamp = array<i64: 0, 255>}
    : tensor<?x8x8x4x!u8> -> tensor<?x3x4x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @avg_pool2d_c2(%x: tensor<?x8x8x4x!u8>) {
  // expected-error@+1 {{expects input and result of one quantized type}}
  %0 = quant_hw.avg_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q5>, clamp = array<i64: 0, 255>}
    : tensor<?x8x8x4x!u8> -> tensor<?x4x4x4x!quant.uniform<u8:f32, 0.05:127>>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @avg_pool2d_c3_kernel(%x: tensor<?x8x8x4x!u8>) {
  // expected-error@+1 {{expects values of at least 1 in 'kernel', got 0}}
  %0 = quant_hw.avg_pool2d %x {kernel = array<i64: 0, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q5>, clamp = array<i64: 0, 255>}
    : tensor<?x8x8x4x!u8> -> tensor<?x4x4x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @avg_pool2d_c3_pad(%x: tensor<?x8x8x4x!u8>) {
  // expected-error@+1 {{expects paddings smaller than the kernel, got [2, 0, 0, 0] for [2, 2]}}
  %0 = quant_hw.avg_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 2, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q5>, clamp = array<i64: 0, 255>}
    : tensor<?x8x8x4x!u8> -> tensor<?x5x4x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @avg_pool2d_c4(%x: tensor<?x8x8x4x!u8>) {
  // expected-error@+1 {{expects 'clamp' to be two codes of the result, the first not above the second, got [-1, 255]}}
  %0 = quant_hw.avg_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q5>, clamp = array<i64: -1, 255>}
    : tensor<?x8x8x4x!u8> -> tensor<?x4x4x4x!u8>
  return
}

// -----

func.func @transpose_conv2d_c1_channels(%x: tensor<?x4x4x3xf32>, %w: tensor<5x2x2x4xf32>) {
  // expected-error@+1 {{expects 4 input channels, got 3}}
  %0 = quant_hw.transpose_conv2d %x, %w {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<?x4x4x3xf32>, tensor<5x2x2x4xf32>) -> tensor<?x8x8x5xf32>
  return
}

// -----

func.func @transpose_conv2d_c1_result(%x: tensor<?x4x4x3xf32>, %w: tensor<5x2x2x3xf32>) {
  // expected-error@+1 {{expects dimension 1 of the result to be 8, got 'tensor<?x7x8x5xf32>'}}
  %0 = quant_hw.transpose_conv2d %x, %w {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<?x4x4x3xf32>, tensor<5x2x2x3xf32>) -> tensor<?x7x8x5xf32>
  return
}

// -----

func.func @transpose_conv2d_c3(%x: tensor<?x4x4x3xf32>, %w: tensor<5x2x2x3xf32>, %b: tensor<4xf32>) {
  // expected-error@+1 {{expects one bias per channel (5), got 'tensor<4xf32>'}}
  %0 = quant_hw.transpose_conv2d %x, %w bias %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<?x4x4x3xf32>, tensor<5x2x2x3xf32>, tensor<4xf32>) -> tensor<?x8x8x5xf32>
  return
}

// -----

func.func @transpose_conv2d_c6(%x: tensor<?x4x4x3xf32>, %w: tensor<5x2x2x3xf32>) {
  // expected-error@+1 {{expects values of at least 0 in 'output_pad', got -1}}
  %0 = quant_hw.transpose_conv2d %x, %w {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: -1, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<?x4x4x3xf32>, tensor<5x2x2x3xf32>) -> tensor<?x7x8x5xf32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @transpose_conv2d_c2(%x: tensor<?x4x4x3x!u8>, %w: tensor<5x2x2x3xf32>) {
  // expected-error@+1 {{expects input and weights both float or both quantized}}
  %0 = quant_hw.transpose_conv2d %x, %w {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x4x3x!u8>, tensor<5x2x2x3xf32>) -> tensor<?x8x8x5xf32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @transpose_conv2d_c4(%x: tensor<?x4x4x3x!u8>, %w: tensor<5x2x2x3x!u8>) {
  // expected-error@+1 {{expects one scale or one per channel (5), got 3}}
  %0 = quant_hw.transpose_conv2d %x, %w {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64,
    requant = #quant_hw.requant<kernel = r2, scales = [0.25, 0.25, 0.25], multipliers = [1073741824, 1073741824, 1073741824], shifts = [32, 32, 32], zero_point = 128, lo = 0, hi = 255>} : (tensor<?x4x4x3x!u8>, tensor<5x2x2x3x!u8>) -> tensor<?x8x8x5x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @transpose_conv2d_c5_together(%x: tensor<?x4x4x3x!u8>, %w: tensor<5x2x2x3x!u8>) {
  // expected-error@+1 {{expects 'raw_input' and 'pad_value' together}}
  %0 = quant_hw.transpose_conv2d %x, %w {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, raw_input} : (tensor<?x4x4x3x!u8>, tensor<5x2x2x3x!u8>) -> tensor<?x8x8x5xi32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @transpose_conv2d_c5_code(%x: tensor<?x4x4x3x!u8>, %w: tensor<5x2x2x3x!u8>) {
  // expected-error@+1 {{expects 'pad_value' in [0, 255], got 256}}
  %0 = quant_hw.transpose_conv2d %x, %w {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64, raw_input, pad_value = 256 : i32} : (tensor<?x4x4x3x!u8>, tensor<5x2x2x3x!u8>) -> tensor<?x8x8x5xi32>
  return
}

// -----

func.func @matmul_c1_rank(%a: tensor<?x4x8xf32>, %b: tensor<8x5xf32>) {
  // expected-error@+1 {{expects operands and result of one rank of at least 2}}
  %0 = quant_hw.matmul %a, %b : (tensor<?x4x8xf32>, tensor<8x5xf32>) -> tensor<?x4x5xf32>
  return
}

// -----

func.func @matmul_c1_inner(%a: tensor<4x8xf32>, %b: tensor<7x5xf32>) {
  // expected-error@+1 {{expects as many columns as rows, got 'tensor<4x8xf32>' and 'tensor<7x5xf32>'}}
  %0 = quant_hw.matmul %a, %b : (tensor<4x8xf32>, tensor<7x5xf32>) -> tensor<4x5xf32>
  return
}

// -----

func.func @matmul_c1_leading(%a: tensor<2x4x8xf32>, %b: tensor<3x8x5xf32>) {
  // expected-error@+1 {{expects equal leading dimensions}}
  %0 = quant_hw.matmul %a, %b : (tensor<2x4x8xf32>, tensor<3x8x5xf32>) -> tensor<2x4x5xf32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @matmul_c2(%a: tensor<?x4x8x!u8>, %b: tensor<?x8x5xf32>) {
  // expected-error@+1 {{expects operands and result all float or none}}
  %0 = quant_hw.matmul %a, %b : (tensor<?x4x8x!u8>, tensor<?x8x5xf32>) -> tensor<?x4x5xf32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @matmul_c3_missing(%a: tensor<?x4x8x!u8>, %b: tensor<?x8x5x!u8>) {
  // expected-error@+1 {{expects 'requant' iff the result is quantized}}
  %0 = quant_hw.matmul %a, %b : (tensor<?x4x8x!u8>, tensor<?x8x5x!u8>) -> tensor<?x4x5x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @matmul_c3_scales(%a: tensor<?x4x8x!u8>, %b: tensor<?x8x2x!u8>) {
  // expected-error@+1 {{expects an integer kernel, one scale and the input zero point 0 in 'requant'}}
  %0 = quant_hw.matmul %a, %b {requant = #quant_hw.requant<kernel = r2, scales = [0.25, 0.25], multipliers = [1073741824, 1073741824], shifts = [32, 32], zero_point = 128, lo = 0, hi = 255>} : (tensor<?x4x8x!u8>, tensor<?x8x2x!u8>) -> tensor<?x4x2x!u8>
  return
}

// -----

func.func @unary_c1_missing(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects 'alpha' for leaky_relu and only there}}
  %0 = quant_hw.unary leaky_relu %x : tensor<?x4xf32>
  return
}

// -----

func.func @unary_c1_extra(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects 'alpha' for leaky_relu and only there}}
  %0 = quant_hw.unary hard_swish %x alpha 0.1 : tensor<?x4xf32>
  return
}

// -----

func.func @unary_c2_missing(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects 'input_type', 'output_type' and 'table' for table and only there}}
  %0 = quant_hw.unary table %x {input_type = !quant.uniform<i8<-1:1>:f32, 0.5>, output_type = !quant.uniform<u8:f32, 0.1>} : tensor<?x4xf32>
  return
}

// -----

func.func @unary_c2_extra(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects 'input_type', 'output_type' and 'table' for table and only there}}
  %0 = quant_hw.unary identity %x {table = array<i32: 0>} : tensor<?x4xf32>
  return
}

// -----

func.func @unary_c3_types(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects types of one scale and zero point, got 'f32' and '!quant.uniform<u8:f32, 1.000000e-01>'}}
  %0 = quant_hw.unary table %x {input_type = f32, output_type = !quant.uniform<u8:f32, 0.1>, table = array<i32: 0>} : tensor<?x4xf32>
  return
}

// -----

func.func @unary_c3_size(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects at most 65536 codes and an entry for each, got 2 entries for 3 codes}}
  %0 = quant_hw.unary table %x {input_type = !quant.uniform<i8<-1:1>:f32, 0.5>, output_type = !quant.uniform<u8:f32, 0.1>, table = array<i32: 0, 1>} : tensor<?x4xf32>
  return
}

// -----

func.func @unary_c3_code(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects entries in [0, 255], got -1}}
  %0 = quant_hw.unary table %x {input_type = !quant.uniform<i8<-1:1>:f32, 0.5>, output_type = !quant.uniform<u8:f32, 0.1>, table = array<i32: 0, 1, -1>} : tensor<?x4xf32>
  return
}

// -----

func.func @softmax_c1(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects an axis in [0, 2), got 2}}
  %0 = quant_hw.softmax %x axis 2 : tensor<?x4xf32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
#in = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, lo = -2147483648, hi = 2147483647>
#f = #quant_hw.requant<kernel = r4, scales = [0.5], factors = [0.5], input_zero_point = 128, lo = -2147483648, hi = 2147483647>
func.func @add_c5_factors(%a: tensor<?x4x!u8>, %b: tensor<?x4x!u8>) {
  // expected-error@+1 {{expects multipliers for the variant 'sophgo_bm1684x'}}
  %0 = quant_hw.add %a, %b {variant = #quant_hw.add_variant<sophgo_bm1684x>, lhs_requant = #f, rhs_requant = #f, requant = #quant_hw.requant<kernel = r4, scales = [1.0], factors = [1.0], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
#in = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, lo = -2147483648, hi = 2147483647>
func.func @sub_c1(%a: tensor<?x4x!u8>, %b: tensor<?x5x!u8>) {
  // expected-error@+1 {{expects one shape everywhere}}
  %0 = quant_hw.sub %a, %b {lhs_requant = #in, rhs_requant = #in, requant = #quant_hw.requant<kernel = real, scales = [1.0], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x5x!u8>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @mul_c1(%a: tensor<?x4x!u8>, %b: tensor<?x3x!u8>) {
  // expected-error@+1 {{expects operands whose dimensions are the result's or 1, got}}
  %0 = quant_hw.mul %a, %b {requant = #quant_hw.requant<kernel = real, scales = [0.05], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x3x!u8>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @mul_c2(%a: tensor<?x4x!u8>) {
  // expected-error@+1 {{expects one scale and the input zero point 0 in 'requant'}}
  %0 = quant_hw.mul %a, %a {requant = #quant_hw.requant<kernel = real, scales = [0.05], input_zero_point = 128, zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @mul_c2_result(%a: tensor<?x4x!u8>) {
  // expected-error@+1 {{expects the zero point of the result, 128, got 0}}
  %0 = quant_hw.mul %a, %a {requant = #quant_hw.requant<kernel = real, scales = [0.05], lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @mul_c3(%a: tensor<?x4x!u8>) {
  // expected-error@+1 {{expects a 'real' requantization iff there is no variant}}
  %0 = quant_hw.mul %a, %a {variant = #quant_hw.mul_variant<tflite>, requant = #quant_hw.requant<kernel = real, scales = [0.05], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8>) -> tensor<?x4x!u8>
  return
}

// -----

!i2 = !quant.uniform<i8<-2:1>:f32, 0.5>
!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @lookup_c1(%a: tensor<?x4x!i2>) {
  // expected-error@+1 {{expects a table of 4 entries, one per code, at most 65536, got 3}}
  %0 = quant_hw.lookup %a {table = array<i32: 0, 1, 2>} : tensor<?x4x!i2> -> tensor<?x4x!u8>
  return
}

// -----

!i2 = !quant.uniform<i8<-2:1>:f32, 0.5>
!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @lookup_c2(%a: tensor<?x4x!i2>) {
  // expected-error@+1 {{expects entries in [0, 255], got 256 at 2}}
  %0 = quant_hw.lookup %a {table = array<i32: 0, 1, 256, 3>} : tensor<?x4x!i2> -> tensor<?x4x!u8>
  return
}

// -----

!i2 = !quant.uniform<i8<-2:1>:f32, 0.5>
func.func @lookup_c1_channels(%a: tensor<?x2x!i2>) {
  // expected-error@+1 {{expects 2 tables of 4 entries, one per code, at most 65536, got 4}}
  %0 = quant_hw.lookup %a {table = array<i32: 0, 1, 0, 1>, channel_axis = 1 : i64} : tensor<?x2x!i2> -> tensor<?x2x!i2>
  return
}

// -----

!i2 = !quant.uniform<i8<-2:1>:f32, 0.5>
func.func @lookup_c4(%a: tensor<?x2x!i2>) {
  // expected-error@+1 {{expects 'channel_axis' to be an axis of a known size, got 0}}
  %0 = quant_hw.lookup %a {table = array<i32: 0, 1, 0, 1>, channel_axis = 0 : i64} : tensor<?x2x!i2> -> tensor<?x2x!i2>
  return
}

// -----

!i2 = !quant.uniform<i8<-2:1>:f32, 0.5>
func.func @lookup_c4_negative(%a: tensor<?x2x!i2>) {
  // expected-error@+1 {{expects 'channel_axis' to be an axis of a known size, got -1}}
  %0 = quant_hw.lookup %a {table = array<i32: 0, 1, 0, 1>, channel_axis = -1 : i64} : tensor<?x2x!i2> -> tensor<?x2x!i2>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
!y8 = !quant.uniform<u8:f32, 0.1:3>
func.func @avg_pool2d_c2_requant(%a: tensor<?x2x2x1x!u8>) {
  // expected-error@+1 {{expects one scale and the zero points of input and result in 'requant', 128 and 3}}
  %0 = quant_hw.avg_pool2d %a {kernel = array<i64: 2, 2>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q5>, clamp = array<i64: 0, 255>,
    requant = #quant_hw.requant<kernel = real, scales = [0.5], zero_point = 3, lo = 0, hi = 255>}
    : tensor<?x2x2x1x!u8> -> tensor<?x1x1x1x!y8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
!y8 = !quant.uniform<u8:f32, 0.1:3>
func.func @avg_pool2d_c5(%a: tensor<?x2x2x1x!u8>) {
  // expected-error@+1 {{expects a 'real' requantization iff there is no variant}}
  %0 = quant_hw.avg_pool2d %a {kernel = array<i64: 2, 2>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q5>, clamp = array<i64: 0, 255>,
    variant = #quant_hw.avg_pool_variant<nnpi>, requant = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, zero_point = 3, lo = 0, hi = 255>}
    : tensor<?x2x2x1x!u8> -> tensor<?x1x1x1x!y8>
  return
}

// -----

!y8 = !quant.uniform<u8:f32, 0.1:3>
func.func @requantize_c6_scale(%a: tensor<?x4xi32>, %r: tensor<?x4x!y8>) {
  // expected-error@+1 {{expects a residual and its scale in 'requant' together}}
  %0 = quant_hw.requantize %a residual %r : tensor<?x4x!y8> {requant = #quant_hw.requant<kernel = real, scales = [0.5], zero_point = 3, lo = 0, hi = 255>}
    : tensor<?x4xi32> -> tensor<?x4x!y8>
  return
}

// -----

!y8 = !quant.uniform<u8:f32, 0.1:3>
func.func @requantize_c6_shape(%a: tensor<?x4xi32>, %r: tensor<?x5x!y8>) {
  // expected-error@+1 {{expects a residual of the result's shape, got}}
  %0 = quant_hw.requantize %a residual %r : tensor<?x5x!y8> {requant = #quant_hw.requant<kernel = real, scales = [0.5], residual_scale = 1.0, zero_point = 3, lo = 0, hi = 255>}
    : tensor<?x4xi32> -> tensor<?x4x!y8>
  return
}

// -----

!y8 = !quant.uniform<u8:f32, 0.1:3>
func.func @requantize_c6_kernel(%a: tensor<?x4xi32>, %r: tensor<?x4x!y8>) {
  // expected-error@+1 {{expects the kernel 'real' or 'r14' with a residual, got 'r4'}}
  %0 = quant_hw.requantize %a residual %r : tensor<?x4x!y8> {requant = #quant_hw.requant<kernel = r4, scales = [0.5], factors = [0.5], residual_scale = 1.0, zero_point = 3, lo = 0, hi = 255>}
    : tensor<?x4xi32> -> tensor<?x4x!y8>
  return
}

// -----

func.func @requantize_c7(%a: tensor<?x4xi32>) {
  // expected-error@+1 {{expects the kernel 'real', 'r9' or 'r14' for a float result, got 'r2'}}
  %0 = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], lo = 0, hi = 255>}
    : tensor<?x4xi32> -> tensor<?x4xf32>
  return
}

// -----

!y8 = !quant.uniform<u8:f32, 0.1:3>
func.func @requantize_c8(%a: tensor<?x4xi32>) {
  // expected-error@+1 {{expects codes of 8 bits with a variant, got}}
  %0 = quant_hw.requantize %a {variant = #quant_hw.concat_variant<fbgemm>, requant = #quant_hw.requant<kernel = r4, scales = [0.5], factors = [0.5], zero_point = 3, lo = 0, hi = 255>}
    : tensor<?x4xi32> -> tensor<?x4x!y8>
  return
}

// -----

!y8 = !quant.uniform<u8:f32, 0.1:3>
func.func @requantize_real_bias(%a: tensor<?x4xi32>) {
  // expected-error@+1 {{expects one f32 per channel (4) in 'real_bias', got 'tensor<3xf32>'}}
  %0 = quant_hw.requantize %a {real_bias = dense<1.0> : tensor<3xf32>, requant = #quant_hw.requant<kernel = real, scales = [0.5], zero_point = 3, lo = 0, hi = 255>}
    : tensor<?x4xi32> -> tensor<?x4x!y8>
  return
}

// -----

!y8 = !quant.uniform<u8:f32, 0.1:3>
func.func @requant_c4_factor(%a: tensor<?x4xi32>) {
  // expected-error@+1 {{expects factors that stand for the scales, got 5.100000e-01 for the scale 5.000000e-01 of channel 0 of}}
  %0 = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = r4, scales = [0.5], factors = [0.51], zero_point = 3, lo = 0, hi = 255>}
    : tensor<?x4xi32> -> tensor<?x4x!y8>
  return
}

// -----

func.func @scheme_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{scheme 'fixed_point': expected 2 to 16 bits, got 17}}
  %0 = quant_hw.fake_quant %x [#quant_hw.scheme<kind = fixed_point, bits = 17>] : tensor<4xf32>
  return
}

// -----

func.func @scheme_c1_affine(%x: tensor<4xf32>) {
  // expected-error@+1 {{scheme 'affine': affine schemes are quantized types}}
  %0 = quant_hw.fake_quant %x [#quant_hw.scheme<kind = affine>] : tensor<4xf32>
  return
}

// -----

func.func @fake_quant_c1(%x: tensor<4xf32>) {
  // expected-error@+1 {{expects schemes of one kind, got #quant_hw.scheme<kind = nnie_log>}}
  %0 = quant_hw.fake_quant %x [#quant_hw.scheme<kind = fixed_point>, #quant_hw.scheme<kind = nnie_log>] : tensor<4xf32>
  return
}

// -----

func.func @fake_quant_c1_none(%x: tensor<4xf32>) {
  // expected-error@+1 {{expects at least one scheme}}
  %0 = quant_hw.fake_quant %x [] : tensor<4xf32>
  return
}

// -----

func.func @fake_quant_c2(%x: tensor<4xf32>) {
  // expected-error@+1 {{expects one scheme or one for each index of axis 0, got 2 for}}
  %0 = quant_hw.fake_quant %x [#quant_hw.scheme<kind = fixed_point>, #quant_hw.scheme<kind = fixed_point>] : tensor<4xf32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @softmax_c2(%x: tensor<?x4xf32>) {
  // expected-error@+1 {{expects operand and result both float or both quantized}}
  %0 = quant_hw.softmax %x axis 1 : tensor<?x4xf32> -> tensor<?x4x!u8>
  return
}

// -----

!i2 = !quant.uniform<i8<-2:1>:f32, 0.5>
func.func @lookup_c3(%x: tensor<?x!i2>) {
  // expected-error@+1 {{expects entries in [-2, 1], got -3 at 0}}
  %0 = quant_hw.lookup %x {table = array<i32: 0, 1, 1, 1>, kernel_table = array<i32: -3, 1, 1, 1>} : tensor<?x!i2> -> tensor<?x!i2>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @resize_bilinear_c1_rank(%x: tensor<?x4x4x!u8>) {
  // expected-error@+1 {{expects operand and result of rank 4}}
  %0 = quant_hw.resize_bilinear %x {scale = array<i64: 4, 2, 4, 2>, offset = array<i64: -1, -1>, border = array<i64: 1, 1>} : tensor<?x4x4x!u8> -> tensor<?x8x8x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @resize_bilinear_c1_scale(%x: tensor<?x4x4x1x!u8>) {
  // expected-error@+1 {{expects values of at least 1 in 'scale', got 0}}
  %0 = quant_hw.resize_bilinear %x {scale = array<i64: 4, 0, 4, 2>, offset = array<i64: -1, -1>, border = array<i64: 1, 1>} : tensor<?x4x4x1x!u8> -> tensor<?x8x8x1x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @resize_bilinear_c1_fit(%x: tensor<?x4x4x1x!u8>) {
  // expected-error@+1 {{expects scale, offset and border that fit 4 pixels along axis 1}}
  %0 = quant_hw.resize_bilinear %x {scale = array<i64: 4, 2, 4, 2>, offset = array<i64: -1, -1>, border = array<i64: 2, 1>} : tensor<?x4x4x1x!u8> -> tensor<?x8x8x1x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @resize_bilinear_c1_shape(%x: tensor<?x4x4x1x!u8>) {
  // expected-error@+1 {{expects dimension 2}}
  %0 = quant_hw.resize_bilinear %x {scale = array<i64: 4, 2, 4, 2>, offset = array<i64: -1, -1>, border = array<i64: 1, 1>} : tensor<?x4x4x1x!u8> -> tensor<?x8x9x1x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
!y8 = !quant.uniform<u8:f32, 0.1:3>
func.func @resize_bilinear_c2(%x: tensor<?x4x4x1x!u8>) {
  // expected-error@+1 {{expects operand and result of one quantized type of 8 bits}}
  %0 = quant_hw.resize_bilinear %x {scale = array<i64: 4, 2, 4, 2>, offset = array<i64: -1, -1>, border = array<i64: 1, 1>} : tensor<?x4x4x1x!u8> -> tensor<?x8x8x1x!y8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @resize_bilinear_c3_alignment(%x: tensor<?x4x4x1x!u8>) {
  // expected-error@+1 {{expected positions at half pixels, at the corners or at multiples of in/out, on both axes alike}}
  %0 = quant_hw.resize_bilinear %x {scale = array<i64: 4, 2, 4, 2>, offset = array<i64: 1, 1>, border = array<i64: 3, 3>, variant = #quant_hw.resize_variant<tflite>} : tensor<?x4x4x1x!u8> -> tensor<?x8x8x1x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @resize_bilinear_c3_size(%x: tensor<?x?x4x1x!u8>) {
  // expected-error@+1 {{expects a height and a width that are known}}
  %0 = quant_hw.resize_bilinear %x {scale = array<i64: 4, 2, 4, 2>, offset = array<i64: -1, -1>, border = array<i64: 1, 1>} : tensor<?x?x4x1x!u8> -> tensor<?x?x8x1x!u8>
  return
}

// -----

func.func @mean_c1_order(%x: tensor<?x2x4xf32>) {
  // expected-error@+1 {{expects axes that ascend in [0, 3), got [2, 1]}}
  %0 = quant_hw.mean %x {axes = array<i64: 2, 1>} : tensor<?x2x4xf32> -> tensor<?x1x1xf32>
  return
}

// -----

func.func @mean_c1_dynamic(%x: tensor<?x2x4xf32>) {
  // expected-error@+1 {{expects a static size along axis 0}}
  %0 = quant_hw.mean %x {axes = array<i64: 0>} : tensor<?x2x4xf32> -> tensor<1x2x4xf32>
  return
}

// -----

func.func @mean_c1_shape(%x: tensor<?x2x4xf32>) {
  // expected-error@+1 {{expects a result of the operand's shape with 1 along the axes [1]}}
  %0 = quant_hw.mean %x {axes = array<i64: 1>} : tensor<?x2x4xf32> -> tensor<?x4xf32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @mean_c2(%x: tensor<?x2x!u8>) {
  // expected-error@+1 {{expects operand and result both float or both quantized}}
  %0 = quant_hw.mean %x {axes = array<i64: 1>} : tensor<?x2x!u8> -> tensor<?x1xf32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @mean_c3_none(%x: tensor<?x2x!u8>) {
  // expected-error@+1 {{expects 'requant' iff the result is quantized}}
  %0 = quant_hw.mean %x {axes = array<i64: 1>} : tensor<?x2x!u8> -> tensor<?x1x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @mean_c3_zero_point(%x: tensor<?x2x!u8>) {
  // expected-error@+1 {{expects one scale and the input zero point 0 in 'requant'}}
  %0 = quant_hw.mean %x {axes = array<i64: 1>, requant = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, zero_point = 128, lo = 0, hi = 255>} : tensor<?x2x!u8> -> tensor<?x1x!u8>
  return
}

// -----

func.func @prelu_c1_slopes(%x: tensor<?x4xf32>, %s: tensor<3xf32>) {
  // expected-error@+1 {{expects one slope per channel of 'tensor<?x4xf32>', got 'tensor<3xf32>'}}
  %0 = quant_hw.prelu %x, %s : (tensor<?x4xf32>, tensor<3xf32>) -> tensor<?x4xf32>
  return
}

// -----

func.func @prelu_c1_shape(%x: tensor<?x4xf32>, %s: tensor<4xf32>) {
  // expected-error@+1 {{expects operand and result of one shape}}
  %0 = quant_hw.prelu %x, %s : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x2x4xf32>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
func.func @prelu_c2(%x: tensor<?x4x!u8>, %s: tensor<4xf32>) {
  // expected-error@+1 {{expects operands and result all float or all quantized}}
  %0 = quant_hw.prelu %x, %s : (tensor<?x4x!u8>, tensor<4xf32>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
!s8 = !quant.uniform<i8<-127:127>:f32, 0.01>
func.func @prelu_c3_one(%x: tensor<?x4x!u8>, %s: tensor<4x!s8>) {
  // expected-error@+1 {{expects 'positive' and 'negative' iff the result is quantized}}
  %0 = quant_hw.prelu %x, %s {positive = #quant_hw.requant<kernel = real, scales = [0.5], zero_point = 128, lo = 0, hi = 255>} : (tensor<?x4x!u8>, tensor<4x!s8>) -> tensor<?x4x!u8>
  return
}

// -----

!u8 = !quant.uniform<u8:f32, 0.05:128>
!s8 = !quant.uniform<i8<-127:127>:f32, 0.01>
func.func @prelu_c3_kernels(%x: tensor<?x4x!u8>, %s: tensor<4x!s8>) {
  // expected-error@+1 {{expects one kernel in 'positive' and 'negative', got r1 and real}}
  %0 = quant_hw.prelu %x, %s {positive = #quant_hw.requant<kernel = r1, scales = [0.5], multipliers = [1073741824], shifts = [31], zero_point = 128, lo = 0, hi = 255>, negative = #quant_hw.requant<kernel = real, scales = [0.5], zero_point = 128, lo = 0, hi = 255>} : (tensor<?x4x!u8>, tensor<4x!s8>) -> tensor<?x4x!u8>
  return
}
