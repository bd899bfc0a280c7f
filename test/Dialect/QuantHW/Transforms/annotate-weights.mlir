// Parameters of weights beyond one rule on one range.
// RUN: hwq-opt %s --split-input-file --quant-hw-annotate | python3 %S/Inputs/print_quantizers.py | FileCheck %s --match-full-lines
// RUN: hwq-opt %s --split-input-file --quant-hw-annotate --remarks-filter='hwq.*' 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

// Pitfalls E1 and G3: input scale 0.5 (P-TRT on [-63.5, 63.5]), channel 0 has weights of
// 127e-9 and the bias 5, which would be 5 / (0.5 * 1e-9) = 1e10. Its products are at
// most 128 * 127, so 5 / (0.5 * (2^31 - 128 * 127 - 2)) = 4.656648e-9 is the least
// scale; channel 1 keeps 2/127. Channel 2 is all zero, P-TFL gives it no scale: the
// smallest of the others, that of channel 0 before it was raised.
// CHECK: Q x = input : i8:f32, 5.000000e-01
// CHECK-NEXT: #1 = fully_connected(Q x, W i8<-127:127>:f32:0, {4.6566484002141806E-9,0.015748031496062992,1.0000000547662474E-9})
// CHECK-NEXT: Q raised = #1 : {{.*}}
// CHECK-NEXT: return Q raised
// REMARK: 'raised': 2 of 3 weight scales raised, so that bias, accumulator and multiplier fit; channel 0 from 1.000E-09 to 4.657E-09
#i32 = #quant_hw.backend<"i32", {vendor = "v", hardware = "h",
  activations = {storage = "i8", symmetry = "symmetric"}, weights = {storage = "i8", symmetry = "symmetric", narrow = true, granularity = "per_channel"},
  activation_rule = "p_trt", weight_rule = "p_tfl", quantize_form = "q3", requantize_kernel = "r1", graph_policy = "total",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #i32, quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x3xf32> {
    %w = "tosa.const"() {values = dense<[[1.27e-7], [2.0], [0.0]]> : tensor<3x1xf32>} : () -> tensor<3x1xf32>
    %b = "tosa.const"() {values = dense<[5.0, -5.0, 0.0]> : tensor<3xf32>} : () -> tensor<3xf32>
    %x = quant_hw.observe "x" %arg range [-63.5, 63.5] : tensor<?x1xf32>
    %y = quant_hw.fully_connected %x, %w bias %b {quant_hw.name = "raised"} : (tensor<?x1xf32>, tensor<3x1xf32>, tensor<3xf32>) -> tensor<?x3xf32>
    %o = quant_hw.observe "raised" %y range [-8.0, 8.0] : tensor<?x3xf32>
    return %o : tensor<?x3xf32>
  }
}

// -----

// The factors of r4 are products of f32 numbers: the scale of channel 1 would be 1e-42, which
// f32 holds in ten bits. With Sw = 2^-126 / 0.5 * (1 + 2^-20) Sx Sw is a normal number.
// CHECK-NEXT: Q x = input : i8:f32, 5.000000e-01
// CHECK-NEXT: #2 = fully_connected(Q x, W i8<-127:127>:f32:0, {0.015748031496062992,2.3509909437221179E-38})
// CHECK-NEXT: Q y = #2 : {{.*}}
// CHECK-NEXT: return Q y
// REMARK: 'y': 1 of 2 weight scales raised, so that bias, accumulator and multiplier fit; channel 1 from 1.000E-42 to 2.351E-38
#f32 = #quant_hw.backend<"f32", {vendor = "v", hardware = "h",
  activations = {storage = "i8", symmetry = "symmetric"}, weights = {storage = "i8", symmetry = "symmetric", narrow = true, granularity = "per_channel"},
  activation_rule = "p_trt", weight_rule = "p_tfl", quantize_form = "q3", requantize_kernel = "r4", bias = "f32", graph_policy = "total",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #f32, quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    %w = "tosa.const"() {values = dense<[[2.0], [1.27e-40]]> : tensor<2x1xf32>} : () -> tensor<2x1xf32>
    %x = quant_hw.observe "x" %arg range [-63.5, 63.5] : tensor<?x1xf32>
    %y = quant_hw.fully_connected %x, %w {quant_hw.name = "y"} : (tensor<?x1xf32>, tensor<2x1xf32>) -> tensor<?x2xf32>
    %o = quant_hw.observe "y" %y range [-8.0, 8.0] : tensor<?x2xf32>
    return %o : tensor<?x2xf32>
  }
}

