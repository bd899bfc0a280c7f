//===- Backend.h - The fields of a backend descriptor -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_QUANTHW_IR_BACKEND_H
#define HWQ_DIALECT_QUANTHW_IR_BACKEND_H

#include "hwq/Numerics/Derive.h"
#include "hwq/Numerics/Enums.h"
#include "hwq/Numerics/WeightRange.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Support/LLVM.h"
#include <optional>
#include <string>
#include <vector>

namespace hwq {

class BackendAttr;

//===----------------------------------------------------------------------===//
// The field table
//===----------------------------------------------------------------------===//

enum class FieldKind {
  Identifier, ///< a string, one of the legal values
  Text,       ///< any string
  Integer,
  Boolean,
  IntegerPair, ///< [lo, hi]
  List,        ///< strings, each one of the legal values if there are any
  Scheme,      ///< {storage, symmetry, unsigned_storage, bits, narrow, ...}
  Options,     ///< {name = {value = {field = ...}}}
};

/// One field of a descriptor. The table of these serves parser, verifier,
/// overrides, printed tables and documentation.
struct BackendField {
  std::string key;
  FieldKind kind;
  /// Legal identifiers; empty where any string is legal.
  std::vector<std::string> values;
  /// As it would be written in an override; "required" fields have none.
  std::string defaultValue;
  bool required;
  std::string doc;
};

llvm::ArrayRef<BackendField> getBackendFields();
const BackendField *findBackendField(llvm::StringRef key);
/// The keys of a scheme and their legal values.
llvm::ArrayRef<BackendField> getSchemeFields();

/// Checks fields against the table and against each other (constraints
/// backend_c1 to backend_c4 of the attribute).
mlir::LogicalResult
verifyBackend(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
              llvm::StringRef name, mlir::DictionaryAttr fields);

//===----------------------------------------------------------------------===//
// A descriptor as the passes read it
//===----------------------------------------------------------------------===//

/// How tensors of one role are quantized.
struct Scheme {
  numerics::Storage storage = numerics::Storage::I8;
  numerics::Symmetry symmetry = numerics::Symmetry::Symmetric;
  /// Of tensors without negative values, where they are not symmetric.
  numerics::Storage unsignedStorage = numerics::Storage::I8;
  int64_t bits = 8;
  bool narrow = false;
  numerics::Granularity granularity = numerics::Granularity::PerTensor;
};

/// A kind of scheme, with the format of a float one.
struct SchemeChoice {
  numerics::SchemeKind kind = numerics::SchemeKind::Affine;
  numerics::FloatFormat format = numerics::FloatFormat::Fp16;

