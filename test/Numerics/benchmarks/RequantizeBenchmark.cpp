//===- RequantizeBenchmark.cpp - Speed of the requantize kernels ----------===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// items_per_second: requantizations of int32 to uint8, one thread, 64 KiB of
// accumulators (in the second cache, as behind a convolution); steps found per
// second and time per channel for the prover.
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
                    bool perChannel, int biasForm = 0) {
  RequantizeParams params = makeParams(kernel, perChannel ? kChannels : 1);
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
  for (int form : {1, 2})
    benchmark::RegisterBenchmark(
        form == 1 ? "r4_bias/per_channel" : "r4_fma_bias/per_channel",
        [=](benchmark::State &state) {
          requantization(state, RequantizeKernel::R4, true, form);
        });
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv))
    return 1;
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
