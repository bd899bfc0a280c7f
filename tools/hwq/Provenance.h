//===- Provenance.h - What a report was made from ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_PROVENANCE_H
#define HWQ_TOOLS_HWQ_PROVENANCE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include <string>

namespace hwq::driver {

/// The command line, as a shell would take it. Set once by main.
void setCommandLine(int argc, char **argv);
const std::string &commandLine();

/// SHA-256 of a text, in hexadecimal digits.
std::string sha256(llvm::StringRef text);
/// The same of a file. Of a folder: of the lines "digest  relative path\n" of
/// all files below it, in the byte order of the paths.
llvm::Expected<std::string> sha256OfPath(llvm::StringRef path);

/// Versions of hwq and LLVM, the host's CPU and the instruction set whose
/// kernels run.
llvm::json::Object versions();
llvm::json::Object cpu();

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_PROVENANCE_H
