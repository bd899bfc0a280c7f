//===- NpzFile.cpp - Archives of NumPy arrays -------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "NpyDetail.h"
#include "hwq/Runtime/AtomicFile.h"
#include "hwq/Runtime/NpyFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cstring>
#include <vector>
#include <zip.h>

using namespace llvm;
using namespace hwq::runtime;
using namespace hwq::runtime::npy;

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

static std::string zipMessage(zip_error_t &error) {
  std::string message = zip_error_strerror(&error);
  zip_error_fini(&error);
  return message;
}

struct NpzReader::Impl {
  std::string path;
  zip_t *archive = nullptr;
  std::vector<std::string> names;
  StringMap<uint64_t> indices;

  /// The bytes of one array's file; `what` names it and outlives the result.
  Expected<std::unique_ptr<ByteSource>> open(StringRef name,
                                             StringRef what) const;
  ~Impl() {
    if (archive)
      zip_discard(archive);
  }
};

namespace {
class ZipSource : public ByteSource {
public:
  ZipSource(zip_file_t *file, uint64_t size, StringRef what)
      : file(file), size(size), what(what) {}
  ~ZipSource() override { zip_fclose(file); }
  uint64_t left() const override { return size; }
  Error read(void *to, uint64_t count) override {
    char *next = static_cast<char *>(to);
    while (count) {
      zip_int64_t got =
          zip_fread(file, next, std::min<uint64_t>(count, uint64_t(1) << 30));
      if (got < 0)
        return fail();
      if (got == 0)
        return npyError(what, "truncated in the compressed data");
      next += got;
      count -= got;
      size -= got;
    }
    return Error::success();
  }
  Error finish() override {
    // libzip compares the checksum when it meets the end.
    char extra;
    zip_int64_t got = zip_fread(file, &extra, 1);
    if (got < 0)
      return fail();
    if (got > 0)
      return npyError(what, "more data than the archive's directory says");
    return Error::success();
  }

private:
  Error fail() {
    return npyError(what, zip_error_strerror(zip_file_get_error(file)));
  }

  zip_file_t *file;
  uint64_t size;
  StringRef what;
};
} // namespace

NpzReader::NpzReader(std::unique_ptr<Impl> impl) : impl(std::move(impl)) {}
NpzReader::NpzReader(NpzReader &&) = default;
NpzReader &NpzReader::operator=(NpzReader &&) = default;
NpzReader::~NpzReader() = default;

Expected<NpzReader> NpzReader::open(StringRef path) {
  uint64_t size = 0;
  if (Error error = checkRegularFile(path, size))
    return error;
  auto impl = std::make_unique<Impl>();
  impl->path = path.str();
  int code = 0;
  impl->archive = zip_open(impl->path.c_str(), ZIP_RDONLY, &code);
  if (!impl->archive) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    return npyError(path,
                    Twine("not a readable .npz archive: ") + zipMessage(error));
  }
  zip_int64_t count = zip_get_num_entries(impl->archive, 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char *entry = zip_get_name(impl->archive, i, 0);
    if (!entry)
      return npyError(path, Twine("member ") + Twine(i) + " has no name");
    StringRef name(entry);
    if (!name.consume_back(".npy"))
      continue;
    if (!impl->indices.try_emplace(name, i).second)
      return npyError(path, Twine("array '") + name + "' exists twice");
    impl->names.push_back(name.str());
  }
  return NpzReader(std::move(impl));
}

ArrayRef<std::string> NpzReader::names() const { return impl->names; }

bool NpzReader::contains(StringRef name) const {
  return impl->indices.contains(name);
}

