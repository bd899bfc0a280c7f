//===- Arithmetic.cpp - Integer ops as Numerics takes them -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;
using numerics::RequantizeKernel;

numerics::QuantParams hwq::getParams(quant::UniformQuantizedType type) {
  return {type.getScale(),
          type.getZeroPoint(),
          {type.getStorageTypeMin(), type.getStorageTypeMax()}};
}

numerics::QuantParams hwq::getQuantParams(Value value) {
  return getParams(
      cast<quant::UniformQuantizedType>(getElementTypeOrSelf(value.getType())));
}

static RequantFields withMultiplier(RequantAttr real, RequantizeKernel kernel,
                                    numerics::Multiplier m) {
  RequantFields fields = real.getFields();
  fields.kernel = kernel;
  fields.quantizeForm = numerics::QuantizeForm::Q1;
  fields.multipliers = {m.multiplier};
  fields.shifts = {m.shift};
  fields.preShifts.clear();
  if (m.preShift)
    fields.preShifts = {m.preShift};
  // Of another kernel.
  fields.factors.clear();
  fields.outputScale.reset();
  return fields;
}

static RequantFields withFactor(RequantAttr real, float factor) {
  RequantFields fields = real.getFields();
  fields.kernel = RequantizeKernel::R4;
  fields.quantizeForm = numerics::QuantizeForm::Q1;
  fields.multipliers.clear();
  fields.shifts.clear();
  fields.preShifts.clear();
  fields.factors = {factor};
  return fields;
}

static numerics::Multiplier getMultiplier(RequantAttr attr) {
  return {attr.getMultipliers()[0], attr.getShifts()[0],
          attr.getPreShifts() ? attr.getPreShifts()[0] : 0};
}

static float getFactor(RequantAttr attr) {
  return static_cast<float>(attr.getFactors()[0]);
}

//===----------------------------------------------------------------------===//
// Addition
//===----------------------------------------------------------------------===//

AddRequants hwq::getAddRequants(const numerics::AddParams &params,
                                AddRequants real) {
  MLIRContext *context = real.output.getContext();
  auto make = [&](RequantAttr attr, numerics::Multiplier m, float factor) {
    RequantFields fields = numerics::usesFactors(params.variant)
                               ? withFactor(attr, factor)
                               : withMultiplier(attr, params.kernel, m);
    return fields;
  };
  RequantFields lhs = make(real.lhs, params.lhs, params.lhsScale),
                rhs = make(real.rhs, params.rhs, params.rhsScale),
                out = make(real.output, params.output, params.outputScale);
  lhs.leftShift = rhs.leftShift = params.leftShift;
  out.inputZeroPoint = -int64_t(params.offset);
  if (params.constant != 0)
    out.bias = {params.constant};
  if (!numerics::usesKernel(params.variant)) {
    // What the constants stand for: the terms in units of the output.
    auto value = [](const RequantFields &fields) {
      return fields.factors.empty()
                 ? std::ldexp(double(fields.multipliers[0]), -fields.shifts[0])
                 : fields.factors[0];
    };
    for (RequantFields *fields : {&lhs, &rhs, &out})
      fields->scales = {std::abs(value(*fields))};
  }
  return {RequantAttr::get(context, lhs), RequantAttr::get(context, rhs),
          RequantAttr::get(context, out)};
}

numerics::AddParams hwq::getAddParams(numerics::AddVariant variant,
                                      AddRequants requants, bool subtract) {
  numerics::AddParams params;
  params.variant = variant;
  params.subtract = subtract;
  params.leftShift = requants.lhs.getLeftShift();
  params.lhsZeroPoint = static_cast<int32_t>(requants.lhs.getInputZeroPoint());
  params.rhsZeroPoint = static_cast<int32_t>(requants.rhs.getInputZeroPoint());
  params.zeroPoint = static_cast<int32_t>(requants.output.getZeroPoint());
  params.offset = static_cast<int32_t>(-requants.output.getInputZeroPoint());
  params.lo = static_cast<int32_t>(requants.output.getLo());
  params.hi = static_cast<int32_t>(requants.output.getHi());
  if (variant == numerics::AddVariant::Hexagon)
    // Inside the offset.
    params.lhsZeroPoint = params.rhsZeroPoint = params.zeroPoint = 0;
  if (numerics::usesFactors(variant)) {
    params.kernel = RequantizeKernel::R7;
    params.lhsScale = getFactor(requants.lhs);
    params.rhsScale = getFactor(requants.rhs);
    params.outputScale = getFactor(requants.output);
    if (DenseF64ArrayAttr constant = requants.output.getBias())
      params.constant = static_cast<float>(constant[0]);
    return params;
  }
  params.kernel = requants.output.getKernel();
  params.lhs = getMultiplier(requants.lhs);
  params.rhs = getMultiplier(requants.rhs);
  params.output = getMultiplier(requants.output);
  return params;
}

