//===- CalcRequantize.cpp - hwq calc requantize -----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CalcRequantize.h"
#include "Calc.h"
#include "Console.h"
#include "hwq/Numerics/Bias.h"

using namespace llvm;
using namespace hwq;
using namespace hwq::driver;
using namespace hwq::numerics;

const std::vector<StringRef> driver::requantizeNames = {
    "kernel",        "scale",       "multiplier",
    "shift",         "pre-shift",   "multiplier-rule",
    "scale-product", "input-scale", "weight-scale",
    "output-scale",  "bias",        "bias-form",
    "bias-rounding", "zero-point",  "type",
    "min",           "max",         "input-zero-point",
    "left-shift",    "precision",   "zero-point-after",
    "act-min",       "act-max",     "residual-scale"};

int64_t driver::readZeroPoint(Arguments &args) {
  Grid grid =
      gridOf(args.has("type") ? args.choice<Storage>("type") : Storage::I32);
  return args.integer("zero-point", 0, grid.qmin, grid.qmax);
}

Grid driver::readClamp(Arguments &args, Grid whole) {
  if (args.has("type"))
    whole = gridOf(args.choice<Storage>("type"));
  Grid clamp;
  clamp.qmin = args.integer("min", whole.qmin, whole.qmin, whole.qmax);
  clamp.qmax = args.integer("max", whole.qmax, whole.qmin, whole.qmax);
  if (clamp.qmin > clamp.qmax)
    args.fail("expected " + args.shown("min") + " <= " + args.shown("max") +
              ", got " + Twine(clamp.qmin) + " and " + Twine(clamp.qmax));
  return clamp;
}

/// multiplier, shift and pre-shift; a kernel that only shifts has no
/// multiplier.
static std::vector<Multiplier> readMultipliers(Arguments &args,
                                               bool shiftsOnly) {
  std::vector<int64_t> m = args.integers("multiplier"),
                       shift = args.integers("shift"),
                       pre = args.integers("pre-shift");
  if (m.empty() && shiftsOnly)
    m = {1};
  if (m.empty() || shift.empty()) {
    args.fail("expected " + args.shown(m.empty() ? "multiplier" : "shift"));
    return {};
  }
  size_t count = std::max({m.size(), shift.size(), pre.size()});
  for (const std::vector<int64_t> *list : {&m, &shift, &pre})
    if (list->size() > 1 && list->size() != count) {
      args.fail("expected as many multipliers as shifts, or one, got " +
                Twine(m.size()) + " and " + Twine(shift.size()));
      return {};
    }
  auto at = [](const std::vector<int64_t> &list, size_t i) {
    return static_cast<int32_t>(list.size() == 1 ? list[0] : list[i]);
  };
  std::vector<Multiplier> all;
  for (size_t i = 0; i < count; ++i)
    all.push_back({at(m, i), at(shift, i), pre.empty() ? 0 : at(pre, i)});
  return all;
}

/// Names that say nothing in the chosen form, or with the kernel, are errors.
static void refuse(Arguments &args, ArrayRef<StringRef> names,
                   const Twine &why) {
  for (StringRef name : names)
    if (args.has(name))
      args.fail("expected no " + args.shown(name) + " " + why);
}

