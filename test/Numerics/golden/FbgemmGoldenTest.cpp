//===- FbgemmGoldenTest.cpp - Against PyTorch with FBGEMM -----------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Golden.h"
#include "hwq/Numerics/Accumulator.h"
#include "hwq/Numerics/Add.h"
#include "hwq/Numerics/AvgPool.h"
#include "hwq/Numerics/Concat.h"
#include "hwq/Numerics/Epilogue.h"
#include "hwq/Numerics/Mul.h"

using namespace hwq::numerics;
using namespace hwq::test;

namespace {

QuantParams u8(double scale, int64_t zeroPoint) {
  return {scale, zeroPoint, u8Grid};
}

QuantParams params(const llvm::json::Object &o, const char *scale,
                   const char *zeroPoint) {
  return u8(number(o, scale), integer(o, zeroPoint));
}

/// Calls check(name, description, arrays) for every recording of an operator.
template <class Check>
void forEachRecording(const std::string &op, Check check) {
  for (const std::string &name : recordings(goldenFolder("fbgemm"), op + "_")) {
    SCOPED_TRACE(name);
    llvm::json::Value value = readJSON(name + ".json");
    const llvm::json::Object *object = value.getAsObject();
    ASSERT_TRUE(object);
    check(*object, Recording(name + ".npz"));
  }
}

} // namespace

TEST(FbgemmGolden, Add) {
  HWQ_NEEDS_GOLDEN("fbgemm");
  forEachRecording("add", [](const llvm::json::Object &o, const Recording &r) {
    QuantParams a = params(o, "sa", "za"), b = params(o, "sb", "zb"),
                y = params(o, "sy", "zy");
    auto fused = deriveAdd(AddVariant::Fbgemm, a, b, y),
         tail = deriveAdd(AddVariant::FbgemmTail, a, b, y);
    ASSERT_TRUE(fused && tail);
    if (flag(o, "relu"))
      fused->lo = tail->lo = static_cast<int32_t>(y.zeroPoint);
    Array xa = r.get("a"), xb = r.get("b");
    // The first thousand elements belong to a longer array.
    size_t whole = o.getInteger("n") ? xa.codes.size()
                                     : fbgemmFusedElements(xa.codes.size());
    std::vector<int32_t> got;
    for (size_t i = 0; i < xa.codes.size(); ++i)
      got.push_back(add(i < whole ? *fused : *tail, xa.codes[i], xb.codes[i]));
    expectEqual(got, r.get("y").codes, "add");
  });
}

TEST(FbgemmGolden, Mul) {
  HWQ_NEEDS_GOLDEN("fbgemm");
  forEachRecording("mul", [](const llvm::json::Object &o, const Recording &r) {
    auto p = deriveMul(MulVariant::Fbgemm, params(o, "sa", "za"),
                       params(o, "sb", "zb"), params(o, "sy", "zy"));
    ASSERT_TRUE(bool(p)) << p.error();
    if (flag(o, "relu"))
      p->requantize.lo = p->requantize.zeroPoint;
    Array xa = r.get("a"), xb = r.get("b");
    std::vector<int32_t> got;
    for (size_t i = 0; i < xa.codes.size(); ++i)
      got.push_back(mul(*p, xa.codes[i], xb.codes[i]));
    expectEqual(got, r.get("y").codes, "mul");
  });
}

