#pragma once

#include <string>
#include <vector>

#include "client/api.h"

/// Events and plans in a few words.
namespace telec::testing {

api::Event Started(std::uint64_t total, const std::string& from = "1.0.0",
                   const std::string& to = "1.1.0");
api::Event MigrationStarted(const std::string& id, std::uint64_t position);
api::Event Output(const std::string& id, const std::string& text);
api::Event Progress(const std::string& id, double done, double total, const std::string& message);
api::Event Ended(const std::string& id, api::Outcome outcome = api::OUTCOME_APPLIED);
/// A migrate() that raised ValueError.
api::Event Failed(const std::string& id);
api::Event RunEnded(api::RunOutcome outcome = api::RUN_OUTCOME_SUCCEEDED, std::uint64_t applied = 0,
                    const std::string& version = "1.1.0");

/// A whole run of these migrations, each applied.
std::vector<api::Event> RunOf(const std::vector<std::string>& ids);

/// A plan from 1.0.0 to 1.1.0 of these migrations, each pending and described as "Does <file
/// name>".
api::Plan PlanOf(const std::vector<std::string>& ids);

}  // namespace telec::testing
