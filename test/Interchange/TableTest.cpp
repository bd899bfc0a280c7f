//===- TableTest.cpp - Files of other tools, read and written ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Interchange/TableFormats.h"
#include "llvm/ADT/bit.h"
#include "gtest/gtest.h"
#include <array>
#include <cmath>
#include <random>

using namespace hwq;
using namespace hwq::interchange;

namespace {

CalibrationTable read(llvm::StringRef format, llvm::StringRef text) {
  llvm::Expected<CalibrationTable> table = readTable(text, format);
  if (!table) {
    ADD_FAILURE() << format.str() << ": " << toString(table.takeError());
    return {};
  }
  return std::move(*table);
}

std::string write(llvm::StringRef format, const CalibrationTable &table) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (llvm::Error error = findTableFormat(format)->write(table, os))
    ADD_FAILURE() << format.str() << ": " << toString(std::move(error));
  return text;
}

const TableEntry *find(const CalibrationTable &table, llvm::StringRef name,
                       TableName kind = TableName::Tensor,
                       unsigned operand = 0) {
  for (const TableEntry &entry : table.entries)
    if (entry.name == name && entry.kind == kind && entry.operand == operand)
      return &entry;
  ADD_FAILURE() << "no row for " << name.str();
  static const TableEntry none;
  return &none;
}

float f32(uint32_t bits) { return llvm::bit_cast<float>(bits); }

double scaleOf(const TableEntry *entry, size_t c = 0) {
  if (!entry->parameters || entry->parameters->scales.size() <= c)
    return std::nan("");
  return entry->parameters->scales[c];
}
int64_t zeroPointOf(const TableEntry *entry) {
  return entry->parameters ? entry->parameters->zeroPoints.front() : -9999;
}

//===----------------------------------------------------------------------===//
// Files of the tools
//===----------------------------------------------------------------------===//

TEST(Tables, TensorRtCache) {
  // Lines of tables of TensorRT 7 and 8.
  CalibrationTable table = read("tensorrt", "TRT-7202-EntropyCalibration2\n"
                                            "data: 3f9839e4\n"
                                            "(Unnamed Layer* 0) "
                                            "[Convolution]_output: 404efcc8\n"
                                            "images: 3c010a14\n"
                                            "input.1: 3ca94044\r\n"
                                            "odd: name: 3c010204\n"
                                            "stripped: 800000\n");
  EXPECT_TRUE(table.warnings.empty());
  ASSERT_EQ(table.entries.size(), 6u);
  const TableEntry *entry = find(table, "input.1");
  EXPECT_EQ(entry->line, 5u);
  EXPECT_EQ(scaleOf(entry), static_cast<double>(f32(0x3ca94044)));
  EXPECT_NEAR(entry->range->max, 2.62388694, 1e-8);
  EXPECT_EQ(entry->range->min, -entry->range->max);
  EXPECT_EQ(find(table, "(Unnamed Layer* 0) [Convolution]_output")->line, 3u);
  EXPECT_EQ(find(table, "odd: name")->range->max,
            127 * static_cast<double>(f32(0x3c010204)));
  EXPECT_EQ(scaleOf(find(table, "stripped")), 0x1p-126);
  EXPECT_EQ(write("tensorrt", table),
            "TRT-8601-EntropyCalibration2\n"
            "data: 3f9839e4\n"
            "(Unnamed Layer* 0) [Convolution]_output: 404efcc8\n"
            "images: 3c010a14\n"
            "input.1: 3ca94044\n"
            "odd: name: 3c010204\n"
            "stripped: 00800000\n");
  EXPECT_EQ(read("tensorrt", "Mine\nx: 3c010204\n").warnings.front(),
            "line 1: unknown header 'Mine'");
  EXPECT_EQ(read("tensorrt", "x: 3c010204\n").warnings.front(),
            "line 1: no header 'TRT-version-calibrator'");
}

TEST(Tables, TensorRtScaleOfARange) {
  CalibrationTable table;
  table.entries.resize(2);
  table.entries[0].name = "one";
  table.entries[0].range = numerics::Range{-0.5, 1};
  table.entries[1].name = "other";
  table.entries[1].range = numerics::Range{-4.7, 0};
  EXPECT_EQ(write("tensorrt", table), "TRT-8601-EntropyCalibration2\n"
                                      "one: 3c010204\nother: 3d179592\n");
}

