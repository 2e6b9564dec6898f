// What an engine that dials is made with.

#include "callrouter/outbound_setup.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "callrouter_c.h"
#include "convert.h"
#include "objects.h"
#include "outbound_object.h"
#include "parts.h"

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

namespace {

cr_outbound_options Defaults() {
  const OutboundSetup d;
  return {sizeof(cr_outbound_options),
          d.numbers_elsewhere,
          d.locks_elsewhere,
          FromDuration(d.ask_timeout),
          FromDuration(d.number_retry),
          d.attempts_max,
          0};
}

cr_outbound_campaign CampaignDefaults() {
  const OutboundCampaign d;
  cr_outbound_campaign c = {};
  c.struct_size = sizeof c;
  c.hold_us = FromDuration(d.hold);
  c.disposition_timeout_us = FromDuration(d.disposition_timeout);
  c.priority = d.priority;
  c.unserved = ToC(d.unserved);
  return c;
}

absl::Status CampaignOf(const cr_outbound_campaign* in, OutboundCampaign* to) {
  cr_outbound_campaign c = CampaignDefaults();
  if (const auto s = Read(in, &c); !s.ok()) return s;
  to->name = Text(c.name);
  to->requirement = Text(c.requirement);
  to->number_campaign = Text(c.number_campaign);
  to->trunk = Text(c.trunk);
  DispositionNames& names = to->dispositions;
  names.no_answer = Text(c.no_answer);
  names.busy = Text(c.busy);
  names.failed = Text(c.failed);
  names.machine = Text(c.machine);
  names.dropped = Text(c.dropped);
  names.hung_up = Text(c.hung_up);
  names.talked = Text(c.talked);
  names.lost = Text(c.lost);
  names.no_number = Text(c.no_number);
  to->hold = ToDuration(c.hold_us);
  to->disposition_timeout = ToDuration(c.disposition_timeout_us);
  to->priority = c.priority;
  return FromC("unserved", c.unserved, &to->unserved);
}

}  // namespace

cr_status cr_outbound_setup_create(const cr_dial_file* rules,
                                   cr_outbound_setup** out) {
  if (out != nullptr) *out = nullptr;
  const DialFileObject* const f = Find(rules);
  if (f == nullptr) return CR_INVALID_HANDLE;
  return Make(nullptr, out, [&](FaultsObject&) {
    auto object = std::make_unique<SetupObject>();
    object->setup.rules = f->rules;
    object->setup.leads.reserve_memory = true;
    return absl::StatusOr<std::unique_ptr<SetupObject>>(std::move(object));
  });
}

void cr_outbound_setup_destroy(cr_outbound_setup* setup) { Destroy(setup); }

cr_status cr_outbound_options_init(cr_outbound_options* options,
                                   size_t struct_size) {
  return Code(WriteSized(Defaults(), options, struct_size));
}

cr_status cr_outbound_setup_options(cr_outbound_setup* setup,
                                    const cr_outbound_options* options) {
  return Change(setup, [&](SetupObject& x) -> absl::Status {
    cr_outbound_options c = Defaults();
    if (const auto s = Read(options, &c); !s.ok()) return s;
    x.setup.numbers_elsewhere = c.numbers_elsewhere != 0;
    x.setup.locks_elsewhere = c.locks_elsewhere != 0;
    x.setup.ask_timeout = ToDuration(c.ask_timeout_us);
    x.setup.number_retry = ToDuration(c.number_retry_us);
    x.setup.attempts_max = c.attempts_max;
    return absl::OkStatus();
  });
}

cr_status cr_outbound_setup_leads(cr_outbound_setup* setup,
                                  const cr_lead_list_options* options) {
  return Change(setup, [&](SetupObject& x) {
    return OptionsOf(options, &x.setup.leads);
  });
}

cr_status cr_outbound_campaign_init(cr_outbound_campaign* campaign,
                                    size_t struct_size) {
  return Code(WriteSized(CampaignDefaults(), campaign, struct_size));
}

