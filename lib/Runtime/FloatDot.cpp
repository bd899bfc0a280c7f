//===- FloatDot.cpp - Dot products in f32 by oneDNN -------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "FloatDot.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <algorithm>
#include <map>
#include <mutex>
#include <new>
#include <oneapi/dnnl/dnnl.hpp>
#include <shared_mutex>
#include <utility>
#include <vector>

using namespace hwq::runtime;
using dnnl::memory;

namespace {

using Key = std::array<int64_t, 3>;

// One engine for all; never destroyed, since kernels may outlive static
// objects.
const dnnl::engine &cpuEngine() {
  static const dnnl::engine *engine =
      new dnnl::engine(dnnl::engine::kind::cpu, 0);
  return *engine;
}

dnnl::stream &threadStream() {
  thread_local dnnl::stream stream(cpuEngine());
  return stream;
}

template <typename... Ts> llvm::Error failure(const char *format, Ts &&...ts) {
  return llvm::createStringError(
      llvm::formatv(format, std::forward<Ts>(ts)...).str());
}

// oneDNN reports by exceptions; none leaves this file.
template <typename Fn> llvm::Error guarded(Fn fn) {
  try {
    return fn();
  } catch (const dnnl::error &e) {
    return failure("oneDNN: {0} (status {1})", e.what(),
                   static_cast<int>(e.status));
  } catch (const std::bad_alloc &) {
    return failure("out of memory");
  }
}

dnnl::primitive_attr userScratchpad() {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attr;
}

memory::desc plain(memory::dims dims, memory::format_tag tag) {
  return memory::desc(std::move(dims), memory::data_type::f32, tag);
}
memory::desc anyFormat(memory::dims dims) {
  return plain(std::move(dims), memory::format_tag::any);
}

memory wrap(const memory::desc &desc, const void *data) {
  return memory(desc, cpuEngine(), const_cast<void *>(data));
}

// A primitive with all that does not change from call to call.
struct Entry {
  dnnl::primitive primitive;
  memory::desc src, dst, other, scratchpad;
  memory weights, bias;
  bool hasBias = false;
};

llvm::Error execute(const Entry &entry, const void *src, void *dst,
                    Workspace &workspace) {
  return guarded([&]() -> llvm::Error {
    size_t bytes = entry.scratchpad.get_size();
    void *scratch = bytes ? workspace.scratch(bytes) : nullptr;
    memory srcMemory = wrap(entry.src, src), dstMemory = wrap(entry.dst, dst),
           scratchMemory = wrap(entry.scratchpad, scratch);
    std::unordered_map<int, memory> args{{DNNL_ARG_SRC, srcMemory},
                                         {DNNL_ARG_WEIGHTS, entry.weights},
                                         {DNNL_ARG_DST, dstMemory},
                                         {DNNL_ARG_SCRATCHPAD, scratchMemory}};
    if (entry.hasBias)
      args.emplace(DNNL_ARG_BIAS, entry.bias);
    entry.primitive.execute(threadStream(), args);
    threadStream().wait();
    return llvm::Error::success();
  });
}

// The entries by shape, created when first needed; weights are packed once per
// layout that a primitive asks for.
class EntryCache {
public:
  // `y`, computed from `x` by the entry of the key.
  template <typename Make>
  llvm::Expected<Tensor> run(const Key &key, Make make, const Tensor &x,
                             Tensor y, Workspace &workspace) const {
    const Entry *entry = nullptr;
    if (llvm::Error error = get(key, make, entry))
      return std::move(error);
    if (llvm::Error error = execute(*entry, x.raw(), y.raw(), workspace))
      return std::move(error);
    return y;
  }

