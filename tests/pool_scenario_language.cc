#include "tests/pool_scenario_language.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "callrouter/number_pool.h"
#include "tests/pool_scenario_line.h"

namespace callrouter::testing {

namespace {

using Line = PoolScenarioLine;

// Monday, 2 March 2026, 00:00 UTC.
const absl::Time kStart = absl::FromUnixSeconds(1'772'409'600);

// One word for what the library says in several.
std::string Dashed(std::string_view name) {
  return absl::StrReplaceAll(std::string(name), {{" ", "-"}});
}

std::string When(absl::Time time) {
  if (time == absl::InfiniteFuture()) return "unknown time";
  const absl::Duration since = time - kStart;
  return since == absl::ZeroDuration() ? "0s" : absl::FormatDuration(since);
}

class Runner {
 public:
  absl::Status Setup(const PoolScenarioSetup& setup) {
    auto pool = NumberPool::Create(setup.options, setup.rules, kStart);
    if (!pool.ok()) return pool.status();
    pool_ = *std::move(pool);
    auto visitors = VisitorPool::Create(setup.visitors, kStart);
    if (!visitors.ok()) return visitors.status();
    visitors_ = *std::move(visitors);
    const absl::Status status = visitors_->Apply(setup.visitor_numbers, kStart);
    return status.ok() ? pool_->Apply(setup.patch, kStart) : status;
  }

  // Runs one command; what it leads to is appended to `*out`.
  absl::Status Run(const std::string& text, std::string* out) {
    out_ = out;
    Line line(text);
    absl::Duration time;
    if (line.Time(&time)) {
      if (kStart + time < now_) line.Fail("time goes back");
      now_ = std::max(now_, kStart + time);
    }
    const std::string what = line.Word();
    if (!Calls(what, &line) && !Steps(what, &line) && !Looks(what, &line) &&
        !Visits(what, &line)) {
      line.Fail("what is " + what + "?");
    }
    const absl::Status status = line.Done();
    if (!status.ok()) return status;
    const absl::Status sound = pool_->CheckInvariants();
    return sound.ok() ? visitors_->CheckInvariants() : sound;
  }

 private:
  void Say(const std::string& text) {
    absl::StrAppend(out_, When(now_), " ", text, "\n");
  }
  void Check(const std::string& what, const absl::Status& status) {
    if (status.ok()) return;
    Say(absl::StrCat(what,
                     " refused: ", absl::StatusCodeToString(status.code()),
                     ": ", std::string(status.message())));
  }

  uint64_t Attempt(const std::string& name) {
    return attempts_.emplace(name, attempts_.size() + 1).first->second;
  }
  CampaignId Campaign(const std::string& name, Line* line) {
    const CampaignId id = pool_->FindCampaign(name);
    if (id.none()) line->Fail("no campaign " + name);
    return id;
  }

  std::string Describe(const NumberChoice& c) const {
    std::string text;
    if (!c.id.none()) {
      absl::StrAppend(&text, c.number.ToString(), " ");
      if (c.by == ChosenBy::kWanted) text += "wanted";
      if (c.by == ChosenBy::kSticky) text += "sticky";
      if (c.by == ChosenBy::kOrder || c.by == ChosenBy::kShortage) {
        absl::StrAppend(
            &text, c.by == ChosenBy::kOrder ? "by order, " : "for shortage, ",
            Dashed(Name(c.rung)));
        const std::string region(pool_->RegionName(c.region));
        if (!region.empty()) absl::StrAppend(&text, " ", region);
      }
    } else {
      absl::StrAppend(&text, "none: ", Dashed(Name(c.none)));
      if (c.block != Block::kFree) {
        absl::StrAppend(&text, " (", Dashed(Name(c.block)), ")");
      }
      absl::StrAppend(&text, ", retry at ", When(c.retry_at));
    }
    if (c.broken != StickyBreak::kNotBroken) {
      absl::StrAppend(&text, ", known one: ", Dashed(Name(c.broken)));
      if (c.sticky_block != Block::kFree) {
        absl::StrAppend(&text, " (", Dashed(Name(c.sticky_block)), ")");
      }
    }
    return text;
  }

  // Whether there was a number.
  bool Reserve(const NumberRequest& request, NumberChoice* choice,
               std::string* text) {
    const absl::Status status = pool_->Reserve(request, now_, choice);
    *text = status.ok() ? Describe(*choice)
                        : absl::StrCat("refused: ",
                                       absl::StatusCodeToString(status.code()));
    return status.ok() && !choice->id.none();
  }
  void WholeCall(uint64_t attempt, bool answered) {
    Check("commit", pool_->Commit(attempt, now_));
    if (answered)
      Check("answered", pool_->Report({attempt, CallOutcome::kAnswered}, now_));
    Check("end", pool_->End(attempt, now_));
  }

  NumberRequest ReadRequest(Line* line) {
    NumberRequest request;
    request.campaign = Campaign(line->Word(), line);
    request.callee = line->Number();
    line->Field("wanted", &request.wanted);
    std::string trunk = "trunk";
    line->Field("trunk", &trunk);
    request.trunk = pool_->FindTrunk(trunk);
    return request;
  }

  // --- Kinds of commands; false: not one of these ---
  bool Calls(const std::string& what, Line* line) {
    NumberChoice choice;
    std::string text;
    if (what == "reserve" || what == "call" || what == "talk") {
      const std::string name = line->Word();
      NumberRequest request = ReadRequest(line);
      request.attempt = Attempt(name);
      if (!line->Done().ok()) return true;
      const bool found = Reserve(request, &choice, &text);
      Say(name + " " + text);
      if (found && what != "reserve") {
        WholeCall(request.attempt, what == "talk");
      }
    } else if (what == "ladder") {
      Ladder(line);
    } else if (what == "many") {
      Many(line);
    } else {
      return false;
    }
    return true;
  }

  void Ladder(Line* line) {
    const std::string name = line->Word();
    NumberRequest request;
    request.attempt = Attempt(name);
    request.callee = line->Number();
    request.trunk = pool_->FindTrunk("trunk");
    if (line->empty()) line->Fail("no steps");
    std::vector<std::string> steps;
    while (!line->empty()) steps.push_back(line->Word());
    for (const std::string& step : steps) {
      const std::pair<std::string, std::string> pair =
          absl::StrSplit(step, absl::MaxSplits('=', 1));
      request.campaign = Campaign(pair.first, line);
      request.wanted = PhoneNumber();
      if (!pair.second.empty()) {
        const auto wanted = PhoneNumber::Parse(pair.second);
        if (!wanted.ok()) return line->Fail(step);
        request.wanted = *wanted;
      }
      if (!line->Done().ok()) return;
      NumberChoice choice;
      std::string text;
      const bool found = Reserve(request, &choice, &text);
      Say(absl::StrCat(name, " ", pair.first, ": ", text));
      if (!found) continue;
      WholeCall(request.attempt, false);
      return;
    }
  }

  void Many(Line* line) {
    const int64_t calls = line->Count();
    NumberRequest request = ReadRequest(line);
    absl::Duration every;
    line->Field("every", &every);
    int32_t callees = 1;
    line->Field("callees", &callees);
    const uint64_t first = request.callee.value();
    if (callees < 1) line->Fail("callees");
    if (!line->Done().ok()) return;
    std::map<std::string, int64_t> answers;
    std::map<PhoneNumber, int64_t> uses;
    for (int64_t i = 0; i < calls; ++i) {
      if (i > 0) now_ += every;
      request.attempt = Attempt(absl::StrCat("many ", many_++));
      request.callee =
          PhoneNumber::FromValue(first + static_cast<uint64_t>(i % callees));
      NumberChoice choice;
      std::string text;
      const bool found = Reserve(request, &choice, &text);
      if (found) {
        WholeCall(request.attempt, false);
        ++uses[choice.number];
      } else {
        ++answers[text];
      }
    }
    int64_t least = calls;
    int64_t most = 0;
    for (const auto& [number, count] : uses) {
      if (uses.size() <= 12) Say(absl::StrCat(number.ToString(), " x ", count));
      least = std::min(least, count);
      most = std::max(most, count);
    }
    if (uses.size() > 12) {
      Say(absl::StrCat(uses.size(), " numbers, each x ", least, " to ", most));
    }
    for (const auto& [text, count] : answers) {
      Say(absl::StrCat(text, " x ", count));
    }
  }

  bool Steps(const std::string& what, Line* line) {
    if (what == "commit") {
      Check(what, pool_->Commit(Attempt(line->Word()), now_));
    } else if (what == "cancel") {
      Check(what, pool_->Cancel(Attempt(line->Word()), now_));
    } else if (what == "answered") {
      Check(what, pool_->Report({Attempt(line->Word()), CallOutcome::kAnswered},
                                now_));
    } else if (what == "end") {
      Check(what, pool_->End(Attempt(line->Word()), now_));
    } else {
      return false;
    }
    return true;
  }

  bool Looks(const std::string& what, Line* line) {
    if (what == "state") {
      const NumberId number = pool_->FindNumber(line->Number());
      const NumberState state =
          line->Word<NumberState>(PoolScenarioSetup::States());
      Check(what, pool_->SetState(number, state, now_));
    } else if (what == "remove") {
      NumberPatch patch;
      patch.remove.push_back(line->Number());
      Check(what, pool_->Apply(patch, now_));
    } else if (what == "number") {
      NumberPatch patch;
      patch.put.push_back(PoolScenarioSetup::ReadNumber(line));
      Check(what, pool_->Apply(patch, now_));
    } else if (what == "show") {
      Show(line);
    } else {
      return false;
    }
    return true;
  }

  bool Visits(const std::string& what, Line* line) {
    if (what == "visit") {
      const std::string name = line->Word();
      VisitAnswer answer;
      Check(what, visitors_->Show(Attempt(name), now_, &answer));
      std::string text = name + " ";
      absl::StrAppend(&text,
                      answer.number.none() ? "none" : answer.number.ToString());
      if (answer.overflow) {
        absl::StrAppend(&text, ", overflow, retry at ", When(answer.retry_at));
      }
      Say(text);
    } else if (what == "rings") {
      const PhoneNumber number = line->Number();
      VisitCall call;
      Check(what, visitors_->Resolve(number, now_, &call));
      constexpr const char* kFound[] = {"nobody", "one visit", "several visits",
                                        "overflow", "not ours"};
      std::string text = absl::StrCat(number.ToString(), " ",
                                      kFound[static_cast<int>(call.found)]);
      for (int i = 0; i < call.count; ++i) {
        const auto visit = std::find_if(
            attempts_.begin(), attempts_.end(),
            [&](const auto& a) { return a.second == call.visits[i].visit; });
        absl::StrAppend(&text, i == 0 ? ": " : ", ", visit->first);
      }
      Say(text);
    } else {
      return false;
    }
    return true;
  }

  void Show(Line* line) {
    const PhoneNumber number = line->Number();
    pool_->Advance(now_);
    const auto view = pool_->View(pool_->FindNumber(number));
    if (!view.ok()) return Check("show", view.status());
    std::string text =
        absl::StrCat(number.ToString(), " ", Dashed(Name(view->state)), ", ",
                     Dashed(Name(view->block)));
    if (view->block != Block::kFree) {
      absl::StrAppend(&text, " until ", When(view->free_at));
    }
    if (view->local_day > 0) {
      absl::StrAppend(&text, ", used today ", view->local_day);
    }
    Say(text);
  }

  std::unique_ptr<NumberPool> pool_;
  std::unique_ptr<VisitorPool> visitors_;
  std::map<std::string, uint64_t> attempts_;
  int64_t many_ = 0;
  absl::Time now_ = kStart;
  std::string* out_ = nullptr;
};

}  // namespace

absl::StatusOr<std::string> RunPoolScenario(std::string_view text) {
  enum class In { kRules, kCommands, kExpected } in = In::kRules;
  std::string result, out;
  PoolScenarioSetup setup;
  Runner runner;
  for (const absl::string_view part :
       absl::StrSplit(absl::string_view(text.data(), text.size()), '\n')) {
    const std::string line(part);
    const bool says = !line.empty() && line[0] != '#';
    if (in == In::kExpected && !line.empty()) continue;
    absl::StrAppend(&result, line, "\n");
    absl::Status status;
    if (in == In::kExpected) {
      in = In::kCommands;
    } else if (in == In::kRules && line == "====") {
      status = runner.Setup(setup);
      in = In::kCommands;
    } else if (in == In::kRules && says) {
      status = setup.Read(line);
    } else if (in == In::kCommands && line == "----") {
      absl::StrAppend(&result, out);
      out.clear();
      in = In::kExpected;
    } else if (in == In::kCommands && says) {
      status = runner.Run(line, &out);
    }
    if (!status.ok()) return status;
  }
  if (in == In::kRules) {
    return absl::InvalidArgumentError("no \"====\": no commands");
  }
  if (!out.empty()) {
    return absl::InvalidArgumentError("the last commands have no \"----\"");
  }
  while (result.size() > 1 && result[result.size() - 2] == '\n') {
    result.pop_back();
  }
  return result;
}

}  // namespace callrouter::testing
