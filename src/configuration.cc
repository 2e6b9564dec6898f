#include "callrouter/configuration.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "callrouter/requirement.h"
#include "configuration_faults.h"

namespace callrouter {
namespace {

using configuration_internal::Faults;
using configuration_internal::HasControlCharacter;
using configuration_internal::Path;
using configuration_internal::Quoted;

using Names = absl::flat_hash_set<std::string>;

constexpr size_t kNameMax = 200;
constexpr int32_t kCountMax = 1'000'000;
constexpr size_t kTransitionsMax = 4096;
constexpr absl::Duration kDurationMax = absl::Hours(1000);

// What a duration may be besides 0 to 1000 hours.
enum class Allow { kZero, kPositive, kZeroOrInfinite, kPositiveOrInfinite };

class Finder {
 public:
  explicit Finder(const Configuration& config) : config_(config) {}

  std::vector<Fault> Find() {
    CollectNames();
    const Path root;
    Each(root, "queue", config_.queues, &Finder::CheckQueue);
    Each(root, "plan", config_.plans, &Finder::CheckPlan);
    Each(root, "hours", config_.hours, &Finder::CheckHours);
    Each(root, "agent", config_.agents, &Finder::CheckAgent);
    Each(root, "medium", config_.media, &Finder::CheckMedium);
    if (media_.size() > static_cast<size_t>(kMediaMax)) {
      faults_.Add(Path(root, "medium"),
                  absl::StrCat(media_.size(), " media with \"voice\""),
                  absl::StrCat("at most ", kMediaMax));
    }
    Names seen;
    for (size_t i = 0; i < config_.known_skills.size(); ++i) {
      CheckWord(Path(root, "known_skill", i), config_.known_skills[i], &seen);
    }
    seen.clear();
    for (size_t i = 0; i < config_.known_attributes.size(); ++i) {
      CheckWord(Path(root, "known_attribute", i), config_.known_attributes[i],
                &seen);
    }
    configuration_internal::FindFlowFaults(config_, &faults_);
    return faults_.Take();
  }

 private:
  template <typename T>
  void Each(const Path& parent, const char* field, const std::vector<T>& items,
            void (Finder::*check)(const Path&, const T&)) {
    for (size_t i = 0; i < items.size(); ++i) {
      (this->*check)(Path(parent, field, i), items[i]);
    }
  }

  void CollectNames() {
    for (const QueueConfig& queue : config_.queues) queues_.insert(queue.name);
    for (const Plan& plan : config_.plans) plans_.insert(plan.name);
    for (const HoursConfig& hours : config_.hours) hours_.insert(hours.name);
    media_.insert("voice");
    for (const Medium& medium : config_.media) media_.insert(medium.name);
    known_skills_.insert(config_.known_skills.begin(),
                         config_.known_skills.end());
    known_attributes_.insert(config_.known_attributes.begin(),
                             config_.known_attributes.end());
  }

  // A name, unique among those already in `seen`.
  void CheckName(const Path& path, const std::string& name, Names* seen) {
    if (name.empty() || name.size() > kNameMax || HasControlCharacter(name)) {
      faults_.Add(path, name.empty() ? "nothing" : Quoted(name),
                  "a name of 1 to 200 bytes without control characters");
    } else if (!seen->insert(name).second) {
      faults_.Add(path, absl::StrCat(Quoted(name), " a second time"),
                  "a name not used before");
    }
  }

  // A skill's or attribute's name: requirements put odd ones in backquotes.
  void CheckWord(const Path& path, const std::string& name, Names* seen) {
    if (name.find('`') != std::string::npos) {
      faults_.Add(path, Quoted(name), "a name without backquotes");
    }
    CheckName(path, name, seen);
  }

  void CheckReference(const Path& path, const std::string& name,
                      const Names& existing, const char* kind) {
    if (existing.contains(name)) return;
    faults_.Add(path, name.empty() ? "nothing" : Quoted(name),
                absl::StrCat("the name of ", kind));
  }

  void CheckRange(const Path& path, int32_t value, int32_t min, int32_t max) {
    if (value >= min && value <= max) return;
    faults_.Add(path, absl::StrCat(value),
                absl::StrCat("a number from ", min, " to ", max));
  }

