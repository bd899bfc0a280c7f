//===- StatisticsFuzzer.cpp - The reader of .hwqstats ---------------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The input is what stands between the version and the checksum, which are put
// around it: otherwise nothing behind them would be reached. Whatever it is: an
// error, or statistics that are printed and read again as the same bytes, and
// that are merged once, not twice.
//
//===----------------------------------------------------------------------===//

#include "Check.h"
#include "hwq/Calibration/StatisticsFile.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/xxhash.h"

using namespace hwq::calibration;
using namespace hwq::fuzz;

static std::string print(const StatisticsFile &file) {
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  printStatistics(file, os);
  return bytes;
}

static std::string withChecksum(std::string bytes) {
  char sum[8];
  llvm::support::endian::write64le(sum, llvm::xxh3_64bits(bytes));
  return bytes + std::string(sum, sizeof(sum));
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef body = textOf(data, size);
  // As it is, too.
  (void)take(parseStatistics(body, "bytes"));
  std::string whole = std::string("HWQSTATS\1\0\0\0", 12) + body.str();
  std::optional<StatisticsFile> file =
      take(parseStatistics(withChecksum(whole), "file"));
  if (!file)
    return 0;
  std::string first = print(*file);
  check(print(need(parseStatistics(first, "again"),
                   "what is printed can be read", "")) == first,
        "a round trip keeps every bit", "");

  StatisticsFile merged;
  merged.modelHash = file->modelHash;
  merged.preparation = file->preparation;
  merged.totalSamples = file->totalSamples;
  merged.voteBatch = file->voteBatch;
  auto ignore = [](llvm::StringRef) {};
  llvm::Error error = mergeStatistics(merged, *file, ignore);
  check(!error, "statistics can be merged with none", "");
  (void)need(parseStatistics(print(merged), "merged"), "and read again", "");
  if (!file->sampleIndices().empty()) {
    llvm::Error twice = mergeStatistics(*file, merged, ignore);
    check(bool(twice), "no sample is counted twice", "");
    llvm::consumeError(std::move(twice));
  }
  return 0;
}
