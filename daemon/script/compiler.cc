#include "daemon/script/compiler.h"

#include <cstddef>
#include <string_view>
#include <utility>

namespace migrationd::script {
namespace {

// So many pay for the process that compiles them.
constexpr std::size_t kWorthIt = 8;
// The answer must be a message; code is about as long as its source.
constexpr std::size_t kMostBytes = std::size_t{1} << 20U;

void KeepWhatFits(std::vector<core::Script>& scripts) {
  std::size_t bytes = 0;
  std::erase_if(scripts, [&bytes](const core::Script& script) {
    return (bytes += script.bytes->size()) > kMostBytes;
  });
}

}  // namespace

void Compiler::Compile(std::vector<core::Script> scripts) {
  if (!spare_ && scripts.size() < kWorthIt) return;
  // What it was given last it should have had for long: it hangs, and nothing is lost with it.
  if (!asked_.empty()) End();
  asked_ = std::move(scripts);
  KeepWhatFits(asked_);
  if (asked_.empty()) return;
  if (spare_) {
    Send();
  } else {
    TakeSpare();
  }
}

std::string Compiler::Take(const core::Script& script) {
  auto found = codes_.extract(script.path);
  if (!found) return {};
  Code& code = found.mapped();
  const bool same = code.source == script.bytes || *code.source == *script.bytes;
  return same ? std::move(code.bytes) : std::string();
}

void Compiler::LetGo() {
  End();
  codes_.clear();
}

void Compiler::TakeSpare() {
  if (std::exchange(awaiting_spare_, true)) return;
  pool_.Take([weak = weak_from_this()](core::Result<std::shared_ptr<Spare>> spare) {
    const auto self = weak.lock();
    if (!self) return;
    self->awaiting_spare_ = false;
    // Whoever starts a script is told that none can be had.
    if (!spare || self->asked_.empty()) return;
    self->spare_ = std::move(*spare);
    self->spare_->Attach({
        [weak](const Message& message) {
          if (const auto owner = weak.lock()) owner->OnMessage(message);
        },
        [](core::OutputStream, std::string_view) {},
        [weak] {
          if (const auto owner = weak.lock()) owner->End();
        },
    });
    self->Send();
  });
}

void Compiler::Send() {
  std::vector<std::string_view> fields;
  for (const core::Script& script : asked_) {
    fields.insert(fields.end(), {script.path, *script.bytes});
  }
  spare_->Send(PackForStream('K', fields));
}

void Compiler::OnMessage(const Message& message) {
  if (message.kind != 'K' || message.fields.size() != asked_.size()) {
    End();
    return;
  }
  for (std::size_t i = 0; i < asked_.size(); ++i) {
    if (message.fields[i].empty()) continue;
    codes_.insert_or_assign(asked_[i].path, Code{asked_[i].bytes, message.fields[i]});
  }
  asked_.clear();
}

void Compiler::End() {
  asked_.clear();
  if (!spare_) return;
  spare_->Detach();
  spare_.reset();
}

}  // namespace migrationd::script
