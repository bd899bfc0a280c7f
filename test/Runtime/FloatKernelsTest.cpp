//===- FloatKernelsTest.cpp - quant_hw's float ops against naive loops -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../lib/Runtime/FloatDot.h"
#include "FloatTestUtils.h"
#include <cmath>
#include <thread>

using namespace hwq::runtime;
using namespace hwq::runtime::test;
using llvm::formatv;

namespace {

struct Conv {
  int64_t n, h, w, c, o, kh, kw, groups;
  int64_t pad[4], stride[2], dilation[2], outputPad[2] = {0, 0};
  bool bias;
  int64_t oh, ow;

  static Conv random(Random &rnd, bool transposed) {
    Conv k;
    do {
      k.n = rnd(1, 3);
      k.h = rnd(1, 13);
      k.w = rnd(1, 13);
      k.kh = rnd(1, 4);
      k.kw = rnd(1, 4);
      k.groups = rnd(0, 2) ? 1 : rnd(1, 4);
      int64_t in = rnd(1, 20), out = rnd(1, 20);
      if (rnd(0, 3) == 0) { // depthwise, sometimes with a multiplier
        k.groups = in;
        in = 1;
        out = rnd(1, 2);
      }
      k.c = k.groups * in;
      k.o = k.groups * out;
      for (int64_t &p : k.pad)
        p = rnd(0, 3);
      for (int i = 0; i < 2; ++i) {
        k.stride[i] = rnd(1, 3);
        k.dilation[i] = rnd(1, 2);
        k.outputPad[i] = transposed ? rnd(0, 3) : 0;
      }
      k.bias = rnd(0, 1);
      int64_t spanH = (k.kh - 1) * k.dilation[0] + 1;
      int64_t spanW = (k.kw - 1) * k.dilation[1] + 1;
      if (transposed) {
        k.oh = (k.h - 1) * k.stride[0] + spanH - k.pad[0] - k.pad[1] +
               k.outputPad[0];
        k.ow = (k.w - 1) * k.stride[1] + spanW - k.pad[2] - k.pad[3] +
               k.outputPad[1];
      } else {
        int64_t restH = k.h + k.pad[0] + k.pad[1] - spanH;
        int64_t restW = k.w + k.pad[2] + k.pad[3] - spanW;
        k.oh = restH < 0 ? 0 : restH / k.stride[0] + 1;
        k.ow = restW < 0 ? 0 : restW / k.stride[1] + 1;
      }
    } while (k.oh < 1 || k.ow < 1);
    return k;
  }

  std::string body(llvm::StringRef op) const {
    std::string types = typeText({-1, h, w, c}, "f32") + ", " +
                        typeText({o, kh, kw, c / groups}, "f32") +
                        (bias ? ", " + typeText({o}, "f32") : "");
    return formatv("%y = quant_hw.{0} %a0, %a1 {1} {{pad = array<i64: {2}>, "
                   "stride = array<i64: {3}>, dilation = array<i64: {4}>, {5}"
                   "groups = {6} : i64} : ({7}) -> {8}",
                   op, bias ? "bias %a2" : "", listText(pad), listText(stride),
                   listText(dilation),
                   op == "conv2d" ? std::string()
                                  : "output_pad = array<i64: " +
                                        listText(outputPad) + ">, ",
                   groups, types, typeText({-1, oh, ow, o}, "f32"))
        .str();
  }

  // Adds all products; `transposed` swaps the roles of the positions.
  std::vector<Exact> reference(const Tensor &x, const Tensor &weights,
                               const Tensor &b, bool transposed) const {
    std::vector<Exact> y(n * oh * ow * o);
    for (size_t i = 0; bias && i < y.size(); ++i)
      y[i].add(b.data<float>()[i % o]);
    int64_t ci = c / groups, co = o / groups;
    int64_t rows = transposed ? h : oh, columns = transposed ? w : ow;
    for (int64_t in = 0; in < n; ++in)
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j)
          for (int64_t ki = 0; ki < kh; ++ki)
            for (int64_t kj = 0; kj < kw; ++kj) {
              int64_t r = i * stride[0] + ki * dilation[0] - pad[0];
              int64_t s = j * stride[1] + kj * dilation[1] - pad[2];
              if (r < 0 || s < 0 || r >= (transposed ? oh : h) ||
                  s >= (transposed ? ow : w))
                continue;
              int64_t to =
                  transposed ? (in * oh + r) * ow + s : (in * oh + i) * ow + j;
              int64_t from =
                  transposed ? (in * h + i) * w + j : (in * h + r) * w + s;
              for (int64_t f = 0; f < o; ++f)
                for (int64_t q = 0; q < ci; ++q)
                  y[to * o + f].add(
                      static_cast<double>(
                          x.data<float>()[from * c + f / co * ci + q]) *
                      weights
                          .data<float>()[((f * kh + ki) * kw + kj) * ci + q]);
            }
    return y;
  }
};

