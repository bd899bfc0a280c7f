//===- IntegerDot.cpp - Exact integer dot products --------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerDot.h"
#include "FloatDot.h"
#include "IntegerLoops.h"
#include <algorithm>
#include <cstdlib>
#include <cstring>

using namespace hwq::runtime;

IntegerDot::~IntegerDot() = default;

namespace {

/// Sums below this are exact in f32.
constexpr int64_t kExactF32 = int64_t(1) << 24;

/// Bytes of scratch that a block of images or rows may take in cache.
constexpr int64_t kBlockBytes = 256 << 10;

//===----------------------------------------------------------------------===//
// f32 convolutions on integers
//===----------------------------------------------------------------------===//

class F32Dot final : public IntegerDot {
public:
  static llvm::Expected<std::unique_ptr<IntegerDot>>
  create(const DotProblem &problem);
  llvm::Error run(const Tensor &x, Workspace &workspace,
                  DotSink sink) const override;
  int32_t offset() const override { return zero; }
  DotPath path() const override { return DotPath::F32; }

private:
  template <typename In>
  void gather(const In *x, float *y, int64_t pixels, int64_t begin,
              int64_t end) const;

  /// Input channels [begin, end) of every group.
  struct Part {
    int64_t begin, end;
    std::unique_ptr<FloatConvolution> convolution;
  };
  DotProblem p;
  int32_t zero = 0;
  std::vector<Part> parts;
};

llvm::Expected<std::unique_ptr<IntegerDot>>
F32Dot::create(const DotProblem &problem) {
  auto dot = std::make_unique<F32Dot>();
  dot->p = problem;
  const DotProblem &p = dot->p;
  // Without padding every offset is as good: the one in the middle gives the
  // smallest sums.
  int64_t low = p.inputSigned ? -128 : 0;
  dot->zero = p.isPadded() ? p.padCode : static_cast<int32_t>(low + 128);
  int64_t extent =
      std::max(std::abs(low - dot->zero), std::abs(low + 255 - dot->zero));

  const int64_t taps = p.kernelH * p.kernelW, inputs = p.groupInputs();
  std::vector<int64_t> bound(p.outC, 0), next(p.outC);
  int64_t begin = 0;
  auto close = [&](int64_t end) -> llvm::Error {
    int64_t partInputs = end - begin;
    Tensor weights = Tensor::allocate(
        DType::F32, {p.outC, p.kernelH, p.kernelW, partInputs});
    float *w = weights.data<float>();
    for (int64_t ot = 0; ot < p.outC * taps; ++ot)
      for (int64_t i = begin; i < end; ++i)
        *w++ = p.weights[ot * inputs + i];
    ConvGeometry g;
    g.pad = {p.padTop, p.padBottom, p.padLeft, p.padRight};
    g.stride = {p.strideH, p.strideW};
    g.dilation = {p.dilationH, p.dilationW};
    g.groups = p.groups;
    auto convolution = FloatConvolution::create(g, weights, Tensor());
    if (!convolution)
      return convolution.takeError();
    dot->parts.push_back({begin, end, std::move(*convolution)});
    begin = end;
    return llvm::Error::success();
  };
  for (int64_t i = 0; i < inputs; ++i) {
    for (bool fresh : {false, true}) {
      bool fits = true;
      for (int64_t o = 0; o < p.outC; ++o) {
        int64_t sum = 0;
        for (int64_t t = 0; t < taps; ++t)
          sum += std::abs(p.weights[(o * taps + t) * inputs + i]);
        next[o] = (fresh ? 0 : bound[o]) + sum * extent;
        fits &= next[o] < kExactF32;
      }
      if (fits)
        break;
      if (fresh)
        return llvm::createStringError(
            "sums over one input channel of the kernel are not exact in f32");
      if (i > begin)
        if (llvm::Error error = close(i))
          return std::move(error);
    }
    bound.swap(next);
  }
  if (llvm::Error error = close(inputs))
    return std::move(error);
  return std::unique_ptr<IntegerDot>(std::move(dot));
}

template <typename In>
void F32Dot::gather(const In *x, float *y, int64_t pixels, int64_t begin,
                    int64_t end) const {
  int64_t inputs = p.groupInputs(), count = end - begin;
  if (count == inputs) {
    widen(x, y, pixels * p.inC, zero);
    return;
  }
  for (int64_t pg = 0; pg < pixels * p.groups; ++pg)
    widen(x + pg * inputs + begin, y + pg * count, count, zero);
}

llvm::Error F32Dot::run(const Tensor &x, Workspace &workspace,
                        DotSink sink) const {
  const int64_t images = x.dim(0), inPixels = p.inH * p.inW,
                outPixels = p.outH * p.outW;
  int64_t bytes = 4 * (inPixels * p.inC + 2 * outPixels * p.outC);
  int64_t step = std::clamp<int64_t>(kBlockBytes / bytes, 1, images);
  auto *acc = static_cast<int32_t *>(
      workspace.scratch(step * outPixels * p.outC * sizeof(int32_t), 8));
  for (int64_t n = 0; n < images; n += step) {
    int64_t count = std::min(step, images - n);
    for (const Part &part : parts) {
      Tensor in =
          workspace.allocate(DType::F32, {count, p.inH, p.inW,
                                          (part.end - part.begin) * p.groups});
      int64_t first = n * inPixels * p.inC;
      if (p.inputSigned)
        gather(x.data<int8_t>() + first, in.data<float>(), count * inPixels,
               part.begin, part.end);
      else
        gather(x.data<uint8_t>() + first, in.data<float>(), count * inPixels,
               part.begin, part.end);
      llvm::Expected<Tensor> out = part.convolution->run(in, workspace);
      if (!out)
        return out.takeError();
      size_t size = count * outPixels * p.outC;
      if (part.begin == 0)
        storeIntegers(out->data<float>(), acc, size);
      else
        addIntegers(out->data<float>(), acc, size);
    }
    sink(acc, n * outPixels, count * outPixels);
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// Depthwise
//===----------------------------------------------------------------------===//

class DepthwiseDot final : public IntegerDot {
public:
  explicit DepthwiseDot(const DotProblem &problem);
  llvm::Error run(const Tensor &x, Workspace &workspace,
                  DotSink sink) const override {
    if (p.inputSigned)
      runTyped(x.data<int8_t>(), x.dim(0), workspace, sink);
    else
      runTyped(x.data<uint8_t>(), x.dim(0), workspace, sink);
    return llvm::Error::success();
  }
  int32_t offset() const override { return 0; }
  DotPath path() const override { return DotPath::Depthwise; }

private:
  template <typename In>
  void runTyped(const In *x, int64_t images, Workspace &workspace,
                DotSink sink) const;
  template <typename In> void copyRow(const In *x, int64_t y, In *row) const;

  DotProblem p;
  int64_t paddedW;
  std::vector<int16_t> weights; // [taps, O]
  std::vector<int32_t> offsets; // of the taps
};

DepthwiseDot::DepthwiseDot(const DotProblem &problem) : p(problem) {
  paddedW = (p.outW - 1) * p.strideW + (p.kernelW - 1) * p.dilationW + 1;
  for (int64_t ky = 0; ky < p.kernelH; ++ky)
    for (int64_t kx = 0; kx < p.kernelW; ++kx) {
      for (int64_t o = 0; o < p.outC; ++o)
        weights.push_back(p.weight(o, ky, kx, 0));
      offsets.push_back(static_cast<int32_t>(
          (ky * p.dilationH * paddedW + kx * p.dilationW) * p.outC));
    }
}

/// Row y of the input with its padding, each channel as often as it has
/// outputs.
template <typename In>
void DepthwiseDot::copyRow(const In *x, int64_t y, In *row) const {
  auto fill = [&](int64_t begin, int64_t end) {
    if (begin < end)
      std::memset(row + begin * p.outC, static_cast<uint8_t>(p.padCode),
                  (end - begin) * p.outC);
  };
  if (y < 0 || y >= p.inH)
    return fill(0, paddedW);
  int64_t end = std::min(p.padLeft + p.inW, paddedW);
  fill(0, std::min(p.padLeft, paddedW));
  fill(std::max<int64_t>(end, 0), paddedW);
  int64_t multiple = p.groupOutputs();
  for (int64_t col = p.padLeft; col < end;) {
    const In *from = x + (y * p.inW + col - p.padLeft) * p.inC;
    In *to = row + col * p.outC;
    if (multiple == 1) {
      std::memcpy(to, from, (end - col) * p.outC);
      return;
    }
    for (int64_t o = 0; o < p.outC; ++o)
      to[o] = from[o / multiple];
    ++col;
  }
}

template <typename In>
void DepthwiseDot::runTyped(const In *x, int64_t images, Workspace &workspace,
                            DotSink sink) const {
  const int64_t rowSize = paddedW * p.outC, accSize = p.outW * p.outC;
  const int64_t reach = (p.kernelH - 1) * p.dilationH + 1;
  int64_t step = std::clamp<int64_t>(
      kBlockBytes / (p.strideH * rowSize + 4 * accSize), 1, p.outH);
  auto *rows = static_cast<In *>(
      workspace.scratch(((step - 1) * p.strideH + reach) * rowSize, 8));
  auto *acc = static_cast<int32_t *>(
      workspace.scratch(step * accSize * sizeof(int32_t), 9));
  for (int64_t n = 0; n < images; ++n) {
    const In *image = x + n * p.inH * p.inW * p.inC;
    for (int64_t oy = 0; oy < p.outH; oy += step) {
      int64_t count = std::min(step, p.outH - oy);
      int64_t top = oy * p.strideH - p.padTop;
      for (int64_t r = 0; r < (count - 1) * p.strideH + reach; ++r)
        copyRow(image, top + r, rows + r * rowSize);
      for (int64_t r = 0; r < count; ++r)
        depthwiseRow(rows + r * p.strideH * rowSize, weights.data(),
                     offsets.data(), offsets.size(), acc + r * accSize, p.outW,
                     p.strideW * p.outC, p.outC);
      sink(acc, (n * p.outH + oy) * p.outW, count * p.outW);
    }
  }
}

} // namespace

llvm::Expected<std::unique_ptr<IntegerDot>>
IntegerDot::create(const DotProblem &problem, DotPath path) {
  switch (path) {
  case DotPath::Int8:
    return createInt8Dot(problem);
  case DotPath::Pairs:
    return createPairsDot(problem);
  case DotPath::F32:
    return F32Dot::create(problem);
  case DotPath::Depthwise:
    return std::unique_ptr<IntegerDot>(std::make_unique<DepthwiseDot>(problem));
  case DotPath::Auto:
    break;
  }
  if (problem.groupInputs() == 1 && problem.groups > 1)
    return create(problem, DotPath::Depthwise);
  CpuFeatures cpu = cpuFeatures();
  if (cpu.dotProduct) {
    auto dot = createInt8Dot(problem);
    if (dot)
      return dot;
    llvm::consumeError(dot.takeError());
  }
  // AVX2 multiplies pairs of i16 at twice its f32 rate. AVX-512 gains nothing
  // over its own f32; without either, f32 is all there is.
  if (cpu.avx2 && !cpu.avx512)
    return create(problem, DotPath::Pairs);
  auto dot = F32Dot::create(problem);
  if (dot)
    return dot;
  llvm::consumeError(dot.takeError());
  return create(problem, DotPath::Pairs);
}
