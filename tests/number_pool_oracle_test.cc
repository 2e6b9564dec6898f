// The number pool and its plain twin under the same random calls, compared
// answer by answer; and every use against a list of all uses.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "callrouter/number_pool.h"
#include "tests/oracle/counts.h"
#include "tests/oracle/naive_number_pool.h"
#include "tests/oracle/random_numbers.h"

namespace callrouter {
namespace {

using oracle::NaiveNumberPool;
using oracle::RandomNumbers;

class Twins {
 public:
  explicit Twins(uint64_t seed, int numbers)
      : random_(seed), rules_(random_.Rules()) {
    options_.seed = seed;
    options_.attempt_keep = absl::Minutes(random_.Below(20));
    if (random_.Chance(20)) {
      options_.charts_max = static_cast<int32_t>(1 + random_.Below(40));
      options_.rates_max = static_cast<int32_t>(1 + random_.Below(40));
    }
    pool_ = *NumberPool::Create(options_, rules_, host_);
    naive_ = std::make_unique<NaiveNumberPool>(options_, rules_, host_);
    NumberPatch patch;
    std::map<uint64_t, bool> named;
    for (int i = 0; i < numbers; ++i) {
      const PhoneNumber number = random_.PoolNumber();
      if (!named.emplace(number.value(), true).second) continue;
      patch.put.push_back(random_.Number(number, random_.Chance(70)));
    }
    Patch(patch);
  }

  bool same() const { return difference_.empty(); }
  const std::string& difference() const { return difference_; }
  const NumberPool& pool() const { return *pool_; }
  int picks() const { return picks_; }
  const std::map<std::string, int>& kinds() const { return kinds_; }

