//===- OnnxTensorData.h - TensorProto to host constant ----------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_IMPORT_ONNXTENSORDATA_H
#define HWQ_LIB_IMPORT_ONNXTENSORDATA_H

#include "OnnxGraph.h"
#include <onnx/onnx_pb.h>

namespace hwq::onnx_import {

/// Decodes raw, typed and external data. Errors name the tensor.
llvm::Expected<HostTensorPtr> decodeTensor(const onnx::TensorProto &proto,
                                           llvm::StringRef modelPath);

} // namespace hwq::onnx_import

#endif // HWQ_LIB_IMPORT_ONNXTENSORDATA_H
