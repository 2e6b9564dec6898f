// Statistics, and the record of what an engine was told.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "callrouter/event_record.h"
#include "callrouter/statistics.h"
#include "callrouter_c.h"
#include "convert.h"
#include "engine_object.h"
#include "objects.h"

namespace callrouter::c {
namespace {

struct ReaderObject final : Typed<Type::kReader> {
  explicit ReaderObject(std::string_view bytes) : reader(bytes) {}
  EventRecordReader reader;
  EventRecord record;
  bool read = false;  // `record` is one.
};

absl::StatusOr<const QueueStatistics*> QueueOf(const StatisticsObject& s,
                                               uint64_t queue) {
  const QueueId id = QueueId::FromValue(queue);
  if (id.none() || id.slot() >= s.statistics.queues.size()) {
    return absl::NotFoundError("queue");
  }
  return &s.statistics.queues[id.slot()];
}

template <class Call>
absl::Status WithQueue(const StatisticsObject& s, uint64_t queue,
                       const void* out, Call&& call) {
  const auto found = QueueOf(s, queue);
  if (!found.ok()) return found.status();
  if (out == nullptr) return Null("out");
  return call(**found);
}

}  // namespace

CR_HANDLE(cr_reader, ReaderObject);

}  // namespace callrouter::c

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

cr_status cr_statistics_create(cr_statistics** out) { return MakeEmpty(out); }

void cr_statistics_destroy(cr_statistics* statistics) { Destroy(statistics); }

cr_status cr_engine_copy_statistics(const cr_engine* engine,
                                    cr_statistics* statistics) {
  const EngineObject* const e = Find(engine);
  if (e == nullptr) return CR_INVALID_HANDLE;
  return Change(statistics, [&](StatisticsObject& s) {
    e->engine->CopyStatistics(&s.statistics);
    return absl::OkStatus();
  });
}

cr_status cr_statistics_engine(const cr_statistics* statistics,
                               cr_engine_statistics* out) {
  return Look(statistics, [&](const StatisticsObject& s) {
    const EngineStatistics& e = s.statistics.engine;
    const cr_engine_statistics c = {sizeof c,
                                    e.events,
                                    e.decisions,
                                    e.refused_events,
                                    e.clock_regressions,
                                    e.stalls,
                                    e.early_ends,
                                    e.repeats,
                                    e.races,
                                    e.searches_continued,
                                    e.calls,
                                    e.agents,
                                    e.agents_logged_in,
                                    e.groups,
                                    e.lanes,
                                    e.timers};
    return Write(c, out);
  });
}

cr_status cr_statistics_queue(const cr_statistics* statistics, uint64_t queue,
                              cr_queue_statistics* out) {
  return Look(statistics, [&](const StatisticsObject& s) {
    return WithQueue(s, queue, out, [&](const QueueStatistics& q) {
      const cr_queue_statistics c = {sizeof c,
                                     q.offered,
                                     q.answered,
                                     q.answered_in_target,
                                     q.abandoned,
                                     q.abandoned_short,
                                     q.abandoned_in_target,
                                     q.sent_outside,
                                     q.refused,
                                     q.hung_up,
                                     q.lost,
                                     q.in_progress,
                                     q.wait_answered_us,
                                     q.wait_abandoned_us,
                                     q.waiting,
                                     q.served,
                                     q.offers,
                                     q.misses,
                                     q.steps.size()};
      return Write(c, out);
    });
  });
}

cr_status cr_statistics_step(const cr_statistics* statistics, uint64_t queue,
                             size_t step, uint64_t* calls) {
  return Look(statistics, [&](const StatisticsObject& s) {
    return WithQueue(s, queue, calls, [&](const QueueStatistics& q) {
      if (step >= q.steps.size()) return absl::OutOfRangeError("step");
      *calls = q.steps[step];
      return absl::OkStatus();
    });
  });
}

cr_status cr_statistics_wait(const cr_statistics* statistics, uint64_t queue,
                             int32_t share_ppm, int64_t* wait_us) {
  return Look(statistics, [&](const StatisticsObject& s) {
    return WithQueue(s, queue, wait_us, [&](const QueueStatistics& q) {
      *wait_us = q.waits.ValueAt(share_ppm / 1e6);
      return absl::OkStatus();
    });
  });
}

cr_status cr_statistics_waited_at_most(const cr_statistics* statistics,
                                       uint64_t queue, int64_t wait_us,
                                       uint64_t* calls) {
  return Look(statistics, [&](const StatisticsObject& s) {
    return WithQueue(s, queue, calls, [&](const QueueStatistics& q) {
      *calls = q.waits.CountAtMost(wait_us);
      return absl::OkStatus();
    });
  });
}

cr_status cr_record_event(cr_bytes* log, const cr_event* event,
                          int64_t now_us) {
  return Change(log, [&](BytesObject& b) {
    Event told;
    const absl::Status status = EventOf(event, &told);
    return status.ok() ? AppendEvent(told, ToTime(now_us), &b.bytes) : status;
  });
}

cr_status cr_record_advance(cr_bytes* log, int64_t now_us) {
  return Change(log, [&](BytesObject& b) {
    AppendAdvance(ToTime(now_us), &b.bytes);
    return absl::OkStatus();
  });
}

cr_status cr_record_configuration(cr_bytes* log, const cr_config* config,
                                  int64_t now_us) {
  const ConfigObject* const c = Find(config);
  if (c == nullptr) return CR_INVALID_HANDLE;
  return Change(log, [&](BytesObject& b) {
    return AppendConfiguration(c->config, ToTime(now_us), &b.bytes);
  });
}

cr_status cr_reader_create(const void* bytes, size_t size, cr_reader** out) {
  return Make(nullptr, out, [&](FaultsObject&) {
    return absl::StatusOr<std::unique_ptr<ReaderObject>>(
        std::make_unique<ReaderObject>(Sized(bytes, size)));
  });
}

void cr_reader_destroy(cr_reader* reader) { Destroy(reader); }

cr_status cr_reader_next(cr_reader* reader, cr_record* record) {
  return Change(reader, [&](ReaderObject& r) -> absl::Status {
    const EventRecordReader::Result result = r.reader.Read(&r.record);
    r.read = result == EventRecordReader::kRecord;
    if (result == EventRecordReader::kEnd) return absl::OutOfRangeError("end");
    if (!r.read) return r.reader.status();
    if (record == nullptr) return absl::OkStatus();
    const cr_record c = {sizeof c, ToC(r.record.kind), 0,
                         FromTime(r.record.now)};
    return Write(c, record);
  });
}

cr_status cr_reader_event(const cr_reader* reader, cr_event* event) {
  return Look(reader, [&](const ReaderObject& r) -> absl::Status {
    if (!r.read || r.record.kind != EventRecordKind::kEvent) {
      return absl::FailedPreconditionError("the last record is no event");
    }
    return Write(EventToC(r.record.event), event);
  });
}

uint64_t cr_reader_offset(const cr_reader* reader) {
  return Get(reader, uint64_t{0},
             [](const ReaderObject& r) { return r.reader.offset(); });
}

cr_status cr_reader_replay(const cr_reader* reader, cr_engine* engine) {
  const ReaderObject* const r = Find(reader);
  if (r == nullptr) return CR_INVALID_HANDLE;
  return Change(engine, [&](EngineObject& e) {
    return e.Run([&](Engine* to, Decisions* out) -> absl::Status {
      if (!r->read) return absl::FailedPreconditionError("no record was read");
      return Replay(r->record, to, out);
    });
  });
}
