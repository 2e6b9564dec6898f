// Calls in their lanes, and which of them a free agent takes.

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
                     Scaled(-int64_t{ticket.priority}, rules.worth, 0)),
              ticket.origin, seq};
  }
  return {};
}

Matcher::Rank Matcher::RankOf(const Lane& lane, uint32_t call) const {
  const QueueRules& rules = rules_[lane.queue];
  const Ticket& ticket = tickets_[call];
  Rank rank;
  rank.guarded = lane.guarded;
  rank.plain = rules.rule == CallRule::kAge;
  rank.weight = rules.weight;
  rank.rate_milli = rules.rate_milli;
  rank.origin = ticket.origin;
  rank.seq = ticket.seq;
  rank.call = call;
  if (rules.rule == CallRule::kAccelerated) {
    rank.bonus = Scaled(ticket.priority, rules.worth, 0);
    rank.ceiling = rules.ceiling;
  } else {
    rank.priority = ticket.priority;
  }
  return rank;
}

// The rest of Better, where rules or ages decide.
bool Matcher::BetterByAge(const Rank& x, const Rank& y, int64_t now) {
  if (x.rate_milli != y.rate_milli || x.bonus != y.bonus ||
      x.ceiling != y.ceiling) {
    int64_t sx = Scaled(now - x.origin, x.rate_milli, x.bonus);
    int64_t sy = Scaled(now - y.origin, y.rate_milli, y.bonus);
    if (x.ceiling > 0) sx = std::min(sx, x.ceiling);
    if (y.ceiling > 0) sy = std::min(sy, y.ceiling);
    if (sx != sy) return sx > sy;
  }
  const bool lifo = x.rate_milli < 0;
  if (lifo != (y.rate_milli < 0)) return !lifo;
  if (lifo) {  // The newest.
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
    rank.guarded = lane.guarded;
    rank.plain = rules.rule == CallRule::kAge;
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
        rank.preference = PenaltyOf(group, lane.queue);
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
  const Rank* first = &best;
  ForEachCommon(group.lanes, waiting_lanes_[medium], [&](uint32_t id) {
    const Rank& head = heads_[id];
    if (head.call == kNone) return;
    if (head.guarded && Guarded(lanes_[id], group)) return;
    if (!prefer_low_penalty_) {
      if (Better(head, *first, now)) {
        first = &head;
        best_lane = id;
      }
      return;
    }
    Rank rank = head;
    rank.preference = PenaltyOf(group, lanes_[id].queue);
    if (Better(rank, best, now)) {
      best = rank;
      best_lane = id;
    }
  });
  if (first != &best) best = *first;
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
          rank.preference = PenaltyOf(group, lane.queue);
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
      rank.preference = PenaltyOf(group, lane.queue);
    }
    if (!Better(best, rank, now)) return id;
  }
  return best_lane;
}

}  // namespace callrouter