//===----------------------------------------------------------------------===//
// Multiplication
//===----------------------------------------------------------------------===//

RequantAttr hwq::getMulRequant(const numerics::MulParams &params,
                               RequantAttr real) {
  RequantFields fields = real.getFields();
  if (params.variant == numerics::MulVariant::Float) {
    fields = withFactor(real, static_cast<float>(fields.scales[0]));
  } else {
    fields.setKernel(params.requantize);
    // The product and quotient of scales in the engine's own precision.
    if (!fields.multipliers.empty())
      fields.scales = {
          numerics::multiplierValue(params.requantize.multipliers[0])};
  }
  return RequantAttr::get(real.getContext(), fields);
}

numerics::Result<numerics::MulParams> hwq::getMulParams(MulOp op) {
  numerics::Result<numerics::MulParams> params = numerics::deriveMul(
      op.getVariant()->getValue(), getQuantParams(op.getLhs()),
      getQuantParams(op.getRhs()), getQuantParams(op.getOutput()));
  if (!params)
    return params;
  numerics::RequantizeParams given = op.getRequant().getParams();
  if (params->variant == numerics::MulVariant::Float) {
    params->requantize.lo = given.lo;
    params->requantize.hi = given.hi;
  } else {
    params->requantize = given;
  }
  return params;
}

//===----------------------------------------------------------------------===//
// Average pool
//===----------------------------------------------------------------------===//

RequantAttr hwq::getAvgPoolRequant(const numerics::AvgPoolParams &params,
                                   RequantAttr real) {
  using numerics::AvgPoolVariant;
  RequantFields fields;
  switch (params.variant) {
  case AvgPoolVariant::Dpu:
  case AvgPoolVariant::SophgoBm1684x:
  case AvgPoolVariant::SophgoCv18xx:
    fields = withMultiplier(real, RequantizeKernel::R7, params.multiplier);
    fields.scales = {numerics::multiplierValue(params.multiplier)};
    break;
  case AvgPoolVariant::Nnpi:
  case AvgPoolVariant::SophgoBm1684xAsymmetric:
    fields = withFactor(real, params.factor);
    fields.scales = {params.factor};
    fields.bias = {params.offset};
    break;
  default:
    fields = withFactor(real, static_cast<float>(real.getScales()[0]));
    break;
  }
  return RequantAttr::get(real.getContext(), fields);
}

numerics::Result<numerics::AvgPoolParams> hwq::getAvgPoolParams(
    numerics::AvgPoolVariant variant, const numerics::QuantParams &input,
    const numerics::QuantParams &output, ArrayRef<int64_t> kernel,
    RequantAttr requant, int64_t lo, int64_t hi) {
  using numerics::AvgPoolVariant;
  numerics::Result<numerics::AvgPoolParams> params = numerics::deriveAvgPool(
      variant, input, output, static_cast<int32_t>(kernel[0]),
      static_cast<int32_t>(kernel[1]));
  if (!params)
    return params;
  params->lo = static_cast<int32_t>(lo);
  params->hi = static_cast<int32_t>(hi);
  if (!requant || requant.isReal())
    return params;
  if (requant.getMultipliers()) {
    params->multiplier = getMultiplier(requant);
  } else if (variant == AvgPoolVariant::Nnpi ||
             variant == AvgPoolVariant::SophgoBm1684xAsymmetric) {
    params->factor = getFactor(requant);
    if (DenseF64ArrayAttr offset = requant.getBias())
      params->offset = static_cast<float>(offset[0]);
  }
  return params;
}

//===----------------------------------------------------------------------===//
// Resize, leaky relu, mean
//===----------------------------------------------------------------------===//

numerics::Result<ResizeGeometry>
hwq::getResizeGeometry(RankedTensorType input, RankedTensorType output,
                       ArrayRef<int64_t> scale, ArrayRef<int64_t> offset) {
  numerics::ResizePositions positions[2];
  for (int i : {0, 1}) {
    int64_t in = input.getDimSize(1 + i), out = output.getDimSize(1 + i);
    for (int64_t size : {in, out})
      if (ShapedType::isDynamic(size) || size > INT32_MAX)
        return numerics::failure("expects a height and a width that are known");
    positions[i] = {scale[2 * i], scale[2 * i + 1], offset[i],
                    static_cast<int32_t>(in), static_cast<int32_t>(out)};
  }
  return ResizeGeometry{positions[0], positions[1]};
}

