//===- Window.cpp - Geometry of convolution and pooling windows -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Window.h"
#include <algorithm>

using namespace mlir;
using namespace hwq::onnx_import;

/// Far above every real window, far below an overflow.
constexpr int64_t kMaxWindow = int64_t(1) << 24;

FailureOr<SmallVector<int64_t>>
hwq::onnx_import::readSpatial(Importer &importer, StringRef name,
                              unsigned count, int64_t defaultValue,
                              int64_t min) {
  std::optional<SmallVector<int64_t>> list = importer.getInts(name);
  if (!list || list->empty())
    return SmallVector<int64_t>(count, defaultValue);
  if (list->size() != count)
    return importer.error() << "attribute '" << name << "' has " << list->size()
                            << " values, expected " << count;
  for (int64_t value : *list)
    if (value < min || value > kMaxWindow)
      return importer.error()
             << "attribute '" << name << "' has the value " << value
             << ", expected " << min << " to " << kMaxWindow;
  return *list;
}

FailureOr<Window>
hwq::onnx_import::readWindow(Importer &importer, const Activation &input,
                             std::optional<ArrayRef<int64_t>> weightKernel) {
  if (input.rank() != 3 && input.rank() != 4)
    return importer.error()
           << "input has rank " << input.rank() << ", expected 3 or 4";
  auto count = static_cast<unsigned>(input.rank() - 2);
  FailureOr<SmallVector<int64_t>> kernel =
      readSpatial(importer, "kernel_shape", count, 0, 1);
  if (failed(kernel))
    return failure();
  if (weightKernel) {
    if ((*kernel)[0] != 0 && ArrayRef<int64_t>(*kernel) != *weightKernel)
      return importer.error()
             << "attribute 'kernel_shape' disagrees with the weights' shape";
    kernel->assign(weightKernel->begin(), weightKernel->end());
  } else if ((*kernel)[0] == 0) {
    return importer.error() << "attribute 'kernel_shape' is missing";
  }
  FailureOr<SmallVector<int64_t>> strides =
      readSpatial(importer, "strides", count, 1, 1);
  FailureOr<SmallVector<int64_t>> dilations =
      readSpatial(importer, "dilations", count, 1, 1);
  FailureOr<SmallVector<int64_t>> pads =
      readSpatial(importer, "pads", 2 * count, 0, 0);
  if (failed(strides) || failed(dilations) || failed(pads))
    return failure();
  std::string autoPad = importer.getString("auto_pad", "NOTSET");
  if (autoPad != "NOTSET" && autoPad != "VALID" && autoPad != "SAME_UPPER" &&
      autoPad != "SAME_LOWER")
    return importer.error() << "attribute 'auto_pad' is '" << autoPad
                            << "', expected NOTSET, VALID, SAME_UPPER or "
                               "SAME_LOWER";
  Window window;
  for (unsigned i = 0; i < count; ++i) {
    WindowAxis &axis = window[i + 2 - count];
    axis.size = input.shape[i + 2];
    axis.kernel = (*kernel)[i];
    axis.stride = (*strides)[i];
    axis.dilation = (*dilations)[i];
    if (autoPad == "NOTSET") {
      axis.padBegin = (*pads)[i];
      axis.padEnd = (*pads)[i + count];
    } else if (autoPad != "VALID") {
      int64_t out = (axis.size + axis.stride - 1) / axis.stride;
      int64_t total = std::max<int64_t>(0, (out - 1) * axis.stride +
                                               axis.extent() - axis.size);
      axis.padBegin = autoPad == "SAME_UPPER" ? total / 2 : total - total / 2;
      axis.padEnd = total - axis.padBegin;
    }
  }
  return window;
}
