// The simulator: its laws, its scenarios as text, and its books.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "callrouter/config_file.h"
#include "callrouter/simulator.h"
#include "callrouter/v1/report.pb.h"
#include "sim_agents.h"
#include "sim_heap.h"
#include "sim_random.h"

namespace callrouter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// --- Random times ---

// Mean and variance within five standard errors.
TEST(SimRandom, LawsHaveTheirMeansAndVariances) {
  struct Case {
    Law::Kind kind;
    double squared_variation;
    double fourth;  // Generous bound of E[((x - m) / m)^4].
  };
  const std::vector<Case> cases = {{Law::Kind::kConstant, 0, 0},
                                   {Law::Kind::kExponential, 1, 9},
                                   {Law::Kind::kLognormal, 1.3, 400},
                                   {Law::Kind::kHyperexponential, 4, 500},
                                   {Law::Kind::kUniform, 1.0 / 3, 0.2}};
  for (const Case& c : cases) {
    Law law = Law::Constant(absl::Seconds(100));
    law.kind = c.kind;
    law.squared_variation = c.squared_variation;
    const sim::Draw draw(law);
    sim::Stream stream(1, sim::Purpose::kPatience,
                       static_cast<uint32_t>(c.kind));
    const int n = 400'000;
    double sum = 0, squares = 0;
    for (int i = 0; i < n; ++i) {
      const double x = static_cast<double>(draw(&stream)) / 1e8;
      sum += x - 1;
      squares += (x - 1) * (x - 1);
    }
    const double v = c.squared_variation;
    EXPECT_NEAR(sum / n, 0, 5 * std::sqrt(v / n) + 1e-12);
    EXPECT_NEAR(squares / n, v, 5 * std::sqrt(c.fourth / n) + 1e-12);
  }
  const sim::Draw never(Law::Never());
  sim::Stream stream(1, sim::Purpose::kPatience, 99);
  EXPECT_EQ(never(&stream), sim::Draw::kNever);
}

TEST(SimRandom, SubstreamsDiffer) {
  std::map<double, int> seen;
  for (const uint64_t seed : {1u, 2u, 3u}) {
    for (const auto purpose :
         {sim::Purpose::kArrival, sim::Purpose::kPatience}) {
      for (uint32_t index = 0; index < 100; ++index) {
        ++seen[sim::Stream(seed, purpose, index).Uniform()];
      }
    }
  }
  EXPECT_EQ(seen.size(), 600u);
}

TEST(SimHeap, GivesEarliestFirstAndKeepsOrderAmongEquals) {
  sim::Heap heap;
  sim::Stream stream(3, sim::Purpose::kArrival, 0);
  for (uint32_t i = 0; i < 5000; ++i) {
    heap.Push(static_cast<int64_t>(stream.Uniform() * 50), sim::Act::kArrive,
              i);
  }
  sim::Todo last = heap.Pop();
  int n = 1;
  for (; !heap.empty(); ++n) {
    const sim::Todo next = heap.Pop();
    ASSERT_LE(last.at_us, next.at_us);
    if (last.at_us == next.at_us) {
      ASSERT_LT(last.subject, next.subject);
    }
    last = next;
  }
  EXPECT_EQ(n, 5000);
}

TEST(SimAgents, MeetsSaysWhatTheRequirementSays) {
  AgentConfig agent;
  agent.skills = {{"sales", 5}};
  agent.attributes = {{"site", "Rome"}};
  agent.memberships.emplace_back();
  agent.memberships.back().queue = "q";
  agent.memberships.back().penalty = 3;
  const std::map<std::string, bool> expected = {
      {"", true},
      {"sales", true},
      {"sales >= 6", false},
      {"sales == 5 and not french", true},
      {"french < 1", true},
      {"site == \"Rome\"", true},
      {"site != \"Rome\"", false},
      {"floor != \"2\"", true},
      {"site in (\"Milan\", \"Rome\")", true},
      {"member(\"q\") and penalty(\"q\") <= 3", true},
      {"penalty(\"q\") < 3 or member(\"other\")", false},
      {"penalty(\"other\") >= 0", false}};
  for (const auto& [text, holds] : expected) {
    const auto requirement = Requirement::Parse(text);
    ASSERT_TRUE(requirement.ok()) << text;
    EXPECT_EQ(sim::Meets(*requirement, agent), holds) << text;
  }
}

