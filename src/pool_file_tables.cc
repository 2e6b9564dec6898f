// Tables of ranges and of numbers.

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "pool_file.h"
#include "quoted.h"

namespace callrouter {
namespace {

constexpr std::size_t kNone = TableFile::npos;

bool AllDigits(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool PoolReader::ReadTable(const std::string& path, const std::string& name,
                           std::string* text) {
  if (name.empty()) {
    faults_.push_back({path + ".file", "nothing", "the name of a file"});
    return false;
  }
  auto read = read_ ? read_(name) : absl::NotFoundError("no files here");
  if (read.ok()) {
    *text = *std::move(read);
    return true;
  }
  faults_.push_back({path + ".file", std::string(read.status().message()),
                     "a file that can be read"});
  return false;
}

// Which column is what, and a row of it as a range.
class RangeTable {
 public:
  RangeTable(const v1::RangeFile& in, PoolReader* reader)
      : in_(in), reader_(*reader) {}

  // Looks at the first row. True if it only names columns, which a code
  // without a digit does.
  bool FindColumns(const TableFile& table) {
    const auto find = [&](const std::string& name, const char* otherwise) {
      const std::string column = name.empty() ? otherwise : name;
      const std::size_t at = column.empty() ? kNone : table.Find(column);
      if (at == kNone && !column.empty()) missing_.push_back(column);
      named_ = named_ || (at != kNone && !AllDigits(column));
      return at;
    };
    code_ = find(in_.code(), "code");
    from_ = find(in_.from(), "");
    to_ = find(in_.to(), "");
    region_ =
        in_.region().empty() ? find(in_.region_column(), "region") : kNone;
    const std::string code = Field(table, code_);
    return named_ || (!code.empty() &&
                      code.find_first_of("0123456789") == std::string::npos);
  }
  const std::vector<std::string>& missing() const { return missing_; }

  void ReadRow(const TableFile& table) {
    NumberRange range;
    range.region = in_.region().empty() ? Field(table, region_) : in_.region();
    const std::string code = Field(table, code_);
    const std::string head = in_.country() + code;
    std::string from = Field(table, from_), to = Field(table, to_);
    const std::size_t digits = static_cast<std::size_t>(in_.digits());
    if (!AllDigits(head) || head.size() > digits) {
      return Complain(
          table, code_, "code", code,
          absl::StrCat("digits, with the country's at most ", digits));
    }
    const std::size_t rest = digits - head.size();
    if (from_ == kNone || to_ == kNone) {
      from.clear();
      to = std::string(rest, '9');
    }
    // Spreadsheets lose leading zeros.
    if (from.size() < rest) from.insert(0, rest - from.size(), '0');
    if (to.size() < rest) to.insert(0, rest - to.size(), '0');
    for (const auto& [text, column, name] :
         {std::tuple(from, from_, "from"), std::tuple(to, to_, "to")}) {
      if (text.size() == rest && AllDigits(text)) continue;
      return Complain(table, column, name, Field(table, column),
                      absl::StrCat("at most ", rest, " digits"));
    }
    const auto first = PhoneNumber::Parse(head + from);
    const auto last = PhoneNumber::Parse(head + to);
    if (!first.ok() || !last.ok()) {
      return Complain(table, code_, "code", code, "the start of a number");
    }
    if (range.region.empty()) {
      return Complain(table, region_, "region", "", "the name of a region");
    }
    range.first = *first;
    range.last = *last;
    Add(table, std::move(range));
  }

 private:
  static std::string Field(const TableFile& table, std::size_t column) {
    return column < table.size() ? table.field(column) : "";
  }

  void Complain(const TableFile& table, std::size_t column, const char* field,
                const std::string& found, std::string expected) {
    reader_.elsewhere_.push_back(
        table.Fault(column, field, Quoted(found), std::move(expected)));
  }

  void Add(const TableFile& table, NumberRange range) {
    if (!in_.make_regions_in().empty() &&
        reader_.regions_.insert(range.region).second) {
      Region& made = reader_.out_.rules.regions.emplace_back();
      made.name = range.region;
      made.parent = in_.make_regions_in();
    }
    reader_.range_places_.push_back(table.Fault(code_, "", "", ""));
    reader_.out_.rules.ranges.push_back(std::move(range));
  }

  const v1::RangeFile& in_;
  PoolReader& reader_;
  std::size_t code_ = kNone, from_ = kNone, to_ = kNone, region_ = kNone;
  bool named_ = false;
  std::vector<std::string> missing_;
};

void PoolReader::ReadRangeFile(int index) {
  const std::string path = absl::StrCat("range_file[", index, "]");
  const v1::RangeFile& in = proto_.range_file(index);
  if (in.digits() < PhoneNumber::kDigitsMin ||
      in.digits() > PhoneNumber::kDigitsMax) {
    faults_.push_back({path + ".digits", absl::StrCat(in.digits()),
                       "7 to 15, the length of the numbers with their country "
                       "code"});
    return;
  }
  if (in.from().empty() != in.to().empty()) {
    faults_.push_back({path + (in.from().empty() ? ".from" : ".to"), "nothing",
                       "from and to, or neither"});
    return;
  }
  std::string text;
  if (!ReadTable(path, in.file(), &text)) return;
  TableFile table(in.file(), text);
  if (!table.Next()) {
    elsewhere_.push_back(
        table.Fault(kNone, "", "no rows", "a table of ranges"));
    return;
  }
  RangeTable rows(in, this);
  const bool header = rows.FindColumns(table);
  if (!rows.missing().empty()) {
    elsewhere_.push_back(table.Fault(
        kNone, "", absl::StrCat("no column ", Quoted(rows.missing()[0])),
        "the names of columns, or their numbers in the pool's file"));
    return;
  }
  if (!header) rows.ReadRow(table);
  while (table.Next()) rows.ReadRow(table);
}

bool PoolReader::MakeNumber(const WrittenNumber& in, NumberConfig* out,
                            std::vector<Fault>* faults) {
  const std::size_t before = faults->size();
  const auto number = PhoneNumber::Parse(in.number);
  if (!number.ok()) {
    faults->push_back({"number", Quoted(in.number),
                       "an international number such as \"+74951234567\""});
  } else if (!numbers_.insert(number->value()).second) {
    faults->push_back({"number", Quoted(in.number), "each number once"});
  } else {
    out->number = *number;
  }
  if (!groups_.contains(in.group)) {
    faults->push_back({"group", Quoted(in.group), "the name of a group"});
  }
  if (!in.region.empty() && !regions_.contains(in.region)) {
    faults->push_back({"region", Quoted(in.region), "the name of a region"});
  }
  out->group = in.group;
  out->region = in.region;
  const auto read = [&](const char* field, const std::string& text, int low,
                        int high, int32_t* value) {
    if (text.empty()) return;
    if (!absl::SimpleAtoi(text, value) || *value < low || *value > high) {
      faults->push_back({field, Quoted(text), absl::StrCat(low, " to ", high)});
    }
  };
  read("weight", in.weight, 1, 1000, &out->weight);
  read("rank", in.rank, 0, 1'000'000, &out->rank);
  if (!in.verified.empty() &&
      !absl::ParseTime("%Y-%m-%d", in.verified, &out->verified, nullptr) &&
      !absl::ParseTime("%Y-%m-%d %H:%M", in.verified, &out->verified,
                       nullptr)) {
    faults->push_back({"verified", Quoted(in.verified),
                       "a time such as \"2026-01-31 12:00\""});
  }
  v1::PoolNumber::State state = v1::PoolNumber::ACTIVE;
  if (!in.state.empty() && !v1::PoolNumber::State_Parse(in.state, &state)) {
    faults->push_back({"state", Quoted(in.state),
                       "ACTIVE, NEW, WARMING, SUSPECT, RESTING, PROBING, "
                       "RESERVED, HELD or RETIRED"});
  }
  // In the schema ACTIVE is 0, so that it is what is left out.
  out->state = state == v1::PoolNumber::ACTIVE ? NumberState::kActive
               : state == v1::PoolNumber::NEW  ? NumberState::kNew
               : state == v1::PoolNumber::WARMING
                   ? NumberState::kWarming
                   : static_cast<NumberState>(state);
  return faults->size() == before;
}

void PoolReader::ReadNumberFile(int index) {
  const std::string path = absl::StrCat("number_file[", index, "]");
  const v1::NumberFile& in = proto_.number_file(index);
  std::string text;
  if (!ReadTable(path, in.file(), &text)) return;
  TableFile table(in.file(), text);
  const bool any = table.Next();
  constexpr const char* kColumns[] = {"number", "group",    "region", "weight",
                                      "rank",   "verified", "state"};
  std::size_t at[7];
  for (std::size_t i = 0; i < 7; ++i) at[i] = table.Find(kColumns[i]);
  if (!any || at[0] == kNone) {
    elsewhere_.push_back(table.Fault(
        kNone, "", any ? "no column \"number\"" : "no rows",
        "a first line that names the columns: number, group, region, ..."));
    return;
  }
  const auto field = [&](std::size_t i, const std::string& otherwise) {
    const bool there = at[i] < table.size() && !table.field(at[i]).empty();
    return there ? table.field(at[i]) : otherwise;
  };
  while (table.Next()) {
    WrittenNumber written;
    written.number = field(0, "");
    written.group = field(1, in.group());
    written.region = field(2, in.region());
    written.weight = field(3, "");
    written.rank = field(4, "");
    written.verified = field(5, "");
    written.state = field(6, v1::PoolNumber::State_Name(in.state()));
    NumberConfig number;
    std::vector<Fault> faults;
    if (MakeNumber(written, &number, &faults)) {
      out_.numbers.put.push_back(std::move(number));
    }
    for (Fault& fault : faults) {
      const auto* const column =
          std::find(std::begin(kColumns), std::end(kColumns), fault.path);
      const std::size_t i =
          static_cast<std::size_t>(column - std::begin(kColumns));
      elsewhere_.push_back(
          table.Fault(at[i], fault.path, fault.found, fault.expected));
    }
  }
}

}  // namespace callrouter
