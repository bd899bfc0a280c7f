//===- OutputFolder.cpp - A folder of outputs, all or nothing ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OutputFolder.h"
#include "Options.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

using namespace llvm;
using namespace hwq::driver;
namespace fs = llvm::sys::fs;

static Error cannotWrite(StringRef path, const Twine &reason) {
  return createStringError("cannot write '" + path + "': " + reason);
}

static std::string join(StringRef folder, StringRef name) {
  SmallString<128> path(folder);
  sys::path::append(path, name);
  return std::string(path);
}

Error OutputFolder::check(StringRef path, ArrayRef<std::string> inputs) {
  if (fs::exists(path)) {
    if (!fs::is_directory(path))
      return cannotWrite(path, "it is no folder");
    if (std::error_code ec = fs::access(path, fs::AccessMode::Write))
      return cannotWrite(path, ec.message());
  } else {
    StringRef parent = path.rtrim('/');
    parent = sys::path::parent_path(parent);
    if (parent.empty())
      parent = ".";
    if (!fs::is_directory(parent))
      return cannotWrite(path, "there is no folder '" + parent + "'");
    if (std::error_code ec = fs::access(parent, fs::AccessMode::Write))
      return cannotWrite(path, ec.message());
  }
  SmallString<128> folder;
  if (fs::real_path(path, folder))
    return Error::success();
  for (const std::string &input : inputs) {
    SmallString<128> real;
    if (input.empty() || fs::real_path(input, real))
      continue;
    // Only names that this folder would have: <backend>/model.mlirbc.
    StringRef name = sys::path::filename(real);
    if ((name == "model.mlirbc" || name == "report.json") &&
        (sys::path::parent_path(real) == folder ||
         sys::path::parent_path(sys::path::parent_path(real)) == folder))
      return usageError("'" + Twine(input) +
                        "' is an input and would be replaced: expected another "
                        "folder than '" +
                        path + "'");
  }
  return Error::success();
}

Expected<OutputFolder> OutputFolder::create(StringRef path) {
  bool created = !fs::exists(path);
  if (std::error_code ec = fs::create_directory(path))
    return cannotWrite(path, ec.message());
  std::string stage = join(
      path, (".hwq-" + Twine(sys::Process::getProcessId()) + ".tmp").str());
  if (std::error_code ec = fs::create_directory(stage)) {
    if (created)
      (void)fs::remove(path);
    return cannotWrite(path, ec.message());
  }
  return OutputFolder(path.str(), stage, created);
}

OutputFolder::OutputFolder(OutputFolder &&other)
    : path(std::move(other.path)), stage(std::move(other.stage)),
      created(other.created), names(std::move(other.names)) {
  other.stage.clear();
}

OutputFolder::~OutputFolder() {
  if (stage.empty())
    return;
  (void)fs::remove_directories(stage);
  // Removes nothing that somebody else put there.
  if (created)
    (void)fs::remove(path);
}

Expected<std::string> OutputFolder::add(StringRef name) {
  std::string file = join(stage, name);
  StringRef folder = sys::path::parent_path(file);
  if (std::error_code ec = fs::create_directories(folder))
    return cannotWrite(join(path, name), ec.message());
  names.push_back(name.str());
  return file;
}

Error OutputFolder::commit() {
  // Whatever can fail comes first: folders, and files that are in the way.
  for (const std::string &name : names) {
    std::string target = join(path, name);
    StringRef folder = sys::path::parent_path(target);
    if (std::error_code ec = fs::create_directories(folder))
      return cannotWrite(target, ec.message());
    if (fs::is_directory(target))
      return cannotWrite(target, "it is a folder");
    if (std::error_code ec = fs::access(folder, fs::AccessMode::Write))
      return cannotWrite(target, ec.message());
  }
  for (const std::string &name : names)
    if (std::error_code ec = fs::rename(join(stage, name), join(path, name)))
      return cannotWrite(join(path, name), ec.message());
  (void)fs::remove_directories(stage);
  stage.clear();
  return Error::success();
}
