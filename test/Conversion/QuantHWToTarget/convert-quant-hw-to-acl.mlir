// AscendQuant, AscendDequant and AscendRequant around convolutions of codes.
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=acl' \
// RUN:   | FileCheck %s --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=acl{soc=310-sqrt}' \
// RUN:   | FileCheck %s --check-prefix=SQRT --implicit-check-not='{{quant_hw[.][a-z_0-9]* %.*quant.uniform}}'
// The square root only where a scale is no normal fp16 number.
// RUN: hwq-opt %S/Inputs/net.mlir '--quantize-for=acl{soc=310}' | FileCheck %s --check-prefix=HALF
// HALF: acl.ascend_dequant {{.*}} precision = "f16_sqrt", quant_hw.name = "conv"
// HALF: acl.ascend_dequant {{.*}} precision = "f16", quant_hw.name = "y"

// CHECK: acl.ascend_quant {{.*}} {offset = -1 : i32, quant_hw.name = "x", scale = 127.499992 : f32}
// CHECK: acl.conv2d {{.*}} {dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 0, 0, 0, 0>, pad_value = -1 : i32, stride = array<i64: 1, 1>}
// CHECK: acl.ascend_dequant {{.*}} {deq_scale = array<i64: 948011912, 943867212>, precision = "f32", quant_hw.name = "conv"}
// CHECK: acl.ascend_quant {{.*}} {offset = -128 : i32, quant_hw.name = "relu_quantized", scale = 127.499992 : f32}
// CHECK: acl.depthwise_conv2d {{.*}} {dilation = array<i64: 1, 1>, groups = 2 : i64, pad = array<i64: 0, 1, 0, 1>, pad_value = -128 : i32, stride = array<i64: 1, 1>}
// CHECK: acl.ascend_requant {{.*}} {deq_scale = array<i64: 948011912, 952156354>, precision = "f32", quant_hw.name = "depthwise"}
// CHECK: acl.ascend_anti_quant {{.*}} {offset = 25 : i32, scale = 0.0196078438 : f32}
// CHECK: acl.ascend_quant {{.*}} {offset = 18 : i32, quant_hw.name = "flat", scale = 72.8571396 : f32}
// CHECK: acl.fully_connection {{.*}} :
// CHECK: acl.ascend_dequant {{.*}} {deq_scale = array<i64: 954377773>, precision = "f32", quant_hw.name = "y"}

// SQRT: acl.ascend_quant {{.*}} {offset = -1 : i32, quant_hw.name = "x", scale = 127.499992 : f32}
// SQRT: acl.conv2d {{.*}} {dilation = array<i64: 1, 1>, groups = 1 : i64, pad = array<i64: 0, 0, 0, 0>, pad_value = -1 : i32, stride = array<i64: 1, 1>}
// SQRT: acl.ascend_dequant {{.*}} {deq_scale = array<i64: 948011912, 943867212>, precision = "f16_sqrt", quant_hw.name = "conv"}
// SQRT: acl.ascend_quant {{.*}} {offset = -128 : i32, quant_hw.name = "relu_quantized", scale = 127.499992 : f32}
// SQRT: acl.depthwise_conv2d {{.*}} {dilation = array<i64: 1, 1>, groups = 2 : i64, pad = array<i64: 0, 1, 0, 1>, pad_value = -128 : i32, stride = array<i64: 1, 1>}
// SQRT: acl.ascend_requant {{.*}} {deq_scale = array<i64: 948011912, 952156354>, precision = "f16_sqrt", quant_hw.name = "depthwise"}
// SQRT: acl.ascend_anti_quant {{.*}} {offset = 25 : i32, scale = 0.0196078438 : f32}
// SQRT: acl.ascend_quant {{.*}} {offset = 18 : i32, quant_hw.name = "flat", scale = 72.8571396 : f32}
// SQRT: acl.fully_connection {{.*}} :
// SQRT: acl.ascend_dequant {{.*}} {deq_scale = array<i64: 954377773>, precision = "f16_sqrt", quant_hw.name = "y"}
