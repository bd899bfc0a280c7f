// RUN: hwq-opt %S/../../../../docs/examples/one-conv.mlir --quant-hw-set-backend=backend=snpe --quant-hw-annotate --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias --quant-hw-select-kernels | FileCheck %s
// RUN: not hwq-opt %s --quant-hw-select-kernels 2>&1 | FileCheck %s --check-prefix=FORM

// 2/255 = 0.50196 * 2^-6: M = RHA(0.50196... * 2^31), shift 31 + 6.
// CHECK: module attributes {{.*}}quant_hw.form = "step4"
// CHECK: quant_hw.requantize {{.*}}requant = #quant_hw.requant<kernel = r2, scales = [0.0078431372549{{[0-9]*}}], multipliers = [1077952576], shifts = [37], lo = 0, hi = 255>}

// FORM: error: 'quant-hw-select-kernels' expects a program of form 'step3', got 'step2'
module attributes {quant_hw.form = "step2"} {}
