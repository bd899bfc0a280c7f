//===- NpyFileTest.cpp - NumPy array files ----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/NpyFile.h"
#include "TestFiles.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CRC.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include <cstdlib>
#include <ctime>
#include <limits>

using namespace llvm;
using namespace hwq::runtime;
using namespace hwq::test;

/// A version 1 file as NumPy writes it, but for padding.
static std::string npy(StringRef dict, StringRef data, int major = 1) {
  std::string text = dict.str() + "\n";
  std::string bytes("\x93NUMPY", 6);
  bytes += static_cast<char>(major);
  bytes += '\0';
  for (int i = 0; i < (major == 1 ? 2 : 4); ++i)
    bytes += static_cast<char>(text.size() >> (8 * i));
  return bytes + text + data.str();
}

static std::string dict(StringRef descr, StringRef shape,
                        StringRef order = "False") {
  return ("{'descr': '" + descr + "', 'fortran_order': " + order +
          ", 'shape': " + shape + ", }")
      .str();
}

template <typename T> static std::string bytesOf(std::vector<T> values) {
  return std::string(reinterpret_cast<const char *>(values.data()),
                     values.size() * sizeof(T));
}

template <typename T> static std::vector<T> valuesOf(const Tensor &t) {
  return t.values<T>().vec();
}

static Tensor parsed(StringRef bytes) {
  Expected<Tensor> t = parseNpy(bytes, "a.npy");
  if (t)
    return *t;
  ADD_FAILURE() << toString(t.takeError());
  return Tensor();
}

static std::string errorOf(StringRef bytes) {
  return message(parseNpy(bytes, "a.npy"));
}

TEST(NpyFile, ReadsTypes) {
  Tensor t = parsed(
      npy(dict("<f4", "(2, 3)"), bytesOf<float>({1, 2, 3, -4, 0.5f, 6})));
  EXPECT_EQ(t.dtype(), DType::F32);
  EXPECT_EQ(t.shape(), ArrayRef<int64_t>({2, 3}));
  EXPECT_EQ(valuesOf<float>(t), (std::vector<float>{1, 2, 3, -4, 0.5f, 6}));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(t.raw()) % 64, 0u);

  EXPECT_EQ(valuesOf<double>(
                parsed(npy(dict("<f8", "(1,)"), bytesOf<double>({0.1})))),
            std::vector<double>{0.1});
  EXPECT_EQ(valuesOf<int8_t>(parsed(npy(dict("|i1", "(2,)"), "\xff\x7f"))),
            (std::vector<int8_t>{-1, 127}));
  EXPECT_EQ(valuesOf<uint8_t>(parsed(npy(dict("|u1", "(2,)"), "\xff\x7f"))),
            (std::vector<uint8_t>{255, 127}));
  EXPECT_EQ(valuesOf<int16_t>(parsed(npy(dict("<i2", "(1,)"), "\xfe\xff"))),
            std::vector<int16_t>{-2});
  EXPECT_EQ(valuesOf<int32_t>(parsed(
                npy(dict("<u2", "(3,)"), bytesOf<uint16_t>({1, 65535, 300})))),
            (std::vector<int32_t>{1, 65535, 300}));
  EXPECT_EQ(valuesOf<int64_t>(parsed(
                npy(dict("<u4", "(2,)"), bytesOf<uint32_t>({7, 4294967295u})))),
            (std::vector<int64_t>{7, 4294967295}));
  EXPECT_EQ(
      valuesOf<int64_t>(parsed(npy(dict("<i8", "()"), bytesOf<int64_t>({-5})))),
      std::vector<int64_t>{-5});
  Tensor flags = parsed(npy(dict("|b1", "(3,)"), StringRef("\0\1\7", 3)));
  EXPECT_EQ(valuesOf<bool>(flags), (std::vector<bool>{false, true, true}));
  // Versions 2 and 3, an empty array, Python 2's long, any order of the keys.
  EXPECT_EQ(parsed(npy(dict("<i4", "(0, 3)"), "", 2)).numElements(), 0);
  EXPECT_EQ(parsed(npy("{\"shape\":(1L,),'fortran_order':False,'descr':'<i4'}",
                       bytesOf<int32_t>({9}), 3))
                .values<int32_t>()[0],
            9);
}

