#include "callrouter/dial_file.h"

#include <cstddef>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "callrouter/v1/dial.pb.h"
#include "config_convert.h"
#include "message_file.h"
#include "quoted.h"

namespace callrouter {
namespace {

std::string At(const std::string& list, int i) {
  return absl::StrCat(list, "[", i, "]");
}

template <class Text>
std::vector<std::string> Texts(const Text& texts) {
  return {texts.begin(), texts.end()};
}

// Fills rules from one file after the other.
class DialReader {
 public:
  explicit DialReader(DialRules* out) : out_(*out) {}

  void Read(const v1::Dial& in, std::vector<Fault>* faults) {
    faults_ = faults;
    for (int i = 0; i < in.zone_size(); ++i) {
      Zone(At("zone", i) + ".name", in.zone(i).name());
    }
    for (int i = 0; i < in.place_size(); ++i) {
      DialPlace& place = out_.places.emplace_back();
      place.name = in.place(i).name();
      place.zones = Texts(in.place(i).zone());
      place.prefixes = Texts(in.place(i).prefix());
      for (int k = 0; k < in.place(i).zone_size(); ++k) {
        Zone(absl::StrCat(At("place", i), ".", At("zone", k)),
             in.place(i).zone(k));
      }
    }
    for (int i = 0; i < in.law_size(); ++i) Law(At("law", i), in.law(i));
    for (const v1::DialGuard& guard : in.guard()) {
      out_.guards.push_back(
          {guard.name(), Texts(guard.allowed()), Texts(guard.refused())});
    }
    for (const std::string& type : in.number_type()) {
      out_.number_types.push_back(type);
    }
    for (const std::string& segment : in.segment()) {
      out_.segments.push_back(segment);
    }
    for (const v1::DialDisposition& d : in.disposition()) {
      // Numbered alike, as are all enums here.
      out_.dispositions.push_back(
          {d.name(), static_cast<DialResult>(d.result())});
    }
    for (int i = 0; i < in.campaign_size(); ++i) {
      Campaign(At("campaign", i), in.campaign(i));
    }
    for (const v1::DialList& list : in.list()) {
      DialList& out = out_.lists.emplace_back();
      out.name = list.name();
      out.campaign = list.campaign();
      if (list.has_share()) out.share = list.share();
      if (list.has_quota()) out.quota = list.quota();
    }
    faults_ = nullptr;  // The caller's.
  }

 private:
  void Add(const std::string& path, const std::string& found,
           const std::string& expected) {
    faults_->push_back({path, Quoted(found), expected});
  }

  void Zone(const std::string& path, const std::string& name) {
    if (!zones_.insert(name).second) return;
    DialZone zone;
    zone.name = name;
    if (!LoadTransitions(name, &zone.transitions)) {
      Add(path, name, "a time zone such as \"Europe/Moscow\"");
      zone.transitions = {{absl::InfinitePast(), 0}};
    }
    out_.zones.push_back(std::move(zone));
  }

  void Duration(const std::string& path, const std::string& text,
                absl::Duration* out) {
    if (text.empty()) return;
    absl::Duration value;
    if (absl::ParseDuration(text, &value)) {
      *out = value;
    } else {
      Add(path, text, "a duration with a unit, such as \"90s\" or \"27h\"");
    }
  }

  // "09:00" as minutes.
  int32_t Minutes(const std::string& path, const std::string& text) {
    int hours = 0, minutes = 0;
    const absl::string_view t(text);
    if (t.size() == 5 && t[2] == ':' &&
        absl::SimpleAtoi(t.substr(0, 2), &hours) &&
        absl::SimpleAtoi(t.substr(3, 2), &minutes) && hours >= 0 &&
        minutes >= 0 && minutes < 60 && hours * 60 + minutes <= 24 * 60) {
      return hours * 60 + minutes;
    }
    Add(path, text, "a time of day such as \"09:00\", at most \"24:00\"");
    return 0;
  }

  static std::vector<int32_t> Days(v1::DialDay day) {
    switch (day) {
      case v1::EVERY_DAY:
        return {0, 1, 2, 3, 4, 5, 6};
      case v1::WORKDAYS:
        return {0, 1, 2, 3, 4};
      case v1::WEEKEND:
        return {5, 6};
      default:
        return {static_cast<int32_t>(day) - 1};
    }
  }

