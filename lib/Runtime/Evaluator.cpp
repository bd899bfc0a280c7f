//===- Evaluator.cpp - Executes a program of any form -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/Evaluator.h"
#include "EvaluatorConstants.h"
#include "KernelUtils.h"
#include "hwq/Dialect/QuantHW/IR/CodeParams.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/Target/IR/Target.h"
#include "llvm/ADT/DenseMap.h"
#include <algorithm>
#include <atomic>
#include <cmath>
#include <dlfcn.h>
#include <limits>
#include <mutex>
#include <thread>

using namespace hwq;
using namespace hwq::runtime;
using namespace mlir;

namespace {

constexpr int64_t kLargestTensorBytes = 1 << 20;
constexpr int64_t kMaxBatch = 32;

/// oneDNN's own threads fight with the workers: one for each worker. The
/// runtime is the one that oneDNN was built with, so it is looked up in the
/// process.
class SingleThreadedOpenMP {
public:
  SingleThreadedOpenMP() {
    auto get =
        reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "omp_get_max_threads"));
    set = reinterpret_cast<void (*)(int)>(
        dlsym(RTLD_DEFAULT, "omp_set_num_threads"));
    if (!get || !set)
      return;
    before = get();
    set(1);
  }
  ~SingleThreadedOpenMP() {
    if (before > 0)
      set(before);
  }

private:
  void (*set)(int) = nullptr;
  int before = 0;
};

constexpr size_t kNoName = std::numeric_limits<size_t>::max();

struct Step {
  std::unique_ptr<Kernel> kernel;
  Operation *op = nullptr;
  llvm::SmallVector<unsigned, 4> operands;
  llvm::SmallVector<unsigned, 2> results;
  /// Slots whose last use this is.
  llvm::SmallVector<unsigned, 4> dead;
  size_t name = kNoName;
};

class Constants final : public KernelContext {
public:
  const Tensor *getConstant(Value value) const override {
    auto it = tensors.find(value);
    return it == tensors.end() ? nullptr : &it->second;
  }
  llvm::DenseMap<Value, Tensor> tensors;
};

struct Worker {
  std::unique_ptr<Workspace> workspace = createWorkspace();
  std::vector<Tensor> slots;
};

class EvaluatorImpl final : public Evaluator {
public:
  LogicalResult build(ModuleOp module, const EvaluatorOptions &options);

  llvm::ArrayRef<InputSpec> inputs() const override { return inputSpecs; }
  llvm::ArrayRef<std::string> outputNames() const override { return outputs; }
  llvm::ArrayRef<NamedValue> namedValues() const override { return names; }
  unsigned threads() const override { return workers.size(); }

  llvm::Error run(const Dataset &data, const Hooks &hooks) override;
  llvm::Expected<std::vector<Tensor>> runBatch(llvm::ArrayRef<Tensor> inputs,
                                               const ValueHook &hook) override;

private:
  FailureOr<func::FuncOp> findFunction(ModuleOp module);
  LogicalResult addArguments(Block &block);
  LogicalResult addOp(Operation &op);
  LogicalResult addReturn(func::FuncOp func, Operation &op);
  void computeLiveness();
  void chooseBatch(const EvaluatorOptions &options);
  unsigned slotOf(Value value);
  void noteName(Value value, size_t &index);

  llvm::Error execute(unsigned worker, int64_t first,
                      llvm::ArrayRef<Tensor> inputs, const Hooks &hooks,
                      std::vector<Tensor> &results);
  llvm::Error callHooks(unsigned worker, size_t name, int64_t first,
                        int64_t samples, const Step *step,
                        llvm::ArrayRef<Tensor> operands, Tensor &tensor,
                        const Hooks &hooks);
  llvm::Error checkInputs(llvm::ArrayRef<Tensor> inputs) const;
  llvm::Error takeCodes(std::vector<Tensor> &inputs, const Dataset &data,
                        int64_t first) const;

