//===- CompareParameters.h - Parameters of two programs ---------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_COMPAREPARAMETERS_H
#define HWQ_PIPELINES_COMPAREPARAMETERS_H

#include "mlir/IR/Value.h"
#include <string>
#include <vector>

namespace hwq {

/// What differs between the parameters of the ops that make two equally named
/// tensors, in words ("multipliers[3]: 5 and 6, and 2 more"): type,
/// requantization, constants. Requantizations are compared only if both have
/// the same kernel; an op of a target is compared as the op of step 4 that it
/// stands for.
std::vector<std::string> compareParameters(mlir::Value first,
                                           mlir::Value second);

} // namespace hwq

#endif // HWQ_PIPELINES_COMPAREPARAMETERS_H
