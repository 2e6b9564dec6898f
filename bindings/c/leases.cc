// Numbers given out for a while: masking and visitors.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "callrouter/histogram.h"
#include "callrouter/masking_pool.h"
#include "callrouter/visitor_pool.h"
#include "callrouter_c.h"
#include "convert.h"
#include "objects.h"

namespace callrouter::c {
namespace {

struct MaskingObject final : Typed<Type::kMaskingPool> {
  std::unique_ptr<MaskingPool> pool;
};

struct VisitorObject final : Typed<Type::kVisitorPool> {
  std::unique_ptr<VisitorPool> pool;
  std::vector<cr_visit> candidates;
};

cr_masking_pool_options OptionsToC(const MaskingPoolOptions& o) {
  return {sizeof(cr_masking_pool_options),
          FromDuration(o.time_to_live),
          FromDuration(o.quarantine),
          FromDuration(o.sticky_keep),
          ToC(o.sticky),
          o.numbers_max,
          o.sessions_max,
          o.pairs_max};
}

absl::Status OptionsOf(const cr_masking_pool_options* in,
                       MaskingPoolOptions* o) {
  if (in == nullptr) return absl::OkStatus();
  cr_masking_pool_options c = OptionsToC(*o);
  if (const auto s = Read(in, &c); !s.ok()) return s;
  o->time_to_live = ToDuration(c.time_to_live_us);
  o->quarantine = ToDuration(c.quarantine_us);
  o->sticky_keep = ToDuration(c.sticky_keep_us);
  o->numbers_max = c.numbers_max;
  o->sessions_max = c.sessions_max;
  o->pairs_max = c.pairs_max;
  return FromC("sticky", c.sticky, &o->sticky);
}

cr_visitor_pool_options OptionsToC(const VisitorPoolOptions& o) {
  return {sizeof(cr_visitor_pool_options),
          FromDuration(o.hold),
          FromDuration(o.call_within),
          o.overflow.value(),
          ToC(o.mode),
          o.free_after_call,
          o.numbers_max,
          0};
}

absl::Status OptionsOf(const cr_visitor_pool_options* in,
                       VisitorPoolOptions* o) {
  if (in == nullptr) return absl::OkStatus();
  cr_visitor_pool_options c = OptionsToC(*o);
  if (const auto s = Read(in, &c); !s.ok()) return s;
  o->hold = ToDuration(c.hold_us);
  o->call_within = ToDuration(c.call_within_us);
  o->free_after_call = c.free_after_call != 0;
  o->numbers_max = c.numbers_max;
  if (const auto s = FromC("mode", c.mode, &o->mode); !s.ok()) return s;
  return FromC("overflow", c.overflow, &o->overflow);
}

MaskingObject* NewObject(std::unique_ptr<MaskingPool> pool) {
  auto* object = new MaskingObject;
  object->pool = std::move(pool);
  return object;
}
VisitorObject* NewObject(std::unique_ptr<VisitorPool> pool) {
  auto* object = new VisitorObject;
  object->pool = std::move(pool);
  return object;
}

// What `make(options)` gives, as an object.
template <class COptions, class Make>
auto Made(const COptions* in, Make&& make) {
  constexpr bool kMasking = std::is_same_v<COptions, cr_masking_pool_options>;
  using Options =
      std::conditional_t<kMasking, MaskingPoolOptions, VisitorPoolOptions>;
  using Object = std::conditional_t<kMasking, MaskingObject, VisitorObject>;
  using Result = absl::StatusOr<std::unique_ptr<Object>>;
  Options o;
  if (const auto s = OptionsOf(in, &o); !s.ok()) return Result(s);
  auto made = make(o);
  if (!made.ok()) return Result(made.status());
  return Result(std::unique_ptr<Object>(NewObject(*std::move(made))));
}

// `count` numbers of the caller's, handed to `add` one by one.
template <class Add>
absl::Status ForEach(const uint64_t* numbers, std::size_t count, Add&& add) {
  if (numbers == nullptr && count > 0) return Null("numbers");
  for (std::size_t i = 0; i < count; ++i) {
    PhoneNumber number;
    const absl::Status s =
        FromC("numbers[" + std::to_string(i) + "]", numbers[i], &number);
    if (!s.ok()) return s;
    add(number);
  }
  return absl::OkStatus();
}

}  // namespace

CR_HANDLE(cr_masking_pool, MaskingObject);
CR_HANDLE(cr_visitor_pool, VisitorObject);

}  // namespace callrouter::c

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

