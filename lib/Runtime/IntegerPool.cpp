//===- IntegerPool.cpp - Integer average pool -------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerModels.h"

#include "IntegerEpilogue.h"
#include "hwq/Numerics/AvgPool.h"
#include "hwq/Numerics/Quantize.h"
#include <algorithm>
#include <map>

using namespace hwq;
using namespace hwq::runtime;
using namespace mlir;

namespace {

/// Windows of more taps are computed one by one instead of looked up.
constexpr int64_t kMaxTableTaps = 256;

struct PoolGeometry {
  int64_t inH, inW, outH, outW, channels;
  int64_t kernelH, kernelW, strideH, strideW, padTop, padLeft;
};

/// The part [begin, end) of a window that lies inside.
std::pair<int64_t, int64_t> window(int64_t o, int64_t stride, int64_t pad,
                                   int64_t kernel, int64_t size) {
  int64_t begin = o * stride - pad;
  return {std::max<int64_t>(begin, 0), std::min(begin + kernel, size)};
}

class AvgPoolKernel final : public Kernel {
public:
  AvgPoolKernel(AvgPool2DOp op, PoolGeometry geometry, DType type)
      : label(opLabel(op)), g(geometry), type(type),
        form(op.getQuantizeForm().getValue()),
        zeroPoint(cast<quant::UniformQuantizedType>(
                      getElementTypeOrSelf(op.getOutput()))
                      .getZeroPoint()),
        lo(op.getClamp()[0]), hi(op.getClamp()[1]) {
    if (op.getVariant())
      variant = op.getVariant()->getValue();
    codeMin = storageRange(type).first;
    for (int64_t oy = 0; oy < g.outH; ++oy)
      for (int64_t ox = 0; ox < g.outW; ++ox)
        if (int64_t n = taps(oy, ox); n <= kMaxTableTaps && !tables.count(n)) {
          std::vector<int32_t> &table = tables[n];
          for (int64_t s = 0; s <= 255 * n; ++s)
            table.push_back(average(s + codeMin * n, n));
        }
  }

  llvm::Error run(llvm::ArrayRef<Tensor> operands,
                  llvm::MutableArrayRef<Tensor> results,
                  Workspace &workspace) const override {
    if (llvm::Error error = check(operands[0]))
      return error;
    results[0] = workspace.allocate(
        type, {operands[0].dim(0), g.outH, g.outW, g.channels});
    auto *out = static_cast<uint8_t *>(results[0].raw());
    forEachWindow(operands[0], workspace, [&](const int32_t *sums, int64_t n) {
      auto it = tables.find(n);
      if (it != tables.end()) {
        const int32_t *table = it->second.data() - codeMin * n;
        for (int64_t c = 0; c < g.channels; ++c)
          *out++ = static_cast<uint8_t>(table[sums[c]]);
        return;
      }
      for (int64_t c = 0; c < g.channels; ++c)
        *out++ = static_cast<uint8_t>(average(sums[c], n));
    });
    return llvm::Error::success();
  }

  llvm::Expected<Tensor> unrounded(llvm::ArrayRef<Tensor> operands,
                                   Workspace &workspace) const override {
    if (variant)
      return Tensor();
    if (llvm::Error error = check(operands[0]))
      return std::move(error);
    Tensor result = workspace.allocate(
        DType::F64, {operands[0].dim(0), g.outH, g.outW, g.channels});
    double *out = result.data<double>();
    forEachWindow(operands[0], workspace, [&](const int32_t *sums, int64_t n) {
      for (int64_t c = 0; c < g.channels; ++c)
        *out++ = mean(sums[c], n) + static_cast<double>(zeroPoint);
    });
    return result;
  }

private:
  int64_t taps(int64_t oy, int64_t ox) const {
    auto [y0, y1] = window(oy, g.strideH, g.padTop, g.kernelH, g.inH);
    auto [x0, x1] = window(ox, g.strideW, g.padLeft, g.kernelW, g.inW);
    return std::max<int64_t>(y1 - y0, 0) * std::max<int64_t>(x1 - x0, 0);
  }

  /// Mean of q - Z of n codes that add up to `sum`.
  double mean(int64_t sum, int64_t n) const {
    return n ? static_cast<double>(sum - zeroPoint * n) / static_cast<double>(n)
             : 0.0;
  }

