//===- QuantizedTosaFunctions.cpp - Integer ops on one code -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Leaky relus, requantized relus and sums with a constant are several integer
// ops in TOSA. What depends on one code is a function of 256 codes, whatever
// its ops are: computed once, as TOSA defines them, it is the file's in every
// integer.

#include "QuantizedTosaFunctions.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Numerics/Kernels.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace hwq;

std::optional<int64_t> hwq::getIntegerScalar(Value value) {
  FailureOr<std::vector<int64_t>> integers = getIntegerConstant(value);
  if (failed(integers) || integers->empty() || !llvm::all_equal(*integers))
    return std::nullopt;
  return integers->front();
}

static Type getElementType(Value value) {
  return cast<ShapedType>(value.getType()).getElementType();
}

/// Codes that a requantization makes for an activation function or a branch.
static bool isInsideFunction(Value value) {
  return value.getDefiningOp<tosa::RescaleOp>() && value.hasOneUse() &&
         isa<tosa::ClampOp, tosa::SelectOp>(*value.user_begin());
}

/// More ops one behind the other than importers write.
static constexpr unsigned kMaxDepth = 64;

bool CodeChain::find(Operation *op) {
  last = op;
  if (!visit(op->getResult(0), 0) || !leaf ||
      leaf.getType().getShape() !=
          cast<RankedTensorType>(op->getResult(0).getType()).getShape())
    return false;
  // A requantization and an activation function are ops that backends have.
  return ops.size() > 1 || !isa<tosa::RescaleOp, tosa::ClampOp, tosa::TableOp,
                                tosa::IdentityOp, tosa::ReshapeOp>(op);
}

bool CodeChain::visit(Value value, unsigned depth) {
  if (getIntegerScalar(value))
    return true;
  if (depth > 0 && isa<quant::UniformQuantizedType>(getElementType(value)) &&
      !isInsideFunction(value)) {
    if (leaf && leaf != value)
      return false;
    leaf = cast<TypedValue<RankedTensorType>>(value);
    return true;
  }
  Operation *op = value.getDefiningOp();
  if (!op || isa<tosa::ConstOp>(op) || depth == kMaxDepth)
    return false;
  if (ops.contains(op))
    return true;
  unsigned count = op->getNumOperands();
  if (auto rescale = dyn_cast<tosa::RescaleOp>(op)) {
    if (rescale.getRoundingMode() == tosa::RoundingMode::INEXACT_ROUND ||
        !llvm::all_of(op->getOperands().drop_front(), getIntegerScalar))
      return false;
    count = 1;
  } else if (isa<tosa::TableOp>(op)) {
    FailureOr<std::vector<int64_t>> table =
        getIntegerConstant(op->getOperand(1));
    if (failed(table) || table->size() != 256)
      return false;
    count = 1;
  } else if (isa<tosa::ReshapeOp>(op)) {
    // Of a scalar.
    if (!visit(op->getOperand(0), depth + 1) || leaf == op->getOperand(0))
      return false;
    count = 0;
  } else if (isa<tosa::AddOp, tosa::SubOp, tosa::MulOp, tosa::MaximumOp,
                 tosa::MinimumOp, tosa::AbsOp, tosa::GreaterOp,
                 tosa::GreaterEqualOp, tosa::EqualOp>(op)) {
    // On quantized types they are those of real numbers.
    for (Value v : llvm::concat<Value>(op->getOperands(), op->getResults()))
      if (isa<quant::QuantizedType>(getElementType(v)))
        return false;
    if (auto mul = dyn_cast<tosa::MulOp>(op)) {
      std::optional<int64_t> shift = getIntegerScalar(mul.getShift());
      if (!shift || *shift < 0 || *shift > 62)
        return false;
    }
  } else if (auto clamp = dyn_cast<tosa::ClampOp>(op)) {
    if (!isa<IntegerAttr>(clamp.getMinValAttr()) ||
        !isa<IntegerAttr>(clamp.getMaxValAttr()))
      return false;
  } else if (!isa<tosa::SelectOp>(op)) {
    return false;
  }
  for (Value operand : op->getOperands().take_front(count))
    if (!visit(operand, depth + 1))
      return false;
  ops.insert(op);
  return true;
}

