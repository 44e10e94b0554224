#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "daemon/core/catalogue.h"
#include "daemon/core/event.h"
#include "daemon/core/state.h"

/// What the benchmarks measure with: ordinary data of any size, the same in every run.
namespace migrationd::bench {

/// A catalogue of `count` scripts, twenty in each version.
core::Catalogue MakeCatalogue(std::size_t count);

/// The events of a run that applied all of `catalogue`: its start, two for each migration, its end.
std::vector<core::EventPtr> MakeRun(const core::Catalogue& catalogue);

/// A state in which that run is recorded.
core::State MakeState(const core::Catalogue& catalogue);

/// The run that MakeRun's events belong to.
core::RunId SampleRun();

/// A line of `size` bytes as a script prints it: ASCII words, or also letters beyond it.
std::string MakeText(std::size_t size, bool only_ascii);

}  // namespace migrationd::bench
