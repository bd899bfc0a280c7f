//===- AtomicFile.cpp - Output files that are never half written *- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/AtomicFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"
#include <atomic>
#include <filesystem>
#include <unistd.h>

using namespace llvm;
namespace fs = llvm::sys::fs;

static Error cannotWrite(StringRef path, const Twine &reason) {
  return createStringError(Twine("cannot write '") + path + "': " + reason);
}

/// Runs `write` on an open file and flushes. The stream's error is always
/// cleared: raw_fd_ostream's destructor aborts on one that nobody looked at.
static Error writeToStream(raw_fd_ostream &os, StringRef path,
                           function_ref<Error(raw_pwrite_stream &)> write) {
  Error error = write(os);
  os.flush();
  std::error_code ec = os.error();
  os.clear_error();
  if (error)
    return error;
  if (ec)
    return cannotWrite(path, ec.message());
  return Error::success();
}

/// Writes to what is no regular file. A pipe or terminal can't be renamed over.
static Error writeDirectly(StringRef path, StringRef shown,
                           function_ref<Error(raw_pwrite_stream &)> write) {
  int fd;
  if (std::error_code ec = fs::openFile(path, fd, fs::CD_OpenExisting,
                                        fs::FA_Write, fs::OF_None))
    return cannotWrite(shown, ec.message());
  raw_fd_ostream os(fd, /*shouldClose=*/false);
  Error error = writeToStream(os, shown, write);
  if (std::error_code ec = sys::Process::SafelyCloseFileDescriptor(fd))
    if (!error)
      return cannotWrite(shown, ec.message());
  return error;
}

/// Creates a new file in `folder` with a name of its own.
static std::error_code createTemporary(StringRef folder, unsigned mode,
                                       SmallVectorImpl<char> &name, int &fd) {
  static std::atomic<unsigned> counter{0};
  std::error_code ec;
  for (int attempt = 0; attempt < 128; ++attempt) {
    name.assign(folder.begin(), folder.end());
    sys::path::append(name, Twine(".hwq-") +
                                Twine(sys::Process::getProcessId()) + "-" +
                                Twine(counter++) + ".tmp");
    StringRef path(name.data(), name.size());
    // Before it exists, so that no signal can come in between.
    sys::RemoveFileOnSignal(path);
    ec = fs::openFile(path, fd, fs::CD_CreateNew, fs::FA_Write, fs::OF_None,
                      mode);
    if (!ec)
      return ec;
    sys::DontRemoveFileOnSignal(path);
    if (ec != std::errc::file_exists)
      return ec;
  }
  return ec;
}

std::string hwq::runtime::followLinks(StringRef path) {
  std::filesystem::path target(path.str());
  std::error_code ec;
  // The kernel gives up after 40, too.
  for (int i = 0; i < 40; ++i) {
    std::filesystem::path next = std::filesystem::read_symlink(target, ec);
    if (ec) // no link
      break;
    target = target.parent_path() / next; // an absolute one stands alone
  }
  return target.string();
}

Error hwq::runtime::writeFileAtomically(
    StringRef path, function_ref<Error(raw_pwrite_stream &)> write,
    StringRef shown) {
  if (shown.empty())
    shown = path;
  if (path.empty())
    return cannotWrite(shown, "the name is empty");
  if (path == "-") {
    raw_fd_ostream os(STDOUT_FILENO, /*shouldClose=*/false);
    return writeToStream(os, "standard output", write);
  }
  if (path.contains('\0'))
    return cannotWrite(shown, "the name contains a zero byte");

  fs::file_status status;
  std::error_code ec = fs::status(path, status);
  if (ec && ec != std::errc::no_such_file_or_directory)
    return cannotWrite(shown, ec.message());
  if (status.type() == fs::file_type::directory_file || path.ends_with("/"))
    return cannotWrite(shown,
                       ec ? "the folder does not exist" : "it is a folder");
  bool exists = fs::exists(status);
  if (exists && (status.type() != fs::file_type::regular_file ||
                 path.starts_with("/dev/")))
    return writeDirectly(path, shown, write);

  // Through a symbolic link, to leave the link itself alone.
  std::string target = followLinks(path);
  if (exists) {
    // A rename asks for permission of the folder only; a file that its owner
    // made read-only must not be replaced that way.
    if ((ec = fs::access(target, fs::AccessMode::Write)))
      return cannotWrite(shown, ec.message());
  }
  StringRef folder = sys::path::parent_path(target);
  if (folder.empty())
    folder = ".";
  if (!fs::is_directory(folder))
    return cannotWrite(shown, Twine("there is no folder '") + folder + "'");

  SmallString<128> temporary;
  int fd;
  // Subject to the umask, as any new file.
  if ((ec = createTemporary(folder, fs::all_read | fs::all_write, temporary,
                            fd)))
    return cannotWrite(shown, ec.message());
  Error error = [&] {
    raw_fd_ostream os(fd, /*shouldClose=*/false);
    return writeToStream(os, shown, write);
  }();
  if (!error && exists && (ec = fs::setPermissions(fd, status.permissions())))
    error = cannotWrite(shown, ec.message());
  ec = sys::Process::SafelyCloseFileDescriptor(fd);
  if (!error && ec)
    error = cannotWrite(shown, ec.message());
  if (!error && (ec = fs::rename(temporary, target)))
    error = cannotWrite(shown, ec.message());
  if (error)
    fs::remove(temporary);
  sys::DontRemoveFileOnSignal(temporary);
  return error;
}
