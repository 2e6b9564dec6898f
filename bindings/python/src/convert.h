// From C++ values to Python objects and back.
//
// Times and durations are seconds in Python: float, infinite for "never". On
// the way in, datetime (with a time zone) and timedelta are taken as well.
// Telephone numbers are text, handles are whole numbers (0: none).

#ifndef CALLROUTER_PYTHON_CONVERT_H_
#define CALLROUTER_PYTHON_CONVERT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/histogram.h"
#include "callrouter/id.h"
#include "callrouter/phone_number.h"
#include "described.h"

namespace callrouter::python {

namespace py = pybind11;

// A Python value that is not what was expected, and where it stood.
struct BadValue {
  std::string path;
  std::string found;
  std::string expected;
};
[[noreturn]] void ThrowBad(PyObject* found, std::string expected);
// Goes up one level: "ring" in queues[2] becomes "queues[2].ring".
void Prefix(BadValue* bad, std::string_view step);

// The object, or the error that Python has set.
inline PyObject* OrThrow(PyObject* object) {
  if (object == nullptr) throw py::error_already_set();
  return object;
}

// Each has: PyObject* To(const T&), a new reference; void From(PyObject*, T*);
// std::string Type(), as it is written in stubs.
template <class T, class = void>
struct Convert;

template <class T>
PyObject* ToPython(const T& value) {
  return Convert<T>::To(value);
}

template <>
struct Convert<bool> {
  static PyObject* To(bool value) { return PyBool_FromLong(value); }
  static void From(PyObject* object, bool* value) {
    if (!PyBool_Check(object)) ThrowBad(object, "True or False");
    *value = object == Py_True;
  }
  static std::string Type() { return "bool"; }
};

int64_t SignedFrom(PyObject* object, int64_t least, int64_t most);
uint64_t UnsignedFrom(PyObject* object, uint64_t most);

template <class T>
struct Convert<T, std::enable_if_t<std::is_integral_v<T>>> {
  static PyObject* To(T value) {
    if constexpr (std::is_signed_v<T>) {
      return OrThrow(PyLong_FromLongLong(value));
    } else {
      return OrThrow(PyLong_FromUnsignedLongLong(value));
    }
  }
  static void From(PyObject* object, T* value) {
    using Limits = std::numeric_limits<T>;
    if constexpr (std::is_signed_v<T>) {
      *value = static_cast<T>(SignedFrom(object, Limits::min(), Limits::max()));
    } else {
      *value = static_cast<T>(UnsignedFrom(object, Limits::max()));
    }
  }
  static std::string Type() { return "int"; }
};

template <>
struct Convert<double> {
  static PyObject* To(double value) {
    return OrThrow(PyFloat_FromDouble(value));
  }
  static void From(PyObject* object, double* value);
  static std::string Type() { return "float"; }
};

template <>
struct Convert<std::string_view> {
  static PyObject* To(std::string_view value) {
    return OrThrow(PyUnicode_DecodeUTF8(value.data(),
                                        static_cast<Py_ssize_t>(value.size()),
                                        "surrogateescape"));
  }
  // Points into the Python text.
  static void From(PyObject* object, std::string_view* value);
  static std::string Type() { return "str"; }
};

template <>
struct Convert<std::string> {
  static PyObject* To(const std::string& value) {
    return Convert<std::string_view>::To(value);
  }
  static void From(PyObject* object, std::string* value) {
    std::string_view text;
    Convert<std::string_view>::From(object, &text);
    *value = text;
  }
  static std::string Type() { return "str"; }
};

template <>
struct Convert<absl::Duration> {
  static PyObject* To(absl::Duration value);
  static void From(PyObject* object, absl::Duration* value);
  static std::string Type() { return "DurationLike"; }
};

template <>
struct Convert<absl::Time> {
  static PyObject* To(absl::Time value);
  static void From(PyObject* object, absl::Time* value);
  static std::string Type() { return "TimeLike"; }
};

template <>
struct Convert<PhoneNumber> {
  static PyObject* To(PhoneNumber value);
  static void From(PyObject* object, PhoneNumber* value);
  static std::string Type() { return "str"; }
};

template <class Tag>
struct Convert<Id<Tag>> {
  static PyObject* To(Id<Tag> value) {
    return OrThrow(PyLong_FromUnsignedLongLong(value.value()));
  }
  static void From(PyObject* object, Id<Tag>* value) {
    *value = Id<Tag>::FromValue(UnsignedFrom(object, UINT64_MAX));
  }
  static std::string Type() { return "int"; }
};

// A list, tuple or other iterable, element by element.
template <class Each>
void ForEach(PyObject* object, Each each) {
  if (PyUnicode_Check(object) || PyBytes_Check(object)) {
    ThrowBad(object, "a sequence");
  }
  PyObject* const items = PySequence_Fast(object, "");
  if (items == nullptr) {
    PyErr_Clear();
    ThrowBad(object, "a sequence");
  }
  const py::object kept = py::reinterpret_steal<py::object>(items);
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items); ++i) {
    try {
      each(PySequence_Fast_GET_ITEM(items, i), static_cast<std::size_t>(i));
    } catch (BadValue& bad) {
      Prefix(&bad, "[" + std::to_string(i) + "]");
      throw;
    }
  }
}

