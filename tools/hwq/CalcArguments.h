//===- CalcArguments.h - Named values of a calculator -----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_CALCARGUMENTS_H
#define HWQ_TOOLS_HWQ_CALCARGUMENTS_H

#include "hwq/Numerics/Enums.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace hwq::driver {

constexpr int64_t int32Min = std::numeric_limits<int32_t>::min();
constexpr int64_t int32Max = std::numeric_limits<int32_t>::max();

/// Whether two names are the same but for case, '-' and '_': "P-TFL" and
/// "p_tfl".
bool sameName(llvm::StringRef a, llvm::StringRef b);

/// A finite number; infinities and NaN, and what is no number, are none.
std::optional<double> parseReal(llvm::StringRef text);
std::optional<int64_t> parseInteger(llvm::StringRef text);

/// A scale or bias as model files and engines keep it.
inline double asF32(double value) { return static_cast<float>(value); }

/// Names and values, from the options of a command line or from a text. The
/// getters return something harmless for a value that is wrong or missing and
/// keep the first problem, which takeError() returns: read everything, then ask
/// once.
class Arguments {
public:
  /// `prefix` is put before the names in errors: "--".
  explicit Arguments(std::string prefix) : prefix(std::move(prefix)) {}

  void set(llvm::StringRef name, llvm::StringRef value) {
    values[name] = value.str();
  }
  bool has(llvm::StringRef name) const { return values.count(name); }
  /// Any of these names is given.
  bool hasAny(llvm::ArrayRef<llvm::StringRef> names) const {
    return llvm::any_of(names, [&](llvm::StringRef n) { return has(n); });
  }
  std::vector<std::string> names() const;
  llvm::StringRef text(llvm::StringRef name) const;

  /// One value. Without `fallback` it is required.
  double real(llvm::StringRef name, std::optional<double> fallback = {});
  int64_t integer(llvm::StringRef name, std::optional<int64_t> fallback = {},
                  int64_t lo = int32Min, int64_t hi = int32Max);
  template <class E>
  E choice(llvm::StringRef name, std::optional<E> fallback = {},
           llvm::ArrayRef<E> excluded = {});

  /// Values separated by commas, at least one; empty if the name is not given.
  std::vector<double> reals(llvm::StringRef name);
  std::vector<int64_t> integers(llvm::StringRef name, int64_t lo = int32Min,
                                int64_t hi = int32Max);

  /// What a value must be and what it is.
  void fail(llvm::StringRef name, const llvm::Twine &expected);
  /// Something else is wrong with the arguments.
  void fail(const llvm::Twine &message);
  std::string shown(llvm::StringRef name) const { return prefix + name.str(); }
  bool failed() const { return problem.has_value(); }
  /// The first problem as an error of usage.
  llvm::Error takeError();

private:
  const std::string *find(llvm::StringRef name, bool required);
  std::optional<double> realOf(llvm::StringRef name, llvm::StringRef text);
  std::optional<int64_t> integerOf(llvm::StringRef name, llvm::StringRef text,
                                   int64_t lo, int64_t hi);

  std::string prefix;
  llvm::StringMap<std::string> values;
  std::optional<std::string> problem;
};

template <class E>
E Arguments::choice(llvm::StringRef name, std::optional<E> fallback,
                    llvm::ArrayRef<E> excluded) {
  const std::string *value = find(name, !fallback);
  std::string known;
  for (E candidate : numerics::allValues<E>()) {
    if (llvm::is_contained(excluded, candidate))
      continue;
    llvm::StringRef spelled = numerics::stringify(candidate);
    if (value && sameName(spelled, *value))
      return candidate;
    known += (known.empty() ? "" : ", ") + spelled.str();
  }
  if (value)
    fail(name, "one of " + known);
  return fallback.value_or(numerics::allValues<E>().front());
}

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_CALCARGUMENTS_H
