#include "daemon/script/worker.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>
#include <vector>

#include "daemon/core/text.h"
#include "daemon/script/exit_status.h"
#include "daemon/script/process_handle.h"
#include "daemon/script/worker_messages.h"

namespace migrationd::script {
namespace {

using asio::posix::descriptor_base;

constexpr std::size_t kPacketBytes = 4096;
constexpr std::size_t kDescriptors = 3;

/// What a spare is given: a socket for messages, and pipes for what its script prints.
struct Ends {
  UniqueFd control;
  UniqueFd output;
  UniqueFd errors;

  bool complete() const { return control && output && errors; }
};

Ends MakeEnds(Worker::NewSpare& ours) {
  Ends theirs;
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) == 0) {
    ours.control = UniqueFd(pair[0]);
    theirs.control = UniqueFd(pair[1]);
  }
  if (::pipe2(pair.data(), O_CLOEXEC) == 0) {
    ours.output = UniqueFd(pair[0]);
    theirs.output = UniqueFd(pair[1]);
  }
  if (::pipe2(pair.data(), O_CLOEXEC) == 0) {
    ours.errors = UniqueFd(pair[0]);
    theirs.errors = UniqueFd(pair[1]);
  }
  return theirs;
}

}  // namespace

Worker::Worker(asio::io_context& io, WorkerProcess process, std::chrono::milliseconds patience)
    : process_(std::move(process)),
      patience_(patience),
      socket_(io, process_.socket.Release()),
      end_(io, process_.pidfd.Release()),
      timer_(io) {}

Worker::~Worker() {
  SignalProcess(end_.native_handle(), SIGKILL);
  script::AwaitEnd(end_.native_handle());
  if (process_.pid != 0) ReapChild(process_.pid);
}

void Worker::Listen(Callbacks callbacks) {
  callbacks_ = std::move(callbacks);
  listening_ = true;
  AwaitPackets();
  AwaitEnd();
  BePatient();
}

bool Worker::HasEnded() { return script::HasEnded(end_.native_handle()); }

bool Worker::Fork(std::size_t slot, std::span<const pid_t> reap) {
  NewSpare fresh;
  fresh.slot = slot;
  const Ends theirs = MakeEnds(fresh);
  if (!theirs.complete()) return false;
  std::vector<std::uint32_t> numbers{static_cast<std::uint32_t>(slot)};
  numbers.insert(numbers.end(), reap.begin(), reap.end());
  Send(PackNumbers('F', numbers),
       std::array{theirs.control.get(), theirs.output.get(), theirs.errors.get()});
  forking_.push_back(std::move(fresh));
  return true;
}

void Worker::Reap(pid_t spare) {
  Send(PackNumbers('R', std::array{static_cast<std::uint32_t>(spare)}));
}

void Worker::Send(const std::string& packet, std::span<const int> descriptors) {
  ++asked_;
  BePatient();
  // sendmsg(2) does not write to what it sends.
  iovec part{const_cast<char*>(packet.data()), packet.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kDescriptors * sizeof(int))> control{};
  if (!descriptors.empty()) {
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size_bytes());
  }
  // A few hundred packets fit. When they do not, it has not answered for long, and patience ends
  // it.
  ::sendmsg(socket_.native_handle(), &header, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void Worker::AwaitPackets() {
  socket_.async_wait(descriptor_base::wait_read,
                     [weak = weak_from_this()](const asio::error_code& error) {
                       const auto self = weak.lock();
                       if (error || !self || !self->listening_) return;
                       if (self->ReadPackets()) self->AwaitPackets();
                     });
}

void Worker::AwaitEnd() {
  end_.async_wait(descriptor_base::wait_read,
                  [weak = weak_from_this()](const asio::error_code& error) {
                    const auto self = weak.lock();
                    if (error || !self || !self->listening_) return;
                    self->ReadPackets();
                    self->Die("");
                  });
}

void Worker::BePatient() {
  if (timing_ || asked_ == answered_) return;
  timing_ = true;
  timer_.expires_after(patience_);
  timer_.async_wait([weak = weak_from_this(), before = answered_](const asio::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || !self->listening_) return;
    self->timing_ = false;
    if (self->answered_ == before && self->asked_ != before) {
      self->Die("it did not answer within " + core::FormatDuration(self->patience_));
    } else {
      self->BePatient();
    }
  });
}

bool Worker::ReadPackets() {
  std::array<char, kPacketBytes> packet;
  while (listening_) {
    const ssize_t size =
        ::recv(socket_.native_handle(), packet.data(), packet.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return true;
    if (size <= 0) return false;
    OnPacket({packet.data(), static_cast<std::size_t>(size)});
  }
  return false;
}

void Worker::OnPacket(std::string_view packet) {
  ++answered_;
  if (const auto pid = UnpackNumber('S', packet); pid && !forking_.empty()) {
    NewSpare fresh = std::move(forking_.front());
    forking_.pop_front();
    fresh.pid = static_cast<pid_t>(*pid);
    callbacks_.on_spare(std::move(fresh));
    return;
  }
  const Message message = Unpack(packet).value_or(Message{});
  const std::optional<std::int64_t> first = NumberField(message, 0);
  const std::optional<std::int64_t> second = NumberField(message, 1);
  if (message.kind == 'H') {
    ready_ = true;
  } else if (message.kind == 'N' && !message.fields.empty() && !forking_.empty()) {
    forking_.pop_front();
    callbacks_.on_no_spare(message.fields[0]);
  } else if (message.kind == 'X' && first && second) {
    callbacks_.on_reaped(static_cast<pid_t>(*first), static_cast<int>(*second));
  } else {
    Die("it said something that is not understood");
  }
}

void Worker::Die(const std::string& why) {
  if (!listening_) return;
  listening_ = false;
  SignalProcess(end_.native_handle(), SIGKILL);
  // Short: nothing keeps a killed process but a device that does not answer. Its children are ours
  // after it.
  script::AwaitEnd(end_.native_handle());
  const std::optional<int> status = ReapChild(std::exchange(process_.pid, 0));
  std::string reason = why;
  if (reason.empty() && status) reason = "it " + DescribeStatus(*status);
  if (!ready_) reason += " before it was ready";
  const std::string said = Diagnosis();
  if (!said.empty()) reason += "; it said " + core::Quote(said);
  callbacks_.on_death(reason);
}

std::string Worker::Diagnosis() {
  std::array<char, 2000> text;
  const ssize_t size = ::read(process_.diagnostics.get(), text.data(), text.size());
  if (size <= 0) return {};
  std::string said(text.data(), static_cast<std::size_t>(size));
  while (!said.empty() && said.back() == '\n') said.pop_back();
  // What matters stands in the last line: Python's tracebacks end with the exception.
  return said.substr(said.rfind('\n') + 1);
}

}  // namespace migrationd::script
