//===- OnnxFloatDots.cpp - Dot products of floats in ONNX -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OnnxWriter.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Numerics/Quantize.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using namespace hwq::interchange::onnx_export;

static bool isWhole(quant::QuantizedType type) {
  return type.getStorageTypeMax() - type.getStorageTypeMin() == 255;
}

/// What was quantized and dequantized to give the value, and the type in
/// between; null without a quantizer.
static std::pair<Value, quant::QuantizedType> getSource(Value value) {
  quant::QuantizedType type;
  if (auto dequantize = value.getDefiningOp<DequantizeOp>())
    value = dequantize.getInput();
  if (auto quantize = value.getDefiningOp<QuantizeOp>()) {
    type = cast<quant::QuantizedType>(getElementTypeOrSelf(value.getType()));
    value = quantize.getInput();
  } else {
    type =
        dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(value.getType()));
  }
  return {value, type};
}

bool Writer::isConstant(Value value) {
  return isa_and_present<tosa::ConstOp>(getSource(value).first.getDefiningOp());
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

std::string Writer::clipCodes(const std::string &codes,
                              quant::QuantizedType type,
                              const std::string &name) {
  std::string clipped = names.unique(name);
  auto bound = [&](StringRef suffix, int64_t value) {
    if (type.isSigned())
      return addArray<int8_t>(names.unique((name + suffix).str()), {},
                              {static_cast<int8_t>(value)});
    return addArray<uint8_t>(names.unique((name + suffix).str()), {},
                             {static_cast<uint8_t>(value)});
  };
  std::string lo = bound("_min", type.getStorageTypeMin()),
              hi = bound("_max", type.getStorageTypeMax());
  model.addNode("Clip", {codes, lo, hi}, clipped);
  return clipped;
}

FailureOr<std::string> Writer::addWeights(Operation *op, Value weights,
                                          ArrayRef<int64_t> shape,
                                          ArrayRef<size_t> order,
                                          int64_t axis) {
  auto [source, type] = getSource(weights);
  std::vector<float> values;
  if (isa<quant::QuantizedType>(getElementTypeOrSelf(source.getType()))) {
    // Codes without the floats that they were made of.
    FailureOr<std::vector<int64_t>> codes = getIntegerConstant(source);
    if (failed(codes))
      return op->emitError() << "expected constant weights";
    size_t channels = getShape(source)[0], taps = codes->size() / channels;
    for (size_t i = 0; i < codes->size(); ++i) {
      numerics::QuantParams params;
      if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type)) {
        params.scale = uniform.getScale();
        params.zeroPoint = uniform.getZeroPoint();
      } else {
        auto perAxis = cast<quant::UniformQuantizedPerAxisType>(type);
        params.scale = perAxis.getScales()[i / taps];
        params.zeroPoint = perAxis.getZeroPoints()[i / taps];
      }
      values.push_back(numerics::dequantize((*codes)[i], params));
    }
  } else {
    FailureOr<std::vector<float>> floats = getFloatConstant(source);
    if (failed(floats))
      return op->emitError() << "expected constant weights, or weights between "
                                "quantize and dequantize";
    values = std::move(*floats);
  }
  std::vector<float> ordered;
  for (size_t i : order)
    ordered.push_back(values[i]);
  std::string name = addArray(helperName(op->getResult(0), "_weights"), shape,
                              std::move(ordered));
  if (!type)
    return name;
  if (type.getStorageTypeIntegralWidth() != 8)
    return op->emitError() << "expected weights of 8 bits, got " << type;
  std::vector<float> scales;
  std::vector<int64_t> zeroPoints;
  SmallVector<int64_t> paramShape;
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type)) {
    scales = {static_cast<float>(uniform.getScale())};
    zeroPoints = {uniform.getZeroPoint()};
  } else {
    auto perAxis = cast<quant::UniformQuantizedPerAxisType>(type);
    for (double scale : perAxis.getScales())
      scales.push_back(static_cast<float>(scale));
    zeroPoints = perAxis.getZeroPoints().vec();
    if (shape[axis] != static_cast<int64_t>(scales.size())) {
      // Groups of a transposed convolution, each with these channels.
      size_t count = shape[axis];
      for (size_t i = count; i < scales.size(); ++i)
        if (scales[i] != scales[i % count] ||
            zeroPoints[i] != zeroPoints[i % count])
          return op->emitError() << describeTensor(op->getResult(0))
                                 << ": ONNX has one scale for a channel of all "
                                    "groups, expected equal ones";
      scales.resize(count);
      zeroPoints.resize(count);
    }
    paramShape = {static_cast<int64_t>(scales.size())};
  }
  std::string scale =
                  addArray(names.unique(name + "_scale"), paramShape, scales),
              zeroPoint;
  if (type.isSigned())
    zeroPoint =
        addArray(names.unique(name + "_zero_point"), paramShape,
                 std::vector<int8_t>(zeroPoints.begin(), zeroPoints.end()));
  else
    zeroPoint =
        addArray(names.unique(name + "_zero_point"), paramShape,
                 std::vector<uint8_t>(zeroPoints.begin(), zeroPoints.end()));
  std::string codes = names.unique(name + "_quantized"),
              real = names.unique(name + "_dequantized");
  auto setAxis = [&](Node node) {
    if (!paramShape.empty())
      node.set("axis", axis);
  };
  setAxis(model.addNode("QuantizeLinear", {name, scale, zeroPoint}, codes));
  if (!isWhole(type))
    codes = clipCodes(codes, type, name + "_clipped");
  setAxis(model.addNode("DequantizeLinear", {codes, scale, zeroPoint}, real));
  return real;
}

