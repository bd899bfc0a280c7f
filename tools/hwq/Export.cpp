//===- Export.cpp - hwq export ----------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Export.h"
#include "Console.h"
#include "Model.h"
#include "Options.h"
#include "hwq/Pipelines/ProgramData.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;

llvm::Error driver::runExport() {
  llvm::Expected<std::string> model = modelPath();
  if (!model)
    return model.takeError();
  if (vectors == inputList)
    return usageError("expected --vectors or --input-list");
  if (llvm::Error error = require(dataPath, "DATA"))
    return error;
  if (llvm::Error error = require(outputPath, "DIR"))
    return error;
  llvm::Expected<runtime::DatasetOptions> options =
      dataOptions(dataPath, /*evaluation=*/false);
  if (!options)
    return options.takeError();
  // One sample is enough to check a circuit, and a network's vectors are large.
  if (vectors && !samplesGiven())
    options->samples = 1;
  if (llvm::Error error = OutputFolder::check(outputPath, {*model, dataPath}))
    return error;
  Session session;
  llvm::Expected<OwningOpRef<ModuleOp>> module = loadModel(*model, session);
  if (!module)
    return module.takeError();
  auto data = openData(*options, **module);
  if (!data)
    return data.takeError();
  llvm::Expected<OutputFolder> folder = OutputFolder::create(outputPath);
  if (!folder)
    return folder.takeError();
  if (llvm::Error error = vectors ? exportVectors(**module, **data, *folder)
                                  : exportInputList(**module, **data, *folder))
    return error;
  return folder->commit();
}
