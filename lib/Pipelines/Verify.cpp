//===- Verify.cpp - Compare two forms of a program --------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/Verify.h"
#include "hwq/Dialect/QuantHW/IR/CodeParams.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Pipelines/CompareParameters.h"
#include "hwq/Pipelines/VerifyBounds.h"
#include "hwq/Pipelines/VerifyStore.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/Twine.h"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

using namespace mlir;
using namespace hwq;
using runtime::DType;
using runtime::Evaluator;
using runtime::NamedValue;
using runtime::Tensor;

int64_t FormComparison::compared() const {
  int64_t sum = 0;
  for (const TensorComparison &t : tensors)
    sum += t.compared;
  return sum;
}

bool FormComparison::isFloat() const {
  return tensors.empty() && onlyFirst.empty() && onlySecond.empty();
}

int64_t FormComparison::differing() const {
  int64_t sum = 0;
  for (const TensorComparison &t : tensors)
    sum += t.differing;
  return sum;
}

int64_t FormComparison::maxDifference() const {
  int64_t most = 0;
  for (const TensorComparison &t : tensors)
    most = std::max(most, t.maxDifference);
  return most;
}

bool FormComparison::holds() const {
  auto holds = [](const auto &t) { return t.holds(); };
  return resultsDiffering == 0 && llvm::all_of(tensors, holds) &&
         llvm::all_of(floats, holds);
}

FailureOr<DerivationStep> hwq::getDerivationStep(ModuleOp module) {
  FailureOr<std::optional<Form>> form = getForm(module);
  if (failed(form))
    return failure();
  DerivationStep step;
  step.form = form->value_or(Form::Float);
  step.biasQuantized = step.form > Form::Step3;
  if (step.form == Form::Step3)
    step.biasQuantized =
        !module
             .walk([](RequantizeOp op) {
               // A bias that stays real stands beside the integers of the zero
               // points, where there are any.
               Operation *dot = op.getInput().getDefiningOp();
               bool real = op.getBias() && !(dot && dot->getNumOperands() > 2);
               return real ? WalkResult::interrupt() : WalkResult::advance();
             })
             .wasInterrupted();
  return step;
}

Agreement hwq::agreementBetween(DerivationStep from, DerivationStep to) {
  Agreement agreement;
  agreement.ties = from.form < Form::Step3 && from.form < to.form;
  agreement.floatSums = from.form < Form::Step1 && from.form < to.form;
  agreement.bias = !from.biasQuantized && to.biasQuantized;
  agreement.kernel = from.form < Form::Step4 && to.form >= Form::Step4;
  return agreement;
}

namespace {

/// Differences of one tensor, as one worker saw them.
struct Counts {
  int64_t compared = 0, differing = 0, maxDifference = 0, beyond = 0;
  void merge(const Counts &other) {
    compared += other.compared;
    differing += other.differing;
    maxDifference = std::max(maxDifference, other.maxDifference);
    beyond += other.beyond;
  }
};

/// A tensor of both programs.
struct Match {
  size_t first, second;
  int64_t bound = 0;
  /// How near a tie the value before rounding must be to be rounded otherwise.
  double nearTie = 0;
  /// From the zero point of the first to that of the second.
  int64_t shift = 0;
};

/// A tensor that is float in both programs.
struct FloatMatch {
  size_t first, second;
  /// In real units; negative where nothing may differ.
  double tolerance = -1;
};

} // namespace

/// Calls visit(i, |a - b|) for every element that differs.
template <typename T, typename Visit>
static void forEachDifference(const Tensor &a, const Tensor &b, Visit visit) {
  const T *x = a.data<T>(), *y = b.data<T>();
  for (int64_t i = 0, n = a.numElements(); i < n; ++i)
    if (x[i] != y[i])
      visit(i,
            std::abs(static_cast<int64_t>(x[i]) - static_cast<int64_t>(y[i])));
}

template <typename Visit>
static void forEachDifference(const Tensor &a, const Tensor &b, Visit visit) {
  if (std::memcmp(a.raw(), b.raw(), a.numBytes()) == 0)
    return;
  switch (a.dtype()) {
  case DType::U8:
    return forEachDifference<uint8_t>(a, b, visit);
  case DType::I8:
    return forEachDifference<int8_t>(a, b, visit);
  case DType::I16:
    return forEachDifference<int16_t>(a, b, visit);
  case DType::I32:
    return forEachDifference<int32_t>(a, b, visit);
  default:
    return;
  }
}

