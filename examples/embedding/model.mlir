// A convolution of TOSA's kind and an op of the compiler's own, calibrated.
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%x: tensor<?x4x4x2xf32> {quant_hw.name = "x"})
      -> (tensor<?x4x4x2xf32> {quant_hw.name = "y"}) {
    %w = "tosa.const"() {values = dense<[[[[0.5, -1.0]]], [[[1.5, 0.25]]]]>
        : tensor<2x1x1x2xf32>} : () -> tensor<2x1x1x2xf32>
    %b = "tosa.const"() {values = dense<[0.1, -0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
    %0 = quant_hw.observe "x" %x range [-2.0, 2.0] method "min-max" : tensor<?x4x4x2xf32>
    %1 = quant_hw.conv2d %0, %w bias %b {pad = array<i64: 0, 0, 0, 0>,
        stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64,
        quant_hw.name = "conv"}
        : (tensor<?x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>) -> tensor<?x4x4x2xf32>
    %2 = quant_hw.observe "conv" %1 range [-3.7, 3.3] method "min-max" : tensor<?x4x4x2xf32>
    %3 = mini.softsign %2 {quant_hw.name = "y"} : tensor<?x4x4x2xf32>
    %4 = quant_hw.observe "y" %3 range [-0.8, 0.8] method "min-max" : tensor<?x4x4x2xf32>
    return %4 : tensor<?x4x4x2xf32>
  }
}
