//===- BackendRegistry.cpp - The backends that hwq knows ------ -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Backend/BackendRegistry.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include <map>
#include <mutex>

using namespace mlir;
using namespace hwq;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

namespace {
struct EmbeddedDescriptor {
  StringLiteral name;
  StringLiteral text;
};

/// Files of users, by the name of the backend. Filled while a program starts.
struct UserFiles {
  std::mutex mutex;
  std::map<std::string, std::string> paths;
};
} // namespace

static constexpr EmbeddedDescriptor embeddedDescriptors[] = {
#include "Descriptors.inc"
};

static UserFiles &getUserFiles() {
  static UserFiles files;
  return files;
}

static std::optional<std::string> findUserFile(StringRef name) {
  UserFiles &files = getUserFiles();
  std::lock_guard<std::mutex> lock(files.mutex);
  auto it = files.paths.find(name.str());
  if (it == files.paths.end())
    return std::nullopt;
  return it->second;
}

std::vector<std::string> hwq::getBackendNames() {
  std::vector<std::string> names;
  for (const EmbeddedDescriptor &descriptor : embeddedDescriptors)
    names.push_back(descriptor.name.str());
  UserFiles &files = getUserFiles();
  {
    std::lock_guard<std::mutex> lock(files.mutex);
    for (const auto &entry : files.paths)
      names.push_back(entry.first);
  }
  llvm::sort(names);
  names.erase(llvm::unique(names), names.end());
  return names;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// The module in one source. A parser follows its first error up with others:
/// only that one is emitted.
static OwningOpRef<ModuleOp>
parseDescriptor(MLIRContext *context,
                std::unique_ptr<llvm::MemoryBuffer> buffer, StringRef path,
                EmitErrorFn emitError) {
  auto sourceMgr = std::make_shared<llvm::SourceMgr>();
  sourceMgr->AddNewSourceBuffer(std::move(buffer), SMLoc());
  std::optional<std::pair<Location, std::string>> first;
  OwningOpRef<ModuleOp> module;
  {
    ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
      if (!first && diagnostic.getSeverity() == DiagnosticSeverity::Error)
        first.emplace(diagnostic.getLocation(), diagnostic.str());
      return success();
    });
    module = parseSourceFile<ModuleOp>(sourceMgr, ParserConfig(context));
  }
  if (!module && first)
    mlir::emitError(first->first) << first->second;
  else if (!module)
    emitError() << "the backend file '" << path << "' cannot be read";
  return module;
}

/// The descriptor in one source; `path` is for messages.
static FailureOr<BackendAttr>
readDescriptor(MLIRContext *context, std::unique_ptr<llvm::MemoryBuffer> buffer,
               StringRef path, EmitErrorFn emitError) {
  context->getOrLoadDialect<QuantHWDialect>();
  OwningOpRef<ModuleOp> module =
      parseDescriptor(context, std::move(buffer), path, emitError);
  if (!module)
    return failure();
  Attribute attr = (*module)->getAttr(kBackendAttr);
  if (auto backend = dyn_cast_or_null<BackendAttr>(attr))
    return backend;
  InFlightDiagnostic error =
      emitError() << "expected one module with the attribute '" << kBackendAttr
                  << " = #quant_hw.backend<...>' in '" << path << "', got ";
  // Several modules come wrapped in one.
  auto modules = module->getOps<ModuleOp>();
  if (attr)
    error << attr;
  else if (modules.empty())
    error << "none";
  else
    error << llvm::range_size(modules) << " modules";
  return error;
}

FailureOr<BackendAttr> hwq::loadBackendFile(MLIRContext *context,
                                            StringRef path,
                                            EmitErrorFn emitError) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer =
      llvm::MemoryBuffer::getFile(path);
  if (!buffer) {
    emitError() << "cannot open the backend file '" << path
                << "': " << buffer.getError().message();
    return failure();
  }
  return readDescriptor(context, std::move(*buffer), path, emitError);
}

FailureOr<BackendAttr> hwq::addBackendFile(MLIRContext *context, StringRef path,
                                           EmitErrorFn emitError) {
  FailureOr<BackendAttr> backend = loadBackendFile(context, path, emitError);
  if (failed(backend))
    return failure();
  UserFiles &files = getUserFiles();
  std::lock_guard<std::mutex> lock(files.mutex);
  files.paths[backend->getName().str()] = path.str();
  return backend;
}

FailureOr<BackendAttr> hwq::lookupBackend(MLIRContext *context, StringRef name,
                                          EmitErrorFn emitError) {
  if (std::optional<std::string> path = findUserFile(name))
    return loadBackendFile(context, *path, emitError);
  for (const EmbeddedDescriptor &descriptor : embeddedDescriptors)
    if (descriptor.name == name) {
      std::string path = (descriptor.name + ".mlir (built in)").str();
      return readDescriptor(
          context, llvm::MemoryBuffer::getMemBuffer(descriptor.text, path),
          path, emitError);
    }
  emitError() << "unknown backend '" << name
              << "', expected one of: " << llvm::join(getBackendNames(), ", ");
  return failure();
}

