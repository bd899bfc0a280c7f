//===- QuantizerInsertion.cpp - Quantize/dequantize pairs -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QuantizerInsertion.h"
#include "FakeQuantParameters.h"
#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "llvm/ADT/StringSet.h"
#include <cfloat>

using namespace mlir;
using namespace hwq;

namespace {
class QuantizerInsertion {
public:
  QuantizerInsertion(func::FuncOp func, const TensorGraph &graph,
                     const QuantizerPlacement &placement,
                     const ParameterGroups &groups,
                     FunctionParameters &parameters, const Backend &backend)
      : func(func), graph(graph), placement(placement), groups(groups),
        parameters(parameters), backend(backend), builder(func.getContext()) {}

  LogicalResult run();

private:
  void dropReluLimits();
  /// At the builder's place.
  Operation *createPair(Value value, const GroupParameters &params,
                        SchemeAttr scheme, Value &dequantized);
  void insertPairs(unsigned tensor);
  /// Names a quantizer that is not the only thing of its tensor's name.
  void nameQuantizer(Operation *quantizer, Value tensor);

  func::FuncOp func;
  const TensorGraph &graph;
  const QuantizerPlacement &placement;
  const ParameterGroups &groups;
  FunctionParameters &parameters;
  const Backend &backend;
  OpBuilder builder;
  /// All names of the function; empty until one is made.
  llvm::StringSet<> names;
};
} // namespace

Operation *QuantizerInsertion::createPair(Value value,
                                          const GroupParameters &params,
                                          SchemeAttr scheme,
                                          Value &dequantized) {
  MLIRContext *context = func.getContext();
  if (scheme) {
    auto fake = FakeQuantOp::create(builder, value.getLoc(), value.getType(),
                                    value, builder.getArrayAttr({scheme}));
    dequantized = fake.getOutput();
    return fake;
  }
  auto shape = cast<RankedTensorType>(value.getType());
  auto quantize = QuantizeOp::create(
      builder, value.getLoc(),
      shape.clone(getType(context, params, shape.getRank())), value,
      QuantizeFormAttr::get(context, backend.quantizeForm));
  dequantized =
      DequantizeOp::create(builder, value.getLoc(), shape, quantize.getOutput(),
                           /*unit_scale=*/!params.channels.empty());
  return quantize;
}

void QuantizerInsertion::insertPairs(unsigned tensor) {
  Value value = graph[tensor].value;
  SmallVector<OpOperand *> readers;
  for (OpOperand &use : value.getUses())
    if (placement.readsQuantized(use))
      readers.push_back(&use);
  // The order of uses is not that of the program.
  llvm::sort(readers, [](OpOperand *a, OpOperand *b) {
    Operation *x = a->getOwner(), *y = b->getOwner();
    return x == y ? a->getOperandNumber() < b->getOperandNumber()
                  : x->isBeforeInBlock(y);
  });
  bool isWhole = static_cast<ptrdiff_t>(readers.size()) ==
                 std::distance(value.use_begin(), value.use_end());
  SmallVector<Operation *> quantizers;
  if (placement.getTraits().readers == QuantizerReaders::EachItsOwn) {
    for (OpOperand *use : readers) {
      builder.setInsertionPoint(use->getOwner());
      Value dequantized;
      quantizers.push_back(createPair(value, *parameters.get(value, use),
                                      parameters.getScheme(value, use),
                                      dequantized));
      use->set(dequantized);
    }
  } else {
    builder.setInsertionPointAfterValue(value);
    Value dequantized;
    quantizers.push_back(createPair(value, *parameters.get(value),
                                    parameters.getScheme(value), dequantized));
    for (OpOperand *use : readers)
      use->set(dequantized);
  }
  // The name means the integers from here on, unless the float tensor is read
  // too or there are several.
  StringRef name = getTensorName(value);
  if (!isWhole || quantizers.size() != 1 || name.empty()) {
    for (Operation *quantizer : quantizers)
      nameQuantizer(quantizer, value);
    return;
  }
  if (Operation *producer = value.getDefiningOp())
    copyTensorName(producer, quantizers.front(), /*take=*/true);
  else
    setTensorName(quantizers.front(), name);
}

