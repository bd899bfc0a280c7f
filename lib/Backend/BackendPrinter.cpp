//===- BackendPrinter.cpp - Backends as text ------------------ -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Backend/BackendPrinter.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Numerics/Grid.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace hwq;

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

/// Left-aligned columns, two spaces between them; the first row is the head.
static void printColumns(raw_ostream &os,
                         ArrayRef<std::vector<std::string>> rows) {
  std::vector<size_t> widths;
  for (const std::vector<std::string> &row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (auto [width, cell] : llvm::zip(widths, row))
      width = std::max(width, cell.size());
  }
  for (const std::vector<std::string> &row : rows) {
    for (auto [column, cell] : llvm::enumerate(row)) {
      os << cell;
      if (column + 1 < row.size())
        os.indent(widths[column] - cell.size() + 2);
    }
    os << '\n';
  }
}

/// "u8 asymmetric", "i8 symmetric narrow".
static std::string describeScheme(const Scheme &scheme) {
  std::string bits;
  if (scheme.bits != numerics::bitWidth(scheme.storage))
    bits = " " + std::to_string(scheme.bits) + " bits";
  return (StringRef(numerics::stringify(scheme.storage)) + " " +
          StringRef(numerics::stringify(scheme.symmetry)) + bits +
          (scheme.narrow ? " narrow" : ""))
      .str();
}

/// A head and one row per backend.
static std::vector<std::vector<std::string>>
getBackendTable(ArrayRef<BackendAttr> backends) {
  std::vector<std::vector<std::string>> rows = {
      {"name", "vendor", "hardware", "scale form", "granularity", "activations",
       "weights", "graph", "batch norm", "kernel", "fidelity"}};
  for (BackendAttr attr : backends) {
    Backend backend = Backend::get(attr);
    auto text = [&](StringRef key) {
      if (auto value = attr.getFields().getAs<StringAttr>(key))
        return value.str();
      return findBackendField(key)->defaultValue;
    };
    rows.push_back(
        {backend.name, backend.vendor, backend.hardware, text("scale_form"),
         std::string(numerics::stringify(backend.weights.granularity)),
         describeScheme(backend.activations), describeScheme(backend.weights),
         text("graph_policy"), backend.foldBatchNorm ? "folded" : "kept",
         text("requantize_kernel"), text("fidelity")});
  }
  return rows;
}

void hwq::printBackendTable(raw_ostream &os, ArrayRef<BackendAttr> backends) {
  printColumns(os, getBackendTable(backends));
}

static StringRef getKindName(FieldKind kind) {
  switch (kind) {
  case FieldKind::Identifier:
    return "identifier";
  case FieldKind::Text:
    return "text";
  case FieldKind::Integer:
    return "integer";
  case FieldKind::Boolean:
    return "true|false";
  case FieldKind::IntegerPair:
    return "[lo,hi]";
  case FieldKind::List:
    return "list";
  case FieldKind::Scheme:
    return "scheme";
  case FieldKind::Options:
    return "options";
  }
  return "";
}

/// A head and one row per field, those of schemes behind the scheme.
static std::vector<std::vector<std::string>> getFieldTable() {
  std::vector<std::vector<std::string>> rows = {
      {"field", "kind", "default", "meaning"}};
  auto add = [&](StringRef prefix, const BackendField &field) {
    std::string doc = field.doc;
    if (!field.values.empty())
      doc += ": " + llvm::join(field.values, ", ");
    rows.push_back({(prefix + field.key).str(), getKindName(field.kind).str(),
                    field.required ? "required" : field.defaultValue, doc});
  };
  for (const BackendField &field : getBackendFields()) {
    add("", field);
    if (field.kind == FieldKind::Scheme)
      for (const BackendField &sub : getSchemeFields())
        add(field.key + ".", sub);
  }
  return rows;
}

void hwq::printBackendFields(raw_ostream &os) {
  printColumns(os, getFieldTable());
}

//===----------------------------------------------------------------------===//
// A descriptor as a file
//===----------------------------------------------------------------------===//

