//===- BackendConsistency.cpp - Fields that contradict each other -*- C++ -===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// backend_c4. What exists is Numerics' to say: the checks here try its
// functions with the descriptor's choices and pass on what they answer.

#include "BackendDetail.h"
#include "hwq/Numerics/Epilogue.h"
#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/Requantize.h"
#include <cmath>

using namespace mlir;
using namespace hwq;

using EmitError = function_ref<InFlightDiagnostic()>;

static bool isPowerOfTwo(double scale) {
  int exponent;
  return std::frexp(scale, &exponent) == 0.5;
}

/// A scheme on its own, and with the rule that derives its parameters. `role`
/// is the field's name.
static LogicalResult verifyScheme(EmitError emitError, const Backend &backend,
                                  bool ofWeights) {
  const Scheme &scheme = ofWeights ? backend.weights : backend.activations;
  StringRef role = ofWeights ? "weights" : "activations";
  int64_t width = numerics::bitWidth(scheme.storage);
  if (width > 8)
    return emitError() << "expected a storage of at most 8 bits, got "
                       << numerics::stringify(scheme.storage);
  if (scheme.bits < 2 || scheme.bits > width)
    return emitError() << "expected " << role << ".bits in [2, " << width
                       << "], got " << scheme.bits;
  // The lowest code is the zero of data without negative values.
  if (scheme.narrow && scheme.symmetry == numerics::Symmetry::UnsignedSymmetric)
    return emitError() << "expected " << role
                       << " that are unsigned_symmetric to have the lowest "
                          "code, got narrow";

  if (scheme.unsignedStorage != scheme.storage) {
    StringRef storage = numerics::stringify(scheme.unsignedStorage);
    if (scheme.symmetry == numerics::Symmetry::Symmetric)
      return emitError() << "expected " << role
                         << " that are not symmetric for their "
                            "unsigned_storage "
                         << storage << ", got "
                         << numerics::stringify(scheme.symmetry);
    if (numerics::isSigned(scheme.unsignedStorage) ||
        numerics::bitWidth(scheme.unsignedStorage) != width)
      return emitError() << "expected an unsigned_storage of " << role
                         << " without sign and of " << width << " bits, got "
                         << storage;
  }

  // No power of two, and on both sides of zero.
  numerics::DerivationRule rule = backend.getRule(ofWeights);
  numerics::Result<numerics::Derived> derived = numerics::deriveParams(
      rule, {-1.3, 2.9}, backend.getDeriveOptions(ofWeights));
  if (!derived)
    return emitError() << role << ": " << derived.error();
  bool shifts = backend.scaleForm == ScaleForm::PowerOfTwo;
  if (isPowerOfTwo(derived->params.scale) != shifts)
    return emitError() << "expected a rule of the " << role
                       << " with scales of the form "
                       << stringify(backend.scaleForm) << ", got "
                       << numerics::stringify(rule);
  return success();
}

/// The kernel of an op kind with multipliers, shifts and bias, tried with a
/// scale for which every rule has a multiplier; one that is no power of two is
/// so small that Glow's rule shifts before the product.
static LogicalResult verifyKernel(EmitError emitError, const Backend &backend,
                                  numerics::RequantizeKernel kernel,
                                  numerics::Granularity granularity) {
  numerics::Grid grid = numerics::gridOf(backend.activations.storage);
  numerics::QuantParams params{0x1p-4, grid.qmin < 0 ? 0 : 128, grid};
  numerics::EpilogueOptions options;
  options.kernel = kernel;
  if (!numerics::isFloatKernel(kernel))
    options.multiplierRule = backend.multiplierRule;
  options.scaleProduct = backend.scaleProduct;
  // The power-of-two forms become integers by a shift.
  options.biasForm = backend.bias;
  if (backend.bias == numerics::BiasForm::I8Pot ||
      backend.bias == numerics::BiasForm::I8PotShifted)
    options.biasForm = numerics::BiasForm::I32;
  options.biasRounding = backend.biasRounding;
  options.perChannelWeights = granularity == numerics::Granularity::PerChannel;
  double scale =
      backend.scaleForm == ScaleForm::PowerOfTwo ? 0x1p-7 : 0x1.5p-10;
  std::vector<double> scales(options.perChannelWeights ? 2 : 1, scale);
  numerics::Result<numerics::Epilogue> epilogue =
      numerics::deriveEpilogue(options, params, scales, params,
                               std::vector<double>(scales.size(), 0.25));
  if (!epilogue) {
    StringRef message = epilogue.error();
    message.consume_front("epilogue: ");
    message.consume_back(" for channel 0");
    return emitError() << message;
  }
  return success();
}

