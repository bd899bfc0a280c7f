//===- IntegerDotInt8.cpp - Dot products by oneDNN in 8 bits ----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// u8 x s8 -> s32, without padding, zero points or other attributes: what oneDNN
// does for those differs between its implementations, and not all are right.
// The input is copied where it has padding or is signed (its codes plus 128).
// Weights w beyond s8 (those of asymmetric u8 grids) are kept as w - shift[o],
// and shift[o] times the window's sum of x is added.
//
// oneDNN's sums saturate on CPUs without dot product instructions. So each
// primitive is probed once with the largest inputs and with mixed ones, and
// refused if one sum is wrong.
//
//===----------------------------------------------------------------------===//

#include "IntegerDot.h"
#include "IntegerLoops.h"
#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <oneapi/dnnl/dnnl.hpp>

using namespace hwq::runtime;
using dnnl::memory;

namespace {

constexpr int64_t kBlockBytes = 512 << 10;
/// Products that a probe recomputes.
constexpr int64_t kProbeProducts = 4 << 20;

const dnnl::engine &int8Engine() {
  // Never destroyed: kernels may outlive static objects.
  static const dnnl::engine *engine =
      new dnnl::engine(dnnl::engine::kind::cpu, 0);
  return *engine;
}

dnnl::stream &int8Stream() {
  thread_local dnnl::stream stream(int8Engine());
  return stream;
}

/// oneDNN reports by exceptions; none leaves this file.
template <typename Fn> llvm::Error guarded(Fn fn) {
  try {
    fn();
    return llvm::Error::success();
  } catch (const dnnl::error &e) {
    return llvm::createStringError(llvm::Twine("oneDNN: ") + e.what());
  } catch (const std::bad_alloc &) {
    return llvm::createStringError("out of memory");
  }
}

struct Primitive {
  dnnl::convolution_forward convolution;
  memory::desc src, dst, scratchpad;
  memory weights;
};

class Int8Dot final : public IntegerDot {
public:
  explicit Int8Dot(const DotProblem &problem);
  /// False for weights that no shift brings into s8: those of no 8-bit grid.
  bool isRepresentable() const { return representable; }
  llvm::Error probe();
  llvm::Error run(const Tensor &x, Workspace &workspace,
                  DotSink sink) const override;
  int32_t offset() const override { return p.inputSigned ? -128 : 0; }
  DotPath path() const override { return DotPath::Int8; }

private:
  int64_t sumAt(const uint8_t *x, int64_t oy, int64_t ox, int64_t o) const;
  const Primitive &primitive(int64_t images) const;
  llvm::Error execute(const void *x, int64_t images, int32_t *acc,
                      Workspace &workspace) const;
  void pad(const uint8_t *x, int64_t images, uint8_t *padded) const;
  void windowSums(const uint8_t *x, int64_t images, int32_t *pixels,
                  int32_t *sums) const;