TEST(NpyFile, FortranOrder) {
  // a[i,j,k] = 100 i + 10 j + k of shape (2,3,4), first index fastest.
  std::vector<int16_t> columns, rows;
  for (int k = 0; k < 4; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i)
        columns.push_back(100 * i + 10 * j + k);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 4; ++k)
        rows.push_back(100 * i + 10 * j + k);
  Tensor t = parsed(npy(dict("<i2", "(2, 3, 4)", "True"), bytesOf(columns)));
  EXPECT_EQ(t.shape(), ArrayRef<int64_t>({2, 3, 4}));
  EXPECT_EQ(valuesOf<int16_t>(t), rows);
  EXPECT_EQ(parsed(npy(dict("<i2", "(2, 0)", "True"), "")).numElements(), 0);
}

TEST(NpyFile, HostileHeaders) {
  std::string good = npy(dict("<f4", "(2,)"), bytesOf<float>({1, 2}));
  for (size_t size = 0; size < good.size(); ++size)
    EXPECT_NE(errorOf(StringRef(good).take_front(size)), "") << size;
  EXPECT_EQ(errorOf(good), "");
  EXPECT_EQ(errorOf(StringRef(good).drop_back(1)),
            "cannot read 'a.npy': truncated: shape [2] of f4 needs 8 bytes, "
            "the file has 7");
  EXPECT_HAS(errorOf(good + "x"), "needs 8 bytes, the file has 9");
  EXPECT_HAS(errorOf("not numpy at all"), "not an .npy file");
  EXPECT_HAS(errorOf(npy(dict("<f4", "(1,)"), "1234", 4)), "got 4.0");
  EXPECT_HAS(errorOf(npy(dict("<f4", "(-1,)"), "")), "negative dimension");
  EXPECT_HAS(errorOf(npy(dict("<f4", "(1099511627776,)"), "")),
             "needs 4398046511104 bytes, the file has 0");
  // 2^32 * 2^32 wraps to 0 elements; the zero beside it must not hide it.
  EXPECT_HAS(errorOf(npy(dict("<f4", "(4294967296, 4294967296)"), "")),
             "more bytes than 64 bits count");
  EXPECT_HAS(errorOf(npy(dict("<f4", "(0, 4294967296, 4294967296)"), "")),
             "more bytes than 64 bits count");
  EXPECT_HAS(errorOf(npy(dict("<f4", "(9223372036854775808,)"), "")),
             "a dimension that fits 64 bits");
  // Fits as u2 in the file, not as i32 in memory.
  EXPECT_HAS(errorOf(npy(dict("<u2", "(4611686018427387903,)"), "")),
             "more bytes than 64 bits count");
  EXPECT_HAS(errorOf(npy(dict("|O", "(1,)"), "1234")), "Python objects");
  EXPECT_HAS(errorOf(npy("{'descr': [('a', '<f4')], 'fortran_order': False, "
                         "'shape': (1,)}",
                         "1234")),
             "records with fields");
  EXPECT_HAS(errorOf(npy(dict(">f4", "(1,)"), "1234")), "little-endian");
  EXPECT_HAS(errorOf(npy(dict("<f2", "(1,)"), "12")), "got '<f2'");
  EXPECT_HAS(errorOf(npy("{'descr': '<f4", "")), "unterminated text");
  EXPECT_HAS(errorOf(npy("{'descr': '<f4', 'shape': (1,)", "1234")),
             "expected ',' or '}'");
  EXPECT_HAS(errorOf(npy("{'descr': '<f4', 'shape': (1,)}", "1234")),
             "no key 'fortran_order'");
  EXPECT_HAS(errorOf(npy("{'descr': '<f4', 'descr': '<f4'}", "")),
             "repeated key 'descr'");
  EXPECT_HAS(errorOf(npy("{'evil': 1}", "")), "unknown key 'evil'");
  EXPECT_HAS(errorOf(npy(dict("<f4", "(1,)") + "x", "1234")), "text after '}'");
  std::string deep = "(";
  for (int i = 0; i < 65; ++i)
    deep += "1,";
  EXPECT_HAS(errorOf(npy(dict("|u1", deep + ")"), "1")),
             "more than 64 dimensions");
}

