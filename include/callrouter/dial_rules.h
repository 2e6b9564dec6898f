// callrouter/dial_rules.h
//
// What a list of leads is told: which laws bind where, what became of a call
// means for the next one, how often anybody may be called. Plain values;
// lead_list.h is the part that obeys them.
//
//   DialRules rules;
//   rules.zones = {{"msk", {{absl::InfinitePast(), 3 * 3600}}}};
//   rules.places = {{"moscow", {"msk"}, {"7495", "7499"}}};
//   rules.laws = {law};            // From a preset: dial_file.h.
//   rules.guards = {{"ru", {"7"}, {"7809", "7803"}}};
//   rules.dispositions = {{"no answer", DialResult::kNoAnswer}, ...};
//   rules.campaigns = {campaign};
//   rules.lists = {{"march", "renewals"}};
//   for (const Fault& fault : FindFaults(rules)) Show(ToString(fault));
//
// "At the most 3 attempts" is a cap, "then again after 1, 4 and 27 hours" a
// redial rule; nothing of the kind is code. A law is never code either.
//
// Times of day are those of the called party. Where that place is uncertain it
// has several zones, and what holds in any of them holds.
//
// Thread safety: values.

#ifndef CALLROUTER_DIAL_RULES_H_
#define CALLROUTER_DIAL_RULES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/fault.h"
#include "callrouter/opening_hours.h"
#include "callrouter/time_zone.h"

namespace callrouter {

inline constexpr int32_t kNoLimit = INT32_MAX;

// --- Caps ---

// Whose events are counted: those of a telephone number, whoever's leads and
// campaigns it is in; of a lead; of a person, for leads that name one.
enum class DialScope : uint8_t { kNumber = 0, kLead = 1, kPerson = 2 };

// What is counted. A call is one attempt, and what became of it besides.
enum class DialEvent : uint8_t {
  kAttempt = 0,       // Begun, unless the network failed or it was cancelled.
  kConnect = 1,       // Answered by a person.
  kConversation = 2,  // And spoke with somebody.
  kAbandon = 3,       // And found nobody: a dropped call.
  kMachine = 4,       // Answered by a machine.
  kFailure = 5,       // The network or carrier failed.
};

enum class DialWindow : uint8_t {
  kRolling = 0,  // A time ago or less.
  kDay = 1,      // Calendar day, from midnight, where the called party is.
  kWeek = 2,     // Calendar week, from Monday.
  kMonth = 3,    // Calendar month.
  kLife = 4,     // Since the lead was loaded or reset. Attempts only, of the
                 // lead or of one of its numbers.
};

// What happens once there are `limit` events in the window.
enum class CapAction : uint8_t {
  kWait = 0,       // No call until there are fewer.
  kStop = 1,       // Never again: the number of the lead, or the lead.
  kGuarantee = 2,  // Until then only with an agent already reserved.
};

struct DialCap {
  std::string name;  // For explanations.
  DialScope scope = DialScope::kNumber;
  DialEvent event = DialEvent::kAttempt;
  DialWindow window = DialWindow::kRolling;
  absl::Duration rolling = absl::ZeroDuration();  // Whole s. [1 s, 366 days]
  int32_t limit = 1;                              // [1, 10,000]
  CapAction action = CapAction::kWait;
};

// --- Where, and under which law ---

struct DialZone {
  std::string name;
  std::vector<ZoneTransition> transitions;  // Sorted, the first infinite past.
};

// A part of the world: a country, a state, an area code. A number lies where
// its lead says, else where the longest of all prefixes says it does.
struct DialPlace {
  std::string name;
  std::vector<std::string> zones;     // [1, 16] Several if it is uncertain.
  std::vector<std::string> prefixes;  // Digits, country code first.
};

// From which moment a law counts the seconds to the agent.
enum class DropStart : uint8_t {
  kAnswer = 0,
  kGreetingBegin = 1,
  kGreetingEnd = 2,
};
enum class DropPeriod : uint8_t {
  kNone = 0,
  kDay = 1,
  kMonth = 2,
  k30Days = 3
};

// What one law demands of a call. For a host that writes its own: every hour
// and every cap of it must be said, there is no default that permits.
struct DialLaw {
  std::string name;
  std::string source;               // Where it stands.
  std::string as_of;                // "2026-01-31": the day of its content.
  std::vector<std::string> places;  // Where it holds; empty: everywhere.

  // When calls may begin. Each weekday is open at some time or in `closed`.
  std::vector<OpenPeriod> open;
  std::vector<int32_t> closed;  // Weekdays, 0 = Monday.
  std::vector<Holiday> holidays;

  std::vector<DialCap> caps;