// B4: count_include_pad counts the padding in the divisor, and only there.
TEST(FbgemmGolden, AvgPool) {
  HWQ_NEEDS_GOLDEN("fbgemm");
  forEachRecording("avgpool", [](const llvm::json::Object &o,
                                 const Recording &r) {
    QuantParams q = params(o, "s", "z");
    Array x = r.get("x"), y = r.get("y");
    int64_t h = x.dim(2), w = x.dim(3);
    std::string variant = o.getString("variant")->str();
    bool adaptive = variant.rfind("adapt", 0) == 0;
    int64_t kernel = o.getInteger("kernel").value_or(0),
            stride = o.getInteger("stride").value_or(0),
            pad = o.getInteger("pad").value_or(0);
    if (variant == "2x2/2")
      kernel = stride = 2;
    ASSERT_TRUE(adaptive || kernel > 0) << variant;
    bool last = flag(o, "channels_last");
    auto p = deriveAvgPool(last       ? AvgPoolVariant::Fbgemm
                           : adaptive ? AvgPoolVariant::FbgemmAdaptive
                                      : AvgPoolVariant::FbgemmNchw,
                           q, q, 1, 1);
    ASSERT_TRUE(bool(p)) << p.error();
    std::vector<int32_t> got;
    for (int64_t plane = 0; plane < x.dim(0) * x.dim(1); ++plane)
      for (int64_t oy = 0; oy < y.dim(2); ++oy)
        for (int64_t ox = 0; ox < y.dim(3); ++ox) {
          int64_t y0 = oy * stride - pad, x0 = ox * stride - pad;
          int64_t y1 = std::min(y0 + kernel, h + pad),
                  x1 = std::min(x0 + kernel, w + pad);
          if (adaptive) {
            y0 = oy * h / y.dim(2);
            y1 = ((oy + 1) * h + y.dim(2) - 1) / y.dim(2);
            x0 = ox * w / y.dim(3);
            x1 = ((ox + 1) * w + y.dim(3) - 1) / y.dim(3);
          }
          int64_t divisor = (y1 - y0) * (x1 - x0), sum = 0;
          int32_t taps = 0;
          for (int64_t iy = std::max<int64_t>(y0, 0); iy < std::min(y1, h);
               ++iy)
            for (int64_t ix = std::max<int64_t>(x0, 0); ix < std::min(x1, w);
                 ++ix) {
              sum += x.codes[(plane * h + iy) * w + ix];
              ++taps;
            }
          bool counted = o.getBoolean("count_include_pad").value_or(true);
          got.push_back(averagePool(
              *p, sum, taps, counted ? static_cast<int32_t>(divisor) : taps));
        }
    expectEqual(got, y.codes, variant);
  });
}

TEST(FbgemmGolden, Cat) {
  HWQ_NEEDS_GOLDEN("fbgemm");
  forEachRecording("cat", [](const llvm::json::Object &o, const Recording &r) {
    ASSERT_EQ(integer(o, "axis"), 1);
    const llvm::json::Array *inputs = o.getArray("inputs");
    ASSERT_TRUE(inputs);
    QuantParams out = params(o, "sy", "zy");
    Array y = r.get("y");
    bool last = flag(o, "channels_last");
    ASSERT_EQ(y.dim(0), 1);
    std::vector<int32_t> got;
    for (size_t i = 0; i < inputs->size(); ++i) {
      const llvm::json::Array &pair = *(*inputs)[i].getAsArray();
      QuantParams in = u8(*pair[0].getAsNumber(), *pair[1].getAsInteger());
      Array x = r.get("x" + std::to_string(i));
      int64_t channels = x.dim(1), pixels = x.dim(2) * x.dim(3);
      for (int64_t c = 0; c < channels; ++c) {
        auto p = deriveConcat(last && c < fbgemmFusedChannels(channels)
                                  ? ConcatVariant::Fbgemm
                                  : ConcatVariant::FbgemmNchw,
                              in, out);
        ASSERT_TRUE(bool(p)) << p.error();
        for (int64_t k = 0; k < pixels; ++k)
          got.push_back(rescale(*p, x.codes[c * pixels + k]));
      }
    }
    expectEqual(got, y.codes, "cat");
  });
}

