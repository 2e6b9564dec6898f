// Return calls and their plain twin under the same random histories: the same
// answers, and no single answer where the truth has two.

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "callrouter/random.h"
#include "callrouter/return_calls.h"
#include "tests/forged_state.h"
#include "tests/oracle/naive_return_calls.h"
#include "tests/oracle/scale.h"
#include "tests/store_twins.h"

namespace callrouter {
namespace {

using oracle::NaiveReturnCalls;

constexpr uint64_t kOurs = 74'950'000'000;
constexpr uint64_t kTheirs = 79'160'000'000;

class Histories
    : public StoreTwins<ReturnCalls, NaiveReturnCalls, ReturnCallsOptions> {
 public:
  // `people`: how many there are, of numbers a quarter as many.
  Histories(uint64_t seed, uint64_t people)
      : StoreTwins(seed), people_(people) {
    numbers_ = 2 + people / 4;
    options_.keep = absl::Seconds(600 + random_.Below(3'000));
    options_.default_queue = random_.Below(2) * 99;
    options_.per_callee_max = static_cast<int32_t>(2 + random_.Below(6));
    options_.recent_max = static_cast<int32_t>(1 + random_.Below(6));
    options_.entries_max = static_cast<int32_t>(
        random_.Below(4) == 0 ? 1 + random_.Below(20) : 1'000'000);
    if (random_.Below(2) == 0) options_.hash_key = {seed, 1};
    Make();
    ReturnNumbersPatch patch;
    for (uint64_t i = 0; i < numbers_; ++i) {
      if (random_.Below(8) > 0) patch.put.push_back(Number(kOurs + i));
    }
    Apply(patch);
  }

  uint64_t rung_one() const { return rung_one_; }

  void Step() {
    Pass();
    const uint64_t dice = random_.Below(100);
    if (dice < 45) {
      Show();
    } else if (dice < 55) {
      Outcome();
    } else if (dice < 85) {
      Resolve();
    } else if (dice < 95) {
      People();
    } else {
      World();
    }
    store_->Advance(host_);  // Not every step says the time.
    Same("next_deadline", store_->next_deadline(), naive_->next_deadline());
    Same("entries", std::to_string(store_->stats().entries),
         std::to_string(naive_->entries()));
  }
  void Resolve() {
    const PhoneNumber number = Ours();
    const PhoneNumber caller = random_.Below(8) == 0 ? PhoneNumber() : Theirs();
    ReturnAnswer answer;
    Same("resolve", store_->Resolve(number, caller, host_, &answer).code(),
         absl::StatusCode::kOk);
    naive_->Enter(host_);
    Same("answer for " + caller.ToString() + " to " + number.ToString(),
         Text(answer), Text(naive_->Resolve(number, caller)));
    ++kinds_[std::string(Name(answer.rung)) + ", " +
             std::to_string(static_cast<int>(answer.found)) +
             (answer.conflict ? ", conflict" : "")];
    CheckTruth(number, caller, answer);
  }

 private:
  static std::string Text(const ReturnAnswer& a) {
    std::string text = std::string(Name(a.rung)) + " found " +
                       std::to_string(static_cast<int>(a.found)) + " more " +
                       std::to_string(a.more) + (a.conflict ? " conflict" : "");
    text += (a.known_number ? " known" : "") +
            std::string(a.opted_out ? " out" : "");
    for (const uint64_t x : {uint64_t{a.owner}, a.queue, a.agent, a.source}) {
      text += " " + std::to_string(x);
    }
    for (const ReturnCandidate& c : a.candidates) {
      text += " [";
      for (const uint64_t x : {c.number.value(), c.lead, c.attempt, c.agent,
                               uint64_t{c.campaign}, uint64_t{c.outcome}}) {
        text += std::to_string(x) + " ";
      }
      text += absl::FormatTime(c.shown) + "]";
    }
    return text;
  }
  // Against everything ever shown, what was dropped included.
  void CheckTruth(PhoneNumber number, PhoneNumber caller,
                  const ReturnAnswer& answer) {
    if (!answer.known_number || answer.rung == ReturnRung::kLoop) return;
    if (caller.none() && answer.found == Found::kOne) {
      Same("truth", "one answer", "anybody");
    }
    ReturnRung rung = ReturnRung::kNone;
    const auto truth = naive_->Truth(number, caller, &rung);
    if (answer.found == Found::kOne && !truth.empty()) {
      const ReturnCandidate& c = answer.candidates[0];
      if (truth.size() > 1 || !truth.contains({c.campaign, c.lead})) {
        Same("truth", "one answer", std::to_string(truth.size()) + " truths");
      }
    }
    if (rung != ReturnRung::kCallerAndNumber) return;
    ++rung_one_;
    if (answer.more > 0) return;  // Says itself that some were dropped.
    bool right =
        answer.rung == rung && answer.candidates.size() == truth.size();
    for (const ReturnCandidate& c : answer.candidates) {
      right =
          right && c.number == number && truth.contains({c.campaign, c.lead});
    }
    Same("rung 1", right ? "right" : "wrong", "right");
  }

  void Pass() {
    const uint64_t dice = random_.Below(100);
    if (dice < 60) {
      host_ += absl::Microseconds(random_.Below(2'000'000));
    } else if (dice < 90) {
      host_ += absl::Seconds(random_.Below(100));
    } else if (dice < 92) {
      host_ += absl::Seconds(random_.Below(2'000));
    } else if (dice < 93) {
      host_ -= absl::Seconds(random_.Below(3'600));  // It goes back.
    }
    naive_->Enter(host_);
  }
  PhoneNumber Ours() {
    return PhoneNumber::FromValue(kOurs + random_.Below(numbers_));
  }
  PhoneNumber Theirs() {
    const bool loop = random_.Below(40) == 0;
    return loop ? Ours()
                : PhoneNumber::FromValue(kTheirs + random_.Below(people_));
  }
  ReturnNumber Number(uint64_t digits) {
    ReturnNumber number;
    number.number = PhoneNumber::FromValue(digits);
    number.owner = static_cast<uint32_t>(random_.Below(3));
    number.queue = random_.Below(2) * random_.Below(100);
    number.agent = random_.Below(2) * random_.Below(100);
    number.source = random_.Below(100);
    return number;
  }
  void Apply(const ReturnNumbersPatch& patch) {
    Same("patch", store_->Apply(patch, host_).code(), naive_->Apply(patch));
  }
  void Show() {
    ShownCall call;
    call.number = Ours();
    call.callee = Theirs();
    call.lead = 1 + call.callee.value() % 1000 + 1000 * random_.Below(2);
    call.attempt = 1 + random_.Below(1'000'000);
    call.agent = random_.Below(3);
    call.campaign = static_cast<uint16_t>(random_.Below(3));
    if (random_.Below(20) == 0 && last_.attempt != 0) call = last_;
    last_ = call;
    Same("shown", store_->Shown(call, host_).code(), naive_->Show(call));
  }
  void Outcome() {
    if (last_.attempt == 0) return;
    ShownCall call = last_;
    call.agent = random_.Below(4);
    if (random_.Below(8) == 0) call.attempt ^= 1;
    if (call.attempt == 0) return;
    const uint8_t outcome = static_cast<uint8_t>(random_.Below(9));
    Same("outcome", store_->Outcome(call, outcome, host_).code(),
         naive_->Outcome(call, outcome));
  }
  void People() {
    const PhoneNumber a = Theirs();
    const PhoneNumber b = Theirs();
    const uint32_t owner = static_cast<uint32_t>(random_.Below(3));
    switch (random_.Below(8)) {
      case 0:
      case 1:
      case 2:
        if (a == b) return;
        Same("alias", store_->AddAlias(a, b, host_).code(),
             absl::StatusCode::kOk);
        naive_->AddAlias(a, b);
        break;
      case 3:
        Same("no alias", store_->RemoveAlias(a, b, host_).code(),
             naive_->RemoveAlias(a, b));
        break;
      case 4:
      case 5:
        Same("opt-out", store_->OptOut(a, owner, host_).code(),
             absl::StatusCode::kOk);
        naive_->OptOut(a, owner);
        break;
      case 6:
        Same("withdraw", store_->WithdrawOptOut(a, owner, host_).code(),
             naive_->WithdrawOptOut(a, owner));
        break;
      default:
        Same("forget", store_->Forget(a, host_).code(), absl::StatusCode::kOk);
        naive_->Forget(a);
    }
  }
  void World() {
    const uint64_t dice = random_.Below(10);
    if (dice < 4) {
      ReturnNumbersPatch patch;
      const PhoneNumber number = Ours();
      if (random_.Below(2) == 0) {
        patch.remove.push_back(number);
      } else {
        patch.put.push_back(Number(number.value()));
      }
      Apply(patch);
    } else if (dice < 6) {
      const uint32_t owner = static_cast<uint32_t>(random_.Below(3));
      const uint64_t queue = random_.Below(3);
      Same("queue", store_->SetOwnerQueue(owner, queue, host_).code(),
           absl::StatusCode::kOk);
      naive_->SetOwnerQueue(owner, queue);
    } else if (dice < 8) {
      Rebase(100'000);
    } else {
      SaveAndLoad();
    }
  }

  const uint64_t people_;
  uint64_t numbers_;
  ShownCall last_;
  uint64_t rung_one_ = 0;
};

TEST(ReturnCallsOracleTest, ManyShortHistories) {
  const int histories = oracle::ScaledRounds(100'000, 1'000'000);
  Kinds kinds;
  uint64_t rung_one = 0;
  for (int history = 1; history <= histories; ++history) {
    const uint64_t seed = static_cast<uint64_t>(history);
    Histories twins(seed, 3 + seed % 14);
    for (int step = 0; step < 40; ++step) {
      twins.Step();
      ASSERT_EQ(twins.difference(), "") << history << ", step " << step;
    }
    for (int i = 0; i < 4; ++i) twins.Resolve();
    ASSERT_EQ(twins.difference(), "") << history;
    rung_one += twins.rung_one();
    twins.AddKinds(&kinds);
  }
  EXPECT_EQ(kinds.size(), 33u) << ToString(kinds);
  oracle::Report("return calls and twin, histories",
                 static_cast<uint64_t>(histories),
                 "no difference, no single answer of several truths; " +
                     std::to_string(rung_one) + " on rung 1, all right");
}

TEST(ReturnCallsOracleTest, ForgedBytesDoNoHarm) {
  Histories twins(3, 20);
  for (int step = 0; step < 300; ++step) twins.Step();
  std::string saved;
  twins.store().Save(&saved);
  Random random(1);
  TryForged<ReturnCalls>(twins.options(), saved, [&](ReturnCalls* calls) {
    absl::Time now = twins.host();
    for (uint64_t i = 1; i <= 30; ++i) {
      ShownCall call;
      call.number = PhoneNumber::FromValue(kOurs + random.Below(7));
      call.callee = PhoneNumber::FromValue(kTheirs + random.Below(20));
      call.lead = call.attempt = i;
      now += absl::Seconds(random.Below(300));
      (void)calls->Shown(call, now);
      ReturnAnswer answer;
      (void)calls->Resolve(call.number, call.callee, now, &answer);
      const PhoneNumber other =
          PhoneNumber::FromValue(kTheirs + random.Below(20));
      (void)calls->AddAlias(call.callee, other, now);
      (void)calls->OptOut(other, 1, now);
      if (i % 8 == 0) (void)calls->Forget(other, now);
      ReturnNumbersPatch patch;
      patch.remove.push_back(call.number);
      (void)calls->Apply(patch, now);
    }
  });
}

TEST(ReturnCallsOracleTest, LongHistories) {
  const int histories = oracle::ScaledRounds(30, 300);
  for (int history = 1; history <= histories; ++history) {
    Histories twins(static_cast<uint64_t>(history), 40);
    for (int step = 0; step < 5'000; ++step) {
      twins.Step();
      ASSERT_EQ(twins.difference(), "") << history << ", step " << step;
      if (step % 50 != 0) continue;
      const absl::Status status = twins.store().CheckInvariants();
      ASSERT_TRUE(status.ok()) << history << ", step " << step << status;
    }
  }
}

}  // namespace
}  // namespace callrouter
