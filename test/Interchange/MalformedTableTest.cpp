//===- MalformedTableTest.cpp - Files that are no tables --------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Interchange/TableFormats.h"
#include "gtest/gtest.h"
#include <map>

using namespace hwq::interchange;

namespace {

/// A file and what the error says, beginning with the line.
struct Malformed {
  std::string text, message;
};
using Corpus = std::vector<Malformed>;

Corpus operator+(Corpus a, const Corpus &b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// What no JSON format takes.
Corpus noJson() {
  return {
      {"", "line 1: no JSON"},
      {" \n ", "line 2: no JSON"},
      {"{", "line 1: no JSON"},
      {"}", "line 1: no JSON"},
      {"{\"a\": }", "line 1: no JSON"},
      {"{\"a\": 1,}", "line 1: no JSON"},
      {"{\"a\" 1}", "line 1: no JSON"},
      {"{a: 1}", "line 1: no JSON"},
      {"{'a': 1}", "line 1: no JSON"},
      {"{\n\"a\": tru\n}", "line 2: no JSON"},
      {"{\n\n\"a\": \"b\n\"}", "line 3: no JSON"},
      {"{\"a\": NaN}", "line 1: no JSON"},
      {"{\"a\": \"\\x\"}", "line 1: no JSON"},
      {"{\"a\": \"\xff\"}", "line 1: no JSON"},
      {"{\"a\": 1} {\"b\": 2}", "line 1: no JSON"},
      {"{\"a\": 1,\n \"a\": 2}", "line 2: tensor 'a': it is there twice"},
      {"{\"a\": " + std::string(100, '[') + std::string(100, ']') + "}",
       "line 1: expected values that are nested at most 64 deep"},
      {std::string(100000, '['),
       "line 1: expected values that are nested at most 64 deep"},
      {"{}", "line 1: expected "},
      {"[]", "line 1: expected "},
      {"null", "line 1: expected "},
      {"17", "line 1: expected "},
      {"\"text\"", "line 1: expected "},
  };
}

/// What no text format of rows takes; `row` begins a row.
Corpus noRows() {
  return {{"", "expected rows for tensors, got none"},
          {"\n\n \t\r\n", "expected rows for tensors, got none"},
          {"\xEF\xBB\xBF", "expected rows for tensors, got none"}};
}

Corpus encodings() {
  auto map = [](const std::string &row) {
    return "{\"activation_encodings\": {\n\"x\": " + row + "}}";
  };
  auto list = [](const std::string &row) {
    return "{\"activation_encodings\": [\n" + row + "]}";
  };
  auto onnx = [](const std::string &row) {
    return "{\"version\": \"2.0.0\", \"encodings\": [\n" + row + "]}";
  };
  return noJson() +
         Corpus{
             {"{\"version\": \"3.0\", \"activation_encodings\": {}}",
              "line 1: expected the version 0.x, 1.x or 2.x, got '3.0'"},
             {"{\"version\": 1, \"activation_encodings\": {}}",
              "line 1: expected the version"},
             {"{\"version\": \"1.0.0\"}", "line 1: expected 'activation_enc"},
             {"{\"activation_encodings\": {}}", "expected rows for tensors"},
             {"{\"activation_encodings\": 3}",
              "line 1: expected 'activation_encodings' to be an object"},
             {"{\"param_encodings\": \"x\"}",
              "line 1: expected 'param_encodings' to be an object"},
             {"{\"encodings\": {}}",
              "line 1: expected 'encodings' to be an array"},
             {map("3"), "line 2: tensor 'x': expected an array of encodings"},
             {map("[]"), "line 2: tensor 'x': expected an array of encodings"},
             {map("[1]"),
              "line 2: tensor 'x': expected an object per encoding"},
             {map("[{}]"), "line 2: tensor 'x': expected 'bitwidth'"},
             {map("[{\"bitwidth\": 8}]"),
              "line 2: tensor 'x': expected 'min' and 'max', or 'scale' and "
              "'offset'"},
             {map("[{\"bitwidth\": 8, \"min\": 1}]"),
              "line 2: tensor 'x': expected 'min' and 'max'"},
             {map("[{\"bitwidth\": 8, \"min\": 1, \"max\": 0}]"),
              "line 2: tensor 'x': expected a minimum not above the maximum, "
              "got 1 and 0"},
             {map("[{\"bitwidth\": 8, \"min\": \"a\", \"max\": 0}]"),
              "line 2: tensor 'x': expected 'min' to be a finite number, got "
              "\"a\""},
             {map("[{\"bitwidth\": 8, \"min\": -1e999, \"max\": 0}]"),
              "line 2: tensor 'x': expected 'min' to be a finite number"},
             {map("[{\"bitwidth\": 1, \"min\": 0, \"max\": 1}]"),
              "line 2: tensor 'x': expected 'bitwidth' in [2, 32], got 1"},
             {map("[{\"bitwidth\": 8, \"scale\": 1, \"offset\": "
                  "-9223372036854775808}]"),
              "line 2: tensor 'x': expected an offset of 32 bits"},
             {map("[{\"bitwidth\": 8.5, \"min\": 0, \"max\": 1}]"),
              "line 2: tensor 'x': expected 'bitwidth' to be a whole number"},
             {map("[{\"bitwidth\": 8, \"scale\": 0, \"offset\": 0}]"),
              "line 2: tensor 'x': expected a scale that is positive and "
              "finite in f32, got 0"},
             {map("[{\"bitwidth\": 8, \"scale\": -1, \"offset\": 0}]"),
              "line 2: tensor 'x': expected a scale that is positive"},
             {map("[{\"bitwidth\": 8, \"scale\": 1e300, \"offset\": 0}]"),
              "line 2: tensor 'x': expected a scale that is positive"},
             {map("[{\"bitwidth\": 8, \"scale\": 1, \"offset\": -256}]"),
              "line 2: tensor 'x': expected a zero point in [0, 255], got "
              "256"},
             {map("[{\"bitwidth\": 8, \"scale\": 1, \"offset\": 1.5}]"),
              "line 2: tensor 'x': expected 'offset' to be a whole number"},
             {map("[{\"bitwidth\": 8, \"min\": 0, \"max\": 1, \"dtype\": "
                  "\"bool\"}]"),
              "line 2: tensor 'x': expected 'dtype' to be int or float"},
             {map("[{\"bitwidth\": 8, \"min\": 0, \"max\": 1, "
                  "\"is_symmetric\": 3}]"),
              "line 2: tensor 'x': expected 'is_symmetric' to be true or "
              "false"},
             {map("[{\"bitwidth\": 8, \"min\": 0, \"max\": 1},\n{\"bitwidth\": "
                  "4, \"min\": 0, \"max\": 1}]"),
              "line 3: tensor 'x': expected one bitwidth for all channels"},
             {"{\"activation_encodings\": {\"\": [{\"bitwidth\": 8, \"min\": "
              "0, \"max\": 1}]}}",
              "line 1: expected the name of a tensor, got none"},
             {list("3"), "line 2: expected an encoding to be an object"},
             {list("{}"), "line 2: expected an encoding with 'name'"},
             {list("{\"name\": 3}"),
              "line 2: tensor '': expected 'name' to be a text, got 3"},
             {list("{\"name\": \"x\"}"), "line 2: tensor 'x': expected 'bw'"},
             {list("{\"name\": \"x\", \"bw\": 8}"),
              "line 2: tensor 'x': expected 'scale'"},
             {list("{\"name\": \"x\", \"bw\": 8, \"scale\": [1]}"),
              "line 2: tensor 'x': expected 'offset'"},
             {list("{\"name\": \"x\", \"bw\": 8, \"scale\": [1, 2], "
                   "\"offset\": [0]}"),
              "line 2: tensor 'x': expected as many zero points as scales (2), "
              "got 1"},
             {list("{\"name\": \"x\", \"bw\": 8, \"scale\": [], \"offset\": "
                   "[]}"),
              "line 2: tensor 'x': expected a scale, got none"},
             {list("{\"name\": \"x\", \"bw\": 8, \"scale\": [1], \"offset\": "
                   "[3]}"),
              "line 2: tensor 'x': expected an offset that is not positive, "
              "got 3"},
             {list("{\"name\": \"x\", \"enc_type\": \"PER_PLANET\"}"),
              "line 2: tensor 'x': expected 'enc_type' to be PER_TENSOR"},
             {list("{\"name\": \"x\", \"bw\": 8, \"scale\": [1], \"offset\": "
                   "[0]},\n{\"name\": \"x\", \"bw\": 8, \"scale\": [1], "
                   "\"offset\": [0]}"),
              "line 3: tensor 'x': it is there twice"},
             {onnx("{\"name\": \"x\"}"),
              "line 2: tensor 'x': expected 'output_dtype'"},
             {onnx("{\"name\": \"x\", \"output_dtype\": \"complex\"}"),
              "line 2: tensor 'x': expected 'output_dtype' like int8"},
             {onnx("{\"name\": \"x\", \"output_dtype\": \"int8\"}"),
              "line 2: tensor 'x': expected 'y_scale'"},
             {onnx("{\"name\": \"x\", \"output_dtype\": \"int99\", "
                   "\"y_scale\": 1}"),
              "line 2: tensor 'x': expected 2 to 32 bits, got 99"},
             {onnx("{\"name\": \"x\", \"output_dtype\": \"int8\", \"y_scale\": "
                   "[[1]]}"),
              "line 2: tensor 'x': expected a finite number, got [1]"},
             {onnx("{\"name\": \"x\", \"output_dtype\": \"int8\", \"y_scale\": "
                   "1, \"y_zero_point\": 128}"),
              "line 2: tensor 'x': expected a zero point in [-128, 127], got "
              "128"},
             {onnx("{\"name\": \"x\", \"output_dtype\": \"uint8\", "
                   "\"y_scale\": 1, \"y_zero_point\": -1}"),
              "line 2: tensor 'x': expected a zero point in [0, 255], got -1"},
         };
}

Corpus cache() {
  auto row = [](const std::string &value) {
    return "TRT-8601-EntropyCalibration2\nx: " + value + "\n";
  };
  Corpus corpus = noRows();
  for (const char *value : {"123456789", "0x3c010204", "3c01020g", "-1", "1.5",
                            "3c01 0204", "", "z", "+3c", "3c0102045", "inf",
                            "nan", "3c,01", "'3c'", "3c01;", "_", "3c01_0204"})
    corpus.push_back({row(value), "line 2: tensor 'x"});
  for (const char *value : {"0", "00000000", "80000000", "bc010204", "7f800000",
                            "ff800000", "7fc00000", "ffffffff"})
    corpus.push_back({row(value), "line 2: tensor 'x': expected a scale that "
                                  "is positive and finite in f32"});
  return corpus +
         Corpus{
             {"TRT-8601-EntropyCalibration2\n", "expected rows for tensors"},
             {"unknown header\n", "expected rows for tensors, got none"},
             {"TRT-8601-EntropyCalibration2\nx 3c010204\n",
              "line 2: expected 'tensor: scale', got 'x 3c010204'"},
             {"TRT-8601-EntropyCalibration2\nx: 3c010204\nx: 3c010204\n",
              "line 3: tensor 'x': it is there twice"},
             {"TRT-8601-EntropyCalibration2\n: 3c010204\n",
              "line 2: expected the name of a tensor, got none"},
             {"TRT-8601-EntropyCalibration2\nx: 3c010204\n\n\ny\n",
              "line 5: expected 'tensor: scale', got 'y'"},
         };
}

Corpus ranges() {
  Corpus corpus = noRows();
  for (const char *value :
       {"",      "a",   "1.5.5", "1,5",      "nan", "inf", "-inf",
        "1e999", "0x",  "1 2",   "--1",      "1e",  "e5",  "+-1",
        "1_000", "'1'", "1f",    "INFINITY", ".",   "-"})
    corpus.push_back({std::string("a: 1\nx: ") + value + "\n", "line 2: "});
  return corpus +
         Corpus{
             {"x: -1", "line 1: tensor 'x': expected a magnitude that is not "
                       "negative, got -1"},
             {"x", "line 1: expected 'tensor: magnitude', got 'x'"},
             {"x 1", "line 1: expected 'tensor: magnitude', got 'x 1'"},
             {": 1", "line 1: expected the name of a tensor, got none"},
             {"x: 1\nx: 1", "line 2: tensor 'x': it is there twice"},
             {"{", "line 1: no JSON"},
             {"{\"act_quant_info\": 3}",
              "line 1: expected 'act_quant_info' to be an object, got 3"},
             {"{\"act_quant_info\": {}}", "expected rows for tensors"},
             {"{\"act_quant_info\": {\"x\": -1}}",
              "line 1: tensor 'x': expected a magnitude"},
             {"{\"tensorrt\": {}}", "line 1: expected \"act_quant_info\""},
             {"{\"tensorrt\": {\"blob_range\":\n{\"x\": \"1\"}}}",
              "line 2: tensor 'x': expected 'x' to be a finite number"},
             {"{\"tensorrt\": {\"blob_range\":\n{\"x\": null}}}",
              "line 2: tensor 'x': expected 'x' to be a finite number"},
         };
}

Corpus amct() {
  auto row = [](const std::string &value) {
    return "record {\n  key: 'x'\n  value {\n" + value + "\n}\n}\n";
  };
  auto both = [&](const std::string &value) {
    return row("scale_d: 1 offset_d: 0 " + value);
  };
  return Corpus{
      {"", "expected rows for tensors, got none"},
      {" \n", "expected rows for tensors, got none"},
      {"# nothing\n", "expected rows for tensors, got none"},
      {"record", "line 1: no AMCT record"},
      {"record {", "line 1: no AMCT record"},
      {"record {\n", "line 2: no AMCT record"},
      {"}", "line 1: no AMCT record"},
      {"record { key: x }", "line 1: no AMCT record"},
      {"record { key: 3 }", "line 1: no AMCT record"},
      {"record { key: 'x }", "line 1: no AMCT record"},
      {"record { key: 'x' key: 'y' }", "line 1: no AMCT record"},
      {"record {\nvalue { scale_d: 1 offset_d: 0 } }",
       "line 1: expected a record with 'key'"},
      {"\nrecord { key: '' value { scale_d: 1 offset_d: 0 } }",
       "line 2: expected the name of a tensor, got none"},
      {row("scale_d: a"), "line 4: no AMCT record"},
      {row("scale_d: '1'"), "line 4: no AMCT record"},
      {row("scale_d"), "line 5: no AMCT record"},
      {row("offset_d: 1.5"), "line 4: no AMCT record"},
      {row("offset_d: 99999999999"), "line 4: no AMCT record"},
      {row("scale_d: 1 scale_d: 2"), "line 4: no AMCT record"},
      // The parser notices behind the word.
      {row("skip_fusion: maybe"), "line 5: no AMCT record"},
      {row("scale_d: 0"), "line 1: tensor 'x': expected a scale in [2^-23, "
                          "2^23], got 0"},
      {row("scale_d: -1"), "line 1: tensor 'x': expected a scale in"},
      {row("scale_d: inf"), "line 1: tensor 'x': expected a scale in"},
      {row("scale_d: nan"), "line 1: tensor 'x': expected a scale in"},
      {row("scale_d: 1e-20"), "line 1: tensor 'x': expected a scale in"},
      {row("scale_d: 1e20"), "line 1: tensor 'x': expected a scale in"},
      {row("offset_d: 3"),
       "line 1: tensor 'x': expected 'scale_d' beside 'offset_d'"},
      {row("scale_d: 1 offset_d: 128"), "line 1: tensor 'x': expected a zero "
                                        "point in [-128, 127], got 128"},
      {row("scale_d: 1 offset_d: -129"),
       "line 1: tensor 'x': expected a zero point in"},
      {both("act_type: 'FLOAT'"),
       "line 1: tensor 'x': expected a type like INT8, got 'FLOAT'"},
      {both("act_type: 'INT1'"), "line 1: tensor 'x': expected a type like"},
      {both("act_type: 'INT'"), "line 1: tensor 'x': expected a type like"},
      {both("scale_w: 1"), "line 1: tensor 'x': expected as many 'offset_w' as "
                           "'scale_w' (1), got 0"},
      {both("offset_w: 0"), "line 1: tensor 'x': expected as many 'offset_w'"},
      {both("scale_w: 1 scale_w: 2 offset_w: 0"),
       "line 1: tensor 'x': expected as many 'offset_w' as 'scale_w' (2)"},
      {both("scale_w: 1 offset_w: 1"),
       "line 1: tensor 'x': expected 'offset_w' to be 0, got 1"},
      {both("scale_w: 0 offset_w: 0"),
       "line 1: tensor 'x': expected a scale in"},
      {both("scale_w: 1 offset_w: 0 wts_type: 'X'"),
       "line 1: tensor 'x': expected a type like INT8, got 'X'"},
      {both("") + both(""), "line 7: tensor 'x': it is there twice"},
      {"record { value { unknown {" + std::string(200, '{'), "line 1: no AMCT"},
  };
}

Corpus vitis() {
  auto row = [](const std::string &value) {
    return "{\"output\": {\n\"x\": " + value + "}}";
  };
  return noJson() +
         Corpus{
             {"{\"param\": {}}", "line 1: expected 'output' or 'vitis'"},
             {"{\"output\": 3}", "line 1: expected 'output' to be an object"},
             {"{\"output\": {}}", "expected rows for tensors, got none"},
             {row("3"), "line 2: tensor 'x': expected an array of [bits, fix"},
             {row("{}"), "line 2: tensor 'x': expected an array of [bits, fix"},
             {row("[3]"), "line 2: tensor 'x': expected [bits, fix position]"},
             {row("[[8]]"), "line 2: tensor 'x': expected [bits, fix"},
             {row("[[8, 4, 1]]"), "line 2: tensor 'x': expected [bits, fix"},
             {row("[[\"8\", 4]]"), "line 2: tensor 'x': expected a whole"},
             {row("[[8, 4.5]]"), "line 2: tensor 'x': expected a whole number, "
                                 "got 4.5"},
             {row("[[1, 4]]"), "line 2: tensor 'x': expected 2 to 32 bits"},
             {row("[[8, 97]]"), "line 2: tensor 'x': expected a fix position "
                                "in [-96, 96], got 97"},
             {row("[[8, null]]"), "expected rows for tensors, got none"},
             {"{\"vitis\": 3}", "line 1: expected 'vitis' to be an object"},
             {"{\"vitis\": {\"x\": 3}}",
              "line 1: tensor 'x': expected 'scale'"},
             {"{\"vitis\": {\"x\": {\"scale\": \"1\"}}}",
              "line 1: tensor 'x': expected 'scale' to be a finite number"},
             {"{\"vitis\": {\"x\": {\"scale\": 0.3}}}",
              "line 1: tensor 'x': expected a scale that is a power of two, "
              "got 0.3"},
             {"{\"vitis\": {\"x\": {\"scale\": 0}}}",
              "line 1: tensor 'x': expected a scale that is a power of two"},
             {"{\"vitis\": {\"x\": {\"scale\": -0.5}}}",
              "line 1: tensor 'x': expected a scale that is a power of two"},
         };
}

Corpus tpumlir() {
  Corpus corpus = noRows();
  for (const char *row :
       {"x", "x 1", "x 1 -1", "x 1 -1 1 1", "1 2 3", "x,1,-1,1"})
    corpus.push_back({row, "line 1: expected a tensor's name, threshold, "
                           "minimum and maximum, got '"});
  for (const char *word : {"a", "nan", "-nan", "1e", "0x", "1,5", "--1", "1_0",
                           "'1'", "1.2.3", "1f"}) {
    corpus.push_back({std::string("# header\nx 1 -1 ") + word,
                      "line 2: tensor 'x': expected a number, got '"});
    corpus.push_back({std::string("x ") + word + " -1 1",
                      "line 1: tensor 'x': expected a number, got '"});
  }
  return corpus +
         Corpus{
             {"# nothing", "expected rows for tensors, got none"},
             {"x 1 2 1", "line 1: tensor 'x': expected a minimum not above the "
                         "maximum, got 2 and 1"},
             {"x -1 -1 1", "line 1: tensor 'x': expected a finite threshold "
                           "that is not negative, got -1"},
             {"x 1 -1 1\nx 1 -1 1", "line 2: tensor 'x': it is there twice"},
             {"#weight_scale\nx 1 1\n", "expected rows for tensors, got none"},
         };
}

Corpus modes() {
  Corpus corpus = noRows();
  for (const char *row : {"x", "x INT8 F32", "x,INT8", "x = INT8 ;"})
    corpus.push_back(
        {row, "line 1: expected an op's name and its mode, got '"});
  for (const char *mode :
       {"INT",  "INT4",  "INT16", "8",    "int 8x", "F64",
        "F",    "float", "FP32",  "fp16", "half",   "none",
        "null", "-",     "INT-8", "I8",   "s8",     "u8",
        "bf17", "W8",    "W8F32", "uint", "auto",   "quantized"})
    if (!llvm::StringRef(mode).contains(' '))
      corpus.push_back({std::string("# op_name quantize_mode\nx ") + mode,
                        "line 2: tensor 'x': expected a mode like INT8"});
  return corpus +
         Corpus{{"# nothing", "expected rows for tensors, got none"},
                {"x INT8\nx F32", "line 2: tensor 'x': it is there twice"}};
}

Corpus glow() {
  auto row = [](const std::string &value) {
    return "---\n- NodeOutputName: x\n" + value + "...\n";
  };
  auto range = [&](const std::string &min, const std::string &max) {
    return row("  Min: " + min + "\n  Max: " + max + "\n");
  };
  return Corpus{
      {"", "expected rows for tensors, got none"},
      {"---\n...\n", "expected rows for tensors, got none"},
      {"---\nGlowToolsVersion: x\n...\n", "expected rows for tensors"},
      {"---\n[]\n...\n", "expected rows for tensors, got none"},
      {"- 3\n", "line 1: expected a mapping with NodeOutputName"},
      {"- [1, 2]\n", "line 1: expected a mapping with NodeOutputName"},
      {"- Min: 0\n  Max: 1\n", "line 1: expected 'NodeOutputName'"},
      {"---\n- NodeOutputName: ''\n  Min: 0\n  Max: 1\n",
       "expected the name of a tensor, got none"},
      {row(""), "line 2: tensor 'x': expected 'Min' and 'Max', or 'Scale' and "
                "'Offset'"},
      {row("  Min: 0\n"), "line 2: tensor 'x': expected 'Min' and 'Max'"},
      {row("  Scale: 0\n"), "line 2: tensor 'x': expected 'Min' and 'Max'"},
      {range("a", "1"), "line 2: tensor 'x': expected a number, got 'a'"},
      {range("0", "[1]"), "line 2: tensor 'x': expected 'Min' and 'Max'"},
      {range("nan", "1"), "line 2: tensor 'x': expected a number, got 'nan'"},
      {range("0", ".inf"), "line 2: tensor 'x': expected a number"},
      {range("0", "inf"), "line 2: tensor 'x': expected a number, got 'inf'"},
      {range("0", "1e999"), "line 2: tensor 'x': expected a number"},
      {range("0", "1 2"), "line 2: tensor 'x': expected a number"},
      {range("0", "''"), "line 2: tensor 'x': expected a number"},
      {range("2", "1"), "line 2: tensor 'x': expected a minimum not above the "
                        "maximum, got 2 and 1"},
      {row("  Min: 0\n  Min: 0\n  Max: 1\n"), "line 2: 'Min' is there twice"},
      {row("  Scale: 1\n  Offset: 0.5\n"),
       "line 2: tensor 'x': expected 'Offset' to be a whole number in"},
      {row("  Scale: 1\n  Offset: 128\n"), "line 2: tensor 'x': expected a "
                                           "zero point in [-128, 127], got "
                                           "128"},
      {row("  Scale: 1\n  Offset: -500\n"),
       "line 2: tensor 'x': expected 'Offset' to be a whole number in"},
      {row("  Scale: 0\n  Offset: 0\n"),
       "line 2: tensor 'x': expected a scale that is positive"},
      {row("  Scale: -1\n  Offset: 0\n"),
       "line 2: tensor 'x': expected a scale that is positive"},
      {"- NodeOutputName: 'x\n", "no YAML"},
      {"- {NodeOutputName: x", "line 1: tensor 'x': expected 'Min' and 'Max'"},
      {"- {NodeOutputName: x, Min: 0, Max: 1", "no YAML"},
      {"- NodeOutputName: [x\n", "no YAML"},
      {"- NodeOutputName: \"\\q\"\n  Min: 0\n  Max: 1\n", "no YAML"},
      {"- NodeOutputName: x\n  Min: 0\n  Max: 1\n- NodeOutputName: x\n  Min: "
       "0\n  Max: 1\n",
       "line 4: tensor 'x': it is there twice"},
      {std::string(40, '['), "line 1: expected values that are nested"},
      {std::string(100, ' ') + "x", "line 1: expected values that are nested"},
      {"x: " + std::string(40, '{'), "line 1: expected values that are nested"},
      {"- - - - - - - - - - - - - - - - - - - - x", "line 1: expected values"},
  };
}

Corpus ncnn() {
  Corpus corpus = noRows();
  for (const char *word : {"a", "nan", "inf", "-inf", "1e999", "1e", "0x",
                           "1,5", "--1", "1_0", "'1'", "1.2.3", "1f"}) {
    corpus.push_back({std::string("# header\nx ") + word,
                      "line 2: tensor 'x': expected a number, got '"});
    corpus.push_back({std::string("x_param_0 1 ") + word,
                      "line 1: tensor 'x': expected a number, got '"});
  }
  return corpus +
         Corpus{
             {"# nothing", "expected rows for tensors, got none"},
             {"x", "line 1: tensor 'x': expected scales, got none"},
             {"x_param_0", "line 1: tensor 'x': expected scales, got none"},
             {"x 0", "line 1: tensor 'x': expected a scale that is positive"},
             {"x -1", "line 1: tensor 'x': expected a scale that is positive"},
             {"x_param_0 1 -1", "line 1: tensor 'x': expected a scale that is "
                                "positive, got '-1'"},
             {"x 1 2", "line 1: tensor 'x': expected one scale for the input, "
                       "got 2"},
             {"_param_0 1", "line 1: expected the name of a tensor, got none"},
             {"x 1\nx 1", "line 2: tensor 'x': it is there twice"},
             {"x 1e-320", "line 1: tensor 'x': expected a finite range"},
         };
}

Corpus tengine() {
  Corpus corpus = noRows();
  for (const char *row : {"x", "x 1", "x 1 0 0", "1 0", "x,1,0"})
    corpus.push_back(
        {row, "line 1: expected a tensor's name, scale and zero point, got '"});
  for (const char *word :
       {"a", "nan", "inf", "1e999", "1e", "0x", "1,5", "--1", "'1'", "1.2.3"})
    corpus.push_back({std::string("a 1 0\nx ") + word + " 0",
                      "line 2: tensor 'x': expected a number, got '"});
  for (const char *word :
       {"a", "1.5", "1e2", "0x1", "--1", "99999999999999999999", "1_0"})
    corpus.push_back({std::string("x 1 ") + word,
                      "line 1: tensor 'x': expected a whole number, got '"});
  return corpus +
         Corpus{
             {"x 0 0", "line 1: tensor 'x': expected a scale that is positive"},
             {"x -1 0", "line 1: tensor 'x': expected a scale that is"},
             {"x 1e300 0", "line 1: tensor 'x': expected a scale that is"},
             {"x 1e-300 0", "line 1: tensor 'x': expected a scale that is"},
             {"x 1 256", "line 1: tensor 'x': expected a zero point in [0, "
                         "255], got 256"},
             {"x 1 -1", "line 1: tensor 'x': expected a zero point in [0, "
                        "255], got -1"},
             {"x 1 0\nx 1 0", "line 2: tensor 'x': it is there twice"},
         };
}

Corpus ppl() {
  auto row = [](const std::string &value) {
    return "{\"ppl\": {\n\"x\": " + value + "}}";
  };
  auto all = [&](const std::string &step, const std::string &zeroPoint,
                 const std::string &min, const std::string &max,
                 const std::string &more = "") {
    return row("{\"step\": " + step + ", \"zero_point\": " + zeroPoint +
               ", \"min\": " + min + ", \"max\": " + max + more + "}");
  };
  Corpus corpus = noJson();
  // An empty object is an empty table.
  llvm::erase_if(corpus, [](const Malformed &m) {
    return m.text == "{}" || m.text == "{\"a\": 1,\n \"a\": 2}";
  });
  return corpus +
         Corpus{
             {"{}", "expected rows for tensors, got none"},
             {"{\"ppl\": 3}", "line 1: expected the table to be an object"},
             {row("3"), "line 2: tensor 'x': expected an object"},
             {row("{}"), "line 2: tensor 'x': expected 'step'"},
             {row("{\"step\": 1}"), "line 2: tensor 'x': expected 'zero_point"},
             {row("{\"step\": 1, \"zero_point\": 0}"),
              "line 2: tensor 'x': expected 'min'"},
             {row("{\"step\": 1, \"zero_point\": 0, \"min\": 0}"),
              "line 2: tensor 'x': expected 'max'"},
             {all("\"1\"", "0", "0", "1"), "line 2: tensor 'x': expected "
                                           "'step' to be a finite number"},
             {all("[1, 1]", "0", "0", "1"), "line 2: tensor 'x': expected as "
                                            "many 'zero_point'"},
             {all("[]", "[]", "[]", "[]"), "line 2: tensor 'x': expected as "
                                           "many 'zero_point'"},
             {all("1", "0.5", "-128", "127"),
              "line 2: tensor 'x': expected 'zero_point' to be a whole"},
             {all("1", "1e30", "-128", "127"),
              "line 2: tensor 'x': expected 'zero_point' to be a whole"},
             {all("0", "0", "0", "1"), "line 2: tensor 'x': expected a scale "
                                       "that is positive"},
             {all("-1", "0", "0", "1"), "line 2: tensor 'x': expected a scale"},
             {all("1", "300", "-300", "1"),
              "line 2: tensor 'x': expected a zero point in [0, 255], got 300"},
             {all("1", "0", "2", "1"), "line 2: tensor 'x': expected a minimum "
                                       "not above the maximum, got 2 and 1"},
             {all("1", "0", "0", "1", ", \"bit\": 1"),
              "line 2: tensor 'x': expected 'bit' in [2, 32], got 1"},
             {all("1", "0", "0", "1", ", \"bit\": \"8\""),
              "line 2: tensor 'x': expected 'bit' to be a whole number"},
         };
}

Corpus nnie() {
  auto row = [](const std::string &value) {
    return "{\"nnie\": {\"gfpq_param_dict\": {\n\"x\": " + value + "}}}";
  };
  return noJson() +
         Corpus{
             {"{\"nnie\": {}}", "line 1: expected 'gfpq_param_dict'"},
             {"{\"gfpq_param_dict\": 3}",
              "line 1: expected 'gfpq_param_dict' to be an object, got 3"},
             {"{\"gfpq_param_dict\": {}}", "expected rows for tensors"},
             {row("3"), "line 2: tensor 'x': expected an array with the "
                        "magnitude of each input"},
             {row("{}"), "line 2: tensor 'x': expected an array"},
             {row("[]"), "expected rows for tensors, got none"},
             {row("[\"1\"]"), "line 2: tensor 'x': expected a finite number"},
             {row("[-1]"), "line 2: tensor 'x': expected a magnitude that is "
                           "not negative, got -1"},
             {row("[1, null]"), "line 2: tensor 'x': expected a finite number"},
             {row("[1e999]"), "line 2: tensor 'x': expected a finite number"},
             {"{\"gfpq_param_dict\": {\"\": [1]}}",
              "line 1: expected the name of a tensor, got none"},
         };
}

Corpus json() {
  auto row = [](const std::string &value) {
    return "{\"tensors\": [\n" + value + "]}";
  };
  auto more = [&](const std::string &value) {
    return row("{\"name\": \"x\", " + value + "}");
  };
  return noJson() +
         Corpus{
             {"{\"tensors\": {}}", "line 1: expected 'tensors' to be an array"},
             {"{\"tensors\": []}", "expected rows for tensors, got none"},
             {row("3"), "line 2: expected a tensor to be an object, got 3"},
             {row("{}"), "line 2: expected a tensor with 'name'"},
             {row("{\"name\": 3}"), "line 2: tensor '': expected 'name' to be "
                                    "a text, got 3"},
             {row("{\"name\": \"\"}"), "line 2: expected the name of a tensor"},
             {more("\"kind\": \"cat\""), "line 2: tensor 'x': expected 'kind'"},
             {more("\"kind\": 3"), "line 2: tensor 'x': expected 'kind' to be "
                                   "a text"},
             {more("\"operand\": -1"), "line 2: tensor 'x': expected 'operand' "
                                       "in [0, 1024]"},
             {more("\"range\": [1]"), "line 2: tensor 'x': expected 'range' to "
                                      "be two numbers"},
             {more("\"range\": [2, 1]"), "line 2: tensor 'x': expected a "
                                         "minimum not above the maximum"},
             {more("\"range\": [\"a\", 1]"), "line 2: tensor 'x': expected a "
                                             "finite number, got \"a\""},
             {more("\"threshold\": -1"), "line 2: tensor 'x': expected a "
                                         "finite threshold"},
             {more("\"float\": 3"), "line 2: tensor 'x': expected 'float' to "
                                    "be true or false"},
             {more("\"signed\": \"yes\""), "line 2: tensor 'x': expected "
                                           "'signed' to be true or false"},
             {more("\"bits\": 33"), "line 2: tensor 'x': expected 'bits' in"},
             {more("\"zero_point\": 3"), "line 2: tensor 'x': expected 'scale' "
                                         "beside 'zero_point'"},
             {more("\"scale\": 0, \"zero_point\": 3"),
              "line 2: tensor 'x': expected a scale that is positive"},
             {more("\"scale\": 1"), "line 2: tensor 'x': expected as many zero "
                                    "points as scales (1), got 0"},
             {row("{\"name\": \"x\"},\n{\"name\": \"x\"}"),
              "line 3: tensor 'x': it is there twice"},
         };
}

/// Behind the XML, a NUL and two limits, -1 and 0.9921875.
std::string openVinoFile(const std::string &xml) {
  return xml + std::string("\0\0\0\x80\xbf\0\0\x7e\x3f", 9);
}

Corpus openVino() {
  auto layer = [](int id, const std::string &rest) {
    return "<layer id=\"" + std::to_string(id) + "\" " + rest + "</layer>\n";
  };
  auto constant = [&](int id, const std::string &data) {
    return layer(id, "type=\"Const\"><data " + data +
                         "/><output><port id=\"0\"/></output>");
  };
  const std::string limit = "element_type=\"f32\" offset=\"0\" size=\"4\"",
                    other = "element_type=\"f32\" offset=\"4\" size=\"4\"",
                    ports = "<input><port id=\"0\"/><port id=\"1\"/><port "
                            "id=\"2\"/><port id=\"3\"/><port id=\"4\"/>"
                            "</input>",
                    levels = "<data levels=\"256\"/>";
  auto edge = [](int from, int to, int port) {
    return "<edge from-layer=\"" + std::to_string(from) +
           "\" from-port=\"0\" to-layer=\"" + std::to_string(to) +
           "\" to-port=\"" + std::to_string(port) + "\"/>\n";
  };
  const std::string edges = edge(0, 3, 0) + edge(1, 3, 1) + edge(2, 3, 2) +
                            edge(1, 3, 3) + edge(2, 3, 4);
  // Lines: the net 1, x 2, constants 3 and 4, the quantizer 5, edges from 6.
  auto file = [&](const std::string &low, const std::string &high,
                  const std::string &quantizer, const std::string &links,
                  const std::string &x = "type=\"Parameter\"><output><port "
                                         "id=\"0\" names=\"x\"/></output>") {
    return openVinoFile("<net><layers>\n" + layer(0, x) + constant(1, low) +
                        constant(2, high) +
                        layer(3, "type=\"FakeQuantize\">" + quantizer) +
                        "</layers><edges>" + links + "</edges></net>");
  };
  auto constants = [&](const std::string &low, const std::string &high) {
    return file(low, high, levels + ports, edges);
  };
  auto quantizer = [&](const std::string &text) {
    return file(limit, other, text, edges);
  };
  auto links = [&](const std::string &text) {
    return file(limit, other, levels + ports, text);
  };
  return {
      {"", "line 1: no XML"},
      {" ", "line 1: no XML"},
      {"TRT-1\nx: 3c010204\n", "line 1: no XML: Start tag expected"},
      {"<net", "line 1: no XML"},
      {"<net><layers></net>", "line 1: no XML: "},
      {"<net>\n<layers>\n", "line 3: no XML"},
      {"<net>&what;</net>", "line 1: no XML: Entity 'what' not defined"},
      {"<net a=1/>", "line 1: no XML"},
      {"<net/><net/>", "line 1: no XML"},
      {"<net>\xff</net>", "line 1: no XML"},
      {"<net>\x01</net>", "line 1: no XML"},
      {"<!DOCTYPE net [<!ENTITY a \"b\">]><net>&a;</net>",
       "line 1: expected XML without a document type"},
      {"<!DOCTYPE net SYSTEM \"/etc/passwd\"><net/>",
       "line 1: expected XML without a document type"},
      {"<model/>", "line 1: expected the element 'net'"},
      {"<net/>", "line 1: expected a 'net' with 'layers' and 'edges'"},
      {"<net><layers/></net>",
       "line 1: expected a 'net' with 'layers' and 'edges'"},
      {"<net><layers/><edges/></net>", "expected rows for tensors, got none"},
      {"<net><layers>\n<layer/></layers><edges/></net>",
       "line 2: expected a whole number in 'id' of 'layer'"},
      {"<net><layers>\n<layer id=\"-1\"/></layers><edges/></net>",
       "line 2: expected a whole number in 'id' of 'layer'"},
      {"<net><layers><layer id=\"1\"/>\n<layer id=\"1\"/></layers><edges/>"
       "</net>",
       "line 2: layer 1 is there twice"},
      {"<net><layers/><edges>\n<edge from-layer=\"0\"/></edges></net>",
       "line 2: expected a whole number in 'from-port' of 'edge'"},
      {"<net><layers/><edges>" + edge(0, 1, 0) + "</edges></net>",
       "line 1: the edge from 0 to 1 is of a layer that is not there"},
      {links(""), "line 5: input 0 of the layer has no edge"},
      {links(edge(0, 3, 0)), "line 5: input 1 of the layer has no edge"},
      {links(edge(0, 3, 0) + edge(0, 3, 1) + edge(2, 3, 2) + edge(1, 3, 3) +
             edge(2, 3, 4)),
       "line 5: tensor 'x': expected limits that are constants"},
      {quantizer(ports), "line 5: tensor 'x': expected 'data' with 'levels'"},
      {quantizer(levels), "line 5: expected an input 0 of the layer"},
      {quantizer("<data/>" + ports),
       "line 5: expected a whole number in 'levels' of 'data'"},
      {quantizer("<data levels=\"1\"/>" + ports),
       "line 5: tensor 'x': expected 2 to 65536 levels, got 1"},
      {quantizer("<data levels=\"1e9\"/>" + ports),
       "line 5: expected a whole number in 'levels' of 'data'"},
      {quantizer("<data levels=\"256\"/><input><port/></input>"),
       "line 5: expected a whole number in 'id' of 'port'"},
      {constants("", other), "line 3: expected a whole number in 'offset'"},
      {constants("element_type=\"f32\" offset=\"0\"", other),
       "line 3: expected a whole number in 'size' of 'data'"},
      {constants("offset=\"0\" size=\"4\"", other),
       "line 3: tensor 'x': expected limits of f32 or f16, got ''"},
      {constants("element_type=\"i8\" offset=\"0\" size=\"4\"", other),
       "line 3: tensor 'x': expected limits of f32 or f16, got 'i8'"},
      {constants("element_type=\"f32\" offset=\"0\" size=\"0\"", other),
       "line 3: tensor 'x': expected a whole number of elements, got 0 bytes"},
      {constants("element_type=\"f32\" offset=\"0\" size=\"6\"", other),
       "line 3: tensor 'x': expected a whole number of elements, got 6 bytes"},
      {constants("element_type=\"f32\" offset=\"8\" size=\"4\"", other),
       "line 3: tensor 'x': expected bytes 8 to 12 in the file of constants, "
       "which has 8"},
      {constants("element_type=\"f32\" offset=\"18446744073709551612\" "
                 "size=\"8\"",
                 other),
       "line 3: tensor 'x': expected bytes 18446744073709551612 to 4 in the "
       "file of constants"},
      {constants(other, limit),
       "line 5: tensor 'x': expected a lower limit below the upper one, both "
       "finite, got 0.9921875 and -1"},
      {constants("element_type=\"f16\" offset=\"0\" size=\"8\"",
                 "element_type=\"f32\" offset=\"0\" size=\"8\""),
       "line 5: tensor 'x': expected 4 limits, got 2"},
      {file(limit, other, levels + ports, edges, "type=\"Parameter\">"),
       "line 5: expected the name of a tensor, got none"},
  };
}

const std::map<std::string, Corpus> &corpora() {
  static const std::map<std::string, Corpus> all = {
      {"tensorrt", cache()},
      {"tensorrt-ranges", ranges()},
      {"encodings-0.6.1", encodings()},
      {"encodings-1.0.0", encodings()},
      {"encodings-2.0.0", encodings()},
      {"amct", amct()},
      {"vitis", vitis()},
      {"tpumlir", tpumlir()},
      {"tpumlir-qtable", modes()},
      {"glow", glow()},
      {"ncnn", ncnn()},
      {"tengine", tengine()},
      {"ppl", ppl()},
      {"ppl-cuda", ranges()},
      {"nnie", nnie()},
      {"openvino", openVino()},
      {"json", json()},
  };
  return all;
}

TEST(MalformedTables, ThirtyOfEveryFormat) {
  for (const TableFormat &format : getTableFormats()) {
    auto it = corpora().find(format.name.str());
    ASSERT_NE(it, corpora().end()) << format.name.str();
    EXPECT_GE(it->second.size(), 30u) << format.name.str();
  }
  EXPECT_EQ(corpora().size(), getTableFormats().size());
}

TEST(MalformedTables, OneClearErrorEach) {
  for (const auto &[name, corpus] : corpora())
    for (const Malformed &file : corpus) {
      SCOPED_TRACE(name + ": " + file.text.substr(0, 200));
      llvm::Expected<CalibrationTable> table = readTable(file.text, name);
      ASSERT_FALSE(static_cast<bool>(table));
      std::string message = toString(table.takeError());
      EXPECT_NE(message.find(file.message), std::string::npos)
          << "expected: " << file.message << "\ngot:      " << message;
      EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    }
}

TEST(MalformedTables, UnknownFormat) {
  llvm::Expected<CalibrationTable> table = readTable("x: 1", "csv");
  ASSERT_FALSE(static_cast<bool>(table));
  EXPECT_EQ(toString(table.takeError()),
            "unknown table format 'csv', expected one of: " +
                tableFormatNames());
}

} // namespace
