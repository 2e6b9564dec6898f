#include "values.h"

#include <datetime.h>

#include <cctype>
#include <cmath>
#include <cstring>

namespace callrouter::python {
namespace {

constexpr double kExact = 9007199254740992.0;  // 2^53 microseconds: 285 years.

std::vector<ValueInfo*>& AllValues() {
  static std::vector<ValueInfo*> all;
  return all;
}

bool Seconds(PyObject* object, int64_t* us) {
  double value;
  if (PyFloat_Check(object)) {
    value = PyFloat_AS_DOUBLE(object);
  } else if (PyLong_Check(object) || PyIndex_Check(object)) {
    value = PyFloat_AsDouble(object);
    if (value == -1 && PyErr_Occurred() != nullptr) PyErr_Clear();
  } else {
    return false;
  }
  if (std::isnan(value)) return false;
  if (std::isinf(value)) {
    *us = value > 0 ? INT64_MAX : INT64_MIN;
    return true;
  }
  // To the nearest: what was handed out comes back as it was.
  value = std::nearbyint(value * 1e6);
  if (!(std::abs(value) <= kExact)) return false;
  *us = static_cast<int64_t>(value);
  return true;
}

PyObject* FromSeconds(int64_t us) {
  return OrThrow(PyFloat_FromDouble(static_cast<double>(us) / 1e6));
}

// datetime is looked up when something is neither int nor float.
bool HasDateTime() {
  if (PyDateTimeAPI == nullptr) PyDateTime_IMPORT;
  return PyDateTimeAPI != nullptr;
}

std::string Short(PyObject* object) {
  PyObject* const text = PyObject_Repr(object);
  if (text == nullptr) {
    PyErr_Clear();
    return "something";
  }
  std::string words = py::reinterpret_steal<py::str>(text);
  if (words.size() > 60) words = words.substr(0, 57) + "...";
  return words;
}

}  // namespace

void ThrowBad(PyObject* found, std::string expected) {
  throw BadValue{"", Short(found), std::move(expected)};
}

void Prefix(BadValue* bad, std::string_view step) {
  const bool dot = !bad->path.empty() && bad->path[0] != '[';
  bad->path = std::string(step) + (dot ? "." : "") + bad->path;
}

int64_t SignedFrom(PyObject* object, int64_t least, int64_t most) {
  const auto refuse = [&] {
    ThrowBad(object, "a whole number from " + std::to_string(least) + " to " +
                         std::to_string(most));
  };
  if (!PyIndex_Check(object)) refuse();
  const py::object index =
      py::reinterpret_steal<py::object>(OrThrow(PyNumber_Index(object)));
  int overflow = 0;
  const long long value = PyLong_AsLongLongAndOverflow(index.ptr(), &overflow);
  if (overflow != 0 || value < least || value > most) refuse();
  return value;
}

uint64_t UnsignedFrom(PyObject* object, uint64_t most) {
  const auto refuse = [&] {
    ThrowBad(object, "a whole number from 0 to " + std::to_string(most));
  };
  if (!PyIndex_Check(object)) refuse();
  const py::object index =
      py::reinterpret_steal<py::object>(OrThrow(PyNumber_Index(object)));
  const unsigned long long value = PyLong_AsUnsignedLongLong(index.ptr());
  if (PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    refuse();
  }
  if (value > most) refuse();
  return value;
}

void Convert<double>::From(PyObject* object, double* value) {
  *value = PyFloat_AsDouble(object);
  if (*value != -1 || PyErr_Occurred() == nullptr) return;
  PyErr_Clear();
  ThrowBad(object, "a number");
}

void Convert<std::string_view>::From(PyObject* object,
                                     std::string_view* value) {
  if (!PyUnicode_Check(object)) ThrowBad(object, "text");
  Py_ssize_t size = 0;
  const char* const text = PyUnicode_AsUTF8AndSize(object, &size);
  if (text == nullptr) {
    PyErr_Clear();
    ThrowBad(object, "text that can be written as UTF-8");
  }
  *value = std::string_view(text, static_cast<std::size_t>(size));
}

PyObject* Convert<absl::Duration>::To(absl::Duration value) {
  if (value == absl::InfiniteDuration()) {
    return OrThrow(PyFloat_FromDouble(Py_HUGE_VAL));
  }
  if (value == -absl::InfiniteDuration()) {
    return OrThrow(PyFloat_FromDouble(-Py_HUGE_VAL));
  }
  return FromSeconds(absl::ToInt64Microseconds(value));
}

void Convert<absl::Duration>::From(PyObject* object, absl::Duration* value) {
  int64_t us = 0;
  if (!Seconds(object, &us)) {
    if (!HasDateTime() || !PyDelta_Check(object)) {
      ThrowBad(object, "seconds or a timedelta");
    }
    us = ((int64_t{PyDateTime_DELTA_GET_DAYS(object)} * 86'400) +
          PyDateTime_DELTA_GET_SECONDS(object)) *
             1'000'000 +
         PyDateTime_DELTA_GET_MICROSECONDS(object);
  }
  *value = us == INT64_MAX   ? absl::InfiniteDuration()
           : us == INT64_MIN ? -absl::InfiniteDuration()
                             : absl::Microseconds(us);
}

PyObject* Convert<absl::Time>::To(absl::Time value) {
  if (value == absl::InfiniteFuture()) {
    return OrThrow(PyFloat_FromDouble(Py_HUGE_VAL));
  }
  if (value == absl::InfinitePast()) {
    return OrThrow(PyFloat_FromDouble(-Py_HUGE_VAL));
  }
  return FromSeconds(absl::ToUnixMicros(value));
}

void Convert<absl::Time>::From(PyObject* object, absl::Time* value) {
  int64_t us = 0;
  if (!Seconds(object, &us)) {
    if (!HasDateTime() || !PyDateTime_Check(object) ||
        PyDateTime_DATE_GET_TZINFO(object) == Py_None) {
      ThrowBad(object, "seconds or a datetime with a time zone");
    }
    const py::object stamp = py::handle(object).attr("timestamp")();
    if (!Seconds(stamp.ptr(), &us)) ThrowBad(object, "a time");
  }
  *value = us == INT64_MAX   ? absl::InfiniteFuture()
           : us == INT64_MIN ? absl::InfinitePast()
                             : absl::FromUnixMicros(us);
}

PyObject* Convert<PhoneNumber>::To(PhoneNumber value) {
  if (value.none()) return ToPython(std::string_view());
  char digits[24] = "+";
  char* end = digits + sizeof(digits);
  char* begin = end;
  for (uint64_t rest = value.value(); rest > 0; rest /= 10) {
    *--begin = static_cast<char>('0' + rest % 10);
  }
  *--begin = '+';
  return ToPython(
      std::string_view(begin, static_cast<std::size_t>(end - begin)));
}

void Convert<PhoneNumber>::From(PyObject* object, PhoneNumber* value) {
  std::string_view text;
  if (PyUnicode_Check(object)) Convert<std::string_view>::From(object, &text);
  if (text.empty() && (object == Py_None || PyUnicode_Check(object))) {
    *value = PhoneNumber();
    return;
  }
  const auto number = PhoneNumber::Parse(text);
  if (!number.ok()) {
    ThrowBad(object, "a telephone number such as \"+74951234567\"");
  }
  *value = *number;
}

void MakeEnum(py::module_& module, const char* name, const char* doc,
              const EnumRow* rows, std::size_t count, EnumInfo* info) {
  const py::object int_enum = py::module_::import("enum").attr("IntEnum");
  py::list members;
  for (std::size_t i = 0; i < count; ++i) {
    members.append(py::make_tuple(rows[i].name, rows[i].value));
  }
  py::object type = int_enum(name, members, py::arg("module") = "callrouter");
  type.attr("__doc__") = doc;
  module.attr(name) = type;
  const py::object by_value = type.attr("_value2member_map_");
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(rows[i].value);
    if (info->members.size() <= at) info->members.resize(at + 1);
    py::object member = by_value[py::int_(rows[i].value)];
    info->members[at] = member.release().ptr();
  }
  info->type = type.release().ptr();
}

int EnumFrom(PyObject* object, const EnumInfo& info) {
  if (PyUnicode_Check(object)) {
    std::string name = py::reinterpret_borrow<py::str>(object);
    for (char& c : name) {
      c = c == '-' || c == ' '
              ? '_'
              : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    const py::object members = py::handle(info.type).attr("_member_map_");
    if (members.contains(name)) {
      return static_cast<int>(
          PyLong_AsLong(py::object(members[name.c_str()]).ptr()));
    }
  } else if (PyLong_Check(object) &&
             (Py_IS_TYPE(object, reinterpret_cast<PyTypeObject*>(info.type)) ||
              PyLong_CheckExact(object))) {
    const long value = PyLong_AsLong(object);
    if (value >= 0 && static_cast<std::size_t>(value) < info.members.size() &&
        info.members[static_cast<std::size_t>(value)] != nullptr) {
      return static_cast<int>(value);
    }
    PyErr_Clear();
  }
  const std::string name = py::str(py::handle(info.type).attr("__name__"));
  ThrowBad(object, "one of " + name);
}

void MakeValueType(py::module_& module, const char* doc, ValueInfo* info) {
  const py::object define =
      py::module_::import("callrouter._values").attr("define");
  py::tuple fields(info->count);
  for (std::size_t i = 0; i < info->count; ++i) {
    fields[i] = py::make_tuple(info->fields[i].name, info->fields[i].doc);
  }
  py::object type = define(info->name, doc, fields, AllValues().size());
  Register(info);
  module.attr(info->name) = type;
  info->type = reinterpret_cast<PyTypeObject*>(type.release().ptr());
}

PyObject* ValueTo(const void* value, const ValueInfo& info) {
  PyObject* const tuple = OrThrow(
      info.type->tp_alloc(info.type, static_cast<Py_ssize_t>(info.count)));
  py::object kept = py::reinterpret_steal<py::object>(tuple);
  for (std::size_t i = 0; i < info.count; ++i) {
    PyTuple_SET_ITEM(tuple, static_cast<Py_ssize_t>(i),
                     info.fields[i].get(value));
  }
  return kept.release().ptr();
}

void ValueFrom(PyObject* object, const ValueInfo& info, void* value) {
  if (PyDict_Check(object)) {
    FieldsFrom(nullptr, object, info, value);
    return;
  }
  if (!Py_IS_TYPE(object, info.type) ||
      PyTuple_GET_SIZE(object) != static_cast<Py_ssize_t>(info.count)) {
    ThrowBad(object, std::string(info.name) + " or a dict of its fields");
  }
  FieldsFrom(object, nullptr, info, value);
}

std::size_t FieldIndex(const ValueInfo& info, PyObject* name) {
  Py_ssize_t size = 0;
  const char* const text =
      PyUnicode_Check(name) ? PyUnicode_AsUTF8AndSize(name, &size) : nullptr;
  if (text == nullptr) {
    PyErr_Clear();
    return info.count;
  }
  for (std::size_t i = 0; i < info.count; ++i) {
    if (std::strcmp(info.fields[i].name, text) == 0) return i;
  }
  return info.count;
}

void FieldsFrom(PyObject* args, PyObject* kwargs, const ValueInfo& info,
                void* value) {
  const Field* field = nullptr;
  const auto set = [&](PyObject* object) {
    try {
      field->set(object, value);
    } catch (BadValue& bad) {
      Prefix(&bad, field->name);
      throw;
    }
  };
  const auto given =
      args == nullptr ? 0 : static_cast<std::size_t>(PyTuple_GET_SIZE(args));
  if (given > info.count) {
    throw BadValue{info.name, std::to_string(given) + " fields",
                   "at most " + std::to_string(info.count)};
  }
  for (std::size_t i = 0; i < given; ++i) {
    field = &info.fields[i];
    set(PyTuple_GET_ITEM(args, static_cast<Py_ssize_t>(i)));
  }
  if (kwargs == nullptr) return;
  Py_ssize_t at = 0;
  PyObject* key = nullptr;
  PyObject* object = nullptr;
  while (PyDict_Next(kwargs, &at, &key, &object) != 0) {
    const std::size_t i = FieldIndex(info, key);
    if (i == info.count) ThrowBad(key, std::string("a field of ") + info.name);
    field = &info.fields[i];
    if (i < given) {
      throw BadValue{field->name, "it twice", "it once"};
    }
    set(object);
  }
}

py::tuple FieldsOf(const ValueInfo& info) {
  py::tuple fields(info.count);
  for (std::size_t i = 0; i < info.count; ++i) {
    fields[i] = info.fields[i].name;
  }
  return fields;
}

void Register(ValueInfo* info) { AllValues().push_back(info); }

void AddValueFunctions(py::module_& module) {
  module.def("_make", [](std::size_t index, const py::tuple& args,
                         const py::dict& kwargs) {
    if (index >= AllValues().size() || AllValues()[index]->make == nullptr) {
      throw py::index_error();
    }
    return py::reinterpret_steal<py::object>(
        AllValues()[index]->make(args.ptr(), kwargs.ptr()));
  });
  py::module_::import("callrouter._values")
      .attr("set_maker")(module.attr("_make"));
}

py::dict TypesOfFields() {
  py::dict all;
  for (const ValueInfo* info : AllValues()) {
    py::list fields;
    for (std::size_t i = 0; i < info->count; ++i) {
      fields.append(py::make_tuple(info->fields[i].name, info->fields[i].type(),
                                   info->fields[i].doc));
    }
    all[info->name] = fields;
  }
  return all;
}

}  // namespace callrouter::python
