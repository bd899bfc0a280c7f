//===- Report.cpp - What hwq quantize reports -------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report.h"
#include "Console.h"
#include "hwq/Numerics/Errors.h"
#include "hwq/Numerics/Quantize.h"
#include "hwq/Pipelines/VerifyStore.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cmath>
#include <tuple>

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;
using runtime::DType;
using runtime::Evaluator;
using runtime::NamedValue;
using runtime::Tensor;

namespace {

/// A tensor that both programs have.
struct Measured {
  size_t reference, integers;
  numerics::QuantParams params;
  numerics::ErrorStats errors;
  uint64_t low = 0, high = 0;
};

/// The measures of one sample of one tensor. Samples are merged in their own
/// order, which makes the sums independent of threads and batches.
struct SampleMeasures {
  numerics::ErrorStats errors;
  uint64_t low = 0, high = 0;
};

} // namespace

static void dequantize(const Tensor &codes, int64_t begin, int64_t count,
                       const numerics::QuantParams &params, float *out) {
  switch (codes.dtype()) {
  case DType::U8:
    return numerics::dequantizeArray(codes.data<uint8_t>() + begin, count,
                                     params, out);
  case DType::I8:
    return numerics::dequantizeArray(codes.data<int8_t>() + begin, count,
                                     params, out);
  case DType::I16:
    return numerics::dequantizeArray(codes.data<int16_t>() + begin, count,
                                     params, out);
  case DType::I32:
    return numerics::dequantizeArray(codes.data<int32_t>() + begin, count,
                                     params, out);
  default:
    return;
  }
}

static void measureSample(const float *reference, const Tensor &codes,
                          int64_t begin, int64_t count,
                          const numerics::QuantParams &params,
                          std::vector<float> &buffer, SampleMeasures &result) {
  buffer.resize(count);
  dequantize(codes, begin, count, params, buffer.data());
  result.errors.add(reference, buffer.data(), count);
  // The ends as dequantization gives them: a value on the end is not outside.
  float least = numerics::dequantize(params.grid.qmin, params);
  float most = numerics::dequantize(params.grid.qmax, params);
  for (int64_t i = 0; i < count; ++i) {
    result.low += reference[i] < least;
    result.high += reference[i] > most;
  }
}

static std::vector<Measured> findMeasured(Evaluator &reference,
                                          Evaluator &integers) {
  std::vector<Measured> result;
  ArrayRef<NamedValue> floats = reference.namedValues();
  ArrayRef<NamedValue> quantized = integers.namedValues();
  for (size_t j = 0; j < quantized.size(); ++j) {
    auto type = dyn_cast<quant::UniformQuantizedType>(
        getElementTypeOrSelf(quantized[j].value.getType()));
    if (!type || findNamedValue(quantized, quantized[j].name) != j)
      continue;
    std::optional<size_t> i = findNamedValue(floats, quantized[j].name);
    if (!i || !getElementTypeOrSelf(floats[*i].value.getType()).isF32())
      continue;
    Measured m{*i, j, {}, {}};
    m.params = {type.getScale(),
                type.getZeroPoint(),
                {type.getStorageTypeMin(), type.getStorageTypeMax()}};
    result.push_back(std::move(m));
  }
  return result;
}