  std::vector<InputSpec> inputSpecs;
  std::vector<DType> inputTypes;
  /// The codes that an input may be; none for the others.
  std::vector<std::optional<numerics::Grid>> inputCodes;
  std::vector<size_t> inputNames;
  std::vector<unsigned> inputSlots, outputSlots, unusedInputs;
  std::vector<std::string> outputs;
  std::vector<NamedValue> names;
  std::vector<Step> steps;
  /// Constants are there from the start, everything else is null.
  std::vector<Tensor> initialSlots;
  llvm::DenseMap<Value, unsigned> slotIndex;
  Constants constants;
  std::vector<Worker> workers;
  int64_t batch = 1;
  /// `batch` was not asked for: smaller ones will do.
  bool isOwnBatch = false;
};

FailureOr<func::FuncOp> EvaluatorImpl::findFunction(ModuleOp module) {
  auto functions = llvm::to_vector(module.getOps<func::FuncOp>());
  func::FuncOp func;
  if (functions.size() == 1)
    func = functions.front();
  else
    for (func::FuncOp f : functions)
      if (f.getSymName() == "main")
        func = f;
  if (!func) {
    module.emitError() << "expected one function or one that is called 'main' "
                          "to execute, got "
                       << functions.size() << " functions";
    return failure();
  }
  if (!func.getBody().hasOneBlock()) {
    func.emitError() << "expected a function with one block to execute, got "
                     << func.getBody().getBlocks().size();
    return failure();
  }
  return func;
}

unsigned EvaluatorImpl::slotOf(Value value) {
  auto [it, isNew] = slotIndex.try_emplace(value, initialSlots.size());
  if (isNew) {
    const Tensor *constant = constants.getConstant(value);
    initialSlots.push_back(constant ? *constant : Tensor());
  }
  return it->second;
}

void EvaluatorImpl::noteName(Value value, size_t &index) {
  std::string name;
  if (auto observe = value.getDefiningOp<ObserveOp>())
    name = observe.getTensor().str();
  else
    name = getTensorName(value).str();
  if (name.empty())
    return;
  index = names.size();
  names.push_back({std::move(name), value});
}

LogicalResult EvaluatorImpl::addArguments(Block &block) {
  for (BlockArgument arg : block.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(arg.getType());
    std::optional<DType> dtype =
        type ? storageDType(type.getElementType()) : std::nullopt;
    if (!dtype || type.getRank() == 0)
      return emitError(arg.getLoc())
             << "expected argument " << arg.getArgNumber()
             << " to be a tensor with a batch dimension, got " << arg.getType();
    InputSpec spec;
    spec.name = getTensorName(arg).str();
    if (spec.name.empty())
      spec.name = "input" + std::to_string(arg.getArgNumber());
    for (int64_t dim : type.getShape())
      spec.shape.push_back(ShapedType::isDynamic(dim) ? -1 : dim);
    inputSpecs.push_back(std::move(spec));
    inputTypes.push_back(*dtype);
    std::optional<numerics::Grid> codes;
    if (std::optional<numerics::QuantParams> params = getCodeParams(arg))
      codes = params->grid;
    else if (*dtype == DType::I8)
      codes = numerics::gridOf(numerics::Storage::I8);
    inputCodes.push_back(codes);
    inputSlots.push_back(slotOf(arg));
    noteName(arg, inputNames.emplace_back(kNoName));
  }
  return success();
}

LogicalResult EvaluatorImpl::addOp(Operation &op) {
  if (isConstantOp(&op)) {
    FailureOr<Tensor> tensor = readConstant(&op);
    if (failed(tensor))
      return failure();
    constants.tensors[op.getResult(0)] = *tensor;
    return success();
  }
  // A target's op computes what its op of step 4 computes.
  Operation *computed = &op;
  OwningOpRef<Operation *> stepFour;
  if (auto target = dyn_cast<TargetOpInterface>(&op)) {
    FailureOr<Operation *> built = target.buildStepFour();
    if (failed(built))
      return failure();
    stepFour = computed = *built;
  }
  auto evaluatable = dyn_cast<EvaluatableOpInterface>(computed);
  if (!evaluatable)
    return op.emitError() << "no evaluation is known for '" << op.getName()
                          << "'";
  SingleThreadedOpenMP singleThreaded;
  FailureOr<std::unique_ptr<Kernel>> kernel =
      evaluatable.buildKernel(constants);
  if (failed(kernel))
    return failure();

  // Whatever depends on constants alone is computed now, and only once.
  if (op.getNumOperands() != 0 &&
      llvm::all_of(op.getOperands(), [&](Value operand) {
        return constants.getConstant(operand) != nullptr;
      })) {
    std::vector<Tensor> operands, results(op.getNumResults());
    for (Value operand : op.getOperands())
      operands.push_back(*constants.getConstant(operand));
    if (llvm::Error error =
            (*kernel)->run(operands, results, *workers[0].workspace))
      return op.emitError() << llvm::toString(std::move(error));
    for (auto [value, tensor] : llvm::zip_equal(op.getResults(), results))
      // A copy: the workspace's memory is for batches.
      constants.tensors[value] = tensor.clone();
    return success();
  }

  Step step;
  step.kernel = std::move(*kernel);
  step.op = &op;
  for (Value operand : op.getOperands())
    step.operands.push_back(slotOf(operand));
  for (Value result : op.getResults())
    step.results.push_back(slotOf(result));
  if (op.getNumResults() == 1)
    noteName(op.getResult(0), step.name);
  steps.push_back(std::move(step));
  return success();
}

