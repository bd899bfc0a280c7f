//===- ExportInputList.cpp - Samples for a vendor's tools -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Console.h"
#include "Export.h"
#include "hwq/Pipelines/ProgramData.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::driver;
using runtime::Tensor;

/// Whether an argument is N,C,H,W and every reader wants it as N,H,W,C.
static bool isReadChannelsLast(Value value) {
  if (value.use_empty())
    return false;
  return llvm::all_of(value.getUsers(), [&](Operation *user) {
    // Through observers and quantizes, which keep the layout.
    if (auto transpose = dyn_cast<tosa::TransposeOp>(user))
      return llvm::equal(transpose.getPerms(), ArrayRef<int32_t>{0, 2, 3, 1});
    if (user->getNumOperands() != 1 || user->getNumResults() != 1)
      return false;
    Value result = user->getResult(0);
    auto from = dyn_cast<ShapedType>(value.getType()),
         to = dyn_cast<ShapedType>(result.getType());
    return from && to && from.getShape() == to.getShape() &&
           isReadChannelsLast(result);
  });
}

/// N,C,H,W to N,H,W,C.
static Tensor channelsLast(const Tensor &tensor) {
  int64_t n = tensor.dim(0), c = tensor.dim(1),
          size = tensor.dim(2) * tensor.dim(3);
  Tensor result =
      Tensor::allocate(tensor.dtype(), {n, tensor.dim(2), tensor.dim(3), c});
  const float *from = tensor.data<float>();
  float *to = result.data<float>();
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < size; ++j)
      for (int64_t k = 0; k < c; ++k)
        *to++ = from[(i * c + k) * size + j];
  return result;
}

llvm::Error driver::exportInputList(ModuleOp module,
                                    const runtime::Dataset &data,
                                    OutputFolder &folder) {
  llvm::Expected<std::vector<runtime::InputSpec>> specs = inputSpecs(module);
  if (!specs)
    return specs.takeError();
  llvm::Expected<func::FuncOp> func = programFunction(module);
  if (!func)
    return func.takeError();
  std::string list;
  Progress progress("export");
  auto report = progress.hook();
  std::vector<Tensor> inputs;
  for (int64_t i = 0, e = data.size(); i < e; ++i) {
    if (llvm::Error error = data.load(i, i + 1, inputs))
      return error;
    for (auto [k, input] : llvm::enumerate(inputs)) {
      bool transpose =
          input.rank() == 4 && isReadChannelsLast(func->getArgument(k));
      Tensor values = transpose ? channelsLast(input) : input;
      std::string name = std::to_string(i);
      name.insert(0, name.size() < 6 ? 6 - name.size() : 0, '0');
      if (inputs.size() > 1)
        name += "." + std::to_string(k);
      name += ".raw";
      if (llvm::Error error =
              folder.write("inputs/" + name, [&](llvm::raw_pwrite_stream &os) {
                os.write(static_cast<const char *>(values.raw()),
                         values.numBytes());
                return llvm::Error::success();
              }))
        return error;
      if (k)
        list += ' ';
      if (inputs.size() > 1)
        list += (*specs)[k].name + ":=";
      list += "inputs/" + name;
    }
    list += '\n';
    if (report)
      report(i + 1, e);
  }
  return folder.write("input_list.txt", [&](llvm::raw_pwrite_stream &os) {
    os << list;
    return llvm::Error::success();
  });
}
