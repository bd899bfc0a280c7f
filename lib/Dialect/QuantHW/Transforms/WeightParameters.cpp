//===- WeightParameters.cpp - Parameters of weights -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WeightParameters.h"
#include "ImportedParameters.h"
#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Numerics/Bias.h"
#include "hwq/Numerics/Multiplier.h"
#include "hwq/Numerics/Quantize.h"
#include "hwq/Numerics/WeightTransform.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace hwq;
using numerics::DerivationRule;

namespace {
/// The float weights and bias of an op, [channels][taps]. Steps return what is
/// wrong, or nothing.
class WeightDeriver {
public:
  WeightDeriver(QuantizableOpInterface op, StringRef name,
                const Backend &backend, const GroupParameters *input,
                const GroupParameters *output)
      : op(op), name(("'" + name + "'").str()), backend(backend), input(input),
        output(output) {
    if (name.empty())
      this->name = op->getName().getStringRef().str();
  }

  numerics::Result<WeightParameters> run(unsigned bits);

private:
  std::string read();
  std::string compensate();
  /// The same of weights whose codes are given: their scales change.
  std::string compensate(WeightParameters &fitted);
  std::string deriveFromRanges(unsigned bits);
  std::string deriveCoupled();
  std::string raiseScales();
  /// The first and last channel, exclusive, of a group of parameters.
  std::pair<size_t, size_t> getChannels(size_t group) const {
    return result.perChannel ? std::pair<size_t, size_t>{group, group + 1}
                             : std::pair<size_t, size_t>{0, channels};
  }
  double getNeededScale(size_t channel, const numerics::QuantParams &params);
  double getAccumulatorLimit() const {
    return std::ldexp(1.0, static_cast<int>(backend.accumulatorBits) - 1);
  }
  /// What a weight is multiplied by; the zero point moves into the bias.
  double getLargestInput() const {
    const numerics::QuantParams x = input->getDotInput();
    return static_cast<double>(
        std::max(std::abs(x.grid.qmin), std::abs(x.grid.qmax)) +
        std::abs(x.zeroPoint));
  }
  /// sum(|qw - Zw|) of the channel.
  double sumOfCodes(size_t channel, const numerics::QuantParams &params) const;
  /// Engines and files hold Sw, Sx Sw and Sx Sw / Sy in f32, which has few bits
  /// below its normal numbers; multipliers have a range, too.
  double getLeastScale(size_t channel, size_t end) const;
  /// The next scale of the backend's form that f32 holds; nothing beyond f32.
  std::optional<double> roundUp(double scale) const;

  QuantizableOpInterface op;
  std::string name;
  const Backend &backend;
  const GroupParameters *input, *output;
  std::vector<float> weights, bias;
  size_t channels = 0, taps = 0;
  WeightParameters result;
};
} // namespace

std::string WeightDeriver::read() {
  Value value = op->getOperand(*op.getWeightOperand());
  FailureOr<std::vector<float>> values = getFloatConstant(value);
  if (failed(values))
    return "the weights of " + name + " are not an f32 constant";
  weights = std::move(*values);
  for (float v : weights)
    if (!std::isfinite(v))
      return llvm::formatv("the weights of {0} contain {1}", name, v).str();
  channels = cast<RankedTensorType>(value.getType()).getDimSize(0);
  taps = weights.size() / std::max<size_t>(channels, 1);
  if (std::optional<unsigned> i = op.getBiasOperand()) {
    FailureOr<std::vector<float>> b = getFloatConstant(op->getOperand(*i));
    if (failed(b))
      return "the bias of " + name + " is not an f32 constant";
    bias = std::move(*b);
    for (float v : bias)
      if (!std::isfinite(v))
        return llvm::formatv("the bias of {0} contains {1}", name, v).str();
    if (bias.size() == 1)
      bias.resize(channels, bias.front());
  }
  return {};
}

