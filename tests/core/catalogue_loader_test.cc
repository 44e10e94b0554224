#include "daemon/core/catalogue_loader.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/fakes/fake_catalogue.h"
#include "tests/fakes/fake_executor.h"
#include "tests/fakes/fake_runner.h"

namespace migrationd::core {
namespace {

using Paths = std::vector<std::string>;

class CatalogueLoading : public testing::Test {
 protected:
  CatalogueLoading() {
    catalogue_.Write("v1.1.0/001_a.py", "a");
    catalogue_.Write("v1.2.0/001_b.py", "b");
  }

  Result<std::shared_ptr<const Catalogue>> Load() {
    std::optional<Result<std::shared_ptr<const Catalogue>>> answer;
    loader_->Load(
        [&answer](Result<std::shared_ptr<const Catalogue>> loaded) { answer = std::move(loaded); });
    executor_.RunPosted();
    return answer.value();
  }

  fakes::FakeExecutor executor_;
  fakes::FakeCatalogue catalogue_;
  fakes::FakeRunner runner_{executor_};
  std::unique_ptr<CatalogueLoader> loader_ =
      std::make_unique<CatalogueLoader>(catalogue_, runner_, ExposurePolicy::kWarn);
};

TEST_F(CatalogueLoading, ParsesEachScriptOnce) {
  ASSERT_TRUE(Load());
  ASSERT_TRUE(Load());
  EXPECT_EQ(catalogue_.listed(), 2);
  EXPECT_EQ(runner_.inspected(),
            (Paths{"/migrations/v1.1.0/001_a.py", "/migrations/v1.2.0/001_b.py"}));
}

TEST_F(CatalogueLoading, DoesNotLookAtAWatchedCatalogueThatHasNotChanged) {
  catalogue_.Watch();
  const auto first = Load();
  EXPECT_EQ(*first, *Load()) << "the same object";
  EXPECT_EQ(catalogue_.listed(), 1);
  catalogue_.Write("v1.2.0/001_b.py", "another b");
  EXPECT_NE(*first, *Load());
  EXPECT_EQ(catalogue_.listed(), 2);
}

TEST_F(CatalogueLoading, LooksAfreshWhenItMustMissNothing) {
  catalogue_.Watch();
  ASSERT_TRUE(Load());
  catalogue_.Slip("v1.2.0/001_b.py", "another b");
  std::shared_ptr<const Catalogue> fresh;
  loader_->LoadAfresh([&fresh](const auto& loaded) { fresh = *loaded; });
  executor_.RunPosted();
  EXPECT_EQ(fresh->migrations.back().sha256, fakes::FakeSha256("another b"));
}

TEST_F(CatalogueLoading, LooksAgainForAScriptThatItCouldNotRead) {
  catalogue_.Watch();
  catalogue_.ChangeAfterListing("v1.2.0/001_b.py", "another b");
  ASSERT_TRUE(Load());
  EXPECT_EQ((*Load())->migrations.back().sha256, fakes::FakeSha256("another b"));
}

TEST_F(CatalogueLoading, ParsesAgainOnlyWhatChanged) {
  ASSERT_TRUE(Load());
  catalogue_.Write("v1.2.0/001_b.py", "another b");
  ASSERT_TRUE(Load());
  EXPECT_EQ(runner_.inspected().size(), 3U);
  EXPECT_EQ(runner_.inspected().back(), "/migrations/v1.2.0/001_b.py");
}

TEST_F(CatalogueLoading, ParsesEqualBytesOnce) {
  catalogue_.Write("v1.3.0/001_copy.py", "b");
  ASSERT_TRUE(Load());
  EXPECT_EQ(runner_.inspected().size(), 2U);
}

TEST_F(CatalogueLoading, ForgetsScriptsThatAreGone) {
  ASSERT_TRUE(Load());
  catalogue_.Remove("v1.2.0/001_b.py");
  ASSERT_TRUE(Load());
  catalogue_.Write("v1.2.0/001_b.py", "b");
  ASSERT_TRUE(Load());
  EXPECT_EQ(runner_.inspected().size(), 3U);
}

TEST_F(CatalogueLoading, KnowsWhatTheScriptsSayOfThemselves) {
  ScriptFacts facts;
  facts.description = "Add a column";
  runner_.Parses("v1.2.0/001_b.py", facts);
  const auto loaded = Load();
  EXPECT_EQ((*loaded)->migrations.back().description, "Add a column");
}

TEST_F(CatalogueLoading, AScriptThatDoesNotParseIsAFinding) {
  ScriptFacts facts;
  facts.problem = "line 1: invalid syntax";
  runner_.Parses("v1.2.0/001_b.py", facts);
  EXPECT_TRUE((*Load())->HasErrors());
  EXPECT_TRUE((*Load())->HasErrors()) << "remembered, not forgotten";
}

TEST_F(CatalogueLoading, LoadsAreAnsweredInOrderOneAtATime) {
  std::vector<int> answered;
  loader_->Load([&](const auto&) {
    answered.push_back(1);
    loader_->Load([&](const auto&) { answered.push_back(3); });
  });
  loader_->Load([&](const auto&) { answered.push_back(2); });
  EXPECT_EQ(catalogue_.listed(), 1) << "the second waits for the first";
  executor_.RunPosted();
  EXPECT_EQ(answered, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(catalogue_.listed(), 3) << "each has its own look";
}

TEST_F(CatalogueLoading, AMissingDirectoryIsAnErrorUntilItIsThere) {
  catalogue_.Vanish();
  const auto gone = Load();
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().reason, Reason::kCatalogueMissing);
  catalogue_.Write("v1.1.0/001_a.py", "a");
  EXPECT_TRUE(Load());
}

TEST_F(CatalogueLoading, AMissingInterpreterIsAnErrorUntilItIsThere) {
  runner_.LoseInterpreter();
  const auto lost = Load();
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().reason, Reason::kInterpreterFailed);
  runner_.FindInterpreter();
  EXPECT_TRUE(Load());
}

TEST_F(CatalogueLoading, AScriptThatChangesBetweenTwoLooksIsReadByTheNextLoad) {
  catalogue_.ChangeAfterListing("v1.2.0/001_b.py", "pulled");
  const auto first = Load();
  ASSERT_TRUE(first);
  EXPECT_EQ((*first)->migrations.back().sha256, fakes::FakeSha256("b"));
  EXPECT_EQ((*Load())->migrations.back().sha256, fakes::FakeSha256("pulled"));
}

TEST_F(CatalogueLoading, AnUnchangedDirectoryIsNotJudgedAgain) {
  const auto first = Load();
  EXPECT_EQ(*first, *Load()) << "the same object";
  catalogue_.Write("v1.2.0/002_c.py", "c");
  const auto changed = Load();
  EXPECT_NE(*first, *changed);
  EXPECT_EQ((*changed)->migrations.size(), 3U);
}

TEST_F(CatalogueLoading, AScriptThatCouldNotBeReadIsAskedForAgain) {
  catalogue_.ChangeAfterListing("v1.2.0/001_b.py", "for a moment");
  ASSERT_TRUE(Load());
  catalogue_.Write("v1.2.0/001_b.py", "b");
  ScriptFacts facts;
  facts.description = "Add a column";
  runner_.Parses("v1.2.0/001_b.py", facts);
  EXPECT_EQ((*Load())->migrations.back().description, "Add a column")
      << "though the listing is the one of the first time";
}

TEST_F(CatalogueLoading, NobodyIsAnsweredAfterTheLoaderIsGone) {
  bool answered = false;
  loader_->Load([&answered](const auto&) { answered = true; });
  loader_.reset();
  executor_.RunPosted();
  EXPECT_FALSE(answered);
}

TEST_F(CatalogueLoading, AnAnswerMayDestroyTheLoader) {
  loader_->Load([this](const auto&) { loader_.reset(); });
  loader_->Load([](const auto&) { FAIL() << "the loader is gone"; });
  executor_.RunPosted();
  EXPECT_EQ(loader_, nullptr);
}

}  // namespace
}  // namespace migrationd::core
