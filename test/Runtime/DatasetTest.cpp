//===- DatasetTest.cpp - Samples for calibration and evaluation -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/Dataset.h"
#include "TestFiles.h"
#include "TestImages.h"
#include "hwq/Runtime/NpyFile.h"
#include <atomic>
#include <cmath>
#include <limits>
#include <random>
#include <thread>
#include <unistd.h>

using namespace llvm;
using namespace hwq::runtime;
using namespace hwq::test;

using Data = std::shared_ptr<const Dataset>;

static const InputSpec rgb4{"data", {-1, 3, 4, 4}};

static DatasetOptions rawOptions(StringRef path) {
  DatasetOptions options;
  options.path = path.str();
  options.preprocess.raw = true;
  return options;
}

static Data open(const DatasetOptions &options, ArrayRef<InputSpec> inputs) {
  Expected<Data> data = openDataset(options, inputs);
  if (data)
    return *data;
  ADD_FAILURE() << toString(data.takeError());
  return nullptr;
}

static std::string errorOf(const DatasetOptions &options,
                           ArrayRef<InputSpec> inputs) {
  return message(openDataset(options, inputs));
}

static std::vector<float> load(const Dataset &data, int64_t begin, int64_t end,
                               size_t input = 0) {
  std::vector<Tensor> tensors;
  std::string text = message(data.load(begin, end, tensors));
  EXPECT_EQ(text, "");
  return text.empty() ? tensors[input].values<float>().vec()
                      : std::vector<float>();
}

static Tensor counting(ArrayRef<int64_t> shape) {
  Tensor t = Tensor::allocate(DType::F32, shape);
  for (int64_t i = 0; i < t.numElements(); ++i)
    t.data<float>()[i] = i;
  return t;
}

//===----------------------------------------------------------------------===//
// Arrays
//===----------------------------------------------------------------------===//

TEST(Dataset, FloatArray) {
  TempFolder folder;
  std::string path = folder.path("d.npz");
  ASSERT_EQ(message(writeNpz(path, {{"x", counting({4, 2, 3})},
                                    {"y", Tensor::fromValues<uint8_t>(
                                              {9, 8, 255, 0}, {4})}})),
            "");
  DatasetOptions options;
  options.path = path;
  options.labelOffset = 1;
  Data data = open(options, {{"in", {1, 2, -1}}});
  ASSERT_TRUE(data);
  EXPECT_EQ(data->size(), 4);
  ASSERT_TRUE(data->hasLabels());
  EXPECT_EQ(data->label(2), 256);
  EXPECT_EQ(load(*data, 1, 3),
            (std::vector<float>{6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}));
  std::vector<Tensor> tensors;
  ASSERT_EQ(message(data->loadSamples({3, 0}, tensors)), "");
  EXPECT_EQ(tensors[0].shape(), ArrayRef<int64_t>({2, 2, 3}));
  EXPECT_EQ(tensors[0].data<float>()[0], 18);
  EXPECT_EQ(tensors[0].data<float>()[6], 0);
  EXPECT_HAS(message(data->load(3, 5, tensors)), "the data set has 4");
  EXPECT_HAS(message(data->loadSamples({-1}, tensors)), "sample -1");
  EXPECT_HAS(data->describe(), "4 samples of '" + path + "'");

  options.samples = 3;
  EXPECT_EQ(open(options, {{"in", {-1, 2, 3}}})->size(), 3);
  options.samples = 0;
  EXPECT_HAS(errorOf(options, {{"in", {-1, 2, 3}}}), "at least 1 sample");
  options.samples.reset();
  EXPECT_EQ(errorOf(options, {{"in", {-1, 3, 2}}}),
            "array 'x' in '" + path +
                "': expected shape [?,3,2] as input 'in' "
                "has it, got [4,2,3]");
  EXPECT_HAS(errorOf(options, {{"in", {-1, 6}}}), "expected shape [?,6]");
  options.labelOffset = -9;
  EXPECT_HAS(errorOf(options, {{"in", {-1, 2, 3}}}),
             "sample 1: expected a class index >= 0, got label 8 with offset "
             "-9");
}

