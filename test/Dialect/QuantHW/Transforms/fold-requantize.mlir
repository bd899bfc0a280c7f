// RUN: hwq-opt %s --split-input-file --verify-diagnostics --quant-hw-fold-requantize | FileCheck %s
// RUN: hwq-opt %s --split-input-file --verify-diagnostics --quant-hw-fold-requantize=max-error=1 | FileCheck %s --check-prefix=BOUNDED
// RUN: hwq-opt %S/../../../../docs/examples/one-conv.mlir '--quantize-for=snpe{target_dialect=quant_hw}' --emit-bytecode | hwq-opt | FileCheck %s --check-prefix=BYTECODE
// BYTECODE: quant_hw.form = "step4"
// BYTECODE: quant_hw.conv2d {{.*}}requant = #quant_hw.requant<kernel = r2, scales = [0.0078431377187371254], multipliers = [1077952640], shifts = [37],
// RUN: not hwq-opt %S/../../../../docs/examples/one-conv.mlir --quant-hw-fold-requantize=max-error=-1 2>&1 | FileCheck %s --check-prefix=NEGATIVE
// NEGATIVE: for the --max-error option: '-1' value invalid for uint argument
// Every fold is reported, and every chain that stays.
// RUN: not hwq-opt %s --split-input-file --quant-hw-fold-requantize --remarks-filter='hwq.*' 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK
// RUN: not hwq-opt %s --split-input-file --quant-hw-fold-requantize=max-error=1 --remarks-filter='hwq.*' 2>&1 >/dev/null | FileCheck %s --check-prefix=BOUND
// REMARK-DAG: 'clamped': the clamp is that of the op before it, proven equal on every code
// REMARK-DAG: Fold=identity, MaxLSB=0, Operands=0, Remark="'same': its requantization changes no code, proven equal on every code"
// REMARK-DAG: 'y': the requantization is part of the op that makes its accumulator, its arithmetic is unchanged
// REMARK-DAG: 'searched': two requantizations are one, proven equal on every accumulator
// REMARK-DAG: 'readers': its accumulator has other readers, which need it as it is
// REMARK-DAG: 'twice': one multiplier differs from two by up to 1 LSB
// BOUND: Differing=64, Fold=chain, MaxLSB=1, Operands=256, Remark="'twice': two requantizations are one, at most 1 LSB apart, on 25.00% of the accumulators

#chip = #quant_hw.backend<"chip", {
    vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"},
    weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet",
    quantize_form = "q5", requantize_kernel = "r2", rescale = "snpe", graph_policy = "total", target_dialect = "quant_hw",
    fidelity = "exact", fidelity_reason = "a test"}>
