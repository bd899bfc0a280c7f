//===- Import.cpp - hwq import ----------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Model.h"
#include "Options.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"

using namespace hwq;
using namespace hwq::driver;

llvm::Error driver::runImport() {
  llvm::Expected<std::string> model = modelPath();
  if (!model)
    return model.takeError();
  if (llvm::Error error = require(outputPath, "model.mlirbc"))
    return error;
  if (llvm::Error error = checkProgramName(outputPath))
    return error;
  if (llvm::Error error = checkWritable(outputPath, *model))
    return error;
  Session session;
  llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>> module =
      loadModel(*model, session);
  if (!module)
    return module.takeError();
  mlir::FailureOr<std::optional<Form>> form = getForm(**module);
  if (mlir::failed(form))
    return reportedError();
  if (!*form)
    return usageError("expected an ONNX model or TOSA with quantized types, "
                      "got '" +
                      *model + "' without them");
  return writeModel(outputPath, module->get());
}