TEST(Tables, DynamicRanges) {
  CalibrationTable table = read(
      "tensorrt-ranges", "gpu_0/data_0: 1.00024\n"
                         "(Unnamed Layer* 3) [Activation]_output: 5.43608\n");
  EXPECT_EQ(find(table, "gpu_0/data_0")->range->max, 1.00024);
  EXPECT_EQ(write("tensorrt-ranges", table),
            "gpu_0/data_0: 1.00024\n"
            "(Unnamed Layer* 3) [Activation]_output: 5.43608\n");
  for (const char *text :
       {"{\"act_quant_info\": {\"a\": 2.5, \"b\": 3}}",
        "{\"tensorrt\": {\"blob_range\": {\"a\": 2.5, \"b\": 3}}}"}) {
    table = read("tensorrt-ranges", text);
    EXPECT_EQ(find(table, "a")->range->min, -2.5);
    EXPECT_EQ(find(table, "b")->range->max, 3);
  }
  EXPECT_EQ(find(read("ppl-cuda", "a: 2.5\n"), "a")->range->max, 2.5);
}

TEST(Tables, Encodings061) {
  CalibrationTable table = read("encodings-0.6.1", R"({"version": "0.6.1",
    "activation_encodings": {
      "relu1": [{"bitwidth": 8, "dtype": "int", "is_symmetric": "False",
                 "min": -1.8039215680000001, "max": 0.4960784320000001,
                 "offset": -200, "scale": 0.00901960784}],
      "bounds": [{"bitwidth": 8, "min": -1, "max": 2}],
      "half": [{"bitwidth": 16, "dtype": "float"}],
      "odd": [{"bitwidth": 8, "min": -1, "max": 2, "scale": 0.0117,
               "offset": 85}]},
    "param_encodings": {
      "conv.weight": [
        {"bitwidth": 8, "min": -1.28, "max": 1.27, "offset": -128, "scale": 0.01},
        {"bitwidth": 8, "min": -2.56, "max": 2.54, "offset": -128, "scale": 0.02}]},
    "quantizer_args": {"activation_bitwidth": 8}})");
  const TableEntry *entry = find(table, "relu1");
  EXPECT_EQ(scaleOf(entry), 0.00901960784);
  EXPECT_EQ(zeroPointOf(entry), 200);
  EXPECT_FALSE(entry->parameters->isSigned);
  EXPECT_EQ(entry->range->min, -1.8039215680000001);
  entry = find(table, "bounds");
  EXPECT_FALSE(entry->parameters);
  EXPECT_EQ(entry->range->max, 2);
  entry = find(table, "odd");
  EXPECT_FALSE(entry->parameters);
  EXPECT_EQ(entry->range->min, -1);
  ASSERT_EQ(table.warnings.size(), 2u);
  EXPECT_EQ(table.warnings[0],
            "line 7: tensor 'half' is left out: its type is float");
  EXPECT_EQ(table.warnings[1], "line 8: tensor 'odd': the offset 85 is "
                               "positive: minimum and maximum count");
  entry = find(table, "conv.weight", TableName::Weights);
  EXPECT_TRUE(entry->parameters->perChannel);
  EXPECT_EQ(scaleOf(entry, 1), 0.02);
}

TEST(Tables, Encodings100) {
  CalibrationTable table = read("encodings-1.0.0", R"({"version": "1.0.0",
    "activation_encodings": [{"name": "relu1", "enc_type": "PER_TENSOR",
      "dtype": "INT", "bw": 8, "is_sym": false, "scale": [0.00901960784],
      "offset": [-200]}],
    "param_encodings": [{"name": "w", "enc_type": "PER_CHANNEL", "dtype": "INT",
      "bw": 4, "is_sym": true, "scale": [0.5, 0.25], "offset": [-8, -8]},
      {"name": "lpbq", "enc_type": "LPBQ", "dtype": "INT", "bw": 8}],
    "excluded_layers": [], "quantizer_args": {}})");
  EXPECT_EQ(zeroPointOf(find(table, "relu1")), 200);
  EXPECT_EQ(find(table, "w", TableName::Weights)->parameters->bits, 4u);
  ASSERT_EQ(table.warnings.size(), 1u);
  EXPECT_EQ(table.warnings[0],
            "line 7: tensor 'lpbq' is left out: its 'enc_type' is LPBQ");
}

