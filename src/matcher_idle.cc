// Who is free, in which order: the indexes the choices look into.

#include <cstddef>
#include <cstdint>

#include "matcher.h"

namespace callrouter {

// --- Which index serves a lane ----------------------------------------------

// Decides how the lane finds its free agents and fills its index.
void Matcher::UpdateOwn(Lane* lane) {
  Flush();
  const uint32_t id = static_cast<uint32_t>(lane - lanes_.data());
  const uint8_t medium = lane->medium;
  const QueueRules& rules = rules_[lane->queue];
  // Walking everybody for the few who fit would be long.
  const bool rare = lane->groups.Count() * 64 < live_groups_;
  lane->plain = PlainSlot(rules.order);
  lane->own = lane->plain < 0 || (rules.penalties && !rules.ignore_penalty) ||
              (!grouped_ && (rare || rules.reserve_above >= 0));
  walk_lanes_[medium].Clear(id);
  if (!lane->own) {
    const uint32_t bit = 1u << lane->plain;
    if ((plain_in_use_[medium] & bit) == 0) {
      plain_in_use_[medium] |= bit;
      RebuildIdle();
    }
    if (grouped_) return;
    walk_lanes_[medium].Set(id);
    if (lane_idle_.size() < lanes_.size()) lane_idle_.resize(lanes_.size());
    lane_idle_[id] = 0;
  } else {
    own_lanes_[medium].Set(id);
  }
  for (uint32_t a = 0; a < seats_.size(); ++a) {
    const Seat& seat = seats_[a];
    if (seat.group == kNone || ((seat.mask >> medium) & 1) == 0 ||
        !lane->groups.Test(seat.group)) {
      continue;
    }
    if (!lane->own) {
      ++lane_idle_[id];
      continue;
    }
    const Group& group = groups_[seat.group];
    OwnIndex(lane, group)
        ->Insert({OwnKey(*lane, a, seat, group), a, OwnWeight(*lane, a)});
  }
}

// Too many kinds of agents: lanes walk one order of everybody, or keep their
// own. Few again: back.
void Matcher::CheckMode() {
  const bool want = grouped_ ? live_groups_ <= limits_.groups_max
                             : live_groups_ <= limits_.groups_max / 2;
  // Which lanes are rare is looked at again when kinds are many more.
  const bool grown = !want && live_groups_ / 4 > mode_groups_;
  if (want == grouped_ && !grown) return;
  Flush();
  grouped_ = want;
  mode_groups_ = live_groups_;
  for (std::size_t m = 0; m < kMediaMax; ++m) {
    own_lanes_[m].Reset();
    walk_lanes_[m].Reset();
    plain_in_use_[m] = 0;
  }
  for (Lane& lane : lanes_) {
    lane.idle.Clear();
    lane.idle_reserve.Clear();
  }
  for (Group& group : groups_) {
    group.free.clear();
    if (grouped_) group.free.resize(kMediaMax * kPlainOrders);
  }
  everyone_.clear();
  if (!grouped_) everyone_.resize(kMediaMax * kPlainOrders);
  for (Lane& lane : lanes_) UpdateOwn(&lane);
}

// --- Keys -------------------------------------------------------------------

OrderKey Matcher::PlainKey(std::size_t slot, uint8_t medium, uint32_t agent,
                           const Seat& seat, const Group& group) const {
  switch (slot) {
    case 0:
      return {0, seat.last_end, 0};
    case 1:
      return {0, ReadySince(agent, medium), seat.last_end};
    case 2:
      return {0, seat.calls, seat.last_end};
    case 3:
      return {0, seat.talk_us, seat.last_end};
    case 4:
      return {0, seat.occupied_ppm, seat.last_end};
    default:
      return {0, group.profile.TotalLevel(), seat.last_end};
  }
}

OrderKey Matcher::OwnKey(const Lane& lane, uint32_t agent, const Seat& seat,
                         const Group& group) const {
  const QueueRules& rules = rules_[lane.queue];
  OrderKey key;
  if (lane.plain >= 0) {
    key = PlainKey(static_cast<std::size_t>(lane.plain), lane.medium, agent,
                   seat, group);
  } else if (rules.order == AgentOrder::kMostSkilled) {
    int64_t levels = 0;
    for (const uint32_t skill : lane.skills) {
      levels += group.profile.Level(skill);
    }
    key = {0, -levels, seat.last_end};
  } else if (rules.order == AgentOrder::kRoundRobin ||
             rules.order == AgentOrder::kLinear) {
    const MemberExtra* extra = FindExtra(agent, lane.queue);
    key = {0, extra == nullptr ? 0 : extra->position, 0};
  }
  if (rules.penalties && !rules.ignore_penalty) {
    const Profile::Member* member = group.profile.FindMember(lane.queue);
    if (member != nullptr) key.a = member->penalty;
  }
  return key;
}

uint32_t Matcher::OwnWeight(const Lane& lane, uint32_t agent) const {
  if (rules_[lane.queue].order != AgentOrder::kWeightedRandom) return 1;
  const MemberExtra* extra = FindExtra(agent, lane.queue);
  if (extra != nullptr && extra->weight > 0) return extra->weight;
  return seats_[agent].weight;
}

OrderedIndex* Matcher::OwnIndex(Lane* lane, const Group& group) const {
  if (rules_[lane->queue].reserve_above >= 0) {
    const Profile::Member* member = group.profile.FindMember(lane->queue);
    if (member != nullptr && member->reserve != 0) return &lane->idle_reserve;
  }
  return &lane->idle;
}

void Matcher::SetReady(uint32_t agent, std::size_t medium, int64_t at) {
  if (medium == 0) {
    seats_[agent].ready_since = at;
    return;
  }
  if (agent >= more_ready_.size()) {
    more_ready_.resize(seats_.size(), {0, 0, 0});
  }
  more_ready_[agent][medium - 1] = at;
}

// --- In and out -------------------------------------------------------------

// In an order of everybody the weight is the group, for walking.
OrderedIndex* Matcher::PlainIndex(uint8_t medium, std::size_t slot,
                                  Group* group) {
  return grouped_ ? &group->free[medium * kPlainOrders + slot]
                  : &everyone_[medium * kPlainOrders + slot];
}

void Matcher::PutInOrder(uint32_t agent, uint8_t medium) {
  const Seat& seat = seats_[agent];
  Group& group = groups_[seat.group];
  for (uint32_t bits = plain_in_use_[medium]; bits != 0; bits &= bits - 1) {
    const std::size_t slot = static_cast<std::size_t>(__builtin_ctz(bits));
    PlainIndex(medium, slot, &group)
        ->Insert(
            {PlainKey(slot, medium, agent, seat, group), agent, seat.group});
  }
  ForEachCommon(group.lanes, own_lanes_[medium], [&](uint32_t id) {
    Lane& lane = lanes_[id];
    OwnIndex(&lane, group)
        ->Insert(
            {OwnKey(lane, agent, seat, group), agent, OwnWeight(lane, agent)});
  });
  if (grouped_) return;
  ForEachCommon(group.lanes, walk_lanes_[medium],
                [&](uint32_t id) { ++lane_idle_[id]; });
}

void Matcher::TakeOutOfOrder(uint32_t agent, uint8_t medium) {
  const Seat& seat = seats_[agent];
  Group& group = groups_[seat.group];
  for (uint32_t bits = plain_in_use_[medium]; bits != 0; bits &= bits - 1) {
    const std::size_t slot = static_cast<std::size_t>(__builtin_ctz(bits));
    PlainIndex(medium, slot, &group)
        ->Erase(PlainKey(slot, medium, agent, seat, group), agent);
  }
  ForEachCommon(group.lanes, own_lanes_[medium], [&](uint32_t id) {
    Lane& lane = lanes_[id];
    OwnIndex(&lane, group)->Erase(OwnKey(lane, agent, seat, group), agent);
  });
  if (grouped_) return;
  ForEachCommon(group.lanes, walk_lanes_[medium],
                [&](uint32_t id) { --lane_idle_[id]; });
}

// Who became free last is put in order only when somebody looks: mostly a
// waiting call takes the agent before that.
void Matcher::Flush() {
  const Pending pending = pending_;
  pending_ = Pending();
  for (uint8_t m = 0; pending.mask >> m != 0; ++m) {
    if (((pending.mask >> m) & 1) != 0) PutInOrder(pending.agent, m);
  }
}

void Matcher::AddIdle(uint32_t agent, uint8_t medium) {
  if (pending_.agent != agent) Flush();
  pending_.agent = agent;
  pending_.mask = static_cast<uint8_t>(pending_.mask | (1u << medium));
  Group& group = groups_[seats_[agent].group];
  if (group.idle[medium]++ == 0) idle_groups_[medium].Set(seats_[agent].group);
  for (uint64_t pools = group.pools; pools != 0; pools &= pools - 1) {
    const std::size_t pool = static_cast<std::size_t>(__builtin_ctzll(pools));
    const uint32_t idle = ++pool_idle_[medium][pool];
    for (const uint32_t opens : pool_opens_[pool]) {
      if (idle != opens) continue;
      opened_pools_[medium] |= uint64_t{1} << pool;
      opened_ = true;
    }
  }
}

void Matcher::RemoveIdle(uint32_t agent, uint8_t medium) {
  const uint8_t bit = static_cast<uint8_t>(1u << medium);
  if (pending_.agent == agent && (pending_.mask & bit) != 0) {
    pending_.mask = static_cast<uint8_t>(pending_.mask & ~bit);
    if (pending_.mask == 0) pending_ = Pending();
  } else {
    TakeOutOfOrder(agent, medium);
  }
  const uint32_t id = seats_[agent].group;
  Group& group = groups_[id];
  if (--group.idle[medium] == 0) idle_groups_[medium].Clear(id);
  for (uint64_t pools = group.pools; pools != 0; pools &= pools - 1) {
    --pool_idle_[medium][static_cast<std::size_t>(__builtin_ctzll(pools))];
  }
}

void Matcher::SetIdle(uint32_t agent, uint8_t mask) {
  Seat& seat = seats_[agent];
  const uint8_t old = seat.mask;
  if (old == mask) return;
  for (uint8_t m = 0; m < kMediaMax; ++m) {
    if (((old & ~mask) >> m & 1) != 0) RemoveIdle(agent, m);
  }
  seat.mask = mask;
  for (uint8_t m = 0; m < kMediaMax; ++m) {
    if (((mask & ~old) >> m & 1) != 0) AddIdle(agent, m);
  }
}

// A plain order came into use: put all free agents into it.
void Matcher::RebuildIdle() {
  for (Group& group : groups_) {
    for (OrderedIndex& index : group.free) index.Clear();
  }
  for (OrderedIndex& index : everyone_) index.Clear();
  for (uint32_t a = 0; a < seats_.size(); ++a) {
    const Seat& seat = seats_[a];
    if (seat.group == kNone || seat.mask == 0) continue;
    Group& group = groups_[seat.group];
    for (uint8_t m = 0; m < kMediaMax; ++m) {
      if (((seat.mask >> m) & 1) == 0) continue;
      for (uint32_t bits = plain_in_use_[m]; bits != 0; bits &= bits - 1) {
        const std::size_t slot = static_cast<std::size_t>(__builtin_ctz(bits));
        PlainIndex(m, slot, &group)
            ->Insert({PlainKey(slot, m, a, seat, group), a, seat.group});
      }
    }
  }
}

}  // namespace callrouter
