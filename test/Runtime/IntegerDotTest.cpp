//===- IntegerDotTest.cpp - Exactness of all dot product paths --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../../lib/Runtime/IntegerDot.h"
#include "IntegerTestUtils.h"
#include <algorithm>

using namespace hwq::runtime;
using namespace hwq::test;

namespace {

enum class Data { Random, Zero, Low, High, Checkered };

DotProblem randomProblem(Random &random, bool depthwise) {
  DotProblem p;
  for (;;) {
    p.kernelH = random(1, 5);
    p.kernelW = random(1, 5);
    p.strideH = random(1, 3);
    p.strideW = random(1, 3);
    p.dilationH = random(0, 3) ? 1 : random(2, 3);
    p.dilationW = random(0, 3) ? 1 : random(2, 3);
    p.inH = random(1, 15);
    p.inW = random(1, 15);
    p.padTop = p.padBottom = p.padLeft = p.padRight = 0;
    if (random.coin()) {
      p.padTop = random(0, 3);
      p.padBottom = random(0, 3);
      p.padLeft = random(0, 3);
      p.padRight = random(0, 3);
    }
    if (random(0, 7) == 0) { // pointwise
      p.kernelH = p.kernelW = p.strideH = p.strideW = 1;
      p.padTop = p.padBottom = p.padLeft = p.padRight = 0;
    }
    p.groups = depthwise ? random(2, 70) : random(0, 2) ? 1 : random(2, 4);
    p.inC = p.groups * (depthwise ? 1 : random(1, p.groups == 1 ? 40 : 9));
    p.outC = p.groups *
             (depthwise ? random(1, 3) : random(1, p.groups == 1 ? 37 : 9));
    int64_t h = p.inH + p.padTop + p.padBottom - (p.kernelH - 1) * p.dilationH;
    int64_t w = p.inW + p.padLeft + p.padRight - (p.kernelW - 1) * p.dilationW;
    if (h < 1 || w < 1)
      continue;
    p.outH = (h - 1) / p.strideH + 1;
    p.outW = (w - 1) / p.strideW + 1;
    break;
  }
  p.inputSigned = random.coin();
  int64_t low = p.inputSigned ? -128 : 0;
  int64_t code = random(0, 3);
  p.padCode = static_cast<int32_t>(low + (code == 0   ? 0
                                          : code == 1 ? 255
                                                      : random(0, 255)));
  return p;
}

void fillWeights(DotProblem &p, Random &random, Data data, int64_t extent) {
  p.weights.resize(p.outC * p.kernelH * p.kernelW * p.groupInputs());
  int64_t zero = random(-extent, 0); // an asymmetric grid of extent + 1 codes
  for (size_t i = 0; i < p.weights.size(); ++i)
    switch (data) {
    case Data::Random:
      p.weights[i] = static_cast<int16_t>(zero + random(0, extent));
      break;
    case Data::Zero:
      p.weights[i] = 0;
      break;
    case Data::Low:
      p.weights[i] = static_cast<int16_t>(-extent);
      break;
    case Data::High:
      p.weights[i] = static_cast<int16_t>(extent);
      break;
    case Data::Checkered:
      p.weights[i] = static_cast<int16_t>(i % 3 ? 127 : -128);
      break;
    }
}

std::vector<uint8_t> makeInput(const DotProblem &p, int64_t images,
                               Random &random, Data data) {
  std::vector<uint8_t> x(images * p.inH * p.inW * p.inC);
  int64_t low = p.inputSigned ? -128 : 0;
  for (size_t i = 0; i < x.size(); ++i) {
    int64_t code = low;
    switch (data) {
    case Data::Random:
      code += random(0, 255);
      break;
    case Data::Zero:
      code = 0;
      break;
    case Data::Low:
      break;
    case Data::High:
      code += 255;
      break;
    case Data::Checkered:
      code += i % 2 ? 255 : 0;
      break;
    }
    x[i] = static_cast<uint8_t>(code);
  }
  return x;
}

/// The sums of IntegerDot::run, modulo 2^32, straight from its definition.
std::vector<uint32_t> reference(const DotProblem &p,
                                const std::vector<uint8_t> &x, int64_t images,
                                int32_t offset) {
  std::vector<uint32_t> out;
  for (int64_t n = 0; n < images; ++n)
    for (int64_t oy = 0; oy < p.outH; ++oy)
      for (int64_t ox = 0; ox < p.outW; ++ox)
        for (int64_t o = 0; o < p.outC; ++o) {
          int64_t sum = 0;
          for (int64_t ky = 0; ky < p.kernelH; ++ky)
            for (int64_t kx = 0; kx < p.kernelW; ++kx)
              for (int64_t i = 0; i < p.groupInputs(); ++i) {
                int64_t y = oy * p.strideH + ky * p.dilationH - p.padTop;
                int64_t c = ox * p.strideW + kx * p.dilationW - p.padLeft;
                int64_t code = p.padCode;
                if (y >= 0 && y < p.inH && c >= 0 && c < p.inW) {
                  uint8_t bits = x[((n * p.inH + y) * p.inW + c) * p.inC +
                                   o / p.groupOutputs() * p.groupInputs() + i];
                  code = p.inputSigned ? static_cast<int8_t>(bits) : bits;
                }
                sum += (code - offset) * p.weight(o, ky, kx, i);
              }
          out.push_back(static_cast<uint32_t>(sum));
        }
  return out;
}

std::string describe(const DotProblem &p) {
  std::string text;
  for (int64_t v :
       {p.inH, p.inW, p.inC, p.outC, p.kernelH, p.kernelW, p.padTop,
        p.padBottom, p.padLeft, p.padRight, p.strideH, p.strideW, p.dilationH,
        p.dilationW, p.groups, int64_t(p.inputSigned), int64_t(p.padCode)})
    text += std::to_string(v) + " ";
  return text;
}

void check(const DotProblem &p, const IntegerDot &dot, int64_t images,
           Random &random, Data data) {
  std::vector<uint8_t> x = makeInput(p, images, random, data);
  auto workspace = createWorkspace();
  std::vector<uint32_t> got(images * p.outH * p.outW * p.outC, 0xdeadbeef);
  int64_t seen = 0;
  llvm::Error error =
      dot.run(Tensor::view(p.inputSigned ? DType::I8 : DType::U8,
                           {images, p.inH, p.inW, p.inC},
                           static_cast<const void *>(x.data())),
              *workspace, [&](int32_t *acc, int64_t first, int64_t count) {
                seen += count;
                std::copy_n(acc, count * p.outC, got.begin() + first * p.outC);
                std::fill_n(acc, count * p.outC, 77); // the sink may overwrite
              });
  ASSERT_FALSE(static_cast<bool>(error)) << llvm::toString(std::move(error));
  EXPECT_EQ(seen, images * p.outH * p.outW);
  ASSERT_EQ(got, reference(p, x, images, dot.offset()))
      << describe(p) << "path " << static_cast<int>(dot.path());
}

class DotPaths : public testing::TestWithParam<DotPath> {};

TEST_P(DotPaths, RandomProblems) {
  Random random(1);
  int made = 0;
  for (int trial = 0; trial < 150; ++trial) {
    DotProblem p = randomProblem(random, GetParam() == DotPath::Depthwise);
    // Narrow weights too: those oneDNN sums exactly in 8 bits on every CPU.
    fillWeights(p, random, Data::Random, trial % 2 ? 255 : 60);
    auto dot = IntegerDot::create(p, GetParam());
    if (!dot) {
      ASSERT_EQ(GetParam(), DotPath::Int8) << llvm::toString(dot.takeError());
      EXPECT_FALSE(cpuFeatures().dotProduct) << describe(p);
      llvm::consumeError(dot.takeError());
      continue;
    }
    ++made;
    check(p, **dot, random(1, 5), random, Data::Random);
  }
  EXPECT_GE(made, GetParam() == DotPath::Int8 ? 20 : 150);
}

TEST_P(DotPaths, Extremes) {
  Random random(2);
  for (Data weights : {Data::Zero, Data::Low, Data::High, Data::Checkered})
    for (Data data : {Data::Zero, Data::Low, Data::High, Data::Checkered}) {
      DotProblem p = randomProblem(random, GetParam() == DotPath::Depthwise);
      fillWeights(p, random, weights, 255);
      auto dot = IntegerDot::create(p, GetParam());
      if (!dot) {
        ASSERT_EQ(GetParam(), DotPath::Int8);
        EXPECT_FALSE(cpuFeatures().dotProduct);
        llvm::consumeError(dot.takeError());
        continue;
      }
      check(p, **dot, 2, random, data);
    }
}

INSTANTIATE_TEST_SUITE_P(All, DotPaths,
                         testing::Values(DotPath::Auto, DotPath::Int8,
                                         DotPath::Pairs, DotPath::F32,
                                         DotPath::Depthwise));

// 2304 taps of 255 * 255 are far beyond 2^24: f32 has to split the channels.
TEST(IntegerDot, ManyTaps) {
  Random random(3);
  for (DotPath path : {DotPath::Auto, DotPath::Pairs, DotPath::F32})
    for (int64_t groups : {1, 2}) {
      DotProblem p;
      p.inH = p.inW = p.outH = p.outW = 4;
      p.kernelH = p.kernelW = 3;
      p.padTop = p.padBottom = p.padLeft = p.padRight = 1;
      p.inC = 256 * groups;
      p.outC = 18 * groups;
      p.groups = groups;
      p.padCode = 3;
      fillWeights(p, random, Data::High, 255);
      auto dot = IntegerDot::create(p, path);
      ASSERT_TRUE(static_cast<bool>(dot));
      check(p, **dot, 2, random, Data::High);
      check(p, **dot, 1, random, Data::Random);
    }
}

// 40000 inputs of 255 * 255 leave i32: the sums wrap as on the machine.
TEST(IntegerDot, WrapsBeyond32Bits) {
  Random random(4);
  for (DotPath path : {DotPath::Auto, DotPath::Pairs, DotPath::F32}) {
    DotProblem p;
    p.inC = 40000;
    p.outC = 3;
    fillWeights(p, random, Data::High, 255);
    auto dot = IntegerDot::create(p, path);
    ASSERT_TRUE(static_cast<bool>(dot));
    check(p, **dot, 7, random, Data::High);
  }
}

// More images and rows than fit one block of any path.
TEST(IntegerDot, ManyBlocks) {
  Random random(5);
  for (DotPath path : {DotPath::Auto, DotPath::Pairs, DotPath::F32})
    for (bool pointwise : {false, true}) {
      DotProblem p;
      p.inH = 41;
      p.inW = 67;
      p.inC = 31;
      p.outC = 21;
      if (!pointwise) {
        p.kernelH = 3;
        p.kernelW = 2;
        p.padTop = 1;
        p.padRight = 2;
        p.padCode = 255;
      }
      p.outH = p.inH + p.padTop - p.kernelH + 1;
      p.outW = p.inW + p.padRight - p.kernelW + 1;
      fillWeights(p, random, Data::Random, 255);
      auto dot = IntegerDot::create(p, path);
      ASSERT_TRUE(static_cast<bool>(dot));
      check(p, **dot, 3, random, Data::Random);
    }
}

// The probe is what keeps saturating sums out; without dot product
// instructions these weights saturate in 8 bits.
TEST(IntegerDot, ProbeRefusesSaturation) {
  DotProblem p;
  p.inH = p.inW = p.outH = p.outW = 8;
  p.inC = p.outC = 32;
  p.weights.assign(32 * 32, 127);
  auto dot = IntegerDot::create(p, DotPath::Int8);
  if (cpuFeatures().dotProduct) {
    ASSERT_TRUE(static_cast<bool>(dot)) << llvm::toString(dot.takeError());
    return;
  }
  Random random(6);
  if (dot) // a oneDNN without fast 8-bit loops may well be exact
    check(p, **dot, 1, random, Data::High);
  else
    EXPECT_EQ(llvm::toString(dot.takeError()),
              "8-bit dot products are not exact on this CPU");
}

} // namespace
