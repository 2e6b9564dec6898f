// Who fits whom, and who first: the two-sided choice.
//
// Agents with equal profiles form a group; calls that wait in one queue with
// one requirement form a lane. Whether a group may serve a lane is computed
// once for the pair and kept as bits both ways. A free agent of group g looks
// at the lanes of g in which somebody waits; a call of lane l looks at the
// groups of l in which somebody is free. So cost follows kinds, not heads.
//
// Where the order of agents depends on the lane (penalties, positions, levels)
// or the lane is rare among too many kinds, it keeps its free agents itself, in
// its own order: the lane is "own". Other lanes then walk one order of all free
// agents. Decisions never depend on which it is.

#ifndef CALLROUTER_SRC_MATCHER_H_
#define CALLROUTER_SRC_MATCHER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "callrouter/configuration.h"
#include "callrouter/ordered_index.h"
#include "callrouter/random.h"
#include "matcher_types.h"
#include "profile.h"
#include "requirement_table.h"

namespace callrouter {

class Matcher {
 public:
  using Limits = MatcherLimits;
  using Seat = callrouter::Seat;
  using MemberExtra = callrouter::MemberExtra;
  using Ticket = callrouter::Ticket;
  using AgentChoice = callrouter::AgentChoice;
  using CallChoice = callrouter::CallChoice;
  using AgentCursor = callrouter::AgentCursor;
  using CallCursor = callrouter::CallCursor;

  Matcher(const Limits& limits, uint64_t seed)
      : limits_(limits),
        random_(seed),
        requirements_(limits.requirements_max) {}

  // --- Requirements and their names ---
  RequirementTable& requirements() { return requirements_; }
  const RequirementTable& requirements() const { return requirements_; }
  Symbols& skills() { return requirements_.skills(); }
  Symbols& attributes() { return requirements_.attributes(); }
  Symbols& values() { return requirements_.values(); }
  const Symbols& skills() const { return requirements_.skills(); }
  const Symbols& attributes() const { return requirements_.attributes(); }
  const Symbols& values() const { return requirements_.values(); }
  bool Holds(uint32_t req, uint32_t group) const {
    return requirements_.Holds(req, groups_[group].profile);
  }

  // --- Queues, pools and lanes ---
  void SetQueueCount(uint32_t queues) { rules_.resize(queues); }
  QueueRules& rules(uint32_t queue) { return rules_[queue]; }
  const QueueRules& rules(uint32_t queue) const { return rules_[queue]; }
  // Agents meeting `req`, counted while idle. At most 64.
  uint32_t AddPool(uint32_t req, uint32_t keep_idle);
  // The lane for (queue, req), made on first use; kNone at lanes_max.
  // `capped`: calls whose score has reached the queue's ceiling.
  uint32_t EnsureLane(uint32_t queue, uint32_t req, bool capped);
  uint32_t LaneQueue(uint32_t lane) const { return lanes_[lane].queue; }
  uint32_t LaneRequirement(uint32_t lane) const { return lanes_[lane].req; }
  bool LaneCapped(uint32_t lane) const { return lanes_[lane].capped; }
  bool LaneAllows(uint32_t lane, uint32_t group) const {
    return lanes_[lane].groups.Test(group);
  }
  // Drops everything that depends on the configuration: lanes, pools,
  // requirements, groups. Seats and tickets must be out of all indexes.
  void ForgetRules();

  // --- Agents ---
  void AddSeat(uint32_t agent, const Profile& profile);
  void RemoveSeat(uint32_t agent);
  Seat& seat(uint32_t agent) { return seats_[agent]; }
  const Seat& seat(uint32_t agent) const { return seats_[agent]; }
  const Profile& profile(uint32_t agent) const {
    return groups_[seats_[agent].group].profile;
  }
  // The agent is free in `medium` since `at`. To be told before SetIdle.
  void SetReady(uint32_t agent, std::size_t medium, int64_t at);
  int64_t ReadySince(uint32_t agent, std::size_t medium) const {
    if (medium == 0) return seats_[agent].ready_since;
    return agent < more_ready_.size() ? more_ready_[agent][medium - 1] : 0;
  }
  // Puts the agent into the group of `profile`; out of all indexes.
  // `only_skill`: the one skill that differs from before, kNone if unknown.
  void ChangeProfile(uint32_t agent, const Profile& profile,
                     uint32_t only_skill = kNone);
  const std::vector<MemberExtra>& extras(uint32_t agent) const {
    return seats_[agent].has_extras ? extras_.find(agent)->second : no_extras_;
  }
  void SetExtras(uint32_t agent, std::vector<MemberExtra> extras);
  const MemberExtra* FindExtra(uint32_t agent, uint32_t queue) const;
  // Sets in which media the agent is free now.
  void SetIdle(uint32_t agent, uint8_t mask);
  // Logged in, staffed: for nobody_logged_in, nobody_available.
  void SetPresence(uint32_t agent, bool logged_in, bool staffed);
  // Adds the pools of idle agents that have just grown beyond what some queue
  // leaves alone; each is told once.
  void TakeOpened(std::array<uint64_t, kMediaMax>* pools);
  // Calls in the lanes that leave `pools` alone, best first: of each lane the
  // first that `waits`, and those to be tested one by one.
  std::vector<CallChoice> WaitingFor(
      const std::array<uint64_t, kMediaMax>& pools, int64_t now,
      const std::function<bool(uint32_t call)>& waits) const;
  bool any_opened() const { return opened_; }
  bool AnybodyLoggedIn(uint32_t lane) const {
    return AnyCommon(lanes_[lane].groups, logged_groups_);
  }
  bool AnybodyStaffed(uint32_t lane) const {
    return AnyCommon(lanes_[lane].groups, staffed_groups_);
  }

