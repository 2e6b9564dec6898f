#include "callrouter/pool_file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace callrouter {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kPool = R"(
name: "carousel"
limits { seed: 7 numbers_max: 1000 }
group {
  name: "moscow"
  owner: "Romashka LLC"
  trunk { trunk: "mts" attestation: FULL }
  destination: "ru"
  capabilities: VOICE
  capabilities: TEXT
  label: "Romashka"
  label_until: "2027-01-01"
  verify_every: "720h"
  caps {
    per_hour: 12 per_day: 60 cool_down: "2m" concurrent: 2
    warm_up { permille: 100 }
    warm_up { after: "24h" permille: 1000 }
  }
}
campaign {
  name: "renewals" owner: "Romashka LLC" order: ROUND_ROBIN reach: NEIGHBOURS
  sticky: PREFER bind: ANSWERED sticky_keep: "192h"
}
region { name: "ru" time_zone: "Europe/Moscow" }
region {
  name: "moscow" parent: "ru" neighbour { region: "tver" kilometres: 170 }
}
region { name: "tver" parent: "ru" reserve_permille: 200 }
range { prefix: "+7495" digits: 11 region: "moscow" }
range { first: "+74822000000" last: "+74822999999" region: "tver" }
carrier: "mts"
health { answered: ANSWERED_BY_PERSON answered: MACHINE unanswered: NO_ANSWER
  rest_at: 7000 rest_for: "72h" learn: false }
number { number: "+74951234567" group: "moscow" region: "moscow" rank: 3 }
number { number: "+74822123456" group: "moscow" region: "tver" state: WARMING }
)";

class PoolFileTest : public ::testing::Test {
 protected:
  absl::StatusOr<PoolFile> Parse(std::string_view text) {
    const auto read =
        [this](const std::string& name) -> absl::StatusOr<std::string> {
      const auto file = files_.find(name);
      if (file == files_.end())
        return absl::NotFoundError(name + ": not there");
      return file->second;
    };
    std::vector<FileFault> faults;
    auto pool = ParsePool(text, "f", read, &faults);
    EXPECT_EQ(pool.ok(), faults.empty());
    for (const FileFault& fault : faults) faults_.push_back(fault.ToString());
    return pool;
  }

  std::map<std::string, std::string> files_;
  std::vector<std::string> faults_;
};

