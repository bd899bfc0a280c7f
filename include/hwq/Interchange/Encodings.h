//===- Encodings.h - AIMET, SNPE and QNN encodings --------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_INTERCHANGE_ENCODINGS_H
#define HWQ_INTERCHANGE_ENCODINGS_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace hwq::interchange {

/// Scale and offset of one tensor: real = scale * (q + offset) with q on the
/// unsigned grid 0 .. 2^bitwidth - 1.
struct Encoding {
  std::string name;
  unsigned bitwidth = 8;
  bool symmetric = false;
  /// One scale and offset per channel instead of one.
  bool perChannel = false;
  std::vector<double> scales;
  std::vector<int64_t> offsets;
};

/// What an encodings file says.
struct Encodings {
  std::vector<Encoding> activations, parameters;
  unsigned activationBitwidth = 8, parameterBitwidth = 8;
  bool symmetricParameters = false, perChannelParameters = false;
  /// "post_training_tf" (min-max), "post_training_percentile".
  std::string scheme = "post_training_tf";
};

/// The encodings of all named quantized tensors of a program, in program order,
/// and of the weights of its dot products. `weightNames` maps an output tensor
/// to the name of the weights that it is made with; those not in it are called
/// "<output tensor>.weight". Fails with a diagnostic on a module without a
/// backend.
mlir::FailureOr<Encodings>
collectEncodings(mlir::ModuleOp module,
                 const llvm::StringMap<std::string> &weightNames);

/// Output tensor -> name of the weights, from a program of float to calibrated
/// form: for each dot product with named constant weights, its result and what
/// a batch norm or clamp makes of it.
llvm::StringMap<std::string> findWeightNames(mlir::ModuleOp module);

/// Prints the JSON of schema version 1.0.0 (lists of PER_TENSOR and PER_CHANNEL
/// encodings, offset = -zero point). Scales have all their digits.
void printEncodings100(const Encodings &encodings, llvm::raw_ostream &os);

} // namespace hwq::interchange

#endif // HWQ_INTERCHANGE_ENCODINGS_H
