//===- CompileForms.cpp - Every form of one compilation ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/CompileForms.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace hwq;

ModuleOp CompiledForms::first(Form form) const {
  for (const ProgramForm &program : programs)
    if (program.form == form)
      return *program.module;
  return {};
}

ModuleOp CompiledForms::last(Form form) const {
  for (const ProgramForm &program : llvm::reverse(programs))
    if (program.form == form)
      return *program.module;
  return {};
}

ModuleOp CompiledForms::beforeTarget() const {
  for (const ProgramForm &program : llvm::reverse(programs))
    if (program.form < Form::Target)
      return *program.module;
  return {};
}

namespace {

/// Keeps a copy of what every pass has made.
struct KeepPrograms : PassInstrumentation {
  explicit KeepPrograms(std::vector<ProgramForm> &programs)
      : programs(programs) {}
  void runAfterPass(Pass *pass, Operation *op) override {
    auto module = dyn_cast<ModuleOp>(op);
    if (!module || pass->getArgument().empty())
      return;
    FailureOr<std::optional<Form>> form = getForm(module);
    if (succeeded(form))
      programs.push_back({pass->getArgument().str(),
                          form->value_or(Form::Float), module.clone()});
  }
  std::vector<ProgramForm> &programs;
};

/// The words of a remark are its text, its numbers fields.
void keepArgument(const remark::detail::Remark::Arg &arg, PassRemark &kept) {
  StringRef value = arg.val;
  if (arg.key == "Fold")
    kept.fold.emplace().kind = arg.val;
  else if (!kept.fold)
    kept.text += arg.val;
  else if (arg.key == "MaxLSB")
    value.getAsInteger(10, kept.fold->maxLsb);
  else if (arg.key == "Differing")
    value.getAsInteger(10, kept.fold->differing);
  else if (arg.key == "Operands")
    value.getAsInteger(10, kept.fold->operands);
}

struct KeepRemarks : remark::detail::MLIRRemarkStreamerBase {
  explicit KeepRemarks(std::vector<PassRemark> &remarks) : remarks(remarks) {}
  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    PassRemark kept;
    kept.kind = remark.getRemarkTypeString().lower();
    kept.category = remark.getCombinedCategoryName().str();
    if (auto name = remark.getLocation()->findInstanceOf<NameLoc>())
      kept.tensor = name.getName().str();
    for (const remark::detail::Remark::Arg &arg : remark.getArgs())
      keepArgument(arg, kept);
    remarks.push_back(std::move(kept));
  }
  std::vector<PassRemark> &remarks;
};

/// The context's remarks go to `remarks` while this lives.
class RemarkScope {
public:
  RemarkScope(MLIRContext *context, std::vector<PassRemark> &remarks)
      : context(context) {
    remark::RemarkCategories categories;
    // MLIR looks at `all` only beside the filter of a kind.
    categories.passed = categories.missed = categories.analysis =
        categories.failed = "hwq.*";
    (void)remark::enableOptimizationRemarks(
        *context, std::make_unique<KeepRemarks>(remarks),
        std::make_unique<remark::RemarkEmittingPolicyAll>(), categories);
  }
  ~RemarkScope() { context->setRemarkEngine(nullptr); }

private:
  MLIRContext *context;
};

} // namespace

/// The decisions of the annotation, which the program does not hold: the pass
/// once more, on the program that it started from.
static LogicalResult findParameters(CompiledForms &forms,
                                    const AnnotateControl &control) {
  ModuleOp before = forms.last(Form::Calibrated);
  if (!before)
    return success();
  OwningOpRef<ModuleOp> copy = before.clone();
  FailureOr<Backend> backend = getBackend(*copy, "compile-forms");
  if (failed(backend))
    return failure();
  for (auto func : copy->getOps<func::FuncOp>())
    if (!func.isExternal() &&
        failed(annotate(func, *backend, control, &forms.parameters)))
      return failure();
  return success();
}

FailureOr<CompiledForms> hwq::compileForms(ModuleOp calibrated,
                                           const QuantizeForOptions &options) {
  MLIRContext *context = calibrated.getContext();
  CompiledForms forms;
  OwningOpRef<ModuleOp> module = calibrated.clone();
  PassManager passes(context, ModuleOp::getOperationName());
  if (failed(buildQuantizeForPipeline(passes, options)))
    return failure();
  passes.addInstrumentation(std::make_unique<KeepPrograms>(forms.programs));
  {
    RemarkScope scope(context, forms.remarks);
    if (failed(passes.run(*module)))
      return failure();
  }
  // The pass has read the file before.
  std::string overrides;
  if (!options.overrideFile.empty())
    if (auto buffer = llvm::MemoryBuffer::getFile(options.overrideFile))
      overrides = (*buffer)->getBuffer().str();
  llvm::Expected<AnnotateControl> control =
      AnnotateControl::parse(options.skip, overrides, options.overrideFile);
  if (!control)
    return emitError(calibrated.getLoc()) << toString(control.takeError());
  if (failed(findParameters(forms, *control)))
    return failure();
  return std::move(forms);
}
