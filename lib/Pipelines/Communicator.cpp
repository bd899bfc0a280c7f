//===- Communicator.cpp - Processes that calibrate together -----*- C++ -*-===//
//
// Part of hwq, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "hwq/Pipelines/Communicator.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cstdlib>

#ifdef HWQ_HAVE_MPI
#include <mpi.h>
#endif

using namespace hwq;

Communicator::~Communicator() = default;

llvm::Error hwq::agree(Communicator &comm, llvm::Error error) {
  if (comm.size() == 1)
    return error;
  std::string mine, first;
  if (error)
    llvm::raw_string_ostream(mine) << "rank " << comm.rank() << ": " << error;
  for (const std::string &text : comm.gather(mine))
    if (first.empty())
      first = text;
  first = comm.broadcast(first);
  if (first.empty() || (error && comm.rank() == 0))
    return error;
  llvm::consumeError(std::move(error));
  return llvm::createStringError(comm.rank() == 0 ? first : std::string());
}

/// Whether an mpirun (Open MPI's, or one of MPICH's kind) started this process
/// as one of several.
static bool startedByMpirun() {
  for (const char *name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"})
    if (const char *size = std::getenv(name))
      return std::atoi(size) > 1;
  return false;
}

#ifdef HWQ_HAVE_MPI
namespace {
/// Failures of MPI itself end all processes, with MPI's message.
class MpiCommunicator : public Communicator {
public:
  MpiCommunicator() {
    // Worker threads make no calls.
    int provided;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  }
  ~MpiCommunicator() override { MPI_Finalize(); }
  unsigned rank() const override {
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return static_cast<unsigned>(rank);
  }
  unsigned size() const override {
    int size;
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    return static_cast<unsigned>(size);
  }
  std::vector<std::string> gather(const std::string &mine) override {
    if (rank() != 0) {
      send(mine, 0);
      return {};
    }
    // In the order of the ranks, one at a time.
    std::vector<std::string> all = {mine};
    for (unsigned from = 1; from < size(); ++from)
      all.push_back(receive(from));
    return all;
  }
  std::string broadcast(const std::string &mine) override {
    if (rank() != 0)
      return receive(0);
    for (unsigned to = 1; to < size(); ++to)
      send(mine, to);
    return mine;
  }

private:
  // Pieces, since counts are ints.
  static constexpr size_t piece = size_t(1) << 30;

  static void send(const std::string &bytes, unsigned to) {
    auto rank = static_cast<int>(to);
    unsigned long long size = bytes.size();
    MPI_Send(&size, 1, MPI_UNSIGNED_LONG_LONG, rank, 0, MPI_COMM_WORLD);
    for (size_t at = 0; at < bytes.size(); at += piece)
      MPI_Send(bytes.data() + at,
               static_cast<int>(std::min(piece, bytes.size() - at)), MPI_BYTE,
               rank, 0, MPI_COMM_WORLD);
  }
  static std::string receive(unsigned from) {
    auto rank = static_cast<int>(from);
    unsigned long long size;
    MPI_Recv(&size, 1, MPI_UNSIGNED_LONG_LONG, rank, 0, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    std::string bytes(size, '\0');
    for (size_t at = 0; at < bytes.size(); at += piece)
      MPI_Recv(bytes.data() + at,
               static_cast<int>(std::min(piece, bytes.size() - at)), MPI_BYTE,
               rank, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return bytes;
  }
};
} // namespace
#endif

std::unique_ptr<Communicator> hwq::createCommunicator(std::string &error) {
  if (!startedByMpirun())
    return std::make_unique<Communicator>();
#ifdef HWQ_HAVE_MPI
  return std::make_unique<MpiCommunicator>();
#else
  error = "mpirun started this process, but hwq was built without MPI";
  return nullptr;
#endif
}