TEST(Dataset, LayoutHintAndF64) {
  TempFolder folder;
  std::string path = folder.path("d.npy");
  ASSERT_EQ(message(writeNpy(path, counting({2, 4, 4, 3}))), "");
  DatasetOptions options;
  options.path = path;
  EXPECT_HAS(errorOf(options, {rgb4}), "must be in the model's layout");
  ASSERT_EQ(
      message(writeNpy(path, Tensor::fromValues<double>({0.1, 2}, {2, 1}))),
      "");
  Data data = open(options, {{"in", {-1, 1}}});
  ASSERT_TRUE(data);
  EXPECT_EQ(load(*data, 0, 2), (std::vector<float>{0.1f, 2.0f}));
  EXPECT_FALSE(data->hasLabels());
  EXPECT_HAS(data->whyNoLabels(), "--labels is not given");
  // Finite in f64, infinite in f32.
  ASSERT_EQ(
      message(writeNpy(path, Tensor::fromValues<double>({1, 1e39}, {2, 1}))),
      "");
  std::vector<Tensor> tensors;
  EXPECT_HAS(message(open(options, {{"in", {-1, 1}}})->load(0, 2, tensors)),
             "Inf in sample 1");
}

TEST(Dataset, NanAndInfNameSampleAndInput) {
  TempFolder folder;
  std::string path = folder.path("d.npz");
  for (float bad : {std::nanf(""), std::numeric_limits<float>::infinity(),
                    -std::numeric_limits<float>::infinity()}) {
    Tensor a = counting({5, 2000}), b = counting({5, 1});
    a.data<float>()[3 * 2000 + 1234] = bad;
    ASSERT_EQ(message(writeNpz(path, {{"b", b}, {"a", a}})), "");
    DatasetOptions options;
    options.path = path;
    Data data = open(options, {{"a", {-1, 2000}}, {"b", {-1, 1}}});
    ASSERT_TRUE(data);
    std::vector<Tensor> tensors;
    EXPECT_EQ(message(data->load(0, 3, tensors)), "");
    ASSERT_EQ(tensors.size(), 2u);
    EXPECT_EQ(tensors[1].data<float>()[2], 2);
    std::string want = std::string("input 'a', array 'a' in '") + path +
                       "': " + (std::isnan(bad) ? "NaN" : "Inf") +
                       " in sample 3 at element 1234";
    EXPECT_EQ(message(data->load(2, 5, tensors)), want);
    EXPECT_EQ(message(data->loadSamples({4, 3}, tensors)), want);
    EXPECT_EQ(message(strideSubset(data, 2)->load(0, 2, tensors)), "");
  }
}