TEST(NpyFile, Files) {
  TempFolder folder;
  std::string path = folder.path("t.npy");
  std::vector<double> values{1, -2, 0.1, 1e300, 5, 6};
  Tensor t = Tensor::fromValues<double>(values, {3, 2});
  ASSERT_EQ(message(writeNpy(path, t)), "");
  // The header that NumPy 2 writes for this array, byte for byte.
  std::string header =
      std::string("\x93NUMPY\x01\x00\x76\x00", 10) +
      "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }";
  header.resize(127, ' ');
  EXPECT_EQ(readBytes(path), header + "\n" + bytesOf(values));
  Expected<Tensor> back = readNpy(path);
  ASSERT_TRUE(bool(back)) << toString(back.takeError());
  EXPECT_EQ(back->shape(), t.shape());
  EXPECT_EQ(valuesOf<double>(*back), values);

  EXPECT_HAS(message(readNpy(folder.path("none.npy"))),
             "none.npy': No such file or directory");
  EXPECT_HAS(message(readNpy(folder.path())), "got a folder");
  EXPECT_HAS(message(readNpy("/dev/zero")), "expected a regular file");
  EXPECT_HAS(message(writeNpy("/dev/full", t)), "No space left");
}

TEST(NpyFile, EveryTypeRoundTrips) {
  TempFolder folder;
  std::vector<std::pair<std::string, Tensor>> arrays;
  arrays.emplace_back("f32", Tensor::fromValues<float>({1.5f, -0.0f}, {2}));
  arrays.emplace_back("f64", Tensor::fromValues<double>({0.1}, {1}));
  arrays.emplace_back("i8", Tensor::fromValues<int8_t>({-128}, {1, 1}));
  arrays.emplace_back("u8", Tensor::fromValues<uint8_t>({255}, {1}));
  arrays.emplace_back("i16", Tensor::fromValues<int16_t>({-300}, {1}));
  arrays.emplace_back("i32", Tensor::fromValues<int32_t>({1 << 30}, {1}));
  arrays.emplace_back("i64", Tensor::fromValues<int64_t>({-7}, {}));
  arrays.emplace_back("b", Tensor::fromValues<bool>({true, false}, {2}));
  // As PyTorch's exporter names tensors; and an empty array.
  arrays.emplace_back("/conv1/Conv_output_0",
                      Tensor::allocate(DType::F32, {0, 4}));
  std::string path = folder.path("t.npz");
  ASSERT_EQ(message(writeNpz(path, arrays)), "");
  Expected<NpzReader> npz = NpzReader::open(path);
  ASSERT_TRUE(bool(npz)) << toString(npz.takeError());
  ASSERT_EQ(npz->names().size(), arrays.size());
  for (size_t i = 0; i < arrays.size(); ++i) {
    EXPECT_EQ(npz->names()[i], arrays[i].first);
    Expected<Tensor> t = npz->read(arrays[i].first);
    ASSERT_TRUE(bool(t)) << toString(t.takeError());
    const Tensor &want = arrays[i].second;
    EXPECT_EQ(t->dtype(), want.dtype());
    EXPECT_EQ(t->shape(), want.shape());
    EXPECT_EQ(StringRef((const char *)t->raw(), t->numBytes()),
              StringRef((const char *)want.raw(), want.numBytes()));
  }
  EXPECT_HAS(message(npz->read("z")),
             "no array 'z'; the archive has 'f32', 'f64', 'i8'");
}

