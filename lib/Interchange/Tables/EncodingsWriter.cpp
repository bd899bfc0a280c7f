//===- EncodingsWriter.cpp - AIMET, SNPE and QNN encodings ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Formats.h"
#include "TableBuilder.h"
#include "hwq/Support/JsonTree.h"

using namespace hwq;
using namespace hwq::interchange;
using llvm::Error;
namespace json = llvm::json;

/// The rows that an encodings file has, split at what they are.
namespace {
struct Rows {
  std::vector<const TableEntry *> activations, weights;
  unsigned activationBits = 8, weightBits = 8;
  bool symmetricWeights = false, perChannelWeights = false;

  explicit Rows(const CalibrationTable &table);
};
} // namespace

Rows::Rows(const CalibrationTable &table) {
  for (const TableEntry &entry : table.entries) {
    std::optional<bool> row = isWeightsRow(entry);
    if (!row || (entry.keepFloat && !entry.parameters) ||
        !(entry.range || entry.parameters))
      continue;
    bool isWeights = *row;
    (isWeights ? weights : activations).push_back(&entry);
    if (!entry.parameters)
      continue;
    (isWeights ? weightBits : activationBits) = entry.parameters->bits;
    if (isWeights) {
      symmetricWeights |= entry.isSymmetric.value_or(false);
      perChannelWeights |= entry.parameters->perChannel;
    }
  }
}

static json::Object quantizerArguments(const CalibrationTable &table,
                                       const Rows &rows) {
  return json::Object{{"activation_bitwidth", int64_t(rows.activationBits)},
                      {"param_bitwidth", int64_t(rows.weightBits)},
                      {"dtype", "int"},
                      {"is_symmetric", rows.symmetricWeights},
                      {"per_channel_quantization", rows.perChannelWeights},
                      {"quant_scheme", table.scheme}};
}

/// Counts from the lowest code: real = scale * (q + offset), q >= 0.
static int64_t offsetOf(const TableParameters &p, size_t c) {
  return p.grid().qmin - p.zeroPoints[c];
}

//===----------------------------------------------------------------------===//
// 0.6.1
//===----------------------------------------------------------------------===//

static json::Array toMapRow(const TableEntry &entry) {
  json::Array row;
  if (!entry.parameters) {
    // SNPE's --quantization_overrides asks for no more.
    row.push_back(json::Object{
        {"bitwidth", 8}, {"min", entry.range->min}, {"max", entry.range->max}});
    return row;
  }
  const TableParameters &p = *entry.parameters;
  for (size_t c = 0; c < p.scales.size(); ++c) {
    numerics::Range range = p.range(c);
    row.push_back(json::Object{
        {"bitwidth", int64_t(p.bits)},
        {"dtype", "int"},
        {"is_symmetric", entry.isSymmetric.value_or(false) ? "True" : "False"},
        {"min", range.min},
        {"max", range.max},
        {"scale", p.scales[c]},
        {"offset", offsetOf(p, c)}});
  }
  return row;
}

Error interchange::writeEncodings061(const CalibrationTable &table,
                                     llvm::raw_ostream &os) {
  if (Error error = checkJsonNames(table))
    return error;
  Rows rows(table);
  json::Object activations, weights;
  for (const TableEntry *entry : rows.activations)
    activations[entry->name] = toMapRow(*entry);
  for (const TableEntry *entry : rows.weights)
    weights[entry->name] = toMapRow(*entry);
  printJson(json::Object{{"version", "0.6.1"},
                         {"activation_encodings", std::move(activations)},
                         {"param_encodings", std::move(weights)},
                         {"quantizer_args", quantizerArguments(table, rows)}},
            os);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// 1.0.0
//===----------------------------------------------------------------------===//

Error interchange::writeEncodings100(const CalibrationTable &table,
                                     llvm::raw_ostream &os) {
  if (Error error = checkJsonNames(table))
    return error;
  Rows rows(table);
  json::Array sections[2];
  for (auto [list, section] : {std::pair(&rows.activations, &sections[0]),
                               {&rows.weights, &sections[1]}})
    for (const TableEntry *entry : *list) {
      if (!entry->parameters)
        continue;
      const TableParameters &p = *entry->parameters;
      json::Array offsets;
      for (size_t c = 0; c < p.scales.size(); ++c)
        offsets.push_back(offsetOf(p, c));
      section->push_back(json::Object{
          {"name", entry->name},
          {"enc_type", p.perChannel ? "PER_CHANNEL" : "PER_TENSOR"},
          {"dtype", "INT"},
          {"bw", int64_t(p.bits)},
          {"is_sym", entry->isSymmetric.value_or(false)},
          {"scale", json::Array(p.scales)},
          {"offset", std::move(offsets)}});
    }
  printJson(json::Object{{"version", "1.0.0"},
                         {"activation_encodings", std::move(sections[0])},
                         {"param_encodings", std::move(sections[1])},
                         {"excluded_layers", json::Array()},
                         {"quantizer_args", quantizerArguments(table, rows)}},
            os);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// 2.0.0
//===----------------------------------------------------------------------===//

Error interchange::writeEncodings200(const CalibrationTable &table,
                                     llvm::raw_ostream &os) {
  if (Error error = checkJsonNames(table))
    return error;
  Rows rows(table);
  json::Array encodings;
  for (const auto *list : {&rows.activations, &rows.weights})
    for (const TableEntry *entry : *list) {
      if (!entry->parameters)
        continue;
      const TableParameters &p = *entry->parameters;
      json::Object row{{"name", entry->name},
                       {"output_dtype", (p.isSigned ? "int" : "uint") +
                                            std::to_string(p.bits)}};
      if (p.perChannel) {
        row["axis"] = entry->channelAxis;
        row["y_scale"] = json::Array(p.scales);
        row["y_zero_point"] = json::Array(p.zeroPoints);
      } else {
        row["y_scale"] = p.scales.front();
        row["y_zero_point"] = p.zeroPoints.front();
      }
      encodings.push_back(std::move(row));
    }
  printJson(json::Object{{"version", "2.0.0"},
                         {"encodings", std::move(encodings)},
                         {"quantizer_args", quantizerArguments(table, rows)}},
            os);
  return Error::success();
}
