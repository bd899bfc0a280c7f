//===- OnnxTensorData.cpp - TensorProto to host constant --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OnnxTensorData.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <cstring>

using namespace llvm;
using namespace hwq::onnx_import;
using onnx::TensorProto;

static Error tensorError(const TensorProto &proto, const Twine &message) {
  return createStringError(inconvertibleErrorCode(),
                           "tensor '" + Twine(proto.name()) + "': " + message);
}

std::optional<int64_t>
hwq::onnx_import::countElements(ArrayRef<int64_t> shape) {
  constexpr int64_t kLimit = int64_t(1) << 40;
  int64_t count = 1;
  bool zero = false;
  for (int64_t dim : shape) {
    if (dim < 0)
      return std::nullopt;
    if (dim == 0)
      zero = true;
    else if (dim > kLimit / count)
      return std::nullopt;
    else
      count *= dim;
  }
  return zero ? 0 : count;
}

/// Bytes of one element; 0 for types that are not supported.
static unsigned elementSize(int32_t type) {
  switch (type) {
  case TensorProto::BOOL:
  case TensorProto::INT8:
  case TensorProto::UINT8:
    return 1;
  case TensorProto::FLOAT16:
  case TensorProto::BFLOAT16:
  case TensorProto::INT16:
  case TensorProto::UINT16:
    return 2;
  case TensorProto::FLOAT:
  case TensorProto::INT32:
  case TensorProto::UINT32:
    return 4;
  case TensorProto::DOUBLE:
  case TensorProto::INT64:
  case TensorProto::UINT64:
    return 8;
  default:
    return 0;
  }
}

static bool isFloatType(int32_t type) {
  return type == TensorProto::FLOAT || type == TensorProto::DOUBLE ||
         type == TensorProto::FLOAT16 || type == TensorProto::BFLOAT16;
}

static float fromBits16(uint16_t bits, bool bfloat) {
  APFloat value(bfloat ? APFloat::BFloat() : APFloat::IEEEhalf(),
                APInt(16, bits));
  bool lossy;
  value.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &lossy);
  return value.convertToFloat();
}

template <typename T> static T readAt(const char *data, size_t i) {
  T value;
  std::memcpy(&value, data + i * sizeof(T), sizeof(T));
  return support::endian::byte_swap<T>(value, endianness::little);
}

static void decodeRaw(const char *data, size_t count, int32_t type,
                      HostTensor &out) {
  auto ints = [&](auto sample) {
    for (size_t i = 0; i < count; ++i)
      out.ints[i] = static_cast<int64_t>(readAt<decltype(sample)>(data, i));
  };
  switch (type) {
  case TensorProto::FLOAT:
    for (size_t i = 0; i < count; ++i)
      out.floats[i] = readAt<float>(data, i);
    return;
  case TensorProto::DOUBLE:
    for (size_t i = 0; i < count; ++i)
      out.floats[i] = static_cast<float>(readAt<double>(data, i));
    return;
  case TensorProto::FLOAT16:
  case TensorProto::BFLOAT16:
    for (size_t i = 0; i < count; ++i)
      out.floats[i] =
          fromBits16(readAt<uint16_t>(data, i), type == TensorProto::BFLOAT16);
    return;
  case TensorProto::BOOL:
  case TensorProto::UINT8:
    return ints(uint8_t());
  case TensorProto::INT8:
    return ints(int8_t());
  case TensorProto::INT16:
    return ints(int16_t());
  case TensorProto::UINT16:
    return ints(uint16_t());
  case TensorProto::INT32:
    return ints(int32_t());
  case TensorProto::UINT32:
    return ints(uint32_t());
  default:
    return ints(int64_t());
  }
}

