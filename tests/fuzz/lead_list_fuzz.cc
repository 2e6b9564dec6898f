// Bytes become rules, leads, and what a host says: whatever the order, the list
// stays sound after every call, refuses without a change, hands nobody out
// against the rules, and goes on alike once saved and loaded.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "callrouter/lead_list.h"
#include "tests/oracle/lead_watch.h"
#include "tests/oracle/random_leads.h"
#include "tests/oracle/random_world.h"

namespace {

using callrouter::LeadCallback;
using callrouter::LeadList;
using callrouter::oracle::ByteDice;
using callrouter::oracle::LeadWatch;
using callrouter::oracle::RandomLeads;

void Require(bool holds, const std::string& what) {
  if (holds) return;
  std::cerr << "lead_list_fuzz: " << what << "\n";
  std::abort();
}

class Play {
 public:
  explicit Play(ByteDice* dice) : dice_(*dice), random_(dice->Below(65'536)) {
    const callrouter::DialRules rules = random_.Rules();
    const bool tight = dice_.Below(2) == 0;
    options_.leads_max = tight ? 12 : 100;
    options_.numbers_max = tight ? 18 : 200;
    options_.events_max = tight ? 60 : 4'000;
    options_.attempts_max = tight ? 3 : 50;
    options_.do_not_call_max = tight ? 20 : 100;
    options_.leads_per_number_max = tight ? 2 : 64;
    leads_ = *LeadList::Create(options_, rules, host_);
    watch_ = std::make_unique<LeadWatch>(options_, rules);
    watch_->Tell(host_);
    for (int i = 0; i < 10; ++i) Put().IgnoreError();  // May be no number.
  }

  void Step() {
    constexpr int64_t kSteps[] = {0, 900'000, 61'000'000, 1'800'000'000,
                                  40'000'000'000};
    host_ += absl::Microseconds(kSteps[dice_.Below(5)]);
    leads_->Advance(host_);
    watch_->Tell(host_);
    std::string before, after;
    const bool look = dice_.Below(8) == 0;
    if (look) leads_->Save(&before);
    const absl::Status status = Act();
    Require(status.code() != absl::StatusCode::kInternal, status.ToString());
    if (look && !status.ok()) {
      leads_->Save(&after);
      Require(before == after, "changed, though " + status.ToString());
    }
    const absl::Status sound = leads_->CheckInvariants();
    Require(sound.ok(), sound.ToString());
    if (dice_.Below(64) != 0) return;
    leads_->Save(&before);
    auto loaded = LeadList::Load(options_, before);
    Require(loaded.ok(), "own state refused: " + loaded.status().ToString());
    leads_ = *std::move(loaded);
    leads_->Save(&after);
    Require(before == after, "a loaded list saves otherwise");
  }

 private:
  uint64_t Lead() { return 1 + dice_.Below(16); }
  absl::Status Put() {
    callrouter::LeadConfig lead = random_.Lead(watch_->civil());
    lead.lead = Lead();
    const absl::Status status = leads_->Put(lead, host_);
    if (status.ok()) watch_->Put(lead);
    return status;
  }
  absl::Status Next() {
    callrouter::LeadRequest request;
    request.attempt = ++attempt_;
    const std::string campaign = "campaign" + std::to_string(dice_.Below(3));
    request.campaign = campaign;
    request.agent = dice_.Below(4);
    request.agent_reserved = dice_.Below(2) == 0;
    callrouter::LeadChoice choice;
    const absl::Status status = leads_->Next(request, host_, &choice);
    if (!status.ok() || choice.lead == 0) return status;
    const std::string why = watch_->Chosen(request, choice);
    Require(why.empty(), "lead " + std::to_string(choice.lead) + ": " + why);
    return status;
  }
  absl::Status Act() {
    const uint64_t attempt = attempt_ - std::min(attempt_, dice_.Below(4));
    const uint64_t lead = Lead();
    const callrouter::PhoneNumber number = random_.Phone();
    const bool on = dice_.Below(2) == 0;
    const auto then = [](const absl::Status& status, const auto& tell) {
      if (status.ok()) tell();
      return status;
    };
    switch (dice_.Below(16)) {
      case 0:
        return Put();
      case 1:
        return then(leads_->Remove(lead, host_), [&] { watch_->Remove(lead); });
      case 2: {
        callrouter::LeadSubject subject;
        if (on) subject.lead = lead;
        if (!on) subject.number = number;
        return then(leads_->Forget(subject, host_),
                    [&] { watch_->Forget(subject); });
      }
      case 3:
        return then(leads_->Pause(lead, on, host_),
                    [&] { watch_->Pause(lead, on); });
      case 4:
        return then(leads_->Reset(lead, host_), [&] { watch_->Reset(lead); });
      case 5:
        return then(on ? leads_->DoNotCall(number, host_)
                       : leads_->AllowCall(number, host_),
                    [&] { watch_->DoNotCall(number, on); });
      case 6: {
        const auto check = static_cast<callrouter::NumberCheck>(dice_.Below(3));
        return then(leads_->Checked(number, check, host_),
                    [&] { watch_->Checked(number, check); });
      }
      case 7: {
        const LeadCallback callback = random_.Callback(watch_->civil());
        return then(leads_->Callback(lead, callback, host_),
                    [&] { watch_->Callback(lead, callback); });
      }
      case 8:
        return Clock(on);
      case 9:
        return then(leads_->Dialled(attempt, host_),
                    [&] { watch_->Dialled(attempt); });
      case 10:
        return then(leads_->Cancel(attempt, host_),
                    [&] { watch_->Cancel(attempt); });
      case 11:
      case 12:
        return Report(attempt);
      default:
        return Next();
    }
  }
  absl::Status Clock(bool jump) {
    const absl::Duration by =
        absl::Milliseconds(int64_t(dice_.Below(65'536)) * 1'001) -
        absl::Hours(9);
    if (jump) {
      host_ += by;
      watch_->Rebase(by);
      leads_->RebaseClock(by, host_);
    } else {
      leads_->SetWallClock(by, host_);
      watch_->SetWallClock(by);
    }
    watch_->Tell(host_);
    return absl::OkStatus();
  }
  absl::Status Report(uint64_t attempt) {
    const auto& all = RandomLeads::Dispositions();
    const callrouter::DialDisposition& how = all[dice_.Below(all.size())];
    const LeadCallback callback = random_.Callback(watch_->civil());
    const LeadCallback* const with =
        how.result == callrouter::DialResult::kCallback ? &callback : nullptr;
    const absl::Status status = leads_->Report(attempt, how.name, host_, with);
    if (status.ok()) watch_->Report(attempt, how.name, with);
    return status;
  }

  ByteDice& dice_;
  RandomLeads random_;
  callrouter::LeadListOptions options_;
  absl::Time host_ = absl::FromUnixSeconds(1'760'000'000);
  std::unique_ptr<LeadList> leads_;
  std::unique_ptr<LeadWatch> watch_;
  uint64_t attempt_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteDice dice(data, size);
  Play play(&dice);
  for (int i = 0; i < 400 && !dice.done(); ++i) play.Step();
  return 0;
}
