//===- TosaMovementTest.cpp - TOSA's data movement against naive loops -*- C++
//-*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FloatTestUtils.h"

using namespace hwq::runtime;
using namespace hwq::runtime::test;
using llvm::formatv;

namespace {

// Calls fn(index) for every index of a shape, last dimension fastest.
template <typename Fn> void forEachIndex(llvm::ArrayRef<int64_t> shape, Fn fn) {
  std::vector<int64_t> index(shape.size(), 0);
  int64_t count = 1;
  for (int64_t d : shape)
    count *= d;
  for (int64_t i = 0; i < count; ++i) {
    fn(index);
    for (size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d])
        break;
      index[d] = 0;
    }
  }
}

template <typename T> T at(const Tensor &x, llvm::ArrayRef<int64_t> index) {
  int64_t offset = 0;
  for (size_t d = 0; d < index.size(); ++d)
    offset = offset * x.dim(d) + index[d];
  return x.data<T>()[offset];
}

std::vector<int64_t> randomShape(Random &rnd, int64_t rank, int64_t top) {
  std::vector<int64_t> shape(rank);
  for (int64_t &d : shape)
    d = rnd(1, top);
  return shape;
}

const char *const u8Type = "!quant.uniform<u8:f32, 0.5:128>";
const char *const i8Type = "!quant.uniform<i8:f32, 0.5:3>";

class TosaMovement : public KernelTest {
protected:
  // Runs `check<T>("element type")` for every width.
  template <typename Fn> void forEachType(Random &rnd, Fn fn) {
    fn(rnd.tensor<float>({1}), "f32", float());
    fn(rnd.tensor<uint8_t>({1}), u8Type, uint8_t());
    fn(rnd.tensor<int8_t>({1}), i8Type, int8_t());
    fn(rnd.tensor<int16_t>({1}), "i16", int16_t());
    fn(rnd.tensor<int32_t>({1}), "i32", int32_t());
    fn(rnd.tensor<int64_t>({1}), "i64", int64_t());
  }
};

TEST_F(TosaMovement, Transpose) {
  Random rnd;
  for (int t = 0; t < 60 && !HasFatalFailure(); ++t)
    forEachType(rnd, [&](Tensor, llvm::StringRef element, auto zero) {
      using T = decltype(zero);
      int64_t rank = rnd(1, 5);
      std::vector<int64_t> shape = randomShape(rnd, rank, rank < 4 ? 40 : 7);
      std::vector<int64_t> perms(rank), out;
      for (int64_t i = 0; i < rank; ++i)
        perms[i] = i;
      for (int64_t i = rank - 1; i > 0; --i)
        std::swap(perms[i], perms[rnd(0, i)]);
      for (int64_t p : perms)
        out.push_back(shape[p]);
      Tensor x = rnd.tensor<T>(shape);
      std::string in = typeText(shape, element), to = typeText(out, element);
      Tensor y = run(formatv("%y = tosa.transpose %a0 {{perms = array<i32: "
                             "{0}>} : ({1}) -> {2}",
                             listText(perms), in, to)
                         .str(),
                     {in}, to, {x});
      std::vector<T> expected;
      forEachIndex(out, [&](llvm::ArrayRef<int64_t> index) {
        std::vector<int64_t> from(rank);
        for (int64_t d = 0; d < rank; ++d)
          from[perms[d]] = index[d];
        expected.push_back(at<T>(x, from));
      });
      expectSame<T>(y, out, expected);
    });
}

