//===- OperatorParams.h - Checks that the operators share -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_NUMERICS_OPERATORPARAMS_H
#define HWQ_LIB_NUMERICS_OPERATORPARAMS_H

#include "hwq/Numerics/Grid.h"

#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <string>

namespace hwq::numerics::detail {

inline std::string printReal(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.9g", value);
  return buffer;
}

/// What is wrong with the parameters of an operator's operands, empty if
/// nothing is: a scale that is not positive and finite (in f32 too), a grid
/// wider than 16 bits, a zero point outside the grid.
inline std::string
checkOperands(const char *op, std::initializer_list<const QuantParams *> all) {
  for (const QuantParams *p : all) {
    float scale = static_cast<float>(p->scale);
    if (!std::isfinite(p->scale) || p->scale <= 0 || !std::isfinite(scale) ||
        scale <= 0)
      return std::string(op) + ": expected a finite scale > 0, got " +
             printReal(p->scale);
    if (p->grid.qmin > p->grid.qmax)
      return std::string(op) + ": expected a grid of at least one code, got [" +
             std::to_string(p->grid.qmin) + ", " +
             std::to_string(p->grid.qmax) + "]";
    if (p->grid.qmin < INT16_MIN || p->grid.qmax > UINT16_MAX ||
        p->grid.qmax - p->grid.qmin > UINT16_MAX)
      return std::string(op) + ": expected a grid of at most 16 bits, got [" +
             std::to_string(p->grid.qmin) + ", " +
             std::to_string(p->grid.qmax) + "]";
    if (p->zeroPoint < p->grid.qmin || p->zeroPoint > p->grid.qmax)
      return std::string(op) + ": expected a zero point in [" +
             std::to_string(p->grid.qmin) + ", " +
             std::to_string(p->grid.qmax) + "], got " +
             std::to_string(p->zeroPoint);
  }
  return {};
}

/// What is wrong with scales that must be 2^-fp, empty if nothing is.
inline std::string
checkPowersOfTwo(const char *op,
                 std::initializer_list<const QuantParams *> all) {
  for (const QuantParams *p : all) {
    int exponent;
    if (std::frexp(p->scale, &exponent) != 0.5)
      return std::string(op) + ": expected a power of two as scale, got " +
             printReal(p->scale);
  }
  return {};
}

} // namespace hwq::numerics::detail

#endif // HWQ_LIB_NUMERICS_OPERATORPARAMS_H
