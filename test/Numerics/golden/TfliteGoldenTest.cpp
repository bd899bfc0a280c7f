//===- TfliteGoldenTest.cpp - Against three engines of LiteRT -------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Golden.h"
#include "hwq/Numerics/Add.h"
#include "hwq/Numerics/AvgPool.h"
#include "hwq/Numerics/Concat.h"
#include "hwq/Numerics/Epilogue.h"
#include "hwq/Numerics/Lut.h"
#include "hwq/Numerics/Mean.h"
#include "hwq/Numerics/Mul.h"
#include "hwq/Numerics/Quantize.h"
#include "hwq/Numerics/Resize.h"

#include <functional>

using namespace hwq::numerics;
using namespace hwq::test;

namespace {

/// One recorded case of an operator.
struct Case {
  const Recording &arrays;
  const llvm::json::Object &index;
  std::string prefix;

  Array get(const std::string &name) const {
    return arrays.get(prefix + "_" + name);
  }
  bool contains(const std::string &name) const {
    return arrays.contains(prefix + "_" + name);
  }
  QuantParams params(const char *scale, const char *zeroPoint) const {
    return {number(index, scale), integer(index, zeroPoint), i8Grid};
  }
  /// Without a recorded clamp the whole grid.
  int32_t clamp(size_t end) const {
    const llvm::json::Array *both = index.getArray("clamp");
    if (!both)
      return end ? 127 : -128;
    return static_cast<int32_t>(*(*both)[end].getAsInteger());
  }
  void expect(const char *engine, const std::vector<int32_t> &got) const {
    expectEqual(got, get("out_" + std::string(engine)).codes,
                prefix + " " + engine);
  }
};

const char *const engines[] = {"ref", "opt", "default"};

bool isDefault(const char *engine) { return std::string(engine) == "default"; }

void forEachCase(const std::string &op,
                 const std::function<void(const Case &)> &check) {
  std::string folder = goldenFolder("tflite");
  llvm::json::Value index = readJSON(folder + "index.json");
  const llvm::json::Object *root = index.getAsObject();
  ASSERT_TRUE(root);
  const llvm::json::Object *cases = root->getObject(op);
  ASSERT_TRUE(cases) << op;
  EXPECT_FALSE(cases->empty());
  Recording arrays(folder + op + ".npz");
  for (const auto &entry : *cases) {
    SCOPED_TRACE(op + " " + entry.first.str());
    const llvm::json::Object *object = entry.second.getAsObject();
    ASSERT_TRUE(object);
    check({arrays, *object, "c" + entry.first.str()});
  }
}

#define ASSERT_DERIVED(result) ASSERT_TRUE(bool(result)) << (result).error()

void checkAdd(const std::string &op, bool subtract) {
  forEachCase(op, [&](const Case &c) {
    QuantParams a = c.params("s1", "z1"), b = c.params("s2", "z2"),
                y = c.params("so", "zo");
    Array x0 = c.get("in0"), x1 = c.get("in1");
    for (const char *engine : engines) {
      bool ruy = std::string(engine) == "opt";
      auto p = deriveAdd(isDefault(engine) ? AddVariant::TfliteXnnpack
                         : ruy             ? AddVariant::TfliteRuy
                                           : AddVariant::Tflite,
                         a, b, y, subtract);
      ASSERT_DERIVED(p);
      p->lo = c.clamp(0);
      p->hi = c.clamp(1);
      std::vector<int32_t> got;
      for (size_t i = 0; i < x0.codes.size(); ++i)
        got.push_back(add(*p, x0.codes[i], x1.codes[i]));
      c.expect(engine, got);
    }
  });
}

} // namespace

TEST(TfliteGolden, Add) {
  HWQ_NEEDS_GOLDEN("tflite");
  checkAdd("add", false);
}

TEST(TfliteGolden, Sub) {
  HWQ_NEEDS_GOLDEN("tflite");
  checkAdd("sub", true);
}

