//===- IntegerDotPairs.cpp - Dot products by pairs of i16 -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A direct convolution: a block of input rows is widened to i16 with its
// padding and an even number of channels; a tile of 6 output pixels x 16 output
// channels stays in registers over the whole window.
//
//===----------------------------------------------------------------------===//

#include "IntegerDot.h"
#include "IntegerLoops.h"
#include <algorithm>
#include <cstring>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

using namespace hwq::runtime;

namespace {

constexpr int64_t kTilePixels = 6, kTileChannels = 16;
constexpr int64_t kBlockBytes = 160 << 10;

/// Values that lie one behind the other in the widened input.
struct Segment {
  int64_t offset, pairs;
};

/// The sums of one tile, [pixels, 16].
using TileFn = void (*)(const int16_t *const *pixels, int64_t count,
                        const int16_t *weights, const Segment *segments,
                        size_t segmentCount, int32_t *sums);

void tilePortable(const int16_t *const *pixels, int64_t count,
                  const int16_t *weights, const Segment *segments,
                  size_t segmentCount, int32_t *sums) {
  uint32_t acc[kTilePixels * kTileChannels] = {};
  for (size_t s = 0; s < segmentCount; ++s)
    for (int64_t k = 0; k < segments[s].pairs; ++k, weights += 32)
      for (int64_t i = 0; i < count; ++i) {
        const int16_t *x = pixels[i] + segments[s].offset + 2 * k;
        for (int64_t c = 0; c < kTileChannels; ++c)
          acc[i * kTileChannels + c] += static_cast<uint32_t>(
              x[0] * weights[2 * c] + x[1] * weights[2 * c + 1]);
      }
  std::memcpy(sums, acc, count * kTileChannels * sizeof(int32_t));
}

#if defined(__x86_64__)
template <int Pixels>
__attribute__((target("avx2"))) void
tileAvx2(const int16_t *const *pixels, const int16_t *weights,
         const Segment *segments, size_t segmentCount, int32_t *sums) {
  __m256i acc[Pixels][2];
  for (int i = 0; i < Pixels; ++i)
    acc[i][0] = acc[i][1] = _mm256_setzero_si256();
  for (size_t s = 0; s < segmentCount; ++s) {
    const int16_t *x[Pixels];
    for (int i = 0; i < Pixels; ++i)
      x[i] = pixels[i] + segments[s].offset;
    const int64_t pairs = segments[s].pairs;
    for (int64_t k = 0; k < pairs; ++k, weights += 32) {
      __m256i w0 =
          _mm256_load_si256(reinterpret_cast<const __m256i *>(weights));
      __m256i w1 =
          _mm256_load_si256(reinterpret_cast<const __m256i *>(weights + 16));
#pragma clang loop unroll(full)
      for (int i = 0; i < Pixels; ++i) {
        int32_t pair;
        std::memcpy(&pair, x[i] + 2 * k, sizeof(pair));
        __m256i b = _mm256_set1_epi32(pair);
        acc[i][0] = _mm256_add_epi32(acc[i][0], _mm256_madd_epi16(b, w0));
        acc[i][1] = _mm256_add_epi32(acc[i][1], _mm256_madd_epi16(b, w1));
      }
    }
  }
  for (int i = 0; i < Pixels; ++i)
    for (int j = 0; j < 2; ++j)
      _mm256_storeu_si256(
          reinterpret_cast<__m256i *>(sums + i * kTileChannels + 8 * j),
          acc[i][j]);
}

void tileAvx2Any(const int16_t *const *pixels, int64_t count,
                 const int16_t *weights, const Segment *segments,
                 size_t segmentCount, int32_t *sums) {
  switch (count) {
  case 1:
    return tileAvx2<1>(pixels, weights, segments, segmentCount, sums);
  case 2:
    return tileAvx2<2>(pixels, weights, segments, segmentCount, sums);
  case 3:
    return tileAvx2<3>(pixels, weights, segments, segmentCount, sums);
  case 4:
    return tileAvx2<4>(pixels, weights, segments, segmentCount, sums);
  case 5:
    return tileAvx2<5>(pixels, weights, segments, segmentCount, sums);
  default:
    return tileAvx2<6>(pixels, weights, segments, segmentCount, sums);
  }
}
#endif

class PairsDot final : public IntegerDot {
public:
  explicit PairsDot(const DotProblem &problem);
  llvm::Error run(const Tensor &x, Workspace &workspace,
                  DotSink sink) const override {
    int64_t images = flat ? x.numElements() / p.inC : x.dim(0);
    if (p.inputSigned)
      runTyped(x.data<int8_t>(), images, workspace, sink);
    else
      runTyped(x.data<uint8_t>(), images, workspace, sink);
    return llvm::Error::success();
  }
  int32_t offset() const override { return zero; }
  DotPath path() const override { return DotPath::Pairs; }

private:
  template <typename In>
  void runTyped(const In *x, int64_t images, Workspace &workspace,
                DotSink sink) const;
  template <typename In>
  void widenRow(const In *row, int64_t group, int16_t *to) const;
  void computeBlock(const int16_t *in, int64_t rows, int64_t group,
                    int32_t *acc) const;

