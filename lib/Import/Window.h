//===- Window.h - Geometry of convolution and pooling windows ---*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_IMPORT_WINDOW_H
#define HWQ_LIB_IMPORT_WINDOW_H

#include "Importer.h"

namespace hwq::onnx_import {

/// One spatial axis of a sliding window.
struct WindowAxis {
  int64_t size = 1, kernel = 1, stride = 1, dilation = 1;
  int64_t padBegin = 0, padEnd = 0;

  int64_t extent() const { return (kernel - 1) * dilation + 1; }
};

/// Height and width; a 1-d window has height 1.
using Window = std::array<WindowAxis, 2>;

/// Reads kernel_shape, strides, dilations, pads and auto_pad of the current
/// node (opset 7 on), for an input of rank 3 or 4. `kernel` is the kernel that
/// the weights have; without it kernel_shape is required. Reports what is
/// missing, of a wrong length, negative or absurd, and a window larger than its
/// padded input.
FailureOr<Window> readWindow(Importer &importer, const Activation &input,
                             std::optional<ArrayRef<int64_t>> kernel);

/// Reads one list with a value per spatial axis, in (height, width) order.
FailureOr<SmallVector<int64_t>> readSpatial(Importer &importer, StringRef name,
                                            unsigned count,
                                            int64_t defaultValue, int64_t min);

} // namespace hwq::onnx_import

#endif // HWQ_LIB_IMPORT_WINDOW_H