/// W'[o,i] = Sx[i] * W[o,i], rounded once.
std::string WeightDeriver::compensate() {
  if (!input || input->channels.empty())
    return {};
  for (size_t o = 0; o < channels; ++o)
    for (size_t i = 0; i < taps; ++i) {
      float &w = weights[o * taps + i];
      w = static_cast<float>(static_cast<double>(w) *
                             input->channels[getInputChannel(op, o, i)].scale);
      if (!std::isfinite(w))
        return "the weights of " + name + ", channel " + std::to_string(o) +
               ", leave f32 with the scale of their input";
    }
  result.compensated = weights;
  return {};
}

std::string WeightDeriver::compensate(WeightParameters &fitted) {
  if (!input || input->channels.empty())
    return {};
  for (size_t o = 0; o < channels; ++o) {
    double scale = input->channels[getInputChannel(op, o, 0)].scale;
    for (size_t i = 0; i < taps; ++i)
      if (input->channels[getInputChannel(op, o, i)].scale != scale ||
          !fitted.perChannel)
        return "the weights of " + name +
               " have a quantizer in the model, their input has scales for "
               "its channels: expected one input channel for each output";
    fitted.params[o].scale = backend.roundScale(fitted.params[o].scale * scale);
  }
  std::string problem = compensate();
  fitted.compensated = result.compensated;
  return problem;
}

std::string WeightDeriver::deriveFromRanges(unsigned bits) {
  numerics::DeriveOptions options =
      backend.getDeriveOptions(/*ofWeights=*/true);
  if (bits)
    options.bits = bits;
  float least = 0;
  for (float v : weights)
    least = std::min(least, v);
  if (options.symmetry == numerics::Symmetry::UnsignedSymmetric) {
    // TPU-MLIR has unsigned weights only where there is no bias.
    bool hasBias = backend.weightRule == DerivationRule::PTpu && !bias.empty();
    if (least < 0 || hasBias)
      options.symmetry = numerics::Symmetry::Symmetric;
    else
      options.storage = backend.weights.unsignedStorage;
  }
  result.storage = options.storage;
  size_t groups = result.perChannel ? channels : 1;
  size_t size = result.perChannel ? taps : weights.size();
  if (weights.empty())
    return "the weights of " + name + " are empty";
  for (size_t g = 0; g < groups; ++g) {
    const float *first = weights.data() + g * size;
    // The search for an exponent needs the data, which are here.
    numerics::Result<numerics::Derived> derived =
        backend.weightRule == DerivationRule::PDpu
            ? numerics::deriveDpu(first, size, options)
            : numerics::deriveWeights(first, size, backend.weightMethod,
                                      backend.weightRule, options);
    if (!derived)
      return "the weights of " + name + ": " + derived.error();
    derived->params.scale = backend.roundScale(derived->params.scale);
    result.params.push_back(derived->params);
  }
  // TPU-MLIR's exception: weights that are integers times a power of two keep
  // it, in all channels.
  if (backend.weightRule == DerivationRule::PTpu &&
      options.symmetry != numerics::Symmetry::Asymmetric)
    if (std::optional<double> scale = numerics::exactWeightScale(
            weights.data(), weights.size(), result.params.front().grid))
      for (numerics::QuantParams &params : result.params)
        params.scale = *scale;
  return {};
}

