// Our own pacer as the simulator's, the world's faults, and the table.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "callrouter/pacer.h"
#include "sim_dial.h"

namespace callrouter {
namespace sim {
namespace {

class Predictive : public DialPolicy {
 public:
  Predictive(const DialWorld& world, std::unique_ptr<Pacer> pacer)
      : pacer_(std::move(pacer)) {
    for (int a = 0; a < world.agents; ++a) {
      (void)pacer_->SetAgent(a, DialAgent::kReady, absl::UnixEpoch());
    }
  }

  int Lines(const DialView& view) override {
    pacer_->Plan(Time(view), &orders_);
    return orders_[0].lines;
  }
  int64_t wake() const override {
    const absl::Time at = pacer_->next_deadline();
    return at == absl::InfiniteFuture() ? kDialNever : absl::ToUnixMicros(at);
  }
  void Dialled(const DialView& view, int line,
               const LineFeatures& features) override {
    const std::size_t at = static_cast<std::size_t>(line);
    if (at >= lines_.size()) lines_.resize(at + 1);
    const auto id = pacer_->Dialled(features, Time(view));
    if (id.ok()) lines_[at] = *id;
  }
  void Ended(const DialView& view, int line, DialOutcome outcome,
             int64_t) override {
    const LineEvent event =
        outcome == DialOutcome::kPerson    ? LineEvent::kPerson
        : outcome == DialOutcome::kMachine ? LineEvent::kMachine
        : outcome == DialOutcome::kFailed  ? LineEvent::kFailed
                                           : LineEvent::kNoAnswer;
    Report(view, line, event);
  }
  void Bridged(const DialView& view, int line, int agent) override {
    (void)pacer_->Bridged(lines_[static_cast<std::size_t>(line)], agent,
                          Time(view));
  }
  void Dropped(const DialView& view, int line) override {
    Report(view, line, LineEvent::kDropped);
  }
  void Free(const DialView& view, int agent, int64_t) override {
    (void)pacer_->SetAgent(agent, DialAgent::kReady, Time(view));
  }
  void ShiftBegins(const DialView& view) override {
    pacer_->SetPlanEnd(absl::FromUnixMicros(view.plan_end), Time(view));
  }
  int64_t agent_left() const override {
    const auto stats = pacer_->Stats(0);
    return stats.ok() ? static_cast<int64_t>(stats->agent_left) : 0;
  }

 private:
  static absl::Time Time(const DialView& view) {
    return absl::FromUnixMicros(view.now);
  }
  void Report(const DialView& view, int line, LineEvent event) {
    (void)pacer_->Report(lines_[static_cast<std::size_t>(line)], event,
                         Time(view));
  }

  std::unique_ptr<Pacer> pacer_;
  std::vector<PacingOrder> orders_;
  std::vector<LineId> lines_;
};

}  // namespace

std::unique_ptr<DialPolicy> MakePredictive(const DialWorld& world) {
  PacerOptions options;
  PacedCampaign campaign;
  campaign.promise = world.promise;
  campaign.patience = world.patience;
  campaign.windows = {
      {WindowKind::kSuccessive, world.shift, world.cap_permille}};
  campaign.ring_timeout = absl::Seconds(60);
  if (world.model == DialModel::kRealistic) {
    campaign.ring_timeout = absl::Seconds(25);
  }
  options.campaigns = {campaign};
  options.agents_max = world.agents;
  options.lines_max = std::max(1'000, world.agents * 100);
  auto pacer = Pacer::Create(options, absl::UnixEpoch());
  if (!pacer.ok()) return nullptr;
  return std::make_unique<Predictive>(world, *std::move(pacer));
}

}  // namespace sim

std::vector<Fault> FindFaults(const DialWorld& world) {
  std::vector<Fault> faults;
  const auto need = [&](bool good, const char* field, double found,
                        const char* expected) {
    if (good) return;
    faults.push_back({field, absl::StrFormat("%g", found), expected});
  };
  const auto within = [&](const char* field, double found, double low,
                          double high, const char* expected) {
    need(found >= low && found <= high, field, found, expected);
  };
  within("agents", world.agents, 1, 10'000, "1 to 10,000");
  need(world.answered > 0 && world.answered <= 1, "answered", world.answered,
       "above 0 and at most 1");
  within("answered_else", world.answered_else, 0, 1, "0 to 1");
  within("service", absl::ToDoubleSeconds(world.service), 1, 3600,
         "1 to 3600 seconds");
  within("service_variation", world.service_variation, 0, 3, "0 to 3");
  within("ring", absl::ToDoubleSeconds(world.ring), 1, 60, "1 to 60 seconds");
  within("patience", absl::ToDoubleSeconds(world.patience), 0, 60,
         "0 to 60 seconds");
  within("shift", absl::ToDoubleHours(world.shift), 1.0 / 6, 9600,
         "10 minutes to 400 days");
  within("shifts", world.shifts, 1, 10'000, "1 to 10,000");
  within("shifts_to_learn", world.shifts_to_learn, 0, world.shifts - 1,
         "0 to one less than shifts");
  within("cap_permille", world.cap_permille, 1, 500, "1 to 500");
  within("ratio", world.ratio, 1, 20, "1 to 20");
  return faults;
}

std::string DialTable(const std::vector<DialReport>& reports) {
  std::string text =
      absl::StrFormat("%-22s %9s %7s %8s %9s %8s\n", "pacer", "talking %",
                      "drops %", "worst %", "above cap", "calls/an");
  for (const DialReport& r : reports) {
    text += absl::StrFormat(
        "%-22s %9.1f %7.2f %8.2f %4d of %-3d %7.2f\n", Name(r.pacer),
        100 * r.total.used, 100 * r.total.drop_rate(), 100 * r.worst, r.above,
        static_cast<int>(r.shifts.size()),
        static_cast<double>(r.total.dialled) /
            static_cast<double>(std::max<int64_t>(1, r.total.answers)));
  }
  return text;
}

std::string_view Name(DialPacer pacer) {
  switch (pacer) {
    case DialPacer::kPredictive:
      return "predictive";
    case DialPacer::kProgressive:
      return "progressive";
    case DialPacer::kStaticRatio:
      return "static ratio";
    case DialPacer::kVicidialHard:
      return "vicidial hard";
    case DialPacer::kVicidialAverage:
      return "vicidial average";
    case DialPacer::kVicidialTapered:
      return "vicidial tapered";
    case DialPacer::kVicidialRatio:
      return "vicidial ratio";
    case DialPacer::kIssabel:
      return "issabel";
    case DialPacer::kImpactDialing:
      return "impactdialing";
    case DialPacer::kProportional:
      return "pi";
    case DialPacer::kOwnRule:
      return "own rule";
  }
  return "unknown";
}

}  // namespace callrouter
