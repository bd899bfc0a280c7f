//===- Calc.cpp - hwq calc --------------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Calc.h"
#include "CalcRequantize.h"
#include "Console.h"
#include "llvm/Support/FormatVariadic.h"
#include <memory>

using namespace llvm;
using namespace hwq;
using namespace hwq::driver;

namespace {

/// An option has one meaning for all calculators that take it. Without a
/// placeholder it is a flag.
struct CalcOption {
  StringRef name, placeholder, doc;
};

struct Calculator {
  StringRef name, doc;
  /// What follows "hwq calc NAME".
  StringRef usage;
  std::vector<StringRef> options;
  Error (*run)(Request &);
};

const CalcOption options[] = {
    {"kernel", "K",
     "requantize kernel, R1 to R14 (add: in place of the "
     "variant's own)"},
    {"form", "F", "quantize form Q1 to Q8; bias: its form"},
    {"rule", "P", "derivation rule, P-TFL and others"},
    {"variant", "V",
     "whose arithmetic: a name of --list, or a backend, which may have "
     "overrides"},
    {"rounding", "R",
     "rounding instead of a form; bias: of the integer "
     "(default RHA)"},
    {"scale", "S[,...]", "real scale; several: one per channel"},
    {"multiplier", "M[,...]", "integer multiplier"},
    {"shift", "N[,...]", "right shift that goes with it: M * 2^-N"},
    {"pre-shift", "N[,...]", "R7: right shift before the product"},
    {"multiplier-rule", "RULE",
     "how --scale becomes multiplier and shift "
     "(default: the kernel's)"},
    {"scale-product", "P",
     "precision of the product of input and weight scale, f64 (default) or "
     "f32"},
    {"input-scale", "SX", "scale of the input"},
    {"weight-scale", "SW[,...]", "scale of the weights, one or per channel"},
    {"output-scale", "SY", "scale of the output"},
    {"bias", "B[,...]", "real bias, one per channel"},
    {"bias-form", "FORM", "i32 (default), f32, f32-fma, i16, i8_asymmetric"},
    {"bias-rounding", "R", "of an integer bias (default RHA)"},
    {"zero-point", "Z", "zero point of the output (default 0)"},
    {"input-zero-point", "Z", "subtracted from the input (default 0)"},
    {"left-shift", "N", "of the input, 0 (default) to 31"},
    {"type", "T",
     "u8, i8, u16, i16 or i32 (requantize: default i32, no "
     "clamp; others: i8)"},
    {"min", "LO", "smallest output (default: the type's)"},
    {"max", "HI", "largest output (default: the type's)"},
    {"bits", "N",
     "width of the grid (default: the type's), or of the multiplier"},
    {"narrow", "", "without the smallest integer"},
    {"precision", "P", "R9: requant (default), f32, f16, f16_sqrt, f19"},
    {"zero-point-after", "", "R8: the zero point after the rounding"},
    {"act-min", "LO", "R14: real clamp before the division"},
    {"act-max", "HI", "R14: real clamp before the division"},
    {"residual-scale", "SR",
     "R14: the numbers are pairs of accumulator and "
     "residual"},
    {"amax", "A", "Q8: largest absolute value"},
    {"range", "LO,HI", "range of the values (or give the values)"},
    {"symmetric", "", "zero point in the middle of the grid"},
    {"unsigned-symmetric", "", "symmetric, the whole grid without negatives"},
    {"weights", "", "P-TPU, P-TVM, P-DPU: the values are weights"},
    {"power-of-two", "", "P-FB, P-GLOW: scale rounded up to a power of two"},
    {"preserve-sparsity", "", "P-FB: a range with both signs made symmetric"},
    {"bump-by-eps", "", "P-NGRAPH: at least a hundredth wide"},
    {"minimum-width", "W", "P-AIMET (default 0.01)"},
    {"threshold", "T", "P-TVM activations (default 8; 0: from the range)"},
    {"candidates", "N", "P-DPU: exponents to try on the values (default 5)"},
    {"scales", "S,...", "of each operand, the output's last"},
    {"zero-points", "Z,...", "of each operand, the output's last (default 0)"},
    {"window", "HxW",
     "size of the window (default: of the values, a square "
     "where they are one)"},
    {"divisor", "N",
     "default: the number of values; needed where there are fewer than "
     "--window has"},
    {"whole-input", "",
     "the window is the whole input, without padding (onnxruntime)"},
    {"fraction-bits", "N", "i8_pot: the bias is code * 2^-N"},
    {"accumulator-fraction-bits", "N", "power-of-two forms: shift to 2^-N"},
    {"first", "SPEC",
     "KERNEL:NAME=VALUE,... with the options of requantize, "
     "several joined by '>'"},
    {"second", "SPEC", "what it is compared with"},
    {"interval", "LO,HI", "accumulators"},
    {"input", "A.npy[,B.npy]", "arrays in place of numbers"},
    {"output", "Y.npy", "write the result as an array"},
};

std::vector<StringRef> withArrays(std::vector<StringRef> names) {
  names.push_back("input");
  names.push_back("output");
  return names;
}

const std::vector<Calculator> &calculators() {
  static const std::vector<StringRef> operatorNames =
      withArrays({"variant", "scales", "zero-points", "type", "min", "max"});
  auto with = [](std::vector<StringRef> names, ArrayRef<StringRef> more) {
    names.insert(names.end(), more.begin(), more.end());
    return names;
  };
  static const std::vector<Calculator> all = {
      {"requantize", "accumulators to output integers",
       "--kernel=K (--scale=S | --multiplier=M --shift=N | --input-scale=SX "
       "--weight-scale=SW --output-scale=SY) [OPTIONS] -- ACC...",
       withArrays(requantizeNames), calcRequantize},
      {"quantize", "real numbers to integers",
       "--form=F --scale=S [--zero-point=Z] [OPTIONS] -- X...",
       withArrays({"form", "rounding", "scale", "zero-point", "type", "bits",
                   "narrow", "min", "max", "amax"}),
       calcQuantize},
      {"dequantize", "integers to real numbers",
       "--scale=S [--zero-point=Z] [OPTIONS] -- Q...",
       withArrays({"form", "scale", "zero-point", "type", "bits", "narrow",
                   "min", "max", "amax"}),
       calcDequantize},
      {"scale",
       "scale and zero point from a range, as JSON",
       "--rule=P (--range=LO,HI [OPTIONS] | [OPTIONS] -- X...)",
       {"rule", "range", "type", "bits", "narrow", "symmetric",
        "unsigned-symmetric", "weights", "power-of-two", "preserve-sparsity",
        "bump-by-eps", "minimum-width", "threshold", "candidates", "input"},
       calcScale},
      {"add", "sum of two codes",
       "--variant=V --scales=SA,SB,SY [OPTIONS] -- A B...",
       with(operatorNames, {"kernel"}), calcAdd},
      {"sub", "difference of two codes",
       "--variant=V --scales=SA,SB,SY [OPTIONS] -- A B...",
       with(operatorNames, {"kernel"}), calcSub},
      {"mul", "product of two codes",
       "--variant=V --scales=SA,SB,SY [OPTIONS] -- A B...", operatorNames,
       calcMul},
      {"concat", "codes on another grid",
       "--variant=V --scales=SX,SY [OPTIONS] -- Q...", operatorNames,
       calcConcat},
      {"avg_pool",
       "average of one window of codes (of an array: of each row "
       "of the last axis)",
       "--variant=V --scales=SX[,SY] [OPTIONS] -- Q...",
       with(operatorNames, {"window", "divisor", "whole-input"}), calcAvgPool},
      {"mean", "mean of codes (of an array: of each row of the last axis)",
       "--variant=V --scales=SX,SY [OPTIONS] -- Q...", operatorNames, calcMean},
      {"bias", "a real bias per channel in accumulator units",
       "--form=F (--input-scale=SX --weight-scale=SW | --fraction-bits=N) "
       "[OPTIONS] -- B...",
       withArrays({"form", "input-scale", "weight-scale", "rounding",
                   "fraction-bits", "accumulator-fraction-bits"}),
       calcBias},
      {"prove",
       "whether two requantizations are equal, or how they differ",
       "--first=SPEC --second=SPEC --interval=LO,HI",
       {"first", "second", "interval"},
       calcProve},
      {"find_multiplier",
       "all multipliers of one R2 step that equals several steps",
       "--first=SPEC --interval=LO,HI [OPTIONS]",
       {"first", "interval", "zero-point", "input-zero-point", "left-shift",
        "type", "min", "max", "bits"},
       calcFindMultiplier}};
  return all;
}

const CalcOption &optionOf(StringRef name) {
  return *find_if(options, [&](const CalcOption &o) { return o.name == name; });
}

const Calculator *calculatorOf(StringRef name) {
  for (const Calculator &calculator : calculators())
    if (sameName(calculator.name, name))
      return &calculator;
  return nullptr;
}

std::string calculatorNames() {
  std::string text;
  for (const Calculator &calculator : calculators())
    text += (text.empty() ? "" : ", ") + calculator.name.str();
  return text;
}

/// What the option parser fills.
struct Parsed {
  std::vector<std::unique_ptr<cl::opt<std::string>>> options;
  std::unique_ptr<cl::opt<bool>> list;
  std::unique_ptr<cl::list<std::string>> positional;
};
Parsed parsed;

} // namespace

