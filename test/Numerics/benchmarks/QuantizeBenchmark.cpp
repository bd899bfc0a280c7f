//===- QuantizeBenchmark.cpp - Speed of quantizing arrays -----------------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One thread, arrays far larger than the caches (64 Mi values) and one that
// stays in the second level (64 Ki). bytes_per_second counts bytes read and
// written, for a memcpy too. Copy is the memcpy of the f32 values, CopyU8 and
// CopyI16 the memcpy that moves as many bytes, both ways, as u8 or i16 codes
// and their values. For large arrays of_copy and of_copy_bytes are the speeds
// relative to these two: medians of measurements in turns, since memory is as
// fast as other programs leave it.
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Quantize.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <random>
#include <vector>

using namespace hwq::numerics;

namespace {

std::vector<float> values(size_t count) {
  std::mt19937 generator(1);
  std::vector<float> x(count);
  for (float &v : x)
    v = static_cast<float>(generator() % 8192) * 1e-3f - 4;
  return x;
}

void report(benchmark::State &state, size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void copy(benchmark::State &state, size_t bytesPerValue) {
  size_t moved = static_cast<size_t>(state.range(0)) * bytesPerValue;
  std::vector<char> from(moved / 2, 1), to(moved / 2);
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), from.size());
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  report(state, moved);
}

double cpuSeconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) +
         1e-9 * static_cast<double>(time.tv_nsec);
}

/// Counters of `run`, which converts between `count` f32 and codes of
/// `codeSize` bytes.
template <class Run>
void compareWithCopy(benchmark::State &state, size_t count, size_t codeSize,
                     Run run) {
  if (count < size_t(1) << 22)
    return;
  std::vector<char> from(count * sizeof(float), 1), to(from.size());
  size_t both = count * (sizeof(float) + codeSize) / 2;
  std::vector<double> ofCopy, ofBytes;
  for (int i = 0; i < 9; ++i) {
    double start = cpuSeconds();
    std::memcpy(to.data(), from.data(), from.size());
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
    double copied = cpuSeconds();
    std::memcpy(to.data(), from.data(), both);
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
    double copiedBytes = cpuSeconds();
    run();
    double time = cpuSeconds() - copiedBytes;
    ofCopy.push_back((copied - start) / time);
    ofBytes.push_back((copiedBytes - copied) / time);
  }
  auto median = [](std::vector<double> &v) {
    std::nth_element(v.begin(), v.begin() + v.size() / 2, v.end());
    return v[v.size() / 2];
  };
  state.counters["of_copy"] = median(ofCopy);
  state.counters["of_copy_bytes"] = median(ofBytes);
}

template <class T> QuantParams paramsOf() {
  Grid grid{std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
  return {8. / static_cast<double>(grid.qmax - grid.qmin),
          (grid.qmin + grid.qmax + 1) / 2, grid};
}

template <class T>
void quantization(benchmark::State &state, QuantizeForm form) {
  std::vector<float> x = values(static_cast<size_t>(state.range(0)));
  std::vector<T> q(x.size());
  QuantParams params = paramsOf<T>();
  if (form == QuantizeForm::Q6 || form == QuantizeForm::Q6P)
    params.scale = 0x1p-5;
  auto run = [&] {
    quantizeArray(form, x.data(), x.size(), params, q.data());
    benchmark::DoNotOptimize(q.data());
    benchmark::ClobberMemory();
  };
  for (auto _ : state)
    run();
  compareWithCopy(state, x.size(), sizeof(T), run);
  report(state, x.size() * (sizeof(float) + sizeof(T)));
}

template <class T> void dequantization(benchmark::State &state) {
  std::vector<T> q(static_cast<size_t>(state.range(0)));
  for (size_t i = 0; i < q.size(); ++i)
    q[i] = static_cast<T>(i * 7);
  std::vector<float> x(q.size());
  QuantParams params = paramsOf<T>();
  auto run = [&] {
    dequantizeArray(q.data(), q.size(), params, x.data());
    benchmark::DoNotOptimize(x.data());
    benchmark::ClobberMemory();
  };
  for (auto _ : state)
    run();
  compareWithCopy(state, q.size(), sizeof(T), run);
  report(state, q.size() * (sizeof(float) + sizeof(T)));
}

benchmark::internal::Benchmark *sizes(benchmark::internal::Benchmark *b) {
  return b->Arg(1 << 16)->Arg(1 << 26)->Unit(benchmark::kMicrosecond);
}

} // namespace

int main(int argc, char **argv) {
  sizes(benchmark::RegisterBenchmark("Copy", copy, 8));
  sizes(benchmark::RegisterBenchmark("CopyU8", copy, 5));
  sizes(benchmark::RegisterBenchmark("CopyI16", copy, 6));
  for (QuantizeForm form : allValues<QuantizeForm>()) {
    std::string name = "Quantize/" + std::string(stringify(form));
    sizes(benchmark::RegisterBenchmark((name + "/u8").c_str(),
                                       quantization<uint8_t>, form));
    sizes(benchmark::RegisterBenchmark((name + "/i16").c_str(),
                                       quantization<int16_t>, form));
  }
  sizes(benchmark::RegisterBenchmark("Dequantize/u8", dequantization<uint8_t>));
  sizes(benchmark::RegisterBenchmark("Dequantize/i8", dequantization<int8_t>));
  sizes(
      benchmark::RegisterBenchmark("Dequantize/i16", dequantization<int16_t>));
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 2;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
