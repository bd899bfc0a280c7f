//===- Dataset.cpp - Samples for calibration and evaluation -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/Dataset.h"
#include "DatasetDetail.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MathExtras.h"
#include <cstring>
#include <limits>
#include <numeric>

using namespace llvm;
using namespace hwq::runtime;
using namespace hwq::runtime::data;

//===----------------------------------------------------------------------===//
// Shared checks
//===----------------------------------------------------------------------===//

std::string data::batchShape(const InputSpec &input) {
  SmallVector<int64_t, 4> shape = input.shape;
  if (!shape.empty())
    shape[0] = -1;
  return shapeToString(shape);
}

Error data::inContext(const Twine &context, Error error) {
  return createStringError(context + ": " + toString(std::move(error)));
}

Expected<ImageLayout> data::imageLayout(const InputSpec &input,
                                        int64_t channels) {
  if (input.shape.size() != 4)
    return createStringError(
        Twine("input '") + input.name +
        "' takes no pixel data: expected a shape of 4 dimensions, got " +
        batchShape(input));
  if (input.layout)
    return *input.layout;
  if (input.shape[1] == channels)
    return ImageLayout::NCHW;
  if (input.shape[3] == channels)
    return ImageLayout::NHWC;
  if (input.shape[1] < 0)
    return ImageLayout::NCHW;
  if (input.shape[3] < 0)
    return ImageLayout::NHWC;
  return createStringError(Twine("input '") + input.name + "' of shape " +
                           batchShape(input) + " has no axis for the " +
                           Twine(channels) +
                           " channels of the pixel data (second or last)");
}

Tensor::Shape data::imageShape(ImageLayout layout, int64_t batch,
                               int64_t channels, ImageSize size) {
  if (layout == ImageLayout::NCHW)
    return {batch, channels, size.height, size.width};
  return {batch, size.height, size.width, channels};
}

Error data::checkImageShape(const InputSpec &input, ImageLayout layout,
                            int64_t channels, ImageSize size) {
  Tensor::Shape got = imageShape(layout, -1, channels, size);
  for (auto [want, have] :
       drop_begin(zip_equal(ArrayRef(input.shape), ArrayRef(got))))
    if (want >= 0 && want != have)
      return createStringError(Twine("input '") + input.name + "' expects " +
                               batchShape(input) + ", got " +
                               shapeToString(got) +
                               " after preprocessing (see --resize, --crop)");
  return Error::success();
}

Expected<int64_t> data::offsetLabel(int64_t label, int64_t offset,
                                    const Twine &what) {
  int64_t sum;
  if (AddOverflow(label, offset, sum) || sum < 0)
    return createStringError(what +
                             ": expected a class index >= 0, got label " +
                             Twine(label) + " with offset " + Twine(offset));
  return sum;
}

