// Configurations to bytes and back.

#ifndef CALLROUTER_SRC_CONFIGURATION_ARCHIVE_H_
#define CALLROUTER_SRC_CONFIGURATION_ARCHIVE_H_

#include "archive.h"
#include "callrouter/configuration.h"

namespace callrouter {

// A whole configuration.
void Transfer(Archive& a, Configuration& config);
void Transfer(Archive& a, QueueConfig& queue);
void Transfer(Archive& a, Plan& plan);
void Transfer(Archive& a, HoursConfig& hours);

}  // namespace callrouter

#endif  // CALLROUTER_SRC_CONFIGURATION_ARCHIVE_H_
