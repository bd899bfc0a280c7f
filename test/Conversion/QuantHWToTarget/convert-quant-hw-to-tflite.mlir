// multipliers and exponents, fused activations, factors.
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=tflite' \
// RUN:   | FileCheck %s --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=tflite-xnnpack' \
// RUN:   | FileCheck %s --check-prefix=XNNPACK --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=tflite{engine=ruy}' \
// RUN:   | FileCheck %s --check-prefix=RUY --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=tflite{single-rounding=true}' \
// RUN:   | FileCheck %s --check-prefix=SINGLE --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'

// CHECK: tflite.quantize {{.*}} {quant_hw.name = "x", rounding = "half_away"}
// CHECK: tflite.conv_2d {{.*}} {dilation = array<i64: 1, 1>, fused_activation_function = "NONE", groups = 1 : i64, output_multiplier = array<i32: 1082196480, 1623294720>, output_shift = array<i32: -6, -7>, pad = array<i64: 0, 0, 0, 0>, pad_value = -1 : i32, quant_hw.name = "relu", rounding = "double", stride = array<i64: 1, 1>}
// CHECK: tflite.depthwise_conv_2d {{.*}} {dilation = array<i64: 1, 1>, fused_activation_function = "NONE", groups = 2 : i64, output_multiplier = array<i32: 1731514409, 1298635807>, output_shift = array<i32: -8, -7>, pad = array<i64: 0, 1, 0, 1>, pad_value = -128 : i32, quant_hw.name = "depthwise", rounding = "double", stride = array<i64: 1, 1>}
// CHECK: tflite.average_pool_2d {{.*}} {clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", stride = array<i64: 2, 2>}
// CHECK: tflite.add {{.*}} {fused_activation_function = "NONE", input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32, input2_multiplier = 1717986959 : i32, input2_shift = -2 : i32, left_shift = 20 : i32, output_multiplier = 1952257879 : i32, output_shift = -19 : i32, quant_hw.name = "add", rounding = "double"}
// CHECK: tflite.sub {{.*}} {fused_activation_function = "NONE", input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32, input2_multiplier = 1561806340 : i32, input2_shift = -2 : i32, left_shift = 20 : i32, output_multiplier = 1181115996 : i32, output_shift = -18 : i32, quant_hw.name = "sub", rounding = "double"}
// CHECK: tflite.lookup {{.*}} {quant_hw.name = "sigmoid", table = array<i32: -116, -116, -115, -115, {{[-0-9, ]+}}>}
// CHECK: tflite.mul {{.*}} {fused_activation_function = "NONE", output_multiplier = 1181116032 : i32, output_shift = -7 : i32, quant_hw.name = "mul", rounding = "double"}
// CHECK: tflite.average_pool_2d {{.*}} {clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", stride = array<i64: 1, 1>}
// CHECK: tflite.fully_connected {{.*}} {effective_scale = array<f64: 0.0049212597073129208>, fused_activation_function = "NONE", quant_hw.name = "y", rounding = "float64"}
// CHECK: tflite.dequantize {{.*}} :

// XNNPACK: tflite.quantize {{.*}} {quant_hw.name = "x", rounding = "half_even_reciprocal"}
// XNNPACK: tflite.conv_2d {{.*}} {dilation = array<i64: 1, 1>, fused_activation_function = "NONE", groups = 1 : i64, pad = array<i64: 0, 0, 0, 0>, pad_value = -1 : i32, quant_hw.name = "relu", rounding = "float", scale = array<f32: 0.00787401571, 0.00590551179>, stride = array<i64: 1, 1>}
// XNNPACK: tflite.depthwise_conv_2d {{.*}} {dilation = array<i64: 1, 1>, fused_activation_function = "NONE", groups = 2 : i64, pad = array<i64: 0, 1, 0, 1>, pad_value = -128 : i32, quant_hw.name = "depthwise", rounding = "float", scale = array<f32: 0.00314960629, 0.00472440943>, stride = array<i64: 1, 1>}
// XNNPACK: tflite.average_pool_2d {{.*}} {clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", stride = array<i64: 2, 2>}
// XNNPACK: tflite.add {{.*}} {fused_activation_function = "NONE", input1_multiplier = 1906502 : i32, input1_shift = 31 : i32, input2_multiplier = 762601 : i32, input2_shift = 31 : i32, output_multiplier = 1 : i32, output_shift = 10 : i32, quant_hw.name = "add", rounding = "fixed"}
// XNNPACK: tflite.sub {{.*}} {fused_activation_function = "NONE", input1_multiplier = 1153434 : i32, input1_shift = 31 : i32, input2_multiplier = 419430 : i32, input2_shift = 31 : i32, output_multiplier = 1 : i32, output_shift = 11 : i32, quant_hw.name = "sub", rounding = "fixed"}
// XNNPACK: tflite.lookup {{.*}} {quant_hw.name = "sigmoid", table = array<i32: -116, -116, -115, -115, {{[-0-9, ]+}}>}
// XNNPACK: tflite.mul {{.*}} {fused_activation_function = "NONE", quant_hw.name = "mul", rounding = "float", scale = 0.00429687509 : f32}
// XNNPACK: tflite.average_pool_2d {{.*}} {clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", stride = array<i64: 1, 1>}
// XNNPACK: tflite.fully_connected {{.*}} {fused_activation_function = "NONE", quant_hw.name = "y", rounding = "float", scale = array<f32: 4.921260e-03>}
// XNNPACK: tflite.dequantize {{.*}} :

