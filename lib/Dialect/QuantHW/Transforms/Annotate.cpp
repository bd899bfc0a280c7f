//===- Annotate.cpp - Place quantize/dequantize pairs -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The graph policy says what is quantized (QuantizerPlacement), equal
// parameters are found (ParameterGroups), then parameters of activations and of
// weights, and last the program changes.

#include "hwq/Dialect/QuantHW/Transforms/Annotate.h"
#include "FakeQuantParameters.h"
#include "ImportedParameters.h"
#include "PassUtils.h"
#include "WeightParameters.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "hwq/Numerics/WeightTransform.h"
#include "mlir/IR/Remarks.h"
#include "mlir/IR/Threading.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include <cfloat>
#include <cmath>

namespace hwq {
#define GEN_PASS_DEF_ANNOTATEPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

static remark::RemarkOpts remarkOptions() {
  return remark::RemarkOpts::name("Annotate")
      .category("hwq")
      .subCategory("annotate");
}

namespace {
class Annotator {
public:
  Annotator(func::FuncOp func, const Backend &backend,
            const AnnotateControl &control)
      : func(func), backend(backend), builder(func.getContext()),
        graph(func, backend, control), placement(graph, backend, control),
        groups(graph, placement, backend) {}

  LogicalResult run(std::vector<TensorParameters> *decisions);

private:
  LogicalResult deriveActivations();
  /// The ranges of the channels of a tensor that gets scales of its own for
  /// them; none, with a remark, where it gets one for all.
  /// Why a tensor cannot have scales of its channels, "" where it can.
  std::string whyOneScale(unsigned tensor);
  ArrayRef<numerics::Range> getChannelRanges(unsigned tensor);
  LogicalResult deriveWeightsOfAll();
  LogicalResult fitShifts();
  /// The model's quantizers that the backend has no place for: a warning, but
  /// an error where a tensor has two.
  LogicalResult checkImported();
  void report(std::vector<TensorParameters> &decisions);
  LogicalResult apply();
  /// The width of what a first or last layer reads and multiplies; 0 where it
  /// is that of the scheme.
  unsigned getLayerBits(Operation *op) const;
  /// Of the tensor, or of the part of it that the use reads.
  const GroupParameters *getParameters(Value tensor, OpOperand *use = nullptr);
  /// A quantize and its dequantize at the builder's place,
  /// or the one op that is both where there is a scheme.
  Operation *createPair(Value value, const GroupParameters &params,
                        SchemeAttr scheme, Value &dequantized);
  /// The scheme of a tensor, null where it is affine.
  SchemeAttr getScheme(Value tensor) const {
    std::optional<unsigned> i = graph.find(tensor);
    return i && !schemes.empty() ? schemes[groups.getGroup(*i)] : SchemeAttr();
  }
  void insertPairs(unsigned tensor);
  void warnOfNothing();
  /// The range of a concatenation from its operands', where the backend has it
  /// so.
  void uniteRanges(unsigned tensor);
  /// Names a quantizer that is not the only thing of its tensor's name.
  void nameQuantizer(Operation *quantizer, Value tensor);
  /// Relus whose limit the backend leaves to the grid lose it.
  void dropReluLimits();
  /// What is done to weights before anything is derived from them.
  LogicalResult transformWeights();
  /// The schemes of activations and weights, where they are not affine.
  LogicalResult deriveSchemes();
  LogicalResult fakeQuantizeWeights(const WeightParameters &weights,
                                    StringRef name);