LogicalResult EvaluatorImpl::addReturn(func::FuncOp func, Operation &op) {
  for (OpOperand &operand : op.getOpOperands()) {
    unsigned i = operand.getOperandNumber();
    outputSlots.push_back(slotOf(operand.get()));
    auto name = func.getResultAttrOfType<StringAttr>(i, kNameAttr);
    std::string text = name ? name.str() : getTensorName(operand.get()).str();
    outputs.push_back(text.empty() ? "output" + std::to_string(i) : text);
  }
  return success();
}

void EvaluatorImpl::computeLiveness() {
  constexpr size_t kForever = std::numeric_limits<size_t>::max();
  std::vector<size_t> lastUse(initialSlots.size(), kForever);
  for (auto [i, step] : llvm::enumerate(steps))
    for (const auto &slots : {llvm::ArrayRef<unsigned>(step.results),
                              llvm::ArrayRef<unsigned>(step.operands)})
      for (unsigned slot : slots)
        lastUse[slot] = i;
  for (unsigned slot : outputSlots)
    lastUse[slot] = kForever;
  for (unsigned slot = 0; slot < initialSlots.size(); ++slot)
    if (!initialSlots[slot] && lastUse[slot] != kForever)
      steps[lastUse[slot]].dead.push_back(slot);
}

void EvaluatorImpl::chooseBatch(const EvaluatorOptions &options) {
  batch = options.batch;
  if (batch <= 0) {
    int64_t largest = 1;
    for (auto [value, slot] : slotIndex) {
      auto type = dyn_cast<RankedTensorType>(value.getType());
      if (initialSlots[slot] || !type || type.getRank() == 0)
        continue;
      std::optional<DType> dtype = storageDType(type.getElementType());
      std::optional<int64_t> count;
      if (std::optional<Tensor::Shape> shape = resultShape(type, 1))
        count = checkedNumElements(*shape, dtype ? byteWidth(*dtype) : 1);
      if (dtype && count)
        largest =
            std::max(largest, *count * static_cast<int64_t>(byteWidth(*dtype)));
    }
    batch = std::clamp<int64_t>(kLargestTensorBytes / largest, 1, kMaxBatch);
    isOwnBatch = true;
  }
  // A program for a fixed batch gets no more samples at a time.
  bool isFixed = false;
  for (const InputSpec &spec : inputSpecs)
    if (spec.shape[0] > 0) {
      batch = std::min(batch, spec.shape[0]);
      isFixed = true;
    }
  // Where the dynamic batch is not the first dimension of a named value, hooks
  // can tell samples apart only one at a time.
  auto isBatchFirst = [](const NamedValue &named) {
    auto type = dyn_cast<RankedTensorType>(named.value.getType());
    ArrayRef<int64_t> shape = type ? type.getShape() : ArrayRef<int64_t>();
    if (shape.size() > 1 && shape[0] == 1)
      shape = shape.drop_front();
    return !shape.empty() && ShapedType::isDynamic(shape[0]);
  };
  if (!isFixed && !llvm::all_of(names, isBatchFirst))
    batch = 1;
}

