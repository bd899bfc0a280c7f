// Parameters that a model brought along: taken to the last bit, or an error.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics --quant-hw-annotate | FileCheck %s

#u8 = #quant_hw.backend<"u8", {vendor = "Test", hardware = "CPU",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_tensor"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total", keep_parameters = ["max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #u8, quant_hw.form = "calibrated"} {
  // Codes of an int8 model are 128 higher in u8. Weights whose values are on the
  // grid keep their codes (the range rule would give another scale). What has no
  // quantizer stays float, and so does its reader.
  // CHECK-LABEL: func.func @kept(
  func.func @kept(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    // CHECK: quant_hw.quantize %{{.*}} form <q5> {quant_hw.name = "x"} : tensor<?x1xf32> -> tensor<?x1x!quant.uniform<u8:f32, 1.250000e-01:100>>
    // CHECK: quant_hw.quantize %{{.*}} form <q5> : tensor<2x1xf32> -> tensor<2x1x!quant.uniform<i8:f32, 2.500000e-01>>
    // CHECK: quant_hw.name = "y"{{.*}} -> tensor<?x2x!quant.uniform<u8:f32, 5.000000e-01:128>>
    // CHECK: quant_hw.fully_connected {{.*}}quant_hw.name = "z"
    // CHECK-NOT: quant_hw.quantize
    // CHECK: return
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<i8:f32, 0.125:-28>} : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<[[-1.0], [1.25]]> : tensor<2x1xf32>, quant_hw.model_parameters = !quant.uniform<i8:f32, 0.25>} : () -> tensor<2x1xf32>
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "y"} : (tensor<?x1xf32>, tensor<2x1xf32>) -> tensor<?x2xf32>
    %y = quant_hw.observe "y" %c range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.5:128>} : tensor<?x2xf32>
    %v = "tosa.const"() {values = dense<[[-1.0, 0.0], [1.25, 0.5]]> : tensor<2x2xf32>, quant_hw.model_parameters = !quant.uniform<i8:f32, 0.25>} : () -> tensor<2x2xf32>
    %z = quant_hw.fully_connected %y, %v {quant_hw.name = "z"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    return %z : tensor<?x2xf32>
  }
}

// -----

#sym = #quant_hw.backend<"sym", {vendor = "Test", hardware = "CPU",
  activations = {storage = "i8", symmetry = "symmetric"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_tensor"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #sym, quant_hw.form = "calibrated"} {
  func.func @zero_point(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    // expected-error@+1 {{the quantizer of 'x' does not fit the backend 'sym': expected a symmetric grid, got the zero point 100 in [0, 255]}}
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.125:100>} : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<[[-1.0], [1.25]]> : tensor<2x1xf32>, quant_hw.model_parameters = !quant.uniform<i8:f32, 0.25>} : () -> tensor<2x1xf32>
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "y"} : (tensor<?x1xf32>, tensor<2x1xf32>) -> tensor<?x2xf32>
    return %c : tensor<?x2xf32>
  }
}

// -----

#one = #quant_hw.backend<"one", {vendor = "Test", hardware = "CPU",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_tensor"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #one, quant_hw.form = "calibrated"} {
  func.func @granularity(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.125:100>} : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<[[-1.0], [1.25]]> : tensor<2x1xf32>, quant_hw.model_parameters = !quant.uniform<i8:f32:0, {0.25,0.125}>} : () -> tensor<2x1xf32>
    // expected-error@+1 {{does not fit the backend 'one': expected one scale for all channels, got one per channel}}
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "y"} : (tensor<?x1xf32>, tensor<2x1xf32>) -> tensor<?x2xf32>
    %y = quant_hw.observe "y" %c range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.5:128>} : tensor<?x2xf32>
    return %y : tensor<?x2xf32>
  }
}

// -----

