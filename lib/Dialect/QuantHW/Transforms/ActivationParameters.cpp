//===- ActivationParameters.cpp - Parameters of activations -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ActivationParameters.h"
#include "ImportedParameters.h"
#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;
using namespace hwq;

remark::RemarkOpts hwq::getAnnotateRemarks() {
  return remark::RemarkOpts::name("Annotate")
      .category("hwq")
      .subCategory("annotate");
}

InFlightDiagnostic hwq::emitNoRange(Location loc, const Twine &tensor) {
  return emitError(loc)
         << tensor
         << " has no range: calibrate the program (hwq calibrate) or import a "
            "table of ranges (--quant-hw-import-calibration)";
}

/// No negative value can come from the op that makes the tensor: a relu, or
/// what averages, selects or moves such values.
static bool isBehindRelu(const TensorGraph &graph, Value tensor) {
  Operation *op = tensor.getDefiningOp();
  if (!op)
    return false;
  if (auto clamp = dyn_cast<tosa::ClampOp>(op)) {
    auto least = dyn_cast<FloatAttr>(clamp.getMinValAttr());
    return least && least.getValueAsDouble() >= 0;
  }
  if (isa<tosa::SigmoidOp, SoftmaxOp>(op))
    return true;
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  if (!quantizable)
    return false;
  constexpr OpClasses passes = op_class::Moving | op_class::AvgPool |
                               op_class::GlobalPool | op_class::Resize;
  return (getOpClass(op) & passes) &&
         llvm::all_of(quantizable.getActivationOperands(), [&](unsigned i) {
           return isBehindRelu(graph, op->getOperand(i));
         });
}

namespace {
/// What is known of a group before its parameters are derived.
struct GroupChoice {
  std::optional<numerics::Range> range;
  std::optional<unsigned> bits;
  std::optional<numerics::Symmetry> symmetry;
  /// The tensor whose override it is.
  std::optional<unsigned> overridden;
};
} // namespace

static bool isSame(const TensorOverride &a, const TensorOverride &b) {
  bool sameRange = a.range.has_value() == b.range.has_value() &&
                   (!a.range || (a.range->min == b.range->min &&
                                 a.range->max == b.range->max));
  return sameRange && a.bits == b.bits && a.symmetry == b.symmetry &&
         a.scale == b.scale && a.zeroPoint == b.zeroPoint;
}

/// Ranges of the sources together, or the override of a member.
static FailureOr<GroupChoice> choose(const TensorGraph &graph,
                                     const ParameterGroups &groups,
                                     unsigned group) {
  GroupChoice choice;
  for (unsigned i : groups.getSources(group))
    if (std::optional<numerics::Range> range = groups.getRange(i)) {
      if (!choice.range)
        choice.range = range;
      choice.range->min = std::min(choice.range->min, range->min);
      choice.range->max = std::max(choice.range->max, range->max);
    }
  for (unsigned i : groups.getMembers(group)) {
    const TensorOverride *override = graph[i].override;
    if (!override || override->isFloat)
      continue;
    if (choice.overridden &&
        !isSame(*override, *graph[*choice.overridden].override))
      return emitError(graph[i].loc)
             << "tensor '" << graph[i].name << "' shares its parameters with '"
             << graph[*choice.overridden].name
             << "', expected the same override for both";
    if (choice.overridden)
      continue;
    choice.overridden = i;
    choice.bits = override->bits;
    choice.symmetry = override->symmetry;
    if (override->range)
      choice.range = override->range;
    // Without calibration the grid is that of both signs.
    if (override->scale && !choice.range)
      choice.range = numerics::Range{-*override->scale, *override->scale};
  }
  return choice;
}

/// Takes the scale and zero point of an override; what is wrong with them.
static std::string takeOverride(const TensorOverride &override,
                                const Backend &backend,
                                const numerics::DeriveOptions &options,
                                numerics::QuantParams &params) {
  std::string error;
  llvm::raw_string_ostream os(error);
  double scale = backend.roundScale(*override.scale);
  bool isSymmetric = options.symmetry != numerics::Symmetry::Asymmetric;
  const numerics::Grid &grid = params.grid;
  const int64_t middle = params.zeroPoint;
  int64_t zero = override.zeroPoint.value_or(isSymmetric ? middle : 0);
  int exponent;
  if (!(scale > 0) || std::isinf(scale))
    os << "expected a scale that f32 can hold, got " << *override.scale;
  else if (backend.scaleForm == ScaleForm::PowerOfTwo &&
           std::frexp(scale, &exponent) != 0.5)
    os << "expected a power of two as scale, got " << scale;
  else if (isSymmetric && zero != middle)
    os << "expected the zero point " << middle << " of a symmetric grid, got "
       << zero;
  else if (zero < grid.qmin || zero > grid.qmax)
    os << "expected a zero point in [" << grid.qmin << ", " << grid.qmax
       << "], got " << zero;
  params.scale = scale;
  params.zeroPoint = zero;
  return error;
}

