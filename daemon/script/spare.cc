#include "daemon/script/spare.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "daemon/script/process_handle.h"

namespace migrationd::script {
namespace {

using asio::posix::descriptor_base;

constexpr std::size_t kBufferBytes = 64 * 1024;
// What is read in one go, so that a flood leaves the loop time for others.
constexpr int kReadsAtOnce = 16;
// Facts about a batch of scripts are the longest that a spare has to say.
constexpr std::size_t kMessageBytes = 4 * 1024 * 1024;

// One for all: the loop is one thread, and nobody keeps what is in it.
std::array<char, kBufferBytes>& Buffer() {
  static thread_local std::array<char, kBufferBytes> buffer;
  return buffer;
}

core::Phase PhaseOf(char byte) {
  switch (byte) {
    case 1:
      return core::Phase::kLoad;
    case 2:
      return core::Phase::kCheck;
    case 3:
      return core::Phase::kMigrate;
    case 4:
      return core::Phase::kVerify;
    default:
      return core::Phase::kStart;
  }
}

}  // namespace

Spare::Spare(asio::io_context& io, pid_t pid, Descriptors descriptors, const volatile char* phase,
             std::function<void(pid_t)> reap)
    : pid_(pid),
      phase_(phase),
      pidfd_(io, descriptors.pidfd.Release()),
      control_(io, descriptors.control.Release()),
      output_{core::OutputStream::kStdout, {io, descriptors.output.Release()}},
      errors_{core::OutputStream::kStderr, {io, descriptors.errors.Release()}},
      reap_(std::move(reap)),
      reader_(kMessageBytes) {
  output_.descriptor.non_blocking(true);
  errors_.descriptor.non_blocking(true);
}

Spare::~Spare() {
  if (!HasEnded()) Signal(SIGKILL);
  reap_(pid_);
}

bool Spare::HasEnded() { return script::HasEnded(pidfd_.native_handle()); }

core::Phase Spare::phase() const { return PhaseOf(*phase_); }

void Spare::Signal(int signal) { SignalProcess(pidfd_.native_handle(), signal); }

void Spare::EndNow() {
  Signal(SIGKILL);
  AwaitEnd(pidfd_.native_handle());
}

void Spare::Attach(Callbacks callbacks) {
  callbacks_ = std::move(callbacks);
  attached_ = true;
  AwaitMessages();
  AwaitOutput(output_);
  AwaitOutput(errors_);
  AwaitExit();
}

void Spare::AwaitMessages() {
  control_.async_wait(descriptor_base::wait_read,
                      [weak = weak_from_this()](const asio::error_code& error) {
                        const auto self = weak.lock();
                        if (error || !self || !self->attached_) return;
                        if (self->ReadMessages() && self->attached_) self->AwaitMessages();
                      });
}

void Spare::AwaitOutput(Stream& stream) {
  stream.descriptor.async_wait(descriptor_base::wait_read,
                               [weak = weak_from_this(), &stream](const asio::error_code& error) {
                                 const auto self = weak.lock();
                                 if (error || !self || !self->attached_) return;
                                 self->ReadOutput(stream);
                                 if (stream.open && self->attached_) self->AwaitOutput(stream);
                               });
}

void Spare::AwaitExit() {
  pidfd_.async_wait(descriptor_base::wait_read,
                    [weak = weak_from_this()](const asio::error_code& error) {
                      const auto self = weak.lock();
                      if (error || !self || !self->attached_) return;
                      self->ReadMessages();
                      if (self->attached_) self->callbacks_.on_exit();
                    });
}

bool Spare::ReadMessages() {
  for (int reads = 0; reads < kReadsAtOnce; ++reads) {
    std::array<char, kBufferBytes>& buffer = Buffer();
    const ssize_t size =
        ::recv(control_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return true;
    if (size <= 0) return false;
    reader_.Feed({buffer.data(), static_cast<std::size_t>(size)});
    while (const std::optional<Message> message = reader_.Next()) {
      callbacks_.on_message(*message);
      if (!attached_) return false;
    }
  }
  return true;
}

void Spare::ReadOutput(Stream& stream) {
  for (int reads = 0; reads < kReadsAtOnce && stream.open; ++reads) {
    std::array<char, kBufferBytes>& buffer = Buffer();
    const ssize_t size = ::read(stream.descriptor.native_handle(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return;
    stream.open = size > 0;
    if (size > 0 && attached_) {
      callbacks_.on_output(stream.name, {buffer.data(), static_cast<std::size_t>(size)});
    }
  }
}

void Spare::Drain() {
  ReadOutput(output_);
  ReadOutput(errors_);
}

void Spare::Send(std::string bytes) {
  outbox_.erase(0, std::exchange(sent_, 0));
  outbox_ += bytes;
  if (!writing_) WriteOutbox();
}

void Spare::WriteOutbox() {
  writing_ = false;
  while (sent_ < outbox_.size()) {
    const ssize_t size = ::send(control_.native_handle(), outbox_.data() + sent_,
                                outbox_.size() - sent_, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) {
      writing_ = true;
      control_.async_wait(descriptor_base::wait_write,
                          [weak = weak_from_this()](const asio::error_code& error) {
                            const auto self = weak.lock();
                            if (!error && self) self->WriteOutbox();
                          });
      return;
    }
    if (size < 0) break;
    sent_ += static_cast<std::size_t>(size);
  }
  outbox_ = {};
  sent_ = 0;
}

}  // namespace migrationd::script
