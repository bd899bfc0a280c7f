// RUN: hwq-opt %s --split-input-file --verify-diagnostics --convert-quant-hw-to-snpe | FileCheck %s
// RUN: hwq-opt %S/../../../docs/examples/one-conv.mlir --quantize-for=snpe --emit-bytecode | hwq-opt | FileCheck %s --check-prefix=BYTECODE
// BYTECODE: quant_hw.form = "target"
// BYTECODE: snpe.conv2d

!x = !quant.uniform<u8:f32, 0.5:128>
!y = !quant.uniform<u8:f32, 0.25>
!s = !quant.uniform<i8:f32, 0.5:-5>
// CHECK: module attributes {quant_hw.form = "target"}
module attributes {quant_hw.form = "step4"} {
  // The name goes with the op; min = -128 * 0.5, max = min + 255 * 0.5.
  // CHECK-LABEL: func.func @boundary(
  func.func @boundary(%arg: tensor<?x4xf32> {quant_hw.name = "x"}) -> tensor<?x4xf32> {
    // CHECK-NEXT: %[[Q:.*]] = snpe.quantize %arg0 {encoding = #snpe.encoding<bitwidth = 8, min = -6.400000e+01 : f64, max = 6.350000e+01 : f64, scale = 5.000000e-01 : f64, offset = -128>, form = #quant_hw.quantize_form<q5>, quant_hw.name = "x"}
    // CHECK-NEXT: %[[D:.*]] = snpe.dequantize %[[Q]] {encoding = #snpe.encoding<bitwidth = 8, min = -6.400000e+01 : f64, {{.*}}, offset = -128>, quant_hw.name = "d"}
    // CHECK-NEXT: return %[[D]]
    %q = quant_hw.quantize %arg form <q5> {quant_hw.name = "x"} : tensor<?x4xf32> -> tensor<?x4x!x>
    %d = quant_hw.dequantize %q {quant_hw.name = "d"} : tensor<?x4x!x> -> tensor<?x4xf32>
    return %d : tensor<?x4xf32>
  }