Expected<std::unique_ptr<ByteSource>>
NpzReader::Impl::open(StringRef name, StringRef what) const {
  auto found = indices.find(name);
  if (found == indices.end())
    return npyError(
        path,
        Twine("no array '") + name + "'; the archive has " +
            (names.empty() ? "no arrays" : "'" + join(names, "', '") + "'"));
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat_index(archive, found->second, 0, &stat) != 0)
    return npyError(what, zip_strerror(archive));
  constexpr zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE |
                                  ZIP_STAT_COMP_METHOD |
                                  ZIP_STAT_ENCRYPTION_METHOD;
  if ((stat.valid & needed) != needed)
    return npyError(what, "the archive's directory lacks sizes or methods");
  if (stat.encryption_method != ZIP_EM_NONE)
    return npyError(what, "the array is encrypted");
  if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
    return npyError(what, Twine("expected a stored or deflated array, got "
                                "compression method ") +
                              Twine(stat.comp_method));
  // The size is only a claim, and so is the compressed size: hold both against
  // the file before anything is allocated. Deflate expands at most 1032 times.
  uint64_t fileBytes = 0;
  if (Error error = checkRegularFile(path, fileBytes))
    return error;
  uint64_t most = stat.comp_method == ZIP_CM_STORE
                      ? stat.comp_size
                      : stat.comp_size * 1032 + 1032;
  if (stat.comp_size > fileBytes || stat.size > most)
    return npyError(what, Twine("the archive claims ") + Twine(stat.size) +
                              " bytes in " + Twine(stat.comp_size) +
                              " compressed ones, which is impossible in a "
                              "file of " +
                              Twine(fileBytes) + " bytes");
  zip_file_t *file = zip_fopen_index(archive, found->second, 0);
  if (!file)
    return npyError(what, zip_strerror(archive));
  return std::make_unique<ZipSource>(file, stat.size, what);
}

Expected<Tensor> NpzReader::read(StringRef name, NpyCheck check) const {
  std::string what = impl->path + ":" + name.str();
  Expected<std::unique_ptr<ByteSource>> source = impl->open(name, what);
  if (!source)
    return source.takeError();
  return readArray(**source, what, check);
}

