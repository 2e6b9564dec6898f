// The engine: events in, decisions out, views.

#include "callrouter/engine.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "callrouter_c.h"
#include "convert.h"
#include "engine_object.h"
#include "objects.h"

namespace callrouter::c {
namespace {

struct PreparedObject final : Typed<Type::kPrepared> {
  explicit PreparedObject(Engine::Prepared&& p) : prepared(std::move(p)) {}
  Engine::Prepared prepared;
};

constexpr int32_t kDecisionsReserved = 4'096;

cr_engine_options OptionsToC(const EngineOptions& o) {
  return {sizeof(cr_engine_options),
          o.seed,
          o.moves_max,
          0,
          FromDuration(o.connect_timeout),
          FromDuration(o.audit_after),
          FromDuration(o.audit_reply),
          FromDuration(o.stall_max),
          FromDuration(o.stall_grace),
          FromDuration(o.tombstone_keep),
          o.calls_max,
          o.agents_max,
          o.queues_max,
          o.queues_per_call_max,
          o.offers_per_call_max,
          o.skills_max,
          o.attributes_max,
          o.texts_max,
          o.requirements_max,
          o.lanes_max,
          o.tombstones_max,
          o.exclusions_per_call_max,
          o.groups_max,
          o.residual_scan_max,
          o.reserve_memory,
          kDecisionsReserved};
}

cr_engine_options Defaults() {
  EngineOptions options;
  options.reserve_memory = true;
  return OptionsToC(options);
}

}  // namespace

// `decisions` becomes the number of decisions to reserve.
absl::Status OptionsOf(const cr_engine_options* in, EngineOptions* o,
                       std::size_t* decisions) {
  cr_engine_options c = Defaults();
  if (in != nullptr) {
    if (const auto status = Read(in, &c); !status.ok()) return status;
  }
  if (c.decisions_reserved < 0 || c.decisions_reserved > 10'000'000) {
    return absl::InvalidArgumentError("decisions_reserved: found " +
                                      std::to_string(c.decisions_reserved) +
                                      ", expected 0 to 10000000");
  }
  *decisions = static_cast<std::size_t>(c.decisions_reserved);
  o->seed = c.seed;
  o->moves_max = c.moves_max;
  o->connect_timeout = ToDuration(c.connect_timeout_us);
  o->audit_after = ToDuration(c.audit_after_us);
  o->audit_reply = ToDuration(c.audit_reply_us);
  o->stall_max = ToDuration(c.stall_max_us);
  o->stall_grace = ToDuration(c.stall_grace_us);
  o->tombstone_keep = ToDuration(c.tombstone_keep_us);
  o->calls_max = c.calls_max;
  o->agents_max = c.agents_max;
  o->queues_max = c.queues_max;
  o->queues_per_call_max = c.queues_per_call_max;
  o->offers_per_call_max = c.offers_per_call_max;
  o->skills_max = c.skills_max;
  o->attributes_max = c.attributes_max;
  o->texts_max = c.texts_max;
  o->requirements_max = c.requirements_max;
  o->lanes_max = c.lanes_max;
  o->tombstones_max = c.tombstones_max;
  o->exclusions_per_call_max = c.exclusions_per_call_max;
  o->groups_max = c.groups_max;
  o->residual_scan_max = c.residual_scan_max;
  o->reserve_memory = c.reserve_memory != 0;
  return absl::OkStatus();
}

namespace {

cr_decision DecisionToC(const Decision& d) {
  return {sizeof(cr_decision),
          ToC(d.kind),
          ToC(d.cause),
          ToC(d.reason),
          d.value,
          d.sequence,
          d.call.value(),
          d.agent.value(),
          d.queue.value(),
          d.offer.value(),
          d.call_ref,
          d.agent_ref,
          FromTime(d.deadline),
          d.destination.data(),
          d.destination.size(),
          d.attempt,
          d.lead,
          d.number.value(),
          d.shown.value(),
          d.campaign,
          d.price_ppm};
}

// What an event has for calls that go out.
absl::Status OutboundOf(const cr_event& c, Event* event) {
  event->attempt = c.attempt;
  event->duration2 = ToDuration(c.duration2_us);
  absl::Status status = FromC("number", c.number, &event->number);
  status.Update(FromC("called", c.called, &event->called));
  status.Update(FromC("caller", c.caller, &event->caller));
  status.Update(FromC("progress", c.progress, &event->progress));
  status.Update(FromC("result", c.result, &event->result));
  return status;
}

using EngineOr = absl::StatusOr<std::unique_ptr<EngineObject>>;

}  // namespace

EngineOr ObjectWith(absl::StatusOr<std::unique_ptr<Engine>> engine,
                    std::size_t decisions) {
  if (!engine.ok()) return engine.status();
  auto object = std::make_unique<EngineObject>();
  object->engine = *std::move(engine);
  object->batch.reserve(decisions);
  object->decisions.reserve(decisions);
  return object;
}

namespace {

// Ids as C has them: at most `room` of them, and how many there are.
template <class Id>
absl::Status CopyIds(const std::vector<Id>& found, uint64_t* ids,
                     std::size_t room, std::size_t* count) {
  if (count == nullptr) return Null("count");
  if (ids == nullptr && room > 0) return Null("ids");
  *count = found.size();
  for (std::size_t i = 0; i < std::min(room, found.size()); ++i) {
    ids[i] = found[i].value();
  }
  return absl::OkStatus();
}

}  // namespace

CR_HANDLE(cr_prepared, PreparedObject);

void EngineObject::Show() {
  decisions.clear();
  for (const Decision& decision : batch)
    decisions.push_back(DecisionToC(decision));
}

absl::Status EventOf(const cr_event* in, Event* event) {
  cr_event c = {};
  if (const auto s = Read(in, &c); !s.ok()) return s;
  if (const auto s = FromC("kind", c.kind, &event->kind); !s.ok()) return s;
  if (const auto s = FromC("release", c.release, &event->release); !s.ok()) {
    return s;
  }
  if (c.sync_place != 0) {
    const auto s = FromC("sync_place", c.sync_place, &event->sync_place);
    if (!s.ok()) return s;
  }
  if (c.sync_agent != 0) {
    const auto s = FromC("sync_agent", c.sync_agent, &event->sync_agent);
    if (!s.ok()) return s;
  }
  if (const auto s = FromC("cause", c.cause, &event->cause); !s.ok()) return s;
  event->priority = c.priority;
  event->value = c.value;
  event->value2 = c.value2;
  event->call = CallId::FromValue(c.call);
  event->agent = AgentId::FromValue(c.agent);
  event->queue = QueueId::FromValue(c.queue);
  event->offer = OfferId::FromValue(c.offer);
  event->call_ref = c.call_ref;
  event->agent_ref = c.agent_ref;
  event->sequence = c.sequence;
  event->duration = ToDuration(c.duration_us);
  event->text = Text(c.text, c.text_size);
  event->text2 = Text(c.text2, c.text2_size);
  return OutboundOf(c, event);
}

cr_event EventToC(const Event& e) {
  // A text of no bytes must not be looked at for a zero.
  const auto at = [](std::string_view text) {
    return text.empty() ? nullptr : text.data();
  };
  cr_event c = {};
  c.struct_size = sizeof c;
  c.kind = ToC(e.kind);
  c.release = ToC(e.release);
  c.sync_place = ToC(e.sync_place);
  c.sync_agent = ToC(e.sync_agent);
  c.cause = ToC(e.cause);
  c.priority = e.priority;
  c.value = e.value;
  c.value2 = e.value2;
  c.call = e.call.value();
  c.agent = e.agent.value();
  c.queue = e.queue.value();
  c.offer = e.offer.value();
  c.call_ref = e.call_ref;
  c.agent_ref = e.agent_ref;
  c.sequence = e.sequence;
  c.duration_us = FromDuration(e.duration);
  c.text = at(e.text);
  c.text_size = e.text.size();
  c.text2 = at(e.text2);
  c.text2_size = e.text2.size();
  c.attempt = e.attempt;
  c.duration2_us = FromDuration(e.duration2);
  c.number = e.number.value();
  c.called = e.called.value();
  c.caller = e.caller.value();
  c.progress = ToC(e.progress);
  c.result = ToC(e.result);
  return c;
}

}  // namespace callrouter::c

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

