#include "daemon/script/inspection.h"

#include <algorithm>
#include <asio/post.hpp>
#include <csignal>
#include <utility>

#include "daemon/core/text.h"
#include "inspection_bundle.h"

namespace migrationd::script {
namespace {

constexpr std::size_t kLanes = 2;
// Few enough that both lanes stay busy to the end, enough that messages cost nothing beside
// parsing.
constexpr std::size_t kBatchScripts = 100;
constexpr std::size_t kBatchBytes = 1024 * 1024;
constexpr std::size_t kFieldsPerScript = 3;
constexpr int kLossesAllowed = 1;

}  // namespace

Inspection::Inspection(asio::io_context& io, SparePool& pool, std::vector<core::Script> scripts,
                       std::chrono::milliseconds patience)
    : io_(io),
      pool_(pool),
      scripts_(std::move(scripts)),
      patience_(patience),
      facts_(scripts_.size()),
      losses_(scripts_.size()),
      missing_(scripts_.size()) {}

void Inspection::Begin(core::ScriptRunner::InspectCallback done) {
  done_ = std::move(done);
  FillBatches();
  if (missing_ == 0) {
    asio::post(io_, [self = shared_from_this()] { self->Finish(std::move(self->facts_)); });
    return;
  }
  const std::size_t lanes = std::min(kLanes, batches_.size());
  for (std::size_t i = 0; i < lanes; ++i) {
    lanes_.push_back(std::make_unique<Lane>(Lane{nullptr, {}, asio::steady_timer(io_)}));
  }
  asio::post(io_, [weak = weak_from_this(), lanes] {
    for (std::size_t i = 0; i < lanes; ++i) {
      if (const auto self = weak.lock()) self->OpenLane(i);
    }
  });
}

void Inspection::FillBatches() {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < scripts_.size(); ++i) {
    bytes += scripts_[i].bytes->size();
    if (batches_.empty() || batches_.back().size() == kBatchScripts || bytes > kBatchBytes) {
      batches_.emplace_back();
      bytes = scripts_[i].bytes->size();
    }
    batches_.back().push_back(i);
  }
}

void Inspection::OpenLane(std::size_t index) {
  if (!done_ || batches_.empty()) return;
  pool_.Take([weak = weak_from_this(), index](core::Result<std::shared_ptr<Spare>> spare) {
    const auto self = weak.lock();
    if (!self || !self->done_) return;
    if (!spare) {
      self->Finish(spare.error());
      return;
    }
    Lane& lane = *self->lanes_[index];
    lane.spare = std::move(*spare);
    lane.spare->Attach({
        [weak, index](const Message& message) {
          if (const auto owner = weak.lock()) owner->OnAnswer(*owner->lanes_[index], message);
        },
        [](core::OutputStream, std::string_view) {},
        [weak, index] {
          if (const auto owner = weak.lock()) owner->OnLoss(index);
        },
    });
    self->NextBatch(lane);
  });
}

void Inspection::NextBatch(Lane& lane) {
  lane.timer.cancel();
  if (batches_.empty()) {
    lane.spare->Detach();
    lane.spare = nullptr;
    return;
  }
  lane.batch = std::move(batches_.front());
  batches_.pop_front();
  std::vector<std::string_view> fields = {kInspectionBundle};
  for (const std::size_t i : lane.batch) {
    fields.insert(fields.end(), {scripts_[i].path, *scripts_[i].bytes});
  }
  lane.spare->Send(PackForStream('I', fields));
  lane.timer.expires_after(patience_);
  lane.timer.async_wait([weak = std::weak_ptr<Spare>(lane.spare)](const asio::error_code& error) {
    const auto spare = weak.lock();
    if (!error && spare) spare->Signal(SIGKILL);
  });
}

void Inspection::OnAnswer(Lane& lane, const Message& message) {
  if (message.kind != 'A' || !Take(lane.batch, message)) {
    lane.spare->Signal(SIGKILL);
    return;
  }
  missing_ -= std::exchange(lane.batch, {}).size();
  NextBatch(lane);
  if (missing_ == 0) Finish(std::move(facts_));
}

bool Inspection::Take(const Batch& batch, const Message& answer) {
  if (answer.fields.size() != batch.size() * kFieldsPerScript) return false;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    core::ScriptFacts& facts = facts_[batch[i]];
    facts.description = core::ToValidUtf8(answer.fields[i * kFieldsPerScript]);
    if (const auto timeout = NumberField(answer, i * kFieldsPerScript + 1)) {
      facts.timeout = std::chrono::seconds(*timeout);
    }
    facts.problem = core::ToValidUtf8(answer.fields[i * kFieldsPerScript + 2]);
  }
  return true;
}

void Inspection::OnLoss(std::size_t index) {
  Lane& lane = *lanes_[index];
  const Batch lost = std::exchange(lane.batch, {});
  lane.timer.cancel();
  lane.spare->Detach();
  lane.spare = nullptr;
  const bool alone = lost.size() == 1;
  for (const std::size_t i : lost) {
    if (alone && ++losses_[i] > kLossesAllowed) {
      facts_[i].problem = "Python dies, or takes too long, when it parses this";
      --missing_;
    } else {
      batches_.push_back({i});
    }
  }
  if (missing_ == 0) {
    Finish(std::move(facts_));
  } else {
    OpenLane(index);
  }
}

void Inspection::Finish(core::Result<std::vector<core::ScriptFacts>> result) {
  if (!done_) return;
  for (const std::unique_ptr<Lane>& lane : lanes_) {
    lane->timer.cancel();
    if (lane->spare) lane->spare->Detach();
    lane->spare = nullptr;
  }
  std::exchange(done_, nullptr)(std::move(result));
}

}  // namespace migrationd::script