#off = #quant_hw.backend<"off", {vendor = "Test", hardware = "CPU",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_tensor"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #off, quant_hw.form = "calibrated"} {
  func.func @off_grid(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.125:100>} : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<[[-1.0], [1.2]]> : tensor<2x1xf32>, quant_hw.model_parameters = !quant.uniform<i8:f32, 0.25>} : () -> tensor<2x1xf32>
    // expected-error@+1 {{expected values on the grid, got 1.2}}
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "y"} : (tensor<?x1xf32>, tensor<2x1xf32>) -> tensor<?x2xf32>
    %y = quant_hw.observe "y" %c range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.5:128>} : tensor<?x2xf32>
    return %y : tensor<?x2xf32>
  }
}

// -----

#two = #quant_hw.backend<"two", {vendor = "Test", hardware = "CPU",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_tensor"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total", keep_parameters = ["max_pool2d"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #two, quant_hw.form = "calibrated"} {
  func.func @unequal(%arg: tensor<?x2x2x1xf32> {quant_hw.name = "x"}) -> tensor<?x1x1x1xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.125:100>} : tensor<?x2x2x1xf32>
    %p = tosa.max_pool2d %x {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>, quant_hw.name = "p"} : (tensor<?x2x2x1xf32>) -> tensor<?x1x1x1xf32>
    // expected-error@+1 {{have one quantizer in the backend 'two', in the model they have}}
    %y = quant_hw.observe "p" %p range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.25:100>} : tensor<?x1x1x1xf32>
    %w = "tosa.const"() {values = dense<[[[[-1.0]]]]> : tensor<1x1x1x1xf32>, quant_hw.model_parameters = !quant.uniform<i8:f32, 0.25>} : () -> tensor<1x1x1x1xf32>
    %c = quant_hw.conv2d %y, %w {quant_hw.name = "c", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<?x1x1x1xf32>
    %o = quant_hw.observe "c" %c range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.5:128>} : tensor<?x1x1x1xf32>
    return %o : tensor<?x1x1x1xf32>
  }
}

// -----

#lost = #quant_hw.backend<"lost", {vendor = "Test", hardware = "CPU",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_tensor"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #lost, quant_hw.form = "calibrated"} {
  // expected-warning@+1 {{the backend 'lost' has no place for 1 of the model's quantizers, the first of them that of 'inner': they are left out}}
  func.func @inside_fusion(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.125:100>} : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<[[-1.0], [1.25]]> : tensor<2x1xf32>, quant_hw.model_parameters = !quant.uniform<i8:f32, 0.25>} : () -> tensor<2x1xf32>
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "y"} : (tensor<?x1xf32>, tensor<2x1xf32>) -> tensor<?x2xf32>
    %i = quant_hw.observe "inner" %c range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.5:128>} : tensor<?x2xf32>
    %r = tosa.clamp %i {quant_hw.name = "r", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %y = quant_hw.observe "r" %r range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.5>} : tensor<?x2xf32>
    return %y : tensor<?x2xf32>
  }
}

// -----

#lost = #quant_hw.backend<"lost", {vendor = "Test", hardware = "CPU",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_tensor"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #lost, quant_hw.form = "calibrated"} {
  // expected-warning@+1 {{1 of the model's ops read a tensor beside its quantizer, the first of them 'x': the backend 'lost' has them read it quantized}}
  func.func @float_reader(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.125:100>} : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<[[-1.0], [1.25]]> : tensor<2x1xf32>, quant_hw.model_parameters = !quant.uniform<i8:f32, 0.25>} : () -> tensor<2x1xf32>
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "c"} : (tensor<?x1xf32>, tensor<2x1xf32>) -> tensor<?x2xf32>
    %y = quant_hw.observe "c" %c range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.5:128>} : tensor<?x2xf32>
    %d = quant_hw.fully_connected %arg, %w {quant_hw.name = "d"} : (tensor<?x1xf32>, tensor<2x1xf32>) -> tensor<?x2xf32>
    %z = quant_hw.observe "d" %d range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.5:128>} : tensor<?x2xf32>
    return %y, %z : tensor<?x2xf32>, tensor<?x2xf32>
  }
}

