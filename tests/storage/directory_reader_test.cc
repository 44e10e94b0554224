#include "daemon/storage/directory_reader.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "daemon/storage/digest.h"
#include "tests/storage/temp_directory.h"

namespace migrationd::storage {
namespace {

namespace fs = std::filesystem;

class DirectoryReaderTest : public testing::Test {
 protected:
  DirectoryReaderTest() {
    fs::create_directories(root_);
    Protect();
  }

  /// Takes the rights away that a lax umask gave.
  void Protect() {
    chmod(root_.c_str(), 0755);
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      if (!entry.is_symlink()) chmod(entry.path().c_str(), entry.is_directory() ? 0755 : 0644);
    }
  }

  std::string Script(const std::string& name, const std::string& text = "def check(): ...\n") {
    WriteText(root_ + "/" + name, text);
    Protect();
    return root_ + "/" + name;
  }

  core::CatalogueListing Listed() {
    core::Result<core::CatalogueListing> listing = reader_.List();
    EXPECT_TRUE(listing.ok()) << listing.error().message;
    return listing.ok() ? *listing : core::CatalogueListing{};
  }

  /// The entry of that name, wherever it is.
  core::ListedEntry Entry(const std::string& name) {
    const core::CatalogueListing listing = Listed();
    for (const auto& entry : listing.others) {
      if (entry.name == name) return entry;
    }
    for (const auto& folder : listing.folders) {
      if (folder.self.name == name) return folder.self;
      for (const auto& entry : folder.entries) {
        if (entry.name == name) return entry;
      }
    }
    ADD_FAILURE() << name << " is not listed";
    return {};
  }

  TempDirectory directory_;
  std::string root_ = directory_ / "migrations";
  DirectoryReader reader_{{root_, 1024}};
};

TEST_F(DirectoryReaderTest, ListsFoldersAndHashesScripts) {
  Script("v1.1.0/001_a.py", "one");
  Script("v1.1.0/notes.txt", "text");
  Script("README.md");
  Script("v1.1.0/__pycache__/x.py");
  Script("stray.py");
  const core::CatalogueListing listing = Listed();
  ASSERT_EQ(listing.folders.size(), 1U);
  EXPECT_EQ(listing.root, root_);
  EXPECT_EQ(listing.root_exposure, "");
  EXPECT_EQ(listing.folders[0].entries.size(), 2U);
  EXPECT_EQ(listing.others.size(), 1U);
  const core::ListedEntry script = Entry("001_a.py");
  EXPECT_EQ(script.sha256, Sha256Hex({"one"}));
  EXPECT_EQ(script.path, root_ + "/v1.1.0/001_a.py");
  EXPECT_EQ(script.exposure, "");
  EXPECT_EQ(Entry("notes.txt").sha256, "");
}

TEST_F(DirectoryReaderTest, AMissingDirectorySaysWhatToDo) {
  DirectoryReader reader({directory_ / "nowhere"});
  const auto listing = reader.List();
  ASSERT_FALSE(listing.ok());
  EXPECT_EQ(listing.error().reason, core::Reason::kCatalogueMissing);
  EXPECT_NE(listing.error().message.find("nowhere"), std::string::npos);
  EXPECT_FALSE(listing.error().hint.empty());
}

TEST_F(DirectoryReaderTest, AFileInPlaceOfTheDirectoryIsNoDirectory) {
  WriteText(directory_ / "file", "");
  EXPECT_EQ(DirectoryReader({directory_ / "file"}).List().error().reason,
            core::Reason::kCatalogueMissing);
}

TEST_F(DirectoryReaderTest, AChangedScriptIsHashedAgain) {
  const std::string path = Script("v1.1.0/001_a.py", "one");
  EXPECT_EQ(Entry("001_a.py").sha256, Sha256Hex({"one"}));
  // The same length, within the same tick of the clock.
  WriteText(path, "two");
  EXPECT_EQ(Entry("001_a.py").sha256, Sha256Hex({"two"}));
}

TEST_F(DirectoryReaderTest, OnlyTheBytesThatWereHashedAreHandedOut) {
  const std::string path = Script("v1.1.0/001_a.py", "one");
  const std::string sha256 = Entry("001_a.py").sha256;
  EXPECT_EQ(*reader_.ReadScript(path, sha256), "one");
  WriteText(path, "two");
  EXPECT_EQ(reader_.ReadScript(path, sha256).error().reason, core::Reason::kPlanMoved);
  fs::remove(path);
  const auto gone = reader_.ReadScript(path, sha256);
  EXPECT_EQ(gone.error().reason, core::Reason::kPlanMoved);
  EXPECT_NE(gone.error().message.find(path), std::string::npos);
}

TEST_F(DirectoryReaderTest, TellsWhoElseCouldChangeAScriptOrAFolder) {
  chmod(Script("v1.1.0/001_a.py").c_str(), 0664);
  EXPECT_EQ(Entry("001_a.py").exposure, "is writable by its group (mode 0664)");
  chmod((root_ + "/v1.1.0").c_str(), 0757);
  EXPECT_EQ(Entry("v1.1.0").exposure, "is writable by everyone (mode 0757)");
  chmod(root_.c_str(), 0775);
  EXPECT_EQ(Listed().root_exposure, "is writable by its group (mode 0775)");
}

TEST_F(DirectoryReaderTest, TellsWhenSomebodyElseOwnsAScript) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const std::string path = Script("v1.1.0/001_a.py");
  ASSERT_EQ(chown(path.c_str(), 12345, 0), 0);
  EXPECT_NE(Entry("001_a.py").exposure.find("belongs to user 12345"), std::string::npos);
}

