//===- CodeFolds.cpp - Folds that are proven code by code -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CodeFolds.h"
#include "CodeFunctions.h"
#include "PassUtils.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/FormatVariadic.h"
#include <map>

using namespace mlir;
using namespace hwq;

static auto remarkOptions() {
  return remark::RemarkOpts::name("FoldRequantize")
      .category("hwq")
      .subCategory("fold");
}

void hwq::emitFoldPassed(Location loc, StringRef kind,
                         const std::string &tensor, const std::string &what,
                         const FoldError &error, const std::string &operand) {
  std::string how = operand.empty() ? "its arithmetic is unchanged"
                                    : "proven equal on every " + operand;
  if (error.largest)
    how = llvm::formatv("at most {0} LSB apart, on {1:P2} of the {2}s",
                        error.largest, double(error.differing) / error.operands,
                        operand);
  remark::passed(loc, remarkOptions())
      << tensor + ": " + what + ", " + how << remark::metric("Fold", kind)
      << remark::metric("MaxLSB", error.largest)
      << remark::metric("Differing", error.differing)
      << remark::metric("Operands", error.operands);
}

void hwq::emitFoldMissed(Location loc, const std::string &tensor,
                         const std::string &reason) {
  remark::missed(loc, remarkOptions())
      << remark::reason("{0}: {1}", tensor, reason);
}

SmallVector<RequantizeOp> hwq::getRequantizes(ModuleOp module) {
  SmallVector<RequantizeOp> ops;
  module.walk([&](RequantizeOp op) { ops.push_back(op); });
  return ops;
}

//===----------------------------------------------------------------------===//
// What is there twice, or does nothing
//===----------------------------------------------------------------------===//

void hwq::mergeQuantizes(ModuleOp module) {
  std::map<std::tuple<void *, const void *, int>, QuantizeOp> first;
  llvm::DenseMap<Value, QuantizeOp> ofTensor;
  SmallVector<QuantizeOp> ops;
  module.walk([&](QuantizeOp op) { ops.push_back(op); });
  for (QuantizeOp op : ops) {
    auto key = std::make_tuple(op.getInput().getAsOpaquePointer(),
                               op.getOutput().getType().getAsOpaquePointer(),
                               static_cast<int>(op.getForm().getValue()));
    auto [it, isNew] = first.try_emplace(key, op);
    auto [other, isOnly] = ofTensor.try_emplace(op.getInput(), op);
    if (isNew) {
      if (!isOnly)
        emitFoldMissed(op.getLoc(), describeTensor(op.getOutput()),
                       "another quantization of this tensor, " +
                           describeTensor(other->second.getOutput()) +
                           ", has other parameters");
      continue;
    }
    // Program order: the first one stands before every reader of the others.
    if (getTensorName(it->second.getOutput()).empty())
      copyTensorName(op, it->second);
    op.getOutput().replaceAllUsesWith(it->second.getOutput());
    emitFoldPassed(op.getLoc(), "quantize",
                   describeTensor(it->second.getOutput()),
                   "two quantizations of one tensor are one", {}, "value");
    op.erase();
  }
}

void hwq::eraseIdentities(ModuleOp module) {
  for (RequantizeOp op : getRequantizes(module)) {
    std::optional<std::pair<int64_t, int64_t>> clamp = getPureClamp(op);
    if (!clamp)
      continue;
    quant::UniformQuantizedType type = getUniformType(op.getInput());
    if (clamp->first > type.getStorageTypeMin() ||
        clamp->second < type.getStorageTypeMax())
      continue;
    // The operand of a concatenation, for instance, has no name of its own.
    Value named =
        getTensorName(op.getOutput()).empty() ? op.getInput() : op.getOutput();
    emitFoldPassed(op.getLoc(), "identity", describeTensor(named),
                   "its requantization changes no code", {}, "code");
    op.getOutput().replaceAllUsesWith(op.getInput());
    op.erase();
  }
}

