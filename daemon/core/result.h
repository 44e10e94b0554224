#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace migrationd::core {

/// Why something was refused or failed, for programs: every error of the daemon has exactly one.
/// Its name (`ReasonName`) is part of the API; docs/reference/errors.md lists them with what to do
/// next.
enum class Reason {
  kInvalidArgument,    ///< A request that makes no sense by itself.
  kInvalidVersion,     ///< Not a PEP 440 version.
  kBackwardRange,      ///< `from` is above `to`: migrations only go forward.
  kCatalogueMissing,   ///< The migrations directory is missing or unreadable.
  kCatalogueInvalid,   ///< The catalogue has findings that are errors.
  kPlanMoved,          ///< What was planned is not what would run now.
  kOutOfOrder,         ///< A migration at or below the current version is not recorded.
  kRunInProgress,      ///< Another run is going on.
  kRequestIdReused,    ///< The request id belongs to a run that was asked for something else.
  kNoRunInProgress,    ///< There is nothing to cancel.
  kRunNotFound,        ///< No run of that id is recorded.
  kMigrationNotFound,  ///< Neither the catalogue nor the state knows that migration.
  kPositionUnknown,    ///< A watcher's position that the run's log does not have.
  kStateDamaged,       ///< State or run log fails its checksum, or is not ours.
  kStateLocked,        ///< Another daemon owns the state.
  kStorageFull,        ///< No room (ENOSPC, EDQUOT), or less than the reserve.
  kStorageFailed,      ///< Reading or writing failed otherwise.
  kSurvivors,          ///< Processes of an earlier life are still alive.
  kInterpreterFailed,  ///< The Python interpreter is missing or does not work.
  kPermissionDenied,   ///< The caller may not do this.
  kShuttingDown,       ///< The daemon is stopping.
  kConfigInvalid,      ///< The configuration cannot be used.
  kSocketUnusable,     ///< The socket cannot be listened on.
  kInternal,           ///< A mistake of ours.
};

/// The reason's name in the API, e.g. "PLAN_MOVED".
std::string_view ReasonName(Reason reason);

/// The one error type. `message` says what failed, on what (quoted) and why; `hint` what to do next
/// (may be empty). Both are whole sentences without a line break at the end.
struct Error {
  Reason reason = Reason::kInternal;
  std::string message;
  std::string hint;

  /// The same error seen from further out: "context: message".
  Error In(std::string_view context) const {
    return Error{reason, std::string(context) + ": " + message, hint};
  }
};

/// A value, or the error that kept it from being. Not thread-safe, cheap to move.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : content_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return std::holds_alternative<T>(content_); }
  explicit operator bool() const { return ok(); }

  /// Requires ok().
  T& value() {
    assert(ok());
    return *std::get_if<T>(&content_);
  }
  const T& value() const {
    assert(ok());
    return *std::get_if<T>(&content_);
  }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// Requires !ok().
  const Error& error() const {
    assert(!ok());
    return *std::get_if<Error>(&content_);
  }

 private:
  std::variant<T, Error> content_;
};

struct Unit {};

/// Success, or an error.
using Status = Result<Unit>;

inline Status Ok() { return Unit{}; }

}  // namespace migrationd::core
