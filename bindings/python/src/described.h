// How a C++ type comes to Python. describe.py says it for each type of the
// public headers.

#ifndef CALLROUTER_PYTHON_DESCRIBED_H_
#define CALLROUTER_PYTHON_DESCRIBED_H_

#include <pybind11/pybind11.h>

#include <type_traits>

namespace callrouter::python {

struct EnumTag {};   // An IntEnum.
struct ValueTag {};  // An immutable tuple with names, copied.
struct HeldTag {};   // Kept in C++; each field is converted when it is read.

template <class T>
struct Described {};

template <class T>
inline constexpr bool kIsEnum = std::is_base_of_v<EnumTag, Described<T>>;
template <class T>
inline constexpr bool kIsValue = std::is_base_of_v<ValueTag, Described<T>>;
template <class T>
inline constexpr bool kIsHeld = std::is_base_of_v<HeldTag, Described<T>>;

}  // namespace callrouter::python

#endif  // CALLROUTER_PYTHON_DESCRIBED_H_
