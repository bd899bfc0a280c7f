// Folds that are proven code by code: for each kind a program that folds and one that must
// not. The programs are calibrated; the pipeline runs to step 4.
// RUN: hwq-opt %s '--quantize-for=tflite{target_dialect=quant_hw}' | FileCheck %s
// RUN: hwq-opt %s '--quantize-for=tflite{target_dialect=quant_hw}' -o /dev/null --remark-policy=all --remarks-filter-passed=hwq --remarks-filter-missed=hwq 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: hwq-opt %s --quantize-for=onnxruntime | FileCheck %s --check-prefix=ORT
// RUN: hwq-opt %s --quantize-for=onnxruntime -o /dev/null --remark-policy=all --remarks-filter-missed=hwq 2>&1 | FileCheck %s --check-prefix=ORT-REMARK
// RUN: hwq-opt %s '--quantize-for=acl{profile=mqbench target_dialect=quant_hw}' | FileCheck %s --check-prefix=ACL
// RUN: hwq-opt %s '--quantize-for=acl{profile=mqbench target_dialect=quant_hw}' -o /dev/null --remark-policy=all --remarks-filter-passed=hwq 2>&1 | FileCheck %s --check-prefix=ACL-REMARK
module attributes {quant_hw.form = "calibrated"} {
  // A clamp behind a concatenation, in the encoding that all share, is that of the layers.
  // Their tensors without it are no more.
  // CHECK-LABEL: func.func @concat_clamp(
  // CHECK-NOT: quant_hw.name = "{{[ab]}}"
  // CHECK: quant_hw.fully_connected {{.*}}lo = -19, hi = 54>
  // CHECK: quant_hw.fully_connected {{.*}}lo = -19, hi = 54>
  // CHECK-NEXT: tosa.concat {{.*}}quant_hw.name = "d"
  // CHECK-NEXT: quant_hw.dequantize
  // REMARK-DAG: 'd': the clamp is that of the ops before the concatenation, proven equal on every code
  func.func @concat_clamp(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x4xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] method "min-max" : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[1.0, 0.5], [0.25, -1.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %a0 = quant_hw.fully_connected %x, %w {quant_hw.name = "a"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %a = quant_hw.observe "a" %a0 range [-1.5, 1.5] method "min-max" : tensor<?x2xf32>
    %b0 = quant_hw.fully_connected %x, %w {quant_hw.name = "b"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %b = quant_hw.observe "b" %b0 range [-1.0, 2.0] method "min-max" : tensor<?x2xf32>
    %c0 = tosa.concat %a, %b {axis = 1 : i32, quant_hw.name = "c"} : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x4xf32>
    %c = quant_hw.observe "c" %c0 range [-1.5, 2.0] method "min-max" : tensor<?x4xf32>
    %d0 = tosa.clamp %c {min_val = 0.0 : f32, max_val = 1.0 : f32, quant_hw.name = "d"} : (tensor<?x4xf32>) -> tensor<?x4xf32>
    %d = quant_hw.observe "d" %d0 range [-1.5, 2.0] method "min-max" : tensor<?x4xf32>
    return %d : tensor<?x4xf32>
  }

  // Another reader sees what the clamp takes away.
  // CHECK-LABEL: func.func @concat_two_readers(
  // CHECK: tosa.concat {{.*}}quant_hw.name = "c"
  // CHECK: quant_hw.requantize {{.*}}quant_hw.name = "d", {{.*}}lo = -19, hi = 54>
  func.func @concat_two_readers(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> (tensor<?x4xf32>, tensor<?x4xf32>) {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] method "min-max" : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[1.0, 0.5], [0.25, -1.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %a0 = quant_hw.fully_connected %x, %w {quant_hw.name = "a"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %a = quant_hw.observe "a" %a0 range [-1.5, 1.5] method "min-max" : tensor<?x2xf32>
    %b0 = quant_hw.fully_connected %x, %w {quant_hw.name = "b"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %b = quant_hw.observe "b" %b0 range [-1.0, 2.0] method "min-max" : tensor<?x2xf32>
    %c0 = tosa.concat %a, %b {axis = 1 : i32, quant_hw.name = "c"} : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x4xf32>
    %c = quant_hw.observe "c" %c0 range [-1.5, 2.0] method "min-max" : tensor<?x4xf32>
    %d0 = tosa.clamp %c {min_val = 0.0 : f32, max_val = 1.0 : f32, quant_hw.name = "d"} : (tensor<?x4xf32>) -> tensor<?x4xf32>
    %d = quant_hw.observe "d" %d0 range [-1.5, 2.0] method "min-max" : tensor<?x4xf32>
    return %c, %d : tensor<?x4xf32>, tensor<?x4xf32>
  }

  // Operands of a concatenation with the result's scale are free; another scale takes
  // two roundings, which one factor does not repeat.
  // ORT-LABEL: func.func @concat_operands(
  // ORT: %[[A:.*]] = quant_hw.fully_connected {{.*}}quant_hw.name = "a"
  // ORT: %[[B:.*]] = quant_hw.fully_connected {{.*}}quant_hw.name = "b"
  // ORT: %[[R:.*]] = quant_hw.requantize %[[B]]
  // ORT: tosa.concat %[[A]], %[[R]]
  // ORT-REMARK: one multiplier differs from two by up to 1 LSB
  func.func @concat_operands(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x4xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] method "min-max" : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[1.0, 0.5], [0.25, -1.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %a0 = quant_hw.fully_connected %x, %w {quant_hw.name = "a"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %a = quant_hw.observe "a" %a0 range [-1.5, 2.0] method "min-max" : tensor<?x2xf32>
    %b0 = quant_hw.fully_connected %x, %w {quant_hw.name = "b"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %b = quant_hw.observe "b" %b0 range [-1.0, 1.3] method "min-max" : tensor<?x2xf32>
    %c0 = tosa.concat %a, %b {axis = 1 : i32, quant_hw.name = "c"} : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x4xf32>
    %c = quant_hw.observe "c" %c0 range [-1.5, 2.0] method "min-max" : tensor<?x4xf32>
    return %c : tensor<?x4xf32>
  }

  // x * sigmoid(x) is one table; with another operand it is none.
  // CHECK-LABEL: func.func @tables(
  // CHECK: %[[A:.*]] = quant_hw.add {{.*}}quant_hw.name = "a"
  // CHECK-NEXT: quant_hw.lookup %[[A]] {quant_hw.name = "m",
  // CHECK-NEXT: quant_hw.dequantize
  // REMARK-DAG: 'm': 2 ops are one table, proven equal on every code
  // ORT-LABEL: func.func @tables(
  // ORT: tosa.sigmoid
  // ORT: quant_hw.mul
  func.func @tables(%arg: tensor<?x2xf32> {quant_hw.name = "x"}, %arg1: tensor<?x2xf32> {quant_hw.name = "y"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] method "min-max" : tensor<?x2xf32>
    %y = quant_hw.observe "y" %arg1 range [-1.0, 1.0] method "min-max" : tensor<?x2xf32>
    %a0 = tosa.add %x, %y {quant_hw.name = "a"} : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
    %a = quant_hw.observe "a" %a0 range [-2.0, 2.0] method "min-max" : tensor<?x2xf32>
    %s0 = tosa.sigmoid %a {quant_hw.name = "s"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %s = quant_hw.observe "s" %s0 range [0.0, 1.0] method "min-max" : tensor<?x2xf32>
    %zero = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    %m0 = tosa.mul %a, %s, %zero {quant_hw.name = "m"} : (tensor<?x2xf32>, tensor<?x2xf32>, tensor<1xi8>) -> tensor<?x2xf32>
    %m = quant_hw.observe "m" %m0 range [-0.3, 1.8] method "min-max" : tensor<?x2xf32>
    return %m : tensor<?x2xf32>
  }

  // CHECK-LABEL: func.func @two_tensors(
  // CHECK: quant_hw.lookup {{.*}}quant_hw.name = "s"
  // CHECK: quant_hw.mul {{.*}}quant_hw.name = "m"
  // REMARK-DAG: 'm': no table together with 's': it depends on several tensors
  func.func @two_tensors(%arg: tensor<?x2xf32> {quant_hw.name = "x"}, %arg1: tensor<?x2xf32> {quant_hw.name = "y"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] method "min-max" : tensor<?x2xf32>
    %y = quant_hw.observe "y" %arg1 range [-1.0, 1.0] method "min-max" : tensor<?x2xf32>
    %s0 = tosa.sigmoid %x {quant_hw.name = "s"} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %s = quant_hw.observe "s" %s0 range [0.0, 1.0] method "min-max" : tensor<?x2xf32>
    %zero = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    %m0 = tosa.mul %y, %s, %zero {quant_hw.name = "m"} : (tensor<?x2xf32>, tensor<?x2xf32>, tensor<1xi8>) -> tensor<?x2xf32>
    %m = quant_hw.observe "m" %m0 range [-0.3, 1.8] method "min-max" : tensor<?x2xf32>
    return %m : tensor<?x2xf32>
  }

  // Two layers read one tensor: each has its quantizer, and both quantizers are equal.
  // ACL-LABEL: func.func @two_readers(
  // ACL: %[[Q:.*]] = quant_hw.quantize %arg0
  // ACL-NOT: quant_hw.quantize
  // ACL: quant_hw.fully_connected %[[Q]]
  // ACL: quant_hw.fully_connected %[[Q]]
  // ACL-REMARK: two quantizations of one tensor are one, proven equal on every value
  func.func @two_readers(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> (tensor<?x2xf32>, tensor<?x2xf32>) {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] method "min-max" : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[1.0, 0.5], [0.25, -1.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %a0 = quant_hw.fully_connected %x, %w {quant_hw.name = "a"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %a = quant_hw.observe "a" %a0 range [-1.5, 1.5] method "min-max" : tensor<?x2xf32>
    %b0 = quant_hw.fully_connected %x, %w {quant_hw.name = "b"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %b = quant_hw.observe "b" %b0 range [-1.0, 2.0] method "min-max" : tensor<?x2xf32>
    return %a, %b : tensor<?x2xf32>, tensor<?x2xf32>
  }
}
