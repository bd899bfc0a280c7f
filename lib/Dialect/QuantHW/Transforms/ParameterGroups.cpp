//===- ParameterGroups.cpp - Tensors with equal parameters ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ParameterGroups.h"
#include "hwq/Numerics/Grid.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

using namespace mlir;
using namespace hwq;

std::optional<numerics::QuantParams>
hwq::getFixedOutput(Operation *maker, const Backend &backend) {
  bool isTanh = isa_and_present<tosa::TanhOp>(maker);
  bool isUnit = isa_and_present<tosa::SigmoidOp, SoftmaxOp>(maker);
  bool isPer256 = backend.fixedOutputs == FixedOutputs::Per256;
  if (backend.fixedOutputs == FixedOutputs::None ||
      !(isUnit || (isTanh && isPer256)))
    return std::nullopt;
  numerics::Grid grid = numerics::gridOf(backend.activations.storage);
  if (isTanh)
    return numerics::QuantParams{1.0 / 128, (grid.qmin + grid.qmax + 1) / 2,
                                 grid};
  return numerics::QuantParams{1.0 / (isPer256 ? 256 : 255), grid.qmin, grid};
}

ParameterGroups::ParameterGroups(const TensorGraph &graph,
                                 const QuantizerPlacement &placement,
                                 const Backend &backend)
    : graph(graph), placement(placement), backend(backend),
      isFollower(graph.getTensors().size()),
      classes(graph.getTensors().size()) {
  for (const ActivationTensor &tensor : graph.getTensors()) {
    std::optional<numerics::Range> range = tensor.range;
    quant::UniformQuantizedType parameters = tensor.parameters;
    Operation *maker = graph.getMaker(tensor.value);
    // Moved values have no observer: they are in the range they come from.
    if (auto op = dyn_cast_or_null<QuantizableOpInterface>(maker);
        !range && op && op.isDataMovement())
      if (std::optional<unsigned> operand =
              graph.find(op->getOperand(op.getActivationOperands().front()))) {
        range = ranges[*operand];
        parameters = carried[*operand];
      }
    ranges.push_back(range);
    carried.push_back(parameters);
    fixed.push_back(tensor.override ? std::nullopt
                                    : getFixedOutput(maker, backend));
  }
  collectEdges();
  if (placement.getTraits().greedySharing)
    shareGreedily();
  else
    for (const Edge &edge : edges) {
      classes.join(edge.tensor, edge.other);
      isFollower[edge.tensor] = isFollower[edge.tensor] || edge.follows;
    }
  classes.compress();
  members.resize(classes.getNumClasses());
  for (unsigned i = 0, e = graph.getTensors().size(); i != e; ++i)
    members[classes[i]].push_back(i);
}

/// A fixed tensor follows nobody.
void ParameterGroups::addEdge(Edge edge) {
  if (fixed[edge.tensor] && !fixed[edge.other])
    std::swap(edge.tensor, edge.other);
  if (fixed[edge.other]) {
    edge.follows = true;
    fixed[edge.tensor] = fixed[edge.other];
  }
  edges.push_back(edge);
}

std::string ParameterGroups::Edge::describe() const {
  switch (reason) {
  case Keeps:
    return (opKind + " keeps the parameters of its operand").str();
  case GivesOperands:
    return (opKind + " gives its operands the parameters of its result").str();
  case Copies:
    return (opKind + " copies codes").str();
  }
  return "";
}

void ParameterGroups::collectEdges() {
  SmallVector<QuantizableOpInterface> copies;
  for (QuantizableOpInterface op : graph.getOps()) {
    Value resultValue = graph.getResult(op);
    if (!placement.isQuantized(resultValue) ||
        !(placement.isInteger(op) || placement.isMoving(op)))
      continue;
    unsigned result = *graph.find(resultValue);
    StringRef kind = op.getOpKind();
    SmallVector<unsigned> operands;
    for (unsigned i : op.getActivationOperands())
      if (placement.readsQuantized(op->getOpOperand(i)))
        operands.push_back(*graph.find(op->getOperand(i)));
    if (operands.size() != op.getActivationOperands().size())
      continue;
    bool keeps = backend.keepsParameters(kind) ||
                 (getOpClass(op) & placement.getTraits().inherits);
    if (kind == "concat" && backend.concat == numerics::ConcatVariant::Copy) {
      copies.push_back(op);
    } else if (backend.alignsOperands(kind)) {
      for (unsigned operand : operands)
        addEdge({operand, result, kind, Edge::GivesOperands, /*follows=*/true});
    } else if (keeps && operands.size() == 1) {
      addEdge({result, operands[0], kind, Edge::Keeps, /*follows=*/true});
    }
  }
  // Only now is known what is fixed.
  for (QuantizableOpInterface op : copies) {
    unsigned result = *graph.find(graph.getResult(op));
    for (unsigned i : op.getActivationOperands()) {
      unsigned operand = *graph.find(op->getOperand(i));
      if (fixed[operand])
        requantized.push_back({&op->getOpOperand(i), result});
      else
        edges.push_back(
            {operand, result, "concat", Edge::Copies, /*follows=*/false});
    }
  }
}

/// TPU-MLIR's order: concatenations, then pools, then what keeps parameters.
/// Each takes the range that the other has at that time.
void ParameterGroups::shareGreedily() {
  auto copyRanges = [&](auto takesPart) {
    for (const Edge &edge : edges)
      if (takesPart(edge)) {
        ranges[edge.tensor] = ranges[edge.other];
        carried[edge.tensor] = carried[edge.other];
      }
  };
  copyRanges([](const Edge &edge) {
    return edge.reason == Edge::GivesOperands && edge.opKind == "concat";
  });
  copyRanges([](const Edge &edge) {
    return edge.reason == Edge::GivesOperands && edge.opKind != "concat";
  });
  copyRanges([](const Edge &edge) { return edge.reason == Edge::Keeps; });
}

SmallVector<unsigned> ParameterGroups::getSources(unsigned group) const {
  SmallVector<unsigned> sources;
  for (unsigned i : members[group])
    if (!isFollower[i] && ranges[i])
      sources.push_back(i);
  if (sources.empty())
    sources = members[group];
  return sources;
}

std::optional<numerics::Range>
ParameterGroups::getRange(unsigned tensor) const {
  return ranges[tensor];
}

std::optional<numerics::QuantParams>
ParameterGroups::getFixed(unsigned group) const {
  for (unsigned i : members[group])
    if (fixed[i])
      return fixed[i];
  return std::nullopt;
}

quant::UniformQuantizedType ParameterGroups::getCarried(unsigned group) const {
  SmallVector<unsigned> sources = getSources(group);
  bool same = llvm::all_of(sources, [&](unsigned i) {
    return carried[i] == carried[sources.front()];
  });
  return same ? carried[sources.front()] : quant::UniformQuantizedType();
}
