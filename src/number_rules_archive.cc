#include "number_rules_archive.h"

#include <string>
#include <vector>

namespace callrouter {

namespace {

void TransferTexts(Archive& a, std::vector<std::string>& texts) {
  a.List(texts, [&](std::string& text) { a(text); });
}

void TransferNumber(Archive& a, PhoneNumber& number) {
  uint64_t value = number.value();
  a(value);
  if (!a.writing()) number = PhoneNumber::FromValue(value);
}

void Transfer(Archive& a, NumberCaps& caps) {
  a.All(caps.per_minute, caps.per_hour, caps.per_day, caps.per_week,
        caps.per_local_day, caps.callees_per_day, caps.per_carrier_day,
        caps.concurrent, caps.cool_down, caps.suspect_permille,
        caps.probing_permille, caps.whole_caps_when_short);
  a.List(caps.warm_up, [&](NumberCaps::WarmUpStep& step) {
    a.All(step.after, step.permille);
  });
}

void Transfer(Archive& a, NumberGroup& group) {
  a.All(group.name, group.owner);
  a.List(group.trunks,
         [&](TrunkUse& use) { a.All(use.trunk, use.attestation); });
  TransferTexts(a, group.campaigns);
  TransferTexts(a, group.destinations);
  a.All(group.capabilities, group.label, group.label_from, group.label_until,
        group.usable_from, group.usable_until, group.verify_every);
  Transfer(a, group.caps);
}

void Transfer(Archive& a, NumberCampaign& c) {
  a.All(c.name, c.owner, c.capabilities, c.attestation, c.label,
        c.label_required, c.order, c.reach, c.neighbours_within, c.sticky,
        c.bind, c.sticky_keep, c.sticky_across_campaigns, c.avoid_last,
        c.distinct_per_campaign);
}

void Transfer(Archive& a, Region& region) {
  a.All(region.name, region.parent, region.reserve_permille,
        region.label_required, region.time_zone);
  a.List(region.neighbours,
         [&](Region::Neighbour& n) { a.All(n.region, n.kilometres); });
  a.List(region.transitions,
         [&](ZoneTransition& t) { a.All(t.at, t.offset_seconds); });
}

void Transfer(Archive& a, NumberHealthRules& h) {
  const auto outcomes = [&](std::vector<CallOutcome>& list) {
    a.List(list, [&](CallOutcome& outcome) { a(outcome); });
  };
  outcomes(h.answered);
  outcomes(h.unanswered);
  a.All(h.expected_permille, h.learn, h.prior_calls, h.half_life,
        h.attempts_apart, h.own_calls, h.own_prior_calls, h.drop_odds_permille,
        h.rest_at, h.suspect_at, h.label_weight, h.complaint_weight);
  a.All(h.rest_for, h.rest_growth_permille, h.suspect_for, h.probe_for,
        h.probe_fails_permille, h.probe_passes_permille, h.retire_after,
        h.rest_share_permille, h.hold_for);
}

}  // namespace

void Transfer(Archive& a, NumberRules& rules) {
  a.List(rules.groups, [&](NumberGroup& group) { Transfer(a, group); });
  a.List(rules.campaigns, [&](NumberCampaign& c) { Transfer(a, c); });
  a.List(rules.regions, [&](Region& region) { Transfer(a, region); });
  a.List(rules.ranges, [&](NumberRange& range) {
    TransferNumber(a, range.first);
    TransferNumber(a, range.last);
    a(range.region);
  });
  TransferTexts(a, rules.carriers);
  Transfer(a, rules.health);
}

}  // namespace callrouter
