//===- CollectTable.cpp - What a program says on its tensors ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerNames.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/ObserverAttributes.h"
#include "hwq/Dialect/Target/IR/Target.h"
#include "hwq/Interchange/ProgramTable.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;

/// Scales and zero points of a quantized type.
static std::optional<TableParameters> getParameters(Type type) {
  auto quantized = dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(type));
  if (!quantized)
    return std::nullopt;
  TableParameters p;
  // A narrow grid is one code short of its width.
  p.bits = llvm::Log2_64_Ceil(static_cast<uint64_t>(
      quantized.getStorageTypeMax() - quantized.getStorageTypeMin() + 1));
  p.isSigned = quantized.isSigned();
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(quantized)) {
    p.scales = {uniform.getScale()};
    p.zeroPoints = {uniform.getZeroPoint()};
    return p;
  }
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(quantized);
  if (!perAxis)
    return std::nullopt;
  p.perChannel = true;
  llvm::append_range(p.scales, perAxis.getScales());
  llvm::append_range(p.zeroPoints, perAxis.getZeroPoints());
  return p;
}

namespace {
class Collector {
public:
  CalibrationTable run(ModuleOp calibrated, ModuleOp compiled);

private:
  void addRanges(ModuleOp module);
  void addLayers(ModuleOp module);
  void addParameters(ModuleOp module);
  void addWeights(Operation *op);
  TableEntry &getTensor(StringRef name);

  CalibrationTable table;
  llvm::StringMap<size_t> tensors;
  /// Of a calibrated program, by the names that the result may have later.
  llvm::StringMap<LayerNames> layers;
  llvm::StringSet<> seenWeights;
  /// Layer, and the tensors that it reads.
  std::vector<std::pair<std::string, std::vector<std::string>>> inputs;
  /// Of what a dot product reads, by layer: a quantizer of its own has no name.
  llvm::StringMap<TableParameters> inputParameters;
  bool isCalibrated = false;
  bool symmetricActivations = false, symmetricWeights = false;
};
} // namespace

TableEntry &Collector::getTensor(StringRef name) {
  auto [it, isNew] = tensors.try_emplace(name, table.entries.size());
  if (isNew)
    table.entries.emplace_back().name = name.str();
  return table.entries[it->second];
}

void Collector::addRanges(ModuleOp module) {
  module.walk([&](ObserveOp observe) {
    TableEntry &entry = getTensor(observe.getTensor());
    entry.keepFloat = isKeptFloat(observe);
    if (std::optional<ArrayRef<double>> range = observe.getRange())
      entry.range = numerics::Range{(*range)[0], (*range)[1]};
    if (quant::UniformQuantizedType type = getObserverParameters(observe))
      entry.parameters = getParameters(type);
  });
}

void Collector::addLayers(ModuleOp module) {
  llvm::StringSet<> seen;
  module.walk([&](Operation *op) {
    if (op->getNumResults() != 1 || !isLayer(op))
      return;
    LayerNames names = getLayerNames(op);
    if (getLayerWeights(op))
      for (StringRef name : getFoldedNames(op))
        layers.try_emplace(name, names);
    if (names.layer().empty() || !seen.insert(names.layer()).second)
      return;
    std::vector<std::string> read;
    for (Value operand : op->getOperands())
      if (!operand.getDefiningOp<tosa::ConstOp>()) {
        ObserveOp observe = findObserver(operand);
        read.push_back(observe ? observe.getTensor().str() : "");
      }
    inputs.emplace_back(names.layer().str(), std::move(read));
  });
}

void Collector::addWeights(Operation *op) {
  Value weights = getLayerWeights(op);
  std::optional<TableParameters> parameters;
  if (weights)
    parameters = getParameters(weights.getType());
  // Before the integers there is a dequantize.
  if (auto dequantize = op->getNumOperands() > 1
                            ? op->getOperand(1).getDefiningOp<DequantizeOp>()
                            : DequantizeOp())
    parameters = getParameters(dequantize.getInput().getType());
  if (!parameters)
    return;
  // An accumulator that something else requantizes has that one's name.
  Value output = op->getResult(0);
  while (getTensorName(output).empty() && output.hasOneUse() &&
         output.user_begin()->getNumResults() == 1)
    output = output.user_begin()->getResult(0);
  std::string name = getTensorName(output).str();
  TableEntry entry;
  entry.isSymmetric = symmetricWeights;
  entry.channels = parameters->scales.size();
  entry.parameters = std::move(parameters);
  auto known = layers.find(name);
  std::string layer = name;
  entry.kind = TableName::Weights;
  LayerNames names = known != layers.end() ? known->second : getLayerNames(op);
  if (known != layers.end())
    layer = names.layer().str();
  entry.name = names.weights.empty() ? name + ".weight" : names.weights;
  entry.channelAxis = names.channelAxis;
  if (!seenWeights.insert(entry.name).second)
    return;
  Value input = op->getOperand(0);
  if (auto dequantize = input.getDefiningOp<DequantizeOp>())
    input = dequantize.getInput();
  if (std::optional<TableParameters> read = getParameters(input.getType()))
    inputParameters[layer] = std::move(*read);
  table.entries.push_back(entry);
  entry.kind = TableName::LayerWeights;
  entry.name = layer;
  table.entries.push_back(std::move(entry));
}

