// callrouter/lead_list.h
//
// Whom to dial next, on which of their numbers, and when again: leads, redial
// rules, calling hours, caps, do-not-call and callbacks. Dials nobody.
//
//   auto leads = LeadList::Create(LeadListOptions(), rules, now);
//   if (!leads.ok()) ...                             // every fault, in words
//   LeadConfig lead;
//   lead.lead = 4711;
//   lead.list = "march";
//   lead.numbers = {{*PhoneNumber::Parse("+74951234567")}};
//   status = (*leads)->Put(lead, now);
//
//   LeadRequest request;
//   request.attempt = 71;
//   request.campaign = "renewals";
//   LeadChoice choice;
//   status = (*leads)->Next(request, now, &choice);
//   if (choice.lead == 0) ...                        // choice.retry_at
//   ... dial choice.number ...
//   status = (*leads)->Dialled(71, now);
//   status = (*leads)->Report(71, "no answer", now);  // over; what next is
//                                                     // the rules' business
//
// What is dialled
//  1. The guard of the campaign and the do-not-call list say which numbers may
//     be dialled at all; consent, expiry and reassignment are asked next.
//  2. The laws that hold at the number, and the campaign, have caps; the lead
//     is due when its redial rule says so, and no cap says otherwise.
//  3. Of a lead's numbers: the one the redial rule wants, unless another one
//     is free earlier.
//  4. Among leads that may be called now and are at home in calling hours, the
//     campaign's order decides.
//
// Guarantees
//  - No lead is handed out outside the calling hours of every law and zone
//    that may be its own, nor over a cap, nor while its number is in another
//    call: of any campaign. An attempt counts from its reservation on.
//  - If none is handed out, none might be; WhyNot says why of each.
//  - Same options, rules, calls and times: the same choices on every machine.
//  - Cost of Next: O(log leads) and one step for each list and place that the
//    campaign has leads in. Of an event: O(log leads) for the lead and for
//    each other one with the same number or person. Nothing is allocated once
//    everything has been as full as it gets.
//
// Time. `now` never goes back: an earlier one is taken as the latest, and
// counted. RebaseClock skips time, SetWallClock says what civil time it is:
// `now` plus an offset, none at first. Due times, caps and the ends of windows
// are kept in whole seconds, rounded so that a call is rather later; a lead may
// expire up to a second late. Times before February 1970 are taken as then.
// History outlives leads: who is removed and loaded again keeps what counts
// for caps of numbers, leads and persons, except for DialWindow::kLife.
//
// Errors, in order of precedence; the state is then unchanged:
//    kInvalidArgument     a field is out of range or missing
//    kNotFound            no such campaign, list, lead, attempt, disposition
//    kAlreadyExists       the attempt has other content, or the lead is there
//    kFailedPrecondition  the lead is in a call; the attempt is over
//    kResourceExhausted   a limit in the options is reached
//
// Thread safety: compatible. One list, one thread at a time; const methods may
// run together.
// Not here: how many lines to dial, and which number to show.

#ifndef CALLROUTER_LEAD_LIST_H_
#define CALLROUTER_LEAD_LIST_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "callrouter/dial_rules.h"
#include "callrouter/lead_choice.h"
#include "callrouter/phone_number.h"

namespace callrouter {

struct LeadListOptions {
  // A reservation of which neither Dialled nor Cancel is said lapses after
  // this, a call of which no Report comes after that; the attempt stays
  // counted and the lead waits for `lapse_delay`. Each [1 s, 7 days]
  absl::Duration reservation_timeout = absl::Seconds(60);
  absl::Duration call_max = absl::Hours(4);
  absl::Duration lapse_delay = absl::Minutes(30);
  // An attempt that is over is remembered so long, to know repeats.
  // [0, 1 day]
  absl::Duration attempt_keep = absl::Minutes(5);

