// RUN: hwq-opt %s --split-input-file --verify-diagnostics --quant-hw-recognize | FileCheck %s

// A transpose and a zero pad before a depthwise convolution, relu6 as maximum and minimum.
// CHECK: module attributes {quant_hw.form = "float"}
// CHECK-LABEL: func.func @depthwise(
// CHECK-SAME: quant_hw.name = "input_0"
func.func @depthwise(%x: tensor<1x2x4x4xf32>) -> tensor<1x4x4x2xf32> {
  %w = "tosa.const"() {values = dense<[[[[1.0], [2.0]]], [[[3.0], [4.0]]]]> : tensor<2x1x2x1xf32>} : () -> tensor<2x1x2x1xf32>
  %b = "tosa.const"() {values = dense<[0.5, 1.5]> : tensor<2xf32>} : () -> tensor<2xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %six = "tosa.const"() {values = dense<6.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %zero = "tosa.const"() {values = dense<0.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %p = tosa.const_shape {values = dense<[0, 0, 0, 0, 1, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  // CHECK: %[[T:.*]] = tosa.transpose %arg0
  // CHECK: %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.000000e+00]], {{\[\[}}3.000000e+00]]], {{\[\[\[}}2.000000e+00]], {{\[\[}}4.000000e+00]]]]> : tensor<2x2x1x1xf32>}>
  // CHECK: %[[C:.*]] = quant_hw.conv2d %[[T]], %[[W]] bias %{{.*}} {dilation = array<i64: 1, 1>, groups = 2 : i64, pad = array<i64: 1, 0, 0, 0>
  // CHECK: tosa.clamp %[[C]] {max_val = 6.000000e+00 : f32, min_val = 0.000000e+00 : f32
  // CHECK-NEXT: return
  %0 = tosa.pad %x, %p, %z : (tensor<1x2x4x4xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x2x5x4xf32>
  %1 = tosa.transpose %0 {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x5x4xf32>) -> tensor<1x5x4x2xf32>
  %2 = tosa.depthwise_conv2d %1, %w, %b, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x5x4x2xf32>, tensor<2x1x2x1xf32>, tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x4x4x2xf32>
  %3 = tosa.maximum %2, %zero : (tensor<1x4x4x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x4x4x2xf32>
  %4 = tosa.minimum %3, %six : (tensor<1x4x4x2xf32>, tensor<1x1x1x1xf32>) -> tensor<1x4x4x2xf32>
  return %4 : tensor<1x4x4x2xf32>
}

// Weights 1,K,N become N,K; the constant added behind the reshape is the bias.
// CHECK-LABEL: func.func @matmul(
func.func @matmul(%x: tensor<1x1x2xf32>) -> tensor<1x3xf32> {
  %w = "tosa.const"() {values = dense<[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]> : tensor<1x2x3xf32>} : () -> tensor<1x2x3xf32>
  %b = "tosa.const"() {values = dense<[[7.0, 8.0, 9.0]]> : tensor<1x3xf32>} : () -> tensor<1x3xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %s = tosa.const_shape {values = dense<[1, 3]> : tensor<2xindex>} : () -> !tosa.shape<2>
  // CHECK-DAG: %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[}}1.000000e+00, 4.000000e+00], [2.000000e+00, 5.000000e+00], [3.000000e+00, 6.000000e+00]]> : tensor<3x2xf32>}>
  // CHECK-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<[7.000000e+00, 8.000000e+00, 9.000000e+00]> : tensor<3xf32>}>
  // CHECK: %[[Y:.*]] = quant_hw.fully_connected %arg0, %[[W]] bias %[[B]]
  // CHECK: %[[R:.*]] = tosa.reshape %[[Y]]
  // CHECK-NEXT: return %[[R]]
  %0 = tosa.matmul %x, %w, %z, %z : (tensor<1x1x2xf32>, tensor<1x2x3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x1x3xf32>
  %1 = tosa.reshape %0, %s : (tensor<1x1x3xf32>, !tosa.shape<2>) -> tensor<1x3xf32>
  %2 = tosa.add %1, %b : (tensor<1x3xf32>, tensor<1x3xf32>) -> tensor<1x3xf32>
  return %2 : tensor<1x3xf32>
}

// -----

// The convolution itself: a zero bias is none, another one is taken as it is; the pad
// before it and the addition behind it are its own.
// CHECK-LABEL: func.func @conv2d(
func.func @conv2d(%x: tensor<?x4x4x2xf32>) -> (tensor<?x4x4x3xf32>, tensor<?x2x2x3xf32>) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<3x3x3x2xf32>} : () -> tensor<3x3x3x2xf32>
  %b0 = "tosa.const"() {values = dense<0.0> : tensor<3xf32>} : () -> tensor<3xf32>
  %b1 = "tosa.const"() {values = dense<[1.0, 2.0, 3.0]> : tensor<3xf32>} : () -> tensor<3xf32>
  %h = "tosa.const"() {values = dense<[[[[4.0, 5.0, 6.0]]]]> : tensor<1x1x1x3xf32>} : () -> tensor<1x1x1x3xf32>
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %p = tosa.const_shape {values = dense<[0, 0, 1, 1, 1, 1, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  // CHECK: %[[B:.*]] = "tosa.const"() <{values = dense<[1.000000e+00, 2.000000e+00, 3.000000e+00]>
  // CHECK: %[[H:.*]] = "tosa.const"() <{values = dense<[4.000000e+00, 5.000000e+00, 6.000000e+00]> : tensor<3xf32>}>
  // CHECK: %[[C:.*]] = quant_hw.conv2d %arg0, %{{.*}} bias %[[H]] {dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 1, 1, 1, 1>, quant_hw.name = "biased", stride = array<i64: 1, 1>}
  // CHECK-NOT: tosa.add
  // CHECK: %[[D:.*]] = quant_hw.conv2d %arg0, %{{.*}} bias %[[B]] {dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 0, 1, 0, 1>, quant_hw.name = "conv2d_{{[0-9]}}", stride = array<i64: 2, 2>}
  // CHECK-NEXT: return %[[C]], %[[D]]
  %0 = tosa.pad %x, %p, %z : (tensor<?x4x4x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<?x6x6x2xf32>
  %1 = tosa.conv2d %0, %w, %b0, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x6x6x2xf32>, tensor<3x3x3x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x4x4x3xf32>
  %2 = tosa.add %1, %h {quant_hw.name = "biased"} : (tensor<?x4x4x3xf32>, tensor<1x1x1x3xf32>) -> tensor<?x4x4x3xf32>
  %3 = tosa.conv2d %x, %w, %b1, %z, %z {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 1, 0, 1>, stride = array<i64: 2, 2>} : (tensor<?x4x4x2xf32>, tensor<3x3x3x2xf32>, tensor<3xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x2x2x3xf32>
  return %2, %3 : tensor<?x4x4x3xf32>, tensor<?x2x2x3xf32>
}

// -----

// What stays: weights that are no constant, a pad that is not zero or not of height
// and width.
// CHECK-LABEL: func.func @stays(
func.func @stays(%x: tensor<1x2x2x1xf32>, %v: tensor<1x1x1x1xf32>) -> (tensor<1x2x2x1xf32>, tensor<1x3x2x1xf32>, tensor<2x2x2x1xf32>) {
  %w = "tosa.const"() {values = dense<0.5> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %b = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %one = "tosa.const"() {values = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %top = tosa.const_shape {values = dense<[0, 0, 1, 0, 0, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  %batch = tosa.const_shape {values = dense<[1, 0, 0, 0, 0, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  // CHECK: tosa.conv2d %arg0, %arg1
  // CHECK: %[[P:.*]] = tosa.pad %arg0
  // CHECK-NEXT: quant_hw.conv2d %[[P]],
  // CHECK-NEXT: %[[Q:.*]] = tosa.pad %arg0
  // CHECK-NEXT: quant_hw.conv2d %[[Q]],
  %0 = tosa.conv2d %x, %v, %b, %b, %b {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x2x2x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x2x2x1xf32>
  %p = tosa.pad %x, %top, %one : (tensor<1x2x2x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x3x2x1xf32>
  %1 = tosa.conv2d %p, %w, %b, %b, %b {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<1x3x2x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x3x2x1xf32>
  %q = tosa.pad %x, %batch, %b : (tensor<1x2x2x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<2x2x2x1xf32>
  %2 = tosa.conv2d %q, %w, %b, %b, %b {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<2x2x2x1xf32>, tensor<1x1x1x1xf32>, tensor<1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2x2x2x1xf32>
  return %0, %1, %2 : tensor<1x2x2x1xf32>, tensor<1x3x2x1xf32>, tensor<2x2x2x1xf32>
}

// -----

// Two clamps are one: clamp(clamp(x, -1, 6), 0, 8) is clamp(x, 0, 6), and one that lies
// outside of the other is a constant. A maximum of two activations is none.
// CHECK-LABEL: func.func @clamps(
func.func @clamps(%x: tensor<?x2xf32>, %y: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>) {
  %three = "tosa.const"() {values = dense<3.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
  // CHECK: %[[A:.*]] = tosa.clamp %arg0 {max_val = 6.000000e+00 : f32, min_val = 0.000000e+00 : f32, quant_hw.name = "both"}
  // CHECK: %[[B:.*]] = tosa.clamp %arg0 {max_val = 3.000000e+00 : f32, min_val = 3.000000e+00 : f32,
  // CHECK: %[[C:.*]] = tosa.maximum %arg0, %arg1
  // CHECK: return %[[A]], %[[B]], %[[C]]
  %0 = tosa.clamp %x {min_val = -1.0 : f32, max_val = 6.0 : f32} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %1 = tosa.clamp %0 {min_val = 0.0 : f32, max_val = 8.0 : f32, quant_hw.name = "both"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %2 = tosa.clamp %x {min_val = 0.0 : f32, max_val = 2.0 : f32} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %3 = tosa.maximum %three, %2 : (tensor<1x1xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  %4 = tosa.maximum %x, %y : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
  return %1, %3, %4 : tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>
}

// -----

// With and without the maximum subtracted; a sum of something else is no softmax.
// CHECK-LABEL: func.func @softmax(
func.func @softmax(%x: tensor<?x2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>) {
  %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  // CHECK: %[[A:.*]] = quant_hw.softmax %arg0 axis 1 {quant_hw.name = "probabilities"}
  // CHECK: %[[B:.*]] = quant_hw.softmax %arg0 axis 1
  // CHECK: %[[C:.*]] = tosa.mul
  // CHECK: return %[[A]], %[[B]], %[[C]]
  %m = tosa.reduce_max %x {axis = 1 : i32} : (tensor<?x2xf32>) -> tensor<?x1xf32>
  %d = tosa.sub %x, %m : (tensor<?x2xf32>, tensor<?x1xf32>) -> tensor<?x2xf32>
  %e = tosa.exp %d : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %n = tosa.reduce_sum %e {axis = 1 : i32} : (tensor<?x2xf32>) -> tensor<?x1xf32>
  %r = tosa.reciprocal %n : (tensor<?x1xf32>) -> tensor<?x1xf32>
  %0 = tosa.mul %r, %e, %s {quant_hw.name = "probabilities"} : (tensor<?x1xf32>, tensor<?x2xf32>, tensor<1xi8>) -> tensor<?x2xf32>
  %f = tosa.exp %x : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %o = tosa.reduce_sum %f {axis = 1 : i32} : (tensor<?x2xf32>) -> tensor<?x1xf32>
  %q = tosa.reciprocal %o : (tensor<?x1xf32>) -> tensor<?x1xf32>
  %1 = tosa.mul %f, %q, %s : (tensor<?x2xf32>, tensor<?x1xf32>, tensor<1xi8>) -> tensor<?x2xf32>
  %2 = tosa.mul %f, %r, %s : (tensor<?x2xf32>, tensor<?x1xf32>, tensor<1xi8>) -> tensor<?x2xf32>
  return %0, %1, %2 : tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>
}

// -----

// The transpose behind the first op sinks through addition, clamp and pad and meets
// its inverse: none is left.
// CHECK-LABEL: func.func @transposes_cancel(
func.func @transposes_cancel(%x: tensor<1x2x3x4xf32>, %y: tensor<1x2x3x4xf32>) -> tensor<1x3x3x5xf32> {
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %p = tosa.const_shape {values = dense<[0, 0, 0, 0, 0, 1, 1, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
  // CHECK-NOT: tosa.transpose
  // CHECK: %[[S:.*]] = tosa.add %arg0, %arg1 {quant_hw.name = "sum"} : (tensor<1x2x3x4xf32>, tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32>
  // CHECK: %[[C:.*]] = tosa.clamp %[[S]]
  // CHECK: %[[A:.*]] = tosa.const_shape {values = dense<[0, 0, 1, 0, 0, 0, 0, 1]> : tensor<8xindex>}
  // CHECK: %[[P:.*]] = tosa.pad %[[C]], %[[A]], %{{.*}} -> tensor<1x3x3x5xf32>
  // CHECK-NOT: tosa.transpose
  // CHECK: return %[[P]]
  %0 = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x3x4xf32>) -> tensor<1x3x4x2xf32>
  %1 = tosa.transpose %y {perms = array<i32: 0, 2, 3, 1>} : (tensor<1x2x3x4xf32>) -> tensor<1x3x4x2xf32>
  %2 = tosa.add %0, %1 {quant_hw.name = "sum"} : (tensor<1x3x4x2xf32>, tensor<1x3x4x2xf32>) -> tensor<1x3x4x2xf32>
  %3 = tosa.clamp %2 {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<1x3x4x2xf32>) -> tensor<1x3x4x2xf32>
  %4 = tosa.pad %3, %p, %z : (tensor<1x3x4x2xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<1x3x5x3xf32>
  %5 = tosa.transpose %4 {perms = array<i32: 0, 3, 1, 2>} : (tensor<1x3x5x3xf32>) -> tensor<1x3x3x5xf32>
  return %5 : tensor<1x3x3x5xf32>
}

// -----

// Two in a row are one. Operands that are transposed differently stay so.
// CHECK-LABEL: func.func @transposes(
func.func @transposes(%x: tensor<2x3x4xf32>, %y: tensor<2x2x2xf32>) -> (tensor<4x2x3xf32>, tensor<2x2x2xf32>) {
  // CHECK: tosa.transpose %arg0 {perms = array<i32: 2, 0, 1>}
  // CHECK: %[[A:.*]] = tosa.transpose %arg1 {perms = array<i32: 1, 0, 2>}
  // CHECK: %[[B:.*]] = tosa.transpose %arg1 {perms = array<i32: 0, 2, 1>}
  // CHECK: tosa.add %[[A]], %[[B]]
  %0 = tosa.transpose %x {perms = array<i32: 1, 2, 0>} : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = tosa.transpose %0 {perms = array<i32: 1, 2, 0>} : (tensor<3x4x2xf32>) -> tensor<4x2x3xf32>
  %2 = tosa.transpose %y {perms = array<i32: 1, 0, 2>} : (tensor<2x2x2xf32>) -> tensor<2x2x2xf32>
  %3 = tosa.transpose %y {perms = array<i32: 0, 2, 1>} : (tensor<2x2x2xf32>) -> tensor<2x2x2xf32>
  %4 = tosa.add %2, %3 : (tensor<2x2x2xf32>, tensor<2x2x2xf32>) -> tensor<2x2x2xf32>
  return %1, %4 : tensor<4x2x3xf32>, tensor<2x2x2xf32>
}

// -----

// A name that is there stays, then comes the NameLoc, then one made from the op; none is
// given twice. Constants, reshapes and integers have none.
// CHECK-LABEL: func.func @names(
// CHECK-SAME: %arg0: tensor<2xf32> {quant_hw.name = "input_0"}, %arg1: tensor<2xf32> {quant_hw.name = "x"}, %arg2: tensor<2xi32>)
func.func @names(%a: tensor<2xf32>, %b: tensor<2xf32> {quant_hw.name = "x"}, %i: tensor<2xi32>) -> (tensor<2xf32>, tensor<2xi32>) {
  // CHECK: tosa.abs %arg0 {quant_hw.name = "abs_1"}
  // CHECK: tosa.abs %{{.*}} {quant_hw.name = "here"}
  // CHECK: tosa.abs %{{.*}} {quant_hw.name = "abs_2"}
  // CHECK: tosa.abs %{{.*}} {quant_hw.name = "abs_0"}
  // CHECK: tosa.add %arg2, %arg2 : (tensor<2xi32>
  %0 = tosa.abs %a : (tensor<2xf32>) -> tensor<2xf32>
  %1 = tosa.abs %0 : (tensor<2xf32>) -> tensor<2xf32> loc("here")
  %2 = tosa.abs %1 : (tensor<2xf32>) -> tensor<2xf32> loc("here")
  %3 = tosa.abs %2 {quant_hw.name = "abs_0"} : (tensor<2xf32>) -> tensor<2xf32>
  %4 = tosa.add %i, %i : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return %3, %4 : tensor<2xf32>, tensor<2xi32>
}

// -----

// expected-error @below {{'quant-hw-recognize' expects a program of form 'float', got 'calibrated'}}
module attributes {quant_hw.form = "calibrated"} {}

// -----

func.func @unknown_rank(%x: tensor<2x4xf32>) -> tensor<*xf32> {
  %0 = tosa.transpose %x {perms = array<i32: 1, 0>} : (tensor<2x4xf32>) -> tensor<4x2xf32>
  // expected-error @below {{expected a tensor of known rank, got 'tensor<*xf32>' for 'relu' (--tosa-infer-shapes can find it)}}
  %1 = tosa.clamp %0 {quant_hw.name = "relu", min_val = 0.0 : f32, max_val = 8.0 : f32} : (tensor<4x2xf32>) -> tensor<*xf32>
  return %1 : tensor<*xf32>
}

// -----

// expected-error @below {{expected a tensor of known rank, got 'tensor<*xf32>' for argument 0}}
func.func @input_of_unknown_rank(%x: tensor<*xf32>) -> tensor<*xf32> {
  return %x : tensor<*xf32>
}

// -----

// max(x, 0) + slope * min(x, 0): one slope is a function, several are a leaky relu with slopes.
// CHECK-LABEL: func.func @leaky_relus(
func.func @leaky_relus(%x: tensor<?x2x3xf32>) -> (tensor<?x2x3xf32>, tensor<?x2x3xf32>, tensor<?x2x3xf32>) {
  // CHECK-DAG: %[[S:.*]] = "tosa.const"() <{values = dense<[1.000000e-01, 2.000000e-01, -3.000000e-01]> : tensor<3xf32>}>
  // CHECK-DAG: %[[A:.*]] = quant_hw.unary leaky_relu %arg0 alpha 1.000000e-01 {quant_hw.name = "one"}
  // CHECK-DAG: %[[B:.*]] = quant_hw.prelu %arg0, %[[S]] {quant_hw.name = "many"}
  // A bound of its own is none.
  // CHECK-DAG: %[[C:.*]] = tosa.add {{.*}} {quant_hw.name = "six"}
  // CHECK: return %[[A]], %[[B]], %[[C]]
  %zero = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %one = "tosa.const"() {values = dense<0.1> : tensor<1x1x1xf32>} : () -> tensor<1x1x1xf32>
  %many = "tosa.const"() {values = dense<[[[0.1, 0.2, -0.3]]]> : tensor<1x1x3xf32>} : () -> tensor<1x1x3xf32>
  %p0 = tosa.clamp %x {min_val = 0.0 : f32, max_val = 3.4028234663852886e38 : f32} : (tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %n0 = tosa.clamp %x {min_val = -3.4028234663852886e38 : f32, max_val = 0.0 : f32} : (tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %m0 = tosa.mul %n0, %one, %zero : (tensor<?x2x3xf32>, tensor<1x1x1xf32>, tensor<1xi8>) -> tensor<?x2x3xf32>
  %y0 = tosa.add %p0, %m0 {quant_hw.name = "one"} : (tensor<?x2x3xf32>, tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %p1 = tosa.clamp %x {min_val = 0.0 : f32, max_val = 3.4028234663852886e38 : f32} : (tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %n1 = tosa.clamp %x {min_val = -3.4028234663852886e38 : f32, max_val = 0.0 : f32} : (tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %m1 = tosa.mul %many, %n1, %zero : (tensor<1x1x3xf32>, tensor<?x2x3xf32>, tensor<1xi8>) -> tensor<?x2x3xf32>
  %y1 = tosa.add %m1, %p1 {quant_hw.name = "many"} : (tensor<?x2x3xf32>, tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %p2 = tosa.clamp %x {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %n2 = tosa.clamp %x {min_val = -3.4028234663852886e38 : f32, max_val = 0.0 : f32} : (tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  %m2 = tosa.mul %n2, %one, %zero : (tensor<?x2x3xf32>, tensor<1x1x1xf32>, tensor<1xi8>) -> tensor<?x2x3xf32>
  %y2 = tosa.add %p2, %m2 {quant_hw.name = "six"} : (tensor<?x2x3xf32>, tensor<?x2x3xf32>) -> tensor<?x2x3xf32>
  return %y0, %y1, %y2 : tensor<?x2x3xf32>, tensor<?x2x3xf32>, tensor<?x2x3xf32>
}

// -----

// A sum times 1/N is a mean; over height and width of images an average pool.
// CHECK-LABEL: func.func @means(
func.func @means(%x: tensor<?x2x4x3xf32>) -> (tensor<?x1x4x3xf32>, tensor<?x1x1x3xf32>, tensor<?x1x4x3xf32>) {
  // CHECK-DAG: %[[A:.*]] = quant_hw.mean %arg0 {axes = array<i64: 1>, quant_hw.name = "rows"} : tensor<?x2x4x3xf32> -> tensor<?x1x4x3xf32>
  // CHECK-DAG: %[[B:.*]] = tosa.avg_pool2d %arg0, {{.*}}kernel = array<i64: 2, 4>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", stride = array<i64: 1, 1>
  // Another factor than 1/N.
  // CHECK-DAG: %[[C:.*]] = tosa.mul {{.*}} {quant_hw.name = "other"}
  // CHECK: return %[[A]], %[[B]], %[[C]]
  %zero = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %half = "tosa.const"() {values = dense<0.5> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %eighth = "tosa.const"() {values = dense<0.125> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
  %0 = tosa.reduce_sum %x {axis = 1 : i32} : (tensor<?x2x4x3xf32>) -> tensor<?x1x4x3xf32>
  %1 = tosa.mul %0, %half, %zero {quant_hw.name = "rows"} : (tensor<?x1x4x3xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<?x1x4x3xf32>
  %2 = tosa.reduce_sum %x {axis = 2 : i32} : (tensor<?x2x4x3xf32>) -> tensor<?x2x1x3xf32>
  %3 = tosa.reduce_sum %2 {axis = 1 : i32} : (tensor<?x2x1x3xf32>) -> tensor<?x1x1x3xf32>
  %4 = tosa.mul %3, %eighth, %zero {quant_hw.name = "global"} : (tensor<?x1x1x3xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<?x1x1x3xf32>
  %5 = tosa.reduce_sum %x {axis = 1 : i32} : (tensor<?x2x4x3xf32>) -> tensor<?x1x4x3xf32>
  %6 = tosa.mul %5, %eighth, %zero {quant_hw.name = "other"} : (tensor<?x1x4x3xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<?x1x4x3xf32>
  return %1, %4, %6 : tensor<?x1x4x3xf32>, tensor<?x1x1x3xf32>, tensor<?x1x4x3xf32>
}

// -----

// x * clamp(x + 3, 0, 6) / 6, however it is associated; another bound or factor is none.
// CHECK-LABEL: func.func @hard_swish(
func.func @hard_swish(%x: tensor<?x4xf32>) -> (tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>) {
  // CHECK-DAG: %[[A:.*]] = quant_hw.unary hard_swish %arg0 {quant_hw.name = "left"} : tensor<?x4xf32>
  // CHECK-DAG: %[[B:.*]] = quant_hw.unary hard_swish %arg0 {quant_hw.name = "right"} : tensor<?x4xf32>
  // CHECK-DAG: %[[C:.*]] = tosa.mul {{.*}} {quant_hw.name = "five"}
  // CHECK-DAG: %[[D:.*]] = tosa.mul {{.*}} {quant_hw.name = "half"}
  // CHECK: return %[[A]], %[[B]], %[[C]], %[[D]]
  %zero = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %three = "tosa.const"() {values = dense<3.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
  %sixth = "tosa.const"() {values = dense<0.16666667> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
  %half = "tosa.const"() {values = dense<0.5> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
  %a = tosa.add %x, %three : (tensor<?x4xf32>, tensor<1x1xf32>) -> tensor<?x4xf32>
  %c = tosa.clamp %a {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %0 = tosa.mul %x, %c, %zero : (tensor<?x4xf32>, tensor<?x4xf32>, tensor<1xi8>) -> tensor<?x4xf32>
  %1 = tosa.mul %0, %sixth, %zero {quant_hw.name = "left"} : (tensor<?x4xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<?x4xf32>
  %a2 = tosa.add %three, %x : (tensor<1x1xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
  %c2 = tosa.clamp %a2 {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %2 = tosa.mul %c2, %sixth, %zero : (tensor<?x4xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<?x4xf32>
  %3 = tosa.mul %2, %x, %zero {quant_hw.name = "right"} : (tensor<?x4xf32>, tensor<?x4xf32>, tensor<1xi8>) -> tensor<?x4xf32>
  %c5 = tosa.clamp %a {min_val = 0.0 : f32, max_val = 5.0 : f32} : (tensor<?x4xf32>) -> tensor<?x4xf32>
  %4 = tosa.mul %x, %c5, %zero : (tensor<?x4xf32>, tensor<?x4xf32>, tensor<1xi8>) -> tensor<?x4xf32>
  %5 = tosa.mul %4, %sixth, %zero {quant_hw.name = "five"} : (tensor<?x4xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<?x4xf32>
  %6 = tosa.mul %x, %c, %zero : (tensor<?x4xf32>, tensor<?x4xf32>, tensor<1xi8>) -> tensor<?x4xf32>
  %7 = tosa.mul %6, %half, %zero {quant_hw.name = "half"} : (tensor<?x4xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<?x4xf32>
  return %1, %3, %5, %7 : tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>, tensor<?x4xf32>
}
