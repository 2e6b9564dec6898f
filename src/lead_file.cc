#include "callrouter/lead_file.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <unordered_map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "table_file.h"

namespace callrouter {
namespace {

constexpr std::size_t kNumbersMax = 16;  // Of one lead.

// "Phone_Number " and "PHONE NUMBER" are one.
std::string Plain(const std::string& name) {
  std::string plain;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      plain.push_back(
          static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    }
  }
  return plain;
}

bool IsPhoneName(const std::string& plain) {
  static constexpr const char* kNames[] = {
      "phone",        "phonenumber",    "telephone",    "telephonenumber",
      "tel",          "mobile",         "mobilephone",  "mobilenumber",
      "cell",         "cellphone",      "homephone",    "workphone",
      "altphone",     "alternatephone", "phone1",       "phone2",
      "phone3",       "phone4",         "phone5",       "phonenumber1",
      "phonenumber2", "phonenumber3",   "address3phone"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](const char* name) { return plain == name; });
}

// ITU-T, National Number Plans.
std::string UsualTrunkPrefix(const std::string& country) {
  if (country == "7") return "8";
  if (country == "36") return "06";
  if (country == "375") return "80";
  return country == "39" ? "" : "0";
}

class LeadReader {
 public:
  LeadReader(std::string_view text, std::string_view name,
             const LeadFileOptions& options)
      : options_(options), table_(std::string(name), text) {}

  absl::StatusOr<LeadFile> Read() {
    if (!table_.Next()) return Refuse("file", "nothing", "a row");
    const absl::Status status = options_.vicidial ? Vicidial() : Header();
    if (!status.ok()) return status;
    if (!options_.vicidial && !table_.Next()) return std::move(file_);
    do {
      Row();
    } while (table_.Next());
    return std::move(file_);
  }

 private:
  static constexpr std::size_t npos = TableFile::npos;

  absl::Status Refuse(const std::string& field, const std::string& found,
                      const std::string& expected) {
    return absl::InvalidArgumentError(
        table_.Fault(npos, field, found, expected).ToString());
  }
  void Quirk(std::size_t column, const std::string& field,
             const std::string& found, const std::string& expected) {
    if (file_.quirks.size() >= kFileFaultsMax) return;
    file_.quirks.push_back(table_.Fault(column, field, found, expected));
  }
  void Reject(std::size_t column, const std::string& field,
              const std::string& found, const std::string& expected) {
    Quirk(column, field, found, expected);
    Reject();
  }
  void Reject() {
    if (file_.rejects.empty()) file_.rejects = header_;
    absl::StrAppend(&file_.rejects,
                    absl::string_view(table_.row().data(), table_.row().size()),
                    "\n");
    ++file_.rejected;
  }

  // vendor_lead_code, source_id, list_id, phone_code, phone_number, ...
  absl::Status Vicidial() {
    code_ = 3;
    phones_ = {4};
    alternate_ = 19;
    rank_ = 23;
    more_ = 26;
    return absl::OkStatus();
  }

