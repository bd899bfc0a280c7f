// RUN: hwq-opt %s --split-input-file --verify-diagnostics --quant-hw-set-backend=backend=snpe | FileCheck %s
// RUN: not hwq-opt %S/../../docs/examples/one-conv.mlir --quant-hw-set-backend 2>&1 | FileCheck %s --check-prefix=NONE
// NONE: error: 'quant-hw-set-backend': expected the name of a backend in the option 'backend'
// RUN: not hwq-opt %S/../../docs/examples/one-conv.mlir --quant-hw-set-backend=backend=sanpe 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: 'quant-hw-set-backend': unknown backend 'sanpe', expected one of: academic, acl, dpu, fbgemm, nnpi-gemmlowp, nnpi-symlowp, onnxruntime, openvino, qnn, snpe, sophgo-bm1684x, sophgo-cv18xx, tensorrt, tflite, tflite-u8, tflite-xnnpack, tosa, tvm{{$}}
// RUN: not hwq-opt %S/../../docs/examples/one-conv.mlir '--quant-hw-set-backend=backend=snpe overrides={bias-bits=8,x=1}' 2>&1 | FileCheck %s --check-prefix=SYNTAX
// SYNTAX: error: 'quant-hw-set-backend': expected a space after 'bias-bits=8', got a comma (a space separates overrides)

// Any form that is not quantized yet; the form stays. A second time replaces the backend.
// CHECK: module attributes {quant_hw.backend = #quant_hw.backend<"snpe", {{.*}}, quant_hw.form = "calibrated"}
module attributes {quant_hw.form = "calibrated", quant_hw.backend = #quant_hw.backend<"chip", {
    vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"},
    weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet",
    quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw",
    fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// CHECK: module attributes {quant_hw.backend = #quant_hw.backend<"snpe", {{[^}]*}}
// CHECK-NOT: quant_hw.form
// CHECK: func.func private @float()
module { func.func private @float() }

// -----

// CHECK: quant_hw.form = "observed"
module attributes {quant_hw.form = "observed"} {}

// -----

// expected-error @below {{'quant-hw-set-backend' expects a program of form 'float' or 'observed' or 'calibrated', got 'step0'}}
module attributes {quant_hw.form = "step0"} {}
