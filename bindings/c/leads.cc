// Lists of leads and the files they come from.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "callrouter/lead_file.h"
#include "callrouter/lead_list.h"
#include "callrouter_c.h"
#include "convert.h"
#include "objects.h"
#include "parts.h"

namespace callrouter::c {
namespace {

struct LeadListObject final : Typed<Type::kLeadList> {
  std::unique_ptr<LeadList> list;
  std::vector<LeadReason> why;
  std::vector<cr_lead_reason> reasons;
};

using ListOr = absl::StatusOr<std::unique_ptr<LeadListObject>>;

ListOr ObjectWith(absl::StatusOr<std::unique_ptr<LeadList>> list) {
  if (!list.ok()) return list.status();
  auto object = std::make_unique<LeadListObject>();
  object->list = *std::move(list);
  return object;
}

cr_lead_list_options OptionsToC(const LeadListOptions& o) {
  return {sizeof(cr_lead_list_options),
          FromDuration(o.reservation_timeout),
          FromDuration(o.call_max),
          FromDuration(o.lapse_delay),
          FromDuration(o.attempt_keep),
          o.leads_max,
          o.numbers_max,
          o.leads_per_number_max,
          o.events_max,
          o.attempts_max,
          o.do_not_call_max,
          1,
          0};
}

}  // namespace

absl::Status OptionsOf(const cr_lead_list_options* in, LeadListOptions* o) {
  cr_lead_list_options c = OptionsToC(*o);
  if (in != nullptr) {
    if (const auto s = Read(in, &c); !s.ok()) return s;
  }
  o->reservation_timeout = ToDuration(c.reservation_timeout_us);
  o->call_max = ToDuration(c.call_max_us);
  o->lapse_delay = ToDuration(c.lapse_delay_us);
  o->attempt_keep = ToDuration(c.attempt_keep_us);
  o->leads_max = c.leads_max;
  o->numbers_max = c.numbers_max;
  o->leads_per_number_max = c.leads_per_number_max;
  o->events_max = c.events_max;
  o->attempts_max = c.attempts_max;
  o->do_not_call_max = c.do_not_call_max;
  o->reserve_memory = c.reserve_memory != 0;
  return absl::OkStatus();
}

namespace {

cr_lead LeadDefaults() {
  const LeadConfig d;
  cr_lead c = {};
  c.struct_size = sizeof c;
  c.due_us = FromTime(d.due);
  c.consent_until_us = FromTime(d.consent_until);
  c.expires_us = FromTime(d.expires);
  c.priority = d.priority;
  c.score = d.score;
  return c;
}

}  // namespace

absl::Status LeadOf(const cr_lead* in, LeadConfig* lead) {
  cr_lead c = LeadDefaults();
  if (const auto s = Read(in, &c); !s.ok()) return s;
  if (c.numbers == nullptr && c.number_count > 0) return Null("numbers");
  if (c.number_count > 16) {
    return absl::InvalidArgumentError("number_count: found " +
                                      std::to_string(c.number_count) +
                                      ", expected at most 16");
  }
  lead->lead = c.lead;
  lead->list = Text(c.list);
  for (size_t i = 0; i < c.number_count; ++i) {
    LeadNumber& number = lead->numbers.emplace_back();
    const auto s = FromC("numbers[" + std::to_string(i) + "]", c.numbers[i],
                         &number.number);
    if (!s.ok()) return s;
    if (c.types != nullptr) number.type = Text(c.types[i]);
    if (c.places != nullptr) number.place = Text(c.places[i]);
  }
  lead->segment = Text(c.segment);
  lead->owner = c.owner;
  lead->person = c.person;
  lead->attributes = c.attributes;
  lead->due = ToTime(c.due_us);
  lead->consent_until = ToTime(c.consent_until_us);
  lead->expires = ToTime(c.expires_us);
  lead->priority = c.priority;
  lead->score = c.score;
  return absl::OkStatus();
}

namespace {

cr_lead_choice ChoiceToC(const LeadChoice& c) {
  return {sizeof(cr_lead_choice),
          c.lead,
          c.number.value(),
          c.attributes,
          c.owner,
          c.attempts,
          c.local_hour,
          c.list,
          c.segment,
          c.number_type,
          c.place,
          c.callback,
          c.message_required,
          FromDuration(c.ring_least),
          FromDuration(c.connect_within),
          FromTime(c.retry_at),
          FromTime(c.lapses_at)};
}

}  // namespace

absl::Status CallbackOf(const cr_lead_callback* in, LeadCallback* callback) {
  cr_lead_callback c = {};
  if (const auto s = Read(in, &c); !s.ok()) return s;
  callback->at = ToTime(c.at_us);
  callback->until = ToTime(c.until_us);
  callback->personal = c.personal != 0;
  return absl::OkStatus();
}

namespace {

LeadRequest RequestOf(uint64_t attempt, const char* campaign, uint64_t agent,
                      int32_t agent_reserved) {
  LeadRequest request;
  request.attempt = attempt;
  request.campaign = Text(campaign);
  request.agent = agent;
  request.agent_reserved = agent_reserved != 0;
  return request;
}

}  // namespace

cr_lead_reason ReasonToC(const LeadReason& reason) {
  return {sizeof(cr_lead_reason), ToC(reason.block),   0,
          reason.number.value(),  reason.rule.c_str(), FromTime(reason.until)};
}

CR_HANDLE(cr_lead_list, LeadListObject);

}  // namespace callrouter::c

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

