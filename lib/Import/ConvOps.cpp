//===- ConvOps.cpp - Convolutions -------------------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Window.h"
#include "hwq/Dialect/QuantHW/IR/QuantHW.h"
#include <algorithm>

using namespace mlir;
using namespace hwq;
using namespace hwq::onnx_import;

namespace {
struct ConvParts {
  ActivationPtr input;
  HostTensorPtr weights;
  HostTensorPtr bias;
  int64_t groups = 1, channels = 0;
  /// Kernel height and width.
  int64_t kh = 1, kw = 1;
};
} // namespace

/// Inputs and group of Conv and ConvTranspose; `outputs` gives the number of
/// output channels that the weights stand for.
static FailureOr<ConvParts> readParts(Importer &im, bool transposed) {
  ConvParts parts;
  if (failed(im.expectInputs(2, 3)))
    return failure();
  FailureOr<ActivationPtr> input = im.activation(0);
  if (failed(input))
    return failure();
  FailureOr<HostTensorPtr> weights = im.floatConstant(1, "the weights");
  if (failed(weights))
    return failure();
  parts.input = *input;
  parts.weights = *weights;
  const HostTensor &w = *parts.weights;
  int64_t rank = parts.input->rank();
  if (rank != 3 && rank != 4)
    return im.error() << "input has rank " << rank << ", expected 3 or 4";
  if (static_cast<int64_t>(w.shape.size()) != rank)
    return im.error() << "weights '" << w.name << "' have rank "
                      << w.shape.size() << ", expected " << rank;
  if (w.floats.empty())
    return im.error() << "weights '" << w.name << "' have no elements";
  parts.groups = im.getInt("group", 1);
  parts.channels = parts.input->shape[1];
  if (parts.groups < 1 || parts.channels % parts.groups)
    return im.error() << "attribute 'group' is " << parts.groups
                      << ", expected a divisor of the " << parts.channels
                      << " channels";
  if (!transposed && w.shape[1] * parts.groups != parts.channels)
    return im.error() << "weights '" << w.name << "' have " << w.shape[1]
                      << " channels per group, expected "
                      << parts.channels / parts.groups;
  if (!transposed && w.shape[0] % parts.groups)
    return im.error() << "weights '" << w.name << "' have " << w.shape[0]
                      << " outputs, expected a multiple of the " << parts.groups
                      << " groups";
  if (transposed && w.shape[0] != parts.channels)
    return im.error() << "weights '" << w.name << "' have " << w.shape[0]
                      << " input channels, expected " << parts.channels;
  if (failed(im.requireFinite(w)))
    return failure();
  parts.kw = w.shape.back();
  parts.kh = rank == 4 ? w.shape[2] : 1;
  if (im.hasInput(2)) {
    FailureOr<HostTensorPtr> bias = im.floatConstant(2, "the bias");
    if (failed(bias))
      return failure();
    parts.bias = *bias;
    int64_t outputs = transposed ? w.shape[1] * parts.groups : w.shape[0];
    if (static_cast<int64_t>(parts.bias->floats.size()) != outputs)
      return im.error() << "bias '" << parts.bias->name << "' has "
                        << parts.bias->floats.size() << " values, expected "
                        << outputs;
    if (failed(im.requireFinite(*parts.bias)))
      return failure();
  }
  return parts;
}

static SmallVector<int64_t> onnxShape(const Activation &input, int64_t channels,
                                      int64_t height, int64_t width) {
  if (input.rank() == 3)
    return {input.shape[0], channels, width};
  return {input.shape[0], channels, height, width};
}

static Value biasConstant(Importer &im, const ConvParts &parts) {
  if (!parts.bias)
    return {};
  Value bias = im.constant({static_cast<int64_t>(parts.bias->floats.size())},
                           parts.bias->floats, parts.bias->name);
  im.setParams(bias, parts.bias->quantization);
  return bias;
}

