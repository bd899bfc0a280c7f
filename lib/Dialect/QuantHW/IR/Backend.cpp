//===- Backend.cpp - The fields of a backend descriptor -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "BackendDetail.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace hwq;

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

using EmitError = function_ref<InFlightDiagnostic()>;

static LogicalResult verifyFields(EmitError emitError, StringRef where,
                                  ArrayRef<BackendField> table,
                                  DictionaryAttr fields, bool partial);

/// What a field may be, for messages.
static std::string describeLegal(const BackendField &field) {
  std::string values = llvm::join(field.values, ", ");
  switch (field.kind) {
  case FieldKind::Identifier:
    return "one of " + values;
  case FieldKind::Text:
    return "a string";
  case FieldKind::Integer:
    return "an integer";
  case FieldKind::Boolean:
    return "true or false";
  case FieldKind::IntegerPair:
    return "two integers, the first not above the second";
  case FieldKind::List:
    return "a list of " + (values.empty() ? "strings" : "some of " + values);
  case FieldKind::Scheme:
    values = "a scheme {";
    llvm::interleave(
        getSchemeFields(), [&](const BackendField &f) { values += f.key; },
        [&] { values += ", "; });
    return values + "}";
  case FieldKind::Options:
    return "a dictionary {option = {value = {field = ...}}}";
  }
  return "";
}

/// An integer that fits 64 bits; true and false are none.
static std::optional<int64_t> getInteger(Attribute attr) {
  auto integer = dyn_cast<IntegerAttr>(attr);
  if (!integer || isa<BoolAttr>(attr) || !integer.getValue().isSignedIntN(64))
    return std::nullopt;
  return integer.getValue().getSExtValue();
}

/// backend_c2
static LogicalResult verifyValue(EmitError emitError, StringRef where,
                                 const BackendField &field, Attribute value,
                                 bool partial) {
  auto expected = [&]() -> LogicalResult {
    return emitError() << where << ": expected '" << field.key << "' to be "
                       << describeLegal(field) << ", got " << value;
  };
  auto isLegalName = [&](Attribute attr) {
    auto name = dyn_cast<StringAttr>(attr);
    return name && (field.values.empty() ||
                    llvm::is_contained(field.values, name.getValue()));
  };
  switch (field.kind) {
  case FieldKind::Identifier:
  case FieldKind::Text:
    return isLegalName(value) ? success() : expected();
  case FieldKind::Integer:
    return getInteger(value) ? success() : expected();
  case FieldKind::Boolean:
    return isa<BoolAttr>(value) ? success() : expected();
  case FieldKind::IntegerPair: {
    auto pair = dyn_cast<ArrayAttr>(value);
    if (!pair || pair.size() != 2)
      return expected();
    std::optional<int64_t> lo = getInteger(pair[0]), hi = getInteger(pair[1]);
    return lo && hi && *lo <= *hi ? success() : expected();
  }
  case FieldKind::List: {
    auto list = dyn_cast<ArrayAttr>(value);
    return list && llvm::all_of(list, isLegalName) ? success() : expected();
  }
  case FieldKind::Scheme: {
    auto scheme = dyn_cast<DictionaryAttr>(value);
    if (!scheme)
      return expected();
    return verifyFields(emitError, (where + "." + field.key).str(),
                        getSchemeFields(), scheme, partial);
  }
  case FieldKind::Options: {
    auto options = dyn_cast<DictionaryAttr>(value);
    if (!options)
      return expected();
    for (NamedAttribute option : options) {
      auto values = dyn_cast<DictionaryAttr>(option.getValue());
      if (!values || values.empty())
        return expected();
      for (NamedAttribute choice : values) {
        auto sets = dyn_cast<DictionaryAttr>(choice.getValue());
        if (!sets)
          return expected();
        if (failed(verifyFields(
                emitError,
                (where + ", option " + option.getName().getValue()).str(),
                getBackendFields(), sets, /*partial=*/true)))
          return failure();
      }
    }
    return success();
  }
  }
  return success();
}