  /// With inH and inW as padded; the sizes of the pads stay.
  DotProblem p;
  bool representable = true;
  std::vector<int8_t> packed; // w - shift, [O, KH, KW, I/groups]
  std::vector<int32_t> shift; // per output channel; empty if all 0
  mutable std::mutex mutex;
  mutable std::map<int64_t, Primitive> primitives;
};

Int8Dot::Int8Dot(const DotProblem &problem) : p(problem) {
  if (p.isPointwise()) {
    // Pixels of all images as one dimension, so that a matrix product with few
    // rows per image is one with many.
    p.inH = p.inW = p.outH = p.outW = 1;
  }
  p.inH += p.padTop + p.padBottom;
  p.inW += p.padLeft + p.padRight;
  const int64_t size = p.kernelH * p.kernelW * p.groupInputs();
  packed.resize(p.weights.size());
  shift.resize(p.outC);
  for (int64_t o = 0; o < p.outC; ++o) {
    auto begin = p.weights.begin() + o * size, end = begin + size;
    auto [low, high] = std::minmax_element(begin, end);
    shift[o] = *low < -128 || *high > 127 ? *low + 128 : 0;
    representable &= *high - *low <= 255;
    std::transform(begin, end, packed.begin() + o * size, [&](int16_t w) {
      return static_cast<int8_t>(w - shift[o]);
    });
  }
  if (std::all_of(shift.begin(), shift.end(), [](int32_t s) { return !s; }))
    shift.clear();
}

const Primitive &Int8Dot::primitive(int64_t images) const {
  std::lock_guard<std::mutex> lock(mutex);
  auto it = primitives.find(images);
  if (it != primitives.end())
    return it->second;
  using namespace dnnl;
  using tag = memory::format_tag;
  using type = memory::data_type;
  Primitive made;
  // Pixels side by side: oneDNN works on whole rows of an image.
  memory::dims in{images, p.inC, p.inH, p.inW},
      out{images, p.outC, p.outH, p.outW};
  if (p.isPointwise()) {
    in = {1, p.inC, 1, images};
    out = {1, p.outC, 1, images};
  }
  made.src = memory::desc(in, type::u8, tag::nhwc);
  made.dst = memory::desc(out, type::s32, tag::nhwc);
  memory::dims dims{p.outC, p.inC, p.kernelH, p.kernelW};
  tag plain = tag::ohwi;
  if (p.groups > 1) {
    dims = {p.groups, p.groupOutputs(), p.groupInputs(), p.kernelH, p.kernelW};
    plain = tag::gohwi;
  }
  convolution_forward::desc desc(
      prop_kind::forward_inference, algorithm::convolution_direct, made.src,
      memory::desc(dims, type::s8, tag::any), made.dst, {p.strideH, p.strideW},
      {p.dilationH - 1, p.dilationW - 1}, {0, 0}, {0, 0});
  primitive_attr attr;
  attr.set_scratchpad_mode(scratchpad_mode::user);
  convolution_forward::primitive_desc pd(desc, attr, int8Engine());
  // oneDNN 2.6's AMX convolutions crash or give wrong sums for some shapes.
  while (llvm::StringRef(pd.impl_info_str()).contains("amx"))
    if (!pd.next_impl())
      throw error(dnnl_unimplemented, "no implementation without AMX");
  made.convolution = convolution_forward(pd);
  made.scratchpad = pd.scratchpad_desc();
  memory from(memory::desc(dims, type::s8, plain), int8Engine(),
              const_cast<int8_t *>(packed.data()));
  for (const auto &[n, other] : primitives)
    if (other.weights.get_desc() == pd.weights_desc())
      made.weights = other.weights;
  if (!made.weights) {
    made.weights = memory(pd.weights_desc(), int8Engine());
    reorder(from, made.weights).execute(int8Stream(), from, made.weights);
    int8Stream().wait();
  }
  return primitives.emplace(images, std::move(made)).first->second;
}

llvm::Error Int8Dot::execute(const void *x, int64_t images, int32_t *acc,
                             Workspace &workspace) const {
  return guarded([&] {
    const Primitive &made = primitive(images);
    void *scratch =
        workspace.scratch(std::max<size_t>(made.scratchpad.get_size(), 1), 8);
    memory src(made.src, int8Engine(), const_cast<void *>(x));
    memory dst(made.dst, int8Engine(), acc);
    memory scratchpad(made.scratchpad, int8Engine(), scratch);
    made.convolution.execute(int8Stream(), {{DNNL_ARG_SRC, src},
                                            {DNNL_ARG_WEIGHTS, made.weights},
                                            {DNNL_ARG_DST, dst},
                                            {DNNL_ARG_SCRATCHPAD, scratchpad}});
    int8Stream().wait();
  });
}

/// The sum of x times the packed weights for one output.
int64_t Int8Dot::sumAt(const uint8_t *x, int64_t oy, int64_t ox,
                       int64_t o) const {
  const int64_t inputs = p.groupInputs();
  int64_t sum = 0;
  for (int64_t ky = 0; ky < p.kernelH; ++ky)
    for (int64_t kx = 0; kx < p.kernelW; ++kx) {
      int64_t y = oy * p.strideH + ky * p.dilationH;
      int64_t c = ox * p.strideW + kx * p.dilationW;
      const uint8_t *from =
          x + (y * p.inW + c) * p.inC + o / p.groupOutputs() * inputs;
      const int8_t *w =
          packed.data() + ((o * p.kernelH + ky) * p.kernelW + kx) * inputs;
      constexpr int64_t block = 1 << 15;
      for (int64_t i = 0; i < inputs; i += block)
        sum += dotCodes(from + i, w + i, std::min(block, inputs - i));
    }
  return sum;
}

llvm::Error Int8Dot::probe() {
  const int64_t outputs = p.outH * p.outW * p.outC;
  const int64_t perOutput = p.kernelH * p.kernelW * p.groupInputs();
  auto workspace = createWorkspace();
  std::vector<uint8_t> x(p.inH * p.inW * p.inC);
  std::vector<int32_t> acc(outputs);
  // The largest codes find saturation, mixed ones find inexact weights.
  for (bool mixed : {false, true}) {
    uint32_t state = 1;
    for (uint8_t &code : x) {
      state = state * 1664525 + 1013904223;
      code = mixed ? state >> 24 : 255;
    }
    if (llvm::Error error = execute(x.data(), 1, acc.data(), *workspace))
      return error;
    // Not all outputs of a large layer: a stride prime to most sizes.
    int64_t stride = outputs * perOutput / kProbeProducts;
    stride = stride < 2 ? 1 : stride | 1;
    for (int64_t i = 0; i < outputs; i += stride) {
      int64_t pixel = i / p.outC;
      int64_t sum = sumAt(x.data(), pixel / p.outW, pixel % p.outW, i % p.outC);
      if (static_cast<uint32_t>(sum) != static_cast<uint32_t>(acc[i]))
        return llvm::createStringError(
            "8-bit dot products are not exact on this CPU");
    }
  }
  return llvm::Error::success();
}

/// The images with their padding, as unsigned codes.
void Int8Dot::pad(const uint8_t *x, int64_t images, uint8_t *padded) const {
  const uint8_t flip = p.inputSigned ? 0x80 : 0;
  const uint8_t code = static_cast<uint8_t>(p.padCode) ^ flip;
  const int64_t left = p.padLeft * p.inC, right = p.padRight * p.inC,
                row = p.inW * p.inC - left - right;
  for (int64_t n = 0; n < images; ++n)
    for (int64_t y = 0; y < p.inH; ++y, padded += p.inW * p.inC) {
      if (y < p.padTop || y >= p.inH - p.padBottom) {
        std::memset(padded, code, p.inW * p.inC);
        continue;
      }
      std::memset(padded, code, left);
      for (int64_t i = 0; i < row; ++i)
        padded[left + i] = x[i] ^ flip;
      std::memset(padded + left + row, code, right);
      x += row;
    }
}

/// sums[pixel, group]: the window's sum of x over the group's inputs. `pixels`
/// has room for one image and one row.
void Int8Dot::windowSums(const uint8_t *x, int64_t images, int32_t *pixels,
                         int32_t *sums) const {
  const int64_t groups = p.groups, row = p.inW * groups;
  if (p.isPointwise())
    return sumCodes(x, sums, images * row, p.groupInputs());
  int32_t *window = pixels + p.inH * row;
  for (int64_t n = 0; n < images; ++n, x += p.inH * p.inW * p.inC) {
    sumCodes(x, pixels, p.inH * row, p.groupInputs());
    for (int64_t oy = 0; oy < p.outH; ++oy, sums += p.outW * groups) {
      const int32_t *from = pixels + oy * p.strideH * row;
      std::copy_n(from, row, window);
      for (int64_t ky = 1; ky < p.kernelH; ++ky)
        addTo(window, from + ky * p.dilationH * row, row);
      std::fill_n(sums, p.outW * groups, 0);
      for (int64_t kx = 0; kx < p.kernelW; ++kx) {
        const int32_t *tap = window + kx * p.dilationW * groups;
        if (p.strideW == 1) {
          addTo(sums, tap, p.outW * groups);
          continue;
        }
        for (int64_t ox = 0; ox < p.outW; ++ox)
          for (int64_t g = 0; g < groups; ++g)
            sums[ox * groups + g] += tap[ox * p.strideW * groups + g];
      }
    }
  }
}

llvm::Error Int8Dot::run(const Tensor &x, Workspace &workspace,
                         DotSink sink) const {
  const int64_t inSize = (p.inH - p.padTop - p.padBottom) *
                         (p.inW - p.padLeft - p.padRight) * p.inC;
  const int64_t paddedSize = p.inH * p.inW * p.inC, outPixels = p.outH * p.outW;
  const int64_t images = x.numElements() / inSize;
  const bool copied = p.isPadded() || p.inputSigned;
  const int64_t step = std::clamp<int64_t>(
      kBlockBytes / (4 * outPixels * p.outC + paddedSize), 1, images);
  auto *acc = static_cast<int32_t *>(
      workspace.scratch(step * outPixels * p.outC * sizeof(int32_t), 9));
  uint8_t *padded =
      copied ? static_cast<uint8_t *>(workspace.scratch(step * paddedSize, 12))
             : nullptr;
  int32_t *pixels = nullptr, *sums = nullptr;
  if (!shift.empty()) {
    pixels = static_cast<int32_t *>(workspace.scratch(
        (p.inH + 1) * p.inW * p.groups * sizeof(int32_t), 10));
    sums = static_cast<int32_t *>(
        workspace.scratch(step * outPixels * p.groups * sizeof(int32_t), 11));
  }
  for (int64_t n = 0; n < images; n += step) {
    int64_t count = std::min(step, images - n);
    auto *from = static_cast<const uint8_t *>(x.raw()) + n * inSize;
    if (copied) {
      pad(from, count, padded);
      from = padded;
    }
    if (llvm::Error error = execute(from, count, acc, workspace))
      return error;
    if (!shift.empty()) {
      windowSums(from, count, pixels, sums);
      for (int64_t g = 0; g < p.groups; ++g)
        addOuterProduct(acc + g * p.groupOutputs(),
                        shift.data() + g * p.groupOutputs(), sums + g,
                        count * outPixels, p.groupOutputs(), p.outC, p.groups);
    }
    sink(acc, n * outPixels, count * outPixels);
  }
  return llvm::Error::success();
}

} // namespace

