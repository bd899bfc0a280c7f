// RUN: hwq-opt %s --split-input-file --quant-hw-decompose | FileCheck %s
// What is left is TOSA alone, and runs to the same bits.
// RUN: rm -rf %t && mkdir %t && split-file %S/Inputs/decompose-run.mlir %t
// RUN: hwq-opt %t/float.mlir --quant-hw-decompose -o %t/tosa.mlir
// RUN: not grep 'quant_hw\.[a-z0-9_]* %%' %t/tosa.mlir
// RUN: hwq eval %t/float.mlir --data=%examples/digits/digits_test.npz --mean=4 --std=8 --samples=8 --quiet --dump=%t/float.npz
// RUN: hwq eval %t/tosa.mlir --data=%examples/digits/digits_test.npz --mean=4 --std=8 --samples=8 --quiet --dump=%t/tosa.npz
// RUN: cmp %t/float.npz %t/tosa.npz

// The form goes, the names stay; a window that does not divide the input takes
// less padding at the end, then less input.
// CHECK-LABEL: module {
// CHECK: func.func @conv
// CHECK: %[[X:.*]] = tosa.slice %arg0, {{.*}} -> tensor<?x5x5x1xf32>
// CHECK: tosa.conv2d %[[X]], {{.*}} {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 0, 0, 0>, quant_hw.name = "y", stride = array<i64: 2, 2>}
// CHECK-SAME: -> tensor<?x3x3x2xf32>
module attributes {quant_hw.form = "float"} {
  func.func @conv(%x: tensor<?x6x6x1xf32>, %w: tensor<2x2x1x1xf32>) -> tensor<?x3x3x2xf32> {
    %c = "tosa.const"() {values = dense<[[[[1.0]], [[2.0]]], [[[3.0]], [[4.0]]]]> : tensor<2x2x1x1xf32>} : () -> tensor<2x2x1x1xf32>
    %y = quant_hw.conv2d %x, %c {quant_hw.name = "y", pad = array<i64: 1, 0, 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x6x6x1xf32>, tensor<2x2x1x1xf32>) -> tensor<?x3x3x2xf32>
    return %y : tensor<?x3x3x2xf32>
  }
}

// -----

// CHECK: func.func @depthwise
// CHECK: %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00]]]]> : tensor<1x1x2x2xf32>}>
// CHECK: tosa.depthwise_conv2d %arg0, %[[W]],
module attributes {quant_hw.form = "float"} {
  func.func @depthwise(%x: tensor<?x6x6x2xf32>) -> tensor<?x6x6x4xf32> {
    %c = "tosa.const"() {values = dense<[[[[1.0]]], [[[2.0]]], [[[3.0]]], [[[4.0]]]]> : tensor<4x1x1x1xf32>} : () -> tensor<4x1x1x1xf32>
    %y = quant_hw.conv2d %x, %c {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 2 : i64} : (tensor<?x6x6x2xf32>, tensor<4x1x1x1xf32>) -> tensor<?x6x6x4xf32>
    return %y : tensor<?x6x6x4xf32>
  }
}

// -----

