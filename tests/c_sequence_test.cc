// One recorded sequence of events, told to an engine in C++ and through C: the
// same decisions, byte for byte, and the same state in the end.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "callrouter/engine.h"
#include "callrouter/event_record.h"
#include "callrouter_c.h"
#include "gtest/gtest.h"
#include "tests/random_centre.h"
#include "tests/random_host.h"

namespace callrouter {
namespace {

template <class Value>
void Add(Value value, std::string* bytes) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes->append(raw, sizeof value);
}

// Every field of a decision, as bytes.
void Add(const Decision& d, std::string* bytes) {
  Add(static_cast<int32_t>(d.kind), bytes);
  Add(static_cast<int32_t>(d.cause), bytes);
  Add(static_cast<int32_t>(d.reason), bytes);
  Add(d.value, bytes);
  for (const uint64_t x :
       {d.sequence, d.call.value(), d.agent.value(), d.queue.value(),
        d.offer.value(), d.call_ref, d.agent_ref}) {
    Add(x, bytes);
  }
  Add(absl::ToUnixMicros(d.deadline), bytes);
  for (const uint64_t x :
       {d.attempt, d.lead, d.number.value(), d.shown.value()}) {
    Add(x, bytes);
  }
  for (const int32_t x : {d.campaign, d.price_ppm}) Add(x, bytes);
  bytes->append(d.destination);
}

void Add(const cr_decision& d, std::string* bytes) {
  for (const int32_t x : {d.kind, d.cause, d.reason, d.value}) Add(x, bytes);
  for (const uint64_t x : {d.sequence, d.call, d.agent, d.queue, d.offer,
                           d.call_ref, d.agent_ref}) {
    Add(x, bytes);
  }
  Add(d.deadline_us, bytes);
  for (const uint64_t x : {d.attempt, d.lead, d.number, d.shown}) Add(x, bytes);
  for (const int32_t x : {d.campaign, d.price_ppm}) Add(x, bytes);
  bytes->append(d.destination, d.destination_size);
}

struct Told {
  std::string record;
  std::vector<std::string> decisions;  // Of each call.
  std::vector<int> codes;
  std::string saved;
};

Told InCpp(const Configuration& centre, uint64_t seed, int steps) {
  Told run;
  testing::RandomHost host(seed);
  // The centre comes as an event: this program may not read it from a text
  // (see callrouter_c.h, "What is not offered").
  Configuration first;
  first.queues.emplace_back().name = "q0";
  auto engine = Engine::Create(EngineOptions(), first, host.now());
  EXPECT_TRUE(engine.ok());
  Decisions decisions;
  EXPECT_TRUE(AppendConfiguration(centre, host.now(), &run.record).ok());
  auto prepared = Engine::Prepare(EngineOptions(), centre);
  EXPECT_TRUE(prepared.ok());
  EXPECT_TRUE(
      (*engine)->Apply(*std::move(prepared), host.now(), &decisions).ok());
  std::vector<QueueId> queues;
  for (const QueueConfig& queue : centre.queues) {
    queues.push_back((*engine)->FindQueue(queue.name));
  }
  host.SetQueues(queues);
  for (int i = 0; i < steps; ++i) {
    const testing::RandomHost::Act& act = host.Next((*engine)->next_deadline());
    decisions.clear();
    absl::Status status;
    if (act.advance) {
      AppendAdvance(act.now, &run.record);
      (*engine)->Advance(act.now, &decisions);
    } else {
      EXPECT_TRUE(AppendEvent(act.event, act.now, &run.record).ok());
      status = (*engine)->Handle(act.event, act.now, &decisions);
    }
    host.Watch(decisions);
    run.codes.push_back(status.raw_code());
    std::string& bytes = run.decisions.emplace_back();
    for (const Decision& d : decisions) Add(d, &bytes);
  }
  (*engine)->Save(&run.saved);
  return run;
}

Told InC(std::string_view record, int64_t begin) {
  Told run;
  cr_config* config = nullptr;
  cr_engine* engine = nullptr;
  cr_reader* reader = nullptr;
  cr_bytes* saved = nullptr;
  cr_engine_options options;
  const std::string_view text = "queue { name: 'q0' }";
  EXPECT_EQ(
      cr_config_parse(text.data(), text.size(), "centre", nullptr, &config),
      CR_OK);
  cr_engine_options_init(&options, sizeof options);
  options.reserve_memory = 0;
  EXPECT_EQ(cr_engine_create(&options, config, begin, nullptr, &engine), CR_OK);
  EXPECT_EQ(cr_reader_create(record.data(), record.size(), &reader), CR_OK);
  cr_record next;
  next.struct_size = sizeof next;
  EXPECT_EQ(cr_reader_next(reader, &next), CR_OK);
  EXPECT_EQ(next.kind, CR_RECORD_CONFIGURATION);
  EXPECT_EQ(cr_reader_replay(reader, engine), CR_OK) << cr_message(engine);
  while (cr_reader_next(reader, &next) == CR_OK) {
    cr_status status = CR_OK;
    if (next.kind == CR_RECORD_EVENT) {
      cr_event event;
      event.struct_size = sizeof event;
      EXPECT_EQ(cr_reader_event(reader, &event), CR_OK);
      status = cr_engine_handle(engine, &event, next.now_us);
    } else {
      status = cr_engine_advance(engine, next.now_us);
    }
    run.codes.push_back(status);
    std::string& bytes = run.decisions.emplace_back();
    for (size_t i = 0; i < cr_engine_decision_count(engine); ++i) {
      Add(*cr_engine_decision(engine, i), &bytes);
    }
  }
  EXPECT_EQ(cr_reader_offset(reader), record.size());
  EXPECT_EQ(cr_bytes_create(&saved), CR_OK);
  EXPECT_EQ(cr_engine_save(engine, saved), CR_OK);
  run.saved.assign(cr_bytes_data(saved), cr_bytes_size(saved));
  cr_bytes_destroy(saved);
  cr_reader_destroy(reader);
  cr_engine_destroy(engine);
  cr_config_destroy(config);
  return run;
}

TEST(CSequenceTest, HundredThousandEventsGiveTheSameDecisions) {
  const int seeds = std::getenv("CALLROUTER_LONG") == nullptr ? 10 : 200;
  std::size_t made = 0;
  std::size_t refused = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    const Configuration centre =
        testing::RandomCentre(static_cast<uint64_t>(seed));
    const Told cpp = InCpp(centre, static_cast<uint64_t>(seed), 10'000);
    const int64_t begin = absl::ToUnixMicros(
        testing::RandomHost(static_cast<uint64_t>(seed)).now());
    const Told c = InC(cpp.record, begin);
    ASSERT_EQ(cpp.decisions.size(), c.decisions.size());
    for (std::size_t i = 0; i < cpp.decisions.size(); ++i) {
      ASSERT_EQ(cpp.codes[i], c.codes[i]) << "seed " << seed << ", event " << i;
      ASSERT_EQ(cpp.decisions[i], c.decisions[i])
          << "seed " << seed << ", event " << i;
      made += !cpp.decisions[i].empty();
      refused += cpp.codes[i] != 0;
    }
    ASSERT_EQ(cpp.saved, c.saved) << "seed " << seed;
  }
  // The sequence has to be worth it.
  EXPECT_GT(made, static_cast<std::size_t>(seeds) * 1'000);
  EXPECT_GT(refused, static_cast<std::size_t>(seeds) * 100);
  std::printf(
      "RESULT events through C++ and C | %d | same decisions | %zu calls"
      " with decisions, %zu refused\n",
      seeds * 10'000, made, refused);
}

}  // namespace
}  // namespace callrouter
