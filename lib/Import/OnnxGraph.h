//===- OnnxGraph.h - An ONNX model without protobuf -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_IMPORT_ONNXGRAPH_H
#define HWQ_LIB_IMPORT_ONNXGRAPH_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hwq::onnx_import {

/// The grid of quantized values, real = scale * (q - zero point) with q in
/// [qmin, qmax]: one scale, or one per index of an axis.
struct Quantization {
  llvm::SmallVector<float> scales;
  llvm::SmallVector<int64_t> zeroPoints;
  /// -1: one scale for all.
  int64_t axis = -1;
  int64_t qmin = 0, qmax = 0;
  /// Of the element type of the codes.
  unsigned width = 8;
  bool isSigned = false;

  bool operator==(const Quantization &o) const {
    return scales == o.scales && zeroPoints == o.zeroPoints && axis == o.axis &&
           qmin == o.qmin && qmax == o.qmax && width == o.width &&
           isSigned == o.isSigned;
  }
};

/// A constant in the host's memory, row major, in ONNX's layout. Integers of
/// any width and bool are kept as i64, floats of any width as f32.
struct HostTensor {
  std::string name;
  bool isFloat = true;
  llvm::SmallVector<int64_t> shape;
  std::vector<float> floats;
  std::vector<int64_t> ints;
  /// Nonzero at an integer that stands for itself times the dynamic batch.
  /// Empty where there is none. Only integers that come from a Shape have it.
  std::vector<uint8_t> batch;
  /// ONNX's element type; 0 where the importer computed the constant.
  int32_t elementType = 0;
  /// Floats that a DequantizeLinear made: the grid on which they are.
  std::optional<Quantization> quantization;

  size_t size() const { return isFloat ? floats.size() : ints.size(); }
  bool isBatch(size_t i) const { return i < batch.size() && batch[i]; }
  bool hasBatch() const {
    for (uint8_t b : batch)
      if (b)
        return true;
    return false;
  }
};
using HostTensorPtr = std::shared_ptr<const HostTensor>;

struct NodeAttribute {
  enum class Kind { Int, Float, String, Tensor, Ints, Floats, Other };
  Kind kind = Kind::Other;
  int64_t i = 0;
  float f = 0;
  std::string s;
  HostTensorPtr tensor;
  std::vector<int64_t> ints;
  std::vector<float> floats;
  /// Set by whoever reads the attribute; what nobody reads is not supported.
  mutable bool used = false;
};

struct Node {
  std::string name, opType, domain;
  std::vector<std::string> inputs, outputs;
  llvm::StringMap<NodeAttribute> attributes;
};

/// A graph input that is no initializer.
struct GraphInput {
  std::string name;
  bool isFloat = true;
  /// Unsigned integers of 8 bits, such as pixels.
  bool isBytes = false;
  /// -1 where symbolic or unknown.
  llvm::SmallVector<int64_t> shape;
};

struct Graph {
  int64_t opset = 0;
  std::vector<GraphInput> inputs;
  std::vector<std::string> outputs;
  /// In an order in which every value is made before it is used.
  std::vector<Node> nodes;
  /// Initializers are decoded when they are asked for.
  llvm::StringMap<std::function<llvm::Expected<HostTensorPtr>()>> initializers;
  /// Keeps the parsed message alive, which the initializers refer to.
  std::shared_ptr<void> storage;
};

/// Parses and checks the structure of a model: a graph with nodes and outputs,
/// one definition for every value, no cycle, opset 7 to 22. `path` is where
/// external data are found. Nodes that no output needs are left out.
llvm::Expected<Graph> readOnnx(llvm::StringRef bytes, llvm::StringRef path);

/// "node 'conv1' (Conv, opset 13)"; a node without a name is called by its
/// first output.
std::string describeNode(const Node &node, int64_t opset);

/// The product of the dimensions; nothing if one is negative or the product
/// exceeds 2^40.
std::optional<int64_t> countElements(llvm::ArrayRef<int64_t> shape);

} // namespace hwq::onnx_import

#endif // HWQ_LIB_IMPORT_ONNXGRAPH_H
