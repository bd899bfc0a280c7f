// A fold leaves multipliers for a scale that went through a grid which is gone: the target's op states it,
// and the way back has it again.
// RUN: hwq-opt %s --convert-quant-hw-to-qnn | FileCheck %s
// RUN: hwq-opt %s --convert-quant-hw-to-snpe | FileCheck %s --check-prefix=SNPE
// RUN: hwq-opt %s --convert-quant-hw-to-qnn --emit-bytecode -o %t.mlirbc && hwq-opt %t.mlirbc | FileCheck %s

!x = !quant.uniform<u8:f32, 0.3:128>
!w = !quant.uniform<i8:f32, 0.7>
!y = !quant.uniform<u8:f32, 0.9:128>
module attributes {quant_hw.form = "step4"} {
  func.func @main(%x: tensor<?x4x!x>) -> (tensor<?x2x!y>, tensor<?x2x!y>) {
    %w = "tosa.const"() {values = dense<[[1, 2, 3, 4], [5, 6, 7, 8]]> : tensor<2x4xi8>} : () -> tensor<2x4x!w>
    // CHECK: qnn.fully_connected {{.*}} {multiplier = array<i32: 2004318171>, offset = -128 : i32, quant_hw.name = "folded", quant_hw.scales = {requant = array<f64: 0.23333334491999999>}, scale = 9.000000e-01 : f64, shift = array<i32: 33>}
    // SNPE: snpe.fully_connected {{.*}} quant_hw.name = "folded", quant_hw.scales = {requant = array<f64: 0.23333334491999999>}, requant = #quant_hw.requant<kernel = r2, scales = [0.23333334491999999], multipliers = [2004318171], shifts = [33], zero_point = 128, lo = 0, hi = 255>}
    %0 = quant_hw.fully_connected %x, %w {quant_hw.name = "folded", raw_input, requant = #quant_hw.requant<kernel = r2, scales = [0.23333334492], multipliers = [2004318171], shifts = [33], zero_point = 128, lo = 0, hi = 255>} : (tensor<?x4x!x>, tensor<2x4x!w>) -> tensor<?x2x!y>
    // CHECK: qnn.fully_connected {{.*}} {multiplier = array<i32: 2004318170>, offset = -128 : i32, quant_hw.name = "own", scale = 9.000000e-01 : f64, shift = array<i32: 33>}
    // SNPE: snpe.fully_connected {{.*}} quant_hw.name = "own", requant
    %1 = quant_hw.fully_connected %x, %w {quant_hw.name = "own", raw_input, requant = #quant_hw.requant<kernel = r2, scales = [0.23333334481274653], multipliers = [2004318170], shifts = [33], zero_point = 128, lo = 0, hi = 255>} : (tensor<?x4x!x>, tensor<2x4x!w>) -> tensor<?x2x!y>
    return %0, %1 : tensor<?x2x!y>, tensor<?x2x!y>
  }
}
