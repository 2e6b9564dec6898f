// An engine that dials: what it is told besides events.

#include "callrouter/outbound.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "callrouter/engine.h"
#include "callrouter_c.h"
#include "convert.h"
#include "engine_object.h"
#include "number_pool_object.h"
#include "objects.h"
#include "outbound_object.h"
#include "parts.h"

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

namespace {

using EngineOr = absl::StatusOr<std::unique_ptr<EngineObject>>;

// Calls `call(outbound, decisions)` of an engine that dials.
template <class Call>
cr_status Dial(cr_engine* engine, Call&& call) {
  return Change(engine, [&](EngineObject& e) {
    return e.Run([&](Engine* to, Decisions* out) -> absl::Status {
      if (to->outbound() == nullptr) {
        return absl::FailedPreconditionError("the engine has no setup to dial");
      }
      return call(*to->outbound(), out);
    });
  });
}

}  // namespace

cr_status cr_engine_create_outbound(const cr_engine_options* options,
                                    const cr_config* config,
                                    const cr_outbound_setup* setup,
                                    int64_t now_us, cr_faults* faults,
                                    cr_engine** out) {
  if (out != nullptr) *out = nullptr;
  const ConfigObject* const c = Find(config);
  const SetupObject* const dial = Find(setup);
  if (c == nullptr || dial == nullptr) return CR_INVALID_HANDLE;
  return Make(faults, out, [&](FaultsObject&) -> EngineOr {
    EngineOptions o;
    std::size_t decisions = 0;
    if (const auto s = OptionsOf(options, &o, &decisions); !s.ok()) return s;
    return ObjectWith(Engine::Create(o, c->config, dial->setup, ToTime(now_us)),
                      decisions);
  });
}

cr_status cr_engine_load_outbound(const cr_engine_options* options,
                                  const cr_outbound_setup* setup,
                                  const void* saved, size_t size,
                                  cr_faults* faults, cr_engine** out) {
  if (out != nullptr) *out = nullptr;
  const SetupObject* const dial = Find(setup);
  if (dial == nullptr) return CR_INVALID_HANDLE;
  return Make(faults, out, [&](FaultsObject&) -> EngineOr {
    EngineOptions o;
    std::size_t decisions = 0;
    if (const auto s = OptionsOf(options, &o, &decisions); !s.ok()) return s;
    return ObjectWith(Engine::Load(o, dial->setup, Sized(saved, size)),
                      decisions);
  });
}

cr_status cr_engine_put_lead(cr_engine* engine, const cr_lead* lead,
                             int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    LeadConfig config;
    if (const auto s = LeadOf(lead, &config); !s.ok()) return s;
    return o.PutLead(config, ToTime(now_us), out);
  });
}

cr_status cr_engine_put_lead_from(cr_engine* engine, const cr_lead_file* file,
                                  size_t index, int64_t now_us) {
  const LeadFileObject* const f = Find(file);
  if (f == nullptr) return CR_INVALID_HANDLE;
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    if (index >= f->leads.size()) return absl::OutOfRangeError("index");
    return o.PutLead(f->leads[index], ToTime(now_us), out);
  });
}

cr_status cr_engine_remove_lead(cr_engine* engine, uint64_t lead,
                                int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    return o.RemoveLead(lead, ToTime(now_us), out);
  });
}

cr_status cr_engine_pause_lead(cr_engine* engine, uint64_t lead, int32_t paused,
                               int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    return o.PauseLead(lead, paused != 0, ToTime(now_us), out);
  });
}

cr_status cr_engine_pause_list(cr_engine* engine, const char* list,
                               int32_t paused, int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    return o.PauseList(Text(list), paused != 0, ToTime(now_us), out);
  });
}

cr_status cr_engine_pause_campaign(cr_engine* engine, const char* campaign,
                                   int32_t paused, int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    return o.PauseCampaign(Text(campaign), paused != 0, ToTime(now_us), out);
  });
}

cr_status cr_engine_reset_lead(cr_engine* engine, uint64_t lead,
                               int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    return o.ResetLead(lead, ToTime(now_us), out);
  });
}