TEST(Tables, Encodings200) {
  CalibrationTable table = read("encodings-2.0.0", R"({"version": "2.0.0",
    "encodings": [
      {"name": "x", "y_scale": 0.01, "y_zero_point": 41, "output_dtype": "uint8"},
      {"name": "w", "y_scale": [0.01, 0.02, 0.03], "axis": 0,
       "output_dtype": "int8"},
      {"name": "b", "y_scale": [[0.01, 0.02]], "block_size": 32, "axis": 1,
       "output_dtype": "int4"}]})");
  const TableEntry *entry = find(table, "x", TableName::Either);
  EXPECT_EQ(zeroPointOf(entry), 41);
  EXPECT_FALSE(entry->parameters->isSigned);
  entry = find(table, "w", TableName::Either);
  EXPECT_EQ(entry->channels, 3u);
  EXPECT_EQ(zeroPointOf(entry), 0);
  EXPECT_EQ(table.warnings.size(), 1u);
}

TEST(Tables, AmctRecord) {
  // Layers of a record of the tool's documentation.
  CalibrationTable table = read("amct", R"(record {
  key: "conv1"
  value {
    scale_d: 0.0798481479
    offset_d: 1
    scale_w: 0.00297622895
    offset_w: 0
    skip_fusion: true
    dst_type: "INT8"
  }
}
record {
  key: "layer1.0.conv1"
  value {
    scale_d: 0.00392156886
    offset_d: -128
    scale_w: 0.00106807391
    scale_w: 0.00104224426
    offset_w: 0
    offset_w: 0
    act_type: 'INT8'
  }
}
record { key: 'new' value { fakequant_precision_mode: FORCE_FP16_QUANT } }
)");
  const TableEntry *entry = find(table, "conv1", TableName::LayerInput);
  EXPECT_EQ(scaleOf(entry), static_cast<double>(0.0798481479f));
  EXPECT_EQ(zeroPointOf(entry), 1);
  entry = find(table, "layer1.0.conv1", TableName::LayerInput);
  EXPECT_EQ(entry->line, 12u);
  EXPECT_EQ(zeroPointOf(entry), -128);
  EXPECT_EQ(entry->range->min, 0);
  entry = find(table, "layer1.0.conv1", TableName::LayerWeights);
  EXPECT_EQ(scaleOf(entry, 1), static_cast<double>(0.00104224426f));
  ASSERT_EQ(table.warnings.size(), 1u);
  EXPECT_EQ(table.warnings[0].substr(0, 8), "line 24:");
  CalibrationTable again = read("amct", write("amct", table));
  EXPECT_EQ(scaleOf(find(again, "conv1", TableName::LayerInput)),
            static_cast<double>(0.0798481479f));
}

TEST(Tables, Vitis) {
  CalibrationTable table = read("vitis", R"({
  "param": {"ResNet::conv1.weight": [[8, 7]]},
  "output": {"ResNet::ResNet/ReLU[relu]/input.97": [[8, 5]], "fc": [[8, 2]],
             "raw": [[8, null]]},
  "input": {"conv": [[8, 6], [8, -3]]},
  "fast_finetuned": false, "bias_corrected": true,
  "version": "3.0.0+a44284e+torch1.12.1"})");
  EXPECT_EQ(scaleOf(find(table, "conv1.weight", TableName::Weights)), 0x1p-7);
  EXPECT_EQ(scaleOf(find(table, "input.97")), 0x1p-5);
  EXPECT_EQ(scaleOf(find(table, "fc")), 0.25);
  EXPECT_EQ(scaleOf(find(table, "conv", TableName::LayerInput, 1)), 8);
  EXPECT_EQ(table.entries.size(), 5u);
  EXPECT_EQ(scaleOf(find(read("vitis", "{\"vitis\": {\"a\": {\"scale\": "
                                       "0.125}}}"),
                         "a", TableName::Either)),
            0.125);
  EXPECT_NE(
      write("vitis", table).find("\"fc\": [\n      [\n        8,\n        2"),
      std::string::npos);
}

