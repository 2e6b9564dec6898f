#include "callrouter/asterisk_import.h"

#include "absl/strings/str_cat.h"
#include "asterisk_foreign.h"
#include "asterisk_ledger.h"
#include "asterisk_queues.h"
#include "asterisk_reader.h"
#include "asterisk_rules.h"

namespace callrouter {
namespace {

using asterisk::FileRole;

// True, with the file refused in the report, if it is not what it should be.
bool Refuse(const AsteriskFile& file, FileRole role,
            const AsteriskImportOptions& options, asterisk::Ledger* ledger,
            ImportReport* report) {
  std::string reason;
  if (file.text.size() > options.bytes_max) {
    reason = absl::StrCat("it has ", file.text.size(),
                          " bytes; expected at most ", options.bytes_max);
  } else {
    reason = asterisk::LooksForeign(file, role);
  }
  if (reason.empty()) return false;
  const int32_t id =
      ledger->AddFile(file.path, asterisk::SplitLines(file.text).size());
  ledger->RefuseFile(id, reason);
  if (!report->refused) report->refusal = ledger->path(id) + ": " + reason;
  report->refused = true;
  return true;
}

}  // namespace

AsteriskImport ImportAsteriskQueues(const AsteriskFile& queues,
                                    const AsteriskFile* rules,
                                    const AsteriskIncludeResolver& resolver,
                                    const AsteriskImportOptions& options) {
  AsteriskImport result;
  asterisk::Ledger ledger(&result.report);
  asterisk::Reader reader(resolver, options, &ledger);
  asterisk::RuleBook book;
  const bool take_queues =
      !Refuse(queues, FileRole::kQueues, options, &ledger, &result.report);
  asterisk::Document document;
  if (take_queues) document = reader.Read(queues);
  const bool take_rules =
      rules != nullptr &&
      !Refuse(*rules, FileRole::kRules, options, &ledger, &result.report);
  if (take_rules) book.Load(reader.Read(*rules), &ledger);
  if (take_queues) {
    asterisk::QueueImporter importer(options, take_rules ? &book : nullptr,
                                     &ledger, &result.config);
    importer.Import(document);
  }
  book.CloseUnused(&ledger);
  // Templates of the rules file are all that is left.
  ledger.CloseOpen("no rule uses this template");
  return result;
}

}  // namespace callrouter
