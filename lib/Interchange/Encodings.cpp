//===- Encodings.cpp - AIMET, SNPE and QNN encodings ------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Interchange/Encodings.h"
#include "hwq/Dialect/QuantHW/IR/Backend.h"
#include "hwq/Dialect/QuantHW/IR/Form.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace hwq;
using namespace hwq::interchange;

/// Scales and offsets of a quantized type; false for another type.
static bool setParameters(Type type, Encoding &encoding) {
  auto quantized = dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(type));
  if (!quantized)
    return false;
  // A narrow grid is one code short of its width.
  encoding.bitwidth = llvm::Log2_64_Ceil(quantized.getStorageTypeMax() -
                                         quantized.getStorageTypeMin() + 1);
  // The zero point of the unsigned grid counts from the lowest code.
  int64_t lowest = quantized.getStorageTypeMin();
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(quantized)) {
    encoding.scales = {uniform.getScale()};
    encoding.offsets = {lowest - uniform.getZeroPoint()};
    return true;
  }
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(quantized);
  if (!perAxis)
    return false;
  encoding.perChannel = true;
  llvm::append_range(encoding.scales, perAxis.getScales());
  for (int64_t zeroPoint : perAxis.getZeroPoints())
    encoding.offsets.push_back(lowest - zeroPoint);
  return true;
}

/// The constant operand that holds the weights of a dot product, in quant_hw or
/// a target dialect.
static Value getWeights(Operation *op) {
  StringRef kind = op->getName().stripDialect();
  if ((kind != "conv2d" && kind != "fully_connected") ||
      op->getNumOperands() < 2 || isa<tosa::TosaDialect>(op->getDialect()))
    return {};
  Value weights = op->getOperand(1);
  return weights.getDefiningOp<tosa::ConstOp>() ? weights : Value();
}

llvm::StringMap<std::string> interchange::findWeightNames(ModuleOp module) {
  llvm::StringMap<std::string> names;
  module.walk([&](Operation *op) {
    Value weights = getWeights(op);
    auto loc =
        weights ? weights.getLoc()->findInstanceOf<NameLoc>() : NameLoc();
    if (!loc || op->getNumResults() != 1)
      return;
    std::string weightName = loc.getName().str();
    // Along single uses, as batch norms and clamps are folded; never into an op
    // that computes with another tensor.
    Value value = op->getResult(0);
    for (;;) {
      if (StringRef name = getTensorName(value); !name.empty())
        names.try_emplace(name, weightName);
      if (!value.hasOneUse())
        return;
      Operation *user = *value.user_begin();
      if (!isa<ObserveOp, tosa::ClampOp, tosa::MulOp, tosa::AddOp>(user))
        return;
      unsigned activations = 0;
      for (Value operand : user->getOperands())
        activations += !operand.getDefiningOp<tosa::ConstOp>();
      if (activations != 1)
        return;
      value = user->getResult(0);
    }
  });
  return names;
}

FailureOr<Encodings>
interchange::collectEncodings(ModuleOp module,
                              const llvm::StringMap<std::string> &weightNames) {
  FailureOr<Backend> backend = getBackend(module, "encodings");
  if (failed(backend))
    return failure();
  Encodings result;
  result.symmetricParameters =
      backend->weights.symmetry != numerics::Symmetry::Asymmetric;
  result.perChannelParameters =
      backend->weights.granularity == numerics::Granularity::PerChannel;
  bool symmetricActivations =
      backend->activations.symmetry != numerics::Symmetry::Asymmetric;
  llvm::StringSet<> seen;
  auto addActivation = [&](Value value) {
    StringRef name = getTensorName(value);
    Encoding encoding;
    if (name.empty() || value.getDefiningOp<tosa::ConstOp>() ||
        !setParameters(value.getType(), encoding) || !seen.insert(name).second)
      return;
    encoding.name = name.str();
    encoding.symmetric = symmetricActivations;
    result.activationBitwidth = encoding.bitwidth;
    result.activations.push_back(std::move(encoding));
  };
  llvm::StringSet<> seenWeights;
  module.walk([&](Operation *op) {
    if (op->getNumResults() != 1)
      return;
    addActivation(op->getResult(0));
    Value weights = getWeights(op);
    Encoding encoding;
    if (!weights || !setParameters(weights.getType(), encoding))
      return;
    // An accumulator that something else requantizes has that one's name.
    Value output = op->getResult(0);
    if (getTensorName(output).empty() && output.hasOneUse() &&
        output.user_begin()->getNumResults() == 1)
      output = output.user_begin()->getResult(0);
    std::string name = getTensorName(output).str();
    auto known = weightNames.find(name);
    encoding.name =
        known != weightNames.end() ? known->second : name + ".weight";
    encoding.symmetric = result.symmetricParameters;
    result.parameterBitwidth = encoding.bitwidth;
    if (seenWeights.insert(encoding.name).second)
      result.parameters.push_back(std::move(encoding));
  });
  return result;
}

static llvm::json::Value toJson(const Encoding &encoding) {
  return llvm::json::Object{
      {"name", encoding.name},
      {"enc_type", encoding.perChannel ? "PER_CHANNEL" : "PER_TENSOR"},
      {"dtype", "INT"},
      {"bw", int64_t(encoding.bitwidth)},
      {"is_sym", encoding.symmetric},
      {"scale", llvm::json::Array(encoding.scales)},
      {"offset", llvm::json::Array(encoding.offsets)}};
}

void interchange::printEncodings100(const Encodings &encodings,
                                    llvm::raw_ostream &os) {
  llvm::json::Array activations, parameters;
  for (const Encoding &e : encodings.activations)
    activations.push_back(toJson(e));
  for (const Encoding &e : encodings.parameters)
    parameters.push_back(toJson(e));
  llvm::json::Value file = llvm::json::Object{
      {"version", "1.0.0"},
      {"activation_encodings", std::move(activations)},
      {"param_encodings", std::move(parameters)},
      {"excluded_layers", llvm::json::Array()},
      {"quantizer_args",
       llvm::json::Object{
           {"activation_bitwidth", int64_t(encodings.activationBitwidth)},
           {"param_bitwidth", int64_t(encodings.parameterBitwidth)},
           {"dtype", "int"},
           {"is_symmetric", encodings.symmetricParameters},
           {"per_channel_quantization", encodings.perChannelParameters},
           {"quant_scheme", encodings.scheme}}}};
  os << llvm::formatv("{0:2}", file) << "\n";
}
