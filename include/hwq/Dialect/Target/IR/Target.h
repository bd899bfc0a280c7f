//===- Target.h - What all target dialects share -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A target dialect is its ODS file and one table: for every op the op of step 4
// that it stands for and the words in which the target writes its constants.
// Both directions, the verifier and the evaluation follow from the table.
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_DIALECT_TARGET_IR_TARGET_H
#define HWQ_DIALECT_TARGET_IR_TARGET_H

#include "hwq/Numerics/Enums.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectInterface.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OwningOpRef.h"
#include <cstdint>
#include <optional>

namespace hwq {

//===----------------------------------------------------------------------===//
// The words of a requantization
//===----------------------------------------------------------------------===//

/// What of a `#quant_hw.requant` a target writes down. The rest follows from
/// the types: zero points, the output scale of a kernel that divides by it, the
/// clamp where it is the whole grid, and the real scales.
enum class RequantField {
  Kernel,         ///< a string
  Multipliers,    ///< array<i32>; 1 where there is no word
  Shifts,         ///< array<i32>; 0 where there is no word
  PreShifts,      ///< array<i32>, absent: 0
  Factors,        ///< array<f32>
  Factors64,      ///< array<f64>, of kernel r12
  Bias,           ///< array<f32>, absent: none
  BiasUnits,      ///< array<f32>, absent: none
  Precision,      ///< a string, of kernel r9
  ZeroPointAfter, ///< unit, of kernel r8; without a name: always
  LeftShift,      ///< i32, absent: 0
  Offset,         ///< i32: minus the input zero point
  Lo,             ///< i32, absent: the lowest code
  Hi,             ///< i32, absent: the highest code
  Los,            ///< array<i32>, of channels; absent: the lowest code
  His             ///< array<i32>, of channels; absent: the highest code
};

/// How a target writes the number of a field.
enum class Spelling {
  Same,
  /// A shift as the exponent of the multiplier's value in units of 2^-31.
  Exponent,
  /// A shift without the 31 bits that kernel r1's product loses first.
  AfterHighHalf,
  /// A multiplier that is a power of two, as a shift to the left.
  Exponential,
  /// A factor: f32 in the low half of a 64-bit word.
  Word
};

struct RequantWord {
  RequantField field;
  llvm::StringLiteral attr;
  Spelling spelling = Spelling::Same;
  /// What the target can hold, as it writes it.
  int64_t least = INT32_MIN, most = INT32_MAX;
  /// One number (i32, f32) in place of an array.
  bool scalar = false;
};
constexpr RequantWord scalar(RequantWord word) {
  word.scalar = true;
  return word;
}

struct KernelWord {
  numerics::RequantizeKernel kernel;
  llvm::StringLiteral word;
  /// Of dot products, if not the kernel's own.
  std::optional<numerics::MultiplierRule> rule = std::nullopt;
};

struct RequantWords {
  llvm::ArrayRef<RequantWord> words;
  /// The kernels that the target has. One where no word says which.
  llvm::ArrayRef<KernelWord> kernels;
};

//===----------------------------------------------------------------------===//
// The table of a dialect
//===----------------------------------------------------------------------===//

/// `attr` of the target op that stands for the attribute `stepFour`; its
/// values, and what they are there in MLIR's syntax. Without `attr`: the one
/// value that the target knows.
struct AttrWord {
  llvm::StringLiteral word, value;
};
struct AttrRule {
  llvm::StringLiteral stepFour, attr;
  llvm::ArrayRef<AttrWord> words;
};

/// The words of `requant`, `lhs_requant` or `rhs_requant`; none: the attribute
/// as it is, under its name.
struct RequantRule {
  llvm::StringLiteral stepFour;
  const RequantWords *words;
};

/// Attributes that follow from the op of step 4 and are written down because
/// the target does.
struct DerivedAttrs {
  llvm::ArrayRef<llvm::StringLiteral> names;
  /// Sets those that the op has. It fails, and says what it expected, where the
  /// target cannot hold them.
  mlir::LogicalResult (*derive)(mlir::Operation *stepFour,
                                mlir::NamedAttrList &attrs,
                                std::string &expected) = nullptr;
};

/// One op. Attributes that both ops have under one name are copied.
struct OpRule {
  /// Without the dialect.
  llvm::StringLiteral name, stepFour;
  llvm::ArrayRef<RequantRule> requants = {};
  llvm::ArrayRef<AttrRule> attrs = {};
  /// Which ops of step 4; null: all.
  bool (*matches)(mlir::Operation *stepFour) = nullptr;
  DerivedAttrs derived = {};
  /// A dot product without a bias gets one of zeros.
  bool needsBias = false;
};

/// A target is constructed from the first two, the others are set by name.
struct TargetDescription {
  /// How diagnostics speak of it.
  llvm::StringLiteral vendor;
  llvm::ArrayRef<OpRule> rules;
  /// Requantizations are ops of their own, not part of dot products.
  bool separateRequantize = false;
  /// A grid has at least so many codes.
  int64_t leastCodes = 2;
  /// Dot products read and make activations with a scale for each channel.
  bool channelActivations = false;
  /// How codes move to another grid by kernel r7.
  llvm::ArrayRef<numerics::ConcatVariant> shortMoves = {};
  /// The dot product's two scales are multiplied in f32; null: never.
  bool (*multipliesScalesInF32)(mlir::Operation *stepFour) = nullptr;
};

class TargetDialectInterface
    : public mlir::DialectInterface::Base<TargetDialectInterface> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(TargetDialectInterface)
  TargetDialectInterface(mlir::Dialect *dialect,
                         const TargetDescription &description)
      : Base(dialect), description(description) {}
  const TargetDescription &get() const { return description; }

private:
  const TargetDescription &description;
};

