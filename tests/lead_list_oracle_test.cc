// The list of leads and its plain twin under the same random calls, compared
// answer by answer. The twin keeps every attempt with its time and works out
// hours, caps and windows anew each time, so no attempt it agrees with is
// outside its window or over a cap.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "callrouter/lead_list.h"
#include "tests/oracle/naive_leads.h"
#include "tests/oracle/random_leads.h"
#include "tests/oracle/scale.h"

namespace callrouter {
namespace {

using oracle::NaiveLeads;
using oracle::RandomLeads;

class Twins {
 public:
  explicit Twins(uint64_t seed) : random_(seed), rules_(random_.Rules()) {
    options_.attempt_keep = absl::Minutes(int64_t(random_.Below(60)));
    options_.reservation_timeout =
        absl::Seconds(30 + int64_t(random_.Below(9'000)));
    options_.call_max = absl::Minutes(1 + int64_t(random_.Below(900)));
    options_.leads_per_number_max = 1000;
    auto made = LeadList::Create(options_, rules_, host_);
    if (!made.ok()) {
      Differ("create", made.status().ToString(), "OK");
      return;
    }
    leads_ = *std::move(made);
    naive_ = std::make_unique<NaiveLeads>(options_, rules_);
    naive_->Tell(host_);
    for (uint64_t n = random_.Below(40); n > 0; --n) Put();
  }

  bool same() const { return difference_.empty(); }
  const std::string& difference() const { return difference_; }
  const LeadList& leads() const { return *leads_; }
  const std::map<std::string, int>& kinds() const { return kinds_; }
  int chosen() const { return chosen_; }
  int asked() const { return asked_; }

  void Step() {
    Pass();
    naive_->Tell(host_);
    const uint64_t dice = random_.Below(1000);
    if (dice < 450) {
      Next();
    } else if (dice < 800) {
      Settle();
    } else if (dice < 870) {
      Put();
    } else {
      Change(random_.Below(13));
    }
    Look();
  }

 private:
  void Differ(const std::string& what, const std::string& mine,
              const std::string& theirs) {
    if (!difference_.empty()) return;
    difference_ = what + ": list " + mine + ", twin " + theirs;
  }
  void Compare(const std::string& what, absl::StatusCode mine,
               absl::StatusCode theirs) {
    ++kinds_[what + " " + absl::StatusCodeToString(mine)];
    if (mine != theirs) {
      Differ(what, absl::StatusCodeToString(mine),
             absl::StatusCodeToString(theirs));
    }
  }

  void Pass() {
    const uint64_t dice = random_.Below(100);
    if (dice < 70) {
      host_ += absl::Microseconds(int64_t(random_.Below(40'000'000)));
    } else if (dice < 95) {
      host_ += absl::Seconds(int64_t(random_.Below(1'800)));
    } else if (dice < 99) {
      host_ += absl::Minutes(int64_t(random_.Below(600)));
    } else if (random_.Chance(30)) {
      host_ += absl::Hours(int64_t(random_.Below(100)));
    } else {
      host_ -= absl::Seconds(int64_t(random_.Below(100)));  // Has no effect.
    }
  }
  absl::Time Civil() const {
    return absl::FromUnixSeconds(absl::ToUnixSeconds(host_ - rebased_)) +
           absl::Seconds(naive_->wall());
  }

  LeadRequest Request() {
    LeadRequest request;
    request.attempt = 1 + random_.Below(200);
    campaign_ = random_.Campaign();
    request.campaign = campaign_;
    request.agent = random_.Agent();
    request.agent_reserved = random_.Chance(60);
    return request;
  }

  void Next() {
    const LeadRequest request = Request();
    ++asked_;
    LeadChoice mine;
    NaiveLeads::Choice theirs;
    if (random_.Chance(30)) WhyNot(request);
    const absl::Status status = leads_->Next(request, host_, &mine);
    Compare("next", status.code(), naive_->Next(request, &theirs));
    if (!status.ok()) return;
    const auto text = [](uint64_t lead, PhoneNumber number, int attempts,
                         bool callback) {
      return std::to_string(lead) + " at " + number.ToString() + " for the " +
             std::to_string(attempts) + "th time" +
             (callback ? ", callback" : "");
    };
    const std::string a =
        text(mine.lead, mine.number, mine.attempts, mine.callback);
    const std::string b =
        text(theirs.lead, theirs.number, theirs.attempts, theirs.callback);
    if (a != b) Differ("choice", a, b);
    if (mine.lead != 0) {
      ++chosen_;
      ++kinds_[mine.callback ? "callback made" : "lead called"];
      attempts_.push_back(request.attempt);
      if (attempts_.size() > 30) attempts_.erase(attempts_.begin());
    } else if (mine.retry_at > host_ && random_.Chance(25)) {
      Earlier(mine.retry_at);
    }
  }

  // Nobody is free to call before the time that was named.
  void Earlier(absl::Time retry_at) {
    const absl::Duration wait =
        std::min(retry_at - host_, absl::Hours(24 * 10));
    const uint64_t us = static_cast<uint64_t>(absl::ToInt64Microseconds(wait));
    const absl::Time at =
        host_ + absl::Microseconds(int64_t(random_.Below(us)));
    NaiveLeads later = *naive_;
    later.Tell(at);
    LeadRequest request;
    request.campaign = campaign_;
    if (later.First(request) != 0) {
      Differ("retry_at", absl::FormatTime(retry_at), absl::FormatTime(at));
    }
    ++kinds_["retry_at"];
  }

  void WhyNot(const LeadRequest& request) {
    const uint64_t lead = 1 + random_.Below(40);
    std::vector<LeadReason> reasons;
    const absl::Status status = leads_->WhyNot(lead, request, host_, &reasons);
    const NaiveLeads::Lead* const known = naive_->Find(lead);
    if (!status.ok()) return;
    for (const LeadReason& reason : reasons) {
      ++kinds_["why not: " + std::string(Name(reason.block))];
    }
    const bool first = naive_->First(request) == lead;
    if (first != reasons.empty()) {
      Differ(
          "why not " + std::to_string(lead) + " " +
              std::string(Name(known->state)),
          reasons.empty() ? "no reason" : std::string(Name(reasons[0].block)),
          first ? "is first" : "is not");
    }
  }

  void Settle() {
    uint64_t attempt = 1 + random_.Below(200);
    if (!attempts_.empty() && random_.Chance(97)) {
      const std::size_t i = random_.Below(attempts_.size());
      attempt = attempts_[i];
      // Mostly it is over then.
      if (random_.Chance(50)) {
        attempts_.erase(attempts_.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
    const uint64_t dice = random_.Below(10);
    if (dice < 3) {
      Compare("dialled", leads_->Dialled(attempt, host_).code(),
              naive_->Dialled(attempt));
    } else if (dice < 4) {
      Compare("cancel", leads_->Cancel(attempt, host_).code(),
              naive_->Cancel(attempt));
    } else {
      const auto& all = RandomLeads::Dispositions();
      const DialDisposition& d =
          all[random_.Below(random_.Chance(70) ? 4 : all.size())];
      const LeadCallback callback = random_.Callback(Civil());
      const LeadCallback* const with =
          d.result == DialResult::kCallback ? &callback : nullptr;
      Compare("report " + d.name,
              leads_->Report(attempt, d.name, host_, with).code(),
              naive_->Report(attempt, d.name, with));
    }
  }

  void Put() {
    const LeadConfig lead = random_.Lead(Civil());
    const absl::Status status = leads_->Put(lead, host_);
    if (status.code() == absl::StatusCode::kInvalidArgument) return;  // Guard.
    Compare("put", status.code(), naive_->Put(lead));
  }

  void Change(uint64_t what) {
    const uint64_t lead = 1 + random_.Below(40);
    const bool on = random_.Chance(30);
    switch (what) {
      case 0:
        if (random_.Chance(50)) {
          Forget();
          break;
        }
        Compare("remove", leads_->Remove(lead, host_).code(),
                naive_->Remove(lead));
        break;
      case 1:
        Compare("pause", leads_->Pause(lead, on, host_).code(),
                naive_->Pause(lead, on));
        break;
      case 2: {
        const std::string list = random_.List();
        Compare("pause list", leads_->PauseList(list, on, host_).code(),
                absl::StatusCode::kOk);
        naive_->PauseList(list, on);
        const std::string campaign = random_.Campaign();
        const bool pause = random_.Chance(10);
        Compare("pause campaign",
                leads_->PauseCampaign(campaign, pause, host_).code(),
                absl::StatusCode::kOk);
        naive_->PauseCampaign(campaign, pause);
        break;
      }
      case 3:
      case 4:
        Compare("reset", leads_->Reset(lead, host_).code(),
                naive_->Reset(lead));
        break;
      case 5: {
        const std::string list = random_.List();
        const LeadState state =
            random_.Chance(50) ? LeadState::kExhausted : LeadState::kDone;
        const std::string how = random_.Chance(50) ? "" : "no answer";
        int32_t count = 0;
        Compare("recycle",
                leads_->Recycle(list, state, how, host_, &count).code(),
                absl::StatusCode::kOk);
        const int theirs = naive_->Recycle(list, state, how);
        if (count != theirs) {
          Differ("recycled", std::to_string(count), std::to_string(theirs));
        }
        break;
      }
      default:
        Suppress(what);
    }
  }

  void Forget() {
    LeadSubject subject;
    const uint64_t by = random_.Below(7) + 1;
    if ((by & 1) != 0) subject.number = random_.Phone();
    if ((by & 2) != 0) subject.lead = 1 + random_.Below(40);
    if ((by & 4) != 0 && random_.Chance(30)) {
      subject.person = 1 + random_.Below(8);
    }
    if (subject.number.none() && subject.lead == 0 && subject.person == 0) {
      subject.lead = 1;
    }
    Compare("forget", leads_->Forget(subject, host_).code(),
            naive_->Forget(subject));
  }

  void Suppress(uint64_t what) {
    const uint64_t lead = 1 + random_.Below(40);
    const PhoneNumber number = random_.Phone();
    switch (what) {
      case 6:
        if (random_.Chance(30)) {
          Compare("do not call", leads_->DoNotCall(number, host_).code(),
                  absl::StatusCode::kOk);
          naive_->DoNotCall(number);
        } else {
          Compare("allow", leads_->AllowCall(number, host_).code(),
                  naive_->AllowCall(number));
        }
        break;
      case 7:
        if (random_.Chance(15)) {
          Compare("prefix", leads_->DoNotCallPrefix("7109", host_).code(),
                  absl::StatusCode::kOk);
          naive_->DoNotCallPrefix("7109");
        } else {
          Compare("allow prefix", leads_->AllowCallPrefix("7109", host_).code(),
                  naive_->AllowCallPrefix("7109"));
        }
        break;
      case 8: {
        const auto check =
            static_cast<NumberCheck>(random_.Chance(70) ? 1 : random_.Below(3));
        Compare("checked", leads_->Checked(number, check, host_).code(),
                naive_->Checked(number, check));
        break;
      }
      case 9: {
        const LeadCallback callback = random_.Callback(Civil());
        Compare("callback", leads_->Callback(lead, callback, host_).code(),
                naive_->Callback(lead, callback));
        break;
      }
      default:
        Clock(what);
    }
  }

  void Clock(uint64_t what) {
    if (!random_.Chance(25)) return;
    const int64_t minutes = int64_t(random_.Below(6'000)) - 3'000;
    absl::Duration part;
    if (random_.Chance(50)) {
      part = absl::Microseconds(int64_t(random_.Below(1'000'000)));
    }
    if (what == 10) {
      // Civil time stays near what it was before all jumps.
      const absl::Duration offset = absl::Minutes(minutes) + part - rebased_;
      leads_->SetWallClock(offset, host_);
      naive_->SetWallClock(offset);
      ++kinds_["wall clock"];
    } else if (what == 11) {
      const absl::Duration delta = absl::Minutes(minutes) + part;
      leads_->Advance(host_);  // As the twin was.
      host_ += delta;
      rebased_ += delta;
      leads_->RebaseClock(delta, host_);
      naive_->Rebase(delta);
      naive_->Tell(host_);
      ++kinds_["rebased"];
    } else if (random_.Chance(40)) {
      rules_ = random_.Rules();
      Compare("rules", leads_->SetRules(rules_, host_).code(),
              absl::StatusCode::kOk);
      naive_->SetRules(rules_);
    } else {
      SaveAndLoad();
    }
  }

  // From here on the loaded list is compared with the twin.
  void SaveAndLoad() {
    std::string saved, again;
    leads_->Save(&saved);
    auto loaded = LeadList::Load(options_, saved);
    if (!loaded.ok()) {
      Differ("load", std::string(loaded.status().message()), "OK");
      return;
    }
    (*loaded)->Save(&again);
    if (again != saved) Differ("saved again", "other bytes", "the same");
    leads_ = *std::move(loaded);
    ++kinds_["saved and loaded"];
  }

  void Look() {
    if (!same()) return;
    const uint64_t ref = 1 + random_.Below(40);
    const NaiveLeads::Lead* const lead = naive_->Find(ref);
    // A call that reached the list has told it the time, so that both agree
    // on what time has done.
    leads_->Advance(host_);
    const auto view = leads_->View(ref);
    if (view.ok() != (lead != nullptr)) {
      Differ("view", view.status().ToString(), lead == nullptr ? "none" : "");
      return;
    }
    if (lead == nullptr) return;
    const int64_t due =
        lead->civil_due ? lead->due : lead->due + naive_->wall();
    const auto text = [](LeadState state, const std::string& disposition,
                         int attempts, int failures, int priority,
                         bool callback, int64_t at) {
      return std::string(Name(state)) + " after " + disposition + ", " +
             std::to_string(attempts) + " attempts, " +
             std::to_string(failures) + " failures, priority " +
             std::to_string(priority) + (callback ? ", callback" : "") +
             " due " + std::to_string(at);
    };
    const std::string mine =
        text(view->state, view->disposition, view->attempts, view->failures,
             view->priority, view->callback, absl::ToUnixSeconds(view->due));
    const std::string theirs =
        text(lead->state, lead->disposition, lead->attempts, lead->failures,
             lead->config.priority, lead->callback, due);
    ++kinds_["state " + std::string(Name(view->state))];
    if (mine != theirs) Differ("lead " + std::to_string(ref), mine, theirs);
  }

  RandomLeads random_;
  LeadListOptions options_;
  DialRules rules_;
  absl::Time host_ = absl::FromUnixSeconds(1'760'000'000);
  absl::Duration rebased_ = absl::ZeroDuration();
  std::unique_ptr<LeadList> leads_;
  std::unique_ptr<NaiveLeads> naive_;
  std::vector<uint64_t> attempts_;
  std::string campaign_;
  std::map<std::string, int> kinds_;
  int asked_ = 0, chosen_ = 0;
  std::string difference_;
};

TEST(LeadListOracleTest, AgreesOnEveryAnswer) {
  const int worlds = oracle::ScaledRounds(100, 10'000);
  const int steps = oracle::Rounds(500, 2'500);
  std::map<std::string, int> kinds;
  uint64_t chosen = 0, asked = 0;
  for (int world = 1; world <= worlds; ++world) {
    Twins twins(static_cast<uint64_t>(world));
    ASSERT_TRUE(twins.same()) << twins.difference();
    for (int step = 0; step < steps; ++step) {
      twins.Step();
      ASSERT_TRUE(twins.same()) << "world " << world << ", step " << step
                                << ": " << twins.difference();
      if (step % 20 != 0) continue;
      const absl::Status status = twins.leads().CheckInvariants();
      ASSERT_TRUE(status.ok())
          << "world " << world << ", step " << step << ": " << status;
    }
    chosen += static_cast<uint64_t>(twins.chosen());
    asked += static_cast<uint64_t>(twins.asked());
    for (const auto& [kind, count] : twins.kinds()) kinds[kind] += count;
  }
  std::string seen;
  for (const auto& [kind, count] : kinds) {
    seen += kind + " x " + std::to_string(count) + "\n";
  }
  if (oracle::Rounds(0, 1) == 1) {
    oracle::Report("leads and twin, attempts asked for", asked,
                   std::to_string(chosen) +
                       " calls, none outside its hours "
                       "or over a cap");
  } else {
    std::printf("%s%llu calls\n", seen.c_str(),
                static_cast<unsigned long long>(chosen));
  }
}

}  // namespace
}  // namespace callrouter
