// The plain values of the public headers in Python, made from the tables that
// describe.py writes, and what pybind11 must know to pass them.

#ifndef CALLROUTER_PYTHON_VALUES_H_
#define CALLROUTER_PYTHON_VALUES_H_

#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

#include "convert.h"
#include "values_types.h"

namespace callrouter::python {

// --- Enums: IntEnum ---

struct EnumRow {
  const char* name;
  int value;
};

struct EnumInfo {
  PyObject* type = nullptr;
  std::vector<PyObject*> members;  // By number; null: none.
};

void MakeEnum(py::module_& module, const char* name, const char* doc,
              const EnumRow* rows, std::size_t count, EnumInfo* info);
// Takes a member, its number, or its name in any case.
int EnumFrom(PyObject* object, const EnumInfo& info);

template <class T>
EnumInfo& EnumInfoOf() {
  static EnumInfo info;
  return info;
}

template <class T, std::size_t n>
void AddEnum(py::module_& module, const char* name, const char* doc,
             const EnumRow (&rows)[n]) {
  MakeEnum(module, name, doc, rows, n, &EnumInfoOf<T>());
}

template <class T>
struct Convert<T, std::enable_if_t<kIsEnum<T>>> {
  static PyObject* To(T value) {
    const auto& members = EnumInfoOf<T>().members;
    const auto i = static_cast<std::size_t>(value);
    if (i < members.size() && members[i] != nullptr) {
      return Py_NewRef(members[i]);
    }
    return OrThrow(PyLong_FromSize_t(i));
  }
  static void From(PyObject* object, T* value) {
    *value = static_cast<T>(EnumFrom(object, EnumInfoOf<T>()));
  }
  static std::string Type() { return Described<T>::kName.text; }
};

// --- Structs ---

struct Field {
  const char* name;
  const char* doc;
  std::string (*type)();
  PyObject* (*get)(const void*);
  void (*set)(PyObject*, void*);
};

#define CALLROUTER_FIELD(T, member, name, doc)                                 \
  {name, doc, [] { return Convert<decltype(T::member)>::Type(); },             \
   [](const void* from) {                                                      \
     return Convert<decltype(T::member)>::To(                                  \
         static_cast<const T*>(from)->member);                                 \
   },                                                                          \
   [](PyObject* object, void* to) {                                            \
     Convert<decltype(T::member)>::From(object, &static_cast<T*>(to)->member); \
   }}

struct ValueInfo {
  const char* name = "";
  const Field* fields = nullptr;
  std::size_t count = 0;
  PyTypeObject* type = nullptr;
  // From positional and named fields, checked.
  PyObject* (*make)(PyObject* args, PyObject* kwargs) = nullptr;
};

// Gives `info` its class: named tuples, whose base is in _values.py.
void MakeValueType(py::module_& module, const char* doc, ValueInfo* info);
PyObject* ValueTo(const void* value, const ValueInfo& info);
// `object`: an instance, or a dict.
void ValueFrom(PyObject* object, const ValueInfo& info, void* value);
void FieldsFrom(PyObject* args, PyObject* kwargs, const ValueInfo& info,
                void* value);
// By name; `count` if there is none.
std::size_t FieldIndex(const ValueInfo& info, PyObject* name);
// Names of the fields.
py::tuple FieldsOf(const ValueInfo& info);
// Every value is to be known here, for stubs: name -> (field, type, doc)s.
void Register(ValueInfo* info);
py::dict TypesOfFields();
void AddValueFunctions(py::module_& module);

template <class T>
ValueInfo& ValueInfoOf() {
  static ValueInfo info;
  return info;
}

template <class T, std::size_t n>
void AddValue(py::module_& module, const char* name, const char* doc,
              const Field (&fields)[n]) {
  ValueInfo& info = ValueInfoOf<T>();
  info.name = name;
  info.fields = fields;
  info.count = n;
  info.make = [](PyObject* args, PyObject* kwargs) {
    T value{};
    FieldsFrom(args, kwargs, ValueInfoOf<T>(), &value);
    return ValueTo(&value, ValueInfoOf<T>());
  };
  MakeValueType(module, doc, &info);
}

template <class T>
struct Convert<T, std::enable_if_t<kIsValue<T>>> {
  static PyObject* To(const T& value) {
    return ValueTo(&value, ValueInfoOf<T>());
  }
  static void From(PyObject* object, T* value) {
    ValueFrom(object, ValueInfoOf<T>(), value);
  }
  static std::string Type() { return Described<T>::kName.text; }
};

// Read-only attributes, made when they are read; `replace(**changes)`.
template <class T, std::size_t n>
void AddHeld(py::module_& module, const char* name, const char* doc,
             const Field (&fields)[n]) {
  ValueInfo& info = ValueInfoOf<T>();
  info.name = name;
  info.fields = fields;
  info.count = n;
  Register(&info);
  py::class_<T> type(module, name, doc);
  info.type = reinterpret_cast<PyTypeObject*>(type.ptr());
  type.def(py::init([](const py::args& args, const py::kwargs& named) {
    T value{};
    FieldsFrom(args.ptr(), named.ptr(), ValueInfoOf<T>(), &value);
    return value;
  }));
  type.def(
      "replace",
      [](const T& self, const py::kwargs& changes) {
        T value = self;
        FieldsFrom(py::tuple().ptr(), changes.ptr(), ValueInfoOf<T>(), &value);
        return value;
      },
      "A copy with other values for the fields named. Cost: O(size).");
  type.attr("_fields") = FieldsOf(info);
  for (const Field& field : fields) {
    const auto get = field.get;
    type.def_property_readonly(
        field.name, py::cpp_function([get](const T& self) {
          return py::reinterpret_steal<py::object>(get(&self));
        }),
        field.doc);
  }
}

template <class T>
struct Convert<T, std::enable_if_t<kIsHeld<T>>> {
  static PyObject* To(const T& value) {
    return py::cast(value).release().ptr();
  }
  static void From(PyObject* object, T* value) {
    if (PyDict_Check(object)) {
      FieldsFrom(py::tuple().ptr(), object, ValueInfoOf<T>(), value);
      return;
    }
    if (!py::isinstance<T>(object)) ThrowBad(object, Type());
    *value = py::handle(object).cast<const T&>();
  }
  static std::string Type() { return Described<T>::kName.text; }
};

// What pybind11 passes by these conversions, and how it is called in stubs.
template <class T>
struct Passed : std::bool_constant<kIsEnum<T> || kIsValue<T>> {
  static constexpr auto Name() { return Described<T>::kName; }
};
template <>
struct Passed<absl::Duration> : std::true_type {
  static constexpr auto Name() {
    return py::detail::const_name("DurationLike");
  }
};
template <>
struct Passed<absl::Time> : std::true_type {
  static constexpr auto Name() { return py::detail::const_name("TimeLike"); }
};
template <>
struct Passed<PhoneNumber> : std::true_type {
  static constexpr auto Name() { return py::detail::const_name("str"); }
};
template <class Tag>
struct Passed<Id<Tag>> : std::true_type {
  static constexpr auto Name() { return py::detail::const_name("int"); }
};
template <class T>
struct Passed<std::vector<T>> : std::true_type {
  static constexpr auto Name() {
    return py::detail::const_name("Sequence[") +
           py::detail::make_caster<T>::name + py::detail::const_name("]");
  }
};
template <class T>
struct Passed<std::optional<T>> : std::true_type {
  static constexpr auto Name() {
    return py::detail::make_caster<T>::name + py::detail::const_name(" | None");
  }
};

}  // namespace callrouter::python

namespace pybind11::detail {

template <class T>
struct type_caster<T, enable_if_t<callrouter::python::Passed<T>::value>> {
  PYBIND11_TYPE_CASTER(T, callrouter::python::Passed<T>::Name());
  bool load(handle source, bool) {
    callrouter::python::Convert<T>::From(source.ptr(), &value);
    return true;
  }
  static handle cast(const T& source, return_value_policy, handle) {
    return callrouter::python::Convert<T>::To(source);
  }
};

}  // namespace pybind11::detail

#endif  // CALLROUTER_PYTHON_VALUES_H_
