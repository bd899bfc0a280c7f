//===- Inspect.cpp - What a program file holds ------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Inspect.h"
#include "Console.h"
#include "Model.h"
#include "Options.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Pipelines/Derivation.h"
#include "hwq/Pipelines/ProgramCosts.h"
#include "llvm/Support/FileSystem.h"
#include <algorithm>
#include <map>

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;

namespace {
/// A tensor with a name. Scales and zero points: none of a float tensor, one,
/// or one per index of `channelAxis`.
struct NamedTensor {
  std::string name, op, type;
  std::vector<double> scales;
  std::vector<int64_t> zeroPoints;
  int64_t qmin = 0, qmax = 0;
  std::optional<int64_t> channelAxis;
};

struct Program {
  std::string form, backend;
  std::vector<NamedTensor> inputs, outputs, tensors;
  std::map<std::string, int64_t> ops;
  ProgramCosts costs;
  uint64_t fileBytes = 0;
};
} // namespace

static std::string printType(Type type) {
  std::string text;
  llvm::raw_string_ostream os(text);
  auto shape = dyn_cast<RankedTensorType>(type);
  if (!shape) {
    os << type;
    return text;
  }
  for (int64_t size : shape.getShape()) {
    if (ShapedType::isDynamic(size))
      os << "?x";
    else
      os << size << "x";
  }
  Type element = shape.getElementType();
  if (auto quantized = dyn_cast<quant::QuantizedType>(element))
    os << (quantized.isSigned() ? "i" : "u")
       << quantized.getStorageTypeIntegralWidth();
  else
    os << element;
  return text;
}

static NamedTensor describe(StringRef name, Type type) {
  NamedTensor tensor;
  tensor.name = name.str();
  tensor.type = printType(type);
  Type element = getElementTypeOrSelf(type);
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element)) {
    tensor.scales = {uniform.getScale()};
    tensor.zeroPoints = {uniform.getZeroPoint()};
  } else if (auto perAxis =
                 dyn_cast<quant::UniformQuantizedPerAxisType>(element)) {
    tensor.scales = perAxis.getScales();
    tensor.zeroPoints = perAxis.getZeroPoints();
    tensor.channelAxis = perAxis.getQuantizedDimension();
  } else {
    return tensor;
  }
  auto quantized = cast<quant::QuantizedType>(element);
  tensor.qmin = quantized.getStorageTypeMin();
  tensor.qmax = quantized.getStorageTypeMax();
  return tensor;
}

static void readFunction(func::FuncOp func, Program &program) {
  for (BlockArgument argument : func.getArguments())
    program.inputs.push_back(
        describe(getTensorName(argument), argument.getType()));
  for (auto [i, type] : llvm::enumerate(func.getResultTypes())) {
    auto name = func.getResultAttrOfType<StringAttr>(i, kNameAttr);
    program.outputs.push_back(describe(name ? name.getValue() : "", type));
  }
  func.walk([&](Operation *op) {
    if (op == func || op->hasTrait<OpTrait::IsTerminator>() ||
        op->hasTrait<OpTrait::ConstantLike>())
      return;
    ++program.ops[op->getName().getStringRef().str()];
    if (op->getNumResults() != 1)
      return;
    Value result = op->getResult(0);
    if (StringRef name = getTensorName(result); !name.empty()) {
      NamedTensor tensor = describe(name, result.getType());
      tensor.op = op->getName().getStringRef().str();
      program.tensors.push_back(std::move(tensor));
    }
  });
}

static llvm::json::Object toJson(const NamedTensor &t) {
  llvm::json::Object object{{"name", t.name}, {"type", t.type}};
  if (!t.op.empty())
    object["op"] = t.op;
  if (t.scales.empty())
    return object;
  if (t.channelAxis) {
    llvm::json::Array scales;
    for (double scale : t.scales)
      scales.push_back(jsonNumber(scale));
    object["scale"] = std::move(scales);
    object["zero_point"] = llvm::json::Array(t.zeroPoints);
    object["channel_axis"] = *t.channelAxis;
  } else {
    object["scale"] = jsonNumber(t.scales.front());
    object["zero_point"] = t.zeroPoints.front();
  }
  object["qmin"] = t.qmin;
  object["qmax"] = t.qmax;
  return object;
}

