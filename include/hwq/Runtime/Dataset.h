//===- Dataset.h - Samples for calibration and evaluation -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_RUNTIME_DATASET_H
#define HWQ_RUNTIME_DATASET_H

#include "hwq/Runtime/Preprocess.h"
#include "hwq/Runtime/Tensor.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hwq::runtime {

/// One input of the model.
struct InputSpec {
  std::string name;
  /// Batch first, in the model's layout; -1 = dynamic. A fixed batch size does
  /// not limit the data set: cutting into batches is the caller's work.
  llvm::SmallVector<int64_t, 4> shape;
  /// Layout of an image input. Without it the axis whose size is the pixel
  /// data's channel count decides, NCHW if both are.
  std::optional<ImageLayout> layout = std::nullopt;
  /// The input takes codes: u8 arrays are no pixels, unless the options say how
  /// pixels become codes (DatasetOptions::preprocess).
  bool isCodes = false;
};

struct DatasetOptions {
  /// file.npz, file.npy, or a folder of images.
  std::string path;
  /// Array of a single-input model in an .npz; if it has no "x", the array
  /// named like the input is taken. Several inputs: their names.
  std::string inputArray = "x";
  /// Labels in an .npz. Only the default may be missing; "" = no labels.
  std::string labelArray = "y";
  /// Folder: text, lines "name label", '#' starts a comment line. Arrays: a
  /// .npy with one integer per sample. Replaces any other labels.
  std::string labelsFile;
  /// Added to every label (1 where the model's class 0 is a background class).
  int64_t labelOffset = 0;
  /// The first so many samples; more than there are = all.
  std::optional<int64_t> samples;
  PreprocessOptions preprocess;
  /// The caller leaves out samples that cannot be read (see skipBadSamples): no
  /// error where the first image, which shows the commonest mistakes when the
  /// data set is opened, is one of them.
  bool skipBad = false;
};

/// Sets one option as command lines and passes spell it: input-array,
/// label-array, labels, label-offset, samples, resize, crop, color, mean, std,
/// raw (true or false). Errors call it `shown`.
llvm::Error setDatasetOption(DatasetOptions &options, llvm::StringRef name,
                             llvm::StringRef value, llvm::StringRef shown);

/// All that changes the values of samples but the files themselves, as text
/// that is equal for equal preparations: "resize=256 color=bgr mean=0 std=255".
std::string describePreparation(const DatasetOptions &options);

/// A fixed sequence of samples. All members are const and thread-safe.
class Dataset {
public:
  virtual ~Dataset();

  virtual int64_t size() const = 0;
  virtual bool hasLabels() const = 0;
  /// Class index of sample i, >= 0, offset included. Only if hasLabels().
  virtual int64_t label(int64_t i) const = 0;
  /// Why there are no labels, as an end of a sentence ("the archive has no
  /// array 'y'"); empty if there are.
  virtual std::string whyNoLabels() const = 0;

  /// Loads samples in the given order: one tensor per model input, f32, batch
  /// first, in the model's layout. Read-only: it may alias the data set's own
  /// storage. Errors name the sample, by index or by file, and the input.
  virtual llvm::Error loadSamples(llvm::ArrayRef<int64_t> indices,
                                  std::vector<Tensor> &inputs) const = 0;
  /// The same for samples [begin, end).
  virtual llvm::Error load(int64_t begin, int64_t end,
                           std::vector<Tensor> &inputs) const;

  /// "sample 3" or "sample 3 ('cat/0005.jpg')".
  virtual std::string sampleName(int64_t i) const = 0;
  /// One line: source, number of samples, labels.
  virtual std::string describe() const = 0;
};

/// Opens a data set for a model with these inputs. Everything that can be
/// checked without decoding all samples is checked here.
///
/// - Arrays of floats and of integers other than u8, and u8 arrays for an input
///   of codes, are taken as they are, in the model's layout; NaN and Inf are
///   errors when loaded.
/// - u8 arrays [N,H,W,C] (or [N,H,W], one channel) and images are pixel data
///   and are preprocessed.
/// - Folder: images directly in it and in its sub-folders (one level), in the
///   byte order of their relative paths. Labels: the sub-folder's name if it is
///   a number, the leading number of a file name directly in the folder; a
///   folder in which any image has none has no labels.
llvm::Expected<std::shared_ptr<const Dataset>>
openDataset(const DatasetOptions &options, llvm::ArrayRef<InputSpec> inputs);

/// The samples `indices` of another data set, in that order.
std::shared_ptr<const Dataset> subset(std::shared_ptr<const Dataset> data,
                                      std::vector<int64_t> indices);

/// At most `maxCount` (> 0) samples spread evenly over the whole: sample
/// floor(i * size / maxCount) for i < maxCount; all if there are not more.
std::shared_ptr<const Dataset> strideSubset(std::shared_ptr<const Dataset> data,
                                            int64_t maxCount);

/// A data set whose labels are none: `why` is what whyNoLabels() says.
std::shared_ptr<const Dataset>
withoutLabels(std::shared_ptr<const Dataset> data, std::string why);

/// Samples that could not be read, and why. Thread-safe.
class BadSamples {
public:
  void add(int64_t index, std::string reason);
  bool contains(int64_t index) const;
  /// Index and reason, ascending.
  std::vector<std::pair<int64_t, std::string>> list() const;

private:
  mutable std::mutex mutex;
  std::map<int64_t, std::string> reasons;
};

/// A data set that goes on where a sample cannot be read: it is noted in `bad`,
/// under its index here, and its values are zeros. That no sample at all can be
/// read is an error.
std::shared_ptr<const Dataset>
skipBadSamples(std::shared_ptr<const Dataset> data,
               std::shared_ptr<BadSamples> bad);

} // namespace hwq::runtime

#endif // HWQ_RUNTIME_DATASET_H
