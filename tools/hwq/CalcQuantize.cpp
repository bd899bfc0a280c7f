//===- CalcQuantize.cpp - hwq calc quantize, dequantize, scale --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Calc.h"
#include "CalcRequantize.h"
#include "Console.h"
#include "hwq/Numerics/Derive.h"
#include "hwq/Numerics/NnieLog.h"
#include "hwq/Numerics/Quantize.h"
#include "hwq/Numerics/Rounding.h"
#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace hwq;
using namespace hwq::driver;
using namespace hwq::numerics;
using runtime::DType;

/// The grid of type, bits and narrow, limited to min..max.
static Grid readGrid(Arguments &args) {
  Storage storage = args.choice<Storage>("type", Storage::I8);
  int64_t bits = args.integer("bits", 0, 2, bitWidth(storage));
  Grid grid = gridOf(storage, args.has("narrow"), static_cast<unsigned>(bits));
  grid.qmin = args.integer("min", grid.qmin, grid.qmin, grid.qmax);
  grid.qmax = args.integer("max", grid.qmax, grid.qmin, grid.qmax);
  return grid;
}

static QuantParams readParams(Arguments &args) {
  QuantParams params;
  params.grid = readGrid(args);
  params.scale = args.real("scale");
  float inF32 = static_cast<float>(params.scale);
  if (!args.failed() && !(inF32 > 0 && std::isfinite(inF32)))
    args.fail("scale", "positive and finite in f32");
  Storage storage = args.choice<Storage>("type", Storage::I8);
  auto bits =
      static_cast<unsigned>(args.integer("bits", 0, 2, bitWidth(storage)));
  Grid whole = gridOf(storage, /*narrow=*/false, bits);
  params.zeroPoint = args.integer("zero-point", 0, whole.qmin, whole.qmax);
  return params;
}

/// The forms of machines that shift have scales 2^-n.
static bool takesPowersOfTwo(QuantizeForm form) {
  return form == QuantizeForm::Q6 || form == QuantizeForm::Q6P;
}

/// An error for a scale that the form does not have.
static Error checkScale(QuantizeForm form, double scale) {
  int exponent;
  if (!takesPowersOfTwo(form) || std::frexp(scale, &exponent) == 0.5)
    return Error::success();
  return inputError("expected a power of two as scale of form '" +
                    Twine(stringify(form)) + "', got " + digits(scale));
}

/// The NNIE's logarithmic code, whose zero point follows from amax.
static bool isNnie(Arguments &args) {
  return sameName(args.text("form"), "q8");
}

static Expected<int> readNnieZeroPoint(Arguments &args) {
  for (StringRef name : {"scale", "type", "bits", "narrow", "min", "max"})
    if (args.has(name))
      args.fail("expected no " + args.shown(name) + " with form 'q8'");
  if (args.has("amax") == args.has("zero-point"))
    args.fail("expected either --amax or --zero-point with form 'q8'");
  if (!args.has("amax")) {
    int64_t z = args.integer("zero-point", 0, -2511, 1921);
    if (Error error = args.takeError())
      return std::move(error);
    return static_cast<int>(z);
  }
  double amax = args.real("amax");
  if (Error error = args.takeError())
    return std::move(error);
  numerics::Result<int> z = nnieZeroPoint(static_cast<float>(amax));
  if (!z)
    return inputError(z);
  return *z;
}

/// What the integers mean, for the JSON object.
static Answer describeParams(const QuantParams &params) {
  Answer answer;
  answer.fields["scale"] = params.scale;
  answer.fields["zero_point"] = params.zeroPoint;
  answer.fields["grid"] = json::Array{params.grid.qmin, params.grid.qmax};
  return answer;
}

static Answer describeNnie(int zeroPoint) {
  Answer answer;
  answer.fields["zero_point"] = zeroPoint;
  return answer;
}

Error driver::calcQuantize(Request &request) {
  Arguments &args = request.args;
  std::vector<int64_t> codes;
  if (isNnie(args)) {
    Expected<int> z = readNnieZeroPoint(args);
    if (!z)
      return z.takeError();
    Expected<Operands<float>> x = readReals(request);
    if (!x)
      return x.takeError();
    for (float value : x->arrays[0])
      codes.push_back(nnieEncode(value, *z));
    return print(request, describeNnie(*z), *x, codes, DType::U8);
  }
  if (args.has("amax"))
    args.fail("expected no --amax but with form 'q8'");
  QuantParams params = readParams(args);
  std::optional<Rounding> mode;
  QuantizeForm form = QuantizeForm::Q1;
  if (!args.has("rounding"))
    form = args.choice<QuantizeForm>("form");
  else if (args.has("form"))
    args.fail("expected --form or --rounding, got both");
  else if (StringRef(args.text("rounding")).starts_with_insensitive("round"))
    mode = roundingOf(args.choice<NgraphRoundMode>("rounding"));
  else
    mode = args.choice<Rounding>("rounding");
  if (Error error = args.takeError())
    return error;
  if (Error error = checkScale(form, params.scale))
    return error;
  Expected<Operands<float>> x = readReals(request);
  if (!x)
    return x.takeError();
  for (float value : x->arrays[0])
    codes.push_back(mode ? quantize(*mode, value, params)
                         : quantize(form, value, params));
  return print(request, describeParams(params), *x, codes,
               elementType(args.choice<Storage>("type", Storage::I8)));
}

