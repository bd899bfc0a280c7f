//===- SetBackend.cpp - Write the descriptor into the module -- -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Backend/BackendRegistry.h"
#include "hwq/Backend/Passes.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"

namespace hwq {
#define GEN_PASS_DEF_SETBACKENDPASS
#include "hwq/Backend/Passes.h.inc"
} // namespace hwq

using namespace mlir;
using namespace hwq;

namespace {
struct SetBackend : hwq::impl::SetBackendPassBase<SetBackend> {
  using Base = hwq::impl::SetBackendPassBase<SetBackend>;
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkForm(module,
                         {Form::Float, Form::Observed, Form::Calibrated},
                         getArgument())))
      return signalPassFailure();
    auto emitError = [&] {
      return mlir::emitError(module.getLoc()) << "'" << getArgument() << "': ";
    };
    BackendSpec spec;
    spec.name = StringRef(backend.getValue()).trim().str();
    if (spec.name.empty()) {
      emitError() << "expected the name of a backend in the option 'backend'";
      return signalPassFailure();
    }
    llvm::Expected<std::vector<BackendOverride>> parsed =
        parseOverrides(overrides.getValue());
    if (!parsed) {
      emitError() << llvm::toString(parsed.takeError());
      return signalPassFailure();
    }
    spec.overrides = std::move(*parsed);
    FailureOr<BackendAttr> attr =
        resolveBackend(&getContext(), spec, backendFile.getValue(), emitError);
    if (failed(attr))
      return signalPassFailure();
    module->setAttr(kBackendAttr, *attr);
  }
};
} // namespace
