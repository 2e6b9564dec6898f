#include "pool_file.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "config_convert.h"
#include "message_file.h"
#include "quoted.h"

namespace callrouter {
namespace {

std::string At(const char* list, int i) {
  return absl::StrCat(list, "[", i, "]");
}

Attestation FromProto(v1::NumberAttestation in) {
  return static_cast<Attestation>(in);  // The numbers are the same.
}

Reach FromProto(v1::NumberCampaign::Reach in) {
  switch (in) {
    case v1::NumberCampaign::REGION:
      return Reach::kRegion;
    case v1::NumberCampaign::NEIGHBOURS:
      return Reach::kNeighbours;
    case v1::NumberCampaign::PARENTS:
      return Reach::kParents;
    case v1::NumberCampaign::COUNTRY:
      return Reach::kCountry;
    default:
      return Reach::kAny;
  }
}

// A number of a range, padded with `pad` to `digits` digits.
PhoneNumber Padded(const std::string& prefix, int digits, char pad) {
  std::string text = prefix;
  if (static_cast<int>(text.size()) < digits) {
    text.append(static_cast<std::size_t>(digits) - text.size(), pad);
  }
  const auto number = PhoneNumber::Parse(text);
  return number.ok() ? *number : PhoneNumber();
}

}  // namespace

void PoolReader::ReadDuration(const std::string& path, const std::string& text,
                              absl::Duration* out) {
  if (text.empty()) return;
  absl::Duration value;
  if (absl::ParseDuration(text, &value)) {
    *out = value;
  } else {
    faults_.push_back({path, Quoted(text),
                       "a duration with a unit, such as \"90s\" or \"720h\""});
  }
}

void PoolReader::ReadTime(const std::string& path, const std::string& text,
                          absl::Time* out) {
  if (text.empty()) return;
  for (const char* format :
       {"%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"}) {
    if (absl::ParseTime(format, text, out, nullptr)) return;
  }
  faults_.push_back({path, Quoted(text),
                     "a time such as \"2026-01-31\" or \"2026-01-31 12:00\""});
}

uint32_t PoolReader::ReadCapabilities(
    const google::protobuf::RepeatedField<int>& in) {
  uint32_t all = 0;
  for (const int one : in) {
    if (one == v1::VOICE) all |= kVoice;
    if (one == v1::TEXT) all |= kText;
  }
  return in.empty() ? kVoice : all;
}

bool PoolReader::ReadPhone(const std::string& path, const std::string& text,
                           PhoneNumber* out) {
  const auto number = PhoneNumber::Parse(text);
  if (number.ok()) {
    *out = *number;
    return true;
  }
  faults_.push_back(
      {path, Quoted(text), "an international number such as \"+74951234567\""});
  return false;
}

void PoolReader::ReadLimits() {
  const v1::PoolLimits& in = proto_.limits();
  NumberPoolOptions& out = out_.options;
  if (in.has_seed()) out.seed = in.seed();
  ReadDuration("limits.reservation_timeout", in.reservation_timeout(),
               &out.reservation_timeout);
  ReadDuration("limits.attempt_keep", in.attempt_keep(), &out.attempt_keep);
  if (in.has_numbers_max()) out.numbers_max = in.numbers_max();
  if (in.has_attempts_max()) out.attempts_max = in.attempts_max();
  if (in.has_callees_max()) out.callees_max = in.callees_max();
  if (in.has_carrier_uses_max()) out.carrier_uses_max = in.carrier_uses_max();
  if (in.has_charts_max()) out.charts_max = in.charts_max();
  if (in.has_rates_max()) out.rates_max = in.rates_max();
  if (in.has_changes_max()) out.changes_max = in.changes_max();
  out.reserve_memory = in.reserve_memory();
  for (Fault& fault : FindFaults(out)) {
    fault.path = "limits." + fault.path;
    faults_.push_back(std::move(fault));
  }
}

void PoolReader::ReadCaps(const std::string& path, const v1::NumberCaps& in,
                          NumberCaps* out) {
  if (in.has_per_minute()) out->per_minute = in.per_minute();
  if (in.has_per_hour()) out->per_hour = in.per_hour();
  if (in.has_per_day()) out->per_day = in.per_day();
  if (in.has_per_week()) out->per_week = in.per_week();
  if (in.has_per_local_day()) out->per_local_day = in.per_local_day();
  if (in.has_callees_per_day()) out->callees_per_day = in.callees_per_day();
  if (in.has_per_carrier_day()) out->per_carrier_day = in.per_carrier_day();
  if (in.has_concurrent()) out->concurrent = in.concurrent();
  ReadDuration(path + ".cool_down", in.cool_down(), &out->cool_down);
  for (int i = 0; i < in.warm_up_size(); ++i) {
    NumberCaps::WarmUpStep step;
    step.after = absl::ZeroDuration();
    ReadDuration(absl::StrCat(path, ".", At("warm_up", i), ".after"),
                 in.warm_up(i).after(), &step.after);
    if (in.warm_up(i).has_permille()) step.permille = in.warm_up(i).permille();
    out->warm_up.push_back(step);
  }
  if (in.has_suspect_permille()) out->suspect_permille = in.suspect_permille();
  if (in.has_probing_permille()) out->probing_permille = in.probing_permille();
  if (in.has_whole_caps_when_short()) {
    out->whole_caps_when_short = in.whole_caps_when_short();
  }
}

void PoolReader::ReadGroup(int index) {
  const std::string path = At("group", index);
  const v1::NumberGroup& in = proto_.group(index);
  NumberGroup& out = out_.rules.groups.emplace_back();
  out.name = in.name();
  groups_.insert(out.name);
  out.owner = in.owner();
  for (const auto& trunk : in.trunk()) {
    out.trunks.push_back({trunk.trunk(), FromProto(trunk.attestation())});
  }
  out.campaigns.assign(in.campaign().begin(), in.campaign().end());
  out.destinations.assign(in.destination().begin(), in.destination().end());
  out.capabilities = ReadCapabilities(in.capabilities());
  out.label = in.label();
  ReadTime(path + ".label_from", in.label_from(), &out.label_from);
  ReadTime(path + ".label_until", in.label_until(), &out.label_until);
  ReadTime(path + ".usable_from", in.usable_from(), &out.usable_from);
  ReadTime(path + ".usable_until", in.usable_until(), &out.usable_until);
  ReadDuration(path + ".verify_every", in.verify_every(), &out.verify_every);
  ReadCaps(path + ".caps", in.caps(), &out.caps);
}

void PoolReader::ReadCampaign(int index) {
  const std::string path = At("campaign", index);
  const v1::NumberCampaign& in = proto_.campaign(index);
  NumberCampaign& out = out_.rules.campaigns.emplace_back();
  out.name = in.name();
  out.owner = in.owner();
  out.capabilities = ReadCapabilities(in.capabilities());
  out.attestation = FromProto(in.attestation());
  out.label = in.label();
  out.label_required = in.label_required();
  out.order = static_cast<NumberOrder>(in.order());  // Numbered alike.
  out.reach = FromProto(in.reach());
  if (in.has_neighbours_within()) {
    out.neighbours_within = in.neighbours_within();
  }
  out.sticky = static_cast<StickyMode>(in.sticky());
  out.bind = static_cast<StickyBind>(in.bind());
  ReadDuration(path + ".sticky_keep", in.sticky_keep(), &out.sticky_keep);
  out.sticky_across_campaigns = in.sticky_across_campaigns();
  if (in.has_avoid_last()) out.avoid_last = in.avoid_last();
  out.distinct_per_campaign = in.distinct_per_campaign();
}

void PoolReader::ReadHealth() {
  const v1::NumberHealth& in = proto_.health();
  NumberHealthRules& out = out_.rules.health;
  const auto outcomes = [](const google::protobuf::RepeatedField<int>& list,
                           std::vector<CallOutcome>* to) {
    if (list.empty()) return;
    to->clear();
    for (const int one : list) to->push_back(static_cast<CallOutcome>(one));
  };
  outcomes(in.answered(), &out.answered);
  outcomes(in.unanswered(), &out.unanswered);
  if (in.off()) {
    out.answered.clear();
    out.unanswered.clear();
  }
  if (in.has_learn()) out.learn = in.learn();
  if (in.has_expected_permille())
    out.expected_permille = in.expected_permille();
  if (in.has_prior_calls()) out.prior_calls = in.prior_calls();
  if (in.has_attempts_apart()) out.attempts_apart = in.attempts_apart();
  if (in.has_own_calls()) out.own_calls = in.own_calls();
  if (in.has_own_prior_calls()) out.own_prior_calls = in.own_prior_calls();
  if (in.has_drop_odds_permille())
    out.drop_odds_permille = in.drop_odds_permille();
  if (in.has_rest_at()) out.rest_at = in.rest_at();
  if (in.has_suspect_at()) out.suspect_at = in.suspect_at();
  if (in.has_label_weight()) out.label_weight = in.label_weight();
  if (in.has_complaint_weight()) out.complaint_weight = in.complaint_weight();
  if (in.has_rest_growth_permille())
    out.rest_growth_permille = in.rest_growth_permille();
  if (in.has_probe_fails_permille())
    out.probe_fails_permille = in.probe_fails_permille();
  if (in.has_probe_passes_permille())
    out.probe_passes_permille = in.probe_passes_permille();
  if (in.has_retire_after()) out.retire_after = in.retire_after();
  if (in.has_rest_share_permille())
    out.rest_share_permille = in.rest_share_permille();
  ReadDuration("health.half_life", in.half_life(), &out.half_life);
  ReadDuration("health.rest_for", in.rest_for(), &out.rest_for);
  ReadDuration("health.suspect_for", in.suspect_for(), &out.suspect_for);
  ReadDuration("health.probe_for", in.probe_for(), &out.probe_for);
  ReadDuration("health.hold_for", in.hold_for(), &out.hold_for);
}

void PoolReader::ReadRegion(int index) {
  const v1::NumberRegion& in = proto_.region(index);
  Region& out = out_.rules.regions.emplace_back();
  out.name = in.name();
  regions_.insert(out.name);
  out.parent = in.parent();
  for (const auto& neighbour : in.neighbour()) {
    out.neighbours.push_back({neighbour.region(), neighbour.kilometres()});
  }
  out.reserve_permille = in.reserve_permille();
  out.label_required = in.label_required();
  out.time_zone = in.time_zone();
  if (out.time_zone.empty()) return;
  if (!LoadTransitions(out.time_zone, &out.transitions)) {
    faults_.push_back({At("region", index) + ".time_zone",
                       Quoted(out.time_zone),
                       "an IANA time zone such as \"Europe/Moscow\""});
  }
}

void PoolReader::ReadRange(int index) {
  const std::string path = At("range", index);
  const v1::NumberRange& in = proto_.range(index);
  NumberRange& out = out_.rules.ranges.emplace_back();
  out.region = in.region();
  const bool both = !in.first().empty() && !in.last().empty();
  if (in.prefix().empty()) {
    if (!both && (in.first().empty() && in.last().empty())) {
      faults_.push_back(
          {path, "neither", "first and last, or prefix and digits"});
      return;
    }
    ReadPhone(path + ".first", in.first(), &out.first);
    ReadPhone(path + ".last", in.last(), &out.last);
    return;
  }
  if (!in.first().empty() || !in.last().empty()) {
    faults_.push_back({path + ".prefix", "both",
                       "either first and last, or prefix and digits"});
    return;
  }
  const std::string digits =
      in.prefix().front() == '+' ? in.prefix().substr(1) : in.prefix();
  out.first = Padded(digits, in.digits(), '0');
  out.last = Padded(digits, in.digits(), '9');
  if (out.first.none() || out.last.none() ||
      static_cast<int>(digits.size()) > in.digits()) {
    faults_.push_back({path + ".digits", absl::StrCat(in.digits()),
                       absl::StrCat("how many digits numbers that begin with ",
                                    Quoted(in.prefix()), " have, 7 to 15")});
  }
}

void PoolReader::ReadNumber(int index) {
  const v1::PoolNumber& in = proto_.number(index);
  WrittenNumber written;
  written.number = in.number();
  written.group = in.group();
  written.region = in.region();
  if (in.has_weight()) written.weight = absl::StrCat(in.weight());
  written.rank = absl::StrCat(in.rank());
  written.verified = in.verified();
  written.state = v1::PoolNumber::State_Name(in.state());
  NumberConfig number;
  std::vector<Fault> faults;
  if (MakeNumber(written, &number, &faults)) {
    out_.numbers.put.push_back(std::move(number));
  }
  for (Fault& fault : faults) {
    fault.path = absl::StrCat(At("number", index), ".", fault.path);
    faults_.push_back(std::move(fault));
  }
}

void PoolReader::ReadBlock(int index) {
  const std::string path = At("block", index);
  const v1::NumberBlock& in = proto_.block(index);
  PhoneNumber first, last;
  if (!ReadPhone(path + ".first", in.first(), &first) ||
      !ReadPhone(path + ".last", in.last(), &last)) {
    return;
  }
  const uint64_t limit =
      static_cast<uint64_t>(std::max(0, out_.options.numbers_max));
  const uint64_t most =
      limit - std::min<uint64_t>(limit, out_.numbers.put.size());
  if (last < first || last.value() - first.value() >= most ||
      first.ToString().size() != last.ToString().size()) {
    faults_.push_back({path + ".last", last.ToString(),
                       absl::StrCat("a number of the length of ",
                                    first.ToString(), ", for at most ", most,
                                    " numbers more (limits.numbers_max)")});
    return;
  }
  WrittenNumber written;
  written.group = in.group();
  written.region = in.region();
  written.verified = in.verified();
  written.state = v1::PoolNumber::State_Name(in.state());
  for (uint64_t value = first.value(); value <= last.value(); ++value) {
    written.number = PhoneNumber::FromValue(value).ToString();
    std::vector<Fault> faults;
    NumberConfig number;
    if (MakeNumber(written, &number, &faults)) {
      out_.numbers.put.push_back(std::move(number));
      continue;
    }
    for (Fault& fault : faults) {  // Those of the first say it all.
      if (fault.path == "number") fault.path = "first";
      fault.path = absl::StrCat(path, ".", fault.path);
      faults_.push_back(std::move(fault));
    }
    return;
  }
}

void PoolReader::ReadAll() {
  out_.name = proto_.name();
  ReadLimits();
  ReadHealth();
  for (int i = 0; i < proto_.group_size(); ++i) ReadGroup(i);
  for (int i = 0; i < proto_.campaign_size(); ++i) ReadCampaign(i);
  for (int i = 0; i < proto_.region_size(); ++i) ReadRegion(i);
  for (int i = 0; i < proto_.range_size(); ++i) ReadRange(i);
  for (int i = 0; i < proto_.range_file_size(); ++i) ReadRangeFile(i);
  out_.rules.carriers.assign(proto_.carrier().begin(), proto_.carrier().end());
  for (int i = 0; i < proto_.number_size(); ++i) ReadNumber(i);
  for (int i = 0; i < proto_.number_file_size(); ++i) ReadNumberFile(i);
  for (int i = 0; i < proto_.block_size(); ++i) ReadBlock(i);
}

const FileFault* PoolReader::PlaceOfRange(std::size_t i) const {
  const std::size_t here = static_cast<std::size_t>(proto_.range_size());
  return i < here ? nullptr : &range_places_[i - here];
}

namespace {

// Faults of the rules in the order they are found in; those in a range that a
// table brought have the row's place.
void Place(std::vector<Fault> found, const PoolReader& reader,
           MessageFile* file, std::vector<FileFault>* elsewhere) {
  for (Fault& fault : found) {
    std::size_t index = 0;
    const FileFault* row = nullptr;
    if (fault.path.rfind("range[", 0) == 0) {
      index = static_cast<std::size_t>(std::atoll(fault.path.c_str() + 6));
      row = reader.PlaceOfRange(index);
    }
    if (row == nullptr) {
      file->Add(fault.path, std::move(fault.found), std::move(fault.expected));
      continue;
    }
    FileFault placed = *row;
    placed.field = fault.path.substr(fault.path.find('.') + 1);
    placed.found = std::move(fault.found);
    placed.expected = std::move(fault.expected);
    elsewhere->push_back(std::move(placed));
  }
}

}  // namespace

absl::StatusOr<PoolFile> ParsePool(std::string_view text,
                                   std::string_view file_name,
                                   const FileReader& read,
                                   std::vector<FileFault>* faults) {
  MessageFile file(text, file_name);
  v1::Pool proto;
  PoolFile out;
  std::vector<FileFault> elsewhere;
  if (file.Read(&proto)) {
    std::vector<Fault> found;
    PoolReader reader(proto, read, &out, &found, &elsewhere);
    reader.ReadAll();
    const bool readable = found.empty() && elsewhere.empty();
    Place(std::move(found), reader, &file, &elsewhere);
    // Where something was not understood there is a default instead.
    if (readable) Place(FindFaults(out.rules), reader, &file, &elsewhere);
  }
  std::vector<FileFault> all = file.Take();
  all.insert(all.end(), elsewhere.begin(), elsewhere.end());
  const absl::Status status = Conclude(std::move(all), faults);
  if (!status.ok()) return status;
  return out;
}

}  // namespace callrouter
