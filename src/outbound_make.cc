// The outbound side from its setup: faults, parts, names.

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine_impl.h"
#include "outbound_impl.h"
#include "quoted.h"

namespace callrouter {

namespace {

class Faults {
 public:
  void Add(const std::string& path, const std::string& found,
           const std::string& expected) {
    list_.push_back({path, found, expected});
  }
  void Time(const std::string& path, absl::Duration found, absl::Duration low,
            absl::Duration high) {
    if (found >= low && found <= high) return;
    Add(path, absl::FormatDuration(found),
        absl::StrCat(absl::FormatDuration(low), " to ",
                     absl::FormatDuration(high)));
  }
  void Under(const std::string& path, const std::vector<Fault>& faults) {
    for (Fault fault : faults) {
      fault.path = path + fault.path;
      list_.push_back(fault);
    }
  }
  std::vector<Fault> Take() { return std::move(list_); }

 private:
  std::vector<Fault> list_;
};

template <class T>
std::size_t IndexOf(const std::vector<T>& all, const std::string& name) {
  const auto it = std::find_if(all.begin(), all.end(),
                               [&](const T& x) { return x.name == name; });
  return static_cast<std::size_t>(it - all.begin());
}

// In the order of Ending.
std::array<const std::string*, kEndings> NamesOf(const DispositionNames& d) {
  return {&d.no_answer, &d.busy,   &d.failed, &d.machine,  &d.dropped,
          &d.hung_up,   &d.talked, &d.lost,   &d.no_number};
}

constexpr const char* kNames[kEndings] = {"no_answer", "busy",    "failed",
                                          "machine",   "dropped", "hung_up",
                                          "talked",    "lost",    "no_number"};

void CheckCampaign(const OutboundSetup& setup, const OutboundCampaign& c,
                   const std::string& path, Faults* faults) {
  const std::vector<DialDisposition>& known = setup.rules.dispositions;
  const auto names = NamesOf(c.dispositions);
  for (std::size_t i = 0; i < kEndings; ++i) {
    const std::size_t at = IndexOf(known, *names[i]);
    const std::string field = absl::StrCat(path, ".dispositions.", kNames[i]);
    if (at == known.size()) {
      faults->Add(field, Quoted(*names[i]), "a disposition of the rules");
    } else if (known[at].result == DialResult::kCallback) {
      faults->Add(field, Quoted(*names[i]), "one that agrees upon no callback");
    }
  }
  faults->Time(path + ".hold", c.hold, absl::ZeroDuration(), absl::Hours(1));
  faults->Time(path + ".disposition_timeout", c.disposition_timeout,
               absl::Seconds(1), absl::Hours(1));
  if (c.priority < -1'000'000 || c.priority > 1'000'000) {
    faults->Add(path + ".priority", absl::StrCat(c.priority),
                "-1000000 to 1000000");
  }
  const absl::StatusOr<Requirement> read = Requirement::Parse(c.requirement);
  if (!read.ok()) {
    faults->Add(path + ".requirement", Quoted(c.requirement),
                std::string(read.status().message()));
  }
  if (c.pacing.mode == PacingMode::kAgentFirst ||
      c.pacing.mode == PacingMode::kTimedPreview) {
    faults->Add(path + ".pacing.mode", std::string(Name(c.pacing.mode)),
                "any but agent first and timed preview");
  }
  // These two would be decided twice.
  if (c.pacing.overdue != Overdue::kHost) {
    faults->Add(path + ".pacing.overdue", std::string(Name(c.pacing.overdue)),
                "the host, which is the engine: see hold and unserved");
  }
  const bool pool = setup.numbers.has_value();
  if (c.number_campaign.empty() != c.trunk.empty() ||
      (!c.trunk.empty() && !pool && !setup.numbers_elsewhere)) {
    faults->Add(path + ".number_campaign", Quoted(c.number_campaign),
                "a pool, and both number_campaign and trunk, or neither");
  }
  if (!pool || c.trunk.empty()) return;
  const NumberRules& rules = setup.numbers->rules;
  if (IndexOf(rules.campaigns, c.number_campaign) == rules.campaigns.size()) {
    faults->Add(path + ".number_campaign", Quoted(c.number_campaign),
                "a campaign of the pool");
  }
  bool trunk = false;
  for (const NumberGroup& group : rules.groups) {
    for (const TrunkUse& use : group.trunks) trunk |= use.trunk == c.trunk;
  }
  if (!trunk)
    faults->Add(path + ".trunk", Quoted(c.trunk), "a trunk of the pool");
}

void CheckGroups(const OutboundSetup& setup, Faults* faults) {
  std::set<std::string> seen;
  if (setup.groups.empty() || setup.groups.size() > 1000) {
    faults->Add("group", absl::StrCat(setup.groups.size()), "1 to 1000");
  }
  for (std::size_t g = 0; g < setup.groups.size(); ++g) {
    const PacingGroup& group = setup.groups[g];
    const std::string path = absl::StrCat("group[", g, "]");
    if (!group.pacing.campaigns.empty()) {
      faults->Add(path + ".pacing.campaigns",
                  absl::StrCat(group.pacing.campaigns.size()),
                  "none: they have their own");
    }
    if (group.pacing.records_max != 0) {
      faults->Add(path + ".pacing.records_max",
                  absl::StrCat(group.pacing.records_max),
                  "0: nobody takes them in an engine");
    }
    faults->Under(path + ".pacing.", FindFaults(PacingOf(group)));
    for (std::size_t c = 0; c < group.campaigns.size(); ++c) {
      const OutboundCampaign& campaign = group.campaigns[c];
      const std::string at = absl::StrCat(path, ".campaign[", c, "]");
      if (!group.pacing.carriers.empty() &&
          campaign.pacing.carriers.size() != 1) {
        faults->Add(at + ".pacing.carriers",
                    absl::StrCat(campaign.pacing.carriers.size()),
                    "one: that of its trunk");
      }
      CheckCampaign(setup, campaign, at, faults);
      if (IndexOf(setup.rules.campaigns, campaign.name) ==
          setup.rules.campaigns.size()) {
        faults->Add(at + ".name", Quoted(campaign.name),
                    "a campaign of the rules");
      } else if (!seen.insert(campaign.name).second) {
        faults->Add(at + ".name", Quoted(campaign.name), "a name used once");
      }
    }
  }
}

void CheckReturns(const ReturnSetup& setup, Faults* faults) {
  const auto need = [&](const std::string& path, uint64_t ref) {
    for (const ReturnSetup::Queue& queue : setup.queues) {
      if (queue.ref == ref && ref != 0) return;
    }
    faults->Add(path, absl::StrCat(ref), "one of the queues");
  };
  faults->Under("return_calls.options.", FindFaults(setup.options));
  need("return_calls.options.default_queue", setup.options.default_queue);
  for (std::size_t i = 0; i < setup.numbers.put.size(); ++i) {
    if (setup.numbers.put[i].queue == 0) continue;
    need(absl::StrCat("return_calls.numbers.put[", i, "].queue"),
         setup.numbers.put[i].queue);
  }
}

}  // namespace

PacerOptions PacingOf(const PacingGroup& group) {
  PacerOptions options = group.pacing;
  options.campaigns.clear();
  for (const OutboundCampaign& campaign : group.campaigns) {
    options.campaigns.push_back(campaign.pacing);
  }
  return options;
}

std::vector<Fault> FindFaults(const OutboundSetup& setup) {
  Faults faults;
  faults.Under("rules.", FindFaults(setup.rules));
  faults.Under("leads.", FindFaults(setup.leads));
  CheckGroups(setup, &faults);
  if (setup.numbers.has_value()) {
    faults.Under("numbers.options.", FindFaults(setup.numbers->options));
    faults.Under("numbers.rules.", FindFaults(setup.numbers->rules));
    if (setup.numbers_elsewhere) {
      faults.Add("numbers_elsewhere", "true", "no pool here, or false");
    }
  }
  if (setup.return_calls.has_value()) {
    CheckReturns(*setup.return_calls, &faults);
  }
  faults.Time("ask_timeout", setup.ask_timeout, absl::Milliseconds(1),
              absl::Seconds(60));
  faults.Time("number_retry", setup.number_retry, absl::Seconds(1),
              absl::Hours(1));
  if (setup.attempts_max < 1 || setup.attempts_max > 1'000'000) {
    faults.Add("attempts_max", absl::StrCat(setup.attempts_max),
               "1 to 1000000");
  }
  // Who is asked twice, with a grace for a stall each, still has its lead and
  // number reserved.
  const absl::Duration asks = 2 * setup.ask_timeout + absl::Seconds(2);
  if (setup.leads.reservation_timeout < asks) {
    faults.Add("leads.reservation_timeout",
               absl::FormatDuration(setup.leads.reservation_timeout),
               absl::StrCat("at least ", absl::FormatDuration(asks),
                            " for two questions of ask_timeout"));
  }
  return faults.Take();
}

absl::Status OutboundImpl::Create(const OutboundSetup& setup) {
  std::string text;
  for (const Fault& fault : FindFaults(setup)) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", ToString(fault));
  }
  if (!text.empty()) return absl::InvalidArgumentError(text);
  absl::Status status = MakeCampaigns(setup);
  if (status.ok()) status = MakeParts(setup);
  if (status.ok()) status = BindNames();
  if (!status.ok()) return status;
  for (uint32_t a = 0; a < e_.agents_.slots(); ++a) AgentChanged(a);
  parts_due_ = e_.now_;
  parts_timer_ = e_.Arm(e_.now_, TimerKind::kParts, 0);
  return absl::OkStatus();
}

