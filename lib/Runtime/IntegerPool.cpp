//===- IntegerPool.cpp - Integer average pool -------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerModels.h"

#include "IntegerEpilogue.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
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
  /// `params` is absent at steps 1 to 3.
  AvgPoolKernel(AvgPool2DOp op, PoolGeometry geometry, DType input,
                DType output, std::optional<numerics::AvgPoolParams> params)
      : label(opLabel(op)), g(geometry), input(input), output(output),
        params(std::move(params)), form(op.getQuantizeForm().getValue()),
        inputZeroPoint(getQuantParams(op.getInput()).zeroPoint),
        zeroPoint(getQuantParams(op.getOutput()).zeroPoint),
        lo(op.getClamp()[0]), hi(op.getClamp()[1]) {
    if (op.getRequant())
      scale = op.getRequant()->getScales()[0];
    ordered = this->params && numerics::dependsOnOrder(this->params->variant);
    codeMin = storageRange(input).first;
    if (ordered)
      return;
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
        output, {operands[0].dim(0), g.outH, g.outW, g.channels});
    auto *out = static_cast<uint8_t *>(results[0].raw());
    if (ordered) {
      if (input == DType::U8)
        runOrdered(operands[0].data<uint8_t>(), operands[0].dim(0), out);
      else
        runOrdered(operands[0].data<int8_t>(), operands[0].dim(0), out);
      return llvm::Error::success();
    }
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
    if (params)
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

  /// Mean of n codes that add up to `sum`, less the zero point, in units of the
  /// result.
  double mean(int64_t sum, int64_t n) const {
    return n ? scale * (static_cast<double>(sum - inputZeroPoint * n) /
                        static_cast<double>(n))
             : 0.0;
  }

  int32_t average(int64_t sum, int64_t n) const {
    if (params)
      return numerics::averagePool(*params, sum, static_cast<int32_t>(n),
                                   static_cast<int32_t>(n));
    return static_cast<int32_t>(
        numerics::quantizeLSB(form, mean(sum, n), zeroPoint, lo, hi));
  }

  llvm::Error check(const Tensor &x) const {
    if (x.dtype() == input && x.rank() == 4 && x.dim(1) == g.inH &&
        x.dim(2) == g.inW && x.dim(3) == g.channels)
      return llvm::Error::success();
    return kernelError(
        label, "expected " + dtypeName(input) + " " +
                   shapeToString({-1, g.inH, g.inW, g.channels}) + ", got " +
                   dtypeName(x.dtype()) + " " + shapeToString(x.shape()));
  }

  /// Calls `fn(sums of codes by channel, taps)` for every output pixel in
  /// order.
  template <typename Fn>
  void forEachWindow(const Tensor &x, Workspace &workspace, Fn fn) const {
    auto *sums = static_cast<int32_t *>(
        workspace.scratch(g.channels * sizeof(int32_t), 8));
    if (input == DType::U8)
      forEachWindowTyped(x.data<uint8_t>(), x.dim(0), sums, fn);
    else
      forEachWindowTyped(x.data<int8_t>(), x.dim(0), sums, fn);
  }

  /// Calls `fn(image, y0, y1, x0, x1)` for every output pixel in order.
  template <typename In, typename Fn>
  void forEachPixel(const In *x, int64_t images, Fn fn) const {
    for (int64_t n = 0; n < images; ++n, x += g.inH * g.inW * g.channels)
      for (int64_t oy = 0; oy < g.outH; ++oy)
        for (int64_t ox = 0; ox < g.outW; ++ox) {
          auto [y0, y1] = window(oy, g.strideH, g.padTop, g.kernelH, g.inH);
          auto [x0, x1] = window(ox, g.strideW, g.padLeft, g.kernelW, g.inW);
          fn(x, y0, y1, x0, x1);
        }
  }

  template <typename In, typename Fn>
  void forEachWindowTyped(const In *x, int64_t images, int32_t *__restrict sums,
                          Fn fn) const {
    forEachPixel(
        x, images,
        [&](const In *image, int64_t y0, int64_t y1, int64_t x0, int64_t x1) {
          std::fill_n(sums, g.channels, 0);
          for (int64_t iy = y0; iy < y1; ++iy)
            for (int64_t ix = x0; ix < x1; ++ix) {
              const In *from = image + (iy * g.inW + ix) * g.channels;
              for (int64_t c = 0; c < g.channels; ++c)
                sums[c] += from[c];
            }
          fn(sums,
             std::max<int64_t>(y1 - y0, 0) * std::max<int64_t>(x1 - x0, 0));
        });
  }

  /// For variants that add up floats.
  template <typename In>
  void runOrdered(const In *x, int64_t images, uint8_t *out) const {
    std::vector<int32_t> codes(g.kernelH * g.kernelW);
    forEachPixel(
        x, images,
        [&](const In *image, int64_t y0, int64_t y1, int64_t x0, int64_t x1) {
          for (int64_t c = 0; c < g.channels; ++c) {
            int32_t n = 0;
            for (int64_t iy = y0; iy < y1; ++iy)
              for (int64_t ix = x0; ix < x1; ++ix)
                codes[n++] = image[(iy * g.inW + ix) * g.channels + c];
            *out++ = static_cast<uint8_t>(
                numerics::averagePoolOf(*params, codes.data(), n, n));
          }
        });
  }

  std::string label;
  PoolGeometry g;
  DType input, output;
  std::optional<numerics::AvgPoolParams> params;
  numerics::QuantizeForm form;
  int64_t inputZeroPoint, zeroPoint, lo, hi, codeMin;
  double scale = 1;
  bool ordered = false;
  /// By number of taps: the result for every sum of codes.
  std::map<int64_t, std::vector<int32_t>> tables;
};