// CHECK: func.func @fully_connected
// CHECK: %[[R:.*]] = tosa.reshape %arg0, {{.*}} -> tensor<1x?x2xf32>
// CHECK: %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[}}1.000000e+00, 3.000000e+00], [2.000000e+00, 4.000000e+00]]]> : tensor<1x2x2xf32>}>
// CHECK: %[[P:.*]] = tosa.matmul %[[R]], %[[W]],
// CHECK: %[[A:.*]] = tosa.add %[[P]],
// CHECK: tosa.reshape %[[A]], {{.*}} {quant_hw.name = "y"} {{.*}} -> tensor<?x2xf32>
module attributes {quant_hw.form = "float"} {
  func.func @fully_connected(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
    %w = "tosa.const"() {values = dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %b = "tosa.const"() {values = dense<[5.0, 6.0]> : tensor<2xf32>} : () -> tensor<2xf32>
    %y = quant_hw.fully_connected %x, %w bias %b {quant_hw.name = "y"} : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
    return %y : tensor<?x2xf32>
  }
}

// -----

// CHECK: func.func @elementwise
// CHECK: %[[E:.*]] = tosa.exp
// CHECK: %[[S:.*]] = tosa.reduce_sum %[[E]] {axis = 1 : i32}
// CHECK: %[[R:.*]] = tosa.reciprocal %[[S]]
// CHECK: tosa.mul %[[E]], %[[R]], {{.*}} {quant_hw.name = "softmax"}
// CHECK: tosa.clamp {{.*}} {max_val = 6.000000e+00 : f32, min_val = 0.000000e+00 : f32}
// CHECK: tosa.mul {{.*}} {quant_hw.name = "hard_swish"}
// CHECK: tosa.add {{.*}} {quant_hw.name = "leaky"}
module attributes {quant_hw.form = "float"} {
  func.func @elementwise(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %a = quant_hw.softmax %x axis 1 {quant_hw.name = "softmax"} : tensor<?x4xf32>
    %b = quant_hw.unary hard_swish %a {quant_hw.name = "hard_swish"} : tensor<?x4xf32>
    %c = quant_hw.unary leaky_relu %b alpha 0.1 {quant_hw.name = "leaky"} : tensor<?x4xf32>
    return %c : tensor<?x4xf32>
  }
}

// -----

// The table's values are those of its codes; what is gathered are steps of 0.5 from -0.5 on.
// CHECK: func.func @table
// CHECK: tosa.identity %{{.*}} {quant_hw.name = "i"}
// CHECK: %[[TWO:.*]] = "tosa.const"() <{values = dense<2.000000e+00> : tensor<1x1xf32>}>
// CHECK: tosa.mul %{{.*}}, %[[TWO]],
// CHECK: tosa.clamp {{.*}} {max_val = 1.000000e+00 : f32, min_val = -1.000000e+00 : f32}
// CHECK: %[[I:.*]] = tosa.cast %{{.*}} : (tensor<1x?xf32>) -> tensor<1x?xi32>
// CHECK: %[[V:.*]] = "tosa.const"() <{values = dense<{{\[\[}}[-2.500000e-01], [5.000000e-01], [7.500000e-01]]]> : tensor<1x3x1xf32>}>
// CHECK: %[[G:.*]] = tosa.gather %[[V]], %[[I]] : {{.*}} -> tensor<1x?x1xf32>
// CHECK: tosa.reshape %[[G]], {{.*}} {quant_hw.name = "t"} : {{.*}} -> tensor<?x4xf32>
module attributes {quant_hw.form = "float"} {
  func.func @table(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %i = quant_hw.unary identity %x {quant_hw.name = "i"} : tensor<?x4xf32>
    %t = quant_hw.unary table %i {input_type = !quant.uniform<i8<-1:1>:f32, 0.5>, output_type = !quant.uniform<u8:f32, 0.25:1>, table = array<i32: 0, 3, 4>, quant_hw.name = "t"} : tensor<?x4xf32>
    return %t : tensor<?x4xf32>
  }
}

// -----

// CHECK: func.func @prelu_and_mean
// CHECK: %[[S:.*]] = "tosa.const"() <{values = dense<{{\[\[\[}}1.000000e-01, -2.000000e-01]]]> : tensor<1x1x2xf32>}>
// CHECK: %[[M:.*]] = tosa.mul %{{.*}}, %[[S]],
// CHECK: tosa.add %{{.*}}, %[[M]] {quant_hw.name = "p"}
// CHECK: %[[A:.*]] = tosa.reduce_sum %{{.*}} {axis = 1 : i32} {{.*}} -> tensor<?x1x2xf32>
// CHECK: %[[B:.*]] = tosa.reduce_sum %[[A]] {axis = 2 : i32} {{.*}} -> tensor<?x1x1xf32>
// CHECK: tosa.mul %[[B]], {{.*}} {quant_hw.name = "m"}
module attributes {quant_hw.form = "float"} {
  func.func @prelu_and_mean(%x: tensor<?x4x2xf32>) -> tensor<?x1x1xf32> {
    %s = "tosa.const"() {values = dense<[0.1, -0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
    %p = quant_hw.prelu %x, %s {quant_hw.name = "p"} : (tensor<?x4x2xf32>, tensor<2xf32>) -> tensor<?x4x2xf32>
    %m = quant_hw.mean %p {quant_hw.name = "m", axes = array<i64: 1, 2>} : tensor<?x4x2xf32> -> tensor<?x1x1xf32>
    return %m : tensor<?x1x1xf32>
  }
}