// -----

#second = #quant_hw.backend<"second", {vendor = "Test", hardware = "CPU",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_tensor"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #second, quant_hw.form = "calibrated"} {
  func.func @second(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> (tensor<?x1xf32>, tensor<?x1xf32>) {
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.125:100>} : tensor<?x1xf32>
    // expected-error@+1 {{'again' is a second quantizer of one tensor, expected one}}
    %y = quant_hw.observe "again" %arg range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.25:100>} : tensor<?x1xf32>
    return %x, %y : tensor<?x1xf32>, tensor<?x1xf32>
  }
}

// -----

// Scales of channels: in the weights that read them, whose codes stay.
#channels = #quant_hw.backend<"channels", {vendor = "Test", hardware = "CPU",
  activations = {storage = "u8", symmetry = "asymmetric", granularity = "per_channel"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_channel"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r4", bias = "f32", graph_policy = "total", keep_parameters = ["max_pool2d", "movement"],
  final_form = "step4", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #channels, quant_hw.form = "calibrated"} {
  // CHECK-LABEL: func.func @channels(
  // CHECK: quant_hw.quantize %{{.*}} {quant_hw.name = "x"} : tensor<?x1x1x2xf32> -> tensor<?x1x1x2x!quant.uniform<u8:f32:3, {1.250000e-01:100,5.000000e-01:3}>>
  // CHECK: dense<{{\[\[\[\[}}-1.250000e-01{{\]\]\]}}, {{\[\[\[}}6.250000e-01]]]]> : tensor<2x1x1x1xf32>
  // CHECK: quant_hw.quantize %{{.*}} : tensor<2x1x1x1xf32> -> tensor<2x1x1x1x!quant.uniform<i8:f32:0, {3.125000e-02,6.250000e-02}>>
  func.func @channels(%arg: tensor<?x1x1x2xf32> {quant_hw.name = "x"}) -> tensor<?x1x1x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32:3, {0.125:100,0.5:3}>} : tensor<?x1x1x2xf32>
    %w = "tosa.const"() {values = dense<[[[[-1.0]]], [[[1.25]]]]> : tensor<2x1x1x1xf32>, quant_hw.model_parameters = !quant.uniform<i8:f32:0, {0.25,0.125}>} : () -> tensor<2x1x1x1xf32>
    %c = quant_hw.conv2d %x, %w {quant_hw.name = "y", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 2 : i64} : (tensor<?x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<?x1x1x2xf32>
    %y = quant_hw.observe "y" %c range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.5>} : tensor<?x1x1x2xf32>
    return %y : tensor<?x1x1x2xf32>
  }
}

// -----

#channels = #quant_hw.backend<"channels", {vendor = "Test", hardware = "CPU",
  activations = {storage = "u8", symmetry = "asymmetric", granularity = "per_channel"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_channel"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r4", bias = "f32", graph_policy = "total", keep_parameters = ["max_pool2d", "movement"],
  final_form = "step4", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #channels, quant_hw.form = "calibrated"} {
  func.func @several_channels(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32:1, {0.125:100,0.5:3}>} : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[-1.0, 0.0], [1.25, 0.5]]> : tensor<2x2xf32>, quant_hw.model_parameters = !quant.uniform<i8:f32:0, {0.25,0.125}>} : () -> tensor<2x2xf32>
    // expected-error@+1 {{the weights of 'y' have a quantizer in the model, their input has scales for its channels: expected one input channel for each output}}
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "y"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %y = quant_hw.observe "y" %c range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.5>} : tensor<?x2xf32>
    return %y : tensor<?x2xf32>
  }
}

// -----

