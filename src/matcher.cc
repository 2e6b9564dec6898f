// Groups and lanes. Who is free: matcher_idle.cc; the choices:
// matcher_pick.cc.

#include "matcher.h"

#include <algorithm>
#include <utility>

namespace callrouter {

// --- Lanes ------------------------------------------------------------------

uint32_t Matcher::AddPool(uint32_t req, uint32_t keep_idle) {
  for (uint32_t p = 0; p < pools_.size(); ++p) {
    if (pools_[p] != req) continue;
    pool_opens_[p].push_back(keep_idle + 1);
    return p;
  }
  if (pools_.size() >= 64) return kNone;
  const uint32_t pool = static_cast<uint32_t>(pools_.size());
  pools_.push_back(req);
  pool_opens_.push_back({keep_idle + 1});
  for (uint32_t g = 0; g < groups_.size(); ++g) {
    Group& group = groups_[g];
    if (group.refs == 0 || !Holds(req, g)) continue;
    group.pools |= uint64_t{1} << pool;
    for (std::size_t m = 0; m < kMediaMax; ++m) {
      pool_idle_[m][pool] += group.idle[m];
    }
  }
  return pool;
}

int Matcher::PlainSlot(AgentOrder order) {
  switch (order) {
    case AgentOrder::kLongestIdle:
      return 0;
    case AgentOrder::kLongestReady:
      return 1;
    case AgentOrder::kFewestCalls:
      return 2;
    case AgentOrder::kLeastTalkTime:
      return 3;
    case AgentOrder::kLeastOccupied:
      return 4;
    case AgentOrder::kLeastSkilled:
      return 5;
    case AgentOrder::kMostSkilled:
    case AgentOrder::kRoundRobin:
    case AgentOrder::kLinear:
    case AgentOrder::kRandom:
    case AgentOrder::kWeightedRandom:
      return -1;
  }
  return -1;
}

bool Matcher::Eligible(const Lane& lane, const Group& group) const {
  if (rules_[lane.queue].members_only &&
      group.profile.FindMember(lane.queue) == nullptr) {
    return false;
  }
  return requirements_.Holds(lane.req, group.profile);
}

uint32_t Matcher::EnsureLane(uint32_t queue, uint32_t req, bool capped) {
  const uint64_t key =
      (uint64_t{req} << 32) | (uint64_t{queue} << 1) | (capped ? 1 : 0);
  const auto it = lane_ids_.find(key);
  if (it != lane_ids_.end()) return it->second;
  if (lanes_.size() >= limits_.lanes_max) return kNone;
  const uint32_t id = static_cast<uint32_t>(lanes_.size());
  lanes_.emplace_back();
  heads_.emplace_back();
  lane_ids_.emplace(key, id);
  requirements_.Retain(req);
  Lane& lane = lanes_[id];
  const QueueRules& rules = rules_[queue];
  lane.queue = queue;
  lane.req = req;
  lane.capped = capped;
  lane.medium = rules.medium;
  lane.guarded = !rules.guards.empty() || rules.reserve_above >= 0;
  for (const BoundRequirement::Atom& atom : requirements_.bound(req).atoms) {
    if (atom.kind == Requirement::AtomKind::kSkill) {
      lane.skills.push_back(atom.id);
    }
  }
  std::sort(lane.skills.begin(), lane.skills.end());
  lane.skills.erase(std::unique(lane.skills.begin(), lane.skills.end()),
                    lane.skills.end());
  for (const uint32_t skill : lane.skills) {
    if (skill >= skill_lanes_.size()) skill_lanes_.resize(skill + 1);
    skill_lanes_[skill].push_back(id);
  }
  lane.groups.Resize(groups_.size());
  for (uint32_t g = 0; g < groups_.size(); ++g) {
    if (groups_[g].refs == 0 || !Eligible(lane, groups_[g])) continue;
    lane.groups.Set(g);
    groups_[g].lanes.Set(id);
  }
  UpdateOwn(&lane);
  return id;
}

void Matcher::ForgetRules() {
  lanes_.clear();
  heads_.clear();
  lane_ids_.clear();
  skill_lanes_.clear();
  pools_.clear();
  pool_opens_.clear();
  opened_pools_.fill(0);
  opened_ = false;
  rules_.clear();
  groups_.clear();
  free_groups_.clear();
  group_ids_.clear();
  live_groups_ = 0;
  grouped_ = true;
  everyone_.clear();
  pending_ = Pending();
  requirements_.Clear();
  for (std::size_t m = 0; m < kMediaMax; ++m) {
    own_lanes_[m] = walk_lanes_[m] = waiting_lanes_[m] = special_lanes_[m] =
        Bits();
    idle_groups_[m] = Bits();
    plain_in_use_[m] = 0;
    pool_idle_[m].fill(0);
  }
  logged_groups_ = staffed_groups_ = Bits();
  for (Seat& seat : seats_) seat.group = kNone;
}

// --- Groups -----------------------------------------------------------------

uint32_t Matcher::GroupFor(const Profile& profile, uint32_t derive_from,
                           uint32_t only_skill) {
  const uint64_t hash = profile.Hash();
  const auto it = group_ids_.find(hash);
  const uint32_t first = it == group_ids_.end() ? kNone : it->second;
  for (uint32_t g = first; g != kNone; g = groups_[g].next_same_hash) {
    if (groups_[g].profile == profile) {
      ++groups_[g].refs;
      return g;
    }
  }
  uint32_t id;
  if (free_groups_.empty()) {
    id = static_cast<uint32_t>(groups_.size());
    groups_.emplace_back();
  } else {
    id = free_groups_.back();
    free_groups_.pop_back();
  }
  Group& group = groups_[id];
  group.profile = profile;
  group.hash = hash;
  group.next_same_hash = first;
  group.refs = 1;
  group.pools = 0;
  group_ids_[hash] = id;
  ++live_groups_;
  group.lanes.Reset();
  group.lanes.Resize(lanes_.size());
  if (derive_from != kNone && only_skill != kNone) {
    // Only lanes that name the changed skill can answer differently.
    group.lanes.Assign(groups_[derive_from].lanes);
    if (only_skill < skill_lanes_.size()) {
      for (const uint32_t lane : skill_lanes_[only_skill]) {
        if (Eligible(lanes_[lane], group)) {
          group.lanes.Set(lane);
        } else {
          group.lanes.Clear(lane);
        }
      }
    }
  } else {
    for (uint32_t l = 0; l < lanes_.size(); ++l) {
      if (Eligible(lanes_[l], group)) group.lanes.Set(l);
    }
  }
  ForEachCommon(group.lanes, group.lanes,
                [&](uint32_t lane) { lanes_[lane].groups.Set(id); });
  for (uint32_t p = 0; p < pools_.size(); ++p) {
    if (Holds(pools_[p], id)) group.pools |= uint64_t{1} << p;
  }
  if (grouped_) group.free.resize(kMediaMax * kPlainOrders);
  return id;
}

void Matcher::ReleaseGroup(uint32_t id) {
  Group& group = groups_[id];
  if (--group.refs > 0) return;
  ForEachCommon(group.lanes, group.lanes,
                [&](uint32_t lane) { lanes_[lane].groups.Clear(id); });
  uint32_t* link = &group_ids_[group.hash];
  while (*link != id) link = &groups_[*link].next_same_hash;
  *link = group.next_same_hash;
  if (group_ids_[group.hash] == kNone) group_ids_.erase(group.hash);
  free_groups_.push_back(id);
  --live_groups_;
}

// The first penalty that is not 0 makes the lanes of its queue own lanes.
void Matcher::NotePenalties(const Profile& profile) {
  for (const Profile::Member& member : profile.members) {
    if (member.penalty == 0 || member.queue >= rules_.size() ||
        rules_[member.queue].penalties) {
      continue;
    }
    rules_[member.queue].penalties = true;
    for (Lane& lane : lanes_) {
      if (lane.queue == member.queue && !lane.own) UpdateOwn(&lane);
    }
  }
}

void Matcher::AddSeat(uint32_t agent, const Profile& profile) {
  if (agent >= seats_.size()) {
    seats_.resize(std::size_t{agent} + 1);
  }
  NotePenalties(profile);
  Seat& seat = seats_[agent];
  seat.mask = 0;
  seat.logged_in = seat.staffed = false;
  seat.group = GroupFor(profile, kNone, kNone);
  CheckMode();
}

void Matcher::RemoveSeat(uint32_t agent) {
  SetPresence(agent, false, false);
  ReleaseGroup(seats_[agent].group);
  SetExtras(agent, {});
  seats_[agent] = Seat();
  if (agent < more_ready_.size()) more_ready_[agent] = {0, 0, 0};
  CheckMode();
}

void Matcher::ChangeProfile(uint32_t agent, const Profile& profile,
                            uint32_t only_skill) {
  Seat& seat = seats_[agent];
  const bool logged_in = seat.logged_in;
  const bool staffed = seat.staffed;
  SetPresence(agent, false, false);
  NotePenalties(profile);
  const uint32_t old = seat.group;
  seat.group = GroupFor(profile, old, only_skill);
  ReleaseGroup(old);
  SetPresence(agent, logged_in, staffed);
  CheckMode();
}

void Matcher::SetPresence(uint32_t agent, bool logged_in, bool staffed) {
  Seat& seat = seats_[agent];
  Group& group = groups_[seat.group];
  if (seat.logged_in != logged_in) {
    seat.logged_in = logged_in;
    if (logged_in) {
      if (group.logged_in++ == 0) logged_groups_.Set(seat.group);
    } else if (--group.logged_in == 0) {
      logged_groups_.Clear(seat.group);
    }
  }
  if (seat.staffed != staffed) {
    seat.staffed = staffed;
    if (staffed) {
      if (group.staffed++ == 0) staffed_groups_.Set(seat.group);
    } else if (--group.staffed == 0) {
      staffed_groups_.Clear(seat.group);
    }
  }
}

void Matcher::SetExtras(uint32_t agent, std::vector<MemberExtra> extras) {
  seats_[agent].has_extras = !extras.empty();
  if (extras.empty()) {
    extras_.erase(agent);
  } else {
    extras_[agent] = std::move(extras);
  }
}

const Matcher::MemberExtra* Matcher::FindExtra(uint32_t agent,
                                               uint32_t queue) const {
  for (const MemberExtra& extra : extras(agent)) {
    if (extra.queue == queue) return &extra;
  }
  return nullptr;
}

}  // namespace callrouter
