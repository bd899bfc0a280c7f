//===- Console.h - Progress, tables and JSON --------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_CONSOLE_H
#define HWQ_TOOLS_HWQ_CONSOLE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hwq::driver {

class Stopwatch {
public:
  double seconds() const {
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start = Clock::now();
};

/// Progress of one pass over samples, on the standard error: a bar with images
/// per second and time left on a terminal, one line at the end elsewhere,
/// nothing with --quiet.
class Progress {
public:
  explicit Progress(llvm::StringRef what);
  /// Ends the bar, if it has been begun; an unfinished one is wiped away.
  ~Progress();
  /// What Evaluator::Hooks::progress calls.
  std::function<void(int64_t, int64_t)> hook();
  double seconds() const { return watch.seconds(); }

private:
  void update(int64_t done, int64_t total);

  std::string what;
  Stopwatch watch;
  bool terminal, begun = false, finished = false;
  double lastUpdate = -1;
};

/// "hwq: warning: ..." on the standard error.
void warn(const llvm::Twine &message);

/// A table for people: the first column to the left, the others to the right.
class Table {
public:
  explicit Table(std::vector<std::string> header) { rows.push_back(header); }
  void add(std::vector<std::string> row) { rows.push_back(std::move(row)); }
  void print(llvm::raw_ostream &os) const;

private:
  std::vector<std::vector<std::string>> rows;
};

/// printf of one number: "%.2f".
std::string number(const char *format, double value);
/// The shortest decimal text that reads back as the same number.
std::string exact(double value);
std::string exact(float value);
/// "97.50 %", or "-" for none.
std::string percent(std::optional<double> fraction);
/// A JSON number; null where JSON has none (infinite, NaN).
llvm::json::Value jsonNumber(double value);
llvm::json::Value jsonNumber(std::optional<double> value);

/// Writes to the standard output; an error if that fails (a full disk).
llvm::Error printOut(llvm::StringRef text);
llvm::Error printJson(const llvm::json::Value &value);
/// What a command found, for programs with --json, else for people.
llvm::Error printResult(llvm::function_ref<llvm::json::Value()> toJson,
                        llvm::function_ref<void(llvm::raw_ostream &)> print);
/// Two spaces of indentation and a newline at the end.
std::string jsonText(const llvm::json::Value &value);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_CONSOLE_H
