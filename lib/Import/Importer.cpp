//===- Importer.cpp - From graph to function, node by node ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/SaveAndRestore.h"
#include <climits>

using namespace mlir;
using namespace hwq;
using namespace hwq::onnx_import;

static const HandlerTable &handlers() {
  static const HandlerTable table = [] {
    HandlerTable t;
    addConvHandlers(t);
    addMatMulHandlers(t);
    addPoolHandlers(t);
    addElementwiseHandlers(t);
    addActivationHandlers(t);
    addNormHandlers(t);
    addReduceHandlers(t);
    addReshapeHandlers(t);
    addMovementHandlers(t);
    addGatherHandlers(t);
    addResizeHandlers(t);
    addQuantizeHandlers(t);
    return t;
  }();
  return table;
}

static bool isFeatureMapOp(StringRef opType) {
  opType.consume_front("QLinear");
  return llvm::StringSwitch<bool>(opType)
      .Cases({"Conv", "ConvTranspose", "MaxPool", "AveragePool"}, true)
      .Cases({"GlobalAveragePool", "GlobalMaxPool", "LRN"}, true)
      .Cases({"BatchNormalization", "Resize", "Upsample"}, true)
      .Default(false);
}

Importer::Importer(const Graph &graph, StringRef path, MLIRContext *context)
    : builder(context), graph(graph),
      fileLoc(FileLineColLoc::get(context, path, 0, 0)) {
  for (const Node &node : graph.nodes) {
    hasFeatureMaps |= isFeatureMapOp(node.opType);
    for (const std::string &input : node.inputs)
      ++uses[input];
  }
  for (const std::string &output : graph.outputs)
    ++uses[output];
}

//===----------------------------------------------------------------------===//
// The current node
//===----------------------------------------------------------------------===//

InFlightDiagnostic Importer::error() {
  InFlightDiagnostic diagnostic = emitError(fileLoc);
  if (const Node *node = whole ? whole : current)
    diagnostic << describeNode(*node, graph.opset) << ": ";
  return diagnostic;
}

Location Importer::loc() {
  const Node *from = whole ? whole : current;
  if (!from)
    return fileLoc;
  // Files of other tools know layers by the names of their nodes.
  Location node = fileLoc;
  if (!from->name.empty())
    node = NameLoc::get(builder.getStringAttr(from->name), fileLoc);
  for (const std::string &output : from->outputs)
    if (!output.empty())
      return NameLoc::get(builder.getStringAttr(output), node);
  return fileLoc;
}

const NodeAttribute *Importer::getAttribute(StringRef name,
                                            NodeAttribute::Kind kind) {
  auto it = current->attributes.find(name);
  if (it == current->attributes.end())
    return nullptr;
  it->getValue().used = true;
  // Exporters write an empty list as a list of any kind.
  bool isEmptyList = (it->getValue().kind == NodeAttribute::Kind::Ints ||
                      it->getValue().kind == NodeAttribute::Kind::Floats) &&
                     it->getValue().ints.empty() &&
                     it->getValue().floats.empty();
  if (it->getValue().kind != kind) {
    if (!isEmptyList)
      wrongAttribute = name.str();
    return nullptr;
  }
  return &it->getValue();
}

int64_t Importer::getInt(StringRef name, int64_t defaultValue) {
  const NodeAttribute *a = getAttribute(name, NodeAttribute::Kind::Int);
  return a ? a->i : defaultValue;
}

float Importer::getFloat(StringRef name, float defaultValue) {
  const NodeAttribute *a = getAttribute(name, NodeAttribute::Kind::Float);
  return a ? a->f : defaultValue;
}

std::string Importer::getString(StringRef name, StringRef defaultValue) {
  const NodeAttribute *a = getAttribute(name, NodeAttribute::Kind::String);
  return a ? a->s : defaultValue.str();
}

std::optional<SmallVector<int64_t>> Importer::getInts(StringRef name) {
  if (const NodeAttribute *a = getAttribute(name, NodeAttribute::Kind::Ints))
    return SmallVector<int64_t>(a->ints.begin(), a->ints.end());
  return std::nullopt;
}

std::optional<SmallVector<float>> Importer::getFloats(StringRef name) {
  if (const NodeAttribute *a = getAttribute(name, NodeAttribute::Kind::Floats))
    return SmallVector<float>(a->floats.begin(), a->floats.end());
  return std::nullopt;
}

unsigned Importer::numInputs() const {
  return static_cast<unsigned>(current->inputs.size());
}

