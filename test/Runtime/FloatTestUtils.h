//===- FloatTestUtils.h - Runs a few ops on tensors -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TEST_RUNTIME_FLOATTESTUTILS_H
#define HWQ_TEST_RUNTIME_FLOATTESTUTILS_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Runtime/EvaluatableOpInterface.h"
#include "hwq/Runtime/Kernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"
#include <cstdlib>
#include <iostream>
#include <random>

namespace hwq::runtime::test {

/// "tensor<2x3xf32>".
inline std::string typeText(llvm::ArrayRef<int64_t> shape,
                            llvm::StringRef element) {
  std::string text = "tensor<";
  for (int64_t d : shape)
    text += (d < 0 ? "?" : std::to_string(d)) + "x";
  return text + element.str() + ">";
}

/// "1, 2, 3".
inline std::string listText(llvm::ArrayRef<int64_t> values) {
  std::string text;
  for (int64_t v : values)
    text += (text.empty() ? "" : ", ") + std::to_string(v);
  return text;
}

/// "%name = tosa.const_shape ...".
inline std::string shapeText(llvm::StringRef name,
                             llvm::ArrayRef<int64_t> values) {
  return llvm::formatv("%{0} = tosa.const_shape {{values = dense<[{1}]> : "
                       "tensor<{2}xindex>} : () -> !tosa.shape<{2}>\n",
                       name, listText(values), values.size())
      .str();
}

/// One value of each kind a zero point or shift needs.
inline const char *const zeroF32 =
    "%zp = \"tosa.const\"() <{values = dense<0.0> : tensor<1xf32>}> : () -> "
    "tensor<1xf32>\n";

/// Random numbers; the seed is printed, HWQ_TEST_SEED sets another one.
class Random {
public:
  Random() {
    const char *text = std::getenv("HWQ_TEST_SEED");
    unsigned seed = text ? std::strtoul(text, nullptr, 10) : 20240229;
    std::cout << "seed " << seed << std::endl;
    engine.seed(seed);
  }
  int64_t operator()(int64_t lo, int64_t hi) {
    return std::uniform_int_distribution<int64_t>(lo, hi)(engine);
  }
  template <typename T> Tensor tensor(llvm::ArrayRef<int64_t> shape) {
    Tensor t = Tensor::allocate(dtypeOf<T>(), shape);
    for (T &v : t.mutableValues<T>()) {
      if constexpr (std::is_floating_point_v<T>)
        v = std::uniform_real_distribution<T>(-2, 2)(engine);
      else if constexpr (std::is_same_v<T, bool>)
        v = (*this)(0, 1);
      else
        v = static_cast<T>((*this)(-2000, 2000));
    }
    return t;
  }

private:
  std::mt19937_64 engine;
};

/// Parses one function, builds the kernels of its ops and runs them.
class KernelTest : public ::testing::Test, KernelContext {
protected:
  KernelTest() : workspace(createWorkspace()) {
    mlir::DialectRegistry registry;
    registerFloatModels(registry);
    registerTosaModels(registry);
    registerIntegerModels(registry);
    context.appendDialectRegistry(registry);
    context.loadDialect<mlir::func::FuncDialect, mlir::tosa::TosaDialect,
                        mlir::quant::QuantDialect, QuantHWDialect>();
  }

  const Tensor *getConstant(mlir::Value value) const override {
    auto it = constants.find(value);
    return it == constants.end() ? nullptr : &it->second;
  }

