//===- EpilogueTest.cpp - From a dot product to an output code ------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Epilogue.h"

#include "OperatorTestUtils.h"
#include "Random.h"
#include "hwq/Numerics/Accumulator.h"
#include "hwq/Numerics/Bias.h"
#include "hwq/Numerics/Quantize.h"

using namespace hwq::numerics;

// One dot product through every backend (reference 1.6): x = (.37, -1.21, .05),
// w = (.42, -.83, .11), b = .25; the float result is 1.4152. Calibrated ranges:
// x in [-1.8, .5], w in [-.83, .42], y in [-2.1, 1.6].

namespace {

using Codes = std::vector<int64_t>;

const std::vector<float> xs = {.37f, -1.21f, .05f}, ws = {.42f, -.83f, .11f};
constexpr double b = .25;

Codes quantizeAll(QuantizeForm form, const std::vector<float> &values,
                  const QuantParams &params) {
  Codes codes;
  for (float v : values)
    codes.push_back(quantize(form, v, params));
  return codes;
}

/// sum((qx - zx) * (qw - zw)), put together from its four terms.
int32_t accumulate(const Codes &qx, int64_t zx, const Codes &qw, int64_t zw) {
  int64_t products = 0, x = 0, w = 0, direct = 0;
  for (size_t i = 0; i < qx.size(); ++i) {
    products += qx[i] * qw[i];
    x += qx[i];
    w += qw[i];
    direct += (qx[i] - zx) * (qw[i] - zw);
  }
  int64_t sum = products + windowZeroPoint(zw, x) +
                foldedZeroPoints(zx, zw, w, static_cast<int64_t>(qx.size()));
  EXPECT_EQ(sum, direct);
  return static_cast<int32_t>(sum);
}

Epilogue derive(const EpilogueOptions &options, const QuantParams &x,
                double weightScale, const QuantParams &y,
                const std::vector<double> &bias) {
  auto e = deriveEpilogue(options, x, {weightScale}, y, bias);
  EXPECT_TRUE(static_cast<bool>(e)) << e.error();
  return e ? *e : Epilogue{};
}

const Grid narrow{-127, 127};

} // namespace

TEST(Epilogue, Tflite) {
  QuantParams x{2.3 / 255, 72, i8}, w{.83 / 127, 0, narrow},
      y{3.7 / 255, 17, i8};
  Codes qx = quantizeAll(QuantizeForm::Q3, xs, x),
        qw = quantizeAll(QuantizeForm::Q3, ws, w);
  EXPECT_EQ(qx, (Codes{113, -62, 78}));
  EXPECT_EQ(qw, (Codes{64, -127, 17}));
  Epilogue e = derive({}, x, w.scale, y, {b});
  ASSERT_EQ(e.bias.size(), 1u);
  EXPECT_EQ(e.bias[0], 4241);
  int32_t acc = accumulate(qx, 72, qw, 0);
  EXPECT_EQ(acc + e.bias[0], 23985);
  // e = -7: shift 31 + 7.
  EXPECT_EQ(e.requantize.multipliers[0], (Multiplier{1116709808, 38}));
  EXPECT_EQ(applyEpilogue(e, 0, acc), 114);
  EXPECT_NEAR(dequantize(114, y), 1.40745, 1e-5);
  // The optimized and the default engine give the same here.
  for (RequantizeKernel kernel : {RequantizeKernel::R11, RequantizeKernel::R12,
                                  RequantizeKernel::R4, RequantizeKernel::R2}) {
    EpilogueOptions options;
    options.kernel = kernel;
    EXPECT_EQ(applyEpilogue(derive(options, x, w.scale, y, {b}), 0, acc), 114);
  }
}

