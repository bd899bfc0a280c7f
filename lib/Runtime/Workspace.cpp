//===- Workspace.cpp - Memory of a worker -----------------------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Runtime/Kernel.h"
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <vector>

using namespace hwq::runtime;

namespace {

constexpr size_t kAlignment = 64;

struct Buffer {
  explicit Buffer(size_t bytes)
      : size((bytes + kAlignment - 1) / kAlignment * kAlignment),
        memory(::operator new(size, std::align_val_t(kAlignment))) {}
  ~Buffer() { ::operator delete(memory, std::align_val_t(kAlignment)); }
  Buffer(const Buffer &) = delete;
  Buffer &operator=(const Buffer &) = delete;

  size_t size;
  void *memory;
};

class PooledWorkspace final : public Workspace {
public:
  Tensor allocate(DType type, llvm::ArrayRef<int64_t> shape) override {
    size_t bytes = byteWidth(type);
    for (int64_t dim : shape)
      bytes *= static_cast<size_t>(dim);
    bytes = std::max<size_t>(bytes, 1);
    // The smallest free buffer that is large enough.
    std::shared_ptr<Buffer> *best = nullptr, *largestFree = nullptr;
    for (std::shared_ptr<Buffer> &buffer : buffers) {
      if (buffer.use_count() != 1)
        continue;
      if (buffer->size >= bytes && (!best || buffer->size < (*best)->size))
        best = &buffer;
      if (!largestFree || buffer->size > (*largestFree)->size)
        largestFree = &buffer;
    }
    // A tensor may die on another thread; what that thread wrote comes first.
    std::atomic_thread_fence(std::memory_order_acquire);
    if (!best) {
      // A free one that is too small makes room for it.
      best = largestFree ? largestFree : &buffers.emplace_back();
      best->reset();
      *best = std::make_shared<Buffer>(bytes);
    }
    return Tensor::adopt(type, shape, (*best)->memory, *best);
  }

  Tensor allocateOver(const Tensor &operand) override {
    for (const std::shared_ptr<Buffer> &buffer : buffers)
      // One reference is the pool's, one the operand's.
      if (buffer->memory == operand.raw() && buffer.use_count() == 2) {
        std::atomic_thread_fence(std::memory_order_acquire);
        return operand;
      }
    return allocate(operand.dtype(), operand.shape());
  }

  void *scratch(size_t bytes, unsigned slot) override {
    if (slot >= slots.size())
      slots.resize(slot + 1);
    std::unique_ptr<Buffer> &buffer = slots[slot];
    if (!buffer || buffer->size < bytes) {
      buffer.reset();
      buffer = std::make_unique<Buffer>(std::max<size_t>(bytes, 1));
    }
    return buffer->memory;
  }

private:
  std::vector<std::shared_ptr<Buffer>> buffers;
  std::vector<std::unique_ptr<Buffer>> slots;
};

} // namespace

std::unique_ptr<Workspace> hwq::runtime::createWorkspace() {
  return std::make_unique<PooledWorkspace>();
}