  // Handed to the host with each call: how long it must ring at the least,
  // and within which time somebody must speak.
  absl::Duration ring_least = absl::ZeroDuration();
  absl::Duration connect_within = absl::InfiniteDuration();
  DropStart connect_from = DropStart::kAnswer;
  bool message_required = false;  // To whom nobody speaks in time.
  // For the pacer: so many of 1000 answered calls may be dropped.
  int32_t drop_permille = 1000;
  DropPeriod drop_period = DropPeriod::kNone;
};

// Which numbers may be dialled at all. There is no campaign without one.
struct DialGuard {
  std::string name;
  std::vector<std::string> allowed;  // Prefixes. At least one.
  // Of those: emergency, premium, satellite. At least one; these win.
  std::vector<std::string> refused;
};

// --- What became of a call, and what then ---

enum class DialResult : uint8_t {
  kNoAnswer = 0,      // Nor busy: it was not answered.
  kMachine = 1,       // A machine answered.
  kConversation = 2,  // An agent spoke with a person.
  kAbandoned = 3,     // A person answered and no agent came.
  kFailure = 4,       // It never rang: network, carrier. No attempt.
  kRefused = 5,       // A conversation; all the lead's numbers go to the
                      // do-not-call list.
  kCallback = 6,      // A conversation, and another was agreed upon.
  kInvalid = 7,       // There is no such number.
};

struct DialDisposition {
  std::string name;
  DialResult result = DialResult::kNoAnswer;
};

enum class RedialAction : uint8_t {
  kSame = 0,       // The same number again.
  kNext = 1,       // The lead's next number, after the last the first.
  kDrop = 2,       // This number never again, the next one.
  kDone = 3,       // The lead is done: a success, for its list's quota.
  kExhausted = 4,  // The lead is over.
};

// One row: for calls that ended so, this comes next. The first row that
// matches counts.
struct RedialRule {
  // --- Matches ---
  std::vector<std::string> dispositions;  // Empty: all.
  std::string number_type;                // Empty: all.
  std::string segment;                    // Empty: all.
  // Of the lead's attempts; for kFailure of its failures in a row.
  int32_t from = 1, to = kNoLimit;
  // --- Then ---
  RedialAction action = RedialAction::kSame;
  // By attempt, from `from` on, the last for all later ones. [0, 366 days]
  std::vector<absl::Duration> delays;
  // If the due time falls into the part of the day of this call (before noon,
  // before 17:00, later), it moves to the beginning of the next.
  bool other_day_part = false;
  int32_t priority = 0;    // Added to the lead's. [-255, 255]
  bool guarantee = false;  // The next call needs an agent already reserved.
};

// --- Campaigns ---

// What goes first among leads that may be called now. Ties: as loaded.
enum class LeadOrder : uint8_t {
  kCallback = 0,  // Callbacks that are due.
  kPriority = 1,  // The higher one.
  kDue = 2,       // Due earlier, in grains.
  kAttempts = 3,  // Fewer attempts.
  kScore = 4,     // The higher one.
};

// Between the lists of a campaign.
enum class ListMix : uint8_t {
  kOrder = 0,  // The order decides, whatever list a lead is in.
  kShare = 1,  // Each list in proportion to its share; callbacks first.
};

// A callback that was not made before its window ended.
enum class MissedCallback : uint8_t {
  kNextDay = 0,  // The same time on the next day, window and all.
  kRetry = 1,    // An ordinary lead, due now.
  kClose = 2,    // The lead is over.
};

// When to try again, learned: of the hours from the due time on, the one with
// the highest chance of a conversation less what waiting costs. The chance is
// (conversations + prior * rate) / (attempts + prior) of the lead's segment at
// that hour of the local day: the mean of a beta posterior.
struct BestHour {
  bool on = false;
  absl::Duration horizon = absl::Hours(24);  // [1 h, 7 days], whole hours.
  int32_t cost_permille = 2;     // Of chance, for each hour. [0, 1000]
  int32_t prior_attempts = 50;   // [1, 10,000]
  int32_t prior_permille = 100;  // Expected before anything is known.
};

struct DialCampaign {
  std::string name;
  std::string guard;
  std::vector<std::string> laws;  // At least one must hold at any number.
  std::vector<DialCap> caps;      // Besides those of the laws.
  std::vector<RedialRule> redial;
  std::vector<LeadOrder> order = {LeadOrder::kCallback, LeadOrder::kPriority,
                                  LeadOrder::kDue, LeadOrder::kAttempts,
                                  LeadOrder::kScore};
  absl::Duration due_grain = absl::Hours(1);  // Whole seconds. [1 s, 7 days]
  ListMix mix = ListMix::kOrder;
  bool consent_required = false;  // Only leads with consent.
  // Only numbers that were found not to be reassigned.
  bool check_required = false;
  // A callback is made although one of `caps` (never of a law) says wait.
  bool callbacks_beat_caps = false;
  // A personal callback is anyone's after so long. Infinite: never.
  absl::Duration callback_fallback = absl::Minutes(15);
  MissedCallback missed = MissedCallback::kNextDay;
  BestHour best_hour;
};

struct DialList {
  std::string name;
  std::string campaign;
  int32_t share = 1;         // For ListMix::kShare. [1, 1000]
  int32_t quota = kNoLimit;  // Leads done, then the list rests. [1, ...]
};

struct DialRules {
  std::vector<DialZone> zones;                // At most 1,024.
  std::vector<DialPlace> places;              // At most 4,096.
  std::vector<DialLaw> laws;                  // At most 256.
  std::vector<DialGuard> guards;              // At most 256.
  std::vector<std::string> number_types;      // At most 64.
  std::vector<std::string> segments;          // At most 1,024.
  std::vector<DialDisposition> dispositions;  // At most 250.
  std::vector<DialCampaign> campaigns;        // At most 256.
  std::vector<DialList> lists;                // At most 4,096.
};

// Everything wrong with `rules`: also redial rules that leave a disposition or
// attempt without an answer, or that can never match, and laws with a hole.
// Paths are those of dial.proto, e.g. "law[0].cap[1].limit". Cost: O(n log n),
// for redial rules of one campaign O(n^2).
std::vector<Fault> FindFaults(const DialRules& rules);

}  // namespace callrouter

#endif  // CALLROUTER_DIAL_RULES_H_
