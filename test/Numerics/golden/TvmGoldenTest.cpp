//===- TvmGoldenTest.cpp - Against TVM relay.quantize ---------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Golden.h"
#include "hwq/Numerics/Add.h"
#include "hwq/Numerics/AvgPool.h"
#include "hwq/Numerics/Bias.h"
#include "hwq/Numerics/Epilogue.h"
#include "hwq/Numerics/Quantize.h"

#include <cmath>

using namespace hwq::numerics;
using namespace hwq::test;

namespace {

const Grid narrow{-127, 127};

/// A grid whose scale is 2^-bits.
QuantParams pot(int bits) { return {std::ldexp(1.0, -bits), 0, narrow}; }

/// A tensor of shape 1 x C x H x W.
struct Image {
  int64_t channels, height, width;
  std::vector<int32_t> codes;

  int32_t at(int64_t c, int64_t y, int64_t x) const {
    return codes[(c * height + y) * width + x];
  }
};

/// A convolution with equal padding all around, its int8 bias shifted into the
/// accumulator, requantized to int8.
Image convolve(const Image &x, const Array &w, const std::vector<float> &bias,
               int weightBits, int64_t pad) {
  PotBias codes;
  if (!bias.empty()) {
    auto quantized =
        quantizeBiasI8PotShifted(std::vector<double>(bias.begin(), bias.end()));
    EXPECT_TRUE(bool(quantized)) << quantized.error();
    codes = *quantized;
  }
  EpilogueOptions options;
  options.kernel = RequantizeKernel::R6;
  auto epilogue = deriveEpilogue(options, pot(4),
                                 {std::ldexp(1.0, -weightBits)}, pot(4), {});
  EXPECT_TRUE(bool(epilogue)) << epilogue.error();
  Image y{w.dim(0), x.height, x.width, {}};
  for (int64_t c = 0; c < y.channels; ++c) {
    int32_t start = 0;
    if (!bias.empty()) {
      auto aligned =
          alignPotBias(codes.codes[c], codes.fractionBits, 4 + weightBits);
      EXPECT_TRUE(bool(aligned)) << aligned.error();
      start = *aligned;
    }
    for (int64_t oy = 0; oy < y.height; ++oy)
      for (int64_t ox = 0; ox < y.width; ++ox) {
        int32_t acc = start;
        for (int64_t i = 0; i < w.dim(1); ++i)
          for (int64_t ky = 0; ky < w.dim(2); ++ky)
            for (int64_t kx = 0; kx < w.dim(3); ++kx) {
              int64_t iy = oy + ky - pad, ix = ox + kx - pad;
              if (iy < 0 || iy >= x.height || ix < 0 || ix >= x.width)
                continue;
              acc +=
                  x.at(i, iy, ix) *
                  w.codes[((c * w.dim(1) + i) * w.dim(2) + ky) * w.dim(3) + kx];
            }
        y.codes.push_back(
            static_cast<int32_t>(applyEpilogue(*epilogue, 0, acc)));
      }
  }
  return y;
}

} // namespace

TEST(TvmGolden, AvgPoolTruncates) {
  HWQ_NEEDS_GOLDEN("tvm");
  Recording r(goldenFolder("tvm") + "avgpool_int32_cip0.npz");
  Array x = r.get("x"), y = r.get("y");
  // 2x2, stride 2, padding 1.
  QuantParams q{1, 0, {-32768, 32767}};
  auto p = deriveAvgPool(AvgPoolVariant::Tvm, q, q, 2, 2);
  ASSERT_TRUE(bool(p)) << p.error();
  p->lo = INT32_MIN;
  p->hi = INT32_MAX;
  std::vector<int32_t> got;
  for (int64_t c = 0; c < x.dim(1); ++c)
    for (int64_t oy = 0; oy < y.dim(2); ++oy)
      for (int64_t ox = 0; ox < y.dim(3); ++ox) {
        int64_t sum = 0;
        int32_t taps = 0;
        for (int64_t iy = std::max<int64_t>(2 * oy - 1, 0);
             iy < std::min(2 * oy + 1, x.dim(2)); ++iy)
          for (int64_t ix = std::max<int64_t>(2 * ox - 1, 0);
               ix < std::min(2 * ox + 1, x.dim(3)); ++ix) {
            sum += x.codes[(c * x.dim(2) + iy) * x.dim(3) + ix];
            ++taps;
          }
        got.push_back(averagePool(*p, sum, taps, taps));
      }
  expectEqual(got, y.codes, "average pool");
}

