#include "callrouter/outbound_file.h"

#include <cstddef>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "callrouter/dial_file.h"
#include "callrouter/phone_number.h"
#include "callrouter/pool_file.h"
#include "callrouter/v1/outbound.pb.h"
#include "message_file.h"
#include "quoted.h"

namespace callrouter {
namespace {

std::string At(const char* list, int i) {
  return absl::StrCat(list, "[", i, "]");
}

PacingMode ModeOf(v1::OutboundCampaign::Mode in) {
  switch (in) {
    case v1::OutboundCampaign::PREVIEW:
      return PacingMode::kPreview;
    case v1::OutboundCampaign::PROGRESSIVE:
      return PacingMode::kProgressive;
    case v1::OutboundCampaign::POWER:
      return PacingMode::kPower;
    case v1::OutboundCampaign::AGENT_FIRST:
      return PacingMode::kAgentFirst;
    case v1::OutboundCampaign::AGENTLESS:
      return PacingMode::kAgentless;
    default:
      return PacingMode::kPredictive;
  }
}

class OutboundReader {
 public:
  OutboundReader(const v1::Outbound& in, OutboundSetup* out,
                 std::vector<Fault>* faults)
      : in_(in), out_(*out), faults_(*faults) {}

  void ReadAll() {
    Leads();
    for (int i = 0; i < in_.group_size(); ++i) Group(i);
    if (in_.has_return_calls()) Returns();
    out_.numbers_elsewhere = in_.numbers_elsewhere();
    out_.locks_elsewhere = in_.locks_elsewhere();
    Time("ask_timeout", in_.ask_timeout(), &out_.ask_timeout);
    Time("number_retry", in_.number_retry(), &out_.number_retry);
    if (in_.has_attempts_max()) out_.attempts_max = in_.attempts_max();
  }

 private:
  void Time(const std::string& path, const std::string& text,
            absl::Duration* out) {
    if (text.empty()) return;
    absl::Duration value;
    if (absl::ParseDuration(text, &value)) {
      *out = value;
    } else {
      faults_.push_back(
          {path, Quoted(text),
           "a duration with a unit, such as \"90s\" or \"720h\""});
    }
  }

  void Leads() {
    const v1::LeadLimits& in = in_.leads();
    LeadListOptions& out = out_.leads;
    Time("leads.reservation_timeout", in.reservation_timeout(),
         &out.reservation_timeout);
    Time("leads.call_max", in.call_max(), &out.call_max);
    Time("leads.lapse_delay", in.lapse_delay(), &out.lapse_delay);
    Time("leads.attempt_keep", in.attempt_keep(), &out.attempt_keep);
    if (in.has_leads_max()) out.leads_max = in.leads_max();
    if (in.has_numbers_max()) out.numbers_max = in.numbers_max();
    if (in.has_leads_per_number_max()) {
      out.leads_per_number_max = in.leads_per_number_max();
    }
    if (in.has_events_max()) out.events_max = in.events_max();
    if (in.has_attempts_max()) out.attempts_max = in.attempts_max();
    if (in.has_do_not_call_max()) out.do_not_call_max = in.do_not_call_max();
    out.reserve_memory = in.reserve_memory();
  }

  std::vector<DropWindow> Windows(
      const std::string& path,
      const google::protobuf::RepeatedPtrField<v1::DropWindow>& in) {
    std::vector<DropWindow> out;
    for (int i = 0; i < in.size(); ++i) {
      DropWindow& window = out.emplace_back();
      window.kind = static_cast<WindowKind>(in[i].kind());  // Numbered alike.
      Time(absl::StrCat(path, At("window", i), ".length"), in[i].length(),
           &window.length);
      if (in[i].has_cap_permille()) window.cap_permille = in[i].cap_permille();
    }
    return out;
  }

