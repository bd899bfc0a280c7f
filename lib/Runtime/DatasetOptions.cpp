//===- DatasetOptions.cpp - Options of a data set from text -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/Dataset.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace hwq::runtime;

static Expected<int64_t> parseInteger(StringRef text, int64_t least,
                                      StringRef shown) {
  int64_t value;
  if (text.getAsInteger(10, value) || value < least)
    return createStringError("expected " + shown +
                             " to be a whole number, at least " + Twine(least) +
                             ", got '" + text + "'");
  return value;
}

template <typename T, typename To>
static Error assign(Expected<T> value, To &to) {
  if (!value)
    return value.takeError();
  to = std::move(*value);
  return Error::success();
}

std::string hwq::runtime::describePreparation(const DatasetOptions &options) {
  const PreprocessOptions &pixels = options.preprocess;
  std::string text;
  raw_string_ostream os(text);
  ListSeparator space(" ");
  auto values = [&](StringRef name, ArrayRef<float> list) {
    if (list.empty())
      return;
    os << space << name << '=';
    ListSeparator comma(",");
    for (float value : list)
      os << comma << format("%.9g", value);
  };
  if (pixels.resize && pixels.resize->shorterSide)
    os << space << "resize=" << pixels.resize->shorterSide;
  else if (pixels.resize)
    os << space << "resize=" << pixels.resize->size.height << 'x'
       << pixels.resize->size.width;
  if (pixels.crop)
    os << space << "crop=" << pixels.crop->height << 'x' << pixels.crop->width;
  if (pixels.color == ColorOrder::BGR)
    os << space << "color=bgr";
  values("mean", pixels.mean);
  values("std", pixels.stdDev);
  if (pixels.raw)
    os << space << "raw";
  return text;
}

Error hwq::runtime::setDatasetOption(DatasetOptions &options, StringRef name,
                                     StringRef value, StringRef shown) {
  PreprocessOptions &pixels = options.preprocess;
  if (name == "input-array")
    options.inputArray = value.str();
  else if (name == "label-array")
    options.labelArray = value.str();
  else if (name == "labels")
    options.labelsFile = value.str();
  else if (name == "label-offset")
    return assign(parseInteger(value, -1000000, shown), options.labelOffset);
  else if (name == "samples")
    return assign(parseInteger(value, 1, shown), options.samples);
  else if (name == "resize")
    return assign(parseResize(value), pixels.resize);
  else if (name == "crop")
    return assign(parseCrop(value), pixels.crop);
  else if (name == "color")
    return assign(parseColorOrder(value), pixels.color);
  else if (name == "mean")
    return assign(parseChannelValues(value, shown, /*positive=*/false),
                  pixels.mean);
  else if (name == "std")
    return assign(parseChannelValues(value, shown, /*positive=*/true),
                  pixels.stdDev);
  else if (name == "raw")
    pixels.raw = value == "true";
  else
    return createStringError("unknown option '" + name + "'");
  return Error::success();
}
