#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <functional>
#include <ostream>

#include "daemon/storage/digest.h"
#include "daemon/storage/directory_reader.h"
#include "tests/storage/temp_directory.h"

/// What a catalogue that is watched may not miss, and when it may not be relied on being watched.
namespace migrationd::storage {
namespace {

namespace fs = std::filesystem;

/// On tmpfs, whose changes are all reported, wherever the tests run. The catalogue is reached by a
/// link, as in an installation that is switched from one release to the next.
struct Site {
  Site() {
    Write(release + "/v1.0.0/001_a.py", "one");
    Write(release + "/v1.0.0/002_b.py", "two");
    Write(release + "/v1.1.0/001_c.py", "three");
    Write(next_release + "/v1.0.0/001_a.py", "one");
    fs::create_directory_symlink(release, root);
  }

  static void Write(const std::string& path, const std::string& text) { WriteText(path, text); }

  TempDirectory directory{"/dev/shm"};
  std::string release = directory / "release-1";
  std::string next_release = directory / "release-2";
  std::string root = directory / "migrations";
  std::string script = release + "/v1.0.0/001_a.py";
};

core::CatalogueListing Listed(DirectoryReader& reader) {
  auto listing = reader.List();
  EXPECT_TRUE(listing.ok()) << listing.error().message;
  return listing.ok() ? *std::move(listing) : core::CatalogueListing();
}

void SetBackTimes(const std::string& path, const struct stat& to) {
  const std::array<timespec, 2> times = {to.st_atim, to.st_mtim};
  ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times.data(), 0), 0);
}

struct stat StatusOf(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(stat(path.c_str(), &status), 0);
  return status;
}

TEST(AWatchedCatalogue, IsNotLookedAtWhileNothingHappens) {
  const Site site;
  DirectoryReader reader({site.root});
  EXPECT_FALSE(reader.IsUnchanged()) << "it was never read";
  Listed(reader);
  EXPECT_TRUE(reader.IsUnchanged());
  EXPECT_EQ(*reader.ReadScript(site.root + "/v1.0.0/001_a.py", Sha256Hex({"one"})), "one");
  EXPECT_EQ(ReadText(site.script), "one");
  EXPECT_TRUE(reader.IsUnchanged()) << "reading changes nothing";
}

struct Disaster {
  const char* name;
  std::function<void(const Site&)> strikes;
};

std::ostream& operator<<(std::ostream& out, const Disaster& disaster) {
  return out << disaster.name;
}

std::string NameOf(const testing::TestParamInfo<Disaster>& tested) { return tested.param.name; }

class NoticedDisaster : public testing::TestWithParam<Disaster> {};

TEST_P(NoticedDisaster, IsNoticed) {
  const Site site;
  DirectoryReader reader({site.root});
  Listed(reader);
  ASSERT_TRUE(reader.IsUnchanged());
  GetParam().strikes(site);
  EXPECT_FALSE(reader.IsUnchanged());
  EXPECT_FALSE(reader.IsUnchanged()) << "until somebody has looked";
}