bool Importer::hasInput(unsigned i) const {
  return i < current->inputs.size() && !current->inputs[i].empty();
}

bool Importer::hasOutput(unsigned i) const {
  return i < current->outputs.size() && !current->outputs[i].empty() &&
         useCount(current->outputs[i]) > 0;
}

unsigned Importer::useCount(StringRef valueName) const {
  return uses.lookup(valueName);
}

LogicalResult Importer::expectInputs(unsigned min, unsigned max) {
  if (numInputs() > max)
    return error() << "has " << numInputs() << " inputs, expected at most "
                   << max;
  for (unsigned i = 0; i < min; ++i)
    if (!hasInput(i))
      return error() << "input " << i << " is missing";
  return success();
}

const OnnxValue &Importer::input(unsigned i) {
  return values[current->inputs[i]];
}

HostTensorPtr Importer::constantOrNull(unsigned i) {
  return hasInput(i) ? input(i).constant : nullptr;
}

FailureOr<HostTensorPtr> Importer::floatConstant(unsigned i, StringRef what) {
  HostTensorPtr tensor = constantOrNull(i);
  if (!tensor)
    return error() << what << " must be constant";
  if (!tensor->isFloat)
    return error() << what << " '" << tensor->name
                   << "' has integers, expected floats";
  return tensor;
}

FailureOr<SmallVector<int64_t>> Importer::intConstant(unsigned i,
                                                      StringRef what) {
  HostTensorPtr tensor = constantOrNull(i);
  if (!tensor)
    return error() << what << " must be constant";
  if (tensor->isFloat)
    return error() << what << " has floats, expected integers";
  if (tensor->hasBatch())
    return error() << what << " depends on the batch, expected constants";
  return SmallVector<int64_t>(tensor->ints.begin(), tensor->ints.end());
}

FailureOr<ActivationPtr> Importer::anyActivation(unsigned i) {
  if (!hasInput(i))
    return error() << "input " << i << " is missing";
  const OnnxValue &value = input(i);
  if (value.activation)
    return value.activation;
  const HostTensor &tensor = *value.constant;
  if (!tensor.isFloat)
    return error() << "input '" << current->inputs[i]
                   << "' has integer constants, expected floats";
  if (failed(checkShape(tensor.shape)))
    return failure();
  auto result = std::make_shared<Activation>();
  result->shape = tensor.shape;
  result->plain = constant(tensor.shape, tensor.floats, tensor.name);
  return result;
}

FailureOr<ActivationPtr> Importer::activation(unsigned i) {
  FailureOr<ActivationPtr> result = anyActivation(i);
  if (succeeded(result) && (*result)->isInteger)
    return error() << "input '" << current->inputs[i]
                   << "' has integers, expected floats";
  return result;
}

void Importer::define(unsigned output, HostTensorPtr constant) {
  if (output < current->outputs.size() && !current->outputs[output].empty())
    values[current->outputs[output]] = {std::move(constant), nullptr};
}

void Importer::define(unsigned output, ActivationPtr activation) {
  if (output < current->outputs.size() && !current->outputs[output].empty())
    values[current->outputs[output]] = {nullptr, std::move(activation)};
}

void Importer::define(unsigned output, const OnnxValue &value) {
  if (output < current->outputs.size() && !current->outputs[output].empty()) {
    OnnxValue copy = value;
    values[current->outputs[output]] = std::move(copy);
  }
}

LogicalResult Importer::checkShape(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> fixed(shape);
  unsigned dynamic = 0;
  for (int64_t &dim : fixed)
    if (dim == kDynamic) {
      dim = 1;
      ++dynamic;
    }
  std::optional<int64_t> count = countElements(fixed);
  if (dynamic > 1)
    return error() << "the result has " << dynamic
                   << " dynamic dimensions, expected at most one";
  // Per sample; more does not fit in any memory this is meant for.
  if (!count || *count > INT_MAX) {
    InFlightDiagnostic diagnostic = error() << "absurd shape ";
    llvm::interleave(
        shape,
        [&](int64_t d) { d == kDynamic ? diagnostic << "?" : diagnostic << d; },
        [&] { diagnostic << "x"; });
    return diagnostic;
  }
  if (*count == 0)
    return error() << "the result has no elements";
  return success();
}

void Importer::setName(unsigned output, Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || op->hasAttr(kNameAttr) || output >= current->outputs.size() ||
      current->outputs[output].empty())
    return;
  // One value has the name: where a reshape follows what computes it, the
  // latter.
  if (named.insert(current->outputs[output]).second)
    setTensorName(op, current->outputs[output]);
}

