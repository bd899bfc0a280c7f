//===- OnnxModel.cpp - Building an ONNX model -------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OnnxModel.h"

using namespace hwq::interchange::onnx_export;
using llvm::ArrayRef;
using llvm::StringRef;

Node &Node::set(StringRef name, int64_t value) {
  onnx::AttributeProto *attribute = proto->add_attribute();
  attribute->set_name(name.str());
  attribute->set_type(onnx::AttributeProto::INT);
  attribute->set_i(value);
  return *this;
}

Node &Node::setFloat(StringRef name, float value) {
  onnx::AttributeProto *attribute = proto->add_attribute();
  attribute->set_name(name.str());
  attribute->set_type(onnx::AttributeProto::FLOAT);
  attribute->set_f(value);
  return *this;
}

Node &Node::set(StringRef name, ArrayRef<int64_t> values) {
  onnx::AttributeProto *attribute = proto->add_attribute();
  attribute->set_name(name.str());
  attribute->set_type(onnx::AttributeProto::INTS);
  for (int64_t value : values)
    attribute->add_ints(value);
  return *this;
}

Node &Node::setText(StringRef name, StringRef text) {
  onnx::AttributeProto *attribute = proto->add_attribute();
  attribute->set_name(name.str());
  attribute->set_type(onnx::AttributeProto::STRING);
  attribute->set_s(text.str());
  return *this;
}

FileBuilder::FileBuilder() {
  model.set_ir_version(7);
  model.set_producer_name("hwq");
  onnx::OperatorSetIdProto *opset = model.add_opset_import();
  opset->set_domain("");
  // The first with one scale per channel in QuantizeLinear.
  opset->set_version(13);
  graph = model.mutable_graph();
  graph->set_name("main");
}

static void setType(onnx::ValueInfoProto *info, StringRef name, int32_t type,
                    ArrayRef<int64_t> shape) {
  info->set_name(name.str());
  onnx::TypeProto_Tensor *tensor = info->mutable_type()->mutable_tensor_type();
  tensor->set_elem_type(type);
  onnx::TensorShapeProto *dims = tensor->mutable_shape();
  for (int64_t size : shape) {
    onnx::TensorShapeProto_Dimension *dim = dims->add_dim();
    if (size < 0)
      dim->set_dim_param("N");
    else
      dim->set_dim_value(size);
  }
}

void FileBuilder::addInput(StringRef name, int32_t type,
                           ArrayRef<int64_t> shape) {
  setType(graph->add_input(), name, type, shape);
}

void FileBuilder::addOutput(StringRef name, int32_t type,
                            ArrayRef<int64_t> shape) {
  setType(graph->add_output(), name, type, shape);
}

void FileBuilder::addConstant(StringRef name, ArrayRef<int64_t> shape,
                              int32_t type, const void *data, size_t bytes) {
  onnx::TensorProto *tensor = graph->add_initializer();
  tensor->set_name(name.str());
  tensor->set_data_type(type);
  for (int64_t size : shape)
    tensor->add_dims(size);
  tensor->set_raw_data(data, bytes);
  constantBytes += bytes;
}

Node FileBuilder::addNode(StringRef opType, ArrayRef<std::string> inputs,
                          StringRef output, StringRef domain) {
  onnx::NodeProto *node = graph->add_node();
  node->set_op_type(opType.str());
  node->set_name(output.str());
  for (const std::string &input : inputs)
    node->add_input(input);
  node->add_output(output.str());
  if (!domain.empty()) {
    node->set_domain(domain.str());
    usesMicrosoft |= domain == kMicrosoft;
  }
  return Node(node);
}

std::string FileBuilder::finish() {
  if (usesMicrosoft) {
    onnx::OperatorSetIdProto *opset = model.add_opset_import();
    opset->set_domain(kMicrosoft.str());
    opset->set_version(1);
  }
  return model.SerializeAsString();
}