//===----------------------------------------------------------------------===//
// Clamps
//===----------------------------------------------------------------------===//

/// Whether the op that makes `value` has a clamp of its own and no other
/// reader.
static bool takesClamp(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || !value.hasOneUse())
    return false;
  if (auto requantize = dyn_cast<RequantizeOp>(op))
    return !requantize.getRequant().isReal() && !requantize.isFloat();
  return isa<hwq::AddOp, hwq::SubOp, hwq::MulOp, AvgPool2DOp>(op);
}

static void narrowClamp(Operation *op, int64_t lo, int64_t hi) {
  Builder builder(op->getContext());
  if (auto pool = dyn_cast<AvgPool2DOp>(op)) {
    int64_t low = std::clamp(pool.getClamp()[0], lo, hi),
            high = std::clamp(pool.getClamp()[1], lo, hi);
    pool.setClampAttr(builder.getDenseI64ArrayAttr({low, high}));
    if (RequantAttr requant = pool.getRequant().value_or(RequantAttr()))
      pool.setRequantAttr(requant.withClamp(low, high));
    return;
  }
  auto requant = op->getAttrOfType<RequantAttr>("requant");
  op->setAttr("requant",
              requant.withClamp(std::clamp(requant.getLo(), lo, hi),
                                std::clamp(requant.getHi(), lo, hi)));
}

bool hwq::foldClamp(RequantizeOp op) {
  std::optional<std::pair<int64_t, int64_t>> clamp = getPureClamp(op);
  if (!clamp)
    return false;
  if (!takesClamp(op.getInput())) {
    if (op.getInput().getDefiningOp() && !op.getInput().hasOneUse())
      emitFoldMissed(op.getLoc(), describeTensor(op.getOutput()),
                     "its input has other readers, which see what the clamp "
                     "takes away");
    return false;
  }
  Operation *producer = op.getInput().getDefiningOp();
  narrowClamp(producer, clamp->first, clamp->second);
  // The clamped tensor is the one that is left.
  copyTensorName(op, producer);
  emitFoldPassed(op.getLoc(), "clamp", describeTensor(op.getOutput()),
                 "the clamp is that of the op before it", {}, "code");
  op.getOutput().replaceAllUsesWith(op.getInput());
  op.erase();
  return true;
}