namespace {
class DescriptorPrinter {
public:
  explicit DescriptorPrinter(raw_ostream &os) : os(os) {}

  void printFields(DictionaryAttr fields, ArrayRef<BackendField> table,
                   unsigned indent);

private:
  void printString(StringRef text) {
    os << '"';
    llvm::printEscapedString(text, os);
    os << '"';
  }
  /// A value whose documentation stands elsewhere, on one line.
  void printValue(Attribute value);
  void printOptions(DictionaryAttr options, unsigned indent);

  raw_ostream &os;
};
} // namespace

void DescriptorPrinter::printValue(Attribute value) {
  if (auto text = dyn_cast<StringAttr>(value))
    return printString(text.getValue());
  if (auto flag = dyn_cast<BoolAttr>(value)) {
    os << (flag.getValue() ? "true" : "false");
    return;
  }
  if (auto number = dyn_cast<IntegerAttr>(value)) {
    os << number.getInt();
    return;
  }
  if (auto list = dyn_cast<ArrayAttr>(value)) {
    os << '[';
    llvm::interleaveComma(list, os, [&](Attribute v) { printValue(v); });
    os << ']';
    return;
  }
  os << '{';
  llvm::interleaveComma(cast<DictionaryAttr>(value), os,
                        [&](NamedAttribute entry) {
                          os << entry.getName().getValue() << " = ";
                          printValue(entry.getValue());
                        });
  os << '}';
}

void DescriptorPrinter::printOptions(DictionaryAttr options, unsigned indent) {
  os << "{\n";
  llvm::interleave(
      options,
      [&](NamedAttribute option) {
        os.indent(indent);
        printString(option.getName().getValue());
        os << " = {\n";
        llvm::interleave(
            cast<DictionaryAttr>(option.getValue()),
            [&](NamedAttribute choice) {
              os.indent(indent + 2);
              printString(choice.getName().getValue());
              os << " = ";
              printValue(choice.getValue());
            },
            [&] { os << ",\n"; });
        os << '\n';
        os.indent(indent) << '}';
      },
      [&] { os << ",\n"; });
  os << '\n';
  os.indent(indent - 2) << '}';
}

void DescriptorPrinter::printFields(DictionaryAttr fields,
                                    ArrayRef<BackendField> table,
                                    unsigned indent) {
  llvm::interleave(
      table,
      [&](const BackendField &field) {
        os.indent(indent) << "// " << field.doc;
        if (!field.values.empty())
          os << ": " << llvm::join(field.values, ", ");
        os << '\n';
        os.indent(indent) << field.key << " = ";
        Attribute value = fields.get(field.key);
        if (!value) {
          bool quoted = field.kind == FieldKind::Identifier ||
                        field.kind == FieldKind::Text;
          if (quoted)
            printString(field.defaultValue);
          else
            os << field.defaultValue;
        } else if (field.kind == FieldKind::Scheme) {
          os << "{\n";
          printFields(cast<DictionaryAttr>(value), getSchemeFields(),
                      indent + 2);
          os << '\n';
          os.indent(indent) << '}';
        } else if (field.kind == FieldKind::Options &&
                   !cast<DictionaryAttr>(value).empty()) {
          printOptions(cast<DictionaryAttr>(value), indent + 2);
        } else {
          printValue(value);
        }
      },
      [&] { os << ",\n"; });
}

void hwq::printBackend(raw_ostream &os, BackendAttr backend) {
  StringRef name = backend.getName().getValue();
  os << "// The backend '" << name
     << "' with all its fields. Change what is different for another one and\n"
        "// read it with --backend-file.\n";
  os << "module @\"";
  llvm::printEscapedString(name, os);
  os << "\" attributes {quant_hw.backend = #quant_hw.backend<\"";
  llvm::printEscapedString(name, os);
  os << "\", {\n";
  DescriptorPrinter(os).printFields(backend.getFields(), getBackendFields(), 2);
  os << "\n}>} {}\n";
}

//===----------------------------------------------------------------------===//
// The page on backends
//===----------------------------------------------------------------------===//

