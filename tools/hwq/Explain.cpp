//===- Explain.cpp - The derivation of one op as text and JSON --*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Explain.h"
#include "Console.h"
#include "ExplainSteps.h"
#include "Options.h"
#include "hwq/Numerics/Multiplier.h"
#include "llvm/Support/Regex.h"
#include <algorithm>
#include <cmath>

using namespace hwq;
using namespace hwq::driver;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

std::vector<OpDerivation> driver::deriveOps(const CompiledForms &forms) {
  std::vector<OpDerivation> ops = deriveAll(forms);
  if (skipPattern.empty())
    return ops;
  llvm::Regex skip(skipPattern);
  for (OpDerivation &d : ops)
    if (!d.isInteger && !d.whyFloat.empty() && skip.match(d.tensor))
      d.whyFloat = "--skip='" + skipPattern + "'";
  return ops;
}

/// What a float kernel multiplies the accumulator by, all in all.
static double getFactor(RequantAttr r, size_t c) {
  double factor = channelValue(r.getFactors().asArrayRef(), c);
  return r.getOutputScale() ? factor / r.getOutputScale().getValueAsDouble()
                            : factor;
}

std::vector<double> driver::getScaleErrors(RequantAttr r) {
  std::vector<double> errors;
  for (auto [c, scale] : llvm::enumerate(r.getScales().asArrayRef())) {
    if (scale == 0)
      errors.push_back(0);
    else if (r.getMultipliers() && r.getShifts())
      errors.push_back(numerics::relativeError(
          {channelValue(r.getMultipliers().asArrayRef(), c),
           channelValue(r.getShifts().asArrayRef(), c),
           r.getPreShifts() ? channelValue(r.getPreShifts().asArrayRef(), c)
                            : 0},
          scale));
    else if (r.getFactors())
      errors.push_back(std::abs(getFactor(r, c) - scale) / scale);
  }
  return errors;
}

int64_t driver::getAccumulatorBound(const OpDerivation &d) {
  int64_t bound = 0;
  for (numerics::Interval i : d.accumulators)
    bound = std::max({bound, i.hi, -i.lo});
  return bound;
}

