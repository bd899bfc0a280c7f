//===- Statistics.h - Files of statistics -----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_STATISTICS_H
#define HWQ_TOOLS_HWQ_STATISTICS_H

#include "hwq/Calibration/StatisticsFile.h"
#include "llvm/Support/Error.h"

namespace hwq::driver {

/// One line (or JSON) about a file that was written.
llvm::Error printSummary(llvm::StringRef path,
                         const calibration::StatisticsFile &file);

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_STATISTICS_H