TEST_F(TosaMovement, PadSliceReverseTile) {
  Random rnd;
  for (int t = 0; t < 25 && !HasFatalFailure(); ++t)
    forEachType(rnd, [&](Tensor value, llvm::StringRef element, auto zero) {
      using T = decltype(zero);
      int64_t rank = rnd(1, 4);
      std::vector<int64_t> shape = randomShape(rnd, rank, 9);
      Tensor x = rnd.tensor<T>(shape);
      std::string in = typeText(shape, element);

      std::vector<int64_t> padding, padded, start, size, many, tiled;
      for (int64_t d = 0; d < rank; ++d) {
        padding.push_back(rnd(0, 3));
        padding.push_back(rnd(0, 3));
        padded.push_back(shape[d] + padding[2 * d] + padding[2 * d + 1]);
        start.push_back(rnd(0, shape[d] - 1));
        size.push_back(rnd(1, shape[d] - start[d]));
        many.push_back(rnd(1, 3));
        tiled.push_back(shape[d] * many[d]);
      }
      std::string one = typeText({1}, element), to = typeText(padded, element);
      Tensor y =
          run(shapeText("p", padding) +
                  formatv("%y = tosa.pad %a0, %p, %a1 : ({0}, !tosa.shape<{1}>"
                          ", {2}) -> {3}",
                          in, 2 * rank, one, to)
                      .str(),
              {in, one}, to, {x, value});
      std::vector<T> expected;
      forEachIndex(padded, [&](llvm::ArrayRef<int64_t> index) {
        std::vector<int64_t> from(rank);
        bool inside = true;
        for (int64_t d = 0; d < rank; ++d) {
          from[d] = index[d] - padding[2 * d];
          inside &= from[d] >= 0 && from[d] < shape[d];
        }
        expected.push_back(inside ? at<T>(x, from) : *value.data<T>());
      });
      expectSame<T>(y, padded, expected);

      to = typeText(size, element);
      y = run(shapeText("s", start) + shapeText("n", size) +
                  formatv("%y = tosa.slice %a0, %s, %n : ({0}, !tosa.shape<{1}>"
                          ", !tosa.shape<{1}>) -> {2}",
                          in, rank, to)
                      .str(),
              {in}, to, {x});
      expected.clear();
      forEachIndex(size, [&](llvm::ArrayRef<int64_t> index) {
        std::vector<int64_t> from(rank);
        for (int64_t d = 0; d < rank; ++d)
          from[d] = index[d] + start[d];
        expected.push_back(at<T>(x, from));
      });
      expectSame<T>(y, size, expected);

      to = typeText(tiled, element);
      y = run(shapeText("m", many) +
                  formatv("%y = tosa.tile %a0, %m : ({0}, !tosa.shape<{1}>) -> "
                          "{2}",
                          in, rank, to)
                      .str(),
              {in}, to, {x});
      expected.clear();
      forEachIndex(tiled, [&](llvm::ArrayRef<int64_t> index) {
        std::vector<int64_t> from(rank);
        for (int64_t d = 0; d < rank; ++d)
          from[d] = index[d] % shape[d];
        expected.push_back(at<T>(x, from));
      });
      expectSame<T>(y, tiled, expected);

      int64_t axis = rnd(0, rank - 1);
      y = run(formatv("%y = tosa.reverse %a0 {{axis = {0} : i32} : ({1}) -> "
                      "{1}",
                      axis, in)
                  .str(),
              {in}, in, {x});
      expected.clear();
      forEachIndex(shape, [&](llvm::ArrayRef<int64_t> index) {
        std::vector<int64_t> from(index.begin(), index.end());
        from[axis] = shape[axis] - 1 - from[axis];
        expected.push_back(at<T>(x, from));
      });
      expectSame<T>(y, shape, expected);
    });
}

TEST_F(TosaMovement, Concat) {
  Random rnd;
  for (int t = 0; t < 40 && !HasFatalFailure(); ++t)
    forEachType(rnd, [&](Tensor, llvm::StringRef element, auto zero) {
      using T = decltype(zero);
      int64_t rank = rnd(1, 4), axis = rnd(0, rank - 1), parts = rnd(1, 4);
      std::vector<int64_t> shape = randomShape(rnd, rank, 6), out = shape;
      out[axis] = 0;
      std::vector<std::string> types;
      std::vector<Tensor> inputs;
      std::string operands, signature;
      for (int64_t i = 0; i < parts; ++i) {
        shape[axis] = rnd(1, 5);
        out[axis] += shape[axis];
        types.push_back(typeText(shape, element));
        inputs.push_back(rnd.tensor<T>(shape));
        operands += (i ? ", %a" : "%a") + std::to_string(i);
        signature += (i ? ", " : "") + types.back();
      }
      std::string to = typeText(out, element);
      Tensor y = run(formatv("%y = tosa.concat {0} {{axis = {1} : i32} : ({2}) "
                             "-> {3}",
                             operands, axis, signature, to)
                         .str(),
                     types, to, inputs, parts);
      std::vector<T> expected;
      forEachIndex(out, [&](llvm::ArrayRef<int64_t> index) {
        std::vector<int64_t> from(index.begin(), index.end());
        size_t k = 0;
        while (from[axis] >= inputs[k].dim(axis))
          from[axis] -= inputs[k++].dim(axis);
        expected.push_back(at<T>(inputs[k], from));
      });
      expectSame<T>(y, out, expected);
    });
}

