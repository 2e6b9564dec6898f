// The simulators' worlds as C has them.
//
// Thread safety: functions without state.

#ifndef CALLROUTER_BINDINGS_C_WORLDS_H_
#define CALLROUTER_BINDINGS_C_WORLDS_H_

#include "absl/status/status.h"
#include "callrouter/campaign_simulator.h"
#include "callrouter/dial_bound.h"
#include "callrouter/dial_simulator.h"
#include "callrouter/pool_simulator.h"
#include "callrouter_c.h"

namespace callrouter::c {

// A null pointer leaves the defaults.
absl::Status WorldOf(const cr_pool_world* in, PoolWorld* w);
absl::Status WorldOf(const cr_dial_world* in, DialWorld* w);
// Names of campaigns go to `plan`.
absl::Status WorldOf(const cr_campaign_world* in, CampaignWorld* w,
                     CampaignPlan* plan);
absl::Status ModelOf(const cr_dial_bound_model* in, DialBoundModel* m);

}  // namespace callrouter::c

#endif  // CALLROUTER_BINDINGS_C_WORLDS_H_