cr_status cr_engine_options_init(cr_engine_options* options,
                                 size_t struct_size) {
  return Code(WriteSized(Defaults(), options, struct_size));
}

cr_status cr_engine_memory_bound(const cr_engine_options* options,
                                 uint64_t* bytes) {
  return Check(nullptr, [&](FaultsObject&) -> absl::Status {
    if (bytes == nullptr) return Null("bytes");
    EngineOptions o;
    std::size_t decisions = 0;
    if (const auto s = OptionsOf(options, &o, &decisions); !s.ok()) return s;
    if (!FindFaults(o).empty()) return absl::InvalidArgumentError("options");
    *bytes =
        MemoryBound(o) + decisions * (sizeof(Decision) + sizeof(cr_decision));
    return absl::OkStatus();
  });
}

cr_status cr_engine_create(const cr_engine_options* options,
                           const cr_config* config, int64_t now_us,
                           cr_faults* faults, cr_engine** out) {
  const ConfigObject* const c = Find(config);
  if (c == nullptr) {
    if (out != nullptr) *out = nullptr;
    return CR_INVALID_HANDLE;
  }
  return Make(faults, out, [&](FaultsObject&) -> EngineOr {
    EngineOptions o;
    std::size_t decisions = 0;
    if (const auto s = OptionsOf(options, &o, &decisions); !s.ok()) return s;
    return ObjectWith(Engine::Create(o, c->config, ToTime(now_us)), decisions);
  });
}