static bool isInteger(DType type) {
  return type == DType::U8 || type == DType::I8 || type == DType::I16 ||
         type == DType::I32;
}

static llvm::Error checkComparable(StringRef name, const Tensor &a,
                                   const Tensor &b) {
  if (a && a.dtype() == b.dtype() && isInteger(a.dtype()) &&
      a.shape() == b.shape())
    return llvm::Error::success();
  auto text = [](const Tensor &t) {
    return (runtime::dtypeName(t.dtype()) + runtime::shapeToString(t.shape()))
        .str();
  };
  return llvm::createStringError(llvm::Twine("tensor '") + name + "' is " +
                                 text(a) + " in the first program and " +
                                 text(b) + " in the second");
}

static bool isTyped(Value value) {
  return isa<quant::QuantizedType>(getElementTypeOrSelf(value.getType()));
}
static bool isCodes(Value value) {
  return isTyped(value) || getCodeParams(value).has_value();
}
/// From the zero point of `a` to that of `b`, where each has one.
static int64_t getShift(Value a, Value b) {
  std::optional<numerics::QuantParams> from = getCodeParams(a),
                                       to = getCodeParams(b);
  return from && to ? to->zeroPoint - from->zeroPoint : 0;
}

/// Codes of u8 as those of i8, where the second program keeps them less 128.
static Tensor toSigned(const Tensor &codes) {
  Tensor result = Tensor::allocate(DType::I8, codes.shape());
  const uint8_t *from = codes.data<uint8_t>();
  int8_t *to = result.data<int8_t>();
  for (int64_t i = 0, n = codes.numElements(); i < n; ++i)
    to[i] = static_cast<int8_t>(from[i] - 128);
  return result;
}

/// `codes` as they are in the other program, `shift` further.
static Tensor moved(Tensor codes, int64_t shift, DType type) {
  return shift == -128 && codes && codes.dtype() == DType::U8 &&
                 type == DType::I8
             ? toSigned(codes)
             : codes;
}

namespace {
/// Compares two programs whose evaluators exist.
class Comparison {
public:
  /// `before` and `after` are the results of the two functions.
  Comparison(Evaluator &first, Evaluator &second, ValueRange before,
             ValueRange after, const runtime::Dataset &data,
             const VerifyOptions &options,
             const Evaluator::ProgressHook &progress)
      : first(first), second(second), before(before), after(after), data(data),
        options(options), progress(progress) {}

  llvm::Expected<FormComparison> run();

private:
  llvm::Error match(FormComparison &result);
  llvm::Error runPart(int64_t begin, int64_t end);
  double getTolerance(Value from, Value to) const;
  llvm::Error compareValues(Counts &counts, const llvm::Twine &what,
                            double tolerance, const Tensor &expected,
                            const Tensor &actual);
  llvm::Error compare(std::vector<Counts> &counts, size_t m, int64_t sample,
                      const TensorStore &store, const Tensor &tensor,
                      const Tensor *unrounded);

  Evaluator &first, &second;
  ValueRange before, after;
  const runtime::Dataset &data;
  const VerifyOptions &options;
  const Evaluator::ProgressHook &progress;
  std::vector<Match> matches;
  /// In real units; negative where nothing may differ.
  std::vector<double> resultTolerance;
  /// Value index -> match index, or -1.
  std::vector<int> ofFirst, ofSecond;
  /// Float tensors inside both programs, which isolate too; value index of the
  /// second -> index of the match, or -1.
  std::vector<FloatMatch> floats;
  std::vector<int> floatOfSecond;
  std::vector<bool> isFloatOfFirst;
  /// The values in both programs of these, and of matches.
  llvm::SmallPtrSet<Value, 16> equal;
  /// Per worker, per match.
  std::vector<std::vector<Counts>> isolated, drifted, floatCounts;
  /// Per worker.
  std::vector<Counts> resultCounts;
};
} // namespace

/// What a float value may differ by, in real units: nothing at all (negative),
/// or the error of the accumulators that reach it, beside the last bits.
double Comparison::getTolerance(Value from, Value to) const {
  const Agreement &agreement = options.agreement;
  if (!agreement.any() || !comesFromFloat(to))
    return -1;
  FloatCauses causes;
  causes.equal = &equal;
  causes.kernel = agreement.kernel;
  causes.floatSums = agreement.floatSums;
  if (!agreement.bias)
    return getFloatError(to, causes);
  causes.bias = options.bias;
  // Of two errors, of the rounding and of what is rounded.
  return 2 * std::max(getFloatError(from, causes), getFloatError(to, causes));
}

