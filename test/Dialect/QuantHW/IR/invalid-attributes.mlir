// RUN: hwq-opt %s --split-input-file --verify-diagnostics

// One case per constraint of the attributes, in the order of their definitions.

// expected-error@+1 {{expected at least one scale}}
func.func private @requant_c1_none() attributes {r = #quant_hw.requant<kernel = real, scales = [], lo = 0, hi = 255>}

// -----

// expected-error@+1 {{expected scales to be finite and not negative, got -5.000000e-01 for channel 1}}
func.func private @requant_c1_negative() attributes {r = #quant_hw.requant<kernel = real, scales = [0.5, -0.5], lo = 0, hi = 255>}

// -----

// expected-error@+1 {{expected scales to be finite and not negative, got INF for channel 0}}
func.func private @requant_c1_infinite() attributes {r = #quant_hw.requant<kernel = real, scales = [0x7FF0000000000000], lo = 0, hi = 255>}

// -----

// expected-error@+1 {{expected scales to be finite and not negative, got nan for channel 0}}
func.func private @requant_c1_nan() attributes {r = #quant_hw.requant<kernel = real, scales = [0x7FF8000000000000], lo = 0, hi = 255>}

// -----

// expected-error@+1 {{the kernel 'real' has no multipliers and shifts}}
func.func private @requant_c2_real() attributes {r = #quant_hw.requant<kernel = real, scales = [0.25], multipliers = [1073741824], shifts = [32], lo = 0, hi = 255>}

// -----

// expected-error@+1 {{the kernel 'r4' has no multipliers and shifts}}
func.func private @requant_c2_float_kernel() attributes {r = #quant_hw.requant<kernel = r4, scales = [0.25], multipliers = [1073741824], shifts = [32], lo = 0, hi = 255>}

// -----

// expected-error@+1 {{expected as many multipliers and shifts as scales (1), got 0 and 0}}
func.func private @requant_c2_missing() attributes {r = #quant_hw.requant<kernel = r2, scales = [0.25], lo = 0, hi = 255>}

// -----

// expected-error@+1 {{expected as many multipliers and shifts as scales (2), got 1 and 2}}
func.func private @requant_c2_count() attributes {r = #quant_hw.requant<kernel = r2, scales = [0.25, 0.5], multipliers = [1073741824], shifts = [32, 31], lo = 0, hi = 255>}

// -----

// expected-error@+1 {{expected shifts in [0, 62], got 63 for channel 0}}
func.func private @requant_c3_shift() attributes {r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [63], lo = 0, hi = 255>}

// -----

// expected-error@+1 {{expected shifts in [0, 62], got -1 for channel 0}}
func.func private @requant_c3_negative_shift() attributes {r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [-1], lo = 0, hi = 255>}

// -----

// expected-error@+1 {{expected left_shift in [0, 30], got 31}}
func.func private @requant_c3_left_shift() attributes {r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], left_shift = 31, lo = 0, hi = 255>}

// -----

func.func @requant_c4(%x: tensor<4xi32>) {
  // expected-error@+1 {{expects multipliers and shifts that stand for the scales, got 1073741824 and 33 for the scale 2.500000e-01 of channel 0 of 'y'}}
  %y = quant_hw.requantize %x {quant_hw.name = "y", requant = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [33], lo = 0, hi = 255>} : tensor<4xi32> -> tensor<4x!quant.uniform<u8:f32, 0.5>>
  return
}

// -----

// expected-error@+1 {{expected lo <= hi, got 256 and 255}}
func.func private @requant_c5_order() attributes {r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], lo = 256, hi = 255>}

// -----

// expected-error@+1 {{expected zero points and clamp within 33 bits, got 8589934592}}
func.func private @requant_c5_width() attributes {r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], lo = 0, hi = 8589934592>}

// -----

// backend_c1
// expected-error@+1 {{backend 'chip': unknown field 'vendr', expected one of vendor, hardware, activations, weights, scale_form, activation_rule, weight_rule, quantize_form, requantize_kernel, shift_range, bias, graph_policy, fold_batch_norm, fuse_clamp, add, avg_pool, accumulator_bits, keep_parameters, stays_float, range_method, target_dialect, formats, fidelity, fidelity_reason, options}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", vendr = "v"}>} {}

// -----

// backend_c1, scheme
// expected-error@+1 {{backend 'chip'.weights: unknown field 'bits', expected one of storage, symmetry, narrow, granularity}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {bits = 8, storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c1, option
// expected-error@+1 {{backend 'chip', option bits: unknown field 'bitz', expected one of vendor}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", options = {bits = {"8" = {bitz = 8}}}}>} {}

// -----

// backend_c2, identifier
// expected-error@+1 {{backend 'chip': expected 'requantize_kernel' to be one of r1, r2, got "r99"}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r99", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c2, type of an identifier
// expected-error@+1 {{backend 'chip': expected 'requantize_kernel' to be one of r1, r2, got 2 : i64}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = 2, graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c2, text
// expected-error@+1 {{backend 'chip': expected 'vendor' to be a string, got 3 : i64}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = 3, hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c2, integer
// expected-error@+1 {{backend 'chip': expected 'accumulator_bits' to be an integer, got "32"}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", accumulator_bits = "32"}>} {}

// -----

// backend_c2, integer that is a boolean
// expected-error@+1 {{backend 'chip': expected 'accumulator_bits' to be an integer, got true}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", accumulator_bits = true}>} {}

// -----

// backend_c2, integer of 65 bits
// expected-error@+1 {{backend 'chip': expected 'accumulator_bits' to be an integer, got 18446744073709551616 : i128}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", accumulator_bits = 18446744073709551616 : i128}>} {}

// -----

// backend_c2, boolean
// expected-error@+1 {{backend 'chip': expected 'fuse_clamp' to be true or false, got 1 : i64}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", fuse_clamp = 1}>} {}

// -----

// backend_c2, pair
// expected-error@+1 {{backend 'chip': expected 'shift_range' to be two integers, the first not above the second, got [5, 3]}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", shift_range = [5, 3]}>} {}

// -----

// backend_c2, pair of booleans
// expected-error@+1 {{backend 'chip': expected 'shift_range' to be two integers, the first not above the second, got [false, true]}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", shift_range = [false, true]}>} {}

// -----

// backend_c2, list
// expected-error@+1 {{backend 'chip': expected 'stays_float' to be a list of some of conv2d, fully_connected, add, avg_pool2d, max_pool2d, concat, clamp, movement, got "add"}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", stays_float = "add"}>} {}

// -----

// backend_c2, element of a list
// expected-error@+1 {{backend 'chip': expected 'stays_float' to be a list of some of conv2d, fully_connected, add, avg_pool2d, max_pool2d, concat, clamp, movement, got ["ad"]}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", stays_float = ["ad"]}>} {}

// -----

// backend_c2, scheme
// expected-error@+1 {{backend 'chip': expected 'activations' to be a scheme {storage, symmetry, narrow, granularity}, got "u8"}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = "u8", weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c2, options
// expected-error@+1 {{backend 'chip': expected 'options' to be a dictionary {option = {value = {field = ...}}}, got {bits = {}}}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", options = {bits = {}}}>} {}

// -----

// backend_c3
// expected-error@+1 {{backend 'chip': missing field 'requantize_kernel', expected one of r1, r2}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c3, scheme
// expected-error@+1 {{backend 'chip'.activations: missing field 'storage', expected one of u8, i8, u16, i16, i32}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c3, text
// expected-error@+1 {{backend 'chip': missing field 'vendor', expected a string}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, granularity
// expected-error@+1 {{backend 'chip': expected activations per tensor, got per_channel}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric", granularity = "per_channel"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, storage
// expected-error@+1 {{backend 'chip': expected a storage of at most 8 bits, got i16}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "i16", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, symmetry
// expected-error@+1 {{backend 'chip': expected an unsigned storage for unsigned_symmetric, got i8}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "i8", symmetry = "unsigned_symmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, shifts
// expected-error@+1 {{backend 'chip': expected shift_range inside [0, 62], got [0, 63]}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", shift_range = [0, 63]}>} {}

// -----

// backend_c4, accumulator
// expected-error@+1 {{backend 'chip': expected accumulator_bits in [8, 32], got 33}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", accumulator_bits = 33}>} {}

// -----

// backend_c4, bias
// expected-error@+1 {{backend 'chip': the kernel r2 adds the bias to an integer accumulator, got bias f32}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", bias = "f32"}>} {}

// -----

// The name stands in overrides and names a folder.
// expected-error@+1 {{expected the name of a backend, of letters, digits, '_', '-' and '.', got '../chip'}}
module attributes {quant_hw.backend = #quant_hw.backend<"../chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// The name stands in overrides and names a folder.
// expected-error@+1 {{expected the name of a backend, of letters, digits, '_', '-' and '.', got ''}}
module attributes {quant_hw.backend = #quant_hw.backend<"", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}
