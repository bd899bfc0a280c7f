// Schemes that no quantized type expresses: one fake_quant in place of a quantize and a
// dequantize, its parameters from the range or, for weights, from the values.
// RUN: hwq-opt %s '--quantize-for=academic{scheme=fixed_point bits=4 first_last_bits=0}' | FileCheck %s --check-prefix=FIXED
// FIXED: quant_hw.form = "step0"
// FIXED-DAG: quant_hw.fake_quant %{{.*}} [#quant_hw.scheme<kind = fixed_point, bits = 4, exponent = -2>] {quant_hw.name = "x"} : tensor<?x2xf32>
// FIXED-DAG: quant_hw.fake_quant %{{.*}} [#quant_hw.scheme<kind = fixed_point, bits = 4, exponent = -2>] : tensor<2x2xf32>
// FIXED-NOT: quant_hw.quantize

// Per channel, and one exponent for everything: the largest, 1.75 in four bits.
// RUN: hwq-opt %s '--quantize-for=academic{scheme=fixed_point bits=4 first_last_bits=0 per-channel-weights=true fully_connected_granularity=per_channel}' | FileCheck %s --check-prefix=CHANNEL
// CHANNEL: [#quant_hw.scheme<kind = fixed_point, bits = 4, exponent = -2>, #quant_hw.scheme<kind = fixed_point, bits = 4, exponent = -4>]
// RUN: hwq-opt %s '--quantize-for=academic{scheme=fixed_point exponents=network bits=4 first_last_bits=0 per-channel-weights=true fully_connected_granularity=per_channel}' | FileCheck %s --check-prefix=NETWORK
// NETWORK: [#quant_hw.scheme<kind = fixed_point, bits = 4, exponent = -2>, #quant_hw.scheme<kind = fixed_point, bits = 4, exponent = -2>]
// NETWORK: [#quant_hw.scheme<kind = fixed_point, bits = 4, exponent = -2>] {quant_hw.name = "x"}

// RUN: hwq-opt %s '--quantize-for=academic{scheme=block_fixed_point bits=4 block_size=16 first_last_bits=0}' | FileCheck %s --check-prefix=BLOCK
// BLOCK: #quant_hw.scheme<kind = block_fixed_point, bits = 4, block = 16>
// RUN: hwq-opt %s '--quantize-for=academic{scheme=log2 bits=4 first_last_bits=0}' | FileCheck %s --check-prefix=LOG2
// LOG2: #quant_hw.scheme<kind = power_of_two, bits = 4, scale = 2.000000e+00 : f64>] {quant_hw.name = "x"}
// RUN: hwq-opt %s '--quantize-for=academic{scheme=nnie_log}' | FileCheck %s --check-prefix=NNIE
// NNIE: #quant_hw.scheme<kind = nnie_log, zero_point = -114>] {quant_hw.name = "x"}
// RUN: hwq-opt %s '--quantize-for=academic{scheme=quadratic bits=4 first_last_bits=0}' | FileCheck %s --check-prefix=QUADRATIC
// QUADRATIC: #quant_hw.scheme<kind = quadratic, bits = 4, scale = 0.035714287310838699 : f64>] {quant_hw.name = "x"}
// RUN: hwq-opt %s '--quantize-for=academic{scheme=codebook bits=2 first_last_bits=0}' | FileCheck %s --check-prefix=CODEBOOK
// CODEBOOK: #quant_hw.scheme<kind = codebook, levels = [-2.500000e-01, 0.000000e+00, 5.000000e-01, 1.000000e+00]>
// CODEBOOK: quant_hw.quantize %arg0
// RUN: hwq-opt %s '--quantize-for=academic{scheme=fp8_e4m3}' | FileCheck %s --check-prefix=FP8
// FP8: #quant_hw.scheme<kind = float, scale = {{.*}} : f64, format = fp8_e4m3>] {quant_hw.name = "x"}
// RUN: hwq-opt %s '--quantize-for=academic{scheme=bf16}' | FileCheck %s --check-prefix=BF16
// BF16: #quant_hw.scheme<kind = float, scale = 1.000000e+00 : f64, format = bf16>] {quant_hw.name = "x"}

// Weights are transformed before they are quantized: tanh(w) / max |tanh w|.
// RUN: hwq-opt %s '--quantize-for=academic{weight_transform=dorefa}' | FileCheck %s --check-prefix=DOREFA
// DOREFA: dense<{{\[\[}}1.000000e+00, 0.606776{{.*}}, 0.000000e+00]]> : tensor<2x2xf32>

// Its scale follows from what it gives: 2/15 of the four-bit grid.
// RUN: hwq-opt %s '--quantize-for=academic{weight_transform=wrpn bits=4 first_last_bits=0}' | FileCheck %s --check-prefix=WRPN
// WRPN: quant_hw.quantize %{{.*}} form <q1> : tensor<2x2xf32> -> tensor<2x2x!quant.uniform<i8<-8:7>:f32, 0.1333333{{.*}}>>

// There are no integers behind step 0.
// RUN: not hwq-opt %s '--quantize-for=snpe{weight_scheme=fixed_point}' 2>&1 | FileCheck %s --check-prefix=FORM
// FORM: error: {{.*}}backend 'snpe': expected the final form step0 where a scheme is not affine: it has no integer program
// RUN: not hwq-opt %s '--quantize-for=academic{activation_scheme=codebook}' 2>&1 | FileCheck %s --check-prefix=NO-VALUES
// NO-VALUES: error: tensor 'x': a codebook is found from values, not from a range
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.75, 1.5] method "min-max" : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[1.0, 0.5], [-0.25, 0.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %y0 = quant_hw.fully_connected %x, %w {quant_hw.name = "y"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %y = quant_hw.observe "y" %y0 range [-2.0, 2.0] method "min-max" : tensor<?x2xf32>
    return %y : tensor<?x2xf32>
  }
}
