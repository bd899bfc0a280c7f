//===- IntegerTestUtils.h - Programs and references for the tests -*- C++ -*-=//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TEST_RUNTIME_INTEGERTESTUTILS_H
#define HWQ_TEST_RUNTIME_INTEGERTESTUTILS_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Runtime/EvaluatableOpInterface.h"
#include "hwq/Runtime/Evaluator.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"
#include <cstdio>
#include <cstdlib>
#include <random>

namespace hwq::test {

/// The seed of this run, printed once; HWQ_TEST_SEED repeats a run.
inline uint32_t testSeed() {
  static const uint32_t seed = [] {
    const char *text = std::getenv("HWQ_TEST_SEED");
    uint32_t s = text ? static_cast<uint32_t>(std::strtoul(text, nullptr, 10))
                      : std::random_device()();
    std::printf("HWQ_TEST_SEED=%u\n", s);
    std::fflush(stdout);
    return s;
  }();
  return seed;
}

class Random {
public:
  explicit Random(uint32_t salt) : engine(testSeed() ^ salt) {}
  int64_t operator()(int64_t lo, int64_t hi) {
    return std::uniform_int_distribution<int64_t>(lo, hi)(engine);
  }
  double real(double lo, double hi) {
    return std::uniform_real_distribution<double>(lo, hi)(engine);
  }
  bool coin() { return (*this)(0, 1) == 1; }

private:
  std::mt19937 engine;
};

class Program {
public:
  explicit Program(const std::string &text, bool withTosa = false) {
    mlir::DialectRegistry registry;
    registry.insert<hwq::QuantHWDialect, mlir::func::FuncDialect,
                    mlir::quant::QuantDialect, mlir::tosa::TosaDialect>();
    runtime::registerIntegerModels(registry);
    if (withTosa)
      runtime::registerTosaModels(registry);
    context.appendDialectRegistry(registry);
    handler = std::make_unique<mlir::ScopedDiagnosticHandler>(
        &context, [this](mlir::Diagnostic &d) {
          diagnostics += d.str() + "\n";
          return mlir::success();
        });
    module = mlir::parseSourceString<mlir::ModuleOp>(
        text, mlir::ParserConfig(&context));
    if (!module)
      std::fprintf(stderr, "%s\nin:\n%s\n", diagnostics.c_str(), text.c_str());
  }

  std::unique_ptr<runtime::Evaluator>
  evaluator(runtime::EvaluatorOptions options = {}) {
    if (!module)
      return nullptr;
    auto made = runtime::Evaluator::create(*module, options);
    if (mlir::failed(made))
      return nullptr;
    return std::move(*made);
  }

  mlir::MLIRContext context;
  std::unique_ptr<mlir::ScopedDiagnosticHandler> handler;
  std::string diagnostics;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// "dense<\"0x...\">" of raw values.
template <typename T> std::string hexDense(llvm::ArrayRef<T> values) {
  llvm::StringRef bytes(reinterpret_cast<const char *>(values.data()),
                        values.size() * sizeof(T));
  return "dense<\"0x" + llvm::toHex(bytes) + "\">";
}

template <typename T>
std::string joined(llvm::ArrayRef<T> values, const char *separator = ", ") {
  std::string text;
  for (size_t i = 0; i < values.size(); ++i) {
    char buffer[40];
    if constexpr (std::is_floating_point_v<T>)
      std::snprintf(buffer, sizeof(buffer), "%.17e",
                    static_cast<double>(values[i]));
    else
      std::snprintf(buffer, sizeof(buffer), "%lld",
                    static_cast<long long>(values[i]));
    text += (i ? separator : "") + std::string(buffer);
  }
  return text;
}

} // namespace hwq::test

#endif // HWQ_TEST_RUNTIME_INTEGERTESTUTILS_H
