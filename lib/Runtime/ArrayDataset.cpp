//===- ArrayDataset.cpp - Samples from NumPy arrays -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DatasetDetail.h"
#include "hwq/Runtime/NpyFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cmath>
#include <cstring>

using namespace llvm;
using namespace hwq::runtime;
using namespace hwq::runtime::data;

/// Grey images may come without a channel axis.
static Tensor::Shape pixelShape(ArrayRef<int64_t> shape) {
  Tensor::Shape pixels(shape);
  if (pixels.size() == 3)
    pixels.push_back(1);
  return pixels;
}

namespace {
/// One input's array, checked against the model.
struct ArrayInput {
  InputSpec spec;
  /// "'x' in 'data.npz'", or "'data.npy'".
  std::string source;
  /// [N, ...], or pixels: u8 [N,H,W,C] or [N,H,W].
  std::shared_ptr<const ArrayRows> rows;
  bool isPixels = false;
  /// Pixel data only.
  ImageLayout layout = ImageLayout::NCHW;
  ImageSize outSize;

  /// With a channel axis, if it is pixels.
  Tensor::Shape shape() const {
    return isPixels ? pixelShape(rows->shape()) : Tensor::Shape(rows->shape());
  }
  Tensor::Shape batch(int64_t count) const {
    if (isPixels)
      return imageShape(layout, count, shape()[3], outSize);
    Tensor::Shape shape(rows->shape());
    shape[0] = count;
    return shape;
  }
};

class ArrayDataset : public Dataset {
public:
  int64_t size() const override { return count; }
  bool hasLabels() const override { return !labels.empty(); }
  int64_t label(int64_t i) const override { return labels[i]; }
  std::string whyNoLabels() const override { return labelsMissing; }
  std::string sampleName(int64_t i) const override {
    return "sample " + std::to_string(i);
  }
  std::string describe() const override;
  Error load(int64_t begin, int64_t end,
             std::vector<Tensor> &tensors) const override;
  Error loadSamples(ArrayRef<int64_t> indices,
                    std::vector<Tensor> &tensors) const override;

  std::vector<ArrayInput> inputs;
  PreprocessOptions preprocess;
  std::string path;
  int64_t count = 0;
  std::vector<int64_t> labels;
  std::string labelSource;
  std::string labelsMissing;

private:
  Error checkFinite(const ArrayInput &input, const Tensor &batch,
                    function_ref<int64_t(int64_t)> sampleOf) const;
};
} // namespace

std::string ArrayDataset::describe() const {
  std::string text;
  raw_string_ostream os(text);
  os << count << " samples of '" << path << "' (";
  ListSeparator comma;
  for (const ArrayInput &input : inputs) {
    os << comma << input.spec.name << ": " << dtypeName(input.rows->dtype())
       << ' ' << shapeToString(ArrayRef(input.shape()).drop_front());
    if (!input.isPixels)
      os << " as it is";
    else if (preprocess.raw)
      os << " raw";
  }
  os << "), ";
  if (hasLabels())
    os << "labels from " << labelSource;
  else
    os << "no labels";
  return text;
}

/// Index of the first NaN or Inf, -1 if there is none.
static int64_t firstNonFinite(const float *values, int64_t count) {
  constexpr int64_t block = 4096;
  for (int64_t begin = 0; begin < count; begin += block) {
    int64_t end = std::min(begin + block, count);
    // No exit from the loop, so that it vectorizes.
    uint32_t bad = 0;
    for (int64_t i = begin; i < end; ++i)
      bad |= (bit_cast<uint32_t>(values[i]) & 0x7f800000u) == 0x7f800000u;
    if (bad)
      for (int64_t i = begin; i < end; ++i)
        if (!std::isfinite(values[i]))
          return i;
  }
  return -1;
}

Error ArrayDataset::checkFinite(const ArrayInput &input, const Tensor &batch,
                                function_ref<int64_t(int64_t)> sampleOf) const {
  const float *values = batch.data<float>();
  int64_t at = firstNonFinite(values, batch.numElements());
  if (at < 0)
    return Error::success();
  int64_t row = batch.numElements() / batch.dim(0);
  StringRef kind = std::isnan(values[at]) ? "NaN" : "Inf";
  return createStringError(Twine("input '") + input.spec.name + "', array " +
                           input.source + ": " + kind + " in " +
                           sampleName(sampleOf(at / row)) + " at element " +
                           Twine(at % row));
}

