// A transposed convolution through the steps.
// RUN: hwq-opt %s --quant-hw-integerize | FileCheck %s --check-prefix=STEP1
// RUN: hwq-opt %s --quant-hw-integerize --quant-hw-fold-zero-points | FileCheck %s --check-prefix=STEP2
// RUN: hwq-opt %s --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias | FileCheck %s --check-prefix=BIAS
// RUN: hwq-opt %s --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias --quant-hw-select-kernels --quant-hw-fold-requantize | FileCheck %s --check-prefix=STEP4
// RUN: sed 's/graph_policy/accumulator_bits = 10, graph_policy/' %s | not hwq-opt --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias 2>&1 | FileCheck %s --check-prefix=LIMIT
// 255 * 16 - 156
// LIMIT: error: the accumulator of 'y', channel 0, can reach [-156, 3924], expected [-512, 511] (10 bits, beyond which it wraps)

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
!w = !quant.uniform<u8:f32, 0.25:128>
!y = !quant.uniform<u8:f32, 2.0:3>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step0"} {
  // S1 = 0.5 * 0.25 / 2, B1 = B / 2; the relu is the lower bound 3.
  // STEP1-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<[2.500000e-01, -1.250000e-01]> : tensor<2xf64>}>
  // STEP1: %[[A:.*]] = quant_hw.transpose_conv2d %arg0, %{{.*}} {dilation = array<i64: 1, 1>, groups = 1 : i64, output_pad = array<i64: 0, 0>, pad = array<i64: 0, 1, 0, 0>, stride = array<i64: 2, 2>} : {{.*}} -> tensor<?x3x6x2xi32>
  // STEP1-NEXT: quant_hw.requantize %[[A]] bias %[[B]] : tensor<2xf64> {quant_hw.name = "y", {{.*}}requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [6.250000e-02], zero_point = 3, lo = 3, hi = 255>, scaled_bias}

  // What stands between and around the pixels is the zero point, so that every tap
  // meets a code: B2 = B1 - S1 Zx sum(qw - Zw) = 0.25 - 10 * 16 / 16, -0.125 + 10 * 4 / 16.
  // STEP2-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<[-9.750000e+00, 2.375000e+00]> : tensor<2xf64>}>
  // STEP2: %[[A:.*]] = quant_hw.transpose_conv2d %arg0, %{{.*}} {{{.*}}pad_value = 10 : i32, raw_input, stride = array<i64: 2, 2>}
  // STEP2-NEXT: quant_hw.requantize %[[A]] bias %[[B]]

  // BIAS-DAG: %[[B:.*]] = "tosa.const"() <{values = dense<[-156, 38]> : tensor<2xi32>}>
  // BIAS: %[[A:.*]] = quant_hw.transpose_conv2d %arg0, %{{.*}} bias %[[B]]
  // BIAS-NEXT: quant_hw.requantize %[[A]] {quant_hw.name = "y"

  // STEP4: quant_hw.transpose_conv2d %arg0, %{{.*}} bias %{{.*}} {{{.*}}quant_hw.name = "y", raw_input, requant = #quant_hw.requant<kernel = r2, scales = [6.250000e-02], multipliers = [1073741824], shifts = [34], zero_point = 3, lo = 3, hi = 255>,
  // STEP4-NEXT: return
  func.func @deconv(%arg: tensor<?x2x3x1x!x>) -> tensor<?x3x6x2x!y> {
    %x = quant_hw.dequantize %arg : tensor<?x2x3x1x!x> -> tensor<?x2x3x1xf32>
    %c = "tosa.const"() {values = dense<[[[[1.0], [1.0]], [[1.0], [1.0]]], [[[-1.0], [0.0]], [[0.0], [0.0]]]]> : tensor<2x2x2x1xf32>} : () -> tensor<2x2x2x1xf32>
    %qw = quant_hw.quantize %c form <q5> : tensor<2x2x2x1xf32> -> tensor<2x2x2x1x!w>
    %w = quant_hw.dequantize %qw : tensor<2x2x2x1x!w> -> tensor<2x2x2x1xf32>
    %b = "tosa.const"() {values = dense<[0.5, -0.25]> : tensor<2xf32>} : () -> tensor<2xf32>
    %y = quant_hw.transpose_conv2d %x, %w bias %b {pad = array<i64: 0, 1, 0, 0>, output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64}
      : (tensor<?x2x3x1xf32>, tensor<2x2x2x1xf32>, tensor<2xf32>) -> tensor<?x3x6x2xf32>
    %r = tosa.clamp %y {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x3x6x2xf32>) -> tensor<?x3x6x2xf32>
    %qr = quant_hw.quantize %r form <q5> {quant_hw.name = "y"} : tensor<?x3x6x2xf32> -> tensor<?x3x6x2x!y>
    return %qr : tensor<?x3x6x2x!y>
  }
}
