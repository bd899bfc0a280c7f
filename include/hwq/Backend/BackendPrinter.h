//===- BackendPrinter.h - Backends as text -------------------- -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_BACKEND_BACKENDPRINTER_H
#define HWQ_BACKEND_BACKENDPRINTER_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "llvm/Support/raw_ostream.h"

namespace hwq {

/// What `--list-backends` prints: one line per backend with its identity.
void printBackendTable(llvm::raw_ostream &os,
                       llvm::ArrayRef<BackendAttr> backends);

/// What `--print-backend=NAME` prints: the descriptor as a file that
/// `--backend-file` reads, with all fields, defaults included, and their
/// documentation as comments.
void printBackend(llvm::raw_ostream &os, BackendAttr backend);

/// What `--list-backend-fields` prints: the field table.
void printBackendFields(llvm::raw_ostream &os);

/// What `--print-backend-docs` prints: docs/backends.md, the table of backends,
/// a section with fields and options for each, and the field table.
void printBackendDocs(llvm::raw_ostream &os,
                      llvm::ArrayRef<BackendAttr> backends);

} // namespace hwq

#endif // HWQ_BACKEND_BACKENDPRINTER_H
