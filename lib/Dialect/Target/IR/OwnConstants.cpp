//===- OwnConstants.cpp - What Numerics chooses for an op's scales --------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OwnConstants.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/Target/IR/StepFour.h"
#include "hwq/Numerics/Epilogue.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace mlir;
using namespace hwq;
using numerics::RequantizeKernel;

namespace {
/// What the kernel of a requantization multiplies by.
struct Constants {
  std::vector<numerics::Multiplier> multipliers;
  std::vector<double> factors;
  std::vector<float> biasUnits = {};
  /// Of a sum's terms, and what hexagon_nn and ONNX Runtime add to the sum.
  int32_t leftShift = 0;
  int64_t inputZeroPoint = 0;
  std::vector<float> bias = {};

  /// Of the attribute; the last three only for a sum.
  static Constants get(RequantAttr requant, bool ofSum) {
    numerics::RequantizeParams params = requant.getParams();
    Constants constants{params.multipliers, params.scales, params.biasUnits};
    if (ofSum) {
      constants.leftShift = params.leftShift;
      constants.inputZeroPoint = params.inputZeroPoint;
      constants.bias = params.bias;
    }
    return constants;
  }
  bool operator==(const Constants &other) const {
    return multipliers == other.multipliers && factors == other.factors &&
           biasUnits == other.biasUnits && leftShift == other.leftShift &&
           inputZeroPoint == other.inputZeroPoint && bias == other.bias;
  }
};

/// An op of step 4 with the constants that it should have.
class OwnConstants {
public:
  OwnConstants(const TargetDescription &target, const OpRule &rule,
               Operation *op)
      : target(target), rule(rule), op(op) {}

  SmallVector<OtherConstants> find();

private:
  void compare(StringLiteral name, const Constants &own, bool ofSum = false);
  void compare(StringLiteral name, RequantAttr own, bool ofSum = false) {
    compare(name, Constants::get(own, ofSum), ofSum);
  }
  /// Numerics has none.
  void reject(StringLiteral name, StringRef error) {
    found.push_back({name,
                     "expects scales that the kernel has constants for (" +
                         error.str() + ")",
                     {},
                     {}});
  }
  std::optional<numerics::MultiplierRule> getRule(RequantizeKernel) const;
  void compareDot(Operation *dot, RequantAttr given);
  void compareMove(RequantizeOp move);
  template <typename SumOp> void compareSum(SumOp sum);

  const TargetDescription &target;
  const OpRule &rule;
  Operation *op;
  SmallVector<OtherConstants> found;
};
} // namespace

static std::string print(const Constants &constants, size_t c) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (c < constants.multipliers.size()) {
    const numerics::Multiplier &m = constants.multipliers[c];
    stream << "the multiplier " << m.multiplier << " and the shift " << m.shift;
    if (m.preShift)
      stream << " after " << m.preShift;
  } else if (c < constants.factors.size()) {
    stream << "the factor ";
    stream << llvm::format("%.9g", constants.factors[c]);
  } else {
    stream << "none";
  }
  return text;
}

void OwnConstants::compare(StringLiteral name, const Constants &own,
                           bool ofSum) {
  auto requant = op->getAttrOfType<RequantAttr>(name);
  Constants given = Constants::get(requant, ofSum);
  if (given == own)
    return;
  OtherConstants other{name, "", {}, {}};
  for (const numerics::Multiplier &m : own.multipliers) {
    other.scales.push_back(std::abs(numerics::multiplierValue(m)));
    other.tolerances.push_back(std::ldexp(1.0, -(m.shift + m.preShift)));
  }
  for (double factor : own.factors) {
    // What divides by the scale of its codes itself.
    if (FloatAttr scale = requant.getOutputScale(); scale && !isToFloat(op))
      factor /= scale.getValueAsDouble();
    other.scales.push_back(factor);
    other.tolerances.push_back(0);
  }
  std::string text = "expects what the kernel has for the scales of the types";
  size_t count = std::max({given.multipliers.size(), given.factors.size(),
                           own.multipliers.size(), own.factors.size()});
  for (size_t c = 0; c < count; ++c) {
    std::string want = print(own, c), got = print(given, c);
    if (want == got)
      continue;
    text += ", " + want + ", got " + got;
    if (count > 1)
      text += " for channel " + std::to_string(c);
    break;
  }
  other.expected = text + " in '" + name.str() + "'";
  found.push_back(std::move(other));
}

std::optional<numerics::MultiplierRule>
OwnConstants::getRule(RequantizeKernel kernel) const {
  for (const RequantRule &requant : rule.requants)
    if (requant.words && requant.stepFour == "requant")
      for (const KernelWord &word : requant.words->kernels)
        if (word.kernel == kernel)
          return word.rule;
  return std::nullopt;
}