Error driver::calcDequantize(Request &request) {
  Arguments &args = request.args;
  std::vector<float> values;
  if (isNnie(args)) {
    Expected<int> z = readNnieZeroPoint(args);
    if (!z)
      return z.takeError();
    Expected<Operands<int64_t>> q =
        readCodes(request, 1, Storage::U8, gridOf(Storage::U8));
    if (!q)
      return q.takeError();
    for (int64_t code : q->arrays[0])
      values.push_back(nnieDecode(static_cast<uint8_t>(code), *z));
    return print(request, describeNnie(*z), *q, values);
  }
  if (args.has("amax"))
    args.fail("expected no --amax but with form 'q8'");
  // All forms have the same way back.
  auto form = args.choice<QuantizeForm>("form", QuantizeForm::Q1);
  QuantParams params = readParams(args);
  if (Error error = args.takeError())
    return error;
  if (Error error = checkScale(form, params.scale))
    return error;
  Expected<Operands<int64_t>> q = readCodes(
      request, 1, args.choice<Storage>("type", Storage::I8), params.grid);
  if (!q)
    return q.takeError();
  for (int64_t code : q->arrays[0]) {
    values.push_back(dequantize(code, params));
    if (!std::isfinite(values.back()))
      return inputError("expected codes whose value is finite in f32, got " +
                        Twine(code));
  }
  return print(request, describeParams(params), *q, values);
}

Error driver::calcScale(Request &request) {
  Arguments &args = request.args;
  DerivationRule rule = args.choice<DerivationRule>("rule");
  DeriveOptions options;
  options.storage = args.choice<Storage>("type", Storage::I8);
  options.bits = static_cast<unsigned>(
      args.integer("bits", 0, 2, bitWidth(options.storage)));
  options.narrow = args.has("narrow");
  if (args.has("symmetric") && args.has("unsigned-symmetric"))
    args.fail("expected --symmetric or --unsigned-symmetric, got both");
  if (args.has("symmetric"))
    options.symmetry = Symmetry::Symmetric;
  if (args.has("unsigned-symmetric"))
    options.symmetry = Symmetry::UnsignedSymmetric;
  // A rule that has no zero points needs no option that says so.
  if (!args.hasAny({"symmetric", "unsigned-symmetric"}) &&
      !deriveParams(rule, {-1, 1}, Symmetry::Asymmetric, options.storage))
    options.symmetry = Symmetry::Symmetric;
  options.ofWeights = args.has("weights");
  options.powerOfTwo = args.has("power-of-two");
  options.preserveSparsity = args.has("preserve-sparsity");
  options.bumpByEps = args.has("bump-by-eps");
  options.minimumWidth = args.real("minimum-width", options.minimumWidth);
  options.threshold = args.real("threshold", options.threshold);
  bool searches = rule == DerivationRule::PDpu;
  auto only = [&](StringRef name, ArrayRef<DerivationRule> rules) {
    if (!args.has(name) || is_contained(rules, rule))
      return;
    std::string known;
    for (DerivationRule r : rules)
      known += (known.empty() ? "" : ", ") + std::string(stringify(r));
    args.fail("expected no " + args.shown(name) + " but with rule " + known);
  };
  only("candidates", {DerivationRule::PDpu});
  if (args.has("candidates") && args.has("range"))
    args.fail("expected no --candidates with --range, which has no values to "
              "try them on");
  only("minimum-width", {DerivationRule::PAimet});
  only("threshold", {DerivationRule::PTvm});
  only("weights",
       {DerivationRule::PTpu, DerivationRule::PTvm, DerivationRule::PDpu});
  int candidates = static_cast<int>(args.integer("candidates", 5, 1, 32));
  std::vector<double> ends = args.reals("range");
  if (args.has("range") && ends.size() != 2)
    args.fail("range", "two numbers, LO,HI");
  bool ofData = args.has("input") || !request.scalars.empty();
  if (args.has("range") == ofData)
    args.fail(ofData ? "expected --range or numbers, got both"
                     : "expected --range=LO,HI, or numbers");
  if (Error error = args.takeError())
    return error;

  numerics::Result<Derived> derived = numerics::failure("");
  if (ofData) {
    Expected<Operands<float>> x = readReals(request);
    if (!x)
      return x.takeError();
    const std::vector<float> &data = x->arrays[0];
    if (data.empty())
      return inputError("expected at least one number");
    if (searches) {
      derived = deriveDpu(data.data(), data.size(), options, candidates);
    } else {
      auto [lo, hi] = std::minmax_element(data.begin(), data.end());
      derived = deriveParams(rule, {*lo, *hi}, options);
    }
  } else {
    derived = deriveParams(rule, {ends[0], ends[1]}, options);
  }
  if (!derived)
    return inputError(derived);
  const QuantParams &params = derived->params;
  Answer answer = describeParams(params);
  answer.fields["scale_bits"] = bitsOf(static_cast<float>(params.scale));
  answer.fields["range"] = json::Array{jsonNumber(derived->range.min),
                                       jsonNumber(derived->range.max)};
  return printJson(std::move(answer.fields));
}