FailureOr<std::string> Writer::addBias(Operation *op, Value bias,
                                       StringRef suffix) {
  FailureOr<std::vector<float>> values = getFloatConstant(bias);
  if (failed(values))
    return op->emitError() << "expected a constant bias in f32";
  auto channels = static_cast<size_t>(getShape(op->getResult(0)).back());
  if (values->size() == 1)
    values->resize(channels, values->front());
  return addArray(helperName(op->getResult(0), suffix),
                  {static_cast<int64_t>(values->size())}, *values);
}

//===----------------------------------------------------------------------===//
// Dot products
//===----------------------------------------------------------------------===//

LogicalResult Writer::emitConv(Operation *op, bool isTransposed) {
  Value weights = op->getOperand(1);
  FailureOr<std::string> input = get(op, op->getOperand(0), true);
  if (failed(input))
    return failure();
  ArrayRef<int64_t> shape = getShape(weights);
  int64_t outputs = shape[0], taps = shape[1] * shape[2], depth = shape[3];
  int64_t groups = op->getAttrOfType<IntegerAttr>("groups").getInt();
  SmallVector<int64_t> fileShape = {outputs, depth, shape[1], shape[2]};
  std::vector<size_t> order;
  if (isTransposed) {
    // C, O/groups: every group of input channels has outputs of its own.
    int64_t outPerGroup = outputs / groups;
    fileShape = {depth * groups, outPerGroup, shape[1], shape[2]};
    for (int64_t c = 0; c < depth * groups; ++c)
      for (int64_t o = 0; o < outPerGroup; ++o)
        for (int64_t t = 0; t < taps; ++t)
          order.push_back(((c / depth * outPerGroup + o) * taps + t) * depth +
                          c % depth);
  } else {
    for (int64_t o = 0; o < outputs; ++o)
      for (int64_t c = 0; c < depth; ++c)
        for (int64_t t = 0; t < taps; ++t)
          order.push_back((o * taps + t) * depth + c);
  }
  FailureOr<std::string> w =
      addWeights(op, weights, fileShape, order, isTransposed ? 1 : 0);
  if (failed(w))
    return failure();
  std::vector<std::string> inputs = {keepFloat(op->getOperand(0), *input), *w};
  if (op->getNumOperands() > 2) {
    FailureOr<std::string> bias = addBias(op, op->getOperand(2), "_bias");
    if (failed(bias))
      return failure();
    inputs.push_back(*bias);
  }
  auto ints = [&](StringRef name) {
    return op->getAttrOfType<DenseI64ArrayAttr>(name).asArrayRef();
  };
  Node node = model.addNode(isTransposed ? "ConvTranspose" : "Conv", inputs,
                            define(op->getResult(0), true));
  setPoolAttributes(node, shape.slice(1, 2), ints("stride"), ints("pad"));
  node.set("dilations", ints("dilation")).set("group", groups);
  if (isTransposed)
    node.set("output_padding", ints("output_pad"));
  return success();
}

LogicalResult Writer::emitFullyConnected(FullyConnectedOp op) {
  Value input = op.getInput();
  FailureOr<std::string> x = get(op, input, false);
  if (failed(x))
    return failure();
  ArrayRef<int64_t> shape = getShape(op.getWeights());
  bool isMatrix = getShape(input).size() == 2;
  // Gemm has matrices only; MatMul wants the weights the other way round.
  SmallVector<int64_t> fileShape(shape);
  std::vector<size_t> order;
  if (!isMatrix)
    std::swap(fileShape[0], fileShape[1]);
  for (int64_t i = 0; i < shape[0] * shape[1]; ++i)
    order.push_back(isMatrix ? i : i % shape[0] * shape[1] + i / shape[0]);
  FailureOr<std::string> w =
      addWeights(op, op.getWeights(), fileShape, order, isMatrix ? 0 : 1);
  if (failed(w))
    return failure();
  std::string bias;
  if (op.getBias()) {
    FailureOr<std::string> b = addBias(op, op.getBias(), "_bias");
    if (failed(b))
      return failure();
    bias = *b;
  }
  *x = keepFloat(input, *x);
  std::string name = define(op.getOutput(), false);
  if (isMatrix) {
    std::vector<std::string> inputs = {*x, *w};
    if (!bias.empty())
      inputs.push_back(bias);
    model.addNode("Gemm", inputs, name).set("transB", int64_t(1));
    return success();
  }
  std::string product =
      bias.empty() ? name : helperName(op.getOutput(), "_product");
  model.addNode("MatMul", {*x, *w}, product);
  if (!bias.empty())
    model.addNode("Add", {product, bias}, name);
  return success();
}

LogicalResult Writer::emitFloatMatMul(MatMulOp op) {
  FailureOr<std::string> a = get(op, op.getLhs(), false),
                         b = get(op, op.getRhs(), false);
  if (failed(a) || failed(b))
    return failure();
  *a = keepFloat(op.getLhs(), *a);
  model.addNode("MatMul", {*a, *b}, define(op.getOutput(), false));
  return success();
}