  int32_t average(int64_t sum, int64_t n) const {
    if (variant)
      return numerics::averagePool(
          *variant, sum - zeroPoint * n, static_cast<int32_t>(n),
          static_cast<int32_t>(zeroPoint), static_cast<int32_t>(lo),
          static_cast<int32_t>(hi));
    return static_cast<int32_t>(
        numerics::quantizeLSB(form, mean(sum, n), zeroPoint, lo, hi));
  }

  llvm::Error check(const Tensor &x) const {
    if (x.dtype() == type && x.rank() == 4 && x.dim(1) == g.inH &&
        x.dim(2) == g.inW && x.dim(3) == g.channels)
      return llvm::Error::success();
    return kernelError(
        label, "expected " + dtypeName(type) + " " +
                   shapeToString({-1, g.inH, g.inW, g.channels}) + ", got " +
                   dtypeName(x.dtype()) + " " + shapeToString(x.shape()));
  }

  /// Calls `fn(sums of codes by channel, taps)` for every output pixel in
  /// order.
  template <typename Fn>
  void forEachWindow(const Tensor &x, Workspace &workspace, Fn fn) const {
    auto *sums = static_cast<int32_t *>(
        workspace.scratch(g.channels * sizeof(int32_t), 8));
    if (type == DType::U8)
      forEachWindowTyped(x.data<uint8_t>(), x.dim(0), sums, fn);
    else
      forEachWindowTyped(x.data<int8_t>(), x.dim(0), sums, fn);
  }

  template <typename In, typename Fn>
  void forEachWindowTyped(const In *x, int64_t images, int32_t *__restrict sums,
                          Fn fn) const {
    for (int64_t n = 0; n < images; ++n, x += g.inH * g.inW * g.channels)
      for (int64_t oy = 0; oy < g.outH; ++oy)
        for (int64_t ox = 0; ox < g.outW; ++ox) {
          std::fill_n(sums, g.channels, 0);
          auto [y0, y1] = window(oy, g.strideH, g.padTop, g.kernelH, g.inH);
          auto [x0, x1] = window(ox, g.strideW, g.padLeft, g.kernelW, g.inW);
          for (int64_t iy = y0; iy < y1; ++iy)
            for (int64_t ix = x0; ix < x1; ++ix) {
              const In *from = x + (iy * g.inW + ix) * g.channels;
              for (int64_t c = 0; c < g.channels; ++c)
                sums[c] += from[c];
            }
          fn(sums, taps(oy, ox));
        }
  }

  std::string label;
  PoolGeometry g;
  DType type;
  std::optional<numerics::AvgPoolVariant> variant;
  numerics::QuantizeForm form;
  int64_t zeroPoint, lo, hi, codeMin;
  /// By number of taps: the result for every sum of codes.
  std::map<int64_t, std::vector<int32_t>> tables;
};

KernelOr buildAvgPool2D(AvgPool2DOp op, const KernelContext &) {
  FailureOr<DType> type = storageDTypeOf(op, op.getInput());
  std::optional<Tensor::Shape>
      in = resultShape(cast<RankedTensorType>(op.getInput().getType()), 1),
      out = resultShape(cast<RankedTensorType>(op.getOutput().getType()), 1);
  if (failed(type))
    return failure();
  if (!in || !out) {
    op.emitOpError() << "can't be executed with a dynamic height, width or "
                        "number of channels";
    return failure();
  }
  if (*type != DType::U8 && *type != DType::I8) {
    op.emitOpError() << "can't be executed on " << dtypeName(*type)
                     << " storage, expected 8 bits";
    return failure();
  }
  if (op.getVariant() &&
      !numerics::keepsParameters(op.getVariant()->getValue())) {
    op.emitOpError() << "can't be executed: variant '"
                     << numerics::stringify(op.getVariant()->getValue())
                     << "' needs the scales of input and output";
    return failure();
  }
  PoolGeometry g{(*in)[1],          (*in)[2],          (*out)[1],
                 (*out)[2],         (*in)[3],          op.getKernel()[0],
                 op.getKernel()[1], op.getStride()[0], op.getStride()[1],
                 op.getPad()[0],    op.getPad()[2]};
  return KernelOr(
      std::unique_ptr<Kernel>(std::make_unique<AvgPoolKernel>(op, g, *type)));
}

} // namespace

void hwq::runtime::attachIntegerPoolModels(MLIRContext &context) {
  attachKernel<AvgPool2DOp, buildAvgPool2D>(context);
}
