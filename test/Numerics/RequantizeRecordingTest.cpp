//===- RequantizeRecordingTest.cpp - Kernels against real engines ---------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Accumulators and outputs of LiteRT 2.3.0, PyTorch 2.15 (fbgemm) and a fork of
// TVM 0.16, multipliers and shifts of TPU-MLIR 1.30.2, bit for bit. Skipped
// where the recordings are not.
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Requantize.h"
#include "hwq/Runtime/NpyFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

#include <cmath>
#include <cstdlib>

using namespace hwq;
using namespace hwq::numerics;

namespace {

std::string goldenFolder() {
  if (const char *shared = std::getenv("HWQ_SHARED"))
    return std::string(shared) + "/golden";
  return std::string(HWQ_SOURCE_DIR) + "/../shared/golden";
}

class Recording : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    if (!llvm::sys::fs::is_directory(goldenFolder()))
      GTEST_SKIP() << "no recordings in " << goldenFolder();
  }
};

llvm::json::Value readJson(const std::string &name) {
  auto buffer = llvm::MemoryBuffer::getFile(goldenFolder() + "/" + name);
  if (!buffer) {
    ADD_FAILURE() << name << ": " << buffer.getError().message();
    return nullptr;
  }
  llvm::Expected<llvm::json::Value> value =
      llvm::json::parse((*buffer)->getBuffer());
  if (!value) {
    ADD_FAILURE() << name << ": " << llvm::toString(value.takeError());
    return nullptr;
  }
  return std::move(*value);
}

class Arrays {
public:
  explicit Arrays(const std::string &name) {
    llvm::Expected<runtime::NpzReader> opened =
        runtime::NpzReader::open(goldenFolder() + "/" + name);
    if (opened)
      reader.emplace(std::move(*opened));
    else
      ADD_FAILURE() << llvm::toString(opened.takeError());
  }
  bool contains(const std::string &name) const {
    return reader && reader->contains(name);
  }
  size_t batch(const std::string &name) const {
    llvm::Expected<runtime::Tensor> t = reader->read(name);
    if (t)
      return static_cast<size_t>(t->dim(0));
    ADD_FAILURE() << llvm::toString(t.takeError());
    return 1;
  }
  /// The values of any integer or f32 array.
  template <class T> std::vector<T> read(const std::string &name) const {
    if (!reader)
      return {};
    llvm::Expected<runtime::Tensor> t = reader->read(name);
    if (!t) {
      ADD_FAILURE() << llvm::toString(t.takeError());
      return {};
    }
    auto copy = [&](auto zero) {
      auto values = t->values<decltype(zero)>();
      return std::vector<T>(values.begin(), values.end());
    };
    switch (t->dtype()) {
    case runtime::DType::I8:
      return copy(int8_t());
    case runtime::DType::U8:
      return copy(uint8_t());
    case runtime::DType::I32:
      return copy(int32_t());
    case runtime::DType::F32:
      return copy(float());
    default:
      ADD_FAILURE() << name << ": unexpected type";
      return {};
    }
  }

private:
  std::optional<runtime::NpzReader> reader;
};

double number(const llvm::json::Object &object, llvm::StringRef key) {
  std::optional<double> value = object.getNumber(key);
  EXPECT_TRUE(value.has_value()) << key.str();
  return value.value_or(0);
}

/// Parameters of a kernel for one scale triple per channel.
RequantizeParams make(RequantizeKernel kernel, double sx,
                      const std::vector<float> &sw, double sy) {
  RequantizeParams p;
  p.kernel = kernel;
  for (float w : sw) {
    double scale = combineScales(kernel, sx, double(w), sy);
    if (isFloatKernel(kernel))
      p.scales.push_back(scale);
    else
      p.multipliers.push_back(*chooseMultiplier(kernel, scale));
  }
  return p;
}

/// How many outputs differ, channel innermost; by the array form, and by the
/// scalar one.
template <class T>
int mismatches(const RequantizeParams &p, size_t channels,
               const std::vector<int32_t> &acc, const std::vector<T> &out) {
  EXPECT_EQ(checkRequantize(p, channels), "");
  EXPECT_EQ(acc.size(), out.size());
  std::vector<T> got(acc.size());
  PreparedRequantize(p, channels)
      .run(acc.data(), got.data(), acc.size() / channels);
  int count = 0;
  for (size_t i = 0; i < acc.size(); ++i)
    count += got[i] != out[i] ||
             requantize(p, i % channels, acc[i]) != int64_t(out[i]);
  return count;
}

} // namespace

