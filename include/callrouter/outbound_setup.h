// callrouter/outbound_setup.h
//
// What an engine is told so that it dials, too: whose agents serve which
// campaigns, at what pace, which numbers are shown, and what people hear whom
// nobody can serve. Plain values, for Engine::Create.
//
//   OutboundSetup setup;
//   setup.rules = rules;                       // Campaigns, laws:
//   dial_rules.h. PacingGroup& sales = setup.groups.emplace_back(); sales.queue
//   = "sales";                     // Its agents, and its rules.
//   OutboundCampaign& renewals = sales.campaigns.emplace_back();
//   renewals.name = "renewals";
//   renewals.dispositions.no_answer = "no answer";  // ... and the others
//   for (const Fault& fault : FindFaults(setup)) Show(ToString(fault));
//   auto engine = Engine::Create(options, configuration, setup, now);
//
// Groups. A group is a pacer and the agents of one queue. An agent counts in
// the first group whose queue's requirement and membership it meets; while it
// speaks with a person that another group dialled, there. Give each group a
// queue of its own, with the weight and plan that answered calls shall have:
// by its weight inbound calls go first. PacerOptions::agents_kept_free of the
// free agents are not dialled for; who answers nevertheless may have them.
// The pacer counts every free agent of the group: a campaign with a
// requirement that only some of them meet belongs in a group of its own.
//
// Thread safety: values.

#ifndef CALLROUTER_OUTBOUND_SETUP_H_
#define CALLROUTER_OUTBOUND_SETUP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/dial_rules.h"
#include "callrouter/fault.h"
#include "callrouter/lead_list.h"
#include "callrouter/number_pool.h"
#include "callrouter/pacing_rules.h"
#include "callrouter/return_calls.h"

namespace callrouter {

// How a call ended, in the words of DialRules::dispositions, where the host
// does not say it itself. All must be given.
struct DispositionNames {
  std::string no_answer;
  std::string busy;    // Or rejected.
  std::string failed;  // It never rang, or the host gave it up.
  std::string machine;
  std::string dropped;    // A person answered, and nobody came in time.
  std::string hung_up;    // A person answered, and was gone before that.
  std::string talked;     // With an agent, who did not say how it ended.
  std::string lost;       // Unknown to the host after a reconnect.
  std::string no_number;  // There was no number to show to this lead.
};

// What becomes of a person whom nobody could serve.
enum class Unserved : uint8_t {
  kMessage = 0,  // kPlayMessage: the message the law wants, then hang up.
  kRelease = 1,  // kHangUp. Not where the law wants a message.
};

struct OutboundCampaign {
  std::string name;  // One of DialRules::campaigns, in one group only.
  // `patience`: until a person is dropped; see law. `overdue` is the engine's
  // business: kHost. `carriers`: one, that of `trunk`, if the group has any.
  PacedCampaign pacing;
  int32_t priority = 0;     // Of answered calls in the group's queue.
  std::string requirement;  // What they ask of an agent besides the queue's.
  // For the number pool; both or none, and none if it is not used.
  std::string number_campaign;
  std::string trunk;
  DispositionNames dispositions;
  // A person nobody has served in time is dropped: counted against the cap.
  // They may wait on for so long; then `unserved`. [0, 1 h]
  absl::Duration hold = absl::ZeroDuration();
  Unserved unserved = Unserved::kMessage;
  // After the talk, for the agent's disposition. [1 s, 1 h]
  absl::Duration disposition_timeout = absl::Minutes(2);
};

struct PacingGroup {
  std::string queue;
  // Its `campaigns` are left empty: each of those below has its own. So are its
  // records (records_max: 0): decisions tell what becomes of each attempt.
  PacerOptions pacing;
  std::vector<OutboundCampaign> campaigns;
};

// The number pool in the engine.
struct NumberSetup {
  NumberPoolOptions options;
  NumberRules rules;
  NumberPatch numbers;
};

// Who rings back, in the engine.
struct ReturnSetup {
  // The host's name of a queue in `numbers` and `options`, and the engine's.
  struct Queue {
    uint64_t ref = 0;
    std::string name;
  };
  ReturnCallsOptions options;
  ReturnNumbersPatch numbers;
  std::vector<Queue> queues;
};

struct OutboundSetup {
  DialRules rules;
  LeadListOptions leads;
  std::vector<PacingGroup> groups;
  std::optional<NumberSetup> numbers;
  std::optional<ReturnSetup> return_calls;
  // These two are in another shard: asked for by decision (kNeedNumber,
  // kNeedLock), answered by event within `ask_timeout`. [1 ms, 60 s]
  bool numbers_elsewhere = false;
  bool locks_elsewhere = false;
  absl::Duration ask_timeout = absl::Seconds(5);
  // A campaign without a number to show tries again after so long, unless the
  // pool knows better. [1 s, 1 h]
  absl::Duration number_retry = absl::Minutes(1);
  // Being dialled, connected, or waiting for a disposition. [1, 1,000,000]
  int32_t attempts_max = 10'000;
};

// Everything wrong with `setup` by itself: ranges, names that are nowhere, a
// law that wants calls to ring longer than they do, or a message that is not
// played. Faults of its parts come with their path, e.g.
// "group[0].campaign[1].pacing.windows". Whether queues and requirements exist
// is asked by Engine::Create.
std::vector<Fault> FindFaults(const OutboundSetup& setup);

}  // namespace callrouter

#endif  // CALLROUTER_OUTBOUND_SETUP_H_