  void CheckDuration(const Path& path, absl::Duration value, Allow allow) {
    const bool infinite =
        allow == Allow::kZeroOrInfinite || allow == Allow::kPositiveOrInfinite;
    const bool positive =
        allow == Allow::kPositive || allow == Allow::kPositiveOrInfinite;
    if (infinite && value == absl::InfiniteDuration()) return;
    const bool in_range = value >= absl::ZeroDuration() &&
                          value <= kDurationMax &&
                          (!positive || value > absl::ZeroDuration());
    if (in_range && absl::Trunc(value, absl::Microseconds(1)) == value) return;
    faults_.Add(path, absl::FormatDuration(value),
                in_range   ? "whole microseconds"
                : positive ? "a duration above 0 and up to 1000h"
                           : "a duration from 0 to 1000h");
  }

  // Enumerations of a host that filled the structs in by hand.
  template <typename E>
  void CheckEnum(const Path& path, E value, E last) {
    CheckRange(path, static_cast<int32_t>(value), 1,
               static_cast<int32_t>(last));
  }

  void CheckRequirement(const Path& path, const std::string& text) {
    RequirementFault fault;
    const absl::StatusOr<Requirement> parsed = Requirement::Parse(text, &fault);
    if (!parsed.ok()) {
      faults_.Add(path, fault.found, fault.expected, fault.column);
      return;
    }
    for (const Requirement::Atom& atom : parsed->atoms()) {
      const char* expected = nullptr;
      switch (atom.kind) {
        case Requirement::AtomKind::kSkill:
          if (!IsKnown(known_skills_, atom.name)) {
            expected = "a skill listed in known_skill";
          }
          break;
        case Requirement::AtomKind::kAttribute:
          if (!IsKnown(known_attributes_, atom.name)) {
            expected = "an attribute listed in known_attribute";
          }
          break;
        case Requirement::AtomKind::kMember:
        case Requirement::AtomKind::kPenalty:
          if (!queues_.contains(atom.name)) expected = "the name of a queue";
          break;
      }
      if (expected != nullptr) {
        faults_.Add(path, Quoted(atom.name), expected, atom.column);
      }
    }
  }

  static bool IsKnown(const Names& known, const std::string& name) {
    return known.empty() || known.contains(name);
  }

  void CheckCause(const Path& path, Cause cause) {
    if (cause >= Cause::kNormal && cause <= Cause::kClosed) return;
    faults_.Add(Path(path, "hang_up"),
                absl::StrCat("cause ", static_cast<int>(cause)),
                "normal, busy, congestion, no_answer or closed");
  }

  void CheckOutside(const Path& parent, const SendOutside& outside) {
    const Path path(parent, "send_outside");
    if (outside.destination.empty() ||
        outside.destination.size() > 4 * kNameMax ||
        HasControlCharacter(outside.destination)) {
      faults_.Add(
          Path(path, "destination"),
          outside.destination.empty() ? "nothing" : Quoted(outside.destination),
          "an address of 1 to 800 bytes without control characters");
    }
    CheckDuration(Path(path, "ring"), outside.ring, Allow::kPositiveOrInfinite);
  }

  void CheckEntryAction(const Path& path, const EntryAction& action,
                        const std::string& own_queue) {
    switch (action.kind) {
      case EntryActionKind::kAdmit:
        return;
      case EntryActionKind::kHangUp:
        return CheckCause(path, action.cause);
      case EntryActionKind::kSendOutside:
        return CheckOutside(path, action.outside);
      case EntryActionKind::kMoveToQueue: {
        const Path target(path, "move_to_queue");
        CheckReference(target, action.queue, queues_, "a queue");
        if (action.queue == own_queue) {
          faults_.Add(target, "the queue itself", "the name of another queue");
        }
        return;
      }
    }
    CheckEnum(path, action.kind, EntryActionKind::kMoveToQueue);
  }

  void CheckStrategy(const Path& path, const Strategy& strategy) {
    CheckEnum(Path(path, "order"), strategy.order, AgentOrder::kWeightedRandom);
    CheckEnum(Path(path, "ring"), strategy.ring, RingMode::kProgressive);
    CheckDuration(Path(path, "progressive_interval"),
                  strategy.progressive_interval, Allow::kPositive);
    CheckRange(Path(path, "offers_max"), strategy.offers_max, 0, kCountMax);
  }

  void CheckEntry(const Path& path, const QueueConfig& queue) {
    const Entry& entry = queue.entry;
    CheckEntryAction(Path(path, "when_closed"), entry.when_closed, queue.name);
    CheckEntryAction(Path(path, "when_nobody_logged_in"),
                     entry.when_nobody_logged_in, queue.name);
    CheckEntryAction(Path(path, "when_nobody_available"),
                     entry.when_nobody_available, queue.name);
    CheckRange(Path(path, "waiting_max"), entry.waiting_max, 0, kCountMax);
    CheckEntryAction(Path(path, "when_full"), entry.when_full, queue.name);
  }