// -----

// A power of two, 2^-33 / 128 for P-TVM, is raised to one: the bias 5 needs more than
// 5 / (0.5 * 2^31) = 2^-27.7.
// CHECK-NEXT: Q x = input : i8:f32, 5.000000e-01
// CHECK-NEXT: #3 = fully_connected(Q x, W i8<-127:127>:f32, 7.4505805969238281E-9)
// CHECK-NEXT: Q y = #3 : {{.*}}
// CHECK-NEXT: return Q y
// REMARK: 'y': 1 of 1 weight scales raised, so that bias, accumulator and multiplier fit; channel 0 from 9.095E-13 to 7.451E-09
#pot = #quant_hw.backend<"pot", {vendor = "v", hardware = "h", scale_form = "power_of_two",
  activations = {storage = "i8", symmetry = "symmetric"}, weights = {storage = "i8", symmetry = "symmetric", narrow = true},
  activation_rule = "p_pot_r", weight_rule = "p_tvm", quantize_form = "q2", requantize_kernel = "r1", graph_policy = "total",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #pot, quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    %w = "tosa.const"() {values = dense<1.159644e-10> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %b = "tosa.const"() {values = dense<5.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %x = quant_hw.observe "x" %arg range [-63.5, 63.5] : tensor<?x1xf32>
    %y = quant_hw.fully_connected %x, %w bias %b {quant_hw.name = "y"} : (tensor<?x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<?x1xf32>
    %o = quant_hw.observe "y" %y range [-8.0, 8.0] : tensor<?x1xf32>
    return %o : tensor<?x1xf32>
  }
}

// -----

