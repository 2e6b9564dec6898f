#include "callrouter/pacer.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "exact_math.h"
#include "pacer_impl.h"

namespace callrouter {
namespace {

int64_t Clamp(absl::Time time) {
  if (time >= absl::FromUnixMicros(INT64_MAX / 4)) return INT64_MAX;
  return std::max(absl::ToUnixMicros(time), INT64_MIN / 4);
}

// Within 300 years either way.
int64_t ClampDuration(absl::Duration d) {
  constexpr int64_t kMost = int64_t{300} * 366 * 86'400 * 1'000'000;
  return std::min(kMost, std::max(-kMost, absl::ToInt64Microseconds(d)));
}

absl::Status NoAgent(int32_t agent) {
  return absl::InvalidArgumentError("agent " + std::to_string(agent) +
                                    " is not below agents_max");
}

absl::Status NoCampaign(int32_t campaign) {
  return absl::InvalidArgumentError("campaign " + std::to_string(campaign) +
                                    " does not exist");
}

absl::Status NoCarrier(int32_t carrier) {
  return absl::InvalidArgumentError("carrier " + std::to_string(carrier) +
                                    " does not exist");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Pacer>> Pacer::Create(PacerOptions options,
                                                     absl::Time now) {
  std::string text;
  for (const Fault& fault : FindFaults(options)) {
    text += (text.empty() ? "" : "; ") + ToString(fault);
  }
  if (!text.empty()) return absl::InvalidArgumentError(text);
  return std::unique_ptr<Pacer>(
      new Pacer(std::make_unique<PacerImpl>(std::move(options), Clamp(now))));
}

Pacer::Pacer(std::unique_ptr<PacerImpl> impl) : impl_(std::move(impl)) {}
Pacer::~Pacer() = default;

absl::Status Pacer::SetAgent(int32_t agent, DialAgent state, absl::Time now) {
  if (agent < 0 || agent >= impl_->options_.agents_max) {
    return NoAgent(agent);
  }
  if (state > DialAgent::kLast) {
    return absl::InvalidArgumentError("no such state of an agent");
  }
  if (state == DialAgent::kPreview) {
    return absl::InvalidArgumentError("BeginPreview begins a preview");
  }
  impl_->Advance(impl_->Internal(now));
  return impl_->SetAgent(agent, state);
}

absl::Status Pacer::SetFinishing(int32_t agent, absl::Duration within,
                                 absl::Time now) {
  if (agent < 0 || agent >= impl_->options_.agents_max) {
    return NoAgent(agent);
  }
  if (within < absl::Seconds(1) || within > absl::Minutes(1)) {
    return absl::InvalidArgumentError("within " + absl::FormatDuration(within) +
                                      ": expected 1 s to 60 s");
  }
  impl_->Advance(impl_->Internal(now));
  return impl_->SetFinishing(agent, absl::ToInt64Microseconds(within));
}

absl::Status Pacer::BeginPreview(int32_t campaign, int32_t agent,
                                 absl::Time now) {
  const auto c = static_cast<std::size_t>(campaign);
  if (campaign < 0 || c >= impl_->campaigns_.size()) {
    return NoCampaign(campaign);
  }
  if (agent < 0 || agent >= impl_->options_.agents_max) {
    return NoAgent(agent);
  }
  impl_->Advance(impl_->Internal(now));
  return impl_->BeginPreview(static_cast<uint32_t>(c), agent);
}

absl::Status Pacer::ExpectInbound(double per_hour, int32_t waiting,
                                  absl::Time now) {
  // Also refuses what is no number.
  if (!(per_hour >= 0 && per_hour <= 1e6)) {
    return absl::InvalidArgumentError("per_hour " + std::to_string(per_hour) +
                                      ": expected 0 to 1000000");
  }
  if (waiting < 0 || waiting > impl_->options_.agents_max) {
    return absl::InvalidArgumentError("waiting " + std::to_string(waiting) +
                                      ": expected 0 to agents_max");
  }
  impl_->Advance(impl_->Internal(now));
  impl_->ExpectInbound(per_hour / 3600, waiting);
  return absl::OkStatus();
}

absl::StatusOr<LineId> Pacer::Dialled(const LineFeatures& features,
                                      absl::Time now) {
  if (features.campaign >= impl_->campaigns_.size()) {
    return NoCampaign(features.campaign);
  }
  const std::size_t carriers = impl_->carriers_.size();
  if (features.carrier >= std::max<std::size_t>(1, carriers)) {
    return NoCarrier(features.carrier);
  }
  impl_->Advance(impl_->Internal(now));
  return impl_->Dialled(features);
}

absl::Status Pacer::Report(LineId line, LineEvent event, absl::Time now) {
  if (event > LineEvent::kWasMachine) {
    return absl::InvalidArgumentError("no such event of a line");
  }
  impl_->Advance(impl_->Internal(now));
  return impl_->Report(line, event);
}

absl::Status Pacer::Bridged(LineId line, int32_t agent, absl::Time now) {
  if (agent < 0 || agent >= impl_->options_.agents_max) {
    return NoAgent(agent);
  }
  impl_->Advance(impl_->Internal(now));
  return impl_->Bridged(line, agent);
}

absl::Status Pacer::SetRunning(int32_t campaign, bool running, absl::Time now) {
  const auto c = static_cast<std::size_t>(campaign);
  if (campaign < 0 || c >= impl_->campaigns_.size()) {
    return NoCampaign(campaign);
  }
  impl_->Advance(impl_->Internal(now));
  impl_->campaigns_[c].running = running;
  return absl::OkStatus();
}

void Pacer::SetPlanEnd(absl::Time end, absl::Time now) {
  impl_->Advance(impl_->Internal(now));
  const int64_t us = Clamp(end);
  impl_->plan_end_ = us == INT64_MAX ? us : us - impl_->shift_;
}

absl::Status Pacer::Sampled(int32_t campaign, int32_t persons, int32_t samples,
                            absl::Time now) {
  const auto c = static_cast<std::size_t>(campaign);
  if (campaign < 0 || c >= impl_->campaigns_.size()) {
    return NoCampaign(campaign);
  }
  if (samples < 1 || persons < 0 || persons > samples) {
    return absl::InvalidArgumentError(
        "expected samples of 1 or more, and persons of 0 to samples");
  }
  impl_->Advance(impl_->Internal(now));
  // Wilson's upper bound at 95 %, one-sided.
  constexpr double kZ = 1.6448536269514722;
  const double n = samples;
  const double share = persons / n;
  const double centre = share + kZ * kZ / (2 * n);
  const double spread =
      kZ * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n));
  impl_->campaigns_[c].false_share =
      std::min(1.0, (centre + spread) / (1 + kZ * kZ / n));
  return absl::OkStatus();
}

void Pacer::SetWallClock(absl::Duration offset, absl::Time now) {
  impl_->Advance(impl_->Internal(now));
  impl_->offset_ = ClampDuration(offset);
}

void Pacer::RebaseClock(absl::Duration delta, absl::Time now) {
  impl_->shift_ = ClampDuration(absl::Microseconds(impl_->shift_) +
                                ClampDuration(delta) * absl::Microseconds(1));
  impl_->Advance(impl_->Internal(now));
}

void Pacer::Plan(absl::Time now, std::vector<PacingOrder>* orders) {
  Advance(now);
  impl_->Plan(orders);
}

absl::Time Pacer::next_deadline() const {
  int64_t next = std::min(impl_->next_plan_, impl_->timers_.next_due());
  if (impl_->untold_.size() > 0) next = std::min(next, impl_->now_);
  if (next == INT64_MAX) return absl::InfiniteFuture();
  return absl::FromUnixMicros(next + impl_->shift_);
}

void Pacer::Advance(absl::Time now) {
  impl_->Advance(impl_->Internal(now));
  impl_->Fire();
}

void Pacer::Advance(absl::Time now, std::vector<LineOrder>* orders) {
  Advance(now);
  impl_->Tell(orders);
}

void Pacer::TakeRecords(std::vector<LineRecord>* records) {
  records->insert(records->end(), impl_->records_.begin(),
                  impl_->records_.end());
  impl_->records_.clear();
}

absl::StatusOr<absl::Duration> Pacer::BestRingTimeout(
    int32_t campaign, absl::Duration floor, absl::Duration overhead) const {
  const auto at = static_cast<std::size_t>(campaign);
  if (campaign < 0 || at >= impl_->campaigns_.size()) {
    return NoCampaign(campaign);
  }
  const CampaignState& c = impl_->campaigns_[at];
  return absl::Seconds(c.ring.BestTimeout(
      impl_->rates_.Base(static_cast<uint32_t>(campaign)),
      absl::ToDoubleSeconds(overhead), absl::ToDoubleSeconds(floor),
      absl::ToDoubleSeconds(c.rules.ring_timeout)));
}

absl::StatusOr<PacerStats> Pacer::Stats(int32_t campaign) const {
  const auto at = static_cast<std::size_t>(campaign);
  if (campaign < 0 || at >= impl_->campaigns_.size()) {
    return NoCampaign(campaign);
  }
  const CampaignState& c = impl_->campaigns_[at];
  PacerStats stats = c.stats;
  if (stats.bridged > 0) {
    stats.missed_machine_share = static_cast<double>(stats.machines_bridged) /
                                 static_cast<double>(stats.bridged);
  }
  stats.false_machine_share = c.false_share;
  stats.answered = impl_->rates_.Base(static_cast<uint32_t>(campaign));
  stats.alarms = impl_->rates_.alarms(static_cast<uint32_t>(campaign));
  stats.price_limit = Exponential(c.log_price);
  stats.dispersion = c.ledger.dispersion();
  stats.service_seconds = impl_->service_.mean();
  return stats;
}

absl::StatusOr<std::vector<WindowCount>> Pacer::Windows(
    int32_t campaign) const {
  const auto at = static_cast<std::size_t>(campaign);
  if (campaign < -1 || (campaign >= 0 && at >= impl_->campaigns_.size())) {
    return NoCampaign(campaign);
  }
  const DropLedger& ledger =
      campaign < 0 ? impl_->centre_ : impl_->campaigns_[at].ledger;
  std::vector<WindowCount> windows;
  for (std::size_t i = 0; i < ledger.size(); ++i) {
    const DropLedger::Count count = ledger.count(i);
    const int64_t end = ledger.end(i);
    windows.push_back({count.answers, count.drops,
                       end == INT64_MAX
                           ? absl::InfiniteFuture()
                           : absl::FromUnixMicros(end + impl_->shift_)});
  }
  return windows;
}

int32_t Pacer::ready() const {
  return impl_->agent_counts_[static_cast<std::size_t>(DialAgent::kReady)];
}

int32_t Pacer::lines() const { return impl_->in_flight_ + impl_->leaving_; }

absl::StatusOr<int32_t> Pacer::CarrierRoom(int32_t carrier) const {
  const auto at = static_cast<std::size_t>(carrier);
  if (carrier < 0 || at >= impl_->carriers_.size()) return NoCarrier(carrier);
  const PacerImpl::CarrierRooms rooms = impl_->RoomsOf(at);
  return std::min(rooms.lines, rooms.starts);
}

std::string_view Name(DialAgent state) {
  switch (state) {
    case DialAgent::kAway:
      return "away";
    case DialAgent::kReady:
      return "ready";
    case DialAgent::kBusy:
      return "busy";
    case DialAgent::kLast:
      return "last call";
    case DialAgent::kPreview:
      return "previewing";
  }
  return "unknown";
}

std::string_view Name(PacingLimit limit) {
  switch (limit) {
    case PacingLimit::kPrice:
      return "too likely dropped";
    case PacingLimit::kBudget:
      return "window could end above its cap";
    case PacingLimit::kStrict:
      return "strict cap";
    case PacingLimit::kOnePerAgent:
      return "as many as the mode permits";
    case PacingLimit::kNoAgent:
      return "no agent is or will be free";
    case PacingLimit::kLines:
      return "lines in use";
    case PacingLimit::kRate:
      return "starts a second";
    case PacingLimit::kNotRunning:
      return "not running";
    case PacingLimit::kByHand:
      return "agents dial by hand";
    case PacingLimit::kBatch:
      return "more after these";
    case PacingLimit::kRecords:
      return "records to be taken";
    case PacingLimit::kCarrierLines:
      return "lines of the carriers in use";
    case PacingLimit::kCarrierRate:
      return "starts a second of the carriers";
  }
  return "unknown";
}

}  // namespace callrouter