  // Called by `make` only, hence under the lock.
  memory pack(const memory::desc &from, const void *data,
              const memory::desc &to) const {
    for (const memory &packed : packedWeights)
      if (packed.get_desc() == to)
        return packed;
    if (from == to)
      return wrap(from, data);
    memory source = wrap(from, data), packed(to, cpuEngine());
    dnnl::reorder(source, packed).execute(threadStream(), source, packed);
    threadStream().wait();
    packedWeights.push_back(packed);
    return packed;
  }

private:
  template <typename Make>
  llvm::Error get(const Key &key, Make make, const Entry *&entry) const {
    {
      std::shared_lock<std::shared_mutex> lock(mutex);
      auto it = entries.find(key);
      if (it != entries.end()) {
        entry = it->second.get();
        return llvm::Error::success();
      }
    }
    std::unique_lock<std::shared_mutex> lock(mutex);
    std::unique_ptr<Entry> &slot = entries[key];
    if (!slot) {
      auto made = std::make_unique<Entry>();
      if (llvm::Error error = guarded([&]() -> llvm::Error {
            make(*made);
            return llvm::Error::success();
          })) {
        entries.erase(key);
        return error;
      }
      slot = std::move(made);
    }
    entry = slot.get();
    return llvm::Error::success();
  }

  mutable std::shared_mutex mutex;
  mutable std::map<Key, std::unique_ptr<Entry>> entries;
  mutable std::vector<memory> packedWeights;
};

struct ConvShape {
  int64_t outChannels, kernelHeight, kernelWidth, groupInputs;
};

llvm::Expected<ConvShape> checkConvolution(const ConvGeometry &g,
                                           const Tensor &weights,
                                           const Tensor &bias) {
  if (weights.rank() != 4 || weights.dtype() != DType::F32)
    return failure("expected f32 weights of rank 4, got {0} of rank {1}",
                   dtypeName(weights.dtype()), weights.rank());
  ConvShape s{weights.dim(0), weights.dim(1), weights.dim(2), weights.dim(3)};
  for (int64_t d : weights.shape())
    if (d < 1)
      return failure("weights {0} are empty", shapeToString(weights.shape()));
  for (int i = 0; i < 2; ++i)
    if (g.stride[i] < 1 || g.dilation[i] < 1)
      return failure("expected positive strides and dilations");
  if (g.groups < 1 || s.outChannels % g.groups != 0)
    return failure("{0} output channels do not split into {1} groups",
                   s.outChannels, g.groups);
  if (bias && (bias.dtype() != DType::F32 ||
               bias.numElements() != s.outChannels || bias.rank() != 1))
    return failure("expected a bias of {0} f32 values, got {1}", s.outChannels,
                   shapeToString(bias.shape()));
  return s;
}

llvm::Error checkInput(const Tensor &x, const ConvShape &s, int64_t groups) {
  if (x.dtype() != DType::F32 || x.rank() != 4 ||
      x.dim(3) != s.groupInputs * groups)
    return failure("expected an f32 input [N,H,W,{0}], got {1} {2}",
                   s.groupInputs * groups, dtypeName(x.dtype()),
                   shapeToString(x.shape()));
  return llvm::Error::success();
}

// Logical dimensions and layout of weights kept as O,KH,KW,I/groups.
memory::dims weightDims(const ConvShape &s, int64_t groups) {
  if (groups == 1)
    return {s.outChannels, s.groupInputs, s.kernelHeight, s.kernelWidth};
  return {groups, s.outChannels / groups, s.groupInputs, s.kernelHeight,
          s.kernelWidth};
}
memory::format_tag weightTag(int64_t groups) {
  return groups == 1 ? memory::format_tag::ohwi : memory::format_tag::gohwi;
}

} // namespace

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

struct FloatConvolution::Impl {
  ConvGeometry g;
  ConvShape s;
  Tensor weights, bias;
  EntryCache cache;

