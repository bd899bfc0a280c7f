//===- QuantizeOps.cpp - QuantizeLinear and DequantizeLinear ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Codes of activations are not computed with: a quantizer becomes an observer
// that has the model's parameters, and everything behind it works on the real
// numbers that the codes mean. Codes of constants are computed here.
//
//===----------------------------------------------------------------------===//

#include "Elementwise.h"
#include "Importer.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/ImportedParams.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Numerics/Quantize.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>
#include <onnx/onnx_pb.h>

using namespace mlir;
using namespace hwq;
using namespace hwq::onnx_import;
using onnx::TensorProto;

static std::string typeName(int32_t type) {
  return type && TensorProto::DataType_IsValid(type)
             ? TensorProto::DataType_Name(
                   static_cast<TensorProto::DataType>(type))
             : "another type";
}

/// Width, sign and whole grid of an element type of codes.
static bool setType(Quantization &q, int32_t type) {
  q.width = type == TensorProto::INT32 ? 32 : 8;
  q.isSigned = type != TensorProto::UINT8;
  q.qmin = q.isSigned ? -(int64_t(1) << (q.width - 1)) : 0;
  q.qmax = q.qmin + (int64_t(1) << q.width) - 1;
  return type == TensorProto::UINT8 || type == TensorProto::INT8 ||
         type == TensorProto::INT32;
}

static numerics::QuantParams paramsOf(const Quantization &q, size_t i) {
  return {q.scales[i], q.zeroPoints[i], {q.qmin, q.qmax}};
}

/// Scale and zero point, inputs 1 and 2. `codeType` is the type of the codes
/// where it is known, else that of the zero point.
static FailureOr<Quantization> readParams(Importer &im, int64_t rank,
                                          int32_t codeType, int32_t fallback) {
  Quantization q;
  FailureOr<HostTensorPtr> scale = im.floatConstant(1, "the scale");
  if (failed(scale))
    return failure();
  const HostTensor &s = **scale;
  if (s.floats.empty() || s.shape.size() > 1)
    return im.error() << "the scale '" << s.name << "' has rank "
                      << s.shape.size() << " and " << s.floats.size()
                      << " values, expected one value or one per channel";
  for (auto [i, value] : llvm::enumerate(s.floats))
    if (!std::isfinite(value) || !(value > 0)) {
      InFlightDiagnostic diagnostic = im.error()
                                      << "the scale '" << s.name << "' is ";
      if (std::isnan(value))
        diagnostic << "NaN";
      else
        diagnostic << value;
      if (s.floats.size() > 1)
        diagnostic << " at element " << i;
      return diagnostic << ", expected a finite number above 0";
    }
  q.scales.assign(s.floats.begin(), s.floats.end());

  int32_t zeroType = 0;
  if (im.hasInput(2)) {
    HostTensorPtr zero = im.constantOrNull(2);
    if (!zero)
      return im.error() << "the zero point must be constant";
    if (zero->isFloat)
      return im.error() << "the zero point '" << zero->name
                        << "' has floats, expected integers";
    if (zero->ints.size() != s.floats.size())
      return im.error() << "the zero point '" << zero->name << "' has "
                        << zero->ints.size() << " values, the scale '" << s.name
                        << "' has " << s.floats.size();
    zeroType = zero->elementType;
    if (codeType && zeroType && zeroType != codeType)
      return im.error() << "the zero point '" << zero->name << "' has type "
                        << typeName(zeroType) << ", the codes have "
                        << typeName(codeType);
    q.zeroPoints.assign(zero->ints.begin(), zero->ints.end());
  } else {
    q.zeroPoints.assign(q.scales.size(), 0);
  }
  int32_t type = codeType ? codeType : zeroType ? zeroType : fallback;
  if (!setType(q, type))
    return im.error() << "codes of type " << typeName(type)
                      << " are not supported, expected UINT8, INT8 or, for a "
                         "bias, INT32";
  for (int64_t z : q.zeroPoints)
    if (z < q.qmin || z > q.qmax)
      return im.error() << "the zero point is " << z << ", expected one in ["
                        << q.qmin << ", " << q.qmax << "] (" << typeName(type)
                        << ")";

  if (int64_t block = im.getInt("block_size", 0))
    return im.error() << "attribute 'block_size' is " << block
                      << ", expected 0: blocks are not supported";
  int64_t axis = im.getInt("axis", 1);
  if (q.scales.size() > 1 || (s.shape.size() == 1 && rank > 1 && axis != 1)) {
    FailureOr<int64_t> normalized = im.normalizeAxis(axis, rank);
    if (failed(normalized))
      return failure();
    if (q.scales.size() > 1)
      q.axis = *normalized;
  }
  return q;
}