  void CheckCallOrder(const Path& path, const QueueConfig& queue) {
    const CallOrder& order = queue.call_order;
    CheckEnum(Path(path, "rule"), order.rule, CallRule::kAccelerated);
    if (order.acceleration_milli < 0 || order.acceleration_milli > 100'000) {
      faults_.Add(Path(path, "acceleration"),
                  absl::StrCat(order.acceleration_milli, " thousandths"),
                  "a number from 0 to 100");
    }
    CheckDuration(Path(path, "priority_worth"), order.priority_worth,
                  Allow::kZero);
    CheckDuration(Path(path, "ceiling"), order.ceiling, Allow::kZeroOrInfinite);
  }

  void CheckMisses(const Path& path, const Misses& misses) {
    CheckRange(Path(path, "pause_after"), misses.pause_after, 0, kCountMax);
    CheckDuration(Path(path, "pause_return"), misses.pause_return,
                  Allow::kPositiveOrInfinite);
    CheckDuration(Path(path, "cool_off_no_answer"), misses.cool_off_no_answer,
                  Allow::kZero);
    CheckDuration(Path(path, "cool_off_busy"), misses.cool_off_busy,
                  Allow::kZero);
    CheckDuration(Path(path, "cool_off_declined"), misses.cool_off_declined,
                  Allow::kZero);
    CheckDuration(Path(path, "cool_off_failed"), misses.cool_off_failed,
                  Allow::kZero);
    CheckDuration(Path(path, "skip_for_caller"), misses.skip_for_caller,
                  Allow::kZero);
  }

  void CheckReserve(const Path& path, const Reserve& reserve) {
    CheckRequirement(Path(path, "agents"), reserve.agents);
    CheckRange(Path(path, "keep_idle"), reserve.keep_idle, 0, kCountMax);
  }

  void CheckQueue(const Path& path, const QueueConfig& queue) {
    CheckName(Path(path, "name"), queue.name, &seen_queues_);
    CheckReference(Path(path, "medium"), queue.medium, media_, "a medium");
    CheckRequirement(Path(path, "requirement"), queue.requirement);
    CheckStrategy(Path(path, "strategy"), queue.strategy);
    CheckDuration(Path(path, "ring"), queue.ring, Allow::kPositive);
    CheckDuration(Path(path, "wrap_up"), queue.wrap_up, Allow::kZero);
    CheckRange(Path(path, "weight"), queue.weight, -kCountMax, kCountMax);
    // Urgency divides by the target.
    CheckDuration(
        Path(path, "service_level_target"), queue.service_level_target,
        queue.call_order.rule == CallRule::kServiceLevel ? Allow::kPositive
                                                         : Allow::kZero);
    CheckDuration(Path(path, "short_abandon"), queue.short_abandon,
                  Allow::kZero);
    if (!queue.plan.empty()) {
      CheckReference(Path(path, "plan"), queue.plan, plans_, "a plan");
    }
    if (!queue.hours.empty()) {
      CheckReference(Path(path, "hours"), queue.hours, hours_, "hours");
    }
    CheckEntry(Path(path, "entry"), queue);
    CheckCallOrder(Path(path, "call_order"), queue);
    CheckMisses(Path(path, "misses"), queue.misses);
    Each(path, "reserve", queue.reserve, &Finder::CheckReserve);
    CheckRange(Path(path, "reserve_above"), queue.reserve_above, -1, kCountMax);
    CheckDuration(Path(path, "preferred_patience"), queue.preferred_patience,
                  Allow::kZero);
  }

  void CheckStepAction(const Path& path, const Step& step) {
    switch (step.action) {
      case StepAction::kWiden:
        return CheckRequirement(Path(path, "widen"), step.requirement);
      case StepAction::kReplace:
        return CheckRequirement(Path(path, "replace"), step.requirement);
      case StepAction::kRaisePriority:
        return CheckRange(Path(path, "raise_priority"), step.priority,
                          -kCountMax, kCountMax);
      case StepAction::kAlsoOffer:
        return CheckReference(Path(path, "also_offer"), step.queue, queues_,
                              "a queue");
      case StepAction::kMoveToQueue:
        return CheckReference(Path(path, "move_to_queue"), step.queue, queues_,
                              "a queue");
      case StepAction::kSendOutside:
        return CheckOutside(path, step.outside);
      case StepAction::kHangUp:
        return CheckCause(path, step.cause);
    }
    CheckEnum(path, step.action, StepAction::kHangUp);
  }

