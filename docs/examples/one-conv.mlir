// One convolution with relu, calibrated: the tensor that docs/architecture.md
// follows from float to the integers of SNPE.
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%x: tensor<?x1x3x3xf32> {quant_hw.name = "x"})
      -> (tensor<?x2x3x3xf32> {quant_hw.name = "y"}) {
    %w = "tosa.const"() {values = dense<[[[[-0.5], [0.25]], [[0.0], [1.0]]],
                                         [[[0.75], [0.5]], [[-0.25], [0.125]]]]>
        : tensor<2x2x2x1xf32>} : () -> tensor<2x2x2x1xf32>
    %b = "tosa.const"() {values = dense<[0.1, -0.2]> : tensor<2xf32>} : () -> tensor<2xf32>
    %0 = quant_hw.observe "x" %x range [-1.0, 1.0] method "min-max" : tensor<?x1x3x3xf32>
    %1 = tosa.transpose %0 {perms = array<i32: 0, 2, 3, 1>}
        : (tensor<?x1x3x3xf32>) -> tensor<?x3x3x1xf32>
    %2 = quant_hw.conv2d %1, %w bias %b {pad = array<i64: 0, 1, 0, 1>,
        stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64,
        quant_hw.name = "conv"}
        : (tensor<?x3x3x1xf32>, tensor<2x2x2x1xf32>, tensor<2xf32>) -> tensor<?x3x3x2xf32>
    %3 = tosa.clamp %2 {min_val = 0.0 : f32, max_val = 3.40282347e+38 : f32,
        quant_hw.name = "y"} : (tensor<?x3x3x2xf32>) -> tensor<?x3x3x2xf32>
    %4 = quant_hw.observe "y" %3 range [0.0, 1.5] method "min-max" : tensor<?x3x3x2xf32>
    %5 = tosa.transpose %4 {perms = array<i32: 0, 3, 1, 2>}
        : (tensor<?x3x3x2xf32>) -> tensor<?x2x3x3xf32>
    return %5 : tensor<?x2x3x3xf32>
  }
}
