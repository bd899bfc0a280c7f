//===- StepFour.cpp - What model files need of a step-4 program -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StepFour.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using numerics::RequantizeKernel;

static FailureOr<func::FuncOp> getFunction(ModuleOp module, Form form,
                                           StringRef format) {
  if (failed(checkForm(module, form, format)))
    return failure();
  auto functions = llvm::to_vector(module.getOps<func::FuncOp>());
  if (functions.size() != 1)
    return module.emitError()
           << format << ": expected one function, got " << functions.size();
  if (!llvm::hasSingleElement(functions.front().getBody()))
    return functions.front().emitError()
           << format << ": expected a function of one block";
  // The channels of an activation are its last axis, those of weights axis 0.
  WalkResult result = functions.front().walk([&](Operation *op) {
    for (Value value : op->getResults())
      if (auto type = dyn_cast<quant::UniformQuantizedPerAxisType>(
              getElementTypeOrSelf(value.getType()));
          type && type.getQuantizedDimension() != 0) {
        op->emitError() << format << ": expected one scale for tensor "
                        << describeTensor(value) << ", got one per channel";
        return WalkResult::interrupt();
      }
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  return functions.front();
}

FailureOr<func::FuncOp> interchange::getStepFour(ModuleOp module,
                                                 StringRef format) {
  return getFunction(module, Form::Step4, format);
}

FailureOr<func::FuncOp> interchange::getStepZero(ModuleOp module,
                                                 StringRef format) {
  return getFunction(module, Form::Step0, format);
}

numerics::QuantParams interchange::getFileParams(Value value) {
  numerics::QuantParams params = getQuantParams(value);
  params.scale = static_cast<float>(params.scale);
  return params;
}

//===----------------------------------------------------------------------===//
// Dot products
//===----------------------------------------------------------------------===//

template <typename E> static std::string list(ArrayRef<E> values) {
  std::vector<std::string> names;
  for (E value : values)
    names.push_back(std::string(numerics::stringify(value)));
  return llvm::join(names, ", ");
}

static float getScale(Value value) {
  return static_cast<float>(getFileParams(value).scale);
}

/// Whether the requantization is the one that the kernel makes of the scales in
/// f32; an error on `op` otherwise.
static LogicalResult checkRequant(Operation *op, const DotProduct &dot) {
  bool isFloat = getElementTypeOrSelf(dot.output).isF32();
  numerics::RequantizeParams params;
  params.kernel = dot.requant.getKernel();
  double out = isFloat ? 1 : getScale(dot.output);
  for (float weightScale : dot.weightScales) {
    double scale = numerics::combineScales(params.kernel, getScale(dot.input),
                                           weightScale, out);
    if (numerics::isFloatKernel(params.kernel)) {
      params.scales.push_back(scale);
      continue;
    }
    numerics::Result<numerics::Multiplier> m =
        numerics::chooseMultiplier(params.kernel, scale);
    if (!m)
      return op->emitError() << describeTensor(dot.output) << ": " << m.error();
    params.multipliers.push_back(*m);
  }
  params.outputScale = static_cast<float>(out);
  RequantFields given = dot.requant.getFields(), expected = given;
  expected.setKernel(params);
  if (dot.residual)
    expected.residualScale = getScale(dot.residual);
  if (expected.multipliers == given.multipliers &&
      expected.shifts == given.shifts && expected.factors == given.factors &&
      given.outputScale.value_or(out) == out &&
      expected.residualScale == given.residualScale)
    return success();
  return op->emitError() << describeTensor(dot.output)
                         << ": the scales of the file stand for another "
                            "requantization: expected "
                         << RequantAttr::get(op->getContext(), expected)
                         << ", got " << dot.requant;
}

static LogicalResult readWeights(Operation *op, DotProduct &dot) {
  auto type = cast<RankedTensorType>(dot.weights.getType());
  auto element = dyn_cast<quant::QuantizedType>(type.getElementType());
  FailureOr<std::vector<int64_t>> codes = getIntegerConstant(dot.weights);
  auto error = [&]() -> InFlightDiagnostic {
    return op->emitError() << "the weights of " << describeTensor(dot.output)
                           << ": expected ";
  };
  if (!element || failed(codes) || codes->empty())
    return error() << "a quantized constant";
  if (element.getStorageTypeMin() < -128 || element.getStorageTypeMax() > 127)
    return error() << "codes in [-128, 127], got "
                   << element.getStorageTypeMin() << " to "
                   << element.getStorageTypeMax();
  dot.weightShape = llvm::to_vector(type.getShape());
  dot.codes.assign(codes->begin(), codes->end());
  SmallVector<int64_t> zeroPoints;
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element)) {
    dot.weightScales = {static_cast<float>(uniform.getScale())};
    zeroPoints = {uniform.getZeroPoint()};
  } else {
    auto perAxis = cast<quant::UniformQuantizedPerAxisType>(element);
    for (double scale : perAxis.getScales())
      dot.weightScales.push_back(static_cast<float>(scale));
    llvm::append_range(zeroPoints, perAxis.getZeroPoints());
  }
  for (int64_t zeroPoint : zeroPoints)
    if (zeroPoint != 0)
      return error() << "the zero point 0, got " << zeroPoint;
  return success();
}

