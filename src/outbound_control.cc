// The public face of the outbound side: callrouter::Outbound over its parts.

#include "callrouter/outbound.h"
#include "engine_impl.h"
#include "outbound_impl.h"

namespace callrouter {

// What is due by `now`, then the change, then what follows from it.
template <class F>
absl::Status Outbound::Change(absl::Time now, Decisions* out, F change) {
  return engine_->Change(now, out, [&] {
    return change(*engine_->outbound(), engine_->outbound()->Now());
  });
}

// There may be leads now for campaigns that had none.
template <class F>
absl::Status Outbound::ChangeLeads(absl::Time now, Decisions* out, F change) {
  return Change(now, out, [&](OutboundImpl& o, absl::Time t) {
    absl::Status status = change(*o.leads_, t);
    if (status.ok()) o.LeadsChanged();
    return status;
  });
}

// --- Leads ------------------------------------------------------------------

absl::Status Outbound::PutLead(const LeadConfig& lead, absl::Time now,
                               Decisions* out) {
  return ChangeLeads(now, out, [&](LeadList& leads, absl::Time t) {
    return leads.Put(lead, t);
  });
}

absl::Status Outbound::RemoveLead(uint64_t lead, absl::Time now,
                                  Decisions* out) {
  return ChangeLeads(now, out, [&](LeadList& leads, absl::Time t) {
    return leads.Remove(lead, t);
  });
}

absl::Status Outbound::PauseLead(uint64_t lead, bool paused, absl::Time now,
                                 Decisions* out) {
  return ChangeLeads(now, out, [&](LeadList& leads, absl::Time t) {
    return leads.Pause(lead, paused, t);
  });
}

absl::Status Outbound::PauseList(std::string_view list, bool paused,
                                 absl::Time now, Decisions* out) {
  return ChangeLeads(now, out, [&](LeadList& leads, absl::Time t) {
    return leads.PauseList(list, paused, t);
  });
}

absl::Status Outbound::PauseCampaign(std::string_view campaign, bool paused,
                                     absl::Time now, Decisions* out) {
  return ChangeLeads(now, out, [&](LeadList& leads, absl::Time t) {
    return leads.PauseCampaign(campaign, paused, t);
  });
}

absl::Status Outbound::ResetLead(uint64_t lead, absl::Time now,
                                 Decisions* out) {
  return ChangeLeads(now, out, [&](LeadList& leads, absl::Time t) {
    return leads.Reset(lead, t);
  });
}

absl::Status Outbound::Recycle(std::string_view list, LeadState state,
                               std::string_view disposition, absl::Time now,
                               int32_t* count, Decisions* out) {
  return ChangeLeads(now, out, [&](LeadList& leads, absl::Time t) {
    return leads.Recycle(list, state, disposition, t, count);
  });
}

absl::Status Outbound::Callback(uint64_t lead, const LeadCallback& callback,
                                absl::Time now, Decisions* out) {
  return ChangeLeads(now, out, [&](LeadList& leads, absl::Time t) {
    return leads.Callback(lead, callback, t);
  });
}

absl::Status Outbound::DoNotCall(PhoneNumber number, absl::Time now,
                                 Decisions* out) {
  return ChangeLeads(now, out, [&](LeadList& leads, absl::Time t) {
    return leads.DoNotCall(number, t);
  });
}

absl::Status Outbound::DoNotCallPrefix(std::string_view prefix, absl::Time now,
                                       Decisions* out) {
  return ChangeLeads(now, out, [&](LeadList& leads, absl::Time t) {
    return leads.DoNotCallPrefix(prefix, t);
  });
}

absl::Status Outbound::AllowCall(PhoneNumber number, absl::Time now,
                                 Decisions* out) {
  return ChangeLeads(now, out, [&](LeadList& leads, absl::Time t) {
    return leads.AllowCall(number, t);
  });
}

absl::Status Outbound::AllowCallPrefix(std::string_view prefix, absl::Time now,
                                       Decisions* out) {
  return ChangeLeads(now, out, [&](LeadList& leads, absl::Time t) {
    return leads.AllowCallPrefix(prefix, t);
  });
}

absl::Status Outbound::Checked(PhoneNumber number, NumberCheck check,
                               absl::Time now, Decisions* out) {
  return ChangeLeads(now, out, [&](LeadList& leads, absl::Time t) {
    return leads.Checked(number, check, t);
  });
}

absl::Status Outbound::SetDialRules(const DialRules& rules, absl::Time now,
                                    Decisions* out) {
  return Change(now, out, [&](OutboundImpl& o, absl::Time t) {
    return o.SetRules(rules, t);
  });
}

// --- Pacing -----------------------------------------------------------------

absl::Status Outbound::Sampled(int32_t campaign, int32_t persons,
                               int32_t samples, absl::Time now,
                               Decisions* out) {
  return Change(now, out, [&](OutboundImpl& o, absl::Time t) -> absl::Status {
    const auto at = static_cast<std::size_t>(campaign);
    if (campaign < 0 || at >= o.campaigns_.size()) {
      return absl::InvalidArgumentError("no such campaign");
    }
    OutGroup& group = o.groups_[o.campaigns_[at].group];
    group.dirty = true;
    return group.pacer->Sampled(o.campaigns_[at].index, persons, samples, t);
  });
}

absl::Status Outbound::SetPlanEnd(absl::Time end, absl::Time now,
                                  Decisions* out) {
  return Change(now, out, [&](OutboundImpl& o, absl::Time t) {
    for (OutGroup& group : o.groups_) {
      group.pacer->SetPlanEnd(end, t);
      group.dirty = true;
    }
    return absl::OkStatus();
  });
}

// --- Numbers ----------------------------------------------------------------

namespace {

absl::Status WithoutPool() {
  return absl::FailedPreconditionError("this engine has no number pool");
}

absl::Status WithoutReturnCalls() {
  return absl::FailedPreconditionError("this engine keeps no return calls");
}

}  // namespace

absl::Status Outbound::ApplyNumbers(const NumberPatch& patch, absl::Time now,
                                    Decisions* out) {
  return Change(now, out, [&](OutboundImpl& o, absl::Time t) {
    if (o.numbers_ == nullptr) return WithoutPool();
    const absl::Status status = o.numbers_->Apply(patch, t);
    if (status.ok()) o.WakeAll();
    return status;
  });
}

absl::Status Outbound::SetNumberRules(const NumberRules& rules, absl::Time now,
                                      Decisions* out) {
  return Change(now, out, [&](OutboundImpl& o, absl::Time t) {
    if (o.numbers_ == nullptr) return WithoutPool();
    return o.SetNumberRules(rules, t);
  });
}

absl::Status Outbound::SetNumberState(PhoneNumber number, NumberState state,
                                      absl::Time now, Decisions* out) {
  return Change(now, out, [&](OutboundImpl& o, absl::Time t) {
    if (o.numbers_ == nullptr) return WithoutPool();
    const absl::Status status =
        o.numbers_->SetState(o.numbers_->FindNumber(number), state, t);
    if (status.ok()) o.WakeAll();
    return status;
  });
}

absl::Status Outbound::NumberVerified(PhoneNumber number, absl::Time now,
                                      Decisions* out) {
  return Change(now, out, [&](OutboundImpl& o, absl::Time t) {
    if (o.numbers_ == nullptr) return WithoutPool();
    const absl::Status status =
        o.numbers_->Verified(o.numbers_->FindNumber(number), t);
    if (status.ok()) o.WakeAll();
    return status;
  });
}

absl::Status Outbound::Verdict(PhoneNumber number, CarrierId carrier,
                               NumberVerdict verdict, absl::Time now,
                               Decisions* out) {
  return Change(now, out, [&](OutboundImpl& o, absl::Time t) {
    if (o.numbers_ == nullptr) return WithoutPool();
    return o.numbers_->Verdict(o.numbers_->FindNumber(number), carrier, verdict,
                               t);
  });
}

absl::Status Outbound::ApplyReturnNumbers(const ReturnNumbersPatch& patch,
                                          absl::Time now, Decisions* out) {
  return Change(now, out, [&](OutboundImpl& o, absl::Time t) {
    return o.returns_ == nullptr ? WithoutReturnCalls()
                                 : o.returns_->Apply(patch, t);
  });
}

absl::Status Outbound::AddAlias(PhoneNumber caller, PhoneNumber callee,
                                absl::Time now, Decisions* out) {
  return Change(now, out, [&](OutboundImpl& o, absl::Time t) {
    return o.returns_ == nullptr ? WithoutReturnCalls()
                                 : o.returns_->AddAlias(caller, callee, t);
  });
}

absl::Status Outbound::Forget(PhoneNumber subject, absl::Time now,
                              Decisions* out) {
  return Change(now, out, [&](OutboundImpl& o, absl::Time t) {
    return o.returns_ == nullptr ? WithoutReturnCalls()
                                 : o.returns_->Forget(subject, t);
  });
}

// --- Looking ----------------------------------------------------------------

absl::Status Outbound::WhyNot(uint64_t lead, std::string_view campaign,
                              std::vector<LeadReason>* reasons) const {
  OutboundImpl& o = *engine_->outbound();
  LeadRequest request;
  request.attempt = o.attempts_made_ + 1;
  request.campaign = campaign;
  return o.leads_->WhyNot(lead, request, o.Now(), reasons);
}

const LeadList& Outbound::leads() const { return *engine_->outbound()->leads_; }
const NumberPool* Outbound::numbers() const {
  return engine_->outbound()->numbers_.get();
}
const ReturnCalls* Outbound::return_calls() const {
  return engine_->outbound()->returns_.get();
}
const Pacer* Outbound::pacer(int32_t group) const {
  if (group < 0 || group >= groups()) return nullptr;
  const auto at = static_cast<std::size_t>(group);
  return engine_->outbound()->groups_[at].pacer.get();
}
int32_t Outbound::groups() const {
  return static_cast<int32_t>(engine_->outbound()->groups_.size());
}
int32_t Outbound::attempts() const {
  return static_cast<int32_t>(engine_->outbound()->attempts_.size());
}

}  // namespace callrouter
