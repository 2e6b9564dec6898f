// Configurations: read, written, imported, asked about.

#include "callrouter/configuration.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "callrouter/asterisk_import.h"
#include "callrouter/config_file.h"
#include "callrouter/opening_hours.h"
#include "callrouter/requirement.h"
#include "callrouter_c.h"
#include "convert.h"
#include "objects.h"

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

namespace {

using ConfigOr = absl::StatusOr<std::unique_ptr<ConfigObject>>;

ConfigOr ObjectWith(absl::StatusOr<Configuration> config) {
  if (!config.ok()) return config.status();
  auto object = std::make_unique<ConfigObject>();
  object->config = *std::move(config);
  return object;
}

AsteriskIncludeResolver ResolverOf(const cr_import_options& options) {
  if (options.read == nullptr) return nullptr;
  return [read = options.read, context = options.read_context](
             const std::string& name, const std::string& from) {
    std::vector<AsteriskFile> result;
    auto object = std::make_unique<FilesObject>();
    FilesObject& found = *object;
    cr_files* const files = NewHandle<cr_files>(std::move(object));
    if (files == nullptr) return result;
    if (read(context, name.c_str(), from.c_str(), files) == CR_OK) {
      for (auto& [path, text] : found.files) {
        result.push_back({std::move(path), std::move(text)});
      }
    }
    Destroy(files);
    return result;
  };
}

AsteriskImportOptions OptionsOf(const cr_import_options& in) {
  AsteriskImportOptions options;
  if (in.initial_max_penalty >= 0) {
    options.initial_max_penalty = in.initial_max_penalty;
  }
  if (in.initial_min_penalty >= 0) {
    options.initial_min_penalty = in.initial_min_penalty;
  }
  if (in.initial_raise_penalty >= 0) {
    options.initial_raise_penalty = in.initial_raise_penalty;
  }
  return options;
}

cr_import_options ImportDefaults() {
  cr_import_options options = {};
  options.struct_size = sizeof options;
  options.queues_name = "queues.conf";
  options.rules_name = "queuerules.conf";
  options.initial_max_penalty = -1;
  options.initial_min_penalty = -1;
  options.initial_raise_penalty = -1;
  return options;
}

}  // namespace

cr_status cr_config_parse(const char* text, size_t size, const char* file_name,
                          cr_faults* faults, cr_config** out) {
  return Make(faults, out, [&](FaultsObject& found) {
    return ObjectWith(
        ParseConfig(Sized(text, size), Text(file_name), &found.list));
  });
}

void cr_config_destroy(cr_config* config) { Destroy(config); }

cr_status cr_config_text(const cr_config* config, cr_bytes* out) {
  return Look(config, [&](const ConfigObject& c) {
    const auto to = Writable(out);
    if (to.ok()) **to = ConfigToText(ToProto(c.config));
    return to.status();
  });
}

cr_status cr_config_is_open(const cr_config* config, const char* hours,
                            int64_t utc_us, int32_t* open,
                            int64_t* next_change_us) {
  return Look(config, [&](const ConfigObject& c) -> absl::Status {
    for (const HoursConfig& candidate : c.config.hours) {
      if (candidate.name != Text(hours)) continue;
      const OpeningHours compiled(candidate);
      const absl::Time utc = ToTime(utc_us);
      if (open != nullptr) *open = compiled.IsOpen(utc);
      if (next_change_us != nullptr) {
        *next_change_us = FromTime(compiled.NextChange(utc));
      }
      return absl::OkStatus();
    }
    return absl::NotFoundError("hours");
  });
}

cr_status cr_requirement_canonical(const char* text, cr_faults* faults,
                                   cr_bytes* out) {
  return Check(faults, [&](FaultsObject& found) -> absl::Status {
    RequirementFault fault;
    const auto parsed = Requirement::Parse(Text(text), &fault);
    if (!parsed.ok()) {
      found.list.emplace_back();
      found.list.back().column = fault.column;
      found.list.back().field = "requirement";
      found.list.back().found = fault.found;
      found.list.back().expected = fault.expected;
      return parsed.status();
    }
    return WriteBytes(out, parsed->canonical());
  });
}

cr_status cr_import_options_init(cr_import_options* options,
                                 size_t struct_size) {
  return Code(WriteSized(ImportDefaults(), options, struct_size));
}

cr_status cr_import_asterisk(const cr_import_options* options,
                             cr_faults* faults, cr_bytes* report,
                             cr_bytes* report_json, cr_import_counts* counts,
                             cr_config** out) {
  return Make(faults, out, [&](FaultsObject& found) -> ConfigOr {
    cr_import_options o = ImportDefaults();
    if (const auto s = Read(options, &o); !s.ok()) return s;
    if (o.queues == nullptr) return Null("queues");
    const AsteriskFile queues{std::string(Text(o.queues_name)),
                              std::string(Sized(o.queues, o.queues_size))};
    const AsteriskFile rules{std::string(Text(o.rules_name)),
                             std::string(Sized(o.rules, o.rules_size))};
    const AsteriskImport done =
        ImportAsteriskQueues(queues, o.rules == nullptr ? nullptr : &rules,
                             ResolverOf(o), OptionsOf(o));
    if (const auto s =
            WriteBytes(report, done.report.ToText(o.report_every_line != 0));
        !s.ok()) {
      return s;
    }
    if (const auto s = WriteBytes(report_json, done.report.ToJson()); !s.ok()) {
      return s;
    }
    if (counts != nullptr) {
      const ImportCounts c = done.report.counts();
      const cr_import_counts all = {sizeof all, c.lines,  c.mapped,
                                    c.ignored,  c.errors, c.warnings};
      if (const auto s = Write(all, counts); !s.ok()) return s;
    }
    if (done.report.refused) {
      return absl::InvalidArgumentError(done.report.refusal);
    }
    return ObjectWith(FromProto(done.config, &found.list));
  });
}