/// The integer bias, without the input's zero point, and the real one.
static LogicalResult readBias(Operation *op, Value bias, DotProduct &dot) {
  size_t channels = dot.weightShape[0], taps = dot.codes.size() / channels;
  std::vector<int64_t> values(channels);
  if (bias) {
    FailureOr<std::vector<int64_t>> constant = getIntegerConstant(bias);
    if (failed(constant) || constant->size() != channels)
      return op->emitError() << "the bias of " << describeTensor(dot.output)
                             << ": expected " << channels << " integers";
    values = std::move(*constant);
  }
  // Files want the accumulator of codes less their zero points.
  int64_t zeroPoint =
      dot.op->hasAttr("raw_input") ? getFileParams(dot.input).zeroPoint : 0;
  for (size_t c = 0; c < channels; ++c) {
    for (size_t i = 0; i < taps; ++i)
      values[c] += zeroPoint * dot.codes[c * taps + i];
    if (values[c] < INT32_MIN || values[c] > INT32_MAX)
      return op->emitError()
             << "channel " << c << " of " << describeTensor(dot.output)
             << ": expected a bias of 32 bits, got " << values[c];
    dot.bias.push_back(static_cast<int32_t>(values[c]));
  }
  for (float scale : dot.weightScales)
    dot.biasScales.push_back(getScale(dot.input) * scale);
  DenseF64ArrayAttr real = dot.requant.getBias();
  if (!real)
    return success();
  if (dot.requant.getKernel() != RequantizeKernel::R14 ||
      llvm::any_of(dot.bias, [](int32_t b) { return b != 0; }))
    return op->emitError() << describeTensor(dot.output)
                           << ": expected an integer bias, got a real one";
  if (real.size() != 1 && real.size() != static_cast<int64_t>(channels))
    return op->emitError() << describeTensor(dot.output) << ": expected "
                           << channels << " biases, got " << real.size();
  for (size_t c = 0; c < channels; ++c)
    dot.realBias.push_back(static_cast<float>(real[real.size() == 1 ? 0 : c]));
  return success();
}

