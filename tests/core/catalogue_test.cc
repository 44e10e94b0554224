#include "daemon/core/catalogue.h"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "tests/core/catalogue_listing.h"

namespace migrationd::core {
namespace {

using Ids = std::vector<std::string>;

TEST(Catalogue, RunsByVersionAsPep440OrdersThem) {
  Listing listing;
  for (const char* version : {"v1!0.1", "v1.2.0.post1", "v1.2.0", "v1.10.0", "v1.2.0rc1",
                              "v1.2.0.dev3", "v1.2.0+site.2", "v0.9", "v1.2.0a1"}) {
    listing.File(version, "001_a.py");
  }
  EXPECT_EQ(IdsOf(listing.Judged()),
            (Ids{"0.9/001_a.py", "1.2.0.dev3/001_a.py", "1.2.0a1/001_a.py", "1.2.0rc1/001_a.py",
                 "1.2.0/001_a.py", "1.2.0+site.2/001_a.py", "1.2.0.post1/001_a.py",
                 "1.10.0/001_a.py", "1!0.1/001_a.py"}));
}

TEST(Catalogue, WithinAVersionScriptsRunByNumberNotByText) {
  Listing listing;
  listing.File("v1.0", "1000_d.py")
      .File("v1.0", "0999_c.py")
      .File("v1.0", "002_b.py")
      .File("v1.0", "001_z.py");
  listing.File("v1.0", "99999999999999999999999_last.py");
  EXPECT_EQ(IdsOf(listing.Judged()), (Ids{"1.0/001_z.py", "1.0/002_b.py", "1.0/0999_c.py",
                                          "1.0/1000_d.py", "1.0/99999999999999999999999_last.py"}));
}

TEST(Catalogue, AnIdHasTheCanonicalVersionHoweverTheFolderSpellsIt) {
  EXPECT_EQ(IdsOf(Listing().File("v1.1.0-RC.1", "001_a.py").Judged()), Ids{"1.1.0rc1/001_a.py"});
}

TEST(Catalogue, AMigrationCarriesWhatItsScriptSaysOfItself) {
  ScriptFacts facts;
  facts.description = "Rename 'colour'";
  facts.timeout = std::chrono::seconds(7);
  const Catalogue catalogue =
      Listing()
          .File("v1.1", "001_a.py")
          .Judged(ExposurePolicy::kRefuse, {{"hash of v1.1/001_a.py", facts}});
  ASSERT_EQ(catalogue.migrations.size(), 1U);
  const Migration& migration = catalogue.migrations.front();
  EXPECT_EQ(migration.description, "Rename 'colour'");
  EXPECT_EQ(migration.timeout, std::chrono::seconds(7));
  EXPECT_EQ(migration.path, "/m/v1.1/001_a.py");
  EXPECT_EQ(migration.sha256, "hash of v1.1/001_a.py");
}

TEST(Catalogue, FindingsNameErrorsFirst) {
  Listing listing;
  listing.File("v1.0", "1_near.py").File("v1.0", "001_a.py").File("v1.0", "001_b.py");
  const Catalogue catalogue = listing.Judged();
  ASSERT_EQ(catalogue.findings.size(), 2U);
  EXPECT_EQ(catalogue.findings[0].severity, Finding::Severity::kError);
  EXPECT_EQ(catalogue.findings[1].severity, Finding::Severity::kWarning);
}

TEST(Catalogue, AnEmptyDirectoryIsWorthAWarning) {
  const Catalogue catalogue = Listing().Judged();
  EXPECT_FALSE(catalogue.HasErrors());
  ASSERT_EQ(catalogue.findings.size(), 1U);
  EXPECT_EQ(catalogue.findings[0].subject, "/m");
  EXPECT_NE(catalogue.findings[0].message.find("holds no migration"), std::string::npos);
}

/// What §2 of the contract says of one thing that may lie in a catalogue.
struct Clause {
  const char* name;
  std::function<void(Listing&)> put;
  std::vector<std::string> expected;  ///< Beginning of each finding.
  bool usable = true;                 ///< The good script beside it can be planned.
  ExposurePolicy exposure = ExposurePolicy::kRefuse;
};

void PrintTo(const Clause& clause, std::ostream* out) { *out << clause.name; }

ListedEntry With(ListedEntry entry, const std::function<void(ListedEntry&)>& change) {
  change(entry);
  return entry;
}

ListedEntry Script(const char* path) { return Listing::Made(path, ListedEntry::Kind::kFile); }

std::vector<Clause> Clauses() {
  const auto file = [](const char* folder, const char* name) {
    return [folder, name](Listing& listing) { listing.File(folder, name); };
  };
  const auto exposed = [](Listing& listing) {
    listing.Entry("v2.0", With(Script("v2.0/001_x.py"), [](ListedEntry& entry) {
                    entry.exposure = "is writable by its group (mode 0664)";
                  }));
  };
  return {
      {"TwoFoldersOfOneVersion",
       [](Listing& listing) { listing.File("v1.1", "001_a.py").File("v1.1.0", "001_b.py"); },
       {"error /m/v1.1.0 is the same version as '/m/v1.1'"},
       false},
      {"TwoScriptsOfOneNumber",
       [](Listing& listing) { listing.File("v2.0", "001_b.py").File("v2.0", "001_a.py"); },
       {"error /m/v2.0/001_b.py has the same number as '001_a.py'"},
       false},
      {"TheSameNumberWithMoreZeros",
       [](Listing& listing) { listing.File("v2.0", "0001_b.py").File("v2.0", "001_a.py"); },
       {"error /m/v2.0/001_a.py has the same number as '0001_b.py'"},
       false},
      {"ALinkThatLeadsOut",
       [](Listing& listing) {
         listing.Entry("v2.0", With(Script("v2.0/001_x.py"),
                                    [](ListedEntry& entry) { entry.leads_out = true; }));
       },
       {"error /m/v2.0/001_x.py is a symbolic link that leads out of the catalogue"},
       false},
      {"AFolderThatLeadsOut",
       [](Listing& listing) { listing.Folder("v2.0").Self("v2.0").leads_out = true; },
       {"error /m/v2.0 is a symbolic link that leads out of the catalogue"},
       false},
      {"AScriptThatCannotBeRead",
       [](Listing& listing) {
         listing.Entry("v2.0", With(Script("v2.0/001_x.py"), [](ListedEntry& entry) {
                         entry.problem = "Permission denied";
                       }));
       },
       {"error /m/v2.0/001_x.py cannot be read: Permission denied"},
       false},
      {"AFolderThatCannotBeRead",
       [](Listing& listing) { listing.Folder("v2.0").Self("v2.0").problem = "Permission denied"; },
       {"error /m/v2.0 cannot be read: Permission denied"},
       false},
      {"AFolderNamedLikeAScript",
       [](Listing& listing) {
         listing.Entry("v2.0", Listing::Made("v2.0/001_x.py", ListedEntry::Kind::kDirectory));
       },
       {"error /m/v2.0/001_x.py is named like a migration but is not a file"},
       false},
      {"AnExposedScript",
       exposed,
       {"error /m/v2.0/001_x.py is writable by its group (mode 0664)"},
       false},
      {"AnExposedScriptOfAUsersOwnDaemon",
       exposed,
       {"warning /m/v2.0/001_x.py is writable by its group (mode 0664)"},
       true,
       ExposurePolicy::kWarn},
      {"AnExposedScriptThatIsToBeIgnored", exposed, {}, true, ExposurePolicy::kIgnore},
      {"AnExposedFolder",
       [](Listing& listing) {
         listing.Folder("v2.0").Self("v2.0").exposure = "is writable by everyone (mode 0777)";
       },
       {"error /m/v2.0 is writable by everyone (mode 0777)"},
       false},
      {"AnExposedCatalogue",
       [](Listing& listing) { listing.Raw().root_exposure = "is owned by mallory"; },
       {"error /m is owned by mallory"},
       false},
      {"TooFewDigits",
       file("v2.0", "01_x.py"),
       {"warning /m/v2.0/01_x.py is not named like a migration"}},
      {"ADash",
       file("v2.0", "001-dash.py"),
       {"warning /m/v2.0/001-dash.py is not named like a migration"}},
      {"ADot",
       file("v2.0", "001_a.b.py"),
       {"warning /m/v2.0/001_a.b.py is not named like a migration"}},
      {"NoName",
       file("v2.0", "001_.py"),
       {"warning /m/v2.0/001_.py is not named like a migration"}},
      {"NoUnderscore",
       file("v2.0", "001.py"),
       {"warning /m/v2.0/001.py is not named like a migration"}},
      {"AHelperModule",
       file("v2.0", "tools.py"),
       {"warning /m/v2.0/tools.py is not named like a migration"}},
      {"AFolderWithoutTheV",
       file("1.2.0", "001_x.py"),
       {"warning /m/1.2.0 lacks the 'v' in front"}},
      {"AFolderThatIsNoVersion",
       file("v1.x", "001_x.py"),
       {"warning /m/v1.x is not 'v' and a PEP 440 version"}},
      {"ACapitalV",
       file("V1.2.0", "001_x.py"),
       {"warning /m/V1.2.0 is not 'v' and a PEP 440 version"}},
      {"AScriptBesideTheFolders",
       [](Listing& listing) { listing.Beside("001_stray.py"); },
       {"warning /m/001_stray.py is not in a version folder"}},
      {"AnUnderscoreInFront", file("v2.0", "_001_helper.py"), {}},
      {"ADotInFront", file("v2.0", ".001_x.py.swp"), {}},
      {"AReadme", file("v2.0", "README.md"), {}},
      {"APycache",
       [](Listing& listing) { listing.Folder("__pycache__").File("v2.0", "__pycache__"); },
       {}},
      {"AnotherFileType", file("v2.0", "001_notes.txt"), {}},
      {"AnUnrelatedFolder", file("docs", "001_x.py"), {}},
      {"AReadmeBesideTheFolders",
       [](Listing& listing) { listing.Beside("README.md").Beside("Makefile"); },
       {}},
      {"AnEmptyFolder", [](Listing& listing) { listing.Folder("v2.0"); }, {}},
  };
}

class CatalogueClause : public testing::TestWithParam<Clause> {};

TEST_P(CatalogueClause, IsJudgedAsTheContractSays) {
  Listing listing;
  listing.File("v1.0", "001_good.py");
  GetParam().put(listing);
  const Catalogue catalogue = listing.Judged(GetParam().exposure);
  const auto findings = FindingsOf(catalogue);
  ASSERT_EQ(findings.size(), GetParam().expected.size()) << testing::PrintToString(findings);
  for (std::size_t i = 0; i < findings.size(); ++i) {
    EXPECT_EQ(findings[i].substr(0, GetParam().expected[i].size()), GetParam().expected[i]);
    EXPECT_NE(findings[i].find_first_of(";:"), std::string::npos)
        << "says what to do: " << findings[i];
  }
  EXPECT_EQ(!catalogue.HasErrors(), GetParam().usable);
  EXPECT_EQ(IdsOf(catalogue).front(), "1.0/001_good.py");
}

INSTANTIATE_TEST_SUITE_P(Contract, CatalogueClause, testing::ValuesIn(Clauses()),
                         [](const auto& clause) { return std::string(clause.param.name); });

TEST(Catalogue, AScriptThatDoesNotParseIsAnErrorInItsOwnWords) {
  for (const char* problem :
       {"line 3: invalid syntax", "lacks the function check()", "lacks the function migrate()"}) {
    ScriptFacts facts;
    facts.problem = problem;
    const Catalogue catalogue =
        Listing()
            .File("v1.1", "001_a.py")
            .File("v1.1", "002_b.py")
            .Judged(ExposurePolicy::kRefuse, {{"hash of v1.1/001_a.py", facts}});
    EXPECT_TRUE(catalogue.HasErrors());
    EXPECT_EQ(FindingsOf(catalogue),
              std::vector<std::string>{"error /m/v1.1/001_a.py " + std::string(problem)});
  }
}

TEST(Catalogue, OnlyScriptsInVersionFoldersAreParsed) {
  Listing listing;
  listing.File("v1.0", "001_a.py")
      .File("v1.0", "_helper.py")
      .File("v1.0", "1_near.py")
      .File("1.2.0", "001_x.py");
  listing.Entry("v1.0", Listing::Made("v1.0/002_dir.py", ListedEntry::Kind::kDirectory));
  const auto scripts = ScriptsOf(listing.Raw());
  ASSERT_EQ(scripts.size(), 1U);
  EXPECT_EQ(scripts.front()->path, "/m/v1.0/001_a.py");
}

TEST(CatalogueTranscript, EveryPartOfAListingCounts) {
  Listing listing;
  listing.File("v1.1.0", "001_a.py").Beside("notes.txt");
  const auto differs = [&listing](const auto& change) {
    Listing other = listing;
    change(other.Raw());
    return Transcribe(other.Raw()) != Transcribe(listing.Raw());
  };
  EXPECT_FALSE(differs([](CatalogueListing&) {}));
  EXPECT_TRUE(differs([](CatalogueListing& raw) { raw.root = "/n"; }));
  EXPECT_TRUE(differs([](CatalogueListing& raw) { raw.root_exposure = "is writable"; }));
  EXPECT_TRUE(differs([](CatalogueListing& raw) { raw.others.clear(); }));
  EXPECT_TRUE(differs([](CatalogueListing& raw) { raw.folders.clear(); }));
  EXPECT_TRUE(differs([](CatalogueListing& raw) { raw.folders[0].self.exposure = "is writable"; }));
  EXPECT_TRUE(differs([](CatalogueListing& raw) { raw.folders[0].entries[0].sha256 = "other"; }));
  EXPECT_TRUE(differs([](CatalogueListing& raw) { raw.folders[0].entries[0].name = "001_b.py"; }));
  EXPECT_TRUE(differs([](CatalogueListing& raw) { raw.folders[0].entries[0].problem = "gone"; }));
  EXPECT_TRUE(differs([](CatalogueListing& raw) { raw.folders[0].entries[0].leads_out = true; }));
  EXPECT_TRUE(differs(
      [](CatalogueListing& raw) { raw.folders[0].entries[0].kind = ListedEntry::Kind::kOther; }));
}

}  // namespace
}  // namespace migrationd::core
