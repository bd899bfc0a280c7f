// RUN: hwq-opt %s --split-input-file --convert-quant-hw-to-tosa | FileCheck %s

!x = !quant.uniform<i8:f32, 0.5:3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!wc = !quant.uniform<i8<-127:127>:f32:0, {0.25, 0.125}>
!y = !quant.uniform<i8:f32, 0.25:-5>
module attributes {quant_hw.form = "step4"} {
  // The zero point is TOSA's business, so the bias is the model's again: 100 + 3 * (1 + 2).
  // CHECK: module attributes {quant_hw.form = "target"}
  // CHECK-LABEL: func.func @conv2d(
  // CHECK-SAME: %[[X:.*]]: tensor<?x2x2x1xi8> {quant_hw.name = "x", quant_hw.scale = 5.000000e-01 : f64, quant_hw.zero_point = 3 : i64}) -> (tensor<?x2x2x2xi8> {quant_hw.scale = 2.500000e-01 : f64, quant_hw.zero_point = -5 : i64})
  func.func @conv2d(%x: tensor<?x2x2x1x!x> {quant_hw.name = "x"}) -> tensor<?x2x2x2x!y> {
    %w = "tosa.const"() {values = dense<[[[[1], [2]]], [[[-3], [4]]]]> : tensor<2x1x2x1xi8>} : () -> tensor<2x1x2x1x!wc>
    %b = "tosa.const"() {values = dense<[100, -7]> : tensor<2xi32>} : () -> tensor<2xi32>
    // CHECK-DAG: %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1], [2]]], {{\[\[\[}}-3], [4]]]]> : tensor<2x1x2x1xi8>}>
    // CHECK-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<[109, -4]> : tensor<2xi32>}>
    // CHECK-DAG: %[[Z3:.*]] = "tosa.const"() <{values = dense<3> : tensor<1xi8>}>
    // CHECK-DAG: %[[Z0:.*]] = "tosa.const"() <{values = dense<0> : tensor<1xi8>}>
    // CHECK: %[[A:.*]] = tosa.conv2d %[[X]], %[[W]], %[[B]], %[[Z3]], %[[Z0]] {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 1, 0>, stride = array<i64: 1, 1>}
    // CHECK-DAG: %[[M:.*]] = "tosa.const"() <{values = dense<[1073741824, 1717986918]> : tensor<2xi32>}>
    // CHECK-DAG: %[[S:.*]] = "tosa.const"() <{values = dense<[32, 33]> : tensor<2xi8>}>
    // CHECK-DAG: %[[ZI:.*]] = "tosa.const"() <{values = dense<0> : tensor<1xi32>}>
    // CHECK-DAG: %[[ZY:.*]] = "tosa.const"() <{values = dense<-5> : tensor<1xi8>}>
    // CHECK: %[[Y:.*]] = tosa.rescale %[[A]], %[[M]], %[[S]], %[[ZI]], %[[ZY]] {input_unsigned = false, output_unsigned = false, per_channel = true, {{.*}}rounding_mode = SINGLE_ROUND, scale32 = true}
    // A clamp that is not all of the type's is an op.
    // CHECK: %[[C:.*]] = tosa.clamp %[[Y]] {max_val = 127 : i8, min_val = -5 : i8, quant_hw.name = "y", quant_hw.scale = 2.500000e-01 : f64, quant_hw.zero_point = -5 : i64}
    // CHECK: return %[[C]]
    %y = quant_hw.conv2d %x, %w bias %b {raw_input, pad_value = 3 : i32, quant_hw.name = "y", pad = array<i64: 0, 0, 1, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64,
      requant = #quant_hw.requant<kernel = r2, scales = [0.25, 0.2], multipliers = [1073741824, 1717986918], shifts = [32, 33], zero_point = -5, lo = -5, hi = 127>}
      : (tensor<?x2x2x1x!x>, tensor<2x1x2x1x!wc>, tensor<2xi32>) -> tensor<?x2x2x2x!y>
    return %y : tensor<?x2x2x2x!y>
  }

  // The last row and column take no part: TOSA's windows must end where the image ends.
  // CHECK-LABEL: func.func @depthwise(
  // CHECK: %[[V:.*]] = tosa.slice %arg0, {{.*}} : (tensor<?x6x6x2xi8>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<?x5x5x2xi8>
  // CHECK: tosa.depthwise_conv2d %[[V]], {{.*}}pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x5x5x2xi8>, tensor<1x1x2x1xi8>,
  // CHECK: tosa.rescale {{.*}}rounding_mode = DOUBLE_ROUND
  func.func @depthwise(%x: tensor<?x6x6x2x!x>) -> tensor<?x3x3x2x!y> {
    %w = "tosa.const"() {values = dense<[[[[7]]], [[[9]]]]> : tensor<2x1x1x1xi8>} : () -> tensor<2x1x1x1x!w>
    %y = quant_hw.conv2d %x, %w {quant_hw.name = "y", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 2 : i64,
      requant = #quant_hw.requant<kernel = r1, scales = [0.5], multipliers = [1073741824], shifts = [31], zero_point = -5, lo = -128, hi = 127>}
      : (tensor<?x6x6x2x!x>, tensor<2x1x1x1x!w>) -> tensor<?x3x3x2x!y>
    return %y : tensor<?x3x3x2x!y>
  }
}

// -----

// Codes of u8 are those of i8, 128 further up, with their zero points, bounds and constants.
!x = !quant.uniform<u8:f32, 0.5:128>
!y = !quant.uniform<u8:f32, 0.25>
module attributes {quant_hw.form = "step4"} {
  // CHECK-LABEL: func.func @unsigned(
  // CHECK-SAME: tensor<1x2xi8> {quant_hw.scale = 5.000000e-01 : f64, quant_hw.zero_point = 0 : i64}) -> (tensor<1x2xi8> {quant_hw.scale = 2.500000e-01 : f64, quant_hw.zero_point = -128 : i64}, tensor<2x2xi8> {quant_hw.scale = 5.000000e-01 : f64, quant_hw.zero_point = 0 : i64})
  // CHECK: tosa.clamp {{.*}} {max_val = 72 : i8, min_val = -118 : i8
  // CHECK: dense<{{\[\[}}0, -28]]> : tensor<1x2xi8>
  // CHECK: tosa.concat
  // CHECK: "tosa.const"() <{values = dense<-128> : tensor<1xi8>}>
  // CHECK: tosa.rescale {{.*}} : (tensor<1x2xi8>,
  func.func @unsigned(%x: tensor<1x2x!x>) -> (tensor<1x2x!y>, tensor<2x2x!x>) {
    %c = tosa.clamp %x {min_val = 10 : ui8, max_val = 200 : ui8} : (tensor<1x2x!x>) -> tensor<1x2x!x>
    %k = "tosa.const"() {values = dense<[[128, 100]]> : tensor<1x2xui8>} : () -> tensor<1x2x!x>
    %s = tosa.concat %c, %k {axis = 0 : i32} : (tensor<1x2x!x>, tensor<1x2x!x>) -> tensor<2x2x!x>
    %y = quant_hw.requantize %c {requant = #quant_hw.requant<kernel = r2, scales = [2.0], multipliers = [1073741824], shifts = [29], input_zero_point = 128, lo = 0, hi = 255>}
      : tensor<1x2x!x> -> tensor<1x2x!y>
    return %y, %s : tensor<1x2x!y>, tensor<2x2x!x>
  }
}

// -----

!x = !quant.uniform<i8:f32, 0.5:3>
!y = !quant.uniform<i8:f32, 0.25:-5>
!s = !quant.uniform<i8:f32, 0.0078125:2>
module attributes {quant_hw.form = "step4"} {
  // Operands in units of 2^-20 of the common scale: that shift and the operand's multiplier are one rescale.
  // CHECK-LABEL: func.func @add(
  // CHECK: %[[A:.*]] = tosa.rescale %arg0, {{.*}}rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<?x4xi8>, {{.*}} -> tensor<?x4xi32>
  // CHECK: %[[B:.*]] = tosa.rescale %arg1, {{.*}} : (tensor<?x4xi8>, {{.*}} -> tensor<?x4xi32>
  // CHECK: %[[S:.*]] = tosa.add %[[A]], %[[B]] : (tensor<?x4xi32>, tensor<?x4xi32>) -> tensor<?x4xi32>
  // CHECK: %[[Y:.*]] = tosa.rescale %[[S]], {{.*}}quant_hw.name = "y"
  // CHECK: return %[[Y]]
  func.func @add(%a: tensor<?x4x!x>, %b: tensor<?x4x!y>) -> tensor<?x4x!y> {
    %y = quant_hw.add %a, %b {quant_hw.name = "y", variant = #quant_hw.add_variant<snpe>,
      lhs_requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 3, left_shift = 20, lo = -2147483648, hi = 2147483647>,
      rhs_requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], input_zero_point = -5, left_shift = 20, lo = -2147483648, hi = 2147483647>,
      requant = #quant_hw.requant<kernel = r2, scales = [3.814697265625e-06], multipliers = [1073741824], shifts = [48], zero_point = -5, lo = -128, hi = 127>}
      : (tensor<?x4x!x>, tensor<?x4x!y>) -> tensor<?x4x!y>
    return %y : tensor<?x4x!y>
  }

  // CHECK-LABEL: func.func @mul(
  // CHECK: %[[P:.*]] = tosa.mul {{.*}} : (tensor<?x4xi32>, tensor<?x4xi32>, tensor<1xi8>) -> tensor<?x4xi32>
  // CHECK: tosa.rescale %[[P]], {{.*}} -> tensor<?x4xi8>
  func.func @mul(%a: tensor<?x4x!x>, %b: tensor<?x4x!y>) -> tensor<?x4x!y> {
    %y = quant_hw.mul %a, %b {variant = #quant_hw.mul_variant<snpe>,
      requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], zero_point = -5, lo = -128, hi = 127>}
      : (tensor<?x4x!x>, tensor<?x4x!y>) -> tensor<?x4x!y>
    return %y : tensor<?x4x!y>
  }

  // CHECK-LABEL: func.func @avg_pool2d(
  // CHECK: %[[Z:.*]] = "tosa.const"() <{values = dense<3> : tensor<1xi8>}>
  // CHECK: tosa.avg_pool2d %arg0, %[[Z]], %[[Z]] {acc_type = i32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x4x4x2xi8>,
  func.func @avg_pool2d(%x: tensor<?x4x4x2x!x>) -> tensor<?x2x2x2x!x> {
    %y = quant_hw.avg_pool2d %x {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, clamp = array<i64: -128, 127>, quantize_form = #quant_hw.quantize_form<q3>,
      variant = #quant_hw.avg_pool_variant<round_half_away>} : tensor<?x4x4x2x!x> -> tensor<?x2x2x2x!x>
    return %y : tensor<?x2x2x2x!x>
  }

  // CHECK-LABEL: func.func @mean(
  // CHECK: %[[W:.*]] = tosa.rescale %arg0, {{.*}} -> tensor<?x2x3x4xi32>
  // CHECK: %[[R:.*]] = tosa.reduce_sum %[[W]] {axis = 1 : i32} : (tensor<?x2x3x4xi32>) -> tensor<?x1x3x4xi32>
  // CHECK: %[[S:.*]] = tosa.reduce_sum %[[R]] {axis = 2 : i32} : (tensor<?x1x3x4xi32>) -> tensor<?x1x1x4xi32>
  // CHECK: tosa.rescale %[[S]], {{.*}} -> tensor<?x1x1x4xi8>
  func.func @mean(%x: tensor<?x2x3x4x!x>) -> tensor<?x1x1x4x!y> {
    %y = quant_hw.mean %x {axes = array<i64: 1, 2>, requant = #quant_hw.requant<kernel = r2, scales = [0.333333333], multipliers = [1431655764], shifts = [32], zero_point = -5, lo = -128, hi = 127>}
      : tensor<?x2x3x4x!x> -> tensor<?x1x1x4x!y>
    return %y : tensor<?x1x1x4x!y>
  }

  // CHECK-LABEL: func.func @prelu(
  // CHECK: %[[P:.*]] = tosa.rescale %arg0, {{.*}} -> tensor<?x2xi8>
  // CHECK: %[[X:.*]] = tosa.rescale %arg0, {{.*}} -> tensor<?x2xi32>
  // CHECK: "tosa.const"() <{values = dense<{{\[\[}}8, -4]]> : tensor<1x2xi32>}>
  // CHECK: %[[N:.*]] = tosa.rescale {{.*}} : (tensor<?x2xi32>, {{.*}} -> tensor<?x2xi8>
  // CHECK: %[[C:.*]] = tosa.greater_equal %[[X]], {{.*}} -> tensor<?x2xi1>
  // CHECK: tosa.select %[[C]], %[[P]], %[[N]]
  func.func @prelu(%x: tensor<?x2x!x>) -> tensor<?x2x!y> {
    %s = "tosa.const"() {values = dense<[10, -2]> : tensor<2xi8>} : () -> tensor<2x!s>
    %y = quant_hw.prelu %x, %s {
      positive = #quant_hw.requant<kernel = r2, scales = [2.0], multipliers = [1073741824], shifts = [29], zero_point = -5, lo = -128, hi = 127>,
      negative = #quant_hw.requant<kernel = r2, scales = [0.015625], multipliers = [1073741824], shifts = [36], zero_point = -5, lo = -128, hi = 127>}
      : (tensor<?x2x!x>, tensor<2x!s>) -> tensor<?x2x!y>
    return %y : tensor<?x2x!y>
  }

  // CHECK-LABEL: func.func @resize(
  // CHECK: %[[S:.*]] = tosa.resize %arg0, {{.*}}mode = BILINEAR} : (tensor<?x4x4x2xi8>, {{.*}} -> tensor<?x8x8x2xi32>
  // CHECK: "tosa.const"() <{values = dense<34> : tensor<1xi8>}>
  // CHECK: tosa.rescale %[[S]], {{.*}} -> tensor<?x8x8x2xi8>
  func.func @resize(%x: tensor<?x4x4x2x!x>) -> tensor<?x8x8x2x!x> {
    %y = quant_hw.resize_bilinear %x {scale = array<i64: 4, 2, 4, 2>, offset = array<i64: -1, -1>, border = array<i64: 1, 1>, variant = #quant_hw.resize_variant<tosa>}
      : tensor<?x4x4x2x!x> -> tensor<?x8x8x2x!x>
    return %y : tensor<?x8x8x2x!x>
  }

  // Between floats and codes: the code from a guess and a table of thresholds.
  // CHECK-LABEL: func.func @boundary(
  // CHECK: tosa.floor
  // CHECK: tosa.gather
  // CHECK: tosa.greater_equal %arg0, {{.*}} -> tensor<?x2xi1>
  // CHECK: tosa.cast {{.*}}quant_hw.name = "q"{{.*}} -> tensor<?x2xi8>
  // CHECK: tosa.sub {{.*}} -> tensor<?x2xf32>
  // CHECK: tosa.mul {{.*}}quant_hw.name = "d"}
  func.func @boundary(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
    %q = quant_hw.quantize %x form <q3> {quant_hw.name = "q"} : tensor<?x2xf32> -> tensor<?x2x!x>
    %d = quant_hw.dequantize %q {quant_hw.name = "d"} : tensor<?x2x!x> -> tensor<?x2xf32>
    return %d : tensor<?x2xf32>
  }
}