  // --- What is kept ---
  int32_t leads_max = 1'000'000;    // [1, 50,000,000]
  int32_t numbers_max = 2'000'000;  // Of all leads. [1, 100,000,000]
  // Leads one number or person may be in: what happens to it concerns all.
  // [1, 1000]
  int32_t leads_per_number_max = 64;
  // What caps count, as long as it counts. Full, Next refuses to hand out
  // more. [1, 500,000,000]
  int32_t events_max = 4'000'000;
  // Reserved, in calls, and over but remembered; of the last kind the oldest
  // are forgotten for new ones. [1, 10,000,000]
  int32_t attempts_max = 100'000;
  int32_t do_not_call_max = 1'000'000;  // Numbers. [1, 500,000,000]
  // Reserve memory for all of these at Create, but for persons and the orders
  // of leads, which grow with them. Otherwise all grows on demand.
  bool reserve_memory = false;
};

std::vector<Fault> FindFaults(const LeadListOptions& options);

// Bytes that a list needs at the most, if memory is reserved and but for rules.
// Each list keeps room, for each place and personal agent, for as many leads as
// ever waited there at once: 34 bytes more for each such place that a lead
// moves to. What grows on demand takes up to twice as much.
std::size_t MemoryBound(const LeadListOptions& options);

struct LeadListStats {
  uint64_t chosen = 0;    // Leads handed out.
  uint64_t none = 0;      // Answers without one.
  uint64_t reported = 0;  // Attempts that ended with a disposition.
  uint64_t cancelled = 0;
  uint64_t lapsed = 0;  // Reservations and calls nobody ended.
  uint64_t missed = 0;  // Callbacks not made in their window.
  uint64_t clock_regressions = 0;
  std::size_t leads = 0;
  std::size_t numbers = 0;   // Of leads.
  std::size_t ready = 0;     // Leads that may be called as far as caps go.
  std::size_t attempts = 0;  // Reserved and in calls.
  std::size_t events = 0;
  std::size_t do_not_call = 0;
  // Memory held, by what for.
  std::size_t lead_bytes = 0;
  std::size_t number_bytes = 0;
  std::size_t order_bytes = 0;
  std::size_t event_bytes = 0;
  std::size_t attempt_bytes = 0;
  std::size_t do_not_call_bytes = 0;
};

class LeadListImpl;

class LeadList {
 public:
  // kInvalidArgument with every fault of `options` and `rules`.
  static absl::StatusOr<std::unique_ptr<LeadList>> Create(
      const LeadListOptions& options, const DialRules& rules, absl::Time now);
  // One equal to the one that was saved: the same calls from here on get the
  // same answers. Rules are in the bytes; `options` may differ in limits, if
  // what is there fits them. kInvalidArgument if the bytes are damaged.
  static absl::StatusOr<std::unique_ptr<LeadList>> Load(
      const LeadListOptions& options, std::string_view saved);
  // Equal lists give equal bytes. Cost: O(everything kept).
  void Save(std::string* out) const;
  ~LeadList();
  LeadList(const LeadList&) = delete;
  LeadList& operator=(const LeadList&) = delete;

  // --- Rules and leads ---
  // New rules for the same leads, or every fault. Places, lists, segments,
  // number types and dispositions must stay, in their order, for leads and
  // journals refer to them; new ones come after. What is no longer used may
  // stay at no cost. A cap of a new kind counts from now on. Cost: O(leads log
  // leads).
  absl::Status SetRules(const DialRules& rules, absl::Time now);
  // A new lead, or another content for one that is there: what happened to it
  // stays, and its due time too. kFailedPrecondition: in a call.
  absl::Status Put(const LeadConfig& lead, absl::Time now);
  // Forgets it, but not what caps count.
  absl::Status Remove(uint64_t lead, absl::Time now);
  absl::Status Pause(uint64_t lead, bool paused, absl::Time now);
  absl::Status PauseList(std::string_view list, bool paused, absl::Time now);
  absl::Status PauseCampaign(std::string_view campaign, bool paused,
                             absl::Time now);
  // As if newly loaded: waiting, due now, without attempts.
  absl::Status Reset(uint64_t lead, absl::Time now);
  // Resets the leads of `list` that are in `state` and ended last with
  // `disposition` (empty: any). `*count`: how many. kTaken: kInvalidArgument.
  // Cost: O(leads).
  absl::Status Recycle(std::string_view list, LeadState state,
                       std::string_view disposition, absl::Time now,
                       int32_t* count);

