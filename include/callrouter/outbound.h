// callrouter/outbound.h
//
// What a host tells an engine that dials, besides events: leads, numbers,
// rules; and what it may look at. Everything about calls is an event.
//
//   auto engine = Engine::Create(options, configuration, setup, now);
//   Outbound* outbound = (*engine)->outbound();   // null without a setup
//   status = outbound->PutLead(lead, now, &decisions);
//   for (const Decision& d : decisions) host.CarryOut(d);   // kDial ...
//   status = outbound->WhyNot(4711, "renewals", &reasons);
//
// How people are dialled
//  1. When an agent's state, a line or the leads have changed, and at its own
//     deadlines, the pacer of each group says how many lines to begin
//     (pacer.h). For each of them the lead list hands out a lead and a number
//     to dial (lead_list.h), and the pool a number to show (number_pool.h);
//     where one of these is in another shard, it is asked for (kNeedNumber,
//     kNeedLock). Then comes kDial. After a batch of them one kPaced says how
//     many there were and why not more.
//  2. The host dials and tells: kAttemptProgress, or kAttemptResult if nobody
//     answered. Without either by the deadline: kCancelDial, no answer.
//  3. A person who answers is a call in the group's queue, with the campaign's
//     priority and requirement, and waits there as any call does: inbound calls
//     of a queue with more weight go first. The agent is not rung: kConnect,
//     reason kDialled, at once or when one is free.
//  4. Nobody in time: the call is dropped, once. It is counted by the pacer,
//     and held (kDropped), played a message (kPlayMessage) or hung up. In time
//     is the shorter of the law's and the campaign's, from the answer.
//  5. When the call is over the agent's disposition is awaited; then the lead
//     is due again as its redial rule says (kAttemptOver).
// Who hangs up before somebody came is no drop. An agent being connected when
// the time is up is in time, unless that fails.
//
// Return calls: see kCallArrived. Dialing the same person at the same moment
// is the host's to avoid: PauseLead.
//
// Errors are those of the part (lead_list.h and so on), and kInternal as of
// the engine; the state is then unchanged. Each call but WhyNot serves what is
// due first, as Engine::Handle does, and appends decisions to `out`.
//
// Calls of Outbound are no events: a record of events (event_record.h) does not
// hold them; keep them beside it, or save the engine after loading leads.
//
// Thread safety: as the engine.
// Not here: agent first, leads that need an agent before they are dialled
// (LeadBlock::kNeedsAgent; personal callbacks come when they are anybody's).

#ifndef CALLROUTER_OUTBOUND_H_
#define CALLROUTER_OUTBOUND_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "callrouter/decision.h"
#include "callrouter/lead_list.h"
#include "callrouter/number_pool.h"
#include "callrouter/outbound_setup.h"
#include "callrouter/pacer.h"
#include "callrouter/return_calls.h"

namespace callrouter {

class EngineImpl;

class Outbound {
 public:
  Outbound(const Outbound&) = delete;
  Outbound& operator=(const Outbound&) = delete;

  // --- Leads: lead_list.h ---
  absl::Status PutLead(const LeadConfig& lead, absl::Time now, Decisions* out);
  absl::Status RemoveLead(uint64_t lead, absl::Time now, Decisions* out);
  absl::Status PauseLead(uint64_t lead, bool paused, absl::Time now,
                         Decisions* out);
  absl::Status PauseList(std::string_view list, bool paused, absl::Time now,
                         Decisions* out);
  absl::Status PauseCampaign(std::string_view campaign, bool paused,
                             absl::Time now, Decisions* out);
  absl::Status ResetLead(uint64_t lead, absl::Time now, Decisions* out);
  absl::Status Recycle(std::string_view list, LeadState state,
                       std::string_view disposition, absl::Time now,
                       int32_t* count, Decisions* out);
  absl::Status Callback(uint64_t lead, const LeadCallback& callback,
                        absl::Time now, Decisions* out);
  absl::Status DoNotCall(PhoneNumber number, absl::Time now, Decisions* out);
  absl::Status DoNotCallPrefix(std::string_view prefix, absl::Time now,
                               Decisions* out);
  absl::Status AllowCall(PhoneNumber number, absl::Time now, Decisions* out);
  absl::Status AllowCallPrefix(std::string_view prefix, absl::Time now,
                               Decisions* out);
  absl::Status Checked(PhoneNumber number, NumberCheck check, absl::Time now,
                       Decisions* out);
  // kFailedPrecondition if a campaign or disposition of the setup is gone.
  absl::Status SetDialRules(const DialRules& rules, absl::Time now,
                            Decisions* out);

  // --- Pacing: pacer.h; campaigns in the order of the setup ---
  absl::Status Sampled(int32_t campaign, int32_t persons, int32_t samples,
                       absl::Time now, Decisions* out);
  // Of all campaigns.
  absl::Status SetPlanEnd(absl::Time end, absl::Time now, Decisions* out);

  // --- Numbers: number_pool.h, return_calls.h; kFailedPrecondition without ---
  absl::Status ApplyNumbers(const NumberPatch& patch, absl::Time now,
                            Decisions* out);
  // kFailedPrecondition if a campaign or trunk of the setup is gone.
  absl::Status SetNumberRules(const NumberRules& rules, absl::Time now,
                              Decisions* out);
  absl::Status SetNumberState(PhoneNumber number, NumberState state,
                              absl::Time now, Decisions* out);
  absl::Status NumberVerified(PhoneNumber number, absl::Time now,
                              Decisions* out);
  absl::Status Verdict(PhoneNumber number, CarrierId carrier,
                       NumberVerdict verdict, absl::Time now, Decisions* out);
  absl::Status ApplyReturnNumbers(const ReturnNumbersPatch& patch,
                                  absl::Time now, Decisions* out);
  absl::Status AddAlias(PhoneNumber caller, PhoneNumber callee, absl::Time now,
                        Decisions* out);
  // Return calls are forgotten; leads are removed by RemoveLead.
  absl::Status Forget(PhoneNumber subject, absl::Time now, Decisions* out);

  // --- Looking ---
  // Why `lead` is not dialled for `campaign`, as of the last event; see
  // LeadList::WhyNot. Changes nothing.
  absl::Status WhyNot(uint64_t lead, std::string_view campaign,
                      std::vector<LeadReason>* reasons) const;
  const LeadList& leads() const;
  const NumberPool* numbers() const;        // Null without.
  const ReturnCalls* return_calls() const;  // Null without.
  const Pacer* pacer(int32_t group) const;  // Null: no such group.
  int32_t groups() const;
  int32_t attempts() const;  // Asked for, dialling, talking, awaiting a word.

 private:
  friend class Engine;
  explicit Outbound(EngineImpl* engine) : engine_(engine) {}
  template <class F>
  absl::Status Change(absl::Time now, Decisions* out, F change);
  template <class F>
  absl::Status ChangeLeads(absl::Time now, Decisions* out, F change);
  EngineImpl* engine_;
};

}  // namespace callrouter

#endif  // CALLROUTER_OUTBOUND_H_
