//===- ImportedParameters.cpp - Parameters a model brought along *- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ImportedParameters.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/ImportedParams.h"
#include "hwq/Numerics/Quantize.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace mlir;
using namespace hwq;
using numerics::Symmetry;

static std::string describeGrid(const numerics::Grid &grid) {
  return llvm::formatv("[{0}, {1}]", grid.qmin, grid.qmax).str();
}

/// What one scale and zero point become in a storage of the same width, or why
/// they become nothing.
static numerics::Result<numerics::QuantParams>
fit(double scale, int64_t zeroPoint, quant::QuantizedType type,
    numerics::Storage storage, Symmetry symmetry, const numerics::Grid &grid,
    const Backend &backend) {
  unsigned width = numerics::bitWidth(storage);
  if (type.getStorageTypeIntegralWidth() != width)
    return numerics::failure(llvm::formatv("expected {0} bits, got {1}", width,
                                           type.getStorageTypeIntegralWidth())
                                 .str());
  int64_t offset = 0;
  if (type.isSigned() != numerics::isSigned(storage))
    offset = (type.isSigned() ? 1 : -1) * (int64_t(1) << (width - 1));
  numerics::QuantParams params{
      scale,
      zeroPoint + offset,
      {type.getStorageTypeMin() + offset, type.getStorageTypeMax() + offset}};
  if (backend.scaleForm == ScaleForm::PowerOfTwo) {
    int exponent;
    if (std::frexp(scale, &exponent) != 0.5)
      return numerics::failure(
          llvm::formatv("expected a scale that is a power of two, got {0:E6}",
                        scale)
              .str());
  }
  if (backend.scaleForm == ScaleForm::Coupled)
    return numerics::failure(
        "expected a scale made from the multipliers, got one of its own");
  if (backend.roundScale(scale) != scale)
    return numerics::failure(
        llvm::formatv("expected a scale in f32, got {0:E16}", scale).str());
  // The lowest code of an unsigned grid is a zero, too.
  int64_t symmetric =
      symmetry == Symmetry::UnsignedSymmetric || numerics::isSigned(storage)
          ? 0
          : int64_t(1) << (width - 1);
  if (symmetry != Symmetry::Asymmetric && params.zeroPoint != symmetric)
    return numerics::failure(
        llvm::formatv(
            "expected a symmetric grid, got the zero point {0} in {1}",
            zeroPoint,
            describeGrid({type.getStorageTypeMin(), type.getStorageTypeMax()}))
            .str());
  if (params.grid.qmin < grid.qmin || params.grid.qmax > grid.qmax)
    return numerics::failure(llvm::formatv("expected codes in {0}, got {1}",
                                           describeGrid(grid),
                                           describeGrid(params.grid))
                                 .str());
  return params;
}

static numerics::Result<GroupParameters>
fitOne(quant::UniformQuantizedType type, const Backend &backend) {
  if (!backend.activationScheme.isAffine())
    return numerics::failure("expected a scheme without a scale, got a scale");
  const Scheme &scheme = backend.activations;
  GroupParameters result;
  result.storage = scheme.storage;
  Symmetry symmetry = scheme.symmetry;
  if (symmetry == Symmetry::UnsignedSymmetric) {
    // Unsigned where the zero point is the lowest code.
    bool isUnsigned = type.getZeroPoint() == type.getStorageTypeMin();
    if (isUnsigned)
      result.storage = scheme.unsignedStorage;
    else
      symmetry = Symmetry::Symmetric;
  }
  numerics::Grid grid = numerics::gridOf(result.storage, scheme.narrow,
                                         static_cast<unsigned>(scheme.bits));
  numerics::Result<numerics::QuantParams> params =
      fit(type.getScale(), type.getZeroPoint(), type, result.storage, symmetry,
          grid, backend);
  if (!params)
    return numerics::failure(params.error());
  result.params = *params;
  result.threshold =
      params->scale *
      static_cast<double>(std::max(params->grid.qmax - params->zeroPoint,
                                   params->zeroPoint - params->grid.qmin));
  result.isFinal = true;
  return result;
}

