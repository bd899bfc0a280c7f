//===- StepZeroWriter.cpp - Step 0 as a Q/DQ model of floats ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OnnxWriter.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Interchange/Onnx.h"
#include "hwq/Numerics/Quantize.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;
using namespace hwq::interchange::onnx_export;

namespace {

class StepZeroWriter : public onnx_export::Writer {
public:
  explicit StepZeroWriter(func::FuncOp function)
      : Writer(function, "Q/DQ ONNX of step 0") {}

private:
  std::optional<LogicalResult> emitOwn(Operation *op) override;
  bool isTensor(Operation *op) const override;
  bool hasNarrowGrids() const override { return true; }

  // Integer ops, which step 0 does not have.
  LogicalResult emitDot(const DotProduct &dot) override {
    return unsupported(dot.op, "integer op in step 0");
  }
  LogicalResult emitSum(Operation *op, bool) override {
    return unsupported(op, "integer op in step 0");
  }
  LogicalResult emitMul(hwq::MulOp op) override {
    return unsupported(op, "integer op in step 0");
  }
  LogicalResult emitAvgPool(AvgPool2DOp op) override {
    return unsupported(op, "integer op in step 0");
  }
  ArrayRef<numerics::RequantizeKernel> getDotKernels() const override {
    return {};
  }
  LogicalResult emitConcat(tosa::ConcatOp op, ArrayRef<Value> operands,
                           bool channelsFirst, int64_t axis) override;
  LogicalResult emitMovement(StringRef opType, Operation *op, Value operand,
                             bool channelsFirst, std::vector<std::string> extra,
                             std::optional<int64_t> padCode,
                             Attributes attributes) override;

  LogicalResult emitQuantize(QuantizeOp op);
  LogicalResult emitConv(Operation *op, bool isTransposed);
  LogicalResult emitFullyConnected(FullyConnectedOp op);
  LogicalResult emitMatMul(MatMulOp op) override;
  LogicalResult emitAvgPool(tosa::AvgPool2dOp op);
  LogicalResult emitBinary(StringRef opType, Operation *op);
  LogicalResult emitUnary(StringRef opType, Operation *op);
  LogicalResult emitUnary(UnaryOp op);
  LogicalResult emitPad(tosa::PadOp op);
  LogicalResult emitReduce(StringRef opType, Operation *op, int64_t axis);

  /// Weights as an initializer, with their quantizer behind it where they have
  /// one: the name of what the op reads. `order` gives the elements in the
  /// file's order, `axis` is that of the output channels there.
  FailureOr<std::string> addWeights(Operation *op, Value weights,
                                    ArrayRef<int64_t> shape,
                                    ArrayRef<size_t> order, int64_t axis);
  FailureOr<std::string> addBias(Operation *op, Value bias, StringRef suffix);
  /// Names of the tensors around a Clip, where the grid is narrower than its
  /// type.
  std::string clipCodes(const std::string &codes, quant::QuantizedType type,
                        const std::string &name);
  /// Under a name that no other tensor has.
  template <typename T>
  std::string addArray(const std::string &name, ArrayRef<int64_t> shape,
                       std::vector<T> values) {
    model.addConstant(name, shape, values);
    return name;
  }
};

} // namespace

