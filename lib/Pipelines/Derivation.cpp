//===- Derivation.cpp - The numbers of every op, step by step ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/Derivation.h"
#include "hwq/Dialect/QuantHW/IR/Arithmetic.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace hwq;

//===----------------------------------------------------------------------===//
// Reading one program
//===----------------------------------------------------------------------===//

func::FuncOp hwq::getMainFunction(ModuleOp module) {
  func::FuncOp found;
  for (auto func : module.getOps<func::FuncOp>()) {
    if (func.isExternal())
      continue;
    if (!found || func.getName() == "main")
      found = func;
  }
  return found;
}

static quant::UniformQuantizedType getUniform(Type type) {
  return dyn_cast<quant::UniformQuantizedType>(getElementTypeOrSelf(type));
}

static bool isQuantized(Type type) {
  return isa<quant::QuantizedType>(getElementTypeOrSelf(type));
}

static std::string printStorage(Type type) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Type element = getElementTypeOrSelf(type);
  if (auto quantized = dyn_cast<quant::QuantizedType>(element))
    os << (quantized.isSigned() ? "i" : "u")
       << quantized.getStorageTypeIntegralWidth();
  else
    os << element;
  return text;
}

/// Moves values and changes none of them.
static bool onlyMoves(Operation *op) {
  if (isa<QuantizeOp, DequantizeOp, FakeQuantOp, ObserveOp>(op))
    return true;
  auto quantizable = dyn_cast<QuantizableOpInterface>(op);
  return quantizable && quantizable.isDataMovement() &&
         quantizable.getActivationOperands().size() == 1;
}

/// A constant, also moved or quantized.
static bool isConstant(Value value) {
  Operation *op = value.getDefiningOp();
  while (op && op->getNumOperands() && onlyMoves(op))
    op = op->getOperand(0).getDefiningOp();
  return op && op->hasTrait<OpTrait::ConstantLike>();
}

/// The name of a tensor, or of the one that it was moved from.
static std::string getOriginName(Value value) {
  while (getTensorName(value).empty()) {
    Operation *op = value.getDefiningOp();
    if (!op || !op->getNumOperands() || !onlyMoves(op))
      return "";
    value = op->getOperand(0);
  }
  return getTensorName(value).str();
}

static TensorGrid getGrid(Value value) {
  TensorGrid grid;
  grid.name = getOriginName(value);
  grid.storage = printStorage(value.getType());
  auto type = getUniform(value.getType());
  if (!type)
    if (auto dequantize = value.getDefiningOp<DequantizeOp>())
      type = getUniform(dequantize.getInput().getType());
  if (type)
    grid.params = getParams(type);
  return grid;
}

namespace {
/// The named tensors of one program.
class ProgramNames {
public:
  explicit ProgramNames(ModuleOp module) {
    func::FuncOp func = module ? getMainFunction(module) : func::FuncOp();
    if (!func)
      return;
    auto add = [&](Value value) {
      StringRef name = getTensorName(value);
      if (name.empty() || isConstant(value))
        return;
      // The input and its codes have one name: the codes count.
      if (values.insert({name, value}).second)
        order.push_back(name.str());
      else
        values[name] = value;
    };
    for (BlockArgument argument : func.getArguments())
      add(argument);
    func.walk([&](Operation *op) {
      if (op->getNumResults() == 1)
        add(op->getResult(0));
    });
  }

  Value find(StringRef name) const { return values.lookup(name); }
  ArrayRef<std::string> names() const { return order; }

private:
  llvm::StringMap<Value> values;
  std::vector<std::string> order;
};

/// The op that computes a tensor, and the requantization behind it.
struct Producer {
  Operation *op = nullptr;
  RequantizeOp requantize;
};
} // namespace

/// Adds up products, of an activation with weights or of two activations.
static bool isDot(Operation *op) {
  auto quantizable = dyn_cast_if_present<QuantizableOpInterface>(op);
  return quantizable && quantizable.hasAccumulator();
}

