// The number pool alone: pick a number, call, report, and find out who rings
// back. Links callrouter::numbers and needs neither PBX nor protobuf.
//
// Forty people are called three times from twelve numbers in two cities. One
// call in four is answered; of those who missed one, one in seven rings the
// number back.

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "callrouter/number_pool.h"
#include "callrouter/random.h"
#include "callrouter/return_calls.h"

namespace {

using callrouter::CallOutcome;
using callrouter::NumberChoice;
using callrouter::NumberPool;
using callrouter::NumberRequest;
using callrouter::PhoneNumber;
using callrouter::ReturnAnswer;
using callrouter::ReturnCalls;

constexpr uint64_t kQueue = 1;  // The host's names.
constexpr uint16_t kRenewals = 7;
constexpr int kPeople = 40;

callrouter::NumberRules Rules() {
  callrouter::NumberRules rules;
  callrouter::NumberGroup& group = rules.groups.emplace_back();
  group.name = "ours";
  group.owner = "Example Insurance Ltd";
  group.trunks = {{"main", callrouter::Attestation::kFull}};
  group.caps.per_hour = 6;
  group.caps.cool_down = absl::Minutes(2);
  callrouter::NumberCampaign& campaign = rules.campaigns.emplace_back();
  campaign.name = "renewals";
  campaign.owner = group.owner;
  campaign.sticky = callrouter::StickyMode::kPrefer;
  campaign.bind = callrouter::StickyBind::kAnswered;
  rules.regions.resize(3);
  rules.regions[0].name = "gb";
  rules.regions[1].name = "leeds";
  rules.regions[1].parent = "gb";
  rules.regions[2].name = "bristol";
  rules.regions[2].parent = "gb";
  rules.ranges = {{PhoneNumber::FromValue(441130000000),
                   PhoneNumber::FromValue(441139999999), "leeds"},
                  {PhoneNumber::FromValue(441170000000),
                   PhoneNumber::FromValue(441179999999), "bristol"}};
  rules.carriers = {"ee", "o2"};
  return rules;
}

// Six numbers in each city, from the blocks kept for drama.
std::vector<PhoneNumber> Numbers() {
  std::vector<PhoneNumber> numbers;
  for (uint64_t i = 0; i < 6; ++i) {
    numbers.push_back(PhoneNumber::FromValue(441134960000 + i));
    numbers.push_back(PhoneNumber::FromValue(441174960000 + i));
  }
  return numbers;
}

PhoneNumber Person(int i) {
  return PhoneNumber::FromValue((i % 2 == 0 ? 441134961000u : 441174961000u) +
                                static_cast<uint64_t>(i));
}

class Dialer {
 public:
  Dialer(NumberPool* pool, ReturnCalls* returns)
      : pool_(*pool), returns_(*returns) {}

  void Call(int person, absl::Time now) {
    NumberRequest request;
    request.attempt = ++attempt_;
    request.campaign = pool_.FindCampaign("renewals");
    request.trunk = pool_.FindTrunk("main");
    request.carrier = pool_.FindCarrier(person % 3 == 0 ? "ee" : "o2");
    request.callee = Person(person);
    NumberChoice choice;
    absl::Status status = pool_.Reserve(request, now, &choice);
    if (!status.ok()) {
      std::cout << "refused: " << status << "\n";
      return;
    }
    if (choice.number.none()) {  // Try again at choice.retry_at.
      ++without_number_;
      return;
    }
    callrouter::ShownCall shown;
    shown.number = choice.number;
    shown.callee = request.callee;
    shown.lead = 100 + static_cast<uint64_t>(person);
    shown.attempt = request.attempt;
    shown.campaign = kRenewals;
    Keep(pool_.Commit(request.attempt, now));
    Keep(returns_.Shown(shown, now));
    const bool answers = random_.Below(4) == 0;
    const CallOutcome outcome =
        answers ? CallOutcome::kAnswered : CallOutcome::kNoAnswer;
    now += absl::Seconds(25);
    Keep(pool_.Report({request.attempt, outcome}, now));
    Keep(returns_.Outcome(shown, static_cast<uint8_t>(outcome), now));
    Keep(pool_.End(request.attempt, now));
    (answers ? answered_ : missed_) += 1;
    if (!answers && random_.Below(7) == 0) {
      RingBack(choice.number, request.callee, now);
    }
  }

  // Somebody rings the number they were shown.
  void RingBack(PhoneNumber dialled, PhoneNumber caller, absl::Time now) {
    ReturnAnswer answer;
    Keep(returns_.Resolve(dialled, caller, now, &answer));
    std::cout << "  " << (caller.none() ? "somebody" : caller.ToString())
              << " rings " << dialled.ToString() << ": ";
    if (answer.found == callrouter::Found::kOne) {
      std::cout << "lead " << answer.candidates[0].lead << ", attempt "
                << answer.candidates[0].attempt << ", campaign "
                << answer.candidates[0].campaign << "\n";
    } else {
      std::cout << answer.candidates.size() << " possible, to queue "
                << answer.queue << "\n";
    }
  }

  void Show(absl::Time now) {
    std::cout << answered_ << " answered, " << missed_ << " not, "
              << without_number_ << " without a number\n\n";
    for (const PhoneNumber number : Numbers()) {
      const auto view = pool_.View(pool_.FindNumber(number));
      if (!view.ok()) continue;
      std::cout << "  " << number.ToString() << "  " << view->hour
                << " in the last hour, " << Name(view->state) << ", "
                << Name(view->block) << "\n";
    }
    std::cout << "\nWithheld, to " << Numbers()[0].ToString() << ":\n";
    RingBack(Numbers()[0], PhoneNumber(), now);
  }

 private:
  // A host would mend what it did wrong; here nothing may go wrong.
  static void Keep(const absl::Status& status) {
    if (!status.ok()) std::cout << "unexpected: " << status << "\n";
  }

  NumberPool& pool_;
  ReturnCalls& returns_;
  callrouter::Random random_{1};
  uint64_t attempt_ = 0;
  int answered_ = 0, missed_ = 0, without_number_ = 0;
};

}  // namespace

int main() {
  absl::Time now = absl::FromUnixSeconds(1'772'442'000);  // A Monday morning.
  auto pool = NumberPool::Create(callrouter::NumberPoolOptions(), Rules(), now);
  callrouter::ReturnCallsOptions options;
  options.default_queue = kQueue;
  auto returns = ReturnCalls::Create(options, now);
  if (!pool.ok() || !returns.ok()) {
    std::cerr << pool.status() << returns.status() << "\n";
    return 1;
  }
  callrouter::NumberPatch patch;
  callrouter::ReturnNumbersPatch back;
  for (const PhoneNumber number : Numbers()) {
    const bool leeds = number.ToString().rfind("+44113", 0) == 0;
    patch.put.push_back({number, "ours", leeds ? "leeds" : "bristol"});
    callrouter::ReturnNumber ours;
    ours.number = number;
    ours.owner = 1;
    back.put.push_back(ours);
  }
  const absl::Status applied = (*pool)->Apply(patch, now);
  const absl::Status known = (*returns)->Apply(back, now);
  if (!applied.ok() || !known.ok()) {
    std::cerr << applied << known << "\n";
    return 1;
  }
  std::cout << "People who ring back:\n";
  Dialer dialer(pool->get(), returns->get());
  for (int round = 0; round < 3; ++round) {
    for (int person = 0; person < kPeople; ++person) {
      now += absl::Seconds(20);
      dialer.Call(person, now);
    }
    now += absl::Hours(2);
  }
  dialer.Show(now - absl::Hours(2));
  return 0;
}
