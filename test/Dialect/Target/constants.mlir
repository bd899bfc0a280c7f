// Multipliers, shifts and factors of target ops are what Numerics has for the scales of the types,
// bit for bit; where they stand for others, these are stated.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics

!x = !quant.uniform<u8:f32, 0.3:128>
!w = !quant.uniform<i8<-127:127>:f32, 0.7>
!y = !quant.uniform<u8:f32, 0.9:128>
func.func @dot(%x: tensor<?x4x!x>, %w: tensor<2x4x!w>) -> tensor<?x2x!y> {
  // 0.3f * 0.7f / 0.9f is 0.23333334481274653.
  %0 = qnn.fully_connected %x, %w {multiplier = array<i32: 2004318170>, shift = array<i32: 33>, scale = 0.9 : f64, offset = -128 : i32} : (tensor<?x4x!x>, tensor<2x4x!w>) -> tensor<?x2x!y>
  // expected-error @below {{'qnn.fully_connected' op expects what the kernel has for the scales of the types, the multiplier 2004318170 and the shift 33, got the multiplier 2004318171 and the shift 33 in 'requant'}}
  %1 = qnn.fully_connected %x, %w {multiplier = array<i32: 2004318171>, shift = array<i32: 33>, scale = 0.9 : f64, offset = -128 : i32} : (tensor<?x4x!x>, tensor<2x4x!w>) -> tensor<?x2x!y>
  return %1 : tensor<?x2x!y>
}

// -----

!x = !quant.uniform<u8:f32, 0.3:128>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.7,0.6}>
!y = !quant.uniform<u8:f32, 0.9:128>
func.func @channels(%x: tensor<?x4x!x>, %w: tensor<2x4x!w>) -> tensor<?x2x!y> {
  // expected-error @below {{the multiplier 1717987100 and the shift 33, got the multiplier 1717987101 and the shift 33 for channel 1 in 'requant'}}
  %0 = qnn.fully_connected %x, %w {multiplier = array<i32: 2004318170, 1717987101>, shift = array<i32: 33, 33>, scale = 0.9 : f64, offset = -128 : i32} : (tensor<?x4x!x>, tensor<2x4x!w>) -> tensor<?x2x!y>
  return %0 : tensor<?x2x!y>
}

// -----

// As TFLite's uint8 kernels multiply scales in f32.
!x = !quant.uniform<u8:f32, 0.30000001192092896:128>
!w = !quant.uniform<u8<1:255>:f32, 0.69999998807907104:100>
!y = !quant.uniform<u8:f32, 0.89999997615814208:128>
func.func @product_in_f32(%x: tensor<?x4x!x>, %w: tensor<2x4x!w>) -> tensor<?x2x!y> {
  // expected-error @below {{'tflite.fully_connected' op expects what the kernel has for the scales of the types, the multiplier 2004318204 and the shift 33, got the multiplier 2004318170 and the shift 33 in 'requant'}}
  %0 = tflite.fully_connected %x, %w {rounding = "double", output_multiplier = array<i32: 2004318170>, output_shift = array<i32: -2>, fused_activation_function = "NONE"} : (tensor<?x4x!x>, tensor<2x4x!w>) -> tensor<?x2x!y>
  return %0 : tensor<?x2x!y>
}

// -----

// Accumulators have the scale of the dot product.
!x = !quant.uniform<i8:f32, 0.3>
!w = !quant.uniform<i8<-127:127>:f32, 0.7>
!y = !quant.uniform<i8:f32, 0.9>
func.func @accumulators(%x: tensor<?x4x!x>, %w: tensor<2x4x!w>, %a: tensor<?x2xi32>) -> tensor<?x2x!y> {
  %0 = tvm_qnn.dense %x, %w : (tensor<?x4x!x>, tensor<2x4x!w>) -> tensor<?x2xi32>
  %1 = tvm_qnn.requantize %0 {method = "fixed_point_multiply", multiplier = array<i32: 2004318170>, right_shift = array<i32: 33>} : (tensor<?x2xi32>) -> tensor<?x2x!y>
  // Nobody knows theirs.
  %2 = tvm_qnn.requantize %a {method = "fixed_point_multiply", multiplier = array<i32: 2004318169>, right_shift = array<i32: 33>} : (tensor<?x2xi32>) -> tensor<?x2x!y>
  // expected-error @below {{'tvm_qnn.requantize' op expects what the kernel has for the scales of the types, the multiplier 2004318170 and the shift 33, got the multiplier 2004318169 and the shift 33 in 'requant'}}
  %3 = tvm_qnn.requantize %0 {method = "fixed_point_multiply", multiplier = array<i32: 2004318169>, right_shift = array<i32: 33>} : (tensor<?x2xi32>) -> tensor<?x2x!y>
  return %3 : tensor<?x2x!y>
}