// Predicates of rules.

/// The result of a dot product is requantized by itself.
bool isRequantized(mlir::Operation *stepFour);
bool isDepthwise(mlir::Operation *stepFour);
bool isRequantizedDepthwise(mlir::Operation *stepFour);
/// A `requantize` of codes; of accumulators to codes; to float.
bool isOfCodes(mlir::Operation *stepFour);
bool isOfAccumulators(mlir::Operation *stepFour);
bool isToFloat(mlir::Operation *stepFour);
/// A quantization or dequantization with one scale.
bool isPerTensor(mlir::Operation *stepFour);

/// What `Set` derives from the grid of the result, or of the first operand.
template <void (*Set)(mlir::Value codes, mlir::NamedAttrList &attrs)>
mlir::LogicalResult deriveOfResult(mlir::Operation *stepFour,
                                   mlir::NamedAttrList &attrs, std::string &) {
  Set(stepFour->getResult(0), attrs);
  return mlir::success();
}
template <void (*Set)(mlir::Value codes, mlir::NamedAttrList &attrs)>
mlir::LogicalResult deriveOfInput(mlir::Operation *stepFour,
                                  mlir::NamedAttrList &attrs, std::string &) {
  Set(stepFour->getOperand(0), attrs);
  return mlir::success();
}

/// The clamp of `requant` begins at the code of 0, which is not the lowest.
bool hasRelu(mlir::Operation *stepFour);
/// Derives a unit attribute that says so, under the first of the names.
template <const llvm::StringLiteral *Names>
mlir::LogicalResult deriveRelu(mlir::Operation *stepFour,
                               mlir::NamedAttrList &attrs, std::string &) {
  if (hasRelu(stepFour))
    attrs.set(Names[0], mlir::UnitAttr::get(stepFour->getContext()));
  return mlir::success();
}

//===----------------------------------------------------------------------===//
// What several tables have
//===----------------------------------------------------------------------===//

/// Dot products read codes as they are.
inline constexpr AttrWord unitWord[] = {{"", "unit"}};
inline constexpr AttrRule rawInput[] = {{"raw_input", "", unitWord}};

