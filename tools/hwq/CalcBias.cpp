//===- CalcBias.cpp - hwq calc bias -----------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Calc.h"
#include "CalcRequantize.h"
#include "hwq/Numerics/Bias.h"
#include "hwq/Numerics/Epilogue.h"

using namespace llvm;
using namespace hwq;
using namespace hwq::driver;
using namespace hwq::numerics;

namespace {
/// A bias per channel in the accumulator's units, of the forms that take them.
struct ScaledBias {
  BiasForm form;
  bool perChannelWeights;
  Rounding rounding;
  double inputScale;
  std::vector<double> weightScales;
};
} // namespace

/// As deriveEpilogue has it. Nothing of the output matters for a bias, and R4
/// takes both real and integer ones.
static numerics::Result<Epilogue> derive(const ScaledBias &b,
                                         const std::vector<double> &values) {
  EpilogueOptions options;
  options.kernel = RequantizeKernel::R4;
  options.biasForm = b.form;
  options.biasRounding = b.rounding;
  options.perChannelWeights = b.perChannelWeights;
  return deriveEpilogue(options, {b.inputScale, 0, {0, 0}}, b.weightScales,
                        {1, 0, {0, 0}}, values);
}

/// Codes with a power-of-two scale of their own.
static Error powerOfTwoBias(Request &request, BiasForm form) {
  Arguments &args = request.args;
  for (StringRef name : {"input-scale", "weight-scale", "rounding"})
    if (args.has(name))
      args.fail("expected no " + args.shown(name) + " with form '" +
                Twine(stringify(form)) + "'");
  bool fixed = form == BiasForm::I8Pot;
  if (!fixed && args.has("fraction-bits"))
    args.fail("expected no --fraction-bits with form 'i8_pot_shifted'");
  int64_t fractionBits =
      fixed ? args.integer("fraction-bits", std::nullopt, -64, 64) : 0;
  bool aligns = args.has("accumulator-fraction-bits");
  int64_t accumulator = args.integer("accumulator-fraction-bits", 0, -128, 128);
  if (Error error = args.takeError())
    return error;
  Expected<Operands<float>> x = readReals(request);
  if (!x)
    return x.takeError();
  std::vector<double> values(x->arrays[0].begin(), x->arrays[0].end());
  numerics::Result<PotBias> bias =
      fixed ? quantizeBiasI8Pot(values, static_cast<int32_t>(fractionBits))
            : quantizeBiasI8PotShifted(values);
  if (!bias)
    return inputError(bias);
  Answer answer;
  answer.fields["fraction_bits"] = bias->fractionBits;
  answer.notes = "fraction bits " + std::to_string(bias->fractionBits) + "\n";
  std::vector<int64_t> output(bias->codes.begin(), bias->codes.end());
  if (!aligns)
    return print(request, std::move(answer), *x, output, runtime::DType::I8);
  json::Array codes;
  for (int64_t &code : output) {
    codes.push_back(code);
    numerics::Result<int32_t> aligned =
        alignPotBias(static_cast<int32_t>(code), bias->fractionBits,
                     static_cast<int32_t>(accumulator));
    if (!aligned)
      return inputError(aligned);
    code = *aligned;
  }
  answer.fields["codes"] = std::move(codes);
  return print(request, std::move(answer), *x, output, runtime::DType::I32);
}

Error driver::calcBias(Request &request) {
  Arguments &args = request.args;
  bool fma = sameName(args.text("form"), "f32-fma");
  BiasForm form = fma ? BiasForm::F32 : args.choice<BiasForm>("form");
  if (form == BiasForm::I8Pot || form == BiasForm::I8PotShifted)
    return args.failed() ? args.takeError() : powerOfTwoBias(request, form);
  for (StringRef name : {"fraction-bits", "accumulator-fraction-bits"})
    if (args.has(name))
      args.fail("expected no " + args.shown(name) + " with form '" +
                Twine(stringify(form)) + "'");
  ScaledBias bias{form, !fma, args.choice<Rounding>("rounding", Rounding::RHA),
                  args.real("input-scale"), args.reals("weight-scale")};
  if (form == BiasForm::F32 && args.has("rounding"))
    args.fail("expected no --rounding with form 'f32'");
  if (bias.weightScales.empty())
    args.fail("expected --weight-scale");
  bias.inputScale = asF32(bias.inputScale);
  llvm::transform(bias.weightScales, bias.weightScales.begin(), asF32);
  if (Error error = args.takeError())
    return error;
  Expected<Operands<float>> x = readReals(request);
  if (!x)
    return x.takeError();
  std::vector<double> values(x->arrays[0].begin(), x->arrays[0].end());
  Answer answer;
  if (form == BiasForm::I8Asymmetric) {
    numerics::Result<std::vector<double>> coded =
        quantizeBiasI8Asymmetric(values);
    if (!coded)
      return inputError(coded);
    values = *coded;
    answer.fields["encoded"] = json::Array(values);
  }
  if (values.empty())
    return print(request, std::move(answer), *x, std::vector<int64_t>(),
                 runtime::DType::I32);
  numerics::Result<Epilogue> epilogue = derive(bias, values);
  if (!epilogue)
    return inputError(epilogue);
  if (form != BiasForm::F32)
    return print(
        request, std::move(answer), *x,
        std::vector<int64_t>(epilogue->bias.begin(), epilogue->bias.end()),
        runtime::DType::I32);
  const std::vector<float> &units = epilogue->requantize.biasUnits;
  if (!units.empty()) {
    json::Array list;
    for (float unit : units) {
      list.push_back(static_cast<double>(unit));
      answer.notes += "unit " + digits(unit) + "\n";
    }
    answer.fields["unit"] = std::move(list);
  }
  return print(request, std::move(answer), *x, epilogue->requantize.bias);
}