!x = !quant.uniform<u8:f32, 0.5>
!w = !quant.uniform<u8:f32, 0.5:1>
!y = !quant.uniform<u8:f32, 1.0:3>
// CHECK: quant_hw.form = "step4"
module attributes {quant_hw.form = "step4", quant_hw.backend = #chip} {
  // The accumulator's op takes its requantization in, and the name.
  // CHECK-LABEL: func.func @into_producer(
  // CHECK: %[[Y:.*]] = quant_hw.fully_connected {{.*}}quant_hw.name = "y", raw_input, requant = #quant_hw.requant<kernel = r2
  // CHECK-NEXT: return %[[Y]]
  func.func @into_producer(%x: tensor<?x1x!x>) -> tensor<?x1x!y> {
    %w = "tosa.const"() {values = dense<2> : tensor<1x1xui8>} : () -> tensor<1x1x!w>
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!x>, tensor<1x1x!w>) -> tensor<?x1xi32>
    %y = quant_hw.requantize %a {quant_hw.name = "y", requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 3, lo = 0, hi = 255>} : tensor<?x1xi32> -> tensor<?x1x!y>
    return %y : tensor<?x1x!y>
  }

  // CHECK-LABEL: func.func @into_conv2d(
  // CHECK: %[[Y:.*]] = quant_hw.conv2d {{.*}}quant_hw.name = "y", raw_input, requant = #quant_hw.requant<kernel = r2, scales = [2.500000e-01, 5.000000e-01]
  // CHECK-NEXT: return %[[Y]]
  func.func @into_conv2d(%x: tensor<?x1x1x1x!x>, %b: tensor<2xi32>) -> tensor<?x1x1x2x!y> {
    %w = "tosa.const"() {values = dense<2> : tensor<2x1x1x1xui8>} : () -> tensor<2x1x1x1x!w>
    %a = quant_hw.conv2d %x, %w bias %b {raw_input, pad_value = 0 : i32, pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups = 1 : i64} : (tensor<?x1x1x1x!x>, tensor<2x1x1x1x!w>, tensor<2xi32>) -> tensor<?x1x1x2xi32>
    %y = quant_hw.requantize %a {quant_hw.name = "y", requant = #quant_hw.requant<kernel = r2, scales = [0.25, 0.5], multipliers = [1073741824, 1073741824], shifts = [32, 31], zero_point = 3, lo = 0, hi = 255>} : tensor<?x1x1x2xi32> -> tensor<?x1x1x2x!y>
    return %y : tensor<?x1x1x2x!y>
  }

  // Two readers of the accumulator: nothing to take in.
  // CHECK-LABEL: func.func @two_readers(
  // CHECK: quant_hw.fully_connected {{.*}} -> tensor<?x1xi32>
  // CHECK-COUNT-2: quant_hw.requantize
  func.func @two_readers(%x: tensor<?x1x!x>) -> (tensor<?x1x!y>, tensor<?x1x!quant.uniform<u8:f32, 1.0:4>>) {
    %w = "tosa.const"() {values = dense<2> : tensor<1x1xui8>} : () -> tensor<1x1x!w>
    %a = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!x>, tensor<1x1x!w>) -> tensor<?x1xi32>
    %y = quant_hw.requantize %a {quant_hw.name = "readers", requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 3, lo = 0, hi = 255>} : tensor<?x1xi32> -> tensor<?x1x!y>
    %z = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], zero_point = 4, lo = 0, hi = 255>} : tensor<?x1xi32> -> tensor<?x1x!quant.uniform<u8:f32, 1.0:4>>
    return %y, %z : tensor<?x1x!y>, tensor<?x1x!quant.uniform<u8:f32, 1.0:4>>
  }

  // Between equal parameters with the whole range as clamp: nothing happens.
  // CHECK-LABEL: func.func @identity(
  // CHECK-NEXT: return %arg0
  func.func @identity(%x: tensor<?x1x!y>) -> tensor<?x1x!y> {
    %y = quant_hw.requantize %x {quant_hw.name = "same", requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], input_zero_point = 3, zero_point = 3, lo = 0, hi = 255>} : tensor<?x1x!y> -> tensor<?x1x!y>
    return %y : tensor<?x1x!y>
  }

  // The same with a clamp is a relu.
  // CHECK-LABEL: func.func @relu(
  // CHECK-NEXT: quant_hw.requantize %arg0 {{.*}}lo = 3, hi = 255>
  func.func @relu(%x: tensor<?x1x!y>) -> tensor<?x1x!y> {
    %y = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], input_zero_point = 3, zero_point = 3, lo = 3, hi = 255>} : tensor<?x1x!y> -> tensor<?x1x!y>
    return %y : tensor<?x1x!y>
  }

  // A relu behind it is a clamp of the same codes: one requantization, proven equal.
  // CHECK-LABEL: func.func @clamp(
  // CHECK-NEXT: %[[Y:.*]] = quant_hw.requantize %arg0 {quant_hw.name = "clamped", {{.*}}scales = [5.000000e-01], multipliers = [1073741824], shifts = [31], input_zero_point = 9, zero_point = 3, lo = 3, hi = 255>
  // CHECK-NEXT: return %[[Y]]
  func.func @clamp(%x: tensor<?x1x!quant.uniform<u8:f32, 0.5:9>>) -> tensor<?x1x!y> {
    %a = quant_hw.requantize %x {quant_hw.name = "first", requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], input_zero_point = 9, zero_point = 3, lo = 0, hi = 255>} : tensor<?x1x!quant.uniform<u8:f32, 0.5:9>> -> tensor<?x1x!y>
    %y = quant_hw.requantize %a {quant_hw.name = "clamped", requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], input_zero_point = 3, zero_point = 3, lo = 3, hi = 255>} : tensor<?x1x!y> -> tensor<?x1x!y>
    return %y : tensor<?x1x!y>
  }

  // The clamp of the first, [10, 20], is [5, 15] behind the second; then the op
  // takes it in. The accumulator lies in [0, 255], far outside.
  // CHECK-LABEL: func.func @inner_clamp(
  // CHECK: quant_hw.fully_connected {{.*}}quant_hw.name = "inner", raw_input, requant = #quant_hw.requant<kernel = r2, scales = [1.000000e+00], multipliers = [1073741824], shifts = [30], lo = 5, hi = 15>
  // CHECK-NEXT: return
  func.func @inner_clamp(%x: tensor<?x1x!x>) -> tensor<?x1x!quant.uniform<u8:f32, 1.0>> {
    %w = "tosa.const"() {values = dense<2> : tensor<1x1xui8>} : () -> tensor<1x1x!w>
    %c = quant_hw.fully_connected %x, %w {raw_input} : (tensor<?x1x!x>, tensor<1x1x!w>) -> tensor<?x1xi32>
    %a = quant_hw.requantize %c {requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], zero_point = 5, lo = 10, hi = 20>} : tensor<?x1xi32> -> tensor<?x1x!quant.uniform<u8:f32, 1.0:5>>
    %y = quant_hw.requantize %a {quant_hw.name = "inner", requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], input_zero_point = 5, lo = 0, hi = 255>} : tensor<?x1x!quant.uniform<u8:f32, 1.0:5>> -> tensor<?x1x!quant.uniform<u8:f32, 1.0>>
    return %y : tensor<?x1x!quant.uniform<u8:f32, 1.0>>
  }

  // Halved and halved again rounds twice: 1 -> 1 -> 1, but 1/4 -> 0. Every fourth
  // code differs by 1: folded only where that is allowed.
  // CHECK-LABEL: func.func @rounds_twice(
  // CHECK-COUNT-2: quant_hw.requantize
  // BOUNDED-LABEL: func.func @rounds_twice(
  // BOUNDED-NEXT: %[[Y:.*]] = quant_hw.requantize %arg0 {quant_hw.name = "twice", requant = #quant_hw.requant<kernel = r2, scales = [2.500000e-01], multipliers = [1073741824], shifts = [32], lo = 0, hi = 64>}
  // BOUNDED-NEXT: return %[[Y]]
  func.func @rounds_twice(%x: tensor<?x1x!x>) -> tensor<?x1x!quant.uniform<u8:f32, 2.0>> {
    %a = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], lo = 0, hi = 128>} : tensor<?x1x!x> -> tensor<?x1x!quant.uniform<u8:f32, 1.0>>
    %y = quant_hw.requantize %a {quant_hw.name = "twice", requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], lo = 0, hi = 255>} : tensor<?x1x!quant.uniform<u8:f32, 1.0>> -> tensor<?x1x!quant.uniform<u8:f32, 2.0>>
    return %y : tensor<?x1x!quant.uniform<u8:f32, 2.0>>
  }

  // 3/6 is not 1/2: the multiplier of 1/6 is rounded down, so that odd codes, which are ties for 1/2, go down. The next
  // smaller multiplier for 1/2 does the same.
  // CHECK-LABEL: func.func @searched(
  // CHECK-NEXT: %[[Y:.*]] = quant_hw.requantize %arg0 {quant_hw.name = "searched", requant = #quant_hw.requant<kernel = r2, scales = [5.000000e-01], multipliers = [2147483647], shifts = [32], lo = 0, hi = 42>}
  // CHECK-NEXT: return %[[Y]]
  func.func @searched(%x: tensor<?x1x!quant.uniform<u8:f32, 3.0>>) -> tensor<?x1x!quant.uniform<u8:f32, 6.0>> {
    %a = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = r2, scales = [3.0], multipliers = [1610612736], shifts = [29], lo = 0, hi = 255>} : tensor<?x1x!quant.uniform<u8:f32, 3.0>> -> tensor<?x1x!quant.uniform<u8:f32, 1.0>>
    %y = quant_hw.requantize %a {quant_hw.name = "searched", requant = #quant_hw.requant<kernel = r2, scales = [0.16666666666666666], multipliers = [1431655765], shifts = [33], lo = 0, hi = 255>} : tensor<?x1x!quant.uniform<u8:f32, 1.0>> -> tensor<?x1x!quant.uniform<u8:f32, 6.0>>
    return %y : tensor<?x1x!quant.uniform<u8:f32, 6.0>>
  }

  // The first result has a reader of its own.
  // CHECK-LABEL: func.func @first_is_read(
  // CHECK-COUNT-2: quant_hw.requantize
  func.func @first_is_read(%x: tensor<?x1x!x>) -> (tensor<?x1x!y>, tensor<?x1x!y>) {
    %a = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], zero_point = 3, lo = 0, hi = 255>} : tensor<?x1x!x> -> tensor<?x1x!y>
    %y = quant_hw.requantize %a {requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], input_zero_point = 3, zero_point = 3, lo = 3, hi = 255>} : tensor<?x1x!y> -> tensor<?x1x!y>
    return %a, %y : tensor<?x1x!y>, tensor<?x1x!y>
  }
}

