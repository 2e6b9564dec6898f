// Other diallers' published rules, for comparison only.

#include <algorithm>
#include <memory>

#include "sim_dial.h"

namespace callrouter::sim {
namespace {

// `ratio` lines for each free agent.
class Ratio : public DialPolicy {
 public:
  explicit Ratio(double ratio) : ratio_(ratio) {}
  int Lines(const DialView& view) override {
    return static_cast<int>(ratio_ * view.idle) - view.ringing - view.waiting;
  }

 private:
  double ratio_;
};

}  // namespace

std::unique_ptr<DialPolicy> MakeBaseline(const DialWorld& world,
                                         DialPacer pacer) {
  switch (pacer) {
    case DialPacer::kProgressive:
      return std::make_unique<Ratio>(1);
    case DialPacer::kStaticRatio:
      return std::make_unique<Ratio>(world.ratio);
    default:
      return nullptr;
  }
}

}  // namespace callrouter::sim
