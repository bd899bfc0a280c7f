//===- ExportVectors.cpp - Every op's numbers for RTL -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Console.h"
#include "Export.h"
#include "Options.h"
#include "Provenance.h"
#include "Steps.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Pipelines/ProgramData.h"
#include "hwq/Pipelines/VerifyStore.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;
using runtime::DType;
using runtime::Evaluator;
using runtime::NamedValue;
using runtime::Tensor;
namespace json = llvm::json;

namespace {
/// Words of `bits` each, in the low bits.
struct Words {
  std::string type; // "u8", "i32", "f32", ...
  unsigned bits;
  std::vector<uint64_t> values;
};

/// Writes the folders of all ops.
class Exporter {
public:
  Exporter(const Evaluator &evaluator, const TensorStore &store,
           OutputFolder &folder)
      : store(store), folder(folder) {
    for (auto [i, named] : llvm::enumerate(evaluator.namedValues()))
      indices[named.value] = i;
  }
  llvm::Error addOp(Operation *op);
  json::Array takeOps() { return std::move(ops); }

private:
  /// Writes NAME.raw and NAME.hex into the folder of the op.
  llvm::Error write(StringRef name, const Words &words);
  llvm::Error addOperand(Value value, StringRef name, json::Array &list);
  llvm::Error addConstant(Value value, StringRef name, json::Array &list);
  llvm::Error addAttribute(StringRef name, Attribute value,
                           json::Object &attributes, json::Array &arrays);
  llvm::Error addRequant(StringRef name, RequantAttr requant,
                         json::Object &attributes, json::Array &arrays);
  llvm::Error addArray(StringRef name, Words words, json::Array values,
                       json::Object &attributes, json::Array &arrays);
  const Tensor *find(Value value) const {
    auto it = indices.find(value);
    return it == indices.end() || !store.get(it->second)
               ? nullptr
               : &store.get(it->second);
  }

  const TensorStore &store;
  OutputFolder &folder;
  llvm::DenseMap<Value, size_t> indices;
  llvm::DenseMap<Value, std::string> producers;
  std::string current; // the folder of the op
  json::Array ops;
};
} // namespace

/// A name that every file system and Verilog's $readmemh take.
static std::string sanitize(StringRef name) {
  std::string text;
  for (char c : name.take_front(80))
    text += llvm::isAlnum(c) || c == '_' || c == '-' || c == '.' ? c : '_';
  return text;
}

static Words wordsOf(const Tensor &tensor) {
  size_t width = runtime::byteWidth(tensor.dtype());
  Words words{runtime::dtypeName(tensor.dtype()).str(),
              static_cast<unsigned>(8 * width),
              {}};
  words.values.resize(tensor.numElements());
  const char *bytes = static_cast<const char *>(tensor.raw());
  for (auto [i, word] : llvm::enumerate(words.values))
    std::memcpy(&word, bytes + i * width, width);
  return words;
}

template <typename T>
static Words wordsOf(StringRef type, unsigned bits, ArrayRef<T> values) {
  Words words{type.str(), bits, {}};
  for (T value : values)
    if constexpr (std::is_same_v<T, float>)
      words.values.push_back(llvm::bit_cast<uint32_t>(value));
    else if constexpr (std::is_same_v<T, double>)
      words.values.push_back(llvm::bit_cast<uint64_t>(value));
    else
      words.values.push_back(static_cast<uint64_t>(value));
  return words;
}

template <typename T> static json::Array arrayOf(ArrayRef<T> values) {
  json::Array array;
  for (T value : values)
    if constexpr (std::is_floating_point_v<T>)
      array.push_back(jsonNumber(static_cast<double>(value)));
    else
      array.push_back(static_cast<int64_t>(value));
  return array;
}

