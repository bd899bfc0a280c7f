//===- Backend.cpp - The fields of a backend descriptor -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Numerics/Grid.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace hwq;

//===----------------------------------------------------------------------===//
// The field table
//===----------------------------------------------------------------------===//

template <typename E> static std::vector<std::string> names() {
  std::vector<std::string> result;
  for (E value : numerics::allValues<E>())
    result.emplace_back(numerics::stringify(value));
  return result;
}

ArrayRef<BackendField> hwq::getSchemeFields() {
  static const std::vector<BackendField> fields = {
      {"storage", FieldKind::Identifier, names<numerics::Storage>(), "", true,
       "integer type"},
      {"symmetry", FieldKind::Identifier, names<numerics::Symmetry>(), "", true,
       "where the zero point may lie"},
      {"narrow",
       FieldKind::Boolean,
       {},
       "false",
       false,
       "leave the lowest code out"},
      {"granularity", FieldKind::Identifier, names<numerics::Granularity>(),
       "per_tensor", false, "one scale per tensor or per channel"},
  };
  return fields;
}

/// Kinds of ops that a descriptor can name.
static std::vector<std::string> opKinds() {
  return {"conv2d",     "fully_connected", "add",   "avg_pool2d",
          "max_pool2d", "concat",          "clamp", "movement"};
}

/// The kernels that the passes select; Numerics has more.
static std::vector<std::string> integerKernels() { return {"r1", "r2"}; }

ArrayRef<BackendField> hwq::getBackendFields() {
  using K = FieldKind;
  static const std::vector<BackendField> fields = {
      {"vendor",
       K::Text,
       {},
       "",
       true,
       "who makes the hardware or its compiler"},
      {"hardware", K::Text, {}, "", true, "kind of hardware"},
      {"activations", K::Scheme, {}, "", true, "scheme of activations"},
      {"weights", K::Scheme, {}, "", true, "scheme of weights"},
      {"scale_form",
       K::Identifier,
       {"real"},
       "real",
       false,
       "what a scale may be"},
      {"activation_rule", K::Identifier, names<numerics::DerivationRule>(), "",
       true, "scale and zero point of an activation from its range"},
      {"weight_rule", K::Identifier, names<numerics::DerivationRule>(), "",
       true, "scale and zero point of weights from their range"},
      {"quantize_form", K::Identifier, names<numerics::QuantizeForm>(), "",
       true, "float to integer"},
      {"requantize_kernel", K::Identifier, integerKernels(), "", true,
       "accumulator to output integer"},
      {"shift_range",
       K::IntegerPair,
       {},
       "[0, 62]",
       false,
       "right shifts that the kernel can do"},
      {"bias", K::Identifier, names<numerics::BiasForm>(), "i32", false,
       "form of the bias"},
      {"graph_policy",
       K::Identifier,
       {"total"},
       "",
       true,
       "which tensors get parameters"},
      {"fold_batch_norm",
       K::Boolean,
       {},
       "true",
       false,
       "batch normalization becomes part of the convolution before it"},
      {"fuse_clamp",
       K::Boolean,
       {},
       "true",
       false,
       "relu and clamp become part of the op before them"},
      {"add", K::Identifier, names<numerics::AddVariant>(), "tflite", false,
       "integer addition"},
      {"avg_pool", K::Identifier, names<numerics::AvgPoolVariant>(),
       "round_half_away", false, "integer average pool"},
      {"accumulator_bits",
       K::Integer,
       {},
       "32",
       false,
       "width of accumulators"},
      {"keep_parameters", K::List, opKinds(), "[]", false,
       "ops whose result keeps the parameters of the operand"},
      {"stays_float", K::List, opKinds(), "[]", false,
       "ops that are never computed in integers"},
      {"range_method",
       K::Identifier,
       {"min-max", "percentile"},
       "min-max",
       false,
       "default calibration method"},
      {"target_dialect", K::Text, {}, "", true, "dialect of the final form"},
      {"formats",
       K::List,
       {"encodings-1.0.0"},
       "[]",
       false,
       "files written for the vendor's tools"},
      {"fidelity", K::Identifier, names<numerics::Fidelity>(), "", true,
       "whether the arithmetic is known to the bit"},
      {"fidelity_reason", K::Text, {}, "", true, "why, or from what source"},
      {"options",
       K::Options,
       {},
       "{}",
       false,
       "named variants and the fields that each value sets"},
  };
  return fields;
}

