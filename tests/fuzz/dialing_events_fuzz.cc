// Bytes become a centre that dials, a host and what it says: the invariants
// between attempts, calls and parts hold after every event, a refusal changes
// nothing and says why, and a saved engine loads as it was.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "callrouter/engine.h"
#include "callrouter/outbound.h"
#include "tests/oracle/random_dialing.h"

namespace {

using callrouter::Decisions;
using callrouter::Engine;
using callrouter::EngineOptions;
using callrouter::OutboundSetup;
using callrouter::oracle::ByteDice;
using callrouter::oracle::DialingChange;
using callrouter::oracle::DialingHost;
using callrouter::oracle::Family;
using callrouter::oracle::WorldHost;
using callrouter::oracle::WorldSize;

void Require(bool holds, const std::string& what) {
  if (holds) return;
  std::cerr << "dialing_events_fuzz: " << what << "\n";
  std::abort();
}

void CheckSaved(const EngineOptions& options, const OutboundSetup& setup,
                const Engine& engine) {
  std::string bytes, again;
  engine.Save(&bytes);
  auto loaded = Engine::Load(options, setup, bytes);
  Require(loaded.ok(), "own state refused: " + loaded.status().ToString());
  (*loaded)->Save(&again);
  Require(bytes == again, "a loaded engine saves otherwise");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteDice dice(data, size);
  const auto family =
      static_cast<Family>(dice.Int(0, callrouter::oracle::kFamilies - 1));
  const WorldSize world = {dice.Int(1, 8), dice.Int(3, 6), dice.Int(1, 6)};
  EngineOptions options;
  options.seed = dice.Below(256);
  options.calls_max = dice.OneIn(4) ? 4 : 200;
  options.agents_max = 20;
  options.tombstones_max = dice.Int(0, 16);
  options.audit_after = absl::Minutes(1);
  options.audit_reply = absl::Seconds(2);
  const callrouter::Configuration config =
      callrouter::oracle::MakeWorld(family, world, &dice);
  const OutboundSetup setup =
      callrouter::oracle::MakeDialing(options.agents_max, &dice);
  DialingHost host(family, world, true, true, &dice);
  auto created = Engine::Create(options, config, setup, host.now());
  if (!created.ok()) return 0;
  Engine& engine = **created;
  Decisions decisions;
  uint64_t sequence = 0;
  for (int i = 0; i < 400 && !dice.done(); ++i) {
    decisions.clear();
    absl::Status status;
    if (dice.OneIn(4)) {
      const DialingChange change = host.SomeChange();
      status = Apply(change, engine.outbound(), host.now(), &decisions);
    } else {
      const WorldHost::Act& act = host.Next(engine);
      if (act.advance) {
        engine.Advance(act.now, &decisions);
      } else {
        status = engine.Handle(act.event, act.now, &decisions);
      }
    }
    Require(status.code() != absl::StatusCode::kInternal, status.ToString());
    Require(status.ok() || !status.message().empty(), "refused in silence");
    for (const callrouter::Decision& d : decisions) {
      Require(d.sequence == ++sequence, "a gap in the sequence");
    }
    host.Watch(decisions);
    const absl::Status sound = engine.CheckInvariants();
    Require(sound.ok(), sound.ToString());
    if (i % 64 == 63) CheckSaved(options, setup, engine);
  }
  CheckSaved(options, setup, engine);
  return 0;
}
