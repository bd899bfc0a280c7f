// RUN: hwq-opt %s --quant-hw-recognize | FileCheck %s

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