absl::Status OutboundImpl::MakeCampaigns(const OutboundSetup& setup) {
  numbers_elsewhere_ = setup.numbers_elsewhere;
  locks_elsewhere_ = setup.locks_elsewhere;
  ask_us_ = Micros(setup.ask_timeout);
  number_retry_us_ = Micros(setup.number_retry);
  attempts_max_ = setup.attempts_max;
  dispositions_ = setup.rules.dispositions;
  for (std::size_t g = 0; g < setup.groups.size(); ++g) {
    const PacingGroup& from = setup.groups[g];
    OutGroup& group = groups_.emplace_back();
    group.queue_name = from.queue;
    group.first = static_cast<uint32_t>(campaigns_.size());
    group.count = static_cast<uint32_t>(from.campaigns.size());
    if (from.pacing.agents_max < e_.options_.agents_max) {
      return absl::InvalidArgumentError(absl::StrCat(
          "group[", g, "].pacing.agents_max: found ", from.pacing.agents_max,
          ", expected at least the engine's ", e_.options_.agents_max));
    }
    absl::StatusOr<std::unique_ptr<Pacer>> pacer =
        Pacer::Create(PacingOf(from), Now());
    if (!pacer.ok()) return pacer.status();
    group.pacer = *std::move(pacer);
    for (const OutboundCampaign& config : from.campaigns) {
      OutCampaign& campaign = campaigns_.emplace_back();
      campaign.config = config;
      campaign.group = static_cast<uint32_t>(g);
      campaign.index =
          static_cast<int32_t>(campaigns_.size() - group.first) - 1;
    }
  }
  return absl::OkStatus();
}

