// Ops that TOSA has other words for, with windows that do not reach the last row.
func.func @main(%x: tensor<?x6x6x4xf32> {quant_hw.name = "x"}) -> (tensor<?x1x1x8xf32> {quant_hw.name = "mean"}, tensor<?x4x4xf32> {quant_hw.name = "product"}) {
  %w = "tosa.const"() {values = dense<[[[[-0.419, 0.071], [-0.208, 0.166]], [[0.201, -0.695], [-0.779, 0.540]]], [[[-0.385, -0.425], [0.793, -0.048]], [[0.538, -0.038], [0.223, -0.559]]], [[[0.216, 0.589], [0.037, 0.386]], [[0.274, -0.698], [0.413, 0.146]]], [[[-0.318, -0.750], [0.585, -0.044]], [[0.350, 0.606], [0.343, 0.674]]]]> : tensor<4x2x2x2xf32>} : () -> tensor<4x2x2x2xf32>
  %b = "tosa.const"() {values = dense<[-0.105, 0.301, -0.055, 0.436]> : tensor<4xf32>} : () -> tensor<4xf32>
  %dw = "tosa.const"() {values = dense<[[[[0.455], [-0.483], [-0.437]], [[-0.340], [0.559], [-0.077]], [[0.152], [-0.239], [0.009]]], [[[-0.137], [-0.179], [0.102]], [[0.101], [0.485], [0.218]], [[0.515], [0.428], [0.589]]], [[[0.206], [-0.404], [0.433]], [[0.558], [0.486], [0.083]], [[0.257], [-0.347], [0.398]]], [[[0.088], [-0.258], [-0.524]], [[0.425], [0.588], [-0.494]], [[0.361], [-0.107], [-0.419]]]]> : tensor<4x3x3x1xf32>} : () -> tensor<4x3x3x1xf32>
  %slope = "tosa.const"() {values = dense<[-0.165, 0.215, 0.298, -0.365]> : tensor<4xf32>} : () -> tensor<4xf32>
  %d = "tosa.const"() {values = dense<[[[[-0.262, 0.044], [-0.130, 0.104]], [[0.126, -0.434], [-0.487, 0.337]]], [[[-0.241, -0.266], [0.496, -0.030]], [[0.336, -0.024], [0.139, -0.349]]], [[[0.135, 0.368], [0.023, 0.241]], [[0.171, -0.436], [0.258, 0.091]]], [[[-0.199, -0.469], [0.366, -0.027]], [[0.219, 0.379], [0.214, 0.421]]]]> : tensor<4x2x2x2xf32>} : () -> tensor<4x2x2x2xf32>
  %zero = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
  %shift = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
  %grouped = quant_hw.conv2d %x, %w bias %b {quant_hw.name = "grouped", pad = array<i64: 1, 0, 1, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 2 : i64}
    : (tensor<?x6x6x4xf32>, tensor<4x2x2x2xf32>, tensor<4xf32>) -> tensor<?x3x3x4xf32>
  %prelu = quant_hw.prelu %grouped, %slope {quant_hw.name = "prelu"} : (tensor<?x3x3x4xf32>, tensor<4xf32>) -> tensor<?x3x3x4xf32>
  %scale = tosa.const_shape {values = dense<[4, 2, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
  %offset = tosa.const_shape {values = dense<-1> : tensor<2xindex>} : () -> !tosa.shape<2>
  %border = tosa.const_shape {values = dense<1> : tensor<2xindex>} : () -> !tosa.shape<2>
  %image = tosa.resize %prelu, %scale, %offset, %border {quant_hw.name = "image", mode = BILINEAR}
    : (tensor<?x3x3x4xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<?x6x6x4xf32>
  %depthwise = quant_hw.conv2d %image, %dw {quant_hw.name = "depthwise", pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 4 : i64}
    : (tensor<?x6x6x4xf32>, tensor<4x3x3x1xf32>) -> tensor<?x6x6x4xf32>
  %sum = tosa.add %depthwise, %x {quant_hw.name = "sum"} : (tensor<?x6x6x4xf32>, tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
  %sigmoid = tosa.sigmoid %sum {quant_hw.name = "sigmoid"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
  %gated = tosa.mul %sigmoid, %image, %shift {quant_hw.name = "gated"} : (tensor<?x6x6x4xf32>, tensor<?x6x6x4xf32>, tensor<1xi8>) -> tensor<?x6x6x4xf32>
  %difference = tosa.sub %gated, %sum {quant_hw.name = "difference"} : (tensor<?x6x6x4xf32>, tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
  %average = tosa.avg_pool2d %difference, %zero, %zero {quant_hw.name = "average", acc_type = f32, kernel = array<i64: 3, 3>, stride = array<i64: 2, 2>, pad = array<i64: 0, 1, 0, 1>}
    : (tensor<?x6x6x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x3x3x4xf32>
  %largest = tosa.max_pool2d %difference {quant_hw.name = "largest", kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>} : (tensor<?x6x6x4xf32>) -> tensor<?x3x3x4xf32>
  %both = tosa.concat %average, %largest {quant_hw.name = "both", axis = 3 : i32} : (tensor<?x3x3x4xf32>, tensor<?x3x3x4xf32>) -> tensor<?x3x3x8xf32>
  %mean = quant_hw.mean %both {quant_hw.name = "mean", axes = array<i64: 1, 2>} : tensor<?x3x3x8xf32> -> tensor<?x1x1x8xf32>
  %up = quant_hw.transpose_conv2d %prelu, %d {quant_hw.name = "up", pad = array<i64: 0, 0, 1, 0>, output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 2>, groups = 2 : i64}
    : (tensor<?x3x3x4xf32>, tensor<4x2x2x2xf32>) -> tensor<?x6x6x4xf32>
  %rows = tosa.const_shape {values = dense<[-1, 36, 4]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %columns = tosa.const_shape {values = dense<[-1, 4, 36]> : tensor<3xindex>} : () -> !tosa.shape<3>
  %lhs = tosa.reshape %up, %columns {quant_hw.name = "lhs"} : (tensor<?x6x6x4xf32>, !tosa.shape<3>) -> tensor<?x4x36xf32>
  %rhs = tosa.reshape %sum, %rows {quant_hw.name = "rhs"} : (tensor<?x6x6x4xf32>, !tosa.shape<3>) -> tensor<?x36x4xf32>
  %product = quant_hw.matmul %lhs, %rhs {quant_hw.name = "product"} : (tensor<?x4x36xf32>, tensor<?x36x4xf32>) -> tensor<?x4x4xf32>
  return %mean, %product : tensor<?x1x1x8xf32>, tensor<?x4x4xf32>
}
