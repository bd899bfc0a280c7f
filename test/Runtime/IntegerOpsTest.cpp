//===- IntegerOpsTest.cpp - Integer ops against their formulas --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every op in random shapes, run by the evaluator, against int64 loops over the
// scalar definitions of Numerics. Integers have no tolerance.
//
//===----------------------------------------------------------------------===//

#include "IntegerTestUtils.h"
#include "hwq/Numerics/Add.h"
#include "hwq/Numerics/AvgPool.h"
#include "hwq/Numerics/Quantize.h"
#include "hwq/Numerics/Requantize.h"
#include <cmath>
#include <limits>

using namespace hwq;
using namespace hwq::runtime;
using namespace hwq::test;
using numerics::QuantizeForm;

namespace {

/// A tensor type of 8-bit codes.
struct Grid {
  bool isSigned = false;
  double scale = 0.05;
  int64_t zeroPoint = 0;

  int64_t low() const { return isSigned ? -128 : 0; }
  int64_t high() const { return low() + 255; }
  DType dtype() const { return isSigned ? DType::I8 : DType::U8; }
  std::string text() const {
    return "!quant.uniform<" + std::string(isSigned ? "i8" : "u8") + ":f32, " +
           joined<double>({scale}) + ":" + std::to_string(zeroPoint) + ">";
  }
  static Grid random(Random &r) {
    Grid g;
    g.isSigned = r.coin();
    g.scale = r.real(0.001, 0.2);
    int64_t kind = r(0, 3);
    g.zeroPoint = kind == 0   ? g.low()
                  : kind == 1 ? g.high()
                              : r(g.low(), g.high());
    return g;
  }
};

Tensor randomCodes(Random &r, DType type, llvm::ArrayRef<int64_t> shape,
                   int kind) {
  Tensor t = Tensor::allocate(type, shape);
  for (int64_t i = 0; i < t.numElements(); ++i)
    static_cast<uint8_t *>(t.raw())[i] =
        static_cast<uint8_t>(kind == 0   ? 0
                             : kind == 1 ? 255
                             : kind == 2 ? 128
                                         : r(0, 255));
  return t;
}

int64_t code(const Tensor &t, int64_t i) {
  switch (t.dtype()) {
  case DType::U8:
    return t.data<uint8_t>()[i];
  case DType::I8:
    return t.data<int8_t>()[i];
  case DType::I32:
    return t.data<int32_t>()[i];
  default:
    return t.data<int64_t>()[i];
  }
}

const char *const kForms[] = {"q1", "q2", "q3",     "q4", "q5",
                              "q6", "q7", "q3_f64", "q6p"};

/// A requantization, as text and as numbers.
struct Requant {
  std::string kernel = "real";
  int form = 0;
  std::vector<double> scales;
  std::vector<numerics::Multiplier> multipliers;
  int64_t inputZeroPoint = 0, zeroPoint = 0, lo = 0, hi = 0;
  int32_t leftShift = 0;

  std::string text() const {
    std::string t = "#quant_hw.requant<kernel = " + kernel;
    if (kernel == "real")
      t += ", quantize_form = " + std::string(kForms[form]);
    t += ", scales = [" + joined<double>(scales) + "]";
    if (kernel != "real") {
      std::vector<int32_t> m, s;
      for (numerics::Multiplier x : multipliers) {
        m.push_back(x.multiplier);
        s.push_back(x.shift);
      }
      t += ", multipliers = [" + joined<int32_t>(m) + "], shifts = [" +
           joined<int32_t>(s) + "]";
    }
    if (inputZeroPoint)
      t += ", input_zero_point = " + std::to_string(inputZeroPoint);
    if (leftShift)
      t += ", left_shift = " + std::to_string(leftShift);
    if (zeroPoint)
      t += ", zero_point = " + std::to_string(zeroPoint);
    return t + ", lo = " + std::to_string(lo) + ", hi = " + std::to_string(hi) +
           ">";
  }

