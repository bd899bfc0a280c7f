//===- NpyDetail.h - Shared by the .npy and .npz files ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_NPYDETAIL_H
#define HWQ_LIB_RUNTIME_NPYDETAIL_H

#include "hwq/Runtime/NpyFile.h"
#include "hwq/Runtime/Tensor.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>

namespace hwq::runtime::npy {

/// "cannot read 'WHAT': reason".
llvm::Error npyError(llvm::StringRef what, const llvm::Twine &reason);

/// Checks that `path` is a regular file, whose size headers can be held
/// against (a pipe or device has none, and could block for ever).
llvm::Error checkRegularFile(llvm::StringRef path, uint64_t &size);

/// Bytes that come one after the other: a file, memory, or a zip member.
class ByteSource {
public:
  virtual ~ByteSource() = default;
  /// Bytes not yet read.
  virtual uint64_t left() const = 0;
  /// Reads exactly `size` <= left() bytes.
  virtual llvm::Error read(void *to, uint64_t size) = 0;
  /// Called after the last byte (checksums).
  virtual llvm::Error finish() { return llvm::Error::success(); }
};

/// Reads one .npy file that takes up the whole source.
llvm::Expected<Tensor> readArray(ByteSource &source, llvm::StringRef what,
                                 NpyCheck check = {});

/// The rows of one .npy file that takes up the whole source. `path` is the file
/// if the source is one; otherwise what does not stay in memory goes to a
/// temporary file.
llvm::Expected<std::shared_ptr<const ArrayRows>> openRows(ByteSource &source,
                                                          llvm::StringRef what,
                                                          NpyCheck check,
                                                          llvm::StringRef path);

/// Everything of a .npy file before the elements.
std::string npyHeader(const Tensor &tensor);

} // namespace hwq::runtime::npy

#endif // HWQ_LIB_RUNTIME_NPYDETAIL_H