TEST(Epilogue, TensorRT) {
  QuantParams x{1.8 / 127, 0, i8}, w{.83 / 127, 0, narrow}, y{2.1 / 127, 0, i8};
  Codes qx = quantizeAll(QuantizeForm::Q2, xs, x),
        qw = quantizeAll(QuantizeForm::Q2, ws, w);
  EXPECT_EQ(qx, (Codes{26, -85, 4}));
  EXPECT_EQ(qw, (Codes{64, -127, 17}));
  int32_t acc = accumulate(qx, 0, qw, 0);
  EXPECT_EQ(acc, 12527);
  EpilogueOptions options;
  options.kernel = RequantizeKernel::R14;
  options.biasForm = BiasForm::F32;
  Epilogue e = derive(options, x, w.scale, y, {b});
  EXPECT_TRUE(e.bias.empty());
  EXPECT_EQ(e.requantize.bias[0], .25f);
  EXPECT_NEAR(e.requantize.outputScale, .0165354, 1e-7);
  EXPECT_EQ(applyEpilogue(e, 0, acc), 85);
  EXPECT_NEAR(dequantize(85, y), 1.40551, 1e-5);
}

// The output stays float; the weights' range is larger below zero: 128 steps.
TEST(Epilogue, Acl) {
  QuantParams x{2.3 / 255, 72, i8}, w{.83 / 128, 0, i8}, y{1, 0, i8};
  Codes qx = quantizeAll(QuantizeForm::Q1, xs, x),
        qw = quantizeAll(QuantizeForm::Q4, ws, w);
  EXPECT_EQ(qx, (Codes{113, -62, 78}));
  EXPECT_EQ(qw, (Codes{65, -128, 17}));
  EpilogueOptions options;
  options.kernel = RequantizeKernel::R9;
  options.biasRounding = Rounding::RNE;
  Epilogue e = derive(options, x, w.scale, y, {b});
  EXPECT_EQ(e.bias[0], 4274);
  int32_t acc = accumulate(qx, 72, qw, 0);
  EXPECT_EQ(acc + e.bias[0], 24193);
  EXPECT_NEAR(e.requantize.scales[0], 5.8487e-5, 1e-9);
  EXPECT_NEAR(dequantizeAccumulator(e, 0, acc), 1.41496, 1e-5);
  // The chip's fp16 keeps 11 bits of the accumulator: 24193 -> 24192.
  e.requantize.precision = DequantPrecision::F16;
  float half = dequantizeAccumulator(e, 0, acc);
  EXPECT_NE(half, 0);
  EXPECT_NEAR(half, 1.41496, 2e-3);
  // Fused requantization to the next op's int8.
  e.requantize.precision = DequantPrecision::Requant;
  e.requantize.outputScale = .02f;
  e.requantize.zeroPoint = 3;
  EXPECT_EQ(applyEpilogue(e, 0, acc), 74); // 70.75 + 3
}

TEST(Epilogue, Fbgemm) {
  QuantParams x{2.3 / 255, 200, u8}, w{double(.83f / 127.5f), 0, i8},
      y{3.7 / 255, 145, u8};
  Codes qx = quantizeAll(QuantizeForm::Q1, xs, x),
        qw = quantizeAll(QuantizeForm::Q1, ws, w);
  EXPECT_EQ(qx, (Codes{241, 66, 206}));
  EXPECT_EQ(qw, (Codes{65, -127, 17})); // -127.49999
  int32_t acc = accumulate(qx, 200, qw, 0);
  EXPECT_EQ(acc, 19785);
  EpilogueOptions options;
  options.kernel = RequantizeKernel::R4;
  options.biasForm = BiasForm::F32;
  for (bool perChannel : {false, true}) {
    options.perChannelWeights = perChannel;
    Epilogue e = derive(options, x, w.scale, y, {b});
    EXPECT_NEAR(e.requantize.scales[0], .004046635, 1e-9);
    EXPECT_EQ(applyEpilogue(e, 0, acc), 242);
    // A fused multiply-add, or a quotient.
    EXPECT_EQ(e.requantize.biasUnits.empty(), perChannel);
  }
  EXPECT_NEAR(dequantize(242, y), 1.40745, 1e-5);
}

