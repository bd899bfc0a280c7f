//===- CalibrateCollect.cpp - Statistics of a program's tensors -*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CalibrateRun.h"
#include "hwq/Numerics/Derive.h"
#include "hwq/Runtime/IsaLevel.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <numeric>

using namespace mlir;
using namespace hwq;
using calibration::StatisticsFile;
using runtime::Tensor;

/// An error as a diagnostic; one without text has been reported elsewhere.
static LogicalResult report(ModuleOp module, llvm::Error error) {
  if (!error)
    return success();
  std::string text = llvm::toString(std::move(error));
  if (!text.empty())
    mlir::emitError(UnknownLoc::get(module.getContext())) << text;
  return failure();
}

StatisticsFile hwq::newStatistics(ModuleOp module,
                                  const CollectOptions &options,
                                  uint64_t totalSamples) {
  StatisticsFile file;
  file.modelHash = hashObservedProgram(module);
  file.isaLevels = {runtime::isaLevel()};
  file.preparation = options.preparation;
  file.totalSamples = totalSamples;
  file.voteBatch = std::max<int64_t>(options.voteBatch, 1);
  file.statistics = calibration::Statistics(options.collect);
  return file;
}

namespace {
/// One round is one call of the evaluator; rounds end together on all ranks.
class Collector {
public:
  Collector(ObservedRun &run, std::shared_ptr<const runtime::Dataset> data,
            const CollectOptions &options, StatisticsFile &file)
      : run(run), data(std::move(data)), options(options), file(file),
        workers(run.threads(), calibration::Statistics(options.collect)),
        comm(options.communicator ? *options.communicator : alone) {}

  /// The error, on rank 0; elsewhere only whether there was one.
  llvm::Error collect();

private:
  /// One row of `tensor` for each index.
  void observe(unsigned worker, size_t entry, ArrayRef<int64_t> indices,
               const Tensor &tensor);
  llvm::Error runRound(std::vector<int64_t> indices);
  /// The samples of this shard that are not there yet, of all ranks.
  std::vector<int64_t> samplesToDo(int64_t granule);
  llvm::Error firstBad() const;
  llvm::Error mergeRanks();

  ObservedRun &run;
  std::shared_ptr<const runtime::Dataset> data;
  const CollectOptions &options;
  StatisticsFile &file;
  std::vector<calibration::Statistics> workers;
  Communicator alone;
  Communicator &comm;
  int64_t done = 0, mine = 0;
};
} // namespace

void Collector::observe(unsigned worker, size_t entry,
                        ArrayRef<int64_t> indices, const Tensor &tensor) {
  calibration::TensorStatistics &statistics = workers[worker][entry];
  const float *values = tensor.data<float>();
  size_t size = tensor.numElements() / tensor.dim(0);
  if (!options.perChannel || tensor.rank() < 2)
    return statistics.addSamples(values, size, indices);
  ArrayRef<int64_t> shape = tensor.shape();
  unsigned axis = run.channelAxisOf(entry);
  size_t channels = shape[axis], inner = 1;
  for (int64_t extent : shape.drop_front(axis + 1))
    inner *= extent;
  for (auto [i, index] : enumerate(indices))
    statistics.addWithChannels(values + i * size,
                               size ? size / channels / inner : 0, channels,
                               index, inner);
}

/// The vote of one batch of values; the point nearest to the range for the
/// inputs of a program, which the vendor does not search for.
static void vote(calibration::TensorStatistics &statistics,
                 const Tensor &tensor, bool isInput) {
  numerics::DeriveOptions options;
  options.symmetry = numerics::Symmetry::Symmetric;
  numerics::Result<numerics::Derived> derived = numerics::deriveDpu(
      tensor.data<float>(), tensor.numElements(), options, isInput ? 1 : 5);
  // Where it is not finite, the statistics have the place.
  if (derived)
    statistics.addVote(-std::ilogb(derived->params.scale));
}

llvm::Error Collector::runRound(std::vector<int64_t> indices) {
  std::vector<int64_t> of = indices;
  auto isBad = [&](int64_t index) { return options.bad->contains(index); };
  auto observeBatch = [&](unsigned worker, size_t entry, int64_t first,
                          Tensor &tensor) -> llvm::Error {
    int64_t samples = tensor.dim(0);
    ArrayRef<int64_t> batch = ArrayRef(of).slice(first, samples);
    std::vector<int64_t> good;
    Tensor kept = tensor;
    if (options.bad && llvm::any_of(batch, isBad)) {
      // Without the rows of what could not be read.
      kept = tensor.clone();
      int64_t row = tensor.numElements() / samples;
      for (auto [from, index] : enumerate(batch))
        if (!isBad(index)) {
          std::copy_n(tensor.data<float>() + from * row, row,
                      kept.data<float>() + good.size() * row);
          good.push_back(index);
        }
      if (good.empty())
        return llvm::Error::success();
      kept = kept.slice0(0, good.size());
      batch = good;
    }
    observe(worker, entry, batch, kept);
    if (options.voteBatch == 1)
      for (size_t s = 0; s < batch.size(); ++s)
        vote(workers[worker][entry], kept.slice0(s, s + 1), run.isInput(entry));
    if (options.voteBatch <= 1)
      return llvm::Error::success();
    if (first % options.voteBatch ||
        samples != std::min<int64_t>(options.voteBatch, of.size() - first))
      return llvm::createStringError(
          "expected to run " + llvm::Twine(options.voteBatch) +
          " samples at a time for their vote, but the program takes " +
          llvm::Twine(samples));
    vote(workers[worker][entry], kept, run.isInput(entry));
    return llvm::Error::success();
  };
  int64_t count = indices.size();
  auto progress = [&](int64_t part, int64_t) {
    options.progress(done + part, mine);
  };
  if (count)
    if (llvm::Error error = run.run(
            data, std::move(indices), observeBatch,
            options.progress ? progress : runtime::Evaluator::ProgressHook()))
      return error;
  done += count;
  if (llvm::Error error = firstBad())
    return error;
  return llvm::Error::success();
}

