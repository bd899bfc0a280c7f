//===- EvaluatorTest.cpp - Programs, threads, hooks, errors -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "IntegerTestUtils.h"
#include <atomic>
#include <cmath>
#include <map>
#include <mutex>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace hwq::runtime;
using namespace hwq::test;

namespace {

class MemoryDataset final : public Dataset {
public:
  explicit MemoryDataset(Tensor x) : x(std::move(x)) {}
  int64_t size() const override { return x.dim(0); }
  bool hasLabels() const override { return false; }
  int64_t label(int64_t) const override { return 0; }
  std::string whyNoLabels() const override { return "it has none"; }
  llvm::Error loadSamples(llvm::ArrayRef<int64_t> indices,
                          std::vector<Tensor> &inputs) const override {
    Tensor::Shape shape(x.shape());
    shape[0] = static_cast<int64_t>(indices.size());
    Tensor batch = Tensor::allocate(DType::F32, shape);
    int64_t row = x.numElements() / x.dim(0);
    for (auto [i, index] : llvm::enumerate(indices)) {
      if (index == badSample)
        return llvm::createStringError("sample " + llvm::Twine(index) +
                                       " is bad");
      std::copy_n(x.data<float>() + index * row, row,
                  batch.data<float>() + static_cast<int64_t>(i) * row);
    }
    inputs = {batch};
    return llvm::Error::success();
  }
  std::string sampleName(int64_t i) const override {
    return "sample " + std::to_string(i);
  }
  std::string describe() const override { return "memory"; }

