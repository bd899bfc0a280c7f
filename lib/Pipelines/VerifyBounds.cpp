//===- VerifyBounds.cpp - Allowed differences -------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/VerifyBounds.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/StepFour.h"
#include "hwq/Numerics/DequantError.h"
#include "hwq/Numerics/Derive.h"
#include "hwq/Numerics/Quantize.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace hwq;

namespace {
/// The weights of a dot product, codes less their zero point.
struct DotWeights {
  std::vector<int64_t> values;
  size_t channels;

  ArrayRef<int64_t> getChannel(size_t c) const {
    size_t taps = values.size() / channels;
    return ArrayRef<int64_t>(values).slice(c * taps, taps);
  }
};
} // namespace

static FailureOr<DotWeights> getDotWeights(Operation *dot) {
  auto quantizable = dyn_cast_if_present<QuantizableOpInterface>(dot);
  if (!quantizable || !quantizable.getWeightOperand())
    return failure();
  Value weights = dot->getOperand(*quantizable.getWeightOperand());
  FailureOr<std::vector<int64_t>> codes = getIntegerConstant(weights);
  Type type = getElementTypeOrSelf(weights);
  auto perTensor = dyn_cast<quant::UniformQuantizedType>(type);
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type);
  size_t channels = cast<RankedTensorType>(weights.getType()).getDimSize(0);
  if (failed(codes) || (!perTensor && !perAxis) || channels == 0)
    return failure();
  size_t taps = codes->size() / channels;
  for (auto [i, code] : llvm::enumerate(*codes))
    code -= perTensor ? perTensor.getZeroPoint()
                      : perAxis.getZeroPoints()[i / taps];
  return DotWeights{std::move(*codes), channels};
}

/// The type of the codes that a dot product multiplies; null for others.
static quant::UniformQuantizedType getDotInput(Operation *dot) {
  unsigned input =
      cast<QuantizableOpInterface>(dot).getActivationOperands().front();
  return dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(dot->getOperand(input)));
}

/// The real bias of a requantization without the folded zero point term, in
/// units of the output.
static FailureOr<std::vector<double>> getBiasInLsb(RequantizeOp op) {
  FailureOr<std::vector<double>> bias = getDoubleConstant(op.getBias());
  Operation *dot = op.getInput().getDefiningOp();
  FailureOr<DotWeights> weights = getDotWeights(dot);
  if (failed(bias) || failed(weights) || bias->size() != weights->channels)
    return failure();
  quant::UniformQuantizedType input = getDotInput(dot);
  if (!input)
    return failure();
  ArrayRef<double> scales = op.getRequant().getScales().asArrayRef();
  // From step 2 on the zero point of the input is part of the bias.
  bool folded = dot->hasAttr("raw_input");
  for (size_t c = 0; c < bias->size(); ++c) {
    double scale = scales[scales.size() == 1 ? 0 : c];
    if (!op.getScaledBias())
      (*bias)[c] *= scale;
    if (!folded)
      continue;
    int64_t sum = 0;
    for (int64_t w : weights->getChannel(c))
      sum += w;
    (*bias)[c] += double(input.getZeroPoint() * sum) * scale;
  }
  return bias;
}

/// How far rule P-DPU's exponent for a bias moves its values, in their unit:
/// that of least squared error may clip the largest. 0 without a backend.
static double getExponentError(RequantizeOp op, ArrayRef<double> bias) {
  auto module = op->getParentOfType<ModuleOp>();
  auto attr =
      module ? module->getAttrOfType<BackendAttr>(kBackendAttr) : BackendAttr();
  if (!attr)
    return 0;
  // The rule is one of real numbers.
  auto type = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(op.getOutput()));
  double unit = type ? type.getScale() : 1;
  std::vector<float> values;
  for (double b : bias)
    values.push_back(static_cast<float>(b * unit));
  numerics::Result<numerics::Derived> derived = numerics::deriveDpu(
      values.data(), values.size(),
      Backend::get(attr).getDeriveOptions(/*ofWeights=*/true));
  if (!derived)
    return 0;
  std::vector<int32_t> codes(values.size());
  numerics::quantizeArray(numerics::QuantizeForm::Q6P, values.data(),
                          values.size(), derived->params, codes.data());
  double error = 0;
  for (auto [value, code] : llvm::zip_equal(values, codes))
    error = std::max(error, std::abs(static_cast<double>(value) -
                                     code * derived->params.scale));
  return error / unit;
}

