// The pacer, and what it is told.

#include "callrouter/pacer.h"

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

struct PacingObject final : Typed<Type::kPacing> {
  std::vector<PacedCampaign> campaigns;
  std::vector<bool> own_windows;  // Of each: those it began with are gone.
  std::vector<DropWindow> windows;
};

struct PacerObject final : Typed<Type::kPacer> {
  std::unique_ptr<Pacer> pacer;
  std::vector<PacingOrder> planned;
  std::vector<cr_pacing_order> orders;
};

using PacerOr = absl::StatusOr<std::unique_ptr<PacerObject>>;

PacerOr ObjectWith(absl::StatusOr<std::unique_ptr<Pacer>> pacer,
                   std::size_t campaigns) {
  if (!pacer.ok()) return pacer.status();
  auto object = std::make_unique<PacerObject>();
  object->pacer = *std::move(pacer);
  object->planned.reserve(campaigns);
  object->orders.reserve(campaigns);
  return object;
}

cr_pacer_options OptionsToC(const PacerOptions& o) {
  return {sizeof(cr_pacer_options),
          o.agents_max,
          o.lines_max,
          o.starts_per_second,
          o.agents_kept_free,
          FromDuration(o.service_guess),
          o.answer_half_life,
          o.kinds_max};
}

}  // namespace

absl::Status OptionsOf(const cr_pacer_options* in, PacerOptions* o) {
  if (in == nullptr) return absl::OkStatus();
  cr_pacer_options c = OptionsToC(*o);
  if (const auto s = Read(in, &c); !s.ok()) return s;
  o->agents_max = c.agents_max;
  o->lines_max = c.lines_max;
  o->starts_per_second = c.starts_per_second;
  o->agents_kept_free = c.agents_kept_free;
  o->service_guess = ToDuration(c.service_guess_us);
  o->answer_half_life = c.answer_half_life;
  o->kinds_max = c.kinds_max;
  return absl::OkStatus();
}

namespace {

cr_drop_window WindowDefaults() {
  const DropWindow d;
  return {sizeof(cr_drop_window), ToC(d.kind), d.cap_permille,
          FromDuration(d.length)};
}

cr_paced_campaign CampaignDefaults() {
  const PacedCampaign d;
  return {sizeof(cr_paced_campaign),
          ToC(d.mode),
          ToC(d.promise),
          d.overrun_permille,
          d.weight,
          d.lines_per_agent_permille,
          d.lines_max,
          d.starts_per_second,
          d.false_machine_permille,
          FromDuration(d.ring_timeout),
          FromDuration(d.patience)};
}

absl::Status Narrow(const char* field, uint32_t value, uint16_t* out) {
  if (value > UINT16_MAX) {
    return absl::InvalidArgumentError(std::string(field) + ": found " +
                                      std::to_string(value) +
                                      ", expected at most 65535");
  }
  *out = static_cast<uint16_t>(value);
  return absl::OkStatus();
}

absl::Status FeaturesOf(const cr_line_features* in, LineFeatures* f) {
  cr_line_features c = {};
  if (const auto s = Read(in, &c); !s.ok()) return s;
  absl::Status status = Narrow("campaign", c.campaign, &f->campaign);
  status.Update(Narrow("segment", c.segment, &f->segment));
  status.Update(Narrow("hour", c.hour, &f->hour));
  status.Update(Narrow("attempt", c.attempt, &f->attempt));
  status.Update(Narrow("line_type", c.line_type, &f->line_type));
  status.Update(Narrow("number_class", c.number_class, &f->number_class));
  return status;
}

}  // namespace

absl::Status CampaignOf(const cr_paced_campaign* in, PacedCampaign* paced) {
  cr_paced_campaign c = CampaignDefaults();
  if (const auto s = Read(in, &c); !s.ok()) return s;
  if (const auto s = FromC("mode", c.mode, &paced->mode); !s.ok()) return s;
  if (const auto s = FromC("promise", c.promise, &paced->promise); !s.ok()) {
    return s;
  }
  paced->overrun_permille = c.overrun_permille;
  paced->weight = c.weight;
  paced->lines_per_agent_permille = c.lines_per_agent_permille;
  paced->lines_max = c.lines_max;
  paced->starts_per_second = c.starts_per_second;
  paced->false_machine_permille = c.false_machine_permille;
  paced->ring_timeout = ToDuration(c.ring_timeout_us);
  paced->patience = ToDuration(c.patience_us);
  return absl::OkStatus();
}

absl::Status WindowOf(const cr_drop_window* in, DropWindow* w) {
  cr_drop_window c = WindowDefaults();
  if (const auto s = Read(in, &c); !s.ok()) return s;
  if (const auto s = FromC("kind", c.kind, &w->kind); !s.ok()) return s;
  w->cap_permille = c.cap_permille;
  w->length = ToDuration(c.length_us);
  return absl::OkStatus();
}

CR_HANDLE(cr_pacing, PacingObject);
CR_HANDLE(cr_pacer, PacerObject);

}  // namespace callrouter::c

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

