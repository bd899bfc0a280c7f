//===- ApplyTable.cpp - What a table says, to a program ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LayerNames.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/ObserverAttributes.h"
#include "hwq/Interchange/ProgramTable.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using llvm::Error;

static Error rowError(const TableEntry &entry, const Twine &message) {
  return llvm::createStringError("line " + Twine(entry.line) + ": tensor '" +
                                 entry.name + "': " + message);
}

namespace {
/// Rows by name, and which of them were of use.
class Rows {
public:
  explicit Rows(const CalibrationTable &table);

  /// The row of a tensor, under one of its names.
  const TableEntry *findTensor(StringRef tensor, StringRef node) const;
  const TableEntry *findWeights(const LayerNames &names) const;
  const TableEntry *findInput(const LayerNames &names, unsigned operand) const;

private:
  using Map = llvm::StringMap<const TableEntry *>;
  static const TableEntry *find(const Map &map, StringRef name) {
    return name.empty() ? nullptr : map.lookup(name);
  }
  static const TableEntry *findLayer(const Map &map, const LayerNames &names,
                                     StringRef suffix);

  Map tensors, weights, layerInputs, layerWeights;
  /// Tensors, without what tools put behind the names; null for several.
  Map stripped;
};
} // namespace

/// Without ":0", or "_" and the kind of an op; empty if neither is there.
static StringRef stripName(StringRef name) {
  size_t at = name.find_last_of(":_");
  if (at == StringRef::npos || at + 1 == name.size())
    return "";
  StringRef rest = name.drop_front(at + 1);
  bool isSuffix = name[at] == ':' ? llvm::all_of(rest, llvm::isDigit)
                                  : llvm::all_of(rest, llvm::isAlnum);
  return isSuffix ? name.take_front(at) : "";
}

Rows::Rows(const CalibrationTable &table) {
  for (const TableEntry &entry : table.entries) {
    bool either = entry.kind == TableName::Either;
    if (either || entry.kind == TableName::Tensor) {
      tensors[entry.name] = &entry;
      if (StringRef name = stripName(entry.name); !name.empty()) {
        auto [it, isNew] = stripped.try_emplace(name, &entry);
        if (!isNew)
          it->second = nullptr;
      }
    }
    if (either || entry.kind == TableName::Weights)
      weights[entry.name] = &entry;
    if (entry.kind == TableName::LayerWeights)
      layerWeights[entry.name] = &entry;
    if (entry.kind == TableName::LayerInput)
      layerInputs[entry.name + ' ' + std::to_string(entry.operand)] = &entry;
  }
}

const TableEntry *Rows::findTensor(StringRef tensor, StringRef node) const {
  if (const TableEntry *entry = find(tensors, tensor))
    return entry;
  if (const TableEntry *entry = find(stripped, tensor))
    return entry;
  return find(tensors, node);
}

const TableEntry *Rows::findLayer(const Map &map, const LayerNames &names,
                                  StringRef suffix) {
  for (StringRef name : {StringRef(names.node), StringRef(names.result),
                         StringRef(names.module)})
    if (!name.empty())
      if (const TableEntry *entry = find(map, (name + suffix).str()))
        return entry;
  return nullptr;
}

const TableEntry *Rows::findWeights(const LayerNames &names) const {
  if (const TableEntry *entry = find(weights, names.weights))
    return entry;
  if (const TableEntry *entry = names.result.empty()
                                    ? nullptr
                                    : find(weights, names.result + ".weight"))
    return entry;
  return findLayer(layerWeights, names, "");
}

