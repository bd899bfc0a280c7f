//===- FormPairs.cpp - Every form against its neighbour ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FormPairs.h"
#include "Console.h"
#include "Options.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;

llvm::Expected<std::vector<FormPair>>
driver::compareNeighbours(const CompiledForms &forms, const Target &target,
                          const runtime::Dataset &data, bool drift) {
  llvm::Expected<unsigned> threads = threadCount();
  if (!threads)
    return threads.takeError();
  VerifyOptions options;
  options.threads = *threads;
  options.bias = Backend::get(target.descriptor).bias;
  options.drift = drift;
  std::vector<FormPair> pairs;
  const ProgramForm *previous = nullptr;
  DerivationStep from;
  for (const ProgramForm &program : forms.programs) {
    FailureOr<DerivationStep> step = getDerivationStep(*program.module);
    if (failed(step) || step->form < Form::Step0)
      continue;
    if (previous) {
      std::string what = target.key + ": " + stringifyForm(from.form).str() +
                         " -> " + stringifyForm(step->form).str() + " (" +
                         program.pass + ")";
      options.agreement = agreementBetween(from, *step);
      Progress progress(what);
      llvm::Expected<FormComparison> result = compareForms(
          *previous->module, *program.module, data, options, progress.hook());
      if (!result)
        return llvm::createStringError(what + ": " +
                                       toString(result.takeError()));
      auto name = [](Form form, const std::string &pass) {
        return (stringifyForm(form) + " (" + pass + ")").str();
      };
      pairs.push_back({name(from.form, previous->pass),
                       name(step->form, program.pass), std::move(*result)});
    }
    previous = &program;
    from = *step;
  }
  return std::move(pairs);
}