TEST(Epilogue, Tvm) {
  QuantParams x{0x1p-4, 0, narrow}, w{0x1p-7, 0, narrow}, y{0x1p-4, 0, narrow};
  Codes qx = quantizeAll(QuantizeForm::Q3, xs, x),
        qw = quantizeAll(QuantizeForm::Q3, ws, w);
  EXPECT_EQ(qx, (Codes{6, -19, 1}));
  EXPECT_EQ(qw, (Codes{54, -106, 14}));
  auto bias = quantizeBiasI8PotShifted({b});
  ASSERT_TRUE(static_cast<bool>(bias));
  EXPECT_EQ(bias->codes[0], 127);
  EXPECT_EQ(bias->fractionBits, 9);
  int32_t acc =
      accumulate(qx, 0, qw, 0) + *alignPotBias(127, bias->fractionBits, 4 + 7);
  EXPECT_EQ(acc, 2860);
  EpilogueOptions options;
  options.kernel = RequantizeKernel::R6;
  Epilogue e = derive(options, x, w.scale, y, {});
  EXPECT_EQ(e.requantize.multipliers[0].shift, 7);
  EXPECT_EQ(applyEpilogue(e, 0, acc), 22);
  EXPECT_EQ(dequantize(22, y), 1.375f);
}

TEST(Epilogue, Dpu) {
  // Fix points 6, 7, 5 and 8.
  QuantParams x{0x1p-6, 0, i8}, w{0x1p-7, 0, i8}, y{0x1p-5, 0, i8};
  Codes qx = quantizeAll(QuantizeForm::Q3, xs, x),
        qw = quantizeAll(QuantizeForm::Q3, ws, w);
  EXPECT_EQ(qx, (Codes{24, -77, 3}));
  EXPECT_EQ(qw, (Codes{54, -106, 14}));
  auto bias = quantizeBiasI8Pot({b}, 8);
  ASSERT_TRUE(static_cast<bool>(bias));
  EXPECT_EQ(bias->codes[0], 64);
  int32_t acc = accumulate(qx, 0, qw, 0) + *alignPotBias(64, 8, 6 + 7);
  EXPECT_EQ(acc, 11548);
  EpilogueOptions options;
  options.kernel = RequantizeKernel::R6;
  Epilogue e = derive(options, x, w.scale, y, {});
  EXPECT_EQ(e.requantize.multipliers[0].shift, 8); // shift_cut
  EXPECT_EQ(applyEpilogue(e, 0, acc), 45);
  EXPECT_EQ(dequantize(45, y), 1.40625f);
}

// The DSP's form, with the output's zero point in the bias, and the portable
// one.
TEST(Epilogue, Snpe) {
  QuantParams x{2.3 / 255, 200, u8}, w{1.25 / 255, 169, u8},
      y{3.7 / 255, 145, u8};
  Codes qx = quantizeAll(QuantizeForm::Q5, xs, x),
        qw = quantizeAll(QuantizeForm::Q5, ws, w);
  EXPECT_EQ(qx, (Codes{241, 66, 206}));
  EXPECT_EQ(qw, (Codes{255, 0, 191}));
  int32_t acc = accumulate(qx, 200, qw, 169);
  EXPECT_EQ(acc, 26304);
  EpilogueOptions options;
  options.kernel = RequantizeKernel::R10;
  Epilogue e = derive(options, x, w.scale, y, {b});
  EXPECT_EQ(e.bias[0], 53240);
  EXPECT_EQ(e.requantize.multipliers[0], (Multiplier{6543763, 31}));
  EXPECT_EQ(applyEpilogue(e, 0, acc), 242);
  EXPECT_NEAR(dequantize(242, y), 1.40745, 1e-5);
  options.kernel = RequantizeKernel::R2;
  e = derive(options, x, w.scale, y, {b});
  EXPECT_EQ(applyEpilogue(e, 0, acc), 242);
}

// 4.5c's example: range 260100, reciprocal 2105376.
TEST(Epilogue, HexagonVector) {
  QuantParams x{2.0 / 255, 0, u8}, y{(3.9843 + 4.0157) / 255, 128, u8};
  EpilogueOptions options;
  options.kernel = RequantizeKernel::R10;
  Epilogue e = derive(options, x, 1.0 / 255, y, {});
  EXPECT_EQ(e.requantize.multipliers[0], (Multiplier{2105376, 31}));
  struct {
    int32_t acc;
    int64_t code;
  } table[] = {
      {-100000, 30}, {-1000, 127}, {0, 128}, {1000, 129}, {100000, 226}};
  for (const auto &row : table)
    EXPECT_EQ(applyEpilogue(e, 0, row.acc), row.code) << row.acc;
}

