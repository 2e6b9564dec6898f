// callrouter/configuration.h
//
// Everything a contact centre configures, as plain values: queues, overflow
// plans, opening hours, agents. Files become this through config_file.h; a host
// may as well fill it in directly.
//
//   Configuration config;
//   QueueConfig sales;
//   sales.name = "sales";
//   sales.requirement = "sales >= 3";
//   sales.ring = absl::Seconds(15);
//   config.queues.push_back(sales);
//   for (const Fault& fault : FindFaults(config)) Show(fault);
//
// Field names are those of callrouter/v1/config.proto, where each is explained
// for the person who writes the file; a Fault's `path` names a field of either.
//
// Thread safety: plain values.

#ifndef CALLROUTER_CONFIGURATION_H_
#define CALLROUTER_CONFIGURATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/fault.h"
#include "callrouter/opening_hours.h"

namespace callrouter {

// Why a call is hung up or refused. In journals: never renumber.
enum class Cause : uint8_t {
  kNone = 0,
  kNormal = 1,
  kBusy = 2,
  kCongestion = 3,
  kNoAnswer = 4,
  kClosed = 5,
  kDeclined = 6,
  kFailed = 7,
  kLost = 8,  // Unknown to the host after a reconnect, or silent too long.
  kAbandoned = 9,
};

// Which free agent is asked first. Every order is total: whatever the rule
// leaves equal goes to the agent longest since its last call (not by position,
// kRoundRobin and kLinear), then to the one whose AgentId has the lower slot.
// Slots are given in the order of the configuration; an agent who comes later
// gets the slot that was freed last, or a new one. In saved state: never
// renumber.
enum class AgentOrder : uint8_t {
  kLongestIdle = 1,    // Earliest end of last call (login, if none) first.
  kLongestReady = 2,   // Earliest moment of becoming ready for this medium.
  kFewestCalls = 3,    // Fewest calls connected since login.
  kLeastTalkTime = 4,  // Least connected time since login, calls ended so far.
  kLeastOccupied = 5,  // Smallest (ringing+talk+wrap-up) / time logged in, at
                       // the moment of becoming ready, in whole ppm.
  kMostSkilled = 6,    // Largest sum of levels over the skills the queue's
                       // requirement names, as the call's steps have made it.
  kLeastSkilled = 7,   // Smallest sum of levels over all skills: spare the
                       // generalists.
  kRoundRobin = 8,     // By position; first after the agent rung last.
  kLinear = 9,         // By position, always from the start.
  kRandom = 10,
  kWeightedRandom = 11,  // Chance in proportion to weight.
};

enum class RingMode : uint8_t {
  kOne = 1,          // One agent at a time.
  kAll = 2,          // All free agents of the lowest penalty at once.
  kProgressive = 3,  // One, and one more every `progressive_interval`.
};

// Which waiting call a freed agent takes. Always first by queue weight, then
// by priority, except kAccelerated where priority is part of the score.
enum class CallRule : uint8_t {
  kAge = 1,
  kLifo = 2,  // Newest first. Between queues of one weight and priority such
              // calls come after all others, as their score falls while they
              // wait; a weight changes that.
  // Largest age x (20 s / service level target), so that kAge counts like a
  // target of 20 s. The factor is rounded down to thousandths and kept between
  // 0.001 and 1000: within 1 % up to targets of 200 s, 5 % up to 1000 s; from
  // 20,000 s on targets are not told apart. Equal ones by age.
  kServiceLevel = 3,
  kAccelerated = 4,  // Largest min(ceiling, age x acceleration + priority x
                     // priority_worth); priorities are not compared first.
};

struct Strategy {
  AgentOrder order = AgentOrder::kLongestIdle;
  RingMode ring = RingMode::kOne;
  absl::Duration progressive_interval = absl::Seconds(10);
  int32_t offers_max = 0;  // 0: the engine's offers_per_call_max.
  // An agent who becomes free joins a ringing of several. In kAll one who found
  // no room joins when there is some, unless its penalty is above all ringing.
  bool freed_agents_join = false;
  bool ignore_penalty = false;  // Otherwise lower membership penalty first.
};

struct CallOrder {
  CallRule rule = CallRule::kAge;
  int32_t acceleration_milli = 1000;  // 0 to 100,000: score per time, x 1000.
  absl::Duration priority_worth = absl::Seconds(60);
  absl::Duration ceiling = absl::InfiniteDuration();
};

struct Misses {
  int32_t pause_after = 0;  // 0: never.
  absl::Duration pause_return = absl::InfiniteDuration();
  absl::Duration cool_off_no_answer = absl::ZeroDuration();
  absl::Duration cool_off_busy = absl::ZeroDuration();
  absl::Duration cool_off_declined = absl::ZeroDuration();
  absl::Duration cool_off_failed = absl::ZeroDuration();
  absl::Duration skip_for_caller = absl::Seconds(30);
};

struct Reserve {
  std::string agents;  // Requirement text.
  int32_t keep_idle = 0;
};

struct SendOutside {
  std::string destination;
  absl::Duration ring = absl::InfiniteDuration();  // Infinite: no coming back.
};

enum class EntryActionKind : uint8_t {
  kAdmit = 1,
  kHangUp = 2,
  kSendOutside = 3,
  kMoveToQueue = 4,
};

struct EntryAction {
  EntryActionKind kind = EntryActionKind::kAdmit;
  Cause cause = Cause::kNormal;
  SendOutside outside;
  std::string queue;
};

struct Entry {
  EntryAction when_closed;
  EntryAction when_nobody_logged_in;
  EntryAction when_nobody_available;
  int32_t waiting_max = 0;  // 0: no limit of the queue's own.
  EntryAction when_full = {EntryActionKind::kHangUp, Cause::kBusy, {}, {}};
};

struct QueueConfig {
  std::string name;
  std::string medium = "voice";
  std::string requirement;
  bool members_only = false;
  Strategy strategy;
  absl::Duration ring = absl::Seconds(15);
  absl::Duration wrap_up = absl::ZeroDuration();
  int32_t weight = 0;
  absl::Duration service_level_target = absl::Seconds(20);
  absl::Duration short_abandon = absl::Seconds(5);
  std::string plan;   // Empty: none.
  std::string hours;  // Empty: always open.
  Entry entry;
  CallOrder call_order;
  Misses misses;
  std::vector<Reserve> reserve;
  int32_t reserve_above = -1;  // -1: members marked `reserve` always help.
  absl::Duration preferred_patience = absl::ZeroDuration();
};

enum class StepAction : uint8_t {
  kWiden = 1,
  kReplace = 2,
  kRaisePriority = 3,
  kAlsoOffer = 4,
  kMoveToQueue = 5,
  kSendOutside = 6,
  kHangUp = 7,
};

struct Condition {
  int32_t queue_longer_than = -1;  // -1: not asked.
  bool nobody_logged_in = false;
  bool nobody_available = false;
  bool outside_hours = false;