// --- Whole scenarios ---

constexpr char kSmall[] = R"(
name: "small"
start: "2026-03-03 09:00"
time_zone: "Europe/Rome"
horizon: "2h"
config {
  queue { name: "sales" requirement: "sales" ring: "10s" wrap_up: "20s"
          plan: "backup" }
  queue { name: "help" requirement: "help" ring: "10s"
          entry { waiting_max: 3 when_full { hang_up { cause: "busy" } } } }
  plan {
    name: "backup"
    step { id: "others" after: "10s" widen: "help" }
    step { id: "backup" after: "40s" finish_ring: true
           send_outside { destination: "tel:1" } }
  }
  agent { name: "ann" ref: 1 skill { name: "sales" level: 5 } }
  agent { name: "bob" ref: 2 skill { name: "sales" level: 5 } }
  agent { name: "eve" ref: 3 skill { name: "help" level: 5 } }
}
behaviour { no_answer_probability: 0.1
            answer_after { uniform { from: "1s" to: "6s" } } }
arrivals {
  queue: "sales" per_hour: 60 patience { exponential: "2m" }
  handle_time { lognormal { mean: "2m" squared_variation: 1.3 } }
}
arrivals {
  queue: "help" per_half_hour: 10 per_half_hour: 20 per_half_hour: 5
  patience { exponential: "1m" } handle_time { exponential: "3m" }
}
)";

Scenario Parse(const std::string& text) {
  std::vector<FileFault> faults;
  auto scenario = ParseScenario(text, "s.textproto", nullptr, &faults);
  for (const FileFault& fault : faults) ADD_FAILURE() << fault.ToString();
  return scenario.ok() ? *scenario : Scenario();
}

v1::Report Played(const Scenario& scenario,
                  const SimulateOptions& options = SimulateOptions()) {
  v1::Report report;
  const absl::Status status = Simulate(scenario, options, &report);
  EXPECT_TRUE(status.ok()) << status.ToString();
  return report;
}

void ExpectBalanced(const v1::Report& report) {
  EXPECT_THAT(report.difference(), IsEmpty());
  for (const v1::QueueReport& queue : report.queue()) {
    const v1::Counts& t = queue.total();
    EXPECT_EQ(t.unaccounted(), 0) << queue.name();
    EXPECT_EQ(t.offered(), t.answered() + t.abandoned() + t.sent_outside() +
                               t.refused() + t.hung_up() + t.lost() +
                               t.in_progress())
        << queue.name();
    uint64_t offered = 0, answered = 0;
    for (const v1::IntervalReport& row : queue.interval()) {
      offered += row.counts().offered();
      answered += row.counts().answered();
    }
    EXPECT_EQ(offered, t.offered());
    EXPECT_EQ(answered, t.answered());
  }
}

TEST(Simulate, SeveralSeedsBalanceAndDiffer) {
  Scenario scenario = Parse(kSmall);
  std::map<std::string, int> reports;
  uint64_t outside = 0, refused = 0, abandoned = 0;
  for (scenario.seed = 1; scenario.seed <= 20; ++scenario.seed) {
    const v1::Report report = Played(scenario);
    ExpectBalanced(report);
    EXPECT_EQ(report.queue(0).interval_size(), 4);
    EXPECT_EQ(report.queue(0).interval(3).from(), "10:30");
    outside += report.total().sent_outside();
    refused += report.total().refused();
    abandoned += report.total().abandoned();
    ++reports[report.SerializeAsString()];
    EXPECT_EQ(report.SerializeAsString(), Played(scenario).SerializeAsString());
  }
  EXPECT_EQ(reports.size(), 20u);
  EXPECT_GT(outside, 0u);
  EXPECT_GT(refused, 0u);
  EXPECT_GT(abandoned, 0u);
}