cr_status cr_outbound_setup_add_group(cr_outbound_setup* setup,
                                      const char* queue,
                                      const cr_pacer_options* options) {
  return Change(setup, [&](SetupObject& x) -> absl::Status {
    PacingGroup group;
    group.queue = Text(queue);
    if (const auto s = OptionsOf(options, &group.pacing); !s.ok()) return s;
    x.setup.groups.push_back(std::move(group));
    return absl::OkStatus();
  });
}

cr_status cr_outbound_setup_add_campaign(cr_outbound_setup* setup,
                                         const cr_outbound_campaign* campaign,
                                         const cr_paced_campaign* pacing) {
  return Change(setup, [&](SetupObject& x) -> absl::Status {
    if (x.setup.groups.empty()) {
      return absl::FailedPreconditionError("found no group, expected one");
    }
    OutboundCampaign to;
    if (const auto s = CampaignOf(campaign, &to); !s.ok()) return s;
    if (pacing != nullptr) {
      const auto s = callrouter::c::CampaignOf(pacing, &to.pacing);
      if (!s.ok()) return s;
    }
    x.setup.groups.back().campaigns.push_back(std::move(to));
    x.own_windows = false;
    return absl::OkStatus();
  });
}

cr_status cr_outbound_setup_add_window(cr_outbound_setup* setup,
                                       const cr_drop_window* window) {
  return Change(setup, [&](SetupObject& x) -> absl::Status {
    if (x.setup.groups.empty() || x.setup.groups.back().campaigns.empty()) {
      return absl::FailedPreconditionError("found no campaign, expected one");
    }
    DropWindow w;
    if (const auto s = WindowOf(window, &w); !s.ok()) return s;
    auto& windows = x.setup.groups.back().campaigns.back().pacing.windows;
    if (!x.own_windows) windows.clear();
    x.own_windows = true;
    windows.push_back(w);
    return absl::OkStatus();
  });
}

cr_status cr_outbound_setup_numbers(cr_outbound_setup* setup,
                                    const cr_pool_file* file,
                                    const cr_number_pool_options* options) {
  const PoolFileObject* const f = Find(file);
  if (f == nullptr) return CR_INVALID_HANDLE;
  return Change(setup, [&](SetupObject& x) -> absl::Status {
    NumberSetup numbers{f->file.options, f->file.rules, f->file.numbers};
    if (const auto s = OptionsOf(options, &numbers.options); !s.ok()) return s;
    x.setup.numbers = std::move(numbers);
    return absl::OkStatus();
  });
}

cr_status cr_outbound_setup_return_calls(
    cr_outbound_setup* setup, const cr_return_calls_options* options) {
  return Change(setup, [&](SetupObject& x) -> absl::Status {
    ReturnSetup calls;
    if (const auto s = OptionsOf(options, &calls.options); !s.ok()) return s;
    x.setup.return_calls = std::move(calls);
    return absl::OkStatus();
  });
}

cr_status cr_outbound_setup_add_return_number(cr_outbound_setup* setup,
                                              const cr_return_number* number) {
  return Change(setup, [&](SetupObject& x) -> absl::Status {
    if (!x.setup.return_calls) {
      return absl::FailedPreconditionError("found no return calls");
    }
    ReturnNumber to;
    if (const auto s = NumberOf(number, &to); !s.ok()) return s;
    x.setup.return_calls->numbers.put.push_back(to);
    return absl::OkStatus();
  });
}

cr_status cr_outbound_setup_add_return_queue(cr_outbound_setup* setup,
                                             uint64_t ref, const char* queue) {
  return Change(setup, [&](SetupObject& x) -> absl::Status {
    if (!x.setup.return_calls) {
      return absl::FailedPreconditionError("found no return calls");
    }
    x.setup.return_calls->queues.push_back({ref, std::string(Text(queue))});
    return absl::OkStatus();
  });
}