/// Takes scale and zero point of a table, which may count from another code, if
/// the backend can have them.
static bool takeCarried(quant::UniformQuantizedType carried,
                        const Backend &backend,
                        const numerics::DeriveOptions &options,
                        numerics::QuantParams &params) {
  auto bitsOf = [](int64_t min, int64_t max) {
    return llvm::Log2_64_Ceil(static_cast<uint64_t>(max - min) + 1);
  };
  numerics::Grid grid = params.grid;
  unsigned bits = bitsOf(grid.qmin, grid.qmax);
  if (bitsOf(carried.getStorageTypeMin(), carried.getStorageTypeMax()) != bits)
    return false;
  bool isSigned = grid.qmin < 0;
  int64_t zero = carried.getZeroPoint();
  if (carried.isSigned() != isSigned)
    zero += isSigned ? -(int64_t(1) << (bits - 1)) : int64_t(1) << (bits - 1);
  if (zero < grid.qmin || zero > grid.qmax)
    return false;
  if (options.symmetry != numerics::Symmetry::Asymmetric &&
      zero != params.zeroPoint)
    return false;
  int exponent;
  if (backend.scaleForm == ScaleForm::PowerOfTwo &&
      std::frexp(carried.getScale(), &exponent) != 0.5)
    return false;
  params.scale = carried.getScale();
  params.zeroPoint = zero;
  return true;
}

/// The parameters of the model's quantizers, if all members have the same.
static FailureOr<GroupParameters> deriveImported(const TensorGraph &graph,
                                                 const ParameterGroups &groups,
                                                 unsigned group,
                                                 const Backend &backend) {
  for (unsigned i : groups.getMembers(group)) {
    const ActivationTensor &tensor = graph[i];
    if (tensor.override && !tensor.override->isFloat)
      return emitError(tensor.loc)
             << describeTensor(tensor.value)
             << " has a quantizer in the model, expected no other override "
                "than 'float'";
    numerics::Result<GroupParameters> fitted =
        fitActivation(tensor.imported, backend);
    if (!fitted)
      return emitError(tensor.loc)
             << "the quantizer of " << describeTensor(tensor.value)
             << " does not fit the backend '" << backend.name
             << "': " << fitted.error();
    if (std::optional<numerics::QuantParams> fixed = groups.getFixed(group);
        fixed && fitted->params != *fixed)
      return emitError(tensor.loc)
             << "the quantizer of " << describeTensor(tensor.value)
             << " does not fit the backend '" << backend.name
             << "': expected the scale " << fixed->scale << " and zero point "
             << fixed->zeroPoint << ", got " << fitted->params.scale << " and "
             << fitted->params.zeroPoint;
    const ActivationTensor &first = graph[groups.getMembers(group).front()];
    if (tensor.imported != first.imported)
      return emitError(tensor.loc)
             << describeTensor(first.value) << " and "
             << describeTensor(tensor.value)
             << " have one quantizer in the backend '" << backend.name
             << "', in the model they have " << first.imported << " and "
             << tensor.imported;
  }
  return *fitActivation(graph[groups.getMembers(group).front()].imported,
                        backend);
}