cr_status cr_drop_window_init(cr_drop_window* window, size_t struct_size) {
  return Code(WriteSized(WindowDefaults(), window, struct_size));
}

cr_status cr_paced_campaign_init(cr_paced_campaign* campaign,
                                 size_t struct_size) {
  return Code(WriteSized(CampaignDefaults(), campaign, struct_size));
}

cr_status cr_pacing_create(cr_pacing** out) { return MakeEmpty(out); }

void cr_pacing_destroy(cr_pacing* pacing) { Destroy(pacing); }

cr_status cr_pacing_add_campaign(cr_pacing* pacing,
                                 const cr_paced_campaign* campaign) {
  return Change(pacing, [&](PacingObject& p) -> absl::Status {
    PacedCampaign paced;
    if (const auto s = CampaignOf(campaign, &paced); !s.ok()) return s;
    p.campaigns.push_back(std::move(paced));
    p.own_windows.push_back(false);
    return absl::OkStatus();
  });
}

cr_status cr_pacing_add_window(cr_pacing* pacing, int32_t campaign,
                               const cr_drop_window* window) {
  return Change(pacing, [&](PacingObject& p) -> absl::Status {
    DropWindow w;
    if (const auto s = WindowOf(window, &w); !s.ok()) return s;
    if (campaign == -1) {
      p.windows.push_back(w);
      return absl::OkStatus();
    }
    const auto at = static_cast<std::size_t>(campaign);
    if (campaign < 0 || at >= p.campaigns.size()) {
      return absl::NotFoundError("campaign: found " + std::to_string(campaign));
    }
    if (!p.own_windows[at]) p.campaigns[at].windows.clear();
    p.own_windows[at] = true;
    p.campaigns[at].windows.push_back(w);
    return absl::OkStatus();
  });
}

cr_status cr_pacer_options_init(cr_pacer_options* options, size_t struct_size) {
  return Code(WriteSized(OptionsToC(PacerOptions()), options, struct_size));
}

cr_status cr_pacer_create(const cr_pacer_options* options,
                          const cr_pacing* pacing, int64_t now_us,
                          cr_faults* faults, cr_pacer** out) {
  if (out != nullptr) *out = nullptr;
  const PacingObject* const p = Find(pacing);
  if (p == nullptr) return CR_INVALID_HANDLE;
  return Make(faults, out, [&](FaultsObject&) -> PacerOr {
    PacerOptions o;
    if (const auto s = OptionsOf(options, &o); !s.ok()) return s;
    o.campaigns = p->campaigns;
    o.windows = p->windows;
    return ObjectWith(Pacer::Create(std::move(o), ToTime(now_us)),
                      p->campaigns.size());
  });
}

cr_status cr_pacer_load(const void* saved, size_t size, cr_faults* faults,
                        cr_pacer** out) {
  return Make(faults, out, [&](FaultsObject&) {
    return ObjectWith(Pacer::Load(Sized(saved, size)), 0);
  });
}

void cr_pacer_destroy(cr_pacer* pacer) { Destroy(pacer); }

cr_status cr_pacer_save(const cr_pacer* pacer, cr_bytes* out) {
  return Look(pacer, [&](const PacerObject& p) {
    const auto to = Writable(out);
    if (to.ok()) **to = p.pacer->Save();
    return to.status();
  });
}

cr_status cr_pacer_set_agent(cr_pacer* pacer, int32_t agent, int32_t state,
                             int64_t now_us) {
  return Change(pacer, [&](PacerObject& p) {
    DialAgent to = DialAgent::kAway;
    const absl::Status status = FromC("state", state, &to);
    return status.ok() ? p.pacer->SetAgent(agent, to, ToTime(now_us)) : status;
  });
}

cr_status cr_pacer_dialled(cr_pacer* pacer, const cr_line_features* features,
                           int64_t now_us, uint64_t* line) {
  return Change(pacer, [&](PacerObject& p) -> absl::Status {
    if (line == nullptr) return Null("line");
    LineFeatures f;
    if (const auto s = FeaturesOf(features, &f); !s.ok()) return s;
    const auto started = p.pacer->Dialled(f, ToTime(now_us));
    if (started.ok()) *line = started->value();
    return started.status();
  });
}

cr_status cr_pacer_report(cr_pacer* pacer, uint64_t line, int32_t event,
                          int64_t now_us) {
  return Change(pacer, [&](PacerObject& p) {
    LineEvent what = LineEvent::kPerson;
    const absl::Status status = FromC("event", event, &what);
    return status.ok()
               ? p.pacer->Report(LineId::FromValue(line), what, ToTime(now_us))
               : status;
  });
}

cr_status cr_pacer_bridged(cr_pacer* pacer, uint64_t line, int32_t agent,
                           int64_t now_us) {
  return Change(pacer, [&](PacerObject& p) {
    return p.pacer->Bridged(LineId::FromValue(line), agent, ToTime(now_us));
  });
}