TEST(Dataset, SeveralInputsAndMissingArrays) {
  TempFolder folder;
  std::string path = folder.path("d.npz");
  ASSERT_EQ(message(writeNpz(path, {{"a", counting({5, 2})},
                                    {"b", counting({4, 1})},
                                    {"y", counting({5})}})),
            "");
  DatasetOptions options;
  options.path = path;
  EXPECT_EQ(errorOf(options, {{"a", {-1, 2}}, {"c", {-1, 1}}}),
            "cannot read '" + path +
                "': no array 'c'; the archive has 'a', 'b', 'y'");
  EXPECT_HAS(errorOf(options, {{"a", {-1, 2}}, {"b", {-1, 1}}}),
             "expected 5 samples as array 'a' in");
  EXPECT_HAS(errorOf(options, {{"a", {-1, 2}}}),
             "expected integers (class indices), got f32");
  options.labelArray = "";
  // No "x": the array named like the input.
  EXPECT_EQ(open(options, {{"a", {-1, 2}}})->size(), 5);
  options.inputArray = "b";
  EXPECT_EQ(open(options, {{"a", {-1, 1}}})->size(), 4);
  options.inputArray = "z";
  EXPECT_HAS(errorOf(options, {{"a", {-1, 2}}}), "no array 'z'");
  options.inputArray = "b";
  options.labelArray = "z";
  EXPECT_HAS(errorOf(options, {{"a", {-1, 1}}}), "no array 'z'");
  options.labelArray = "y";
  options.labelsFile = folder.path("l.npy");
  ASSERT_EQ(message(writeNpy(options.labelsFile,
                             Tensor::fromValues<int64_t>({1, 2, 3}, {3}))),
            "");
  EXPECT_HAS(errorOf(options, {{"a", {-1, 1}}}),
             "expected shape [4], one per sample, got [3]");
  ASSERT_EQ(message(writeNpy(options.labelsFile, Tensor::fromValues<int64_t>(
                                                     {1, 2, 3, 4}, {4, 1}))),
            "");
  EXPECT_EQ(open(options, {{"a", {-1, 1}}})->label(3), 4);
  EXPECT_HAS(errorOf(options, {{"s", {}}}), "is a scalar");
  EXPECT_HAS(errorOf(options, {}), "no inputs");
}

TEST(Dataset, IntegerArray) {
  TempFolder folder;
  std::string path = folder.path("d.npz");
  int64_t limit = int64_t(1) << 24;
  ASSERT_EQ(
      message(writeNpz(
          path,
          {{"x", Tensor::fromValues<int64_t>({1, -2, limit, -limit}, {2, 2})},
           {"i", Tensor::fromValues<int32_t>({7, 8}, {2, 1})},
           {"large", Tensor::fromValues<int64_t>({0, 1, 2, limit + 1}, {2, 2})},
           {"short", Tensor::fromValues<int16_t>({0, 1}, {2, 1})}})),
      "");
  DatasetOptions options;
  options.path = path;
  EXPECT_EQ(load(*open(options, {{"in", {-1, 2}}}), 0, 2),
            (std::vector<float>{1, -2, 16777216, -16777216}));
  options.inputArray = "i";
  EXPECT_EQ(load(*open(options, {{"in", {-1, 1}}}), 1, 2),
            (std::vector<float>{8}));
  options.inputArray = "large";
  std::vector<Tensor> tensors;
  EXPECT_HAS(message(open(options, {{"in", {-1, 2}}})->load(0, 2, tensors)),
             "sample 1: integer 16777217 at element 1, expected at most 2^24");
  options.inputArray = "short";
  EXPECT_EQ(load(*open(options, {{"in", {-1, 1}}}), 1, 2),
            (std::vector<float>{1}));
}

TEST(Dataset, CodesAreNoPixels) {
  TempFolder folder;
  std::string path = folder.path("d.npz");
  ASSERT_EQ(
      message(writeNpz(
          path, {{"x", Tensor::fromValues<uint8_t>({1, 2, 3, 254, 255, 0},
                                                   {1, 3, 1, 2})},
                 {"z", Tensor::fromValues<int8_t>({-128, 127, -1}, {1, 3})}})),
      "");
  DatasetOptions options;
  options.path = path;
  InputSpec codes{"in", {-1, 3, 1, 2}, std::nullopt, /*isCodes=*/true};
  EXPECT_EQ(load(*open(options, {codes}), 0, 1),
            (std::vector<float>{1, 2, 3, 254, 255, 0}));
  // Whoever says how pixels become codes has pixels.
  options.preprocess.raw = true;
  EXPECT_EQ(load(*open(options, {{"in", {-1, 2, 3, 1}, {}, true}}), 0, 1),
            (std::vector<float>{1, 3, 255, 2, 254, 0}));
  options.inputArray = "z";
  EXPECT_EQ(load(*open(options, {{"in", {-1, 3}, {}, true}}), 0, 1),
            (std::vector<float>{-128, 127, -1}));
}

