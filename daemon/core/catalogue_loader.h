#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "daemon/core/catalogue.h"
#include "daemon/core/ports.h"

namespace migrationd::core {

/// Reads and understands the migrations directory: lists it, has the scripts parsed that are new,
/// judges the whole. What a script says of itself is remembered by the hash of its bytes, so an
/// unchanged catalogue is parsed once; a listing that is equal to the one before is not judged
/// again either, and gives the same object. Loop thread only. Loads are answered in order, one at a
/// time.
class CatalogueLoader {
 public:
  CatalogueLoader(CatalogueSource& source, ScriptRunner& runner, ExposurePolicy exposure)
      : source_(source), runner_(runner), exposure_(exposure) {}

  using Callback = std::function<void(Result<std::shared_ptr<const Catalogue>>)>;

  /// Errors: kCatalogueMissing, kInterpreterFailed. A catalogue with errors is a catalogue: see its
  /// findings.
  ///
  /// The directory is not looked at while its source takes it for unchanged.
  void Load(Callback done);
  /// The same, but looks at all of it whatever the source says: for who acts on it, and must not
  /// miss what no source is told (see CatalogueSource::IsUnchanged).
  void LoadAfresh(Callback done);

  /// What was loaded last, when all of it was understood; else null.
  const std::shared_ptr<const Catalogue>& latest() const { return catalogue_; }

 private:
  struct Request {
    bool afresh;
    Callback done;
  };

  void Enqueue(Request request);
  void LoadNext();
  void RecallFacts();
  void Judge(const CatalogueListing& listing, std::string digest);
  void Answer(const Result<std::shared_ptr<const Catalogue>>& catalogue);

  CatalogueSource& source_;
  ScriptRunner& runner_;
  const ExposurePolicy exposure_;
  /// By SHA-256: what `catalogue_` does not say itself.
  std::unordered_map<std::string, ScriptFacts> facts_;
  std::string listed_;  ///< Digest of the listing that `catalogue_` was made of.
  std::shared_ptr<const Catalogue> catalogue_;  ///< Null when a script in it was not known.
  std::deque<Request> waiting_;
  bool loading_ = false;  ///< Also while a callback runs: one that loads again waits its turn.
  std::shared_ptr<const int> alive_ = std::make_shared<const int>(0);
};

}  // namespace migrationd::core
