// callrouter.v1.Scenario as text becomes a Scenario.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "callrouter/config_file.h"
#include "callrouter/simulator.h"
#include "callrouter/v1/scenario.pb.h"
#include "message_file.h"
#include "quoted.h"

namespace callrouter {
namespace {

constexpr char kDurationExpected[] =
    "a duration of 0 or more with a unit, such as \"20s\" or \"1h30m\"";
constexpr char kMomentExpected[] =
    "a clock time, \"HH:MM\" or \"HH:MM:SS\", or a time since the start, such "
    "as \"90s\"";

// Every absl::Duration here is a whole number of microseconds.
bool ReadDuration(const std::string& text, absl::Duration* out) {
  absl::Duration value;
  if (!absl::ParseDuration(text, &value) || value < absl::ZeroDuration() ||
      value == absl::InfiniteDuration() ||
      value != absl::Trunc(value, absl::Microseconds(1))) {
    return false;
  }
  *out = value;
  return true;
}

class Reader {
 public:
  Reader(const v1::Scenario& proto, const FileReader& read, MessageFile* file)
      : proto_(proto), read_(read), file_(file) {}

  // Reads everything that can be read; faults go to the file, or, for the
  // configuration's own file, to `*elsewhere`.
  Scenario Read(std::vector<FileFault>* elsewhere) {
    scenario_.name = proto_.name();
    if (proto_.has_seed()) scenario_.seed = proto_.seed();
    ReadConfiguration(elsewhere);
    ReadTimes();
    for (int i = 0; i < proto_.arrivals_size(); ++i) ReadArrivals(i);
    for (int i = 0; i < proto_.handle_factor_size(); ++i) {
      const v1::HandleFactor& factor = proto_.handle_factor(i);
      scenario_.handle_factors.push_back(
          {factor.queue(), factor.agents(), factor.factor()});
    }
    for (int i = 0; i < proto_.shift_size(); ++i) ReadShift(i);
    for (int i = 0; i < proto_.behaviour_size(); ++i) ReadBehaviour(i);
    for (int i = 0; i < proto_.outside_size(); ++i) ReadOutside(i);
    scenario_.trace_lines = proto_.trace_lines();
    ReadMoment("trace_from", proto_.trace_from(), &scenario_.trace_from);
    return std::move(scenario_);
  }

 private:
  void ReadConfiguration(std::vector<FileFault>* elsewhere) {
    if (proto_.has_config() == !proto_.config_file().empty()) {
      file_->Add(proto_.has_config() ? "config_file" : "config",
                 proto_.has_config() ? "both" : "nothing",
                 "either config or config_file");
      return;
    }
    std::vector<FileFault> faults;
    if (proto_.has_config()) {
      auto configuration = FromProto(proto_.config(), &faults);
      if (configuration.ok()) {
        scenario_.configuration = *std::move(configuration);
      }
      for (const FileFault& fault : faults) {
        file_->Add(absl::StrCat("config.", fault.field), fault.found,
                   fault.expected, fault.column);
      }
      return;
    }
    const std::string& name = proto_.config_file();
    absl::StatusOr<std::string> text =
        read_ ? read_(name)
              : absl::NotFoundError("there is nothing to read files with");
    if (!text.ok()) {
      file_->Add("config_file", Quoted(name),
                 absl::StrCat("a file that can be read (",
                              absl::string_view(text.status().message()), ")"));
      return;
    }
    auto configuration = ParseConfig(*text, name, elsewhere);
    if (configuration.ok()) {
      scenario_.configuration = *std::move(configuration);
    }
  }

