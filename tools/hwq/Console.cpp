//===- Console.cpp - Progress, tables and JSON ------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Console.h"
#include "Options.h"
#include "hwq/Runtime/AtomicFile.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

using namespace llvm;
using namespace hwq::driver;

Progress::Progress(StringRef what)
    : what(what.str()), terminal(sys::Process::StandardErrIsDisplayed()) {}

Progress::~Progress() {
  if (begun && !finished && terminal)
    errs() << "\r\x1b[K";
}

std::function<void(int64_t, int64_t)> Progress::hook() {
  if (quiet)
    return {};
  return [this](int64_t done, int64_t total) { update(done, total); };
}

void Progress::update(int64_t done, int64_t total) {
  if (finished || total <= 0)
    return;
  double now = watch.seconds();
  double rate = done / std::max(now, 1e-9);
  if (done >= total) {
    finished = true;
    if (terminal)
      errs() << "\r\x1b[K";
    errs() << what << ": " << total << " samples in " << format("%.2f", now)
           << " s, " << format("%.1f", rate) << " images/s\n";
    return;
  }
  if (!terminal || now - lastUpdate < 0.1)
    return;
  begun = true;
  lastUpdate = now;
  constexpr int width = 30;
  int full = static_cast<int>(width * done / total);
  int64_t left = done ? static_cast<int64_t>((total - done) / rate + 0.5) : 0;
  errs() << "\r" << what << " [" << std::string(full, '=')
         << std::string(width - full, ' ') << "] " << done << "/" << total
         << "  " << format("%.1f", rate) << " images/s  "
         << format("%d:%02d", int(left / 60), int(left % 60)) << " left\x1b[K";
}

void hwq::driver::warn(const Twine &message) {
  errs() << "hwq: warning: " << message << "\n";
}

void Table::print(raw_ostream &os) const {
  std::vector<size_t> widths;
  for (const auto &row : rows)
    for (size_t i = 0; i < row.size(); ++i) {
      widths.resize(std::max(widths.size(), i + 1));
      widths[i] = std::max(widths[i], row[i].size());
    }
  for (const auto &row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      std::string fill(widths[i] - row[i].size(), ' ');
      if (i)
        line += "  ";
      line += i ? fill + row[i] : row[i] + fill;
    }
    os << StringRef(line).rtrim() << "\n";
  }
}

std::string hwq::driver::number(const char *formatText, double value) {
  std::string text;
  raw_string_ostream(text) << format(formatText, value);
  return text;
}

template <typename T> static std::string shortest(T value) {
  char text[64];
  for (int digits = 6; digits <= std::numeric_limits<T>::max_digits10;
       ++digits) {
    std::snprintf(text, sizeof(text), "%.*g", digits,
                  static_cast<double>(value));
    if (static_cast<T>(std::strtod(text, nullptr)) == value)
      break;
  }
  return text;
}

std::string hwq::driver::exact(double value) { return shortest(value); }
std::string hwq::driver::exact(float value) { return shortest(value); }

std::string hwq::driver::percent(std::optional<double> fraction) {
  return fraction ? number("%.2f %%", *fraction * 100) : "-";
}

json::Value hwq::driver::jsonNumber(double value) {
  if (std::isfinite(value))
    return value;
  return nullptr;
}

json::Value hwq::driver::jsonNumber(std::optional<double> value) {
  if (value)
    return jsonNumber(*value);
  return nullptr;
}

Error hwq::driver::printOut(StringRef text) {
  return runtime::writeFileAtomically("-", [&](raw_pwrite_stream &os) {
    os << text;
    return Error::success();
  });
}

std::string hwq::driver::jsonText(const json::Value &value) {
  std::string text;
  raw_string_ostream(text) << formatv("{0:2}", value) << "\n";
  return text;
}

Error hwq::driver::printJson(const json::Value &value) {
  return printOut(jsonText(value));
}

Error hwq::driver::printResult(function_ref<json::Value()> toJson,
                               function_ref<void(raw_ostream &)> print) {
  if (jsonOutput)
    return printJson(toJson());
  std::string text;
  raw_string_ostream os(text);
  print(os);
  return printOut(text);
}