// conv 3x3 + bias + relu -> [conv 3x3 + bias] + [conv 1x1] -> add -> relu ->
// average pool 2x2 -> max pool 2x2; every number of the quantized net.
TEST(TvmGolden, WholeNet) {
  HWQ_NEEDS_GOLDEN("tvm");
  Recording r(goldenFolder("tvm") + "relay_quantize_default_noskip.npz");
  Array x = r.get("x");
  Image image{x.dim(1), x.dim(2), x.dim(3), {}};
  for (float v : x.reals)
    image.codes.push_back(
        static_cast<int32_t>(quantize(QuantizeForm::Q3, v, pot(4))));
  // Weights: the power of two above the largest, over 128.
  auto weights = [&](const char *name, const char *recorded, int &bits) {
    Array w = r.get(name), q = r.get(recorded);
    float most = 0;
    for (float v : w.reals)
      most = std::max(most, std::fabs(v));
    bits = 7 - static_cast<int>(std::ceil(std::log2(most)));
    std::vector<int32_t> codes;
    for (float v : w.reals)
      codes.push_back(
          static_cast<int32_t>(quantize(QuantizeForm::Q3, v, pot(bits))));
    expectEqual(codes, q.codes, name);
    return q;
  };
  int bits1, bits2, bits3;
  Array w1 = weights("w1", "const1", bits1),
        w2 = weights("w2", "const5", bits2),
        w3 = weights("w3", "const9", bits3);
  auto relu = [](Image &y) {
    for (int32_t &code : y.codes)
      code = std::max(code, 0);
  };
  Image first = convolve(image, w1, r.get("b1").reals, bits1, 1);
  relu(first);
  Image lhs = convolve(first, w2, r.get("b2").reals, bits2, 1),
        rhs = convolve(first, w3, {}, bits3, 0);
  auto sum = deriveAdd(AddVariant::Tvm, pot(4), pot(4), pot(4));
  ASSERT_TRUE(bool(sum)) << sum.error();
  sum->lo = 0;
  for (size_t i = 0; i < lhs.codes.size(); ++i)
    lhs.codes[i] = add(*sum, lhs.codes[i], rhs.codes[i]);
  auto pool = deriveAvgPool(AvgPoolVariant::Tvm, pot(4), pot(4), 2, 2);
  ASSERT_TRUE(bool(pool)) << pool.error();
  std::vector<int32_t> got, want;
  for (int64_t c = 0; c < lhs.channels; ++c)
    for (int64_t y = 0; y < lhs.height; y += 4)
      for (int64_t z = 0; z < lhs.width; z += 4) {
        int32_t most = -127;
        for (int64_t dy = 0; dy < 4; dy += 2)
          for (int64_t dz = 0; dz < 4; dz += 2)
            most = std::max(most,
                            averagePool(*pool,
                                        lhs.at(c, y + dy, z + dz) +
                                            lhs.at(c, y + dy, z + dz + 1) +
                                            lhs.at(c, y + dy + 1, z + dz) +
                                            lhs.at(c, y + dy + 1, z + dz + 1),
                                        4, 4));
        got.push_back(most);
      }
  for (float v : r.get("y").reals)
    want.push_back(static_cast<int32_t>(v * 16));
  expectEqual(got, want, "net");
}