TEST(Tables, TpuMlir) {
  CalibrationTable table =
      read("tpumlir", "# mlir version: v1.x cali version 1.0\n"
                      "# op_name    threshold    min    max\n"
                      "conv1_Conv 5.1234567 -3.2000000 4.7000000\r\n"
                      "inf_Relu inf -inf inf\n"
                      "none 1 0 0\n"
                      "#weight_scale\nw 2 1 1\n"
                      "#int8_th\nlast_Add 1 -1 1\n");
  const TableEntry *entry = find(table, "conv1_Conv");
  EXPECT_EQ(entry->threshold, 5.1234567);
  EXPECT_EQ(entry->range->min, -3.2);
  EXPECT_EQ(find(table, "inf_Relu")->range->min, -6.5e4);
  EXPECT_FALSE(find(table, "none")->range);
  EXPECT_EQ(find(table, "last_Add")->line, 9u);
  EXPECT_EQ(write("tpumlir", table), "# op_name    threshold    min    max\n"
                                     "conv1_Conv 5.1234567 -3.2 4.7\n"
                                     "inf_Relu 65000 -65000 65000\n"
                                     "last_Add 1 -1 1\n");
}

TEST(Tables, TpuMlirModes) {
  CalibrationTable table = read("tpumlir-qtable", "# op_name   quantize_mode\n"
                                                  "conv1_Conv F16\nfc INT8\n");
  EXPECT_TRUE(find(table, "conv1_Conv")->keepFloat);
  EXPECT_FALSE(find(table, "fc")->keepFloat);
  EXPECT_EQ(write("tpumlir-qtable", table),
            "# op_name quantize_mode\nconv1_Conv F32\nfc INT8\n");
}

TEST(Tables, Glow) {
  CalibrationTable table = read("glow", R"(---
GlowToolsVersion: '2020-01-01 (abcdef)'
...
---
GraphPreLowerHash: 0x0123456789ABCDEF
...
---
- NodeOutputName:  'gpu_0_conv1__1:0'
  Min:             -1.5
  Max:             2.25
  Histogram:       [ 1, 2,
                     3 ]
- NodeOutputName:  'it''s'
  Min:             0.0000000000000000000000000000000000000117549435
  Max:             0.100000001490116119384765625
  Histogram:       [ ]
...
)");
  const TableEntry *entry = find(table, "gpu_0_conv1__1:0");
  EXPECT_EQ(entry->range->min, -1.5);
  EXPECT_EQ(entry->line, 8u);
  EXPECT_EQ(find(table, "it's")->range->max, static_cast<double>(0.1f));
  table = read("glow", "- nodeOutputName: x\n  scale: 0.5\n  offset: -3\n");
  EXPECT_EQ(scaleOf(find(table, "x")), 0.5);
  EXPECT_EQ(zeroPointOf(find(table, "x")), -3);
}

TEST(Tables, Ncnn) {
  // Lines of a table of MobileNet-v1.
  CalibrationTable table =
      read("ncnn", "conv1_param_0 0.0 3779.48337933 482.140562772\n"
                   "#conv2_param_0 156.639840536\n"
                   "conv1 49.466518\nconv2_1/dw 123.720796\n");
  const TableEntry *entry = find(table, "conv1", TableName::LayerWeights);
  EXPECT_EQ(entry->channels, 3u);
  EXPECT_EQ(scaleOf(entry, 1), 1 / 3779.48337933);
  EXPECT_EQ(find(table, "conv1", TableName::LayerInput)->range->max,
            127 / 49.466518);
  EXPECT_EQ(table.entries.size(), 3u);
  std::string text = write("ncnn", table);
  EXPECT_EQ(write("ncnn", read("ncnn", text)), text);
}

TEST(Tables, Tengine) {
  CalibrationTable table =
      read("tengine", "data 0.007843 127\nprob 0.003922 0\n");
  EXPECT_EQ(scaleOf(find(table, "data")), 0.007843);
  EXPECT_EQ(zeroPointOf(find(table, "data")), 127);
  EXPECT_EQ(write("tengine", table), "data 0.007843 127\nprob 0.003922 0\n");
}

