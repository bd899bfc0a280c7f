//===- CalcOperators.cpp - hwq calc add, mul, avg_pool, ... -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Calc.h"
#include "CalcRequantize.h"
#include "hwq/Backend/BackendRegistry.h"
#include "hwq/Backend/BackendSpec.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Numerics/Add.h"
#include "hwq/Numerics/AvgPool.h"
#include "hwq/Numerics/Concat.h"
#include "hwq/Numerics/Mean.h"
#include "hwq/Numerics/Mul.h"
#include "mlir/IR/MLIRContext.h"
#include <cmath>

using namespace llvm;
using namespace hwq;
using namespace hwq::driver;
using namespace hwq::numerics;

namespace {
/// Parameters of the operands and, last, of the output; all of one type.
struct OperatorParameters {
  std::vector<QuantParams> params;
  Storage storage = Storage::I8;
  /// The output's grid, narrowed by a fused activation.
  Grid clamp;

  const QuantParams &output() const { return params.back(); }
  Grid grid() const { return output().grid; }
};
} // namespace

/// The variant of this name, or else that of the backend of this name, which
/// may have overrides: `field` is its field, none where it computes in float.
template <class E>
static E readVariant(Arguments &args, std::optional<E> (*field)(Backend)) {
  StringRef text = args.text("variant");
  bool isVariant = llvm::any_of(allValues<E>(), [&](E candidate) {
    return sameName(stringify(candidate), text);
  });
  Expected<BackendSpec> spec = BackendSpec::parse(text);
  if (isVariant || !spec) {
    consumeError(spec.takeError());
    return args.choice<E>("variant");
  }
  std::vector<std::string> names = getBackendNames();
  auto name = llvm::find_if(names, [&](const std::string &candidate) {
    return sameName(candidate, spec->name);
  });
  if (name == names.end())
    return args.choice<E>("variant");
  spec->name = *name;
  mlir::MLIRContext context;
  std::optional<E> variant;
  if (Expected<BackendAttr> backend = resolveBackend(&context, *spec)) {
    variant = field(Backend::get(*backend));
    if (!variant)
      args.fail("variant", "a backend that computes this in integers");
  } else {
    args.fail(args.shown("variant") + ": " + toString(backend.takeError()));
  }
  return variant.value_or(allValues<E>().front());
}

/// `count` scales and zero points (default 0), of which the output's may be
/// left out where `shared` says that it has the input's.
static OperatorParameters readOperator(Arguments &args, size_t count,
                                       bool shared = false) {
  OperatorParameters result;
  result.storage = args.choice<Storage>("type", Storage::I8);
  Grid grid = gridOf(result.storage);
  result.clamp = readClamp(args, grid);
  std::vector<double> scales = args.reals("scales");
  std::vector<int64_t> zeroPoints = args.integers("zero-points");
  if (zeroPoints.empty())
    zeroPoints.assign(count, 0);
  if (shared && scales.size() == 1)
    scales.resize(count, scales[0]);
  if (shared && zeroPoints.size() == 1)
    zeroPoints.resize(count, zeroPoints[0]);
  auto check = [&](StringRef name, size_t found) {
    if (found != count)
      args.fail(args.has(name)
                    ? "expected " + args.shown(name) + " to have " +
                          std::to_string(count) + " numbers, the output's " +
                          "last, got " + std::to_string(found)
                    : "expected " + args.shown(name));
  };
  check("scales", scales.size());
  check("zero-points", zeroPoints.size());
  scales.resize(count, 1);
  zeroPoints.resize(count, 0);
  // TPU-MLIR alone computes with scales in f64.
  bool wide = args.text("variant").starts_with_insensitive("sophgo");
  for (size_t i = 0; i < count; ++i)
    result.params.push_back(
        {wide ? scales[i] : asF32(scales[i]), zeroPoints[i], grid});
  return result;
}

/// A multiplier as "multiplier" and "shift" of an object.
static json::Value describe(Multiplier m) {
  json::Object object{{"multiplier", m.multiplier}, {"shift", m.shift}};
  if (m.preShift)
    object["pre_shift"] = m.preShift;
  return object;
}

