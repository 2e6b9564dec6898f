// callrouter/event_record.h
//
// A record of what an engine was told, as bytes: to look at later, to try a
// new configuration on yesterday's calls, to show a fault again.
//
//   std::string log;                                // kept by the host
//   status = AppendEvent(event, now, &log);         // then, or before:
//   status = engine->Handle(event, now, &decisions);
//
//   EventRecordReader reader(log);
//   EventRecord record;
//   while (reader.Read(&record) == EventRecordReader::kRecord) {
//     status = Replay(record, again.get(), &decisions);
//   }
//   if (!reader.status().ok()) Show(reader.status());  // torn, damaged: where
//
// Told the same, an engine made with the same options and configuration (or
// loaded from the same Save) makes the same decisions, byte for byte. For that
// record every call of Handle, Advance and Apply, the refused ones too: they
// also serve the clock. Keep options and first configuration beside the record.
//
// Form of a record, integers little-endian:
//   u32 length of the payload
//   u32 CRC-32C of the payload
//   u32 CRC-32C of the eight bytes before
//   payload: u8 version, u8 kind, i64 time in microseconds, fields
//
// Guarantees: any bytes are safe to read; nothing is ever guessed. A record cut
// short at the end of the bytes is torn and left out; bytes that fail a check
// are damaged, reported with their offset, and reading stops there. Cost, in
// time and memory: linear in the record's bytes, whatever lengths they claim.
// Events are read without copying their texts.
//
// Thread safety: functions without state; a reader is a value.
// Not here: files and when they are synced, which is the host's business, and
// recovery with a snapshot (a later release).

#ifndef CALLROUTER_EVENT_RECORD_H_
#define CALLROUTER_EVENT_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "callrouter/configuration.h"
#include "callrouter/decision.h"
#include "callrouter/event.h"

namespace callrouter {

class Engine;

// The version written; the one before is read too (without what is outbound).
// Others are reported as damaged, not misread.
inline constexpr uint8_t kEventRecordVersion = 2;
// Longer payloads are not written, and not believed when read.
inline constexpr std::size_t kEventRecordBytesMax = std::size_t{64} << 20;

// In records: never renumber.
enum class EventRecordKind : uint8_t {
  kEvent = 1,          // Handle(event, now)
  kAdvance = 2,        // Advance(now)
  kConfiguration = 3,  // Apply(configuration, now)
};

struct EventRecord {
  EventRecordKind kind = EventRecordKind::kAdvance;
  absl::Time now;  // As the host gave it, in whole microseconds.
  // kEvent. Its texts point into the bytes that were read.
  Event event;
  // kConfiguration; otherwise what the last such record left here.
  Configuration configuration;
};

// Append one record to `*out`. kInvalidArgument, and nothing appended, when it
// would be longer than kEventRecordBytesMax.
absl::Status AppendEvent(const Event& event, absl::Time now, std::string* out);
void AppendAdvance(absl::Time now, std::string* out);
absl::Status AppendConfiguration(const Configuration& configuration,
                                 absl::Time now, std::string* out);

// Reads records one after the other. `bytes` must outlive the reader and the
// events it read.
class EventRecordReader {
 public:
  enum Result {
    kRecord,   // `*record` is the next one.
    kEnd,      // The bytes end where a record ends.
    kTorn,     // They end inside a record: cut there, at offset().
    kDamaged,  // What stands at offset() was not written here.
  };

  explicit EventRecordReader(std::string_view bytes) : bytes_(bytes) {}

  // After anything but kRecord it stays at that.
  Result Read(EventRecord* record);

  // Where the next record begins; after kTorn and kDamaged, where the one that
  // cannot be read does. All before it is good.
  std::size_t offset() const { return offset_; }

  // OK until kTorn or kDamaged (both kDataLoss), then where and why, in words.
  const absl::Status& status() const { return status_; }

 private:
  Result Stop(Result result, std::string_view why);

  std::string_view bytes_;
  std::size_t offset_ = 0;
  Result last_ = kRecord;
  absl::Status status_;
};

// Tells `engine` what the record says. The status is what Handle or Apply
// returned, then as now; decisions are appended to `*out`.
absl::Status Replay(const EventRecord& record, Engine* engine, Decisions* out);

}  // namespace callrouter

#endif  // CALLROUTER_EVENT_RECORD_H_