/// "u8" and the like; the width of the storage, not of the grid.
static std::string storageName(Type type, unsigned &bits) {
  if (auto quantized = dyn_cast<quant::QuantizedType>(type)) {
    bits = quantized.getStorageTypeIntegralWidth() <= 8    ? 8
           : quantized.getStorageTypeIntegralWidth() <= 16 ? 16
                                                           : 32;
    return (quantized.isSigned() ? "i" : "u") + std::to_string(bits);
  }
  bits = type.getIntOrFloatBitWidth();
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

/// Scale and zero point of a quantized type, one or one per channel.
static void addParams(Type type, json::Object &object) {
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type)) {
    object["scale"] = uniform.getScale();
    object["zero_point"] = uniform.getZeroPoint();
  } else if (auto axis = dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    object["scale"] = arrayOf(axis.getScales());
    object["zero_point"] = arrayOf(axis.getZeroPoints());
    object["axis"] = axis.getQuantizedDimension();
  }
}

llvm::Error Exporter::write(StringRef name, const Words &words) {
  std::string file = current + "/" + name.str();
  unsigned bytes = words.bits / 8;
  if (llvm::Error error =
          folder.write(file + ".raw", [&](llvm::raw_pwrite_stream &os) {
            for (uint64_t word : words.values) {
              char buffer[8];
              llvm::support::endian::write64le(buffer, word);
              os.write(buffer, bytes);
            }
            return llvm::Error::success();
          }))
    return error;
  return folder.write(file + ".hex", [&](llvm::raw_pwrite_stream &os) {
    static const char digits[] = "0123456789abcdef";
    std::string line(2 * bytes + 1, '\n');
    for (uint64_t word : words.values) {
      for (unsigned i = 0; i < 2 * bytes; ++i)
        line[2 * bytes - 1 - i] = digits[word >> (4 * i) & 15];
      os << line;
    }
    return llvm::Error::success();
  });
}

llvm::Error Exporter::addOperand(Value value, StringRef name,
                                 json::Array &list) {
  const Tensor *tensor = find(value);
  Words words = wordsOf(*tensor);
  json::Object entry{{"file", name.str()},
                     {"tensor", getTensorName(value)},
                     {"type", words.type},
                     {"shape", arrayOf(tensor->shape())}};
  if (auto it = producers.find(value); it != producers.end())
    entry["producer"] = it->second;
  addParams(getElementTypeOrSelf(value.getType()), entry);
  list.push_back(std::move(entry));
  return write(name, words);
}

llvm::Error Exporter::addConstant(Value value, StringRef name,
                                  json::Array &list) {
  Type element = getElementTypeOrSelf(value.getType());
  unsigned bits;
  Words words;
  if (element.isF32()) {
    FailureOr<std::vector<float>> values = getFloatConstant(value);
    if (failed(values))
      return reportedError();
    words = wordsOf<float>("f32", 32, *values);
  } else {
    FailureOr<std::vector<int64_t>> values = getIntegerConstant(value);
    if (failed(values))
      return reportedError();
    std::string type = storageName(element, bits);
    words = wordsOf<int64_t>(type, bits, *values);
  }
  json::Object entry{
      {"file", name.str()},
      {"type", words.type},
      {"shape", arrayOf(cast<ShapedType>(value.getType()).getShape())}};
  addParams(element, entry);
  list.push_back(std::move(entry));
  return write(name, words);
}

llvm::Error Exporter::addArray(StringRef name, Words words, json::Array values,
                               json::Object &attributes, json::Array &arrays) {
  arrays.push_back(json::Object{
      {"file", name.str()},
      {"type", words.type},
      {"shape", json::Array{static_cast<int64_t>(words.values.size())}}});
  attributes[name.str()] = std::move(values);
  return write(name, words);
}