int64_t driver::getAccumulatorBits(const OpDerivation &d) {
  if (d.accumulators.empty())
    return 0;
  int bits = 1;
  for (numerics::Interval i : d.accumulators)
    while (bits < 64 && !numerics::fitsAccumulator(i, bits))
      ++bits;
  return bits;
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

template <typename Range> static Value array(const Range &values) {
  Array result;
  for (auto v : values) {
    if constexpr (std::is_floating_point_v<decltype(v)>)
      result.push_back(jsonNumber(double(v)));
    else
      result.push_back(int64_t(v));
  }
  return result;
}

static Object toJson(const TensorGrid &t) {
  Object object{{"name", t.name}, {"storage", t.storage}};
  if (!t.params) {
    object["scale"] = nullptr;
    object["zero_point"] = nullptr;
    return object;
  }
  object["scale"] = jsonNumber(t.params->scale);
  object["zero_point"] = t.params->zeroPoint;
  object["qmin"] = t.params->grid.qmin;
  object["qmax"] = t.params->grid.qmax;
  return object;
}

static Object toJson(RequantAttr r) {
  Object object{{"kernel", std::string(numerics::stringify(r.getKernel()))},
                {"scale", array(r.getScales().asArrayRef())},
                {"input_zero_point", r.getInputZeroPoint()},
                {"left_shift", r.getLeftShift()},
                {"zero_point", r.getZeroPoint()},
                {"lo", r.getLo()},
                {"hi", r.getHi()},
                {"scale_error", array(getScaleErrors(r))}};
  auto add = [&](const char *key, auto attr) {
    if (attr)
      object[key] = array(attr.asArrayRef());
  };
  add("multiplier", r.getMultipliers());
  add("shift", r.getShifts());
  add("pre_shift", r.getPreShifts());
  add("factor", r.getFactors());
  add("bias", r.getBias());
  add("bias_unit", r.getBiasUnits());
  if (r.getOutputScale())
    object["output_scale"] = r.getOutputScale().getValueAsDouble();
  if (r.getResidualScale())
    object["residual_scale"] = r.getResidualScale().getValueAsDouble();
  return object;
}

/// The multipliers, shifts or factors of all requantizations in one array: of a
/// dot product one per channel, of an addition those of lhs, rhs and sum.
template <typename Get> static Value collect(const OpDerivation &d, Get get) {
  Array all;
  for (const NamedRequant &r : d.requants)
    if (auto attr = get(r.second))
      for (auto v : attr.asArrayRef()) {
        if constexpr (std::is_floating_point_v<decltype(v)>)
          all.push_back(jsonNumber(double(v)));
        else
          all.push_back(int64_t(v));
      }
  return all;
}

static const RequantAttr *resultRequant(const OpDerivation &d) {
  for (const NamedRequant &r : d.requants)
    if (r.first.empty())
      return &r.second;
  return nullptr;
}

Object driver::toJson(const OpDerivation &d) {
  Array inputs;
  for (const TensorGrid &t : d.inputs)
    inputs.push_back(::toJson(t));
  Object object{{"tensor", d.tensor},
                {"op", d.op},
                {"integer", d.isInteger},
                {"input", std::move(inputs)},
                {"output", ::toJson(d.output)},
                {"weight_scale", array(d.weightScales)},
                {"weight_zero_point", array(d.weightZeroPoints)},
                {"folded", d.folded},
                {"folded_away", d.foldedAway}};
  if (d.range)
    object["range"] = Array{jsonNumber(d.range->min), jsonNumber(d.range->max)};
  if (!d.method.empty())
    object["method"] = d.method;
  if (!d.whyFloat.empty())
    object["why_float"] = d.whyFloat;

  const RequantAttr *result = resultRequant(d);
  // A kernel that takes the real bias leaves the zero point's part of it to the
  // accumulator.
  bool realBias = result && result->getBias();
  object["bias"] =
      realBias ? array(result->getBias().asArrayRef()) : array(d.integerBias);
  if (realBias)
    object["accumulator_bias"] = array(d.integerBias);
  // A leaky relu has one kernel for both of its sides.
  if (!result && !d.requants.empty())
    result = &d.requants.front().second;
  object["kernel"] =
      result ? Value(std::string(numerics::stringify(result->getKernel())))
             : Value(nullptr);
  if (!d.variant.empty())
    object["variant"] = d.variant;
  object["multiplier"] =
      collect(d, [](RequantAttr r) { return r.getMultipliers(); });
  object["shift"] = collect(d, [](RequantAttr r) { return r.getShifts(); });
  object["factor"] = collect(d, [](RequantAttr r) { return r.getFactors(); });
  if (!d.table.empty())
    object["table"] = array(d.table);
  Object requants;
  for (const NamedRequant &r : d.requants)
    requants[r.first.empty() ? "result" : r.first] = ::toJson(r.second);
  object["requantizations"] = std::move(requants);
  if (d.accumulators.empty()) {
    object["accumulator_bound"] = nullptr;
  } else {
    object["accumulator_bound"] = getAccumulatorBound(d);
    object["accumulator_bits_used"] = getAccumulatorBits(d);
    object["accumulator_bits"] = d.accumulatorBits;
    Array intervals;
    for (numerics::Interval i : d.accumulators)
      intervals.push_back(Array{i.lo, i.hi});
    object["accumulators"] = std::move(intervals);
  }
  if (d.padValue)
    object["pad_value"] = *d.padValue;

  Object steps;
  if (!d.realBias.empty())
    steps["0"] = Object{{"bias", array(d.realBias)}};
  auto step = [&](const char *key, const std::vector<double> &scale,
                  const std::vector<double> &bias) {
    if (!scale.empty())
      steps[key] = Object{{"scale", array(scale)}, {"bias", array(bias)}};
  };
  step("1", d.s1, d.b1);
  step("2", d.s2, d.b2);
  step("3", d.s3, d.b3);
  for (const NamedRequant &r : d.realRequants)
    if (!r.second.getScales().empty() && d.s1.empty())
      steps[r.first.empty() ? "scale" : r.first + "_scale"] =
          array(r.second.getScales().asArrayRef());
  object["steps"] = std::move(steps);

  Array shared, remarks;
  for (const SharedParameters &s : d.shared)
    shared.push_back(Object{{"with", s.other}, {"reason", s.reason}});
  for (const PassRemark &r : d.remarks)
    remarks.push_back(
        Object{{"kind", r.kind}, {"category", r.category}, {"text", r.text}});
  object["shared"] = std::move(shared);
  object["remarks"] = std::move(remarks);
  return object;
}

//===----------------------------------------------------------------------===//
// Text and Markdown
//===----------------------------------------------------------------------===//

static std::string describe(const TensorGrid &t) {
  std::string text = t.name.empty() ? "" : t.name + ": ";
  if (!t.params)
    return text + t.storage;
  if (t.storage == "f32")
    text += "f32, dequantized from ";
  else
    text += t.storage + " ";
  return text + "[" + std::to_string(t.params->grid.qmin) + ", " +
         std::to_string(t.params->grid.qmax) + "], scale " +
         exact(t.params->scale) + ", zero point " +
         std::to_string(t.params->zeroPoint);
}

/// "0.1", or "0.1 to 0.4" of several.
template <typename Range> static std::string spread(const Range &values) {
  auto [least, most] = std::minmax_element(values.begin(), values.end());
  auto text = [](auto v) {
    if constexpr (std::is_floating_point_v<decltype(v)>)
      return exact(v);
    else
      return std::to_string(v);
  };
  return *least == *most ? text(*least) : text(*least) + " to " + text(*most);
}

using Facts = std::vector<std::pair<std::string, std::string>>;

static void addWeights(const OpDerivation &d, Facts &facts) {
  if (!d.taps)
    return;
  if (!d.hasWeights) {
    facts.push_back(
        {"products", std::to_string(d.taps) + " of two activations in a sum"});
    return;
  }
  std::string text;
  if (d.weightGrid)
    text = "codes [" + std::to_string(d.weightGrid->qmin) + ", " +
           std::to_string(d.weightGrid->qmax) + "], scale " +
           spread(d.weightScales) + ", zero point " +
           spread(d.weightZeroPoints) + ", " +
           std::to_string(d.weightScales.size()) +
           (d.weightScales.size() == 1 ? " scale" : " scales");
  else
    text = "f32";
  facts.push_back(
      {"weights", text + ", " + std::to_string(d.taps) + " products in a sum"});
}

static Facts getFacts(const OpDerivation &d) {
  Facts facts;
  if (d.range)
    facts.push_back({"range", "[" + exact(d.range->min) + ", " +
                                  exact(d.range->max) + "], " + d.method});
  for (const TensorGrid &t : d.inputs)
    facts.push_back({"input", describe(t)});
  addWeights(d, facts);
  facts.push_back({"output", describe(d.output)});
  for (const SharedParameters &s : d.shared)
    facts.push_back({"shared", "parameters of '" + s.other + "': " + s.reason});
  for (const NamedRequant &r : d.requants) {
    std::vector<double> errors = getScaleErrors(r.second);
    if (errors.empty())
      continue;
    double largest = *std::max_element(errors.begin(), errors.end());
    facts.push_back(
        {"kernel", std::string(numerics::stringify(r.second.getKernel())) +
                       (r.first.empty() ? "" : " of " + r.first) + ", " +
                       (r.second.getMultipliers() ? "M / 2^n" : "the factor") +
                       " is off its scale by at most " +
                       number("%.3g", largest) + " of it"});
  }
  if (!d.accumulators.empty()) {
    numerics::Interval all = d.accumulators.front();
    for (numerics::Interval i : d.accumulators) {
      all.lo = std::min(all.lo, i.lo);
      all.hi = std::max(all.hi, i.hi);
    }
    facts.push_back(
        {"accumulator", "in [" + std::to_string(all.lo) + ", " +
                            std::to_string(all.hi) + "], " +
                            std::to_string(getAccumulatorBits(d)) + " of " +
                            std::to_string(d.accumulatorBits) + " bits"});
  }
  if (d.foldedAway)
    facts.push_back({"folding", "part of another op since step 0"});
  else if (d.folded)
    facts.push_back({"folding", "the requantization is part of the op"});
  else if (d.taps && !d.requants.empty())
    facts.push_back({"folding", "the requantization stays an op of its own"});
  if (!d.isInteger && !d.whyFloat.empty())
    facts.push_back({"float", d.whyFloat});
  for (const PassRemark &r : d.remarks)
    if (!r.fold || r.fold->kind != "into_op")
      facts.push_back({r.kind, r.text});
  return facts;
}

/// A row per channel: scales, biases, multipliers of all steps.
static std::vector<std::vector<std::string>>
getChannelRows(const OpDerivation &d) {
  const RequantAttr *r = resultRequant(d);
  size_t channels =
      std::max({d.s1.size(), d.b1.size(), d.weightScales.size(),
                d.realBias.size(), d.accumulators.size(), size_t(1)});
  std::vector<std::string> header{"channel"};
  std::vector<std::vector<std::string>> rows(channels);
  for (size_t c = 0; c < channels; ++c)
    rows[c].push_back(std::to_string(c));
  auto column = [&](const char *name, const auto &values) {
    if (values.empty())
      return;
    header.push_back(name);
    for (size_t c = 0; c < channels; ++c) {
      auto v = channelValue(values, c);
      if constexpr (std::is_floating_point_v<decltype(v)>)
        rows[c].push_back(exact(v));
      else
        rows[c].push_back(std::to_string(v));
    }
  };
  column("Sw", d.weightScales);
  column("S1", d.s1);
  column("B", d.realBias);
  column("B1", d.b1);
  column("B2", d.b2);
  column("B3", d.b3);
  column("b", d.integerBias);
  if (r) {
    if (r->getMultipliers())
      column("M", r->getMultipliers().asArrayRef());
    if (r->getShifts())
      column("n", r->getShifts().asArrayRef());
    if (r->getFactors())
      column("factor", r->getFactors().asArrayRef());
    std::vector<double> errors = getScaleErrors(*r);
    if (!errors.empty()) {
      header.push_back("error");
      for (size_t c = 0; c < channels; ++c)
        rows[c].push_back(number("%.2g", channelValue(errors, c)));
    }
  }
  if (!d.accumulators.empty()) {
    header.push_back("accumulator");
    for (size_t c = 0; c < channels; ++c) {
      numerics::Interval i = channelValue(d.accumulators, c);
      rows[c].push_back("[" + std::to_string(i.lo) + ", " +
                        std::to_string(i.hi) + "]");
    }
  }
  rows.insert(rows.begin(), std::move(header));
  return rows;
}

static std::string describeChannel(const OpDerivation &d) {
  return d.weightScales.size() > 1 || d.realBias.size() > 1 ? ", channel 0"
                                                            : "";
}

void driver::printText(const OpDerivation &d, bool channels,
                       llvm::raw_ostream &os) {
  os << d.tensor << " = " << d.op << (d.isInteger ? ", in integers" : "")
     << "\n\n";
  for (const auto &[label, text] : getFacts(d))
    os << "  " << llvm::left_justify(label, 12) << text << "\n";
  std::vector<FormulaLine> lines = getFormulas(d, 0);
  if (!lines.empty())
    os << "\n  derivation" << describeChannel(d) << "\n";
  for (const FormulaLine &line : lines) {
    os << "  " << llvm::left_justify(line.step, 12) << line.formula << "\n";
    if (!line.note.empty())
      os << "              " << line.note << "\n";
  }
  if (channels && d.taps) {
    std::vector<std::vector<std::string>> rows = getChannelRows(d);
    Table table(rows.front());
    for (size_t i = 1; i < rows.size(); ++i)
      table.add(rows[i]);
    os << "\n";
    table.print(os);
  }
}

void driver::printMarkdown(const OpDerivation &d, bool channels,
                           llvm::raw_ostream &os) {
  os << "## `" << d.tensor << "` = " << d.op
     << (d.isInteger ? ", in integers" : "") << "\n\n";
  for (const auto &[label, text] : getFacts(d))
    os << "* **" << label << "** " << text << "\n";
  std::vector<FormulaLine> lines = getFormulas(d, 0);
  if (!lines.empty())
    os << "\nDerivation" << describeChannel(d) << ":\n\n"
       << "| step | formula | |\n|---|---|---|\n";
  for (const FormulaLine &line : lines)
    os << "| " << line.step << " | `" << line.formula << "` | " << line.note
       << " |\n";
  if (!channels || !d.taps)
    return;
  std::vector<std::vector<std::string>> rows = getChannelRows(d);
  os << "\n";
  for (size_t i = 0; i < rows.size(); ++i) {
    os << "|";
    for (const std::string &cell : rows[i])
      os << " " << cell << " |";
    os << "\n";
    if (i == 0) {
      os << "|";
      for (size_t j = 0; j < rows[0].size(); ++j)
        os << "---:|";
      os << "\n";
    }
  }
}