LogicalResult Importer::definePlain(unsigned output, Value value,
                                    ArrayRef<int64_t> shape,
                                    int64_t batchFactor) {
  if (failed(checkShape(shape)))
    return failure();
  auto result = std::make_shared<Activation>();
  result->shape.assign(shape.begin(), shape.end());
  result->batchFactor = batchFactor;
  result->plain = value;
  setName(output, value);
  define(output, std::move(result));
  return success();
}

LogicalResult Importer::defineChannelsLast(unsigned output, Value value,
                                           ArrayRef<int64_t> shape,
                                           int64_t batchFactor) {
  if (failed(checkShape(shape)))
    return failure();
  auto result = std::make_shared<Activation>();
  result->shape.assign(shape.begin(), shape.end());
  result->batchFactor = batchFactor;
  result->channelsLast = value;
  setName(output, value);
  define(output, std::move(result));
  return success();
}

//===----------------------------------------------------------------------===//
// The graph
//===----------------------------------------------------------------------===//

FailureOr<const OnnxValue *> Importer::lookup(StringRef name) {
  auto it = values.find(name);
  if (it != values.end())
    return &it->getValue();
  auto initializer = graph.initializers.find(name);
  if (initializer == graph.initializers.end())
    return error() << "'" << name << "' has no value";
  llvm::Expected<HostTensorPtr> tensor = initializer->getValue()();
  if (!tensor)
    return error() << llvm::toString(tensor.takeError());
  return &(values[name] = {*tensor, nullptr});
}

/// Integers of 8 bits that an f32 argument holds, which are the codes of the
/// scale 1, as f32 again.
Value Importer::bytes(BlockArgument arg) {
  auto type = cast<RankedTensorType>(arg.getType());
  auto codes = quant::UniformQuantizedType::get(
      /*flags=*/0, builder.getIntegerType(8), builder.getF32Type(),
      /*scale=*/1.0, /*zeroPoint=*/0, 0, UINT8_MAX);
  Value quantized = QuantizeOp::create(
      builder, arg.getLoc(), type.clone(codes), arg,
      QuantizeFormAttr::get(builder.getContext(), numerics::QuantizeForm::Q2));
  return DequantizeOp::create(builder, arg.getLoc(), type, quantized);
}

LogicalResult Importer::importInputs(func::FuncOp func) {
  for (auto [i, input] : llvm::enumerate(graph.inputs)) {
    BlockArgument arg = func.getArgument(static_cast<unsigned>(i));
    func.setArgAttr(static_cast<unsigned>(i), kNameAttr,
                    builder.getStringAttr(input.name));
    auto activation = std::make_shared<Activation>();
    for (int64_t dim : input.shape)
      activation->shape.push_back(dim < 0 ? kDynamic : dim);
    activation->plain = arg;
    if (!input.isFloat) {
      auto type = cast<RankedTensorType>(arg.getType());
      activation->isInteger = true;
      activation->plain = tosa::CastOp::create(
          builder, arg.getLoc(), type.clone(builder.getI32Type()), arg);
      if (input.isBytes)
        activation->codes = bytes(arg);
    } else if (hasFeatureMaps && activation->hasChannelsLast()) {
      channelsLast(*activation);
    }
    values[input.name] = {nullptr, std::move(activation)};
  }
  return success();
}

LogicalResult Importer::importNode(const Node &node) {
  current = &node;
  for (const std::string &name : node.inputs)
    if (!name.empty() && failed(lookup(name)))
      return failure();
  if (OpHandler handler = findQLinearHandler(node))
    return handler(*this);
  // ONNX Runtime's own versions of these are the standard's.
  bool isQuantizer =
      node.opType == "QuantizeLinear" || node.opType == "DequantizeLinear";
  if (!node.domain.empty() && !(isQuantizer && node.domain == "com.microsoft"))
    return error() << "domain '" << node.domain << "' is not supported";
  return importCurrent();
}

LogicalResult Importer::importPart(const Node &part) {
  llvm::SaveAndRestore<const Node *> saveCurrent(current, &part);
  llvm::SaveAndRestore<const Node *> saveWhole(
      whole, whole ? whole : saveCurrent.get());
  for (const std::string &output : part.outputs)
    ++uses[output];
  return importCurrent();
}

void Importer::defineConstant(StringRef name, HostTensorPtr constant) {
  values[name] = {std::move(constant), nullptr};
}

