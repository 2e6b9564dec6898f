#include "asterisk_ledger.h"

#include <algorithm>
#include <limits>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace callrouter::asterisk {
namespace {

constexpr size_t kQuotedMax = 60;
constexpr uint8_t kIgnoredRank = 1;
constexpr uint8_t kMappedRank = 2;
constexpr uint8_t kErrorRank = 3;

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

bool IsBlank(char c) { return static_cast<unsigned char>(c) <= 32; }

// The length of the UTF-8 sequence at `at`, or 0 if there is none.
size_t SequenceLength(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return 1;
  size_t length = 0;
  uint32_t code = 0;
  uint32_t least = 0;
  if ((lead & 0xE0) == 0xC0) {
    length = 2, code = lead & 0x1Fu, least = 0x80;
  } else if ((lead & 0xF0) == 0xE0) {
    length = 3, code = lead & 0x0Fu, least = 0x800;
  } else if ((lead & 0xF8) == 0xF0) {
    length = 4, code = lead & 0x07u, least = 0x10000;
  } else {
    return 0;
  }
  if (at + length > text.size()) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
    code = (code << 6) | (byte(at + i) & 0x3Fu);
  }
  if (code < least || code > 0x10FFFF) return 0;
  if (code >= 0xD800 && code <= 0xDFFF) return 0;
  return length;
}

}  // namespace

int32_t Ledger::AddFile(const std::string& path, size_t lines) {
  const auto [it, added] = known_.try_emplace(
      std::make_pair(path, lines), static_cast<int32_t>(first_.size()));
  if (!added) return it->second;
  first_.push_back(verdict_.size());
  verdict_.resize(verdict_.size() + lines, 0);
  ImportedFile file;
  file.path = ToUtf8(path);
  file.lines.resize(lines);
  report_.files.push_back(std::move(file));
  return it->second;
}

void Ledger::RefuseFile(int32_t file, const std::string& reason) {
  ImportedFile& refused = report_.files[static_cast<size_t>(file)];
  refused.refusal = reason;
  for (size_t i = 0; i < refused.lines.size(); ++i) {
    Ignore({file, static_cast<int32_t>(i)}, "the file was refused");
  }
}

ImportedLine& Ledger::Line(LineRef at) {
  return report_.files[static_cast<size_t>(at.file)]
      .lines[static_cast<size_t>(at.line)];
}

void Ledger::Set(LineRef at, uint8_t rank, LineStatus status,
                 std::string_view note, bool warning) {
  uint8_t& verdict = verdict_[Index(at)];
  ImportedLine& line = Line(at);
  if (rank > verdict) {
    verdict = rank;
    line.status = status;
    line.note = std::string(note);
    line.warning = warning;
  } else if (rank == verdict) {
    if (line.note.empty() || (warning && !line.warning)) {
      line.note = std::string(note);
    }
    line.warning = line.warning || warning;
  }
}

void Ledger::Map(LineRef at, std::string_view note, bool warning) {
  Set(at, kMappedRank, LineStatus::kMapped, note, warning);
}

void Ledger::Ignore(LineRef at, std::string_view reason, bool warning) {
  Set(at, kIgnoredRank, LineStatus::kIgnored, reason, warning);
}

void Ledger::Error(LineRef at, std::string_view found,
                   std::string_view expected, std::string_view mend) {
  Set(at, kErrorRank, LineStatus::kError,
      absl::StrCat("found ", View(found), ", expected ", View(expected), "; ",
                   View(mend)),
      false);
}

void Ledger::Remark(const std::string& text) {
  std::vector<std::string>& remarks = report_.remarks;
  if (std::find(remarks.begin(), remarks.end(), text) == remarks.end()) {
    remarks.push_back(text);
  }
}

std::string Ledger::Where(LineRef at, LineRef seen_from) const {
  if (at.file == seen_from.file) return absl::StrCat("line ", at.line + 1);
  return absl::StrCat(path(at.file), " line ", at.line + 1);
}

const std::string& Ledger::path(int32_t file) const {
  return report_.files[static_cast<size_t>(file)].path;
}

void Ledger::CloseOpen(std::string_view reason) {
  for (size_t f = 0; f < report_.files.size(); ++f) {
    for (size_t i = 0; i < report_.files[f].lines.size(); ++i) {
      const LineRef at{static_cast<int32_t>(f), static_cast<int32_t>(i)};
      if (!has_verdict(at)) Ignore(at, reason);
    }
  }
}

std::string_view Strip(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool EqualWords(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase(View(a), View(b));
}

bool IsUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t length = SequenceLength(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string ToUtf8(std::string_view text) {
  if (IsUtf8(text)) return std::string(text);
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out.push_back(c);
    } else {
      out.push_back(static_cast<char>(0xC0 | (byte >> 6)));
      out.push_back(static_cast<char>(0x80 | (byte & 0x3F)));
    }
  }
  return out;
}

std::string Quoted(std::string_view text) {
  std::string clean = ToUtf8(text.substr(0, kQuotedMax + 4));
  const bool cut = clean.size() > kQuotedMax || text.size() > kQuotedMax + 4;
  if (clean.size() > kQuotedMax) {
    size_t end = kQuotedMax;
    while (end > 0 && (static_cast<unsigned char>(clean[end]) & 0xC0) == 0x80) {
      --end;
    }
    clean.resize(end);
  }
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 32) c = ' ';
  }
  return absl::StrCat("'", clean, cut ? "...'" : "'");
}

std::string_view BaseName(std::string_view path) {
  const size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

Integer ReadInteger(std::string_view text) {
  text = Strip(text);
  size_t at = 0;
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    at = 1;
  }
  const size_t digits = at;
  int64_t value = 0;
  bool over = false;
  constexpr int64_t kMax = std::numeric_limits<int32_t>::max();
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
    value = std::min(kMax + 1, value * 10 + (text[at] - '0'));
    if (value > kMax) over = true;
  }
  value = std::min(value, kMax);
  Integer read;
  read.value = static_cast<int32_t>(negative ? -value : value);
  read.clean = at > digits && at == text.size() && !over;
  return read;
}

Truth ReadTruth(std::string_view text) {
  for (const char* word : {"yes", "true", "y", "t", "1", "on"}) {
    if (EqualWords(text, word)) return Truth::kTrue;
  }
  for (const char* word : {"no", "false", "n", "f", "0", "off"}) {
    if (EqualWords(text, word)) return Truth::kFalse;
  }
  return Truth::kNeither;
}

}  // namespace callrouter::asterisk
