// Rules of dialling, and call lists as people have them.

#include "callrouter/lead_file.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "callrouter/dial_file.h"
#include "callrouter_c.h"
#include "convert.h"
#include "objects.h"

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

namespace {

cr_lead_file_options Defaults() {
  const LeadFileOptions d;
  cr_lead_file_options c = {};
  c.struct_size = sizeof c;
  c.trunk_prefix = "0";
  c.first_lead = d.first_lead;
  c.priority = d.priority;
  return c;
}

absl::Status OptionsOf(const cr_lead_file_options* in, LeadFileOptions* o) {
  cr_lead_file_options c = Defaults();
  if (const auto s = Read(in, &c); !s.ok()) return s;
  if (c.phones == nullptr && c.phone_count > 0) return Null("phones");
  o->list = Text(c.list);
  o->country = Text(c.country);
  o->trunk_prefix = Text(c.trunk_prefix);
  o->id = Text(c.id);
  for (size_t i = 0; i < c.phone_count; ++i) {
    o->phones.emplace_back(Text(c.phones[i]));
  }
  o->first_lead = c.first_lead;
  o->priority = c.priority;
  o->vicidial = c.vicidial != 0;
  return absl::OkStatus();
}

}  // namespace

cr_status cr_dial_file_parse(const char* text, size_t size,
                             const char* file_name, cr_read read,
                             void* read_context, cr_faults* faults,
                             cr_dial_file** out) {
  using Or = absl::StatusOr<std::unique_ptr<DialFileObject>>;
  return Make(faults, out, [&](FaultsObject& found) -> Or {
    const std::string name(Text(file_name));
    auto rules = ParseDial(Sized(text, size), name,
                           ReaderOf(read, read_context, name), &found.list);
    if (!rules.ok()) return rules.status();
    auto object = std::make_unique<DialFileObject>();
    object->rules = *std::move(rules);
    return object;
  });
}

void cr_dial_file_destroy(cr_dial_file* file) { Destroy(file); }

cr_status cr_lead_file_options_init(cr_lead_file_options* options,
                                    size_t struct_size) {
  return Code(WriteSized(Defaults(), options, struct_size));
}

cr_status cr_lead_file_parse(const char* text, size_t size,
                             const char* file_name,
                             const cr_lead_file_options* options,
                             cr_faults* faults, cr_bytes* rejects,
                             cr_lead_file** out) {
  using Or = absl::StatusOr<std::unique_ptr<LeadFileObject>>;
  return Make(faults, out, [&](FaultsObject& found) -> Or {
    LeadFileOptions o;
    if (const auto s = OptionsOf(options, &o); !s.ok()) return s;
    auto file = ParseLeads(Sized(text, size), Text(file_name), o);
    if (!file.ok()) return file.status();
    if (const auto s = WriteBytes(rejects, file->rejects); !s.ok()) return s;
    found.list = std::move(file->quirks);
    auto object = std::make_unique<LeadFileObject>();
    object->leads = std::move(file->leads);
    return object;
  });
}

void cr_lead_file_destroy(cr_lead_file* file) { Destroy(file); }

size_t cr_lead_file_count(const cr_lead_file* file) {
  return Get(file, size_t{0},
             [](const LeadFileObject& f) { return f.leads.size(); });
}

uint64_t cr_lead_file_lead(const cr_lead_file* file, size_t index) {
  return Get(file, uint64_t{0}, [&](const LeadFileObject& f) {
    return index < f.leads.size() ? f.leads[index].lead : 0;
  });
}