TEST(Dataset, InputThatIsCalledLikeLabels) {
  TempFolder folder;
  std::string path = folder.path("d.npz");
  ASSERT_EQ(
      message(writeNpz(path, {{"x", counting({4})}, {"y", counting({4})}})),
      "");
  DatasetOptions options;
  options.path = path;
  Data data = open(options, {{"x", {-1}}, {"y", {-1}}});
  ASSERT_TRUE(data);
  EXPECT_FALSE(data->hasLabels());
  EXPECT_HAS(data->whyNoLabels(), "is an input of the model");
}

TEST(Dataset, ShapesAreCheckedBeforeUnpacking) {
  TempFolder folder;
  Tensor many = Tensor::allocate(DType::I64, {50000});
  std::mt19937_64 random(1);
  for (int64_t &v : many.mutableValues<int64_t>())
    v = random() >> 1;
  std::string path = folder.path("d.npz");
  ASSERT_EQ(message(writeNpz(path, {{"x", counting({4, 2})}, {"y", many}})),
            "");
  // What damages the elements is not even seen.
  std::string bytes = readBytes(path);
  for (size_t i = 0; i < 64; ++i)
    bytes[bytes.size() / 2 + i] ^= 0xff;
  folder.write("d.npz", bytes);
  DatasetOptions options;
  options.path = path;
  EXPECT_HAS(errorOf(options, {{"x", {-1, 2}}}),
             "expected shape [4], one per sample, got [50000]");
  options.inputArray = "y";
  EXPECT_HAS(errorOf(options, {{"x", {-1, 2}}}),
             "expected shape [?,2] as input 'x' has it, got [50000]");
  options.inputArray = "x";
  options.labelArray = "";
  EXPECT_EQ(errorOf(options, {{"x", {-1, 2}}}), "");
}

TEST(Dataset, PixelArray) {
  TempFolder folder;
  std::string path = folder.path("d.npz");
  Tensor pixels = Tensor::allocate(DType::U8, {3, 4, 4, 3});
  for (int64_t i = 0; i < pixels.numElements(); ++i)
    pixels.data<uint8_t>()[i] = i;
  ASSERT_EQ(message(writeNpz(path, {{"x", pixels}})), "");
  Data data = open(rawOptions(path), {rgb4});
  ASSERT_TRUE(data);
  EXPECT_FALSE(data->hasLabels());
  EXPECT_HAS(data->whyNoLabels(), "has no array 'y'");
  std::vector<float> planar = load(*data, 1, 2);
  ASSERT_EQ(planar.size(), 48u);
  EXPECT_EQ(planar[0], 48);
  EXPECT_EQ(planar[1], 51);
  EXPECT_EQ(planar[16], 49);
  std::vector<float> packed =
      load(*open(rawOptions(path), {{"data", {-1, 4, 4, 3}}}), 1, 2);
  EXPECT_EQ(packed[1], 49);

  DatasetOptions options = rawOptions(path);
  options.preprocess.raw = false;
  EXPECT_HAS(errorOf(options, {rgb4}), "pixel data needs --mean and --std");
  options.preprocess.raw = true;
  options.preprocess.crop = ImageSize{2, 2};
  EXPECT_EQ(errorOf(options, {rgb4}),
            "array 'x' in '" + path +
                "': input 'data' expects [?,3,4,4], got [?,3,2,2] after "
                "preprocessing (see --resize, --crop)");
  EXPECT_EQ(load(*open(options, {{"data", {-1, 3, -1, -1}}}), 0, 1)[0], 15);
  EXPECT_HAS(errorOf(rawOptions(path), {{"data", {-1, 1, 4, 4}}}),
             "no axis for the 3 channels");
  EXPECT_HAS(errorOf(rawOptions(path), {{"data", {-1, 48}}}),
             "takes no pixel data");

  // Grey images without a channel axis.
  ASSERT_EQ(message(writeNpz(path, {{"x", pixels.reshaped({9, 4, 4})}})), "");
  EXPECT_EQ(load(*open(rawOptions(path), {{"data", {-1, 1, 4, 4}}}), 8, 9)[15],
            143);
  ASSERT_EQ(
      message(writeNpz(path, {{"x", Tensor::zeros(DType::I32, {1, 4, 4, 3})}})),
      "");
  EXPECT_HAS(errorOf(rawOptions(path), {rgb4}), "only u8 arrays are pixels");
  ASSERT_EQ(
      message(writeNpz(path, {{"x", Tensor::zeros(DType::I16, {1, 4, 4, 3})}})),
      "");
  EXPECT_HAS(errorOf(rawOptions(path), {rgb4}), "(only u8 arrays are pixels)");
  ASSERT_EQ(message(writeNpz(path, {{"x", pixels.slice0(0, 0)}})), "");
  EXPECT_HAS(errorOf(rawOptions(path), {rgb4}), "no samples");
}

