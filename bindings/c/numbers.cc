// The number pool: its file, its numbers, its choices.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "callrouter/number_pool.h"
#include "callrouter_c.h"
#include "convert.h"
#include "number_pool_object.h"
#include "objects.h"
#include "parts.h"

namespace callrouter::c {
namespace {

using PoolOr = absl::StatusOr<std::unique_ptr<NumberPoolObject>>;

PoolOr ObjectWith(absl::StatusOr<std::unique_ptr<NumberPool>> pool) {
  if (!pool.ok()) return pool.status();
  auto object = std::make_unique<NumberPoolObject>();
  object->pool = *std::move(pool);
  return object;
}

cr_number_pool_options OptionsToC(const NumberPoolOptions& o) {
  return {sizeof(cr_number_pool_options),
          o.seed,
          FromDuration(o.reservation_timeout),
          FromDuration(o.attempt_keep),
          o.numbers_max,
          o.attempts_max,
          o.callees_max,
          o.carrier_uses_max,
          o.charts_max,
          o.rates_max,
          o.changes_max,
          1};
}

// Over those of the file, or the defaults.
}  // namespace

absl::Status OptionsOf(const cr_number_pool_options* in, NumberPoolOptions* o) {
  if (in == nullptr) {
    o->reserve_memory = true;
    return absl::OkStatus();
  }
  cr_number_pool_options c = OptionsToC(*o);
  if (const auto s = Read(in, &c); !s.ok()) return s;
  o->seed = c.seed;
  o->reservation_timeout = ToDuration(c.reservation_timeout_us);
  o->attempt_keep = ToDuration(c.attempt_keep_us);
  o->numbers_max = c.numbers_max;
  o->attempts_max = c.attempts_max;
  o->callees_max = c.callees_max;
  o->carrier_uses_max = c.carrier_uses_max;
  o->charts_max = c.charts_max;
  o->rates_max = c.rates_max;
  o->changes_max = c.changes_max;
  o->reserve_memory = c.reserve_memory != 0;
  return absl::OkStatus();
}

namespace {

cr_state_change ChangeToC(const NumberStateChange& c) {
  return {sizeof(cr_state_change),
          c.id.value(),
          c.number.value(),
          ToC(c.from),
          ToC(c.to),
          ToC(c.why),
          0,
          c.carrier.value(),
          FromTime(c.at)};
}

// One status of one number, by its id.
template <class Call>
cr_status WithNumber(cr_number_pool* pool, uint64_t id, Call&& call) {
  return Change(pool, [&](NumberPoolObject& p) {
    return call(*p.pool, NumberId::FromValue(id));
  });
}

}  // namespace

absl::Status RequestOf(const cr_number_request* in, NumberRequest* r) {
  cr_number_request c = {};
  if (const auto s = Read(in, &c); !s.ok()) return s;
  r->attempt = c.attempt;
  r->campaign = CampaignId::FromValue(c.campaign);
  r->trunk = TrunkId::FromValue(c.trunk);
  r->carrier = CarrierId::FromValue(c.carrier);
  r->attempt_number = c.attempt_number;
  if (const auto s = FromC("callee", c.callee, &r->callee); !s.ok()) return s;
  return FromC("wanted", c.wanted, &r->wanted);
}

cr_number_choice ChoiceToC(const NumberChoice& c) {
  return {sizeof(cr_number_choice),
          c.id.value(),
          c.number.value(),
          ToC(c.by),
          ToC(c.rung),
          c.region,
          ToC(c.broken),
          ToC(c.sticky_block),
          ToC(c.none),
          ToC(c.block),
          0,
          FromTime(c.lapses_at),
          FromTime(c.retry_at)};
}

}  // namespace callrouter::c

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

cr_status cr_pool_file_parse(const char* text, size_t size,
                             const char* file_name, cr_read read,
                             void* read_context, cr_faults* faults,
                             cr_pool_file** out) {
  return Make(faults, out,
              [&](FaultsObject& found)
                  -> absl::StatusOr<std::unique_ptr<PoolFileObject>> {
                const std::string name(Text(file_name));
                auto file =
                    ParsePool(Sized(text, size), name,
                              ReaderOf(read, read_context, name), &found.list);
                if (!file.ok()) return file.status();
                auto object = std::make_unique<PoolFileObject>();
                object->file = *std::move(file);
                return object;
              });
}

void cr_pool_file_destroy(cr_pool_file* file) { Destroy(file); }