TEST_F(PoolFileTest, EveryFieldArrives) {
  const auto pool = Parse(kPool);
  ASSERT_TRUE(pool.ok()) << pool.status();
  EXPECT_EQ(pool->name, "carousel");
  EXPECT_EQ(pool->options.seed, 7u);
  EXPECT_EQ(pool->options.numbers_max, 1000);
  const NumberGroup& group = pool->rules.groups[0];
  EXPECT_EQ(group.trunks[0].attestation, Attestation::kFull);
  EXPECT_EQ(group.capabilities, kVoice | kText);
  EXPECT_EQ(group.label_until, absl::FromUnixSeconds(1'798'761'600));
  EXPECT_EQ(group.verify_every, absl::Hours(720));
  EXPECT_EQ(group.caps.per_hour, 12);
  EXPECT_EQ(group.caps.per_week, kUnlimited);
  EXPECT_EQ(group.caps.cool_down, absl::Minutes(2));
  ASSERT_EQ(group.caps.warm_up.size(), 2u);
  EXPECT_EQ(group.caps.warm_up[1].after, absl::Hours(24));
  EXPECT_EQ(group.caps.warm_up[1].permille, 1000);
  const NumberCampaign& campaign = pool->rules.campaigns[0];
  EXPECT_EQ(campaign.order, NumberOrder::kRoundRobin);
  EXPECT_EQ(campaign.reach, Reach::kNeighbours);
  EXPECT_EQ(campaign.sticky, StickyMode::kPrefer);
  EXPECT_EQ(campaign.bind, StickyBind::kAnswered);
  EXPECT_EQ(campaign.sticky_keep, absl::Hours(192));
  EXPECT_EQ(pool->rules.regions[1].neighbours[0].kilometres, 170);
  EXPECT_FALSE(pool->rules.regions[0].transitions.empty());
  EXPECT_EQ(pool->rules.ranges[0].first.ToString(), "+74950000000");
  EXPECT_EQ(pool->rules.ranges[0].last.ToString(), "+74959999999");
  EXPECT_THAT(pool->rules.health.answered,
              ElementsAre(CallOutcome::kAnswered, CallOutcome::kMachine));
  EXPECT_EQ(pool->rules.health.rest_at, 7'000);
  EXPECT_EQ(pool->rules.health.suspect_at, 5'400);
  EXPECT_EQ(pool->rules.health.rest_for, absl::Hours(72));
  EXPECT_FALSE(pool->rules.health.learn);
  EXPECT_EQ(pool->numbers.put[0].rank, 3);
  EXPECT_EQ(pool->numbers.put[0].state, NumberState::kActive);
  EXPECT_EQ(pool->numbers.put[1].state, NumberState::kWarming);

  auto made = NumberPool::Create(pool->options, pool->rules, absl::Now());
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_TRUE((*made)->Apply(pool->numbers, absl::Now()).ok());
}

TEST_F(PoolFileTest, AllFaultsHaveAPlace) {
  EXPECT_FALSE(
      Parse("group { name: \"g\"\n  caps { per_hour: 0 } }\n"
            "campaign { name: \"c\" owner: \"o\" sticky_keep: \"8\" }\n"
            "number { number: \"12\" group: \"h\" }\n"
            "region { name: \"r\" time_zone: \"Mars\" }\n")
          .ok());
  EXPECT_THAT(
      faults_,
      ElementsAre(
          HasSubstr("f:3:46: campaign[0].sticky_keep: found \"8\", expected a "
                    "duration"),
          HasSubstr("f:4:18: number[0].number: found \"12\""),
          HasSubstr("f:4:30: number[0].group: found \"h\""),
          HasSubstr("f:5:31: region[0].time_zone: found \"Mars\"")));
  faults_.clear();
  EXPECT_FALSE(Parse("group { name: \"g\"\n  caps { per_hour: 0 } }\n").ok());
  EXPECT_THAT(faults_,
              ElementsAre(HasSubstr("f:1:1: group[0].owner: found nothing"),
                          HasSubstr("f:1:1: group[0].trunk: found nothing"),
                          HasSubstr("f:2:20: group[0].caps.per_hour: found 0, "
                                    "expected 1 to 65535")));
}

TEST_F(PoolFileTest, EnumeratorsOutOfRangeAreNamed) {
  files_["n.csv"] = "number;state\n+74951234568;99\n+74951234569;ASLEEP\n";
  EXPECT_FALSE(Parse(R"(group {
  name: "g" owner: "o" trunk { trunk: "t" attestation: 4 } capabilities: 3
}
campaign {
  name: "c" owner: "o"
  order: 7 reach: 256 sticky: -1 bind: 2 attestation: 99
}
region { name: "ru" }
number { number: "+74951234567" group: "g" region: "ru" state: 9 }
block { first: "+74951234570" last: "+74951234571" group: "g" state: 256 }
number_file { file: "n.csv" group: "g" state: 9 }
health { answered: 300 }
)")
                   .ok());
  for (const char* part :
       {"f:2:56: group[0].trunk[0].attestation: found 4, expected one of "
        "NOT_SIGNED",
        "group[0].capabilities[0]: found 3", "campaign[0].order: found 7",
        "campaign[0].reach: found 256", "campaign[0].sticky: found -1",
        "campaign[0].bind: found 2", "campaign[0].attestation: found 99",
        "number[0].state: found 9, expected one of ACTIVE",
        "block[0].state: found 256", "number_file[0].state: found 9",
        "health.answered[0]: found 300", "n.csv:2:14: state: found \"99\"",
        "n.csv:3:14: state: found \"ASLEEP\""}) {
    EXPECT_THAT(faults_, Contains(HasSubstr(part)));
  }
  faults_.clear();
  EXPECT_FALSE(Parse(R"({"campaign": [{"name": "c", "order": 7}]})").ok());
  EXPECT_THAT(faults_, Contains(HasSubstr("campaign[0].order: found 7")));
}

TEST_F(PoolFileTest, ANumberingRegisterIsRead) {
  files_["def.csv"] =
      "\xef\xbb\xbf\"Code\";From;To;Operator;Region\r\n"
      "900;0000000;0061999;\"Two \"\"M\"\"\";Tver\r\n"
      "# what follows lost its zeros in a spreadsheet\r\n"
      "900;62000;62999;ООО \"raw\";Moscow\r\n";
  const auto pool = Parse(
      "region { name: \"ru\" }\n"
      "range_file { file: \"def.csv\" country: \"7\" digits: 11 from: \"From\" "
      "to: \"To\" make_regions_in: \"ru\" }");
  ASSERT_TRUE(pool.ok()) << pool.status();
  ASSERT_EQ(pool->rules.ranges.size(), 2u);
  EXPECT_EQ(pool->rules.ranges[0].last.ToString(), "+79000061999");
  EXPECT_EQ(pool->rules.ranges[1].first.ToString(), "+79000062000");
  ASSERT_EQ(pool->rules.regions.size(), 3u);
  EXPECT_EQ(pool->rules.regions[1].name, "Tver");
  EXPECT_EQ(pool->rules.regions[2].parent, "ru");
}

TEST_F(PoolFileTest, PrefixesWithoutAFirstLineAreRead) {
  files_["1.txt"] = "# prefixes\n1201|New Jersey\n1212|New York\n";
  const auto pool = Parse(
      "region { name: \"us\" }\n"
      "range_file { file: \"1.txt\" digits: 11 code: \"1\" region_column: "
      "\"2\" "
      "make_regions_in: \"us\" }");
  ASSERT_TRUE(pool.ok()) << pool.status();
  EXPECT_EQ(pool->rules.ranges[1].first.ToString(), "+12120000000");
  EXPECT_EQ(pool->rules.ranges[1].last.ToString(), "+12129999999");
  EXPECT_EQ(pool->rules.ranges[1].region, "New York");
}

TEST_F(PoolFileTest, FaultsOfTablesHaveTheirLine) {
  files_["def.csv"] =
      "code;from;to;region\n"
      "900;0;0061x99;a\n"
      "9o0;0;1;a\n"
      "900;0;1\n"
      "900;0;12345678;a\n";
  files_["n.csv"] =
      "number,group,weight\n"
      "+74951234567,g,0\n"
      "+74951234567,h,1\n"
      "12,g,1\n";
  EXPECT_FALSE(
      Parse("region { name: \"ru\" }\n"
            "group { name: \"g\" owner: \"o\" trunk { trunk: \"t\" } }\n"
            "range_file { file: \"def.csv\" country: \"7\" digits: 11 "
            "from: \"from\" to: \"to\" make_regions_in: \"ru\" }\n"
            "range_file { file: \"gone.csv\" digits: 11 }\n"
            "number_file { file: \"n.csv\" }")
          .ok());
  EXPECT_THAT(
      faults_,
      ElementsAre(HasSubstr("f:4:20: range_file[1].file: found gone.csv: not "
                            "there, expected a file"),
                  HasSubstr("def.csv:2:7: to: found \"0061x99\""),
                  HasSubstr("def.csv:3:1: code: found \"9o0\""),
                  HasSubstr("def.csv:4:1: region: found nothing"),
                  HasSubstr("def.csv:5:7: to: found \"12345678\""),
                  HasSubstr("n.csv:2:16: weight: found \"0\""),
                  HasSubstr("n.csv:3:1: number: found \"+74951234567\""),
                  HasSubstr("n.csv:3:14: group: found \"h\""),
                  HasSubstr("n.csv:4:1: number: found \"12\"")));
  // What only the whole shows has the place of its row.
  faults_.clear();
  files_["def.csv"] = "code;from;to;region\n900;0;9;a\n900;5;12;b\n";
  EXPECT_FALSE(Parse("region { name: \"ru\" }\n"
                     "range_file { file: \"def.csv\" country: \"7\" digits: 11 "
                     "from: \"from\" to: \"to\" make_regions_in: \"ru\" }")
                   .ok());
  EXPECT_THAT(faults_, ElementsAre(HasSubstr("def.csv:3:1: first: found")));
}

TEST_F(PoolFileTest, AnyBytesAreSafe) {
  for (const std::string text :
       {"", "\"", "\"\"\"", ";;;", "code;region\n\"", "\xef\xbb\xbf",
        "code;;\n;", "code;region\n\n#\n;;;;;\n99999999999999999999;x"}) {
    files_["t"] = text;
    (void)Parse(
        "region { name: \"ru\" }\n"
        "range_file { file: \"t\" digits: 11 make_regions_in: \"ru\" }\n"
        "number_file { file: \"t\" }");
    EXPECT_FALSE(faults_.empty());
    faults_.clear();
  }
}

// Numbering tables that others publish, where this machine has them.
TEST_F(PoolFileTest, RealTablesAreRead) {
  const char* const root = std::getenv("CALLROUTER_REAL_INPUTS");
  if (root == nullptr) GTEST_SKIP() << "CALLROUTER_REAL_INPUTS is not set";
  int seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           std::filesystem::path(root) / "numbering")) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() ||
        (name.rfind("DEF", 0) != 0 && name.rfind("ABC", 0) != 0)) {
      continue;
    }
    std::ifstream in(entry.path(), std::ios::binary);
    files_["real"] = std::string(std::istreambuf_iterator<char>(in), {});
    const auto pool = Parse(
        "region { name: \"ru\" }\n"
        "range_file { file: \"real\" country: \"7\" digits: 11 code: \"1\" "
        "from: \"2\" to: \"3\" region_column: \"6\" make_regions_in: \"ru\" }");
    ++seen;
    std::cout << name << ": " << faults_.size() << " faults\n";
    for (std::size_t i = 0; i < faults_.size() && i < 3; ++i) {
      std::cout << "  " << faults_[i] << "\n";
    }
    EXPECT_GT(pool.ok() ? pool->rules.ranges.size() : faults_.size(), 0u);
    faults_.clear();
  }
  std::cout << seen << " registers seen\n";
}

}  // namespace
}  // namespace callrouter
