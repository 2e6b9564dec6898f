#include "tests/oracle/naive_return_calls.h"

#include <algorithm>
#include <tuple>

namespace callrouter::oracle {

namespace {

int64_t KeepSeconds(const ReturnCallsOptions& options) {
  return absl::ToInt64Seconds(absl::Ceil(options.keep, absl::Seconds(1)));
}

// In the order of answers.
auto Rank(const ReturnCandidate& c) {
  return std::make_tuple(-absl::ToUnixSeconds(c.shown), c.number.value(),
                         c.campaign, c.lead, c.attempt, c.agent, c.outcome);
}

}  // namespace

const ReturnNumber* NaiveReturnCalls::Number(PhoneNumber number) const {
  for (const ReturnNumber& n : numbers_) {
    if (n.number == number) return &n;
  }
  return nullptr;
}

void NaiveReturnCalls::Enter(absl::Time now) {
  now_ = std::max(now_, now - skew_);
  std::erase_if(shown_, [&](const Shown& s) {
    return absl::ToUnixSeconds(now_) - s.seconds > KeepSeconds(options_);
  });
}

absl::StatusCode NaiveReturnCalls::Apply(const ReturnNumbersPatch& patch) {
  for (const PhoneNumber number : patch.remove) {
    if (Number(number) == nullptr) return absl::StatusCode::kNotFound;
  }
  for (const PhoneNumber number : patch.remove) {
    for (const Shown& s : shown_) {
      if (!s.dropped && s.call.number == number) {
        return absl::StatusCode::kFailedPrecondition;
      }
    }
  }
  const auto drop = [&](PhoneNumber number) {
    std::erase_if(numbers_,
                  [&](const ReturnNumber& n) { return n.number == number; });
  };
  for (const PhoneNumber number : patch.remove) {
    drop(number);
    // Nobody can ring back a number that is no longer ours.
    std::erase_if(shown_,
                  [&](const Shown& s) { return s.call.number == number; });
  }
  for (const ReturnNumber& put : patch.put) {
    drop(put.number);
    numbers_.push_back(put);
  }
  return absl::StatusCode::kOk;
}

absl::StatusCode NaiveReturnCalls::Show(const ShownCall& call) {
  if (Number(call.callee) != nullptr) return absl::StatusCode::kInvalidArgument;
  if (Number(call.number) == nullptr) return absl::StatusCode::kNotFound;
  Shown fresh;
  fresh.call = call;
  fresh.seconds = absl::ToUnixSeconds(now_);
  const auto same = [&](const Shown& s) {
    return s.call.number == call.number && s.call.callee == call.callee &&
           s.call.campaign == call.campaign && s.call.lead == call.lead;
  };
  auto known = std::find_if(shown_.begin(), shown_.end(), [&](const Shown& s) {
    return same(s) && !s.dropped;
  });
  if (known != shown_.end()) {
    if (known->call.attempt == call.attempt) return absl::StatusCode::kOk;
    if (call.agent == 0) fresh.call.agent = known->call.agent;
    fresh.crowded = known->crowded;
    shown_.erase(known);
    shown_.push_back(fresh);
    return absl::StatusCode::kOk;
  }
  Shown* last = nullptr;
  int32_t count = 0;
  const auto rank = [](const Shown& s) {
    return std::make_tuple(-s.seconds, s.call.number.value(), s.call.campaign,
                           s.call.lead);
  };
  for (Shown& s : shown_) {
    if (s.dropped || s.call.callee != call.callee) continue;
    ++count;
    if (last == nullptr || rank(s) > rank(*last)) last = &s;
  }
  if (count >= options_.per_callee_max) {
    last->dropped = true;
    fresh.crowded = true;
  } else if (entries() >= static_cast<std::size_t>(options_.entries_max)) {
    return absl::StatusCode::kResourceExhausted;
  }
  std::erase_if(shown_, [&](const Shown& s) { return same(s); });
  shown_.push_back(fresh);
  return absl::StatusCode::kOk;
}

absl::StatusCode NaiveReturnCalls::Outcome(const ShownCall& call,
                                           uint8_t outcome) {
  for (Shown& s : shown_) {
    if (s.dropped || s.call.number != call.number ||
        s.call.callee != call.callee || s.call.campaign != call.campaign ||
        s.call.lead != call.lead) {
      continue;
    }
    if (s.call.attempt != call.attempt) {
      return absl::StatusCode::kFailedPrecondition;
    }
    s.outcome = outcome;
    if (call.agent != 0) s.call.agent = call.agent;
    return absl::StatusCode::kOk;
  }
  return absl::StatusCode::kNotFound;
}

void NaiveReturnCalls::Forget(PhoneNumber subject) {
  std::erase_if(shown_,
                [&](const Shown& s) { return s.call.callee == subject; });
  std::erase_if(aliases_, [&](const auto& alias) {
    return alias.first == subject || alias.second == subject;
  });
}

template <class Matches>
void NaiveReturnCalls::Collect(Matches matches, ReturnAnswer* answer) const {
  std::vector<ReturnCandidate> all;
  for (const Shown& s : shown_) {
    if (s.dropped || !matches(s)) continue;
    ReturnCandidate c;
    c.lead = s.call.lead;
    c.attempt = s.call.attempt;
    c.agent = s.call.agent;
    c.number = s.call.number;
    c.campaign = s.call.campaign;
    c.outcome = s.outcome;
    c.shown = absl::FromUnixSeconds(s.seconds) + skew_;
    all.push_back(c);
  }
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return Rank(a) < Rank(b); });
  for (const ReturnCandidate& c : all) {
    const auto known =
        std::find_if(answer->candidates.begin(), answer->candidates.end(),
                     [&](const ReturnCandidate& k) {
                       return k.campaign == c.campaign && k.lead == c.lead;
                     });
    if (known == answer->candidates.end()) {
      answer->candidates.push_back(c);
    } else if (known->agent == 0) {
      known->agent = c.agent;
    }
  }
}