// The rule p_tpu: weights that are 8-bit integers times 2^-1 keep 2^-1 in both channels; u8
// without negative values if there is no bias, in all channels or none.
// CHECK-NEXT: Q x = input : i8:f32, 0.0078740157480314959
// CHECK-NEXT: #4 = fully_connected(Q x, W i8:f32:0, {5.000000e-01,5.000000e-01})
// CHECK-NEXT: Q exact = #4 : {{.*}}
// CHECK-NEXT: #5 = fully_connected(Q x, W u8:f32:0, {0.0011764706578105688,3.9215685683302581E-4})
// CHECK-NEXT: Q unsigned = #5 : {{.*}}
// CHECK-NEXT: #6 = fully_connected(Q x, W i8:f32:0, {0.0023622047156095505,7.8740157186985015E-4})
// CHECK-NEXT: Q signed = #6 : {{.*}}
// CHECK-NEXT: return {{.*}}
#tpu = #quant_hw.backend<"tpu", {vendor = "v", hardware = "h",
  activations = {storage = "i8", symmetry = "symmetric"},
  weights = {storage = "i8", symmetry = "unsigned_symmetric", unsigned_storage = "u8", granularity = "per_channel"},
  activation_rule = "p_tpu", weight_rule = "p_tpu", quantize_form = "q7", weight_quantize_form = "q3_f64", requantize_kernel = "r7",
  graph_policy = "sophgo", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #tpu, quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> (tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>) {
    %w = "tosa.const"() {values = dense<[[1.5, -2.0], [0.0, 3.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %v = "tosa.const"() {values = dense<[[0.3, 0.2], [0.1, 0.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %b = "tosa.const"() {values = dense<[0.5, -0.5]> : tensor<2xf32>} : () -> tensor<2xf32>
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x2xf32>
    %e = quant_hw.fully_connected %x, %w bias %b {quant_hw.name = "exact"} : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
    %eo = quant_hw.observe "exact" %e range [-4.0, 4.0] : tensor<?x2xf32>
    %u = quant_hw.fully_connected %x, %v {quant_hw.name = "unsigned"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %uo = quant_hw.observe "unsigned" %u range [-1.0, 1.0] : tensor<?x2xf32>
    %s = quant_hw.fully_connected %x, %v bias %b {quant_hw.name = "signed"} : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
    %so = quant_hw.observe "signed" %s range [-1.0, 1.0] : tensor<?x2xf32>
    return %eo, %uo, %so : tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>
  }
}

// -----

// On CV18xx with thresholds 1 and 4, max|w| = 1 and 0.5: the multiplier is f32(1/508) and its
// half, and the weights' scale four times that, f32(1/127) and its half. The channel that
// is all zero has the multiplier 0, for which half of the least one stands in the type.
// CHECK-NEXT: Q x = input : i8:f32, 0.0078740157480314959
// CHECK-NEXT: #7 = fully_connected(Q x, W i8<-127:127>:f32:0, {0.0078740157186985015,0.0039370078593492508,4.656612734299514E-10}, constant)
// CHECK-NEXT: Q y = #7 : i8:f32, 0.031496062992125984
// CHECK-NEXT: return Q y
#coupled = #quant_hw.backend<"coupled", {vendor = "v", hardware = "h", scale_form = "coupled",
  activations = {storage = "i8", symmetry = "symmetric"}, weights = {storage = "i8", symmetry = "symmetric", narrow = true, granularity = "per_channel"},
  activation_rule = "p_tpu", weight_rule = "p_tpu", quantize_form = "q7", weight_quantize_form = "q1", requantize_kernel = "r1", multiplier_rule = "cv18xx",
  graph_policy = "sophgo", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #coupled, quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x3xf32> {
    %w = "tosa.const"() {values = dense<[[1.0, -0.5], [0.25, 0.5], [0.0, 0.0]]> : tensor<3x2xf32>} : () -> tensor<3x2xf32>
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x2xf32>
    %y = quant_hw.fully_connected %x, %w {quant_hw.name = "y"} : (tensor<?x2xf32>, tensor<3x2xf32>) -> tensor<?x3xf32>
    %yo = quant_hw.observe "y" %y range [-4.0, 4.0] : tensor<?x3xf32>
    return %yo : tensor<?x3xf32>
  }
}

// -----

// The rule p_dpu on weights: fp0 = floor(log2(127.5/1.9)) = 6; one more bit halves the error of
// the small ones and clips 1.9 to 127/128, which costs more. Without the outlier fp 8 is
// exact and the first of least error.
// CHECK-NEXT: Q x = input : i8:f32, 1.562500e-02
// CHECK-NEXT: #8 = fully_connected(Q x, W i8:f32, 1.562500e-02)
// CHECK-NEXT: Q outlier = #8 : {{.*}}
// CHECK-NEXT: #9 = fully_connected(Q x, W i8:f32, 3.906250e-03)
// CHECK-NEXT: Q fine = #9 : {{.*}}
// CHECK-NEXT: return {{.*}}
#dpu = #quant_hw.backend<"dpu", {vendor = "v", hardware = "h", scale_form = "power_of_two",
  activations = {storage = "i8", symmetry = "symmetric"}, weights = {storage = "i8", symmetry = "symmetric"},
  activation_rule = "p_dpu", weight_rule = "p_dpu", quantize_form = "q6", weight_quantize_form = "q6p", requantize_kernel = "r6", shift_range = [0, 16],
  bias = "i8_pot", graph_policy = "vitis", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #dpu, quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> (tensor<?x1xf32>, tensor<?x1xf32>) {
    %w = "tosa.const"() {values = dense<[[1.9, 0.01]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
    %v = "tosa.const"() {values = dense<[[0.4921875, 0.00390625]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x2xf32>
    %e = quant_hw.fully_connected %x, %w {quant_hw.name = "outlier"} : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
    %eo = quant_hw.observe "outlier" %e range [-2.0, 2.0] : tensor<?x1xf32>
    %u = quant_hw.fully_connected %x, %v {quant_hw.name = "fine"} : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
    %uo = quant_hw.observe "fine" %u range [-1.0, 1.0] : tensor<?x1xf32>
    return %eo, %uo : tensor<?x1xf32>, tensor<?x1xf32>
  }
}

// -----

// Shifts that the hardware can do, [0, 16]. An output of fp 12 behind an input of fp 0
// and weights of fp 3 needs one to the left by 9: the output gets fp 3. An output of fp
// -11 behind fp 0 and 6 needs one to the right by 17: the weights get fp 5.
// CHECK-NEXT: Q x = input : i8:f32, 1.000000e+00
// CHECK-NEXT: #10 = fully_connected(Q x, W i8:f32, 1.250000e-01)
// CHECK-NEXT: Q left = #10 : i8:f32, 1.250000e-01
// CHECK-NEXT: #11 = fully_connected(Q x, W i8:f32, 3.125000e-02)
// CHECK-NEXT: Q far = #11 : i8:f32, 2.048000e+03
// CHECK-NEXT: return {{.*}}
// REMARK: 'left': the output scale is raised by 2^9, so that the shift -9 lies in [0, 16]
// REMARK: 'far': the weight scale is raised by 2^1, so that the shift 17 lies in [0, 16]
#dpu = #quant_hw.backend<"dpu", {vendor = "v", hardware = "h", scale_form = "power_of_two",
  activations = {storage = "i8", symmetry = "symmetric"}, weights = {storage = "i8", symmetry = "symmetric"},
  activation_rule = "p_dpu", weight_rule = "p_dpu", quantize_form = "q6", weight_quantize_form = "q6p", requantize_kernel = "r6", shift_range = [0, 16],
  bias = "i8_pot", graph_policy = "vitis", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #dpu, quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> (tensor<?x1xf32>, tensor<?x1xf32>) {
    %w = "tosa.const"() {values = dense<[[15.875, 0.125]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
    %v = "tosa.const"() {values = dense<[[1.984375, 0.015625]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
    %x = quant_hw.observe "x" %arg range [-127.0, 127.0] : tensor<?x2xf32>
    %e = quant_hw.fully_connected %x, %w {quant_hw.name = "left"} : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
    %eo = quant_hw.observe "left" %e range [-0.01, 0.01] : tensor<?x1xf32>
    %u = quant_hw.fully_connected %x, %v {quant_hw.name = "far"} : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
    %uo = quant_hw.observe "far" %u range [-260000.0, 260000.0] : tensor<?x1xf32>
    return %eo, %uo : tensor<?x1xf32>, tensor<?x1xf32>
  }
}

// -----

// Glow's multipliers begin at 2^-31: the least weight scale is 2^-31 * (8/127) / 0.5, channel 1 keeps its own.
// CHECK-NEXT: Q x = input : i8:f32, 5.000000e-01
// CHECK-NEXT: #12 = fully_connected(Q x, W i8<-127:127>:f32:0, {5.8666044244759519E-11,0.0078740157186985015})
// CHECK-NEXT: Q small = #12 : {{.*}}
// CHECK-NEXT: return Q small
// CHECK-NOT: {{.}}
// REMARK: 'small': 1 of 2 weight scales raised, so that bias, accumulator and multiplier fit; channel 0 from 1.000E-12 to 5.867E-11
#glow = #quant_hw.backend<"glow", {vendor = "v", hardware = "h",
  activations = {storage = "i8", symmetry = "symmetric"}, weights = {storage = "i8", symmetry = "symmetric", narrow = true, granularity = "per_channel"},
  activation_rule = "p_trt", weight_rule = "p_trt", quantize_form = "q3", requantize_kernel = "r7", multiplier_rule = "glow",
  shift_range = [-32, 62], graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #glow, quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    %w = "tosa.const"() {values = dense<[[1.27e-10], [1.0]]> : tensor<2x1xf32>} : () -> tensor<2x1xf32>
    %b = "tosa.const"() {values = dense<0.0> : tensor<2xf32>} : () -> tensor<2xf32>
    %x = quant_hw.observe "x" %arg range [-63.5, 63.5] : tensor<?x1xf32>
    %y = quant_hw.fully_connected %x, %w bias %b {quant_hw.name = "small"} : (tensor<?x1xf32>, tensor<2x1xf32>, tensor<2xf32>) -> tensor<?x2xf32>
    %o = quant_hw.observe "small" %y range [-8.0, 8.0] : tensor<?x2xf32>
    return %o : tensor<?x2xf32>
  }
}