LogicalResult EvaluatorImpl::build(ModuleOp module,
                                   const EvaluatorOptions &options) {
  unsigned count =
      options.threads ? options.threads : std::thread::hardware_concurrency();
  workers.resize(std::max(count, 1u));
  FailureOr<func::FuncOp> func = findFunction(module);
  if (failed(func))
    return failure();
  Block &block = func->getBody().front();
  if (failed(addArguments(block)))
    return failure();
  for (Operation &op : block)
    if (failed(isa<func::ReturnOp>(op) ? addReturn(*func, op) : addOp(op)))
      return failure();
  computeLiveness();
  chooseBatch(options);
  for (Worker &worker : workers)
    worker.slots = initialSlots;
  return success();
}

/// The tensor with one row per sample: [N*T,C] and [1,N*T,C] become [N,T,C],
/// and what one sample has alone gets a leading 1. Nothing where rows mix
/// samples.
static std::optional<Tensor::Shape> perSampleShape(const Tensor &tensor,
                                                   int64_t samples) {
  Tensor::Shape shape(tensor.shape());
  if (!shape.empty() && shape[0] == samples)
    return shape;
  if (shape.size() > 1 && shape[0] == 1)
    shape.erase(shape.begin());
  if (shape.empty() ? samples != 1 : shape[0] % samples != 0)
    return std::nullopt;
  if (!shape.empty())
    shape[0] /= samples;
  shape.insert(shape.begin(), samples);
  return shape;
}

llvm::Error EvaluatorImpl::callHooks(unsigned worker, size_t name,
                                     int64_t first, int64_t samples,
                                     const Step *step,
                                     llvm::ArrayRef<Tensor> operands,
                                     Tensor &value, const Hooks &hooks) {
  if (!hooks.value && !hooks.unrounded)
    return llvm::Error::success();
  std::optional<Tensor::Shape> shape = perSampleShape(value, samples);
  if (!shape)
    return llvm::createStringError(
        "expected tensor '" + names[name].name + "' to have rows for each of " +
        llvm::Twine(samples) + " samples, got shape " +
        shapeToString(value.shape()));
  Tensor tensor = value.reshaped(*shape);
  if (step && hooks.unrounded) {
    llvm::Expected<Tensor> unrounded =
        step->kernel->unrounded(operands, *workers[worker].workspace);
    if (!unrounded)
      return unrounded.takeError();
    if (*unrounded)
      if (llvm::Error error = hooks.unrounded(worker, name, first, tensor,
                                              unrounded->reshaped(*shape)))
        return error;
  }
  if (!hooks.value)
    return llvm::Error::success();
  if (llvm::Error error = hooks.value(worker, name, first, tensor))
    return error;
  if (!tensor || tensor.dtype() != value.dtype() ||
      tensor.shape() != llvm::ArrayRef<int64_t>(*shape))
    return llvm::createStringError(
        "expected the replacement of '" + names[name].name + "' to be " +
        dtypeName(value.dtype()) + " " + shapeToString(*shape) + ", got " +
        dtypeName(tensor.dtype()) + " " + shapeToString(tensor.shape()));
  value = tensor.reshaped(value.shape());
  return llvm::Error::success();
}

llvm::Error EvaluatorImpl::execute(unsigned workerIndex, int64_t first,
                                   llvm::ArrayRef<Tensor> inputs,
                                   const Hooks &hooks,
                                   std::vector<Tensor> &results) {
  Worker &worker = workers[workerIndex];
  std::vector<Tensor> &slots = worker.slots;
  // Whatever happens, no tensor of this batch stays behind.
  auto clear = [&](void *) {
    for (size_t i = 0; i < slots.size(); ++i)
      if (!initialSlots[i])
        slots[i] = Tensor();
  };
  std::unique_ptr<void, decltype(clear)> cleanup(this, clear);

  for (auto [i, input] : llvm::enumerate(inputs)) {
    slots[inputSlots[i]] = input;
    if (inputNames[i] != kNoName)
      if (llvm::Error error =
              callHooks(workerIndex, inputNames[i], first, inputs[0].dim(0),
                        nullptr, {}, slots[inputSlots[i]], hooks))
        return error;
  }
  llvm::SmallVector<Tensor, 4> operands, outs;
  for (const Step &step : steps) {
    operands.clear();
    for (unsigned slot : step.operands)
      operands.push_back(slots[slot]);
    // What nobody reads any more belongs to the kernel, which may write over
    // it.
    if (!hooks.unrounded)
      for (unsigned slot : step.dead)
        slots[slot] = Tensor();
    outs.assign(step.results.size(), Tensor());
    if (llvm::Error error = step.kernel->run(operands, outs, *worker.workspace))
      return error;
    if (step.name != kNoName)
      if (llvm::Error error =
              callHooks(workerIndex, step.name, first, inputs[0].dim(0), &step,
                        operands, outs[0], hooks))
        return error;
    for (auto [slot, tensor] : llvm::zip_equal(step.results, outs))
      slots[slot] = std::move(tensor);
    operands.clear();
    for (unsigned slot : step.dead)
      slots[slot] = Tensor();
  }
  results.clear();
  for (unsigned slot : outputSlots)
    results.push_back(slots[slot]);
  return llvm::Error::success();
}

