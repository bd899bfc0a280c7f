//===- BackendFields.cpp - The field table of descriptors -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Dialect/QuantHW/IR/Backend.h"

using namespace mlir;
using namespace hwq;

//===----------------------------------------------------------------------===//
// Legal values
//===----------------------------------------------------------------------===//

using Names = std::vector<std::string>;

/// The names of an enum of Numerics, `first` before them.
template <typename E> static Names names(Names first = {}) {
  for (E value : numerics::allValues<E>())
    first.emplace_back(numerics::stringify(value));
  return first;
}

/// Kinds of ops that a descriptor can name.
static Names opKinds() {
  return {"conv2d",
          "fully_connected",
          "add",
          "avg_pool2d",
          "max_pool2d",
          "concat",
          "clamp",
          "movement",
          "transpose_conv2d",
          "matmul",
          "sub",
          "mul",
          "mean",
          "resize",
          "unary",
          "prelu",
          "sigmoid",
          "tanh",
          "softmax"};
}

// The enums of Backend.h, in the order of their values.

static Names scaleForms() { return {"real", "power_of_two", "coupled"}; }

static Names graphPolicies() {
  return {"total", "g1",     "g1_amct",       "g2_prime", "g2_paper",
          "g3",    "g3_tvm", "tfl",           "vitis",    "g_ov",
          "nnpi",  "sophgo", "sophgo_compat", "all_ops"};
}

/// The kinds of schemes, with each format of float in place of that.
static Names schemeNames() {
  Names names;
  for (numerics::SchemeKind kind : numerics::allValues<numerics::SchemeKind>())
    if (kind != numerics::SchemeKind::Float)
      names.push_back(std::string(numerics::stringify(kind)));
  for (numerics::FloatFormat format :
       numerics::allValues<numerics::FloatFormat>())
    names.push_back(std::string(numerics::stringify(format)));
  return names;
}

static Names signednesses() { return {"range", "producer", "always"}; }

static Names fixedOutputs() { return {"none", "per_256", "per_255"}; }

static Names softmaxKinds() { return {"none", "real"}; }

static Names finalForms() { return {"target", "step0", "step4"}; }

StringRef hwq::stringify(GraphPolicy policy) {
  return findBackendField("graph_policy")->values[static_cast<size_t>(policy)];
}