  Tensor x;
  int64_t badSample = -1;
};

std::shared_ptr<MemoryDataset> makeData(int64_t n) {
  Random random(21);
  Tensor x = Tensor::allocate(DType::F32, {n, 9, 7, 5});
  for (float &v : x.mutableValues<float>())
    v = static_cast<float>(random.real(-3, 3));
  return std::make_shared<MemoryDataset>(x);
}

/// Quantize, a convolution with asymmetric weights, requantize by R2, add,
/// pool, dequantize; weights quantized from a float constant when built.
std::string network(const char *kernel = "r2") {
  Random random(22);
  std::vector<float> w(12 * 3 * 3 * 5);
  for (float &v : w)
    v = static_cast<float>(random.real(-0.7, 1.0));
  std::string requant = std::string("#quant_hw.requant<kernel = ") + kernel;
  if (std::string(kernel) == "real")
    requant += ", quantize_form = q5, scales = [0.0078125]";
  else
    requant += ", scales = [0.0078125], multipliers = "
               "[1073741824], shifts = [37]";
  requant += ", zero_point = 17, lo = 0, hi = 255>";
  std::string qw = "tensor<12x3x3x5x!quant.uniform<u8:f32, 0.0066:106>>";
  std::string qx = "tensor<?x9x7x5x!quant.uniform<u8:f32, 0.025:120>>";
  std::string qy = "tensor<?x5x4x12x!quant.uniform<u8:f32, 0.0211:17>>";
  std::string qp = "tensor<?x1x1x12x!quant.uniform<u8:f32, 0.0211:17>>";
  return "func.func @main(%x: tensor<?x9x7x5xf32> {quant_hw.name = \"in\"}) -> "
         "(tensor<?x1x1x12xf32> {quant_hw.name = \"out\"}) {\n"
         "%fw = \"tosa.const\"() <{values = " +
         hexDense<float>(w) +
         " : tensor<12x3x3x5xf32>}> : () -> tensor<12x3x3x5xf32>\n"
         "%w = quant_hw.quantize %fw form <q5> {quant_hw.name = \"weights\"} : "
         "tensor<12x3x3x5xf32> -> " +
         qw +
         "\n"
         "%o = quant_hw.observe \"seen\" %x : tensor<?x9x7x5xf32>\n"
         "%q = quant_hw.quantize %o form <q5> {quant_hw.name = \"q\"} : "
         "tensor<?x9x7x5xf32> -> " +
         qx +
         "\n"
         "%a = quant_hw.conv2d %q, %w {quant_hw.name = \"acc\", pad = "
         "array<i64: 1, 1, 1, 1>, stride = array<i64: 2, 2>, dilation = "
         "array<i64: 1, 1>, groups = 1 : i64} : (" +
         qx + ", " + qw +
         ") -> tensor<?x5x4x12xi32>\n"
         "%y = quant_hw.requantize %a {quant_hw.name = \"y\", requant = " +
         requant + "} : tensor<?x5x4x12xi32> -> " + qy +
         "\n"
         "%p = quant_hw.avg_pool2d %y {quant_hw.name = \"pool\", kernel = "
         "array<i64: 5, 4>, stride = array<i64: 1, 1>, pad = array<i64: 0, 0, "
         "0, 0>, quantize_form = #quant_hw.quantize_form<q5>, clamp = "
         "array<i64: 0, 255>} : " +
         qy + " -> " + qp +
         "\n"
         "%f = quant_hw.dequantize %p : " +
         qp +
         " -> tensor<?x1x1x12xf32>\n"
         "return %f : tensor<?x1x1x12xf32>\n}\n";
}

TEST(Workspace, OnlyWhatNobodyElseHasIsWrittenOver) {
  auto workspace = createWorkspace();
  Tensor a = workspace->allocate(DType::F32, {4, 2});
  EXPECT_EQ(workspace->allocateOver(a).raw(), a.raw());
  {
    Tensor alias = a;
    EXPECT_NE(workspace->allocateOver(a).raw(), a.raw());
  }
  {
    Tensor row = a.slice0(1, 2);
    EXPECT_NE(workspace->allocateOver(a).raw(), a.raw());
    EXPECT_NE(workspace->allocateOver(row).raw(), row.raw());
  }
  Tensor foreign = Tensor::allocate(DType::F32, {4, 2});
  Tensor y = workspace->allocateOver(foreign);
  EXPECT_NE(y.raw(), foreign.raw());
  EXPECT_EQ(y.shape(), foreign.shape());
}

// Clamps write over their operand where nobody reads it any more.
TEST(Evaluator, ValuesThatAreReadLaterStay) {
  Program program(
      "func.func @main(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {\n"
      "%a = tosa.add %x, %x : (tensor<?x3xf32>, tensor<?x3xf32>) -> "
      "tensor<?x3xf32>\n"
      "%b = tosa.clamp %a {min_val = 0.0 : f32, max_val = 6.0 : f32} : "
      "(tensor<?x3xf32>) -> tensor<?x3xf32>\n"
      "%c = tosa.clamp %b {min_val = 1.0 : f32, max_val = 6.0 : f32} : "
      "(tensor<?x3xf32>) -> tensor<?x3xf32>\n"
      "%y = tosa.sub %c, %a : (tensor<?x3xf32>, tensor<?x3xf32>) -> "
      "tensor<?x3xf32>\n"
      "return %y : tensor<?x3xf32>\n}\n",
      /*withTosa=*/true);
  auto evaluator = program.evaluator({1, 0});
  ASSERT_TRUE(evaluator) << program.diagnostics;
  Tensor x = Tensor::fromValues<float>({-2, 0, 0.25f, 2, 3.5f, -1}, {2, 3});
  for (int round = 0; round < 2; ++round) {
    auto results = evaluator->runBatch({x});
    ASSERT_TRUE(bool(results)) << llvm::toString(results.takeError());
    EXPECT_EQ((*results)[0].values<float>().vec(),
              (std::vector<float>{5, 1, 0.5f, 0, -1, 3}));
    EXPECT_EQ(x.values<float>().vec(),
              (std::vector<float>{-2, 0, 0.25f, 2, 3.5f, -1}));
  }
}

std::vector<float> runAll(const std::string &text, const Dataset &data,
                          unsigned threads, int64_t batch) {
  Program program(text);
  auto evaluator = program.evaluator({threads, batch});
  EXPECT_TRUE(evaluator) << program.diagnostics;
  if (!evaluator)
    return {};
  EXPECT_EQ(evaluator->threads(), threads);
  std::vector<float> all(data.size() * 12, -1.0f);
  Evaluator::Hooks hooks;
  hooks.output = [&](unsigned worker, int64_t first,
                     llvm::ArrayRef<Tensor> outputs) -> llvm::Error {
    EXPECT_LT(worker, threads);
    llvm::ArrayRef<float> values = outputs[0].values<float>();
    std::copy(values.begin(), values.end(), all.begin() + first * 12);
    return llvm::Error::success();
  };
  std::atomic<int64_t> lastDone{0};
  hooks.progress = [&](int64_t done, int64_t total) {
    EXPECT_GT(done, lastDone);
    EXPECT_EQ(total, data.size());
    lastDone = done;
  };
  llvm::Error error = evaluator->run(data, hooks);
  EXPECT_FALSE(static_cast<bool>(error)) << llvm::toString(std::move(error));
  EXPECT_EQ(lastDone, data.size());
  return all;
}

TEST(Evaluator, SameResultsForAnyThreadsAndBatch) {
  auto data = makeData(37);
  for (const char *kernel : {"r2", "real"}) {
    std::string text = network(kernel);
    std::vector<float> one = runAll(text, *data, 1, 1);
    EXPECT_GT(std::set<float>(one.begin(), one.end()).size(), 5u);
    for (unsigned threads : {1, 2, 5})
      for (int64_t batch : {0, 1, 4, 100})
        EXPECT_EQ(runAll(text, *data, threads, batch), one)
            << threads << " threads, batch " << batch;
  }
}

TEST(Evaluator, NamesInProgramOrder) {
  Program program(network());
  auto evaluator = program.evaluator({1, 0});
  ASSERT_TRUE(evaluator) << program.diagnostics;
  std::vector<std::string> names;
  for (const NamedValue &value : evaluator->namedValues())
    names.push_back(value.name);
  // The weights depend on no input.
  EXPECT_EQ(names,
            (std::vector<std::string>{"in", "seen", "q", "acc", "y", "pool"}));
  ASSERT_EQ(evaluator->inputs().size(), 1u);
  EXPECT_EQ(evaluator->inputs()[0].name, "in");
  EXPECT_EQ(evaluator->inputs()[0].shape[0], -1);
  EXPECT_EQ(evaluator->outputNames()[0], "out");
}

TEST(Evaluator, HooksSeeAndReplaceValues) {
  auto data = makeData(6);
  Program program(network());
  auto evaluator = program.evaluator({2, 4});
  ASSERT_TRUE(evaluator) << program.diagnostics;
  std::mutex mutex;
  std::map<std::string, int64_t> seen;
  Evaluator::Hooks hooks;
  hooks.value = [&](unsigned, size_t index, int64_t first,
                    Tensor &tensor) -> llvm::Error {
    std::lock_guard<std::mutex> lock(mutex);
    const std::string &name = evaluator->namedValues()[index].name;
    seen[name] += tensor.dim(0);
    EXPECT_TRUE(first == 0 || first == 4);
    if (name == "y") {
      Tensor constant = Tensor::allocate(DType::U8, tensor.shape());
      for (uint8_t &v : constant.mutableValues<uint8_t>())
        v = 42;
      tensor = constant;
    }
    return llvm::Error::success();
  };
  hooks.output = [&](unsigned, int64_t,
                     llvm::ArrayRef<Tensor> outputs) -> llvm::Error {
    for (float v : outputs[0].values<float>())
      EXPECT_EQ(v, 0.0211f * 25.0f);
    return llvm::Error::success();
  };
  llvm::Error error = evaluator->run(*data, hooks);
  EXPECT_FALSE(static_cast<bool>(error)) << llvm::toString(std::move(error));
  EXPECT_EQ(seen.size(), 6u);
  for (auto &[name, count] : seen)
    EXPECT_EQ(count, 6) << name;

  hooks.value = [&](unsigned, size_t, int64_t, Tensor &tensor) -> llvm::Error {
    tensor = Tensor::zeros(DType::F32, {1});
    return llvm::Error::success();
  };
  EXPECT_NE(llvm::toString(evaluator->run(*data, hooks))
                .find("expected the replacement of 'in' to be f32"),
            std::string::npos);
}

// Whatever the axes are, a hook gets one row per sample.
TEST(Evaluator, HooksSeeOneRowPerSample) {
  auto program = [](const std::string &name, const std::string &op,
                    const std::string &type) {
    return "func.func @main(%x: tensor<?x9x7x5xf32>) -> tensor<?x9x7x5xf32> {\n"
           "%s = tosa.const_shape {values = dense<[-1, 35]> : "
           "tensor<2xindex>} : () -> !tosa.shape<2>\n"
           "%t = tosa.const_shape {values = dense<[1, -1, 35]> : "
           "tensor<3xindex>} : () -> !tosa.shape<3>\n"
           "%u = tosa.const_shape {values = dense<[-1, 9, 7, 5]> : "
           "tensor<4xindex>} : () -> !tosa.shape<4>\n"
           "%v = " +
           op + " {quant_hw.name = \"" + name +
           "\"} : (tensor<?x9x7x5xf32>, !tosa.shape<" +
           (name == "rows" ? "2" : "3") + ">) -> " + type +
           "\n%y = tosa.reshape %v, %u : (" + type +
           ", !tosa.shape<4>) -> tensor<?x9x7x5xf32>\n"
           "return %y : tensor<?x9x7x5xf32>\n}\n";
  };
  auto shapeSeen = [](const std::string &text, int64_t batch) {
    auto data = makeData(6);
    Program program(text, /*withTosa=*/true);
    auto evaluator = program.evaluator({1, batch});
    EXPECT_TRUE(evaluator) << program.diagnostics;
    std::set<std::string> shapes;
    if (!evaluator)
      return shapes;
    Evaluator::Hooks hooks;
    hooks.value = [&](unsigned, size_t, int64_t first,
                      Tensor &tensor) -> llvm::Error {
      shapes.insert(shapeToString(tensor.shape()));
      const float *sample = data->x.data<float>() + first * 9 * 7 * 5;
      EXPECT_EQ(tensor.values<float>().vec(),
                std::vector<float>(sample, sample + tensor.numElements()));
      return llvm::Error::success();
    };
    llvm::Error error = evaluator->run(*data, hooks);
    EXPECT_FALSE(static_cast<bool>(error)) << llvm::toString(std::move(error));
    return shapes;
  };
  using Shapes = std::set<std::string>;
  std::string rows = program("rows", "tosa.reshape %x, %s", "tensor<?x35xf32>");
  EXPECT_EQ(shapeSeen(rows, 3), Shapes{"[3,9,35]"});
  EXPECT_EQ(shapeSeen(rows, 1), Shapes{"[1,9,35]"});
  std::string leading =
      program("leading", "tosa.reshape %x, %t", "tensor<1x?x35xf32>");
  EXPECT_EQ(shapeSeen(leading, 3), Shapes{"[3,9,35]"});
}

// The batch is the second dimension of a named value: one sample at a time.
TEST(Evaluator, HooksOfValuesWithTheBatchInside) {
  auto data = makeData(3);
  Program program(
      "func.func @main(%x: tensor<?x9x7x5xf32>) -> tensor<?x9x7x5xf32> {\n"
      "%v = tosa.transpose %x {perms = array<i32: 1, 0, 2, 3>, quant_hw.name = "
      "\"swapped\"} : (tensor<?x9x7x5xf32>) -> tensor<9x?x7x5xf32>\n"
      "%y = tosa.transpose %v {perms = array<i32: 1, 0, 2, 3>} : "
      "(tensor<9x?x7x5xf32>) -> tensor<?x9x7x5xf32>\n"
      "return %y : tensor<?x9x7x5xf32>\n}\n",
      /*withTosa=*/true);
  auto evaluator = program.evaluator({1, 3});
  ASSERT_TRUE(evaluator) << program.diagnostics;
  Evaluator::Hooks hooks;
  int64_t samples = 0;
  hooks.value = [&](unsigned, size_t, int64_t, Tensor &tensor) -> llvm::Error {
    EXPECT_EQ(shapeToString(tensor.shape()), "[1,9,1,7,5]");
    ++samples;
    return llvm::Error::success();
  };
  llvm::Error error = evaluator->run(*data, hooks);
  EXPECT_FALSE(static_cast<bool>(error)) << llvm::toString(std::move(error));
  EXPECT_EQ(samples, 3);
}

// 1 / 128 of an integer is exact in f64: the integers follow from the values.
TEST(Evaluator, ValuesBeforeRounding) {
  auto data = makeData(5);
  for (const char *kernel : {"real", "r2"}) {
    Program program(network(kernel));
    auto evaluator = program.evaluator({1, 2});
    ASSERT_TRUE(evaluator) << program.diagnostics;
    std::map<std::string, int64_t> seen;
    Tensor acc;
    Evaluator::Hooks hooks;
    hooks.value = [&](unsigned, size_t index, int64_t,
                      Tensor &tensor) -> llvm::Error {
      if (evaluator->namedValues()[index].name == "acc")
        acc = tensor.clone();
      return llvm::Error::success();
    };
    hooks.unrounded = [&](unsigned, size_t index, int64_t, const Tensor &tensor,
                          const Tensor &unrounded) -> llvm::Error {
      const std::string &name = evaluator->namedValues()[index].name;
      ++seen[name];
      EXPECT_EQ(unrounded.dtype(), DType::F64);
      EXPECT_EQ(unrounded.shape(), tensor.shape());
      for (int64_t i = 0; i < tensor.numElements(); ++i) {
        double v = unrounded.data<double>()[i];
        if (name == "y") {
          EXPECT_EQ(v, acc.data<int32_t>()[i] / 128.0 + 17);
        }
        double nearest = std::min(255.0, std::max(0.0, std::floor(v + 0.5)));
        EXPECT_EQ(tensor.data<uint8_t>()[i], nearest);
      }
      return llvm::Error::success();
    };
    llvm::Error error = evaluator->run(*data, hooks);
    EXPECT_FALSE(static_cast<bool>(error)) << llvm::toString(std::move(error));
    EXPECT_EQ(seen["pool"], 3);
    EXPECT_EQ(seen["y"], std::string(kernel) == "real" ? 3 : 0);
    EXPECT_EQ(seen["acc"] + seen["q"] + seen["in"] + seen["seen"], 0);
  }
}

TEST(Evaluator, ErrorOfTheLowestSample) {
  auto data = makeData(40);
  Program program(network());
  for (unsigned threads : {1, 2, 5}) {
    auto evaluator = program.evaluator({threads, 3});
    ASSERT_TRUE(evaluator);
    for (int repeat = 0; repeat < 20; ++repeat) {
      Evaluator::Hooks hooks;
      hooks.output = [](unsigned, int64_t first,
                        llvm::ArrayRef<Tensor>) -> llvm::Error {
        if (first < 12)
          return llvm::Error::success();
        // Later ones fail earlier in time.
        std::this_thread::sleep_for(
            std::chrono::microseconds(first == 12 ? 300 : 0));
        return llvm::createStringError("bad " + llvm::Twine(first));
      };
      EXPECT_EQ(llvm::toString(evaluator->run(*data, hooks)), "bad 12");
    }
    data->badSample = 7;
    EXPECT_EQ(llvm::toString(evaluator->run(*data, {})), "sample 7 is bad");
    data->badSample = -1;
    // And it runs again after an error.
    llvm::Error error = evaluator->run(*data, {});
    EXPECT_FALSE(static_cast<bool>(error)) << llvm::toString(std::move(error));
  }
}

void expectDiagnostic(const std::string &text, const std::string &expected) {
  Program program(text);
  ASSERT_TRUE(program.module);
  EXPECT_FALSE(program.evaluator());
  EXPECT_NE(program.diagnostics.find(expected), std::string::npos)
      << program.diagnostics;
}

TEST(Evaluator, Diagnostics) {
  const std::string identity =
      "(%x: tensor<?x4xf32>) -> tensor<?x4xf32> { return %x : tensor<?x4xf32> "
      "}\n";
  expectDiagnostic("func.func @main(%x: tensor<?x4xf32>) -> tensor<?x4xf32> {\n"
                   "%y = tosa.abs %x : (tensor<?x4xf32>) -> tensor<?x4xf32>\n"
                   "return %y : tensor<?x4xf32> }\n",
                   "no evaluation is known for 'tosa.abs'");
  expectDiagnostic("", "got 0 functions");
  expectDiagnostic("func.func @a" + identity + "func.func @b" + identity,
                   "got 2 functions");
  expectDiagnostic("func.func @main(%x: index) -> index { return %x : index }",
                   "expected argument 0 to be a tensor");
  Program two("func.func @a" + identity + "func.func @main" + identity);
  EXPECT_TRUE(two.evaluator()) << two.diagnostics;
  Program one("func.func @a" + identity);
  EXPECT_TRUE(one.evaluator()) << one.diagnostics;
}

TEST(Evaluator, RefusesWrongInputs) {
  Program program(network());
  auto evaluator = program.evaluator({1, 0});
  ASSERT_TRUE(evaluator);
  auto message = [&](llvm::ArrayRef<Tensor> inputs) {
    auto results = evaluator->runBatch(inputs);
    return results ? std::string() : llvm::toString(results.takeError());
  };
  EXPECT_EQ(message({}), "expected 1 inputs, got 0");
  EXPECT_EQ(message({Tensor::zeros(DType::F32, {2, 9, 7, 4})}),
            "expected shape [?,9,7,5] for input 'in', got [2,9,7,4]");
  EXPECT_EQ(message({Tensor::zeros(DType::U8, {2, 9, 7, 5})}),
            "expected f32 elements for input 'in', got u8");
  EXPECT_EQ(message({Tensor()}),
            "expected shape [?,9,7,5] for input 'in', got [0]");
  EXPECT_EQ(message({Tensor::zeros(DType::F32, {2, 9, 7, 5})}), "");
}

// oneDNN reads DNNL_MAX_CPU_ISA once: a process for every level. Each runs the
// tests of this program that compare integers with their definition, with the
// same seed.
TEST(Evaluator, SameIntegersOnEveryIsa) {
  if (std::getenv("HWQ_TEST_CHILD"))
    GTEST_SKIP() << "already a child";
  for (const char *isa : {"SSE41", "AVX2", "AVX512_CORE", "AVX512_CORE_VNNI"}) {
    pid_t pid = fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      setenv("DNNL_MAX_CPU_ISA", isa, 1);
      setenv("HWQ_TEST_CHILD", "1", 1);
      setenv("HWQ_TEST_SEED", std::to_string(testSeed()).c_str(), 1);
      execl("/proc/self/exe", "HWQRuntimeTests", "--gtest_brief=1",
            "--gtest_filter=IntegerOps.*:IntegerDot.*:All/DotPaths.*:"
            "Evaluator.SameResults*",
            static_cast<char *>(nullptr));
      _exit(127);
    }
    int status = 0;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0)
        << isa << ": status " << status;
  }
}

} // namespace