/// The operands' codes, through `apply`, with the clamp of `o`.
template <class Apply>
static Error evaluate(Request &request, const OperatorParameters &o,
                      Answer answer, Apply apply) {
  size_t count = o.params.size() - 1;
  Expected<Operands<int64_t>> x =
      readCodes(request, count, o.storage, o.grid());
  if (!x)
    return x.takeError();
  std::vector<int64_t> output;
  for (size_t i = 0; i < x->count(); ++i)
    output.push_back(apply(static_cast<int32_t>(x->arrays[0][i]),
                           static_cast<int32_t>(x->arrays[count - 1][i])));
  return print(request, std::move(answer), *x, output, elementType(o.storage));
}

static Error addOrSubtract(Request &request, bool subtract) {
  Arguments &args = request.args;
  auto variant = readVariant<AddVariant>(
      args, [](Backend b) { return std::optional(b.add); });
  std::optional<RequantizeKernel> kernel;
  if (args.has("kernel"))
    kernel = args.choice<RequantizeKernel>("kernel", std::nullopt,
                                           {RequantizeKernel::Real});
  OperatorParameters o = readOperator(args, 3);
  if (Error error = args.takeError())
    return error;
  numerics::Result<AddParams> p =
      kernel
          ? deriveAdd(variant, *kernel, o.params[0], o.params[1], o.params[2],
                      subtract)
          : deriveAdd(variant, o.params[0], o.params[1], o.params[2], subtract);
  if (!p)
    return inputError(p);
  p->lo = static_cast<int32_t>(o.clamp.qmin);
  p->hi = static_cast<int32_t>(o.clamp.qmax);
  Answer answer;
  if (usesKernel(variant)) {
    answer.fields["kernel"] = StringRef(stringify(p->kernel));
    answer.fields["left_shift"] = p->leftShift;
    answer.fields["lhs"] = describe(p->lhs);
    answer.fields["rhs"] = describe(p->rhs);
    answer.fields["result"] = describe(p->output);
  }
  return evaluate(request, o, std::move(answer),
                  [&](int32_t a, int32_t b) { return add(*p, a, b); });
}

Error driver::calcAdd(Request &request) {
  return addOrSubtract(request, false);
}
Error driver::calcSub(Request &request) { return addOrSubtract(request, true); }

Error driver::calcMul(Request &request) {
  auto variant =
      readVariant<MulVariant>(request.args, [](Backend b) { return b.mul; });
  OperatorParameters o = readOperator(request.args, 3);
  if (Error error = request.args.takeError())
    return error;
  numerics::Result<MulParams> p =
      deriveMul(variant, o.params[0], o.params[1], o.params[2]);
  if (!p)
    return inputError(p);
  p->requantize.lo = o.clamp.qmin;
  p->requantize.hi = o.clamp.qmax;
  Answer answer;
  if (p->requantize.multipliers.size() == 1)
    answer.fields["result"] = describe(p->requantize.multipliers[0]);
  return evaluate(request, o, std::move(answer),
                  [&](int32_t a, int32_t b) { return mul(*p, a, b); });
}