/// What has no name is neither compared nor reported.
void QuantizerInsertion::nameQuantizer(Operation *quantizer, Value tensor) {
  // Moved values have no name where the layout of the model makes it necessary.
  while (getTensorName(tensor).empty()) {
    auto op =
        dyn_cast_if_present<QuantizableOpInterface>(tensor.getDefiningOp());
    if (!op || !op.isDataMovement())
      return;
    tensor = op->getOperand(op.getActivationOperands().front());
  }
  if (names.empty()) {
    for (Value argument : func.getArguments())
      names.insert(getTensorName(argument));
    func.walk([&](Operation *op) {
      if (auto name = op->getAttrOfType<StringAttr>(kNameAttr))
        names.insert(name.getValue());
    });
  }
  std::string base = (getTensorName(tensor) + "_quantized").str(), name = base;
  for (unsigned i = 2; !names.insert(name).second; ++i)
    name = base + std::to_string(i);
  setTensorName(quantizer, name);
}

void QuantizerInsertion::dropReluLimits() {
  if (!backend.reluLimitIsGrid)
    return;
  for (unsigned i = 0, e = graph.getTensors().size(); i != e; ++i) {
    auto clamp = graph[i].value.getDefiningOp<tosa::ClampOp>();
    if (!clamp || !graph.isFusedClamp(clamp) ||
        !placement.isInteger(graph.getMaker(graph[i].value)))
      continue;
    const GroupParameters *params = parameters.get(graph[i].value);
    auto least = dyn_cast<FloatAttr>(clamp.getMinValAttr());
    auto most = dyn_cast<FloatAttr>(clamp.getMaxValAttr());
    if (!params || !least || !most || !least.getValue().isZero())
      continue;
    double end =
        params->params.scale * static_cast<double>(params->params.grid.qmax -
                                                   params->params.zeroPoint);
    if (double limit = most.getValueAsDouble();
        limit + params->params.scale / 2 < end)
      remark::analysis(clamp.getLoc(), getAnnotateRemarks())
          << remark::reason("'{0}' is not limited to {1}: the codes reach {2}",
                            graph[i].name, limit, end);
    clamp.setMaxValAttr(builder.getF32FloatAttr(FLT_MAX));
  }
}

LogicalResult QuantizerInsertion::run() {
  dropReluLimits();
  for (WeightParameters &w : parameters.getWeights()) {
    StringRef name = graph[*graph.find(graph.getResult(w.op))].name;
    if (backend.weightScheme.isAffine())
      quantizeWeights(std::move(w), name, backend);
    else if (failed(fakeQuantizeWeights(w, name, backend,
                                        parameters.getNetworkExponent())))
      return failure();
  }
  // Uses are those of the float program: everything is looked up before it
  // changes.
  SmallVector<std::pair<OpOperand *, GroupParameters>> requantized;
  for (auto [use, result] : groups.getRequantized())
    requantized.push_back({use, *parameters.get(graph[result].value)});
  for (unsigned i = 0, e = graph.getTensors().size(); i != e; ++i)
    if (placement.isQuantized(graph[i].value))
      insertPairs(i);
  for (auto &[use, params] : requantized) {
    builder.setInsertionPoint(use->getOwner());
    Value dequantized;
    Value tensor = use->get();
    if (auto dequantize = tensor.getDefiningOp<DequantizeOp>())
      tensor = dequantize.getInput();
    nameQuantizer(createPair(use->get(), params, SchemeAttr(), dequantized),
                  tensor);
    use->set(dequantized);
  }
  return success();
}

LogicalResult hwq::insertQuantizers(func::FuncOp func, const TensorGraph &graph,
                                    const QuantizerPlacement &placement,
                                    const ParameterGroups &groups,
                                    FunctionParameters &parameters,
                                    const Backend &backend) {
  return QuantizerInsertion(func, graph, placement, groups, parameters, backend)
      .run();
}