/// Half a step of the bias of a requantization, in units of its output.
static double getHalfStep(RequantizeOp op, numerics::BiasForm form) {
  using numerics::BiasForm;
  double unit = 0;
  for (double s : op.getRequant().getScales().asArrayRef())
    unit = std::max(unit, s);
  double half = unit / 2;
  if (form == BiasForm::F32 || form == BiasForm::I32 || form == BiasForm::I16 ||
      !op.getBias())
    return half;
  FailureOr<std::vector<double>> bias = getBiasInLsb(op);
  if (failed(bias))
    return half;
  double lo = 0, hi = 0;
  for (double b : *bias) {
    lo = std::min(lo, b);
    hi = std::max(hi, b);
  }
  if (form == BiasForm::I8Asymmetric)
    return half + (hi - lo) / 255 / 2;
  // The power of two at or above the largest, over 128; one that the machine
  // can't shift to is larger, by the bits that its accumulator has left (16).
  double most = std::max(-lo, hi);
  double step = most > 0 ? std::exp2(std::ceil(std::log2(most))) / 64 : 0;
  double error = std::max(step / 2, unit * 0x1p-17);
  if (form == BiasForm::I8Pot)
    error = std::max(error, getExponentError(op, *bias));
  return half + unit + error;
}

//===----------------------------------------------------------------------===//
// Through float ops
//===----------------------------------------------------------------------===//

/// The largest absolute value that the accumulator of a channel can reach.
static FailureOr<std::vector<double>> getReach(RequantizeOp op) {
  Operation *dot = op.getInput().getDefiningOp();
  FailureOr<DotWeights> weights = getDotWeights(dot);
  if (failed(weights))
    return failure();
  quant::UniformQuantizedType input = getDotInput(dot);
  if (!input)
    return failure();
  FailureOr<std::vector<int64_t>> bias = std::vector<int64_t>();
  if (std::optional<unsigned> index =
          cast<QuantizableOpInterface>(dot).getBiasOperand())
    if (bias = getIntegerConstant(dot->getOperand(*index)); failed(bias))
      return failure();
  int64_t offset = dot->hasAttr("raw_input") ? 0 : input.getZeroPoint();
  std::vector<double> reach(weights->channels);
  for (size_t c = 0; c < reach.size(); ++c) {
    int64_t lo = bias->empty() ? 0 : (*bias)[c], hi = lo;
    for (int64_t w : weights->getChannel(c)) {
      int64_t x = w * (input.getStorageTypeMin() - offset),
              y = w * (input.getStorageTypeMax() - offset);
      lo += std::min(x, y);
      hi += std::max(x, y);
    }
    reach[c] = static_cast<double>(std::max(-lo, hi));
  }
  return reach;
}

