// RUN: hwq-opt %s --verify-roundtrip | FileCheck %s
// RUN: hwq-opt %s --emit-bytecode | hwq-opt | FileCheck %s
// RUN: hwq-opt %s --mlir-print-op-generic | hwq-opt | FileCheck %s

!u8 = !quant.uniform<u8:f32, 5.000000e-02:128>
!u8n = !quant.uniform<u8:f32, 2.500000e-02>
!w8 = !quant.uniform<u8:f32, 1.000000e-02:100>
!i8c = !quant.uniform<i8:f32:0, {1.000000e-01,2.000000e-01}>

// CHECK-LABEL: func.func @observe(
// CHECK-SAME: %[[X:.*]]: tensor<?x8xf32>
func.func @observe(%x: tensor<?x8xf32>) -> tensor<?x8xf32> {
  // CHECK: %[[A:.*]] = quant_hw.observe "a" %[[X]] : tensor<?x8xf32>
  %a = quant_hw.observe "a" %x : tensor<?x8xf32>
  // CHECK: %[[B:.*]] = quant_hw.observe "b/1:0" %[[A]] range [-1.500000e+00, 6.250000e+00] method "min-max" : tensor<?x8xf32>
  %b = quant_hw.observe "b/1:0" %a range [-1.5, 6.25] method "min-max" : tensor<?x8xf32>
  return %b : tensor<?x8xf32>
}

// CHECK-LABEL: func.func @quantize_dequantize(
// CHECK-SAME: %[[X:.*]]: tensor<?x8xf32>, %[[W:.*]]: tensor<2x4xf32>
func.func @quantize_dequantize(%x: tensor<?x8xf32>, %w: tensor<2x4xf32>) -> (tensor<?x8xf32>, tensor<2x4xf32>) {
  // CHECK: %[[Q:.*]] = quant_hw.quantize %[[X]] form <q5> : tensor<?x8xf32> -> tensor<?x8x!quant.uniform<u8:f32, 5.000000e-02:128>>
  %q = quant_hw.quantize %x form <q5> : tensor<?x8xf32> -> tensor<?x8x!u8>
  // CHECK: quant_hw.dequantize %[[Q]] : tensor<?x8x!quant.uniform<u8:f32, 5.000000e-02:128>> -> tensor<?x8xf32>
  %d = quant_hw.dequantize %q : tensor<?x8x!u8> -> tensor<?x8xf32>
  // CHECK: %[[QW:.*]] = quant_hw.quantize %[[W]] form <q1> : tensor<2x4xf32> -> tensor<2x4x!quant.uniform<i8:f32:0, {1.000000e-01,2.000000e-01}>>
  %qw = quant_hw.quantize %w form <q1> : tensor<2x4xf32> -> tensor<2x4x!i8c>
  // CHECK: quant_hw.dequantize %[[QW]] : tensor<2x4x!quant.uniform<i8:f32:0, {1.000000e-01,2.000000e-01}>> -> tensor<2x4xf32>
  %dw = quant_hw.dequantize %qw : tensor<2x4x!i8c> -> tensor<2x4xf32>
  return %d, %dw : tensor<?x8xf32>, tensor<2x4xf32>
}