  void Group(int index) {
    const std::string path = At("group", index);
    const v1::PacingGroup& in = in_.group(index);
    PacingGroup& out = out_.groups.emplace_back();
    out.queue = in.queue();
    out.pacing.windows = Windows(path + ".", in.window());
    if (in.has_agents_max()) out.pacing.agents_max = in.agents_max();
    if (in.has_lines_max()) out.pacing.lines_max = in.lines_max();
    if (in.has_starts_per_second()) {
      out.pacing.starts_per_second = in.starts_per_second();
    }
    out.pacing.agents_kept_free = in.agents_kept_free();
    Time(path + ".service_guess", in.service_guess(),
         &out.pacing.service_guess);
    if (in.has_answer_half_life()) {
      out.pacing.answer_half_life = in.answer_half_life();
    }
    if (in.has_kinds_max()) out.pacing.kinds_max = in.kinds_max();
    for (const v1::PacedTrunk& trunk : in.trunk()) {
      PacedCarrier& carrier = out.pacing.carriers.emplace_back();
      if (trunk.has_lines_max()) carrier.lines_max = trunk.lines_max();
      if (trunk.has_starts_per_second()) {
        carrier.starts_per_second = trunk.starts_per_second();
      }
    }
    for (int i = 0; i < in.campaign_size(); ++i) {
      const std::string at = absl::StrCat(path, ".", At("campaign", i));
      OutboundCampaign& campaign = out.campaigns.emplace_back();
      Campaign(at, in.campaign(i), &campaign);
      if (in.trunk_size() > 0) Carrier(at, in, &campaign);
    }
  }

  // The limits of the campaign's trunk are the pacer's carrier of its index.
  void Carrier(const std::string& path, const v1::PacingGroup& in,
               OutboundCampaign* out) {
    for (int i = 0; i < in.trunk_size(); ++i) {
      if (in.trunk(i).trunk() != out->trunk) continue;
      out->pacing.carriers = {static_cast<uint16_t>(i)};
      return;
    }
    faults_.push_back(
        {path + ".trunk", Quoted(out->trunk), "a trunk of the group"});
  }

  void Campaign(const std::string& path, const v1::OutboundCampaign& in,
                OutboundCampaign* out) {
    out->name = in.name();
    out->priority = in.priority();
    out->requirement = in.requirement();
    out->number_campaign = in.number_campaign();
    out->trunk = in.trunk();
    const v1::DispositionNames& names = in.dispositions();
    out->dispositions = {names.no_answer(), names.busy(),    names.failed(),
                         names.machine(),   names.dropped(), names.hung_up(),
                         names.talked(),    names.lost(),    names.no_number()};
    Time(path + ".hold", in.hold(), &out->hold);
    out->unserved = static_cast<Unserved>(in.unserved());  // Numbered alike.
    Time(path + ".disposition_timeout", in.disposition_timeout(),
         &out->disposition_timeout);
    PacedCampaign& paced = out->pacing;
    paced.mode = ModeOf(in.mode());
    paced.promise = static_cast<DropPromise>(in.promise());  // The same.
    if (in.window_size() > 0) {
      paced.windows = Windows(path + ".", in.window());
    }
    if (in.has_overrun_permille()) {
      paced.overrun_permille = in.overrun_permille();
    }
    if (in.has_weight()) paced.weight = in.weight();
    if (in.has_lines_per_agent_permille()) {
      paced.lines_per_agent_permille = in.lines_per_agent_permille();
    }
    if (in.has_lines_max()) paced.lines_max = in.lines_max();
    if (in.has_starts_per_second()) {
      paced.starts_per_second = in.starts_per_second();
    }
    Time(path + ".ring_timeout", in.ring_timeout(), &paced.ring_timeout);
    Time(path + ".patience", in.patience(), &paced.patience);
    paced.false_machine_permille = in.false_machine_permille();
  }

  // Queues have names here; return_calls.h wants the host's numbers of them.
  uint64_t QueueRef(const std::string& name) {
    if (name.empty()) return 0;
    const auto [at, added] = queues_.emplace(name, queues_.size() + 1);
    if (added) out_.return_calls->queues.push_back({at->second, name});
    return at->second;
  }

