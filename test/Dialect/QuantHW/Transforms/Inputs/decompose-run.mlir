//--- float.mlir
// Grouped, strided, dilated and transposed convolutions on the digits' images; no
// sum is rounded.
module attributes {quant_hw.form = "float"} {
  func.func @main(%x: tensor<?x1x8x8xf32> {quant_hw.name = "x"}) -> (tensor<?x9xf32> {quant_hw.name = "y"}) {
    %s0 = tosa.const_shape {values = dense<[-1, 8, 8, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %s1 = tosa.const_shape {values = dense<[-1, 9]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %s2 = tosa.const_shape {values = dense<[-1, 3, 3]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %0 = tosa.reshape %x, %s0 : (tensor<?x1x8x8xf32>, !tosa.shape<4>) -> tensor<?x8x8x1xf32>
    %w1 = "tosa.const"() {values = dense<[[[[0.5]]], [[[-1.5]]], [[[2.0]]], [[[0.25]]]]> : tensor<4x1x1x1xf32>} : () -> tensor<4x1x1x1xf32>
    %b1 = "tosa.const"() {values = dense<[0.125, -0.25, 0.5, -0.375]> : tensor<4xf32>} : () -> tensor<4xf32>
    %1 = quant_hw.conv2d %0, %w1 bias %b1 {quant_hw.name = "conv", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x8x8x1xf32>, tensor<4x1x1x1xf32>, tensor<4xf32>) -> tensor<?x8x8x4xf32>
    %w2 = "tosa.const"() {values = dense<[[[[0.5, 1.0]], [[-1.0, 0.75]]], [[[0.5, 0.25]], [[-1.5, 2.0]]]]> : tensor<2x2x1x2xf32>} : () -> tensor<2x2x1x2xf32>
    %2 = quant_hw.conv2d %1, %w2 {quant_hw.name = "grouped", pad = array<i64: 0, 1, 0, 0>, stride = array<i64: 3, 3>, dilation = array<i64: 2, 1>, groups = 2 : i64} : (tensor<?x8x8x4xf32>, tensor<2x2x1x2xf32>) -> tensor<?x3x3x2xf32>
    %w3 = "tosa.const"() {values = dense<[[[[0.5], [1.5]], [[-1.0], [0.75]]]]> : tensor<1x2x2x1xf32>} : () -> tensor<1x2x2x1xf32>
    %w4 = "tosa.const"() {values = dense<[[[[0.5], [1.5]], [[-1.0], [0.75]]], [[[1.25], [0.25]], [[0.5], [-0.75]]]]> : tensor<2x2x2x1xf32>} : () -> tensor<2x2x2x1xf32>
    %3 = quant_hw.transpose_conv2d %2, %w4 {quant_hw.name = "deconv", pad = array<i64: 1, 0, 0, 1>, output_pad = array<i64: 1, 0>, stride = array<i64: 2, 1>, dilation = array<i64: 2, 1>, groups = 2 : i64} : (tensor<?x3x3x2xf32>, tensor<2x2x2x1xf32>) -> tensor<?x7x3x2xf32>
    %w5 = "tosa.const"() {values = dense<0.25> : tensor<1x5x1x2xf32>} : () -> tensor<1x5x1x2xf32>
    %4 = quant_hw.conv2d %3, %w5 {quant_hw.name = "join", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x7x3x2xf32>, tensor<1x5x1x2xf32>) -> tensor<?x3x3x1xf32>
    %5 = tosa.reshape %4, %s2 : (tensor<?x3x3x1xf32>, !tosa.shape<3>) -> tensor<?x3x3xf32>
    %6 = quant_hw.matmul %5, %5 {quant_hw.name = "matmul"} : (tensor<?x3x3xf32>, tensor<?x3x3xf32>) -> tensor<?x3x3xf32>
    %w7 = "tosa.const"() {values = dense<[[1.0, 0.5, 0.25], [0.5, -0.125, 0.625], [0.75, 0.875, -1.0]]> : tensor<3x3xf32>} : () -> tensor<3x3xf32>
    %b7 = "tosa.const"() {values = dense<[0.125, 0.25, 0.5]> : tensor<3xf32>} : () -> tensor<3xf32>
    %7 = quant_hw.fully_connected %6, %w7 bias %b7 {quant_hw.name = "fc"} : (tensor<?x3x3xf32>, tensor<3x3xf32>, tensor<3xf32>) -> tensor<?x3x3xf32>
    %8 = tosa.reshape %7, %s1 : (tensor<?x3x3xf32>, !tosa.shape<2>) -> tensor<?x9xf32>
    return %8 : tensor<?x9xf32>
  }
}