//===----------------------------------------------------------------------===//
// LiteRT
//===----------------------------------------------------------------------===//

TEST_P(Recording, LiteRTAccumulators) {
  std::string op = GetParam();
  llvm::json::Value index = readJson("tflite/index.json");
  const llvm::json::Object *cases = index.getAsObject()->getObject(op);
  ASSERT_TRUE(cases);
  Arrays arrays("tflite/" + op + ".npz");
  bool dense = op == "fully_connected";
  size_t outputs = 0;
  int otherKernelDiffers = 0;
  for (auto &entry : *cases) {
    std::string c = "c" + entry.first.str() + "_";
    SCOPED_TRACE(op + " " + c);
    const llvm::json::Object &info = *entry.second.getAsObject();
    std::vector<float> sw = arrays.read<float>(c + "sw");
    std::vector<int32_t> acc = arrays.read<int32_t>(c + "acc");
    size_t channels = arrays.read<int32_t>(c + "b").size();
    double sx = number(info, "sx"), sy = number(info, "sy");
    auto run = [&](RequantizeKernel kernel, const char *engine) {
      RequantizeParams p = make(kernel, sx, sw, sy);
      p.zeroPoint = static_cast<int64_t>(number(info, "zy"));
      const llvm::json::Array &clamp = *info.getArray("clamp");
      p.lo = *clamp[0].getAsInteger();
      p.hi = *clamp[1].getAsInteger();
      return mismatches(p, channels, acc,
                        arrays.read<int8_t>(c + "out_" + engine));
    };
    EXPECT_EQ(run(dense ? RequantizeKernel::R12 : RequantizeKernel::R1, "ref"),
              0);
    // Small depthwise shapes use the reference arithmetic.
    int opt = run(RequantizeKernel::R11, "opt");
    if (op == "depthwise" && opt != 0)
      opt = run(RequantizeKernel::R1, "opt");
    EXPECT_EQ(opt, 0);
    EXPECT_EQ(run(RequantizeKernel::R4, "default"), 0);
    otherKernelDiffers += run(RequantizeKernel::R2, "default");
    outputs += acc.size();
  }
  EXPECT_GT(outputs, 200u);
  // The recordings can tell kernels apart.
  EXPECT_GT(otherKernelDiffers, 0);
}
INSTANTIATE_TEST_SUITE_P(LiteRT, Recording,
                         testing::Values("conv2d", "depthwise",
                                         "fully_connected"),
                         [](const auto &info) {
                           return std::string(info.param);
                         });

class Recordings : public Recording {};
INSTANTIATE_TEST_SUITE_P(All, Recordings, testing::Values(""),
                         [](const auto &) { return std::string("golden"); });

// int8 -> int8: R1 with the input zero point first; XNNPACK's 8.8 multiplier.
TEST_P(Recordings, LiteRTRequantize) {
  llvm::json::Value index = readJson("tflite/index.json");
  Arrays arrays("tflite/requantize.npz");
  const llvm::json::Object *cases =
      index.getAsObject()->getObject("requantize");
  ASSERT_TRUE(cases && !cases->empty());
  for (auto &entry : *cases) {
    std::string c = "c" + entry.first.str() + "_";
    SCOPED_TRACE(c);
    const llvm::json::Object &info = *entry.second.getAsObject();
    std::vector<int32_t> in = arrays.read<int32_t>(c + "in0");
    double scale = number(info, "s") / number(info, "so");
    RequantizeParams p;
    p.inputZeroPoint = static_cast<int32_t>(number(info, "z"));
    p.zeroPoint = static_cast<int64_t>(number(info, "zo"));
    p.lo = -128;
    p.hi = 127;
    p.kernel = RequantizeKernel::R1;
    p.multipliers = {*chooseMultiplier(p.kernel, scale)};
    EXPECT_EQ(mismatches(p, 1, in, arrays.read<int8_t>(c + "out_ref")), 0);
    p.kernel = RequantizeKernel::R7;
    p.multipliers = {*chooseMultiplier(
        MultiplierRule::Fixed8_8,
        double(float(number(info, "s")) / float(number(info, "so"))))};
    EXPECT_EQ(mismatches(p, 1, in, arrays.read<int8_t>(c + "out_default")), 0);
  }
}