cr_status cr_engine_load(const cr_engine_options* options, const void* saved,
                         size_t size, cr_faults* faults, cr_engine** out) {
  return Make(faults, out, [&](FaultsObject&) -> EngineOr {
    EngineOptions o;
    std::size_t decisions = 0;
    if (const auto s = OptionsOf(options, &o, &decisions); !s.ok()) return s;
    return ObjectWith(Engine::Load(o, Sized(saved, size)), decisions);
  });
}

void cr_engine_destroy(cr_engine* engine) { Destroy(engine); }

cr_status cr_engine_save(const cr_engine* engine, cr_bytes* out) {
  return Look(engine, [&](const EngineObject& e) {
    const auto to = Writable(out);
    if (to.ok()) e.engine->Save(*to);
    return to.status();
  });
}

cr_status cr_event_init(cr_event* event, size_t struct_size, int32_t kind) {
  cr_event defaults = EventToC(Event());
  defaults.kind = kind;
  return Code(WriteSized(defaults, event, struct_size));
}

cr_status cr_engine_handle(cr_engine* engine, const cr_event* event,
                           int64_t now_us) {
  return Change(engine, [&](EngineObject& e) {
    return e.Run([&](Engine* to, Decisions* out) {
      Event told;
      const absl::Status status = EventOf(event, &told);
      if (status.ok()) return to->Handle(told, ToTime(now_us), out);
      to->Advance(ToTime(now_us), out);
      return status;
    });
  });
}

cr_status cr_engine_advance(cr_engine* engine, int64_t now_us) {
  return Change(engine, [&](EngineObject& e) {
    return e.Run([&](Engine* to, Decisions* out) {
      to->Advance(ToTime(now_us), out);
      return absl::OkStatus();
    });
  });
}

int64_t cr_engine_next_deadline(const cr_engine* engine) {
  return Get(engine, int64_t{0}, [](const EngineObject& e) {
    return FromTime(e.engine->next_deadline());
  });
}

size_t cr_engine_decision_count(const cr_engine* engine) {
  return Get(engine, size_t{0},
             [](const EngineObject& e) { return e.decisions.size(); });
}

const cr_decision* cr_engine_decision(const cr_engine* engine, size_t index) {
  return Get(engine, static_cast<const cr_decision*>(nullptr),
             [&](const EngineObject& e) { return At(e.decisions, index); });
}

cr_status cr_engine_prepare(const cr_engine_options* options,
                            const cr_config* config, cr_faults* faults,
                            cr_prepared** out) {
  const ConfigObject* const c = Find(config);
  if (c == nullptr) {
    if (out != nullptr) *out = nullptr;
    return CR_INVALID_HANDLE;
  }
  return Make(
      faults, out,
      [&](FaultsObject&) -> absl::StatusOr<std::unique_ptr<PreparedObject>> {
        EngineOptions o;
        std::size_t decisions = 0;
        const auto s = OptionsOf(options, &o, &decisions);
        if (!s.ok()) return s;
        auto prepared = Engine::Prepare(o, c->config);
        if (!prepared.ok()) return prepared.status();
        return std::make_unique<PreparedObject>(*std::move(prepared));
      });
}

