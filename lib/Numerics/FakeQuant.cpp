//===- FakeQuant.cpp - Every scheme as a fake quantizer -------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/FakeQuant.h"

#include "hwq/Numerics/NnieLog.h"
#include "hwq/Numerics/Quantize.h"

#include "SchemeLoops.h"

#include <algorithm>
#include <limits>

namespace hwq::numerics {
namespace {

constexpr int64_t lowestCode = -32768, highestCode = 65535;
constexpr int64_t fewestCodes = 4, mostCodes = 65536;

/// Through codes of type `Code`, in pieces that stay in the cache.
template <class Code>
void throughCodes(const Affine &scheme, const float *x, size_t count,
                  float *y) {
  constexpr size_t piece = 1024;
  Code codes[piece];
  for (size_t i = 0; i < count; i += piece) {
    size_t n = std::min(piece, count - i);
    quantizeArray(scheme.form, x + i, n, scheme.params, codes);
    dequantizeArray(codes, n, scheme.params, y + i);
  }
}

Range ends(double lo, double hi) { return {lo, hi}; }

Range rangeOfOne(const Affine &s) {
  auto end = [&](int64_t q) {
    return static_cast<double>(dequantize(q, s.params));
  };
  return ends(end(s.params.grid.qmin), end(s.params.grid.qmax));
}
Range rangeOfOne(const BlockFixedPoint &) {
  double limit = static_cast<double>(std::numeric_limits<float>::max());
  return ends(-limit, limit);
}
Range rangeOfOne(const LowPrecisionFloat &s) {
  double limit = static_cast<double>(s.scale * layoutOf(s.format).maxFinite);
  return ends(-limit, limit);
}
Range rangeOfOne(const NnieLog &s) {
  double limit = static_cast<double>(dequantize(s, 0x7f));
  return ends(-limit, limit);
}
/// The saturating codes of the others clamp what is beyond.
template <class S> Range rangeOfOne(const S &s) {
  constexpr int32_t limit = std::numeric_limits<int32_t>::max();
  return ends(static_cast<double>(dequantize(s, -limit)),
              static_cast<double>(dequantize(s, limit)));
}

Result<FakeQuantizer> checkedOne(const Codebook &book) {
  if (book.levels().empty())
    return failure("expected 1 to 65536 levels, got 0");
  return FakeQuantizer(book);
}
template <class S> Result<FakeQuantizer> checkedOne(const S &scheme) {
  Result<S> result = checked(scheme);
  if (!result)
    return result.takeFailure();
  return FakeQuantizer(*result);
}

struct KindOf {
  SchemeKind operator()(const Affine &) { return SchemeKind::Affine; }
  SchemeKind operator()(const FixedPoint &) { return SchemeKind::FixedPoint; }
  SchemeKind operator()(const BlockFixedPoint &) {
    return SchemeKind::BlockFixedPoint;
  }
  SchemeKind operator()(const PowerOfTwoSet &) {
    return SchemeKind::PowerOfTwo;
  }
  SchemeKind operator()(const NnieLog &) { return SchemeKind::NnieLog; }
  SchemeKind operator()(const QuadraticSteps &) {
    return SchemeKind::Quadratic;
  }
  SchemeKind operator()(const Codebook &) { return SchemeKind::Codebook; }
  SchemeKind operator()(const LowPrecisionFloat &) { return SchemeKind::Float; }
};

} // namespace

Result<Affine> checked(Affine scheme) {
  const auto &[scale, zeroPoint, grid] = scheme.params;
  auto scaleF32 = static_cast<float>(scale);
  if (!std::isnormal(scaleF32) || scaleF32 < 0)
    return failure("expected a scale above 0 that is a normal f32, got " +
                   text(scale));
  bool within = grid.qmin >= lowestCode && grid.qmax <= highestCode;
  int64_t codes = within ? grid.qmax - grid.qmin + 1 : 0;
  // A narrow grid has one code less.
  if (codes < fewestCodes - 1 || codes > mostCodes)
    return failure("expected a grid of 2 to 16 bits, got " +
                   std::to_string(grid.qmin) + ".." +
                   std::to_string(grid.qmax));
  if (zeroPoint < grid.qmin || zeroPoint > grid.qmax)
    return failure("expected a zero point from " + std::to_string(grid.qmin) +
                   " to " + std::to_string(grid.qmax) + ", got " +
                   std::to_string(zeroPoint));
  Range range = rangeOfOne(scheme);
  if (!std::isfinite(range.min) || !std::isfinite(range.max))
    return failure("expected a scale with finite values in f32, got " +
                   text(scale));
  return scheme;
}

int32_t quantize(const Affine &scheme, float x) {
  return static_cast<int32_t>(quantize(scheme.form, x, scheme.params));
}

float dequantize(const Affine &scheme, int32_t code) {
  return dequantize(static_cast<int64_t>(code), scheme.params);
}

void quantizeArray(const Affine &scheme, const float *x, size_t count,
                   int32_t *codes) {
  quantizeArray(scheme.form, x, count, scheme.params, codes);
}

void fakeQuantize(const Affine &scheme, const float *x, size_t count,
                  float *y) {
  const Grid &grid = scheme.params.grid;
  if (grid.qmin >= std::numeric_limits<int16_t>::min() &&
      grid.qmax <= std::numeric_limits<int16_t>::max())
    return throughCodes<int16_t>(scheme, x, count, y);
  throughCodes<int32_t>(scheme, x, count, y);
}

Result<NnieLog> checked(NnieLog scheme) {
  if (scheme.zeroPoint < -2016 || scheme.zeroPoint > 1920)
    return failure("expected a zero point from -2016 to 1920, got " +
                   std::to_string(scheme.zeroPoint));
  return scheme;
}

int32_t quantize(const NnieLog &scheme, float x) {
  return nnieEncode(x, scheme.zeroPoint);
}

float dequantize(const NnieLog &scheme, int32_t code) {
  return nnieDecode(static_cast<uint8_t>(code & 0xff), scheme.zeroPoint);
}

void quantizeArray(const NnieLog &scheme, const float *x, size_t count,
                   int32_t *codes) {
  quantizeEach(scheme, x, count, codes);
}

void fakeQuantize(const NnieLog &scheme, const float *x, size_t count,
                  float *y) {
  fakeQuantizeEach(scheme, x, count, y);
}

SchemeKind kindOf(const FakeQuantizer &scheme) {
  return std::visit(KindOf(), scheme);
}

Result<FakeQuantizer> checked(const FakeQuantizer &scheme) {
  return std::visit([](const auto &s) { return checkedOne(s); }, scheme);
}

Range rangeOf(const FakeQuantizer &scheme) {
  return std::visit([](const auto &s) { return rangeOfOne(s); }, scheme);
}

void fakeQuantize(const FakeQuantizer &scheme, const float *x, size_t rows,
                  size_t rowLength, float *y) {
  if (const auto *block = std::get_if<BlockFixedPoint>(&scheme))
    return fakeQuantize(*block, x, rows, rowLength, y);
  std::visit(
      [&](const auto &s) {
        if constexpr (!std::is_same_v<decltype(s), const BlockFixedPoint &>)
          fakeQuantize(s, x, rows * rowLength, y);
      },
      scheme);
}

} // namespace hwq::numerics