// What does not depend on entries.
ReturnAnswer NaiveReturnCalls::Facts(PhoneNumber number,
                                     PhoneNumber caller) const {
  ReturnAnswer answer;
  answer.queue = options_.default_queue;
  answer.rung = ReturnRung::kDefaultQueue;
  const ReturnNumber* const ours = Number(number);
  answer.known_number = ours != nullptr;
  if (ours == nullptr) return answer;
  answer.owner = ours->owner;
  answer.agent = ours->agent;
  answer.source = ours->source;
  answer.opted_out = opt_outs_.contains({caller, ours->owner});
  const auto owner = queues_.find(ours->owner);
  const uint64_t queue = ours->queue != 0         ? ours->queue
                         : owner != queues_.end() ? owner->second
                                                  : 0;
  if (queue != 0) {
    answer.queue = queue;
    answer.rung = ReturnRung::kNumberQueue;
  }
  return answer;
}

ReturnAnswer NaiveReturnCalls::Resolve(PhoneNumber number,
                                       PhoneNumber caller) const {
  ReturnAnswer answer = Facts(number, caller);
  if (Number(caller) != nullptr) {
    answer.rung = ReturnRung::kLoop;
    return answer;
  }
  if (!answer.known_number) return answer;
  const auto climb = [&](ReturnRung rung, auto matches) {
    if (answer.found != Found::kNone) return;
    Collect(matches, &answer);
    if (answer.candidates.empty()) return;
    answer.rung = rung;
    answer.found = Found::kOne;
  };
  const auto here = [&](const Shown& s) { return s.call.number == number; };
  const auto owner = [&](const Shown& s) {
    return SameOwner(s.call.number, number);
  };
  const auto alias = [&](const Shown& s) {
    return aliases_.contains({caller, s.call.callee});
  };
  const auto crowded = [&](auto matches) {
    for (const Shown& s : shown_) {
      if (!s.dropped && s.crowded && matches(s)) answer.more = 1;
    }
  };
  if (!caller.none()) {
    const auto who = [&](const Shown& s) { return s.call.callee == caller; };
    crowded(who);
    climb(ReturnRung::kCallerAndNumber,
          [&](const Shown& s) { return who(s) && here(s); });
    climb(ReturnRung::kCallerAndOwner,
          [&](const Shown& s) { return who(s) && owner(s); });
    if (answer.found == Found::kNone) crowded(alias);
    climb(ReturnRung::kAlias,
          [&](const Shown& s) { return alias(s) && here(s); });
    climb(ReturnRung::kAlias,
          [&](const Shown& s) { return alias(s) && owner(s); });
  }
  if (answer.found == Found::kNone) {
    int32_t left = options_.recent_max;
    std::set<const Shown*> recent;
    for (auto s = shown_.rbegin(); s != shown_.rend(); ++s) {
      if (s->dropped || !here(*s)) continue;
      if (left > 0) {
        --left;
        recent.insert(&*s);
      } else {
        ++answer.more;
      }
    }
    climb(ReturnRung::kNumberOnly,
          [&](const Shown& s) { return recent.contains(&s); });
  }
  if (answer.found == Found::kOne &&
      (answer.candidates.size() + answer.more > 1 ||
       answer.rung == ReturnRung::kNumberOnly)) {
    answer.found = Found::kMany;
  }
  for (const ReturnCandidate& c : answer.candidates) {
    if (c.campaign != answer.candidates[0].campaign) answer.conflict = true;
  }
  return answer;
}

std::set<std::pair<uint16_t, uint64_t>> NaiveReturnCalls::Truth(
    PhoneNumber number, PhoneNumber caller, ReturnRung* rung) const {
  std::set<std::pair<uint16_t, uint64_t>> truth;
  const auto climb = [&](ReturnRung at, auto matches) {
    if (!truth.empty()) return;
    for (const Shown& s : shown_) {
      if (matches(s)) truth.insert({s.call.campaign, s.call.lead});
    }
    if (!truth.empty()) *rung = at;
  };
  const auto alias = [&](const Shown& s) {
    return aliases_.contains({caller, s.call.callee});
  };
  climb(ReturnRung::kCallerAndNumber, [&](const Shown& s) {
    return s.call.callee == caller && s.call.number == number;
  });
  climb(ReturnRung::kCallerAndOwner, [&](const Shown& s) {
    return s.call.callee == caller && SameOwner(s.call.number, number);
  });
  climb(ReturnRung::kAlias,
        [&](const Shown& s) { return alias(s) && s.call.number == number; });
  climb(ReturnRung::kAlias, [&](const Shown& s) {
    return alias(s) && SameOwner(s.call.number, number);
  });
  return truth;
}

absl::Time NaiveReturnCalls::next_deadline() const {
  absl::Time next = absl::InfiniteFuture();
  for (const Shown& s : shown_) {
    if (s.dropped) continue;
    const int64_t due = s.seconds + KeepSeconds(options_) + 1;
    next = std::min(next, absl::FromUnixSeconds(due) + skew_);
  }
  return next;
}

std::size_t NaiveReturnCalls::entries() const {
  return static_cast<std::size_t>(std::count_if(
      shown_.begin(), shown_.end(), [](const Shown& s) { return !s.dropped; }));
}

}  // namespace callrouter::oracle
