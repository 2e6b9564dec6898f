#include "callrouter/event_record.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "callrouter/engine.h"
#include "configuration_archive.h"

namespace callrouter {

namespace {

constexpr std::size_t kHeaderBytes = 12;

constexpr std::array<uint32_t, 256> MakeCrcTable() {
  std::array<uint32_t, 256> table = {};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78u : 0u);
    }
    table[i] = crc;
  }
  return table;
}

uint32_t Crc32c(std::string_view bytes) {
  static constexpr std::array<uint32_t, 256> kTable = MakeCrcTable();
  uint32_t crc = 0xffffffffu;
  for (const char c : bytes) {
    crc = kTable[(crc ^ static_cast<uint8_t>(c)) & 0xff] ^ (crc >> 8);
  }
  return crc ^ 0xffffffffu;
}

// Ids as one number each.
template <class Tag>
void TransferId(Archive& a, Id<Tag>& id) {
  uint64_t value = id.value();
  a(value);
  if (!a.writing()) id = Id<Tag>::FromValue(value);
}

void TransferNumber(Archive& a, PhoneNumber& number) {
  uint64_t value = number.value();
  a(value);
  if (!a.writing()) number = PhoneNumber::FromValue(value);
}

// Everything but the texts. Archive knows one infinity; an event may hold two.
void TransferEvent(Archive& a, Event& e, uint8_t version) {
  a.All(e.kind, e.release, e.sync_place, e.sync_agent, e.cause);
  a.All(e.priority, e.value, e.value2);
  TransferId(a, e.call);
  TransferId(a, e.agent);
  TransferId(a, e.queue);
  TransferId(a, e.offer);
  a.All(e.call_ref, e.agent_ref, e.sequence);
  bool endless_past = e.duration == -absl::InfiniteDuration();
  a(endless_past);
  a(e.duration);
  if (!a.writing() && endless_past) e.duration = -absl::InfiniteDuration();
  if (version < 2) return;
  bool endless = e.duration2 == -absl::InfiniteDuration();
  a.All(e.progress, e.result, e.attempt, endless, e.duration2);
  if (!a.writing() && endless) e.duration2 = -absl::InfiniteDuration();
  TransferNumber(a, e.number);
  TransferNumber(a, e.called);
  TransferNumber(a, e.caller);
}

void Begin(Archive& a, EventRecordKind kind, absl::Time now) {
  uint8_t version = kEventRecordVersion;
  a.All(version, kind, now);
}

// Puts the header before the payload that stands in `*out` from `start` on,
// behind room for it.
absl::Status Finish(std::size_t start, std::string* out) {
  const std::size_t size = out->size() - start - kHeaderBytes;
  if (size > kEventRecordBytesMax) {
    out->resize(start);
    return absl::InvalidArgumentError(absl::StrCat("record: found ", size,
                                                   " bytes, expected at most ",
                                                   kEventRecordBytesMax));
  }
  std::string header;
  Archive a = Archive::Writer(&header);
  uint32_t length = static_cast<uint32_t>(size);
  uint32_t payload_crc =
      Crc32c(std::string_view(*out).substr(start + kHeaderBytes));
  a.All(length, payload_crc);
  uint32_t header_crc = Crc32c(header);
  a(header_crc);
  out->replace(start, kHeaderBytes, header);
  return absl::OkStatus();
}

// The fields behind version, kind and time; false when they are not those of
// an event.
bool ReadEvent(Archive& a, std::string_view payload, uint8_t version,
               Event* event) {
  *event = Event();
  TransferEvent(a, *event, version);
  uint32_t text = 0, text2 = 0;
  a.All(text, text2);
  if (!a.ok() || a.left() != std::size_t{text} + text2) return false;
  payload.remove_prefix(payload.size() - a.left());
  event->text = payload.substr(0, text);
  event->text2 = payload.substr(text);
  return true;
}

}  // namespace

