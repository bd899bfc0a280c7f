// Weights keep name and channel axis of the model's tensor: encodings 2.0.0 say both.
// RUN: hwq-opt %s --quantize-for=qnn --emit-bytecode -o %t.mlirbc
// RUN: hwq-translate --export-encodings-2.0.0 %t.mlirbc | FileCheck %s
// RUN: hwq-opt %s --mlir-print-debuginfo --quant-hw-set-backend=backend=qnn --quant-hw-fold-batch-norm | FileCheck %s --check-prefix=FOLDED

// FOLDED: tensor<2x3xf32> loc(#[[W:loc[0-9]*]])
// FOLDED: #[[W]] = loc(fused<1 : i64>[#{{loc[0-9]*}}])
// CHECK:      "axis": 1,
// CHECK-NEXT: "name": "matmul.weight",
// CHECK-NEXT: "output_dtype": "int8",
#w = loc("matmul.weight")
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%x: tensor<?x3xf32> {quant_hw.name = "x"}) -> (tensor<?x2xf32> {quant_hw.name = "y"}) {
    %0 = quant_hw.observe "x" %x range [-1.0, 1.0] method "min-max" : tensor<?x3xf32>
    %w = "tosa.const"() <{values = dense<[[0.5, -0.25, 1.0], [0.125, 0.75, -1.0]]> : tensor<2x3xf32>}> : () -> tensor<2x3xf32> loc(fused<1 : i64>[#w])
    %1 = quant_hw.fully_connected %0, %w {quant_hw.name = "product"} : (tensor<?x3xf32>, tensor<2x3xf32>) -> tensor<?x2xf32>
    %s = "tosa.const"() <{values = dense<[[2.0, 4.0]]> : tensor<1x2xf32>}> : () -> tensor<1x2xf32>
    %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
    %2 = tosa.mul %1, %s, %z {quant_hw.name = "y"} : (tensor<?x2xf32>, tensor<1x2xf32>, tensor<1xi8>) -> tensor<?x2xf32>
    %3 = quant_hw.observe "y" %2 range [-1.0, 1.0] method "min-max" : tensor<?x2xf32>
    return %3 : tensor<?x2xf32>
  }
}
