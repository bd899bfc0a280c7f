//===- CalcProve.cpp - hwq calc prove, find_multiplier ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Calc.h"
#include "CalcRequantize.h"
#include "Console.h"
#include "hwq/Numerics/Prover.h"

using namespace llvm;
using namespace hwq;
using namespace hwq::driver;
using namespace hwq::numerics;

/// One requantization, "R1:scale=0.1,min=-128,max=127": a kernel and values of
/// requantizeNames.
static Expected<RequantizeParams> parseStep(StringRef text) {
  Arguments args("");
  auto [kernel, rest] = text.split(':');
  args.set("kernel", kernel.trim());
  SmallVector<StringRef> parts;
  rest.split(parts, ',', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  for (StringRef part : parts) {
    StringRef name = part.split('=').first.trim(),
              value = part.split('=').second.trim();
    auto known = find_if(requantizeNames, [&](StringRef candidate) {
      return sameName(candidate, name) && candidate != "kernel" &&
             candidate != "residual-scale";
    });
    if (known == requantizeNames.end())
      return usageError("expected NAME=VALUE with an option of 'hwq calc "
                        "requantize', got '" +
                        part + "'");
    if (args.has(*known))
      return usageError("expected one " + *known + ", got two");
    args.set(*known, value);
  }
  Expected<Requantization> step = readRequantization(args);
  if (!step)
    return step.takeError();
  RequantizeParams params = step->epilogue.requantize;
  // acc + bias is acc - (-bias), in 32 bits that wrap.
  if (!step->epilogue.bias.empty())
    params.inputZeroPoint =
        static_cast<int32_t>(-static_cast<uint32_t>(step->epilogue.bias[0]));
  return params;
}

/// Steps joined by '>'.
static Expected<RequantizeChain> parseChain(Request &request, StringRef name) {
  if (!request.args.has(name))
    return usageError("expected --" + name);
  RequantizeChain chain;
  SmallVector<StringRef> steps;
  request.args.text(name).split(steps, '>');
  for (StringRef step : steps) {
    Expected<RequantizeParams> params = parseStep(step);
    if (params) {
      chain.append(*params, 0);
      continue;
    }
    bool usage = params.errorIsA<UsageError>();
    std::string message =
        ("--" + name + ": " + toString(params.takeError())).str();
    return usage ? usageError(message) : inputError(message);
  }
  return chain;
}

/// --interval=LO,HI; no numbers go with it.
static Expected<std::pair<int64_t, int64_t>> parseInterval(Request &request) {
  std::vector<int64_t> interval = request.args.integers("interval");
  if (interval.size() != 2)
    request.args.fail("expected --interval=LO,HI");
  else if (interval[0] > interval[1])
    request.args.fail("interval", "LO,HI with LO <= HI");
  if (!request.scalars.empty())
    request.args.fail("expected no numbers, got '" + request.scalars[0] + "'");
  if (Error error = request.args.takeError())
    return std::move(error);
  return std::pair(interval[0], interval[1]);
}

Error driver::calcProve(Request &request) {
  Expected<std::pair<int64_t, int64_t>> interval = parseInterval(request);
  if (!interval)
    return interval.takeError();
  auto [lo, hi] = *interval;
  Expected<RequantizeChain> first = parseChain(request, "first");
  if (!first)
    return first.takeError();
  Expected<RequantizeChain> second = parseChain(request, "second");
  if (!second)
    return second.takeError();
  numerics::Result<Comparison> result = compare(*first, *second, lo, hi);
  if (!result)
    return inputError(result);

  double share = static_cast<double>(result->count) /
                 (static_cast<double>(hi) - static_cast<double>(lo) + 1);
  std::string range =
      "[" + std::to_string(lo) + ", " + std::to_string(hi) + "]";
  Answer answer;
  answer.fields["interval"] = json::Array{lo, hi};
  answer.fields["equal"] = result->equal();
  answer.fields["max_difference"] = result->maxDifference;
  answer.fields["count"] = result->count;
  answer.fields["share"] = share;
  if (result->equal()) {
    answer.notes = "equal on " + range + "\n";
    return print(std::move(answer));
  }
  int64_t at = result->first;
  answer.fields["first_difference"] = json::Object{
      {"at", at}, {"first", (*first)(at)}, {"second", (*second)(at)}};
  answer.notes = "different on " + range + ": by at most " +
                 std::to_string(result->maxDifference) + ", for " +
                 std::to_string(result->count) + " accumulators (" +
                 number("%.4g", share * 100) + " %)\nfirst at " +
                 std::to_string(at) + ": " + std::to_string((*first)(at)) +
                 " and " + std::to_string((*second)(at)) + "\n";
  return print(std::move(answer));
}

Error driver::calcFindMultiplier(Request &request) {
  Arguments &args = request.args;
  Expected<std::pair<int64_t, int64_t>> interval = parseInterval(request);
  if (!interval)
    return interval.takeError();
  auto [lo, hi] = *interval;
  Expected<RequantizeChain> chain = parseChain(request, "first");
  if (!chain)
    return chain.takeError();
  RequantizeFrame frame;
  frame.inputZeroPoint =
      static_cast<int32_t>(args.integer("input-zero-point", 0));
  frame.leftShift = static_cast<int32_t>(args.integer("left-shift", 0, 0, 31));
  frame.zeroPoint = readZeroPoint(args);
  Grid clamp = readClamp(args, gridOf(Storage::I32));
  frame.lo = clamp.qmin;
  frame.hi = clamp.qmax;
  MultiplierFormat format;
  format.bits = static_cast<int>(args.integer("bits", 31, 2, 31));
  if (Error error = args.takeError())
    return error;
  numerics::Result<std::vector<Step>> steps = thresholds(*chain, lo, hi);
  if (!steps)
    return inputError(steps);
  std::optional<MultiplierSet> found =
      findMultiplier(*steps, hi, frame, format);
  Answer answer;
  answer.fields["interval"] = json::Array{lo, hi};
  answer.fields["found"] = found.has_value();
  answer.notes = "no multiplier of " + std::to_string(format.bits) +
                 " bits with any shift\n";
  if (found) {
    answer.fields["multiplier"] = json::Array{found->smallest, found->largest};
    answer.fields["shift"] = found->shift;
    answer.notes = "multiplier " + std::to_string(found->smallest) + " to " +
                   std::to_string(found->largest) + ", shift " +
                   std::to_string(found->shift) + "\n";
  }
  return print(std::move(answer));
}
