// Glow's nodes, with factors or with pre, multiplier and post.
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=nnpi-gemmlowp' \
// RUN:   | FileCheck %s --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=nnpi-symlowp{engine=integer}' \
// RUN:   | FileCheck %s --check-prefix=INTEGER --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'
// RUN: hwq-opt %S/Inputs/channels.mlir '--quantize-for=nnpi-symlowp{per-channel-activations=true}' \
// RUN:   | FileCheck %s --check-prefix=CHANNELS --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'

// CHECK: nnpi.quantize {{.*}} {quant_hw.name = "x"}
// CHECK: nnpi.convolution {{.*}} {arithmetic = "float", dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 0, 0, 0, 0>, pad_value = 128 : i32, precision = "GEMMLOWP_PCQ", quant_hw.name = "relu", scale = array<f32: 0.00588235306, 0.00294117653>, stride = array<i64: 1, 1>}
// CHECK: nnpi.convolution {{.*}} {arithmetic = "float", dilation = array<i64: 1, 1>, groups = 2 : i64, pad = array<i64: 0, 1, 0, 1>, pad_value = 0 : i32, precision = "GEMMLOWP_PCQ", quant_hw.name = "depthwise", scale = array<f32: 0.00196078443, 0.00352941197>, stride = array<i64: 1, 1>}
// CHECK: nnpi.avg_pool {{.*}} {clamp = array<i64: 0, 255>, kernel = array<i64: 2, 2>, offset = 1.570000e+02 : f32, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", scale = 0.384615391 : f32, stride = array<i64: 2, 2>}
// CHECK: nnpi.add {{.*}} {lhs_scale = 417.631378 : f32, quant_hw.name = "add", rhs_scale = 257.003937 : f32, scale = 0.00141490588 : f32}
// CHECK: nnpi.sub {{.*}} {lhs_scale = 706.760803 : f32, quant_hw.name = "sub", rhs_scale = 257.003937 : f32, scale = 0.00155639648 : f32}
// CHECK: nnpi.int_lookup_table {{.*}} {quant_hw.name = "sigmoid", table = array<i32: 12, 12, 13, 13, {{[-0-9, ]+}}>}
// CHECK: nnpi.mul {{.*}} {quant_hw.name = "mul", scale = 0.00539215701 : f32}
// CHECK: nnpi.rescale_quantized {{.*}} {ratio = 1.06666672 : f32}
// CHECK: nnpi.rescale_quantized {{.*}} {ratio = 0.866666674 : f32}
// CHECK: nnpi.avg_pool {{.*}} {clamp = array<i64: 0, 255>, kernel = array<i64: 2, 2>, offset = 1.460000e+02 : f32, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", scale = 0.267857134 : f32, stride = array<i64: 1, 1>}
// CHECK: nnpi.fully_connected {{.*}} {arithmetic = "float", precision = "GEMMLOWP_PCQ", quant_hw.name = "y", scale = array<f32: 0.00257352926, 0.0030024508>}
// CHECK: nnpi.dequantize {{.*}} :

// INTEGER: nnpi.quantize {{.*}} {quant_hw.name = "x"}
// INTEGER: nnpi.convolution {{.*}} {arithmetic = "integer", dilation = array<i64: 1, 1>, groups = 1 : i64, multiplier = array<i32: 259, 389>, pad = array<i64: 0, 0, 0, 0>, pad_value = 0 : i32, post = array<i32: 15, 15>, pre = array<i32: 0, 1>, precision = "SYMLOWP_PCQ", quant_hw.name = "relu", stride = array<i64: 1, 1>}
// INTEGER: nnpi.convolution {{.*}} {arithmetic = "integer", dilation = array<i64: 1, 1>, groups = 2 : i64, multiplier = array<i32: 345, 257>, pad = array<i64: 0, 1, 0, 1>, pad_value = -128 : i32, post = array<i32: 15, 15>, pre = array<i32: 2, 1>, precision = "SYMLOWP_PCQ", quant_hw.name = "depthwise", stride = array<i64: 1, 1>}
// INTEGER: nnpi.avg_pool {{.*}} {clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, offset = 0.000000e+00 : f32, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", scale = 3.750000e-01 : f32, stride = array<i64: 2, 2>}
// INTEGER: nnpi.add {{.*}} {lhs_scale = 5.120000e+02 : f32, quant_hw.name = "add", rhs_scale = 257.003937 : f32, scale = 0.00129191077 : f32}
// INTEGER: nnpi.sub {{.*}} {lhs_scale = 774.047241 : f32, quant_hw.name = "sub", rhs_scale = 257.003937 : f32, scale = 0.00130208337 : f32}
// INTEGER: nnpi.int_lookup_table {{.*}} {quant_hw.name = "sigmoid", table = array<i32: -116, -116, -115, -115, {{[-0-9, ]+}}>}
// INTEGER: nnpi.mul {{.*}} {quant_hw.name = "mul", scale = 0.00588235306 : f32}
// INTEGER: nnpi.rescale_quantized {{.*}} {ratio = 0.89588803 : f32}
// INTEGER: nnpi.rescale_quantized {{.*}} {ratio = 0.888888895 : f32}
// INTEGER: nnpi.avg_pool {{.*}} {clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, offset = 0.000000e+00 : f32, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", scale = 2.812500e-01 : f32, stride = array<i64: 1, 1>}
// INTEGER: nnpi.fully_connected {{.*}} {arithmetic = "integer", multiplier = array<i32: 1, 508>, post = array<i32: 8, 15>, pre = array<i32: 0, 2>, precision = "SYMLOWP_PCQ", quant_hw.name = "y"}
// INTEGER: nnpi.dequantize {{.*}} :

// A zero point and a clamp for each channel of the result; padding is the zero points of the input.
// CHANNELS: nnpi.convolution {{.*}} {arithmetic = "float", channel_clamp_min = array<i32: 0, 0, 0>, {{.*}}pad_value = 0 : i32, precision = "SYMLOWP_PCQ", quant_hw.name = "relu6", scale = array<f32: 0.00393700786, 0.00787401571, 7.812500e-03>{{.*}} -> tensor<?x4x4x3x!quant.uniform<i8:f32:3, {0.015748031437397003,0.0059055117890238762,0.0039370078593492508}>>
// CHANNELS: nnpi.convolution {{.*}} {arithmetic = "float", dilation = array<i64: 1, 1>, groups = 3 : i64, pad = array<i64: 0, 1, 1, 0>, precision = "SYMLOWP_PCQ", quant_hw.name = "depthwise", scale = array<f32: 0.00787401571, 0.00295275566, 0.00262467191>
// CHANNELS: nnpi.fully_connected {{.*}} {arithmetic = "float", precision = "SYMLOWP_PCQ", quant_hw.name = "fc", scale = array<f32: 0.00393700786, 0.00439453125>}