llvm::Error Exporter::addRequant(StringRef name, RequantAttr requant,
                                 json::Object &attributes,
                                 json::Array &arrays) {
  auto key = [&](StringRef field) { return (name + "." + field).str(); };
  attributes[key("kernel")] = std::string(stringify(requant.getKernel()));
  attributes[key("input_zero_point")] = requant.getInputZeroPoint();
  attributes[key("left_shift")] = requant.getLeftShift();
  attributes[key("zero_point")] = requant.getZeroPoint();
  attributes[key("lo")] = requant.getLo();
  attributes[key("hi")] = requant.getHi();
  attributes[key("scales")] = arrayOf(requant.getScales().asArrayRef());
  const std::pair<StringRef, Attribute> numbers[] = {
      {"multipliers", requant.getMultipliers()},
      {"shifts", requant.getShifts()},
      {"pre_shifts", requant.getPreShifts()},
      {"factors", requant.getFactors()},
      {"bias", requant.getBias()},
      {"bias_units", requant.getBiasUnits()},
      {"output_scale", requant.getOutputScale()},
      {"residual_scale", requant.getResidualScale()}};
  for (auto [field, value] : numbers)
    if (value)
      if (llvm::Error error =
              addAttribute(key(field), value, attributes, arrays))
        return error;
  return llvm::Error::success();
}

/// Arrays of channels and tables, i32 or float, get a file; geometry is i64.
llvm::Error Exporter::addAttribute(StringRef name, Attribute value,
                                   json::Object &attributes,
                                   json::Array &arrays) {
  if (auto requant = dyn_cast<RequantAttr>(value))
    return addRequant(name, requant, attributes, arrays);
  if (auto array = dyn_cast<DenseI32ArrayAttr>(value))
    return addArray(name, wordsOf("i32", 32, array.asArrayRef()),
                    arrayOf(array.asArrayRef()), attributes, arrays);
  if (auto array = dyn_cast<DenseF32ArrayAttr>(value))
    return addArray(name, wordsOf("f32", 32, array.asArrayRef()),
                    arrayOf(array.asArrayRef()), attributes, arrays);
  if (auto array = dyn_cast<DenseF64ArrayAttr>(value))
    return addArray(name, wordsOf("f64", 64, array.asArrayRef()),
                    arrayOf(array.asArrayRef()), attributes, arrays);
  if (auto array = dyn_cast<DenseI64ArrayAttr>(value))
    attributes[name.str()] = arrayOf(array.asArrayRef());
  else if (auto flag = dyn_cast<BoolAttr>(value))
    attributes[name.str()] = flag.getValue();
  else if (isa<UnitAttr>(value))
    attributes[name.str()] = true;
  else if (auto integer = dyn_cast<IntegerAttr>(value))
    attributes[name.str()] =
        integer.getType().isUnsignedInteger()
            ? json::Value(integer.getValue().getZExtValue())
            : json::Value(integer.getValue().getSExtValue());
  else if (auto number = dyn_cast<FloatAttr>(value))
    attributes[name.str()] = jsonNumber(number.getValueAsDouble());
  else if (auto string = dyn_cast<StringAttr>(value))
    attributes[name.str()] = string.getValue();
  else {
    std::string text;
    llvm::raw_string_ostream os(text);
    value.print(os);
    // "#quant_hw.add_variant<tflite>"
    StringRef word(text);
    if (word.consume_front("#") && word.contains('<') && word.ends_with(">"))
      word = word.split('<').second.drop_back();
    attributes[name.str()] = word.str();
  }
  return llvm::Error::success();
}

