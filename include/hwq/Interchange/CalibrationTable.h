//===- CalibrationTable.h - Ranges and parameters by name -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_INTERCHANGE_CALIBRATIONTABLE_H
#define HWQ_INTERCHANGE_CALIBRATIONTABLE_H

#include "hwq/Numerics/Grid.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hwq::interchange {

/// real = scale * (q - zeroPoint), with q on the whole grid of `bits` bits.
struct TableParameters {
  /// One, or one per channel; as many zero points.
  std::vector<double> scales;
  std::vector<int64_t> zeroPoints;
  unsigned bits = 8;
  bool isSigned = true;
  /// Meant per channel, even where there is only one.
  bool perChannel = false;

  numerics::Grid grid() const;
  /// The real numbers that channel `c` represents, in f64.
  numerics::Range range(size_t c = 0) const;
};

/// What a name of a table means.
enum class TableName {
  /// A tensor of activations.
  Tensor,
  /// The weights of a layer, by their own name.
  Weights,
  /// One of the two.
  Either,
  /// An operand of a layer, or its weights, by the name of the layer.
  LayerInput,
  LayerWeights,
};

/// One row of a table.
struct TableEntry {
  TableName kind = TableName::Tensor;
  std::string name;
  /// Which operand of the layer (LayerInput).
  unsigned operand = 0;
  /// Line of the file, counted from 1; 0 without a file.
  size_t line = 0;
  /// Of the values.
  std::optional<numerics::Range> range;
  /// The symmetric range [-threshold, threshold] that the tool has chosen
  /// beside `range`.
  std::optional<double> threshold;
  std::optional<TableParameters> parameters;
  /// How many scales or ranges the row has: one, or one per channel. Without
  /// `parameters` nothing but their number is kept of the latter.
  size_t channels = 1;
  /// Which dimension of the model's weights has the channels.
  int64_t channelAxis = 0;
  /// Whether the tool's scheme is symmetric, where the file says so.
  std::optional<bool> isSymmetric;
  /// The op that makes the tensor computes in float.
  bool keepFloat = false;
};

/// What a file of a tool says on tensors, in the order of the file.
struct CalibrationTable {
  std::vector<TableEntry> entries;
  /// What the reader left out or did not believe, each with its line.
  std::vector<std::string> warnings;
  /// How ranges were chosen, in AIMET's words; for writers.
  std::string scheme = "post_training_tf";
};

} // namespace hwq::interchange

#endif // HWQ_INTERCHANGE_CALIBRATIONTABLE_H
