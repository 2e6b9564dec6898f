// callrouter/fault.h
//
// One thing wrong with a value that a host or a file has given.
//
//   for (const Fault& fault : FindFaults(rules)) Show(ToString(fault));
//   // group[0].caps.per_hour: found 0, expected 1 to 65535
//
// Thread safety: values.

#ifndef CALLROUTER_FAULT_H_
#define CALLROUTER_FAULT_H_

#include <string>

namespace callrouter {

// `path` names the field as the schemas do, e.g. "queue[2].requirement" or
// "plan[0].step[1].after"; `column` counts from 1 inside a text with a syntax
// of its own, such as a requirement, and is 0 elsewhere.
struct Fault {
  std::string path;
  std::string found;
  std::string expected;
  int column = 0;
};

// "path: found X, expected Y".
inline std::string ToString(const Fault& fault) {
  return fault.path + ": found " + fault.found + ", expected " + fault.expected;
}

}  // namespace callrouter

#endif  // CALLROUTER_FAULT_H_
