// What became of a call, and when the lead is called again.

#include <algorithm>

#include "lead_list_impl.h"

namespace callrouter {

namespace {

constexpr int64_t kSecond = NumberClock::kSecond;
constexpr uint32_t kLastSecond = 4'200'000'000u;

// The part of the day that an hour is in.
int PartOf(int32_t hour) { return hour < 12 ? 0 : hour < 17 ? 1 : 2; }

bool Spoke(DialResult result) {
  return result == DialResult::kConversation ||
         result == DialResult::kRefused || result == DialResult::kCallback;
}

}  // namespace

absl::Status LeadListImpl::Report(uint64_t ref, std::string_view name,
                                  const LeadCallback* callback) {
  const uint32_t disposition =
      DialCompiled::Find(compiled_->dispositions, name);
  const uint32_t i = ref == 0 ? kNone : FindAttempt(ref);
  if (disposition != kNone) {
    const bool agreed = compiled_->rules().dispositions[disposition].result ==
                        DialResult::kCallback;
    if (agreed != (callback != nullptr) ||
        (agreed && callback->until <= callback->at)) {
      return absl::InvalidArgumentError(
          "callback: expected with a disposition of that kind, and only then, "
          "and its window to end after it begins");
    }
  }
  if (i == kNone || disposition == kNone) {
    return absl::NotFoundError(i == kNone ? "no such attempt"
                                          : "no such disposition");
  }
  Attempt& attempt = attempts_[i];
  if (attempt.state == AttemptState::kOver) {
    if (attempt.disposition == disposition) return absl::OkStatus();
    return absl::AlreadyExistsError("the attempt ended otherwise");
  }
  if (!attempt.alive()) {
    return absl::FailedPreconditionError("the attempt was given back");
  }
  const DialResult result = compiled_->rules().dispositions[disposition].result;
  const Lead& lead = leads_[attempt.lead];
  if (result == DialResult::kRefused &&
      do_not_call_.size() + 16 >
          static_cast<std::size_t>(options_.do_not_call_max)) {
    return absl::ResourceExhaustedError("do_not_call_max");
  }
  Redial(&attempt, disposition, callback);
  attempt.disposition = static_cast<uint8_t>(disposition);
  ++counts_.reported;
  const uint32_t line = attempt.line;
  const uint32_t index = attempt.lead;
  End(i, AttemptState::kOver);
  TouchBoth(index, lines_[line].phone());
  if (result == DialResult::kRefused) {
    for (uint32_t k = lead.first; k != kNone; k = lines_[k].sibling) {
      DoNotCall(lines_[k].phone()).IgnoreError();  // There is room.
    }
  }
  return absl::OkStatus();
}

void LeadListImpl::Record(const Lead& lead, const Line& line,
                          const Attempt& attempt, DialResult result) {
  if (result == DialResult::kFailure) {
    Uncount(lead, line, static_cast<uint32_t>(attempt.at / kSecond));
    Count(lead, line, DialEvent::kFailure);
    return;
  }
  if (result == DialResult::kMachine) Count(lead, line, DialEvent::kMachine);
  if (result == DialResult::kAbandoned) {
    Count(lead, line, DialEvent::kConnect);
    Count(lead, line, DialEvent::kAbandon);
  }
  if (Spoke(result)) {
    Count(lead, line, DialEvent::kConnect);
    Count(lead, line, DialEvent::kConversation);
  }
  const DialClass* const where = ClassOf(lead, line);
  if (where == nullptr) return;
  HourRate* const rate = RateOf(lead, *where, attempt.at / kSecond + wall_);
  // What is old counts half as much each time.
  if (++rate->attempts >= 65'536) {
    rate->attempts /= 2;
    rate->contacts /= 2;
  }
  if (Spoke(result)) ++rate->contacts;
}

void LeadListImpl::Redial(Attempt* attempt, uint32_t disposition,
                          const LeadCallback* callback) {
  Lead& lead = leads_[attempt->lead];
  Line& line = lines_[attempt->line];
  const DialResult result = compiled_->rules().dispositions[disposition].result;
  Record(lead, line, *attempt, result);
  int32_t n = lead.attempts;
  if (result == DialResult::kFailure) {
    --lead.attempts;
    --line.attempts;
    if (lead.failures < UINT8_MAX) ++lead.failures;
    n = lead.failures;
  } else {
    lead.failures = 0;
  }
  const RedialRule& rule = compiled_->Match(attempt->campaign, disposition,
                                            line.type, lead.segment, n);
  lead.disposition = static_cast<uint8_t>(disposition);
  lead.flags = 0;
  lead.until = kNever;
  lead.state = LeadState::kWaiting;
  if (rule.guarantee) lead.flags |= kGuaranteed;
  lead.priority =
      static_cast<uint8_t>(std::clamp(lead.priority + rule.priority, 0, 255));
  unsigned count = 0, position = 0;
  for (uint32_t k = lead.first; k != kNone; k = lines_[k].sibling) {
    if (k == attempt->line) position = count;
    ++count;
  }
  if (rule.action == RedialAction::kDrop) line.flags |= kOver;
  const bool stays = rule.action == RedialAction::kSame;
  lead.cursor = (stays ? position : (position + 1) % count) & 15u;
  if (callback != nullptr) return SetCallback(&lead, *callback);
  if (rule.action == RedialAction::kDone) {
    lead.state = LeadState::kDone;
    ++lists_[lead.list].done;
    return;
  }
  if (rule.action == RedialAction::kExhausted) {
    lead.state = LeadState::kExhausted;
    return;
  }
  const std::size_t step =
      std::min(static_cast<std::size_t>(n - rule.from), rule.delays.size() - 1);
  lead.due =
      DueAfter(lead, line,
               static_cast<uint32_t>(absl::ToInt64Seconds(rule.delays[step])),
               rule.other_day_part);
}

LeadListImpl::HourRate* LeadListImpl::RateOf(const Lead& lead,
                                             const DialClass& where,
                                             int64_t civil_s) {
  const int32_t hour = where.zones[0]->Hour(civil_s * kSecond);
  return &rates_[lead.segment * std::size_t{24} +
                 static_cast<std::size_t>(hour)];
}

uint32_t LeadListImpl::DueAfter(const Lead& lead, const Line& line,
                                uint32_t delay, bool other_part) {
  const int64_t now = clock_.seconds();
  // In the second after this one at the earliest, as now is rounded down.
  int64_t due = now + delay + (clock_.now() % kSecond != 0 ? 1 : 0);
  const DialClass* const found = ClassOf(lead, line);
  if (found == nullptr) return static_cast<uint32_t>(due);
  const DialClass& where = *found;
  const auto part = [&](int64_t s) {
    return PartOf(where.zones[0]->Hour((s + wall_) * kSecond));
  };
  if (other_part) {
    const int called = part(now);
    constexpr int64_t kQuarter = 900;  // Zones are off by quarters of hours.
    while (part(due) == called) {
      due += kQuarter - (due + wall_) % kQuarter;
    }
  }
  const BestHour& best = CampaignOf(lead).best_hour;
  if (best.on) {
    int64_t best_score = INT64_MIN, best_due = due;
    for (int64_t h = 0; h < absl::ToInt64Hours(best.horizon); ++h) {
      const int64_t at = due + h * 3600;
      bool open = true;
      for (const auto& [law, hours] : where.hours) {
        open = open && hours.IsOpen(absl::FromUnixSeconds(at + wall_));
      }
      if (!open) continue;
      const HourRate& rate = *RateOf(lead, where, at + wall_);
      const int64_t prior = int64_t{best.prior_attempts};
      // In millionths.
      const int64_t chance = (int64_t{rate.contacts} * 1'000'000 +
                              prior * best.prior_permille * 1000) /
                             (int64_t{rate.attempts} + prior);
      const int64_t score = chance - h * best.cost_permille * 1000;
      if (score <= best_score) continue;
      best_score = score;
      best_due = at;
    }
    due = best_due;
  }
  return static_cast<uint32_t>(std::min<int64_t>(due, kLastSecond));
}

void LeadListImpl::SetCallback(Lead* lead, const LeadCallback& callback) {
  const auto seconds = [](absl::Time time, int64_t up) {
    const int64_t s =
        std::clamp<int64_t>(absl::ToUnixSeconds(time), 0, int64_t{kLastSecond});
    return static_cast<uint32_t>(absl::FromUnixSeconds(s) < time ? s + up : s);
  };
  lead->state = LeadState::kWaiting;
  lead->flags =
      static_cast<uint8_t>((lead->flags & kGuaranteed) | kCallback | kCivil |
                           (callback.personal ? kPersonal : 0));
  lead->due = seconds(callback.at, 1);
  lead->until = callback.until == absl::InfiniteFuture()
                    ? kNever
                    : seconds(callback.until, 0);
}

absl::Status LeadListImpl::Callback(uint64_t ref,
                                    const LeadCallback& callback) {
  if (callback.until <= callback.at) {
    return absl::InvalidArgumentError("until: not after at");
  }
  const uint32_t i = FindLead(ref);
  if (i == kNone) return absl::NotFoundError("no such lead");
  Lead& lead = leads_[i];
  if (lead.state == LeadState::kTaken) {
    return absl::FailedPreconditionError("the lead is in a call");
  }
  Unplace(i);
  if (lead.state == LeadState::kDone) --lists_[lead.list].done;
  SetCallback(&lead, callback);
  Place(i);
  return absl::OkStatus();
}

}  // namespace callrouter
