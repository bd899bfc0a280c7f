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

// expected-error@+1 {{expected as many factors as scales (1), got 0}}
func.func private @requant_c2_no_factors() attributes {r = #quant_hw.requant<kernel = r4, scales = [0.25], lo = 0, hi = 255>}

// -----

// expected-error@+1 {{the kernel 'r2' has no factors, bias and scales of its own}}
func.func private @requant_c2_integer_kernel() attributes {r = #quant_hw.requant<kernel = r2, scales = [0.25], multipliers = [1073741824], shifts = [32], factors = [0.25], lo = 0, hi = 255>}

// -----

// expected-error@+1 {{expected as many pre_shifts as scales (1), got 2}}
func.func private @requant_c2_pre_shifts() attributes {r = #quant_hw.requant<kernel = r7, scales = [0.25], multipliers = [1], shifts = [1], pre_shifts = [1, 1], lo = 0, hi = 255>}

// -----

// expected-error@+1 {{expected pre_shifts in [0, 31], got 32 for channel 0}}
func.func private @requant_c3_pre_shift() attributes {r = #quant_hw.requant<kernel = r7, scales = [0.25], multipliers = [1], shifts = [1], pre_shifts = [32], lo = 0, hi = 255>}

// -----

// expected-error@+1 {{expected positive and finite scales of output and residual, got -1}}
func.func private @requant_output_scale() attributes {r = #quant_hw.requant<kernel = r14, scales = [0.25], factors = [0.25], output_scale = -1.0, lo = 0, hi = 255>}

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

// expected-error@+1 {{expected zero_points, los and his of all channels, got 2, 2 and 1 for 1 scales}}
func.func private @requant_c6_together() attributes {r = #quant_hw.requant<kernel = real, scales = [0.25], lo = 0, hi = 255, zero_points = [0, 1], los = [0, 0], his = [255]>}

// -----

// expected-error@+1 {{expected zero_points, los and his of all channels, got 2, 2 and 2 for 3 scales}}
func.func private @requant_c6_scales() attributes {r = #quant_hw.requant<kernel = real, scales = [0.25, 0.5, 0.25], lo = 0, hi = 255, zero_points = [0, 1], los = [0, 0], his = [255, 255]>}

// -----

// expected-error@+1 {{expected lo <= hi, got 3 and 2 for channel 1}}
func.func private @requant_c6_order() attributes {r = #quant_hw.requant<kernel = real, scales = [0.25], lo = 0, hi = 255, zero_points = [0, 1], los = [0, 3], his = [255, 2]>}

// -----

// expected-error@+1 {{the kernel 'r9' has one zero point and clamp for all channels}}
func.func private @requant_c6_kernel() attributes {r = #quant_hw.requant<kernel = r9, scales = [0.25], factors = [0.25], lo = 0, hi = 255, zero_points = [0, 1], los = [0, 0], his = [255, 255]>}

// -----

// backend_c1
// expected-error@+1 {{backend 'chip': unknown field 'vendr', expected one of vendor, hardware, activations, weights, fully_connected_granularity, signedness, fixed_outputs, first_last_bits, scale_form, scale_precision, activation_rule, weight_rule, quantize_form, weight_quantize_form, requantize_kernel, fully_connected_kernel, matmul_kernel, transpose_conv_kernel, multiplier_rule, scale_product, shift_range, dequant_precision, bias, bias_rounding, accumulator_bits, accumulator_overflow, add_bits, pair_bits, accumulator_mode, activation_scheme, weight_scheme, exponents, block_size, weight_transform, weight_method, graph_policy, fold_batch_norm, fuse_clamp, relu_limit, fuse_residual, keep_parameters, align_operands, stays_float, add, mul, avg_pool, concat, rescale, mean, resize, lookup_tables, prelu, softmax, range_method, final_form, target_dialect, formats, fidelity, fidelity_reason, options}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", vendr = "v"}>} {}

// -----

// backend_c1, scheme
// expected-error@+1 {{backend 'chip'.weights: unknown field 'width', expected one of storage, symmetry, unsigned_storage, bits, narrow, granularity}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {width = 8, storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c1, option
// expected-error@+1 {{backend 'chip', option bits: unknown field 'bitz', expected one of vendor}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", options = {bits = {"8" = {bitz = 8}}}}>} {}

// -----

// backend_c2, identifier
// expected-error@+1 {{backend 'chip': expected 'requantize_kernel' to be one of real, r1, r2, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, got "r99"}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r99", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c2, type of an identifier
// expected-error@+1 {{backend 'chip': expected 'requantize_kernel' to be one of real, r1, r2, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, got 2 : i64}}
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
// expected-error@+1 {{backend 'chip': expected 'stays_float' to be a list of some of conv2d, fully_connected, add, avg_pool2d, max_pool2d, concat, clamp, movement, transpose_conv2d, matmul, sub, mul, mean, resize, unary, prelu, sigmoid, tanh, softmax, got "add"}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", stays_float = "add"}>} {}

// -----

// backend_c2, element of a list
// expected-error@+1 {{backend 'chip': expected 'stays_float' to be a list of some of conv2d, fully_connected, add, avg_pool2d, max_pool2d, concat, clamp, movement, transpose_conv2d, matmul, sub, mul, mean, resize, unary, prelu, sigmoid, tanh, softmax, got ["ad"]}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", stays_float = ["ad"]}>} {}

// -----

// backend_c2, scheme
// expected-error@+1 {{backend 'chip': expected 'activations' to be a scheme {storage, symmetry, unsigned_storage, bits, narrow, granularity}, got "u8"}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = "u8", weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c2, options
// expected-error@+1 {{backend 'chip': expected 'options' to be a dictionary {option = {value = {field = ...}}}, got {bits = {}}}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", options = {bits = {}}}>} {}

// -----

// backend_c3
// expected-error@+1 {{backend 'chip': missing field 'requantize_kernel', expected one of real, r1, r2, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14}}
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

// backend_c4, channels and one zero point
// expected-error@+1 {{backend 'chip': activations per channel: the kernel r9 has one zero point for all channels}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric", granularity = "per_channel"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r9", graph_policy = "total", final_form = "step4", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, channels and a residual
// expected-error@+1 {{backend 'chip': activations per channel: expected no fuse_residual}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric", granularity = "per_channel"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", fuse_residual = true, final_form = "step4", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, channels and shifts
// expected-error@+1 {{backend 'chip': activations per channel: expected the scale_form real, got power_of_two}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric", granularity = "per_channel"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", scale_form = "power_of_two", final_form = "step4", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, channels and schemes
// expected-error@+1 {{backend 'chip': activations per channel: expected the activation_scheme affine}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric", granularity = "per_channel"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", activation_scheme = "codebook", final_form = "step4", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, storage
// expected-error@+1 {{backend 'chip': expected a storage of at most 8 bits, got i16}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "i16", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, bits above the storage
// expected-error@+1 {{backend 'chip': expected weights.bits in [2, 8], got 9}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric", bits = 9}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, one bit
// expected-error@+1 {{backend 'chip': expected activations.bits in [2, 8], got 1}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric", bits = 1}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, bits beyond 32 bits
// expected-error@+1 {{backend 'chip': expected activations.bits in [2, 8], got 4294967304}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric", bits = 4294967304}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, narrow grid without its zero
// expected-error@+1 {{backend 'chip': expected activations that are unsigned_symmetric to have the lowest code, got narrow}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "unsigned_symmetric", narrow = true}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, symmetry that a rule does not have
// expected-error@+1 {{backend 'chip': weights: expected a symmetry that the rule p_fb has, got symmetric}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric"}, activation_rule = "p_aimet", weight_rule = "p_fb", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, storage that a rule does not have
// expected-error@+1 {{backend 'chip': activations: expected a signed storage for the rule p_trt, got u8}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "symmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_trt", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, grid that a rule does not have
// expected-error@+1 {{backend 'chip': weights: expected the whole grid of 8 bits for the rule p_nnlib}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric", bits = 7}, activation_rule = "p_aimet", weight_rule = "p_nnlib", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, real scales for powers of two
// expected-error@+1 {{backend 'chip': expected a rule of the activations with scales of the form power_of_two, got p_aimet}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", scale_form = "power_of_two"}>} {}

// -----

// backend_c4, powers of two for real scales
// expected-error@+1 {{backend 'chip': expected a rule of the weights with scales of the form real, got p_dpu}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric"}, activation_rule = "p_aimet", weight_rule = "p_dpu", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, unsigned storage of symmetric tensors
// expected-error@+1 {{backend 'chip': expected activations that are not symmetric for their unsigned_storage u8, got symmetric}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "i8", symmetry = "symmetric", unsigned_storage = "u8"}, weights = {storage = "i8", symmetry = "symmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, unsigned storage with a sign
// expected-error@+1 {{backend 'chip': expected an unsigned_storage of activations without sign and of 8 bits, got i16}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "i8", symmetry = "unsigned_symmetric", unsigned_storage = "i16"}, weights = {storage = "i8", symmetry = "symmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, signedness of tensors that have a sign
// expected-error@+1 {{backend 'chip': expected activations that are unsigned_symmetric for a signedness other than range, got asymmetric}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, signedness = "producer", activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, fixed outputs without a zero point
// expected-error@+1 {{backend 'chip': expected activations with a zero point and all codes for fixed_outputs}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "i8", symmetry = "symmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, fixed_outputs = "per_256", activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, coupled scales per tensor
// expected-error@+1 {{backend 'chip': expected weights that are symmetric and per_channel for scale_form coupled, got symmetric and per_tensor}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", scale_form = "coupled"}>} {}

// -----

// backend_c4, coupled scales of no multiplier
// expected-error@+1 {{backend 'chip': expected a multiplier_rule for scale_form coupled}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_channel"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", scale_form = "coupled"}>} {}

// -----

// backend_c4, first and last layer
// expected-error@+1 {{backend 'chip': expected first_last_bits to be 0 or in [2, 8], got 1}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", first_last_bits = 1}>} {}

// -----

// backend_c4, shifts
// expected-error@+1 {{backend 'chip': shift_range [0, 63] of the kernel r2: expected a shift in 0..62, got 63}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", shift_range = [0, 63]}>} {}

// -----

// backend_c4, shifts beyond 32 bits
// expected-error@+1 {{backend 'chip': shift_range [0, 4294967296] of the kernel r2: expected a shift in 0..62, got 2147483647}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", shift_range = [0, 4294967296]}>} {}

// -----

// backend_c4, shifts to the left
// expected-error@+1 {{backend 'chip': shift_range [-1, 62] of the kernel r1: expected a shift in 0..62, got -1}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r1", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", shift_range = [-1, 62]}>} {}

// -----

// backend_c4, shifts of a fixed one
// expected-error@+1 {{backend 'chip': shift_range [0, 62] of the kernel r10: expected a shift in 31..31, got 0}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r10", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, shifts of a float kernel
// expected-error@+1 {{backend 'chip': the kernel r4 has no shifts, got shift_range [0, 16]}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r4", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", shift_range = [0, 16]}>} {}

// -----

// backend_c4, multiplier of a float kernel
// expected-error@+1 {{backend 'chip': the kernel r4 has no multiplier, got multiplier_rule bits31}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r4", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", multiplier_rule = "bits31"}>} {}

// -----

// backend_c4, product of scales of a kernel with its own order
// expected-error@+1 {{backend 'chip': the kernel 'r4' combines scales in its own way, expected a product in f64}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r4", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", scale_product = "f32"}>} {}

// -----

// backend_c4, multiplier of a shift
// expected-error@+1 {{backend 'chip': expected the multiplier 1 for a shift alone, got 1073741824}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "i8", symmetry = "symmetric"}, weights = {storage = "i8", symmetry = "symmetric"}, activation_rule = "p_dpu", weight_rule = "p_dpu", quantize_form = "q5", requantize_kernel = "r6", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", scale_form = "power_of_two", multiplier_rule = "bits31"}>} {}

// -----

// backend_c4, multiplier with two shifts
// expected-error@+1 {{backend 'chip': expected a shift before the product in 0..0, got 3}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", multiplier_rule = "glow"}>} {}

// -----

// backend_c4, multiplier of r10
// expected-error@+1 {{backend 'chip': expected the multiplier_rule hexagon for the kernel r10, got bits31}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r10", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", shift_range = [31, 31], multiplier_rule = "bits31"}>} {}

// -----

// backend_c4, power-of-two multipliers of real scales
// expected-error@+1 {{backend 'chip': expected scale_form power_of_two for the multiplier_rule power_of_two, got real}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", multiplier_rule = "power_of_two"}>} {}

// -----

// backend_c4, shift kernel of real scales
// expected-error@+1 {{backend 'chip': the kernel r6 only shifts, expected scale_form power_of_two, got real}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r6", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, r10 per channel
// expected-error@+1 {{backend 'chip': the kernel 'r10' takes one weight scale, got 2}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric", granularity = "per_channel"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r10", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", shift_range = [31, 31]}>} {}

// -----

// backend_c4, real bias of an integer kernel
// expected-error@+1 {{backend 'chip': the kernel 'r2' takes no real bias}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", bias = "f32"}>} {}

// -----

// backend_c4, real bias of the fully connected kernel
// expected-error@+1 {{backend 'chip': the kernel 'r12' takes no real bias}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r4", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", bias = "f32", fully_connected_kernel = "r12"}>} {}

// -----

// backend_c4, integer bias of a kernel with a real one
// expected-error@+1 {{backend 'chip': the kernel r14 adds a real bias, got bias i32}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r14", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// backend_c4, shifted bias of real scales
// expected-error@+1 {{backend 'chip': the bias i8_pot is shifted into accumulator units, expected scale_form power_of_two, got real}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", bias = "i8_pot"}>} {}

// -----

// backend_c4, dequantization
// expected-error@+1 {{backend 'chip': the kernel r2 does not dequantize, got dequant_precision f16}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", dequant_precision = "f16"}>} {}

// -----

// backend_c4, no integers but a form with them
// expected-error@+1 {{backend 'chip': the kernel real makes no integers, expected the final_form step0}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "real", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", bias = "f32"}>} {}

// -----

// backend_c4, no integers but an integer bias
// expected-error@+1 {{backend 'chip': the kernel real adds a real bias, got bias i32}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "real", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", final_form = "step0"}>} {}

// -----

// backend_c4, no integers in some layers
// expected-error@+1 {{backend 'chip': expected both requantize_kernel and fully_connected_kernel to be real, or none, got r2 and real}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", fully_connected_kernel = "real"}>} {}

// -----

// backend_c4, accumulator
// expected-error@+1 {{backend 'chip': expected accumulator_bits in [8, 32], got 33}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", accumulator_bits = 33}>} {}

// -----

// backend_c4, addition
// expected-error@+1 {{backend 'chip': expected add_bits in [8, 32], got 33}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", add_bits = 33}>} {}

// -----

// backend_c4, codes of a saturating accumulator
// expected-error@+1 {{backend 'chip': the accumulator_mode acc16 multiplies u8 activations by i8 weights, got u8 and u8}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", accumulator_mode = "acc16"}>} {}

// -----

// backend_c4, width of a saturating accumulator
// expected-error@+1 {{backend 'chip': the accumulator_mode acc16 ends in 32 bits, got accumulator_bits 16}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "i8", symmetry = "symmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test", accumulator_mode = "acc16", accumulator_bits = 16}>} {}

// -----

// backend_c4, dialect of an early form
// expected-error@+1 {{backend 'chip': expected the target_dialect quant_hw for a final_form before target, got snpe}}
module attributes {quant_hw.backend = #quant_hw.backend<"chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "snpe", fidelity = "exact", fidelity_reason = "a test", final_form = "step4"}>} {}

// -----

// The name stands in overrides and names a folder.
// expected-error@+1 {{expected the name of a backend, of letters, digits, '_', '-' and '.', got '../chip'}}
module attributes {quant_hw.backend = #quant_hw.backend<"../chip", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}

// -----

// The name stands in overrides and names a folder.
// expected-error@+1 {{expected the name of a backend, of letters, digits, '_', '-' and '.', got ''}}
module attributes {quant_hw.backend = #quant_hw.backend<"", {vendor = "v", hardware = "h", activations = {storage = "u8", symmetry = "asymmetric"}, weights = {storage = "u8", symmetry = "asymmetric"}, activation_rule = "p_aimet", weight_rule = "p_aimet", quantize_form = "q5", requantize_kernel = "r2", graph_policy = "total", target_dialect = "quant_hw", fidelity = "exact", fidelity_reason = "a test"}>} {}