  double unrounded(int64_t c, int64_t x, double pre = 0,
                   double post = 0) const {
    double v =
        static_cast<double>((x - inputZeroPoint) * (int64_t(1) << leftShift));
    return (v + pre) * scales[scales.size() == 1 ? 0 : c] + post;
  }
  int64_t operator()(int64_t c, int64_t x, double pre = 0,
                     double post = 0) const {
    if (kernel == "real")
      return numerics::quantizeLSB(static_cast<QuantizeForm>(form),
                                   unrounded(c, x, pre, post), zeroPoint, lo,
                                   hi);
    numerics::RequantizeParams p;
    p.kernel = *numerics::parse<numerics::RequantizeKernel>(kernel);
    p.multipliers = multipliers;
    p.inputZeroPoint = static_cast<int32_t>(inputZeroPoint);
    p.leftShift = leftShift;
    p.zeroPoint = zeroPoint;
    p.lo = lo;
    p.hi = hi;
    return numerics::requantize(p, c, x);
  }

  static Requant random(Random &r, const Grid &out, int64_t channels,
                        double typicalScale, bool mayBeReal) {
    Requant q;
    const char *kernels[] = {"r1", "r2", "real"};
    q.kernel = kernels[r(0, mayBeReal ? 2 : 1)];
    q.form = static_cast<int>(r(0, 8));
    q.zeroPoint = out.zeroPoint;
    q.lo = out.low();
    q.hi = out.high();
    if (r.coin()) { // a fused clamp
      q.lo = r(out.low(), out.high());
      q.hi = r(q.lo, out.high());
    }
    int64_t count = r.coin() ? 1 : channels;
    for (int64_t c = 0; c < count; ++c) {
      double s = typicalScale * r.real(0.2, 3.0);
      if (q.kernel != "real") {
        auto m = numerics::chooseMultiplier(
            *numerics::parse<numerics::RequantizeKernel>(q.kernel), s);
        q.multipliers.push_back(*m);
      }
      q.scales.push_back(s);
    }
    return q;
  }
};

llvm::Expected<Tensor> runOne(Program &program, llvm::ArrayRef<Tensor> inputs) {
  auto evaluator = program.evaluator();
  if (!evaluator)
    return llvm::createStringError(program.diagnostics);
  auto results = evaluator->runBatch(inputs);
  if (!results)
    return results.takeError();
  return results->front();
}

void expectCodes(const Tensor &got, const std::vector<int64_t> &want,
                 const std::string &text) {
  ASSERT_EQ(got.numElements(), static_cast<int64_t>(want.size())) << text;
  for (size_t i = 0; i < want.size(); ++i)
    ASSERT_EQ(code(got, i), want[i]) << "element " << i << " of\n"
                                     << text.substr(0, 4000);
}

//===----------------------------------------------------------------------===//
// Dot products
//===----------------------------------------------------------------------===//

struct Weights {
  Grid grid;
  bool perChannel = false;
  std::vector<int64_t> zeroPoints;
  std::vector<uint8_t> codes;
  std::string type, constant;

