//===- CompareParameters.cpp - Parameters of two programs -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/CompareParameters.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/StepFour.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace hwq;

template <typename T> static std::string print(const T &value) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << value;
  return text;
}

static std::string print(double value) {
  SmallString<32> text;
  llvm::raw_svector_ostream os(text);
  os << llvm::format("%.17g", value);
  return std::string(text);
}

namespace {
class ParameterComparison {
public:
  std::vector<std::string> found;

  template <typename T> void compare(const Twine &what, T a, T b) {
    if (a != b)
      found.push_back((what + ": " + print(a) + " and " + print(b)).str());
  }
  /// Names the first of the elements that differ and says how many do.
  template <typename Range>
  void compareArrays(const Twine &what, const Range &a, const Range &b) {
    if (a.size() != b.size())
      return compare(what + ", number of values", a.size(), b.size());
    size_t differing = 0, first = 0;
    for (size_t i = 0; i < a.size(); ++i)
      if (a[i] != b[i] && differing++ == 0)
        first = i;
    if (differing == 0)
      return;
    std::string text = (what + "[" + Twine(first) + "]: ").str() +
                       print(a[first]) + " and " + print(b[first]);
    if (differing > 1)
      text += ", and " + std::to_string(differing - 1) + " more";
    found.push_back(std::move(text));
  }
  void compareRequants(const Twine &what, RequantAttr a, RequantAttr b);
  void compareTypes(const Twine &what, Type a, Type b);
  void compareConstants(const Twine &what, Value a, Value b);
};
} // namespace

void ParameterComparison::compareRequants(const Twine &what, RequantAttr a,
                                          RequantAttr b) {
  // Of two derivation steps, not of two versions of one program.
  if (a == b || a.getKernel() != b.getKernel())
    return;
  compareArrays(what + " scales", a.getScales().asArrayRef(),
                b.getScales().asArrayRef());
  if (a.getMultipliers() && b.getMultipliers())
    compareArrays(what + " multipliers", a.getMultipliers().asArrayRef(),
                  b.getMultipliers().asArrayRef());
  if (a.getShifts() && b.getShifts())
    compareArrays(what + " shifts", a.getShifts().asArrayRef(),
                  b.getShifts().asArrayRef());
  compare(what + " input zero point", a.getInputZeroPoint(),
          b.getInputZeroPoint());
  compare(what + " left shift", a.getLeftShift(), b.getLeftShift());
  compare(what + " zero point", a.getZeroPoint(), b.getZeroPoint());
  compare(what + " lower bound", a.getLo(), b.getLo());
  compare(what + " upper bound", a.getHi(), b.getHi());
  if (a.getZeroPoints() && b.getZeroPoints()) {
    compareArrays(what + " zero points", a.getZeroPoints().asArrayRef(),
                  b.getZeroPoints().asArrayRef());
    compareArrays(what + " lower bounds", a.getLos().asArrayRef(),
                  b.getLos().asArrayRef());
    compareArrays(what + " upper bounds", a.getHis().asArrayRef(),
                  b.getHis().asArrayRef());
  }
}

void ParameterComparison::compareTypes(const Twine &what, Type a, Type b) {
  auto x = dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(a));
  auto y = dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(b));
  if (x && y) {
    compare(what + "scale", x.getScale(), y.getScale());
    compare(what + "zero point", x.getZeroPoint(), y.getZeroPoint());
    compare(what + "lowest code", x.getStorageTypeMin(), y.getStorageTypeMin());
    compare(what + "highest code", x.getStorageTypeMax(),
            y.getStorageTypeMax());
    return;
  }
  auto p =
      dyn_cast<quant::UniformQuantizedPerAxisType>(getElementTypeOrSelf(a));
  auto q =
      dyn_cast<quant::UniformQuantizedPerAxisType>(getElementTypeOrSelf(b));
  if (p && q) {
    compareArrays(what + "scales", p.getScales(), q.getScales());
    compareArrays(what + "zero points", p.getZeroPoints(), q.getZeroPoints());
  }
}

void ParameterComparison::compareConstants(const Twine &what, Value a,
                                           Value b) {
  Type x = getElementTypeOrSelf(a.getType()),
       y = getElementTypeOrSelf(b.getType());
  if (x.isF32() && y.isF32()) {
    FailureOr<std::vector<float>> u = getFloatConstant(a),
                                  v = getFloatConstant(b);
    if (succeeded(u) && succeeded(v))
      compareArrays(what, *u, *v);
    return;
  }
  if (x.isF64() && y.isF64()) {
    FailureOr<std::vector<double>> u = getDoubleConstant(a),
                                   v = getDoubleConstant(b);
    if (succeeded(u) && succeeded(v))
      compareArrays(what, *u, *v);
    return;
  }
  if (isa<FloatType>(x) || isa<FloatType>(y))
    return;
  FailureOr<std::vector<int64_t>> u = getIntegerConstant(a),
                                  v = getIntegerConstant(b);
  if (succeeded(u) && succeeded(v)) {
    compareTypes(what + " ", a.getType(), b.getType());
    compareArrays(what, *u, *v);
  }
}

std::vector<std::string> hwq::compareParameters(Value first, Value second) {
  // Ops of a target by what they compute.
  OwningOpRef<Operation *> x, y;
  if (Operation *op = first.getDefiningOp())
    x = asStepFour(op);
  if (Operation *op = second.getDefiningOp())
    y = asStepFour(op);
  if (x || y)
    return compareParameters(x ? x->getResult(0) : first,
                             y ? y->getResult(0) : second);
  ParameterComparison c;
  c.compareTypes("", first.getType(), second.getType());
  Operation *a = first.getDefiningOp(), *b = second.getDefiningOp();
  if (!a || !b)
    return c.found;
  bool sameSteps = true;
  for (NamedAttribute attr : a->getAttrDictionary()) {
    Attribute other = b->getDiscardableAttr(attr.getName());
    if (!other)
      other = b->getAttr(attr.getName());
    if (!other)
      continue;
    auto x = dyn_cast<RequantAttr>(attr.getValue());
    auto y = dyn_cast<RequantAttr>(other);
    if (x && y) {
      sameSteps &= x.getKernel() == y.getKernel();
      c.compareRequants(attr.getName().getValue(), x, y);
    } else if (attr.getValue() != other &&
               attr.getName().getValue() != "quant_hw.name") {
      c.compare(attr.getName().getValue(), attr.getValue(), other);
    }
  }
  // Biases of two derivation steps have different units.
  if (!sameSteps || a->getNumOperands() != b->getNumOperands())
    return c.found;
  for (unsigned i = 0; i < a->getNumOperands(); ++i) {
    Value x = a->getOperand(i), y = b->getOperand(i);
    if (!x.getDefiningOp<tosa::ConstOp>() ||
        !y.getDefiningOp<tosa::ConstOp>()) {
      // An accumulator before its requantization has no name of its own.
      if (a->getName() == b->getName() && x.getDefiningOp() &&
          y.getDefiningOp() && getTensorName(x).empty() &&
          getTensorName(y).empty())
        llvm::append_range(c.found, compareParameters(x, y));
      continue;
    }
    static constexpr StringLiteral dot[] = {"input", "weights", "bias"};
    bool isDot = a->getName().stripDialect() == "conv2d" ||
                 a->getName().stripDialect() == "transpose_conv2d" ||
                 a->getName().stripDialect() == "fully_connected";
    c.compareConstants(isDot && i < 3 ? Twine(dot[i]) : "operand " + Twine(i),
                       x, y);
  }
  return c.found;
}
