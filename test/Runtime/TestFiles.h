//===- TestFiles.h - Temporary folders and files for tests ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TEST_RUNTIME_TESTFILES_H
#define HWQ_TEST_RUNTIME_TESTFILES_H

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <set>
#include <string>

namespace hwq::test {

/// A folder that is deleted at the end of the test.
class TempFolder {
public:
  TempFolder() {
    EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("hwq-test", folder));
  }
  ~TempFolder() { llvm::sys::fs::remove_directories(folder); }
  std::string path(const llvm::Twine &name) const {
    llvm::SmallString<128> result(folder);
    llvm::sys::path::append(result, name);
    return result.str().str();
  }
  std::string path() const { return folder.str().str(); }
  /// Writes a file, making its folder, and returns its path.
  std::string write(const llvm::Twine &name, llvm::StringRef bytes) const {
    std::string file = path(name);
    EXPECT_FALSE(
        llvm::sys::fs::create_directories(llvm::sys::path::parent_path(file)));
    std::error_code ec;
    llvm::raw_fd_ostream os(file, ec);
    EXPECT_FALSE(ec) << ec.message();
    os << bytes;
    return file;
  }
  /// Names of everything in the folder.
  std::set<std::string> list() const {
    std::set<std::string> names;
    std::error_code ec;
    for (llvm::sys::fs::directory_iterator it(folder, ec), end;
         !ec && it != end; it.increment(ec))
      names.insert(llvm::sys::path::filename(it->path()).str());
    return names;
  }

private:
  llvm::SmallString<128> folder;
};

inline std::string readBytes(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) {
    ADD_FAILURE() << path.str() << ": " << buffer.getError().message();
    return "";
  }
  return (*buffer)->getBuffer().str();
}

/// The error's text, "" for success.
inline std::string message(llvm::Error error) {
  return llvm::toString(std::move(error));
}
template <typename T> std::string message(llvm::Expected<T> value) {
  return llvm::toString(value.takeError());
}

} // namespace hwq::test

#define EXPECT_HAS(text, part)                                                 \
  EXPECT_PRED2(                                                                \
      [](const std::string &t, const std::string &p) {                         \
        return t.find(p) != std::string::npos;                                 \
      },                                                                       \
      std::string(text), std::string(part))

#endif // HWQ_TEST_RUNTIME_TESTFILES_H
