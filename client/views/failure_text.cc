#include "client/views/failure_text.h"

#include <string.h>

#include <algorithm>
#include <string_view>

#include "client/text/visible.h"
#include "client/text/words.h"

namespace telec {
namespace {

constexpr std::size_t kOutputLines = 20;

std::string_view LastLines(std::string_view text, std::size_t count) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::size_t begin = text.size();
  for (std::size_t line = 0; line < count && begin != 0; ++line) {
    const std::size_t found = text.rfind('\n', begin - 1);
    if (found == std::string_view::npos) return text;
    begin = found;
  }
  return begin == 0 ? text : text.substr(begin + 1);
}

/// The message, behind the phase unless it tells that itself.
std::string WhatHappened(const api::Failure& failure) {
  const std::string message = MakeVisible(failure.message());
  for (const std::string_view place : {"check()", "migrate()", "script"}) {
    if (message.find(place) != std::string::npos) return message;
  }
  return "in " + std::string(WordOf(failure.phase())) + ": " + message;
}

std::string HowItsProcessEnded(const api::Failure& failure) {
  if (failure.has_signal()) {
    const char* name = sigabbrev_np(failure.signal());
    const std::string number = std::to_string(failure.signal());
    return "Its process was ended by signal " + number +
           (name == nullptr ? std::string() : " (SIG" + std::string(name) + ")") + ".";
  }
  if (failure.has_exit_code()) {
    return "Its process ended with exit code " + std::to_string(failure.exit_code()) + ".";
  }
  return "";
}

}  // namespace

std::string Prefixed(std::string_view text, std::string_view prefix) {
  std::string prefixed;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    prefixed.append(prefix).append(MakeVisible(text.substr(0, end))).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return prefixed;
}

std::string FailureText(const api::Failure& failure, const Style& style) {
  std::string text = "  " + WhatHappened(failure) + "\n";
  const std::string ended = HowItsProcessEnded(failure);
  if (!ended.empty()) text.append("  ").append(ended).append("\n");
  if (!failure.traceback().empty()) text += Prefixed(failure.traceback(), "    ");
  if (!failure.last_output().empty()) {
    text.append("  ").append(style.Bold("The end of its output:")).append("\n");
    text += Prefixed(LastLines(failure.last_output(), kOutputLines), "    | ");
  }
  return text;
}

}  // namespace telec
