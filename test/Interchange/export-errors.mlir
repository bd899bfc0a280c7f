// RUN: split-file %s %t
// RUN: not hwq-translate --export-tflite %t/form.mlir 2>&1 | FileCheck %s --check-prefix=FORM
// RUN: not hwq-translate --export-tflite %t/functions.mlir 2>&1 | FileCheck %s --check-prefix=FUNCTIONS
// RUN: not hwq-translate --export-tflite %t/float.mlir 2>&1 | FileCheck %s --check-prefix=FLOAT
// RUN: not hwq-translate --export-qlinear-onnx %t/select.mlir 2>&1 | FileCheck %s --check-prefix=SELECT
// RUN: not hwq-translate --export-tflite %t/weights-of-floats.mlir 2>&1 | FileCheck %s --check-prefix=FLOAT-WEIGHTS
// RUN: not hwq-translate --export-qdq-onnx %t/weights-of-floats.mlir 2>&1 | FileCheck %s --check-prefix=FLOAT-WEIGHTS-ONNX
// RUN: not hwq-translate --export-tflite %t/spatial.mlir 2>&1 | FileCheck %s --check-prefix=SPATIAL
// RUN: not hwq-translate --export-tflite %t/multiplier.mlir 2>&1 | FileCheck %s --check-prefix=MULTIPLIER
// RUN: not hwq-translate --export-qlinear-onnx %t/multiplier.mlir 2>&1 | FileCheck %s --check-prefix=KERNEL
// RUN: not hwq-translate --export-tflite %t/unsigned.mlir 2>&1 | FileCheck %s --check-prefix=UNSIGNED
// RUN: not hwq-translate --export-tflite %t/dynamic.mlir 2>&1 | FileCheck %s --check-prefix=DYNAMIC
// RUN: not hwq-translate --export-tflite %t/weights.mlir 2>&1 | FileCheck %s --check-prefix=WEIGHTS

//--- form.mlir
// FORM: error: 'export-tflite' expects {{.*}}step4
module attributes {quant_hw.form = "step3"} {
  func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    return %x : tensor<?x4xf32>
  }
}

//--- functions.mlir
// FUNCTIONS: error: export-tflite: expected one function, got 0
module attributes {quant_hw.form = "step4"} {}

//--- float.mlir
// FLOAT: error: 'e': TFLite has no 'tosa.erf'
module attributes {quant_hw.form = "step4"} {
  func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %0 = tosa.erf %x {quant_hw.name = "e"} : (tensor<?x4xf32>) -> tensor<?x4xf32>
    return %0 : tensor<?x4xf32>
  }
}

