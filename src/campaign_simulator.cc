// A campaign's days: leads, numbers to show and a pacer with imagined people.

#include "callrouter/campaign_simulator.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "callrouter/number_pool.h"
#include "sim_dial.h"

namespace callrouter {
namespace sim {
namespace {

constexpr int64_t kDay = 86'400 * kDialSecond;
constexpr int64_t kSlot = 1'800 * kDialSecond;

class CampaignCallees : public DialCallees {
 public:
  CampaignCallees(const CampaignPlan& plan, const CampaignWorld& world,
                  CampaignReport* report)
      : plan_(plan),
        w_(world),
        report_(*report),
        opens_(absl::ToInt64Microseconds(world.opens)),
        closes_(absl::ToInt64Microseconds(world.closes)),
        draw_ring_(LognormalLaw(absl::Seconds(10), 0.5)),
        draw_talk_(LognormalLaw(world.talk, world.talk_variation)) {
    report_.slots.resize(
        static_cast<std::size_t>((closes_ - opens_ + kSlot - 1) / kSlot));
    report_.opens = world.opens;
  }

  absl::Status Start();
  // What went wrong since.
  const absl::Status& status() const { return status_; }
  void Finish();

  int64_t OpensAt(const DialView& view) const override {
    const int64_t time = view.now % kDay;
    const int64_t midnight = view.now - time;
    if (time >= closes_) return midnight + kDay + opens_;
    return std::max(view.now, midnight + opens_);
  }
  int64_t PlanEnd(const DialView& view) const override {
    return view.shift_begin + closes_;
  }
  int64_t retry() const override { return retry_; }
  bool Next(const DialView& view, int line, DialCall* call) override;
  int64_t Patience(int) override {
    return absl::ToInt64Microseconds(w_.patience);
  }
  int64_t Talk(int line) override {
    Stream stream(w_.seed, Purpose::kHandleTime, Of(line).attempt);
    return draw_talk_(&stream);
  }
  void Ended(const DialView& view, int line, DialOutcome outcome) override;
  void Over(const DialView& view, int line, bool talked) override;
  void Passes(const DialView& view, int64_t to) override;

 private:
  struct Call {
    uint32_t attempt = 0;
    uint64_t lead = 0;
    bool busy = false;
  };

  Call& Of(int line) { return calls_[static_cast<std::size_t>(line)]; }
  absl::Time Host(const DialView& view) const {
    return w_.begins + absl::Microseconds(view.now);
  }
  void Keep(const absl::Status& status) {
    if (status_.ok()) status_ = status;
  }
  absl::Status CheckNames() const;
  const DialDisposition* Find(const std::string& name) const;
  bool Later(const DialView& view, absl::Time at);
  bool TakeNumber(const DialView& view, const LeadChoice& lead, bool* taken);
  void Imagine(const LeadChoice& lead, Call* state, DialCall* call) const;
  void Close(const DialView& view, int line, const std::string& disposition);
  CampaignReport::Slot* SlotAt(int64_t now);

