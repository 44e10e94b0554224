#include "tests/script/script_fixture.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "daemon/script/process_table.h"

namespace migrationd::script {
namespace {

constexpr std::chrono::seconds kScriptLimit{60};

}  // namespace

void Listener::OnOutput(core::OutputStream stream, std::string text) {
  longest_text = std::max(longest_text, text.size());
  (stream == core::OutputStream::kStdout ? printed : complained) += text;
  on_output();
}

void Listener::OnProgress(double done, double total, std::string message) {
  progress.push_back({done, total, std::move(message)});
}

void Listener::OnEnd(core::ScriptEnd how) {
  end = std::move(how);
  on_end();
}

core::Failure Listener::failure() const {
  if (!end) return {};
  if (const auto* failed = std::get_if<core::ScriptFailed>(&end->how)) return failed->failure;
  if (const auto* late = std::get_if<core::ScriptTimedOut>(&end->how)) return late->failure;
  if (const auto* stopped = std::get_if<core::ScriptStopped>(&end->how)) return stopped->failure;
  return {};
}

ScriptFixture::ScriptFixture() {
  std::string pattern = (std::filesystem::temp_directory_path() / "script-XXXXXX").string();
  directory = ::mkdtemp(pattern.data());
  options.working_directory = directory.string();
  options.kill_grace = std::chrono::milliseconds(300);
  lock = std::make_unique<ScriptsLock>(std::move(*ScriptsLock::Open(Path("scripts.lock"))));
  Restart();
}

ScriptFixture::~ScriptFixture() {
  runner.reset();
  std::filesystem::remove_all(directory);
}

void ScriptFixture::Restart() {
  runner.reset();
  runner = std::make_unique<Runner>(io, options, lock.get());
}

core::Script ScriptFixture::MakeScript(std::string_view source) {
  return {"/catalogue/v1.1.0/001_script.py", std::make_shared<const std::string>(source)};
}

core::ScriptJob ScriptFixture::MakeJob(std::string_view source) const {
  core::ScriptJob job;
  job.migration_id = "1.1.0/001_script.py";
  job.script = MakeScript(source);
  job.run_id = "7-0badcafe";
  job.from_version = "1.0";
  job.to_version = "1.1.0";
  job.timeout = kScriptLimit;
  return job;
}

Listener& ScriptFixture::Run(std::string_view source) { return Run(MakeJob(source)); }

Listener& ScriptFixture::Run(core::ScriptJob job) {
  Start(std::move(job));
  WaitUntil([this] { return listener->end.has_value(); });
  return *listener;
}

void ScriptFixture::Start(core::ScriptJob job) {
  listener = std::make_unique<Listener>();
  runner->Start(std::move(job), *listener);
  runner->Proceed();
}

bool ScriptFixture::WaitUntil(const std::function<bool()>& condition, std::chrono::seconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  io.restart();
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) {
      ADD_FAILURE() << "nothing came of it within " << limit.count() << " s";
      return false;
    }
    io.run_one_for(std::chrono::milliseconds(100));
    if (io.stopped()) io.restart();
  }
  return true;
}

core::Result<std::vector<core::ScriptFacts>> ScriptFixture::Inspect(
    const std::vector<std::string>& sources) {
  std::vector<core::Script> scripts;
  scripts.reserve(sources.size());
  for (const std::string& source : sources) scripts.push_back(MakeScript(source));
  std::optional<core::Result<std::vector<core::ScriptFacts>>> facts;
  runner->Inspect(std::move(scripts), [&facts](auto result) { facts = std::move(result); });
  if (!WaitUntil([&facts] { return facts.has_value(); })) return core::Error{};
  return std::move(*facts);
}

bool IsAlive(pid_t pid) {
  const std::optional<ProcessInfo> process = ReadProcess(pid);
  return process && !process->ended;
}

void WriteFile(const std::string& path, std::string_view content) {
  std::ofstream(path) << content;
}

std::string ReadFile(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

}  // namespace migrationd::script
