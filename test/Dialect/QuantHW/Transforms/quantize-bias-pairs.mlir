// Machines without 32-bit sums of two products saturate them at 16 bits: a warning with how
// many ops can get there, and a remark for each. With 7-bit activations none can.
// RUN: hwq-opt %s --quantize-for=fbgemm -o /dev/null 2>&1 | FileCheck %s
// CHECK: warning: backend 'fbgemm': on machines that add pairs of products in 16 bits 1 of 1 ops can saturate (up to 48705 in 'y', limit 32767); the integers here are those of machines that do not
// RUN: hwq-opt %s --quantize-for=fbgemm -o /dev/null --remark-policy=all --remarks-filter-analyse=hwq 2>&1 | FileCheck %s --check-prefix=REMARK
// REMARK: 'y': two products can add up to 48705, 16 bits hold 32767
// RUN: hwq-opt %s '--quantize-for=fbgemm{bits=7}' -o /dev/null 2>&1 | FileCheck %s --check-prefix=NONE --allow-empty
// RUN: hwq-opt %s --quantize-for=tflite -o /dev/null 2>&1 | FileCheck %s --check-prefix=NONE --allow-empty
// NONE-NOT: warning:
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] method "min-max" : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[1.0, 0.5]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
    %y0 = quant_hw.fully_connected %x, %w {quant_hw.name = "y"} : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
    %y = quant_hw.observe "y" %y0 range [-2.0, 2.0] method "min-max" : tensor<?x1xf32>
    return %y : tensor<?x1xf32>
  }
}
