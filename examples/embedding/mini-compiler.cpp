//===- mini-compiler.cpp - A compiler that quantizes with hwq -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mini-compiler model.mlir --for=tflite     prints the integer program
// mini-compiler model.mlir --for=tflite --compare
//                                           runs it beside the float program
// mini-compiler model.mlir --for=mychip --backend-file=F --target=mychip
//                                           writes it in a chip's own dialect
//
//===----------------------------------------------------------------------===//

#include "Mini.h"
#include "MyChip.h"
#include "hwq/Dialect/Target/IR/Target.h"
#include "hwq/InitAll.h"
#include "hwq/Pipelines/QuantizeFor.h"
#include "hwq/Runtime/Evaluator.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/SourceMgr.h"
#include <cmath>

using namespace mlir;
namespace cl = llvm::cl;

static cl::opt<std::string> input(cl::Positional, cl::desc("<model.mlir>"),
                                  cl::init("-"));
static cl::opt<std::string>
    backend("for", cl::desc("backend, as hwq-opt --quantize-for takes it"),
            cl::Required);
static cl::opt<std::string> backendFile("backend-file",
                                        cl::desc("descriptor of a backend"));
static cl::opt<std::string>
    target("target", cl::desc("dialect that step 4 is written in"));
static cl::opt<bool>
    compare("compare", cl::desc("run both programs, print the difference"));

/// The outputs for inputs that rise from -2 to 2.
static FailureOr<std::vector<hwq::runtime::Tensor>> run(ModuleOp module) {
  FailureOr<std::unique_ptr<hwq::runtime::Evaluator>> evaluator =
      hwq::runtime::Evaluator::create(module);
  if (failed(evaluator))
    return failure();
  std::vector<hwq::runtime::Tensor> inputs;
  for (const hwq::runtime::InputSpec &spec : (*evaluator)->inputs()) {
    SmallVector<int64_t> shape(spec.shape.begin(), spec.shape.end());
    shape[0] = 4;
    hwq::runtime::Tensor x =
        hwq::runtime::Tensor::allocate(hwq::runtime::DType::F32, shape);
    MutableArrayRef<float> values = x.mutableValues<float>();
    for (auto [i, value] : llvm::enumerate(values))
      value = -2 + 4 * static_cast<float>(i) / values.size();
    inputs.push_back(std::move(x));
  }
  llvm::Expected<std::vector<hwq::runtime::Tensor>> outputs =
      (*evaluator)->runBatch(inputs);
  if (!outputs) {
    llvm::errs() << "error: " << llvm::toString(outputs.takeError()) << '\n';
    return failure();
  }
  return std::move(*outputs);
}

static LogicalResult compile() {
  DialectRegistry registry;
  hwq::registerAllDialects(registry);
  hwq::runtime::registerEvaluatableModels(registry);
  registry.insert<mini::MiniDialect>();
  MLIRContext context(registry);
  context.printOpOnDiagnostic(false);
  context.getOrLoadDialect<mychip::MyChipDialect>();
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler handler(sources, &context);

  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(input, sources, &context);
  if (!module)
    return failure();
  OwningOpRef<ModuleOp> original = module->clone();
  PassManager pm(&context);
  hwq::QuantizeForOptions options;
  options.backend = backend;
  options.backendFile = backendFile;
  if (failed(hwq::buildQuantizeForPipeline(pm, options)) ||
      failed(pm.run(*module)))
    return failure();
  if (!target.empty() &&
      (failed(hwq::convertToTarget(*module, target, "mini-compiler")) ||
       failed(verify(*module))))
    return failure();
  if (!compare) {
    module->print(llvm::outs());
    return success();
  }
  FailureOr<std::vector<hwq::runtime::Tensor>> expected = run(*original),
                                               actual = run(*module);
  if (failed(expected) || failed(actual))
    return failure();
  for (auto [e, a] : llvm::zip_equal(*expected, *actual)) {
    float largest = 0;
    for (auto [x, y] : llvm::zip_equal(e.values<float>(), a.values<float>()))
      largest = std::max(largest, std::fabs(x - y));
    llvm::outs() << "largest difference " << llvm::format("%.4f", largest)
                 << '\n';
  }
  return success();
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "a compiler that uses hwq\n");
  return failed(compile());
}
