#include "client/interrupts.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <utility>

namespace telec {
namespace {

constexpr std::array kSignals = {SIGINT, SIGHUP, SIGTERM};
constexpr unsigned char kEnd = 0;

/// Written by the signal handler, which may only touch what is lock-free: signal-safety(7).
std::atomic<int> pipe_of_handler{-1};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void WriteSignalToPipe(int number) {
  const int saved = errno;
  const auto byte = static_cast<unsigned char>(number);
  // A full pipe has enough signals in it.
  if (write(pipe_of_handler.load(), &byte, 1) < 0) errno = saved;
  errno = saved;
}

void SetHandler(void (*handler)(int)) {
  for (const int number : kSignals) {
    struct sigaction previous {};
    sigaction(number, nullptr, &previous);
    // nohup(1) and shells' background jobs ignore signals on purpose.
    if (previous.sa_handler == SIG_IGN) continue;
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigaction(number, &action, nullptr);
  }
}

}  // namespace

Interrupts::Interrupts(std::function<void(Interrupt)> handler) {
  std::array<int, 2> ends{};
  // Without a pipe the signals keep their meaning.
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
  read_end_ = FileDescriptor(ends[0]);
  write_end_ = FileDescriptor(ends[1]);
  fcntl(ends[0], F_SETFL, 0);
  pipe_of_handler = ends[1];
  thread_ = std::thread([fd = ends[0], handler = std::move(handler)] {
    for (;;) {
      unsigned char byte = kEnd;
      if (read(fd, &byte, 1) < 0 && errno == EINTR) continue;
      if (byte == kEnd) return;
      handler(byte == SIGINT ? Interrupt::kStop : Interrupt::kLeave);
    }
  });
  SetHandler(&WriteSignalToPipe);
}

Interrupts::~Interrupts() {
  if (!thread_.joinable()) return;
  SetHandler(SIG_DFL);
  while (write(write_end_.get(), &kEnd, 1) < 0 && errno == EINTR) {
  }
  thread_.join();
}

}  // namespace telec
