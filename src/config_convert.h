// callrouter internal: v1.Config and Configuration into one another.

#ifndef CALLROUTER_SRC_CONFIG_CONVERT_H_
#define CALLROUTER_SRC_CONFIG_CONVERT_H_

#include <string>
#include <vector>

#include "callrouter/configuration.h"
#include "callrouter/v1/config.pb.h"

namespace callrouter {

// Fills `out` with all of `in` that can be understood, and `faults` with what
// cannot: durations, dates, times of day, zones, actions. What else may be
// wrong is for FindFaults.
void ConvertConfig(const v1::Config& in, Configuration* out,
                   std::vector<Fault>* faults);

// The changes of the offset of IANA zone `name` from 1970 to 2100, the first
// one at the infinite past. False if the zone database does not know it.
bool LoadTransitions(const std::string& name,
                     std::vector<ZoneTransition>* transitions);

}  // namespace callrouter

#endif  // CALLROUTER_SRC_CONFIG_CONVERT_H_
