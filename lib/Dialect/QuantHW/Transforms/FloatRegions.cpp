//===- FloatRegions.cpp - Float ops on one code as tables -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// `codes -> dequantize -> [transpose] -> (x - mean) * (1/std) ... -> quantize`:
// every value depends on one code and on the constants of its channel, so that
// the codes of the result are a table of 256 entries, or one per channel. The
// arithmetic is that of the evaluator, one f32 operation after the other.

#include "CodeFolds.h"
#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Numerics/Quantize.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;

namespace {
/// The float ops between the codes of one tensor and a quantization.
class FloatRegion {
public:
  explicit FloatRegion(QuantizeOp last) : last(last) {}

  /// There is such a region (of at least one op); `reason` says why it is no
  /// table, if it is none.
  bool find();
  /// The codes of the result, [channels][codes of the leaf].
  std::vector<int32_t> enumerate();

  QuantizeOp last;
  DequantizeOp leaf;
  /// Moves what was dequantized, or null.
  tosa::TransposeOp transpose;
  /// The axis along which the constants vary.
  std::optional<int64_t> axis;
  int64_t channels = 1;
  std::string reason;

private:
  bool visit(Value value);
  void visitConstant(Value value);
  float evaluate(Value value, int64_t channel);
  RankedTensorType getType() { return last.getInput().getType(); }

  llvm::DenseMap<Value, std::vector<float>> constants;
  llvm::DenseMap<Value, float> values;
  llvm::DenseSet<Value> seen;
  unsigned ops = 0;
};
} // namespace

/// A constant of one value, or of one for each index of one axis.
void FloatRegion::visitConstant(Value value) {
  FailureOr<std::vector<float>> data = getFloatConstant(value);
  if (failed(data) || data->empty()) {
    reason = "a constant in front of it has no data";
    return;
  }
  if (llvm::all_equal(*data)) {
    constants[value] = {data->front()};
    return;
  }
  ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
  std::optional<int64_t> varies;
  for (auto [d, size] : llvm::enumerate(shape))
    if (size != 1) {
      if (varies) {
        reason = "its constants vary along several axes";
        return;
      }
      varies = d;
    }
  if ((axis && axis != varies) ||
      getType().getDimSize(*varies) != static_cast<int64_t>(data->size())) {
    reason = "its constants vary along several axes";
    return;
  }
  axis = varies;
  channels = static_cast<int64_t>(data->size());
  constants[value] = std::move(*data);
}

/// False where the value is no function of the leaf.
bool FloatRegion::visit(Value value) {
  if (constants.contains(value) || !seen.insert(value).second)
    return true;
  Operation *op = value.getDefiningOp();
  if (!op)
    return false;
  if (isa<tosa::ConstOp>(op)) {
    visitConstant(value);
    return true;
  }
  // What is moved has the shape of the result only behind it.
  auto moved = dyn_cast<tosa::TransposeOp>(op);
  if (moved)
    op = moved.getInput1().getDefiningOp();
  if (auto dequantize = dyn_cast_if_present<DequantizeOp>(op)) {
    if (!getUniformType(dequantize.getInput()) ||
        (leaf && (leaf != dequantize || transpose != moved)))
      return false;
    leaf = dequantize;
    transpose = moved;
    return true;
  }
  if (moved || !isa<tosa::AddOp, tosa::SubOp, tosa::MulOp, tosa::ClampOp>(op))
    return false;
  ++ops;
  unsigned count = isa<tosa::ClampOp>(op) ? 1 : 2;
  for (Value operand : op->getOperands().take_front(count))
    if (!visit(operand))
      return false;
  return true;
}

/// Whether codes are those of a program's input.
static bool isOfInput(Value codes) {
  if (auto quantize = codes.getDefiningOp<QuantizeOp>())
    codes = quantize.getInput();
  return isa<BlockArgument>(codes);
}

