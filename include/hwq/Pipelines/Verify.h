//===- Verify.h - Compare two forms of a program ----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_VERIFY_H
#define HWQ_PIPELINES_VERIFY_H

#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Numerics/Enums.h"
#include "hwq/Runtime/Dataset.h"
#include "hwq/Runtime/Evaluator.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include <string>
#include <tuple>
#include <vector>

namespace hwq {

/// What may set the integers of a later form apart from those of an earlier
/// one; the bounds add up.
struct Agreement {
  /// By 1, and only where the value before rounding is within 2^-18 of the
  /// grid's width of a tie (where nothing else is allowed): steps 0 to 3.
  bool ties = false;
  /// By as much more as f32 may lose in sums that cancel: those of step 0.
  bool floatSums = false;
  /// By ceil(s_b / (2 Sy)) + 1, s_b the step of the bias: quantize-bias.
  bool bias = false;
  /// By the error of the kernel and 1 (getKernelBound): select-kernels.
  bool kernel = false;

  bool any() const { return ties || bias || kernel; }
};

/// Where a program stands between step 0 and the target, with the form of its
/// biases; programs are comparable in this order.
struct DerivationStep {
  Form form = Form::Float;
  /// At step 3: the biases are those of the backend, no longer real.
  bool biasQuantized = false;

  bool operator==(const DerivationStep &o) const {
    return form == o.form && biasQuantized == o.biasQuantized;
  }
  bool operator<(const DerivationStep &o) const {
    return std::tie(form, biasQuantized) < std::tie(o.form, o.biasQuantized);
  }
};
mlir::FailureOr<DerivationStep> getDerivationStep(mlir::ModuleOp module);

/// What the passes from one step to a later one may change.
Agreement agreementBetween(DerivationStep from, DerivationStep to);

struct VerifyOptions {
  /// Worker threads; 0 = one per core.
  unsigned threads = 0;
  Agreement agreement;
  /// For Agreement::bias.
  numerics::BiasForm bias = numerics::BiasForm::I32;
  /// Also compare multipliers, shifts, constants, scales and zero points of the
  /// ops that make equally named tensors.
  bool parameters = false;
  /// Also run the second program on its own (one more pass).
  bool drift = true;
};

/// One tensor of both programs.
struct TensorComparison {
  std::string name;
  /// Integers compared, over all samples.
  int64_t compared = 0;
  int64_t differing = 0;
  int64_t maxDifference = 0;
  /// The largest difference allowed.
  int64_t bound = 0;
  /// Integers that differ by more than that, or by 1 away from a tie.
  int64_t beyond = 0;
  /// The same without isolation: differences of all the ops before it included.
  int64_t driftDiffering = 0;
  int64_t driftMax = 0;
  /// Parameters that differ, in words ("multipliers[3]: 5 and 6").
  std::vector<std::string> parameters;

  bool holds() const { return beyond == 0 && parameters.empty(); }
};

/// A tensor that both programs compute in float, or leave in it.
struct FloatTensorComparison {
  std::string name;
  int64_t compared = 0;
  /// In real units, beside the last bits (2^-17 of the largest value); negative
  /// where nothing may differ, infinite where no bound is known.
  double tolerance = -1;
  int64_t beyond = 0;

  bool holds() const { return beyond == 0; }
};

struct FormComparison {
  std::vector<TensorComparison> tensors;
  /// Without the results of the function.
  std::vector<FloatTensorComparison> floats;
  /// Quantized tensors that only one of the programs has.
  std::vector<std::string> onlyFirst, onlySecond;
  /// Values of the function's results that differ, of how many: in any bit, or
  /// where float arithmetic of another order or precision makes them by more
  /// than 2^-17 of the largest and what their accumulators may move by.
  int64_t resultsDiffering = 0, resultsCompared = 0;

  /// Neither program has a quantized tensor.
  bool isFloat() const;
  int64_t compared() const;
  int64_t differing() const;
  int64_t maxDifference() const;
  bool holds() const;
};

/// Runs both programs over the data and compares every quantized tensor that
/// both have under one name. Isolated: each op of the second program reads the
/// tensors of the first, so a difference appears at the op that makes it and
/// nowhere else. The results of the two functions are compared bit for bit. The
/// error says why the programs could not be run or have no
/// tensor in common; differences are no error.
llvm::Expected<FormComparison>
compareForms(mlir::ModuleOp first, mlir::ModuleOp second,
             const runtime::Dataset &data, const VerifyOptions &options,
             const runtime::Evaluator::ProgressHook &progress = {});

} // namespace hwq

#endif // HWQ_PIPELINES_VERIFY_H