llvm::Error Collector::firstBad() const {
  const calibration::Statistics::Entry *first = nullptr;
  calibration::BadValue bad{};
  // By sample, then in program order.
  for (const calibration::Statistics &statistics : workers)
    if (const auto *entry = statistics.firstBad()) {
      calibration::BadValue value = *entry->statistics.firstBad();
      if (!first || value.sampleIndex < bad.sampleIndex) {
        first = entry;
        bad = value;
      }
    }
  if (!first)
    return llvm::Error::success();
  return llvm::createStringError("tensor '" + first->name + "' is " +
                                 bad.kindName() + " in " +
                                 data->sampleName(bad.sampleIndex) +
                                 ", element " + llvm::Twine(bad.elementIndex));
}

/// Moves what the workers of all ranks have to `file` on rank 0.
llvm::Error Collector::mergeRanks() {
  calibration::Statistics empty(options.collect);
  for (ObserveOp op : run.ops())
    empty.registerTensor(op.getTensor());
  auto moveTo = [&](calibration::Statistics &total) {
    for (calibration::Statistics &worker : workers) {
      total.merge(worker);
      worker = empty;
    }
  };
  std::set<int64_t> skipped;
  if (options.bad)
    for (const auto &entry : options.bad->list())
      skipped.insert(entry.first);
  if (comm.size() == 1) {
    moveTo(file.statistics);
    file.skipped.insert(skipped.begin(), skipped.end());
    return llvm::Error::success();
  }
  StatisticsFile part;
  part.statistics = empty;
  moveTo(part.statistics);
  part.isaLevels = {runtime::isaLevel()};
  part.skipped = std::move(skipped);
  std::string bytes;
  llvm::raw_string_ostream os(bytes);
  calibration::printStatistics(part, os);
  llvm::Error error = llvm::Error::success();
  for (const std::string &other : comm.gather(os.str())) {
    llvm::Expected<StatisticsFile> parsed =
        calibration::parseStatistics(other, "statistics of another rank");
    if (!parsed)
      return llvm::joinErrors(std::move(error), parsed.takeError());
    file.statistics.merge(parsed->statistics);
    file.isaLevels.insert(parsed->isaLevels.begin(), parsed->isaLevels.end());
    file.skipped.insert(parsed->skipped.begin(), parsed->skipped.end());
  }
  return error;
}

std::vector<int64_t> Collector::samplesToDo(int64_t granule) {
  std::vector<int64_t> all(data->size());
  std::iota(all.begin(), all.end(), 0);
  std::vector<int64_t> todo;
  std::vector<int64_t> have = file.sampleIndices();
  for (int64_t index : partOf(all, options.shard, options.shards, granule))
    if (!llvm::binary_search(have, index) && !file.skipped.count(index))
      todo.push_back(index);
  // Rank 0 has what an earlier run left.
  std::string bytes =
      comm.broadcast(std::string(reinterpret_cast<const char *>(todo.data()),
                                 todo.size() * sizeof(int64_t)));
  todo.resize(bytes.size() / sizeof(int64_t));
  std::memcpy(todo.data(), bytes.data(), bytes.size());
  return todo;
}