static LogicalResult importConv(Importer &im) {
  FailureOr<ConvParts> parts = readParts(im, /*transposed=*/false);
  if (failed(parts))
    return failure();
  const HostTensor &w = *parts->weights;
  Activation &input = *parts->input;
  FailureOr<Window> window =
      readWindow(im, input, ArrayRef<int64_t>(w.shape).drop_front(2));
  if (failed(window))
    return failure();
  std::array<int64_t, 2> out;
  for (auto [axis, size] : llvm::zip(*window, out)) {
    int64_t room = axis.size + axis.padBegin + axis.padEnd - axis.extent();
    if (room < 0)
      return im.error() << "the kernel covers " << axis.extent()
                        << " elements, the padded input has "
                        << room + axis.extent();
    size = room / axis.stride + 1;
  }
  int64_t outputs = w.shape[0], perGroup = w.shape[1];
  int64_t positions = parts->kh * parts->kw;
  // O,I,KH,KW to O,KH,KW,I.
  std::vector<float> values(w.floats.size());
  for (int64_t o = 0; o < outputs; ++o)
    for (int64_t i = 0; i < perGroup; ++i)
      for (int64_t p = 0; p < positions; ++p)
        values[(o * positions + p) * perGroup + i] =
            w.floats[(o * perGroup + i) * positions + p];
  Value weights =
      im.constant({outputs, parts->kh, parts->kw, perGroup}, values, w.name);
  FailureOr<std::optional<Quantization>> grid = im.weightQuantization(w, 0);
  if (failed(grid))
    return failure();
  im.setParams(weights, *grid);
  SmallVector<int64_t> shape = onnxShape(input, outputs, out[0], out[1]);
  const auto &[y, x] = *window;
  Value in = im.channelsLast(input);
  Value bias = biasConstant(im, *parts);
  Value result = Conv2DOp::create(
      im.builder, im.loc(), im.f32(im.channelsLastShape(shape)), in, weights,
      bias, ArrayRef<int64_t>{y.padBegin, y.padEnd, x.padBegin, x.padEnd},
      ArrayRef<int64_t>{y.stride, x.stride},
      ArrayRef<int64_t>{y.dilation, x.dilation},
      static_cast<uint64_t>(parts->groups), /*raw_input=*/false,
      /*pad_value=*/IntegerAttr(), /*requant=*/RequantAttr());
  return im.defineChannelsLast(0, result, shape, input.batchFactor);
}

/// The paddings and output paddings of ConvTranspose per axis.
static LogicalResult readTransposedWindow(Importer &im, const ConvParts &parts,
                                          Window &window,
                                          std::array<int64_t, 2> &outputPad,
                                          std::array<int64_t, 2> &out) {
  const Activation &input = *parts.input;
  auto count = static_cast<unsigned>(input.rank() - 2);
  std::string autoPad = im.getString("auto_pad", "NOTSET");
  FailureOr<SmallVector<int64_t>> strides =
      readSpatial(im, "strides", count, 1, 1);
  FailureOr<SmallVector<int64_t>> dilations =
      readSpatial(im, "dilations", count, 1, 1);
  FailureOr<SmallVector<int64_t>> pads =
      readSpatial(im, "pads", 2 * count, 0, 0);
  FailureOr<SmallVector<int64_t>> extra =
      readSpatial(im, "output_padding", count, 0, 0);
  FailureOr<SmallVector<int64_t>> kernel =
      readSpatial(im, "kernel_shape", count, 0, 1);
  if (failed(strides) || failed(dilations) || failed(pads) || failed(extra) ||
      failed(kernel))
    return failure();
  std::optional<SmallVector<int64_t>> outputShape = im.getInts("output_shape");
  // Older exporters write batch and channels, too.
  if (outputShape && outputShape->size() == count + 2)
    outputShape->erase(outputShape->begin(), outputShape->begin() + 2);
  if (outputShape && outputShape->size() != count)
    return im.error() << "attribute 'output_shape' has " << outputShape->size()
                      << " values, expected " << count;
  bool same = autoPad == "SAME_UPPER" || autoPad == "SAME_LOWER";
  if (!same && autoPad != "NOTSET" && autoPad != "VALID")
    return im.error() << "attribute 'auto_pad' is '" << autoPad
                      << "', expected NOTSET, VALID, SAME_UPPER or SAME_LOWER";
  for (unsigned i = 0; i < count; ++i) {
    unsigned slot = i + 2 - count;
    WindowAxis &axis = window[slot];
    axis.size = input.shape[i + 2];
    axis.kernel = parts.weights->shape[i + 2];
    axis.stride = (*strides)[i];
    axis.dilation = (*dilations)[i];
    if ((*kernel)[i] != 0 && (*kernel)[i] != axis.kernel)
      return im.error()
             << "attribute 'kernel_shape' disagrees with the weights' shape";
    outputPad[slot] = (*extra)[i];
    int64_t full =
        (axis.size - 1) * axis.stride + axis.extent() + outputPad[slot];
    if (outputShape || same) {
      // SAME takes away, but never adds.
      int64_t wanted = outputShape ? (*outputShape)[i]
                                   : std::min(full, axis.size * axis.stride);
      if (wanted < 1)
        return im.error() << "attribute 'output_shape' has the value " << wanted
                          << ", expected a positive number";
      int64_t total = full - wanted;
      if (total < 0) {
        // More than the windows reach: zeros behind.
        outputPad[slot] -= total;
        total = 0;
      }
      // The odd one goes to the front unless SAME_UPPER says otherwise.
      axis.padBegin = autoPad == "SAME_UPPER" ? total / 2 : total - total / 2;
      axis.padEnd = total - axis.padBegin;
      full = wanted + axis.padBegin + axis.padEnd;
    } else if (autoPad == "NOTSET") {
      axis.padBegin = (*pads)[i];
      axis.padEnd = (*pads)[i + count];
    }
    out[slot] = full - axis.padBegin - axis.padEnd;
    if (out[slot] < 1)
      return im.error() << "the padding leaves " << out[slot]
                        << " elements of spatial axis " << i;
  }
  return success();
}

