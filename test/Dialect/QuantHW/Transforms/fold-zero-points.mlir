// RUN: hwq-opt %s --split-input-file --verify-diagnostics --quant-hw-fold-zero-points | FileCheck %s
// RUN: hwq-opt %S/../../../../docs/examples/one-conv.mlir --quant-hw-set-backend=backend=snpe --quant-hw-annotate --quant-hw-integerize --quant-hw-fold-zero-points | FileCheck %s --check-prefix=EXAMPLE

// The example of docs/architecture.md: Zx = 128, sum(qw - Zw) = -85 + 43 + 0 + 170 = 128
// and 128 + 85 - 42 + 21 = 192, S1 = 2/255: B2 = 17 - S1 * 128 * 128 and
// -34 - S1 * 128 * 192. Padding is the code 128.
// EXAMPLE: module attributes {{.*}}quant_hw.form = "step2"
// EXAMPLE: %[[B:.*]] = "tosa.const"() <{values = dense<[-111.5019605{{[0-9]*}}, -226.7529416{{[0-9]*}}]> : tensor<2xf64>}>
// EXAMPLE: %[[A:.*]] = quant_hw.conv2d {{.*}}pad_value = 128 : i32, raw_input, {{.*}} -> tensor<?x3x3x2xi32>
// EXAMPLE: quant_hw.requantize %[[A]] bias %[[B]] : tensor<2xf64> {quant_hw.name = "y", {{.*}}requant = #quant_hw.requant<kernel = real, {{.*}}scaled_bias}

!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
// CHECK: module attributes {quant_hw.form = "step2"}
module attributes {quant_hw.form = "step1"} {
  // B2 = B1 - S1 Zx sum(qw - Zw) = 0.25 - 10 * 4 / 16 and -0.125 - 10 * -2 / 16.
  // CHECK-LABEL: func.func @conv2d(
  func.func @conv2d(%x: tensor<?x1x1x1x!x>) -> tensor<?x2x1x2x!y> {
    // CHECK-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<[-2.250000e+00, 1.125000e+00]> : tensor<2xf64>}>
    // CHECK-NOT: dense<[2.500000e-01
    // CHECK: %[[A:.*]] = quant_hw.conv2d %arg0, %{{.*}} {dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 1, 0, 0, 0>, pad_value = 10 : i32, raw_input, stride
    // CHECK-NEXT: %[[Y:.*]] = quant_hw.requantize %[[A]] bias %[[B]] : tensor<2xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [6.250000e-02], zero_point = 3, lo = 0, hi = 255>, scaled_bias}
    // CHECK-NEXT: return %[[Y]]
    %w = "tosa.const"() {values = dense<[[[[132]]], [[[126]]]]> : tensor<2x1x1x1xui8>} : () -> tensor<2x1x1x1x!w>
    %b = "tosa.const"() {values = dense<[0.25, -0.125]> : tensor<2xf64>} : () -> tensor<2xf64>
    %a = quant_hw.conv2d %x, %w {pad = array<i64: 1, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1x!x>, tensor<2x1x1x1x!w>) -> tensor<?x2x1x2xi32>
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", scaled_bias, requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2x1x2xi32> -> tensor<?x2x1x2x!y>
    return %y : tensor<?x2x1x2x!y>
  }

  // Without a bias there is one now; one scale per channel.
  // CHECK-LABEL: func.func @fully_connected(
  func.func @fully_connected(%x: tensor<?x1x!x>) -> tensor<?x2x!y> {
    // CHECK-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<[-2.500000e+00, 2.500000e+00]> : tensor<2xf64>}>
    // CHECK: %[[A:.*]] = quant_hw.fully_connected %arg0, %{{.*}} {raw_input}
    // CHECK-NEXT: quant_hw.requantize %[[A]] bias %[[B]] : {{.*}}scaled_bias}
    %w = "tosa.const"() {values = dense<[[132], [126]]> : tensor<2x1xui8>} : () -> tensor<2x1x!quant.uniform<u8:f32:0, {0.25:128, 0.5:128}>>
    %a = quant_hw.fully_connected %x, %w : (tensor<?x1x!x>, tensor<2x1x!quant.uniform<u8:f32:0, {0.25:128, 0.5:128}>>) -> tensor<?x2xi32>
    %y = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625, 0.125], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    return %y : tensor<?x2x!y>
  }

  // An accumulator with two readers keeps its zero point; codes have none to fold.
  // CHECK-LABEL: func.func @untouched(
  func.func @untouched(%x: tensor<?x1x!x>) -> (tensor<?x2x!y>, tensor<?x2x!y>, tensor<?x1x!y>) {
    // CHECK: quant_hw.fully_connected %arg0, %{{[0-9]+}} : (
    // CHECK-NEXT: quant_hw.requantize %{{[0-9]+}} {requant
    // CHECK-NEXT: quant_hw.requantize %{{[0-9]+}} {requant
    // CHECK-NEXT: quant_hw.requantize %arg0 {requant
    %w = "tosa.const"() {values = dense<[[132], [126]]> : tensor<2x1xui8>} : () -> tensor<2x1x!w>
    %a = quant_hw.fully_connected %x, %w : (tensor<?x1x!x>, tensor<2x1x!w>) -> tensor<?x2xi32>
    %y = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    %z = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 3, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    %c = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.25], input_zero_point = 10, zero_point = 3, lo = 0, hi = 255>} : tensor<?x1x!x> -> tensor<?x1x!y>
    return %y, %z, %c : tensor<?x2x!y>, tensor<?x2x!y>, tensor<?x1x!y>
  }
}

// -----

!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
module attributes {quant_hw.form = "step1"} {
  func.func @weights(%x: tensor<?x1x!x>, %w: tensor<2x1x!w>) -> tensor<?x2x!y> {
    // expected-error @below {{the weights of 'y' are not a constant}}
    %a = quant_hw.fully_connected %x, %w : (tensor<?x1x!x>, tensor<2x1x!w>) -> tensor<?x2xi32>
    %y = quant_hw.requantize %a {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    return %y : tensor<?x2x!y>
  }
}

// -----

!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
module attributes {quant_hw.form = "step1"} {
  func.func @bias(%x: tensor<?x1x!x>, %b: tensor<2xf64>) -> tensor<?x2x!y> {
    %w = "tosa.const"() {values = dense<[[132], [126]]> : tensor<2x1xui8>} : () -> tensor<2x1x!w>
    %a = quant_hw.fully_connected %x, %w : (tensor<?x1x!x>, tensor<2x1x!w>) -> tensor<?x2xi32>
    // expected-error @below {{the bias of 'y' is not a constant}}
    %y = quant_hw.requantize %a bias %b : tensor<2xf64> {quant_hw.name = "y", scaled_bias, requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0625], zero_point = 3, lo = 0, hi = 255>} : tensor<?x2xi32> -> tensor<?x2x!y>
    return %y : tensor<?x2x!y>
  }
}

// -----

// expected-error @below {{'quant-hw-fold-zero-points' expects a program of form 'step1', got 'step0'}}
module attributes {quant_hw.form = "step0"} {}
