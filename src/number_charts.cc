#include "number_charts.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace callrouter {

namespace {

constexpr uint32_t kLeast = kRateOne / 100;
constexpr uint32_t kMost = kRateOne - kLeast;

Evidence Rounded(double logarithm) {
  const double scaled = logarithm * (1 << 20);
  return static_cast<Evidence>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

uint32_t SetOf(const std::vector<CallOutcome>& outcomes) {
  uint32_t set = 0;
  for (const CallOutcome o : outcomes) set |= 1u << static_cast<uint32_t>(o);
  return set;
}

}  // namespace

// ln x = n ln 2 + 2 artanh((m - 1) / (m + 1)) with m in [3/4, 3/2), by the
// series of artanh: terms fall at least by 25, so 14 are exact to a double.
double NaturalLogarithm(double x) {
  constexpr double kLn2 = 0.693147180559945309417;
  int n = 0;
  while (x >= 1.5) {
    x /= 2;
    ++n;
  }
  while (x < 0.75) {
    x *= 2;
    --n;
  }
  const double u = (x - 1) / (x + 1);
  double term = u;
  double sum = 0;
  for (int k = 1; k <= 27; k += 2) {
    sum += term / k;
    term *= u * u;
  }
  return n * kLn2 + 2 * sum;
}

void HealthScale::SetRules(const NumberHealthRules& rules) {
  answered_ = SetOf(rules.answered);
  unanswered_ = SetOf(rules.unanswered);
  const double ratio = rules.drop_odds_permille / 1000.0;
  drop_ = Rounded(NaturalLogarithm(ratio));
  for (std::size_t i = 0; i < table_.size(); ++i) {
    const double p = static_cast<double>(i) / 256;
    table_[i] = Rounded(-NaturalLogarithm(1 - p + ratio * p));
  }
  rest_at = EvidenceOf(rules.rest_at);
  suspect_at = EvidenceOf(rules.suspect_at);
  label = EvidenceOf(rules.label_weight);
  complaint = EvidenceOf(rules.complaint_weight);
  // Wald 1945: fail at ln((1 - b) / a), pass at ln(b / (1 - a)), where a of
  // the healthy fail and b of the others pass.
  const double a = rules.probe_fails_permille / 1000.0;
  const double b = rules.probe_passes_permille / 1000.0;
  fail_at = Rounded(NaturalLogarithm((1 - b) / a));
  pass_at = Rounded(NaturalLogarithm(b / (1 - a)));
}

uint32_t NumberChart::Own(uint32_t rate) const {
  const uint64_t rate_in = std::clamp(rate, kLeast, kMost);
  const uint64_t yes = rate_in * odds;
  const uint64_t no = (kRateOne - rate_in) * 4096;
  return std::clamp(static_cast<uint32_t>(yes * kRateOne / (yes + no)), kLeast,
                    kMost);
}

void NumberChart::Learn(uint32_t rate, bool answered, uint32_t calls_max,
                        uint32_t prior_calls) {
  if (known || calls_max == 0) return;
  ++calls;
  answers = static_cast<uint16_t>(answers + (answered ? 1 : 0));
  expected += std::clamp(rate, kLeast, kMost);
  if (calls < calls_max) return;
  known = true;
  // The rates of those calls, as expected and as they were; the latter drawn
  // towards the former.
  const uint64_t mean = expected / calls;
  const uint64_t own =
      std::clamp<uint64_t>((uint64_t{answers} * kRateOne + mean * prior_calls) /
                               (uint64_t{calls} + prior_calls),
                           kLeast, kMost);
  odds = static_cast<uint16_t>(std::clamp<uint64_t>(
      own * (kRateOne - mean) * 4096 / (mean * (kRateOne - own)), 512, 32'768));
}

bool NumberChart::Sound() const {
  constexpr uint32_t kCallsMost = 10'000;  // own_calls
  return calls <= kCallsMost && answers <= calls &&
         expected >= calls * kLeast && expected <= calls * kMost &&
         odds >= 512 && odds <= 32'768 && score >= -kMostEvidence &&
         score <= kMostEvidence;
}

void NumberChart::Forget() {
  score = 0;
  labelled = false;
  if (known) return;
  calls = 0;
  answers = 0;
  expected = 0;
}

}  // namespace callrouter