/// The scale of every element: the axis must have as many elements as there
/// are scales.
static LogicalResult checkAxis(Importer &im, const Quantization &q,
                               ArrayRef<int64_t> shape, StringRef name) {
  if (q.axis < 0 || shape[q.axis] == static_cast<int64_t>(q.scales.size()))
    return success();
  return im.error() << "'" << name << "' has " << shape[q.axis]
                    << " elements along axis " << q.axis << ", the scale has "
                    << q.scales.size() << " values";
}

static size_t scaleIndex(const Quantization &q, ArrayRef<int64_t> shape,
                         size_t element) {
  if (q.axis < 0)
    return 0;
  size_t inner = 1;
  for (int64_t dim : shape.drop_front(q.axis + 1))
    inner *= static_cast<size_t>(dim);
  return element / inner % q.scales.size();
}

static LogicalResult importQuantize(Importer &im) {
  if (failed(im.expectInputs(2, 3)))
    return failure();
  // Of the float8 types, which are not supported.
  (void)im.getInt("saturate", 1);
  (void)im.getInt("precision", 0);
  auto fallback = static_cast<int32_t>(im.getInt("output_dtype", 0));
  if (!fallback)
    fallback = TensorProto::UINT8;
  if (HostTensorPtr x = im.constantOrNull(0)) {
    if (!x->isFloat)
      return im.error() << "'" << x->name << "' has integers, expected floats";
    FailureOr<Quantization> q =
        readParams(im, static_cast<int64_t>(x->shape.size()), 0, fallback);
    if (failed(q) || failed(checkAxis(im, *q, x->shape, x->name)) ||
        failed(im.requireFinite(*x)))
      return failure();
    auto result = std::make_shared<HostTensor>();
    result->name = x->name;
    result->isFloat = false;
    result->shape = x->shape;
    result->elementType = q->isSigned ? TensorProto::INT8 : TensorProto::UINT8;
    result->ints.resize(x->floats.size());
    if (q->width != 8)
      return im.error() << "quantizes to INT32, expected UINT8 or INT8";
    for (size_t i = 0; i < x->floats.size(); ++i)
      result->ints[i] =
          numerics::quantize(numerics::QuantizeForm::Q2, x->floats[i],
                             paramsOf(*q, scaleIndex(*q, x->shape, i)));
    im.define(0, std::move(result));
    return success();
  }
  FailureOr<ActivationPtr> x = im.activation(0);
  if (failed(x))
    return failure();
  FailureOr<Quantization> q = readParams(im, (*x)->rank(), 0, fallback);
  if (failed(q))
    return failure();
  StringRef name = im.node().inputs[0];
  // Images are N,C,H,W here.
  if (q->axis >= 0 && (q->axis != 1 || (*x)->shape[1] != static_cast<int64_t>(
                                                             q->scales.size())))
    return im.error() << "'" << name << "' is no constant and has "
                      << q->scales.size() << " scales along axis " << q->axis
                      << ", expected one, or one for each channel";
  if (q->width != 8)
    return im.error() << "quantizes '" << name
                      << "' to INT32, expected UINT8 or INT8";
  return im.defineObserved(**x, name, *q);
}