cr_status cr_lead_list_options_init(cr_lead_list_options* options,
                                    size_t struct_size) {
  return Code(WriteSized(OptionsToC(LeadListOptions()), options, struct_size));
}

cr_status cr_lead_list_create(const cr_lead_list_options* options,
                              const cr_dial_file* file, int64_t now_us,
                              cr_faults* faults, cr_lead_list** out) {
  if (out != nullptr) *out = nullptr;
  const DialFileObject* const f = Find(file);
  if (f == nullptr) return CR_INVALID_HANDLE;
  return Make(faults, out, [&](FaultsObject&) -> ListOr {
    LeadListOptions o;
    if (const auto s = OptionsOf(options, &o); !s.ok()) return s;
    return ObjectWith(LeadList::Create(o, f->rules, ToTime(now_us)));
  });
}

cr_status cr_lead_list_load(const cr_lead_list_options* options,
                            const void* saved, size_t size, cr_faults* faults,
                            cr_lead_list** out) {
  return Make(faults, out, [&](FaultsObject&) -> ListOr {
    LeadListOptions o;
    if (const auto s = OptionsOf(options, &o); !s.ok()) return s;
    return ObjectWith(LeadList::Load(o, Sized(saved, size)));
  });
}

void cr_lead_list_destroy(cr_lead_list* handle) { Destroy(handle); }

cr_status cr_lead_list_save(const cr_lead_list* handle, cr_bytes* out) {
  return Look(handle, [&](const LeadListObject& x) {
    const auto to = Writable(out);
    if (to.ok()) x.list->Save(*to);
    return to.status();
  });
}

cr_status cr_lead_list_advance(cr_lead_list* handle, int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) {
    x.list->Advance(ToTime(now_us));
    return absl::OkStatus();
  });
}

int64_t cr_lead_list_next_deadline(const cr_lead_list* handle) {
  return Get(handle, int64_t{0}, [](const LeadListObject& x) {
    return FromTime(x.list->next_deadline());
  });
}

cr_status cr_lead_list_rebase_clock(cr_lead_list* handle, int64_t delta_us,
                                    int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) {
    x.list->RebaseClock(ToDuration(delta_us), ToTime(now_us));
    return absl::OkStatus();
  });
}

cr_status cr_lead_list_check_invariants(const cr_lead_list* handle,
                                        cr_faults* faults) {
  const LeadListObject* const x = Find(handle);
  if (x == nullptr) return CR_INVALID_HANDLE;
  return Check(faults,
               [&](FaultsObject&) { return x->list->CheckInvariants(); });
}

cr_status cr_lead_list_set_wall_clock(cr_lead_list* handle, int64_t offset_us,
                                      int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) {
    x.list->SetWallClock(ToDuration(offset_us), ToTime(now_us));
    return absl::OkStatus();
  });
}

cr_status cr_lead_list_set_rules(cr_lead_list* handle, const cr_dial_file* file,
                                 int64_t now_us) {
  const DialFileObject* const f = Find(file);
  if (f == nullptr) return CR_INVALID_HANDLE;
  return Change(handle, [&](LeadListObject& x) {
    return x.list->SetRules(f->rules, ToTime(now_us));
  });
}