void cr_prepared_destroy(cr_prepared* prepared) { Destroy(prepared); }

cr_status cr_engine_apply(cr_engine* engine, cr_prepared* prepared,
                          int64_t now_us) {
  PreparedObject* const p = Find(prepared);
  if (p == nullptr) return CR_INVALID_HANDLE;
  return Change(engine, [&](EngineObject& e) {
    return e.Run([&](Engine* to, Decisions* out) {
      return to->Apply(std::move(p->prepared), ToTime(now_us), out);
    });
  });
}

uint64_t cr_engine_find_queue(const cr_engine* engine, const char* name) {
  return Get(engine, uint64_t{0}, [&](const EngineObject& e) {
    return e.engine->FindQueue(Text(name)).value();
  });
}

uint64_t cr_engine_find_agent(const cr_engine* engine, uint64_t ref) {
  return Get(engine, uint64_t{0}, [&](const EngineObject& e) {
    return e.engine->FindAgent(ref).value();
  });
}

uint64_t cr_engine_find_call(const cr_engine* engine, uint64_t ref) {
  return Get(engine, uint64_t{0}, [&](const EngineObject& e) {
    return e.engine->FindCall(ref).value();
  });
}

cr_status cr_engine_queue_name(const cr_engine* engine, uint64_t queue,
                               const char** name, size_t* size) {
  return Look(engine, [&](const EngineObject& e) -> absl::Status {
    if (name == nullptr || size == nullptr) return Null("name, size");
    const std::string_view text =
        e.engine->QueueName(QueueId::FromValue(queue));
    if (text.empty()) return absl::NotFoundError("queue");
    *name = text.data();
    *size = text.size();
    return absl::OkStatus();
  });
}

cr_status cr_engine_view_call(const cr_engine* engine, uint64_t call,
                              cr_call_view* view) {
  return Look(engine, [&](const EngineObject& e) -> absl::Status {
    const CallView v = e.engine->View(CallId::FromValue(call));
    if (v.id.none()) return absl::NotFoundError("call");
    const cr_call_view c = {sizeof c,
                            v.id.value(),
                            v.ref,
                            ToC(v.place),
                            v.priority,
                            v.home.value(),
                            v.queue.value(),
                            v.agent.value(),
                            FromTime(v.arrived),
                            v.step,
                            v.offers,
                            ToC(v.reason),
                            0};
    return Write(c, view);
  });
}

cr_status cr_engine_view_agent(const cr_engine* engine, uint64_t agent,
                               cr_agent_view* view) {
  return Look(engine, [&](const EngineObject& e) -> absl::Status {
    const AgentView v = e.engine->View(AgentId::FromValue(agent));
    if (v.id.none()) return absl::NotFoundError("agent");
    const cr_agent_view c = {sizeof c,
                             v.id.value(),
                             v.ref,
                             v.name.data(),
                             v.name.size(),
                             v.pause_reason.data(),
                             v.pause_reason.size(),
                             v.logged_in,
                             v.paused,
                             v.wrap_up,
                             v.cool_off,
                             v.busy_outside,
                             v.ringing,
                             v.handling,
                             v.misses,
                             v.calls,
                             0};
    return Write(c, view);
  });
}

cr_status cr_engine_calls(const cr_engine* engine, uint64_t* ids, size_t room,
                          size_t* count) {
  return Look(engine, [&](const EngineObject& e) {
    return CopyIds(e.engine->Calls(), ids, room, count);
  });
}

cr_status cr_engine_agents(const cr_engine* engine, uint64_t* ids, size_t room,
                           size_t* count) {
  return Look(engine, [&](const EngineObject& e) {
    return CopyIds(e.engine->Agents(), ids, room, count);
  });
}

cr_status cr_engine_options_of(const cr_engine* engine,
                               cr_engine_options* options) {
  return Look(engine, [&](const EngineObject& e) {
    return Write(OptionsToC(e.engine->options()), options);
  });
}

cr_status cr_engine_check_invariants(const cr_engine* engine,
                                     cr_faults* faults) {
  const EngineObject* const e = Find(engine);
  if (e == nullptr) return CR_INVALID_HANDLE;
  return Check(faults,
               [&](FaultsObject&) { return e->engine->CheckInvariants(); });
}