  void Step() {
    Pass();
    clock_ = std::max(clock_, host_ - rebased_);  // All steps tell the time.
    const uint64_t dice = random_.Below(1000);
    if (dice < 450) {
      Reserve();
    } else if (dice < 945) {
      Settle();
    } else if (dice < 960) {
      Verdict();
    } else if (dice < 975) {
      State();
    } else if (dice < 980) {
      const PhoneNumber number = random_.PoolNumber();
      Compare("verified",
              pool_->Verified(pool_->FindNumber(number), host_).code(),
              naive_->Verified(number, host_));
    } else if (dice < 985) {
      RandomPatch();
    } else if (dice < 987) {
      rules_ = random_.Rules();
      Compare("rules", pool_->SetRules(rules_, host_).code(),
              absl::StatusCode::kOk);
      naive_->SetRules(rules_, host_);
    } else if (dice < 990) {
      const absl::Duration offset =
          absl::Minutes(static_cast<int64_t>(random_.Below(5'000)) - 2'500);
      pool_->SetWallClock(offset, host_);
      naive_->SetWallClock(offset, host_);
    } else if (dice < 992) {
      const absl::Duration delta =
          absl::Minutes(static_cast<int64_t>(random_.Below(5'000)) - 2'500);
      host_ += delta;
      rebased_ += delta;
      pool_->RebaseClock(delta, host_);
      naive_->RebaseClock(delta, host_);
    } else {
      pool_->Advance(host_);
      naive_->Advance(host_);
    }
    if (pool_->next_deadline() != naive_->next_deadline()) {
      Differ("next_deadline", absl::FormatTime(pool_->next_deadline()),
             absl::FormatTime(naive_->next_deadline()));
    }
    CompareChanges();
    CompareHealth(SomeNumber());
    if (random_.Below(500) == 0) SaveAndLoad();
  }

 private:
  void Differ(const std::string& what, const std::string& pool,
              const std::string& twin) {
    if (difference_.empty()) {
      difference_ = what + ": pool " + pool + ", twin " + twin;
    }
  }
  void Compare(const std::string& what, absl::StatusCode pool,
               absl::StatusCode twin) {
    if (pool != twin) {
      Differ(what, absl::StatusCodeToString(pool),
             absl::StatusCodeToString(twin));
    }
  }

  void Pass() {
    const uint64_t dice = random_.Below(100);
    if (dice < 70) {
      host_ += absl::Microseconds(random_.Below(4'000'000));
    } else if (dice < 95) {
      host_ += absl::Seconds(random_.Below(120));
    } else if (dice < 97) {
      host_ += absl::Seconds(random_.Below(20'000));
    } else if (dice < 98) {
      host_ -= absl::Seconds(random_.Below(100));  // It goes back.
    }
  }

  void Reserve() {
    NaiveNumberPool::Call call;
    call.attempt = 1 + random_.Below(random_.Chance(95) ? 1'000'000 : 30);
    call.campaign = random_.Campaign();
    call.trunk = random_.Chance(85) ? "trunk0" : "trunk1";
    if (random_.Chance(70)) {
      call.carrier = random_.Carrier();
    }
    call.callee = random_.Callee();
    call.attempt_number = static_cast<int>(1 + random_.Below(6));
    if (random_.Chance(7)) call.wanted = random_.PoolNumber();
    if (random_.Chance(5) && !last_.campaign.empty()) call = last_;
    if (random_.Chance(1)) call.attempt = last_.attempt + 1;
    last_ = call;
    NumberRequest request;
    request.attempt = call.attempt;
    request.campaign = pool_->FindCampaign(call.campaign);
    request.trunk = pool_->FindTrunk(call.trunk);
    if (request.trunk.none()) {  // No group is on it.
      pool_->Advance(host_);
      naive_->Advance(host_);
      return;
    }
    request.carrier = pool_->FindCarrier(call.carrier);
    request.callee = call.callee;
    request.wanted = call.wanted;
    request.attempt_number = call.attempt_number;
    NumberChoice choice;
    const uint64_t before = pool_->stats().reserved;
    const absl::Status status = pool_->Reserve(request, host_, &choice);
    NaiveNumberPool::Answer answer;
    Compare("reserve", status.code(), naive_->Reserve(call, host_, &answer));
    if (!status.ok()) return;
    const std::string mine = Text(choice);
    const std::string theirs = Text(answer);
    if (mine != theirs) {
      Differ("choice for " + call.campaign + " to " + call.callee.ToString() +
                 " on " + call.trunk + " " + call.carrier,
             mine + About(choice.number), theirs + About(answer.number));
    }
    ++kinds_[choice.id.none()
                 ? "none: " + std::string(Name(choice.none)) + ", " +
                       std::string(Name(choice.block))
                 : "by " + std::to_string(static_cast<int>(choice.by)) + " " +
                       std::string(Name(choice.rung))];
    if (choice.broken != StickyBreak::kNotBroken) {
      ++kinds_["broken: " + std::string(Name(choice.broken))];
    }
    if (pool_->stats().reserved == before) return;
    ++picks_;
    if (attempts_.size() >= 100) attempts_.erase(attempts_.begin());
    attempts_.push_back(call.attempt);
    if (recent_.size() >= 20) recent_.erase(recent_.begin());
    recent_.push_back(choice.number);
    CheckCaps(choice);
  }

  // Against all times at which this number was ever used.
  void CheckCaps(const NumberChoice& choice) {
    auto& uses = uses_[choice.id.value()];
    uses.push_back(clock_);
    const auto view = pool_->View(choice.id);
    const auto group = std::find_if(
        rules_.groups.begin(), rules_.groups.end(),
        [&](const NumberGroup& g) { return g.name == view->group; });
    const auto check = [&](int32_t cap, absl::Duration window) {
      const auto count =
          std::count_if(uses.begin(), uses.end(),
                        [&](absl::Time t) { return t >= clock_ - window; });
      if (count > cap)
        Differ("cap", std::to_string(count), std::to_string(cap));
    };
    check(group->caps.per_minute, absl::Minutes(1));
    check(group->caps.per_hour, absl::Hours(1));
    check(group->caps.per_day, absl::Hours(24));
    check(group->caps.per_week, absl::Hours(24 * 7));
    if (uses.size() > 1 &&
        clock_ - uses[uses.size() - 2] < group->caps.cool_down) {
      Differ("cool-down", choice.number.ToString(), "not yet");
    }
    if (view->calls > group->caps.concurrent) {
      Differ("concurrent", std::to_string(view->calls), "fewer");
    }
  }

  std::string About(PhoneNumber number) const {
    const auto view = pool_->View(pool_->FindNumber(number));
    if (!view.ok()) return "";
    return " [" + view->group + " in " + view->region + ", " +
           std::string(Name(view->state)) + ", " +
           std::string(Name(view->block)) + "]";
  }

  template <class Choice>
  static std::string Text(const Choice& c) {
    return c.number.ToString() + " by " +
           std::to_string(static_cast<int>(c.by)) + " rung " +
           std::string(Name(c.rung)) + " broken " +
           std::string(Name(c.broken)) + " (" +
           std::string(Name(c.sticky_block)) + ") none " +
           std::string(Name(c.none)) + " (" + std::string(Name(c.block)) +
           ") retry " + absl::FormatTime(c.retry_at) + " lapses " +
           absl::FormatTime(c.lapses_at);
  }

  void Settle() {
    const uint64_t attempt = attempts_.empty() || random_.Chance(3)
                                 ? 1 + random_.Below(40)
                                 : attempts_[random_.Below(attempts_.size())];
    switch (random_.Below(10)) {
      case 0:
        Compare("cancel", pool_->Cancel(attempt, host_).code(),
                naive_->Cancel(attempt, host_));
        break;
      case 1:
      case 2:
        Compare("commit", pool_->Commit(attempt, host_).code(),
                naive_->Commit(attempt, host_));
        break;
      case 3:
      case 4:
      case 5:
      case 6:
      case 7: {
        // Numbers differ, and so do the times of some.
        const bool good = (attempt + (host_ > worse_ ? 1 : 0)) % 3 == 0;
        const CallOutcome outcome =
            random_.Chance(90)
                ? (good ? CallOutcome::kAnswered : CallOutcome::kNoAnswer)
                : static_cast<CallOutcome>(1 + random_.Below(7));
        Compare("report", pool_->Report({attempt, outcome}, host_).code(),
                naive_->Report(attempt, outcome, host_));
        break;
      }
      default:
        Compare("end", pool_->End(attempt, host_).code(),
                naive_->End(attempt, host_));
    }
  }

  // More often one that is in use.
  PhoneNumber SomeNumber() {
    return recent_.empty() || random_.Chance(30)
               ? random_.PoolNumber()
               : recent_[random_.Below(recent_.size())];
  }

  void State() {
    const PhoneNumber number = SomeNumber();
    const NumberState state = random_.Chance(50)
                                  ? NumberState::kActive
                                  : static_cast<NumberState>(random_.Below(9));
    Compare("state",
            pool_->SetState(pool_->FindNumber(number), state, host_).code(),
            naive_->SetState(number, state, host_));
  }

  void Verdict() {
    const PhoneNumber number = SomeNumber();
    const std::string carrier = random_.Chance(30) ? "" : random_.Carrier();
    const auto verdict = static_cast<NumberVerdict>(random_.Below(3));
    Compare("verdict",
            pool_
                ->Verdict(pool_->FindNumber(number),
                          pool_->FindCarrier(carrier), verdict, host_)
                .code(),
            naive_->Verdict(number, carrier, verdict, host_));
  }

  // From here on the loaded pool is compared with the twin.
  void SaveAndLoad() {
    std::string saved, again;
    pool_->Save(&saved);
    auto loaded = NumberPool::Load(options_, saved);
    if (!loaded.ok()) {
      Differ("load", std::string(loaded.status().message()), "OK");
      return;
    }
    (*loaded)->Save(&again);
    if (again != saved) Differ("saved again", "other bytes", "the same");
    pool_ = *std::move(loaded);
    ++kinds_["saved and loaded"];
  }

  std::string CarrierName(CarrierId id) const {
    for (const std::string& name : rules_.carriers) {
      if (pool_->FindCarrier(name) == id) return name;
    }
    return "";
  }

  static std::string Text(PhoneNumber number, NumberState from, NumberState to,
                          StateReason why, const std::string& carrier,
                          int64_t at) {
    return number.ToString() + " " + std::string(Name(from)) + " -> " +
           std::string(Name(to)) + ", " + std::string(Name(why)) + " at \"" +
           carrier + "\", " + std::to_string(at) + "; ";
  }

  void CompareChanges() {
    std::vector<NumberStateChange> changes;
    pool_->TakeChanges(&changes);
    std::string mine, theirs;
    for (const NumberStateChange& c : changes) {
      mine += Text(c.number, c.from, c.to, c.why, CarrierName(c.carrier),
                   absl::ToUnixMicros(c.at));
      ++kinds_["change: " + std::string(Name(c.why)) + " to " +
               std::string(Name(c.to))];
    }
    for (const NaiveNumberPool::Change& c : naive_->TakeChanges()) {
      theirs += Text(c.number, c.from, c.to, c.why, c.carrier, c.at);
    }
    if (mine != theirs) Differ("changes", mine, theirs);
  }

  void CompareHealth(PhoneNumber digits) {
    const NumberId id = pool_->FindNumber(digits);
    const NaiveNumberPool::Number* const number = naive_->Find(digits);
    if (id.none() || number == nullptr) {
      if (!id.none() || number != nullptr) Differ("number", "?", "?");
      return;
    }
    const NumberView view = *pool_->View(id);
    const bool ends = view.state_until != absl::InfiniteFuture();
    if (view.state != number->state || view.probes_failed != number->failures ||
        (ends && view.state_until != naive_->HostTime(number->due))) {
      Differ("view of " + digits.ToString(),
             std::string(Name(view.state)) + " until " +
                 absl::FormatTime(view.state_until),
             std::string(Name(number->state)) + " until " +
                 absl::FormatTime(naive_->HostTime(number->due)));
    }
    const std::string carrier = random_.Chance(30) ? "" : random_.Carrier();
    const NumberHealthView health =
        *pool_->Health(id, pool_->FindCarrier(carrier));
    NaiveNumberPool::Chart chart;
    const auto found = number->charts.find(carrier);
    if (found != number->charts.end()) chart = found->second;
    const auto text = [](int64_t suspicion, int64_t calls, int64_t odds,
                         bool labelled) {
      return std::to_string(suspicion) + " after " + std::to_string(calls) +
             " by odds " + std::to_string(odds) + (labelled ? " labelled" : "");
    };
    const std::string mine = text(health.suspicion, health.own_calls,
                                  health.own_odds_permille, health.labelled);
    const std::string theirs =
        text((chart.score * 1000 + (1 << 19)) >> 20, chart.calls,
             (chart.odds * 1000 + 2048) / 4096, chart.labelled);
    if (mine != theirs) {
      Differ("health of " + digits.ToString() + " at \"" + carrier + "\"", mine,
             theirs);
    }
  }

  void RandomPatch() {
    NumberPatch patch;
    std::map<uint64_t, bool> named;
    for (uint64_t i = random_.Below(6); i > 0; --i) {
      const PhoneNumber number = random_.PoolNumber();
      if (!named.emplace(number.value(), true).second) continue;
      if (random_.Chance(70)) {
        patch.put.push_back(random_.Number(number, random_.Chance(50)));
      } else if (!pool_->FindNumber(number).none()) {
        patch.remove.push_back(number);
      }
    }
    Patch(patch);
  }
  void Patch(const NumberPatch& patch) {
    const absl::Status status = pool_->Apply(patch, host_);
    Compare("patch " + std::string(status.message()), status.code(),
            absl::StatusCode::kOk);
    naive_->Apply(patch, host_);
  }

  RandomNumbers random_;
  NumberPoolOptions options_;
  NumberRules rules_;
  absl::Time host_ = absl::FromUnixSeconds(1'760'000'000);
  absl::Time worse_ = host_ + absl::Hours(30);
  absl::Duration rebased_ = absl::ZeroDuration();
  absl::Time clock_ = absl::InfinitePast();
  std::unique_ptr<NumberPool> pool_;
  std::unique_ptr<NaiveNumberPool> naive_;
  NaiveNumberPool::Call last_;
  std::vector<uint64_t> attempts_;
  std::vector<PhoneNumber> recent_;  // Numbers chosen.
  std::map<uint64_t, std::vector<absl::Time>> uses_;
  std::map<std::string, int> kinds_;
  int picks_ = 0;
  std::string difference_;
};

TEST(NumberPoolOracleTest, AgreesOnEveryAnswer) {
  const int worlds = oracle::Rounds(300, 2'000);
  const int steps = oracle::Rounds(700, 2'500);
  std::map<std::string, int> kinds;
  int picks = 0;
  for (int world = 1; world <= worlds; ++world) {
    Twins twins(static_cast<uint64_t>(world), 1 << (1 + world % 8));
    for (int step = 0; step < steps; ++step) {
      twins.Step();
      ASSERT_TRUE(twins.same()) << "world " << world << ", step " << step
                                << ": " << twins.difference();
      if (step % 50 == 0) {
        const absl::Status status = twins.pool().CheckInvariants();
        ASSERT_TRUE(status.ok())
            << "world " << world << ", step " << step << ": " << status;
      }
    }
    picks += twins.picks();
    for (const auto& [kind, count] : twins.kinds()) kinds[kind] += count;
  }
  // Every way an answer can come out did come out.
  std::string seen;
  for (const auto& [kind, count] : kinds) {
    seen += kind + " x " + std::to_string(count) + "\n";
  }
  EXPECT_GE(kinds.size(), 48u) << seen;
  if (oracle::Rounds(0, 1) == 1) {
    std::printf(
        "RESULT number pool and twin | %d steps, %d picks | "
        "no difference | %zu kinds of answers\n",
        worlds * steps, picks, kinds.size());
  } else {
    std::printf("%s%d picks\n", seen.c_str(), picks);
  }
}

}  // namespace
}  // namespace callrouter