//===----------------------------------------------------------------------===//
// Folders
//===----------------------------------------------------------------------===//

TEST(Dataset, FolderOfNumberedImages) {
  TempFolder folder;
  folder.write("0010.png", solidPng(4, 4, 10, 20, 30));
  folder.write("0002_dog.PNG", solidPng(4, 4, 2, 3, 4));
  folder.write("._0001.png", "left by macOS");
  folder.write("README.md", "no image");
  DatasetOptions options = rawOptions(folder.path());
  Data data = open(options, {rgb4});
  ASSERT_TRUE(data);
  ASSERT_EQ(data->size(), 2);
  ASSERT_TRUE(data->hasLabels());
  EXPECT_EQ(data->label(0), 2);
  EXPECT_EQ(data->label(1), 10);
  EXPECT_EQ(data->sampleName(0), "sample 0 ('0002_dog.PNG')");
  std::vector<float> values = load(*data, 0, 2);
  ASSERT_EQ(values.size(), 96u);
  EXPECT_EQ(values[0], 2);
  EXPECT_EQ(values[16], 3);
  EXPECT_EQ(values[95], 30);
  options.preprocess.color = ColorOrder::BGR;
  EXPECT_EQ(load(*open(options, {rgb4}), 1, 2)[0], 30);
  options.preprocess.raw = false;
  EXPECT_HAS(errorOf(options, {rgb4}), "pixel data needs --mean and --std");

  folder.write("cat.png", solidPng(4, 4, 0, 0, 0));
  data = open(rawOptions(folder.path()), {rgb4});
  EXPECT_EQ(data->size(), 3);
  EXPECT_FALSE(data->hasLabels());
  EXPECT_HAS(data->whyNoLabels(), "'cat.png' has no class index");
}

TEST(Dataset, SubFolders) {
  TempFolder folder;
  folder.write("7/b.png", solidPng(4, 4, 7, 0, 0));
  folder.write("12/3.png", solidPng(4, 4, 12, 0, 0));
  folder.write("7/a/deeper.png", "not looked at");
  Data data = open(rawOptions(folder.path()), {rgb4});
  ASSERT_TRUE(data);
  ASSERT_EQ(data->size(), 2);
  EXPECT_EQ(data->label(0), 12); // the folder counts, not the file's 3
  EXPECT_EQ(data->label(1), 7);
  EXPECT_EQ(load(*data, 1, 2)[0], 7);
  // A number in a folder of a class without one is no label.
  folder.write("cat/0001.png", solidPng(4, 4, 0, 0, 0));
  EXPECT_FALSE(open(rawOptions(folder.path()), {rgb4})->hasLabels());
}

