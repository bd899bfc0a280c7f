// A sum that is much smaller than its operands has finer codes: the last shift
// goes to the left.
// RUN: hwq-opt %s --quantize-for=dpu | FileCheck %s

// CHECK: dpu.eltwise_add_fix {{.*}} {fix_point = 9 : i32, lhs_shift = 0 : i32, quant_hw.name = "y", rhs_shift = 1 : i32, shift_cut = -3 : i32}
module attributes {quant_hw.form = "calibrated"} {
  func.func @main(%a: tensor<?x4xf32> {quant_hw.name = "a"}, %b: tensor<?x4xf32> {quant_hw.name = "b"}) -> (tensor<?x4xf32> {quant_hw.name = "y"}) {
    %ao = quant_hw.observe "a" %a range [-1.5, 1.5] : tensor<?x4xf32>
    %bo = quant_hw.observe "b" %b range [-3.0, 3.0] : tensor<?x4xf32>
    %y = tosa.add %ao, %bo {quant_hw.name = "y"} : (tensor<?x4xf32>, tensor<?x4xf32>) -> tensor<?x4xf32>
    %yo = quant_hw.observe "y" %y range [-0.2, 0.2] : tensor<?x4xf32>
    return %yo : tensor<?x4xf32>
  }
}
