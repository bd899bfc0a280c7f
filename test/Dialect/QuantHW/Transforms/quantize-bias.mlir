// RUN: hwq-opt %S/../../../../docs/examples/one-conv.mlir --quant-hw-set-backend=backend=snpe --quant-hw-annotate --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias | FileCheck %s
// RUN: hwq-opt %S/../../../../docs/examples/one-conv.mlir '--quant-hw-set-backend=backend=snpe overrides=bias-bits=8' --quant-hw-annotate \
// RUN:   --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias | FileCheck %s --check-prefix=BITS8
// RUN: not hwq-opt %s --quant-hw-quantize-bias 2>&1 | FileCheck %s --check-prefix=FORM

// RHA(2167.50003) - 16384 and RHA(-4335.00006) - 24576, inside the accumulator.
// CHECK: %[[B:.*]] = "tosa.const"() <{values = dense<[-14216, -28911]> : tensor<2xi32>}>
// CHECK: quant_hw.conv2d %{{.*}}, %{{.*}} bias %[[B]]
// CHECK: quant_hw.requantize %{{[0-9]+}} {quant_hw.name = "y"

// The range [-0.2, 0.1] in 8 bits: scale 0.3/255, zero point 170, codes 255 and 0, which are
// 0.1 and -0.2 again.
// BITS8: dense<[-14216, -28911]> : tensor<2xi32>

// FORM: error: 'quant-hw-quantize-bias' expects a program of form 'step3', got 'step4'
module attributes {quant_hw.form = "step4"} {}