static Producer getProducer(Value value) {
  Producer producer;
  producer.op = value ? value.getDefiningOp() : nullptr;
  if (isa_and_present<QuantizeOp, FakeQuantOp>(producer.op)) {
    // Step 0: the clamp that belongs to the op before it has no name.
    Operation *inner = producer.op->getOperand(0).getDefiningOp();
    while (inner && getTensorName(inner->getResult(0)).empty() &&
           isa<tosa::ClampOp>(inner))
      inner = inner->getOperand(0).getDefiningOp();
    if (inner && getTensorName(inner->getResult(0)).empty() &&
        !isConstant(inner->getResult(0)))
      producer.op = inner;
    return producer;
  }
  producer.requantize = dyn_cast_if_present<RequantizeOp>(producer.op);
  if (producer.requantize)
    if (Operation *dot = producer.requantize.getInput().getDefiningOp();
        isDot(dot))
      producer.op = dot;
  return producer;
}

/// The word of a variant attribute.
static std::string getAttributeWord(Attribute attr) {
  auto word = [](auto variant) {
    return std::string(numerics::stringify(variant.getValue()));
  };
  return llvm::TypeSwitch<Attribute, std::string>(attr)
      .Case<AddVariantAttr, MulVariantAttr, AvgPoolVariantAttr,
            ConcatVariantAttr, ResizeVariantAttr>(word)
      .Default([](Attribute) { return ""; });
}

static std::vector<double> toVector(DenseF64ArrayAttr attr) {
  return attr ? std::vector<double>(attr.asArrayRef().begin(),
                                    attr.asArrayRef().end())
              : std::vector<double>();
}

/// The requantizations of an op, by what they work on.
static std::vector<NamedRequant> getRequants(Producer producer) {
  std::vector<NamedRequant> result;
  if (producer.requantize) {
    result.push_back({"", producer.requantize.getRequant()});
    return result;
  }
  if (!producer.op)
    return result;
  for (auto [key, role] : {std::pair("lhs_requant", "lhs"),
                           {"rhs_requant", "rhs"},
                           {"positive", "positive"},
                           {"negative", "negative"},
                           {"requant", ""}})
    if (auto attr = producer.op->getAttrOfType<RequantAttr>(key))
      result.push_back({role, attr});
  return result;
}

//===----------------------------------------------------------------------===//
// One op through all programs
//===----------------------------------------------------------------------===//

/// Operands that carry activations, in order.
static std::vector<TensorGrid> getInputs(Producer producer) {
  std::vector<TensorGrid> inputs;
  Operation *op = producer.op;
  if (!op)
    return inputs;
  if (isDot(op)) {
    for (unsigned i : cast<QuantizableOpInterface>(op).getActivationOperands())
      inputs.push_back(getGrid(op->getOperand(i)));
    if (producer.requantize && producer.requantize.getResidual())
      inputs.push_back(getGrid(producer.requantize.getResidual()));
    return inputs;
  }
  for (Value operand : op->getOperands())
    if (!isConstant(operand))
      inputs.push_back(getGrid(operand));
  return inputs;
}

/// Scales, zero points and grid of weights, quantized or dequantized again.
static Value getWeights(Operation *op) {
  auto quantizable = dyn_cast_if_present<QuantizableOpInterface>(op);
  if (!quantizable || !quantizable.getWeightOperand())
    return {};
  Value weights = op->getOperand(*quantizable.getWeightOperand());
  if (auto dequantize = weights.getDefiningOp<DequantizeOp>())
    return dequantize.getInput();
  return weights;
}

static void readWeights(Value weights, OpDerivation &d) {
  auto shape = dyn_cast_if_present<RankedTensorType>(weights ? weights.getType()
                                                             : Type());
  if (!shape || !shape.hasStaticShape() || shape.getDimSize(0) <= 0)
    return;
  d.hasWeights = true;
  d.taps = shape.getNumElements() / shape.getDimSize(0);
  auto quantized = dyn_cast<quant::QuantizedType>(shape.getElementType());
  if (!quantized)
    return;
  d.weightGrid = numerics::Grid{quantized.getStorageTypeMin(),
                                quantized.getStorageTypeMax()};
  if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(quantized)) {
    llvm::append_range(d.weightScales, perAxis.getScales());
    llvm::append_range(d.weightZeroPoints, perAxis.getZeroPoints());
  } else if (auto uniform = getUniform(quantized)) {
    d.weightScales = {uniform.getScale()};
    d.weightZeroPoints = {uniform.getZeroPoint()};
  }
}

