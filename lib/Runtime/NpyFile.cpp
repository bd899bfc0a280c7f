//===- NpyFile.cpp - NumPy array files --------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/NpyFile.h"
#include "NpyDetail.h"
#include "hwq/Runtime/AtomicFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cstring>
#include <vector>

using namespace llvm;
using namespace hwq::runtime;
using namespace hwq::runtime::npy;

static_assert(sys::IsLittleEndianHost, "array files are read without swapping");

Error npy::npyError(StringRef what, const Twine &reason) {
  return createStringError(Twine("cannot read '") + what + "': " + reason);
}

//===----------------------------------------------------------------------===//
// Header
//===----------------------------------------------------------------------===//

namespace {
/// How elements lie in the file and what they become.
struct ElementType {
  StringLiteral code; // without byte order
  unsigned fileBytes;
  DType type;
};

struct NpyHeader {
  const ElementType *element = nullptr;
  bool fortranOrder = false;
  Tensor::Shape shape;
  int64_t dataBytes = 0;
  int64_t count = 0;
};
} // namespace

// u2 and u4 have no DType of their own; the next signed type holds them.
static constexpr ElementType elementTypes[] = {
    {"f4", 4, DType::F32}, {"f8", 8, DType::F64}, {"i1", 1, DType::I8},
    {"u1", 1, DType::U8},  {"i2", 2, DType::I16}, {"u2", 2, DType::I32},
    {"i4", 4, DType::I32}, {"u4", 4, DType::I64}, {"i8", 8, DType::I64},
    {"b1", 1, DType::Bool}};

/// NumPy allows 64.
static constexpr size_t maxRank = 64;

static Expected<const ElementType *> parseElementType(StringRef descr,
                                                      StringRef what) {
  StringRef code = descr;
  char order = code.empty() ? 0 : code.front();
  if (order == '<' || order == '>' || order == '|' || order == '=')
    code = code.drop_front();
  if (code.starts_with("O"))
    return npyError(what, "the array holds Python objects, not numbers");
  for (const ElementType &element : elementTypes) {
    if (element.code != code)
      continue;
    if (order == '>' && element.fileBytes > 1)
      return npyError(what, Twine("expected little-endian elements, got '") +
                                descr + "'");
    return &element;
  }
  return npyError(what, Twine("expected elements of type f4, f8, i1, u1, i2, "
                              "u2, i4, u4, i8 or b1, got '") +
                            descr.take_front(40) + "'");
}

namespace {
/// Parses the header's text: a Python dictionary with exactly the keys descr,
/// fortran_order and shape.
class HeaderParser {
public:
  HeaderParser(StringRef text, StringRef what) : rest(text), what(what) {}

  Error parse(NpyHeader &header) {
    bool seenDescr = false, seenOrder = false, seenShape = false;
    if (!eat('{'))
      return fail("expected '{'");
    while (!eat('}')) {
      std::string key;
      if (Error error = parseString(key))
        return error;
      if (!eat(':'))
        return fail("expected ':'");
      bool *seen = key == "descr"           ? &seenDescr
                   : key == "fortran_order" ? &seenOrder
                   : key == "shape"         ? &seenShape
                                            : nullptr;
      if (!seen || *seen)
        return fail(Twine(seen ? "repeated" : "unknown") + " key '" +
                    StringRef(key).take_front(40) + "'");
      *seen = true;
      if (seen == &seenDescr) {
        if (Error error = parseDescr(header))
          return error;
      } else if (seen == &seenOrder) {
        if (rest.consume_front("True"))
          header.fortranOrder = true;
        else if (!rest.consume_front("False"))
          return fail("expected True or False");
      } else if (Error error = parseShape(header)) {
        return error;
      }
      if (eat(','))
        continue;
      if (!eat('}'))
        return fail("expected ',' or '}'");
      break;
    }
    if (!seenDescr || !seenOrder || !seenShape)
      return fail(Twine("no key '") +
                  (!seenDescr   ? "descr"
                   : !seenOrder ? "fortran_order"
                                : "shape") +
                  "'");
    skipSpace();
    if (!rest.empty())
      return fail("text after '}'");
    return Error::success();
  }

private:
  Error fail(const Twine &reason) {
    return npyError(what, Twine("malformed header: ") + reason);
  }
  void skipSpace() { rest = rest.ltrim(" \t\r\n"); }
  bool eat(char c) {
    skipSpace();
    if (!rest.starts_with(StringRef(&c, 1)))
      return false;
    rest = rest.drop_front();
    skipSpace();
    return true;
  }

