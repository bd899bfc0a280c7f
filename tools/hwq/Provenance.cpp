//===- Provenance.cpp - What a report was made from -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Provenance.h"
#include "hwq/Runtime/IsaLevel.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include "llvm/TargetParser/Host.h"
#include <algorithm>
#include <vector>

using namespace llvm;
using namespace hwq;
using namespace hwq::driver;

static std::string &theCommandLine() {
  static std::string text;
  return text;
}

void driver::setCommandLine(int argc, char **argv) {
  std::string &text = theCommandLine();
  for (int i = 0; i < argc; ++i) {
    StringRef word = i ? StringRef(argv[i]) : sys::path::filename(argv[0]);
    bool isPlain = !word.empty() && all_of(word, [](char c) {
      return isAlnum(c) || StringRef("-_=./:,+%@").contains(c);
    });
    text += i ? " " : "";
    if (isPlain) {
      text += word;
      continue;
    }
    text += "'";
    for (char c : word)
      text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    text += "'";
  }
  // For JSON; names of files are any bytes.
  text = json::fixUTF8(text);
}

const std::string &driver::commandLine() { return theCommandLine(); }

std::string driver::sha256(StringRef text) {
  return toHex(SHA256::hash(arrayRefFromStringRef(text)), /*LowerCase=*/true);
}

static Expected<std::string> sha256OfFile(StringRef path) {
  // Mapped, not read: data sets are large.
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError("cannot read '" + path +
                             "': " + buffer.getError().message());
  return sha256((*buffer)->getBuffer());
}

Expected<std::string> driver::sha256OfPath(StringRef path) {
  if (!sys::fs::is_directory(path))
    return sha256OfFile(path);
  std::vector<std::string> files;
  std::error_code ec;
  for (sys::fs::recursive_directory_iterator it(path, ec), end;
       it != end && !ec; it.increment(ec))
    if (sys::fs::is_regular_file(it->path()))
      files.push_back(it->path());
  if (ec)
    return createStringError("cannot read '" + path + "': " + ec.message());
  std::sort(files.begin(), files.end());
  std::string list;
  for (const std::string &file : files) {
    Expected<std::string> digest = sha256OfFile(file);
    if (!digest)
      return digest.takeError();
    list += *digest + "  " +
            StringRef(file).drop_front(path.size()).ltrim('/').str() + "\n";
  }
  return sha256(list);
}

json::Object driver::versions() {
  return json::Object{{"hwq", HWQ_VERSION}, {"llvm", LLVM_VERSION_STRING}};
}

json::Object driver::cpu() {
  return json::Object{{"name", sys::getHostCPUName()},
                      {"isa", runtime::isaLevel()}};
}
