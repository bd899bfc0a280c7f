//===- AnnotateControl.cpp - What a user wants for tensors ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/Transforms/Annotate.h"
#include "hwq/Support/JsonDepth.h"
#include "llvm/Support/JSON.h"
#include <cmath>

using namespace llvm;
using namespace hwq;

static Error makeError(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
}

static std::string describe(const json::Value &value) {
  std::string text;
  raw_string_ostream(text) << value;
  return text;
}

static Error parseField(TensorOverride &override, StringRef key,
                        const json::Value &value) {
  auto expected = [&](const Twine &what) {
    return makeError("expected '" + key + "' to be " + what + ", got " +
                     describe(value));
  };
  if (key == "bits") {
    std::optional<int64_t> bits = value.getAsInteger();
    if (!bits || *bits < 2 || *bits > 8)
      return expected("a whole number in [2, 8]");
    override.bits = static_cast<unsigned>(*bits);
  } else if (key == "symmetry") {
    std::optional<StringRef> name = value.getAsString();
    if (name)
      override.symmetry = numerics::parse<numerics::Symmetry>(*name);
    if (!override.symmetry)
      return expected("asymmetric, symmetric or unsigned_symmetric");
  } else if (key == "range") {
    const json::Array *ends = value.getAsArray();
    std::optional<double> lo, hi;
    if (ends && ends->size() == 2) {
      lo = (*ends)[0].getAsNumber();
      hi = (*ends)[1].getAsNumber();
    }
    if (!lo || !hi || !std::isfinite(*lo) || !std::isfinite(*hi) || *lo > *hi)
      return expected("two finite numbers, the first not above the second");
    override.range = numerics::Range{*lo, *hi};
  } else if (key == "float") {
    std::optional<bool> flag = value.getAsBoolean();
    if (!flag)
      return expected("true or false");
    override.isFloat = *flag;
  } else {
    return makeError("unknown key '" + key +
                     "', expected one of: bits, symmetry, range, float");
  }
  return Error::success();
}

Expected<AnnotateControl> AnnotateControl::parse(StringRef skip,
                                                 StringRef overrides) {
  AnnotateControl control;
  if (!skip.empty()) {
    control.skipText = skip.str();
    control.skip.emplace(skip);
    std::string error;
    if (!control.skip->isValid(error))
      return makeError("expected a regular expression, got '" + skip +
                       "': " + error);
  }
  if (overrides.empty())
    return control;
  if (std::optional<size_t> line = findTooDeepJson(overrides))
    return makeError("line " + Twine(*line) +
                     ": expected values that are nested at most " +
                     Twine(maxJsonDepth) + " deep");
  Expected<json::Value> root = json::parse(overrides);
  if (!root)
    return root.takeError();
  const json::Object *tensors = root->getAsObject();
  if (!tensors)
    return makeError("expected an object {\"tensor\": {...}}, got " +
                     describe(*root));
  for (const auto &[name, value] : *tensors) {
    const json::Object *fields = value.getAsObject();
    if (!fields)
      return makeError("tensor '" + StringRef(name) +
                       "': expected an object, got " + describe(value));
    TensorOverride override;
    for (const auto &[key, field] : *fields)
      if (Error error = parseField(override, key, field))
        return makeError("tensor '" + StringRef(name) +
                         "': " + toString(std::move(error)));
    if (override.isFloat && fields->size() > 1)
      return makeError("tensor '" + StringRef(name) +
                       "': expected nothing beside 'float', got parameters "
                       "for a tensor that stays float");
    control.overrides.emplace(StringRef(name).str(), override);
    control.used.emplace(StringRef(name).str(), false);
  }
  return control;
}

bool AnnotateControl::skips(StringRef tensor) const {
  bool matches = skip && !tensor.empty() && skip->match(tensor);
  skipped |= matches;
  return matches;
}

const TensorOverride *AnnotateControl::find(StringRef tensor) const {
  auto it = overrides.find(std::string_view(tensor.data(), tensor.size()));
  if (it == overrides.end())
    return nullptr;
  used.find(it->first)->second = true;
  return &it->second;
}

Error AnnotateControl::checkUsed() const {
  if (skip && !skipped)
    return makeError("'" + skipText + "' matches no tensor");
  for (const auto &[name, found] : used)
    if (!found)
      return makeError("unknown tensor '" + Twine(name) + "'");
  return Error::success();
}
