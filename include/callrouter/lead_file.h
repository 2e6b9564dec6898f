// callrouter/lead_file.h
//
// Call lists as people have them: rows of fields with a header or without, some
// of which cannot be called. Good rows become leads, all others are handed back
// as they are, each with what is wrong and where.
//
//   LeadFileOptions options;
//   options.list = "march";
//   options.country = "44";          // 020 7946 0000 is +44 20 7946 0000.
//   options.accept = [&](const LeadConfig& lead) {
//     return leads->Put(lead, now);  // Whom the guard refuses is rejected too.
//   };
//   auto file = ParseLeads(text, "march.csv", options);
//   if (!file.ok()) ...                            // no column with numbers
//   for (const FileFault& quirk : file->quirks) Show(quirk.ToString());
//   Write("march.rejects.csv", file->rejects);     // mend, and load again
//
// What is understood: commas, semicolons, vertical bars or tabs; quoted fields;
// a mark of byte order; blank lines; names of columns in any case, with blanks,
// dashes or underscores; numbers with +, 00 or neither, with blanks, brackets,
// dots and dashes, with (0) after the country or .0 from a spreadsheet at the
// end; several columns of numbers, which are tried in their order.
//
// Guarantees: any bytes are safe; time and memory are linear in the text.
// Thread safety: functions without state.
// Not here: opening files.

#ifndef CALLROUTER_LEAD_FILE_H_
#define CALLROUTER_LEAD_FILE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "callrouter/config_file.h"
#include "callrouter/lead_list.h"

namespace callrouter {

struct LeadFileOptions {
  std::string list;  // Of the rules, for all leads.
  // Digits of the country whose national numbers may stand there. Empty: all
  // numbers must begin with + or 00, or have a column with the country's.
  std::string country;
  // Goes before national numbers where they are written, and is left out after
  // the country's digits. Empty: 8 in +7, 06 in +36, 80 in +375, nothing in
  // +39, whose numbers keep their 0, and else 0. "-": nothing.
  std::string trunk_prefix;
  // The rows have no header and are those of VICIdial's standard lead file.
  bool vicidial = false;
  // Columns by name, or by number from 1; empty: by the names that are usual
  // ("phone", "Mobile", "PHONE_NUMBER", "alt phone", ...).
  std::vector<std::string> phones;
  // A column with whole numbers, each once, that name the leads. Empty: they
  // are counted from `first_lead`, rejected rows included.
  std::string id;
  uint64_t first_lead = 1;
  // A column that names the list of each row; empty: `list`.
  std::string list_column;
  int32_t priority = 100;  // Where no column "priority" says another.
  // Asked of each lead that can be read, in the order of rows. If it is not OK
  // the row is rejected, and the message is what was expected. Empty: all are.
  std::function<absl::Status(const LeadConfig&)> accept;
};

struct LeadFile {
  std::vector<LeadConfig> leads;
  int64_t rows = 0;  // Without the header.
  // Everything odd: rows that were rejected, and what was read all the same.
  // At most kFileFaultsMax.
  std::vector<FileFault> quirks;
  // The header, if there is one, and the rejected rows, as they are.
  std::string rejects;
  int64_t rejected = 0;
};

// kInvalidArgument if no row can be read: there is no column with numbers, or
// one that was asked for is missing.
absl::StatusOr<LeadFile> ParseLeads(std::string_view text,
                                    std::string_view file_name,
                                    const LeadFileOptions& options);

}  // namespace callrouter

#endif  // CALLROUTER_LEAD_FILE_H_
