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
#include <string>

namespace hwq::runtime {

/// The file that writing to `path` makes or replaces: `path`, or what it leads
/// to where it is a symbolic link, whether that exists or not.
std::string followLinks(llvm::StringRef path);

/// Writes the file `path` with what `write` prints, all or nothing: into a
/// temporary file beside the target, renamed over it when every byte arrived.
/// On any error the target is as it was before and the temporary is gone.
///
/// An existing target keeps its permissions, a symbolic link stays a link (its
/// target is replaced or made). "-" is the standard output; devices, pipes and
/// anything below /dev are written directly. Errors: "cannot write 'PATH':
/// reason", or the error that `write` returned, unchanged. `shown`, if not
/// empty, is the PATH in errors: for files that get their final name later.
llvm::Error writeFileAtomically(
    llvm::StringRef path,
    llvm::function_ref<llvm::Error(llvm::raw_pwrite_stream &)> write,
    llvm::StringRef shown = "");

} // namespace hwq::runtime

#endif // HWQ_RUNTIME_ATOMICFILE_H
