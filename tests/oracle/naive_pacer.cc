#include "tests/oracle/naive_pacer.h"

#include <algorithm>
#include <cmath>

#include "exact_math.h"

namespace callrouter::oracle {
namespace {

int64_t Second(int64_t us) {
  return static_cast<int64_t>(std::floor(static_cast<double>(us) / 1e6));
}

constexpr double kPoint[] = {-1.7320508075688772, 0, 1.7320508075688772};
constexpr double kWeight[] = {1.0 / 6, 2.0 / 3, 1.0 / 6};

}  // namespace

NaivePacer::NaivePacer(const PacerOptions& options, int64_t now)
    : options_(options),
      rates_(static_cast<int32_t>(options.campaigns.size()), options.kinds_max,
             options.answer_half_life),
      service_(absl::ToDoubleSeconds(options.service_guess)),
      agents_(static_cast<std::size_t>(options.agents_max)),
      now_(now) {
  for (const PacedCampaign& c : options.campaigns) {
    campaigns_.push_back({RingLaw(), DropLedger(c.windows, now)});
    campaigns_.back().ledger.Advance(now, 0);
  }
  carriers_.resize(options.carriers.size());
  for (Carrier& carrier : carriers_) carrier.at = now;
}

int NaivePacer::Count(DialAgent state) const {
  return static_cast<int>(
      std::count_if(agents_.begin(), agents_.end(),
                    [&](const Agent& a) { return a.state == state; }));
}

int NaivePacer::Free() const {
  return std::max(0, Count(DialAgent::kReady) - options_.agents_kept_free -
                         inbound_waiting_);
}

int NaivePacer::InFlight() const {
  int lines = 0;
  for (const auto& [name, line] : lines_) {
    lines += !line.leaving && line.talks < 0;
  }
  return lines;
}

int NaivePacer::Waiting() const {
  int lines = 0;
  for (const auto& [name, line] : lines_) lines += line.waiting;
  return lines;
}

void NaivePacer::Advance(int64_t now) {
  if (now <= now_) return;
  Fire(now - 1);
  Step(now);
}

void NaivePacer::SetFinishing(int32_t agent, int64_t within) {
  Agent& a = agents_[static_cast<std::size_t>(agent)];
  a.finish = now_ + within;
  a.due = {a.finish, ++events_};
}

void NaivePacer::BeginPreview(uint32_t campaign, int32_t agent) {
  SetAgent(agent, DialAgent::kPreview);
  agents_[static_cast<std::size_t>(agent)].due = {
      now_ +
          absl::ToInt64Microseconds(options_.campaigns[campaign].preview_time),
      ++events_};
}

void NaivePacer::ExpectInbound(double per_hour, int32_t waiting) {
  inbound_per_second_ = per_hour / 3600;
  inbound_waiting_ = waiting;
  Desert(false);
}

void NaivePacer::Step(int64_t now) {
  if (now <= now_) return;
  for (std::size_t i = 0; i < carriers_.size(); ++i) {
    carriers_[i].us =
        std::min<int64_t>(1'000'000, carriers_[i].us + now - now_);
  }
  const int64_t before = Second(now_);
  now_ = now;
  if (Second(now) == before) return;
  const bool agents = Count(DialAgent::kReady) + Count(DialAgent::kBusy) > 0;
  for (Campaign& c : campaigns_) {
    const int64_t steps = std::min<int64_t>(Second(now) - before, 2048);
    for (int64_t s = 0; s < steps && agents; ++s) {
      c.answers *= 1 - 0.693147180559945309417 / 1800;
      c.seconds = c.seconds * (1 - 0.693147180559945309417 / 1800) + 1;
    }
    c.ledger.Advance(now, 0);
    if (!c.learned) continue;
    std::array<int32_t, RingLaw::kSeconds> ringing = {};
    for (const auto& [name, line] : lines_) {
      if (line.person != kNone || &campaigns_[line.kind.parts[0]] != &c)
        continue;
      ++ringing[static_cast<std::size_t>(
          std::min<int64_t>(63, Second(now) - Second(line.started)))];
    }
    c.ring.Rebuild(ringing);
    c.learned = false;
  }
  if (service_learned_) service_.Rebuild();
  service_learned_ = false;
}

void NaivePacer::Desert(bool left) {
  const int lines = InFlight();
  if (left && lines > Free()) ++deserted_;
  deserted_ = std::min(deserted_, std::max(0, lines - Free()));
}

void NaivePacer::SetAgent(int32_t agent, DialAgent state) {
  Agent& a = agents_[static_cast<std::size_t>(agent)];
  if (a.state == state) return;
  const auto works = [](DialAgent s) {
    return s == DialAgent::kBusy || s == DialAgent::kLast;
  };
  const bool left = a.state == DialAgent::kReady;
  a.due = Due();
  a.finish = kNone;
  Forget(0, agent);
  if (works(a.state) && !works(state)) {
    for (auto it = lines_.begin(); it != lines_.end();) {
      it = it->second.talks == agent ? lines_.erase(it) : std::next(it);
    }
    service_.Ended(static_cast<double>(now_ - a.since) / 1'000'000);
    service_learned_ = true;
  }
  if (!(works(a.state) && works(state))) a.since = now_;
  a.state = state;
  Desert(left);
}

void NaivePacer::Dialled(uint64_t name, const LineFeatures& f) {
  Line line;
  line.kind.parts = {f.campaign, f.segment,   f.hour,
                     f.attempt,  f.line_type, f.number_class};
  line.started = now_;
  line.carrier = f.carrier;
  if (!carriers_.empty()) {
    carriers_[f.carrier].us -=
        1'000'000 / options_.carriers[f.carrier].starts_per_second;
  }
  const double level =
      NaturalLog(rates_.Ratio(line.kind)) / 0.693147180559945309417 * 4 + 12.5;
  line.level = static_cast<int>(std::min(24.0, std::max(0.0, level)));
  lines_[name] = line;
}

double NaivePacer::Rate(const Campaign& c) const {
  return c.answers / (c.seconds + 60);
}

void NaivePacer::Report(uint64_t name, LineEvent event) {
  Line& line = lines_[name];
  Campaign& c = campaigns_[line.kind.parts[0]];
  const auto move = [&](double by) {
    c.log_price = std::min(-0.5, std::max(-6.2, c.log_price + by));
  };
  const bool ringing = line.person == kNone;
  if (event == LineEvent::kRinging) return;
  if (event == LineEvent::kAnswered) {
    line.answered = now_;
    return;
  }
  if (event == LineEvent::kGreetingBegan ||
      event == LineEvent::kGreetingEnded) {
    (event == LineEvent::kGreetingBegan ? line.began : line.stopped) = now_;
    if (line.waiting && !line.held) SetDue(&line);
    return;
  }
  if (line.talks >= 0) {
    if (event == LineEvent::kEnded) {
      line.ended = true;
      return;
    }
    c.ledger.Withdraw(line.person, line.charged ? 1 : 0, line.overdue);
    c.answers = std::max(0.0, c.answers - 1);
    --persons_;
    drops_ -= line.charged;
    agent_left_ -= line.agent_left;
    line.charged = line.agent_left = false;
    return;
  }
  if (ringing && event != LineEvent::kCancelled) {
    const bool person = event == LineEvent::kPerson;
    c.ring.Ended(static_cast<int>((now_ - line.started) / 1'000'000), person);
    rates_.Learn(line.kind, person);
    c.learned = true;
  }
  if (event == LineEvent::kPerson) {
    line.waiting = true;
    line.person = now_;
    if (line.answered == kNone) line.answered = now_;
    ++persons_;
    c.answers += 1;
    c.ledger.Answered();
    move(0.02 * c.ledger.PaceFor(Rate(c), now_, INT64_MAX).share);
    SetDue(&line);
    return;
  }
  if (event == LineEvent::kMachine) {
    c.ledger.Charge(
        options_.campaigns[line.kind.parts[0]].false_machine_permille / 1000.0);
  }
  if (event == LineEvent::kDropped) Charge(&line);
  lines_.erase(name);
  Forget(name, -1);
  Desert(false);
}

void NaivePacer::Bridged(uint64_t name, int32_t agent) {
  Line& line = lines_[name];
  line.waiting = line.held = line.leaving = false;
  line.talks = agent;
  line.due = Due();
  Forget(name, -1);
  Agent& a = agents_[static_cast<std::size_t>(agent)];
  a = Agent();
  a.state = DialAgent::kBusy;
  a.since = now_;
  Desert(false);
}

bool NaivePacer::IsStrict(uint32_t campaign) const {
  const DropPromise promise = options_.campaigns[campaign].promise;
  if (promise != DropPromise::kAuto) return promise == DropPromise::kStrict;
  const Campaign& c = campaigns_[campaign];
  return c.ledger.Permitted(Rate(c), now_, INT64_MAX) < 10;
}

double NaivePacer::Chance(uint32_t campaign, int level, int point) const {
  return std::min(
      1.0, rates_.Base(campaign) * std::pow(2, (level - 12) / 4.0) *
               std::max(0.2, 1 + kPoint[point] * rates_.Doubt(campaign)));
}

// P(answers until a moment and agents still busy then = n), for each n.
std::vector<double> NaivePacer::Law(uint32_t campaign, int point,
                                    std::size_t moment, int extra) const {
  const double ahead = campaigns_[campaign].ring.PersonQuantile(
      (static_cast<double>(moment) + 0.5) / 8);
  std::vector<double> law = {1};
  const auto add = [&](double p) {
    std::vector<double> next(law.size() + 1);
    for (std::size_t n = 0; n < law.size(); ++n) {
      next[n] += law[n] * (1 - p);
      next[n + 1] += law[n] * p;
    }
    law = next;
  };
  const double patience =
      absl::ToDoubleSeconds(options_.campaigns[campaign].patience);
  // Calls that come in: the law of Poisson, as far as it matters.
  const double inbound = inbound_per_second_ * (ahead + 0.8 * patience);
  if (inbound > 0) {
    law = {Exponential(-inbound)};
    for (int n = 1; n < 399 && (n < inbound || law.back() > 1e-18); ++n) {
      law.push_back(law.back() * inbound / n);
    }
  }
  for (const Agent& agent : agents_) {
    if (agent.state != DialAgent::kBusy) continue;
    if (agent.finish != kNone) {
      const int64_t left =
          std::max<int64_t>(1, Second(agent.finish) - Second(now_));
      add(1 - 0.95 * std::min(1.0, (ahead + 0.8 * patience) /
                                       static_cast<double>(left)));
      continue;
    }
    const int64_t age = Second(now_) - Second(agent.since);
    add(1 - service_.FreeWithin(static_cast<int>(std::min<int64_t>(age, 1023)),
                                ahead + 0.8 * patience));
  }
  for (const auto& [name, line] : lines_) {
    if (line.person != kNone) continue;
    const uint32_t of = line.kind.parts[0];
    const RingLaw& ring = campaigns_[of].ring;
    const double from = static_cast<double>(
        std::min<int64_t>(63, Second(now_) - Second(line.started)));
    const double p = Chance(of, line.level, point);
    const double left = p * (1 - ring.PersonBy(from)) +
                        (1 - p) * (1 - ring.OtherBy(from)) + 1e-12;
    add(std::min(
        1.0, p * (ring.PersonBy(from + ahead) - ring.PersonBy(from)) / left));
  }
  for (int i = 0; i < extra; ++i) {
    add(Chance(campaign, 12, point) *
        campaigns_[campaign].ring.PersonBy(ahead));
  }
  return law;
}

// P(sum >= agents + above): mean over the moments, or the worst of them.
double NaivePacer::Tail(uint32_t campaign, int extra, int above,
                        bool worst) const {
  const int k =
      std::max(0, Count(DialAgent::kReady) - options_.agents_kept_free) -
      inbound_waiting_ + Count(DialAgent::kBusy) - Waiting() + above;
  double tail = 0;
  for (int point = 0; point < 3; ++point) {
    double most = 0, sum = 0;
    for (std::size_t moment = 0; moment < 8; ++moment) {
      const std::vector<double> law = Law(campaign, point, moment, extra);
      double at_least = 0;
      for (std::size_t n = law.size(); n-- > 0;) {
        if (static_cast<int>(n) >= k) at_least += law[n];
      }
      most = std::max(most, at_least);
      sum += at_least / 8;
    }
    tail += kWeight[point] * (worst ? most : sum);
  }
  return tail;
}

int NaivePacer::StrictMost(uint32_t campaign) const {
  const int lines = InFlight();
  for (int n = 0;; ++n) {
    const int excess = std::max(0, lines + n - Free() - deserted_);
    for (uint32_t i = 0; i < campaigns_.size(); ++i) {
      if (!IsStrict(i)) continue;
      int own = i == campaign ? n : 0;
      for (const auto& [name, line] : lines_) {
        own += line.kind.parts[0] == i && !line.leaving && line.talks < 0;
      }
      if (own == 0) continue;
      const PacedCampaign& rules = options_.campaigns[i];
      const double room = std::max(
          0.0, campaigns_[i].ledger.StrictRoom(
                   now_, now_ + absl::ToInt64Microseconds(rules.ring_timeout +
                                                          rules.patience)));
      if (std::min(own, excess) > room) return std::max(0, n - 1);
    }
    if (n > 2000) return n;
  }
}

int NaivePacer::CarrierRoom(uint32_t campaign, PacingLimit* limit) const {
  if (carriers_.empty()) return 100'000;
  int all = 0, room = 0;
  for (uint16_t i = 0; i < carriers_.size(); ++i) {
    const std::vector<uint16_t>& own = options_.campaigns[campaign].carriers;
    if (!own.empty() && std::count(own.begin(), own.end(), i) == 0) continue;
    int lines = options_.carriers[i].lines_max;
    for (const auto& [name, line] : lines_) {
      lines -= line.carrier == i && !line.ended;
    }
    const int64_t starts =
        carriers_[i].us * options_.carriers[i].starts_per_second / 1'000'000;
    all += std::max(0, lines);
    room += std::max(0, std::min(lines, static_cast<int>(starts)));
  }
  *limit = all > room ? PacingLimit::kCarrierRate : PacingLimit::kCarrierLines;
  return room;
}

PacingOrder NaivePacer::Plan(uint32_t campaign, bool* unsure) {
  const Campaign& c = campaigns_[campaign];
  PacingOrder order;
  const double ratio = c.ledger.PaceFor(Rate(c), now_, INT64_MAX).ratio;
  order.price_limit = ratio < 0.1 ? 0
                                  : Exponential(c.log_price) *
                                        std::min(1.6, std::max(0.15, ratio));
  if (Free() + Count(DialAgent::kBusy) == 0) {
    order.limit = PacingLimit::kNoAgent;
    return order;
  }
  int most = CarrierRoom(campaign, &order.limit);
  if (IsStrict(campaign) && StrictMost(campaign) < most) {
    most = StrictMost(campaign);
    order.limit = PacingLimit::kStrict;
  }
  const double room = c.ledger.Room(Rate(c), 0.5, now_, INT64_MAX);
  const int safe = std::max(0, Free() - InFlight());
  order.lines = std::min(safe, most);
  while (order.lines < most) {
    order.price = Tail(campaign, order.lines, 0, false);
    *unsure |= std::abs(order.price - order.price_limit) < 1e-9;
    if (order.price > order.price_limit) {
      order.limit = PacingLimit::kPrice;
      return order;
    }
    const double chance =
        0.2 * options_.campaigns[campaign].overrun_permille / 1000.0;
    if (room < 40) {
      const double above = room < 1 ? 1
                                    : Tail(campaign, order.lines + 1,
                                           1 + static_cast<int>(room), true);
      *unsure |= std::abs(above - chance) < 1e-9;
      if (above > chance) {
        order.limit = PacingLimit::kBudget;
        return order;
      }
    }
    ++order.lines;
  }
  return order;
}

}  // namespace callrouter::oracle
