// RUN: hwq-opt %s --quant-hw-import-quantized --split-input-file | FileCheck %s --enable-var-scope

// A convolution per channel: the rescale is its requantization. A clamp behind it is its activation function, in real
// numbers; what the grid clamps anyway is none.
!x = !quant.uniform<i8:f32, 0.5:3>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.25, 0.125}>
!y = !quant.uniform<i8:f32, 0.0625:-5>
// CHECK: module attributes {quant_hw.form = "calibrated"}
// CHECK-LABEL: func.func @main(
// CHECK-SAME: %[[ARG:.*]]: tensor<?x2x2x1xf32> {quant_hw.name = "x"}) -> tensor<?x1x1x2xf32>
// CHECK-NEXT: %[[X:.*]] = quant_hw.observe "x" %[[ARG]] range [-6.550000e+01, 6.200000e+01] method "imported" {quant_hw.model_parameters = !quant.uniform<i8:f32, 5.000000e-01:3>}
// CHECK-NEXT: %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}2.500000e-01], [5.000000e-01]], {{\[\[}}-2.500000e-01], [0.000000e+00]]], {{\[\[\[}}1.250000e-01], [1.250000e-01]], {{\[\[}}1.250000e-01], [-1.587500e+01]]]]> : tensor<2x2x2x1xf32>}> {quant_hw.model_parameters = !quant.uniform<i8<-127:127>:f32:0, {2.500000e-01,1.250000e-01}>}
// CHECK-NEXT: %[[B:.*]] = "tosa.const"() <{values = dense<[1.250000e+00, -6.250000e-01]> : tensor<2xf32>}> {quant_hw.model_parameters = !quant.uniform<i32:f32:0, {1.250000e-01,6.250000e-02}>}
// CHECK-NEXT: %[[C:.*]] = quant_hw.conv2d %[[X]], %[[W]] bias %[[B]] {{.*}}groups = 1 : i64, pad = array<i64: 0, 0, 0, 0>
// CHECK-NEXT: %[[R:.*]] = tosa.clamp %[[C]] {max_val = 3.40282347E+38 : f32, min_val = 0.000000e+00 : f32, quant_hw.name = "y"}
// CHECK-NEXT: %[[Y:.*]] = quant_hw.observe "y" %[[R]] {{.*}}!quant.uniform<i8:f32, 6.250000e-02:-5>
// CHECK-NEXT: return %[[Y]] : tensor<?x1x1x2xf32>
func.func @main(%x: tensor<?x2x2x1x!x> {quant_hw.name = "x"}) -> tensor<?x1x1x2x!y> {
  %w = "tosa.const"() <{values = dense<[[[[1], [2]], [[-1], [0]]], [[[1], [1]], [[1], [-127]]]]> : tensor<2x2x2x1xi8>}> : () -> tensor<2x2x2x1x!w>
  %b = "tosa.const"() <{values = dense<[10, -10]> : tensor<2xi32>}> : () -> tensor<2xi32>
  %xz = "tosa.const"() <{values = dense<3> : tensor<1xi8>}> : () -> tensor<1xi8>
  %wz = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %c = tosa.conv2d %x, %w, %b, %xz, %wz {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<?x2x2x1x!x>, tensor<2x2x2x1x!w>, tensor<2xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<?x1x1x2xi32>
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<2xi32>}> : () -> tensor<2xi32>
  %s = "tosa.const"() <{values = dense<[29, 30]> : tensor<2xi8>}> : () -> tensor<2xi8>
  %az = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %yz = "tosa.const"() <{values = dense<-5> : tensor<1xi8>}> : () -> tensor<1xi8>
  %y = tosa.rescale %c, %m, %s, %az, %yz {input_unsigned = false, output_unsigned = false, per_channel = true, rounding_mode = DOUBLE_ROUND, scale32 = true, quant_hw.name = "y"} : (tensor<?x1x1x2xi32>, tensor<2xi32>, tensor<2xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<?x1x1x2x!y>
  %relu = tosa.clamp %y {max_val = 127 : i8, min_val = -5 : i8} : (tensor<?x1x1x2x!y>) -> tensor<?x1x1x2x!y>
  %none = tosa.clamp %relu {max_val = 127 : i8, min_val = -128 : i8} : (tensor<?x1x1x2x!y>) -> tensor<?x1x1x2x!y>
  return %none : tensor<?x1x1x2x!y>
}

// -----

// Weights of depthwise convolutions KH,KW,C,M become C*M,KH,KW,1, their scales with them; u8 codes; one scale.
!x = !quant.uniform<u8:f32, 0.5:200>
!w = !quant.uniform<i8:f32:2, {0.25, 0.125}>
!v = !quant.uniform<i8:f32, 0.25>
// CHECK-LABEL: func.func @depthwise(
// CHECK: quant_hw.observe "x" {{.*}}!quant.uniform<u8:f32, 5.000000e-01:200>
// CHECK: "tosa.const"() <{values = dense<{{.*}}> : tensor<2x2x1x1xf32>}> {quant_hw.model_parameters = !quant.uniform<i8:f32:0, {2.500000e-01,1.250000e-01}>}
// CHECK: quant_hw.conv2d {{.*}} groups = 2 : i64, {{.*}}quant_hw.name = "d"
// CHECK-NEXT: quant_hw.observe "d"
// CHECK: "tosa.const"() {{.*}} tensor<2x2x2x2xf32>}> {quant_hw.model_parameters = !quant.uniform<i8:f32, 2.500000e-01>}
// CHECK: quant_hw.transpose_conv2d {{.*}}output_pad = array<i64: 1, 0>, pad = array<i64: 0, 0, 1, 0>, {{.*}}quant_hw.name = "t"
// CHECK-NEXT: quant_hw.observe "t"
func.func @depthwise(%x: tensor<1x3x3x2x!x> {quant_hw.name = "x"}) -> tensor<1x6x5x2x!x> {
  %w = "tosa.const"() <{values = dense<1> : tensor<2x1x2x1xi8>}> : () -> tensor<2x1x2x1x!w>
  %b = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %xz = "tosa.const"() <{values = dense<200> : tensor<1xui8>}> : () -> tensor<1xui8>
  %wz = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %d = tosa.depthwise_conv2d %x, %w, %b, %xz, %wz {acc_type = i32, pad = array<i64: 1, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<1x3x3x2x!x>, tensor<2x1x2x1x!w>, tensor<1xi32>, tensor<1xui8>, tensor<1xi8>) -> tensor<1x3x3x2xi32>
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<2xi32>}> : () -> tensor<2xi32>
  %s = "tosa.const"() <{values = dense<[32, 33]> : tensor<2xi8>}> : () -> tensor<2xi8>
  %az = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %y = tosa.rescale %d, %m, %s, %az, %xz {input_unsigned = false, output_unsigned = true, per_channel = true, rounding_mode = SINGLE_ROUND, scale32 = true, quant_hw.name = "d"} : (tensor<1x3x3x2xi32>, tensor<2xi32>, tensor<2xi8>, tensor<1xi32>, tensor<1xui8>) -> tensor<1x3x3x2x!x>
  %v = "tosa.const"() <{values = dense<1> : tensor<2x2x2x2xi8>}> : () -> tensor<2x2x2x2x!v>
  %t = tosa.transpose_conv2d %y, %v, %b, %xz, %wz {acc_type = i32, out_pad = array<i64: 0, 1, -1, 0>, stride = array<i64: 2, 2>} : (tensor<1x3x3x2x!x>, tensor<2x2x2x2x!v>, tensor<1xi32>, tensor<1xui8>, tensor<1xi8>) -> tensor<1x7x5x2xi32>
  %m1 = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
  %s1 = "tosa.const"() <{values = dense<32> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z = tosa.rescale %t, %m1, %s1, %az, %xz {input_unsigned = false, output_unsigned = true, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true, quant_hw.name = "t"} : (tensor<1x7x5x2xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xui8>) -> tensor<1x7x5x2x!x>
  %from = tosa.const_shape {values = dense<0> : tensor<4xindex>} : () -> !tosa.shape<4>
  %size = tosa.const_shape {values = dense<[1, 6, 5, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %sl = tosa.slice %z, %from, %size : (tensor<1x7x5x2x!x>, !tosa.shape<4>, !tosa.shape<4>) -> tensor<1x6x5x2x!x>
  return %sl : tensor<1x6x5x2x!x>
}

// -----

// Rescales to i32 bring the operands of a sum to one scale; a product and a mean have their own. Moved codes keep
// their grid.
!a = !quant.uniform<i8:f32, 0.5:1>
!b = !quant.uniform<i8:f32, 0.25:-2>
!y = !quant.uniform<i8:f32, 1.0>
// CHECK-LABEL: func.func @sums(
// CHECK: %[[A:.*]] = quant_hw.observe "a"
// CHECK: %[[B:.*]] = quant_hw.observe "b"
// CHECK-NEXT: %[[SUM:.*]] = tosa.add %[[A]], %[[B]] {quant_hw.name = "sum"}
// CHECK-NEXT: %[[S:.*]] = quant_hw.observe "sum" %[[SUM]] {{.*}}!quant.uniform<i8:f32, 1.000000e+00>
// CHECK: %[[PRODUCT:.*]] = tosa.mul %[[A]], %[[B]], %{{.*}} {quant_hw.name = "product"}
// CHECK-NEXT: quant_hw.observe "product" %[[PRODUCT]]
// CHECK: %[[MEAN:.*]] = quant_hw.mean %[[S]] {{.*}}quant_hw.name = "mean"
// CHECK-NEXT: %[[M:.*]] = quant_hw.observe "mean" %[[MEAN]]
// CHECK: %[[PAD:.*]] = "tosa.const"() <{values = dense<2.000000e+00> : tensor<1xf32>}>
// CHECK-NEXT: tosa.pad %[[M]], %{{.*}}, %[[PAD]]
func.func @sums(%a: tensor<1x4x!a> {quant_hw.name = "a"}, %b: tensor<1x4x!b> {quant_hw.name = "b"}) -> (tensor<1x3x!y>, tensor<1x4x!y>) {
  %one = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
  %s11 = "tosa.const"() <{values = dense<11> : tensor<1xi8>}> : () -> tensor<1xi8>
  %s12 = "tosa.const"() <{values = dense<12> : tensor<1xi8>}> : () -> tensor<1xi8>
  %s30 = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
  %s32 = "tosa.const"() <{values = dense<32> : tensor<1xi8>}> : () -> tensor<1xi8>
  %s33 = "tosa.const"() <{values = dense<33> : tensor<1xi8>}> : () -> tensor<1xi8>
  %s50 = "tosa.const"() <{values = dense<50> : tensor<1xi8>}> : () -> tensor<1xi8>
  %az = "tosa.const"() <{values = dense<1> : tensor<1xi8>}> : () -> tensor<1xi8>
  %bz = "tosa.const"() <{values = dense<-2> : tensor<1xi8>}> : () -> tensor<1xi8>
  %yz = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %a20 = tosa.rescale %a, %one, %s11, %az, %z {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<1x4x!a>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4xi32>
  %b20 = tosa.rescale %b, %one, %s12, %bz, %z {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<1x4x!b>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4xi32>
  %sum = tosa.add %a20, %b20 : (tensor<1x4xi32>, tensor<1x4xi32>) -> tensor<1x4xi32>
  %y = tosa.rescale %sum, %one, %s50, %z, %yz {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true, quant_hw.name = "sum"} : (tensor<1x4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x!y>
  %a0 = tosa.rescale %a, %one, %s30, %az, %z {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<1x4x!a>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4xi32>
  %b0 = tosa.rescale %b, %one, %s30, %bz, %z {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<1x4x!b>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4xi32>
  %p = tosa.mul %a0, %b0, %yz : (tensor<1x4xi32>, tensor<1x4xi32>, tensor<1xi8>) -> tensor<1x4xi32>
  %product = tosa.rescale %p, %one, %s33, %z, %yz {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true, quant_hw.name = "product"} : (tensor<1x4xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x!y>
  %y0 = tosa.rescale %y, %one, %s30, %yz, %z {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<1x4x!y>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x4xi32>
  %r = tosa.reduce_sum %y0 {axis = 1 : i32} : (tensor<1x4xi32>) -> tensor<1x1xi32>
  %mean = tosa.rescale %r, %one, %s32, %z, %yz {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true, quant_hw.name = "mean"} : (tensor<1x1xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x1x!y>
  %two = "tosa.const"() <{values = dense<2> : tensor<1xi8>}> : () -> tensor<1x!y>
  %amounts = tosa.const_shape {values = dense<[0, 0, 1, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %pad = tosa.pad %mean, %amounts, %two : (tensor<1x1x!y>, !tosa.shape<4>, tensor<1x!y>) -> tensor<1x3x!y>
  return %pad, %product : tensor<1x3x!y>, tensor<1x4x!y>
}

// -----

// Casts: floats between quant.dcast and quant.qcast, integers that quant.scast gives a meaning; a constant that is
// quantized here goes to the nearest code, ties to the even one.
!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
// CHECK-LABEL: func.func @casts(
// CHECK-SAME: %[[ARG:.*]]: tensor<1x2xf32> {quant_hw.name = "x"}, %[[F:.*]]: tensor<1x2xf32> {quant_hw.name = "f"}) -> (tensor<1x1x2xf32>, tensor<1x2xf32>)
// CHECK-NEXT: %[[X:.*]] = quant_hw.observe "x" %[[ARG]]
// CHECK: "tosa.const"() <{values = dense<{{\[\[}}0.000000e+00, 5.000000e-01], [-5.000000e-01, 3.175000e+01]]> : tensor<2x2xf32>}> {quant_hw.model_parameters = !quant.uniform<i8<-127:127>:f32, 2.500000e-01>}
// CHECK: %[[FC:.*]] = quant_hw.fully_connected
// CHECK-NEXT: %[[Y:.*]] = quant_hw.observe "y" %[[FC]]
// CHECK-NEXT: %[[G:.*]] = quant_hw.observe "f" %[[F]]
// CHECK-NEXT: return %[[Y]], %[[G]]
func.func @casts(%x: tensor<1x2xi8> {quant_hw.name = "x"}, %f: tensor<1x2xf32> {quant_hw.name = "f"}) -> (tensor<1x1x2xi8>, tensor<1x2xf32>) {
  %q = quant.scast %x : tensor<1x2xi8> to tensor<1x2x!x>
  %d = quant.dcast %q : tensor<1x2x!x> to tensor<1x2xf32>
  %shape = tosa.const_shape {values = dense<[1, 1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %r = tosa.reshape %d, %shape : (tensor<1x2xf32>, !tosa.shape<3>) -> tensor<1x1x2xf32>
  %w = "tosa.const"() <{values = dense<[[[0.125, -0.375], [0.375, 100.0]]]> : tensor<1x2x2xf32>}> : () -> tensor<1x2x2xf32>
  %wq = quant.qcast %w : tensor<1x2x2xf32> to tensor<1x2x2x!w>
  %wd = quant.dcast %wq : tensor<1x2x2x!w> to tensor<1x2x2xf32>
  %z = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %y = tosa.matmul %r, %wd, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x2xf32>
  %yq = quant.qcast %y {quant_hw.name = "y"} : tensor<1x1x2xf32> to tensor<1x1x2x!x>
  %ys = quant.scast %yq : tensor<1x1x2x!x> to tensor<1x1x2xi8>
  %fq = quant.qcast %f {quant_hw.name = "f"} : tensor<1x2xf32> to tensor<1x2x!x>
  %fd = quant.dcast %fq : tensor<1x2x!x> to tensor<1x2xf32>
  return %ys, %fd : tensor<1x1x2xi8>, tensor<1x2xf32>
}

// -----

// Ops on quantized types are those on the real numbers, then quantized. The average of codes is that of numbers.
!x = !quant.uniform<i8:f32, 0.5:-3>
// CHECK-LABEL: func.func @direct(
// CHECK: %[[X:.*]] = quant_hw.observe "x"
// CHECK: %[[ADD:.*]] = tosa.add %[[X]], %[[X]] {quant_hw.name = "add_0"}
// CHECK-NEXT: %[[A:.*]] = quant_hw.observe "add_0" %[[ADD]]
// CHECK: %[[POOL:.*]] = tosa.avg_pool2d %[[A]]
// CHECK-NEXT: %[[P:.*]] = quant_hw.observe "avg_pool2d_0" %[[POOL]]
// CHECK: %[[MAX:.*]] = tosa.max_pool2d %[[P]]
// CHECK-NOT: observe
// CHECK: %[[S:.*]] = tosa.sigmoid %[[MAX]]
// CHECK-NEXT: quant_hw.observe "sigmoid_0" %[[S]] {{.*}}!quant.uniform<i8:f32, 5.000000e-01:-3>
func.func @direct(%x: tensor<1x4x4x1x!x> {quant_hw.name = "x"}) -> tensor<1x1x1x1x!x> {
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %a = tosa.add %x, %x : (tensor<1x4x4x1x!x>, tensor<1x4x4x1x!x>) -> tensor<1x4x4x1x!x>
  %p = tosa.avg_pool2d %a, %z, %z {acc_type = i32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x4x4x1x!x>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x2x2x1x!x>
  %m = tosa.max_pool2d %p {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<1x2x2x1x!x>) -> tensor<1x1x1x1x!x>
  %s = tosa.sigmoid %m : (tensor<1x1x1x1x!x>) -> tensor<1x1x1x1x!x>
  return %s : tensor<1x1x1x1x!x>
}

// -----

// What importers make of f32 inputs and results: a product, casts and a sum; a cast, a difference and a product.
!x = !quant.uniform<i8:f32, 0.5:-3>
// CHECK-LABEL: func.func @floats(
// CHECK-SAME: %[[ARG:.*]]: tensor<2xf32> {quant_hw.name = "input_0"}) -> tensor<2xf32>
// CHECK-NEXT: %[[X:.*]] = quant_hw.observe "cast_0" %[[ARG]] {{.*}}!quant.uniform<i8:f32, 5.000000e-01:-3>
// CHECK-NEXT: return %[[X]]
func.func @floats(%x: tensor<2xf32>) -> tensor<2xf32> {
  %two = "tosa.const"() <{values = dense<2.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %half = "tosa.const"() <{values = dense<0.5> : tensor<1xf32>}> : () -> tensor<1xf32>
  %n = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z = "tosa.const"() <{values = dense<-3> : tensor<1xi32>}> : () -> tensor<1xi32>
  %zf = "tosa.const"() <{values = dense<-3.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %p = tosa.mul %x, %two, %n : (tensor<2xf32>, tensor<1xf32>, tensor<1xi8>) -> tensor<2xf32>
  %i = tosa.cast %p : (tensor<2xf32>) -> tensor<2xi32>
  %a = tosa.add %i, %z : (tensor<2xi32>, tensor<1xi32>) -> tensor<2xi32>
  %q = tosa.cast %a : (tensor<2xi32>) -> tensor<2x!x>
  %f = tosa.cast %q : (tensor<2x!x>) -> tensor<2xf32>
  %d = tosa.sub %f, %zf : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  %y = tosa.mul %d, %half, %n : (tensor<2xf32>, tensor<1xf32>, tensor<1xi8>) -> tensor<2xf32>
  return %y : tensor<2xf32>
}

// -----

// A rescale alone is a requantization, behind an op of its own. Integer ops on one code are a table of what they
// compute, here max(x, x / 4), the quotient rounded up at ties; so is a clamp of a requantization. A table is one.
!x = !quant.uniform<i8<-2:1>:f32, 0.5>
!y = !quant.uniform<i8:f32, 0.25:-4>
!f = !quant.uniform<i8:f32, 0.5>
// CHECK-LABEL: func.func @functions(
// CHECK: %[[X:.*]] = quant_hw.observe "x"
// CHECK-NEXT: %[[I:.*]] = quant_hw.unary identity %[[X]] {quant_hw.name = "alone"}
// CHECK-NEXT: quant_hw.observe "alone" %[[I]] {{.*}}!quant.uniform<i8:f32, 2.500000e-01:-4>
// CHECK-NEXT: %[[L:.*]] = quant_hw.unary table %[[X]] {input_type = !quant.uniform<i8<-2:1>:f32, 5.000000e-01>, output_type = !quant.uniform<i8:f32, 5.000000e-01>, quant_hw.name = "leaky", table = array<i32: 0, 0, 0, 1>}
// CHECK-NEXT: quant_hw.observe "leaky" %[[L]]
// CHECK-NEXT: %[[R:.*]] = quant_hw.unary table %[[X]] {{.*}}quant_hw.name = "relu", table = array<i32: -4, -4, -4, -2>}
// CHECK-NEXT: %[[F:.*]] = quant_hw.observe "relu" %[[R]]
func.func @functions(%x: tensor<2x!x> {quant_hw.name = "x"}) -> (tensor<2x!y>, tensor<2x!f>, tensor<2x!y>) {
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %yz = "tosa.const"() <{values = dense<-4> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
  %twice = "tosa.const"() <{values = dense<29> : tensor<1xi8>}> : () -> tensor<1xi8>
  %once = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
  %quarter = "tosa.const"() <{values = dense<32> : tensor<1xi8>}> : () -> tensor<1xi8>
  %alone = tosa.rescale %x, %m, %twice, %z, %yz {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true, quant_hw.name = "alone"} : (tensor<2x!x>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x!y>
  %i = tosa.rescale %x, %m, %once, %z, %z32 {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2x!x>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<2xi32>
  %q = tosa.rescale %x, %m, %quarter, %z, %z32 {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2x!x>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<2xi32>
  %max = tosa.maximum %i, %q : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  %leaky = tosa.rescale %max, %m, %once, %z32, %z {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true, quant_hw.name = "leaky"} : (tensor<2xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<2x!f>
  %r = tosa.rescale %x, %m, %twice, %z, %yz {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true} : (tensor<2x!x>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x!y>
  %relu = tosa.clamp %r {max_val = 127 : i8, min_val = -4 : i8, quant_hw.name = "relu"} : (tensor<2x!y>) -> tensor<2x!y>
  return %alone, %leaky, %relu : tensor<2x!y>, tensor<2x!f>, tensor<2x!y>
}

// -----

// The larger of two codes, zero points and all; pixels between pixels; a table.
!x = !quant.uniform<i8:f32, 0.5:5>
!y = !quant.uniform<i8:f32, 0.25>
// CHECK-LABEL: func.func @pixels(
// CHECK: %[[M:.*]] = tosa.maximum %{{.*}}, %{{.*}} {quant_hw.name = "max"}
// CHECK-NEXT: %[[MO:.*]] = quant_hw.observe "max" %[[M]] {{.*}}5.000000e-01:5>
// CHECK: %[[R:.*]] = tosa.resize %[[MO]], {{.*}}mode = BILINEAR{{.*}} -> tensor<1x4x4x1xf32>
// CHECK-NEXT: %[[RO:.*]] = quant_hw.observe "resize" %[[R]] {{.*}}5.000000e-01:5>
// CHECK-NEXT: %[[T:.*]] = quant_hw.unary table %[[RO]] {input_type = !quant.uniform<i8:f32, 5.000000e-01:5>, output_type = !quant.uniform<i8:f32, 2.500000e-01>, quant_hw.name = "table", table = array<i32: 7, 7,
// CHECK-NEXT: quant_hw.observe "table" %[[T]]
func.func @pixels(%a: tensor<1x2x2x1x!x> {quant_hw.name = "a"}, %b: tensor<1x2x2x1x!x> {quant_hw.name = "b"}) -> tensor<1x4x4x1x!y> {
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
  %once = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
  %s34 = "tosa.const"() <{values = dense<34> : tensor<1xi8>}> : () -> tensor<1xi8>
  %i = tosa.rescale %a, %m, %once, %z, %z32 {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = DOUBLE_ROUND, scale32 = true} : (tensor<1x2x2x1x!x>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x2x2x1xi32>
  %j = tosa.rescale %b, %m, %once, %z, %z32 {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = DOUBLE_ROUND, scale32 = true} : (tensor<1x2x2x1x!x>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi32>) -> tensor<1x2x2x1xi32>
  %max = tosa.maximum %i, %j : (tensor<1x2x2x1xi32>, tensor<1x2x2x1xi32>) -> tensor<1x2x2x1xi32>
  %q = tosa.rescale %max, %m, %once, %z32, %z {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = DOUBLE_ROUND, scale32 = true, quant_hw.name = "max"} : (tensor<1x2x2x1xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x2x2x1x!x>
  %scale = tosa.const_shape {values = dense<[4, 2, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %offset = tosa.const_shape {values = dense<-1> : tensor<2xindex>} : () -> !tosa.shape<2>
  %border = tosa.const_shape {values = dense<1> : tensor<2xindex>} : () -> !tosa.shape<2>
  %r = tosa.resize %q, %scale, %offset, %border {mode = BILINEAR} : (tensor<1x2x2x1x!x>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<1x4x4x1xi32>
  %rq = tosa.rescale %r, %m, %s34, %z32, %z {input_unsigned = false, output_unsigned = false, per_channel = false, rounding_mode = SINGLE_ROUND, scale32 = true, quant_hw.name = "resize"} : (tensor<1x4x4x1xi32>, tensor<1xi32>, tensor<1xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<1x4x4x1x!x>
  %table = "tosa.const"() <{values = dense<7> : tensor<256xi8>}> : () -> tensor<256xi8>
  %t = tosa.table %rq, %table {quant_hw.name = "table"} : (tensor<1x4x4x1x!x>, tensor<256xi8>) -> tensor<1x4x4x1x!y>
  return %t : tensor<1x4x4x1x!y>
}

// -----

// A convolution of one pixel with a reshaped matrix is a fully connected layer, and a clamp behind it its activation
// function. Reshaped weights have the scales of the constant, whatever axis the type of the result has.
!x = !quant.uniform<i8:f32, 0.5>
!w = !quant.uniform<i8:f32:0, {0.5, 0.25}>
!d = !quant.uniform<i8:f32:3, {0.5, 0.25}>
// CHECK-LABEL: func.func @layers(
// CHECK: "tosa.const"() {{.*}} : tensor<2x1x1x1xf32>}> {quant_hw.model_parameters = !quant.uniform<i8:f32:0, {5.000000e-01,2.500000e-01}>}
// CHECK: %[[D:.*]] = quant_hw.conv2d {{.*}}groups = 2
// CHECK-NEXT: %[[DO:.*]] = quant_hw.observe "depthwise" %[[D]]
// CHECK: %[[ROWS:.*]] = tosa.reshape %[[DO]], {{.*}} -> tensor<?x2xf32>
// CHECK: %[[F:.*]] = quant_hw.fully_connected %[[ROWS]], {{.*}} : {{.*}} -> tensor<?x2xf32>
// CHECK-NEXT: %[[R:.*]] = tosa.clamp %[[F]] {max_val = 3.40282347E+38 : f32, min_val = 0.000000e+00 : f32, quant_hw.name = "layer"}
// CHECK-NEXT: %[[FO:.*]] = quant_hw.observe "layer" %[[R]]
// CHECK: %[[Y:.*]] = tosa.reshape %[[FO]], {{.*}} -> tensor<?x1x1x2xf32>
// CHECK-NEXT: return %[[Y]]
func.func @layers(%x: tensor<?x1x1x2x!x> {quant_hw.name = "x"}) -> tensor<?x1x1x2x!x> {
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z32 = "tosa.const"() <{values = dense<0> : tensor<1xi32>}> : () -> tensor<1xi32>
  %b = "tosa.const"() <{values = dense<1> : tensor<2xi32>}> : () -> tensor<2xi32>
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<2xi32>}> : () -> tensor<2xi32>
  %s = "tosa.const"() <{values = dense<[31, 32]> : tensor<2xi8>}> : () -> tensor<2xi8>
  %d = "tosa.const"() <{values = dense<[[[[1, 2]]]]> : tensor<1x1x1x2xi8>}> : () -> tensor<1x1x1x2x!d>
  %ds = tosa.const_shape {values = dense<[1, 1, 2, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %dr = tosa.reshape %d, %ds : (tensor<1x1x1x2x!d>, !tosa.shape<4>) -> tensor<1x1x2x1x!d>
  %dc = tosa.depthwise_conv2d %x, %dr, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<?x1x1x2x!x>, tensor<1x1x2x1x!d>, tensor<2xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<?x1x1x2xi32>
  %dq = tosa.rescale %dc, %m, %s, %z32, %z {input_unsigned = false, output_unsigned = false, per_channel = true, rounding_mode = DOUBLE_ROUND, scale32 = true, quant_hw.name = "depthwise"} : (tensor<?x1x1x2xi32>, tensor<2xi32>, tensor<2xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<?x1x1x2x!x>
  %w = "tosa.const"() <{values = dense<[[1, 2], [3, 4]]> : tensor<2x2xi8>}> : () -> tensor<2x2x!w>
  %ws = tosa.const_shape {values = dense<[2, 1, 1, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %wr = tosa.reshape %w, %ws : (tensor<2x2x!w>, !tosa.shape<4>) -> tensor<2x1x1x2x!w>
  %c = tosa.conv2d %dq, %wr, %b, %z, %z {acc_type = i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>} : (tensor<?x1x1x2x!x>, tensor<2x1x1x2x!w>, tensor<2xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<?x1x1x2xi32>
  %y = tosa.rescale %c, %m, %s, %z32, %z {input_unsigned = false, output_unsigned = false, per_channel = true, rounding_mode = DOUBLE_ROUND, scale32 = true, quant_hw.name = "layer"} : (tensor<?x1x1x2xi32>, tensor<2xi32>, tensor<2xi8>, tensor<1xi32>, tensor<1xi8>) -> tensor<?x1x1x2x!x>
  %relu = tosa.clamp %y {max_val = 127 : i8, min_val = 0 : i8} : (tensor<?x1x1x2x!x>) -> tensor<?x1x1x2x!x>
  return %relu : tensor<?x1x1x2x!x>
}