cr_status cr_masking_pool_options_init(cr_masking_pool_options* options,
                                       size_t struct_size) {
  return Code(
      WriteSized(OptionsToC(MaskingPoolOptions()), options, struct_size));
}

cr_status cr_masking_pool_create(const cr_masking_pool_options* options,
                                 int64_t now_us, cr_faults* faults,
                                 cr_masking_pool** out) {
  return Make(faults, out, [&](FaultsObject&) {
    return Made(options, [&](const MaskingPoolOptions& o) {
      return MaskingPool::Create(o, ToTime(now_us));
    });
  });
}

cr_status cr_masking_pool_load(const cr_masking_pool_options* options,
                               const void* saved, size_t size,
                               cr_faults* faults, cr_masking_pool** out) {
  return Make(faults, out, [&](FaultsObject&) {
    return Made(options, [&](const MaskingPoolOptions& o) {
      return MaskingPool::Load(o, Sized(saved, size));
    });
  });
}

void cr_masking_pool_destroy(cr_masking_pool* handle) { Destroy(handle); }

cr_status cr_masking_pool_save(const cr_masking_pool* handle, cr_bytes* out) {
  return Look(handle, [&](const MaskingObject& x) {
    const auto to = Writable(out);
    if (to.ok()) x.pool->Save(*to);
    return to.status();
  });
}

cr_status cr_masking_pool_advance(cr_masking_pool* handle, int64_t now_us) {
  return Change(handle, [&](MaskingObject& x) {
    x.pool->Advance(ToTime(now_us));
    return absl::OkStatus();
  });
}

int64_t cr_masking_pool_next_deadline(const cr_masking_pool* handle) {
  return Get(handle, int64_t{0}, [](const MaskingObject& x) {
    return FromTime(x.pool->next_deadline());
  });
}

cr_status cr_masking_pool_rebase_clock(cr_masking_pool* handle,
                                       int64_t delta_us, int64_t now_us) {
  return Change(handle, [&](MaskingObject& x) {
    x.pool->RebaseClock(ToDuration(delta_us), ToTime(now_us));
    return absl::OkStatus();
  });
}

cr_status cr_masking_pool_check_invariants(const cr_masking_pool* handle,
                                           cr_faults* faults) {
  const MaskingObject* const x = Find(handle);
  if (x == nullptr) return CR_INVALID_HANDLE;
  return Check(faults,
               [&](FaultsObject&) { return x->pool->CheckInvariants(); });
}

cr_status cr_masking_pool_put(cr_masking_pool* handle, const uint64_t* numbers,
                              size_t count, int32_t reserved, int64_t now_us) {
  return Change(handle, [&](MaskingObject& x) {
    MaskingPatch patch;
    const absl::Status status =
        ForEach(numbers, count, [&](PhoneNumber number) {
          patch.put.push_back({number, reserved != 0});
        });
    return status.ok() ? x.pool->Apply(patch, ToTime(now_us)) : status;
  });
}

cr_status cr_masking_pool_remove(cr_masking_pool* handle,
                                 const uint64_t* numbers, size_t count,
                                 int64_t now_us) {
  return Change(handle, [&](MaskingObject& x) {
    MaskingPatch patch;
    const absl::Status status =
        ForEach(numbers, count,
                [&](PhoneNumber number) { patch.remove.push_back(number); });
    return status.ok() ? x.pool->Apply(patch, ToTime(now_us)) : status;
  });
}

cr_status cr_masking_pool_open(cr_masking_pool* handle,
                               const cr_masking_request* request,
                               int64_t now_us, cr_masking_answer* answer) {
  return Change(handle, [&](MaskingObject& x) -> absl::Status {
    cr_masking_request c = {};
    if (const auto s = Read(request, &c); !s.ok()) return s;
    MaskingRequest r;
    r.session = c.session;
    if (const auto s = FromC("a", c.a, &r.a); !s.ok()) return s;
    if (const auto s = FromC("b", c.b, &r.b); !s.ok()) return s;
    if (const auto s = FromC("wanted", c.wanted, &r.wanted); !s.ok()) return s;
    // Before anything is taken.
    if (const auto s = Write(cr_masking_answer{}, answer); !s.ok()) return s;
    MaskingAnswer found;
    const absl::Status status = x.pool->Open(r, ToTime(now_us), &found);
    if (!status.ok()) return status;
    return Write({sizeof(cr_masking_answer), found.number.value(), found.again,
                  ToC(found.none), FromTime(found.retry_at)},
                 answer);
  });
}

