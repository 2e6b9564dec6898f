// The outbound side as bytes, in those of its engine.

#include <utility>

#include "engine_impl.h"
#include "outbound_impl.h"

namespace callrouter {

namespace {

void Transfer(Archive& a, PhoneNumber& number) {
  uint64_t value = number.value();
  a(value);
  if (!a.writing()) number = PhoneNumber::FromValue(value);
}

void Transfer(Archive& a, LineId& id) {
  uint64_t value = id.value();
  a(value);
  if (!a.writing()) id = LineId::FromValue(value);
}

void Transfer(Archive& a, OutCampaign& c) {
  OutboundCampaign& config = c.config;
  DispositionNames& d = config.dispositions;
  a.All(config.name, config.pacing.ring_timeout, config.pacing.patience,
        config.priority, config.requirement, config.number_campaign,
        config.trunk, config.hold, config.unserved, config.disposition_timeout);
  a.All(d.no_answer, d.busy, d.failed, d.machine, d.dropped, d.hung_up,
        d.talked, d.lost, d.no_number);
  a.All(c.group, c.index, c.resting, c.awaits_leads, c.retry);
}

void Transfer(Archive& a, OutAttempt& t) {
  a.All(t.generation, t.next_free, t.live);
  if (!t.live) return;
  a.All(t.name, t.lead);
  Transfer(a, t.number);
  Transfer(a, t.shown);
  Transfer(a, t.line);
  a.All(t.agent, t.within_us, t.ring_us, t.callback_at, t.callback_until,
        t.count, t.call, t.campaign, t.said, t.stage, t.ending, t.callback,
        t.personal, t.pooled, t.must_play, t.bridged, t.dropped, t.overdue,
        t.stalled, t.synced);
}

// A part as bytes of its own; `load` makes it from them.
template <class Part, class Load>
bool TransferPart(Archive& a, std::unique_ptr<Part>* part, Load load) {
  std::string bytes;
  if (a.writing()) (*part)->Save(&bytes);
  a(bytes);
  if (a.writing()) return true;
  auto loaded = load(bytes);
  if (!loaded.ok()) return false;
  *part = *std::move(loaded);
  return true;
}

}  // namespace

bool OutboundImpl::Transfer(Archive& a, const OutboundSetup* setup) {
  a.All(numbers_elsewhere_, locks_elsewhere_, ask_us_, number_retry_us_,
        attempts_max_, default_queue_, attempts_made_, parts_due_);
  a.List(dispositions_, [&](DialDisposition& d) { a.All(d.name, d.result); });
  a.List(campaigns_, [&](OutCampaign& c) { callrouter::Transfer(a, c); });
  a.List(return_queues_, [&](auto& queue) { a.All(queue.ref, queue.name); });
  bool whole = true;
  a.List(groups_, [&](OutGroup& group) {
    a.All(group.queue_name, group.first, group.count, group.dirty);
    std::string bytes;
    if (a.writing()) bytes = group.pacer->Save();
    a(bytes);
    if (a.writing()) return;
    auto pacer = Pacer::Load(bytes);
    whole = whole && pacer.ok();
    if (pacer.ok()) group.pacer = *std::move(pacer);
  });
  whole = whole && a.ok() && TransferParts(a, setup);
  if (!whole) return false;
  uint32_t free_head = attempts_.free_head();
  uint32_t size = attempts_.size();
  a.All(free_head, size);
  a.List(attempts_.items(), [&](OutAttempt& t) { callrouter::Transfer(a, t); });
  a.List(told_, [&](Told& told) { a.All(told.group, told.joins, told.state); });
  if (a.writing()) return true;
  attempts_.Restore(free_head, size);
  return a.ok() && Rebuild();
}

bool OutboundImpl::TransferParts(Archive& a, const OutboundSetup* setup) {
  bool pool = numbers_ != nullptr, returns = returns_ != nullptr;
  a.All(pool, returns);
  if (!a.writing() && (pool != setup->numbers.has_value() ||
                       returns != setup->return_calls.has_value())) {
    return false;
  }
  if (!TransferPart(a, &leads_, [&](const std::string& bytes) {
        return LeadList::Load(setup->leads, bytes);
      })) {
    return false;
  }
  if (pool && !TransferPart(a, &numbers_, [&](const std::string& bytes) {
        return NumberPool::Load(setup->numbers->options, bytes);
      })) {
    return false;
  }
  return !returns || TransferPart(a, &returns_, [&](const std::string& bytes) {
    return ReturnCalls::Load(setup->return_calls->options, bytes);
  });
}

// What the bytes name must be there; the indexes are built anew.
bool OutboundImpl::Rebuild() {
  uint32_t live = 0;
  if (groups_.empty() || !BindNames().ok() ||
      told_.size() > e_.agents_.slots()) {
    return false;
  }
  for (std::size_t c = 0; c < campaigns_.size(); ++c) {
    const OutCampaign& campaign = campaigns_[c];
    if (campaign.group >= groups_.size() ||
        groups_[campaign.group].first + static_cast<uint32_t>(campaign.index) !=
            c) {
      return false;
    }
  }
  for (const OutGroup& group : groups_) {
    if (group.first > campaigns_.size() ||
        group.count > campaigns_.size() - group.first ||
        !group.pacer->Stats(static_cast<int32_t>(group.count) - 1).ok() ||
        group.pacer->Stats(static_cast<int32_t>(group.count)).ok()) {
      return false;
    }
  }
  for (uint32_t s = 0; s < attempts_.slots(); ++s) {
    const OutAttempt& t = attempts_[s];
    if (t.next_free != kNone && t.next_free >= attempts_.slots()) return false;
    if (!t.live) continue;
    ++live;
    if (t.campaign >= campaigns_.size() || t.stage > OutStage::kOver ||
        t.ending > Ending::kNoNumber || t.name > attempts_made_ ||
        (t.said != OutAttempt::kUnsaid && t.said >= dispositions_.size()) ||
        (t.stage == OutStage::kAnswered) != (t.call != kNone) ||
        (t.call != kNone && !e_.calls_.IsLive(t.call)) ||
        (t.pooled && numbers_ == nullptr)) {
      return false;
    }
    by_name_[t.name] = s;
    if (t.call == kNone) continue;
    if (t.call >= attempt_of_call_.size()) {
      attempt_of_call_.resize(std::size_t{t.call} + 1, kNone);
    }
    attempt_of_call_[t.call] = s;
  }
  for (const Told& told : told_) {
    if (told.state > DialAgent::kLast ||
        (told.group != kNone && told.group >= groups_.size()) ||
        (told.joins != kNone && told.joins >= groups_.size())) {
      return false;
    }
  }
  const uint32_t head = attempts_.free_head();
  return live == attempts_.size() && by_name_.size() == live &&
         (head == kNone || head < attempts_.slots());
}

TimerId* OutboundImpl::TimerOf(TimerKind kind, uint32_t subject) {
  if (kind == TimerKind::kParts) return &parts_timer_;
  return attempts_.IsLive(subject) ? &attempts_[subject].timer : nullptr;
}

}  // namespace callrouter
