#include "daemon/core/probe.h"

#include <memory>
#include <utility>
#include <variant>

#include "daemon/core/overloaded.h"

namespace migrationd::core {
namespace {

ProbeAnswer AnswerOf(const ScriptEnd& end) {
  using Kind = ProbeAnswer::Kind;
  return std::visit(Overloaded{
                        [](const ScriptWasApplied&) {
                          return ProbeAnswer{Kind::kApplied, ""};
                        },
                        [](const ScriptApplied&) {
                          return ProbeAnswer{Kind::kApplied, ""};
                        },
                        [](const ScriptPending&) {
                          return ProbeAnswer{Kind::kNotApplied, ""};
                        },
                        [](const auto& how) {
                          return ProbeAnswer{Kind::kFailed, how.failure.message};
                        },
                    },
                    end.how);
}

/// Keeps itself alive until the last answer is there.
class Prober final : public ScriptListener, public std::enable_shared_from_this<Prober> {
 public:
  Prober(ScriptRunner& runner, CatalogueSource& source, Plan plan, std::function<bool()> proceed,
         std::function<void(Result<Plan>)> done)
      : runner_(runner),
        source_(source),
        plan_(std::move(plan)),
        proceed_(std::move(proceed)),
        done_(std::move(done)) {}

  void Next() {
    for (; index_ < plan_.migrations.size(); ++index_) {
      PlannedMigration& planned = plan_.migrations[index_];
      if (planned.action != Action::kPending) continue;
      if (!proceed_()) {
        planned.probe =
            ProbeAnswer{ProbeAnswer::Kind::kFailed, "it was not asked: migrationd is stopping"};
        continue;
      }
      auto bytes = source_.ReadScript(planned.migration->path, planned.migration->sha256);
      if (!bytes) {
        planned.probe = ProbeAnswer{ProbeAnswer::Kind::kFailed, bytes.error().message};
        continue;
      }
      self_ = shared_from_this();
      runner_.Start(JobOf(*planned.migration, std::move(*bytes)), *this);
      runner_.Proceed();
      return;
    }
    runner_.Rest();
    const auto done = std::move(done_);
    done(std::move(plan_));
  }

  void OnOutput(OutputStream /*stream*/, std::string /*text*/) override {}
  void OnProgress(double /*done*/, double /*total*/, std::string /*message*/) override {}
  void OnEnd(ScriptEnd end) override {
    const std::shared_ptr<Prober> self = std::move(self_);
    plan_.migrations[index_++].probe = AnswerOf(end);
    Next();
  }

 private:
  ScriptJob JobOf(const Migration& migration, std::string bytes) const {
    return ScriptJob{migration.id,
                     Script{migration.path, std::make_shared<const std::string>(std::move(bytes))},
                     ScriptJob::Purpose::kCheck,
                     "",
                     plan_.from.Canonical(),
                     plan_.to.Canonical(),
                     migration.timeout};
  }

  ScriptRunner& runner_;
  CatalogueSource& source_;
  Plan plan_;
  std::function<bool()> proceed_;
  std::function<void(Result<Plan>)> done_;
  std::size_t index_ = 0;
  std::shared_ptr<Prober> self_;
};

}  // namespace

void ProbePlan(ScriptRunner& runner, CatalogueSource& source, Plan plan,
               std::function<bool()> proceed, std::function<void(Result<Plan>)> done) {
  std::make_shared<Prober>(runner, source, std::move(plan), std::move(proceed), std::move(done))
      ->Next();
}

}  // namespace migrationd::core