  void make(Entry &e, const Key &key, int64_t oh, int64_t ow) const {
    using namespace dnnl;
    using tag = memory::format_tag;
    memory::desc src =
        plain({key[0], s.groupInputs * g.groups, key[1], key[2]}, tag::nhwc);
    memory::desc dst = plain({key[0], s.outChannels, oh, ow}, tag::nhwc);
    memory::dims wDims = weightDims(s, g.groups);
    memory::desc biasDesc =
        bias ? plain({s.outChannels}, tag::x) : memory::desc();
    memory::dims strides{g.stride[0], g.stride[1]},
        dilations{g.dilation[0] - 1, g.dilation[1] - 1},
        padBegin{g.pad[0], g.pad[2]}, padEnd{g.pad[1], g.pad[3]};
    // Direct only: Winograd's errors would depend on the CPU's choice.
    convolution_forward::desc desc(
        prop_kind::forward_inference, algorithm::convolution_direct, src,
        anyFormat(wDims), biasDesc, dst, strides, dilations, padBegin, padEnd);
    convolution_forward::primitive_desc pd(desc, userScratchpad(), cpuEngine());
    e.primitive = convolution_forward(pd);
    e.src = src;
    e.dst = dst;
    e.scratchpad = pd.scratchpad_desc();
    e.weights = cache.pack(plain(wDims, weightTag(g.groups)), weights.raw(),
                           pd.weights_desc());
    if ((e.hasBias = static_cast<bool>(bias)))
      e.bias = wrap(biasDesc, bias.raw());
  }
};

FloatConvolution::FloatConvolution(std::unique_ptr<Impl> impl)
    : impl(std::move(impl)) {}
FloatConvolution::~FloatConvolution() = default;

llvm::Expected<std::unique_ptr<FloatConvolution>>
FloatConvolution::create(const ConvGeometry &geometry, Tensor weights,
                         Tensor bias) {
  llvm::Expected<ConvShape> shape = checkConvolution(geometry, weights, bias);
  if (!shape)
    return shape.takeError();
  if (llvm::any_of(geometry.pad, [](int64_t p) { return p < 0; }))
    return failure("expected paddings that are not negative");
  auto impl = std::make_unique<Impl>();
  impl->g = geometry;
  impl->s = *shape;
  impl->weights = std::move(weights);
  impl->bias = std::move(bias);
  return std::unique_ptr<FloatConvolution>(
      new FloatConvolution(std::move(impl)));
}

llvm::Expected<Tensor> FloatConvolution::run(const Tensor &x,
                                             Workspace &workspace) const {
  const ConvGeometry &g = impl->g;
  const ConvShape &s = impl->s;
  if (llvm::Error error = checkInput(x, s, g.groups))
    return std::move(error);
  int64_t spanH =
      x.dim(1) + g.pad[0] + g.pad[1] - (s.kernelHeight - 1) * g.dilation[0] - 1;
  int64_t spanW =
      x.dim(2) + g.pad[2] + g.pad[3] - (s.kernelWidth - 1) * g.dilation[1] - 1;
  if (spanH < 0 || spanW < 0)
    return failure("the kernel is larger than the padded input {0}",
                   shapeToString(x.shape()));
  int64_t oh = spanH / g.stride[0] + 1, ow = spanW / g.stride[1] + 1;
  Tensor y = workspace.allocate(DType::F32, {x.dim(0), oh, ow, s.outChannels});
  if (y.numElements() == 0)
    return y;
  if (x.numElements() == 0)
    return failure("empty input {0}", shapeToString(x.shape()));
  Key key{x.dim(0), x.dim(1), x.dim(2)};
  return impl->cache.run(
      key, [&](Entry &e) { impl->make(e, key, oh, ow); }, x, y, workspace);
}

//===----------------------------------------------------------------------===//
// Transposed convolution
//===----------------------------------------------------------------------===//

struct FloatTransposeConvolution::Impl {
  ConvGeometry g;
  ConvShape s;
  Tensor weights, bias;
  EntryCache cache;
  // Geometries that oneDNN's descriptor can't say are computed here.
  bool direct = false;

