// Reads or writes the whole of an EngineImpl: one description for both ways.

#ifndef CALLROUTER_SRC_STATE_IO_H_
#define CALLROUTER_SRC_STATE_IO_H_

#include <string>
#include <utility>
#include <vector>

#include "configuration_archive.h"
#include "engine_impl.h"

namespace callrouter {

class StateIo {
 public:
  // `setup`: limits of what dials, when reading one that does.
  StateIo(Archive a, EngineImpl* e, const OutboundSetup* setup)
      : a_(a), e_(*e), setup_(setup) {}

  bool Run();
  Archive& archive() { return a_; }

 private:
  void Clocks();

  void Names();

  // Queues by slot; one that is gone but not empty brings its own rules.
  bool Queues();

  // For the plan and the hours of a queue that is gone.
  static std::string UnusedName(uint32_t q, const Configuration& all);

  void GoneQueue(uint32_t q, Configuration* all);

  bool BindQueues(const Configuration& all,
                  const std::vector<std::string>& names,
                  const std::vector<bool>& open);

  template <typename T, typename F>
  void Slots(Pool<T>& pool, const char* name, int32_t limit, F each) {
    uint32_t free_head = pool.free_head();
    uint32_t size = pool.size();
    a_.All(free_head, size);
    a_.List(pool.items(), [&](T& item) {
      a_.All(item.generation, item.next_free, item.live);
      if (item.live) each(item);
    });
    if (a_.writing()) return;
    pool.Restore(free_head, size);
    uint32_t live = 0;
    for (const T& item : pool.items()) live += item.live ? 1 : 0;
    if (limit >= 0 && size > static_cast<uint32_t>(limit)) {
      why_ = absl::InvalidArgumentError(
          absl::StrCat(name, ": found ", limit, ", expected at least ", size,
                       " for the saved state"));
      a_.Fail();
    }
    if (live != size || (free_head != kNone && free_head >= pool.slots())) {
      a_.Fail();
    }
  }

  void Agents();

  void Calls();

  void Offers();

  void Graves();

  // No link may lead outside, whatever the bytes.
  bool LinksAreSane() const;
  bool TimesAreSane() const;

  void Rebuild();

  void Searches();

  struct Saved {
    int64_t due = 0;
    uint8_t kind = 0;
    uint32_t subject = 0;
    uint32_t extra = kNone;
  };

  void Timers();

  bool ArmSaved(const Saved& t);
  TimerId* SearchTimer(TimerKind kind, uint32_t subject);

  Archive a_;
  EngineImpl& e_;
  const OutboundSetup* setup_;
  std::vector<Profile> profiles_;
  std::vector<uint8_t> masks_;
  std::vector<OwnRequirement> own_;
  std::vector<bool> in_lanes_;
  std::vector<std::vector<uint32_t>> excluded_;

 public:
  absl::Status why_;
};

}  // namespace callrouter

#endif  // CALLROUTER_SRC_STATE_IO_H_