  bool isAffine() const { return kind == numerics::SchemeKind::Affine; }
};

/// Where a graph policy puts parameters.
enum class GraphPolicy {
  /// Every tensor between integer ops, inputs and outputs included.
  Total,
  /// The inputs and weights of convolutions and fully connected layers, one
  /// quantizer per reader.
  G1,
  /// AMCT: those and average pools; equal quantizers of one tensor are one.
  G1Amct,
  /// TensorRT: the inputs of all compute ops, but for the operand of an
  /// addition that a convolution with one reader makes.
  G2Prime,
  /// G3 without the quantizer of an addition's operand 0, as the paper's code
  /// has it.
  G2Paper,
  /// The outputs of compute ops and the inputs; pools, views and activation
  /// functions inherit; the network's output is float.
  G3,
  /// relay.quantize: the inputs and weights of convolutions and dense layers.
  G3Tvm,
  /// Every tensor; movement, pools and concatenation share parameters.
  Tfl,
  /// Outputs; inputs of concatenations and additions aligned to the output.
  Vitis,
  /// OpenVINO: inputs; unsigned behind relu, through pools; the last layer
  /// stays float.
  GOv,
  /// Every op that can be quantized, rescales folded into producers.
  Nnpi,
  /// Every op; parameters of concatenations, max pools and reshapes aligned
  /// first.
  Sophgo,
  /// The same aligned in the order of TPU-MLIR.
  SophgoCompat,
  /// Every op, nothing shared.
  AllOps
};

/// What a scale may be. Coupled: the scale of the weights is computed from the
/// multiplier of the channel.
enum class ScaleForm { Real, PowerOfTwo, Coupled };

/// When an unsigned symmetric activation is unsigned: its range has no negative
/// values; it comes from a relu, also through pools; always.
enum class Signedness { Range, Producer, Always };

/// Parameters that do not follow from a range. Per256: sigmoid and softmax
/// 1/256 from the lowest code, tanh 1/128 from the middle. Per255: sigmoid and
/// softmax 1/255 from the lowest code.
enum class FixedOutputs { None, Per256, Per255 };

/// Softmax on codes. Real: that of real numbers, rounded half away
/// (numerics::softmax).
enum class SoftmaxKind { None, Real };

/// Where the pipeline of a backend ends.
enum class FinalForm { Target, Step0, Step4 };

/// The name of a value in files and options.
llvm::StringRef stringify(GraphPolicy policy);
llvm::StringRef stringify(ScaleForm form);

/// The typed view of a verified `#quant_hw.backend`.
struct Backend {
  std::string name;
  std::string vendor, hardware;
  Scheme activations, weights;
  numerics::Granularity fullyConnectedGranularity;
  Signedness signedness;
  FixedOutputs fixedOutputs;
  /// 0: as the other layers.
  int64_t firstLastBits;
  SchemeChoice activationScheme, weightScheme;
  bool networkExponent;
  int64_t blockSize;
  numerics::WeightTransform weightTransform;
  numerics::WeightMethod weightMethod;
  ScaleForm scaleForm;
  /// Derived scales are rounded to f32, the zero points as they were.
  bool scalesInF32;
  numerics::DerivationRule activationRule, weightRule;
  numerics::QuantizeForm quantizeForm, weightQuantizeForm;
  numerics::RequantizeKernel requantizeKernel, fullyConnectedKernel;
  /// Of products of activations and of transposed convolutions.
  numerics::RequantizeKernel matmulKernel, transposeConvKernel;
  /// None: the kernel's own.
  std::optional<numerics::MultiplierRule> multiplierRule;
  numerics::ScaleProduct scaleProduct;
  numerics::DequantPrecision dequantPrecision;
  int64_t shiftMin, shiftMax;
  numerics::BiasForm bias;
  numerics::Rounding biasRounding;
  GraphPolicy graphPolicy;
  bool foldBatchNorm, fuseClamp, fuseResidual;
  /// The upper bound of a fused relu is the end of the grid, no clamp.
  bool reluLimitIsGrid;
  numerics::AddVariant add;
  numerics::AvgPoolVariant avgPool;
  /// None: stays float.
  std::optional<numerics::MulVariant> mul;
  numerics::ConcatVariant concat, rescale;
  /// None: stay float (a mean over height and width is an average pool).
  std::optional<numerics::MeanVariant> mean;
  std::optional<numerics::ResizeVariant> resize;
  std::optional<numerics::RequantizeKernel> prelu;
  /// None: functions stay float.
  std::optional<numerics::LookupVariant> lookupTables;
  SoftmaxKind softmax;
  int64_t accumulatorBits;
  /// Sums beyond that width saturate, one addition after the other.
  bool accumulatorSaturates;
  int64_t addBits;
  /// 0: no machine adds pairs of products in fewer bits.
  int64_t pairBits;
  numerics::AccumulatorMode accumulatorMode;
  /// Op kinds whose result keeps the parameters of the operand.
  std::vector<std::string> keepParameters;
  /// Op kinds whose operands get the parameters of the result.
  std::vector<std::string> alignOperands;
  /// Op kinds that are never computed in integers.
  std::vector<std::string> staysFloat;
  std::string rangeMethod;
  FinalForm finalForm;
  std::string targetDialect;
  std::vector<std::string> formats;
  numerics::Fidelity fidelity;
  std::string fidelityReason;

  bool keepsParameters(llvm::StringRef opKind) const;
  bool alignsOperands(llvm::StringRef opKind) const;
  bool isFloatOnly(llvm::StringRef opKind) const;

  numerics::DerivationRule getRule(bool ofWeights) const {
    return ofWeights ? weightRule : activationRule;
  }
  /// A derived scale in the precision in which the backend holds it.
  double roundScale(double scale) const {
    return scalesInF32 ? static_cast<double>(static_cast<float>(scale)) : scale;
  }
  /// What the rule is asked for.
  numerics::DeriveOptions getDeriveOptions(bool ofWeights) const;

  static Backend get(BackendAttr attr);
};

/// The backend a module is made for; an error on the module if there is none.
mlir::FailureOr<Backend> getBackend(mlir::ModuleOp module,
                                    llvm::StringRef pass);

} // namespace hwq

#endif // HWQ_DIALECT_QUANTHW_IR_BACKEND_H