cr_status cr_lead_init(cr_lead* lead, size_t struct_size) {
  return Code(WriteSized(LeadDefaults(), lead, struct_size));
}

cr_status cr_lead_list_put(cr_lead_list* handle, const cr_lead* lead,
                           int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) -> absl::Status {
    LeadConfig config;
    if (const auto s = LeadOf(lead, &config); !s.ok()) return s;
    return x.list->Put(config, ToTime(now_us));
  });
}

cr_status cr_lead_list_remove(cr_lead_list* handle, uint64_t lead,
                              int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) {
    return x.list->Remove(lead, ToTime(now_us));
  });
}

cr_status cr_lead_list_pause(cr_lead_list* handle, uint64_t lead,
                             int32_t paused, int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) {
    return x.list->Pause(lead, paused != 0, ToTime(now_us));
  });
}

cr_status cr_lead_list_pause_list(cr_lead_list* handle, const char* name,
                                  int32_t paused, int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) {
    return x.list->PauseList(Text(name), paused != 0, ToTime(now_us));
  });
}

cr_status cr_lead_list_pause_campaign(cr_lead_list* handle,
                                      const char* campaign, int32_t paused,
                                      int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) {
    return x.list->PauseCampaign(Text(campaign), paused != 0, ToTime(now_us));
  });
}

cr_status cr_lead_list_reset(cr_lead_list* handle, uint64_t lead,
                             int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) {
    return x.list->Reset(lead, ToTime(now_us));
  });
}

cr_status cr_lead_list_recycle(cr_lead_list* handle, const char* name,
                               int32_t state, const char* disposition,
                               int64_t now_us, int32_t* count) {
  return Change(handle, [&](LeadListObject& x) -> absl::Status {
    LeadState in = LeadState::kWaiting;
    if (const auto s = FromC("state", state, &in); !s.ok()) return s;
    int32_t leads = 0;
    const absl::Status status = x.list->Recycle(
        Text(name), in, Text(disposition), ToTime(now_us), &leads);
    if (status.ok() && count != nullptr) *count = leads;
    return status;
  });
}

cr_status cr_lead_list_do_not_call(cr_lead_list* handle, uint64_t number,
                                   int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) -> absl::Status {
    PhoneNumber number_number;
    if (const auto s = FromC("number", number, &number_number); !s.ok())
      return s;
    return x.list->DoNotCall(number_number, ToTime(now_us));
  });
}

cr_status cr_lead_list_do_not_call_prefix(cr_lead_list* handle,
                                          const char* digits, int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) {
    return x.list->DoNotCallPrefix(Text(digits), ToTime(now_us));
  });
}

cr_status cr_lead_list_allow_call(cr_lead_list* handle, uint64_t number,
                                  int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) -> absl::Status {
    PhoneNumber number_number;
    if (const auto s = FromC("number", number, &number_number); !s.ok())
      return s;
    return x.list->AllowCall(number_number, ToTime(now_us));
  });
}

cr_status cr_lead_list_allow_call_prefix(cr_lead_list* handle,
                                         const char* digits, int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) {
    return x.list->AllowCallPrefix(Text(digits), ToTime(now_us));
  });
}

cr_status cr_lead_list_checked(cr_lead_list* handle, uint64_t number,
                               int32_t check, int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) -> absl::Status {
    PhoneNumber phone;
    NumberCheck found = NumberCheck::kUnknown;
    if (const auto s = FromC("number", number, &phone); !s.ok()) return s;
    if (const auto s = FromC("check", check, &found); !s.ok()) return s;
    return x.list->Checked(phone, found, ToTime(now_us));
  });
}

cr_status cr_lead_list_next(cr_lead_list* handle, uint64_t attempt,
                            const char* campaign, uint64_t agent,
                            int32_t agent_reserved, int64_t now_us,
                            cr_lead_choice* choice) {
  return Change(handle, [&](LeadListObject& x) -> absl::Status {
    // Before anything is taken.
    if (const auto s = Write(cr_lead_choice{}, choice); !s.ok()) return s;
    LeadChoice found;
    const absl::Status status =
        x.list->Next(RequestOf(attempt, campaign, agent, agent_reserved),
                     ToTime(now_us), &found);
    return status.ok() ? Write(ChoiceToC(found), choice) : status;
  });
}