TEST(Dataset, LabelsFile) {
  TempFolder folder;
  folder.write("im/5.png", solidPng(4, 4, 0, 0, 0));
  folder.write("im/my cat.png", solidPng(4, 4, 0, 0, 0));
  DatasetOptions options = rawOptions(folder.path("im"));
  options.labelsFile = folder.write(
      "labels.txt", "# comment\n\n5.png 3\r\nmy cat.png\t4\nother.png 9\n");
  options.labelOffset = 1;
  Data data = open(options, {rgb4});
  ASSERT_TRUE(data);
  EXPECT_EQ(data->label(0), 4);
  EXPECT_EQ(data->label(1), 5);
  auto withLabels = [&](StringRef text) {
    folder.write("labels.txt", text);
    return errorOf(options, {rgb4});
  };
  EXPECT_HAS(withLabels("5.png 3\n"), "no label for image 'my cat.png'");
  EXPECT_HAS(withLabels("5.png 3\n\n5.png x\n"),
             "line 3: expected 'name label', label an integer >= 0, got "
             "'5.png x'");
  EXPECT_HAS(withLabels("5.png -3\n"), "line 1");
  EXPECT_HAS(withLabels("5.png\n"), "line 1");
  EXPECT_HAS(withLabels("5.png 1\n5.png 2\n"), "has label 2 here and 1 before");
  options.labelsFile = folder.path("none.txt");
  EXPECT_HAS(errorOf(options, {rgb4}), "none.txt': No such file or directory");
  options.labelsFile = folder.path();
  EXPECT_HAS(errorOf(options, {rgb4}), "expected a regular file");
}

TEST(Dataset, BadFolders) {
  TempFolder folder;
  EXPECT_HAS(errorOf(rawOptions(folder.path()), {rgb4}),
             "no images in '" + folder.path() + "'");
  EXPECT_HAS(errorOf(rawOptions(folder.path("none")), {rgb4}),
             "No such file or directory");
  EXPECT_HAS(errorOf(rawOptions(folder.write("x.txt", "")), {rgb4}),
             "expected an .npz file, an .npy file or a folder of images");
  folder.write("2.png", solidPng(5, 4, 0, 0, 0));
  EXPECT_HAS(errorOf(rawOptions(folder.path()), {rgb4}),
             "sample 0 ('2.png'): input 'data' expects [?,3,4,4], got "
             "[?,3,5,4]");
  EXPECT_HAS(errorOf(rawOptions(folder.path()), {rgb4, rgb4}),
             "a folder of images feeds one input, the model has 2");
  folder.write("3.png", "broken");
  DatasetOptions options = rawOptions(folder.path());
  Data data = open(options, {{"data", {-1, 3, -1, -1}}});
  ASSERT_TRUE(data);
  std::vector<Tensor> tensors;
  EXPECT_HAS(message(data->load(0, 2, tensors)), "3.png'");
  folder.write("3.png", solidPng(4, 4, 0, 0, 0));
  EXPECT_HAS(message(data->load(0, 2, tensors)),
             "sample 1 ('3.png'): expected 5x4 as sample 0 ('2.png')");
  EXPECT_EQ(message(data->load(1, 2, tensors)), "");
}

TEST(Dataset, UnreadableFolder) {
  if (geteuid() == 0)
    GTEST_SKIP() << "root may read everything";
  TempFolder folder;
  folder.write("im/1.png", solidPng(4, 4, 0, 0, 0));
  std::string path = folder.path("im");
  ASSERT_FALSE(sys::fs::setPermissions(path, sys::fs::no_perms));
  EXPECT_EQ(errorOf(rawOptions(path), {rgb4}),
            "cannot read '" + path + "': Permission denied");
  ASSERT_FALSE(sys::fs::setPermissions(path, sys::fs::all_all));
}

//===----------------------------------------------------------------------===//
// Subsets and threads
//===----------------------------------------------------------------------===//

