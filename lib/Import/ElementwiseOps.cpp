//===- ElementwiseOps.cpp - Arithmetic with broadcasting --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace hwq::onnx_import;

FailureOr<BroadcastOperands>
hwq::onnx_import::broadcastOperands(Importer &im,
                                    ArrayRef<OnnxValue> operands) {
  BroadcastOperands result;
  size_t rank = 0;
  for (const OnnxValue &operand : operands) {
    if (operand.constant ? !operand.constant->isFloat
                         : operand.activation->isInteger)
      return im.error() << "an operand has integers, expected floats";
    rank = std::max(rank, operand.constant ? operand.constant->shape.size()
                                           : operand.activation->shape.size());
  }
  result.shape.assign(rank, 1);
  for (const OnnxValue &operand : operands) {
    ArrayRef<int64_t> shape =
        operand.constant ? operand.constant->shape : operand.activation->shape;
    if (operand.activation && shape.size() == rank &&
        operand.activation->channelsLast)
      result.isChannelsLast = true;
    for (auto [i, dim] : llvm::enumerate(shape)) {
      int64_t &out = result.shape[rank - shape.size() + i];
      if (dim == 1)
        continue;
      if (dim == kDynamic) {
        if (out != 1 && (out != kDynamic ||
                         result.batchFactor != operand.activation->batchFactor))
          return im.error()
                 << "an operand whose dimension " << rank - shape.size() + i
                 << " is the dynamic batch does not broadcast";
        result.batchFactor = operand.activation->batchFactor;
      } else if (out != 1 && out != dim) {
        InFlightDiagnostic diagnostic =
            im.error() << "the operands do not broadcast: dimension "
                       << rank - shape.size() + i << " is " << dim << " and ";
        out == kDynamic ? diagnostic << "?" : diagnostic << out;
        return diagnostic;
      }
      out = dim;
    }
  }
  if (llvm::count(result.shape, kDynamic) > 1)
    return im.error() << "two dimensions of the result depend on the batch";
  for (const OnnxValue &operand : operands) {
    if (operand.constant) {
      if (operand.constant->floats.empty())
        return im.error() << "constant '" << operand.constant->name
                          << "' has no elements";
      result.values.push_back(im.broadcastConstant(*operand.constant,
                                                   static_cast<int64_t>(rank),
                                                   result.isChannelsLast));
      continue;
    }
    Activation &activation = *operand.activation;
    if (activation.shape.size() == rank) {
      result.values.push_back(result.isChannelsLast
                                  ? im.channelsLast(activation)
                                  : im.plain(activation));
      continue;
    }
    Activation widened;
    widened.shape.assign(rank - activation.shape.size(), 1);
    llvm::append_range(widened.shape, activation.shape);
    widened.plain = im.reshape(im.plain(activation), widened.shape);
    result.values.push_back(result.isChannelsLast ? im.channelsLast(widened)
                                                  : widened.plain);
  }
  result.type =
      im.f32(result.isChannelsLast ? im.channelsLastShape(result.shape)
                                   : SmallVector<int64_t>(result.shape));
  return result;
}

LogicalResult hwq::onnx_import::defineElementwise(
    Importer &im, const BroadcastOperands &operands, Value result) {
  return operands.isChannelsLast
             ? im.defineChannelsLast(0, result, operands.shape,
                                     operands.batchFactor)
             : im.definePlain(0, result, operands.shape, operands.batchFactor);
}

FailureOr<BroadcastOperands> hwq::onnx_import::unaryOperand(Importer &im) {
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  return broadcastOperands(im, {OnnxValue{nullptr, *input}});
}

/// The inputs as they are; a lone constant beside activations stays one.
static FailureOr<BroadcastOperands> binaryOperands(Importer &im) {
  if (failed(im.expectInputs(2, 2)))
    return failure();
  return broadcastOperands(im, {im.input(0), im.input(1)});
}

template <typename OpTy> static LogicalResult importBinary(Importer &im) {
  FailureOr<BroadcastOperands> ops = binaryOperands(im);
  if (failed(ops))
    return failure();
  return defineElementwise(im, *ops,
                           OpTy::create(im.builder, im.loc(), ops->type,
                                        ops->values[0], ops->values[1]));
}

