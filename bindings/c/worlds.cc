#include "worlds.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>

#include "convert.h"
#include "objects.h"

namespace callrouter::c {
namespace {

cr_pool_world PoolDefaults() {
  const PoolWorld d;
  return {sizeof(cr_pool_world),
          d.seed,
          d.days,
          d.people,
          d.calls_per_number,
          d.answered,
          d.answered_deviation,
          d.answered_labelled,
          d.hourly_swing,
          d.calls_per_label,
          d.busy_calls,
          d.days_to_heal_at_rest,
          d.days_to_heal_in_use,
          nullptr};
}

cr_dial_world DialDefaults() {
  const DialWorld d;
  return {sizeof(cr_dial_world),
          d.seed,
          ToC(d.model),
          d.agents,
          d.answered,
          d.answered_else,
          d.service_variation,
          FromDuration(d.service),
          FromDuration(d.ring),
          FromDuration(d.patience),
          FromDuration(d.shift),
          d.shifts,
          d.shifts_to_learn,
          d.cap_permille,
          ToC(d.promise),
          d.ratio};
}

// Texts are null, which WorldOf takes as those of CampaignWorld.
cr_campaign_world CampaignDefaults() {
  const CampaignWorld d;
  cr_campaign_world c = {};
  c.struct_size = sizeof c;
  c.seed = d.seed;
  c.agents = d.agents;
  c.days = d.days;
  c.begins_us = FromTime(d.begins);
  c.opens_us = FromDuration(d.opens);
  c.closes_us = FromDuration(d.closes);
  std::copy(d.answered.begin(), d.answered.end(), c.answered);
  c.answered_variation = d.answered_variation;
  c.machine = d.machine;
  c.failed = d.failed;
  c.busy = d.busy;
  c.talk_variation = d.talk_variation;
  c.talk_us = FromDuration(d.talk);
  c.patience_us = FromDuration(d.patience);
  c.callback_after_us = FromDuration(d.callback_after);
  c.cap_permille = d.cap_permille;
  c.promise = ToC(d.promise);
  c.ratio = d.ratio;
  return c;
}

void Name(const char* in, std::string* out) {
  if (in != nullptr) *out = in;
}

absl::Status EndingsOf(const cr_campaign_world& c, CampaignWorld* w) {
  if (c.ending_count == 0) return absl::OkStatus();
  if (c.endings == nullptr || c.ending_shares == nullptr) {
    return Null("endings, ending_shares");
  }
  w->endings.clear();
  for (std::size_t i = 0; i < c.ending_count; ++i) {
    w->endings.push_back({std::string(Text(c.endings[i])), c.ending_shares[i]});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WorldOf(const cr_pool_world* in, PoolWorld* w) {
  if (in == nullptr) return absl::OkStatus();
  cr_pool_world c = PoolDefaults();
  if (const auto s = Read(in, &c); !s.ok()) return s;
  w->seed = c.seed;
  w->days = c.days;
  w->people = c.people;
  w->calls_per_number = c.calls_per_number;
  w->answered = c.answered;
  w->answered_deviation = c.answered_deviation;
  w->answered_labelled = c.answered_labelled;
  w->hourly_swing = c.hourly_swing;
  w->calls_per_label = c.calls_per_label;
  w->busy_calls = c.busy_calls;
  w->days_to_heal_at_rest = c.days_to_heal_at_rest;
  w->days_to_heal_in_use = c.days_to_heal_in_use;
  w->campaign = Text(c.campaign);
  return absl::OkStatus();
}

absl::Status WorldOf(const cr_dial_world* in, DialWorld* w) {
  if (in == nullptr) return absl::OkStatus();
  cr_dial_world c = DialDefaults();
  if (const auto s = Read(in, &c); !s.ok()) return s;
  w->seed = c.seed;
  w->agents = c.agents;
  w->answered = c.answered;
  w->answered_else = c.answered_else;
  w->service_variation = c.service_variation;
  w->service = ToDuration(c.service_us);
  w->ring = ToDuration(c.ring_us);
  w->patience = ToDuration(c.patience_us);
  w->shift = ToDuration(c.shift_us);
  w->shifts = c.shifts;
  w->shifts_to_learn = c.shifts_to_learn;
  w->cap_permille = c.cap_permille;
  w->ratio = c.ratio;
  if (const auto s = FromC("model", c.model, &w->model); !s.ok()) return s;
  return FromC("promise", c.promise, &w->promise);
}

absl::Status WorldOf(const cr_campaign_world* in, CampaignWorld* w,
                     CampaignPlan* plan) {
  if (in == nullptr) return absl::OkStatus();
  cr_campaign_world c = CampaignDefaults();
  if (const auto s = Read(in, &c); !s.ok()) return s;
  w->seed = c.seed;
  w->agents = c.agents;
  w->days = c.days;
  w->begins = ToTime(c.begins_us);
  w->opens = ToDuration(c.opens_us);
  w->closes = ToDuration(c.closes_us);
  static_assert(std::size(decltype(c.answered){}) ==
                std::tuple_size_v<decltype(w->answered)>);
  std::copy(std::begin(c.answered), std::end(c.answered), w->answered.begin());
  w->answered_variation = c.answered_variation;
  w->machine = c.machine;
  w->failed = c.failed;
  w->busy = c.busy;
  w->talk_variation = c.talk_variation;
  w->talk = ToDuration(c.talk_us);
  w->patience = ToDuration(c.patience_us);
  w->callback_after = ToDuration(c.callback_after_us);
  w->cap_permille = c.cap_permille;
  w->ratio = c.ratio;
  Name(c.no_answer, &w->no_answer);
  Name(c.machine_name, &w->machine_name);
  Name(c.busy_name, &w->busy_name);
  Name(c.failed_name, &w->failed_name);
  Name(c.dropped, &w->dropped);
  Name(c.campaign, &plan->campaign);
  Name(c.number_campaign, &plan->number_campaign);
  if (const auto s = EndingsOf(c, w); !s.ok()) return s;
  return FromC("promise", c.promise, &w->promise);
}

absl::Status ModelOf(const cr_dial_bound_model* in, DialBoundModel* m) {
  cr_dial_bound_model c = {};
  if (const auto s = Read(in, &c); !s.ok()) return s;
  m->agents = c.agents;
  m->answered = c.answered;
  m->service = ToDuration(c.service_us);
  m->ring = ToDuration(c.ring_us);
  m->patience = ToDuration(c.patience_us);
  return absl::OkStatus();
}

}  // namespace callrouter::c

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

cr_status cr_pool_world_init(cr_pool_world* world, size_t struct_size) {
  return Code(WriteSized(PoolDefaults(), world, struct_size));
}

cr_status cr_dial_world_init(cr_dial_world* world, size_t struct_size) {
  return Code(WriteSized(DialDefaults(), world, struct_size));
}

cr_status cr_campaign_world_init(cr_campaign_world* world, size_t struct_size) {
  return Code(WriteSized(CampaignDefaults(), world, struct_size));
}

cr_status cr_dial_bound_model_init(cr_dial_bound_model* model,
                                   size_t struct_size) {
  const DialBoundModel d;
  const cr_dial_bound_model c = {sizeof c,
                                 d.agents,
                                 0,
                                 d.answered,
                                 FromDuration(d.service),
                                 FromDuration(d.ring),
                                 FromDuration(d.patience)};
  return Code(WriteSized(c, model, struct_size));
}