const BackendField *hwq::findBackendField(StringRef key) {
  for (const BackendField &field : getBackendFields())
    if (field.key == key)
      return &field;
  return nullptr;
}

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
  Scheme scheme(StringRef key) const {
    Reader reader(fields.getAs<DictionaryAttr>(key), getSchemeFields());
    return {reader.value<numerics::Storage>("storage"),
            reader.value<numerics::Symmetry>("symmetry"), reader.flag("narrow"),
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

static Backend readBackend(StringRef name, DictionaryAttr fields) {
  Reader reader(fields, getBackendFields());
  Backend backend;
  backend.name = name.str();
  backend.vendor = reader.text("vendor").str();
  backend.hardware = reader.text("hardware").str();
  backend.activations = reader.scheme("activations");
  backend.weights = reader.scheme("weights");
  backend.activationRule =
      reader.value<numerics::DerivationRule>("activation_rule");
  backend.weightRule = reader.value<numerics::DerivationRule>("weight_rule");
  backend.quantizeForm = reader.value<numerics::QuantizeForm>("quantize_form");
  backend.requantizeKernel =
      reader.value<numerics::RequantizeKernel>("requantize_kernel");
  backend.shiftMin = 0;
  backend.shiftMax = 62;
  if (auto pair = fields.getAs<ArrayAttr>("shift_range")) {
    backend.shiftMin = cast<IntegerAttr>(pair[0]).getInt();
    backend.shiftMax = cast<IntegerAttr>(pair[1]).getInt();
  }
  backend.bias = reader.value<numerics::BiasForm>("bias");
  backend.graphPolicy = GraphPolicy::Total; // the only legal value
  backend.foldBatchNorm = reader.flag("fold_batch_norm");
  backend.fuseClamp = reader.flag("fuse_clamp");
  backend.add = reader.value<numerics::AddVariant>("add");
  backend.avgPool = reader.value<numerics::AvgPoolVariant>("avg_pool");
  backend.accumulatorBits = reader.integer("accumulator_bits");
  backend.keepParameters = reader.list("keep_parameters");
  backend.staysFloat = reader.list("stays_float");
  backend.rangeMethod = reader.text("range_method").str();
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
  Backend backend = readBackend(name, fields);
  if (backend.activations.granularity == numerics::Granularity::PerChannel)
    return emitError() << where
                       << ": expected activations per tensor, got per_channel";
  for (const Scheme *scheme : {&backend.activations, &backend.weights}) {
    numerics::Grid grid = numerics::gridOf(scheme->storage);
    if (grid.qmax - grid.qmin > 255)
      return emitError() << where
                         << ": expected a storage of at most 8 bits, got "
                         << numerics::stringify(scheme->storage);
    if (scheme->symmetry == numerics::Symmetry::UnsignedSymmetric &&
        grid.qmin < 0)
      return emitError() << where << ": expected an unsigned storage for "
                         << "unsigned_symmetric, got "
                         << numerics::stringify(scheme->storage);
  }
  if (backend.shiftMin < 0 || backend.shiftMax > 62)
    return emitError() << where
                       << ": expected shift_range inside [0, 62], got ["
                       << backend.shiftMin << ", " << backend.shiftMax << "]";
  if (backend.accumulatorBits < 8 || backend.accumulatorBits > 32)
    return emitError() << where
                       << ": expected accumulator_bits in [8, 32], got "
                       << backend.accumulatorBits;
  if (backend.bias == numerics::BiasForm::F32)
    return emitError() << where << ": the kernel "
                       << numerics::stringify(backend.requantizeKernel)
                       << " adds the bias to an integer accumulator, got bias "
                          "f32";
  return success();
}

Backend Backend::get(BackendAttr attr) {
  return readBackend(attr.getName().getValue(), attr.getFields());
}

bool Backend::keepsParameters(StringRef opKind) const {
  return llvm::is_contained(keepParameters, opKind);
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
