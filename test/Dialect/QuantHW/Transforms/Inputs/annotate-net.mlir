// Every place where graph policies differ: a first layer, a max pool whose range is
// narrower than that of its operand, a residual addition, a concatenation of other
// ranges, an average pool that is not global and one that is, a last layer.
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x4x4x2xf32> {quant_hw.name = "x"}) -> (tensor<?x2xf32> {quant_hw.name = "y"}) {
    %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %w = "tosa.const"() {values = dense<[[[[1.0, -0.5]]], [[[0.25, 0.75]]]]> : tensor<2x1x1x2xf32>} : () -> tensor<2x1x1x2xf32>
    %w4 = "tosa.const"() {values = dense<[[[[1.0, -0.5, 0.5, 0.25]]], [[[0.25, 0.75, -1.0, 0.5]]]]> : tensor<2x1x1x4xf32>} : () -> tensor<2x1x1x4xf32>
    %wf = "tosa.const"() {values = dense<[[1.0, -0.5], [0.25, 0.75]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %b = "tosa.const"() {values = dense<[0.5, -0.25]> : tensor<2xf32>} : () -> tensor<2xf32>
    %s2 = tosa.const_shape {values = dense<[-1, 2]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x4x4x2xf32>
    %c1 = quant_hw.conv2d %x, %w bias %b {quant_hw.name = "conv1", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>) -> tensor<?x4x4x2xf32>
    %r1 = tosa.clamp %c1 {quant_hw.name = "relu1", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x4x4x2xf32>) -> tensor<?x4x4x2xf32>
    %r1o = quant_hw.observe "relu1" %r1 range [0.0, 2.0] : tensor<?x4x4x2xf32>
    %m = tosa.max_pool2d %r1o {quant_hw.name = "max", kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x4x4x2xf32>) -> tensor<?x2x2x2xf32>
    %mo = quant_hw.observe "max" %m range [0.0, 1.75] : tensor<?x2x2x2xf32>
    %c2 = quant_hw.conv2d %mo, %w bias %b {quant_hw.name = "conv2", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>) -> tensor<?x2x2x2xf32>
    %c2o = quant_hw.observe "conv2" %c2 range [-3.0, 2.0] : tensor<?x2x2x2xf32>
    %a = tosa.add %mo, %c2o {quant_hw.name = "add"} : (tensor<?x2x2x2xf32>, tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
    %ar = tosa.clamp %a {quant_hw.name = "sum", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
    %ao = quant_hw.observe "sum" %ar range [0.0, 3.5] : tensor<?x2x2x2xf32>
    %c3 = quant_hw.conv2d %ao, %w bias %b {quant_hw.name = "conv3", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>) -> tensor<?x2x2x2xf32>
    %r3 = tosa.clamp %c3 {quant_hw.name = "relu3", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
    %r3o = quant_hw.observe "relu3" %r3 range [0.0, 1.0] : tensor<?x2x2x2xf32>
    %c4 = quant_hw.conv2d %ao, %w bias %b {quant_hw.name = "conv4", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x2x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>) -> tensor<?x2x2x2xf32>
    %c4o = quant_hw.observe "conv4" %c4 range [-2.5, 1.5] : tensor<?x2x2x2xf32>
    %cat = tosa.concat %r3o, %c4o {axis = 3 : i32, quant_hw.name = "cat"} : (tensor<?x2x2x2xf32>, tensor<?x2x2x2xf32>) -> tensor<?x2x2x4xf32>
    %co = quant_hw.observe "cat" %cat range [-2.25, 1.5] : tensor<?x2x2x4xf32>
    %p = tosa.avg_pool2d %co, %z, %z {quant_hw.name = "avg", acc_type = f32, kernel = array<i64: 1, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x2x2x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x2x1x4xf32>
    %po = quant_hw.observe "avg" %p range [-2.0, 1.25] : tensor<?x2x1x4xf32>
    %c5 = quant_hw.conv2d %po, %w4 bias %b {quant_hw.name = "conv5", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x2x1x4xf32>, tensor<2x1x1x4xf32>, tensor<2xf32>) -> tensor<?x2x1x2xf32>
    %r5 = tosa.clamp %c5 {quant_hw.name = "relu5", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x2x1x2xf32>) -> tensor<?x2x1x2xf32>
    %r5o = quant_hw.observe "relu5" %r5 range [0.0, 4.0] : tensor<?x2x1x2xf32>
    %g = tosa.avg_pool2d %r5o, %z, %z {quant_hw.name = "global", acc_type = f32, kernel = array<i64: 2, 1>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x2x1x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x1x1x2xf32>
    %go = quant_hw.observe "global" %g range [0.0, 3.0] : tensor<?x1x1x2xf32>
    %f = tosa.reshape %go, %s2 {quant_hw.name = "flat"} : (tensor<?x1x1x2xf32>, !tosa.shape<2>) -> tensor<?x2xf32>
    %fc = quant_hw.fully_connected %f, %wf bias %b {quant_hw.name = "y"} : (tensor<?x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<?x2xf32>
    %y = quant_hw.observe "y" %fc range [-4.0, 4.0] : tensor<?x2xf32>
    return %y : tensor<?x2xf32>
  }
}
