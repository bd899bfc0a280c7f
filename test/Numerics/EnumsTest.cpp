//===- EnumsTest.cpp - The vocabulary of quantized arithmetic -------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Enums.h"

#include "gtest/gtest.h"

#include <set>

using namespace hwq::numerics;

template <class E> class EnumTest : public testing::Test {};
using AllEnums =
    testing::Types<Rounding, NgraphRoundMode, QuantizeForm, DerivationRule,
                   RequantizeKernel, MultiplierRule, DequantPrecision, Symmetry,
                   Granularity, BiasForm, AddVariant, MulVariant,
                   AvgPoolVariant, ConcatVariant, MeanVariant, ResizeVariant,
                   LookupVariant, ScaleProduct, AccumulatorMode, Fidelity,
                   Storage, SchemeKind, FloatFormat, ExponentRule,
                   LevelRounding, WeightTransform, Distribution>;
TYPED_TEST_SUITE(EnumTest, AllEnums);

TYPED_TEST(EnumTest, NamesAreUniqueIdentifiersThatParseBack) {
  std::set<std::string_view> names;
  ASSERT_FALSE(allValues<TypeParam>().empty());
  for (TypeParam value : allValues<TypeParam>()) {
    std::string_view name = stringify(value);
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(parse<TypeParam>(name), value) << name;
    EXPECT_FALSE(describe(value).empty());
    EXPECT_TRUE(name[0] >= 'a' && name[0] <= 'z') << name;
    for (char c : name)
      EXPECT_TRUE((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')
          << name;
  }
}

// A value without a line in the table would be found by its number.
TYPED_TEST(EnumTest, TableIsDenseAndInOrder) {
  int expected = 0;
  for (TypeParam value : allValues<TypeParam>())
    EXPECT_EQ(static_cast<int>(value), expected++);
}

TYPED_TEST(EnumTest, RejectsOtherNames) {
  EXPECT_EQ(parse<TypeParam>(""), std::nullopt);
  EXPECT_EQ(parse<TypeParam>("nonsense"), std::nullopt);
  std::string upper(stringify(allValues<TypeParam>()[0]));
  upper[0] = static_cast<char>(upper[0] - 'a' + 'A');
  EXPECT_EQ(parse<TypeParam>(upper), std::nullopt);
  EXPECT_EQ(stringify(static_cast<TypeParam>(1000)), "<invalid>");
}

TEST(Enums, NamesAreThoseOfTheFiles) {
  EXPECT_EQ(stringify(Rounding::RHA), "rha");
  EXPECT_EQ(stringify(QuantizeForm::Q5), "q5");
  EXPECT_EQ(stringify(QuantizeForm::Q3F64), "q3_f64");
  EXPECT_EQ(stringify(NgraphRoundMode::NearestUpward), "round_nearest_upward");
  EXPECT_EQ(stringify(DerivationRule::PPotR), "p_pot_r");
  EXPECT_EQ(stringify(DerivationRule::PNote256), "p_note256");
  EXPECT_EQ(stringify(DerivationRule::PAimet), "p_aimet");
  EXPECT_EQ(stringify(DerivationRule::PTfl), "p_tfl");
  EXPECT_EQ(stringify(RequantizeKernel::R2), "r2");
  EXPECT_EQ(stringify(RequantizeKernel::Real), "real");
  EXPECT_EQ(stringify(Symmetry::UnsignedSymmetric), "unsigned_symmetric");
  EXPECT_EQ(stringify(Granularity::PerChannel), "per_channel");
  EXPECT_EQ(stringify(BiasForm::I8Asymmetric), "i8_asymmetric");
  EXPECT_EQ(stringify(AddVariant::Tflite), "tflite");
  EXPECT_EQ(stringify(AvgPoolVariant::RoundHalfAway), "round_half_away");
  EXPECT_EQ(stringify(BiasForm::I8PotShifted), "i8_pot_shifted");
  EXPECT_EQ(stringify(AddVariant::TfliteXnnpack), "tflite_xnnpack");
  EXPECT_EQ(stringify(AddVariant::Nnpi), "nnpi");
  EXPECT_EQ(stringify(MulVariant::SophgoBm1684x), "sophgo_bm1684x");
  EXPECT_EQ(stringify(ConcatVariant::SophgoCv18xx), "sophgo_cv18xx");
  EXPECT_EQ(stringify(AccumulatorMode::DepthwiseSat), "depthwise_sat");
  EXPECT_EQ(stringify(Fidelity::Approximate), "approximate");
  EXPECT_EQ(stringify(SchemeKind::BlockFixedPoint), "block_fixed_point");
  EXPECT_EQ(stringify(FloatFormat::Fp8E4M3), "fp8_e4m3");
  EXPECT_EQ(stringify(ExponentRule::BestMse), "best_mse");
  EXPECT_EQ(stringify(WeightTransform::Wrpn), "wrpn");
  EXPECT_EQ(stringify(Storage::U8), "u8");
}
