#include "tests/oracle/random_dialing.h"

#include <algorithm>

#include "tests/outbound_centre.h"

namespace callrouter::oracle {

namespace {

const char* const kDispositions[] = {"sold",      "talked", "later",  "busy",
                                     "no answer", "lost",   "unheard"};
constexpr int kLeads = 300;

OutboundCampaign MakeCampaign(const std::string& name, bool numbers, Dice* d) {
  OutboundCampaign campaign = testing::OneCampaign(name);
  constexpr PacingMode kModes[] = {PacingMode::kProgressive, PacingMode::kPower,
                                   PacingMode::kPredictive,
                                   PacingMode::kPredictive};
  PacedCampaign& pacing = campaign.pacing;
  pacing.mode = kModes[d->Below(4)];
  pacing.promise = static_cast<DropPromise>(d->Below(3));
  pacing.windows[0].cap_permille = d->OneIn(2) ? 30 : 500;
  pacing.ring_timeout = absl::Seconds(d->Int(5, 30));
  pacing.patience = absl::Seconds(d->Int(0, 5));
  pacing.lines_max = d->OneIn(3) ? 2 : 1'000;
  campaign.priority = d->Int(-1, 2);
  if (d->OneIn(3)) campaign.requirement = "s0 or s1";
  if (d->OneIn(2)) campaign.hold = absl::Seconds(d->Int(1, 20));
  if (d->OneIn(2)) campaign.unserved = Unserved::kRelease;
  campaign.disposition_timeout = absl::Seconds(d->Int(1, 60));
  if (numbers && d->Below(4) > 0) {
    campaign.number_campaign = "shown";
    campaign.trunk = "trunk";
  }
  return campaign;
}

}  // namespace

OutboundSetup MakeDialing(int agents_max, Dice* d) {
  OutboundSetup setup;
  setup.rules = testing::OutboundRules();
  const std::vector<std::string> names = {"renewals", "debts", "polls"};
  for (std::size_t i = 1; i < names.size(); ++i) {
    setup.rules.campaigns.push_back(setup.rules.campaigns[0]);
    setup.rules.campaigns[i].name = names[i];
    setup.rules.lists.push_back({names[i], names[i]});
  }
  for (DialCampaign& campaign : setup.rules.campaigns) {
    campaign.redial[1].delays = {absl::Seconds(d->Int(0, 60))};
  }
  if (d->OneIn(3)) {
    setup.rules.laws[0].connect_within = absl::Seconds(2);
    setup.rules.laws[0].message_required = true;
  }
  setup.leads.leads_max = 1'000;
  setup.leads.numbers_max = 2'000;
  setup.leads.attempt_keep = absl::Seconds(d->Int(0, 60));
  const bool numbers = d->Below(3) > 0;
  for (int g = 0; g < 2; ++g) {
    PacingGroup& group = setup.groups.emplace_back();
    group.queue = "q" + std::to_string(g);
    group.pacing.agents_max = agents_max;
    group.pacing.lines_max = 50;
    group.pacing.service_guess = absl::Seconds(20);
    if (d->OneIn(4)) group.pacing.agents_kept_free = 1;
    group.campaigns.push_back(
        MakeCampaign(names[static_cast<std::size_t>(g)], numbers, d));
  }
  setup.groups[1].campaigns.push_back(MakeCampaign(names[2], numbers, d));
  if (numbers) {
    testing::AddNumbers(&setup);
    setup.groups[0].campaigns[0].number_campaign = "shown";
    setup.groups[0].campaigns[0].trunk = "trunk";
    setup.return_calls->queues[0].name = "q2";
    if (d->OneIn(2)) {
      setup.numbers->rules.groups[0].caps.concurrent = 1;
      setup.numbers->rules.groups[0].caps.cool_down = absl::Seconds(20);
    }
    if (d->OneIn(3)) {
      setup.numbers.reset();
      setup.numbers_elsewhere = true;
    }
  }
  setup.locks_elsewhere = d->OneIn(3);
  setup.ask_timeout = absl::Seconds(d->Int(1, 5));
  setup.number_retry = absl::Seconds(d->Int(1, 60));
  if (d->OneIn(4)) setup.attempts_max = 3;
  return setup;
}

absl::Status Apply(const DialingChange& change, Outbound* outbound,
                   absl::Time now, Decisions* out) {
  const uint64_t lead = change.lead.lead;
  switch (change.kind) {
    case 0:
    case 1:
    case 2:
      return outbound->PutLead(change.lead, now, out);
    case 3:
      return outbound->PauseLead(lead, change.paused, now, out);
    case 4:
      return outbound->ResetLead(lead, now, out);
    case 5:
      return outbound->RemoveLead(lead, now, out);
    case 6:
      return outbound->PauseCampaign(change.lead.list, change.paused, now, out);
    case 7:
      return change.paused
                 ? outbound->DoNotCall(testing::Phone(lead), now, out)
                 : outbound->AllowCall(testing::Phone(lead), now, out);
    default:
      return outbound->Sampled(static_cast<int32_t>(lead % 4), 1, 50, now, out);
  }
}

absl::Status Apply(const DialingChange& change, NaiveDialing* dialing,
                   absl::Time now) {
  LeadList& leads = dialing->leads();
  const uint64_t lead = change.lead.lead;
  if (change.kind > 7) {
    return dialing->Sampled(static_cast<int32_t>(lead % 4), 1, 50);
  }
  absl::Status status;
  switch (change.kind) {
    case 0:
    case 1:
    case 2:
      status = leads.Put(change.lead, now);
      break;
    case 3:
      status = leads.Pause(lead, change.paused, now);
      break;
    case 4:
      status = leads.Reset(lead, now);
      break;
    case 5:
      status = leads.Remove(lead, now);
      break;
    case 6:
      status = leads.PauseCampaign(change.lead.list, change.paused, now);
      break;
    default:
      status = change.paused ? leads.DoNotCall(testing::Phone(lead), now)
                             : leads.AllowCall(testing::Phone(lead), now);
  }
  if (status.ok()) dialing->LeadsChanged();
  return status;
}

DialingChange DialingHost::SomeChange() {
  DialingChange change;
  // Mostly new leads.
  change.kind = std::max(0, dice_->Int(-9, 8));
  static const char* const kLists[] = {"march", "debts", "polls"};
  const uint64_t lead = 1 + dice_->Below(kLeads);
  change.lead = testing::OneLead(lead, kLists[lead % 3]);
  if (dice_->OneIn(3)) {
    change.lead.numbers.push_back({testing::Phone(1 + dice_->Below(kLeads))});
    if (change.lead.numbers[1].number == change.lead.numbers[0].number) {
      change.lead.numbers.pop_back();
    }
  }
  change.paused = dice_->OneIn(3);
  if (change.kind == 6) {
    static const char* const kCampaigns[] = {"renewals", "debts", "nobody"};
    change.lead.list = kCampaigns[dice_->Below(3)];
  }
  return change;
}

const WorldHost::Act& DialingHost::Next(const Engine& engine) {
  const Act& act = WorldHost::Next(engine);
  if (!dials_ || dice_->Below(5) > 1) return act;
  own_ = act;
  own_.event = Event();
  // What the other host had to say is lost.
  Dial(&own_.event);
  own_.advance = false;
  return own_;
}

void DialingHost::Dial(Event* event) {
  const uint64_t what = dice_->Below(20);
  if (what < 5 && !asked_.empty()) {
    const std::size_t at = dice_->Below(asked_.size());
    const Leg ask = asked_[at];
    if (dice_->Below(8) > 0) {
      asked_.erase(asked_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    const bool granted = dice_->Below(4) > 0;
    *event = Event::ForAttempt(
        ask.call_ref == 0
            ? (granted ? EventKind::kNumberGranted : EventKind::kNumberRefused)
            : (granted ? EventKind::kLockGranted : EventKind::kLockRefused),
        ask.attempt);
    event->number = PhoneNumber::FromValue(78'120'000'000 + dice_->Below(10));
    event->value = dice_->OneIn(2) ? 1 : 0;
    if (dice_->OneIn(2)) event->duration = absl::Seconds(dice_->Int(0, 20));
    return;
  }
  if (what < 12 && !dialling_.empty()) {
    if (dice_->OneIn(2)) {
      Answer(event);
    } else {
      Result(event);
    }
    return;
  }
  if (what < 17 && !answered_.empty()) {
    const std::size_t at = dice_->Below(answered_.size());
    *event =
        Event::ForAttempt(EventKind::kAttemptResult, answered_[at].attempt);
    if (dice_->Below(4) > 0) {
      answered_.erase(answered_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    event->text = kDispositions[dice_->Below(7)];
    event->duration = absl::Seconds(dice_->Int(0, 60));
    event->duration2 = absl::Seconds(dice_->Int(0, 300));
    event->value = dice_->OneIn(2) ? 1 : 0;
    return;
  }
  if (what == 17) {
    *event = Event::Of(EventKind::kCallArrived);
    event->call_ref = 2'000'000 + ++legs_;
    event->called = PhoneNumber::FromValue(78'120'000'000 + dice_->Below(11));
    if (dice_->OneIn(2)) event->caller = testing::Phone(1 + dice_->Below(60));
    return;
  }
  if (what == 18 || over_.empty()) {  // Agents to dial for.
    static constexpr EventKind kBack[] = {EventKind::kAgentReady,
                                          EventKind::kAgentFreeOutside,
                                          EventKind::kAgentLogin};
    *event = Event::ForAgentRef(kBack[dice_->Below(3)], AnyAgent());
    return;
  }
  // A word that was late, or is said twice.
  const Leg leg = over_[dice_->Below(over_.size())];
  *event = Event::ForAttempt(
      dice_->OneIn(2) ? EventKind::kAttemptProgress : EventKind::kAttemptResult,
      leg.attempt + (dice_->OneIn(20) ? 1'000 : 0));
  event->progress = static_cast<AttemptProgress>(dice_->Int(0, 3));
  event->result = static_cast<AttemptResult>(dice_->Int(0, 8));
  event->call_ref = leg.call_ref != 0 ? leg.call_ref : 1'000'000 + ++legs_;
  event->text = kDispositions[dice_->Below(7)];
  event->duration2 = absl::Seconds(60);
}

void DialingHost::Answer(Event* event) {
  const std::size_t at = dice_->Below(dialling_.size());
  Leg leg = dialling_[at];
  *event = Event::ForAttempt(EventKind::kAttemptProgress, leg.attempt);
  if (dice_->OneIn(5)) return;  // Rings.
  if (dice_->Below(20) > 0) {
    dialling_.erase(dialling_.begin() + static_cast<std::ptrdiff_t>(at));
  }
  event->progress = AttemptProgress::kPerson;
  if (dice_->OneIn(5)) event->progress = AttemptProgress::kMachine;
  event->call_ref = leg.call_ref = 1'000'000 + ++legs_;
  if (dice_->OneIn(4)) event->duration = absl::Seconds(dice_->Int(0, 3));
  if (answered_.size() >= 32) answered_.erase(answered_.begin());
  answered_.push_back(leg);
  if (dice_->OneIn(30)) event->kind = EventKind::kCallEnded;  // Overtakes it.
}

void DialingHost::Result(Event* event) {
  const std::size_t at = dice_->Below(dialling_.size());
  *event = Event::ForAttempt(EventKind::kAttemptResult, dialling_[at].attempt);
  event->result = static_cast<AttemptResult>(dice_->Int(1, 7));
  if (dice_->OneIn(5)) event->text = kDispositions[dice_->Below(7)];
  event->duration2 = absl::Seconds(60);
  if (dice_->Below(20) > 0) {
    dialling_.erase(dialling_.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

void DialingHost::Watch(const Decisions& decisions) {
  WorldHost::Watch(decisions);
  const auto keep = [](std::vector<Leg>* list, uint64_t attempt,
                       uint64_t kind) {
    if (list->size() >= 64) list->erase(list->begin());
    list->push_back({attempt, kind});
  };
  for (const Decision& d : decisions) {
    if (d.kind == DecisionKind::kDial) keep(&dialling_, d.attempt, 0);
    if (d.kind == DecisionKind::kNeedNumber) keep(&asked_, d.attempt, 0);
    if (d.kind == DecisionKind::kNeedLock) keep(&asked_, d.attempt, 1);
    if (d.kind == DecisionKind::kAttemptOver) keep(&over_, d.attempt, 0);
  }
}

std::vector<Event> DialingHost::SyncWords(const Engine& engine,
                                          uint64_t lose_one_in,
                                          std::vector<uint64_t>* lost) {
  std::vector<Event> words = WorldHost::SyncWords(engine, lose_one_in, lost);
  for (const Leg& leg : dialling_) {
    if (dice_->OneIn(lose_one_in)) continue;
    words.insert(words.begin() + 1,
                 Event::ForAttempt(EventKind::kSyncAttempt, leg.attempt));
  }
  return words;
}

}  // namespace callrouter::oracle
