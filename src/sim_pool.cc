// A year of a number pool.

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "callrouter/number_pool.h"
#include "callrouter/pool_simulator.h"
#include "sim_random.h"

namespace callrouter {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kDay = 86'400 * kSecond;
// Calls are made from nine to eight, by the clock of UTC.
constexpr int64_t kOpens = 9 * 3'600 * kSecond;
constexpr int64_t kOpenFor = 11 * 3'600 * kSecond;
constexpr int kNearly = 95;  // Per cent of a day's quota a rate is judged on.

struct Simulated {
  double rate = 0;
  uint32_t today = 0, today_answered = 0;
  NumberState state = NumberState::kActive;
  int64_t rest_since = 0, rested = 0;        // `rested` since the label.
  int64_t wakes = 0;                         // kFixedThreshold.
  std::array<int64_t, 16> labelled_at = {};  // By carrier; 0: is not.
  bool labelled() const {
    return std::any_of(labelled_at.begin(), labelled_at.end(),
                       [](int64_t at) { return at != 0; });
  }
};

// A call that goes on until `at`.
struct Running {
  int64_t at;
  uint64_t attempt;
  bool answered;
  bool talking;
  bool operator>(const Running& other) const {
    return at != other.at ? at > other.at : attempt > other.attempt;
  }
};

class PoolYear {
 public:
  PoolYear(const PoolFile& file, const PoolWorld& world, PoolPolicy policy,
           PoolReport* report, const Progress& progress)
      : progress_(progress),
        file_(file),
        world_(world),
        policy_(policy),
        report_(*report),
        calls_(world.seed, sim::Purpose::kArrival, 0),
        people_(world.seed, sim::Purpose::kAnswer, 0),
        labels_(world.seed, sim::Purpose::kOutside, 0),
        rates_(world.seed, sim::Purpose::kPatience, 0) {}

  absl::Status Run(std::string* saved) {
    absl::Status status = Start();
    for (int32_t day = 0; status.ok() && day < world_.days; ++day) {
      status = RunDay(day);
    }
    for (double& share : report_.states) share /= world_.days;
    report_.resting_needless /= world_.days;
    if (status.ok() && saved != nullptr) pool_->Save(saved);
    return status;
  }

 private:
  absl::Time Host(int64_t us) const { return start_ + absl::Microseconds(us); }

  absl::Status Start();
  absl::Status FindTrunk();
  absl::Status RunDay(int32_t day);
  absl::Status Call(int64_t now);
  absl::Status EndUntil(int64_t now);
  void TakeChanges(int64_t now);
  absl::Status EndDay(int32_t day, int64_t now);
  absl::Status Replace(int64_t now);
  double NewRate();
  void Label(Simulated* number, std::size_t carrier, int64_t now);
  PhoneNumber PersonOf(uint64_t person) const;

