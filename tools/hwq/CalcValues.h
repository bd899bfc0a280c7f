//===- CalcValues.h - What a calculator reads and prints --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_TOOLS_HWQ_CALCVALUES_H
#define HWQ_TOOLS_HWQ_CALCVALUES_H

#include "CalcArguments.h"
#include "hwq/Numerics/Grid.h"
#include "hwq/Numerics/Result.h"
#include "hwq/Runtime/Tensor.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <vector>

namespace hwq::driver {

/// What a calculator was asked: its options, and the numbers behind "--".
struct Request {
  Arguments args{"--"};
  std::vector<std::string> scalars;
};

/// Operands of equal shape. Scalars are a vector; with two operands they are
/// pairs.
template <class T> struct Operands {
  runtime::Tensor::Shape shape;
  std::vector<std::vector<T>> arrays;

  size_t count() const { return arrays[0].size(); }
};

/// The numbers behind "--", or the arrays of --input; integers in [lo, hi].
llvm::Expected<Operands<int64_t>>
readIntegers(Request &request, size_t operands, int64_t lo, int64_t hi);
/// The same, codes of type `storage`: an array has its element type, or one of
/// 32 or 64 bits; an array of u8 holds no i8 codes.
llvm::Expected<Operands<int64_t>> readCodes(Request &request, size_t operands,
                                            numerics::Storage storage,
                                            numerics::Grid grid);
/// The same, finite f32 values (a number is rounded to f32).
llvm::Expected<Operands<float>> readReals(Request &request);

/// What a calculator answers.
struct Answer {
  /// Members of the JSON object.
  llvm::json::Object fields;
  /// Lines for people, before the numbers.
  std::string notes;
};

/// Prints the answer and its numbers: "5 -> 1" a line, the member "output" of
/// the JSON object, or the file --output with elements of `type`.
llvm::Error print(Request &request, Answer answer,
                  const Operands<int64_t> &operands,
                  const std::vector<int64_t> &output, runtime::DType type);
llvm::Error print(Request &request, Answer answer,
                  const Operands<float> &operands,
                  const std::vector<int64_t> &output, runtime::DType type);
llvm::Error print(Request &request, Answer answer,
                  const Operands<int64_t> &operands,
                  const std::vector<float> &output);
llvm::Error print(Request &request, Answer answer,
                  const Operands<float> &operands,
                  const std::vector<float> &output);
/// An answer without a list of numbers.
llvm::Error print(Answer answer);

/// The element type of an array of codes; i32 for u16.
runtime::DType elementType(numerics::Storage storage);

/// Every digit that a double, or an f32, needs.
std::string digits(double value);
std::string digits(float value);
/// "0x3dccccd0".
std::string bitsOf(float value);

/// An error of the input: exit code 1.
llvm::Error inputError(const llvm::Twine &message);
template <class T> llvm::Error inputError(const numerics::Result<T> &result) {
  return inputError(result.error());
}

} // namespace hwq::driver

#endif // HWQ_TOOLS_HWQ_CALCVALUES_H