TEST(Epilogue, Nnpi) {
  QuantParams x{1.8 / 128, 0, i8}, w{.83 / 128, 0, i8}, y{2.1 / 128, 0, i8};
  Codes qx = quantizeAll(QuantizeForm::Q4, xs, x),
        qw = quantizeAll(QuantizeForm::Q4, ws, w);
  EXPECT_EQ(qx, (Codes{26, -86, 4}));
  EXPECT_EQ(qw, (Codes{65, -128, 17}));
  EpilogueOptions options;
  options.kernel = RequantizeKernel::R8;
  Epilogue e = derive(options, x, w.scale, y, {b});
  EXPECT_EQ(e.bias[0], 2742);
  int32_t acc = accumulate(qx, 0, qw, 0);
  EXPECT_EQ(acc + e.bias[0], 15508);
  EXPECT_EQ(applyEpilogue(e, 0, acc), 86);
  EXPECT_NEAR(dequantize(86, y), 1.41094, 1e-5);
}

// C4: zero points on both sides.  B1: a padding tap has the input's zero point
// as its code.
TEST(Epilogue, B1C4ZeroPointsAndPadding) {
  std::mt19937_64 generator = seededGenerator();
  for (int round = 0; round < 1000; ++round) {
    auto code = [&] { return static_cast<int64_t>(generator() % 256); };
    int64_t zx = code(), zw = code();
    Codes qx, qw;
    int64_t inside = 0;
    for (int i = 0; i < 9; ++i) {
      bool padding = generator() % 3 == 0;
      qx.push_back(padding ? zx : code());
      qw.push_back(code());
      if (!padding)
        inside += (qx.back() - zx) * (qw.back() - zw);
    }
    ASSERT_EQ(accumulate(qx, zx, qw, zw), inside);
  }
}

// The folded zero points are part of the number that TPU-MLIR rounds.
TEST(Epilogue, FoldedZeroPoints) {
  QuantParams x{.5, 3, i8}, y{1, 0, i8};
  EpilogueOptions options;
  // -1.5 - 3*sum(1) = -4.5 in units of 0.5, against RHA(-1.5) - 3.
  options.kernel = RequantizeKernel::R7;
  auto e = deriveEpilogue(options, x, {1}, y, {-.75},
                          {foldedZeroPoints(3, 0, 1, 1)});
  ASSERT_TRUE(static_cast<bool>(e)) << e.error();
  EXPECT_EQ(e->bias[0], -5);
  e = deriveEpilogue(options, x, {1}, y, {.75}, {foldedZeroPoints(3, 0, 1, 1)});
  EXPECT_EQ(e->bias[0], -2); // -1.5
  options.kernel = RequantizeKernel::R1;
  e = deriveEpilogue(options, x, {1}, y, {.75}, {foldedZeroPoints(3, 0, 1, 1)});
  EXPECT_EQ(e->bias[0], -1); // 2 - 3
}

TEST(Epilogue, PerChannel) {
  QuantParams x{.5, 0, i8}, y{1, 0, i8};
  auto e = deriveEpilogue({}, x, {.5, .25}, y, {1, 1});
  ASSERT_TRUE(static_cast<bool>(e)) << e.error();
  EXPECT_EQ(e->bias, (std::vector<int32_t>{4, 8}));
  EXPECT_EQ(applyEpilogue(*e, 0, 36), 10);
  EXPECT_EQ(applyEpilogue(*e, 1, 72), 10);
}