TEST(TfliteGolden, Mul) {
  HWQ_NEEDS_GOLDEN("tflite");
  forEachCase("mul", [&](const Case &c) {
    Array x0 = c.get("in0"), x1 = c.get("in1");
    for (const char *engine : engines) {
      auto p = deriveMul(
          isDefault(engine) ? MulVariant::TfliteXnnpack : MulVariant::Tflite,
          c.params("s1", "z1"), c.params("s2", "z2"), c.params("so", "zo"));
      ASSERT_DERIVED(p);
      p->requantize.lo = c.clamp(0);
      p->requantize.hi = c.clamp(1);
      std::vector<int32_t> got;
      for (size_t i = 0; i < x0.codes.size(); ++i)
        got.push_back(mul(*p, x0.codes[i], x1.codes[i]));
      c.expect(engine, got);
    }
  });
}

// B3: with padding "same" the smaller part is in front.
TEST(TfliteGolden, AvgPool) {
  HWQ_NEEDS_GOLDEN("tflite");
  forEachCase("avg_pool", [&](const Case &c) {
    Array x = c.get("in0"), y = c.get("out_ref");
    int64_t kernel = integer(c.index, "kernel"),
            stride = integer(c.index, "stride");
    QuantParams q = c.params("s", "z");
    auto p = deriveAvgPool(AvgPoolVariant::Tflite, q, q,
                           static_cast<int32_t>(kernel),
                           static_cast<int32_t>(kernel));
    ASSERT_DERIVED(p);
    p->lo = c.clamp(0);
    p->hi = c.clamp(1);
    bool same = c.index.getString("padding") == "SAME";
    auto before = [&](size_t axis) {
      int64_t total = (y.dim(axis) - 1) * stride + kernel - x.dim(axis);
      return same ? std::max<int64_t>(total, 0) / 2 : 0;
    };
    int64_t h = x.dim(1), w = x.dim(2), channels = x.dim(3);
    std::vector<int32_t> got;
    for (int64_t n = 0; n < x.dim(0); ++n)
      for (int64_t oy = 0; oy < y.dim(1); ++oy)
        for (int64_t ox = 0; ox < y.dim(2); ++ox)
          for (int64_t k = 0; k < channels; ++k) {
            int64_t sum = 0;
            int32_t taps = 0;
            for (int64_t ky = 0; ky < kernel; ++ky)
              for (int64_t kx = 0; kx < kernel; ++kx) {
                int64_t iy = oy * stride + ky - before(1),
                        ix = ox * stride + kx - before(2);
                if (iy < 0 || iy >= h || ix < 0 || ix >= w)
                  continue;
                sum += x.codes[((n * h + iy) * w + ix) * channels + k];
                ++taps;
              }
            got.push_back(averagePool(*p, sum, taps, taps));
          }
    for (const char *engine : engines)
      c.expect(engine, got);
  });
}

TEST(TfliteGolden, Mean) {
  HWQ_NEEDS_GOLDEN("tflite");
  forEachCase("mean", [&](const Case &c) {
    Array x = c.get("in0");
    int64_t count = integer(c.index, "N"), channels = x.dim(3);
    ASSERT_EQ(count, x.dim(1) * x.dim(2));
    for (const char *engine : engines) {
      auto p = deriveMean(isDefault(engine) ? MeanVariant::TfliteXnnpack
                                            : MeanVariant::Tflite,
                          c.params("s", "z"), c.params("so", "zo"), count);
      ASSERT_DERIVED(p);
      std::vector<int32_t> got;
      for (int64_t n = 0; n < x.dim(0); ++n)
        for (int64_t k = 0; k < channels; ++k) {
          int64_t sum = 0;
          for (int64_t i = 0; i < count; ++i)
            sum += x.codes[(n * count + i) * channels + k];
          got.push_back(mean(*p, sum));
        }
      c.expect(engine, got);
    }
  });
}