// CHECK-LABEL: func.func @requantize(
// CHECK-SAME: %[[ACC:.*]]: tensor<?x8x8x2xi32>, %[[BIAS:.*]]: tensor<2xf64>, %[[Q:.*]]: tensor<?x8x8x2x!quant.uniform<u8:f32, 5.000000e-02:128>>
func.func @requantize(%acc: tensor<?x8x8x2xi32>, %bias: tensor<2xf64>, %q: tensor<?x8x8x2x!u8>) {
  // Step 1: real scales, bias on the output grid.
  // CHECK: quant_hw.requantize %[[ACC]] bias %[[BIAS]] : tensor<2xf64> {requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [2.500000e-01, 5.000000e-01], zero_point = 128, lo = 0, hi = 255>, scaled_bias} : tensor<?x8x8x2xi32> -> tensor<?x8x8x2x!quant.uniform<u8:f32, 5.000000e-02:128>>
  %1 = quant_hw.requantize %acc bias %bias : tensor<2xf64> {
    requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [2.500000e-01, 5.000000e-01], zero_point = 128, lo = 0, hi = 255>,
    scaled_bias} : tensor<?x8x8x2xi32> -> tensor<?x8x8x2x!u8>
  // Step 3: bias in accumulator units.
  // CHECK: quant_hw.requantize %[[ACC]] bias %[[BIAS]] : tensor<2xf64> {requant = #quant_hw.requant<kernel = real, scales = [2.500000e-01], zero_point = 128, lo = 128, hi = 255>} : tensor<?x8x8x2xi32>
  %2 = quant_hw.requantize %acc bias %bias : tensor<2xf64> {
    requant = #quant_hw.requant<kernel = real, quantize_form = q1, scales = [2.500000e-01], zero_point = 128, lo = 128, hi = 255>
  } : tensor<?x8x8x2xi32> -> tensor<?x8x8x2x!u8>
  // Step 4: multiplier and shift.
  // CHECK: quant_hw.requantize %[[ACC]] {requant = #quant_hw.requant<kernel = r2, quantize_form = q5, scales = [2.500000e-01, 5.000000e-01], multipliers = [1073741824, 1073741824], shifts = [32, 31], zero_point = 128, lo = 0, hi = 255>}
  %3 = quant_hw.requantize %acc {
    requant = #quant_hw.requant<kernel = r2, quantize_form = q5, scales = [2.500000e-01, 5.000000e-01],
      multipliers = [1073741824, 1073741824], shifts = [32, 31], zero_point = 128, lo = 0, hi = 255>
  } : tensor<?x8x8x2xi32> -> tensor<?x8x8x2x!u8>
  // Between two grids.
  // CHECK: quant_hw.requantize %[[Q]] {requant = #quant_hw.requant<kernel = r1, scales = [1.000000e+00], multipliers = [1073741824], shifts = [30], input_zero_point = 128, left_shift = 1, lo = 0, hi = 255>} : tensor<?x8x8x2x!quant.uniform<u8:f32, 5.000000e-02:128>> -> tensor<?x8x8x2x!quant.uniform<u8:f32, 2.500000e-02>>
  %4 = quant_hw.requantize %q {
    requant = #quant_hw.requant<kernel = r1, quantize_form = q1, scales = [1.0], multipliers = [1073741824], shifts = [30],
      input_zero_point = 128, left_shift = 1, lo = 0, hi = 255>
  } : tensor<?x8x8x2x!u8> -> tensor<?x8x8x2x!u8n>
  return
}