cr_status cr_lead_list_dialled(cr_lead_list* handle, uint64_t attempt,
                               int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) {
    return x.list->Dialled(attempt, ToTime(now_us));
  });
}

cr_status cr_lead_list_cancel(cr_lead_list* handle, uint64_t attempt,
                              int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) {
    return x.list->Cancel(attempt, ToTime(now_us));
  });
}

cr_status cr_lead_list_report(cr_lead_list* handle, uint64_t attempt,
                              const char* disposition, int64_t now_us,
                              const cr_lead_callback* callback) {
  return Change(handle, [&](LeadListObject& x) -> absl::Status {
    LeadCallback agreed;
    if (callback != nullptr) {
      if (const auto s = CallbackOf(callback, &agreed); !s.ok()) return s;
    }
    return x.list->Report(attempt, Text(disposition), ToTime(now_us),
                          callback == nullptr ? nullptr : &agreed);
  });
}

cr_status cr_lead_list_callback(cr_lead_list* handle, uint64_t lead,
                                const cr_lead_callback* callback,
                                int64_t now_us) {
  return Change(handle, [&](LeadListObject& x) -> absl::Status {
    LeadCallback agreed;
    if (const auto s = CallbackOf(callback, &agreed); !s.ok()) return s;
    return x.list->Callback(lead, agreed, ToTime(now_us));
  });
}

cr_status cr_lead_list_view(const cr_lead_list* handle, uint64_t lead,
                            cr_lead_view* view, cr_bytes* name,
                            cr_bytes* disposition) {
  return Look(handle, [&](const LeadListObject& x) {
    const auto v = x.list->View(lead);
    if (!v.ok()) return v.status();
    const cr_lead_view c = {
        sizeof c,    ToC(v->state),    v->attempts, v->failures,
        v->priority, FromTime(v->due), v->callback, 0};
    if (const auto s = WriteBytes(name, v->list); !s.ok()) return s;
    if (const auto s = WriteBytes(disposition, v->disposition); !s.ok()) {
      return s;
    }
    return Write(c, view);
  });
}

cr_status cr_lead_list_why_not(cr_lead_list* handle, uint64_t lead,
                               const char* campaign, uint64_t agent,
                               int32_t agent_reserved, int64_t now_us,
                               size_t* count) {
  return Change(handle, [&](LeadListObject& x) -> absl::Status {
    if (count == nullptr) return Null("count");
    x.reasons.clear();
    x.why.clear();
    const absl::Status status =
        x.list->WhyNot(lead, RequestOf(1, campaign, agent, agent_reserved),
                       ToTime(now_us), &x.why);
    if (!status.ok()) return status;
    for (const LeadReason& r : x.why) {
      x.reasons.push_back(ReasonToC(r));
    }
    *count = x.reasons.size();
    return status;
  });
}

const cr_lead_reason* cr_lead_list_reason(const cr_lead_list* handle,
                                          size_t index) {
  return Get(handle, static_cast<const cr_lead_reason*>(nullptr),
             [&](const LeadListObject& x) { return At(x.reasons, index); });
}

cr_status cr_lead_list_get_stats(const cr_lead_list* handle,
                                 cr_lead_list_stats* stats) {
  return Look(handle, [&](const LeadListObject& x) {
    const LeadListStats s = x.list->stats();
    const cr_lead_list_stats c = {
        sizeof c,      s.chosen,      s.none,          s.reported,
        s.cancelled,   s.lapsed,      s.missed,        s.clock_regressions,
        s.leads,       s.numbers,     s.ready,         s.attempts,
        s.events,      s.do_not_call, s.lead_bytes,    s.number_bytes,
        s.order_bytes, s.event_bytes, s.attempt_bytes, s.do_not_call_bytes};
    return Write(c, stats);
  });
}

cr_status cr_lead_list_put_from(cr_lead_list* handle, const cr_lead_file* file,
                                size_t index, int64_t now_us) {
  const LeadFileObject* const f = Find(file);
  if (f == nullptr) return CR_INVALID_HANDLE;
  return Change(handle, [&](LeadListObject& x) -> absl::Status {
    if (index >= f->leads.size()) return absl::OutOfRangeError("index");
    return x.list->Put(f->leads[index], ToTime(now_us));
  });
}