/// How far the real result of a kernel may be from that of the real scales, in
/// real units, before it is quantized. What lies beyond +-limit becomes limit:
/// two values differ by no more than the error at the limit then, for the error
/// grows with the value.
static double getDequantError(RequantizeOp op, double limit) {
  RequantAttr requant = op.getRequant();
  if (requant.isReal() || requant.getKernel() != numerics::RequantizeKernel::R9)
    return 0;
  auto type = dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(op.getOutput()));
  double unit = type ? type.getScale() : 1;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  numerics::RequantizeParams params = requant.getParams();
  FailureOr<std::vector<double>> reach = getReach(op);
  double most = 0;
  for (size_t c = 0; c < params.scales.size(); ++c) {
    double scale = requant.getScales()[c] * unit;
    numerics::DequantError error = numerics::dequantErrorOf(
        {static_cast<float>(params.scales[c]),
         static_cast<float>(params.outputScale), params.precision});
    double largest = infinity;
    if (succeeded(reach))
      largest = params.scales.size() == reach->size()
                    ? (*reach)[c]
                    : *llvm::max_element(*reach);
    // The scale itself is rounded to f32.
    double relative = error.relative + 0x1p-23;
    double value = relative * std::min(largest * scale, limit) + error.absolute;
    // An infinite value becomes the limit.
    if (largest > double(error.finite))
      value = std::max(value, limit - scale * double(error.finite));
    most = std::max(most, value);
  }
  return most;
}

/// What a requantization to float loses where its terms cancel: those of the
/// accumulator in f32, or in f64 the accumulator and the bias, with the zero
/// point of the input in both.
static double getCancellation(RequantizeOp op, bool floatSums) {
  if (!floatSums && !op.getRequant().isReal())
    return 0;
  FailureOr<std::vector<double>> reach = getReach(op);
  if (failed(reach))
    return 0;
  double scale = *llvm::max_element(op.getRequant().getScales().asArrayRef());
  return *llvm::max_element(*reach) * scale * (floatSums ? 0x1p-20 : 0x1p-50);
}

static bool isQuantized(Value value) {
  return isa<quant::QuantizedType>(getElementTypeOrSelf(value));
}

namespace {
/// The smallest and the largest scale of a value's channels.
struct ScaleRange {
  double least, most;
};
} // namespace

static ScaleRange getScales(Value value) {
  Type type = getElementTypeOrSelf(value);
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    auto [least, most] = std::minmax_element(perAxis.getScales().begin(),
                                             perAxis.getScales().end());
    return {*least, *most};
  }
  double scale = cast<quant::UniformQuantizedType>(type).getScale();
  return {scale, scale};
}

/// How far, in real units, codes may move that kernels make between tensors
/// that are made equal.
static double getCodeError(Value value, const FloatCauses &causes) {
  if (causes.isEqual(value) || !value.getDefiningOp() || !isQuantized(value) ||
      value.getDefiningOp<tosa::ConstOp>())
    return 0;
  return static_cast<double>(getKernelBound(value, causes)) *
         getScales(value).most;
}

namespace {
class FloatErrors {
public:
  explicit FloatErrors(const FloatCauses &causes) : causes(causes) {}

  double get(Value value, double limit);
  double inside(Value value, double limit) {
    return causes.isEqual(value) ? 0 : get(value, limit);
  }
  double ofOperands(Operation *op, double limit) {
    double most = 0;
    for (Value operand : op->getOperands())
      most = std::max(most, inside(operand, limit));
    return most;
  }

private:
  const FloatCauses &causes;
};
} // namespace

/// The largest slope of a function; infinite if not known.
static double getSlope(Operation *op, StringRef kind) {
  // Those of a softmax add up to 1/2 at most.
  if (isa<tosa::SigmoidOp, tosa::TanhOp, tosa::ResizeOp>(op) ||
      llvm::is_contained({"avg_pool2d", "mean", "max_pool2d", "concat",
                          "resize", "softmax", "movement", "clamp"},
                         kind))
    return 1;
  if (kind == "hard_swish")
    return 1.5;
  return std::numeric_limits<double>::infinity();
}