/// Scales and real bias of a step with real scales.
static void readRealStep(Producer producer, std::vector<double> &scales,
                         std::vector<double> &bias) {
  if (!producer.requantize || !isDot(producer.op) ||
      !producer.requantize.getRequant().isReal())
    return;
  scales = toVector(producer.requantize.getRequant().getScales());
  if (Value constant = producer.requantize.getBias()) {
    FailureOr<std::vector<double>> values = getDoubleConstant(constant);
    if (succeeded(values))
      bias = std::move(*values);
  }
}

/// A product of two activations has no weights: every code counts.
static void readMatMul(MatMulOp op, OpDerivation &d) {
  int64_t taps = op.getLhs().getType().getShape().back();
  auto lhs = getUniform(op.getLhs().getType()),
       rhs = getUniform(op.getRhs().getType());
  if (ShapedType::isDynamic(taps))
    return;
  d.taps = taps;
  if (!lhs || !rhs)
    return;
  auto ends = [](quant::UniformQuantizedType type) {
    return std::pair(type.getStorageTypeMin() - type.getZeroPoint(),
                     type.getStorageTypeMax() - type.getZeroPoint());
  };
  auto [a, b] = ends(lhs);
  auto [x, y] = ends(rhs);
  auto [least, most] = std::minmax({a * x, a * y, b * x, b * y});
  d.accumulators = {
      {std::min<int64_t>(taps * least, 0), std::max<int64_t>(taps * most, 0)}};
}

/// What the accumulators can reach, from the codes of the weights.
static void readAccumulators(Operation *dot, OpDerivation &d) {
  Value weights = getWeights(dot);
  FailureOr<std::vector<int64_t>> codes = getIntegerConstant(weights);
  auto quantizable = cast<QuantizableOpInterface>(dot);
  auto input = dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(
      dot->getOperand(quantizable.getActivationOperands().front()).getType()));
  auto uniform = dyn_cast_if_present<quant::UniformQuantizedType>(input);
  bool raw = dot->hasAttr("raw_input");
  // Zero points of channels are in the bias, or not folded yet.
  if (failed(codes) || !input || d.taps == 0 || (!uniform && !raw))
    return;
  auto quantized =
      dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(weights.getType()));
  if (!quantized || quantized.getStorageTypeIntegralWidth() != 8)
    return;
  if (std::optional<unsigned> index = quantizable.getBiasOperand()) {
    FailureOr<std::vector<int64_t>> bias =
        getIntegerConstant(dot->getOperand(*index));
    if (succeeded(bias))
      d.integerBias = std::move(*bias);
  }
  int32_t zero = raw ? 0 : static_cast<int32_t>(uniform.getZeroPoint());
  size_t channels = codes->size() / d.taps;
  for (size_t c = 0; c < channels; ++c) {
    int32_t weightZero = 0;
    if (!d.weightZeroPoints.empty())
      weightZero = static_cast<int32_t>(
          d.weightZeroPoints[d.weightZeroPoints.size() == 1 ? 0 : c]);
    auto interval = [&](auto type) {
      std::vector<decltype(type)> w(codes->begin() + c * d.taps,
                                    codes->begin() + (c + 1) * d.taps);
      return numerics::accumulatorInterval(
          w.data(), w.size(), weightZero, zero,
          static_cast<int32_t>(input.getStorageTypeMin()),
          static_cast<int32_t>(input.getStorageTypeMax()));
    };
    numerics::Interval sums =
        quantized.isSigned() ? interval(int8_t()) : interval(uint8_t());
    int64_t bias = d.integerBias.empty() ? 0 : d.integerBias[c];
    // The bias comes first or last.
    d.accumulators.push_back({sums.lo + std::min<int64_t>(bias, 0),
                              sums.hi + std::max<int64_t>(bias, 0)});
  }
}

namespace {
/// The programs of a compilation with their names.
class Derivations {
public:
  explicit Derivations(const CompiledForms &forms)
      : forms(forms), calibrated(forms.first(Form::Calibrated)),
        step0(forms.last(Form::Step0)), step1(forms.last(Form::Step1)),
        step2(forms.last(Form::Step2)), step3(forms.first(Form::Step3)),
        step4(forms.first(Form::Step4)), final(forms.beforeTarget()) {}