/// The parameters of a tensor of codes, one for each channel where it has them;
/// none for another tensor.
static std::vector<numerics::QuantParams> getAllParams(Value value) {
  Type type = getElementTypeOrSelf(value.getType());
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type))
    return {getParams(uniform)};
  std::vector<numerics::QuantParams> params;
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type))
    for (auto [scale, zeroPoint] :
         llvm::zip_equal(perAxis.getScales(), perAxis.getZeroPoints()))
      params.push_back(
          {scale,
           zeroPoint,
           {perAxis.getStorageTypeMin(), perAxis.getStorageTypeMax()}});
  return params;
}

/// An op of step 4 or of a target that makes accumulators.
static bool isDot(Operation *op) {
  return llvm::is_contained(
      {"conv2d", "fully_connected", "transpose_conv2d", "matmul"},
      getStepFourName(op));
}

/// `given` is what `op` does to the accumulators of `dot`.
void OwnConstants::compareDot(Operation *dot, RequantAttr given) {
  std::vector<numerics::QuantParams> input = getAllParams(dot->getOperand(0)),
                                     weights = getAllParams(dot->getOperand(1)),
                                     outputs = getAllParams(op->getResult(0));
  if (input.empty() || weights.empty())
    return;
  // The weights have the scales of the input's channels in them, of a single
  // one too.
  if (isa<quant::UniformQuantizedPerAxisType>(
          getElementTypeOrSelf(dot->getOperand(0).getType())))
    input = {{1, 0, input.front().grid}};
  std::vector<double> weightScales;
  for (const numerics::QuantParams &params : weights)
    weightScales.push_back(params.scale);
  // Unit 1 on any grid: nothing is rounded.
  if (outputs.empty())
    outputs = {{1, 0, {INT16_MIN, INT16_MAX}}};
  numerics::EpilogueOptions options;
  options.kernel = given.getKernel();
  options.multiplierRule = getRule(options.kernel);
  if (target.multipliesScalesInF32 && target.multipliesScalesInF32(dot) &&
      numerics::dividesProduct(options.kernel))
    options.scaleProduct = numerics::ScaleProduct::F32;
  options.perChannelWeights = weightScales.size() > 1;
  std::vector<double> bias;
  if (given.getBiasUnits()) {
    options.biasForm = numerics::BiasForm::F32;
    bias.resize(given.getBiasUnits().size());
  }
  numerics::Result<numerics::Epilogue> own =
      outputs.size() == 1
          ? numerics::deriveEpilogue(options, input.front(), weightScales,
                                     outputs.front(), bias)
          : numerics::deriveEpilogue(options, input.front(), weightScales,
                                     outputs, bias);
  if (!own)
    return reject("requant", own.error());
  const numerics::RequantizeParams &params = own->requantize;
  compare("requant",
          Constants{params.multipliers, params.scales, params.biasUnits});
}

/// Codes on their way to another grid.
void OwnConstants::compareMove(RequantizeOp move) {
  RequantAttr given = move.getRequant();
  numerics::QuantParams in = getQuantParams(move.getInput()),
                        out = getQuantParams(move.getOutput());
  // A formula of its own: the attribute has the quotient of the scales.
  if (move.getVariant())
    return compare("requant",
                   Constants{{}, {static_cast<float>(in.scale / out.scale)}});
  using numerics::ConcatVariant;
  SmallVector<ConcatVariant> variants;
  switch (given.getKernel()) {
  case RequantizeKernel::R1:
    variants = {ConcatVariant::Tflite};
    break;
  case RequantizeKernel::R2:
    variants = {ConcatVariant::Snpe};
    break;
  case RequantizeKernel::R11:
    variants = {ConcatVariant::TfliteRuy};
    break;
  case RequantizeKernel::R14:
    variants = {ConcatVariant::Float};
    break;
  case RequantizeKernel::R7:
    variants.assign(target.shortMoves.begin(), target.shortMoves.end());
    break;
  default:
    break;
  }
  size_t before = found.size();
  for (ConcatVariant variant : variants) {
    found.truncate(before);
    numerics::Result<numerics::ConcatParams> params =
        numerics::deriveConcat(variant, in, out);
    RequantAttr own =
        params ? getRescaleRequant(*params, given) : RequantAttr();
    if (own)
      compare("requant", own);
    else
      reject("requant", params ? "the kernel moves no codes" : params.error());
    if (found.size() == before)
      return;
  }
  if (variants.empty())
    reject("requant", "the kernel moves no codes");
}