//===----------------------------------------------------------------------===//
// Overrides
//===----------------------------------------------------------------------===//

namespace {
/// Collects what overrides set, as "field" or "scheme.key", then applies it.
class Overrides {
public:
  Overrides(BackendAttr backend, EmitErrorFn emitError)
      : backend(backend), emitError(emitError),
        options(backend.getFields().getAs<DictionaryAttr>("options")) {}

  LogicalResult add(const BackendOverride &override);
  FailureOr<BackendAttr> apply() const;

private:
  struct Setting {
    Attribute value;
    std::string by;
  };

  LogicalResult addOption(StringRef name, DictionaryAttr values,
                          StringRef value);
  LogicalResult set(const Twine &path, Attribute value, const Twine &by);
  /// The value of a field from its text; null after an error.
  Attribute parseValue(StringRef path, const BackendField &field,
                       StringRef text);
  InFlightDiagnostic emitUnknown(StringRef key);

  BackendAttr backend;
  EmitErrorFn emitError;
  DictionaryAttr options;
  std::map<std::string, Setting> settings;
};
} // namespace

static const BackendField *findSchemeField(StringRef key) {
  for (const BackendField &field : getSchemeFields())
    if (field.key == key)
      return &field;
  return nullptr;
}

InFlightDiagnostic Overrides::emitUnknown(StringRef key) {
  InFlightDiagnostic error =
      emitError() << "unknown override '" << key << "' of backend '"
                  << backend.getName().getValue() << "', expected an option (";
  if (options)
    llvm::interleaveComma(options, error, [&](NamedAttribute option) {
      error << option.getName().getValue();
    });
  else
    error << "none";
  std::vector<std::string> names;
  for (const BackendField &field : getBackendFields()) {
    if (field.kind == FieldKind::Scheme)
      for (const BackendField &sub : getSchemeFields())
        names.push_back(field.key + "." + sub.key);
    else if (field.kind != FieldKind::Options)
      names.push_back(field.key);
  }
  error << ") or a field (" << llvm::join(names, ", ") << ")";
  return error;
}

LogicalResult Overrides::set(const Twine &path, Attribute value,
                             const Twine &by) {
  auto [it, isNew] = settings.try_emplace(path.str(), Setting{value, by.str()});
  if (isNew || it->second.value == value)
    return success();
  return emitError() << "'" << it->second.by << "' and '" << by << "' give '"
                     << path << "' different values";
}

LogicalResult Overrides::addOption(StringRef name, DictionaryAttr values,
                                   StringRef value) {
  auto sets = values.getAs<DictionaryAttr>(value);
  if (!sets) {
    InFlightDiagnostic error = emitError() << "unknown value '" << value
                                           << "' of the option '" << name
                                           << "', expected one of: ";
    llvm::interleaveComma(values, error, [&](NamedAttribute choice) {
      error << choice.getName().getValue();
    });
    return error;
  }
  for (NamedAttribute entry : sets) {
    StringRef key = entry.getName().getValue();
    std::string by = (name + "=" + value).str();
    if (auto scheme = dyn_cast<DictionaryAttr>(entry.getValue())) {
      for (NamedAttribute sub : scheme)
        if (failed(
                set(key + "." + sub.getName().getValue(), sub.getValue(), by)))
          return failure();
    } else if (failed(set(key, entry.getValue(), by))) {
      return failure();
    }
  }
  return success();
}

