//===- ExplainCommand.cpp - hwq explain -------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Console.h"
#include "Explain.h"
#include "Model.h"
#include "Options.h"
#include "Steps.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;

/// An error that names what there is.
static llvm::Error unknownTensor(ArrayRef<OpDerivation> all) {
  std::vector<std::string> names;
  for (const OpDerivation &d : all)
    names.push_back(d.tensor);
  std::string text = llvm::join(ArrayRef(names).take_front(20), ", ");
  if (names.size() > 20)
    text += ", ...";
  return llvm::createStringError("no tensor '" + explainTensor +
                                 "': the program has " + text);
}

static llvm::json::Value chosenToJson(ArrayRef<OpDerivation> chosen) {
  if (!explainAll)
    return toJson(chosen.front());
  llvm::json::Array all;
  for (const OpDerivation &d : chosen)
    all.push_back(toJson(d));
  return all;
}

static void print(ArrayRef<OpDerivation> chosen, const Target &target,
                  llvm::raw_ostream &os) {
  if (explainMarkdown)
    os << "# " << inputFiles.front() << " for " << target.spec.str() << "\n\n";
  else
    os << inputFiles.front() << " for " << target.spec.str() << "\n\n";
  bool first = true;
  for (const OpDerivation &d : chosen) {
    if (!first)
      os << "\n";
    first = false;
    // The channels of all ops are in the JSON.
    if (explainMarkdown)
      printMarkdown(d, /*channels=*/!explainAll, os);
    else
      printText(d, /*channels=*/!explainAll, os);
  }
}

llvm::Error driver::runExplain() {
  llvm::Expected<std::string> model = modelPath();
  if (!model)
    return model.takeError();
  if (llvm::Error error = require(backendNames, "BACKEND"))
    return error;
  if (explainTensor.empty() == !explainAll)
    return usageError("expected either --tensor=NAME or --all");
  if (jsonOutput && explainMarkdown)
    return usageError("--json excludes --markdown");
  Session session;
  llvm::Expected<Target> target = parseTarget(backendNames, session.context());
  if (!target)
    return target.takeError();
  llvm::Expected<CalibratedModel> calibrated = loadCalibrated(*model, session);
  if (!calibrated)
    return calibrated.takeError();
  FailureOr<CompiledForms> forms =
      compileForms(*calibrated->module, compileOptions(*target));
  if (failed(forms))
    return reportedError();
  std::vector<OpDerivation> all = deriveOps(*forms);
  ArrayRef<OpDerivation> chosen = all;
  if (!explainAll) {
    auto found = llvm::find_if(
        all, [](const OpDerivation &d) { return d.tensor == explainTensor; });
    if (found == all.end())
      return unknownTensor(all);
    chosen = *found;
  }
  return printResult(
      [&] { return chosenToJson(chosen); },
      [&](llvm::raw_ostream &os) { print(chosen, *target, os); });
}