  std::vector<OpDerivation> run();

private:
  OpDerivation derive(StringRef name, bool foldedAway);
  void readCalibrated(OpDerivation &d);
  void readSteps(OpDerivation &d);
  void readDecisions(OpDerivation &d);

  const CompiledForms &forms;
  ProgramNames calibrated, step0, step1, step2, step3, step4, final;
  std::optional<Backend> backend;
};
} // namespace

void Derivations::readCalibrated(OpDerivation &d) {
  ModuleOp module = forms.first(Form::Calibrated);
  if (!module)
    return;
  module.walk([&](ObserveOp observe) {
    if (observe.getTensor() != d.tensor || !observe.getRange())
      return;
    ArrayRef<double> range = *observe.getRange();
    d.range = numerics::Range{range[0], range[1]};
    d.method = observe.getMethod().value_or("").str();
  });
}

/// The dot product of step 0 that becomes one op with what follows: a clamp,
/// the sum with a residual, the quantizer.
static Operation *findFusedDot(Value value) {
  Operation *op = value ? value.getDefiningOp() : nullptr;
  while (isa_and_present<QuantizeOp, FakeQuantOp, tosa::ClampOp>(op))
    op = op->getOperand(0).getDefiningOp();
  if (!op || isDot(op))
    return op;
  for (Value operand : op->getOperands())
    if (Operation *producer = operand.getDefiningOp(); isDot(producer))
      return producer;
  return nullptr;
}

void Derivations::readSteps(OpDerivation &d) {
  Operation *dot = findFusedDot(step0.find(d.tensor));
  if (dot) {
    StringRef name = getTensorName(dot->getResult(0));
    d.dot = name.empty() ? d.tensor : name.str();
  }
  if (dot)
    if (std::optional<unsigned> bias =
            cast<QuantizableOpInterface>(dot).getBiasOperand())
      if (FailureOr<std::vector<float>> values =
              getFloatConstant(dot->getOperand(*bias));
          succeeded(values))
        d.realBias = std::move(*values);
  Producer at1 = getProducer(step1.find(d.tensor)),
           at2 = getProducer(step2.find(d.tensor)),
           at3 = getProducer(step3.find(d.tensor));
  readRealStep(at1, d.s1, d.b1);
  readRealStep(at2, d.s2, d.b2);
  readRealStep(at3, d.s3, d.b3);
  d.realRequants = getRequants(at3.op ? at3 : at1);
}

void Derivations::readDecisions(OpDerivation &d) {
  for (const TensorParameters &p : forms.parameters)
    if (p.tensor == d.tensor)
      llvm::append_range(d.shared, p.shared);
  std::string quoted = "'" + d.tensor + "'";
  for (const PassRemark &remark : forms.remarks)
    if (remark.tensor == d.tensor || StringRef(remark.text).starts_with(quoted))
      d.remarks.push_back(remark);
  if (d.isInteger)
    return;
  for (const PassRemark &remark : d.remarks) {
    auto [head, reason] = StringRef(remark.text).split(" stays float: ");
    if (!reason.empty() && (remark.tensor == d.tensor || head == quoted))
      d.whyFloat = reason.str();
  }
  if (!d.whyFloat.empty() || !backend)
    return;
  if (backend->isFloatOnly(d.op))
    d.whyFloat =
        "the backend '" + backend->name + "' computes " + d.op + " in float";
  else if (backend->finalForm == FinalForm::Step0)
    d.whyFloat = "the backend '" + backend->name +
                 "' ends at step 0: quantized values, float arithmetic";
  else if (d.op != "input" && d.op != "quantize" && !d.foldedAway)
    d.whyFloat = "the graph policy '" + stringify(backend->graphPolicy).str() +
                 "' of '" + backend->name + "' leaves it float";
}

