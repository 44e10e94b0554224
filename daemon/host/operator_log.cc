#include "daemon/host/operator_log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "daemon/core/text.h"
#include "daemon/core/utf8.h"

namespace migrationd::host {
namespace {

/// The priority of sd-daemon(3), as `%*` in a pattern.
class Priority final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/,
              spdlog::memory_buf_t& out) override {
    const char digit = message.level >= spdlog::level::err    ? '3'
                       : message.level == spdlog::level::warn ? '4'
                       : message.level == spdlog::level::info ? '6'
                                                              : '7';
    out.push_back(digit);
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<Priority>();
  }
};

/// Gives each line of a message what the pattern puts in front.
class EachLine final : public spdlog::formatter {
 public:
  explicit EachLine(std::unique_ptr<spdlog::formatter> pattern) : pattern_(std::move(pattern)) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    std::string_view rest(message.payload.data(), message.payload.size());
    while (true) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      spdlog::details::log_msg line = message;
      line.payload = spdlog::string_view_t(rest.data(), end);
      pattern_->format(line, out);
      if (end == rest.size()) return;
      rest.remove_prefix(end + 1);
    }
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<EachLine>(pattern_->clone());
  }

 private:
  std::unique_ptr<spdlog::formatter> pattern_;
};

/// The variable alone is no proof: shells inherit it from a desktop's services.
bool IsJournal(int fd) {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  return stream != nullptr && fstat(fd, &status) == 0 &&
         stream == std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

std::unique_ptr<spdlog::formatter> MakeFormatter(bool bare) {
  const char* in_front = IsJournal(STDERR_FILENO) ? "<%*>%v" : "%Y-%m-%dT%H:%M:%S.%e%z %l %v";
  auto pattern = std::make_unique<spdlog::pattern_formatter>();
  pattern->add_flag<Priority>('*').set_pattern(bare ? "%v" : in_front);
  return std::make_unique<EachLine>(std::move(pattern));
}

enum class Breaks { kKept, kEscaped };

/// What no terminal or log reader takes for anything but text.
std::string Visible(std::string_view text, Breaks breaks) {
  std::string visible;
  while (!text.empty()) {
    const std::string_view unit = text.substr(0, core::FirstUtf8Unit(text).length);
    text.remove_prefix(unit.size());
    if (unit == "'" || unit == "\\" || (unit == "\n" && breaks == Breaks::kKept)) {
      visible += unit;
    } else {
      const std::string quoted = core::Quote(unit);
      visible.append(quoted, 1, quoted.size() - 2);
    }
  }
  return visible;
}

struct Line {
  spdlog::level::level_enum level = spdlog::level::debug;
  std::string text;
};

std::string NameOf(const core::Requester& by) {
  return by.user.empty() ? "uid " + std::to_string(by.uid) : by.user;
}

/// One function for each fact that an operator should see.
struct Describe {
  Line operator()(const core::RunStarted& fact) const {
    if (fact.kind != core::RunKind::kRun) return {spdlog::level::debug, ""};
    return {spdlog::level::info, "started by " + NameOf(fact.by) + ": " + fact.from_version +
                                     " to " + fact.to_version + ", " + std::to_string(fact.total) +
                                     " pending"};
  }
  Line operator()(const core::MigrationEnded& fact) const {
    std::string text = fact.migration_id + " " + std::string(core::NameOf(fact.outcome)) + " in " +
                       core::FormatDuration(fact.duration);
    if (!fact.failure) return {spdlog::level::debug, std::move(text)};
    return {spdlog::level::err, text + ", in " + std::string(core::NameOf(fact.failure->phase)) +
                                    ": " + fact.failure->message};
  }
  Line operator()(const core::MigrationRechecked& fact) const {
    if (fact.effective) return {};
    return {spdlog::level::warn, fact.migration_id + " is recorded, and no longer effective"};
  }
  Line operator()(const core::CancelRequested& fact) const {
    const std::string who = fact.shutdown ? "the daemon's own stop" : NameOf(fact.by);
    return {spdlog::level::warn,
            "to be stopped " + std::string(core::NameOf(fact.mode)) + ", asked for by " + who};
  }
  Line operator()(const core::NoticeGiven& fact) const {
    return {spdlog::level::warn, fact.message};
  }
  Line operator()(const core::MigrationResolved& fact) const {
    return {spdlog::level::info, fact.migration_id + " was resolved as " +
                                     std::string(core::NameOf(fact.resolution)) + ": " +
                                     core::Quote(fact.reason)};
  }
  Line operator()(const core::BaselineSet& fact) const {
    return {spdlog::level::info,
            "the current version was set to " + fact.version + ": " + core::Quote(fact.reason)};
  }
  Line operator()(const core::RunEnded& fact) const {
    const bool well = fact.outcome == core::RunOutcome::kSucceeded;
    std::string text = std::string(core::NameOf(fact.outcome)) + ", now at " + fact.current_version;
    if (!fact.message.empty()) text += ": " + fact.message;
    return {well ? spdlog::level::info : spdlog::level::warn, std::move(text)};
  }
  template <typename Other>
  Line operator()(const Other& /*fact*/) const {
    return {};
  }
};

}  // namespace

core::Result<OperatorLog> OperatorLog::Make(std::string_view level, bool bare) {
  constexpr std::array<std::string_view, 5> kLevels{"debug", "info", "warn", "error", "off"};
  if (std::find(kLevels.begin(), kLevels.end(), level) == kLevels.end()) {
    return core::Error{core::Reason::kConfigInvalid, "`daemon.log_level` is " + core::Quote(level),
                       "It is debug, info, warn, error or off."};
  }
  OperatorLog log;
  log.logger_ = std::make_shared<spdlog::logger>("migrationd",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  log.logger_->set_level(spdlog::level::from_str(std::string(level)));
  log.logger_->set_formatter(MakeFormatter(bare));
  return log;
}

void OperatorLog::Info(std::string_view message) const {
  logger_->info("{}", Visible(message, Breaks::kKept));
}

void OperatorLog::Warn(std::string_view message) const {
  logger_->warn("{}", Visible(message, Breaks::kKept));
}

void OperatorLog::Error(const core::Error& error) const {
  const std::string text = error.hint.empty() ? error.message : error.message + ". " + error.hint;
  logger_->error("{}", Visible(text, Breaks::kKept));
}

void OperatorLog::Event(const core::RunId& run, const core::Event& event) const {
  const Line line = std::visit(Describe{}, event.fact);
  if (line.text.empty()) return;
  logger_->log(line.level, "run {}: {}", run.text, Visible(line.text, Breaks::kEscaped));
}

}  // namespace migrationd::host
