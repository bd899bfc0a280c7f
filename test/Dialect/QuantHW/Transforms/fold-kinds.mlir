// Folds of the graph, for each kind a program that folds and one that must not, with the
// reason; those of requantizations, codes and tables are in fold-requantize.mlir,
// fold-requantize-codes.mlir and fold-float-regions.mlir, all of them on every operand in
// fold-property.test.
// DEFINE: %{to-step4} = --quant-hw-fold-batch-norm --quant-hw-annotate --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias --quant-hw-select-kernels
// DEFINE: %{acl} = '--quant-hw-set-backend=backend=acl overrides={profile=mqbench first_last_bits=6}'
// RUN: hwq-opt %s %{to-step4} --quant-hw-fold-requantize | FileCheck %s
// RUN: hwq-opt %s %{to-step4} --quant-hw-fold-requantize --remarks-filter='hwq.*' -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: hwq-opt %s %{to-step4} --quant-hw-fold-requantize=max-error=1 | FileCheck %s --check-prefix=BOUNDED
// RUN: hwq-opt %s %{acl} %{to-step4} --quant-hw-fold-requantize | FileCheck %s --check-prefix=ACL
// RUN: hwq-opt %s %{acl} %{to-step4} --quant-hw-fold-requantize --remarks-filter='hwq.*' -o /dev/null 2>&1 | FileCheck %s --check-prefix=ACL-REMARK

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "i8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric"},
  activation_rule = "p_tfl", weight_rule = "p_tfl", quantize_form = "q3", requantize_kernel = "r1",
  graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
