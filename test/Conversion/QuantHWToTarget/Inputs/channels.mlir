// Dot products that read each other alone, with ranges of their channels: what Intel's
// backends give a scale and a zero point for each channel.
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x4x4x2xf32> {quant_hw.name = "x"}) -> (tensor<?x8x8x2xf32> {quant_hw.name = "y"}) {
    %w = "tosa.const"() {values = dense<[[[[1.0, -0.5]]], [[[0.25, 0.75]]], [[[-0.5, 0.125]]]]> : tensor<3x1x1x2xf32>} : () -> tensor<3x1x1x2xf32>
    %wd = "tosa.const"() {values = dense<[[[[0.5], [-0.25]], [[1.0], [0.125]]], [[[0.75], [-1.5]], [[0.25], [0.5]]], [[[0.5], [0.5]], [[-0.5], [1.0]]]]> : tensor<3x2x2x1xf32>} : () -> tensor<3x2x2x1xf32>
    %wf = "tosa.const"() {values = dense<[[1.0, -0.5, 0.5], [0.25, 0.75, -1.0]]> : tensor<2x3xf32>} : () -> tensor<2x3xf32>
    %wt = "tosa.const"() {values = dense<[[[[0.5, 0.25], [-0.25, 0.5]], [[1.0, -1.0], [0.125, 0.75]]], [[[0.75, -0.5], [-1.5, 0.25]], [[0.25, 1.0], [0.5, -0.75]]]]> : tensor<2x2x2x2xf32>} : () -> tensor<2x2x2x2xf32>
    %b3 = "tosa.const"() {values = dense<[0.5, -0.25, 0.125]> : tensor<3xf32>} : () -> tensor<3xf32>
    %b2 = "tosa.const"() {values = dense<[0.5, -0.25]> : tensor<2xf32>} : () -> tensor<2xf32>
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x4x4x2xf32>
    %c = quant_hw.conv2d %x, %w bias %b3 {quant_hw.name = "conv", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x4x2xf32>, tensor<3x1x1x2xf32>, tensor<3xf32>) -> tensor<?x4x4x3xf32>
    %r = tosa.clamp %c {quant_hw.name = "relu6", min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<?x4x4x3xf32>) -> tensor<?x4x4x3xf32>
    %ro = quant_hw.observe "relu6" %r range [-0.25, 2.0] {channel_ranges = array<f64: -0.25, 2.0, 0.0, 0.75, 0.0, 0.5>} : tensor<?x4x4x3xf32>
    %d = quant_hw.conv2d %ro, %wd bias %b3 {quant_hw.name = "depthwise", pad = array<i64: 0, 1, 1, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 3 : i64} : (tensor<?x4x4x3xf32>, tensor<3x2x2x1xf32>, tensor<3xf32>) -> tensor<?x4x4x3xf32>
    %do = quant_hw.observe "depthwise" %d range [-3.0, 2.0] {channel_ranges = array<f64: -1.0, 2.0, -3.0, 0.5, -0.5, 1.5>} : tensor<?x4x4x3xf32>
    %f = quant_hw.fully_connected %do, %wf bias %b2 {quant_hw.name = "fc"} : (tensor<?x4x4x3xf32>, tensor<2x3xf32>, tensor<2xf32>) -> tensor<?x4x4x2xf32>
    %fo = quant_hw.observe "fc" %f range [-4.0, 4.0] {channel_ranges = array<f64: -2.5, 4.0, -4.0, 1.0>} : tensor<?x4x4x2xf32>
    %t = quant_hw.transpose_conv2d %fo, %wt bias %b2 {quant_hw.name = "y", pad = array<i64: 0, 0, 0, 0>, output_pad = array<i64: 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x4x2xf32>, tensor<2x2x2x2xf32>, tensor<2xf32>) -> tensor<?x8x8x2xf32>
    %y = quant_hw.observe "y" %t range [-6.0, 6.0] : tensor<?x8x8x2xf32>
    return %y : tensor<?x8x8x2xf32>
  }
}