/// The form with input-scale, weight-scale and output-scale.
static Error readEngineForm(Arguments &args, RequantizeKernel kernel,
                            Requantization &result) {
  refuse(args,
         {"scale", "multiplier", "shift", "pre-shift", "left-shift",
          "input-zero-point"},
         "with " + args.shown("input-scale"));
  if (!args.has("bias"))
    refuse(args, {"bias-form", "bias-rounding"},
           "without " + args.shown("bias"));
  EpilogueOptions options;
  options.kernel = kernel;
  if (args.has("multiplier-rule"))
    options.multiplierRule = args.choice<MultiplierRule>("multiplier-rule");
  options.scaleProduct =
      args.choice<ScaleProduct>("scale-product", ScaleProduct::F64);
  if (sameName(args.text("bias-form"), "f32-fma")) {
    options.biasForm = BiasForm::F32;
    options.perChannelWeights = false;
  } else {
    options.biasForm = args.choice<BiasForm>("bias-form", BiasForm::I32);
  }
  options.biasRounding = args.choice<Rounding>("bias-rounding", Rounding::RHA);
  // TPU-MLIR alone computes with scales in f64.
  bool wide = kernel == RequantizeKernel::R7;
  if (options.multiplierRule)
    wide = *options.multiplierRule == MultiplierRule::TPU32 ||
           *options.multiplierRule == MultiplierRule::TPU8;
  auto scaleOf = [&](double s) { return wide ? s : asF32(s); };
  QuantParams input{scaleOf(args.real("input-scale")), 0, {0, 0}};
  std::vector<double> weights = args.reals("weight-scale");
  if (weights.empty())
    args.fail("expected " + args.shown("weight-scale"));
  llvm::transform(weights, weights.begin(), scaleOf);
  std::vector<double> bias = args.reals("bias");
  llvm::transform(bias, bias.begin(), asF32);
  bool clamps = args.hasAny({"type", "min", "max"});
  Grid clamp =
      readClamp(args, kernel == RequantizeKernel::R10 ? gridOf(Storage::U8)
                                                      : gridOf(Storage::I32));
  QuantParams output{scaleOf(args.real("output-scale")), readZeroPoint(args),
                     clamp};
  if (Error error = args.takeError())
    return error;
  if (options.biasForm == BiasForm::I8Asymmetric) {
    numerics::Result<std::vector<double>> coded =
        quantizeBiasI8Asymmetric(bias);
    if (!coded)
      return inputError(coded);
    bias = *coded;
  }
  // An epilogue has an output grid of at most 16 bits, which without a clamp
  // stands for the zero point alone.
  bool open = !clamps && kernel != RequantizeKernel::R10;
  if (open)
    output.grid = {output.zeroPoint, output.zeroPoint};
  numerics::Result<Epilogue> epilogue =
      deriveEpilogue(options, input, weights, output, bias);
  if (!epilogue)
    return inputError(epilogue);
  result.epilogue = *epilogue;
  if (open) {
    result.epilogue.requantize.lo = clamp.qmin;
    result.epilogue.requantize.hi = clamp.qmax;
  }
  result.channels = std::max(weights.size(), bias.size());
  if (!isFloatKernel(kernel))
    for (double w : weights)
      result.scales.push_back(
          combineScales(wide ? RequantizeKernel::R7 : kernel, input.scale, w,
                        output.scale, options.scaleProduct));
  return Error::success();
}

/// The forms with a scale, or with multiplier and shift.
static Error readPlainForm(Arguments &args, RequantizeKernel kernel,
                           Requantization &result) {
  refuse(args, {"bias", "bias-form", "bias-rounding", "scale-product"},
         "without " + args.shown("input-scale"));
  // The DSP adds its zero point, in accumulator units, before the product.
  if (kernel == RequantizeKernel::R10)
    refuse(args, {"zero-point"},
           "with kernel 'r10' without " + args.shown("input-scale"));
  RequantizeParams &params = result.epilogue.requantize;
  Grid clamp =
      readClamp(args, kernel == RequantizeKernel::R10 ? gridOf(Storage::U8)
                                                      : gridOf(Storage::I32));
  params.lo = clamp.qmin;
  params.hi = clamp.qmax;
  params.zeroPoint = readZeroPoint(args);
  params.inputZeroPoint =
      static_cast<int32_t>(args.integer("input-zero-point", 0));
  params.leftShift = static_cast<int32_t>(args.integer("left-shift", 0, 0, 31));
  std::vector<double> scales = args.reals("scale");
  std::optional<MultiplierRule> rule;
  if (args.has("multiplier-rule"))
    rule = args.choice<MultiplierRule>("multiplier-rule");
  bool divides =
      kernel == RequantizeKernel::R9 || kernel == RequantizeKernel::R14;
  if (divides)
    params.outputScale = static_cast<float>(args.real("output-scale"));
  else
    refuse(args, {"output-scale"}, "without " + args.shown("input-scale"));
  if (isFloatKernel(kernel)) {
    refuse(args, {"multiplier", "shift", "pre-shift", "multiplier-rule"},
           "with kernel '" + Twine(stringify(kernel)) + "'");
    if (scales.empty())
      args.fail("expected " + args.shown("scale") + ", or " +
                args.shown("input-scale") + ", " + args.shown("weight-scale") +
                " and " + args.shown("output-scale"));
    params.scales = scales;
  } else if (scales.empty()) {
    refuse(args, {"multiplier-rule"}, "without " + args.shown("scale"));
    if (!args.hasAny({"multiplier", "shift"}))
      args.fail("expected " + args.shown("scale") + ", or " +
                args.shown("multiplier") + " and " + args.shown("shift"));
    params.multipliers = readMultipliers(args, kernel == RequantizeKernel::R6);
  } else {
    refuse(args, {"multiplier", "shift", "pre-shift"},
           "with " + args.shown("scale"));
    if (args.failed())
      return args.takeError();
    for (double scale : scales) {
      numerics::Result<Multiplier> m = rule ? chooseMultiplier(*rule, scale)
                                            : chooseMultiplier(kernel, scale);
      if (!m)
        return inputError(m);
      params.multipliers.push_back(*m);
    }
    result.scales = scales;
  }
  result.channels = std::max(params.multipliers.size(), params.scales.size());
  return args.takeError();
}

