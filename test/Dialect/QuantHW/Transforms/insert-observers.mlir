// RUN: hwq-opt %s --split-input-file --verify-diagnostics --quant-hw-insert-observers | FileCheck %s

// CHECK: module attributes {quant_hw.form = "observed"}
module {
  // Inputs and results; none between a convolution and the batch norm and relu
  // behind it, none behind movement.
  // CHECK-LABEL: func.func @conv_batch_norm_relu(
  // CHECK-SAME: %[[ARG:[a-z0-9]+]]: tensor<?x2x2x1xf32>
  func.func @conv_batch_norm_relu(%arg: tensor<?x2x2x1xf32> {quant_hw.name = "x"}) -> tensor<?x8xf32> {
    %w = "tosa.const"() {values = dense<[[[[0.5]]], [[[1.0]]]]> : tensor<2x1x1x1xf32>} : () -> tensor<2x1x1x1xf32>
    %g = "tosa.const"() {values = dense<[[[[2.0, 4.0]]]]> : tensor<1x1x1x2xf32>} : () -> tensor<1x1x1x2xf32>
    %h = "tosa.const"() {values = dense<[[[[1.0, -1.0]]]]> : tensor<1x1x1x2xf32>} : () -> tensor<1x1x1x2xf32>
    %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    // CHECK: %[[X:.*]] = quant_hw.observe "x" %[[ARG]] : tensor<?x2x2x1xf32>
    // CHECK: %[[CONV:.*]] = quant_hw.conv2d %[[X]],
    // CHECK-NEXT: %[[MUL:.*]] = tosa.mul %[[CONV]],
    // CHECK-NEXT: %[[BN:.*]] = tosa.add %[[MUL]],
    // CHECK-NEXT: %[[RELU:.*]] = tosa.clamp %[[BN]] {{.*}}quant_hw.name = "relu"
    // CHECK-NEXT: %[[O:.*]] = quant_hw.observe "relu" %[[RELU]] : tensor<?x2x2x2xf32>
    // CHECK: %[[FLAT:.*]] = tosa.reshape %[[O]],
    // CHECK-NEXT: return %[[FLAT]]
    %c = quant_hw.conv2d %arg, %w {quant_hw.name = "conv", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x2x1xf32>, tensor<2x1x1x1xf32>) -> tensor<?x2x2x2xf32>
    %m = tosa.mul %c, %g, %s : (tensor<?x2x2x2xf32>, tensor<1x1x1x2xf32>, tensor<1xi8>) -> tensor<?x2x2x2xf32>
    %a = tosa.add %m, %h {quant_hw.name = "bn"} : (tensor<?x2x2x2xf32>, tensor<1x1x1x2xf32>) -> tensor<?x2x2x2xf32>
    %r = tosa.clamp %a {quant_hw.name = "relu", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
    %shape = tosa.const_shape {values = dense<[-1, 8]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %f = tosa.reshape %r, %shape {quant_hw.name = "flat"} : (tensor<?x2x2x2xf32>, !tosa.shape<2>) -> tensor<?x8xf32>
    return %f : tensor<?x8xf32>
  }

  // A constant that differs along the height is no batch norm.
  // CHECK-LABEL: func.func @not_per_channel(
  func.func @not_per_channel(%arg: tensor<1x2x1x1xf32> {quant_hw.name = "npc_x"}) -> tensor<1x2x1x1xf32> {
    %w = "tosa.const"() {values = dense<0.5> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %h = "tosa.const"() {values = dense<[[[[1.0]], [[-1.0]]]]> : tensor<1x2x1x1xf32>} : () -> tensor<1x2x1x1xf32>
    // CHECK: %[[CONV:.*]] = quant_hw.conv2d
    // CHECK-NEXT: %[[O:.*]] = quant_hw.observe "npc_conv" %[[CONV]]
    // CHECK-NEXT: %[[ADD:.*]] = tosa.add %[[O]],
    // CHECK-NEXT: quant_hw.observe "npc_add" %[[ADD]]
    %c = quant_hw.conv2d %arg, %w {quant_hw.name = "npc_conv", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x2x1x1xf32>
    %a = tosa.add %c, %h {quant_hw.name = "npc_add"} : (tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>) -> tensor<1x2x1x1xf32>
    return %a : tensor<1x2x1x1xf32>
  }

  // A convolution with two readers is a tensor of its own, and so is the relu.
  // CHECK-LABEL: func.func @two_readers(
  func.func @two_readers(%arg: tensor<1x1x1x1xf32> {quant_hw.name = "tr_x"}) -> (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) {
    %w = "tosa.const"() {values = dense<0.5> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    // CHECK: %[[CONV:.*]] = quant_hw.conv2d
    // CHECK-NEXT: %[[O:.*]] = quant_hw.observe "tr_conv" %[[CONV]]
    // CHECK-NEXT: %[[RELU:.*]] = tosa.clamp %[[O]]
    // CHECK-NEXT: %[[P:.*]] = quant_hw.observe "tr_relu" %[[RELU]]
    // CHECK-NEXT: return %[[O]], %[[P]]
    %c = quant_hw.conv2d %arg, %w {quant_hw.name = "tr_conv", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
    %r = tosa.clamp %c {quant_hw.name = "tr_relu", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
    return %c, %r : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>
  }

  // What nothing reads is not observed; names of other functions are taken.
  // CHECK-LABEL: func.func @unused_and_same_names(
  func.func @unused_and_same_names(%arg: tensor<1x1x1x1xf32> {quant_hw.name = "x"}, %unused: tensor<1xf32> {quant_hw.name = "u"}) -> tensor<1x1x1x1xf32> {
    // CHECK-NOT: observe "u"
    // CHECK: %[[X:.*]] = quant_hw.observe "x_1"
    // CHECK-NEXT: %[[RELU:.*]] = tosa.clamp %[[X]]
    // CHECK-NEXT: %[[O:.*]] = quant_hw.observe "relu_1" %[[RELU]]
    // CHECK-NEXT: tosa.clamp
    // CHECK-NEXT: return %[[O]]
    %r = tosa.clamp %arg {quant_hw.name = "relu", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
    %d = tosa.clamp %r {quant_hw.name = "dead", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
    return %r : tensor<1x1x1x1xf32>
  }

  // CHECK: func.func private @external(tensor<1xf32>)
  func.func private @external(tensor<1xf32>)
}

// -----

// expected-error @below {{'quant-hw-insert-observers' expects a program of form 'float', got 'step2'}}
module attributes {quant_hw.form = "step2"} {
}

// -----

// expected-error @below {{expected 'quant_hw.form' to be one of float, observed, calibrated, step0, step1, step2, step3, step4, target, got "stepfour"}}
module attributes {quant_hw.form = "stepfour"} {
}

// -----

// expected-error @below {{'quant-hw-insert-observers' found no op that can be quantized}}
module {
  func.func @nothing(%arg: tensor<1xf32>) -> tensor<1xf32> {
    return %arg : tensor<1xf32>
  }
}

// -----

// Without names of their own inputs have the number of the argument, results the name of the
// op; what is computed from constants alone is a constant.
// CHECK-LABEL: func.func @unnamed(
func.func @unnamed(%a: tensor<2xf32>, %i: tensor<2xi32>, %b: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xi32>) {
  // CHECK-DAG: %[[A:.*]] = quant_hw.observe "arg0" %arg0
  // CHECK-DAG: %[[B:.*]] = quant_hw.observe "arg2" %arg2
  // CHECK-NOT: observe "arg1"
  // CHECK: %[[N:.*]] = tosa.negate
  // CHECK-NEXT: %[[S:.*]] = tosa.add %[[A]], %[[B]]
  // CHECK-NEXT: %[[O:.*]] = quant_hw.observe "add" %[[S]]
  // CHECK-NEXT: %[[T:.*]] = tosa.sub %[[O]], %[[N]]
  // CHECK-NEXT: %[[P:.*]] = quant_hw.observe "sub" %[[T]]
  // CHECK-NEXT: %[[U:.*]] = tosa.add %[[P]], %[[A]]
  // CHECK-NEXT: %[[Q:.*]] = quant_hw.observe "add_1" %[[U]]
  // CHECK-NEXT: %[[I:.*]] = tosa.add %arg1, %arg1
  // CHECK-NEXT: return %[[Q]], %[[I]]
  %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %k = "tosa.const"() {values = dense<0.5> : tensor<2xf32>} : () -> tensor<2xf32>
  %n = tosa.negate %k, %z, %z : (tensor<2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<2xf32>
  %s = tosa.add %a, %b : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %t = tosa.sub %s, %n : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %u = tosa.add %t, %a : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %j = tosa.add %i, %i : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return %u, %j : tensor<2xf32>, tensor<2xi32>
}

// -----

// A layer computes one clamp; a clamp behind a clamp has a range of its own.
// CHECK-LABEL: func.func @clamps(
func.func @clamps(%x: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
  %w = "tosa.const"() {values = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
  // CHECK: %[[A:.*]] = quant_hw.fully_connected
  // CHECK-NEXT: %[[B:.*]] = tosa.clamp %[[A]]
  // CHECK-NEXT: %[[OB:.*]] = quant_hw.observe "b" %[[B]]
  // CHECK-NEXT: %[[C:.*]] = tosa.clamp %[[OB]]
  // CHECK-NEXT: %[[OC:.*]] = quant_hw.observe "c" %[[C]]
  // CHECK-NEXT: %[[D:.*]] = tosa.clamp %[[OC]]
  // CHECK-NEXT: %[[OD:.*]] = quant_hw.observe "d" %[[D]]
  // CHECK-NEXT: return %[[OD]]
  %a = quant_hw.fully_connected %x, %w {quant_hw.name = "a"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
  %b = tosa.clamp %a {min_val = -1.0 : f32, max_val = 1.0 : f32, quant_hw.name = "b"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %c = tosa.clamp %b {min_val = -0.5 : f32, max_val = 2.0 : f32, quant_hw.name = "c"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  %d = tosa.clamp %c {min_val = -2.0 : f32, max_val = 0.25 : f32, quant_hw.name = "d"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
  return %d : tensor<?x2xf32>
}

// -----

func.func @unknown_rank(%x: tensor<2xf32>) -> tensor<*xf32> {
  // expected-error @below {{expected a tensor of known rank, got 'tensor<*xf32>' for result of 'tosa.add' (--tosa-infer-shapes can find it)}}
  %0 = tosa.add %x, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<*xf32>
  return %0 : tensor<*xf32>
}