cr_status cr_number_pool_options_init(cr_number_pool_options* options,
                                      size_t struct_size,
                                      const cr_pool_file* file) {
  const PoolFileObject* const f = Find(file);
  if (file != nullptr && f == nullptr) return CR_INVALID_HANDLE;
  return Code(WriteSized(f == nullptr ? OptionsToC(NumberPoolOptions())
                                      : OptionsToC(f->file.options),
                         options, struct_size));
}

cr_status cr_number_pool_create(const cr_number_pool_options* options,
                                const cr_pool_file* file, int64_t now_us,
                                cr_faults* faults, cr_number_pool** out) {
  const PoolFileObject* const f = Find(file);
  if (f == nullptr) {
    if (out != nullptr) *out = nullptr;
    return CR_INVALID_HANDLE;
  }
  return Make(faults, out, [&](FaultsObject&) -> PoolOr {
    NumberPoolOptions o = f->file.options;
    if (const auto s = OptionsOf(options, &o); !s.ok()) return s;
    const absl::Time now = ToTime(now_us);
    auto pool = NumberPool::Create(o, f->file.rules, now);
    if (!pool.ok()) return pool.status();
    if (const auto s = (*pool)->Apply(f->file.numbers, now); !s.ok()) return s;
    return ObjectWith(std::move(pool));
  });
}

cr_status cr_number_pool_load(const cr_number_pool_options* options,
                              const void* saved, size_t size, cr_faults* faults,
                              cr_number_pool** out) {
  return Make(faults, out, [&](FaultsObject&) -> PoolOr {
    NumberPoolOptions o;
    if (const auto s = OptionsOf(options, &o); !s.ok()) return s;
    return ObjectWith(NumberPool::Load(o, Sized(saved, size)));
  });
}

void cr_number_pool_destroy(cr_number_pool* pool) { Destroy(pool); }

cr_status cr_number_pool_save(const cr_number_pool* pool, cr_bytes* out) {
  return Look(pool, [&](const NumberPoolObject& p) {
    const auto to = Writable(out);
    if (to.ok()) p.pool->Save(*to);
    return to.status();
  });
}

cr_status cr_number_pool_set_rules(cr_number_pool* pool,
                                   const cr_pool_file* file, int64_t now_us) {
  const PoolFileObject* const f = Find(file);
  if (f == nullptr) return CR_INVALID_HANDLE;
  return Change(pool, [&](NumberPoolObject& p) {
    return p.pool->SetRules(f->file.rules, ToTime(now_us));
  });
}

cr_status cr_number_config_init(cr_number_config* config, size_t struct_size) {
  const NumberConfig d;
  const cr_number_config c = {
      sizeof c,     0, "", "", d.weight, d.rank, FromTime(d.verified),
      ToC(d.state), 0};
  return Code(WriteSized(c, config, struct_size));
}

cr_status cr_number_patch_create(cr_number_patch** out) {
  return MakeEmpty(out);
}

void cr_number_patch_destroy(cr_number_patch* patch) { Destroy(patch); }

cr_status cr_number_patch_put(cr_number_patch* patch,
                              const cr_number_config* config) {
  return Change(patch, [&](PatchObject& p) -> absl::Status {
    cr_number_config c = {};
    if (const auto s = Read(config, &c); !s.ok()) return s;
    NumberConfig number;
    if (const auto s = FromC("number", c.number, &number.number); !s.ok()) {
      return s;
    }
    if (const auto s = FromC("state", c.state, &number.state); !s.ok()) {
      return s;
    }
    number.group = Text(c.group);
    number.region = Text(c.region);
    number.weight = c.weight;
    number.rank = c.rank;
    number.verified = ToTime(c.verified_us);
    p.patch.put.push_back(std::move(number));
    return absl::OkStatus();
  });
}

cr_status cr_number_patch_remove(cr_number_patch* patch, uint64_t number) {
  return Change(patch, [&](PatchObject& p) {
    PhoneNumber phone;
    const absl::Status status = FromC("number", number, &phone);
    if (status.ok()) p.patch.remove.push_back(phone);
    return status;
  });
}

cr_status cr_number_patch_clear(cr_number_patch* patch) {
  return Change(patch, [&](PatchObject& p) {
    p.patch.put.clear();
    p.patch.remove.clear();
    return absl::OkStatus();
  });
}

cr_status cr_number_pool_apply(cr_number_pool* pool,
                               const cr_number_patch* patch, int64_t now_us) {
  const PatchObject* const from = Find(patch);
  if (from == nullptr) return CR_INVALID_HANDLE;
  return Change(pool, [&](NumberPoolObject& p) {
    return p.pool->Apply(from->patch, ToTime(now_us));
  });
}

