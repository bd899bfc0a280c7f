//===- StatisticsFile.cpp - Statistics on disk ------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Calibration/StatisticsFile.h"

#include "StatisticsKernels.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/EndianStream.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/xxhash.h"

#include <algorithm>

using namespace hwq;
using namespace hwq::calibration;
namespace endian = llvm::support::endian;

static constexpr llvm::StringLiteral magic = "HWQSTATS";
static constexpr uint32_t version = 1;

/// Bits of a tensor's flags.
enum TensorFlag : uint8_t { HasHistogram = 1, HasBad = 2 };

static constexpr size_t maxChannels = size_t(1) << 20;

std::vector<int64_t> StatisticsFile::sampleIndices() const {
  std::vector<int64_t> indices, more, all;
  for (const Statistics::Entry &entry : statistics) {
    // A sample without values of a tensor is missing there, but not everywhere.
    more.clear();
    for (const SampleRange &range : entry.statistics.samples())
      more.push_back(range.index);
    if (std::includes(indices.begin(), indices.end(), more.begin(), more.end()))
      continue;
    all.clear();
    std::set_union(indices.begin(), indices.end(), more.begin(), more.end(),
                   std::back_inserter(all));
    indices.swap(all);
  }
  return indices;
}

bool StatisticsFile::hasVotes() const {
  return llvm::any_of(statistics, [](const Statistics::Entry &entry) {
    return !entry.statistics.votes().empty();
  });
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

namespace hwq::calibration {
class StatisticsWriter {
public:
  explicit StatisticsWriter(llvm::raw_ostream &os) : os(os) {}

  template <typename T> void fixed(T value) {
    endian::write(os, value, llvm::endianness::little);
  }
  void number(uint64_t value) { llvm::encodeULEB128(value, os); }
  void text(llvm::StringRef value) {
    number(value.size());
    os << value;
  }
  void tensor(const TensorStatistics &s);

private:
  void histogram(const FloatHistogram &counts);

  llvm::raw_ostream &os;
};
} // namespace hwq::calibration

void StatisticsWriter::tensor(const TensorStatistics &s) {
  bool hasHistogram = s.collected == Collect::Histogram;
  fixed<uint8_t>((hasHistogram ? HasHistogram : 0) | (s.bad ? HasBad : 0));
  number(s.numFinite);
  number(s.numZeros);
  number(s.numBad);
  if (s.bad) {
    fixed<int64_t>(s.bad->sampleIndex);
    fixed<uint64_t>(s.bad->elementIndex);
    fixed<uint8_t>(static_cast<uint8_t>(s.bad->kind));
  }
  fixed<uint32_t>(detail::bitsOf(s.min()));
  fixed<uint32_t>(detail::bitsOf(s.max()));
  number(s.sampleRanges.size());
  for (const SampleRange &range : s.sampleRanges) {
    fixed<int64_t>(range.index);
    fixed<uint32_t>(detail::bitsOf(range.min));
    fixed<uint32_t>(detail::bitsOf(range.max));
  }
  number(s.pointVotes.size());
  for (auto [point, votes] : s.pointVotes) {
    fixed<int32_t>(point);
    number(votes);
  }
  if (hasHistogram) {
    for (uint64_t word : s.total.bits())
      fixed(word);
    for (uint64_t word : s.totalOfSquares.bits())
      fixed(word);
    histogram(s.counts);
  }
  number(s.perChannel.size());
  for (const TensorStatistics &channel : s.perChannel)
    tensor(channel);
}

void StatisticsWriter::histogram(const FloatHistogram &counts) {
  constexpr size_t bins = FloatHistogram::binsPerOctave;
  auto isHit = [&](size_t octave) {
    const uint64_t *from = counts.lookup(octave);
    return from && std::any_of(from, from + bins,
                               [](uint64_t count) { return count != 0; });
  };
  uint64_t hit = 0;
  for (size_t octave = 0; octave < FloatHistogram::numOctaves; ++octave)
    hit += isHit(octave);
  number(hit);
  for (size_t octave = 0; octave < FloatHistogram::numOctaves; ++octave) {
    if (!isHit(octave))
      continue;
    fixed<uint16_t>(static_cast<uint16_t>(octave));
    const uint64_t *from = counts.lookup(octave);
    for (size_t bin = 0; bin < bins; ++bin)
      number(from[bin]);
  }
}

void hwq::calibration::printStatistics(const StatisticsFile &file,
                                       llvm::raw_ostream &os) {
  std::string bytes;
  llvm::raw_string_ostream buffer(bytes);
  StatisticsWriter writer(buffer);
  buffer << magic;
  writer.fixed(version);
  writer.fixed(file.modelHash);
  writer.number(file.isaLevels.size());
  for (const std::string &level : file.isaLevels)
    writer.text(level);
  writer.text(file.preparation);
  writer.number(file.totalSamples);
  writer.number(file.voteBatch);
  writer.number(file.skipped.size());
  for (int64_t index : file.skipped)
    writer.fixed(index);
  writer.number(file.statistics.size());
  for (const Statistics::Entry &entry : file.statistics) {
    writer.text(entry.name);
    writer.tensor(entry.statistics);
  }
  buffer.flush();
  os << bytes;
  StatisticsWriter(os).fixed(llvm::xxh3_64bits(bytes));
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

template <typename... Args>
static llvm::Error error(const char *format, Args &&...args) {
  return llvm::createStringError(
      llvm::formatv(format, std::forward<Args>(args)...).str());
}

namespace hwq::calibration {
/// Reads one item after the other; after the first failure everything is zero
/// and `failure` says why.
class StatisticsReader {
public:
  explicit StatisticsReader(llvm::StringRef bytes) : rest(bytes) {}

  template <typename T> T fixed() {
    if (!need(sizeof(T)))
      return T();
    T value = endian::read<T, llvm::endianness::little>(rest.data());
    rest = rest.drop_front(sizeof(T));
    return value;
  }
  uint64_t number() {
    unsigned size = 0;
    const char *problem = nullptr;
    // No more than 64 bits take: the decoder shifts by more for longer ones.
    constexpr size_t maxBytes = 10;
    llvm::StringRef bytes = rest.take_front(maxBytes);
    uint64_t value = llvm::decodeULEB128(bytes.bytes_begin(), &size,
                                         bytes.bytes_end(), &problem);
    if (problem) {
      fail("truncated or malformed number");
      return 0;
    }
    rest = rest.drop_front(size);
    return value;
  }
  /// A number of items of which each takes `itemBytes` or more of the rest.
  uint64_t count(size_t itemBytes) {
    uint64_t value = number();
    if (value <= rest.size() / itemBytes)
      return value;
    fail("more items than the file has bytes for");
    return 0;
  }
  std::string text() {
    uint64_t size = count(1);
    std::string value = rest.take_front(size).str();
    rest = rest.drop_front(size);
    if (!llvm::json::isUTF8(value)) {
      fail("a text that is not UTF-8");
      return "";
    }
    return value;
  }
  /// `failure` says what is wrong with it.
  void tensor(TensorStatistics &s, bool isChannel);
  void fail(llvm::StringRef reason) {
    if (failure.empty())
      failure = reason.str();
    rest = llvm::StringRef();
  }

  llvm::StringRef rest;
  std::string failure;

private:
  bool need(size_t bytes) {
    if (rest.size() >= bytes)
      return true;
    fail("truncated");
    return false;
  }
  float finite() {
    uint32_t bits = fixed<uint32_t>();
    if ((bits & 0x7fffffffu) >= detail::infinityBits)
      fail("a minimum or maximum that is not finite");
    return detail::floatOf(bits);
  }
  template <typename Sum> void sum(Sum &to) {
    auto words = to.bits();
    for (uint64_t &word : words)
      word = fixed<uint64_t>();
    to.setBits(words);
  }
  void histogram(TensorStatistics &s);
};
} // namespace hwq::calibration

void StatisticsReader::histogram(TensorStatistics &s) {
  constexpr size_t bins = FloatHistogram::binsPerOctave;
  // The exponents of infinity and NaN.
  constexpr size_t perSign = FloatHistogram::numOctaves / 2;
  uint64_t inBins = 0;
  int64_t last = -1;
  for (uint64_t i = 0, n = count(2 + bins); i < n; ++i) {
    auto index = static_cast<int64_t>(fixed<uint16_t>());
    if (index <= last || index >= int64_t(FloatHistogram::numOctaves) ||
        index % perSign == perSign - 1)
      return fail("octaves out of order or of values that are not finite");
    last = index;
    uint64_t *to = s.counts.octave(index);
    for (size_t bin = 0; bin < bins; ++bin)
      inBins += to[bin] = number();
    if (!failure.empty())
      return;
  }
  if (inBins + s.numZeros != s.numFinite)
    return fail("a histogram that has not as many values as the tensor");
  // The ends of the histogram must be the bins of minimum and maximum.
  bool fits = true;
  if (inBins) {
    s.counts.forEachAscending([&](const FloatHistogram::Bin &bin) {
      fits &= s.numZeros && bin.low > 0 ? s.min() == 0
                                        : FloatHistogram::binKey(s.min()) ==
                                              FloatHistogram::binKey(bin.low);
      return false;
    });
    s.counts.forEachDescending([&](const FloatHistogram::Bin &bin) {
      fits &= s.numZeros && bin.high < 0 ? s.max() == 0
                                         : FloatHistogram::binKey(s.max()) ==
                                               FloatHistogram::binKey(bin.high);
      return false;
    });
  } else {
    fits = s.min() == 0 && s.max() == 0;
  }
  if (!fits)
    fail("a histogram that does not end at minimum and maximum");
}

void StatisticsReader::tensor(TensorStatistics &s, bool isChannel) {
  uint8_t flags = fixed<uint8_t>();
  if (flags & ~(HasHistogram | HasBad))
    return fail("unknown flags of a tensor");
  s.collected = flags & HasHistogram ? Collect::Histogram : Collect::MinMax;
  s.isChannel = isChannel;
  s.numFinite = number();
  s.numZeros = number();
  s.numBad = number();
  if (s.numZeros > s.numFinite || bool(flags & HasBad) != (s.numBad != 0))
    return fail("counts that contradict each other");
  if (flags & HasBad) {
    BadValue bad{fixed<int64_t>(), fixed<uint64_t>(), BadValue::Kind::NaN};
    uint8_t kind = fixed<uint8_t>();
    if (kind > static_cast<uint8_t>(BadValue::Kind::MinusInfinity))
      return fail("an unknown kind of value");
    bad.kind = static_cast<BadValue::Kind>(kind);
    s.bad = bad;
  }
  float min = finite(), max = finite();
  bool hasZero = min <= 0 && max >= 0;
  if (!(min <= max) || (s.numZeros && !hasZero) ||
      (!s.numFinite && (min != 0 || max != 0)))
    return fail("a minimum and a maximum that contradict the counts");
  if (s.numFinite) {
    s.orderedMin = detail::orderedFromBits(detail::bitsOf(min));
    s.orderedMax = detail::orderedFromBits(detail::bitsOf(max));
  }
  uint64_t ranges = count(16);
  s.sampleRanges.reserve(ranges);
  float lowest = 0, highest = 0;
  for (uint64_t i = 0; i < ranges; ++i) {
    SampleRange range{fixed<int64_t>(), finite(), finite()};
    if (!failure.empty())
      return;
    if (!(range.min <= range.max) || range.min < min || range.max > max ||
        range.index < 0 || (i && range.index <= s.sampleRanges.back().index))
      return fail("records of samples out of order or outside the range");
    lowest = i ? std::min(lowest, range.min) : range.min;
    highest = i ? std::max(highest, range.max) : range.max;
    s.sampleRanges.push_back(range);
  }
  if (!isChannel && s.numFinite && (lowest != min || highest != max))
    return fail("records of samples that do not reach minimum and maximum");
  for (uint64_t i = 0, n = count(5); i < n; ++i) {
    int32_t point = fixed<int32_t>();
    if (!s.pointVotes.empty() && point <= s.pointVotes.rbegin()->first)
      return fail("votes out of order");
    s.pointVotes[point] = number();
  }
  if (s.collected == Collect::Histogram) {
    sum(s.total);
    sum(s.totalOfSquares);
    histogram(s);
  }
  uint64_t channels = count(13);
  if (channels > maxChannels || (isChannel && channels))
    return fail("an impossible number of channels");
  for (uint64_t i = 0; i < channels && failure.empty(); ++i)
    tensor(s.perChannel.emplace_back(), /*isChannel=*/true);
}

llvm::Expected<StatisticsFile>
hwq::calibration::parseStatistics(llvm::StringRef bytes, llvm::StringRef what) {
  auto fail = [&](const llvm::Twine &reason) {
    return llvm::createStringError("cannot read '" + what + "': " + reason);
  };
  if (!bytes.starts_with(magic))
    return fail("expected statistics that hwq calibrate wrote (.hwqstats)");
  constexpr size_t checksumBytes = 8;
  if (bytes.size() < magic.size() + sizeof(version) + checksumBytes)
    return fail("truncated");
  StatisticsReader reader(bytes.drop_back(checksumBytes));
  reader.rest = reader.rest.drop_front(magic.size());
  if (uint32_t found = reader.fixed<uint32_t>(); found != version)
    return fail("expected version " + llvm::Twine(version) + ", got " +
                llvm::Twine(found));
  // Before anything is believed.
  if (endian::read64le(bytes.data() + bytes.size() - checksumBytes) !=
      llvm::xxh3_64bits(bytes.drop_back(checksumBytes)))
    return fail("truncated or damaged: the checksum differs");

  StatisticsFile file;
  file.modelHash = reader.fixed<uint64_t>();
  for (uint64_t i = 0, n = reader.count(1); i < n; ++i)
    file.isaLevels.insert(reader.text());
  file.preparation = reader.text();
  file.totalSamples = reader.number();
  file.voteBatch = reader.number();
  for (uint64_t i = 0, n = reader.count(8); i < n; ++i)
    file.skipped.insert(reader.fixed<int64_t>());
  for (uint64_t i = 0, n = reader.count(14); i < n && reader.failure.empty();
       ++i) {
    std::string name = reader.text();
    size_t before = file.statistics.size();
    size_t index = file.statistics.registerTensor(name);
    if (index != before)
      reader.fail("tensor '" + name + "' is there twice");
    else
      reader.tensor(file.statistics[index], /*isChannel=*/false);
    if (!reader.failure.empty())
      return fail("tensor '" + llvm::Twine(name) + "': " + reader.failure);
  }
  if (!reader.failure.empty())
    return fail(reader.failure);
  if (!reader.rest.empty())
    return fail("bytes behind the last tensor");
  return file;
}

llvm::Expected<StatisticsFile>
hwq::calibration::readStatistics(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return llvm::createStringError("cannot read '" + path +
                                   "': " + buffer.getError().message());
  return parseStatistics((*buffer)->getBuffer(), path);
}

//===----------------------------------------------------------------------===//
// Merging
//===----------------------------------------------------------------------===//

llvm::Error hwq::calibration::mergeStatistics(
    StatisticsFile &file, const StatisticsFile &other,
    llvm::function_ref<void(llvm::StringRef)> warn) {
  if (file.modelHash != other.modelHash)
    return error(
        "expected statistics of one model, got model {0:x-} and {1:x-}",
        file.modelHash, other.modelHash);
  if (file.preparation != other.preparation)
    return error("expected samples prepared in one way, got '{0}' and '{1}'",
                 file.preparation, other.preparation);
  if (file.totalSamples != other.totalSamples)
    return error("expected parts of one data set, got parts of {0} and of {1} "
                 "samples",
                 file.totalSamples, other.totalSamples);
  if (file.voteBatch != other.voteBatch)
    return error("expected votes of one batch size, got {0} and {1}",
                 file.voteBatch, other.voteBatch);
  bool same = file.statistics.size() == other.statistics.size();
  for (size_t i = 0; same && i < file.statistics.size(); ++i)
    same = file.statistics.name(i) == other.statistics.name(i) &&
           file.statistics[i].collect() == other.statistics[i].collect() &&
           file.statistics[i].channels().size() ==
               other.statistics[i].channels().size();
  bool empty = file.sampleIndices().empty() || other.sampleIndices().empty();
  if (!same && !empty)
    return error("expected the same tensors with the same kinds of statistics");
  if (file.hasVotes() != other.hasVotes() && !empty)
    return error("expected votes for binary points in both or in none (method "
                 "'pot')");
  std::vector<int64_t> mine = file.sampleIndices(),
                       theirs = other.sampleIndices(), both;
  std::set_intersection(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                        std::back_inserter(both));
  if (!both.empty())
    return error("sample {0} is in both ({1} such samples in all)",
                 both.front(), both.size());
  if (file.isaLevels != other.isaLevels) {
    std::string message = llvm::formatv(
        "floats of different instruction sets are merged ({0}; {1}): a single "
        "run would give slightly different statistics",
        llvm::join(file.isaLevels, ", "), llvm::join(other.isaLevels, ", "));
    warn(message);
  }
  file.isaLevels.insert(other.isaLevels.begin(), other.isaLevels.end());
  file.skipped.insert(other.skipped.begin(), other.skipped.end());
  file.statistics.merge(other.statistics);
  return llvm::Error::success();
}