  void CheckPlan(const Path& path, const Plan& plan) {
    CheckName(Path(path, "name"), plan.name, &seen_plans_);
    if (plan.steps.size() > static_cast<size_t>(kPlanStepsMax)) {
      faults_.Add(Path(path, "step"), absl::StrCat(plan.steps.size(), " steps"),
                  absl::StrCat("at most ", kPlanStepsMax));
    }
    Names ids;
    for (size_t i = 0; i < plan.steps.size(); ++i) {
      const Step& step = plan.steps[i];
      const Path at(path, "step", i);
      CheckName(Path(at, "id"), step.id, &ids);
      CheckDuration(Path(at, "after"), step.after, Allow::kZero);
      CheckRange(Path(Path(at, "when"), "queue_longer_than"),
                 step.when.queue_longer_than, -1, kCountMax);
      CheckStepAction(at, step);
    }
    const Path last(path, "last");
    if (plan.last.kind == EntryActionKind::kHangUp) {
      CheckCause(last, plan.last.cause);
    } else if (plan.last.kind == EntryActionKind::kSendOutside) {
      CheckOutside(last, plan.last.outside);
      if (plan.last.outside.ring != absl::InfiniteDuration()) {
        faults_.Add(Path(Path(last, "send_outside"), "ring"),
                    absl::FormatDuration(plan.last.outside.ring),
                    "nothing: a last action cannot come back to the queue");
      }
    } else {
      faults_.Add(last, "another action", "hang_up or send_outside");
    }
  }

  void CheckPeriods(const Path& parent, const std::vector<OpenPeriod>& open,
                    bool weekly) {
    for (size_t i = 0; i < open.size(); ++i) {
      const Path path(parent, "open", i);
      if (weekly) CheckRange(Path(path, "day"), open[i].weekday, 0, 6);
      CheckRange(Path(path, "from"), open[i].from_minute, 0, 1439);
      CheckRange(Path(path, "to"), open[i].to_minute, 0, 1440);
    }
  }