static LogicalResult verifyFields(EmitError emitError, StringRef where,
                                  ArrayRef<BackendField> table,
                                  DictionaryAttr fields, bool partial) {
  for (NamedAttribute entry : fields) {
    const auto *field = llvm::find_if(table, [&](const BackendField &f) {
      return f.key == entry.getName().getValue();
    });
    // backend_c1
    if (field == table.end()) {
      InFlightDiagnostic error = emitError() << where << ": unknown field '"
                                             << entry.getName().getValue()
                                             << "', expected one of ";
      llvm::interleaveComma(table, error,
                            [&](const BackendField &f) { error << f.key; });
      return error;
    }
    if (failed(
            verifyValue(emitError, where, *field, entry.getValue(), partial)))
      return failure();
  }
  // backend_c3
  if (!partial)
    for (const BackendField &field : table)
      if (field.required && !fields.contains(field.key))
        return emitError() << where << ": missing field '" << field.key
                           << "', expected " << describeLegal(field);
  return success();
}

//===----------------------------------------------------------------------===//
// Typed view
//===----------------------------------------------------------------------===//

namespace {
/// Reads verified fields, with the defaults of the table.
class Reader {
public:
  Reader(DictionaryAttr fields, ArrayRef<BackendField> table)
      : fields(fields), table(table) {}

  StringRef text(StringRef key) const {
    if (auto value = fields.getAs<StringAttr>(key))
      return value.getValue();
    return field(key).defaultValue;
  }
  template <typename E> E value(StringRef key) const {
    StringRef name = text(key);
    return *numerics::parse<E>(std::string_view(name.data(), name.size()));
  }
  bool flag(StringRef key) const {
    if (auto value = fields.getAs<BoolAttr>(key))
      return value.getValue();
    return field(key).defaultValue == "true";
  }
  int64_t integer(StringRef key) const {
    if (auto value = fields.getAs<IntegerAttr>(key))
      return value.getInt();
    int64_t result = 0;
    StringRef(field(key).defaultValue).getAsInteger(10, result);
    return result;
  }
  std::vector<std::string> list(StringRef key) const {
    std::vector<std::string> result;
    if (auto value = fields.getAs<ArrayAttr>(key))
      for (auto element : value.getAsRange<StringAttr>())
        result.push_back(element.str());
    return result;
  }
  /// Nothing for a name that is none of the enum's, such as "same".
  template <typename E> std::optional<E> find(StringRef key) const {
    StringRef name = text(key);
    return numerics::parse<E>(std::string_view(name.data(), name.size()));
  }
  /// A value of one of the enums that stand in Backend.h.
  template <typename E> E named(StringRef key) const {
    ArrayRef<std::string> values = field(key).values;
    return static_cast<E>(llvm::find(values, text(key)) - values.begin());
  }
  Scheme scheme(StringRef key) const {
    Reader reader(fields.getAs<DictionaryAttr>(key), getSchemeFields());
    auto storage = reader.value<numerics::Storage>("storage");
    return {
        storage,
        reader.value<numerics::Symmetry>("symmetry"),
        reader.find<numerics::Storage>("unsigned_storage").value_or(storage),
        reader.integer("bits"),
        reader.flag("narrow"),
        reader.value<numerics::Granularity>("granularity")};
  }

private:
  const BackendField &field(StringRef key) const {
    return *llvm::find_if(table,
                          [&](const BackendField &f) { return f.key == key; });
  }
  DictionaryAttr fields;
  ArrayRef<BackendField> table;
};
} // namespace

