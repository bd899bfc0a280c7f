//===- LineError.h - Errors of a line of a file -----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_SUPPORT_LINEERROR_H
#define HWQ_SUPPORT_LINEERROR_H

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>

namespace hwq {

/// "line N: message".
llvm::Error lineError(size_t line, const llvm::Twine &message);

/// "line N: tensor 'x': message".
llvm::Error entryError(size_t line, llvm::StringRef name,
                       const llvm::Twine &message);

/// A name as it may stand in a message: quoted, escaped, 200 characters.
std::string quoted(llvm::StringRef name);

} // namespace hwq

#endif // HWQ_SUPPORT_LINEERROR_H