  /// `body` uses %a0, %a1, ... of the types `types` and ends with the op that
  /// defines %y of type `result`. Arguments from `firstConstant` on are
  /// constants. Errors, at build or run time, are the diagnostics' text.
  llvm::Expected<Tensor> evaluate(llvm::StringRef body,
                                  llvm::ArrayRef<std::string> types,
                                  llvm::StringRef result,
                                  llvm::ArrayRef<Tensor> arguments,
                                  size_t firstConstant = 1) {
    std::string text = "func.func @f(";
    for (size_t i = 0; i < types.size(); ++i)
      text += (i ? ", %a" : "%a") + std::to_string(i) + ": " + types[i];
    text += ") -> " + result.str() + " {\n" + body.str() +
            "\nreturn %y : " + result.str() + "\n}";
    std::string messages;
    mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &d) {
      messages += d.str() + "\n";
      return mlir::success();
    });
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    if (!module)
      return llvm::createStringError("parse: " + messages + text);
    auto function = *module->getOps<mlir::func::FuncOp>().begin();
    llvm::DenseMap<mlir::Value, Tensor> values;
    constants.clear();
    for (auto [i, argument] : llvm::enumerate(function.getArguments())) {
      values[argument] = arguments[i];
      if (i >= firstConstant)
        constants[argument] = arguments[i];
    }
    for (mlir::Operation &op : function.getBody().front()) {
      if (auto constant = llvm::dyn_cast<mlir::tosa::ConstOp>(op)) {
        auto zero = llvm::cast<mlir::DenseElementsAttr>(constant.getValues());
        Tensor t =
            zero.getElementType().isF32()
                ? Tensor::fromValues<float>({zero.getSplatValue<float>()}, {1})
                : Tensor::fromValues<int8_t>({zero.getSplatValue<int8_t>()},
                                             {1});
        constants[constant] = values[constant] = t;
        continue;
      }
      if (llvm::isa<mlir::tosa::ConstShapeOp>(op))
        continue;
      if (auto end = llvm::dyn_cast<mlir::func::ReturnOp>(op))
        return values[end.getOperand(0)];
      auto evaluatable = llvm::dyn_cast<EvaluatableOpInterface>(op);
      if (!evaluatable)
        return llvm::createStringError("no kernel for " +
                                       op.getName().getStringRef());
      auto kernel = evaluatable.buildKernel(*this);
      if (mlir::failed(kernel))
        return llvm::createStringError(messages);
      llvm::SmallVector<Tensor> operands;
      for (mlir::Value operand : op.getOperands())
        operands.push_back(values.lookup(operand));
      Tensor y;
      if (llvm::Error error = (*kernel)->run(operands, y, *workspace))
        return std::move(error);
      values[op.getResult(0)] = y;
    }
    return llvm::createStringError("no return");
  }

  /// evaluate, an error being a test failure (and a null tensor).
  Tensor run(llvm::StringRef body, llvm::ArrayRef<std::string> types,
             llvm::StringRef result, llvm::ArrayRef<Tensor> arguments,
             size_t firstConstant = 1) {
    llvm::Expected<Tensor> y =
        evaluate(body, types, result, arguments, firstConstant);
    if (y)
      return *y;
    ADD_FAILURE() << llvm::toString(y.takeError());
    return Tensor();
  }

  std::string errorOf(llvm::StringRef body, llvm::ArrayRef<std::string> types,
                      llvm::StringRef result, llvm::ArrayRef<Tensor> arguments,
                      size_t firstConstant = 1) {
    llvm::Expected<Tensor> y =
        evaluate(body, types, result, arguments, firstConstant);
    return y ? "no error" : llvm::toString(y.takeError());
  }

  mlir::MLIRContext context;
  std::unique_ptr<Workspace> workspace;
  llvm::DenseMap<mlir::Value, Tensor> constants;
};

/// The values to be compared bit for bit with `expected`.
template <typename T>
void expectSame(const Tensor &y, llvm::ArrayRef<int64_t> shape,
                llvm::ArrayRef<T> expected) {
  ASSERT_EQ(y.dtype(), dtypeOf<T>());
  ASSERT_EQ(y.shape(), shape);
  for (size_t i = 0; i < expected.size(); ++i)
    ASSERT_EQ(y.values<T>()[i], expected[i]) << "element " << i;
}

/// A value in double with the sum of the magnitudes it was made of.
struct Exact {
  double value = 0, magnitude = 0;
  void add(double v) {
    value += v;
    magnitude += std::fabs(v);
  }
};

/// Within 1e-5 of the value, or of rounding errors of its parts.
inline void expectNear(const Tensor &y, llvm::ArrayRef<int64_t> shape,
                       llvm::ArrayRef<Exact> expected) {
  ASSERT_EQ(y.dtype(), DType::F32);
  ASSERT_EQ(y.shape(), shape);
  for (size_t i = 0; i < expected.size(); ++i)
    ASSERT_NEAR(y.values<float>()[i], expected[i].value,
                std::max(1e-5 * std::fabs(expected[i].value),
                         1e-6 * expected[i].magnitude))
        << "element " << i;
}

} // namespace hwq::runtime::test

#endif // HWQ_TEST_RUNTIME_FLOATTESTUTILS_H
