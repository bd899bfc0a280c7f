//===- PassUtils.cpp - What several passes need -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include <numeric>

using namespace mlir;
using namespace hwq;

LogicalResult hwq::checkRanked(ModuleOp module) {
  auto check = [](Value value) {
    if (!isa<UnrankedTensorType>(value.getType()))
      return WalkResult::advance();
    emitError(value.getLoc())
        << "expected a tensor of known rank, got " << value.getType() << " for "
        << describeTensor(value) << " (--tosa-infer-shapes can find it)";
    return WalkResult::interrupt();
  };
  WalkResult result = module.walk([&](Operation *op) {
    for (Region &region : op->getRegions())
      for (BlockArgument arg : region.getArguments())
        if (check(arg).wasInterrupted())
          return WalkResult::interrupt();
    for (Value value : op->getResults())
      if (check(value).wasInterrupted())
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

LogicalResult hwq::checkQuantizable(ModuleOp module, StringRef pass) {
  if (module
          .walk([](QuantizableOpInterface) { return WalkResult::interrupt(); })
          .wasInterrupted())
    return success();
  return emitError(module.getLoc())
         << "'" << pass << "' found no op that can be quantized";
}

tosa::ClampOp hwq::getFusedClamp(Operation *op) {
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  if (!quantizable || !quantizable.absorbsClamp() || !op->hasOneUse())
    return {};
  return dyn_cast<tosa::ClampOp>(*op->user_begin());
}

static bool hasArithmetic(QuantizableOpInterface op, const Backend &backend) {
  StringRef kind = op.getOpKind();
  if (backend.isFloatOnly(kind))
    return false;
  if (kind == "mul")
    return backend.mul.has_value();
  if (kind == "sub")
    return numerics::hasSubtraction(backend.add);
  if (kind == "softmax")
    return backend.softmax != SoftmaxKind::None;
  if (kind == "mean")
    return backend.mean.has_value();
  if (kind == "prelu")
    return backend.prelu.has_value();
  // Nearest neighbours are moved.
  if (kind == "resize")
    return op.isDataMovement() || backend.resize;
  return backend.lookupTables || !op.getUnaryFunction();
}

std::string hwq::whyNoArithmetic(QuantizableOpInterface op,
                                 const Backend &backend) {
  if (!hasArithmetic(op, backend))
    return "the backend has no " + op.getOpKind().str() + " in integers";
  auto pool = dyn_cast<tosa::AvgPool2dOp>(op.getOperation());
  if (pool && numerics::countsPadding(backend.avgPool) &&
      llvm::any_of(pool.getPad(), [](int64_t pad) { return pad != 0; }))
    return "the backend counts the padding of an average pool, which is not "
           "to be counted";
  return "";
}

bool hwq::isConstant(Value value) {
  Operation *op = value.getDefiningOp();
  while (op && isa<QuantizeOp, DequantizeOp, FakeQuantOp>(op))
    op = op->getOperand(0).getDefiningOp();
  return isa_and_present<tosa::ConstOp>(op);
}

LogicalResult hwq::checkImplementedName(function_ref<InFlightDiagnostic()> emit,
                                        const Backend &backend, StringRef pass,
                                        StringRef field, StringRef value,
                                        ArrayRef<StringRef> implemented) {
  if (llvm::is_contained(implemented, value))
    return success();
  return emit() << "'" << pass << "' does not implement " << field << " '"
                << value << "' of the backend '" << backend.name
                << "', expected one of: " << llvm::join(implemented, ", ");
}

quant::UniformQuantizedType
hwq::getQuantizedType(MLIRContext *context, const Scheme &scheme,
                      const numerics::QuantParams &params) {
  bool isSigned = numerics::isSigned(scheme.storage);
  return quant::UniformQuantizedType::get(
      isSigned ? quant::QuantizationFlags::Signed : 0,
      IntegerType::get(context, numerics::bitWidth(scheme.storage)),
      Float32Type::get(context), params.scale, params.zeroPoint,
      params.grid.qmin, params.grid.qmax);
}

quant::UniformQuantizedType hwq::getUniformType(Value value) {
  return dyn_cast<quant::UniformQuantizedType>(
      cast<RankedTensorType>(value.getType()).getElementType());
}

ChannelParams hwq::getChannelParams(Value weights) {
  auto type = cast<RankedTensorType>(weights.getType());
  int64_t channels = type.getDimSize(0);
  if (auto uniform =
          dyn_cast<quant::UniformQuantizedType>(type.getElementType()))
    return {std::vector<double>(channels, uniform.getScale()),
            std::vector<int64_t>(channels, uniform.getZeroPoint())};
  auto perAxis =
      cast<quant::UniformQuantizedPerAxisType>(type.getElementType());
  return {perAxis.getScales().vec(), perAxis.getZeroPoints().vec()};
}

int64_t hwq::getInputChannel(Operation *dot, int64_t o, int64_t i) {
  auto conv = dyn_cast<Conv2DOp>(dot);
  if (!conv)
    return i;
  RankedTensorType weights = conv.getWeights().getType();
  int64_t inputs = weights.getDimSize(3),
          outputs =
              weights.getDimSize(0) / static_cast<int64_t>(conv.getGroups());
  return o / outputs * inputs + i % inputs;
}

numerics::QuantParams hwq::getDotInput(Value input) {
  if (getUniformType(input))
    return getQuantParams(input);
  auto type = cast<quant::QuantizedType>(getElementTypeOrSelf(input));
  return {1.0, 0, {type.getStorageTypeMin(), type.getStorageTypeMax()}};
}

FailureOr<std::vector<int64_t>> hwq::getZeroPointSums(Operation *dot) {
  auto quantizable = cast<QuantizableOpInterface>(dot);
  Value input = dot->getOperand(quantizable.getActivationOperands().front());
  Value weights = dot->getOperand(*quantizable.getWeightOperand());
  if (quant::UniformQuantizedType type = getUniformType(input)) {
    FailureOr<std::vector<int64_t>> sums = getWeightSums(weights);
    if (succeeded(sums))
      for (int64_t &sum : *sums)
        sum *= type.getZeroPoint();
    return sums;
  }
  ArrayRef<int64_t> zeroPoints =
      cast<quant::UniformQuantizedPerAxisType>(getElementTypeOrSelf(input))
          .getZeroPoints();
  ChannelParams params = getChannelParams(weights);
  std::vector<int64_t> sums(params.scales.size());
  if (failed(forEachRow(weights, sums.size(),
                        [&](size_t c, ArrayRef<int64_t> codes) {
                          for (size_t i = 0; i < codes.size(); ++i)
                            sums[c] += zeroPoints[getInputChannel(dot, c, i)] *
                                       (codes[i] - params.zeroPoints[c]);
                        })))
    return failure();
  return sums;
}

FailureOr<std::vector<int64_t>> hwq::getWeightSums(Value weights) {
  ChannelParams params = getChannelParams(weights);
  std::vector<int64_t> sums(params.scales.size());
  if (failed(forEachRow(
          weights, sums.size(), [&](size_t c, ArrayRef<int64_t> codes) {
            sums[c] = std::accumulate(codes.begin(), codes.end(), int64_t(0)) -
                      static_cast<int64_t>(codes.size()) * params.zeroPoints[c];
          })))
    return failure();
  return sums;
}

FailureOr<DotParams> DotParams::get(RequantizeOp op, const Backend &backend) {
  Operation *dot = op.getInput().getDefiningOp();
  auto quantizable = dyn_cast_if_present<QuantizableOpInterface>(dot);
  if (!quantizable || !quantizable.hasAccumulator() || !dot->hasOneUse() ||
      getUniformType(op.getInput()))
    return failure();
  DotParams params;
  params.op = dot;
  SmallVector<unsigned> activations = quantizable.getActivationOperands();
  params.input = getDotInput(dot->getOperand(activations.front()));
  std::optional<unsigned> weights = quantizable.getWeightOperand();
  if (weights)
    params.weights = dot->getOperand(*weights);
  auto element = getElementTypeOrSelf(
      weights ? params.weights : dot->getOperand(activations[1]));
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(element))
    params.weightScales = {uniform.getScale()};
  else
    params.weightScales =
        cast<quant::UniformQuantizedPerAxisType>(element).getScales().vec();
  // LiteRT's product of two scales, where it is not one of weights, is in f32.
  if (!weights && backend.scalesInF32 &&
      !numerics::isFloatKernel(backend.matmulKernel)) {
    params.input.scale = static_cast<float>(params.input.scale) *
                         static_cast<float>(params.weightScales[0]);
    params.weightScales = {1.0};
  }
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(
          getElementTypeOrSelf(op.getOutput()))) {
    numerics::Grid grid{perAxis.getStorageTypeMin(),
                        perAxis.getStorageTypeMax()};
    for (auto [scale, zeroPoint] :
         llvm::zip_equal(perAxis.getScales(), perAxis.getZeroPoints()))
      params.outputs.push_back({scale, zeroPoint, grid});
  } else if (!op.isFloat()) {
    params.outputs = {getQuantParams(op.getOutput())};
  }
  return params;
}

numerics::RequantizeKernel DotParams::getKernel(const Backend &backend) const {
  if (isa<MatMulOp>(op))
    return backend.matmulKernel;
  if (isa<TransposeConv2DOp>(op))
    return backend.transposeConvKernel;
  return isa<FullyConnectedOp>(op) ? backend.fullyConnectedKernel
                                   : backend.requantizeKernel;
}

/// Ascend's sqrt_mode: two products with the square root, where a scale is no
/// normal number of fp16.
static void chooseSqrtMode(numerics::RequantizeParams &params) {
  bool outside = llvm::any_of(
      params.scales, [](float s) { return s < 0x1p-14f || s > 65504; });
  if (params.precision == numerics::DequantPrecision::F16 && outside)
    params.precision = numerics::DequantPrecision::F16Sqrt;
}

numerics::Result<numerics::Epilogue>
DotParams::derive(const Backend &backend, const std::vector<double> &bias,
                  const std::vector<int64_t> &folded) const {
  using numerics::BiasForm;
  using numerics::RequantizeKernel;
  numerics::EpilogueOptions options;
  options.kernel = getKernel(backend);
  options.multiplierRule = backend.multiplierRule;
  options.scaleProduct = backend.scaleProduct;
  options.biasForm =
      backend.bias == BiasForm::I8Asymmetric ? BiasForm::I32 : backend.bias;
  options.biasRounding = backend.biasRounding;
  options.perChannelWeights = weightScales.size() > 1;
  auto derived = [](numerics::Result<numerics::Epilogue> epilogue) {
    if (epilogue)
      return epilogue;
    StringRef error = epilogue.error();
    error.consume_front("epilogue: ");
    return numerics::Result<numerics::Epilogue>(numerics::failure(error.str()));
  };
  if (!outputs.empty()) {
    numerics::Result<numerics::Epilogue> epilogue =
        derived(outputs.size() == 1
                    ? numerics::deriveEpilogue(options, input, weightScales,
                                               outputs.front(), bias, folded)
                    : numerics::deriveEpilogue(options, input, weightScales,
                                               outputs, bias, folded));
    if (epilogue) {
      epilogue->requantize.precision = backend.dequantPrecision;
      chooseSqrtMode(epilogue->requantize);
    }
    return epilogue;
  }
  // Unit 1 on any grid: nothing is rounded.
  numerics::QuantParams unit{1, 0, {INT16_MIN, INT16_MAX}};
  if (options.kernel != RequantizeKernel::R9) {
    options.kernel = RequantizeKernel::R14;
    options.multiplierRule.reset();
    options.scaleProduct = numerics::ScaleProduct::F64;
  }
  numerics::Result<numerics::Epilogue> epilogue =
      derived(numerics::deriveEpilogue(options, input, weightScales, unit, bias,
                                       folded));
  if (!epilogue)
    return epilogue;
  epilogue->requantize.precision =
      backend.dequantPrecision == numerics::DequantPrecision::Requant
          ? numerics::DequantPrecision::F32
          : backend.dequantPrecision;
  if (options.kernel != RequantizeKernel::R9)
    epilogue->requantize.precision = numerics::DequantPrecision::Requant;
  else
    chooseSqrtMode(epilogue->requantize);
  return epilogue;
}

FailureOr<std::vector<int64_t>> hwq::getFoldedZeroPoints(const DotParams &dot) {
  if (!dot.weights)
    return std::vector<int64_t>();
  FailureOr<std::vector<int64_t>> sums = getZeroPointSums(dot.op);
  if (failed(sums))
    return failure();
  bool raw = dot.op->hasAttr("raw_input");
  for (int64_t &sum : *sums)
    sum = raw ? -sum : 0;
  return sums;
}

/// Of a product of two activations: any code may meet any other.
static AccumulatorRange getAccumulatorRange(MatMulOp op) {
  int64_t taps = op.getLhs().getType().getShape().back();
  AccumulatorRange range{{0}, {0}};
  numerics::QuantParams a = getQuantParams(op.getLhs()),
                        b = getQuantParams(op.getRhs());
  for (int64_t x : {a.grid.qmin - a.zeroPoint, a.grid.qmax - a.zeroPoint})
    for (int64_t y : {b.grid.qmin - b.zeroPoint, b.grid.qmax - b.zeroPoint}) {
      range.lo[0] = std::min(range.lo[0], x * y * taps);
      range.hi[0] = std::max(range.hi[0], x * y * taps);
    }
  return range;
}

FailureOr<AccumulatorRange> hwq::getAccumulatorRange(Operation *dot,
                                                     bool partialSums) {
  if (auto product = dyn_cast<MatMulOp>(dot))
    return ::getAccumulatorRange(product);
  auto quantizable = cast<QuantizableOpInterface>(dot);
  Value input = dot->getOperand(quantizable.getActivationOperands().front());
  Value weights = dot->getOperand(*quantizable.getWeightOperand());
  auto type = cast<quant::QuantizedType>(getElementTypeOrSelf(input));
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type);
  bool raw = dot->hasAttr("raw_input");
  int64_t offset = raw || perAxis ? 0 : getUniformType(input).getZeroPoint();
  ChannelParams params = getChannelParams(weights);
  size_t channels = params.scales.size();
  AccumulatorRange range{std::vector<int64_t>(channels),
                         std::vector<int64_t>(channels)};
  // Weights that add up to `positive` and `negative` and read the same inputs.
  auto add = [&](size_t c, int64_t positive, int64_t negative) {
    int64_t least = type.getStorageTypeMin() - offset,
            most = type.getStorageTypeMax() - offset;
    if (partialSums) {
      least = std::min<int64_t>(least, 0);
      most = std::max<int64_t>(most, 0);
    }
    range.lo[c] += positive * least + negative * most;
    range.hi[c] += positive * most + negative * least;
  };
  auto addRow = [&](size_t c, ArrayRef<int64_t> codes) {
    int64_t zeroPoint = params.zeroPoints[c], positive = 0, negative = 0;
    for (size_t i = 0; i < codes.size(); ++i) {
      int64_t w = codes[i] - zeroPoint;
      positive += std::max<int64_t>(w, 0);
      negative += std::min<int64_t>(w, 0);
      if (!perAxis || raw)
        continue;
      offset = perAxis.getZeroPoints()[getInputChannel(dot, c, i)];
      add(c, positive, negative);
      positive = negative = 0;
    }
    add(c, positive, negative);
  };
  if (failed(forEachRow(weights, channels, addRow)))
    return failure();
  if (std::optional<unsigned> index = quantizable.getBiasOperand()) {
    FailureOr<std::vector<int64_t>> bias =
        getIntegerConstant(dot->getOperand(*index));
    if (failed(bias))
      return failure();
    for (size_t c = 0; c < channels; ++c) {
      int64_t b = (*bias)[c];
      range.lo[c] += partialSums ? std::min<int64_t>(b, 0) : b;
      range.hi[c] += partialSums ? std::max<int64_t>(b, 0) : b;
    }
  }
  return range;
}

