// Days played before they come.

#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "callrouter/campaign_simulator.h"
#include "callrouter/dial_bound.h"
#include "callrouter/dial_simulator.h"
#include "callrouter/pool_simulator.h"
#include "callrouter/simulator.h"
#include "callrouter/v1/report.pb.h"
#include "callrouter_c.h"
#include "convert.h"
#include "objects.h"
#include "worlds.h"

namespace callrouter::c {
namespace {

struct ReportsObject final : Typed<Type::kReports> {
  std::vector<PoolReport> pools;
  std::vector<DialReport> dialling;
  std::vector<CampaignReport> campaigns;
};

// The `index`-th of a list, for `call`.
template <class Item, class Call>
absl::Status WithItem(const std::vector<Item>& list, std::size_t index,
                      Call&& call) {
  if (index >= list.size()) return absl::OutOfRangeError("index");
  return call(list[index]);
}

template <class Value>
absl::Status Give(const Value& value, Value* out) {
  if (out == nullptr) return Null("out");
  *out = value;
  return absl::OkStatus();
}

// Runs `run(found, report)` and keeps its report in `list(reports)`.
template <class Report, class Run>
cr_status Simulated(cr_faults* faults, cr_reports* reports,
                    std::vector<Report> ReportsObject::* list, Run&& run);

}  // namespace

CR_HANDLE(cr_reports, ReportsObject);

namespace {

template <class Report, class Run>
cr_status Simulated(cr_faults* faults, cr_reports* reports,
                    std::vector<Report> ReportsObject::* list, Run&& run) {
  ReportsObject* const to = Find(reports);
  if (to == nullptr) return CR_INVALID_HANDLE;
  return Check(faults, [&](FaultsObject&) {
    Report report;
    const absl::Status status = run(&report);
    if (status.ok()) (to->*list).push_back(std::move(report));
    return status;
  });
}

cr_dial_report DialToC(const DialReport& r, const DialShift& shift) {
  return {sizeof(cr_dial_report),
          ToC(r.pacer),
          r.above,
          shift.used,
          r.worst,
          shift.dialled,
          shift.answers,
          shift.drops,
          shift.agent_left,
          r.shifts.size()};
}

// What `text(list)` says of them.
template <class Report, class Text>
cr_status Show(const cr_reports* reports,
               std::vector<Report> ReportsObject::* list, cr_bytes* out,
               Text&& text) {
  return Look(reports, [&](const ReportsObject& r) -> absl::Status {
    if ((r.*list).empty()) return absl::NotFoundError("reports");
    const auto to = Writable(out);
    if (to.ok()) **to = text(r.*list);
    return to.status();
  });
}

}  // namespace
}  // namespace callrouter::c

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

cr_status cr_simulate(const char* text, size_t size, const char* file_name,
                      cr_read read, void* read_context, cr_faults* faults,
                      cr_bytes* report_json, cr_bytes* table) {
  return Check(faults, [&](FaultsObject& found) -> absl::Status {
    const std::string name(Text(file_name));
    const auto scenario =
        ParseScenario(Sized(text, size), name,
                      ReaderOf(read, read_context, name), &found.list);
    if (!scenario.ok()) return scenario.status();
    v1::Report report;
    if (const auto s = Simulate(*scenario, SimulateOptions(), &report);
        !s.ok()) {
      return s;
    }
    if (const auto s = WriteBytes(report_json, ReportJson(report)); !s.ok()) {
      return s;
    }
    return WriteBytes(table, ReportTable(report));
  });
}

cr_status cr_reports_create(cr_reports** out) { return MakeEmpty(out); }

void cr_reports_destroy(cr_reports* reports) { Destroy(reports); }

cr_status cr_reports_clear(cr_reports* reports) {
  return Change(reports, [](ReportsObject& r) {
    r.pools.clear();
    r.dialling.clear();
    r.campaigns.clear();
    return absl::OkStatus();
  });
}

cr_status cr_simulate_pool(const cr_pool_file* file, const cr_pool_world* world,
                           int32_t policy, cr_faults* faults,
                           cr_reports* reports, cr_bytes* saved) {
  const PoolFileObject* const f = Find(file);
  if (f == nullptr) return CR_INVALID_HANDLE;
  return Simulated(faults, reports, &ReportsObject::pools,
                   [&](PoolReport* report) -> absl::Status {
                     PoolWorld w;
                     PoolPolicy p = PoolPolicy::kAsConfigured;
                     if (const auto s = WorldOf(world, &w); !s.ok()) return s;
                     if (const auto s = FromC("policy", policy, &p); !s.ok())
                       return s;
                     std::string state;
                     const absl::Status status =
                         SimulatePool(f->file, w, p, report,
                                      saved == nullptr ? nullptr : &state);
                     return status.ok() ? WriteBytes(saved, state) : status;
                   });
}

cr_status cr_reports_pool(const cr_reports* reports, size_t index,
                          cr_pool_report* report) {
  return Look(reports, [&](const ReportsObject& all) {
    return WithItem(all.pools, index, [&](const PoolReport& r) {
      const cr_pool_report c = {sizeof c,
                                ToC(r.policy),
                                0,
                                r.calls,
                                r.no_number,
                                r.answered,
                                r.labelled,
                                r.rests,
                                r.needless_rests,
                                r.labels,
                                r.replaced,
                                r.resting_needless,
                                r.answered_share.size(),
                                r.uses.size()};
      return Write(c, report);
    });
  });
}

cr_status cr_reports_pool_week(const cr_reports* reports, size_t index,
                               size_t week, double* answered_share,
                               double* resting_share) {
  return Look(reports, [&](const ReportsObject& all) {
    return WithItem(all.pools, index, [&](const PoolReport& r) -> absl::Status {
      if (week >= r.answered_share.size()) return absl::OutOfRangeError("week");
      if (const auto s = Give(r.answered_share[week], answered_share);
          !s.ok()) {
        return s;
      }
      return Give(r.resting_share[week], resting_share);
    });
  });
}

