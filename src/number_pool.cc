#include "callrouter/number_pool.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "number_pool_impl.h"

namespace callrouter {

std::vector<Fault> FindFaults(const NumberPoolOptions& options) {
  std::vector<Fault> faults;
  const auto range = [&](const char* field, int64_t found, int64_t high) {
    if (found >= 1 && found <= high) return;
    faults.push_back(
        {field, std::to_string(found), "1 to " + std::to_string(high)});
  };
  range("numbers_max", options.numbers_max, 4'000'000);
  range("attempts_max", options.attempts_max, 10'000'000);
  range("callees_max", options.callees_max, 100'000'000);
  range("carrier_uses_max", options.carrier_uses_max, 100'000'000);
  range("charts_max", options.charts_max, 100'000'000);
  range("rates_max", options.rates_max, 10'000'000);
  range("changes_max", options.changes_max, 10'000'000);
  const absl::Duration timeout = options.reservation_timeout;
  if (timeout < absl::Microseconds(1) || timeout > absl::Hours(24)) {
    faults.push_back({"reservation_timeout", absl::FormatDuration(timeout),
                      "more than 0, up to 24h"});
  }
  const absl::Duration keep = options.attempt_keep;
  if (keep < absl::ZeroDuration() || keep > absl::Hours(24)) {
    faults.push_back({"attempt_keep", absl::FormatDuration(keep), "0 to 24h"});
  }
  return faults;
}

NumberPoolImpl::NumberPoolImpl(const NumberPoolOptions& options)
    : options_(options), random_(options.seed) {
  callees_.set_max(static_cast<std::size_t>(options.callees_max));
  rates_.set_max(static_cast<std::size_t>(options.rates_max));
  if (!options.reserve_memory) return;
  slots_.Reserve(static_cast<std::size_t>(options.numbers_max));
  callees_.Reserve(static_cast<std::size_t>(options.callees_max));
  carrier_uses_.Reserve(static_cast<std::size_t>(options.carrier_uses_max));
  charts_.Reserve(static_cast<std::size_t>(options.charts_max));
  rates_.Reserve(static_cast<std::size_t>(options.rates_max));
  changes_.reserve(static_cast<std::size_t>(options.changes_max));
  attempts_.Reserve(static_cast<std::size_t>(options.attempts_max));
  over_.Reserve(static_cast<std::size_t>(options.attempts_max));
  lapses_.Reserve(2 * static_cast<std::size_t>(options.attempts_max) + 64);
}

NumberPool::NumberPool(std::unique_ptr<NumberPoolImpl> impl)
    : impl_(std::move(impl)) {}
NumberPool::~NumberPool() = default;

absl::StatusOr<std::unique_ptr<NumberPool>> NumberPool::Create(
    const NumberPoolOptions& options, const NumberRules& rules,
    absl::Time now) {
  std::string text;
  for (const Fault& fault : FindFaults(options)) text += ToString(fault) + "; ";
  for (const Fault& fault : FindFaults(rules)) text += ToString(fault) + "; ";
  if (!text.empty()) {
    text.resize(text.size() - 2);
    return absl::InvalidArgumentError(text);
  }
  auto impl = std::make_unique<NumberPoolImpl>(options);
  const absl::Status status = impl->SetRules(rules);
  if (!status.ok()) return status;
  impl->Enter(now);
  return std::unique_ptr<NumberPool>(new NumberPool(std::move(impl)));
}

absl::StatusOr<std::unique_ptr<NumberPool>> NumberPool::Load(
    const NumberPoolOptions& options, std::string_view saved) {
  for (const Fault& fault : FindFaults(options)) {
    return absl::InvalidArgumentError(ToString(fault));
  }
  auto impl = std::make_unique<NumberPoolImpl>(options);
  const absl::Status status = impl->Load(saved);
  if (!status.ok()) return status;
  return std::unique_ptr<NumberPool>(new NumberPool(std::move(impl)));
}

void NumberPool::Save(std::string* out) const { impl_->Save(out); }

absl::Status NumberPool::Apply(const NumberPatch& patch, absl::Time now) {
  impl_->Enter(now);
  return impl_->Apply(patch);
}

absl::Status NumberPool::SetRules(const NumberRules& rules, absl::Time now) {
  impl_->Enter(now);
  return impl_->SetRules(rules);
}

absl::Status NumberPool::SetState(NumberId number, NumberState state,
                                  absl::Time now) {
  impl_->Enter(now);
  return impl_->SetState(number, state);
}

absl::Status NumberPool::Verified(NumberId number, absl::Time now) {
  impl_->Enter(now);
  return impl_->Verified(number);
}

absl::Status NumberPool::Reserve(const NumberRequest& request, absl::Time now,
                                 NumberChoice* choice) {
  impl_->Enter(now);
  return impl_->Reserve(request, choice);
}

absl::Status NumberPool::Explain(const NumberRequest& request, absl::Time now,
                                 NumberExplanation* why) {
  impl_->Enter(now);
  return impl_->Explain(request, why);
}

absl::Status NumberPool::Commit(uint64_t attempt, absl::Time now) {
  impl_->Enter(now);
  return impl_->Settle(attempt, AttemptState::kCommitted);
}

absl::Status NumberPool::Cancel(uint64_t attempt, absl::Time now) {
  impl_->Enter(now);
  return impl_->Settle(attempt, AttemptState::kCancelled);
}

absl::Status NumberPool::Report(const NumberReport& report, absl::Time now) {
  impl_->Enter(now);
  return impl_->Report(report);
}

absl::Status NumberPool::Verdict(NumberId number, CarrierId carrier,
                                 NumberVerdict verdict, absl::Time now) {
  impl_->Enter(now);
  return impl_->Verdict(number, carrier, verdict);
}

void NumberPool::TakeChanges(std::vector<NumberStateChange>* changes) {
  impl_->TakeChanges(changes);
}

absl::StatusOr<NumberHealthView> NumberPool::Health(NumberId number,
                                                    CarrierId carrier) const {
  return impl_->Health(number, carrier);
}

absl::Status NumberPool::End(uint64_t attempt, absl::Time now) {
  impl_->Enter(now);
  return impl_->Settle(attempt, AttemptState::kEnded);
}

void NumberPool::Advance(absl::Time now) { impl_->Enter(now); }

absl::Time NumberPool::next_deadline() const {
  return impl_->HostTime(
      std::min(impl_->lapses_.next_due(), impl_->ends_.next_due()));
}

void NumberPool::RebaseClock(absl::Duration delta, absl::Time now) {
  impl_->Rebase(absl::ToInt64Microseconds(delta));
  impl_->Enter(now);
}

void NumberPool::SetWallClock(absl::Duration offset, absl::Time now) {
  impl_->Enter(now);
  impl_->SetCivil(absl::ToInt64Microseconds(offset));
}

CampaignId NumberPool::FindCampaign(std::string_view name) const {
  const uint32_t i = impl_->campaigns_.Find(name);
  return i == NumberNames::kNone || impl_->filters_.Campaign(i) == nullptr
             ? CampaignId()
             : CampaignId(i, 1);
}

TrunkId NumberPool::FindTrunk(std::string_view name) const {
  const uint32_t i = impl_->trunks_.Find(name);
  return i == NumberNames::kNone ? TrunkId() : TrunkId(i, 1);
}

CarrierId NumberPool::FindCarrier(std::string_view name) const {
  const uint32_t i = impl_->carriers_.Find(name);
  return i == NumberNames::kNone || impl_->carrier_bits_[i] >= 16
             ? CarrierId()
             : CarrierId(i, 1);
}

NumberId NumberPool::FindNumber(PhoneNumber number) const {
  return impl_->FindNumber(number.value());
}

absl::StatusOr<NumberView> NumberPool::View(NumberId number) const {
  return impl_->View(number);
}

std::string_view NumberPool::RegionName(uint32_t region) const {
  if (region >= impl_->geography_.regions()) return "";
  return impl_->geography_.name(region);
}

NumberPoolStats NumberPool::stats() const { return impl_->stats(); }

absl::Status NumberPool::CheckInvariants() const {
  return impl_->CheckInvariants();
}

}  // namespace callrouter
