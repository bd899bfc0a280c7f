//===- ActivationOps.cpp - Functions of one tensor --------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace mlir;
using namespace hwq;
using namespace hwq::onnx_import;

Value hwq::onnx_import::clamp(Importer &im, Value value, float min, float max) {
  return tosa::ClampOp::create(im.builder, im.loc(), value.getType(), value,
                               im.builder.getF32FloatAttr(min),
                               im.builder.getF32FloatAttr(max));
}

static Value leakyRelu(Importer &im, Value value, float alpha) {
  return UnaryOp::create(im.builder, im.loc(), value.getType(),
                         UnaryKind::LeakyRelu, value,
                         im.builder.getF32FloatAttr(alpha));
}

template <typename F> static LogicalResult importUnary(Importer &im, F &&make) {
  if (failed(im.expectInputs(1, 1)))
    return failure();
  FailureOr<BroadcastOperands> x = unaryOperand(im);
  if (failed(x))
    return failure();
  return defineElementwise(im, *x, make(x->values[0]));
}

template <typename OpTy> static LogicalResult importSimpleUnary(Importer &im) {
  return importUnary(im, [&](Value v) -> Value {
    return OpTy::create(im.builder, im.loc(), v.getType(), v);
  });
}

static LogicalResult importRelu(Importer &im) {
  return importUnary(im, [&](Value v) { return clamp(im, v, 0, kFloatMax); });
}

/// A bound of Clip: attribute before opset 11, input from then on.
static FailureOr<float> clipBound(Importer &im, StringRef name, unsigned index,
                                  float absent) {
  float bound = absent;
  if (im.opset() < 11) {
    bound = im.getFloat(name, absent);
  } else if (im.hasInput(index)) {
    FailureOr<HostTensorPtr> tensor = im.floatConstant(index, name);
    if (failed(tensor))
      return failure();
    // An empty tensor stands for no bound in some exporters.
    if ((*tensor)->floats.size() > 1)
      return im.error() << name << " has " << (*tensor)->floats.size()
                        << " values, expected one";
    if (!(*tensor)->floats.empty())
      bound = (*tensor)->floats[0];
  }
  if (std::isnan(bound))
    return im.error() << name << " is NaN";
  return std::min(std::max(bound, -kFloatMax), kFloatMax);
}

static LogicalResult importClip(Importer &im) {
  if (failed(im.expectInputs(1, im.opset() < 11 ? 1 : 3)))
    return failure();
  FailureOr<float> min = clipBound(im, "min", 1, -kFloatMax);
  if (failed(min))
    return failure();
  FailureOr<float> max = clipBound(im, "max", 2, kFloatMax);
  if (failed(max))
    return failure();
  FailureOr<BroadcastOperands> x = unaryOperand(im);
  if (failed(x))
    return failure();
  // Where the bounds cross, the upper one wins.
  return defineElementwise(im, *x,
                           clamp(im, x->values[0], std::min(*min, *max), *max));
}

static LogicalResult importLeakyRelu(Importer &im) {
  float alpha = im.getFloat("alpha", 0.01f);
  return importUnary(im, [&](Value v) { return leakyRelu(im, v, alpha); });
}

static LogicalResult importHardSwish(Importer &im) {
  return importUnary(im, [&](Value v) -> Value {
    return UnaryOp::create(im.builder, im.loc(), v.getType(),
                           UnaryKind::HardSwish, v, FloatAttr());
  });
}

static LogicalResult importHardSigmoid(Importer &im) {
  float alpha = im.getFloat("alpha", 0.2f), beta = im.getFloat("beta", 0.5f);
  return importUnary(im, [&](Value v) {
    int64_t rank = cast<RankedTensorType>(v.getType()).getRank();
    Value scaled = im.mul(v, im.scalar(alpha, rank));
    Value shifted = tosa::AddOp::create(im.builder, im.loc(), v.getType(),
                                        scaled, im.scalar(beta, rank));
    return clamp(im, shifted, 0, 1);
  });
}

/// x/2 (1 + erf(x / sqrt 2)), or with tanh(sqrt(2/pi) (x + 0.044715 x^3)).
static LogicalResult importGelu(Importer &im) {
  std::string approximate = im.getString("approximate", "none");
  if (approximate != "none" && approximate != "tanh")
    return im.error() << "approximate is '" << approximate
                      << "', expected 'none' or 'tanh'";
  return importUnary(im, [&](Value v) {
    auto type = cast<RankedTensorType>(v.getType());
    auto constant = [&](float c) { return im.scalar(c, type.getRank()); };
    auto add = [&](Value a, Value b) -> Value {
      return tosa::AddOp::create(im.builder, im.loc(), type, a, b);
    };
    Value step;
    if (approximate == "tanh") {
      Value cube = im.mul(im.mul(v, v), im.mul(v, constant(0.044715f)));
      Value scaled = im.mul(add(v, cube), constant(0.797884561f));
      step = tosa::TanhOp::create(im.builder, im.loc(), type, scaled);
    } else {
      step = tosa::ErfOp::create(im.builder, im.loc(), type,
                                 im.mul(v, constant(0.707106781f)));
    }
    return im.mul(im.mul(v, constant(0.5f)), add(step, constant(1)));
  });
}

static LogicalResult importNeg(Importer &im) {
  return importUnary(im, [&](Value v) {
    return im.mul(v,
                  im.scalar(-1, cast<RankedTensorType>(v.getType()).getRank()));
  });
}

