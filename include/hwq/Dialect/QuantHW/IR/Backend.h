//===- Backend.h - The fields of a backend descriptor -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_BACKEND_H
#define HWQ_DIALECT_QUANTHW_IR_BACKEND_H

#include "hwq/Numerics/Enums.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Support/LLVM.h"
#include <string>
#include <vector>

namespace hwq {

class BackendAttr;

//===----------------------------------------------------------------------===//
// The field table
//===----------------------------------------------------------------------===//

enum class FieldKind {
  Identifier, ///< a string, one of the legal values
  Text,       ///< any string
  Integer,
  Boolean,
  IntegerPair, ///< [lo, hi]
  List,        ///< strings, each one of the legal values if there are any
  Scheme,      ///< {storage, symmetry, narrow, granularity}
  Options,     ///< {name = {value = {field = ...}}}
};

/// One field of a descriptor. The table of these serves parser, verifier,
/// overrides, printed tables and documentation.
struct BackendField {
  std::string key;
  FieldKind kind;
  /// Legal identifiers; empty where any string is legal.
  std::vector<std::string> values;
  /// As it would be written in an override; "required" fields have none.
  std::string defaultValue;
  bool required;
  std::string doc;
};

llvm::ArrayRef<BackendField> getBackendFields();
const BackendField *findBackendField(llvm::StringRef key);
/// The keys of a scheme and their legal values.
llvm::ArrayRef<BackendField> getSchemeFields();

/// Checks fields against the table and against each other (constraints
/// backend_c1 to backend_c4 of the attribute).
mlir::LogicalResult
verifyBackend(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
              llvm::StringRef name, mlir::DictionaryAttr fields);

//===----------------------------------------------------------------------===//
// A descriptor as the passes read it
//===----------------------------------------------------------------------===//

/// How tensors of one role are quantized.
struct Scheme {
  numerics::Storage storage = numerics::Storage::I8;
  numerics::Symmetry symmetry = numerics::Symmetry::Symmetric;
  bool narrow = false;
  numerics::Granularity granularity = numerics::Granularity::PerTensor;
};

/// Where a graph policy puts parameters. Total: on every tensor between integer
/// ops, on inputs and outputs.
enum class GraphPolicy { Total };

/// The typed view of a verified `#quant_hw.backend`.
struct Backend {
  std::string name;
  std::string vendor, hardware;
  Scheme activations, weights;
  numerics::DerivationRule activationRule, weightRule;
  numerics::QuantizeForm quantizeForm;
  numerics::RequantizeKernel requantizeKernel;
  int64_t shiftMin, shiftMax;
  numerics::BiasForm bias;
  GraphPolicy graphPolicy;
  bool foldBatchNorm, fuseClamp;
  numerics::AddVariant add;
  numerics::AvgPoolVariant avgPool;
  int64_t accumulatorBits;
  /// Op kinds whose result keeps the parameters of the operand.
  std::vector<std::string> keepParameters;
  /// Op kinds that are never computed in integers.
  std::vector<std::string> staysFloat;
  std::string rangeMethod;
  std::string targetDialect;
  std::vector<std::string> formats;
  numerics::Fidelity fidelity;
  std::string fidelityReason;

  bool keepsParameters(llvm::StringRef opKind) const;
  bool isFloatOnly(llvm::StringRef opKind) const;

  static Backend get(BackendAttr attr);
};

/// The backend a module is made for; an error on the module if there is none.
mlir::FailureOr<Backend> getBackend(mlir::ModuleOp module,
                                    llvm::StringRef pass);

} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_IR_BACKEND_H