//--- select.mlir
// SELECT: error: 's': QLinear ONNX has no 'tosa.select'
module attributes {quant_hw.form = "step4"} {
  func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {
    %c = "tosa.const"() <{values = dense<true> : tensor<1x1xi1>}> : () -> tensor<1x1xi1>
    %0 = tosa.select %c, %x, %x {quant_hw.name = "s"} : (tensor<1x1xi1>, tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
    return %0 : tensor<?x4xf32>
  }
}

//--- weights-of-floats.mlir
// FLOAT-WEIGHTS: error: the weights of 'y': expected a constant of floats
// FLOAT-WEIGHTS-ONNX: error: expected constant weights, or weights between quantize and dequantize
module attributes {quant_hw.form = "step4"} {
  func.func @main(%x: tensor<?x4xf32>, %w: tensor<2x4xf32>) -> tensor<?x2xf32> {
    %0 = quant_hw.fully_connected %x, %w {quant_hw.name = "y"} : (tensor<?x4xf32>, tensor<2x4xf32>) -> tensor<?x2xf32>
    return %0 : tensor<?x2xf32>
  }
}

//--- spatial.mlir
// The batch may be anywhere but where windows move.
// SPATIAL: error: 'y': expected sizes that are known, but for the batch, got 'tensor<1x?x4x1xf32>'
module attributes {quant_hw.form = "step4"} {
  func.func @main(%x: tensor<?x4x1x1xf32>) -> tensor<1x?x2x1xf32> {
    %shape = tosa.const_shape {values = dense<[1, -1, 4, 1]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %0 = tosa.reshape %x, %shape {quant_hw.name = "y"} : (tensor<?x4x1x1xf32>, !tosa.shape<4>) -> tensor<1x?x4x1xf32>
    %1 = tosa.max_pool2d %0 {kernel = array<i64: 1, 2>, stride = array<i64: 1, 2>, pad = array<i64: 0, 0, 0, 0>, quant_hw.name = "y"}
        : (tensor<1x?x4x1xf32>) -> tensor<1x?x2x1xf32>
    return %1 : tensor<1x?x2x1xf32>
  }
}

//--- multiplier.mlir
// The multiplier is one too large: a file of scales can't say that.
// MULTIPLIER: error: 'y': the scales of the file stand for another requantization: expected
// MULTIPLIER-SAME: multipliers = [1073741824]
// MULTIPLIER-SAME: got
// MULTIPLIER-SAME: multipliers = [1073741825]
// KERNEL: error: 'y': the format has no requantization 'r1', expected one of: r4
module attributes {quant_hw.form = "step4"} {
  func.func @main(%x: tensor<?x2x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x1x!quant.uniform<i8:f32, 1.0>> {
    %w = "tosa.const"() <{values = dense<[[3, 4]]> : tensor<1x2xi8>}>
        : () -> tensor<1x2x!quant.uniform<i8<-127:127>:f32, 0.5>>
    %0 = quant_hw.fully_connected %x, %w {raw_input, quant_hw.name = "y", requant = #quant_hw.requant<kernel = r1,
        scales = [2.500000e-01], multipliers = [1073741825], shifts = [32], lo = -128, hi = 127>}
        : (tensor<?x2x!quant.uniform<i8:f32, 0.5>>, tensor<1x2x!quant.uniform<i8<-127:127>:f32, 0.5>>)
        -> tensor<?x1x!quant.uniform<i8:f32, 1.0>>
    return %0 : tensor<?x1x!quant.uniform<i8:f32, 1.0>>
  }
}

//--- unsigned.mlir
// UNSIGNED: error: 'x': expected f32 or codes in [-128, 127], got '!quant.uniform<u8:f32, 5.000000e-01>'
module attributes {quant_hw.form = "step4"} {
  func.func @main(%x: tensor<?x4x!quant.uniform<u8:f32, 0.5>> {quant_hw.name = "x"}) -> tensor<?x4x!quant.uniform<u8:f32, 0.5>> {
    return %x : tensor<?x4x!quant.uniform<u8:f32, 0.5>>
  }
}

//--- dynamic.mlir
// DYNAMIC: error: 'x': expected sizes that are known, but for the batch, got 'tensor<4x?xf32>'
module attributes {quant_hw.form = "step4"} {
  func.func @main(%x: tensor<4x?xf32> {quant_hw.name = "x"}) -> tensor<4x?xf32> {
    return %x : tensor<4x?xf32>
  }
}

//--- weights.mlir
// WEIGHTS: error: the weights of 'y': expected the zero point 0, got 3
module attributes {quant_hw.form = "step4"} {
  func.func @main(%x: tensor<?x2x!quant.uniform<i8:f32, 0.5>>) -> tensor<?x1x!quant.uniform<i8:f32, 1.0>> {
    %w = "tosa.const"() <{values = dense<[[3, 4]]> : tensor<1x2xi8>}>
        : () -> tensor<1x2x!quant.uniform<i8:f32, 0.5:3>>
    %0 = quant_hw.fully_connected %x, %w {raw_input, quant_hw.name = "y", requant = #quant_hw.requant<kernel = r1,
        scales = [2.500000e-01], multipliers = [1073741824], shifts = [32], lo = -128, hi = 127>}
        : (tensor<?x2x!quant.uniform<i8:f32, 0.5>>, tensor<1x2x!quant.uniform<i8:f32, 0.5:3>>)
        -> tensor<?x1x!quant.uniform<i8:f32, 1.0>>
    return %0 : tensor<?x1x!quant.uniform<i8:f32, 1.0>>
  }
}