Expected<Requantization> driver::readRequantization(Arguments &args) {
  Requantization result;
  RequantizeKernel kernel = args.choice<RequantizeKernel>(
      "kernel", std::nullopt, {RequantizeKernel::Real});
  if (Error error = args.takeError())
    return std::move(error);
  RequantizeParams &params = result.epilogue.requantize;
  params.kernel = kernel;
  bool engine = args.hasAny({"input-scale", "weight-scale"});
  if (Error error = engine ? readEngineForm(args, kernel, result)
                           : readPlainForm(args, kernel, result))
    return std::move(error);

  auto with = [&](RequantizeKernel needed, ArrayRef<StringRef> names) {
    if (kernel != needed)
      refuse(args, names, "with kernel '" + Twine(stringify(kernel)) + "'");
    return kernel == needed;
  };
  if (with(RequantizeKernel::R8, {"zero-point-after"}))
    params.zeroPointAfter = args.has("zero-point-after");
  if (with(RequantizeKernel::R9, {"precision"}))
    params.precision =
        args.choice<DequantPrecision>("precision", DequantPrecision::Requant);
  if (with(RequantizeKernel::R14, {"act-min", "act-max", "residual-scale"})) {
    if (args.has("act-min"))
      params.actLo = static_cast<float>(args.real("act-min"));
    if (args.has("act-max"))
      params.actHi = static_cast<float>(args.real("act-max"));
    params.residualScale = static_cast<float>(args.real("residual-scale", 0));
  }
  if (Error error = args.takeError())
    return std::move(error);
  if (std::string problem = checkRequantize(params, result.channels);
      !problem.empty())
    return inputError(problem);
  return result;
}

//===----------------------------------------------------------------------===//
// hwq calc requantize
//===----------------------------------------------------------------------===//

template <class T, class F>
static json::Array listOf(const std::vector<T> &values, F field) {
  json::Array list;
  for (const T &value : values)
    list.push_back(field(value));
  return list;
}