bool FloatRegion::find() {
  if (!getUniformType(last.getOutput()) || !visit(last.getInput()) || !leaf ||
      ops == 0)
    return false;
  auto shape = cast<RankedTensorType>(
      transpose ? transpose.getOutput().getType() : leaf.getOutput().getType());
  quant::UniformQuantizedType codes = getUniformType(leaf.getInput());
  if (reason.empty() && shape.getShape() != getType().getShape())
    reason = "the result has another shape than the codes";
  // Machines have a table for a tensor; one for each channel is made where the
  // data is prepared.
  if (reason.empty() && axis && !isOfInput(leaf.getInput()))
    reason = "its constants vary from channel to channel, and it is not the "
             "codes of an input that they are applied to";
  if (reason.empty() &&
      codes.getStorageTypeMax() - codes.getStorageTypeMin() > 255)
    reason = "there are more than 256 codes";
  return true;
}

float FloatRegion::evaluate(Value value, int64_t channel) {
  if (auto it = constants.find(value); it != constants.end())
    return it->second[it->second.size() == 1 ? 0 : channel];
  if (auto it = values.find(value); it != values.end())
    return it->second;
  Operation *op = value.getDefiningOp();
  float a = evaluate(op->getOperand(0), channel), result = a;
  if (auto clamp = dyn_cast<tosa::ClampOp>(op)) {
    auto bound = [](Attribute attr) {
      return static_cast<float>(cast<FloatAttr>(attr).getValueAsDouble());
    };
    result = std::min(std::max(a, bound(clamp.getMinValAttr())),
                      bound(clamp.getMaxValAttr()));
  } else {
    float b = evaluate(op->getOperand(1), channel);
    result = isa<tosa::AddOp>(op)   ? a + b
             : isa<tosa::SubOp>(op) ? a - b
                                    : a * b;
  }
  return values[value] = result;
}

std::vector<int32_t> FloatRegion::enumerate() {
  std::vector<int32_t> table;
  numerics::QuantParams in = getQuantParams(leaf.getInput()),
                        out = getQuantParams(last.getOutput());
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t code = in.grid.qmin; code <= in.grid.qmax; ++code) {
      values.clear();
      values[transpose ? transpose.getOutput() : leaf.getOutput()] =
          numerics::dequantize(code, in);
      table.push_back(static_cast<int32_t>(numerics::quantize(
          last.getForm().getValue(), evaluate(last.getInput(), c), out)));
    }
  return table;
}

void hwq::foldFloatRegions(ModuleOp module, const Backend &backend) {
  SmallVector<QuantizeOp> ops;
  module.walk([&](QuantizeOp op) { ops.push_back(op); });
  for (QuantizeOp op : ops) {
    FloatRegion region(op);
    if (!region.find())
      continue;
    if (!backend.lookupTables)
      region.reason = "the backend has no tables";
    std::string name = describeTensor(op.getOutput());
    if (!region.reason.empty()) {
      emitFoldMissed(op.getLoc(), name,
                     "the float ops in front of it are no table: " +
                         region.reason);
      continue;
    }
    OpBuilder builder(op);
    std::vector<int32_t> table = region.enumerate();
    Value codes = region.leaf.getInput();
    if (region.transpose) {
      Operation *moved = builder.clone(*region.transpose);
      moved->removeAttr(kNameAttr);
      moved->setOperand(0, codes);
      moved->getResult(0).setType(
          cast<RankedTensorType>(moved->getResult(0).getType())
              .clone(getUniformType(codes)));
      codes = moved->getResult(0);
    }
    auto lookup = LookupOp::create(
        builder, op.getLoc(), op.getOutput().getType(), codes,
        builder.getDenseI32ArrayAttr(table),
        /*kernel_table=*/DenseI32ArrayAttr(),
        region.axis ? builder.getI64IntegerAttr(*region.axis) : IntegerAttr());
    copyTensorName(op, lookup);
    emitFoldPassed(op.getLoc(), "lookup", name,
                   region.axis ? "the float ops in front of it are " +
                                     std::to_string(region.channels) +
                                     " tables, one per channel"
                               : "the float ops in front of it are one table",
                   {}, "code");
    op.getOutput().replaceAllUsesWith(lookup.getOutput());
    eraseDeadChain(op);
  }
}
