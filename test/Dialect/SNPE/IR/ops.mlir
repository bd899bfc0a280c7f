// RUN: hwq-opt %s --verify-roundtrip | FileCheck %s
// RUN: hwq-opt %s | hwq-opt | FileCheck %s
// RUN: hwq-opt %s --emit-bytecode | hwq-opt | FileCheck %s

// The encoding of a tensor is compared with its type bit for bit: a digit less would be
// an error.

!x = !quant.uniform<u8:f32, 0.0078431372549019607:128>
!w = !quant.uniform<u8:f32, 0.0058823529411764705:85>
!w2 = !quant.uniform<u8:f32:0, {0.0058823529411764705:128, 0.0013:128}>
!y = !quant.uniform<u8:f32, 0.0058823529411764705>
!s = !quant.uniform<i8:f32, 0.0123:-5>
#x = #snpe.encoding<bitwidth = 8, min = -1.003921568627451 : f64, max = 0.996078431372549 : f64, scale = 0.00784313725490196 : f64, offset = -128>
#y = #snpe.encoding<bitwidth = 8, min = 0.0 : f64, max = 1.5 : f64, scale = 0.0058823529411764705 : f64, offset = 0>
#s = #snpe.encoding<bitwidth = 8, min = -1.5129 : f64, max = 1.6236 : f64, scale = 0.0123 : f64, offset = -123>

