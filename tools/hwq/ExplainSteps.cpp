//===- ExplainSteps.cpp - Derivation steps as formulas ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ExplainSteps.h"
#include "Console.h"

using namespace hwq;
using namespace hwq::driver;

/// " + 3", " - 3"; nothing for 0.
template <typename T> static std::string plus(T value) {
  if (value == 0)
    return "";
  return (value < 0 ? " - " : " + ") + exact(value < 0 ? -value : value);
}

/// "(q + 3)" for a zero point of -3; "q" for 0.
static std::string centered(const std::string &q, double zeroPoint) {
  return zeroPoint == 0 ? q : "(" + q + plus(-zeroPoint) + ")";
}

static std::string clamped(const std::string &value, RequantAttr requant) {
  return "qy = clamp(" + value + ", " + std::to_string(requant.getLo()) + ", " +
         std::to_string(requant.getHi()) + ")";
}

static std::string kernelName(RequantAttr requant) {
  return std::string(numerics::stringify(requant.getKernel()));
}

/// The kernel on `x`, with its numbers; `residual` the centered codes of one.
static std::string applied(RequantAttr r, const std::string &x, size_t c,
                           const std::string &residual = "") {
  std::string in = x;
  if (r.getLeftShift())
    in = "(" + in + " << " + std::to_string(r.getLeftShift()) + ")";
  if (r.getMultipliers() && r.getShifts()) {
    std::string m =
        std::to_string(channelValue(r.getMultipliers().asArrayRef(), c));
    std::string n = std::to_string(channelValue(r.getShifts().asArrayRef(), c));
    if (r.getPreShifts())
      in = "(" + in + " >> " +
           std::to_string(channelValue(r.getPreShifts().asArrayRef(), c)) + ")";
    return kernelName(r) + "(" + in + " * " + m + " / 2^" + n + ")";
  }
  std::string text = in;
  if (r.getBiasUnits() && r.getBias())
    text = "(" + in + plus(channelValue(r.getBias().asArrayRef(), c)) + " * " +
           exact(channelValue(r.getBiasUnits().asArrayRef(), c)) + ")";
  if (r.getFactors())
    text += " * " + exact(channelValue(r.getFactors().asArrayRef(), c));
  if (!r.getBiasUnits() && r.getBias())
    text += plus(channelValue(r.getBias().asArrayRef(), c));
  if (r.getResidualScale())
    text += " + " + exact(r.getResidualScale().getValueAsDouble()) + " * " +
            residual;
  if (r.getOutputScale() && r.getOutputScale().getValueAsDouble() != 1)
    text = "(" + text + ") / " + exact(r.getOutputScale().getValueAsDouble());
  return kernelName(r) + "(" + text + ")";
}

namespace {
/// The lines of one op and channel.
class Formulas {
public:
  Formulas(const OpDerivation &d, size_t channel) : d(d), c(channel) {}
  std::vector<FormulaLine> lines;

  void dot();
  void matmul();
  void prelu();
  void sum();
  void product();
  void other();

private:
  void add(std::string step, std::string formula, std::string note = "") {
    lines.push_back({std::move(step), std::move(formula), std::move(note)});
  }
  bool isFloat() const { return !d.output.params; }
  double outputScale() const { return isFloat() ? 1 : d.output.params->scale; }
  double outputZero() const {
    return isFloat() ? 0 : double(d.output.params->zeroPoint);
  }
  /// "qy + 128", or "y" where the result is float.
  std::string left() const {
    return isFloat() ? "y" : "qy" + plus(-outputZero());
  }
  std::string real(size_t input, const std::string &q) const {
    const auto &p = d.inputs[input].params;
    return p ? exact(p->scale) + " * " + centered(q, double(p->zeroPoint)) : q;
  }
  std::string step0Left() const {
    return isFloat()
               ? "y"
               : exact(outputScale()) + " * " + centered("qy", outputZero());
  }
  void kernelStep(const std::string &operand);
  RequantAttr result(const std::vector<NamedRequant> &all,
                     llvm::StringRef role = "") const {
    for (const NamedRequant &r : all)
      if (r.first == role)
        return r.second;
    return {};
  }

  const OpDerivation &d;
  size_t c;
};
} // namespace

/// Step 4 of one requantization, and the error of its multiplier.
void Formulas::kernelStep(const std::string &operand) {
  RequantAttr r = result(d.requants);
  if (!r)
    return;
  std::string note = "kernel " + kernelName(r);
  if (!d.variant.empty())
    note += ", variant " + d.variant;
  std::string residual;
  if (d.hasWeights && d.inputs.size() > 1 && d.inputs[1].params)
    residual = centered("qr", double(d.inputs[1].params->zeroPoint));
  std::string value = applied(r, operand, c, residual);
  if (isFloat())
    add("step 4", "y = " + value, note);
  else
    add("step 4", clamped(value + plus(double(r.getZeroPoint())), r), note);
}