// The numbers a caller draws do not depend on how calls are routed.
TEST(Simulate, CommonRandomNumbers) {
  Scenario scenario = Parse(kSmall);
  const auto arrivals = [](const Scenario& s) {
    std::vector<std::pair<int64_t, int>> list;
    SimulateOptions options;
    options.observer = [&](const SimulatedCall& call) {
      list.emplace_back(call.arrived_us, call.kind);
    };
    Played(s, options);
    std::sort(list.begin(), list.end());
    return list;
  };
  const auto before = arrivals(scenario);
  ASSERT_GT(before.size(), 100u);
  scenario.configuration.queues[0].strategy.order = AgentOrder::kRandom;
  scenario.configuration.queues[0].wrap_up = absl::Seconds(90);
  scenario.behaviours.clear();
  EXPECT_EQ(arrivals(scenario), before);
}

TEST(Simulate, WarmUpIsLeftOutOfTheReportOnly) {
  Scenario scenario = Parse(kSmall);
  const v1::Report all = Played(scenario);
  scenario.warm_up = absl::Minutes(30);
  const v1::Report later = Played(scenario);
  ExpectBalanced(later);
  EXPECT_EQ(later.queue(0).interval(0).counts().offered(), 0u);
  EXPECT_EQ(later.queue(0).interval(1).counts().offered(),
            all.queue(0).interval(1).counts().offered());
}

