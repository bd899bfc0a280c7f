// FakeQuantize and factors.
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=openvino' \
// RUN:   | FileCheck %s --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'

// CHECK: openvino.fake_quantize {{.*}} {input_high = 0.996078491 : f32, input_low = -1.00392163 : f32, levels = 256 : i32, quant_hw.name = "x"}
// CHECK: openvino.convolution {{.*}} {dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 0, 0, 0, 0>, pad_value = 0 : i32, quant_hw.name = "relu", scale = array<f32: 0.00787401571, 0.00590551179>, scaled_bias = array<f32: 8096.24951, -5397.49951>, stride = array<i64: 1, 1>}
// CHECK: openvino.group_convolution {{.*}} {dilation = array<i64: 1, 1>, groups = 2 : i64, pad = array<i64: 0, 1, 0, 1>, pad_value = 0 : i32, quant_hw.name = "depthwise", scale = array<f32: 0.00262467191, 0.00393700786>, scaled_bias = array<f32: 8096.24951, -2698.74976>, stride = array<i64: 1, 1>}
// CHECK: openvino.avg_pool {{.*}} {clamp = array<i64: -128, 127>, kernel = array<i64: 2, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "avg", ratio = 1.33333325 : f32, stride = array<i64: 2, 2>}
// CHECK: openvino.convert {{.*}} :
// CHECK: openvino.add {{.*}} {lhs_scale = 0.0176470596 : f32, output_scale = 0.0235294122 : f32, quant_hw.name = "add", rhs_scale = 0.00784313772 : f32}
// CHECK: openvino.convert {{.*}} :
// CHECK: openvino.fake_quantize {{.*}} {input_high = 2.24117661 : f32, input_low = -2.25882363 : f32, levels = 256 : i32, quant_hw.name = "mul"}
// CHECK: openvino.convert {{.*}} :