  Error parseString(std::string &value) {
    skipSpace();
    char quote = rest.empty() ? 0 : rest.front();
    if (quote != '\'' && quote != '"')
      return fail("expected a quoted text");
    size_t end = rest.find(quote, 1);
    if (end == StringRef::npos)
      return fail("unterminated text");
    value = rest.slice(1, end).str();
    rest = rest.drop_front(end + 1);
    return Error::success();
  }

  Error parseDescr(NpyHeader &header) {
    if (rest.starts_with("[") || rest.starts_with("("))
      return npyError(what, "the array holds records with fields, not numbers");
    std::string descr;
    if (Error error = parseString(descr))
      return error;
    return parseElementType(descr, what).moveInto(header.element);
  }

  Error parseShape(NpyHeader &header) {
    if (!eat('('))
      return fail("expected '(' before the shape");
    while (!eat(')')) {
      if (rest.starts_with("-"))
        return fail("negative dimension");
      int64_t dim;
      if (rest.consumeInteger(10, dim))
        return fail("expected a dimension that fits 64 bits");
      rest.consume_front("L"); // Python 2's long
      if (header.shape.size() == maxRank)
        return fail(Twine("more than ") + Twine(maxRank) + " dimensions");
      header.shape.push_back(dim);
      if (eat(','))
        continue;
      if (!eat(')'))
        return fail("expected ',' or ')' in the shape");
      break;
    }
    return Error::success();
  }

  StringRef rest;
  StringRef what;
};
} // namespace

namespace {
class MemorySource : public ByteSource {
public:
  explicit MemorySource(StringRef bytes) : bytes(bytes) {}
  uint64_t left() const override { return bytes.size(); }
  Error read(void *to, uint64_t size) override {
    if (size)
      std::memcpy(to, bytes.data(), size);
    bytes = bytes.drop_front(size);
    return Error::success();
  }

private:
  StringRef bytes;
};

class FileSource : public ByteSource {
public:
  FileSource(sys::fs::file_t file, uint64_t size, StringRef what)
      : file(file), size(size), what(what) {}
  uint64_t left() const override { return size; }
  Error read(void *to, uint64_t count) override {
    char *next = static_cast<char *>(to);
    while (count) {
      Expected<size_t> got = sys::fs::readNativeFile(
          file, MutableArrayRef<char>(
                    next, std::min<uint64_t>(count, uint64_t(1) << 30)));
      if (!got)
        return npyError(what, toString(got.takeError()));
      if (*got == 0)
        return npyError(what, "the file became shorter while it was read");
      next += *got;
      count -= *got;
      size -= *got;
    }
    return Error::success();
  }

private:
  sys::fs::file_t file;
  uint64_t size;
  StringRef what;
};
} // namespace

static Error truncated(StringRef what, const Twine &part) {
  return npyError(what, Twine("truncated in ") + part);
}

