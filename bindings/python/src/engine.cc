// Engine: events in, decisions out.

#include "callrouter/engine.h"

#include <optional>

#include "module.h"

namespace callrouter::python {
namespace {

// What Handle and Advance append to; kept, so that nothing is allocated.
struct EngineObject {
  std::unique_ptr<Engine> engine;
  Decisions decisions;

  // The decisions so far, handed over.
  PyObject* Take() {
    PyObject* const list =
        OrThrow(PyList_New(static_cast<Py_ssize_t>(decisions.size())));
    py::object kept = py::reinterpret_steal<py::object>(list);
    for (std::size_t i = 0; i < decisions.size(); ++i) {
      PyList_SET_ITEM(list, static_cast<Py_ssize_t>(i), ToPython(decisions[i]));
    }
    decisions.clear();
    return kept.release().ptr();
  }
  PyObject* Handle(const Event& event, absl::Time now) {
    Check(engine->Handle(event, now, &decisions));
    return Take();
  }
};

// A configuration compiled aside.
struct PreparedObject {
  std::optional<Engine::Prepared> prepared;
};

// engine.tell(kind, now, **fields) without an Event in between: the way of
// every call, thus by hand.
PyObject* TellOrThrow(PyObject* self, PyObject* const* args, Py_ssize_t count,
                      PyObject* names) {
  auto& object = py::handle(self).cast<EngineObject&>();
  if (count != 2) {
    throw BadValue{"", std::to_string(count) + " unnamed arguments",
                   "kind and now; then fields by name"};
  }
  const ValueInfo& info = ValueInfoOf<Event>();
  Event event;
  const auto set = [&](const Field& field, PyObject* value) {
    try {
      field.set(value, &event);
    } catch (BadValue& bad) {
      Prefix(&bad, field.name);
      throw;
    }
  };
  set(info.fields[0], args[0]);
  absl::Time now;
  try {
    Convert<absl::Time>::From(args[1], &now);
  } catch (BadValue& bad) {
    Prefix(&bad, "now");
    throw;
  }
  const Py_ssize_t named = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
  for (Py_ssize_t i = 0; i < named; ++i) {
    PyObject* const name = PyTuple_GET_ITEM(names, i);
    const std::size_t at = FieldIndex(info, name);
    if (at == 0 || at >= info.count) ThrowBad(name, "a field of Event");
    set(info.fields[at], args[2 + i]);
  }
  return object.Handle(event, now);
}

PyObject* Tell(PyObject* self, PyObject* const* args, Py_ssize_t count,
               PyObject* names) {
  try {
    return TellOrThrow(self, args, count, names);
  } catch (py::error_already_set& error) {
    error.restore();
  } catch (const BadValue& bad) {
    RestoreBad(bad);
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
  return nullptr;
}

PyMethodDef tell_method = {
    "tell", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(&Tell)),
    METH_FASTCALL | METH_KEYWORDS,
    "tell(kind, now, **fields) -> list[Decision]\n\n"
    "handle() of an event made of the fields named: engine.tell("
    "EventKind.CALL_ARRIVED, now, call_ref=42, queue=sales). The quickest "
    "way."};

void AddStatistics(py::module_& module) {
  py::class_<Histogram>(module, "Histogram", py::buffer_protocol(),
                        "Waits and other durations in buckets; as a buffer: "
                        "the count of each. Values are whole microseconds "
                        "unless said otherwise, exact to 1/32.")
      .def(py::init<>())
      .def("add", &Histogram::Add, py::arg("value"),
           "Counts a value; negative ones as 0. Cost: O(1).")
      .def_property_readonly("count", &Histogram::count, "Values counted.")
      .def("value_at", &Histogram::ValueAt, py::arg("share"),
           "The least bound at or below which so many of 1 lie; 0 if empty.")
      .def("count_at_most", &Histogram::CountAtMost, py::arg("value"),
           "How many are certainly at most `value`.")
      .def("merge", &Histogram::Merge, py::arg("other"),
           "Adds the counts of another.")
      .def("__eq__",
           [](const Histogram& a, const Histogram& b) {
             return a.counts() == b.counts();
           })
      .def_buffer([](Histogram& h) {
        h.Reserve();
        return py::buffer_info(const_cast<uint64_t*>(h.counts().data()),
                               static_cast<py::ssize_t>(h.counts().size()),
                               true);
      });
}

}  // namespace

PyObject* Convert<Histogram>::To(const Histogram& value) {
  return py::cast(value).release().ptr();
}
void Convert<Histogram>::From(PyObject* object, Histogram* value) {
  if (!py::isinstance<Histogram>(object)) ThrowBad(object, "a Histogram");
  *value = py::handle(object).cast<const Histogram&>();
}

namespace {

using EngineClass = py::class_<EngineObject>;

void AddPrepared(py::module_& module) {
  py::class_<PreparedObject>(
      module, "Prepared",
      "A configuration checked and compiled aside, for Engine.apply.")
      .def(py::init([](const EngineOptions& options,
                       const Configuration& configuration) {
             return PreparedObject{
                 Unwrap(Engine::Prepare(options, configuration))};
           }),
           py::arg("options"), py::arg("configuration"),
           "Raises InvalidArgument with every fault, ResourceExhausted.");
}

void AddEvents(EngineClass* engine) {
  engine
      ->def(
          "handle",
          [](EngineObject& self, const Event& event, absl::Time now) {
            return py::reinterpret_steal<py::list>(self.Handle(event, now));
          },
          py::arg("event"), py::arg("now"),
          "Takes one event; returns what is to be done, in order, as a list "
          "of Decision. First everything due by `now` is done.\n\n"
          "Raises, with the state unchanged, the first that applies: "
          "Internal, Unimplemented, InvalidArgument, NotFound, AlreadyExists, "
          "FailedPrecondition, ResourceExhausted. What was due all the same "
          "then comes with the next call.")
      .def(
          "advance",
          [](EngineObject& self, absl::Time now) {
            self.engine->Advance(now, &self.decisions);
            return py::reinterpret_steal<py::list>(self.Take());
          },
          py::arg("now"),
          "Does everything due by `now`; returns a list of Decision. Early, "
          "late and repeated calls are harmless.")
      .def_property_readonly(
          "next_deadline",
          [](const EngineObject& self) { return self.engine->next_deadline(); },
          "When advance must next be called, in seconds; inf: never.")
      .def(
          "apply",
          [](EngineObject& self, const Configuration& configuration,
             absl::Time now) {
            auto prepared =
                Unwrap(Engine::Prepare(self.engine->options(), configuration));
            Check(
                self.engine->Apply(std::move(prepared), now, &self.decisions));
            return py::reinterpret_steal<py::list>(self.Take());
          },
          py::arg("configuration"), py::arg("now"),
          "Swaps a configuration in, whole or not at all; returns a list of "
          "Decision. Waiting calls keep their age. Raises InvalidArgument, "
          "ResourceExhausted, FailedPrecondition.")
      .def(
          "apply_prepared",
          [](EngineObject& self, PreparedObject& prepared, absl::Time now) {
            if (!prepared.prepared) {
              Raise(absl::FailedPreconditionError("it is used up"));
            }
            Check(self.engine->Apply(std::move(*prepared.prepared), now,
                                     &self.decisions));
            prepared.prepared.reset();
            return py::reinterpret_steal<py::list>(self.Take());
          },
          py::arg("prepared"), py::arg("now"),
          "The same with one prepared for these options. Refused, it may be "
          "tried again; done, it is used up.");
}

EngineClass MakeEngine(py::module_& module) {
  EngineClass engine(
      module, "Engine",
      "Decides who answers which call: told what happened and when, it says "
      "what to do and when it wants to be asked again.\n\n"
      "Times are the host's monotonic ones, in seconds or as datetime. One "
      "thread at a time. See callrouter/engine.h for every rule.");
  engine.def(py::init([](const Configuration& configuration, absl::Time now,
                         const EngineOptions& options) {
               return EngineObject{
                   Unwrap(Engine::Create(options, configuration, now)), {}};
             }),
             py::arg("configuration"), py::arg("now") = 0.0,
             py::arg_v("options", EngineOptions(), "..."),
             "Agents start logged out. Raises InvalidArgument with every fault "
             "of options and configuration.");
  return engine;
}

void AddViews(EngineClass* engine) {
  engine
      ->def(
          "find_queue",
          [](const EngineObject& self, std::string_view name) {
            return self.engine->FindQueue(name);
          },
          py::arg("name"), "The handle of a queue; 0 if there is none.")
      .def(
          "queue_name",
          [](const EngineObject& self, QueueId queue) {
            return self.engine->QueueName(queue);
          },
          py::arg("queue"), "\"\" if there is none.")
      .def(
          "find_agent",
          [](const EngineObject& self, uint64_t ref) {
            return self.engine->FindAgent(ref);
          },
          py::arg("ref"), "The handle of an agent by the host's reference.")
      .def(
          "find_call",
          [](const EngineObject& self, uint64_t ref) {
            return self.engine->FindCall(ref);
          },
          py::arg("ref"), "The handle of a call by the host's reference.")
      .def(
          "view_call",
          [](const EngineObject& self, CallId call) {
            return self.engine->View(call);
          },
          py::arg("call"), "Where a call is and why it waits.")
      .def(
          "view_agent",
          [](const EngineObject& self, AgentId agent) {
            return self.engine->View(agent);
          },
          py::arg("agent"), "What an agent does.")
      .def(
          "calls",
          [](const EngineObject& self) { return self.engine->Calls(); },
          "Handles of all calls, in order of slot.")
      .def(
          "agents",
          [](const EngineObject& self) { return self.engine->Agents(); },
          "Handles of all agents, in order of slot.");
}

void AddState(EngineClass* engine) {
  engine
      ->def_property_readonly(
          "options",
          [](const EngineObject& self) { return self.engine->options(); },
          "The options it was made with.")
      .def(
          "statistics",
          [](const EngineObject& self) {
            Statistics statistics;
            self.engine->CopyStatistics(&statistics);
            return statistics;
          },
          "What was counted so far.")
      .def(
          "save",
          [](const EngineObject& self) {
            std::string bytes;
            self.engine->Save(&bytes);
            return Bytes(bytes);
          },
          "The whole state. Equal states give equal bytes.")
      .def_static(
          "load",
          [](const py::bytes& saved, const EngineOptions& options) {
            return EngineObject{Unwrap(Engine::Load(options, View(saved))), {}};
          },
          py::arg("saved"), py::arg_v("options", EngineOptions(), "..."),
          "One that goes on exactly where save was called. Raises "
          "InvalidArgument for damaged bytes or limits that are too small.")
      .def(
          "check_invariants",
          [](const EngineObject& self) {
            Check(self.engine->CheckInvariants());
          },
          "Raises Internal if something does not fit together. For tests.");
}

}  // namespace

void AddEngine(py::module_& module) {
  AddStatistics(module);
  AddPrepared(module);
  EngineClass engine = MakeEngine(module);
  AddEvents(&engine);
  AddViews(&engine);
  AddState(&engine);
  py::object descriptor =
      py::reinterpret_steal<py::object>(OrThrow(PyDescr_NewMethod(
          reinterpret_cast<PyTypeObject*>(engine.ptr()), &tell_method)));
  engine.attr("tell") = descriptor;
  module.def("_empty", [] {}, "Nothing: what a call costs, for benchmarks.");
  module.def(
      "_empty_method", [](EngineObject&, EventKind, absl::Time) {},
      "The same with arguments.");
}

}  // namespace callrouter::python