numerics::ConcatVariant hwq::getRescaleVariant(RequantizeOp op,
                                               const Backend &backend) {
  bool isConcatenated = llvm::any_of(op->getUsers(), [](Operation *user) {
    return isa<tosa::ConcatOp>(user);
  });
  return isConcatenated && backend.concat != numerics::ConcatVariant::Copy
             ? backend.concat
             : backend.rescale;
}

void hwq::eraseDeadChain(Operation *op) {
  llvm::SetVector<Operation *> candidates;
  candidates.insert(op);
  while (!candidates.empty()) {
    Operation *candidate = candidates.pop_back_val();
    if (!isOpTriviallyDead(candidate))
      continue;
    for (Value operand : candidate->getOperands())
      if (Operation *producer = operand.getDefiningOp())
        candidates.insert(producer);
    candidate->erase();
  }
}

void hwq::eraseDeadOps(Operation *root) {
  SmallVector<Operation *> ops;
  root->walk([&](Operation *op) {
    if (op != root)
      ops.push_back(op);
  });
  for (Operation *op : llvm::reverse(ops))
    if (isOpTriviallyDead(op))
      op->erase();
}

FailureOr<std::vector<float>> hwq::getPerChannelOperand(Operation *op,
                                                        Value other) {
  if (!isa<tosa::MulOp, tosa::AddOp>(op))
    return failure();
  auto result = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!result || result != other.getType() || result.getRank() == 0 ||
      op->getOperand(0) == op->getOperand(1))
    return failure();
  Value constant =
      op->getOperand(0) == other ? op->getOperand(1) : op->getOperand(0);
  FailureOr<std::vector<float>> values = getFloatConstant(constant);
  if (failed(values))
    return failure();
  ArrayRef<int64_t> shape =
      cast<RankedTensorType>(constant.getType()).getShape();
  if (!shape.empty() &&
      llvm::any_of(shape.drop_back(), [](int64_t d) { return d != 1; }))
    return failure();
  int64_t channels = result.getShape().back();
  if (values->size() == 1 && !ShapedType::isDynamic(channels))
    values->resize(channels, values->front());
  if (static_cast<int64_t>(values->size()) != channels)
    return failure();
  return values;
}
