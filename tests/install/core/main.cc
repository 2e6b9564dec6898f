#include <cstdio>
#include <memory>

#include "callrouter/engine.h"
#include "callrouter/version.h"

int main() {
  callrouter::Configuration configuration;
  configuration.queues.emplace_back().name = "sales";
  const auto engine = callrouter::Engine::Create(
      callrouter::EngineOptions(), configuration, absl::UnixEpoch());
  if (!engine.ok() || (*engine)->FindQueue("sales").none()) return 1;
  std::printf("callrouter %s decides\n", callrouter::kVersion);
  return 0;
}
