//===- VerifyStore.h - Named tensors of a run -------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_VERIFYSTORE_H
#define HWQ_PIPELINES_VERIFYSTORE_H

#include "hwq/Runtime/Evaluator.h"
#include "llvm/ADT/SmallVector.h"
#include <mutex>
#include <optional>
#include <vector>

namespace hwq {

/// Keeps the tensors of a run, all samples of each in one. Several threads may
/// put, each other samples.
class TensorStore {
public:
  TensorStore(size_t values, int64_t samples)
      : samples(samples), tensors(values) {}

  /// Copies samples [first, first + tensor.dim(0)) of value `index`.
  void put(size_t index, int64_t first, const runtime::Tensor &tensor);
  /// All samples of a value; null if it was never put.
  const runtime::Tensor &get(size_t index) const { return tensors[index]; }
  runtime::Tensor get(size_t index, int64_t first, int64_t count) const {
    return tensors[index].slice0(first, first + count);
  }

private:
  int64_t samples;
  std::mutex mutex;
  std::vector<runtime::Tensor> tensors;
};

/// Position in namedValues() of the tensor that has this name: where several
/// values share it, the quantized one, else the last.
std::optional<size_t> findNamedValue(llvm::ArrayRef<runtime::NamedValue> values,
                                     llvm::StringRef name);

/// Samples per part such that all named values of a part together stay near
/// `bytes`; at least 1, at most `samples`.
int64_t samplesPerPart(const runtime::Evaluator &evaluator, int64_t samples,
                       int64_t bytes = int64_t(384) << 20);

/// Samples [begin, end) of a data set that outlives the result.
std::shared_ptr<const runtime::Dataset> part(const runtime::Dataset &data,
                                             int64_t begin, int64_t end);

} // namespace hwq

#endif // HWQ_PIPELINES_VERIFYSTORE_H