llvm::Error Exporter::addOp(Operation *op) {
  Value output = op->getResult(0);
  if (!find(output))
    return llvm::Error::success();
  std::string number = std::to_string(ops.size());
  number.insert(0, number.size() < 3 ? 3 - number.size() : 0, '0');
  current = number + "_" + sanitize(getTensorName(output));
  json::Array inputs, constants, outputs, arrays;
  json::Object attributes;

  int64_t activations = llvm::count_if(
      op->getOperands(), [&](Value value) { return find(value) != nullptr; });
  // A dot product with constant weights, and bias.
  bool isDot = op->getNumOperands() >= 2 && !find(op->getOperand(1)) &&
               isa<quant::QuantizedType>(
                   getElementTypeOrSelf(op->getOperand(1).getType()));
  for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
    if (find(operand)) {
      std::string name = "input";
      if (activations > 1)
        name += std::to_string(inputs.size());
      if (llvm::Error error = addOperand(operand, name, inputs))
        return error;
      continue;
    }
    // Shapes are no numbers of the computation.
    if (!isa_and_nonnull<tosa::ConstOp>(operand.getDefiningOp()))
      continue;
    std::string name = "constant" + std::to_string(constants.size());
    if (isDot)
      name = i == 1 ? "weights" : "bias";
    if (llvm::Error error = addConstant(operand, name, constants))
      return error;
  }
  for (NamedAttribute attribute : op->getAttrs())
    if (attribute.getName() != kNameAttr)
      if (llvm::Error error =
              addAttribute(attribute.getName().getValue(), attribute.getValue(),
                           attributes, arrays))
        return error;
  if (llvm::Error error = addOperand(output, "output", outputs))
    return error;
  ops.push_back(json::Object{{"folder", current},
                             {"op", op->getName().getStringRef()},
                             {"inputs", std::move(inputs)},
                             {"constants", std::move(constants)},
                             {"arrays", std::move(arrays)},
                             {"attributes", std::move(attributes)},
                             {"output", std::move(outputs.front())}});
  producers[output] = current;
  return llvm::Error::success();
}

/// Values without a name get one, so that the evaluator shows them.
static void nameAll(ModuleOp module) {
  int64_t index = 0;
  module.walk([&](Operation *op) {
    if (op->getNumResults() == 1 && getTensorName(op->getResult(0)).empty() &&
        isa<RankedTensorType>(op->getResult(0).getType()) &&
        !op->hasTrait<OpTrait::ConstantLike>())
      setTensorName(op,
                    (op->getName().stripDialect() + "." + Twine(index)).str());
    ++index;
  });
}

llvm::Error driver::exportVectors(ModuleOp module, const runtime::Dataset &data,
                                  OutputFolder &folder) {
  OwningOpRef<ModuleOp> named = module.clone();
  nameAll(*named);
  llvm::Expected<std::unique_ptr<Evaluator>> evaluator = makeEvaluator(*named);
  if (!evaluator)
    return evaluator.takeError();
  TensorStore store((*evaluator)->namedValues().size(), data.size());
  Evaluator::Hooks hooks;
  hooks.value = [&](unsigned, size_t index, int64_t first, Tensor &tensor) {
    store.put(index, first, tensor);
    return llvm::Error::success();
  };
  {
    Progress progress("evaluate");
    hooks.progress = progress.hook();
    if (llvm::Error error = (*evaluator)->run(data, hooks))
      return error;
  }
  Exporter exporter(**evaluator, store, folder);
  llvm::Expected<func::FuncOp> func = programFunction(*named);
  if (!func)
    return func.takeError();
  for (Operation &op : func->getBody().front().without_terminator())
    if (op.getNumResults() == 1)
      if (llvm::Error error = exporter.addOp(&op))
        return error;
  json::Array samples;
  for (int64_t i = 0, e = data.size(); i < e; ++i)
    samples.push_back(data.sampleName(i));
  FailureOr<std::optional<Form>> form = getForm(module);
  json::Object root{
      {"command", commandLine()},
      {"versions", versions()},
      {"form", stringifyForm(succeeded(form) ? form->value_or(Form::Float)
                                             : Form::Float)},
      {"samples", std::move(samples)},
      {"ops", exporter.takeOps()}};
  if (auto backend = module->getAttrOfType<BackendAttr>(kBackendAttr))
    root["backend"] = backend.getName().getValue();
  return folder.write("vectors.json", [&](llvm::raw_pwrite_stream &os) {
    os << jsonText(std::move(root));
    return llvm::Error::success();
  });
}