static LogicalResult importSqrt(Importer &im) {
  return importUnary(im, [&](Value v) -> Value {
    int64_t rank = cast<RankedTensorType>(v.getType()).getRank();
    return tosa::PowOp::create(im.builder, im.loc(), v.getType(), v,
                               im.scalar(0.5f, rank));
  });
}

static LogicalResult importPRelu(Importer &im) {
  if (failed(im.expectInputs(2, 2)))
    return failure();
  FailureOr<HostTensorPtr> slope = im.floatConstant(1, "the slope");
  if (failed(slope))
    return failure();
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  if ((*slope)->floats.empty())
    return im.error() << "the slope has no elements";
  if ((*slope)->shape.size() > (*input)->shape.size())
    return im.error() << "the slope has a higher rank than the input";
  if (llvm::all_equal((*slope)->floats)) {
    FailureOr<BroadcastOperands> x = unaryOperand(im);
    if (failed(x))
      return failure();
    return defineElementwise(im, *x,
                             leakyRelu(im, x->values[0], (*slope)->floats[0]));
  }
  // Channels are the last axis then.
  if ((*input)->hasChannelsLast())
    (void)im.channelsLast(**input);
  FailureOr<BroadcastOperands> ops = broadcastOperands(
      im, {OnnxValue{nullptr, *input}, OnnxValue{*slope, nullptr}});
  if (failed(ops))
    return failure();
  if (ops->shape != SmallVector<int64_t>((*input)->shape))
    return im.error() << "the slope does not broadcast to the input";
  // One slope per channel.
  ArrayRef<int64_t> slopes =
      cast<RankedTensorType>(ops->values[1].getType()).getShape();
  if (!slopes.empty() && slopes.back() == ops->type.getShape().back() &&
      llvm::all_of(slopes.drop_back(), [](int64_t d) { return d == 1; }))
    return defineElementwise(
        im, *ops,
        PReluOp::create(
            im.builder, im.loc(), ops->type, ops->values[0],
            im.constant({slopes.back()}, (*slope)->floats, (*slope)->name),
            RequantAttr(), RequantAttr()));
  Value positive = clamp(im, ops->values[0], 0, kFloatMax);
  Value negative =
      im.mul(clamp(im, ops->values[0], -kFloatMax, 0), ops->values[1]);
  return defineElementwise(
      im, *ops,
      tosa::AddOp::create(im.builder, im.loc(), ops->type, positive, negative));
}

static LogicalResult importIdentity(Importer &im) {
  if (failed(im.expectInputs(1, 1)))
    return failure();
  im.define(0, im.input(0));
  return success();
}

static LogicalResult importDropout(Importer &im) {
  if (failed(im.expectInputs(1, im.opset() < 12 ? 1 : 3)))
    return failure();
  (void)im.getFloat("ratio", 0.5f);
  (void)im.getInt("seed", 0);
  if (im.hasInput(2)) {
    FailureOr<SmallVector<int64_t>> training =
        im.intConstant(2, "training_mode");
    if (failed(training))
      return failure();
    if (training->size() == 1 && training->front())
      return im.error() << "training_mode is set, expected an inference model";
  }
  if (im.hasOutput(1))
    return im.error() << "output 'mask' is not supported";
  im.define(0, im.input(0));
  return success();
}

/// Float to float is nothing here: all is f32.
static LogicalResult importCast(Importer &im) {
  constexpr int64_t kFloat = 1, kFloat16 = 10, kDouble = 11, kBFloat16 = 16;
  int64_t to = im.getInt("to", 0);
  (void)im.getInt("saturate", 1);
  FailureOr<ActivationPtr> input = im.anyActivation(0);
  if (failed(input))
    return failure();
  bool toFloat =
      to == kFloat || to == kDouble || to == kFloat16 || to == kBFloat16;
  Activation &x = **input;
  if (toFloat && !x.isInteger) {
    im.define(0, *input);
    return success();
  }
  bool toInteger = to >= 2 && to <= 7;
  if (toInteger && x.isInteger) {
    im.define(0, *input);
    return success();
  }
  if (toFloat && x.codes)
    return im.definePlain(0, x.codes, x.shape, x.batchFactor);
  if (toFloat)
    return im.definePlain(0,
                          tosa::CastOp::create(im.builder, im.loc(),
                                               im.f32(x.shape), im.plain(x)),
                          x.shape, x.batchFactor);
  return im.error() << "a cast of floats to element type " << to
                    << " is not supported";
}

void hwq::onnx_import::addActivationHandlers(HandlerTable &table) {
  table["Relu"] = importRelu;
  table["Clip"] = importClip;
  table["LeakyRelu"] = importLeakyRelu;
  table["PRelu"] = importPRelu;
  table["HardSwish"] = importHardSwish;
  table["Gelu"] = importGelu;
  table["HardSigmoid"] = importHardSigmoid;
  table["Sigmoid"] = importSimpleUnary<tosa::SigmoidOp>;
  table["Tanh"] = importSimpleUnary<tosa::TanhOp>;
  table["Exp"] = importSimpleUnary<tosa::ExpOp>;
  table["Log"] = importSimpleUnary<tosa::LogOp>;
  table["Abs"] = importSimpleUnary<tosa::AbsOp>;
  table["Floor"] = importSimpleUnary<tosa::FloorOp>;
  table["Ceil"] = importSimpleUnary<tosa::CeilOp>;
  table["Erf"] = importSimpleUnary<tosa::ErfOp>;
  table["Reciprocal"] = importSimpleUnary<tosa::ReciprocalOp>;
  table["Neg"] = importNeg;
  table["Sqrt"] = importSqrt;
  table["Identity"] = importIdentity;
  table["Dropout"] = importDropout;
  table["Cast"] = importCast;
}
