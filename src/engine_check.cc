// Every invariant of the state, checked in full.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "engine_impl.h"

namespace callrouter {

namespace {

absl::Status Broken(const char* what, uint64_t subject) {
  return absl::InternalError(absl::StrCat(what, " (", subject, ")"));
}

}  // namespace

class InvariantCheck {
 public:
  explicit InvariantCheck(const EngineImpl& engine) : e_(engine) {}

  absl::Status Run() const {
    absl::Status status = CheckCalls();
    if (status.ok()) status = CheckWishes();
    if (status.ok()) status = CheckAgents();
    if (status.ok()) status = CheckCounts();
    if (status.ok()) status = CheckWorkConserved();
    if (status.ok() && e_.outbound_ != nullptr) {
      status = e_.outbound_->CheckInvariants();
    }
    return status;
  }

 private:
  absl::Status CheckCalls() const;
  absl::Status CheckWishes() const;
  absl::Status CheckAgents() const;
  absl::Status CheckCounts() const;
  absl::Status CheckWorkConserved() const;

  const EngineImpl& e_;
};

absl::Status EngineImpl::CheckInvariants() const {
  return InvariantCheck(*this).Run();
}

// A call is in one place; its offers, lanes and timers agree with it.
absl::Status InvariantCheck::CheckCalls() const {
  for (uint32_t c = 0; c < e_.calls_.slots(); ++c) {
    const Call& call = e_.calls_[c];
    if (!call.live) continue;
    const Matcher::Ticket& ticket = e_.matcher_.ticket(c);
    if (e_.call_refs_.Find(call.ref) != c) {
      return Broken("call is not found by its reference", call.ref);
    }
    uint32_t offers = 0, ringing = 0, accepted = 0, connected = 0;
    for (uint32_t o = call.first_offer; o != kNone;
         o = e_.offers_[o].next_of_call) {
      const Offer& offer = e_.offers_[o];
      if (!offer.live || offer.call != c) return Broken("offer of another", o);
      if (!e_.agents_.IsLive(offer.agent)) return Broken("offer to nobody", o);
      ++offers;
      if (offer.connected) {
        ++connected;
      } else if (offer.accepted) {
        ++accepted;
      } else {
        ++ringing;
      }
      if (!offer.connected && !e_.timers_.IsArmed(offer.timer)) {
        return Broken("offer without a deadline", o);
      }
    }
    if (offers != call.offers) return Broken("offers miscounted", call.ref);
    bool right = false;
    switch (call.place) {
      case CallPlace::kNone:
        break;
      case CallPlace::kWaiting:
        right = offers == 0 && ticket.in_lanes != call.personal;
        break;
      case CallPlace::kOffered:
        right =
            ringing == offers && offers > 0 &&
            offers <= static_cast<uint32_t>(e_.options_.offers_per_call_max);
        break;
      case CallPlace::kConnecting:
        right = offers == 1 && accepted == 1 && !ticket.in_lanes;
        break;
      case CallPlace::kConnected:
        right = offers == 1 && connected == 1 && !ticket.in_lanes;
        break;
      case CallPlace::kOutside:
        right = offers == 0 && !ticket.in_lanes &&
                e_.timers_.IsArmed(call.wait_timer) &&
                e_.results_.contains(call.result);
        break;
      case CallPlace::kWithHost:
        right = offers == 0 && !ticket.in_lanes;
        break;
    }
    if (!right) return Broken("call is in two places or none", call.ref);
    if (ticket.in_lanes &&
        ticket.lane_count >
            static_cast<uint8_t>(e_.options_.queues_per_call_max)) {
      return Broken("call waits in too many queues", call.ref);
    }
    const bool stepping = call.place == CallPlace::kWaiting;
    if (stepping && e_.StepDue(call) != TimerQueue::kNever &&
        !e_.timers_.IsArmed(call.step_timer)) {
      return Broken("step without a timer", call.ref);
    }
  }
  return absl::OkStatus();
}

// Whom a call wants and whom it is spared are agents that exist.
absl::Status InvariantCheck::CheckWishes() const {
  for (const auto& [c, timer] : e_.ceilings_) {
    if (!e_.calls_.IsLive(c) || !e_.matcher_.ticket(c).in_lanes ||
        !e_.timers_.IsArmed(timer)) {
      return Broken("ceiling of a call nobody can find", e_.calls_[c].ref);
    }
  }
  for (uint32_t c = 0; c < e_.calls_.slots(); ++c) {
    const Call& call = e_.calls_[c];
    if (!call.live) continue;
    if (call.preferred != kNone &&
        (!e_.agents_.IsLive(call.preferred) ||
         !(call.personal || call.place == CallPlace::kOffered ||
           call.place == CallPlace::kConnecting))) {
      return Broken("preference outlives its reason", call.ref);
    }
    for (uint32_t n = e_.matcher_.ticket(c).exclusions; n != kNone;
         n = e_.matcher_.ExclusionNext(n)) {
      if (!e_.agents_.IsLive(e_.matcher_.ExclusionAgent(n)) ||
          e_.exclusions_[n].call != c) {
        return Broken("agent excluded that is gone", call.ref);
      }
    }
  }
  return absl::OkStatus();
}

// No agent over capacity, none ringing twice, none free and busy at once.
absl::Status InvariantCheck::CheckAgents() const {
  std::vector<std::array<uint8_t, kMediaMax>> used(e_.agents_.slots()),
      ringing(e_.agents_.slots());
  for (uint32_t o = 0; o < e_.offers_.slots(); ++o) {
    const Offer& offer = e_.offers_[o];
    if (!offer.live) continue;
    if (!e_.calls_.IsLive(offer.call)) return Broken("offer of no call", o);
    ++(offer.accepted ? used : ringing)[offer.agent][offer.medium];
  }
  for (uint32_t a = 0; a < e_.agents_.slots(); ++a) {
    const Agent& agent = e_.agents_[a];
    if (!agent.live) continue;
    for (std::size_t m = 0; m < kMediaMax; ++m) {
      if (used[a][m] != agent.used[m] || ringing[a][m] != agent.ringing[m]) {
        return Broken("agent's work miscounted", agent.ref);
      }
      if (agent.ringing[m] > 1) return Broken("agent rings twice", agent.ref);
      if (agent.ringing[m] > 0 && !agent.logged_in) {
        return Broken("agent rings though logged out", agent.ref);
      }
    }
    const Matcher::Seat& seat = e_.matcher_.seat(a);
    if (seat.mask != (e_.Held() ? 0 : e_.FreeMask(a))) {
      return Broken("agent's freedom is out of date", agent.ref);
    }
    if (seat.logged_in != agent.logged_in ||
        seat.staffed != (agent.logged_in && !agent.paused)) {
      return Broken("agent's presence is out of date", agent.ref);
    }
  }
  return absl::OkStatus();
}

// offered = answered + every other way to leave + in progress.
absl::Status InvariantCheck::CheckCounts() const {
  std::vector<uint64_t> progress(e_.queues_.size(), 0);
  std::vector<int64_t> waiting(e_.queues_.size(), 0);
  for (uint32_t c = 0; c < e_.calls_.slots(); ++c) {
    if (!e_.calls_[c].live) continue;
    if (!e_.calls_[c].answered) ++progress[e_.calls_[c].home];
    if (e_.calls_[c].place == CallPlace::kWaiting)
      ++waiting[e_.calls_[c].queue];
  }
  for (uint32_t q = 0; q < e_.queues_.size(); ++q) {
    const QueueStatistics& s = e_.queues_[q].stats;
    if (s.in_progress != progress[q])
      return Broken("in progress miscounted", q);
    if (s.offered != s.answered + s.abandoned + s.sent_outside + s.refused +
                         s.hung_up + s.lost + s.in_progress) {
      return Broken("a call is unaccounted for in queue", q);
    }
    if (e_.matcher_.rules(q).waiting != waiting[q]) {
      return Broken("waiting miscounted", q);
    }
  }
  return absl::OkStatus();
}

// No call waits while an agent who may have it is free.
absl::Status InvariantCheck::CheckWorkConserved() const {
  for (uint32_t c = 0; c < e_.calls_.slots(); ++c) {
    const Call& call = e_.calls_[c];
    if (!call.live || call.place != CallPlace::kWaiting || call.personal ||
        e_.call_searches_.contains(c)) {
      continue;
    }
    const Matcher::Ticket& ticket = e_.matcher_.ticket(c);
    for (uint32_t a = 0; a < e_.agents_.slots(); ++a) {
      if (!e_.agents_[a].live || e_.agent_searches_.contains(a)) continue;
      for (uint8_t i = 0; i < ticket.lane_count; ++i) {
        const uint32_t lane = ticket.lanes[i];
        const uint8_t medium = e_.queues_[e_.matcher_.LaneQueue(lane)].medium;
        if (((e_.matcher_.seat(a).mask >> medium) & 1) != 0 &&
            e_.matcher_.Allowed(c, lane, a)) {
          return Broken("a call waits beside a free agent", call.ref);
        }
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace callrouter
