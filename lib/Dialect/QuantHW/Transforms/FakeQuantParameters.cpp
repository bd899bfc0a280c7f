//===- FakeQuantParameters.cpp - Schemes of tensors and weights -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FakeQuantParameters.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Numerics/NnieLog.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;
using namespace hwq;
using numerics::FakeQuantizer;
using numerics::SchemeKind;
using SchemeResult = numerics::Result<FakeQuantizer>;

FakeQuantRange hwq::getFakeQuantRange(const GroupParameters &params) {
  const numerics::Grid &grid = params.params.grid;
  return {params.threshold, llvm::Log2_64_Ceil(grid.qmax - grid.qmin + 1),
          params.params.zeroPoint != grid.qmin};
}

template <typename T>
static SchemeResult toScheme(const numerics::Result<T> &result) {
  if (!result)
    return numerics::failure(result.error());
  return FakeQuantizer(*result);
}

SchemeResult hwq::deriveScheme(const SchemeChoice &choice,
                               const Backend &backend,
                               const FakeQuantRange &range,
                               std::optional<int> exponent) {
  switch (choice.kind) {
  case SchemeKind::FixedPoint: {
    numerics::FixedPoint format;
    format.bits = range.bits;
    format.isSigned = range.isSigned;
    if (exponent) {
      format.exponent = *exponent;
      return toScheme(numerics::checked(format));
    }
    numerics::Range values{range.isSigned ? -range.largest : 0, range.largest};
    return toScheme(numerics::deriveFixedPoint(values, format));
  }
  case SchemeKind::BlockFixedPoint: {
    numerics::BlockFixedPoint format;
    format.mantissaBits = range.bits;
    format.blockSize = static_cast<size_t>(backend.blockSize);
    return toScheme(numerics::checked(format));
  }
  case SchemeKind::PowerOfTwo: {
    numerics::PowerOfTwoSet format;
    // More bits are exponents beyond those of f32.
    format.bits = std::min(range.bits, range.isSigned ? 7u : 6u);
    format.isSigned = range.isSigned;
    return toScheme(numerics::derivePowerOfTwoSet(range.largest, format));
  }
  case SchemeKind::NnieLog: {
    // Zeros alone have no logarithm.
    numerics::Result<int> zeroPoint = numerics::nnieZeroPoint(
        range.largest > 0 ? static_cast<float>(range.largest) : 1.0f);
    if (!zeroPoint)
      return numerics::failure(zeroPoint.error());
    return toScheme(numerics::checked(numerics::NnieLog{*zeroPoint}));
  }
  case SchemeKind::Quadratic: {
    numerics::QuadraticSteps format;
    format.bits = range.bits;
    format.isSigned = range.isSigned;
    return toScheme(numerics::deriveQuadraticSteps(range.largest, format));
  }
  case SchemeKind::Float: {
    // fp8 needs the scale; the wider formats have the range of their own.
    bool narrow = choice.format == numerics::FloatFormat::Fp8E4M3 ||
                  choice.format == numerics::FloatFormat::Fp8E5M2;
    if (narrow)
      return toScheme(
          numerics::deriveLowPrecisionFloat(choice.format, range.largest));
    numerics::LowPrecisionFloat format;
    format.format = choice.format;
    return toScheme(numerics::checked(format));
  }
  case SchemeKind::Codebook:
    return numerics::failure("a codebook is found from values, not from a "
                             "range");
  case SchemeKind::Affine:
    break;
  }
  return numerics::failure("expected a scheme that is not affine");
}

SchemeResult hwq::deriveScheme(const SchemeChoice &choice,
                               const Backend &backend, ArrayRef<float> values,
                               unsigned bits, std::optional<int> exponent) {
  if (choice.kind == SchemeKind::Codebook)
    return toScheme(numerics::kMeans(values.data(), values.size(), 1u << bits));
  FakeQuantRange range;
  range.bits = bits;
  for (float v : values)
    range.largest = std::max(range.largest, std::fabs(static_cast<double>(v)));
  return deriveScheme(choice, backend, range, exponent);
}

LogicalResult hwq::fakeQuantizeWeights(const WeightParameters &weights,
                                       StringRef name, const Backend &backend,
                                       std::optional<int> exponent) {
  Operation *op = weights.op;
  unsigned index = *QuantizableOpInterface(weights.op).getWeightOperand();
  Value value = op->getOperand(index);
  FailureOr<std::vector<float>> values = getFloatConstant(value);
  if (failed(values))
    return op->emitError() << "the weights of '" << name
                           << "' are not an f32 constant";
  OpBuilder builder(op);
  auto type = cast<RankedTensorType>(value.getType());
  size_t channels = weights.perChannel ? weights.params.size() : 1;
  size_t size = values->size() / std::max<size_t>(channels, 1);
  const numerics::Grid &grid = weights.params.front().grid;
  SmallVector<Attribute> attrs;
  for (size_t c = 0; c < channels; ++c) {
    auto scheme =
        deriveScheme(backend.weightScheme, backend,
                     ArrayRef<float>(*values).slice(c * size, size),
                     llvm::Log2_64_Ceil(grid.qmax - grid.qmin + 1), exponent);
    if (!scheme)
      return op->emitError() << "the weights of '" << name << "', channel " << c
                             << ": " << scheme.error();
    attrs.push_back(SchemeAttr::get(op->getContext(), *scheme));
  }
  op->setOperand(index, FakeQuantOp::create(builder, op->getLoc(), type, value,
                                            builder.getArrayAttr(attrs)));
  return success();
}