absl::Status OutboundImpl::MakeParts(const OutboundSetup& setup) {
  auto leads = LeadList::Create(setup.leads, setup.rules, Now());
  if (!leads.ok()) return leads.status();
  leads_ = *std::move(leads);
  if (setup.numbers.has_value()) {
    auto pool =
        NumberPool::Create(setup.numbers->options, setup.numbers->rules, Now());
    if (!pool.ok()) return pool.status();
    numbers_ = *std::move(pool);
    const absl::Status status = numbers_->Apply(setup.numbers->numbers, Now());
    if (!status.ok()) return status;
  }
  if (!setup.return_calls.has_value()) return absl::OkStatus();
  const ReturnSetup& from = *setup.return_calls;
  auto returns = ReturnCalls::Create(from.options, Now());
  if (!returns.ok()) return returns.status();
  returns_ = *std::move(returns);
  return_queues_ = from.queues;
  default_queue_ = from.options.default_queue;
  return returns_->Apply(from.numbers, Now());
}

// What is known by name to the engine and the parts.
absl::Status OutboundImpl::BindNames() {
  for (OutGroup& group : groups_) {
    group.queue = e_.QueueByName(group.queue_name);
    if (group.queue != kNone) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("group: found queue ", group.queue_name,
                     ", expected one of the configuration"));
  }
  for (const ReturnSetup::Queue& queue : return_queues_) {
    if (e_.QueueByName(queue.name) != kNone) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("return_calls: found queue ", queue.name,
                     ", expected one of the configuration"));
  }
  for (OutCampaign& campaign : campaigns_) {
    const auto names = NamesOf(campaign.config.dispositions);
    for (std::size_t i = 0; i < kEndings; ++i) {
      const std::size_t at = IndexOf(dispositions_, *names[i]);
      if (at == dispositions_.size()) {
        return absl::FailedPreconditionError(
            absl::StrCat("disposition ", *names[i], " is gone"));
      }
      campaign.endings[i] = static_cast<uint16_t>(at);
    }
    if (numbers_ == nullptr || campaign.config.trunk.empty()) continue;
    campaign.number_campaign =
        numbers_->FindCampaign(campaign.config.number_campaign);
    campaign.trunk = numbers_->FindTrunk(campaign.config.trunk);
  }
  return absl::OkStatus();
}

