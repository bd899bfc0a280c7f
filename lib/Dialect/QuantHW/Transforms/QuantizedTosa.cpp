//===- QuantizedTosa.cpp - Quantized TOSA, read value by value --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QuantizedTosa.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/ImportedParams.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/TypeSwitch.h"
#include <cmath>

using namespace mlir;
using namespace hwq;

static Type getElementType(Value value) {
  auto type = dyn_cast<ShapedType>(value.getType());
  return type ? type.getElementType() : value.getType();
}

/// Codes of activations; those of 32 bits are accumulators.
static bool isCodeType(Type element) {
  auto type = dyn_cast<quant::QuantizedType>(element);
  return type && type.getStorageTypeIntegralWidth() <= 16;
}

static bool isConstantChain(Value value) {
  Operation *op = value.getDefiningOp();
  while (isa_and_present<quant::QuantizeCastOp, quant::DequantizeCastOp,
                         quant::StorageCastOp, tosa::ReshapeOp>(op))
    op = op->getOperand(0).getDefiningOp();
  return isa_and_present<tosa::ConstOp, tosa::ConstShapeOp>(op);
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

Type QuantizedTosaReader::getRealType(Value value) {
  return cast<RankedTensorType>(value.getType()).clone(builder.getF32Type());
}

FailureOr<quant::UniformQuantizedType>
QuantizedTosaReader::checkType(Operation *user, Type element) {
  auto type = dyn_cast<quant::UniformQuantizedType>(element);
  if (!type)
    return user->emitError()
           << "'" << user->getName() << "' has an activation of the type "
           << element << ", expected one scale and zero point";
  if (!type.getExpressedType().isF32())
    return user->emitError() << "'" << user->getName() << "' has the type "
                             << type << ", expected one that expresses f32";
  if (type.getZeroPoint() < type.getStorageTypeMin() ||
      type.getZeroPoint() > type.getStorageTypeMax())
    return user->emitError()
           << "'" << user->getName() << "' has the zero point "
           << type.getZeroPoint() << ", expected one in ["
           << type.getStorageTypeMin() << ", " << type.getStorageTypeMax()
           << "]";
  auto single = static_cast<float>(type.getScale());
  if (!(single > 0) || std::isinf(single))
    return user->emitError()
           << "'" << user->getName() << "' has the scale " << type.getScale()
           << ", expected one that is positive and finite in f32";
  return type;
}

FailureOr<quant::UniformQuantizedType>
QuantizedTosaReader::getCodeType(Operation *op) {
  Type element = getElementType(op->getResult(0));
  if (isCodeType(element))
    return checkType(op, element);
  auto storage = dyn_cast<IntegerType>(element);
  if (storage && storage.getWidth() <= 16)
    for (Operation *user : op->getUsers())
      if (isa<quant::StorageCastOp>(user))
        return checkType(user, getElementType(user->getResult(0)));
  return quant::UniformQuantizedType();
}

LogicalResult QuantizedTosaReader::checkZeroPoint(Operation *op, Value operand,
                                                  int64_t expected,
                                                  StringRef what) {
  FailureOr<std::vector<int64_t>> zero = getIntegerConstant(operand);
  if (failed(zero) || zero->size() != 1)
    return op->emitError() << "'" << op->getName() << "': expected the " << what
                           << " to be one constant";
  if (zero->front() != expected)
    return op->emitError() << "'" << op->getName() << "' has the " << what
                           << " " << zero->front() << ", its type has "
                           << expected;
  return success();
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

FailureOr<QuantizedValue> QuantizedTosaReader::get(Operation *user,
                                                   Value value) {
  auto it = values.find(value);
  if (it != values.end())
    return it->second;
  if (!isConstantChain(value))
    return user->emitError() << "'" << user->getName()
                             << "' reads a value that is no tensor of the "
                                "program";
  FailureOr<QuantizedWeights> constant = getWeights(user, value);
  if (failed(constant))
    return failure();
  QuantizedValue meaning;
  if (constant->type && isCodeType(getElementType(value))) {
    FailureOr<quant::UniformQuantizedType> type =
        checkType(user, constant->type);
    if (failed(type))
      return failure();
    meaning.kind = QuantizedValue::Codes;
    meaning.type = *type;
  }
  meaning.real = createConstant(builder, value.getLoc(),
                                cast<ShapedType>(value.getType()).getShape(),
                                ArrayRef<float>(constant->values), "constant");
  if (auto type =
          dyn_cast_if_present<quant::UniformQuantizedType>(constant->type))
    meaning.real.getDefiningOp()->setAttr(kModelParametersAttr,
                                          TypeAttr::get(type));
  values[value] = meaning;
  return meaning;
}

Value QuantizedTosaReader::cloneConstant(Value value) {
  Operation *op = value.getDefiningOp();
  if (!isa_and_present<tosa::ConstOp, tosa::ConstShapeOp>(op))
    return {};
  return builder.clone(*op)->getResult(0);
}

/// The name that the program gives the tensor, or one made from the op's.
static std::string getName(StringRef given, Location loc, StringRef made,
                           llvm::StringSet<> &used) {
  std::string base = given.str();
  if (auto named = dyn_cast<NameLoc>(loc); base.empty() && named)
    base = named.getName().str();
  bool isMade = base.empty();
  if (isMade)
    base = made.str();
  std::string name = isMade ? base + "_0" : base;
  for (unsigned i = 1; !used.insert(name).second; ++i)
    name = base + "_" + std::to_string(i);
  return name;
}

void QuantizedTosaReader::observe(Operation *op, StringRef name, Value real,
                                  quant::UniformQuantizedType type) {
  Operation *maker = real.getDefiningOp();
  if (maker && !maker->hasAttr(kNameAttr) && !isa<ObserveOp>(maker))
    setTensorName(maker, name);
  auto bound = [&](int64_t code) {
    return type.getScale() * static_cast<double>(code - type.getZeroPoint());
  };
  auto observer = ObserveOp::create(
      builder, op ? op->getLoc() : real.getLoc(), real.getType(), real,
      builder.getStringAttr(name),
      builder.getDenseF64ArrayAttr(
          {bound(type.getStorageTypeMin()), bound(type.getStorageTypeMax())}),
      builder.getStringAttr("imported"));
  observer->setAttr(kModelParametersAttr, TypeAttr::get(type));
  QuantizedValue meaning;
  meaning.kind = QuantizedValue::Codes;
  meaning.real = observer.getOutput();
  meaning.type = type;
  if (op)
    values[op->getResult(0)] = meaning;
}

Value QuantizedTosaReader::reshape(Location loc, Value value,
                                   ArrayRef<int64_t> shape) {
  SmallVector<int64_t> sizes;
  for (int64_t size : shape)
    sizes.push_back(ShapedType::isDynamic(size) ? -1 : size);
  auto rank = static_cast<int64_t>(sizes.size());
  Value constant = tosa::ConstShapeOp::create(
      builder, loc, tosa::shapeType::get(builder.getContext(), rank),
      DenseIntElementsAttr::get(
          RankedTensorType::get({rank}, builder.getIndexType()), sizes));
  return tosa::ReshapeOp::create(
      builder, loc, cast<RankedTensorType>(value.getType()).clone(shape), value,
      constant);
}

LogicalResult QuantizedTosaReader::defineCodes(Operation *op, Value real) {
  FailureOr<quant::UniformQuantizedType> type = getCodeType(op);
  if (failed(type))
    return failure();
  if (!*type)
    return op->emitError() << "'" << op->getName()
                           << "' gives integers, expected a quantized type";
  if (real.getDefiningOp<ObserveOp>())
    real = UnaryOp::create(builder, op->getLoc(), real.getType(),
                           UnaryKind::Identity, real);
  StringRef given = getTensorName(op->getResult(0));
  if (auto argument = dyn_cast<BlockArgument>(real); argument && given.empty())
    given = getTensorName(real);
  observe(op, getName(given, op->getLoc(), op->getName().stripDialect(), names),
          real, *type);
  // A fully connected layer that was a convolution.
  QuantizedValue &codes = values[op->getResult(0)];
  auto shape = cast<RankedTensorType>(op->getResult(0).getType()).getShape();
  if (static_cast<int64_t>(shape.size()) !=
      cast<ShapedType>(real.getType()).getRank())
    codes.real = reshape(op->getLoc(), codes.real, shape);
  return success();
}

LogicalResult QuantizedTosaReader::readArgument(BlockArgument argument) {
  auto type = dyn_cast<RankedTensorType>(argument.getType());
  Type element = getElementType(argument);
  auto fail = [&] {
    return emitError(argument.getLoc())
           << "argument " << argument.getArgNumber() << " has the type "
           << argument.getType()
           << ", expected a ranked tensor of f32 or of codes";
  };
  if (!type)
    return fail();
  QuantizedValue meaning;
  meaning.real = function.front().addArgument(type.clone(builder.getF32Type()),
                                              argument.getLoc());
  if (isCodeType(element)) {
    // The function is no op with this operand, but it has the location.
    FailureOr<quant::UniformQuantizedType> codes = checkType(function, element);
    if (failed(codes))
      return failure();
    auto given = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(),
                                                       kNameAttr);
    std::string name = getName(given ? given.getValue() : "", argument.getLoc(),
                               "input", names);
    function.setArgAttr(argument.getArgNumber(), kNameAttr,
                        builder.getStringAttr(name));
    meaning.kind = QuantizedValue::Codes;
    meaning.type = *codes;
    observe(nullptr, name, meaning.real, *codes);
    meaning.real = function.front().back().getResult(0);
  } else if (auto storage = dyn_cast<IntegerType>(element)) {
    if (storage.getWidth() != 8)
      return fail();
    meaning.kind = QuantizedValue::Storage;
  } else if (!element.isF32()) {
    return fail();
  }
  values[argument] = meaning;
  return success();
}

//===----------------------------------------------------------------------===//
// Casts, movement, floats
//===----------------------------------------------------------------------===//

LogicalResult QuantizedTosaReader::readQuantCast(Operation *op) {
  if (isConstantChain(op->getResult(0)))
    return success();
  FailureOr<QuantizedValue> x = get(op, op->getOperand(0));
  if (failed(x))
    return failure();
  if (isa<quant::QuantizeCastOp>(op)) {
    if (x->kind != QuantizedValue::Real)
      return op->emitError() << "'quant.qcast' of codes, expected f32";
    return defineCodes(op, x->real);
  }
  if (isa<quant::DequantizeCastOp>(op)) {
    QuantizedValue real;
    real.real = x->real;
    values[op->getResult(0)] = real;
    return success();
  }
  Type element = getElementType(op->getResult(0));
  if (!isCodeType(element)) {
    // What the codes mean is not lost.
    values[op->getResult(0)] = *x;
    return success();
  }
  if (x->kind == QuantizedValue::Storage)
    return defineCodes(op, x->real);
  FailureOr<quant::UniformQuantizedType> type = checkType(op, element);
  if (failed(type))
    return failure();
  if (x->kind == QuantizedValue::Codes && x->type != *type)
    return op->emitError() << "'quant.scast' says that the codes are of "
                           << *type << ", they are of " << x->type;
  values[op->getResult(0)] = *x;
  return success();
}

LogicalResult QuantizedTosaReader::readMovement(Operation *op) {
  if (isConstantChain(op->getResult(0)))
    return success();
  unsigned count = isa<tosa::ConcatOp>(op) ? op->getNumOperands() : 1;
  SmallVector<Value> operands;
  QuantizedValue first;
  for (unsigned i = 0; i < op->getNumOperands(); ++i) {
    Value operand = op->getOperand(i);
    if (i >= count) {
      operands.push_back(cloneConstant(operand));
      if (!operands.back())
        return op->emitError() << "'" << op->getName() << "': expected operand "
                               << i << " to be constant";
      continue;
    }
    FailureOr<QuantizedValue> x = get(op, operand);
    if (failed(x))
      return failure();
    if (i == 0)
      first = *x;
    else if (x->kind != first.kind || x->type != first.type ||
             x->scales != first.scales || x->zeroPoint != first.zeroPoint)
      return op->emitError() << "'" << op->getName()
                             << "' has operands of different scales or zero "
                                "points";
    operands.push_back(x->real);
  }
  if (first.kind == QuantizedValue::Storage || first.scales.size() > 1)
    return op->emitError() << "'" << op->getName() << "' moves integers that "
                           << (first.scales.empty() ? "have no scale"
                                                    : "have one scale a "
                                                      "channel");
  if (auto pad = dyn_cast<tosa::PadOp>(op);
      pad && first.kind != QuantizedValue::Real) {
    FailureOr<std::vector<int64_t>> code =
        getIntegerConstant(pad.getPadConst());
    if (failed(code) || code->size() != 1)
      return op->emitError()
             << "'tosa.pad': expected the value to be one constant code";
    double value = static_cast<double>(code->front());
    if (first.kind == QuantizedValue::Codes)
      value = first.type.getScale() *
              static_cast<double>(code->front() - first.type.getZeroPoint());
    else
      value = first.scales.front() * (value - first.zeroPoint);
    operands[2].getDefiningOp()->erase();
    operands[2] =
        createConstant(builder, op->getLoc(), {1},
                       ArrayRef<float>(static_cast<float>(value)), "pad");
  }
  if (first.kind == QuantizedValue::Codes) {
    FailureOr<quant::UniformQuantizedType> type = getCodeType(op);
    if (failed(type))
      return failure();
    if (*type && *type != first.type)
      return op->emitError()
             << "'" << op->getName() << "' makes codes of " << *type
             << " from those of " << first.type
             << ", expected it to leave scale and zero point as they are";
  }
  Operation *moved = op->clone();
  builder.insert(moved);
  moved->setOperands(operands);
  moved->getResult(0).setType(getRealType(op->getResult(0)));
  first.real = moved->getResult(0);
  values[op->getResult(0)] = first;
  return success();
}

LogicalResult QuantizedTosaReader::copy(Operation *op) {
  SmallVector<Value> operands;
  for (Value operand : op->getOperands()) {
    if (Value constant = cloneConstant(operand)) {
      operands.push_back(constant);
      continue;
    }
    FailureOr<QuantizedValue> x = get(op, operand);
    if (failed(x))
      return failure();
    if (x->kind != QuantizedValue::Real)
      return op->emitError() << "'" << op->getName()
                             << "' of quantized tensors is not supported";
    operands.push_back(x->real);
  }
  if (op->getNumRegions() || op->getNumResults() != 1 ||
      !getElementType(op->getResult(0)).isF32() ||
      !isa<RankedTensorType>(op->getResult(0).getType()))
    return op->emitError() << "'" << op->getName()
                           << "' is not supported in a quantized program";
  Operation *copied = op->clone();
  builder.insert(copied);
  copied->setOperands(operands);
  QuantizedValue meaning;
  meaning.real = copied->getResult(0);
  values[op->getResult(0)] = meaning;
  return success();
}

LogicalResult QuantizedTosaReader::readReturn(func::ReturnOp op) {
  SmallVector<Value> results;
  for (auto [i, operand] : llvm::enumerate(op.getOperands())) {
    FailureOr<QuantizedValue> x = get(op, operand);
    if (failed(x))
      return failure();
    if (x->kind != QuantizedValue::Real && x->kind != QuantizedValue::Codes)
      return op->emitError()
             << "result " << i << " has the type " << operand.getType()
             << ", expected f32 or codes with a scale";
    results.push_back(x->real);
  }
  func::ReturnOp::create(builder, op.getLoc(), results);
  return success();
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

LogicalResult QuantizedTosaReader::readOp(Operation *op) {
  if (inFunctions.contains(op))
    return success();
  if (auto it = functions.find(op); it != functions.end())
    return readFunction(op, it->second);
  if (auto it = softmaxes.find(op); it != softmaxes.end()) {
    FailureOr<QuantizedValue> x = get(op, it->second.leaf);
    if (failed(x))
      return failure();
    return defineCodes(op, SoftmaxOp::create(builder, op->getLoc(),
                                             x->real.getType(), x->real,
                                             it->second.axis));
  }
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<tosa::ConstOp, tosa::ConstShapeOp>([](auto) { return success(); })
      .Case<quant::QuantizeCastOp, quant::DequantizeCastOp,
            quant::StorageCastOp>([&](auto) { return readQuantCast(op); })
      .Case([&](func::ReturnOp r) { return readReturn(r); })
      .Case<tosa::Conv2DOp, tosa::DepthwiseConv2DOp, tosa::TransposeConv2DOp,
            tosa::MatMulOp>([&](auto) { return readDot(op); })
      .Case([&](tosa::RescaleOp o) { return readRescale(o); })
      .Case([&](tosa::ClampOp o) { return readClamp(o); })
      .Case([&](tosa::AvgPool2dOp o) { return readAveragePool(o); })
      .Case([&](tosa::ReduceSumOp o) { return readReduceSum(o); })
      .Case<tosa::AddOp, tosa::SubOp, tosa::MulOp, tosa::MaximumOp,
            tosa::MinimumOp, tosa::SigmoidOp, tosa::TanhOp>(
          [&](auto) { return readElementwise(op); })
      .Case<tosa::ReshapeOp, tosa::TransposeOp, tosa::SliceOp, tosa::PadOp,
            tosa::ConcatOp, tosa::ReverseOp, tosa::TileOp, tosa::MaxPool2dOp,
            tosa::IdentityOp>([&](auto) { return readMovement(op); })
      .Case([&](tosa::ResizeOp o) {
        return o.getMode() == tosa::ResizeMode::NEAREST_NEIGHBOR
                   ? readMovement(op)
                   : readResize(o);
      })
      .Case([&](tosa::TableOp o) { return readTable(o); })
      .Case([&](tosa::CastOp o) { return readCast(o); })
      .Default([&](Operation *) { return copy(op); });
}

LogicalResult QuantizedTosaReader::run() {
  if (!function.getBody().hasOneBlock())
    return function.emitError() << "expected a function of one block";
  Block &old = function.front();
  auto *made = new Block();
  function.getBody().push_front(made);
  builder.setInsertionPointToStart(made);
  findFunctions(old);
  LogicalResult result = success();
  for (BlockArgument argument : old.getArguments())
    if (failed(result = readArgument(argument)))
      break;
  if (succeeded(result))
    for (Operation &op : old)
      if (failed(result = readOp(&op)))
        break;
  if (failed(result)) {
    // The program is as it was.
    made->dropAllDefinedValueUses();
    made->erase();
    return failure();
  }
  old.erase();
  // A product in front of a cast is the quantizer's, sums are a mean's.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*made)))
    if (isa<tosa::MulOp, tosa::ConstOp, tosa::ReduceSumOp>(op) &&
        op.use_empty())
      op.erase();
  function.setFunctionType(builder.getFunctionType(
      made->getArgumentTypes(), made->getTerminator()->getOperandTypes()));
  return success();
}
