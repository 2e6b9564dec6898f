#include "dial_rules_archive.h"

#include <string>
#include <vector>

namespace callrouter {

namespace {

void Texts(Archive& a, std::vector<std::string>& texts) {
  a.List(texts, [&](std::string& text) { a(text); });
}

void Transfer(Archive& a, OpenPeriod& p) {
  a.All(p.weekday, p.from_minute, p.to_minute);
}

void Transfer(Archive& a, std::vector<DialCap>& caps) {
  a.List(caps, [&](DialCap& c) {
    a.All(c.name, c.scope, c.event, c.window, c.rolling, c.limit, c.action);
  });
}

void Transfer(Archive& a, DialLaw& law) {
  a.All(law.name, law.source, law.as_of);
  Texts(a, law.places);
  a.List(law.open, [&](OpenPeriod& p) { Transfer(a, p); });
  a.List(law.closed, [&](int32_t& day) { a(day); });
  a.List(law.holidays, [&](Holiday& h) {
    a.All(h.year, h.month, h.day);
    a.List(h.open, [&](OpenPeriod& p) { Transfer(a, p); });
  });
  Transfer(a, law.caps);
  a.All(law.ring_least, law.connect_within, law.connect_from,
        law.message_required, law.drop_permille, law.drop_period);
}

void Transfer(Archive& a, RedialRule& r) {
  Texts(a, r.dispositions);
  a.All(r.number_type, r.segment, r.from, r.to, r.action);
  a.List(r.delays, [&](absl::Duration& delay) { a(delay); });
  a.All(r.other_day_part, r.priority, r.guarantee);
}

void Transfer(Archive& a, DialCampaign& c) {
  a.All(c.name, c.guard);
  Texts(a, c.laws);
  Transfer(a, c.caps);
  a.List(c.redial, [&](RedialRule& rule) { Transfer(a, rule); });
  a.List(c.order, [&](LeadOrder& order) { a(order); });
  a.All(c.due_grain, c.mix, c.consent_required, c.check_required,
        c.callbacks_beat_caps, c.callback_fallback, c.missed);
  BestHour& best = c.best_hour;
  a.All(best.on, best.horizon, best.cost_permille, best.prior_attempts,
        best.prior_permille);
}

}  // namespace

void Transfer(Archive& a, DialRules& rules) {
  a.List(rules.zones, [&](DialZone& zone) {
    a(zone.name);
    a.List(zone.transitions,
           [&](ZoneTransition& t) { a.All(t.at, t.offset_seconds); });
  });
  a.List(rules.places, [&](DialPlace& place) {
    a(place.name);
    Texts(a, place.zones);
    Texts(a, place.prefixes);
  });
  a.List(rules.laws, [&](DialLaw& law) { Transfer(a, law); });
  a.List(rules.guards, [&](DialGuard& guard) {
    a(guard.name);
    Texts(a, guard.allowed);
    Texts(a, guard.refused);
  });
  Texts(a, rules.number_types);
  Texts(a, rules.segments);
  a.List(rules.dispositions,
         [&](DialDisposition& d) { a.All(d.name, d.result); });
  a.List(rules.campaigns, [&](DialCampaign& c) { Transfer(a, c); });
  a.List(rules.lists, [&](DialList& list) {
    a.All(list.name, list.campaign, list.share, list.quota);
  });
}

}  // namespace callrouter
