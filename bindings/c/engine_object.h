// An engine behind a handle, with the decisions of the last call; and events
// as C has them to ours.
//
// Thread safety: as the engine's.

#ifndef CALLROUTER_BINDINGS_C_ENGINE_OBJECT_H_
#define CALLROUTER_BINDINGS_C_ENGINE_OBJECT_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "callrouter/engine.h"
#include "callrouter/lead_choice.h"
#include "callrouter_c.h"
#include "objects.h"

namespace callrouter::c {

struct EngineObject final : Typed<Type::kEngine> {
  std::unique_ptr<Engine> engine;
  Decisions batch;
  std::vector<cr_decision> decisions;  // The same as C has them.
  std::vector<LeadReason> why;         // Of cr_engine_why_not.
  std::vector<cr_lead_reason> reasons;

  // Calls `change(engine, &batch)`, which gives a status, with an empty batch.
  template <class Call>
  absl::Status Run(Call&& change) {
    batch.clear();
    const absl::Status status = change(engine.get(), &batch);
    Show();
    return status;
  }
  void Show();
};
CR_HANDLE(cr_engine, EngineObject);

struct StatisticsObject final : Typed<Type::kStatistics> {
  Statistics statistics;
};
CR_HANDLE(cr_statistics, StatisticsObject);

// Over the defaults of C. `decisions`: how many to reserve room for.
absl::Status OptionsOf(const cr_engine_options* in, EngineOptions* o,
                       std::size_t* decisions);
absl::StatusOr<std::unique_ptr<EngineObject>> ObjectWith(
    absl::StatusOr<std::unique_ptr<Engine>> engine, std::size_t decisions);
absl::Status EventOf(const cr_event* in, Event* event);
cr_event EventToC(const Event& event);

}  // namespace callrouter::c

#endif  // CALLROUTER_BINDINGS_C_ENGINE_OBJECT_H_
