//===- TosaModel.cpp - TOSA programs for other compilers --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Conversion/Passes.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Interchange/Tosa.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/Tosa/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace hwq;

/// The sizes of inputs with a dynamic batch.
static LogicalResult setInputBatch(func::FuncOp function, int64_t batch) {
  for (BlockArgument argument : function.getArguments()) {
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type || type.hasStaticShape())
      continue;
    SmallVector<int64_t> shape(type.getShape());
    shape[0] = ShapedType::isDynamic(shape[0]) ? batch : shape[0];
    if (ShapedType::isDynamicShape(shape))
      return function.emitError()
             << "export-tosa: expected no dynamic size but the batch of input "
             << describeTensor(argument) << ", got " << type;
    argument.setType(type.clone(shape));
  }
  return success();
}

/// What shape inference leaves behind: casts to the old types in front of the
/// return, -1 in shapes.
static LogicalResult finishShapes(func::FuncOp function) {
  Operation *terminator = function.front().getTerminator();
  for (OpOperand &operand : terminator->getOpOperands())
    if (auto cast = operand.get().getDefiningOp<tensor::CastOp>()) {
      operand.set(cast.getSource());
      if (cast->use_empty())
        cast->erase();
    }
  for (Operation &op : function.front()) {
    for (Type type : op.getResultTypes())
      if (auto shaped = dyn_cast<ShapedType>(type);
          shaped && !shaped.hasStaticShape())
        return op.emitError()
               << "export-tosa: the shape of "
               << describeTensor(op.getResult(0))
               << " does not follow from the batch, got " << type;
    unsigned operand = isa<tosa::ReshapeOp>(op) ? 1
                       : isa<tosa::SliceOp>(op) ? 2
                                                : 0;
    auto constant =
        operand ? op.getOperand(operand).getDefiningOp<tosa::ConstShapeOp>()
                : tosa::ConstShapeOp();
    if (!constant)
      continue;
    // Another op may share it.
    OpBuilder builder(&op);
    auto sizes = cast<RankedTensorType>(op.getResult(0).getType()).getShape();
    op.setOperand(operand,
                  tosa::ConstShapeOp::create(
                      builder, op.getLoc(), constant.getType(),
                      DenseIntElementsAttr::get(
                          RankedTensorType::get({int64_t(sizes.size())},
                                                builder.getIndexType()),
                          sizes)));
    if (constant->use_empty())
      constant->erase();
  }
  function.setFunctionType(FunctionType::get(
      function.getContext(), function.front().getArgumentTypes(),
      terminator->getOperandTypes()));
  return success();
}

static LogicalResult makeExchangeForm(ModuleOp module, int64_t batch) {
  WalkResult foreign = module.walk([](Operation *op) {
    if (isa<ModuleOp, func::FuncOp, func::ReturnOp>(op) ||
        isa_and_present<tosa::TosaDialect>(op->getDialect()))
      return WalkResult::advance();
    op->emitError() << "export-tosa: expected a program of step 4 or of TOSA, "
                       "got '"
                    << op->getName() << "'";
    return WalkResult::interrupt();
  });
  if (foreign.wasInterrupted())
    return failure();
  module->removeAttr(kBackendAttr);
  auto functions = llvm::to_vector(module.getOps<func::FuncOp>());
  for (func::FuncOp function : functions)
    if (!function.isExternal() && failed(setInputBatch(function, batch)))
      return failure();
  PassManager passes(module.getContext());
  passes.enableVerifier(false);
  passes.addNestedPass<func::FuncOp>(tosa::createTosaInferShapesPass());
  if (failed(passes.run(module)))
    return failure();
  for (func::FuncOp function : functions)
    if (!function.isExternal() && failed(finishShapes(function)))
      return failure();
  PassManager last(module.getContext());
  last.addPass(createStripDebugInfoPass());
  return last.run(module);
}

FailureOr<std::string> interchange::exportTosa(ModuleOp module, int64_t batch) {
  // Sizes of TOSA have 32 bits.
  if (batch < 1 || batch > INT32_MAX)
    return emitError(module.getLoc())
           << "export-tosa: expected a batch of 1 to 2147483647, got " << batch;
  FailureOr<std::optional<Form>> form = getForm(module);
  if (failed(form))
    return failure();
  OwningOpRef<ModuleOp> copy = module.clone();
  if (form->value_or(Form::Float) != Form::Target) {
    PassManager passes(module.getContext());
    passes.addPass(createConvertQuantHWToTosaPass());
    if (failed(passes.run(*copy)))
      return failure();
  }
  if (failed(makeExchangeForm(*copy, batch)))
    return failure();
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  if (failed(writeBytecodeToFile(*copy, os)))
    return emitError(module.getLoc()) << "export-tosa: cannot write bytecode";
  return bytes;
}
