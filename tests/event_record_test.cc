// Records of events: what was told comes back field by field, a torn tail is
// cut, damage is reported where it is, and a replay makes the same decisions.

#include "callrouter/event_record.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "callrouter/engine.h"
#include "callrouter/random.h"
#include "tests/random_centre.h"
#include "tests/random_host.h"

namespace callrouter {
namespace {

const absl::Time kNow = absl::FromUnixMicros(1'700'000'000'000'001);

Event FullEvent() {
  Event e;
  e.kind = EventKind::kSyncCall;
  e.release = Release::kParked;
  e.sync_place = SyncPlace::kOutside;
  e.sync_agent = SyncAgent::kPaused;
  e.cause = Cause::kAbandoned;
  e.priority = -7;
  e.value = INT32_MIN;
  e.value2 = INT32_MAX;
  e.call = CallId(1, 2);
  e.agent = AgentId(3, 4);
  e.queue = QueueId(5, 6);
  e.offer = OfferId(7, 0xffffffff);
  e.call_ref = UINT64_MAX;
  e.agent_ref = 8;
  e.sequence = 9;
  e.duration = absl::Microseconds(-10);
  e.duration2 = -absl::InfiniteDuration();
  e.progress = AttemptProgress::kMachine;
  e.result = AttemptResult::kRejected;
  e.attempt = UINT64_MAX;
  e.number = PhoneNumber::FromValue(74951234567);
  e.called = PhoneNumber::FromValue(78121234567);
  e.caller = PhoneNumber::FromValue(79161234567);
  e.text = "sales >= 3";
  e.text2 = std::string_view("a\0b", 3);
  return e;
}

auto Fields(const Event& e) {
  return std::tuple(e.kind, e.release, e.sync_place, e.sync_agent, e.cause,
                    e.priority, e.value, e.value2, e.call, e.agent, e.queue,
                    e.offer, e.call_ref, e.agent_ref, e.sequence, e.duration,
                    e.duration2, e.progress, e.result, e.attempt, e.number,
                    e.called, e.caller, e.text, e.text2);
}

auto Fields(const Decision& d) {
  return std::tuple(d.kind, d.cause, d.reason, d.value, d.sequence, d.call,
                    d.agent, d.queue, d.offer, d.call_ref, d.agent_ref,
                    d.deadline, std::string(d.destination));
}

std::string Saved(const Engine& engine) {
  std::string bytes;
  engine.Save(&bytes);
  return bytes;
}

// An advance, a full event, an event without texts.
std::string ThreeRecords() {
  std::string log;
  AppendAdvance(kNow, &log);
  EXPECT_TRUE(AppendEvent(FullEvent(), kNow, &log).ok());
  EXPECT_TRUE(
      AppendEvent(Event::CallArrived(1, QueueId(0, 1)), kNow, &log).ok());
  return log;
}

TEST(EventRecordTest, EveryFieldComesBack) {
  const std::string log = ThreeRecords();
  EventRecordReader reader(log);
  EventRecord record;
  ASSERT_EQ(reader.Read(&record), EventRecordReader::kRecord);
  EXPECT_EQ(record.kind, EventRecordKind::kAdvance);
  EXPECT_EQ(record.now, kNow);
  ASSERT_EQ(reader.Read(&record), EventRecordReader::kRecord);
  EXPECT_EQ(record.kind, EventRecordKind::kEvent);
  EXPECT_EQ(record.now, kNow);
  EXPECT_TRUE(Fields(record.event) == Fields(FullEvent()));
  // Texts are not copied.
  EXPECT_GE(record.event.text.data(), log.data());
  EXPECT_LE(record.event.text2.data() + 3, log.data() + log.size());
  ASSERT_EQ(reader.Read(&record), EventRecordReader::kRecord);
  EXPECT_TRUE(Fields(record.event) ==
              Fields(Event::CallArrived(1, QueueId(0, 1))));
  EXPECT_EQ(reader.Read(&record), EventRecordReader::kEnd);
  EXPECT_EQ(reader.Read(&record), EventRecordReader::kEnd);
  EXPECT_EQ(reader.offset(), log.size());
  EXPECT_TRUE(reader.status().ok());
}

TEST(EventRecordTest, EndsOfTimeComeBack) {
  for (const absl::Duration duration :
       {absl::InfiniteDuration(), -absl::InfiniteDuration(),
        absl::ZeroDuration(), absl::Hours(-1)}) {
    for (const absl::Time now :
         {absl::InfinitePast(), absl::InfiniteFuture(), kNow}) {
      Event event = Event::Of(EventKind::kWallClock);
      event.duration = duration;
      std::string log;
      ASSERT_TRUE(AppendEvent(event, now, &log).ok());
      EventRecordReader reader(log);
      EventRecord record;
      ASSERT_EQ(reader.Read(&record), EventRecordReader::kRecord);
      EXPECT_EQ(record.event.duration, duration);
      EXPECT_EQ(record.now, now);
    }
  }
}

TEST(EventRecordTest, ConfigurationsComeBack) {
  const Configuration config = testing::RandomCentre(3);
  std::string log;
  ASSERT_TRUE(AppendConfiguration(config, kNow, &log).ok());
  EventRecordReader reader(log);
  EventRecord record;
  ASSERT_EQ(reader.Read(&record), EventRecordReader::kRecord);
  EXPECT_EQ(record.kind, EventRecordKind::kConfiguration);
  EXPECT_EQ(reader.Read(&record), EventRecordReader::kEnd);
  std::string again;
  ASSERT_TRUE(AppendConfiguration(record.configuration, kNow, &again).ok());
  EXPECT_EQ(again, log);
  EXPECT_EQ(record.configuration.queues.size(), config.queues.size());
  EXPECT_EQ(record.configuration.agents.back().name, config.agents.back().name);
}

// The bytes are what the header says, on every machine.
TEST(EventRecordTest, TheFormIsAsStated) {
  std::string log;
  AppendAdvance(absl::FromUnixMicros(0x0102030405060708), &log);
  ASSERT_EQ(log.size(), 22u);
  EXPECT_EQ(log.substr(0, 4), std::string("\x0a\0\0\0", 4));
  EXPECT_EQ(log.substr(12),
            std::string("\x02\x02\x08\x07\x06\x05\x04\x03\x02\x01", 10));
}

TEST(EventRecordTest, ATornTailIsCutWhereverItTears) {
  const std::string log = ThreeRecords();
  std::vector<std::size_t> ends = {0};
  EventRecordReader all(log);
  EventRecord record;
  while (all.Read(&record) == EventRecordReader::kRecord) {
    ends.push_back(all.offset());
  }
  ASSERT_EQ(ends.size(), 4u);
  for (std::size_t size = 0; size <= log.size(); ++size) {
    EventRecordReader reader(std::string_view(log).substr(0, size));
    std::size_t good = 0;
    while (good + 1 < ends.size() && ends[good + 1] <= size) ++good;
    for (std::size_t i = 0; i < good; ++i) {
      ASSERT_EQ(reader.Read(&record), EventRecordReader::kRecord) << size;
    }
    const bool whole = ends[good] == size;
    EXPECT_EQ(reader.Read(&record),
              whole ? EventRecordReader::kEnd : EventRecordReader::kTorn)
        << size;
    EXPECT_EQ(reader.offset(), ends[good]);
    EXPECT_EQ(reader.status().ok(), whole);
  }
}

// Whatever single byte is changed: the records before are read, the damaged
// one never is, and its offset is told.
TEST(EventRecordTest, DamageIsNeverRead) {
  const std::string log = ThreeRecords();
  EventRecordReader all(log);
  EventRecord record;
  ASSERT_EQ(all.Read(&record), EventRecordReader::kRecord);
  const std::size_t first = all.offset();
  ASSERT_EQ(all.Read(&record), EventRecordReader::kRecord);
  const std::size_t second = all.offset();
  for (std::size_t at = 0; at < log.size(); ++at) {
    for (const int flip : {0x01, 0x80, 0xff}) {
      std::string damaged = log;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      EventRecordReader reader(damaged);
      std::size_t start = 0;
      while (reader.Read(&record) == EventRecordReader::kRecord) {
        start = reader.offset();
      }
      EXPECT_EQ(reader.Read(&record), EventRecordReader::kDamaged);
      EXPECT_EQ(start, at < first ? 0u : at < second ? first : second) << at;
      EXPECT_EQ(reader.offset(), start);
      EXPECT_EQ(reader.status().code(), absl::StatusCode::kDataLoss);
      EXPECT_NE(std::string(reader.status().message())
                    .find("offset " + std::to_string(start)),
                std::string::npos);
    }
  }
}

TEST(EventRecordTest, ForeignBytesAreDamaged) {
  EventRecord record;
  for (const std::string& bytes :
       {std::string(100, '\0'), std::string(100, '\xff'),
        std::string("no record at all, just words")}) {
    EventRecordReader reader(bytes);
    EXPECT_EQ(reader.Read(&record), EventRecordReader::kDamaged);
    EXPECT_EQ(reader.offset(), 0u);
  }
  EventRecordReader empty("");
  EXPECT_EQ(empty.Read(&record), EventRecordReader::kEnd);
}

void AppendNumber(uint64_t value, int bytes, std::string* out) {
  for (int i = 0; i < bytes; ++i) {  // More than 8: zeros, as on the wire.
    out->push_back(static_cast<char>(i < 8 ? value >> (8 * i) : 0));
  }
}

uint32_t Checksum(std::string_view bytes) {
  uint32_t crc = 0xffffffffu;
  for (const char c : bytes) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
    }
  }
  return ~crc;
}

// As written by the version before: without what is outbound.
TEST(EventRecordTest, TheVersionBeforeIsRead) {
  const Event told = FullEvent();
  std::string payload;
  AppendNumber(1, 1, &payload);
  AppendNumber(static_cast<uint64_t>(EventRecordKind::kEvent), 1, &payload);
  AppendNumber(static_cast<uint64_t>(absl::ToUnixMicros(kNow)), 8, &payload);
  for (const int byte :
       {static_cast<int>(told.kind), static_cast<int>(told.release),
        static_cast<int>(told.sync_place), static_cast<int>(told.sync_agent),
        static_cast<int>(told.cause)}) {
    AppendNumber(static_cast<uint64_t>(byte), 1, &payload);
  }
  for (const int32_t value : {told.priority, told.value, told.value2}) {
    AppendNumber(static_cast<uint32_t>(value), 4, &payload);
  }
  for (const uint64_t id :
       {told.call.value(), told.agent.value(), told.queue.value(),
        told.offer.value(), told.call_ref, told.agent_ref, told.sequence}) {
    AppendNumber(id, 8, &payload);
  }
  AppendNumber(0, 1, &payload);
  AppendNumber(static_cast<uint64_t>(int64_t{-10}), 8, &payload);
  AppendNumber(told.text.size(), 4, &payload);
  AppendNumber(told.text2.size(), 4, &payload);
  payload += std::string(told.text) + std::string(told.text2);
  std::string log;
  AppendNumber(payload.size(), 4, &log);
  AppendNumber(Checksum(payload), 4, &log);
  AppendNumber(Checksum(log), 4, &log);
  log += payload;
  EventRecordReader reader(log);
  EventRecord record;
  ASSERT_EQ(reader.Read(&record), EventRecordReader::kRecord)
      << reader.status();
  Event expected = told;
  const Event plain;
  expected.duration2 = plain.duration2;
  expected.progress = plain.progress;
  expected.result = plain.result;
  expected.attempt = 0;
  expected.number = expected.called = expected.caller = PhoneNumber();
  EXPECT_TRUE(Fields(record.event) == Fields(expected));
}

// Checksums keep out accidents, not forgers: a list that claims to be long.
TEST(EventRecordTest, MemoryFollowsTheBytesNotWhatTheyClaim) {
  for (const uint32_t claimed : {60'000u, 0xffffffffu}) {
    std::string payload;
    AppendNumber(kEventRecordVersion, 1, &payload);
    AppendNumber(static_cast<uint64_t>(EventRecordKind::kConfiguration), 1,
                 &payload);
    AppendNumber(0, 8 + 4, &payload);    // The time, a name of no length,
    AppendNumber(claimed, 4, &payload);  // so many queues,
    payload.append(std::size_t{64} << 10, '\0');  // of which some are there.
    std::string log;
    AppendNumber(payload.size(), 4, &log);
    AppendNumber(Checksum(payload), 4, &log);
    AppendNumber(Checksum(log), 4, &log);
    log += payload;
    EventRecordReader reader(log);
    EventRecord record;
    ASSERT_EQ(reader.Read(&record), EventRecordReader::kDamaged);
    EXPECT_LE(record.configuration.queues.capacity() * sizeof(QueueConfig),
              16 * log.size());
  }
}

TEST(EventRecordTest, WhatIsTooLongIsNotWritten) {
  const std::string text(kEventRecordBytesMax + 1, 'x');
  Event event = Event::Of(EventKind::kAgentPaused);
  event.text = text;
  std::string log = "before";
  const absl::Status status = AppendEvent(event, kNow, &log);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  event.text.remove_suffix(1);  // The text alone fits, the record does not.
  EXPECT_FALSE(AppendEvent(event, kNow, &log).ok());
  EXPECT_EQ(log, "before");
}

std::unique_ptr<Engine> Make(absl::Time now) {
  auto engine = Engine::Create(EngineOptions(), testing::RandomCentre(0), now);
  EXPECT_TRUE(engine.ok()) << engine.status();
  return engine.ok() ? *std::move(engine) : nullptr;
}

// A run of everything a host does, with two changes of configuration.
TEST(EventRecordTest, ReplayMakesTheSameDecisionsByteForByte) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    testing::RandomHost host(seed);
    const absl::Time start = host.now();
    const std::unique_ptr<Engine> engine = Make(start);
    ASSERT_NE(engine, nullptr);
    std::vector<QueueId> queues;
    for (int q = 0; q < testing::kRandomQueues; ++q) {
      queues.push_back(engine->FindQueue("q" + std::to_string(q)));
    }
    host.SetQueues(queues);
    std::string log;
    std::vector<std::size_t> counts;
    std::vector<absl::StatusCode> codes;
    Decisions lived;
    for (int i = 0; i < 3'000; ++i) {
      const std::size_t before = lived.size();
      absl::Status status;
      if (i == 1'000 || i == 2'000) {
        const Configuration config =
            testing::RandomCentre(i == 1'000 ? seed : 0);
        ASSERT_TRUE(AppendConfiguration(config, host.now(), &log).ok());
        auto prepared = Engine::Prepare(engine->options(), config);
        ASSERT_TRUE(prepared.ok());
        status = engine->Apply(*std::move(prepared), host.now(), &lived);
      } else {
        const testing::RandomHost::Act& act =
            host.Next(engine->next_deadline());
        if (act.advance) {
          AppendAdvance(act.now, &log);
          engine->Advance(act.now, &lived);
        } else {
          ASSERT_TRUE(AppendEvent(act.event, act.now, &log).ok());
          status = engine->Handle(act.event, act.now, &lived);
        }
      }
      codes.push_back(status.code());
      counts.push_back(lived.size());
      Decisions fresh;
      for (std::size_t d = before; d < lived.size(); ++d) {
        fresh.Add() = lived[d];
      }
      host.Watch(fresh);
    }
    const std::unique_ptr<Engine> again = Make(start);
    ASSERT_NE(again, nullptr);
    EventRecordReader reader(log);
    EventRecord record;
    Decisions replayed;
    std::size_t i = 0;
    while (reader.Read(&record) == EventRecordReader::kRecord) {
      ASSERT_LT(i, codes.size());
      ASSERT_EQ(Replay(record, again.get(), &replayed).code(), codes[i]) << i;
      ASSERT_EQ(replayed.size(), counts[i]) << i;
      ++i;
    }
    ASSERT_TRUE(reader.status().ok()) << reader.status();
    ASSERT_EQ(i, codes.size());
    ASSERT_GT(lived.size(), 1'000u);
    for (std::size_t d = 0; d < lived.size(); ++d) {
      ASSERT_TRUE(Fields(lived[d]) == Fields(replayed[d])) << d;
    }
    EXPECT_EQ(Saved(*again), Saved(*engine));
  }
}

}  // namespace
}  // namespace callrouter
