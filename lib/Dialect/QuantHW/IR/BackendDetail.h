//===- BackendDetail.h - Parts of the descriptor's verifier -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_IR_BACKENDDETAIL_H
#define HWQ_LIB_DIALECT_QUANTHW_IR_BACKENDDETAIL_H

#include "hwq/Dialect/QuantHW/IR/Backend.h"

namespace hwq {

/// The typed view of fields that keep to the table (backend_c1 to backend_c3).
Backend readBackend(llvm::StringRef name, mlir::DictionaryAttr fields);

/// Whether the fields go together (backend_c4).
mlir::LogicalResult
verifyConsistency(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
                  const Backend &backend);

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_IR_BACKENDDETAIL_H
