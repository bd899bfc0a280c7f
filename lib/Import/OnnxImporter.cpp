//===- OnnxImporter.cpp - Entry points --------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Import/OnnxImporter.h"
#include "Importer.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace hwq;

OwningOpRef<ModuleOp> hwq::importOnnxBuffer(StringRef bytes, StringRef path,
                                            MLIRContext *context) {
  context->loadDialect<func::FuncDialect, tosa::TosaDialect,
                       quant::QuantDialect, QuantHWDialect>();
  llvm::Expected<onnx_import::Graph> graph = onnx_import::readOnnx(bytes, path);
  if (!graph) {
    emitError(FileLineColLoc::get(context, path, 0, 0))
        << llvm::toString(graph.takeError());
    return nullptr;
  }
  return onnx_import::Importer(*graph, path, context).run();
}

OwningOpRef<ModuleOp> hwq::importOnnx(StringRef path, MLIRContext *context) {
  auto fail = [&](const llvm::Twine &message) -> OwningOpRef<ModuleOp> {
    emitError(FileLineColLoc::get(context, path, 0, 0)) << message;
    return nullptr;
  };
  if (llvm::sys::fs::is_directory(path))
    return fail("is a directory, expected an ONNX model");
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> file =
      llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                  /*RequiresNullTerminator=*/false);
  if (!file)
    return fail("cannot read the model: " + file.getError().message());
  return importOnnxBuffer((*file)->getBuffer(), path, context);
}

void hwq::registerOnnxTranslation() {
  static TranslateToMLIRRegistration registration(
      "import-onnx", "import an ONNX model as a float program",
      [](llvm::SourceMgr &sourceMgr,
         MLIRContext *context) -> OwningOpRef<Operation *> {
        const llvm::MemoryBuffer *buffer =
            sourceMgr.getMemoryBuffer(sourceMgr.getMainFileID());
        return importOnnxBuffer(buffer->getBuffer(),
                                buffer->getBufferIdentifier(), context)
            .release()
            .getOperation();
      },
      [](DialectRegistry &registry) {
        registry.insert<func::FuncDialect, tosa::TosaDialect,
                        quant::QuantDialect, QuantHWDialect>();
      });
}