Error data::checkIndices(ArrayRef<int64_t> indices, int64_t size) {
  for (int64_t i : indices)
    if (i < 0 || i >= size)
      return createStringError(Twine("sample ") + Twine(i) +
                               " does not exist, the data set has " +
                               Twine(size));
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Dataset and subsets
//===----------------------------------------------------------------------===//

Dataset::~Dataset() = default;

Error Dataset::load(int64_t begin, int64_t end,
                    std::vector<Tensor> &inputs) const {
  if (begin < 0 || begin > end || end > size())
    return createStringError(Twine("samples ") + Twine(begin) + " to " +
                             Twine(end) + " do not exist, the data set has " +
                             Twine(size()));
  std::vector<int64_t> indices(end - begin);
  std::iota(indices.begin(), indices.end(), begin);
  return loadSamples(indices, inputs);
}

namespace {
class Subset : public Dataset {
public:
  Subset(DatasetPtr data, std::vector<int64_t> indices)
      : base(std::move(data)), indices(std::move(indices)) {}

  int64_t size() const override { return indices.size(); }
  bool hasLabels() const override { return base->hasLabels(); }
  int64_t label(int64_t i) const override { return base->label(indices[i]); }
  std::string whyNoLabels() const override { return base->whyNoLabels(); }
  std::string sampleName(int64_t i) const override {
    return base->sampleName(indices[i]);
  }
  std::string describe() const override {
    return std::to_string(indices.size()) + " of " + base->describe();
  }
  Error loadSamples(ArrayRef<int64_t> wanted,
                    std::vector<Tensor> &inputs) const override {
    if (Error error = checkIndices(wanted, size()))
      return error;
    std::vector<int64_t> mapped;
    mapped.reserve(wanted.size());
    for (int64_t i : wanted)
      mapped.push_back(indices[i]);
    return base->loadSamples(mapped, inputs);
  }
  Error load(int64_t begin, int64_t end,
             std::vector<Tensor> &inputs) const override {
    // Successive samples may come without a copy.
    if (begin >= 0 && begin < end && end <= size() &&
        indices[end - 1] - indices[begin] == end - 1 - begin &&
        llvm::is_sorted(ArrayRef(indices).slice(begin, end - begin)))
      return base->load(indices[begin], indices[end - 1] + 1, inputs);
    return Dataset::load(begin, end, inputs);
  }

private:
  DatasetPtr base;
  std::vector<int64_t> indices;
};
} // namespace

DatasetPtr hwq::runtime::subset(DatasetPtr data, std::vector<int64_t> indices) {
  return std::make_shared<Subset>(std::move(data), std::move(indices));
}

DatasetPtr hwq::runtime::strideSubset(DatasetPtr data, int64_t maxCount) {
  int64_t size = data->size();
  if (size <= maxCount)
    return data;
  std::vector<int64_t> indices(maxCount);
  // floor(i * size / maxCount) without the product.
  int64_t whole = size / maxCount, rest = size % maxCount, extra = 0;
  for (int64_t i = 0, at = 0; i < maxCount; ++i) {
    indices[i] = at;
    at += whole;
    extra += rest;
    if (extra >= maxCount) {
      extra -= maxCount;
      ++at;
    }
  }
  return subset(std::move(data), std::move(indices));
}

namespace {
class Unlabelled : public Dataset {
public:
  Unlabelled(DatasetPtr data, std::string why)
      : base(std::move(data)), why(std::move(why)) {}

  int64_t size() const override { return base->size(); }
  bool hasLabels() const override { return false; }
  int64_t label(int64_t) const override { return -1; }
  std::string whyNoLabels() const override { return why; }
  std::string sampleName(int64_t i) const override {
    return base->sampleName(i);
  }
  std::string describe() const override { return base->describe(); }
  Error loadSamples(ArrayRef<int64_t> wanted,
                    std::vector<Tensor> &inputs) const override {
    return base->loadSamples(wanted, inputs);
  }
  Error load(int64_t begin, int64_t end,
             std::vector<Tensor> &inputs) const override {
    return base->load(begin, end, inputs);
  }

private:
  DatasetPtr base;
  std::string why;
};
} // namespace

DatasetPtr hwq::runtime::withoutLabels(DatasetPtr data, std::string why) {
  return std::make_shared<Unlabelled>(std::move(data), std::move(why));
}

//===----------------------------------------------------------------------===//
// Samples that cannot be read
//===----------------------------------------------------------------------===//

void BadSamples::add(int64_t index, std::string reason) {
  std::lock_guard<std::mutex> lock(mutex);
  reasons.try_emplace(index, std::move(reason));
}

bool BadSamples::contains(int64_t index) const {
  std::lock_guard<std::mutex> lock(mutex);
  return reasons.count(index);
}

std::vector<std::pair<int64_t, std::string>> BadSamples::list() const {
  std::lock_guard<std::mutex> lock(mutex);
  return {reasons.begin(), reasons.end()};
}

namespace {
class SkippingDataset : public Dataset {
public:
  SkippingDataset(DatasetPtr data, std::shared_ptr<BadSamples> bad)
      : base(std::move(data)), bad(std::move(bad)) {}

  int64_t size() const override { return base->size(); }
  bool hasLabels() const override { return base->hasLabels(); }
  int64_t label(int64_t i) const override { return base->label(i); }
  std::string whyNoLabels() const override { return base->whyNoLabels(); }
  std::string sampleName(int64_t i) const override {
    return base->sampleName(i);
  }
  std::string describe() const override { return base->describe(); }
  Error load(int64_t begin, int64_t end,
             std::vector<Tensor> &inputs) const override {
    Error error = base->load(begin, end, inputs);
    if (!error)
      return error;
    consumeError(std::move(error));
    return Dataset::load(begin, end, inputs);
  }
  Error loadSamples(ArrayRef<int64_t> wanted,
                    std::vector<Tensor> &inputs) const override;

private:
  /// Inputs of one sample that can be read, for their shapes.
  Expected<std::vector<Tensor>> findExample() const;

  DatasetPtr base;
  std::shared_ptr<BadSamples> bad;
  mutable std::mutex mutex;
  mutable std::vector<Tensor> example;
};
} // namespace

Expected<std::vector<Tensor>> SkippingDataset::findExample() const {
  std::lock_guard<std::mutex> lock(mutex);
  for (int64_t i = 0; example.empty() && i < size(); ++i)
    if (Error error = base->loadSamples(i, example)) {
      example.clear();
      if (i + 1 == size())
        return createStringError("no sample can be read; the last one: " +
                                 toString(std::move(error)));
      consumeError(std::move(error));
    }
  return example;
}

Error SkippingDataset::loadSamples(ArrayRef<int64_t> wanted,
                                   std::vector<Tensor> &inputs) const {
  Error error = base->loadSamples(wanted, inputs);
  if (!error)
    return error;
  consumeError(std::move(error));
  if (Error error = checkIndices(wanted, size()))
    return error;
  std::vector<std::vector<Tensor>> samples(wanted.size());
  for (auto [index, tensors] : zip_equal(wanted, samples))
    if (Error error = base->loadSamples(index, tensors)) {
      bad->add(index, toString(std::move(error)));
      tensors.clear();
    }
  const std::vector<Tensor> *shapes = nullptr;
  for (const std::vector<Tensor> &tensors : samples)
    if (!shapes && !tensors.empty())
      shapes = &tensors;
  std::vector<Tensor> found;
  if (!shapes) {
    if (Error error = findExample().moveInto(found))
      return error;
    shapes = &found;
  }
  inputs.clear();
  for (auto [i, like] : enumerate(*shapes)) {
    Tensor::Shape shape(like.shape());
    shape[0] = wanted.size();
    Tensor batch = Tensor::zeros(like.dtype(), shape);
    char *to = static_cast<char *>(batch.raw());
    for (auto [index, tensors] : zip_equal(wanted, samples)) {
      if (!tensors.empty()) {
        if (tensors[i].shape() != like.shape())
          return createStringError(sampleName(index) + ": expected shape " +
                                   shapeToString(like.shape()) +
                                   " as other samples have, got " +
                                   shapeToString(tensors[i].shape()));
        std::memcpy(to, tensors[i].raw(), like.numBytes());
      }
      to += like.numBytes();
    }
    inputs.push_back(std::move(batch));
  }
  return Error::success();
}

DatasetPtr hwq::runtime::skipBadSamples(DatasetPtr data,
                                        std::shared_ptr<BadSamples> bad) {
  return std::make_shared<SkippingDataset>(std::move(data), std::move(bad));
}

//===----------------------------------------------------------------------===//
// Opening
//===----------------------------------------------------------------------===//

Expected<DatasetPtr> hwq::runtime::openDataset(const DatasetOptions &options,
                                               ArrayRef<InputSpec> inputs) {
  if (inputs.empty())
    return createStringError(Twine("the model has no inputs to feed from '") +
                             options.path + "'");
  for (const InputSpec &input : inputs)
    if (input.shape.empty())
      return createStringError(
          Twine("input '") + input.name +
          "' is a scalar: expected a shape whose first dimension is the batch");
  if (options.samples && *options.samples < 1)
    return createStringError(Twine("expected at least 1 sample, got ") +
                             Twine(*options.samples));
  sys::fs::file_status status;
  if (std::error_code ec = sys::fs::status(options.path, status))
    return createStringError(Twine("cannot read '") + options.path +
                             "': " + ec.message());
  if (status.type() == sys::fs::file_type::directory_file) {
    if (inputs.size() == 1)
      return openImageFolder(options, inputs.front());
    return createStringError(
        Twine("a folder of images feeds one input, the model has ") +
        Twine(inputs.size()) + ": expected an .npz with an array for each");
  }
  StringRef path = options.path;
  if (path.ends_with_insensitive(".npz") || path.ends_with_insensitive(".npy"))
    return openArrays(options, inputs);
  return createStringError(
      Twine(
          "expected an .npz file, an .npy file or a folder of images, got '") +
      path + "'");
}