/// CV18xx: the multiplier of a channel comes first; its weights and their scale
/// are made to fit it, so that s_x * s_w / s_y is the multiplier.
std::string WeightDeriver::deriveCoupled() {
  result.storage = backend.weights.storage;
  numerics::Grid grid =
      numerics::gridOf(result.storage, backend.weights.narrow);
  auto x = static_cast<float>(input->threshold);
  auto y = static_cast<float>(output->threshold);
  result.codes.resize(weights.size());
  size_t groups = result.perChannel ? channels : 1;
  for (size_t g = 0; g < groups; ++g) {
    auto [first, last] = getChannels(g);
    float mostWeight = 0, mostBias = 0;
    for (size_t i = first * taps; i < last * taps; ++i)
      mostWeight = std::max(mostWeight, std::fabs(weights[i]));
    for (size_t c = first; c < last && !bias.empty(); ++c)
      mostBias = std::max(mostBias, std::fabs(bias[c]));
    float scale = numerics::cv18xxScale(mostWeight, mostBias, x, y);
    // Below the smallest multiplier everything is 0.
    numerics::Multiplier m{0, 31, 0};
    numerics::MultiplierRule rule = *backend.multiplierRule;
    double smallest = numerics::representableScales(rule).smallest;
    if (static_cast<double>(scale) >= smallest) {
      numerics::Result<numerics::Multiplier> chosen =
          numerics::chooseMultiplier(rule, static_cast<double>(scale));
      if (!chosen)
        return "the weights of " + name + ", channel " + std::to_string(first) +
               ": " + chosen.error();
      m = *chosen;
    }
    numerics::cv18xxWeights(
        weights.data() + first * taps, (last - first) * taps, x, y, m,
        reinterpret_cast<int8_t *>(result.codes.data() + first * taps));
    double value = m.multiplier ? numerics::multiplierValue(m) : smallest / 2;
    result.params.push_back(
        {value * output->params.scale / input->params.scale, 0, grid});
  }
  return {};
}

/// The least scale with which the channel's bias and its sum of products fit,
/// or 0 if the one it has is large enough.
double WeightDeriver::getNeededScale(size_t channel,
                                     const numerics::QuantParams &params) {
  bool isReal = backend.bias == numerics::BiasForm::F32;
  double b = bias.empty() || isReal ? 0 : std::fabs(bias[channel]);
  double limit = getAccumulatorLimit(), largest = getLargestInput();
  const numerics::QuantParams x = input->getDotInput();
  // The loop below is for the few channels that come near the limit.
  double most = static_cast<double>(taps) *
                static_cast<double>(params.grid.qmax - params.grid.qmin) *
                largest;
  if (backend.bias != numerics::BiasForm::I16 &&
      b / (x.scale * params.scale) + most + 2 < limit)
    return 0;
  double products = sumOfCodes(channel, params) * largest;
  // What is left for the bias, at least half.
  double room = std::max(limit - products - 2, limit / 2);
  if (backend.bias == numerics::BiasForm::I16)
    room = std::min(room, 32767.0);
  double needed = b / (x.scale * room);
  // Smaller codes of the weights, where the products alone leave no room. A
  // bias of 8 bits is rounded to a hundredth of the largest.
  if (b > 0 && backend.bias != numerics::BiasForm::I32 &&
      backend.bias != numerics::BiasForm::I16)
    for (float other : bias)
      b = std::max(b, std::fabs(bias[channel]) + 0.01 * std::fabs(other));
  numerics::QuantParams raised = params;
  raised.scale = std::max(needed, params.scale);
  for (;;) {
    products = sumOfCodes(channel, raised) * largest;
    // One for the bias's rounding.
    double sum = products + b / (x.scale * raised.scale) + 1;
    if (sum < limit)
      break;
    std::optional<double> next =
        roundUp(raised.scale * std::max(sum / limit, 1 + 0x1p-10));
    if (!next)
      return INFINITY;
    raised.scale = *next;
  }
  return raised.scale > params.scale ? raised.scale : 0;
}

double WeightDeriver::sumOfCodes(size_t channel,
                                 const numerics::QuantParams &params) const {
  std::vector<int32_t> codes(taps);
  numerics::quantizeArray(backend.weightQuantizeForm,
                          weights.data() + channel * taps, taps, params,
                          codes.data());
  int64_t sum = 0;
  for (int64_t code : codes)
    sum += std::abs(code - params.zeroPoint);
  return static_cast<double>(sum);
}

