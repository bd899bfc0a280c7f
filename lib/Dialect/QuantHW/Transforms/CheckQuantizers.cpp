//===- CheckQuantizers.cpp - A model's quantizers and a backend -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/Transforms/CheckQuantizers.h"
#include "ImportedParameters.h"
#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace mlir;
using namespace hwq;

StringRef hwq::stringify(MismatchKind kind) {
  switch (kind) {
  case MismatchKind::Missing:
    return "missing";
  case MismatchKind::MissingWeights:
    return "missing weights";
  case MismatchKind::InsideFusion:
    return "inside fusion";
  case MismatchKind::Superfluous:
    return "superfluous";
  case MismatchKind::FloatReader:
    return "float reader";
  case MismatchKind::Second:
    return "second";
  case MismatchKind::Parameters:
    return "parameters";
  case MismatchKind::WeightParameters:
    return "weight parameters";
  case MismatchKind::Unequal:
    return "unequal";
  case MismatchKind::BiasScale:
    return "bias scale";
  }
  return "";
}

bool hwq::losesScales(MismatchKind kind) {
  return kind == MismatchKind::Second || kind == MismatchKind::Parameters ||
         kind == MismatchKind::WeightParameters ||
         kind == MismatchKind::Unequal;
}

namespace {
class Checker {
public:
  Checker(func::FuncOp func, const Backend &backend)
      : backend(backend), graph(func, backend, control),
        wanted(graph, backend, control, /*asCalibrated=*/true),
        groups(graph, wanted, backend) {}

  QuantizerCheck run();

private:
  void add(StringRef tensor, MismatchKind kind, const Twine &message) {
    check.mismatches.push_back({tensor.str(), kind, message.str()});
  }
  std::string nameOf(unsigned tensor) const {
    const ActivationTensor &t = graph[tensor];
    return t.name.empty() ? describeTensor(t.value) : t.name;
  }
  std::string nameOf(Operation *op) const {
    std::optional<unsigned> i = graph.find(graph.getResult(op));
    return i ? nameOf(*i) : describeTensor(op->getResult(0));
  }
  void checkPlacement();
  void checkParameters();
  void checkWeights(QuantizableOpInterface op);
  void checkBias(QuantizableOpInterface op, quant::QuantizedType weights);

  const Backend &backend;
  AnnotateControl control;
  TensorGraph graph;
  QuantizerPlacement wanted;
  ParameterGroups groups;
  QuantizerCheck check;
};
} // namespace

