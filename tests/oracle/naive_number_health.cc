// The plain twin of the number pool: health and life of numbers.

#include <algorithm>
#include <cmath>

#include "tests/oracle/naive_number_pool.h"

namespace callrouter::oracle {

namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kOne = 65'536;    // Of rates.
constexpr int64_t kUnit = 1 << 20;  // Of evidence.
constexpr int64_t kMost = 1000 * kUnit;

int64_t Rounded(double logarithm) {
  return std::llround(logarithm * static_cast<double>(kUnit));
}

int64_t Clamped(int64_t rate) {
  return std::clamp<int64_t>(rate, kOne / 100, kOne - kOne / 100);
}

bool Has(const std::vector<CallOutcome>& list, CallOutcome outcome) {
  return std::find(list.begin(), list.end(), outcome) != list.end();
}

bool Judged(NumberState state) {
  return state == NumberState::kWarming || state == NumberState::kActive ||
         state == NumberState::kSuspect || state == NumberState::kProbing;
}

const char* const kHost = "(host)";

}  // namespace

// --- Evidence ---

int64_t NaiveNumberPool::EvidenceOf(int64_t rate, bool answered) const {
  const double ratio = rules_.health.drop_odds_permille / 1000.0;
  const auto none = [&](int64_t i) {
    const double p = static_cast<double>(i) / 256;
    return Rounded(-std::log(1 - p + ratio * p));
  };
  const int64_t i = rate / 256;
  const int64_t part = (none(i + 1) - none(i)) * (rate % 256) + 128;
  const int64_t evidence = none(i) + (part >> 8);
  return answered ? evidence + Rounded(std::log(ratio)) : evidence;
}

int64_t NaiveNumberPool::Own(const Chart& chart, int64_t rate) {
  rate = Clamped(rate);
  const int64_t yes = rate * chart.odds;
  const int64_t no = (kOne - rate) * 4096;
  return Clamped(yes * kOne / (yes + no));
}

// The expected rate, from the widest kind to the narrowest; counted after.
int64_t NaiveNumberPool::Expect(const Call& call, int64_t hour, bool answered,
                                bool count) {
  const NumberHealthRules& rules = rules_.health;
  int64_t rate = rules.expected_permille * kOne / 1000;
  if (!rules.learn) return rate;
  const int64_t period = now_ / absl::ToInt64Microseconds(rules.half_life);
  const int attempt = std::min(call.attempt_number, rules.attempts_apart);
  const std::array<Kind, 5> kinds = {
      Kind{1, "", "", 0, 0}, Kind{2, call.carrier, "", 0, 0},
      Kind{3, call.carrier, call.campaign, 0, 0},
      Kind{4, call.carrier, call.campaign, hour, 0},
      Kind{5, call.carrier, call.campaign, hour, attempt}};
  for (const Kind& kind : kinds) {
    if (rates_.count(kind) == 0) {
      const auto most = static_cast<std::size_t>(options_.rates_max);
      if (!count || rates_.size() >= most) continue;
      rates_[kind].period = period;
    }
    Rate& r = rates_[kind];
    if (r.period < 0) r.period = period;
    for (; r.period < period; ++r.period) {
      r.calls /= 2;
      r.answers /= 2;
    }
    rate = (r.answers * kOne + 256 * rules.prior_calls * rate) /
           (r.calls + 256 * rules.prior_calls);
    if (!count) continue;
    r.calls += 256;
    if (answered) r.answers += 256;
  }
  return rate;
}