cr_status cr_number_request_init(cr_number_request* request,
                                 size_t struct_size) {
  cr_number_request c = {};
  c.struct_size = sizeof c;
  c.attempt_number = NumberRequest().attempt_number;
  return Code(WriteSized(c, request, struct_size));
}

cr_status cr_number_pool_reserve(cr_number_pool* pool,
                                 const cr_number_request* request,
                                 int64_t now_us, cr_number_choice* choice) {
  return Change(pool, [&](NumberPoolObject& p) -> absl::Status {
    NumberRequest r;
    if (const auto s = RequestOf(request, &r); !s.ok()) return s;
    // Before anything is taken.
    if (const auto s = Write(cr_number_choice{}, choice); !s.ok()) return s;
    NumberChoice found;
    const absl::Status status = p.pool->Reserve(r, ToTime(now_us), &found);
    return status.ok() ? Write(ChoiceToC(found), choice) : status;
  });
}

cr_status cr_number_pool_commit(cr_number_pool* pool, uint64_t attempt,
                                int64_t now_us) {
  return Change(pool, [&](NumberPoolObject& p) {
    return p.pool->Commit(attempt, ToTime(now_us));
  });
}

cr_status cr_number_pool_cancel(cr_number_pool* pool, uint64_t attempt,
                                int64_t now_us) {
  return Change(pool, [&](NumberPoolObject& p) {
    return p.pool->Cancel(attempt, ToTime(now_us));
  });
}

cr_status cr_number_pool_report(cr_number_pool* pool, uint64_t attempt,
                                int32_t outcome, int64_t now_us) {
  return Change(pool, [&](NumberPoolObject& p) {
    NumberReport report;
    report.attempt = attempt;
    const absl::Status status = FromC("outcome", outcome, &report.outcome);
    return status.ok() ? p.pool->Report(report, ToTime(now_us)) : status;
  });
}

cr_status cr_number_pool_end(cr_number_pool* pool, uint64_t attempt,
                             int64_t now_us) {
  return Change(pool, [&](NumberPoolObject& p) {
    return p.pool->End(attempt, ToTime(now_us));
  });
}

cr_status cr_number_pool_set_state(cr_number_pool* pool, uint64_t id,
                                   int32_t state, int64_t now_us) {
  return WithNumber(pool, id, [&](NumberPool& p, NumberId number) {
    NumberState to = NumberState::kNew;
    const absl::Status status = FromC("state", state, &to);
    return status.ok() ? p.SetState(number, to, ToTime(now_us)) : status;
  });
}

cr_status cr_number_pool_verified(cr_number_pool* pool, uint64_t id,
                                  int64_t now_us) {
  return WithNumber(pool, id, [&](NumberPool& p, NumberId number) {
    return p.Verified(number, ToTime(now_us));
  });
}

cr_status cr_number_pool_verdict(cr_number_pool* pool, uint64_t id,
                                 uint64_t carrier, int32_t verdict,
                                 int64_t now_us) {
  return WithNumber(pool, id, [&](NumberPool& p, NumberId number) {
    NumberVerdict v = NumberVerdict::kLabelled;
    const absl::Status status = FromC("verdict", verdict, &v);
    return status.ok() ? p.Verdict(number, CarrierId::FromValue(carrier), v,
                                   ToTime(now_us))
                       : status;
  });
}

cr_status cr_number_pool_take_changes(cr_number_pool* pool, size_t* count) {
  return Change(pool, [&](NumberPoolObject& p) -> absl::Status {
    if (count == nullptr) return Null("count");
    p.taken.clear();
    p.changes.clear();
    p.pool->TakeChanges(&p.taken);
    for (const NumberStateChange& change : p.taken) {
      p.changes.push_back(ChangeToC(change));
    }
    *count = p.changes.size();
    return absl::OkStatus();
  });
}

const cr_state_change* cr_number_pool_change(const cr_number_pool* pool,
                                             size_t index) {
  return Get(pool, static_cast<const cr_state_change*>(nullptr),
             [&](const NumberPoolObject& p) { return At(p.changes, index); });
}

cr_status cr_number_pool_health(const cr_number_pool* pool, uint64_t id,
                                uint64_t carrier, cr_number_health* out) {
  return Look(pool, [&](const NumberPoolObject& p) {
    const auto h =
        p.pool->Health(NumberId::FromValue(id), CarrierId::FromValue(carrier));
    if (!h.ok()) return h.status();
    const cr_number_health c = {sizeof c, h->suspicion, h->own_calls,
                                h->own_odds_permille, h->labelled};
    return Write(c, out);
  });
}