/// Codes of what an op has computed in float.
static bool isQuantizedFloat(Operation *op) {
  auto quantize = dyn_cast_or_null<QuantizeOp>(op);
  Operation *maker = quantize ? quantize.getInput().getDefiningOp() : nullptr;
  if (!maker || isa<DequantizeOp>(maker))
    return false;
  auto quantizable = dyn_cast<QuantizableOpInterface>(maker);
  return !quantizable || !quantizable.isDataMovement();
}

void Collector::addParameters(ModuleOp module) {
  llvm::StringSet<> seen;
  auto add = [&](Value value) {
    StringRef name = getTensorName(value);
    Operation *op = value.getDefiningOp();
    if (name.empty() || isa_and_present<tosa::ConstOp>(op))
      return;
    std::optional<TableParameters> parameters = getParameters(value.getType());
    if (!parameters) {
      // Of a calibrated program only what is observed is a tensor to tools.
      bool isTensor = !isCalibrated || tensors.contains(name);
      if (op && !isa<DequantizeOp, FakeQuantOp>(op) && isTensor &&
          !seen.contains(name))
        if (getElementTypeOrSelf(value.getType()).isF32()) {
          TableEntry &entry = getTensor(name);
          entry.keepFloat = true;
          entry.parameters.reset();
        }
      return;
    }
    if (!seen.insert(name).second)
      return;
    TableEntry &entry = getTensor(name);
    entry.keepFloat = isQuantizedFloat(op);
    entry.isSymmetric = symmetricActivations;
    entry.parameters = std::move(parameters);
    if (!entry.range)
      entry.range = entry.parameters->range();
  };
  module.walk([&](Operation *op) {
    if (op->getNumResults() != 1)
      return;
    add(op->getResult(0));
    StringRef kind = op->getName().stripDialect();
    if (kind == "conv2d" || kind == "fully_connected" ||
        kind == "transpose_conv2d")
      addWeights(op);
  });
}

CalibrationTable Collector::run(ModuleOp calibrated, ModuleOp compiled) {
  if (compiled)
    if (auto descriptor = compiled->getAttrOfType<BackendAttr>(kBackendAttr)) {
      Backend backend = Backend::get(descriptor);
      symmetricActivations =
          backend.activations.symmetry != numerics::Symmetry::Asymmetric;
      symmetricWeights =
          backend.weights.symmetry != numerics::Symmetry::Asymmetric;
    }
  isCalibrated = static_cast<bool>(calibrated);
  if (calibrated) {
    addRanges(calibrated);
    addLayers(calibrated);
  }
  if (compiled)
    addParameters(compiled);
  // Only now is everything known of the tensors.
  for (const auto &[layer, read] : inputs)
    for (auto [index, tensor] : llvm::enumerate(read)) {
      auto it = tensors.find(tensor);
      if (tensor.empty() || it == tensors.end())
        continue;
      TableEntry entry = table.entries[it->second];
      entry.kind = TableName::LayerInput;
      entry.name = layer;
      entry.operand = static_cast<unsigned>(index);
      if (auto own = inputParameters.find(layer);
          index == 0 && own != inputParameters.end())
        entry.parameters = own->second;
      table.entries.push_back(std::move(entry));
    }
  return std::move(table);
}

CalibrationTable interchange::collectTable(ModuleOp calibrated,
                                           ModuleOp compiled) {
  OwningOpRef<ModuleOp> stepFour;
  if (compiled)
    if (FailureOr<OwningOpRef<ModuleOp>> clone = cloneAsStepFour(compiled);
        succeeded(clone))
      stepFour = std::move(*clone);
  return Collector().run(calibrated, stepFour ? *stepFour : compiled);
}

llvm::Error interchange::exportTable(ModuleOp module, const TableFormat &format,
                                     llvm::raw_ostream &os) {
  FailureOr<std::optional<Form>> form = getForm(module);
  if (failed(form))
    return llvm::createStringError("the form of the program is not known");
  bool isCompiled = form->value_or(Form::Float) > Form::Calibrated;
  if (!isCompiled && form->value_or(Form::Float) != Form::Calibrated)
    return llvm::createStringError("expected a program that is calibrated or "
                                   "compiled");
  if (!isCompiled && format.needsParameters)
    return llvm::createStringError(
        "the format '" + format.name +
        "' holds scales and zero points: expected a compiled program");
  return format.write(
      isCompiled ? collectTable({}, module) : collectTable(module, {}), os);
}
