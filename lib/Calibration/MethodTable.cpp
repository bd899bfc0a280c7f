//===- MethodTable.cpp - Names and options of range methods -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/RangeMethod.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

using namespace hwq;
using namespace hwq::calibration;

using Method = MethodOptions::Method;

namespace {
/// One option of a method: a number within bounds, or one of some words.
struct OptionInfo {
  llvm::StringLiteral name;
  llvm::StringLiteral doc;
  double MethodOptions::*number = nullptr;
  double above = 0, atMost = 0;
  bool atLeast = false;
  /// Words, separated by '|', for the values 0, 1, ... of the field.
  llvm::StringLiteral words = "";
  int (*getWord)(const MethodOptions &) = nullptr;
  void (*setWord)(MethodOptions &, int) = nullptr;
};

struct MethodInfo {
  Method method;
  llvm::StringLiteral name;
  Collect collect;
  llvm::ArrayRef<OptionInfo> options;
  llvm::StringLiteral doc;
};
} // namespace

static constexpr OptionInfo emaOptions[] = {
    {"momentum", "weight of what came before", &MethodOptions::momentum, 0, 1,
     /*atLeast=*/true}};
static constexpr OptionInfo percentileOptions[] = {
    {"percentile",
     "part of the values, in percent, that is not above the "
     "upper end, and not below the lower end",
     &MethodOptions::percentile, 50, 100}};
static constexpr OptionInfo sqnrOptions[] = {
    {"clipping-weight", "how often an error by clipping counts",
     &MethodOptions::clippingWeight, 0, 1e6}};
static constexpr OptionInfo avgStdOptions[] = {
    {"n", "number of deviations", &MethodOptions::deviations, 0, 1e6,
     /*atLeast=*/true},
    {"of",
     "of what: of the smallest and of the largest value of each sample, "
     "or of all values",
     nullptr, 0, 0, false, "samples|values",
     [](const MethodOptions &o) { return int(o.of); },
     [](MethodOptions &o, int w) { o.of = MethodOptions::Of(w); }}};
static constexpr OptionInfo aciqOptions[] = {
    {"prior", "distribution that the values are taken to have", nullptr, 0, 0,
     false, "laplace|gauss",
     [](const MethodOptions &o) {
       return int(o.prior == numerics::Distribution::Gaussian);
     },
     [](MethodOptions &o, int w) {
       o.prior = w ? numerics::Distribution::Gaussian
                   : numerics::Distribution::Laplace;
     }}};
static constexpr OptionInfo fixedOptions[] = {
    {"threshold", "the upper end; the lower one is its negative",
     &MethodOptions::threshold, 0, 1e30}};
static constexpr OptionInfo klOptions[] = {
    {"variant", "whose rule", nullptr, 0, 0, false, "tensorrt|tpu-mlir",
     [](const MethodOptions &o) { return int(o.variant); },
     [](MethodOptions &o, int w) { o.variant = KlVariant(w); }}};

static constexpr MethodInfo methods[] = {
    {Method::MinMax, "min-max", Collect::MinMax, {}, "all values"},
    {Method::Ema, "ema", Collect::MinMax, emaOptions,
     "moving average of the smallest and of the largest value of each sample, "
     "in the order of the samples"},
    {Method::Percentile, "percentile", Collect::Histogram, percentileOptions,
     "all but a part of the values at each end"},
    {Method::Mse,
     "mse",
     Collect::Histogram,
     {},
     "least mean squared error of the quantized values"},
    {Method::Sqnr, "sqnr", Collect::Histogram, sqnrOptions,
     "the same, errors by clipping counting more (AIMET's enhanced scheme)"},
    {Method::AvgStd, "avg-std", Collect::Histogram, avgStdOptions,
     "average and n standard deviations (Intel, Distiller)"},
    {Method::Aciq, "aciq", Collect::Histogram, aciqOptions,
     "least error for a known distribution (Banner et al. 2019)"},
    {Method::Octav,
     "octav",
     Collect::Histogram,
     {},
     "least error by Newton's method (Sakr et al. 2022)"},
    {Method::Ifmr,
     "ifmr",
     Collect::Histogram,
     {},
     "search around the outermost values (Ascend's default)"},
    {Method::Hfmg,
     "hfmg",
     Collect::Histogram,
     {},
     "greedy search in a histogram (Ascend)"},
    {Method::Pot,
     "pot",
     Collect::MinMax,
     {},
     "the binary point of least error for most batches (DPU)"},
    {Method::Fixed, "fixed", Collect::MinMax, fixedOptions,
     "one range for all tensors (TVM's global scale)"},
    {Method::Kl, "kl", Collect::Histogram, klOptions,
     "least relative entropy over 2048 bins of a second pass over the samples"},
    {Method::KlGrid, "kl-grid", Collect::Histogram, klOptions,
     "the same with bins estimated from the statistics, without a second pass"},
    {Method::Auto,
     "auto",
     Collect::Histogram,
     {},
     "for each tensor the method of best estimated signal-to-noise ratio"},
};

static const MethodInfo &infoOf(Method method) {
  for (const MethodInfo &info : methods)
    if (info.method == method)
      return info;
  return methods[0];
}

template <typename... Args>
static llvm::Error error(const char *format, Args &&...args) {
  return llvm::createStringError(
      llvm::formatv(format, std::forward<Args>(args)...).str());
}

std::vector<llvm::StringRef> hwq::calibration::methodNames() {
  std::vector<llvm::StringRef> names;
  for (const MethodInfo &info : methods)
    names.push_back(info.name);
  return names;
}