static std::string print(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

/// How errors speak of a reader.
static std::string describeReader(Operation *op) {
  if (isa<func::ReturnOp>(op))
    return "the model returns it";
  return ("'" + getTensorName(op->getResult(0)) + "' (" +
          op->getName().stripDialect() + ") reads it")
      .str();
}

void Checker::checkPlacement() {
  // An op in integers needs all its operands.
  auto readBy = [&](unsigned i) -> std::string {
    for (OpOperand &use : graph[i].value.getUses())
      if (wanted.readsQuantized(use))
        return describeReader(use.getOwner());
    Operation *maker = graph.getMaker(graph[i].value);
    return maker ? ("it is made by '" + maker->getName().stripDialect() + "'")
                       .str()
                 : "it is an input";
  };
  for (unsigned i = 0, e = graph.getTensors().size(); i != e; ++i) {
    const ActivationTensor &tensor = graph[i];
    bool isWanted = wanted.isQuantized(tensor.value);
    if (isWanted && !tensor.imported)
      add(nameOf(i), MismatchKind::Missing,
          "expected a quantizer (" + readBy(i) + " in integers), got none");
    else if (tensor.observed && tensor.imported &&
             !wanted.isQuantizedWithMoved(tensor.value))
      add(nameOf(i), MismatchKind::Superfluous,
          "expected no quantizer here, got " + print(tensor.imported));
  }
  for (const LostQuantizer &lost : graph.getLostQuantizers()) {
    if (lost.reason == LostQuantizer::InsideOp)
      add(lost.tensor, MismatchKind::InsideFusion,
          "expected none between an op and the activation function that it "
          "computes, got a quantizer");
    else
      add(lost.tensor, MismatchKind::Second,
          "expected one quantizer of the tensor, got a second one");
  }
  for (auto [reader, tensor] : graph.getFloatReaders())
    for (OpOperand &use : graph[tensor].value.getUses())
      if (use.getOwner() == reader && wanted.readsQuantized(use)) {
        add(nameOf(tensor), MismatchKind::FloatReader,
            "expected that all read it quantized, got a reader in float: " +
                describeReader(reader));
        break;
      }
}

void Checker::checkParameters() {
  for (unsigned i = 0, e = graph.getTensors().size(); i != e; ++i) {
    const ActivationTensor &tensor = graph[i];
    if (!wanted.isQuantized(tensor.value) || !tensor.imported)
      continue;
    numerics::Result<GroupParameters> fitted =
        fitActivation(tensor.imported, backend);
    if (!fitted) {
      if (tensor.observed)
        add(nameOf(i), MismatchKind::Parameters, fitted.error());
      continue;
    }
    unsigned group = groups.getGroup(i);
    if (std::optional<numerics::QuantParams> fixed = groups.getFixed(group);
        fixed && fitted->params != *fixed)
      add(nameOf(i), MismatchKind::Parameters,
          llvm::formatv("expected the scale {0:E6} and zero point {1}, got "
                        "{2:E6} and {3}",
                        fixed->scale, fixed->zeroPoint, fitted->params.scale,
                        fitted->params.zeroPoint)
              .str());
  }
  for (const ParameterGroups::Edge &edge : groups.getEdges()) {
    Type a = graph[edge.tensor].imported, b = graph[edge.other].imported;
    if (a && b && a != b)
      add(nameOf(edge.tensor), MismatchKind::Unequal,
          "expected the parameters of '" + nameOf(edge.other) + "' (" +
              edge.describe() + "), " + print(b) + ", got " + print(a));
  }
}

void Checker::checkWeights(QuantizableOpInterface op) {
  Value weights = op->getOperand(*op.getWeightOperand());
  quant::QuantizedType type = getImportedType(weights);
  check.weights += type != nullptr;
  if (!wanted.isInteger(op))
    return;
  if (!type) {
    add(nameOf(op), MismatchKind::MissingWeights,
        "expected a quantizer of the weights, got none");
    return;
  }
  FailureOr<std::vector<float>> values = getFloatConstant(weights);
  if (failed(values))
    return;
  numerics::Granularity granularity = op.getOpKind() == "fully_connected"
                                          ? backend.fullyConnectedGranularity
                                          : backend.weights.granularity;
  numerics::Result<WeightParameters> fitted = fitWeights(
      type, *values, cast<RankedTensorType>(weights.getType()).getDimSize(0),
      backend, granularity);
  if (!fitted)
    add(nameOf(op), MismatchKind::WeightParameters, fitted.error());
  else
    checkBias(op, type);
}

void Checker::checkBias(QuantizableOpInterface op,
                        quant::QuantizedType weights) {
  std::optional<unsigned> index = op.getBiasOperand();
  quant::QuantizedType type =
      index ? getImportedType(op->getOperand(*index)) : nullptr;
  std::optional<unsigned> input =
      graph.find(op->getOperand(op.getActivationOperands().front()));
  auto imported = input ? dyn_cast_if_present<quant::UniformQuantizedType>(
                              graph[*input].imported)
                        : nullptr;
  if (!type || !imported || backend.bias == numerics::BiasForm::F32)
    return;
  auto scalesOf = [](quant::QuantizedType type) {
    if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type))
      return SmallVector<double>{uniform.getScale()};
    return SmallVector<double>(
        cast<quant::UniformQuantizedPerAxisType>(type).getScales());
  };
  SmallVector<double> bias = scalesOf(type), scales = scalesOf(weights);
  size_t count = std::max(bias.size(), scales.size());
  for (size_t c = 0; c < count; ++c) {
    double got = bias[bias.size() == 1 ? 0 : c];
    double expected = imported.getScale() * scales[scales.size() == 1 ? 0 : c];
    // A product in f32.
    if (std::fabs(got - expected) <= std::ldexp(expected, -22))
      continue;
    add(nameOf(op), MismatchKind::BiasScale,
        llvm::formatv("expected the product of the scales of input and "
                      "weights, {0:E6}, got {1:E6} in channel {2}",
                      expected, got, c)
            .str());
    return;
  }
}

QuantizerCheck Checker::run() {
  for (const ActivationTensor &tensor : graph.getTensors())
    check.activations += tensor.observed && tensor.imported;
  check.activations += graph.getLostQuantizers().size();
  checkPlacement();
  checkParameters();
  for (QuantizableOpInterface op : graph.getOps())
    if (op.getWeightOperand())
      checkWeights(op);
  return std::move(check);
}

QuantizerCheck hwq::checkQuantizers(func::FuncOp func, const Backend &backend) {
  eraseDeadOps(func);
  return Checker(func, backend).run();
}
