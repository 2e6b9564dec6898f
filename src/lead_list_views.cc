// What a supervisor sees, and why a lead is not called.

#include <algorithm>
#include <string>

#include "lead_list_impl.h"

namespace callrouter {

std::string_view Name(LeadBlock block) {
  switch (block) {
    case LeadBlock::kNone:
      return "none";
    case LeadBlock::kTaken:
      return "taken";
    case LeadBlock::kPaused:
      return "paused";
    case LeadBlock::kListPaused:
      return "list paused";
    case LeadBlock::kCampaignPaused:
      return "campaign paused";
    case LeadBlock::kDone:
      return "done";
    case LeadBlock::kExhausted:
      return "exhausted";
    case LeadBlock::kExpired:
      return "expired";
    case LeadBlock::kNoConsent:
      return "no consent";
    case LeadBlock::kNotDue:
      return "not due";
    case LeadBlock::kClosed:
      return "outside calling hours";
    case LeadBlock::kCap:
      return "cap";
    case LeadBlock::kNeedsAgent:
      return "needs a reserved agent";
    case LeadBlock::kPersonal:
      return "waits for its agent";
    case LeadBlock::kBusyNumber:
      return "number in a call";
    case LeadBlock::kDoNotCall:
      return "do not call";
    case LeadBlock::kReassigned:
      return "number reassigned";
    case LeadBlock::kUnchecked:
      return "number not checked";
    case LeadBlock::kGuard:
      return "guard";
    case LeadBlock::kNumberOver:
      return "number over";
    case LeadBlock::kQuota:
      return "quota";
    case LeadBlock::kNoLaw:
      return "no law";
    case LeadBlock::kBehind:
      return "others first";
  }
  return "?";
}

std::string_view Name(LeadState state) {
  switch (state) {
    case LeadState::kWaiting:
      return "waiting";
    case LeadState::kTaken:
      return "taken";
    case LeadState::kPaused:
      return "paused";
    case LeadState::kDone:
      return "done";
    case LeadState::kExhausted:
      return "exhausted";
    case LeadState::kExpired:
      return "expired";
  }
  return "?";
}

absl::StatusOr<LeadView> LeadListImpl::View(uint64_t ref) const {
  const uint32_t i = FindLead(ref);
  if (i == kNone) return absl::NotFoundError("no such lead");
  const Lead& lead = leads_[i];
  const DialRules& rules = compiled_->rules();
  LeadView view;
  view.state = lead.state;
  view.list = rules.lists[lead.list].name;
  if (lead.disposition != kNoDisposition) {
    view.disposition = rules.dispositions[lead.disposition].name;
  }
  view.attempts = lead.attempts;
  view.failures = lead.failures;
  view.priority = lead.priority;
  view.due = (lead.flags & kCivil) != 0
                 ? absl::FromUnixSeconds(lead.due)
                 : absl::FromUnixSeconds(lead.due) + absl::Seconds(wall_);
  if (lead.due == kNever) view.due = absl::InfiniteFuture();
  view.callback = (lead.flags & kCallback) != 0;
  return view;
}

// Each law that forbids calls now, once whatever its zones.
void LeadListImpl::WhyClosed(const DialClass& where, PhoneNumber number,
                             std::vector<LeadReason>* reasons) const {
  const absl::Time now = absl::FromUnixSeconds(CivilSecond());
  uint32_t last = kNone;
  for (const auto& [law, hours] : where.hours) {
    if (hours.IsOpen(now) || law == last) continue;
    last = law;
    const absl::Time opens = hours.NextChange(now);
    reasons->push_back(
        {LeadBlock::kClosed, number, compiled_->rules().laws[law].name,
         opens == absl::InfiniteFuture()
             ? opens
             : clock_.Host(absl::ToUnixMicros(opens) - wall_us_)});
  }
}

absl::Status LeadListImpl::WhyNot(uint64_t ref, const LeadRequest& request,
                                  std::vector<LeadReason>* reasons) {
  reasons->clear();
  const uint32_t campaign =
      DialCompiled::Find(compiled_->campaigns, request.campaign);
  if (campaign == kNone) return absl::NotFoundError("no such campaign");
  const uint32_t i = FindLead(ref);
  if (i == kNone) return absl::NotFoundError("no such lead");
  const Lead& lead = leads_[i];
  if (compiled_->campaign_of(lead.list) != campaign) {
    return absl::NotFoundError("the lead is in another campaign");
  }
  const auto add =
      [&](LeadBlock block, absl::Time until = absl::InfiniteFuture(),
          const std::string& rule = "", PhoneNumber number = PhoneNumber()) {
        reasons->push_back({block, number, rule, until});
      };
  constexpr LeadBlock kOfState[] = {LeadBlock::kNone,      LeadBlock::kTaken,
                                    LeadBlock::kPaused,    LeadBlock::kDone,
                                    LeadBlock::kExhausted, LeadBlock::kExpired};
  if (lead.state != LeadState::kWaiting) {
    add(kOfState[static_cast<std::size_t>(lead.state)]);
  }
  const DialRules& rules = compiled_->rules();
  const DialList& list = rules.lists[lead.list];
  if (campaigns_[campaign].paused) add(LeadBlock::kCampaignPaused);
  if (lists_[lead.list].paused) {
    add(LeadBlock::kListPaused, absl::InfiniteFuture(), list.name);
  }
  if (lists_[lead.list].done >= list.quota) {
    add(LeadBlock::kQuota, absl::InfiniteFuture(), list.name);
  }
  if (CampaignOf(lead).consent_required && lead.consent <= civil()) {
    add(LeadBlock::kNoConsent);
  }
  if (DueOf(lead) > clock_.seconds()) {
    add(LeadBlock::kNotDue, HostTime(DueOf(lead)));
  }
  const Standing standing = StandingOf(i, reasons);
  if (standing.line == kNone) return absl::OkStatus();
  const PhoneNumber number = lines_[standing.line].phone();
  if (standing.place_class != kNone) {
    WhyClosed(compiled_->at(standing.place_class), number, reasons);
  }
  if (standing.guaranteed && !request.agent_reserved) {
    add(LeadBlock::kNeedsAgent, absl::InfiniteFuture(), "", number);
  }
  if (standing.personal && request.agent != lead.owner) {
    add(LeadBlock::kPersonal, HostTime(standing.wake));
  }
  // Another number may be free although this list of reasons is not empty.
  const bool free = lead.cell != kNone && !campaigns_[campaign].paused &&
                    CellOpen(cells_[lead.cell], request.agent_reserved) &&
                    (!standing.personal || request.agent == lead.owner);
  if (!free) return absl::OkStatus();
  reasons->clear();
  if (ChooseCell(campaign, request, kNone) != i) add(LeadBlock::kBehind);
  return absl::OkStatus();
}

LeadListStats LeadListImpl::Stats() const {
  LeadListStats stats = counts_;
  stats.clock_regressions = clock_.regressions();
  stats.leads = leads_.size();
  stats.numbers = lines_.size();
  for (const Cell& cell : cells_) {
    stats.ready += cell.leads.size();
    stats.order_bytes += cell.leads.bytes() + sizeof(Cell);
  }
  stats.attempts = attempts_.size() - over_.size();
  stats.events = history_.size();
  stats.do_not_call = do_not_call_.size();
  stats.lead_bytes = leads_.bytes() + persons_.bytes();
  stats.number_bytes = lines_.bytes();
  stats.order_bytes += timers_.bytes();
  stats.event_bytes = history_.bytes();
  stats.attempt_bytes = attempts_.bytes() + over_.bytes();
  stats.do_not_call_bytes = do_not_call_.bytes();
  return stats;
}

absl::Status LeadListImpl::CheckInvariants() const {
  const auto wrong = [](const std::string& text) {
    return absl::InternalError(text);
  };
  std::size_t lines = 0, ready = 0, timed = 0, taken = 0, people = 0;
  for (uint32_t i = 0; i < leads_.span(); ++i) {
    const Lead& lead = leads_[i];
    if (lead.ref == 0) continue;
    const std::string name = "lead " + std::to_string(lead.ref);
    int in_call = 0, count = 0;
    for (uint32_t k = lead.first; k != kNone; k = lines_[k].sibling) {
      ++count;
      if (lines_[k].lead != i) return wrong(name + ": another's number");
      if ((lines_[k].flags & kInCall) != 0) ++in_call;
    }
    lines += static_cast<std::size_t>(count);
    people += lead.person != kNone ? 1 : 0;
    if (count == 0 || lead.cursor >= count) return wrong(name + ": cursor");
    if (in_call != (lead.state == LeadState::kTaken ? 1 : 0)) {
      return wrong(name + ": numbers in calls");
    }
    taken += lead.state == LeadState::kTaken ? 1 : 0;
    ready += lead.cell != kNone ? 1 : 0;
    timed += (lead.flags & kTimed) != 0 ? 1 : 0;
    if (lead.state != LeadState::kWaiting && lead.version != 0) {
      return wrong(name + ": placed without waiting");
    }
    if (lead.expires != kNever && lead.expires <= civil() &&
        lead.state == LeadState::kWaiting) {
      return wrong(name + ": expired");
    }
  }
  std::size_t cells = 0;
  for (const Cell& cell : cells_) cells += cell.leads.size();
  if (cells != ready) return wrong("cells");
  if (timers_.size() != timed) return wrong("timers");
  if (lines_.size() != lines) return wrong("numbers");
  if (persons_.size() != people) return wrong("persons");
  if (attempts_.size() - over_.size() != taken ||
      attempt_timers_.size() != taken) {
    return wrong("attempts");
  }
  return absl::OkStatus();
}

}  // namespace callrouter