static LogicalResult importConvTranspose(Importer &im) {
  FailureOr<ConvParts> parts = readParts(im, /*transposed=*/true);
  if (failed(parts))
    return failure();
  Window window;
  std::array<int64_t, 2> outputPad = {0, 0}, out = {1, 1};
  if (failed(readTransposedWindow(im, *parts, window, outputPad, out)))
    return failure();
  const HostTensor &w = *parts->weights;
  Activation &input = *parts->input;
  int64_t outPerGroup = w.shape[1], outputs = outPerGroup * parts->groups;
  int64_t inPerGroup = parts->channels / parts->groups;
  int64_t positions = parts->kh * parts->kw;
  // C,O/g,KH,KW to O,KH,KW,C/g.
  std::vector<float> values(w.floats.size());
  for (int64_t c = 0; c < parts->channels; ++c)
    for (int64_t o = 0; o < outPerGroup; ++o)
      for (int64_t p = 0; p < positions; ++p) {
        int64_t output = c / inPerGroup * outPerGroup + o;
        values[(output * positions + p) * inPerGroup + c % inPerGroup] =
            w.floats[(c * outPerGroup + o) * positions + p];
      }
  Value weights = im.constant({outputs, parts->kh, parts->kw, inPerGroup},
                              values, w.name, /*channelAxis=*/1);
  FailureOr<std::optional<Quantization>> grid = im.weightQuantization(w, 1);
  if (failed(grid))
    return failure();
  // Every group has the same scales.
  if (*grid && (*grid)->axis >= 0)
    for (int64_t i = outPerGroup; i < outputs; ++i) {
      (*grid)->scales.push_back((*grid)->scales[i - outPerGroup]);
      (*grid)->zeroPoints.push_back((*grid)->zeroPoints[i - outPerGroup]);
    }
  im.setParams(weights, *grid);
  SmallVector<int64_t> shape = onnxShape(input, outputs, out[0], out[1]);
  const auto &[y, x] = window;
  Value in = im.channelsLast(input);
  Value bias = biasConstant(im, *parts);
  Value result = TransposeConv2DOp::create(
      im.builder, im.loc(), im.f32(im.channelsLastShape(shape)), in, weights,
      bias, ArrayRef<int64_t>{y.padBegin, y.padEnd, x.padBegin, x.padEnd},
      ArrayRef<int64_t>(outputPad), ArrayRef<int64_t>{y.stride, x.stride},
      ArrayRef<int64_t>{y.dilation, x.dilation},
      static_cast<uint64_t>(parts->groups), /*raw_input=*/false,
      /*pad_value=*/IntegerAttr(), /*requant=*/RequantAttr());
  return im.defineChannelsLast(0, result, shape, input.batchFactor);
}

void hwq::onnx_import::addConvHandlers(HandlerTable &table) {
  table["Conv"] = importConv;
  table["ConvTranspose"] = importConvTranspose;
}