Error driver::calcConcat(Request &request) {
  auto variant = readVariant<ConcatVariant>(
      request.args, [](Backend b) { return std::optional(b.concat); });
  OperatorParameters o =
      readOperator(request.args, 2, variant == ConcatVariant::Copy);
  if (Error error = request.args.takeError())
    return error;
  numerics::Result<ConcatParams> p =
      deriveConcat(variant, o.params[0], o.params[1]);
  if (!p)
    return inputError(p);
  p->lo = static_cast<int32_t>(o.clamp.qmin);
  p->hi = static_cast<int32_t>(o.clamp.qmax);
  return evaluate(request, o, {},
                  [&](int32_t code, int32_t) { return rescale(*p, code); });
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

/// All scalars are one window; of an array, each row of the last axis is one.
/// Windows shorter than 1 or longer than 32767 are errors.
static Expected<Operands<int64_t>>
readWindows(Request &request, const OperatorParameters &o, int32_t &taps) {
  Expected<Operands<int64_t>> x = readCodes(request, 1, o.storage, o.grid());
  if (!x)
    return x;
  int64_t last = x->shape.empty() ? 0 : x->shape.back();
  if (last < 1 || last > 32767)
    return inputError("expected windows of 1 to 32767 codes, got the shape " +
                      runtime::shapeToString(x->shape));
  taps = static_cast<int32_t>(last);
  return x;
}

/// One number for each window; prints apply(codes of the window).
template <class Apply>
static Error evaluateWindows(Request &request, const OperatorParameters &o,
                             Operands<int64_t> x, int32_t taps, Apply apply) {
  std::vector<int64_t> output;
  std::vector<int32_t> window(taps);
  for (size_t i = 0; i < x.count(); i += taps) {
    for (int32_t k = 0; k < taps; ++k)
      window[k] = static_cast<int32_t>(x.arrays[0][i + k]);
    output.push_back(apply(window));
  }
  x.shape.pop_back();
  // As operands: tap k of every window.
  Operands<int64_t> columns;
  columns.shape = x.shape;
  columns.arrays.resize(taps);
  for (size_t i = 0; i < x.count(); ++i)
    columns.arrays[i % taps].push_back(x.arrays[0][i]);
  return print(request, {}, columns, output, elementType(o.storage));
}

/// --window=HxW; without it a square where `taps` is one, else 1 x taps. Fewer
/// taps than the window has are those beside padding, and --divisor says
/// whether that counts.
static std::pair<int64_t, int64_t> readWindowSize(Arguments &args,
                                                  int32_t taps) {
  if (!args.has("window")) {
    int64_t side = std::llround(std::sqrt(taps));
    return side * side == taps ? std::pair(side, side)
                               : std::pair(int64_t(1), int64_t(taps));
  }
  auto [h, w] = args.text("window").split('x');
  std::optional<int64_t> height = parseInteger(h), width = parseInteger(w);
  if (height && width && *height >= 1 && *width >= 1 && *height <= 32767 &&
      *width <= 32767 && *height * *width >= taps) {
    if (*height * *width > taps &&
        (!args.has("divisor") || args.has("whole-input")))
      args.fail("expected " + Twine(*height * *width) + " codes for " +
                args.shown("window") + "=" + args.text("window") + ", got " +
                Twine(taps) + " (beside padding: give --divisor)");
    return {*height, *width};
  }
  args.fail("window", "HxW with at least " + Twine(taps) + " taps");
  return {1, taps};
}

Error driver::calcAvgPool(Request &request) {
  Arguments &args = request.args;
  auto variant = readVariant<AvgPoolVariant>(
      args, [](Backend b) { return std::optional(b.avgPool); });
  if (args.has("whole-input"))
    variant = variantOfWholeInput(variant);
  OperatorParameters o = readOperator(args, 2, true);
  int64_t divisor = args.integer("divisor", 0, 1, int32Max);
  if (Error error = args.takeError())
    return error;
  int32_t taps = 0;
  Expected<Operands<int64_t>> x = readWindows(request, o, taps);
  if (!x)
    return x.takeError();
  auto [height, width] = readWindowSize(args, taps);
  if (Error error = args.takeError())
    return error;
  numerics::Result<AvgPoolParams> p =
      deriveAvgPool(variant, o.params[0], o.params[1],
                    static_cast<int32_t>(height), static_cast<int32_t>(width));
  if (!p)
    return inputError(p);
  p->lo = static_cast<int32_t>(o.clamp.qmin);
  p->hi = static_cast<int32_t>(o.clamp.qmax);
  int32_t n = args.has("divisor") ? static_cast<int32_t>(divisor) : taps;
  return evaluateWindows(request, o, std::move(*x), taps,
                         [&](const std::vector<int32_t> &window) {
                           return averagePoolOf(*p, window.data(), taps, n);
                         });
}

Error driver::calcMean(Request &request) {
  auto variant =
      readVariant<MeanVariant>(request.args, [](Backend b) { return b.mean; });
  OperatorParameters o = readOperator(request.args, 2);
  if (Error error = request.args.takeError())
    return error;
  int32_t count = 0;
  Expected<Operands<int64_t>> x = readWindows(request, o, count);
  if (!x)
    return x.takeError();
  numerics::Result<MeanParams> p =
      deriveMean(variant, o.params[0], o.params[1], count);
  if (!p)
    return inputError(p);
  p->lo = static_cast<int32_t>(o.clamp.qmin);
  p->hi = static_cast<int32_t>(o.clamp.qmax);
  return evaluateWindows(request, o, std::move(*x), count,
                         [&](const std::vector<int32_t> &codes) {
                           int64_t sum = 0;
                           for (int32_t code : codes)
                             sum += code;
                           return mean(*p, sum);
                         });
}
