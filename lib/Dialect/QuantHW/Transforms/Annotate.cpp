//===- Annotate.cpp - Place quantize/dequantize pairs -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The graph policy says what is quantized (QuantizerPlacement), equal
// parameters are found (ParameterGroups), then parameters of activations and of
// weights (FunctionParameters), and last the program changes
// (QuantizerInsertion).

#include "hwq/Dialect/QuantHW/Transforms/Annotate.h"
#include "PassUtils.h"
#include "QuantizerInsertion.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "llvm/Support/MemoryBuffer.h"

namespace hwq {
#define GEN_PASS_DEF_ANNOTATEPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

namespace {
class Annotator {
public:
  Annotator(func::FuncOp func, const Backend &backend,
            const AnnotateControl &control)
      : func(func), backend(backend), graph(func, backend, control),
        placement(graph, backend, control), groups(graph, placement, backend),
        parameters(graph, placement, groups, backend, func.getContext()) {}

  LogicalResult run(std::vector<TensorParameters> *decisions);

private:
  /// The model's quantizers that the backend has no place for: a warning, but
  /// an error where a tensor has two.
  LogicalResult checkImported();
  LogicalResult transformWeightsOfAll();
  void warnOfNothing();
  void report(std::vector<TensorParameters> &decisions);

  func::FuncOp func;
  const Backend &backend;
  TensorGraph graph;
  QuantizerPlacement placement;
  ParameterGroups groups;
  FunctionParameters parameters;
};
} // namespace

LogicalResult Annotator::checkImported() {
  if (!graph.isImported())
    return success();
  std::vector<std::string> lost;
  for (const LostQuantizer &quantizer : graph.getLostQuantizers()) {
    if (quantizer.reason == LostQuantizer::SecondOfTensor)
      return emitError(quantizer.loc)
             << "'" << quantizer.tensor
             << "' is a second quantizer of one tensor, expected one";
    lost.push_back(quantizer.tensor);
  }
  for (const ActivationTensor &tensor : graph.getTensors())
    if (tensor.imported && tensor.observed &&
        !placement.isQuantizedWithMoved(tensor.value) &&
        !(tensor.override && tensor.override->isFloat))
      lost.push_back(tensor.name);
  if (!lost.empty())
    emitWarning(func.getLoc())
        << "the backend '" << backend.name << "' has no place for "
        << lost.size() << " of the model's quantizers, the first of them that "
        << "of '" << lost.front() << "': they are left out";
  SmallVector<StringRef> read;
  for (const auto &entry : graph.getFloatReaders())
    if (llvm::any_of(graph[entry.second].value.getUses(), [&](OpOperand &use) {
          return use.getOwner() == entry.first && placement.readsQuantized(use);
        }))
      read.push_back(graph[entry.second].name);
  if (!read.empty())
    emitWarning(func.getLoc())
        << read.size() << " of the model's ops read a tensor beside its "
        << "quantizer, the first of them '" << read.front()
        << "': the backend '" << backend.name << "' has them read it quantized";
  return success();
}

LogicalResult Annotator::transformWeightsOfAll() {
  for (QuantizableOpInterface op : graph.getOps()) {
    if (!op.getWeightOperand() || !placement.isInteger(op))
      continue;
    StringRef name = graph[*graph.find(graph.getResult(op))].name;
    if (failed(transformWeights(op, name, backend)))
      return failure();
  }
  return success();
}

/// A policy may leave all ops of a small net in float.
void Annotator::warnOfNothing() {
  if (placement.getFloatOps().empty() ||
      llvm::any_of(graph.getTensors(), [&](const ActivationTensor &tensor) {
        return placement.isQuantized(tensor.value);
      }))
    return;
  auto [op, reason] = placement.getFloatOps().front();
  emitWarning(func.getLoc())
      << "the backend '" << backend.name
      << "' computes no op in integers: " << describeTensor(graph.getResult(op))
      << " stays float: " << reason;
}

void Annotator::report(std::vector<TensorParameters> &decisions) {
  llvm::DenseMap<unsigned, unsigned> decisionOf;
  for (unsigned i = 0, e = graph.getTensors().size(); i != e; ++i)
    if (const GroupParameters *params = parameters.get(graph[i].value)) {
      decisionOf[i] = decisions.size();
      decisions.push_back(
          {graph[i].name,
           getType(func.getContext(), *params,
                   cast<RankedTensorType>(graph[i].value.getType()).getRank()),
           {}});
    }
  for (const auto &[op, reason] : placement.getFloatOps())
    remark::missed(op->getLoc(), getAnnotateRemarks()) << remark::reason(
        "{0} stays float: {1}", describeTensor(graph.getResult(op)), reason);
  for (const ParameterGroups::Edge &edge : groups.getEdges()) {
    SharedParameters shared{graph[edge.tensor].name, graph[edge.other].name,
                            edge.describe()};
    remark::analysis(graph[edge.tensor].loc, getAnnotateRemarks())
        << remark::reason(
               "{0} {1} of {2}: {3}", describeTensor(graph[edge.tensor].value),
               placement.getTraits().greedySharing ? "takes the range"
                                                   : "has the parameters",
               describeTensor(graph[edge.other].value), shared.reason);
    decisions[decisionOf[edge.tensor]].shared.push_back(std::move(shared));
  }
}

LogicalResult Annotator::run(std::vector<TensorParameters> *decisions) {
  if (failed(checkImported()) || failed(transformWeightsOfAll()) ||
      failed(parameters.derive()))
    return failure();
  std::vector<TensorParameters> unused;
  // Once, by the pass.
  if (!decisions)
    warnOfNothing();
  report(decisions ? *decisions : unused);
  return insertQuantizers(func, graph, placement, groups, parameters, backend);
}

LogicalResult hwq::annotate(func::FuncOp func, const Backend &backend,
                            const AnnotateControl &control,
                            std::vector<TensorParameters> *decisions) {
  // What nothing reads has no range either.
  eraseDeadOps(func);
  return Annotator(func, backend, control).run(decisions);
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct Annotate : hwq::impl::AnnotatePassBase<Annotate> {
  using Base = hwq::impl::AnnotatePassBase<Annotate>;
  using Base::Base;

  void getDependentDialects(DialectRegistry &registry) const override {
    AnnotatePassBase::getDependentDialects(registry);
    registerTosaExternalModels(registry);
  }

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkCalibrated(module)) || failed(checkRanked(module)))
      return signalPassFailure();
    FailureOr<Backend> backend = getBackend(module, getArgument());
    if (failed(backend))
      return signalPassFailure();
    auto emit = [&]() {
      return emitError(module.getLoc()) << "'" << getArgument() << "': ";
    };
    std::string overrides;
    if (!overrideFile.empty()) {
      auto buffer = llvm::MemoryBuffer::getFile(overrideFile);
      if (!buffer) {
        emit() << "cannot read '" << overrideFile.getValue()
               << "': " << buffer.getError().message();
        return signalPassFailure();
      }
      overrides = (*buffer)->getBuffer().str();
      // An empty file is no object.
      if (overrides.empty())
        overrides = " ";
    }
    llvm::Expected<AnnotateControl> control =
        AnnotateControl::parse(skip, overrides, overrideFile);
    if (!control) {
      emit() << llvm::toString(control.takeError());
      return signalPassFailure();
    }
    bool found = false;
    for (auto func : module.getOps<func::FuncOp>()) {
      if (func.isExternal())
        continue;
      if (failed(annotate(func, *backend, *control)))
        return signalPassFailure();
      func.walk([&](Operation *op) {
        found |= isa<QuantizeOp, FakeQuantOp, QuantizableOpInterface>(op);
      });
    }
    if (llvm::Error error = control->checkUsed()) {
      emit() << llvm::toString(std::move(error));
      return signalPassFailure();
    }
    if (!found) {
      emitError(module.getLoc())
          << "'" << getArgument() << "' found no op that can be quantized";
      return signalPassFailure();
    }
    setForm(module, Form::Step0);
  }

  /// The calibrated form, or an error that says how to get there.
  LogicalResult checkCalibrated(ModuleOp module) {
    FailureOr<std::optional<Form>> form = getForm(module);
    if (failed(form))
      return failure();
    if ((*form).value_or(Form::Float) == Form::Calibrated)
      return success();
    if ((*form).value_or(Form::Float) > Form::Calibrated)
      return checkForm(module, Form::Calibrated, getArgument());
    // Name the first tensor without a range.
    std::string first;
    module.walk([&](ObserveOp observer) {
      if (observer.getRange())
        return WalkResult::advance();
      first = ("'" + observer.getTensor() + "'").str();
      return WalkResult::interrupt();
    });
    if (first.empty())
      for (auto func : module.getOps<func::FuncOp>())
        if (first.empty() && func.getNumArguments())
          first = describeTensor(func.getArgument(0));
    if (first.empty())
      return checkForm(module, Form::Calibrated, getArgument());
    emitNoRange(module.getLoc(), "tensor " + first);
    return failure();
  }
};
} // namespace
