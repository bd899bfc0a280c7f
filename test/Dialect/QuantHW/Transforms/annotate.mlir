// RUN: hwq-opt %s --split-input-file --verify-diagnostics --quant-hw-annotate | FileCheck %s

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
// CHECK: quant_hw.form = "step0"
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  // P-AIMET on 255 steps: [-1, 2] has the scale 3/255 and the zero point
  // RHA(85.0) = 85; the weights [-1, 1] have 2/255 and RHA(127.5) = 128; [0, 4] has
  // 4/255 and 0. The names go to the integers; the relu is part of the convolution.
  // CHECK-LABEL: func.func @conv_relu(
  func.func @conv_relu(%arg: tensor<?x1x1x1xf32> {quant_hw.name = "x"}) -> tensor<?x1x1x2xf32> {
    // CHECK: %[[QX:.*]] = quant_hw.quantize %{{.*}} form <q5> {quant_hw.name = "x"} : tensor<?x1x1x1xf32> -> tensor<?x1x1x1x!quant.uniform<u8:f32, 0.011764705882352941:85>>
    // CHECK-NEXT: %[[X:.*]] = quant_hw.dequantize %[[QX]]
    // CHECK: %[[QW:.*]] = quant_hw.quantize %{{.*}} form <q5> : tensor<2x1x1x1xf32> -> tensor<2x1x1x1x!quant.uniform<u8:f32, 0.0078431372549019607:128>>
    // CHECK-NEXT: %[[W:.*]] = quant_hw.dequantize %[[QW]]
    // CHECK-NEXT: %[[C:.*]] = quant_hw.conv2d %[[X]], %[[W]] bias
    // CHECK-NEXT: %[[R:.*]] = tosa.clamp %[[C]]
    // CHECK-NOT: quant_hw.name
    // CHECK-SAME: :
    // CHECK-NEXT: %[[QR:.*]] = quant_hw.quantize %[[R]] form <q5> {quant_hw.name = "relu"} : tensor<?x1x1x2xf32> -> tensor<?x1x1x2x!quant.uniform<u8:f32, 0.015686274509803921>>
    // CHECK-NEXT: %[[D:.*]] = quant_hw.dequantize %[[QR]]
    // CHECK-NEXT: return %[[D]]
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] : tensor<?x1x1x1xf32>
    %w = "tosa.const"() {values = dense<[[[[-1.0]]], [[[1.0]]]]> : tensor<2x1x1x1xf32>} : () -> tensor<2x1x1x1xf32>
    %b = "tosa.const"() {values = dense<[0.5, -0.25]> : tensor<2xf32>} : () -> tensor<2xf32>
    %c = quant_hw.conv2d %x, %w bias %b {quant_hw.name = "conv", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<?x1x1x2xf32>
    %r = tosa.clamp %c {quant_hw.name = "relu", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x1x1x2xf32>) -> tensor<?x1x1x2xf32>
    %o = quant_hw.observe "relu" %r range [0.0, 4.0] : tensor<?x1x1x2xf32>
    return %o : tensor<?x1x1x2xf32>
  }

  // A fused relu that an integer op reads has one pair, not two.
  // CHECK-LABEL: func.func @relu_read_by_integer_op(
  func.func @relu_read_by_integer_op(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    // CHECK: %[[FC1:.*]] = quant_hw.fully_connected
    // CHECK-NEXT: %[[R:.*]] = tosa.clamp %[[FC1]]
    // CHECK-NEXT: %[[Q:.*]] = quant_hw.quantize %[[R]] form <q5> {quant_hw.name = "relu"}
    // CHECK-NEXT: %[[D:.*]] = quant_hw.dequantize %[[Q]]
    // CHECK: quant_hw.fully_connected %[[D]],
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<0.5> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "fc1"} : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    %r = tosa.clamp %c {quant_hw.name = "relu", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    %o = quant_hw.observe "relu" %r range [0.0, 4.0] : tensor<?x1xf32>
    %d = quant_hw.fully_connected %o, %w {quant_hw.name = "fc2"} : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    %p = quant_hw.observe "fc2" %d range [0.0, 4.0] : tensor<?x1xf32>
    return %p : tensor<?x1xf32>
  }

  // A relu behind a convolution with two readers is an op of its own.
  // CHECK-LABEL: func.func @relu_not_fused(
  func.func @relu_not_fused(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> (tensor<?x1xf32>, tensor<?x1xf32>) {
    // CHECK: %[[FC:.*]] = quant_hw.fully_connected
    // CHECK-NEXT: %[[Q:.*]] = quant_hw.quantize %[[FC]] form <q5> {quant_hw.name = "fc"}
    // CHECK-NEXT: %[[D:.*]] = quant_hw.dequantize %[[Q]]
    // CHECK-NEXT: %[[R:.*]] = tosa.clamp %[[D]]
    // CHECK-NEXT: %[[P:.*]] = quant_hw.quantize %[[R]] form <q5> {quant_hw.name = "relu"}
    // CHECK-NEXT: %[[E:.*]] = quant_hw.dequantize %[[P]]
    // CHECK-NEXT: return %[[D]], %[[E]]
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<0.5> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "fc"} : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    %o = quant_hw.observe "fc" %c range [-2.0, 2.0] : tensor<?x1xf32>
    %r = tosa.clamp %o {quant_hw.name = "relu", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    %p = quant_hw.observe "relu" %r range [0.0, 2.0] : tensor<?x1xf32>
    return %o, %p : tensor<?x1xf32>, tensor<?x1xf32>
  }

  // Transpose, pad, max pool, average pool and reshape have the parameters of their
  // operand, whatever was observed behind them; the input is read only through a
  // transpose.
  // CHECK-LABEL: func.func @shared_parameters(
  func.func @shared_parameters(%arg: tensor<?x1x2x2xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    // CHECK: quant_hw.quantize %{{.*}} {quant_hw.name = "x"} : {{.*}} -> tensor<?x1x2x2x!quant.uniform<u8:f32, 0.011764705882352941:85>>
    // CHECK: tosa.transpose
    // CHECK-NEXT: quant_hw.quantize %{{.*}} {quant_hw.name = "t"} : {{.*}} -> tensor<?x2x2x1x!quant.uniform<u8:f32, 0.011764705882352941:85>>
    // CHECK: tosa.pad
    // CHECK-NEXT: quant_hw.quantize %{{.*}} {quant_hw.name = "p"} : {{.*}} -> tensor<?x3x3x1x!quant.uniform<u8:f32, 0.011764705882352941:85>>
    // CHECK: tosa.max_pool2d
    // CHECK-NEXT: quant_hw.quantize %{{.*}} {quant_hw.name = "mp"} : {{.*}} -> tensor<?x2x2x1x!quant.uniform<u8:f32, 0.011764705882352941:85>>
    // CHECK: tosa.avg_pool2d
    // CHECK-NEXT: quant_hw.quantize %{{.*}} {quant_hw.name = "ap"} : {{.*}} -> tensor<?x1x1x1x!quant.uniform<u8:f32, 0.011764705882352941:85>>
    // CHECK: tosa.reshape
    // CHECK-NEXT: %[[Q:.*]] = quant_hw.quantize %{{.*}} {quant_hw.name = "r"} : {{.*}} -> tensor<?x1x!quant.uniform<u8:f32, 0.011764705882352941:85>>
    // CHECK-NEXT: %[[D:.*]] = quant_hw.dequantize %[[Q]]
    // CHECK-NEXT: return %[[D]]
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] : tensor<?x1x2x2xf32>
    %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %t = tosa.transpose %x {quant_hw.name = "t", perms = array<i32: 0, 2, 3, 1>} : (tensor<?x1x2x2xf32>) -> tensor<?x2x2x1xf32>
    %padding = tosa.const_shape {values = dense<[0, 0, 1, 0, 0, 1, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
    %p = tosa.pad %t, %padding, %z {quant_hw.name = "p"} : (tensor<?x2x2x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<?x3x3x1xf32>
    %m = tosa.max_pool2d %p {quant_hw.name = "mp", kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x3x3x1xf32>) -> tensor<?x2x2x1xf32>
    %mo = quant_hw.observe "mp" %m range [-0.5, 2.0] : tensor<?x2x2x1xf32>
    %a = tosa.avg_pool2d %mo, %z, %z {quant_hw.name = "ap", acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x1x1x1xf32>
    %ao = quant_hw.observe "ap" %a range [-0.25, 1.0] : tensor<?x1x1x1xf32>
    %shape = tosa.const_shape {values = dense<[-1, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %r = tosa.reshape %ao, %shape {quant_hw.name = "r"} : (tensor<?x1x1x1xf32>, !tosa.shape<2>) -> tensor<?x1xf32>
    return %r : tensor<?x1xf32>
  }

  // The addition of a constant stays float with the relu behind it, which is
  // quantized for the op that reads it; the input that only the addition reads stays
  // float too. Softmax has no integer form: it reads dequantized codes and its result
  // stays float.
  // CHECK-LABEL: func.func @stays_float(
  func.func @stays_float(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
    // CHECK: %[[ADD:.*]] = tosa.add %arg0, %{{.*}} {quant_hw.name = "add"}
    // CHECK-NEXT: %[[R:.*]] = tosa.clamp %[[ADD]]
    // CHECK-NEXT: %[[Q:.*]] = quant_hw.quantize %[[R]] form <q5> {quant_hw.name = "relu"}
    // CHECK-NEXT: %[[D:.*]] = quant_hw.dequantize %[[Q]]
    // CHECK: quant_hw.fully_connected %[[D]],
    // CHECK: %[[QC:.*]] = quant_hw.quantize %{{.*}} {quant_hw.name = "fc"}
    // CHECK-NEXT: %[[C:.*]] = quant_hw.dequantize %[[QC]]
    // CHECK-NEXT: %[[S:.*]] = quant_hw.softmax %[[C]] axis 1 {quant_hw.name = "softmax"}
    // CHECK-NOT: quant_hw.quantize %[[S]]
    // CHECK: return
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<0.5> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %k = "tosa.const"() {values = dense<[[0.5, 1.0]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
    %a = tosa.add %x, %k {quant_hw.name = "add"} : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x2xf32>
    %r = tosa.clamp %a {quant_hw.name = "relu", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %ro = quant_hw.observe "relu" %r range [0.0, 3.0] : tensor<?x2xf32>
    %c = quant_hw.fully_connected %ro, %w {quant_hw.name = "fc"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %co = quant_hw.observe "fc" %c range [-1.0, 3.0] : tensor<?x2xf32>
    %s = quant_hw.softmax %co axis 1 {quant_hw.name = "softmax"} : tensor<?x2xf32>
    %so = quant_hw.observe "softmax" %s range [0.0, 1.0] : tensor<?x2xf32>
    return %so, %co : tensor<?x2xf32>, tensor<?x2xf32>
  }

  // Pitfall F1: weights with two readers have the same codes in both. What
  // nothing reads disappears.
  // CHECK-LABEL: func.func @shared_weights(
  func.func @shared_weights(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> (tensor<?x1xf32>, tensor<?x1xf32>) {
    // CHECK: %[[W:.*]] = "tosa.const"
    // CHECK-NEXT: quant_hw.quantize %[[W]] form <q5> : tensor<1x1xf32> -> tensor<1x1x!quant.uniform<u8:f32, 0.0019607843137254902>>
    // CHECK: quant_hw.fully_connected
    // CHECK: quant_hw.quantize %[[W]] form <q5> : tensor<1x1xf32> -> tensor<1x1x!quant.uniform<u8:f32, 0.0019607843137254902>>
    // CHECK: quant_hw.fully_connected
    // CHECK-NOT: "dead"
    // CHECK: return
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<0.5> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "fc1"} : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    %o = quant_hw.observe "fc1" %c range [-2.0, 2.0] : tensor<?x1xf32>
    %d = quant_hw.fully_connected %x, %w {quant_hw.name = "fc2"} : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    %p = quant_hw.observe "fc2" %d range [-2.0, 2.0] : tensor<?x1xf32>
    %e = quant_hw.fully_connected %x, %w {quant_hw.name = "dead"} : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    return %o, %p : tensor<?x1xf32>, tensor<?x1xf32>
  }

  // Pitfall G3: a range of width 0 is widened to 0.01 (P-AIMET): scale 0.01/255.
  // CHECK-LABEL: func.func @all_zero(
  func.func @all_zero(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    // CHECK: quant_hw.quantize %{{.*}} {quant_hw.name = "x"} : {{.*}} -> tensor<?x1x!quant.uniform<u8:f32, 3.9215686274509805E-5>>
    // CHECK: quant_hw.quantize %{{.*}} : tensor<1x1xf32> -> tensor<1x1x!quant.uniform<u8:f32, 3.9215686274509805E-5>>
    %x = quant_hw.observe "x" %arg range [0.0, 0.0] : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<0.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "fc"} : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    %o = quant_hw.observe "fc" %c range [0.0, 0.0] : tensor<?x1xf32>
    return %o : tensor<?x1xf32>
  }
}

// -----

// Per channel, symmetric: 2/127 with the middle of [0, 255] as zero point, and
// 0.01/127 for the channel that is all zero (pitfall G3).
#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "symmetric", granularity = "per_channel"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  // CHECK-LABEL: func.func @per_channel(
  func.func @per_channel(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    // CHECK: quant_hw.quantize %{{.*}} : tensor<2x2xf32> -> tensor<2x2x!quant.uniform<u8:f32:0, {0.015748031496062992:128,7.8740157480314957E-5:128}>>
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[-2.0, 1.0], [0.0, 0.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "fc"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %o = quant_hw.observe "fc" %c range [-2.0, 2.0] : tensor<?x2xf32>
    return %o : tensor<?x2xf32>
  }
}

// -----

// A kind of op that the backend never computes in integers.
#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"], stays_float = ["fully_connected"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  // CHECK-LABEL: func.func @float_only(
  // CHECK: quant_hw.fully_connected
  // CHECK-NEXT: %[[Q:.*]] = quant_hw.quantize {{.*}} {quant_hw.name = "fc"}
  // CHECK-NEXT: %[[D:.*]] = quant_hw.dequantize %[[Q]]
  // CHECK-NEXT: tosa.add %[[D]], %[[D]]
  func.func @float_only(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    %x = quant_hw.observe "x" %arg : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<0.5> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "fc"} : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    %o = quant_hw.observe "fc" %c range [-2.0, 2.0] : tensor<?x1xf32>
    %a = tosa.add %o, %o {quant_hw.name = "add"} : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
    %p = quant_hw.observe "add" %a range [-4.0, 4.0] : tensor<?x1xf32>
    return %p : tensor<?x1xf32>
  }
}

// -----

// Uncalibrated, in three ways.
#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
// expected-error @below {{tensor 'x' has no range: calibrate the program (hwq calibrate) or import a table of ranges (--quant-hw-import-calibration)}}
module attributes {quant_hw.backend = #snpe} {
  func.func @float(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    %a = tosa.add %arg, %arg {quant_hw.name = "add"} : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
    return %a : tensor<?x1xf32>
  }
}

// -----

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
// expected-error @below {{tensor 'second' has no range: calibrate the program (hwq calibrate) or import a table of ranges (--quant-hw-import-calibration)}}
module attributes {quant_hw.backend = #snpe, quant_hw.form = "observed"} {
  func.func @observed(%arg: tensor<?x1xf32>) -> tensor<?x1xf32> {
    %x = quant_hw.observe "first" %arg range [-1.0, 2.0] : tensor<?x1xf32>
    %a = tosa.add %x, %x : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
    %o = quant_hw.observe "second" %a : tensor<?x1xf32>
    %b = tosa.add %o, %o : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
    %p = quant_hw.observe "third" %b : tensor<?x1xf32>
    return %p : tensor<?x1xf32>
  }
}

// -----

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  func.func @hole(%arg: tensor<?x1xf32>) -> tensor<?x1xf32> {
    %x = quant_hw.observe "first" %arg range [-1.0, 2.0] : tensor<?x1xf32>
    %a = tosa.add %x, %x : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
    // expected-error @below {{tensor 'second' has no range: calibrate the program (hwq calibrate) or import a table of ranges (--quant-hw-import-calibration)}}
    %o = quant_hw.observe "second" %a : tensor<?x1xf32>
    return %o : tensor<?x1xf32>
  }
}

// -----

// An input without an observer.
#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  // expected-error @below {{input 'x' has no range: calibrate the program (hwq calibrate) or import a table of ranges (--quant-hw-import-calibration)}}
  func.func @no_observer(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    %a = tosa.add %arg, %arg : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
    %o = quant_hw.observe "add" %a range [-1.0, 2.0] : tensor<?x1xf32>
    return %o : tensor<?x1xf32>
  }
}

// -----

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  func.func @bad_weights(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[1.0, 0x7FC00000]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
    // expected-error @below {{the weights of 'fc' contain nan}}
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "fc"} : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
    %o = quant_hw.observe "fc" %c range [-2.0, 2.0] : tensor<?x1xf32>
    return %o : tensor<?x1xf32>
  }
}

// -----

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
// expected-error @below {{'quant-hw-annotate' found no op that can be quantized}}
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  func.func @nothing(%arg: tensor<?x1xf32>) -> tensor<?x1xf32> {
    return %arg : tensor<?x1xf32>
  }
}

// -----

// expected-error @below {{'quant-hw-annotate' expects a backend in 'quant_hw.backend' (set by --quant-hw-set-backend)}}
module attributes {quant_hw.form = "calibrated"} {
}

// -----

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
// expected-error @below {{'quant-hw-annotate' expects a program of form 'calibrated', got 'step3'}}
module attributes {quant_hw.backend = #snpe, quant_hw.form = "step3"} {
}

// -----

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"], fuse_clamp = false,
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  // A backend that does not fuse clamps: the convolution has parameters of its own.
  // CHECK-LABEL: func.func @clamp_not_fused(
  // CHECK: %[[FC:.*]] = quant_hw.fully_connected
  // CHECK-NEXT: %[[Q:.*]] = quant_hw.quantize %[[FC]] form <q5> {quant_hw.name = "fc"}
  // CHECK-NEXT: %[[D:.*]] = quant_hw.dequantize %[[Q]]
  // CHECK-NEXT: %[[R:.*]] = tosa.clamp %[[D]]
  // CHECK-NEXT: quant_hw.quantize %[[R]] form <q5> {quant_hw.name = "relu"}
  func.func @clamp_not_fused(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<0.5> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "fc"} : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    %o = quant_hw.observe "fc" %c range [-1.0, 1.0] : tensor<?x1xf32>
    %r = tosa.clamp %o {quant_hw.name = "relu", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    %p = quant_hw.observe "relu" %r range [0.0, 1.0] : tensor<?x1xf32>
    return %p : tensor<?x1xf32>
  }

  // A concat has the parameters of its own range: 3/255, whatever those of its operands.
  // CHECK-LABEL: func.func @concat(
  // CHECK: %[[C:.*]] = tosa.concat
  // CHECK-NEXT: quant_hw.quantize %[[C]] form <q5> {quant_hw.name = "concat"} : tensor<?x2xf32> -> tensor<?x2x!quant.uniform<u8:f32, 0.011764705882352941:85>>
  func.func @concat(%a: tensor<?x1xf32> {quant_hw.name = "a"}, %b: tensor<?x1xf32> {quant_hw.name = "b"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "a" %a range [-1.0, 1.0] : tensor<?x1xf32>
    %y = quant_hw.observe "b" %b range [0.0, 2.0] : tensor<?x1xf32>
    %s = tosa.add %x, %y {quant_hw.name = "s"} : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
    %t = quant_hw.observe "s" %s range [-1.0, 2.0] : tensor<?x1xf32>
    %c = tosa.concat %x, %t {axis = 1 : i32, quant_hw.name = "concat"} : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x2xf32>
    %o = quant_hw.observe "concat" %c range [-1.0, 2.0] : tensor<?x2xf32>
    return %o : tensor<?x2xf32>
  }
}

// -----

// A result without an observer.
#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  func.func @result_not_observed(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] : tensor<?x1xf32>
    // expected-error @below {{tensor 'sum' has no range: calibrate the program (hwq calibrate) or import a table of ranges (--quant-hw-import-calibration)}}
    %a = tosa.add %x, %x {quant_hw.name = "sum"} : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
    return %a : tensor<?x1xf32>
  }
}