namespace {

/// Raw accumulators of a convolution (padding has the code zx) less
/// zx*sum(w), in the order of the output.
std::vector<int32_t> convolve(AccumulatorMode mode, const Array &x,
                              const Array &w, const Array &y, int64_t groups,
                              int64_t stride, int64_t pad, int64_t zx) {
  std::vector<int32_t> result;
  int64_t height = x.dim(2), width = x.dim(3), kh = w.dim(2), kw = w.dim(3),
          inner = w.dim(1), perGroup = w.dim(0) / groups;
  std::vector<uint8_t> patch;
  for (int64_t n = 0; n < y.dim(0); ++n)
    for (int64_t c = 0; c < y.dim(1); ++c) {
      std::vector<int8_t> weights;
      int64_t sum = 0;
      for (int64_t i = 0; i < inner * kh * kw; ++i) {
        int32_t code = w.codes[c * inner * kh * kw + i];
        weights.push_back(static_cast<int8_t>(code));
        sum += code;
      }
      int64_t folded =
          foldedZeroPoints(zx, 0, sum, static_cast<int64_t>(weights.size()));
      for (int64_t oy = 0; oy < y.dim(2); ++oy)
        for (int64_t ox = 0; ox < y.dim(3); ++ox) {
          patch.clear();
          for (int64_t i = 0; i < inner; ++i)
            for (int64_t ky = 0; ky < kh; ++ky)
              for (int64_t kx = 0; kx < kw; ++kx) {
                int64_t iy = oy * stride + ky - pad,
                        ix = ox * stride + kx - pad,
                        channel = c / perGroup * inner + i;
                bool inside = iy >= 0 && iy < height && ix >= 0 && ix < width;
                patch.push_back(static_cast<uint8_t>(
                    inside ? x.codes[((n * x.dim(1) + channel) * height + iy) *
                                         width +
                                     ix]
                           : zx));
              }
          result.push_back(static_cast<int32_t>(
              dotProduct(mode, patch.data(), weights.data(), patch.size()) +
              folded));
        }
    }
  return result;
}

std::vector<int32_t> outputs(const llvm::json::Object &o, const Recording &r,
                             const std::vector<int32_t> &acc, size_t channels,
                             size_t inner) {
  Array scales = r.get("sw");
  std::vector<double> bias;
  if (r.contains("bias"))
    for (float b : r.get("bias").reals)
      bias.push_back(b);
  EpilogueOptions options;
  options.kernel = RequantizeKernel::R4;
  options.biasForm = BiasForm::F32;
  options.perChannelWeights = flag(o, "per_channel");
  QuantParams y = params(o, "sy", "zy");
  auto e = deriveEpilogue(
      options, params(o, "sx", "zx"),
      std::vector<double>(scales.reals.begin(), scales.reals.end()), y, bias);
  EXPECT_TRUE(bool(e)) << e.error();
  std::vector<int32_t> got;
  if (!e)
    return got;
  if (flag(o, "relu"))
    e->requantize.lo = y.zeroPoint;
  for (size_t i = 0; i < acc.size(); ++i)
    got.push_back(
        static_cast<int32_t>(applyEpilogue(*e, i / inner % channels, acc[i])));
  return got;
}

} // namespace

// B1: padding has the code of zero.
TEST(FbgemmGolden, Conv2d) {
  HWQ_NEEDS_GOLDEN("fbgemm");
  int saturated = 0;
  forEachRecording("conv2d", [&](const llvm::json::Object &o,
                                 const Recording &r) {
    Array x = r.get("x"), w = r.get("w"), y = r.get("y");
    auto sums = [&](AccumulatorMode mode) {
      return convolve(mode, x, w, y, integer(o, "groups"), integer(o, "stride"),
                      integer(o, "pad"), integer(o, "zx"));
    };
    std::string shape = o.getString("shape")->str();
    std::vector<int32_t> acc = sums(AccumulatorMode::Exact);
    expectEqual(acc, r.get("acc").codes, "accumulators");
    size_t inner = static_cast<size_t>(y.dim(2) * y.dim(3));
    if (shape.find("saturates") != std::string::npos) {
      std::vector<int32_t> narrow = sums(AccumulatorMode::DepthwiseSat);
      saturated += narrow != acc;
      acc = narrow;
    }
    expectEqual(outputs(o, r, acc, static_cast<size_t>(y.dim(1)), inner),
                y.codes, shape);
  });
  EXPECT_GT(saturated, 0);
}

TEST(FbgemmGolden, Linear) {
  HWQ_NEEDS_GOLDEN("fbgemm");
  forEachRecording(
      "linear", [](const llvm::json::Object &o, const Recording &r) {
        Array x = r.get("x"), w = r.get("w"), y = r.get("y");
        size_t k = static_cast<size_t>(x.dim(1));
        std::vector<uint8_t> codes(x.codes.begin(), x.codes.end());
        std::vector<int8_t> weights(w.codes.begin(), w.codes.end());
        std::vector<int32_t> acc;
        for (int64_t m = 0; m < x.dim(0); ++m)
          for (int64_t n = 0; n < w.dim(0); ++n) {
            const int8_t *row = &weights[static_cast<size_t>(n) * k];
            int64_t sum = 0;
            for (size_t i = 0; i < k; ++i)
              sum += row[i];
            acc.push_back(static_cast<int32_t>(
                dotProduct(AccumulatorMode::Exact,
                           &codes[static_cast<size_t>(m) * k], row, k) +
                foldedZeroPoints(integer(o, "zx"), 0, sum,
                                 static_cast<int64_t>(k))));
          }
        expectEqual(acc, r.get("acc").codes, "accumulators");
        expectEqual(outputs(o, r, acc, static_cast<size_t>(w.dim(0)), 1),
                    y.codes, "linear");
      });
}