void driver::registerCalcOptions() {
  for (const CalcOption &option : options) {
    auto made = std::make_unique<cl::opt<std::string>>(
        option.name, cl::desc(option.doc), cl::sub(calcCommand),
        cl::cat(category));
    made->setValueStr(option.placeholder);
    if (option.placeholder.empty())
      made->setValueExpectedFlag(cl::ValueDisallowed);
    parsed.options.push_back(std::move(made));
  }
  parsed.list = std::make_unique<cl::opt<bool>>(
      "list", cl::desc("all calculators, kernels, forms, rules, variants"),
      cl::sub(calcCommand), cl::cat(category));
  parsed.positional = std::make_unique<cl::list<std::string>>(
      cl::Positional, cl::desc("CALCULATOR [-- NUMBERS]"), cl::sub(calcCommand),
      cl::cat(category));
}

//===----------------------------------------------------------------------===//
// --help and --list
//===----------------------------------------------------------------------===//

bool driver::printCalcHelp(ArrayRef<const char *> argv) {
  if (argv.size() < 4 || StringRef(argv[1]) != "calc")
    return false;
  const Calculator *calculator = calculatorOf(argv[2]);
  bool asked = false;
  for (StringRef arg : argv.drop_front(3)) {
    if (arg == "--")
      break;
    asked |= arg == "--help" || arg == "-help" || arg == "-h";
  }
  if (!calculator || !asked)
    return false;
  raw_ostream &os = outs();
  os << "hwq calc " << calculator->name << ": " << calculator->doc
     << "\n\nUSAGE: hwq calc " << calculator->name << " " << calculator->usage
     << "\n\nOPTIONS:\n";
  auto line = [&](StringRef name, StringRef placeholder, StringRef doc) {
    std::string text = ("--" + name).str();
    if (!placeholder.empty())
      text += ("=" + placeholder).str();
    os << formatv("  {0,-31}  {1}\n", text, doc);
  };
  for (StringRef name : calculator->options)
    line(name, optionOf(name).placeholder, optionOf(name).doc);
  line("json", "", "print a JSON object");
  os << "\nNames: hwq calc --list. Case does not matter, nor '-' for '_'.\n";
  return true;
}