TEST_F(TosaMovement, Gather) {
  Random rnd;
  for (int t = 0; t < 20 && !HasFatalFailure(); ++t)
    forEachType(rnd, [&](Tensor, llvm::StringRef element, auto zero) {
      using T = decltype(zero);
      int64_t n = rnd(1, 3), k = rnd(1, 9), c = rnd(1, 9), w = rnd(1, 9);
      Tensor x = rnd.tensor<T>({n, k, c});
      Tensor index = Tensor::allocate(DType::I32, {n, w});
      for (int32_t &i : index.mutableValues<int32_t>())
        i = rnd(0, k - 1);
      std::vector<std::string> types{typeText({n, k, c}, element),
                                     typeText({n, w}, "i32")};
      std::string to = typeText({n, w, c}, element);
      std::string body = formatv("%y = tosa.gather %a0, %a1 : ({0}, {1}) -> "
                                 "{2}",
                                 types[0], types[1], to)
                             .str();
      Tensor y = run(body, types, to, {x, index}, 2);
      std::vector<T> expected;
      forEachIndex({n, w, c}, [&](llvm::ArrayRef<int64_t> i) {
        expected.push_back(
            at<T>(x, {i[0], at<int32_t>(index, {i[0], i[1]}), i[2]}));
      });
      expectSame<T>(y, {n, w, c}, expected);
      index.data<int32_t>()[n * w - 1] = rnd(0, 1) ? k : -1;
      EXPECT_NE(errorOf(body, types, to, {x, index}, 2).find("lies outside of"),
                std::string::npos);
    });
}

TEST_F(TosaMovement, ReshapeFollowsTheBatch) {
  Random rnd;
  Tensor x = rnd.tensor<float>({3, 2, 4});
  llvm::ArrayRef<float> same = x.values<float>();
  // Dynamic batch; static batch 1 run with three samples; inferred dimension.
  std::string dynamic = shapeText("s", {-1, 8}) +
                        "%y = tosa.reshape %a0, %s : (tensor<?x2x4xf32>, "
                        "!tosa.shape<2>) -> tensor<?x8xf32>";
  expectSame<float>(run(dynamic, {"tensor<?x2x4xf32>"}, "tensor<?x8xf32>", {x}),
                    {3, 8}, same);
  std::string fixed = shapeText("s", {1, 8}) +
                      "%y = tosa.reshape %a0, %s : (tensor<1x2x4xf32>, "
                      "!tosa.shape<2>) -> tensor<1x8xf32>";
  expectSame<float>(run(fixed, {"tensor<1x2x4xf32>"}, "tensor<1x8xf32>", {x}),
                    {3, 8}, same);
  std::string merged = shapeText("s", {8}) +
                       "%y = tosa.reshape %a0, %s : (tensor<1x2x4xf32>, "
                       "!tosa.shape<1>) -> tensor<8xf32>";
  EXPECT_NE(errorOf(merged, {"tensor<1x2x4xf32>"}, "tensor<8xf32>", {x})
                .find("can't give [3,2,4] the shape [8]"),
            std::string::npos);
  // Several rows per sample of a batch of 2, run with one sample.
  std::string rows = shapeText("s", {4, 4}) +
                     "%y = tosa.reshape %a0, %s : (tensor<2x2x4xf32>, "
                     "!tosa.shape<2>) -> tensor<4x4xf32>";
  Tensor one = x.slice0(0, 1);
  expectSame<float>(run(rows, {"tensor<2x2x4xf32>"}, "tensor<4x4xf32>", {one}),
                    {2, 4}, same.take_front(8));
  std::string back = shapeText("s", {2, 2, 4}) +
                     "%y = tosa.reshape %a0, %s : (tensor<4x4xf32>, "
                     "!tosa.shape<3>) -> tensor<2x2x4xf32>";
  expectSame<float>(run(back, {"tensor<4x4xf32>"}, "tensor<2x2x4xf32>",
                        {one.reshaped({2, 4})}),
                    {1, 2, 4}, same.take_front(8));
}

