// The plain twin of the number pool: choosing.

#include "tests/oracle/naive_number_pool.h"

#include <algorithm>

namespace callrouter::oracle {

namespace {

bool Has(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

// --- Facts ---

// The first fact that speaks against a group; kThereIsOne if none does.
NoNumber NaiveNumberPool::Fact(const Look& look,
                               const NumberGroup& group) const {
  const NumberCampaign& campaign = *look.campaign;
  if (campaign.owner != group.owner ||
      (!group.campaigns.empty() && !Has(group.campaigns, campaign.name)) ||
      (campaign.capabilities & group.capabilities) != campaign.capabilities ||
      (!campaign.label.empty() && campaign.label != group.label) ||
      (campaign.label_required && group.label.empty())) {
    return NoNumber::kNotForCampaign;
  }
  bool on_trunk = false;
  for (const TrunkUse& use : group.trunks) {
    on_trunk |= use.trunk == look.call->trunk &&
                use.attestation >= campaign.attestation;
  }
  if (!on_trunk) return NoNumber::kNotOnTrunk;
  const std::string& country = country_.at(look.home);
  const Region* const region = FindRegion(country);
  if ((!group.destinations.empty() && !Has(group.destinations, country)) ||
      (region != nullptr && region->label_required && group.label.empty())) {
    return NoNumber::kNotForCountry;
  }
  const absl::Time utc = absl::FromUnixMicros(Utc());
  if (utc < group.usable_from || utc >= group.usable_until ||
      (!group.label.empty() &&
       (utc < group.label_from || utc >= group.label_until))) {
    return NoNumber::kNotValidNow;
  }
  return NoNumber::kThereIsOne;
}

bool NaiveNumberPool::Lawful(const Look& look, const Number& number) const {
  return Fact(look, GroupOf(number)) == NoNumber::kThereIsOne;
}

// Of numbers against which only their validity speaks, when the first begins.
int64_t NaiveNumberPool::ValidFrom(const Look& look) const {
  int64_t first = kNever;
  for (const auto& [digits, number] : numbers_) {
    const NumberGroup& group = GroupOf(number);
    if (Fact(look, group) != NoNumber::kNotValidNow) continue;
    absl::Time from = group.usable_from;
    absl::Time until = group.usable_until;
    if (!group.label.empty()) {
      from = std::max(from, group.label_from);
      until = std::min(until, group.label_until);
    }
    if (from < until && absl::ToUnixMicros(from) > Utc()) {
      first = std::min(first, absl::ToUnixMicros(from) - skew_ - civil_);
    }
  }
  return first;
}

// --- Choosing ---

void NaiveNumberPool::ListAvoided(Look* look) const {
  const NumberCampaign& campaign = *look->campaign;
  const auto shown = callees_.find(look->call->callee.value());
  if (shown == callees_.end()) return;
  const int64_t keep = absl::ToInt64Seconds(campaign.sticky_keep);
  int last = campaign.sticky == StickyMode::kAvoid ? campaign.avoid_last : 0;
  for (const Shown& s : shown->second) {
    if (Seconds() - s.at >= keep) continue;
    const bool other = s.campaign != campaign.name;
    bool skip = other && campaign.distinct_per_campaign;
    if (!skip && last > 0 && (!other || campaign.sticky_across_campaigns)) {
      skip = true;
      --last;
    }
    const auto number = numbers_.find(s.number);
    if (!skip || number == numbers_.end() ||
        number->second.living != s.living) {
      continue;
    }
    look->avoid.insert(s.number);
    look->known_until = std::min(look->known_until, (s.at + keep) * 1'000'000);
  }
}

// Whether the known number decides: chosen, or none because it is required.
bool NaiveNumberPool::Sticky(Look* look, Answer* answer, Number** chosen) {
  const NumberCampaign& campaign = *look->campaign;
  if (campaign.sticky != StickyMode::kPrefer &&
      campaign.sticky != StickyMode::kRequire) {
    return false;
  }
  const int64_t keep = absl::ToInt64Seconds(campaign.sticky_keep);
  for (const Shown& s : callees_[look->call->callee.value()]) {
    if (Seconds() - s.at >= keep) continue;
    if (s.campaign != campaign.name && !campaign.sticky_across_campaigns) {
      continue;
    }
    if (campaign.bind == StickyBind::kAnswered && !s.answered) continue;
    const auto it = numbers_.find(s.number);
    answer->retry_at = absl::InfiniteFuture();
    if (it == numbers_.end() || it->second.living != s.living) {
      answer->broken = StickyBreak::kGone;
    } else if (!Lawful(*look, it->second)) {
      answer->broken = StickyBreak::kUnlawful;
    } else if (look->avoid.count(s.number) > 0) {
      answer->broken = StickyBreak::kElsewhere;
    } else {
      const Ready ready =
          When(it->second, false, Knows(look->call->callee, it->second));
      const bool lent = ready.spare && campaign.sticky == StickyMode::kRequire;
      if (ready.block != Block::kFree && !lent) {
        answer->broken = StickyBreak::kBlocked;
        answer->sticky_block = ready.block;
        answer->retry_at = HostTime(ready.at);
      } else if (CarrierFreeAt(it->second, look->call->carrier) > now_) {
        answer->broken = StickyBreak::kCarrierCap;
        answer->retry_at = HostTime(NextCarrier(look->call->carrier));
      } else {
        answer->by = ChosenBy::kSticky;
        *chosen = &it->second;
        return true;
      }
    }
    if (campaign.sticky == StickyMode::kPrefer) return false;
    answer->none = NoNumber::kKnownNumber;
    return true;
  }
  return false;
}

void NaiveNumberPool::Wanted(Look* look, Answer* answer, Number** chosen) {
  Number& number = numbers_.at(look->call->wanted.value());
  if (!Lawful(*look, number)) {
    answer->none = NoNumber::kWantedUnlawful;
    return;
  }
  const Ready ready = When(number, true, Knows(look->call->callee, number));
  if (ready.block != Block::kFree && !ready.spare) {
    answer->none = NoNumber::kAllBlocked;
    answer->block = ready.block;
    answer->retry_at = HostTime(ready.at);
  } else if (CarrierFreeAt(number, look->call->carrier) > now_) {
    answer->none = NoNumber::kCarrierCap;
    answer->retry_at = HostTime(NextCarrier(look->call->carrier));
  } else {
    answer->by = ChosenBy::kWanted;
    *chosen = &number;
  }
}

// Whether the number's group keeps its free numbers for their own region.
bool NaiveNumberPool::Closed(const Number& number) const {
  const Region* const region = FindRegion(number.config.region);
  if (region == nullptr || region->reserve_permille == 0) return false;
  int64_t in_service = 0;
  int64_t free = 0;
  for (const auto& [digits, other] : numbers_) {
    if (other.config.group != number.config.group ||
        other.config.region != number.config.region) {
      continue;
    }
    in_service += InService(other.state) ? 1 : 0;
    free += other.ready.block == Block::kFree ? 1 : 0;
  }
  return free <= (in_service * region->reserve_permille + 999) / 1000;
}

// The free and spare ones that a call from `home` may take at this place.
std::vector<NaiveNumberPool::Number*> NaiveNumberPool::FreeIn(
    const Look& look, const Place& place, bool* closed) {
  std::vector<Number*> free;
  for (auto& [digits, number] : numbers_) {
    if (place.regions.count(number.config.region) == 0 ||
        (number.ready.block != Block::kFree && !number.ready.spare) ||
        !number.lawful) {
      continue;
    }
    const bool own =
        place.rung == Rung::kRegion && number.config.region == look.home;
    if (!own && Closed(number)) {
      *closed |= !number.ready.spare;
    } else {
      free.push_back(&number);
    }
  }
  return free;
}

bool NaiveNumberPool::PassOver(Look* look, const Number& number) const {
  if (!look->call->carrier.empty() &&
      CarrierFreeAt(number, look->call->carrier) > now_) {
    look->carrier = true;
    return true;
  }
  if (look->avoid.count(number.config.number.value()) == 0) return false;
  look->known = true;
  return true;
}

std::array<uint64_t, 6> NaiveNumberPool::OrderOf(NumberOrder order,
                                                 const Number& number) const {
  std::array<uint64_t, 6> key = {};
  key[0] = number.state == NumberState::kSuspect ? 1 : 0;
  if (number.ready.spare) key[0] = 2;
  key[4] = region_order_.at(number.config.region);
  key[5] = number.config.number.value();
  switch (order) {
    case NumberOrder::kLeastRecentlyUsed:
      key[1] = number.turn;
      break;
    case NumberOrder::kRoundRobin:
      key[1] = LapOf(number);
      break;
    case NumberOrder::kLeastUsedToday: {
      const uint64_t today = static_cast<uint64_t>(Today(number));
      key[1] = number.balance_day > today    ? 0x10000
               : number.balance_day == today ? number.balance
                                             : 0;
      key[2] = number.balance_day;
      key[3] = number.balance;
      break;
    }
    case NumberOrder::kWeighted:
      key[1] = number.virtual_time;
      break;
    case NumberOrder::kFixed:
      key[1] = static_cast<uint64_t>(number.config.rank);
      break;
    case NumberOrder::kWeightedRandom:
    case NumberOrder::kRandom:
      break;
  }
  return key;
}

NaiveNumberPool::Number* NaiveNumberPool::BestOf(Look* look, NumberOrder order,
                                                 std::vector<Number*> free) {
  if (order == NumberOrder::kRandom || order == NumberOrder::kWeightedRandom) {
    std::erase_if(free, [](const Number* n) { return n->ready.spare; });
    return DrawOf(look, std::move(free));
  }
  Number* best = nullptr;
  for (Number* number : free) {
    if (PassOver(look, *number)) continue;
    if (best == nullptr || OrderOf(order, *number) < OrderOf(order, *best)) {
      best = number;
    }
  }
  return best;
}

// Numbers lie in the urn by group, time zone, region and digits.
std::array<uint64_t, 4> NaiveNumberPool::UrnOrder(const Number& number) const {
  uint64_t group = 0;
  while (rules_.groups[group].name != number.config.group) ++group;
  return {group, zone_order_.at(number.config.region),
          region_order_.at(number.config.region), number.config.number.value()};
}

NaiveNumberPool::Number* NaiveNumberPool::DrawOf(Look* look,
                                                 std::vector<Number*> free) {
  const bool weighted = look->campaign->order == NumberOrder::kWeightedRandom;
  const auto weight = [&](const Number* number) {
    return weighted ? static_cast<uint64_t>(number->config.weight) : 1;
  };
  std::sort(free.begin(), free.end(), [&](const Number* a, const Number* b) {
    return UrnOrder(*a) < UrnOrder(*b);
  });
  while (!free.empty()) {
    uint64_t total = 0;
    for (const Number* number : free) total += weight(number);
    uint64_t at = random_.Below(total);
    auto it = free.begin();
    for (; at >= weight(*it); ++it) at -= weight(*it);
    if (!PassOver(look, **it)) return *it;
    free.erase(it);
  }
  return nullptr;
}

void NaiveNumberPool::WhyNone(const Look& look,
                              const std::vector<Place>& places, bool closed,
                              Answer* answer) {
  bool any = false;
  const Number* soonest = nullptr;
  const auto key = [&](const Number& number) {
    return std::make_tuple(number.ready.Key(),
                           region_order_.at(number.config.region),
                           number.config.number.value());
  };
  for (const Place& place : places) {
    for (const auto& [digits, number] : numbers_) {
      if (place.regions.count(number.config.region) == 0 || !number.lawful) {
        continue;
      }
      any = true;
      if (number.ready.block == Block::kFree) continue;
      if (soonest == nullptr || key(number) < key(*soonest)) soonest = &number;
    }
  }
  int64_t retry = soonest == nullptr ? kNever : soonest->ready.at;
  retry = std::min(retry, ValidFrom(look));
  if (look.carrier) retry = std::min(retry, NextCarrier(look.call->carrier));
  if (look.known) retry = std::min(retry, look.known_until);
  answer->retry_at = HostTime(retry);
  if (!any) {
    answer->none = NoNumber::kOutOfReach;
  } else if (look.carrier) {
    answer->none = NoNumber::kCarrierCap;
  } else if (look.known) {
    answer->none = NoNumber::kOnlyKnown;
  } else if (closed) {
    answer->none = NoNumber::kRegionReserve;
  } else {
    answer->none = NoNumber::kAllBlocked;
    answer->block = soonest->ready.block;
  }
}

NaiveNumberPool::Number* NaiveNumberPool::Choose(Look* look, Answer* answer) {
  answer->retry_at = absl::InfiniteFuture();
  const uint64_t wanted = look->call->wanted.value();
  if (wanted != 0 && numbers_.count(wanted) == 0) {
    answer->none = NoNumber::kUnknownNumber;
    return nullptr;
  }
  NoNumber fact = NoNumber::kNotForCampaign;
  for (auto& [digits, number] : numbers_) {
    number.ready = When(number, false, false);
    const NoNumber found = Fact(*look, GroupOf(number));
    number.lawful = found == NoNumber::kThereIsOne;
    // The furthest that any number got; kThereIsOne is the furthest.
    if (fact == NoNumber::kThereIsOne) continue;
    if (number.lawful || found > fact) fact = found;
  }
  if (fact != NoNumber::kThereIsOne) {
    answer->none = fact;
    if (fact == NoNumber::kNotValidNow) {
      answer->retry_at = HostTime(ValidFrom(*look));
    }
    return nullptr;
  }
  Number* chosen = nullptr;
  if (wanted != 0) {
    Wanted(look, answer, &chosen);
    return chosen;
  }
  ListAvoided(look);
  if (Sticky(look, answer, &chosen)) return chosen;
  const std::vector<Place> places = Ladder(*look);
  bool closed = false;
  chosen = Climb(look, look->campaign->order, places, &closed, answer);
  if (chosen == nullptr) {
    chosen =
        Climb(look, NumberOrder::kLeastRecentlyUsed, places, &closed, answer);
  }
  if (chosen == nullptr) WhyNone(*look, places, closed, answer);
  return chosen;
}

// The best of the nearest; spare ones only if there is no other.
NaiveNumberPool::Number* NaiveNumberPool::Climb(
    Look* look, NumberOrder order, const std::vector<Place>& places,
    bool* closed, Answer* answer) {
  Number* spare = nullptr;
  for (const Place& place : places) {
    Number* const best = BestOf(look, order, FreeIn(*look, place, closed));
    if (best == nullptr || (best->ready.spare && spare != nullptr)) continue;
    answer->by = best->ready.spare ? ChosenBy::kShortage : ChosenBy::kOrder;
    answer->rung = place.rung;
    answer->region = best->config.region;
    if (!best->ready.spare) return best;
    spare = best;
  }
  return spare;
}

NaiveNumberPool::Code NaiveNumberPool::Reserve(const Call& call, absl::Time now,
                                               Answer* answer) {
  Enter(now);
  const auto old = attempts_.find(call.attempt);
  if (old != attempts_.end()) {
    if (!(old->second.call == call)) return Code::kAlreadyExists;
    if (old->second.state != State::kReserved &&
        old->second.state != State::kCommitted) {
      return Code::kFailedPrecondition;
    }
    *answer = old->second.answer;
    answer->lapses_at = HostTime(old->second.lapses_at);
    return Code::kOk;
  }
  Look look;
  look.call = &call;
  look.home = RegionOf(call.callee);
  for (const NumberCampaign& campaign : rules_.campaigns) {
    if (campaign.name == call.campaign) look.campaign = &campaign;
  }
  Answer found;
  Number* const number = Choose(&look, &found);
  if (number == nullptr) {
    *answer = found;
    return Code::kOk;
  }
  found.retry_at = absl::InfinitePast();
  found.number = number->config.number;
  Attempt& attempt = attempts_[call.attempt];
  attempt.call = call;
  attempt.living = number->living;
  attempt.lapses_at =
      now_ + absl::ToInt64Microseconds(options_.reservation_timeout);
  found.lapses_at = HostTime(attempt.lapses_at);
  attempt.answer = found;
  Use(number, call, found.by);
  *answer = found;
  return Code::kOk;
}

}  // namespace callrouter::oracle