TEST_F(DirectoryReaderTest, ALinkThatLeadsOutIsMarkedAndNotRead) {
  WriteText(directory_ / "outside.py", "secret");
  fs::create_directories(root_ + "/v1.1.0");
  fs::create_symlink(directory_ / "outside.py", root_ + "/v1.1.0/001_a.py");
  fs::create_directory_symlink(directory_.path(), root_ + "/v1.2.0");
  EXPECT_TRUE(Entry("001_a.py").leads_out);
  EXPECT_EQ(Entry("001_a.py").sha256, "");
  EXPECT_TRUE(Entry("v1.2.0").leads_out);
}

TEST_F(DirectoryReaderTest, ALinkInsideIsTheFileItLeadsTo) {
  Script("_shared/common.py", "shared");
  fs::create_directories(root_ + "/v1.1.0");
  fs::create_symlink("../_shared/common.py", root_ + "/v1.1.0/001_a.py");
  Protect();
  const core::ListedEntry entry = Entry("001_a.py");
  EXPECT_FALSE(entry.leads_out);
  EXPECT_EQ(entry.kind, core::ListedEntry::Kind::kFile);
  EXPECT_EQ(entry.sha256, Sha256Hex({"shared"}));
  EXPECT_EQ(entry.exposure, "");
  chmod((root_ + "/_shared").c_str(), 0777);
  EXPECT_NE(Entry("001_a.py").exposure.find("_shared', which is writable by everyone"),
            std::string::npos);
}

TEST_F(DirectoryReaderTest, WhatCannotBeReadSaysWhy) {
  fs::create_directories(root_ + "/v1.1.0");
  fs::create_symlink("nowhere.py", root_ + "/v1.1.0/001_dangling.py");
  Script("v1.1.0/002_long.py", std::string(1025, '#'));
  ASSERT_EQ(mkfifo((root_ + "/v1.1.0/003_pipe.py").c_str(), 0600), 0);
  EXPECT_EQ(Entry("001_dangling.py").problem, "No such file or directory");
  EXPECT_EQ(Entry("002_long.py").problem, "it is longer than 1024 bytes");
  EXPECT_EQ(Entry("003_pipe.py").kind, core::ListedEntry::Kind::kOther);
}

TEST_F(DirectoryReaderTest, AFolderThatMayNotBeReadSaysWhy) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  Script("v1.1.0/001_a.py");
  chmod((root_ + "/v1.1.0").c_str(), 0);
  EXPECT_EQ(Entry("v1.1.0").problem, "Permission denied");
  chmod((root_ + "/v1.1.0").c_str(), 0755);
}

}  // namespace
}  // namespace migrationd::storage