TEST(Dataset, Subsets) {
  TempFolder folder;
  std::string path = folder.path("d.npz");
  Tensor y = Tensor::allocate(DType::I64, {1001});
  for (int64_t i = 0; i < 1001; ++i)
    y.data<int64_t>()[i] = i;
  ASSERT_EQ(message(writeNpz(path, {{"x", counting({1001, 1})}, {"y", y}})),
            "");
  DatasetOptions options;
  options.path = path;
  Data data = open(options, {{"x", {-1, 1}}});
  ASSERT_TRUE(data);
  EXPECT_EQ(strideSubset(data, 1001), data);
  for (int64_t count : {1, 7, 500, 1000}) {
    Data part = strideSubset(data, count);
    ASSERT_EQ(part->size(), count);
    for (int64_t i = 0; i < count; ++i)
      ASSERT_EQ(part->label(i), i * 1001 / count);
    std::vector<float> values = load(*part, 0, count);
    for (int64_t i = 0; i < count; ++i)
      ASSERT_EQ(values[i], i * 1001 / count);
  }
  Data nested = subset(strideSubset(data, 500), {499, 1});
  EXPECT_EQ(nested->label(0), 998);
  EXPECT_EQ(load(*nested, 0, 2), (std::vector<float>{998, 2}));
  EXPECT_EQ(nested->sampleName(0), "sample 998");
}

TEST(Dataset, LoadsFromManyThreads) {
  TempFolder folder;
  for (int i = 0; i < 16; ++i)
    folder.write(Twine(i) + ".png", solidPng(9, 9, i, i, i));
  DatasetOptions options = rawOptions(folder.path());
  options.preprocess.resize = cantFail(parseResize("4"));
  Data data = open(options, {rgb4});
  ASSERT_TRUE(data);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int64_t i = 0; i < data->size(); ++i) {
        std::vector<Tensor> tensors;
        if (Error error = data->load(i, i + 1, tensors)) {
          consumeError(std::move(error));
          ++wrong;
          continue;
        }
        for (float v : tensors[0].values<float>())
          wrong += v != data->label(i);
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(wrong, 0);
}

//===----------------------------------------------------------------------===//
// The shared sample sets, where they are present
//===----------------------------------------------------------------------===//

static const std::string sharedData = HWQ_SOURCE_DIR "/../shared/data";

TEST(Dataset, Cifar10) {
  std::string path = sharedData + "/cifar10_calib.npz";
  if (!sys::fs::exists(path))
    GTEST_SKIP() << "no " << path;
  Data data = open(rawOptions(path), {{"in", {-1, 3, 32, 32}}});
  ASSERT_TRUE(data);
  EXPECT_EQ(data->size(), 500);
  ASSERT_TRUE(data->hasLabels());
  for (int64_t i = 0; i < data->size(); ++i)
    ASSERT_LT(data->label(i), 10);
  Expected<NpzReader> npz = NpzReader::open(path);
  ASSERT_TRUE(bool(npz)) << toString(npz.takeError());
  Expected<Tensor> x = npz->read("x");
  ASSERT_TRUE(bool(x)) << toString(x.takeError());
  EXPECT_EQ(x->dtype(), DType::U8);
  EXPECT_EQ(x->shape(), ArrayRef<int64_t>({500, 32, 32, 3}));
  std::vector<float> values = load(*data, 499, 500);
  EXPECT_EQ(values[1024 + 33], // channel 1, row 1, column 1
            x->data<uint8_t>()[499 * 3072 + 33 * 3 + 1]);
}

TEST(Dataset, ImagenetDev) {
  std::string path = sharedData + "/imagenet_dev";
  if (!sys::fs::exists(path))
    GTEST_SKIP() << "no " << path;
  Data data = open(rawOptions(path), {{"data_0", {1, 3, 224, 224}}});
  ASSERT_TRUE(data);
  EXPECT_EQ(data->size(), 200);
  ASSERT_TRUE(data->hasLabels());
  EXPECT_EQ(data->label(1), 5);
  for (int64_t i = 0; i < data->size(); ++i)
    ASSERT_LT(data->label(i), 1000);
  std::vector<Tensor> tensors;
  ASSERT_EQ(message(data->load(0, data->size(), tensors)), "");
  EXPECT_EQ(tensors[0].shape(), ArrayRef<int64_t>({200, 3, 224, 224}));
}