namespace {
struct Listing {
  json::Object object;
  std::string text;

  void begin(StringRef title) { text += (title + "\n").str(); }
  void add(json::Array &list, StringRef name, StringRef doc) {
    list.push_back(json::Object{{"name", name}, {"doc", doc}});
    text += formatv("  {0,-25}  {1}\n", name, doc).str();
  }
  /// The values of an enum.
  template <class E>
  void values(StringRef key, StringRef title, ArrayRef<E> excluded = {},
              StringRef moreName = "", StringRef moreDoc = "") {
    json::Array list;
    begin(title);
    for (E value : numerics::allValues<E>())
      if (!is_contained(excluded, value))
        add(list, numerics::stringify(value), numerics::describe(value));
    if (!moreName.empty())
      add(list, moreName, moreDoc);
    object[key] = std::move(list);
  }
};
} // namespace

static Error printList() {
  using namespace numerics;
  Listing listing;
  json::Array list;
  listing.begin("calculators");
  for (const Calculator &calculator : calculators())
    listing.add(list, calculator.name, calculator.doc);
  listing.object["calculators"] = std::move(list);
  listing.values<RequantizeKernel>("kernels", "kernels (requantize, prove)",
                                   {RequantizeKernel::Real});
  listing.values<MultiplierRule>("multiplier_rules",
                                 "multiplier rules (requantize)");
  listing.values<DequantPrecision>("precisions", "precisions of r9");
  listing.values<QuantizeForm>("forms", "forms (quantize)", {}, "q8",
                               "the NNIE's logarithmic 8-bit code");
  listing.values<Rounding>("roundings", "roundings (quantize, bias)");
  listing.values<NgraphRoundMode>("ngraph_roundings",
                                  "roundings by nGraph's names (quantize)");
  listing.values<DerivationRule>("rules", "rules (scale)");
  listing.values<AddVariant>("add_variants", "variants of add and sub");
  listing.values<MulVariant>("mul_variants", "variants of mul");
  listing.values<AvgPoolVariant>("avg_pool_variants", "variants of avg_pool");
  listing.values<ConcatVariant>("concat_variants", "variants of concat");
  listing.values<MeanVariant>("mean_variants", "variants of mean");
  listing.values<BiasForm>("bias_forms", "forms (bias)", {}, "f32_fma",
                           "f32, added by a fused multiply-add");
  listing.values<Storage>("types", "types");
  if (jsonOutput)
    return printJson(std::move(listing.object));
  return printOut(listing.text);
}