llvm::Error EvaluatorImpl::checkInputs(llvm::ArrayRef<Tensor> inputs) const {
  if (inputs.size() != inputSpecs.size())
    return llvm::createStringError(
        "expected " + llvm::Twine(inputSpecs.size()) + " inputs, got " +
        llvm::Twine(inputs.size()));
  for (auto [i, input] : llvm::enumerate(inputs)) {
    const InputSpec &spec = inputSpecs[i];
    bool fits =
        input && input.rank() == static_cast<int64_t>(spec.shape.size());
    for (int64_t d = 1; fits && d < input.rank(); ++d)
      fits = spec.shape[d] < 0 || spec.shape[d] == input.dim(d);
    if (!fits)
      return llvm::createStringError(
          "expected shape " + shapeToString(spec.shape) + " for input '" +
          spec.name + "', got " + shapeToString(input.shape()));
    if (input.dtype() != inputTypes[i])
      return llvm::createStringError("expected " + dtypeName(inputTypes[i]) +
                                     " elements for input '" + spec.name +
                                     "', got " + dtypeName(input.dtype()));
    if (input.dim(0) < 1 || input.dim(0) != inputs[0].dim(0))
      return llvm::createStringError("expected at least one sample and the "
                                     "same number in every input, got " +
                                     llvm::Twine(input.dim(0)) +
                                     " for input '" + spec.name + "'");
  }
  return llvm::Error::success();
}

llvm::Expected<std::vector<Tensor>>
EvaluatorImpl::runBatch(llvm::ArrayRef<Tensor> inputs, const ValueHook &hook) {
  if (llvm::Error error = checkInputs(inputs))
    return std::move(error);
  SingleThreadedOpenMP singleThreaded;
  Hooks hooks;
  hooks.value = hook;
  std::vector<Tensor> results;
  if (llvm::Error error = execute(0, 0, inputs, hooks, results))
    return std::move(error);
  return results;
}

template <typename T>
static int64_t toCodes(const Tensor &values, int64_t lo, int64_t hi,
                       Tensor &codes) {
  const float *x = values.data<float>();
  T *q = codes.data<T>();
  for (int64_t i = 0, n = values.numElements(); i < n; ++i) {
    if (!(x[i] >= static_cast<float>(lo) && x[i] <= static_cast<float>(hi)) ||
        x[i] != std::floor(x[i]))
      return i;
    q[i] = static_cast<T>(x[i]);
  }
  return -1;
}

