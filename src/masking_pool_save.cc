// The whole state as bytes, and what must hold of it.

#include <string>

#include "masking_pool_impl.h"

namespace callrouter {

namespace {
constexpr std::string_view kWhat = "callrouter masking pool 1\n";
}  // namespace

void MaskingPoolImpl::TransferNumbers(Archive& a) {
  // As many bits were ever in use, at the most.
  const uint32_t count = a.Count(
      numbers_.size(), static_cast<std::size_t>(options_.numbers_max), 10);
  if (!a.writing()) {
    numbers_.resize(count);
    Widen((count + 63) / 64);
  }
  for (uint32_t i = 0; i < count && a.ok(); ++i) {
    Number& number = numbers_[i];
    a.All(number.digits, number.reserved, number.leaving);
    if (a.writing() || number.digits == 0) continue;
    const bool fits = !PhoneNumber::FromValue(number.digits).none() &&
                      by_digits_.emplace(number.digits, i).second;
    if (!fits) a.Fail();
    SetBits(i);
  }
}

void MaskingPoolImpl::TransferSessions(Archive& a, bool over) {
  IndexList& list = over ? over_ : open_;
  const std::size_t room =
      static_cast<std::size_t>(options_.sessions_max) - sessions_.size();
  const uint32_t count = a.Count(list.size, a.writing() ? 0 : room, 36);
  uint32_t at = list.head;
  for (uint32_t n = 0; n < count && a.ok(); ++n) {
    Session session = a.writing() ? sessions_[at] : Session();
    uint64_t phones[2] = {0, 0};
    for (int side = 0; a.writing() && side < 2; ++side) {
      const uint32_t party = session.party[side];
      if (party != kNone) phones[side] = parties_[party].phone;
    }
    a.All(session.name, session.since, session.number, phones[0], phones[1]);
    if (a.writing()) {
      at = session.later;
      continue;
    }
    session.over = over;
    bool fits = session.name != 0 && FindSession(session.name) == kNone &&
                session.number < numbers_.size() &&
                numbers_[session.number].digits != 0 &&
                session.since >= NumberClock::kFirst &&
                session.since <= clock_.now() && phones[0] != phones[1];
    for (const uint64_t digits : phones) {
      const PhoneNumber phone = PhoneNumber::FromValue(digits);
      const bool none = digits == 0 && over;
      fits = fits && phone.value() == digits && (none || !phone.none()) &&
             FindNumber(phone) == kNone &&
             (none || !Sees(FindParty(phone), session.number));
    }
    if (!fits) {
      a.Fail();
      return;
    }
    const uint32_t i = sessions_.Insert(session);
    list.Append(sessions_, i);
    for (int side = 0; side < 2; ++side) {
      if (phones[side] == 0) continue;
      Join(i, side, PhoneNumber::FromValue(phones[side]));
    }
    ++numbers_[session.number].uses;
  }
}

void MaskingPoolImpl::TransferPairs(Archive& a) {
  const uint32_t count =
      a.Count(pairs_.size(), static_cast<std::size_t>(options_.pairs_max), 32);
  uint32_t at = remembered_.head;
  for (uint32_t n = 0; n < count && a.ok(); ++n) {
    Pair pair = a.writing() ? pairs_[at] : Pair();
    a.All(pair.low, pair.high, pair.number, pair.since);
    if (a.writing()) {
      at = pair.later;
      continue;
    }
    const bool fits = pair.low < pair.high && pair.since <= clock_.now() &&
                      pair.since >= NumberClock::kFirst &&
                      FindPair(pair.low, pair.high) == kNone;
    if (!fits) a.Fail();
    if (a.ok()) remembered_.Append(pairs_, pairs_.Insert(pair));
  }
}

void MaskingPoolImpl::Transfer(Archive& a) {
  clock_.Transfer(a);
  a.All(counts_.opened, counts_.refused, counts_.expired, counts_.closed,
        counts_.put_through, counts_.too_late, counts_.strangers);
  uint32_t peak = degree_peak_;
  a(peak);
  TransferNumbers(a);
  TransferSessions(a, false);
  TransferSessions(a, true);
  TransferPairs(a);
  if (!a.writing() && (peak < degree_peak_ || peak > 1'000'000)) a.Fail();
  if (!a.writing()) degree_peak_ = peak;
}

void MaskingPoolImpl::Save(std::string* out) const {
  SaveStore(kWhat, *this, out);
}

absl::Status MaskingPoolImpl::Load(std::string_view saved) {
  return LoadStore(kWhat, saved, this);
}

absl::Status MaskingPoolImpl::CheckSession(uint32_t i) const {
  const Session& session = sessions_[i];
  if (FindSession(session.name) != i) {
    return absl::InternalError("a session is not found by its name");
  }
  int sides = 0;
  for (const uint32_t party : session.party) {
    if (party == kNone) continue;
    ++sides;
    const uint32_t side = FindSide(party, session.number);
    if (side == kNone || sides_[side].session != i ||
        !Sees(party, session.number)) {
      return absl::InternalError("a session is not found from one side");
    }
  }
  if (sides < (session.over ? 1 : 2)) {
    return absl::InternalError("a session lacks a party");
  }
  return absl::OkStatus();
}

absl::Status MaskingPoolImpl::CheckInvariants() const {
  std::vector<uint32_t> uses(numbers_.size(), 0);
  std::vector<uint32_t> degrees(parties_.span(), 0);
  std::size_t sides = 0;
  for (const IndexList* const list : {&open_, &over_}) {
    std::size_t count = 0;
    int64_t since = 0;
    for (uint32_t i = list->head; i != kNone; i = sessions_[i].later) {
      const Session& session = sessions_[i];
      const absl::Status status = CheckSession(i);
      if (!status.ok()) return status;
      if (session.over != (list == &over_)) {
        return absl::InternalError("a session is in the wrong list");
      }
      if (session.since < since) {
        return absl::InternalError("a list is not in order of time");
      }
      since = session.since;
      ++uses[session.number];
      for (const uint32_t party : session.party) {
        if (party == kNone) continue;
        ++degrees[party];
        ++sides;
      }
      ++count;
    }
    if (count != list->size) return absl::InternalError("a list's size");
  }
  int64_t since = 0;
  for (uint32_t i = remembered_.head; i != kNone; i = pairs_[i].later) {
    if (pairs_[i].since < since) {
      return absl::InternalError("pairs are not in order of time");
    }
    since = pairs_[i].since;
  }
  if (open_.size + over_.size != sessions_.size() || sides != sides_.size() ||
      remembered_.size != pairs_.size()) {
    return absl::InternalError("something is in no list");
  }
  for (uint32_t p = 0; p < parties_.span(); ++p) {
    uint32_t bits = 0;
    for (std::size_t w = 0; w < words_; ++w) {
      bits +=
          static_cast<uint32_t>(__builtin_popcountll(rows_[p * words_ + w]));
    }
    if (bits != degrees[p] || parties_[p].degree != degrees[p]) {
      return absl::InternalError("a party sees other numbers than it should");
    }
  }
  for (std::size_t n = 0; n < numbers_.size(); ++n) {
    if (numbers_[n].uses != uses[n] || (numbers_[n].leaving && uses[n] == 0)) {
      return absl::InternalError("a number is used otherwise than it says");
    }
  }
  return absl::OkStatus();
}

}  // namespace callrouter