// CHECK-LABEL: func.func @quantize(
func.func @quantize(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK: %[[Q:.*]] = snpe.quantize %{{.*}} {encoding = #snpe.encoding<bitwidth = 8, min = -1.003921568627451 : f64, max = 0.99607843137254903 : f64, scale = 0.0078431372549019607 : f64, offset = -128>, form = #quant_hw.quantize_form<q5>, quant_hw.name = "x"} : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<u8:f32, 0.0078431372549019607:128>>
  %q = snpe.quantize %x {form = #quant_hw.quantize_form<q5>, encoding = #x, quant_hw.name = "x"} : (tensor<?x4xf32>) -> tensor<?x4x!x>
  // CHECK: %[[D:.*]] = snpe.dequantize %[[Q]] {encoding = #snpe.encoding<bitwidth = 8, min = -1.003921568627451 : f64, max = 0.99607843137254903 : f64, scale = 0.0078431372549019607 : f64, offset = -128>} : (tensor<?x4x!quant.uniform<u8:f32, 0.0078431372549019607:128>>) -> tensor<?x4xf32>
  %d = snpe.dequantize %q {encoding = #x} : (tensor<?x4x!x>) -> tensor<?x4xf32>
  // Signed codes: the offset is that of the codes moved to [0, 255].
  // CHECK: snpe.quantize %[[D]] {encoding = #snpe.encoding<bitwidth = 8, min = -1.512900e+00 : f64, max = 1.623600e+00 : f64, scale = 1.230000e-02 : f64, offset = -123>, form = #quant_hw.quantize_form<q1>} : (tensor<?x4xf32>) -> tensor<?x4x!quant.uniform<i8:f32, 1.230000e-02:-5>>
  %s = snpe.quantize %d {form = #quant_hw.quantize_form<q1>, encoding = #s} : (tensor<?x4xf32>) -> tensor<?x4x!s>
  %e = snpe.dequantize %s {encoding = #s} : (tensor<?x4x!s>) -> tensor<?x4xf32>
  return %d, %e : tensor<?x4xf32>, tensor<?x4xf32>
}

// CHECK-LABEL: func.func @conv2d(
func.func @conv2d(%x: tensor<?x3x3x1x!x>, %w: tensor<2x2x2x1x!w>, %w2: tensor<2x2x2x1x!w2>, %b: tensor<2xi32>) {
  // CHECK: snpe.conv2d %{{.*}}, %{{.*}}, %{{.*}} {dilation = array<i64: 1, 1>, encoding = #snpe.encoding<bitwidth = 8, min = 0.000000e+00 : f64, max = 1.500000e+00 : f64, scale = 0.0058823529411764705 : f64, offset = 0>, groups = 1 : i64, pad = array<i64: 0, 1, 0, 1>, pad_value = 128 : i32, requant = #quant_hw.requant<kernel = r2, scales = [0.007843137718737{{[0-9]*}}], multipliers = [1077952640], shifts = [37], lo = 0, hi = 255>, stride = array<i64: 1, 1>}
  // CHECK-SAME: : (tensor<?x3x3x1x!quant.uniform<u8:f32, 0.0078431372549019607:128>>, tensor<2x2x2x1x!quant.uniform<u8:f32, 0.0058823529411764705:85>>, tensor<2xi32>) -> tensor<?x3x3x2x!quant.uniform<u8:f32, 0.0058823529411764705>>
  %0 = snpe.conv2d %x, %w, %b {pad = array<i64: 0, 1, 0, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, encoding = #y,
      requant = #quant_hw.requant<kernel = r2, scales = [0.007843137718737125], multipliers = [1077952640], shifts = [37], lo = 0, hi = 255>}
    : (tensor<?x3x3x1x!x>, tensor<2x2x2x1x!w>, tensor<2xi32>) -> tensor<?x3x3x2x!y>
  // One scale per channel.
  // CHECK: snpe.conv2d {{.*}}scales = [0.007843137718737{{[0-9]*}}, 0.00173333{{[0-9]*}}], multipliers = [1077952640, 1905820235], shifts = [37, 40], {{.*}}, tensor<2x2x2x1x!quant.uniform<u8:f32:0, {0.0058823529411764705:128,1.300000e-03:128}>>,
  %1 = snpe.conv2d %x, %w2, %b {pad = array<i64: 0, 1, 0, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad_value = 128 : i32, encoding = #y,
      requant = #quant_hw.requant<kernel = r2, scales = [0.007843137718737125, 0.001733333406264137], multipliers = [1077952640, 1905820235], shifts = [37, 40], lo = 0, hi = 255>}
    : (tensor<?x3x3x1x!x>, tensor<2x2x2x1x!w2>, tensor<2xi32>) -> tensor<?x3x3x2x!y>
  return
}

// CHECK-LABEL: func.func @fully_connected(
func.func @fully_connected(%x: tensor<?x4x!x>, %w: tensor<2x4x!w>, %b: tensor<2xi32>) -> tensor<?x2x!x> {
  // CHECK: snpe.fully_connected %{{.*}}, %{{.*}}, %{{.*}} {encoding = #snpe.encoding<bitwidth = 8, min = -1.003921568627451 : f64, max = 0.99607843137254903 : f64, scale = 0.0078431372549019607 : f64, offset = -128>, requant = #quant_hw.requant<kernel = r1, scales = [0.0058823530562222{{[0-9]*}}], multipliers = [1616928896], shifts = [38], zero_point = 128, lo = 128, hi = 200>}
  // CHECK-SAME: : (tensor<?x4x!quant.uniform<u8:f32, 0.0078431372549019607:128>>, tensor<2x4x!quant.uniform<u8:f32, 0.0058823529411764705:85>>, tensor<2xi32>) -> tensor<?x2x!quant.uniform<u8:f32, 0.0078431372549019607:128>>
  %0 = snpe.fully_connected %x, %w, %b {encoding = #x,
      requant = #quant_hw.requant<kernel = r1, scales = [0.0058823530562222], multipliers = [1616928896], shifts = [38], zero_point = 128, lo = 128, hi = 200>}
    : (tensor<?x4x!x>, tensor<2x4x!w>, tensor<2xi32>) -> tensor<?x2x!x>
  return %0 : tensor<?x2x!x>
}

// CHECK-LABEL: func.func @eltwise_add(
func.func @eltwise_add(%a: tensor<?x4x!x>, %b: tensor<?x4x!y>) -> tensor<?x4x!x> {
  // CHECK: snpe.eltwise_add %{{.*}}, %{{.*}} {encoding = #snpe.encoding<bitwidth = 8, min = -1.003921568627451 : f64, max = 0.99607843137254903 : f64, scale = 0.0078431372549019607 : f64, offset = -128>,
  // CHECK-SAME: lhs_requant = #quant_hw.requant<kernel = r2, scales = [5.000000e-01], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>,
  // CHECK-SAME: requant = #quant_hw.requant<kernel = r2, scales = [1.9073486328125E-6], multipliers = [1073741824], shifts = [49], zero_point = 128, lo = 0, hi = 255>,
  // CHECK-SAME: rhs_requant = #quant_hw.requant<kernel = r2, scales = [3.750000e-01], multipliers = [1610612736], shifts = [32], left_shift = 20, lo = -2147483648, hi = 2147483647>,
  // CHECK-SAME: variant = #quant_hw.add_variant<tflite>} : (tensor<?x4x!quant.uniform<u8:f32, 0.0078431372549019607:128>>, tensor<?x4x!quant.uniform<u8:f32, 0.0058823529411764705>>) -> tensor<?x4x!quant.uniform<u8:f32, 0.0078431372549019607:128>>
  %0 = snpe.eltwise_add %a, %b {variant = #quant_hw.add_variant<tflite>, encoding = #x,
      lhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = r2, scales = [0.375], multipliers = [1610612736], shifts = [32], left_shift = 20, lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = r2, scales = [1.9073486328125e-06], multipliers = [1073741824], shifts = [49], zero_point = 128, lo = 0, hi = 255>}
    : (tensor<?x4x!x>, tensor<?x4x!y>) -> tensor<?x4x!x>
  return %0 : tensor<?x4x!x>
}

// CHECK-LABEL: func.func @pool_avg2d(
func.func @pool_avg2d(%x: tensor<?x8x8x4x!x>) -> tensor<?x4x4x4x!x> {
  // CHECK: snpe.pool_avg2d %{{.*}} {clamp = array<i64: 128, 255>, encoding = #snpe.encoding<bitwidth = 8, min = -1.003921568627451 : f64, max = 0.99607843137254903 : f64, scale = 0.0078431372549019607 : f64, offset = -128>, kernel = array<i64: 3, 3>, pad = array<i64: 0, 1, 1, 0>, stride = array<i64: 2, 2>, variant = #quant_hw.avg_pool_variant<round_half_away>} : (tensor<?x8x8x4x!quant.uniform<u8:f32, 0.0078431372549019607:128>>) -> tensor<?x4x4x4x!quant.uniform<u8:f32, 0.0078431372549019607:128>>
  %0 = snpe.pool_avg2d %x {kernel = array<i64: 3, 3>, stride = array<i64: 2, 2>, pad = array<i64: 0, 1, 1, 0>, clamp = array<i64: 128, 255>,
      variant = #quant_hw.avg_pool_variant<round_half_away>, encoding = #x} : (tensor<?x8x8x4x!x>) -> tensor<?x4x4x4x!x>
  return %0 : tensor<?x4x4x4x!x>
}

// CHECK-LABEL: func.func @convert(
func.func @convert(%x: tensor<?x4x!x>) -> tensor<?x4x!s> {
  // CHECK: snpe.convert %{{.*}} {encoding = #snpe.encoding<bitwidth = 8, min = -1.512900e+00 : f64, max = 1.623600e+00 : f64, scale = 1.230000e-02 : f64, offset = -123>, requant = #quant_hw.requant<kernel = r2, scales = [0.63765343558043{{[0-9]*}}], multipliers = [1369350326], shifts = [31], input_zero_point = 128, zero_point = -5, lo = -128, hi = 127>} : (tensor<?x4x!quant.uniform<u8:f32, 0.0078431372549019607:128>>) -> tensor<?x4x!quant.uniform<i8:f32, 1.230000e-02:-5>>
  %0 = snpe.convert %x {encoding = #s, requant = #quant_hw.requant<kernel = r2, scales = [0.6376534355804324], multipliers = [1369350326], shifts = [31], input_zero_point = 128, zero_point = -5, lo = -128, hi = 127>}
    : (tensor<?x4x!x>) -> tensor<?x4x!s>
  return %0 : tensor<?x4x!s>
}