module attributes {quant_hw.backend = #chip, quant_hw.form = "calibrated"} {
  // A layer and its requantization, and the clamp behind it.
  // CHECK-LABEL: func.func @layer_clamp(
  // CHECK: quant_hw.fully_connected {{.*}}quant_hw.name = "c", raw_input, requant = {{.*}}lo = -128, hi = 127>
  // CHECK-NEXT: quant_hw.dequantize
  func.func @layer_clamp(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[1.0, 0.5]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
    %f = quant_hw.fully_connected %x, %w {quant_hw.name = "f"} : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
    %c = tosa.clamp %f {quant_hw.name = "c", min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    %y = quant_hw.observe "c" %c range [0.0, 1.5] : tensor<?x1xf32>
    return %y : tensor<?x1xf32>
  }
  // CHECK-LABEL: func.func @layer_two_readers(
  // CHECK: quant_hw.fully_connected {{.*}}quant_hw.name = "f2", raw_input, requant = {{.*}}lo = -128, hi = 127>
  // CHECK: quant_hw.requantize {{.*}}quant_hw.name = "c2", {{.*}}lo = -44, hi = 42>
  // REMARK-DAG: [Missed] {{.*}}Reason="'c2': its input has other readers, which see what the clamp takes away"
  func.func @layer_two_readers(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> (tensor<?x1xf32>, tensor<?x1xf32>) {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[1.0, 0.5]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
    %f = quant_hw.fully_connected %x, %w {quant_hw.name = "f2"} : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
    %fo = quant_hw.observe "f2" %f range [-1.5, 1.5] : tensor<?x1xf32>
    %c = tosa.clamp %fo {quant_hw.name = "c2", min_val = -0.5 : f32, max_val = 0.5 : f32} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    %y = quant_hw.observe "c2" %c range [-1.5, 1.5] : tensor<?x1xf32>
    return %fo, %y : tensor<?x1xf32>, tensor<?x1xf32>
  }

  // A flattening with an encoding of its own: free where it is the same.
  // CHECK-LABEL: func.func @flatten_equal(
  // CHECK: %[[A:.*]] = quant_hw.add {{.*}}quant_hw.name = "a"
  // CHECK: tosa.reshape %[[A]],
  func.func @flatten_equal(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x1x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x2xf32>
    %a = tosa.add %x, %x {quant_hw.name = "a"} : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
    %ao = quant_hw.observe "a" %a range [-2.0, 2.0] : tensor<?x2xf32>
    %s = tosa.const_shape {values = dense<[-1, 1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %r = tosa.reshape %ao, %s {quant_hw.name = "r"} : (tensor<?x2xf32>, !tosa.shape<3>) -> tensor<?x1x2xf32>
    %y = quant_hw.observe "r" %r range [-2.0, 2.0] : tensor<?x1x2xf32>
    return %y : tensor<?x1x2xf32>
  }
  // CHECK-LABEL: func.func @flatten_own(
  // CHECK: quant_hw.fully_connected {{.*}}quant_hw.name = "f3"
  // CHECK: quant_hw.requantize
  // CHECK-NEXT: tosa.reshape
  // REMARK-DAG: [Missed] {{.*}}Reason="result of 'quant_hw.requantize': one multiplier differs from two by up to 1 LSB"
  // BOUNDED-LABEL: func.func @flatten_own(
  // BOUNDED: quant_hw.fully_connected
  // BOUNDED-NOT: quant_hw.requantize
  // BOUNDED: tosa.reshape
  func.func @flatten_own(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x1x1xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[1.0, 0.5]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
    %f = quant_hw.fully_connected %x, %w {quant_hw.name = "f3"} : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
    %fo = quant_hw.observe "f3" %f range [-1.5, 1.5] : tensor<?x1xf32>
    %s = tosa.const_shape {values = dense<[-1, 1, 1]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %r = tosa.reshape %fo, %s {quant_hw.name = "r3"} : (tensor<?x1xf32>, !tosa.shape<3>) -> tensor<?x1x1xf32>
    %y = quant_hw.observe "r3" %r range [-3.0, 3.0] : tensor<?x1x1xf32>
    return %y : tensor<?x1x1xf32>
  }

  // The same scale and another zero point: one requantization is equal.
  // CHECK-LABEL: func.func @flatten_shifted(
  // CHECK: quant_hw.fully_connected {{.*}}zero_point = -43, lo = -128, hi = 85>
  // CHECK-NOT: quant_hw.requantize
  // CHECK: return
  // REMARK-DAG: [Passed] {{.*}}Fold=chain, MaxLSB=0, {{.*}}: two requantizations are one, proven equal on every accumulator
  func.func @flatten_shifted(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> tensor<?x1x1xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[1.0, 0.5]]> : tensor<1x2xf32>} : () -> tensor<1x2xf32>
    %f = quant_hw.fully_connected %x, %w {quant_hw.name = "f5"} : (tensor<?x2xf32>, tensor<1x2xf32>) -> tensor<?x1xf32>
    %fo = quant_hw.observe "f5" %f range [-1.5, 1.5] : tensor<?x1xf32>
    %s = tosa.const_shape {values = dense<[-1, 1, 1]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %r = tosa.reshape %fo, %s {quant_hw.name = "r5"} : (tensor<?x1xf32>, !tosa.shape<3>) -> tensor<?x1x1xf32>
    %y = quant_hw.observe "r5" %r range [-1.0, 2.0] : tensor<?x1x1xf32>
    return %y : tensor<?x1x1xf32>
  }

  // An addition behind another grid takes the codes as they were: within one step, not equal.
  // CHECK-LABEL: func.func @sum(
  // CHECK: %[[R:.*]] = quant_hw.requantize {{.*}}quant_hw.name = "r4"
  // CHECK: quant_hw.add %[[R]],
  // BOUNDED-LABEL: func.func @sum(
  // BOUNDED-NOT: quant_hw.requantize
  // BOUNDED: quant_hw.add {{.*}}quant_hw.name = "sum"
  // REMARK-DAG: [Missed] {{.*}}Reason="'sum': the requantization of an operand is the sum's would differ by up to {{[0-9]+}} LSB"
  func.func @sum(%arg: tensor<?x2xf32> {quant_hw.name = "x"}, %brg: tensor<?x2xf32> {quant_hw.name = "z"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x2xf32>
    %z = quant_hw.observe "z" %brg range [-1.0, 1.0] : tensor<?x2xf32>
    %r = tosa.clamp %x {quant_hw.name = "r4", min_val = -1.0 : f32, max_val = 1.0 : f32} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %ro = quant_hw.observe "r4" %r range [-1.05, 1.05] : tensor<?x2xf32>
    %a = tosa.add %ro, %z {quant_hw.name = "sum"} : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
    %y = quant_hw.observe "sum" %a range [-2.0, 2.0] : tensor<?x2xf32>
    return %y : tensor<?x2xf32>
  }

  // Another zero point in front of the addition: what it clamps away, the addition clamps, too.
  // CHECK-LABEL: func.func @sum_shifted(
  // CHECK-NOT: quant_hw.requantize
  // CHECK: quant_hw.add {{.*}}quant_hw.name = "sum6"
  // REMARK-DAG: [Passed] {{.*}}Fold=sum, MaxLSB=0, Operands=65536, Remark="'sum6': the requantization of an operand is the sum's, proven equal on every pair of codes"
  func.func @sum_shifted(%arg: tensor<?x2xf32> {quant_hw.name = "x"}, %brg: tensor<?x2xf32> {quant_hw.name = "z"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x2xf32>
    %z = quant_hw.observe "z" %brg range [-0.125, 0.125] : tensor<?x2xf32>
    %r = tosa.clamp %x {quant_hw.name = "r6", min_val = -1.0 : f32, max_val = 1.5 : f32} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %ro = quant_hw.observe "r6" %r range [-0.5, 1.5] : tensor<?x2xf32>
    %a = tosa.add %ro, %z {quant_hw.name = "sum6"} : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
    %y = quant_hw.observe "sum6" %a range [-0.25, 1.25] : tensor<?x2xf32>
    return %y : tensor<?x2xf32>
  }
  // And behind it.
  // CHECK-LABEL: func.func @sum_flatten(
  // CHECK: quant_hw.add
  // CHECK-NOT: quant_hw.requantize
  // CHECK: return
  // REMARK-DAG: [Passed] {{.*}}Fold=sum, MaxLSB=0, Operands=65536, {{.*}}the requantization behind the sum is the sum's, proven equal on every pair of codes"
  func.func @sum_flatten(%arg: tensor<?x2xf32> {quant_hw.name = "x"}, %brg: tensor<?x2xf32> {quant_hw.name = "z"}) -> tensor<?x1x2xf32> {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x2xf32>
    %z = quant_hw.observe "z" %brg range [-1.0, 1.0] : tensor<?x2xf32>
    %a = tosa.add %x, %z {quant_hw.name = "sum7"} : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
    %ao = quant_hw.observe "sum7" %a range [-1.5, 1.5] : tensor<?x2xf32>
    %s = tosa.const_shape {values = dense<[-1, 1, 2]> : tensor<3xindex>} : () -> !tosa.shape<3>
    %r = tosa.reshape %ao, %s {quant_hw.name = "r7"} : (tensor<?x2xf32>, !tosa.shape<3>) -> tensor<?x1x2xf32>
    %y = quant_hw.observe "r7" %r range [-1.0, 2.0] : tensor<?x1x2xf32>
    return %y : tensor<?x1x2xf32>
  }

  // Layers of one tensor, between dequantizations: equal quantizers are one and those of 6
  // bits another; a layer takes the activation and the quantizer behind it, unless the
  // activation is read twice.
  // ACL-LABEL: func.func @quantizers(
  // ACL: %[[T:.*]] = tosa.clamp {{.*}}quant_hw.name = "t"
  // ACL: %[[Q:.*]] = quant_hw.quantize %[[T]] {{.*}}quant_hw.name = "t_quantized"{{.*}}!quant.uniform<i8:f32
  // ACL-COUNT-2: quant_hw.fully_connected %[[Q]],
  // ACL: %[[S:.*]] = quant_hw.quantize %[[T]] {{.*}}quant_hw.name = "t_quantized4"{{.*}}!quant.uniform<i8<-32:31>:f32
  // ACL: quant_hw.fully_connected %[[S]],
  // ACL: quant_hw.fully_connected %[[Q]], {{.*}}quant_hw.name = "u", raw_input, requant =
  // ACL-REMARK: [Passed] {{.*}}Remark="'t_quantized': two quantizations of one tensor are one, proven equal on every value"
  // ACL-REMARK: [Missed] {{.*}}Reason="'t_quantized4': another quantization of this tensor, 't_quantized', has other parameters"
  func.func @quantizers(%arg: tensor<?x2xf32> {quant_hw.name = "x"}) -> (tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>) {
    %x = quant_hw.observe "x" %arg range [-1.0, 1.0] : tensor<?x2xf32>
    %w = "tosa.const"() {values = dense<[[1.0, 0.5], [0.25, -1.0]]> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
    %f = quant_hw.fully_connected %x, %w {quant_hw.name = "first"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %fc = tosa.clamp %f {quant_hw.name = "t", min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %t = quant_hw.observe "t" %fc range [0.0, 1.0] : tensor<?x2xf32>
    %m = quant_hw.fully_connected %t, %w {quant_hw.name = "m"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %mc = tosa.clamp %m {quant_hw.name = "u", min_val = 0.0 : f32, max_val = 6.0 : f32} : (tensor<?x2xf32>) -> tensor<?x2xf32>
    %u = quant_hw.observe "u" %mc range [0.0, 1.0] : tensor<?x2xf32>
    %n = quant_hw.fully_connected %t, %w {quant_hw.name = "n"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %no = quant_hw.observe "n" %n range [-1.0, 1.0] : tensor<?x2xf32>
    %o = quant_hw.fully_connected %t, %w {quant_hw.name = "o"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %oo = quant_hw.observe "o" %o range [-1.0, 1.0] : tensor<?x2xf32>
    %os = tosa.add %oo, %no {quant_hw.name = "os"} : (tensor<?x2xf32>, tensor<?x2xf32>) -> tensor<?x2xf32>
    %oso = quant_hw.observe "os" %os range [-1.0, 1.0] : tensor<?x2xf32>
    %l = quant_hw.fully_connected %t, %w {quant_hw.name = "last"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %lo = quant_hw.observe "last" %l range [-1.0, 1.0] : tensor<?x2xf32>
    %p = quant_hw.fully_connected %u, %w {quant_hw.name = "p"} : (tensor<?x2xf32>, tensor<2x2xf32>) -> tensor<?x2xf32>
    %po = quant_hw.observe "p" %p range [-1.0, 1.0] : tensor<?x2xf32>
    return %oso, %lo, %po : tensor<?x2xf32>, tensor<?x2xf32>, tensor<?x2xf32>
  }
}
