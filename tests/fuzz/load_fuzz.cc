// Bytes as a saved state: refused with a reason, or taken; then the engine can
// be used whatever it holds. With CALLROUTER_FUZZ_FORGE in the environment the
// checksum is put right after every change, so that what lies behind it is
// reached: forged states, which Load does not promise to withstand yet.
//
// First byte even: the rest is changes to a real state, five bytes each: place
// (three bytes), how, value. Odd: the rest is the state itself.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "callrouter/engine.h"
#include "tests/oracle/random_world.h"

namespace {

using callrouter::Decisions;
using callrouter::Engine;
using callrouter::EngineOptions;
using callrouter::Event;
using callrouter::EventKind;

constexpr std::string_view kMagic = "callrouter state 1\n";

void Require(bool holds, const std::string& what) {
  if (holds) return;
  std::cerr << "load_fuzz: " << what << "\n";
  std::abort();
}

EngineOptions Options() {
  EngineOptions options;
  options.calls_max = 100;
  options.agents_max = 20;
  options.tombstones_max = 16;
  options.residual_scan_max = 16;
  options.audit_after = absl::Minutes(1);
  return options;
}

// FNV-1a over all that comes before it, as the engine appends it.
void PutChecksum(std::string* bytes) {
  uint64_t hash = 14695981039346656037u;
  for (const char c : *bytes) {
    hash = (hash ^ static_cast<uint8_t>(c)) * 1099511628211u;
  }
  for (int i = 0; i < 8; ++i) {
    bytes->push_back(static_cast<char>(hash >> (8 * i)));
  }
}

// A centre in the middle of its day, without the checksum.
std::string RealState(uint64_t seed) {
  using callrouter::oracle::Family;
  callrouter::oracle::SeededDice dice(seed);
  const callrouter::oracle::WorldSize size = {6, 4, 12};
  callrouter::oracle::WorldHost host(Family::kAll, size, false, &dice);
  auto engine = Engine::Create(
      Options(), callrouter::oracle::MakeWorld(Family::kAll, size, &dice),
      host.now());
  Require(engine.ok(), engine.status().ToString());
  Decisions decisions;
  for (int i = 0; i < 600; ++i) {
    const auto& act = host.Next(**engine);
    decisions.clear();
    if (act.advance) {
      (*engine)->Advance(act.now, &decisions);
    } else {
      static_cast<void>((*engine)->Handle(act.event, act.now, &decisions));
    }
    host.Watch(decisions);
  }
  std::string bytes;
  (*engine)->Save(&bytes);
  bytes.resize(bytes.size() - 8);
  return bytes;
}

std::string StateFrom(const uint8_t* data, std::size_t size) {
  std::string bytes, pristine;
  if (size > 0 && data[0] % 2 == 0) {
    static const std::array<std::string, 4> kStates = {
        RealState(1), RealState(2), RealState(3), RealState(4)};
    bytes = pristine = kStates[data[0] / 2 % 4];
    for (std::size_t i = 1; i + 4 < size; i += 5) {
      const std::size_t room = bytes.size() - kMagic.size();
      const std::size_t place = (data[i] | std::size_t{data[i + 1]} << 8u |
                                 std::size_t{data[i + 2]} << 16u) %
                                room;
      char& c = bytes[kMagic.size() + place];
      c = static_cast<char>(data[i + 3] % 2 == 0 ? data[i + 4]
                                                 : c ^ (1 << data[i + 4] % 8));
    }
  } else {
    bytes = kMagic;
    if (size > 1) {
      bytes.append(reinterpret_cast<const char*>(data + 1), size - 1);
    }
  }
  if (bytes == pristine || std::getenv("CALLROUTER_FUZZ_FORGE") != nullptr) {
    PutChecksum(&bytes);
    return bytes;
  }
  PutChecksum(&pristine);  // Damaged: the checksum is still the old one.
  bytes += pristine.substr(pristine.size() - 8);
  return bytes;
}

// Work that touches most of the state.
void Use(Engine* engine) {
  Decisions decisions;
  std::string bytes;
  absl::Time now = engine->next_deadline();
  if (now == absl::InfiniteFuture()) now = absl::FromUnixSeconds(1'700'000'000);
  const auto say = [&](const Event& event) {
    decisions.clear();
    static_cast<void>(engine->Handle(event, now, &decisions));
  };
  for (const callrouter::AgentId agent : engine->Agents()) {
    say(Event::ForAgent(EventKind::kAgentLogin, agent));
    say(Event::ForAgent(EventKind::kAgentReady, agent));
  }
  for (uint32_t q = 0; q < 4; ++q) {
    say(Event::CallArrived(900'000 + q, callrouter::QueueId(q, 1)));
    now += absl::Seconds(3);
  }
  for (const callrouter::CallId call : engine->Calls()) {
    static_cast<void>(engine->View(call));
    say(Event::ForCall(EventKind::kCallPriority, call));
  }
  now += absl::Seconds(30);
  engine->Advance(now, &decisions);
  engine->Save(&bytes);
  say(Event::Of(EventKind::kSyncBegin));
  say(Event::Of(EventKind::kSyncEnd));
  static_cast<void>(engine->CheckInvariants());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes = StateFrom(data, size);
  auto engine = Engine::Load(Options(), bytes);
  if (!engine.ok()) {
    Require(engine.status().code() == absl::StatusCode::kInvalidArgument,
            engine.status().ToString());
    return 0;
  }
  const absl::Status sound = (*engine)->CheckInvariants();
  Require(sound.ok(), "taken, though " + sound.ToString());
  Use(engine->get());
  return 0;
}
