// Very many random attempts of a list of leads under an oracle of time stamps
// (tests/oracle/lead_watch.h): none outside its hours, over a cap, too early,
// or with a number that must not be dialled; while zones change their clocks,
// the host's clock jumps, and its wall clock is set.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "callrouter/lead_list.h"
#include "tests/oracle/lead_watch.h"
#include "tests/oracle/random_leads.h"
#include "tests/oracle/scale.h"

namespace callrouter {
namespace {

using oracle::LeadWatch;
using oracle::RandomLeads;

constexpr uint64_t kLeads = 400;

// What the list is told, but not who watches it, so that it is caught.
struct Spoiled {
  std::function<void(DialRules*)> rules = [](DialRules*) {};
  std::function<void(LeadListOptions*)> options = [](LeadListOptions*) {};
  bool deaf = false;  // To do-not-call and to clocks.
};

class WatchedList {
 public:
  WatchedList(uint64_t seed, const Spoiled& spoiled)
      : random_(seed), deaf_(spoiled.deaf) {
    const DialRules rules = random_.Rules();
    told_ = rules;
    spoiled.rules(&told_);
    options_.reservation_timeout =
        absl::Seconds(30 + int64_t(random_.Below(9'000)));
    options_.call_max = absl::Minutes(1 + int64_t(random_.Below(900)));
    options_.leads_per_number_max = 1000;
    watch_ = std::make_unique<LeadWatch>(options_, rules);
    spoiled.options(&options_);
    leads_ = *LeadList::Create(options_, told_, host_);
    watch_->Tell(host_);
    for (uint64_t lead = 1; lead <= kLeads; ++lead) Put(lead);
  }

  const std::string& wrong() const { return wrong_; }
  int64_t attempts() const { return int64_t(attempts_made_); }
  int64_t jumps() const { return jumps_; }
  const LeadWatch& watch() const { return *watch_; }

  void Step() {
    Pass();
    watch_->Tell(host_);
    const uint64_t dice = random_.Below(10'000);
    if (dice < 5'600) {
      Next();
    } else if (dice < 9'700) {
      Settle();
    } else {
      Change(dice % 16);
    }
  }

 private:
  void Pass() {
    const uint64_t dice = random_.Below(1'000);
    if (dice < 950) {
      host_ += absl::Microseconds(int64_t(random_.Below(30'000'000)));
    } else if (dice < 998) {
      host_ += absl::Seconds(int64_t(random_.Below(1'800)));
    } else {
      host_ += absl::Minutes(int64_t(random_.Below(900)));
    }
  }
  void Next() {
    LeadRequest request;
    request.attempt = ++asked_;
    const std::string campaign = random_.Campaign();
    request.campaign = campaign;
    request.agent = random_.Agent();
    request.agent_reserved = random_.Chance(40);
    LeadChoice choice;
    const absl::Status status = leads_->Next(request, host_, &choice);
    if (!status.ok()) wrong_ = status.ToString();
    if (!status.ok() || choice.lead == 0) return;
    ++attempts_made_;
    const std::string why = watch_->Chosen(request, choice);
    if (!why.empty()) {
      wrong_ = "lead " + std::to_string(choice.lead) + " at " +
               choice.number.ToString() + ": " + why;
    }
    alive_.push_back(request.attempt);
  }
  void Settle() {
    if (alive_.empty()) return;
    const std::size_t i = random_.Below(alive_.size());
    const uint64_t attempt = alive_[i];
    const uint64_t dice = random_.Below(20);
    if (dice < 4) {
      if (leads_->Dialled(attempt, host_).ok()) watch_->Dialled(attempt);
      return;
    }
    alive_.erase(alive_.begin() + static_cast<std::ptrdiff_t>(i));
    if (dice < 5) return;  // Nobody says how it ended.
    if (dice < 7) {
      if (leads_->Cancel(attempt, host_).ok()) watch_->Cancel(attempt);
      return;
    }
    const auto& all = RandomLeads::Dispositions();
    const DialDisposition& d =
        all[random_.Below(random_.Chance(60)   ? 4
                          : random_.Chance(96) ? 7
                                               : all.size())];
    const LeadCallback callback = random_.Callback(watch_->civil());
    const LeadCallback* const with =
        d.result == DialResult::kCallback ? &callback : nullptr;
    if (leads_->Report(attempt, d.name, host_, with).ok()) {
      watch_->Report(attempt, d.name, with);
    }
  }

  uint64_t Lead() { return 1 + random_.Below(kLeads); }
  PhoneNumber Phone() {
    constexpr uint64_t kHeads[] = {710, 711, 720, 730, 740};
    return PhoneNumber::FromValue(kHeads[random_.Below(5)] * 100'000'000 +
                                  99'000'000 + random_.Below(150));
  }
  void Put(uint64_t ref) {
    LeadConfig lead = random_.Lead(watch_->civil());
    lead.lead = ref;
    if (lead.person != 0) lead.person = 1 + random_.Below(kLeads / 3);
    for (std::size_t i = 0; i < lead.numbers.size(); ++i) {
      lead.numbers[i].number = Phone();
      for (std::size_t k = 0; k < i; ++k) {
        if (lead.numbers[k].number != lead.numbers[i].number) continue;
        lead.numbers.resize(i);
        break;
      }
    }
    if (leads_->Put(lead, host_).ok()) watch_->Put(lead);
  }

  void Change(uint64_t what) {
    const uint64_t lead = Lead();
    const bool on = random_.Chance(40);
    switch (what) {
      case 0:
        if (leads_->Remove(lead, host_).ok()) watch_->Remove(lead);
        break;
      case 1:
        if (leads_->Pause(lead, on, host_).ok()) watch_->Pause(lead, on);
        break;
      case 2: {
        const std::string list = random_.List();
        const bool pause = random_.Chance(20);
        if (leads_->PauseList(list, pause, host_).ok()) {
          watch_->PauseList(list, pause);
        }
        break;
      }
      case 3: {
        LeadSubject subject;
        subject.lead = lead;
        if (on) subject.number = Phone();
        if (leads_->Forget(subject, host_).ok()) watch_->Forget(subject);
        break;
      }
      case 4: {
        const LeadCallback callback = random_.Callback(watch_->civil());
        if (leads_->Callback(lead, callback, host_).ok()) {
          watch_->Callback(lead, callback);
        }
        break;
      }
      case 5:
      case 6:
      case 7:
        Put(lead);
        break;
      case 8:
      case 9:
      case 10:
        Suppress();
        break;
      case 11:
        if (random_.Chance(20)) Clock();
        break;
      default:
        if (leads_->Reset(lead, host_).ok()) watch_->Reset(lead);
    }
  }
  void Suppress() {
    const PhoneNumber number = Phone();
    const uint64_t dice = random_.Below(10);
    if (dice == 0) {
      const bool on = random_.Chance(30);
      const std::string prefix = "7109900012";
      const absl::Status status = on ? leads_->DoNotCallPrefix(prefix, host_)
                                     : leads_->AllowCallPrefix(prefix, host_);
      if (status.ok()) watch_->Prefix(prefix, on);
    } else if (dice < 6) {
      const bool on = random_.Chance(20);
      const absl::Status status = deaf_ ? absl::OkStatus()
                                  : on  ? leads_->DoNotCall(number, host_)
                                        : leads_->AllowCall(number, host_);
      if (status.ok()) watch_->DoNotCall(number, on);
    } else {
      const auto check =
          static_cast<NumberCheck>(random_.Chance(80) ? 1 : random_.Below(3));
      if (leads_->Checked(number, check, host_).ok()) {
        watch_->Checked(number, check);
      }
    }
  }
  void Clock() {
    ++jumps_;
    const absl::Duration by =
        absl::Microseconds(int64_t(random_.Below(100'000)) * 3'600'001) -
        absl::Hours(50);
    switch (random_.Below(4)) {
      case 0:  // The wall clock is set; mostly it is not far off.
        offset_ = (random_.Chance(70) ? by / 1'000 : by / 3) - jumped_;
        if (!deaf_) leads_->SetWallClock(offset_, host_);
        watch_->SetWallClock(offset_);
        break;
      case 1:  // The host's clock begins elsewhere.
        leads_->Advance(host_);
        host_ += by;
        jumped_ += by;
        watch_->Rebase(by);
        leads_->RebaseClock(by, host_);
        offset_ -= by;
        leads_->SetWallClock(offset_, host_);
        watch_->SetWallClock(offset_);
        watch_->Tell(host_);
        break;
      case 2:  // Other hours.
        Hours();
        break;
      default:
        std::string saved;
        leads_->Save(&saved);
        auto loaded = LeadList::Load(options_, saved);
        if (loaded.ok()) {
          leads_ = *std::move(loaded);
        } else {
          wrong_ = loaded.status().ToString();
        }
    }
  }
  void Hours() {
    const DialRules other = random_.Rules();
    for (std::size_t i = 0; i < told_.laws.size(); ++i) {
      told_.laws[i].open = other.laws[i].open;
      told_.laws[i].closed = other.laws[i].closed;
      told_.laws[i].holidays = other.laws[i].holidays;
    }
    const absl::Status status = leads_->SetRules(told_, host_);
    if (!status.ok()) wrong_ = status.ToString();
    watch_->SetRules(told_);
  }

  RandomLeads random_;
  const bool deaf_;
  LeadListOptions options_;
  DialRules told_;
  absl::Time host_ = absl::FromUnixSeconds(1'760'000'000);
  absl::Duration jumped_, offset_;
  std::unique_ptr<LeadList> leads_;
  std::unique_ptr<LeadWatch> watch_;
  std::vector<uint64_t> alive_;
  std::string wrong_;
  uint64_t asked_ = 0;
  uint64_t attempts_made_ = 0;
  int64_t jumps_ = 0;
};

TEST(LeadTimesTest, NobodyIsCalledAgainstTheRules) {
  const int64_t attempts = oracle::ScaledRounds(100'000, 10'000'000);
  constexpr int kSteps = 40'000;
  int64_t made = 0, jumps = 0, worlds = 0;
  std::map<std::string, int64_t> close;
  while (made < attempts) {
    ++worlds;
    WatchedList list(static_cast<uint64_t>(worlds), Spoiled());
    for (int step = 0; step < kSteps && list.wrong().empty(); ++step) {
      list.Step();
    }
    ASSERT_EQ(list.wrong(), "") << "world " << worlds;
    made += list.attempts();
    jumps += list.jumps();
    for (const auto& [rule, times] : list.watch().close_calls()) {
      close[rule] += times;
    }
  }
  for (const auto& [rule, times] : close) {
    std::printf("%s: close %lld times\n", rule.c_str(),
                static_cast<long long>(times));
  }
  // All windows and hours were in play, if there was time for it.
  EXPECT_GE(close.size(), attempts >= 100'000 ? 8u : 5u);
  oracle::Report("attempts, each looked at by its times",
                 static_cast<uint64_t>(made),
                 "none outside its hours, over a cap or too early; " +
                     std::to_string(worlds) + " sets of rules, " +
                     std::to_string(jumps) + " clock events");
}

// One that sees nothing proves nothing.
TEST(LeadTimesTest, AListThatBreaksOneRuleIsCaught) {
  const auto caps = [](DialWindow window) {
    return [=](DialRules* rules) {
      const auto more = [&](std::vector<DialCap>& of) {
        for (DialCap& cap : of) cap.limit += cap.window == window ? 1 : 0;
      };
      for (DialLaw& law : rules->laws) more(law.caps);
      for (DialCampaign& campaign : rules->campaigns) more(campaign.caps);
    };
  };
  const auto campaigns = [](const std::function<void(DialCampaign&)>& change) {
    return [=](DialRules* rules) {
      for (DialCampaign& campaign : rules->campaigns) change(campaign);
    };
  };
  const auto rows = [&](const std::function<void(RedialRule&)>& change) {
    return campaigns([=](DialCampaign& campaign) {
      for (RedialRule& row : campaign.redial) change(row);
    });
  };
  std::vector<std::pair<std::string, Spoiled>> all(15);
  for (std::size_t i = 0; i < 5; ++i) {
    all[i] = {"cap by window " + std::to_string(i),
              {caps(static_cast<DialWindow>(i))}};
  }
  all[5] = {"outside hours", {[](DialRules* rules) {
              for (DialLaw& law : rules->laws) {
                for (OpenPeriod& p : law.open) p.to_minute = 24 * 60;
              }
            }}};
  all[6] = {"another's callback", {campaigns([](DialCampaign& c) {
              c.callback_fallback = absl::ZeroDuration();
            })}};
  all[7] = {"without consent",
            {campaigns([](DialCampaign& c) { c.consent_required = false; })}};
  all[8] = {"unchecked",
            {campaigns([](DialCampaign& c) { c.check_required = false; })}};
  all[9] = {"guard", {campaigns([](DialCampaign& c) { c.guard = "guard"; })}};
  all[10] = {"before its redial rule", {rows([](RedialRule& row) {
               for (absl::Duration& d : row.delays) d = absl::ZeroDuration();
             })}};
  all[11] = {"needs an agent",
             {rows([](RedialRule& row) { row.guarantee = false; })}};
  all[12] = {
      "number in another call",
      {[](DialRules*) {},
       [](LeadListOptions* options) { options->call_max = absl::Seconds(9); }}};
  all[13] = {"do not call", {[](DialRules*) {}, [](LeadListOptions*) {}, true}};
  all[14] = {"number over", {rows([](RedialRule& row) {
               if (row.action != RedialAction::kDrop) return;
               row.action = RedialAction::kNext;
             })}};
  for (const auto& [what, spoiled] : all) {
    std::map<std::string, int> seen;
    for (uint64_t world = 1; world <= 60 && seen[what] == 0; ++world) {
      WatchedList list(world, spoiled);
      for (int step = 0; step < 4'000 && list.wrong().empty(); ++step) {
        list.Step();
      }
      const std::size_t at = list.wrong().find(what);
      ++seen[at == std::string::npos ? list.wrong() : what];
    }
    EXPECT_GT(seen[what], 0) << what;
  }
}

}  // namespace
}  // namespace callrouter
