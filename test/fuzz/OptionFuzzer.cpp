//===- OptionFuzzer.cpp - Readers of backends, methods, overrides ---------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first byte chooses: a backend with overrides, several, overrides alone,
// a calibration method, or a file of what is wanted for single tensors.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "hwq/Backend/BackendSpec.h"
#include "hwq/Calibration/RangeMethod.h"
#include "hwq/Dialect/QuantHW/Transforms/Annotate.h"

using namespace hwq;
using namespace hwq::fuzz;

static void checkSpec(const BackendSpec &spec) {
  BackendSpec again = need(BackendSpec::parse(spec.str()),
                           "what is printed can be read", spec.str());
  check(again.name == spec.name && again.overrides == spec.overrides,
        "a round trip keeps the backend", spec.str());
  check(!llvm::StringRef(spec.key()).contains('/'), "a key names a folder",
        spec.key());
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0)
    return 0;
  llvm::StringRef text = textOf(data + 1, size - 1);
  switch (data[0] % 5) {
  case 0:
    if (std::optional<BackendSpec> spec = take(BackendSpec::parse(text)))
      checkSpec(*spec);
    break;
  case 1:
    if (auto specs = take(BackendSpec::parseList(text))) {
      check(!specs->empty(), "a list has backends", text);
      for (const BackendSpec &spec : *specs)
        checkSpec(spec);
    }
    break;
  case 2:
    if (auto overrides = take(parseOverrides(text)))
      checkSpec({"snpe", *overrides});
    break;
  case 3:
    if (auto options = take(calibration::parseMethod(text))) {
      std::string first = calibration::printMethod(*options);
      check(calibration::printMethod(need(calibration::parseMethod(first),
                                          "what is printed can be read",
                                          first)) == first,
            "a round trip keeps the method", first);
    }
    break;
  default:
    if (auto control = take(AnnotateControl::parse("", text)))
      if (!control->find("x"))
        llvm::consumeError(control->checkUsed());
    break;
  }
  return 0;
}
