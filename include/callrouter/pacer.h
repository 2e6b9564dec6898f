// callrouter/pacer.h
//
// Decides how many calls to dial now so that agents are hardly ever without
// one, and the people called hardly ever without an agent.
//
//   auto pacer = Pacer::Create(options, now);        // pacing_rules.h
//   if (!pacer.ok()) ...                             // every fault, in words
//   (*pacer)->SetAgent(7, DialAgent::kReady, now);
//   std::vector<PacingOrder> orders;
//   (*pacer)->Plan(now, &orders);
//   for (int i = 0; i < orders[0].lines; ++i) {      // why: orders[0].limit
//     auto line = (*pacer)->Dialled(features, now);  // ... and dial
//   }
//   (*pacer)->Report(line, LineEvent::kPerson, now);
//   (*pacer)->Bridged(line, 7, now);                 // agent 7 is busy now
//   (*pacer)->SetAgent(7, DialAgent::kReady, now);   // after wrap-up
//   ... Plan again after every event, and at next_deadline()
//
// How predictive campaigns dial
//  For each moment at which one more call might be answered, the number of
//  other answers until then and of agents who will be free then are sums of
//  independent yes/no events; that gives the chance that the answer finds
//  nobody (the Poisson-binomial law, by convolution; above 100 events by a
//  corrected normal law). Averaged over those moments it is the price of the
//  call. Lines are started while the price is below a limit. The limit rises a
//  little with each answer and falls with each drop, so that drops come out at
//  the share the windows still permit: dual ascent for "most conversations
//  subject to drops <= cap". A line for which an agent is free has price 0.
//
//  When the chance to end a window above its cap would pass `overrun_permille`
//  (drops taken as clustered as they were measured to be), only lines with an
//  agent of their own are started. With DropPromise::kStrict this is so
//  whenever all lines in flight, answered at once, would break the cap.
//
// What it learns: the chance that a person answers, by kind of call; when
// people answer and when calls end otherwise; how long agents are busy. With
// nothing learned every call is taken to be answered: one line an agent.
//
// Guarantees
//  - No line starts without an agent who is free or will be.
//  - Same options, events and times: the same plans on every machine.
//  - Cost of Plan: at most 400 x the width of the law for each campaign that
//    may dial, whatever the number of agents and lines (benchmarks/); of all
//    else: constant, with timers O(log lines). Nothing is allocated after
//    Create but in what the caller hands in.
//  - Who answered and gets no agent in time is ordered to be held, released or
//    played a message, once; every line leaves one record (line_record.h).
//  - Campaigns that are short of agents get them by weight.
//
// Time: `now` never goes back; an earlier one is taken as the latest.
//
// Errors, in order of precedence; the state is then unchanged:
//    kInvalidArgument     an agent, campaign or value is out of range
//    kNotFound            no such line, or it is over; says how it ended
//    kFailedPrecondition  the line, agent or campaign is not in a state for
//                         that: of the line first, then the agent
//    kResourceExhausted   `lines_max` are in flight; records_max; lines_max of
//                         the carrier
//
// Thread safety: compatible. One pacer, one thread at a time.
// Not here: whom to call, and when that is lawful.

#ifndef CALLROUTER_PACER_H_
#define CALLROUTER_PACER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "callrouter/line_record.h"
#include "callrouter/pacing_rules.h"

namespace callrouter {

enum class DialAgent : uint8_t {
  kAway = 0,     // Logged out, or in a break.
  kReady = 1,    // Waits for a call.
  kBusy = 2,     // Talks or wraps up, and will be ready then.
  kLast = 3,     // The same, and will be away then.
  kPreview = 4,  // Looks at a lead: BeginPreview.
};

// What stopped a campaign from starting more lines.
enum class PacingLimit : uint8_t {
  kPrice = 0,        // One more would be dropped too likely.
  kBudget = 1,       // A window could end above its cap.
  kStrict = 2,       // All lines answered at once would break the cap.
  kOnePerAgent = 3,  // The mode's own rule.
  kNoAgent = 4,      // Nobody is or will be free.
  kLines = 5,        // lines_max, of the campaign or of all.
  kRate = 6,         // starts_per_second, of the campaign or of all.
  kNotRunning = 7,
  kByHand = 8,         // kPreview.
  kBatch = 9,          // More may follow: Plan again after these are dialled.
  kRecords = 10,       // records_max: TakeRecords makes room.
  kCarrierLines = 11,  // lines_max of all carriers it may use.
  kCarrierRate = 12,   // Their starts_per_second.
};

struct PacingOrder {
  int32_t lines = 0;  // To start now.
  PacingLimit limit = PacingLimit::kNotRunning;
  // Chance to be dropped of the first line not started, if answered, and its
  // limit; 0 where no price was asked.
  double price = 0;
  double price_limit = 0;
};

struct PacerStats {
  uint64_t dialled = 0;
  uint64_t persons = 0;
  uint64_t machines = 0;
  uint64_t unanswered = 0;  // No answer, busy, failed, cancelled.
  uint64_t bridged = 0;
  uint64_t dropped = 0;     // Without the next.
  uint64_t agent_left = 0;  // kStrict: dropped because an agent went away.
  uint64_t hung_up = 0;
  // Given to an agent, who found a machine: in `machines` and `bridged` too,
  // and no longer in `persons` and `dropped`.
  uint64_t machines_bridged = 0;
  uint64_t held = 0;    // Put on hold by order.
  uint64_t let_go = 0;  // Ordered to be released or played the message.
  double missed_machine_share = 0;  // machines_bridged over bridged.
  // Upper bound of the share of calls judged a machine that were a person.
  double false_machine_share = 0;
  double false_machines = 0;   // Charged as drops, from that share.
  double answered = 0;         // P(a person answers), as learned.
  double price_limit = 0;      // Before the windows' say.
  double dispersion = 1;       // How much drops cluster.
  uint32_t alarms = 0;         // Times the answers changed at once.
  double service_seconds = 0;  // Mean, as learned.
};

struct WindowCount {
  double answers = 0;
  double drops = 0;  // False machines included.
  absl::Time end = absl::InfiniteFuture();
};

class PacerImpl;

class Pacer {
 public:
  // kInvalidArgument with every fault.
  static absl::StatusOr<std::unique_ptr<Pacer>> Create(PacerOptions options,
                                                       absl::Time now);
  ~Pacer();
  Pacer(const Pacer&) = delete;
  Pacer& operator=(const Pacer&) = delete;

