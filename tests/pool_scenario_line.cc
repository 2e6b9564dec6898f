// Lines of pool scenarios and the rules they state.

#include "tests/pool_scenario_line.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace callrouter::testing {

PoolScenarioLine::PoolScenarioLine(const std::string& text) : text_(text) {
  std::istringstream words(text);
  for (std::string word; words >> word;) words_.push_back(word);
}

void PoolScenarioLine::Fail(const std::string& what) {
  if (fault_.empty()) fault_ = what;
}

std::string PoolScenarioLine::Word() {
  if (!empty()) return words_[next_++];
  Fail("a word is missing");
  return "";
}

PhoneNumber PoolScenarioLine::ParseNumber(const std::string& text) {
  const auto number = PhoneNumber::Parse(text);
  if (number.ok()) return *number;
  Fail(text + " is no number");
  return PhoneNumber();
}

PhoneNumber PoolScenarioLine::Number() { return ParseNumber(Word()); }

int64_t PoolScenarioLine::Count() {
  int64_t count = 0;
  const std::string word = Word();
  if (!absl::SimpleAtoi(word, &count)) Fail(word + " is no count");
  return count;
}

bool PoolScenarioLine::Time(absl::Duration* time) {
  if (empty() || words_[next_][0] < '0' || words_[next_][0] > '9' ||
      !absl::ParseDuration(words_[next_], time)) {
    return false;
  }
  ++next_;
  return true;
}

void PoolScenarioLine::Field(const char* name, std::string* value) {
  const std::string start = std::string(name) + "=";
  for (std::size_t i = next_; i < words_.size(); ++i) {
    if (words_[i].rfind(start, 0) != 0) continue;
    *value = words_[i].substr(start.size());
    words_.erase(words_.begin() + static_cast<std::ptrdiff_t>(i));
    if (value->empty()) Fail(start + " has no value");
    return;
  }
}

void PoolScenarioLine::Field(const char* name, int32_t* value) {
  std::string text;
  Field(name, &text);
  if (!text.empty() && !absl::SimpleAtoi(text, value)) Fail(name);
}

void PoolScenarioLine::Field(const char* name, absl::Duration* value) {
  std::string text;
  Field(name, &text);
  if (!text.empty() && !absl::ParseDuration(text, value)) Fail(name);
}

void PoolScenarioLine::Field(const char* name, PhoneNumber* value) {
  std::string text;
  Field(name, &text);
  if (!text.empty()) *value = ParseNumber(text);
}

void PoolScenarioLine::Field(const char* name, bool* value) {
  std::string text;
  Field(name, &text);
  if (text.empty()) return;
  *value = true;
  if (text != "yes") Fail(std::string(name) + " is yes or not there");
}

void PoolScenarioLine::Field(const char* name, std::vector<std::string>* list) {
  std::string text;
  Field(name, &text);
  if (!text.empty()) *list = absl::StrSplit(text, ',');
}

std::size_t PoolScenarioLine::Find(const std::vector<std::string>& names,
                                   const std::string& text) {
  const auto it = std::find(names.begin(), names.end(), text);
  if (it != names.end()) return static_cast<std::size_t>(it - names.begin());
  Fail("what is " + text + "?");
  return 0;
}

absl::Status PoolScenarioLine::Done() const {
  std::string fault = fault_;
  if (fault.empty() && !empty()) fault = "what is " + words_[next_] + "?";
  if (fault.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(text_, ": ", fault));
}

// --- Rules ------------------------------------------------------------------

