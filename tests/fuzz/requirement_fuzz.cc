// Any text: parsing ends, a fault lies inside the text, and an accepted
// expression has one canonical form that means the same atoms.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "callrouter/requirement.h"

namespace {

using callrouter::Requirement;

void Check(bool holds) {
  if (!holds) std::abort();
}

// The program leaves one value and stays within the stated stack.
void CheckProgram(const Requirement& requirement) {
  int depth = 0;
  for (const Requirement::Instruction& instruction : requirement.program()) {
    switch (instruction.code) {
      case Requirement::Code::kAtom:
        Check(instruction.atom < requirement.atoms().size());
        ++depth;
        break;
      case Requirement::Code::kTrue:
      case Requirement::Code::kFalse:
        ++depth;
        break;
      case Requirement::Code::kNot:
        Check(depth >= 1);
        break;
      case Requirement::Code::kAnd:
      case Requirement::Code::kOr:
        Check(depth >= 2);
        --depth;
        break;
    }
    Check(depth <= Requirement::kStackMax);
  }
  Check(depth == 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  callrouter::RequirementFault fault;
  const absl::StatusOr<Requirement> parsed = Requirement::Parse(text, &fault);
  if (!parsed.ok()) {
    Check(fault.column >= 1 && static_cast<size_t>(fault.column) <= size + 1);
    Check(!fault.found.empty() && !fault.expected.empty());
    return 0;
  }
  CheckProgram(*parsed);
  const absl::StatusOr<Requirement> again =
      Requirement::Parse(parsed->canonical());
  Check(again.ok());
  Check(again->canonical() == parsed->canonical());
  Check(again->program().size() == parsed->program().size());
  Check(again->atoms().size() == parsed->atoms().size());
  const absl::StatusOr<Requirement> both = Requirement::And(*parsed, *again);
  if (both.ok()) {
    Check(both->canonical() == parsed->canonical());
    CheckProgram(*both);
  }
  return 0;
}
