#include "module.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <chrono>
#include <exception>

#include "callrouter/version.h"
#include "values_all.h"

namespace callrouter::python {
namespace {

namespace pb = google::protobuf;

constexpr int64_t kLookNs = 20'000'000;
constexpr int64_t kTellNs = 100'000'000;

py::object Single(const pb::Message& message, const pb::FieldDescriptor* field,
                  int index) {
  const pb::Reflection& get = *message.GetReflection();
  using F = pb::FieldDescriptor;
  const bool many = field->is_repeated();
#define CALLROUTER_GET(Type)                           \
  (many ? get.GetRepeated##Type(message, field, index) \
        : get.Get##Type(message, field))
  switch (field->cpp_type()) {
    case F::CPPTYPE_INT32:
      return py::int_(CALLROUTER_GET(Int32));
    case F::CPPTYPE_INT64:
      return py::int_(CALLROUTER_GET(Int64));
    case F::CPPTYPE_UINT32:
      return py::int_(CALLROUTER_GET(UInt32));
    case F::CPPTYPE_UINT64:
      return py::int_(CALLROUTER_GET(UInt64));
    case F::CPPTYPE_DOUBLE:
      return py::float_(CALLROUTER_GET(Double));
    case F::CPPTYPE_FLOAT:
      return py::float_(CALLROUTER_GET(Float));
    case F::CPPTYPE_BOOL:
      return py::bool_(CALLROUTER_GET(Bool));
    case F::CPPTYPE_ENUM:
      return py::str(CALLROUTER_GET(Enum)->name());
    case F::CPPTYPE_STRING:
      return py::reinterpret_steal<py::object>(
          ToPython(std::string(CALLROUTER_GET(String))));
    case F::CPPTYPE_MESSAGE:
      return ToDict(CALLROUTER_GET(Message));
  }
#undef CALLROUTER_GET
  return py::none();
}

void AddTranslators() {
  py::register_exception_translator([](std::exception_ptr raised) {
    try {
      if (raised) std::rethrow_exception(raised);
    } catch (const BadValue& bad) {
      RestoreBad(bad);
    }
  });
}

}  // namespace

void RestoreBad(const BadValue& bad) {
  const std::string what = "found " + bad.found + ", expected " + bad.expected;
  try {
    Raise(absl::InvalidArgumentError(
        bad.path.empty() ? what : bad.path + ": " + what));
  } catch (py::error_already_set& error) {
    error.restore();
  }
}

void Raise(const absl::Status& status, const std::vector<FileFault>& faults) {
  const py::object make =
      py::module_::import("callrouter._errors").attr("make");
  const absl::string_view message = status.message();
  const py::object error =
      make(static_cast<int>(status.code()),
           std::string_view(message.data(), message.size()),
           py::reinterpret_steal<py::object>(ToPython(faults)));
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.ptr())),
                  error.ptr());
  throw py::error_already_set();
}

py::dict ToDict(const pb::Message& message) {
  py::dict fields;
  const pb::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const pb::FieldDescriptor* const field = type.field(i);
    if (field->is_repeated()) {
      py::list items;
      const int size = message.GetReflection()->FieldSize(message, field);
      for (int k = 0; k < size; ++k) items.append(Single(message, field, k));
      fields[field->name().c_str()] = items;
    } else {
      fields[field->name().c_str()] = Single(message, field, 0);
    }
  }
  return fields;
}

bool Interrupt::Do(const std::function<void()>& body) {
  if (raised_) return false;
  const py::gil_scoped_acquire lock;
  try {
    body();
    return true;
  } catch (...) {
    error_ = std::current_exception();
    raised_ = true;
    return false;
  }
}

bool Interrupt::Look(double done) {
  if (raised_) return false;
  const int64_t now = std::chrono::steady_clock::now().time_since_epoch() /
                      std::chrono::nanoseconds(1);
  if (now - looked_ns_ < kLookNs) return true;
  looked_ns_ = now;
  return Do([this, now, done] {
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    if (progress_.is_none() || now - told_ns_ < kTellNs) return;
    told_ns_ = now;
    if (progress_(done).is(py::bool_(false))) {
      Raise(absl::CancelledError("the progress callback said so"));
    }
  });
}

Progress Interrupt::progress() {
  return [this](double done) { return Look(done); };
}

FileReader ReaderOf(const py::object& read, Interrupt* interrupt) {
  if (read.is_none()) {
    return [](const std::string& name) -> absl::StatusOr<std::string> {
      return absl::NotFoundError("no function was given to read " + name);
    };
  }
  return [read,
          interrupt](const std::string& name) -> absl::StatusOr<std::string> {
    std::string text;
    const bool done = interrupt->Do([&] {
      const py::object given = read(name);
      text = given.cast<std::string>();
    });
    if (done) return text;
    return absl::NotFoundError(name);
  };
}

PYBIND11_MODULE(_core, module) {
  module.doc() = "The compiled part of callrouter. Import callrouter instead.";
  AddTranslators();
  AddAllTypes(module);
  AddValueFunctions(module);
  module.def("_types_of_fields", &TypesOfFields);
  AddEngine(module);
  AddRecords(module);
  AddNumbers(module);
  AddMasking(module);
  AddReturnCalls(module);
  AddDialing(module);
  AddPacer(module);
  AddFiles(module);
  AddSimulators(module);
  module.attr("__version__") = kVersion;
}

}  // namespace callrouter::python