// -----

// P-TFL does not widen a range of width 0: 1 stands in for its scale.
#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_tfl", weight_rule = "p_tfl", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  // CHECK-LABEL: func.func @no_width
  // CHECK: quant_hw.quantize %arg0 form <q5> : {{.*}} -> tensor<?x1x!quant.uniform<u8:f32, 1.000000e+00>>
  func.func @no_width(%arg: tensor<?x1xf32>) -> tensor<?x1xf32> {
    %x = quant_hw.observe "x" %arg range [0.0, 0.0] : tensor<?x1xf32>
    %a = tosa.add %x, %x : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
    %o = quant_hw.observe "sum" %a range [0.0, 0.0] : tensor<?x1xf32>
    return %o : tensor<?x1xf32>
  }
}

// -----

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_tfl", weight_rule = "p_tfl", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  // P-TFL gives weights that are all zero no scale: pitfall G3, the scale is 1.
  // CHECK-LABEL: func.func @zero_weights(
  // CHECK: quant_hw.quantize %{{.*}} : tensor<1x1xf32> -> tensor<1x1x!quant.uniform<u8:f32, 1.000000e+00>>
  func.func @zero_weights(%arg: tensor<?x1xf32>) -> tensor<?x1xf32> {
    %x = quant_hw.observe "x" %arg range [0.0, 1.0] : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<0.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "fc"} : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    %o = quant_hw.observe "fc" %c range [0.0, 1.0] : tensor<?x1xf32>
    return %o : tensor<?x1xf32>
  }
}