template <typename SumOp> void OwnConstants::compareSum(SumOp sum) {
  numerics::QuantParams lhs = getQuantParams(sum.getLhs()),
                        rhs = getQuantParams(sum.getRhs()),
                        out = getQuantParams(sum.getOutput());
  numerics::AddVariant variant = sum.getVariant()->getValue();
  bool subtract = std::is_same_v<SumOp, hwq::SubOp>;
  numerics::Result<numerics::AddParams> params =
      numerics::usesKernel(variant)
          ? numerics::deriveAdd(variant, sum.getRequant().getKernel(), lhs, rhs,
                                out, subtract)
          : numerics::deriveAdd(variant, lhs, rhs, out, subtract);
  if (!params)
    return reject("requant", params.error());
  AddRequants own = getAddRequants(
      *params, {sum.getLhsRequant(), sum.getRhsRequant(), sum.getRequant()});
  compare("lhs_requant", own.lhs, /*ofSum=*/true);
  compare("rhs_requant", own.rhs, /*ofSum=*/true);
  compare("requant", own.output, /*ofSum=*/true);
}

/// `requant` with the real scale alone.
static RequantAttr withScale(RequantAttr requant, double scale) {
  RequantFields fields = requant.getFields();
  fields.scales = {scale};
  return RequantAttr::get(requant.getContext(), fields);
}

SmallVector<OtherConstants> OwnConstants::find() {
  auto requant = op->getAttrOfType<RequantAttr>("requant");
  if (auto add = dyn_cast<hwq::AddOp>(op)) {
    compareSum(add);
  } else if (auto sub = dyn_cast<hwq::SubOp>(op)) {
    compareSum(sub);
  } else if (auto prelu = dyn_cast<PReluOp>(op); prelu && !prelu.isFloat()) {
    auto params = numerics::derivePRelu(
        prelu.getPositive()->getKernel(), getQuantParams(prelu.getInput()),
        getQuantParams(prelu.getSlope()), getQuantParams(prelu.getOutput()));
    if (!params) {
      reject("positive", params.error());
    } else {
      PReluRequants own = getPReluRequants(
          *params, {*prelu.getPositive(), *prelu.getNegative()});
      compare("positive", own.positive);
      compare("negative", own.negative);
    }
  } else if (!requant) {
    return found;
  } else if (auto mul = dyn_cast<hwq::MulOp>(op)) {
    numerics::QuantParams lhs = getQuantParams(mul.getLhs()),
                          rhs = getQuantParams(mul.getRhs()),
                          out = getQuantParams(mul.getOutput());
    auto params =
        numerics::deriveMul(mul.getVariant()->getValue(), lhs, rhs, out);
    if (params)
      compare("requant",
              getMulRequant(*params, withScale(requant, lhs.scale * rhs.scale /
                                                            out.scale)));
    else
      reject("requant", params.error());
  } else if (auto pool = dyn_cast<AvgPool2DOp>(op)) {
    numerics::QuantParams in = getQuantParams(pool.getInput()),
                          out = getQuantParams(pool.getOutput());
    auto params = getAvgPoolParams(pool.getVariant()->getValue(), in, out,
                                   pool.getKernel(), RequantAttr(),
                                   requant.getLo(), requant.getHi());
    if (params)
      compare(
          "requant",
          getAvgPoolRequant(*params, withScale(requant, in.scale / out.scale)));
    else
      reject("requant", params.error());
  } else if (auto mean = dyn_cast<MeanOp>(op)) {
    using numerics::MeanVariant;
    MeanVariant variant = requant.getKernel() == RequantizeKernel::R1
                              ? MeanVariant::Tflite
                          : requant.getKernel() == RequantizeKernel::R2
                              ? MeanVariant::Snpe
                              : MeanVariant::TfliteXnnpack;
    auto params =
        numerics::deriveMean(variant, getQuantParams(mean.getInput()),
                             getQuantParams(mean.getOutput()), mean.getCount());
    if (params)
      compare("requant", getMeanRequant(*params, requant));
    else
      reject("requant", params.error());
  } else if (auto move = dyn_cast<RequantizeOp>(op)) {
    Operation *dot = move.getInput().getDefiningOp();
    if (isOfCodes(op))
      compareMove(move);
    else if (dot && isDot(dot))
      compareDot(dot, requant);
  } else {
    compareDot(op, requant);
  }
  return found;
}

DenseF64ArrayAttr hwq::getStatedScales(Operation *op, StringRef name) {
  auto stated = op->getAttrOfType<DictionaryAttr>(kScalesAttr);
  return stated ? stated.getAs<DenseF64ArrayAttr>(name) : DenseF64ArrayAttr();
}

SmallVector<OtherConstants>
hwq::findOtherConstants(const TargetDescription &target, const OpRule &rule,
                        Operation *stepFour) {
  return OwnConstants(target, rule, stepFour).find();
}