llvm::Error Comparison::match(FormComparison &result) {
  ArrayRef<NamedValue> a = first.namedValues(), b = second.namedValues();
  ofFirst.assign(a.size(), -1);
  ofSecond.assign(b.size(), -1);
  floatOfSecond.assign(b.size(), -1);
  isFloatOfFirst.assign(a.size(), false);
  const Agreement &agreement = options.agreement;
  for (size_t i = 0; i < a.size(); ++i) {
    std::optional<size_t> j = findNamedValue(b, a[i].name);
    if (j && isCodes(a[i].value) && isCodes(b[*j].value)) {
      equal.insert(a[i].value);
      equal.insert(b[*j].value);
    }
    if (!j || !getElementTypeOrSelf(a[i].value.getType()).isF32() ||
        !getElementTypeOrSelf(b[*j].value.getType()).isF32() ||
        llvm::is_contained(after, b[*j].value))
      continue;
    floatOfSecond[*j] = static_cast<int>(floats.size());
    isFloatOfFirst[i] = true;
    floats.push_back({i, *j});
    FloatTensorComparison row;
    row.name = a[i].name;
    result.floats.push_back(std::move(row));
    equal.insert(a[i].value);
    equal.insert(b[*j].value);
  }
  for (auto [match, row] : llvm::zip_equal(floats, result.floats))
    row.tolerance = match.tolerance =
        getTolerance(a[match.first].value, b[match.second].value);
  FloatCauses causes;
  causes.equal = &equal;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!isCodes(a[i].value))
      continue;
    std::optional<size_t> j = findNamedValue(b, a[i].name);
    if (!j || !isCodes(b[*j].value) || ofSecond[*j] >= 0) {
      result.onlyFirst.push_back(a[i].name);
      continue;
    }
    ofFirst[i] = ofSecond[*j] = static_cast<int>(matches.size());
    Match m{i, *j};
    m.shift = getShift(a[i].value, b[*j].value);
    TensorComparison row;
    row.name = a[i].name;
    // Where types do not say what codes mean, no bound follows from the ops.
    bool typed = isTyped(b[*j].value);
    if (!typed && agreement.any())
      return llvm::createStringError(
          "tensor '" + row.name +
          "' has no quantized type in the second program: compare that with "
          "step 4, and step 4 with the first");
    if (typed)
      m.nearTie = getTieDistance(b[*j].value);
    m.bound = agreement.ties;
    if (typed && agreement.floatSums)
      m.bound +=
          static_cast<int64_t>(std::min(m.nearTie, getWidth(b[*j].value)));
    if (agreement.kernel)
      m.bound += getKernelBound(b[*j].value, causes);
    if (agreement.bias)
      m.bound += getBiasBound(a[i].value, b[*j].value, options.bias, causes);
    // Float arithmetic in another order or precision changes ties.
    if (m.bound == 0 && agreement.any() && comesFromFloat(b[*j].value))
      m.bound = 1;
    row.bound = m.bound;
    if (options.parameters)
      row.parameters = compareParameters(a[i].value, b[*j].value);
    matches.push_back(m);
    result.tensors.push_back(std::move(row));
  }
  for (size_t j = 0; j < b.size(); ++j)
    if (isCodes(b[j].value) && ofSecond[j] < 0)
      result.onlySecond.push_back(b[j].name);
  return llvm::Error::success();
}

llvm::Error Comparison::compare(std::vector<Counts> &counts, size_t m,
                                int64_t sample, const TensorStore &store,
                                const Tensor &tensor, const Tensor *unrounded) {
  const Match &match = matches[m];
  Tensor expected = store.get(match.first)
                        ? moved(store.get(match.first, sample, tensor.dim(0)),
                                match.shift, tensor.dtype())
                        : Tensor();
  if (llvm::Error error = checkComparable(first.namedValues()[match.first].name,
                                          expected, tensor))
    return error;
  Counts &c = counts[m];
  c.compared += tensor.numElements();
  const double *real = unrounded ? unrounded->data<double>() : nullptr;
  forEachDifference(expected, tensor, [&](int64_t i, int64_t difference) {
    ++c.differing;
    c.maxDifference = std::max(c.maxDifference, difference);
    bool tie = true;
    if (real)
      tie = std::abs(real[i] - std::floor(real[i]) - 0.5) <= match.nearTie;
    if (difference > match.bound || !tie)
      ++c.beyond;
  });
  return llvm::Error::success();
}