numerics::Result<GroupParameters> hwq::fitActivation(quant::QuantizedType type,
                                                     const Backend &backend) {
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type))
    return fitOne(uniform, backend);
  auto perAxis = cast<quant::UniformQuantizedPerAxisType>(type);
  if (backend.activations.granularity != numerics::Granularity::PerChannel)
    return numerics::failure(
        "expected one scale for all channels, got one per channel");
  std::optional<GroupParameters> result;
  for (auto [c, scale] : llvm::enumerate(perAxis.getScales())) {
    numerics::Result<GroupParameters> one =
        fitOne(quant::UniformQuantizedType::get(
                   type.getFlags(), type.getStorageType(),
                   type.getExpressedType(), scale, perAxis.getZeroPoints()[c],
                   type.getStorageTypeMin(), type.getStorageTypeMax()),
               backend);
    if (!one)
      return numerics::failure(one.error() + " in channel " +
                               std::to_string(c));
    if (!result)
      result = *one;
    if (one->storage != result->storage ||
        one->params.grid != result->params.grid)
      return numerics::failure("expected channels of one grid, got others in "
                               "channel " +
                               std::to_string(c));
    result->threshold = std::max(result->threshold, one->threshold);
    result->channels.push_back(one->params);
  }
  return *result;
}

quant::QuantizedType hwq::getImportedType(Value constant) {
  auto op = constant.getDefiningOp<tosa::ConstOp>();
  auto attr =
      op ? op->getAttrOfType<TypeAttr>(kModelParametersAttr) : TypeAttr();
  return attr ? dyn_cast<quant::QuantizedType>(attr.getValue()) : nullptr;
}

numerics::Result<WeightParameters>
hwq::fitWeights(quant::QuantizedType type, ArrayRef<float> values,
                size_t channels, const Backend &backend,
                numerics::Granularity granularity) {
  if (!backend.weightScheme.isAffine())
    return numerics::failure("expected a scheme without a scale, got a scale");
  SmallVector<double> scales;
  SmallVector<int64_t> zeroPoints;
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type)) {
    scales.assign(channels, uniform.getScale());
    zeroPoints.assign(channels, uniform.getZeroPoint());
  } else if (auto perAxis =
                 dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    scales.assign(perAxis.getScales());
    zeroPoints.assign(perAxis.getZeroPoints());
  }
  if (scales.size() != channels)
    return numerics::failure(
        llvm::formatv("expected {0} scales, got {1}", channels, scales.size())
            .str());
  WeightParameters result;
  result.perChannel = granularity == numerics::Granularity::PerChannel;
  if (!result.perChannel) {
    if (!llvm::all_equal(scales) || !llvm::all_equal(zeroPoints))
      return numerics::failure(
          "expected one scale for all channels, got one per channel");
    scales.resize(1);
    zeroPoints.resize(1);
  }
  const Scheme &scheme = backend.weights;
  result.storage = scheme.storage;
  Symmetry symmetry = scheme.symmetry;
  if (symmetry == Symmetry::UnsignedSymmetric) {
    if (llvm::all_of(zeroPoints,
                     [&](int64_t z) { return z == type.getStorageTypeMin(); }))
      result.storage = scheme.unsignedStorage;
    else
      symmetry = Symmetry::Symmetric;
  }
  numerics::Grid grid = numerics::gridOf(result.storage, scheme.narrow,
                                         static_cast<unsigned>(scheme.bits));
  size_t size = values.size() / scales.size();
  bool same = true;
  for (size_t g = 0; g < scales.size(); ++g) {
    numerics::Result<numerics::QuantParams> params =
        fit(scales[g], zeroPoints[g], type, result.storage, symmetry,
            // Codes count, not what they might be.
            numerics::gridOf(result.storage), backend);
    if (!params)
      return numerics::failure(
          params.error() +
          (result.perChannel ? " in channel " + std::to_string(g) : ""));
    params->grid = numerics::gridOf(result.storage);
    for (size_t i = g * size; i < (g + 1) * size; ++i) {
      int64_t code =
          numerics::quantize(numerics::QuantizeForm::Q2, values[i], *params);
      float real = numerics::dequantize(code, *params);
      if (!(std::fabs(real - values[i]) <= 1e-3 * params->scale))
        return numerics::failure(
            llvm::formatv("expected values on the grid, got {0} beside {1} in "
                          "channel {2}",
                          values[i], real, i / (values.size() / channels))
                .str());
      if (code < grid.qmin || code > grid.qmax)
        return numerics::failure(
            llvm::formatv("expected codes in {0}, got {1} in channel {2}{3}",
                          describeGrid(grid), code,
                          i / (values.size() / channels),
                          scheme.narrow && code == grid.qmin - 1
                              ? ", which weights.narrow=false admits"
                              : "")
                .str());
      auto *bytes = reinterpret_cast<const char *>(&code);
      result.codes.insert(result.codes.end(), bytes,
                          bytes + numerics::bitWidth(result.storage) / 8);
      same &=
          code == numerics::quantize(backend.weightQuantizeForm, values[i],
                                     {params->scale, params->zeroPoint, grid});
    }
    params->grid = grid;
    result.params.push_back(*params);
  }
  // The backend's own way of quantizing them mostly gives the same.
  if (same)
    result.codes.clear();
  return result;
}
