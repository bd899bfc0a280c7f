//===- FoldBatchNorm.cpp - Multiply-add into the convolution before it -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ImportedParameters.h"
#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/ImportedParams.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include <cmath>

namespace hwq {
#define GEN_PASS_DEF_FOLDBATCHNORMPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

/// The quantized type with which a model's weights came, for weights times one
/// factor per channel: the codes stay, or change their sign. Null where there
/// is none.
static quant::QuantizedType scaleType(Value weights, ArrayRef<float> factors) {
  quant::QuantizedType type = getImportedType(weights);
  if (!type || !type.isSigned())
    return nullptr;
  SmallVector<double> scales(factors.size());
  SmallVector<int64_t> zeroPoints(factors.size());
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type)) {
    scales.assign(factors.size(), uniform.getScale());
    zeroPoints.assign(factors.size(), uniform.getZeroPoint());
  } else if (auto perAxis =
                 dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    scales.assign(perAxis.getScales());
    zeroPoints.assign(perAxis.getZeroPoints());
  }
  if (scales.size() != factors.size())
    return nullptr;
  for (auto [scale, zeroPoint, factor] :
       llvm::zip_equal(scales, zeroPoints, factors)) {
    // As f32, in which backends hold them.
    scale = static_cast<double>(
        static_cast<float>(scale * std::fabs(static_cast<double>(factor))));
    if (zeroPoint != 0 || !(scale > 0) || !std::isfinite(scale))
      return nullptr;
  }
  return quant::UniformQuantizedPerAxisType::get(
      type.getFlags(), type.getStorageType(), type.getExpressedType(), scales,
      zeroPoints, /*quantizedDimension=*/0, type.getStorageTypeMin(),
      type.getStorageTypeMax());
}

/// Folds `dot -> mul`, `dot -> add` into the dot product. The result takes the
/// name of the folded op.
static bool foldUser(Operation *dot) {
  if (!dot->hasOneUse())
    return false;
  Operation *user = *dot->user_begin();
  FailureOr<std::vector<float>> factor =
      getPerChannelOperand(user, dot->getResult(0));
  if (failed(factor))
    return false;
  bool isMul = isa<tosa::MulOp>(user);
  auto quantizable = cast<QuantizableOpInterface>(dot);
  unsigned weightIndex = *quantizable.getWeightOperand();
  Value weights = dot->getOperand(weightIndex);
  auto weightType = cast<RankedTensorType>(weights.getType());
  int64_t channels = weightType.getDimSize(0);
  FailureOr<std::vector<float>> w = getFloatConstant(weights);
  std::optional<unsigned> biasIndex = quantizable.getBiasOperand();
  FailureOr<std::vector<float>> b = std::vector<float>(channels, 0.0f);
  if (biasIndex)
    b = getFloatConstant(dot->getOperand(*biasIndex));
  if (failed(w) || failed(b))
    return false;

  OpBuilder builder(dot);
  std::string name = getTensorName(user->getResult(0)).str();
  size_t taps = w->size() / channels;
  for (int64_t c = 0; c < channels; ++c) {
    if (isMul) {
      double g = (*factor)[c];
      for (size_t i = 0; i < taps; ++i)
        (*w)[c * taps + i] = static_cast<float>((*w)[c * taps + i] * g);
      (*b)[c] = static_cast<float>((*b)[c] * g);
    } else {
      (*b)[c] = static_cast<float>(static_cast<double>((*b)[c]) + (*factor)[c]);
    }
  }
  Location loc = dot->getLoc();
  SmallVector<Value> replaced;
  if (isMul) {
    replaced.push_back(weights);
    Value folded =
        createConstant(builder, weights.getLoc(), weightType.getShape(),
                       ArrayRef<float>(*w), "folded_weights");
    if (quant::QuantizedType type = scaleType(weights, *factor))
      folded.getDefiningOp()->setAttr(kModelParametersAttr,
                                      TypeAttr::get(type));
    dot->setOperand(weightIndex, folded);
  }
  if (!isMul || biasIndex) {
    Value bias = createConstant(builder, loc, {channels}, ArrayRef<float>(*b),
                                "folded_bias");
    if (biasIndex) {
      replaced.push_back(dot->getOperand(*biasIndex));
      dot->setOperand(*biasIndex, bias);
    } else {
      dot->insertOperands(dot->getNumOperands(), bias);
    }
  }
  user->getResult(0).replaceAllUsesWith(dot->getResult(0));
  if (!name.empty())
    setTensorName(dot, name);
  else
    copyTensorName(user, dot);
  llvm::append_range(replaced, user->getOperands());
  user->erase();
  llvm::SmallPtrSet<Operation *, 4> seen{dot};
  for (Value value : replaced)
    if (Operation *op = value.getDefiningOp(); op && seen.insert(op).second)
      eraseDeadChain(op);
  return true;
}

namespace {
struct FoldBatchNorm : hwq::impl::FoldBatchNormPassBase<FoldBatchNorm> {
  void getDependentDialects(DialectRegistry &registry) const override {
    FoldBatchNormPassBase::getDependentDialects(registry);
    registerTosaExternalModels(registry);
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module,
                         {Form::Float, Form::Observed, Form::Calibrated},
                         getArgument())) ||
        failed(checkRanked(module)))
      return signalPassFailure();
    FailureOr<Backend> backend = getBackend(module, getArgument());
    if (failed(backend))
      return signalPassFailure();
    if (!backend->foldBatchNorm)
      return;
    if (failed(checkQuantizable(module, getArgument())))
      return signalPassFailure();
    SmallVector<Operation *> dots;
    module.walk([&](QuantizableOpInterface op) {
      if (op.getWeightOperand())
        dots.push_back(op);
    });
    for (Operation *dot : dots)
      while (foldUser(dot))
        ;
  }
};
} // namespace
