//===- SelectKernels.cpp - The backend's kernels for real scales -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AccumulatorProofs.h"
#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Constants.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"

namespace hwq {
#define GEN_PASS_DEF_SELECTKERNELSPASS
#include "hwq/Dialect/QuantHW/Transforms/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

/// `what` is the part of the op that the multiplier is for.
static LogicalResult checkShift(Operation *op, const Backend &backend,
                                numerics::Multiplier m, const Twine &what) {
  if (m.shift < backend.shiftMin || m.shift > backend.shiftMax)
    return op->emitError() << what << " of " << describeTensor(op->getResult(0))
                           << " needs the shift " << m.shift
                           << ", expected one in [" << backend.shiftMin << ", "
                           << backend.shiftMax << "]";
  return success();
}

static void setBias(Operation *dot, ArrayRef<int32_t> bias, StringRef name) {
  OpBuilder builder(dot);
  Value constant = createConstant(builder, dot->getLoc(),
                                  {static_cast<int64_t>(bias.size())}, bias,
                                  name.str() + "_bias");
  if (dot->getNumOperands() > 2)
    dot->setOperand(2, constant);
  else
    dot->insertOperands(2, constant);
}

/// The accumulator of a dot product.
static LogicalResult select(RequantizeOp op, const DotParams &dot,
                            const Backend &backend) {
  std::vector<double> bias;
  if (ElementsAttr real = op.getRealBias().value_or(ElementsAttr())) {
    FailureOr<std::vector<float>> values = getFloatElements(real);
    if (failed(values))
      return op.emitError() << "the bias of " << describeTensor(op.getOutput())
                            << " has no data";
    bias.assign(values->begin(), values->end());
  }
  bool offsets = dot.getKernel(backend) == numerics::RequantizeKernel::R10;
  FailureOr<std::vector<int64_t>> folded = getFoldedZeroPoints(dot);
  if (failed(folded))
    return op.emitError() << "the weights of " << describeTensor(op.getOutput())
                          << " are not a constant";
  if (offsets && !dot.weights)
    return op.emitError() << "the kernel r10 has its zero points in a bias, "
                             "which the product of activations "
                          << describeTensor(op.getOutput()) << " has not";
  numerics::Result<numerics::Epilogue> epilogue =
      dot.derive(backend, bias, offsets ? *folded : std::vector<int64_t>());
  if (!epilogue)
    return op.emitError() << describeTensor(op.getOutput()) << ": "
                          << epilogue.error();
  numerics::RequantizeParams &params = epilogue->requantize;
  for (auto [c, m] : llvm::enumerate(params.multipliers))
    if (failed(checkShift(op, backend, m, "channel " + Twine(c))))
      return failure();
  RequantFields fields = op.getRequant().getFields();
  fields.setKernel(params);
  // In the engine's own precision; coupled weight scales are exact.
  if (!dot.outputs.empty() && backend.scaleForm != ScaleForm::Coupled &&
      fields.multipliers.size() == fields.scales.size())
    for (auto [c, scale] : llvm::enumerate(fields.scales))
      scale = numerics::combineScales(
          numerics::scaleKernelOf(params.kernel, backend.multiplierRule),
          dot.input.scale, dot.weightScale(c), dot.outputScale(c),
          backend.scaleProduct);
  if (offsets) {
    // The bias has the output's zero point.
    fields.zeroPoint = 0;
    setBias(dot.op, epilogue->bias, getTensorName(op.getOutput()));
  }
  if (op.getResidual())
    fields.residualScale =
        static_cast<float>(getQuantParams(op.getResidual()).scale);
  if (op.isFloat())
    fields.outputScale = 1;
  op.setRequantAttr(RequantAttr::get(op.getContext(), fields));
  op.removeRealBiasAttr();
  if (Value real = op.getBias()) {
    op.getBiasMutable().clear();
    eraseDeadChain(real.getDefiningOp());
  }
  return success();
}

/// Accumulators of another origin have nothing but the real scales.
static LogicalResult selectMultipliers(RequantizeOp op,
                                       const Backend &backend) {
  numerics::RequantizeKernel kernel = backend.requantizeKernel;
  if (numerics::isFloatKernel(kernel) || op.isFloat())
    return op.emitError() << "expected " << describeTensor(op.getOutput())
                          << " to requantize the accumulator of a dot product "
                             "that nothing else reads, or codes";
  numerics::RequantizeParams params;
  params.kernel = kernel;
  for (auto [c, scale] :
       llvm::enumerate(op.getRequant().getScales().asArrayRef())) {
    numerics::Result<numerics::Multiplier> m =
        backend.multiplierRule
            ? numerics::chooseMultiplier(*backend.multiplierRule, scale)
            : numerics::chooseMultiplier(kernel, scale);
    if (!m)
      return op.emitError()
             << "channel " << c << " of " << describeTensor(op.getOutput())
             << ": " << m.error();
    if (failed(checkShift(op, backend, *m, "channel " + Twine(c))))
      return failure();
    params.multipliers.push_back(*m);
  }
  RequantFields fields = op.getRequant().getFields();
  fields.setKernel(params);
  op.setRequantAttr(RequantAttr::get(op.getContext(), fields));
  return success();
}

/// Codes on their way to another grid, as operands of a concatenation or alone.
static LogicalResult selectRescale(RequantizeOp op, const Backend &backend) {
  numerics::ConcatVariant variant = getRescaleVariant(op, backend);
  numerics::Result<numerics::ConcatParams> params = numerics::deriveConcat(
      variant, getQuantParams(op.getInput()), getQuantParams(op.getOutput()));
  if (!params)
    return op.emitError() << describeTensor(op.getOutput()) << ": "
                          << params.error();
  // The step of the gain.
  if (variant == numerics::ConcatVariant::Hexagon &&
      params->ratio > 1 + 0x1p-15f)
    return op.emitError() << describeTensor(op.getOutput())
                          << " is moved to a grid with a smaller scale, by "
                          << params->ratio
                          << "; expected at most 1, hexagon's largest gain";
  if (RequantAttr kernel = getRescaleRequant(*params, op.getRequant())) {
    // The range is that of the accumulators' kernel.
    if (kernel.getKernel() == backend.requantizeKernel &&
        failed(checkShift(op, backend, params->multiplier, "the rescaling")))
      return failure();
    op.setRequantAttr(kernel);
    return success();
  }
  // A formula of its own: the attribute keeps scale, zero points and clamp.
  RequantFields fields = op.getRequant().getFields();
  fields.kernel = numerics::RequantizeKernel::R4;
  fields.quantizeForm = numerics::QuantizeForm::Q1;
  fields.factors = {static_cast<float>(fields.scales[0])};
  op.setRequantAttr(RequantAttr::get(op.getContext(), fields));
  op.setVariantAttr(ConcatVariantAttr::get(op.getContext(), variant));
  return success();
}

static LogicalResult select(RequantizeOp op, const Backend &backend) {
  if (!op.getRequant().isReal())
    return success();
  if (op.getBias() && backend.bias != numerics::BiasForm::F32)
    return op.emitError() << "the bias of " << describeTensor(op.getOutput())
                          << " is still real";
  if (getUniformType(op.getInput()))
    return selectRescale(op, backend);
  FailureOr<DotParams> dot = DotParams::get(op, backend);
  return failed(dot) ? selectMultipliers(op, backend)
                     : select(op, *dot, backend);
}

/// The kernel has the size of the input, without padding.
static bool isOfWholeInput(AvgPool2DOp op) {
  ArrayRef<int64_t> shape =
      cast<ShapedType>(op.getInput().getType()).getShape();
  return op.getKernel() == shape.slice(1, 2) &&
         llvm::all_of(op.getPad(), [](int64_t n) { return n == 0; });
}

/// The average pools that leave parameters alone depend on nothing but the sum
/// of the codes and the number of taps.
static LogicalResult select(AvgPool2DOp op, const Backend &backend) {
  RequantAttr real = op.getRequant().value_or(RequantAttr());
  if (op.getVariant())
    return success();
  if (!real) {
    // One scale is one of two.
    numerics::QuantParams in = getQuantParams(op.getInput());
    RequantFields fields;
    fields.quantizeForm = op.getQuantizeForm().getValue();
    fields.scales = {1.0};
    fields.inputZeroPoint = fields.zeroPoint = in.zeroPoint;
    fields.lo = op.getClamp()[0];
    fields.hi = op.getClamp()[1];
    real = RequantAttr::get(op.getContext(), fields);
  }
  numerics::AvgPoolVariant variant =
      isOfWholeInput(op) ? numerics::variantOfWholeInput(backend.avgPool)
                         : backend.avgPool;
  numerics::Result<numerics::AvgPoolParams> params = getAvgPoolParams(
      variant, getQuantParams(op.getInput()), getQuantParams(op.getOutput()),
      op.getKernel(), RequantAttr(), op.getClamp()[0], op.getClamp()[1]);
  if (!params)
    return op.emitError() << describeTensor(op.getOutput()) << ": "
                          << params.error();
  if (failed(provePool(op, variant, backend)))
    return failure();
  if (numerics::keepsParameters(variant))
    op.removeRequantAttr();
  else
    op.setRequantAttr(getAvgPoolRequant(*params, real));
  op.setVariantAttr(AvgPoolVariantAttr::get(op.getContext(), variant));
  return success();
}

template <typename SumOp>
static LogicalResult selectSum(SumOp op, const Backend &backend) {
  if (!op.getRequant().isReal())
    return success();
  bool subtract = std::is_same_v<SumOp, hwq::SubOp>;
  numerics::QuantParams lhs = getQuantParams(op.getLhs()),
                        rhs = getQuantParams(op.getRhs()),
                        out = getQuantParams(op.getOutput());
  numerics::Result<numerics::AddParams> params =
      numerics::usesKernel(backend.add) &&
              !numerics::isFloatKernel(backend.requantizeKernel)
          ? numerics::deriveAdd(backend.add, backend.requantizeKernel, lhs, rhs,
                                out, subtract)
          : numerics::deriveAdd(backend.add, lhs, rhs, out, subtract);
  if (!params)
    return op.emitError() << (subtract ? "the subtraction " : "the addition ")
                          << describeTensor(op.getOutput()) << ": "
                          << params.error();
  if (numerics::usesKernel(backend.add))
    if (failed(checkShift(op, backend, params->lhs, "the left operand")) ||
        failed(checkShift(op, backend, params->rhs, "the right operand")) ||
        failed(checkShift(op, backend, params->output, "the sum")))
      return failure();
  if (failed(proveSum(op, *params, lhs.grid, rhs.grid, backend)))
    return failure();
  AddRequants real{op.getLhsRequant(), op.getRhsRequant(), op.getRequant()};
  if (numerics::usesKernel(backend.add)) {
    // The sum is one of operands shifted left.
    RequantFields sum = real.output.getFields();
    sum.scales[0] = std::ldexp(sum.scales[0], -params->leftShift);
    real.output = RequantAttr::get(op.getContext(), sum);
  }
  AddRequants requants = getAddRequants(*params, real);
  op.setLhsRequantAttr(requants.lhs);
  op.setRhsRequantAttr(requants.rhs);
  op.setRequantAttr(requants.output);
  op.setVariantAttr(AddVariantAttr::get(op.getContext(), params->variant));
  return success();
}

static LogicalResult select(hwq::MulOp op, const Backend &backend) {
  if (!op.getRequant().isReal())
    return success();
  if (!backend.mul)
    return op.emitError() << "the backend '" << backend.name
                          << "' has no multiplication, got "
                          << describeTensor(op.getOutput());
  numerics::Result<numerics::MulParams> params = numerics::deriveMul(
      *backend.mul, getQuantParams(op.getLhs()), getQuantParams(op.getRhs()),
      getQuantParams(op.getOutput()));
  if (!params)
    return op.emitError() << "the multiplication "
                          << describeTensor(op.getOutput()) << ": "
                          << params.error();
  op.setRequantAttr(getMulRequant(*params, op.getRequant()));
  op.setVariantAttr(MulVariantAttr::get(op.getContext(), params->variant));
  return success();
}

static LogicalResult select(ResizeBilinearOp op, const Backend &backend) {
  if (op.getVariant())
    return success();
  if (!backend.resize)
    return op.emitError() << "the backend '" << backend.name
                          << "' has no bilinear resize, got "
                          << describeTensor(op.getOutput());
  auto resize = deriveResize(op, backend.resize);
  if (!resize)
    return op.emitError() << describeTensor(op.getOutput()) << ": "
                          << resize.error();
  op.setVariantAttr(ResizeVariantAttr::get(op.getContext(), *backend.resize));
  return success();
}

static LogicalResult select(PReluOp op, const Backend &backend) {
  if (op.isFloat() || !op.getPositive()->isReal())
    return success();
  if (!backend.prelu)
    return op.emitError() << "the backend '" << backend.name
                          << "' has no leaky relu with slopes, got "
                          << describeTensor(op.getOutput());
  auto params = numerics::derivePRelu(
      *backend.prelu, getQuantParams(op.getInput()),
      getQuantParams(op.getSlope()), getQuantParams(op.getOutput()));
  if (!params)
    return op.emitError() << describeTensor(op.getOutput()) << ": "
                          << params.error();
  PReluRequants requants =
      getPReluRequants(*params, {*op.getPositive(), *op.getNegative()});
  op.setPositiveAttr(requants.positive);
  op.setNegativeAttr(requants.negative);
  return success();
}

static LogicalResult select(MeanOp op, const Backend &backend) {
  if (op.isFloat() || !op.getRequant()->isReal())
    return success();
  if (!backend.mean)
    return op.emitError() << "the backend '" << backend.name
                          << "' has no mean, got "
                          << describeTensor(op.getOutput());
  auto params =
      numerics::deriveMean(*backend.mean, getQuantParams(op.getInput()),
                           getQuantParams(op.getOutput()), op.getCount());
  if (!params)
    return op.emitError() << describeTensor(op.getOutput()) << ": "
                          << params.error();
  op.setRequantAttr(getMeanRequant(*params, *op.getRequant()));
  return success();
}

/// The hardware's table in place of the real function's.
static LogicalResult select(LookupOp op) {
  if (std::optional<ArrayRef<int32_t>> table = op.getKernelTable()) {
    op.setTable(*table);
    op.removeKernelTableAttr();
  }
  return success();
}

namespace {
struct SelectKernels : hwq::impl::SelectKernelsPassBase<SelectKernels> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module, Form::Step3, getArgument())))
      return signalPassFailure();
    FailureOr<Backend> backend = getBackend(module, getArgument());
    if (failed(backend))
      return signalPassFailure();
    WalkResult result = module.walk([&](Operation *op) {
      if (auto requantize = dyn_cast<RequantizeOp>(op))
        return WalkResult(select(requantize, *backend));
      if (auto add = dyn_cast<hwq::AddOp>(op))
        return WalkResult(selectSum(add, *backend));
      if (auto sub = dyn_cast<hwq::SubOp>(op))
        return WalkResult(selectSum(sub, *backend));
      if (auto mul = dyn_cast<hwq::MulOp>(op))
        return WalkResult(select(mul, *backend));
      if (auto pool = dyn_cast<AvgPool2DOp>(op))
        return WalkResult(select(pool, *backend));
      if (auto resize = dyn_cast<ResizeBilinearOp>(op))
        return WalkResult(select(resize, *backend));
      if (auto prelu = dyn_cast<PReluOp>(op))
        return WalkResult(select(prelu, *backend));
      if (auto mean = dyn_cast<MeanOp>(op))
        return WalkResult(select(mean, *backend));
      if (auto lookup = dyn_cast<LookupOp>(op))
        return WalkResult(select(lookup));
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    setForm(module, Form::Step4);
  }
};
} // namespace
