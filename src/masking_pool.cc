#include "callrouter/masking_pool.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "callrouter/number_sizing.h"
#include "masking_pool_impl.h"
#include "number_faults.h"

namespace callrouter {

namespace {

int64_t Micros(absl::Duration duration) {
  return duration == absl::InfiniteDuration()
             ? NumberClock::kNever
             : absl::ToInt64Microseconds(duration);
}

}  // namespace

std::vector<Fault> FindFaults(const MaskingPoolOptions& o) {
  std::vector<Fault> faults;
  if (o.time_to_live != absl::InfiniteDuration()) {
    CheckRange("time_to_live", o.time_to_live, absl::Seconds(1), kLongestTime,
               &faults);
    if (!faults.empty()) faults.back().expected += " or infinite";
  }
  CheckRange("quarantine", o.quarantine, absl::ZeroDuration(), kLongestTime,
             &faults);
  CheckRange("sticky_keep", o.sticky_keep, absl::Seconds(1), kLongestTime,
             &faults);
  CheckRange("numbers_max", o.numbers_max, 1, 1'000'000, &faults);
  CheckRange("sessions_max", o.sessions_max, 1, 100'000'000, &faults);
  CheckRange("pairs_max", o.pairs_max, 1, 100'000'000, &faults);
  return faults;
}

MaskingPoolImpl::MaskingPoolImpl(const MaskingPoolOptions& options)
    : options_(options),
      time_to_live_(Micros(options.time_to_live)),
      quarantine_(Micros(options.quarantine)),
      sticky_keep_(Micros(options.sticky_keep)) {}

// --- Numbers ---

uint32_t MaskingPoolImpl::FindNumber(PhoneNumber number) const {
  const auto found = by_digits_.find(number.value());
  return found == by_digits_.end() ? kNone : found->second;
}

void MaskingPoolImpl::SetBits(uint32_t i) {
  const Number& number = numbers_[i];
  const uint64_t bit = uint64_t{1} << (i % 64);
  const bool served = number.digits != 0 && !number.leaving;
  usable_[i / 64] &= ~bit;
  reserved_[i / 64] &= ~bit;
  if (served) (number.reserved ? reserved_ : usable_)[i / 64] |= bit;
}

void MaskingPoolImpl::Widen(std::size_t words) {
  std::vector<uint64_t> rows(std::size_t{parties_.span()} * words, 0);
  for (std::size_t party = 0; party < parties_.span(); ++party) {
    std::copy_n(&rows_[party * words_], words_, &rows[party * words]);
  }
  rows_.swap(rows);
  usable_.resize(words, 0);
  reserved_.resize(words, 0);
  nothing_.resize(words, 0);
  by_degree_.resize(words * 64 + 1, 0);
  words_ = words;
}

absl::Status MaskingPoolImpl::Apply(const MaskingPatch& patch) {
  std::vector<std::string> wrong, unknown;
  std::vector<uint64_t> named;
  std::size_t count = by_digits_.size();
  for (const MaskingNumber& put : patch.put) {
    named.push_back(put.number.value());
    count += FindNumber(put.number) == kNone ? 1 : 0;
    if (put.number.none()) wrong.push_back("put: a number is missing");
    if (FindParty(put.number) != kNone) {
      wrong.push_back("put: " + put.number.ToString() + " is in a session");
    }
  }
  for (const PhoneNumber number : patch.remove) {
    named.push_back(number.value());
    const uint32_t i = FindNumber(number);
    if (i == kNone) {
      unknown.push_back("remove: found " + number.ToString() +
                        ", expected a number of ours");
    } else if (numbers_[i].uses == 0) {
      --count;
    }
  }
  std::sort(named.begin(), named.end());
  if (std::adjacent_find(named.begin(), named.end()) != named.end()) {
    wrong.push_back("put, remove: a number is named twice");
  }
  if (!wrong.empty()) return absl::InvalidArgumentError(Joined(wrong));
  if (!unknown.empty()) return absl::NotFoundError(Joined(unknown));
  if (count > static_cast<std::size_t>(options_.numbers_max)) {
    return LimitReached("numbers", options_.numbers_max);
  }
  for (const PhoneNumber number : patch.remove) {
    const uint32_t i = FindNumber(number);
    if (numbers_[i].uses > 0) {
      numbers_[i].leaving = true;
    } else {
      by_digits_.erase(numbers_[i].digits);
      numbers_[i] = Number();
    }
    SetBits(i);
  }
  uint32_t at = 0;  // The lowest free bits are taken first.
  for (const MaskingNumber& put : patch.put) {
    uint32_t i = FindNumber(put.number);
    if (i == kNone) {
      while (at < numbers_.size() && numbers_[at].digits != 0) ++at;
      i = at;
      if (i == numbers_.size()) numbers_.emplace_back();
      if (i / 64 >= words_) Widen(std::max<std::size_t>(2 * words_, 1));
      numbers_[i].digits = put.number.value();
      by_digits_[put.number.value()] = i;
    }
    numbers_[i].reserved = put.reserved;
    numbers_[i].leaving = false;
    SetBits(i);
  }
  return absl::OkStatus();
}

// --- Looking ---

MaskingReport MaskingPoolImpl::Report() const {
  MaskingReport report;
  for (const Number& number : numbers_) {
    if (number.digits != 0 && !number.reserved && !number.leaving) {
      ++report.numbers;
    }
  }
  report.open = open_.size;
  report.quarantined = over_.size;
  report.parties = parties_.size();
  report.degree = static_cast<int32_t>(degree_);
  report.degree_peak = static_cast<int32_t>(degree_peak_);
  std::size_t seen = 0;
  for (uint32_t d = 1; d <= degree_; ++d) {
    seen += by_degree_[d];
    if (100 * seen >= 99 * parties_.size()) {
      report.degree_p99 = static_cast<int32_t>(d);
      break;
    }
  }
  const int32_t needed = *MaskingNumbersFor(report.degree_peak);
  report.to_buy = std::max(0, needed - static_cast<int32_t>(report.numbers));
  return report;
}

MaskingStats MaskingPoolImpl::stats() const {
  MaskingStats stats = counts_;
  stats.clock_regressions = clock_.regressions();
  stats.pairs = pairs_.size();
  stats.session_bytes = sessions_.bytes() + sides_.bytes();
  stats.party_bytes = parties_.bytes() + rows_.capacity() * sizeof(uint64_t);
  stats.pair_bytes = pairs_.bytes();
  return stats;
}

// --- The public face ---

absl::StatusOr<std::unique_ptr<MaskingPool>> MaskingPool::Create(
    const MaskingPoolOptions& options, absl::Time now) {
  const absl::Status status = StatusOf(FindFaults(options));
  if (!status.ok()) return status;
  auto impl = std::make_unique<MaskingPoolImpl>(options);
  impl->Enter(now);
  return std::unique_ptr<MaskingPool>(new MaskingPool(std::move(impl)));
}

absl::StatusOr<std::unique_ptr<MaskingPool>> MaskingPool::Load(
    const MaskingPoolOptions& options, std::string_view saved) {
  auto pool = Create(options, absl::UnixEpoch());
  if (!pool.ok()) return pool;
  const absl::Status status = (*pool)->impl_->Load(saved);
  if (!status.ok()) return status;
  return pool;
}

MaskingPool::MaskingPool(std::unique_ptr<MaskingPoolImpl> impl)
    : impl_(std::move(impl)) {}
MaskingPool::~MaskingPool() = default;

absl::Status MaskingPool::Apply(const MaskingPatch& patch, absl::Time now) {
  impl_->Enter(now);
  return impl_->Apply(patch);
}
absl::Status MaskingPool::Open(const MaskingRequest& request, absl::Time now,
                               MaskingAnswer* answer) {
  impl_->Enter(now);
  return impl_->Open(request, answer);
}
absl::Status MaskingPool::Touch(uint64_t session, absl::Time now) {
  impl_->Enter(now);
  return impl_->Touch(session);
}
absl::Status MaskingPool::Close(uint64_t session, absl::Time now) {
  impl_->Enter(now);
  return impl_->Close(session);
}
absl::Status MaskingPool::Resolve(PhoneNumber number, PhoneNumber caller,
                                  absl::Time now, MaskedCall* call) {
  impl_->Enter(now);
  return impl_->Resolve(number, caller, call);
}
absl::Status MaskingPool::Forget(PhoneNumber subject, absl::Time now) {
  impl_->Enter(now);
  return impl_->Forget(subject);
}
void MaskingPool::Advance(absl::Time now) { impl_->Enter(now); }
absl::Time MaskingPool::next_deadline() const { return impl_->next_deadline(); }
void MaskingPool::RebaseClock(absl::Duration delta, absl::Time now) {
  impl_->Rebase(delta);
  impl_->Enter(now);
}
MaskingReport MaskingPool::Report() const { return impl_->Report(); }
MaskingStats MaskingPool::stats() const { return impl_->stats(); }
void MaskingPool::Save(std::string* out) const { impl_->Save(out); }
absl::Status MaskingPool::CheckInvariants() const {
  return impl_->CheckInvariants();
}

}  // namespace callrouter