FailureOr<DotProduct>
interchange::readDotProduct(Operation *op, ArrayRef<RequantizeKernel> kernels) {
  DotProduct dot;
  dot.op = op;
  dot.output = op->getResult(0);
  dot.requant = op->getAttrOfType<RequantAttr>("requant");
  if (auto requantize = dyn_cast<RequantizeOp>(op)) {
    dot.op = requantize.getInput().getDefiningOp();
    dot.residual = requantize.getResidual();
    if (!isa_and_present<Conv2DOp, TransposeConv2DOp, FullyConnectedOp>(
            dot.op) ||
        dot.op->hasAttr("requant") || !dot.op->hasOneUse())
      return op->emitError() << "expected " << describeTensor(dot.output)
                             << " to requantize the accumulators of a dot "
                                "product that nothing else reads";
  }
  if (!dot.requant)
    return op->emitError() << "expected " << describeTensor(dot.output)
                           << " to be quantized integers, got "
                           << getElementTypeOrSelf(dot.output.getType());
  auto quantizable = cast<QuantizableOpInterface>(dot.op);
  dot.input = dot.op->getOperand(quantizable.getActivationOperands().front());
  dot.weights = dot.op->getOperand(*quantizable.getWeightOperand());
  Value bias;
  if (std::optional<unsigned> operand = quantizable.getBiasOperand())
    bias = dot.op->getOperand(*operand);
  if (!llvm::is_contained(kernels, dot.requant.getKernel()))
    return op->emitError() << describeTensor(dot.output)
                           << ": the format has no requantization '"
                           << numerics::stringify(dot.requant.getKernel())
                           << "', expected one of: " << list(kernels);
  int64_t zeroPoint = getFileParams(dot.input).zeroPoint;
  if (auto padValue = dot.op->getAttrOfType<IntegerAttr>("pad_value"))
    if (int64_t code = padValue.getInt(); code != zeroPoint)
      return op->emitError() << describeTensor(dot.output)
                             << ": expected padding with the zero point "
                             << zeroPoint << ", got " << code;
  if (failed(readWeights(op, dot)) || failed(readBias(op, bias, dot)) ||
      failed(checkRequant(op, dot)))
    return failure();
  return dot;
}

//===----------------------------------------------------------------------===//
// Other integer ops
//===----------------------------------------------------------------------===//

template <typename E>
static LogicalResult checkVariant(Operation *op, std::optional<E> variant,
                                  ArrayRef<E> variants) {
  if (variant && llvm::is_contained(variants, *variant))
    return success();
  InFlightDiagnostic error = op->emitError()
                             << describeTensor(op->getResult(0))
                             << ": the format has no arithmetic ";
  if (variant)
    error << "'" << numerics::stringify(*variant) << "'";
  else
    error << "without a variant";
  return error << ", expected one of: " << list(variants);
}

template <typename Attr> static auto getValue(std::optional<Attr> attr) {
  return attr ? std::optional(attr->getValue()) : std::nullopt;
}

static LogicalResult otherConstants(Operation *op, Attribute expected,
                                    Attribute got) {
  return op->emitError()
         << describeTensor(op->getResult(0))
         << ": the scales of the file stand for other constants: expected "
         << expected << ", got " << got;
}

template <typename SumOp>
static LogicalResult checkSumOf(SumOp op,
                                ArrayRef<numerics::AddVariant> variants) {
  std::optional<numerics::AddVariant> variant = getValue(op.getVariant());
  if (failed(checkVariant(op, variant, variants)))
    return failure();
  numerics::QuantParams lhs = getFileParams(op.getLhs()),
                        rhs = getFileParams(op.getRhs()),
                        out = getFileParams(op.getOutput());
  bool subtract = std::is_same_v<SumOp, SubOp>;
  numerics::Result<numerics::AddParams> params =
      numerics::usesKernel(*variant)
          ? numerics::deriveAdd(*variant, op.getRequant().getKernel(), lhs, rhs,
                                out, subtract)
          : numerics::deriveAdd(*variant, lhs, rhs, out, subtract);
  if (!params)
    return op.emitError() << describeTensor(op.getOutput()) << ": "
                          << params.error();
  AddRequants given{op.getLhsRequant(), op.getRhsRequant(), op.getRequant()};
  AddRequants derived = getAddRequants(*params, given);
  if (derived.lhs != given.lhs)
    return otherConstants(op, derived.lhs, given.lhs);
  if (derived.rhs != given.rhs)
    return otherConstants(op, derived.rhs, given.rhs);
  if (derived.output != given.output)
    return otherConstants(op, derived.output, given.output);
  return success();
}