cr_status cr_reports_pool_uses(const cr_reports* reports, size_t index,
                               size_t number, uint32_t* uses) {
  return Look(reports, [&](const ReportsObject& all) {
    return WithItem(all.pools, index, [&](const PoolReport& r) {
      if (number >= r.uses.size()) return absl::OutOfRangeError("number");
      return Give(r.uses[number], uses);
    });
  });
}

cr_status cr_reports_pool_state(const cr_reports* reports, size_t index,
                                int32_t state, double* share) {
  return Look(reports, [&](const ReportsObject& all) {
    return WithItem(all.pools, index, [&](const PoolReport& r) {
      const auto at = static_cast<std::size_t>(state);
      if (state < 0 || at >= r.states.size()) {
        return absl::InvalidArgumentError("state");
      }
      return Give(r.states[at], share);
    });
  });
}

cr_status cr_simulate_dialing(const cr_dial_world* world, int32_t pacer,
                              cr_faults* faults, cr_reports* reports) {
  return Simulated(faults, reports, &ReportsObject::dialling,
                   [&](DialReport* report) -> absl::Status {
                     DialWorld w;
                     DialPacer p = DialPacer::kPredictive;
                     if (const auto s = WorldOf(world, &w); !s.ok()) return s;
                     if (const auto s = FromC("pacer", pacer, &p); !s.ok()) {
                       return s;
                     }
                     return SimulateDialing(w, p, report);
                   });
}

cr_status cr_reports_dialing(const cr_reports* reports, size_t index,
                             size_t shift, cr_dial_report* report) {
  return Look(reports, [&](const ReportsObject& all) {
    return WithItem(all.dialling, index, [&](const DialReport& r) {
      if (shift > r.shifts.size()) return absl::OutOfRangeError("shift");
      const bool total = shift == r.shifts.size();
      return Write(DialToC(r, total ? r.total : r.shifts[shift]), report);
    });
  });
}

cr_status cr_simulate_campaign(const cr_dial_file* rules,
                               const cr_lead_file* leads,
                               const cr_pool_file* numbers,
                               const cr_campaign_world* world, int32_t pacer,
                               cr_faults* faults, cr_reports* reports) {
  const DialFileObject* const dial = Find(rules);
  const LeadFileObject* const list = Find(leads);
  const PoolFileObject* const pool = Find(numbers);
  if (dial == nullptr || list == nullptr ||
      (numbers != nullptr && pool == nullptr)) {
    return CR_INVALID_HANDLE;
  }
  return Simulated(faults, reports, &ReportsObject::campaigns,
                   [&](CampaignReport* report) -> absl::Status {
                     CampaignPlan plan;
                     CampaignWorld w;
                     DialPacer p = DialPacer::kPredictive;
                     if (const auto s = WorldOf(world, &w, &plan); !s.ok())
                       return s;
                     if (const auto s = FromC("pacer", pacer, &p); !s.ok())
                       return s;
                     plan.rules = &dial->rules;
                     plan.leads = &list->leads;
                     plan.numbers = pool == nullptr ? nullptr : &pool->file;
                     return SimulateCampaign(plan, w, p, report);
                   });
}

cr_status cr_reports_campaign(const cr_reports* reports, size_t index,
                              cr_campaign_report* report) {
  return Look(reports, [&](const ReportsObject& all) {
    return WithItem(all.campaigns, index, [&](const CampaignReport& r) {
      const DialShift& total = r.dial.total;
      const cr_campaign_report c = {sizeof c,
                                    r.reached,
                                    r.done,
                                    r.exhausted,
                                    r.no_number,
                                    r.wait,
                                    total.used,
                                    r.dial.worst,
                                    total.dialled,
                                    total.answers,
                                    total.drops,
                                    total.agent_left,
                                    r.dial.shifts.size(),
                                    r.dial.above,
                                    0};
      return Write(c, report);
    });
  });
}

cr_status cr_reports_pool_text(const cr_reports* reports, cr_bytes* out) {
  return Show(reports, &ReportsObject::pools, out, [](const auto& list) {
    return PoolTable(list) + PoolChart(list);
  });
}

cr_status cr_reports_dialing_text(const cr_reports* reports, cr_bytes* out) {
  return Show(reports, &ReportsObject::dialling, out,
              [](const auto& list) { return DialTable(list); });
}

cr_status cr_reports_campaign_text(const cr_reports* reports, cr_bytes* out) {
  return Show(reports, &ReportsObject::campaigns, out, [](const auto& list) {
    return CampaignTable(list) + CampaignChart(list);
  });
}

cr_status cr_dial_bounds(const cr_dial_bound_model* model,
                         const double* drop_shares, size_t count,
                         double* used) {
  return Check(nullptr, [&](FaultsObject&) -> absl::Status {
    DialBoundModel m;
    if (const auto s = ModelOf(model, &m); !s.ok()) return s;
    if (drop_shares == nullptr || used == nullptr) return Null("drop_shares");
    const auto bounds =
        DialBounds(m, std::vector<double>(drop_shares, drop_shares + count));
    if (!bounds.ok()) return bounds.status();
    std::copy(bounds->begin(), bounds->end(), used);
    return absl::OkStatus();
  });
}

cr_status cr_progressive_share(const cr_dial_bound_model* model, double* used) {
  return Check(nullptr, [&](FaultsObject&) -> absl::Status {
    DialBoundModel m;
    if (const auto s = ModelOf(model, &m); !s.ok()) return s;
    return Give(ProgressiveShare(m), used);
  });
}
