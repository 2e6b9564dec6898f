// Who is ringing back a number that was shown.

#include "callrouter/return_calls.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "callrouter_c.h"
#include "convert.h"
#include "objects.h"
#include "parts.h"

namespace callrouter::c {
namespace {

struct ReturnCallsObject final : Typed<Type::kReturnCalls> {
  std::unique_ptr<ReturnCalls> calls;
  ReturnAnswer answer;
  std::vector<cr_return_candidate> candidates;
};

cr_return_calls_options OptionsToC(const ReturnCallsOptions& o) {
  return {sizeof(cr_return_calls_options),
          FromDuration(o.keep),
          o.default_queue,
          {o.hash_key[0], o.hash_key[1]},
          o.numbers_max,
          o.owners_max,
          o.entries_max,
          o.per_callee_max,
          o.aliases_max,
          o.opt_outs_max,
          o.recent_max,
          1};
}

}  // namespace

absl::Status OptionsOf(const cr_return_calls_options* in,
                       ReturnCallsOptions* o) {
  cr_return_calls_options c = OptionsToC(*o);
  if (in != nullptr) {
    if (const auto s = Read(in, &c); !s.ok()) return s;
  }
  o->keep = ToDuration(c.keep_us);
  o->default_queue = c.default_queue;
  o->hash_key = {c.hash_key[0], c.hash_key[1]};
  o->numbers_max = c.numbers_max;
  o->owners_max = c.owners_max;
  o->entries_max = c.entries_max;
  o->per_callee_max = c.per_callee_max;
  o->aliases_max = c.aliases_max;
  o->opt_outs_max = c.opt_outs_max;
  o->recent_max = c.recent_max;
  o->reserve_memory = c.reserve_memory != 0;
  return absl::OkStatus();
}

namespace {

// What `make(options)` gives, as an object.
template <class Make>
absl::StatusOr<std::unique_ptr<ReturnCallsObject>> Made(
    const cr_return_calls_options* in, Make&& make) {
  ReturnCallsOptions o;
  if (const auto s = OptionsOf(in, &o); !s.ok()) return s;
  auto made = make(o);
  if (!made.ok()) return made.status();
  auto object = std::make_unique<ReturnCallsObject>();
  object->calls = *std::move(made);
  return object;
}

}  // namespace

absl::Status NumberOf(const cr_return_number* in, ReturnNumber* n) {
  cr_return_number c = {};
  if (const auto s = Read(in, &c); !s.ok()) return s;
  n->owner = c.owner;
  n->queue = c.queue;
  n->agent = c.agent;
  n->source = c.source;
  return FromC("number", c.number, &n->number);
}

namespace {

absl::Status CallOf(const cr_shown_call* in, ShownCall* call) {
  cr_shown_call c = {};
  if (const auto s = Read(in, &c); !s.ok()) return s;
  if (c.campaign > UINT16_MAX) {
    return absl::InvalidArgumentError("campaign: found " +
                                      std::to_string(c.campaign) +
                                      ", expected at most 65535");
  }
  call->lead = c.lead;
  call->attempt = c.attempt;
  call->agent = c.agent;
  call->campaign = static_cast<uint16_t>(c.campaign);
  if (const auto s = FromC("number", c.number, &call->number); !s.ok()) {
    return s;
  }
  return FromC("callee", c.callee, &call->callee);
}

}  // namespace

CR_HANDLE(cr_return_calls, ReturnCallsObject);

}  // namespace callrouter::c

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

cr_status cr_return_calls_options_init(cr_return_calls_options* options,
                                       size_t struct_size) {
  return Code(
      WriteSized(OptionsToC(ReturnCallsOptions()), options, struct_size));
}

cr_status cr_return_calls_create(const cr_return_calls_options* options,
                                 int64_t now_us, cr_faults* faults,
                                 cr_return_calls** out) {
  return Make(faults, out, [&](FaultsObject&) {
    return Made(options, [&](const ReturnCallsOptions& o) {
      return ReturnCalls::Create(o, ToTime(now_us));
    });
  });
}

cr_status cr_return_calls_load(const cr_return_calls_options* options,
                               const void* saved, size_t size,
                               cr_faults* faults, cr_return_calls** out) {
  return Make(faults, out, [&](FaultsObject&) {
    return Made(options, [&](const ReturnCallsOptions& o) {
      return ReturnCalls::Load(o, Sized(saved, size));
    });
  });
}

void cr_return_calls_destroy(cr_return_calls* handle) { Destroy(handle); }

cr_status cr_return_calls_save(const cr_return_calls* handle, cr_bytes* out) {
  return Look(handle, [&](const ReturnCallsObject& x) {
    const auto to = Writable(out);
    if (to.ok()) x.calls->Save(*to);
    return to.status();
  });
}

