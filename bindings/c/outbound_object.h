// A setup behind a handle.
//
// Thread safety: a value's.

#ifndef CALLROUTER_BINDINGS_C_OUTBOUND_OBJECT_H_
#define CALLROUTER_BINDINGS_C_OUTBOUND_OBJECT_H_

#include "callrouter/outbound_setup.h"
#include "callrouter_c.h"
#include "objects.h"

namespace callrouter::c {

struct SetupObject final : Typed<Type::kOutboundSetup> {
  OutboundSetup setup;
  bool own_windows = false;  // Of the last campaign.
};
CR_HANDLE(cr_outbound_setup, SetupObject);

}  // namespace callrouter::c

#endif  // CALLROUTER_BINDINGS_C_OUTBOUND_OBJECT_H_