void Formulas::dot() {
  bool quantizedWeights = !d.weightScales.empty();
  std::string w =
      quantizedWeights
          ? exact(channelValue(d.weightScales, c)) + " * " +
                centered("qw", double(channelValue(d.weightZeroPoints, c)))
          : "w";
  std::string qw =
      quantizedWeights
          ? centered("qw", double(channelValue(d.weightZeroPoints, c)))
          : "w";
  std::string bias =
      d.realBias.empty() ? "" : plus(channelValue(d.realBias, c));
  std::string residual =
      d.inputs.size() > 1 && d.inputs[1].params ? " + " + real(1, "qr") : "";
  add("float", "y = sum(x * w)" + bias + (d.inputs.size() > 1 ? " + r" : ""));
  if (d.inputs.empty() || (!d.inputs[0].params && !quantizedWeights))
    return;
  add("step 0",
      step0Left() + " = sum(" + real(0, "qx") + " * " + w + ")" + bias +
          residual,
      "quantize and dequantize around the float op");
  double zx = d.inputs[0].params ? double(d.inputs[0].params->zeroPoint) : 0;
  auto biasOf = [&](const std::vector<double> &values) {
    return values.empty() ? "" : plus(channelValue(values, c));
  };
  std::string r =
      d.inputs.size() > 1 && d.inputs[1].params
          ? plus(d.inputs[1].params->scale / outputScale()) + " * " +
                centered("qr", double(d.inputs[1].params->zeroPoint))
          : "";
  if (!d.s1.empty())
    add("step 1",
        left() + " = " + exact(channelValue(d.s1, c)) + " * sum(" +
            centered("qx", zx) + " * " + qw + ")" + biasOf(d.b1) + r,
        "S1 = Sx Sw / Sy, B1 = B / Sy");
  if (!d.s2.empty())
    add("step 2",
        left() + " = " + exact(channelValue(d.s2, c)) + " * sum(qx * " + qw +
            ")" + biasOf(d.b2) + r,
        d.padValue ? "padding with the code " + std::to_string(*d.padValue)
                   : "Zx sum(qw - Zw) is part of the bias");
  if (!d.s3.empty())
    add("step 3",
        (isFloat() ? "y" : "qy") + std::string(" = ") +
            exact(channelValue(d.s3, c)) + " * (A" + biasOf(d.b3) + ")" +
            plus(outputZero()) + r,
        "A = sum(qx * " + qw + "), the bias in units of the accumulator");
  std::string operand = "A";
  if (!d.integerBias.empty())
    operand = "(A" + plus(double(channelValue(d.integerBias, c))) + ")";
  if (operand == "(A)")
    operand = "A";
  kernelStep(operand);
}

void Formulas::matmul() {
  if (d.inputs.size() != 2)
    return other();
  add("float", "y = sum(a * b)");
  if (!d.inputs[0].params || !d.inputs[1].params)
    return;
  add("step 0",
      step0Left() + " = sum(" + real(0, "qa") + " * " + real(1, "qb") + ")",
      "quantize and dequantize around the float op");
  std::string product = centered("qa", double(d.inputs[0].params->zeroPoint)) +
                        " * " +
                        centered("qb", double(d.inputs[1].params->zeroPoint));
  if (!d.s1.empty())
    add("step 1", left() + " = " + exact(d.s1[0]) + " * sum(" + product + ")",
        "S1 = Sa Sb / Sy");
  if (!d.s3.empty())
    add("step 3",
        (isFloat() ? "y" : "qy") + std::string(" = ") + exact(d.s3[0]) +
            " * A" + plus(outputZero()),
        "A = sum(" + product + ")");
  kernelStep("A");
}

void Formulas::prelu() {
  add("float", "y = x < 0 ? slope * x : x");
  if (d.inputs.empty() || !d.inputs[0].params || isFloat())
    return;
  add("step 0", step0Left() + " = prelu(" + real(0, "qx") + ")",
      "quantize and dequantize around the float op");
  std::string a = centered("qx", double(d.inputs[0].params->zeroPoint));
  RequantAttr positive = result(d.realRequants, "positive"),
              negative = result(d.realRequants, "negative");
  if (positive && negative) {
    add("step 1", left() + " = " + exact(positive.getScales()[0]) + " * " + a,
        "x >= 0: S1 = Sx / Sy");
    add("step 1",
        left() + " = " + exact(negative.getScales()[0]) + " * " + a +
            " * qslope",
        "x < 0: S1 = Sx Sslope / Sy");
  }
  positive = result(d.requants, "positive");
  negative = result(d.requants, "negative");
  if (!positive || !negative)
    return;
  auto kernel = [&](RequantAttr r, const std::string &x, const char *note) {
    add("step 4", clamped(applied(r, x, 0) + plus(double(r.getZeroPoint())), r),
        note);
  };
  kernel(positive, a, "x >= 0");
  kernel(negative, a + " * qslope", "x < 0");
}