  void Returns() {
    const v1::ReturnCallRules& in = in_.return_calls();
    ReturnSetup& out = out_.return_calls.emplace();
    Time("return_calls.keep", in.keep(), &out.options.keep);
    out.options.default_queue = QueueRef(in.default_queue());
    if (in.has_numbers_max()) out.options.numbers_max = in.numbers_max();
    if (in.has_entries_max()) out.options.entries_max = in.entries_max();
    if (in.has_per_callee_max()) {
      out.options.per_callee_max = in.per_callee_max();
    }
    if (in.has_aliases_max()) out.options.aliases_max = in.aliases_max();
    if (in.has_opt_outs_max()) out.options.opt_outs_max = in.opt_outs_max();
    for (int i = 0; i < in.number_size(); ++i) {
      const v1::ReturnCallRules::Number& one = in.number(i);
      ReturnNumber number;
      const auto parsed = PhoneNumber::Parse(one.number());
      if (parsed.ok()) {
        number.number = *parsed;
      } else {
        faults_.push_back(
            {absl::StrCat("return_calls.", At("number", i), ".number"),
             Quoted(one.number()),
             "an international number such as \"+74951234567\""});
      }
      number.owner = one.owner();
      number.queue = QueueRef(one.queue());
      number.agent = one.agent();
      number.source = one.source();
      out.numbers.put.push_back(number);
    }
  }

  const v1::Outbound& in_;
  OutboundSetup& out_;
  std::vector<Fault>& faults_;
  std::map<std::string, uint64_t> queues_;
};

// The text of a file named at `path`; what is wrong is a fault there.
bool Fetch(const std::string& path, const std::string& name,
           const FileReader& read, MessageFile* file, std::string* text) {
  if (name.empty()) {
    file->Add(path, "nothing", "the name of a file");
    return false;
  }
  absl::StatusOr<std::string> found =
      read ? read(name)
           : absl::StatusOr<std::string>(
                 absl::NotFoundError("files cannot be named here"));
  if (!found.ok()) {
    file->Add(path, Quoted(name),
              absl::StrCat("a file: ", found.status().message()));
    return false;
  }
  *text = *std::move(found);
  return true;
}

// The other files. What is wrong in them goes to `elsewhere`.
void ReadNamed(const v1::Outbound& in, const FileReader& read,
               MessageFile* file, OutboundSetup* out,
               std::vector<FileFault>* elsewhere) {
  std::string text;
  std::vector<FileFault> faults;
  if (Fetch("rules", in.rules(), read, file, &text)) {
    absl::StatusOr<DialRules> rules =
        ParseDial(text, in.rules(), read, &faults);
    if (rules.ok()) out->rules = *std::move(rules);
    elsewhere->insert(elsewhere->end(), faults.begin(), faults.end());
    faults.clear();
  }
  if (in.numbers().empty()) return;
  if (!Fetch("numbers", in.numbers(), read, file, &text)) return;
  absl::StatusOr<PoolFile> pool = ParsePool(text, in.numbers(), read, &faults);
  if (pool.ok()) {
    out->numbers = NumberSetup{pool->options, std::move(pool->rules),
                               std::move(pool->numbers)};
  }
  elsewhere->insert(elsewhere->end(), faults.begin(), faults.end());
}

}  // namespace

absl::StatusOr<OutboundSetup> ParseOutbound(std::string_view text,
                                            std::string_view file_name,
                                            const FileReader& read,
                                            std::vector<FileFault>* faults) {
  MessageFile file(text, file_name);
  v1::Outbound proto;
  OutboundSetup setup;
  std::vector<FileFault> elsewhere;
  if (file.Read(&proto)) {
    std::vector<Fault> found;
    ReadNamed(proto, read, &file, &setup, &elsewhere);
    OutboundReader(proto, &setup, &found).ReadAll();
    // Where something was not understood there is a default instead.
    if (found.empty() && elsewhere.empty() && !file.has_faults()) {
      found = FindFaults(setup);
    }
    for (const Fault& fault : found) {
      file.Add(fault.path, fault.found, fault.expected);
    }
  }
  std::vector<FileFault> all = file.Take();
  all.insert(all.end(), elsewhere.begin(), elsewhere.end());
  const absl::Status status = Conclude(std::move(all), faults);
  if (!status.ok()) return status;
  return setup;
}

}  // namespace callrouter
