//===- RequantWords.cpp - Requantizations in a target's words ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RequantWords.h"
#include "OwnConstants.h"
#include "hwq/Numerics/Add.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;
using namespace hwq;
using numerics::RequantizeKernel;

//===----------------------------------------------------------------------===//
// To the target
//===----------------------------------------------------------------------===//

static int64_t spell(Spelling spelling, RequantizeKernel kernel,
                     int64_t value) {
  switch (spelling) {
  case Spelling::Exponent:
    return 31 - value;
  case Spelling::AfterHighHalf:
    return kernel == RequantizeKernel::R1 ? value - 31 : value;
  case Spelling::Exponential:
    return value > 0 ? static_cast<int64_t>(llvm::Log2_64(value)) : -1;
  default:
    return value;
  }
}

static int64_t unspell(Spelling spelling, RequantizeKernel kernel,
                       int64_t value) {
  if (spelling == Spelling::AfterHighHalf)
    return kernel == RequantizeKernel::R1 ? value + 31 : value;
  if (spelling == Spelling::Exponential)
    return int64_t(1) << std::clamp<int64_t>(value, 0, 30);
  return spell(spelling, kernel, value);
}

static Attribute writeIntegers(Builder &builder, const RequantWord &word,
                               RequantizeKernel kernel,
                               ArrayRef<int32_t> values) {
  SmallVector<int32_t> spelled;
  for (int32_t value : values)
    spelled.push_back(
        static_cast<int32_t>(spell(word.spelling, kernel, value)));
  if (word.scalar)
    return spelled.size() == 1 ? builder.getI32IntegerAttr(spelled.front())
                               : Attribute();
  return builder.getDenseI32ArrayAttr(spelled);
}

static Attribute writeFloats(Builder &builder, const RequantWord &word,
                             ArrayRef<double> values) {
  if (word.spelling == Spelling::Word) {
    SmallVector<int64_t> bits;
    for (double value : values)
      bits.push_back(llvm::bit_cast<uint32_t>(static_cast<float>(value)));
    return builder.getDenseI64ArrayAttr(bits);
  }
  SmallVector<float> floats(values.begin(), values.end());
  if (word.scalar)
    return floats.size() == 1 ? builder.getF32FloatAttr(floats.front())
                              : Attribute();
  return builder.getDenseF32ArrayAttr(floats);
}

/// The grid of a result; what a requantization to float or 32 bits has for it.
static std::pair<int64_t, int64_t> getGrid(Type result) {
  auto type = dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(result));
  if (!type)
    return {INT32_MIN, INT32_MAX};
  return {type.getStorageTypeMin(), type.getStorageTypeMax()};
}

static std::string list(ArrayRef<KernelWord> kernels) {
  std::vector<std::string> names;
  for (const KernelWord &kernel : kernels)
    names.emplace_back(numerics::stringify(kernel.kernel));
  return llvm::join(names, ", ");
}

