//===- ResultTest.cpp - A value or an error message -----------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Result.h"

#include "gtest/gtest.h"

#include <memory>

using namespace hwq::numerics;

TEST(Result, HoldsAValue) {
  Result<std::string> r = std::string("abc");
  ASSERT_TRUE(static_cast<bool>(r));
  EXPECT_EQ(*r, "abc");
  EXPECT_EQ(r->size(), 3u);
  EXPECT_EQ(r.error(), "");
}

TEST(Result, HoldsAMessage) {
  Result<std::string> r = failure("expected 1, got 2");
  ASSERT_FALSE(static_cast<bool>(r));
  EXPECT_EQ(r.error(), "expected 1, got 2");
  Result<int> other = r.takeFailure();
  ASSERT_FALSE(static_cast<bool>(other));
  EXPECT_EQ(other.error(), "expected 1, got 2");
}

TEST(Result, MovesItsValue) {
  Result<std::unique_ptr<int>> r = std::make_unique<int>(7);
  ASSERT_TRUE(static_cast<bool>(r));
  std::unique_ptr<int> taken = *std::move(r);
  EXPECT_EQ(*taken, 7);
}