  void ReadTimes() {
    if (!proto_.time_zone().empty()) scenario_.time_zone = proto_.time_zone();
    absl::TimeZone zone = absl::UTCTimeZone();
    // An unknown zone is found by FindFaults.
    absl::LoadTimeZone(scenario_.time_zone, &zone);
    if (!proto_.start().empty()) {
      std::string error;
      absl::Time start;
      if (absl::ParseTime("%Y-%m-%d %H:%M", proto_.start(), zone, &start,
                          &error) &&
          start > absl::FromUnixSeconds(0) &&
          start < absl::FromUnixSeconds(4'102'444'800)) {
        scenario_.start = start;
      } else {
        file_->Add("start", Quoted(proto_.start()),
                   "\"YYYY-MM-DD HH:MM\", from 1970 to 2099");
      }
    } else {
      absl::Time midnight = absl::FromCivil(absl::CivilDay(2026, 1, 5), zone);
      scenario_.start = midnight;
    }
    clock_ = scenario_.start -
             absl::FromCivil(absl::ToCivilDay(scenario_.start, zone), zone);
    if (proto_.horizon().empty()) {
      file_->Add("horizon", "nothing", kDurationExpected);
    }
    ReadDurationOr("horizon", proto_.horizon(), &scenario_.horizon);
    ReadDurationOr("warm_up", proto_.warm_up(), &scenario_.warm_up);
    ReadDurationOr("interval", proto_.interval(), &scenario_.interval);
  }

  void ReadDurationOr(const std::string& path, const std::string& text,
                      absl::Duration* out) {
    if (text.empty() || ReadDuration(text, out)) return;
    file_->Add(path, Quoted(text), kDurationExpected);
  }

  // Since the start; a clock time earlier in the day than the start is the
  // next day's.
  void ReadMoment(const std::string& path, const std::string& text,
                  absl::Duration* out) {
    if (text.empty()) return;
    if (!absl::StrContains(text, ':')) {
      if (!ReadDuration(text, out)) {
        file_->Add(path, Quoted(text), kMomentExpected);
      }
      return;
    }
    const std::vector<std::string> parts = absl::StrSplit(text, ':');
    int number[3] = {};
    bool good = parts.size() == 2 || parts.size() == 3;
    for (std::size_t i = 0; good && i < parts.size(); ++i) {
      good = parts[i].size() == 2 && absl::SimpleAtoi(parts[i], &number[i]) &&
             number[i] >= 0 && number[i] < (i == 0 ? 25 : 60);
    }
    if (!good) {
      file_->Add(path, Quoted(text), kMomentExpected);
      return;
    }
    absl::Duration at = absl::Hours(number[0]) + absl::Minutes(number[1]) +
                        absl::Seconds(number[2]) - clock_;
    if (at < absl::ZeroDuration()) at += absl::Hours(24);
    *out = at;
  }

  Law ReadLaw(const std::string& path, const v1::Law& proto) {
    Law law;
    const auto read = [&](const char* field, const std::string& text,
                          absl::Duration* out) {
      if (!ReadDuration(text, out)) {
        file_->Add(absl::StrCat(path, ".", field), Quoted(text),
                   kDurationExpected);
      }
    };
    switch (proto.law_case()) {
      case v1::Law::kConstant:
        read("constant", proto.constant(), &law.mean);
        break;
      case v1::Law::kExponential:
        law.kind = Law::Kind::kExponential;
        read("exponential", proto.exponential(), &law.mean);
        break;
      case v1::Law::kLognormal:
        law.kind = Law::Kind::kLognormal;
        read("lognormal.mean", proto.lognormal().mean(), &law.mean);
        law.squared_variation = proto.lognormal().squared_variation();
        break;
      case v1::Law::kHyperexponential:
        law.kind = Law::Kind::kHyperexponential;
        read("hyperexponential.mean", proto.hyperexponential().mean(),
             &law.mean);
        law.squared_variation = proto.hyperexponential().squared_variation();
        break;
      case v1::Law::kUniform: {
        law.kind = Law::Kind::kUniform;
        absl::Duration to;
        read("uniform.from", proto.uniform().from(), &law.low);
        read("uniform.to", proto.uniform().to(), &to);
        law.mean = (law.low + to) / 2;
        break;
      }
      case v1::Law::kNever:
        law = Law::Never();
        break;
      case v1::Law::LAW_NOT_SET:
        file_->Add(path, "nothing",
                   "one of constant, exponential, lognormal, "
                   "hyperexponential, uniform, never");
        break;
    }
    return law;
  }

  void ReadRates(const std::string& path, const v1::Arrivals& proto,
                 Arrivals* arrivals) {
    const int given = (proto.per_hour() != 0) +
                      (proto.per_half_hour_size() > 0) +
                      !proto.profile().empty();
    if (given > 1) {
      file_->Add(path, "several rates",
                 "one of per_hour, per_half_hour and profile");
    }
    if (proto.per_hour() != 0) {
      arrivals->per_half_hour = {proto.per_hour() / 2};
      arrivals->goes_on = true;
    } else if (proto.per_half_hour_size() > 0) {
      arrivals->per_half_hour.assign(proto.per_half_hour().begin(),
                                     proto.per_half_hour().end());
    } else if (!proto.profile().empty()) {
      const double share = proto.has_share() ? proto.share() : 1;
      bool found = false;
      for (const v1::Profile& profile : proto_.profile()) {
        if (profile.name() != proto.profile() || found) continue;
        found = true;
        for (const double calls : profile.calls()) {
          arrivals->per_half_hour.push_back(calls * share);
        }
      }
      if (!found) {
        file_->Add(path + ".profile", Quoted(proto.profile()),
                   "the name of a profile of this scenario");
      }
    }
  }

  void ReadArrivals(int index) {
    const std::string path = absl::StrCat("arrivals[", index, "]");
    const v1::Arrivals& proto = proto_.arrivals(index);
    Arrivals& arrivals = scenario_.arrivals.emplace_back();
    arrivals.queue = proto.queue();
    ReadRates(path, proto, &arrivals);
    for (int i = 0; i < proto.burst_size(); ++i) {
      const std::string at = absl::StrCat(path, ".burst[", i, "]");
      Burst& burst = arrivals.bursts.emplace_back();
      ReadMoment(at + ".from", proto.burst(i).from(), &burst.from);
      ReadDurationOr(at + ".within", proto.burst(i).within(), &burst.within);
      burst.calls = proto.burst(i).calls();
    }
    for (int i = 0; i < proto.at_size(); ++i) {
      ReadMoment(absl::StrCat(path, ".at[", i, "]"), proto.at(i),
                 &arrivals.at.emplace_back());
    }
    if (proto.has_patience()) {
      arrivals.patience = ReadLaw(path + ".patience", proto.patience());
    }
    if (proto.has_handle_time()) {
      arrivals.handle_time =
          ReadLaw(path + ".handle_time", proto.handle_time());
    }
    arrivals.priority = proto.priority();
    arrivals.requirement = proto.requirement();
    ReadDurationOr(path + ".age", proto.age(), &arrivals.age);
  }

  void ReadShift(int index) {
    const std::string path = absl::StrCat("shift[", index, "]");
    const v1::Shift& proto = proto_.shift(index);
    Shift& shift = scenario_.shifts.emplace_back();
    shift.agents = proto.agents();
    shift.names.assign(proto.agent().begin(), proto.agent().end());
    shift.skip = proto.skip();
    shift.count = proto.count();
    ReadMoment(path + ".from", proto.from(), &shift.from);
    ReadMoment(path + ".to", proto.to(), &shift.to);
  }

  void ReadBehaviour(int index) {
    const std::string path = absl::StrCat("behaviour[", index, "]");
    const v1::Behaviour& proto = proto_.behaviour(index);
    Behaviour& behaviour = scenario_.behaviours.emplace_back();
    behaviour.agents = proto.agents();
    if (proto.has_answer_after()) {
      behaviour.answer_after =
          ReadLaw(path + ".answer_after", proto.answer_after());
    }
    behaviour.no_answer_probability = proto.no_answer_probability();
    if (proto.has_return_after()) {
      behaviour.return_after =
          ReadLaw(path + ".return_after", proto.return_after());
    }
  }

  void ReadOutside(int index) {
    const std::string path = absl::StrCat("outside[", index, "]");
    const v1::Outside& proto = proto_.outside(index);
    Outside& outside = scenario_.outside.emplace_back();
    outside.destination = proto.destination();
    if (proto.has_answer_probability()) {
      outside.answer_probability = proto.answer_probability();
    }
    if (proto.has_answer_after()) {
      outside.answer_after =
          ReadLaw(path + ".answer_after", proto.answer_after());
    }
  }

  const v1::Scenario& proto_;
  const FileReader& read_;
  MessageFile* file_;
  Scenario scenario_;
  absl::Duration clock_;  // The start's time of day.
};

}  // namespace

absl::StatusOr<Scenario> ParseScenario(std::string_view text,
                                       std::string_view file_name,
                                       const FileReader& read,
                                       std::vector<FileFault>* faults) {
  MessageFile file(text, file_name);
  v1::Scenario proto;
  Scenario scenario;
  std::vector<FileFault> elsewhere;
  if (file.Read(&proto)) {
    scenario = Reader(proto, read, &file).Read(&elsewhere);
    // What depends on the configuration cannot be judged without it.
    if (!file.has_faults() && elsewhere.empty()) {
      for (Fault& fault : FindFaults(scenario)) {
        file.Add(fault.path, std::move(fault.found), std::move(fault.expected),
                 fault.column);
      }
    }
  }
  std::vector<FileFault> all = file.Take();
  all.insert(all.end(), elsewhere.begin(), elsewhere.end());
  const absl::Status status = Conclude(std::move(all), faults);
  if (!status.ok()) return status;
  return scenario;
}

}  // namespace callrouter