double FloatErrors::get(Value value, double limit) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  auto type = dyn_cast<RankedTensorType>(value.getType());
  Operation *op = value.getDefiningOp();
  if (!op || !type || !type.getElementType().isF32() || isa<tosa::ConstOp>(op))
    return 0;
  if (auto dequantize = dyn_cast<DequantizeOp>(op))
    return causes.kernel ? getCodeError(dequantize.getInput(), causes) : 0;
  OwningOpRef<Operation *> stepFour = asStepFour(op);
  if (stepFour)
    op = *stepFour;
  if (auto requantize = dyn_cast<RequantizeOp>(op))
    return (causes.bias ? getHalfStep(requantize, *causes.bias) : 0) +
           (causes.kernel ? getDequantError(requantize, limit) : 0) +
           getCancellation(requantize, causes.floatSums);
  if (auto clamp = dyn_cast<tosa::ClampOp>(op)) {
    auto lo = dyn_cast<FloatAttr>(clamp.getMinValAttr()),
         hi = dyn_cast<FloatAttr>(clamp.getMaxValAttr());
    if (lo && hi)
      limit = std::min(limit, std::max(std::abs(lo.getValueAsDouble()),
                                       std::abs(hi.getValueAsDouble())));
    return inside(clamp.getInput(), limit);
  }
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  StringRef kind = quantizable ? quantizable.getOpKind() : "";
  if ((quantizable && quantizable.isDataMovement()) || kind == "max_pool2d" ||
      kind == "concat")
    return ofOperands(op, limit);
  if (kind == "add" || kind == "sub" || isa<tosa::AddOp, tosa::SubOp>(op))
    return inside(op->getOperand(0), infinity) +
           inside(op->getOperand(1), infinity);
  if (auto mul = dyn_cast<tosa::MulOp>(op))
    for (auto [factor, other] : {std::pair(mul.getInput1(), mul.getInput2()),
                                 std::pair(mul.getInput2(), mul.getInput1())})
      if (auto values = getFloatConstant(factor); succeeded(values)) {
        double most = 0;
        for (float f : *values)
          most = std::max(most, std::abs(static_cast<double>(f)));
        return most == 0 ? 0 : most * inside(other, infinity);
      }
  double error = ofOperands(op, infinity);
  return error == 0 ? 0 : error * getSlope(op, kind);
}

double hwq::getFloatError(Value value, const FloatCauses &causes,
                          double limit) {
  return FloatErrors(causes).get(value, limit);
}

/// Whether float ops that compute make `value`, up to the accumulators.
static bool isComputedInFloat(Value value,
                              llvm::SmallPtrSetImpl<Operation *> &seen) {
  Operation *op = value.getDefiningOp();
  if (!op || isa<DequantizeOp, tosa::ConstOp>(op) || !seen.insert(op).second)
    return false;
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  if (isa<RequantizeOp>(op) || !quantizable || !quantizable.isDataMovement())
    return true;
  return llvm::any_of(op->getOperands(), [&](Value operand) {
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    return type && type.getElementType().isF32() &&
           isComputedInFloat(operand, seen);
  });
}

/// The largest absolute value that a tensor's codes stand for, and a step.
static double getLimit(Value value) {
  auto type = cast<quant::QuantizedType>(getElementTypeOrSelf(value));
  double limit = 0;
  auto add = [&](double scale, int64_t zero) {
    for (int64_t end : {type.getStorageTypeMin(), type.getStorageTypeMax()})
      limit = std::max(limit, scale * (std::abs(double(end - zero)) + 1));
  };
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type))
    for (auto [scale, zero] :
         llvm::zip_equal(perAxis.getScales(), perAxis.getZeroPoints()))
      add(scale, zero);
  else if (auto perTensor = dyn_cast<quant::UniformQuantizedType>(type))
    add(perTensor.getScale(), perTensor.getZeroPoint());
  return limit;
}