  // --- Suppression ---
  absl::Status DoNotCall(PhoneNumber number, absl::Time now);
  // Digits, at least one. Cost: O(leads).
  absl::Status DoNotCallPrefix(std::string_view prefix, absl::Time now);
  absl::Status AllowCall(PhoneNumber number, absl::Time now);
  absl::Status AllowCallPrefix(std::string_view prefix, absl::Time now);
  // A person's right: removes every lead with this number, name or person, and
  // all other leads of their persons, and forgets what was counted for them and
  // for their numbers, but for numbers that others have too. Caps begin anew if
  // they are loaded again. The do-not-call list stays, for it protects the
  // person: AllowCall if that too must go. OK if there was nothing.
  // kFailedPrecondition: one is in a call. Cost: O(log leads) for each lead,
  // their events, and O(attempts).
  absl::Status Forget(const LeadSubject& subject, absl::Time now);
  // What a registry of reassigned numbers said. For all leads with `number`;
  // kNotFound if there is none.
  absl::Status Checked(PhoneNumber number, NumberCheck check, absl::Time now);

  // --- Calls ---
  // Reserves the next lead for the attempt. OK with or without one. The same
  // request again, while the attempt lives: OK with the same choice.
  absl::Status Next(const LeadRequest& request, absl::Time now,
                    LeadChoice* choice);
  absl::Status Dialled(uint64_t attempt, absl::Time now);
  // It was not dialled: as if it had not been handed out. Only before Dialled.
  absl::Status Cancel(uint64_t attempt, absl::Time now);
  // The attempt is over and ended so; says Dialled if that was not said.
  // `callback` with a disposition of DialResult::kCallback, and only then. The
  // same again: OK.
  absl::Status Report(uint64_t attempt, std::string_view disposition,
                      absl::Time now, const LeadCallback* callback = nullptr);
  // A callback agreed upon elsewhere, for a lead that waits or is over.
  absl::Status Callback(uint64_t lead, const LeadCallback& callback,
                        absl::Time now);

  // --- Time ---
  // Does what is due. Early or twice is harmless.
  void Advance(absl::Time now);
  // When Advance is next needed, or a lead may become free to call.
  absl::Time next_deadline() const;
  // Host time has jumped by `delta` at `now` (already jumped): nothing ages.
  // Civil time, being host time and an offset, has jumped too; a host whose
  // wall clock did not says SetWallClock next. Cost: O(leads log leads).
  void RebaseClock(absl::Duration delta, absl::Time now);
  // Civil time is `now` + `offset`. Cost: O(leads log leads) if it differs.
  void SetWallClock(absl::Duration offset, absl::Time now);

  // --- Looking ---
  absl::StatusOr<LeadView> View(uint64_t lead) const;
  // Every reason why `lead` is not handed out to `request` (whose attempt may
  // be any) at `now`; empty if it may be and is next. `now` counts as in every
  // call, nothing else changes.
  absl::Status WhyNot(uint64_t lead, const LeadRequest& request, absl::Time now,
                      std::vector<LeadReason>* reasons);
  LeadListStats stats() const;
  // kInternal with what does not fit together. Cost: O(n log n). For tests.
  absl::Status CheckInvariants() const;

 private:
  explicit LeadList(std::unique_ptr<LeadListImpl> impl);
  std::unique_ptr<LeadListImpl> impl_;
};

}  // namespace callrouter

#endif  // CALLROUTER_LEAD_LIST_H_