  const CampaignPlan& plan_;
  const CampaignWorld& w_;
  CampaignReport& report_;
  const int64_t opens_, closes_;
  Draw draw_ring_, draw_talk_;
  std::string campaign_;
  std::unique_ptr<LeadList> leads_;
  std::unique_ptr<NumberPool> pool_;
  CampaignId pool_campaign_;
  TrunkId trunk_;
  absl::Status status_;
  std::vector<Call> calls_;
  std::vector<uint64_t> reached_;
  uint32_t attempts_ = 0;
  int64_t retry_ = 0;
};

// The names in the world must be those of the rules.
absl::Status CampaignCallees::CheckNames() const {
  std::vector<std::string> names = {w_.no_answer, w_.machine_name, w_.busy_name,
                                    w_.failed_name, w_.dropped};
  for (const CampaignWorld::Ending& ending : w_.endings) {
    names.push_back(ending.disposition);
  }
  for (const std::string& name : names) {
    if (Find(name) == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(
          "disposition: found \"", name, "\", expected one of the rules'"));
    }
  }
  for (const DialCampaign& campaign : plan_.rules->campaigns) {
    if (campaign.name == campaign_) return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "campaign: found \"", campaign_, "\", expected one of the rules'"));
}

const DialDisposition* CampaignCallees::Find(const std::string& name) const {
  for (const DialDisposition& d : plan_.rules->dispositions) {
    if (d.name == name) return &d;
  }
  return nullptr;
}

absl::Status CampaignCallees::Start() {
  if (plan_.rules == nullptr || plan_.leads == nullptr) {
    return absl::InvalidArgumentError("plan: found no rules or no leads");
  }
  if (plan_.rules->campaigns.empty()) {
    return absl::InvalidArgumentError("campaign: found none in the rules");
  }
  campaign_ =
      plan_.campaign.empty() ? plan_.rules->campaigns[0].name : plan_.campaign;
  const absl::Status named = CheckNames();
  if (!named.ok()) return named;
  LeadListOptions options;
  std::size_t numbers = 0;
  for (const LeadConfig& lead : *plan_.leads) numbers += lead.numbers.size();
  options.leads_max =
      static_cast<int32_t>(std::max<std::size_t>(1, plan_.leads->size()));
  options.numbers_max = static_cast<int32_t>(std::max<std::size_t>(1, numbers));
  auto leads = LeadList::Create(options, *plan_.rules, w_.begins);
  if (!leads.ok()) return leads.status();
  leads_ = *std::move(leads);
  for (const LeadConfig& lead : *plan_.leads) {
    const absl::Status status = leads_->Put(lead, w_.begins);
    if (!status.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "lead ", lead.lead, ": ", std::string(status.message())));
    }
  }
  if (plan_.numbers == nullptr) return absl::OkStatus();
  const NumberRules& rules = plan_.numbers->rules;
  auto pool = NumberPool::Create(plan_.numbers->options, rules, w_.begins);
  if (!pool.ok()) return pool.status();
  pool_ = *std::move(pool);
  for (const NumberCampaign& c : rules.campaigns) {
    if (!plan_.number_campaign.empty() && c.name != plan_.number_campaign) {
      continue;
    }
    for (const NumberGroup& group : rules.groups) {
      for (const TrunkUse& use : group.trunks) {
        if (group.owner != c.owner || use.attestation < c.attestation) continue;
        pool_campaign_ = pool_->FindCampaign(c.name);
        trunk_ = pool_->FindTrunk(use.trunk);
        return pool_->Apply(plan_.numbers->numbers, w_.begins);
      }
    }
  }
  return absl::InvalidArgumentError(
      "number_campaign: found no campaign in the pool with a group and trunk "
      "for it");
}

bool CampaignCallees::Later(const DialView& view, absl::Time at) {
  // Not at once: something may have happened by then.
  const absl::Time soonest = Host(view) + absl::Seconds(1);
  retry_ = at == absl::InfiniteFuture()
               ? kDialNever
               : absl::ToInt64Microseconds(std::max(at, soonest) - w_.begins);
  return false;
}

bool CampaignCallees::TakeNumber(const DialView& view, const LeadChoice& lead,
                                 bool* taken) {
  *taken = true;
  if (pool_ == nullptr) return true;
  NumberRequest request;
  request.attempt = attempts_;
  request.campaign = pool_campaign_;
  request.trunk = trunk_;
  request.callee = lead.number;
  request.attempt_number = std::max(1, lead.attempts);
  NumberChoice choice;
  Keep(pool_->Reserve(request, Host(view), &choice));
  if (choice.number.none()) {
    *taken = false;
    ++report_.no_number;
    return Later(view, choice.retry_at);
  }
  Keep(pool_->Commit(attempts_, Host(view)));
  return true;
}

// What will become of the call.
void CampaignCallees::Imagine(const LeadChoice& lead, Call* state,
                              DialCall* call) const {
  Stream person(w_.seed, Purpose::kArrival, static_cast<uint32_t>(lead.lead));
  Stream luck(w_.seed, Purpose::kAnswer, state->attempt);
  const double hour = w_.answered[static_cast<std::size_t>(lead.local_hour)];
  const double answers =
      std::clamp(hour * (1 + w_.answered_variation * person.Normal()), 0.0,
                 1 - w_.machine - w_.failed - w_.busy);
  const double which = luck.Uniform();
  if (which < answers) {
    call->outcome = DialOutcome::kPerson;
    call->ring = std::clamp(draw_ring_(&luck), kDialSecond, 25 * kDialSecond);
  } else if (which < answers + w_.machine) {
    call->outcome = DialOutcome::kMachine;
    call->ring = static_cast<int64_t>((17 + 6 * luck.Uniform()) * 1e6);
  } else if (which < answers + w_.machine + w_.failed + w_.busy) {
    state->busy = which < answers + w_.machine + w_.busy;
    call->outcome = DialOutcome::kFailed;
    call->ring = 3 * kDialSecond;
  } else {
    call->outcome = DialOutcome::kNoAnswer;
    call->ring = 25 * kDialSecond;
  }
  call->features.segment = static_cast<uint16_t>(lead.segment);
  call->features.hour = static_cast<uint16_t>(lead.local_hour);
  call->features.attempt = static_cast<uint16_t>(std::min(lead.attempts, 20));
  call->features.line_type = static_cast<uint16_t>(lead.number_type);
}

