// Many engines and one number pool, each a shard with a thread and an inbox.
//
// Every tenant has an engine of its own: its agents, leads and calls are
// nobody else's business. The numbers that outbound calls show belong to the
// house and are shared, so the pool is a shard too. An engine that wants one
// says kNeedNumber; the host carries that to the pool's inbox, and the answer
// comes back as kNumberGranted or kNumberRefused: the same words as between any
// engine and any host. Nothing is locked but inboxes, and should the pool not
// answer, the engine goes on after `ask_timeout`.
//
// Here three tenants call 200 people each. The pool has 20 numbers, each of
// which may be in two calls at once and be shown 12 times an hour at most: not
// all of these people can be called now, and the pool says so.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "callrouter/engine.h"
#include "callrouter/number_pool.h"
#include "callrouter/outbound.h"
#include "inbox.h"

namespace {

using callrouter::AgentConfig;
using callrouter::AttemptProgress;
using callrouter::AttemptResult;
using callrouter::Attestation;
using callrouter::Configuration;
using callrouter::Decision;
using callrouter::DecisionKind;
using callrouter::Decisions;
using callrouter::DialCampaign;
using callrouter::DialLaw;
using callrouter::DialResult;
using callrouter::DialRules;
using callrouter::Engine;
using callrouter::EngineOptions;
using callrouter::Event;
using callrouter::EventKind;
using callrouter::LeadConfig;
using callrouter::NumberCampaign;
using callrouter::NumberChoice;
using callrouter::NumberGroup;
using callrouter::NumberPatch;
using callrouter::NumberPool;
using callrouter::NumberPoolOptions;
using callrouter::NumberRequest;
using callrouter::NumberRules;
using callrouter::OutboundCampaign;
using callrouter::OutboundSetup;
using callrouter::PacingGroup;
using callrouter::PacingMode;
using callrouter::PhoneNumber;
using callrouter::QueueConfig;
using callrouter::RedialAction;
using callrouter::RedialRule;
using examples::Inbox;
using examples::Now;

constexpr uint64_t kTenants = 3, kLeads = 200, kAgents = 5, kNumbers = 20;
constexpr int kShownPerHour = 12;

// Attempts are numbered by each engine from 1: the pool wants them apart.
uint64_t InPool(uint64_t tenant, uint64_t attempt) {
  return (tenant << 48) | attempt;
}

// What an engine's host tells the pool.
struct ToPool {
  uint64_t tenant = 0;
  Decision decision;
};

struct Tenant {
  uint64_t id = 0;
  std::unique_ptr<Engine> engine;
  Inbox<Event> inbox;
  // --- Of its thread ---
  uint64_t calls = 0, talks = 0, over = 0, refused = 0;
};

Configuration Centre() {
  Configuration centre;
  QueueConfig& queue = centre.queues.emplace_back();
  queue.name = "outbound";
  for (uint64_t ref = 1; ref <= kAgents; ++ref) {
    AgentConfig& agent = centre.agents.emplace_back();
    agent.name = "agent " + std::to_string(ref);
    agent.ref = ref;
  }
  return centre;
}

DialRules Rules() {
  DialRules rules;
  rules.zones = {{"utc", {{absl::InfinitePast(), 0}}}};
  rules.places = {{"here", {"utc"}, {"44"}}};
  DialLaw law;
  law.name = "always";
  law.source = "this example";
  law.as_of = "2026-01-31";
  for (int day = 0; day < 7; ++day) law.open.push_back({day, 0, 24 * 60});
  rules.laws = {law};
  rules.guards = {{"uk", {"44"}, {"449"}}};
  rules.dispositions = {{"no answer", DialResult::kNoAnswer},
                        {"failed", DialResult::kFailure},
                        {"dropped", DialResult::kAbandoned},
                        {"talked", DialResult::kConversation}};
  DialCampaign campaign;
  campaign.name = "renewals";
  campaign.guard = "uk";
  campaign.laws = {"always"};
  RedialRule done;
  done.dispositions = {"talked"};
  done.action = RedialAction::kDone;
  RedialRule later;
  later.delays = {absl::Hours(4)};
  campaign.redial = {done, later};
  rules.campaigns = {campaign};
  rules.lists = {{"march", "renewals"}};
  return rules;
}

OutboundSetup Setup() {
  OutboundSetup setup;
  setup.rules = Rules();
  setup.leads.leads_max = 1'000;
  setup.numbers_elsewhere = true;
  OutboundCampaign campaign;
  campaign.name = "renewals";
  campaign.number_campaign = "renewals";
  campaign.trunk = "trunk";
  campaign.pacing.mode = PacingMode::kProgressive;
  campaign.dispositions = {"no answer", "no answer", "failed",
                           "no answer", "dropped",   "dropped",
                           "talked",    "failed",    "failed"};
  PacingGroup& group = setup.groups.emplace_back();
  group.queue = "outbound";
  group.campaigns = {campaign};
  return setup;
}

absl::StatusOr<std::unique_ptr<NumberPool>> MakePool() {
  NumberRules rules;
  NumberGroup group;
  group.name = "house";
  group.owner = "the house";
  group.trunks = {{"trunk", Attestation::kFull}};
  group.caps.per_hour = kShownPerHour;
  group.caps.concurrent = 2;
  rules.groups = {group};
  NumberCampaign campaign;
  campaign.name = "renewals";
  campaign.owner = "the house";
  rules.campaigns = {campaign};
  auto pool = NumberPool::Create(NumberPoolOptions(), rules, Now());
  if (!pool.ok()) return pool;
  NumberPatch patch;
  for (uint64_t i = 0; i < kNumbers; ++i) {
    patch.put.push_back({PhoneNumber::FromValue(441'134'960'000 + i), "house"});
  }
  const absl::Status status = (*pool)->Apply(patch, Now());
  if (!status.ok()) return status;
  return pool;
}

// The one thread that touches the pool.
void RunPool(NumberPool* pool, std::vector<std::unique_ptr<Tenant>>* tenants,
             Inbox<ToPool>* inbox, std::atomic<uint64_t>* shown) {
  for (bool closed = false; !closed;) {
    const auto told = inbox->Take(pool->next_deadline(), &closed);
    pool->Advance(Now());
    if (!told.has_value()) continue;
    const Decision& d = told->decision;
    const uint64_t attempt = InPool(told->tenant, d.attempt);
    if (d.kind == DecisionKind::kDial) {
      (void)pool->Commit(attempt, Now());
      ++*shown;
    } else if (d.kind == DecisionKind::kAttemptOver) {
      (void)pool->End(attempt, Now());
    } else if (d.kind == DecisionKind::kNeedNumber) {
      NumberRequest request;
      request.attempt = attempt;
      request.campaign = pool->FindCampaign("renewals");
      request.trunk = pool->FindTrunk("trunk");
      request.callee = d.number;
      NumberChoice choice;
      const absl::Status status = pool->Reserve(request, Now(), &choice);
      const bool granted = status.ok() && !choice.number.none();
      Event answer = Event::ForAttempt(
          granted ? EventKind::kNumberGranted : EventKind::kNumberRefused,
          d.attempt);
      answer.number = choice.number;
      if (!granted && choice.retry_at < absl::InfiniteFuture()) {
        answer.duration =
            std::max(absl::ZeroDuration(), choice.retry_at - Now());
      }
      (*tenants)[told->tenant]->inbox.Put(answer);
    }
  }
}

// A telephone network of paper: one in three answers and talks for a moment.
void CarryOut(const Decision& d, Tenant* tenant) {
  const absl::Time soon = Now() + absl::Milliseconds(1);
  if (d.kind == DecisionKind::kDial) {
    ++tenant->calls;
    if (d.lead % 3 != 0) {
      Event event = Event::ForAttempt(EventKind::kAttemptResult, d.attempt);
      event.result = AttemptResult::kNoAnswer;
      return tenant->inbox.Put(event, soon);
    }
    Event event = Event::ForAttempt(EventKind::kAttemptProgress, d.attempt);
    event.progress = AttemptProgress::kPerson;
    event.call_ref = d.attempt;  // Our name of the leg.
    tenant->inbox.Put(event, soon);
  } else if (d.kind == DecisionKind::kConnect) {
    ++tenant->talks;
    tenant->inbox.Put(Event::ForOffer(EventKind::kOfferConnected, d.offer));
    Event result = Event::ForAttempt(EventKind::kAttemptResult, d.call_ref);
    result.text = "talked";
    tenant->inbox.Put(result, soon);
    tenant->inbox.Put(Event::ForCall(EventKind::kCallEnded, d.call), soon);
    tenant->inbox.Put(Event::ForAgent(EventKind::kAgentReleased, d.agent),
                      soon);
  }
}

// The one thread that touches a tenant's engine.
void RunTenant(Tenant* tenant, Inbox<ToPool>* pool) {
  Engine& engine = *tenant->engine;
  Decisions decisions;
  for (bool closed = false; !closed;) {
    const auto event = tenant->inbox.Take(engine.next_deadline(), &closed);
    decisions.clear();
    if (event.has_value()) {
      const absl::Status status = engine.Handle(*event, Now(), &decisions);
      if (!status.ok()) std::cerr << status << "\n";
      if (event->kind == EventKind::kNumberRefused) ++tenant->refused;
    } else {
      engine.Advance(Now(), &decisions);
    }
    for (const Decision& d : decisions) {
      if (d.kind == DecisionKind::kNeedNumber ||
          d.kind == DecisionKind::kDial ||
          d.kind == DecisionKind::kAttemptOver) {
        pool->Put({tenant->id, d});
      }
      if (d.kind == DecisionKind::kAttemptOver) ++tenant->over;
      CarryOut(d, tenant);
    }
  }
}

absl::Status Open(Tenant* tenant) {
  auto engine = Engine::Create(EngineOptions(), Centre(), Setup(), Now());
  if (!engine.ok()) return engine.status();
  tenant->engine = *std::move(engine);
  Decisions none;  // Nobody is logged in: nothing is dialled yet.
  for (uint64_t lead = 1; lead <= kLeads; ++lead) {
    LeadConfig config;
    config.lead = lead;
    config.list = "march";
    config.numbers = {
        {PhoneNumber::FromValue(442'079'460'000 + tenant->id * 1000 + lead)}};
    const absl::Status status =
        tenant->engine->outbound()->PutLead(config, Now(), &none);
    if (!status.ok()) return status;
  }
  for (uint64_t agent = 1; agent <= kAgents; ++agent) {
    tenant->inbox.Put(Event::ForAgentRef(EventKind::kAgentLogin, agent));
  }
  return absl::OkStatus();
}

}  // namespace

int main() {
  auto pool = MakePool();
  if (!pool.ok()) {
    std::cerr << pool.status() << "\n";
    return 1;
  }
  std::vector<std::unique_ptr<Tenant>> tenants;
  for (uint64_t id = 0; id < kTenants; ++id) {
    tenants.push_back(std::make_unique<Tenant>());
    tenants.back()->id = id;
    const absl::Status status = Open(tenants.back().get());
    if (!status.ok()) {
      std::cerr << status << "\n";
      return 1;
    }
  }
  Inbox<ToPool> pool_inbox;
  std::atomic<uint64_t> shown{0};
  std::thread pool_thread(RunPool, pool->get(), &tenants, &pool_inbox, &shown);
  std::vector<std::thread> threads;
  threads.reserve(kTenants);
  for (const auto& tenant : tenants) {
    threads.emplace_back(RunTenant, tenant.get(), &pool_inbox);
  }
  // Until the pool is used up, and a moment more, to see that no call is made
  // without a number.
  for (int i = 0; i < 300 && shown < kNumbers * kShownPerHour; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  for (const auto& tenant : tenants) tenant->inbox.Close();
  for (std::thread& thread : threads) thread.join();
  pool_inbox.Close();
  pool_thread.join();

  uint64_t calls = 0;
  for (const auto& tenant : tenants) {
    std::cout << "tenant " << tenant->id << ": " << tenant->calls << " calls, "
              << tenant->talks << " talks, " << tenant->refused
              << " times no number\n";
    calls += tenant->calls;
  }
  std::cout << calls << " calls showed a number; there was room for "
            << kNumbers * kShownPerHour << "\n";
  return calls == kNumbers * kShownPerHour ? 0 : 1;
}