llvm::Expected<std::unique_ptr<IntegerDot>>
hwq::runtime::createInt8Dot(const DotProblem &problem) {
  std::unique_ptr<Int8Dot> dot = std::make_unique<Int8Dot>(problem);
  if (!dot->isRepresentable())
    return llvm::createStringError("weights do not fit 8 bits");
  if (llvm::Error error = dot->probe())
    return std::move(error);
  return std::unique_ptr<IntegerDot>(std::move(dot));
}

CpuFeatures hwq::runtime::cpuFeatures() {
  CpuFeatures features;
  dnnl::cpu_isa isa = dnnl::get_effective_cpu_isa();
  auto bits = static_cast<unsigned>(isa);
  auto has = [&](dnnl::cpu_isa wanted) {
    return (bits & static_cast<unsigned>(wanted)) ==
           static_cast<unsigned>(wanted);
  };
#if defined(__x86_64__)
  features.avx2 = has(dnnl::cpu_isa::avx2) && __builtin_cpu_supports("avx2");
  features.avx512 = has(dnnl::cpu_isa::avx512_core);
  features.dotProduct =
      has(dnnl::cpu_isa::avx512_core_vnni) || has(dnnl::cpu_isa::avx2_vnni);
#else
  (void)has;
#endif
  return features;
}
