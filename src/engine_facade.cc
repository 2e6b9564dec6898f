// The public face: callrouter::Engine over EngineImpl.

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "callrouter/engine.h"
#include "callrouter/outbound.h"
#include "engine_impl.h"

namespace callrouter {

struct Engine::Prepared::Data {
  CompiledConfiguration compiled;
  bool used = false;
};

Engine::Prepared::Prepared(std::unique_ptr<Data> data)
    : data_(std::move(data)) {}
Engine::Prepared::~Prepared() = default;
Engine::Prepared::Prepared(Prepared&&) noexcept = default;
Engine::Prepared& Engine::Prepared::operator=(Prepared&&) noexcept = default;

namespace {

void NeedRange(const char* field, int64_t found, int64_t least, int64_t most,
               std::vector<std::string>* faults) {
  if (found >= least && found <= most) return;
  faults->push_back(absl::StrCat(field, ": found ", found, ", expected ", least,
                                 " to ", most));
}

void NeedTime(const char* field, absl::Duration found, absl::Duration least,
              absl::Duration most, std::vector<std::string>* faults) {
  if (found >= least && found <= most) return;
  faults->push_back(absl::StrCat(field, ": found ", absl::FormatDuration(found),
                                 ", expected ", absl::FormatDuration(least),
                                 " to ", absl::FormatDuration(most)));
}

int64_t HostMicros(absl::Time now) {
  constexpr int64_t kMax = int64_t{1} << 60;
  const int64_t us = absl::ToUnixMicros(now);
  return us < -kMax ? -kMax : us > kMax ? kMax : us;
}

}  // namespace

std::vector<std::string> FindFaults(const EngineOptions& o) {
  std::vector<std::string> faults;
  NeedRange("moves_max", o.moves_max, 1, 1000, &faults);
  const absl::Duration us = absl::Microseconds(1);
  NeedTime("connect_timeout", o.connect_timeout, us, absl::Hours(1), &faults);
  NeedTime("audit_after", o.audit_after, absl::Seconds(1), absl::Hours(720),
           &faults);
  NeedTime("audit_reply", o.audit_reply, absl::Seconds(1), absl::Hours(24),
           &faults);
  NeedTime("stall_max", o.stall_max, absl::ZeroDuration(), absl::Hours(1),
           &faults);
  NeedTime("stall_grace", o.stall_grace, us, absl::Hours(1), &faults);
  NeedTime("tombstone_keep", o.tombstone_keep, absl::ZeroDuration(),
           absl::Hours(24), &faults);
  NeedRange("calls_max", o.calls_max, 1, 10'000'000, &faults);
  NeedRange("agents_max", o.agents_max, 1, 10'000'000, &faults);
  NeedRange("queues_max", o.queues_max, 1, 65'534, &faults);
  NeedRange("queues_per_call_max", o.queues_per_call_max, 1, 4, &faults);
  NeedRange("offers_per_call_max", o.offers_per_call_max, 1, 64, &faults);
  NeedRange("skills_max", o.skills_max, 1, 1'000'000, &faults);
  NeedRange("attributes_max", o.attributes_max, 1, 1'000'000, &faults);
  NeedRange("texts_max", o.texts_max, 1, 100'000'000, &faults);
  NeedRange("requirements_max", o.requirements_max, 1, 10'000'000, &faults);
  NeedRange("lanes_max", o.lanes_max, 1, 65'535, &faults);
  NeedRange("tombstones_max", o.tombstones_max, 0, 10'000'000, &faults);
  NeedRange("exclusions_per_call_max", o.exclusions_per_call_max, 1, 64,
            &faults);
  NeedRange("groups_max", o.groups_max, 0, 1'000'000, &faults);
  NeedRange("residual_scan_max", o.residual_scan_max, 16, 1'000'000, &faults);
  return faults;
}

std::size_t MemoryBound(const EngineOptions& o) {
  const std::size_t calls = static_cast<std::size_t>(o.calls_max);
  const std::size_t agents = static_cast<std::size_t>(o.agents_max);
  const std::size_t lanes = static_cast<std::size_t>(o.lanes_max);
  const std::size_t queues_per_call =
      static_cast<std::size_t>(o.queues_per_call_max);
  // Runs of an ordered index are at least half full except the last.
  const std::size_t entry = 2 * sizeof(OrderedIndex::Entry);
  const std::size_t timer = 2 * 24 + 12;
  const std::size_t per_call =
      sizeof(Call) + sizeof(Matcher::Ticket) + 24 /* reference */ +
      queues_per_call * entry + 4 * timer +
      static_cast<std::size_t>(o.exclusions_per_call_max) * (16 + timer);
  const std::size_t per_agent = sizeof(Agent) + sizeof(Matcher::Seat) + 24 +
                                3 * timer + kMediaMax * sizeof(Offer) +
                                kMediaMax * 6 * entry + lanes / 8 + 512;
  const std::size_t per_lane = 1024 + agents / 8 + agents * entry / 8;
  return calls * per_call + agents * per_agent + lanes * per_lane +
         static_cast<std::size_t>(o.tombstones_max) * (sizeof(Tombstone) + 24) +
         static_cast<std::size_t>(o.requirements_max) * 512 +
         static_cast<std::size_t>(o.texts_max) * 64 +
         static_cast<std::size_t>(o.queues_max) *
             (sizeof(Queue) + Histogram::kBuckets * 8);
}

Engine::Engine(std::unique_ptr<EngineImpl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

absl::StatusOr<std::unique_ptr<Engine>> Engine::Create(
    const EngineOptions& options, const Configuration& configuration,
    absl::Time now) {
  absl::StatusOr<Prepared> prepared = Prepare(options, configuration);
  if (!prepared.ok()) return prepared.status();
  auto impl = std::make_unique<EngineImpl>(options, HostMicros(now));
  const absl::Status status = impl->Configure(&prepared->data_->compiled);
  if (!status.ok()) return status;
  if (options.reserve_memory) impl->ReserveMemory();
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

absl::StatusOr<std::unique_ptr<Engine>> Engine::Create(
    const EngineOptions& options, const Configuration& configuration,
    const OutboundSetup& setup, absl::Time now) {
  absl::StatusOr<std::unique_ptr<Engine>> engine =
      Create(options, configuration, now);
  if (!engine.ok()) return engine;
  const absl::Status status = (*engine)->impl_->SetUp(setup);
  if (!status.ok()) return status;
  (*engine)->outbound_.reset(new Outbound((*engine)->impl_.get()));
  return engine;
}

absl::StatusOr<Engine::Prepared> Engine::Prepare(
    const EngineOptions& options, const Configuration& configuration) {
  const std::vector<std::string> faults = callrouter::FindFaults(options);
  if (!faults.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("options: ", absl::StrJoin(faults, "; ")));
  }
  absl::StatusOr<CompiledConfiguration> compiled =
      CompileConfiguration(configuration);
  if (!compiled.ok()) return compiled.status();
  auto data = std::make_unique<Prepared::Data>();
  data->compiled = *std::move(compiled);
  return Prepared(std::move(data));
}

absl::Status Engine::Apply(Prepared&& prepared, absl::Time now,
                           Decisions* out) {
  if (prepared.data_ == nullptr) {
    return absl::InvalidArgumentError("prepared: was moved from");
  }
  if (prepared.data_->used) {
    return absl::InvalidArgumentError("prepared: was applied already");
  }
  absl::Status status = impl_->Apply(&prepared.data_->compiled, now, out);
  prepared.data_->used = status.ok();
  return status;
}

absl::Status Engine::Handle(const Event& event, absl::Time now,
                            Decisions* out) {
  return impl_->Handle(event, now, out);
}
void Engine::Advance(absl::Time now, Decisions* out) {
  impl_->Advance(now, out);
}
absl::Time Engine::next_deadline() const { return impl_->next_deadline(); }
QueueId Engine::FindQueue(std::string_view name) const {
  return impl_->FindQueue(name);
}
std::string_view Engine::QueueName(QueueId queue) const {
  return impl_->QueueName(queue);
}
AgentId Engine::FindAgent(uint64_t ref) const { return impl_->FindAgent(ref); }
CallId Engine::FindCall(uint64_t ref) const { return impl_->FindCall(ref); }
CallView Engine::View(CallId call) const { return impl_->View(call); }
AgentView Engine::View(AgentId agent) const { return impl_->View(agent); }
std::vector<CallId> Engine::Calls() const { return impl_->Calls(); }
std::vector<AgentId> Engine::Agents() const { return impl_->Agents(); }
const EngineOptions& Engine::options() const { return impl_->options(); }
void Engine::CopyStatistics(Statistics* out) const {
  impl_->CopyStatistics(out);
}
void Engine::Save(std::string* out) const { impl_->Save(out); }

absl::StatusOr<std::unique_ptr<Engine>> Engine::Load(
    const EngineOptions& options, std::string_view saved) {
  const std::vector<std::string> faults = callrouter::FindFaults(options);
  if (!faults.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("options: ", absl::StrJoin(faults, "; ")));
  }
  auto impl = std::make_unique<EngineImpl>(options, 0);
  const absl::Status status = impl->Load(saved, nullptr);
  if (!status.ok()) return status;
  if (options.reserve_memory) impl->ReserveMemory();
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

absl::StatusOr<std::unique_ptr<Engine>> Engine::Load(
    const EngineOptions& options, const OutboundSetup& setup,
    std::string_view saved) {
  const std::vector<std::string> faults = callrouter::FindFaults(options);
  if (!faults.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("options: ", absl::StrJoin(faults, "; ")));
  }
  auto impl = std::make_unique<EngineImpl>(options, 0);
  const absl::Status status = impl->Load(saved, &setup);
  if (!status.ok()) return status;
  if (options.reserve_memory) impl->ReserveMemory();
  auto engine = std::unique_ptr<Engine>(new Engine(std::move(impl)));
  engine->outbound_.reset(new Outbound(engine->impl_.get()));
  return engine;
}

absl::Status Engine::CheckInvariants() const {
  return impl_->CheckInvariants();
}

}  // namespace callrouter