cr_status cr_return_calls_advance(cr_return_calls* handle, int64_t now_us) {
  return Change(handle, [&](ReturnCallsObject& x) {
    x.calls->Advance(ToTime(now_us));
    return absl::OkStatus();
  });
}

int64_t cr_return_calls_next_deadline(const cr_return_calls* handle) {
  return Get(handle, int64_t{0}, [](const ReturnCallsObject& x) {
    return FromTime(x.calls->next_deadline());
  });
}

cr_status cr_return_calls_rebase_clock(cr_return_calls* handle,
                                       int64_t delta_us, int64_t now_us) {
  return Change(handle, [&](ReturnCallsObject& x) {
    x.calls->RebaseClock(ToDuration(delta_us), ToTime(now_us));
    return absl::OkStatus();
  });
}

cr_status cr_return_calls_check_invariants(const cr_return_calls* handle,
                                           cr_faults* faults) {
  const ReturnCallsObject* const x = Find(handle);
  if (x == nullptr) return CR_INVALID_HANDLE;
  return Check(faults,
               [&](FaultsObject&) { return x->calls->CheckInvariants(); });
}

cr_status cr_return_calls_put_number(cr_return_calls* handle,
                                     const cr_return_number* number,
                                     int64_t now_us) {
  return cr_return_calls_put_numbers(handle, &number, 1, now_us);
}

cr_status cr_return_calls_put_numbers(cr_return_calls* handle,
                                      const cr_return_number* const* all,
                                      size_t count, int64_t now_us) {
  return Change(handle, [&](ReturnCallsObject& x) -> absl::Status {
    if (all == nullptr && count > 0) return Null("numbers");
    ReturnNumbersPatch patch;
    for (size_t i = 0; i < count; ++i) {
      const auto s = NumberOf(all[i], &patch.put.emplace_back());
      if (!s.ok()) return s;
    }
    return x.calls->Apply(patch, ToTime(now_us));
  });
}

cr_status cr_return_calls_remove_numbers(cr_return_calls* handle,
                                         const uint64_t* numbers, size_t count,
                                         int64_t now_us) {
  return Change(handle, [&](ReturnCallsObject& x) -> absl::Status {
    if (numbers == nullptr && count > 0) return Null("numbers");
    ReturnNumbersPatch patch;
    for (size_t i = 0; i < count; ++i) {
      const auto s = FromC("number", numbers[i], &patch.remove.emplace_back());
      if (!s.ok()) return s;
    }
    return x.calls->Apply(patch, ToTime(now_us));
  });
}

cr_status cr_return_calls_set_owner_queue(cr_return_calls* handle,
                                          uint32_t owner, uint64_t queue,
                                          int64_t now_us) {
  return Change(handle, [&](ReturnCallsObject& x) {
    return x.calls->SetOwnerQueue(owner, queue, ToTime(now_us));
  });
}

cr_status cr_return_calls_add_alias(cr_return_calls* handle, uint64_t caller,
                                    uint64_t callee, int64_t now_us) {
  return Change(handle, [&](ReturnCallsObject& x) -> absl::Status {
    PhoneNumber caller_number;
    if (const auto s = FromC("caller", caller, &caller_number); !s.ok())
      return s;
    PhoneNumber callee_number;
    if (const auto s = FromC("callee", callee, &callee_number); !s.ok())
      return s;
    return x.calls->AddAlias(caller_number, callee_number, ToTime(now_us));
  });
}

cr_status cr_return_calls_remove_alias(cr_return_calls* handle, uint64_t caller,
                                       uint64_t callee, int64_t now_us) {
  return Change(handle, [&](ReturnCallsObject& x) -> absl::Status {
    PhoneNumber caller_number;
    if (const auto s = FromC("caller", caller, &caller_number); !s.ok())
      return s;
    PhoneNumber callee_number;
    if (const auto s = FromC("callee", callee, &callee_number); !s.ok())
      return s;
    return x.calls->RemoveAlias(caller_number, callee_number, ToTime(now_us));
  });
}

cr_status cr_return_calls_shown(cr_return_calls* handle,
                                const cr_shown_call* call, int64_t now_us) {
  return Change(handle, [&](ReturnCallsObject& x) -> absl::Status {
    ShownCall shown;
    if (const auto s = CallOf(call, &shown); !s.ok()) return s;
    return x.calls->Shown(shown, ToTime(now_us));
  });
}

