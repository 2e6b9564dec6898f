// callrouter_c_configuration.h
//
// Configurations: read, written, imported from Asterisk, asked about.
//
//   cr_config_parse(text, size, "centre.textproto", faults, &config);
//   cr_config_is_open(config, "office", utc_us, &open, &next_change_us);
//
// Include callrouter_c.h; its conventions hold here. As callrouter/
// config_file.h, asterisk_import.h, opening_hours.h and requirement.h.

#ifndef CALLROUTER_C_CONFIGURATION_H_
#define CALLROUTER_C_CONFIGURATION_H_

#include "callrouter_c_base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cr_config cr_config;  // Does not change once made.

// callrouter.v1.Config (callrouter/v1/config.proto) as JSON, if the text begins
// with '{', else as protobuf text. `file_name` is for messages only. Cost:
// linear. CR_INVALID_ARGUMENT: `faults` has everything that is wrong.
CR_API cr_status cr_config_parse(const char *text, size_t size,
                                 const char *file_name, cr_faults *faults,
                                 cr_config **out);
CR_API void cr_config_destroy(cr_config *config);
// The configuration as protobuf text that cr_config_parse reads.
CR_API cr_status cr_config_text(const cr_config *config, cr_bytes *out);

// Whether `hours` of the configuration are open at `utc_us`, and the next time
// at which that changes (CR_NEVER: not within 400 days). Either result may be
// null. CR_NOT_FOUND: no such hours. Cost: a compilation of the hours.
CR_API cr_status cr_config_is_open(const cr_config *config, const char *hours,
                                   int64_t utc_us, int32_t *open,
                                   int64_t *next_change_us);

// One spelling for all ways to write a requirement (its grammar is in
// callrouter/requirement.h). CR_INVALID_ARGUMENT: `faults` says where.
CR_API cr_status cr_requirement_canonical(const char *text, cr_faults *faults,
                                          cr_bytes *out);

// --- Import of Asterisk's queues.conf and queuerules.conf ---

typedef struct cr_import_options {
  size_t struct_size;
  const char *queues;  // Text of queues.conf; must not be null.
  size_t queues_size;
  const char *queues_name;  // For reports and to recognise includes.
  const char *rules;        // Text of queuerules.conf; null: none.
  size_t rules_size;
  const char *rules_name;
  cr_read read;  // For includes; null: all are missing.
  void *read_context;
  // What the dialplan puts into QUEUE_MAX_PENALTY and so on; -1: see
  // AsteriskImportOptions.
  int32_t initial_max_penalty;
  int32_t initial_min_penalty;
  int32_t initial_raise_penalty;
  int32_t report_every_line;  // In the report as text.
} cr_import_options;
CR_API cr_status cr_import_options_init(cr_import_options *options,
                                        size_t struct_size);
typedef struct cr_import_counts {  // lines = mapped + ignored + errors
  size_t struct_size;
  int64_t lines, mapped, ignored, errors, warnings;
} cr_import_counts;
// Every line is accounted for in `report` (as text) and `report_json`; all
// results but `out` may be null. CR_INVALID_ARGUMENT, with the report and
// without a configuration: the file was refused, or what came of it has
// `faults`. Lines with errors alone leave CR_OK.
CR_API cr_status cr_import_asterisk(const cr_import_options *options,
                                    cr_faults *faults, cr_bytes *report,
                                    cr_bytes *report_json,
                                    cr_import_counts *counts, cr_config **out);

#ifdef __cplusplus
}
#endif

#endif  // CALLROUTER_C_CONFIGURATION_H_