cr_status cr_engine_recycle(cr_engine* engine, const char* list, int32_t state,
                            const char* disposition, int64_t now_us,
                            int32_t* count) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    LeadState in = LeadState::kWaiting;
    if (const auto s = FromC("state", state, &in); !s.ok()) return s;
    int32_t leads = 0;
    const absl::Status status = o.Recycle(Text(list), in, Text(disposition),
                                          ToTime(now_us), &leads, out);
    if (status.ok() && count != nullptr) *count = leads;
    return status;
  });
}

cr_status cr_engine_callback(cr_engine* engine, uint64_t lead,
                             const cr_lead_callback* callback, int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    LeadCallback agreed;
    if (const auto s = CallbackOf(callback, &agreed); !s.ok()) return s;
    return o.Callback(lead, agreed, ToTime(now_us), out);
  });
}

cr_status cr_engine_do_not_call(cr_engine* engine, uint64_t number,
                                int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    PhoneNumber number_number;
    if (const auto s = FromC("number", number, &number_number); !s.ok())
      return s;
    return o.DoNotCall(number_number, ToTime(now_us), out);
  });
}

cr_status cr_engine_do_not_call_prefix(cr_engine* engine, const char* digits,
                                       int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    return o.DoNotCallPrefix(Text(digits), ToTime(now_us), out);
  });
}

cr_status cr_engine_allow_call(cr_engine* engine, uint64_t number,
                               int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    PhoneNumber number_number;
    if (const auto s = FromC("number", number, &number_number); !s.ok())
      return s;
    return o.AllowCall(number_number, ToTime(now_us), out);
  });
}

cr_status cr_engine_allow_call_prefix(cr_engine* engine, const char* digits,
                                      int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    return o.AllowCallPrefix(Text(digits), ToTime(now_us), out);
  });
}

cr_status cr_engine_checked(cr_engine* engine, uint64_t number, int32_t check,
                            int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    PhoneNumber number_number;
    if (const auto s = FromC("number", number, &number_number); !s.ok())
      return s;
    NumberCheck check_value{};
    if (const auto s = FromC("check", check, &check_value); !s.ok()) return s;
    return o.Checked(number_number, check_value, ToTime(now_us), out);
  });
}

cr_status cr_engine_set_dial_rules(cr_engine* engine, const cr_dial_file* file,
                                   int64_t now_us) {
  const DialFileObject* const f = Find(file);
  if (f == nullptr) return CR_INVALID_HANDLE;
  return Dial(engine, [&](Outbound& o, Decisions* out) {
    return o.SetDialRules(f->rules, ToTime(now_us), out);
  });
}

cr_status cr_engine_sampled(cr_engine* engine, int32_t campaign,
                            int32_t persons, int32_t samples, int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    return o.Sampled(campaign, persons, samples, ToTime(now_us), out);
  });
}

cr_status cr_engine_set_plan_end(cr_engine* engine, int64_t end_us,
                                 int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    return o.SetPlanEnd(ToTime(end_us), ToTime(now_us), out);
  });
}

cr_status cr_engine_apply_numbers(cr_engine* engine,
                                  const cr_number_patch* patch,
                                  int64_t now_us) {
  const PatchObject* const from = Find(patch);
  if (from == nullptr) return CR_INVALID_HANDLE;
  return Dial(engine, [&](Outbound& o, Decisions* out) {
    return o.ApplyNumbers(from->patch, ToTime(now_us), out);
  });
}

cr_status cr_engine_set_number_rules(cr_engine* engine,
                                     const cr_pool_file* file, int64_t now_us) {
  const PoolFileObject* const f = Find(file);
  if (f == nullptr) return CR_INVALID_HANDLE;
  return Dial(engine, [&](Outbound& o, Decisions* out) {
    return o.SetNumberRules(f->file.rules, ToTime(now_us), out);
  });
}