TEST(NpyFile, NpzIsDeterministic) {
  TempFolder folder;
  Tensor t = Tensor::zeros(DType::F32, {1000});
  std::string first, second;
  ASSERT_EQ(message(writeNpz(folder.path("a.npz"), {{"x", t}})), "");
  // Another time zone must not show in the members' dates.
  const char *zone = getenv("TZ");
  std::string saved = zone ? zone : "";
  setenv("TZ", "Asia/Tokyo", 1);
  tzset();
  ASSERT_EQ(message(writeNpz(folder.path("b.npz"), {{"x", t}})), "");
  zone ? setenv("TZ", saved.c_str(), 1) : unsetenv("TZ");
  tzset();
  first = readBytes(folder.path("a.npz"));
  EXPECT_EQ(first, readBytes(folder.path("b.npz")));
  EXPECT_LT(first.size(), 1000u); // deflated
  // DOS time 0, date 1980-01-01 in the local header.
  EXPECT_EQ(first.substr(10, 4), std::string("\0\0\x21\0", 4));

  EXPECT_HAS(message(writeNpz(folder.path("c.npz"), {{"x", t}, {"x", t}})),
             "'x' is used twice");
  EXPECT_HAS(message(writeNpz(folder.path("c.npz"), {{"a/../../x", t}})),
             "would leave the folder");
  EXPECT_HAS(message(writeNpz(folder.path("c.npz"), {{"", t}})), "is empty");
  EXPECT_EQ(message(writeNpz(folder.path("c.npz"), {})), "");
  Expected<NpzReader> empty = NpzReader::open(folder.path("c.npz"));
  ASSERT_TRUE(bool(empty)) << toString(empty.takeError());
  EXPECT_TRUE(empty->names().empty());
  EXPECT_HAS(message(empty->read("x")), "the archive has no arrays");
}

/// A zip archive with one stored member, whose directory may lie.
static std::string storedZip(StringRef name, StringRef data,
                             uint32_t claimedSize, uint32_t claimedCompressed,
                             uint16_t method = 0, bool goodCrc = true) {
  std::string out;
  auto put = [&](uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
      out += static_cast<char>(value >> (8 * i));
  };
  uint32_t crc = llvm::crc32(arrayRefFromStringRef(data)) ^ (goodCrc ? 0 : 1);
  auto common = [&] {
    put(20, 2), put(0, 2), put(method, 2), put(0, 2), put(33, 2), put(crc, 4);
    put(claimedCompressed, 4), put(claimedSize, 4), put(name.size(), 2);
    put(0, 2);
  };
  put(0x04034b50, 4), common();
  out += name.str() + data.str();
  uint32_t directory = out.size();
  put(0x02014b50, 4), put(20, 2), common();
  put(0, 2), put(0, 2), put(0, 2), put(0, 4), put(0, 4);
  out += name.str();
  uint32_t length = out.size() - directory;
  put(0x06054b50, 4), put(0, 4), put(1, 2), put(1, 2), put(length, 4);
  put(directory, 4), put(0, 2);
  return out;
}

