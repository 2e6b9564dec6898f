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
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "callrouter/configuration.h"
#include "callrouter/ordered_index.h"
#include "callrouter/random.h"
#include "profile.h"

namespace callrouter {

// A growing set of small numbers, a word per 64.
class Bits {
 public:
  void Resize(std::size_t bits) {
    if (words_.size() * 64 < bits) words_.resize((bits + 63) / 64, 0);
  }
  void Set(uint32_t i) {
    Resize(std::size_t{i} + 1);
    words_[i / 64] |= uint64_t{1} << (i % 64);
  }
  void Clear(uint32_t i) {
    if (i / 64 < words_.size()) words_[i / 64] &= ~(uint64_t{1} << (i % 64));
  }
  bool Test(uint32_t i) const {
    return i / 64 < words_.size() && ((words_[i / 64] >> (i % 64)) & 1) != 0;
  }
  std::size_t Count() const {
    std::size_t count = 0;
    for (const uint64_t word : words_) {
      count += static_cast<std::size_t>(__builtin_popcountll(word));
    }
    return count;
  }
  void Assign(const Bits& other) { words_ = other.words_; }
  void Reset() { words_.assign(words_.size(), 0); }
  std::size_t words() const { return words_.size(); }
  uint64_t word(std::size_t i) const { return words_[i]; }
  std::size_t bytes() const { return words_.capacity() * 8; }

 private:
  std::vector<uint64_t> words_;
};

// Calls f(bit) for every bit in both sets.
template <typename F>
void ForEachCommon(const Bits& x, const Bits& y, F f) {
  const std::size_t n = x.words() < y.words() ? x.words() : y.words();
  for (std::size_t w = 0; w < n; ++w) {
    uint64_t bits = x.word(w) & y.word(w);
    while (bits != 0) {
      f(static_cast<uint32_t>(w * 64) +
        static_cast<uint32_t>(__builtin_ctzll(bits)));
      bits &= bits - 1;
    }
  }
}

inline bool AnyCommon(const Bits& x, const Bits& y) {
  const std::size_t n = x.words() < y.words() ? x.words() : y.words();
  for (std::size_t w = 0; w < n; ++w) {
    if ((x.word(w) & y.word(w)) != 0) return true;
  }
  return false;
}

// What the choice needs to know of a queue.
struct QueueRules {
  struct Guard {
    uint32_t pool = 0;
    uint32_t keep_idle = 0;
  };
  uint8_t medium = 0;
  AgentOrder order = AgentOrder::kLongestIdle;
  bool ignore_penalty = false;
  bool members_only = false;
  CallRule rule = CallRule::kAge;
  int32_t weight = 0;
  // Score per microsecond waited, x 1000; below 0 the newest leads.
  int64_t rate_milli = 1000;
  int64_t worth = 0;    // Score per point of priority (kAccelerated).
  int64_t ceiling = 0;  // 0: none.
  int32_t reserve_above = -1;
  std::vector<Guard> guards;
  // --- Changing ---
  int64_t waiting = 0;         // Calls in place kWaiting.
  int64_t last_position = -1;  // Round robin: who was rung last.
  uint32_t last_agent = kNone;
  bool penalties = false;  // Some member has a penalty that is not 0.
};

class Matcher {
 public:
  struct Limits {
    uint32_t groups_max = 192;
    uint32_t lanes_max = 4096;
    uint32_t requirements_max = 8192;
    uint32_t scan_max = 256;
  };

  // What an agent's place in the orders depends on. Fields other than `group`
  // and `mask` may be changed only while the agent is in no index.
  struct Seat {
    int64_t last_end = 0;
    std::array<int64_t, kMediaMax> ready_since = {0, 0, 0, 0};
    int64_t talk_us = 0;
    uint32_t calls = 0;
    uint32_t occupied_ppm = 0;
    uint32_t weight = 1;
    uint32_t group = kNone;
    uint8_t mask = 0;  // Media in which the agent is free.
    bool logged_in = false;
    bool staffed = false;  // Logged in and not paused.
  };
  // Per agent and queue, what is not part of the profile.
  struct MemberExtra {
    uint32_t queue = 0;
    int32_t position = 0;
    uint32_t weight = 0;   // 0: the agent's.
    int64_t ring_us = -1;  // -1: the queue's.
    int64_t wrap_us = -1;
  };