cr_status cr_masking_pool_touch(cr_masking_pool* handle, uint64_t session,
                                int64_t now_us) {
  return Change(handle, [&](MaskingObject& x) {
    return x.pool->Touch(session, ToTime(now_us));
  });
}

cr_status cr_masking_pool_close(cr_masking_pool* handle, uint64_t session,
                                int64_t now_us) {
  return Change(handle, [&](MaskingObject& x) {
    return x.pool->Close(session, ToTime(now_us));
  });
}

cr_status cr_masking_pool_forget(cr_masking_pool* handle, uint64_t person,
                                 int64_t now_us) {
  return Change(handle, [&](MaskingObject& x) -> absl::Status {
    PhoneNumber person_number;
    if (const auto s = FromC("person", person, &person_number); !s.ok())
      return s;
    return x.pool->Forget(person_number, ToTime(now_us));
  });
}

cr_status cr_masking_pool_resolve(cr_masking_pool* handle, uint64_t number,
                                  uint64_t caller, int64_t now_us, int32_t* by,
                                  uint64_t* session, uint64_t* other) {
  return Change(handle, [&](MaskingObject& x) -> absl::Status {
    PhoneNumber dialled;
    PhoneNumber from;
    if (by == nullptr) return Null("by");
    if (const auto s = FromC("number", number, &dialled); !s.ok()) return s;
    if (const auto s = FromC("caller", caller, &from); !s.ok()) return s;
    MaskedCall call;
    const absl::Status status =
        x.pool->Resolve(dialled, from, ToTime(now_us), &call);
    if (!status.ok()) return status;
    *by = ToC(call.by);
    if (session != nullptr) *session = call.session;
    if (other != nullptr) *other = call.other.value();
    return status;
  });
}

cr_status cr_masking_pool_get_stats(const cr_masking_pool* handle,
                                    cr_masking_stats* stats) {
  return Look(handle, [&](const MaskingObject& x) {
    const MaskingReport r = x.pool->Report();
    const MaskingStats s = x.pool->stats();
    const cr_masking_stats c = {
        sizeof c,        r.numbers,           r.open,
        r.quarantined,   r.parties,           r.degree,
        r.degree_peak,   r.degree_p99,        r.to_buy,
        s.opened,        s.refused,           s.expired,
        s.closed,        s.put_through,       s.too_late,
        s.strangers,     s.clock_regressions, s.pairs,
        s.session_bytes, s.party_bytes,       s.pair_bytes};
    return Write(c, stats);
  });
}

cr_status cr_visitor_pool_options_init(cr_visitor_pool_options* options,
                                       size_t struct_size) {
  return Code(
      WriteSized(OptionsToC(VisitorPoolOptions()), options, struct_size));
}

cr_status cr_visitor_pool_create(const cr_visitor_pool_options* options,
                                 int64_t now_us, cr_faults* faults,
                                 cr_visitor_pool** out) {
  return Make(faults, out, [&](FaultsObject&) {
    return Made(options, [&](const VisitorPoolOptions& o) {
      return VisitorPool::Create(o, ToTime(now_us));
    });
  });
}

cr_status cr_visitor_pool_load(const cr_visitor_pool_options* options,
                               const void* saved, size_t size,
                               cr_faults* faults, cr_visitor_pool** out) {
  return Make(faults, out, [&](FaultsObject&) {
    return Made(options, [&](const VisitorPoolOptions& o) {
      return VisitorPool::Load(o, Sized(saved, size));
    });
  });
}

void cr_visitor_pool_destroy(cr_visitor_pool* handle) { Destroy(handle); }

cr_status cr_visitor_pool_save(const cr_visitor_pool* handle, cr_bytes* out) {
  return Look(handle, [&](const VisitorObject& x) {
    const auto to = Writable(out);
    if (to.ok()) x.pool->Save(*to);
    return to.status();
  });
}

cr_status cr_visitor_pool_advance(cr_visitor_pool* handle, int64_t now_us) {
  return Change(handle, [&](VisitorObject& x) {
    x.pool->Advance(ToTime(now_us));
    return absl::OkStatus();
  });
}

int64_t cr_visitor_pool_next_deadline(const cr_visitor_pool* handle) {
  return Get(handle, int64_t{0}, [](const VisitorObject& x) {
    return FromTime(x.pool->next_deadline());
  });
}

cr_status cr_visitor_pool_rebase_clock(cr_visitor_pool* handle,
                                       int64_t delta_us, int64_t now_us) {
  return Change(handle, [&](VisitorObject& x) {
    x.pool->RebaseClock(ToDuration(delta_us), ToTime(now_us));
    return absl::OkStatus();
  });
}

