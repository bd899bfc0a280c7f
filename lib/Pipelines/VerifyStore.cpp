//===- VerifyStore.cpp - Named tensors of a run -----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/VerifyStore.h"
#include "hwq/Dialect/QuantHW/IR/CodeParams.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cstring>
#include <numeric>

using namespace hwq;
using runtime::Tensor;

void TensorStore::put(size_t index, int64_t first, const Tensor &tensor) {
  Tensor target;
  {
    std::lock_guard<std::mutex> lock(mutex);
    if (!tensors[index]) {
      llvm::SmallVector<int64_t, 4> shape(tensor.shape());
      shape[0] = samples;
      tensors[index] = Tensor::allocate(tensor.dtype(), shape);
    }
    target = tensors[index];
  }
  int64_t rowBytes = tensor.dim(0) ? tensor.numBytes() / tensor.dim(0) : 0;
  std::memcpy(static_cast<char *>(target.raw()) + first * rowBytes,
              tensor.raw(), tensor.numBytes());
}

std::optional<size_t>
hwq::findNamedValue(llvm::ArrayRef<runtime::NamedValue> values,
                    llvm::StringRef name) {
  std::optional<size_t> found;
  for (size_t i = 0; i < values.size(); ++i) {
    if (values[i].name != name)
      continue;
    if (getCodeParams(values[i].value))
      return i;
    found = i;
  }
  return found;
}

int64_t hwq::samplesPerPart(const runtime::Evaluator &evaluator,
                            int64_t samples, int64_t bytes) {
  int64_t perSample = 0;
  for (const runtime::NamedValue &named : evaluator.namedValues()) {
    auto type = llvm::dyn_cast<mlir::RankedTensorType>(named.value.getType());
    if (!type)
      continue;
    int64_t count = 4;
    for (int64_t d : type.getShape().drop_front(type.getRank() ? 1 : 0))
      count *= mlir::ShapedType::isDynamic(d) ? 1 : d;
    perSample += count;
  }
  int64_t wanted =
      std::max<int64_t>(1, bytes / std::max<int64_t>(perSample, 1));
  return std::min(samples, wanted);
}

namespace {
/// A data set that somebody else owns.
class Part : public runtime::Dataset {
public:
  Part(const runtime::Dataset &base, int64_t begin, int64_t end)
      : base(base), begin(begin), end(end) {}
  int64_t size() const override { return end - begin; }
  bool hasLabels() const override { return base.hasLabels(); }
  int64_t label(int64_t i) const override { return base.label(begin + i); }
  std::string whyNoLabels() const override { return base.whyNoLabels(); }
  llvm::Error loadSamples(llvm::ArrayRef<int64_t> indices,
                          std::vector<Tensor> &inputs) const override {
    std::vector<int64_t> mapped(indices.begin(), indices.end());
    for (int64_t &i : mapped)
      i += begin;
    return base.loadSamples(mapped, inputs);
  }
  std::string sampleName(int64_t i) const override {
    return base.sampleName(begin + i);
  }
  std::string describe() const override { return base.describe(); }

private:
  const runtime::Dataset &base;
  int64_t begin, end;
};
} // namespace

std::shared_ptr<const runtime::Dataset> hwq::part(const runtime::Dataset &data,
                                                  int64_t begin, int64_t end) {
  return std::make_shared<Part>(data, begin, end);
}
