// Files that make an engine dial: what is read, and what is wrong with them.

#include "callrouter/outbound_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "callrouter/config_file.h"
#include "callrouter/engine.h"
#include "callrouter/outbound.h"

namespace callrouter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<std::string> ReadFile(const std::string& name) {
  std::ifstream file("examples/dial/" + name);
  if (!file) return absl::NotFoundError("no such file");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> FaultsOf(const std::string& text) {
  std::vector<FileFault> faults;
  const auto setup = ParseOutbound(text, "f", ReadFile, &faults);
  EXPECT_EQ(setup.ok(), faults.empty());
  std::vector<std::string> texts;
  texts.reserve(faults.size());
  for (const FileFault& fault : faults) texts.push_back(fault.ToString());
  return texts;
}

// The example, with `from` replaced by `to`.
std::string Changed(const std::string& from, const std::string& to) {
  std::string text = *ReadFile("outbound.textproto");
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(OutboundFileTest, TheExampleMakesAnEngineThatDials) {
  std::vector<FileFault> faults;
  const auto setup = ParseOutbound(*ReadFile("outbound.textproto"),
                                   "outbound.textproto", ReadFile, &faults);
  ASSERT_TRUE(setup.ok()) << setup.status();
  ASSERT_EQ(setup->groups.size(), 1u);
  const PacingGroup& group = setup->groups[0];
  EXPECT_EQ(group.queue, "renewals");
  EXPECT_EQ(group.pacing.agents_kept_free, 1);
  ASSERT_EQ(group.pacing.carriers.size(), 1u);
  EXPECT_EQ(group.pacing.carriers[0].lines_max, 60);
  EXPECT_EQ(group.pacing.carriers[0].starts_per_second, 10);
  const OutboundCampaign& campaign = group.campaigns[0];
  EXPECT_EQ(campaign.hold, absl::Seconds(10));
  EXPECT_EQ(campaign.unserved, Unserved::kMessage);
  EXPECT_THAT(campaign.pacing.carriers, ElementsAre(0));
  ASSERT_EQ(campaign.pacing.windows.size(), 2u);
  EXPECT_EQ(campaign.pacing.windows[1].kind, WindowKind::kRolling);
  EXPECT_EQ(campaign.pacing.windows[1].length, absl::Hours(720));
  ASSERT_TRUE(setup->numbers.has_value());
  EXPECT_EQ(setup->numbers->numbers.put.size(), 200u);
  ASSERT_TRUE(setup->return_calls.has_value());
  ASSERT_EQ(setup->return_calls->queues.size(), 2u);
  EXPECT_EQ(setup->return_calls->queues[1].name, "renewals");

  const auto centre =
      ParseConfig(*ReadFile("centre.textproto"), "centre.textproto", &faults);
  ASSERT_TRUE(centre.ok()) << centre.status();
  absl::Time now;  // A working day in London.
  ASSERT_TRUE(
      absl::ParseTime("%Y-%m-%d %H:%M", "2026-11-23 12:00", &now, nullptr));
  const auto engine = Engine::Create(EngineOptions(), *centre, *setup, now);
  ASSERT_TRUE(engine.ok()) << engine.status();
  Decisions decisions;
  LeadConfig lead;
  lead.lead = 4711;
  lead.list = "march";
  lead.numbers = {{*PhoneNumber::Parse("+442079461234")}};
  ASSERT_TRUE((*engine)->outbound()->PutLead(lead, now, &decisions).ok());
  for (const uint64_t agent : {uint64_t{1}, uint64_t{3}}) {
    ASSERT_TRUE((*engine)
                    ->Handle(Event::ForAgentRef(EventKind::kAgentLogin, agent),
                             now, &decisions)
                    .ok());
  }
  int dialled = 0;
  for (const Decision& d : decisions) {
    if (d.kind != DecisionKind::kDial) continue;
    ++dialled;
    EXPECT_EQ(d.lead, 4711u);
    EXPECT_EQ(d.number, lead.numbers[0].number);
    EXPECT_EQ(d.shown.ToString().substr(0, 5), "+4420");
  }
  EXPECT_EQ(dialled, 1);
}

TEST(OutboundFileTest, FaultsHaveTheirPlace) {
  EXPECT_THAT(FaultsOf(Changed("hold: \"10s\"", "hold: \"10\"")),
              ElementsAre(HasSubstr("f:17:11: group[0].campaign[0].hold: found "
                                    "\"10\", expected a duration")));
  EXPECT_THAT(
      FaultsOf(Changed("busy: \"busy\"", "busy: \"engaged\"")),
      ElementsAre(HasSubstr("group[0].campaign[0].dispositions.busy: found "
                            "\"engaged\", expected a disposition")));
  EXPECT_THAT(
      FaultsOf(Changed("trunk { trunk: \"main\"", "trunk { trunk: \"other\"")),
      ElementsAre(HasSubstr("group[0].campaign[0].trunk: found "
                            "\"main\", expected a trunk of the "
                            "group")));
  EXPECT_THAT(FaultsOf(Changed("\"+442079460000\"", "\"x\"")),
              ElementsAre(HasSubstr("return_calls.number[0].number: found "
                                    "\"x\"")));
  EXPECT_THAT(FaultsOf(Changed("  name: \"renewals\"\n    window",
                               "  name: \"sale\"\n    window")),
              ElementsAre(HasSubstr("group[0].campaign[0].name: found "
                                    "\"sale\"")));
}

TEST(OutboundFileTest, FilesThatAreNamedMustBeThere) {
  EXPECT_THAT(
      FaultsOf(Changed("\"numbers.textproto\"", "\"nowhere.textproto\"")),
      ElementsAre(HasSubstr("f:6:10: numbers: found \"nowhere.textproto\", "
                            "expected a file: no such file")));
  // And what is wrong in them is said of them.
  EXPECT_THAT(
      FaultsOf(Changed("\"numbers.textproto\"", "\"renewals.textproto\"")),
      testing::Contains(HasSubstr("renewals.textproto:")));
}

}  // namespace
}  // namespace callrouter
