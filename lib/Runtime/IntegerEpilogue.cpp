//===- IntegerEpilogue.cpp - From accumulators to results -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerEpilogue.h"
#include "IntegerLoops.h"
#include "hwq/Numerics/Quantize.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cstring>
#include <limits>

using namespace hwq;
using namespace hwq::runtime;
using namespace mlir;

namespace {
/// Values worked on at a time: they stay in the first-level cache.
constexpr int64_t kChunk = 512;
} // namespace

std::pair<int64_t, int64_t> hwq::runtime::storageRange(DType type) {
  switch (type) {
  case DType::U8:
    return {0, 255};
  case DType::I8:
    return {-128, 127};
  case DType::I16:
    return {-32768, 32767};
  default:
    return {std::numeric_limits<int32_t>::min(),
            std::numeric_limits<int32_t>::max()};
  }
}

static void store(const int32_t *from, DType type, void *to, int64_t count) {
  switch (type) {
  case DType::U8:
    return narrow(from, static_cast<uint8_t *>(to), count);
  case DType::I8:
    return narrow(from, static_cast<int8_t *>(to), count);
  case DType::I16:
    return narrow(from, static_cast<int16_t *>(to), count);
  default:
    std::memcpy(to, from, count * sizeof(int32_t));
  }
}

FailureOr<Epilogue> Epilogue::create(Operation *op, RequantAttr requant,
                                     DType output, int64_t channels,
                                     std::vector<int32_t> bias,
                                     llvm::ArrayRef<double> realBias,
                                     bool scaled) {
  if (output != DType::U8 && output != DType::I8 && output != DType::I16 &&
      output != DType::I32) {
    op->emitOpError() << "can't be executed with a result of "
                      << dtypeName(output) << " elements";
    return failure();
  }
  Epilogue e;
  e.output = output;
  e.channels = channels;
  if (llvm::all_of(bias, [](int32_t b) { return b == 0; }))
    bias.clear();
  if (!requant) {
    e.bias = std::move(bias);
    return e;
  }
  size_t count = requant.getScales().size();
  if ((count != 1 && count != static_cast<size_t>(channels)) ||
      (!realBias.empty() && realBias.size() != static_cast<size_t>(channels))) {
    op->emitOpError() << "expected one scale or " << channels << ", got "
                      << count;
    return failure();
  }
  auto [low, high] = storageRange(output);
  numerics::RequantizeParams all = requant.getParams();
  if (!all.outputs.empty() &&
      all.outputs.size() != static_cast<size_t>(channels)) {
    op->emitOpError() << "expected zero points of " << channels
                      << " channels, got " << all.outputs.size();
    return failure();
  }
  if (!requant.isReal()) {
    numerics::RequantizeParams params = std::move(all);
    std::string problem = numerics::checkRequantize(params, channels);
    if (!problem.empty()) {
      op->emitOpError() << problem;
      return failure();
    }
    if (output == DType::I16) {
      // The kernels have no loop for it; they get the range instead.
      params.lo = std::clamp(params.lo, low, high);
      params.hi = std::clamp(params.hi, low, high);
      for (numerics::OutputGrid &grid : params.outputs) {
        grid.lo = std::clamp(grid.lo, low, high);
        grid.hi = std::clamp(grid.hi, low, high);
      }
    }
    e.prepared.emplace(params, channels, bias.empty() ? nullptr : bias.data());
    return e;
  }
  e.bias = std::move(bias);
  e.form = requant.getQuantizeForm();
  e.sub = requant.getInputZeroPoint();
  e.left = requant.getLeftShift();
  e.zeroPoint = requant.getZeroPoint();
  e.lo = requant.getLo();
  e.hi = requant.getHi();
  e.outputs = std::move(all.outputs);
  // Repeated, so that a row of many channels or many rows of few are one loop.
  int64_t rows = std::max<int64_t>(kChunk / channels, 1);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < channels; ++c) {
      double b = realBias.empty() ? 0.0 : realBias[c];
      e.scales.push_back(requant.getScales()[count == 1 ? 0 : c]);
      e.before.push_back(scaled ? 0.0 : b);
      e.after.push_back(scaled ? b : 0.0);
    }
  return e;
}

void Epilogue::addBias(int32_t *acc, int64_t rows) const {
  if (!bias.empty())
    addPerChannel(acc, bias.data(), rows, channels);
}

void Epilogue::scale(const int32_t *acc, double *out, int64_t rows) const {
  // One "row" of the loop is as many rows as the tables hold.
  RealScale params{sub, left, scales.data(), before.data(), after.data()};
  scaleReal(acc, out, 1, rows * channels, params);
}

void Epilogue::run(int32_t *acc, void *out, int64_t rows) const {
  if (prepared) {
    switch (output) {
    case DType::U8:
      return prepared->run(acc, static_cast<uint8_t *>(out), rows);
    case DType::I8:
      return prepared->run(acc, static_cast<int8_t *>(out), rows);
    case DType::I32:
      return prepared->run(acc, static_cast<int32_t *>(out), rows);
    default:
      prepared->run(acc, acc, rows);
      return store(acc, output, out, rows * channels);
    }
  }
  addBias(acc, rows);
  if (!isReal())
    return store(acc, output, out, rows * channels);
  auto [low, high] = storageRange(output);
  const int64_t step = static_cast<int64_t>(scales.size()) / channels;
  const size_t width = byteWidth(output);
  llvm::SmallVector<double, 2 * kChunk> values(scales.size());
  for (int64_t r = 0; r < rows; r += step) {
    int64_t count = std::min(step, rows - r) * channels;
    int32_t *chunk = acc + r * channels;
    scale(chunk, values.data(), count / channels);
    // Clamping twice is clamping once: both are monotone.
    if (outputs.empty())
      roundReal(form, values.data(), count, zeroPoint, lo, hi, chunk);
    for (int64_t i = 0; i < count && !outputs.empty(); ++i) {
      const numerics::OutputGrid &grid = outputs[i % channels];
      chunk[i] = static_cast<int32_t>(numerics::quantizeLSB(
          form, values[i], grid.zeroPoint, grid.lo, grid.hi));
    }
    if (lo < low || hi > high)
      for (int64_t i = 0; i < count; ++i)
        chunk[i] =
            static_cast<int32_t>(std::clamp<int64_t>(chunk[i], low, high));
    store(chunk, output, static_cast<char *>(out) + r * channels * width,
          count);
  }
}

void Epilogue::unrounded(int32_t *acc, double *out, int64_t rows) const {
  addBias(acc, rows);
  const int64_t step = static_cast<int64_t>(scales.size()) / channels;
  for (int64_t r = 0; r < rows; r += step)
    scale(acc + r * channels, out + r * channels, std::min(step, rows - r));
  for (int64_t i = 0; i < rows * channels; ++i)
    out[i] += static_cast<double>(
        outputs.empty() ? zeroPoint : outputs[i % channels].zeroPoint);
}