Backend hwq::readBackend(StringRef name, DictionaryAttr fields) {
  Reader reader(fields, getBackendFields());
  Backend backend;
  backend.name = name.str();
  backend.vendor = reader.text("vendor").str();
  backend.hardware = reader.text("hardware").str();
  backend.activations = reader.scheme("activations");
  backend.weights = reader.scheme("weights");
  backend.scaleForm = reader.named<ScaleForm>("scale_form");
  backend.scalesInF32 = reader.text("scale_precision") == "f32";
  backend.fullyConnectedGranularity =
      reader.find<numerics::Granularity>("fully_connected_granularity")
          .value_or(backend.weights.granularity);
  backend.activationRule =
      reader.value<numerics::DerivationRule>("activation_rule");
  backend.weightRule = reader.value<numerics::DerivationRule>("weight_rule");
  backend.quantizeForm = reader.value<numerics::QuantizeForm>("quantize_form");
  backend.weightQuantizeForm =
      reader.find<numerics::QuantizeForm>("weight_quantize_form")
          .value_or(backend.quantizeForm);
  backend.requantizeKernel =
      reader.value<numerics::RequantizeKernel>("requantize_kernel");
  backend.fullyConnectedKernel =
      reader.find<numerics::RequantizeKernel>("fully_connected_kernel")
          .value_or(backend.requantizeKernel);
  backend.matmulKernel =
      reader.find<numerics::RequantizeKernel>("matmul_kernel")
          .value_or(backend.fullyConnectedKernel);
  backend.transposeConvKernel =
      reader.find<numerics::RequantizeKernel>("transpose_conv_kernel")
          .value_or(backend.requantizeKernel);
  backend.multiplierRule =
      reader.find<numerics::MultiplierRule>("multiplier_rule");
  backend.scaleProduct = reader.value<numerics::ScaleProduct>("scale_product");
  backend.dequantPrecision =
      reader.value<numerics::DequantPrecision>("dequant_precision");
  backend.shiftMin = 0;
  backend.shiftMax = 62;
  if (auto pair = fields.getAs<ArrayAttr>("shift_range")) {
    backend.shiftMin = cast<IntegerAttr>(pair[0]).getInt();
    backend.shiftMax = cast<IntegerAttr>(pair[1]).getInt();
  }
  backend.bias = reader.value<numerics::BiasForm>("bias");
  backend.biasRounding = reader.value<numerics::Rounding>("bias_rounding");
  backend.graphPolicy = reader.named<GraphPolicy>("graph_policy");
  backend.signedness = reader.named<Signedness>("signedness");
  backend.fixedOutputs = reader.named<FixedOutputs>("fixed_outputs");
  backend.firstLastBits = reader.integer("first_last_bits");
  for (auto [key, choice] :
       {std::pair("activation_scheme", &backend.activationScheme),
        {"weight_scheme", &backend.weightScheme}}) {
    std::optional<numerics::FloatFormat> format =
        reader.find<numerics::FloatFormat>(key);
    choice->kind = format ? numerics::SchemeKind::Float
                          : reader.value<numerics::SchemeKind>(key);
    choice->format = format.value_or(numerics::FloatFormat::Fp16);
  }
  backend.networkExponent = reader.text("exponents") == "network";
  backend.blockSize = reader.integer("block_size");
  backend.weightTransform =
      reader.value<numerics::WeightTransform>("weight_transform");
  backend.weightMethod =
      *numerics::parseWeightMethod(reader.text("weight_method"));
  backend.foldBatchNorm = reader.flag("fold_batch_norm");
  backend.fuseClamp = reader.flag("fuse_clamp");
  backend.reluLimitIsGrid = reader.text("relu_limit") == "grid";
  backend.fuseResidual = reader.flag("fuse_residual");
  backend.add = reader.value<numerics::AddVariant>("add");
  backend.avgPool = reader.value<numerics::AvgPoolVariant>("avg_pool");
  backend.mul = reader.find<numerics::MulVariant>("mul");
  backend.concat = reader.value<numerics::ConcatVariant>("concat");
  backend.rescale =
      reader.find<numerics::ConcatVariant>("rescale").value_or(backend.concat);
  backend.mean = reader.find<numerics::MeanVariant>("mean");
  backend.resize = reader.find<numerics::ResizeVariant>("resize");
  backend.prelu = reader.find<numerics::RequantizeKernel>("prelu");
  backend.lookupTables = reader.find<numerics::LookupVariant>("lookup_tables");
  backend.softmax = reader.named<SoftmaxKind>("softmax");
  backend.accumulatorBits = reader.integer("accumulator_bits");
  backend.accumulatorSaturates =
      reader.text("accumulator_overflow") == "saturates";
  backend.addBits = reader.integer("add_bits");
  backend.pairBits = reader.integer("pair_bits");
  backend.accumulatorMode =
      reader.value<numerics::AccumulatorMode>("accumulator_mode");
  backend.keepParameters = reader.list("keep_parameters");
  backend.alignOperands = reader.list("align_operands");
  backend.staysFloat = reader.list("stays_float");
  backend.rangeMethod = reader.text("range_method").str();
  backend.finalForm = reader.named<FinalForm>("final_form");
  backend.targetDialect = reader.text("target_dialect").str();
  backend.formats = reader.list("formats");
  backend.fidelity = reader.value<numerics::Fidelity>("fidelity");
  backend.fidelityReason = reader.text("fidelity_reason").str();
  return backend;
}

