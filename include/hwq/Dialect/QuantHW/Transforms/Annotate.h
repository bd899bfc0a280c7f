//===- Annotate.h - Quantization parameters of a function -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_TRANSFORMS_ANNOTATE_H
#define HWQ_DIALECT_QUANTHW_TRANSFORMS_ANNOTATE_H

#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Numerics/Grid.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/Regex.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hwq {

/// What a user wants for one tensor, in place of what the backend does.
struct TensorOverride {
  std::optional<unsigned> bits;
  std::optional<numerics::Symmetry> symmetry;
  std::optional<numerics::Range> range;
  /// In place of a range; both or the scale alone.
  std::optional<double> scale;
  std::optional<int64_t> zeroPoint;
  /// The tensor is never quantized.
  bool isFloat = false;
  /// "override-file 'F': line 3: ", the beginning of a message.
  std::string where;
};

/// What a user wants for single tensors. Names are those of the tensors.
class AnnotateControl {
public:
  AnnotateControl() = default;
  /// `skip` is a regular expression, or empty. `overrides` is the text of the
  /// JSON file `file`, an object {"tensor": {"bits": 4, "symmetry":
  /// "symmetric", "range": [-1, 1]}, "other": {"scale": 0.5, "zero_point": 3},
  /// "third": {"float": true}}, or empty. Errors, with file and line: no
  /// regular expression, no JSON object, a name or key that is there twice, an
  /// unknown key, a value that is none.
  static llvm::Expected<AnnotateControl> parse(llvm::StringRef skip,
                                               llvm::StringRef overrides,
                                               llvm::StringRef file = "");

  /// The op that makes this tensor computes in float.
  bool skips(llvm::StringRef tensor) const;
  const TensorOverride *find(llvm::StringRef tensor) const;
  /// An error if `skip` or an override names no tensor that was asked for.
  llvm::Error checkUsed() const;

private:
  /// One name of the file.
  struct Entry {
    TensorOverride override;
    size_t line;
    mutable bool used = false;
  };
  /// What is wrong with the file, with its name.
  llvm::Error inFile(llvm::Error error) const;
  llvm::Error parseOverrides(llvm::StringRef text);

  std::string skipText, file;
  std::optional<llvm::Regex> skip;
  std::map<std::string, Entry, std::less<>> overrides;
  mutable bool skipped = false;
};

/// Why one tensor has the parameters of another.
struct SharedParameters {
  std::string tensor, other, reason;
};

/// What was decided on a quantized tensor.
struct TensorParameters {
  std::string tensor;
  mlir::quant::QuantizedType type;
  /// What it shares its parameters with, as far as they had to be made equal.
  std::vector<SharedParameters> shared;
};

/// Places quantize/dequantize pairs as the backend's graph policy says, with
/// the parameters that follow from the ranges of the `observe` ops, which
/// disappear. Every decision is added to `decisions`, in program order. Errors
/// are emitted on the op: a tensor that needs a range and has none, a range or
/// weights without parameters.
mlir::LogicalResult
annotate(mlir::func::FuncOp func, const Backend &backend,
         const AnnotateControl &control = {},
         std::vector<TensorParameters> *decisions = nullptr);

} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_TRANSFORMS_ANNOTATE_H
