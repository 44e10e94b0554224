#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace telec {

/// Why a command did not do what it was asked. The daemon's errors come with their own words; those
/// of the client use the same form, so that every error is shown and counted in one place.
struct Error {
  std::string code;    ///< Canonical name of the gRPC code, e.g. "FAILED_PRECONDITION".
  std::string reason;  ///< "PLAN_MOVED"; docs/reference/errors.md. Empty when the transport failed.
  std::string message;  ///< What failed, on what, why. No line break at the end.
  std::string hint;     ///< What to do next; may be empty.
};

/// A mistake in how the command was written (exit code 64).
inline Error UsageError(std::string message, std::string hint = "") {
  return Error{"INVALID_ARGUMENT", "USAGE", std::move(message), std::move(hint)};
}

/// A value, or the error that kept it from being.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : content_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return std::holds_alternative<T>(content_); }
  explicit operator bool() const { return ok(); }

  /// Requires ok().
  T& operator*() & {
    assert(ok());
    return *std::get_if<T>(&content_);
  }
  const T& operator*() const& {
    assert(ok());
    return *std::get_if<T>(&content_);
  }
  T&& operator*() && { return std::move(*std::get_if<T>(&content_)); }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }

  /// Requires !ok().
  const Error& error() const {
    assert(!ok());
    return *std::get_if<Error>(&content_);
  }

 private:
  std::variant<T, Error> content_;
};

}  // namespace telec
