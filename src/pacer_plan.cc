// How many lines now.

#include <algorithm>
#include <array>
#include <cmath>

#include "exact_math.h"
#include "pacer_impl.h"

namespace callrouter {
namespace {

// Of the answers forecast, those that surely come with one line an agent.
constexpr double kKept = 0.5;
// Before a window ends there are many times to go above its cap: the lines of
// one moment may use this share of the chance.
constexpr double kEach = 0.2;
// With so many drops left nothing that is in flight now can use them up.
constexpr double kPlenty = 40;
// Of the points in the outlook (pacer_outlook.cc).
constexpr std::array<double, 3> kPointWeight = {1.0 / 6, 2.0 / 3, 1.0 / 6};

}  // namespace

int PacerImpl::FreeAgents() const {
  return std::max(0,
                  agent_counts_[static_cast<std::size_t>(DialAgent::kReady)] -
                      options_.agents_kept_free - inbound_waiting_);
}

bool PacerImpl::IsStrict(const CampaignState& c) const {
  if (c.rules.promise != DropPromise::kAuto) {
    return c.rules.promise == DropPromise::kStrict;
  }
  constexpr double kFew = 10;
  return c.ledger.Permitted(Rate(c), now_, plan_end_) < kFew;
}

double PacerImpl::PriceLimit(const CampaignState& c) const {
  const double ratio = PaceOf(c).ratio;
  if (ratio < 0.1) return 0;
  return Exponential(c.log_price) * std::min(1.6, std::max(0.15, ratio));
}

// Lines of `campaign` such that, if all in flight are answered at once, no
// strict cap is broken. `deserted_` lines are not ours to answer for.
int PacerImpl::StrictMost(uint32_t campaign, int planned) const {
  const int slack = FreeAgents() + deserted_ - in_flight_ - planned;
  double most = 1e9;
  for (uint32_t i = 0; i < campaigns_.size(); ++i) {
    const CampaignState& c = campaigns_[i];
    if (!IsStrict(c)) continue;
    const int own = c.ringing + c.waiting;
    if (i != campaign && own == 0) continue;
    const int64_t until = now_ + absl::ToInt64Microseconds(
                                     c.rules.ring_timeout + c.rules.patience);
    double room = c.ledger.StrictRoom(now_, until);
    if (centre_.size() > 0) {
      room = std::min(room, centre_.StrictRoom(now_, until));
    }
    room = std::max(0.0, room);
    if (i == campaign) {
      most = std::min(most, std::max(room - own, room + slack));
    } else if (own > room) {
      most = std::min(most, room + slack);
    }
  }
  return static_cast<int>(std::max(0.0, most));
}

double PacerImpl::Room(const CampaignState& c) const {
  double room = c.ledger.Room(Rate(c), kKept, now_, plan_end_);
  if (centre_.size() == 0) return room;
  double rate = 0;
  for (const CampaignState& other : campaigns_) rate += Rate(other);
  return std::min(room, centre_.Room(rate, kKept, now_, plan_end_));
}

// May the lines in the outlook be in flight with so many drops left? They may
// if hardly ever more of them are dropped than that. Drops come in bursts: when
// no agent gets free, all that still ring are lost one after the other.
template <typename F>
bool PacerImpl::WithinBudget(const CampaignState& c, double room,
                             F at_least) const {
  if (room >= kPlenty) return true;
  // The last one is kept: with many lines after each other even a small chance
  // would come true.
  if (room < 1) return false;
  double above = 0;
  for (std::size_t point = 0; point < kPoints; ++point) {
    Lanes chance;
    at_least(point, look_.agents + 1 + static_cast<int>(room), &chance);
    above +=
        kPointWeight[point] * *std::max_element(chance.begin(), chance.end());
  }
  return above <= kEach * c.rules.overrun_permille / 1000.0;
}

void PacerImpl::Plan(std::vector<PacingOrder>* orders) {
  orders->assign(campaigns_.size(), PacingOrder());
  next_plan_ = INT64_MAX;
  order_.clear();
  for (uint32_t i = 0; i < campaigns_.size(); ++i) order_.push_back(i);
  // Whoever had least for their weight comes first.
  const auto had = [&](uint32_t i) {
    const CampaignState& c = campaigns_[i];
    return (c.recent_answers + c.ringing * rates_.Base(i)) / c.rules.weight;
  };
  if (order_.size() > 1) {
    std::sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
      const double x = had(a), y = had(b);
      return x != y ? x < y : a < b;
    });
  }
  for (std::size_t i = 0; i < carriers_.size(); ++i) {
    carrier_rooms_[i] = RoomsOf(i);
  }
  int planned = 0;
  shared_limit_ = 1;
  const bool agents =
      FreeAgents() > 0 ||
      agent_counts_[static_cast<std::size_t>(DialAgent::kBusy)] > 0;
  for (const uint32_t i : order_) {
    PacingOrder* const order = &(*orders)[i];
    CampaignState& c = campaigns_[i];
    if (!c.running) continue;
    PlanCampaign(i, planned, order);
    planned += order->lines;
    // Where agents are what is short, whoever is ahead of its share pays no
    // more for them than those behind: else unspent drops would decide.
    if (order->limit == PacingLimit::kPrice && order->price_limit > 0) {
      shared_limit_ = order->price_limit;
    }
    UseCarriers(c, order->lines);
    c.plan_price = order->price;
    c.plan_limit = order->price_limit;
    if (order->limit == PacingLimit::kBatch) {
      next_plan_ = now_;
    } else if (order->limit == PacingLimit::kRate ||
               order->limit == PacingLimit::kCarrierRate) {
      next_plan_ = std::min(next_plan_, NextStart(c, order->limit));
    } else if (agents && c.rules.mode == PacingMode::kPredictive) {
      next_plan_ = std::min(next_plan_, (second_ + 1) * kSecond);
    }
  }
}

