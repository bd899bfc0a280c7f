//===- CalcValues.cpp - What a calculator reads and prints ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CalcValues.h"
#include "Console.h"
#include "Model.h"
#include "Options.h"
#include "hwq/Runtime/NpyFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>
#include <cstring>

using namespace llvm;
using namespace hwq;
using namespace hwq::driver;
using runtime::DType;
using runtime::Tensor;

Error driver::inputError(const Twine &message) {
  return make_error<StringError>(message, inconvertibleErrorCode());
}

std::string driver::digits(double value) { return number("%.17g", value); }
std::string driver::digits(float value) {
  return number("%.9g", static_cast<double>(value));
}

std::string driver::bitsOf(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return formatv("{0:x8}", bits).str();
}

DType driver::elementType(numerics::Storage storage) {
  switch (storage) {
  case numerics::Storage::I8:
    return DType::I8;
  case numerics::Storage::U8:
    return DType::U8;
  case numerics::Storage::I16:
    return DType::I16;
  case numerics::Storage::U16:
  case numerics::Storage::I32:
    break;
  }
  return DType::I32;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// Calls visit(elements) with the elements in their type.
template <class Visit>
static Error visitElements(const Tensor &t, Visit visit) {
  switch (t.dtype()) {
  case DType::F32:
    return visit(t.values<float>());
  case DType::F64:
    return visit(t.values<double>());
  case DType::I8:
    return visit(t.values<int8_t>());
  case DType::U8:
    return visit(t.values<uint8_t>());
  case DType::I16:
    return visit(t.values<int16_t>());
  case DType::I32:
    return visit(t.values<int32_t>());
  case DType::I64:
    return visit(t.values<int64_t>());
  case DType::Bool:
    break;
  }
  return inputError("expected an array of numbers, got bool");
}

/// Codes within limits, or f32 values; each adds a number or says what is
/// wrong with it.
namespace {
struct CodeReader {
  using Value = int64_t;
  int64_t lo, hi;
  /// Of an array's elements, if they may not be any integers.
  std::optional<numerics::Storage> storage = std::nullopt;

  Error check(DType type) const {
    bool isShort = type == DType::I8 || type == DType::U8 || type == DType::I16;
    if (!storage || !isShort || type == elementType(*storage))
      return Error::success();
    return inputError("expected an array of " + StringRef(stringify(*storage)) +
                      " codes, got " + runtime::dtypeName(type));
  }

  template <class T> Error add(T value, std::vector<Value> &to) const {
    if constexpr (std::is_floating_point_v<T>) {
      return inputError("expected an array of integers, got one of floats");
    } else {
      if (value < lo || value > hi)
        return inputError("expected integers in " + Twine(lo) + ".." +
                          Twine(hi) + ", got " + Twine(int64_t(value)));
      to.push_back(value);
      return Error::success();
    }
  }
  Error parse(StringRef text, std::vector<Value> &to) const {
    if (std::optional<int64_t> value = parseInteger(text))
      return add(*value, to);
    StringRef digitsOnly = text;
    digitsOnly.consume_front("-");
    // An integer that 64 bits do not hold is not a mistake of typing.
    if (!digitsOnly.empty() && all_of(digitsOnly, isDigit))
      return inputError("expected integers in " + Twine(lo) + ".." + Twine(hi) +
                        ", got " + text);
    return usageError("expected an integer, got '" + text + "'");
  }
};

struct RealReader {
  using Value = float;

  Error check(DType) const { return Error::success(); }

  template <class T> Error add(T value, std::vector<Value> &to) const {
    float rounded = static_cast<float>(value);
    if (!std::isfinite(rounded))
      return inputError("expected numbers that are finite in f32, got " +
                        digits(static_cast<double>(value)));
    to.push_back(rounded);
    return Error::success();
  }
  Error parse(StringRef text, std::vector<Value> &to) const {
    double value;
    if (text.empty() || text.getAsDouble(value))
      return usageError("expected a number, got '" + text + "'");
    return add(value, to);
  }
};
} // namespace

template <class Reader>
static Expected<Operands<typename Reader::Value>>
read(Request &request, size_t count, const Reader &reader) {
  Operands<typename Reader::Value> result;
  result.arrays.resize(count);
  if (!request.args.has("input")) {
    if (request.scalars.empty())
      return usageError("expected numbers after '--', or --input");
    if (request.scalars.size() % count)
      return usageError("expected pairs of numbers, got " +
                        Twine(request.scalars.size()) + " numbers");
    for (size_t i = 0; i < request.scalars.size(); ++i)
      if (Error error =
              reader.parse(request.scalars[i], result.arrays[i % count]))
        return std::move(error);
    result.shape = {int64_t(request.scalars.size() / count)};
    return result;
  }
  if (!request.scalars.empty())
    return usageError("expected numbers or --input, got both");
  SmallVector<StringRef> paths;
  request.args.text("input").split(paths, ',');
  if (paths.size() != count)
    return usageError("expected --input to name " + Twine(count) +
                      (count == 1 ? " file" : " files") + ", got " +
                      Twine(paths.size()));
  for (size_t i = 0; i < count; ++i) {
    Expected<Tensor> array = runtime::readNpy(paths[i]);
    if (!array)
      return array.takeError();
    if (i == 0)
      result.shape.assign(array->shape().begin(), array->shape().end());
    else if (array->shape() != ArrayRef<int64_t>(result.shape))
      return inputError("expected arrays of equal shape, got " +
                        runtime::shapeToString(result.shape) + " and " +
                        runtime::shapeToString(array->shape()));
    if (Error error = reader.check(array->dtype()))
      return inputError(paths[i] + ": " + toString(std::move(error)));
    Error error = visitElements(*array, [&](auto elements) -> Error {
      result.arrays[i].reserve(elements.size());
      for (auto value : elements)
        if (Error wrong = reader.add(value, result.arrays[i]))
          return wrong;
      return Error::success();
    });
    if (error)
      return inputError(paths[i] + ": " + toString(std::move(error)));
  }
  return result;
}

Expected<Operands<int64_t>> driver::readIntegers(Request &request,
                                                 size_t operands, int64_t lo,
                                                 int64_t hi) {
  return read(request, operands, CodeReader{lo, hi});
}

Expected<Operands<int64_t>> driver::readCodes(Request &request, size_t operands,
                                              numerics::Storage storage,
                                              numerics::Grid grid) {
  return read(request, operands, CodeReader{grid.qmin, grid.qmax, storage});
}

Expected<Operands<float>> driver::readReals(Request &request) {
  return read(request, 1, RealReader{});
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

static std::string shown(int64_t value) { return std::to_string(value); }
static std::string shown(float value) { return digits(value); }
static json::Value asJson(int64_t value) { return value; }
static json::Value asJson(float value) {
  return jsonNumber(static_cast<double>(value));
}

template <class T, class Out>
static Tensor asTensor(ArrayRef<Out> values, ArrayRef<int64_t> shape) {
  Tensor tensor = Tensor::allocate(runtime::dtypeOf<T>(), shape);
  for (size_t i = 0; i < values.size(); ++i)
    tensor.data<T>()[i] = static_cast<T>(values[i]);
  return tensor;
}

static Tensor toTensor(ArrayRef<int64_t> values, ArrayRef<int64_t> shape,
                       DType type) {
  switch (type) {
  case DType::I8:
    return asTensor<int8_t>(values, shape);
  case DType::U8:
    return asTensor<uint8_t>(values, shape);
  case DType::I16:
    return asTensor<int16_t>(values, shape);
  case DType::I32:
    return asTensor<int32_t>(values, shape);
  default:
    return asTensor<int64_t>(values, shape);
  }
}
static Tensor toTensor(ArrayRef<float> values, ArrayRef<int64_t> shape, DType) {
  return asTensor<float>(values, shape);
}

template <class In, class Out>
static Error printValues(Request &request, Answer answer,
                         const Operands<In> &operands,
                         const std::vector<Out> &output, DType type) {
  if (request.args.has("output")) {
    std::vector<std::string> inputs;
    for (StringRef path : split(request.args.text("input"), ','))
      inputs.push_back(path.str());
    if (Error error = checkWritable(request.args.text("output"), inputs))
      return error;
    if (Error error =
            runtime::writeNpy(request.args.text("output"),
                              toTensor(ArrayRef(output), operands.shape, type)))
      return error;
    if (answer.fields.empty() && answer.notes.empty())
      return Error::success();
    return print(std::move(answer));
  }
  if (jsonOutput) {
    json::Array values;
    for (Out value : output)
      values.push_back(asJson(value));
    answer.fields["output"] = std::move(values);
    return print(std::move(answer));
  }
  std::string text = std::move(answer.notes);
  for (size_t i = 0; i < output.size(); ++i) {
    std::string from = shown(operands.arrays[0][i]);
    for (size_t k = 1; k < operands.arrays.size(); ++k)
      from += ", " + shown(operands.arrays[k][i]);
    text += from + " -> " + shown(output[i]) + "\n";
  }
  return printOut(text);
}

Error driver::print(Request &request, Answer answer,
                    const Operands<int64_t> &operands,
                    const std::vector<int64_t> &output, DType type) {
  return printValues(request, std::move(answer), operands, output, type);
}
Error driver::print(Request &request, Answer answer,
                    const Operands<float> &operands,
                    const std::vector<int64_t> &output, DType type) {
  return printValues(request, std::move(answer), operands, output, type);
}
Error driver::print(Request &request, Answer answer,
                    const Operands<int64_t> &operands,
                    const std::vector<float> &output) {
  return printValues(request, std::move(answer), operands, output, DType::F32);
}

Error driver::print(Request &request, Answer answer,
                    const Operands<float> &operands,
                    const std::vector<float> &output) {
  return printValues(request, std::move(answer), operands, output, DType::F32);
}

Error driver::print(Answer answer) {
  if (jsonOutput)
    return printJson(std::move(answer.fields));
  return printOut(answer.notes);
}