static void printMarkdown(raw_ostream &os,
                          ArrayRef<std::vector<std::string>> rows) {
  for (auto [index, row] : llvm::enumerate(rows)) {
    os << "| " << llvm::join(row, " | ") << " |\n";
    if (index == 0) {
      for (size_t i = 0; i < row.size(); ++i)
        os << "|---";
      os << "|\n";
    }
  }
}

/// A value as an override writes it; schemes and options as "key = value".
static std::string describeValue(Attribute value) {
  if (auto text = dyn_cast<StringAttr>(value))
    return text.str();
  if (auto flag = dyn_cast<BoolAttr>(value))
    return flag.getValue() ? "true" : "false";
  if (auto number = dyn_cast<IntegerAttr>(value))
    return std::to_string(number.getInt());
  std::string result;
  if (auto list = dyn_cast<ArrayAttr>(value)) {
    llvm::interleave(
        list, [&](Attribute v) { result += describeValue(v); },
        [&] { result += ", "; });
    return "[" + result + "]";
  }
  llvm::interleave(
      cast<DictionaryAttr>(value),
      [&](NamedAttribute entry) {
        result += entry.getName().str() + " = ";
        bool nested = isa<DictionaryAttr>(entry.getValue());
        result += nested ? "{" + describeValue(entry.getValue()) + "}"
                         : describeValue(entry.getValue());
      },
      [&] { result += ", "; });
  return result;
}

static void printBackendSection(raw_ostream &os, BackendAttr backend) {
  DictionaryAttr fields = backend.getFields();
  Backend view = Backend::get(backend);
  os << "\n## " << view.name << "\n\n"
     << view.vendor << ", " << view.hardware
     << ". Fidelity: " << StringRef(numerics::stringify(view.fidelity)) << " ("
     << view.fidelityReason << ").\n\n";
  std::vector<std::vector<std::string>> rows = {{"field", "value", "meaning"}};
  for (const BackendField &field : getBackendFields()) {
    Attribute value = fields.get(field.key);
    if (!value || field.kind == FieldKind::Options || field.key == "vendor" ||
        field.key == "hardware" || field.key == "fidelity" ||
        field.key == "fidelity_reason" ||
        describeValue(value) == field.defaultValue)
      continue;
    rows.push_back(
        {"`" + field.key + "`", "`" + describeValue(value) + "`", field.doc});
  }
  printMarkdown(os, rows);
  auto options = fields.getAs<DictionaryAttr>("options");
  if (!options || options.empty())
    return;
  os << '\n';
  rows = {{"option", "value", "sets"}};
  for (NamedAttribute option : options)
    for (NamedAttribute choice : cast<DictionaryAttr>(option.getValue())) {
      std::string sets = describeValue(choice.getValue());
      rows.push_back({"`" + option.getName().str() + "`",
                      "`" + choice.getName().str() + "`",
                      sets.empty() ? "nothing: as above" : "`" + sets + "`"});
    }
  printMarkdown(os, rows);
}

void hwq::printBackendDocs(raw_ostream &os, ArrayRef<BackendAttr> backends) {
  os << "<!-- Printed by hwq-opt --print-backend-docs; change the descriptors "
        "in lib/Backend/descriptors instead. -->\n"
        "# Backends\n\n"
        "A backend is a descriptor: the fields below, as data. Descriptors say "
        "what the hardware does, whether or not the\npasses can already make a "
        "program for it: a pass refuses, with an error, a value that it does "
        "not\nimplement, and ops that have no integer form yet stay float. "
        "`hwq-opt --print-backend=NAME` prints a descriptor\nas a file for "
        "`--backend-file`. Options and single fields are overridden in braces: "
        "`NAME{option=value field=value}`.\n\n";
  printMarkdown(os, getBackendTable(backends));
  for (BackendAttr backend : backends)
    printBackendSection(os, backend);
  os << "\n## Fields\n\nA field that a backend's table does not list has its "
        "default.\n\n";
  printMarkdown(os, getFieldTable());
}