bool CampaignCallees::Next(const DialView& view, int line, DialCall* call) {
  if (!status_.ok()) return Later(view, absl::InfiniteFuture());
  LeadRequest request;
  request.attempt = ++attempts_;
  request.campaign = campaign_;
  LeadChoice choice;
  Keep(leads_->Next(request, Host(view), &choice));
  if (!status_.ok() || choice.lead == 0) return Later(view, choice.retry_at);
  bool taken;
  if (!TakeNumber(view, choice, &taken)) {
    Keep(leads_->Cancel(attempts_, Host(view)));
    return false;
  }
  Keep(leads_->Dialled(attempts_, Host(view)));
  if (calls_.size() <= static_cast<std::size_t>(line)) {
    calls_.resize(static_cast<std::size_t>(line) + 1);
  }
  Of(line) = {attempts_, choice.lead, false};
  Imagine(choice, &Of(line), call);
  CampaignReport::Slot* const slot = SlotAt(view.now);
  if (slot != nullptr) ++slot->calls;
  return true;
}

// The call is over, and the list and the pool are told.
void CampaignCallees::Close(const DialView& view, int line,
                            const std::string& disposition) {
  const uint32_t attempt = Of(line).attempt;
  LeadCallback callback;
  callback.at = Host(view) + w_.callback_after;
  const bool again = Find(disposition)->result == DialResult::kCallback;
  Keep(leads_->Report(attempt, disposition, Host(view),
                      again ? &callback : nullptr));
  if (pool_ != nullptr) Keep(pool_->End(attempt, Host(view)));
}

void CampaignCallees::Ended(const DialView& view, int line,
                            DialOutcome outcome) {
  const Call& call = Of(line);
  CallOutcome shown = CallOutcome::kAnswered;
  const std::string* disposition = nullptr;
  switch (outcome) {
    case DialOutcome::kPerson:
      break;
    case DialOutcome::kNoAnswer:
      shown = CallOutcome::kNoAnswer;
      disposition = &w_.no_answer;
      break;
    case DialOutcome::kMachine:
      shown = CallOutcome::kMachine;
      disposition = &w_.machine_name;
      break;
    case DialOutcome::kFailed:
      shown = call.busy ? CallOutcome::kBusy : CallOutcome::kFailed;
      disposition = call.busy ? &w_.busy_name : &w_.failed_name;
      break;
  }
  if (pool_ != nullptr) {
    Keep(pool_->Report({call.attempt, shown}, Host(view)));
  }
  CampaignReport::Slot* const slot = SlotAt(view.now);
  if (disposition == nullptr) {
    if (slot != nullptr) ++slot->answers;
  } else {
    Close(view, line, *disposition);
  }
}

void CampaignCallees::Over(const DialView& view, int line, bool talked) {
  if (!talked) {
    CampaignReport::Slot* const slot = SlotAt(view.now);
    if (slot != nullptr) ++slot->drops;
    return Close(view, line, w_.dropped);
  }
  reached_.push_back(Of(line).lead);
  Stream luck(w_.seed, Purpose::kOutside, Of(line).attempt);
  double all = 0;
  for (const CampaignWorld::Ending& ending : w_.endings) all += ending.share;
  double at = luck.Uniform() * all;
  std::size_t i = 0;
  while (i + 1 < w_.endings.size() && at >= w_.endings[i].share) {
    at -= w_.endings[i++].share;
  }
  Close(view, line, w_.endings[i].disposition);
}

CampaignReport::Slot* CampaignCallees::SlotAt(int64_t now) {
  const int64_t time = now % kDay - opens_;
  const std::size_t slot = static_cast<std::size_t>(time / kSlot);
  return time < 0 || slot >= report_.slots.size() ? nullptr
                                                  : &report_.slots[slot];
}

void CampaignCallees::Passes(const DialView& view, int64_t to) {
  for (int64_t at = view.now; at < to;) {
    const int64_t until = std::min(to, (at / kSlot + 1) * kSlot);
    CampaignReport::Slot* const slot = SlotAt(at);
    const double seconds = static_cast<double>(until - at) / 1e6;
    at = until;
    if (slot == nullptr) continue;
    slot->ringing += seconds * (view.ringing + view.waiting);
    slot->waiting += seconds * view.waiting;
    slot->free += seconds * view.idle;
    slot->talking += seconds * (view.agents - view.idle);
    slot->time += seconds * view.agents;
  }
}