numerics::Result<numerics::BilinearResize>
hwq::deriveResize(ResizeBilinearOp op,
                  std::optional<numerics::ResizeVariant> variant) {
  auto geometry =
      getResizeGeometry(op.getInput().getType(), op.getOutput().getType(),
                        op.getScale(), op.getOffset());
  if (!geometry)
    return numerics::failure(geometry.error());
  return numerics::deriveResize(variant, geometry->rows, geometry->columns);
}

/// What the multiplier stands for is the scale: the engine's own precision.
static RequantAttr withOwnScale(RequantAttr real, RequantizeKernel kernel,
                                numerics::Multiplier m) {
  RequantFields fields = withMultiplier(real, kernel, m);
  // A scale below the kernel's smallest has the multiplier 0.
  if (m.multiplier != 0)
    fields.scales = {numerics::multiplierValue(m)};
  return RequantAttr::get(real.getContext(), fields);
}

PReluRequants hwq::getPReluRequants(const numerics::PReluParams &params,
                                    PReluRequants real) {
  return {withOwnScale(real.positive, params.kernel, params.positive),
          withOwnScale(real.negative, params.kernel, params.negative)};
}

RequantAttr hwq::getMeanRequant(const numerics::MeanParams &params,
                                RequantAttr real) {
  switch (params.variant) {
  case numerics::MeanVariant::Tflite:
    return withOwnScale(real, RequantizeKernel::R1, params.multiplier);
  case numerics::MeanVariant::Snpe:
    return withOwnScale(real, RequantizeKernel::R2, params.multiplier);
  case numerics::MeanVariant::TfliteXnnpack:
    break;
  }
  RequantFields fields = withFactor(real, params.scale);
  fields.kernel = RequantizeKernel::R13;
  fields.scales = {params.scale};
  return RequantAttr::get(real.getContext(), fields);
}

//===----------------------------------------------------------------------===//
// Codes to another grid
//===----------------------------------------------------------------------===//

RequantAttr hwq::getRescaleRequant(const numerics::ConcatParams &params,
                                   RequantAttr real) {
  using numerics::ConcatVariant;
  RequantFields fields;
  switch (params.variant) {
  case ConcatVariant::Tflite:
    fields = withMultiplier(real, RequantizeKernel::R1, params.multiplier);
    break;
  case ConcatVariant::TfliteRuy:
    fields = withMultiplier(real, RequantizeKernel::R11, params.multiplier);
    break;
  case ConcatVariant::Snpe:
  case ConcatVariant::Tvm:
    fields = withMultiplier(real, RequantizeKernel::R2, params.multiplier);
    break;
  case ConcatVariant::TfliteXnnpack:
  case ConcatVariant::Dpu:
  case ConcatVariant::SophgoBm1684x:
  case ConcatVariant::SophgoCv18xx:
    fields = withMultiplier(real, RequantizeKernel::R7, params.multiplier);
    break;
  case ConcatVariant::Tengine:
    fields = real.getFields();
    fields.kernel = RequantizeKernel::R8;
    fields.quantizeForm = numerics::QuantizeForm::Q1;
    fields.factors = {params.ratio};
    break;
  case ConcatVariant::OnnxRuntime:
  case ConcatVariant::Float:
    // RNE(f32(f32(f32(q - z) * s_x) / s_y)): the epilogue without a bias.
    fields = real.getFields();
    fields.kernel = RequantizeKernel::R14;
    fields.quantizeForm = numerics::QuantizeForm::Q1;
    fields.factors = {static_cast<float>(params.input.scale)};
    fields.outputScale = static_cast<float>(params.output.scale);
    break;
  default:
    return {};
  }
  return RequantAttr::get(real.getContext(), fields);
}

numerics::Result<numerics::ConcatParams>
hwq::getRescaleParams(RequantizeOp op) {
  numerics::Result<numerics::ConcatParams> params = numerics::deriveConcat(
      op.getVariant()->getValue(), getQuantParams(op.getInput()),
      getQuantParams(op.getOutput()));
  if (params) {
    params->lo = static_cast<int32_t>(op.getRequant().getLo());
    params->hi = static_cast<int32_t>(op.getRequant().getHi());
  }
  return params;
}