LogicalResult hwq::writeRequant(RequantAttr requant, const RequantWords &words,
                                Type result, NamedAttrList &attrs,
                                std::string &expected) {
  RequantFields fields = requant.getFields();
  const KernelWord *kernel =
      llvm::find_if(words.kernels, [&](const KernelWord &k) {
        return k.kernel == fields.kernel;
      });
  if (kernel == words.kernels.end()) {
    expected = "one of the kernels " + list(words.kernels) + ", got " +
               std::string(numerics::stringify(fields.kernel));
    return failure();
  }
  Builder builder(requant.getContext());
  auto [lo, hi] = getGrid(result);
  for (const RequantWord &word : words.words) {
    Attribute value;
    switch (word.field) {
    case RequantField::Kernel:
      value = builder.getStringAttr(kernel->word);
      break;
    case RequantField::Multipliers:
      // A shift alone has the multiplier 1.
      if (!fields.multipliers.empty() && fields.kernel != RequantizeKernel::R6)
        value = writeIntegers(builder, word, fields.kernel, fields.multipliers);
      break;
    case RequantField::Shifts:
      if (!fields.shifts.empty())
        value = writeIntegers(builder, word, fields.kernel, fields.shifts);
      break;
    case RequantField::PreShifts:
      if (!fields.preShifts.empty())
        value = writeIntegers(builder, word, fields.kernel, fields.preShifts);
      break;
    case RequantField::Factors:
      if (!fields.factors.empty() && fields.kernel != RequantizeKernel::R12)
        value = writeFloats(builder, word, fields.factors);
      break;
    case RequantField::Factors64:
      if (fields.kernel == RequantizeKernel::R12)
        value = builder.getDenseF64ArrayAttr(fields.factors);
      break;
    case RequantField::Bias:
      if (!fields.bias.empty())
        value = writeFloats(builder, word, fields.bias);
      break;
    case RequantField::BiasUnits:
      if (!fields.biasUnits.empty())
        value = writeFloats(builder, word, fields.biasUnits);
      break;
    case RequantField::Precision:
      if (fields.kernel == RequantizeKernel::R9)
        value = builder.getStringAttr(StringRef(stringify(fields.precision)));
      break;
    case RequantField::ZeroPointAfter:
      if (fields.zeroPointAfter)
        value = builder.getUnitAttr();
      break;
    case RequantField::LeftShift:
      if (fields.leftShift != 0)
        value = builder.getI32IntegerAttr(fields.leftShift);
      break;
    case RequantField::Offset:
      value = builder.getI32IntegerAttr(
          static_cast<int32_t>(-fields.inputZeroPoint));
      break;
    case RequantField::Lo:
      if (fields.los.empty() && fields.lo != lo)
        value = builder.getI32IntegerAttr(static_cast<int32_t>(fields.lo));
      break;
    case RequantField::Hi:
      if (fields.his.empty() && fields.hi != hi)
        value = builder.getI32IntegerAttr(static_cast<int32_t>(fields.hi));
      break;
    case RequantField::Los:
      if (!llvm::all_equal(fields.los) ||
          (!fields.los.empty() && fields.los.front() != lo))
        value = builder.getDenseI32ArrayAttr(fields.los);
      break;
    case RequantField::His:
      if (!llvm::all_equal(fields.his) ||
          (!fields.his.empty() && fields.his.front() != hi))
        value = builder.getDenseI32ArrayAttr(fields.his);
      break;
    }
    if (value && !word.attr.empty())
      attrs.set(word.attr, value);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// And back
//===----------------------------------------------------------------------===//

static quant::UniformQuantizedType getUniform(Value value) {
  return dyn_cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(value.getType()));
}

static quant::UniformQuantizedPerAxisType getPerAxis(Value value) {
  return dyn_cast<quant::UniformQuantizedPerAxisType>(
      getElementTypeOrSelf(value.getType()));
}

/// What follows from the types.
static void readTypes(Operation *op, StringRef stepFour, StringRef name,
                      RequantFields &fields) {
  if (name == "lhs_requant" || name == "rhs_requant") {
    if (auto type = getUniform(op->getOperand(name == "rhs_requant")))
      fields.inputZeroPoint = type.getZeroPoint();
    fields.lo = INT32_MIN;
    fields.hi = INT32_MAX;
    return;
  }
  if (stepFour == "requantize" || stepFour == "avg_pool2d")
    if (auto type = getUniform(op->getOperand(0)))
      fields.inputZeroPoint = type.getZeroPoint();
  std::tie(fields.lo, fields.hi) = getGrid(op->getResult(0).getType());
  if (auto type = getUniform(op->getResult(0)))
    fields.zeroPoint = type.getZeroPoint();
  if (auto type = getPerAxis(op->getResult(0))) {
    std::vector<numerics::OutputGrid> outputs;
    for (int64_t zeroPoint : type.getZeroPoints())
      outputs.push_back({zeroPoint, fields.lo, fields.hi});
    fields.setOutputs(outputs);
  }
}

/// 1 for a tensor without.
static double getScale(Value value, size_t channel) {
  if (auto uniform = getUniform(value))
    return uniform.getScale();
  auto perAxis = getPerAxis(value);
  if (!perAxis || perAxis.getScales().empty())
    return 1;
  return perAxis
      .getScales()[channel < perAxis.getScales().size() ? channel : 0];
}

/// The real scales that the constants stand for. Where step 4 has no others
/// they are the values of the constants.
static void readScales(Operation *op, StringRef stepFour, StringRef name,
                       const NamedAttrList &attrs, RequantFields &fields) {
  auto variant = dyn_cast_if_present<AddVariantAttr>(attrs.get("variant"));
  auto operand = dyn_cast_if_present<RequantAttr>(attrs.get("lhs_requant"));
  size_t count = std::max(fields.multipliers.size(), fields.factors.size());
  fields.scales.clear();
  auto in = getUniform(op->getOperand(0)), out = getUniform(op->getResult(0));
  bool isProduct = stepFour == "conv2d" || stepFour == "fully_connected" ||
                   stepFour == "transpose_conv2d" || stepFour == "matmul";
  for (size_t c = 0; c < count; ++c) {
    // What the constants make.
    double value =
        fields.factors.empty()
            ? std::ldexp(
                  std::abs(double(fields.multipliers[c])),
                  -std::clamp(fields.shifts[c], -1000, 1000) -
                      (c < fields.preShifts.size() ? fields.preShifts[c] : 0))
            : std::abs(fields.factors[c]) / fields.outputScale.value_or(1);
    double scale = value;
    if (isProduct) {
      // Scales of the input's channels are in the weights.
      scale = (in ? in.getScale() : 1) * getScale(op->getOperand(1), c) /
              getScale(op->getResult(0), c);
    } else if (stepFour == "mul" && in && out &&
               getUniform(op->getOperand(1)) &&
               fields.kernel != RequantizeKernel::R7) {
      // Multipliers of 8 bits have the scale that they make.
      scale = in.getScale() * getUniform(op->getOperand(1)).getScale() /
              out.getScale();
    } else if (stepFour == "requantize" && in && out) {
      scale = in.getScale() / out.getScale();
    } else if (variant && numerics::usesKernel(variant.getValue()) && in &&
               out && getUniform(op->getOperand(1)) &&
               (operand || name != "requant")) {
      double rhs = getUniform(op->getOperand(1)).getScale();
      double common =
          numerics::commonAddScale(variant.getValue(), in.getScale(), rhs);
      scale = name == "lhs_requant"   ? in.getScale() / common
              : name == "rhs_requant" ? rhs / common
                                      : std::ldexp(common / out.getScale(),
                                                   -operand.getLeftShift());
    }
    // Some engines choose their multipliers in f32 (findOtherConstants).
    if (fields.factors.empty() && std::abs(value - scale) <= 0x1p-22 * scale)
      scale = value;
    fields.scales.push_back(scale);
  }
}

namespace {
/// Reads the attributes of one op.
class RequantReader {
public:
  RequantReader(Operation *op, const RequantWords &words)
      : op(op), words(words) {}

  LogicalResult read(RequantFields &fields);
  /// No attribute says anything.
  bool isEmpty() const {
    return llvm::none_of(words.words, [&](const RequantWord &word) {
      return !word.attr.empty() && op->getAttr(word.attr) != Attribute();
    });
  }

private:
  template <typename Attr> Attr get(const RequantWord &word) {
    return op->getAttrOfType<Attr>(word.attr);
  }
  LogicalResult checkLimits(const RequantWord &word, int64_t value, size_t c);
  LogicalResult readKernel(RequantFields &fields);
  LogicalResult readPrecision(const RequantWord &word, RequantFields &fields);
  LogicalResult readIntegers(const RequantWord &word, RequantizeKernel kernel,
                             SmallVectorImpl<int32_t> &values);
  LogicalResult readFloats(const RequantWord &word,
                           SmallVectorImpl<double> &values);
  LogicalResult readClamps(const RequantWord &word,
                           SmallVectorImpl<int32_t> &values);
  LogicalResult readField(const RequantWord &word, RequantFields &fields);

  Operation *op;
  const RequantWords &words;
};
} // namespace

LogicalResult RequantReader::checkLimits(const RequantWord &word, int64_t value,
                                         size_t c) {
  if (value >= word.least && value <= word.most)
    return success();
  InFlightDiagnostic error =
      op->emitOpError() << "expects '" << word.attr << "' in [" << word.least
                        << ", " << word.most << "], got " << value;
  return word.scalar ? error : error << " for channel " << c;
}

LogicalResult RequantReader::readKernel(RequantFields &fields) {
  fields.kernel = words.kernels.front().kernel;
  for (const RequantWord &word : words.words) {
    if (word.field != RequantField::Kernel)
      continue;
    auto text = get<StringAttr>(word);
    std::vector<std::string> names;
    for (const KernelWord &kernel : words.kernels) {
      if (text && kernel.word == text.getValue()) {
        fields.kernel = kernel.kernel;
        return success();
      }
      names.push_back(("'" + kernel.word + "'").str());
    }
    InFlightDiagnostic error = op->emitOpError()
                               << "expects '" << word.attr << "' to be "
                               << llvm::join(names, ", ") << ", got ";
    return text ? error << text : error << "none";
  }
  return success();
}

LogicalResult RequantReader::readPrecision(const RequantWord &word,
                                           RequantFields &fields) {
  auto text = get<StringAttr>(word);
  std::optional<numerics::DequantPrecision> precision =
      text ? numerics::parse<numerics::DequantPrecision>(text.getValue())
           : std::nullopt;
  if (precision) {
    fields.precision = *precision;
    return success();
  }
  std::vector<std::string> names;
  for (auto value : numerics::allValues<numerics::DequantPrecision>())
    names.push_back("'" + std::string(numerics::stringify(value)) + "'");
  InFlightDiagnostic error = op->emitOpError()
                             << "expects '" << word.attr << "' to be "
                             << llvm::join(names, ", ") << ", got ";
  return text ? error << text : error << "none";
}

LogicalResult RequantReader::readIntegers(const RequantWord &word,
                                          RequantizeKernel kernel,
                                          SmallVectorImpl<int32_t> &values) {
  SmallVector<int32_t> given;
  if (auto number = get<IntegerAttr>(word); number && word.scalar)
    given.push_back(static_cast<int32_t>(number.getInt()));
  else if (auto array = get<DenseI32ArrayAttr>(word))
    given.assign(array.asArrayRef().begin(), array.asArrayRef().end());
  for (auto [c, value] : llvm::enumerate(given)) {
    if (failed(checkLimits(word, value, c)))
      return failure();
    int64_t plain = unspell(word.spelling, kernel, value);
    values.push_back(
        static_cast<int32_t>(std::clamp<int64_t>(plain, INT32_MIN, INT32_MAX)));
  }
  return success();
}

LogicalResult RequantReader::readFloats(const RequantWord &word,
                                        SmallVectorImpl<double> &values) {
  if (word.spelling == Spelling::Word) {
    auto array = get<DenseI64ArrayAttr>(word);
    if (!array)
      return success();
    for (auto [c, bits] : llvm::enumerate(array.asArrayRef())) {
      if (bits < 0 || bits > UINT32_MAX)
        return op->emitOpError() << "expects words of '" << word.attr
                                 << "' whose upper 32 bits are 0, got " << bits
                                 << " for channel " << c;
      values.push_back(llvm::bit_cast<float>(static_cast<uint32_t>(bits)));
    }
    return success();
  }
  if (auto number = get<FloatAttr>(word); number && word.scalar) {
    values.push_back(number.getValueAsDouble());
    if (word.field == RequantField::Factors && !(values.back() > 0))
      return op->emitOpError() << "expects '" << word.attr
                               << "' to be positive, got " << values.back();
  } else if (auto array = get<DenseF32ArrayAttr>(word)) {
    values.assign(array.asArrayRef().begin(), array.asArrayRef().end());
  }
  return success();
}

/// One for each channel of the result.
LogicalResult RequantReader::readClamps(const RequantWord &word,
                                        SmallVectorImpl<int32_t> &values) {
  auto array = get<DenseI32ArrayAttr>(word);
  if (!array)
    return success();
  if (array.size() != static_cast<int64_t>(values.size()))
    return op->emitOpError()
           << "expects '" << word.attr << "' of " << values.size()
           << " channels, got " << array.size();
  values.assign(array.asArrayRef().begin(), array.asArrayRef().end());
  return success();
}

LogicalResult RequantReader::readField(const RequantWord &word,
                                       RequantFields &fields) {
  auto number = [&](auto &to, int64_t sign = 1) -> LogicalResult {
    auto value = get<IntegerAttr>(word);
    if (value && (value.getInt() < word.least || value.getInt() > word.most))
      return op->emitOpError()
             << "expects '" << word.attr << "' in [" << word.least << ", "
             << word.most << "], got " << value.getInt();
    bool isClamp =
        word.field == RequantField::Lo || word.field == RequantField::Hi;
    if (value && isClamp && !fields.los.empty())
      return op->emitOpError() << "expects clamps of channels in place of '"
                               << word.attr << "', got " << value.getInt();
    if (value)
      to = sign * value.getInt();
    return success();
  };
  bool isR12 = fields.kernel == RequantizeKernel::R12;
  switch (word.field) {
  case RequantField::Kernel:
    return success();
  case RequantField::Multipliers:
    return readIntegers(word, fields.kernel, fields.multipliers);
  case RequantField::Shifts:
    return readIntegers(word, fields.kernel, fields.shifts);
  case RequantField::PreShifts:
    return readIntegers(word, fields.kernel, fields.preShifts);
  case RequantField::Factors:
    return isR12 ? success() : readFloats(word, fields.factors);
  case RequantField::Factors64:
    if (auto array = get<DenseF64ArrayAttr>(word); array && isR12)
      fields.factors.assign(array.asArrayRef().begin(),
                            array.asArrayRef().end());
    return success();
  case RequantField::Bias:
    return readFloats(word, fields.bias);
  case RequantField::BiasUnits:
    return readFloats(word, fields.biasUnits);
  case RequantField::Precision:
    return readPrecision(word, fields);
  case RequantField::ZeroPointAfter:
    fields.zeroPointAfter =
        word.attr.empty() || op->getAttr(word.attr) != Attribute();
    return success();
  case RequantField::LeftShift:
    return number(fields.leftShift);
  case RequantField::Offset:
    return number(fields.inputZeroPoint, -1);
  case RequantField::Lo:
    return number(fields.lo);
  case RequantField::Hi:
    return number(fields.hi);
  case RequantField::Los:
    return readClamps(word, fields.los);
  case RequantField::His:
    return readClamps(word, fields.his);
  }
  return success();
}

LogicalResult RequantReader::read(RequantFields &fields) {
  if (failed(readKernel(fields)))
    return failure();
  for (const RequantWord &word : words.words)
    if (failed(readField(word, fields)))
      return failure();
  // What the kernel multiplies by must be there, under the name that it has.
  auto require = [&](RequantField field, bool found) -> LogicalResult {
    if (found)
      return success();
    for (const RequantWord &word : words.words)
      if (word.field == field)
        return op->emitOpError() << "expects '" << word.attr << "'";
    return success();
  };
  if (numerics::isFloatKernel(fields.kernel))
    return require(fields.kernel == RequantizeKernel::R12
                       ? RequantField::Factors64
                       : RequantField::Factors,
                   !fields.factors.empty());
  if (failed(require(RequantField::Multipliers,
                     !fields.multipliers.empty() ||
                         fields.kernel == RequantizeKernel::R6)) ||
      failed(require(RequantField::Shifts, !fields.shifts.empty())))
    return failure();
  if (fields.multipliers.empty())
    fields.multipliers.assign(std::max<size_t>(fields.shifts.size(), 1), 1);
  if (fields.shifts.empty())
    fields.shifts.assign(fields.multipliers.size(), 0);
  return success();
}

FailureOr<RequantAttr> hwq::readRequant(Operation *op,
                                        const RequantWords &words,
                                        StringRef stepFour, StringRef name,
                                        const NamedAttrList &attrs) {
  RequantReader reader(op, words);
  // An accumulator, or a sum's part that the target has nothing to say about.
  bool isTerm = stepFour == "add" || stepFour == "sub";
  if (!isTerm && reader.isEmpty())
    return RequantAttr();
  RequantFields fields;
  readTypes(op, stepFour, name, fields);
  if (failed(reader.read(fields)))
    return failure();
  if (!fields.los.empty()) {
    fields.lo = *llvm::min_element(fields.los);
    fields.hi = *llvm::max_element(fields.his);
  }
  if (fields.kernel == RequantizeKernel::R10)
    fields.zeroPoint = 0;
  if (fields.kernel == RequantizeKernel::R9 ||
      fields.kernel == RequantizeKernel::R14) {
    auto type = getUniform(op->getResult(0));
    fields.outputScale = type ? static_cast<float>(type.getScale()) : 1.0f;
  }
  if (stepFour == "requantize" && op->getNumOperands() > 1)
    if (auto type = getUniform(op->getOperand(1)))
      fields.residualScale = static_cast<float>(type.getScale());
  if (!numerics::isFloatKernel(fields.kernel) &&
      fields.multipliers.size() != fields.shifts.size())
    return op->emitOpError()
           << "expects as many multipliers as shifts, got "
           << fields.multipliers.size() << " and " << fields.shifts.size();
  readScales(op, stepFour, name, attrs, fields);
  if (DenseF64ArrayAttr stated = getStatedScales(op, name)) {
    if (static_cast<size_t>(stated.size()) != fields.scales.size())
      return op->emitOpError()
             << "expects " << fields.scales.size() << " scales of '" << name
             << "' in '" << kScalesAttr << "', got " << stated.size();
    fields.scales.assign(stated.asArrayRef().begin(),
                         stated.asArrayRef().end());
  }
  RequantAttr requant = RequantAttr::getChecked(
      [&] { return op->emitOpError(); }, op->getContext(), fields);
  if (!requant)
    return failure();
  return requant;
}