void hwq::hoistClamps(ModuleOp module) {
  for (RequantizeOp op : getRequantizes(module)) {
    auto concat = op.getInput().getDefiningOp<tosa::ConcatOp>();
    std::optional<std::pair<int64_t, int64_t>> clamp = getPureClamp(op);
    if (!concat || !concat->hasOneUse() || !clamp ||
        !llvm::all_of(concat->getOperands(), takesClamp))
      continue;
    for (Value operand : concat->getOperands()) {
      narrowClamp(operand.getDefiningOp(), clamp->first, clamp->second);
      // The tensor that had the name is no more.
      operand.getDefiningOp()->removeAttr(kNameAttr);
    }
    copyTensorName(op, concat);
    emitFoldPassed(op.getLoc(), "clamp", describeTensor(op.getOutput()),
                   "the clamp is that of the ops before the concatenation", {},
                   "code");
    op.getOutput().replaceAllUsesWith(op.getInput());
    op.erase();
  }
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

/// Compares two functions of pairs of codes on the grids of two types.
template <typename F, typename G>
static FoldError comparePairs(quant::UniformQuantizedType a,
                              quant::UniformQuantizedType b, F f, G g) {
  FoldError error;
  for (int64_t x = a.getStorageTypeMin(); x <= a.getStorageTypeMax(); ++x)
    for (int64_t y = b.getStorageTypeMin(); y <= b.getStorageTypeMax(); ++y) {
      int64_t difference = std::abs(f(x, y) - g(x, y));
      error.largest = std::max(error.largest, difference);
      error.differing += difference != 0;
      ++error.operands;
    }
  return error;
}

static bool isNarrow(quant::UniformQuantizedType type) {
  return type.getStorageTypeMax() - type.getStorageTypeMin() < 256;
}

/// The backend's sum of two tensors; null if it has none for these scales.
template <typename SumOp>
static SumOp createSum(OpBuilder &builder, SumOp like, Value lhs, Value rhs,
                       quant::UniformQuantizedType out, int64_t lo, int64_t hi,
                       const Backend &backend) {
  constexpr bool subtract = std::is_same_v<SumOp, hwq::SubOp>;
  numerics::QuantParams a = getQuantParams(lhs), b = getQuantParams(rhs),
                        y = getParams(out);
  bool kernel = numerics::usesKernel(backend.add) &&
                !numerics::isFloatKernel(backend.requantizeKernel);
  numerics::Result<numerics::AddParams> params =
      kernel ? numerics::deriveAdd(backend.add, backend.requantizeKernel, a, b,
                                   y, subtract)
             : numerics::deriveAdd(backend.add, a, b, y, subtract);
  if (!params)
    return {};
  double common = numerics::commonAddScale(backend.add, a.scale, b.scale);
  auto real = [&](const RequantAttr &attr, double scale, int64_t zeroPoint) {
    RequantFields fields;
    fields.scales = {scale};
    fields.inputZeroPoint = zeroPoint;
    fields.lo = attr.getLo();
    fields.hi = attr.getHi();
    return fields;
  };
  RequantFields sum = real(like.getRequant(),
                           std::ldexp(common / y.scale, -params->leftShift), 0);
  if (!numerics::usesKernel(backend.add))
    sum.scales = {common / y.scale};
  sum.zeroPoint = y.zeroPoint;
  sum.lo = lo;
  sum.hi = hi;
  MLIRContext *context = like.getContext();
  AddRequants requants = getAddRequants(
      *params, {RequantAttr::get(context, real(like.getLhsRequant(),
                                               a.scale / common, a.zeroPoint)),
                RequantAttr::get(context, real(like.getRhsRequant(),
                                               b.scale / common, b.zeroPoint)),
                RequantAttr::get(context, sum)});
  return SumOp::create(builder, like.getLoc(),
                       like.getOutput().getType().clone(out), lhs, rhs,
                       requants.lhs, requants.rhs, requants.output,
                       AddVariantAttr::get(context, params->variant));
}

/// Keeps `candidate` in place of `old` (and of what only it reads) if no pair
/// of codes differs by more than `maxError`.
template <typename SumOp, typename F>
static bool replaceSum(SumOp candidate, Operation *old, F expected,
                       const std::string &what, int64_t maxError) {
  std::string tensor = describeTensor(old->getResult(0));
  quant::UniformQuantizedType a = getUniformType(candidate.getLhs()),
                              b = getUniformType(candidate.getRhs());
  FoldError error = comparePairs(a, b, expected, getCodeFunction(candidate));
  if (error.largest > maxError) {
    emitFoldMissed(old->getLoc(), tensor,
                   what + " would differ by up to " +
                       std::to_string(error.largest) + " LSB");
    candidate.erase();
    return false;
  }
  copyTensorName(old, candidate);
  old->getResult(0).replaceAllUsesWith(candidate.getOutput());
  eraseDeadChain(old);
  emitFoldPassed(candidate.getLoc(), "sum", tensor, what, error,
                 "pair of codes");
  return true;
}

/// `sum -> requantize`.
template <typename SumOp>
static bool foldBehindSum(SumOp sum, const Backend &backend, int64_t maxError) {
  if (!sum->hasOneUse())
    return false;
  auto outer = dyn_cast<RequantizeOp>(*sum->user_begin());
  CodeFunction f = getCodeFunction(sum);
  CodeFunction g = outer ? getCodeFunction(outer) : CodeFunction();
  if (!f || !g || !isNarrow(getUniformType(sum.getLhs())) ||
      !isNarrow(getUniformType(sum.getRhs())))
    return false;
  OpBuilder builder(outer);
  SumOp candidate = createSum(builder, sum, sum.getLhs(), sum.getRhs(),
                              getUniformType(outer.getOutput()),
                              g(sum.getRequant().getLo(), 0),
                              g(sum.getRequant().getHi(), 0), backend);
  return candidate &&
         replaceSum(
             candidate, outer,
             [&](int64_t a, int64_t b) { return g(f(a, b), 0); },
             "the requantization behind the sum is the sum's", maxError);
}

/// `requantize -> sum`, the requantization read by the sum only.
template <typename SumOp>
static bool foldBeforeSum(SumOp sum, const Backend &backend, int64_t maxError) {
  for (unsigned i : {0u, 1u}) {
    auto inner = sum->getOperand(i).template getDefiningOp<RequantizeOp>();
    CodeFunction f = getCodeFunction(sum);
    CodeFunction g = inner ? getCodeFunction(inner) : CodeFunction();
    if (!f || !g || !inner->hasOneUse() ||
        !isNarrow(getUniformType(inner.getInput())) ||
        !isNarrow(getUniformType(sum->getOperand(1 - i))))
      continue;
    OpBuilder builder(sum);
    Value lhs = i == 0 ? inner.getInput() : sum.getLhs(),
          rhs = i == 1 ? inner.getInput() : sum.getRhs();
    SumOp candidate =
        createSum(builder, sum, lhs, rhs, getUniformType(sum.getOutput()),
                  sum.getRequant().getLo(), sum.getRequant().getHi(), backend);
    if (candidate &&
        replaceSum(
            candidate, sum,
            [&](int64_t a, int64_t b) {
              return i == 0 ? f(g(a, 0), b) : f(a, g(b, 0));
            },
            "the requantization of an operand is the sum's", maxError))
      return true;
  }
  return false;
}

template <typename SumOp>
static void foldSums(ModuleOp module, const Backend &backend,
                     int64_t maxError) {
  SmallVector<SumOp> ops;
  module.walk([&](SumOp op) { ops.push_back(op); });
  for (SumOp op : ops)
    if (op.getVariant() && !foldBehindSum(op, backend, maxError))
      foldBeforeSum(op, backend, maxError);
}

void hwq::foldIntoSums(ModuleOp module, const Backend &backend,
                       int64_t maxError) {
  foldSums<hwq::AddOp>(module, backend, maxError);
  foldSums<hwq::SubOp>(module, backend, maxError);
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

namespace {
/// The elementwise ops behind one result that depend on one tensor.
struct UnaryRegion {
  /// In program order.
  llvm::SetVector<Operation *> ops;
  Value leaf;
};
} // namespace

namespace {
/// Grows a region from its last op towards the inputs. What nothing outside of
/// it reads is inside.
class RegionSearch {
public:
  explicit RegionSearch(Operation *last) : last(last) {}

  /// The largest region whose ops depend on one tensor.
  std::optional<UnaryRegion> find() {
    enter(last);
    std::optional<UnaryRegion> best;
    while (true) {
      if (frontier.size() == 1)
        best = {ops, frontier.front()};
      // The latest first: everything that reads it has been seen.
      Value latest;
      for (Value value : frontier)
        if (Operation *maker = value.getDefiningOp())
          if (!latest || latest.getDefiningOp()->isBeforeInBlock(maker))
            latest = value;
      if (!latest || latest.getDefiningOp()->getBlock() != last->getBlock() ||
          !getCodeFunction(latest.getDefiningOp()) ||
          !llvm::all_of(latest.getUsers(),
                        [&](Operation *user) { return ops.contains(user); }))
        return best;
      frontier.remove(latest);
      enter(latest.getDefiningOp());
    }
  }

private:
  void enter(Operation *op) {
    ops.insert(op);
    frontier.insert(op->operand_begin(), op->operand_end());
  }

  Operation *last;
  llvm::SetVector<Operation *> ops;
  llvm::SetVector<Value> frontier;
};
} // namespace

/// Says why an op is not in one table with the op that makes its operand, if
/// one of the two is a table.
static void emitRegionMissed(Operation *last) {
  for (Value operand : last->getOperands()) {
    Operation *maker = operand.getDefiningOp();
    if (!maker || !getCodeFunction(maker) ||
        !(isa<LookupOp>(last) || isa<LookupOp>(maker)))
      continue;
    emitFoldMissed(last->getLoc(), describeTensor(last->getResult(0)),
                   "no table together with " + describeTensor(operand) +
                       (operand.hasOneUse() ? ": it depends on several tensors"
                                            : ", which has other readers"));
    return;
  }
}

static std::optional<UnaryRegion> findRegion(Operation *last) {
  std::optional<UnaryRegion> region = RegionSearch(last).find();
  if (!region)
    return std::nullopt;
  SmallVector<Operation *> sorted(region->ops.begin(), region->ops.end());
  llvm::sort(sorted,
             [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  region->ops.clear();
  region->ops.insert(sorted.begin(), sorted.end());
  return region;
}

static int64_t evaluate(const UnaryRegion &region, ArrayRef<CodeFunction> fns,
                        int64_t code) {
  llvm::DenseMap<Value, int64_t> values{{region.leaf, code}};
  int64_t result = 0;
  for (auto [op, f] : llvm::zip_equal(region.ops, fns)) {
    int64_t a = values.at(op->getOperand(0));
    int64_t b = op->getNumOperands() > 1 ? values.at(op->getOperand(1)) : 0;
    result = values[op->getResult(0)] = f(a, b);
  }
  return result;
}

void hwq::foldUnaryRegions(ModuleOp module) {
  SmallVector<Operation *> ops;
  module.walk([&](Operation *op) {
    if (isa<RequantizeOp, LookupOp, hwq::AddOp, hwq::SubOp, hwq::MulOp>(op))
      ops.push_back(op);
  });
  llvm::SmallPtrSet<Operation *, 16> erased;
  for (Operation *last : llvm::reverse(ops)) {
    if (erased.contains(last) || !getCodeFunction(last))
      continue;
    std::optional<UnaryRegion> region = findRegion(last);
    if (!region || region->ops.size() < 2) {
      emitRegionMissed(last);
      continue;
    }
    quant::UniformQuantizedType in = getUniformType(region->leaf);
    if (!in || !isNarrow(in)) {
      emitFoldMissed(last->getLoc(), describeTensor(last->getResult(0)),
                     "no table: " + describeTensor(region->leaf) +
                         " has more than 256 codes");
      continue;
    }
    SmallVector<CodeFunction> functions;
    for (Operation *op : region->ops)
      functions.push_back(getCodeFunction(op));
    SmallVector<int32_t> table;
    for (int64_t code = in.getStorageTypeMin(); code <= in.getStorageTypeMax();
         ++code)
      table.push_back(static_cast<int32_t>(evaluate(*region, functions, code)));
    OpBuilder builder(last);
    auto lookup =
        LookupOp::create(builder, last->getLoc(),
                         cast<RankedTensorType>(last->getResult(0).getType()),
                         region->leaf, builder.getDenseI32ArrayAttr(table),
                         /*kernel_table=*/DenseI32ArrayAttr());
    copyTensorName(last, lookup);
    emitFoldPassed(last->getLoc(), "lookup", describeTensor(last->getResult(0)),
                   std::to_string(region->ops.size()) + " ops are one table",
                   {}, "code");
    last->getResult(0).replaceAllUsesWith(lookup.getOutput());
    for (Operation *op : llvm::reverse(region->ops)) {
      erased.insert(op);
      op->erase();
    }
  }
}
