#include <string>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "callrouter/config_file.h"
#include "callrouter/v1/config.pb.h"

namespace callrouter {
namespace {

constexpr const char* kDayNames[] = {"mon", "tue", "wed", "thu",
                                     "fri", "sat", "sun"};

// Empty, which means the default, for `value == fallback`.
std::string DurationText(absl::Duration value, absl::Duration fallback) {
  return value == fallback ? "" : absl::FormatDuration(value);
}

std::string CauseText(Cause cause) {
  switch (cause) {
    case Cause::kBusy:
      return "busy";
    case Cause::kCongestion:
      return "congestion";
    case Cause::kNoAnswer:
      return "no_answer";
    case Cause::kClosed:
      return "closed";
    default:
      return "";
  }
}

std::string MinuteText(int32_t minute) {
  return absl::StrFormat("%02d:%02d", minute / 60, minute % 60);
}

bool SameOutside(const SendOutside& a, const SendOutside& b) {
  return a.destination == b.destination && a.ring == b.ring;
}

bool SameAction(const EntryAction& a, const EntryAction& b) {
  return a.kind == b.kind && a.cause == b.cause && a.queue == b.queue &&
         SameOutside(a.outside, b.outside);
}

void PutHangUp(Cause cause, v1::HangUp* out) {
  out->set_cause(CauseText(cause));
}

void PutOutside(const SendOutside& in, v1::SendOutside* out) {
  out->set_destination(in.destination);
  out->set_ring(DurationText(in.ring, SendOutside().ring));
}

void PutAction(const EntryAction& in, v1::EntryAction* out) {
  switch (in.kind) {
    case EntryActionKind::kAdmit:
      out->set_admit(true);
      break;
    case EntryActionKind::kHangUp:
      PutHangUp(in.cause, out->mutable_hang_up());
      break;
    case EntryActionKind::kSendOutside:
      PutOutside(in.outside, out->mutable_send_outside());
      break;
    case EntryActionKind::kMoveToQueue:
      out->set_move_to_queue(in.queue);
      break;
  }
}

void PutStrategy(const Strategy& in, v1::Queue* queue) {
  const Strategy unset;
  v1::Strategy out;
  if (in.order != unset.order) {
    out.set_order(static_cast<v1::Strategy::Order>(in.order));
  }
  if (in.ring != unset.ring) {
    out.set_ring(static_cast<v1::Strategy::Ring>(in.ring));
  }
  out.set_progressive_interval(
      DurationText(in.progressive_interval, unset.progressive_interval));
  out.set_offers_max(in.offers_max);
  out.set_freed_agents_join(in.freed_agents_join);
  out.set_ignore_penalty(in.ignore_penalty);
  if (out.ByteSizeLong() > 0) *queue->mutable_strategy() = out;
}

void PutEntry(const Entry& in, v1::Queue* queue) {
  const Entry unset;
  v1::Entry out;
  if (!SameAction(in.when_closed, unset.when_closed)) {
    PutAction(in.when_closed, out.mutable_when_closed());
  }
  if (!SameAction(in.when_nobody_logged_in, unset.when_nobody_logged_in)) {
    PutAction(in.when_nobody_logged_in, out.mutable_when_nobody_logged_in());
  }
  if (!SameAction(in.when_nobody_available, unset.when_nobody_available)) {
    PutAction(in.when_nobody_available, out.mutable_when_nobody_available());
  }
  out.set_waiting_max(in.waiting_max);
  if (!SameAction(in.when_full, unset.when_full)) {
    PutAction(in.when_full, out.mutable_when_full());
  }
  if (out.ByteSizeLong() > 0) *queue->mutable_entry() = out;
}

void PutCallOrder(const CallOrder& in, v1::Queue* queue) {
  const CallOrder unset;
  v1::CallOrder out;
  if (in.rule != unset.rule) {
    out.set_rule(static_cast<v1::CallOrder::Rule>(in.rule));
  }
  if (in.acceleration_milli != unset.acceleration_milli) {
    out.set_acceleration(in.acceleration_milli / 1000.0);
  }
  out.set_priority_worth(DurationText(in.priority_worth, unset.priority_worth));
  out.set_ceiling(DurationText(in.ceiling, unset.ceiling));
  if (out.ByteSizeLong() > 0) *queue->mutable_call_order() = out;
}

void PutMisses(const Misses& in, v1::Queue* queue) {
  const Misses unset;
  v1::Misses out;
  out.set_pause_after(in.pause_after);
  out.set_pause_return(DurationText(in.pause_return, unset.pause_return));
  out.set_cool_off_no_answer(
      DurationText(in.cool_off_no_answer, unset.cool_off_no_answer));
  out.set_cool_off_busy(DurationText(in.cool_off_busy, unset.cool_off_busy));
  out.set_cool_off_declined(
      DurationText(in.cool_off_declined, unset.cool_off_declined));
  out.set_cool_off_failed(
      DurationText(in.cool_off_failed, unset.cool_off_failed));
  out.set_skip_for_caller(
      DurationText(in.skip_for_caller, unset.skip_for_caller));
  if (out.ByteSizeLong() > 0) *queue->mutable_misses() = out;
}

void PutQueue(const QueueConfig& in, v1::Queue* out) {
  const QueueConfig unset;
  out->set_name(in.name);
  if (in.medium != unset.medium) out->set_medium(in.medium);
  out->set_requirement(in.requirement);
  out->set_members_only(in.members_only);
  PutStrategy(in.strategy, out);
  out->set_ring(DurationText(in.ring, unset.ring));
  out->set_wrap_up(DurationText(in.wrap_up, unset.wrap_up));
  out->set_weight(in.weight);
  out->set_service_level_target(
      DurationText(in.service_level_target, unset.service_level_target));
  out->set_short_abandon(DurationText(in.short_abandon, unset.short_abandon));
  out->set_plan(in.plan);
  out->set_hours(in.hours);
  PutEntry(in.entry, out);
  PutCallOrder(in.call_order, out);
  PutMisses(in.misses, out);
  for (const Reserve& reserve : in.reserve) {
    v1::Reserve* to = out->add_reserve();
    to->set_agents(reserve.agents);
    to->set_keep_idle(reserve.keep_idle);
  }
  if (in.reserve_above != unset.reserve_above) {
    out->set_reserve_above(in.reserve_above);
  }
  out->set_preferred_patience(
      DurationText(in.preferred_patience, unset.preferred_patience));
}

void PutStep(const Step& in, v1::Step* out) {
  out->set_id(in.id);
  out->set_after(DurationText(in.after, Step().after));
  out->set_since_previous(in.since_previous);
  if (in.when.any()) {
    v1::Condition* when = out->mutable_when();
    if (in.when.queue_longer_than >= 0) {
      when->set_queue_longer_than(in.when.queue_longer_than);
    }
    when->set_nobody_logged_in(in.when.nobody_logged_in);
    when->set_nobody_available(in.when.nobody_available);
    when->set_outside_hours(in.when.outside_hours);
  }
  out->set_finish_ring(in.finish_ring);
  switch (in.action) {
    case StepAction::kWiden:
      out->set_widen(in.requirement);
      break;
    case StepAction::kReplace:
      out->set_replace(in.requirement);
      break;
    case StepAction::kRaisePriority:
      out->set_raise_priority(in.priority);
      break;
    case StepAction::kAlsoOffer:
      out->set_also_offer(in.queue);
      break;
    case StepAction::kMoveToQueue:
      out->set_move_to_queue(in.queue);
      break;
    case StepAction::kSendOutside:
      PutOutside(in.outside, out->mutable_send_outside());
      break;
    case StepAction::kHangUp:
      PutHangUp(in.cause, out->mutable_hang_up());
      break;
  }
}

void PutPlan(const Plan& in, v1::Plan* out) {
  out->set_name(in.name);
  for (const Step& step : in.steps) PutStep(step, out->add_step());
  if (SameAction(in.last, Plan().last)) return;
  if (in.last.kind == EntryActionKind::kSendOutside) {
    PutOutside(in.last.outside, out->mutable_last()->mutable_send_outside());
  } else {
    PutHangUp(in.last.cause, out->mutable_last()->mutable_hang_up());
  }
}

void PutPeriod(const OpenPeriod& in, v1::OpenPeriod* out) {
  out->set_from(MinuteText(in.from_minute));
  out->set_to(MinuteText(in.to_minute));
}

void PutHours(const HoursConfig& in, v1::Hours* out) {
  out->set_name(in.name);
  out->set_time_zone(in.time_zone);
  for (const OpenPeriod& period : in.open) {
    v1::OpenPeriod* to = out->add_open();
    PutPeriod(period, to);
    if (period.weekday >= 0 && period.weekday < 7) {
      to->add_day(kDayNames[period.weekday]);
    }
  }
  for (const Holiday& holiday : in.holidays) {
    v1::Holiday* to = out->add_holiday();
    to->set_date(absl::StrFormat("%04d-%02d-%02d", holiday.year, holiday.month,
                                 holiday.day));
    for (const OpenPeriod& period : holiday.open) {
      PutPeriod(period, to->add_open());
    }
  }
}

void PutAgent(const AgentConfig& in, v1::Agent* out) {
  const AgentConfig unset;
  out->set_name(in.name);
  out->set_ref(in.ref);
  for (const SkillLevel& skill : in.skills) {
    v1::Skill* to = out->add_skill();
    to->set_name(skill.name);
    to->set_level(skill.level);
  }
  for (const Attribute& attribute : in.attributes) {
    v1::Attribute* to = out->add_attribute();
    to->set_name(attribute.name);
    to->set_value(attribute.value);
  }
  for (const Membership& membership : in.memberships) {
    const Membership plain;
    v1::Membership* to = out->add_membership();
    to->set_queue(membership.queue);
    to->set_penalty(membership.penalty);
    to->set_position(membership.position);
    to->set_ring(DurationText(membership.ring, plain.ring));
    to->set_wrap_up(DurationText(membership.wrap_up, plain.wrap_up));
    to->set_weight(membership.weight);
    to->set_reserve(membership.reserve);
  }
  for (const Capacity& capacity : in.capacities) {
    v1::Capacity* to = out->add_capacity();
    to->set_medium(capacity.medium);
    to->set_simultaneous(capacity.simultaneous);
  }
  out->set_wrap_up(DurationText(in.wrap_up, unset.wrap_up));
  if (in.weight != unset.weight) out->set_weight(in.weight);
}

}  // namespace

v1::Config ToProto(const Configuration& config) {
  v1::Config out;
  out.set_name(config.name);
  for (const QueueConfig& queue : config.queues) {
    PutQueue(queue, out.add_queue());
  }
  for (const Plan& plan : config.plans) PutPlan(plan, out.add_plan());
  for (const HoursConfig& hours : config.hours) {
    PutHours(hours, out.add_hours());
  }
  for (const AgentConfig& agent : config.agents) {
    PutAgent(agent, out.add_agent());
  }
  if (config.prefer_low_penalty) {
    out.mutable_call_choice()->set_prefer_low_penalty(true);
  }
  for (const Medium& medium : config.media) {
    v1::Medium* to = out.add_medium();
    to->set_name(medium.name);
    for (const std::string& other : medium.not_while_handling) {
      to->add_not_while_handling(other);
    }
  }
  for (const std::string& name : config.known_skills) {
    out.add_known_skill(name);
  }
  for (const std::string& name : config.known_attributes) {
    out.add_known_attribute(name);
  }
  return out;
}

}  // namespace callrouter