Error ArrayDataset::load(int64_t begin, int64_t end,
                         std::vector<Tensor> &tensors) const {
  bool alias = all_of(inputs, [](const ArrayInput &input) {
    return input.rows->dtype() == DType::F32;
  });
  if (!alias || begin < 0 || begin >= end || end > count)
    return Dataset::load(begin, end, tensors);
  tensors.clear();
  for (const ArrayInput &input : inputs) {
    Expected<Tensor> batch = input.rows->read(begin, end);
    if (!batch)
      return batch.takeError();
    tensors.push_back(std::move(*batch));
    if (Error error = checkFinite(input, tensors.back(),
                                  [&](int64_t i) { return begin + i; }))
      return error;
  }
  return Error::success();
}

template <typename T>
static Error indicesToFloat(ArrayRef<T> values, float *to) {
  constexpr int64_t kLargest = int64_t(1) << 24;
  for (auto [i, value] : enumerate(values)) {
    if (value < -kLargest || value > kLargest)
      return createStringError("integer " + Twine(value) + " at element " +
                               Twine(i) + ", expected at most 2^24 in size");
    to[i] = static_cast<float>(value);
  }
  return Error::success();
}

/// Integers, such as codes or the indices of an embedding, that f32 holds
/// exactly.
static Error indicesToFloat(const Tensor &sample, float *to) {
  switch (sample.dtype()) {
  case DType::U8:
    return indicesToFloat(sample.values<uint8_t>(), to);
  case DType::I8:
    return indicesToFloat(sample.values<int8_t>(), to);
  case DType::I16:
    return indicesToFloat(sample.values<int16_t>(), to);
  case DType::I32:
    return indicesToFloat(sample.values<int32_t>(), to);
  default:
    return indicesToFloat(sample.values<int64_t>(), to);
  }
}

