//===- FolderDataset.cpp - Samples from a folder of images ------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DatasetDetail.h"
#include "hwq/Runtime/Image.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace hwq::runtime;
using namespace hwq::runtime::data;
namespace fs = llvm::sys::fs;

namespace {
class FolderDataset : public Dataset {
public:
  int64_t size() const override { return files.size(); }
  bool hasLabels() const override { return !labels.empty(); }
  int64_t label(int64_t i) const override { return labels[i]; }
  std::string whyNoLabels() const override { return labelsMissing; }
  std::string sampleName(int64_t i) const override {
    return "sample " + std::to_string(i) + " ('" + files[i] + "')";
  }
  std::string describe() const override {
    return std::to_string(files.size()) + " images of '" + folder + "', " +
           (hasLabels() ? "labels from " + labelSource : "no labels");
  }
  Error loadSamples(ArrayRef<int64_t> indices,
                    std::vector<Tensor> &tensors) const override;

  /// Reads image i and finds its size after preprocessing, which must fit.
  Expected<Tensor> read(int64_t i, ImageSize &size) const;

  InputSpec spec;
  ImageLayout layout = ImageLayout::NCHW;
  PreprocessOptions preprocess;
  std::string folder;
  /// Paths below `folder`, '/' between.
  std::vector<std::string> files;
  std::vector<int64_t> labels;
  std::string labelSource;
  std::string labelsMissing;
};
} // namespace

/// What decodeImage delivers.
static constexpr int64_t imageChannels = 3;

Expected<Tensor> FolderDataset::read(int64_t i, ImageSize &size) const {
  SmallString<128> path(folder);
  sys::path::append(path, files[i]);
  Expected<Tensor> image = readImage(path);
  if (!image)
    return inContext("sample " + Twine(i), image.takeError());
  Expected<ImageSize> out =
      preprocessedSize({image->dim(0), image->dim(1)}, preprocess);
  if (!out)
    return inContext(sampleName(i), out.takeError());
  size = *out;
  if (Error error = checkImageShape(spec, layout, imageChannels, size))
    return inContext(sampleName(i), std::move(error));
  return image;
}

