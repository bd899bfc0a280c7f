//===- CodeFunctions.cpp - Step-4 ops as functions of codes -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CodeFunctions.h"
#include "PassUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;

static CodeFunction getFunction(RequantizeOp op) {
  if (!getUniformType(op.getInput()) || op.isFloat() || op.getResidual() ||
      op.getRequant().isReal())
    return {};
  if (op.getVariant()) {
    numerics::Result<numerics::ConcatParams> params = getRescaleParams(op);
    if (!params)
      return {};
    return [params = *params](int64_t a, int64_t) {
      return numerics::rescale(params, static_cast<int32_t>(a));
    };
  }
  numerics::RequantizeParams params = op.getRequant().getParams();
  // One channel is as good as another only where there is one scale.
  if (op.getRequant().getScales().size() != 1 ||
      !numerics::checkRequantize(params, 1).empty())
    return {};
  return [params](int64_t a, int64_t) {
    return numerics::requantize(params, 0, a);
  };
}

static CodeFunction getFunction(LookupOp op) {
  // One table as good as another only where there is one.
  if (op.getChannelAxis())
    return {};
  int64_t first = getUniformType(op.getInput()).getStorageTypeMin();
  return [table = op.getTable(), first](int64_t a, int64_t) {
    return table[a - first];
  };
}

template <typename SumOp> static CodeFunction getSumFunction(SumOp op) {
  if (!op.getVariant())
    return {};
  numerics::AddParams params =
      getAddParams(op.getVariant()->getValue(),
                   {op.getLhsRequant(), op.getRhsRequant(), op.getRequant()},
                   /*subtract=*/std::is_same_v<SumOp, SubOp>);
  return [params](int64_t a, int64_t b) {
    return numerics::add(params, static_cast<int32_t>(a),
                         static_cast<int32_t>(b));
  };
}

static CodeFunction getFunction(MulOp op) {
  if (!op.getVariant() || failed(verifyCompatibleShape(op.getLhs().getType(),
                                                       op.getRhs().getType())))
    return {};
  numerics::Result<numerics::MulParams> params = getMulParams(op);
  if (!params)
    return {};
  return [params = *params](int64_t a, int64_t b) {
    return numerics::mul(params, static_cast<int32_t>(a),
                         static_cast<int32_t>(b));
  };
}

CodeFunction hwq::getCodeFunction(Operation *op) {
  if (auto requantize = dyn_cast_if_present<RequantizeOp>(op))
    return getFunction(requantize);
  if (auto lookup = dyn_cast_if_present<LookupOp>(op))
    return getFunction(lookup);
  if (auto add = dyn_cast_if_present<hwq::AddOp>(op))
    return getSumFunction(add);
  if (auto sub = dyn_cast_if_present<hwq::SubOp>(op))
    return getSumFunction(sub);
  if (auto mul = dyn_cast_if_present<hwq::MulOp>(op))
    return getFunction(mul);
  return {};
}

std::optional<std::vector<int32_t>> hwq::getCodeTable(Operation *op) {
  if (!isa<RequantizeOp, LookupOp>(op))
    return std::nullopt;
  CodeFunction function = getCodeFunction(op);
  quant::UniformQuantizedType in = getUniformType(op->getOperand(0));
  if (!function || in.getStorageTypeMax() - in.getStorageTypeMin() > 65535)
    return std::nullopt;
  std::vector<int32_t> table;
  for (int64_t code = in.getStorageTypeMin(); code <= in.getStorageTypeMax();
       ++code)
    table.push_back(static_cast<int32_t>(function(code, 0)));
  return table;
}

std::optional<std::pair<int64_t, int64_t>> hwq::getPureClamp(RequantizeOp op) {
  if (op.isFloat() ||
      getUniformType(op.getInput()) != getUniformType(op.getOutput()))
    return std::nullopt;
  std::optional<std::vector<int32_t>> table = getCodeTable(op);
  if (!table)
    return std::nullopt;
  std::pair<int64_t, int64_t> clamp{table->front(), table->back()};
  int64_t code = getUniformType(op.getInput()).getStorageTypeMin();
  for (int32_t y : *table)
    if (y != std::clamp(code++, clamp.first, clamp.second))
      return std::nullopt;
  return clamp;
}
