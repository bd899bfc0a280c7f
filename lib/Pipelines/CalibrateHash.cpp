//===- CalibrateHash.cpp - Hash of an observed program ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/ObserverAttributes.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Pipelines/CollectStatistics.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace hwq;

namespace {
class ProgramHash {
public:
  uint64_t run(ModuleOp module) {
    module->walk<WalkOrder::PreOrder>([&](Operation *op) { add(op); });
    os.flush();
    return llvm::xxh3_64bits(text);
  }

private:
  void add(Operation *op);
  void add(Attribute attribute);
  unsigned numberOf(Value value) {
    return numbers.try_emplace(value, numbers.size()).first->second;
  }

  std::string text;
  llvm::raw_string_ostream os{text};
  llvm::DenseMap<Value, unsigned> numbers;
};
} // namespace

void ProgramHash::add(Attribute attribute) {
  // Elements as a hash of their bytes; the name of a resource is no part of
  // the program.
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(attribute)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    StringRef bytes =
        blob ? StringRef(blob->getData().data(), blob->getData().size()) : "";
    os << resource.getType() << ' ' << llvm::xxh3_64bits(bytes);
  } else if (auto dense = dyn_cast<DenseElementsAttr>(attribute);
             dense && !dense.isSplat() && dense.getNumElements() > 16) {
    ArrayRef<char> bytes = dense.getRawData();
    os << dense.getType() << ' '
       << llvm::xxh3_64bits(StringRef(bytes.data(), bytes.size()));
  } else {
    os << attribute;
  }
}

void ProgramHash::add(Operation *op) {
  // Functions and module only hold what is hashed.
  os << op->getName() << '(';
  for (Value operand : op->getOperands())
    os << numberOf(operand) << ',';
  os << ')';
  for (NamedAttribute named : op->getAttrs()) {
    StringRef name = named.getName().strref();
    // What calibration or a table has put there.
    auto isFound = [&](ObserveOp observe) {
      return name == observe.getRangeAttrName() ||
             name == observe.getMethodAttrName() ||
             name == observe.getChannelRangesAttrName() ||
             name == kParametersAttr;
    };
    auto observe = dyn_cast<ObserveOp>(op);
    if (name == kFormAttr || name == kBackendAttr ||
        (observe && isFound(observe)) ||
        (isa<ModuleOp>(op) && name == "sym_name"))
      continue;
    os << ' ' << name << '=';
    add(named.getValue());
  }
  for (Region &region : op->getRegions())
    for (Block &block : region)
      for (BlockArgument argument : block.getArguments())
        os << " ^" << numberOf(argument) << ':' << argument.getType();
  for (Value result : op->getResults())
    os << " %" << numberOf(result) << ':' << result.getType();
  os << '\n';
}

uint64_t hwq::hashObservedProgram(ModuleOp module) {
  return ProgramHash().run(module);
}
