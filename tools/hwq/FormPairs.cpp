//===- FormPairs.cpp - Every form against its neighbour ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FormPairs.h"
#include "Console.h"
#include "Options.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Dialect/QuantHW/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;

/// Where a backend ends at step 0 the same program in integers, with real
/// scales: what its fake quantization stands for. None where a scheme has no
/// integers.
static FailureOr<std::vector<ProgramForm>>
deriveBeyondStep0(const CompiledForms &forms) {
  std::vector<ProgramForm> further;
  if (forms.programs.back().form != Form::Step0)
    return further;
  ModuleOp last = *forms.programs.back().module;
  if (last.walk([](FakeQuantOp) { return WalkResult::interrupt(); })
          .wasInterrupted())
    return further;
  for (auto create : {createIntegerizePass, createFoldZeroPointsPass,
                      createFactorScalesPass}) {
    OwningOpRef<ModuleOp> module = last.clone();
    PassManager passes(last.getContext(), ModuleOp::getOperationName());
    std::unique_ptr<Pass> pass = create();
    std::string name = pass->getArgument().str();
    passes.addPass(std::move(pass));
    if (failed(passes.run(*module)))
      return failure();
    FailureOr<std::optional<Form>> form = getForm(*module);
    if (failed(form))
      return failure();
    last = *module;
    further.push_back({name, form->value_or(Form::Float), std::move(module)});
  }
  return further;
}

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
  FailureOr<std::vector<ProgramForm>> further = deriveBeyondStep0(forms);
  if (failed(further))
    return reportedError();
  std::vector<const ProgramForm *> programs;
  for (const ProgramForm &program :
       llvm::concat<const ProgramForm>(forms.programs, *further))
    programs.push_back(&program);
  for (const ProgramForm *next : programs) {
    const ProgramForm &program = *next;
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