// RUY: tflite.quantize {{.*}} {quant_hw.name = "x", rounding = "half_even_reciprocal"}
// RUY: tflite.conv_2d {{.*}} {dilation = array<i64: 1, 1>, fused_activation_function = "NONE", groups = 1 : i64, output_multiplier = array<i32: 1082196480, 1623294720>, output_shift = array<i32: -6, -7>, pad = array<i64: 0, 0, 0, 0>, pad_value = -1 : i32, quant_hw.name = "relu", rounding = "upward", stride = array<i64: 1, 1>}
// RUY: tflite.depthwise_conv_2d {{.*}} {dilation = array<i64: 1, 1>, fused_activation_function = "NONE", groups = 2 : i64, output_multiplier = array<i32: 1731514409, 1298635807>, output_shift = array<i32: -8, -7>, pad = array<i64: 0, 1, 0, 1>, pad_value = -128 : i32, quant_hw.name = "depthwise", rounding = "upward", stride = array<i64: 1, 1>}
// RUY: tflite.average_pool_2d {{.*}} {clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", stride = array<i64: 2, 2>}
// RUY: tflite.add {{.*}} {fused_activation_function = "NONE", input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32, input2_multiplier = 1717986959 : i32, input2_shift = -2 : i32, left_shift = 20 : i32, output_multiplier = 1952257879 : i32, output_shift = -19 : i32, quant_hw.name = "add", rounding = "upward"}
// RUY: tflite.sub {{.*}} {fused_activation_function = "NONE", input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32, input2_multiplier = 1561806340 : i32, input2_shift = -2 : i32, left_shift = 20 : i32, output_multiplier = 1181115996 : i32, output_shift = -18 : i32, quant_hw.name = "sub", rounding = "upward"}
// RUY: tflite.lookup {{.*}} {quant_hw.name = "sigmoid", table = array<i32: -116, -116, -115, -115, {{[-0-9, ]+}}>}
// RUY: tflite.mul {{.*}} {fused_activation_function = "NONE", output_multiplier = 1181116032 : i32, output_shift = -7 : i32, quant_hw.name = "mul", rounding = "double"}
// RUY: tflite.average_pool_2d {{.*}} {clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", stride = array<i64: 1, 1>}
// RUY: tflite.fully_connected {{.*}} {fused_activation_function = "NONE", output_multiplier = array<i32: 1352745568>, output_shift = array<i32: -7>, quant_hw.name = "y", rounding = "upward"}
// RUY: tflite.dequantize {{.*}} :

// SINGLE: tflite.quantize {{.*}} {quant_hw.name = "x", rounding = "half_away"}
// SINGLE: tflite.conv_2d {{.*}} {dilation = array<i64: 1, 1>, fused_activation_function = "NONE", groups = 1 : i64, output_multiplier = array<i32: 1082196480, 1623294720>, output_shift = array<i32: -6, -7>, pad = array<i64: 0, 0, 0, 0>, pad_value = -1 : i32, quant_hw.name = "relu", rounding = "single", stride = array<i64: 1, 1>}
// SINGLE: tflite.depthwise_conv_2d {{.*}} {dilation = array<i64: 1, 1>, fused_activation_function = "NONE", groups = 2 : i64, output_multiplier = array<i32: 1731514409, 1298635807>, output_shift = array<i32: -8, -7>, pad = array<i64: 0, 1, 0, 1>, pad_value = -128 : i32, quant_hw.name = "depthwise", rounding = "single", stride = array<i64: 1, 1>}
// SINGLE: tflite.average_pool_2d {{.*}} {clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", stride = array<i64: 2, 2>}
// SINGLE: tflite.add {{.*}} {fused_activation_function = "NONE", input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32, input2_multiplier = 1717986959 : i32, input2_shift = -2 : i32, left_shift = 20 : i32, output_multiplier = 1952257879 : i32, output_shift = -19 : i32, quant_hw.name = "add", rounding = "single"}
// SINGLE: tflite.sub {{.*}} {fused_activation_function = "NONE", input1_multiplier = 1073741824 : i32, input1_shift = 0 : i32, input2_multiplier = 1561806340 : i32, input2_shift = -2 : i32, left_shift = 20 : i32, output_multiplier = 1181115996 : i32, output_shift = -18 : i32, quant_hw.name = "sub", rounding = "single"}
// SINGLE: tflite.lookup {{.*}} {quant_hw.name = "sigmoid", table = array<i32: -116, -116, -115, -115, {{[-0-9, ]+}}>}
// SINGLE: tflite.mul {{.*}} {fused_activation_function = "NONE", output_multiplier = 1181115996 : i32, output_shift = -7 : i32, quant_hw.name = "mul", rounding = "single"}
// SINGLE: tflite.average_pool_2d {{.*}} {clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", stride = array<i64: 1, 1>}
// SINGLE: tflite.fully_connected {{.*}} {effective_scale = array<f64: 0.0049212597073129208>, fused_activation_function = "NONE", quant_hw.name = "y", rounding = "float64"}
// SINGLE: tflite.dequantize {{.*}} :