KernelOr buildAvgPool2D(AvgPool2DOp op, const KernelContext &) {
  FailureOr<DType> input = storageDTypeOf(op, op.getInput()),
                   output = storageDTypeOf(op, op.getOutput());
  std::optional<Tensor::Shape>
      in = resultShape(cast<RankedTensorType>(op.getInput().getType()), 1),
      out = resultShape(cast<RankedTensorType>(op.getOutput().getType()), 1);
  if (failed(input) || failed(output))
    return failure();
  if (!in || !out) {
    op.emitOpError() << "can't be executed with a dynamic height, width or "
                        "number of channels";
    return failure();
  }
  for (DType type : {*input, *output})
    if (type != DType::U8 && type != DType::I8) {
      op.emitOpError() << "can't be executed on " << dtypeName(type)
                       << " storage, expected 8 bits";
      return failure();
    }
  std::optional<numerics::AvgPoolParams> params;
  if (op.getVariant()) {
    numerics::Result<numerics::AvgPoolParams> derived = getAvgPoolParams(
        op.getVariant()->getValue(), getQuantParams(op.getInput()),
        getQuantParams(op.getOutput()), op.getKernel(),
        op.getRequant().value_or(RequantAttr()), op.getClamp()[0],
        op.getClamp()[1]);
    if (!derived) {
      op.emitOpError() << "can't be executed: " << derived.error();
      return failure();
    }
    params = *derived;
  }
  PoolGeometry g{(*in)[1],          (*in)[2],          (*out)[1],
                 (*out)[2],         (*in)[3],          op.getKernel()[0],
                 op.getKernel()[1], op.getStride()[0], op.getStride()[1],
                 op.getPad()[0],    op.getPad()[2]};
  return KernelOr(std::unique_ptr<Kernel>(std::make_unique<AvgPoolKernel>(
      op, g, *input, *output, std::move(params))));
}

} // namespace

void hwq::runtime::attachIntegerPoolModels(MLIRContext &context) {
  attachKernel<AvgPool2DOp, buildAvgPool2D>(context);
}
