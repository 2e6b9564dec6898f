#include "dial_estimators.h"

#include <algorithm>
#include <cmath>

#include "exact_math.h"

namespace callrouter {
namespace {

constexpr double kLn2 = 0.693147180559945309417;
// Half of the weight of ring and service times is in the last so many.
constexpr double kTimesHalfLife = 5000;

// --- Before anything is known ---
// People answer at 9 to 10 seconds in the middle and hardly after 20; calls
// that nobody answers end late. Weights in calls.
constexpr double kPriorRing = 20;
constexpr double kPriorService = 10;
// The campaign's rate: as if so many calls had all been answered.
constexpr double kPriorAnswers = 8;
// A narrower kind: as if so many answers had come as expected.
constexpr double kPriorCell = 20;
// Alarm of the sums, which look for odds doubled and halved, and what is left
// of the evidence then, in calls.
constexpr double kAlarm = 6;
constexpr double kLeft = 30;

double Interpolate(const double* values, int last, double x) {
  if (x <= 0) return values[0];
  if (x >= last) return values[last];
  const int below = static_cast<int>(x);
  return values[below] + (x - below) * (values[below + 1] - values[below]);
}

}  // namespace

Moments::Moments(const Lanes& ahead, double shift) {
  for (std::size_t i = 0; i < kLanes; ++i) {
    const double x = ahead[i] + shift;
    second[i] = static_cast<int>(x);
    part[i] = x - second[i];
    last = std::max(last, second[i]);
  }
}

RingLaw::RingLaw() {
  person_.fill(0);
  other_.fill(0);
  // A triangle over 2 to 22 seconds with its top at 8, and an even spread.
  for (int k = 0; k < kSeconds; ++k) {
    const double x = k + 0.5;
    const double up = (x - 2) / 6;
    const double down = (22 - x) / 14;
    person_[static_cast<std::size_t>(k)] =
        0.3 * kPriorRing * std::max(0.0, std::min(up, down)) / 10;
    if (k < 26) other_[static_cast<std::size_t>(k)] = 0.7 * kPriorRing / 26;
  }
  Rebuild({});
}

void RingLaw::Ended(int age, bool person) {
  const double keep = 1 - kLn2 / kTimesHalfLife;
  // Only what is kept is scaled: a fixed 64 values a call.
  for (double& x : person_) x *= keep;
  for (double& x : other_) x *= keep;
  persons_ *= keep;
  const std::size_t at =
      static_cast<std::size_t>(std::min(std::max(age, 0), kSeconds - 1));
  (person ? person_ : other_)[at] += 1;
  if (person) persons_ += 1;
}

void RingLaw::Rebuild(const std::array<int32_t, kSeconds>& ringing) {
  double at_risk = 0;
  for (std::size_t k = 0; k < kSeconds; ++k) {
    at_risk += person_[k] + other_[k] + ringing[k];
  }
  double alive = 1;
  person_by_[0] = other_by_[0] = 0;
  for (std::size_t k = 0; k < kSeconds; ++k) {
    const double risk =
        std::max(at_risk - 0.5 * ringing[k], person_[k] + other_[k] + 1e-12);
    const double person = alive * person_[k] / risk;
    const double other = alive * other_[k] / risk;
    person_by_[k + 1] = person_by_[k] + person;
    other_by_[k + 1] = other_by_[k] + other;
    alive = std::max(0.0, alive - person - other);
    at_risk -= person_[k] + other_[k] + ringing[k];
  }
  // Whoever rings on after all that ends some other way.
  other_by_[kSeconds] += alive;
  const double persons = std::max(person_by_[kSeconds], 1e-9);
  const double others = std::max(other_by_[kSeconds], 1e-9);
  for (double& x : person_by_) x /= persons;
  for (double& x : other_by_) x /= others;
}

double RingLaw::PersonBy(double seconds) const {
  return Interpolate(person_by_.data(), kSeconds, seconds);
}

Lanes RingLaw::PersonFrom(int age, const Moments& ahead) const {
  const double before = person_by_[static_cast<std::size_t>(age)];
  Lanes by;
  for (std::size_t i = 0; i < kLanes; ++i) {
    const std::size_t k =
        static_cast<std::size_t>(std::min(age + ahead.second[i], kSeconds));
    const std::size_t next = std::min<std::size_t>(k + 1, kSeconds);
    by[i] = person_by_[k] + ahead.part[i] * (person_by_[next] - person_by_[k]) -
            before;
  }
  return by;
}

double RingLaw::OtherBy(double seconds) const {
  return Interpolate(other_by_.data(), kSeconds, seconds);
}

double RingLaw::PersonQuantile(double share) const {
  std::size_t k = 0;
  while (k + 1 < kSeconds && person_by_[k + 1] < share) ++k;
  const double width = person_by_[k + 1] - person_by_[k];
  if (width <= 0) return static_cast<double>(k);
  const double part = (share - person_by_[k]) / width;
  return static_cast<double>(k) + std::min(1.0, std::max(0.0, part));
}

double RingLaw::BestTimeout(double answered, double overhead, double floor,
                            double most) const {
  double best = floor;
  double best_rate = 0;
  double spent = overhead;
  // E[min(ring, T)] grows by the share still ringing.
  for (int t = 1; t <= kSeconds; ++t) {
    const double middle = t - 0.5;
    spent += answered * (1 - PersonBy(middle)) +
             (1 - answered) * (1 - OtherBy(middle));
    if (t < floor || t > most) continue;
    const double rate = answered * PersonBy(t) / spent;
    if (rate <= best_rate) continue;
    best_rate = rate;
    best = t;
  }
  return best;
}

namespace {

// Ages 0, 2, 4 ... 16, then growing by a quarter: 24 steps reach 569 s.
double StepBegin(int step) {
  if (step <= 8) return 2.0 * step;
  double begin = 16;
  for (int k = 8; k < step; ++k) begin *= 1.25;
  return begin;
}

}  // namespace

ServiceLaw::ServiceLaw(double mean_seconds) {
  // The weight of kPriorService ends of an exponential law.
  double before = 1;
  for (int k = 0; k < kSteps; ++k) {
    const double end = k + 1 < kSteps ? StepBegin(k + 1) : 1e9;
    const double x = end / mean_seconds;
    const double after = x < 700 ? Exponential(-x) : 0;
    ends_[static_cast<std::size_t>(k)] = kPriorService * (before - after);
    exposure_[static_cast<std::size_t>(k)] =
        ends_[static_cast<std::size_t>(k)] * mean_seconds;
    before = after;
  }
  Rebuild();
}

void ServiceLaw::Ended(double seconds) {
  const double keep = 1 - kLn2 / kTimesHalfLife;
  for (double& x : ends_) x *= keep;
  for (double& x : exposure_) x *= keep;
  for (int k = 0; k < kSteps; ++k) {
    const std::size_t at = static_cast<std::size_t>(k);
    const double begin = StepBegin(k);
    const double end = k + 1 < kSteps ? StepBegin(k + 1) : 1e9;
    exposure_[at] += std::min(seconds, end) - begin;
    if (seconds >= end) continue;
    ends_[at] += 1;
    return;
  }
}

void ServiceLaw::Rebuild() {
  double ends = 0;
  double exposure = 0;
  for (std::size_t k = 0; k < kSteps; ++k) {
    ends += ends_[k];
    exposure += exposure_[k];
  }
  const double hazard = ends / exposure;
  double alive = 1;
  int step = 0;
  double each = 0;
  for (int t = 0; t < kSeconds; ++t) {
    if (t == 0 || (step + 1 < kSteps && t >= StepBegin(step + 1))) {
      if (t > 0) ++step;
      const std::size_t at = static_cast<std::size_t>(step);
      const double own = (ends_[at] + 5) / (exposure_[at] + 5 / hazard);
      each = Exponential(-std::min(own, 10.0));
    }
    survival_[static_cast<std::size_t>(t)] = alive;
    alive = std::max(alive * each, 1e-200);
  }
  survival_[kSeconds] = alive;
}

double ServiceLaw::Survival(double seconds) const {
  return Interpolate(survival_.data(), kSeconds, seconds);
}

double ServiceLaw::FreeWithin(int age, double ahead) const {
  // Later ages are as the last ones.
  const double from = std::min(age + 0.5, kSeconds - ahead - 1);
  return 1 - Survival(from + ahead) / Survival(from);
}

Lanes ServiceLaw::Busy(int age, const Lanes& ahead,
                       const Moments& shifted) const {
  Lanes still;
  if (age + shifted.last + 1 >= kSeconds) {
    for (std::size_t i = 0; i < kLanes; ++i) {
      still[i] = 1 - FreeWithin(age, ahead[i]);
    }
    return still;
  }
  const double now = 1 / Survival(age + 0.5);
  const double* const from = &survival_[static_cast<std::size_t>(age)];
  for (std::size_t i = 0; i < kLanes; ++i) {
    const double* const at = from + shifted.second[i];
    still[i] = std::min(1.0, (at[0] + shifted.part[i] * (at[1] - at[0])) * now);
  }
  return still;
}

double ServiceLaw::mean() const {
  double ends = 0;
  double exposure = 0;
  for (std::size_t k = 0; k < kSteps; ++k) {
    ends += ends_[k];
    exposure += exposure_[k];
  }
  return exposure / ends;
}

AnswerRates::AnswerRates(int32_t campaigns, int32_t cells_max,
                         int32_t half_life)
    : campaigns_(static_cast<std::size_t>(campaigns)),
      cells_max_(static_cast<std::size_t>(cells_max)),
      keep_(1 - kLn2 / half_life),
      cell_keep_(1 - kLn2 / (5.0 * half_life)) {
  cells_.resize(Places(cells_max));
}

// At most half of them are in use.
std::size_t AnswerRates::Places(int32_t cells_max) {
  std::size_t places = 16;
  while (places < static_cast<std::size_t>(cells_max) * 2) places *= 2;
  return places;
}

uint64_t AnswerRates::Key(const LineKind& kind, int level) {
  uint64_t key = static_cast<uint64_t>(level);
  for (int i = 0; i <= level; ++i) {
    key = (key ^ kind.parts[static_cast<std::size_t>(i)]) * 0x9e3779b97f4a7c15u;
    key ^= key >> 29;
  }
  return key | 1;
}

const AnswerRates::Cell* AnswerRates::Find(uint64_t key) const {
  const std::size_t mask = cells_.size() - 1;
  for (std::size_t at = (key >> 1) & mask;; at = (at + 1) & mask) {
    if (cells_[at].key == key) return &cells_[at];
    if (cells_[at].key == 0) return nullptr;
  }
}

AnswerRates::Cell* AnswerRates::FindOrAdd(uint64_t key, bool* added) {
  const std::size_t mask = cells_.size() - 1;
  for (std::size_t at = (key >> 1) & mask;; at = (at + 1) & mask) {
    if (cells_[at].key == key) return &cells_[at];
    if (cells_[at].key != 0) continue;
    if (used_ >= cells_max_) return nullptr;
    ++used_;
    *added = true;
    cells_[at].key = key;
    return &cells_[at];
  }
}

double AnswerRates::Ratio(const LineKind& kind) const {
  double ratio = 1;
  uint32_t siblings = campaigns_[kind.parts[0]].children;
  for (int level = 1; level < kLevels; ++level) {
    const Cell* const cell = Find(Key(kind, level));
    if (cell == nullptr) break;
    if (siblings > 1) ratio *= RatioOf(*cell);
    siblings = cell->children;
  }
  return std::min(8.0, std::max(0.125, ratio));
}

double AnswerRates::RatioOf(const Cell& cell) {
  return (cell.persons + kPriorCell) / (cell.expected + kPriorCell);
}

double AnswerRates::Base(uint32_t campaign) const {
  const Campaign& c = campaigns_[campaign];
  return std::min(1.0, (c.persons + kPriorAnswers) / (c.calls + kPriorAnswers));
}

double AnswerRates::Doubt(uint32_t campaign) const {
  const Campaign& c = campaigns_[campaign];
  const double p = Base(campaign);
  return std::sqrt((1 - p) / (p * (c.calls + kPriorAnswers)));
}

uint32_t AnswerRates::alarms(uint32_t campaign) const {
  return campaigns_[campaign].alarms;
}

// Page's cumulative sums against odds of `expected` doubled and halved.
void AnswerRates::Watch(Campaign* campaign, double expected, bool person) {
  const double p = std::min(0.95, std::max(0.01, expected));
  const double doubled = 2 * p / (1 + p);
  const double halved = p / (2 - p);
  campaign->rise += NaturalLog(person ? doubled / p : (1 - doubled) / (1 - p));
  campaign->fall += NaturalLog(person ? halved / p : (1 - halved) / (1 - p));
  campaign->rise = std::max(0.0, campaign->rise);
  campaign->fall = std::max(0.0, campaign->fall);
  if (campaign->rise < kAlarm && campaign->fall < kAlarm) return;
  campaign->rise = campaign->fall = 0;
  ++campaign->alarms;
  if (campaign->calls <= kLeft) return;
  campaign->persons *= kLeft / campaign->calls;
  campaign->calls = kLeft;
}

void AnswerRates::Learn(const LineKind& kind, bool person) {
  Campaign& campaign = campaigns_[kind.parts[0]];
  const double base = Base(kind.parts[0]);
  double expected = base;
  uint32_t* siblings = &campaign.children;
  for (int level = 1; level < kLevels; ++level) {
    bool added = false;
    Cell* const cell = FindOrAdd(Key(kind, level), &added);
    if (cell == nullptr) break;
    if (added) ++*siblings;
    // An only child is its parent: there is nothing to tell apart.
    if (*siblings > 1) {
      const double ratio = RatioOf(*cell);
      cell->persons = cell->persons * cell_keep_ + (person ? 1 : 0);
      cell->expected = cell->expected * cell_keep_ + std::min(1.0, expected);
      expected *= ratio;
    }
    siblings = &cell->children;
  }
  Watch(&campaign, std::min(expected, 1.0), person);
  // A call of a kind that is answered twice as often counts twice.
  const double weight = std::min(8.0, std::max(0.125, expected / base));
  campaign.calls = campaign.calls * keep_ + weight;
  campaign.persons = campaign.persons * keep_ + (person ? 1 : 0);
}

}  // namespace callrouter
