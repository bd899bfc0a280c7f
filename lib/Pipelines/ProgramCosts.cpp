//===- ProgramCosts.cpp - Weights, bytes and products of a program -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/ProgramCosts.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/Target/IR/StepFour.h"
#include "hwq/Numerics/Errors.h"
#include "hwq/Numerics/Quantize.h"
#include "hwq/Pipelines/Derivation.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

using namespace mlir;
using namespace hwq;

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

static numerics::QuantParams getChannelParams(quant::QuantizedType type,
                                              size_t c) {
  numerics::Grid grid{type.getStorageTypeMin(), type.getStorageTypeMax()};
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type))
    return {perAxis.getScales()[c], perAxis.getZeroPoints()[c], grid};
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type))
    return {uniform.getScale(), uniform.getZeroPoint(), grid};
  return {1, 0, grid};
}

/// The name of the nearest named tensor that the op contributes to.
static std::string getResultName(Operation *op) {
  while (op->getNumResults() == 1) {
    StringRef name = getTensorName(op->getResult(0));
    if (!name.empty())
      return name.str();
    if (op->getResult(0).use_empty())
      break;
    op = *op->getResult(0).user_begin();
  }
  return "";
}

static void measure(QuantizeOp quantize, ArrayRef<float> values,
                    WeightReport &report) {
  auto shape = cast<RankedTensorType>(quantize.getType());
  auto type = cast<quant::QuantizedType>(shape.getElementType());
  int64_t channels = shape.getDimSize(0);
  size_t taps = values.size() / channels;
  std::vector<float> rounded(taps);
  for (int64_t c = 0; c < channels; ++c) {
    numerics::QuantParams params = getChannelParams(type, c);
    bool isDead = true;
    const float *x = values.data() + c * taps;
    for (size_t i = 0; i < taps; ++i) {
      int64_t code =
          numerics::quantize(quantize.getForm().getValue(), x[i], params);
      isDead &= code == params.zeroPoint;
      rounded[i] = numerics::dequantize(code, params);
    }
    numerics::ErrorStats errors;
    errors.add(x, rounded.data(), taps);
    report.sqnr.push_back(errors.sqnr());
    if (isDead)
      report.dead.push_back(c);
  }
}

std::vector<WeightReport> hwq::measureWeights(const CompiledForms &forms) {
  std::vector<WeightReport> reports;
  ModuleOp step0 = forms.last(Form::Step0);
  func::FuncOp func = step0 ? getMainFunction(step0) : func::FuncOp();
  if (!func)
    return reports;
  func.walk([&](QuantizableOpInterface op) {
    std::optional<unsigned> index = op.getWeightOperand();
    if (!index)
      return;
    auto dequantize = op->getOperand(*index).getDefiningOp<DequantizeOp>();
    auto quantize = dequantize
                        ? dequantize.getInput().getDefiningOp<QuantizeOp>()
                        : QuantizeOp();
    if (!quantize)
      return;
    FailureOr<std::vector<float>> values =
        getFloatConstant(quantize.getInput());
    auto shape = cast<RankedTensorType>(quantize.getType());
    if (failed(values) || shape.getRank() == 0 || shape.getDimSize(0) <= 0)
      return;
    WeightReport report;
    report.tensor = getResultName(op);
    measure(quantize, *values, report);
    reports.push_back(std::move(report));
  });
  return reports;
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

/// Elements of a tensor without its batch dimension.
static int64_t elementsPerSample(RankedTensorType type) {
  int64_t count = 1;
  for (int64_t size : type.getShape().drop_front())
    count *= std::max<int64_t>(size, 1);
  return count;
}

/// Products for one sample of a dot product, with the weights as operand 1 and
/// channels as their axis 0; 0 for other ops.
static int64_t countProducts(Operation *op) {
  StringRef kind = getStepFourName(op);
  bool isDot = kind == "conv2d" || kind == "depthwise_conv2d" ||
               kind == "fully_connected" || kind == "transpose_conv2d";
  if ((!isDot && kind != "matmul") || op->getNumOperands() < 2 ||
      op->getNumResults() != 1)
    return 0;
  auto result = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  auto lhs = dyn_cast<RankedTensorType>(op->getOperand(0).getType());
  auto rhs = dyn_cast<RankedTensorType>(op->getOperand(1).getType());
  if (!result || !lhs || !rhs)
    return 0;
  if (kind == "matmul")
    return elementsPerSample(result) * lhs.getShape().back();
  if (!rhs.hasStaticShape() || rhs.getDimSize(0) <= 0)
    return 0;
  int64_t taps = rhs.getNumElements() / rhs.getDimSize(0);
  // Every input element meets every tap of a transposed convolution.
  return kind == "transpose_conv2d"
             ? elementsPerSample(lhs) / lhs.getShape().back() *
                   rhs.getNumElements()
             : elementsPerSample(result) * taps;
}

ProgramCosts hwq::measureCosts(ModuleOp module) {
  ProgramCosts costs;
  func::FuncOp func = getMainFunction(module);
  if (!func)
    return costs;
  func.walk([&](Operation *op) {
    if (op->getNumResults() != 1)
      return;
    if (op->hasTrait<OpTrait::ConstantLike>()) {
      auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
      if (!type || !type.hasStaticShape())
        return;
      Type element = type.getElementType();
      if (auto quantized = dyn_cast<quant::QuantizedType>(element))
        costs.integerBytes +=
            type.getNumElements() *
            ((quantized.getStorageTypeIntegralWidth() + 7) / 8);
      else if (element.isIntOrFloat())
        (isa<FloatType>(element) ? costs.floatBytes : costs.integerBytes) +=
            type.getNumElements() * ((element.getIntOrFloatBitWidth() + 7) / 8);
      return;
    }
    if (int64_t products = countProducts(op)) {
      bool isFloat =
          isa<FloatType>(getElementTypeOrSelf(op->getOperand(0).getType()));
      (isFloat ? costs.floatMacs : costs.integerMacs) += products;
    }
  });
  return costs;
}