llvm::StringRef hwq::calibration::methodName(Method method) {
  return infoOf(method).name;
}

Collect hwq::calibration::requiredCollect(Method method) {
  return infoOf(method).collect;
}

bool hwq::calibration::needsVotes(Method method) {
  return method == Method::Pot;
}

bool hwq::calibration::needsLinearHistogram(Method method) {
  return method == Method::Kl;
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

static std::string boundsOf(const OptionInfo &option) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << (option.atLeast ? "at least " : "above ")
     << llvm::format("%g", option.above)
     << (option.atLeast && option.atMost <= 1 ? " and below " : " and at most ")
     << llvm::format("%g", option.atMost);
  return os.str();
}

static llvm::Error setOption(MethodOptions &options, const OptionInfo &option,
                             llvm::StringRef value, llvm::StringRef prefix) {
  if (option.number) {
    double number;
    bool bad = value.getAsDouble(number);
    bad = bad ||
          !(option.atLeast ? number >= option.above : number > option.above);
    bad = bad ||
          !(option.atLeast && option.atMost <= 1 ? number < option.atMost
                                                 : number <= option.atMost);
    if (bad)
      return error("expected {0}{1} to be {2}, got '{3}'", prefix, option.name,
                   boundsOf(option), value);
    options.*option.number = number;
    return llvm::Error::success();
  }
  llvm::SmallVector<llvm::StringRef, 4> words;
  llvm::StringRef(option.words).split(words, '|');
  for (auto [i, word] : llvm::enumerate(words))
    if (word == value) {
      option.setWord(options, static_cast<int>(i));
      return llvm::Error::success();
    }
  return error("expected {0}{1} to be one of: {2}; got '{3}'", prefix,
               option.name, llvm::join(words, ", "), value);
}

llvm::Expected<MethodOptions>
hwq::calibration::parseMethod(llvm::StringRef text) {
  size_t brace = text.find('{');
  llvm::StringRef name = text.substr(0, brace);
  const MethodInfo *info =
      llvm::find_if(methods, [&](const auto &m) { return m.name == name; });
  if (info == std::end(methods))
    return error("unknown calibration method '{0}', expected one of: {1}", name,
                 llvm::join(methodNames(), ", "));
  MethodOptions options;
  options.method = info->method;
  if (brace == llvm::StringRef::npos)
    return options;
  llvm::StringRef rest = text.substr(brace + 1).trim();
  if (!rest.consume_back("}"))
    return error("expected '}' at the end of '{0}'", text);
  llvm::SmallVector<llvm::StringRef, 4> parts;
  rest.split(parts, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (llvm::StringRef part : parts) {
    auto [key, value] = part.split('=');
    const OptionInfo *option = llvm::find_if(
        info->options, [&, key = key](const auto &o) { return o.name == key; });
    if (option == info->options.end()) {
      std::string known = llvm::join(
          llvm::map_range(info->options,
                          [](const OptionInfo &o) { return o.name; }),
          ", ");
      return error("method '{0}' has no option '{1}', expected {2}", name, key,
                   known.empty() ? "none" : known);
    }
    if (llvm::Error e = setOption(options, *option, value, ""))
      return std::move(e);
  }
  return options;
}

llvm::Expected<MethodOptions>
hwq::calibration::parseMethodOptions(llvm::StringRef method,
                                     llvm::StringRef percentile,
                                     llvm::StringRef prefix) {
  llvm::Expected<MethodOptions> options = parseMethod(method);
  if (!options || percentile.empty())
    return options;
  if (options->method != Method::Percentile)
    return error("{0}percentile needs {0}method=percentile", prefix);
  if (llvm::Error e =
          setOption(*options, percentileOptions[0], percentile, prefix))
    return std::move(e);
  return options;
}

static void printOption(llvm::raw_ostream &os, const OptionInfo &option,
                        const MethodOptions &options) {
  if (option.number) {
    os << llvm::format("%.9g", options.*option.number);
    return;
  }
  llvm::SmallVector<llvm::StringRef, 4> words;
  llvm::StringRef(option.words).split(words, '|');
  os << words[option.getWord(options)];
}

std::string hwq::calibration::printMethod(const MethodOptions &options) {
  const MethodInfo &info = infoOf(options.method);
  std::string text = info.name.str();
  llvm::raw_string_ostream os(text);
  MethodOptions defaults;
  bool open = false;
  for (const OptionInfo &option : info.options) {
    std::string mine, usual;
    llvm::raw_string_ostream mineStream(mine), usualStream(usual);
    printOption(mineStream, option, options);
    printOption(usualStream, option, defaults);
    if (mineStream.str() == usualStream.str())
      continue;
    os << (open ? " " : "{") << option.name << "=" << mine;
    open = true;
  }
  if (open)
    os << "}";
  return os.str();
}

void hwq::calibration::printMethodDocs(llvm::raw_ostream &os) {
  os << "| method | range | options (default) |\n|---|---|---|\n";
  for (const MethodInfo &info : methods) {
    os << "| `" << info.name << "` | " << info.doc << " | ";
    llvm::ListSeparator next("; ");
    for (const OptionInfo &option : info.options) {
      os << next << "`" << option.name << "` (";
      printOption(os, option, MethodOptions());
      os << "): " << option.doc;
      if (option.number)
        os << ", " << boundsOf(option);
      else
        os << "; " << llvm::StringRef(option.words).split('|').first << " or "
           << llvm::StringRef(option.words).split('|').second;
    }
    os << " |\n";
  }
}
