//===- NpyFile.h - NumPy array files ----------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Readers and writers of .npy (format versions 1, 2 and 3) and .npz (a zip
// archive of .npy members, stored or deflated). Format: NumPy's NEP 1 and
// numpy.lib.format.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_RUNTIME_NPYFILE_H
#define HWQ_RUNTIME_NPYFILE_H

#include "hwq/Runtime/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hwq::runtime {

/// Parses the bytes of one .npy file; `what` names it in errors. Little-endian
/// f4, f8, i1, u1, i2, i4, i8 and b1 keep their type, u2 becomes I32 and u4
/// becomes I64 (both exact); everything else is an error. Fortran order is
/// transposed into row-major order. The number of data bytes must be exactly
/// what the shape says; this is checked before anything is allocated.
llvm::Expected<Tensor> parseNpy(llvm::StringRef bytes, llvm::StringRef what);

/// What the header of an array says, for a reader to refuse before any element
/// is read or unpacked.
using NpyCheck =
    llvm::function_ref<llvm::Error(DType, llvm::ArrayRef<int64_t> shape)>;

/// Reads a .npy file.
llvm::Expected<Tensor> readNpy(llvm::StringRef path, NpyCheck check = {});

/// The rows (of the first axis) of an array in a file, read when asked for.
/// Thread-safe.
class ArrayRows {
public:
  virtual ~ArrayRows();
  DType dtype() const { return type; }
  llvm::ArrayRef<int64_t> shape() const { return dims; }
  /// Rows [begin, end), which must exist. May alias the object's own storage:
  /// read-only.
  virtual llvm::Expected<Tensor> read(int64_t begin, int64_t end) const = 0;

protected:
  ArrayRows(DType type, llvm::ArrayRef<int64_t> shape)
      : type(type), dims(shape) {}

private:
  DType type;
  Tensor::Shape dims;
};

/// Arrays of up to so many bytes are held in memory, and so are those that have
/// to be converted (Fortran order, u2, u4, b1). Larger ones stay in their file;
/// of an archive they are unpacked into a temporary file first.
inline constexpr int64_t maxBytesInMemory = int64_t(32) << 20;

/// The rows of a .npy file; a scalar is an error.
llvm::Expected<std::shared_ptr<const ArrayRows>>
openNpyRows(llvm::StringRef path, NpyCheck check = {});

/// A .npz archive opened for reading. Arrays are decompressed when asked for.
/// Not thread-safe.
class NpzReader {
public:
  static llvm::Expected<NpzReader> open(llvm::StringRef path);
  NpzReader(NpzReader &&);
  NpzReader &operator=(NpzReader &&);
  ~NpzReader();

  /// Array names (without ".npy") in the archive's order.
  llvm::ArrayRef<std::string> names() const;
  bool contains(llvm::StringRef name) const;
  /// One array; an unknown name is an error that lists the names that exist.
  llvm::Expected<Tensor> read(llvm::StringRef name, NpyCheck check = {}) const;
  /// The rows of one array. They outlive the reader.
  llvm::Expected<std::shared_ptr<const ArrayRows>>
  openRows(llvm::StringRef name, NpyCheck check = {}) const;

private:
  struct Impl;
  explicit NpzReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl;
};

/// Prints `tensor` as .npy, version 1 (2 if the header needs it), C order.
void printNpy(const Tensor &tensor, llvm::raw_ostream &os);

/// Writes a .npy file, all or nothing.
llvm::Error writeNpy(llvm::StringRef path, const Tensor &tensor);

/// Writes a .npz file, all or nothing. The bytes depend on names, types and
/// values only (every member is dated 1980-01-01). Names must be distinct, not
/// empty, and have no ".." between slashes.
llvm::Error writeNpz(llvm::StringRef path,
                     llvm::ArrayRef<std::pair<std::string, Tensor>> arrays);

} // namespace hwq::runtime

#endif // HWQ_RUNTIME_NPYFILE_H