FailureOr<GroupParameters>
hwq::deriveGroup(const TensorGraph &graph, const ParameterGroups &groups,
                 unsigned group, const Backend &backend, unsigned bits,
                 ArrayRef<numerics::Range> channels) {
  if (graph.isImported())
    return deriveImported(graph, groups, group, backend);
  GroupParameters result;
  result.storage = backend.activations.storage;
  if (std::optional<numerics::QuantParams> fixed = groups.getFixed(group)) {
    result.params = *fixed;
    result.isFinal = true;
    const auto &grid = fixed->grid;
    result.threshold =
        fixed->scale *
        static_cast<double>(std::max(grid.qmax - fixed->zeroPoint,
                                     fixed->zeroPoint - grid.qmin));
    return result;
  }
  FailureOr<GroupChoice> choice = choose(graph, groups, group);
  if (failed(choice))
    return failure();
  const ActivationTensor &source =
      graph[choice->overridden.value_or(groups.getSources(group).front())];
  std::string name =
      source.observed
          ? "tensor '" + source.name + "'"
          : (isa<BlockArgument>(source.value) ? "input " : "tensor ") +
                describeTensor(source.value);
  if (!choice->range) {
    // An input is no op: its line is the function's.
    Location loc = source.loc;
    if (auto arg = dyn_cast<BlockArgument>(source.value);
        arg && !source.observed)
      loc = arg.getOwner()->getParentOp()->getLoc();
    return emitNoRange(loc, name);
  }
  numerics::Range range = *choice->range;
  result.threshold = std::max(std::fabs(range.min), std::fabs(range.max));

  numerics::DeriveOptions options =
      backend.getDeriveOptions(/*ofWeights=*/false);
  if (bits)
    options.bits = bits;
  if (choice->bits)
    options.bits = *choice->bits;
  if (choice->symmetry)
    options.symmetry = *choice->symmetry;
  bool positive = false;
  if (options.symmetry == numerics::Symmetry::UnsignedSymmetric) {
    bool isUnsigned = true;
    switch (backend.signedness) {
    case Signedness::Range:
      isUnsigned = range.min >= 0;
      break;
    case Signedness::Producer:
      isUnsigned = llvm::all_of(groups.getMembers(group), [&](unsigned i) {
        return isBehindRelu(graph, graph[i].value);
      });
      break;
    case Signedness::Always:
      break;
    }
    if (isUnsigned) {
      positive = true;
      range.min = std::max(range.min, 0.0);
      range.max = std::max(range.max, 0.0);
      options.storage = backend.activations.unsignedStorage;
    } else {
      options.symmetry = numerics::Symmetry::Symmetric;
    }
  } else if (options.symmetry == numerics::Symmetry::Asymmetric &&
             range.min >= 0) {
    options.storage = backend.activations.unsignedStorage;
  }
  numerics::Result<numerics::Derived> derived =
      numerics::deriveParams(backend.activationRule, range, options);
  if (!derived)
    return emitError(source.loc) << name << ": " << derived.error();
  result.params = derived->params;
  if (quant::UniformQuantizedType carried = groups.getCarried(group);
      carried && !choice->overridden && !bits &&
      !takeCarried(carried, backend, options, result.params))
    remark::missed(source.loc, getAnnotateRemarks())
        << remark::reason("{0}: the backend cannot have the scale and zero "
                          "point of the table, its range [{1}, {2}] counts",
                          name, range.min, range.max);
  result.params.scale = backend.roundScale(result.params.scale);
  if (choice->overridden && source.override->scale) {
    std::string error =
        takeOverride(*source.override, backend, options, result.params);
    if (!error.empty())
      return emitError(source.loc)
             << source.override->where << name << ": " << error;
    const auto &[scale, zero, grid] = result.params;
    result.threshold = scale * static_cast<double>(std::max(grid.qmax - zero,
                                                            zero - grid.qmin));
  }
  if (!(result.params.scale > 0)) {
    // Nothing but zero was seen, and the rule has no scale for that.
    result.params.scale = 1;
    result.threshold =
        static_cast<double>(result.params.grid.qmax - result.params.zeroPoint);
    remark::analysis(source.loc, getAnnotateRemarks())
        << remark::reason("{0}: its range [{1}, {2}] gives no scale, 1 stands "
                          "in",
                          name, range.min, range.max);
  }
  result.storage = options.storage;
  result.isFinal = choice->overridden.has_value();
  for (auto [c, channel] : llvm::enumerate(channels)) {
    numerics::Range own = channel;
    if (positive)
      own = {std::max(own.min, 0.0), std::max(own.max, 0.0)};
    numerics::Result<numerics::Derived> derived =
        numerics::deriveParams(backend.activationRule, own, options);
    if (!derived)
      return emitError(source.loc)
             << name << ", channel " << c << ": " << derived.error();
    numerics::QuantParams params = derived->params;
    params.scale = backend.roundScale(params.scale);
    // Nothing but zero was seen.
    if (!(params.scale > 0))
      params.scale = result.params.scale;
    result.channels.push_back(params);
  }
  return result;
}

numerics::QuantParams GroupParameters::getDotInput() const {
  if (channels.empty())
    return params;
  numerics::QuantParams input{1.0, 0, params.grid};
  for (const numerics::QuantParams &channel : channels)
    if (std::abs(channel.zeroPoint) > std::abs(input.zeroPoint))
      input.zeroPoint = channel.zeroPoint;
  return input;
}

quant::QuantizedType hwq::getType(MLIRContext *context,
                                  const GroupParameters &params, int64_t rank) {
  Scheme scheme;
  scheme.storage = params.storage;
  quant::UniformQuantizedType type =
      getQuantizedType(context, scheme, params.params);
  if (params.channels.empty())
    return type;
  SmallVector<double> scales;
  SmallVector<int64_t> zeroPoints;
  for (const numerics::QuantParams &channel : params.channels) {
    scales.push_back(channel.scale);
    zeroPoints.push_back(channel.zeroPoint);
  }
  return quant::UniformQuantizedPerAxisType::get(
      type.getFlags(), type.getStorageType(), type.getExpressedType(), scales,
      zeroPoints, static_cast<int32_t>(rank - 1), type.getStorageTypeMin(),
      type.getStorageTypeMax());
}
