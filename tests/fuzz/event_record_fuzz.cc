// Any bytes: reading ends, stays inside them, and what was read writes the same
// bytes again. With the last byte odd the first 12 bytes of a header are put
// right, so that payloads are reached, too.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "callrouter/engine.h"
#include "callrouter/event_record.h"

namespace {

using callrouter::EventRecord;
using callrouter::EventRecordKind;
using callrouter::EventRecordReader;

void Check(bool holds) {
  if (!holds) std::abort();
}

uint32_t Crc32c(std::string_view bytes) {
  uint32_t crc = 0xffffffffu;
  for (const char c : bytes) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
    }
  }
  return crc ^ 0xffffffffu;
}

void Put(uint32_t value, std::string* out) {
  for (int i = 0; i < 4; ++i) {
    out->push_back(static_cast<char>(value >> (8 * i)));
  }
}

std::string Framed(std::string_view payload) {
  std::string out;
  Put(static_cast<uint32_t>(payload.size()), &out);
  Put(Crc32c(payload), &out);
  Put(Crc32c(out), &out);
  out.append(payload);
  return out;
}

callrouter::Configuration OneQueue() {
  callrouter::Configuration config;
  callrouter::QueueConfig queue;
  queue.name = "q";
  config.queues.push_back(queue);
  callrouter::AgentConfig agent;
  agent.name = "a";
  agent.ref = 1;
  config.agents.push_back(agent);
  return config;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 1 << 16) return 0;
  std::string bytes(reinterpret_cast<const char*>(data), size);
  const bool framed = size > 0 && (data[size - 1] & 1) != 0;
  if (framed) bytes = Framed(bytes.substr(0, size - 1));
  auto engine = callrouter::Engine::Create(callrouter::EngineOptions(),
                                           OneQueue(), absl::UnixEpoch());
  Check(engine.ok());
  callrouter::Decisions decisions;
  EventRecordReader reader(bytes);
  EventRecord record;
  std::size_t before = 0;
  EventRecordReader::Result result;
  while ((result = reader.Read(&record)) == EventRecordReader::kRecord) {
    Check(reader.offset() > before && reader.offset() <= bytes.size());
    const std::string_view read =
        std::string_view(bytes).substr(before, reader.offset() - before);
    before = reader.offset();
    std::string again;
    // An older version is read, and written as today's.
    const bool today =
        read[12] == static_cast<char>(callrouter::kEventRecordVersion);
    if (today && record.kind == EventRecordKind::kEvent) {
      Check(callrouter::AppendEvent(record.event, record.now, &again).ok());
      Check(again.size() == read.size());
    } else if (today && record.kind == EventRecordKind::kAdvance) {
      callrouter::AppendAdvance(record.now, &again);
      Check(again == read);
    }
    callrouter::Replay(record, engine->get(), &decisions).IgnoreError();
    Check((*engine)->CheckInvariants().ok());
  }
  Check(reader.offset() == before);
  Check((result == EventRecordReader::kEnd) == reader.status().ok());
  return 0;
}
