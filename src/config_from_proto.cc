#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "config_convert.h"
#include "configuration_faults.h"

namespace callrouter {
namespace {

using configuration_internal::Faults;
using configuration_internal::Path;
using configuration_internal::Quoted;

constexpr int kMinutesPerDay = 24 * 60;
constexpr const char* kDayNames[] = {"mon", "tue", "wed", "thu",
                                     "fri", "sat", "sun"};

bool AllDigits(std::string_view text) {
  for (char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return !text.empty();
}

int ToInt(std::string_view digits) {
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

// 0 = Monday, -1 if `text` is no day.
int DayOf(std::string_view text) {
  for (int day = 0; day < 7; ++day) {
    if (text == kDayNames[day]) return day;
  }
  return -1;
}

class Converter {
 public:
  Converter(const v1::Config& in, Configuration* out) : in_(in), out_(*out) {}

  std::vector<Fault> Convert() {
    const Path root;
    out_.name = in_.name();
    for (int i = 0; i < in_.queue_size(); ++i) {
      ConvertQueue(At(root, "queue", i), in_.queue(i),
                   &out_.queues.emplace_back());
    }
    for (int i = 0; i < in_.plan_size(); ++i) {
      ConvertPlan(At(root, "plan", i), in_.plan(i), &out_.plans.emplace_back());
    }
    for (int i = 0; i < in_.hours_size(); ++i) {
      ConvertHours(At(root, "hours", i), in_.hours(i),
                   &out_.hours.emplace_back());
    }
    for (int i = 0; i < in_.agent_size(); ++i) {
      ConvertAgent(At(root, "agent", i), in_.agent(i),
                   &out_.agents.emplace_back());
    }
    out_.prefer_low_penalty = in_.call_choice().prefer_low_penalty();
    for (const v1::Medium& medium : in_.medium()) {
      out_.media.push_back({medium.name(),
                            {medium.not_while_handling().begin(),
                             medium.not_while_handling().end()}});
    }
    out_.known_skills.assign(in_.known_skill().begin(),
                             in_.known_skill().end());
    out_.known_attributes.assign(in_.known_attribute().begin(),
                                 in_.known_attribute().end());
    return faults_.Take();
  }

 private:
  static Path At(const Path& parent, const char* field, int index) {
    return Path(parent, field, static_cast<size_t>(index));
  }

  // Empty text leaves the default.
  void ReadDuration(const Path& parent, const char* field,
                    const std::string& text, absl::Duration* out) {
    if (text.empty()) return;
    absl::Duration value;
    if (absl::ParseDuration(text, &value) &&
        value > -absl::InfiniteDuration() && value < absl::InfiniteDuration()) {
      *out = value;
      return;
    }
    const bool only_digits = AllDigits(text) && text.size() < 20;
    faults_.Add(
        Path(parent, field), Quoted(text),
        only_digits
            ? absl::StrCat("a duration with a unit; write \"", text, "s\"")
            : "a duration such as \"500ms\", \"15s\", \"2m30s\" or "
              "\"1h\"");
  }

  Cause ReadCause(const Path& parent, const v1::HangUp& hang_up) {
    const std::string& text = hang_up.cause();
    if (text.empty() || text == "normal") return Cause::kNormal;
    if (text == "busy") return Cause::kBusy;
    if (text == "congestion") return Cause::kCongestion;
    if (text == "no_answer") return Cause::kNoAnswer;
    if (text == "closed") return Cause::kClosed;
    faults_.Add(Path(Path(parent, "hang_up"), "cause"), Quoted(text),
                "normal, busy, congestion, no_answer or closed");
    return Cause::kNormal;
  }

  SendOutside ReadOutside(const Path& parent, const v1::SendOutside& in) {
    SendOutside out;
    out.destination = in.destination();
    ReadDuration(Path(parent, "send_outside"), "ring", in.ring(), &out.ring);
    return out;
  }

  // Unset leaves the default.
  void ReadEntryAction(const Path& path, bool is_set, const v1::EntryAction& in,
                       EntryAction* out) {
    if (!is_set) return;
    *out = {};
    switch (in.action_case()) {
      case v1::EntryAction::kHangUp:
        out->kind = EntryActionKind::kHangUp;
        out->cause = ReadCause(path, in.hang_up());
        return;
      case v1::EntryAction::kSendOutside:
        out->kind = EntryActionKind::kSendOutside;
        out->outside = ReadOutside(path, in.send_outside());
        return;
      case v1::EntryAction::kMoveToQueue:
        out->kind = EntryActionKind::kMoveToQueue;
        out->queue = in.move_to_queue();
        return;
      case v1::EntryAction::kAdmit:
        if (!in.admit()) {
          faults_.Add(Path(path, "admit"), "false",
                      "true, or hang_up, send_outside or move_to_queue");
        }
        return;
      case v1::EntryAction::ACTION_NOT_SET:
        faults_.Add(path, "no action",
                    "hang_up, send_outside, move_to_queue or admit");
        return;
    }
  }

  void ConvertEntry(const Path& queue_path, const v1::Entry& in, Entry* out) {
    const Path path(queue_path, "entry");
    ReadEntryAction(Path(path, "when_closed"), in.has_when_closed(),
                    in.when_closed(), &out->when_closed);
    ReadEntryAction(Path(path, "when_nobody_logged_in"),
                    in.has_when_nobody_logged_in(), in.when_nobody_logged_in(),
                    &out->when_nobody_logged_in);
    ReadEntryAction(Path(path, "when_nobody_available"),
                    in.has_when_nobody_available(), in.when_nobody_available(),
                    &out->when_nobody_available);
    out->waiting_max = in.waiting_max();
    ReadEntryAction(Path(path, "when_full"), in.has_when_full(), in.when_full(),
                    &out->when_full);
  }

  void ConvertStrategy(const Path& queue_path, const v1::Strategy& in,
                       Strategy* out) {
    const Path path(queue_path, "strategy");
    if (in.order() != v1::Strategy::ORDER_UNSPECIFIED) {
      out->order = ReadEnum(Path(path, "order"), in.order(),
                            v1::Strategy::Order_IsValid(in.order()),
                            AgentOrder::kLongestIdle);
    }
    if (in.ring() != v1::Strategy::RING_UNSPECIFIED) {
      out->ring =
          ReadEnum(Path(path, "ring"), in.ring(),
                   v1::Strategy::Ring_IsValid(in.ring()), RingMode::kOne);
    }
    ReadDuration(path, "progressive_interval", in.progressive_interval(),
                 &out->progressive_interval);
    out->offers_max = in.offers_max();
    out->freed_agents_join = in.freed_agents_join();
    out->ignore_penalty = in.ignore_penalty();
  }

  // The numbers of schema and core are the same.
  template <typename E>
  E ReadEnum(const Path& path, int number, bool valid, E fallback) {
    if (valid) return static_cast<E>(number);
    faults_.Add(path, absl::StrCat(number), "an enumerator of the schema");
    return fallback;
  }

  void ConvertCallOrder(const Path& queue_path, const v1::CallOrder& in,
                        CallOrder* out) {
    const Path path(queue_path, "call_order");
    if (in.rule() != v1::CallOrder::RULE_UNSPECIFIED) {
      out->rule =
          ReadEnum(Path(path, "rule"), in.rule(),
                   v1::CallOrder::Rule_IsValid(in.rule()), CallRule::kAge);
    }
    if (in.has_acceleration()) {
      const double milli = in.acceleration() * 1000;
      if (milli >= 0 && milli <= 100'000) {
        out->acceleration_milli = static_cast<int32_t>(std::lround(milli));
      } else {
        faults_.Add(Path(path, "acceleration"), absl::StrCat(in.acceleration()),
                    "a number from 0 to 100");
      }
    }
    ReadDuration(path, "priority_worth", in.priority_worth(),
                 &out->priority_worth);
    ReadDuration(path, "ceiling", in.ceiling(), &out->ceiling);
  }

  void ConvertMisses(const Path& queue_path, const v1::Misses& in,
                     Misses* out) {
    const Path path(queue_path, "misses");
    out->pause_after = in.pause_after();
    ReadDuration(path, "pause_return", in.pause_return(), &out->pause_return);
    ReadDuration(path, "cool_off_no_answer", in.cool_off_no_answer(),
                 &out->cool_off_no_answer);
    ReadDuration(path, "cool_off_busy", in.cool_off_busy(),
                 &out->cool_off_busy);
    ReadDuration(path, "cool_off_declined", in.cool_off_declined(),
                 &out->cool_off_declined);
    ReadDuration(path, "cool_off_failed", in.cool_off_failed(),
                 &out->cool_off_failed);
    ReadDuration(path, "skip_for_caller", in.skip_for_caller(),
                 &out->skip_for_caller);
  }

  // In the core -1 stands for what is not set.
  void ReadOptionalCount(const Path& path, bool is_set, int32_t value,
                         int32_t* out) {
    if (!is_set) return;
    if (value < 0) {
      faults_.Add(path, absl::StrCat(value), "a number from 0 to 1000000");
    } else {
      *out = value;
    }
  }

  void ConvertQueue(const Path& path, const v1::Queue& in, QueueConfig* out) {
    out->name = in.name();
    if (!in.medium().empty()) out->medium = in.medium();
    out->requirement = in.requirement();
    out->members_only = in.members_only();
    ConvertStrategy(path, in.strategy(), &out->strategy);
    ReadDuration(path, "ring", in.ring(), &out->ring);
    ReadDuration(path, "wrap_up", in.wrap_up(), &out->wrap_up);
    out->weight = in.weight();
    ReadDuration(path, "service_level_target", in.service_level_target(),
                 &out->service_level_target);
    ReadDuration(path, "short_abandon", in.short_abandon(),
                 &out->short_abandon);
    out->plan = in.plan();
    out->hours = in.hours();
    ConvertEntry(path, in.entry(), &out->entry);
    ConvertCallOrder(path, in.call_order(), &out->call_order);
    ConvertMisses(path, in.misses(), &out->misses);
    for (const v1::Reserve& reserve : in.reserve()) {
      out->reserve.push_back({reserve.agents(), reserve.keep_idle()});
    }
    ReadOptionalCount(Path(path, "reserve_above"), in.has_reserve_above(),
                      in.reserve_above(), &out->reserve_above);
    ReadDuration(path, "preferred_patience", in.preferred_patience(),
                 &out->preferred_patience);
  }

  void ConvertStep(const Path& path, const v1::Step& in, Step* out) {
    out->id = in.id();
    ReadDuration(path, "after", in.after(), &out->after);
    out->since_previous = in.since_previous();
    ReadOptionalCount(Path(Path(path, "when"), "queue_longer_than"),
                      in.when().has_queue_longer_than(),
                      in.when().queue_longer_than(),
                      &out->when.queue_longer_than);
    out->when.nobody_logged_in = in.when().nobody_logged_in();
    out->when.nobody_available = in.when().nobody_available();
    out->when.outside_hours = in.when().outside_hours();
    out->finish_ring = in.finish_ring();
    switch (in.action_case()) {
      case v1::Step::kWiden:
        out->action = StepAction::kWiden;
        out->requirement = in.widen();
        return;
      case v1::Step::kReplace:
        out->action = StepAction::kReplace;
        out->requirement = in.replace();
        return;
      case v1::Step::kRaisePriority:
        out->action = StepAction::kRaisePriority;
        out->priority = in.raise_priority();
        return;
      case v1::Step::kAlsoOffer:
        out->action = StepAction::kAlsoOffer;
        out->queue = in.also_offer();
        return;
      case v1::Step::kMoveToQueue:
        out->action = StepAction::kMoveToQueue;
        out->queue = in.move_to_queue();
        return;
      case v1::Step::kSendOutside:
        out->action = StepAction::kSendOutside;
        out->outside = ReadOutside(path, in.send_outside());
        return;
      case v1::Step::kHangUp:
        out->action = StepAction::kHangUp;
        out->cause = ReadCause(path, in.hang_up());
        return;
      case v1::Step::ACTION_NOT_SET:
        faults_.Add(path, "no action",
                    "widen, replace, raise_priority, also_offer, "
                    "move_to_queue, send_outside or hang_up");
        return;
    }
  }

  void ConvertPlan(const Path& path, const v1::Plan& in, Plan* out) {
    out->name = in.name();
    for (int i = 0; i < in.step_size(); ++i) {
      ConvertStep(At(path, "step", i), in.step(i), &out->steps.emplace_back());
    }
    if (!in.has_last()) return;
    const Path last(path, "last");
    out->last = {};
    out->last.kind = EntryActionKind::kHangUp;
    switch (in.last().action_case()) {
      case v1::LastAction::kHangUp:
        out->last.cause = ReadCause(last, in.last().hang_up());
        return;
      case v1::LastAction::kSendOutside:
        out->last.kind = EntryActionKind::kSendOutside;
        out->last.outside = ReadOutside(last, in.last().send_outside());
        return;
      case v1::LastAction::ACTION_NOT_SET:
        faults_.Add(last, "no action", "hang_up or send_outside");
        return;
    }
  }

  // "HH:MM"; `latest` is the last minute of the day that may be named.
  bool ReadMinute(const Path& path, const std::string& text, int latest,
                  int32_t* out) {
    const size_t colon = text.find(':');
    if (colon == 2 && text.size() == 5) {
      const std::string_view hour = std::string_view(text).substr(0, 2);
      const std::string_view minute = std::string_view(text).substr(3);
      if (AllDigits(hour) && AllDigits(minute) && ToInt(minute) < 60 &&
          ToInt(hour) * 60 + ToInt(minute) <= latest) {
        *out = ToInt(hour) * 60 + ToInt(minute);
        return true;
      }
    }
    faults_.Add(path, text.empty() ? "nothing" : Quoted(text),
                latest == kMinutesPerDay
                    ? "a time of day from \"00:00\" to \"24:00\""
                    : "a time of day from \"00:00\" to \"23:59\"");
    return false;
  }

  // Days and ranges of days as weekdays; "fri-mon" goes over the week's end.
  std::vector<int> ReadDays(const Path& period, const v1::OpenPeriod& in) {
    std::vector<int> days;
    if (in.day_size() == 0) {
      faults_.Add(period, "no day", "day: \"mon-fri\" or another day or range");
    }
    for (int i = 0; i < in.day_size(); ++i) {
      const std::string_view text = in.day(i);
      const size_t dash = text.find('-');
      const int first = DayOf(text.substr(0, dash));
      const int last =
          dash == std::string_view::npos ? first : DayOf(text.substr(dash + 1));
      if (first < 0 || last < 0) {
        faults_.Add(At(period, "day", i), Quoted(text),
                    "mon, tue, wed, thu, fri, sat, sun or a range such as "
                    "\"mon-fri\"");
        continue;
      }
      for (int day = first;; day = (day + 1) % 7) {
        days.push_back(day);
        if (day == last) break;
      }
    }
    return days;
  }

  template <typename Periods>
  void ConvertPeriods(const Path& parent, const Periods& in, bool weekly,
                      std::vector<OpenPeriod>* out) {
    for (int i = 0; i < in.size(); ++i) {
      const Path path = At(parent, "open", i);
      OpenPeriod period;
      const bool from = ReadMinute(Path(path, "from"), in[i].from(),
                                   kMinutesPerDay - 1, &period.from_minute);
      const bool to = ReadMinute(Path(path, "to"), in[i].to(), kMinutesPerDay,
                                 &period.to_minute);
      std::vector<int> days = {0};
      if (weekly) days = ReadDays(path, in[i]);
      if (!from || !to) continue;
      for (int day : days) {
        period.weekday = day;
        out->push_back(period);
      }
    }
  }

  // "YYYY-MM-DD"; whether there is such a day is for FindFaults.
  void ReadDate(const Path& path, const std::string& text, Holiday* out) {
    const std::string_view view = text;
    if (view.size() == 10 && view[4] == '-' && view[7] == '-' &&
        AllDigits(view.substr(0, 4)) && AllDigits(view.substr(5, 2)) &&
        AllDigits(view.substr(8))) {
      out->year = ToInt(view.substr(0, 4));
      out->month = ToInt(view.substr(5, 2));
      out->day = ToInt(view.substr(8));
      return;
    }
    faults_.Add(path, text.empty() ? "nothing" : Quoted(text),
                "a date \"YYYY-MM-DD\"");
  }

  void ReadZone(const Path& path, const std::string& name,
                std::vector<ZoneTransition>* out) {
    if (name.empty()) return;
    auto [zone, is_new] = zones_.try_emplace(name);
    if (is_new && !LoadTransitions(name, &zone->second)) zone->second.clear();
    *out = zone->second;
    if (out->empty()) {
      faults_.Add(path, Quoted(name),
                  "an IANA time zone such as \"Europe/Rome\"");
    }
  }

  void ConvertHours(const Path& path, const v1::Hours& in, HoursConfig* out) {
    out->name = in.name();
    out->time_zone = in.time_zone();
    ReadZone(Path(path, "time_zone"), in.time_zone(), &out->transitions);
    ConvertPeriods(path, in.open(), /*weekly=*/true, &out->open);
    for (int i = 0; i < in.holiday_size(); ++i) {
      const Path at = At(path, "holiday", i);
      Holiday& holiday = out->holidays.emplace_back();
      ReadDate(Path(at, "date"), in.holiday(i).date(), &holiday);
      ConvertPeriods(at, in.holiday(i).open(), /*weekly=*/false, &holiday.open);
    }
  }

  void ConvertAgent(const Path& path, const v1::Agent& in, AgentConfig* out) {
    out->name = in.name();
    out->ref = in.ref();
    for (const v1::Skill& skill : in.skill()) {
      out->skills.push_back({skill.name(), skill.level()});
    }
    for (const v1::Attribute& attribute : in.attribute()) {
      out->attributes.push_back({attribute.name(), attribute.value()});
    }
    for (int i = 0; i < in.membership_size(); ++i) {
      const v1::Membership& from = in.membership(i);
      const Path at = At(path, "membership", i);
      Membership& to = out->memberships.emplace_back();
      to.queue = from.queue();
      to.penalty = from.penalty();
      to.position = from.position();
      ReadDuration(at, "ring", from.ring(), &to.ring);
      ReadDuration(at, "wrap_up", from.wrap_up(), &to.wrap_up);
      to.weight = from.weight();
      to.reserve = from.reserve();
    }
    for (const v1::Capacity& capacity : in.capacity()) {
      out->capacities.push_back({capacity.medium(), capacity.simultaneous()});
    }
    ReadDuration(path, "wrap_up", in.wrap_up(), &out->wrap_up);
    if (in.weight() != 0) out->weight = in.weight();
  }

  const v1::Config& in_;
  Configuration& out_;
  Faults faults_;
  absl::flat_hash_map<std::string, std::vector<ZoneTransition>> zones_;
};

}  // namespace

void ConvertConfig(const v1::Config& in, Configuration* out,
                   std::vector<Fault>* faults) {
  *out = Configuration();
  *faults = Converter(in, out).Convert();
}

}  // namespace callrouter