namespace {

using Line = PoolScenarioLine;

void ReadRegion(Line* line, NumberRules* rules) {
  Region region;
  region.name = line->Word();
  line->Field("in", &region.parent);
  std::vector<std::string> near;
  line->Field("near", &near);
  for (const std::string& text : near) {
    const std::pair<std::string, std::string> pair = absl::StrSplit(text, ':');
    region.neighbours.push_back({pair.first});
    if (!absl::SimpleAtoi(pair.second, &region.neighbours.back().kilometres)) {
      line->Fail("near");
    }
  }
  line->Field("reserve", &region.reserve_permille);
  absl::Duration zone = absl::InfiniteDuration();
  line->Field("zone", &zone);
  if (zone != absl::InfiniteDuration()) {
    region.transitions = {{absl::InfinitePast(),
                           static_cast<int32_t>(absl::ToInt64Seconds(zone))}};
  }
  rules->regions.push_back(region);
}

void ReadRange(Line* line, NumberRules* rules) {
  const std::string digits = line->Word();
  NumberRange range;
  const auto first =
      PhoneNumber::Parse(absl::StrReplaceAll(digits, {{"x", "0"}}));
  const auto last =
      PhoneNumber::Parse(absl::StrReplaceAll(digits, {{"x", "9"}}));
  if (first.ok() && last.ok()) {
    range.first = *first;
    range.last = *last;
  } else {
    line->Fail(digits + " is no range");
  }
  range.region = line->Word();
  rules->ranges.push_back(range);
}

void ReadCaps(Line* line, NumberCaps* caps) {
  line->Field("per-minute", &caps->per_minute);
  line->Field("per-hour", &caps->per_hour);
  line->Field("per-day", &caps->per_day);
  line->Field("per-week", &caps->per_week);
  line->Field("per-local-day", &caps->per_local_day);
  line->Field("callees-per-day", &caps->callees_per_day);
  line->Field("concurrent", &caps->concurrent);
  line->Field("cool-down", &caps->cool_down);
}

void ReadGroup(Line* line, NumberRules* rules) {
  NumberGroup group;
  group.name = line->Word();
  group.owner = "us";
  line->Field("owner", &group.owner);
  std::vector<std::string> trunks = {"trunk"};
  line->Field("trunks", &trunks);
  for (const std::string& trunk : trunks) {
    group.trunks.push_back({trunk, Attestation::kFull});
  }
  line->Field("campaigns", &group.campaigns);
  line->Field("destinations", &group.destinations);
  line->Field("label", &group.label);
  ReadCaps(line, &group.caps);
  rules->groups.push_back(group);
}

void ReadCampaign(Line* line, NumberRules* rules) {
  NumberCampaign campaign;
  campaign.name = line->Word();
  campaign.owner = "us";
  line->Field("owner", &campaign.owner);
  line->Field("label", &campaign.label);
  line->Field("order",
              {"least-recently-used", "round-robin", "least-used-today",
               "weighted", "weighted-random", "random", "fixed"},
              &campaign.order);
  line->Field("reach", {"region", "neighbours", "parents", "country", "any"},
              &campaign.reach);
  line->Field("within", &campaign.neighbours_within);
  line->Field("sticky", {"off", "prefer", "require", "avoid"},
              &campaign.sticky);
  line->Field("bind", {"shown", "answered"}, &campaign.bind);
  line->Field("keep", &campaign.sticky_keep);
  line->Field("across", &campaign.sticky_across_campaigns);
  line->Field("avoid-last", &campaign.avoid_last);
  line->Field("distinct", &campaign.distinct_per_campaign);
  rules->campaigns.push_back(campaign);
}

void ReadVisitors(Line* line, VisitorPoolOptions* options,
                  VisitorPatch* patch) {
  const int64_t count = line->Count();
  const uint64_t first = line->Number().value();
  for (int64_t i = 0; i < count; ++i) {
    patch->put.push_back(
        PhoneNumber::FromValue(first + static_cast<uint64_t>(i)));
  }
  line->Field("hold", &options->hold);
  line->Field("mode", {"sliding", "fixed"}, &options->mode);
  line->Field("within", &options->call_within);
  line->Field("free-after-call", &options->free_after_call);
  line->Field("overflow", &options->overflow);
}

}  // namespace

const std::vector<std::string>& PoolScenarioSetup::States() {
  static const std::vector<std::string> states = {
      "new",     "warming",  "active", "suspect", "resting",
      "probing", "reserved", "held",   "retired"};
  return states;
}

NumberConfig PoolScenarioSetup::ReadNumber(Line* line) {
  NumberConfig number;
  number.number = line->Number();
  number.group = line->Word();
  number.region = line->Word();
  line->Field("weight", &number.weight);
  line->Field("rank", &number.rank);
  line->Field("state", States(), &number.state);
  return number;
}

absl::Status PoolScenarioSetup::Read(const std::string& text) {
  Line line(text);
  const std::string what = line.Word();
  if (what == "options") {
    int32_t seed = 1;
    line.Field("seed", &seed);
    options.seed = static_cast<uint64_t>(seed);
  } else if (what == "region") {
    ReadRegion(&line, &rules);
  } else if (what == "range") {
    ReadRange(&line, &rules);
  } else if (what == "group") {
    ReadGroup(&line, &rules);
  } else if (what == "campaign") {
    ReadCampaign(&line, &rules);
  } else if (what == "number") {
    patch.put.push_back(ReadNumber(&line));
  } else if (what == "numbers") {
    int64_t left = line.Count();
    NumberConfig number = ReadNumber(&line);
    for (; left > 0; --left) {
      patch.put.push_back(number);
      number.number = PhoneNumber::FromValue(number.number.value() + 1);
    }
  } else if (what == "visitors") {
    ReadVisitors(&line, &visitors, &visitor_numbers);
  } else {
    line.Fail("what is " + what + "?");
  }
  return line.Done();
}

}  // namespace callrouter::testing
