// accumulators and requantizations by shifts.
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=tvm' \
// RUN:   | FileCheck %s --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=tvm{policy=g3}' \
// RUN:   | FileCheck %s --check-prefix=G3 --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'

// CHECK: tvm_qnn.quantize {{.*}} {quant_hw.name = "x", rounding = "away"}
// CHECK: tvm_qnn.conv2d {{.*}} {dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 0, 0, 0, 0>, pad_value = 0 : i32, stride = array<i64: 1, 1>}
// CHECK: tvm_qnn.requantize {{.*}} {a_min = 0 : i32, method = "right_shift", quant_hw.name = "relu", right_shift = array<i32: 7>}
// CHECK: tvm_qnn.conv2d {{.*}} {dilation = array<i64: 1, 1>, groups = 2 : i64, pad = array<i64: 0, 1, 0, 1>, pad_value = 0 : i32, stride = array<i64: 1, 1>}
// CHECK: tvm_qnn.requantize {{.*}} {method = "right_shift", quant_hw.name = "depthwise", right_shift = array<i32: 6>}
// CHECK: tvm_qnn.dequantize {{.*}} :
// CHECK: tvm_qnn.quantize {{.*}} {quant_hw.name = "avg_quantized", rounding = "away"}
// CHECK: tvm_qnn.dequantize {{.*}} :
// CHECK: tvm_qnn.add {{.*}} {lhs_right_shift = 0 : i32, method = "right_shift", quant_hw.name = "add", rhs_right_shift = 0 : i32, right_shift = 0 : i32}
// CHECK: tvm_qnn.dequantize {{.*}} :
// CHECK: tvm_qnn.quantize {{.*}} {quant_hw.name = "sigmoid", rounding = "away"}
// CHECK: tvm_qnn.dequantize {{.*}} :
// CHECK: tvm_qnn.quantize {{.*}} {quant_hw.name = "global", rounding = "away"}
// CHECK: tvm_qnn.dense {{.*}} :
// CHECK: tvm_qnn.dequantize_accumulator {{.*}} {input_scale = array<f32: 4.8828125E-4>, quant_hw.name = "y"}

// G3: tvm_qnn.quantize {{.*}} {quant_hw.name = "x", rounding = "away"}
// G3: tvm_qnn.conv2d {{.*}} {dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 0, 0, 0, 0>, pad_value = 0 : i32, stride = array<i64: 1, 1>}
// G3: tvm_qnn.requantize {{.*}} {a_min = 0 : i32, method = "right_shift", quant_hw.name = "relu", right_shift = array<i32: 7>}
// G3: tvm_qnn.conv2d {{.*}} {dilation = array<i64: 1, 1>, groups = 2 : i64, pad = array<i64: 0, 1, 0, 1>, pad_value = 0 : i32, stride = array<i64: 1, 1>}
// G3: tvm_qnn.requantize {{.*}} {method = "right_shift", quant_hw.name = "depthwise", right_shift = array<i32: 6>}
// G3: tvm_qnn.avg_pool2d {{.*}} {clamp = array<i64: -127, 127>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", stride = array<i64: 2, 2>}
// G3: tvm_qnn.add {{.*}} {lhs_right_shift = 0 : i32, method = "right_shift", quant_hw.name = "add", rhs_right_shift = 0 : i32, right_shift = 0 : i32}
// G3: tvm_qnn.subtract {{.*}} {lhs_right_shift = 0 : i32, method = "right_shift", quant_hw.name = "sub", rhs_right_shift = 0 : i32, right_shift = 0 : i32}
// G3: tvm_qnn.dequantize {{.*}} :
// G3: tvm_qnn.quantize {{.*}} {quant_hw.name = "sigmoid", rounding = "away"}
// G3: tvm_qnn.mul {{.*}} {method = "fixed_point_multiply", multiplier = 1073741824 : i32, quant_hw.name = "mul", right_shift = 34 : i32}
// G3: tvm_qnn.avg_pool2d {{.*}} {clamp = array<i64: -127, 127>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", stride = array<i64: 1, 1>}
// G3: tvm_qnn.dense {{.*}} :
// G3: tvm_qnn.dequantize_accumulator {{.*}} {input_scale = array<f32: 4.8828125E-4>, quant_hw.name = "y"}