  void make(Entry &e, const Key &key, int64_t oh, int64_t ow) const {
    using namespace dnnl;
    using tag = memory::format_tag;
    memory::desc src =
        plain({key[0], s.groupInputs * g.groups, key[1], key[2]}, tag::nhwc);
    memory::desc dst = plain({key[0], s.outChannels, oh, ow}, tag::nhwc);
    memory::dims wDims = weightDims(s, g.groups);
    memory::desc biasDesc =
        bias ? plain({s.outChannels}, tag::x) : memory::desc();
    memory::dims strides{g.stride[0], g.stride[1]},
        dilations{g.dilation[0] - 1, g.dilation[1] - 1},
        padBegin{g.pad[0], g.pad[2]},
        padEnd{g.pad[1] - g.outputPad[0], g.pad[3] - g.outputPad[1]};
    deconvolution_forward::desc desc(
        prop_kind::forward_inference, algorithm::deconvolution_direct, src,
        anyFormat(wDims), biasDesc, dst, strides, dilations, padBegin, padEnd);
    deconvolution_forward::primitive_desc pd(desc, userScratchpad(),
                                             cpuEngine());
    e.primitive = deconvolution_forward(pd);
    e.src = src;
    e.dst = dst;
    e.scratchpad = pd.scratchpad_desc();
    e.weights = cache.pack(plain(wDims, weightTag(g.groups)), weights.raw(),
                           pd.weights_desc());
    if ((e.hasBias = static_cast<bool>(bias)))
      e.bias = wrap(biasDesc, bias.raw());
  }

  void runDirect(const Tensor &x, Tensor &y) const;
};

void FloatTransposeConvolution::Impl::runDirect(const Tensor &x,
                                                Tensor &y) const {
  int64_t height = x.dim(1), width = x.dim(2), oh = y.dim(1), ow = y.dim(2);
  int64_t groupOutputs = s.outChannels / g.groups;
  int64_t inputs = s.groupInputs * g.groups;
  const float *w = weights.data<float>();
  float *out = y.data<float>();
  for (int64_t i = 0, e = y.numElements(); i < e; ++i)
    out[i] = bias ? bias.data<float>()[i % s.outChannels] : 0.0f;
  for (int64_t n = 0; n < x.dim(0); ++n)
    for (int64_t ih = 0; ih < height; ++ih)
      for (int64_t iw = 0; iw < width; ++iw) {
        const float *in =
            x.data<float>() + ((n * height + ih) * width + iw) * inputs;
        for (int64_t kh = 0; kh < s.kernelHeight; ++kh)
          for (int64_t kw = 0; kw < s.kernelWidth; ++kw) {
            int64_t h = ih * g.stride[0] + kh * g.dilation[0] - g.pad[0];
            int64_t v = iw * g.stride[1] + kw * g.dilation[1] - g.pad[2];
            if (h < 0 || h >= oh || v < 0 || v >= ow)
              continue;
            float *to = out + ((n * oh + h) * ow + v) * s.outChannels;
            for (int64_t o = 0; o < s.outChannels; ++o) {
              const float *row =
                  w + ((o * s.kernelHeight + kh) * s.kernelWidth + kw) *
                          s.groupInputs;
              const float *from = in + o / groupOutputs * s.groupInputs;
              float sum = 0.0f;
              for (int64_t i = 0; i < s.groupInputs; ++i)
                sum += row[i] * from[i];
              to[o] += sum;
            }
          }
      }
}

FloatTransposeConvolution::FloatTransposeConvolution(std::unique_ptr<Impl> impl)
    : impl(std::move(impl)) {}
FloatTransposeConvolution::~FloatTransposeConvolution() = default;

llvm::Expected<std::unique_ptr<FloatTransposeConvolution>>
FloatTransposeConvolution::create(const ConvGeometry &geometry, Tensor weights,
                                  Tensor bias) {
  llvm::Expected<ConvShape> shape = checkConvolution(geometry, weights, bias);
  if (!shape)
    return shape.takeError();
  auto impl = std::make_unique<Impl>();
  impl->g = geometry;
  impl->s = *shape;
  impl->weights = std::move(weights);
  impl->bias = std::move(bias);
  for (int i = 0; i < 2; ++i)
    impl->direct |=
        geometry.pad[2 * i] < 0 ||
        geometry.pad[2 * i + 1] - geometry.outputPad[i] + geometry.stride[i] <=
            0;
  return std::unique_ptr<FloatTransposeConvolution>(
      new FloatTransposeConvolution(std::move(impl)));
}