  bool any() const {
    return queue_longer_than >= 0 || nobody_logged_in || nobody_available ||
           outside_hours;
  }
};

struct Step {
  std::string id;
  absl::Duration after = absl::ZeroDuration();
  bool since_previous = false;
  Condition when;
  bool finish_ring = false;
  StepAction action = StepAction::kWiden;
  std::string requirement;       // kWiden, kReplace.
  int32_t priority = 0;          // kRaisePriority.
  std::string queue;             // kAlsoOffer, kMoveToQueue.
  SendOutside outside;           // kSendOutside.
  Cause cause = Cause::kNormal;  // kHangUp.
};

// At most kPlanStepsMax steps.
inline constexpr int kPlanStepsMax = 32;

struct Plan {
  std::string name;
  std::vector<Step> steps;
  // What happens to a call that has moved `moves_max` times: kHangUp or
  // kSendOutside.
  EntryAction last = {EntryActionKind::kHangUp, Cause::kCongestion, {}, {}};
};

struct SkillLevel {
  std::string name;
  int32_t level = 1;
};

struct Attribute {
  std::string name;
  std::string value;
};

struct Membership {
  std::string queue;
  int32_t penalty = 0;
  int32_t position = 0;
  absl::Duration ring = absl::InfiniteDuration();     // Infinite: the queue's.
  absl::Duration wrap_up = absl::InfiniteDuration();  // Infinite: the queue's.
  int32_t weight = 0;                                 // 0: the agent's.
  bool reserve = false;
};

struct Capacity {
  std::string medium;
  int32_t simultaneous = 1;
};

struct AgentConfig {
  std::string name;
  uint64_t ref = 0;
  std::vector<SkillLevel> skills;
  std::vector<Attribute> attributes;
  std::vector<Membership> memberships;
  std::vector<Capacity> capacities;                   // Empty: one voice call.
  absl::Duration wrap_up = absl::InfiniteDuration();  // Infinite: the queue's.
  int32_t weight = 1;
};

struct Medium {
  std::string name;
  std::vector<std::string> not_while_handling;
};

// At most kMediaMax media, "voice" included.
inline constexpr int kMediaMax = 4;

struct Configuration {
  std::string name;
  std::vector<QueueConfig> queues;
  std::vector<Plan> plans;
  std::vector<HoursConfig> hours;
  std::vector<AgentConfig> agents;
  bool prefer_low_penalty = false;
  std::vector<Medium> media;  // "voice" is there without being named.
  std::vector<std::string> known_skills;
  std::vector<std::string> known_attributes;
};

// All that is wrong with `config`; empty when it can be used. First single
// fields in their order: names, references, ranges, requirements, hours. Then
// what lies between them: a step that cannot be reached behind an
// unconditional leave, and a cycle of queues that moves a call without delay
// back to where it began. Durations are whole microseconds up to
// 1000 hours, names at most 200 bytes. Cost: linear in its size.
std::vector<Fault> FindFaults(const Configuration& config);

}  // namespace callrouter

#endif  // CALLROUTER_CONFIGURATION_H_
