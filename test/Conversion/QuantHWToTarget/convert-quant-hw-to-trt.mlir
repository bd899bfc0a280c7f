// INT8 layers with f32 epilogues.
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=tensorrt' \
// RUN:   | FileCheck %s --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'

// CHECK: trt.quantize {{.*}} {quant_hw.name = "x", rounding = "divide", scale = 0.00787401571 : f32}
// CHECK: trt.convolution {{.*}} {clamp_min = 0 : i32, dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 0, 0, 0, 0>, pad_value = 0 : i32, quant_hw.name = "relu", real_bias = array<f32: 5.000000e-01, -2.500000e-01>, scale = array<f32: 6.20001229E-5, 4.65000921E-5>, stride = array<i64: 1, 1>}
// CHECK: trt.convolution {{.*}} {dilation = array<i64: 1, 1>, groups = 2 : i64, pad = array<i64: 0, 1, 0, 1>, pad_value = 0 : i32, quant_hw.name = "depthwise", real_bias = array<f32: 5.000000e-01, -2.500000e-01>, scale = array<f32: 1.24000246E-4, 1.86000369E-4>, stride = array<i64: 1, 1>}
// CHECK: trt.pooling_average {{.*}} {clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", ratio = 1.33333325 : f32, stride = array<i64: 2, 2>}
// CHECK: trt.dequantize {{.*}} {scale = 0.0157480314 : f32}
// CHECK: trt.element_wise_sum {{.*}} {lhs_scale = 0.0177165363 : f32, output_scale = 0.0236220472 : f32, quant_hw.name = "add", rhs_scale = 0.0157480314 : f32}
// CHECK: trt.dequantize {{.*}} {scale = 0.0236220472 : f32}
// CHECK: trt.quantize {{.*}} {quant_hw.name = "sigmoid", rounding = "divide", scale = 0.00787401571 : f32}
// CHECK: trt.element_wise_prod {{.*}} {quant_hw.name = "mul", ratio = 0.0104986867 : f32}
// CHECK: trt.pooling_average {{.*}} {clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", ratio = 1.125000e+00 : f32, stride = array<i64: 1, 1>}
// CHECK: trt.fully_connected {{.*}} :
// CHECK: trt.epilogue {{.*}} {quant_hw.name = "y", real_bias = array<f32: 5.000000e-01, -2.500000e-01>, scale = array<f32: 1.24000246E-4, 1.24000246E-4>}
