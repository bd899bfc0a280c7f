//===- NpyFuzzer.cpp - Readers of .npy and .npz ---------------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Archives begin with "PK", everything else is an array. Whatever the bytes:
// an error, or arrays that are written and read again with the same elements;
// rows are those of the whole array.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "hwq/Runtime/NpyFile.h"
#include "llvm/Support/raw_ostream.h"

#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

using namespace hwq::runtime;
using namespace hwq::fuzz;

namespace {
/// A file that is nowhere but in memory.
class MemoryFile {
public:
  explicit MemoryFile(llvm::StringRef bytes) : fd(memfd_create("fuzz", 0)) {
    check(fd >= 0 && write(fd, bytes.data(), bytes.size()) ==
                         static_cast<ssize_t>(bytes.size()),
          "a file can be made", "");
    path = "/proc/self/fd/" + std::to_string(fd);
  }
  ~MemoryFile() { close(fd); }
  std::string path;

private:
  int fd;
};
} // namespace

static bool equal(const Tensor &a, const Tensor &b) {
  return a.dtype() == b.dtype() && a.shape() == b.shape() &&
         std::memcmp(a.raw(), b.raw(), a.numBytes()) == 0;
}

static void checkArray(const Tensor &tensor) {
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  printNpy(tensor, os);
  check(equal(need(parseNpy(bytes, "again"), "what is written can be read", ""),
              tensor),
        "a round trip keeps every element", shapeToString(tensor.shape()));
}

static void checkRows(const ArrayRows &rows, const Tensor &tensor) {
  int64_t n = rows.shape()[0], half = n / 2;
  check(rows.dtype() == tensor.dtype() && rows.shape() == tensor.shape(),
        "rows have the type of the array", "");
  for (auto [begin, end] : {std::pair(int64_t(0), half), std::pair(half, n)})
    check(equal(need(rows.read(begin, end), "rows can be read", ""),
                tensor.slice0(begin, end)),
          "rows are those of the array", shapeToString(tensor.shape()));
}

static void checkArchive(llvm::StringRef bytes) {
  MemoryFile file(bytes);
  std::optional<NpzReader> archive = take(NpzReader::open(file.path));
  if (!archive)
    return;
  check(!take(archive->read("no such name")) ||
            archive->contains("no such name"),
        "an unknown name is an error", "");
  for (const std::string &name : archive->names().take_front(8)) {
    check(archive->contains(name), "a name is there", name);
    std::optional<Tensor> tensor = take(archive->read(name));
    if (!tensor)
      continue;
    checkArray(*tensor);
    if (auto rows = take(archive->openRows(name)))
      checkRows(**rows, *tensor);
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef bytes = textOf(data, size);
  if (bytes.starts_with("PK")) {
    checkArchive(bytes);
    return 0;
  }
  std::optional<Tensor> tensor = take(parseNpy(bytes, "array"));
  MemoryFile file(bytes);
  std::optional<Tensor> fromFile = take(readNpy(file.path));
  check(bool(tensor) == bool(fromFile), "a file is its bytes", "");
  auto rows = take(openNpyRows(file.path));
  check(!rows || tensor, "rows only of an array", "");
  if (!tensor)
    return 0;
  check(equal(*tensor, *fromFile), "a file is its bytes", "");
  checkArray(*tensor);
  check(rows || tensor->rank() == 0, "every array but a scalar has rows", "");
  if (rows)
    checkRows(**rows, *tensor);
  return 0;
}
