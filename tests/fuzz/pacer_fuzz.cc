// Bytes become campaigns, agents, lines and what is said of them: whatever the
// order, the pacer refuses with a reason and without a trace, keeps its limits,
// lets nobody go twice, leaves one record of each line, and goes on alike once
// saved and loaded.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "callrouter/pacer.h"
#include "tests/oracle/random_world.h"

namespace {

using callrouter::LineAction;
using callrouter::LineEvent;
using callrouter::LineFeatures;
using callrouter::LineId;
using callrouter::LineOrder;
using callrouter::LineRecord;
using callrouter::PacedCampaign;
using callrouter::Pacer;
using callrouter::PacerOptions;
using callrouter::PacerStats;
using callrouter::PacingOrder;
using callrouter::oracle::ByteDice;

void Require(bool holds, const std::string& what) {
  if (holds) return;
  std::cerr << "pacer_fuzz: " << what << "\n";
  std::abort();
}

PacerOptions Options(ByteDice* dice) {
  PacerOptions options;
  const int carriers = dice->Int(0, 2);
  for (int i = 0; i < carriers; ++i) {
    options.carriers.push_back({dice->Int(1, 6), dice->Int(1, 9)});
  }
  const int campaigns = dice->Int(1, 3);
  for (int i = 0; i < campaigns; ++i) {
    PacedCampaign c;
    c.mode = static_cast<callrouter::PacingMode>(dice->Int(0, 6));
    c.promise = static_cast<callrouter::DropPromise>(dice->Int(0, 2));
    c.windows = {{static_cast<callrouter::WindowKind>(dice->Int(0, 3)),
                  absl::Minutes(dice->Int(1, 60)), dice->Int(1, 500)}};
    c.overdue = static_cast<callrouter::Overdue>(dice->Int(0, 3));
    c.after_hold = static_cast<callrouter::Overdue>(dice->Int(1, 2));
    c.hold_is_drop = dice->OneIn(2);
    c.hold_max = absl::Seconds(dice->Int(1, 5));
    c.patience = absl::Milliseconds(500 * dice->Int(0, 4));
    c.notice = c.patience / dice->Int(1, 4);
    c.patience_from = static_cast<callrouter::DropStart>(dice->Int(0, 2));
    c.greeting_max = absl::Seconds(dice->Int(0, 4));
    c.preview_time = absl::Seconds(dice->Int(1, 5));
    c.false_machine_permille = dice->Int(0, 1) * 20;
    c.weight = dice->Int(1, 4);
    if (carriers > 0 && dice->OneIn(2)) c.carriers = {0};
    options.campaigns.push_back(c);
  }
  if (dice->OneIn(2)) options.windows = {{}};
  options.agents_max = dice->Int(1, 8);
  options.agents_kept_free = dice->Int(0, 1);
  options.lines_max = dice->Int(1, 30);
  options.records_max = dice->OneIn(4) ? 0 : dice->Int(1, 40);
  options.kinds_max = 16;
  return options;
}

class Host {
 public:
  explicit Host(ByteDice* dice) : dice_(*dice), options_(Options(dice)) {
    auto pacer = Pacer::Create(options_, now_);
    Require(pacer.ok(), pacer.status().ToString());
    pacer_ = *std::move(pacer);
  }

  void Step() {
    now_ += absl::Milliseconds(dice_.OneIn(8) ? dice_.Int(0, 60'000)
                                              : dice_.Int(0, 250));
    if (dice_.OneIn(64)) now_ -= absl::Seconds(dice_.Int(0, 100));
    switch (dice_.Int(0, 15)) {
      case 0:
      case 1:
      case 2:
        return Expect(pacer_->SetAgent(
            Agent(), static_cast<callrouter::DialAgent>(dice_.Int(0, 5)),
            now_));
      case 3:
        return Plan();
      case 4:
      case 5:
        return Dial();
      case 6:
        return Advance();
      case 7:
        return Take();
      case 8:
      case 9:
        return Expect(pacer_->Bridged(Line(), Agent(), now_));
      case 10:
        return Say();
      case 11:
        return SaveAndLoad();
      default:
        return Expect(pacer_->Report(
            Line(), static_cast<LineEvent>(dice_.Int(0, 14)), now_));
    }
  }

  // All lines that ended are on record, those that live are counted.
  void Check() {
    int64_t dialled = 0;
    int64_t leaving = 0;
    for (std::size_t i = 0; i < options_.campaigns.size(); ++i) {
      const PacerStats s = *pacer_->Stats(static_cast<int32_t>(i));
      dialled += static_cast<int64_t>(s.dialled);
      leaving += static_cast<int64_t>(s.let_go);
      Require(s.dropped + s.agent_left <= s.persons, "more drops than people");
      Require(s.machines_bridged <= s.bridged, "more machines than calls");
      Require(s.persons + s.machines + s.unanswered <= s.dialled,
              "more outcomes than lines");
      Require(s.let_go <= s.dropped + s.agent_left + s.machines_bridged,
              "somebody was let go for nothing");
    }
    Require(pacer_->lines() <= options_.lines_max, "too many lines");
    Require(leaving >= let_go_, "let go more often than counted");
    if (options_.records_max == 0) return;
    Take();
    const int64_t talking = dialled - recorded_ - pacer_->lines();
    Require(talking >= 0 && talking <= options_.agents_max,
            "a line without a record");
  }

 private:
  int32_t Agent() { return dice_.Int(-1, options_.agents_max); }
  LineId Line() {
    if (lines_.empty() || dice_.OneIn(32)) {
      return LineId(static_cast<uint32_t>(dice_.Int(0, 40)),
                    static_cast<uint32_t>(dice_.Int(0, 3)));
    }
    // Mostly one of the last.
    const std::size_t back = static_cast<std::size_t>(dice_.Int(0, 11));
    return lines_[lines_.size() - 1 - std::min(back, lines_.size() - 1)];
  }

  void Expect(const absl::Status& status) {
    Require(status.code() != absl::StatusCode::kInternal, status.ToString());
    Require(status.ok() || !status.message().empty(), "refused in silence");
  }

  void Plan() {
    pacer_->Plan(now_, &plans_);
    int lines = 0;
    for (const PacingOrder& order : plans_) {
      Require(order.lines >= 0, "fewer than no lines");
      lines += order.lines;
    }
    Require(lines + pacer_->lines() <= options_.lines_max, "plans beyond");
    const std::vector<PacingOrder> before = plans_;
    pacer_->Plan(now_, &plans_);
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      Require(plans_[i].lines == before[i].lines,
              "asked again, says otherwise");
    }
  }

