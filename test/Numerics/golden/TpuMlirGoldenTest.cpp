//===- TpuMlirGoldenTest.cpp - Against the programs of TPU-MLIR -----------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Golden.h"
#include "hwq/Numerics/Add.h"
#include "hwq/Numerics/AvgPool.h"
#include "hwq/Numerics/Bias.h"
#include "hwq/Numerics/Epilogue.h"

#include <cmath>

using namespace hwq::numerics;
using namespace hwq::test;

namespace {

QuantParams paramsOf(const llvm::json::Object &o) {
  bool unsignedCodes = o.getString("type") == "u8";
  return {number(o, "scale"), integer(o, "zp"),
          unsignedCodes ? u8Grid : i8Grid};
}

std::vector<double> numbers(const llvm::json::Object &o, llvm::StringRef key) {
  std::vector<double> result;
  const llvm::json::Array *values = o.getArray(key);
  EXPECT_TRUE(values) << key.str();
  if (values)
    for (const llvm::json::Value &v : *values)
      result.push_back(v.getAsNumber().value_or(NAN));
  return result;
}

/// Multipliers and shifts as recorded.
std::vector<Multiplier> multipliers(const llvm::json::Object &o,
                                    llvm::StringRef m, llvm::StringRef n) {
  std::vector<double> values = numbers(o, m), shifts = numbers(o, n);
  std::vector<Multiplier> result;
  for (size_t i = 0; i < values.size(); ++i)
    result.push_back(
        {static_cast<int32_t>(values[i]),
         static_cast<int32_t>(shifts[shifts.size() == 1 ? 0 : i])});
  return result;
}

std::string text(Multiplier m) {
  return std::to_string(m.multiplier) + " >> " + std::to_string(m.shift);
}

void expectMultiplier(Multiplier got, Multiplier want) {
  EXPECT_EQ(text(got), text(want));
}

struct Counts {
  int convolutions = 0, matrices = 0, additions = 0, pools = 0;
};

const llvm::json::Object &operand(const llvm::json::Object &op, size_t i) {
  return *(*op.getArray("in"))[i].getAsObject();
}

/// One scale, or one per channel: max|w| / 127 in f32. A filter of exact
/// integers keeps the scale 1.
std::vector<double> weightScales(const llvm::json::Object &op) {
  std::vector<double> scales = numbers(op, "weight_absmax_f32");
  bool exact = std::all_of(scales.begin(), scales.end(), [](double m) {
    return m == std::floor(m) && m <= 127;
  });
  for (double &m : scales)
    m = exact ? 1 : std::max(static_cast<float>(m) / 127.0f, 1e-5f);
  return scales;
}

void checkDot(const llvm::json::Object &op, bool matrix) {
  EpilogueOptions options;
  options.kernel = matrix ? RequantizeKernel::R5 : RequantizeKernel::R7;
  options.multiplierRule = MultiplierRule::TPU32;
  QuantParams in = paramsOf(operand(op, 0)),
              out = paramsOf(*op.getObject("out"));
  std::vector<double> scales = weightScales(op);
  auto e = deriveEpilogue(options, in, scales, out, {});
  ASSERT_TRUE(bool(e)) << e.error();
  std::vector<Multiplier> want = matrix
                                     ? multipliers(op, "multipliers", "rshifts")
                                     : multipliers(op, "multiplier", "rshift");
  ASSERT_EQ(e->requantize.multipliers.size(), want.size());
  for (size_t i = 0; i < want.size(); ++i)
    expectMultiplier(e->requantize.multipliers[i], want[i]);

  // The first biases, with the input's zero point.
  if (!op.getArray("bias_q_first8"))
    return;
  std::vector<double> bias = numbers(op, "bias_f32_first8"),
                      sums = numbers(op, "weight_q_sum_per_ch"),
                      codes = numbers(op, "bias_q_first8");
  if (scales.size() > 1)
    scales.resize(bias.size());
  std::vector<int64_t> folded;
  for (size_t i = 0; i < bias.size(); ++i)
    folded.push_back(
        foldedZeroPoints(in.zeroPoint, 0, static_cast<int64_t>(sums[i]), 0));
  e = deriveEpilogue(options, in, scales, out, bias, folded);
  ASSERT_TRUE(bool(e)) << e.error();
  for (size_t i = 0; i < codes.size(); ++i)
    EXPECT_EQ(e->bias[i], codes[i]) << i;
}

/// The multiplier comes first; weights and bias follow from it.
void checkCoupledDot(const llvm::json::Object &op, bool matrix) {
  float x = static_cast<float>(number(operand(op, 0), "scale") * 127),
        y = static_cast<float>(number(*op.getObject("out"), "scale") * 127);
  std::vector<Multiplier> want = matrix
                                     ? multipliers(op, "multipliers", "rshifts")
                                     : multipliers(op, "multiplier", "rshift");
  std::vector<double> most = numbers(op, "weight_absmax_f32"), bias, codes;
  if (op.getArray("bias_q_first8")) {
    bias = numbers(op, "bias_f32_first8");
    codes = numbers(op, "bias_q_first8");
  }
  ASSERT_EQ(most.size(), want.size());
  for (size_t i = 0; i < most.size(); ++i) {
    // Only the first biases are recorded; no channel needs a larger scale for
    // its bias among those.
    float b = i < bias.size() && !matrix ? static_cast<float>(bias[i]) : 0;
    if (most[i] == 0 && b == 0) {
      EXPECT_EQ(want[i].multiplier, 0);
      continue;
    }
    auto m =
        chooseMultiplier(MultiplierRule::CV18xx,
                         cv18xxScale(static_cast<float>(most[i]), b, x, y));
    ASSERT_TRUE(bool(m)) << m.error();
    Multiplier recorded = want[i];
    recorded.shift += 31; // R1's
    expectMultiplier(*m, recorded);
  }
  for (size_t i = 0; i < codes.size(); ++i) {
    Multiplier m = want[want.size() == 1 ? 0 : i];
    m.shift += 31;
    EXPECT_EQ(cv18xxBias(static_cast<float>(bias[i]), y, m), codes[i]) << i;
  }
}

void checkAdd(const llvm::json::Object &op, bool cv18xx) {
  auto p =
      deriveAdd(cv18xx ? AddVariant::SophgoCv18xx : AddVariant::SophgoBm1684x,
                paramsOf(operand(op, 0)), paramsOf(operand(op, 1)),
                paramsOf(*op.getObject("out")));
  ASSERT_TRUE(bool(p)) << p.error();
  std::vector<Multiplier> want = multipliers(op, "multipliers", "rshifts");
  ASSERT_EQ(want.size(), 2u);
  Multiplier lhs = p->lhs, rhs = p->rhs;
  if (cv18xx)
    lhs.shift = rhs.shift = p->output.shift;
  expectMultiplier(lhs, want[0]);
  expectMultiplier(rhs, want[1]);
}

void checkPool(const llvm::json::Object &op, bool cv18xx) {
  QuantParams in = paramsOf(operand(op, 0)),
              out = paramsOf(*op.getObject("out"));
  bool asymmetric = op.get("offset") != nullptr;
  auto p = deriveAvgPool(cv18xx       ? AvgPoolVariant::SophgoCv18xx
                         : asymmetric ? AvgPoolVariant::SophgoBm1684xAsymmetric
                                      : AvgPoolVariant::SophgoBm1684x,
                         in, out, 8, 8);
  ASSERT_TRUE(bool(p)) << p.error();
  if (asymmetric) {
    EXPECT_EQ(p->factor, static_cast<float>(number(op, "scale")));
    EXPECT_EQ(p->offset, static_cast<float>(number(op, "offset")));
    return;
  }
  expectMultiplier(p->multiplier, multipliers(op, "multiplier", "rshift")[0]);
}

Counts checkProgram(const std::string &name, bool cv18xx) {
  Counts counts;
  llvm::json::Value value = readJSON(goldenFolder("tpumlir") + name);
  const llvm::json::Object *root = value.getAsObject();
  if (!root || !root->getArray("ops")) {
    ADD_FAILURE() << name;
    return counts;
  }
  for (const llvm::json::Value &v : *root->getArray("ops")) {
    const llvm::json::Object &op = *v.getAsObject();
    SCOPED_TRACE(name + " " + op.getString("name").value_or("").str());
    llvm::StringRef kind = op.getString("op").value_or("");
    if (kind == "tpu.Conv2D" || kind == "tpu.MatMul") {
      bool matrix = kind == "tpu.MatMul";
      ++(matrix ? counts.matrices : counts.convolutions);
      cv18xx ? checkCoupledDot(op, matrix) : checkDot(op, matrix);
    } else if (kind == "tpu.Add") {
      ++counts.additions;
      checkAdd(op, cv18xx);
    } else if (kind == "tpu.Pool2D") {
      ++counts.pools;
      checkPool(op, cv18xx);
    }
  }
  EXPECT_EQ(counts.convolutions, 21);
  EXPECT_EQ(counts.matrices, 1);
  EXPECT_EQ(counts.additions, 9);
  EXPECT_EQ(counts.pools, 1);
  return counts;
}

} // namespace

TEST(TpuMlirGolden, Bm1684xSymmetric) {
  HWQ_NEEDS_GOLDEN("tpumlir");
  checkProgram("tpumlir_bm1684x_sym_resnet20.json", false);
}

TEST(TpuMlirGolden, Bm1684xAsymmetric) {
  HWQ_NEEDS_GOLDEN("tpumlir");
  checkProgram("tpumlir_bm1684x_asym_resnet20.json", false);
}

TEST(TpuMlirGolden, Cv183x) {
  HWQ_NEEDS_GOLDEN("tpumlir");
  checkProgram("tpumlir_cv183x_sym_resnet20.json", true);
}
