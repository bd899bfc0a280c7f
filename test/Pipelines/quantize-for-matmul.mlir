// A product of activations where the engine chooses the multiplier in f32: no weights
// make its scale fit, so M / 2^37 is off by up to 2^-24 of it, more than a step.
// RUN: hwq-opt --quantize-for=sophgo-cv18xx %s | FileCheck %s
// CHECK: scales = [0.0099397869383974057], multipliers = [1366113920], shifts = [37]
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%a: tensor<?x2x4x3xf32> {quant_hw.name = "a"}, %b: tensor<?x2x3x4xf32> {quant_hw.name = "b"}) -> tensor<?x2x4x4xf32> {
    %x = quant_hw.observe "a" %a range [-3.3, 3.7] : tensor<?x2x4x3xf32>
    %w = quant_hw.observe "b" %b range [-2.9, 1.1] : tensor<?x2x3x4xf32>
    %y = quant_hw.matmul %x, %w {quant_hw.name = "y"} : (tensor<?x2x4x3xf32>, tensor<?x2x3x4xf32>) -> tensor<?x2x4x4xf32>
    %o = quant_hw.observe "y" %y range [-8.5, 7.0] : tensor<?x2x4x4xf32>
    return %o : tensor<?x2x4x4xf32>
  }
}