void PacerImpl::PlanCampaign(uint32_t campaign, int planned,
                             PacingOrder* order) {
  CampaignState& c = campaigns_[campaign];
  const int most = MostLines(c, planned, order);
  // Lines that have an agent of their own.
  const int own = std::max(0, FreeAgents() - in_flight_ - planned);
  int wanted = 0;
  switch (c.rules.mode) {
    case PacingMode::kPreview:
      order->limit = PacingLimit::kByHand;
      return;
    case PacingMode::kAgentless:
      order->lines = most;
      return;
    case PacingMode::kProgressive:
    case PacingMode::kAgentFirst:
    case PacingMode::kTimedPreview:
      wanted = own;
      break;
    case PacingMode::kPower: {
      const int64_t lines =
          int64_t{FreeAgents()} * c.rules.lines_per_agent_permille / 1000;
      wanted = static_cast<int>(
          std::max<int64_t>(own, lines - in_flight_ - planned));
      c.plan_strict = IsStrict(c);
      if (c.plan_strict) {
        wanted = std::min(wanted, StrictMost(campaign, planned));
      }
      // Here all lines in flight are taken to be answered at once.
      const double most_now = own + std::max(0.0, std::floor(Room(c)));
      wanted = std::min(wanted, static_cast<int>(std::min(most_now, 1e9)));
      break;
    }
    case PacingMode::kPredictive:
      PlanPredictive(campaign, planned, most, order);
      return;
  }
  order->lines = std::min(wanted, most);
  if (wanted <= most) order->limit = PacingLimit::kOnePerAgent;
}

void PacerImpl::PlanPredictive(uint32_t campaign, int planned, int most,
                               PacingOrder* order) {
  CampaignState& c = campaigns_[campaign];
  order->price_limit = std::min(PriceLimit(c), shared_limit_);
  const int free = FreeAgents();
  const int busy = agent_counts_[static_cast<std::size_t>(DialAgent::kBusy)];
  if (free + busy == 0) {
    order->limit = PacingLimit::kNoAgent;
    return;
  }
  c.plan_strict = IsStrict(c);
  if (c.plan_strict) {
    const int strict = StrictMost(campaign, planned);
    if (strict < most) {
      most = strict;
      order->limit = PacingLimit::kStrict;
    }
  }
  const int safe = std::min(most, std::max(0, free - in_flight_ - planned));
  order->lines = safe;
  if (safe == most) return;
  const double room = Room(c);
  Look(campaign);
  AddLines(planned);
  if (look_.exact) {
    const int batch = CountLaws::kMost - look_.known - 1;
    if (batch < most) {
      most = batch;
      order->limit = PacingLimit::kBatch;
    }
    PlanExact(campaign, planned, safe, most, room, order);
  } else {
    PlanNormal(c, safe, most, room, order);
  }
}

// The chance that one more answer finds nobody.
template <typename Laws>
double PacerImpl::PriceOf(const Laws& laws) const {
  double price = 0;
  for (std::size_t point = 0; point < kPoints; ++point) {
    Lanes chance;
    laws[point].AtLeast(look_.agents, &chance);
    double sum = 0;
    for (const double x : chance) sum += x;
    price += kPointWeight[point] * sum / kLanes;
  }
  return price;
}