/// (x - zi) scaled, rounded, + zo, saturated to the result's codes.
static std::optional<int64_t> rescale(tosa::RescaleOp op, int64_t x) {
  x -= *op.getInputZeroPoint();
  numerics::Multiplier m{
      static_cast<int32_t>(*getIntegerScalar(op.getMultiplier())),
      static_cast<int32_t>(*getIntegerScalar(op.getShift()))};
  numerics::KernelR1 twice{m};
  numerics::KernelR2 once{m};
  bool isTwice = op.getRoundingMode() == tosa::RoundingMode::DOUBLE_ROUND;
  numerics::Domain domain = isTwice ? twice.domain() : once.domain();
  if (!domain.contains(x, x))
    return std::nullopt;
  auto input = static_cast<int32_t>(x);
  int64_t y = (isTwice ? twice.apply(input) : once.apply(input)) +
              *op.getOutputZeroPoint();
  Type element = getElementType(op.getOutput());
  if (auto codes = dyn_cast<quant::QuantizedType>(element))
    element = codes.getStorageType();
  unsigned width = element.getIntOrFloatBitWidth();
  if (width > 16)
    return y;
  return op.getOutputUnsigned()
             ? std::clamp<int64_t>(y, 0, (int64_t(1) << width) - 1)
             : std::clamp<int64_t>(y, -(int64_t(1) << (width - 1)),
                                   (int64_t(1) << (width - 1)) - 1);
}

std::optional<int64_t>
CodeChain::evaluate(Value value, llvm::DenseMap<Value, int64_t> &known) {
  if (auto it = known.find(value); it != known.end())
    return it->second;
  if (std::optional<int64_t> scalar = getIntegerScalar(value))
    return scalar;
  Operation *op = value.getDefiningOp();
  SmallVector<int64_t, 3> x;
  for (Value operand : op->getOperands()) {
    bool isData =
        x.empty() || !isa<tosa::RescaleOp, tosa::TableOp, tosa::ReshapeOp>(op);
    if (!isData)
      break;
    std::optional<int64_t> number = evaluate(operand, known);
    if (!number)
      return std::nullopt;
    x.push_back(*number);
  }
  auto result =
      llvm::TypeSwitch<Operation *, std::optional<int64_t>>(op)
          .Case([&](tosa::RescaleOp o) { return rescale(o, x[0]); })
          .Case([&](tosa::TableOp o) -> std::optional<int64_t> {
            if (x[0] < -128 || x[0] > 127)
              return std::nullopt;
            return (*getIntegerConstant(o.getTable()))[x[0] + 128];
          })
          .Case([&](tosa::ClampOp o) {
            auto bound = [](Attribute attr) {
              auto code = cast<IntegerAttr>(attr);
              return code.getType().isUnsignedInteger()
                         ? static_cast<int64_t>(code.getValue().getZExtValue())
                         : code.getValue().getSExtValue();
            };
            return std::max(bound(o.getMinValAttr()),
                            std::min(x[0], bound(o.getMaxValAttr())));
          })
          .Case([&](tosa::AddOp) { return x[0] + x[1]; })
          .Case([&](tosa::SubOp) { return x[0] - x[1]; })
          .Case([&](tosa::MulOp) {
            return numerics::detail::shiftHalfUp(x[0] * x[1],
                                                 static_cast<int>(x[2]));
          })
          .Case([&](tosa::MaximumOp) { return std::max(x[0], x[1]); })
          .Case([&](tosa::MinimumOp) { return std::min(x[0], x[1]); })
          .Case([&](tosa::SelectOp) { return x[0] ? x[1] : x[2]; })
          .Case([&](tosa::GreaterOp) { return x[0] > x[1]; })
          .Case([&](tosa::GreaterEqualOp) { return x[0] >= x[1]; })
          .Case([&](tosa::EqualOp) { return x[0] == x[1]; })
          .Case([&](tosa::AbsOp) { return std::abs(x[0]); })
          .Default([&](Operation *) { return x[0]; });
  if (!result || *result < INT32_MIN || *result > INT32_MAX)
    return std::nullopt;
  known[value] = *result;
  return result;
}

FailureOr<SmallVector<int32_t>> CodeChain::enumerate() {
  auto in = cast<quant::UniformQuantizedType>(getElementType(leaf));
  SmallVector<int32_t> table;
  for (int64_t q = in.getStorageTypeMin(); q <= in.getStorageTypeMax(); ++q) {
    llvm::DenseMap<Value, int64_t> known = {{leaf, q}};
    std::optional<int64_t> code = evaluate(last->getResult(0), known);
    if (!code)
      return last->emitError()
             << "'" << last->getName() << "' and the ops in "
             << "front of it leave 32 bits for the code " << q;
    table.push_back(static_cast<int32_t>(*code));
  }
  return table;
}
