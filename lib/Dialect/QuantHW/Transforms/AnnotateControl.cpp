//===- AnnotateControl.cpp - What a user wants for tensors ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/Transforms/Annotate.h"
#include "hwq/Support/JsonTree.h"
#include "hwq/Support/LineError.h"
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

static Error parseField(TensorOverride &override, StringRef tensor,
                        const JsonNode &field) {
  StringRef key = field.key();
  const json::Value &value = field.value();
  auto expected = [&](const Twine &what) {
    return entryError(field.line(), tensor,
                      "expected '" + key + "' to be " + what + ", got " +
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
  } else if (key == "scale") {
    std::optional<double> scale = value.getAsNumber();
    if (!scale || !std::isfinite(*scale) || !(*scale > 0))
      return expected("a finite number above 0");
    override.scale = scale;
  } else if (key == "zero_point") {
    override.zeroPoint = value.getAsInteger();
    if (!override.zeroPoint)
      return expected("a whole number");
  } else if (key == "float") {
    std::optional<bool> flag = value.getAsBoolean();
    if (!flag)
      return expected("true or false");
    override.isFloat = *flag;
  } else {
    return entryError(field.line(), tensor,
                      "unknown key " + quoted(key) +
                          ", expected one of: bits, symmetry, range, scale, "
                          "zero_point, float");
  }
  return Error::success();
}

Error AnnotateControl::inFile(Error error) const {
  if (file.empty())
    return error;
  return makeError("override-file '" + file +
                   "': " + toString(std::move(error)));
}

Error AnnotateControl::parseOverrides(StringRef text) {
  Expected<std::unique_ptr<JsonTree>> tree = JsonTree::parse(text);
  if (!tree)
    return tree.takeError();
  const JsonNode &root = (*tree)->root();
  if (!root.isObject())
    return lineError(root.line(),
                     "expected an object {\"tensor\": {...}}, got " +
                         describe(root.value()));
  for (const JsonNode *tensor : root.children()) {
    StringRef name = tensor->key();
    auto fail = [&](const Twine &message) {
      return entryError(tensor->line(), name, message);
    };
    if (!tensor->isObject())
      return fail("expected an object, got " + describe(tensor->value()));
    TensorOverride override;
    for (const JsonNode *field : tensor->children())
      if (Error error = parseField(override, name, *field))
        return error;
    if (override.isFloat && tensor->children().size() > 1)
      return fail("expected nothing beside 'float', got parameters for a "
                  "tensor that stays float");
    if (override.scale && override.range)
      return fail("expected 'scale' or 'range', got both");
    if (override.zeroPoint && !override.scale)
      return fail("expected 'scale' beside 'zero_point'");
    override.where = (file.empty() ? "" : "override-file '" + file + "': ") +
                     ("line " + Twine(tensor->line()) + ": ").str();
    overrides.emplace(name.str(), Entry{override, tensor->line()});
  }
  return Error::success();
}

Expected<AnnotateControl>
AnnotateControl::parse(StringRef skip, StringRef overrides, StringRef file) {
  AnnotateControl control;
  control.file = file.str();
  if (!skip.empty()) {
    control.skipText = skip.str();
    control.skip.emplace(skip);
    std::string error;
    if (!control.skip->isValid(error))
      return makeError("expected a regular expression, got '" + skip +
                       "': " + error);
  }
  if (!overrides.empty())
    if (Error error = control.parseOverrides(overrides))
      return control.inFile(std::move(error));
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
  it->second.used = true;
  return &it->second.override;
}

Error AnnotateControl::checkUsed() const {
  if (skip && !skipped)
    return makeError("'" + skipText + "' matches no tensor");
  // The first one of the file.
  const std::pair<const std::string, Entry> *unknown = nullptr;
  for (const auto &entry : overrides)
    if (!entry.second.used &&
        (!unknown || entry.second.line < unknown->second.line))
      unknown = &entry;
  if (!unknown)
    return Error::success();
  return inFile(lineError(unknown->second.line,
                          "unknown tensor " + quoted(unknown->first)));
}
