#include <algorithm>

#include "tests/storage/faults/model_files.h"

/// The part of the model that loses what was not synced.
namespace migrationd::storage {
namespace {

constexpr std::uint64_t kSector = 512;

bool Chance(ModelFiles::Random& random, double probability) {
  return std::bernoulli_distribution(probability)(random);
}

std::uint64_t Below(ModelFiles::Random& random, std::uint64_t bound) {
  return bound == 0 ? 0 : std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random);
}

}  // namespace

struct ModelFiles::Mood {
  double keep =
      0.5;  ///< Probability that one sector, one change of size, one change of names is there.
  bool tears = true;     ///< A sector may be there in part.
  bool rubbish = false;  ///< What is within the size and was not written is rubbish, not zeros.

  /// All or nothing now and then, and everything between.
  static Mood Any(Random& random) {
    static constexpr double kKeep[] = {0.0, 0.1, 0.5, 0.9, 1.0};
    return {kKeep[Below(random, std::size(kKeep))], Chance(random, 0.5), Chance(random, 0.2)};
  }
};

/// Writes some sectors of a change. The size is a thing of its own: it may cover what was not
/// written.
void ModelFiles::ApplySome(const DataChange& change, std::string& content, const Mood& mood,
                           Random& random) {
  if (change.is_truncation) {
    if (Chance(random, mood.keep)) ApplyChange(change, content);
    return;
  }
  const std::uint64_t end = change.offset + change.bytes.size();
  const std::size_t size_before = content.size();
  if (content.size() < end && Chance(random, mood.keep)) {
    content.resize(end);
    for (std::size_t i = size_before; mood.rubbish && i < content.size(); ++i) {
      content[i] = static_cast<char>(Below(random, 256));
    }
  }
  for (std::uint64_t at = change.offset; at < end;) {
    const std::uint64_t next = std::min(end, (at / kSector + 1) * kSector);
    if (Chance(random, mood.keep)) {
      std::uint64_t size = next - at;
      if (mood.tears && Chance(random, 0.1)) size = Below(random, size + 1);
      ApplyChange({false, at, change.bytes.substr(at - change.offset, size)}, content);
    }
    at = next;
  }
}

void ModelFiles::FailSync(int file, Random& random) {
  Inode* inode = FileOf(file);
  // A directory's changes stay in the journal; only contents are dropped by the page cache.
  const Mood mood = Mood::Any(random);
  for (const DataChange& change : inode->unsynced) ApplySome(change, inode->on_disk, mood, random);
  inode->unsynced.clear();
}

ModelFiles::InodePtr ModelFiles::Survivor(const InodePtr& inode,
                                          std::map<const Inode*, InodePtr>& done, const Mood& mood,
                                          Random& random) {
  InodePtr& survivor = done[inode.get()];
  if (survivor) return survivor;
  survivor = std::make_shared<Inode>();
  InodePtr result = survivor;
  result->is_directory = inode->is_directory;
  result->on_disk = inode->on_disk;
  for (const DataChange& change : inode->unsynced) {
    ApplySome(change, result->on_disk, mood, random);
  }
  result->content = result->on_disk;
  std::map<std::string, InodePtr> names = inode->names_on_disk;
  for (const NameChange& change : inode->unsynced_names) {
    if (Chance(random, mood.keep)) ApplyNames(change, names);
  }
  for (const auto& [name, entry] : names) {
    result->names_on_disk[name] = Survivor(entry, done, mood, random);
  }
  result->names = result->names_on_disk;
  return result;
}

std::unique_ptr<ModelFiles> ModelFiles::AfterPowerLoss(Random& random) const {
  auto image = std::make_unique<ModelFiles>();
  std::map<const Inode*, InodePtr> done;
  image->root_ = Survivor(root_, done, Mood::Any(random), random);
  return image;
}

}  // namespace migrationd::storage
