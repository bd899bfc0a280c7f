//===- DeriveGoldenTest.cpp - Parameters and codes of real engines --------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Golden.h"
#include "hwq/Numerics/Derive.h"
#include "hwq/Numerics/Quantize.h"

using namespace hwq::numerics;
using namespace hwq::test;

// PyTorch's MinMaxObserver for twelve ranges and six schemes.
TEST(DeriveRecording, TorchObservers) {
  HWQ_NEEDS_GOLDEN("fbgemm");
  llvm::json::Value json = readJSON(goldenFolder("fbgemm") + "observers.json");
  const llvm::json::Array *entries = json.getAsArray();
  ASSERT_TRUE(entries);
  EXPECT_EQ(entries->size(), 72u);
  for (const llvm::json::Value &value : *entries) {
    const llvm::json::Object &entry = *value.getAsObject();
    std::string scheme = entry.getString("obs")->str();
    Range range{number(entry, "a"), number(entry, "b")};
    SCOPED_TRACE(testing::Message()
                 << scheme << " [" << range.min << ", " << range.max << "]");
    DeriveOptions options;
    options.storage = scheme[0] == 'u' ? Storage::U8 : Storage::I8;
    if (scheme.find("sym") != std::string::npos)
      options.symmetry = Symmetry::Symmetric;
    if (scheme.find("reduce_range") != std::string::npos)
      options.bits = 7;
    Result<Derived> d = deriveParams(DerivationRule::PTorch, range, options);
    ASSERT_TRUE(static_cast<bool>(d)) << d.error();
    EXPECT_EQ(d->params.scale, number(entry, "scale"));
    EXPECT_EQ(d->params.zeroPoint, integer(entry, "zp"));
  }
}

// FBGEMM's quantize: form Q1.
TEST(DeriveRecording, FbgemmQuantize) {
  HWQ_NEEDS_GOLDEN("fbgemm");
  for (const std::string &name :
       recordings(goldenFolder("fbgemm"), "quantize_")) {
    SCOPED_TRACE(name);
    llvm::json::Value json = readJSON(name + ".json");
    const llvm::json::Object *o = json.getAsObject();
    ASSERT_TRUE(o);
    QuantParams params{number(*o, "s"), integer(*o, "z"), {0, 255}};
    Recording arrays(name + ".npz");
    std::vector<float> x = arrays.get("x").reals;
    std::vector<int32_t> y = arrays.get("y").codes;
    ASSERT_FALSE(x.empty());
    std::vector<uint8_t> q(x.size());
    quantizeArray(QuantizeForm::Q1, x.data(), x.size(), params, q.data());
    EXPECT_EQ(std::vector<int32_t>(q.begin(), q.end()), y);
  }
}

// TPU-MLIR's activations: scale and zero point from the calibration table's
// threshold (symmetric) or minimum and maximum (asymmetric).
TEST(DeriveRecording, TpuMlirActivations) {
  HWQ_NEEDS_GOLDEN("tpumlir");
  for (const std::string &name :
       recordings(goldenFolder("tpumlir"), "tpumlir_")) {
    SCOPED_TRACE(name);
    bool asymmetric = name.find("_asym_") != std::string::npos;
    llvm::json::Value json = readJSON(name + ".json");
    ASSERT_TRUE(json.getAsObject());
    const llvm::json::Array *ops = json.getAsObject()->getArray("ops");
    ASSERT_TRUE(ops);
    int count = 0;
    for (const llvm::json::Value &op : *ops) {
      const llvm::json::Object *out = op.getAsObject()->getObject("out");
      const llvm::json::Array *table = op.getAsObject()->getArray("out_cali");
      if (!out || !table || !out->getNumber("scale"))
        continue;
      ++count;
      double threshold = *(*table)[0].getAsNumber();
      double min = *(*table)[1].getAsNumber();
      DeriveOptions options;
      options.storage =
          out->getString("type") == "u8" ? Storage::U8 : Storage::I8;
      Range range{min, *(*table)[2].getAsNumber()};
      if (!asymmetric) {
        options.symmetry = options.storage == Storage::U8
                               ? Symmetry::UnsignedSymmetric
                               : Symmetry::Symmetric;
        range = {min >= 0 ? 0 : -threshold, threshold};
      }
      Result<Derived> d = deriveParams(DerivationRule::PTpu, range, options);
      ASSERT_TRUE(static_cast<bool>(d)) << d.error();
      EXPECT_EQ(d->params.scale, number(*out, "scale"));
      EXPECT_EQ(d->params.zeroPoint, integer(*out, "zp"));
    }
    EXPECT_GE(count, 30);
  }
}
