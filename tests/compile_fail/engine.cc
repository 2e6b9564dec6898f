#include "callrouter/engine.h"

#include <memory>

using callrouter::Engine;

void Use(Engine* engine, Engine::Prepared prepared) {
#if CASE == 1
  Engine twin = *engine;
#elif CASE == 2
  Engine::Prepared unchecked;
#elif CASE == 3
  Engine::Prepared twin = prepared;
#elif CASE == 4
  callrouter::QueueId queue = engine->FindAgent(7);
#endif
  const callrouter::AgentId agent = engine->FindAgent(7);
  callrouter::Decisions decisions;
  engine->Apply(std::move(prepared), absl::UnixEpoch(), &decisions)
      .IgnoreError();
  engine->View(agent);
}
