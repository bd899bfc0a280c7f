// Tables as the backend makes them, softmax on codes.
// RUN: hwq-opt %s --quant-hw-integerize | FileCheck %s --check-prefix=STEP1
// RUN: hwq-opt %s --quant-hw-integerize --quant-hw-fold-zero-points --quant-hw-factor-scales --quant-hw-quantize-bias --quant-hw-select-kernels | FileCheck %s --check-prefix=STEP4
// RUN: sed 's/lookup_tables = "tflite"/lookup_tables = "f64"/' %s | hwq-opt --quant-hw-integerize | FileCheck %s --check-prefix=F64

#chip = #quant_hw.backend<"chip", {vendor = "v", hardware = "h",
  activations = {storage = "i8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"},
  activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5",
  requantize_kernel = "r2", graph_policy = "total",
  lookup_tables = "tflite", softmax = "real",
  target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<i8<-4:3>:f32, 1.0:-1>
!y = !quant.uniform<i8:f32, 0.03125:-10>
!p = !quant.uniform<i8:f32, 0.00390625:-128>
module attributes {quant_hw.backend = #chip, quant_hw.form = "step0"} {
  // x (x + 3) / 6 times 32 less 10 for x = -3..4, 4 * 32 less 10 for x = 4; 16-bit fixed point
  // may differ by one from it.
  // STEP1-LABEL: func.func @hard_swish(
  // STEP1-NEXT: quant_hw.lookup %arg0 {{{(kernel_table = array<i32: [-0-9, ]+>, )?}}quant_hw.name = "y", table = array<i32: -10, -21, -21, -10, 11, 43, 86, 118>}
  // STEP4-LABEL: func.func @hard_swish(
  // STEP4-NOT: kernel_table
  // F64-LABEL: func.func @hard_swish(
  // F64-NEXT: quant_hw.lookup %arg0 {quant_hw.name = "y", table = array<i32: -10, -21, -21, -10, 11, 43, 86, 118>}
  func.func @hard_swish(%a: tensor<?x4x!x>) -> tensor<?x4x!y> {
    %x = quant_hw.dequantize %a : tensor<?x4x!x> -> tensor<?x4xf32>
    %h = quant_hw.unary hard_swish %x : tensor<?x4xf32>
    %q = quant_hw.quantize %h form <q5> {quant_hw.name = "y"} : tensor<?x4xf32> -> tensor<?x4x!y>
    return %q : tensor<?x4x!y>
  }

  // A table keeps its codes, on whatever grid they come; an identity is a requantization.
  // STEP1-LABEL: func.func @known_codes(
  // STEP1-NEXT: quant_hw.lookup %arg0 {quant_hw.name = "y", table = array<i32: -10, -10, -10, -10, -9, -7, -7, -7>}
  // STEP1-NEXT: quant_hw.requantize %arg0 {quant_hw.name = "z", requant = #quant_hw.requant<kernel = real, quantize_form = q5, scales = [3.200000e+01], input_zero_point = -1, zero_point = -10, lo = -128, hi = 127>}
  func.func @known_codes(%a: tensor<?x4x!x>) -> (tensor<?x4x!y>, tensor<?x4x!y>) {
    %x = quant_hw.dequantize %a : tensor<?x4x!x> -> tensor<?x4xf32>
    %t = quant_hw.unary table %x {input_type = !quant.uniform<i8<-2:1>:f32, 1.0:-1>, output_type = !quant.uniform<i8:f32, 0.03125>, table = array<i32: 0, 0, 1, 3>} : tensor<?x4xf32>
    %q = quant_hw.quantize %t form <q5> {quant_hw.name = "y"} : tensor<?x4xf32> -> tensor<?x4x!y>
    %i = quant_hw.unary identity %x : tensor<?x4xf32>
    %z = quant_hw.quantize %i form <q5> {quant_hw.name = "z"} : tensor<?x4xf32> -> tensor<?x4x!y>
    return %q, %z : tensor<?x4x!y>, tensor<?x4x!y>
  }

  // STEP1-LABEL: func.func @softmax(
  // STEP1-NEXT: quant_hw.softmax %arg0 axis 1 {quant_hw.name = "p"} : tensor<?x4x!quant.uniform<i8<-4:3>:f32, 1.000000e+00:-1>> -> tensor<?x4x!quant.uniform<i8:f32, 3.906250e-03:-128>>
  // STEP1-NEXT: return
  // STEP4-LABEL: func.func @softmax(
  // STEP4-NEXT: quant_hw.softmax %arg0 axis 1
  func.func @softmax(%a: tensor<?x4x!x>) -> tensor<?x4x!p> {
    %x = quant_hw.dequantize %a : tensor<?x4x!x> -> tensor<?x4xf32>
    %s = quant_hw.softmax %x axis 1 : tensor<?x4xf32>
    %q = quant_hw.quantize %s form <q5> {quant_hw.name = "p"} : tensor<?x4xf32> -> tensor<?x4x!p>
    return %q : tensor<?x4x!p>
  }
}
