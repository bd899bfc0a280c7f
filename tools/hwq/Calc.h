//===- Calc.h - The numerics as a calculator --------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_CALC_H
#define HWQ_TOOLS_HWQ_CALC_H

#include "CalcValues.h"
#include "Options.h"

namespace hwq::driver {

/// Calculators. None computes anything itself: they read values, call the
/// numerics library and print.
llvm::Error calcRequantize(Request &request);
llvm::Error calcQuantize(Request &request);
llvm::Error calcDequantize(Request &request);
llvm::Error calcScale(Request &request);
llvm::Error calcAdd(Request &request);
llvm::Error calcSub(Request &request);
llvm::Error calcMul(Request &request);
llvm::Error calcConcat(Request &request);
llvm::Error calcAvgPool(Request &request);
llvm::Error calcMean(Request &request);
llvm::Error calcBias(Request &request);
llvm::Error calcProve(Request &request);
llvm::Error calcFindMultiplier(Request &request);

/// Makes the options of `hwq calc`; before the command line is parsed.
void registerCalcOptions();
/// Prints the help of one calculator where the command line is `hwq calc NAME
/// ... --help`; false if it is not.
bool printCalcHelp(llvm::ArrayRef<const char *> argv);
llvm::Error runCalc();

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_CALC_H