/// Results are f32 or codes, four bytes or one: equal bytes, but for floats
/// that may move by `tolerance`, and by their last bits.
llvm::Error Comparison::compareValues(Counts &counts, const llvm::Twine &what,
                                      double tolerance, const Tensor &expected,
                                      const Tensor &actual) {
  if (expected.dtype() != actual.dtype() || expected.shape() != actual.shape())
    return llvm::createStringError(what + " differs in type or shape");
  counts.compared += actual.numElements();
  if (actual.numElements() == 0)
    return llvm::Error::success();
  const size_t size = actual.numBytes() / actual.numElements();
  if (tolerance >= 0 && actual.dtype() == DType::F32) {
    const float *x = expected.data<float>(), *y = actual.data<float>();
    float most = 0;
    for (int64_t j = 0; j < actual.numElements(); ++j)
      most = std::max(most, std::abs(x[j]));
    double allowed = tolerance + 0x1p-17 * most;
    for (int64_t j = 0; j < actual.numElements(); ++j)
      counts.beyond += !(std::abs(double(x[j]) - y[j]) <= allowed);
    return llvm::Error::success();
  }
  auto *a = static_cast<const char *>(expected.raw());
  auto *b = static_cast<const char *>(actual.raw());
  if (std::memcmp(a, b, actual.numBytes()) == 0)
    return llvm::Error::success();
  for (size_t j = 0, n = actual.numBytes(); j < n; j += size)
    counts.beyond += std::memcmp(a + j, b + j, size) != 0;
  return llvm::Error::success();
}

llvm::Error Comparison::runPart(int64_t begin, int64_t end) {
  std::shared_ptr<const runtime::Dataset> samples = part(data, begin, end);
  TensorStore store(first.namedValues().size(), end - begin);
  TensorStore stored(first.outputNames().size(), end - begin);
  Evaluator::Hooks record;
  record.value = [&](unsigned, size_t index, int64_t sample, Tensor &tensor) {
    if (ofFirst[index] >= 0 || isFloatOfFirst[index])
      store.put(index, sample, tensor);
    return llvm::Error::success();
  };
  record.output = [&](unsigned, int64_t sample, ArrayRef<Tensor> outputs) {
    for (auto [i, tensor] : llvm::enumerate(outputs))
      stored.put(i, sample, tensor);
    return llvm::Error::success();
  };
  if (llvm::Error error = first.run(*samples, record))
    return error;

  // What the unrounded hook has compared; the value hook, which follows on the
  // same thread, is not to count it again.
  struct Last {
    size_t index = SIZE_MAX;
    int64_t sample = -1;
  };
  std::vector<Last> last(second.threads());
  // Every named tensor is compared, then replaced by the first program's.
  Evaluator::Hooks isolate;
  const Agreement &agreement = options.agreement;
  if (agreement.ties && !agreement.bias && !agreement.kernel)
    isolate.unrounded = [&](unsigned worker, size_t index, int64_t sample,
                            const Tensor &tensor,
                            const Tensor &unrounded) -> llvm::Error {
      if (ofSecond[index] < 0)
        return llvm::Error::success();
      last[worker] = {index, sample};
      return compare(isolated[worker], ofSecond[index], sample, store, tensor,
                     &unrounded);
    };
  isolate.value = [&](unsigned worker, size_t index, int64_t sample,
                      Tensor &tensor) -> llvm::Error {
    if (int i = floatOfSecond[index]; i >= 0) {
      const FloatMatch &match = floats[i];
      if (!store.get(match.first))
        return llvm::Error::success();
      Tensor expected = store.get(match.first, sample, tensor.dim(0));
      if (llvm::Error error = compareValues(
              floatCounts[worker][i],
              "tensor '" + first.namedValues()[match.first].name + "'",
              match.tolerance, expected, tensor))
        return error;
      tensor = expected;
      return llvm::Error::success();
    }
    if (ofSecond[index] < 0)
      return llvm::Error::success();
    size_t m = ofSecond[index];
    bool counted = last[worker].index == index && last[worker].sample == sample;
    if (!counted)
      if (llvm::Error error =
              compare(isolated[worker], m, sample, store, tensor, nullptr))
        return error;
    tensor = moved(store.get(matches[m].first, sample, tensor.dim(0)),
                   matches[m].shift, tensor.dtype());
    return llvm::Error::success();
  };
  isolate.output = [&](unsigned worker, int64_t sample,
                       ArrayRef<Tensor> outputs) -> llvm::Error {
    for (auto [i, tensor] : llvm::enumerate(outputs))
      if (llvm::Error error = compareValues(
              resultCounts[worker], "result " + llvm::Twine(i),
              resultTolerance[i],
              moved(stored.get(i, sample, tensor.dim(0)), -128, tensor.dtype()),
              tensor))
        return error;
    return llvm::Error::success();
  };
  if (llvm::Error error = second.run(*samples, isolate))
    return error;
  if (!options.drift)
    return llvm::Error::success();

  Evaluator::Hooks drift;
  drift.value = [&](unsigned worker, size_t index, int64_t sample,
                    Tensor &tensor) -> llvm::Error {
    if (ofSecond[index] < 0)
      return llvm::Error::success();
    return compare(drifted[worker], ofSecond[index], sample, store, tensor,
                   nullptr);
  };
  return second.run(*samples, drift);
}