// As if so many more lines were in flight.
void PacerImpl::AddLines(int lines) {
  for (std::size_t point = 0; point < kPoints && lines > 0; ++point) {
    Expect(point, look_.line[point], lines);
  }
  look_.known += lines;
}

void PacerImpl::PlanExact(uint32_t campaign, int planned, int safe, int most,
                          double room, PacingOrder* order) {
  const CampaignState& c = campaigns_[campaign];
  // So many answers use up the drops that are left; see WithinBudget.
  const int spent =
      look_.agents + 1 + static_cast<int>(std::min(room, kPlenty));
  AddLines(safe);
  while (order->lines < most) {
    order->price = PriceOf(look_.counts);
    if (order->price > order->price_limit) {
      order->limit = PacingLimit::kPrice;
      return;
    }
    AddLines(1);
    if (look_.known >= spent && look_.top < spent && room >= 1) {
      // Once more, with sums up to that told apart.
      const int known = look_.known;
      look_.top = spent;
      Fill(campaign);
      AddLines(planned + order->lines + 1);
      look_.known = known;
    }
    const auto at_least = [&](std::size_t point, int k, Lanes* chance) {
      if (k > look_.known) {
        chance->fill(0);
      } else {
        look_.counts[point].AtLeast(k, chance);
      }
    };
    if (!WithinBudget(c, room, at_least)) {
      order->limit = PacingLimit::kBudget;
      return;
    }
    ++order->lines;
  }
}

// The largest n of [begin, end) with ok(n), which holds up to some n and not
// beyond; it is known to hold for begin and not for end. The search starts at
// `guess` and widens.
template <typename F>
int Last(int begin, int end, int guess, F ok) {
  int probe = guess;
  int step = 1;
  bool low = false;
  bool high = false;
  while (begin + 1 < end) {
    probe = std::min(end - 1, std::max(begin + 1, probe));
    if (ok(probe)) {
      begin = probe;
      low = true;
    } else {
      end = probe;
      high = true;
    }
    if (low && high) {
      probe = begin + (end - begin) / 2;
    } else {
      probe = low ? begin + step : end - step;
      step *= 2;
    }
  }
  return begin;
}

// The laws with so many more lines.
PacerImpl::Outlook::NormalPoints PacerImpl::With(int lines) const {
  Outlook::NormalPoints laws = look_.normals;
  for (std::size_t point = 0; point < kPoints; ++point) {
    laws[point].Add(look_.line[point], lines);
  }
  return laws;
}

// Where one law alone would put the last line.
int PacerImpl::Guess(double limit) const {
  // Hastings' approximation of the normal law's quantile (Approximations for
  // Digital Computers, 1955).
  const double t =
      std::sqrt(-2 * NaturalLog(std::min(0.5, std::max(1e-6, limit))));
  const double deviations =
      t - (2.30753 + 0.27061 * t) / (1 + (0.99229 + 0.04481 * t) * t);
  const NormalLaws& law = look_.normals[kPoints / 2];
  double chance = 0;
  for (const double p : look_.line[kPoints / 2]) chance += p / kLanes;
  const double left = look_.agents - 0.5 - law.Mean();
  double lines = 0;
  for (int i = 0; i < 3; ++i) {
    const double variance =
        law.Variance() + std::max(0.0, lines) * chance * (1 - chance);
    lines = (left - deviations * std::sqrt(variance)) / (chance + 1e-9);
  }
  return static_cast<int>(std::min(1e6, std::max(0.0, lines)));
}

// The price grows with the lines, and so does the chance of too many drops.
void PacerImpl::PlanNormal(const CampaignState& c, int safe, int most,
                           double room, PacingOrder* order) {
  const auto within_price = [&](int lines) {
    return PriceOf(With(lines - 1)) <= order->price_limit;
  };
  const auto within_budget = [&](int lines) {
    const auto laws = With(lines);
    return WithinBudget(c, room, [&](std::size_t point, int k, Lanes* chance) {
      laws[point].AtLeast(k, chance);
    });
  };
  const int guess = safe + 1 + Guess(order->price_limit);
  order->lines = Last(safe, most + 1, guess, within_price);
  if (order->lines < most) order->limit = PacingLimit::kPrice;
  if (order->lines > safe && !within_budget(order->lines)) {
    order->limit = PacingLimit::kBudget;
    order->lines = Last(safe, order->lines, order->lines, within_budget);
  }
  order->price = PriceOf(With(order->lines));
}

}  // namespace callrouter