  std::vector<OpenPeriod> Open(const std::string& path, const v1::DialHours& in,
                               bool dated) {
    const int32_t from = Minutes(path + ".from", in.from());
    const int32_t to = Minutes(path + ".to", in.to());
    std::vector<OpenPeriod> all;
    if (dated) return {{0, from, to}};
    for (const int32_t day : Days(in.day())) all.push_back({day, from, to});
    return all;
  }

  void Caps(const std::string& path,
            const google::protobuf::RepeatedPtrField<v1::DialCap>& in,
            std::vector<DialCap>* out) {
    for (int i = 0; i < in.size(); ++i) {
      const std::string at = absl::StrCat(path, ".", At("cap", i));
      const v1::DialCap& cap = in[i];
      DialCap& made = out->emplace_back();
      made.name = cap.name();
      made.scope = static_cast<DialScope>(cap.scope());
      made.event = static_cast<DialEvent>(cap.event());
      made.window = static_cast<DialWindow>(cap.window());
      Duration(at + ".rolling", cap.rolling(), &made.rolling);
      if (cap.has_limit()) {
        made.limit = cap.limit();
      } else {
        Add(at + ".limit", "", "how many");
      }
      made.action = static_cast<CapAction>(cap.action());
    }
  }

  void Law(const std::string& path, const v1::DialLaw& in) {
    DialLaw& law = out_.laws.emplace_back();
    law.name = in.name();
    law.source = in.source();
    law.as_of = in.as_of();
    law.places = Texts(in.place());
    for (int i = 0; i < in.open_size(); ++i) {
      for (const OpenPeriod& period :
           Open(absl::StrCat(path, ".", At("open", i)), in.open(i), false)) {
        law.open.push_back(period);
      }
    }
    for (const int day : in.closed()) {
      for (const int32_t one : Days(static_cast<v1::DialDay>(day))) {
        law.closed.push_back(one);
      }
    }
    for (int i = 0; i < in.holiday_size(); ++i) {
      const std::string at = absl::StrCat(path, ".", At("holiday", i));
      Holiday& holiday = law.holidays.emplace_back();
      absl::Time time;
      if (absl::ParseTime("%Y-%m-%d", in.holiday(i).date(), &time, nullptr)) {
        const absl::CivilDay day = absl::ToCivilDay(time, absl::UTCTimeZone());
        holiday.year = static_cast<int32_t>(day.year());
        holiday.month = day.month();
        holiday.day = day.day();
      } else {
        Add(at + ".date", in.holiday(i).date(),
            "a date such as \"2026-01-31\"");
      }
      for (int k = 0; k < in.holiday(i).open_size(); ++k) {
        for (const OpenPeriod& period :
             Open(absl::StrCat(at, ".", At("open", k)), in.holiday(i).open(k),
                  true)) {
          holiday.open.push_back(period);
        }
      }
    }
    Caps(path, in.cap(), &law.caps);
    Duration(path + ".ring_least", in.ring_least(), &law.ring_least);
    Duration(path + ".connect_within", in.connect_within(),
             &law.connect_within);
    law.connect_from = static_cast<DropStart>(in.connect_from());
    law.message_required = in.message_required();
    if (in.has_drop_permille()) law.drop_permille = in.drop_permille();
    law.drop_period = static_cast<DropPeriod>(in.drop_period());
  }

  void Redial(const std::string& path, const v1::RedialRule& in,
              RedialRule* out) {
    out->dispositions = Texts(in.disposition());
    out->number_type = in.number_type();
    out->segment = in.segment();
    if (in.has_from()) out->from = in.from();
    if (in.has_to()) out->to = in.to();
    out->action = static_cast<RedialAction>(in.action());
    for (int i = 0; i < in.delay_size(); ++i) {
      Duration(absl::StrCat(path, ".", At("delay", i)), in.delay(i),
               &out->delays.emplace_back(absl::ZeroDuration()));
    }
    out->other_day_part = in.other_day_part();
    out->priority = in.priority();
    out->guarantee = in.guarantee();
  }