StringRef hwq::stringify(ScaleForm form) {
  return findBackendField("scale_form")->values[static_cast<size_t>(form)];
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

static BackendField required(std::string key, FieldKind kind, Names values,
                             std::string doc) {
  return {std::move(key), kind, std::move(values), "", true, std::move(doc)};
}

static BackendField optional(std::string key, FieldKind kind, Names values,
                             std::string defaultValue, std::string doc) {
  return {std::move(key),          kind,  std::move(values),
          std::move(defaultValue), false, std::move(doc)};
}

ArrayRef<BackendField> hwq::getSchemeFields() {
  using K = FieldKind;
  static const std::vector<BackendField> fields = {
      required("storage", K::Identifier, names<numerics::Storage>(),
               "integer type"),
      required("symmetry", K::Identifier, names<numerics::Symmetry>(),
               "where the zero point may lie"),
      optional("unsigned_storage", K::Identifier,
               names<numerics::Storage>({"same"}), "same",
               "integer type of tensors without negative values"),
      optional("bits", K::Integer, {}, "8",
               "width of the grid, 2 up to that of the storage"),
      optional("narrow", K::Boolean, {}, "false", "leave the lowest code out"),
      optional("granularity", K::Identifier, names<numerics::Granularity>(),
               "per_tensor", "one scale per tensor or per channel"),
  };
  return fields;
}

ArrayRef<BackendField> hwq::getBackendFields() {
  using K = FieldKind;
  static const std::vector<BackendField> fields = {
      required("vendor", K::Text, {}, "who makes the hardware or its compiler"),
      required("hardware", K::Text, {}, "kind of hardware"),

      required("activations", K::Scheme, {}, "scheme of activations"),
      required("weights", K::Scheme, {}, "scheme of weights"),
      optional("fully_connected_granularity", K::Identifier,
               names<numerics::Granularity>({"same"}), "same",
               "granularity of fully connected weights, where it differs"),
      optional("signedness", K::Identifier, signednesses(), "range",
               "when unsigned_symmetric activations are unsigned: no negative "
               "values in their range; made by a relu, also through pools; "
               "always"),
      optional(
          "fixed_outputs", K::Identifier, fixedOutputs(), "none",
          "outputs whose parameters do not follow from a range; per_256: "
          "sigmoid and softmax 1/256 from the lowest code, tanh 1/128 from "
          "the middle; per_255: sigmoid and softmax 1/255"),
      optional(
          "first_last_bits", K::Integer, {}, "0",
          "width of the first and the last layer's grids; 0 as the others"),
      optional("scale_form", K::Identifier, scaleForms(), "real",
               "what a scale may be; coupled: the weights' follow from the "
               "multiplier"),
      optional("scale_precision", K::Identifier, {"f64", "f32"}, "f64",
               "precision in which files and engine hold the scales"),
      required("activation_rule", K::Identifier,
               names<numerics::DerivationRule>(),
               "scale and zero point of an activation from its range"),
      required("weight_rule", K::Identifier, names<numerics::DerivationRule>(),
               "scale and zero point of weights from their range"),
      required("quantize_form", K::Identifier, names<numerics::QuantizeForm>(),
               "float to integer"),
      optional("weight_quantize_form", K::Identifier,
               names<numerics::QuantizeForm>({"same"}), "same",
               "float to integer for weights, where it differs"),

      required("requantize_kernel", K::Identifier,
               names<numerics::RequantizeKernel>(),
               "accumulator to output integer"),
      optional("fully_connected_kernel", K::Identifier,
               names<numerics::RequantizeKernel>({"same"}), "same",
               "the kernel of fully connected layers, where it differs"),
      optional("matmul_kernel", K::Identifier,
               names<numerics::RequantizeKernel>({"same"}), "same",
               "the kernel of products of activations, where it is not that of "
               "fully connected layers"),
      optional("transpose_conv_kernel", K::Identifier,
               names<numerics::RequantizeKernel>({"same"}), "same",
               "the kernel of transposed convolutions, where it is not that of "
               "convolutions"),
      optional("multiplier_rule", K::Identifier,
               names<numerics::MultiplierRule>({"of_kernel"}), "of_kernel",
               "multiplier and shift from a scale, where the kernel has "
               "several ways"),
      optional("scale_product", K::Identifier, names<numerics::ScaleProduct>(),
               "f64",
               "precision of the product of input and weight scale, before it "
               "is divided by the output's"),
      optional("shift_range", K::IntegerPair, {}, "[0, 62]",
               "right shifts that the kernel can do"),
      optional("dequant_precision", K::Identifier,
               names<numerics::DequantPrecision>(), "requant",
               "how the kernel r9 dequantizes"),
      optional("bias", K::Identifier, names<numerics::BiasForm>(), "i32",
               "form of the bias"),
      optional("bias_rounding", K::Identifier, {"rha", "rne"}, "rha",
               "rounding of an integer bias"),
      optional("accumulator_bits", K::Integer, {}, "32",
               "width of accumulators"),
      optional("accumulator_overflow", K::Identifier, {"wraps", "saturates"},
               "wraps",
               "beyond that width; where sums saturate, partial sums must fit "
               "too, in any order"),
      optional("add_bits", K::Integer, {}, "32",
               "width in which an addition adds its operands' terms"),
      optional("pair_bits", K::Integer, {}, "0",
               "some of the machines add two products in so many bits, "
               "saturating; 0: none does"),
      optional("accumulator_mode", K::Identifier,
               names<numerics::AccumulatorMode>(), "exact",
               "how products are added up"),

      optional(
          "activation_scheme", K::Identifier, schemeNames(), "affine",
          "activations that no scale and zero point describes (the program "
          "ends at step 0)"),
      optional("weight_scheme", K::Identifier, schemeNames(), "affine",
               "weights that no scale and zero point describes"),
      optional("exponents", K::Identifier, {"tensor", "network"}, "tensor",
               "fixed-point exponents: of each tensor (or channel), or one"),
      optional("block_size", K::Integer, {}, "32",
               "neighbours that share an exponent in block_fixed_point"),
      // PACT's clipping value is learned.
      optional("weight_transform", K::Identifier, {"none", "dorefa", "wrpn"},
               "none", "what is done to weights before they are quantized"),
      optional("weight_method", K::Identifier, {"min-max", "mse", "arq"},
               "min-max",
               "range of a channel's weights: all of them, the least squared "
               "error with clipped ends (1, 0.99, ... 0.2 of the range), or "
               "Ascend's rule"),
      required("graph_policy", K::Identifier, graphPolicies(),
               "which tensors get parameters"),
      optional("fold_batch_norm", K::Boolean, {}, "true",
               "batch normalization becomes part of the convolution before it"),
      optional("fuse_clamp", K::Boolean, {}, "true",
               "relu and clamp become part of the op before them"),
      optional("relu_limit", K::Identifier, {"clamp", "grid"}, "clamp",
               "the upper bound of a relu that is part of the op before it: a "
               "clamp, or what the range made the end of the grid"),
      optional("fuse_residual", K::Boolean, {}, "false",
               "an addition becomes part of the convolution before it"),
      optional("keep_parameters", K::List, opKinds(), "[]",
               "ops whose result keeps the parameters of the operand"),
      optional("align_operands", K::List, opKinds(), "[]",
               "ops whose operands get the parameters of the result"),
      optional("stays_float", K::List, opKinds(), "[]",
               "ops that are never computed in integers"),

      optional("add", K::Identifier, names<numerics::AddVariant>(), "tflite",
               "integer addition"),
      optional("mul", K::Identifier, names<numerics::MulVariant>({"none"}),
               "none", "integer multiplication"),
      optional("avg_pool", K::Identifier, names<numerics::AvgPoolVariant>(),
               "round_half_away", "integer average pool"),
      optional("concat", K::Identifier, names<numerics::ConcatVariant>(),
               "tflite", "integer concatenation"),
      optional("rescale", K::Identifier,
               names<numerics::ConcatVariant>({"same"}), "same",
               "codes to another grid elsewhere, where it differs from concat"),
      optional("mean", K::Identifier, names<numerics::MeanVariant>({"none"}),
               "none", "integer mean over axes"),
      optional("resize", K::Identifier,
               names<numerics::ResizeVariant>({"none"}), "none",
               "integer bilinear resize"),
      optional("lookup_tables", K::Identifier,
               names<numerics::LookupVariant>({"none"}), "none",
               "elementwise functions as tables of 256 codes"),
      optional(
          "prelu", K::Identifier, names<numerics::RequantizeKernel>({"none"}),
          "none",
          "kernel of leaky relus with two multipliers: those with slopes, and "
          "all where lookup_tables is LiteRT's"),
      optional("softmax", K::Identifier, softmaxKinds(), "none",
               "softmax on codes; real: of real numbers, rounded half away"),

      optional("range_method", K::Identifier, {"min-max", "percentile"},
               "min-max", "default calibration method"),
      optional("final_form", K::Identifier, finalForms(), "target",
               "the form at which the program is done"),
      required("target_dialect", K::Text, {}, "dialect of the final form"),
      optional("formats", K::List,
               {"tflite",
                "onnx-qdq",
                "onnx-qlinear",
                "tensorrt",
                "tensorrt-ranges",
                "encodings-0.6.1",
                "encodings-1.0.0",
                "encodings-2.0.0",
                "amct",
                "vitis",
                "tpumlir",
                "tpumlir-qtable",
                "glow",
                "ncnn",
                "tengine",
                "ppl",
                "ppl-cuda",
                "nnie",
                "openvino",
                "json",
                "tosa"},
               "[]", "files written for the vendor's tools"),
      required("fidelity", K::Identifier, names<numerics::Fidelity>(),
               "whether the arithmetic is known to the bit"),
      required("fidelity_reason", K::Text, {}, "why, or from what source"),
      optional("options", K::Options, {}, "{}",
               "named variants and the fields that each value sets"),
  };
  return fields;
}

const BackendField *hwq::findBackendField(StringRef key) {
  for (const BackendField &field : getBackendFields())
    if (field.key == key)
      return &field;
  return nullptr;
}