  // --- Calls ---
  Ticket& ticket(uint32_t call) {
    if (call >= tickets_.size()) tickets_.resize(std::size_t{call} + 1);
    return tickets_[call];
  }
  const Ticket& ticket(uint32_t call) const { return tickets_[call]; }
  void Enter(uint32_t call);  // Into all lanes of its ticket.
  void Leave(uint32_t call);
  bool AddExclusion(uint32_t call, uint32_t agent, uint32_t limit,
                    uint32_t* node);
  void RemoveExclusion(uint32_t call, uint32_t node);
  uint32_t ExclusionAgent(uint32_t node) const {
    return exclusions_[node].agent;
  }
  uint32_t ExclusionNext(uint32_t node) const { return exclusions_[node].next; }
  bool Excluded(const Ticket& ticket, uint32_t agent) const {
    for (uint32_t n = ticket.exclusions; n != kNone; n = exclusions_[n].next) {
      if (exclusions_[n].agent == agent) return true;
    }
    return false;
  }
  // Whether the agent may have the call through `lane` at this moment, free
  // or not: eligible, not excluded, own requirement met, no guard against it.
  bool Allowed(uint32_t call, uint32_t lane, uint32_t agent) const;

  // --- The two questions ---
  // Why no free agent takes the call: there is none who fits, those who do are
  // kept back, or they have just missed it.
  // Why PickAgent finds nobody, but for its own limits.
  enum class Hindrance { kNobodyLoggedIn, kNobodyFree, kReserved, kExcluded };
  Hindrance WhyNobody(uint32_t call) const;
  static constexpr uint32_t kGroupsLookedAt = 256;
  // Best free agent for the call: own lanes in order, in each the queue's
  // strategy. `cursor` goes in and out for a cut search.
  AgentChoice PickAgent(uint32_t call, AgentCursor* cursor);
  // Whether it would find one through this lane, as far as it looks at once.
  bool MayFind(uint32_t call, uint32_t lane);
  // Best waiting call for the agent, free in `medium`.
  CallChoice PickCall(uint32_t agent, uint8_t medium, int64_t now,
                      CallCursor* cursor);
  // Free members marked reserve who may serve `queue`; longest idle first.
  void CollectIdleReserve(uint32_t queue, std::vector<uint32_t>* out) const;
  // Round robin goes on after this agent.
  void NoteRung(uint32_t queue, uint32_t agent);
  // When the call's score reaches its queue's ceiling; kNeverCapped if never.
  static constexpr int64_t kNeverCapped = INT64_MAX;
  int64_t CapTime(uint32_t queue, const Ticket& ticket) const;

  void set_prefer_low_penalty(bool on) { prefer_low_penalty_ = on; }
  uint64_t random_state() const { return random_.state(); }
  void set_random_state(uint64_t s) { random_ = Random::FromState(s); }
  uint32_t group_count() const { return live_groups_; }
  uint32_t lane_count() const { return static_cast<uint32_t>(lanes_.size()); }
  bool grouped() const { return grouped_; }

 private:
  // Orders that are a property of the agent alone.
  static constexpr std::size_t kPlainOrders = 6;
  static int PlainSlot(AgentOrder order);
  using Group = MatchGroup;
  using Rank = MatchRank;
  using Lane = MatchLane;
  using Exclusion = MatchExclusion;

