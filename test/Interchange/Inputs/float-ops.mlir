// Step 4 with a float op of every kind that ONNX and TFLite have, and a table of no function.
module attributes {quant_hw.form = "step4"} {
  func.func @main(%x: tensor<?x6x6x4xf32> {quant_hw.name = "x"}) -> (
      tensor<?x6x6x4xf32> {quant_hw.name = "functions"}, tensor<?x6x6x4xf32> {quant_hw.name = "waves"},
      tensor<?x6x6x4xf32> {quant_hw.name = "hard_swish"}, tensor<?x6x6x4xf32> {quant_hw.name = "prelu"},
      tensor<?x3x3x6xf32> {quant_hw.name = "depthwise"}, tensor<?x12x12x3xf32> {quant_hw.name = "deconv"},
      tensor<?x6xf32> {quant_hw.name = "matrix"}, tensor<?x6x6x6xf32> {quant_hw.name = "matmul"},
      tensor<?x8x8x4xf32> {quant_hw.name = "pad"}, tensor<?x6x12x4xf32> {quant_hw.name = "tile"},
      tensor<?x12x12x4xf32> {quant_hw.name = "bilinear"}, tensor<?x12x12x4xf32> {quant_hw.name = "nearest"},
      tensor<?x1x6x4xf32> {quant_hw.name = "reductions"}, tensor<?x1x1x4xf32> {quant_hw.name = "mean"},
      tensor<?x6x6x4xf32> {quant_hw.name = "table"},
      tensor<?x4xf32> {quant_hw.name = "softmax"}, tensor<?x6x6x4xf32> {quant_hw.name = "attention"}) {
    %zero = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
    %zf = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
    %half = "tosa.const"() <{values = dense<0.5> : tensor<1x1x1x1xf32>}> : () -> tensor<1x1x1x1xf32>
    %shift = "tosa.const"() <{values = dense<[[[[0.1, -0.3, 0.7, 0.2]]]]> : tensor<1x1x1x4xf32>}> : () -> tensor<1x1x1x4xf32>

    // On codes on both sides: an island.
    %q = quant_hw.quantize %x form <q2> {quant_hw.name = "codes"}
        : tensor<?x6x6x4xf32> -> tensor<?x6x6x4x!quant.uniform<i8:f32, 0.03125:3>>
    %d = quant_hw.dequantize %q : tensor<?x6x6x4x!quant.uniform<i8:f32, 0.03125:3>> -> tensor<?x6x6x4xf32>

    %abs = tosa.abs %d {quant_hw.name = "abs"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %positive = tosa.add %abs, %half {quant_hw.name = "positive"} : (tensor<?x6x6x4xf32>, tensor<1x1x1x1xf32>) -> tensor<?x6x6x4xf32>
    %log = tosa.log %positive {quant_hw.name = "log"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %pow = tosa.pow %positive, %half {quant_hw.name = "pow"} : (tensor<?x6x6x4xf32>, tensor<1x1x1x1xf32>) -> tensor<?x6x6x4xf32>
    %reciprocal = tosa.reciprocal %positive {quant_hw.name = "reciprocal"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %rsqrt = tosa.rsqrt %positive {quant_hw.name = "rsqrt"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %sum = tosa.sub %log, %pow {quant_hw.name = "difference"} : (tensor<?x6x6x4xf32>, tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %product = tosa.mul %reciprocal, %rsqrt, %zero {quant_hw.name = "product"}
        : (tensor<?x6x6x4xf32>, tensor<?x6x6x4xf32>, tensor<1xi8>) -> tensor<?x6x6x4xf32>
    %exp = tosa.exp %product {quant_hw.name = "exp"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %max = tosa.maximum %sum, %shift {quant_hw.name = "maximum"} : (tensor<?x6x6x4xf32>, tensor<1x1x1x4xf32>) -> tensor<?x6x6x4xf32>
    %functions = tosa.minimum %max, %exp : (tensor<?x6x6x4xf32>, tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>

    %sin = tosa.sin %d {quant_hw.name = "sin"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %cos = tosa.cos %sin {quant_hw.name = "cos"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %negate = tosa.negate %cos, %zf, %zf {quant_hw.name = "negate"} : (tensor<?x6x6x4xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x6x6x4xf32>
    %sigmoid = tosa.sigmoid %negate {quant_hw.name = "sigmoid"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %tanh = tosa.tanh %d {quant_hw.name = "tanh"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %floor = tosa.floor %d {quant_hw.name = "floor"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %steps = tosa.add %floor, %tanh {quant_hw.name = "steps"} : (tensor<?x6x6x4xf32>, tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %clamp = tosa.clamp %steps {min_val = -1.5 : f32, max_val = 2.0 : f32, quant_hw.name = "clamp"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %waves = tosa.add %clamp, %sigmoid : (tensor<?x6x6x4xf32>, tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>

    %hard_swish = quant_hw.unary hard_swish %d : tensor<?x6x6x4xf32>
    %leaky = quant_hw.unary leaky_relu %d alpha 0.1 {quant_hw.name = "leaky"} : tensor<?x6x6x4xf32>
    %slopes = "tosa.const"() <{values = dense<[0.25, 0.5, -0.5, 2.0]> : tensor<4xf32>}> : () -> tensor<4xf32>
    %prelu = quant_hw.prelu %leaky, %slopes : (tensor<?x6x6x4xf32>, tensor<4xf32>) -> tensor<?x6x6x4xf32>

    %w = "tosa.const"() <{values = dense<[[[[0.5, -0.25, 0.125, 1.0]]], [[[0.5, 0.75, -1.0, 0.25]]], [[[0.1, -0.2, 0.3, 0.4]]],
        [[[-0.5, 0.25, 0.125, 1.0]]], [[[0.5, 0.75, 1.0, 0.25]]], [[[0.1, 0.2, -0.3, 0.4]]]]> : tensor<6x1x1x4xf32>}> : () -> tensor<6x1x1x4xf32>
    %b = "tosa.const"() <{values = dense<[0.5, -0.5, 0.0, 0.25, 1.0, -1.0]> : tensor<6xf32>}> : () -> tensor<6xf32>
    %conv = quant_hw.conv2d %d, %w bias %b {stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>,
        groups = 1 : i64} : (tensor<?x6x6x4xf32>, tensor<6x1x1x4xf32>, tensor<6xf32>) -> tensor<?x6x6x6xf32>
    %relu = tosa.clamp %conv {min_val = 0.0 : f32, max_val = 3.40282347E+38 : f32} : (tensor<?x6x6x6xf32>) -> tensor<?x6x6x6xf32>
    %dw = "tosa.const"() <{values = dense<[[[[0.5], [0.25]], [[-0.5], [1.0]]], [[[0.5], [0.25]], [[0.75], [1.0]]], [[[0.5], [-0.25]], [[-0.5], [1.0]]],
        [[[0.5], [0.25]], [[-0.5], [-1.0]]], [[[2.0], [0.25]], [[-0.5], [1.0]]], [[[0.1], [0.2]], [[0.3], [0.4]]]]> : tensor<6x2x2x1xf32>}> : () -> tensor<6x2x2x1xf32>
    %depthwise = quant_hw.conv2d %relu, %dw bias %b {stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>,
        groups = 6 : i64} : (tensor<?x6x6x6xf32>, tensor<6x2x2x1xf32>, tensor<6xf32>) -> tensor<?x3x3x6xf32>
    %tw = "tosa.const"() <{values = dense<[[[[0.5, 0.1, 0.2, 0.3], [0.25, 0.5, -0.5, 1.0]], [[-0.5, 0.2, 0.4, 0.6], [1.0, 0.0, 0.5, 0.25]]],
        [[[0.5, 0.1, 0.2, -0.3], [0.25, 0.5, 0.5, 1.0]], [[-0.5, 0.2, 0.4, 0.6], [1.0, 2.0, 0.5, 0.25]]],
        [[[0.5, 0.1, -0.2, 0.3], [0.25, 1.5, -0.5, 1.0]], [[-0.5, 0.2, 0.4, 0.6], [1.0, -1.0, 0.5, 0.25]]]]> : tensor<3x2x2x4xf32>}> : () -> tensor<3x2x2x4xf32>
    %deconv = quant_hw.transpose_conv2d %d, %tw {stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, dilation = array<i64: 1, 1>,
        groups = 1 : i64, output_pad = array<i64: 0, 0>} : (tensor<?x6x6x4xf32>, tensor<3x2x2x4xf32>) -> tensor<?x12x12x3xf32>

    %avg = tosa.avg_pool2d %relu, %zf, %zf {kernel = array<i64: 2, 2>, stride = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, acc_type = f32,
        quant_hw.name = "avg"} : (tensor<?x6x6x6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x3x3x6xf32>
    %global = tosa.avg_pool2d %avg, %zf, %zf {kernel = array<i64: 3, 3>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, 0, 0>, acc_type = f32,
        quant_hw.name = "global"} : (tensor<?x3x3x6xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<?x1x1x6xf32>
    %maxpool = tosa.max_pool2d %conv {kernel = array<i64: 3, 3>, stride = array<i64: 2, 2>, pad = array<i64: 1, 0, 1, 0>, quant_hw.name = "maxpool"}
        : (tensor<?x6x6x6xf32>) -> tensor<?x3x3x6xf32>
    %both = tosa.concat %avg, %maxpool {axis = 3 : i32, quant_hw.name = "both"} : (tensor<?x3x3x6xf32>, tensor<?x3x3x6xf32>) -> tensor<?x3x3x12xf32>
    %flat = tosa.const_shape {values = dense<[-1, 108]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %vector = tosa.reshape %both, %flat {quant_hw.name = "vector"} : (tensor<?x3x3x12xf32>, !tosa.shape<2>) -> tensor<?x108xf32>
    %fw = "tosa.const"() <{values = dense<0.0625> : tensor<6x108xf32>}> : () -> tensor<6x108xf32>
    %matrix = quant_hw.fully_connected %vector, %fw bias %b : (tensor<?x108xf32>, tensor<6x108xf32>, tensor<6xf32>) -> tensor<?x6xf32>
    %turned = tosa.transpose %conv {perms = array<i32: 0, 1, 3, 2>, quant_hw.name = "turned"} : (tensor<?x6x6x6xf32>) -> tensor<?x6x6x6xf32>
    %matmul = quant_hw.matmul %conv, %turned : (tensor<?x6x6x6xf32>, tensor<?x6x6x6xf32>) -> tensor<?x6x6x6xf32>

    %pads = tosa.const_shape {values = dense<[0, 0, 1, 1, 2, 0, 0, 0]> : tensor<8xindex>} : () -> !tosa.shape<8>
    %value = "tosa.const"() <{values = dense<-0.75> : tensor<1xf32>}> : () -> tensor<1xf32>
    %reverse = tosa.reverse %d {axis = 2 : i32, quant_hw.name = "reverse"} : (tensor<?x6x6x4xf32>) -> tensor<?x6x6x4xf32>
    %pad = tosa.pad %reverse, %pads, %value : (tensor<?x6x6x4xf32>, !tosa.shape<8>, tensor<1xf32>) -> tensor<?x8x8x4xf32>
    %times = tosa.const_shape {values = dense<[1, 1, 2, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %tile = tosa.tile %d, %times : (tensor<?x6x6x4xf32>, !tosa.shape<4>) -> tensor<?x6x12x4xf32>
    %scale = tosa.const_shape {values = dense<[4, 2, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %offset = tosa.const_shape {values = dense<[-1, -1]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %border = tosa.const_shape {values = dense<[1, 1]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %bilinear = tosa.resize %d, %scale, %offset, %border {mode = BILINEAR}
        : (tensor<?x6x6x4xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<?x12x12x4xf32>
    %nearest = tosa.resize %d, %scale, %offset, %border {mode = NEAREST_NEIGHBOR}
        : (tensor<?x6x6x4xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<?x12x12x4xf32>

    %top = tosa.reduce_max %d {axis = 1 : i32, quant_hw.name = "top"} : (tensor<?x6x6x4xf32>) -> tensor<?x1x6x4xf32>
    %bottom = tosa.reduce_min %d {axis = 1 : i32, quant_hw.name = "bottom"} : (tensor<?x6x6x4xf32>) -> tensor<?x1x6x4xf32>
    %total = tosa.reduce_sum %d {axis = 1 : i32, quant_hw.name = "total"} : (tensor<?x6x6x4xf32>) -> tensor<?x1x6x4xf32>
    %spread = tosa.sub %top, %bottom {quant_hw.name = "spread"} : (tensor<?x1x6x4xf32>, tensor<?x1x6x4xf32>) -> tensor<?x1x6x4xf32>
    %reductions = tosa.maximum %spread, %total : (tensor<?x1x6x4xf32>, tensor<?x1x6x4xf32>) -> tensor<?x1x6x4xf32>
    %mean = quant_hw.mean %d {axes = array<i64: 1, 2>} : tensor<?x6x6x4xf32> -> tensor<?x1x1x4xf32>

    // A table of no function that an engine has.
    %codes = quant_hw.lookup %q {table = array<i32: -117, -80, -43, -6, 31, 68, 105, -114, -77, -40, -3, 34, 71, 108, -111, -74, -37, 0, 37, 74, 111, -108, -71, -34, 3, 40, 77, 114, -105, -68, -31, 6, 43, 80, 117, -102, -65, -28, 9, 46, 83, 120, -99, -62, -25, 12, 49, 86, 123, -96, -59, -22, 15, 52, 89, 126, -93, -56, -19, 18, 55, 92, -127, -90, -53, -16, 21, 58, 95, -124, -87, -50, -13, 24, 61, 98, -121, -84, -47, -10, 27, 64, 101, -118, -81, -44, -7, 30, 67, 104, -115, -78, -41, -4, 33, 70, 107, -112, -75, -38, -1, 36, 73, 110, -109, -72, -35, 2, 39, 76, 113, -106, -69, -32, 5, 42, 79, 116, -103, -66, -29, 8, 45, 82, 119, -100, -63, -26, 11, 48, 85, 122, -97, -60, -23, 14, 51, 88, 125, -94, -57, -20, 17, 54, 91, -128, -91, -54, -17, 20, 57, 94, -125, -88, -51, -14, 23, 60, 97, -122, -85, -48, -11, 26, 63, 100, -119, -82, -45, -8, 29, 66, 103, -116, -79, -42, -5, 32, 69, 106, -113, -76, -39, -2, 35, 72, 109, -110, -73, -36, 1, 38, 75, 112, -107, -70, -33, 4, 41, 78, 115, -104, -67, -30, 7, 44, 81, 118, -101, -64, -27, 10, 47, 84, 121, -98, -61, -24, 13, 50, 87, 124, -95, -58, -21, 16, 53, 90, 127, -92, -55, -18, 19, 56, 93, -126, -89, -52, -15, 22, 59, 96, -123, -86, -49, -12, 25, 62, 99, -120, -83, -46, -9, 28, 65, 102>, quant_hw.name = "looked_up"}
        : tensor<?x6x6x4x!quant.uniform<i8:f32, 0.03125:3>> -> tensor<?x6x6x4x!quant.uniform<i8:f32, 0.0625:-7>>
    %table = quant_hw.dequantize %codes : tensor<?x6x6x4x!quant.uniform<i8:f32, 0.0625:-7>> -> tensor<?x6x6x4xf32>
    %one = tosa.const_shape {values = dense<[-1, 4]> : tensor<2xindex>} : () -> !tosa.shape<2>
    %logits = tosa.reshape %mean, %one {quant_hw.name = "logits"} : (tensor<?x1x1x4xf32>, !tosa.shape<2>) -> tensor<?x4xf32>
    %softmax = quant_hw.softmax %logits axis 1 : tensor<?x4xf32>

    // ONNX Runtime would fuse it with its quantizers.
    %weights = quant_hw.softmax %d axis 3 : tensor<?x6x6x4xf32>
    %weight_codes = quant_hw.quantize %weights form <q2> : tensor<?x6x6x4xf32> -> tensor<?x6x6x4x!quant.uniform<i8:f32, 0.00390625:-128>>
    %attention = quant_hw.dequantize %weight_codes : tensor<?x6x6x4x!quant.uniform<i8:f32, 0.00390625:-128>> -> tensor<?x6x6x4xf32>
    return %functions, %waves, %hard_swish, %prelu, %depthwise, %deconv, %matrix, %matmul, %pad, %tile, %bilinear, %nearest, %reductions, %mean,
        %table, %softmax, %attention
        : tensor<?x6x6x4xf32>, tensor<?x6x6x4xf32>, tensor<?x6x6x4xf32>, tensor<?x6x6x4xf32>, tensor<?x3x3x6xf32>, tensor<?x12x12x3xf32>,
          tensor<?x6xf32>, tensor<?x6x6x6xf32>, tensor<?x8x8x4xf32>, tensor<?x6x12x4xf32>, tensor<?x12x12x4xf32>, tensor<?x12x12x4xf32>,
          tensor<?x1x6x4xf32>, tensor<?x1x1x4xf32>, tensor<?x6x6x4xf32>, tensor<?x4xf32>, tensor<?x6x6x4xf32>
  }
}