std::optional<double> WeightDeriver::roundUp(double scale) const {
  auto raised = static_cast<float>(scale);
  if (static_cast<double>(raised) < scale)
    raised = std::nextafter(raised, INFINITY);
  if (backend.scaleForm == ScaleForm::PowerOfTwo) {
    int exponent;
    float fraction = std::frexp(raised, &exponent);
    raised = std::ldexp(1.0f, fraction == 0.5f ? exponent - 1 : exponent);
  }
  if (!std::isfinite(raised))
    return std::nullopt;
  return raised;
}

double WeightDeriver::getLeastScale(size_t channel, size_t end) const {
  constexpr double normal = std::numeric_limits<float>::min();
  double least = normal;
  double inputScale = input ? input->getDotInput().scale : 1;
  if (input)
    least = std::max(least, normal / inputScale);
  if (input && output) {
    double factor = normal;
    if (backend.multiplierRule)
      factor = std::max(
          factor,
          numerics::representableScales(*backend.multiplierRule).smallest);
    double outputScale = output->params.scale;
    if (!output->channels.empty()) {
      outputScale = 0;
      for (; channel < end; ++channel)
        outputScale = std::max(outputScale, output->channels[channel].scale);
    }
    least = std::max(least, factor * outputScale / inputScale);
  }
  return least * (1 + 0x1p-20);
}

std::string WeightDeriver::raiseScales() {
  // A channel that gives no scale takes the smallest of the others, or 1.
  double smallest = 0;
  for (const numerics::QuantParams &params : result.params)
    if (params.scale > 0 && (smallest == 0 || params.scale < smallest))
      smallest = params.scale;
  size_t count = 0;
  std::string first;
  for (auto [group, params] : llvm::enumerate(result.params)) {
    double before = params.scale;
    if (!(params.scale > 0))
      params.scale = smallest > 0 ? smallest : 1;
    auto [channel, end] = getChannels(group);
    double least = getLeastScale(channel, end);
    double needed = params.scale < least ? least : 0;
    size_t largest = channel;
    for (; input && channel < end; ++channel)
      if (double scale = getNeededScale(channel, params); scale > needed) {
        needed = scale;
        largest = channel;
      }
    if (needed > params.scale) {
      std::optional<double> raised = roundUp(needed);
      if (!raised)
        return llvm::formatv(
                   "the bias of {0}, channel {1}: expected a value for "
                   "which a weight scale exists, got {2}",
                   name, largest, bias.empty() ? 0 : bias[largest])
            .str();
      numerics::QuantParams had = params;
      params.scale = *raised;
      // A bias may be all that is left of a channel, products may not vanish.
      double products =
          input ? sumOfCodes(largest, had) * getLargestInput() : 0;
      if (products >= getAccumulatorLimit() && sumOfCodes(largest, params) == 0)
        return llvm::formatv(
                   "the products of {0}, channel {1}: expected weights with a "
                   "scale that keeps their sum in {2} bits, got {3:F0}",
                   name, largest, backend.accumulatorBits, products)
            .str();
    }
    if (params.scale == before)
      continue;
    if (count++ == 0)
      first = llvm::formatv("channel {0} from {1:E3} to {2:E3}", largest,
                            before, params.scale)
                  .str();
  }
  if (count)
    result.remark = llvm::formatv("{0}: {1} of {2} weight scales raised, so "
                                  "that bias, accumulator and multiplier fit; "
                                  "{3}",
                                  name, count, result.params.size(), first)
                        .str();
  return {};
}

