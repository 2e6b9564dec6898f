// From a reservation to the end of its call.

#include <cstddef>
#include <cstdint>
#include <string>

#include "number_pool_impl.h"

namespace callrouter {

namespace {

bool Over(AttemptState state) {
  return state != AttemptState::kReserved && state != AttemptState::kCommitted;
}

}  // namespace

absl::Status NumberPoolImpl::OverStatus(uint64_t attempt, AttemptState state) {
  const char* how = "has ended";
  if (state == AttemptState::kCancelled) how = "was cancelled";
  if (state == AttemptState::kLapsed) how = "has lapsed";
  return absl::FailedPreconditionError("attempt " + std::to_string(attempt) +
                                       " " + how);
}

uint32_t NumberPoolImpl::FindAttempt(uint64_t attempt) const {
  uint32_t i = attempts_.First(MixBits(attempt));
  while (i != ChainTable<NumberAttempt>::kNone &&
         attempts_[i].request.attempt != attempt) {
    i = attempts_[i].next;
  }
  return i;
}

// Forgets the one that has been over for longest, at the limit.
bool NumberPoolImpl::RoomForAttempt() {
  const std::size_t max = static_cast<std::size_t>(options_.attempts_max);
  if (attempts_.size() < max) return true;
  if (over_.empty()) return false;
  attempts_.Erase(over_.front());
  over_.Pop();
  return true;
}

void NumberPoolImpl::FillChoice(const NumberAttempt& attempt,
                                NumberChoice* choice) const {
  *choice = NumberChoice();
  choice->id = attempt.id;
  choice->number = PhoneNumber::FromValue(attempt.digits);
  choice->by = attempt.by;
  choice->rung = attempt.rung;
  choice->region = attempt.region;
  choice->broken = attempt.broken;
  choice->sticky_block = attempt.sticky_block;
  choice->lapses_at = HostTime(attempt.lapses_at);
}

absl::Status NumberPoolImpl::Check(const NumberRequest& request,
                                   NumberSearch* search) const {
  if (request.attempt == 0) {
    return absl::InvalidArgumentError("attempt: found 0, expected a name");
  }
  if (request.callee.none() || request.campaign.none() ||
      request.trunk.none()) {
    return absl::InvalidArgumentError(
        "request: found no callee, campaign or trunk");
  }
  if (request.attempt_number < 1) {
    return absl::InvalidArgumentError("attempt_number: found " +
                                      std::to_string(request.attempt_number) +
                                      ", expected 1 or more");
  }
  const uint32_t campaign = request.campaign.slot();
  if (filters_.Campaign(campaign) == nullptr) {
    return absl::NotFoundError("campaign: no such campaign in the rules");
  }
  if (request.trunk.slot() >= trunks_.size()) {
    return absl::NotFoundError("trunk: no group is on such a trunk");
  }
  search->request = &request;
  search->campaign = &rules_.campaigns[campaign_at_[campaign]];
  search->home = geography_.RegionOf(request.callee);
  if (request.carrier.none()) return absl::OkStatus();
  const uint32_t carrier = request.carrier.slot();
  if (carrier >= carriers_.size() || carrier_bits_[carrier] >= 16) {
    return absl::NotFoundError("carrier: no such carrier in the rules");
  }
  search->carrier_bit = carrier_bits_[carrier];
  return absl::OkStatus();
}

absl::Status NumberPoolImpl::Reserve(const NumberRequest& request,
                                     NumberChoice* choice) {
  // Where the choice will most likely have to look.
  callees_.Prefetch(request.callee);
  NumberSearch search;
  const absl::Status status = Check(request, &search);
  if (!status.ok()) return status;
  const uint32_t old = FindAttempt(request.attempt);
  if (old != ChainTable<NumberAttempt>::kNone) {
    const NumberAttempt& attempt = attempts_[old];
    if (!(attempt.request == request)) {
      return absl::AlreadyExistsError("attempt " +
                                      std::to_string(request.attempt) +
                                      " exists with other content");
    }
    if (Over(attempt.state)) return OverStatus(request.attempt, attempt.state);
    FillChoice(attempt, choice);
    return absl::OkStatus();
  }
  if (!RoomForAttempt()) {
    return absl::ResourceExhaustedError("attempts_max is reached");
  }
  const uint64_t random = random_.state();
  NumberChoice chosen;
  const uint32_t position = Choose(&search, &chosen);
  if (position == kNowhere) {
    ++counts_.refused;
    *choice = chosen;
    return absl::OkStatus();
  }
  if (search.carrier_bit < 16 &&
      !RoomForCarrier(position, request.carrier.slot())) {
    random_ = Random::FromState(random);
    return absl::ResourceExhaustedError("carrier_uses_max is reached");
  }
  Prefetch(position);
  const uint32_t slot = records_[position].slot;
  NumberAttempt attempt;
  attempt.request = request;
  attempt.id = NumberId(slot, slots_[slot].generation);
  attempt.digits = records_[position].digits;
  attempt.by = chosen.by;
  attempt.rung = chosen.rung;
  attempt.region = chosen.region;
  attempt.broken = chosen.broken;
  attempt.sticky_block = chosen.sticky_block;
  attempt.lapses_at =
      now_ + absl::ToInt64Microseconds(options_.reservation_timeout);
  const uint32_t i = attempts_.Insert(attempt);
  attempts_[i].lapse = lapses_.Arm(attempt.lapses_at, 0, i);
  Take(search, chosen.by, position);
  ++counts_.reserved;
  FillChoice(attempt, choice);
  return absl::OkStatus();
}

// The attempt is over; its concurrent place is free.
void NumberPoolImpl::Finish(uint32_t i, AttemptState state) {
  NumberAttempt& attempt = attempts_[i];
  attempt.state = state;
  attempt.over = now_;
  lapses_.Cancel(&attempt.lapse);
  over_.Push(i);
  const uint32_t position = PositionOf(attempt.id);
  if (position == kNowhere) return;
  NumberRecord& record = records_[position];
  if (record.calls > 0) --record.calls;
  if (record.block == Block::kConcurrent && ready_[position] != kNoKey) {
    Refresh(position);
  }
}

void NumberPoolImpl::Show(uint32_t i) {
  NumberAttempt& attempt = attempts_[i];
  attempt.state = AttemptState::kCommitted;
  lapses_.Cancel(&attempt.lapse);
  ++counts_.committed;
  if (callees_keep_ == 0) return;
  callees_.Shown(attempt.request.callee, attempt.id,
                 static_cast<uint16_t>(attempt.request.campaign.slot()),
                 Seconds(), callees_keep_);
}

absl::Status NumberPoolImpl::Settle(uint64_t id, AttemptState to) {
  const uint32_t i = FindAttempt(id);
  if (i == ChainTable<NumberAttempt>::kNone) {
    return absl::NotFoundError("attempt " + std::to_string(id) +
                               " is not known, or was over long ago");
  }
  const AttemptState from = attempts_[i].state;
  if (from == to) return absl::OkStatus();
  switch (to) {
    case AttemptState::kCommitted:
      if (from == AttemptState::kEnded) return absl::OkStatus();
      if (from != AttemptState::kReserved) return OverStatus(id, from);
      Show(i);
      return absl::OkStatus();
    case AttemptState::kCancelled:
      // Crossed the lapse on its way: nothing is left to undo.
      if (from == AttemptState::kLapsed) return absl::OkStatus();
      if (from == AttemptState::kCommitted) {
        return absl::FailedPreconditionError("attempt " + std::to_string(id) +
                                             " is committed: end it");
      }
      if (from != AttemptState::kReserved) return OverStatus(id, from);
      ++counts_.cancelled;
      Finish(i, to);
      return absl::OkStatus();
    case AttemptState::kEnded:
      if (from == AttemptState::kReserved) Show(i);
      if (attempts_[i].state != AttemptState::kCommitted) {
        return OverStatus(id, from);
      }
      Finish(i, to);
      return absl::OkStatus();
    case AttemptState::kReserved:
    case AttemptState::kLapsed:
      break;
  }
  return absl::InternalError("attempt: no such step");
}

// What is due: reservations lapse, attempts are forgotten.
void NumberPoolImpl::Lapse() {
  TimerQueue::Timer timer;
  while (lapses_.PopDue(now_, &timer)) {
    ++counts_.lapsed;
    Finish(timer.subject, AttemptState::kLapsed);
  }
  lapses_.Tidy();
  const int64_t keep = absl::ToInt64Microseconds(options_.attempt_keep);
  while (!over_.empty() && attempts_[over_.front()].over + keep <= now_) {
    attempts_.Erase(over_.front());
    over_.Pop();
  }
}

}  // namespace callrouter
