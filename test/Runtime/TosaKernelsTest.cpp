//===- TosaKernelsTest.cpp - TOSA's computing ops against naive loops -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FloatTestUtils.h"
#include <cmath>
#include <limits>

using namespace hwq::runtime;
using namespace hwq::runtime::test;
using llvm::formatv;

namespace {

const char *const u8Type = "!quant.uniform<u8:f32, 0.5:128>";
const char *const i8Type = "!quant.uniform<i8:f32, 0.5:3>";

class TosaKernels : public KernelTest {
protected:
  // One pooling op on a random geometry.
  template <typename T, typename Accumulate>
  void checkPool(Random &rnd, llvm::StringRef element, bool average,
                 Accumulate accumulate);
};

template <typename T, typename Accumulate>
void TosaKernels::checkPool(Random &rnd, llvm::StringRef element, bool average,
                            Accumulate accumulate) {
  int64_t n = rnd(1, 2), c = rnd(1, 40), size[2], k[2], s[2], p[4], out[2];
  for (int a = 0; a < 2; ++a) {
    do {
      size[a] = rnd(1, 12);
      k[a] = rnd(1, 5);
      p[2 * a] = rnd(0, k[a] - 1);
      p[2 * a + 1] = rnd(0, k[a] - 1);
      s[a] = rnd(1, 3);
      out[a] = size[a] + p[2 * a] + p[2 * a + 1] - k[a];
    } while (out[a] < 0 || out[a] % s[a] != 0);
    out[a] = out[a] / s[a] + 1;
  }
  Tensor x = rnd.tensor<T>({n, size[0], size[1], c});
  std::string in = typeText({-1, size[0], size[1], c}, element),
              to = typeText({-1, out[0], out[1], c}, element);
  std::string attributes =
      formatv("kernel = array<i64: {0}>, stride = array<i64: {1}>, pad = "
              "array<i64: {2}>",
              listText(k), listText(s), listText(p))
          .str();
  std::string body =
      average ? zeroF32 + formatv("%y = tosa.avg_pool2d %a0, %zp, %zp {{{0}, "
                                  "acc_type = f32} : ({1}, tensor<1xf32>, "
                                  "tensor<1xf32>) -> {2}",
                                  attributes, in, to)
                              .str()
              : formatv("%y = tosa.max_pool2d %a0 {{{0}} : ({1}) -> {2}",
                        attributes, in, to)
                    .str();
  SCOPED_TRACE(body);
  Tensor y = run(body, {in}, to, {x});
  std::vector<T> taps;
  std::vector<double> expected;
  for (int64_t b = 0; b < n; ++b)
    for (int64_t i = 0; i < out[0]; ++i)
      for (int64_t j = 0; j < out[1]; ++j)
        for (int64_t f = 0; f < c; ++f) {
          taps.clear();
          for (int64_t u = i * s[0] - p[0]; u < i * s[0] - p[0] + k[0]; ++u)
            for (int64_t v = j * s[1] - p[2]; v < j * s[1] - p[2] + k[1]; ++v)
              if (u >= 0 && v >= 0 && u < size[0] && v < size[1])
                taps.push_back(
                    x.data<T>()[((b * size[0] + u) * size[1] + v) * c + f]);
          expected.push_back(accumulate(taps));
        }
  ASSERT_EQ(y.shape(), llvm::ArrayRef<int64_t>({n, out[0], out[1], c}));
  for (size_t i = 0; i < expected.size(); ++i) {
    if (average)
      ASSERT_NEAR(y.data<T>()[i], expected[i], 2e-6) << i;
    else
      ASSERT_EQ(y.data<T>()[i], static_cast<T>(expected[i])) << i;
  }
}

TEST_F(TosaKernels, MaxPool) {
  Random rnd;
  auto top = [](const auto &taps) -> double {
    return *std::max_element(taps.begin(), taps.end());
  };
  for (int t = 0; t < 60 && !HasFatalFailure(); ++t) {
    checkPool<float>(rnd, "f32", false, top);
    checkPool<uint8_t>(rnd, u8Type, false, top);
    checkPool<int8_t>(rnd, i8Type, false, top);
  }
}

TEST_F(TosaKernels, AvgPoolCountsValidTaps) {
  Random rnd;
  for (int t = 0; t < 100 && !HasFatalFailure(); ++t)
    checkPool<float>(rnd, "f32", true, [](const std::vector<float> &taps) {
      double sum = 0;
      for (float v : taps)
        sum += v;
      return sum / taps.size();
    });
}

TEST_F(TosaKernels, Broadcasting) {
  Random rnd;
  const char *const names[] = {"add", "sub", "maximum", "minimum", "mul"};
  for (int t = 0; t < 300 && !HasFatalFailure(); ++t) {
    int64_t rank = rnd(1, 5);
    std::vector<int64_t> a(rank), b(rank), out(rank);
    for (int64_t d = 0; d < rank; ++d) {
      out[d] = a[d] = b[d] = rnd(1, 6);
      int64_t kind = rnd(0, 3);
      if (kind == 0)
        a[d] = 1;
      if (kind == 1)
        b[d] = 1;
    }
    int which = t % 5;
    auto check = [&](llvm::StringRef element, auto zero, auto expect) {
      using T = decltype(zero);
      Tensor x = rnd.tensor<T>(a), z = rnd.tensor<T>(b);
      std::vector<std::string> types{typeText(a, element),
                                     typeText(b, element)};
      std::string to = typeText(out, element);
      bool mul = which == 4;
      std::string body =
          (mul ? "%s = \"tosa.const\"() <{values = dense<0> : tensor<1xi8>}> : "
                 "() -> tensor<1xi8>\n"
               : "") +
          formatv("%y = tosa.{0} %a0, %a1{1} : ({2}, {3}{4}) -> {5}",
                  names[which], mul ? ", %s" : "", types[0], types[1],
                  mul ? ", tensor<1xi8>" : "", to)
              .str();
      SCOPED_TRACE(body);
      Tensor y = run(body, types, to, {x, z}, 2);
      std::vector<T> expected;
      for (int64_t i = 0; i < y.numElements(); ++i) {
        int64_t rest = i, atA = 0, atB = 0, stepA = 1, stepB = 1;
        for (int64_t d = rank; d-- > 0;) {
          int64_t q = rest % out[d];
          rest /= out[d];
          atA += a[d] == 1 ? 0 : q * stepA;
          atB += b[d] == 1 ? 0 : q * stepB;
          stepA *= a[d];
          stepB *= b[d];
        }
        expected.push_back(expect(x.data<T>()[atA], z.data<T>()[atB]));
      }
      expectSame<T>(y, out, expected);
    };
    auto expect = [&](auto p, auto q) {
      return which == 0   ? p + q
             : which == 1 ? p - q
             : which == 2 ? std::max(p, q)
             : which == 3 ? std::min(p, q)
                          : p * q;
    };
    check("f32", float(), expect);
    check("i32", int32_t(), expect);
  }
}

TEST_F(TosaKernels, ArithmeticRejectsQuantizedValues) {
  std::string type = typeText({2}, u8Type);
  Tensor x = Tensor::zeros(DType::U8, {2});
  EXPECT_NE(errorOf("%y = tosa.add %a0, %a1 : (" + type + ", " + type +
                        ") -> " + type,
                    {type, type}, type, {x, x}, 2)
                .find("quantized"),
            std::string::npos);
}

TEST_F(TosaKernels, MulShiftRounds) {
  Tensor a = Tensor::fromValues<int32_t>({3, -3, 1 << 30, -5}, {4}),
         b = Tensor::fromValues<int32_t>({1, 1, 4, 3}, {4});
  std::string body =
      "%s = \"tosa.const\"() <{values = dense<1> : tensor<1xi8>}> : () -> "
      "tensor<1xi8>\n%y = tosa.mul %a0, %a1, %s : (tensor<4xi32>, "
      "tensor<4xi32>, tensor<1xi8>) -> tensor<4xi32>";
  // (a * b + 1) >> 1; 2^31 wraps.
  expectSame<int32_t>(
      run(body, {"tensor<4xi32>", "tensor<4xi32>"}, "tensor<4xi32>", {a, b}, 2),
      {4}, {2, -1, std::numeric_limits<int32_t>::min(), -7});
}

TEST_F(TosaKernels, SelectAndCompare) {
  Random rnd;
  Tensor a = rnd.tensor<float>({4, 5}), b = rnd.tensor<float>({1, 5});
  Tensor y =
      run("%c = tosa.greater %a0, %a1 : (tensor<4x5xf32>, tensor<1x5xf32>) -> "
          "tensor<4x5xi1>\n%y = tosa.select %c, %a0, %a1 : (tensor<4x5xi1>, "
          "tensor<4x5xf32>, tensor<1x5xf32>) -> tensor<4x5xf32>",
          {"tensor<4x5xf32>", "tensor<1x5xf32>"}, "tensor<4x5xf32>", {a, b}, 2);
  std::vector<float> expected;
  for (int64_t i = 0; i < 20; ++i)
    expected.push_back(std::max(a.data<float>()[i], b.data<float>()[i % 5]));
  expectSame<float>(y, {4, 5}, expected);
}

TEST_F(TosaKernels, Clamp) {
  float nan = std::numeric_limits<float>::quiet_NaN();
  Tensor x = Tensor::fromValues<float>({-1, 0, 3, 6.5f, 7, nan}, {6});
  Tensor y = run("%y = tosa.clamp %a0 {min_val = 0.0 : f32, max_val = 6.0 : "
                 "f32} : (tensor<6xf32>) -> tensor<6xf32>",
                 {"tensor<6xf32>"}, "tensor<6xf32>", {x});
  expectSame<float>(y.slice0(0, 5), {5}, {0, 0, 3, 6, 6});
  EXPECT_TRUE(std::isnan(y.data<float>()[5]));
  std::string type = typeText({4}, u8Type);
  expectSame<uint8_t>(
      run("%y = tosa.clamp %a0 {min_val = 128 : ui8, max_val = 200 : ui8} : (" +
              type + ") -> " + type,
          {type}, type, {Tensor::fromValues<uint8_t>({0, 128, 199, 255}, {4})}),
      {4}, {128, 128, 199, 200});
  type = typeText({4}, i8Type);
  expectSame<int8_t>(
      run("%y = tosa.clamp %a0 {min_val = -3 : i8, max_val = 5 : i8} : (" +
              type + ") -> " + type,
          {type}, type, {Tensor::fromValues<int8_t>({-128, -3, 5, 127}, {4})}),
      {4}, {-3, -3, 5, 5});
}

TEST_F(TosaKernels, Cast) {
  Tensor x = Tensor::fromValues<float>(
      {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 126.6f, 200, -200, 3e9f, -3e9f}, {10});
  expectSame<int32_t>(
      run("%y = tosa.cast %a0 : (tensor<10xf32>) -> tensor<10xi32>",
          {"tensor<10xf32>"}, "tensor<10xi32>", {x}),
      {10},
      {0, 2, 2, 0, -2, 127, 200, -200, std::numeric_limits<int32_t>::max(),
       std::numeric_limits<int32_t>::min()});
  expectSame<int8_t>(
      run("%y = tosa.cast %a0 : (tensor<10xf32>) -> tensor<10xi8>",
          {"tensor<10xf32>"}, "tensor<10xi8>", {x}),
      {10}, {0, 2, 2, 0, -2, 127, 127, -128, 127, -128});
  Tensor i = Tensor::fromValues<int32_t>({0, 1, 300, -129}, {4});
  expectSame<int8_t>(run("%y = tosa.cast %a0 : (tensor<4xi32>) -> tensor<4xi8>",
                         {"tensor<4xi32>"}, "tensor<4xi8>", {i}),
                     {4}, {0, 1, 44, 127});
  expectSame<float>(run("%y = tosa.cast %a0 : (tensor<4xi32>) -> tensor<4xf32>",
                        {"tensor<4xi32>"}, "tensor<4xf32>", {i}),
                    {4}, {0, 1, 300, -129});
}

TEST_F(TosaKernels, Functions) {
  Random rnd;
  struct Function {
    const char *name;
    double (*reference)(double);
    bool positive;
  } functions[] = {
      {"exp", std::exp, false},
      {"log", std::log, true},
      {"rsqrt", [](double v) { return 1 / std::sqrt(v); }, true},
      {"sigmoid", [](double v) { return 1 / (1 + std::exp(-v)); }, false},
      {"tanh", std::tanh, false},
      {"erf", std::erf, false},
      {"floor", std::floor, false},
      {"ceil", std::ceil, false},
      {"reciprocal", [](double v) { return 1 / v; }, true},
      {"abs", std::fabs, false}};
  for (const Function &f : functions) {
    SCOPED_TRACE(f.name);
    Tensor x = rnd.tensor<float>({500});
    for (float &v : x.mutableValues<float>())
      v = f.positive ? std::fabs(v) + 0.01f : v * 5;
    Tensor y = run(formatv("%y = tosa.{0} %a0 : (tensor<500xf32>) -> "
                           "tensor<500xf32>",
                           f.name)
                       .str(),
                   {"tensor<500xf32>"}, "tensor<500xf32>", {x});
    ASSERT_EQ(y.numElements(), 500);
    for (int i = 0; i < 500; ++i) {
      double expected = f.reference(x.data<float>()[i]);
      ASSERT_NEAR(y.data<float>()[i], expected,
                  1e-5 * std::fabs(expected) + 1e-7);
    }
  }
}

TEST_F(TosaKernels, Reductions) {
  Random rnd;
  for (int t = 0; t < 50 && !HasFatalFailure(); ++t) {
    std::vector<int64_t> shape{rnd(1, 5), rnd(1, 9), rnd(1, 9)};
    int64_t axis = rnd(0, 2);
    std::vector<int64_t> out = shape, dropped = shape;
    out[axis] = 1;
    dropped.erase(dropped.begin() + axis);
    Tensor x = rnd.tensor<float>(shape);
    x.data<float>()[0] = x.data<float>()[x.numElements() - 1]; // a tie
    std::string in = typeText(shape, "f32"), to = typeText(out, "f32");
    auto text = [&](llvm::StringRef op, llvm::StringRef result) {
      return formatv("%y = tosa.{0} %a0 {{axis = {1} : i32} : ({2}) -> {3}", op,
                     axis, in, result)
          .str();
    };
    int64_t step = axis == 0 ? shape[1] * shape[2] : axis == 1 ? shape[2] : 1;
    std::vector<Exact> sums;
    std::vector<float> top, bottom;
    std::vector<int32_t> index;
    for (int64_t i = 0; i < x.numElements(); ++i) {
      if (i / step % shape[axis] != 0)
        continue;
      const float *v = x.data<float>() + i;
      Exact sum;
      int32_t best = 0;
      float lo = v[0];
      for (int64_t k = 0; k < shape[axis]; ++k) {
        sum.add(v[k * step]);
        lo = std::min(lo, v[k * step]);
        if (v[k * step] > v[best * step])
          best = k;
      }
      sums.push_back(sum);
      top.push_back(v[best * step]);
      bottom.push_back(lo);
      index.push_back(best);
    }
    expectNear(run(text("reduce_sum", to), {in}, to, {x}), out, sums);
    expectSame<float>(run(text("reduce_max", to), {in}, to, {x}), out, top);
    expectSame<float>(run(text("reduce_min", to), {in}, to, {x}), out, bottom);
    std::string i32 = typeText(dropped, "i32");
    expectSame<int32_t>(run(text("argmax", i32), {in}, i32, {x}), dropped,
                        index);
  }
}

// TOSA's own dot products against quant_hw's, which FloatKernelsTest compares
// with loops.
TEST_F(TosaKernels, DotProductsEqualQuantHW) {
  Random rnd;
  Tensor x = rnd.tensor<float>({2, 9, 8, 6}),
         w = rnd.tensor<float>({5, 3, 2, 6}), b = rnd.tensor<float>({5});
  std::vector<std::string> types{"tensor<2x9x8x6xf32>", "tensor<5x3x2x6xf32>",
                                 "tensor<5xf32>"};
  std::string to = "tensor<2x5x4x5xf32>";
  Tensor y =
      run(zeroF32 + std::string("%y = tosa.conv2d %a0, %a1, %a2, %zp, %zp "
                                "{acc_type = f32, pad = array<i64: 1, 1, 0, 0>"
                                ", stride = array<i64: 2, 2>, dilation = "
                                "array<i64: 1, 1>} : (tensor<2x9x8x6xf32>, "
                                "tensor<5x3x2x6xf32>, tensor<5xf32>, "
                                "tensor<1xf32>, tensor<1xf32>) -> " +
                                to),
          types, to, {x, w, b});
  Tensor z = run("%y = quant_hw.conv2d %a0, %a1 bias %a2 {pad = array<i64: 1, "
                 "1, 0, 0>, stride = array<i64: 2, 2>, dilation = array<i64: "
                 "1, 1>, groups = 1 : i64} : (tensor<2x9x8x6xf32>, "
                 "tensor<5x3x2x6xf32>, tensor<5xf32>) -> " +
                     to,
                 types, to, {x, w, b});
  expectSame<float>(y, z.shape(), z.values<float>());

  to = "tensor<2x20x15x5xf32>";
  y = run(zeroF32 +
              std::string("%y = tosa.transpose_conv2d %a0, %a1, %a2, %zp, %zp "
                          "{acc_type = f32, out_pad = array<i64: 1, 0, 0, -1>, "
                          "stride = array<i64: 2, 2>} : (tensor<2x9x8x6xf32>, "
                          "tensor<5x3x2x6xf32>, tensor<5xf32>, tensor<1xf32>, "
                          "tensor<1xf32>) -> " +
                          to),
          types, to, {x, w, b});
  // The first row holds the bias only; below, the same as without it.
  Tensor plain =
      run("%y = quant_hw.transpose_conv2d %a0, %a1 bias %a2 {pad = array<i64: "
          "0, 0, 0, 1>, output_pad = array<i64: 0, 0>, stride = array<i64: 2, "
          "2>, dilation = array<i64: 1, 1>, groups = 1 : i64} : "
          "(tensor<2x9x8x6xf32>, tensor<5x3x2x6xf32>, tensor<5xf32>) -> "
          "tensor<2x19x15x5xf32>",
          types, "tensor<2x19x15x5xf32>", {x, w, b});
  ASSERT_EQ(y.shape(), llvm::ArrayRef<int64_t>({2, 20, 15, 5}));
  ASSERT_TRUE(plain);
  for (int64_t i = 0; i < y.numElements(); ++i) {
    int64_t row = i / 75 % 20, image = i / 1500;
    float expected = row == 0
                         ? b.data<float>()[i % 5]
                         : plain.data<float>()[image * 1425 + i % 1500 - 75];
    ASSERT_NEAR(y.data<float>()[i], expected, 2e-5) << i;
  }

  // Depthwise, multiplier 2: KH,KW,C,M.
  Tensor dw = rnd.tensor<float>({3, 2, 6, 2}), db = rnd.tensor<float>({12});
  Tensor packed = Tensor::allocate(DType::F32, {12, 3, 2, 1});
  for (int64_t o = 0; o < 12; ++o)
    for (int64_t k = 0; k < 6; ++k)
      packed.data<float>()[o * 6 + k] = dw.data<float>()[k * 12 + o];
  to = "tensor<2x7x7x12xf32>";
  y = run(zeroF32 +
              std::string("%y = tosa.depthwise_conv2d %a0, %a1, %a2, %zp, %zp "
                          "{acc_type = f32, pad = array<i64: 0, 0, 0, 0>, "
                          "stride = array<i64: 1, 1>, dilation = array<i64: 1, "
                          "1>} : (tensor<2x9x8x6xf32>, tensor<3x2x6x2xf32>, "
                          "tensor<12xf32>, tensor<1xf32>, tensor<1xf32>) -> " +
                          to),
          {types[0], "tensor<3x2x6x2xf32>", "tensor<12xf32>"}, to, {x, dw, db});
  z = run("%y = quant_hw.conv2d %a0, %a1 bias %a2 {pad = array<i64: 0, 0, 0, "
          "0>, stride = array<i64: 1, 1>, dilation = array<i64: 1, 1>, groups "
          "= 6 : i64} : (tensor<2x9x8x6xf32>, tensor<12x3x2x1xf32>, "
          "tensor<12xf32>) -> " +
              to,
          {types[0], "tensor<12x3x2x1xf32>", "tensor<12xf32>"}, to,
          {x, packed, db});
  expectSame<float>(y, z.shape(), z.values<float>());
}

} // namespace
