//===- RequantizeBenchmark.cpp - Speed of the requantize kernels ----------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// items_per_second: requantizations of int32 to uint8, one thread, 64 KiB of
// accumulators (in the second cache, as behind a convolution). For the prover
// the time is that of one channel with 255 steps.
//
//===----------------------------------------------------------------------===//

#include "hwq/Numerics/Prover.h"
#include "hwq/Numerics/Requantize.h"

#include <benchmark/benchmark.h>

#include <random>

using namespace hwq::numerics;

namespace {

constexpr size_t kChannels = 64;
constexpr size_t kRows = 256;

RequantizeParams makeParams(RequantizeKernel kernel, size_t channels) {
  RequantizeParams params;
  params.kernel = kernel;
  params.zeroPoint = 17;
  params.lo = 0;
  params.hi = 255;
  for (size_t c = 0; c < channels; ++c) {
    double scale = .0007 * (1 + .01 * static_cast<double>(c));
    if (isFloatKernel(kernel))
      params.scales.push_back(scale);
    else
      params.multipliers.push_back(*chooseMultiplier(
          kernel, kernel == RequantizeKernel::R6 ? 0x1p-11 : scale));
  }
  return params;
}

void requantization(benchmark::State &state, RequantizeKernel kernel,
                    bool perChannel, int biasForm = 0,
                    DequantPrecision precision = DequantPrecision::Requant) {
  RequantizeParams params = makeParams(kernel, perChannel ? kChannels : 1);
  params.precision = precision;
  if (biasForm)
    params.bias.assign(params.scales.size(), 100.25f);
  if (biasForm == 2)
    params.biasUnits.assign(params.scales.size(), 1.5f);
  PreparedRequantize prepared(params, kChannels);
  std::mt19937 generator(1);
  std::vector<int32_t> in(kRows * kChannels);
  std::vector<uint8_t> out(in.size());
  for (int32_t &x : in)
    x = static_cast<int32_t>(generator() % 400000) - 200000;
  for (auto _ : state) {
    prepared.run(in.data(), out.data(), kRows);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<int64_t>(in.size()) * state.iterations());
}

/// Accumulators of an ordinary layer.
constexpr int64_t kBound = 1 << 21;

/// The 255 steps of one channel.
void steps(benchmark::State &state, RequantizeKernel kernel) {
  RequantizeParams params = makeParams(kernel, kChannels);
  size_t channel = 0;
  for (auto _ : state) {
    RequantizeChain chain(params, channel);
    benchmark::DoNotOptimize(thresholds(chain, -kBound, kBound));
    channel = (channel + 1) % kChannels;
  }
}

/// Whether int32 -> int16 -> uint8 equals int32 -> uint8, for one channel.
void proof(benchmark::State &state, RequantizeKernel kernel) {
  RequantizeParams one = makeParams(kernel, kChannels);
  RequantizeParams first = one, second = makeParams(kernel, 1);
  for (Multiplier &m : first.multipliers)
    m.shift -= 6;
  second.multipliers = {{1 << 30, 36}};
  first.zeroPoint = 0;
  first.lo = INT16_MIN;
  first.hi = INT16_MAX;
  size_t channel = 0;
  for (auto _ : state) {
    RequantizeChain two(first, channel);
    two.append(second, 0);
    benchmark::DoNotOptimize(
        compare(two, RequantizeChain(one, channel), -kBound, kBound));
    channel = (channel + 1) % kChannels;
  }
}

/// The multiplier of one channel from its steps.
void search(benchmark::State &state) {
  RequantizeParams params = makeParams(RequantizeKernel::R1, kChannels);
  RequantizeFrame frame{0, 0, params.zeroPoint, params.lo, params.hi};
  std::vector<Step> steps =
      *thresholds(RequantizeChain(params, 3), -kBound, kBound);
  for (auto _ : state)
    benchmark::DoNotOptimize(findMultiplier(steps, kBound, frame, {}));
}

} // namespace

int main(int argc, char **argv) {
  for (RequantizeKernel kernel : allValues<RequantizeKernel>()) {
    if (kernel == RequantizeKernel::Real)
      continue;
    std::string name(stringify(kernel));
    for (bool perChannel : {false, true})
      benchmark::RegisterBenchmark(
          (name + (perChannel ? "/per_channel" : "/per_tensor")).c_str(),
          [=](benchmark::State &state) {
            requantization(state, kernel, perChannel);
          });
  }
  for (DequantPrecision precision : allValues<DequantPrecision>())
    if (precision != DequantPrecision::Requant)
      benchmark::RegisterBenchmark(
          ("r9_" + std::string(stringify(precision)) + "/per_tensor").c_str(),
          [=](benchmark::State &state) {
            requantization(state, RequantizeKernel::R9, false, 0, precision);
          });
  for (int form : {1, 2})
    benchmark::RegisterBenchmark(
        form == 1 ? "r4_bias/per_channel" : "r4_fma_bias/per_channel",
        [=](benchmark::State &state) {
          requantization(state, RequantizeKernel::R4, true, form);
        });
  for (RequantizeKernel kernel : allValues<RequantizeKernel>())
    if (kernel != RequantizeKernel::Real)
      benchmark::RegisterBenchmark(
          ("steps/" + std::string(stringify(kernel))).c_str(),
          [=](benchmark::State &state) { steps(state, kernel); });
  for (RequantizeKernel kernel : {RequantizeKernel::R1, RequantizeKernel::R2})
    benchmark::RegisterBenchmark(
        ("compare_two_with_one/" + std::string(stringify(kernel))).c_str(),
        [=](benchmark::State &state) { proof(state, kernel); });
  benchmark::RegisterBenchmark("find_multiplier", search);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
