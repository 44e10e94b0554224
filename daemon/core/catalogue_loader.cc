#include "daemon/core/catalogue_loader.h"

#include <unordered_set>
#include <utility>
#include <vector>

namespace migrationd::core {

void CatalogueLoader::Load(Callback done) { Enqueue({false, std::move(done)}); }

void CatalogueLoader::LoadAfresh(Callback done) { Enqueue({true, std::move(done)}); }

void CatalogueLoader::Enqueue(Request request) {
  waiting_.push_back(std::move(request));
  if (!loading_) LoadNext();
}

void CatalogueLoader::LoadNext() {
  loading_ = true;
  if (catalogue_ && !waiting_.front().afresh && source_.IsUnchanged()) {
    Answer(catalogue_);
    return;
  }
  auto listed = source_.List();
  if (!listed) {
    Answer(listed.error());
    return;
  }
  std::string digest = source_.Digest(Transcribe(*listed));
  if (catalogue_ && digest == listed_) {
    Answer(catalogue_);
    return;
  }
  auto listing = std::make_shared<CatalogueListing>(std::move(*listed));
  RecallFacts();

  std::vector<Script> unknown;
  std::vector<std::string> hashes;
  std::unordered_set<std::string> asked;
  for (const ListedEntry* entry : ScriptsOf(*listing)) {
    if (facts_.contains(entry->sha256) || !asked.insert(entry->sha256).second) continue;
    auto bytes = source_.ReadScript(entry->path, entry->sha256);
    // One that changed between the two looks is read by the next load; the listing is what counts
    // here.
    if (!bytes) continue;
    unknown.push_back({entry->path, std::make_shared<const std::string>(std::move(*bytes))});
    hashes.push_back(entry->sha256);
  }
  if (unknown.empty()) {
    Judge(*listing, std::move(digest));
    return;
  }
  runner_.Inspect(std::move(unknown),
                  [this, listing, digest, hashes,
                   alive = std::weak_ptr(alive_)](Result<std::vector<ScriptFacts>> facts) {
                    if (alive.expired()) return;
                    if (!facts) {
                      Answer(facts.error());
                      return;
                    }
                    for (std::size_t i = 0; i < hashes.size(); ++i)
                      facts_[hashes[i]] = std::move((*facts)[i]);
                    Judge(*listing, digest);
                  });
}

void CatalogueLoader::RecallFacts() {
  if (!catalogue_) return;
  for (const Migration& migration : catalogue_->migrations) {
    facts_.try_emplace(migration.sha256, ScriptFacts{migration.description, migration.timeout, ""});
  }
  catalogue_.reset();
}

void CatalogueLoader::Judge(const CatalogueListing& listing, std::string digest) {
  std::unordered_set<std::string> present;
  for (const ListedEntry* entry : ScriptsOf(listing)) present.insert(entry->sha256);
  std::erase_if(facts_, [&present](const auto& known) { return !present.contains(known.first); });

  const FactsLookup lookup = [this](const std::string& sha256) -> const ScriptFacts* {
    const auto found = facts_.find(sha256);
    return found == facts_.end() ? nullptr : &found->second;
  };
  auto catalogue = std::make_shared<const Catalogue>(BuildCatalogue(listing, lookup, exposure_));
  // One that could not be read has to be asked for again, though the listing may be the same.
  const bool all_known = facts_.size() == present.size();
  catalogue_ = all_known ? catalogue : nullptr;
  if (all_known)
    std::erase_if(facts_, [](const auto& known) { return known.second.problem.empty(); });
  listed_ = std::move(digest);
  Answer(catalogue);
}

void CatalogueLoader::Answer(const Result<std::shared_ptr<const Catalogue>>& catalogue) {
  const Callback done = std::move(waiting_.front().done);
  waiting_.pop_front();
  const std::weak_ptr<const int> alive = alive_;
  done(catalogue);
  if (alive.expired()) return;
  loading_ = false;
  if (!waiting_.empty()) LoadNext();
}

}  // namespace migrationd::core
