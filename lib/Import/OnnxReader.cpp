//===- OnnxReader.cpp - Protobuf to graph -----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OnnxGraph.h"
#include "OnnxTensorData.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include <climits>
#include <google/protobuf/io/coded_stream.h>

using namespace llvm;
using namespace hwq::onnx_import;

constexpr int64_t kMinOpset = 7, kMaxOpset = 22;

static Error readError(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
}

std::string hwq::onnx_import::describeNode(const Node &node, int64_t opset) {
  StringRef name = node.name;
  if (name.empty() && !node.outputs.empty())
    name = node.outputs.front();
  std::string domain = node.domain.empty() ? "" : node.domain + ".";
  return ("node '" + name + "' (" + domain + node.opType + ", opset " +
          Twine(opset) + ")")
      .str();
}

static Expected<NodeAttribute> readAttribute(const onnx::AttributeProto &proto,
                                             StringRef path) {
  using P = onnx::AttributeProto;
  NodeAttribute a;
  switch (proto.type()) {
  case P::INT:
    a.kind = NodeAttribute::Kind::Int;
    a.i = proto.i();
    break;
  case P::FLOAT:
    a.kind = NodeAttribute::Kind::Float;
    a.f = proto.f();
    break;
  case P::STRING:
    a.kind = NodeAttribute::Kind::String;
    a.s = proto.s();
    break;
  case P::INTS:
    a.kind = NodeAttribute::Kind::Ints;
    a.ints.assign(proto.ints().begin(), proto.ints().end());
    break;
  case P::FLOATS:
    a.kind = NodeAttribute::Kind::Floats;
    a.floats.assign(proto.floats().begin(), proto.floats().end());
    break;
  case P::TENSOR: {
    a.kind = NodeAttribute::Kind::Tensor;
    Expected<HostTensorPtr> tensor = decodeTensor(proto.t(), path);
    if (!tensor)
      return tensor.takeError();
    a.tensor = *tensor;
    break;
  }
  default:
    break;
  }
  return a;
}

static Expected<GraphInput> readInput(const onnx::ValueInfoProto &proto) {
  using T = onnx::TensorProto;
  GraphInput input;
  input.name = proto.name();
  if (!proto.has_type() || !proto.type().has_tensor_type())
    return readError("input '" + Twine(input.name) + "' is not a tensor");
  const onnx::TypeProto::Tensor &type = proto.type().tensor_type();
  switch (type.elem_type()) {
  case T::FLOAT:
    break;
  case T::UINT8:
    input.isFloat = false;
    input.isBytes = true;
    break;
  case T::INT8:
  case T::INT16:
  case T::UINT16:
  case T::INT32:
  case T::INT64:
    input.isFloat = false;
    break;
  default:
    return readError(
        "input '" + Twine(input.name) + "' has element type " +
        (T::DataType_IsValid(type.elem_type())
             ? T::DataType_Name(static_cast<T::DataType>(type.elem_type()))
             : std::to_string(type.elem_type())) +
        ", expected FLOAT or an integer type");
  }
  if (!type.has_shape())
    return readError("input '" + Twine(input.name) + "' has no shape");
  for (int i = 0; i < type.shape().dim_size(); ++i) {
    const onnx::TensorShapeProto::Dimension &dim = type.shape().dim(i);
    // Some exporters write 0 or -1 where they mean "any batch".
    bool dynamic = !dim.has_dim_value() || dim.dim_value() == -1 ||
                   (i == 0 && dim.dim_value() == 0);
    if (!dynamic && dim.dim_value() <= 0)
      return readError("input '" + Twine(input.name) + "': dimension " +
                       Twine(i) + " is " + Twine(dim.dim_value()) +
                       ", expected a positive number");
    if (dynamic && i > 0)
      return readError("input '" + Twine(input.name) + "': dimension " +
                       Twine(i) +
                       " is dynamic, only the first (the batch) may be");
    input.shape.push_back(dynamic ? -1 : dim.dim_value());
  }
  SmallVector<int64_t> positive(input.shape.begin(), input.shape.end());
  if (!positive.empty() && positive.front() < 0)
    positive.front() = 1;
  std::optional<int64_t> count = countElements(positive);
  if (!count || *count > INT_MAX)
    return readError("input '" + Twine(input.name) + "' has an absurd shape");
  return input;
}

/// Puts what a node reads before it, and else leaves the order. AMD Quark's
/// files are not sorted, and ONNX Runtime takes them.
static void sortNodes(Graph &graph) {
  StringMap<size_t> makers;
  for (auto [index, node] : llvm::enumerate(graph.nodes))
    for (const std::string &output : node.outputs)
      makers.try_emplace(output, index);
  std::vector<bool> seen(graph.nodes.size());
  std::vector<Node> sorted;
  struct Visit {
    size_t node, nextInput;
  };
  std::vector<Visit> stack;
  for (size_t root = 0; root < graph.nodes.size(); ++root) {
    if (seen[root])
      continue;
    seen[root] = true;
    stack.push_back({root, 0});
    while (!stack.empty()) {
      auto &[index, nextInput] = stack.back();
      Node &node = graph.nodes[index];
      if (nextInput == node.inputs.size()) {
        sorted.push_back(std::move(node));
        stack.pop_back();
        continue;
      }
      const std::string &input = node.inputs[nextInput++];
      auto maker = input.empty() ? makers.end() : makers.find(input);
      if (maker == makers.end() || seen[maker->getValue()])
        continue;
      seen[maker->getValue()] = true;
      stack.push_back({maker->getValue(), 0});
    }
  }
  graph.nodes = std::move(sorted);
}