LogicalResult Importer::importCurrent() {
  const Node &node = *current;
  wrongAttribute.clear();
  std::optional<Quantization> codes;
  if (failed(checkCodes(codes)))
    return failure();
  bool isClip = isClipOfCodes();
  FailureOr<bool> folded = isClip ? FailureOr<bool>(false) : foldNode(*this);
  if (failed(folded))
    return failure();
  if (isClip) {
    if (failed(importClipOfCodes(*this)))
      return failure();
  } else if (*folded) {
    keepQuantization();
  } else {
    auto handler = handlers().find(node.opType);
    if (handler == handlers().end())
      return error() << "op is not supported";
    if (failed(handler->getValue()(*this)))
      return failure();
    if (codes)
      for (const std::string &output : node.outputs)
        if (auto value = values.find(output);
            value != values.end() && value->getValue().activation &&
            !value->getValue().activation->isInteger)
          value->getValue().activation->grid = codes;
  }
  if (!wrongAttribute.empty())
    return error() << "attribute '" << wrongAttribute << "' has a wrong type";
  SmallVector<StringRef> unknown;
  for (const auto &attribute : node.attributes)
    if (!attribute.getValue().used)
      unknown.push_back(attribute.getKey());
  if (!unknown.empty()) {
    llvm::sort(unknown);
    return error() << "attribute '" << unknown.front() << "' is not supported";
  }
  for (auto [i, output] : llvm::enumerate(node.outputs))
    if (hasOutput(static_cast<unsigned>(i)) && !values.contains(output))
      return error() << "output '" << output << "' is not supported";
  return success();
}

LogicalResult Importer::importOutputs(func::FuncOp func) {
  current = nullptr;
  SmallVector<Value> results;
  SmallVector<Type> types;
  for (const std::string &name : graph.outputs) {
    FailureOr<const OnnxValue *> value = lookup(name);
    if (failed(value))
      return failure();
    if ((*value)->activation) {
      if ((*value)->activation->isInteger || (*value)->activation->grid)
        return error() << "output '" << name
                       << "' has integers, expected floats";
      results.push_back(plain(*(*value)->activation));
    } else {
      const HostTensor &tensor = *(*value)->constant;
      if (!tensor.isFloat)
        return error() << "output '" << name
                       << "' has constant integers, expected floats";
      if (failed(checkShape(tensor.shape)))
        return failure();
      results.push_back(constant(tensor.shape, tensor.floats, name));
    }
    types.push_back(results.back().getType());
  }
  func::ReturnOp::create(builder, func.getLoc(), results);
  func.setType(FunctionType::get(builder.getContext(),
                                 func.getFunctionType().getInputs(), types));
  for (auto [i, name] : llvm::enumerate(graph.outputs))
    func.setResultAttr(static_cast<unsigned>(i), kNameAttr,
                       builder.getStringAttr(name));
  return success();
}

/// Transposes of the boundary and constants that nobody needed.
static void eraseDead(func::FuncOp func) {
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(func.getBody().front())))
    if (!op.hasTrait<OpTrait::IsTerminator>() && op.use_empty())
      op.erase();
}

OwningOpRef<ModuleOp> Importer::run() {
  OwningOpRef<ModuleOp> module = ModuleOp::create(fileLoc);
  setForm(*module, Form::Float);
  builder.setInsertionPointToEnd(module->getBody());
  SmallVector<Type> argTypes;
  SmallVector<Location> argLocs;
  for (const GraphInput &input : graph.inputs) {
    SmallVector<int64_t> shape;
    for (int64_t dim : input.shape)
      shape.push_back(dim < 0 ? kDynamic : dim);
    argTypes.push_back(f32(shape));
    argLocs.push_back(NameLoc::get(builder.getStringAttr(input.name), fileLoc));
  }
  auto func = func::FuncOp::create(builder, fileLoc, "main",
                                   builder.getFunctionType(argTypes, {}));
  Block *entry = func.addEntryBlock();
  for (auto [arg, loc] : llvm::zip(entry->getArguments(), argLocs))
    arg.setLoc(loc);
  builder.setInsertionPointToStart(entry);
  if (failed(importInputs(func)))
    return nullptr;
  for (const Node &node : graph.nodes)
    if (failed(importNode(node)))
      return nullptr;
  if (failed(importOutputs(func)))
    return nullptr;
  eraseDead(func);
  // Parameters are there already.
  if (!func.getOps<ObserveOp>().empty())
    setForm(*module, Form::Calibrated);
  if (failed(verify(*module)))
    return nullptr;
  return module;
}