LogicalResult interchange::checkSum(Operation *op,
                                    ArrayRef<numerics::AddVariant> variants) {
  if (auto add = dyn_cast<hwq::AddOp>(op))
    return checkSumOf(add, variants);
  return checkSumOf(cast<hwq::SubOp>(op), variants);
}

LogicalResult interchange::checkMul(hwq::MulOp op,
                                    ArrayRef<numerics::MulVariant> variants) {
  std::optional<numerics::MulVariant> variant = getValue(op.getVariant());
  if (failed(checkVariant(op, variant, variants)))
    return failure();
  numerics::Result<numerics::MulParams> params = numerics::deriveMul(
      *variant, getFileParams(op.getLhs()), getFileParams(op.getRhs()),
      getFileParams(op.getOutput()));
  if (!params)
    return op.emitError() << describeTensor(op.getOutput()) << ": "
                          << params.error();
  RequantAttr derived = getMulRequant(*params, op.getRequant());
  return derived == op.getRequant()
             ? success()
             : otherConstants(op, derived, op.getRequant());
}

FailureOr<MatMulOp> interchange::readMatMul(Operation *op,
                                            ArrayRef<RequantizeKernel> kernels,
                                            bool productInF32) {
  Value output = op->getResult(0);
  auto product = dyn_cast<MatMulOp>(op);
  if (auto requantize = dyn_cast<RequantizeOp>(op))
    product = requantize.getInput().getDefiningOp<MatMulOp>();
  auto given = op->getAttrOfType<RequantAttr>("requant");
  if (!product || !given)
    return op->emitError() << "expected " << describeTensor(output)
                           << " to requantize a product of activations";
  if (!llvm::is_contained(kernels, given.getKernel()))
    return op->emitError() << describeTensor(output)
                           << ": the format has no requantization '"
                           << numerics::stringify(given.getKernel())
                           << "', expected one of: " << list(kernels);
  float lhs = getScale(product.getLhs()), rhs = getScale(product.getRhs()),
        out = getElementTypeOrSelf(output).isF32() ? 1 : getScale(output);
  numerics::RequantizeParams params;
  params.kernel = given.getKernel();
  double scale = productInF32
                     ? numerics::combineScales(params.kernel, lhs * rhs, 1, out)
                     : numerics::combineScales(params.kernel, lhs, rhs, out);
  if (numerics::isFloatKernel(params.kernel)) {
    params.scales = {scale};
  } else {
    auto m = numerics::chooseMultiplier(params.kernel, scale);
    if (!m)
      return op->emitError() << describeTensor(output) << ": " << m.error();
    params.multipliers = {*m};
  }
  params.outputScale = out;
  RequantFields expected = given.getFields();
  expected.setKernel(params);
  RequantFields fields = given.getFields();
  if (expected.multipliers == fields.multipliers &&
      expected.shifts == fields.shifts && expected.factors == fields.factors &&
      fields.outputScale.value_or(out) == out)
    return product;
  return otherConstants(op, RequantAttr::get(op->getContext(), expected),
                        given);
}

LogicalResult interchange::checkPRelu(PReluOp op, RequantizeKernel kernel) {
  auto params = numerics::derivePRelu(kernel, getFileParams(op.getInput()),
                                      getFileParams(op.getSlope()),
                                      getFileParams(op.getOutput()));
  if (!params)
    return op.emitError() << describeTensor(op.getOutput()) << ": "
                          << params.error();
  PReluRequants given{*op.getPositive(), *op.getNegative()},
      derived = getPReluRequants(*params, given);
  if (derived.positive != given.positive)
    return otherConstants(op, derived.positive, given.positive);
  if (derived.negative != given.negative)
    return otherConstants(op, derived.negative, given.negative);
  return success();
}

