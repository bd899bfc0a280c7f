//===- Communicator.h - Processes that calibrate together -------*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef HWQ_PIPELINES_COMMUNICATOR_H
#define HWQ_PIPELINES_COMMUNICATOR_H

#include "llvm/Support/Error.h"
#include <memory>
#include <string>
#include <vector>

namespace hwq {

/// The processes of one run. All of them must make the same calls in the same
/// order. This class is a run of a single process.
class Communicator {
public:
  virtual ~Communicator();
  virtual unsigned rank() const { return 0; }
  virtual unsigned size() const { return 1; }
  /// What every rank gave, by rank; on rank 0, elsewhere empty.
  virtual std::vector<std::string> gather(const std::string &mine) {
    return {mine};
  }
  /// What rank 0 gave.
  virtual std::string broadcast(const std::string &mine) { return mine; }
};

/// The processes that mpirun started, if it started this one and hwq was built
/// with MPI; otherwise a single one. `error` is set, and nothing returned,
/// where mpirun started it and hwq was built without. To be called once.
std::unique_ptr<Communicator> createCommunicator(std::string &error);

/// An error on every rank where there is one on any, so that none waits for one
/// that has ended. Rank 0 has its own, or the text of the lowest rank that has
/// one, after "rank N: "; elsewhere the text is empty.
llvm::Error agree(Communicator &comm, llvm::Error error);

} // namespace hwq

#endif // HWQ_PIPELINES_COMMUNICATOR_H
