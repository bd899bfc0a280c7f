//===- AtomicFile.h - Output files that are never half written --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_RUNTIME_ATOMICFILE_H
#define HWQ_RUNTIME_ATOMICFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace hwq::runtime {

/// Writes the file `path` with what `write` prints, all or nothing: into a
/// temporary file beside the target, renamed over it when every byte arrived.
/// On any error the target is as it was before and the temporary is gone.
///
/// An existing target keeps its permissions, a symbolic link stays a link (its
/// target is replaced). "-" is the standard output; devices, pipes and anything
/// below /dev are written directly. Errors: "cannot write 'PATH': reason", or
/// the error that `write` returned, unchanged.
llvm::Error writeFileAtomically(
    llvm::StringRef path,
    llvm::function_ref<llvm::Error(llvm::raw_pwrite_stream &)> write);

} // namespace hwq::runtime

#endif // HWQ_RUNTIME_ATOMICFILE_H
