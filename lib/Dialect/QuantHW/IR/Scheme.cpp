//===- Scheme.cpp - Schemes that are no quantized type -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"

using namespace mlir;
using namespace hwq;

namespace {
/// The scheme of the fields, or what is wrong with them.
struct SchemeFields {
  numerics::SchemeKind kind;
  int64_t bits, exponent, block, zeroPoint;
  bool isSigned;
  double scale;
  ArrayRef<double> levels;
  numerics::FloatFormat format;
  numerics::LevelRounding rounding;

  numerics::Result<numerics::FakeQuantizer> make() const;
};
} // namespace

numerics::Result<numerics::FakeQuantizer> SchemeFields::make() const {
  using numerics::SchemeKind;
  if (bits < 1 || bits > 64 || block < 1 || std::abs(exponent) > 1024 ||
      std::abs(zeroPoint) > 65536)
    return numerics::failure("expected fields in range");
  auto width = static_cast<unsigned>(bits);
  auto step = static_cast<float>(scale);
  switch (kind) {
  case SchemeKind::Affine:
    return numerics::failure("affine schemes are quantized types");
  case SchemeKind::FixedPoint: {
    numerics::FixedPoint scheme;
    scheme.bits = width;
    scheme.isSigned = isSigned;
    scheme.exponent = static_cast<int>(exponent);
    return numerics::checked(numerics::FakeQuantizer(scheme));
  }
  case SchemeKind::BlockFixedPoint: {
    numerics::BlockFixedPoint scheme;
    scheme.mantissaBits = width;
    scheme.blockSize = static_cast<size_t>(block);
    return numerics::checked(numerics::FakeQuantizer(scheme));
  }
  case SchemeKind::PowerOfTwo: {
    numerics::PowerOfTwoSet scheme;
    scheme.bits = width;
    scheme.isSigned = isSigned;
    scheme.scale = step;
    scheme.rounding = rounding;
    return numerics::checked(numerics::FakeQuantizer(scheme));
  }
  case SchemeKind::NnieLog:
    return numerics::checked(numerics::FakeQuantizer(
        numerics::NnieLog{static_cast<int>(zeroPoint)}));
  case SchemeKind::Quadratic: {
    numerics::QuadraticSteps scheme;
    scheme.bits = width;
    scheme.isSigned = isSigned;
    scheme.scale = step;
    return numerics::checked(numerics::FakeQuantizer(scheme));
  }
  case SchemeKind::Codebook: {
    numerics::Result<numerics::Codebook> scheme = numerics::Codebook::create(
        std::vector<float>(levels.begin(), levels.end()));
    if (!scheme)
      return numerics::failure(scheme.error());
    return numerics::FakeQuantizer(*scheme);
  }
  case SchemeKind::Float: {
    numerics::LowPrecisionFloat scheme;
    scheme.format = format;
    scheme.scale = step;
    return numerics::checked(numerics::FakeQuantizer(scheme));
  }
  }
  return numerics::failure("expected a kind of scheme");
}

static double getValue(FloatAttr scale) {
  return scale ? scale.getValueAsDouble() : 1.0;
}

LogicalResult SchemeAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 numerics::SchemeKind kind, int64_t bits,
                                 bool isSigned, int64_t exponent, int64_t block,
                                 FloatAttr scale, int64_t zeroPoint,
                                 DenseF64ArrayAttr levels,
                                 numerics::FloatFormat format,
                                 numerics::LevelRounding rounding) {
  // scheme_c1
  numerics::Result<numerics::FakeQuantizer> scheme =
      SchemeFields{kind,
                   bits,
                   exponent,
                   block,
                   zeroPoint,
                   isSigned,
                   getValue(scale),
                   levels ? levels.asArrayRef() : ArrayRef<double>(),
                   format,
                   rounding}
          .make();
  if (!scheme)
    return emitError() << "scheme '" << numerics::stringify(kind)
                       << "': " << scheme.error();
  return success();
}

numerics::FakeQuantizer SchemeAttr::getQuantizer() const {
  return *SchemeFields{getKind(),
                       getBits(),
                       getExponent(),
                       getBlock(),
                       getZeroPoint(),
                       getIsSigned(),
                       getValue(getScale()),
                       getLevels() ? getLevels().asArrayRef()
                                   : ArrayRef<double>(),
                       getFormat(),
                       getRounding()}
              .make();
}

SchemeAttr SchemeAttr::get(MLIRContext *context,
                           const numerics::FakeQuantizer &scheme) {
  Builder builder(context);
  numerics::SchemeKind kind = numerics::kindOf(scheme);
  int64_t bits = 8, exponent = 0, block = 32, zeroPoint = 0;
  bool isSigned = true;
  FloatAttr scale;
  DenseF64ArrayAttr levels;
  auto format = numerics::FloatFormat::Fp16;
  auto rounding = numerics::LevelRounding::Log;
  auto setScale = [&](float value) { scale = builder.getF64FloatAttr(value); };
  if (const auto *s = std::get_if<numerics::FixedPoint>(&scheme)) {
    bits = s->bits;
    isSigned = s->isSigned;
    exponent = s->exponent;
  } else if (const auto *s = std::get_if<numerics::BlockFixedPoint>(&scheme)) {
    bits = s->mantissaBits;
    block = static_cast<int64_t>(s->blockSize);
  } else if (const auto *s = std::get_if<numerics::PowerOfTwoSet>(&scheme)) {
    bits = s->bits;
    isSigned = s->isSigned;
    setScale(s->scale);
    rounding = s->rounding;
  } else if (const auto *s = std::get_if<numerics::NnieLog>(&scheme)) {
    zeroPoint = s->zeroPoint;
  } else if (const auto *s = std::get_if<numerics::QuadraticSteps>(&scheme)) {
    bits = s->bits;
    isSigned = s->isSigned;
    setScale(s->scale);
  } else if (const auto *s = std::get_if<numerics::Codebook>(&scheme)) {
    levels = builder.getDenseF64ArrayAttr(
        std::vector<double>(s->levels().begin(), s->levels().end()));
  } else if (const auto *s =
                 std::get_if<numerics::LowPrecisionFloat>(&scheme)) {
    format = s->format;
    setScale(s->scale);
  }
  return get(context, kind, bits, isSigned, exponent, block, scale, zeroPoint,
             levels, format, rounding);
}

LogicalResult FakeQuantOp::verify() {
  // fake_quant_c1
  std::optional<numerics::SchemeKind> kind;
  for (Attribute attr : getSchemes()) {
    auto scheme = dyn_cast<SchemeAttr>(attr);
    if (!scheme || kind.value_or(scheme.getKind()) != scheme.getKind())
      return emitOpError() << "expects schemes of one kind, got " << attr;
    kind = scheme.getKind();
  }
  if (!kind)
    return emitOpError() << "expects at least one scheme";
  // fake_quant_c2
  RankedTensorType type = getInput().getType();
  int64_t count = static_cast<int64_t>(getSchemes().size());
  if (count > 1 && (type.getRank() == 0 || type.getDimSize(0) != count))
    return emitOpError() << "expects one scheme or one for each index of axis "
                            "0, got "
                         << count << " for " << type;
  return success();
}
