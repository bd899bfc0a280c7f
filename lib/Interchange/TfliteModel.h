//===- TfliteModel.h - Building a TFLite flatbuffer -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_INTERCHANGE_TFLITEMODEL_H
#define HWQ_LIB_INTERCHANGE_TFLITEMODEL_H

#include "tflite_generated.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <map>
#include <string>
#include <vector>

namespace hwq::interchange::tflite {

/// Scales and zero points of a tensor; none for tensors that have no scale.
struct TensorParams {
  std::vector<float> scales;
  /// As many as scales; empty: all 0.
  std::vector<int64_t> zeroPoints;
  int32_t axis = 0;
};

/// A model of one subgraph, tensor by tensor and op by op in order.
class FileBuilder {
public:
  FileBuilder();

  /// Returns the tensor's index. A negative size -n is that of a dimension of
  /// any size, n for one sample.
  int32_t addTensor(std::string name, llvm::ArrayRef<int64_t> shape,
                    TensorType type, TensorParams params = {});
  /// The same with data: `bytes` little-endian elements.
  int32_t addConstant(std::string name, llvm::ArrayRef<int64_t> shape,
                      TensorType type, const void *data, size_t bytes,
                      TensorParams params = {});
  /// An int32 vector, as ops take axes, shapes and sizes.
  int32_t addIndices(std::string name, llvm::ArrayRef<int64_t> values,
                     llvm::ArrayRef<int64_t> shape = {});

  void addOp(BuiltinOperator op, int32_t version, std::vector<int32_t> operands,
             int32_t result);
  template <typename Options>
  void addOp(BuiltinOperator op, int32_t version, std::vector<int32_t> operands,
             int32_t result, Options options) {
    addOp(op, version, std::move(operands), result);
    graph->operators.back()->builtin_options.Set(std::move(options));
  }

  void setInputs(std::vector<int32_t> tensors) {
    graph->inputs = std::move(tensors);
  }
  void setOutputs(std::vector<int32_t> tensors) {
    graph->outputs = std::move(tensors);
  }

  std::string finish();

private:
  ModelT model;
  SubGraphT *graph;
  std::map<std::pair<BuiltinOperator, int32_t>, uint32_t> codes;
};

} // namespace hwq::interchange::tflite

#endif // HWQ_LIB_INTERCHANGE_TFLITEMODEL_H
