// What may be done with a lead now, and if nothing, why and until when.

#include <algorithm>
#include <string>

#include "lead_list_impl.h"

namespace callrouter {

namespace {

// The week or month of a civil day (days since 1970-01-01); the day itself.
int64_t Period(DialWindow window, int64_t day) {
  if (window == DialWindow::kWeek) {
    const int64_t monday = day + 3;  // 1970-01-01 was a Thursday.
    return monday / 7 - (monday % 7 < 0 ? 1 : 0);
  }
  if (window != DialWindow::kMonth) return day;
  // Howard Hinnant, "chrono-compatible low-level date algorithms".
  const int64_t z = day + 719'468;
  const int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const int64_t doe = z - era * 146'097;
  const int64_t yoe = (doe - doe / 1'460 + doe / 36'524 - doe / 146'096) / 365;
  const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const int64_t month = (5 * doy + 2) / 153;  // From March.
  return (yoe + era * 400) * 12 + month;
}

constexpr int64_t kSecond = NumberClock::kSecond;

}  // namespace

uint32_t LeadListImpl::CapUntil(const CompiledCap& compiled, const Lead& lead,
                                const Line& line,
                                const DialClass& where) const {
  const DialCap& cap = *compiled.cap;
  if (cap.window == DialWindow::kLife) {
    const int32_t count =
        cap.scope == DialScope::kNumber ? line.attempts : lead.attempts;
    return count >= cap.limit ? kNever : 0;
  }
  DialSubject subject{cap.scope, line.phone().value()};
  if (cap.scope == DialScope::kLead) subject.key = lead.ref;
  if (cap.scope == DialScope::kPerson) subject.key = PersonOf(lead);
  if (subject.key == 0) return 0;
  int32_t count = 0;
  const uint32_t now = clock_.seconds();
  if (cap.window == DialWindow::kRolling) {
    uint32_t since = 0;
    history_.ForEach(subject, cap.event, [&](uint32_t at) {
      since = at;
      return ++count < cap.limit;
    });
    // It was in the second that began at `since`.
    const uint32_t until = since + 1 + compiled.rolling;
    return count < cap.limit || until <= now ? 0 : until;
  }
  uint32_t until = 0;
  const bool parts = wall_us_ % kSecond != 0;
  for (const TimeZone* zone : where.zones) {
    const int64_t now_us = civil() * kSecond;
    const int64_t period = Period(cap.window, zone->Day(now_us));
    const auto within = [&](int64_t civil_s) {
      return Period(cap.window, zone->Day(civil_s * kSecond)) == period;
    };
    count = 0;
    history_.ForEach(subject, cap.event, [&](uint32_t at) {
      // It was in this civil second or, off by a part of one, in the next.
      const int64_t civil_s = int64_t{at} + wall_;
      if (within(civil_s) || (parts && within(civil_s + 1))) ++count;
      return count < cap.limit;
    });
    if (count < cap.limit) continue;
    int64_t next = now_us;
    do {
      next = zone->NextDay(next);
    } while (Period(cap.window, zone->Day(next)) == period);
    until = std::max(
        until, static_cast<uint32_t>((next + kSecond - 1) / kSecond - wall_));
  }
  return until;
}

bool LeadListImpl::OnDoNotCall(PhoneNumber number) const {
  Phone phone;
  phone.high = static_cast<uint32_t>(number.value() >> 32);
  phone.low = static_cast<uint32_t>(number.value());
  for (uint32_t i = do_not_call_.First(phone.Hash()); i != kNone;
       i = do_not_call_[i].next) {
    if (do_not_call_[i].value() == number.value()) return true;
  }
  return do_not_call_prefixes_.Longest(number) != PrefixSet::kNone;
}

bool LeadListImpl::InCall(PhoneNumber number) const {
  for (uint32_t i = lines_.First(MixBits(number.value())); i != kNone;
       i = lines_[i].next) {
    if ((lines_[i].flags & kInCall) != 0 && lines_[i].phone() == number) {
      return true;
    }
  }
  return false;
}

LeadListImpl::LineStanding LeadListImpl::StandingOf(
    const Lead& lead, uint32_t index, std::vector<LeadReason>* reasons) {
  const Line& line = lines_[index];
  const DialCampaign& campaign = CampaignOf(lead);
  LineStanding out;
  const auto block = [&](LeadBlock why, uint32_t until,
                         const std::string& rule = "") {
    out.at = std::max(out.at, until);
    if (reasons == nullptr) return;
    reasons->push_back({why, line.phone(), rule, HostTime(until)});
  };
  if ((line.flags & kOver) != 0) {
    out.over = true;
    block(LeadBlock::kNumberOver, kNever);
    return out;
  }
  if ((line.flags & kRefused) != 0) block(LeadBlock::kGuard, kNever);
  if (OnDoNotCall(line.phone())) block(LeadBlock::kDoNotCall, kNever);
  if ((line.flags & kReassigned) != 0) {
    block(LeadBlock::kReassigned, kNever);
  } else if (campaign.check_required && (line.flags & kChecked) == 0) {
    block(LeadBlock::kUnchecked, kNever);
  }
  if (InCall(line.phone())) block(LeadBlock::kBusyNumber, kNever);
  if (line.place() != kNoPlace) {
    out.of_class =
        compiled_->ClassOf(compiled_->campaign_of(lead.list), line.place());
  }
  if (out.of_class == kNone) {
    block(LeadBlock::kNoLaw, kNever);
    return out;
  }
  const DialClass& where = compiled_->at(out.of_class);
  const bool beats =
      (lead.flags & kCallback) != 0 && campaign.callbacks_beat_caps;
  for (const CompiledCap& cap : where.caps) {
    const uint32_t until = CapUntil(cap, lead, line, where);
    if (until == 0) continue;
    switch (cap.cap->action) {
      case CapAction::kGuarantee:
        out.guaranteed_until = std::max(out.guaranteed_until, until);
        break;
      case CapAction::kStop:
        out.over = out.over || cap.cap->scope == DialScope::kNumber;
        out.lead_over = out.lead_over || cap.cap->scope != DialScope::kNumber;
        block(LeadBlock::kCap, kNever, cap.cap->name);
        break;
      case CapAction::kWait:
        if (beats && !cap.law) break;
        block(LeadBlock::kCap, until, cap.cap->name);
    }
  }
  return out;
}

LeadListImpl::Standing LeadListImpl::StandingOf(
    uint32_t index, std::vector<LeadReason>* reasons) {
  const Lead& lead = leads_[index];
  const DialCampaign& campaign = CampaignOf(lead);
  const uint32_t now = clock_.seconds();
  Standing out;
  LineStanding lines[16];
  uint32_t at[16];
  int count = 0, over = 0;
  for (uint32_t i = lead.first; i != kNone; i = lines_[i].sibling) {
    lines[count] = StandingOf(lead, i, reasons);
    if (lines[count].lead_over) out.state = LeadState::kExhausted;
    if (lines[count].over) {
      ++over;
      out.over = static_cast<uint16_t>(out.over | 1u << count);
    }
    at[count++] = i;
  }
  if (over == count) out.state = LeadState::kExhausted;
  if (out.state != LeadState::kWaiting) return out;
  // The first number from the cursor on that is free, else the one that is
  // free first.
  int best = lead.cursor;
  uint32_t sooner = kNever;  // When one before it becomes free.
  for (int k = 0; k < count; ++k) {
    const int i = (lead.cursor + k) % count;
    if (lines[i].over) continue;
    if (lines[best].over || lines[i].at < lines[best].at) {
      if (!lines[best].over) sooner = std::min(sooner, lines[best].at);
      best = i;
    }
    if (lines[best].at == 0) break;
    sooner = std::min(sooner, lines[i].at);
  }
  const LineStanding& chosen = lines[best];
  out.line = at[best];
  out.position = static_cast<uint32_t>(best);
  out.place_class = chosen.of_class;
  out.wake = std::min(FromCivil(lead.expires), FromCivil(lead.until));
  const uint32_t due = DueOf(lead);
  const bool consent = !campaign.consent_required || lead.consent > civil();
  out.at = consent ? std::max(due, chosen.at) : kNever;
  if (out.at > now) {
    out.wake = std::min(out.wake, out.at);
    return out;
  }
  if (chosen.at == 0) out.wake = std::min(out.wake, sooner);
  if (campaign.consent_required) {
    out.wake = std::min(out.wake, FromCivil(lead.consent));
  }
  out.guaranteed =
      (lead.flags & kGuaranteed) != 0 || chosen.guaranteed_until > now;
  if (chosen.guaranteed_until > now) {
    out.wake = std::min(out.wake, chosen.guaranteed_until);
  }
  if ((lead.flags & kPersonal) != 0 && lead.owner != 0) {
    const int64_t wait = campaign.callback_fallback == absl::InfiniteDuration()
                             ? int64_t{kNever}
                             : absl::ToInt64Seconds(campaign.callback_fallback);
    const uint32_t anyone =
        static_cast<uint32_t>(std::min(int64_t{due} + wait, int64_t{kNever}));
    out.personal = anyone > now;
    if (out.personal) out.wake = std::min(out.wake, anyone);
  }
  return out;
}

}  // namespace callrouter