// Reference 4.7c, legacy uint8: f64(f32(sx*sw))/sy.
TEST(Epilogue, ProductInF32) {
  float sx = .0123f, sw = .0456f, sy = .0789f;
  QuantParams x{double(sx), 3, {0, 255}}, y{double(sy), 7, {0, 255}};
  EpilogueOptions options;
  auto multiplier = [&] {
    return derive(options, x, double(sw), y, {}).requantize.multipliers[0];
  };
  EXPECT_EQ(multiplier().multiplier, 1954036935);
  options.scaleProduct = ScaleProduct::F32;
  EXPECT_EQ(multiplier().multiplier, 1954036961);
  EXPECT_EQ(multiplier().shift, 38);
  options.kernel = RequantizeKernel::R12;
  EXPECT_EQ(derive(options, x, double(sw), y, {}).requantize.scales[0],
            double(sx * sw) / double(sy));
  auto error = [&] {
    return deriveEpilogue(options, x, {double(sw)}, y, {}).error();
  };
  for (RequantizeKernel kernel :
       {RequantizeKernel::R4, RequantizeKernel::R7, RequantizeKernel::R8,
        RequantizeKernel::R9, RequantizeKernel::R10, RequantizeKernel::R13,
        RequantizeKernel::R14}) {
    options.kernel = kernel;
    EXPECT_EQ(error(), "epilogue: the kernel '" +
                           std::string(stringify(kernel)) +
                           "' combines scales in its own way, expected a "
                           "product in f64");
  }
  options.kernel = RequantizeKernel::R1;
  options.multiplierRule = MultiplierRule::CV18xx;
  EXPECT_NE(error(), "");
}

// Reference 4.10e: the multiplier of the weight scale comes back as it was,
// whatever the scales of input and output, and the bias is made for it.
TEST(Epilogue, Coupled) {
  EpilogueOptions options;
  options.multiplierRule = MultiplierRule::CV18xx;
  options.biasRounding = Rounding::RNE;
  std::mt19937_64 random = seededGenerator();
  std::uniform_real_distribution<float> threshold(1e-3f, 40), most(1e-4f, 2),
      real(-1, 1);
  for (int i = 0; i < 2000; ++i) {
    float x = threshold(random), y = threshold(random);
    QuantParams in{static_cast<double>(x) / 127, 0, {-128, 127}},
        out{static_cast<double>(y) / 127, 0, {-128, 127}};
    float scale = cv18xxScale(most(random), 0, x, y);
    auto m = chooseMultiplier(MultiplierRule::CV18xx, scale);
    ASSERT_TRUE(static_cast<bool>(m)) << m.error();
    double bias = static_cast<double>(real(random));
    double weight = multiplierValue(*m) * out.scale / in.scale;
    auto e = deriveEpilogue(options, in, {weight}, out, {bias});
    ASSERT_TRUE(static_cast<bool>(e)) << e.error();
    EXPECT_EQ(e->requantize.multipliers[0].multiplier, m->multiplier);
    EXPECT_EQ(e->requantize.multipliers[0].shift, m->shift);
    EXPECT_EQ(e->bias[0], cv18xxBias(static_cast<float>(bias), y, *m));
  }
}

TEST(Epilogue, Errors) {
  QuantParams q{.1, 3, i8};
  auto error = [&](EpilogueOptions options, std::vector<double> scales,
                   std::vector<double> bias, std::vector<int64_t> folded = {}) {
    return deriveEpilogue(options, q, scales, q, bias, folded).error();
  };
  for (RequantizeKernel kernel : allValues<RequantizeKernel>()) {
    SCOPED_TRACE(stringify(kernel));
    EpilogueOptions options;
    options.kernel = kernel;
    EXPECT_NE(error(options, {}, {}), "");
    EXPECT_NE(error(options, {0.1, 0}, {}), "");
    EXPECT_NE(error(options, {NAN}, {}), "");
    EXPECT_NE(error(options, {.1, .1}, {1}), "");
    EXPECT_NE(error(options, {.1}, {INFINITY}), "");
    EXPECT_NE(error(options, {.1}, {1, 2}, {3}), "");
    // E1.
    EXPECT_NE(error(options, {1e-20}, {5}), "");
    options.biasForm = BiasForm::F32;
    if (kernel != RequantizeKernel::R4 && kernel != RequantizeKernel::R14 &&
        kernel != RequantizeKernel::R10)
      EXPECT_NE(error(options, {.1}, {1}), "");
  }
  EXPECT_NE(error({}, {.1}, {}, {INT64_C(1) << 40}), "");
}
