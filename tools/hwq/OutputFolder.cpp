//===- OutputFolder.cpp - A folder of outputs, all or nothing ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OutputFolder.h"
#include "Options.h"
#include "hwq/Interchange/ModelFormats.h"
#include "hwq/Runtime/AtomicFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

using namespace llvm;
using namespace hwq;
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
    std::string target = runtime::followLinks(path.rtrim('/'));
    StringRef parent = sys::path::parent_path(target);
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
    StringRef parent = sys::path::parent_path(real),
              grandparent = sys::path::parent_path(parent);
    bool isModel = llvm::any_of(
        interchange::getModelFormats(),
        [&](const interchange::ModelFormat &f) { return f.fileName == name; });
    if (((name == "model.mlirbc" || name == "report.json") &&
         (parent == folder || grandparent == folder)) ||
        (isModel && grandparent == folder))
      return usageError("'" + Twine(input) +
                        "' is an input and would be replaced: expected another "
                        "folder than '" +
                        path + "'");
  }
  return Error::success();
}

/// Makes a folder, where `path` is a dangling link what that leads to, and adds
/// it to `created` unless it was there.
static std::error_code makeFolder(StringRef path,
                                  std::vector<std::string> &created) {
  std::string target = runtime::followLinks(path.rtrim('/'));
  if (fs::is_directory(path))
    return {};
  std::error_code ec = fs::create_directory(target, /*IgnoreExisting=*/false);
  if (!ec)
    created.push_back(target);
  return ec;
}

/// Removes folders, but nothing that somebody else put there.
static void removeFolders(ArrayRef<std::string> folders) {
  for (const std::string &folder : reverse(folders))
    (void)fs::remove(folder);
}

Expected<OutputFolder> OutputFolder::create(StringRef path) {
  std::vector<std::string> created;
  if (std::error_code ec = makeFolder(path, created))
    return cannotWrite(path, ec.message());
  std::string stage = join(
      path, (".hwq-" + Twine(sys::Process::getProcessId()) + ".tmp").str());
  if (std::error_code ec = fs::create_directory(stage)) {
    removeFolders(created);
    return cannotWrite(path, ec.message());
  }
  return OutputFolder(path.str(), stage, std::move(created));
}

OutputFolder::OutputFolder(OutputFolder &&other)
    : path(std::move(other.path)), stage(std::move(other.stage)),
      created(std::move(other.created)), names(std::move(other.names)) {
  other.stage.clear();
}

OutputFolder::~OutputFolder() {
  if (stage.empty())
    return;
  (void)fs::remove_directories(stage);
  removeFolders(created);
}

Error OutputFolder::write(StringRef name,
                          function_ref<Error(raw_pwrite_stream &)> print) {
  std::string file = join(stage, name);
  if (std::error_code ec = fs::create_directories(sys::path::parent_path(file)))
    return cannotWrite(join(path, name), ec.message());
  names.push_back(name.str());
  return runtime::writeFileAtomically(file, print, join(path, name));
}

Error OutputFolder::commit() {
  // Whatever can fail comes first: files that are in the way, and folders.
  for (const std::string &name : names)
    if (std::string target = join(path, name); fs::is_directory(target))
      return cannotWrite(target, "it is a folder");
  for (const std::string &name : names) {
    std::string target = join(path, name);
    StringRef folder = sys::path::parent_path(target);
    if (std::error_code ec = makeFolder(folder, created))
      return cannotWrite(target, ec.message());
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