  // --- Agents: 0 to agents_max - 1, away at first. ---
  // A repeat of the same state changes nothing.
  absl::Status SetAgent(int32_t agent, DialAgent state, absl::Time now);
  // A busy agent says that the call will be over `within` that time. Until then
  // its end is expected evenly over it, in 19 of 20 cases, instead of by what
  // was learned; if it does not come, as before. [1 s, 60 s]
  absl::Status SetFinishing(int32_t agent, absl::Duration within,
                            absl::Time now);
  // A ready agent looks at a lead of a campaign in kTimedPreview. After its
  // preview_time the order to dial comes, unless SetAgent came before.
  absl::Status BeginPreview(int32_t campaign, int32_t agent, absl::Time now);
  // Calls that come in and go first: so many an hour are expected, and so many
  // wait now. Both are taken from the agents the plans count on, besides
  // agents_kept_free. [0, 1,000,000] and [0, agents_max]
  absl::Status ExpectInbound(double per_hour, int32_t waiting, absl::Time now);

  // --- Lines ---
  absl::StatusOr<LineId> Dialled(const LineFeatures& features, absl::Time now);
  // What may be said when: LineEvent. A line is over with its last event, one
  // that an agent had when that agent is no longer busy.
  absl::Status Report(LineId line, LineEvent event, absl::Time now);
  // A person who waits is connected with a ready agent, who is busy then.
  absl::Status Bridged(LineId line, int32_t agent, absl::Time now);
  // Moves the records of lines that ended to the end of `records`, in the order
  // of their ends. Lines are not started while records_max are kept or due.
  void TakeRecords(std::vector<LineRecord>* records);

  // --- Settings ---
  // Campaigns run from the start. One without leads should not.
  absl::Status SetRunning(int32_t campaign, bool running, absl::Time now);
  // Until when people will dial today; without it forecasts reach 1 hour.
  void SetPlanEnd(absl::Time end, absl::Time now);
  // Of `samples` calls judged a machine, so many were a person. Replaces
  // false_machine_permille by the upper 95 % bound of that share.
  absl::Status Sampled(int32_t campaign, int32_t persons, int32_t samples,
                       absl::Time now);
  // Civil time is `now` plus this.
  void SetWallClock(absl::Duration offset, absl::Time now);
  // The clock was moved by `delta`; nothing ages by it.
  void RebaseClock(absl::Duration delta, absl::Time now);

  // --- Plans ---
  // One order for each campaign. Changes nothing but what time changes: asked
  // again without an event it says the same.
  void Plan(absl::Time now, std::vector<PacingOrder>* orders);
  // When to plan next, or to advance for the orders of single lines, if nothing
  // happens before.
  absl::Time next_deadline() const;
  // Ages what is known; Plan does so too. What is due for single lines is added
  // to `orders`, each once, in the order of their deadlines; without `orders`
  // it is kept.
  void Advance(absl::Time now);
  void Advance(absl::Time now, std::vector<LineOrder>* orders);
  // The ring time that makes the most answers of the lines' time, not below
  // `floor` (the law's) and at most the campaign's timeout. `overhead`: time
  // of a line that is lost with each call.
  absl::StatusOr<absl::Duration> BestRingTimeout(int32_t campaign,
                                                 absl::Duration floor,
                                                 absl::Duration overhead) const;

  // --- What is so ---
  absl::StatusOr<PacerStats> Stats(int32_t campaign) const;
  // In the order of the options; campaign -1: all together.
  absl::StatusOr<std::vector<WindowCount>> Windows(int32_t campaign) const;
  int32_t ready() const;
  // In flight, also people who wait or hear the message; no conversations.
  int32_t lines() const;
  // Lines that may start now on `carrier`: what lines_max and
  // starts_per_second leave.
  absl::StatusOr<int32_t> CarrierRoom(int32_t carrier) const;

  // Everything. Save(Load(Save(x))) == Save(x).
  std::string Save() const;
  // kInvalidArgument with what is wrong.
  static absl::StatusOr<std::unique_ptr<Pacer>> Load(std::string_view bytes);

 private:
  explicit Pacer(std::unique_ptr<PacerImpl> impl);
  std::unique_ptr<PacerImpl> impl_;
};

std::string_view Name(DialAgent state);
std::string_view Name(PacingLimit limit);

}  // namespace callrouter

#endif  // CALLROUTER_PACER_H_