static LogicalResult verifyKernels(EmitError emitError,
                                   const Backend &backend) {
  using numerics::RequantizeKernel;
  RequantizeKernel kernel = backend.requantizeKernel;
  RequantizeKernel fullyConnected = backend.fullyConnectedKernel;
  // Nothing of what follows exists for it.
  if ((kernel == RequantizeKernel::Real) !=
      (fullyConnected == RequantizeKernel::Real))
    return emitError() << "expected both requantize_kernel and "
                          "fully_connected_kernel to be real, or none, got "
                       << numerics::stringify(kernel) << " and "
                       << numerics::stringify(fullyConnected);
  bool isReal = kernel == RequantizeKernel::Real;
  if (isReal && backend.finalForm != FinalForm::Step0)
    return emitError() << "the kernel real makes no integers, expected the "
                          "final_form step0";
  if (backend.dequantPrecision != numerics::DequantPrecision::Requant &&
      kernel != RequantizeKernel::R9)
    return emitError() << "the kernel " << numerics::stringify(kernel)
                       << " does not dequantize, got dequant_precision "
                       << numerics::stringify(backend.dequantPrecision);
  for (RequantizeKernel k : {kernel, fullyConnected, backend.matmulKernel,
                             backend.transposeConvKernel})
    if (k == RequantizeKernel::R6 && backend.scaleForm != ScaleForm::PowerOfTwo)
      return emitError() << "the kernel r6 only shifts, expected scale_form "
                            "power_of_two, got "
                         << stringify(backend.scaleForm);

  bool hasMultiplier = !isReal && !numerics::isFloatKernel(kernel);
  if (backend.multiplierRule) {
    StringRef rule = numerics::stringify(*backend.multiplierRule);
    if (!hasMultiplier)
      return emitError() << "the kernel " << numerics::stringify(kernel)
                         << " has no multiplier, got multiplier_rule " << rule;
    // R10 is defined with one rule.
    if (kernel == RequantizeKernel::R10 &&
        backend.multiplierRule != *numerics::multiplierRuleOf(kernel))
      return emitError() << "expected the multiplier_rule hexagon for the "
                            "kernel r10, got "
                         << rule;
    if (backend.multiplierRule == numerics::MultiplierRule::PowerOfTwo &&
        backend.scaleForm != ScaleForm::PowerOfTwo)
      return emitError() << "expected scale_form power_of_two for the "
                            "multiplier_rule power_of_two, got "
                         << stringify(backend.scaleForm);
  }
  if (hasMultiplier) {
    numerics::RequantizeParams params;
    params.kernel = kernel;
    params.hi = 1;
    for (int64_t shift : {backend.shiftMin, backend.shiftMax}) {
      params.multipliers = {{1, static_cast<int32_t>(std::clamp<int64_t>(
                                    shift, INT32_MIN, INT32_MAX))}};
      std::string problem = numerics::checkRequantize(params, 1);
      StringRef message = problem;
      message.consume_back(" for channel 0");
      if (!message.empty())
        return emitError() << "shift_range [" << backend.shiftMin << ", "
                           << backend.shiftMax << "] of the kernel "
                           << numerics::stringify(kernel) << ": " << message;
    }
  } else if (backend.shiftMin != 0 || backend.shiftMax != 62) {
    return emitError() << "the kernel " << numerics::stringify(kernel)
                       << " has no shifts, got shift_range ["
                       << backend.shiftMin << ", " << backend.shiftMax << "]";
  }
  if (isReal) {
    if (backend.bias != numerics::BiasForm::F32)
      return emitError() << "the kernel real adds a real bias, got bias "
                         << numerics::stringify(backend.bias);
    return success();
  }
  if (failed(verifyKernel(emitError, backend, kernel,
                          backend.weights.granularity)))
    return failure();
  if (failed(verifyKernel(emitError, backend, fullyConnected,
                          backend.fullyConnectedGranularity)) ||
      failed(verifyKernel(emitError, backend, backend.matmulKernel,
                          numerics::Granularity::PerTensor)))
    return failure();
  return verifyKernel(emitError, backend, backend.transposeConvKernel,
                      backend.weights.granularity);
}

static LogicalResult verifyBias(EmitError emitError, const Backend &backend) {
  bool isPot = backend.bias == numerics::BiasForm::I8Pot ||
               backend.bias == numerics::BiasForm::I8PotShifted;
  if (isPot && backend.scaleForm != ScaleForm::PowerOfTwo)
    return emitError() << "the bias " << numerics::stringify(backend.bias)
                       << " is shifted into accumulator units, expected "
                          "scale_form power_of_two, got "
                       << stringify(backend.scaleForm);
  // Only R14 has no way to add an integer.
  if (backend.requantizeKernel == numerics::RequantizeKernel::R14 &&
      backend.bias != numerics::BiasForm::F32)
    return emitError() << "the kernel r14 adds a real bias, got bias "
                       << numerics::stringify(backend.bias);
  return success();
}

static LogicalResult verifyAccumulator(EmitError emitError,
                                       const Backend &backend) {
  if (backend.accumulatorBits < 8 || backend.accumulatorBits > 32)
    return emitError() << "expected accumulator_bits in [8, 32], got "
                       << backend.accumulatorBits;
  if (backend.addBits < 8 || backend.addBits > 32)
    return emitError() << "expected add_bits in [8, 32], got "
                       << backend.addBits;
  if (backend.accumulatorMode == numerics::AccumulatorMode::Exact)
    return success();
  StringRef mode = numerics::stringify(backend.accumulatorMode);
  if (backend.activations.storage != numerics::Storage::U8 ||
      backend.weights.storage != numerics::Storage::I8)
    return emitError() << "the accumulator_mode " << mode
                       << " multiplies u8 activations by i8 weights, got "
                       << numerics::stringify(backend.activations.storage)
                       << " and "
                       << numerics::stringify(backend.weights.storage);
  if (backend.accumulatorBits != 32)
    return emitError() << "the accumulator_mode " << mode
                       << " ends in 32 bits, got accumulator_bits "
                       << backend.accumulatorBits;
  return success();
}