cr_status cr_pacer_set_running(cr_pacer* pacer, int32_t campaign,
                               int32_t running, int64_t now_us) {
  return Change(pacer, [&](PacerObject& p) {
    return p.pacer->SetRunning(campaign, running != 0, ToTime(now_us));
  });
}

cr_status cr_pacer_set_plan_end(cr_pacer* pacer, int64_t end_us,
                                int64_t now_us) {
  return Change(pacer, [&](PacerObject& p) {
    p.pacer->SetPlanEnd(ToTime(end_us), ToTime(now_us));
    return absl::OkStatus();
  });
}

cr_status cr_pacer_sampled(cr_pacer* pacer, int32_t campaign, int32_t persons,
                           int32_t samples, int64_t now_us) {
  return Change(pacer, [&](PacerObject& p) {
    return p.pacer->Sampled(campaign, persons, samples, ToTime(now_us));
  });
}

cr_status cr_pacer_set_wall_clock(cr_pacer* pacer, int64_t offset_us,
                                  int64_t now_us) {
  return Change(pacer, [&](PacerObject& p) {
    p.pacer->SetWallClock(ToDuration(offset_us), ToTime(now_us));
    return absl::OkStatus();
  });
}

cr_status cr_pacer_rebase_clock(cr_pacer* pacer, int64_t delta_us,
                                int64_t now_us) {
  return Change(pacer, [&](PacerObject& p) {
    p.pacer->RebaseClock(ToDuration(delta_us), ToTime(now_us));
    return absl::OkStatus();
  });
}

cr_status cr_pacer_plan(cr_pacer* pacer, int64_t now_us, size_t* campaigns) {
  return Change(pacer, [&](PacerObject& p) {
    p.pacer->Plan(ToTime(now_us), &p.planned);
    p.orders.clear();
    for (const PacingOrder& order : p.planned) {
      p.orders.push_back({sizeof(cr_pacing_order), order.lines,
                          ToC(order.limit), order.price, order.price_limit});
    }
    if (campaigns != nullptr) *campaigns = p.orders.size();
    return absl::OkStatus();
  });
}

const cr_pacing_order* cr_pacer_order(const cr_pacer* pacer, size_t campaign) {
  return Get(pacer, static_cast<const cr_pacing_order*>(nullptr),
             [&](const PacerObject& p) { return At(p.orders, campaign); });
}

int64_t cr_pacer_next_deadline(const cr_pacer* pacer) {
  return Get(pacer, int64_t{0}, [](const PacerObject& p) {
    return FromTime(p.pacer->next_deadline());
  });
}

cr_status cr_pacer_advance(cr_pacer* pacer, int64_t now_us) {
  return Change(pacer, [&](PacerObject& p) {
    p.pacer->Advance(ToTime(now_us));
    return absl::OkStatus();
  });
}

cr_status cr_pacer_best_ring_timeout(const cr_pacer* pacer, int32_t campaign,
                                     int64_t floor_us, int64_t overhead_us,
                                     int64_t* timeout_us) {
  return Look(pacer, [&](const PacerObject& p) -> absl::Status {
    if (timeout_us == nullptr) return Null("timeout_us");
    const auto best = p.pacer->BestRingTimeout(campaign, ToDuration(floor_us),
                                               ToDuration(overhead_us));
    if (best.ok()) *timeout_us = FromDuration(*best);
    return best.status();
  });
}

cr_status cr_pacer_get_stats(const cr_pacer* pacer, int32_t campaign,
                             cr_pacer_stats* stats) {
  return Look(pacer, [&](const PacerObject& p) {
    const auto s = p.pacer->Stats(campaign);
    if (!s.ok()) return s.status();
    const cr_pacer_stats c = {
        sizeof c,      s->dialled,         s->persons,  s->machines,
        s->unanswered, s->bridged,         s->dropped,  s->agent_left,
        s->hung_up,    s->false_machines,  s->answered, s->price_limit,
        s->dispersion, s->service_seconds, s->alarms,   0};
    return Write(c, stats);
  });
}

cr_status cr_pacer_window(const cr_pacer* pacer, int32_t campaign, size_t index,
                          cr_window_count* count) {
  return Look(pacer, [&](const PacerObject& p) -> absl::Status {
    const auto windows = p.pacer->Windows(campaign);
    if (!windows.ok()) return windows.status();
    if (index >= windows->size()) return absl::OutOfRangeError("index");
    const WindowCount& w = (*windows)[index];
    return Write({sizeof(cr_window_count), w.answers, w.drops, FromTime(w.end)},
                 count);
  });
}

int32_t cr_pacer_ready(const cr_pacer* pacer) {
  return Get(pacer, int32_t{0},
             [](const PacerObject& p) { return p.pacer->ready(); });
}

int32_t cr_pacer_lines(const cr_pacer* pacer) {
  return Get(pacer, int32_t{0},
             [](const PacerObject& p) { return p.pacer->lines(); });
}