absl::Status AppendEvent(const Event& event, absl::Time now, std::string* out) {
  if (event.text.size() > kEventRecordBytesMax ||
      event.text2.size() > kEventRecordBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "text: found ", event.text.size(), " and ", event.text2.size(),
        " bytes, expected at most ", kEventRecordBytesMax));
  }
  const std::size_t start = out->size();
  out->append(kHeaderBytes, '\0');
  Archive a = Archive::Writer(out);
  Begin(a, EventRecordKind::kEvent, now);
  Event copy = event;
  TransferEvent(a, copy, kEventRecordVersion);
  uint32_t text = static_cast<uint32_t>(event.text.size());
  uint32_t text2 = static_cast<uint32_t>(event.text2.size());
  a.All(text, text2);
  out->append(event.text);
  out->append(event.text2);
  return Finish(start, out);
}

void AppendAdvance(absl::Time now, std::string* out) {
  const std::size_t start = out->size();
  out->append(kHeaderBytes, '\0');
  Archive a = Archive::Writer(out);
  Begin(a, EventRecordKind::kAdvance, now);
  Finish(start, out).IgnoreError();  // Ten bytes are never too long.
}

absl::Status AppendConfiguration(const Configuration& configuration,
                                 absl::Time now, std::string* out) {
  const std::size_t start = out->size();
  out->append(kHeaderBytes, '\0');
  Archive a = Archive::Writer(out);
  Begin(a, EventRecordKind::kConfiguration, now);
  Configuration copy = configuration;
  Transfer(a, copy);
  return Finish(start, out);
}

EventRecordReader::Result EventRecordReader::Stop(Result result,
                                                  std::string_view why) {
  last_ = result;
  if (result != kEnd) {
    status_ = absl::DataLossError(
        absl::StrCat("record at offset ", offset_, ": ",
                     absl::string_view(why.data(), why.size())));
  }
  return result;
}

EventRecordReader::Result EventRecordReader::Read(EventRecord* record) {
  if (last_ != kRecord) return last_;
  const std::string_view rest = bytes_.substr(offset_);
  if (rest.empty()) return Stop(kEnd, "");
  if (rest.size() < kHeaderBytes) return Stop(kTorn, "cut inside its header");
  uint32_t length = 0, payload_crc = 0, header_crc = 0;
  Archive header = Archive::Reader(rest.substr(0, kHeaderBytes));
  header.All(length, payload_crc, header_crc);
  if (header_crc != Crc32c(rest.substr(0, kHeaderBytes - 4))) {
    return Stop(kDamaged, "its header fails its checksum");
  }
  if (length > kEventRecordBytesMax) {
    return Stop(kDamaged, "its length is more than a record may have");
  }
  if (rest.size() - kHeaderBytes < length) {
    return Stop(kTorn, absl::StrCat("found ", rest.size() - kHeaderBytes,
                                    " bytes, expected ", length));
  }
  const std::string_view payload = rest.substr(kHeaderBytes, length);
  if (payload_crc != Crc32c(payload)) {
    return Stop(kDamaged, "its payload fails its checksum");
  }
  Archive a = Archive::Reader(payload);
  uint8_t version = 0;
  a(version);
  if (version < 1 || version > kEventRecordVersion) {
    return Stop(kDamaged,
                absl::StrCat("version: found ", version, ", expected 1 to ",
                             kEventRecordVersion));
  }
  a.All(record->kind, record->now);
  bool good = false;
  switch (record->kind) {
    case EventRecordKind::kEvent:
      good = ReadEvent(a, payload, version, &record->event);
      break;
    case EventRecordKind::kAdvance:
      good = a.ok() && a.left() == 0;
      break;
    case EventRecordKind::kConfiguration:
      record->configuration = Configuration();
      Transfer(a, record->configuration);
      good = a.ok() && a.left() == 0;
      break;
  }
  if (!good) return Stop(kDamaged, "its fields are not those of its kind");
  offset_ += kHeaderBytes + length;
  return kRecord;
}

absl::Status Replay(const EventRecord& record, Engine* engine, Decisions* out) {
  switch (record.kind) {
    case EventRecordKind::kEvent:
      return engine->Handle(record.event, record.now, out);
    case EventRecordKind::kAdvance:
      engine->Advance(record.now, out);
      return absl::OkStatus();
    case EventRecordKind::kConfiguration:
      break;
  }
  absl::StatusOr<Engine::Prepared> prepared =
      Engine::Prepare(engine->options(), record.configuration);
  if (!prepared.ok()) return prepared.status();
  return engine->Apply(*std::move(prepared), record.now, out);
}

}  // namespace callrouter