class FloatKernels : public KernelTest {
protected:
  void checkConvs(llvm::StringRef op, bool transposed, int count) {
    Random rnd;
    for (int i = 0; i < count && !HasFatalFailure(); ++i) {
      Conv k = Conv::random(rnd, transposed);
      SCOPED_TRACE(k.body(op));
      Tensor x = rnd.tensor<float>({k.n, k.h, k.w, k.c});
      Tensor w = rnd.tensor<float>({k.o, k.kh, k.kw, k.c / k.groups});
      Tensor b = rnd.tensor<float>({k.o});
      Tensor y = run(k.body(op),
                     {typeText({-1, k.h, k.w, k.c}, "f32"),
                      typeText({k.o, k.kh, k.kw, k.c / k.groups}, "f32"),
                      typeText({k.o}, "f32")},
                     typeText({-1, k.oh, k.ow, k.o}, "f32"), {x, w, b});
      expectNear(y, {k.n, k.oh, k.ow, k.o}, k.reference(x, w, b, transposed));
    }
  }
};

TEST_F(FloatKernels, Conv2D) { checkConvs("conv2d", false, 200); }

TEST_F(FloatKernels, TransposeConv2D) {
  checkConvs("transpose_conv2d", true, 200);
}

TEST_F(FloatKernels, WeightsMustBeConstant) {
  EXPECT_NE(errorOf("%y = quant_hw.fully_connected %a0, %a1 : "
                    "(tensor<?x2xf32>, tensor<3x2xf32>) -> tensor<?x3xf32>",
                    {"tensor<?x2xf32>", "tensor<3x2xf32>"}, "tensor<?x3xf32>",
                    {Tensor::zeros(DType::F32, {1, 2}),
                     Tensor::zeros(DType::F32, {3, 2})},
                    2)
                .find("expected constant weights"),
            std::string::npos);
}

std::vector<Exact> product(const Tensor &a, const Tensor &b, int64_t batch,
                           int64_t m, int64_t k, int64_t n, bool transposeB) {
  std::vector<Exact> y(batch * m * n);
  for (int64_t s = 0; s < batch; ++s)
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < n; ++j)
        for (int64_t q = 0; q < k; ++q)
          y[(s * m + i) * n + j].add(
              static_cast<double>(a.data<float>()[(s * m + i) * k + q]) *
              b.data<float>()[transposeB ? j * k + q : (s * k + q) * n + j]);
  return y;
}

TEST_F(FloatKernels, FullyConnected) {
  Random rnd;
  for (int t = 0; t < 50 && !HasFatalFailure(); ++t) {
    int64_t m = rnd(1, 9), s = rnd(1, 3), k = rnd(1, 70), n = rnd(1, 70);
    Tensor x = rnd.tensor<float>({m, s, k}), w = rnd.tensor<float>({n, k}),
           b = rnd.tensor<float>({n});
    std::vector<std::string> types{typeText({-1, s, k}, "f32"),
                                   typeText({n, k}, "f32"),
                                   typeText({n}, "f32")};
    std::string result = typeText({-1, s, n}, "f32");
    Tensor y = run(formatv("%y = quant_hw.fully_connected %a0, %a1 bias %a2 : "
                           "({0}, {1}, {2}) -> {3}",
                           types[0], types[1], types[2], result)
                       .str(),
                   types, result, {x, w, b});
    std::vector<Exact> expected = product(x, w, 1, m * s, k, n, true);
    for (size_t i = 0; i < expected.size(); ++i)
      expected[i].add(b.data<float>()[i % n]);
    expectNear(y, {m, s, n}, expected);
  }
}

TEST_F(FloatKernels, MatMul) {
  Random rnd;
  for (int t = 0; t < 50 && !HasFatalFailure(); ++t) {
    int64_t b1 = rnd(1, 3), b2 = rnd(1, 3), m = rnd(1, 20), k = rnd(1, 40),
            n = rnd(1, 20);
    Tensor a = rnd.tensor<float>({b1, b2, m, k}),
           b = rnd.tensor<float>({b1, b2, k, n});
    std::vector<std::string> types{typeText({-1, b2, m, k}, "f32"),
                                   typeText({-1, b2, k, n}, "f32")};
    std::string result = typeText({-1, b2, m, n}, "f32");
    Tensor y = run(formatv("%y = quant_hw.matmul %a0, %a1 : ({0}, {1}) -> {2}",
                           types[0], types[1], result)
                       .str(),
                   types, result, {a, b}, 2);
    expectNear(y, {b1, b2, m, n}, product(a, b, b1 * b2, m, k, n, false));
  }
}

