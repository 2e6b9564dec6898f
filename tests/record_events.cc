// Records a hundred thousand events of a random host and what an engine
// decides, for the bindings to repeat.
//
//   record_events FOLDER
//
// writes centre.textproto (the configuration), events.bin (event_record.h) and
// decisions.txt. For every record, in its order, that has a line for each
// decision: sequence, kind, cause, reason, value, call, agent, queue, offer,
// call_ref, agent_ref, deadline in microseconds or "inf", destination; then
// "error CODE" if the event was refused; then "next DEADLINE". Options are the
// default ones, the engine is created at the time of the first record. After
// a refused event Advance is called at the same time, without being recorded.

#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "callrouter/config_file.h"
#include "callrouter/engine.h"
#include "callrouter/event_record.h"
#include "callrouter/v1/config.pb.h"
#include "tests/random_centre.h"
#include "tests/random_host.h"

namespace callrouter {
namespace {

constexpr int kEvents = 100'000;

std::string Micros(absl::Time time) {
  if (time == absl::InfiniteFuture()) return "inf";
  return std::to_string(absl::ToUnixMicros(time));
}

std::string Line(const Decision& d) {
  std::string line;
  for (const uint64_t number :
       {d.sequence, static_cast<uint64_t>(d.kind),
        static_cast<uint64_t>(d.cause), static_cast<uint64_t>(d.reason)}) {
    line += std::to_string(number) + " ";
  }
  line += std::to_string(d.value) + " ";
  for (const uint64_t number :
       {d.call.value(), d.agent.value(), d.queue.value(), d.offer.value(),
        d.call_ref, d.agent_ref}) {
    line += std::to_string(number) + " ";
  }
  return line + Micros(d.deadline) + " " + std::string(d.destination) + "\n";
}

int Run(const std::string& folder) {
  const std::string text =
      ConfigToText(ToProto(testing::RandomCentre(/*variant=*/0)));
  const auto config = ParseConfig(text, "centre.textproto", nullptr);
  if (!config.ok()) {
    std::cerr << config.status() << "\n";
    return 1;
  }
  testing::RandomHost host(/*seed=*/1);
  std::string events, lines;
  std::unique_ptr<Engine> engine;
  Decisions decisions;
  absl::Time deadline = absl::InfiniteFuture();
  for (int i = 0; i < kEvents; ++i) {
    const testing::RandomHost::Act& act = host.Next(deadline);
    if (engine == nullptr) {
      engine = *Engine::Create(EngineOptions(), *config, act.now);
      std::vector<QueueId> queues;
      for (const QueueConfig& queue : config->queues) {
        queues.push_back(engine->FindQueue(queue.name));
      }
      host.SetQueues(std::move(queues));
    }
    absl::Status status;
    if (act.advance) {
      AppendAdvance(act.now, &events);
      engine->Advance(act.now, &decisions);
    } else {
      AppendEvent(act.event, act.now, &events).IgnoreError();
      status = engine->Handle(act.event, act.now, &decisions);
      if (!status.ok()) engine->Advance(act.now, &decisions);
    }
    host.Watch(decisions);
    for (const Decision& d : decisions) lines += Line(d);
    decisions.clear();
    if (!status.ok())
      lines += "error " + std::to_string(status.raw_code()) + "\n";
    deadline = engine->next_deadline();
    lines += "next " + Micros(deadline) + "\n";
  }
  const auto write = [&](const char* name, const std::string& bytes) {
    std::ofstream file(folder + "/" + name, std::ios::binary);
    file << bytes;
    return file.good();
  };
  return write("centre.textproto", text) && write("events.bin", events) &&
                 write("decisions.txt", lines)
             ? 0
             : 1;
}

}  // namespace
}  // namespace callrouter

int main(int argc, char** argv) {
  if (argc == 2) return callrouter::Run(argv[1]);
  std::cerr << "record_events FOLDER\n";
  return 2;
}
