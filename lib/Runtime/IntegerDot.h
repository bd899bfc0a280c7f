//===- IntegerDot.h - Exact integer dot products ----------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The accumulators of a convolution of 8-bit codes, exact modulo 2^32 on every
// CPU. Which way is both exact and fast is decided at run time, see DotPath.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_INTEGERDOT_H
#define HWQ_LIB_RUNTIME_INTEGERDOT_H

#include "hwq/Runtime/Kernel.h"
#include "hwq/Runtime/Tensor.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <memory>
#include <vector>

namespace hwq::runtime {

struct DotProblem {
  int64_t inH = 1, inW = 1, inC = 1;
  int64_t outH = 1, outW = 1, outC = 1;
  int64_t kernelH = 1, kernelW = 1;
  int64_t padTop = 0, padBottom = 0, padLeft = 0, padRight = 0;
  int64_t strideH = 1, strideW = 1, dilationH = 1, dilationW = 1;
  int64_t groups = 1;
  bool inputSigned = false;
  /// Weights minus their zero point, [O, KH, KW, I/groups], within [-255, 255].
  std::vector<int16_t> weights;
  /// The code that padding consists of.
  int32_t padCode = 0;

  int64_t groupInputs() const { return inC / groups; }
  int64_t groupOutputs() const { return outC / groups; }
  bool isPadded() const { return padTop || padBottom || padLeft || padRight; }
  bool isPointwise() const {
    return kernelH == 1 && kernelW == 1 && strideH == 1 && strideW == 1 &&
           !isPadded();
  }
  int16_t weight(int64_t o, int64_t ky, int64_t kx, int64_t i) const {
    return weights[((o * kernelH + ky) * kernelW + kx) * groupInputs() + i];
  }
};

enum class DotPath {
  /// What is fastest on this CPU.
  Auto,
  /// oneDNN u8 x s8 -> s32: exact where the CPU has dot product
  /// instructions; elsewhere its sums saturate. Proven by a probe.
  Int8,
  /// Multiply-add of pairs of i16, which never saturates. Own loops: AVX2 has
  /// twice the rate for it that it has for f32.
  Pairs,
  /// oneDNN f32 on integers, split so that all partial sums stay below 2^24.
  F32,
  /// One input channel for each output channel: own loops.
  Depthwise
};

/// Gets accumulators of output pixels [first, first + count), count x outC
/// values, pixels numbered n, y, x. It may overwrite them.
using DotSink =
    llvm::function_ref<void(int32_t *acc, int64_t first, int64_t count)>;

class IntegerDot {
public:
  virtual ~IntegerDot();
  /// `path` other than Auto is for tests. Int8 fails if the probe finds wrong
  /// sums, F32 if a single input channel is too much.
  static llvm::Expected<std::unique_ptr<IntegerDot>>
  create(const DotProblem &problem, DotPath path = DotPath::Auto);

  /// A = sum((x - offset()) * w); padding contributes (padCode - offset()) * w.
  /// x: [n, inH, inW, inC] of u8 or i8. Thread-safe. Uses scratch slots 8 to
  /// 15.
  virtual llvm::Error run(const Tensor &x, Workspace &workspace,
                          DotSink sink) const = 0;
  virtual int32_t offset() const = 0;
  virtual DotPath path() const = 0;
};

/// The implementations.
llvm::Expected<std::unique_ptr<IntegerDot>>
createInt8Dot(const DotProblem &problem);
std::unique_ptr<IntegerDot> createPairsDot(const DotProblem &problem);

/// Instruction sets that oneDNN may use (DNNL_MAX_CPU_ISA) and the CPU has.
struct CpuFeatures {
  bool avx2 = false, avx512 = false, dotProduct = false;
};
CpuFeatures cpuFeatures();

} // namespace hwq::runtime

#endif // HWQ_LIB_RUNTIME_INTEGERDOT_H
