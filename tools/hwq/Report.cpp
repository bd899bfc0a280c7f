//===- Report.cpp - What hwq quantize reports -------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report.h"
#include "Console.h"
#include "Explain.h"
#include "Provenance.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cmath>
#include <tuple>

using namespace hwq;
using namespace hwq::driver;
using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

/// Disagreeing samples that are listed; the number counts all.
static constexpr size_t kMaxListed = 100;

static Value interval(std::optional<double> p, int64_t n) {
  if (!p)
    return nullptr;
  auto [lo, hi] = confidenceInterval(*p, n);
  return Array{lo, hi};
}

static Value toJson(const TensorReport &t, const OpDerivation *op) {
  Object object{{"name", t.name},
                {"scale", nullptr},
                {"zero_point", nullptr},
                {"sqnr_db", jsonNumber(t.sqnr)},
                {"isolated_sqnr_db", jsonNumber(t.isolatedSqnr)},
                {"psnr_db", jsonNumber(t.psnr)},
                {"mse", jsonNumber(t.mse)},
                {"cosine", jsonNumber(t.cosine)}};
  if (t.params) {
    object["scale"] = jsonNumber(t.params->scale);
    object["zero_point"] = t.params->zeroPoint;
    object["qmin"] = t.params->grid.qmin;
    object["qmax"] = t.params->grid.qmax;
    object["max_lsb"] = jsonNumber(t.maxLsb);
    object["clip_low"] = jsonNumber(t.clipLow);
    object["clip_high"] = jsonNumber(t.clipHigh);
    object["clip_noise"] = jsonNumber(t.clipNoise);
    object["round_noise"] = jsonNumber(t.roundNoise);
  }
  if (op && op->range) {
    object["range"] =
        Array{jsonNumber(op->range->min), jsonNumber(op->range->max)};
    object["method"] = op->method;
  }
  return object;
}

/// How the requantization of an op was folded, if it was. A requantization that
/// became part of its op rounds as before.
static Value foldToJson(const OpDerivation &d) {
  Array remarks;
  llvm::StringRef kind = d.foldedAway ? "away" : d.folded ? "into_op" : "";
  int64_t maxLsb = 0;
  double share = 0;
  for (const PassRemark &r : d.remarks) {
    if (!llvm::StringRef(r.category).ends_with("fold"))
      continue;
    remarks.push_back(r.kind + ": " + r.text);
    // What else became of the requantization that is part of the op says more.
    if (!r.fold || d.foldedAway || r.fold->kind == "into_op")
      continue;
    kind = r.fold->kind;
    maxLsb = std::max(maxLsb, r.fold->maxLsb);
    if (r.fold->operands)
      share =
          std::max(share, double(r.fold->differing) / double(r.fold->operands));
  }
  if (kind.empty() && remarks.empty())
    return nullptr;
  Object object{{"kind", nullptr}, {"remarks", std::move(remarks)}};
  if (!kind.empty()) {
    object["kind"] = kind;
    object["max_lsb"] = maxLsb;
    object["differing_share"] = share;
  }
  return object;
}

/// Bits by which a bias could still grow in its accumulator.
static int64_t getBiasHeadroom(int64_t bias, int64_t accumulatorBits) {
  int used = 1;
  while (used < 63 && (int64_t(1) << (used - 1)) <= std::abs(bias))
    ++used;
  return accumulatorBits - used;
}

static Value opToJson(const OpDerivation &d) {
  Object object{{"tensor", d.tensor}, {"op", d.op}, {"integer", d.isInteger}};
  if (!d.whyFloat.empty())
    object["why_float"] = d.whyFloat;
  double error = 0;
  for (const NamedRequant &r : d.requants) {
    if (r.first.empty())
      object["kernel"] = std::string(numerics::stringify(r.second.getKernel()));
    for (double e : getScaleErrors(r.second))
      error = std::max(error, e);
  }
  if (!d.requants.empty())
    object["scale_error"] = jsonNumber(error);
  if (!d.variant.empty())
    object["variant"] = d.variant;
  if (!d.accumulators.empty()) {
    object["accumulator_bound"] = getAccumulatorBound(d);
    object["accumulator_bits_used"] = getAccumulatorBits(d);
    object["accumulator_bits"] = d.accumulatorBits;
  }
  if (!d.integerBias.empty()) {
    int64_t least = d.accumulatorBits;
    for (int64_t b : d.integerBias)
      least = std::min(least, getBiasHeadroom(b, d.accumulatorBits));
    object["bias_headroom_bits"] = least;
  }
  object["fold"] = foldToJson(d);
  Array shared;
  for (const SharedParameters &s : d.shared)
    shared.push_back(Object{{"with", s.other}, {"reason", s.reason}});
  object["shared"] = std::move(shared);
  return object;
}

static Value weightToJson(const WeightReport &w, const OpDerivation *op) {
  Array sqnr, headroom;
  double least = std::numeric_limits<double>::infinity();
  for (double v : w.sqnr) {
    sqnr.push_back(jsonNumber(v));
    least = std::min(least, v);
  }
  if (op)
    for (int64_t bias : op->integerBias)
      headroom.push_back(getBiasHeadroom(bias, op->accumulatorBits));
  return Object{{"tensor", op ? op->tensor : w.tensor},
                {"min_sqnr_db", jsonNumber(least)},
                {"sqnr_db", std::move(sqnr)},
                {"dead_channels", Array(w.dead)},
                {"bias_headroom_bits", std::move(headroom)}};
}