/// Every value has one definition, before its first use.
static Error checkOrder(const Graph &graph) {
  StringSet<> defined, made;
  for (const GraphInput &input : graph.inputs)
    if (!defined.insert(input.name).second)
      return readError("two inputs are called '" + Twine(input.name) + "'");
  for (const auto &entry : graph.initializers)
    if (!defined.insert(entry.getKey()).second)
      return readError("'" + entry.getKey() +
                       "' is an input and an initializer");
  for (const Node &node : graph.nodes)
    for (const std::string &output : node.outputs)
      if (!output.empty())
        made.insert(output);
  for (const Node &node : graph.nodes) {
    for (const std::string &input : node.inputs)
      if (!input.empty() && !defined.contains(input))
        return readError(
            describeNode(node, graph.opset) + ": input '" + input + "' " +
            (made.contains(input)
                 ? "is used before it is made (the graph is cyclic)"
                 : "is made by no node, input or initializer"));
    for (const std::string &output : node.outputs)
      if (!output.empty() && !defined.insert(output).second)
        return readError(describeNode(node, graph.opset) + ": '" + output +
                         "' is defined twice");
  }
  StringSet<> outputs;
  for (const std::string &output : graph.outputs) {
    if (!defined.contains(output))
      return readError("output '" + output +
                       "' is made by no node, input or initializer");
    if (!outputs.insert(output).second)
      return readError("two outputs are called '" + output + "'");
  }
  return Error::success();
}

static void dropUnneeded(Graph &graph) {
  StringSet<> needed;
  for (const std::string &output : graph.outputs)
    needed.insert(output);
  std::vector<Node> kept;
  for (Node &node : llvm::reverse(graph.nodes)) {
    if (llvm::none_of(node.outputs, [&](const std::string &output) {
          return needed.contains(output);
        }))
      continue;
    for (const std::string &input : node.inputs)
      needed.insert(input);
    kept.push_back(std::move(node));
  }
  graph.nodes.assign(std::make_move_iterator(kept.rbegin()),
                     std::make_move_iterator(kept.rend()));
}

Expected<Graph> hwq::onnx_import::readOnnx(StringRef bytes, StringRef path) {
  // Its log would put lines of its own beside our one error.
  google::protobuf::LogSilencer silencer;
  if (bytes.size() > INT_MAX)
    return readError("the model has more than 2 GiB; weights of that size must "
                     "be external data");
  auto model = std::make_shared<onnx::ModelProto>();
  google::protobuf::io::CodedInputStream stream(
      reinterpret_cast<const uint8_t *>(bytes.data()),
      static_cast<int>(bytes.size()));
  stream.SetTotalBytesLimit(INT_MAX);
  if (!model->ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage())
    return readError("not an ONNX model, or a truncated one");
  if (!model->has_graph())
    return readError("not an ONNX model: no graph");
  const onnx::GraphProto &proto = model->graph();
  if (proto.output_size() == 0)
    return readError("the graph has no outputs");
  if (proto.node_size() == 0)
    return readError("the graph has no nodes");

  Graph graph;
  graph.storage = model;
  for (const onnx::OperatorSetIdProto &opset : model->opset_import())
    if (opset.domain().empty() || opset.domain() == "ai.onnx")
      graph.opset = opset.version();
  if (graph.opset == 0)
    return readError("the model imports no opset of the default domain");
  if (graph.opset < kMinOpset || graph.opset > kMaxOpset)
    return readError("opset " + Twine(graph.opset) + " is not supported, " +
                     "expected " + Twine(kMinOpset) + " to " +
                     Twine(kMaxOpset));
  if (proto.sparse_initializer_size())
    return readError("sparse initializers are not supported");
  std::string modelPath = path.str();
  for (const onnx::TensorProto &tensor : proto.initializer()) {
    if (tensor.name().empty())
      return readError("an initializer has no name");
    if (!graph.initializers
             .try_emplace(tensor.name(),
                          [&tensor, modelPath] {
                            return decodeTensor(tensor, modelPath);
                          })
             .second)
      return readError("two initializers are called '" + Twine(tensor.name()) +
                       "'");
  }
  for (const onnx::ValueInfoProto &input : proto.input()) {
    if (graph.initializers.contains(input.name()))
      continue;
    Expected<GraphInput> read = readInput(input);
    if (!read)
      return read.takeError();
    graph.inputs.push_back(std::move(*read));
  }
  for (const onnx::ValueInfoProto &output : proto.output())
    graph.outputs.push_back(output.name());
  for (const onnx::NodeProto &nodeProto : proto.node()) {
    Node node;
    node.name = nodeProto.name();
    node.opType = nodeProto.op_type();
    if (nodeProto.domain() != "ai.onnx")
      node.domain = nodeProto.domain();
    node.inputs.assign(nodeProto.input().begin(), nodeProto.input().end());
    node.outputs.assign(nodeProto.output().begin(), nodeProto.output().end());
    for (const onnx::AttributeProto &attribute : nodeProto.attribute()) {
      Expected<NodeAttribute> read = readAttribute(attribute, modelPath);
      if (!read)
        return readError(describeNode(node, graph.opset) + ": attribute '" +
                         attribute.name() + "': " + toString(read.takeError()));
      node.attributes[attribute.name()] = std::move(*read);
    }
    graph.nodes.push_back(std::move(node));
  }
  sortNodes(graph);
  if (Error error = checkOrder(graph))
    return error;
  dropUnneeded(graph);
  return graph;
}