  void CheckTransitions(const Path& hours_path, const HoursConfig& hours) {
    const std::vector<ZoneTransition>& all = hours.transitions;
    if (all.size() > kTransitionsMax) {
      faults_.Add(Path(hours_path, "transitions"),
                  absl::StrCat(all.size(), " transitions"),
                  absl::StrCat("at most ", kTransitionsMax));
    }
    for (size_t i = 0; i < all.size(); ++i) {
      const Path path(hours_path, "transitions", i);
      if (i == 0 ? all[i].at != absl::InfinitePast()
                 : all[i].at <= all[i - 1].at ||
                       absl::FromUnixSeconds(absl::ToUnixSeconds(all[i].at)) !=
                           all[i].at) {
        faults_.Add(path, absl::FormatTime(all[i].at, absl::UTCTimeZone()),
                    i == 0 ? "the infinite past"
                           : "a whole second after the transition before");
      }
      CheckRange(Path(path, "offset_seconds"), all[i].offset_seconds, -86'400,
                 86'400);
    }
  }

  void CheckHours(const Path& path, const HoursConfig& hours) {
    CheckName(Path(path, "name"), hours.name, &seen_hours_);
    CheckTransitions(path, hours);
    CheckPeriods(path, hours.open, /*weekly=*/true);
    absl::flat_hash_set<absl::CivilDay> dates;
    for (size_t i = 0; i < hours.holidays.size(); ++i) {
      const Holiday& holiday = hours.holidays[i];
      const Path at(path, "holiday", i);
      const std::string text = absl::StrCat(
          holiday.year, "-", absl::Dec(holiday.month, absl::kZeroPad2), "-",
          absl::Dec(holiday.day, absl::kZeroPad2));
      const absl::CivilDay date(holiday.year, holiday.month, holiday.day);
      if (holiday.year < 1970 || holiday.year > 2200 ||
          date.month() != holiday.month || date.day() != holiday.day) {
        faults_.Add(Path(at, "date"), text,
                    "a date of the calendar, 1970-01-01 to 2200-12-31");
      } else if (!dates.insert(date).second) {
        faults_.Add(Path(at, "date"), absl::StrCat(text, " a second time"),
                    "a date not listed before");
      }
      CheckPeriods(at, holiday.open, /*weekly=*/false);
    }
  }

  void CheckMembership(const Path& path, const Membership& membership) {
    CheckRange(Path(path, "penalty"), membership.penalty, 0, kCountMax);
    CheckRange(Path(path, "position"), membership.position, 0, kCountMax);
    CheckDuration(Path(path, "ring"), membership.ring,
                  Allow::kPositiveOrInfinite);
    CheckDuration(Path(path, "wrap_up"), membership.wrap_up,
                  Allow::kZeroOrInfinite);
    CheckRange(Path(path, "weight"), membership.weight, 0, kCountMax);
  }

  void CheckSkills(const Path& path, const AgentConfig& agent) {
    Names seen;
    for (size_t i = 0; i < agent.skills.size(); ++i) {
      const Path at(path, "skill", i);
      CheckWord(Path(at, "name"), agent.skills[i].name, &seen);
      if (!IsKnown(known_skills_, agent.skills[i].name)) {
        faults_.Add(Path(at, "name"), Quoted(agent.skills[i].name),
                    "a skill listed in known_skill");
      }
      CheckRange(Path(at, "level"), agent.skills[i].level, 1, 100);
    }
    seen.clear();
    for (size_t i = 0; i < agent.attributes.size(); ++i) {
      const Path at(path, "attribute", i);
      CheckWord(Path(at, "name"), agent.attributes[i].name, &seen);
      if (!IsKnown(known_attributes_, agent.attributes[i].name)) {
        faults_.Add(Path(at, "name"), Quoted(agent.attributes[i].name),
                    "an attribute listed in known_attribute");
      }
    }
  }

  void CheckAgent(const Path& path, const AgentConfig& agent) {
    CheckName(Path(path, "name"), agent.name, &seen_agents_);
    if (agent.ref == 0) {
      faults_.Add(Path(path, "ref"), "0", "the host's number for this agent");
    } else if (!seen_refs_.insert(agent.ref).second) {
      faults_.Add(Path(path, "ref"), absl::StrCat(agent.ref, " a second time"),
                  "a number no other agent has");
    }
    CheckSkills(path, agent);
    Names seen;
    for (size_t i = 0; i < agent.memberships.size(); ++i) {
      const Path at(path, "membership", i);
      const std::string& queue = agent.memberships[i].queue;
      CheckReference(Path(at, "queue"), queue, queues_, "a queue");
      if (!seen.insert(queue).second) {
        faults_.Add(Path(at, "queue"), absl::StrCat(Quoted(queue), " again"),
                    "one membership for each queue");
      }
      CheckMembership(at, agent.memberships[i]);
    }
    seen.clear();
    for (size_t i = 0; i < agent.capacities.size(); ++i) {
      const Path at(path, "capacity", i);
      const std::string& medium = agent.capacities[i].medium;
      CheckReference(Path(at, "medium"), medium, media_, "a medium");
      if (!seen.insert(medium).second) {
        faults_.Add(Path(at, "medium"), absl::StrCat(Quoted(medium), " again"),
                    "one capacity for each medium");
      }
      CheckRange(Path(at, "simultaneous"), agent.capacities[i].simultaneous, 1,
                 64);
    }
    CheckDuration(Path(path, "wrap_up"), agent.wrap_up, Allow::kZeroOrInfinite);
    CheckRange(Path(path, "weight"), agent.weight, 1, kCountMax);
  }

  void CheckMedium(const Path& path, const Medium& medium) {
    CheckName(Path(path, "name"), medium.name, &seen_media_);
    Names seen;
    for (size_t i = 0; i < medium.not_while_handling.size(); ++i) {
      const std::string& other = medium.not_while_handling[i];
      const Path at(path, "not_while_handling", i);
      CheckReference(at, other, media_, "a medium");
      if (!seen.insert(other).second) {
        faults_.Add(at, absl::StrCat(Quoted(other), " again"),
                    "each medium once");
      }
    }
  }

  const Configuration& config_;
  Faults faults_;
  Names queues_, plans_, hours_, media_, known_skills_, known_attributes_;
  Names seen_queues_, seen_plans_, seen_hours_, seen_agents_, seen_media_;
  absl::flat_hash_set<uint64_t> seen_refs_;
};

}  // namespace

std::vector<Fault> FindFaults(const Configuration& config) {
  return Finder(config).Find();
}

}  // namespace callrouter
