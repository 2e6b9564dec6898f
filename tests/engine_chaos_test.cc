// A whole engine under a host that is late, repeats itself, loses word, crosses
// the engine's decisions, stalls and reconnects. Whatever comes, the invariants
// hold, refused events change nothing, and a saved engine goes on alike.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "callrouter/engine.h"
#include "callrouter/outbound.h"
#include "tests/oracle/random_dialing.h"
#include "tests/oracle/scale.h"

namespace callrouter::oracle {
namespace {

EngineOptions Options(uint64_t seed) {
  EngineOptions options;
  options.seed = seed;
  options.calls_max = seed % 4 == 0 ? 12 : 500;
  options.agents_max = 100;
  options.audit_after = absl::Minutes(2);
  options.audit_reply = absl::Seconds(5);
  options.groups_max = seed % 3 == 0 ? 1 : 192;
  options.residual_scan_max = seed % 2 == 0 ? 16 : 256;
  options.tombstones_max = seed % 5 == 0 ? 8 : 128;
  options.exclusions_per_call_max = 3;
  options.queues_per_call_max = 1 + static_cast<int32_t>(seed % 4);
  options.offers_per_call_max = 1 + static_cast<int32_t>(seed % 16);
  options.moves_max = 4;
  return options;
}

auto Fields(const Decision& d) {
  return std::tuple(d.kind, d.cause, d.reason, d.value, d.sequence, d.call,
                    d.agent, d.queue, d.offer, d.call_ref, d.agent_ref,
                    d.deadline, d.destination, d.attempt, d.lead, d.number,
                    d.shown, d.campaign, d.price_ppm);
}

std::string Saved(const Engine& engine) {
  std::string bytes;
  engine.Save(&bytes);
  return bytes;
}

// What was done, for the report.
struct Done {
  uint64_t events = 0;
  uint64_t decisions = 0;
  uint64_t refused = 0;
  uint64_t reconnects = 0;
  uint64_t loaded = 0;
  uint64_t dialled = 0, persons = 0, bridged = 0, dropped = 0;

  void Add(const Done& other) {
    events += other.events;
    decisions += other.decisions;
    refused += other.refused;
    reconnects += other.reconnects;
    loaded += other.loaded;
    dialled += other.dialled;
    persons += other.persons;
    bridged += other.bridged;
    dropped += other.dropped;
  }
  void ReportAs(const std::string& what, int runs) const {
    Report(what + ": events", events, std::to_string(runs) + " seeds in order");
    Report(what + ": decisions", decisions, "no invariant broken");
    Report(what + ": events refused", refused, "state compared in one of 40");
    Report(what + ": reconnects", reconnects, "nothing lost stays");
    Report(what + ": saved and loaded", loaded, "same decisions after it");
    if (dialled == 0) return;
    Report(what + ": dialled", dialled, "each over once");
    Report(what + ": persons", persons, "each accounted for");
    Report(what + ": bridged", bridged, "");
    Report(what + ": dropped", dropped, "each once");
  }
};

class Chaos {
 public:
  Chaos(Family family, uint64_t seed, const WorldSize& size, bool dials = false)
      : dials_(dials),
        dice_(seed),
        options_(Options(seed)),
        config_(MakeWorld(family, size, &dice_)),
        host_(family, size, true, dials, &dice_),
        other_(seed + 1) {
    if (dials) setup_ = MakeDialing(options_.agents_max, &dice_);
    auto engine = dials ? Engine::Create(options_, config_, setup_, host_.now())
                        : Engine::Create(options_, config_, host_.now());
    EXPECT_TRUE(engine.ok()) << engine.status();
    if (engine.ok()) engine_ = *std::move(engine);
  }