  // CHECK-LABEL: func.func @conv2d(
  func.func @conv2d(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>, %b: tensor<2xi32>) -> tensor<?x3x2x2x!y> {
    // CHECK-NEXT: %[[Y:.*]] = snpe.conv2d %arg0, %arg1, %arg2 {dilation = array<i64: 1, 1>, encoding = #snpe.encoding<bitwidth = 8, min = 0.000000e+00 : f64, max = 6.375000e+01 : f64, scale = 2.500000e-01 : f64, offset = 0>,
    // CHECK-SAME: groups = 1 : i64, pad = array<i64: 1, 0, 0, 0>, pad_value = 128 : i32, quant_hw.name = "y", requant = #quant_hw.requant<kernel = r2, scales = [1.000000e+00], multipliers = [1073741824], shifts = [30], lo = 0, hi = 255>, stride = array<i64: 1, 1>}
    // CHECK-NEXT: return %[[Y]]
    %y = quant_hw.conv2d %x, %w bias %b {raw_input, pad_value = 128 : i32, quant_hw.name = "y", pad = array<i64: 1, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64,
      requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], lo = 0, hi = 255>} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>, tensor<2xi32>) -> tensor<?x3x2x2x!y>
    return %y : tensor<?x3x2x2x!y>
  }

  // SNPE's layers always have a bias.
  // CHECK-LABEL: func.func @conv2d_without_bias(
  func.func @conv2d_without_bias(%x: tensor<?x2x2x2x!x>, %w: tensor<2x1x1x1x!quant.uniform<u8:f32:0, {0.5:128, 0.25:128}>>) -> tensor<?x2x2x2x!y> {
    // CHECK-NEXT: %[[B:.*]] = "tosa.const"() <{values = dense<0> : tensor<2xi32>}> : () -> tensor<2xi32>
    // CHECK-NEXT: snpe.conv2d %arg0, %arg1, %[[B]] {{.*}}groups = 2 : i64, {{.*}}scales = [1.000000e+00, 5.000000e-01]
    %y = quant_hw.conv2d %x, %w {raw_input, pad_value = 128 : i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 2 : i64,
      requant = #quant_hw.requant<kernel = r2, scales = [1.0, 0.5], multipliers = [1073741824, 1073741824], shifts = [30, 31], lo = 0, hi = 255>} : (tensor<?x2x2x2x!x>, tensor<2x1x1x1x!quant.uniform<u8:f32:0, {0.5:128, 0.25:128}>>) -> tensor<?x2x2x2x!y>
    return %y : tensor<?x2x2x2x!y>
  }

  // CHECK-LABEL: func.func @fully_connected(
  func.func @fully_connected(%x: tensor<?x4x!x>, %w: tensor<2x4x!x>, %b: tensor<2xi32>) -> (tensor<?x2x!s>, tensor<?x2x!s>) {
    // Signed codes: the offset is that of the unsigned ones, -128 + 5.
    // CHECK-NEXT: %[[Y:.*]] = snpe.fully_connected %arg0, %arg1, %arg2 {encoding = #snpe.encoding<bitwidth = 8, min = -6.150000e+01 : f64, max = 6.600000e+01 : f64, scale = 5.000000e-01 : f64, offset = -123>, quant_hw.name = "y", requant = {{.*}}zero_point = -5, lo = -128, hi = 127>}
    // CHECK-NEXT: %[[B:.*]] = "tosa.const"() <{values = dense<0> : tensor<2xi32>}>
    // CHECK-NEXT: %[[Z:.*]] = snpe.fully_connected %arg0, %arg1, %[[B]] {{.*}}quant_hw.name = "z"
    // CHECK-NEXT: return %[[Y]], %[[Z]]
    %y = quant_hw.fully_connected %x, %w bias %b {raw_input, quant_hw.name = "y",
      requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], zero_point = -5, lo = -128, hi = 127>} : (tensor<?x4x!x>, tensor<2x4x!x>, tensor<2xi32>) -> tensor<?x2x!s>
    %z = quant_hw.fully_connected %x, %w {raw_input, quant_hw.name = "z",
      requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], zero_point = -5, lo = -128, hi = 127>} : (tensor<?x4x!x>, tensor<2x4x!x>) -> tensor<?x2x!s>
    return %y, %z : tensor<?x2x!s>, tensor<?x2x!s>
  }

  // CHECK-LABEL: func.func @add(
  func.func @add(%a: tensor<?x4x!x>, %b: tensor<?x4x!y>) -> tensor<?x4x!x> {
    // CHECK-NEXT: %[[Y:.*]] = snpe.eltwise_add %arg0, %arg1 {encoding = {{.*}}offset = -128>, lhs_requant = {{.*}}scales = [5.000000e-01], {{.*}}input_zero_point = 128, left_shift = 20, {{.*}}quant_hw.name = "y", requant = {{.*}}shifts = [49], zero_point = 128, {{.*}}, rhs_requant = {{.*}}scales = [2.500000e-01], {{.*}}variant = #quant_hw.add_variant<tflite>}
    // CHECK-NEXT: return %[[Y]]
    %y = quant_hw.add %a, %b {quant_hw.name = "y", variant = #quant_hw.add_variant<tflite>,
      lhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 128, left_shift = 20, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], left_shift = 20, lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = r2, scales = [1.9073486328125e-06], multipliers = [1073741824], shifts = [49], zero_point = 128, lo = 0, hi = 255>}
      : (tensor<?x4x!x>, tensor<?x4x!y>) -> tensor<?x4x!x>
    return %y : tensor<?x4x!x>
  }

  // Max pooling and movement stay TOSA ops.
  // CHECK-LABEL: func.func @pools(
  func.func @pools(%x: tensor<?x4x4x1x!x>) -> tensor<?x1x1x1x!x> {
    // CHECK-NEXT: %[[M:.*]] = tosa.max_pool2d %arg0
    // CHECK-NEXT: %[[A:.*]] = snpe.pool_avg2d %[[M]] {clamp = array<i64: 128, 255>, encoding = {{.*}}offset = -128>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "y", stride = array<i64: 1, 1>, variant = #quant_hw.avg_pool_variant<round_half_away>}
    // CHECK-NEXT: return %[[A]]
    %m = tosa.max_pool2d %x {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x4x4x1x!x>) -> tensor<?x2x2x1x!x>
    %a = quant_hw.avg_pool2d %m {quant_hw.name = "y", kernel = array<i64: 2, 2>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q5>,
      variant = #quant_hw.avg_pool_variant<round_half_away>, clamp = array<i64: 128, 255>} : tensor<?x2x2x1x!x> -> tensor<?x1x1x1x!x>
    return %a : tensor<?x1x1x1x!x>
  }

  // CHECK-LABEL: func.func @requantize(
  func.func @requantize(%x: tensor<?x4x!x>) -> tensor<?x4x!y> {
    // CHECK-NEXT: %[[Y:.*]] = snpe.convert %arg0 {encoding = {{.*}}offset = 0>, quant_hw.name = "y", requant = {{.*}}input_zero_point = 128, lo = 0, hi = 255>}
    // CHECK-NEXT: return %[[Y]]
    %y = quant_hw.requantize %x {quant_hw.name = "y", requant = #quant_hw.requant<kernel = r2, scales = [2.0], multipliers = [1073741824], shifts = [29], input_zero_point = 128, lo = 0, hi = 255>}
      : tensor<?x4x!x> -> tensor<?x4x!y>
    return %y : tensor<?x4x!y>
  }

  // What stayed float is not touched, nor is the quantized and dequantized weight of
  // such an op, per channel, for which there is no layer.
  // CHECK-LABEL: func.func @stays_float(
  func.func @stays_float(%x: tensor<?x4xf32>, %w: tensor<2x4xf32>) -> tensor<?x2xf32> {
    // CHECK-NEXT: %[[S:.*]] = quant_hw.softmax %arg0 axis 1
    // CHECK-NEXT: %[[Q:.*]] = quant_hw.quantize %arg1
    // CHECK-NEXT: %[[D:.*]] = quant_hw.dequantize %[[Q]]
    // CHECK-NEXT: quant_hw.fully_connected %[[S]], %[[D]] : {{.*}} -> tensor<?x2xf32>
    %s = quant_hw.softmax %x axis 1 : tensor<?x4xf32>
    %q = quant_hw.quantize %w form <q5> : tensor<2x4xf32> -> tensor<2x4x!quant.uniform<u8:f32:0, {0.5:128, 0.25:128}>>
    %d = quant_hw.dequantize %q : tensor<2x4x!quant.uniform<u8:f32:0, {0.5:128, 0.25:128}>> -> tensor<2x4xf32>
    %y = quant_hw.fully_connected %s, %d : (tensor<?x4xf32>, tensor<2x4xf32>) -> tensor<?x2xf32>
    return %y : tensor<?x2xf32>
  }
}

// -----

// expected-error @below {{'convert-quant-hw-to-snpe' expects a program of form 'step4', got 'step3'}}
module attributes {quant_hw.form = "step3"} {}

// -----

// expected-error @below {{'convert-quant-hw-to-snpe' expects a program of form 'step4', got 'float'}}
module {}

// -----

// An accumulator with two readers has no requantization of its own.
!x = !quant.uniform<u8:f32, 0.5:128>
module attributes {quant_hw.form = "step4"} {
  func.func @accumulator(%x: tensor<?x2x2x1x!x>, %w: tensor<2x1x1x1x!x>) -> tensor<?x2x2x2x!x> {
    %a = quant_hw.conv2d %x, %w {raw_input, pad_value = 128 : i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x2x1x!x>, tensor<2x1x1x1x!x>) -> tensor<?x2x2x2xi32>
    // expected-error @below {{'quant_hw.requantize' of 'y' (of accumulators) has no counterpart in SNPE, got the kernel r2}}
    %y = quant_hw.requantize %a {quant_hw.name = "y", requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>} : tensor<?x2x2x2xi32> -> tensor<?x2x2x2x!x>
    return %y : tensor<?x2x2x2x!x>
  }
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
module attributes {quant_hw.form = "step4"} {
  func.func @zero_point_not_folded(%x: tensor<?x4x!x>, %w: tensor<2x4x!x>) -> tensor<?x2x!x> {
    // expected-error @below {{'quant_hw.fully_connected' of 'y' has no counterpart in SNPE, expected 'raw_input' to be unit, got none}}
    %y = quant_hw.fully_connected %x, %w {quant_hw.name = "y", requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 128, lo = 0, hi = 255>} : (tensor<?x4x!x>, tensor<2x4x!x>) -> tensor<?x2x!x>
    return %y : tensor<?x2x!x>
  }
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
#in = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, lo = -2147483648, hi = 2147483647>
module attributes {quant_hw.form = "step4"} {
  func.func @real_add(%a: tensor<?x4x!x>, %b: tensor<?x4x!x>) -> tensor<?x4x!x> {
    // expected-error @below {{'quant_hw.add' of 'y' has no counterpart in SNPE, got the kernel real}}
    %y = quant_hw.add %a, %b {quant_hw.name = "y", lhs_requant = #in, rhs_requant = #in, requant = #quant_hw.requant<kernel = real, scales = [1.0], zero_point = 128, lo = 0, hi = 255>} : (tensor<?x4x!x>, tensor<?x4x!x>) -> tensor<?x4x!x>
    return %y : tensor<?x4x!x>
  }
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
module attributes {quant_hw.form = "step4"} {
  func.func @real_average(%x: tensor<?x2x2x1x!x>) -> tensor<?x1x1x1x!x> {
    // expected-error @below {{'quant_hw.avg_pool2d' of 'y' has no counterpart in SNPE}}
    %y = quant_hw.avg_pool2d %x {quant_hw.name = "y", kernel = array<i64: 2, 2>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, quantize_form = #quant_hw.quantize_form<q5>, clamp = array<i64: 0, 255>} : tensor<?x2x2x1x!x> -> tensor<?x1x1x1x!x>
    return %y : tensor<?x1x1x1x!x>
  }
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
module attributes {quant_hw.form = "step4"} {
  func.func @real_requantize(%x: tensor<?x4x!x>) -> tensor<?x4x!x> {
    // expected-error @below {{'quant_hw.requantize' of 'y' (of codes) has no counterpart in SNPE, got the kernel}}
    %y = quant_hw.requantize %x {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, scales = [0.5], input_zero_point = 128, zero_point = 128, lo = 0, hi = 255>} : tensor<?x4x!x> -> tensor<?x4x!x>
    return %y : tensor<?x4x!x>
  }
}

// -----

module attributes {quant_hw.form = "step4"} {
  func.func @codes_of_four_bits(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    // expected-error @below {{tensor 'x' has no counterpart in SNPE, expected codes of 8 bits, got '!quant.uniform<u4:f32, 5.000000e-01:8>'}}
    %q = quant_hw.quantize %x form <q5> {quant_hw.name = "x"} : tensor<?x4xf32> -> tensor<?x4x!quant.uniform<u4:f32, 0.5:8>>
    %d = quant_hw.dequantize %q : tensor<?x4x!quant.uniform<u4:f32, 0.5:8>> -> tensor<?x4xf32>
    return %d : tensor<?x4xf32>
  }
}

// -----

// Four bits of a wider storage: the encoding would say eight.
module attributes {quant_hw.form = "step4"} {
  func.func @grid_of_four_bits(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    // expected-error @below {{tensor 'x' has no counterpart in SNPE, expected codes of 8 bits, got '!quant.uniform<u8<0:15>:f32, 5.000000e-01:8>'}}
    %q = quant_hw.quantize %x form <q5> {quant_hw.name = "x"} : tensor<?x4xf32> -> tensor<?x4x!quant.uniform<u8<0:15>:f32, 0.5:8>>
    %d = quant_hw.dequantize %q : tensor<?x4x!quant.uniform<u8<0:15>:f32, 0.5:8>> -> tensor<?x4xf32>
    return %d : tensor<?x4xf32>
  }
}
