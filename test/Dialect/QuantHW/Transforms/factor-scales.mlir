// RUN: hwq-opt %S/../../../../docs/examples/one-conv.mlir --quant-hw-set-backend=backend=snpe --quant-hw-annotate --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales | FileCheck %s
// RUN: not hwq-opt %s --quant-hw-factor-scales 2>&1 | FileCheck %s --check-prefix=FORM

// B3 = B2 / S1: 0.1 / (Sx Sw) - 16384 = 2167.5 - 16384 (0.1 is an f32) and -4335 - 24576.
// CHECK: module attributes {{.*}}quant_hw.form = "step3"
// CHECK: %[[B:.*]] = "tosa.const"() <{values = dense<[-14216.4999677{{[0-9]*}}, -28911.0000645{{[0-9]*}}]> : tensor<2xf64>}>
// CHECK: quant_hw.requantize %{{.*}} bias %[[B]] : tensor<2xf64> {quant_hw.name = "y", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [0.0078431372549{{[0-9]*}}], lo = 0, hi = 255>}

// FORM: error: 'quant-hw-factor-scales' expects a program of form 'step2', got 'step1'
module attributes {quant_hw.form = "step1"} {}
