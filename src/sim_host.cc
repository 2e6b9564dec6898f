#include "sim_host.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "callrouter/v1/report.pb.h"
#include "sim_agents.h"
#include "sim_trace.h"

namespace callrouter::sim {
namespace {

constexpr int64_t kHalfHourUs = int64_t{1800} * 1'000'000;
constexpr std::size_t kRefusedShown = 20;
constexpr uint32_t kStepsUnasked = 64;

// Limits far above what a scenario can need: here running out would only hide
// what is to be seen. Memory grows on demand.
EngineOptions Widened(EngineOptions options, const Scenario& scenario) {
  const Configuration& configuration = scenario.configuration;
  const auto raise = [](int32_t* limit, std::size_t at_least) {
    *limit = std::max(*limit, static_cast<int32_t>(at_least));
  };
  raise(&options.calls_max, 1'000'000);
  raise(&options.agents_max, configuration.agents.size());
  raise(&options.queues_max, configuration.queues.size());
  return options;
}

bool AnyWrapUp(const Configuration& configuration) {
  const auto some = [](absl::Duration d) {
    return d > absl::ZeroDuration() && d < absl::InfiniteDuration();
  };
  for (const QueueConfig& queue : configuration.queues) {
    if (some(queue.wrap_up)) return true;
  }
  for (const AgentConfig& agent : configuration.agents) {
    if (some(agent.wrap_up)) return true;
    for (const Membership& membership : agent.memberships) {
      if (some(membership.wrap_up)) return true;
    }
  }
  return false;
}

}  // namespace

Host::Kind::Kind(const Arrivals& arrivals, uint64_t seed, uint32_t index)
    : source(&arrivals),
      patience(arrivals.patience),
      handle_time(arrivals.handle_time),
      later(arrivals.later ? *arrivals.later : Law::Never()),
      arrival(seed, Purpose::kArrival, index),
      patience_stream(seed, Purpose::kPatience, index),
      handle_stream(seed, Purpose::kHandleTime, index),
      later_stream(seed, Purpose::kLater, index) {}

Host::Manner::Manner(const Behaviour& behaviour, uint64_t seed, uint32_t index)
    : no_answer_probability(behaviour.no_answer_probability),
      answer_after(behaviour.answer_after),
      return_after(behaviour.return_after),
      answer_stream(seed, Purpose::kAnswer, index),
      no_answer_stream(seed, Purpose::kNoAnswer, index),
      return_stream(seed, Purpose::kReturn, index) {}

Host::Host(const Scenario& scenario, const SimulateOptions& options)
    : scenario_(scenario),
      options_(options),
      books_(scenario),
      horizon_us_(absl::ToInt64Microseconds(scenario.horizon)),
      wraps_up_(AnyWrapUp(scenario.configuration)) {}

Host::~Host() = default;

absl::Status Host::Run(v1::Report* report) {
  if (absl::Status status = Start(); !status.ok()) return status;
  Schedule();
  Loop();
  if (stopped_) return absl::CancelledError("the simulation was stopped");
  Finish(report);
  return absl::OkStatus();
}

absl::Status Host::Start() {
  Configuration configuration = scenario_.configuration;
  if (options_.on_arrival) LetPolicyName(&configuration);
  EngineOptions engine_options = Widened(options_.engine, scenario_);
  engine_options.seed = scenario_.seed;
  auto engine = Engine::Create(engine_options, configuration, Now());
  if (!engine.ok()) return engine.status();
  engine_ = *std::move(engine);
  if (scenario_.trace_lines > 0) {
    trace_ = std::make_unique<Trace>(scenario_, *engine_);
  }
  for (std::size_t q = 0; q < configuration.queues.size(); ++q) {
    const QueueId id = engine_->FindQueue(configuration.queues[q].name);
    queue_ids_.push_back(id);
    if (queue_of_slot_.size() <= id.slot())
      queue_of_slot_.resize(id.slot() + 1);
    queue_of_slot_[id.slot()] = static_cast<int32_t>(q);
  }
  for (std::size_t a = 0; a < configuration.agents.size(); ++a) {
    const AgentId id = engine_->FindAgent(configuration.agents[a].ref);
    agents_.emplace_back().id = id;
    if (agent_of_slot_.size() <= id.slot()) {
      agent_of_slot_.resize(id.slot() + 1, -1);
    }
    agent_of_slot_[id.slot()] = static_cast<int32_t>(a);
  }
  if (options_.on_arrival) FindServing();
  // The host's clock counts from its own start; civil time is told apart.
  Event clock = Event::Of(EventKind::kWallClock);
  clock.duration = scenario_.start - Now();
  Send(clock);
  return absl::OkStatus();
}

void Host::Schedule() {
  const Configuration& configuration = scenario_.configuration;
  MakeManners();
  ScheduleShifts();
  uint32_t index = 0;
  for (const Arrivals& arrivals : scenario_.arrivals) {
    Kind& kind = kinds_.emplace_back(arrivals, scenario_.seed, index);
    for (std::size_t q = 0; q < configuration.queues.size(); ++q) {
      if (configuration.queues[q].name == arrivals.queue) {
        kind.queue = static_cast<int32_t>(q);
      }
    }
    for (const absl::Duration at : arrivals.at) {
      heap_.Push(absl::ToInt64Microseconds(at), Act::kBurstCall, index);
    }
    for (const Burst& burst : arrivals.bursts) {
      const double within = absl::ToDoubleMicroseconds(burst.within);
      for (int32_t i = 0; i < burst.calls; ++i) {
        const auto offset =
            static_cast<int64_t>(kind.arrival.Uniform() * within);
        heap_.Push(absl::ToInt64Microseconds(burst.from) + offset,
                   Act::kBurstCall, index);
      }
    }
    ScheduleNext(index++);
  }
  for (const Outside& outside : scenario_.outside) {
    outside_.push_back({&outside, Draw(outside.answer_after),
                        Stream(scenario_.seed, Purpose::kOutside,
                               static_cast<uint32_t>(outside_.size()))});
  }
  if (scenario_.handle_factors.empty()) return;
  const std::size_t agents = configuration.agents.size();
  factors_.assign(configuration.queues.size() * agents, 1.0);
  for (const HandleFactor& factor : scenario_.handle_factors) {
    for (const int agent : AgentsMeeting(configuration, factor.agents)) {
      for (std::size_t q = 0; q < configuration.queues.size(); ++q) {
        if (factor.queue.empty() ||
            factor.queue == configuration.queues[q].name) {
          factors_[q * agents + static_cast<std::size_t>(agent)] *=
              factor.factor;
        }
      }
    }
  }
}

void Host::MakeManners() {
  manners_.emplace_back(Behaviour(), scenario_.seed, 0);
  for (const Behaviour& behaviour : scenario_.behaviours) {
    const auto index = static_cast<uint32_t>(manners_.size());
    manners_.emplace_back(behaviour, scenario_.seed, index);
    for (const int agent :
         AgentsMeeting(scenario_.configuration, behaviour.agents)) {
      agents_[static_cast<std::size_t>(agent)].manner = index;
    }
  }
}

void Host::ScheduleShifts() {
  const Configuration& configuration = scenario_.configuration;
  const auto add = [this](int agent, absl::Duration from, absl::Duration to) {
    const auto subject = static_cast<uint32_t>(agent);
    const int64_t from_us = absl::ToInt64Microseconds(from);
    heap_.Push(from_us, Act::kLogin, subject);
    if (to >= scenario_.horizon) return;
    heap_.Push(std::max(from_us, absl::ToInt64Microseconds(to)), Act::kLogout,
               subject);
  };
  if (scenario_.shifts.empty()) {
    for (std::size_t i = 0; i < configuration.agents.size(); ++i) {
      add(static_cast<int>(i), absl::ZeroDuration(), scenario_.horizon);
    }
  }
  for (const Shift& shift : scenario_.shifts) {
    int32_t place = 0;
    for (const int agent : AgentsMeeting(configuration, shift.agents)) {
      const std::string& name =
          configuration.agents[static_cast<std::size_t>(agent)].name;
      if (!shift.names.empty() &&
          std::find(shift.names.begin(), shift.names.end(), name) ==
              shift.names.end()) {
        continue;
      }
      const int32_t i = place++ - shift.skip;
      if (i < 0 || (shift.count > 0 && i >= shift.count)) continue;
      add(agent, shift.from, shift.to);
    }
  }
}

void Host::ScheduleNext(uint32_t kind) {
  const int64_t at = NextArrival(&kinds_[kind]);
  if (at < horizon_us_) heap_.Push(at, Act::kArrive, kind);
}

// A Poisson process with piecewise constant rate: unit exponential steps along
// the expected number of calls, turned into time.
int64_t Host::NextArrival(Kind* kind) {
  const Arrivals& arrivals = *kind->source;
  if (arrivals.per_half_hour.empty()) return horizon_us_;
  kind->clock_calls += kind->arrival.UnitExponential();
  for (;;) {
    const int64_t begin_us =
        static_cast<int64_t>(kind->half_hour) * kHalfHourUs;
    if (begin_us >= horizon_us_) return horizon_us_;
    std::size_t i = kind->half_hour;
    if (i >= arrivals.per_half_hour.size()) {
      if (!arrivals.goes_on) return horizon_us_;
      i = arrivals.per_half_hour.size() - 1;
      if (arrivals.per_half_hour[i] <= 0) return horizon_us_;
    }
    const double rate = arrivals.per_half_hour[i];
    if (kind->clock_calls < rate) {
      return begin_us + static_cast<int64_t>(kind->clock_calls / rate *
                                             static_cast<double>(kHalfHourUs));
    }
    kind->clock_calls -= rate;
    ++kind->half_hour;
  }
}

void Host::Loop() {
  for (uint32_t step = 0; !stopped_; ++step) {
    if (options_.progress && step % kStepsUnasked == 0) {
      stopped_ = !options_.progress(static_cast<double>(now_us_) /
                                    static_cast<double>(horizon_us_));
      if (stopped_) break;
    }
    const int64_t next = heap_.empty() ? Draw::kNever : heap_.top().at_us;
    const absl::Time deadline = engine_->next_deadline();
    if (deadline <= absl::FromUnixMicros(std::min(next, horizon_us_))) {
      now_us_ = std::max(now_us_, absl::ToUnixMicros(deadline));
      if (now_us_ >= horizon_us_) break;
      engine_->Advance(Now(), &decisions_);
      CarryOut();
      continue;
    }
    if (next >= horizon_us_) break;
    now_us_ = next;
    Do(heap_.Pop());
    CarryOut();
  }
  now_us_ = horizon_us_;
}

void Host::Do(const Todo& todo) {
  switch (todo.act) {
    case Act::kArrive:
      Arrive(todo.subject);
      ScheduleNext(todo.subject);
      break;
    case Act::kBurstCall:
      Arrive(todo.subject);
      break;
    case Act::kGiveUp:
      if (Call* call = CallOf(todo)) GiveUp(call);
      break;
    case Act::kHangUp:
      if (Call* call = CallOf(todo)) TalkOver(call);
      break;
    case Act::kLater:
      if (Call* call = CallOf(todo)) ChangeRequirement(call);
      break;
    case Act::kOutsideEnd:
      if (Call* call = CallOf(todo)) OutsideAnswers(call);
      break;
    case Act::kAnswer:
      Answer(todo);
      break;
    case Act::kLogin:
      LogIn(todo.subject);
      break;
    case Act::kLogout:
      LogOut(todo.subject);
      break;
    case Act::kReturn:
      ComeBack(todo);
      break;
  }
}

void Host::Send(const Event& event) {
  ++events_;
  const absl::Status status = engine_->Handle(event, Now(), &decisions_);
  if (status.ok()) return;
  if (refused_.size() >= kRefusedShown) {
    ++refused_more_;
    return;
  }
  const std::string_view name = EventKindName(event.kind);
  refused_.push_back(absl::StrCat(
      "engine refused ", absl::string_view(name.data(), name.size()), " at ",
      absl::FormatDuration(absl::Microseconds(now_us_)), ": ",
      status.ToString()));
}

void Host::Arrive(uint32_t index) {
  Kind& kind = kinds_[index];
  const Arrivals& arrivals = *kind.source;
  uint32_t slot = static_cast<uint32_t>(calls_.size());
  if (free_calls_.empty()) {
    calls_.emplace_back();
  } else {
    slot = free_calls_.back();
    free_calls_.pop_back();
  }
  Call& call = calls_[slot];
  call.state = State::kWaiting;
  call.number = ++calls_so_far_;
  call.kind = static_cast<int32_t>(index);
  call.home = kind.queue;
  call.agent = -1;
  call.arrived_us = now_us_;
  call.outside = 0;
  // Drawn now, whatever becomes of the call: common random numbers.
  const int64_t patience = kind.patience(&kind.patience_stream);
  call.handle_us = kind.handle_time(&kind.handle_stream);
  if (patience < Draw::kNever) {
    heap_.Push(now_us_ + patience, Act::kGiveUp, slot, call.generation);
  }
  if (arrivals.later) {
    const int64_t later = kind.later(&kind.later_stream);
    if (later < Draw::kNever) {
      heap_.Push(now_us_ + later, Act::kLater, slot, call.generation);
    }
  }
  books_.Offered(call.home, now_us_);
  if (trace_) {
    trace_->Event(now_us_, call.number,
                  absl::StrCat("comes for ", arrivals.queue));
  }
  Event event = Event::CallArrived(
      RefOf(call), queue_ids_[static_cast<std::size_t>(call.home)]);
  event.priority = arrivals.priority;
  event.duration = arrivals.age;
  event.text = arrivals.requirement;
  if (options_.on_arrival) AskPolicy(call, &event);
  const uint64_t refused = refused_.size() + refused_more_;
  Send(event);
  if (refused_.size() + refused_more_ != refused) Leave(&call, Outcome::kLost);
}

void Host::GiveUp(Call* call) {
  if (call->state != State::kWaiting) return;
  if (trace_) trace_->Event(now_us_, call->number, "gives up");
  Event event = Event::ForCallRef(EventKind::kCallEnded, RefOf(*call));
  event.cause = Cause::kAbandoned;
  Leave(call, Outcome::kAbandoned);
  Send(event);
}

void Host::TalkOver(Call* call) {
  if (call->state != State::kTalking) return;
  if (trace_) trace_->Event(now_us_, call->number, "ends");
  const int agent = call->agent;
  const AgentId id = agents_[static_cast<std::size_t>(agent)].id;
  books_.Handled(call->home, call->arrived_us, now_us_ - call->connected_us);
  Event ended = Event::ForCallRef(EventKind::kCallEnded, RefOf(*call));
  ended.cause = Cause::kNormal;
  call->state = State::kOver;
  Free(call);
  // Ending the call frees its agent too.
  Send(ended);
  const bool busy = Busy(agents_[static_cast<std::size_t>(agent)]);
  if (wraps_up_) {
    agents_[static_cast<std::size_t>(agent)].wrap_up =
        engine_->View(id).wrap_up;
  }
  --agents_[static_cast<std::size_t>(agent)].engaged;
  NoteAgent(agent, busy);
}

void Host::Answer(const Todo& todo) {
  if (todo.subject >= offers_.size()) return;
  Offer& offer = offers_[todo.subject];
  if (offer.id.generation() != todo.generation || offer.accepted) return;
  offer.accepted = true;
  Send(Event::ForOffer(EventKind::kOfferAccepted, offer.id));
}

void Host::OutsideAnswers(Call* call) {
  if (call->state != State::kWaiting || call->outside == 0) return;
  if (trace_) trace_->Event(now_us_, call->number, "is answered outside");
  const uint64_t sequence = call->outside;
  Leave(call, Outcome::kSentOutside);
  Send(Event::Result(EventKind::kDone, sequence));
}

void Host::ChangeRequirement(Call* call) {
  if (call->state != State::kWaiting) return;
  const Kind& kind = kinds_[static_cast<std::size_t>(call->kind)];
  Event event = Event::ForCallRef(EventKind::kCallRequirement, RefOf(*call));
  event.text = kind.source->later_requirement;
  Send(event);
}

void Host::LogIn(uint32_t index) {
  Agent& agent = agents_[index];
  if (agent.shifts++ > 0) return;
  if (!agent.there) {
    agent.there = true;
    agent.there_since_us = now_us_;
  }
  Send(Event::ForAgent(EventKind::kAgentLogin, agent.id));
}

void Host::LogOut(uint32_t index) {
  Agent& agent = agents_[index];
  if (--agent.shifts > 0) return;
  Send(Event::ForAgent(EventKind::kAgentLogout, agent.id));
  const bool busy = Busy(agent);
  agent.wrap_up = false;
  NoteAgent(static_cast<int>(index), busy);
}

void Host::ComeBack(const Todo& todo) {
  Agent& agent = agents_[todo.subject];
  if (agent.pauses != todo.generation || agent.shifts <= 0) return;
  if (engine_->View(agent.id).paused) {
    Send(Event::ForAgent(EventKind::kAgentReady, agent.id));
  }
}

void Host::Finish(v1::Report* report) {
  for (const Call& call : calls_) {
    if (call.state == State::kWaiting) {
      Tell(call, Outcome::kInProgress, AgentId(), QueueId());
    } else if (call.state == State::kTalking) {
      books_.Handled(call.home, call.arrived_us, now_us_ - call.connected_us);
    }
  }
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    const Agent& agent = agents_[i];
    const int index = static_cast<int>(i);
    if (agent.there) {
      books_.AgentThere(index, agent.there_since_us, now_us_);
    }
    if (Busy(agent)) books_.AgentBusy(index, agent.busy_since_us, now_us_);
  }
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone(scenario_.time_zone, &zone);
  report->set_scenario(scenario_.name);
  report->set_seed(scenario_.seed);
  report->set_start(absl::FormatTime("%Y-%m-%d %H:%M", scenario_.start, zone));
  report->set_time_zone(scenario_.time_zone);
  report->set_simulated_s(absl::ToDoubleSeconds(scenario_.horizon));
  report->set_interval_s(absl::ToDoubleSeconds(scenario_.interval));
  report->set_events(events_);
  report->set_decisions(decisions_seen_);
  books_.Write(report);
  Statistics statistics;
  engine_->CopyStatistics(&statistics);
  for (std::string& line : books_.Compare(statistics, queue_ids_)) {
    report->add_difference(std::move(line));
  }
  for (std::string& line : refused_) report->add_difference(std::move(line));
  if (refused_more_ > 0) {
    report->add_difference(
        absl::StrCat("engine refused ", refused_more_, " more events"));
  }
  if (!trace_) return;
  for (const std::string& line : trace_->lines()) report->add_trace(line);
  report->set_trace_left_out(trace_->left_out());
}

}  // namespace callrouter::sim