#channels = #quant_hw.backend<"channels", {vendor = "Test", hardware = "CPU",
  activations = {storage = "u8", symmetry = "asymmetric", granularity = "per_channel"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_channel"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r4", bias = "f32", graph_policy = "total", keep_parameters = ["max_pool2d", "movement"],
  final_form = "step4", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #channels, quant_hw.form = "calibrated"} {
  func.func @other_reader(%arg: tensor<?x1x1x2xf32> {quant_hw.name = "x"}) -> tensor<?x1x1x2xf32> {
    // expected-error@+1 {{the quantizer of 'x' has scales for channels, expected one: something else than a dot product reads it}}
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32:3, {0.125:100,0.5:3}>} : tensor<?x1x1x2xf32>
    %s = tosa.add %x, %x {quant_hw.name = "s"} : (tensor<?x1x1x2xf32>, tensor<?x1x1x2xf32>) -> tensor<?x1x1x2xf32>
    %y = quant_hw.observe "s" %s range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.5>} : tensor<?x1x1x2xf32>
    return %y : tensor<?x1x1x2xf32>
  }
}

// -----

#behind = #quant_hw.backend<"behind", {vendor = "Test", hardware = "CPU",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_tensor"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
// An op that stays float keeps the model's quantizer behind it; one that reads a tensor beside its quantizer
// and stays float reads the tensor.
// CHECK-LABEL: func.func @behind_float
// CHECK-SAME: %[[ARG:[a-z0-9]*]]: tensor<?x1xf32>
// CHECK: %[[QX:.*]] = quant_hw.quantize %[[ARG]]
// CHECK: %[[X:.*]] = quant_hw.dequantize %[[QX]]
// CHECK: %[[MUL:.*]] = tosa.mul %[[X]], %
// CHECK: %[[Q:.*]] = quant_hw.quantize %[[MUL]] {{.*}}quant_hw.name = "scaled"{{.*}} -> tensor<?x1x!quant.uniform<u8:f32, 2.500000e-01:50>>
// CHECK: %[[D:.*]] = quant_hw.dequantize %[[Q]]
// CHECK: %[[EXP:.*]] = tosa.exp %[[ARG]]
// CHECK: return %[[D]], %[[EXP]]
module attributes {quant_hw.backend = #behind, quant_hw.form = "calibrated"} {
  func.func @behind_float(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> (tensor<?x1xf32>, tensor<?x1xf32>) {
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.125:100>} : tensor<?x1xf32>
    %k = "tosa.const"() {values = dense<3.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %z = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    %m = tosa.mul %x, %k, %z {quant_hw.name = "scaled"} : (tensor<?x1xf32>, tensor<1x1xf32>, tensor<1xi8>) -> tensor<?x1xf32>
    %y = quant_hw.observe "scaled" %m range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.25:50>} : tensor<?x1xf32>
    %e = tosa.exp %arg {quant_hw.name = "e"} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    return %y, %e : tensor<?x1xf32>, tensor<?x1xf32>
  }
}

// -----

#narrow = #quant_hw.backend<"narrow", {vendor = "Test", hardware = "CPU",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_tensor", narrow = true},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #narrow, quant_hw.form = "calibrated"} {
  func.func @lowest_code(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.125:100>} : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<[[1.25], [-32.0]]> : tensor<2x1xf32>, quant_hw.model_parameters = !quant.uniform<i8:f32, 0.25>} : () -> tensor<2x1xf32>
    // expected-error@+1 {{expected codes in [-127, 127], got -128 in channel 1, which weights.narrow=false admits}}
    %c = quant_hw.fully_connected %x, %w {quant_hw.name = "c"} : (tensor<?x1xf32>, tensor<2x1xf32>) -> tensor<?x2xf32>
    %y = quant_hw.observe "c" %c range [-1.0, 2.0] {quant_hw.model_parameters = !quant.uniform<u8:f32, 0.5:128>} : tensor<?x2xf32>
    return %y : tensor<?x2xf32>
  }
}
