//===- FunctionParameters.cpp - Parameters of a function --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FunctionParameters.h"
#include "FakeQuantParameters.h"
#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/IR/Threading.h"
#include <cmath>

using namespace mlir;
using namespace hwq;

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

unsigned FunctionParameters::getLayerBits(Operation *op) const {
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  if (!backend.firstLastBits || !quantizable || !placement.isInteger(op) ||
      !(graph.isFirstLayer(quantizable) || graph.isLastLayer(quantizable)))
    return 0;
  return static_cast<unsigned>(backend.firstLastBits);
}

GroupParameters *FunctionParameters::find(Value tensor, OpOperand *use) {
  if (use)
    if (auto it = readerParameters.find(use); it != readerParameters.end())
      return &it->second;
  std::optional<unsigned> i = graph.find(tensor);
  if (!i || !placement.isQuantized(tensor))
    return nullptr;
  return &*parameters[groups.getGroup(*i)];
}

std::string FunctionParameters::whyOneScale(unsigned tensor) const {
  const ActivationTensor &t = graph[tensor];
  std::string reason;
  // Dot products alone take the scales of channels into their weights, and make
  // them; the data movement of TOSA keeps the axis of such a type.
  auto isDot = [&](Operation *op) {
    return isa<Conv2DOp, FullyConnectedOp>(op) && placement.isInteger(op);
  };
  Operation *maker = graph.getMaker(t.value);
  if (maker && !isDot(maker))
    reason = "no dot product makes it";
  for (OpOperand &use : t.value.getUses())
    if (!isDot(use.getOwner()) || use.getOperandNumber() != 0 ||
        !placement.readsQuantized(use))
      reason = "something else than a dot product reads it";
  if (groups.getMembers(groups.getGroup(tensor)).size() != 1)
    reason = "it shares its parameters";
  return reason;
}

ArrayRef<numerics::Range>
FunctionParameters::getChannelRanges(unsigned tensor) const {
  if (backend.activations.granularity != numerics::Granularity::PerChannel)
    return {};
  const ActivationTensor &t = graph[tensor];
  auto type = cast<RankedTensorType>(t.value.getType());
  std::string reason = whyOneScale(tensor);
  if (t.override)
    reason = "it has an override";
  if (t.parameters)
    reason = "a table has its parameters";
  if (reason.empty() &&
      (type.getRank() < 2 ||
       static_cast<int64_t>(t.channelRanges.size()) != type.getShape().back()))
    reason = "its channels have no ranges";
  if (reason.empty())
    return t.channelRanges;
  remark::missed(t.loc, getAnnotateRemarks())
      << remark::reason("{0} has one scale for all channels: {1}",
                        describeTensor(t.value), reason);
  return {};
}

/// hexagon_nn's concatenation finds the range of its result itself: all that
/// its operands' codes can be, which is more than calibration has seen. Its
/// gain is a fraction of 1, a narrower result would not be scaled.
void FunctionParameters::uniteRanges(unsigned tensor) {
  auto op = dyn_cast_if_present<QuantizableOpInterface>(
      graph.getMaker(graph[tensor].value));
  if (!op || op.getOpKind() != "concat" ||
      backend.concat != numerics::ConcatVariant::Hexagon)
    return;
  numerics::Range all{0, 0};
  for (unsigned i : op.getActivationOperands()) {
    const GroupParameters *operand =
        get(op->getOperand(i), &op->getOpOperand(i));
    if (!operand)
      return;
    const numerics::QuantParams &params = operand->params;
    all.min = std::min(
        all.min, params.scale * double(params.grid.qmin - params.zeroPoint));
    all.max = std::max(
        all.max, params.scale * double(params.grid.qmax - params.zeroPoint));
  }
  groups.setRange(tensor, all);
}

