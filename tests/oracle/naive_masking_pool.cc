#include "tests/oracle/naive_masking_pool.h"

#include <algorithm>

namespace callrouter::oracle {

NaiveMaskingPool::Number* NaiveMaskingPool::Find(PhoneNumber number) {
  for (Number& n : numbers_) {
    if (!number.none() && n.number == number) return &n;
  }
  return nullptr;
}

NaiveMaskingPool::Session* NaiveMaskingPool::Find(uint64_t name) {
  for (Session& s : sessions_) {
    if (s.name == name) return &s;
  }
  return nullptr;
}

bool NaiveMaskingPool::Uses(PhoneNumber number) const {
  return std::any_of(sessions_.begin(), sessions_.end(),
                     [&](const Session& s) { return s.number == number; });
}

bool NaiveMaskingPool::Sees(PhoneNumber party, PhoneNumber number) const {
  return std::any_of(sessions_.begin(), sessions_.end(), [&](const Session& s) {
    return s.number == number && (s.a == party || s.b == party);
  });
}

// Numbers that were to leave do so with their last session.
void NaiveMaskingPool::DropUnused() {
  for (Number& n : numbers_) {
    if (n.leaving && !Uses(n.number)) n = Number();
  }
}

void NaiveMaskingPool::End(Session session, absl::Time at) {
  std::erase_if(sessions_,
                [&](const Session& s) { return s.name == session.name; });
  if (options_.sticky != PairSticky::kOff) {
    std::erase_if(pairs_, [&](const Pair& p) {
      return (p.a == session.a && p.b == session.b) ||
             (p.a == session.b && p.b == session.a);
    });
    if (pairs_.size() >= static_cast<std::size_t>(options_.pairs_max)) {
      pairs_.erase(pairs_.begin());
    }
    pairs_.push_back({session.a, session.b, session.number, at});
  }
  session.over = true;
  session.since = at;
  if (options_.quarantine > absl::ZeroDuration()) sessions_.push_back(session);
  DropUnused();
}

void NaiveMaskingPool::Enter(absl::Time now) {
  now_ = std::max(now_, now - skew_);
  for (bool again = true; again;) {
    again = false;
    for (const Session& s : sessions_) {
      if (s.over || s.since + options_.time_to_live > now_) continue;
      End(s, s.since + options_.time_to_live);
      again = true;
      break;
    }
  }
  std::erase_if(sessions_, [&](const Session& s) {
    return s.over && s.since + options_.quarantine <= now_;
  });
  std::erase_if(pairs_, [&](const Pair& p) {
    return p.since + options_.sticky_keep <= now_;
  });
  DropUnused();
}

absl::StatusCode NaiveMaskingPool::Apply(const MaskingPatch& patch) {
  for (const MaskingNumber& put : patch.put) {
    for (const Session& s : sessions_) {
      if (s.a == put.number || s.b == put.number) {
        return absl::StatusCode::kInvalidArgument;
      }
    }
  }
  for (const PhoneNumber number : patch.remove) {
    if (Find(number) == nullptr) return absl::StatusCode::kNotFound;
  }
  for (const PhoneNumber number : patch.remove) Find(number)->leaving = true;
  DropUnused();
  for (const MaskingNumber& put : patch.put) {
    Number* n = Find(put.number);
    if (n == nullptr) {
      const auto place =
          std::find_if(numbers_.begin(), numbers_.end(),
                       [](const Number& k) { return k.number.none(); });
      n = place == numbers_.end() ? &numbers_.emplace_back() : &*place;
    }
    *n = {put.number, put.reserved, false};
  }
  return absl::StatusCode::kOk;
}

const NaiveMaskingPool::Session* NaiveMaskingPool::Revivable(
    const MaskingRequest& r, PhoneNumber number) const {
  if (options_.sticky != PairSticky::kPrefer) return nullptr;
  for (const Session& s : sessions_) {
    const bool same = (s.a == r.a && s.b == r.b) || (s.a == r.b && s.b == r.a);
    if (s.over && same && s.number == number) return &s;
  }
  return nullptr;
}

bool NaiveMaskingPool::Free(const MaskingRequest& request,
                            PhoneNumber number) const {
  return (!Sees(request.a, number) && !Sees(request.b, number)) ||
         Revivable(request, number) != nullptr;
}

PhoneNumber NaiveMaskingPool::Last(PhoneNumber a, PhoneNumber b) const {
  for (const Pair& p : pairs_) {
    if ((p.a == a && p.b == b) || (p.a == b && p.b == a)) return p.number;
  }
  return PhoneNumber();
}

absl::Time NaiveMaskingPool::NextFree() const {
  absl::Time next = absl::InfiniteFuture();
  for (const Session& s : sessions_) {
    next = std::min(
        next, s.over ? s.since + options_.quarantine
                     : s.since + options_.time_to_live + options_.quarantine);
  }
  return next + skew_;
}

PhoneNumber NaiveMaskingPool::Choose(const MaskingRequest& request,
                                     MaskingAnswer* answer) {
  answer->retry_at = NextFree();
  if (!request.wanted.none()) {
    const Number* const n = Find(request.wanted);
    if (n == nullptr || n->leaving) {
      answer->none = NoMask::kWantedUnknown;
      answer->retry_at = absl::InfiniteFuture();
    } else if (Free(request, n->number)) {
      return n->number;
    } else {
      answer->none = NoMask::kWantedTaken;
    }
    return PhoneNumber();
  }
  PhoneNumber last = Last(request.a, request.b);
  const Number* const known = Find(last);
  if (known == nullptr || known->leaving || known->reserved ||
      !Free(request, last)) {
    last = PhoneNumber();
  }
  if (options_.sticky == PairSticky::kPrefer && !last.none()) return last;
  answer->none = NoMask::kAllTaken;
  for (const Number& n : numbers_) {
    if (n.number.none() || n.leaving || Sees(request.a, n.number) ||
        Sees(request.b, n.number)) {
      continue;
    }
    if (n.reserved) {
      answer->none = NoMask::kOnlyReserved;
    } else if (options_.sticky != PairSticky::kAvoid || n.number != last) {
      return n.number;
    }
  }
  return options_.sticky == PairSticky::kAvoid ? last : PhoneNumber();
}

absl::StatusCode NaiveMaskingPool::Open(const MaskingRequest& request,
                                        MaskingAnswer* answer) {
  if (request.a == request.b || Find(request.a) != nullptr ||
      Find(request.b) != nullptr) {
    return absl::StatusCode::kInvalidArgument;
  }
  const Session* const known = Find(request.session);
  if (known != nullptr) {
    if (known->over) return absl::StatusCode::kFailedPrecondition;
    if (known->a != request.a || known->b != request.b ||
        (!request.wanted.none() && request.wanted != known->number)) {
      return absl::StatusCode::kAlreadyExists;
    }
    *answer = MaskingAnswer();
    answer->number = known->number;
    return absl::StatusCode::kOk;
  }
  MaskingAnswer none;
  const PhoneNumber number = Choose(request, &none);
  if (number.none()) {
    *answer = none;
    return absl::StatusCode::kOk;
  }
  const Session* const revived = Revivable(request, number);
  if (revived != nullptr) {
    sessions_.erase(sessions_.begin() + (revived - sessions_.data()));
  } else if (sessions_.size() >=
             static_cast<std::size_t>(options_.sessions_max)) {
    return absl::StatusCode::kResourceExhausted;
  }
  *answer = MaskingAnswer();
  answer->number = number;
  answer->again = Last(request.a, request.b) == number;
  sessions_.push_back(
      {request.session, request.a, request.b, number, now_, false});
  for (const auto& [party, degree] : Degrees()) {
    peak_ = std::max(peak_, degree);
  }
  return absl::StatusCode::kOk;
}

absl::StatusCode NaiveMaskingPool::Touch(uint64_t name) {
  Session* const known = Find(name);
  if (known == nullptr) return absl::StatusCode::kNotFound;
  if (known->over) return absl::StatusCode::kFailedPrecondition;
  Session session = *known;
  session.since = now_;
  sessions_.erase(sessions_.begin() + (known - sessions_.data()));
  sessions_.push_back(session);
  return absl::StatusCode::kOk;
}

absl::StatusCode NaiveMaskingPool::Close(uint64_t name) {
  const Session* const known = Find(name);
  if (known == nullptr) return absl::StatusCode::kNotFound;
  if (!known->over) End(*known, now_);
  return absl::StatusCode::kOk;
}

MaskedCall NaiveMaskingPool::Resolve(PhoneNumber number, PhoneNumber caller) {
  MaskedCall call;
  if (Find(number) == nullptr) call.by = MaskedBy::kNotOurs;
  for (const Session& s : sessions_) {
    if (caller.none() || s.number != number ||
        (s.a != caller && s.b != caller)) {
      continue;
    }
    call.session = s.name;
    call.other = s.a == caller ? s.b : s.a;
    call.by = s.over ? MaskedBy::kQuarantine : MaskedBy::kSession;
    if (!s.over) Touch(s.name);
    break;
  }
  return call;
}

absl::StatusCode NaiveMaskingPool::Forget(PhoneNumber subject) {
  for (const Session& s : sessions_) {
    if (!s.over && (s.a == subject || s.b == subject)) {
      return absl::StatusCode::kFailedPrecondition;
    }
  }
  for (Session& s : sessions_) {
    if (s.a == subject) s.a = PhoneNumber();
    if (s.b == subject) s.b = PhoneNumber();
  }
  std::erase_if(sessions_,
                [](const Session& s) { return s.a.none() && s.b.none(); });
  std::erase_if(
      pairs_, [&](const Pair& p) { return p.a == subject || p.b == subject; });
  DropUnused();
  return absl::StatusCode::kOk;
}

absl::Time NaiveMaskingPool::next_deadline() const {
  absl::Time next = absl::InfiniteFuture();
  for (const Session& s : sessions_) {
    next = std::min(
        next, s.since + (s.over ? options_.quarantine : options_.time_to_live));
  }
  for (const Pair& p : pairs_) {
    next = std::min(next, p.since + options_.sticky_keep);
  }
  return next + skew_;
}

std::map<PhoneNumber, int32_t> NaiveMaskingPool::Degrees() const {
  std::map<PhoneNumber, int32_t> degrees;
  for (const Session& s : sessions_) {
    for (const PhoneNumber party : {s.a, s.b}) {
      if (!party.none()) ++degrees[party];
    }
  }
  return degrees;
}

MaskingReport NaiveMaskingPool::Report() const {
  MaskingReport report;
  for (const Number& n : numbers_) {
    if (!n.number.none() && !n.reserved && !n.leaving) ++report.numbers;
  }
  for (const Session& s : sessions_) {
    ++(s.over ? report.quarantined : report.open);
  }
  std::vector<int32_t> degrees;
  for (const auto& [party, degree] : Degrees()) degrees.push_back(degree);
  std::sort(degrees.begin(), degrees.end());
  report.parties = degrees.size();
  if (!degrees.empty()) {
    report.degree = degrees.back();
    report.degree_p99 = degrees[(99 * degrees.size() + 99) / 100 - 1];
  }
  report.degree_peak = peak_;
  report.to_buy =
      std::max(0, (peak_ * 11 + 9) / 10 - static_cast<int32_t>(report.numbers));
  return report;
}

}  // namespace callrouter::oracle
