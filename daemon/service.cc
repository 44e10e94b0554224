#include "daemon/service.h"

#include <fcntl.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <utility>

#include "daemon/script/survivors.h"

namespace migrationd {
namespace {

storage::StoreOptions StoreOptionsOf(const host::Config& config) {
  storage::StoreOptions options;
  options.state_file = config.state;
  options.min_free_bytes = config.reserve_bytes;
  options.limits.max_runs = config.history_runs;
  options.limits.max_age = std::chrono::days(config.history_days);
  options.limits.max_bytes = config.history_bytes;
  return options;
}

script::RunnerOptions RunnerOptionsOf(const host::Config& config) {
  script::RunnerOptions options;
  options.python = config.python;
  options.sys_path = config.sys_path;
  options.environment = config.environment;
  options.pass_environment = config.pass_environment;
  options.working_directory = config.working_directory;
  options.default_timeout = std::chrono::seconds(config.timeout_seconds);
  options.kill_grace = std::chrono::seconds(config.kill_grace_seconds);
  options.idle = std::chrono::seconds(config.idle_seconds);
  // Three quarters for how it began, one for how it ended.
  options.output.tail_bytes = config.output_bytes / 4;
  options.output.head_bytes = config.output_bytes - options.output.tail_bytes;
  return options;
}

core::EngineOptions EngineOptionsOf(const host::Config& config,
                                    const host::Surroundings& surroundings) {
  core::EngineOptions options;
  options.initial_version =
      core::Version::Parse(config.initial_version).value_or(core::Version::Zero());
  options.exposure = host::ExposureOf(config, surroundings);
  options.run.output_bytes = config.run_output_bytes;
  options.daemon_version = MIGRATIOND_VERSION;
  options.migrations_directory = config.migrations;
  options.state_file = config.state;
  return options;
}

/// The store makes the folder too, but the lock is needed before anything is started, and that may
/// be before the store is open.
core::Result<script::ScriptsLock> OpenScriptsLock(const std::string& state_file) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(state_file).parent_path(), ignored);
  return script::ScriptsLock::Open(state_file + ".scripts");
}

/// Without the lock nobody can tell whether scripts of an earlier life are alive: then nothing is
/// run.
class NoLock final : public core::SurvivorGuard {
 public:
  explicit NoLock(core::Error error) : error_(std::move(error)) {}
  void EndSurvivors(std::function<void(core::Result<std::vector<std::string>>)> done) override {
    done(error_);
  }

 private:
  core::Error error_;
};

constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::seconds kQuiet{10};

std::unique_ptr<core::SurvivorGuard> MakeSurvivorGuard(asio::io_context& loop,
                                                       core::Result<script::ScriptsLock>& lock) {
  if (!lock) return std::make_unique<NoLock>(lock.error());
  return std::make_unique<script::Survivors>(loop, *lock, kPatience);
}

}  // namespace

Service::Service(const host::Config& config, const host::Surroundings& surroundings,
                 host::AccessPolicy access, host::OperatorLog log)
    : config_(config),
      log_(std::move(log)),
      signals_(loop_),
      executor_(loop_),
      systemd_(loop_),
      store_(StoreOptionsOf(config), files_),
      catalogue_({config.migrations, config.script_bytes}),
      scripts_lock_(OpenScriptsLock(config.state)),
      runner_(loop_, RunnerOptionsOf(config), scripts_lock_ ? &*scripts_lock_ : nullptr),
      survivors_(MakeSurvivorGuard(loop_, scripts_lock_)),
      engine_({catalogue_, runner_, store_, *survivors_, clock_, executor_},
              EngineOptionsOf(config, surroundings)),
      server_(engine_, executor_),
      listener_(
          loop_, access, config.connections,
          [this](int fd, host::Access who_may, const core::Requester& who) {
            Accept(fd, who_may, who);
          },
          [this](const std::string& message) { log_.Warn(message); }),
      private_connection_(loop_, [this] { Stop(); }),
      idle_memory_(loop_, kQuiet) {}

