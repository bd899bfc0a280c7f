//===- Arithmetic.h - Integer ops as Numerics takes them -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_ARITHMETIC_H
#define HWQ_DIALECT_QUANTHW_IR_ARITHMETIC_H

#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include "hwq/Numerics/Add.h"
#include "hwq/Numerics/AvgPool.h"
#include "hwq/Numerics/Concat.h"
#include "hwq/Numerics/Mean.h"
#include "hwq/Numerics/Mul.h"
#include "hwq/Numerics/PRelu.h"
#include "hwq/Numerics/Resize.h"

namespace hwq {

/// Scale, zero point and grid of a quantized type, or of a value of one.
numerics::QuantParams getParams(mlir::quant::UniformQuantizedType type);
numerics::QuantParams getQuantParams(mlir::Value value);

// A step-4 op holds its arithmetic in attributes: the variant names the formula
// and the requantizations hold its constants. The two directions are here, for
// passes, evaluator and exporters. What the attributes do not hold (the scales
// of float formulas) is in the types.

/// The requantizations of an addition, on top of the real ones.
struct AddRequants {
  RequantAttr lhs, rhs, output;
};
AddRequants getAddRequants(const numerics::AddParams &params, AddRequants real);
numerics::AddParams getAddParams(numerics::AddVariant variant,
                                 AddRequants requants, bool subtract);

/// The requantization of a multiplication.
RequantAttr getMulRequant(const numerics::MulParams &params, RequantAttr real);
numerics::Result<numerics::MulParams> getMulParams(MulOp op);

/// The requantization of an average pool with parameters of its own.
RequantAttr getAvgPoolRequant(const numerics::AvgPoolParams &params,
                              RequantAttr real);
/// `requant` may be null where the variant needs none.
numerics::Result<numerics::AvgPoolParams> getAvgPoolParams(
    numerics::AvgPoolVariant variant, const numerics::QuantParams &input,
    const numerics::QuantParams &output, llvm::ArrayRef<int64_t> kernel,
    RequantAttr requant, int64_t lo, int64_t hi);

/// The positions of rows and columns of `tosa.resize` and `resize_bilinear`,
/// and the resize of a variant for them. Errors: sizes that are dynamic, and
/// those of numerics::deriveResize.
struct ResizeGeometry {
  numerics::ResizePositions rows, columns;
};
numerics::Result<ResizeGeometry>
getResizeGeometry(mlir::RankedTensorType input, mlir::RankedTensorType output,
                  llvm::ArrayRef<int64_t> scale,
                  llvm::ArrayRef<int64_t> offset);
numerics::Result<numerics::BilinearResize>
deriveResize(ResizeBilinearOp op,
             std::optional<numerics::ResizeVariant> variant);

/// The two requantizations of a leaky relu with slopes, and the mean's.
struct PReluRequants {
  RequantAttr positive, negative;
};
PReluRequants getPReluRequants(const numerics::PReluParams &params,
                               PReluRequants real);
RequantAttr getMeanRequant(const numerics::MeanParams &params,
                           RequantAttr real);

/// How codes move to another grid: as a kernel where the variant's formula is
/// one, else null, and the requantization needs `variant`.
RequantAttr getRescaleRequant(const numerics::ConcatParams &params,
                              RequantAttr real);
numerics::Result<numerics::ConcatParams> getRescaleParams(RequantizeOp op);

/// The output code of a requantization of codes, `code` of its input.
int64_t rescaleCode(const numerics::ConcatParams &params, int64_t code);

} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_IR_ARITHMETIC_H
