//===- OutputFolder.h - A folder of outputs, all or nothing -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_OUTPUTFOLDER_H
#define HWQ_TOOLS_HWQ_OUTPUTFOLDER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace hwq::driver {

/// Files that appear in a folder together or not at all: they are written into
/// a temporary folder inside it and moved out by `commit`. Without that, what
/// was written disappears, and so do folders that were not there before.
class OutputFolder {
public:
  /// Checks before the work that `create` will do: the folder, or the folder
  /// that it will be made in, is there and writable, and no input lies under
  /// the name of an output.
  static llvm::Error check(llvm::StringRef path,
                           llvm::ArrayRef<std::string> inputs);
  static llvm::Expected<OutputFolder> create(llvm::StringRef path);
  OutputFolder(OutputFolder &&other);
  OutputFolder &operator=(OutputFolder &&) = delete;
  ~OutputFolder();

  /// Writes the file `name` ("snpe/model.mlirbc") with what `print` prints.
  llvm::Error
  write(llvm::StringRef name,
        llvm::function_ref<llvm::Error(llvm::raw_pwrite_stream &)> print);
  llvm::Error commit();

private:
  OutputFolder(std::string path, std::string stage,
               std::vector<std::string> created)
      : path(std::move(path)), stage(std::move(stage)),
        created(std::move(created)) {}

  std::string path, stage;
  /// Folders that were not there before, outer ones first.
  std::vector<std::string> created;
  std::vector<std::string> names;
};

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_OUTPUTFOLDER_H