//===----------------------------------------------------------------------===//
// TVM
//===----------------------------------------------------------------------===//

TEST_P(Recordings, TVMRequantize) {
  for (bool upward : {true, false}) {
    Arrays arrays(std::string("tvm/requantize_") +
                  (upward ? "UPWARD" : "TONEAREST") + "_0.05_0.02.npz");
    std::vector<int32_t> x = arrays.read<int32_t>("x");
    std::vector<int32_t> y = arrays.read<int32_t>("y");
    float si = arrays.read<float>("si")[0], so = arrays.read<float>("so")[0];
    ASSERT_EQ(x.size(), 10000u);
    RequantizeParams p;
    p.kernel = upward ? RequantizeKernel::R2 : RequantizeKernel::R5;
    p.multipliers = {*chooseMultiplier(p.kernel, double(si) / double(so))};
    p.lo = INT32_MIN;
    p.hi = INT32_MAX;
    EXPECT_EQ(mismatches(p, 1, x, y), 0);
    p.multipliers[0].multiplier += 1 << 12; // 0.02 in 10 000
    EXPECT_GT(mismatches(p, 1, x, y), 0);
  }
}

//===----------------------------------------------------------------------===//
// PyTorch
//===----------------------------------------------------------------------===//

TEST_P(Recordings, FBGEMMAccumulators) {
  size_t outputs = 0;
  int files = 0, biased = 0;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(goldenFolder() + "/fbgemm", error),
       end;
       it != end && !error; it.increment(error)) {
    llvm::StringRef file = llvm::StringRef(it->path()).rsplit('/').second;
    if (!file.consume_back(".json") ||
        !(file.starts_with("conv2d_") || file.starts_with("linear_")))
      continue;
    SCOPED_TRACE(file.str());
    llvm::json::Value json = readJson("fbgemm/" + file.str() + ".json");
    const llvm::json::Object &info = *json.getAsObject();
    if (auto shape = info.getString("shape"))
      if (shape->contains("saturates")) // not the exact accumulators
        continue;
    Arrays arrays("fbgemm/" + file.str() + ".npz");
    std::vector<float> sw = arrays.read<float>("sw");
    size_t channels = sw.size();
    std::vector<int32_t> acc = arrays.read<int32_t>("acc");
    std::vector<uint8_t> y = arrays.read<uint8_t>("y");
    if (file.starts_with("conv2d_")) { // NCHW to NHWC
      size_t n = arrays.batch("acc");
      size_t area = acc.size() / n / channels;
      std::vector<int32_t> a(acc.size());
      std::vector<uint8_t> b(y.size());
      for (size_t i = 0; i < n; ++i)
        for (size_t c = 0; c < channels; ++c)
          for (size_t k = 0; k < area; ++k) {
            a[(i * area + k) * channels + c] =
                acc[(i * channels + c) * area + k];
            b[(i * area + k) * channels + c] = y[(i * channels + c) * area + k];
          }
      acc = a;
      y = b;
    }
    double sx = number(info, "sx"), sy = number(info, "sy");
    RequantizeParams p = make(RequantizeKernel::R4, sx, sw, sy);
    p.zeroPoint = static_cast<int64_t>(number(info, "zy"));
    p.lo = info.getBoolean("relu").value_or(false) ? p.zeroPoint : 0;
    p.hi = 255;
    if (arrays.contains("bias")) {
      std::vector<float> bias = arrays.read<float>("bias");
      bool perChannel = info.getBoolean("per_channel").value_or(false);
      for (size_t c = 0; c < channels; ++c) {
        float a = float(sx) * sw[c];
        p.bias.push_back(perChannel ? bias[c] / a : bias[c]);
        if (!perChannel)
          p.biasUnits.push_back(1 / a);
      }
      ++biased;
    }
    EXPECT_EQ(mismatches(p, channels, acc, y), 0);
    outputs += acc.size();
    ++files;
  }
  EXPECT_GT(files, 30);
  EXPECT_GT(biased, 15);
  EXPECT_GT(outputs, 100000u);
}

//===----------------------------------------------------------------------===//
// TPU-MLIR
//===----------------------------------------------------------------------===//