  void Campaign(const std::string& path, const v1::DialCampaign& in) {
    DialCampaign& out = out_.campaigns.emplace_back();
    out.name = in.name();
    out.guard = in.guard();
    out.laws = Texts(in.law());
    Caps(path, in.cap(), &out.caps);
    for (int i = 0; i < in.redial_size(); ++i) {
      Redial(absl::StrCat(path, ".", At("redial", i)), in.redial(i),
             &out.redial.emplace_back());
    }
    if (in.order_size() > 0) out.order.clear();
    for (const int order : in.order()) {
      out.order.push_back(static_cast<LeadOrder>(order));
    }
    Duration(path + ".due_grain", in.due_grain(), &out.due_grain);
    out.mix = static_cast<ListMix>(in.mix());
    out.consent_required = in.consent_required();
    out.check_required = in.check_required();
    out.callbacks_beat_caps = in.callbacks_beat_caps();
    if (in.callback_fallback() == "never") {
      out.callback_fallback = absl::InfiniteDuration();
    } else {
      Duration(path + ".callback_fallback", in.callback_fallback(),
               &out.callback_fallback);
    }
    out.missed = static_cast<MissedCallback>(in.missed());
    if (!in.has_best_hour()) return;
    const v1::DialBestHour& best = in.best_hour();
    out.best_hour.on = true;
    Duration(path + ".best_hour.horizon", best.horizon(),
             &out.best_hour.horizon);
    if (best.has_cost_permille()) {
      out.best_hour.cost_permille = best.cost_permille();
    }
    if (best.has_prior_attempts()) {
      out.best_hour.prior_attempts = best.prior_attempts();
    }
    if (best.has_prior_permille()) {
      out.best_hour.prior_permille = best.prior_permille();
    }
  }

  DialRules& out_;
  std::vector<Fault>* faults_ = nullptr;
  std::set<std::string> zones_;
};

void Append(std::vector<FileFault> more, std::vector<FileFault>* all) {
  all->insert(all->end(), more.begin(), more.end());
}

// A file that another includes.
void ReadIncluded(const std::string& path, const std::string& name,
                  const FileReader& read, DialReader* reader,
                  MessageFile* includer, std::vector<FileFault>* faults) {
  const auto text = read ? read(name)
                         : absl::StatusOr<std::string>(absl::NotFoundError(
                               "files cannot be included here"));
  if (!text.ok()) {
    includer->Add(path, Quoted(name),
                  absl::StrCat("a file: ", text.status().message()));
    return;
  }
  MessageFile file(*text, name);
  v1::Dial proto;
  if (file.Read(&proto)) {
    std::vector<Fault> found;
    if (proto.include_size() > 0) {
      found.push_back({"include[0]", Quoted(proto.include(0)),
                       "no further file: only one level is read"});
    }
    reader->Read(proto, &found);
    for (const Fault& fault : found) {
      file.Add(fault.path, fault.found, fault.expected);
    }
  }
  Append(file.Take(), faults);
}

}  // namespace

absl::StatusOr<DialRules> ParseDial(std::string_view text,
                                    std::string_view file_name,
                                    const FileReader& read,
                                    std::vector<FileFault>* faults) {
  MessageFile file(text, file_name);
  v1::Dial proto;
  DialRules rules;
  std::vector<FileFault> elsewhere;
  if (file.Read(&proto)) {
    DialReader reader(&rules);
    for (int i = 0; i < proto.include_size(); ++i) {
      ReadIncluded(At("include", i), proto.include(i), read, &reader, &file,
                   &elsewhere);
    }
    std::vector<Fault> found;
    reader.Read(proto, &found);
    // Where something was not understood there is a default instead.
    if (found.empty() && elsewhere.empty() && !file.has_faults()) {
      found = FindFaults(rules);
    }
    for (const Fault& fault : found) {
      file.Add(fault.path, fault.found, fault.expected);
    }
  }
  std::vector<FileFault> all = file.Take();
  Append(std::move(elsewhere), &all);
  const absl::Status status = Conclude(std::move(all), faults);
  if (!status.ok()) return status;
  return rules;
}

}  // namespace callrouter