  // What a call's place in the orders depends on. To be changed only while
  // the call is in no lane.
  struct Ticket {
    int64_t origin = 0;  // Age counts from here.
    uint64_t seq = 0;
    int32_t priority = 0;
    uint32_t own_req = kNone;     // Tested one by one; kNone: nothing to test.
    uint32_t exclusions = kNone;  // List of agents not to be asked.
    std::array<uint32_t, 4> lanes = {kNone, kNone, kNone, kNone};
    uint8_t lane_count = 0;
    bool in_lanes = false;
    bool special = false;  // Waits apart, because candidates must be tested.
  };

  struct AgentChoice {
    uint32_t agent = kNone;
    uint32_t lane = kNone;
    int64_t tier = 0;
    bool cut = false;  // Not found yet; resume with the cursor.
  };
  struct CallChoice {
    uint32_t call = kNone;
    uint32_t lane = kNone;
    bool cut = false;
  };
  // Where a cut search goes on.
  struct AgentCursor {
    bool active = false;
    uint32_t lane_index = 0;
    uint8_t second = 0;  // In the reserve members already.
    OrderKey key;
    uint32_t id = 0;
  };
  struct CallCursor {
    bool active = false;
    uint32_t lane = 0;
    OrderKey key;
    uint32_t id = 0;
    uint32_t best_call = kNone;
    uint32_t best_lane = kNone;
    uint64_t best_seq = 0;
  };

  Matcher(const Limits& limits, uint64_t seed)
      : limits_(limits), random_(seed) {}

  // --- Names ---
  Symbols& skills() { return skills_; }
  Symbols& attributes() { return attributes_; }
  Symbols& values() { return values_; }
  const Symbols& skills() const { return skills_; }
  const Symbols& attributes() const { return attributes_; }
  const Symbols& values() const { return values_; }