static LogicalResult dequantizeConstant(Importer &im, const HostTensor &x) {
  if (x.isFloat)
    return im.error() << "'" << x.name << "' has floats, expected codes";
  if (!x.elementType)
    return im.error() << "'" << im.node().inputs[0]
                      << "' holds integers of no known type, expected codes";
  FailureOr<Quantization> q =
      readParams(im, static_cast<int64_t>(x.shape.size()), x.elementType, 0);
  if (failed(q) || failed(checkAxis(im, *q, x.shape, x.name)))
    return failure();
  auto result = std::make_shared<HostTensor>();
  result->name = x.name;
  result->shape = x.shape;
  result->floats.resize(x.ints.size());
  // A Clip of a narrower grid.
  if (x.quantization) {
    q->qmin = x.quantization->qmin;
    q->qmax = x.quantization->qmax;
  }
  for (size_t i = 0; i < x.ints.size(); ++i) {
    size_t c = scaleIndex(*q, x.shape, i);
    int64_t value = x.ints[i] - q->zeroPoints[c];
    if (x.ints[i] < q->qmin || x.ints[i] > q->qmax)
      return im.error() << "'" << x.name << "' holds " << x.ints[i]
                        << " at element " << i << ", expected codes in ["
                        << q->qmin << ", " << q->qmax << "]";
    // A product of at most 56 bits, rounded once.
    result->floats[i] = static_cast<float>(static_cast<double>(value) *
                                           static_cast<double>(q->scales[c]));
  }
  result->quantization = *q;
  im.define(0, std::move(result));
  return success();
}

static LogicalResult importDequantize(Importer &im) {
  if (failed(im.expectInputs(2, 3)))
    return failure();
  (void)im.getInt("output_dtype", 0);
  if (HostTensorPtr x = im.constantOrNull(0))
    return dequantizeConstant(im, *x);
  StringRef name = im.node().inputs[0];
  ActivationPtr x = im.input(0).activation;
  if (!x->grid)
    return im.error() << "'" << name
                      << "' was made by no QuantizeLinear: expected its codes";
  FailureOr<Quantization> q =
      readParams(im, x->rank(),
                 x->grid->isSigned ? TensorProto::INT8 : TensorProto::UINT8, 0);
  if (failed(q))
    return failure();
  if (q->axis != x->grid->axis || q->scales.size() != x->grid->scales.size())
    return im.error() << "'" << name << "' has " << q->scales.size()
                      << " scales here, " << x->grid->scales.size()
                      << " where it is quantized";
  if (q->scales != x->grid->scales || q->zeroPoints != x->grid->zeroPoints)
    return im.error() << "'" << name << "' has scale " << q->scales[0]
                      << " and zero point " << q->zeroPoints[0] << " here, "
                      << x->grid->scales[0] << " and " << x->grid->zeroPoints[0]
                      << " where it is quantized";
  if (!x->dequantized) {
    x->dequantized = std::make_shared<Activation>(*x);
    x->dequantized->grid.reset();
  }
  im.define(0, x->dequantized);
  return success();
}

/// A Clip between QuantizeLinear and DequantizeLinear: a narrower grid.
LogicalResult hwq::onnx_import::importClipOfCodes(Importer &im) {
  const OnnxValue &x = im.input(0);
  FailureOr<SmallVector<int64_t>> lo = SmallVector<int64_t>{INT64_MIN},
                                  hi = SmallVector<int64_t>{INT64_MAX};
  if (failed(im.expectInputs(1, 3)) ||
      (im.hasInput(1) && failed(lo = im.intConstant(1, "the minimum"))) ||
      (im.hasInput(2) && failed(hi = im.intConstant(2, "the maximum"))))
    return failure();
  if (lo->size() != 1 || hi->size() != 1)
    return im.error() << "has bounds of " << lo->size() << " and " << hi->size()
                      << " values, expected one each";
  Quantization q;
  if (x.activation)
    q = *x.activation->grid;
  if (q.axis >= 0)
    return im.error() << "clips codes with a scale for each channel";
  if (!x.activation)
    setType(q, x.constant->elementType);
  q.qmin = std::max(q.qmin, lo->front());
  q.qmax = std::min(q.qmax, hi->front());
  int64_t zeroPoint = x.activation ? q.zeroPoints[0] : q.qmin;
  if (q.qmin >= q.qmax || zeroPoint < q.qmin || zeroPoint > q.qmax)
    return im.error() << "leaves the codes [" << q.qmin << ", " << q.qmax
                      << "], expected several and the zero point among them";
  if (x.activation)
    return im.narrowObserved(*x.activation, q);
  auto result = std::make_shared<HostTensor>(*x.constant);
  for (int64_t &code : result->ints)
    code = std::clamp(code, q.qmin, q.qmax);
  result->quantization = q;
  im.define(0, std::move(result));
  return success();
}

void hwq::onnx_import::addQuantizeHandlers(HandlerTable &table) {
  table["QuantizeLinear"] = importQuantize;
  table["DequantizeLinear"] = importDequantize;
}