const std::array kNoticed = {
    Disaster{"AScriptIsAdded",
             [](const Site& site) { Site::Write(site.release + "/v1.1.0/002_d.py", "four"); }},
    Disaster{"AScriptIsRemoved", [](const Site& site) { fs::remove(site.script); }},
    Disaster{"AScriptIsRenamed",
             [](const Site& site) { fs::rename(site.script, site.release + "/v1.0.0/003_a.py"); }},
    Disaster{"AScriptIsReplacedByOneOfTheSameSizeAndTime",
             [](const Site& site) {
               const struct stat before = StatusOf(site.script);
               Site::Write(site.directory / "new.py", "eno");
               SetBackTimes(site.directory / "new.py", before);
               fs::rename(site.directory / "new.py", site.script);
             }},
    Disaster{"AScriptIsEditedInPlaceAndItsTimeSetBack",
             [](const Site& site) {
               const struct stat before = StatusOf(site.script);
               std::fstream(site.script, std::ios::in | std::ios::out) << "eno";
               SetBackTimes(site.script, before);
             }},
    Disaster{"AScriptIsCutShort",
             [](const Site& site) { ASSERT_EQ(truncate(site.script.c_str(), 1), 0); }},
    Disaster{"AScriptIsWrittenThroughAMapping",
             [](const Site& site) {
               const int file = open(site.script.c_str(), O_RDWR | O_CLOEXEC);
               void* bytes = mmap(nullptr, 3, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
               ASSERT_NE(bytes, MAP_FAILED);
               static_cast<char*>(bytes)[0] = 'O';
               munmap(bytes, 3);
               close(file);
             }},
    Disaster{"EveryoneMayWriteToAScript",
             [](const Site& site) { chmod(site.script.c_str(), 0666); }},
    Disaster{"EveryoneMayWriteToAFolder",
             [](const Site& site) { chmod((site.release + "/v1.0.0").c_str(), 0777); }},
    Disaster{"EveryoneMayWriteToTheCatalogue",
             [](const Site& site) { chmod(site.release.c_str(), 0777); }},
    Disaster{"AVersionIsAdded",
             [](const Site& site) { fs::create_directory(site.release + "/v1.2.0"); }},
    Disaster{"AVersionIsRemoved",
             [](const Site& site) { fs::remove_all(site.release + "/v1.0.0"); }},
    Disaster{"AVersionIsSwappedForALink",
             [](const Site& site) {
               fs::rename(site.release + "/v1.0.0", site.release + "/_old");
               fs::create_directory_symlink("_old", site.release + "/v1.0.0");
             }},
    Disaster{"TheLinkToTheCatalogueIsSwitched",
             [](const Site& site) {
               fs::create_directory_symlink(site.next_release, site.directory / "switch");
               fs::rename(site.directory / "switch", site.root);
             }},
    Disaster{"TheCatalogueIsReplaced",
             [](const Site& site) {
               fs::rename(site.release, site.directory / "release-0");
               fs::rename(site.next_release, site.release);
             }},
    Disaster{"TheCatalogueIsGone", [](const Site& site) { fs::remove_all(site.release); }},
    Disaster{"MoreHappensThanTheKernelKeepsTrackOf",
             [](const Site& site) {
               int most = 0;
               std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> most;
               // In turn, because equal events in a row are one.
               for (int i = 0; i < most + 2; ++i) {
                 const char* name = i % 2 == 0 ? "/v1.0.0/001_a.py" : "/v1.0.0/002_b.py";
                 chmod((site.release + name).c_str(), 0644);
               }
             }},
};

INSTANTIATE_TEST_SUITE_P(OfAWatchedCatalogue, NoticedDisaster, testing::ValuesIn(kNoticed), NameOf);

TEST(AWatchedCatalogue, IsReliedOnAgainOnceItWasReadAgain) {
  const Site site;
  DirectoryReader reader({site.root});
  Listed(reader);
  for (const Disaster& disaster : {kNoticed.front(), kNoticed.back()}) {
    disaster.strikes(site);
    ASSERT_FALSE(reader.IsUnchanged());
    Listed(reader);
    EXPECT_TRUE(reader.IsUnchanged()) << disaster;
  }
  fs::rename(site.release + "/v1.1.0", site.directory / "elsewhere");
  Listed(reader);
  Site::Write(site.directory / "elsewhere/002_d.py", "four");
  EXPECT_TRUE(reader.IsUnchanged()) << "what left the catalogue is not watched any more";
}

TEST(AWatchedCatalogue, IsNotReliedOnAfterAScriptWasFoundChanged) {
  const Site site;
  DirectoryReader reader({site.root});
  Listed(reader);
  ASSERT_TRUE(reader.IsUnchanged());
  EXPECT_FALSE(reader.ReadScript(site.script, Sha256Hex({"what it was"})).ok());
  EXPECT_FALSE(reader.IsUnchanged());
}

class Unreliable : public testing::TestWithParam<Disaster> {};

TEST_P(Unreliable, IsAlwaysLookedAt) {
  const Site site;
  DirectoryReader reader({site.root, 1024});
  GetParam().strikes(site);
  Listed(reader);
  EXPECT_FALSE(reader.IsUnchanged());
}

const std::array kUnreliable = {
    Disaster{"AScriptHasASecondName",
             [](const Site& site) { fs::create_hard_link(site.script, site.directory / "a.py"); }},
    Disaster{"AScriptIsALink",
             [](const Site& site) {
               Site::Write(site.release + "/_shared/a.py", "one");
               fs::create_symlink("../_shared/a.py", site.release + "/v1.0.0/003_a.py");
             }},
    Disaster{"AVersionIsALink",
             [](const Site& site) {
               fs::create_directory(site.release + "/_old");
               fs::create_directory_symlink("_old", site.release + "/v0.9.0");
             }},
    Disaster{"AScriptCannotBeUsed",
             [](const Site& site) { Site::Write(site.script, std::string(1025, '#')); }},
};

INSTANTIATE_TEST_SUITE_P(OfCatalogues, Unreliable, testing::ValuesIn(kUnreliable), NameOf);

TEST(ACatalogueOnAnotherFileSystem, IsAlwaysLookedAt) {
  // It has plain files alone, so nothing else is against it.
  DirectoryReader reader({"/proc/sys/fs/inotify"});
  ASSERT_FALSE(Listed(reader).others.empty());
  EXPECT_FALSE(reader.IsUnchanged());
}

/// Runs `story` in a child of this process that has namespaces of its own, `kinds`. It ends the
/// child, with 0 if all went as told.
void InNamespaces(int kinds, const std::function<int()>& story) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    constexpr int kNotPossible = 77;
    _exit(unshare(kinds) == 0 ? story() : kNotPossible);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "no namespaces can be made here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(AWatchedCatalogue, NoticesWhatIsMountedOverIt) {
  const Site site;
  InNamespaces(CLONE_NEWUSER | CLONE_NEWNS, [&site] {
    DirectoryReader reader({site.root});
    if (!reader.List() || !reader.IsUnchanged()) return 1;
    const std::string folder = site.release + "/v1.0.0";
    const std::string other = site.next_release + "/v1.0.0";
    if (mount(other.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr) != 0) return 77;
    if (reader.IsUnchanged()) return 2;
    return reader.IsUnchanged() ? 3 : 0;  // The kernel tells of mounts once.
  });
}

TEST(ACatalogueWithMoreFoldersThanWatches, IsAlwaysLookedAt) {
  const Site site;
  InNamespaces(CLONE_NEWUSER, [&site] {
    // Two are needed for the versions, and one for what they lie in.
    std::ofstream limit("/proc/sys/user/max_inotify_watches");
    if (!(limit << 2 << std::flush)) return 77;
    DirectoryReader reader({site.root});
    if (!reader.List()) return 1;
    return reader.IsUnchanged() ? 2 : 0;
  });
}

}  // namespace
}  // namespace migrationd::storage
