// A number pool behind a handle, with what its last questions found.
//
// Thread safety: as the pool's.

#ifndef CALLROUTER_BINDINGS_C_NUMBER_POOL_OBJECT_H_
#define CALLROUTER_BINDINGS_C_NUMBER_POOL_OBJECT_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "callrouter/number_explanation.h"
#include "callrouter/number_pool.h"
#include "callrouter_c.h"
#include "objects.h"

namespace callrouter::c {

struct PatchObject final : Typed<Type::kNumberPatch> {
  NumberPatch patch;
};
CR_HANDLE(cr_number_patch, PatchObject);

struct NumberPoolObject final : Typed<Type::kNumberPool> {
  std::unique_ptr<NumberPool> pool;
  std::vector<NumberStateChange> taken;
  std::vector<cr_state_change> changes;
  NumberExplanation why;
  std::vector<cr_explained_group> groups;
  std::vector<cr_explained_place> places;
};

CR_HANDLE(cr_number_pool, NumberPoolObject);

absl::Status RequestOf(const cr_number_request* in, NumberRequest* r);
cr_number_choice ChoiceToC(const NumberChoice& choice);

}  // namespace callrouter::c

#endif  // CALLROUTER_BINDINGS_C_NUMBER_POOL_OBJECT_H_