llvm::Expected<std::vector<TensorReport>>
driver::measureTensors(Evaluator &reference, Evaluator &integers,
                       const runtime::Dataset &data,
                       const Evaluator::ProgressHook &progress) {
  std::vector<Measured> measured = findMeasured(reference, integers);
  std::vector<bool> wanted(reference.namedValues().size());
  std::vector<int> place(integers.namedValues().size(), -1);
  for (size_t m = 0; m < measured.size(); ++m) {
    wanted[measured[m].reference] = true;
    place[measured[m].integers] = static_cast<int>(m);
  }
  int64_t size = samplesPerPart(reference, data.size());
  std::vector<std::vector<float>> buffers(integers.threads());
  for (int64_t begin = 0; begin < data.size(); begin += size) {
    int64_t end = std::min(begin + size, data.size());
    std::shared_ptr<const runtime::Dataset> samples = part(data, begin, end);
    TensorStore store(wanted.size(), end - begin);
    Evaluator::Hooks record;
    record.value = [&](unsigned, size_t index, int64_t first, Tensor &tensor) {
      if (wanted[index])
        store.put(index, first, tensor);
      return llvm::Error::success();
    };
    if (llvm::Error error = reference.run(*samples, record))
      return std::move(error);
    std::vector<std::vector<SampleMeasures>> perSample(
        measured.size(), std::vector<SampleMeasures>(end - begin));
    Evaluator::Hooks compare;
    compare.value = [&](unsigned worker, size_t index, int64_t first,
                        Tensor &tensor) -> llvm::Error {
      if (place[index] < 0)
        return llvm::Error::success();
      const Measured &m = measured[place[index]];
      const Tensor &all = store.get(m.reference);
      int64_t count = tensor.dim(0);
      int64_t row = count ? tensor.numElements() / count : 0;
      if (!all || all.shape().drop_front() != tensor.shape().drop_front())
        return llvm::createStringError(
            "tensor '" + integers.namedValues()[index].name +
            "' has another shape in float: expected " +
            runtime::shapeToString(tensor.shape()) + ", got " +
            runtime::shapeToString(all.shape()));
      for (int64_t s = 0; s < count; ++s)
        measureSample(all.data<float>() + (first + s) * row, tensor, s * row,
                      row, m.params, buffers[worker],
                      perSample[place[index]][first + s]);
      return llvm::Error::success();
    };
    if (llvm::Error error = integers.run(*samples, compare))
      return std::move(error);
    for (size_t m = 0; m < measured.size(); ++m)
      for (const SampleMeasures &s : perSample[m]) {
        measured[m].errors.merge(s.errors);
        measured[m].low += s.low;
        measured[m].high += s.high;
      }
    if (progress)
      progress(end, data.size());
  }
  std::vector<TensorReport> result;
  for (const Measured &m : measured) {
    TensorReport r;
    r.name = integers.namedValues()[m.integers].name;
    r.scale = m.params.scale;
    r.zeroPoint = m.params.zeroPoint;
    r.mse = m.errors.mse();
    r.psnr = m.errors.psnr();
    r.sqnr = m.errors.sqnr();
    r.cosine = m.errors.cosine();
    r.maxLsb = m.errors.maxAbsDifference() / m.params.scale;
    double count = std::max<double>(1, m.errors.count());
    r.clipLow = m.low / count;
    r.clipHigh = m.high / count;
    result.push_back(std::move(r));
  }
  return result;
}

llvm::json::Value driver::toJson(const Report &report) {
  using llvm::json::Object;
  Object backends;
  for (const BackendReport &b : report.backends) {
    llvm::json::Array tensors;
    for (const TensorReport &t : b.tensors)
      tensors.push_back(Object{{"name", t.name},
                               {"scale", jsonNumber(t.scale)},
                               {"zero_point", t.zeroPoint},
                               {"sqnr_db", jsonNumber(t.sqnr)},
                               {"psnr_db", jsonNumber(t.psnr)},
                               {"mse", jsonNumber(t.mse)},
                               {"cosine", jsonNumber(t.cosine)},
                               {"max_lsb", jsonNumber(t.maxLsb)},
                               {"clip_low", jsonNumber(t.clipLow)},
                               {"clip_high", jsonNumber(t.clipHigh)}});
    backends[b.key] = Object{{"top1", jsonNumber(b.top1)},
                             {"agreement", jsonNumber(b.agreement)},
                             {"fidelity", b.fidelity},
                             {"tensors", std::move(tensors)}};
  }
  return Object{{"model", report.model},
                {"float", Object{{"top1", jsonNumber(report.floatTop1)},
                                 {"samples", report.samples}}},
                {"backends", std::move(backends)},
                {"seconds", Object{{"import", report.importSeconds},
                                   {"calibrate", report.calibrateSeconds},
                                   {"compile", report.compileSeconds},
                                   {"eval", report.evalSeconds}}}};
}

void driver::print(const Report &report, llvm::raw_ostream &os) {
  Table accuracy({"", "top-1", "agreement", "images/s"});
  accuracy.add({"float", percent(report.floatTop1), "",
                number("%.0f", report.floatImagesPerSecond)});
  for (const BackendReport &b : report.backends)
    accuracy.add({b.key, percent(b.top1), percent(b.agreement),
                  number("%.0f", b.imagesPerSecond)});
  accuracy.print(os);
  os << report.samples << " samples; seconds: import "
     << number("%.2f", report.importSeconds) << ", calibrate "
     << number("%.2f", report.calibrateSeconds) << ", compile "
     << number("%.2f", report.compileSeconds) << ", eval "
     << number("%.2f", report.evalSeconds) << "\n";
  for (const BackendReport &b : report.backends) {
    std::vector<TensorReport> worst = b.tensors;
    std::sort(worst.begin(), worst.end(),
              [](const TensorReport &x, const TensorReport &y) {
                return std::tie(x.sqnr, x.name) < std::tie(y.sqnr, y.name);
              });
    if (worst.size() > 5)
      worst.resize(5);
    os << "\n"
       << b.key << ", tensors with the lowest SQNR of " << b.tensors.size()
       << "\n";
    Table table({"tensor", "SQNR dB", "cosine", "max LSB", "clipped"});
    for (const TensorReport &t : worst)
      table.add({t.name, number("%.2f", t.sqnr), number("%.6f", t.cosine),
                 number("%.1f", t.maxLsb), percent(t.clipLow + t.clipHigh)});
    table.print(os);
  }
}
