// Scales that are powers of two, moved into what the shift of the hardware can do ([0, 16]).
// RUN: hwq-opt %s --split-input-file --verify-diagnostics --quant-hw-set-backend=backend=dpu --quant-hw-annotate | FileCheck %s

// Weights of 200 have the scale 2: the output is made coarser than its range asks for.
// CHECK-LABEL: func.func @finer
// CHECK: quant_hw.quantize %arg0 {{.*}}quant_hw.name = "x"}{{.*}}!quant.uniform<i8:f32, 7.812500e-03>>
// CHECK: quant_hw.quantize {{.*}}!quant.uniform<i8:f32, 2.000000e+00>>
// CHECK: quant_hw.quantize {{.*}}quant_hw.name = "y"}{{.*}}!quant.uniform<i8:f32, 1.562500e-02>>
module attributes {quant_hw.form = "calibrated"} {
  func.func @finer(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x1xf32> {
    %x = quant_hw.observe "x" %arg range [-0.9, 0.9] : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<200.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    %f = quant_hw.fully_connected %x, %w {quant_hw.name = "f"} : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    %c = tosa.clamp %f {max_val = 0.9 : f32, min_val = -0.9 : f32, quant_hw.name = "y"} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    %y = quant_hw.observe "y" %c range [-0.9, 0.9] : tensor<?x1xf32>
    return %y : tensor<?x1xf32>
  }
}

// -----

// A concatenation gives both the same scale.
module attributes {quant_hw.form = "calibrated"} {
  func.func @shared(%arg: tensor<?x1xf32> {quant_hw.name = "x"}) -> tensor<?x2xf32> {
    %x = quant_hw.observe "x" %arg range [-0.9, 0.9] : tensor<?x1xf32>
    %w = "tosa.const"() {values = dense<200.0> : tensor<1x1xf32>} : () -> tensor<1x1xf32>
    // expected-error@+1 {{tensor 'y' needs a right shift of -1, expected one in [0, 16]; its scale is that of its input}}
    %f = quant_hw.fully_connected %x, %w {quant_hw.name = "f"} : (tensor<?x1xf32>, tensor<1x1xf32>) -> tensor<?x1xf32>
    %c = tosa.clamp %f {max_val = 0.9 : f32, min_val = -0.9 : f32, quant_hw.name = "y"} : (tensor<?x1xf32>) -> tensor<?x1xf32>
    %y = quant_hw.observe "y" %c range [-0.9, 0.9] : tensor<?x1xf32>
    %k = tosa.concat %x, %y {axis = 1 : i32, quant_hw.name = "k"} : (tensor<?x1xf32>, tensor<?x1xf32>) -> tensor<?x2xf32>
    %o = quant_hw.observe "k" %k range [-0.9, 0.9] : tensor<?x2xf32>
    return %o : tensor<?x2xf32>
  }
}

// -----

// A product of two activations has no weights: its output is made coarser, too.
// CHECK-LABEL: func.func @product
// CHECK-COUNT-2: quant_hw.quantize %arg{{.*}}!quant.uniform<i8:f32, 1.000000e+00>>
// CHECK: quant_hw.quantize {{.*}}quant_hw.name = "y"}{{.*}}!quant.uniform<i8:f32, 1.000000e+00>>
module attributes {quant_hw.form = "calibrated"} {
  func.func @product(%arg0: tensor<?x2x2xf32> {quant_hw.name = "a"}, %arg1: tensor<?x2x2xf32> {quant_hw.name = "b"}) -> tensor<?x2x2xf32> {
    %a = quant_hw.observe "a" %arg0 range [-120.0, 120.0] : tensor<?x2x2xf32>
    %b = quant_hw.observe "b" %arg1 range [-120.0, 120.0] : tensor<?x2x2xf32>
    %p = quant_hw.matmul %a, %b {quant_hw.name = "y"} : (tensor<?x2x2xf32>, tensor<?x2x2xf32>) -> tensor<?x2x2xf32>
    %y = quant_hw.observe "y" %p range [-0.9, 0.9] : tensor<?x2x2xf32>
    return %y : tensor<?x2x2xf32>
  }
}