void CampaignCallees::Finish() {
  report_.leads = leads_->stats();
  const std::size_t spoken = reached_.size();
  std::sort(reached_.begin(), reached_.end());
  reached_.erase(std::unique(reached_.begin(), reached_.end()), reached_.end());
  report_.reached = reached_.size();
  for (const LeadConfig& lead : *plan_.leads) {
    const auto view = leads_->View(lead.lead);
    if (!view.ok()) continue;
    report_.done += view->state == LeadState::kDone ? 1 : 0;
    report_.exhausted += view->state == LeadState::kExhausted ? 1 : 0;
  }
  double free = 0, talking = 0, time = 0;
  for (const CampaignReport::Slot& slot : report_.slots) {
    free += slot.free;
    talking += slot.talking;
    time += slot.time;
  }
  report_.wait = spoken == 0 ? 0 : free / static_cast<double>(spoken);
  report_.dial.total.used = time == 0 ? 0 : talking / time;
  const double open =
      static_cast<double>(kDay) / static_cast<double>(closes_ - opens_);
  for (DialShift& shift : report_.dial.shifts) shift.used *= open;
}

DialWorld WorldOf(const CampaignWorld& world) {
  DialWorld dial;
  dial.seed = world.seed;
  dial.agents = world.agents;
  dial.service = world.talk;
  dial.service_variation = world.talk_variation;
  dial.patience = world.patience;
  dial.shift = absl::Hours(24);
  dial.shifts = world.days;
  dial.shifts_to_learn = 0;
  dial.cap_permille = world.cap_permille;
  dial.promise = world.promise;
  dial.ratio = world.ratio;
  return dial;
}

}  // namespace
}  // namespace sim

std::vector<Fault> FindFaults(const CampaignWorld& world) {
  std::vector<Fault> faults;
  DialWorld dial = sim::WorldOf(world);
  for (Fault& fault : FindFaults(dial)) {
    if (fault.path == "shifts") fault.path = "days";
    if (fault.path == "service") fault.path = "talk";
    if (fault.path == "service_variation") fault.path = "talk_variation";
    faults.push_back(std::move(fault));
  }
  const auto need = [&](bool good, const char* field, std::string found,
                        const char* expected) {
    if (!good) faults.push_back({field, std::move(found), expected});
  };
  need(world.opens >= absl::ZeroDuration() && world.closes <= absl::Hours(24) &&
           world.closes - world.opens >= absl::Minutes(30),
       "opens",
       absl::FormatDuration(world.opens) + " to " +
           absl::FormatDuration(world.closes),
       "half an hour or more of one day");
  const double others = world.machine + world.failed + world.busy;
  need(
      world.machine >= 0 && world.failed >= 0 && world.busy >= 0 && others <= 1,
      "machine", absl::StrCat(others), "with failed and busy 0 to 1");
  need(world.answered_variation >= 0 && world.answered_variation <= 1,
       "answered_variation", absl::StrCat(world.answered_variation), "0 to 1");
  for (const double share : world.answered) {
    need(share >= 0 && share <= 1, "answered", absl::StrCat(share), "0 to 1");
  }
  double all = 0;
  for (const CampaignWorld::Ending& ending : world.endings) {
    need(ending.share >= 0, "endings", absl::StrCat(ending.share), "0 or more");
    all += ending.share;
  }
  need(all > 0, "endings", absl::StrCat(all), "shares of more than 0 in all");
  return faults;
}

absl::Status SimulateCampaign(const CampaignPlan& plan,
                              const CampaignWorld& world, DialPacer pacer,
                              CampaignReport* report,
                              const Progress& progress) {
  std::string text;
  for (const Fault& fault : FindFaults(world)) {
    absl::StrAppend(&text, text.empty() ? "" : "; ", ToString(fault));
  }
  if (!text.empty()) return absl::InvalidArgumentError(text);
  *report = CampaignReport();
  const DialWorld dial = sim::WorldOf(world);
  report->dial.pacer = pacer;
  report->dial.cap_permille = world.cap_permille;
  const auto policy = pacer == DialPacer::kPredictive
                          ? sim::MakePredictive(dial)
                          : sim::MakeBaseline(dial, pacer);
  if (policy == nullptr) return absl::InvalidArgumentError("no such pacer");
  sim::CampaignCallees callees(plan, world, report);
  absl::Status status = callees.Start();
  if (!status.ok()) return status;
  status =
      sim::DialPlay(dial, &callees, policy.get()).Run(&report->dial, progress);
  if (!status.ok()) return status;
  sim::AddUp(&report->dial);
  callees.Finish();
  return callees.status();
}

}  // namespace callrouter