double hwq::getTieDistance(Value after) {
  auto type = cast<quant::QuantizedType>(getElementTypeOrSelf(after));
  double distance = std::ldexp(
      double(type.getStorageTypeMax() - type.getStorageTypeMin()), -18);
  if (Operation *sum = after.getDefiningOp();
      isa_and_present<AddOp, SubOp, AvgPool2DOp, MeanOp>(sum)) {
    double terms = 0;
    for (Value operand : sum->getOperands())
      terms += getLimit(operand);
    return std::max(distance, std::ldexp(terms / getScales(after).least, -20));
  }
  auto op = after.getDefiningOp<RequantizeOp>();
  if (!op)
    return distance;
  Operation *dot = op.getInput().getDefiningOp();
  ArrayRef<double> scales = op.getRequant().getScales().asArrayRef();
  if (auto product = dyn_cast_if_present<MatMulOp>(dot)) {
    double taps = double(product.getLhs().getType().getShape().back());
    return std::max(distance, std::ldexp(taps * 255 * 255 * scales[0], -20));
  }
  FailureOr<DotWeights> weights = getDotWeights(dot);
  if (failed(weights))
    return distance;
  for (size_t c = 0; c < weights->channels; ++c) {
    double sum = 0;
    for (int64_t w : weights->getChannel(c))
      sum += std::abs(double(w));
    distance = std::max(
        distance,
        std::ldexp(sum * 255 * scales[scales.size() == 1 ? 0 : c], -20));
  }
  return distance;
}

bool hwq::comesFromFloat(Value value) {
  llvm::SmallPtrSet<Operation *, 8> seen;
  if (auto quantize = value.getDefiningOp<QuantizeOp>())
    return isComputedInFloat(quantize.getInput(), seen);
  return getElementTypeOrSelf(value).isF32() && isComputedInFloat(value, seen);
}

/// In units of the scale, of a quantizer behind float ops: what its input may
/// move by, as far as its grid reaches; 0 for others.
static double getQuantizerError(Value value, const FloatCauses &causes) {
  auto quantize = value.getDefiningOp<QuantizeOp>();
  if (!quantize || causes.isEqual(quantize.getInput()))
    return 0;
  double scale = getScales(value).least;
  auto type = cast<quant::QuantizedType>(getElementTypeOrSelf(value));
  double width = double(type.getStorageTypeMax() - type.getStorageTypeMin());
  return std::min(getFloatError(quantize.getInput(), causes, getLimit(value)) /
                      scale,
                  width);
}