LogicalResult hwq::verifyBackend(EmitError emitError, StringRef name,
                                 DictionaryAttr fields) {
  std::string where = ("backend '" + name + "'").str();
  // A name stands in overrides and is the name of a folder.
  if (name.empty() || !llvm::isAlnum(name.front()) ||
      !llvm::all_of(name, [](char c) {
        return llvm::isAlnum(c) || StringRef("_-.").contains(c);
      }))
    return emitError() << "expected the name of a backend, of letters, digits, "
                          "'_', '-' and '.', got '"
                       << name << "'";
  if (failed(verifyFields(emitError, where, getBackendFields(), fields,
                          /*partial=*/false)))
    return failure();
  // backend_c4
  return verifyConsistency([&] { return emitError() << where << ": "; },
                           readBackend(name, fields));
}

Backend Backend::get(BackendAttr attr) {
  return readBackend(attr.getName().getValue(), attr.getFields());
}

numerics::DeriveOptions Backend::getDeriveOptions(bool ofWeights) const {
  const Scheme &scheme = ofWeights ? weights : activations;
  numerics::DerivationRule rule = getRule(ofWeights);
  numerics::DeriveOptions options;
  options.symmetry = scheme.symmetry;
  options.storage = scheme.storage;
  options.narrow = scheme.narrow;
  options.bits = static_cast<unsigned>(scheme.bits);
  options.ofWeights = ofWeights;
  // The rules that have it as an option.
  options.powerOfTwo = scaleForm == ScaleForm::PowerOfTwo &&
                       (rule == numerics::DerivationRule::PFb ||
                        rule == numerics::DerivationRule::PGlow);
  return options;
}

bool Backend::keepsParameters(StringRef opKind) const {
  return llvm::is_contained(keepParameters, opKind);
}

bool Backend::alignsOperands(StringRef opKind) const {
  return llvm::is_contained(alignOperands, opKind);
}

bool Backend::isFloatOnly(StringRef opKind) const {
  return llvm::is_contained(staysFloat, opKind);
}

FailureOr<Backend> hwq::getBackend(ModuleOp module, StringRef pass) {
  Attribute attr = module->getAttr(kBackendAttr);
  auto backend = dyn_cast_or_null<BackendAttr>(attr);
  if (!backend) {
    emitError(module.getLoc())
        << "'" << pass << "' expects a backend in '" << kBackendAttr
        << "' (set by --quant-hw-set-backend)";
    return failure();
  }
  return Backend::get(backend);
}
