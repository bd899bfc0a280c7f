// Nearest neighbours are moved, as codes; what lies between pixels is computed in float, or in
// integers where the backend has a bilinear resize.
// RUN: hwq-opt %s --quant-hw-integerize | FileCheck %s
// RUN: hwq-opt %s --quant-hw-integerize --remarks-filter='hwq.*' 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// REMARK: resize stays float: the backend has no resize in integers
// RUN: sed 's/requantize_kernel = "r2"/requantize_kernel = "r2", resize = "tflite"/' %s > %t.mlir
// RUN: hwq-opt %t.mlir --quant-hw-integerize | FileCheck %s --check-prefix=STEP1
// RUN: hwq-opt %t.mlir --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias --quant-hw-select-kernels | FileCheck %s --check-prefix=STEP4
// LiteRT has no name for these positions: a quarter of a pixel further.
// RUN: sed '/func @half/,$ {s/dense<-1>/dense<1>/; s/border = tosa.const_shape {values = dense<1>/border = tosa.const_shape {values = dense<3>/}' %t.mlir \
// RUN:   | hwq-opt --quant-hw-integerize --remarks-filter='hwq.*' 2>&1 >/dev/null | FileCheck %s --check-prefix=POSITIONS
// POSITIONS: resize stays float: resize: expected positions at half pixels, at the corners or at multiples of in/out, on both axes alike

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5:10>
!y = !quant.uniform<u8:f32, 1.0:5>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step0"} {
  // CHECK-LABEL: func.func @nearest(
  // CHECK: %[[N:.*]] = tosa.resize %arg0, {{.*}} {mode = NEAREST_NEIGHBOR, quant_hw.name = "n"} : (tensor<?x2x2x3x!quant.uniform<u8:f32, 5.000000e-01:10>>, {{.*}} -> tensor<?x4x4x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
  // Other parameters: the codes are brought to them before they are moved.
  // CHECK: %[[R:.*]] = quant_hw.requantize %arg0 {{.*}}scales = [5.000000e-01], input_zero_point = 10, zero_point = 5
  // CHECK-NEXT: %[[O:.*]] = tosa.resize %[[R]]
  // CHECK-NEXT: return %[[N]], %[[O]]
  func.func @nearest(%a: tensor<?x2x2x3x!x>) -> (tensor<?x4x4x3x!x>, tensor<?x4x4x3x!y>) {
    %scale = tosa.const_shape {values = dense<[4, 2, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %offset = tosa.const_shape {values = dense<0> : tensor<2xindex>} : () -> !tosa.shape<2>
    %border = tosa.const_shape {values = dense<2> : tensor<2xindex>} : () -> !tosa.shape<2>
    %x = quant_hw.dequantize %a : tensor<?x2x2x3x!x> -> tensor<?x2x2x3xf32>
    %n = tosa.resize %x, %scale, %offset, %border {mode = NEAREST_NEIGHBOR} : (tensor<?x2x2x3xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<?x4x4x3xf32>
    %q = quant_hw.quantize %n form <q5> {quant_hw.name = "n"} : tensor<?x4x4x3xf32> -> tensor<?x4x4x3x!x>
    %m = tosa.resize %x, %scale, %offset, %border {mode = NEAREST_NEIGHBOR} : (tensor<?x2x2x3xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<?x4x4x3xf32>
    %p = quant_hw.quantize %m form <q5> {quant_hw.name = "m"} : tensor<?x4x4x3xf32> -> tensor<?x4x4x3x!y>
    return %q, %p : tensor<?x4x4x3x!x>, tensor<?x4x4x3x!y>
  }

  // CHECK-LABEL: func.func @bilinear(
  // CHECK: tosa.resize {{.*}}mode = BILINEAR{{.*}} -> tensor<?x4x4x3xf32>
  // STEP1-LABEL: func.func @bilinear(
  // STEP1: %[[B:.*]] = quant_hw.resize_bilinear %arg0 {border = array<i64: 2, 2>, offset = array<i64: 0, 0>, quant_hw.name = "b", scale = array<i64: 4, 2, 4, 2>} : tensor<?x2x2x3x!quant.uniform<u8:f32, 5.000000e-01:10>> -> tensor<?x4x4x3x!quant.uniform<u8:f32, 5.000000e-01:10>>
  // STEP1: return %[[B]]
  // STEP4-LABEL: func.func @bilinear(
  // STEP4: quant_hw.resize_bilinear %arg0 {{.*}}variant = #quant_hw.resize_variant<tflite>}
  func.func @bilinear(%a: tensor<?x2x2x3x!x>) -> tensor<?x4x4x3x!x> {
    %scale = tosa.const_shape {values = dense<[4, 2, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %offset = tosa.const_shape {values = dense<0> : tensor<2xindex>} : () -> !tosa.shape<2>
    %border = tosa.const_shape {values = dense<2> : tensor<2xindex>} : () -> !tosa.shape<2>
    %x = quant_hw.dequantize %a : tensor<?x2x2x3x!x> -> tensor<?x2x2x3xf32>
    %n = tosa.resize %x, %scale, %offset, %border {mode = BILINEAR} : (tensor<?x2x2x3xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<?x4x4x3xf32>
    %q = quant_hw.quantize %n form <q5> {quant_hw.name = "b"} : tensor<?x4x4x3xf32> -> tensor<?x4x4x3x!x>
    return %q : tensor<?x4x4x3x!x>
  }

  // Other parameters: the codes are brought to them first.
  // STEP1-LABEL: func.func @half(
  // STEP1: %[[R:.*]] = quant_hw.requantize %arg0 {{.*}}scales = [5.000000e-01], input_zero_point = 10, zero_point = 5
  // STEP1-NEXT: quant_hw.resize_bilinear %[[R]] {border = array<i64: 1, 1>, offset = array<i64: -1, -1>,
  func.func @half(%a: tensor<?x2x2x3x!x>) -> tensor<?x4x4x3x!y> {
    %scale = tosa.const_shape {values = dense<[4, 2, 4, 2]> : tensor<4xindex>} : () -> !tosa.shape<4>
    %offset = tosa.const_shape {values = dense<-1> : tensor<2xindex>} : () -> !tosa.shape<2>
    %border = tosa.const_shape {values = dense<1> : tensor<2xindex>} : () -> !tosa.shape<2>
    %x = quant_hw.dequantize %a : tensor<?x2x2x3x!x> -> tensor<?x2x2x3xf32>
    %n = tosa.resize %x, %scale, %offset, %border {mode = BILINEAR} : (tensor<?x2x2x3xf32>, !tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> tensor<?x4x4x3xf32>
    %q = quant_hw.quantize %n form <q5> {quant_hw.name = "h"} : tensor<?x4x4x3xf32> -> tensor<?x4x4x3x!y>
    return %q : tensor<?x4x4x3x!y>
  }
}
