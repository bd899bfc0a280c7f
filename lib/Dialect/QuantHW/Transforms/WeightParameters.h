//===- WeightParameters.h - Parameters of weights ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_WEIGHTPARAMETERS_H
#define HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_WEIGHTPARAMETERS_H

#include "ActivationParameters.h"

namespace hwq {

/// Parameters of the weights of one op, one or one per output channel.
struct WeightParameters {
  QuantizableOpInterface op;
  std::vector<numerics::QuantParams> params;
  numerics::Storage storage = numerics::Storage::I8;
  bool perChannel = false;
  /// Where they do not follow from a quantize form; in memory as
  /// createQuantizedConstant takes them.
  std::vector<char> codes;
  /// The float weights with the scales of the input's channels in them; empty
  /// where the input has one scale.
  std::vector<float> compensated;
  /// What a user should know, or empty.
  std::string remark;
};

/// Derives the parameters of the op's weights. `input` and `output` are those
/// of its activations, null where they are float. Channels that are all zero or
/// so small that the bias, or what is accumulated, would not fit get a larger
/// scale, with a remark. Only reads the program, so that threads can do several
/// ops at once. Errors name the op's result.
numerics::Result<WeightParameters>
deriveWeights(QuantizableOpInterface op, llvm::StringRef name,
              const Backend &backend, const GroupParameters *input,
              const GroupParameters *output, unsigned bits = 0);

/// Changes the float weights as the backend does before it quantizes any.
/// Errors are emitted on the op: weights that are no f32 constant, that the
/// model has a quantizer for, or that cannot be changed so.
mlir::LogicalResult transformWeights(QuantizableOpInterface op,
                                     llvm::StringRef name,
                                     const Backend &backend);

/// Puts the quantized and dequantized weights in the place of the float ones.
void quantizeWeights(WeightParameters weights, llvm::StringRef name,
                     const Backend &backend);

} // namespace hwq

#endif // HWQ_LIB_DIALECT_QUANTHW_TRANSFORMS_WEIGHTPARAMETERS_H