llvm::Expected<Tensor>
FloatTransposeConvolution::run(const Tensor &x, Workspace &workspace) const {
  const ConvGeometry &g = impl->g;
  const ConvShape &s = impl->s;
  if (llvm::Error error = checkInput(x, s, g.groups))
    return std::move(error);
  int64_t oh = (x.dim(1) - 1) * g.stride[0] +
               (s.kernelHeight - 1) * g.dilation[0] + 1 - g.pad[0] - g.pad[1] +
               g.outputPad[0];
  int64_t ow = (x.dim(2) - 1) * g.stride[1] +
               (s.kernelWidth - 1) * g.dilation[1] + 1 - g.pad[2] - g.pad[3] +
               g.outputPad[1];
  if (oh < 1 || ow < 1 || x.dim(1) < 1 || x.dim(2) < 1)
    return failure("the paddings leave nothing of input {0}",
                   shapeToString(x.shape()));
  Tensor y = workspace.allocate(DType::F32, {x.dim(0), oh, ow, s.outChannels});
  if (y.numElements() == 0)
    return y;
  if (impl->direct) {
    impl->runDirect(x, y);
    return y;
  }
  Key key{x.dim(0), x.dim(1), x.dim(2)};
  return impl->cache.run(
      key, [&](Entry &e) { impl->make(e, key, oh, ow); }, x, y, workspace);
}

//===----------------------------------------------------------------------===//
// Matrix products
//===----------------------------------------------------------------------===//

struct FloatInnerProduct::Impl {
  Tensor weights, bias;
  EntryCache cache;

  void make(Entry &e, int64_t rows) const {
    using namespace dnnl;
    using tag = memory::format_tag;
    int64_t outputs = weights.dim(0), inputs = weights.dim(1);
    memory::desc src = plain({rows, inputs}, tag::nc);
    memory::desc dst = plain({rows, outputs}, tag::nc);
    memory::desc biasDesc = bias ? plain({outputs}, tag::x) : memory::desc();
    inner_product_forward::desc desc(prop_kind::forward_inference, src,
                                     anyFormat({outputs, inputs}), biasDesc,
                                     dst);
    inner_product_forward::primitive_desc pd(desc, userScratchpad(),
                                             cpuEngine());
    e.primitive = inner_product_forward(pd);
    e.src = src;
    e.dst = dst;
    e.scratchpad = pd.scratchpad_desc();
    e.weights = cache.pack(plain({outputs, inputs}, tag::nc), weights.raw(),
                           pd.weights_desc());
    if ((e.hasBias = static_cast<bool>(bias)))
      e.bias = wrap(biasDesc, bias.raw());
  }
};

FloatInnerProduct::FloatInnerProduct(std::unique_ptr<Impl> impl)
    : impl(std::move(impl)) {}
FloatInnerProduct::~FloatInnerProduct() = default;

llvm::Expected<std::unique_ptr<FloatInnerProduct>>
FloatInnerProduct::create(Tensor weights, Tensor bias) {
  if (weights.rank() != 2 || weights.dtype() != DType::F32 ||
      weights.numElements() == 0)
    return failure("expected f32 weights of rank 2, got {0} {1}",
                   dtypeName(weights.dtype()), shapeToString(weights.shape()));
  if (bias && (bias.dtype() != DType::F32 || bias.rank() != 1 ||
               bias.dim(0) != weights.dim(0)))
    return failure("expected a bias of {0} f32 values, got {1}", weights.dim(0),
                   shapeToString(bias.shape()));
  auto impl = std::make_unique<Impl>();
  impl->weights = std::move(weights);
  impl->bias = std::move(bias);
  return std::unique_ptr<FloatInnerProduct>(
      new FloatInnerProduct(std::move(impl)));
}

llvm::Expected<Tensor> FloatInnerProduct::run(const Tensor &x,
                                              Workspace &workspace) const {
  int64_t inputs = impl->weights.dim(1);
  if (x.dtype() != DType::F32 || x.rank() < 1 || x.dim(x.rank() - 1) != inputs)
    return failure("expected an f32 input [...,{0}], got {1} {2}", inputs,
                   dtypeName(x.dtype()), shapeToString(x.shape()));
  Tensor::Shape shape(x.shape());
  shape.back() = impl->weights.dim(0);
  Tensor y = workspace.allocate(DType::F32, shape);
  if (y.numElements() == 0)
    return y;
  int64_t rows = x.numElements() / inputs;
  return impl->cache.run(
      {rows, 0, 0}, [&](Entry &e) { impl->make(e, rows); }, x, y, workspace);
}

