//===- OnnxModel.h - Building an ONNX model ---------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_INTERCHANGE_ONNXMODEL_H
#define HWQ_LIB_INTERCHANGE_ONNXMODEL_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <onnx/onnx_pb.h>
#include <string>
#include <vector>

namespace hwq::interchange::onnx_export {

/// Domain of the QLinear ops that are not in the standard.
inline constexpr llvm::StringLiteral kMicrosoft = "com.microsoft";

/// A node under construction.
class Node {
public:
  explicit Node(onnx::NodeProto *proto) : proto(proto) {}
  Node &set(llvm::StringRef name, int64_t value);
  Node &set(llvm::StringRef name, llvm::ArrayRef<int64_t> values);
  Node &setText(llvm::StringRef name, llvm::StringRef text);
  Node &setFloat(llvm::StringRef name, float value);

private:
  onnx::NodeProto *proto;
};

/// A model of one graph, opset 13. Names must be unlike each other.
class FileBuilder {
public:
  FileBuilder();

  /// A negative first dimension is a batch of any size.
  void addInput(llvm::StringRef name, int32_t type,
                llvm::ArrayRef<int64_t> shape);
  void addOutput(llvm::StringRef name, int32_t type,
                 llvm::ArrayRef<int64_t> shape);

  /// Elements of the type `T`: float, int8_t, uint8_t, int32_t, int64_t.
  template <typename T>
  void addConstant(llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
                   const std::vector<T> &values) {
    addConstant(name, shape, typeOf(T()), values.data(),
                values.size() * sizeof(T));
  }

  /// One output; the node has its name.
  Node addNode(llvm::StringRef opType, llvm::ArrayRef<std::string> inputs,
               llvm::StringRef output, llvm::StringRef domain = "");

  size_t getConstantBytes() const { return constantBytes; }
  std::string finish();

private:
  static int32_t typeOf(float) { return onnx::TensorProto::FLOAT; }
  static int32_t typeOf(int8_t) { return onnx::TensorProto::INT8; }
  static int32_t typeOf(uint8_t) { return onnx::TensorProto::UINT8; }
  static int32_t typeOf(int32_t) { return onnx::TensorProto::INT32; }
  static int32_t typeOf(int64_t) { return onnx::TensorProto::INT64; }
  void addConstant(llvm::StringRef name, llvm::ArrayRef<int64_t> shape,
                   int32_t type, const void *data, size_t bytes);

  onnx::ModelProto model;
  onnx::GraphProto *graph;
  size_t constantBytes = 0;
  bool usesMicrosoft = false;
};

} // namespace hwq::interchange::onnx_export

#endif // HWQ_LIB_INTERCHANGE_ONNXMODEL_H