TEST_F(TosaMovement, SliceFollowsTheBatch) {
  Random rnd;
  Tensor x = rnd.tensor<float>({3, 4});
  const float *v = x.data<float>();
  std::string body = shapeText("s", {0, 1}) + shapeText("n", {1, 2}) +
                     "%y = tosa.slice %a0, %s, %n : (tensor<1x4xf32>, "
                     "!tosa.shape<2>, !tosa.shape<2>) -> tensor<1x2xf32>";
  expectSame<float>(run(body, {"tensor<1x4xf32>"}, "tensor<1x2xf32>", {x}),
                    {3, 2}, {v[1], v[2], v[5], v[6], v[9], v[10]});
}

// The specification's formula, one element after the other.
TEST_F(TosaMovement, Resize) {
  Random rnd;
  int done = 0;
  for (int t = 0; t < 20000 && done < 300 && !HasFatalFailure(); ++t) {
    int64_t n = rnd(1, 2), c = rnd(1, 5), size[2], scale[4], offset[2],
            border[2], out[2];
    bool fits = true;
    for (int a = 0; a < 2; ++a) {
      size[a] = rnd(1, 9);
      scale[2 * a] = rnd(1, 16);
      scale[2 * a + 1] = rnd(1, 8);
      // The verifier's limits of TOSA.
      offset[a] = rnd(-scale[2 * a], 15);
      border[a] = rnd(-16, scale[2 * a] - 1);
      int64_t span = (size[a] - 1) * scale[2 * a] - offset[a] + border[a];
      fits &= span >= 0 && span % scale[2 * a + 1] == 0;
      out[a] = span / scale[2 * a + 1] + 1;
    }
    bool upright = scale[0] * 16 > scale[1] && scale[2] * 16 > scale[3];
    if (!fits || !upright || offset[0] >= 16 * scale[0] ||
        offset[1] >= 16 * scale[2])
      continue;
    ++done;
    auto check = [&](bool bilinear, llvm::StringRef element, auto zero) {
      using T = decltype(zero);
      Tensor x = rnd.tensor<T>({n, size[0], size[1], c});
      std::string in = typeText(x.shape(), element),
                  to = typeText({n, out[0], out[1], c}, element);
      std::string body =
          shapeText("s", scale) + shapeText("o", offset) +
          shapeText("b", border) +
          formatv("%y = tosa.resize %a0, %s, %o, %b {{mode = {0}} : ({1}, "
                  "!tosa.shape<4>, !tosa.shape<2>, !tosa.shape<2>) -> {2}",
                  bilinear ? "BILINEAR" : "NEAREST_NEIGHBOR", in, to)
              .str();
      SCOPED_TRACE(body);
      Tensor y = run(body, {in}, to, {x});
      std::vector<T> nearest;
      std::vector<Exact> blended;
      forEachIndex({n, out[0], out[1], c}, [&](llvm::ArrayRef<int64_t> i) {
        int64_t lo[2], hi[2], near[2];
        double frac[2];
        for (int a = 0; a < 2; ++a) {
          int64_t p = i[a + 1] * scale[2 * a + 1] + offset[a];
          int64_t q = static_cast<int64_t>(
              std::floor(static_cast<double>(p) / scale[2 * a]));
          frac[a] = static_cast<double>(p - q * scale[2 * a]) / scale[2 * a];
          lo[a] = std::max<int64_t>(q, 0);
          hi[a] = std::min(q + 1, size[a] - 1);
          lo[a] = std::min(lo[a], size[a] - 1);
          hi[a] = std::max<int64_t>(hi[a], 0);
          near[a] = frac[a] >= 0.5 ? hi[a] : lo[a];
        }
        nearest.push_back(at<T>(x, {i[0], near[0], near[1], i[3]}));
        Exact e;
        e.add((1 - frac[0]) * (1 - frac[1]) *
              at<T>(x, {i[0], lo[0], lo[1], i[3]}));
        e.add((1 - frac[0]) * frac[1] * at<T>(x, {i[0], lo[0], hi[1], i[3]}));
        e.add(frac[0] * (1 - frac[1]) * at<T>(x, {i[0], hi[0], lo[1], i[3]}));
        e.add(frac[0] * frac[1] * at<T>(x, {i[0], hi[0], hi[1], i[3]}));
        blended.push_back(e);
      });
      if (bilinear)
        expectNear(y, {n, out[0], out[1], c}, blended);
      else
        expectSame<T>(y, {n, out[0], out[1], c}, nearest);
    };
    check(false, "f32", float());
    check(false, u8Type, uint8_t());
    check(true, "f32", float());
  }
  EXPECT_EQ(done, 300);
}

} // namespace