LogicalResult interchange::checkMean(MeanOp op,
                                     ArrayRef<numerics::MeanVariant> variants) {
  Attribute expected;
  for (numerics::MeanVariant variant : variants) {
    auto params =
        numerics::deriveMean(variant, getFileParams(op.getInput()),
                             getFileParams(op.getOutput()), op.getCount());
    if (!params)
      return op.emitError()
             << describeTensor(op.getOutput()) << ": " << params.error();
    RequantAttr derived = getMeanRequant(*params, *op.getRequant());
    if (derived == *op.getRequant())
      return success();
    if (!expected)
      expected = derived;
  }
  return otherConstants(op, expected, *op.getRequant());
}

LogicalResult
interchange::checkAvgPool(AvgPool2DOp op,
                          ArrayRef<numerics::AvgPoolVariant> variants) {
  return checkVariant(op, getValue(op.getVariant()), variants);
}

LogicalResult
interchange::checkRescale(RequantizeOp op,
                          ArrayRef<numerics::ConcatVariant> variants) {
  if (!isa<quant::UniformQuantizedType>(getElementTypeOrSelf(op.getInput())) ||
      op.isFloat() || op.getResidual())
    return op.emitError() << "expected " << describeTensor(op.getOutput())
                          << " to be codes made of codes";
  // A formula that is a kernel stands as one.
  bool found = false;
  RequantAttr expected;
  for (numerics::ConcatVariant variant : variants) {
    if (op.getVariant() && op.getVariant()->getValue() != variant)
      continue;
    numerics::Result<numerics::ConcatParams> params = numerics::deriveConcat(
        variant, getFileParams(op.getInput()), getFileParams(op.getOutput()));
    if (!params)
      return op.emitError()
             << describeTensor(op.getOutput()) << ": " << params.error();
    RequantAttr derived = getRescaleRequant(*params, op.getRequant());
    if (!expected)
      expected = derived;
    found |= op.getVariant() ? !derived : derived == op.getRequant();
  }
  if (found)
    return success();
  if (!expected)
    return op.emitError() << describeTensor(op.getOutput())
                          << ": the format has no such requantization of "
                             "codes, expected one of: "
                          << list(variants);
  return otherConstants(op, expected, op.getRequant());
}

//===----------------------------------------------------------------------===//
// Constants and names
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<int64_t>> interchange::getShapeConstant(Operation *op,
                                                              Value shape) {
  auto constant = shape.getDefiningOp<tosa::ConstShapeOp>();
  if (!constant)
    return op->emitError() << "expected a constant shape for "
                           << describeTensor(op->getResult(0));
  SmallVector<int64_t> values;
  for (const APInt &value : constant.getValues().getValues<APInt>())
    values.push_back(value.getSExtValue());
  return values;
}

FailureOr<int64_t> interchange::getScalarCode(Operation *op, Value value) {
  FailureOr<std::vector<int64_t>> codes = getIntegerConstant(value);
  if (failed(codes) || codes->size() != 1)
    return op->emitError() << "expected one constant code for "
                           << describeTensor(op->getResult(0));
  return codes->front();
}

TensorNames::TensorNames(func::FuncOp function) {
  auto add = [&](std::vector<std::string> &names, Attribute attr,
                 StringRef fallback) {
    auto name = dyn_cast_if_present<StringAttr>(attr);
    names.push_back(unique(name && !name.empty() ? name.getValue() : fallback));
  };
  for (unsigned i = 0, e = function.getNumArguments(); i < e; ++i)
    add(inputs, function.getArgAttr(i, kNameAttr), "input");
  for (unsigned i = 0, e = function.getNumResults(); i < e; ++i)
    add(outputs, function.getResultAttr(i, kNameAttr), "output");
}

std::string TensorNames::unique(StringRef name) {
  std::string result = name.str();
  for (unsigned i = 1; !taken.insert(result).second; ++i)
    result = (name + "_" + Twine(i)).str();
  return result;
}

std::string TensorNames::get(Value value, StringRef fallback) {
  StringRef name = getTensorName(value);
  if (name.empty())
    name = fallback;
  // The codes of an input or output have its name in the program.
  if (taken.contains(name) &&
      isa<quant::QuantizedType>(getElementTypeOrSelf(value.getType())))
    return unique((name + "_quantized").str());
  return unique(name);
}