TEST(NpyFile, StoredAndHostileNpz) {
  TempFolder folder;
  std::string member = npy(dict("<i4", "(2,)"), bytesOf<int32_t>({3, 4}));
  uint32_t size = member.size();
  auto read = [&](StringRef bytes) -> Expected<Tensor> {
    std::string path = folder.write("t.npz", bytes);
    Expected<NpzReader> npz = NpzReader::open(path);
    if (!npz)
      return npz.takeError();
    return npz->read("x");
  };
  Expected<Tensor> good = read(storedZip("x.npy", member, size, size));
  ASSERT_TRUE(bool(good)) << toString(good.takeError());
  EXPECT_EQ(valuesOf<int32_t>(*good), (std::vector<int32_t>{3, 4}));

  EXPECT_HAS(message(read(storedZip("x.npy", member, size, size, 0, false))),
             "t.npz:x': CRC error");
  // 4 GiB claimed by a file of some hundred bytes.
  EXPECT_HAS(message(read(storedZip("x.npy", member, 0xfffffff0u, size))),
             "claims 4294967280 bytes");
  EXPECT_HAS(message(read(storedZip("x.npy", member, 0xfffffff0u, size, 8))),
             "which is impossible");
  EXPECT_NE(message(read(storedZip("x.npy", member, 0xfffffff0u, 0xfffffff0u))),
            "");
  EXPECT_NE(message(read(storedZip("x.npy", member, size, size, 8))), "");
  EXPECT_HAS(message(read(storedZip("x.npy", member, size, size, 12))),
             "compression method 12");
  EXPECT_HAS(message(read(storedZip("readme.txt", member, size, size))),
             "the archive has no arrays");
  EXPECT_HAS(message(read("PK but not really")), "not a readable .npz archive");
  EXPECT_HAS(message(read("")), "not a readable .npz archive");
  EXPECT_HAS(message(NpzReader::open(folder.path("none.npz"))),
             "No such file or directory");
}

/// Cut or damaged anywhere: an error or the right array, never more.
TEST(NpyFile, DamagedNpz) {
  TempFolder folder;
  std::vector<float> values(64);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = i * i * 0.37f;
  std::string path = folder.path("t.npz");
  ASSERT_EQ(
      message(writeNpz(path, {{"x", Tensor::fromValues<float>(values, {64})}})),
      "");
  std::string bytes = readBytes(path);
  auto check = [&](StringRef damaged) {
    folder.write("d.npz", damaged);
    Expected<NpzReader> npz = NpzReader::open(folder.path("d.npz"));
    if (!npz) {
      consumeError(npz.takeError());
      return false;
    }
    Expected<Tensor> t = npz->read("x");
    if (!t) {
      consumeError(t.takeError());
      return false;
    }
    EXPECT_EQ(valuesOf<float>(*t), values);
    return true;
  };
  EXPECT_TRUE(check(bytes));
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(check(StringRef(bytes).take_front(size))) << size;
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] ^= 0x55;
    check(damaged);
  }
}

TEST(Tensor, AliasesAndCopies) {
  Tensor t = Tensor::fromValues<int32_t>({0, 1, 2, 3, 4, 5}, {3, 2});
  Tensor rows = t.slice0(1, 3);
  EXPECT_EQ(rows.shape(), ArrayRef<int64_t>({2, 2}));
  EXPECT_EQ(valuesOf<int32_t>(rows), (std::vector<int32_t>{2, 3, 4, 5}));
  t.data<int32_t>()[2] = 9;
  EXPECT_EQ(rows.data<int32_t>()[0], 9);
  Tensor copy = rows.clone();
  t = Tensor();
  EXPECT_FALSE(t);
  rows.data<int32_t>()[0] = 7; // the slice keeps the storage alive
  EXPECT_EQ(copy.data<int32_t>()[0], 9);
  EXPECT_EQ(rows.reshaped({4}).values<int32_t>()[3], 5);
  EXPECT_EQ(Tensor::zeros(DType::F32, {}).numElements(), 1);
  EXPECT_TRUE(Tensor::allocate(DType::F32, {0}));
  EXPECT_EQ(shapeToString({-1, 3}), "[?,3]");
  EXPECT_FALSE(checkedNumElements({-1}));
  EXPECT_FALSE(checkedNumElements({int64_t(1) << 61}, 4));
  EXPECT_EQ(checkedNumElements({int64_t(1) << 60}, 4), int64_t(1) << 60);
}

/// Rows [begin, end) of an array in a file.
static std::string rowError(const std::shared_ptr<const ArrayRows> &rows,
                            const std::vector<int32_t> &values, int64_t columns,
                            int64_t begin, int64_t end) {
  Expected<Tensor> read = rows->read(begin, end);
  if (!read)
    return toString(read.takeError());
  if (read->shape() != ArrayRef<int64_t>({end - begin, columns}))
    return "shape " + shapeToString(read->shape());
  return std::equal(read->values<int32_t>().begin(),
                    read->values<int32_t>().end(),
                    values.begin() + begin * columns)
             ? ""
             : "other values";
}