struct FloatMatMul::Impl {
  // M, K, N and the two batch sizes.
  using MatMulKey = std::array<int64_t, 5>;
  struct MatMulEntry {
    dnnl::matmul primitive;
    memory::desc a, b, y, scratchpad;
  };
  mutable std::mutex mutex;
  mutable std::map<MatMulKey, std::unique_ptr<MatMulEntry>> entries;

  const MatMulEntry &get(const MatMulKey &k) const {
    std::lock_guard<std::mutex> lock(mutex);
    auto it = entries.find(k);
    if (it != entries.end())
      return *it->second;
    using tag = memory::format_tag;
    auto e = std::make_unique<MatMulEntry>();
    e->a = plain({k[3], k[0], k[1]}, tag::abc);
    e->b = plain({k[4], k[1], k[2]}, tag::abc);
    e->y = plain({std::max(k[3], k[4]), k[0], k[2]}, tag::abc);
    dnnl::matmul::primitive_desc pd(dnnl::matmul::desc(e->a, e->b, e->y),
                                    userScratchpad(), cpuEngine());
    e->scratchpad = pd.scratchpad_desc();
    e->primitive = dnnl::matmul(pd);
    return *entries.emplace(k, std::move(e)).first->second;
  }
};

FloatMatMul::FloatMatMul() : impl(std::make_unique<Impl>()) {}
FloatMatMul::~FloatMatMul() = default;

llvm::Expected<Tensor> FloatMatMul::run(const Tensor &a, const Tensor &b,
                                        Workspace &workspace) const {
  int64_t rank = a.rank();
  if (a.dtype() != DType::F32 || b.dtype() != DType::F32 || rank < 2 ||
      b.rank() != rank || a.dim(rank - 1) != b.dim(rank - 2))
    return failure("expected f32 operands [...,M,K] and [...,K,N], got {0} {1} "
                   "and {2} {3}",
                   dtypeName(a.dtype()), shapeToString(a.shape()),
                   dtypeName(b.dtype()), shapeToString(b.shape()));
  int64_t m = a.dim(rank - 2), k = a.dim(rank - 1), n = b.dim(rank - 1);
  int64_t batchA = 1, batchB = 1;
  for (int64_t i = 0; i < rank - 2; ++i) {
    batchA *= a.dim(i);
    batchB *= b.dim(i);
  }
  llvm::ArrayRef<int64_t> leadA = a.shape().drop_back(2),
                          leadB = b.shape().drop_back(2);
  if (leadA != leadB && batchA != 1 && batchB != 1)
    return failure("leading dimensions of {0} and {1} differ",
                   shapeToString(a.shape()), shapeToString(b.shape()));
  Tensor::Shape shape(batchA == 1 ? leadB : leadA);
  shape.append({m, n});
  Tensor y = workspace.allocate(DType::F32, shape);
  if (y.numElements() == 0)
    return y;
  if (k == 0) {
    std::fill_n(y.data<float>(), y.numElements(), 0.0f);
    return y;
  }
  if (llvm::Error error = guarded([&]() -> llvm::Error {
        const Impl::MatMulEntry &e = impl->get({m, k, n, batchA, batchB});
        size_t bytes = e.scratchpad.get_size();
        void *scratch = bytes ? workspace.scratch(bytes) : nullptr;
        e.primitive.execute(
            threadStream(),
            {{DNNL_ARG_SRC, wrap(e.a, a.raw())},
             {DNNL_ARG_WEIGHTS, wrap(e.b, b.raw())},
             {DNNL_ARG_DST, wrap(e.y, y.raw())},
             {DNNL_ARG_SCRATCHPAD, wrap(e.scratchpad, scratch)}});
        threadStream().wait();
        return llvm::Error::success();
      }))
    return std::move(error);
  return y;
}
