// Every op that a target dialect has one for: a convolution with relu, a depthwise and
// a last one, an average that is not global, sum, difference and product of two
// tensors, a function of one, a concatenation of other ranges, a fully connected layer.
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x4x4x2xf32> {quant_hw.name = "x"}) -> (tensor<?x2xf32> {quant_hw.name = "y"}) {
    %z = "tosa.const"() {values = dense<0.0> : tensor<1xf32>} : () -> tensor<1xf32>
    %shift = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    %w = "tosa.const"() {values = dense<[[[[1.0, -0.5]]], [[[0.25, 0.75]]]]> : tensor<2x1x1x2xf32>} : () -> tensor<2x1x1x2xf32>
    %wd = "tosa.const"() {values = dense<[[[[0.5], [-0.25]], [[1.0], [0.125]]], [[[0.75], [-1.5]], [[0.25], [0.5]]]]> : tensor<2x2x2x1xf32>} : () -> tensor<2x2x2x1xf32>
    %wf = "tosa.const"() {values = dense<[[1.0, -0.5, 0.5, 0.25], [0.25, 0.75, -1.0, 0.5]]> : tensor<2x4xf32>} : () -> tensor<2x4xf32>
    %b = "tosa.const"() {values = dense<[0.5, -0.25]> : tensor<2xf32>} : () -> tensor<2xf32>
    %s4 = tosa.const_shape {values = dense<[-1, 4]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x4x4x2xf32>
    %c1 = quant_hw.conv2d %x, %w bias %b {quant_hw.name = "conv", pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x4x4x2xf32>, tensor<2x1x1x2xf32>, tensor<2xf32>) -> tensor<?x4x4x2xf32>
    %r1 = tosa.clamp %c1 {quant_hw.name = "relu", min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x4x4x2xf32>) -> tensor<?x4x4x2xf32>
    %r1o = quant_hw.observe "relu" %r1 range [0.0, 2.0] : tensor<?x4x4x2xf32>
    %d = quant_hw.conv2d %r1o, %wd bias %b {quant_hw.name = "depthwise", pad = array<i64: 0, 1, 0, 1>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 2 : i64} : (tensor<?x4x4x2xf32>, tensor<2x2x2x1xf32>, tensor<2xf32>) -> tensor<?x4x4x2xf32>
    %do = quant_hw.observe "depthwise" %d range [-3.0, 2.0] : tensor<?x4x4x2xf32>
    %p = tosa.avg_pool2d %do, %z, %z {quant_hw.name = "avg", acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x4x4x2xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x2x2x2xf32>
    %po = quant_hw.observe "avg" %p range [-2.0, 1.25] : tensor<?x2x2x2xf32>
    %m = tosa.max_pool2d %r1o {quant_hw.name = "max", kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>} : (tensor<?x4x4x2xf32>) -> tensor<?x2x2x2xf32>
    %mo = quant_hw.observe "max" %m range [0.0, 1.75] : tensor<?x2x2x2xf32>
    %a = tosa.add %po, %mo {quant_hw.name = "add"} : (tensor<?x2x2x2xf32>, tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
    %ao = quant_hw.observe "add" %a range [-2.5, 3.0] : tensor<?x2x2x2xf32>
    %s = tosa.sub %ao, %mo {quant_hw.name = "sub"} : (tensor<?x2x2x2xf32>, tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
    %so = quant_hw.observe "sub" %s range [-3.0, 2.0] : tensor<?x2x2x2xf32>
    %g = tosa.sigmoid %so {quant_hw.name = "sigmoid"} : (tensor<?x2x2x2xf32>) -> tensor<?x2x2x2xf32>
    %go = quant_hw.observe "sigmoid" %g range [0.0, 1.0] : tensor<?x2x2x2xf32>
    %t = tosa.mul %ao, %go, %shift {quant_hw.name = "mul"} : (tensor<?x2x2x2xf32>, tensor<?x2x2x2xf32>, tensor<1xi8>) -> tensor<?x2x2x2xf32>
    %to = quant_hw.observe "mul" %t range [-2.0, 2.0] : tensor<?x2x2x2xf32>
    %cat = tosa.concat %to, %po {axis = 3 : i32, quant_hw.name = "cat"} : (tensor<?x2x2x2xf32>, tensor<?x2x2x2xf32>) -> tensor<?x2x2x4xf32>
    %co = quant_hw.observe "cat" %cat range [-2.25, 1.5] : tensor<?x2x2x4xf32>
    %q = tosa.avg_pool2d %co, %z, %z {quant_hw.name = "global", acc_type = f32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>} : (tensor<?x2x2x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x1x1x4xf32>
    %qo = quant_hw.observe "global" %q range [-2.0, 1.5] : tensor<?x1x1x4xf32>
    %f = tosa.reshape %qo, %s4 {quant_hw.name = "flat"} : (tensor<?x1x1x4xf32>, !tosa.shape<2>) -> tensor<?x4xf32>
    %fc = quant_hw.fully_connected %f, %wf bias %b {quant_hw.name = "y"} : (tensor<?x4xf32>, tensor<2x4xf32>, tensor<2xf32>) -> tensor<?x2xf32>
    %y = quant_hw.observe "y" %fc range [-4.0, 4.0] : tensor<?x2xf32>
    return %y : tensor<?x2xf32>
  }
}