int64_t hwq::getBiasBound(Value before, Value after, numerics::BiasForm form,
                          const FloatCauses &causes) {
  FloatCauses only{form, /*kernel=*/false, causes.equal};
  if (double error = getQuantizerError(before, only); error > 0)
    return static_cast<int64_t>(std::ceil(error)) + 1;
  auto op = before.getDefiningOp<RequantizeOp>();
  if (op && op.getBias())
    return static_cast<int64_t>(std::ceil(getHalfStep(op, form))) + 1;
  if (op || !after.getDefiningOp())
    return 0;
  // At step 0 nothing has a scale yet: that of the later form.
  auto requant = after.getDefiningOp()->getAttrOfType<RequantAttr>("requant");
  if (!requant)
    return 0;
  double half = 0;
  for (double s : requant.getScales().asArrayRef())
    half = std::max(half, s / 2);
  return static_cast<int64_t>(std::ceil(half)) + 1;
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

double hwq::getWidth(Value value) {
  auto type = cast<quant::QuantizedType>(getElementTypeOrSelf(value.getType()));
  return static_cast<double>(type.getStorageTypeMax() -
                             type.getStorageTypeMin());
}

/// The real number that a requantization multiplies by.
static double getFactor(RequantAttr requant, size_t c) {
  if (requant.getFactors()) {
    double value = requant.getFactors()[c];
    return requant.getOutputScale()
               ? value / requant.getOutputScale().getValueAsDouble()
               : value;
  }
  return numerics::multiplierValue(requant.getParams().multipliers[c]);
}

/// The error of multipliers over a whole grid, in LSB.
static double getMultiplierError(RequantAttr requant, double width) {
  double most = 0;
  for (auto [c, scale] : llvm::enumerate(requant.getScales().asArrayRef()))
    if (scale > 0)
      most = std::max(most, std::abs(getFactor(requant, c) - scale) / scale);
  // Channels whose multiplier is 0 have no scale to speak of.
  return std::min(most, 1.0) * width;
}

template <typename SumOp> static double getSumError(SumOp op) {
  RequantAttr out = op.getRequant();
  // Terms in fixed point are half a step off, in units of the output.
  if (numerics::usesFactors(op.getVariant()->getValue()))
    return numerics::roundsTerms(op.getVariant()->getValue())
               ? getFactor(out, 0)
               : 0;
  double error = 0, last = getFactor(out, 0);
  for (auto [operand, requant] : {std::pair(op.getLhs(), op.getLhsRequant()),
                                  std::pair(op.getRhs(), op.getRhsRequant())}) {
    double first = getFactor(requant, 0);
    double exact = getScales(operand).least / getScales(op.getOutput()).least;
    // The left shift of hexagon is one to the right; its multiplier may be
    // negative, where it subtracts.
    bool hexagon = op.getVariant()->getValue() == numerics::AddVariant::Hexagon;
    double factor =
        std::ldexp(std::abs(first),
                   hexagon ? -requant.getLeftShift() : requant.getLeftShift()) *
        last;
    if (hexagon)
      error += last; // floor, and the offset's own rounding
    error += std::abs(factor - exact) * getWidth(operand);
    // The rounding of the term, in units of the output.
    if (requant.getShifts()[0] > 0)
      error += last / 2;
  }
  return error;
}

/// Over all sums of a full window.
static double getPoolError(AvgPool2DOp op) {
  numerics::QuantParams in = getQuantParams(op.getInput()),
                        out = getQuantParams(op.getOutput());
  numerics::Result<numerics::AvgPoolParams> params =
      getAvgPoolParams(op.getVariant()->getValue(), in, out, op.getKernel(),
                       op.getRequant().value_or(RequantAttr()),
                       op.getClamp()[0], op.getClamp()[1]);
  if (!params)
    return 0;
  int64_t taps = op.getKernel()[0] * op.getKernel()[1];
  double error = 0;
  for (int64_t step = 0; step <= 4096; ++step) {
    int64_t sum = in.grid.qmin * taps +
                  (in.grid.qmax - in.grid.qmin) * taps * step / 4096;
    double exact = double(sum - in.zeroPoint * taps) / double(taps) *
                       (in.scale / out.scale) +
                   double(out.zeroPoint);
    exact =
        std::clamp(exact, double(op.getClamp()[0]), double(op.getClamp()[1]));
    error = std::max(
        error, std::abs(exact - numerics::averagePool(
                                    *params, sum, static_cast<int32_t>(taps),
                                    static_cast<int32_t>(taps))));
  }
  // Half a step is the rounding that the real form has too.
  return std::max(error - 0.5, 0.0);
}

static double getRescaleError(RequantizeOp op) {
  numerics::Result<numerics::ConcatParams> params = getRescaleParams(op);
  if (!params)
    return 0;
  double error = 0;
  for (int64_t code = params->input.grid.qmin; code <= params->input.grid.qmax;
       ++code) {
    double exact = double(code - params->input.zeroPoint) *
                       (params->input.scale / params->output.scale) +
                   double(params->output.zeroPoint);
    exact = std::clamp(exact, double(params->lo), double(params->hi));
    error = std::max(
        error, std::abs(exact - numerics::rescale(*params,
                                                  static_cast<int32_t>(code))));
  }
  return std::max(error - 0.5, 0.0);
}

/// Beyond the rounding that the real form has too.
static double getResizeError(ResizeBilinearOp op) {
  auto geometry =
      getResizeGeometry(op.getInput().getType(), op.getOutput().getType(),
                        op.getScale(), op.getOffset());
  auto resize = deriveResize(op, op.getVariant()->getValue());
  if (!geometry || !resize)
    return 0;
  return std::max(numerics::resizeError(*resize, geometry->rows,
                                        geometry->columns,
                                        getWidth(op.getInput())) -
                      0.5,
                  0.0);
}

/// The attribute's scale of a product is that of the multiplier: the exact one
/// is that of the grids.
static double getProductError(hwq::MulOp op) {
  std::optional<RequantAttr> requant = op.getRequant();
  if (!requant || requant->isReal() ||
      !isa<quant::QuantizedType>(getElementTypeOrSelf(op.getOutput())))
    return 0;
  double exact = getScales(op.getLhs()).least * getScales(op.getRhs()).least /
                 getScales(op.getOutput()).least;
  double error = std::abs(getFactor(*requant, 0) - exact) / exact;
  return std::min(error, 1.0) * getWidth(op.getOutput());
}

/// What the codes of operands may move by, in units of the result.
static double getOperandsError(Operation *op, Value after,
                               const FloatCauses &causes) {
  if (!op || isa<QuantizeOp>(op))
    return 0;
  double error = 0;
  for (Value operand : op->getOperands())
    error += getCodeError(operand, causes);
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  StringRef kind = quantizable ? quantizable.getOpKind() : "";
  bool isLinear = isa<AddOp, SubOp, RequantizeOp>(op) ||
                  (quantizable && quantizable.isDataMovement()) ||
                  llvm::is_contained(
                      {"max_pool2d", "avg_pool2d", "concat", "resize"}, kind);
  if (error == 0 || isLinear)
    return error / getScales(after).least;
  return getWidth(after);
}

int64_t hwq::getKernelBound(Value after, const FloatCauses &causes) {
  double error =
      getQuantizerError(after, {std::nullopt, /*kernel=*/true, causes.equal});
  Operation *op = after.getDefiningOp();
  OwningOpRef<Operation *> stepFour;
  if (op && (stepFour = asStepFour(op)))
    op = *stepFour;
  if (auto add = dyn_cast_if_present<AddOp>(op)) {
    if (add.getVariant())
      error = getSumError(add);
  } else if (auto sub = dyn_cast_if_present<SubOp>(op)) {
    if (sub.getVariant())
      error = getSumError(sub);
  } else if (auto mul = dyn_cast_if_present<hwq::MulOp>(op)) {
    error = getProductError(mul);
  } else if (auto pool = dyn_cast_if_present<AvgPool2DOp>(op)) {
    if (pool.getVariant())
      error = getPoolError(pool);
  } else if (auto resize = dyn_cast_if_present<ResizeBilinearOp>(op)) {
    if (resize.getVariant())
      error = getResizeError(resize);
  } else if (auto prelu = dyn_cast_if_present<PReluOp>(op)) {
    // The multipliers stand for factors in f32.
    if (!prelu.isFloat() && !prelu.getPositive()->isReal())
      error = getWidth(after) * 0x1p-22 + 0.5;
  } else if (auto requantize = dyn_cast_if_present<RequantizeOp>(op);
             requantize && requantize.getVariant()) {
    error = getRescaleError(requantize);
  } else if (requantize &&
             requantize.getRequant().getKernel() ==
                 numerics::RequantizeKernel::R9 &&
             isa<quant::QuantizedType>(getElementTypeOrSelf(after))) {
    error = std::min(getDequantError(requantize, getLimit(after)) /
                         getScales(after).least,
                     getWidth(after));
  } else if (op) {
    if (auto requant = op->getAttrOfType<RequantAttr>("requant");
        requant && !requant.isReal() &&
        isa<quant::QuantizedType>(getElementTypeOrSelf(after)))
      error = getMultiplierError(requant, getWidth(after));
  }
  if (isQuantized(after))
    error =
        std::min(error + getOperandsError(op, after, causes), getWidth(after));
  return 1 + static_cast<int64_t>(std::ceil(error - 0x1p-10));
}
