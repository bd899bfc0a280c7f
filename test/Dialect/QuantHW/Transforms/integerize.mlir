// RUN: hwq-opt %s --split-input-file --verify-diagnostics --quant-hw-integerize | FileCheck %s
// What has no integer form is reported, with the reason.
// RUN: not hwq-opt %s --split-input-file --quant-hw-integerize --remarks-filter='hwq.*' 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// REMARK: [Missed] Integerize {{.*}}add stays float: its operands have different shapes

!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
!half = !quant.uniform<u8:f32, 1.0:5>
!axis = !quant.uniform<u8:f32:0, {0.25:128, 0.5:128}>
#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
// CHECK: quant_hw.form = "step1"
module attributes {quant_hw.backend = #snpe, quant_hw.form = "step0"} {
  // S1 = 0.5 * 0.25 / 2, B1 = B / 2, weights RHA(w / 0.25) + 128; the relu's lower
  // bound is the zero point (pitfalls D1, D3). The name goes to the requantization.
  // CHECK-LABEL: func.func @conv_relu(
  func.func @conv_relu(%arg: tensor<?x1x1x1xf32> {quant_hw.name = "x"}) -> tensor<?x1x1x2xf32> {
    // CHECK-DAG: %[[W:.*]] = "tosa.const"() <{values = dense<{{\[\[\[\[}}132]]], {{\[\[\[}}126]]]]> : tensor<2x1x1x1xui8>}> : () -> tensor<2x1x1x1x!quant.uniform<u8:f32, 2.500000e-01:128>>
    // CHECK-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<[2.500000e-01, -1.250000e-01]> : tensor<2xf64>}>
    // CHECK-DAG: %[[X:.*]] = quant_hw.quantize %{{.*}} form <q5> {quant_hw.name = "x"}
    // CHECK: %[[A:.*]] = quant_hw.conv2d %[[X]], %[[W]] {dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : {{.*}} -> tensor<?x1x1x2xi32>
    // CHECK-NEXT: %[[Y:.*]] = quant_hw.requantize %[[A]] bias %[[B]] : tensor<2xf64> {quant_hw.name = "relu",
    // CHECK-SAME: requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [6.250000e-02], zero_point = 3, lo = 3, hi = 255>, scaled_bias}
    // CHECK-NEXT: quant_hw.dequantize %[[Y]]
    // CHECK-NEXT: return
    %qx = quant_hw.quantize %arg form <q5> {quant_hw.name = "x"} : tensor<?x1x1x1xf32> -> tensor<?x1x1x1x!x>
    %x = quant_hw.dequantize %qx : tensor<?x1x1x1x!x> -> tensor<?x1x1x1xf32>
    %c = "tosa.const"() {values = dense<[[[[1.0]]], [[[-0.5]]]]> : tensor<2x1x1x1xf32>} : () -> tensor<2x1x1x1xf32>
    %qw = quant_hw.quantize %c form <q5> : tensor<2x1x1x1xf32> -> tensor<2x1x1x1x!w>
    %w = quant_hw.dequantize %qw : tensor<2x1x1x1x!w> -> tensor<2x1x1x1xf32>
    %b = "tosa.const"() {values = dense<[0.5, -0.25]> : tensor<2xf32>} : () -> tensor<2xf32>
    %y = quant_hw.conv2d %x, %w bias %b {quant_hw.name = "conv", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<?x1x1x2xf32>
    %r = tosa.clamp %y {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x1x1x2xf32>) -> tensor<?x1x1x2xf32>
    %qr = quant_hw.quantize %r form <q5> {quant_hw.name = "relu"} : tensor<?x1x1x2xf32> -> tensor<?x1x1x2x!y>
    %d = quant_hw.dequantize %qr : tensor<?x1x1x2x!y> -> tensor<?x1x1x2xf32>
    return %d : tensor<?x1x1x2xf32>
  }

  // Pitfall D4: bounds are the clamp's own. clip(0, 4) is [0/2, 4/2] + 3; clip(-1, 1)
  // rounds -0.5 + 3 and 0.5 + 3 half away from zero.
  // CHECK-LABEL: func.func @clips(
  func.func @clips(%arg: tensor<?x1x!x>) -> (tensor<?x1x!y>, tensor<?x1x!y>) {
    // CHECK: quant_hw.requantize {{.*}}quant_hw.name = "clip04", {{.*}}lo = 3, hi = 5>
    // CHECK: quant_hw.requantize {{.*}}quant_hw.name = "clip11", {{.*}}lo = 3, hi = 4>
    %x = quant_hw.dequantize %arg : tensor<?x1x!x> -> tensor<?x1xf32>
    %c = "tosa.const"() {values = dense<1.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %qw = quant_hw.quantize %c form <q5> : tensor<1x1xf32> -> tensor<1x1x!w>
    %w = quant_hw.dequantize %qw : tensor<1x1x!w> -> tensor<1x1xf32>
    %a = quant_hw.fully_connected %x, %w : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    %ca = tosa.clamp %a {min_val = 0.0 : f32, max_val = 4.0 : f32} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    %qa = quant_hw.quantize %ca form <q5> {quant_hw.name = "clip04"} : tensor<?x1xf32> -> tensor<?x1x!y>
    %b = quant_hw.fully_connected %x, %w : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    %cb = tosa.clamp %b {min_val = -1.0 : f32, max_val = 1.0 : f32} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    %qb = quant_hw.quantize %cb form <q5> {quant_hw.name = "clip11"} : tensor<?x1xf32> -> tensor<?x1x!y>
    return %qa, %qb : tensor<?x1x!y>, tensor<?x1x!y>
  }

  // One scale per channel: 0.5 * {0.25, 0.5} / 2. The codes of channel 1 are
  // w / 0.5 + 128.
  // CHECK-LABEL: func.func @per_channel(
  func.func @per_channel(%arg: tensor<?x1x!x>) -> tensor<?x2x!y> {
    // CHECK: values = dense<{{\[\[}}132], [130]]> : tensor<2x1xui8>
    // CHECK: %[[A:.*]] = quant_hw.fully_connected
    // CHECK-NEXT: quant_hw.requantize %[[A]] {quant_hw.name = "fc", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [6.250000e-02, 1.250000e-01], zero_point = 3, lo = 0, hi = 255>}
    %x = quant_hw.dequantize %arg : tensor<?x1x!x> -> tensor<?x1xf32>
    %c = "tosa.const"() {values = dense<1.0> : tensor<2x1xf32>} : () -> tensor<2x1xf32>
    %qw = quant_hw.quantize %c form <q5> : tensor<2x1xf32> -> tensor<2x1x!axis>
    %w = quant_hw.dequantize %qw : tensor<2x1x!axis> -> tensor<2x1xf32>
    %a = quant_hw.fully_connected %x, %w : (tensor<?x1xf32>, tensor<2x1xf32>) -> tensor<?x2xf32>
    %qa = quant_hw.quantize %a form <q5> {quant_hw.name = "fc"} : tensor<?x2xf32> -> tensor<?x2x!y>
    return %qa : tensor<?x2x!y>
  }

  // Two scales, 0.5 / 2 and 1 / 2, and a relu at the zero point.
  // CHECK-LABEL: func.func @add_relu(
  func.func @add_relu(%lhs: tensor<?x1x!x>, %rhs: tensor<?x1x!half>) -> tensor<?x1x!y> {
    // CHECK-NEXT: %[[Y:.*]] = quant_hw.add %arg0, %arg1 {
    // CHECK-SAME: lhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [2.500000e-01], input_zero_point = 10, lo = -2147483648, hi = 2147483647>,
    // CHECK-SAME: quant_hw.name = "relu",
    // CHECK-SAME: requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [1.000000e+00], zero_point = 3, lo = 3, hi = 255>,
    // CHECK-SAME: rhs_requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [5.000000e-01], input_zero_point = 5, lo = -2147483648, hi = 2147483647>}
    // CHECK-NEXT: return %[[Y]]
    %a = quant_hw.dequantize %lhs : tensor<?x1x!x> -> tensor<?x1xf32>
    %b = quant_hw.dequantize %rhs : tensor<?x1x!half> -> tensor<?x1xf32>
    %s = tosa.add %a, %b : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x1xf32>
    %r = tosa.clamp %s {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    %q = quant_hw.quantize %r form <q5> {quant_hw.name = "relu"} : tensor<?x1xf32> -> tensor<?x1x!y>
    return %q : tensor<?x1x!y>
  }

  // A constant operand, or another shape: between dequantize and quantize in float.
  // CHECK-LABEL: func.func @add_stays_float(
  func.func @add_stays_float(%lhs: tensor<?x2x!x>, %rhs: tensor<?x1x!half>) -> (tensor<?x2x!y>, tensor<?x2x!y>, tensor<?x2x!y>) {
    // CHECK: %[[A:.*]] = quant_hw.dequantize %arg0
    // CHECK: %[[B:.*]] = quant_hw.dequantize %arg1
    // CHECK: tosa.add %[[A]], %{{.*}}
    // CHECK: quant_hw.quantize %{{.*}} form <q5> {quant_hw.name = "constant"}
    // CHECK: tosa.add %[[A]], %[[B]]
    // CHECK: quant_hw.quantize %{{.*}} form <q5> {quant_hw.name = "broadcast"}
    %a = quant_hw.dequantize %lhs : tensor<?x2x!x> -> tensor<?x2xf32>
    %b = quant_hw.dequantize %rhs : tensor<?x1x!half> -> tensor<?x1xf32>
    %k = "tosa.const"() {values = dense<1.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %s = tosa.add %a, %k : (tensor<?x2xf32>, tensor<1x1xf32>) -> tensor<?x2xf32>
    %q = quant_hw.quantize %s form <q5> {quant_hw.name = "constant"} : tensor<?x2xf32> -> tensor<?x2x!y>
    %t = tosa.add %a, %b : (tensor<?x2xf32>, tensor<?x1xf32>) -> tensor<?x2xf32>
    %p = quant_hw.quantize %t form <q5> {quant_hw.name = "broadcast"} : tensor<?x2xf32> -> tensor<?x2x!y>
    // Nothing has a form for a power.
    // CHECK: tosa.pow
    // CHECK-NEXT: quant_hw.quantize
    %u = tosa.pow %a, %k : (tensor<?x2xf32>, tensor<1x1xf32>) -> tensor<?x2xf32>
    %o = quant_hw.quantize %u form <q5> : tensor<?x2xf32> -> tensor<?x2x!y>
    return %q, %p, %o : tensor<?x2x!y>, tensor<?x2x!y>, tensor<?x2x!y>
  }

  // A relu on its own is a requantization of codes.
  // CHECK-LABEL: func.func @relu(
  func.func @relu(%arg: tensor<?x1x!x>) -> tensor<?x1x!y> {
    // CHECK-NEXT: quant_hw.requantize %arg0 {quant_hw.name = "relu", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [2.500000e-01], input_zero_point = 10, zero_point = 3, lo = 3, hi = 255>} : tensor<?x1x!quant.uniform<u8:f32, 5.000000e-01:10>> ->
    // CHECK-NEXT: return
    %x = quant_hw.dequantize %arg : tensor<?x1x!x> -> tensor<?x1xf32>
    %r = tosa.clamp %x {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    %q = quant_hw.quantize %r form <q5> {quant_hw.name = "relu"} : tensor<?x1xf32> -> tensor<?x1x!y>
    return %q : tensor<?x1x!y>
  }

  // The relu of a convolution with two readers is not its clamp: the codes of the
  // convolution are all of [0, 255].
  // CHECK-LABEL: func.func @relu_not_fused(
  func.func @relu_not_fused(%arg: tensor<?x1x!x>) -> (tensor<?x1x!y>, tensor<?x1x!y>) {
    // CHECK: %[[A:.*]] = quant_hw.fully_connected
    // CHECK-NEXT: %[[C:.*]] = quant_hw.requantize %[[A]] {{.*}}quant_hw.name = "fc", {{.*}}lo = 0, hi = 255>
    // CHECK-NEXT: %[[R:.*]] = quant_hw.requantize %[[C]] {{.*}}quant_hw.name = "relu", {{.*}}scales = [1.000000e+00], input_zero_point = 3, zero_point = 3, lo = 3, hi = 255>
    // CHECK-NEXT: return %[[C]], %[[R]]
    %x = quant_hw.dequantize %arg : tensor<?x1x!x> -> tensor<?x1xf32>
    %c = "tosa.const"() {values = dense<1.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %qw = quant_hw.quantize %c form <q5> : tensor<1x1xf32> -> tensor<1x1x!w>
    %w = quant_hw.dequantize %qw : tensor<1x1x!w> -> tensor<1x1xf32>
    %a = quant_hw.fully_connected %x, %w : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    %qa = quant_hw.quantize %a form <q5> {quant_hw.name = "fc"} : tensor<?x1xf32> -> tensor<?x1x!y>
    %d = quant_hw.dequantize %qa : tensor<?x1x!y> -> tensor<?x1xf32>
    %r = tosa.clamp %d {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    %qr = quant_hw.quantize %r form <q5> {quant_hw.name = "relu"} : tensor<?x1xf32> -> tensor<?x1x!y>
    return %qa, %qr : tensor<?x1x!y>, tensor<?x1x!y>
  }

  // Movement and max pooling on codes. The padding of a pad is the code of its value:
  // 0.0 is the zero point 10 (pitfall B1), 1.0 is 1 / 0.5 + 10.
  // CHECK-LABEL: func.func @movement(
  func.func @movement(%arg: tensor<?x1x2x2x!x>) -> (tensor<?x9x!x>, tensor<?x3x2x1x!x>) {
    // CHECK: %[[T:.*]] = tosa.transpose %arg0 {perms = array<i32: 0, 2, 3, 1>, quant_hw.name = "t"} : (tensor<?x1x2x2x!quant.uniform<u8:f32, 5.000000e-01:10>>) -> tensor<?x2x2x1x!quant.uniform<u8:f32, 5.000000e-01:10>>
    // CHECK: %[[ZERO:.*]] = "tosa.const"() <{values = dense<10> : tensor<1xui8>}> : () -> tensor<1x!quant.uniform<u8:f32, 5.000000e-01:10>>
    // CHECK: %[[P:.*]] = tosa.pad %[[T]], %{{.*}}, %[[ZERO]] {quant_hw.name = "p"}
    // CHECK: %[[M:.*]] = tosa.max_pool2d %[[P]] {{.*}}quant_hw.name = "m"
    // CHECK: %[[R:.*]] = tosa.reshape %[[M]], %{{.*}} {quant_hw.name = "r"}
    // CHECK: %[[ONE:.*]] = "tosa.const"() <{values = dense<12> : tensor<1xui8>}>
    // CHECK: %[[O:.*]] = tosa.pad %[[T]], %{{.*}}, %[[ONE]] {quant_hw.name = "o"}
    // CHECK-NEXT: return %[[R]], %[[O]]
    %x = quant_hw.dequantize %arg : tensor<?x1x2x2x!x> -> tensor<?x1x2x2xf32>
    %t = tosa.transpose %x {perms = array<i32: 0, 2, 3, 1>} : (tensor<?x1x2x2xf32>) -> tensor<?x2x2x1xf32>
    %qt = quant_hw.quantize %t form <q5> {quant_hw.name = "t"} : tensor<?x2x2x1xf32> -> tensor<?x2x2x1x!x>
    %dt = quant_hw.dequantize %qt : tensor<?x2x2x1x!x> -> tensor<?x2x2x1xf32>
    %zero = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %one = "tosa.const"() {values = dense<1.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %all = tosa.const_shape {values = dense<[0, 0, 1, 1, 1, 1, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
    %p = tosa.pad %dt, %all, %zero : (tensor<?x2x2x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<?x4x4x1xf32>
    %qp = quant_hw.quantize %p form <q5> {quant_hw.name = "p"} : tensor<?x4x4x1xf32> -> tensor<?x4x4x1x!x>
    %dp = quant_hw.dequantize %qp : tensor<?x4x4x1x!x> -> tensor<?x4x4x1xf32>
    %m = tosa.max_pool2d %dp {kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x4x4x1xf32>) -> tensor<?x3x3x1xf32>
    %qm = quant_hw.quantize %m form <q5> {quant_hw.name = "m"} : tensor<?x3x3x1xf32> -> tensor<?x3x3x1x!x>
    %dm = quant_hw.dequantize %qm : tensor<?x3x3x1x!x> -> tensor<?x3x3x1xf32>
    %shape = tosa.const_shape {values = dense<[-1, 9]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %r = tosa.reshape %dm, %shape : (tensor<?x3x3x1xf32>, !tosa.shape<2>) -> tensor<?x9xf32>
    %qr = quant_hw.quantize %r form <q5> {quant_hw.name = "r"} : tensor<?x9xf32> -> tensor<?x9x!x>
    %top = tosa.const_shape {values = dense<[0, 0, 1, 0, 0, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
    %o = tosa.pad %dt, %top, %one : (tensor<?x2x2x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<?x3x2x1xf32>
    %qo = quant_hw.quantize %o form <q5> {quant_hw.name = "o"} : tensor<?x3x2x1xf32> -> tensor<?x3x2x1x!x>
    return %qr, %qo : tensor<?x9x!x>, tensor<?x3x2x1x!x>
  }

  // The average has the parameters of its operand.
  // CHECK-LABEL: func.func @avg_pool(
  func.func @avg_pool(%arg: tensor<?x2x2x1x!x>) -> tensor<?x1x1x1x!x> {
    // CHECK-NEXT: quant_hw.avg_pool2d %arg0 {clamp = array<i64: 0, 255>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "ap", quantize_form = #quant_hw{{.*}}q5{{.*}}, stride = array<i64: 1, 1>}
    // CHECK-NEXT: return
    %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %x = quant_hw.dequantize %arg : tensor<?x2x2x1x!x> -> tensor<?x2x2x1xf32>
    %a = tosa.avg_pool2d %x, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x1x1x1xf32>
    %q = quant_hw.quantize %a form <q5> {quant_hw.name = "ap"} : tensor<?x1x1x1xf32> -> tensor<?x1x1x1x!x>
    return %q : tensor<?x1x1x1x!x>
  }

  // Inputs of a concat whose parameters are not those of the result are requantized,
  // the others are not. Pitfall D2: a relu's codes with zero point 0 move to 5.
  // CHECK-LABEL: func.func @concat(
  func.func @concat(%a: tensor<?x1x!x>, %b: tensor<?x2x!half>) -> tensor<?x3x!half> {
    // CHECK-NEXT: %[[A:.*]] = quant_hw.requantize %arg0 {requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [5.000000e-01], input_zero_point = 10, zero_point = 5, lo = 0, hi = 255>}
    // CHECK-NEXT: %[[C:.*]] = tosa.concat %[[A]], %arg1 {axis = 1 : i32, quant_hw.name = "concat"}
    // CHECK-NEXT: return %[[C]]
    %x = quant_hw.dequantize %a : tensor<?x1x!x> -> tensor<?x1xf32>
    %y = quant_hw.dequantize %b : tensor<?x2x!half> -> tensor<?x2xf32>
    %c = tosa.concat %x, %y {axis = 1 : i32} : (tensor<?x1xf32>, tensor<?x2xf32>) -> tensor<?x3xf32>
    %q = quant_hw.quantize %c form <q5> {quant_hw.name = "concat"} : tensor<?x3xf32> -> tensor<?x3x!half>
    return %q : tensor<?x3x!half>
  }
}

// -----

#snpe = #quant_hw.backend<"snpe", {vendor = "Qualcomm", hardware = "DSP",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  keep_parameters = ["avg_pool2d", "max_pool2d", "movement"],
  target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>
// expected-error @below {{'quant-hw-integerize' found no op that can be quantized}}
module attributes {quant_hw.backend = #snpe, quant_hw.form = "step0"} {
  func.func @nothing(%arg: tensor<?x1xf32>) -> tensor<?x1xf32> {
    return %arg : tensor<?x1xf32>
  }
}

// -----

// expected-error @below {{'quant-hw-integerize' expects a program of form 'step0', got 'float'}}
module {
}

// -----

!x = !quant.uniform<u8:f32, 0.5:10>
!y = !quant.uniform<u8:f32, 2.0:3>
// REMARK: movement stays float: its pad value is not a constant
// REMARK: fully_connected stays float: its bias is not a constant
// REMARK: fully_connected stays float: its weights are not a constant
module attributes {quant_hw.form = "step0"} {
  // CHECK-LABEL: func.func @reasons(
  // CHECK: quant_hw.avg_pool2d {{.*}}requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [2.500000e-01], input_zero_point = 10, zero_point = 3, lo = 0, hi = 255>
  // CHECK: tosa.pad {{.*}} -> tensor<?x3x2x1xf32>
  // CHECK: quant_hw.requantize
  func.func @reasons(%arg: tensor<?x2x2x1x!x>, %value: tensor<1xf32>) -> (tensor<?x1x1x1x!y>, tensor<?x3x2x1x!x>, tensor<?x2x2x1x!y>) {
    %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %x = quant_hw.dequantize %arg : tensor<?x2x2x1x!x> -> tensor<?x2x2x1xf32>
    %a = tosa.avg_pool2d %x, %z, %z {acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x2x2x1xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x1x1x1xf32>
    %qa = quant_hw.quantize %a form <q5> : tensor<?x1x1x1xf32> -> tensor<?x1x1x1x!y>
    %top = tosa.const_shape {values = dense<[0, 0, 1, 0, 0, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
    %p = tosa.pad %x, %top, %value : (tensor<?x2x2x1xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<?x3x2x1xf32>
    %qp = quant_hw.quantize %p form <q5> : tensor<?x3x2x1xf32> -> tensor<?x3x2x1x!x>
    %r = tosa.clamp %x {min_val = 0.0 : f32, max_val = 1.0 : f32} : (tensor<?x2x2x1xf32>) -> tensor<?x2x2x1xf32>
    %qr = quant_hw.quantize %r form <q5> : tensor<?x2x2x1xf32> -> tensor<?x2x2x1x!y>
    return %qa, %qp, %qr : tensor<?x1x1x1x!y>, tensor<?x3x2x1x!x>, tensor<?x2x2x1x!y>
  }
  // CHECK-LABEL: func.func @dot_products(
  // CHECK-COUNT-2: quant_hw.fully_connected {{.*}} -> tensor<?x2xf32>
  // CHECK: return
  func.func @dot_products(%arg: tensor<?x2x!x>, %b: tensor<2xf32>, %v: tensor<2x2xf32>) -> (tensor<?x2x!y>, tensor<?x2x!y>) {
    %x = quant_hw.dequantize %arg : tensor<?x2x!x> -> tensor<?x2xf32>
    %c = "tosa.const"() {values = dense<1.0> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %qw = quant_hw.quantize %c form <q5> : tensor<2x2xf32> -> tensor<2x2x!x>
    %w = quant_hw.dequantize %qw : tensor<2x2x!x> -> tensor<2x2xf32>
    %f = quant_hw.fully_connected %x, %w bias %b : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
    %qf = quant_hw.quantize %f form <q5> : tensor<?x2xf32> -> tensor<?x2x!y>
    %qv = quant_hw.quantize %v form <q5> : tensor<2x2xf32> -> tensor<2x2x!x>
    %u = quant_hw.dequantize %qv : tensor<2x2x!x> -> tensor<2x2xf32>
    %g = quant_hw.fully_connected %x, %u : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %qg = quant_hw.quantize %g form <q5> : tensor<?x2xf32> -> tensor<?x2x!y>
    return %qf, %qg : tensor<?x2x!y>, tensor<?x2x!y>
  }
}