  absl::Status Header() {
    header_ = absl::StrCat(
        absl::string_view(table_.row().data(), table_.row().size()), "\n");
    std::unordered_map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < table_.size(); ++i) {
      const std::string name = Plain(table_.field(i));
      if (name.empty()) {
        Quirk(i, "header", "a column without a name", "a name; it is left out");
        continue;
      }
      if (!seen.emplace(name, i).second && !IsPhoneName(name)) {
        Quirk(i, "header", table_.field(i),
              "each name once; the first is taken");
        continue;
      }
      if (options_.phones.empty() && IsPhoneName(name)) phones_.push_back(i);
      if (name == "phonecode" || name == "countrycode") code_ = i;
      if (name == "priority") priority_ = i;
      if (name == "score" || name == "rank") rank_ = i;
    }
    for (const std::string& phone : options_.phones) {
      const std::size_t at = Find(phone);
      if (at == npos) {
        return Refuse("header", "no column \"" + phone + "\"", "one");
      }
      phones_.push_back(at);
    }
    if (phones_.empty()) {
      return Refuse("header", table_.field(0),
                    "a column of numbers, such as \"phone\", or to be told "
                    "which it is");
    }
    const auto named = [&](const std::string& name, std::size_t* column) {
      if (name.empty()) return absl::OkStatus();
      *column = Find(name);
      if (*column != npos) return absl::OkStatus();
      return Refuse("header", "no column \"" + name + "\"", "one");
    };
    const absl::Status status = named(options_.id, &id_);
    return status.ok() ? named(options_.list_column, &list_) : status;
  }

  std::size_t Find(const std::string& name) const {
    int number = 0;
    if (absl::SimpleAtoi(name, &number)) return table_.Find(name);
    for (std::size_t i = 0; i < table_.size(); ++i) {
      if (Plain(table_.field(i)) == Plain(name)) return i;
    }
    return npos;
  }

  std::string At(std::size_t column) const {
    return column < table_.size() ? table_.field(column) : std::string();
  }

  // Without what is written into it for people only: "+44 (0)20 ..." is dialled
  // without that 0 from abroad, "2079460001.0" was a number to a spreadsheet.
  static std::string Bare(std::string text) {
    const std::size_t zero = text.find("(0)");
    if (zero != std::string::npos &&
        (text[0] == '+' || text.compare(0, 2, "00") == 0)) {
      text.erase(zero, 3);
    }
    const std::size_t size = text.size();
    if (size >= 9 && text.compare(size - 2, 2, ".0") == 0 &&
        text.find_first_not_of("0123456789") == size - 2) {
      text.resize(size - 2);
    }
    return text;
  }

  // All numbers of +1 and +7 have ten digits more.
  static bool Fixed(const std::string& digits) {
    return !digits.empty() && (digits[0] == '1' || digits[0] == '7');
  }

  // Empty: it is none, and `*why` says so.
  PhoneNumber Phone(const std::string& written, const std::string& code,
                    std::string* why) const {
    const std::string text = Bare(written);
    std::string digits;
    for (const char c : text) {
      if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
        digits.push_back(c);
      } else if (std::string_view(" ().-/+\u00a0").find(c) ==
                 std::string_view::npos) {
        *why = "digits with blanks, brackets, dots or dashes";
        return PhoneNumber();
      }
    }
    const std::string& country = code.empty() ? options_.country : code;
    if (text.find('+') == std::string::npos) {
      if (digits.compare(0, 2, "00") == 0) {
        digits.erase(0, 2);
      } else if (country.empty()) {
        *why = "a number that begins with + or 00, or the country to be said";
        return PhoneNumber();
      } else if (!Fixed(country) || digits.size() != 11 ||
                 digits[0] != country[0]) {
        std::string trunk = options_.trunk_prefix;
        if (trunk.empty()) trunk = UsualTrunkPrefix(country);
        if (trunk != "-" && digits.compare(0, trunk.size(), trunk) == 0) {
          digits.erase(0, trunk.size());
        }
        digits = country + digits;
      }
    }
    const auto number = PhoneNumber::Parse("+" + digits);
    const bool whole = !Fixed(digits) || digits.size() == 11;
    if (number.ok() && whole) return *number;
    *why = whole ? "7 to 15 digits with the country's, the first not 0"
                 : absl::StrCat("10 digits after +", digits.substr(0, 1));
    return PhoneNumber();
  }

  void AddPhone(std::size_t column, const std::string& text, LeadConfig* lead) {
    if (text.empty()) return;
    std::string why;
    const PhoneNumber number = Phone(text, At(code_), &why);
    if (number.none()) {
      Quirk(column, "phone", text, why);
      return;
    }
    const auto same = [&](const LeadNumber& n) { return n.number == number; };
    if (lead->numbers.size() < kNumbersMax &&
        std::none_of(lead->numbers.begin(), lead->numbers.end(), same)) {
      lead->numbers.push_back({number});
    }
  }

  // VICIdial's further numbers: "7275551212_1_work!7275551213_61_home".
  void AddMore(LeadConfig* lead) {
    const std::string all = At(more_);
    for (std::size_t at = 0; at < all.size();) {
      const std::size_t end = std::min(all.find('!', at), all.size());
      const std::string one = all.substr(at, end - at);
      at = end + 1;
      const std::size_t mark = one.find('_');
      const std::size_t next =
          mark == std::string::npos ? mark : one.find('_', mark + 1);
      std::string why;
      const PhoneNumber number = Phone(
          one.substr(0, mark),
          mark == std::string::npos
              ? ""
              : one.substr(mark + 1,
                           next == std::string::npos ? next : next - mark - 1),
          &why);
      if (number.none()) {
        Quirk(more_, "phone", one, why);
      } else if (lead->numbers.size() < kNumbersMax) {
        lead->numbers.push_back({number});
      }
    }
  }

  void Row() {
    LeadConfig lead;
    lead.list = list_ == npos ? options_.list : At(list_);
    lead.lead = options_.first_lead + static_cast<uint64_t>(file_.rows);
    ++file_.rows;
    if (table_.unclosed()) {
      return Reject(npos, "row", "a quotation mark without its end",
                    "both in one line");
    }
    if (id_ != npos &&
        (!absl::SimpleAtoi(At(id_), &lead.lead) || lead.lead == 0)) {
      return Reject(id_, options_.id, At(id_), "a whole number above 0");
    }
    lead.priority = Number(priority_, "priority", options_.priority, 255);
    lead.score = Number(rank_, "score", 0, 65'535);
    std::size_t first = npos;
    for (const std::size_t column : phones_) {
      if (first == npos && !At(column).empty()) first = column;
      AddPhone(column, At(column), &lead);
    }
    if (alternate_ != npos) AddPhone(alternate_, At(alternate_), &lead);
    AddMore(&lead);
    if (lead.numbers.empty()) {
      // What is wrong with numbers that are there has been said.
      if (first == npos) {
        Quirk(phones_[0], "phone", "nothing", "a number");
      }
      return Reject();
    }
    if (!ids_.emplace(lead.lead, table_.line()).second) {
      return Reject(id_, options_.id, At(id_), "each lead once");
    }
    const auto before =
        lines_.emplace(lead.numbers[0].number.value(), table_.line());
    if (!before.second) {
      return Reject(phones_[0], "phone", lead.numbers[0].number.ToString(),
                    absl::StrCat("each number once: it is in line ",
                                 before.first->second, " too"));
    }
    const absl::Status accepted =
        options_.accept ? options_.accept(lead) : absl::OkStatus();
    if (!accepted.ok()) {
      lines_.erase(before.first);
      ids_.erase(lead.lead);
      return Reject(first == npos ? alternate_ : first, "lead",
                    lead.numbers[0].number.ToString(),
                    std::string(accepted.message()));
    }
    file_.leads.push_back(std::move(lead));
  }

  int32_t Number(std::size_t column, const char* name, int32_t otherwise,
                 int32_t most) {
    const std::string text = At(column);
    if (text.empty()) return otherwise;
    int32_t number = 0;
    if (absl::SimpleAtoi(text, &number) && number >= 0 && number <= most) {
      return number;
    }
    Quirk(column, name, text,
          absl::StrCat("0 to ", most, "; ", otherwise, " is taken"));
    return otherwise;
  }

  const LeadFileOptions& options_;
  TableFile table_;
  LeadFile file_;
  std::string header_;
  std::vector<std::size_t> phones_;
  std::size_t code_ = npos, id_ = npos, priority_ = npos, rank_ = npos,
              list_ = npos;
  std::size_t alternate_ = npos, more_ = npos;  // VICIdial's.
  std::unordered_map<uint64_t, int> lines_;     // By number.
  std::unordered_map<uint64_t, int> ids_;
};

}  // namespace

absl::StatusOr<LeadFile> ParseLeads(std::string_view text,
                                    std::string_view file_name,
                                    const LeadFileOptions& options) {
  return LeadReader(text, file_name, options).Read();
}

}  // namespace callrouter