  bool Eligible(const Lane& lane, const Group& group) const;
  uint32_t GroupFor(const Profile& profile, uint32_t derive_from,
                    uint32_t only_skill);
  void ReleaseGroup(uint32_t group);
  void NotePenalties(const Profile& profile);
  void UpdateOwn(Lane* lane);
  void RebuildIdle();
  void CheckMode();
  OrderKey PlainKey(std::size_t slot, uint8_t medium, uint32_t agent,
                    const Seat& seat, const Group& group) const;
  OrderKey OwnKey(const Lane& lane, uint32_t agent, const Seat& seat,
                  const Group& group) const;
  uint32_t OwnWeight(const Lane& lane, uint32_t agent) const;
  OrderedIndex* OwnIndex(Lane* lane, const Group& group) const;
  OrderedIndex* PlainIndex(uint8_t medium, std::size_t slot, Group* group);
  void PutInOrder(uint32_t agent, uint8_t medium);
  void TakeOutOfOrder(uint32_t agent, uint8_t medium);
  void Flush();
  void AddIdle(uint32_t agent, uint8_t medium);
  void RemoveIdle(uint32_t agent, uint8_t medium);
  OrderKey WaitKey(const Lane& lane, const Ticket& ticket) const;
  void UpdateHead(uint32_t lane);
  bool Guarded(const Lane& lane, const Group& group) const;
  bool Passes(const Ticket& ticket, uint32_t agent) const;
  Rank RankOf(const Lane& lane, uint32_t call) const;
  static bool Better(const Rank& x, const Rank& y, int64_t now) {
    if (y.call == kNone) return true;
    if (x.preference != y.preference) return x.preference < y.preference;
    if (x.weight != y.weight) return x.weight > y.weight;
    if (x.priority != y.priority) return x.priority > y.priority;
    if (!x.plain || !y.plain) return BetterByAge(x, y, now);
    return x.origin != y.origin ? x.origin < y.origin : x.seq < y.seq;
  }
  static bool BetterByAge(const Rank& x, const Rank& y, int64_t now);
  static int64_t PenaltyOf(const Group& group, uint32_t queue) {
    const Profile::Member* member = group.profile.FindMember(queue);
    return member == nullptr ? 0 : member->penalty;
  }
  AgentChoice PickThrough(uint32_t lane, const Ticket& ticket,
                          AgentCursor* cursor);
  AgentChoice PickShared(uint32_t lane, const Ticket& ticket) const;
  AgentChoice PickWalk(uint32_t lane, const Ticket& ticket,
                       AgentCursor* cursor) const;
  AgentChoice PickOwn(uint32_t lane, const Ticket& ticket, AgentCursor* cursor);
  const OrderedIndex::Entry* PickSorted(const Lane& lane,
                                        const OrderedIndex& index,
                                        const Ticket& ticket, uint32_t* tested,
                                        AgentCursor* cursor) const;
  const OrderedIndex::Entry* PickRoundRobin(const Lane& lane,
                                            const OrderedIndex& index,
                                            const Ticket& ticket) const;
  const OrderedIndex::Entry* PickRandom(const Lane& lane,
                                        const OrderedIndex& index,
                                        const Ticket& ticket);
  bool EntryAllowed(const Lane& lane, const Ticket& ticket,
                    uint32_t agent) const;
  uint32_t FirstLane(const Rank& best, uint32_t agent, uint8_t medium,
                     int64_t now, uint32_t best_lane) const;
  bool PickSpecial(uint32_t agent, uint8_t medium, int64_t now, Rank* best,
                   uint32_t* best_lane, CallCursor* cursor) const;

  Limits limits_;
  Random random_;
  RequirementTable requirements_;
  std::vector<QueueRules> rules_;
  std::vector<uint32_t> pools_;  // Requirement of each pool.
  // Per pool, the idle counts at which a guard lets the first agent go.
  std::vector<std::vector<uint32_t>> pool_opens_;
  std::array<uint64_t, kMediaMax> opened_pools_ = {0, 0, 0, 0};
  bool opened_ = false;
  std::vector<Lane> lanes_;
  absl::flat_hash_map<uint64_t, uint32_t> lane_ids_;
  std::vector<Rank> heads_;  // First of each lane's `waiting`.
  std::vector<std::vector<uint32_t>> skill_lanes_;  // Lanes naming a skill.
  std::array<Bits, kMediaMax> own_lanes_, walk_lanes_, waiting_lanes_,
      special_lanes_;
  std::array<uint32_t, kMediaMax> plain_in_use_ = {0, 0, 0, 0};
  std::vector<Group> groups_;
  std::vector<uint32_t> free_groups_;
  absl::flat_hash_map<uint64_t, uint32_t> group_ids_;
  uint32_t live_groups_ = 0;
  bool grouped_ = true;
  // [medium * kPlainOrders + slot], while not grouped(): all free agents, for
  // lanes that walk; and how many of them each such lane could have.
  std::vector<OrderedIndex> everyone_;
  std::vector<uint32_t> lane_idle_;
  uint32_t mode_groups_ = 0;  // Kinds when lanes were last looked at.
  struct Pending {
    uint32_t agent = kNone;
    uint8_t mask = 0;
  };
  Pending pending_;  // Free in these media, but in no index yet.
  std::array<Bits, kMediaMax> idle_groups_;
  Bits logged_groups_, staffed_groups_;
  std::array<std::array<uint32_t, 64>, kMediaMax> pool_idle_ = {};
  std::vector<Seat> seats_;
  absl::flat_hash_map<uint32_t, std::vector<MemberExtra>> extras_;  // Few.
  std::vector<MemberExtra> no_extras_;
  // Ready in the media after the first; empty where there is one only.
  std::vector<std::array<int64_t, kMediaMax - 1>> more_ready_;
  std::vector<Ticket> tickets_;
  std::vector<Exclusion> exclusions_;
  uint32_t free_exclusion_ = kNone;
  bool prefer_low_penalty_ = false;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_MATCHER_H_