/// What was chosen, for the JSON object and as lines for people.
static Answer describeChoice(const Requantization &r) {
  const RequantizeParams &params = r.epilogue.requantize;
  Answer answer;
  answer.fields["kernel"] = StringRef(stringify(params.kernel));
  answer.fields["zero_point"] = params.zeroPoint;
  answer.fields["clamp"] = json::Array{params.lo, params.hi};
  json::Array domains;
  for (size_t c = 0; c < r.channels; ++c) {
    Domain domain = requantizeDomain(params, c);
    domains.push_back(json::Array{domain.lo, domain.hi});
  }
  answer.fields["domain"] = std::move(domains);
  if (!r.epilogue.bias.empty())
    answer.fields["bias"] =
        listOf(r.epilogue.bias, [](int32_t b) { return int64_t(b); });
  auto floats = [&](StringRef name, const std::vector<float> &values) {
    if (!values.empty())
      answer.fields[name] = listOf(
          values, [](float v) { return jsonNumber(static_cast<double>(v)); });
  };
  floats("bias", params.bias);
  floats("bias_unit", params.biasUnits);
  if (params.kernel == RequantizeKernel::R12) {
    answer.fields["scale"] =
        listOf(params.scales, [](double s) { return jsonNumber(s); });
  } else if (isFloatKernel(params.kernel)) {
    std::vector<float> scales(params.scales.begin(), params.scales.end());
    floats("scale", scales);
    answer.fields["scale_bits"] = listOf(scales, bitsOf);
    for (float scale : scales)
      answer.notes += "scale " + digits(scale) + " (" + bitsOf(scale) + ")\n";
  } else {
    answer.fields["multiplier"] = listOf(
        params.multipliers, [](Multiplier m) { return int64_t(m.multiplier); });
    answer.fields["shift"] = listOf(
        params.multipliers, [](Multiplier m) { return int64_t(m.shift); });
    if (params.kernel == RequantizeKernel::R7)
      answer.fields["pre_shift"] = listOf(
          params.multipliers, [](Multiplier m) { return int64_t(m.preShift); });
  }
  json::Array errors;
  for (size_t i = 0; i < r.scales.size(); ++i) {
    Multiplier m = params.multipliers[i];
    double error = relativeError(m, r.scales[i]);
    errors.push_back(jsonNumber(error));
    answer.notes +=
        "multiplier " + std::to_string(m.multiplier) + ", shift " +
        std::to_string(m.shift) +
        (m.preShift ? ", pre-shift " + std::to_string(m.preShift)
                    : std::string()) +
        (r.scales[i] > 0 ? ", relative error " + number("%.3g", error)
                         : std::string()) +
        "\n";
  }
  if (!r.scales.empty()) {
    answer.fields["scale"] =
        listOf(r.scales, [](double s) { return jsonNumber(s); });
    answer.fields["relative_error"] = std::move(errors);
  }
  return answer;
}

Error driver::calcRequantize(Request &request) {
  Expected<Requantization> r = readRequantization(request.args);
  if (!r)
    return r.takeError();
  const RequantizeParams &params = r->epilogue.requantize;
  bool residual = request.args.has("residual-scale");
  if (residual && !r->epilogue.bias.empty())
    return usageError("expected --bias-form=f32 with --residual-scale");
  Expected<Operands<int64_t>> x =
      readIntegers(request, residual ? 2 : 1, int32Min, int32Max);
  if (!x)
    return x.takeError();
  int64_t last = x->shape.empty() ? 1 : x->shape.back();
  int64_t channels = static_cast<int64_t>(r->channels);
  if (request.args.has("input") && channels > 1 && last != channels)
    return inputError("expected an array with a last axis of " +
                      Twine(channels) + " channels, got the shape " +
                      runtime::shapeToString(x->shape));
  if (last % channels)
    return usageError("expected rows of " + Twine(channels) +
                      " numbers, one per channel, got " + Twine(last) +
                      " numbers");
  std::vector<Domain> domains;
  for (size_t c = 0; c < r->channels; ++c)
    domains.push_back(requantizeDomain(params, c));
  std::vector<int64_t> output;
  output.reserve(x->count());
  bool warned = false;
  for (size_t i = 0; i < x->count(); ++i) {
    size_t c = i % r->channels;
    int64_t acc = x->arrays[0][i];
    int64_t biased = acc + (r->epilogue.bias.empty() ? 0 : r->epilogue.bias[c]);
    if (!warned && !domains[c].contains(biased, biased)) {
      warned = true;
      warn(Twine(acc) + " is outside the domain of kernel '" +
           Twine(stringify(params.kernel)) + "', where machines differ");
    }
    if (residual && (x->arrays[1][i] < -128 || x->arrays[1][i] > 127))
      return inputError("expected residuals in -128..127, got " +
                        Twine(x->arrays[1][i]));
    output.push_back(
        residual
            ? requantize(params, c, acc, static_cast<int32_t>(x->arrays[1][i]))
            : applyEpilogue(r->epilogue, c, static_cast<int32_t>(acc)));
  }
  Storage storage = request.args.choice<Storage>("type", Storage::I32);
  return print(request, describeChoice(*r), *x, output, elementType(storage));
}