TEST(TfliteGolden, Concat) {
  HWQ_NEEDS_GOLDEN("tflite");
  forEachCase("concat", [&](const Case &c) {
    ASSERT_EQ(integer(c.index, "axis"), 3);
    const llvm::json::Array *inputs = c.index.getArray("inputs");
    ASSERT_TRUE(inputs);
    std::vector<Array> x;
    std::vector<ConcatParams> params;
    for (size_t i = 0; i < inputs->size(); ++i) {
      const llvm::json::Array &pair = *(*inputs)[i].getAsArray();
      auto p = deriveConcat(
          ConcatVariant::Copy,
          {*pair[0].getAsNumber(), *pair[1].getAsInteger(), i8Grid},
          c.params("so", "zo"));
      ASSERT_DERIVED(p);
      params.push_back(*p);
      x.push_back(c.get("in" + std::to_string(i)));
    }
    std::vector<int32_t> got;
    for (int64_t pixel = 0; pixel < x[0].dim(0) * x[0].dim(1) * x[0].dim(2);
         ++pixel)
      for (size_t i = 0; i < x.size(); ++i)
        for (int64_t k = 0; k < x[i].dim(3); ++k)
          got.push_back(
              rescale(params[i], x[i].codes[pixel * x[i].dim(3) + k]));
    for (const char *engine : engines)
      c.expect(engine, got);
  });
}

TEST(TfliteGolden, Requantize) {
  HWQ_NEEDS_GOLDEN("tflite");
  for (const char *op : {"requantize", "relu", "relu6"})
    forEachCase(op, [&](const Case &c) {
      for (const char *engine : engines) {
        bool xnnpack = isDefault(engine) && std::string(op) == "requantize";
        auto p = deriveConcat(xnnpack ? ConcatVariant::TfliteXnnpack
                                      : ConcatVariant::Tflite,
                              c.params("s", "z"), c.params("so", "zo"));
        ASSERT_DERIVED(p);
        p->lo = c.clamp(0);
        p->hi = c.clamp(1);
        std::vector<int32_t> got;
        for (int32_t code : c.get("in0").codes)
          got.push_back(rescale(*p, code));
        c.expect(engine, got);
      }
    });
}

TEST(TfliteGolden, HardSwish) {
  HWQ_NEEDS_GOLDEN("tflite");
  forEachCase("hard_swish", [&](const Case &c) {
    auto p = deriveHardSwish(c.params("s", "z"), c.params("so", "zo"));
    ASSERT_DERIVED(p);
    std::vector<int32_t> got;
    for (int32_t code : c.get("in0").codes)
      got.push_back(hardSwish(*p, code));
    for (const char *engine : engines)
      c.expect(engine, got);
  });
}

TEST(TfliteGolden, Tables) {
  HWQ_NEEDS_GOLDEN("tflite");
  double (*tangent)(double) = std::tanh;
  for (const auto &entry :
       {std::pair<const char *, double (*)(double)>{"logistic", logistic},
        {"tanh", tangent}})
    forEachCase(entry.first, [&](const Case &c) {
      QuantParams in = c.params("s", "z"), out = c.params("so", "zo");
      for (auto table :
           {tfliteLookupTable(entry.second, in, out),
            lookupTable(QuantizeForm::Q3, entry.second, in, out)}) {
        ASSERT_DERIVED(table);
        std::vector<int32_t> got;
        for (int32_t code : c.get("in0").codes)
          got.push_back((*table)[code + 128]);
        for (const char *engine : engines)
          c.expect(engine, got);
      }
    });
}

TEST(TfliteGolden, Softmax) {
  HWQ_NEEDS_GOLDEN("tflite");
  forEachCase("softmax", [&](const Case &c) {
    Array x = c.get("in0");
    size_t row = static_cast<size_t>(x.shape.back());
    std::vector<int32_t> got(x.codes.size());
    for (size_t i = 0; i < got.size(); i += row)
      softmax(number(c.index, "s"), number(c.index, "beta"),
              {1.0 / 256, -128, i8Grid}, &x.codes[i], row, &got[i]);
    for (const char *engine : engines)
      c.expect(engine, got);
  });
}