Expected<std::shared_ptr<const ArrayRows>>
NpzReader::openRows(StringRef name, NpyCheck check) const {
  std::string what = impl->path + ":" + name.str();
  Expected<std::unique_ptr<ByteSource>> source = impl->open(name, what);
  if (!source)
    return source.takeError();
  return npy::openRows(**source, what, check, /*path=*/"");
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

namespace {
/// What libzip reads a member from: the header, then the elements in place.
struct MemberSource {
  std::string header;
  const char *data = nullptr;
  uint64_t dataBytes = 0;
  uint64_t position = 0;
  zip_error_t error;

  static zip_int64_t call(void *user, void *data, zip_uint64_t length,
                          zip_source_cmd_t command);
};
} // namespace

zip_int64_t MemberSource::call(void *user, void *data, zip_uint64_t length,
                               zip_source_cmd_t command) {
  auto *self = static_cast<MemberSource *>(user);
  switch (command) {
  case ZIP_SOURCE_OPEN:
    self->position = 0;
    return 0;
  case ZIP_SOURCE_READ: {
    uint64_t done = 0;
    auto copy = [&](const char *part, uint64_t begin, uint64_t size) {
      if (self->position < begin || self->position >= begin + size)
        return;
      uint64_t at = self->position - begin;
      uint64_t n = std::min<uint64_t>(length - done, size - at);
      std::memcpy(static_cast<char *>(data) + done, part + at, n);
      done += n;
      self->position += n;
    };
    copy(self->header.data(), 0, self->header.size());
    copy(self->data, self->header.size(), self->dataBytes);
    return static_cast<zip_int64_t>(done);
  }
  case ZIP_SOURCE_STAT: {
    auto *stat = static_cast<zip_stat_t *>(data);
    zip_stat_init(stat);
    stat->size = self->header.size() + self->dataBytes;
    stat->valid = ZIP_STAT_SIZE;
    return sizeof(zip_stat_t);
  }
  case ZIP_SOURCE_ERROR:
    return zip_error_to_data(&self->error, data, length);
  case ZIP_SOURCE_CLOSE:
  case ZIP_SOURCE_FREE: // the caller owns it
    return 0;
  case ZIP_SOURCE_SUPPORTS:
    return zip_source_make_command_bitmap(
        ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
        ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
  default:
    zip_error_set(&self->error, ZIP_ER_OPNOTSUPP, 0);
    return -1;
  }
}

/// Writes the archive that `buffer` holds after zip_close.
static Error copyZip(zip_source_t *buffer, raw_ostream &os, StringRef path) {
  auto fail = [&] {
    return createStringError(Twine("cannot write '") + path + "': " +
                             zip_error_strerror(zip_source_error(buffer)));
  };
  // libzip writes nothing at all for an archive without members.
  if (zip_source_is_deleted(buffer)) {
    os << StringRef("PK\5\6", 4);
    os.write_zeros(18);
    return Error::success();
  }
  if (zip_source_open(buffer) != 0)
    return fail();
  std::vector<char> chunk(1 << 20);
  zip_int64_t got;
  while ((got = zip_source_read(buffer, chunk.data(), chunk.size())) > 0)
    os.write(chunk.data(), got);
  Error error = got < 0 ? fail() : Error::success();
  zip_source_close(buffer);
  return error;
}

static Error printNpz(StringRef path,
                      ArrayRef<std::pair<std::string, Tensor>> arrays,
                      raw_ostream &os) {
  auto cannotWrite = [&](const Twine &reason) {
    return createStringError(Twine("cannot write '") + path + "': " + reason);
  };
  zip_error_t zipError;
  zip_error_init(&zipError);
  zip_source_t *buffer = zip_source_buffer_create(nullptr, 0, 0, &zipError);
  if (!buffer)
    return cannotWrite(zipMessage(zipError));
  zip_source_keep(buffer); // zip_close gives up its own reference
  zip_t *archive =
      zip_open_from_source(buffer, ZIP_CREATE | ZIP_TRUNCATE, &zipError);
  if (!archive) {
    zip_source_free(buffer);
    zip_source_free(buffer);
    return cannotWrite(zipMessage(zipError));
  }
  // Addresses must hold until zip_close, which does all the work.
  std::vector<MemberSource> members(arrays.size());
  Error error = Error::success();
  for (auto [member, array] : zip_equal(members, arrays)) {
    const Tensor &tensor = array.second;
    zip_error_init(&member.error);
    member.header = npyHeader(tensor);
    member.data = static_cast<const char *>(tensor.raw());
    member.dataBytes = tensor.numBytes();
    zip_source_t *source =
        zip_source_function(archive, MemberSource::call, &member);
    zip_int64_t index = -1;
    if (source) {
      std::string name = array.first + ".npy";
      index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
      if (index < 0)
        zip_source_free(source);
    }
    // DOS date 33 is 1980-01-01. A time in seconds would be converted with the
    // local time zone.
    if (index < 0 || zip_file_set_dostime(archive, index, 0, 33, 0) != 0 ||
        zip_set_file_compression(archive, index, ZIP_CM_DEFLATE, 1) != 0) {
      error = cannotWrite(Twine("array '") + array.first +
                          "': " + zip_strerror(archive));
      break;
    }
  }
  if (!error && zip_close(archive) != 0)
    error = cannotWrite(zip_strerror(archive));
  else if (!error)
    archive = nullptr;
  if (archive)
    zip_discard(archive);
  if (!error)
    error = copyZip(buffer, os, path);
  zip_source_free(buffer);
  for (MemberSource &member : members)
    zip_error_fini(&member.error);
  return error;
}

Error hwq::runtime::writeNpz(StringRef path,
                             ArrayRef<std::pair<std::string, Tensor>> arrays) {
  StringMap<bool> seen;
  for (const auto &[name, tensor] : arrays) {
    StringRef reason;
    if (name.empty())
      reason = "is empty";
    else if (!seen.try_emplace(name).second)
      reason = "is used twice";
    else if (name.size() > 4096)
      reason = "is longer than 4096 bytes";
    else if (StringRef(name).contains('\0'))
      reason = "contains a zero byte";
    else if (is_contained(split(name, '/'), ".."))
      reason = "would leave the folder in which the archive is unpacked";
    if (!reason.empty())
      return createStringError(Twine("cannot write '") + path +
                               "': array name '" +
                               StringRef(name).take_front(80) + "' " + reason);
  }
  return writeFileAtomically(
      path, [&](raw_pwrite_stream &os) { return printNpz(path, arrays, os); });
}