/// Data sets are f32: the inputs of a program that takes codes hold them as
/// numbers.
llvm::Error EvaluatorImpl::takeCodes(std::vector<Tensor> &inputs,
                                     const Dataset &data, int64_t first) const {
  for (size_t i = 0; i < std::min(inputs.size(), inputCodes.size()); ++i) {
    if (!inputCodes[i] || inputs[i].dtype() != DType::F32)
      continue;
    Tensor codes = Tensor::allocate(inputTypes[i], inputs[i].shape());
    int64_t lo = inputCodes[i]->qmin;
    int64_t hi = inputCodes[i]->qmax;
    int64_t bad;
    switch (inputTypes[i]) {
    case DType::U8:
      bad = toCodes<uint8_t>(inputs[i], lo, hi, codes);
      break;
    case DType::I8:
      bad = toCodes<int8_t>(inputs[i], lo, hi, codes);
      break;
    case DType::I16:
      bad = toCodes<int16_t>(inputs[i], lo, hi, codes);
      break;
    default:
      continue;
    }
    if (bad >= 0) {
      int64_t row = inputs[i].numElements() / inputs[i].dim(0);
      return llvm::createStringError(
          "input '" + inputSpecs[i].name + "', " +
          data.sampleName(first + bad / row) + ": expected codes in [" +
          llvm::Twine(lo) + ", " + llvm::Twine(hi) + "], got " +
          std::to_string(inputs[i].data<float>()[bad]));
    }
    inputs[i] = std::move(codes);
  }
  return llvm::Error::success();
}

llvm::Error EvaluatorImpl::run(const Dataset &data, const Hooks &hooks) {
  const int64_t total = data.size();
  std::atomic<int64_t> next{0}, failedFirst{total};
  std::mutex mutex; // of the error and of progress
  llvm::Error firstError = llvm::Error::success();
  llvm::cantFail(std::move(firstError));
  int64_t done = 0;

  auto fail = [&](int64_t first, llvm::Error error) {
    std::lock_guard<std::mutex> lock(mutex);
    if (first < failedFirst) {
      failedFirst = first;
      llvm::consumeError(std::move(firstError));
      firstError = std::move(error);
    } else {
      llvm::consumeError(std::move(error));
    }
  };
  auto runOne = [&](unsigned worker, int64_t first, int64_t end,
                    std::vector<Tensor> &inputs,
                    std::vector<Tensor> &results) -> llvm::Error {
    inputs.clear();
    if (llvm::Error error = data.load(first, end, inputs))
      return error;
    if (llvm::Error error = takeCodes(inputs, data, first))
      return error;
    if (llvm::Error error = checkInputs(inputs))
      return error;
    if (llvm::Error error = execute(worker, first, inputs, hooks, results))
      return error;
    for (auto [name, result] : llvm::zip_equal(outputs, results))
      if (result.rank() == 0 || result.dim(0) != end - first)
        return llvm::createStringError("expected output '" + name +
                                       "' to have " + llvm::Twine(end - first) +
                                       " samples, got shape " +
                                       shapeToString(result.shape()));
    return hooks.output ? hooks.output(worker, first, results)
                        : llvm::Error::success();
  };
  // Primitives are made for each size of a batch: one size, if one divides.
  int64_t size = batch;
  if (isOwnBatch)
    for (int64_t less = batch; 2 * less > batch && total % size != 0; --less)
      if (total % less == 0)
        size = less;
  auto work = [&](unsigned worker) {
    SingleThreadedOpenMP singleThreaded;
    std::vector<Tensor> inputs, results;
    for (;;) {
      // Batches are taken in order: those before a failed one are all under
      // way, and the error of the lowest is found whatever the timing.
      int64_t first = next.fetch_add(size);
      if (first >= total || first > failedFirst)
        return;
      int64_t end = std::min(first + size, total);
      if (llvm::Error error = runOne(worker, first, end, inputs, results)) {
        fail(first, std::move(error));
        return;
      }
      results.clear();
      if (hooks.progress) {
        std::lock_guard<std::mutex> lock(mutex);
        done += end - first;
        hooks.progress(done, total);
      }
    }
  };

  unsigned used = static_cast<unsigned>(std::min<int64_t>(
      workers.size(), std::max<int64_t>((total + size - 1) / size, 1)));
  std::vector<std::thread> pool;
  for (unsigned i = 1; i < used; ++i)
    pool.emplace_back(work, i);
  work(0);
  for (std::thread &thread : pool)
    thread.join();
  return firstError;
}

} // namespace

Evaluator::~Evaluator() = default;

FailureOr<std::unique_ptr<Evaluator>>
Evaluator::create(ModuleOp module, const EvaluatorOptions &options) {
  auto evaluator = std::make_unique<EvaluatorImpl>();
  if (failed(evaluator->build(module, options)))
    return failure();
  return std::unique_ptr<Evaluator>(std::move(evaluator));
}
