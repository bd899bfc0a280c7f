// What the DPU cannot hold is an error that names op and reason.
// RUN: hwq-opt %s --split-input-file --verify-diagnostics --convert-quant-hw-to-dpu

!x = !quant.uniform<i8:f32, 0.3>
module attributes {quant_hw.form = "step4"} {
  func.func @scale(%x: tensor<?x4xf32>) -> tensor<?x4x!x> {
    // expected-error @below {{'quant_hw.quantize' of 'x' has no counterpart in the DPU, expected a scale that is a power of two and the zero point 0, got !quant.uniform<i8:f32, 3.000000e-01>}}
    %q = quant_hw.quantize %x form <q6> {quant_hw.name = "x"} : tensor<?x4xf32> -> tensor<?x4x!x>
    return %q : tensor<?x4x!x>
  }
}

// -----

!x = !quant.uniform<i8:f32, 0.125>
module attributes {quant_hw.form = "step4"} {
  func.func @lookup(%x: tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>>) -> tensor<?x4x!x> {
    // expected-error @below {{'quant_hw.lookup' of 'y' has no counterpart in the DPU}}
    %y = quant_hw.lookup %x {quant_hw.name = "y", table = array<i32: 0, 1, 1, 3>} : tensor<?x4x!quant.uniform<i8<-2:1>:f32, 0.5>> -> tensor<?x4x!x>
    return %y : tensor<?x4x!x>
  }
}

// -----

!x = !quant.uniform<i8:f32, 0.125>
module attributes {quant_hw.form = "step4"} {
  func.func @bias_bits(%x: tensor<?x4x!x>, %w: tensor<2x4x!x>) -> tensor<?x2x!x> {
    %b = "tosa.const"() {values = dense<[4, -516]> : tensor<2xi32>} : () -> tensor<2xi32>
    // expected-error @below {{'quant_hw.fully_connected' of 'y' has no counterpart in the DPU, expected biases of 8 bits shifted left by 2, got -516}}
    %y = quant_hw.fully_connected %x, %w bias %b {raw_input, quant_hw.name = "y", requant = #quant_hw.requant<kernel = r6, scales = [0.125], multipliers = [1], shifts = [3], lo = -128, hi = 127>} : (tensor<?x4x!x>, tensor<2x4x!x>, tensor<2xi32>) -> tensor<?x2x!x>
    return %y : tensor<?x2x!x>
  }
}

// -----

!x = !quant.uniform<i8:f32, 0.125>
module attributes {quant_hw.form = "step4"} {
  func.func @bias_constant(%x: tensor<?x4x!x>, %w: tensor<2x4x!x>, %b: tensor<2xi32>) -> tensor<?x2x!x> {
    // expected-error @below {{'quant_hw.fully_connected' of 'y' has no counterpart in the DPU, expected a constant bias}}
    %y = quant_hw.fully_connected %x, %w bias %b {raw_input, quant_hw.name = "y", requant = #quant_hw.requant<kernel = r6, scales = [0.125], multipliers = [1], shifts = [3], lo = -128, hi = 127>} : (tensor<?x4x!x>, tensor<2x4x!x>, tensor<2xi32>) -> tensor<?x2x!x>
    return %y : tensor<?x2x!x>
  }
}

// -----

// A shift that the machine does not have.
!x = !quant.uniform<i8:f32, 0.125>
module attributes {quant_hw.form = "step4"} {
  func.func @shift(%x: tensor<?x4x!x>, %w: tensor<2x4x!quant.uniform<i8:f32, 7.62939453125e-06>>) -> tensor<?x2x!x> {
    // expected-error @below {{'dpu.inner_product' op expects 'shift_cut' in [0, 16], got 17}}
    %y = quant_hw.fully_connected %x, %w {raw_input, quant_hw.name = "y", requant = #quant_hw.requant<kernel = r6, scales = [7.62939453125e-06], multipliers = [1], shifts = [17], lo = -128, hi = 127>} : (tensor<?x4x!x>, tensor<2x4x!quant.uniform<i8:f32, 7.62939453125e-06>>) -> tensor<?x2x!x>
    return %y : tensor<?x2x!x>
  }
}