  // --- Requirements, interned and counted ---
  // kNone when requirements_max distinct ones are in use. `queue_of` finds a
  // queue's number by name.
  template <typename QueueOf>
  uint32_t InternRequirement(const Requirement& requirement,
                             const QueueOf& queue_of) {
    const uint32_t found = FindRequirement(requirement);
    if (found != kNone) {
      ++requirements_[found].refs;
      return found;
    }
    if (live_requirements_ >= limits_.requirements_max) return kNone;
    return AddRequirement(requirement, Bind(requirement, queue_of));
  }
  void RetainRequirement(uint32_t req) { ++requirements_[req].refs; }
  void ReleaseRequirement(uint32_t req);
  const Requirement& requirement(uint32_t req) const {
    return requirements_[req].requirement;
  }
  uint32_t requirement_refs(uint32_t req) const {
    return requirements_[req].refs;
  }
  bool Holds(uint32_t req, uint32_t group) const {
    return requirements_[req].bound.Holds(groups_[group].profile);
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
  // Puts the agent into the group of `profile`; out of all indexes.
  // `only_skill`: the one skill that differs from before, kNone if unknown.
  void ChangeProfile(uint32_t agent, const Profile& profile,
                     uint32_t only_skill = kNone);
  std::vector<MemberExtra>& extras(uint32_t agent) { return extras_[agent]; }
  const MemberExtra* FindExtra(uint32_t agent, uint32_t queue) const;
  // Sets in which media the agent is free now.
  void SetIdle(uint32_t agent, uint8_t mask);
  // Logged in, staffed: for nobody_logged_in, nobody_available.
  void SetPresence(uint32_t agent, bool logged_in, bool staffed);
  // Calls at the head of a lane whose guard has let an agent go since the
  // last time, best first. Empty if no guard has.
  void TakeOpened(int64_t now, std::vector<uint32_t>* calls);
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
  // Best free agent for the call: own lanes in order, in each the queue's
  // strategy. `cursor` goes in and out for a cut search.
  AgentChoice PickAgent(uint32_t call, AgentCursor* cursor);
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
  std::size_t requirement_count() const { return live_requirements_; }
  bool grouped() const { return grouped_; }

 private:
  // Orders that are a property of the agent alone.
  static constexpr std::size_t kPlainOrders = 6;
  static int PlainSlot(AgentOrder order);

  struct RequirementEntry {
    Requirement requirement;
    BoundRequirement bound;
    uint32_t refs = 0;
  };
  struct Group {
    Profile profile;
    uint64_t hash = 0;
    uint32_t next_same_hash = kNone;
    uint32_t refs = 0;
    uint32_t logged_in = 0;
    uint32_t staffed = 0;
    std::array<uint32_t, kMediaMax> idle = {0, 0, 0, 0};
    uint64_t pools = 0;
    Bits lanes;
    // [medium * kPlainOrders + slot], while grouped().
    std::vector<OrderedIndex> free;
  };
  // A waiting call as compared between lanes.
  struct Rank {
    int64_t preference = 0;
    int64_t origin = 0;
    int64_t bonus = 0;
    int64_t ceiling = 0;
    int64_t rate_milli = 1000;
    uint64_t seq = 0;
    int32_t weight = 0;
    int32_t priority = 0;
    uint32_t call = kNone;
  };
  struct Lane {
    uint32_t queue = 0;
    uint32_t req = 0;
    bool capped = false;
    bool own = false;
    bool guarded = false;
    uint8_t medium = 0;
    int plain = -1;  // Slot of the plain order; -1: own order.
    Bits groups;
    OrderedIndex waiting;
    OrderedIndex special;
    OrderedIndex idle;             // Own lanes.
    OrderedIndex idle_reserve;     // Own lanes: members marked reserve.
    std::vector<uint32_t> skills;  // Named by the requirement.
  };
  struct Exclusion {
    uint32_t agent = kNone;
    uint32_t next = kNone;
  };

  template <typename QueueOf>
  BoundRequirement Bind(const Requirement& requirement,
                        const QueueOf& queue_of) {
    BoundRequirement bound;
    bound.program = requirement.program();
    for (const Requirement::Atom& atom : requirement.atoms()) {
      BoundRequirement::Atom out;
      out.kind = atom.kind;
      out.compare = atom.compare;
      out.value = atom.value;
      switch (atom.kind) {
        case Requirement::AtomKind::kSkill:
          out.id = skills_.Intern(atom.name);
          break;
        case Requirement::AtomKind::kAttribute:
          out.id = attributes_.Intern(atom.name);
          for (const std::string& text : atom.texts) {
            out.values.push_back(values_.Intern(text));
          }
          break;
        case Requirement::AtomKind::kMember:
        case Requirement::AtomKind::kPenalty:
          out.id = queue_of(atom.name);
          break;
      }
      bound.atoms.push_back(std::move(out));
    }
    return bound;
  }
  uint32_t FindRequirement(const Requirement& requirement) const;
  uint32_t AddRequirement(const Requirement& requirement,
                          BoundRequirement bound);

  bool Eligible(const Lane& lane, const Group& group) const;
  uint32_t GroupFor(const Profile& profile, uint32_t derive_from,
                    uint32_t only_skill);
  void ReleaseGroup(uint32_t group);
  void NotePenalties(const Profile& profile);
  void UpdateOwn(Lane* lane);
  void RebuildIdle();
  void CheckMode();
  OrderKey PlainKey(std::size_t slot, uint8_t medium, const Seat& seat,
                    const Group& group) const;
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
  static bool Better(const Rank& x, const Rank& y, int64_t now);
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
  Symbols skills_, attributes_, values_;
  absl::flat_hash_map<std::string, uint32_t> requirement_ids_;
  std::vector<RequirementEntry> requirements_;
  std::vector<uint32_t> free_requirements_;
  std::size_t live_requirements_ = 0;
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
  std::vector<std::vector<MemberExtra>> extras_;
  std::vector<Ticket> tickets_;
  std::vector<Exclusion> exclusions_;
  uint32_t free_exclusion_ = kNone;
  bool prefer_low_penalty_ = false;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_MATCHER_H_