LogicalResult FunctionParameters::deriveActivations() {
  parameters.resize(groups.getCount());
  bool isPerReader =
      placement.getTraits().readers == QuantizerReaders::EachItsOwn;
  // In program order, so that the first error is that of the first tensor.
  for (unsigned i = 0, e = graph.getTensors().size(); i != e; ++i) {
    unsigned group = groups.getGroup(i);
    if (!placement.isQuantized(graph[i].value))
      continue;
    unsigned bits = 0;
    for (OpOperand &use : graph[i].value.getUses()) {
      unsigned layerBits = getLayerBits(use.getOwner());
      if (!layerBits || !placement.readsQuantized(use))
        continue;
      if (!isPerReader) {
        bits = layerBits;
        continue;
      }
      FailureOr<GroupParameters> own =
          deriveGroup(graph, groups, group, backend, layerBits);
      if (failed(own))
        return failure();
      readerParameters[&use] = *own;
    }
    if (parameters[group] && !bits)
      continue;
    uniteRanges(i);
    FailureOr<GroupParameters> derived =
        deriveGroup(graph, groups, group, backend, bits, getChannelRanges(i));
    if (failed(derived))
      return failure();
    if (graph.isImported() && !derived->channels.empty())
      if (std::string reason = whyOneScale(i); !reason.empty())
        return emitError(graph[i].loc)
               << "the quantizer of " << describeTensor(graph[i].value)
               << " has scales for channels, expected one: " << reason;
    parameters[group] = *derived;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

LogicalResult FunctionParameters::deriveWeightsOfAll() {
  struct Request {
    QuantizableOpInterface op;
    std::string name;
    const GroupParameters *input, *output;
    unsigned bits;
  };
  std::vector<Request> requests;
  for (QuantizableOpInterface op : graph.getOps()) {
    std::optional<unsigned> index = op.getWeightOperand();
    if (!index || !placement.isInteger(op))
      continue;
    Value result = graph.getResult(op);
    OpOperand &use = op->getOpOperand(op.getActivationOperands().front());
    Request request{op, graph[*graph.find(result)].name,
                    placement.readsQuantized(use) ? get(use.get(), &use)
                                                  : nullptr,
                    get(result), getLayerBits(op)};
    // Without both thresholds there is no multiplier to make the scale from.
    if (backend.scaleForm == ScaleForm::Coupled &&
        !(request.input && request.output))
      remark::missed(op->getLoc(), getAnnotateRemarks())
          << remark::reason("'{0}' stays float: the scale of its weights "
                            "follows from those of input and result, and one "
                            "of them is float",
                            request.name);
    else
      requests.push_back(std::move(request));
  }
  std::vector<std::optional<numerics::Result<WeightParameters>>> results(
      requests.size());
  parallelFor(context, 0, requests.size(), [&](size_t i) {
    const Request &r = requests[i];
    results[i] =
        deriveWeights(r.op, r.name, backend, r.input, r.output, r.bits);
  });
  for (auto [request, derived] : llvm::zip_equal(requests, results)) {
    if (!*derived)
      return request.op->emitError() << derived->error();
    if (!(*derived)->remark.empty())
      remark::analysis(request.op->getLoc(), getAnnotateRemarks())
          << remark::reason("{0}", (*derived)->remark);
    weights.push_back(std::move(**derived));
  }
  return success();
}

static int getExponent(double powerOfTwo) {
  int exponent;
  std::frexp(powerOfTwo, &exponent);
  return exponent - 1;
}

/// The shift of one dot product, whose second operand has the scale `factor`.
/// True where it moved a scale, as it may `inTime`.
FailureOr<bool> FunctionParameters::fitShift(QuantizableOpInterface op,
                                             double &factor, bool isWeight,
                                             bool inTime) {
  Value result = graph.getResult(op);
  OpOperand &use = op->getOpOperand(op.getActivationOperands().front());
  const GroupParameters *input = get(use.get(), &use);
  GroupParameters *output = find(result);
  if (!input || !output)
    return false;
  int shift = getExponent(output->params.scale) -
              getExponent(input->params.scale) - getExponent(factor);
  int by = 0;
  StringRef what = "output";
  // What input and output share moves both ends of the shift.
  bool isShared = input == output || &factor == &output->params.scale;
  if (shift < backend.shiftMin && !output->isFinal && !isShared) {
    by = static_cast<int>(backend.shiftMin) - shift;
    output->params.scale = std::ldexp(output->params.scale, by);
  } else if (shift > backend.shiftMax && isWeight && !graph.isImported()) {
    by = shift - static_cast<int>(backend.shiftMax);
    factor = std::ldexp(factor, by);
    what = "weight";
  } else if (shift >= backend.shiftMin && shift <= backend.shiftMax) {
    return false;
  }
  std::string name = graph[*graph.find(result)].name;
  if (by == 0 || !inTime)
    return op->emitError() << "tensor '" << name << "' needs a right shift of "
                           << shift << ", expected one in [" << backend.shiftMin
                           << ", " << backend.shiftMax << "]"
                           << (isShared ? "; its scale is that of its input"
                                        : "");
  remark::analysis(op->getLoc(), getAnnotateRemarks()) << remark::reason(
      "'{0}': the {1} scale is raised by 2^{2}, so that the "
      "shift {3} lies in [{4}, {5}]",
      name, what.str(), by, shift, backend.shiftMin, backend.shiftMax);
  return true;
}

/// Where a requantization only shifts, by what the hardware can: a coarser
/// output where it would shift to the left, coarser weights where it would
/// shift too far. Neither clips anything.
LogicalResult FunctionParameters::fitShifts() {
  if (backend.requantizeKernel != numerics::RequantizeKernel::R6)
    return success();
  bool changed = true;
  size_t round = 0;
  auto fit = [&](QuantizableOpInterface op, double &factor, bool isWeight) {
    FailureOr<bool> moved =
        fitShift(op, factor, isWeight, round <= graph.getTensors().size());
    changed |= succeeded(moved) && *moved;
    return success(succeeded(moved));
  };
  // The output of one layer is the input of the next.
  for (; changed; ++round) {
    changed = false;
    for (WeightParameters &w : weights)
      for (numerics::QuantParams &params : w.params)
        if (failed(fit(w.op, params.scale, /*isWeight=*/true)))
          return failure();
    for (QuantizableOpInterface op : graph.getOps()) {
      if (op.getOpKind() != "matmul" || !placement.isInteger(op))
        continue;
      OpOperand &use = op->getOpOperand(op.getActivationOperands().back());
      GroupParameters *rhs = find(use.get(), &use);
      if (rhs && failed(fit(op, rhs->params.scale, /*isWeight=*/false)))
        return failure();
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Schemes that are not affine
//===----------------------------------------------------------------------===//

numerics::Result<numerics::FakeQuantizer>
FunctionParameters::deriveActivationScheme(const GroupParameters &params,
                                           std::optional<int> exponent) const {
  return deriveScheme(backend.activationScheme, backend,
                      getFakeQuantRange(params), exponent);
}

/// The largest fixed-point exponent that any tensor needs.
void FunctionParameters::findNetworkExponent() {
  if (!backend.networkExponent)
    return;
  auto raise = [&](const numerics::Result<numerics::FakeQuantizer> &scheme) {
    if (scheme)
      if (const auto *fixed = std::get_if<numerics::FixedPoint>(&*scheme))
        networkExponent = std::max(networkExponent.value_or(fixed->exponent),
                                   fixed->exponent);
  };
  if (!backend.activationScheme.isAffine())
    for (const std::optional<GroupParameters> &group : parameters)
      if (group)
        raise(deriveActivationScheme(*group, std::nullopt));
  if (backend.weightScheme.isAffine())
    return;
  for (const WeightParameters &w : weights)
    for (const numerics::QuantParams &params : w.params) {
      GroupParameters group;
      group.params = params;
      group.threshold = params.scale * static_cast<double>(params.grid.qmax);
      raise(deriveScheme(backend.weightScheme, backend,
                         getFakeQuantRange(group), std::nullopt));
    }
}

LogicalResult FunctionParameters::deriveSchemes() {
  if (backend.activationScheme.isAffine())
    return success();
  auto make = [&](const GroupParameters &params, Value tensor,
                  Location loc) -> FailureOr<SchemeAttr> {
    auto scheme = deriveActivationScheme(params, networkExponent);
    if (!scheme)
      return emitError(loc)
             << "tensor " << describeTensor(tensor) << ": " << scheme.error();
    return SchemeAttr::get(context, *scheme);
  };
  schemes.resize(parameters.size());
  for (unsigned i = 0, e = graph.getTensors().size(); i != e; ++i) {
    unsigned group = groups.getGroup(i);
    if (!placement.isQuantized(graph[i].value) || !parameters[group] ||
        schemes[group])
      continue;
    FailureOr<SchemeAttr> scheme =
        make(*parameters[group], graph[i].value, graph[i].loc);
    if (failed(scheme))
      return failure();
    schemes[group] = *scheme;
  }
  for (auto &[use, params] : readerParameters) {
    FailureOr<SchemeAttr> scheme =
        make(params, use->get(), use->getOwner()->getLoc());
    if (failed(scheme))
      return failure();
    readerSchemes[use] = *scheme;
  }
  return success();
}

SchemeAttr FunctionParameters::getScheme(Value tensor, OpOperand *use) const {
  if (SchemeAttr scheme = readerSchemes.lookup(use))
    return scheme;
  std::optional<unsigned> i = graph.find(tensor);
  return i && !schemes.empty() ? schemes[groups.getGroup(*i)] : SchemeAttr();
}

LogicalResult FunctionParameters::derive() {
  if (failed(deriveActivations()) || failed(deriveWeightsOfAll()) ||
      failed(fitShifts()))
    return failure();
  findNetworkExponent();
  return deriveSchemes();
}
