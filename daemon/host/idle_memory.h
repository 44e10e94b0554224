#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>

namespace migrationd::host {

/// Keeps a daemon that waits small: once nothing has happened for a while it gives back what was
/// only needed while something did. Loop thread only.
class IdleMemory {
 public:
  IdleMemory(asio::io_context& loop, std::chrono::milliseconds quiet)
      : quiet_(quiet), timer_(loop) {}

  /// Something happened: gives back when nothing has for `quiet`.
  void Expect();

  /// The allocator's thresholds, fixed: left to itself it raises them after the first large block
  /// that is freed, and from then on keeps what a plan or a state file needed for a moment. Before
  /// other threads are started.
  static void Tune();

  /// Gives back the heap's free memory now (malloc_trim(3)): of ten thousand migrations in some
  /// milliseconds, of ten in none.
  static void TrimHeap();

  /// Gives back what work that has ended needed: the heap's free memory, and where that was much,
  /// all that GiveBack does. Of the program's pages some hundred are fetched again by whoever comes
  /// next, in 0.3 ms: after a little work they are left for GiveBack, once nothing happens.
  static void EndWork();

  /// Gives back now. Free memory of the heap goes to the kernel (malloc_trim(3)). Pages of the
  /// program and its libraries that are never written leave this process's resident memory
  /// (madvise(2), MADV_DONTNEED): starting up touches most of gRPC. They stay in the page cache,
  /// and what is needed again comes back with a minor fault for each 64 KiB.
  static void GiveBack();

 private:
  std::chrono::milliseconds quiet_;
  asio::steady_timer timer_;
};

}  // namespace migrationd::host