cr_status cr_visitor_pool_check_invariants(const cr_visitor_pool* handle,
                                           cr_faults* faults) {
  const VisitorObject* const x = Find(handle);
  if (x == nullptr) return CR_INVALID_HANDLE;
  return Check(faults,
               [&](FaultsObject&) { return x->pool->CheckInvariants(); });
}

cr_status cr_visitor_pool_put(cr_visitor_pool* handle, const uint64_t* numbers,
                              size_t count, int64_t now_us) {
  return Change(handle, [&](VisitorObject& x) {
    VisitorPatch patch;
    const absl::Status status =
        ForEach(numbers, count,
                [&](PhoneNumber number) { patch.put.push_back(number); });
    return status.ok() ? x.pool->Apply(patch, ToTime(now_us)) : status;
  });
}

cr_status cr_visitor_pool_remove(cr_visitor_pool* handle,
                                 const uint64_t* numbers, size_t count,
                                 int64_t now_us) {
  return Change(handle, [&](VisitorObject& x) {
    VisitorPatch patch;
    const absl::Status status =
        ForEach(numbers, count,
                [&](PhoneNumber number) { patch.remove.push_back(number); });
    return status.ok() ? x.pool->Apply(patch, ToTime(now_us)) : status;
  });
}

cr_status cr_visitor_pool_show(cr_visitor_pool* handle, uint64_t visit,
                               int64_t now_us, uint64_t* number,
                               int32_t* overflow, int64_t* retry_at_us) {
  return Change(handle, [&](VisitorObject& x) -> absl::Status {
    if (number == nullptr) return Null("number");
    VisitAnswer answer;
    const absl::Status status = x.pool->Show(visit, ToTime(now_us), &answer);
    if (!status.ok()) return status;
    *number = answer.number.value();
    if (overflow != nullptr) *overflow = answer.overflow;
    if (retry_at_us != nullptr) *retry_at_us = FromTime(answer.retry_at);
    return status;
  });
}

cr_status cr_visitor_pool_resolve(cr_visitor_pool* handle, uint64_t number,
                                  int64_t now_us, int32_t* found,
                                  int32_t* more) {
  return Change(handle, [&](VisitorObject& x) -> absl::Status {
    PhoneNumber dialled;
    if (found == nullptr) return Null("found");
    if (const auto s = FromC("number", number, &dialled); !s.ok()) return s;
    VisitCall call;
    const absl::Status status = x.pool->Resolve(dialled, ToTime(now_us), &call);
    if (!status.ok()) return status;
    x.candidates.clear();
    for (int i = 0; i < call.count; ++i) {
      const VisitCall::Candidate& v = call.visits[i];
      x.candidates.push_back({sizeof(cr_visit), v.visit,
                              FromTime(v.first_shown), FromTime(v.last_shown),
                              v.holds, 0});
    }
    *found = ToC(call.found);
    if (more != nullptr) *more = call.more;
    return status;
  });
}

const cr_visit* cr_visitor_pool_candidate(const cr_visitor_pool* handle,
                                          size_t index) {
  return Get(handle, static_cast<const cr_visit*>(nullptr),
             [&](const VisitorObject& x) { return At(x.candidates, index); });
}

cr_status cr_visitor_pool_forget(cr_visitor_pool* handle, uint64_t visit,
                                 int64_t now_us) {
  return Change(handle, [&](VisitorObject& x) {
    return x.pool->Forget(visit, ToTime(now_us));
  });
}

cr_status cr_visitor_pool_get_stats(const cr_visitor_pool* handle,
                                    cr_visitor_stats* stats) {
  return Look(handle, [&](const VisitorObject& x) {
    const VisitorStats s = x.pool->stats();
    const cr_visitor_stats c = {
        sizeof c,    s.visits,     s.overflowed, s.passed_on,
        s.calls_one, s.calls_many, s.calls_none, s.clock_regressions,
        s.numbers,   s.held,       s.bytes};
    return Write(c, stats);
  });
}

cr_status cr_visitor_pool_misattribution_risk(const cr_visitor_pool* handle,
                                              const int64_t* delays_us,
                                              size_t count, double* share) {
  return Look(handle, [&](const VisitorObject& x) -> absl::Status {
    if (share == nullptr) return Null("share");
    if (delays_us == nullptr && count > 0) return Null("delays_us");
    Histogram delays;
    for (size_t i = 0; i < count; ++i) delays.Add(delays_us[i]);
    *share = x.pool->MisattributionRisk(delays);
    return absl::OkStatus();
  });
}
