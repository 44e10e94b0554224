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

namespace migrationd::script {
namespace {

using asio::posix::descriptor_base;

constexpr std::size_t kPacketBytes = 4096;
constexpr std::size_t kDescriptors = 3;

std::vector<UniqueFd> DescriptorsOf(msghdr& header) {
  std::vector<UniqueFd> descriptors;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(part) + i * sizeof fd, sizeof fd);
      descriptors.emplace_back(fd);
    }
  }
  return descriptors;
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

void Worker::Fork(std::size_t slot) { Send(Pack('F', {std::to_string(slot)})); }

void Worker::Reap(pid_t spare) { Send(Pack('R', {std::to_string(spare)})); }

void Worker::Send(const std::string& packet) {
  ++asked_;
  BePatient();
  // A few hundred packets fit. When they do not, it has not answered for long, and patience ends
  // it.
  ::send(socket_.native_handle(), packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
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
  alignas(cmsghdr) std::array<char, CMSG_SPACE(kDescriptors * sizeof(int))> control;
  while (listening_) {
    iovec part{packet.data(), packet.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t size =
        ::recvmsg(socket_.native_handle(), &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return true;
    if (size <= 0) return false;
    std::vector<UniqueFd> descriptors = DescriptorsOf(header);
    const std::optional<Message> message = Unpack({packet.data(), static_cast<std::size_t>(size)});
    OnPacket(message.value_or(Message{}), std::move(descriptors));
  }
  return false;
}

void Worker::OnPacket(const Message& message, std::vector<UniqueFd> descriptors) {
  ++answered_;
  const std::optional<std::int64_t> first = NumberField(message, 0);
  const std::optional<std::int64_t> second = NumberField(message, 1);
  if (message.kind == 'H') {
    ready_ = true;
  } else if (message.kind == 'S' && first && second && descriptors.size() == kDescriptors) {
    callbacks_.on_spare({static_cast<pid_t>(*first), static_cast<std::size_t>(*second),
                         std::move(descriptors[0]), std::move(descriptors[1]),
                         std::move(descriptors[2])});
  } else if (message.kind == 'N' && !message.fields.empty()) {
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
