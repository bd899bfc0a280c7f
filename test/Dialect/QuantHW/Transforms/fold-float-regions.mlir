// Float ops between codes and a quantization, such as the normalization of pixels, are a table
// where each value depends on one code and on constants of its channel. That the tables are
// equal to what they replace is in fold-float-regions.test.
// RUN: hwq-opt %s --quant-hw-fold-requantize | FileCheck %s --enable-var-scope
// RUN: hwq-opt %s --quant-hw-fold-requantize -o /dev/null --remark-policy=all --remarks-filter-passed=hwq --remarks-filter-missed=hwq 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: sed 's/lookup_tables = "f64", //' %s | hwq-opt --quant-hw-fold-requantize | FileCheck %s --check-prefix=NONE
// RUN: sed 's/lookup_tables = "f64", //' %s | hwq-opt --quant-hw-fold-requantize -o /dev/null --remark-policy=all --remarks-filter-missed=hwq 2>&1 | FileCheck %s --check-prefix=NONE-REMARK
#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2",
  graph_policy = "total", lookup_tables = "f64", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!two = !quant.uniform<u8<0:3>:f32, 1.0>
!y = !quant.uniform<u8:f32, 0.5:10>
!i = !quant.uniform<i16:f32, 1.0>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step4"} {
  // (q - mean) * 1/std of the channel, quantized: q/2 - 4, 2q + 2 and 4q, over 0.5, plus 10.
  // CHECK-LABEL: func.func @normalization(
  // CHECK-SAME: %[[X:.*]]: tensor<?x2x2x3x
  // CHECK-NEXT: %[[Y:.*]] = quant_hw.lookup %[[X]] {channel_axis = 3 : i64, quant_hw.name = "y", table = array<i32: 2, 3, 4, 5, 14, 18, 22, 26, 10, 18, 26, 34>}
  // CHECK-NEXT: return %[[Y]]
  // REMARK: 'y': the float ops in front of it are 3 tables, one per channel, proven equal on every code
  // NONE-LABEL: func.func @normalization(
  // NONE: quant_hw.dequantize
  // NONE: quant_hw.quantize
  // NONE-REMARK: 'y': the float ops in front of it are no table: the backend has no tables
  func.func @normalization(%x: tensor<?x2x2x3x!two>) -> tensor<?x2x2x3x!y> {
    %mean = "tosa.const"() {values = dense<[[[[8.0, -1.0, 0.0]]]]> : tensor<1x1x1x3xf32>} : () -> tensor<1x1x1x3xf32>
    %std = "tosa.const"() {values = dense<[[[[0.5, 2.0, 4.0]]]]> : tensor<1x1x1x3xf32>} : () -> tensor<1x1x1x3xf32>
    %shift = "tosa.const"() {values = dense<0> : tensor<1xi8>} : () -> tensor<1xi8>
    %f = quant_hw.dequantize %x : tensor<?x2x2x3x!two> -> tensor<?x2x2x3xf32>
    %s = tosa.sub %f, %mean : (tensor<?x2x2x3xf32>, tensor<1x1x1x3xf32>) -> tensor<?x2x2x3xf32>
    %d = tosa.mul %s, %std, %shift : (tensor<?x2x2x3xf32>, tensor<1x1x1x3xf32>, tensor<1xi8>) -> tensor<?x2x2x3xf32>
    %q = quant_hw.quantize %d form <q4> {quant_hw.name = "y"} : tensor<?x2x2x3xf32> -> tensor<?x2x2x3x!y>
    return %q : tensor<?x2x2x3x!y>
  }

  // One constant, a clamp, and codes that are moved first: the movement is that of the codes.
  // CHECK-LABEL: func.func @moved(
  // CHECK-SAME: %[[X:.*]]: tensor<?x3x2x2x
  // CHECK-NEXT: %[[T:.*]] = tosa.transpose %[[X]] {perms = array<i32: 0, 2, 3, 1>} : {{.*}} -> tensor<?x2x2x3x!quant.uniform<u8<0:3>:f32, 1.000000e+00>>
  // CHECK-NEXT: %[[Y:.*]] = quant_hw.lookup %[[T]] {quant_hw.name = "moved", table = array<i32: 10, 10, 12, 14>}
  // CHECK-NEXT: return %[[Y]]
  // REMARK: 'moved': the float ops in front of it are one table, proven equal on every code
  func.func @moved(%x: tensor<?x3x2x2x!two>) -> tensor<?x2x2x3x!y> {
    %one = "tosa.const"() {values = dense<-1.0> : tensor<1x1x1x1xf32>} : () -> tensor<1x1x1x1xf32>
    %f = quant_hw.dequantize %x : tensor<?x3x2x2x!two> -> tensor<?x3x2x2xf32>
    %t = tosa.transpose %f {perms = array<i32: 0, 2, 3, 1>} : (tensor<?x3x2x2xf32>) -> tensor<?x2x2x3xf32>
    %s = tosa.add %t, %one : (tensor<?x2x2x3xf32>, tensor<1x1x1x1xf32>) -> tensor<?x2x2x3xf32>
    %c = tosa.clamp %s {min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<?x2x2x3xf32>) -> tensor<?x2x2x3xf32>
    %q = quant_hw.quantize %c form <q4> {quant_hw.name = "moved"} : tensor<?x2x2x3xf32> -> tensor<?x2x2x3x!y>
    return %q : tensor<?x2x2x3x!y>
  }

  // A mean for each pixel is no constant of the channel.
  // CHECK-LABEL: func.func @mean_image(
  // CHECK: quant_hw.dequantize
  // CHECK-NOT: quant_hw.lookup
  // CHECK: quant_hw.quantize
  // REMARK: 'image': the float ops in front of it are no table: its constants vary along several axes
  func.func @mean_image(%x: tensor<?x2x!two>) -> tensor<?x2x!y> {
    %mean = "tosa.const"() {values = dense<[[8.0, -1.0], [1.0, 2.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %f = quant_hw.dequantize %x : tensor<?x2x!two> -> tensor<?x2xf32>
    %s = tosa.sub %f, %mean : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %q = quant_hw.quantize %s form <q4> {quant_hw.name = "image"} : tensor<?x2xf32> -> tensor<?x2x!y>
    return %q : tensor<?x2x!y>
  }

  // Two tensors of codes are two codes, and 2^16 codes are no table of 256.
  // CHECK-LABEL: func.func @two_leaves(
  // CHECK-NOT: quant_hw.lookup
  // CHECK: return
  func.func @two_leaves(%x: tensor<?x2x!two>, %z: tensor<?x2x!two>) -> tensor<?x2x!y> {
    %f = quant_hw.dequantize %x : tensor<?x2x!two> -> tensor<?x2xf32>
    %g = quant_hw.dequantize %z : tensor<?x2x!two> -> tensor<?x2xf32>
    %s = tosa.sub %f, %g : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
    %q = quant_hw.quantize %s form <q4> {quant_hw.name = "two"} : tensor<?x2xf32> -> tensor<?x2x!y>
    return %q : tensor<?x2x!y>
  }
  // CHECK-LABEL: func.func @wide(
  // CHECK-NOT: quant_hw.lookup
  // CHECK: return
  // REMARK: 'wide': the float ops in front of it are no table: there are more than 256 codes
  func.func @wide(%x: tensor<?x2x!i>) -> tensor<?x2x!y> {
    %f = quant_hw.dequantize %x : tensor<?x2x!i> -> tensor<?x2xf32>
    %s = tosa.add %f, %f : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
    %q = quant_hw.quantize %s form <q4> {quant_hw.name = "wide"} : tensor<?x2xf32> -> tensor<?x2x!y>
    return %q : tensor<?x2x!y>
  }
}
