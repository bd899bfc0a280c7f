// RUN: hwq-opt %S/../../../../docs/examples/one-conv.mlir --quant-hw-set-backend=backend=snpe --quant-hw-annotate --quant-hw-integerize --quant-hw-fold-zero-points | FileCheck %s
// RUN: not hwq-opt %s --quant-hw-fold-zero-points 2>&1 | FileCheck %s --check-prefix=FORM

// Zx = 128, sum(qw - Zw) = -85 + 43 + 0 + 170 = 128 and 128 + 85 - 42 + 21 = 192, S1 = 2/255:
// B2 = 17 - S1 * 128 * 128 and -34 - S1 * 128 * 192. Padding is the code 128.
// CHECK: module attributes {{.*}}quant_hw.form = "step2"
// CHECK: %[[B:.*]] = "tosa.const"() <{values = dense<[-111.5019605{{[0-9]*}}, -226.7529416{{[0-9]*}}]> : tensor<2xf64>}>
// CHECK: %[[A:.*]] = quant_hw.conv2d {{.*}}pad_value = 128 : i32, raw_input, {{.*}} -> tensor<?x3x3x2xi32>
// CHECK: quant_hw.requantize %[[A]] bias %[[B]] : tensor<2xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, {{.*}}scaled_bias}

// FORM: error: 'quant-hw-fold-zero-points' expects a program of form 'step1', got 'step0'
module attributes {quant_hw.form = "step0"} {}