  DotProblem p;
  int32_t zero;
  int64_t evenInputs, paddedW;
  bool flat; // pixels of all images are rows of width 1
  TileFn tile = tilePortable;
  std::vector<Segment> segments;
  int64_t blockWeights = 0; // of 16 output channels
  Tensor weights;           // [groups, blocks of 16, segments, pairs, 16, 2]
};

PairsDot::PairsDot(const DotProblem &problem) : p(problem) {
#if defined(__x86_64__)
  if (cpuFeatures().avx2)
    tile = tileAvx2Any;
#endif
  zero = p.isPadded() ? p.padCode : 0;
  flat = p.isPointwise();
  if (flat) {
    p.inW = p.outW = 1;
    p.inH = p.outH = 0; // known when run
  }
  const int64_t inputs = p.groupInputs(), outputs = p.groupOutputs();
  evenInputs = (inputs + 1) / 2 * 2;
  paddedW = (p.outW - 1) * p.strideW + (p.kernelW - 1) * p.dilationW + 1;
  for (int64_t ky = 0; ky < p.kernelH; ++ky) {
    int64_t row = ky * p.dilationH * paddedW * evenInputs;
    if (p.dilationW == 1) {
      segments.push_back({row, p.kernelW * evenInputs / 2});
      continue;
    }
    for (int64_t kx = 0; kx < p.kernelW; ++kx)
      segments.push_back({row + kx * p.dilationW * evenInputs, evenInputs / 2});
  }
  // Both kinds of segments run through the window in the order ky, kx, input.
  const int64_t blocks = (outputs + kTileChannels - 1) / kTileChannels;
  blockWeights = p.kernelH * p.kernelW * evenInputs * kTileChannels;
  weights = Tensor::zeros(DType::I16, {p.groups * blocks * blockWeights});
  int16_t *packed = weights.data<int16_t>();
  for (int64_t o = 0; o < p.outC; ++o) {
    int64_t inGroup = o % outputs;
    int64_t block = o / outputs * blocks + inGroup / kTileChannels;
    for (int64_t ky = 0; ky < p.kernelH; ++ky)
      for (int64_t kx = 0; kx < p.kernelW; ++kx)
        for (int64_t i = 0; i < inputs; ++i) {
          int64_t k = (ky * p.kernelW + kx) * evenInputs + i;
          packed[block * blockWeights + k / 2 * 32 +
                 inGroup % kTileChannels * 2 + k % 2] = p.weight(o, ky, kx, i);
        }
  }
}

/// One row of the input, or null, with its padding as zeros.
template <typename In>
void PairsDot::widenRow(const In *row, int64_t group, int16_t *to) const {
  int64_t begin = std::min(p.padLeft, paddedW);
  int64_t end = row ? std::min(p.padLeft + p.inW, paddedW) : begin;
  std::memset(to, 0, begin * evenInputs * sizeof(int16_t));
  std::memset(to + end * evenInputs, 0,
              (paddedW - end) * evenInputs * sizeof(int16_t));
  if (!row)
    return;
  const int64_t inputs = p.groupInputs();
  to += begin * evenInputs;
  if (p.groups == 1 && evenInputs == inputs) {
    widen(row, to, (end - begin) * evenInputs, zero);
    return;
  }
  row += group * inputs;
  for (int64_t col = begin; col < end; ++col, row += p.inC, to += evenInputs) {
    if (inputs >= 16) {
      widen(row, to, inputs, zero);
    } else {
      for (int64_t i = 0; i < inputs; ++i)
        to[i] = static_cast<int16_t>(row[i] - zero);
    }
    if (inputs != evenInputs)
      to[inputs] = 0;
  }
}

void PairsDot::computeBlock(const int16_t *in, int64_t rows, int64_t group,
                            int32_t *acc) const {
  const int64_t outputs = p.groupOutputs(), pixels = rows * p.outW;
  const int64_t blocks = (outputs + kTileChannels - 1) / kTileChannels;
  const int64_t rowStride = p.strideH * paddedW * evenInputs,
                pixelStride = p.strideW * evenInputs;
  alignas(32) int32_t sums[kTilePixels * kTileChannels];
  for (int64_t b = 0; b < blocks; ++b) {
    const int16_t *w =
        weights.data<int16_t>() + (group * blocks + b) * blockWeights;
    int64_t channels = std::min(kTileChannels, outputs - b * kTileChannels);
    int32_t *to = acc + group * outputs + b * kTileChannels;
    int64_t row = 0, col = 0;
    for (int64_t first = 0; first < pixels; first += kTilePixels) {
      int64_t count = std::min(kTilePixels, pixels - first);
      const int16_t *starts[kTilePixels];
      for (int64_t i = 0; i < count; ++i) {
        starts[i] = in + row * rowStride + col * pixelStride;
        if (++col == p.outW) {
          col = 0;
          ++row;
        }
      }
      tile(starts, count, w, segments.data(), segments.size(), sums);
      for (int64_t i = 0; i < count; ++i)
        std::memcpy(to + (first + i) * p.outC, sums + i * kTileChannels,
                    channels * sizeof(int32_t));
    }
  }
}

template <typename In>
void PairsDot::runTyped(const In *x, int64_t images, Workspace &workspace,
                        DotSink sink) const {
  int64_t inH = p.inH, outH = p.outH;
  if (flat) {
    inH = outH = images;
    images = 1;
  }
  const int64_t rowSize = paddedW * evenInputs, accSize = p.outW * p.outC;
  const int64_t reach = (p.kernelH - 1) * p.dilationH + 1;
  int64_t step = std::clamp<int64_t>(
      kBlockBytes / (2 * p.strideH * rowSize + 4 * accSize), 1, outH);
  if (flat && step > kTilePixels)
    step = step / kTilePixels * kTilePixels;
  auto *rows = static_cast<int16_t *>(workspace.scratch(
      ((step - 1) * p.strideH + reach) * rowSize * sizeof(int16_t), 8));
  auto *acc = static_cast<int32_t *>(
      workspace.scratch(step * accSize * sizeof(int32_t), 9));
  for (int64_t n = 0; n < images; ++n) {
    const In *image = x + n * inH * p.inW * p.inC;
    for (int64_t oy = 0; oy < outH; oy += step) {
      int64_t count = std::min(step, outH - oy);
      int64_t top = oy * p.strideH - p.padTop;
      for (int64_t group = 0; group < p.groups; ++group) {
        for (int64_t r = 0; r < (count - 1) * p.strideH + reach; ++r) {
          int64_t y = top + r;
          widenRow(y >= 0 && y < inH ? image + y * p.inW * p.inC : nullptr,
                   group, rows + r * rowSize);
        }
        computeBlock(rows, count, group, acc);
      }
      sink(acc, (n * outH + oy) * p.outW, count * p.outW);
    }
  }
}

} // namespace

std::unique_ptr<IntegerDot>
hwq::runtime::createPairsDot(const DotProblem &problem) {
  return std::make_unique<PairsDot>(problem);
}