  void Dial() {
    LineFeatures features;
    features.campaign = static_cast<uint16_t>(
        dice_.Int(0, static_cast<int>(options_.campaigns.size())));
    features.segment = static_cast<uint16_t>(dice_.Int(0, 3));
    features.carrier = static_cast<uint16_t>(dice_.Int(0, 2));
    const auto line = pacer_->Dialled(features, now_);
    Expect(line.status());
    if (!line.ok()) return;
    Require(live_.insert(line->value()).second, "a line twice");
    lines_.push_back(*line);
  }

  void Advance() {
    told_.clear();
    pacer_->Advance(now_, &told_);
    for (const LineOrder& order : told_) {
      if (order.what == LineAction::kDial) continue;
      const bool hold = order.what == LineAction::kHold;
      Require((hold ? held_ : gone_).insert(order.line.value()).second,
              "the same order twice");
      if (hold) {
        Require(gone_.count(order.line.value()) == 0, "held once let go");
      } else {
        ++let_go_;
        Require(!pacer_->Bridged(order.line, 0, now_).ok(), "bridged too late");
      }
    }
    told_.clear();
    pacer_->Advance(now_, &told_);
    Require(told_.empty(), "told again");
  }

  void Take() {
    records_.clear();
    pacer_->TakeRecords(&records_);
    for (const LineRecord& r : records_) {
      ++recorded_;
      Require(live_.erase(r.line.value()) == 1, "two records of a line");
      Require(r.dialled <= r.ended, "it ended before it began");
      Require(r.person == absl::InfinitePast() || r.answered <= r.person,
              "known before it was answered");
      Require(r.bridged == absl::InfinitePast() || r.person <= r.bridged,
              "bridged before it was answered");
      Require(
          (r.charge == callrouter::LineCharge::kNothing) == (r.charged == 0) ||
              r.charge == callrouter::LineCharge::kAgentLeft,
          "a charge of nothing");
    }
  }

  void Say() {
    switch (dice_.Int(0, 6)) {
      case 0:
        return Expect(pacer_->SetFinishing(
            Agent(), absl::Seconds(dice_.Int(0, 61)), now_));
      case 1:
        return Expect(pacer_->BeginPreview(dice_.Int(-1, 3), Agent(), now_));
      case 2:
        return Expect(pacer_->ExpectInbound(dice_.Int(-1, 4) * 1'000,
                                            dice_.Int(-1, 4), now_));
      case 3:
        return Expect(
            pacer_->SetRunning(dice_.Int(-1, 3), dice_.OneIn(2), now_));
      case 4:
        return pacer_->SetWallClock(absl::Minutes(dice_.Int(-90, 90)), now_);
      case 5:
        return Expect(pacer_->Sampled(dice_.Int(-1, 3), dice_.Int(-1, 5),
                                      dice_.Int(0, 9), now_));
      default: {
        const absl::Duration delta = absl::Seconds(dice_.Int(-90, 90));
        now_ += delta;
        return pacer_->RebaseClock(delta, now_);
      }
    }
  }

  void SaveAndLoad() {
    const std::string bytes = pacer_->Save();
    auto loaded = Pacer::Load(bytes);
    Require(loaded.ok(), "own state refused: " + loaded.status().ToString());
    Require((*loaded)->Save() == bytes, "a loaded pacer saves otherwise");
    pacer_ = *std::move(loaded);
    // What is refused leaves no trace.
    const LineId line = Line();
    const LineEvent event = static_cast<LineEvent>(dice_.Int(0, 13));
    (void)pacer_->SetRunning(0, true, now_);
    const std::string before = pacer_->Save();
    if (!pacer_->Report(line, event, now_).ok()) {
      Require(pacer_->Save() == before, "a refused event left a trace");
    }
  }

  ByteDice& dice_;
  PacerOptions options_;
  std::unique_ptr<Pacer> pacer_;
  absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
  std::vector<PacingOrder> plans_;
  std::vector<LineOrder> told_;
  std::vector<LineRecord> records_;
  std::vector<LineId> lines_;
  std::set<uint64_t> live_, held_, gone_;
  int64_t recorded_ = 0;
  int64_t let_go_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteDice dice(data, size);
  Host host(&dice);
  for (int i = 0; i < 400 && !dice.done(); ++i) {
    host.Step();
    host.Check();
  }
  return 0;
}