  func::FuncOp func;
  const Backend &backend;
  OpBuilder builder;
  TensorGraph graph;
  QuantizerPlacement placement;
  ParameterGroups groups;
  /// By group; those of what is not quantized stay empty.
  std::vector<std::optional<GroupParameters>> parameters;
  /// Of readers whose quantizer is their own and differs.
  llvm::DenseMap<OpOperand *, GroupParameters> readerParameters;
  std::vector<WeightParameters> weights;
  /// By group, of schemes that are not affine.
  std::vector<SchemeAttr> schemes;
  llvm::DenseMap<OpOperand *, SchemeAttr> readerSchemes;
  /// Of all fixed-point tensors, where they share it.
  std::optional<int> networkExponent;
  /// All names of the function; empty until one is made.
  llvm::StringSet<> names;
};
} // namespace

unsigned Annotator::getLayerBits(Operation *op) const {
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  if (!backend.firstLastBits || !quantizable || !placement.isInteger(op) ||
      !(graph.isFirstLayer(quantizable) || graph.isLastLayer(quantizable)))
    return 0;
  return static_cast<unsigned>(backend.firstLastBits);
}

const GroupParameters *Annotator::getParameters(Value tensor, OpOperand *use) {
  if (use)
    if (auto it = readerParameters.find(use); it != readerParameters.end())
      return &it->second;
  std::optional<unsigned> i = graph.find(tensor);
  if (!i || !placement.isQuantized(tensor))
    return nullptr;
  return &*parameters[groups.getGroup(*i)];
}

std::string Annotator::whyOneScale(unsigned tensor) {
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

ArrayRef<numerics::Range> Annotator::getChannelRanges(unsigned tensor) {
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
  remark::missed(t.loc, remarkOptions())
      << remark::reason("{0} has one scale for all channels: {1}",
                        describeTensor(t.value), reason);
  return {};
}

/// hexagon_nn's concatenation finds the range of its result itself: all that
/// its operands' codes can be, which is more than calibration has seen. Its
/// gain is a fraction of 1, a narrower result would not be scaled.
void Annotator::uniteRanges(unsigned tensor) {
  auto op = dyn_cast_if_present<QuantizableOpInterface>(
      graph.getMaker(graph[tensor].value));
  if (!op || op.getOpKind() != "concat" ||
      backend.concat != numerics::ConcatVariant::Hexagon)
    return;
  numerics::Range all{0, 0};
  for (unsigned i : op.getActivationOperands()) {
    const GroupParameters *operand =
        getParameters(op->getOperand(i), &op->getOpOperand(i));
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

LogicalResult Annotator::deriveActivations() {
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

LogicalResult Annotator::deriveWeightsOfAll() {
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
                    placement.readsQuantized(use)
                        ? getParameters(use.get(), &use)
                        : nullptr,
                    getParameters(result), getLayerBits(op)};
    // Without both thresholds there is no multiplier to make the scale from.
    if (backend.scaleForm == ScaleForm::Coupled &&
        !(request.input && request.output))
      remark::missed(op->getLoc(), remarkOptions())
          << remark::reason("'{0}' stays float: the scale of its weights "
                            "follows from those of input and result, and one "
                            "of them is float",
                            request.name);
    else
      requests.push_back(std::move(request));
  }
  std::vector<std::optional<numerics::Result<WeightParameters>>> results(
      requests.size());
  parallelFor(func.getContext(), 0, requests.size(), [&](size_t i) {
    const Request &r = requests[i];
    results[i] =
        deriveWeights(r.op, r.name, backend, r.input, r.output, r.bits);
  });
  for (auto [request, derived] : llvm::zip_equal(requests, results)) {
    if (!*derived)
      return request.op->emitError() << derived->error();
    if (!(*derived)->remark.empty())
      remark::analysis(request.op->getLoc(), remarkOptions())
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

/// Where a requantization only shifts, by what the hardware can: a coarser
/// output where it would shift to the left, coarser weights where it would
/// shift too far. Neither clips anything.
LogicalResult Annotator::fitShifts() {
  if (backend.requantizeKernel != numerics::RequantizeKernel::R6)
    return success();
  bool changed = true;
  // The output of one layer is the input of the next.
  for (size_t round = 0; changed; ++round) {
    changed = false;
    for (WeightParameters &w : weights) {
      Value result = graph.getResult(w.op);
      OpOperand &use = w.op->getOpOperand(w.op.getActivationOperands().front());
      const GroupParameters *input = getParameters(use.get(), &use);
      auto *output = const_cast<GroupParameters *>(getParameters(result));
      if (!input || !output)
        continue;
      for (numerics::QuantParams &params : w.params) {
        int shift = getExponent(output->params.scale) -
                    getExponent(input->params.scale) -
                    getExponent(params.scale);
        int by = 0;
        StringRef what = "output";
        // What input and output share moves both ends of the shift.
        if (shift < backend.shiftMin && !output->isFinal && input != output) {
          by = static_cast<int>(backend.shiftMin) - shift;
          output->params.scale = std::ldexp(output->params.scale, by);
        } else if (shift > backend.shiftMax && !graph.isImported()) {
          by = shift - static_cast<int>(backend.shiftMax);
          params.scale = std::ldexp(params.scale, by);
          what = "weight";
        } else if (shift >= backend.shiftMin) {
          continue;
        }
        std::string name = graph[*graph.find(result)].name;
        if (by == 0 || round > graph.getTensors().size())
          return w.op->emitError()
                 << "tensor '" << name << "' needs a right shift of " << shift
                 << ", expected one in [" << backend.shiftMin << ", "
                 << backend.shiftMax << "]"
                 << (input == output ? "; its scale is that of its input" : "");
        changed = true;
        remark::analysis(w.op->getLoc(), remarkOptions()) << remark::reason(
            "'{0}': the {1} scale is raised by 2^{2}, so "
            "that the shift {3} lies in [{4}, {5}]",
            name, what.str(), by, shift, backend.shiftMin, backend.shiftMax);
      }
    }
  }
  return success();
}

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
  return success();
}

void Annotator::report(std::vector<TensorParameters> &decisions) {
  llvm::DenseMap<unsigned, unsigned> decisionOf;
  for (unsigned i = 0, e = graph.getTensors().size(); i != e; ++i)
    if (const GroupParameters *params = getParameters(graph[i].value)) {
      decisionOf[i] = decisions.size();
      decisions.push_back(
          {graph[i].name,
           getType(func.getContext(), *params,
                   cast<RankedTensorType>(graph[i].value.getType()).getRank()),
           {}});
    }
  for (const auto &[op, reason] : placement.getFloatOps())
    remark::missed(op->getLoc(), remarkOptions()) << remark::reason(
        "{0} stays float: {1}", describeTensor(graph.getResult(op)), reason);
  for (const ParameterGroups::Edge &edge : groups.getEdges()) {
    SharedParameters shared{graph[edge.tensor].name, graph[edge.other].name,
                            edge.describe()};
    remark::analysis(graph[edge.tensor].loc, remarkOptions()) << remark::reason(
        "{0} {1} of {2}: {3}", describeTensor(graph[edge.tensor].value),
        placement.getTraits().greedySharing ? "takes the range"
                                            : "has the parameters",
        describeTensor(graph[edge.other].value), shared.reason);
    decisions[decisionOf[edge.tensor]].shared.push_back(std::move(shared));
  }
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

/// A fixed-point exponent that is the largest that any tensor needs.
LogicalResult Annotator::deriveSchemes() {
  auto derive = [&](const GroupParameters &params,
                    std::optional<int> exponent) {
    return deriveScheme(backend.activationScheme, backend,
                        getFakeQuantRange(params), exponent);
  };
  auto raise = [&](const numerics::Result<numerics::FakeQuantizer> &scheme) {
    if (scheme)
      if (const auto *fixed = std::get_if<numerics::FixedPoint>(&*scheme))
        networkExponent = std::max(networkExponent.value_or(fixed->exponent),
                                   fixed->exponent);
  };
  if (backend.networkExponent) {
    for (const std::optional<GroupParameters> &group : parameters)
      if (group && !backend.activationScheme.isAffine())
        raise(derive(*group, std::nullopt));
    for (const WeightParameters &w : weights)
      if (!backend.weightScheme.isAffine())
        for (const numerics::QuantParams &params : w.params) {
          GroupParameters group;
          group.params = params;
          group.threshold =
              params.scale * static_cast<double>(params.grid.qmax);
          raise(deriveScheme(backend.weightScheme, backend,
                             getFakeQuantRange(group), std::nullopt));
        }
  }
  if (backend.activationScheme.isAffine())
    return success();
  MLIRContext *context = func.getContext();
  auto make = [&](const GroupParameters &params, StringRef name,
                  Location loc) -> FailureOr<SchemeAttr> {
    auto scheme = derive(params, networkExponent);
    if (!scheme)
      return emitError(loc) << "tensor '" << name << "': " << scheme.error();
    return SchemeAttr::get(context, *scheme);
  };
  schemes.resize(parameters.size());
  for (unsigned i = 0, e = graph.getTensors().size(); i != e; ++i) {
    unsigned group = groups.getGroup(i);
    if (!placement.isQuantized(graph[i].value) || !parameters[group] ||
        schemes[group])
      continue;
    FailureOr<SchemeAttr> scheme =
        make(*parameters[group], graph[i].name, graph[i].loc);
    if (failed(scheme))
      return failure();
    schemes[group] = *scheme;
  }
  for (auto &[use, params] : readerParameters) {
    FailureOr<SchemeAttr> scheme = make(
        params, graph[*graph.find(use->get())].name, use->getOwner()->getLoc());
    if (failed(scheme))
      return failure();
    readerSchemes[use] = *scheme;
  }
  return success();
}

LogicalResult Annotator::transformWeights() {
  if (backend.weightTransform == numerics::WeightTransform::None)
    return success();
  for (QuantizableOpInterface op : graph.getOps()) {
    std::optional<unsigned> index = op.getWeightOperand();
    if (!index || !placement.isInteger(op))
      continue;
    Value value = op->getOperand(*index);
    std::string name = graph[*graph.find(graph.getResult(op))].name;
    if (getImportedType(value))
      return op->emitError()
             << "the weights of '" << name
             << "' have a quantizer in the model, the backend '" << backend.name
             << "' changes weights before it quantizes them";
    FailureOr<std::vector<float>> values = getFloatConstant(value);
    if (failed(values))
      return op->emitError()
             << "the weights of '" << name << "' are not an f32 constant";
    numerics::Result<std::vector<float>> transformed =
        numerics::transformWeights(backend.weightTransform, values->data(),
                                   values->size());
    if (!transformed)
      return op->emitError()
             << "the weights of '" << name << "': " << transformed.error();
    builder.setInsertionPoint(op);
    op->setOperand(
        *index,
        createConstant(builder, op->getLoc(),
                       cast<RankedTensorType>(value.getType()).getShape(),
                       ArrayRef<float>(*transformed), name + "_weights"));
  }
  return success();
}

LogicalResult Annotator::fakeQuantizeWeights(const WeightParameters &weights,
                                             StringRef name) {
  if (backend.weightScheme.isAffine())
    return success();
  Operation *op = weights.op;
  unsigned index = *QuantizableOpInterface(weights.op).getWeightOperand();
  Value value = op->getOperand(index);
  FailureOr<std::vector<float>> values = getFloatConstant(value);
  if (failed(values))
    return op->emitError() << "the weights of '" << name
                           << "' are not an f32 constant";
  builder.setInsertionPoint(op);
  auto type = cast<RankedTensorType>(value.getType());
  size_t channels = weights.perChannel ? weights.params.size() : 1;
  size_t size = values->size() / std::max<size_t>(channels, 1);
  const numerics::Grid &grid = weights.params.front().grid;
  SmallVector<Attribute> attrs;
  for (size_t c = 0; c < channels; ++c) {
    auto scheme = deriveScheme(backend.weightScheme, backend,
                               ArrayRef<float>(*values).slice(c * size, size),
                               llvm::Log2_64_Ceil(grid.qmax - grid.qmin + 1),
                               networkExponent);
    if (!scheme)
      return op->emitError() << "the weights of '" << name << "', channel " << c
                             << ": " << scheme.error();
    attrs.push_back(SchemeAttr::get(func.getContext(), *scheme));
  }
  op->setOperand(index, FakeQuantOp::create(builder, op->getLoc(), type, value,
                                            builder.getArrayAttr(attrs)));
  return success();
}

Operation *Annotator::createPair(Value value, const GroupParameters &params,
                                 SchemeAttr scheme, Value &dequantized) {
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

void Annotator::insertPairs(unsigned tensor) {
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
      SchemeAttr scheme = readerSchemes.lookup(use);
      quantizers.push_back(createPair(value, *getParameters(value, use),
                                      scheme ? scheme : getScheme(value),
                                      dequantized));
      use->set(dequantized);
    }
  } else {
    builder.setInsertionPointAfterValue(value);
    Value dequantized;
    quantizers.push_back(createPair(value, *getParameters(value),
                                    getScheme(value), dequantized));
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
void Annotator::nameQuantizer(Operation *quantizer, Value tensor) {
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

void Annotator::dropReluLimits() {
  if (!backend.reluLimitIsGrid)
    return;
  for (unsigned i = 0, e = graph.getTensors().size(); i != e; ++i) {
    auto clamp = graph[i].value.getDefiningOp<tosa::ClampOp>();
    if (!clamp || !graph.isFusedClamp(clamp) ||
        !placement.isInteger(graph.getMaker(graph[i].value)))
      continue;
    const GroupParameters *params = getParameters(graph[i].value);
    auto least = dyn_cast<FloatAttr>(clamp.getMinValAttr());
    auto most = dyn_cast<FloatAttr>(clamp.getMaxValAttr());
    if (!params || !least || !most || !least.getValue().isZero())
      continue;
    double end =
        params->params.scale * static_cast<double>(params->params.grid.qmax -
                                                   params->params.zeroPoint);
    if (double limit = most.getValueAsDouble();
        limit + params->params.scale / 2 < end)
      remark::analysis(clamp.getLoc(), remarkOptions())
          << remark::reason("'{0}' is not limited to {1}: the codes reach {2}",
                            graph[i].name, limit, end);
    clamp.setMaxValAttr(builder.getF32FloatAttr(FLT_MAX));
  }
}

LogicalResult Annotator::apply() {
  dropReluLimits();
  for (WeightParameters &w : weights) {
    StringRef name = graph[*graph.find(graph.getResult(w.op))].name;
    if (failed(fakeQuantizeWeights(w, name)))
      return failure();
    if (backend.weightScheme.isAffine())
      quantizeWeights(std::move(w), name, backend);
  }
  // Uses are those of the float program: everything is looked up before it
  // changes.
  SmallVector<std::pair<OpOperand *, GroupParameters>> requantized;
  for (auto [use, result] : groups.getRequantized())
    requantized.push_back({use, *getParameters(graph[result].value)});
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

LogicalResult Annotator::run(std::vector<TensorParameters> *decisions) {
  if (failed(checkImported()) || failed(transformWeights()) ||
      failed(deriveActivations()) || failed(deriveWeightsOfAll()) ||
      failed(fitShifts()) || failed(deriveSchemes()))
    return failure();
  std::vector<TensorParameters> unused;
  // Once, by the pass.
  if (!decisions)
    warnOfNothing();
  report(decisions ? *decisions : unused);
  return apply();
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