static ArrayRef<int64_t> getShape(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

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

static bool isConstant(Value value) {
  return isa_and_present<tosa::ConstOp>(getSource(value).first.getDefiningOp());
}

//===----------------------------------------------------------------------===//
// Quantizers
//===----------------------------------------------------------------------===//

std::string StepZeroWriter::clipCodes(const std::string &codes,
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

LogicalResult StepZeroWriter::emitQuantize(QuantizeOp op) {
  bool channelsFirst = isChannelsFirst(op.getInput());
  FailureOr<std::string> input = get(op, op.getInput(), channelsFirst);
  if (failed(input))
    return failure();
  auto type = cast<quant::UniformQuantizedType>(
      getElementTypeOrSelf(op.getOutput().getType()));
  auto [scale, zeroPoint] = getParams(op.getOutput());
  std::string codes = define(op.getOutput(), channelsFirst);
  std::string whole =
      isWhole(type) ? codes : helperName(op.getOutput(), "_unclipped");
  model.addNode("QuantizeLinear", {*input, scale, zeroPoint}, whole);
  if (isWhole(type))
    return success();
  std::string clipped = clipCodes(whole, type, codes + "_clipped");
  model.addNode("Identity", {clipped}, codes);
  return success();
}

FailureOr<std::string> StepZeroWriter::addWeights(Operation *op, Value weights,
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

FailureOr<std::string> StepZeroWriter::addBias(Operation *op, Value bias,
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

LogicalResult StepZeroWriter::emitConv(Operation *op, bool isTransposed) {
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
  std::vector<std::string> inputs = {*input, *w};
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

LogicalResult StepZeroWriter::emitFullyConnected(FullyConnectedOp op) {
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

LogicalResult StepZeroWriter::emitMatMul(MatMulOp op) {
  FailureOr<std::string> a = get(op, op.getLhs(), false),
                         b = get(op, op.getRhs(), false);
  if (failed(a) || failed(b))
    return failure();
  model.addNode("MatMul", {*a, *b}, define(op.getOutput(), false));
  return success();
}

//===----------------------------------------------------------------------===//
// Other ops
//===----------------------------------------------------------------------===//

LogicalResult StepZeroWriter::emitConcat(tosa::ConcatOp op,
                                         ArrayRef<Value> operands,
                                         bool channelsFirst, int64_t axis) {
  std::vector<std::string> inputs;
  for (Value operand : operands) {
    FailureOr<std::string> tensor = get(op, operand, channelsFirst);
    if (failed(tensor))
      return failure();
    inputs.push_back(*tensor);
  }
  model.addNode("Concat", inputs, define(op.getOutput(), channelsFirst))
      .set("axis", axis);
  return success();
}

LogicalResult StepZeroWriter::emitMovement(StringRef opType, Operation *op,
                                           Value operand, bool channelsFirst,
                                           std::vector<std::string> extra,
                                           std::optional<int64_t>,
                                           Attributes attributes) {
  FailureOr<std::string> input = get(op, operand, channelsFirst);
  if (failed(input))
    return failure();
  std::vector<std::string> inputs = {*input};
  llvm::append_range(inputs, extra);
  Node node =
      model.addNode(opType, inputs, define(op->getResult(0), channelsFirst));
  attributes(node);
  return success();
}

LogicalResult StepZeroWriter::emitAvgPool(tosa::AvgPool2dOp op) {
  FailureOr<std::string> input = get(op, op.getInput(), true);
  if (failed(input))
    return failure();
  std::string name = define(op.getOutput(), true);
  bool isGlobal = op.getKernel() == getShape(op.getInput()).slice(1, 2) &&
                  llvm::all_of(op.getPad(), [](int64_t p) { return p == 0; });
  if (isGlobal) {
    model.addNode("GlobalAveragePool", {*input}, name);
    return success();
  }
  Node node = model.addNode("AveragePool", {*input}, name);
  setPoolAttributes(node, op.getKernel(), op.getStride(), op.getPad());
  return success();
}

LogicalResult StepZeroWriter::emitBinary(StringRef opType, Operation *op) {
  Value lhs = op->getOperand(0), rhs = op->getOperand(1);
  bool channelsFirst = isChannelsFirst(lhs) || isChannelsFirst(rhs);
  FailureOr<std::string> a = get(op, lhs, channelsFirst),
                         b = get(op, rhs, channelsFirst);
  if (failed(a) || failed(b))
    return failure();
  model.addNode(opType, {*a, *b}, define(op->getResult(0), channelsFirst));
  return success();
}

LogicalResult StepZeroWriter::emitUnary(StringRef opType, Operation *op) {
  Value input = op->getOperand(0);
  FailureOr<std::string> x = get(op, input, isChannelsFirst(input));
  if (failed(x))
    return failure();
  model.addNode(opType, {*x}, define(op->getResult(0), isChannelsFirst(input)));
  return success();
}

LogicalResult StepZeroWriter::emitUnary(UnaryOp op) {
  bool channelsFirst = isChannelsFirst(op.getInput());
  FailureOr<std::string> x = get(op, op.getInput(), channelsFirst);
  if (failed(x))
    return failure();
  switch (op.getKind()) {
  case UnaryKind::LeakyRelu:
    model.addNode("LeakyRelu", {*x}, define(op.getOutput(), channelsFirst))
        .setFloat("alpha", op.getAlpha()->convertToFloat());
    return success();
  case UnaryKind::HardSwish: {
    // x * hard sigmoid; HardSwish itself came with opset 14.
    std::string gate = helperName(op.getOutput(), "_gate");
    model.addNode("HardSigmoid", {*x}, gate)
        .setFloat("alpha", 1.0f / 6)
        .setFloat("beta", 0.5f);
    model.addNode("Mul", {*x, gate}, define(op.getOutput(), channelsFirst));
    return success();
  }
  }
  return unsupported(op, "'" + op->getName().getStringRef() + "'");
}

LogicalResult StepZeroWriter::emitPad(tosa::PadOp op) {
  FailureOr<SmallVector<int64_t>> padding =
      getShapeConstant(op, op.getPadding());
  FailureOr<std::vector<float>> value = getFloatConstant(op.getPadConst());
  FailureOr<std::string> input = get(op, op.getInput1(), false);
  if (failed(padding) || failed(input))
    return failure();
  if (failed(value) || value->empty())
    return op->emitError() << "expected a constant value of padding";
  std::vector<int64_t> pads;
  for (size_t side : {0, 1})
    for (size_t i = side; i < padding->size(); i += 2)
      pads.push_back((*padding)[i]);
  std::string amounts = addShape(helperName(op.getOutput(), "_pads"), pads),
              constant = addArray<float>(helperName(op.getOutput(), "_value"),
                                         {}, {value->front()});
  model.addNode("Pad", {*input, amounts, constant},
                define(op.getOutput(), false));
  return success();
}

LogicalResult StepZeroWriter::emitReduce(StringRef opType, Operation *op,
                                         int64_t axis) {
  FailureOr<std::string> input = get(op, op->getOperand(0), false);
  if (failed(input))
    return failure();
  std::vector<std::string> inputs = {*input};
  if (opType == "ReduceSum")
    inputs.push_back(addShape(helperName(op->getResult(0), "_axes"), {axis}));
  Node node = model.addNode(opType, inputs, define(op->getResult(0), false));
  node.set("keepdims", int64_t(1));
  if (opType != "ReduceSum")
    node.set("axes", ArrayRef<int64_t>{axis});
  return success();
}

/// Quantizers of weights are written with the op that reads them.
bool StepZeroWriter::isTensor(Operation *op) const {
  return !isa<QuantizeOp, DequantizeOp>(op) || !isConstant(op->getOperand(0));
}

std::optional<LogicalResult> StepZeroWriter::emitOwn(Operation *op) {
  using Written = std::optional<LogicalResult>;
  if (!isTensor(op))
    return success();
  return TypeSwitch<Operation *, Written>(op)
      .Case([&](QuantizeOp q) { return emitQuantize(q); })
      .Case([&](Conv2DOp) { return emitConv(op, false); })
      .Case([&](TransposeConv2DOp) { return emitConv(op, true); })
      .Case([&](FullyConnectedOp fc) { return emitFullyConnected(fc); })
      .Case([&](MatMulOp product) { return emitMatMul(product); })
      .Case([&](tosa::AvgPool2dOp pool) { return emitAvgPool(pool); })
      .Case([&](tosa::AddOp) { return emitBinary("Add", op); })
      .Case([&](tosa::SubOp) { return emitBinary("Sub", op); })
      .Case([&](tosa::MulOp) { return emitBinary("Mul", op); })
      .Case([&](tosa::MaximumOp) { return emitBinary("Max", op); })
      .Case([&](tosa::MinimumOp) { return emitBinary("Min", op); })
      .Case([&](tosa::PowOp) { return emitBinary("Pow", op); })
      .Case([&](tosa::SigmoidOp) { return emitUnary("Sigmoid", op); })
      .Case([&](tosa::TanhOp) { return emitUnary("Tanh", op); })
      .Case([&](tosa::ErfOp) { return emitUnary("Erf", op); })
      .Case([&](tosa::ExpOp) { return emitUnary("Exp", op); })
      .Case([&](tosa::LogOp) { return emitUnary("Log", op); })
      .Case([&](tosa::AbsOp) { return emitUnary("Abs", op); })
      .Case([&](tosa::FloorOp) { return emitUnary("Floor", op); })
      .Case([&](tosa::CeilOp) { return emitUnary("Ceil", op); })
      .Case([&](tosa::ReciprocalOp) { return emitUnary("Reciprocal", op); })
      .Case([&](UnaryOp unary) { return emitUnary(unary); })
      .Case([&](tosa::PadOp pad) { return emitPad(pad); })
      .Case([&](tosa::ReduceSumOp r) {
        return emitReduce("ReduceSum", op, r.getAxis());
      })
      .Case([&](tosa::ReduceMaxOp r) {
        return emitReduce("ReduceMax", op, r.getAxis());
      })
      .Case([&](tosa::ReduceMinOp r) {
        return emitReduce("ReduceMin", op, r.getAxis());
      })
      .Default([](Operation *) -> Written { return std::nullopt; });
}

/// The float tensor in front of a quantizer has the tensor's name, the codes
/// and what they mean are called after it.
static void nameFloats(func::FuncOp function) {
  function.walk([](QuantizeOp quantize) {
    std::string name = getTensorName(quantize.getOutput()).str();
    Operation *producer = quantize.getInput().getDefiningOp();
    if (!producer || name.empty() || producer->hasAttr(kNameAttr))
      return;
    setTensorName(producer, name);
    setTensorName(quantize, name + "_quantized");
    for (Operation *user : quantize->getUsers())
      if (isa<DequantizeOp>(user) && !user->hasAttr(kNameAttr))
        setTensorName(user, name + "_dequantized");
  });
}

FailureOr<std::string> interchange::exportStepZeroOnnx(ModuleOp module) {
  OwningOpRef<ModuleOp> clone = module.clone();
  FailureOr<func::FuncOp> function = getStepZero(*clone, "export-step0-onnx");
  if (failed(function))
    return failure();
  nameFloats(*function);
  return StepZeroWriter(*function).run();
}