TEST(Tables, Ppl) {
  CalibrationTable table = read("ppl", R"({"ppl": {
    "x": {"step": 0.5, "zero_point": 0, "min": -64, "max": 63.5, "bit": 8,
          "type": "biased"},
    "u": {"step": 0.5, "zero_point": 3, "min": -1.5, "max": 126, "bit": 8,
          "type": "biased"},
    "w": {"step": [0.5, 0.25], "zero_point": [0, 0], "min": [-64, -32],
          "max": [63.5, 31.75], "bit": 8, "type": "biased"}}})");
  EXPECT_TRUE(find(table, "x", TableName::Either)->parameters->isSigned);
  const TableEntry *entry = find(table, "u", TableName::Either);
  EXPECT_FALSE(entry->parameters->isSigned);
  EXPECT_EQ(zeroPointOf(entry), 3);
  EXPECT_EQ(find(table, "w", TableName::Weights)->channels, 2u);
}

TEST(Tables, Nnie) {
  CalibrationTable table =
      read("nnie", "{\"nnie\": {\"gfpq_param_dict\": {\"Conv_0\": [2.5], "
                   "\"Add_1\": [1, 3.5]}}}");
  EXPECT_EQ(find(table, "Add_1", TableName::LayerInput, 1)->range->min, -3.5);
  std::string text = write("nnie", table);
  EXPECT_EQ(write("nnie", read("nnie", text)), text);
}

//===----------------------------------------------------------------------===//
// Round trips
//===----------------------------------------------------------------------===//

//===----------------------------------------------------------------------===//
// OpenVINO
//===----------------------------------------------------------------------===//

TEST(Tables, OpenVino) {
  // As OpenVINO 2026 writes what NNCF has quantized: names of ports, f16
  // constants behind a conversion, limits shared by the result.
  std::string xml = R"(<?xml version="1.0"?>
<net name="onnx_Frontend_IR" version="11"><layers>
<layer id="0" name="Relu_5" type="ReLU" version="opset1"><output>
<port id="1" precision="FP32" names="relu\,1,alias &amp; more"/></output></layer>
<layer id="1" name="low" type="Const" version="opset1">
<data element_type="f16" shape="" offset="4" size="2"/></layer>
<layer id="2" name="convert" type="Convert" version="opset1">
<data destination_type="f32"/><input><port id="0"/></input></layer>
<layer id="3" name="high" type="Const" version="opset1">
<data element_type="f32" shape="" offset="0" size="4"/></layer>
<layer id="4" name="Relu_5/fq_output_0" type="FakeQuantize" version="opset1">
<data levels="256" auto_broadcast="numpy"/><input><port id="0"/><port id="1"/>
<port id="2"/><port id="3"/><port id="4"/></input></layer>
<layer id="5" name="w" type="Const" version="opset1">
<data element_type="f32" shape="2,1,1,1" offset="16" size="8"/></layer>
<layer id="6" name="wlow" type="Const" version="opset1">
<data element_type="f32" shape="2,1,1,1" offset="6" size="8"/></layer>
<layer id="7" name="whigh" type="Const" version="opset1">
<data element_type="f32" shape="2,1,1,1" offset="14" size="8"/></layer>
<layer id="8" name="w/fq_weights_1" type="FakeQuantize" version="opset1">
<data levels="255"/><input><port id="0"/><port id="1"/><port id="2"/>
<port id="3"/><port id="4"/></input></layer>
<layer id="9" name="Conv_1" type="Convolution" version="opset1"><output>
<port id="2"/></output></layer>
<layer id="10" name="Conv_1/fq_output_0" type="FakeQuantize" version="opset1">
<data levels="256"/><input><port id="0"/><port id="1"/><port id="2"/>
<port id="3"/><port id="4"/></input></layer>
<layer id="11" name="other" type="FakeQuantize" version="opset1">
<data levels="256"/><input><port id="0"/><port id="1"/><port id="2"/>
<port id="3"/><port id="4"/></input></layer>
</layers><edges>)";
  auto edges = [&](int to, std::array<int, 5> from, int port) {
    for (int i = 0; i < 5; ++i)
      xml += "<edge from-layer=\"" + std::to_string(from[i]) +
             "\" from-port=\"" + std::to_string(i ? 0 : port) +
             "\" to-layer=\"" + std::to_string(to) + "\" to-port=\"" +
             std::to_string(i) + "\"/>\n";
  };
  edges(4, {0, 2, 3, 2, 3}, 1);
  edges(8, {5, 6, 7, 6, 7}, 0);
  edges(10, {9, 6, 7, 6, 7}, 2);
  edges(11, {4, 6, 7, 6, 3}, 5);
  xml += "<edge from-layer=\"1\" from-port=\"0\" to-layer=\"2\" "
         "to-port=\"0\"/></edges></net>";
  std::string data;
  auto add = [&](float value) {
    uint32_t bits = llvm::bit_cast<uint32_t>(value);
    data.append({static_cast<char>(bits), static_cast<char>(bits >> 8),
                 static_cast<char>(bits >> 16), static_cast<char>(bits >> 24)});
  };
  add(5.1f);
  data.append(2, '\0');
  for (float value : {-1.27f, -2.54f, 1.27f, 2.54f})
    add(value);
  CalibrationTable table = read("openvino", xml + '\0' + data);
  ASSERT_EQ(table.entries.size(), 3u);
  const TableEntry *entry = find(table, "relu,1");
  EXPECT_EQ(entry->range->min, 0);
  EXPECT_EQ(entry->range->max, static_cast<double>(5.1f));
  EXPECT_EQ(scaleOf(entry), static_cast<double>(5.1f / 255));
  EXPECT_EQ(zeroPointOf(entry), 0);
  EXPECT_FALSE(entry->parameters->isSigned);
  entry = find(table, "w", TableName::Weights);
  EXPECT_EQ(entry->channels, 2u);
  EXPECT_EQ(scaleOf(entry, 1), static_cast<double>(2.54f / 127));
  EXPECT_EQ(zeroPointOf(entry), 0);
  entry = find(table, "Conv_1");
  EXPECT_EQ(entry->channels, 1u);
  EXPECT_FALSE(entry->parameters);
  EXPECT_EQ(entry->range->max, static_cast<double>(2.54f));
  ASSERT_EQ(table.warnings.size(), 2u);
  EXPECT_NE(table.warnings[0].find("tensor 'Conv_1' has limits for 2 channels: "
                                   "the widest count"),
            std::string::npos);
  EXPECT_NE(table.warnings[1].find("is left out: the limits of its result are "
                                   "other ones"),
            std::string::npos);
}