int Service::Run(std::optional<int> private_fd) {
  AwaitSignal();
  engine_.Observe([this, private_fd](const core::RunId& run, const core::Event& event) {
    // Who has a daemon of their own is shown its events already.
    if (!private_fd) log_.Event(run, event);
    if (!core::IsTerminal(event.fact)) return;
    // Before anyone is told, since it takes no time; and again when the run has been let go, which
    // is posted after this and before what this posts.
    host::IdleMemory::EndWork();
    executor_.Post([this] { executor_.Post([] { host::IdleMemory::TrimHeap(); }); });
    idle_memory_.Expect();
  });
  engine_.Open([this, private_fd](const core::Status& opened) { OnOpened(opened, private_fd); });
  loop_.run();
  if (goodbye_.joinable()) goodbye_.join();
  return exit_code_;
}

void Service::OnOpened(const core::Status& opened, std::optional<int> private_fd) {
  for (const std::string& notice : engine_.TakeNotices()) log_.Warn(notice);
  if (!opened) {
    // Another daemon's state is nothing to serve. With all else, Status has to be able to say what
    // is wrong.
    if (opened.error().reason == core::Reason::kStateLocked) return Fail(opened.error());
    log_.Error(opened.error());
  }
  engine_.OnHealthChange([this](bool serving) { server_.SetServing(serving); });
  if (const auto serving = Serve(private_fd); !serving) Fail(serving.error());
}

core::Status Service::Serve(std::optional<int> private_fd) {
  if (private_fd) {
    if (const auto watched = private_connection_.Watch(*private_fd); !watched) return watched;
    const auto peer = host::PeerOf(*private_fd);
    fcntl(*private_fd, F_SETFD, FD_CLOEXEC);
    fcntl(*private_fd, F_SETFL, fcntl(*private_fd, F_GETFL) | O_NONBLOCK);
    Accept(*private_fd, host::Access::kOperator, peer ? peer->who : core::Requester{});
    return core::Ok();
  }
  const std::vector<int> activated = host::ActivatedSockets();
  for (const int fd : activated) {
    if (const auto taken = listener_.Take(fd); !taken) return taken;
  }
  if (activated.empty()) {
    if (const auto listening = listener_.Listen(config_.socket); !listening) return listening;
    log_.Info("listening on '" + config_.socket + "'");
  }
  systemd_.Ready();
  host::IdleMemory::GiveBack();
  return core::Ok();
}

void Service::Accept(int fd, host::Access access, const core::Requester& who) {
  // First what takes longest: Python starts while gRPC gets the connection ready.
  if (access == host::Access::kOperator) engine_.Anticipate();
  server_.Accept(fd, access == host::Access::kOperator ? rpc::Role::kOperator : rpc::Role::kViewer,
                 who);
  idle_memory_.Expect();
}

void Service::AwaitSignal() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGHUP, SIG_IGN);
  signals_.add(SIGTERM);
  signals_.add(SIGINT);
  held_signals_.Release();
  signals_.async_wait([this](const asio::error_code& error, int /*signal*/) {
    if (error) return;
    Stop();
    // Who says it twice does not want to wait.
    signals_.async_wait([this](const asio::error_code& again, int /*signal*/) {
      if (!again) engine_.Shutdown(std::chrono::milliseconds(0), [this] { StopServing(); });
    });
  });
}

void Service::Stop() {
  if (std::exchange(stopping_, true)) return;
  systemd_.Stopping();
  listener_.Close();
  engine_.Shutdown(std::chrono::seconds(config_.stop_grace_seconds), [this] { StopServing(); });
}

void Service::StopServing() {
  if (goodbye_.joinable()) return;
  // Every call still gets its answer from the loop, so the loop goes on until the last is gone.
  goodbye_ = std::thread([this] {
    server_.Shutdown();
    executor_.Post([this] { loop_.stop(); });
  });
}

void Service::Fail(const core::Error& error) {
  log_.Error(error);
  exit_code_ = 1;
  Stop();
}

}  // namespace migrationd