static Error readHeader(ByteSource &source, StringRef what, NpyHeader &header) {
  char start[8];
  if (source.left() < sizeof(start))
    return truncated(what, "the first 8 bytes of an .npy file");
  if (Error error = source.read(start, sizeof(start)))
    return error;
  if (std::memcmp(start, "\x93NUMPY", 6) != 0)
    return npyError(what, "not an .npy file (no \\x93NUMPY at the start)");
  unsigned major = static_cast<unsigned char>(start[6]);
  unsigned minor = static_cast<unsigned char>(start[7]);
  if (major < 1 || major > 3 || minor != 0)
    return npyError(what, Twine("expected .npy version 1.0, 2.0 or 3.0, got ") +
                              Twine(major) + "." + Twine(minor));
  unsigned char lengthBytes[4] = {0, 0, 0, 0};
  unsigned lengthSize = major == 1 ? 2 : 4;
  if (source.left() < lengthSize)
    return truncated(what, "the header's length");
  if (Error error = source.read(lengthBytes, lengthSize))
    return error;
  uint64_t length = support::endian::read32le(lengthBytes);
  if (source.left() < length)
    return truncated(what, Twine("the header: it has ") + Twine(length) +
                               " bytes, " + Twine(source.left()) + " are left");
  // Ours has three short entries; NumPy refuses more than 10000 bytes too.
  if (length > 65536)
    return npyError(what, Twine("the header has ") + Twine(length) +
                              " bytes, at most 65536 are accepted");
  std::string text(length, '\0');
  if (Error error = source.read(text.data(), length))
    return error;
  if (Error error = HeaderParser(text, what).parse(header))
    return error;

  // The product in elements as they are in memory, which may be wider.
  size_t widest = std::max<size_t>(header.element->fileBytes,
                                   byteWidth(header.element->type));
  std::optional<int64_t> count = checkedNumElements(header.shape, widest);
  if (!count)
    return npyError(what, Twine("shape ") + shapeToString(header.shape) +
                              " has more bytes than 64 bits count");
  header.count = *count;
  header.dataBytes = *count * header.element->fileBytes;
  if (static_cast<uint64_t>(header.dataBytes) != source.left())
    return npyError(
        what, Twine(static_cast<uint64_t>(header.dataBytes) > source.left()
                        ? "truncated: "
                        : "") +
                  "shape " + shapeToString(header.shape) + " of " +
                  header.element->code + " needs " + Twine(header.dataBytes) +
                  " bytes, the file has " + Twine(source.left()));
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

template <typename T>
static void transposeFromFortran(const T *from, T *to,
                                 ArrayRef<int64_t> shape) {
  // Row-major order of the result; `offset` follows in the column-major source.
  size_t rank = shape.size();
  SmallVector<int64_t, 8> strides(rank), index(rank, 0);
  int64_t stride = 1, count = 1;
  for (size_t i = 0; i < rank; ++i) {
    strides[i] = stride;
    stride *= shape[i];
  }
  count = stride;
  int64_t offset = 0;
  for (int64_t i = 0; i < count; ++i) {
    to[i] = from[offset];
    for (size_t axis = rank; axis-- > 0;) {
      offset += strides[axis];
      if (++index[axis] < shape[axis])
        break;
      offset -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

static Tensor fromFortranOrder(const Tensor &columns, ArrayRef<int64_t> shape) {
  Tensor rows = Tensor::allocate(columns.dtype(), shape);
  switch (byteWidth(columns.dtype())) {
  case 1:
    transposeFromFortran(static_cast<const uint8_t *>(columns.raw()),
                         static_cast<uint8_t *>(rows.raw()), shape);
    break;
  case 2:
    transposeFromFortran(static_cast<const uint16_t *>(columns.raw()),
                         static_cast<uint16_t *>(rows.raw()), shape);
    break;
  case 4:
    transposeFromFortran(static_cast<const uint32_t *>(columns.raw()),
                         static_cast<uint32_t *>(rows.raw()), shape);
    break;
  default:
    transposeFromFortran(static_cast<const uint64_t *>(columns.raw()),
                         static_cast<uint64_t *>(rows.raw()), shape);
    break;
  }
  return rows;
}

/// Widens unsigned elements that lie in the upper half of their storage to the
/// signed type of twice the width, front to back.
template <typename Narrow, typename Wide>
static void widenInPlace(void *storage, int64_t count) {
  const char *from =
      static_cast<const char *>(storage) + count * sizeof(Narrow);
  char *to = static_cast<char *>(storage);
  for (int64_t i = 0; i < count; ++i) {
    Narrow narrow;
    std::memcpy(&narrow, from + i * sizeof(Narrow), sizeof(Narrow));
    Wide wide = narrow;
    std::memcpy(to + i * sizeof(Wide), &wide, sizeof(Wide));
  }
}

/// The elements behind a header.
static Expected<Tensor> readElements(ByteSource &source, NpyHeader &header) {
  DType type = header.element->type;
  Tensor tensor = Tensor::allocate(type, header.shape);
  // Types that widen are read into the upper half.
  char *to = static_cast<char *>(tensor.raw()) +
             (tensor.numBytes() - header.dataBytes);
  if (Error error = source.read(to, header.dataBytes))
    return error;
  if (Error error = source.finish())
    return error;
  if (header.element->code == "u2")
    widenInPlace<uint16_t, int32_t>(tensor.raw(), header.count);
  else if (header.element->code == "u4")
    widenInPlace<uint32_t, int64_t>(tensor.raw(), header.count);
  else if (type == DType::Bool)
    for (auto *p = static_cast<uint8_t *>(tensor.raw()), *e = p + header.count;
         p != e; ++p)
      *p = *p != 0; // any other byte would be undefined as a C++ bool
  if (header.fortranOrder && header.shape.size() > 1)
    return fromFortranOrder(tensor, header.shape);
  return tensor;
}

Expected<Tensor> npy::readArray(ByteSource &source, StringRef what,
                                NpyCheck check) {
  NpyHeader header;
  if (Error error = readHeader(source, what, header))
    return error;
  if (check)
    if (Error error = check(header.element->type, header.shape))
      return error;
  return readElements(source, header);
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

ArrayRows::~ArrayRows() = default;

namespace {
class MemoryRows : public ArrayRows {
public:
  explicit MemoryRows(Tensor tensor)
      : ArrayRows(tensor.dtype(), tensor.shape()), tensor(std::move(tensor)) {}
  Expected<Tensor> read(int64_t begin, int64_t end) const override {
    return tensor.slice0(begin, end);
  }

private:
  Tensor tensor;
};

class FileRows : public ArrayRows {
public:
  FileRows(const NpyHeader &header, sys::fs::file_t file, uint64_t offset,
           StringRef what)
      : ArrayRows(header.element->type, header.shape), file(file),
        offset(offset), what(what.str()) {}
  ~FileRows() override { sys::fs::closeFile(file); }
  Expected<Tensor> read(int64_t begin, int64_t end) const override {
    Tensor::Shape rows(shape());
    rows[0] = end - begin;
    Tensor tensor = Tensor::allocate(dtype(), rows);
    int64_t rowBytes = rows[0] ? tensor.numBytes() / rows[0] : 0;
    char *to = static_cast<char *>(tensor.raw());
    uint64_t at = offset + begin * rowBytes, left = tensor.numBytes();
    while (left) {
      Expected<size_t> got = sys::fs::readNativeFileSlice(
          file, MutableArrayRef<char>(to, std::min<uint64_t>(left, 1u << 30)),
          at);
      if (!got)
        return npyError(what, toString(got.takeError()));
      if (*got == 0)
        return npyError(what, "the file became shorter while it was read");
      to += *got;
      at += *got;
      left -= *got;
    }
    return tensor;
  }

private:
  sys::fs::file_t file;
  uint64_t offset;
  std::string what;
};
} // namespace

/// A file without a name that has the rest of a source.
static Expected<sys::fs::file_t> spool(ByteSource &source, uint64_t bytes,
                                       StringRef what) {
  auto fail = [&](const Twine &reason) {
    return npyError(what, "cannot unpack it into a temporary file: " + reason);
  };
  SmallString<128> path;
  int fd;
  if (std::error_code ec =
          sys::fs::createTemporaryFile("hwq-array", "npy", fd, path))
    return fail(ec.message());
  // Opened again for reading; gone as soon as nobody has it open.
  raw_fd_ostream os(fd, /*shouldClose=*/true);
  Expected<sys::fs::file_t> file = sys::fs::openNativeFileForRead(path);
  sys::fs::remove(path);
  if (!file) {
    os.clear_error();
    return fail(toString(file.takeError()));
  }
  std::vector<char> chunk(1 << 20);
  Error error = Error::success();
  while (bytes && !error && !os.has_error()) {
    uint64_t size = std::min<uint64_t>(bytes, chunk.size());
    error = source.read(chunk.data(), size);
    os.write(chunk.data(), size);
    bytes -= size;
  }
  os.flush();
  if (!error && os.has_error())
    error = fail(os.error().message());
  os.clear_error();
  if (!error)
    error = source.finish();
  if (!error)
    return *file;
  sys::fs::closeFile(*file);
  return error;
}

Expected<std::shared_ptr<const ArrayRows>> npy::openRows(ByteSource &source,
                                                         StringRef what,
                                                         NpyCheck check,
                                                         StringRef path) {
  uint64_t fileBytes = source.left();
  NpyHeader header;
  if (Error error = readHeader(source, what, header))
    return error;
  DType type = header.element->type;
  if (check)
    if (Error error = check(type, header.shape))
      return error;
  if (header.shape.empty())
    return npyError(what, "expected rows, got a scalar");
  bool converts = (header.fortranOrder && header.shape.size() > 1) ||
                  byteWidth(type) != header.element->fileBytes ||
                  type == DType::Bool;
  if (converts || header.dataBytes <= maxBytesInMemory) {
    Expected<Tensor> tensor = readElements(source, header);
    if (!tensor)
      return tensor.takeError();
    return std::make_shared<MemoryRows>(std::move(*tensor));
  }
  Expected<sys::fs::file_t> file = path.empty()
                                       ? spool(source, header.dataBytes, what)
                                       : sys::fs::openNativeFileForRead(path);
  if (!file)
    return path.empty() ? file.takeError()
                        : npyError(what, toString(file.takeError()));
  uint64_t offset = path.empty() ? 0 : fileBytes - header.dataBytes;
  return std::make_shared<FileRows>(header, *file, offset, what);
}

Expected<Tensor> hwq::runtime::parseNpy(StringRef bytes, StringRef what) {
  MemorySource source(bytes);
  return readArray(source, what);
}

Error npy::checkRegularFile(StringRef path, uint64_t &size) {
  sys::fs::file_status status;
  if (std::error_code ec = sys::fs::status(path, status))
    return npyError(path, ec.message());
  if (status.type() == sys::fs::file_type::directory_file)
    return npyError(path, "expected a file, got a folder");
  if (status.type() != sys::fs::file_type::regular_file)
    return npyError(path, "expected a regular file");
  size = status.getSize();
  return Error::success();
}

Expected<Tensor> hwq::runtime::readNpy(StringRef path, NpyCheck check) {
  uint64_t size = 0;
  if (Error error = checkRegularFile(path, size))
    return error;
  Expected<sys::fs::file_t> file = sys::fs::openNativeFileForRead(path);
  if (!file)
    return npyError(path, toString(file.takeError()));
  FileSource source(*file, size, path);
  Expected<Tensor> tensor = readArray(source, path, check);
  sys::fs::closeFile(*file);
  return tensor;
}

Expected<std::shared_ptr<const ArrayRows>>
hwq::runtime::openNpyRows(StringRef path, NpyCheck check) {
  uint64_t size = 0;
  if (Error error = checkRegularFile(path, size))
    return error;
  Expected<sys::fs::file_t> file = sys::fs::openNativeFileForRead(path);
  if (!file)
    return npyError(path, toString(file.takeError()));
  FileSource source(*file, size, path);
  auto rows = npy::openRows(source, path, check, path);
  sys::fs::closeFile(*file);
  return rows;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

std::string npy::npyHeader(const Tensor &tensor) {
  StringRef descr;
  switch (tensor.dtype()) {
  case DType::F32:
    descr = "<f4";
    break;
  case DType::F64:
    descr = "<f8";
    break;
  case DType::I8:
    descr = "|i1";
    break;
  case DType::U8:
    descr = "|u1";
    break;
  case DType::I16:
    descr = "<i2";
    break;
  case DType::I32:
    descr = "<i4";
    break;
  case DType::I64:
    descr = "<i8";
    break;
  case DType::Bool:
    descr = "|b1";
    break;
  }
  std::string dict;
  raw_string_ostream os(dict);
  os << "{'descr': '" << descr << "', 'fortran_order': False, 'shape': (";
  for (int64_t dim : tensor.shape())
    os << dim << (tensor.rank() == 1 ? "," : ", ");
  os.flush();
  if (tensor.rank() > 1)
    dict.resize(dict.size() - 2);
  dict += "), }";

  // The data starts at a multiple of 64, and the header ends with a newline.
  bool wide = 10 + dict.size() + 64 > 65535;
  size_t prefix = wide ? 12 : 10;
  dict.append(63 - (prefix + dict.size()) % 64, ' ');
  dict += '\n';
  std::string header("\x93NUMPY", 6);
  header += wide ? '\2' : '\1';
  header += '\0';
  for (size_t i = 0, length = dict.size(); i < (wide ? 4u : 2u); ++i)
    header += static_cast<char>(length >> (8 * i));
  return header + dict;
}

void hwq::runtime::printNpy(const Tensor &tensor, raw_ostream &os) {
  os << npyHeader(tensor);
  os.write(static_cast<const char *>(tensor.raw()), tensor.numBytes());
}

Error hwq::runtime::writeNpy(StringRef path, const Tensor &tensor) {
  return writeFileAtomically(path, [&](raw_pwrite_stream &os) {
    printNpy(tensor, os);
    return Error::success();
  });
}