static LogicalResult importMul(Importer &im) {
  FailureOr<BroadcastOperands> ops = binaryOperands(im);
  if (failed(ops))
    return failure();
  return defineElementwise(im, *ops, im.mul(ops->values[0], ops->values[1]));
}

static LogicalResult importDiv(Importer &im) {
  if (failed(im.expectInputs(2, 2)))
    return failure();
  OnnxValue divisor = im.input(1);
  bool isConstant = divisor.constant && divisor.constant->isFloat;
  if (isConstant) {
    // One rounding more than the division: 1 ulp.
    auto inverse = std::make_shared<HostTensor>(*divisor.constant);
    for (float &v : inverse->floats) {
      if (v == 0.0f)
        return im.error() << "division by a constant 0";
      v = static_cast<float>(1.0 / static_cast<double>(v));
    }
    divisor.constant = std::move(inverse);
  }
  FailureOr<BroadcastOperands> ops =
      broadcastOperands(im, {im.input(0), divisor});
  if (failed(ops))
    return failure();
  Value factor = ops->values[1];
  if (!isConstant) {
    factor = tosa::ReciprocalOp::create(im.builder, im.loc(), factor.getType(),
                                        factor);
    HostTensorPtr dividend = im.constantOrNull(0);
    bool isInverse = dividend && dividend->floats.size() == 1 &&
                     dividend->floats[0] == 1.0f &&
                     factor.getType() == ops->type;
    if (isInverse)
      return defineElementwise(im, *ops, factor);
  }
  return defineElementwise(im, *ops, im.mul(ops->values[0], factor));
}

static LogicalResult importPow(Importer &im) {
  if (failed(im.expectInputs(2, 2)))
    return failure();
  HostTensorPtr exponent = im.constantOrNull(1);
  OnnxValue second = im.input(1);
  if (exponent && !exponent->isFloat) {
    // The exponent alone may have integers.
    auto converted = std::make_shared<HostTensor>(*exponent);
    converted->isFloat = true;
    converted->floats.assign(exponent->ints.begin(), exponent->ints.end());
    converted->ints.clear();
    second.constant = exponent = converted;
  }
  if (exponent && exponent->floats.size() == 1 && exponent->floats[0] == 2.0f &&
      exponent->shape.size() <= 1) {
    FailureOr<BroadcastOperands> x = unaryOperand(im);
    if (failed(x))
      return failure();
    return defineElementwise(im, *x, im.mul(x->values[0], x->values[0]));
  }
  FailureOr<BroadcastOperands> ops =
      broadcastOperands(im, {im.input(0), second});
  if (failed(ops))
    return failure();
  return defineElementwise(im, *ops,
                           tosa::PowOp::create(im.builder, im.loc(), ops->type,
                                               ops->values[0], ops->values[1]));
}

/// Sum, Max and Min take any number of operands.
template <typename OpTy> static LogicalResult importVariadic(Importer &im) {
  if (failed(im.expectInputs(1, im.numInputs())))
    return failure();
  SmallVector<OnnxValue> inputs;
  for (unsigned i = 0; i < im.numInputs(); ++i) {
    if (!im.hasInput(i))
      return im.error() << "input " << i << " is missing";
    inputs.push_back(im.input(i));
  }
  if (inputs.size() == 1) {
    im.define(0, im.input(0));
    return success();
  }
  FailureOr<BroadcastOperands> ops = broadcastOperands(im, inputs);
  if (failed(ops))
    return failure();
  Value result = ops->values[0];
  for (Value next : ArrayRef<Value>(ops->values).drop_front()) {
    SmallVector<int64_t> shape = im.shapeOf(result);
    for (auto [dim, other] : llvm::zip(shape, im.shapeOf(next)))
      if (dim == 1)
        dim = other;
    result = OpTy::create(im.builder, im.loc(), im.f32(shape), result, next);
  }
  return defineElementwise(im, *ops, result);
}

void hwq::onnx_import::addElementwiseHandlers(HandlerTable &table) {
  table["Add"] = importBinary<tosa::AddOp>;
  table["Sub"] = importBinary<tosa::SubOp>;
  table["Mul"] = importMul;
  table["Div"] = importDiv;
  table["Pow"] = importPow;
  table["Sum"] = importVariadic<tosa::AddOp>;
  table["Max"] = importVariadic<tosa::MaximumOp>;
  table["Min"] = importVariadic<tosa::MinimumOp>;
}
