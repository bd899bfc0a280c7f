// QNN's ops with the encoding of every result.
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=qnn' \
// RUN:   | FileCheck %s --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'

// CHECK: qnn.quantize {{.*}} {offset = -128 : i32, quant_hw.name = "x", scale = 0.0078431372549019607 : f64}
// CHECK: qnn.conv2d {{.*}} {dilation = array<i64: 1, 1>, groups = 1 : i64, multiplier = array<i32: 1082196480, 1623294720>, offset = 0 : i32, pad = array<i64: 0, 0, 0, 0>, pad_value = 128 : i32, quant_hw.name = "relu", scale = 0.0078431372549019607 : f64, shift = array<i32: 37, 38>, stride = array<i64: 1, 1>}
// CHECK: qnn.depth_wise_conv2d {{.*}} {dilation = array<i64: 1, 1>, groups = 2 : i64, multiplier = array<i32: 1731514409, 1298635807>, offset = -153 : i32, pad = array<i64: 0, 1, 0, 1>, pad_value = 0 : i32, quant_hw.name = "depthwise", scale = 0.019607843137254902 : f64, shift = array<i32: 39, 38>, stride = array<i64: 1, 1>}
// CHECK: qnn.pool_avg2d {{.*}} {clamp = array<i64: 0, 255>, kernel = array<i64: 2, 2>, offset = -153 : i32, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", scale = 0.019607843137254902 : f64, stride = array<i64: 2, 2>}
// CHECK: qnn.element_wise_add {{.*}} {left_shift = 20 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, multiplier = 1952257862 : i32, offset = -116 : i32, quant_hw.name = "add", rhs_multiplier = 1717986918 : i32, rhs_shift = 33 : i32, scale = 0.021568627450980392 : f64, shift = 50 : i32}
// CHECK: qnn.element_wise_subtract {{.*}} {left_shift = 20 : i32, lhs_multiplier = 1073741824 : i32, lhs_shift = 31 : i32, multiplier = 1181116006 : i32, offset = -153 : i32, quant_hw.name = "sub", rhs_multiplier = 1561806289 : i32, rhs_shift = 33 : i32, scale = 0.019607843137254902 : f64, shift = 49 : i32}
// CHECK: qnn.lookup {{.*}} {offset = 0 : i32, quant_hw.name = "sigmoid", scale = 0.0039215686274509803 : f64, table = array<i32: 12, 12, 13, 13, {{[-0-9, ]+}}>}
// CHECK: qnn.element_wise_multiply {{.*}} {multiplier = 1185747834 : i32, offset = -153 : i32, quant_hw.name = "mul", scale = 0.019607843137254902 : f64, shift = 38 : i32}
// CHECK: qnn.pool_avg2d {{.*}} {clamp = array<i64: 0, 255>, kernel = array<i64: 2, 2>, offset = -153 : i32, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", scale = 0.019607843137254902 : f64, stride = array<i64: 1, 1>}
// CHECK: qnn.fully_connected {{.*}} {multiplier = array<i32: 1352745568, 1352745568>, offset = -128 : i32, quant_hw.name = "y", scale = 0.031372549019607843 : f64, shift = array<i32: 38, 38>}
// CHECK: qnn.dequantize {{.*}} {offset = -128 : i32, scale = 0.031372549019607843 : f64}
