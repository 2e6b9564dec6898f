// What the agents and lines of now will do.

#include <algorithm>
#include <array>
#include <cmath>

#include "exact_math.h"
#include "pacer_impl.h"

namespace callrouter {
namespace {

// Up to so many events the laws are exact.
constexpr int kExactEvents = 100;
// And beyond, where the normal law is not good enough yet.
constexpr int kExactIfNarrow = 300;
constexpr double kNarrow = 1.5;  // Variance.
// Variance.
// An agent who is free this share of the patience after the answer is in time.
constexpr double kInTime = 0.8;
// Of the agents who say they are about to finish, those who do.
constexpr double kKeepsWord = 0.95;
// Gauss and Hermite's three points for a normal law.
constexpr std::array<double, 3> kPointAt = {-1.7320508075688772, 0,
                                            1.7320508075688772};

}  // namespace

double LevelRatio(int level) {
  constexpr std::array<double, 4> kQuarter = {
      1, 1.189207115002721, 1.4142135623730951, 1.681792830507429};
  const int above = level - kLineLevels / 2 + 12;  // From 2^-3.
  return 0.125 * (1 << (above / 4)) *
         kQuarter[static_cast<std::size_t>(above % 4)];
}

void PacerImpl::Expect(std::size_t point, const Lanes& chance, int count) {
  if (look_.exact) {
    look_.counts[point].Add(chance, count);
  } else {
    look_.normals[point].Add(chance, count);
  }
}

// The sum is that of answers until a moment and of agents still busy then:
// above the agents there are, the next answer finds nobody.
void PacerImpl::Look(uint32_t campaign) {
  const int busy = agent_counts_[static_cast<std::size_t>(DialAgent::kBusy)];
  // Inbound calls beyond the free agents take the next ones.
  const int ready = agent_counts_[static_cast<std::size_t>(DialAgent::kReady)];
  look_.agents = std::max(0, ready - options_.agents_kept_free) -
                 inbound_waiting_ - waiting_ + busy;
  // Nobody asks for higher sums, but for WithinBudget once there are as many
  // events.
  look_.top = look_.agents;
  look_.known = busy + in_flight_ - waiting_ + InboundWidth(campaign);
  look_.exact = look_.known <= kExactEvents;
  Fill(campaign);
  if (look_.exact || look_.known > kExactIfNarrow ||
      look_.normals[0].LeastVariance() >= kNarrow) {
    return;
  }
  look_.exact = true;
  Fill(campaign);
}

void PacerImpl::Fill(uint32_t campaign) {
  const CampaignState& c = campaigns_[campaign];
  look_.chance = rates_.Base(campaign);
  // Moments at which the new line may be answered, equally likely.
  Lanes ahead;
  for (std::size_t i = 0; i < kLanes; ++i) {
    ahead[i] = c.ring.PersonQuantile((static_cast<double>(i) + 0.5) / kLanes);
  }
  const double doubt = rates_.Doubt(campaign);
  for (std::size_t point = 0; point < kPoints; ++point) {
    const double chance = std::min(
        1.0, look_.chance * std::max(0.2, 1 + kPointAt[point] * doubt));
    for (std::size_t i = 0; i < kLanes; ++i) {
      look_.line[point][i] = chance * c.ring.PersonBy(ahead[i]);
    }
  }
  Lanes in_time = ahead;
  for (double& x : in_time) {
    x += kInTime * absl::ToDoubleSeconds(c.rules.patience);
  }
  // Calls that come in until then go first: a Poisson law.
  Lanes inbound;
  for (std::size_t i = 0; i < kLanes; ++i) {
    inbound[i] = inbound_per_second_ * in_time[i];
  }
  if (look_.exact) {
    look_.counts[0].Reset(look_.top, inbound);
  } else {
    look_.normals[0].Reset(inbound);
  }
  ExpectAgents(in_time);
  for (std::size_t point = 1; point < kPoints; ++point) {
    if (look_.exact) {
      look_.counts[point].CopyFrom(look_.counts[0]);
    } else {
      look_.normals[point] = look_.normals[0];
    }
  }
  ExpectLines(ahead);
}

void PacerImpl::ExpectAgents(const Lanes& ahead) {
  const Moments shifted(ahead, 0.5);
  busy_.Each(second_, [&](int age, int32_t count) {
    Expect(0, service_.Busy(age, ahead, shifted), count);
  });
  for (int64_t left = 0; left < 64; ++left) {
    const int32_t count = finishing_[FinishSlot(second_ + left)];
    if (count == 0) continue;
    const double until = static_cast<double>(std::max<int64_t>(1, left));
    Lanes still;
    for (std::size_t i = 0; i < kLanes; ++i) {
      still[i] = 1 - kKeepsWord * std::min(1.0, ahead[i] / until);
    }
    Expect(0, still, count);
  }
}

// How many counts of inbound calls there may be until the last moment.
int PacerImpl::InboundWidth(uint32_t campaign) const {
  if (inbound_per_second_ <= 0) return 0;
  const CampaignState& c = campaigns_[campaign];
  const double mean =
      inbound_per_second_ * (c.ring.PersonQuantile(1 - 0.5 / kLanes) +
                             absl::ToDoubleSeconds(c.rules.patience));
  return static_cast<int>(std::ceil(mean + 8 * std::sqrt(mean)));
}

void PacerImpl::ExpectLines(const Lanes& ahead) {
  const Moments moments(ahead);
  for (uint32_t of = 0; of < campaigns_.size(); ++of) {
    const CampaignState& c = campaigns_[of];
    if (c.ringing == 0) continue;
    const double base = rates_.Base(of);
    const double doubt = rates_.Doubt(of);
    for (int level = 0; level < kLineLevels; ++level) {
      const double ratio = LevelRatio(level);
      const auto& ages = c.ages[static_cast<std::size_t>(level)];
      ages.Each(second_, [&](int age, int32_t count) {
        // Whole seconds passed on the clock: on average the age itself.
        const double from = age;
        const double person_by = c.ring.PersonBy(from);
        const double other_left = 1 - c.ring.OtherBy(from);
        const Lanes person = c.ring.PersonFrom(age, moments);
        for (std::size_t point = 0; point < kPoints; ++point) {
          const double p = std::min(
              1.0, base * ratio * std::max(0.2, 1 + kPointAt[point] * doubt));
          const double left =
              p * (1 - person_by) + (1 - p) * other_left + 1e-12;
          const double each = p / left;
          Lanes answered;
          for (std::size_t i = 0; i < kLanes; ++i) {
            answered[i] = std::min(1.0, each * person[i]);
          }
          Expect(point, answered, count);
        }
      });
    }
  }
}

}  // namespace callrouter