// --- New rules --------------------------------------------------------------

absl::Status OutboundImpl::SetRules(const DialRules& rules, absl::Time now) {
  for (const OutCampaign& campaign : campaigns_) {
    if (IndexOf(rules.campaigns, campaign.config.name) <
        rules.campaigns.size()) {
      continue;
    }
    return absl::FailedPreconditionError(
        absl::StrCat("campaign ", campaign.config.name,
                     " of the setup is not in the rules"));
  }
  const absl::Status status = leads_->SetRules(rules, now);
  if (!status.ok()) return status;
  dispositions_ = rules.dispositions;  // The old ones first, as they were.
  LeadsChanged();
  return absl::OkStatus();
}

absl::Status OutboundImpl::SetNumberRules(const NumberRules& rules,
                                          absl::Time now) {
  for (const OutCampaign& campaign : campaigns_) {
    if (campaign.config.trunk.empty()) continue;
    bool trunk = false;
    for (const NumberGroup& group : rules.groups) {
      for (const TrunkUse& use : group.trunks) {
        trunk |= use.trunk == campaign.config.trunk;
      }
    }
    if (trunk && IndexOf(rules.campaigns, campaign.config.number_campaign) <
                     rules.campaigns.size()) {
      continue;
    }
    return absl::FailedPreconditionError(
        absl::StrCat("campaign ", campaign.config.name,
                     ": its number campaign or trunk is not in the rules"));
  }
  const absl::Status status = numbers_->SetRules(rules, now);
  if (!status.ok()) return status;
  WakeAll();
  return BindNames();
}

void OutboundImpl::WakeAll() {
  for (uint32_t c = 0; c < campaigns_.size(); ++c) {
    if (campaigns_[c].resting) Wake(c);
  }
}

}  // namespace callrouter