llvm::Error Collector::collect() {
  using Clock = std::chrono::steady_clock;
  auto secondsSince = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  int64_t granule = std::max<int64_t>(options.voteBatch, 1);
  std::vector<int64_t> todo = samplesToDo(granule);
  size_t rounds = todo.size();
  std::vector<int64_t> part = partOf(todo, comm.rank(), comm.size(), granule);
  for (unsigned rank = 0; rank < comm.size(); ++rank)
    rounds = std::max(rank ? rounds : size_t(0),
                      partOf(todo, rank, comm.size(), granule).size());
  mine = part.size();
  for (ObserveOp op : run.ops()) {
    file.statistics.registerTensor(op.getTensor());
    for (calibration::Statistics &worker : workers)
      worker.registerTensor(op.getTensor());
  }

  // Few samples at first, then as many as are done between two saves.
  const int64_t least = 32 * int64_t(run.threads());
  int64_t step = options.save ? least : int64_t(rounds);
  Clock::time_point start = Clock::now(), lastSave = start;
  for (int64_t first = 0, most = rounds; first < most;) {
    step = std::max<int64_t>((step + granule - 1) / granule, 1) * granule;
    std::string chosen = comm.broadcast(std::to_string(step));
    step = std::stoll(chosen);
    auto slice = ArrayRef(part).drop_front(std::min(first, mine));
    if (llvm::Error error = agree(comm, runRound(slice.take_front(step).vec())))
      return error;
    first += step;
    bool due = options.save && secondsSince(lastSave) >= options.saveSeconds;
    if (comm.broadcast(due ? "save" : "") == "save" && first < most) {
      llvm::Error error = mergeRanks();
      if (!error && comm.rank() == 0)
        error = options.save(file);
      if (llvm::Error failed = agree(comm, std::move(error)))
        return failed;
      lastSave = Clock::now();
    }
    // No more steps than saves, and so no more waiting for the slowest.
    if (options.save) {
      double rate = first / std::max(secondsSince(start), 1e-3);
      step = std::max<int64_t>(least, rate * options.saveSeconds / 2);
    }
  }
  llvm::Error error = mergeRanks();
  if (!error && options.save && comm.rank() == 0)
    error = options.save(file);
  return agree(comm, std::move(error));
}

LogicalResult
hwq::collectStatistics(ModuleOp module,
                       std::shared_ptr<const runtime::Dataset> data,
                       const CollectOptions &options, StatisticsFile &file) {
  Location nowhere = UnknownLoc::get(module.getContext());
  if (data->size() == 0)
    return mlir::emitError(nowhere) << "calibration needs at least one sample";
  FailureOr<ObservedRun> run = ObservedRun::create(
      module, options.threads, options.voteBatch > 1 ? options.voteBatch : 0);
  if (failed(run))
    return failure();
  return report(module,
                Collector(*run, std::move(data), options, file).collect());
}

static llvm::Error addLinear(ObservedRun &run,
                             std::shared_ptr<const runtime::Dataset> data,
                             std::vector<int64_t> indices,
                             const CollectOptions &options,
                             LinearHistograms &histograms) {
  std::vector<calibration::LinearHistogram *> wanted;
  for (ObserveOp op : run.ops()) {
    auto found = histograms.find(op.getTensor());
    wanted.push_back(found == histograms.end() ? nullptr : &found->second);
  }
  using Workers = std::vector<calibration::LinearHistogram>;
  std::vector<Workers> workers(wanted.size());
  for (auto [histogram, own] : llvm::zip_equal(wanted, workers))
    if (histogram)
      own.assign(run.threads(), *histogram);
  auto observe = [&](unsigned worker, size_t entry, int64_t,
                     Tensor &tensor) -> llvm::Error {
    if (wanted[entry])
      workers[entry][worker].add(tensor.data<float>(), tensor.numElements());
    return llvm::Error::success();
  };
  if (!indices.empty())
    if (llvm::Error error = run.run(std::move(data), std::move(indices),
                                    observe, options.progress))
      return error;
  for (auto [histogram, own] : llvm::zip_equal(wanted, workers))
    for (const calibration::LinearHistogram &part : own)
      histogram->merge(part);
  return llvm::Error::success();
}

LogicalResult hwq::collectLinearHistograms(
    ModuleOp module, std::shared_ptr<const runtime::Dataset> data,
    std::vector<int64_t> indices, const CollectOptions &options,
    LinearHistograms &histograms) {
  FailureOr<ObservedRun> run = ObservedRun::create(module, options.threads);
  if (failed(run))
    return failure();
  Communicator alone;
  Communicator &comm = options.communicator ? *options.communicator : alone;
  std::vector<int64_t> part = partOf(indices, comm.rank(), comm.size(), 1);
  if (failed(report(
          module, agree(comm, addLinear(*run, std::move(data), std::move(part),
                                        options, histograms)))))
    return failure();
  if (comm.size() == 1)
    return success();
  // The counts of all ranks, in the order of the program.
  std::string mine;
  for (ObserveOp op : run->ops())
    if (auto found = histograms.find(op.getTensor());
        found != histograms.end()) {
      const auto &counts = found->second.counts();
      mine.append(reinterpret_cast<const char *>(counts.data()),
                  sizeof(counts));
    }
  for (auto [rank, other] : llvm::enumerate(comm.gather(mine))) {
    if (rank == 0)
      continue;
    const char *from = other.data();
    for (ObserveOp op : run->ops())
      if (auto found = histograms.find(op.getTensor());
          found != histograms.end()) {
        calibration::LinearHistogram &to = found->second;
        calibration::LinearHistogram theirs(to.rule(), to.largest());
        std::memcpy(theirs.counts().data(), from, sizeof(theirs.counts()));
        from += sizeof(theirs.counts());
        to.merge(theirs);
      }
  }
  return success();
}