TEST(Tables, OpenVinoWithoutChannels) {
  CalibrationTable table;
  table.entries.resize(1);
  table.entries[0].name = "x";
  table.entries[0].parameters = TableParameters{{0.5, 0.25}, {0, 0}};
  std::string text;
  llvm::raw_string_ostream os(text);
  EXPECT_EQ(toString(findTableFormat("openvino")->write(table, os)),
            "tensor 'x': expected one scale, got 2");
}

// f32 has no limits for some scales; those of a range always come back.
TEST(Tables, OpenVinoLimits) {
  std::mt19937 random(42);
  CalibrationTable table;
  for (int i = 0; i < 2000; ++i) {
    TableEntry entry;
    entry.name = "<\"&'>,\\" + std::to_string(i);
    TableParameters p;
    p.isSigned = i % 4 != 0;
    float high =
        std::ldexp(1 + static_cast<float>(random() & 0x7fffff) * 0x1p-23f,
                   static_cast<int>(random() % 40) - 20);
    p.scales = {static_cast<double>(
        static_cast<float>(static_cast<double>(high) / 255))};
    p.zeroPoints = {p.isSigned ? static_cast<int64_t>(random() % 256) - 128
                               : 0};
    entry.parameters = p;
    table.entries.push_back(entry);
  }
  CalibrationTable again = read("openvino", write("openvino", table));
  ASSERT_EQ(again.entries.size(), table.entries.size());
  for (size_t i = 0; i < again.entries.size(); ++i) {
    const TableEntry &got = again.entries[i], &sent = table.entries[i];
    ASSERT_EQ(got.name, sent.name);
    ASSERT_EQ(scaleOf(&got), scaleOf(&sent)) << i;
    // What begins at 0 is read as unsigned.
    int64_t least = sent.parameters->grid().qmin - zeroPointOf(&sent);
    ASSERT_EQ(got.parameters->grid().qmin - zeroPointOf(&got), least) << i;
  }
}