numerics::Result<WeightParameters> WeightDeriver::run(unsigned bits) {
  result.op = op;
  numerics::Granularity granularity = op.getOpKind() == "fully_connected"
                                          ? backend.fullyConnectedGranularity
                                          : backend.weights.granularity;
  result.perChannel = granularity == numerics::Granularity::PerChannel;
  std::string problem = read();
  quant::QuantizedType imported =
      getImportedType(op->getOperand(*op.getWeightOperand()));
  if (problem.empty() && imported) {
    numerics::Result<WeightParameters> fitted =
        fitWeights(imported, weights, channels, backend, granularity);
    if (!fitted)
      return numerics::failure("the quantizer of the weights of " + name +
                               " does not fit the backend '" + backend.name +
                               "': " + fitted.error());
    fitted->op = op;
    if (problem = compensate(*fitted); !problem.empty())
      return numerics::failure(problem);
    return fitted;
  }
  if (problem.empty())
    problem = compensate();
  if (problem.empty())
    problem = backend.scaleForm == ScaleForm::Coupled ? deriveCoupled()
                                                      : deriveFromRanges(bits);
  if (problem.empty() && backend.scaleForm != ScaleForm::Coupled)
    problem = raiseScales();
  if (!problem.empty())
    return numerics::failure(problem);
  return std::move(result);
}

numerics::Result<WeightParameters>
hwq::deriveWeights(QuantizableOpInterface op, StringRef name,
                   const Backend &backend, const GroupParameters *input,
                   const GroupParameters *output, unsigned bits) {
  return WeightDeriver(op, name, backend, input, output).run(bits);
}

LogicalResult hwq::transformWeights(QuantizableOpInterface op, StringRef name,
                                    const Backend &backend) {
  if (backend.weightTransform == numerics::WeightTransform::None)
    return success();
  unsigned index = *op.getWeightOperand();
  Value value = op->getOperand(index);
  if (getImportedType(value))
    return op->emitError() << "the weights of '" << name
                           << "' have a quantizer in the model, the backend '"
                           << backend.name
                           << "' changes weights before it quantizes them";
  FailureOr<std::vector<float>> values = getFloatConstant(value);
  if (failed(values))
    return op->emitError() << "the weights of '" << name
                           << "' are not an f32 constant";
  numerics::Result<std::vector<float>> transformed = numerics::transformWeights(
      backend.weightTransform, values->data(), values->size());
  if (!transformed)
    return op->emitError() << "the weights of '" << name
                           << "': " << transformed.error();
  OpBuilder builder(op);
  op->setOperand(
      index,
      createConstant(builder, value.getLoc(),
                     cast<RankedTensorType>(value.getType()).getShape(),
                     ArrayRef<float>(*transformed), (name + "_weights").str()));
  return success();
}

void hwq::quantizeWeights(WeightParameters weights, StringRef name,
                          const Backend &backend) {
  Operation *op = weights.op;
  unsigned index = *QuantizableOpInterface(weights.op).getWeightOperand();
  Value value = op->getOperand(index);
  auto type = cast<RankedTensorType>(value.getType());
  MLIRContext *context = op->getContext();
  Scheme scheme;
  scheme.storage = weights.storage;
  quant::QuantizedType element =
      getQuantizedType(context, scheme, weights.params.front());
  if (weights.perChannel) {
    SmallVector<double> scales;
    SmallVector<int64_t> zeroPoints;
    for (const numerics::QuantParams &params : weights.params) {
      scales.push_back(params.scale);
      zeroPoints.push_back(params.zeroPoint);
    }
    element = quant::UniformQuantizedPerAxisType::get(
        element.getFlags(), element.getStorageType(),
        element.getExpressedType(), scales, zeroPoints,
        /*quantizedDimension=*/0, element.getStorageTypeMin(),
        element.getStorageTypeMax());
  }
  OpBuilder builder(op);
  // Files call weights by their name in the model.
  Location loc = value.getLoc();
  if (!weights.compensated.empty())
    value = createConstant(builder, loc, type.getShape(),
                           ArrayRef<float>(weights.compensated),
                           (name + "_weights").str());
  Value quantized =
      weights.codes.empty()
          ? QuantizeOp::create(
                builder, loc, type.clone(element), value,
                QuantizeFormAttr::get(context, backend.weightQuantizeForm))
                .getOutput()
          : createQuantizedConstant(builder, loc, type.getShape(),
                                    std::move(weights.codes), element,
                                    (name + "_weights").str());
  op->setOperand(index, DequantizeOp::create(builder, loc, type, quantized));
}
