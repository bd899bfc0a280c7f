//===- Golden.h - Recordings of real engines --------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TEST_NUMERICS_GOLDEN_GOLDEN_H
#define HWQ_TEST_NUMERICS_GOLDEN_GOLDEN_H

#include "hwq/Numerics/Grid.h"
#include "hwq/Runtime/NpyFile.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace hwq::test {

/// The folder of one engine's recordings: in HWQ_SHARED, or in ../shared beside
/// the source tree.
inline std::string goldenFolder(const std::string &engine) {
  const char *shared = std::getenv("HWQ_SHARED");
  return std::string(shared ? shared : HWQ_SOURCE_DIR "/../shared") +
         "/golden/" + engine + "/";
}

/// Ends the test visibly where the recordings are not there.
#define HWQ_NEEDS_GOLDEN(engine)                                               \
  if (!std::filesystem::exists(::hwq::test::goldenFolder(engine)))             \
  GTEST_SKIP() << "no recordings in " << ::hwq::test::goldenFolder(engine)

/// Integers of any type, or floats, with their shape.
struct Array {
  std::vector<int64_t> shape;
  std::vector<int32_t> codes;
  std::vector<float> reals;

  int64_t dim(size_t i) const { return shape[i]; }
};

inline Array toArray(const runtime::Tensor &t) {
  Array a;
  a.shape.assign(t.shape().begin(), t.shape().end());
  auto copy = [&](auto values) {
    for (auto v : values)
      a.codes.push_back(static_cast<int32_t>(v));
  };
  switch (t.dtype()) {
  case runtime::DType::U8:
    copy(t.values<uint8_t>());
    break;
  case runtime::DType::I8:
    copy(t.values<int8_t>());
    break;
  case runtime::DType::I32:
    copy(t.values<int32_t>());
    break;
  case runtime::DType::F32:
    a.reals.assign(t.values<float>().begin(), t.values<float>().end());
    break;
  default:
    ADD_FAILURE() << "unexpected element type";
  }
  return a;
}

/// An .npz file of recordings.
class Recording {
public:
  explicit Recording(const std::string &path) : path(path) {
    auto opened = runtime::NpzReader::open(path);
    if (!opened)
      ADD_FAILURE() << llvm::toString(opened.takeError());
    else
      reader.push_back(std::move(*opened));
  }
  bool contains(const std::string &name) const {
    return !reader.empty() && reader[0].contains(name);
  }
  Array get(const std::string &name) const {
    if (reader.empty())
      return {};
    auto tensor = reader[0].read(name);
    if (!tensor) {
      ADD_FAILURE() << path << ": " << llvm::toString(tensor.takeError());
      return {};
    }
    return toArray(*tensor);
  }

private:
  std::string path;
  std::vector<runtime::NpzReader> reader;
};

/// A JSON file; null with a failure if it cannot be read.
inline llvm::json::Value readJSON(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) {
    ADD_FAILURE() << path << ": " << buffer.getError().message();
    return nullptr;
  }
  auto value = llvm::json::parse((*buffer)->getBuffer());
  if (!value) {
    ADD_FAILURE() << path << ": " << llvm::toString(value.takeError());
    return nullptr;
  }
  return std::move(*value);
}

inline double number(const llvm::json::Object &o, llvm::StringRef key) {
  auto value = o.getNumber(key);
  if (!value)
    ADD_FAILURE() << "no number '" << key.str() << "'";
  return value.value_or(0);
}
inline int64_t integer(const llvm::json::Object &o, llvm::StringRef key) {
  auto value = o.getInteger(key);
  if (!value)
    ADD_FAILURE() << "no integer '" << key.str() << "'";
  return value.value_or(0);
}
inline bool flag(const llvm::json::Object &o, llvm::StringRef key) {
  if (auto value = o.getBoolean(key))
    return *value;
  return o.getInteger(key).value_or(0) != 0;
}

/// Files `prefix`*.json in `folder` in order, without their extension.
inline std::vector<std::string> recordings(const std::string &folder,
                                           const std::string &prefix) {
  std::vector<std::string> names;
  for (const auto &entry : std::filesystem::directory_iterator(folder)) {
    std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".json" && name.rfind(prefix, 0) == 0)
      names.push_back(folder + name);
  }
  std::sort(names.begin(), names.end());
  EXPECT_FALSE(names.empty()) << folder << prefix;
  return names;
}

/// All elements, with the first difference and their number in the message.
inline void expectEqual(const std::vector<int32_t> &got,
                        const std::vector<int32_t> &want,
                        const std::string &what) {
  ASSERT_EQ(got.size(), want.size()) << what;
  size_t different = 0, first = 0;
  for (size_t i = got.size(); i-- > 0;)
    if (got[i] != want[i]) {
      ++different;
      first = i;
    }
  EXPECT_EQ(different, 0u) << what << ": element " << first << " is "
                           << got[first] << ", recorded " << want[first];
}

inline const numerics::Grid i8Grid{-128, 127};
inline const numerics::Grid u8Grid{0, 255};

} // namespace hwq::test

#endif // HWQ_TEST_NUMERICS_GOLDEN_GOLDEN_H