// -----

!a = !quant.uniform<i8:f32, 0.3>
!b = !quant.uniform<i8:f32, 0.7>
!y = !quant.uniform<i8:f32, 0.9>
func.func @sum(%a: tensor<?x4x!a>, %b: tensor<?x4x!b>) -> tensor<?x4x!y> {
  // expected-error @below {{'qnn.element_wise_add' op expects what the kernel has for the scales of the types, the multiplier 1840700270 and the shift 33, got the multiplier 1840700271 and the shift 33 in 'lhs_requant'}}
  %0 = qnn.element_wise_add %a, %b {lhs_multiplier = 1840700271 : i32, lhs_shift = 33 : i32, rhs_multiplier = 1073741824 : i32, rhs_shift = 31 : i32, left_shift = 20 : i32, multiplier = 1670265173 : i32, shift = 50 : i32, scale = 0.9 : f64, offset = -128 : i32} : (tensor<?x4x!a>, tensor<?x4x!b>) -> tensor<?x4x!y>
  return %0 : tensor<?x4x!y>
}

// -----

!a = !quant.uniform<i8:f32, 0.3>
!y = !quant.uniform<i8:f32, 0.9>
func.func @move(%a: tensor<?x4x!a>) -> tensor<?x4x!y> {
  // expected-error @below {{'qnn.convert' op expects what the kernel has for the scales of the types, the multiplier 1431655765 and the shift 32, got the multiplier 1431655764 and the shift 32 in 'requant'}}
  %0 = qnn.convert %a {multiplier = 1431655764 : i32, shift = 32 : i32, scale = 0.9 : f64, offset = -128 : i32} : (tensor<?x4x!a>) -> tensor<?x4x!y>
  return %0 : tensor<?x4x!y>
}

// -----

!a = !quant.uniform<i8:f32, 0.3>
!b = !quant.uniform<i8:f32, 0.7>
!y = !quant.uniform<i8:f32, 0.9>
func.func @product(%a: tensor<?x4x!a>, %b: tensor<?x4x!b>) -> tensor<?x4x!y> {
  // expected-error @below {{'trt.element_wise_prod' op expects what the kernel has for the scales of the types, the factor 0.233333334, got the factor 0.233333349 in 'requant'}}
  %0 = trt.element_wise_prod %a, %b {ratio = 0.23333335 : f32} : (tensor<?x4x!a>, tensor<?x4x!b>) -> tensor<?x4x!y>
  return %0 : tensor<?x4x!y>
}

// -----

!a = !quant.uniform<i8:f32, 0.3>
!y = !quant.uniform<i8:f32, 0.9>
func.func @pool(%a: tensor<?x2x2x4x!a>) -> tensor<?x1x1x4x!y> {
  // expected-error @below {{'openvino.avg_pool' op expects what the kernel has for the scales of the types, the factor 0.333333343, got the factor 0.333333313 in 'requant'}}
  %0 = openvino.avg_pool %a {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, ratio = 0.3333333 : f32} : (tensor<?x2x2x4x!a>) -> tensor<?x1x1x4x!y>
  return %0 : tensor<?x1x1x4x!y>
}

// -----