llvm::Expected<FormComparison> Comparison::run() {
  FormComparison result;
  if (llvm::Error error = match(result))
    return std::move(error);
  // Programs that are float altogether have results to compare.
  if (matches.empty() &&
      !(result.onlyFirst.empty() && result.onlySecond.empty()))
    return llvm::createStringError(
        "the two programs have no quantized tensor of the same name");
  isolated.assign(second.threads(), std::vector<Counts>(matches.size()));
  drifted = isolated;
  resultCounts.resize(second.threads());
  floatCounts.assign(second.threads(), std::vector<Counts>(floats.size()));
  if (first.outputNames().size() != second.outputNames().size())
    return llvm::createStringError(
        "the two programs have " + llvm::Twine(first.outputNames().size()) +
        " and " + llvm::Twine(second.outputNames().size()) + " results");
  for (auto [from, to] : llvm::zip_equal(before, after))
    resultTolerance.push_back(getTolerance(from, to));
  int64_t size = samplesPerPart(first, data.size());
  for (int64_t begin = 0; begin < data.size(); begin += size) {
    int64_t end = std::min(begin + size, data.size());
    if (llvm::Error error = runPart(begin, end))
      return std::move(error);
    if (progress)
      progress(end, data.size());
  }
  for (const Counts &counts : resultCounts) {
    result.resultsCompared += counts.compared;
    result.resultsDiffering += counts.beyond;
  }
  for (auto [i, row] : llvm::enumerate(result.floats))
    for (const std::vector<Counts> &counts : floatCounts) {
      row.compared += counts[i].compared;
      row.beyond += counts[i].beyond;
    }
  for (size_t m = 0; m < matches.size(); ++m) {
    Counts near, far;
    for (unsigned w = 0; w < second.threads(); ++w) {
      near.merge(isolated[w][m]);
      far.merge(drifted[w][m]);
    }
    TensorComparison &row = result.tensors[m];
    row.compared = near.compared;
    row.differing = near.differing;
    row.maxDifference = near.maxDifference;
    row.beyond = near.beyond;
    row.driftDiffering = far.differing;
    row.driftMax = far.maxDifference;
  }
  return result;
}

llvm::Expected<FormComparison>
hwq::compareForms(ModuleOp first, ModuleOp second, const runtime::Dataset &data,
                  const VerifyOptions &options,
                  const Evaluator::ProgressHook &progress) {
  if (data.size() == 0)
    return llvm::createStringError("verification needs at least one sample");
  runtime::EvaluatorOptions evaluatorOptions;
  evaluatorOptions.threads = options.threads;
  FailureOr<std::unique_ptr<Evaluator>> a =
      Evaluator::create(first, evaluatorOptions);
  if (failed(a))
    return llvm::createStringError("cannot execute the first program");
  FailureOr<std::unique_ptr<Evaluator>> b =
      Evaluator::create(second, evaluatorOptions);
  if (failed(b))
    return llvm::createStringError("cannot execute the second program");
  ValueRange before, after;
  first.walk([&](func::ReturnOp op) { before = op.getOperands(); });
  second.walk([&](func::ReturnOp op) { after = op.getOperands(); });
  return Comparison(**a, **b, before, after, data, options, progress).run();
}