TEST(NpyFile, RowsOfSmallAndLargeArrays) {
  // Small ones stay in memory, large ones in the file or in a temporary one.
  for (int64_t rows : {5, 9000}) {
    constexpr int64_t columns = 1024;
    std::vector<int32_t> values(rows * columns);
    for (size_t i = 0; i < values.size(); ++i)
      values[i] = int32_t(i * 2654435761u);
    Tensor tensor = Tensor::fromValues<int32_t>(values, {rows, columns});
    EXPECT_EQ(tensor.numBytes() > maxBytesInMemory, rows == 9000);
    TempFolder folder;
    ASSERT_EQ(message(writeNpy(folder.path("a.npy"), tensor)), "");
    ASSERT_EQ(message(writeNpz(folder.path("a.npz"), {{"x", tensor}})), "");
    auto file = openNpyRows(folder.path("a.npy"));
    ASSERT_TRUE(bool(file)) << toString(file.takeError());
    std::shared_ptr<const ArrayRows> member;
    {
      Expected<NpzReader> reader = NpzReader::open(folder.path("a.npz"));
      ASSERT_TRUE(bool(reader));
      auto opened = reader->openRows("x");
      ASSERT_TRUE(bool(opened)) << toString(opened.takeError());
      member = *opened;
    }
    for (const auto &array : {*file, member}) {
      EXPECT_EQ(array->dtype(), DType::I32);
      EXPECT_EQ(array->shape(), ArrayRef<int64_t>({rows, columns}));
      for (auto [begin, end] : {std::pair<int64_t, int64_t>(0, 1),
                                {rows - 1, rows},
                                {1, 4},
                                {0, rows},
                                {2, 2}})
        EXPECT_EQ(rowError(array, values, columns, begin, end), "");
    }
    // Nothing is left beside the two.
    EXPECT_EQ(folder.list(), (std::set<std::string>{"a.npy", "a.npz"}));
  }
}

TEST(NpyFile, RowsThatAreConvertedStayInMemory) {
  std::vector<uint16_t> values(20000000, 7);
  TempFolder folder;
  std::string path =
      folder.write("u2.npy", npy(dict("<u2", "(20000000,)"), bytesOf(values)));
  auto rows = openNpyRows(path);
  ASSERT_TRUE(bool(rows)) << toString(rows.takeError());
  EXPECT_EQ((*rows)->dtype(), DType::I32);
  Expected<Tensor> some = (*rows)->read(19999999, 20000000);
  ASSERT_TRUE(bool(some));
  EXPECT_EQ(valuesOf<int32_t>(*some), std::vector<int32_t>{7});
  EXPECT_EQ(message(openNpyRows(
                folder.write("s.npy", npy(dict("<f4", "()"), "abcd")))),
            "cannot read '" + folder.path("s.npy") +
                "': expected rows, got a scalar");
}

TEST(NpyFile, LargeFileThatShrinksIsAnError) {
  Tensor tensor = Tensor::zeros(DType::F32, {10000, 1000});
  TempFolder folder;
  ASSERT_EQ(message(writeNpy(folder.path("a.npy"), tensor)), "");
  auto rows = openNpyRows(folder.path("a.npy"));
  ASSERT_TRUE(bool(rows));
  int fd;
  ASSERT_FALSE(sys::fs::openFileForWrite(folder.path("a.npy"), fd,
                                         sys::fs::CD_OpenExisting));
  ASSERT_FALSE(sys::fs::resize_file(fd, 4000));
  sys::Process::SafelyCloseFileDescriptor(fd);
  EXPECT_EQ(message((*rows)->read(9000, 9001)),
            "cannot read '" + folder.path("a.npy") +
                "': the file became shorter while it was read");
}
