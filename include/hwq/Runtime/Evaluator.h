//===- Evaluator.h - Executes a program of any form -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_RUNTIME_EVALUATOR_H
#define HWQ_RUNTIME_EVALUATOR_H

#include "hwq/Runtime/Dataset.h"
#include "hwq/Runtime/Kernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hwq::runtime {

/// A value of the program that has a name.
struct NamedValue {
  std::string name;
  mlir::Value value;
};

struct EvaluatorOptions {
  /// Worker threads; 0 = one per core.
  unsigned threads = 0;
  /// Samples that one worker computes at a time; 0 = chosen from the sizes.
  int64_t batch = 0;
};

/// Executes the one function of a module (`@main`, where there are several), op
/// by op, batch by batch, the samples spread over threads. Integers are the
/// same bits for any number of threads on any CPU; floats for any number of
/// threads on one ISA level. The module must outlive the evaluator and not
/// change.
class Evaluator {
public:
  /// Builds a kernel for every op. Emits diagnostics on failure.
  static mlir::FailureOr<std::unique_ptr<Evaluator>>
  create(mlir::ModuleOp module, const EvaluatorOptions &options = {});
  virtual ~Evaluator();

  /// Names, shapes (batch first, -1 = dynamic) and order of the inputs.
  virtual llvm::ArrayRef<InputSpec> inputs() const = 0;
  virtual llvm::ArrayRef<std::string> outputNames() const = 0;
  /// Every value with a name that depends on the inputs, arguments first, in
  /// program order; constants and what is computed from them alone are not
  /// among them. `observe`d
  /// tensors are those of the observe ops, under the observed name.
  virtual llvm::ArrayRef<NamedValue> namedValues() const = 0;
  virtual unsigned threads() const = 0;

  /// Called on the worker thread after a named value has been computed for
  /// samples [first, first + tensor.dim(0)). May replace the tensor: later ops
  /// read what it leaves behind. `index` is the position in namedValues().
  using ValueHook = std::function<llvm::Error(unsigned worker, size_t index,
                                              int64_t first, Tensor &tensor)>;
  /// Called, before the ValueHook, for named values whose op has a `real`
  /// requantization (derivation steps 1 to 3): `tensor` the integers,
  /// `unrounded` the same in f64 before rounding and clamp, in units of the
  /// result's scale with the zero point added.
  using UnroundedHook =
      std::function<llvm::Error(unsigned worker, size_t index, int64_t first,
                                const Tensor &tensor, const Tensor &unrounded)>;
  /// Called on the worker thread with the outputs of samples [first, ...).
  using OutputHook = std::function<llvm::Error(unsigned worker, int64_t first,
                                               llvm::ArrayRef<Tensor> outputs)>;
  /// Called from time to time, one thread at a time, with the samples done.
  using ProgressHook = std::function<void(int64_t done, int64_t total)>;

  struct Hooks {
    ValueHook value;         // may be null
    OutputHook output;       // may be null
    ProgressHook progress;   // may be null
    UnroundedHook unrounded; // may be null; costs a second evaluation
  };
  /// Runs all samples. The first error (of the lowest sample) stops the run and
  /// is returned.
  virtual llvm::Error run(const Dataset &data, const Hooks &hooks) = 0;

  /// Runs one batch on the calling thread, as worker 0. Not to be called while
  /// another run is under way. Inputs must have the program's element types.
  virtual llvm::Expected<std::vector<Tensor>>
  runBatch(llvm::ArrayRef<Tensor> inputs, const ValueHook &hook = {}) = 0;
};

} // namespace hwq::runtime

#endif // HWQ_RUNTIME_EVALUATOR_H
