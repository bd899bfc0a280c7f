// Pixels (x - mean) * 1/std per channel, as ImageNet's, in both layouts, and quantized.
#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2",
  graph_policy = "total", lookup_tables = "f64", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!pixel = !quant.uniform<u8:f32, 1.0>
!y = !quant.uniform<u8:f32, 0.0186:114>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step4"} {
  func.func @main(%x: tensor<?x2x2x3xf32> {quant_hw.name = "x"}) -> (tensor<?x2x2x3xf32> {quant_hw.name = "last"}, tensor<?x2x3x2xf32> {quant_hw.name = "first"}) {
    %mean = "tosa.const"() {values = dense<[[[[123.675, 116.28, 103.53]]]]> : tensor<1x1x1x3xf32>} : () -> tensor<1x1x1x3xf32>
    %std = "tosa.const"() {values = dense<[[[[0.01712475, 0.017507, 0.01742919]]]]> : tensor<1x1x1x3xf32>} : () -> tensor<1x1x1x3xf32>
    %mean1 = "tosa.const"() {values = dense<[[[[123.675], [116.28], [103.53]]]]> : tensor<1x1x3x1xf32>} : () -> tensor<1x1x3x1xf32>
    %std1 = "tosa.const"() {values = dense<[[[[0.01712475], [0.017507], [0.01742919]]]]> : tensor<1x1x3x1xf32>} : () -> tensor<1x1x3x1xf32>
    %shift = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    %p = quant_hw.quantize %x form <q2> : tensor<?x2x2x3xf32> -> tensor<?x2x2x3x!pixel>
    %f = quant_hw.dequantize %p : tensor<?x2x2x3x!pixel> -> tensor<?x2x2x3xf32>
    %s = tosa.sub %f, %mean : (tensor<?x2x2x3xf32>, tensor<1x1x1x3xf32>) -> tensor<?x2x2x3xf32>
    %d = tosa.mul %s, %std, %shift : (tensor<?x2x2x3xf32>, tensor<1x1x1x3xf32>, tensor<1xi8>) -> tensor<?x2x2x3xf32>
    %q = quant_hw.quantize %d form <q4> {quant_hw.name = "y"} : tensor<?x2x2x3xf32> -> tensor<?x2x2x3x!y>
    %o = quant_hw.dequantize %q : tensor<?x2x2x3x!y> -> tensor<?x2x2x3xf32>
    %t = tosa.transpose %f {perms = array<i32: 0, 1, 3, 2>} : (tensor<?x2x2x3xf32>) -> tensor<?x2x3x2xf32>
    %s1 = tosa.sub %t, %mean1 : (tensor<?x2x3x2xf32>, tensor<1x1x3x1xf32>) -> tensor<?x2x3x2xf32>
    %d1 = tosa.mul %s1, %std1, %shift : (tensor<?x2x3x2xf32>, tensor<1x1x3x1xf32>, tensor<1xi8>) -> tensor<?x2x3x2xf32>
    %q1 = quant_hw.quantize %d1 form <q4> {quant_hw.name = "z"} : tensor<?x2x3x2xf32> -> tensor<?x2x3x2x!y>
    %o1 = quant_hw.dequantize %q1 : tensor<?x2x3x2x!y> -> tensor<?x2x3x2xf32>
    return %o, %o1 : tensor<?x2x2x3xf32>, tensor<?x2x3x2xf32>
  }
}
