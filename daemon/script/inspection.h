#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/ports.h"
#include "daemon/script/spare.h"
#include "daemon/script/spare_pool.h"

namespace migrationd::script {

/// Looks at many scripts, in batches, in several spares at a time. A script may be able to kill the
/// Python that parses it: then the others of its batch are looked at again one by one, and it is
/// given a problem when it has done so again. Loop thread only.
class Inspection : public std::enable_shared_from_this<Inspection> {
 public:
  /// `patience`: for one batch. `pool` must live longer.
  Inspection(asio::io_context& io, SparePool& pool, std::vector<core::Script> scripts,
             std::chrono::milliseconds patience);

  /// `done` is called once, later. Error: kInterpreterFailed.
  void Begin(core::ScriptRunner::InspectCallback done);

 private:
  using Batch = std::vector<std::size_t>;  // Indices of scripts.
  struct Lane {
    std::shared_ptr<Spare> spare;
    Batch batch;
    asio::steady_timer timer;
  };

  void FillBatches();
  void OpenLane(std::size_t index);
  void NextBatch(Lane& lane);
  void OnAnswer(Lane& lane, const Message& message);
  void OnLoss(std::size_t index);
  bool Take(const Batch& batch, const Message& answer);
  void Finish(core::Result<std::vector<core::ScriptFacts>> result);

  asio::io_context& io_;
  SparePool& pool_;
  std::vector<core::Script> scripts_;
  std::chrono::milliseconds patience_;
  core::ScriptRunner::InspectCallback done_;
  std::vector<core::ScriptFacts> facts_;
  std::vector<int> losses_;  // How often a script was alone with a spare that died.
  std::deque<Batch> batches_;
  std::size_t missing_ = 0;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace migrationd::script
