#include "tests/oracle/naive_visitor_pool.h"

#include <algorithm>

namespace callrouter::oracle {

NaiveVisitorPool::Number* NaiveVisitorPool::Find(PhoneNumber number) {
  for (Number& n : numbers_) {
    if (!number.none() && n.number == number) return &n;
  }
  return nullptr;
}

void NaiveVisitorPool::Enter(absl::Time now) {
  now_ = std::max(now_, now - skew_);
  for (Number& n : numbers_) {
    if (n.held && EndOf(n) <= now_) n.held = false;
  }
}

absl::StatusCode NaiveVisitorPool::Apply(const VisitorPatch& patch) {
  for (const PhoneNumber number : patch.remove) {
    if (Find(number) == nullptr) return absl::StatusCode::kNotFound;
  }
  for (const PhoneNumber number : patch.remove) {
    if (Find(number)->held) return absl::StatusCode::kFailedPrecondition;
  }
  for (const PhoneNumber number : patch.remove) *Find(number) = Number();
  for (const PhoneNumber number : patch.put) {
    if (Find(number) != nullptr) continue;
    const auto place =
        std::find_if(numbers_.begin(), numbers_.end(),
                     [](const Number& n) { return n.number.none(); });
    Number& n = place == numbers_.end() ? numbers_.emplace_back() : *place;
    n.number = number;
  }
  return absl::StatusCode::kOk;
}

VisitAnswer NaiveVisitorPool::Show(uint64_t visit) {
  VisitAnswer answer;
  Number* chosen = nullptr;
  for (Number& n : numbers_) {
    if (!n.shown.empty() && n.shown.back().visit == visit) chosen = &n;
  }
  if (chosen == nullptr) {
    const auto last = [](const Number& n) {
      return n.shown.empty() ? absl::InfinitePast() : n.shown.back().last;
    };
    for (Number& n : numbers_) {
      if (n.number.none() || n.held) continue;
      if (chosen == nullptr || last(n) < last(*chosen)) chosen = &n;
    }
    if (chosen == nullptr) {
      answer.overflow = true;
      answer.number = options_.overflow;
      answer.retry_at = next_deadline();
      return answer;
    }
    if (!chosen->shown.empty()) ages_.push_back(now_ - last(*chosen));
    chosen->shown.push_back({visit, now_, now_});
  }
  chosen->shown.back().last = now_;
  if (!chosen->held) chosen->held_since = now_;
  chosen->held = true;
  answer.number = chosen->number;
  return answer;
}

VisitCall NaiveVisitorPool::Resolve(PhoneNumber number) {
  VisitCall call;
  Number* const n = Find(number);
  if (n == nullptr) {
    call.found = number == options_.overflow ? VisitsFound::kOverflow
                                             : VisitsFound::kNotOurs;
    return call;
  }
  int looked = 0;
  for (auto s = n->shown.rbegin(); s != n->shown.rend(); ++s, ++looked) {
    if (now_ - s->last > options_.call_within) continue;
    if (looked >= VisitCall::kMost || s->visit == 0) {
      call.more = true;
    } else {
      call.visits[call.count++] = {s->visit, s->first + skew_, s->last + skew_,
                                   n->held && looked == 0};
    }
  }
  if (call.count > 0) {
    const bool one = call.count == 1 && !call.more;
    call.found = one ? VisitsFound::kOne : VisitsFound::kMany;
    if (one && options_.free_after_call) n->held = false;
  }
  return call;
}

void NaiveVisitorPool::Forget(uint64_t visit) {
  for (Number& n : numbers_) {
    for (Showing& s : n.shown) {
      if (s.visit == visit) s.visit = 0;
    }
  }
}

absl::Time NaiveVisitorPool::next_deadline() const {
  absl::Time next = absl::InfiniteFuture();
  for (const Number& n : numbers_) {
    if (n.held) next = std::min(next, EndOf(n));
  }
  return next + skew_;
}

double NaiveVisitorPool::Risk(const std::vector<int64_t>& delays) const {
  double sum = 0;
  for (const absl::Duration age : ages_) {
    for (const int64_t delay : delays) {
      sum += absl::Microseconds(delay) > age ? 1 : 0;
    }
  }
  return sum / static_cast<double>(std::max<std::size_t>(1, ages_.size())) /
         static_cast<double>(delays.size());
}

}  // namespace callrouter::oracle