/// The bytes of an external tensor, from a file in the model's folder.
static Expected<std::string> readExternal(const TensorProto &proto,
                                          StringRef modelPath, uint64_t bytes) {
  StringRef location;
  uint64_t offset = 0, length = bytes;
  for (const onnx::StringStringEntryProto &entry : proto.external_data()) {
    StringRef key = entry.key(), value = entry.value();
    if (key == "location")
      location = value;
    else if (key == "offset" && value.getAsInteger(10, offset))
      return tensorError(proto, "external data offset '" + value +
                                    "' is not a number");
    else if (key == "length" && value.getAsInteger(10, length))
      return tensorError(proto, "external data length '" + value +
                                    "' is not a number");
  }
  if (location.empty())
    return tensorError(proto, "external data without a location");
  if (length != bytes)
    return tensorError(proto, "external data have " + Twine(length) +
                                  " bytes, the shape needs " + Twine(bytes));
  if (sys::path::is_absolute(location) ||
      llvm::is_contained(llvm::make_range(sys::path::begin(location),
                                          sys::path::end(location)),
                         ".."))
    return tensorError(proto, "external data file '" + location +
                                  "' is outside the model's folder");
  SmallString<128> folder(sys::path::parent_path(modelPath));
  if (folder.empty())
    folder = ".";
  SmallString<128> file(folder), realFolder, realFile;
  sys::path::append(file, location);
  if (std::error_code ec = sys::fs::real_path(folder, realFolder))
    return tensorError(proto, "external data folder: " + ec.message());
  if (std::error_code ec = sys::fs::real_path(file, realFile))
    return tensorError(proto, "external data file '" + location +
                                  "': " + ec.message());
  // A symbolic link must not lead outside either.
  StringRef rest = realFile;
  if (!rest.consume_front(realFolder) ||
      !(rest.starts_with("/") || realFolder.str().ends_with("/")))
    return tensorError(proto, "external data file '" + location +
                                  "' is outside the model's folder");
  uint64_t fileSize;
  if (std::error_code ec = sys::fs::file_size(realFile, fileSize))
    return tensorError(proto, "external data file '" + location +
                                  "': " + ec.message());
  if (offset > fileSize || bytes > fileSize - offset)
    return tensorError(proto, "external data file '" + location + "' has " +
                                  Twine(fileSize) + " bytes, expected " +
                                  Twine(bytes) + " from offset " +
                                  Twine(offset));
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer =
      MemoryBuffer::getFileSlice(realFile, bytes, offset);
  if (!buffer)
    return tensorError(proto, "external data file '" + location +
                                  "': " + buffer.getError().message());
  return (*buffer)->getBuffer().str();
}

Expected<HostTensorPtr> hwq::onnx_import::decodeTensor(const TensorProto &proto,
                                                       StringRef modelPath) {
  int32_t type = proto.data_type();
  unsigned width = elementSize(type);
  if (!width)
    return tensorError(proto,
                       "element type " +
                           (TensorProto::DataType_IsValid(type)
                                ? TensorProto::DataType_Name(
                                      static_cast<TensorProto::DataType>(type))
                                : std::to_string(type)) +
                           " is not supported");
  auto tensor = std::make_shared<HostTensor>();
  tensor->name = proto.name();
  tensor->isFloat = isFloatType(type);
  tensor->elementType = type;
  tensor->shape.assign(proto.dims().begin(), proto.dims().end());
  std::optional<int64_t> count = countElements(tensor->shape);
  if (!count)
    return tensorError(proto, "absurd shape");
  if (proto.has_segment())
    return tensorError(proto, "segments are not supported");
  size_t n = static_cast<size_t>(*count);

  // Sizes are compared before anything is allocated: shapes may lie.
  auto mismatch = [&](uint64_t have, const char *unit, uint64_t want) {
    return tensorError(proto, "has " + Twine(have) + " " + unit +
                                  ", the shape needs " + Twine(want));
  };
  auto allocate = [&] {
    if (tensor->isFloat)
      tensor->floats.resize(n);
    else
      tensor->ints.resize(n);
  };
  if (proto.data_location() == TensorProto::EXTERNAL) {
    Expected<std::string> bytes =
        readExternal(proto, modelPath, uint64_t(n) * width);
    if (!bytes)
      return bytes.takeError();
    allocate();
    decodeRaw(bytes->data(), n, type, *tensor);
    return tensor;
  }
  if (proto.has_raw_data()) {
    const std::string &raw = proto.raw_data();
    if (raw.size() != uint64_t(n) * width)
      return mismatch(raw.size(), "bytes", uint64_t(n) * width);
    allocate();
    decodeRaw(raw.data(), n, type, *tensor);
    return tensor;
  }
  auto copy = [&](const auto &field, auto &&store) -> Error {
    if (static_cast<size_t>(field.size()) != n)
      return mismatch(field.size(), "values", n);
    allocate();
    for (size_t i = 0; i < n; ++i)
      store(i, field.Get(static_cast<int>(i)));
    return Error::success();
  };
  auto storeInt = [&](size_t i, auto v) {
    tensor->ints[i] = static_cast<int64_t>(v);
  };
  Error error = Error::success();
  switch (type) {
  case TensorProto::FLOAT:
    error = copy(proto.float_data(),
                 [&](size_t i, float v) { tensor->floats[i] = v; });
    break;
  case TensorProto::DOUBLE:
    error = copy(proto.double_data(), [&](size_t i, double v) {
      tensor->floats[i] = static_cast<float>(v);
    });
    break;
  case TensorProto::FLOAT16:
  case TensorProto::BFLOAT16:
    error = copy(proto.int32_data(), [&](size_t i, int32_t v) {
      tensor->floats[i] =
          fromBits16(static_cast<uint16_t>(v), type == TensorProto::BFLOAT16);
    });
    break;
  case TensorProto::INT64:
    error = copy(proto.int64_data(), storeInt);
    break;
  case TensorProto::UINT32:
  case TensorProto::UINT64:
    error = copy(proto.uint64_data(), storeInt);
    break;
  default:
    error = copy(proto.int32_data(), storeInt);
    break;
  }
  if (error)
    return error;
  return tensor;
}