cr_status cr_return_calls_outcome(cr_return_calls* handle,
                                  const cr_shown_call* call, int32_t outcome,
                                  int64_t now_us) {
  return Change(handle, [&](ReturnCallsObject& x) -> absl::Status {
    ShownCall shown;
    if (const auto s = CallOf(call, &shown); !s.ok()) return s;
    if (outcome < 0 || outcome > UINT8_MAX) {
      return absl::InvalidArgumentError("outcome: found " +
                                        std::to_string(outcome) +
                                        ", expected at most 255");
    }
    return x.calls->Outcome(shown, static_cast<uint8_t>(outcome),
                            ToTime(now_us));
  });
}

cr_status cr_return_calls_resolve(cr_return_calls* handle, uint64_t number,
                                  uint64_t caller, int64_t now_us,
                                  cr_return_answer* answer) {
  return Change(handle, [&](ReturnCallsObject& x) -> absl::Status {
    PhoneNumber dialled;
    PhoneNumber from;
    if (const auto s = FromC("number", number, &dialled); !s.ok()) return s;
    if (const auto s = FromC("caller", caller, &from); !s.ok()) return s;
    ReturnAnswer& a = x.answer;
    const absl::Status status =
        x.calls->Resolve(dialled, from, ToTime(now_us), &a);
    if (!status.ok()) return status;
    x.candidates.clear();
    for (const ReturnCandidate& c : a.candidates) {
      x.candidates.push_back({sizeof(cr_return_candidate), c.lead, c.attempt,
                              c.agent, c.number.value(), FromTime(c.shown),
                              c.campaign, c.outcome});
    }
    const cr_return_answer found = {
        sizeof found, ToC(a.found), ToC(a.rung),    a.candidates.size(), a.more,
        a.owner,      a.conflict,   a.known_number, a.opted_out,         0,
        a.queue,      a.agent,      a.source};
    return Write(found, answer);
  });
}

const cr_return_candidate* cr_return_calls_candidate(
    const cr_return_calls* handle, size_t index) {
  return Get(
      handle, static_cast<const cr_return_candidate*>(nullptr),
      [&](const ReturnCallsObject& x) { return At(x.candidates, index); });
}

cr_status cr_return_calls_opt_out(cr_return_calls* handle, uint64_t person,
                                  uint32_t owner, int64_t now_us) {
  return Change(handle, [&](ReturnCallsObject& x) -> absl::Status {
    PhoneNumber person_number;
    if (const auto s = FromC("person", person, &person_number); !s.ok())
      return s;
    return x.calls->OptOut(person_number, owner, ToTime(now_us));
  });
}

cr_status cr_return_calls_withdraw_opt_out(cr_return_calls* handle,
                                           uint64_t person, uint32_t owner,
                                           int64_t now_us) {
  return Change(handle, [&](ReturnCallsObject& x) -> absl::Status {
    PhoneNumber person_number;
    if (const auto s = FromC("person", person, &person_number); !s.ok())
      return s;
    return x.calls->WithdrawOptOut(person_number, owner, ToTime(now_us));
  });
}

int32_t cr_return_calls_opted_out(const cr_return_calls* handle,
                                  uint64_t person, uint32_t owner) {
  return Get(handle, int32_t{0}, [&](const ReturnCallsObject& x) -> int32_t {
    return x.calls->OptedOut(PhoneNumber::FromValue(person), owner);
  });
}

cr_status cr_return_calls_forget(cr_return_calls* handle, uint64_t person,
                                 int64_t now_us) {
  return Change(handle, [&](ReturnCallsObject& x) -> absl::Status {
    PhoneNumber person_number;
    if (const auto s = FromC("person", person, &person_number); !s.ok())
      return s;
    return x.calls->Forget(person_number, ToTime(now_us));
  });
}

cr_status cr_return_calls_releasable_at(const cr_return_calls* handle,
                                        uint64_t number, int64_t* at_us) {
  return Look(handle, [&](const ReturnCallsObject& x) -> absl::Status {
    if (at_us == nullptr) return Null("at_us");
    const auto at = x.calls->ReleasableAt(PhoneNumber::FromValue(number));
    if (at.ok()) *at_us = FromTime(*at);
    return at.status();
  });
}

cr_status cr_return_calls_get_stats(const cr_return_calls* handle,
                                    cr_return_calls_stats* stats) {
  return Look(handle, [&](const ReturnCallsObject& x) {
    const ReturnCallsStats s = x.calls->stats();
    const cr_return_calls_stats c = {
        sizeof c,     s.shown,       s.expired,
        s.crowded,    s.refused,     s.resolved,
        s.one,        s.many,        s.clock_regressions,
        s.entries,    s.numbers,     s.aliases,
        s.opt_outs,   s.entry_bytes, s.number_bytes,
        s.other_bytes};
    return Write(c, stats);
  });
}
