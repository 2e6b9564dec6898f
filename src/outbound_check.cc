// The invariants between attempts, calls and the parts.

#include <vector>

#include "absl/strings/str_cat.h"
#include "engine_impl.h"
#include "outbound_impl.h"

namespace callrouter {

namespace {

absl::Status Broken(const char* what, uint64_t subject) {
  return absl::InternalError(absl::StrCat(what, " (", subject, ")"));
}

}  // namespace

// Each attempt is in the lead list, and in the pacer, the pool and the calls
// just as long as its stage says; and these have nothing else.
absl::Status OutboundImpl::CheckInvariants() const {
  absl::Status status = leads_->CheckInvariants();
  if (status.ok() && numbers_ != nullptr) status = numbers_->CheckInvariants();
  if (status.ok() && returns_ != nullptr) status = returns_->CheckInvariants();
  if (!status.ok()) return status;
  if (!overdue_.empty() || !changed_agents_.empty() || leads_changed_) {
    return Broken("outbound has not settled", overdue_.size());
  }
  std::size_t pooled = 0, live = 0, calls = 0;
  std::vector<int32_t> lines(groups_.size(), 0);
  for (uint32_t s = 0; s < attempts_.slots(); ++s) {
    if (!attempts_[s].live) continue;
    ++live;
    const OutAttempt& a = attempts_[s];
    const auto known = by_name_.find(a.name);
    if (known == by_name_.end() || known->second != s) {
      return Broken("attempt is not found by its name", a.name);
    }
    pooled += a.pooled ? 1 : 0;
    calls += a.call != kNone ? 1 : 0;
    lines[campaigns_[a.campaign].group] += a.line.none() ? 0 : 1;
    status = CheckAttempt(s);
    if (!status.ok()) return status;
  }
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (groups_[g].pacer->lines() != lines[g]) {
      return Broken("a line without an attempt, or the reverse, in group", g);
    }
  }
  const LeadListStats leads = leads_->stats();
  if (leads.lapsed == 0 && leads.attempts != live) {
    return Broken("leads in calls of no attempt", leads.attempts);
  }
  if (numbers_ != nullptr && numbers_->stats().lapsed == 0 &&
      numbers_->stats().attempts != pooled) {
    return Broken("numbers in calls of no attempt", pooled);
  }
  for (const uint32_t slot : attempt_of_call_) calls -= slot != kNone ? 1 : 0;
  return calls == 0 ? absl::OkStatus()
                    : Broken("calls of no attempt, or the reverse", calls);
}

absl::Status OutboundImpl::CheckAttempt(uint32_t slot) const {
  const OutAttempt& a = attempts_[slot];
  const absl::StatusOr<LeadView> lead = leads_->View(a.lead);
  if (leads_->stats().lapsed == 0 &&
      (!lead.ok() || lead->state != LeadState::kTaken)) {
    return Broken("attempt for a lead that is not taken", a.name);
  }
  const bool timer = e_.timers_.IsArmed(a.timer);
  if (a.stage != OutStage::kAnswered) {
    if (!timer) return Broken("attempt waits for ever", a.name);
    if (a.line.none() != (a.stage == OutStage::kOver)) {
      return Broken("attempt's line is not as its stage", a.name);
    }
    return absl::OkStatus();
  }
  if (!e_.calls_.IsLive(a.call) || AttemptOf(a.call) != slot) {
    return Broken("answered attempt without its call", a.name);
  }
  // Bridged, held by rule after it was counted, or its time runs.
  if (a.line.none() != (a.bridged || a.dropped)) {
    return Broken("person neither counted nor waiting", a.name);
  }
  const bool joining = e_.calls_[a.call].place == CallPlace::kConnecting;
  if (!a.bridged && !timer && !(a.overdue && joining)) {
    return Broken("person waits for ever", a.name);
  }
  if (e_.calls_[a.call].place == CallPlace::kOffered) {
    return Broken("an agent is rung with a person on the line", a.name);
  }
  return absl::OkStatus();
}

}  // namespace callrouter
