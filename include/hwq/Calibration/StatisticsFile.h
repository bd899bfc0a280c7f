//===- StatisticsFile.h - Statistics on disk --------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format `.hwqstats`, described in docs/formats/hwqstats.md.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_CALIBRATION_STATISTICSFILE_H
#define HWQ_CALIBRATION_STATISTICSFILE_H

#include "hwq/Calibration/Statistics.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdint>
#include <set>
#include <string>

namespace hwq::calibration {

/// Statistics and where they come from. Everything but the statistics must
/// agree, or be united, when two are merged, so that a merged file is that of
/// one run over all samples.
struct StatisticsFile {
  /// Hash of the observed program, without ranges.
  uint64_t modelHash = 0;
  /// Instruction-set levels of the machines that computed the floats; one,
  /// unless files of different machines were merged.
  std::set<std::string> isaLevels;
  /// How samples were prepared, as text: what must be equal for samples to
  /// belong to one data set.
  std::string preparation;
  /// Samples of the whole data set, of which these statistics may have seen a
  /// part.
  uint64_t totalSamples = 0;
  /// Samples per vote for a binary point.
  uint64_t voteBatch = 1;
  /// Samples that could not be read and were left out.
  std::set<int64_t> skipped;
  Statistics statistics;

  /// The samples that are in the statistics, ascending.
  std::vector<int64_t> sampleIndices() const;
  /// Votes for binary points were collected.
  bool hasVotes() const;
};

/// Prints the file; the bytes depend on the contents only.
void printStatistics(const StatisticsFile &file, llvm::raw_ostream &os);

/// Reads the bytes of a file. Truncated, changed or impossible contents are an
/// error, "cannot read 'WHAT': reason".
llvm::Expected<StatisticsFile> parseStatistics(llvm::StringRef bytes,
                                               llvm::StringRef what);

/// Reads a file.
llvm::Expected<StatisticsFile> readStatistics(llvm::StringRef path);

/// Adds `other` to `file`. Errors, which leave `file` alone: another model,
/// other tensors, votes in one of them only, another preparation, total or
/// batch, or a sample that both have. `warn` gets a message where the levels of
/// instruction sets differ.
llvm::Error mergeStatistics(StatisticsFile &file, const StatisticsFile &other,
                            llvm::function_ref<void(llvm::StringRef)> warn);

} // namespace hwq::calibration

#endif // HWQ_CALIBRATION_STATISTICSFILE_H
