// Sessions from Open to the end of their quarantine.

#include <algorithm>
#include <string>

#include "masking_pool_impl.h"
#include "number_faults.h"

namespace callrouter {

// --- Finding ---

uint32_t MaskingPoolImpl::FindParty(PhoneNumber phone) const {
  uint32_t i = parties_.First(MixBits(phone.value()));
  while (i != kNone && parties_[i].phone != phone.value()) {
    i = parties_[i].next;
  }
  return i;
}

uint32_t MaskingPoolImpl::FindSession(uint64_t name) const {
  uint32_t i = sessions_.First(MixBits(name));
  while (i != kNone && sessions_[i].name != name) i = sessions_[i].next;
  return i;
}

uint32_t MaskingPoolImpl::FindSide(uint32_t party, uint32_t number) const {
  uint32_t i = sides_.First(MixBits(uint64_t{party} << 32 | number));
  while (i != kNone &&
         (sides_[i].party != party || sides_[i].number != number)) {
    i = sides_[i].next;
  }
  return i;
}

uint32_t MaskingPoolImpl::FindPair(uint64_t a, uint64_t b) const {
  Pair pair;
  pair.low = std::min(a, b);
  pair.high = std::max(a, b);
  uint32_t i = pairs_.First(pair.Hash());
  while (i != kNone &&
         (pairs_[i].low != pair.low || pairs_[i].high != pair.high)) {
    i = pairs_[i].next;
  }
  return i;
}

// --- Choosing ---

uint32_t MaskingPoolImpl::FirstFree(const std::vector<uint64_t>& among,
                                    uint32_t a, uint32_t b,
                                    uint32_t except) const {
  const uint64_t* const seen_a = Row(a);
  const uint64_t* const seen_b = Row(b);
  for (uint32_t w = 0; w < words_; ++w) {
    uint64_t free = among[w] & ~(seen_a[w] | seen_b[w]);
    if (except != kNone && except / 64 == w) {
      free &= ~(uint64_t{1} << (except % 64));
    }
    if (free != 0) {
      return 64 * w + static_cast<uint32_t>(__builtin_ctzll(free));
    }
  }
  return kNone;
}

uint32_t MaskingPoolImpl::Revivable(uint32_t a, uint32_t b,
                                    uint32_t number) const {
  if (options_.sticky != PairSticky::kPrefer || a == kNone || b == kNone) {
    return kNone;
  }
  const uint32_t side = FindSide(a, number);
  if (side == kNone) return kNone;
  const uint32_t i = sides_[side].session;
  const Session& session = sessions_[i];
  const bool same = session.party[0] == b || session.party[1] == b;
  return session.over && same ? i : kNone;
}

uint32_t MaskingPoolImpl::Choose(const MaskingRequest& request, uint32_t a,
                                 uint32_t b, MaskingAnswer* answer) const {
  const auto free = [&](uint32_t number) {
    return (!Sees(a, number) && !Sees(b, number)) ||
           Revivable(a, b, number) != kNone;
  };
  if (!request.wanted.none()) {
    const uint32_t number = FindNumber(request.wanted);
    if (number == kNone || numbers_[number].leaving) {
      answer->none = NoMask::kWantedUnknown;
      answer->retry_at = absl::InfiniteFuture();
      return kNone;
    }
    if (free(number)) return number;
    answer->none = NoMask::kWantedTaken;
    answer->retry_at = clock_.Host(NextFree());
    return kNone;
  }
  uint32_t last = kNone;  // What the two had, if it may be given out.
  const uint32_t pair = FindPair(request.a.value(), request.b.value());
  if (pair != kNone) {
    last = FindNumber(PhoneNumber::FromValue(pairs_[pair].number));
    if (last != kNone && (usable_[last / 64] >> (last % 64) & 1) == 0) {
      last = kNone;
    }
  }
  if (options_.sticky == PairSticky::kPrefer && last != kNone && free(last)) {
    return last;
  }
  const bool avoid = options_.sticky == PairSticky::kAvoid;
  uint32_t number = FirstFree(usable_, a, b, avoid ? last : kNone);
  if (number == kNone && avoid && last != kNone && free(last)) number = last;
  if (number == kNone) {
    answer->none = FirstFree(reserved_, a, b, kNone) == kNone
                       ? NoMask::kAllTaken
                       : NoMask::kOnlyReserved;
    answer->retry_at = clock_.Host(NextFree());
  }
  return number;
}

// When the first session frees its number by itself.
int64_t MaskingPoolImpl::NextFree() const {
  int64_t next = NumberClock::kNever;
  if (over_.head != kNone) {
    next = sessions_[over_.head].since + quarantine_;
  }
  if (open_.head != kNone) {
    const int64_t end = Later(sessions_[open_.head].since, time_to_live_);
    next = std::min(next, Later(quarantine_, end));
  }
  return next;
}

// --- Sessions ---

void MaskingPoolImpl::CountDegree(uint32_t i, int by) {
  Party& party = parties_[i];
  if (party.degree > 0) --by_degree_[party.degree];
  party.degree += static_cast<uint32_t>(by);
  if (party.degree > 0) ++by_degree_[party.degree];
  degree_ = std::max(degree_, party.degree);
  degree_peak_ = std::max(degree_peak_, degree_);
  while (degree_ > 0 && by_degree_[degree_] == 0) --degree_;
}

uint32_t MaskingPoolImpl::PartyFor(PhoneNumber phone) {
  uint32_t i = FindParty(phone);
  if (i != kNone) return i;
  Party party;
  party.phone = phone.value();
  i = parties_.Insert(party);
  const std::size_t end = (std::size_t{i} + 1) * words_;
  if (rows_.size() < end) rows_.resize(end, 0);
  return i;
}

void MaskingPoolImpl::Join(uint32_t i, int at, PhoneNumber phone) {
  Side side;
  side.party = PartyFor(phone);
  side.number = sessions_[i].number;
  side.session = i;
  sides_.Insert(side);
  sessions_[i].party[at] = side.party;
  rows_[side.party * words_ + side.number / 64] |= uint64_t{1}
                                                   << (side.number % 64);
  CountDegree(side.party, 1);
}

void MaskingPoolImpl::Leave(uint32_t i, int at) {
  const uint32_t party = sessions_[i].party[at];
  if (party == kNone) return;
  const uint32_t number = sessions_[i].number;
  sessions_[i].party[at] = kNone;
  sides_.Erase(FindSide(party, number));
  rows_[party * words_ + number / 64] &= ~(uint64_t{1} << (number % 64));
  CountDegree(party, -1);
  if (parties_[party].degree == 0) parties_.Erase(party);
}

void MaskingPoolImpl::Release(uint32_t i) {
  Leave(i, 0);
  Leave(i, 1);
  Number& number = numbers_[sessions_[i].number];
  if (--number.uses == 0 && number.leaving) {
    by_digits_.erase(number.digits);
    number = Number();
  }
  ListOf(sessions_[i])->Detach(sessions_, i);
  sessions_.Erase(i);
}

void MaskingPoolImpl::ErasePair(uint32_t i) {
  remembered_.Detach(pairs_, i);
  pairs_.Erase(i);
}

void MaskingPoolImpl::Remember(const Session& session, int64_t at) {
  if (options_.sticky == PairSticky::kOff) return;
  const uint64_t a = parties_[session.party[0]].phone;
  const uint64_t b = parties_[session.party[1]].phone;
  uint32_t i = FindPair(a, b);
  if (i == kNone) {
    if (pairs_.size() >= static_cast<std::size_t>(options_.pairs_max)) {
      ErasePair(remembered_.head);
    }
    Pair pair;
    pair.low = std::min(a, b);
    pair.high = std::max(a, b);
    i = pairs_.Insert(pair);
  } else {
    remembered_.Detach(pairs_, i);
  }
  pairs_[i].number = numbers_[session.number].digits;
  pairs_[i].since = at;
  remembered_.Append(pairs_, i);
}

void MaskingPoolImpl::End(uint32_t i, int64_t at) {
  // Lists stay in order of time even if a state was loaded with a shorter time
  // to live, by which this session should have been over long ago.
  if (over_.tail != kNone) at = std::max(at, sessions_[over_.tail].since);
  if (remembered_.tail != kNone) {
    at = std::max(at, pairs_[remembered_.tail].since);
  }
  Remember(sessions_[i], at);
  open_.Detach(sessions_, i);
  sessions_[i].over = true;
  sessions_[i].since = at;
  over_.Append(sessions_, i);
  if (quarantine_ == 0) Release(i);
}

void MaskingPoolImpl::Enter(absl::Time now) {
  clock_.Tell(now);
  const int64_t us = clock_.now();
  while (open_.head != kNone &&
         Later(sessions_[open_.head].since, time_to_live_) <= us) {
    End(open_.head, sessions_[open_.head].since + time_to_live_);
    ++counts_.expired;
  }
  while (over_.head != kNone &&
         sessions_[over_.head].since + quarantine_ <= us) {
    Release(over_.head);
  }
  while (remembered_.head != kNone &&
         pairs_[remembered_.head].since + sticky_keep_ <= us) {
    ErasePair(remembered_.head);
  }
}

absl::Time MaskingPoolImpl::next_deadline() const {
  int64_t next = NumberClock::kNever;
  if (open_.head != kNone) {
    next = Later(sessions_[open_.head].since, time_to_live_);
  }
  if (over_.head != kNone) {
    next = std::min(next, sessions_[over_.head].since + quarantine_);
  }
  if (remembered_.head != kNone) {
    next = std::min(next, pairs_[remembered_.head].since + sticky_keep_);
  }
  return clock_.Host(next);
}

absl::Status MaskingPoolImpl::Open(const MaskingRequest& request,
                                   MaskingAnswer* answer) {
  if (request.session == 0 || request.a.none() || request.b.none() ||
      request.a == request.b) {
    return absl::InvalidArgumentError(
        "open: expected a session and two different people");
  }
  for (const PhoneNumber party : {request.a, request.b}) {
    if (FindNumber(party) == kNone) continue;
    return absl::InvalidArgumentError("open: the party " + party.ToString() +
                                      " is a number of ours");
  }
  const uint32_t known = FindSession(request.session);
  const uint32_t a = FindParty(request.a);
  const uint32_t b = FindParty(request.b);
  if (known != kNone) {
    const Session& session = sessions_[known];
    if (session.over) {
      return absl::FailedPreconditionError("open: the session is over");
    }
    const PhoneNumber number =
        PhoneNumber::FromValue(numbers_[session.number].digits);
    if (session.party[0] != a || session.party[1] != b ||
        (!request.wanted.none() && request.wanted != number)) {
      return absl::AlreadyExistsError(
          "open: the session is open with other parties or number");
    }
    *answer = MaskingAnswer();
    answer->number = number;
    return absl::OkStatus();
  }
  MaskingAnswer chosen;
  const uint32_t number = Choose(request, a, b, &chosen);
  if (number == kNone) {
    ++counts_.refused;
    *answer = chosen;
    return absl::OkStatus();
  }
  const uint32_t revived = Revivable(a, b, number);
  if (revived != kNone) {
    Release(revived);
  } else if (sessions_.size() >=
             static_cast<std::size_t>(options_.sessions_max)) {
    return LimitReached("sessions", options_.sessions_max);
  }
  const uint32_t pair = FindPair(request.a.value(), request.b.value());
  chosen.number = PhoneNumber::FromValue(numbers_[number].digits);
  chosen.again =
      pair != kNone && pairs_[pair].number == numbers_[number].digits;
  Session session;
  session.name = request.session;
  session.since = clock_.now();
  session.number = number;
  const uint32_t i = sessions_.Insert(session);
  open_.Append(sessions_, i);
  Join(i, 0, request.a);
  Join(i, 1, request.b);
  ++numbers_[number].uses;
  ++counts_.opened;
  *answer = chosen;
  return absl::OkStatus();
}

absl::Status MaskingPoolImpl::Touch(uint64_t name) {
  const uint32_t i = FindSession(name);
  if (i == kNone) return absl::NotFoundError("touch: there is no such session");
  if (sessions_[i].over) {
    return absl::FailedPreconditionError("touch: the session is over");
  }
  open_.Detach(sessions_, i);
  sessions_[i].since = clock_.now();
  open_.Append(sessions_, i);
  return absl::OkStatus();
}

absl::Status MaskingPoolImpl::Close(uint64_t name) {
  const uint32_t i = FindSession(name);
  if (i == kNone) return absl::NotFoundError("close: there is no such session");
  if (sessions_[i].over) return absl::OkStatus();
  End(i, clock_.now());
  ++counts_.closed;
  return absl::OkStatus();
}

absl::Status MaskingPoolImpl::Resolve(PhoneNumber number, PhoneNumber caller,
                                      MaskedCall* call) {
  if (number.none()) {
    return absl::InvalidArgumentError("resolve: expected the number dialled");
  }
  *call = MaskedCall();
  const uint32_t dialled = FindNumber(number);
  if (dialled == kNone) {
    call->by = MaskedBy::kNotOurs;
    return absl::OkStatus();
  }
  const uint32_t party = caller.none() ? kNone : FindParty(caller);
  const uint32_t side = party == kNone ? kNone : FindSide(party, dialled);
  if (side == kNone) {
    ++counts_.strangers;
    return absl::OkStatus();
  }
  const Session& session = sessions_[sides_[side].session];
  const uint32_t other = session.party[session.party[0] == party ? 1 : 0];
  call->session = session.name;
  if (other != kNone) {
    call->other = PhoneNumber::FromValue(parties_[other].phone);
  }
  if (session.over) {
    ++counts_.too_late;
    call->by = MaskedBy::kQuarantine;
    return absl::OkStatus();
  }
  ++counts_.put_through;
  call->by = MaskedBy::kSession;
  return Touch(session.name);
}

absl::Status MaskingPoolImpl::Forget(PhoneNumber subject) {
  if (subject.none()) {
    return absl::InvalidArgumentError("forget: expected a telephone number");
  }
  const uint32_t party = FindParty(subject);
  for (const bool check : {true, false}) {
    for (uint32_t n = 0; party != kNone && n < numbers_.size(); ++n) {
      const uint32_t side = FindSide(party, n);
      if (side == kNone) continue;
      const uint32_t i = sides_[side].session;
      const Session& session = sessions_[i];
      if (check && !session.over) {
        return absl::FailedPreconditionError(
            "forget: the person is in session " + std::to_string(session.name));
      }
      if (check) continue;
      Leave(i, session.party[0] == party ? 0 : 1);
      if (session.party[0] == kNone && session.party[1] == kNone) Release(i);
    }
  }
  for (uint32_t i = remembered_.head; i != kNone;) {
    const uint32_t later = pairs_[i].later;
    if (pairs_[i].low == subject.value() || pairs_[i].high == subject.value()) {
      ErasePair(i);
    }
    i = later;
  }
  return absl::OkStatus();
}

}  // namespace callrouter
