#include "callrouter/version.h"

namespace callrouter {

int LibraryVersionNumber() { return CALLROUTER_VERSION_NUMBER; }

}  // namespace callrouter