// -----

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  func.func @too_wide(%arg: tensor<?x1xf32>) -> tensor<?x1xf32> {
    // expected-error @below {{tensor 'x': expected a range whose scale is finite in f32, got [-1e+300, 1e+300]}}
    %x = quant_hw.observe "x" %arg range [-1.0e300, 1.0e300] : tensor<?x1xf32>
    %a = tosa.add %x, %x : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
    %o = quant_hw.observe "sum" %a range [0.0, 1.0] : tensor<?x1xf32>
    return %o : tensor<?x1xf32>
  }
}

// -----

// Nothing to name.
#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
// expected-error @below {{'quant-hw-annotate' expects a program of form 'calibrated', got 'float'}}
module attributes {quant_hw.backend = #snpe} {}

// -----

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #snpe, quant_hw.form = "calibrated"} {
  func.func @unknown_rank(%arg: tensor<2xf32>) -> tensor<*xf32> {
    %x = quant_hw.observe "x" %arg range [0.0, 1.0] : tensor<2xf32>
    // expected-error @below {{expected a tensor of known rank, got 'tensor<*xf32>' for 'sum' (--tosa-infer-shapes can find it)}}
    %a = tosa.add %x, %x {quant_hw.name = "sum"} : (tensor<2xf32>, tensor<2xf32>) -> tensor<*xf32>
    return %a : tensor<*xf32>
  }
}
