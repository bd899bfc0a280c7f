//===- Result.h - A value or an error message -------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_NUMERICS_RESULT_H
#define HWQ_NUMERICS_RESULT_H

#include <optional>
#include <string>
#include <utility>

namespace hwq::numerics {

/// The error side of a Result. Message in LLVM style: lower case, no full stop,
/// what was expected and what came.
struct Failure {
  std::string message;
};

inline Failure failure(std::string message) { return {std::move(message)}; }

/// A value of type T, or a message that says why there is none. Dereferencing
/// a failed result is a programming error: test it first.
template <class T> class [[nodiscard]] Result {
public:
  Result(T value) : value(std::move(value)) {}
  Result(Failure failure) : message(std::move(failure.message)) {}

  explicit operator bool() const { return value.has_value(); }

  T &operator*() & { return *value; }
  const T &operator*() const & { return *value; }
  T &&operator*() && { return std::move(*value); }
  T *operator->() { return &*value; }
  const T *operator->() const { return &*value; }

  /// Empty iff there is a value.
  const std::string &error() const { return message; }
  /// The error in a form that converts to any other Result.
  Failure takeFailure() const { return {message}; }

private:
  std::optional<T> value;
  std::string message;
};

} // namespace hwq::numerics

#endif // HWQ_NUMERICS_RESULT_H