// -----

// REMARK: 'wide': the shift 33 is out of the backend's range
// REMARK: 'unknown': the range of its input is not known
// REMARK: 'wraps': integers of channel 0 leave the domain of the kernel
#chip = #quant_hw.backend<"chip", {
    vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"},
    weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet",
    quantize_form = "q5", requantize_kernel = "r2", rescale = "snpe", graph_policy = "total", target_dialect = "quant_hw",
    fidelity = "exact", fidelity_reason = "a test", shift_range = [0, 32]}>
!x = !quant.uniform<u8:f32, 0.5>
!y = !quant.uniform<u8:f32, 1.0>
module attributes {quant_hw.form = "step4", quant_hw.backend = #chip} {
  // A shift that the backend does not have: 0.25 * 0.5 needs 33.
  // CHECK-LABEL: func.func @shift_range(
  // CHECK-COUNT-2: quant_hw.requantize
  func.func @shift_range(%x: tensor<?x1x!x>) -> tensor<?x1x!quant.uniform<u8:f32, 4.0>> {
    %a = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], lo = 0, hi = 255>} : tensor<?x1x!x> -> tensor<?x1x!quant.uniform<u8:f32, 2.0>>
    %y = quant_hw.requantize %a {quant_hw.name = "wide", requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], lo = 0, hi = 255>} : tensor<?x1x!quant.uniform<u8:f32, 2.0>> -> tensor<?x1x!quant.uniform<u8:f32, 4.0>>
    return %y : tensor<?x1x!quant.uniform<u8:f32, 4.0>>
  }

  // An accumulator that is no dot product's.
  // CHECK-LABEL: func.func @unknown_range(
  // CHECK-COUNT-2: quant_hw.requantize
  func.func @unknown_range(%x: tensor<?x1xi32>) -> tensor<?x1x!y> {
    %a = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], lo = 0, hi = 255>} : tensor<?x1xi32> -> tensor<?x1x!y>
    %y = quant_hw.requantize %a {quant_hw.name = "unknown", requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], lo = 3, hi = 255>} : tensor<?x1x!y> -> tensor<?x1x!y>
    return %y : tensor<?x1x!y>
  }

  // A clamp alone needs no proof: the op before it has one.
  // CHECK-LABEL: func.func @clamp(
  // CHECK-NEXT: quant_hw.requantize {{.*}}quant_hw.name = "clamped", {{.*}}lo = 3, hi = 200>}
  // CHECK-NEXT: return
  func.func @clamp(%x: tensor<?x1xi32>) -> tensor<?x1x!y> {
    %a = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], lo = 0, hi = 200>} : tensor<?x1xi32> -> tensor<?x1x!y>
    %y = quant_hw.requantize %a {quant_hw.name = "clamped", requant = #quant_hw.requant<kernel = r2, scales = [1.0], multipliers = [1073741824], shifts = [30], lo = 3, hi = 255>} : tensor<?x1x!y> -> tensor<?x1x!y>
    return %y : tensor<?x1x!y>
  }

  // 255 << 24 is no int32: it wraps.
  // CHECK-LABEL: func.func @domain(
  // CHECK-COUNT-2: quant_hw.requantize
  func.func @domain(%x: tensor<?x1x!x>) -> tensor<?x1x!y> {
    %a = quant_hw.requantize %x {requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], left_shift = 24, lo = 0, hi = 255>} : tensor<?x1x!x> -> tensor<?x1x!y>
    %y = quant_hw.requantize %a {quant_hw.name = "wraps", requant = #quant_hw.requant<kernel = r2, scales = [0.5], multipliers = [1073741824], shifts = [31], lo = 3, hi = 255>} : tensor<?x1x!y> -> tensor<?x1x!y>
    return %y : tensor<?x1x!y>
  }
}

// -----

// expected-error @below {{'quant-hw-fold-requantize' expects a backend in 'quant_hw.backend' (set by --quant-hw-set-backend)}}
module attributes {quant_hw.form = "step4"} {}

// -----

// expected-error @below {{'quant-hw-fold-requantize' expects a program of form 'step4', got 'step3'}}
module attributes {quant_hw.form = "step3"} {}