void Formulas::sum() {
  if (d.inputs.size() != 2)
    return other();
  std::string sign = d.op == "sub" ? " - " : " + ";
  add("float", "y = a" + sign + "b");
  add("step 0", step0Left() + " = " + real(0, "qa") + sign + real(1, "qb"),
      "quantize and dequantize around the float op");
  RequantAttr a = result(d.realRequants, "lhs"),
              b = result(d.realRequants, "rhs"), y = result(d.realRequants);
  auto scale = [](RequantAttr r) { return exact(r.getScales()[0]); };
  if (a && b && y)
    add("step 1",
        left() + " = " + scale(y) + " * (" + scale(a) + " * " +
            centered("qa", double(a.getInputZeroPoint())) + sign + scale(b) +
            " * " + centered("qb", double(b.getInputZeroPoint())) + ")",
        "real scales, one rounding at the end");
  a = result(d.requants, "lhs");
  b = result(d.requants, "rhs");
  if (a && b)
    kernelStep(
        "(" + applied(a, centered("qa", double(a.getInputZeroPoint())), 0) +
        sign + applied(b, centered("qb", double(b.getInputZeroPoint())), 0) +
        ")");
}

void Formulas::product() {
  if (d.inputs.size() != 2)
    return other();
  add("float", "y = a * b");
  add("step 0", step0Left() + " = " + real(0, "qa") + " * " + real(1, "qb"),
      "quantize and dequantize around the float op");
  auto zero = [&](size_t i) {
    return d.inputs[i].params ? double(d.inputs[i].params->zeroPoint) : 0;
  };
  std::string product =
      centered("qa", zero(0)) + " * " + centered("qb", zero(1));
  if (RequantAttr y = result(d.realRequants))
    add("step 1", left() + " = " + exact(y.getScales()[0]) + " * " + product,
        "S1 = Sa Sb / Sy");
  kernelStep("(" + product + ")");
}

void Formulas::other() {
  if (d.op == "input")
    return;
  if (d.op == "quantize") {
    if (d.output.params)
      add("step 0",
          "qy = clamp(round(y / " + exact(outputScale()) + ")" +
              plus(outputZero()) + ", " +
              std::to_string(d.output.params->grid.qmin) + ", " +
              std::to_string(d.output.params->grid.qmax) + ")",
          "from float");
    return;
  }
  std::string operands;
  for (size_t i = 0; i < d.inputs.size(); ++i)
    operands += (i ? ", x" + std::to_string(i) : std::string("x"));
  add("float", "y = " + d.op + "(" + operands + ")");
  if (d.inputs.empty() || !d.output.params)
    return;
  std::string codes;
  for (size_t i = 0; i < d.inputs.size(); ++i)
    codes += (i ? ", " : "") + real(i, i ? "qx" + std::to_string(i) : "qx");
  add("step 0", step0Left() + " = " + d.op + "(" + codes + ")",
      "quantize and dequantize around the float op");
  if (!d.isInteger)
    return;
  double zero = d.inputs[0].params ? double(d.inputs[0].params->zeroPoint) : 0;
  // The scale of a mean has its count in it.
  bool isMean = d.op == "mean";
  std::string operand = d.op == "requantize" ? centered("qx", zero)
                                             : (isMean ? "sum" : d.op) + "(qx" +
                                                   plus(-zero) + ")";
  if (RequantAttr y = result(d.realRequants))
    add("step 1", left() + " = " + exact(y.getScales()[0]) + " * " + operand,
        isMean ? "S1 = Sx / (Sy N)" : "S1 = Sx / Sy");
  if (!d.table.empty())
    return add("step 4", "qy = table[qx - qmin]",
               std::to_string(d.table.size()) + " entries");
  if (result(d.requants))
    return kernelStep(operand);
  const auto &in = d.inputs[0].params;
  bool same =
      in && in->scale == outputScale() && double(in->zeroPoint) == outputZero();
  std::string note = same ? "same parameters" : "";
  if (!d.variant.empty())
    note += (same ? ", variant " : "variant ") + d.variant;
  add("step 4",
      "qy = " + d.op + "(" + (d.inputs.size() > 1 ? "qx, ..." : "qx") + ")",
      note);
}

std::vector<FormulaLine> driver::getFormulas(const OpDerivation &d,
                                             size_t channel) {
  Formulas formulas(d, channel);
  if (d.hasWeights)
    formulas.dot();
  else if (d.taps)
    formulas.matmul();
  else if (d.op == "prelu")
    formulas.prelu();
  else if (d.op == "add" || d.op == "sub")
    formulas.sum();
  else if (d.op == "mul")
    formulas.product();
  else
    formulas.other();
  return std::move(formulas.lines);
}
