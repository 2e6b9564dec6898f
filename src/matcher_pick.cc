// The two questions: which agent for this call, which call for this agent.

#include <algorithm>

#include "matcher.h"

namespace callrouter {

namespace {

__extension__ using Wide = __int128;

// x * y + z, held within 64 bits: scores compare alike on every machine.
int64_t Scaled(int64_t x, int64_t y, int64_t z) {
  const Wide wide = static_cast<Wide>(x) * y + z;
  if (wide > INT64_MAX) return INT64_MAX;
  if (wide < INT64_MIN) return INT64_MIN;
  return static_cast<int64_t>(wide);
}

constexpr OrderKey TierStart(int64_t tier) {
  return {tier, INT64_MIN, INT64_MIN};
}

}  // namespace

// --- Calls in lanes ---------------------------------------------------------

OrderKey Matcher::WaitKey(const Lane& lane, const Ticket& ticket) const {
  const QueueRules& rules = rules_[lane.queue];
  const int64_t seq = static_cast<int64_t>(ticket.seq);
  switch (rules.rule) {
    case CallRule::kAge:
    case CallRule::kServiceLevel:
      return {-int64_t{ticket.priority}, ticket.origin, seq};
    case CallRule::kLifo:
      return {-int64_t{ticket.priority}, -ticket.origin, -seq};
    case CallRule::kAccelerated:
      if (lane.capped) return {0, ticket.origin, seq};
      return {Scaled(ticket.origin, rules.rate_milli,
                     -int64_t{ticket.priority} * rules.worth),
              ticket.origin, seq};
  }
  return {};
}

Matcher::Rank Matcher::RankOf(const Lane& lane, uint32_t call) const {
  const QueueRules& rules = rules_[lane.queue];
  const Ticket& ticket = tickets_[call];
  Rank rank;
  rank.weight = rules.weight;
  rank.rate_milli = rules.rate_milli;
  rank.origin = ticket.origin;
  rank.seq = ticket.seq;
  rank.call = call;
  if (rules.rule == CallRule::kAccelerated) {
    rank.bonus = int64_t{ticket.priority} * rules.worth;
    rank.ceiling = rules.ceiling;
  } else {
    rank.priority = ticket.priority;
  }
  return rank;
}

bool Matcher::Better(const Rank& x, const Rank& y, int64_t now) {
  if (y.call == kNone) return true;
  if (x.preference != y.preference) return x.preference < y.preference;
  if (x.weight != y.weight) return x.weight > y.weight;
  if (x.priority != y.priority) return x.priority > y.priority;
  if (x.rate_milli != y.rate_milli || x.bonus != y.bonus ||
      x.ceiling != y.ceiling) {
    int64_t sx = Scaled(now - x.origin, x.rate_milli, x.bonus);
    int64_t sy = Scaled(now - y.origin, y.rate_milli, y.bonus);
    if (x.ceiling > 0) sx = std::min(sx, x.ceiling);
    if (y.ceiling > 0) sy = std::min(sy, y.ceiling);
    if (sx != sy) return sx > sy;
  }
  if (x.rate_milli < 0) {  // LIFO: the newest.
    return x.origin != y.origin ? x.origin > y.origin : x.seq > y.seq;
  }
  if (x.origin != y.origin) return x.origin < y.origin;
  return x.seq < y.seq;
}

int64_t Matcher::CapTime(uint32_t queue, const Ticket& ticket) const {
  const QueueRules& rules = rules_[queue];
  if (rules.rule != CallRule::kAccelerated || rules.ceiling <= 0) {
    return kNeverCapped;
  }
  const int64_t missing =
      Scaled(-int64_t{ticket.priority}, rules.worth, rules.ceiling);
  if (missing <= 0) return ticket.origin;
  if (rules.rate_milli <= 0) return kNeverCapped;
  const int64_t wait = (missing + rules.rate_milli - 1) / rules.rate_milli;
  return wait > kNeverCapped - std::max<int64_t>(ticket.origin, 0)
             ? kNeverCapped
             : ticket.origin + wait;
}

void Matcher::UpdateHead(uint32_t id) {
  const Lane& lane = lanes_[id];
  if (lane.waiting.empty()) {
    heads_[id].call = kNone;
    if (lane.special.empty()) waiting_lanes_[lane.medium].Clear(id);
    return;
  }
  const OrderedIndex::Entry& front = lane.waiting.front();
  if (heads_[id].call == front.id && heads_[id].seq == tickets_[front.id].seq) {
    return;
  }
  const QueueRules& rules = rules_[lane.queue];
  if (rules.rule == CallRule::kAge || rules.rule == CallRule::kServiceLevel) {
    Rank& rank = heads_[id];  // Without touching the call's ticket.
    rank.weight = rules.weight;
    rank.rate_milli = rules.rate_milli;
    rank.priority = static_cast<int32_t>(-front.key.a);
    rank.origin = front.key.b;
    rank.seq = static_cast<uint64_t>(front.key.c);
    rank.call = front.id;
    return;
  }
  heads_[id] = RankOf(lane, front.id);
}

void Matcher::Enter(uint32_t call) {
  Ticket& ticket = tickets_[call];
  ticket.special = ticket.own_req != kNone || ticket.exclusions != kNone;
  ticket.in_lanes = true;
  for (uint8_t i = 0; i < ticket.lane_count; ++i) {
    const uint32_t id = ticket.lanes[i];
    Lane& lane = lanes_[id];
    const OrderedIndex::Entry entry = {WaitKey(lane, ticket), call, 1};
    waiting_lanes_[lane.medium].Set(id);
    if (ticket.special) {
      lane.special.Insert(entry);
      special_lanes_[lane.medium].Set(id);
    } else {
      lane.waiting.Insert(entry);
      if (lane.waiting.front().id == call) UpdateHead(id);
    }
  }
}

void Matcher::Leave(uint32_t call) {
  Ticket& ticket = tickets_[call];
  if (!ticket.in_lanes) return;
  ticket.in_lanes = false;
  for (uint8_t i = 0; i < ticket.lane_count; ++i) {
    const uint32_t id = ticket.lanes[i];
    Lane& lane = lanes_[id];
    const OrderKey key = WaitKey(lane, ticket);
    if (ticket.special) {
      lane.special.Erase(key, call);
      if (lane.special.empty()) special_lanes_[lane.medium].Clear(id);
      if (lane.waiting.empty()) UpdateHead(id);
    } else {
      lane.waiting.Erase(key, call);
      if (heads_[id].call == call) UpdateHead(id);
    }
  }
}

bool Matcher::AddExclusion(uint32_t call, uint32_t agent, uint32_t limit,
                           uint32_t* node) {
  Ticket& ticket = tickets_[call];
  uint32_t count = 0;
  for (uint32_t n = ticket.exclusions; n != kNone; n = exclusions_[n].next) {
    if (exclusions_[n].agent == agent || ++count >= limit) return false;
  }
  if (free_exclusion_ == kNone) {
    *node = static_cast<uint32_t>(exclusions_.size());
    exclusions_.emplace_back();
  } else {
    *node = free_exclusion_;
    free_exclusion_ = exclusions_[*node].next;
  }
  exclusions_[*node] = {agent, ticket.exclusions};
  ticket.exclusions = *node;
  return true;
}

void Matcher::RemoveExclusion(uint32_t call, uint32_t node) {
  uint32_t* link = &tickets_[call].exclusions;
  while (*link != kNone && *link != node) link = &exclusions_[*link].next;
  if (*link == kNone) return;
  *link = exclusions_[node].next;
  exclusions_[node] = {kNone, free_exclusion_};
  free_exclusion_ = node;
}

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

Matcher::AgentChoice Matcher::PickAgent(uint32_t call, AgentCursor* cursor) {
  Flush();
  const Ticket& ticket = tickets_[call];
  uint32_t first = 0;
  if (cursor->active) first = cursor->lane_index;
  for (uint32_t i = first; i < ticket.lane_count; ++i) {
    const uint32_t id = ticket.lanes[i];
    AgentChoice choice;
    if (lanes_[id].own) {
      choice = PickOwn(id, ticket, cursor);
    } else if (!grouped_) {
      choice = PickWalk(id, ticket, cursor);
    } else {
      cursor->active = false;
      choice = PickShared(id, ticket);
    }
    if (choice.agent != kNone) return choice;
    if (choice.cut) {
      cursor->lane_index = i;
      return choice;
    }
  }
  return {};
}

Matcher::Hindrance Matcher::WhyNobody(uint32_t call) const {
  const Ticket& ticket = tickets_[call];
  bool logged_in = false, guarded = false, excluded = false;
  for (uint8_t i = 0; i < ticket.lane_count; ++i) {
    const Lane& lane = lanes_[ticket.lanes[i]];
    const auto fits = [&](uint32_t g) {
      return ticket.own_req == kNone || Holds(ticket.own_req, g);
    };
    ForEachCommon(lane.groups, logged_groups_,
                  [&](uint32_t g) { logged_in = logged_in || fits(g); });
    ForEachCommon(lane.groups, idle_groups_[lane.medium], [&](uint32_t g) {
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

void Matcher::TakeOpened(int64_t now, std::vector<uint32_t>* calls) {
  std::vector<Rank> ranks;
  for (uint8_t m = 0; m < kMediaMax; ++m) {
    if (opened_pools_[m] == 0) continue;
    ForEachCommon(waiting_lanes_[m], waiting_lanes_[m], [&](uint32_t id) {
      const Lane& lane = lanes_[id];
      bool concerned = false;
      for (const QueueRules::Guard& guard : rules_[lane.queue].guards) {
        concerned = concerned || ((opened_pools_[m] >> guard.pool) & 1) != 0;
      }
      if (!concerned) return;
      if (heads_[id].call != kNone) ranks.push_back(heads_[id]);
      std::size_t more = 0;
      for (OrderedIndex::Cursor at = lane.special.Begin();
           !lane.special.AtEnd(at) && more < limits_.scan_max;
           lane.special.Next(&at), ++more) {
        ranks.push_back(RankOf(lane, lane.special.At(at).id));
      }
    });
    opened_pools_[m] = 0;
  }
  opened_ = false;
  std::sort(ranks.begin(), ranks.end(), [now](const Rank& x, const Rank& y) {
    return x.call != y.call && Better(x, y, now);
  });
  for (const Rank& rank : ranks) calls->push_back(rank.call);
}

// --- Which call -------------------------------------------------------------

// Calls that must be tested one by one. False when the search is cut.
bool Matcher::PickSpecial(uint32_t agent, uint8_t medium, int64_t now,
                          Rank* best, uint32_t* best_lane,
                          CallCursor* cursor) const {
  const Group& group = groups_[seats_[agent].group];
  uint32_t tested = 0;
  bool cut = false;
  const bool resuming = cursor->active;
  ForEachCommon(group.lanes, special_lanes_[medium], [&](uint32_t id) {
    if (cut || (resuming && id < cursor->lane)) return;
    const Lane& lane = lanes_[id];
    if (lane.guarded && Guarded(lane, group)) return;
    OrderedIndex::Cursor at =
        resuming && id == cursor->lane
            ? lane.special.LowerBound(cursor->key, cursor->id)
            : lane.special.Begin();
    for (; !lane.special.AtEnd(at); lane.special.Next(&at)) {
      const OrderedIndex::Entry& entry = lane.special.At(at);
      Rank rank = RankOf(lane, entry.id);
      if (prefer_low_penalty_) {
        const Profile::Member* m = group.profile.FindMember(lane.queue);
        rank.preference = m == nullptr ? 0 : m->penalty;
      }
      if (!Better(rank, *best, now)) return;  // Nor is any behind it.
      if (Passes(tickets_[entry.id], agent)) {
        *best = rank;
        *best_lane = id;
        return;
      }
      if (++tested >= limits_.scan_max) {
        cut = true;
        cursor->active = true;
        cursor->lane = id;
        cursor->key = entry.key;
        cursor->id = entry.id + 1;
        return;
      }
    }
  });
  return !cut;
}

Matcher::CallChoice Matcher::PickCall(uint32_t agent, uint8_t medium,
                                      int64_t now, CallCursor* cursor) {
  const Group& group = groups_[seats_[agent].group];
  Rank best;
  uint32_t best_lane = kNone;
  ForEachCommon(group.lanes, waiting_lanes_[medium], [&](uint32_t id) {
    const Rank& head = heads_[id];
    if (head.call == kNone) return;
    const Lane& lane = lanes_[id];
    if (lane.guarded && Guarded(lane, group)) return;
    if (!prefer_low_penalty_) {
      if (Better(head, best, now)) {
        best = head;
        best_lane = id;
      }
      return;
    }
    Rank rank = head;
    const Profile::Member* member = group.profile.FindMember(lane.queue);
    rank.preference = member == nullptr ? 0 : member->penalty;
    if (Better(rank, best, now)) {
      best = rank;
      best_lane = id;
    }
  });
  CallChoice choice;
  if (AnyCommon(group.lanes, special_lanes_[medium])) {
    if (cursor->active && cursor->best_call != kNone) {
      const Ticket& kept = tickets_[cursor->best_call];
      const Lane& lane = lanes_[cursor->best_lane];
      if (kept.in_lanes && kept.special && kept.seq == cursor->best_seq &&
          std::find(kept.lanes.begin(), kept.lanes.begin() + kept.lane_count,
                    cursor->best_lane) !=
              kept.lanes.begin() + kept.lane_count &&
          EntryAllowed(lane, kept, agent)) {
        Rank rank = RankOf(lane, cursor->best_call);
        if (prefer_low_penalty_) {
          const Profile::Member* m = group.profile.FindMember(lane.queue);
          rank.preference = m == nullptr ? 0 : m->penalty;
        }
        if (Better(rank, best, now)) {
          best = rank;
          best_lane = cursor->best_lane;
        }
      }
    }
    if (!PickSpecial(agent, medium, now, &best, &best_lane, cursor)) {
      const bool special = best.call != kNone && tickets_[best.call].special;
      cursor->best_call = special ? best.call : kNone;
      cursor->best_lane = best_lane;
      cursor->best_seq = best.seq;
      choice.cut = true;
      return choice;
    }
  }
  cursor->active = false;
  choice.call = best.call;
  choice.lane = best_lane;
  if (best.call != kNone && tickets_[best.call].lane_count > 1) {
    choice.lane = FirstLane(best, agent, medium, now, best_lane);
  }
  return choice;
}

// Of the lanes through which the agent may have the call at rank `best`, the
// first in the call's own order.
uint32_t Matcher::FirstLane(const Rank& best, uint32_t agent, uint8_t medium,
                            int64_t now, uint32_t best_lane) const {
  const Ticket& ticket = tickets_[best.call];
  const Group& group = groups_[seats_[agent].group];
  for (uint8_t i = 0; i < ticket.lane_count; ++i) {
    const uint32_t id = ticket.lanes[i];
    const Lane& lane = lanes_[id];
    if (id == best_lane) return id;
    if (lane.medium != medium || !Allowed(best.call, id, agent)) continue;
    Rank rank = RankOf(lane, best.call);
    if (prefer_low_penalty_) {
      const Profile::Member* m = group.profile.FindMember(lane.queue);
      rank.preference = m == nullptr ? 0 : m->penalty;
    }
    if (!Better(best, rank, now)) return id;
  }
  return best_lane;
}

}  // namespace callrouter
