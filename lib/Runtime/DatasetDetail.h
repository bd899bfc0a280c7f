//===- DatasetDetail.h - Shared by the kinds of data sets -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_LIB_RUNTIME_DATASETDETAIL_H
#define HWQ_LIB_RUNTIME_DATASETDETAIL_H

#include "hwq/Runtime/Dataset.h"
#include "llvm/ADT/Twine.h"

namespace hwq::runtime::data {

using DatasetPtr = std::shared_ptr<const Dataset>;

llvm::Expected<DatasetPtr> openArrays(const DatasetOptions &options,
                                      llvm::ArrayRef<InputSpec> inputs);
llvm::Expected<DatasetPtr> openImageFolder(const DatasetOptions &options,
                                           const InputSpec &input);

/// The input's shape with a dynamic batch, for messages.
std::string batchShape(const InputSpec &input);

/// Which axis of a 4-d input holds `channels` channels.
llvm::Expected<ImageLayout> imageLayout(const InputSpec &input,
                                        int64_t channels);

/// Shape of a batch of preprocessed images.
Tensor::Shape imageShape(ImageLayout layout, int64_t batch, int64_t channels,
                         ImageSize size);

/// Compares a preprocessed image's shape with the input's.
llvm::Error checkImageShape(const InputSpec &input, ImageLayout layout,
                            int64_t channels, ImageSize size);

/// `label` + `offset`, or an error unless that is a class index; `what` is the
/// sample.
llvm::Expected<int64_t> offsetLabel(int64_t label, int64_t offset,
                                    const llvm::Twine &what);

llvm::Error checkIndices(llvm::ArrayRef<int64_t> indices, int64_t size);

/// Prepends "CONTEXT: " to an error's text.
llvm::Error inContext(const llvm::Twine &context, llvm::Error error);

} // namespace hwq::runtime::data

#endif // HWQ_LIB_RUNTIME_DATASETDETAIL_H