const TableEntry *Rows::findInput(const LayerNames &names,
                                  unsigned operand) const {
  return findLayer(layerInputs, names, " " + std::to_string(operand));
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

namespace {
class Applier {
public:
  Applier(ModuleOp module, const CalibrationTable &table, StringRef format,
          bool symmetric)
      : module(module), table(table), format(format), symmetric(symmetric),
        rows(table), builder(module.getContext()) {}

  llvm::Expected<TableCoverage> run();

private:
  Error checkWeights(Operation *op, const LayerNames &names);
  Error applyLayer(Operation *op, const LayerNames &names);
  Error take(ObserveOp observe, const TableEntry &entry);
  Error set(ObserveOp observe, const TableEntry &entry);

  ModuleOp module;
  const CalibrationTable &table;
  StringRef format;
  bool symmetric;
  Rows rows;
  Builder builder;
  llvm::DenseMap<Operation *, const TableEntry *> taken;
  llvm::SmallPtrSet<const TableEntry *, 32> used;
  /// Everything that has a name in the program.
  llvm::StringSet<> known;
};
} // namespace

static bool isSame(const TableEntry &a, const TableEntry &b) {
  bool sameRange = a.range.has_value() == b.range.has_value() &&
                   (!a.range || (a.range->min == b.range->min &&
                                 a.range->max == b.range->max));
  bool sameParameters =
      a.parameters.has_value() == b.parameters.has_value() &&
      (!a.parameters || (a.parameters->scales == b.parameters->scales &&
                         a.parameters->zeroPoints == b.parameters->zeroPoints &&
                         a.parameters->bits == b.parameters->bits));
  return sameRange && sameParameters && a.threshold == b.threshold;
}

Error Applier::take(ObserveOp observe, const TableEntry &entry) {
  used.insert(&entry);
  if (entry.channels != 1)
    return rowError(entry, "expected one scale or range for a tensor of "
                           "activations, got " +
                               Twine(entry.channels));
  auto [it, isNew] = taken.try_emplace(observe, &entry);
  if (!isNew && it->second != &entry && !isSame(*it->second, entry))
    return rowError(entry, "expected the same as in line " +
                               Twine(it->second->line) + " ('" +
                               it->second->name + "'): both are about '" +
                               observe.getTensor() + "'");
  return Error::success();
}

Error Applier::set(ObserveOp observe, const TableEntry &entry) {
  setKeptFloat(observe, entry.keepFloat);
  if (!entry.range)
    return Error::success();
  auto [min, max] = *entry.range;
  if (entry.threshold && symmetric) {
    max = *entry.threshold;
    min = min >= 0 ? 0 : -max;
  }
  observe.setRangeAttr(builder.getDenseF64ArrayAttr({min, max}));
  observe.setMethodAttr(builder.getStringAttr(format));
  setObserverParameters(observe, nullptr);
  if (!entry.parameters)
    return Error::success();
  const TableParameters &p = *entry.parameters;
  numerics::Grid grid = p.grid();
  unsigned width = p.bits <= 8 ? 8 : p.bits <= 16 ? 16 : 32;
  std::string problem;
  ScopedDiagnosticHandler handler(module.getContext(),
                                  [&](Diagnostic &diagnostic) {
                                    problem = diagnostic.str();
                                    return success();
                                  });
  auto type = quant::UniformQuantizedType::getChecked(
      UnknownLoc::get(module.getContext()),
      p.isSigned ? quant::QuantizationFlags::Signed : 0,
      builder.getIntegerType(width), builder.getF32Type(), p.scales.front(),
      p.zeroPoints.front(), grid.qmin, grid.qmax);
  if (!type)
    return rowError(entry, problem);
  setObserverParameters(observe, type);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

Error Applier::checkWeights(Operation *op, const LayerNames &names) {
  Value weights = getLayerWeights(op);
  const TableEntry *entry = weights ? rows.findWeights(names) : nullptr;
  if (!entry)
    return Error::success();
  used.insert(entry);
  auto type = cast<RankedTensorType>(weights.getType());
  auto channels = static_cast<size_t>(type.getDimSize(0));
  if (entry->channels == 1 || entry->channels == channels)
    return Error::success();
  return rowError(*entry, "expected one scale, or one per output channel (" +
                              Twine(channels) + "), got " +
                              Twine(entry->channels));
}

Error Applier::applyLayer(Operation *op, const LayerNames &names) {
  unsigned index = 0;
  for (Value operand : op->getOperands()) {
    if (operand.getDefiningOp<tosa::ConstOp>())
      continue;
    const TableEntry *entry = rows.findInput(names, index++);
    if (!entry)
      continue;
    used.insert(entry);
    if (ObserveOp observe = findObserver(operand))
      if (Error error = take(observe, *entry))
        return error;
  }
  return Error::success();
}

llvm::Expected<TableCoverage> Applier::run() {
  SmallVector<ObserveOp> observers;
  std::optional<Error> failed;
  WalkResult result = module.walk([&](Operation *op) {
    LayerNames names = getLayerNames(op);
    for (StringRef name : {StringRef(names.node), StringRef(names.result),
                           StringRef(names.weights), StringRef(names.module)})
      if (!name.empty())
        known.insert(name);
    Error problem = Error::success();
    if (auto observe = dyn_cast<ObserveOp>(op)) {
      known.insert(observe.getTensor());
      observers.push_back(observe);
      if (const TableEntry *entry =
              rows.findTensor(observe.getTensor(), names.node))
        problem = take(observe, *entry);
    } else if (isLayer(op)) {
      problem = checkWeights(op, names);
      if (!problem)
        problem = applyLayer(op, names);
    } else if (isa<tosa::ConstOp>(op)) {
      if (auto loc = op->getLoc()->findInstanceOf<NameLoc>())
        known.insert(loc.getName());
    }
    if (!problem)
      return WalkResult::advance();
    failed.emplace(std::move(problem));
    return WalkResult::interrupt();
  });
  if (result.wasInterrupted())
    return std::move(*failed);
  if (used.empty())
    return llvm::createStringError(
        "the table and the program have no tensor in common; the table's first "
        "is '" +
        table.entries.front().name + "'");
  TableCoverage coverage;
  bool hasRanges = false;
  for (ObserveOp observe : observers) {
    const TableEntry *entry = taken.lookup(observe);
    if (!entry) {
      coverage.missing.push_back(observe.getTensor().str());
      continue;
    }
    if (Error problem = set(observe, *entry))
      return std::move(problem);
    hasRanges |= entry->range.has_value();
  }
  for (const TableEntry &entry : table.entries)
    if (!used.contains(&entry) && !known.contains(entry.name) &&
        !known.contains(stripName(entry.name)))
      coverage.unknown.push_back(entry.name);
  if (hasRanges)
    setForm(module, Form::Calibrated);
  return coverage;
}

llvm::Expected<TableCoverage>
interchange::applyTable(ModuleOp module, const CalibrationTable &table,
                        StringRef format, bool symmetric) {
  return Applier(module, table, format, symmetric).run();
}

bool interchange::hasThresholds(const CalibrationTable &table) {
  return llvm::any_of(table.entries, [](const TableEntry &entry) {
    return entry.threshold.has_value();
  });
}