// Every figure by hand: one agent, three calls at known times.
TEST(Simulate, SmallDayByHand) {
  const v1::Report report = Played(Parse(R"(
start: "2026-03-03 09:00" horizon: "10m" interval: "5m"
config {
  queue { name: "q" wrap_up: "10s" service_level_target: "50s" }
  agent { name: "ann" ref: 1 }
}
behaviour { answer_after { constant: "5s" } }
arrivals { queue: "q" at: "09:01:00" at: "09:01:30" at: "70s"
           handle_time { constant: "60s" } patience { constant: "100s" } }
shift { from: "0s" to: "09:05" }
trace_lines: 100
)"));
  ExpectBalanced(report);
  const v1::Counts& t = report.queue(0).total();
  // 09:01:00 answered 09:01:05 to 09:02:05, wrap-up to 09:02:15. 09:01:10
  // answered 09:02:20 (waited 70 s) to 09:03:20, wrap-up to 09:03:30. 09:01:30
  // gives up at 09:03:10.
  EXPECT_EQ(t.offered(), 3u);
  EXPECT_EQ(t.answered(), 2u);
  EXPECT_EQ(t.within_target(), 1u);
  EXPECT_EQ(t.abandoned(), 1u);
  EXPECT_DOUBLE_EQ(t.asa_s(), 37.5);
  EXPECT_DOUBLE_EQ(t.abandoned_after_s(), 100);
  EXPECT_DOUBLE_EQ(t.handle_s(), 60);
  EXPECT_DOUBLE_EQ(t.agents(), 0.5);
  EXPECT_DOUBLE_EQ(t.occupancy(), 150.0 / 300);
  EXPECT_DOUBLE_EQ(report.queue(0).interval(0).counts().agents(), 1);
  EXPECT_EQ(report.queue(0).interval(1).counts().agents(), 0);
  ASSERT_GE(report.trace_size(), 4);
  EXPECT_EQ(report.trace(0), "09:01:00  call 1 comes for q");
  EXPECT_THAT(report.trace(1), HasSubstr("call 1 rings ann"));
  EXPECT_THAT(ReportTable(report), HasSubstr("unaccounted"));
}

TEST(Simulate, RatesBurstsAndMomentsGiveTheirCalls) {
  Scenario scenario = Parse(R"(
horizon: "10h"
config { queue { name: "q" entry { when_nobody_logged_in {
           hang_up { cause: "closed" } } } } }
arrivals { queue: "q" per_half_hour: 0 per_half_hour: 5000
           per_half_hour: 0 per_half_hour: 10000 }
arrivals { queue: "q" burst { from: "5h" within: "2m" calls: 200 } }
arrivals { queue: "q" at: "1s" at: "9h59m59s" }
)");
  const v1::Report report = Played(scenario);
  ExpectBalanced(report);
  const auto offered = [&](int i) {
    return static_cast<double>(report.queue(0).interval(i).counts().offered());
  };
  EXPECT_EQ(offered(0), 1);
  EXPECT_NEAR(offered(1), 5000, 5 * std::sqrt(5000.0));
  EXPECT_EQ(offered(2), 0);
  EXPECT_NEAR(offered(3), 10000, 5 * std::sqrt(10000.0));
  EXPECT_EQ(offered(4), 0);
  EXPECT_EQ(offered(10), 200);
  EXPECT_EQ(offered(19), 1);
  EXPECT_EQ(report.total().refused(), report.total().offered());
}

TEST(Simulate, ReportAsJsonHasEveryField) {
  const std::string json = ReportJson(Played(Parse(kSmall)));
  for (const char* field : {"\"scenario\": \"small\"", "\"unaccounted\": \"0\"",
                            "\"within_target\"", "\"asa_s\"", "\"occupancy\"",
                            "\"step\": \"others\""}) {
    EXPECT_THAT(json, HasSubstr(field));
  }
}

// --- Scenarios that are wrong ---

std::vector<std::string> FaultsOf(const std::string& text) {
  std::vector<FileFault> faults;
  const auto scenario = ParseScenario(text, "s", nullptr, &faults);
  EXPECT_FALSE(scenario.ok());
  std::vector<std::string> lines;
  for (const FileFault& fault : faults) lines.push_back(fault.ToString());
  return lines;
}

TEST(ParseScenario, ListsAllFaultsWithTheirPlaces) {
  const std::vector<std::string> faults = FaultsOf(
      R"(horizon: "soon"
warm_up: "10"
config { queue { name: "q" ring: "-1s" } }
arrivals { queue: "q" profile: "none" patience { exponential: "3 min" } }
shift { from: "25:99" }
)");
  ASSERT_EQ(faults.size(), 6u) << ::testing::PrintToString(faults);
  EXPECT_THAT(faults[0], HasSubstr("s:1:10: horizon: found \"soon\""));
  EXPECT_THAT(faults[1], HasSubstr("s:2:10: warm_up: found \"10\""));
  EXPECT_THAT(faults[2], HasSubstr("s:3:34: config.queue[0].ring"));
  EXPECT_THAT(faults[3], HasSubstr("s:4:32: arrivals[0].profile"));
  EXPECT_THAT(faults[4], HasSubstr("s:4:63: arrivals[0].patience.exponential"));
  EXPECT_THAT(faults[5], HasSubstr("s:5:15: shift[0].from"));
}

TEST(ParseScenario, ChecksAgainstItsConfiguration) {
  const std::vector<std::string> faults = FaultsOf(
      R"(horizon: "1h"
config { queue { name: "q" } agent { name: "ann" ref: 1 } }
arrivals { queue: "p" at: "2h" }
handle_factor { queue: "q" agents: "sales >=" factor: 0 }
shift { agent: "bob" }
behaviour { no_answer_probability: 1.5 }
)");
  ASSERT_EQ(faults.size(), 6u) << ::testing::PrintToString(faults);
  EXPECT_THAT(faults[0], HasSubstr("s:3:19: arrivals[0].queue: found \"p\""));
  EXPECT_THAT(faults[1], HasSubstr("s:3:27: arrivals[0].at[0]"));
  EXPECT_THAT(faults[2], HasSubstr("s:4:45: handle_factor[0].agents"));
  EXPECT_THAT(faults[3], HasSubstr("handle_factor[0].factor"));
  EXPECT_THAT(faults[4], HasSubstr("shift[0].agent[0]: found \"bob\""));
  EXPECT_THAT(faults[5], HasSubstr("behaviour[0].no_answer_probability"));
}

TEST(ParseScenario, NeedsOneConfiguration) {
  EXPECT_THAT(FaultsOf("horizon: \"1h\""),
              ElementsAre(HasSubstr("either config or config_file")));
  EXPECT_THAT(
      FaultsOf("horizon: \"1h\" config {} config_file: \"c.textproto\""),
      ElementsAre(HasSubstr("either config or config_file")));
}

TEST(ParseScenario, FaultsOfAConfigurationFileNameThatFile) {
  const FileReader read =
      [](const std::string& name) -> absl::StatusOr<std::string> {
    if (name == "centre.textproto") return std::string("queue { nam: \"q\" }");
    return absl::NotFoundError("no such file");
  };
  std::vector<FileFault> faults;
  EXPECT_FALSE(
      ParseScenario("horizon: \"1h\" config_file: \"centre.textproto\"", "s",
                    read, &faults)
          .ok());
  ASSERT_FALSE(faults.empty());
  EXPECT_THAT(faults[0].ToString(), HasSubstr("centre.textproto:1:"));
  EXPECT_FALSE(ParseScenario("horizon: \"1h\" config_file: \"other\"", "s",
                             read, &faults)
                   .ok());
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_THAT(faults[0].ToString(), HasSubstr("no such file"));
}

// --- The stories the demo plays ---

std::string ReadText(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

v1::Report Play(const std::string& story) {
  const std::string name = "examples/scenarios/" + story + ".textproto";
  const std::string text = ReadText(name);
  EXPECT_FALSE(text.empty()) << name;
  const v1::Report report = Played(Parse(text));
  ExpectBalanced(report);
  return report;
}

uint64_t StepCalls(const v1::QueueReport& queue, const std::string& step) {
  for (const v1::StepCount& count : queue.total().step()) {
    if (count.step() == step) return count.calls();
  }
  return 0;
}

TEST(Stories, SalesOverflow) {
  const v1::Report report = Play("sales_overflow");
  EXPECT_GT(report.total().sent_outside(), 0u);
  EXPECT_EQ(StepCalls(report.queue(0), "backup_centre"),
            report.total().sent_outside());
}

TEST(Stories, CascadeReachesEveryStage) {
  const v1::Report report = Play("cascade");
  EXPECT_EQ(report.total().offered(), 7u);
  EXPECT_EQ(report.total().abandoned(), 0u);
  EXPECT_GT(StepCalls(report.queue(0), "mobiles"),
            StepCalls(report.queue(0), "reception"));
  EXPECT_GT(StepCalls(report.queue(0), "director"), 0u);
}

TEST(Stories, SupportLevels) {
  const v1::Report report = Play("support_levels");
  EXPECT_GT(StepCalls(report.queue(0), "level2_helps"), 0u);
  EXPECT_EQ(report.total().sent_outside(), 0u);
}

TEST(Stories, TvSpot) {
  const v1::Report report = Play("tv_spot");
  EXPECT_GE(report.queue(0).total().offered(), 230u);
  EXPECT_GT(StepCalls(report.queue(0), "service_helps"), 0u);
  EXPECT_GT(report.queue(0).total().sent_outside(), 0u);
  EXPECT_GT(report.queue(0).total().refused(), 0u);
}

TEST(Stories, AfterHours) {
  const v1::Report report = Play("after_hours");
  const v1::Counts& office = report.queue(0).total();
  EXPECT_EQ(office.offered(), 3u);
  EXPECT_EQ(office.answered(), 1u);
  EXPECT_EQ(office.hung_up(), 1u);  // Was waiting at 18:00.
  EXPECT_EQ(office.refused(), 1u);  // Came at 18:01.
  EXPECT_EQ(report.queue(1).total().answered(), 1u);
}

}  // namespace
}  // namespace callrouter