// Convolutions: s_w from max|w| in f32, the ratio in f32, then the search (BM)
// or the frexp form with coupled weights (CV18xx).
TEST_P(Recordings, TPUMLIRMultipliers) {
  for (const char *name : {"bm1684x_sym", "bm1684x_asym", "cv183x_sym"}) {
    SCOPED_TRACE(name);
    bool cv = llvm::StringRef(name).starts_with("cv");
    llvm::json::Value json =
        readJson(std::string("tpumlir/tpumlir_") + name + "_resnet20.json");
    int pairs = 0, wrong = 0;
    for (const llvm::json::Value &value :
         *json.getAsObject()->getArray("ops")) {
      const llvm::json::Object &op = *value.getAsObject();
      const llvm::json::Array *multipliers = op.getArray("multiplier");
      const llvm::json::Array *absMax = op.getArray("weight_absmax_f32");
      if (!multipliers || !absMax || absMax->size() != multipliers->size())
        continue;
      const llvm::json::Object &in = *(*op.getArray("in"))[0].getAsObject();
      double sx = number(in, "scale");
      double sy = number(*op.getObject("out"), "scale");
      const llvm::json::Array *bias = op.getArray("bias_f32_first8");
      // Filters of zeros and ones are kept as they are.
      bool exact = llvm::all_of(*absMax, [](const llvm::json::Value &v) {
        return *v.getAsNumber() == 0 || *v.getAsNumber() == 1;
      });
      for (size_t c = 0; c < multipliers->size(); ++c) {
        float most = static_cast<float>(*(*absMax)[c].getAsNumber());
        int64_t m = *(*multipliers)[c].getAsInteger();
        int64_t shift = *(*op.getArray("rshift"))[c].getAsInteger();
        Multiplier got;
        if (cv) {
          // The bias is known of the first eight channels only.
          if (!bias || c >= bias->size())
            continue;
          float scale = cv18xxScale(
              most, static_cast<float>(*(*bias)[c].getAsNumber()),
              static_cast<float>(sx * 127), static_cast<float>(sy * 127));
          got = *chooseMultiplier(MultiplierRule::CV18xx, double(scale));
          got.shift -= 31;
        } else {
          float sw = exact ? 1 : std::max(most / 127.f, 1e-5f);
          got = *chooseMultiplier(
              MultiplierRule::TPU32,
              combineScales(RequantizeKernel::R7, sx, double(sw), sy));
        }
        wrong += got.multiplier != m || got.shift != shift;
        ++pairs;
      }
    }
    EXPECT_EQ(wrong, 0) << "of " << pairs;
    EXPECT_GT(pairs, cv ? 100 : 500);
  }
}

// 8-bit multipliers: of each input of an add, and of a global average pool.
TEST_P(Recordings, TPUMLIRShortMultipliers) {
  for (const char *name : {"bm1684x_sym", "bm1684x_asym", "cv183x_sym"}) {
    SCOPED_TRACE(name);
    bool cv = llvm::StringRef(name).starts_with("cv");
    llvm::json::Value json =
        readJson(std::string("tpumlir/tpumlir_") + name + "_resnet20.json");
    int pairs = 0;
    for (const llvm::json::Value &value :
         *json.getAsObject()->getArray("ops")) {
      const llvm::json::Object &op = *value.getAsObject();
      bool pool = op.getString("op") == "tpu.Pool2D";
      bool add = op.getString("op") == "tpu.Add";
      const llvm::json::Array *m =
          op.getArray(pool ? "multiplier" : "multipliers");
      const llvm::json::Array *n = op.getArray(pool ? "rshift" : "rshifts");
      // CV18xx shares one shift between an add's inputs.
      if (!m || !n || !(pool || (add && !cv)))
        continue;
      double sy = number(*op.getObject("out"), "scale");
      for (size_t i = 0; i < m->size(); ++i) {
        double sx = number(*(*op.getArray("in"))[i].getAsObject(), "scale");
        Multiplier got = *chooseMultiplier(cv ? MultiplierRule::CV18xx8
                                              : MultiplierRule::TPU8,
                                           sx / sy / (pool ? 64 : 1));
        EXPECT_EQ(got.multiplier, *(*m)[i].getAsInteger())
            << op.getString("name")->str() << " " << i;
        EXPECT_EQ(got.shift, *(*n)[i].getAsInteger())
            << op.getString("name")->str() << " " << i;
        ++pairs;
      }
    }
    EXPECT_GE(pairs, cv ? 1 : 18);
  }
}
