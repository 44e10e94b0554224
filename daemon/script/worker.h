#pragma once

#include <sys/types.h>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "daemon/script/worker_process.h"

namespace migrationd::script {

/// The running worker: requests go in, answers come out through the callbacks, on the loop thread.
/// Nothing of it is left when it is destroyed.
class Worker : public std::enable_shared_from_this<Worker> {
 public:
  struct NewSpare {
    pid_t pid = 0;
    std::size_t slot = 0;
    UniqueFd control;
    UniqueFd output;
    UniqueFd errors;
  };
  struct Callbacks {
    std::function<void(NewSpare)> on_spare;
    std::function<void(std::string reason)> on_no_spare;
    std::function<void(pid_t, int status)> on_reaped;
    /// It ended, or had to be ended; why, as a sentence. The last one.
    std::function<void(std::string why)> on_death;
  };

  /// `patience`: how long it may take for its start, or for an answer.
  Worker(asio::io_context& io, WorkerProcess process, std::chrono::milliseconds patience);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void Listen(Callbacks callbacks);

  bool HasEnded();

  /// At most so many are reaped on the way.
  static constexpr std::size_t kMostReaped = 64;

  /// Asks for a spare, whose byte of the phase memory is `slot`; and to reap, on the way, spares
  /// that have ended or are ending. False: there are no descriptors left for it, and nothing was
  /// asked.
  bool Fork(std::size_t slot, std::span<const pid_t> reap);

  /// Asks to reap a spare that has ended or is ending, and for its status.
  void Reap(pid_t spare);

 private:
  void Send(const std::string& packet, std::span<const int> descriptors = {});
  void AwaitPackets();
  void AwaitEnd();
  void BePatient();
  /// False: none will come any more.
  bool ReadPackets();
  void OnPacket(std::string_view packet);
  void Die(const std::string& why);
  std::string Diagnosis();

  WorkerProcess process_;
  std::chrono::milliseconds patience_;
  asio::posix::stream_descriptor socket_;
  asio::posix::stream_descriptor end_;
  asio::steady_timer timer_;
  Callbacks callbacks_;
  bool listening_ = false;
  bool ready_ = false;
  bool timing_ = false;
  std::uint64_t asked_ = 1;  // The first answer, unasked, is that it works.
  std::uint64_t answered_ = 0;
  std::deque<NewSpare> forking_;  // In the order in which they were asked for.
};

}  // namespace migrationd::script