static Value formToJson(const FormPair &pair) {
  const FormComparison &c = pair.comparison;
  int64_t beyond = 0;
  for (const TensorComparison &t : c.tensors)
    beyond += t.beyond;
  return Object{{"from", pair.from},
                {"to", pair.to},
                {"tensors", int64_t(c.tensors.size())},
                {"compared", c.compared()},
                {"differing", c.differing()},
                {"max_difference", c.maxDifference()},
                {"beyond_bound", beyond},
                {"results_compared", c.resultsCompared},
                {"results_differing", c.resultsDiffering},
                {"ok", c.holds()}};
}

static Value toJson(const BackendReport &b, int64_t samples) {
  llvm::StringMap<const OpDerivation *> byName, byDot;
  Array tensors, ops, weights, forms, disagreements;
  for (const OpDerivation &d : b.ops) {
    byName[d.tensor] = &d;
    if (!d.dot.empty())
      byDot.try_emplace(d.dot, &d);
    ops.push_back(opToJson(d));
  }
  for (const TensorReport &t : b.tensors)
    tensors.push_back(toJson(t, byName.lookup(t.name)));
  for (const WeightReport &w : b.weights)
    weights.push_back(weightToJson(w, byDot.lookup(w.tensor)));
  for (const FormPair &pair : b.forms)
    forms.push_back(formToJson(pair));
  const ComparedOutputs &o = b.outputs;
  for (int64_t i : llvm::ArrayRef(o.disagreements).take_front(kMaxListed))
    disagreements.push_back(i);
  return Object{
      {"top1", jsonNumber(o.top1)},
      {"top1_interval", interval(o.top1, samples)},
      {"drop", o.drop ? jsonNumber(o.drop->drop) : nullptr},
      {"drop_standard_error",
       o.drop ? jsonNumber(o.drop->standardError) : nullptr},
      {"agreement", jsonNumber(o.agreement)},
      {"agreement_interval", interval(o.agreement, samples)},
      {"disagreements", int64_t(o.disagreements.size())},
      {"disagreeing_samples", std::move(disagreements)},
      {"output_sqnr_db", jsonNumber(o.sqnr)},
      {"fidelity", b.fidelity},
      {"fidelity_reason", b.fidelityReason},
      {"descriptor_sha256", b.descriptorSha256},
      {"tensors", std::move(tensors)},
      {"ops", std::move(ops)},
      {"weights", std::move(weights)},
      {"forms", std::move(forms)},
      {"totals",
       Object{{"ops", b.summary.ops},
              {"float_ops", b.summary.floatOps},
              {"requantizations_before", b.summary.requantizationsBefore},
              {"requantizations", b.summary.requantizationsAfter},
              {"folds", b.summary.folded},
              {"integer_macs", b.costs.integerMacs},
              {"float_macs", b.costs.floatMacs},
              {"integer_bytes", b.costs.integerBytes},
              {"float_bytes", b.costs.floatBytes}}}};
}

Value driver::toJson(const Report &report) {
  Object backends, inputs;
  for (const BackendReport &b : report.backends)
    backends[b.key] = ::toJson(b, report.samples);
  for (auto [input, digest] :
       llvm::zip_equal(report.inputs, report.inputSha256))
    inputs[input.first] =
        Object{{"path", llvm::json::fixUTF8(input.second)}, {"sha256", digest}};
  return Object{{"model", report.model},
                {"command", commandLine()},
                {"versions", versions()},
                {"cpu", cpu()},
                {"inputs", std::move(inputs)},
                {"float", Object{{"top1", jsonNumber(report.floatTop1)},
                                 {"top1_interval",
                                  interval(report.floatTop1, report.samples)},
                                 {"samples", report.samples}}},
                {"form_samples", report.formSamples},
                {"backends", std::move(backends)},
                {"failed", llvm::json::Array(report.failed)},
                {"seconds", Object{{"import", report.importSeconds},
                                   {"calibrate", report.calibrateSeconds},
                                   {"compile", report.compileSeconds},
                                   {"eval", report.evalSeconds}}}};
}

void driver::print(const Report &report, llvm::raw_ostream &os) {
  Table accuracy({"", "top-1", "agreement", "images/s"});
  accuracy.add({"float", percent(report.floatTop1), "",
                number("%.0f", report.floatImagesPerSecond)});
  for (const BackendReport &b : report.backends)
    accuracy.add({b.key, percent(b.outputs.top1), percent(b.outputs.agreement),
                  number("%.0f", b.outputs.predictions.imagesPerSecond())});
  if (report.samples)
    accuracy.print(os);
  os << report.samples << " samples; seconds: import "
     << number("%.2f", report.importSeconds) << ", calibrate "
     << number("%.2f", report.calibrateSeconds) << ", compile "
     << number("%.2f", report.compileSeconds) << ", eval "
     << number("%.2f", report.evalSeconds) << "\n";
  for (const BackendReport &b : report.backends) {
    if (!report.samples)
      break;
    std::vector<TensorReport> worst;
    for (const TensorReport &t : b.tensors)
      if (t.params)
        worst.push_back(t);
    size_t count = worst.size();
    std::sort(worst.begin(), worst.end(),
              [](const TensorReport &x, const TensorReport &y) {
                return std::tie(x.sqnr, x.name) < std::tie(y.sqnr, y.name);
              });
    if (worst.size() > 5)
      worst.resize(5);
    os << "\n"
       << b.key << ", tensors with the lowest SQNR of " << count << "\n";
    Table table(
        {"tensor", "SQNR dB", "isolated", "cosine", "max LSB", "clipped"});
    for (const TensorReport &t : worst)
      table.add({t.name, number("%.2f", t.sqnr), number("%.2f", t.isolatedSqnr),
                 number("%.6f", t.cosine), number("%.1f", t.maxLsb),
                 percent(t.clipLow + t.clipHigh)});
    table.print(os);
  }
}
