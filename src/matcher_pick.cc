// Which agent a call gets.

#include <algorithm>
#include <utility>

#include "matcher.h"

namespace callrouter {

namespace {

constexpr OrderKey TierStart(int64_t tier) {
  return {tier, INT64_MIN, INT64_MIN};
}

}  // namespace

// --- May they? --------------------------------------------------------------

bool Matcher::Guarded(const Lane& lane, const Group& group) const {
  const QueueRules& rules = rules_[lane.queue];
  for (const QueueRules::Guard& guard : rules.guards) {
    if (((group.pools >> guard.pool) & 1) != 0 &&
        pool_idle_[lane.medium][guard.pool] <= guard.keep_idle) {
      return true;
    }
  }
  if (rules.reserve_above >= 0 && rules.waiting <= rules.reserve_above) {
    const Profile::Member* member = group.profile.FindMember(lane.queue);
    return member != nullptr && member->reserve != 0;
  }
  return false;
}

bool Matcher::Passes(const Ticket& ticket, uint32_t agent) const {
  if (ticket.own_req != kNone && !Holds(ticket.own_req, seats_[agent].group)) {
    return false;
  }
  return !Excluded(ticket, agent);
}

bool Matcher::EntryAllowed(const Lane& lane, const Ticket& ticket,
                           uint32_t agent) const {
  if (lane.guarded && Guarded(lane, groups_[seats_[agent].group])) return false;
  return Passes(ticket, agent);
}

bool Matcher::Allowed(uint32_t call, uint32_t id, uint32_t agent) const {
  const Lane& lane = lanes_[id];
  return lane.groups.Test(seats_[agent].group) &&
         EntryAllowed(lane, tickets_[call], agent);
}

// --- Which agent ------------------------------------------------------------

Matcher::AgentChoice Matcher::PickShared(uint32_t id,
                                         const Ticket& ticket) const {
  const Lane& lane = lanes_[id];
  const std::size_t slot =
      lane.medium * kPlainOrders + static_cast<std::size_t>(lane.plain);
  const bool testing = ticket.exclusions != kNone;
  const bool reserves = rules_[lane.queue].reserve_above >= 0;
  const OrderedIndex::Entry* best = nullptr;
  bool best_reserve = false;
  ForEachCommon(lane.groups, idle_groups_[lane.medium], [&](uint32_t g) {
    const Group& group = groups_[g];
    if (lane.guarded && Guarded(lane, group)) return;
    if (ticket.own_req != kNone && !Holds(ticket.own_req, g)) return;
    const OrderedIndex& index = group.free[slot];
    const OrderedIndex::Entry* entry = &index.front();
    if (testing && Excluded(ticket, entry->id)) {
      OrderedIndex::Cursor at = index.Begin();
      while (!index.AtEnd(at) && Excluded(ticket, index.At(at).id)) {
        index.Next(&at);
      }
      if (index.AtEnd(at)) return;
      entry = &index.At(at);
    }
    bool reserve = false;
    if (reserves) {  // Members marked reserve come after all others.
      const Profile::Member* member = group.profile.FindMember(lane.queue);
      reserve = member != nullptr && member->reserve != 0;
    }
    if (best == nullptr ||
        (reserve != best_reserve ? best_reserve : *entry < *best)) {
      best = entry;
      best_reserve = reserve;
    }
  });
  AgentChoice choice;
  if (best != nullptr) {
    choice.agent = best->id;
    choice.lane = id;
  }
  return choice;
}

// First in order that may; sets cursor->active when the search is cut.
const OrderedIndex::Entry* Matcher::PickSorted(const Lane& lane,
                                               const OrderedIndex& index,
                                               const Ticket& ticket,
                                               uint32_t* tested,
                                               AgentCursor* cursor) const {
  OrderedIndex::Cursor at = index.Begin();
  if (cursor->active) {
    at = index.LowerBound(cursor->key, cursor->id);
    cursor->active = false;
  }
  uint32_t foreign = 0;
  for (; !index.AtEnd(at); index.Next(&at)) {
    const OrderedIndex::Entry& entry = index.At(at);
    if (!lane.own && !lane.groups.Test(entry.weight)) {
      if (++foreign % 16 != 0) continue;  // Cheaper than a test.
    } else if (EntryAllowed(lane, ticket, entry.id)) {
      return &entry;
    }
    if (++*tested >= limits_.scan_max) {
      cursor->active = true;
      cursor->key = entry.key;
      cursor->id = entry.id + 1;
      return nullptr;
    }
  }
  return nullptr;
}

const OrderedIndex::Entry* Matcher::PickRoundRobin(const Lane& lane,
                                                   const OrderedIndex& index,
                                                   const Ticket& ticket) const {
  const QueueRules& rules = rules_[lane.queue];
  OrderedIndex::Cursor tier = index.Begin();
  while (!index.AtEnd(tier)) {
    const int64_t a = index.At(tier).key.a;
    const OrderKey after = {a, rules.last_position, 0};
    const OrderedIndex::Cursor start =
        rules.last_agent == kNone
            ? tier
            : index.LowerBound(after, rules.last_agent + 1);
    OrderedIndex::Cursor at = start;
    for (; !index.AtEnd(at) && index.At(at).key.a == a; index.Next(&at)) {
      if (EntryAllowed(lane, ticket, index.At(at).id)) return &index.At(at);
    }
    const OrderedIndex::Cursor end = at;
    for (at = tier;
         !index.AtEnd(at) && !(at.run == start.run && at.at == start.at) &&
         index.At(at).key.a == a;
         index.Next(&at)) {
      if (EntryAllowed(lane, ticket, index.At(at).id)) return &index.At(at);
    }
    tier = end;
  }
  return nullptr;
}

// Draws until an allowed agent comes, 32 times at most; then takes the first
// allowed one from the last draw on, round the tier.
const OrderedIndex::Entry* Matcher::PickRandom(const Lane& lane,
                                               const OrderedIndex& index,
                                               const Ticket& ticket) {
  OrderedIndex::Cursor tier = index.Begin();
  while (!index.AtEnd(tier)) {
    const int64_t a = index.At(tier).key.a;
    const OrderedIndex::Cursor end = index.LowerBound(TierStart(a + 1), 0);
    const uint64_t before = index.WeightBefore(tier);
    const uint64_t weight = index.WeightBefore(end) - before;
    const uint64_t undrawn = random_.state();
    const OrderedIndex::Entry* drawn = nullptr;
    for (int i = 0; i < 32; ++i) {
      drawn = &index.NthByWeight(before + random_.Below(weight));
      if (EntryAllowed(lane, ticket, drawn->id)) return drawn;
    }
    const OrderedIndex::Cursor start = index.LowerBound(drawn->key, drawn->id);
    for (OrderedIndex::Cursor at = start;
         !index.AtEnd(at) && index.At(at).key.a == a; index.Next(&at)) {
      if (EntryAllowed(lane, ticket, index.At(at).id)) return &index.At(at);
    }
    for (OrderedIndex::Cursor at = tier;
         at.run != start.run || at.at != start.at; index.Next(&at)) {
      if (EntryAllowed(lane, ticket, index.At(at).id)) return &index.At(at);
    }
    // A look that finds nobody leaves no trace in later draws.
    random_ = Random::FromState(undrawn);
    tier = end;
  }
  return nullptr;
}

Matcher::AgentChoice Matcher::PickWalk(uint32_t id, const Ticket& ticket,
                                       AgentCursor* cursor) const {
  AgentChoice choice;
  const Lane& lane = lanes_[id];
  if (lane_idle_[id] == 0) {
    cursor->active = false;
    return choice;
  }
  const OrderedIndex& index = everyone_[lane.medium * kPlainOrders +
                                        static_cast<std::size_t>(lane.plain)];
  uint32_t tested = 0;
  const OrderedIndex::Entry* const entry =
      PickSorted(lane, index, ticket, &tested, cursor);
  choice.cut = cursor->active;
  cursor->second = 0;
  if (entry != nullptr) {
    choice.agent = entry->id;
    choice.lane = id;
  }
  return choice;
}

Matcher::AgentChoice Matcher::PickOwn(uint32_t id, const Ticket& ticket,
                                      AgentCursor* cursor) {
  const Lane& lane = lanes_[id];
  const QueueRules& rules = rules_[lane.queue];
  AgentChoice choice;
  uint32_t tested = 0;
  const uint8_t first = cursor->active ? cursor->second : 0;
  for (uint8_t part = first; part < 2; ++part) {
    if (part == 1 && rules.waiting <= rules.reserve_above) break;
    const OrderedIndex& index = part == 0 ? lane.idle : lane.idle_reserve;
    if (index.empty()) {
      cursor->active = false;
      continue;
    }
    const OrderedIndex::Entry* entry = nullptr;
    switch (rules.order) {
      case AgentOrder::kRoundRobin:
        entry = PickRoundRobin(lane, index, ticket);
        break;
      case AgentOrder::kRandom:
      case AgentOrder::kWeightedRandom:
        entry = PickRandom(lane, index, ticket);
        break;
      default:
        entry = PickSorted(lane, index, ticket, &tested, cursor);
    }
    if (entry != nullptr) {
      choice.agent = entry->id;
      choice.lane = id;
      choice.tier = entry->key.a;
      return choice;
    }
    if (cursor->active) {
      cursor->second = part;
      choice.cut = true;
      return choice;
    }
  }
  return choice;
}

Matcher::AgentChoice Matcher::PickThrough(uint32_t id, const Ticket& ticket,
                                          AgentCursor* cursor) {
  if (lanes_[id].own) return PickOwn(id, ticket, cursor);
  if (!grouped_) return PickWalk(id, ticket, cursor);
  cursor->active = false;
  return PickShared(id, ticket);
}

Matcher::AgentChoice Matcher::PickAgent(uint32_t call, AgentCursor* cursor) {
  Flush();
  const Ticket& ticket = tickets_[call];
  uint32_t first = 0;
  if (cursor->active) first = cursor->lane_index;
  for (uint32_t i = first; i < ticket.lane_count; ++i) {
    const AgentChoice choice = PickThrough(ticket.lanes[i], ticket, cursor);
    if (choice.agent != kNone) return choice;
    if (choice.cut) {
      cursor->lane_index = i;
      return choice;
    }
  }
  return {};
}

bool Matcher::MayFind(uint32_t call, uint32_t lane) {
  Flush();
  const Random undrawn = random_;  // A look leaves no trace in later draws.
  AgentCursor cursor;
  const AgentChoice choice = PickThrough(lane, tickets_[call], &cursor);
  random_ = undrawn;
  return choice.cut || choice.agent != kNone;
}

// Group by group where kinds are few. Among many, whether anybody of the lane
// is there has to do: what a call asks for itself is not tested, so the cost
// stays bounded. Nothing depends on how groups happen to be numbered.
Matcher::Hindrance Matcher::WhyNobody(uint32_t call) const {
  const Ticket& ticket = tickets_[call];
  const bool few = live_groups_ <= kGroupsLookedAt;
  bool logged_in = false, guarded = false, excluded = false;
  const auto fits = [&](uint32_t g) {
    return ticket.own_req == kNone || Holds(ticket.own_req, g);
  };
  for (uint8_t i = 0; i < ticket.lane_count; ++i) {
    const Lane& lane = lanes_[ticket.lanes[i]];
    const Bits& idle = idle_groups_[lane.medium];
    if (!few || (ticket.own_req == kNone && !lane.guarded)) {
      logged_in = logged_in || AnyCommon(lane.groups, logged_groups_);
      if (!AnyCommon(lane.groups, idle)) continue;
      excluded = excluded || ticket.exclusions != kNone;
      guarded = guarded || lane.guarded;
      continue;
    }
    ForEachCommon(lane.groups, logged_groups_,
                  [&](uint32_t g) { logged_in = logged_in || fits(g); });
    ForEachCommon(lane.groups, idle, [&](uint32_t g) {
      if (!fits(g)) return;
      if (lane.guarded && Guarded(lane, groups_[g])) {
        guarded = true;
      } else {
        excluded = excluded || ticket.exclusions != kNone;
      }
    });
  }
  return !logged_in ? Hindrance::kNobodyLoggedIn
         : excluded ? Hindrance::kExcluded
         : guarded  ? Hindrance::kReserved
                    : Hindrance::kNobodyFree;
}

void Matcher::NoteRung(uint32_t queue, uint32_t agent) {
  QueueRules& rules = rules_[queue];
  if (rules.order != AgentOrder::kRoundRobin) return;
  const MemberExtra* extra = FindExtra(agent, queue);
  rules.last_position = extra == nullptr ? 0 : extra->position;
  rules.last_agent = agent;
}

void Matcher::CollectIdleReserve(uint32_t queue,
                                 std::vector<uint32_t>* out) const {
  const uint8_t medium = rules_[queue].medium;
  for (uint32_t a = 0; a < seats_.size(); ++a) {
    const Seat& seat = seats_[a];
    if (seat.group == kNone || ((seat.mask >> medium) & 1) == 0) continue;
    const Profile::Member* member =
        groups_[seat.group].profile.FindMember(queue);
    if (member != nullptr && member->reserve != 0) out->push_back(a);
  }
  std::sort(out->begin(), out->end(), [this](uint32_t x, uint32_t y) {
    return seats_[x].last_end != seats_[y].last_end
               ? seats_[x].last_end < seats_[y].last_end
               : x < y;
  });
}

void Matcher::TakeOpened(std::array<uint64_t, kMediaMax>* pools) {
  for (std::size_t m = 0; m < kMediaMax; ++m) (*pools)[m] |= opened_pools_[m];
  opened_pools_.fill(0);
  opened_ = false;
}

std::vector<Matcher::CallChoice> Matcher::WaitingFor(
    const std::array<uint64_t, kMediaMax>& pools, int64_t now,
    const std::function<bool(uint32_t call)>& waits) const {
  std::vector<std::pair<Rank, uint32_t>> ranks;
  for (uint8_t m = 0; m < kMediaMax; ++m) {
    if (pools[m] == 0) continue;
    ForEachCommon(waiting_lanes_[m], waiting_lanes_[m], [&](uint32_t id) {
      const Lane& lane = lanes_[id];
      bool concerned = false;
      for (const QueueRules::Guard& guard : rules_[lane.queue].guards) {
        concerned = concerned || ((pools[m] >> guard.pool) & 1) != 0;
      }
      if (!concerned) return;
      // Whoever the first of a lane's plain calls may not have, the others may
      // not have either.
      for (OrderedIndex::Cursor at = lane.waiting.Begin();
           !lane.waiting.AtEnd(at); lane.waiting.Next(&at)) {
        if (!waits(lane.waiting.At(at).id)) continue;
        ranks.emplace_back(RankOf(lane, lane.waiting.At(at).id), id);
        break;
      }
      std::size_t more = 0;
      for (OrderedIndex::Cursor at = lane.special.Begin();
           !lane.special.AtEnd(at) && more < limits_.scan_max;
           lane.special.Next(&at), ++more) {
        if (!waits(lane.special.At(at).id)) continue;
        ranks.emplace_back(RankOf(lane, lane.special.At(at).id), id);
      }
    });
  }
  std::sort(ranks.begin(), ranks.end(), [now](const auto& x, const auto& y) {
    return Better(x.first, y.first, now);
  });
  std::vector<CallChoice> calls(ranks.size());
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    calls[i].call = ranks[i].first.call;
    calls[i].lane = ranks[i].second;
  }
  return calls;
}

}  // namespace callrouter