Attribute Overrides::parseValue(StringRef path, const BackendField &field,
                                StringRef text) {
  Builder builder(backend.getContext());
  auto expected = [&](const Twine &what) -> Attribute {
    emitError() << "expected '" << path << "' to be " << what << ", got '"
                << text << "'";
    return {};
  };
  auto split = [](StringRef list) {
    SmallVector<StringRef> elements;
    list.drop_front().drop_back().split(elements, ',', -1, /*KeepEmpty=*/false);
    for (StringRef &element : elements)
      element = element.trim();
    return elements;
  };
  bool isList = text.starts_with("[");
  int64_t number;
  switch (field.kind) {
  case FieldKind::Identifier:
    if (!llvm::is_contained(field.values, text)) {
      emitError() << "unknown value '" << text << "' of the field '" << path
                  << "', expected one of: " << llvm::join(field.values, ", ");
      return {};
    }
    return builder.getStringAttr(text);
  case FieldKind::Text:
    if (isList)
      return expected("a word");
    return builder.getStringAttr(text);
  case FieldKind::Integer:
    if (text.getAsInteger(10, number))
      return expected("an integer");
    return builder.getI64IntegerAttr(number);
  case FieldKind::Boolean:
    if (text != "true" && text != "false")
      return expected("true or false");
    return builder.getBoolAttr(text == "true");
  case FieldKind::IntegerPair: {
    SmallVector<int64_t> numbers;
    for (StringRef element : isList ? split(text) : SmallVector<StringRef>()) {
      if (element.getAsInteger(10, number))
        return expected("two integers [a,b]");
      numbers.push_back(number);
    }
    if (numbers.size() != 2)
      return expected("two integers [a,b]");
    return builder.getI64ArrayAttr(numbers);
  }
  case FieldKind::List: {
    if (!isList)
      return expected("a list [a,b]");
    SmallVector<StringRef> elements = split(text);
    for (StringRef element : elements)
      if (!field.values.empty() && !llvm::is_contained(field.values, element)) {
        emitError() << "unknown value '" << element << "' in the field '"
                    << path << "', expected some of: "
                    << llvm::join(field.values, ", ");
        return {};
      }
    return builder.getStrArrayAttr(elements);
  }
  case FieldKind::Scheme:
  case FieldKind::Options:
    break;
  }
  emitUnknown(path);
  return {};
}

LogicalResult Overrides::add(const BackendOverride &override) {
  const auto &[key, value] = override;
  if (options)
    if (auto values = options.getAs<DictionaryAttr>(key))
      return addOption(key, values, value);

  auto [head, tail] = StringRef(key).split('.');
  const BackendField *field = findBackendField(head);
  bool hasTail = head.size() != key.size();
  if (field && field->kind == FieldKind::Scheme)
    field = findSchemeField(tail);
  else if (hasTail)
    field = nullptr;
  if (!field || field->kind == FieldKind::Options)
    return emitUnknown(key);
  Attribute attr = parseValue(key, *field, value);
  return attr ? set(key, attr, key + "=" + value) : failure();
}

FailureOr<BackendAttr> Overrides::apply() const {
  NamedAttrList fields(backend.getFields());
  for (const auto &[path, setting] : settings) {
    auto [head, tail] = StringRef(path).split('.');
    if (tail.empty()) {
      fields.set(head, setting.value);
      continue;
    }
    NamedAttrList scheme(cast<DictionaryAttr>(fields.get(head)));
    scheme.set(tail, setting.value);
    fields.set(head, scheme.getDictionary(backend.getContext()));
  }
  auto result = BackendAttr::getChecked(
      emitError, backend.getContext(), backend.getName(),
      fields.getDictionary(backend.getContext()));
  if (!result)
    return failure();
  return result;
}

FailureOr<BackendAttr> hwq::applyOverrides(BackendAttr backend,
                                           ArrayRef<BackendOverride> overrides,
                                           EmitErrorFn emitError) {
  Overrides collected(backend, emitError);
  for (const BackendOverride &override : overrides)
    if (failed(collected.add(override)))
      return failure();
  return collected.apply();
}

//===----------------------------------------------------------------------===//
// All of it
//===----------------------------------------------------------------------===//

FailureOr<BackendAttr> hwq::resolveBackend(MLIRContext *context,
                                           const BackendSpec &spec,
                                           StringRef backendFile,
                                           EmitErrorFn emitError) {
  FailureOr<BackendAttr> backend =
      backendFile.empty() ? lookupBackend(context, spec.name, emitError)
                          : loadBackendFile(context, backendFile, emitError);
  if (failed(backend))
    return failure();
  if (backend->getName().getValue() != spec.name) {
    emitError() << "expected the backend '" << spec.name << "' in '"
                << backendFile << "', got '" << backend->getName().getValue()
                << "'";
    return failure();
  }
  return applyOverrides(*backend, spec.overrides, emitError);
}

llvm::Expected<BackendAttr> hwq::resolveBackend(MLIRContext *context,
                                                const BackendSpec &spec,
                                                StringRef backendFile) {
  std::string messages;
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
      return success();
    if (!messages.empty())
      messages += "; ";
    if (auto loc = dyn_cast<FileLineColLoc>(diagnostic.getLocation()))
      messages += (loc.getFilename().getValue() + ":" + Twine(loc.getLine()) +
                   ":" + Twine(loc.getColumn()) + ": ")
                      .str();
    messages += diagnostic.str();
    return success();
  });
  FailureOr<BackendAttr> backend =
      resolveBackend(context, spec, backendFile,
                     [&] { return mlir::emitError(UnknownLoc::get(context)); });
  if (succeeded(backend))
    return *backend;
  return llvm::createStringError(llvm::inconvertibleErrorCode(), messages);
}
