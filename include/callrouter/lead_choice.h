// callrouter/lead_choice.h
//
// The values that go into and come out of a list of leads (lead_list.h).
//
//   LeadRequest request;
//   request.attempt = 71;               // The host's name for the call.
//   request.campaign = "renewals";
//   request.agent = 12;                 // Is ready: also personal callbacks,
//   request.agent_reserved = true;      // and leads that need an agent.
//
// All times here are civil: what the wall clock says, as UTC.
//
// Thread safety: values.

#ifndef CALLROUTER_LEAD_CHOICE_H_
#define CALLROUTER_LEAD_CHOICE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/dial_rules.h"
#include "callrouter/phone_number.h"

namespace callrouter {

struct LeadNumber {
  PhoneNumber number;
  std::string type = "";   // Empty: the first of the rules.
  std::string place = "";  // Empty: by its prefix.
};

// Somebody to dial.
struct LeadConfig {
  uint64_t lead = 0;  // The host's name for it, not 0.
  std::string list;
  std::vector<LeadNumber> numbers;  // [1, 16], in the order to try.
  int32_t priority = 100;           // [0, 255]
  int32_t score = 0;                // [0, 65535]
  std::string segment = "";         // Empty: the first of the rules.
  uint64_t owner = 0;               // The agent who knows them; 0: none.
  uint64_t person = 0;              // For caps of DialScope::kPerson; 0: none.
  uint64_t attributes = 0;          // The host's, handed back.
  absl::Time due = absl::InfinitePast();
  absl::Time consent_until = absl::InfinitePast();  // The past: no consent.
  absl::Time expires = absl::InfiniteFuture();
};

enum class LeadState : uint8_t {
  kWaiting = 0,    // For its time, its turn, or a cap.
  kTaken = 1,      // Reserved or being called.
  kPaused = 2,     // By the host.
  kDone = 3,       // Success.
  kExhausted = 4,  // Never again: caps, rules, or no number left.
  kExpired = 5,    // Its time is over.
};

// Why a lead is not dialled. The numbers are kept in journals.
enum class LeadBlock : uint8_t {
  kNone = 0,
  kTaken = 1,
  kPaused = 2,
  kListPaused = 3,
  kCampaignPaused = 4,
  kDone = 5,
  kExhausted = 6,
  kExpired = 7,
  kNoConsent = 8,
  kNotDue = 9,
  kClosed = 10,      // Outside the hours of a law.
  kCap = 11,         // A cap, or what the law says of the last call.
  kNeedsAgent = 12,  // Only with an agent already reserved.
  kPersonal = 13,    // Waits for its own agent.
  kBusyNumber = 14,  // The number is in another call.
  kDoNotCall = 15,
  kReassigned = 16,  // The number is somebody else's now.
  kUnchecked = 17,   // And whether it is was not found out.
  kGuard = 18,       // Not among the numbers that may be dialled.
  kNumberOver = 19,  // This number of the lead is not dialled again.
  kQuota = 20,       // The list has its quota.
  kNoLaw = 21,       // No law of the campaign holds at the number.
  kBehind = 22,      // Others go first.
};

std::string_view Name(LeadBlock block);
std::string_view Name(LeadState state);

// One reason, one number.
struct LeadReason {
  LeadBlock block = LeadBlock::kNone;
  PhoneNumber number;                         // None: the lead as a whole.
  std::string rule;                           // The cap or law.
  absl::Time until = absl::InfiniteFuture();  // If nothing happens before.
};

struct LeadRequest {
  uint64_t attempt = 0;  // The host's name for the call, not 0, new.
  std::string_view campaign;
  uint64_t agent = 0;           // Also leads only this agent may have.
  bool agent_reserved = false;  // Also leads that need that.
};

struct LeadChoice {
  uint64_t lead = 0;  // 0: none may be called now.
  PhoneNumber number;
  uint64_t attributes = 0;
  uint64_t owner = 0;
  int32_t attempts = 0;  // Of the lead, with this one.
  uint32_t list = 0;     // These three by their order in the rules, for the
  uint32_t segment = 0;  // pacer.
  uint32_t number_type = 0;
  uint32_t place = 0;
  int32_t local_hour = 0;
  bool callback = false;
  // The strictest of the laws that hold.
  absl::Duration ring_least = absl::ZeroDuration();
  absl::Duration connect_within = absl::InfiniteDuration();
  bool message_required = false;
  // These two are times of the host's clock. None: asking again before is
  // useless, unless something happens.
  absl::Time retry_at = absl::InfiniteFuture();
  // The reservation lapses unless Dialled is said before.
  absl::Time lapses_at = absl::InfiniteFuture();
};

// Somebody, by any names the host knows them by: the others are left out.
struct LeadSubject {
  PhoneNumber number;
  uint64_t lead = 0;
  uint64_t person = 0;
};

// What was agreed upon, in civil time (UTC).
struct LeadCallback {
  absl::Time at;
  absl::Time until = absl::InfiniteFuture();  // End of its window.
  bool personal = false;  // For the agent that owns the lead, at first.
};

struct LeadView {
  LeadState state = LeadState::kWaiting;
  std::string list;
  std::string disposition;  // The last; empty: none.
  int32_t attempts = 0;
  int32_t failures = 0;  // In a row.
  int32_t priority = 0;
  absl::Time due;
  bool callback = false;
};

// Whether a number still is the person's; see DialCampaign::check_required.
enum class NumberCheck : uint8_t {
  kUnknown = 0,
  kSame = 1,
  kReassigned = 2,
};

}  // namespace callrouter

#endif  // CALLROUTER_LEAD_CHOICE_H_