// Stated scales: of the requantization that has them, the same but for rounding, nothing else.
!x = !quant.uniform<u8:f32, 0.3:128>
!w = !quant.uniform<i8<-127:127>:f32, 0.7>
!y = !quant.uniform<u8:f32, 0.9:128>
func.func @stated(%x: tensor<?x4x!x>, %w: tensor<2x4x!w>) -> tensor<?x2x!y> {
  %0 = qnn.fully_connected %x, %w {quant_hw.scales = {requant = array<f64: 0.23333334492>}, multiplier = array<i32: 2004318171>, shift = array<i32: 33>, scale = 0.9 : f64, offset = -128 : i32} : (tensor<?x4x!x>, tensor<2x4x!w>) -> tensor<?x2x!y>
  // expected-error @below {{expects a scale of 'requant' in 'quant_hw.scales' that is that of the types but for rounding, 2.333333e-01, got 2.333500e-01 for channel 0}}
  %1 = qnn.fully_connected %x, %w {quant_hw.scales = {requant = array<f64: 0.23335>}, multiplier = array<i32: 2004461237>, shift = array<i32: 33>, scale = 0.9 : f64, offset = -128 : i32} : (tensor<?x4x!x>, tensor<2x4x!w>) -> tensor<?x2x!y>
  return %1 : tensor<?x2x!y>
}

// -----

!x = !quant.uniform<u8:f32, 0.3:128>
!w = !quant.uniform<i8<-127:127>:f32, 0.7>
!y = !quant.uniform<u8:f32, 0.9:128>
func.func @stated_number(%x: tensor<?x4x!x>, %w: tensor<2x4x!w>) -> tensor<?x2x!y> {
  // expected-error @below {{expects 1 scales of 'requant' in 'quant_hw.scales', got 2}}
  %1 = qnn.fully_connected %x, %w {quant_hw.scales = {requant = array<f64: 0.2, 0.2>}, multiplier = array<i32: 2004318171>, shift = array<i32: 33>, scale = 0.9 : f64, offset = -128 : i32} : (tensor<?x4x!x>, tensor<2x4x!w>) -> tensor<?x2x!y>
  return %1 : tensor<?x2x!y>
}

// -----

!x = !quant.uniform<u8:f32, 0.3:128>
!w = !quant.uniform<i8<-127:127>:f32, 0.7>
!y = !quant.uniform<u8:f32, 0.9:128>
func.func @stated_for_nothing(%x: tensor<?x4x!x>, %w: tensor<2x4x!w>) -> tensor<?x2x!y> {
  // expected-error @below {{expects no 'requant' in 'quant_hw.scales', whose constants are those of its types}}
  %1 = qnn.fully_connected %x, %w {quant_hw.scales = {requant = array<f64: 0.23333334481274653>}, multiplier = array<i32: 2004318170>, shift = array<i32: 33>, scale = 0.9 : f64, offset = -128 : i32} : (tensor<?x4x!x>, tensor<2x4x!w>) -> tensor<?x2x!y>
  return %1 : tensor<?x2x!y>
}

// -----

!x = !quant.uniform<u8:f32, 0.3:128>
!w = !quant.uniform<i8<-127:127>:f32, 0.7>
!y = !quant.uniform<u8:f32, 0.9:128>
func.func @stated_wrongly(%x: tensor<?x4x!x>, %w: tensor<2x4x!w>) -> tensor<?x2x!y> {
  // expected-error @below {{expects a dictionary of scales in 'quant_hw.scales', got 2.000000e-01 : f64}}
  %1 = qnn.fully_connected %x, %w {quant_hw.scales = 0.2 : f64, multiplier = array<i32: 2004318170>, shift = array<i32: 33>, scale = 0.9 : f64, offset = -128 : i32} : (tensor<?x4x!x>, tensor<2x4x!w>) -> tensor<?x2x!y>
  return %1 : tensor<?x2x!y>
}

// -----

!x = !quant.uniform<u8:f32, 0.3:128>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.7,0.6}>
!y = !quant.uniform<u8:f32, 0.9:128>
func.func @stated_for_one_channel(%x: tensor<?x4x!x>, %w: tensor<2x4x!w>) -> tensor<?x2x!y> {
  // expected-error @below {{expects 2 scales of 'requant' in 'quant_hw.scales', got 1}}
  %1 = qnn.fully_connected %x, %w {quant_hw.scales = {requant = array<f64: 0.23333334481274653>}, multiplier = array<i32: 2004318170>, shift = array<i32: 33>, scale = 0.9 : f64, offset = -128 : i32} : (tensor<?x4x!x>, tensor<2x4x!w>) -> tensor<?x2x!y>
  return %1 : tensor<?x2x!y>
}
