#include <algorithm>
#include <utility>

#include "daemon/core/engine.h"
#include "daemon/core/text.h"

/// Resolutions and baselines: entries of the history in which nothing runs. Each is a run log of
/// its own, with three events.
namespace migrationd::core {
namespace {

std::string FingerprintOf(const ResolveRequest& request) {
  return "resolve " + request.migration_id + " " + std::string(NameOf(request.resolution));
}

std::string FingerprintOf(const BaselineRequest& request) { return "baseline " + request.version; }

const Migration* Find(const Catalogue& catalogue, const std::string& id) {
  const auto found = std::find_if(catalogue.migrations.begin(), catalogue.migrations.end(),
                                  [&id](const Migration& migration) { return migration.id == id; });
  return found == catalogue.migrations.end() ? nullptr : &*found;
}

Error Unknown(const std::string& id, const Catalogue& catalogue) {
  std::vector<std::string> ids;
  for (const Migration& migration : catalogue.migrations) ids.push_back(migration.id);
  const std::string closest = ClosestOf(id, ids);
  return Error{Reason::kMigrationNotFound,
               "there is no migration " + Quote(id) + " in the catalogue, nor in the state",
               closest.empty() ? "`telec migrate --dry-run` lists the ids."
                               : "Did you mean " + Quote(closest) + "?"};
}

}  // namespace

void Engine::WhenIdle(Callback<Unit> done) {
  if (auto busy = Busy()) {
    done(busy->In("nothing can be settled by hand now"));
    return;
  }
  if (shutting_down_) {
    done(Error{Reason::kShuttingDown, "migrationd is stopping", "Try again when it is back."});
    return;
  }
  EnsureReady(std::move(done));
}

void Engine::Resolve(const ResolveRequest& request, const Requester& by, Callback<RunId> done) {
  RunStarted started;
  started.kind = RunKind::kResolve;
  started.request_id = request.request_id;
  started.fingerprint = FingerprintOf(request);
  started.by = by;
  if (auto earlier = FindEntry(request.request_id, started.fingerprint)) {
    done(std::move(*earlier));
    return;
  }
  if (request.reason.empty()) {
    done(Error{Reason::kInvalidArgument,
               "a resolution needs a reason: whoever reads the history will ask for it",
               "Say why with --reason TEXT."});
    return;
  }
  WhenIdle([this, request, started, done = std::move(done)](const Status& idle) {
    if (!idle) {
      done(idle.error());
      return;
    }
    loader_.LoadAfresh(
        [this, request, started, done](Result<std::shared_ptr<const Catalogue>> catalogue) {
          if (!catalogue) {
            done(catalogue.error());
            return;
          }
          const Migration* migration = Find(**catalogue, request.migration_id);
          const bool known = state_.records.contains(request.migration_id) ||
                             state_.in_flight.contains(request.migration_id);
          if (migration == nullptr && !known) {
            done(Unknown(request.migration_id, **catalogue));
            return;
          }
          MigrationResolved fact{request.migration_id, request.resolution, request.reason,
                                 migration == nullptr ? "" : migration->sha256};
          AnswerEntry(request.request_id, started, std::move(fact),
                      state_.current_version.value_or(""), done);
        });
  });
}

void Engine::Baseline(const BaselineRequest& request, const Requester& by, Callback<RunId> done) {
  RunStarted started;
  started.kind = RunKind::kBaseline;
  started.request_id = request.request_id;
  started.fingerprint = FingerprintOf(request);
  started.by = by;
  if (auto earlier = FindEntry(request.request_id, started.fingerprint)) {
    done(std::move(*earlier));
    return;
  }
  const auto version = Version::Parse(request.version);
  if (!version) {
    done(Error{Reason::kInvalidVersion,
               "the baseline is no version: " + Quote(request.version) + " does not follow PEP 440",
               "Give one like 1.4.0."});
    return;
  }
  WhenIdle([this, request, started, version, done = std::move(done)](const Status& idle) mutable {
    if (!idle) {
      done(idle.error());
      return;
    }
    started.from_version = CurrentVersion(state_, options_.initial_version).Canonical();
    started.to_version = version->Canonical();
    AnswerEntry(request.request_id, started, BaselineSet{version->Canonical(), request.reason},
                version->Canonical(), done);
  });
}

std::optional<Result<RunId>> Engine::FindEntry(const std::string& request_id,
                                               const std::string& fingerprint) {
  if (request_id.empty()) return std::nullopt;
  const auto earlier = ports_.store.FindRequest(request_id);
  if (!earlier) return std::nullopt;
  if (earlier->fingerprint != fingerprint) {
    return Error{Reason::kRequestIdReused,
                 "the request id " + Quote(request_id) +
                     " belongs to a request that asked for something else",
                 "Use a new UUID for each request; the same only to retry."};
  }
  return earlier->id;
}

/// Others may have come between while state and catalogue were being read: asked again, at the last
/// moment.
void Engine::AnswerEntry(const std::string& request_id, RunStarted started, Fact fact,
                         const std::string& current_version, const Callback<RunId>& done) {
  if (auto earlier = FindEntry(request_id, started.fingerprint)) {
    done(std::move(*earlier));
    return;
  }
  if (auto busy = Busy()) {
    done(busy->In("nothing can be settled by hand now"));
    return;
  }
  done(WriteEntry(std::move(started), std::move(fact), current_version));
}

Result<RunId> Engine::WriteEntry(RunStarted started, Fact fact,
                                 const std::string& current_version) {
  const RunId run = NextRunId();
  const WallTime now = ports_.clock.Now();
  const std::vector<EventPtr> events{
      std::make_shared<const Event>(Event{1, now, std::move(started)}),
      std::make_shared<const Event>(Event{2, now, std::move(fact)}),
      std::make_shared<const Event>(
          Event{3, now, RunEnded{RunOutcome::kSucceeded, current_version, 0, 0, ""}})};
  if (const Status stored = ports_.store.Begin(run, events); !stored) {
    SetProblem(stored.error());
    return stored.error().In("nothing was settled");
  }
  Fold(run, events);
  if (const Status stored = ports_.store.Checkpoint(state_); !stored) SetProblem(stored.error());
  ports_.store.Prune(now);
  return run;
}

}  // namespace migrationd::core
