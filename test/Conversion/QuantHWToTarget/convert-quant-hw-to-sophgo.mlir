// multipliers, right shifts and modes.
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=sophgo-bm1684x' \
// RUN:   | FileCheck %s --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=sophgo-cv18xx' \
// RUN:   | FileCheck %s --check-prefix=CV18XX --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'

// CHECK: sophgo.quantize {{.*}} {quant_hw.name = "x"}
// CHECK: sophgo.conv2d {{.*}} {dilation = array<i64: 1, 1>, groups = 1 : i64, multiplier = array<i32: 9624725, 9624725>, pad = array<i64: 0, 0, 0, 0>, pad_value = 0 : i32, quant_hw.name = "relu", quant_mode = "MultiplierShift", rshift = array<i32: 25, 25>, stride = array<i64: 1, 1>}
// CHECK: sophgo.conv2d {{.*}} {dilation = array<i64: 1, 1>, groups = 2 : i64, multiplier = array<i32: 4874165, 4874165>, pad = array<i64: 0, 1, 0, 1>, pad_value = 0 : i32, quant_hw.name = "depthwise", quant_mode = "MultiplierShift", rshift = array<i32: 27, 27>, stride = array<i64: 1, 1>}
// CHECK: sophgo.pool2d_avg {{.*}} {chip = "bm1684x", clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, multiplier = 85 : i32, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", quant_mode = "MultiplierShift", rshift = 8 : i32, stride = array<i64: 2, 2>}
// CHECK: sophgo.add {{.*}} {chip = "bm1684x", lhs_multiplier = 3 : i32, lhs_rshift = 2 : i32, quant_hw.name = "add", rhs_multiplier = 37 : i32, rhs_rshift = 7 : i32, rshift = 0 : i32}
// CHECK: sophgo.sub {{.*}} {chip = "bm1684x", lhs_multiplier = 1 : i32, lhs_rshift = 0 : i32, quant_hw.name = "sub", rhs_multiplier = 37 : i32, rhs_rshift = 7 : i32, rshift = 0 : i32}
// CHECK: sophgo.lut {{.*}} {quant_hw.name = "sigmoid", table = array<i32: 12, 12, 12, 13, {{[-0-9, ]+}}>}
// CHECK: sophgo.mul {{.*}} {multiplier = 43 : i32, quant_hw.name = "mul", rshift = 13 : i32}
// CHECK: sophgo.pool2d_avg {{.*}} {chip = "bm1684x", clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, multiplier = 9 : i32, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", quant_mode = "MultiplierShift", rshift = 5 : i32, stride = array<i64: 1, 1>}
// CHECK: sophgo.mat_mul {{.*}} {multiplier = array<i32: 1>, quant_hw.name = "y", quant_mode = "MultiplierShift", rshift = array<i32: 3>}
// CHECK: sophgo.dequantize {{.*}} :

// CV18XX: sophgo.quantize {{.*}} {quant_hw.name = "x"}
// CV18XX: sophgo.conv2d {{.*}} {clamp_min = 0 : i32, dilation = array<i64: 1, 1>, do_relu, groups = 1 : i64, multiplier = array<i32: 1236796032, 1855193984>, pad = array<i64: 0, 0, 0, 0>, pad_value = 0 : i32, quant_hw.name = "relu", quant_mode = "QDM", rshift = array<i32: 7, 8>, stride = array<i64: 1, 1>}
// CV18XX: sophgo.conv2d {{.*}} {dilation = array<i64: 1, 1>, groups = 2 : i64, multiplier = array<i32: 1262562560, 1893843840>, pad = array<i64: 0, 1, 0, 1>, pad_value = 0 : i32, quant_hw.name = "depthwise", quant_mode = "QDM", rshift = array<i32: 7, 7>, stride = array<i64: 1, 1>}
// CV18XX: sophgo.pool2d_avg {{.*}} {chip = "cv18xx", clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, multiplier = 85 : i32, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", quant_mode = "MultiplierShift", rshift = 8 : i32, stride = array<i64: 2, 2>}
// CV18XX: sophgo.add {{.*}} {chip = "cv18xx", lhs_multiplier = 96 : i32, lhs_rshift = 0 : i32, quant_hw.name = "add", rhs_multiplier = 74 : i32, rhs_rshift = 0 : i32, rshift = 7 : i32}
// CV18XX: sophgo.dequantize {{.*}} :
// CV18XX: sophgo.sub {{.*}} {chip = "cv18xx", lhs_multiplier = 64 : i32, lhs_rshift = 0 : i32, quant_hw.name = "sub", rhs_multiplier = 37 : i32, rhs_rshift = 0 : i32, rshift = 6 : i32}
// CV18XX: sophgo.lut {{.*}} {quant_hw.name = "sigmoid", table = array<i32: 6, 6, 6, 6, {{[-0-9, ]+}}>}
// CV18XX: sophgo.dequantize {{.*}} :
// CV18XX: sophgo.quantize {{.*}} {quant_hw.name = "mul"}
// CV18XX: sophgo.pool2d_avg {{.*}} {chip = "cv18xx", clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, multiplier = 72 : i32, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "global", quant_mode = "MultiplierShift", rshift = 8 : i32, stride = array<i64: 1, 1>}
// CV18XX: sophgo.mat_mul {{.*}} {multiplier = array<i32: 1082196480>, quant_hw.name = "y", quant_mode = "QDM", rshift = array<i32: 7>}
// CV18XX: sophgo.dequantize {{.*}} :
