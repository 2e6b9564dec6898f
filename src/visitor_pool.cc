#include "callrouter/visitor_pool.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "number_faults.h"
#include "visitor_pool_impl.h"

namespace callrouter {

std::vector<Fault> FindFaults(const VisitorPoolOptions& o) {
  std::vector<Fault> faults;
  CheckRange("hold", o.hold, absl::Seconds(1), absl::Hours(24), &faults);
  CheckRange("call_within", o.call_within, o.hold, kLongestTime, &faults);
  CheckRange("numbers_max", o.numbers_max, 1, 1'000'000, &faults);
  return faults;
}

VisitorPoolImpl::VisitorPoolImpl(const VisitorPoolOptions& options)
    : options_(options),
      hold_(absl::ToInt64Microseconds(options.hold)),
      call_within_(absl::ToInt64Microseconds(options.call_within)) {
  ages_.Reserve();
  Reindex();
}

// --- Numbers ---

void VisitorPoolImpl::Reindex() {
  shape_.Assign({static_cast<uint32_t>(numbers_.size())});
  free_.Reset(&shape_);
  for (uint32_t i = 0; i < numbers_.size(); ++i) {
    if (numbers_[i].digits == 0 || numbers_[i].held) continue;
    free_.Set(0, i, static_cast<uint64_t>(numbers_[i].shown[0].last));
  }
}

absl::Status VisitorPoolImpl::Apply(const VisitorPatch& patch) {
  std::vector<std::string> wrong, unknown, held;
  std::vector<PhoneNumber> named = patch.put;
  named.insert(named.end(), patch.remove.begin(), patch.remove.end());
  std::sort(named.begin(), named.end());
  if (std::adjacent_find(named.begin(), named.end()) != named.end()) {
    wrong.push_back("put, remove: a number is named twice");
  }
  std::size_t count = by_digits_.size();
  for (const PhoneNumber number : patch.put) {
    count += by_digits_.contains(number.value()) ? 0 : 1;
    if (number.none()) wrong.push_back("put: a number is missing");
    if (!number.none() && number == options_.overflow) {
      wrong.push_back("put: " + number.ToString() + " is the overflow number");
    }
  }
  for (const PhoneNumber number : patch.remove) {
    const auto found = by_digits_.find(number.value());
    if (found == by_digits_.end()) {
      unknown.push_back("remove: found " + number.ToString() +
                        ", expected a number of the pool");
      continue;
    }
    --count;
    if (numbers_[found->second].held) {
      held.push_back("remove: " + number.ToString() + " is held by a visit");
    }
  }
  if (!wrong.empty()) return absl::InvalidArgumentError(Joined(wrong));
  if (!unknown.empty()) return absl::NotFoundError(Joined(unknown));
  if (!held.empty()) return absl::FailedPreconditionError(Joined(held));
  if (count > static_cast<std::size_t>(options_.numbers_max)) {
    return LimitReached("numbers", options_.numbers_max);
  }
  for (const PhoneNumber number : patch.remove) {
    const auto found = by_digits_.find(number.value());
    EraseVisit(numbers_[found->second].shown[0].visit);
    numbers_[found->second] = Number();
    by_digits_.erase(found);
  }
  uint32_t at = 0;  // The first free places are taken first.
  for (const PhoneNumber number : patch.put) {
    if (by_digits_.contains(number.value())) continue;
    while (at < numbers_.size() && numbers_[at].digits != 0) ++at;
    if (at == numbers_.size()) numbers_.emplace_back();
    numbers_[at].digits = number.value();
    by_digits_[number.value()] = at;
  }
  visits_.Reserve(numbers_.size());
  Reindex();
  return absl::OkStatus();
}

// --- Holding ---

uint32_t VisitorPoolImpl::FindVisit(uint64_t visit) const {
  uint32_t i = visits_.First(MixBits(visit));
  while (i != kNone && visits_[i].visit != visit) i = visits_[i].next;
  return i;
}

void VisitorPoolImpl::EraseVisit(uint64_t visit) {
  const uint32_t i = visit == 0 ? kNone : FindVisit(visit);
  if (i != kNone) visits_.Erase(i);
}

void VisitorPoolImpl::Hold(uint32_t i) {
  numbers_[i].held = true;
  numbers_[i].held_since = clock_.now();
  free_.Set(0, i, kNoKey);
  held_.Append(numbers_, i);
}

void VisitorPoolImpl::Free(uint32_t i) {
  held_.Detach(numbers_, i);
  numbers_[i].held = false;
  free_.Set(0, i, static_cast<uint64_t>(numbers_[i].shown[0].last));
}

void VisitorPoolImpl::Enter(absl::Time now) {
  clock_.Tell(now);
  while (NextFree() <= clock_.now()) Free(held_.head);
}

void VisitorPoolImpl::PassOn(uint32_t i, uint64_t visit) {
  Number& number = numbers_[i];
  if (number.count > 0) {
    ages_.Add(clock_.now() - number.shown[0].last);
    ++counts_.passed_on;
    EraseVisit(number.shown[0].visit);
  }
  if (number.count == VisitCall::kMost) {
    number.dropped = number.shown[VisitCall::kMost - 1].last;
  } else {
    ++number.count;
  }
  std::copy_backward(number.shown, number.shown + VisitCall::kMost - 1,
                     number.shown + VisitCall::kMost);
  number.shown[0] = {visit, clock_.now(), clock_.now()};
  Visit entry;
  entry.visit = visit;
  entry.number = i;
  visits_.Insert(entry);
  Hold(i);
  ++counts_.visits;
}

absl::Status VisitorPoolImpl::Show(uint64_t visit, VisitAnswer* answer) {
  if (visit == 0) return absl::InvalidArgumentError("show: expected a visit");
  *answer = VisitAnswer();
  const uint32_t known = FindVisit(visit);
  uint32_t i = known == kNone ? kNone : visits_[known].number;
  if (i != kNone) {  // It holds it, or nobody has it since.
    Number& number = numbers_[i];
    number.shown[0].last = clock_.now();
    if (!number.held) {
      Hold(i);
    } else if (options_.mode == HoldMode::kSliding) {
      held_.Detach(numbers_, i);
      held_.Append(numbers_, i);
    }
  } else {
    const MinIndex::Best first =
        numbers_.empty() ? MinIndex::Best() : free_.First(0);
    if (!first.found()) {
      ++counts_.overflowed;
      answer->overflow = true;
      answer->number = options_.overflow;
      answer->retry_at = clock_.Host(NextFree());
      return absl::OkStatus();
    }
    i = first.item;
    PassOn(i, visit);
  }
  answer->number = PhoneNumber::FromValue(numbers_[i].digits);
  return absl::OkStatus();
}

absl::Status VisitorPoolImpl::Resolve(PhoneNumber dialled, VisitCall* call) {
  if (dialled.none()) {
    return absl::InvalidArgumentError("resolve: expected the number dialled");
  }
  *call = VisitCall();
  const auto found = by_digits_.find(dialled.value());
  if (found == by_digits_.end()) {
    ++counts_.calls_none;
    call->found = dialled == options_.overflow ? VisitsFound::kOverflow
                                               : VisitsFound::kNotOurs;
    return absl::OkStatus();
  }
  const uint32_t i = found->second;
  const Number& number = numbers_[i];
  const int64_t since = clock_.now() - call_within_;
  call->more = number.dropped != 0 && number.dropped >= since;
  for (int n = 0; n < number.count; ++n) {
    const Showing& shown = number.shown[n];
    if (shown.last < since) continue;
    if (shown.visit == 0) {
      call->more = true;
      continue;
    }
    call->visits[call->count++] = {shown.visit, clock_.Host(shown.first),
                                   clock_.Host(shown.last),
                                   n == 0 && number.held};
  }
  if (call->count == 0) {
    ++counts_.calls_none;
  } else if (call->count > 1 || call->more) {
    call->found = VisitsFound::kMany;
    ++counts_.calls_many;
  } else {
    call->found = VisitsFound::kOne;
    ++counts_.calls_one;
    if (options_.free_after_call && number.held) Free(i);
  }
  return absl::OkStatus();
}

absl::Status VisitorPoolImpl::Forget(uint64_t visit) {
  if (visit == 0) return absl::InvalidArgumentError("forget: expected a visit");
  EraseVisit(visit);
  for (Number& number : numbers_) {
    for (Showing& shown : number.shown) {
      if (shown.visit == visit) shown.visit = 0;
    }
  }
  return absl::OkStatus();
}

// --- Looking ---

double VisitorPoolImpl::MisattributionRisk(const Histogram& delays) const {
  if (ages_.count() == 0 || delays.count() == 0) return 0;
  double sum = 0;
  const std::vector<uint64_t>& counts = ages_.counts();
  for (std::size_t b = 0; b < counts.size(); ++b) {
    if (counts[b] == 0) continue;
    // The least age in the bucket, by the layout that Histogram documents:
    // exact below 64, then 32 buckets to each doubling.
    const std::size_t shift = b < 64 ? 0 : b / 32 - 1;
    const int64_t age = static_cast<int64_t>((b - 32 * shift) << shift);
    const uint64_t after = delays.count() - delays.CountAtMost(age);
    sum += static_cast<double>(counts[b]) * static_cast<double>(after) /
           static_cast<double>(delays.count());
  }
  return sum / static_cast<double>(ages_.count());
}

VisitorStats VisitorPoolImpl::stats() const {
  VisitorStats stats = counts_;
  stats.clock_regressions = clock_.regressions();
  stats.numbers = by_digits_.size();
  stats.held = held_.size;
  stats.bytes = numbers_.capacity() * sizeof(Number) + visits_.bytes() +
                free_.bytes() + by_digits_.capacity() * 17;
  return stats;
}

// --- The public face ---

absl::StatusOr<std::unique_ptr<VisitorPool>> VisitorPool::Create(
    const VisitorPoolOptions& options, absl::Time now) {
  const absl::Status status = StatusOf(FindFaults(options));
  if (!status.ok()) return status;
  auto impl = std::make_unique<VisitorPoolImpl>(options);
  impl->Enter(now);
  return std::unique_ptr<VisitorPool>(new VisitorPool(std::move(impl)));
}

absl::StatusOr<std::unique_ptr<VisitorPool>> VisitorPool::Load(
    const VisitorPoolOptions& options, std::string_view saved) {
  auto pool = Create(options, absl::UnixEpoch());
  if (!pool.ok()) return pool;
  const absl::Status status = (*pool)->impl_->Load(saved);
  if (!status.ok()) return status;
  return pool;
}

VisitorPool::VisitorPool(std::unique_ptr<VisitorPoolImpl> impl)
    : impl_(std::move(impl)) {}
VisitorPool::~VisitorPool() = default;

absl::Status VisitorPool::Apply(const VisitorPatch& patch, absl::Time now) {
  impl_->Enter(now);
  return impl_->Apply(patch);
}
absl::Status VisitorPool::Show(uint64_t visit, absl::Time now,
                               VisitAnswer* answer) {
  impl_->Enter(now);
  return impl_->Show(visit, answer);
}
absl::Status VisitorPool::Resolve(PhoneNumber number, absl::Time now,
                                  VisitCall* call) {
  impl_->Enter(now);
  return impl_->Resolve(number, call);
}
absl::Status VisitorPool::Forget(uint64_t visit, absl::Time now) {
  impl_->Enter(now);
  return impl_->Forget(visit);
}
void VisitorPool::Advance(absl::Time now) { impl_->Enter(now); }
absl::Time VisitorPool::next_deadline() const { return impl_->next_deadline(); }
void VisitorPool::RebaseClock(absl::Duration delta, absl::Time now) {
  impl_->Rebase(delta);
  impl_->Enter(now);
}
double VisitorPool::MisattributionRisk(const Histogram& delays) const {
  return impl_->MisattributionRisk(delays);
}
VisitorStats VisitorPool::stats() const { return impl_->stats(); }
void VisitorPool::Save(std::string* out) const { impl_->Save(out); }
absl::Status VisitorPool::CheckInvariants() const {
  return impl_->CheckInvariants();
}

}  // namespace callrouter
