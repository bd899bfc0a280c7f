// RUN: hwq-opt %s --split-input-file --verify-diagnostics --quant-hw-fold-batch-norm | FileCheck %s

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
// The form stays.
// CHECK: quant_hw.form = "calibrated"
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  // w * g, b * g + h; the result has the batch norm's name.
  // CHECK-LABEL: func.func @conv(
  func.func @conv(%x: tensor<?x1x1x1xf32>) -> tensor<?x1x1x2xf32> {
    // CHECK-DAG: %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}1.000000e+00]]], {{\[\[\[}}-4.000000e+00]]]]> : tensor<2x1x1x1xf32>}>
    // CHECK-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<[2.500000e+00, -9.000000e+00]> : tensor<2xf32>}>
    // CHECK-NOT: tosa.const
    // CHECK: %[[Y:.*]] = quant_hw.conv2d %{{.*}}, %[[W]] bias %[[B]] {{.*}}quant_hw.name = "bn"
    // CHECK-NEXT: return %[[Y]]
    %w = "tosa.const"() {values = dense<[[[[0.5]]], [[[-1.0]]]]> : tensor<2x1x1x1xf32>} : () -> tensor<2x1x1x1xf32>
    %b = "tosa.const"() {values = dense<[0.75, -2.0]> : tensor<2xf32>} : () -> tensor<2xf32>
    %g = "tosa.const"() {values = dense<[[[[2.0, 4.0]]]]> : tensor<1x1x1x2xf32>} : () -> tensor<1x1x1x2xf32>
    %h = "tosa.const"() {values = dense<[[[[1.0, -1.0]]]]> : tensor<1x1x1x2xf32>} : () -> tensor<1x1x1x2xf32>
    %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    %c = quant_hw.conv2d %x, %w bias %b {quant_hw.name = "conv", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<?x1x1x2xf32>
    %m = tosa.mul %c, %g, %s : (tensor<?x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1xi8>) -> tensor<?x1x1x2xf32>
    // The constant may stand on the left.
    %a = tosa.add %h, %m {quant_hw.name = "bn"} : (tensor<1x1x1x2xf32>, tensor<?x1x1x2xf32>) -> tensor<?x1x1x2xf32>
    return %a : tensor<?x1x1x2xf32>
  }

  // Channel 0 is 2 taps times 3, channel 1 is 2 taps times 2.
  // CHECK-LABEL: func.func @depthwise_without_bias(
  func.func @depthwise_without_bias(%x: tensor<?x2x1x2xf32>) -> tensor<?x1x1x2xf32> {
    // CHECK-DAG: %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}7.500000e-01]], {{\[\[}}1.500000e+00]]], {{\[\[\[}}3.000000e+00]], {{\[\[}}4.000000e+00]]]]> : tensor<2x2x1x1xf32>}>
    // CHECK-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<[1.000000e+00, -1.000000e+00]> : tensor<2xf32>}>
    // CHECK: quant_hw.conv2d %{{.*}}, %[[W]] bias %[[B]] {{.*}}groups = 2 : i64
    // CHECK-NEXT: return
    %w = "tosa.const"() {values = dense<[[[[0.25]], [[0.5]]], [[[1.5]], [[2.0]]]]> : tensor<2x2x1x1xf32>} : () -> tensor<2x2x1x1xf32>
    %g = "tosa.const"() {values = dense<[[[[3.0, 2.0]]]]> : tensor<1x1x1x2xf32>} : () -> tensor<1x1x1x2xf32>
    %h = "tosa.const"() {values = dense<[[[[1.0, -1.0]]]]> : tensor<1x1x1x2xf32>} : () -> tensor<1x1x1x2xf32>
    %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    %c = quant_hw.conv2d %x, %w {quant_hw.name = "conv", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 2 : i64} : (tensor<?x2x1x2xf32>, tensor<2x2x1x1xf32>) -> tensor<?x1x1x2xf32>
    %m = tosa.mul %c, %g, %s : (tensor<?x1x1x2xf32>, tensor<1x1x1x2xf32>, tensor<1xi8>) -> tensor<?x1x1x2xf32>
    %a = tosa.add %m, %h {quant_hw.name = "bn"} : (tensor<?x1x1x2xf32>, tensor<1x1x1x2xf32>) -> tensor<?x1x1x2xf32>
    return %a : tensor<?x1x1x2xf32>
  }

  // Pitfall F1: two convolutions share their weights, only one has a batch norm.
  // CHECK-LABEL: func.func @shared_weights(
  func.func @shared_weights(%x: tensor<?x1x1x1xf32>) -> (tensor<?x1x1x1xf32>, tensor<?x1x1x1xf32>) {
    // CHECK-DAG: %[[W:.*]] = "tosa.const"() <{values = dense<5.000000e-01> : tensor<1x1x1x1xf32>}>
    // CHECK-DAG: %[[V:.*]] = "tosa.const"() <{values = dense<1.000000e+00> : tensor<1x1x1x1xf32>}>
    // CHECK: quant_hw.conv2d %{{.*}}, %[[V]] {{.*}}quant_hw.name = "scaled"
    // CHECK: quant_hw.conv2d %{{.*}}, %[[W]] {{.*}}quant_hw.name = "plain"
    %w = "tosa.const"() {values = dense<0.5> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %g = "tosa.const"() {values = dense<2.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    %c = quant_hw.conv2d %x, %w {quant_hw.name = "conv", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %m = tosa.mul %c, %g, %s {quant_hw.name = "scaled"} : (tensor<?x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<?x1x1x1xf32>
    %d = quant_hw.conv2d %x, %w {quant_hw.name = "plain", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    return %m, %d : tensor<?x1x1x1xf32>, tensor<?x1x1x1xf32>
  }

  // The batch norm may have two readers, the convolution may not.
  // CHECK-LABEL: func.func @readers(
  func.func @readers(%x: tensor<?x1x1x1xf32>) -> (tensor<?x1x1x1xf32>, tensor<?x1x1x1xf32>, tensor<?x1x1x1xf32>) {
    // CHECK: %[[BN:.*]] = quant_hw.conv2d {{.*}}quant_hw.name = "bn1"
    // CHECK-NEXT: %[[A:.*]] = tosa.clamp %[[BN]]
    // CHECK-NEXT: %[[CONV:.*]] = quant_hw.conv2d {{.*}}quant_hw.name = "conv2"
    // CHECK-NEXT: %[[MUL:.*]] = tosa.mul %[[CONV]], {{.*}}quant_hw.name = "bn2"
    // CHECK-NEXT: %[[ADD:.*]] = tosa.add %[[BN]], %[[CONV]]
    // CHECK-NEXT: return %[[A]], %[[MUL]], %[[ADD]]
    %w = "tosa.const"() {values = dense<0.5> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %g = "tosa.const"() {values = dense<2.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    %c1 = quant_hw.conv2d %x, %w {quant_hw.name = "conv1", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %m1 = tosa.mul %c1, %g, %s {quant_hw.name = "bn1"} : (tensor<?x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<?x1x1x1xf32>
    %r = tosa.clamp %m1 {quant_hw.name = "relu", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %c2 = quant_hw.conv2d %x, %w {quant_hw.name = "conv2", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %m2 = tosa.mul %c2, %g, %s {quant_hw.name = "bn2"} : (tensor<?x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<?x1x1x1xf32>
    %a = tosa.add %m1, %c2 {quant_hw.name = "add"} : (tensor<?x1x1x1xf32>, tensor<?x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    return %r, %m2, %a : tensor<?x1x1x1xf32>, tensor<?x1x1x1xf32>, tensor<?x1x1x1xf32>
  }

  // Not behind a convolution, or not per channel: it stays.
  // CHECK-LABEL: func.func @stays(
  func.func @stays(%x: tensor<1x2x1x1xf32>) -> tensor<1x2x1x1xf32> {
    // CHECK: %[[A:.*]] = tosa.mul %arg0,
    // CHECK: %[[C:.*]] = quant_hw.conv2d %[[A]],
    // CHECK-NEXT: tosa.add %[[C]],
    %w = "tosa.const"() {values = dense<0.5> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %g = "tosa.const"() {values = dense<2.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %h = "tosa.const"() {values = dense<[[[[1.0]], [[2.0]]]]> : tensor<1x2x1x1xf32>} : () -> tensor<1x2x1x1xf32>
    %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    %m = tosa.mul %x, %g, %s : (tensor<1x2x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<1x2x1x1xf32>
    %c = quant_hw.conv2d %m, %w {quant_hw.name = "conv", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<1x2x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x2x1x1xf32>
    %a = tosa.add %c, %h : (tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>) -> tensor<1x2x1x1xf32>
    return %a : tensor<1x2x1x1xf32>
  }
}

// -----

// A backend that does not fold batch norms.
#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"], fold_batch_norm = false,
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
// CHECK-LABEL: func.func @unfolded(
// CHECK: quant_hw.conv2d
// CHECK-NEXT: tosa.mul
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  func.func @unfolded(%x: tensor<?x1x1x1xf32>) -> tensor<?x1x1x1xf32> {
    %w = "tosa.const"() {values = dense<0.5> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    %c = quant_hw.conv2d %x, %w {pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %m = tosa.mul %c, %w, %s : (tensor<?x1x1x1xf32>, tensor<1x1x1x1xf32>, tensor<1xi8>) -> tensor<?x1x1x1xf32>
    return %m : tensor<?x1x1x1xf32>
  }
}

// -----

// expected-error @below {{'quant-hw-fold-batch-norm' expects a backend in 'quant_hw.backend' (set by --quant-hw-set-backend)}}
module attributes {quant_hw.form = "calibrated"} {
}

// -----

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
// expected-error @below {{'quant-hw-fold-batch-norm' expects a program of form 'float' or 'observed' or 'calibrated', got 'step1'}}
module attributes {quant_hw.backend = #snpe, quant_hw.form = "step1"} {
}

// -----

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #snpe, quant_hw.form = "float"} {
  // One value for all channels; in f64, rounded once to f32: 0.1f * 3 is 0.300000012.
  // CHECK-LABEL: func.func @fully_connected(
  // CHECK: "tosa.const"() <{values = dense<{{\[\[}}3.000000e-01], [6.000000e-01]]> : tensor<2x1xf32>}>
  // CHECK: quant_hw.fully_connected %arg0, %{{[0-9]+}} {quant_hw.name = "scaled"} : (
  func.func @fully_connected(%x: tensor<?x1xf32>) -> tensor<?x2xf32> {
    %w = "tosa.const"() {values = dense<[[0.1], [0.2]]> : tensor<2x1xf32>} : () -> tensor<2x1xf32>
    %g = "tosa.const"() {values = dense<3.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    %c = quant_hw.fully_connected %x, %w : (tensor<?x1xf32>, tensor<2x1xf32>) -> tensor<?x2xf32>
    %m = tosa.mul %c, %g, %s {quant_hw.name = "scaled"} : (tensor<?x2xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<?x2xf32>
    return %m : tensor<?x2xf32>
  }

  // Weights that are no constant cannot take it in, nor can a bias.
  // CHECK-LABEL: func.func @not_constant(
  // CHECK: %[[A:.*]] = quant_hw.fully_connected %arg0, %arg1
  // CHECK-NEXT: tosa.mul %[[A]]
  // CHECK-NEXT: %[[B:.*]] = quant_hw.fully_connected %arg0, %{{.*}} bias %arg2
  // CHECK-NEXT: tosa.mul %[[B]]
  func.func @not_constant(%x: tensor<?x1xf32>, %v: tensor<2x1xf32>, %b: tensor<2xf32>) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
    %w = "tosa.const"() {values = dense<[[0.1], [0.2]]> : tensor<2x1xf32>} : () -> tensor<2x1xf32>
    %g = "tosa.const"() {values = dense<3.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %s = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    %c = quant_hw.fully_connected %x, %v : (tensor<?x1xf32>, tensor<2x1xf32>) -> tensor<?x2xf32>
    %m = tosa.mul %c, %g, %s : (tensor<?x2xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<?x2xf32>
    %d = quant_hw.fully_connected %x, %w bias %b : (tensor<?x1xf32>, tensor<2x1xf32>, tensor<2xf32>) -> tensor<?x2xf32>
    %n = tosa.mul %d, %g, %s : (tensor<?x2xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<?x2xf32>
    return %m, %n : tensor<?x2xf32>, tensor<?x2xf32>
  }
}

// -----

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
// expected-error @below {{'quant-hw-fold-batch-norm' found no op that can be quantized}}
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  func.func @nothing(%arg: tensor<?x1xf32>) -> tensor<?x1xf32> {
    return %arg : tensor<?x1xf32>
  }
}
