//===- QLinearOps.cpp - Ops that compute on codes ---------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX's and ONNX Runtime's QLinear ops (and QGemm) say in one node what
// DequantizeLinear, a float op and QuantizeLinear say in several; they are
// imported as those. The float result has the name of the codes.
//
//===----------------------------------------------------------------------===//

#include "Importer.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>
#include <onnx/onnx_pb.h>

using namespace mlir;
using namespace hwq;
using namespace hwq::onnx_import;

namespace {
/// The parts of one node.
class Parts {
public:
  explicit Parts(Importer &im) : im(im), node(im.node()) {}

  /// The real values of the codes in input `x`, whose scale and zero point are
  /// the two inputs after it.
  FailureOr<std::string> dequantize(unsigned x, int64_t axis = 0);
  /// A bias in units of the product of two scales, as reals.
  FailureOr<std::string> dequantizeBias(unsigned bias, unsigned scaleA,
                                        unsigned scaleB);
  /// The float op, with the node's attributes but for those in `without`, and
  /// the codes of its result. `scale` is the input with the result's scale, the
  /// zero point is the one after it; without them the result is float.
  LogicalResult finish(StringRef opType, std::vector<std::string> inputs,
                       unsigned scale, ArrayRef<StringRef> without = {});

private:
  std::string input(unsigned i) const {
    return i < node.inputs.size() ? node.inputs[i] : std::string();
  }
  /// No name of a graph begins so.
  std::string name(const Twine &what) const {
    return ("\x01" + node.outputs[0] + "/" + what).str();
  }

  Importer &im;
  const Node &node;
};
} // namespace

FailureOr<std::string> Parts::dequantize(unsigned x, int64_t axis) {
  Node part;
  part.opType = "DequantizeLinear";
  part.inputs = {input(x), input(x + 1), input(x + 2)};
  part.outputs = {name("input" + Twine(x))};
  NodeAttribute &a = part.attributes["axis"];
  a.kind = NodeAttribute::Kind::Int;
  a.i = axis;
  if (failed(im.importPart(part)))
    return failure();
  return part.outputs[0];
}

FailureOr<std::string> Parts::dequantizeBias(unsigned bias, unsigned scaleA,
                                             unsigned scaleB) {
  FailureOr<HostTensorPtr> a = im.floatConstant(scaleA, "the scale"),
                           b = im.floatConstant(scaleB, "the scale");
  HostTensorPtr codes = im.constantOrNull(bias);
  if (failed(a) || failed(b))
    return failure();
  if (!codes || codes->elementType != onnx::TensorProto::INT32)
    return im.error() << "the bias '" << input(bias)
                      << "' must be a constant of type INT32";
  size_t count = codes->ints.size(), scales = (*b)->floats.size();
  if ((*a)->floats.size() != 1 || (scales != 1 && scales != count))
    return im.error() << "the bias '" << codes->name << "' has " << count
                      << " values, its inputs have " << (*a)->floats.size()
                      << " and " << scales << " scales";
  auto result = std::make_shared<HostTensor>();
  result->name = codes->name;
  result->shape = codes->shape;
  Quantization q;
  q.width = 32;
  q.isSigned = true;
  q.qmin = INT32_MIN;
  q.qmax = INT32_MAX;
  q.axis = scales > 1 ? 0 : -1;
  for (float scale : (*b)->floats) {
    q.scales.push_back((*a)->floats[0] * scale);
    q.zeroPoints.push_back(0);
    if (!(q.scales.back() > 0) || !std::isfinite(q.scales.back()))
      return im.error() << "the scales of '" << codes->name
                        << "' have the product " << q.scales.back()
                        << ", expected a finite number above 0";
  }
  for (size_t c = 0; c < count; ++c)
    // From the exact product of the scales: nearest to what the code says.
    result->floats.push_back(static_cast<float>(
        static_cast<double>(codes->ints[c]) *
        static_cast<double>((*a)->floats[0]) *
        static_cast<double>((*b)->floats[scales > 1 ? c : 0])));
  result->quantization = q;
  im.defineConstant(name("bias"), std::move(result));
  return name("bias");
}

LogicalResult Parts::finish(StringRef opType, std::vector<std::string> inputs,
                            unsigned scale, ArrayRef<StringRef> without) {
  Node part;
  part.opType = opType.str();
  part.inputs = std::move(inputs);
  part.outputs = {node.outputs[0]};
  part.attributes = node.attributes;
  for (StringRef attribute : without)
    part.attributes.erase(attribute);
  if (failed(im.importPart(part)))
    return failure();
  if (input(scale).empty())
    return success();
  Node quantize;
  quantize.opType = "QuantizeLinear";
  quantize.inputs = {node.outputs[0], input(scale), input(scale + 1)};
  quantize.outputs = {node.outputs[0]};
  return im.importPart(quantize);
}