//===----------------------------------------------------------------------===//
// Codes in other ops
//===----------------------------------------------------------------------===//

bool hwq::onnx_import::isMovement(StringRef opType) {
  return llvm::StringSwitch<bool>(opType)
      .Cases({"Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze"}, true)
      .Cases({"Transpose", "Slice", "Split", "Concat", "Gather"}, true)
      .Cases({"Expand", "Tile", "DepthToSpace", "SpaceToDepth"}, true)
      .Cases({"MaxPool", "GlobalMaxPool", "Dropout"}, true)
      .Default(false);
}

/// Whether the current op gives codes that it reads, and a padding of codes.
static bool movesCodes(Importer &im) {
  StringRef opType = im.node().opType;
  if (opType == "Resize" || opType == "Upsample")
    return im.getString("mode", "nearest") == "nearest";
  return isMovement(opType) || opType == "Pad";
}

LogicalResult Importer::checkCodes(std::optional<Quantization> &codes) {
  StringRef opType = current->opType;
  if (opType == "DequantizeLinear" || opType == "Shape" || opType == "Size" ||
      isClipOfCodes())
    return success();
  for (unsigned i = 0; i < numInputs(); ++i) {
    const Activation *x = hasInput(i) ? input(i).activation.get() : nullptr;
    if (x && x->grid) {
      if (!movesCodes(*this) || x->grid->axis >= 0)
        return error() << "input '" << current->inputs[i]
                       << "' holds codes, expected a DequantizeLinear before "
                          "this op";
      if (codes && !(*codes == *x->grid))
        return error() << "inputs '" << current->inputs[0] << "' and '"
                       << current->inputs[i]
                       << "' hold codes of different scales";
      codes = x->grid;
    }
  }
  if (codes)
    for (unsigned i = 0; i < numInputs(); ++i)
      if (opType == "Concat" &&
          !(hasInput(i) && input(i).activation && input(i).activation->grid))
        return error() << "input '" << current->inputs[i]
                       << "' holds no codes, the others do";
  return success();
}

bool Importer::isClipOfCodes() {
  if (current->opType != "Clip" || !hasInput(0))
    return false;
  if (const Activation *x = input(0).activation.get())
    return x->grid.has_value();
  const HostTensor &x = *input(0).constant;
  return !x.isFloat && (x.elementType == TensorProto::INT8 ||
                        x.elementType == TensorProto::UINT8);
}