/// Of targets that compute in f32.
namespace f32 {
inline constexpr KernelWord factorKernel[] = {
    {numerics::RequantizeKernel::R4, ""}};
inline constexpr KernelWord epilogueKernel[] = {
    {numerics::RequantizeKernel::R14, ""}};

inline constexpr RequantWord scaleWords[] = {
    scalar({RequantField::Factors, "scale"}),
    {RequantField::Lo, "clamp_min"},
    {RequantField::Hi, "clamp_max"}};
inline constexpr RequantWord ratioWords[] = {
    scalar({RequantField::Factors, "ratio"}),
    {RequantField::Lo, "clamp_min"},
    {RequantField::Hi, "clamp_max"}};
inline constexpr RequantWord outputWords[] = {
    scalar({RequantField::Factors, "output_scale"}),
    {RequantField::Lo, "clamp_min"},
    {RequantField::Hi, "clamp_max"}};
inline constexpr RequantWord lhsWords[] = {
    scalar({RequantField::Factors, "lhs_scale"})};
inline constexpr RequantWord rhsWords[] = {
    scalar({RequantField::Factors, "rhs_scale"})};
inline constexpr RequantWord poolWords[] = {
    scalar({RequantField::Factors, "ratio"})};

inline constexpr RequantWords move{scaleWords, epilogueKernel};
inline constexpr RequantWords ratio{ratioWords, factorKernel};
inline constexpr RequantWords pool{poolWords, factorKernel};
inline constexpr RequantWords lhs{lhsWords, factorKernel};
inline constexpr RequantWords rhs{rhsWords, factorKernel};
inline constexpr RequantWords sum{outputWords, factorKernel};

inline constexpr RequantRule moveRequant[] = {{"requant", &move}};
inline constexpr RequantRule ratioRequant[] = {{"requant", &ratio}};
inline constexpr RequantRule poolRequant[] = {{"requant", &pool}};
inline constexpr RequantRule sumRequants[] = {
    {"lhs_requant", &lhs}, {"rhs_requant", &rhs}, {"requant", &sum}};

inline constexpr AttrWord addWord[] = {{"", "#quant_hw.add_variant<float>"}};
inline constexpr AttrWord mulWord[] = {{"", "#quant_hw.mul_variant<float>"}};
inline constexpr AttrWord poolWord[] = {
    {"", "#quant_hw.avg_pool_variant<float>"}};
inline constexpr AttrRule addRule[] = {{"variant", "", addWord}};
inline constexpr AttrRule mulRule[] = {{"variant", "", mulWord}};
inline constexpr AttrRule poolRule[] = {{"variant", "", poolWord}};
} // namespace f32

//===----------------------------------------------------------------------===//
// Both directions
//===----------------------------------------------------------------------===//

/// Step 4 to the dialect `name`, which must be loaded. An op that has no
/// counterpart there is an error that names op and reason; data movement, max
/// pooling and what is float stay as they are. `pass` speaks of another form.
mlir::LogicalResult convertToTarget(mlir::ModuleOp module, llvm::StringRef name,
                                    llvm::StringRef pass);

/// The way back: every op of a target dialect becomes that of step 4. The
/// program is one of step 4 again, with the same integers.
mlir::LogicalResult convertToStepFour(mlir::ModuleOp module);
/// A copy of a program of the target form on its way back; null for one of
/// another form.
mlir::FailureOr<mlir::OwningOpRef<mlir::ModuleOp>>
cloneAsStepFour(mlir::ModuleOp module);

/// TargetOpInterface.
mlir::FailureOr<mlir::Operation *> buildStepFour(mlir::Operation *op);
mlir::LogicalResult verifyTargetOp(mlir::Operation *op);

} // namespace hwq

#include "hwq/Dialect/Target/IR/TargetInterfaces.h.inc"

#endif // HWQ_DIALECT_TARGET_IR_TARGET_H
