// Records of events.

#include "callrouter/event_record.h"
#include "module.h"

namespace callrouter::python {
namespace {

// Keeps the bytes that the reader and its events point into.
class Records {
 public:
  explicit Records(py::bytes bytes)
      : bytes_(std::move(bytes)), reader_(View(bytes_)) {}

  // (time, Event), (time, Configuration) or (time, None).
  py::tuple Next() {
    switch (reader_.Read(&record_)) {
      case EventRecordReader::kRecord:
        break;
      case EventRecordReader::kEnd:
        throw py::stop_iteration();
      case EventRecordReader::kTorn:
      case EventRecordReader::kDamaged:
        Raise(reader_.status());
    }
    py::object what = py::none();
    if (record_.kind == EventRecordKind::kEvent) what = py::cast(record_.event);
    if (record_.kind == EventRecordKind::kConfiguration) {
      what = py::cast(record_.configuration);
    }
    return py::make_tuple(record_.now, what);
  }
  std::size_t offset() const { return reader_.offset(); }

 private:
  py::bytes bytes_;
  EventRecordReader reader_;
  EventRecord record_;
};

}  // namespace

void AddRecords(py::module_& module) {
  module.def(
      "record_event",
      [](const Event& event, absl::Time now) {
        std::string bytes;
        Check(AppendEvent(event, now, &bytes));
        return Bytes(bytes);
      },
      py::arg("event"), py::arg("now"),
      "One record of an event, to be appended to others.");
  module.def(
      "record_advance",
      [](absl::Time now) {
        std::string bytes;
        AppendAdvance(now, &bytes);
        return Bytes(bytes);
      },
      py::arg("now"), "One record of advance(now).");
  module.def(
      "record_configuration",
      [](const Configuration& configuration, absl::Time now) {
        std::string bytes;
        Check(AppendConfiguration(configuration, now, &bytes));
        return Bytes(bytes);
      },
      py::arg("configuration"), py::arg("now"),
      "One record of apply(configuration, now).");
  py::class_<Records>(
      module, "EventRecordReader",
      "Iterates over records: (now, Event), (now, Configuration) or, for an "
      "advance, (now, None). Raises DataLoss where bytes are torn or damaged; "
      "all before `offset` is good.")
      .def(py::init<py::bytes>(), py::arg("bytes"))
      .def("__iter__", [](py::object self) { return self; })
      .def("__next__", &Records::Next)
      .def_property_readonly("offset", &Records::offset,
                             "Where the next record begins, in bytes.");
}

}  // namespace callrouter::python