/// What moves constants leaves them on their grid.
void Importer::keepQuantization() {
  if (!isMovement(current->opType) || !hasInput(0) || !hasOutput(0))
    return;
  HostTensorPtr from = constantOrNull(0);
  OnnxValue &value = values[current->outputs[0]];
  if (!from || !value.constant || current->opType == "Concat" ||
      (from->isFloat && !from->quantization))
    return;
  auto kept = std::make_shared<HostTensor>(*value.constant);
  kept->elementType = from->elementType;
  kept->name = from->name;
  std::optional<Quantization> q = from->quantization;
  if (q && q->axis >= 0) {
    std::optional<SmallVector<int64_t>> perm = getInts("perm");
    if (current->opType == "Transpose") {
      auto rank = static_cast<int64_t>(from->shape.size());
      for (int64_t i = 0; i < rank; ++i)
        if ((perm ? (*perm)[i] : rank - 1 - i) == from->quantization->axis)
          q->axis = i;
    } else if (kept->shape != from->shape) {
      q.reset();
    }
  }
  kept->quantization = q;
  value.constant = std::move(kept);
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

static quant::QuantizedType getType(MLIRContext *context,
                                    const Quantization &q) {
  unsigned flags = q.isSigned ? quant::QuantizationFlags::Signed : 0;
  Type storage = IntegerType::get(context, q.width);
  Type expressed = Float32Type::get(context);
  if (q.axis < 0)
    return quant::UniformQuantizedType::get(flags, storage, expressed,
                                            q.scales[0], q.zeroPoints[0],
                                            q.qmin, q.qmax);
  SmallVector<double> scales(q.scales.begin(), q.scales.end());
  return quant::UniformQuantizedPerAxisType::get(
      flags, storage, expressed, scales, q.zeroPoints,
      static_cast<int32_t>(q.axis), q.qmin, q.qmax);
}

static DenseF64ArrayAttr getRange(Builder &builder, const Quantization &q) {
  double least = 0, most = 0;
  for (auto [scale, zeroPoint] : llvm::zip(q.scales, q.zeroPoints)) {
    auto real = [s = static_cast<double>(scale), z = zeroPoint](int64_t code) {
      return s * static_cast<double>(code - z);
    };
    least = std::min(least, real(q.qmin));
    most = std::max(most, real(q.qmax));
  }
  return builder.getDenseF64ArrayAttr({least, most});
}

void Importer::setParams(Value constant,
                         const std::optional<Quantization> &quantization) {
  if (quantization)
    constant.getDefiningOp()->setAttr(
        kModelParametersAttr,
        TypeAttr::get(getType(builder.getContext(), *quantization)));
}

FailureOr<std::optional<Quantization>>
Importer::weightQuantization(const HostTensor &weights, int64_t axis) {
  std::optional<Quantization> q = weights.quantization;
  if (!q || q->axis < 0)
    return q;
  if (q->axis != axis) {
    InFlightDiagnostic diagnostic = error() << "weights '" << weights.name
                                            << "' have one scale per index "
                                            << "of axis " << q->axis;
    if (axis < 0)
      return diagnostic << ", expected one";
    return diagnostic << ", expected one per output channel, axis " << axis;
  }
  q->axis = 0;
  return q;
}

LogicalResult Importer::defineObserved(Activation &input, StringRef name,
                                       const Quantization &quantization) {
  // As it was made: the other layout is a transpose of it.
  bool isPlain = static_cast<bool>(input.plain);
  if (input.plain && input.channelsLast) {
    auto transpose = input.plain.getDefiningOp<tosa::TransposeOp>();
    isPlain = !transpose || transpose.getInput1() != input.channelsLast;
  }
  // Scales of channels lie along the last axis.
  isPlain &= quantization.axis < 0 || input.rank() < 3;
  Value value = quantization.axis < 0
                    ? isPlain ? input.plain : input.channelsLast
                : isPlain ? plain(input)
                          : channelsLast(input);
  Quantization last = quantization;
  if (last.axis >= 0)
    last.axis = cast<RankedTensorType>(value.getType()).getRank() - 1;
  auto attr = TypeAttr::get(getType(builder.getContext(), last));
  // Codes that were made real and are made codes again: on another grid they
  // are another tensor, of a clamp that cuts nothing.
  if (auto before = value.getDefiningOp<ObserveOp>()) {
    if (before->getAttr(kModelParametersAttr) == attr) {
      observers[value] = before;
    } else {
      value = clamp(*this, value, -kFloatMax, kFloatMax);
      setTensorName(value.getDefiningOp(), name);
    }
  }
  Operation *&first = observers[value];
  Operation *observer = first;
  if (!observer || observer->getAttr(kModelParametersAttr) != attr) {
    std::string unique = name.str();
    for (unsigned i = 1; !observed.insert(unique).second; ++i)
      unique = (name + "_" + llvm::Twine(i)).str();
    auto op = ObserveOp::create(
        builder, loc(), value.getType(), value, builder.getStringAttr(unique),
        getRange(builder, quantization), builder.getStringAttr("imported"));
    op->setAttr(kModelParametersAttr, attr);
    observer = op;
    if (!first)
      first = observer;
  }
  auto result = std::make_shared<Activation>();
  result->shape = input.shape;
  result->batchFactor = input.batchFactor;
  result->grid = quantization;
  (isPlain ? result->plain : result->channelsLast) = observer->getResult(0);
  define(0, std::move(result));
  return success();
}

LogicalResult Importer::narrowObserved(Activation &codes,
                                       const Quantization &quantization) {
  Value value = codes.plain ? codes.plain : codes.channelsLast;
  auto observer = value.getDefiningOp<ObserveOp>();
  if (!observer || useCount(current->inputs[0]) != 1)
    return error() << "clips codes that '" << current->inputs[0]
                   << "' gives to other nodes too, or that were moved";
  observer->setAttr(kModelParametersAttr,
                    TypeAttr::get(getType(builder.getContext(), quantization)));
  observer.setRangeAttr(getRange(builder, quantization));
  auto result = std::make_shared<Activation>(codes);
  result->grid = quantization;
  define(0, std::move(result));
  return success();
}
