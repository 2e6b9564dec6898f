// The number pool: time, names, views and explanations.

#include <algorithm>
#include <cstdint>
#include <string>
#include <tuple>

#include "callrouter/number_explanation.h"
#include "callrouter/number_pool.h"
#include "callrouter_c.h"
#include "convert.h"
#include "number_pool_object.h"
#include "objects.h"

namespace callrouter::c {
namespace {

void ShowWhy(NumberPoolObject* p) {
  p->groups.clear();
  p->places.clear();
  for (const NumberExplanation::Group& g : p->why.groups) {
    p->groups.push_back({sizeof(cr_explained_group), g.name.c_str(), g.numbers,
                         ToC(g.against), 0});
  }
  for (const NumberExplanation::Place& place : p->why.places) {
    cr_explained_place c = {};
    c.struct_size = sizeof c;
    c.region = place.region.c_str();
    c.numbers = place.numbers;
    static_assert(sizeof c.blocked / sizeof c.blocked[0] >=
                  std::tuple_size_v<decltype(place.blocked)>);
    std::copy(place.blocked.begin(), place.blocked.end(), c.blocked);
    c.lent = place.lent;
    c.known = place.known;
    c.carrier_capped = place.carrier_capped;
    c.kept = place.kept;
    c.rung = ToC(place.rung);
    p->places.push_back(c);
  }
}

}  // namespace
}  // namespace callrouter::c

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

cr_status cr_number_pool_advance(cr_number_pool* pool, int64_t now_us) {
  return Change(pool, [&](NumberPoolObject& p) {
    p.pool->Advance(ToTime(now_us));
    return absl::OkStatus();
  });
}

int64_t cr_number_pool_next_deadline(const cr_number_pool* pool) {
  return Get(pool, int64_t{0}, [](const NumberPoolObject& p) {
    return FromTime(p.pool->next_deadline());
  });
}

cr_status cr_number_pool_rebase_clock(cr_number_pool* pool, int64_t delta_us,
                                      int64_t now_us) {
  return Change(pool, [&](NumberPoolObject& p) {
    p.pool->RebaseClock(ToDuration(delta_us), ToTime(now_us));
    return absl::OkStatus();
  });
}

cr_status cr_number_pool_set_wall_clock(cr_number_pool* pool, int64_t offset_us,
                                        int64_t now_us) {
  return Change(pool, [&](NumberPoolObject& p) {
    p.pool->SetWallClock(ToDuration(offset_us), ToTime(now_us));
    return absl::OkStatus();
  });
}

uint64_t cr_number_pool_find_campaign(const cr_number_pool* pool,
                                      const char* name) {
  return Get(pool, uint64_t{0}, [&](const NumberPoolObject& p) {
    return p.pool->FindCampaign(Text(name)).value();
  });
}

uint64_t cr_number_pool_find_trunk(const cr_number_pool* pool,
                                   const char* name) {
  return Get(pool, uint64_t{0}, [&](const NumberPoolObject& p) {
    return p.pool->FindTrunk(Text(name)).value();
  });
}

uint64_t cr_number_pool_find_carrier(const cr_number_pool* pool,
                                     const char* name) {
  return Get(pool, uint64_t{0}, [&](const NumberPoolObject& p) {
    return p.pool->FindCarrier(Text(name)).value();
  });
}

uint64_t cr_number_pool_find_number(const cr_number_pool* pool,
                                    uint64_t number) {
  return Get(pool, uint64_t{0}, [&](const NumberPoolObject& p) {
    return p.pool->FindNumber(PhoneNumber::FromValue(number)).value();
  });
}

cr_status cr_number_pool_region_name(const cr_number_pool* pool,
                                     uint32_t region, const char** name,
                                     size_t* size) {
  return Look(pool, [&](const NumberPoolObject& p) -> absl::Status {
    if (name == nullptr || size == nullptr) return Null("name, size");
    const std::string_view text = p.pool->RegionName(region);
    *name = text.data();
    *size = text.size();
    return absl::OkStatus();
  });
}

cr_status cr_number_pool_view(const cr_number_pool* pool, uint64_t id,
                              cr_number_view* view, cr_bytes* group,
                              cr_bytes* region) {
  return Look(pool, [&](const NumberPoolObject& p) {
    const auto v = p.pool->View(NumberId::FromValue(id));
    if (!v.ok()) return v.status();
    const cr_number_view c = {sizeof c,
                              v->id.value(),
                              v->number.value(),
                              ToC(v->state),
                              ToC(v->block),
                              FromTime(v->state_until),
                              FromTime(v->free_at),
                              FromTime(v->last_shown),
                              v->probes_failed,
                              v->calls,
                              v->minute,
                              v->hour,
                              v->day,
                              v->week,
                              v->local_day,
                              v->callees};
    if (const auto s = WriteBytes(group, v->group); !s.ok()) return s;
    if (const auto s = WriteBytes(region, v->region); !s.ok()) return s;
    return Write(c, view);
  });
}

cr_status cr_number_pool_get_stats(const cr_number_pool* pool,
                                   cr_number_pool_stats* stats) {
  return Look(pool, [&](const NumberPoolObject& p) {
    const NumberPoolStats s = p.pool->stats();
    const cr_number_pool_stats c = {
        sizeof c,        s.reserved,      s.refused,
        s.committed,     s.cancelled,     s.lapsed,
        s.reported,      s.changes_lost,  s.clock_regressions,
        s.numbers,       s.attempts,      s.callees,
        s.carrier_uses,  s.charts,        s.rates,
        s.number_bytes,  s.attempt_bytes, s.callee_bytes,
        s.carrier_bytes, s.chart_bytes,   s.rate_bytes,
        s.life_bytes};
    return Write(c, stats);
  });
}

cr_status cr_number_pool_explain(cr_number_pool* pool,
                                 const cr_number_request* request,
                                 int64_t now_us, cr_number_choice* choice,
                                 size_t* groups, size_t* places) {
  return Change(pool, [&](NumberPoolObject& p) -> absl::Status {
    NumberRequest r;
    if (const auto s = RequestOf(request, &r); !s.ok()) return s;
    const absl::Status status = p.pool->Explain(r, ToTime(now_us), &p.why);
    if (!status.ok()) return status;
    ShowWhy(&p);
    if (groups != nullptr) *groups = p.groups.size();
    if (places != nullptr) *places = p.places.size();
    if (choice == nullptr) return absl::OkStatus();
    return Write(ChoiceToC(p.why.choice), choice);
  });
}

const cr_explained_group* cr_number_pool_explained_group(
    const cr_number_pool* pool, size_t index) {
  return Get(pool, static_cast<const cr_explained_group*>(nullptr),
             [&](const NumberPoolObject& p) { return At(p.groups, index); });
}

const cr_explained_place* cr_number_pool_explained_place(
    const cr_number_pool* pool, size_t index) {
  return Get(pool, static_cast<const cr_explained_place*>(nullptr),
             [&](const NumberPoolObject& p) { return At(p.places, index); });
}

cr_status cr_number_pool_check_invariants(const cr_number_pool* pool,
                                          cr_faults* faults) {
  const NumberPoolObject* const p = Find(pool);
  if (p == nullptr) return CR_INVALID_HANDLE;
  return Check(faults,
               [&](FaultsObject&) { return p->pool->CheckInvariants(); });
}