  // `checked_every`: how often the invariants are looked at in full.
  void Run(int events, int checked_every) {
    ASSERT_NE(engine_, nullptr);
    for (int i = 0; i < events; ++i) {
      SCOPED_TRACE("event " + std::to_string(i));
      if (twin_ == nullptr && other_.OneIn(2'000)) Fork();
      if (other_.OneIn(1'500)) Reconnect();
      if (dials_ && other_.OneIn(i < 100 ? 1 : 20)) Change();
      if (::testing::Test::HasFatalFailure()) return;
      Step(i % checked_every == 0);
      if (::testing::Test::HasFatalFailure()) return;
    }
    Statistics statistics;
    engine_->CopyStatistics(&statistics);
    done_.events += static_cast<uint64_t>(events);
    done_.decisions += statistics.engine.decisions;
    ASSERT_GT(done_.decisions, static_cast<uint64_t>(events / 10));
    AccountForPersons();
  }

  const Done& done() const { return done_; }

 private:
  void Step(bool checked) {
    const absl::Time before = host_.now();
    const WorldHost::Act act = host_.Next(*engine_);
    const bool stalled = act.now - before >= absl::Seconds(60);
    Advance(act.now, stalled);
    if (::testing::Test::HasFatalFailure()) return;
    if (!act.advance) Say(act.event, act.now);
    if (!checked || ::testing::Test::HasFatalFailure()) return;
    const absl::Status sound = engine_->CheckInvariants();
    ASSERT_TRUE(sound.ok())
        << sound << " after " << EventKindName(act.event.kind) << " call "
        << act.event.call_ref << " agent " << act.event.agent_ref;
  }

  void Advance(absl::Time now, bool stalled) {
    latest_ = std::max(latest_, now);
    decisions_.clear();
    engine_->Advance(now, &decisions_);
    LookAt(decisions_);
    for (const Decision& d : decisions_) {
      if (stalled) {
        ASSERT_NE(d.kind, DecisionKind::kAgentPaused) << "punished for a stall";
      }
    }
    if (twin_ != nullptr) {
      Decisions same;
      twin_->Advance(now, &same);
      Compare(same);
    }
    host_.Watch(decisions_);
    ASSERT_GT(engine_->next_deadline(), now) << "something due was not done";
  }

  void Say(const Event& event, absl::Time now) {
    const bool watched = now >= latest_ && other_.OneIn(40);
    const std::string before = watched ? Saved(*engine_) : std::string();
    // A time before the latest is counted, whatever becomes of the event; and
    // the clock the latest was read from has jumped.
    if (event.kind == EventKind::kClockRebase) latest_ += event.duration;
    decisions_.clear();
    const absl::Status status = engine_->Handle(event, now, &decisions_);
    LookAt(decisions_);
    if (!status.ok()) {
      ++done_.refused;
      ASSERT_TRUE(decisions_.empty()) << status;
      ASSERT_FALSE(status.message().empty());
      ASSERT_NE(status.code(), absl::StatusCode::kInternal) << status;
      if (watched) {
        ASSERT_TRUE(Saved(*engine_) == before)
            << EventKindName(event.kind) << " refused, yet changed: " << status;
      }
    }
    if (twin_ != nullptr) {
      Decisions same;
      ASSERT_EQ(twin_->Handle(event, now, &same), status);
      Compare(same);
      if (other_.OneIn(500)) {
        ASSERT_TRUE(Saved(*twin_) == Saved(*engine_));
        twin_.reset();
      }
    }
    host_.Watch(decisions_);
  }

  // Leads and numbers, which no event tells.
  void Change() {
    const DialingChange change = host_.SomeChange();
    Advance(host_.now(), false);
    const std::string before = Saved(*engine_);
    decisions_.clear();
    const absl::Status status =
        Apply(change, engine_->outbound(), host_.now(), &decisions_);
    LookAt(decisions_);
    if (!status.ok()) {
      ASSERT_TRUE(Saved(*engine_) == before) << status;
    }
    if (twin_ != nullptr) {
      Decisions same;
      ASSERT_EQ(Apply(change, twin_->outbound(), host_.now(), &same), status);
      Compare(same);
    }
    host_.Watch(decisions_);
  }

  static std::string Print(const Decisions& decisions) {
    std::string text;
    for (const Decision& d : decisions) {
      text += std::string(DecisionKindName(d.kind)) + " " +
              std::string(ReasonName(d.reason)) + " call " +
              std::to_string(d.call_ref) + " agent " +
              std::to_string(d.agent_ref) + " offer " +
              std::to_string(d.offer.slot()) + "\n";
    }
    return text;
  }

  // Sequence numbers without a gap; no offer begins and ends in one batch.
  void LookAt(const Decisions& decisions) {
    std::set<uint64_t> begun;
    for (const Decision& d : decisions) {
      ASSERT_EQ(d.sequence, ++sequence_);
      if (d.kind == DecisionKind::kOffer) begun.insert(d.offer.value());
      LookAtAttempt(d);
      if (d.kind == DecisionKind::kCancelOffer) {
        ASSERT_EQ(begun.count(d.offer.value()), 0u)
            << "an offer began and ended at once\n"
            << Print(decisions);
      }
    }
  }

  // Dialled once, over once; dropped at the most once.
  void LookAtAttempt(const Decision& d) {
    if (d.kind == DecisionKind::kDial) {
      ++done_.dialled;
      ASSERT_TRUE(dialled_.insert(d.attempt).second);
      ASSERT_EQ(over_.count(d.attempt), 0u);
    }
    if (d.kind == DecisionKind::kAttemptOver) {
      ASSERT_TRUE(over_.insert(d.attempt).second);
    }
    if (d.kind == DecisionKind::kDropped) {
      ASSERT_TRUE(held_.insert(d.attempt).second);
    }
  }

  // Every person who answered is bridged, held by rule, counted as dropped,
  // gone before that, or still in time.
  void AccountForPersons() {
    if (!dials_) return;
    for (int g = 0; g < engine_->outbound()->groups(); ++g) {
      const Pacer& pacer = *engine_->outbound()->pacer(g);
      for (int c = 0; pacer.Stats(c).ok(); ++c) {
        const PacerStats s = *pacer.Stats(c);
        done_.persons += s.persons;
        done_.dropped += s.dropped + s.agent_left;
        done_.bridged += s.bridged;
        const uint64_t out = s.bridged + s.dropped + s.agent_left + s.hung_up;
        ASSERT_LE(out, s.persons);
        ASSERT_LE(s.persons - out, static_cast<uint64_t>(pacer.lines()));
      }
    }
  }

  // A copy by way of bytes, which from here on hears and says the same.
  void Fork() {
    ++done_.loaded;
    const std::string bytes = Saved(*engine_);
    auto loaded = dials_ ? Engine::Load(options_, setup_, bytes)
                         : Engine::Load(options_, bytes);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    twin_ = *std::move(loaded);
    ASSERT_TRUE(Saved(*twin_) == bytes) << "a loaded engine saves otherwise";
  }

  void Compare(const Decisions& same) {
    ASSERT_EQ(same.size(), decisions_.size());
    for (std::size_t i = 0; i < same.size(); ++i) {
      ASSERT_TRUE(Fields(same[i]) == Fields(decisions_[i]))
          << DecisionKindName(same[i].kind) << " call " << same[i].call_ref;
    }
    ASSERT_EQ(twin_->next_deadline(), engine_->next_deadline());
  }

  // The host has lost a tenth of its calls. Nothing of them may stay.
  void Reconnect() {
    ++done_.reconnects;
    Advance(host_.now(), false);
    std::vector<uint64_t> lost;
    for (const Event& word : host_.SyncWords(*engine_, 10, &lost)) {
      Say(word, host_.now());
      if (::testing::Test::HasFatalFailure()) return;
    }
    for (const uint64_t ref : lost) {
      ASSERT_TRUE(engine_->FindCall(ref).none()) << "call " << ref << " stays";
    }
    const absl::Status sound = engine_->CheckInvariants();
    ASSERT_TRUE(sound.ok()) << sound << " after a reconnect";
  }

  bool dials_;
  SeededDice dice_;
  EngineOptions options_;
  Configuration config_;
  OutboundSetup setup_;
  DialingHost host_;
  std::set<uint64_t> dialled_, over_, held_;
  SeededDice other_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Engine> twin_;
  Decisions decisions_;
  absl::Time latest_ = absl::InfinitePast();
  uint64_t sequence_ = 0;
  Done done_;
};

TEST(EngineChaosTest, SmallCentres) {
  const int runs = ScaledRounds(180, 1'800);
  Done done;
  for (int seed = 1; seed <= runs; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const WorldSize size = {2 + seed % 11, 3 + seed % 4, 4 + seed % 30};
    Chaos chaos(static_cast<Family>(seed % kFamilies),
                static_cast<uint64_t>(seed), size);
    chaos.Run(5'000, 1);
    if (HasFatalFailure()) return;
    done.Add(chaos.done());
  }
  done.ReportAs("small centres", runs);
}

TEST(EngineChaosTest, LargeCentres) {
  const int runs = ScaledRounds(20, 200);
  Done done;
  for (int seed = 1; seed <= runs; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Chaos chaos(seed % 2 == 0 ? Family::kAll : Family::kSync,
                static_cast<uint64_t>(seed) + 1'000'000, {60, 20, 80});
    chaos.Run(5'000, 50);
    if (HasFatalFailure()) return;
    done.Add(chaos.done());
  }
  done.ReportAs("large centres", runs);
}

TEST(EngineChaosTest, CentresThatDial) {
  const int runs = ScaledRounds(40, 1'800);
  Done done;
  for (int seed = 1; seed <= runs; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const WorldSize size = {3 + seed % 11, 3 + seed % 4, 1 + seed % 9};
    Chaos chaos(static_cast<Family>(seed % kFamilies),
                static_cast<uint64_t>(seed) + 2'000'000, size, true);
    chaos.Run(5'000, 1);
    if (HasFatalFailure()) return;
    done.Add(chaos.done());
  }
  ASSERT_GT(done.bridged, static_cast<uint64_t>(runs));
  ASSERT_GT(done.dropped, static_cast<uint64_t>(runs));
  done.ReportAs("centres that dial", runs);
}

}  // namespace
}  // namespace callrouter::oracle