void NaiveNumberPool::Learn(Chart* chart, int64_t rate, bool answered) {
  const NumberHealthRules& rules = rules_.health;
  if (chart->known || rules.own_calls == 0) return;
  ++chart->calls;
  if (answered) ++chart->answers;
  chart->expected += Clamped(rate);
  if (chart->calls < rules.own_calls) return;
  chart->known = true;
  const int64_t mean = chart->expected / chart->calls;
  const int64_t own =
      Clamped((chart->answers * kOne + mean * rules.own_prior_calls) /
              (chart->calls + rules.own_prior_calls));
  chart->odds = std::clamp<int64_t>(
      own * (kOne - mean) * 4096 / (mean * (kOne - own)), 512, 32'768);
}

void NaiveNumberPool::Forget(Number* number) {
  for (auto& [carrier, chart] : number->charts) {
    chart.score = 0;
    chart.labelled = false;
    if (!chart.known) chart.calls = chart.answers = chart.expected = 0;
  }
}

bool NaiveNumberPool::RoomForChart(const Number& number,
                                   const std::string& carrier) const {
  std::size_t charts = 0;
  for (const auto& [digits, other] : numbers_) charts += other.charts.size();
  return number.charts.count(carrier) > 0 ||
         charts < static_cast<std::size_t>(options_.charts_max);
}

int64_t NaiveNumberPool::HourAt(const std::string& region, int64_t utc) const {
  for (const Region* r = FindRegion(region); r != nullptr;
       r = FindRegion(r->parent)) {
    if (r->transitions.empty()) continue;
    int64_t offset = r->transitions[0].offset_seconds;
    for (const ZoneTransition& t : r->transitions) {
      if (absl::FromUnixMicros(utc) >= t.at) offset = t.offset_seconds;
    }
    utc += offset * kSecond;
    break;
  }
  const int64_t hours = utc / kSecond / 3600 - (utc < 0 ? 1 : 0);
  return (hours % 24 + 24) % 24;
}

// --- Reports and verdicts ---

NaiveNumberPool::Code NaiveNumberPool::Report(uint64_t id, CallOutcome outcome,
                                              absl::Time now) {
  Enter(now);
  const NumberHealthRules& rules = rules_.health;
  const auto it = attempts_.find(id);
  if (it == attempts_.end()) return Code::kNotFound;
  Attempt& attempt = it->second;
  if (attempt.state == State::kCancelled || attempt.state == State::kLapsed) {
    return Code::kFailedPrecondition;
  }
  if (attempt.outcome == outcome) return Code::kOk;
  if (attempt.outcome != CallOutcome::kNone) return Code::kAlreadyExists;
  const bool answered = Has(rules.answered, outcome);
  const auto at = numbers_.find(attempt.answer.number.value());
  const bool there =
      at != numbers_.end() && at->second.living == attempt.living;
  const bool counts = there && (answered || Has(rules.unanswered, outcome));
  if (counts && !RoomForChart(at->second, attempt.call.carrier)) {
    return Code::kResourceExhausted;
  }
  if (attempt.state == State::kReserved) Show(&attempt);
  attempt.outcome = outcome;
  if (outcome == CallOutcome::kAnswered) {
    for (Shown& shown : callees_[attempt.call.callee.value()]) {
      if (shown.living == attempt.living &&
          shown.campaign == attempt.call.campaign) {
        shown.answered = true;
      }
    }
  }
  if (!counts) return Code::kOk;
  Number& number = at->second;
  const int64_t called =
      attempt.lapses_at -
      absl::ToInt64Microseconds(options_.reservation_timeout) + skew_ + civil_;
  const bool probing = number.state == NumberState::kProbing;
  const int64_t hour = HourAt(RegionOf(attempt.call.callee), called);
  const int64_t rate = Expect(attempt.call, hour, answered, !probing);
  if (!Judged(number.state)) return Code::kOk;
  Chart& chart = number.charts[attempt.call.carrier];
  const int64_t evidence = EvidenceOf(Own(chart, rate), answered);
  if (probing && Concerns(number, attempt.call.carrier)) {
    Probe(&number, evidence);
    return Code::kOk;
  }
  Learn(&chart, rate, answered);
  Weigh(&number, attempt.call.carrier, evidence);
  return Code::kOk;
}

bool NaiveNumberPool::Concerns(const Number& number,
                               const std::string& carrier) {
  return number.accused == kHost || number.accused.empty() ||
         number.accused == carrier;
}

NaiveNumberPool::Code NaiveNumberPool::Verdict(PhoneNumber digits,
                                               const std::string& carrier,
                                               NumberVerdict verdict,
                                               absl::Time now) {
  Enter(now);
  const auto it = numbers_.find(digits.value());
  if (it == numbers_.end()) return Code::kNotFound;
  Number& number = it->second;
  if (!RoomForChart(number, carrier)) return Code::kResourceExhausted;
  if (verdict == NumberVerdict::kLabelRemoved) {
    if (carrier.empty()) {
      Forget(&number);
    } else {
      number.charts[carrier].score = 0;
      number.charts[carrier].labelled = false;
    }
    const bool resting = number.state == NumberState::kResting;
    if ((resting || number.state == NumberState::kSuspect) &&
        number.accused != kHost &&
        (carrier.empty() || number.accused == carrier)) {
      Move(&number, resting ? NumberState::kProbing : NumberState::kActive,
           StateReason::kLabelRemoved, number.accused, now_);
    }
    return Code::kOk;
  }
  const bool label = verdict == NumberVerdict::kLabelled;
  if (label && number.charts[carrier].labelled) return Code::kOk;
  const int64_t thousandths =
      label ? rules_.health.label_weight : rules_.health.complaint_weight;
  const int64_t evidence = thousandths * kUnit / 1000;
  if (number.state == NumberState::kProbing &&
      (carrier.empty() || Concerns(number, carrier))) {
    Probe(&number, evidence);
  } else if (Judged(number.state)) {
    Weigh(&number, carrier, evidence);
  }
  if (label) number.charts[carrier].labelled = true;
  return Code::kOk;
}

void NaiveNumberPool::Weigh(Number* number, const std::string& carrier,
                            int64_t evidence) {
  Chart& chart = number->charts[carrier];
  chart.score = std::clamp<int64_t>(chart.score + evidence, 0, kMost);
  if (chart.score >= rules_.health.rest_at * kUnit / 1000) {
    Rest(number, carrier, chart.score, StateReason::kAlarm, now_);
  } else if (number->state == NumberState::kActive &&
             chart.score >= rules_.health.suspect_at * kUnit / 1000) {
    Move(number, NumberState::kSuspect, StateReason::kSuspicion, carrier, now_);
  } else if (number->state == NumberState::kSuspect && chart.score == 0 &&
             number->accused == carrier) {
    Move(number, NumberState::kActive, StateReason::kCleared, carrier, now_);
  }
}

void NaiveNumberPool::Probe(Number* number, int64_t evidence) {
  const double a = rules_.health.probe_fails_permille / 1000.0;
  const double b = rules_.health.probe_passes_permille / 1000.0;
  number->score = std::clamp(number->score + evidence, -kMost, kMost);
  if (number->score >= Rounded(std::log((1 - b) / a))) {
    FailProbe(number, now_);
  } else if (number->score <= Rounded(std::log(b / (1 - a)))) {
    Move(number, NumberState::kActive, StateReason::kProbePassed,
         number->accused, now_);
  }
}

void NaiveNumberPool::FailProbe(Number* number, int64_t at) {
  if (++number->failures >= rules_.health.retire_after) {
    Move(number, NumberState::kHeld, StateReason::kProbeFailed, number->accused,
         at);
    return;
  }
  Rest(number, number->accused,
       std::min(kMost, rules_.health.rest_at * kUnit / 1000 +
                           std::max<int64_t>(0, number->score)),
       StateReason::kProbeFailed, at);
}

void NaiveNumberPool::Rest(Number* number, const std::string& carrier,
                           int64_t score, StateReason why, int64_t at) {
  const std::string accused = carrier;  // It may be the number's own.
  int64_t all = 0, resting = 0;
  Number* least = nullptr;
  for (auto& [digits, other] : numbers_) {
    if (other.config.group != number->config.group) continue;
    const bool rests = other.state == NumberState::kResting;
    if (InService(other.state) || rests) ++all;
    if (!rests) continue;
    ++resting;
    if (other.accused == kHost || other.score >= score) continue;
    if (least == nullptr || other.score < least->score) least = &other;
  }
  const bool room = resting < all * rules_.health.rest_share_permille / 1000;
  if (!room && least == nullptr) {
    if (number->state == NumberState::kSuspect) return;
    if (number->charts.count(accused) > 0) {
      number->charts[accused].score = score;
    }
    Move(number, NumberState::kSuspect, StateReason::kRestLimit, accused, at);
    return;
  }
  if (!room) {
    Forget(least);
    Move(least, NumberState::kProbing, StateReason::kRestLimit, least->accused,
         at);
  }
  Forget(number);
  Move(number, NumberState::kResting, why, accused, at);
  number->score = score;
}

// --- States ---

bool NaiveNumberPool::Timed(NumberState state) {
  return state == NumberState::kWarming || state == NumberState::kSuspect ||
         state == NumberState::kResting || state == NumberState::kProbing ||
         state == NumberState::kHeld;
}

int64_t NaiveNumberPool::EndOf(const Number& number) const {
  const NumberHealthRules& rules = rules_.health;
  const int64_t since = number.since * kSecond;
  if (number.state == NumberState::kWarming) {
    const auto& ramp = GroupOf(number).caps.warm_up;
    return since +
           (ramp.empty() ? 0 : absl::ToInt64Microseconds(ramp.back().after));
  }
  absl::Duration lasts = rules.hold_for;
  if (number.state == NumberState::kSuspect) lasts = rules.suspect_for;
  if (number.state == NumberState::kProbing) lasts = rules.probe_for;
  if (number.state != NumberState::kResting) {
    return since + absl::ToInt64Microseconds(lasts);
  }
  const int64_t longest = int64_t{400} * 86'400 * kSecond;
  int64_t rest = absl::ToInt64Microseconds(rules.rest_for);
  for (int i = 0; i < number.failures && rest < longest; ++i) {
    rest = rest / 1000 * rules.rest_growth_permille;
  }
  return since + std::min(rest, longest);
}

// What was in question before is over, unless the new state goes on with it.
void NaiveNumberPool::Move(Number* number, NumberState to, StateReason why,
                           std::string accused, int64_t at) {
  Change change;
  change.number = number->config.number;
  change.from = number->state;
  change.to = to;
  change.why = why;
  change.carrier = accused == kHost ? "" : accused;
  change.at = at;
  const bool joins = InService(to) && !InService(number->state);
  if (!Timed(to) || why == StateReason::kHost) number->failures = 0;
  number->state = to;
  number->since = at / kSecond;
  number->accused = accused;
  number->score = 0;
  if (Timed(to)) {
    number->due = EndOf(*number);
    number->armed = ++arms_;
  }
  if (joins) Join(number);
  changes_.push_back(change);
}

NaiveNumberPool::Code NaiveNumberPool::SetState(PhoneNumber digits,
                                                NumberState state,
                                                absl::Time now) {
  Enter(now);
  const auto it = numbers_.find(digits.value());
  if (it == numbers_.end()) return Code::kNotFound;
  if (it->second.state == state) return Code::kOk;
  Forget(&it->second);
  Move(&it->second, state, StateReason::kHost, kHost, now_);
  return Code::kOk;
}

NaiveNumberPool::Number* NaiveNumberPool::FirstToEnd() {
  Number* first = nullptr;
  for (auto& [digits, number] : numbers_) {
    if (!Timed(number.state)) continue;
    if (first == nullptr || std::make_pair(number.due, number.armed) <
                                std::make_pair(first->due, first->armed)) {
      first = &number;
    }
  }
  return first;
}

void NaiveNumberPool::EndStates() {
  for (;;) {
    Number* const number = FirstToEnd();
    if (number == nullptr || number->due > now_) return;
    const int64_t at = number->due;
    switch (number->state) {
      case NumberState::kWarming:
        Move(number, NumberState::kActive, StateReason::kWarmedUp, kHost, at);
        break;
      case NumberState::kSuspect:
        Forget(number);
        Move(number, NumberState::kProbing, StateReason::kUndecided,
             number->accused, at);
        break;
      case NumberState::kResting:
        Forget(number);
        Move(number, NumberState::kProbing, StateReason::kRestOver,
             number->accused, at);
        break;
      case NumberState::kProbing:
        if (number->score > 0) {
          FailProbe(number, at);
        } else {
          Move(number, NumberState::kActive, StateReason::kProbePassed,
               number->accused, at);
        }
        break;
      default:
        Move(number, NumberState::kRetired, StateReason::kHoldOver,
             number->accused, at);
    }
  }
}

// After a change of numbers or rules.
void NaiveNumberPool::RenewEnds() {
  std::vector<Number*> timed;
  for (auto& [digits, number] : numbers_) {
    if (!Timed(number.state)) continue;
    number.due = EndOf(number);
    timed.push_back(&number);
  }
  std::stable_sort(
      timed.begin(), timed.end(),
      [](const Number* a, const Number* b) { return a->due < b->due; });
  for (Number* number : timed) number->armed = ++arms_;
}

std::vector<NaiveNumberPool::Change> NaiveNumberPool::TakeChanges() {
  std::vector<Change> changes;
  changes.swap(changes_);
  for (Change& change : changes) change.at += skew_;
  return changes;
}

const NaiveNumberPool::Number* NaiveNumberPool::Find(PhoneNumber digits) const {
  const auto it = numbers_.find(digits.value());
  return it == numbers_.end() ? nullptr : &it->second;
}

}  // namespace callrouter::oracle