OpDerivation Derivations::derive(StringRef name, bool foldedAway) {
  OpDerivation d;
  d.tensor = name.str();
  d.foldedAway = foldedAway;
  readCalibrated(d);
  const ProgramNames &program = foldedAway ? step0 : final;
  Value value = program.find(name);
  Producer producer = getProducer(value);
  d.output = getGrid(value);
  if (d.output.name.empty())
    d.output.name = d.tensor;
  d.inputs = getInputs(producer);
  Operation *op = producer.op;
  if (!op) {
    d.op = "input";
  } else {
    d.op = op->getName().stripDialect().str();
    if (auto quantizable = dyn_cast<QuantizableOpInterface>(op))
      d.op = quantizable.getOpKind().str();
  }
  readWeights(getWeights(op), d);
  if (auto product = dyn_cast_if_present<MatMulOp>(op))
    readMatMul(product, d);
  readSteps(d);
  d.requants = getRequants(producer);
  llvm::erase_if(d.requants,
                 [](const NamedRequant &r) { return r.second.isReal(); });
  if (op) {
    bool readsCodes = llvm::any_of(op->getOperands(), [](Value operand) {
      return !isConstant(operand) && isQuantized(operand.getType());
    });
    d.isInteger = readsCodes && !isa<DequantizeOp>(op);
    if (auto variant = op->getAttr("variant"))
      d.variant = getAttributeWord(variant);
    if (producer.requantize && producer.requantize.getVariantAttr())
      d.variant = getAttributeWord(producer.requantize.getVariantAttr());
    if (auto table = op->getAttrOfType<DenseI32ArrayAttr>("table"))
      llvm::append_range(d.table, table.asArrayRef());
    if (isDot(op) && d.isInteger) {
      if (auto pad = op->getAttrOfType<IntegerAttr>("pad_value"))
        d.padValue = pad.getInt();
      if (d.hasWeights)
        readAccumulators(op, d);
      if (backend)
        d.accumulatorBits = backend->accumulatorBits;
      // Separate when the kernels were chosen, one op now.
      d.folded =
          getProducer(step4.find(name)).requantize && !producer.requantize;
    }
  }
  readDecisions(d);
  return d;
}

std::vector<OpDerivation> Derivations::run() {
  std::vector<OpDerivation> result;
  ModuleOp last = forms.beforeTarget();
  if (!last)
    return result;
  if (FailureOr<Backend> found = getBackend(last, "explain"); succeeded(found))
    backend = std::move(*found);
  for (const std::string &name : final.names())
    result.push_back(derive(name, /*foldedAway=*/false));
  for (const std::string &name : step0.names())
    if (!final.find(name) && isQuantized(step0.find(name).getType()))
      result.push_back(derive(name, /*foldedAway=*/true));
  return result;
}

std::vector<OpDerivation> hwq::deriveAll(const CompiledForms &forms) {
  return Derivations(forms).run();
}

//===----------------------------------------------------------------------===//
// Counts
//===----------------------------------------------------------------------===//

static int64_t countRequantizations(ModuleOp module) {
  int64_t count = 0;
  if (module)
    module.walk([&](Operation *op) {
      count +=
          isa<RequantizeOp>(op) || op->getAttrOfType<RequantAttr>("requant");
    });
  return count;
}

static int64_t countSeparate(ModuleOp module) {
  int64_t count = 0;
  if (module)
    module.walk([&](RequantizeOp) { ++count; });
  return count;
}

ProgramSummary hwq::summarize(const CompiledForms &forms) {
  ProgramSummary summary;
  ModuleOp last = forms.beforeTarget();
  func::FuncOp func = last ? getMainFunction(last) : func::FuncOp();
  if (!func)
    return summary;
  // At step 0 everything computes in float between its quantizers.
  bool isFakeQuant = last == forms.last(Form::Step0);
  func.walk([&](Operation *op) {
    if (op->getNumResults() != 1 || isConstant(op->getResult(0)) ||
        onlyMoves(op) || isa<RequantizeOp>(op))
      return;
    auto quantizable = dyn_cast<QuantizableOpInterface>(op);
    if (quantizable && quantizable.isDataMovement())
      return;
    ++summary.ops;
    auto isQuantized = [&](Value operand) {
      return ::isQuantized(operand.getType()) ||
             (isFakeQuant && isa_and_present<DequantizeOp, FakeQuantOp>(
                                 operand.getDefiningOp()));
    };
    summary.floatOps += llvm::none_of(op->getOperands(), [&](Value operand) {
      return !isConstant(operand) && isQuantized(operand);
    });
  });
  ModuleOp before = forms.first(Form::Step4), after = forms.last(Form::Step4);
  summary.requantizationsBefore = countRequantizations(before);
  summary.requantizationsAfter = countRequantizations(after);
  summary.folded = countSeparate(before) - countSeparate(after);
  return summary;
}