TEST_F(FloatKernels, Softmax) {
  Random rnd;
  for (int64_t axis = 0; axis < 3; ++axis) {
    Tensor x = rnd.tensor<float>({3, 5, 7});
    x.data<float>()[11] = 500.0f; // exp overflows without the maximum
    Tensor y = run(formatv("%y = quant_hw.softmax %a0 axis {0} : "
                           "tensor<3x5x7xf32>",
                           axis)
                       .str(),
                   {"tensor<3x5x7xf32>"}, "tensor<3x5x7xf32>", {x});
    int64_t size = x.dim(axis), step = axis == 0 ? 35 : axis == 1 ? 7 : 1;
    for (int64_t i = 0; i < x.numElements(); ++i) {
      const float *v = x.data<float>();
      int64_t first = i - i / step % size * step;
      double top = -1e30, sum = 0;
      for (int64_t k = 0; k < size; ++k)
        top = std::max<double>(top, v[first + k * step]);
      for (int64_t k = 0; k < size; ++k)
        sum += std::exp(v[first + k * step] - top);
      double expected = std::exp(v[i] - top) / sum;
      ASSERT_NEAR(y.data<float>()[i], expected, 1e-5 * expected + 1e-30);
    }
  }
}

TEST_F(FloatKernels, Unary) {
  Tensor x = Tensor::fromValues<float>({-4, -3, -1, 0, 1, 3, 4, 1e6f}, {8});
  expectSame<float>(run("%y = quant_hw.unary hard_swish %a0 : tensor<8xf32>",
                        {"tensor<8xf32>"}, "tensor<8xf32>", {x}),
                    {8},
                    {-0.0f, -0.0f, -2.0f / 6.0f, 0, 4.0f / 6.0f, 3, 4, 1e6f});
  expectSame<float>(
      run("%y = quant_hw.unary leaky_relu %a0 alpha 2.500000e-01 : "
          "tensor<8xf32>",
          {"tensor<8xf32>"}, "tensor<8xf32>", {x}),
      {8}, {-1, -0.75f, -0.25f, 0, 1, 3, 4, 1e6f});
}

// First use from many threads at once, two batch sizes: the primitives are
// created while others run, and all get the same bits.
TEST(FloatConvolution, SameBitsFromManyThreads) {
  Random rnd;
  ConvGeometry g;
  g.pad = {1, 1, 1, 1};
  auto conv = FloatConvolution::create(g, rnd.tensor<float>({24, 3, 3, 16}),
                                       rnd.tensor<float>({24}));
  ASSERT_TRUE(static_cast<bool>(conv)) << llvm::toString(conv.takeError());
  Tensor x = rnd.tensor<float>({4, 9, 10, 16});
  std::vector<std::vector<Tensor>> all(8);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < all.size(); ++t)
    threads.emplace_back([&, t] {
      auto workspace = createWorkspace();
      for (int repeat = 0; repeat < 20; ++repeat)
        for (int64_t from = 0; from < 4; from += t % 2 ? 1 : 2) {
          auto y =
              (*conv)->run(x.slice0(from, from + (t % 2 ? 1 : 2)), *workspace);
          if (y)
            all[t].push_back(y->clone());
          else
            llvm::consumeError(y.takeError());
        }
    });
  for (std::thread &thread : threads)
    thread.join();
  auto workspace = createWorkspace();
  llvm::Expected<Tensor> expected = (*conv)->run(x, *workspace);
  ASSERT_TRUE(static_cast<bool>(expected))
      << llvm::toString(expected.takeError());
  for (size_t t = 0; t < all.size(); ++t) {
    int64_t step = t % 2 ? 1 : 2;
    ASSERT_EQ(all[t].size(), static_cast<size_t>(20 * 4 / step));
    for (size_t i = 0; i < all[t].size(); ++i) {
      int64_t from = static_cast<int64_t>(i) * step % 4;
      Tensor part = expected->slice0(from, from + step);
      expectSame<float>(all[t][i], part.shape(), part.values<float>());
    }
  }
}

TEST(FloatConvolution, WrongShapesAreErrors) {
  ConvGeometry g;
  auto conv = FloatConvolution::create(
      g, Tensor::zeros(DType::F32, {4, 3, 3, 2}), Tensor());
  ASSERT_TRUE(static_cast<bool>(conv)) << llvm::toString(conv.takeError());
  auto workspace = createWorkspace();
  auto message = [&](llvm::ArrayRef<int64_t> shape) {
    auto y = (*conv)->run(Tensor::zeros(DType::F32, shape), *workspace);
    return y ? std::string() : llvm::toString(y.takeError());
  };
  EXPECT_NE(message({1, 5, 5, 3}).find("expected an f32 input [N,H,W,2]"),
            std::string::npos);
  EXPECT_NE(message({1, 2, 5, 2}).find("the kernel is larger"),
            std::string::npos);
  EXPECT_EQ(message({0, 5, 5, 2}), "");
  g.groups = 3;
  auto groups = FloatConvolution::create(
      g, Tensor::zeros(DType::F32, {4, 3, 3, 2}), Tensor());
  ASSERT_FALSE(static_cast<bool>(groups));
  EXPECT_NE(llvm::toString(groups.takeError()).find("3 groups"),
            std::string::npos);
}

} // namespace