Error driver::runCalc() {
  ArrayRef<std::string> positional(
      parsed.positional->empty() ? nullptr : &parsed.positional->front(),
      parsed.positional->size());
  if (*parsed.list)
    return printList();
  if (positional.empty())
    return usageError("expected a calculator: " + calculatorNames());
  const Calculator *calculator = calculatorOf(positional[0]);
  if (!calculator)
    return usageError("expected a calculator: " + calculatorNames() +
                      "; got '" + positional[0] + "'");
  Request request;
  request.scalars.assign(positional.begin() + 1, positional.end());
  for (const auto &option : parsed.options) {
    if (!option->getNumOccurrences())
      continue;
    if (!is_contained(calculator->options, option->ArgStr))
      return usageError(calculator->name + " takes no --" + option->ArgStr +
                        " (hwq calc " + calculator->name + " --help)");
    if (option->getNumOccurrences() > 1)
      return usageError("expected one --" + option->ArgStr + ", got " +
                        Twine(option->getNumOccurrences()));
    request.args.set(option->ArgStr, option->getValue());
  }
  for (StringRef name : {"input", "output"})
    if (request.args.has(name) && request.args.text(name).empty())
      return usageError("expected --" + name + "=" +
                        optionOf(name).placeholder);
  return calculator->run(request);
}
