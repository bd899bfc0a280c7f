// RUN: hwq-opt %s --quant-hw-fold-requantize | FileCheck %s
// RUN: hwq-opt %s --quant-hw-fold-requantize=max-error=1 | FileCheck %s --check-prefix=BOUNDED
// RUN: hwq-opt %s --quant-hw-fold-requantize --remark-format=emitRemark --remarks-filter=hwq -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=REMARK
// RUN: hwq-opt %s --quant-hw-fold-requantize=max-error=1 --remark-format=emitRemark --remarks-filter=hwq -o /dev/null 2>&1 \
// RUN:   | FileCheck %s --check-prefix=BOUND

module attributes {quant_hw.form = "step4", quant_hw.backend = #quant_hw.backend<"chip", {
    vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"},
    weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet",
    quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw",
    fidelity = "exact", fidelity_reason = "a test"}>} {
  // The accumulator's op takes its requantization in, and the name.
  // CHECK-LABEL: func.func @into_producer(
  // CHECK: quant_hw.fully_connected {{.*}}quant_hw.name = "y", raw_input, requant = #quant_hw.requant<kernel = r2
  // CHECK-NEXT: return
  func.func @into_producer(%x: tensor<?x1x!quant.uniform<u8:f32, 0.5>>) -> tensor<?x1x!quant.uniform<u8:f32, 1.0:3>> {
    %w = "tosa.const"() {values = dense<2> : tensor<1x1xui8>} : () -> tensor<1x1x!quant.uniform<u8:f32, 0.5:1>>
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!quant.uniform<u8:f32, 0.5>>, tensor<1x1x!quant.uniform<u8:f32, 0.5:1>>) -> tensor<?x1xi32>
    %y = quant_hw.requantize %a {quant_hw.name = "y", requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 3, lo = 0, hi = 255>} : tensor<?x1xi32> -> tensor<?x1x!quant.uniform<u8:f32, 1.0:3>>
    return %y : tensor<?x1x!quant.uniform<u8:f32, 1.0:3>>
  }

  // Two readers of the accumulator: nothing to take in.
  // CHECK-LABEL: func.func @two_readers(
  // CHECK: quant_hw.fully_connected {{.*}} -> tensor<?x1xi32>
  // CHECK-COUNT-2: quant_hw.requantize
  func.func @two_readers(%x: tensor<?x1x!quant.uniform<u8:f32, 0.5>>) -> (tensor<?x1x!quant.uniform<u8:f32, 1.0:3>>, tensor<?x1x!quant.uniform<u8:f32, 1.0:4>>) {
    %w = "tosa.const"() {values = dense<2> : tensor<1x1xui8>} : () -> tensor<1x1x!quant.uniform<u8:f32, 0.5:1>>
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!quant.uniform<u8:f32, 0.5>>, tensor<1x1x!quant.uniform<u8:f32, 0.5:1>>) -> tensor<?x1xi32>
    %y = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 3, lo = 0, hi = 255>} : tensor<?x1xi32> -> tensor<?x1x!quant.uniform<u8:f32, 1.0:3>>
    %z = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 4, lo = 0, hi = 255>} : tensor<?x1xi32> -> tensor<?x1x!quant.uniform<u8:f32, 1.0:4>>
    return %y, %z : tensor<?x1x!quant.uniform<u8:f32, 1.0:3>>, tensor<?x1x!quant.uniform<u8:f32, 1.0:4>>
  }

  // Between equal parameters with the whole range as clamp: nothing happens.
  // CHECK-LABEL: func.func @identity(
  // CHECK-NEXT: return %arg0
  func.func @identity(%x: tensor<?x1x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<?x1x!quant.uniform<u8:f32, 0.5:3>> {
    %y = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], input_zero_point = 3, zero_point = 3, lo = 0, hi = 255>} : tensor<?x1x!quant.uniform<u8:f32, 0.5:3>> -> tensor<?x1x!quant.uniform<u8:f32, 0.5:3>>
    return %y : tensor<?x1x!quant.uniform<u8:f32, 0.5:3>>
  }

  // A relu behind it is a clamp of the same codes: one requantization, proven equal.
  // CHECK-LABEL: func.func @clamp(
  // CHECK-NEXT: quant_hw.requantize %arg0 {{.*}}scales = [5.000000e-01], multipliers = [1073741824], shifts = [31], {{.*}}zero_point = 3, lo = 3, hi = 255>
  // CHECK-NEXT: return
  func.func @clamp(%x: tensor<?x1x!quant.uniform<u8:f32, 0.5:9>>) -> tensor<?x1x!quant.uniform<u8:f32, 1.0:3>> {
    %a = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 9, zero_point = 3, lo = 0, hi = 255>} : tensor<?x1x!quant.uniform<u8:f32, 0.5:9>> -> tensor<?x1x!quant.uniform<u8:f32, 1.0:3>>
    %y = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], input_zero_point = 3, zero_point = 3, lo = 3, hi = 255>} : tensor<?x1x!quant.uniform<u8:f32, 1.0:3>> -> tensor<?x1x!quant.uniform<u8:f32, 1.0:3>>
    return %y : tensor<?x1x!quant.uniform<u8:f32, 1.0:3>>
  }

  // Halved and halved again rounds twice: 1 -> 1 -> 1, but 1/4 -> 0.
  // CHECK-LABEL: func.func @rounds_twice(
  // CHECK-COUNT-2: quant_hw.requantize
  // REMARK: one multiplier differs from two by up to 1 LSB
  // With max-error=1 they are one: the codes 1, 5, 9, ... of 0..255 differ.
  // BOUNDED-LABEL: func.func @rounds_twice(
  // BOUNDED-NEXT: quant_hw.requantize %arg0 {{.*}}scales = [2.500000e-01]
  // BOUNDED-NEXT: return
  // BOUND: two requantizations are one, {{.*}}at most 1 LSB apart, on 25.00% of the accumulators
  func.func @rounds_twice(%x: tensor<?x1x!quant.uniform<u8:f32, 0.5>>) -> tensor<?x1x!quant.uniform<u8:f32, 2.0>> {
    %a = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], lo = 0, hi = 255>} : tensor<?x1x!quant.uniform<u8:f32, 0.5>> -> tensor<?x1x!quant.uniform<u8:f32, 1.0>>
    %y = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], lo = 0, hi = 255>} : tensor<?x1x!quant.uniform<u8:f32, 1.0>> -> tensor<?x1x!quant.uniform<u8:f32, 2.0>>
    return %y : tensor<?x1x!quant.uniform<u8:f32, 2.0>>
  }
}