template <class Items>
PyObject* TupleOf(const Items& items, std::size_t size) {
  PyObject* const tuple = OrThrow(PyTuple_New(static_cast<Py_ssize_t>(size)));
  py::object kept = py::reinterpret_steal<py::object>(tuple);
  Py_ssize_t i = 0;
  for (const auto& item : items) {
    PyTuple_SET_ITEM(tuple, i++, ToPython(item));
  }
  return kept.release().ptr();
}

template <class T>
struct Convert<std::vector<T>> {
  static PyObject* To(const std::vector<T>& value) {
    return TupleOf(value, value.size());
  }
  static void From(PyObject* object, std::vector<T>* value) {
    value->clear();
    ForEach(object, [value](PyObject* item, std::size_t) {
      Convert<T>::From(item, &value->emplace_back());
    });
  }
  static std::string Type() { return "Sequence[" + Convert<T>::Type() + "]"; }
};

template <class T, std::size_t n>
struct Convert<std::array<T, n>> {
  static PyObject* To(const std::array<T, n>& value) {
    return TupleOf(value, n);
  }
  static void From(PyObject* object, std::array<T, n>* value) {
    std::vector<T> items;
    Convert<std::vector<T>>::From(object, &items);
    if (items.size() != n) ThrowBad(object, std::to_string(n) + " elements");
    for (std::size_t i = 0; i < n; ++i) (*value)[i] = std::move(items[i]);
  }
  static std::string Type() { return "Sequence[" + Convert<T>::Type() + "]"; }
};

template <class T, std::size_t n>
struct Convert<T[n]> {
  static PyObject* To(const T (&value)[n]) { return TupleOf(value, n); }
  static void From(PyObject* object, T (*value)[n]) {
    ForEach(object, [value, object](PyObject* item, std::size_t i) {
      if (i >= n) ThrowBad(object, "at most " + std::to_string(n));
      Convert<T>::From(item, &(*value)[i]);
    });
  }
  static std::string Type() { return "Sequence[" + Convert<T>::Type() + "]"; }
};

template <class T>
struct Convert<std::optional<T>> {
  static PyObject* To(const std::optional<T>& value) {
    if (!value) return Py_NewRef(Py_None);
    return Convert<T>::To(*value);
  }
  static void From(PyObject* object, std::optional<T>* value) {
    value->reset();
    if (object != Py_None) Convert<T>::From(object, &value->emplace());
  }
  static std::string Type() { return Convert<T>::Type() + " | None"; }
};

template <>
struct Convert<Histogram> {
  static PyObject* To(const Histogram& value);
  static void From(PyObject* object, Histogram* value);
  static std::string Type() { return "Histogram"; }
};

}  // namespace callrouter::python

#endif  // CALLROUTER_PYTHON_CONVERT_H_
