// fix points and shifts.
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=dpu' \
// RUN:   | FileCheck %s --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'

// CHECK: dpu.float2fix {{.*}} {fix_point = 6 : i32, quant_hw.name = "x"}
// CHECK: dpu.conv2d_fix {{.*}} {clamp_min = 0 : i32, dilation = array<i64: 1, 1>, fix_point = 6 : i32, fix_point_bias = 2 : i32, fix_point_input = 6 : i32, fix_point_weights = 6 : i32, groups = 1 : i64, pad = array<i64: 0, 0, 0, 0>, pad_value = 0 : i32, quant_hw.name = "relu", shift_bias = 10 : i32, shift_cut = 6 : i32, stride = array<i64: 1, 1>}
// CHECK: dpu.depthwise_conv2d_fix {{.*}} {dilation = array<i64: 1, 1>, fix_point = 5 : i32, fix_point_bias = 2 : i32, fix_point_input = 6 : i32, fix_point_weights = 6 : i32, groups = 2 : i64, pad = array<i64: 0, 1, 0, 1>, pad_value = 0 : i32, quant_hw.name = "depthwise", shift_bias = 10 : i32, shift_cut = 7 : i32, stride = array<i64: 1, 1>}
// CHECK: dpu.pool_avg_fix {{.*}} {clamp = array<i64: -128, 127>, factor = 1 : i32, fix_point = 5 : i32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", shift = 2 : i32, stride = array<i64: 2, 2>}
// CHECK: dpu.eltwise_add_fix {{.*}} {fix_point = 5 : i32, lhs_shift = 1 : i32, quant_hw.name = "add", rhs_shift = 0 : i32, shift_cut = 1 : i32}
// CHECK: dpu.eltwise_sub_fix {{.*}} {fix_point = 5 : i32, lhs_shift = 1 : i32, quant_hw.name = "sub", rhs_shift = 0 : i32, shift_cut = 1 : i32}
// CHECK: dpu.fix2float {{.*}} {fix_point = 5 : i32}
// CHECK: dpu.float2fix {{.*}} {fix_point = 6 : i32, quant_hw.name = "sigmoid"}
// CHECK: dpu.eltwise_mul_fix {{.*}} {fix_point = 5 : i32, quant_hw.name = "mul", shift_cut = 6 : i32}
// CHECK: dpu.pool_avg_fix {{.*}} {clamp = array<i64: -128, 127>, factor = 1 : i32, fix_point = 6 : i32, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", shift = 1 : i32, stride = array<i64: 1, 1>}
// CHECK: dpu.inner_product {{.*}} {fix_point = 4 : i32, fix_point_bias = 2 : i32, fix_point_input = 6 : i32, fix_point_weights = 6 : i32, quant_hw.name = "y", shift_bias = 10 : i32, shift_cut = 8 : i32}
// CHECK: dpu.fix2float {{.*}} {fix_point = 4 : i32}