TEST(TfliteGolden, Resize) {
  HWQ_NEEDS_GOLDEN("tflite");
  for (const char *op : {"resize_bilinear", "resize_nearest"})
    forEachCase(op, [&](const Case &c) {
      Array x = c.get("in0"), y = c.get("out_ref");
      ASSERT_EQ(x.dim(0), 1);
      ResizeParams p;
      p.inputHeight = static_cast<int32_t>(x.dim(1));
      p.inputWidth = static_cast<int32_t>(x.dim(2));
      p.outputHeight = static_cast<int32_t>(y.dim(1));
      p.outputWidth = static_cast<int32_t>(y.dim(2));
      p.channels = static_cast<int32_t>(x.dim(3));
      p.alignCorners = flag(c.index, "align_corners");
      p.halfPixel = flag(c.index, "half_pixel");
      ASSERT_EQ(checkResize(p), "");
      for (const char *engine : engines) {
        std::vector<int32_t> got;
        if (std::string(op) == "resize_bilinear") {
          std::vector<int8_t> in(x.codes.begin(), x.codes.end()),
              out(y.codes.size());
          auto resize =
              deriveResize(isDefault(engine) ? ResizeVariant::TfliteXnnpack
                                             : ResizeVariant::Tflite,
                           p);
          ASSERT_TRUE(static_cast<bool>(resize)) << resize.error();
          resizeBilinear(*resize, p.inputWidth, p.channels, in.data(),
                         out.data());
          got.assign(out.begin(), out.end());
        } else {
          for (int32_t oy = 0; oy < p.outputHeight; ++oy)
            for (int32_t ox = 0; ox < p.outputWidth; ++ox)
              for (int32_t k = 0; k < p.channels; ++k) {
                int32_t iy = nearestIndex(oy, p.inputHeight, p.outputHeight,
                                          p.alignCorners, p.halfPixel);
                int32_t ix = nearestIndex(ox, p.inputWidth, p.outputWidth,
                                          p.alignCorners, p.halfPixel);
                got.push_back(
                    x.codes[(iy * p.inputWidth + ix) * p.channels + k]);
              }
        }
        c.expect(engine, got);
      }
    });
}

// Recorded accumulators (with their int32 bias) to output codes.
TEST(TfliteGolden, DotProducts) {
  HWQ_NEEDS_GOLDEN("tflite");
  for (std::string op : {"conv2d", "depthwise", "fully_connected"})
    forEachCase(op, [&](const Case &c) {
      Array acc = c.get("acc"), scales = c.get("sw");
      // The clamp of a fused activation: its real bounds by Q3.
      if (auto act = c.index.getString("act")) {
        QuantParams y = c.params("sy", "zy");
        auto code = [&](float x) { return quantize(QuantizeForm::Q3, x, y); };
        EXPECT_EQ(c.clamp(0), *act == "none"           ? -128
                              : *act == "relu_n1_to_1" ? code(-1)
                                                       : code(0));
        EXPECT_EQ(c.clamp(1), *act == "relu6"          ? code(6)
                              : *act == "relu_n1_to_1" ? code(1)
                                                       : 127);
      }
      size_t channels = static_cast<size_t>(acc.shape.back());
      auto outputs = [&](RequantizeKernel kernel) {
        EpilogueOptions options;
        options.kernel = kernel;
        auto e = deriveEpilogue(
            options, c.params("sx", "zx"),
            std::vector<double>(scales.reals.begin(), scales.reals.end()),
            c.params("sy", "zy"), {});
        EXPECT_TRUE(bool(e)) << e.error();
        std::vector<int32_t> got;
        if (!e)
          return got;
        e->requantize.lo = c.clamp(0);
        e->requantize.hi = c.clamp(1);
        for (size_t i = 0; i < acc.codes.size(); ++i)
          got.push_back(static_cast<int32_t>(
              applyEpilogue(*e, i % channels, acc.codes[i])));
        return got;
      };
      c.expect("ref", outputs(op == "fully_connected" ? RequantizeKernel::R12
                                                      : RequantizeKernel::R1));
      c.expect("default", outputs(RequantizeKernel::R4));
      // Small depthwise shapes take the reference's rounding.
      if (op == "depthwise" &&
          outputs(RequantizeKernel::R1) == c.get("out_opt").codes)
        return;
      c.expect("opt", outputs(RequantizeKernel::R11));
    });
}