static llvm::json::Value toJson(const Program &p) {
  auto list = [](ArrayRef<NamedTensor> tensors) {
    llvm::json::Array array;
    for (const NamedTensor &t : tensors)
      array.push_back(toJson(t));
    return array;
  };
  llvm::json::Object ops;
  for (const auto &[name, count] : p.ops)
    ops[name] = count;
  return llvm::json::Object{{"form", p.form},
                            {"backend", p.backend.empty()
                                            ? llvm::json::Value(nullptr)
                                            : llvm::json::Value(p.backend)},
                            {"inputs", list(p.inputs)},
                            {"outputs", list(p.outputs)},
                            {"ops", std::move(ops)},
                            {"tensors", list(p.tensors)},
                            {"integer_macs", p.costs.integerMacs},
                            {"float_macs", p.costs.floatMacs},
                            {"integer_bytes", p.costs.integerBytes},
                            {"float_bytes", p.costs.floatBytes},
                            {"file_bytes", int64_t(p.fileBytes)}};
}

static std::string printNumber(double value) { return exact(value); }
static std::string printNumber(int64_t value) { return std::to_string(value); }

/// The value of all channels, or "least..largest".
template <typename T>
static std::string describeChannels(const std::vector<T> &values) {
  if (values.empty())
    return "";
  auto [least, largest] = std::minmax_element(values.begin(), values.end());
  return *least == *largest
             ? printNumber(*least)
             : printNumber(*least) + ".." + printNumber(*largest);
}

static std::string describeScale(const NamedTensor &t) {
  std::string text = describeChannels(t.scales);
  return t.channelAxis
             ? text + " (" + std::to_string(t.scales.size()) + " channels)"
             : text;
}

static void print(const Program &p, llvm::raw_ostream &os) {
  os << "form      " << p.form << "\n";
  if (!p.backend.empty())
    os << "backend   " << p.backend << "\n";
  auto params = [](const NamedTensor &t) {
    return t.scales.empty() ? std::string()
                            : ", scale " + describeScale(t) + ", zero point " +
                                  describeChannels(t.zeroPoints);
  };
  for (const NamedTensor &t : p.inputs)
    os << "input     " << t.name << ": " << t.type << params(t) << "\n";
  for (const NamedTensor &t : p.outputs)
    os << "output    " << t.name << ": " << t.type << params(t) << "\n";
  os << "products  " << p.costs.integerMacs << " in integers, "
     << p.costs.floatMacs << " in float, for one sample\n";
  os << "constants " << p.costs.integerBytes << " bytes of integers, "
     << p.costs.floatBytes << " of floats; the file has " << p.fileBytes
     << "\n\n";
  Table ops({"op", "number"});
  for (const auto &[name, count] : p.ops)
    ops.add({name, std::to_string(count)});
  ops.print(os);
  os << "\n";
  Table tensors({"tensor", "op", "type", "scale", "zero point"});
  for (const NamedTensor &t : p.tensors)
    tensors.add({t.name, t.op, t.type, describeScale(t),
                 describeChannels(t.zeroPoints)});
  tensors.print(os);
}

bool driver::isProgramFile(StringRef path) {
  return path.ends_with(".mlir") || path.ends_with(".mlirbc") ||
         path.ends_with(".onnx");
}

llvm::Error driver::inspectProgram(StringRef path) {
  Session session;
  llvm::Expected<OwningOpRef<ModuleOp>> module = loadModel(path, session);
  if (!module)
    return module.takeError();
  Program program;
  FailureOr<std::optional<Form>> form = getForm(module->get());
  if (failed(form))
    return reportedError();
  program.form = stringifyForm(form->value_or(Form::Float)).str();
  if (auto backend =
          (*module)->getOperation()->getAttrOfType<BackendAttr>(kBackendAttr))
    program.backend = backend.getName().getValue().str();
  func::FuncOp func = getMainFunction(module->get());
  if (!func)
    return llvm::createStringError("'" + path + "' has no function");
  readFunction(func, program);
  program.costs = measureCosts(module->get());
  (void)llvm::sys::fs::file_size(path, program.fileBytes);
  return printResult([&] { return toJson(program); },
                     [&](llvm::raw_ostream &os) { print(program, os); });
}