/// Scales and ranges of any f32 bits.
CalibrationTable anyTable(std::mt19937 &random, bool powerOfTwo) {
  CalibrationTable table;
  for (int i = 0; i < 64; ++i) {
    float values[3];
    for (float &value : values)
      do
        value = f32(static_cast<uint32_t>(random()) & 0x7fffffff);
      while (!(value > 0x1p-100f && value < 0x1p100f));
    if (powerOfTwo)
      values[2] = std::ldexp(1.0f, std::ilogb(values[2]));
    std::string name = "layer" + std::to_string(i) + "/out:0";
    TableParameters p;
    p.scales = {static_cast<double>(values[2])};
    p.zeroPoints = {0};
    TableEntry entry;
    entry.name = name;
    entry.range = numerics::Range{-static_cast<double>(values[0]),
                                  static_cast<double>(values[1])};
    entry.parameters = p;
    table.entries.push_back(entry);
    entry.kind = TableName::LayerInput;
    table.entries.push_back(entry);
    entry.kind = TableName::Weights;
    entry.name += ".weight";
    table.entries.push_back(entry);
    entry.kind = TableName::LayerWeights;
    entry.name = name;
    table.entries.push_back(entry);
  }
  return table;
}

/// Every bit of a number that the format holds comes back.
TEST(Tables, RoundTripKeepsBits) {
  std::mt19937 random(4711);
  for (const TableFormat &format : getTableFormats()) {
    SCOPED_TRACE(format.name.str());
    bool isVitis = format.name == "vitis";
    CalibrationTable table = anyTable(random, isVitis);
    // Bounds of the format.
    if (format.name == "amct")
      for (TableEntry &entry : table.entries)
        while (scaleOf(&entry) > 0x1p20 || scaleOf(&entry) < 0x1p-20)
          entry.parameters->scales[0] *= scaleOf(&entry) > 1 ? 0x1p-30 : 0x1p30;
    std::string text = write(format.name, table);
    CalibrationTable again = read(format.name, text);
    EXPECT_FALSE(again.entries.empty());
    EXPECT_EQ(write(format.name, again), text);
    for (const TableEntry &got : again.entries) {
      const TableEntry *sent = nullptr;
      for (const TableEntry &entry : table.entries)
        if (entry.name == got.name &&
            (entry.kind == got.kind || got.kind == TableName::Either))
          sent = &entry;
      ASSERT_TRUE(sent) << got.name;
      bool holdsParameters =
          format.needsParameters || format.name == "tensorrt" ||
          format.name == "encodings-0.6.1" || format.name == "json";
      // Its words are inverse scales.
      if (format.name == "ncnn") {
        if (got.parameters)
          EXPECT_EQ(static_cast<float>(1 / scaleOf(&got)),
                    static_cast<float>(1 / scaleOf(sent)));
        continue;
      }
      if (holdsParameters) {
        ASSERT_TRUE(got.parameters);
        EXPECT_EQ(got.parameters->scales, sent->parameters->scales);
        EXPECT_EQ(got.parameters->range().min, sent->parameters->range().min);
        continue;
      }
      if (got.keepFloat || !got.range)
        continue;
      double magnitude = std::max(-sent->range->min, sent->range->max);
      bool symmetric = -got.range->min == got.range->max;
      EXPECT_EQ(got.range->max, symmetric ? magnitude : sent->range->max);
      EXPECT_EQ(got.range->min, symmetric ? -magnitude : sent->range->min);
    }
  }
}

TEST(Tables, NamesWithoutAWord) {
  CalibrationTable table = anyTable(*std::make_unique<std::mt19937>(1), true);
  for (TableEntry &entry : table.entries)
    entry.name = "two words\n";
  for (llvm::StringRef format : {"tensorrt", "tensorrt-ranges", "tpumlir",
                                 "tpumlir-qtable", "ncnn", "tengine", "glow"}) {
    std::string text;
    llvm::raw_string_ostream os(text);
    llvm::Error error = findTableFormat(format)->write(table, os);
    EXPECT_TRUE(static_cast<bool>(error)) << format.str();
    EXPECT_NE(toString(std::move(error)).find("tensor 'two words"),
              std::string::npos);
  }
}

} // namespace