/// The attributes that say how the op's images lie; only N,C,H,W is known.
static LogicalResult checkChannelsFirst(Importer &im) {
  if (im.getInt("channels_last", 0) != 0)
    return im.error() << "attribute 'channels_last' is 1, expected 0";
  return success();
}

static LogicalResult importQLinearConv(Importer &im) {
  if (failed(im.expectInputs(8, 9)) || failed(checkChannelsFirst(im)))
    return failure();
  Parts parts(im);
  FailureOr<std::string> x = parts.dequantize(0);
  FailureOr<std::string> w = failed(x) ? x : parts.dequantize(3);
  if (failed(w))
    return failure();
  std::vector<std::string> inputs = {*x, *w};
  if (im.hasInput(8)) {
    FailureOr<std::string> bias = parts.dequantizeBias(8, 1, 4);
    if (failed(bias))
      return failure();
    inputs.push_back(*bias);
  }
  return parts.finish("Conv", std::move(inputs), 6, {"channels_last"});
}

static LogicalResult importQLinearMatMul(Importer &im) {
  if (failed(im.expectInputs(8, 8)))
    return failure();
  Parts parts(im);
  FailureOr<std::string> a = parts.dequantize(0);
  // One scale per column.
  FailureOr<std::string> b = failed(a) ? a : parts.dequantize(3, -1);
  if (failed(b))
    return failure();
  return parts.finish("MatMul", {*a, *b}, 6);
}

static LogicalResult importQGemm(Importer &im) {
  if (failed(im.expectInputs(6, 9)))
    return failure();
  Parts parts(im);
  FailureOr<std::string> a = parts.dequantize(0);
  bool isTransposed = im.getInt("transB", 0) != 0;
  FailureOr<std::string> b =
      failed(a) ? a : parts.dequantize(3, isTransposed ? 0 : 1);
  if (failed(b))
    return failure();
  std::vector<std::string> inputs = {*a, *b};
  if (im.hasInput(6)) {
    FailureOr<std::string> bias = parts.dequantizeBias(6, 1, 4);
    if (failed(bias))
      return failure();
    inputs.push_back(*bias);
  }
  return parts.finish("Gemm", std::move(inputs), 7);
}

/// The float op of the same name, of one or two inputs.
template <unsigned Inputs> static LogicalResult importQLinear(Importer &im) {
  if (failed(im.expectInputs(3 * Inputs + 1, 3 * Inputs + 2)) ||
      failed(checkChannelsFirst(im)))
    return failure();
  Parts parts(im);
  std::vector<std::string> inputs;
  for (unsigned i = 0; i < Inputs; ++i) {
    FailureOr<std::string> x = parts.dequantize(3 * i);
    if (failed(x))
      return failure();
    inputs.push_back(*x);
  }
  StringRef opType = im.node().opType;
  opType.consume_front("QLinear");
  // QLinearSoftmax says whose Softmax it is.
  int64_t softmax = im.getInt("opset", im.opset());
  if ((softmax < 13) != (im.opset() < 13))
    return im.error() << "attribute 'opset' is " << softmax
                      << ", expected the meaning that the model's has";
  return parts.finish(opType, std::move(inputs), 3 * Inputs,
                      {"channels_last", "opset"});
}

static LogicalResult importQLinearConcat(Importer &im) {
  if (im.numInputs() < 5 || im.numInputs() % 3 != 2)
    return im.error() << "has " << im.numInputs()
                      << " inputs, expected scale and zero point and three for "
                         "each operand";
  Parts parts(im);
  std::vector<std::string> inputs;
  for (unsigned i = 2; i < im.numInputs(); i += 3) {
    FailureOr<std::string> x = parts.dequantize(i);
    if (failed(x))
      return failure();
    inputs.push_back(*x);
  }
  return parts.finish("Concat", std::move(inputs), 0);
}

OpHandler hwq::onnx_import::findQLinearHandler(const Node &node) {
  StringRef opType = node.opType;
  if (node.outputs.empty())
    return nullptr;
  if (node.domain.empty())
    return llvm::StringSwitch<OpHandler>(opType)
        .Case("QLinearConv", importQLinearConv)
        .Case("QLinearMatMul", importQLinearMatMul)
        .Default(nullptr);
  if (node.domain != "com.microsoft")
    return nullptr;
  return llvm::StringSwitch<OpHandler>(opType)
      .Case("QLinearConv", importQLinearConv)
      .Case("QGemm", importQGemm)
      .Cases({"QLinearAdd", "QLinearMul"}, importQLinear<2>)
      .Cases({"QLinearAveragePool", "QLinearGlobalAveragePool"},
             importQLinear<1>)
      .Cases({"QLinearSigmoid", "QLinearLeakyRelu", "QLinearSoftmax",
              "QLinearReduceMean"},
             importQLinear<1>)
      .Case("QLinearConcat", importQLinearConcat)
      .Default(nullptr);
}
