//===- TensorErrors.cpp - Tensors of a program beside float -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TensorErrors.h"
#include "hwq/Dialect/QuantHW/IR/CodeParams.h"
#include "hwq/Numerics/Errors.h"
#include "hwq/Numerics/Quantize.h"
#include "hwq/Pipelines/VerifyStore.h"
#include <algorithm>

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;
using runtime::DType;
using runtime::Evaluator;
using runtime::NamedValue;
using runtime::Tensor;

namespace {

/// The measures of one sample of one tensor. Samples are merged in their own
/// order, which makes the sums independent of threads and batches.
struct SampleMeasures {
  numerics::ErrorStats cumulative, isolated;
  numerics::NoiseSplit noise{numerics::Range()};
  uint64_t low = 0, high = 0;

  void merge(const SampleMeasures &other) {
    cumulative.merge(other.cumulative);
    isolated.merge(other.isolated);
    noise.merge(other.noise);
    low += other.low;
    high += other.high;
  }
};

/// A tensor that both programs have.
struct Measured {
  size_t reference, program;
  std::optional<numerics::QuantParams> params;
  SampleMeasures measures;
};

/// Both runs of one part of the data.
class Measurement {
public:
  Measurement(Evaluator &reference, Evaluator &program,
              numerics::QuantizeForm form);
  llvm::Error runPart(const runtime::Dataset &samples);
  std::vector<TensorReport> reports() const;

private:
  llvm::Error measure(unsigned worker, size_t index, int64_t first,
                      Tensor &tensor, bool isolated);

  Evaluator &reference, &program;
  numerics::QuantizeForm form;
  std::vector<Measured> measured;
  /// Which of the reference's tensors are kept, and the place in `measured` of
  /// one of the program's, or -1.
  std::vector<bool> wanted;
  std::vector<int> place;
  std::unique_ptr<TensorStore> store;
  std::vector<std::vector<SampleMeasures>> perSample;
  /// Per worker.
  std::vector<std::vector<float>> buffers;
};

} // namespace

/// Calls visit(T*) with the elements of a tensor of codes from `begin` on.
template <typename Visit>
static void visitCodes(Tensor &codes, int64_t begin, Visit visit) {
  switch (codes.dtype()) {
  case DType::U8:
    return visit(codes.data<uint8_t>() + begin);
  case DType::I8:
    return visit(codes.data<int8_t>() + begin);
  case DType::I16:
    return visit(codes.data<int16_t>() + begin);
  case DType::I32:
    return visit(codes.data<int32_t>() + begin);
  default:
    return;
  }
}

Measurement::Measurement(Evaluator &reference, Evaluator &program,
                         numerics::QuantizeForm form)
    : reference(reference), program(program), form(form),
      wanted(reference.namedValues().size()),
      place(program.namedValues().size(), -1), buffers(program.threads()) {
  ArrayRef<NamedValue> floats = reference.namedValues();
  ArrayRef<NamedValue> named = program.namedValues();
  for (size_t j = 0; j < named.size(); ++j) {
    Type element = getElementTypeOrSelf(named[j].value.getType());
    std::optional<numerics::QuantParams> params = getCodeParams(named[j].value);
    if ((!params && !element.isF32()) ||
        findNamedValue(named, named[j].name) != j)
      continue;
    std::optional<size_t> i = findNamedValue(floats, named[j].name);
    if (!i || !getElementTypeOrSelf(floats[*i].value.getType()).isF32())
      continue;
    // An input is what it is.
    if (!params && isa<BlockArgument>(named[j].value))
      continue;
    Measured m{*i, j, params, {}};
    wanted[*i] = true;
    place[j] = static_cast<int>(measured.size());
    measured.push_back(std::move(m));
  }
}

