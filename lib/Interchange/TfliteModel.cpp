//===- TfliteModel.cpp - Building a TFLite flatbuffer -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TfliteModel.h"
#include <algorithm>
#include <cstdlib>

using namespace hwq::interchange::tflite;

FileBuilder::FileBuilder() {
  model.version = 3;
  model.description = "hwq";
  // Buffer 0 is that of tensors without data.
  model.buffers.push_back(std::make_unique<BufferT>());
  model.subgraphs.push_back(std::make_unique<SubGraphT>());
  graph = model.subgraphs.back().get();
  graph->name = "main";
}

int32_t FileBuilder::addTensor(std::string name, llvm::ArrayRef<int64_t> shape,
                               TensorType type, TensorParams params) {
  auto tensor = std::make_unique<TensorT>();
  tensor->name = std::move(name);
  tensor->type = type;
  for (int64_t size : shape) {
    tensor->shape.push_back(static_cast<int32_t>(std::abs(size)));
    tensor->shape_signature.push_back(size < 0 ? -1 : tensor->shape.back());
  }
  if (tensor->shape_signature == tensor->shape)
    tensor->shape_signature.clear();
  if (!params.scales.empty()) {
    auto quantization = std::make_unique<QuantizationParametersT>();
    params.zeroPoints.resize(params.scales.size());
    quantization->scale = std::move(params.scales);
    quantization->zero_point = std::move(params.zeroPoints);
    quantization->quantized_dimension = params.axis;
    tensor->quantization = std::move(quantization);
  }
  graph->tensors.push_back(std::move(tensor));
  return static_cast<int32_t>(graph->tensors.size() - 1);
}

int32_t FileBuilder::addConstant(std::string name,
                                 llvm::ArrayRef<int64_t> shape, TensorType type,
                                 const void *data, size_t bytes,
                                 TensorParams params) {
  int32_t index = addTensor(std::move(name), shape, type, std::move(params));
  auto buffer = std::make_unique<BufferT>();
  auto begin = static_cast<const uint8_t *>(data);
  buffer->data.assign(begin, begin + bytes);
  model.buffers.push_back(std::move(buffer));
  graph->tensors[index]->buffer =
      static_cast<uint32_t>(model.buffers.size() - 1);
  return index;
}

int32_t FileBuilder::addIndices(std::string name,
                                llvm::ArrayRef<int64_t> values,
                                llvm::ArrayRef<int64_t> shape) {
  std::vector<int32_t> data(values.begin(), values.end());
  return addConstant(
      std::move(name),
      shape.empty() ? llvm::ArrayRef<int64_t>{int64_t(values.size())} : shape,
      TensorType::INT32, data.data(), data.size() * sizeof(int32_t));
}

void FileBuilder::addOp(BuiltinOperator op, int32_t version,
                        std::vector<int32_t> operands, int32_t result) {
  auto [code, added] = codes.try_emplace(
      {op, version}, static_cast<uint32_t>(model.operator_codes.size()));
  if (added) {
    auto entry = std::make_unique<OperatorCodeT>();
    entry->builtin_code = op;
    // For readers of before the code had 32 bits.
    entry->deprecated_builtin_code =
        static_cast<int8_t>(std::min<int32_t>(static_cast<int32_t>(op), 127));
    entry->version = version;
    model.operator_codes.push_back(std::move(entry));
  }
  auto operation = std::make_unique<OperatorT>();
  operation->opcode_index = code->second;
  operation->inputs = std::move(operands);
  operation->outputs = {result};
  graph->operators.push_back(std::move(operation));
}

std::string FileBuilder::finish() {
  flatbuffers::FlatBufferBuilder builder;
  FinishModelBuffer(builder, Model::Pack(builder, &model));
  return std::string(reinterpret_cast<const char *>(builder.GetBufferPointer()),
                     builder.GetSize());
}