  const Progress& progress_;
  const PoolFile& file_;
  const PoolWorld& world_;
  const PoolPolicy policy_;
  PoolReport& report_;
  sim::Stream calls_, people_, labels_, rates_;
  absl::Time start_ =
      absl::FromCivil(absl::CivilDay(2026, 1, 5), absl::UTCTimeZone());
  std::unique_ptr<NumberPool> pool_;
  CampaignId campaign_;
  TrunkId trunk_;
  std::vector<CarrierId> carriers_;
  std::vector<Simulated> numbers_;
  std::vector<uint32_t> by_slot_;
  std::vector<std::vector<const NumberRange*>> ranges_;  // By number.
  uint64_t attempts_ = 0;
  std::priority_queue<Running, std::vector<Running>, std::greater<>> running_;
  std::vector<std::pair<uint64_t, uint32_t>> shown_;  // Attempt, number.
  std::vector<NumberStateChange> changes_;
  uint64_t week_calls_ = 0, week_answered_ = 0;
  double week_resting_ = 0;
};

absl::Status PoolYear::FindTrunk() {
  const NumberCampaign* campaign = nullptr;
  for (const NumberCampaign& c : file_.rules.campaigns) {
    if (world_.campaign.empty() || c.name == world_.campaign) {
      campaign = &c;
      break;
    }
  }
  if (campaign == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("campaign: found \"", world_.campaign,
                     "\", expected one of the pool's"));
  }
  campaign_ = pool_->FindCampaign(campaign->name);
  for (const NumberGroup& group : file_.rules.groups) {
    for (const TrunkUse& use : group.trunks) {
      if (group.owner != campaign->owner ||
          use.attestation < campaign->attestation) {
        continue;
      }
      trunk_ = pool_->FindTrunk(use.trunk);
      return absl::OkStatus();
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("campaign: found \"", campaign->name,
                   "\", which no group has a trunk for"));
}

absl::Status PoolYear::Start() {
  NumberRules rules = file_.rules;
  if (policy_ != PoolPolicy::kAsConfigured) {
    rules.health.answered.clear();
    rules.health.unanswered.clear();
    rules.health.rest_for = absl::Hours(24) * 400;  // Until told otherwise.
  }
  auto pool = NumberPool::Create(file_.options, rules, start_);
  if (!pool.ok()) return pool.status();
  pool_ = *std::move(pool);
  absl::Status status = pool_->Apply(file_.numbers, start_);
  if (status.ok()) status = FindTrunk();
  if (!status.ok()) return status;
  for (const std::string& carrier : rules.carriers) {
    carriers_.push_back(pool_->FindCarrier(carrier));
  }
  if (carriers_.empty()) carriers_.emplace_back();
  numbers_.resize(file_.numbers.put.size());
  ranges_.resize(numbers_.size());
  report_.uses.assign(numbers_.size(), 0);
  for (uint32_t i = 0; i < numbers_.size(); ++i) {
    const NumberConfig& config = file_.numbers.put[i];
    numbers_[i].rate = NewRate();
    numbers_[i].state = config.state;
    const uint32_t slot = pool_->FindNumber(config.number).slot();
    if (slot >= by_slot_.size()) by_slot_.resize(slot + 1);
    by_slot_[slot] = i;
    for (const NumberRange& range : file_.rules.ranges) {
      if (range.region == config.region) ranges_[i].push_back(&range);
    }
  }
  return numbers_.empty() ? absl::InvalidArgumentError("the pool is empty")
                          : absl::OkStatus();
}

double PoolYear::NewRate() {
  return std::clamp(
      world_.answered + world_.answered_deviation * rates_.Normal(), 0.01,
      0.95);
}

// Somebody near one of the numbers.
PhoneNumber PoolYear::PersonOf(uint64_t person) const {
  const std::size_t near = person % numbers_.size();
  Random random(person);
  const uint64_t any = random.Next64();
  if (ranges_[near].empty()) {
    return PhoneNumber::FromValue(
        file_.numbers.put[near].number.value() / 1000 * 1000 + any % 1000);
  }
  const NumberRange& range = *ranges_[near][any % ranges_[near].size()];
  const uint64_t size = range.last.value() - range.first.value() + 1;
  return PhoneNumber::FromValue(range.first.value() + random.Next64() % size);
}

void PoolYear::TakeChanges(int64_t now) {
  changes_.clear();
  pool_->TakeChanges(&changes_);
  for (const NumberStateChange& change : changes_) {
    Simulated& number = numbers_[by_slot_[change.id.slot()]];
    number.state = change.to;
    if (change.to == NumberState::kResting) {
      ++report_.rests;
      if (!number.labelled()) ++report_.needless_rests;
      number.rest_since = now;
    } else if (change.from == NumberState::kResting) {
      number.rested += now - number.rest_since;
    }
  }
}

absl::Status PoolYear::EndUntil(int64_t now) {
  while (!running_.empty() && running_.top().at <= now) {
    Running call = running_.top();
    running_.pop();
    absl::Status status = absl::OkStatus();
    if (!call.talking) {
      status =
          pool_->Report({call.attempt, call.answered ? CallOutcome::kAnswered
                                                     : CallOutcome::kNoAnswer},
                        Host(call.at));
    }
    if (status.ok() && call.answered && !call.talking) {
      call.talking = true;
      call.at += 90 * kSecond;
      running_.push(call);
    } else if (status.ok()) {
      status = pool_->End(call.attempt, Host(call.at));
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void PoolYear::Label(Simulated* number, std::size_t carrier, int64_t now) {
  int64_t& at = number->labelled_at[carrier % 16];
  if (at != 0) {
    const int64_t used = now - at - number->rested;
    const bool healed =
        static_cast<double>(number->rested) >=
            world_.days_to_heal_at_rest * static_cast<double>(kDay) ||
        static_cast<double>(used) >=
            world_.days_to_heal_in_use * static_cast<double>(kDay);
    if (healed) at = 0;
    return;
  }
  const double beyond =
      std::max(0.0, static_cast<double>(number->today) - world_.busy_calls);
  if (labels_.Uniform() * world_.calls_per_label < 1 + beyond / 10) {
    if (!number->labelled()) number->rested = 0;
    at = now;
    ++report_.labels;
  }
}

absl::Status PoolYear::Call(int64_t now) {
  absl::Status status = EndUntil(now);
  if (!status.ok()) return status;
  ++report_.calls;
  const uint64_t person = static_cast<uint64_t>(
      calls_.Uniform() * static_cast<double>(world_.people));
  const std::size_t carrier = person % carriers_.size();
  NumberRequest request;
  request.attempt = ++attempts_;
  request.campaign = campaign_;
  request.trunk = trunk_;
  request.carrier = carriers_[carrier];
  request.callee = PersonOf(person);
  NumberChoice choice;
  const double luck = people_.Uniform();
  status = pool_->Reserve(request, Host(now), &choice);
  if (!status.ok()) return status;
  if (choice.number.none()) {
    ++report_.no_number;
    return absl::OkStatus();
  }
  const uint32_t i = by_slot_[choice.id.slot()];
  Simulated& number = numbers_[i];
  ++report_.uses[i];
  ++number.today;
  Label(&number, carrier, now);
  const bool labelled = number.labelled_at[carrier % 16] != 0;
  if (labelled) ++report_.labelled;
  // Least in the morning, most in the evening.
  const double hour =
      static_cast<double>(now % kDay - kOpens) / static_cast<double>(kOpenFor);
  const double rate = (labelled ? world_.answered_labelled : number.rate) *
                      (1 + world_.hourly_swing * (2 * hour - 1));
  const bool answered = luck < rate;
  ++week_calls_;
  if (answered) {
    ++week_answered_;
    ++report_.answered;
    ++number.today_answered;
  }
  running_.push({now + 20 * kSecond, request.attempt, answered, false});
  return pool_->Commit(request.attempt, Host(now));
}

absl::Status PoolYear::RunDay(int32_t day) {
  const int64_t opens = int64_t{day} * kDay + kOpens;
  const double gap =
      static_cast<double>(kOpenFor) /
      (world_.calls_per_number * static_cast<double>(numbers_.size()));
  double at = static_cast<double>(opens);
  for (;;) {
    at += gap * calls_.UnitExponential();
    const int64_t now = static_cast<int64_t>(at);
    if (now >= opens + kOpenFor) break;
    if (progress_ && report_.calls % 64 == 0 &&
        !progress_(static_cast<double>(now) /
                   static_cast<double>(int64_t{world_.days} * kDay))) {
      return absl::CancelledError("the simulation was stopped");
    }
    const absl::Status status = Call(now);
    if (!status.ok()) return status;
    if (report_.calls % 64 == 0) TakeChanges(now);
  }
  return EndDay(day, opens + kOpenFor);
}

// Whoever gives a number up buys another one there, which begins anew.
absl::Status PoolYear::Replace(int64_t now) {
  NumberPatch out, in;
  for (uint32_t i = 0; i < numbers_.size(); ++i) {
    if (numbers_[i].state != NumberState::kHeld) continue;
    out.remove.push_back(file_.numbers.put[i].number);
    in.put.push_back(file_.numbers.put[i]);
    in.put.back().state = NumberState::kNew;
    numbers_[i] = Simulated();
    numbers_[i].state = NumberState::kNew;
    numbers_[i].rate = NewRate();
  }
  if (in.put.empty()) return absl::OkStatus();
  report_.replaced += in.put.size();
  absl::Status status = pool_->Apply(out, Host(now));
  if (status.ok()) status = pool_->Apply(in, Host(now));
  if (!status.ok()) return status;
  for (const NumberConfig& config : in.put) {
    const uint32_t slot = pool_->FindNumber(config.number).slot();
    if (slot >= by_slot_.size()) by_slot_.resize(slot + 1);
    by_slot_[slot] = static_cast<uint32_t>(
        std::find_if(
            file_.numbers.put.begin(), file_.numbers.put.end(),
            [&](const NumberConfig& c) { return c.number == config.number; }) -
        file_.numbers.put.begin());
  }
  return absl::OkStatus();
}

absl::Status PoolYear::EndDay(int32_t day, int64_t now) {
  absl::Status status = EndUntil(now + 3'600 * kSecond);
  if (!status.ok()) return status;
  now += 3'600 * kSecond;
  pool_->Advance(Host(now));
  TakeChanges(now);
  std::size_t resting = 0, needless = 0;
  for (uint32_t i = 0; i < numbers_.size(); ++i) {
    Simulated& number = numbers_[i];
    if (policy_ == PoolPolicy::kFixedThreshold) {
      const bool resting_now = number.state == NumberState::kResting;
      const NumberId id = pool_->FindNumber(file_.numbers.put[i].number);
      if (!resting_now &&
          100 * number.today >=
              static_cast<double>(kNearly) / 2 * world_.calls_per_number &&
          10 * number.today_answered < number.today) {
        number.wakes = now + 21 * kDay;
        status = pool_->SetState(id, NumberState::kResting, Host(now));
      } else if (resting_now && now >= number.wakes) {
        status = pool_->SetState(id, NumberState::kActive, Host(now));
      }
      if (!status.ok()) return status;
    }
    number.today = number.today_answered = 0;
  }
  TakeChanges(now);
  status = Replace(now);
  if (!status.ok()) return status;
  const double one = 1 / static_cast<double>(numbers_.size());
  for (const Simulated& number : numbers_) {
    report_.states[static_cast<std::size_t>(number.state)] += one;
    if (number.state != NumberState::kResting) continue;
    ++resting;
    if (!number.labelled()) ++needless;
  }
  report_.resting_needless += static_cast<double>(needless) * one;
  week_resting_ += static_cast<double>(resting) * one;
  if ((day + 1) % 7 == 0) {
    report_.answered_share.push_back(
        week_calls_ == 0 ? 0
                         : static_cast<double>(week_answered_) /
                               static_cast<double>(week_calls_));
    report_.resting_share.push_back(week_resting_ / 7);
    week_calls_ = week_answered_ = 0;
    week_resting_ = 0;
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Fault> FindFaults(const PoolWorld& world) {
  std::vector<Fault> faults;
  const auto range = [&](const char* field, double found, double low,
                         double high) {
    if (found >= low && found <= high) return;
    faults.push_back(
        {field, absl::StrCat(found), absl::StrCat(low, " to ", high)});
  };
  range("days", world.days, 1, 3650);
  range("calls_per_number", world.calls_per_number, 0.1, 1000);
  range("answered", world.answered, 0.001, 0.999);
  range("answered_deviation", world.answered_deviation, 0, 0.3);
  range("answered_labelled", world.answered_labelled, 0, 0.999);
  range("hourly_swing", world.hourly_swing, 0, 0.9);
  range("calls_per_label", world.calls_per_label, 1, 1e12);
  range("busy_calls", world.busy_calls, 0, 1e6);
  range("days_to_heal_at_rest", world.days_to_heal_at_rest, 0, 3650);
  range("days_to_heal_in_use", world.days_to_heal_in_use, 0, 3650);
  range("people", world.people, 1, 1e8);
  return faults;
}

absl::Status SimulatePool(const PoolFile& file, const PoolWorld& world,
                          PoolPolicy policy, PoolReport* report,
                          std::string* saved, const Progress& progress) {
  std::string text;
  for (const Fault& fault : FindFaults(world)) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", ToString(fault));
  }
  if (!text.empty()) return absl::InvalidArgumentError(text);
  *report = PoolReport();
  report->policy = policy;
  return PoolYear(file, world, policy, report, progress).Run(saved);
}

}  // namespace callrouter