// CHECK-LABEL: func.func @conv2d(
// CHECK-SAME: %[[X:.*]]: tensor<?x8x8x4xf32>, %[[W:.*]]: tensor<4x3x3x1xf32>, %[[B:.*]]: tensor<4xf32>
func.func @conv2d(%x: tensor<?x8x8x4xf32>, %w: tensor<4x3x3x1xf32>, %b: tensor<4xf32>,
    %qx: tensor<?x8x8x4x!u8>, %qw: tensor<2x3x3x4x!w8>, %qwc: tensor<2x3x3x4x!i8c>, %qb: tensor<2xi32>) {
  // Depthwise, asymmetric padding.
  // CHECK: quant_hw.conv2d %[[X]], %[[W]] bias %[[B]] {dilation = array<i64: 1, 1>, groups = 4 : i64, pad = array<i64: 0, 1, 0, 1>, stride = array<i64: 2, 2>} : (tensor<?x8x8x4xf32>, tensor<4x3x3x1xf32>, tensor<4xf32>) -> tensor<?x4x4x4xf32>
  %1 = quant_hw.conv2d %x, %w bias %b {pad = array<i64: 0, 1, 0, 1>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 4 : i64}
    : (tensor<?x8x8x4xf32>, tensor<4x3x3x1xf32>, tensor<4xf32>) -> tensor<?x4x4x4xf32>
  // Step 1, per-channel weights, dilated.
  // CHECK: quant_hw.conv2d %{{.*}}, %{{.*}} {dilation = array<i64: 2, 2>, groups = 1 : i64, pad = array<i64: 2, 2, 2, 2>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<?x8x8x2xi32>
  %2 = quant_hw.conv2d %qx, %qwc {pad = array<i64: 2, 2, 2, 2>, stride = array<i64: 1, 1>, dilation = array<i64: 2, 2>, groups = 1 : i64}
    : (tensor<?x8x8x4x!u8>, tensor<2x3x3x4x!i8c>) -> tensor<?x8x8x2xi32>
  // Step 4 with the requantization folded in.
  // CHECK: quant_hw.conv2d %{{.*}}, %{{.*}} bias %{{.*}} {dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 1, 1, 1, 1>, pad_value = 128 : i32, raw_input, requant = #quant_hw.requant<kernel = r2, scales = [2.500000e-01], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 128, hi = 255>, stride = array<i64: 1, 1>}
  %3 = quant_hw.conv2d %qx, %qw bias %qb {pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64,
      raw_input, pad_value = 128 : i32,
      requant = #quant_hw.requant<kernel = r2, quantize_form = q1, scales = [2.500000e-01], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 128, hi = 255>}
    : (tensor<?x8x8x4x!u8>, tensor<2x3x3x4x!w8>, tensor<2xi32>) -> tensor<?x8x8x2x!u8>
  return
}

// CHECK-LABEL: func.func @fully_connected(
// CHECK-SAME: %[[X:.*]]: tensor<?x5x4xf32>, %[[W:.*]]: tensor<2x4xf32>, %[[B:.*]]: tensor<2xf32>
func.func @fully_connected(%x: tensor<?x5x4xf32>, %w: tensor<2x4xf32>, %b: tensor<2xf32>,
    %qx: tensor<?x4x!u8>, %qw: tensor<2x4x!w8>, %qb: tensor<2xi32>) {
  // CHECK: quant_hw.fully_connected %[[X]], %[[W]] bias %[[B]] : (tensor<?x5x4xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<?x5x2xf32>
  %1 = quant_hw.fully_connected %x, %w bias %b : (tensor<?x5x4xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<?x5x2xf32>
  // CHECK: quant_hw.fully_connected %{{.*}}, %{{.*}} {raw_input} : {{.*}} -> tensor<?x2xi32>
  %2 = quant_hw.fully_connected %qx, %qw {raw_input} : (tensor<?x4x!u8>, tensor<2x4x!w8>) -> tensor<?x2xi32>
  // CHECK: quant_hw.fully_connected %{{.*}}, %{{.*}} bias %{{.*}} {raw_input, requant = #quant_hw.requant<kernel = r2, {{.*}}>} : {{.*}} -> tensor<?x2x!quant.uniform<u8:f32, 2.500000e-02>>
  %3 = quant_hw.fully_connected %qx, %qw bias %qb {raw_input,
      requant = #quant_hw.requant<kernel = r2, quantize_form = q1, scales = [2.500000e-01, 5.000000e-01], multipliers = [1073741824, 1073741824], shifts = [32, 31], lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<2x4x!w8>, tensor<2xi32>) -> tensor<?x2x!u8n>
  return
}

// CHECK-LABEL: func.func @add(
func.func @add(%a: tensor<?x4x!u8>, %b: tensor<?x4x!u8n>) -> (tensor<?x4x!u8>, tensor<?x4x!u8>) {
  // Steps 1 to 3.
  // CHECK: quant_hw.add %{{.*}}, %{{.*}} {lhs_requant = #quant_hw.requant<kernel = real, {{.*}}>, requant = {{.*}}, rhs_requant = {{.*}}} : (tensor<?x4x!quant.uniform<u8:f32, 5.000000e-02:128>>, tensor<?x4x!quant.uniform<u8:f32, 2.500000e-02>>) -> tensor<?x4x!quant.uniform<u8:f32, 5.000000e-02:128>>
  %1 = quant_hw.add %a, %b {
      lhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.0], input_zero_point = 128, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [5.000000e-01], lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.0], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8n>) -> tensor<?x4x!u8>
  // Step 4.
  // CHECK: quant_hw.add {{.*}} variant = #quant_hw.add_variant<tflite>
  %2 = quant_hw.add %a, %b {variant = #quant_hw.add_variant<tflite>,
      lhs_requant = #quant_hw.requant<kernel = r2, quantize_form = q5, scales = [5.000000e-01], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = r2, quantize_form = q5, scales = [2.500000e-01], multipliers = [1073741824], shifts = [32], left_shift = 20, lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = r2, quantize_form = q5, scales = [1.9073486328125e-06], multipliers = [1073741824], shifts = [49], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8n>) -> tensor<?x4x!u8>
  return %1, %2 : tensor<?x4x!u8>, tensor<?x4x!u8>
}

// CHECK-LABEL: func.func @avg_pool2d(
func.func @avg_pool2d(%x: tensor<?x8x8x4x!u8>) -> (tensor<?x1x1x4x!u8>, tensor<?x4x4x4x!u8>) {
  // CHECK: quant_hw.avg_pool2d %{{.*}} {clamp = array<i64: 0, 255>, kernel = array<i64: 8, 8>, pad = array<i64: 0, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q5>, stride = array<i64: 1, 1>}
  %1 = quant_hw.avg_pool2d %x {kernel = array<i64: 8, 8>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>,
      quantize_form = #quant_hw.quantize_form<q5>, clamp = array<i64: 0, 255>} : tensor<?x8x8x4x!u8> -> tensor<?x1x1x4x!u8>
  // CHECK: quant_hw.avg_pool2d {{.*}} variant = #quant_hw.avg_pool_variant<round_half_away>
  %2 = quant_hw.avg_pool2d %x {kernel = array<i64: 3, 3>, stride = array<i64: 2, 2>, pad = array<i64: 0, 1, 1, 0>,
      quantize_form = #quant_hw.quantize_form<q5>, variant = #quant_hw.avg_pool_variant<round_half_away>, clamp = array<i64: 128, 255>}
    : tensor<?x8x8x4x!u8> -> tensor<?x4x4x4x!u8>
  return %1, %2 : tensor<?x1x1x4x!u8>, tensor<?x4x4x4x!u8>
}

// CHECK-LABEL: func.func @float_ops(
func.func @float_ops(%x: tensor<?x4x4x3xf32>, %w: tensor<5x2x2x3xf32>, %b: tensor<5xf32>, %a: tensor<?x4x8xf32>, %c: tensor<?x8x5xf32>) {
  // CHECK: quant_hw.transpose_conv2d %{{.*}}, %{{.*}} bias %{{.*}} {dilation = array<i64: 1, 1>, groups = 1 : i64, output_pad = array<i64: 1, 0>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : {{.*}} -> tensor<?x9x8x5xf32>
  %1 = quant_hw.transpose_conv2d %x, %w bias %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 1, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<?x4x4x3xf32>, tensor<5x2x2x3xf32>, tensor<5xf32>) -> tensor<?x9x8x5xf32>
  // CHECK: quant_hw.matmul %{{.*}}, %{{.*}} : (tensor<?x4x8xf32>, tensor<?x8x5xf32>) -> tensor<?x4x5xf32>
  %2 = quant_hw.matmul %a, %c : (tensor<?x4x8xf32>, tensor<?x8x5xf32>) -> tensor<?x4x5xf32>
  // CHECK: quant_hw.unary hard_swish %{{.*}} : tensor<?x4x8xf32>
  %3 = quant_hw.unary hard_swish %a : tensor<?x4x8xf32>
  // CHECK: quant_hw.unary leaky_relu %{{.*}} alpha 1.000000e-01 : tensor<?x4x8xf32>
  %4 = quant_hw.unary leaky_relu %a alpha 0.1 : tensor<?x4x8xf32>
  // CHECK: quant_hw.unary identity %{{.*}} : tensor<?x4x8xf32>
  %6 = quant_hw.unary identity %a : tensor<?x4x8xf32>
  // CHECK: quant_hw.unary table %{{.*}} {input_type = !quant.uniform<i8<-1:1>:f32, 5.000000e-01>, output_type = !quant.uniform<u8:f32, 1.000000e-01>, table = array<i32: 0, 1, 5>} : tensor<?x4x8xf32>
  %7 = quant_hw.unary table %a {input_type = !quant.uniform<i8<-1:1>:f32, 0.5>, output_type = !quant.uniform<u8:f32, 0.1>, table = array<i32: 0, 1, 5>} : tensor<?x4x8xf32>
  // CHECK: quant_hw.softmax %{{.*}} axis 2 : tensor<?x4x8xf32>
  %5 = quant_hw.softmax %a axis 2 : tensor<?x4x8xf32>
  return
}

// CHECK-LABEL: func.func @sub_mul(
func.func @sub_mul(%a: tensor<?x4x!u8>, %b: tensor<?x1x!u8n>, %c: tensor<?x4x!u8n>) -> tensor<?x4x!u8> {
  // CHECK: quant_hw.mul %{{.*}}, %{{.*}} {requant = #quant_hw.requant<kernel = r13, scales = [2.500000e-02], factors = [0.02500000037252903], zero_point = 128, lo = 0, hi = 255>, variant = #quant_hw.mul_variant<onnxruntime>}
  %0 = quant_hw.mul %a, %b {variant = #quant_hw.mul_variant<onnxruntime>, requant = #quant_hw.requant<kernel = r13, scales = [0.025], factors = [0.025000000372529029], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x1x!u8n>) -> tensor<?x4x!u8>
  // CHECK: quant_hw.sub {{.*}}variant = #quant_hw.add_variant<float>
  %1 = quant_hw.sub %0, %c {variant = #quant_hw.add_variant<float>,
      lhs_requant = #quant_hw.requant<kernel = r4, scales = [5.000000e-02], factors = [0.05000000074505806], input_zero_point = 128, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = r4, scales = [2.500000e-02], factors = [0.02500000037252903], lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = r4, scales = [5.000000e-02], factors = [0.05000000074505806], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<?x4x!u8n>) -> tensor<?x4x!u8>
  return %1 : tensor<?x4x!u8>
}

// CHECK-LABEL: func.func @float_kernels(
func.func @float_kernels(%a: tensor<?x2xi32>, %r: tensor<?x2x!u8>, %x: tensor<?x2x!u8>) -> (tensor<?x2x!u8>, tensor<?x2xf32>, tensor<?x2x!u8n>, tensor<?x2x!u8>) {
  // CHECK: quant_hw.requantize %{{.*}} residual %{{.*}} : tensor<?x2x!quant.uniform<u8:f32, 5.000000e-02:128>> {requant = #quant_hw.requant<kernel = r14, scales = [1.000000e-01, 2.000000e-01], factors = [5.000000e-03, 1.000000e-02], bias = [1.500000e+00, -2.500000e-01], output_scale = 5.000000e-02 : f64, residual_scale = 2.500000e-01 : f64, zero_point = 128, lo = 0, hi = 255>}
  %0 = quant_hw.requantize %a residual %r : tensor<?x2x!u8> {requant = #quant_hw.requant<kernel = r14, scales = [0.1, 0.2], factors = [0.005, 0.01], bias = [1.5, -0.25], output_scale = 0.05, residual_scale = 0.25, zero_point = 128, lo = 0, hi = 255>}
    : tensor<?x2xi32> -> tensor<?x2x!u8>
  // CHECK: quant_hw.requantize {{.*}}kernel = r9, scales = [1.000000e-01], factors = [1.000000e-01], output_scale = 1.000000e+00 : f64, precision = f16, lo = 0, hi = 0>} : tensor<?x2xi32> -> tensor<?x2xf32>
  %1 = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = r9, scales = [0.1], factors = [0.1], output_scale = 1.0, precision = f16, lo = 0, hi = 0>}
    : tensor<?x2xi32> -> tensor<?x2xf32>
  // CHECK: quant_hw.requantize {{.*}}variant = #quant_hw.concat_variant<nnpi>
  %2 = quant_hw.requantize %x {variant = #quant_hw.concat_variant<nnpi>, requant = #quant_hw.requant<kernel = r4, scales = [2.0], factors = [2.0], input_zero_point = 128, lo = 0, hi = 255>}
    : tensor<?x2x!u8> -> tensor<?x2x!u8n>
  // CHECK: quant_hw.requantize {{.*}}kernel = r7, scales = [2.500000e-01], multipliers = [1], shifts = [1], pre_shifts = [1]
  %3 = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = r7, scales = [0.25], multipliers = [1], shifts = [1], pre_shifts = [1], zero_point = 128, lo = 0, hi = 255>}
    : tensor<?x2xi32> -> tensor<?x2x!u8>
  return %0, %1, %2, %3 : tensor<?x2x!u8>, tensor<?x2xf32>, tensor<?x2x!u8n>, tensor<?x2x!u8>
}

!i2 = !quant.uniform<i8<-2:1>:f32, 5.000000e-01>
// CHECK-LABEL: func.func @lookup(
func.func @lookup(%x: tensor<?x2x!i2>) -> tensor<?x2x!u8> {
  // CHECK: quant_hw.lookup %{{.*}} {table = array<i32: 0, 1, 1, 3>} : tensor<?x2x!quant.uniform<i8<-2:1>:f32, 5.000000e-01>> -> tensor<?x2x!quant.uniform<u8:f32, 5.000000e-02:128>>
  %0 = quant_hw.lookup %x {table = array<i32: 0, 1, 1, 3>} : tensor<?x2x!i2> -> tensor<?x2x!u8>
  return %0 : tensor<?x2x!u8>
}

// CHECK-LABEL: func.func @fake_quant(
func.func @fake_quant(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // CHECK: quant_hw.fake_quant %{{.*}} [#quant_hw.scheme<kind = fixed_point, bits = 4, exponent = -3>, #quant_hw.scheme<kind = fixed_point, bits = 4, is_signed = false>] : tensor<2x4xf32>
  %0 = quant_hw.fake_quant %x [#quant_hw.scheme<kind = fixed_point, bits = 4, exponent = -3>, #quant_hw.scheme<kind = fixed_point, bits = 4, is_signed = false>] : tensor<2x4xf32>
  // CHECK: [#quant_hw.scheme<kind = codebook, levels = [-1.000000e+00, 5.000000e-01]>]
  %1 = quant_hw.fake_quant %0 [#quant_hw.scheme<kind = codebook, levels = [-1.0, 0.5]>] : tensor<2x4xf32>
  // CHECK: [#quant_hw.scheme<kind = power_of_two, bits = 4, scale = 2.000000e+00 : f64, rounding = linear>]
  %2 = quant_hw.fake_quant %1 [#quant_hw.scheme<kind = power_of_two, bits = 4, scale = 2.0, rounding = linear>] : tensor<2x4xf32>
  // CHECK: [#quant_hw.scheme<kind = float, format = fp8_e5m2>]
  %3 = quant_hw.fake_quant %2 [#quant_hw.scheme<kind = float, format = fp8_e5m2>] : tensor<2x4xf32>
  return %3 : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @transpose_conv2d(
func.func @transpose_conv2d(%x: tensor<?x4x4x3x!u8>, %w: tensor<5x2x2x3x!u8>, %b: tensor<5xi32>) -> (tensor<?x8x8x5xi32>, tensor<?x8x8x5x!u8>) {
  // CHECK: quant_hw.transpose_conv2d %{{.*}}, %{{.*}} {dilation = array<i64: 1, 1>, groups = 1 : i64, output_pad = array<i64: 0, 0>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : {{.*}} -> tensor<?x8x8x5xi32>
  %1 = quant_hw.transpose_conv2d %x, %w {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64}
    : (tensor<?x4x4x3x!u8>, tensor<5x2x2x3x!u8>) -> tensor<?x8x8x5xi32>
  // CHECK: quant_hw.transpose_conv2d %{{.*}}, %{{.*}} bias %{{.*}} {{{.*}}pad_value = 128 : i32, raw_input, requant = #quant_hw.requant<kernel = r2, {{.*}}>, stride
  %2 = quant_hw.transpose_conv2d %x, %w bias %b {pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64,
      pad_value = 128 : i32, raw_input, requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x4x3x!u8>, tensor<5x2x2x3x!u8>, tensor<5xi32>) -> tensor<?x8x8x5x!u8>
  return %1, %2 : tensor<?x8x8x5xi32>, tensor<?x8x8x5x!u8>
}

// CHECK-LABEL: func.func @matmul(
func.func @matmul(%a: tensor<?x4x8x!u8>, %b: tensor<?x8x5x!u8n>) -> (tensor<?x4x5xi32>, tensor<?x4x5x!u8>) {
  // CHECK: quant_hw.matmul %{{.*}}, %{{.*}} : ({{.*}}) -> tensor<?x4x5xi32>
  %1 = quant_hw.matmul %a, %b : (tensor<?x4x8x!u8>, tensor<?x8x5x!u8n>) -> tensor<?x4x5xi32>
  // CHECK: quant_hw.matmul %{{.*}}, %{{.*}} {requant = #quant_hw.requant<kernel = r2, {{.*}}>} : ({{.*}}) -> tensor<?x4x5x!quant.uniform<u8:f32, 5.000000e-02:128>>
  %2 = quant_hw.matmul %a, %b {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x8x!u8>, tensor<?x8x5x!u8n>) -> tensor<?x4x5x!u8>
  return %1, %2 : tensor<?x4x5xi32>, tensor<?x4x5x!u8>
}

// CHECK-LABEL: func.func @softmax(
func.func @softmax(%x: tensor<?x4x!u8>) -> (tensor<?x4x!u8n>, tensor<?x4x!u8>) {
  // CHECK: quant_hw.softmax %{{.*}} axis 1 : tensor<?x4x!quant.uniform<u8:f32, 5.000000e-02:128>> -> tensor<?x4x!quant.uniform<u8:f32, 2.500000e-02>>
  %1 = quant_hw.softmax %x axis 1 : tensor<?x4x!u8> -> tensor<?x4x!u8n>
  // CHECK: quant_hw.softmax %{{.*}} axis 1 : tensor<?x4x!quant.uniform<u8:f32, 5.000000e-02:128>>{{$}}
  %2 = quant_hw.softmax %x axis 1 : tensor<?x4x!u8> -> tensor<?x4x!u8>
  return %1, %2 : tensor<?x4x!u8n>, tensor<?x4x!u8>
}

// CHECK-LABEL: func.func @lookup_kernel_table(
func.func @lookup_kernel_table(%x: tensor<?x!quant.uniform<i8<-2:1>:f32, 0.5>>) -> tensor<?x!u8> {
  // CHECK: quant_hw.lookup %{{.*}} {kernel_table = array<i32: 0, 1, 1, 4>, table = array<i32: 0, 1, 1, 3>}
  %1 = quant_hw.lookup %x {table = array<i32: 0, 1, 1, 3>, kernel_table = array<i32: 0, 1, 1, 4>} : tensor<?x!quant.uniform<i8<-2:1>:f32, 0.5>> -> tensor<?x!u8>
  return %1 : tensor<?x!u8>
}

// CHECK-LABEL: func.func @resize_bilinear(
func.func @resize_bilinear(%x: tensor<?x4x4x3x!u8>) -> (tensor<?x8x8x3x!u8>, tensor<?x7x7x3x!u8>) {
  // CHECK: quant_hw.resize_bilinear %{{.*}} {border = array<i64: 1, 1>, offset = array<i64: -1, -1>, scale = array<i64: 4, 2, 4, 2>} : tensor<?x4x4x3x!quant.uniform<u8:f32, 5.000000e-02:128>> -> tensor<?x8x8x3x!quant.uniform<u8:f32, 5.000000e-02:128>>
  %1 = quant_hw.resize_bilinear %x {scale = array<i64: 4, 2, 4, 2>, offset = array<i64: -1, -1>, border = array<i64: 1, 1>}
    : tensor<?x4x4x3x!u8> -> tensor<?x8x8x3x!u8>
  // CHECK: quant_hw.resize_bilinear %{{.*}} {border = array<i64: 0, 0>, offset = array<i64: 0, 0>, scale = array<i64: 2, 1, 2, 1>, variant = #quant_hw.resize_variant<tflite>}
  %2 = quant_hw.resize_bilinear %x {scale = array<i64: 2, 1, 2, 1>, offset = array<i64: 0, 0>, border = array<i64: 0, 0>, variant = #quant_hw.resize_variant<tflite>}
    : tensor<?x4x4x3x!u8> -> tensor<?x7x7x3x!u8>
  return %1, %2 : tensor<?x8x8x3x!u8>, tensor<?x7x7x3x!u8>
}

// CHECK-LABEL: func.func @mean(
func.func @mean(%x: tensor<?x2x4xf32>, %q: tensor<?x2x4x!u8>) -> (tensor<?x1x4xf32>, tensor<?x1x1x!u8n>) {
  // CHECK: quant_hw.mean %{{.*}} {axes = array<i64: 1>} : tensor<?x2x4xf32> -> tensor<?x1x4xf32>
  %1 = quant_hw.mean %x {axes = array<i64: 1>} : tensor<?x2x4xf32> -> tensor<?x1x4xf32>
  // CHECK: quant_hw.mean %{{.*}} {axes = array<i64: 1, 2>, requant = #quant_hw.requant<kernel = real, scales = [2.500000e-01], lo = 0, hi = 255>} : tensor<?x2x4x!quant.uniform<u8:f32, 5.000000e-02:128>> -> tensor<?x1x1x!quant.uniform<u8:f32, 2.500000e-02>>
  %2 = quant_hw.mean %q {axes = array<i64: 1, 2>, requant = #quant_hw.requant<kernel = real, scales = [0.25], lo = 0, hi = 255>}
    : tensor<?x2x4x!u8> -> tensor<?x1x1x!u8n>
  return %1, %2 : tensor<?x1x4xf32>, tensor<?x1x1x!u8n>
}

// CHECK-LABEL: func.func @prelu(
func.func @prelu(%x: tensor<?x4xf32>, %s: tensor<4xf32>, %q: tensor<?x4x!u8>, %t: tensor<4x!quant.uniform<i8<-127:127>:f32, 0.01>>) -> (tensor<?x4xf32>, tensor<?x4x!u8n>) {
  // CHECK: quant_hw.prelu %{{.*}}, %{{.*}} : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  %1 = quant_hw.prelu %x, %s : (tensor<?x4xf32>, tensor<4xf32>) -> tensor<?x4xf32>
  // CHECK: quant_hw.prelu %{{.*}}, %{{.*}} {negative = #quant_hw.requant<kernel = r1, scales = [1.562500e-02], multipliers = [1073741824], shifts = [36], lo = 0, hi = 255>, positive = #quant_hw.requant<kernel = r1, scales = [2.000000e+00], multipliers = [1073741824], shifts = [29], lo = 0, hi = 255>}
  %2 = quant_hw.prelu %q, %t {positive = #quant_hw.requant<kernel = r1, scales = [2.0], multipliers = [1073741824], shifts = [29], lo = 0, hi = 255>,
      negative = #quant_hw.requant<kernel = r1, scales = [0.015625], multipliers = [1073741824], shifts = [36], lo = 0, hi = 255>}
    : (tensor<?x4x!u8>, tensor<4x!quant.uniform<i8<-127:127>:f32, 0.01>>) -> tensor<?x4x!u8n>
  return %1, %2 : tensor<?x4xf32>, tensor<?x4x!u8n>
}

// Channels with scales and zero points of their own.
!c8 = !quant.uniform<u8:f32:3, {5.000000e-02:128,1.000000e-01:3}>
// CHECK-LABEL: func.func @channels(
func.func @channels(%x: tensor<?x4x4x2xf32>, %w: tensor<2x3x3x2x!quant.uniform<i8:f32, 5.000000e-01>>) -> tensor<?x4x4x2x!c8> {
  // CHECK: quant_hw.observe "x" %{{.*}} range [-1.000000e+00, 1.000000e+00] {channel_ranges = array<f64: -1.000000e+00, 1.000000e+00, 0.000000e+00, 1.000000e-01>} : tensor<?x4x4x2xf32>
  %o = quant_hw.observe "x" %x range [-1.0, 1.0] {channel_ranges = array<f64: -1.0, 1.0, 0.0, 0.1>} : tensor<?x4x4x2xf32>
  // CHECK: %[[Q:.*]] = quant_hw.quantize %{{.*}} form <q4> : tensor<?x4x4x2xf32> -> tensor<?x4x4x2x!quant.uniform<u8:f32:3, {5.000000e-02:128,1.000000e-01:3}>>
  %q = quant_hw.quantize %o form <q4> : tensor<?x4x4x2xf32> -> tensor<?x4x4x2x!c8>
  // CHECK: quant_hw.dequantize %[[Q]] {unit_scale} : tensor<?x4x4x2x!quant.uniform<u8:f32:3, {5.000000e-02:128,1.000000e-01:3}>> -> tensor<?x4x4x2xf32>
  %d = quant_hw.dequantize %q {unit_scale} : tensor<?x4x4x2x!c8> -> tensor<?x4x4x2xf32>
  // CHECK: %[[A:.*]] = quant_hw.conv2d %[[Q]], %{{.*}} raw_input
  %a = quant_hw.conv2d %q, %w {raw_input, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x4x2x!c8>, tensor<2x3x3x2x!quant.uniform<i8:f32, 5.000000e-01>>) -> tensor<?x4x4x2xi32>
  // CHECK: quant_hw.requantize %[[A]] {requant = #quant_hw.requant<kernel = real, quantize_form = q4, scales = [1.000000e+01, 5.000000e+00], lo = 0, hi = 255, zero_points = [128, 3], los = [128, 3], his = [255, 255]>}
  %y = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = real, quantize_form = q4, scales = [10.0, 5.0], lo = 0, hi = 255, zero_points = [128, 3], los = [128, 3], his = [255, 255]>} : tensor<?x4x4x2xi32> -> tensor<?x4x4x2x!c8>
  return %y : tensor<?x4x4x2x!c8>
}

!u2 = !quant.uniform<u8<0:1>:f32, 1.000000e+00>
// CHECK-LABEL: func.func @channel_tables(
func.func @channel_tables(%x: tensor<?x2x!u2>) -> tensor<?x2x!u8> {
  // CHECK: quant_hw.lookup %{{.*}} {channel_axis = 1 : i64, table = array<i32: 0, 1, 2, 3>}
  %0 = quant_hw.lookup %x {table = array<i32: 0, 1, 2, 3>, channel_axis = 1 : i64} : tensor<?x2x!u2> -> tensor<?x2x!u8>
  return %0 : tensor<?x2x!u8>
}