  static Weights random(Random &r, llvm::ArrayRef<int64_t> shape) {
    Weights w;
    w.grid = Grid::random(r);
    w.perChannel = r.coin();
    int64_t count = 1;
    std::string dims;
    for (int64_t d : shape) {
      count *= d;
      dims += std::to_string(d) + "x";
    }
    int kind = static_cast<int>(r(0, 5));
    for (int64_t i = 0; i < count; ++i)
      w.codes.push_back(static_cast<uint8_t>(kind == 0   ? 255
                                             : kind == 1 ? 128
                                                         : r(0, 255)));
    std::string element = w.grid.text();
    for (int64_t o = 0; o < shape[0]; ++o)
      w.zeroPoints.push_back(w.perChannel ? r(w.grid.low(), w.grid.high())
                                          : w.grid.zeroPoint);
    if (w.perChannel) {
      element = "!quant.uniform<" + std::string(w.grid.isSigned ? "i8" : "u8") +
                ":f32:0, {";
      for (int64_t o = 0; o < shape[0]; ++o)
        element += (o ? ", " : "") + joined<double>({w.grid.scale}) + ":" +
                   std::to_string(w.zeroPoints[o]);
      element += "}>";
    }
    w.type = "tensor<" + dims + element + ">";
    w.constant = "\"tosa.const\"() <{values = " + hexDense<uint8_t>(w.codes) +
                 " : tensor<" + dims + (w.grid.isSigned ? "i8" : "ui8") +
                 ">}> : () -> " + w.type;
    return w;
  }
  int64_t value(int64_t i, int64_t o) const {
    int64_t c = grid.isSigned ? static_cast<int8_t>(codes[i]) : codes[i];
    return c - zeroPoints[o];
  }
};

TEST(IntegerOps, Conv2D) {
  Random r(11);
  for (int trial = 0; trial < 120; ++trial) {
    int64_t n = r(1, 4), h, w, kh, kw, sh, sw, dh, dw, pad[4], oh, ow;
    do {
      h = r(1, 13), w = r(1, 13), kh = r(1, 4), kw = r(1, 4);
      sh = r(1, 3), sw = r(1, 3);
      dh = r(0, 3) ? 1 : 2, dw = r(0, 3) ? 1 : 2;
      for (int64_t &p : pad)
        p = r.coin() ? r(0, 2) : 0;
      oh = h + pad[0] + pad[1] - (kh - 1) * dh - 1;
      ow = w + pad[2] + pad[3] - (kw - 1) * dw - 1;
    } while (oh < 0 || ow < 0);
    oh = oh / sh + 1;
    ow = ow / sw + 1;
    int64_t groups = r.coin() ? 1 : r(2, 40);
    int64_t icg = groups > 4 ? 1 : r(1, 20),
            ocg = groups > 4 ? r(1, 2) : r(1, 20);
    int64_t ic = groups * icg, oc = groups * ocg;
    Grid in = Grid::random(r), out = Grid::random(r);
    Weights weights = Weights::random(r, {oc, kh, kw, icg});
    bool raw = r.coin(), bias = r.coin();
    bool wide = r(0, 4) == 0; // an i64 accumulator
    bool requant = r.coin();
    int64_t padValue = r(in.low(), in.high());
    std::vector<int32_t> b;
    for (int64_t o = 0; o < oc; ++o)
      b.push_back(static_cast<int32_t>(r(-100000, 100000)));
    Requant q = Requant::random(
        r, out, oc, 1.0 / (50.0 * std::sqrt(double(kh * kw * icg) * 40.0)),
        false);

    auto dims = [](llvm::ArrayRef<int64_t> d) {
      std::string t = "tensor<?x";
      for (int64_t v : d)
        t += std::to_string(v) + "x";
      return t;
    };
    std::string inType = dims({h, w, ic}) + in.text() + ">";
    std::string outType = dims({oh, ow, oc}) +
                          (requant ? out.text()
                           : wide  ? "i64"
                                   : "i32") +
                          ">";
    std::string text = "func.func @main(%x: " + inType + ") -> " + outType +
                       " {\n%w = " + weights.constant + "\n";
    if (bias)
      text += "%b = \"tosa.const\"() <{values = " + hexDense<int32_t>(b) +
              " : tensor<" + std::to_string(oc) + "xi32>}> : () -> tensor<" +
              std::to_string(oc) + "xi32>\n";
    text += "%y = quant_hw.conv2d %x, %w " +
            std::string(bias ? "bias %b " : "") +
            "{pad = array<i64: " + joined<int64_t>(pad) +
            ">, stride = array<i64: " + joined<int64_t>({sh, sw}) +
            ">, dilation = array<i64: " + joined<int64_t>({dh, dw}) +
            ">, groups = " + std::to_string(groups) + " : i64";
    if (raw)
      text += ", raw_input, pad_value = " + std::to_string(padValue) + " : i32";
    if (requant)
      text += ", requant = " + q.text();
    text += "} : (" + inType + ", " + weights.type +
            (bias ? ", tensor<" + std::to_string(oc) + "xi32>" : "") + ") -> " +
            outType + "\nreturn %y : " + outType + "\n}\n";
    Program program(text);
    ASSERT_TRUE(program.module);
    Tensor x =
        randomCodes(r, in.dtype(), {n, h, w, ic}, static_cast<int>(r(0, 6)));
    auto got = runOne(program, {x});
    ASSERT_TRUE(static_cast<bool>(got)) << llvm::toString(got.takeError());

    std::vector<int64_t> want;
    for (int64_t i = 0; i < n; ++i)
      for (int64_t y = 0; y < oh; ++y)
        for (int64_t z = 0; z < ow; ++z)
          for (int64_t o = 0; o < oc; ++o) {
            int64_t acc = bias ? b[o] : 0;
            for (int64_t ky = 0; ky < kh; ++ky)
              for (int64_t kx = 0; kx < kw; ++kx)
                for (int64_t c = 0; c < icg; ++c) {
                  int64_t iy = y * sh + ky * dh - pad[0];
                  int64_t ix = z * sw + kx * dw - pad[2];
                  bool inside = iy >= 0 && iy < h && ix >= 0 && ix < w;
                  int64_t v = inside ? code(x, ((i * h + iy) * w + ix) * ic +
                                                   o / ocg * icg + c)
                                     : (raw ? padValue : in.zeroPoint);
                  if (!raw)
                    v -= in.zeroPoint;
                  acc +=
                      v * weights.value(((o * kh + ky) * kw + kx) * icg + c, o);
                }
            want.push_back(requant ? q(o, acc) : acc);
          }
    ASSERT_NO_FATAL_FAILURE(expectCodes(*got, want, text));
  }
}

TEST(IntegerOps, FullyConnected) {
  Random r(12);
  for (int trial = 0; trial < 40; ++trial) {
    int64_t n = r(1, 20), inputs = r(1, 300), outputs = r(1, 70);
    Grid in = Grid::random(r), out = Grid::random(r);
    Weights weights = Weights::random(r, {outputs, inputs});
    bool raw = r.coin(), requant = r.coin();
    Requant q = Requant::random(
        r, out, outputs, 1.0 / (2000.0 * std::sqrt(double(inputs))), false);
    std::string inType = "tensor<?x" + std::to_string(inputs) + "x" +
                         in.text() + ">",
                outType = "tensor<?x" + std::to_string(outputs) + "x" +
                          (requant ? out.text() : "i32") + ">";
    std::string attributes;
    if (raw)
      attributes += "raw_input";
    if (requant)
      attributes += (raw ? ", requant = " : "requant = ") + q.text();
    std::string text = "func.func @main(%x: " + inType + ") -> " + outType +
                       " {\n%w = " + weights.constant +
                       "\n%y = quant_hw.fully_connected %x, %w {" + attributes +
                       "} : (" + inType + ", " + weights.type + ") -> " +
                       outType + "\nreturn %y : " + outType + "\n}\n";
    Program program(text);
    ASSERT_TRUE(program.module);
    Tensor x =
        randomCodes(r, in.dtype(), {n, inputs}, static_cast<int>(r(0, 6)));
    auto got = runOne(program, {x});
    ASSERT_TRUE(static_cast<bool>(got)) << llvm::toString(got.takeError());
    std::vector<int64_t> want;
    for (int64_t i = 0; i < n; ++i)
      for (int64_t o = 0; o < outputs; ++o) {
        int64_t acc = 0;
        for (int64_t k = 0; k < inputs; ++k)
          acc += (code(x, i * inputs + k) - (raw ? 0 : in.zeroPoint)) *
                 weights.value(o * inputs + k, o);
        want.push_back(requant ? q(o, acc) : acc);
      }
    ASSERT_NO_FATAL_FAILURE(expectCodes(*got, want, text));
  }
}

//===----------------------------------------------------------------------===//
// Requantize
//===----------------------------------------------------------------------===//

TEST(IntegerOps, Requantize) {
  Random r(13);
  for (int trial = 0; trial < 120; ++trial) {
    int64_t n = r(1, 5), m = r(1, 60), channels = r(1, 600 / m);
    bool fromCodes = r.coin();
    Grid in = Grid::random(r), out = Grid::random(r);
    double typical = fromCodes ? 1.0 : 1e-6;
    Requant q = Requant::random(r, out, channels, typical, true);
    if (fromCodes)
      q.inputZeroPoint = in.zeroPoint;
    bool bias = q.kernel == "real" && r.coin(), scaled = r.coin();
    std::vector<double> b;
    for (int64_t c = 0; c < channels; ++c)
      b.push_back(scaled ? r.real(-100, 100) : r.real(-50, 50) / typical);
    std::string dims =
        "tensor<?x" + std::to_string(m) + "x" + std::to_string(channels) + "x";
    std::string inType = dims + (fromCodes ? in.text() : "i32") + ">";
    std::string outType = dims + out.text() + ">";
    std::string biasType = "tensor<" + std::to_string(channels) + "xf64>";
    std::string text =
        "func.func @main(%x: " + inType + ") -> (" + outType + ") {\n";
    if (bias)
      text += "%b = \"tosa.const\"() <{values = " + hexDense<double>(b) +
              " : " + biasType + "}> : () -> " + biasType + "\n";
    text += "%y = quant_hw.requantize %x " +
            (bias ? "bias %b : " + biasType + " " : std::string()) +
            "{quant_hw.name = \"y\", requant = " + q.text() +
            (bias && scaled ? ", scaled_bias" : "") + "} : " + inType + " -> " +
            outType + "\nreturn %y : " + outType + "\n}\n";
    Program program(text);
    ASSERT_TRUE(program.module);
    Tensor x =
        Tensor::allocate(fromCodes ? in.dtype() : DType::I32, {n, m, channels});
    if (fromCodes)
      x = randomCodes(r, in.dtype(), {n, m, channels}, 3);
    else
      for (int32_t &v : x.mutableValues<int32_t>())
        v = static_cast<int32_t>(r(0, 9) ? r(-200000000, 200000000)
                                 : r.coin()
                                     ? std::numeric_limits<int32_t>::min()
                                     : std::numeric_limits<int32_t>::max());
    auto got = runOne(program, {x});
    ASSERT_TRUE(static_cast<bool>(got)) << llvm::toString(got.takeError());
    std::vector<int64_t> want;
    for (int64_t i = 0; i < x.numElements(); ++i) {
      int64_t c = i % channels;
      want.push_back(q(c, code(x, i), bias && !scaled ? b[c] : 0,
                       bias && scaled ? b[c] : 0));
    }
    ASSERT_NO_FATAL_FAILURE(expectCodes(*got, want, text));
  }
}

//===----------------------------------------------------------------------===//
// Add
//===----------------------------------------------------------------------===//

TEST(IntegerOps, Add) {
  Random r(14);
  for (int trial = 0; trial < 60; ++trial) {
    Grid a = Grid::random(r), b = Grid::random(r), y = Grid::random(r);
    if (r.coin())
      a.isSigned = b.isSigned = y.isSigned = false;
    for (Grid *g : {&a, &b, &y})
      g->zeroPoint = r(g->low(), g->high());
    bool real = r.coin();
    Requant qa, qb, qy;
    qa.inputZeroPoint = a.zeroPoint;
    qb.inputZeroPoint = b.zeroPoint;
    qy.zeroPoint = y.zeroPoint;
    qa.lo = qb.lo = std::numeric_limits<int32_t>::min();
    qa.hi = qb.hi = std::numeric_limits<int32_t>::max();
    qy.lo = y.low();
    qy.hi = y.high();
    numerics::AddParams params;
    std::string variant;
    if (real) {
      qa.form = qb.form = qy.form = static_cast<int>(r(0, 8));
      qa.scales = {a.scale / y.scale};
      qb.scales = {b.scale / y.scale};
      qy.scales = {1.0};
    } else {
      auto kernel = r.coin() ? numerics::RequantizeKernel::R1
                             : numerics::RequantizeKernel::R2;
      auto paramsOf = [](const Grid &g) {
        return numerics::QuantParams{g.scale, g.zeroPoint, {g.low(), g.high()}};
      };
      auto derived = numerics::deriveAdd(numerics::AddVariant::Tflite, kernel,
                                         paramsOf(a), paramsOf(b), paramsOf(y));
      ASSERT_TRUE(static_cast<bool>(derived)) << derived.error();
      params = *derived;
      auto fill = [&](Requant &q, numerics::Multiplier m) {
        q.kernel = std::string(numerics::stringify(kernel));
        q.multipliers = {m};
        q.scales = {numerics::multiplierValue(m)};
      };
      fill(qa, params.lhs);
      fill(qb, params.rhs);
      fill(qy, params.output);
      qa.leftShift = qb.leftShift = params.leftShift;
      variant = ", variant = #quant_hw.add_variant<tflite>";
    }
    std::string dims = "tensor<?x257x";
    auto type = [&](const Grid &g) { return dims + g.text() + ">"; };
    std::string text = "func.func @main(%a: " + type(a) + ", %b: " + type(b) +
                       ") -> " + type(y) +
                       " {\n%y = quant_hw.add %a, %b "
                       "{lhs_requant = " +
                       qa.text() + ", rhs_requant = " + qb.text() +
                       ", requant = " + qy.text() + variant + "} : (" +
                       type(a) + ", " + type(b) + ") -> " + type(y) +
                       "\nreturn %y : " + type(y) + "\n}\n";
    Program program(text);
    ASSERT_TRUE(program.module);
    // All 65536 pairs.
    Tensor ta = Tensor::zeros(a.dtype(), {256, 257}),
           tb = Tensor::zeros(b.dtype(), {256, 257});
    for (int i = 0; i < 256 * 257; ++i) {
      static_cast<uint8_t *>(ta.raw())[i] = static_cast<uint8_t>(i);
      static_cast<uint8_t *>(tb.raw())[i] = static_cast<uint8_t>(i >> 8);
    }
    auto got = runOne(program, {ta, tb});
    ASSERT_TRUE(static_cast<bool>(got)) << llvm::toString(got.takeError());
    std::vector<int64_t> want;
    for (int64_t i = 0; i < ta.numElements(); ++i) {
      int64_t ca = code(ta, i), cb = code(tb, i);
      want.push_back(real ? numerics::quantizeLSB(
                                static_cast<QuantizeForm>(qy.form),
                                qa.unrounded(0, ca) + qb.unrounded(0, cb),
                                y.zeroPoint, qy.lo, qy.hi)
                          : numerics::add(params, static_cast<int32_t>(ca),
                                          static_cast<int32_t>(cb)));
    }
    ASSERT_NO_FATAL_FAILURE(expectCodes(*got, want, text));
  }
}

//===----------------------------------------------------------------------===//
// Average pool
//===----------------------------------------------------------------------===//

TEST(IntegerOps, AvgPool2D) {
  Random r(15);
  for (int trial = 0; trial < 80; ++trial) {
    int64_t n = r(1, 3), c = r(1, 40), h, w, kh, kw, sh, sw, pad[4], oh, ow;
    do {
      h = r(1, 20), w = r(1, 20);
      // Windows beyond the table's size too.
      kh = trial % 8 ? r(1, 4) : r(1, 20), kw = trial % 8 ? r(1, 4) : r(1, 20);
      sh = r(1, 3), sw = r(1, 3);
      pad[0] = r(0, kh - 1), pad[1] = r(0, kh - 1);
      pad[2] = r(0, kw - 1), pad[3] = r(0, kw - 1);
      oh = h + pad[0] + pad[1] - kh;
      ow = w + pad[2] + pad[3] - kw;
    } while (oh < 0 || ow < 0);
    oh = oh / sh + 1;
    ow = ow / sw + 1;
    Grid g = Grid::random(r);
    bool variant = r.coin();
    int form = static_cast<int>(r(0, 8));
    int64_t lo = r.coin() ? g.low() : r(g.low(), g.high()),
            hi = r.coin() ? g.high() : r(lo, g.high());
    auto dims = [&](int64_t a, int64_t b) {
      return "tensor<?x" + std::to_string(a) + "x" + std::to_string(b) + "x" +
             std::to_string(c) + "x" + g.text() + ">";
    };
    std::string text =
        "func.func @main(%x: " + dims(h, w) + ") -> " + dims(oh, ow) +
        " {\n%y = quant_hw.avg_pool2d %x {kernel = array<i64: " +
        joined<int64_t>({kh, kw}) +
        ">, stride = array<i64: " + joined<int64_t>({sh, sw}) +
        ">, pad = array<i64: " + joined<int64_t>(pad) +
        ">, quantize_form = #quant_hw.quantize_form<" + kForms[form] + ">" +
        (variant ? ", variant = #quant_hw.avg_pool_variant<" +
                       std::string(numerics::stringify(
                           numerics::AvgPoolVariant::RoundHalfAway)) +
                       ">"
                 : "") +
        ", clamp = array<i64: " + joined<int64_t>({lo, hi}) +
        ">} : " + dims(h, w) + " -> " + dims(oh, ow) +
        "\nreturn %y : " + dims(oh, ow) + "\n}\n";
    Program program(text);
    ASSERT_TRUE(program.module);
    Tensor x =
        randomCodes(r, g.dtype(), {n, h, w, c}, static_cast<int>(r(0, 6)));
    auto got = runOne(program, {x});
    ASSERT_TRUE(static_cast<bool>(got)) << llvm::toString(got.takeError());
    std::vector<int64_t> want;
    for (int64_t i = 0; i < n; ++i)
      for (int64_t y = 0; y < oh; ++y)
        for (int64_t z = 0; z < ow; ++z)
          for (int64_t k = 0; k < c; ++k) {
            int64_t sum = 0, taps = 0;
            for (int64_t ky = 0; ky < kh; ++ky)
              for (int64_t kx = 0; kx < kw; ++kx) {
                int64_t iy = y * sh + ky - pad[0], ix = z * sw + kx - pad[2];
                if (iy < 0 || iy >= h || ix < 0 || ix >= w)
                  continue;
                sum += code(x, ((i * h + iy) * w + ix) * c + k) - g.zeroPoint;
                ++taps;
              }
            if (variant)
              want.push_back(numerics::averagePool(
                  numerics::AvgPoolVariant::RoundHalfAway, sum,
                  static_cast<int32_t>(taps), static_cast<int32_t>(g.zeroPoint),
                  static_cast<int32_t>(lo), static_cast<int32_t>(hi)));
            else
              want.push_back(numerics::quantizeLSB(
                  static_cast<QuantizeForm>(form),
                  taps ? static_cast<double>(sum) / static_cast<double>(taps)
                       : 0.0,
                  g.zeroPoint, lo, hi));
          }
    ASSERT_NO_FATAL_FAILURE(expectCodes(*got, want, text));
  }
}

//===----------------------------------------------------------------------===//
// Quantize, dequantize, observe
//===----------------------------------------------------------------------===//

TEST(IntegerOps, QuantizeAndDequantize) {
  Random r(16);
  for (int trial = 0; trial < 40; ++trial) {
    int64_t n = r(1, 5), m = r(1, 100);
    Grid g = Grid::random(r);
    int form = static_cast<int>(r(0, 8));
    std::string dims = "tensor<?x" + std::to_string(m) + "x";
    std::string f = dims + "f32>", q = dims + g.text() + ">";
    std::string text = "func.func @main(%x: " + f + ") -> (" + q + ", " + f +
                       ") {\n%o = quant_hw.observe \"t\" %x : " + f +
                       "\n%q = quant_hw.quantize %o form <" + kForms[form] +
                       ">" + " : " + f + " -> " + q +
                       "\n%y = quant_hw.dequantize %q : " + q + " -> " + f +
                       "\nreturn %q, %y : " + q + ", " + f + "\n}\n";
    Program program(text);
    auto evaluator = program.evaluator();
    ASSERT_TRUE(evaluator) << program.diagnostics;
    Tensor x = Tensor::allocate(DType::F32, {n, m});
    for (float &v : x.mutableValues<float>())
      v = static_cast<float>(r.real(-40, 40));
    auto got = evaluator->runBatch({x});
    ASSERT_TRUE(static_cast<bool>(got)) << llvm::toString(got.takeError());
    numerics::QuantParams params{g.scale, g.zeroPoint, {g.low(), g.high()}};
    for (int64_t i = 0; i < n * m; ++i) {
      int64_t want = numerics::quantize(static_cast<QuantizeForm>(form),
                                        x.data<float>()[i], params);
      ASSERT_EQ(code((*got)[0], i), want);
      ASSERT_EQ((*got)[1].data<float>()[i], numerics::dequantize(want, params));
    }
  }
}

} // namespace
