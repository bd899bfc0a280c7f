// factors and biases in f32.
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=fbgemm' \
// RUN:   | FileCheck %s --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=fbgemm{per-channel-weights=false}' \
// RUN:   | FileCheck %s --check-prefix=TENSOR --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'

// CHECK: fbgemm.quantize_per_tensor {{.*}} {quant_hw.name = "x"}
// CHECK: fbgemm.conv2d {{.*}} {C_multiplier = array<f32: 0.00784313772, 0.00588235306>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 0, 0, 0, 0>, pad_value = 127 : i32, quant_hw.name = "relu", scaled_bias = array<f32: 8128.12402, -5418.74951>, stride = array<i64: 1, 1>}
// CHECK: fbgemm.conv2d {{.*}} {C_multiplier = array<f32: 0.00313725509, 0.00470588263>, dilation = array<i64: 1, 1>, groups = 2 : i64, pad = array<i64: 0, 1, 0, 1>, pad_value = 0 : i32, quant_hw.name = "depthwise", scaled_bias = array<f32: 8128.12402, -2709.37476>, stride = array<i64: 1, 1>}
// CHECK: fbgemm.avg_pool2d {{.*}} {clamp = array<i64: 0, 255>, kernel = array<i64: 2, 2>, memory_format = "channels_last", pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", stride = array<i64: 2, 2>}
// CHECK: fbgemm.add {{.*}} {A_scale = 0.0196078438 : f32, B_scale = 0.00784313772 : f32, C_scale = 0.021568628 : f32, quant_hw.name = "add"}
// CHECK: fbgemm.sub {{.*}} {A_scale = 0.021568628 : f32, B_scale = 0.00784313772 : f32, C_scale = 0.0196078438 : f32, quant_hw.name = "sub"}
// CHECK: fbgemm.dequantize {{.*}} :
// CHECK: fbgemm.quantize_per_tensor {{.*}} {quant_hw.name = "sigmoid"}
// CHECK: fbgemm.mul {{.*}} {C_multiplier = 0.00537109375 : f32, quant_hw.name = "mul"}
// CHECK: fbgemm.requantize {{.*}} {memory_format = "channels_last", ratio = 1.06666672 : f32}
// CHECK: fbgemm.requantize {{.*}} {memory_format = "channels_last", ratio = 1.33333337 : f32}
// CHECK: fbgemm.avg_pool2d {{.*}} {clamp = array<i64: 0, 255>, kernel = array<i64: 2, 2>, memory_format = "channels_last", pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", stride = array<i64: 1, 1>}
// CHECK: fbgemm.linear {{.*}} :
// CHECK: fbgemm.requantize_for_float {{.*}} {act_times_w_scale = array<f32: 1.15340263E-4, 1.15340263E-4>, float_bias = array<f32: 5.000000e-01, -2.500000e-01>, quant_hw.name = "y"}

// TENSOR: fbgemm.quantize_per_tensor {{.*}} {quant_hw.name = "x"}
// TENSOR: fbgemm.conv2d {{.*}} {C_multiplier = array<f32: 0.00784313772>, bias_scale = array<f32: 16256.248, 16256.248>, dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 0, 0, 0, 0>, pad_value = 127 : i32, quant_hw.name = "relu", scaled_bias = array<f32: 5.000000e-01, -2.500000e-01>, stride = array<i64: 1, 1>}
// TENSOR: fbgemm.conv2d {{.*}} {C_multiplier = array<f32: 0.00470588263>, bias_scale = array<f32: 10837.499, 10837.499>, dilation = array<i64: 1, 1>, groups = 2 : i64, pad = array<i64: 0, 1, 0, 1>, pad_value = 0 : i32, quant_hw.name = "depthwise", scaled_bias = array<f32: 5.000000e-01, -2.500000e-01>, stride = array<i64: 1, 1>}
// TENSOR: fbgemm.avg_pool2d {{.*}} {clamp = array<i64: 0, 255>, kernel = array<i64: 2, 2>, memory_format = "channels_last", pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", stride = array<i64: 2, 2>}
// TENSOR: fbgemm.add {{.*}} {A_scale = 0.0196078438 : f32, B_scale = 0.00784313772 : f32, C_scale = 0.021568628 : f32, quant_hw.name = "add"}
// TENSOR: fbgemm.sub {{.*}} {A_scale = 0.021568628 : f32, B_scale = 0.00784313772 : f32, C_scale = 0.0196078438 : f32, quant_hw.name = "sub"}
// TENSOR: fbgemm.dequantize {{.*}} :
// TENSOR: fbgemm.quantize_per_tensor {{.*}} {quant_hw.name = "sigmoid"}
// TENSOR: fbgemm.mul {{.*}} {C_multiplier = 0.00537109375 : f32, quant_hw.name = "mul"}
// TENSOR: fbgemm.requantize {{.*}} {memory_format = "channels_last", ratio = 1.06666672 : f32}
// TENSOR: fbgemm.requantize {{.*}} {memory_format = "channels_last", ratio = 1.33333337 : f32}
// TENSOR: fbgemm.avg_pool2d {{.*}} {clamp = array<i64: 0, 255>, kernel = array<i64: 2, 2>, memory_format = "channels_last", pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", stride = array<i64: 1, 1>}
// TENSOR: fbgemm.linear {{.*}} :
// TENSOR: fbgemm.requantize_for_float {{.*}} {act_times_w_scale = array<f32: 1.15340263E-4>, float_bias = array<f32: 5.000000e-01, -2.500000e-01>, quant_hw.name = "y"}
