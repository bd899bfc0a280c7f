// Where a relu's limit is no clamp but the end of the grid (relu_limit = "grid"), it shows
// if the tensor shares the range of another one.
// RUN: hwq-opt %s --quant-hw-set-backend=backend=sophgo-bm1684x --quant-hw-annotate | FileCheck %s
// RUN: hwq-opt %s --quant-hw-set-backend=backend=sophgo-bm1684x --quant-hw-annotate --remarks-filter='hwq.*' -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: hwq-opt %s '--quant-hw-set-backend=backend=sophgo-bm1684x overrides={relu_limit=clamp}' --quant-hw-annotate | FileCheck %s --check-prefix=CLAMP
// RUN: hwq-opt %s '--quantize-for=sophgo-bm1684x{target_dialect=quant_hw}' | FileCheck %s --check-prefix=INTEGERS

// [0, 12] on 255 steps: 6 is the code 128 (RHA(127.5)).
// CHECK: %[[RELU:.*]] = tosa.clamp {{.*}}max_val = 3.40282347E+38 : f32, min_val = 0.000000e+00 : f32
// CHECK-NEXT: quant_hw.quantize %[[RELU]] {{.*}}quant_hw.name = "relu6"}{{.*}}u8:f32, 0.047058823529411764>>
// INTEGERS: quant_hw.fully_connected {{.*}}quant_hw.name = "relu6"{{.*}}hi = 255>{{.*}} -> tensor<?x2x!quant.uniform<u8:f32, 0.047058823529411764>>
// CLAMP: %[[RELU:.*]] = tosa.clamp {{.*}}max_val = 6.000000e+00 : f32, min_val = 0.000000e+00 : f32
// CLAMP-NEXT: quant_hw.quantize %[[RELU]] {{.*}}quant_hw.name = "relu6"
// REMARK: remark: [Analysis] Annotate | Category:hwq:annotate | Reason="'relu6' is not limited to 6.00: the codes reach 12.00"
// REMARK-NOT: is not limited

// Other bounds, and clamps that are ops of their own, are what they say.
// CHECK: %[[CLIP:.*]] = tosa.clamp {{.*}}max_val = 1.000000e+00 : f32, min_val = -1.000000e+00 : f32
// CHECK-NEXT: quant_hw.quantize %[[CLIP]] {{.*}}quant_hw.name = "clip"
// INTEGERS: quant_hw.fully_connected {{.*}}quant_hw.name = "clip"{{.*}}hi = 21>
// CHECK: %[[ALONE:.*]] = tosa.clamp {{.*}}max_val = 6.000000e+00 : f32, min_val = 0.000000e+00 : f32
// CHECK-NEXT: quant_hw.quantize %[[ALONE]] {{.*}}quant_hw.name = "alone"
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x6xf32> {
    %x = quant_hw.observe "x" %arg range [0.0, 12.0] : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[1.0, 0.5], [0.5, -1.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %f = quant_hw.fully_connected %x, %w {quant_hw.name = "fc"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %r = tosa.clamp %f {max_val = 6.0 : f32, min_val = 0.0 : f32, quant_hw.name = "relu6"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %ro = quant_hw.observe "relu6" %r range [0.0, 6.0] : tensor<?x2xf32>
    %g = quant_hw.fully_connected %ro, %w {quant_hw.name = "fc2"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %c = tosa.clamp %g {max_val = 1.0 : f32, min_val = -1.0 : f32, quant_hw.name = "clip"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %co = quant_hw.observe "clip" %c range [-1.0, 1.0] : tensor<?x2xf32>
    %k = tosa.concat %x, %ro, %co {axis = 1 : i32, quant_hw.name = "cat"} : (tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x6xf32>
    %ko = quant_hw.observe "cat" %k range [0.0, 12.0] : tensor<?x6xf32>
    %a = tosa.clamp %ko {max_val = 6.0 : f32, min_val = 0.0 : f32, quant_hw.name = "alone"} : (tensor<?x6xf32>) -> tensor<?x6xf32>
    %ao = quant_hw.observe "alone" %a range [0.0, 6.0] : tensor<?x6xf32>
    return %ao : tensor<?x6xf32>
  }
}