/// Activations with one scale and zero point for each channel.
static LogicalResult verifyChannels(EmitError emitError,
                                    const Backend &backend) {
  using numerics::RequantizeKernel;
  if (backend.activations.granularity != numerics::Granularity::PerChannel)
    return success();
  StringRef what = "activations per channel";
  for (RequantizeKernel kernel :
       {backend.requantizeKernel, backend.fullyConnectedKernel})
    if (kernel == RequantizeKernel::R9 || kernel == RequantizeKernel::R10 ||
        kernel == RequantizeKernel::R14 || kernel == RequantizeKernel::Real)
      return emitError() << what << ": the kernel "
                         << numerics::stringify(kernel)
                         << " has one zero point for all channels";
  if (backend.scaleForm != ScaleForm::Real)
    return emitError() << what << ": expected the scale_form real, got "
                       << stringify(backend.scaleForm);
  if (backend.fuseResidual)
    return emitError() << what << ": expected no fuse_residual";
  if (!backend.activationScheme.isAffine())
    return emitError() << what << ": expected the activation_scheme affine";
  return success();
}

LogicalResult hwq::verifyConsistency(EmitError emitError,
                                     const Backend &backend) {
  if (failed(verifyChannels(emitError, backend)))
    return failure();
  if (failed(verifyScheme(emitError, backend, /*ofWeights=*/false)) ||
      failed(verifyScheme(emitError, backend, /*ofWeights=*/true)))
    return failure();
  if (backend.signedness != Signedness::Range &&
      backend.activations.symmetry != numerics::Symmetry::UnsignedSymmetric)
    return emitError() << "expected activations that are unsigned_symmetric "
                          "for a signedness other than range, got "
                       << numerics::stringify(backend.activations.symmetry);
  // The lowest code is the zero of a sigmoid.
  if (backend.fixedOutputs != FixedOutputs::None &&
      (backend.activations.symmetry == numerics::Symmetry::Symmetric ||
       backend.activations.narrow))
    return emitError() << "expected activations with a zero point and all "
                          "codes for fixed_outputs";
  if ((!backend.activationScheme.isAffine() ||
       !backend.weightScheme.isAffine()) &&
      backend.finalForm != FinalForm::Step0)
    return emitError() << "expected the final form step0 where a scheme is not "
                          "affine: it has no integer program";
  if (backend.weightTransform != numerics::WeightTransform::None &&
      backend.finalForm != FinalForm::Step0)
    return emitError() << "expected the final form step0 with a "
                          "weight_transform";
  if (backend.weightMethod != numerics::WeightMethod::MinMax &&
      (backend.weightRule == numerics::DerivationRule::PDpu ||
       backend.scaleForm == ScaleForm::Coupled))
    return emitError() << "expected the weight_method min-max, since "
                       << (backend.scaleForm == ScaleForm::Coupled
                               ? "scale_form coupled makes weights fit a "
                                 "multiplier"
                               : "weight_rule p_dpu has a search of its own");
  if (backend.pairBits < 0 || backend.pairBits > 32)
    return emitError() << "expected pair_bits in [0, 32], got "
                       << backend.pairBits;
  if (backend.blockSize < 1)
    return emitError() << "expected a block_size of at least 1, got "
                       << backend.blockSize;
  if (backend.firstLastBits != 0 &&
      (backend.firstLastBits < 2 || backend.firstLastBits > 8))
    return emitError() << "expected first_last_bits to be 0 or in [2, 8], got "
                       << backend.firstLastBits;
  // The weights' scale is made from the channel's multiplier.
  if (backend.scaleForm == ScaleForm::Coupled &&
      (backend.weights.granularity != numerics::Granularity::PerChannel ||
       backend.weights.symmetry != numerics::Symmetry::Symmetric))
    return emitError() << "expected weights that are symmetric and per_channel "
                          "for scale_form coupled, got "
                       << numerics::stringify(backend.weights.symmetry)
                       << " and "
                       << numerics::stringify(backend.weights.granularity);
  if (backend.scaleForm == ScaleForm::Coupled && !backend.multiplierRule)
    return emitError() << "expected a multiplier_rule for scale_form coupled";
  if (failed(verifyBias(emitError, backend)) ||
      failed(verifyKernels(emitError, backend)) ||
      failed(verifyAccumulator(emitError, backend)))
    return failure();
  if (backend.finalForm != FinalForm::Target &&
      backend.targetDialect != "quant_hw")
    return emitError() << "expected the target_dialect quant_hw for a "
                          "final_form before target, got "
                       << backend.targetDialect;
  return success();
}
