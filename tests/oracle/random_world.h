// Small and large centres made from dice, and a host that drives one: mostly
// as a PBX would, sometimes late, twice, crossing or wrong. Dice are a seeded
// generator or the bytes of a fuzzer.

#ifndef CALLROUTER_TESTS_ORACLE_RANDOM_WORLD_H_
#define CALLROUTER_TESTS_ORACLE_RANDOM_WORLD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "callrouter/engine.h"
#include "callrouter/random.h"

namespace callrouter::oracle {

class Dice {
 public:
  virtual ~Dice() = default;
  // 0 to n - 1; n is at least 1.
  virtual uint64_t Below(uint64_t n) = 0;
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  int32_t Int(int32_t least, int32_t most) {
    return least +
           static_cast<int32_t>(Below(static_cast<uint64_t>(most - least) + 1));
  }
};

class SeededDice : public Dice {
 public:
  explicit SeededDice(uint64_t seed) : random_(seed) {}
  uint64_t Below(uint64_t n) override { return random_.Below(n); }

 private:
  Random random_;
};

// Bytes first; zeros when they have run out.
class ByteDice : public Dice {
 public:
  ByteDice(const uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  uint64_t Below(uint64_t n) override {
    uint64_t value = 0;
    for (uint64_t most = n - 1; most > 0 && at_ < size_; most >>= 8) {
      value = value << 8 | data_[at_++];
    }
    return value % n;
  }
  bool done() const { return at_ >= size_; }

 private:
  const uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

// What a world is rich in.
enum class Family {
  kOrders,  // Who first: agent orders, call rules, penalties, weights.
  kRings,   // Ring all, ring progressively, joining.
  kGuards,  // Reserves of both kinds.
  kMisses,  // Misses, cool-offs, named agents, requirements of calls.
  kPlans,   // Steps, conditions, entry, hours.
  kMedia,   // Chats beside calls.
  kSync,    // Reconnects, stalls, clocks.
  kAll,
};
inline constexpr int kFamilies = 8;

struct WorldSize {
  int agents = 8;
  int queues = 4;
  int calls = 20;  // Living at once, about.
};

Configuration MakeWorld(Family family, const WorldSize& size, Dice* dice);

class WorldHost {
 public:
  struct Act {
    bool advance = false;
    Event event;
    absl::Time now;
  };

  WorldHost(Family family, const WorldSize& size, bool stalls, Dice* dice);

  absl::Time now() const { return now_; }
  const Act& Next(const Engine& engine);
  void Watch(const Decisions& decisions);

  // The words of a reconnect: what the host says exists, calls it has lost
  // left out. `lost` gets the references of those.
  std::vector<Event> SyncWords(const Engine& engine, uint64_t lose_one_in,
                               std::vector<uint64_t>* lost);

 protected:
  uint64_t AnyAgent();

 private:
  struct Pair {
    uint64_t call = 0;
    uint64_t agent = 0;
  };
  void Choose(const Engine& engine);
  void Arrive();
  void AnswerRing();
  void Join();
  void Finish();
  void AgentState();
  void AgentProfile();
  void CallChange();
  void Rare(const Engine& engine);
  void Wrong();
  uint64_t AnyCall();
  QueueId AnyQueue();
  const std::string& OwnRequirement();

  Family family_;
  WorldSize size_;
  bool stalls_;
  Dice* dice_;
  absl::Time now_;
  Act act_;
  uint64_t calls_made_ = 0;
  std::vector<Decision> ringing_, joining_, outside_, past_;
  std::vector<Pair> talking_;
  std::vector<uint64_t> alive_;
  std::vector<Event> words_;  // Still to be said.
};

}  // namespace callrouter::oracle

#endif  // CALLROUTER_TESTS_ORACLE_RANDOM_WORLD_H_