llvm::Error Measurement::measure(unsigned worker, size_t index, int64_t first,
                                 Tensor &tensor, bool isolated) {
  if (place[index] < 0)
    return llvm::Error::success();
  const Measured &m = measured[place[index]];
  const Tensor &all = store->get(m.reference);
  int64_t count = tensor.dim(0);
  int64_t row = count ? tensor.numElements() / count : 0;
  if (!all || all.shape().drop_front() != tensor.shape().drop_front())
    return llvm::createStringError(
        "tensor '" + program.namedValues()[index].name +
        "' has another shape in float: expected " +
        runtime::shapeToString(tensor.shape()) + ", got " +
        runtime::shapeToString(all.shape()));
  std::vector<float> &buffer = buffers[worker];
  buffer.resize(row);
  // What the ops behind it read in the isolated run.
  Tensor exact =
      isolated ? Tensor::allocate(tensor.dtype(), tensor.shape()) : Tensor();
  for (int64_t s = 0; s < count; ++s) {
    const float *expected = all.data<float>() + (first + s) * row;
    SampleMeasures &result = perSample[place[index]][first + s];
    numerics::ErrorStats &errors =
        isolated ? result.isolated : result.cumulative;
    if (!m.params) {
      errors.add(expected, tensor.data<float>() + s * row, row);
      if (isolated)
        std::copy_n(expected, row, exact.data<float>() + s * row);
      continue;
    }
    const numerics::QuantParams &params = *m.params;
    visitCodes(tensor, s * row, [&](auto *codes) {
      numerics::dequantizeArray(codes, row, params, buffer.data());
    });
    errors.add(expected, buffer.data(), row);
    if (!isolated)
      continue;
    visitCodes(exact, s * row, [&](auto *codes) {
      numerics::quantizeArray(form, expected, row, params, codes);
      numerics::dequantizeArray(codes, row, params, buffer.data());
    });
    // The ends as dequantization gives them: a value on the end is not outside.
    float least = numerics::dequantize(params.grid.qmin, params);
    float most = numerics::dequantize(params.grid.qmax, params);
    result.noise = numerics::NoiseSplit(numerics::Range{least, most});
    result.noise.add(expected, buffer.data(), row);
    for (int64_t i = 0; i < row; ++i) {
      result.low += expected[i] < least;
      result.high += expected[i] > most;
    }
  }
  if (isolated)
    tensor = std::move(exact);
  return llvm::Error::success();
}

llvm::Error Measurement::runPart(const runtime::Dataset &samples) {
  store = std::make_unique<TensorStore>(wanted.size(), samples.size());
  perSample.assign(measured.size(),
                   std::vector<SampleMeasures>(samples.size()));
  Evaluator::Hooks record;
  record.value = [&](unsigned, size_t index, int64_t first, Tensor &tensor) {
    if (wanted[index])
      store->put(index, first, tensor);
    return llvm::Error::success();
  };
  if (llvm::Error error = reference.run(samples, record))
    return error;
  for (bool isolated : {false, true}) {
    Evaluator::Hooks hooks;
    hooks.value = [&](unsigned worker, size_t index, int64_t first,
                      Tensor &tensor) {
      return measure(worker, index, first, tensor, isolated);
    };
    if (llvm::Error error = program.run(samples, hooks))
      return error;
  }
  for (size_t m = 0; m < measured.size(); ++m)
    for (const SampleMeasures &s : perSample[m])
      measured[m].measures.merge(s);
  return llvm::Error::success();
}

std::vector<TensorReport> Measurement::reports() const {
  std::vector<TensorReport> result;
  for (const Measured &m : measured) {
    const SampleMeasures &s = m.measures;
    TensorReport r;
    r.name = program.namedValues()[m.program].name;
    r.params = m.params;
    r.mse = s.cumulative.mse();
    r.psnr = s.cumulative.psnr();
    r.sqnr = s.cumulative.sqnr();
    r.cosine = s.cumulative.cosine();
    r.isolatedSqnr = s.isolated.sqnr();
    if (m.params) {
      r.maxLsb = s.cumulative.maxAbsDifference() / m.params->scale;
      double count = std::max<double>(1, double(s.cumulative.count()));
      r.clipLow = double(s.low) / count;
      r.clipHigh = double(s.high) / count;
      r.clipNoise = s.noise.clippingNoise();
      r.roundNoise = s.noise.roundingNoise();
    }
    result.push_back(std::move(r));
  }
  return result;
}

llvm::Expected<std::vector<TensorReport>> driver::measureTensors(
    Evaluator &reference, Evaluator &program, const runtime::Dataset &data,
    numerics::QuantizeForm form, const Evaluator::ProgressHook &progress) {
  Measurement measurement(reference, program, form);
  int64_t size = samplesPerPart(reference, data.size());
  for (int64_t begin = 0; begin < data.size(); begin += size) {
    int64_t end = std::min(begin + size, data.size());
    if (llvm::Error error = measurement.runPart(*part(data, begin, end)))
      return std::move(error);
    if (progress)
      progress(end, data.size());
  }
  return measurement.reports();
}