Error ArrayDataset::loadSamples(ArrayRef<int64_t> indices,
                                std::vector<Tensor> &tensors) const {
  if (Error error = checkIndices(indices, count))
    return error;
  tensors.clear();
  for (const ArrayInput &input : inputs) {
    Tensor batch = Tensor::allocate(DType::F32, input.batch(indices.size()));
    tensors.push_back(batch);
    if (indices.empty())
      continue;
    int64_t row = batch.numElements() / batch.dim(0);
    float *to = batch.data<float>();
    Tensor::Shape whole = input.shape();
    ArrayRef<int64_t> sampleShape = ArrayRef(whole).drop_front();
    for (int64_t i : indices) {
      Expected<Tensor> one = input.rows->read(i, i + 1);
      if (!one)
        return one.takeError();
      Tensor sample = one->reshaped(sampleShape);
      if (input.isPixels) {
        if (Error error = preprocessImage(sample, preprocess, input.layout,
                                          MutableArrayRef<float>(to, row)))
          return inContext(input.source + ", " + sampleName(i),
                           std::move(error));
      } else if (input.rows->dtype() == DType::F32) {
        std::memcpy(to, sample.raw(), sample.numBytes());
      } else if (input.rows->dtype() == DType::F64) {
        llvm::copy(sample.values<double>(), to);
      } else if (Error error = indicesToFloat(sample, to)) {
        return inContext("array " + input.source + ", " + sampleName(i),
                         std::move(error));
      }
      to += row;
    }
    if (!input.isPixels)
      if (Error error =
              checkFinite(input, batch, [&](int64_t i) { return indices[i]; }))
        return error;
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Opening
//===----------------------------------------------------------------------===//

/// Whether the shape would fit in the other image layout.
static bool fitsOtherLayout(ArrayRef<int64_t> want, ArrayRef<int64_t> have) {
  if (want.size() != 4 || have.size() != 4)
    return false;
  auto fits = [&](std::initializer_list<int> order) {
    int axis = 1;
    for (int from : order) {
      if (want[axis] >= 0 && want[axis] != have[from])
        return false;
      ++axis;
    }
    return true;
  };
  return fits({3, 1, 2}) || fits({2, 3, 1});
}

/// Checks an array's type and shape against the model's input and what
/// preprocessing makes of it; sets isPixels, layout and outSize.
static Error checkInput(ArrayInput &input, DType type, ArrayRef<int64_t> have,
                        const PreprocessOptions &options) {
  auto fail = [&](const Twine &reason) {
    return createStringError(Twine("array ") + input.source + ": " + reason);
  };
  input.isPixels = type == DType::U8 &&
                   (!input.spec.isCodes || options.raw || options.normalizes());
  if (type == DType::Bool)
    return fail(Twine("expected floats or integers (taken as they are) or u8 "
                      "(pixels 0..255), got ") +
                dtypeName(type));
  if (have.empty())
    return fail("expected samples along the first axis, got a scalar");
  if (is_contained(have, 0))
    return fail(Twine("no samples: shape ") + shapeToString(have));
  if (!input.isPixels) {
    ArrayRef<int64_t> want = input.spec.shape;
    bool same = want.size() == have.size();
    for (size_t i = 1; same && i < want.size(); ++i)
      same = want[i] < 0 || want[i] == have[i];
    if (same)
      return Error::success();
    return fail(
        Twine("expected shape ") + batchShape(input.spec) + " as input '" +
        input.spec.name + "' has it, got " + shapeToString(have) +
        (!fitsOtherLayout(want, have) ? ""
         : type == DType::U8
             ? " (an array of codes; --raw or --mean make it pixels)"
         : !isFloat(type) ? " (only u8 arrays are pixels)"
                          : " (float arrays must be in the model's layout)"));
  }

  Tensor::Shape shape = pixelShape(have);
  if (shape.size() != 4)
    return fail(Twine("expected u8 pixels of shape [N,H,W,C], got ") +
                shapeToString(shape));
  int64_t channels = shape[3];
  Expected<ImageLayout> layout = imageLayout(input.spec, channels);
  if (!layout)
    return inContext(Twine("array ") + input.source, layout.takeError());
  input.layout = *layout;
  if (Error error = checkPreprocessOptions(options, channels))
    return inContext(Twine("array ") + input.source, std::move(error));
  Expected<ImageSize> size = preprocessedSize({shape[1], shape[2]}, options);
  if (!size)
    return inContext(Twine("array ") + input.source, size.takeError());
  input.outSize = *size;
  if (Error error = checkImageShape(input.spec, *layout, channels, *size))
    return inContext(Twine("array ") + input.source, std::move(error));
  return Error::success();
}

static Error checkLabels(ArrayRef<int64_t> shape, const Twine &source,
                         int64_t total) {
  bool column = shape.size() == 2 && shape[1] == 1;
  if ((shape.size() == 1 || column) && shape[0] == total)
    return Error::success();
  return createStringError(Twine("labels ") + source + ": expected shape [" +
                           Twine(total) + "], one per sample, got " +
                           shapeToString(shape));
}

template <typename T>
static void appendLabels(const Tensor &array, std::vector<int64_t> &to) {
  for (T value : array.values<T>())
    to.push_back(value);
}

/// Reads labels [N] or [N,1] of any integer type: checkLabels has passed.
static Expected<std::vector<int64_t>> readLabels(const Tensor &array,
                                                 const Twine &source,
                                                 int64_t count,
                                                 int64_t offset) {
  std::vector<int64_t> labels;
  labels.reserve(array.numElements());
  switch (array.dtype()) {
  case DType::U8:
    appendLabels<uint8_t>(array, labels);
    break;
  case DType::I8:
    appendLabels<int8_t>(array, labels);
    break;
  case DType::I16:
    appendLabels<int16_t>(array, labels);
    break;
  case DType::I32:
    appendLabels<int32_t>(array, labels);
    break;
  case DType::I64:
    appendLabels<int64_t>(array, labels);
    break;
  default:
    return createStringError(Twine("labels ") + source +
                             ": expected integers (class indices), got " +
                             dtypeName(array.dtype()));
  }
  labels.resize(count);
  for (int64_t i = 0; i < count; ++i)
    if (Error error =
            offsetLabel(labels[i], offset,
                        Twine("labels ") + source + ", sample " + Twine(i))
                .moveInto(labels[i]))
      return error;
  return labels;
}

Expected<DatasetPtr> data::openArrays(const DatasetOptions &options,
                                      ArrayRef<InputSpec> specs) {
  auto data = std::make_shared<ArrayDataset>();
  data->path = options.path;
  data->preprocess = options.preprocess;
  bool archive = StringRef(options.path).ends_with_insensitive(".npz");
  std::optional<NpzReader> npz;
  if (archive) {
    Expected<NpzReader> reader = NpzReader::open(options.path);
    if (!reader)
      return reader.takeError();
    npz.emplace(std::move(*reader));
  } else if (specs.size() != 1) {
    return createStringError(
        Twine("an .npy file feeds one input, the model has ") +
        Twine(specs.size()) + ": expected an .npz with an array for each");
  }

  for (const InputSpec &spec : specs) {
    ArrayInput input;
    input.spec = spec;
    input.source = "'" + options.path + "'";
    auto check = [&](DType type, ArrayRef<int64_t> shape) {
      return checkInput(input, type, shape, options.preprocess);
    };
    using Rows = std::shared_ptr<const ArrayRows>;
    Expected<Rows> array = [&]() -> Expected<Rows> {
      if (!npz)
        return openNpyRows(options.path, check);
      std::string name = spec.name;
      if (specs.size() == 1 &&
          (npz->contains(options.inputArray) || !npz->contains(name) ||
           options.inputArray != "x"))
        name = options.inputArray;
      input.source = "'" + name + "' in '" + options.path + "'";
      return npz->openRows(name, check);
    }();
    if (!array)
      return array.takeError();
    input.rows = std::move(*array);
    if (!data->inputs.empty() &&
        data->inputs[0].rows->shape()[0] != input.rows->shape()[0])
      return createStringError(Twine("array ") + input.source + ": expected " +
                               Twine(data->inputs[0].rows->shape()[0]) +
                               " samples as array " + data->inputs[0].source +
                               " has, got " + Twine(input.rows->shape()[0]));
    data->inputs.push_back(std::move(input));
  }
  int64_t total = data->inputs[0].rows->shape()[0];
  data->count = options.samples ? std::min(*options.samples, total) : total;

  std::optional<Tensor> labels;
  auto checkLabelArray = [&](DType, ArrayRef<int64_t> shape) {
    return checkLabels(shape, data->labelSource, total);
  };
  if (!options.labelsFile.empty()) {
    data->labelSource = "'" + options.labelsFile + "'";
    if (!StringRef(options.labelsFile).ends_with_insensitive(".npy"))
      return createStringError(
          Twine("labels for arrays: expected an .npy file with one integer "
                "per sample, got ") +
          data->labelSource);
    Expected<Tensor> array = readNpy(options.labelsFile, checkLabelArray);
    if (!array)
      return array.takeError();
    labels = std::move(*array);
  } else if (!archive) {
    data->labelsMissing =
        "'" + options.path + "' is a single array and --labels is not given";
  } else if (options.labelArray.empty()) {
    data->labelsMissing = "no label array was asked for";
  } else if (!npz->contains(options.labelArray) && options.labelArray == "y") {
    data->labelsMissing = "'" + options.path + "' has no array 'y'";
  } else if (std::string source =
                 "'" + options.labelArray + "' in '" + options.path + "'";
             llvm::any_of(data->inputs, [&](const ArrayInput &input) {
               return input.source == source;
             })) {
    data->labelsMissing = "array " + source + " is an input of the model";
  } else {
    data->labelSource = std::move(source);
    Expected<Tensor> array = npz->read(options.labelArray, checkLabelArray);
    if (!array)
      return array.takeError();
    labels = std::move(*array);
  }
  if (labels)
    if (Error error = readLabels(*labels, data->labelSource, data->count,
                                 options.labelOffset)
                          .moveInto(data->labels))
      return error;
  return DatasetPtr(std::move(data));
}
