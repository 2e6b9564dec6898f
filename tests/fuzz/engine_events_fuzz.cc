// Bytes become a centre, a host and what it says: whatever the order, the
// engine stays sound after every event, refuses with a reason, and goes on
// alike once saved and loaded.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>

#include "callrouter/engine.h"
#include "tests/oracle/random_world.h"

namespace {

using callrouter::Decisions;
using callrouter::Engine;
using callrouter::EngineOptions;
using callrouter::oracle::ByteDice;
using callrouter::oracle::Family;
using callrouter::oracle::WorldHost;
using callrouter::oracle::WorldSize;

void Require(bool holds, const std::string& what) {
  if (holds) return;
  std::cerr << "engine_events_fuzz: " << what << "\n";
  std::abort();
}

EngineOptions Options(ByteDice* dice) {
  EngineOptions options;
  options.seed = dice->Below(256);
  options.calls_max = dice->OneIn(4) ? 4 : 200;
  options.agents_max = 20;
  options.lanes_max = dice->OneIn(4) ? 12 : 4'096;
  options.requirements_max = dice->OneIn(4) ? 24 : 8'192;
  options.groups_max = dice->OneIn(2) ? 1 : 192;
  options.residual_scan_max = 16;
  options.tombstones_max = dice->Int(0, 16);
  options.exclusions_per_call_max = dice->Int(1, 3);
  options.queues_per_call_max = dice->Int(1, 4);
  options.offers_per_call_max = dice->Int(1, 8);
  options.moves_max = dice->Int(1, 5);
  options.audit_after = absl::Minutes(1);
  options.audit_reply = absl::Seconds(2);
  return options;
}

void CheckSaved(const EngineOptions& options, const Engine& engine) {
  std::string bytes, again;
  engine.Save(&bytes);
  auto loaded = Engine::Load(options, bytes);
  Require(loaded.ok(), "own state refused: " + loaded.status().ToString());
  (*loaded)->Save(&again);
  Require(bytes == again, "a loaded engine saves otherwise");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteDice dice(data, size);
  const auto family =
      static_cast<Family>(dice.Int(0, callrouter::oracle::kFamilies - 1));
  const WorldSize world = {dice.Int(1, 8), dice.Int(3, 6), dice.Int(1, 12)};
  const EngineOptions options = Options(&dice);
  const callrouter::Configuration config =
      callrouter::oracle::MakeWorld(family, world, &dice);
  WorldHost host(family, world, true, &dice);
  auto created = Engine::Create(options, config, host.now());
  if (!created.ok()) return 0;
  Engine& engine = **created;
  Decisions decisions;
  uint64_t sequence = 0;
  for (int i = 0; i < 400 && !dice.done(); ++i) {
    const WorldHost::Act& act = host.Next(engine);
    decisions.clear();
    if (act.advance) {
      engine.Advance(act.now, &decisions);
    } else {
      const absl::Status status = engine.Handle(act.event, act.now, &decisions);
      Require(status.code() != absl::StatusCode::kInternal, status.ToString());
      Require(status.ok() || !status.message().empty(), "refused in silence");
    }
    for (const callrouter::Decision& d : decisions) {
      Require(d.sequence == ++sequence, "a gap in the sequence");
    }
    host.Watch(decisions);
    const absl::Status sound = engine.CheckInvariants();
    Require(sound.ok(), sound.ToString());
    if (i % 64 == 63) CheckSaved(options, engine);
  }
  CheckSaved(options, engine);
  return 0;
}