cr_status cr_engine_set_number_state(cr_engine* engine, uint64_t number,
                                     int32_t state, int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    PhoneNumber number_number;
    if (const auto s = FromC("number", number, &number_number); !s.ok())
      return s;
    NumberState state_value{};
    if (const auto s = FromC("state", state, &state_value); !s.ok()) return s;
    return o.SetNumberState(number_number, state_value, ToTime(now_us), out);
  });
}

cr_status cr_engine_number_verified(cr_engine* engine, uint64_t number,
                                    int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    PhoneNumber number_number;
    if (const auto s = FromC("number", number, &number_number); !s.ok())
      return s;
    return o.NumberVerified(number_number, ToTime(now_us), out);
  });
}

cr_status cr_engine_verdict(cr_engine* engine, uint64_t number,
                            const char* carrier, int32_t verdict,
                            int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    PhoneNumber ours;
    NumberVerdict v{};
    CarrierId at;
    if (const auto s = FromC("number", number, &ours); !s.ok()) return s;
    if (const auto s = FromC("verdict", verdict, &v); !s.ok()) return s;
    if (!Text(carrier).empty()) {
      if (o.numbers() != nullptr) at = o.numbers()->FindCarrier(Text(carrier));
      if (at.none()) return absl::NotFoundError("carrier");
    }
    return o.Verdict(ours, at, v, ToTime(now_us), out);
  });
}

cr_status cr_engine_put_return_number(cr_engine* engine,
                                      const cr_return_number* number,
                                      int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    ReturnNumbersPatch patch;
    if (const auto s = NumberOf(number, &patch.put.emplace_back()); !s.ok()) {
      return s;
    }
    return o.ApplyReturnNumbers(patch, ToTime(now_us), out);
  });
}

cr_status cr_engine_remove_return_number(cr_engine* engine, uint64_t number,
                                         int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    ReturnNumbersPatch patch;
    const auto s = FromC("number", number, &patch.remove.emplace_back());
    return s.ok() ? o.ApplyReturnNumbers(patch, ToTime(now_us), out) : s;
  });
}

cr_status cr_engine_add_alias(cr_engine* engine, uint64_t caller,
                              uint64_t callee, int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    PhoneNumber caller_number;
    if (const auto s = FromC("caller", caller, &caller_number); !s.ok())
      return s;
    PhoneNumber callee_number;
    if (const auto s = FromC("callee", callee, &callee_number); !s.ok())
      return s;
    return o.AddAlias(caller_number, callee_number, ToTime(now_us), out);
  });
}

cr_status cr_engine_forget(cr_engine* engine, uint64_t person, int64_t now_us) {
  return Dial(engine, [&](Outbound& o, Decisions* out) -> absl::Status {
    PhoneNumber person_number;
    if (const auto s = FromC("person", person, &person_number); !s.ok())
      return s;
    return o.Forget(person_number, ToTime(now_us), out);
  });
}

cr_status cr_engine_why_not(cr_engine* engine, uint64_t lead,
                            const char* campaign, size_t* count) {
  return Change(engine, [&](EngineObject& e) -> absl::Status {
    if (count == nullptr) return Null("count");
    const Outbound* const o = e.engine->outbound();
    if (o == nullptr) {
      return absl::FailedPreconditionError("the engine has no setup to dial");
    }
    e.reasons.clear();
    e.why.clear();
    const absl::Status status = o->WhyNot(lead, Text(campaign), &e.why);
    if (!status.ok()) return status;
    for (const LeadReason& r : e.why) e.reasons.push_back(ReasonToC(r));
    *count = e.reasons.size();
    return status;
  });
}

const cr_lead_reason* cr_engine_why_not_reason(const cr_engine* engine,
                                               size_t index) {
  return Get(engine, static_cast<const cr_lead_reason*>(nullptr),
             [&](const EngineObject& e) { return At(e.reasons, index); });
}

int32_t cr_engine_attempts(const cr_engine* engine) {
  return Get(engine, int32_t{0}, [](const EngineObject& e) {
    const Outbound* const o = e.engine->outbound();
    return o == nullptr ? 0 : o->attempts();
  });
}