Error FolderDataset::loadSamples(ArrayRef<int64_t> indices,
                                 std::vector<Tensor> &tensors) const {
  if (Error error = checkIndices(indices, size()))
    return error;
  tensors.clear();
  Tensor batch;
  ImageSize batchSize;
  for (auto [k, i] : enumerate(indices)) {
    ImageSize size;
    Expected<Tensor> image = read(i, size);
    if (!image)
      return image.takeError();
    if (k == 0) {
      batchSize = size;
      batch = Tensor::allocate(
          DType::F32, imageShape(layout, indices.size(), imageChannels, size));
    } else if (size != batchSize) {
      return createStringError(
          Twine(sampleName(i)) + ": expected " + Twine(batchSize.height) + "x" +
          Twine(batchSize.width) + " as " + sampleName(indices[0]) +
          " is after preprocessing, got " + Twine(size.height) + "x" +
          Twine(size.width) + " (see --resize, --crop)");
    }
    int64_t row = imageChannels * size.height * size.width;
    if (Error error = preprocessImage(
            *image, preprocess, layout,
            MutableArrayRef<float>(batch.data<float>() + k * row, row)))
      return inContext(sampleName(i), std::move(error));
  }
  if (indices.empty()) {
    ImageSize size;
    if (Expected<Tensor> image = read(0, size); !image)
      return image.takeError();
    batch = Tensor::allocate(DType::F32,
                             imageShape(layout, 0, imageChannels, size));
  }
  tensors.push_back(std::move(batch));
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Listing
//===----------------------------------------------------------------------===//

/// Calls `visit` with name and status of everything in a folder but hidden
/// entries, such as the "._0001.jpg" that macOS leaves beside files.
static Error
listFolder(StringRef path,
           function_ref<Error(StringRef, const fs::file_status &)> visit) {
  std::error_code ec;
  fs::directory_iterator it(path, ec), end;
  for (; !ec && it != end; it.increment(ec)) {
    StringRef name = sys::path::filename(it->path());
    if (name.starts_with("."))
      continue;
    fs::file_status status;
    if (fs::status(it->path(), status))
      continue; // a dangling link is not ours to complain about
    if (Error error = visit(name, status))
      return error;
  }
  if (ec)
    return createStringError(Twine("cannot read '") + path +
                             "': " + ec.message());
  return Error::success();
}

static Error listImages(StringRef folder, std::vector<std::string> &files) {
  std::vector<std::string> subFolders;
  auto isImage = [](StringRef name, const fs::file_status &status) {
    return status.type() == fs::file_type::regular_file &&
           hasImageExtension(name);
  };
  Error error =
      listFolder(folder, [&](StringRef name, const fs::file_status &status) {
        if (status.type() == fs::file_type::directory_file)
          subFolders.push_back(name.str());
        else if (isImage(name, status))
          files.push_back(name.str());
        return Error::success();
      });
  if (error)
    return error;
  for (const std::string &sub : subFolders) {
    SmallString<128> path(folder);
    sys::path::append(path, sub);
    error =
        listFolder(path, [&](StringRef name, const fs::file_status &status) {
          if (isImage(name, status))
            files.push_back(sub + "/" + name.str());
          return Error::success();
        });
    if (error)
      return error;
  }
  sort(files);
  if (files.empty())
    return createStringError(
        Twine("no images in '") + folder +
        "': expected .jpg, .jpeg or .png files in it or in its sub-folders");
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Labels
//===----------------------------------------------------------------------===//

/// The class index that a path below the folder tells, or -1.
static int64_t labelOfPath(StringRef file) {
  auto [sub, name] = file.split('/');
  uint32_t number;
  if (!name.empty()) // in a sub-folder only that one's name counts
    return sub.getAsInteger(10, number) ? -1 : int64_t(number);
  return sub.consumeInteger(10, number) ? -1 : int64_t(number);
}

/// Reads lines "name label" into a map.
static Error readLabelsFile(StringRef path, StringMap<int64_t> &labels) {
  fs::file_status status;
  std::error_code ec = fs::status(path, status);
  if (!ec && status.type() != fs::file_type::regular_file)
    return createStringError(Twine("cannot read '") + path +
                             "': expected a regular file");
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer =
      ec ? ErrorOr<std::unique_ptr<MemoryBuffer>>(ec)
         : MemoryBuffer::getFile(path, /*IsText=*/true);
  if (!buffer)
    return createStringError(Twine("cannot read '") + path +
                             "': " + buffer.getError().message());
  for (line_iterator line(**buffer, /*SkipBlanks=*/true); !line.is_at_eof();
       ++line) {
    StringRef text = line->trim();
    if (text.empty() || text.starts_with("#"))
      continue;
    // Names may contain spaces, labels don't.
    size_t space = text.find_last_of(" \t");
    int64_t label;
    if (space == StringRef::npos ||
        text.substr(space + 1).getAsInteger(10, label) || label < 0)
      return createStringError(
          Twine("'") + path + "' line " + Twine(line.line_number()) +
          ": expected 'name label', label an integer >= 0, got '" +
          text.take_front(80) + "'");
    StringRef name = text.take_front(space).rtrim();
    name.consume_front("./");
    auto [it, isNew] = labels.try_emplace(name, label);
    if (!isNew && it->second != label)
      return createStringError(Twine("'") + path + "' line " +
                               Twine(line.line_number()) + ": '" + name +
                               "' has label " + Twine(label) + " here and " +
                               Twine(it->second) + " before");
  }
  return Error::success();
}

static Error findLabels(const DatasetOptions &options, FolderDataset &data) {
  std::vector<int64_t> labels;
  if (!options.labelsFile.empty()) {
    StringMap<int64_t> table;
    if (Error error = readLabelsFile(options.labelsFile, table))
      return error;
    for (const std::string &file : data.files) {
      auto found = table.find(file);
      if (found == table.end())
        found = table.find(sys::path::filename(file));
      if (found == table.end())
        return createStringError(Twine("'") + options.labelsFile +
                                 "': no label for image '" + file + "'");
      labels.push_back(found->second);
    }
    data.labelSource = "'" + options.labelsFile + "'";
  } else {
    for (const std::string &file : data.files) {
      labels.push_back(labelOfPath(file));
      if (labels.back() >= 0)
        continue;
      data.labelsMissing =
          "'" + file +
          "' has no class index (a number at the start of the "
          "file name, or as the sub-folder's name) and --labels is not given";
      return Error::success();
    }
    data.labelSource = "the file names";
  }
  for (auto [i, label] : enumerate(labels))
    if (Error error =
            offsetLabel(label, options.labelOffset, data.sampleName(i))
                .moveInto(label))
      return error;
  data.labels = std::move(labels);
  return Error::success();
}

Expected<DatasetPtr> data::openImageFolder(const DatasetOptions &options,
                                           const InputSpec &input) {
  auto data = std::make_shared<FolderDataset>();
  data->spec = input;
  data->preprocess = options.preprocess;
  data->folder = options.path;
  auto inFolder = [&](Error error) {
    return inContext(Twine("'") + options.path + "'", std::move(error));
  };
  if (Error error = listImages(options.path, data->files))
    return error;
  if (options.samples &&
      *options.samples < static_cast<int64_t>(data->files.size()))
    data->files.resize(*options.samples);
  if (Error error = imageLayout(input, imageChannels).moveInto(data->layout))
    return inFolder(std::move(error));
  if (Error error = checkPreprocessOptions(options.preprocess, imageChannels))
    return inFolder(std::move(error));
  if (Error error = findLabels(options, *data))
    return error;
  // The commonest mistakes show in the first image already.
  ImageSize size;
  if (!options.skipBad)
    if (Expected<Tensor> image = data->read(0, size); !image)
      return image.takeError();
  return DatasetPtr(std::move(data));
}
