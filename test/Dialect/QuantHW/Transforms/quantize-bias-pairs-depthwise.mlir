// The taps of a depthwise convolution are neighbours, row by row: 100 * 255 + 127 * 255 in the
// second pair. Pairs of its only channel alone would fit.
// RUN: hwq-opt %s '--quantize-for=fbgemm{target_dialect=quant_hw}' -o /dev/null 2>&1 | FileCheck %s
// CHECK: warning: backend 'fbgemm': on machines that add pairs of products in 16 bits 1 of 1 ops can saturate (up to 57885 in 'y', limit 32767); the integers here are those of machines that do not
// RUN: hwq-opt %s '--quantize-for=fbgemm{acc=depthwise-sat target_dialect=quant_hw}' -o /dev/null 2>&1 | FileCheck %s --check-prefix=MODE
// MODE: warning: backend 'fbgemm': with the accumulator_mode depthwise_sat 1 of 1 ops can saturate (up to 57885 in 'y', limit 32767); the integers here are those of an exact accumulator
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x4x4x1xf32> {quant_hw.name = "x"}) -> tensor<?x3x3x1xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] method "min-max" : tensor<?x4x4x1xf32>
    %w = "tosa.const"() {values = dense<[[[[-127.5], [0.0]], [[100.0], [127.0]]]]> : tensor<1x2x2x1xf32>} : () -> tensor<1x2x2x1xf32>
    %y0 = quant_hw.conv2d %x, %w {quant_hw.name = "y", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x4x1xf32>, tensor<1x2x2x1xf32>) -> tensor<?x3x3x1xf32>
    %y = quant_hw.observe "y" %y0 range [-200.0, 200.0] method "min-max" : tensor<?x3x3x1xf32>
    return %y : tensor<?x3x3x1xf32>
  }
}
