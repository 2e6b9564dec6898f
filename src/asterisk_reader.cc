#include "asterisk_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "asterisk_foreign.h"

namespace callrouter::asterisk {
namespace {

// A filter's pattern is plain text, found anywhere, or at the ends with ^ and
// $. Asterisk takes regular expressions; nobody has been seen to use more.
bool PlainPattern(std::string_view pattern) {
  if (!pattern.empty() && pattern.front() == '^') pattern.remove_prefix(1);
  if (!pattern.empty() && pattern.back() == '$') pattern.remove_suffix(1);
  return pattern.find_first_of("^$.[]*+?{}()|\\") == std::string_view::npos;
}

bool PatternMatches(std::string_view pattern, std::string_view text) {
  const bool start = !pattern.empty() && pattern.front() == '^';
  if (start) pattern.remove_prefix(1);
  const bool end = !pattern.empty() && pattern.back() == '$';
  if (end) pattern.remove_suffix(1);
  if (start && end) return text == pattern;
  if (start) return text.substr(0, pattern.size()) == pattern;
  if (end) {
    return text.size() >= pattern.size() &&
           text.substr(text.size() - pattern.size()) == pattern;
  }
  return text.find(pattern) != std::string_view::npos;
}

// How a section header's filter, "name=value", reads; `has_value` is false
// without "=".
struct Filter {
  std::string_view name;
  std::string_view value;
  bool has_value = false;
};

Filter ParseFilter(std::string_view text) {
  Filter filter;
  const size_t equals = text.find('=');
  filter.name = Strip(text.substr(0, equals));
  if (equals != std::string_view::npos) {
    filter.has_value = true;
    filter.value = Strip(text.substr(equals + 1));
  }
  return filter;
}

bool FilterAccepts(const Filter& filter, const Section& section) {
  if (filter.name == "TEMPLATES") {
    if (EqualWords(filter.value, "include")) return true;
    return EqualWords(filter.value, "restrict") && section.is_template;
  }
  if (section.is_template) return false;
  for (const Value& value : section.values) {
    if (PatternMatches(filter.name, value.key) &&
        PatternMatches(filter.value, value.text)) {
      return true;
    }
  }
  return false;
}

size_t Footprint(const Section& section) {
  size_t bytes = 64 + section.headers.size() * sizeof(LineRef);
  for (const Value& value : section.values) {
    bytes += sizeof(Value) + value.key.size() + value.text.size() +
             value.lines.size() * sizeof(LineRef);
  }
  return bytes;
}

}  // namespace

Document Reader::Read(const AsteriskFile& file) {
  document_ = Document();
  by_name_.clear();
  last_.clear();
  current_ = kNoSection;
  bytes_ += file.text.size();
  ReadFile(file);
  return std::move(document_);
}

void Reader::ReadFile(const AsteriskFile& file) {
  open_.push_back(file.path);
  ++files_;
  std::string_view text = file.text;
  const bool marked = text.substr(0, 3) == "\xEF\xBB\xBF";
  if (marked) text.remove_prefix(3);
  std::vector<std::string_view> lines = SplitLines(text);
  // The account is of the file's own lines: a mark alone is a line too.
  if (lines.empty() && marked) lines.emplace_back();
  const int32_t id = ledger_.AddFile(file.path, lines.size());
  if (marked) {
    ledger_.Remark(absl::StrCat(ledger_.path(id),
                                ": skipped the byte order mark in front, which "
                                "Asterisk takes for a part of line 1"));
  }
  CommentFilter comments;
  int section = current_;
  bool latin = false;
  for (size_t i = 0; i < lines.size(); ++i) {
    const LineRef at{id, static_cast<int32_t>(i)};
    const std::string raw = ToUtf8(lines[i]);
    if (!latin && raw.size() != lines[i].size()) {
      latin = true;
      ledger_.Remark(absl::StrCat(ledger_.path(id), ": line ", i + 1,
                                  " is not UTF-8; such lines are read as ISO "
                                  "8859-1"));
    }
    const bool was_inside = comments.inside();
    const std::string kept = comments.Filter(raw, at);
    const std::string_view content = Strip(kept);
    if (!content.empty()) {
      ReadLine(content, at, &section);
    } else {
      const bool blank = Strip(raw).empty() && !was_inside;
      ledger_.Ignore(at, blank ? "blank" : "comment");
    }
  }
  if (comments.inside()) {
    ledger_.Ignore(comments.opened_at(),
                   "comment; nothing closes it, so all below it is comment "
                   "too: close it with --;",
                   true);
  }
  open_.pop_back();
}

void Reader::ReadLine(std::string_view text, LineRef at, int* section) {
  if (text[0] == '[') {
    ReadHeader(text, at, section);
  } else if (text[0] == '#') {
    ReadDirective(text, at, *section);
  } else {
    ReadAssignment(text, at, *section);
  }
}

void Reader::ReadHeader(std::string_view text, LineRef at, int* section) {
  *section = kBroken;
  broken_at_ = at;
  const size_t close = text.find(']');
  if (close == std::string_view::npos) {
    ledger_.Error(at, Quoted(text), "[name] or [name](template)",
                  "close the name with ]");
    return;
  }
  Section fresh;
  fresh.name = std::string(text.substr(1, close - 1));
  fresh.at = at;
  fresh.headers.push_back(at);
  if (Strip(fresh.name).empty()) {
    ledger_.Error(at, Quoted(text), "a name between [ and ]",
                  "name the section");
    return;
  }
  std::string_view rest = text.substr(close + 1);
  if (!rest.empty() && rest[0] == '(') {
    const size_t end = rest.find(')');
    if (end == std::string_view::npos) {
      ledger_.Error(at, Quoted(rest), "a closing )",
                    "write it as [name](template)");
      return;
    }
    if (!ReadItems(rest.substr(1, end - 1), at, &fresh, section)) return;
    rest = rest.substr(end + 1);
    if (*section >= 0) return;  // Appended to a section that was there.
  }
  rest = Strip(rest);
  if (!rest.empty()) {
    ledger_.Error(at, absl::StrCat(Quoted(rest), " after the section's name"),
                  "nothing, or ( right after ]",
                  "Asterisk does not read it: remove it, or the blank");
  }
  *section = static_cast<int>(document_.sections.size());
  current_ = *section;
  by_name_[Lower(fresh.name)].push_back(*section);
  document_.sections.push_back(std::move(fresh));
}

bool Reader::ReadItems(std::string_view items, LineRef at, Section* fresh,
                       int* section) {
  int target = kNoSection;
  while (true) {
    const size_t comma = items.find(',');
    const std::string_view item = Strip(items.substr(0, comma));
    if (item == "!") {
      (target < 0 ? *fresh : document_.sections[static_cast<size_t>(target)])
          .is_template = true;
    } else if (!item.empty() && item[0] == '+') {
      if (!AppendTo(item, at, fresh, &target)) return false;
    } else if (!item.empty()) {
      Section* to =
          target < 0 ? fresh : &document_.sections[static_cast<size_t>(target)];
      Inherit(item, at, to);
      if (target >= 0) last_.erase(target);
    } else if (!Strip(items).empty()) {
      ledger_.Error(at, "an empty name between ( and )",
                    "!, + or the name of a section",
                    "remove the comma too many");
    }
    if (comma == std::string_view::npos) break;
    items.remove_prefix(comma + 1);
  }
  if (target >= 0) *section = target;
  return true;
}

bool Reader::AppendTo(std::string_view item, LineRef at, Section* fresh,
                      int* section) {
  const std::string_view filter = Strip(item.substr(1));
  const Filter parsed = ParseFilter(filter);
  if (!filter.empty() && (!parsed.has_value || !(PlainPattern(parsed.name) &&
                                                 PlainPattern(parsed.value)))) {
    ledger_.Error(at, absl::StrCat("the filter ", Quoted(filter)),
                  "key=text, with ^ and $ for the ends, or "
                  "TEMPLATES=include or TEMPLATES=restrict",
                  "spell the value out; other regular expressions are not "
                  "read");
    return false;
  }
  const int found = Find(fresh->name, filter, false);
  if (found < 0) {
    ledger_.Error(at,
                  absl::StrCat("+, to append to ", Quoted(fresh->name),
                               filter.empty() ? "" : " with that filter"),
                  "a section of this name above",
                  "define it first, or remove the +; a template needs "
                  "(+TEMPLATES=include)");
    return false;
  }
  Section& to = document_.sections[static_cast<size_t>(found)];
  to.is_template = to.is_template || fresh->is_template;
  to.headers.insert(to.headers.end(), fresh->headers.begin(),
                    fresh->headers.end());
  for (Value& value : fresh->values) to.values.push_back(std::move(value));
  fresh->values.clear();
  fresh->headers.clear();
  last_.erase(found);
  *section = found;
  current_ = found;
  return true;
}

void Reader::Inherit(std::string_view item, LineRef at, Section* to) {
  const int found = Find(item, "TEMPLATES=include", true);
  if (found < 0) {
    ledger_.Error(at, absl::StrCat("the template ", Quoted(item)),
                  "the name of a section above this line",
                  "define it first or correct the name; the section is "
                  "imported without it");
    return;
  }
  const Section& base = document_.sections[static_cast<size_t>(found)];
  if (&base == to) return;
  if (!Spend(Footprint(base), at)) return;
  to->values.insert(to->values.end(), base.values.begin(), base.values.end());
  to->headers.insert(to->headers.end(), base.headers.begin(),
                     base.headers.end());
}

int Reader::Find(std::string_view name, std::string_view filter,
                 bool templates) {
  const auto it = by_name_.find(Lower(name));
  if (it == by_name_.end()) return kNoSection;
  const Filter parsed = ParseFilter(filter);
  for (const int candidate : it->second) {
    const Section& section = document_.sections[static_cast<size_t>(candidate)];
    if (templates) return candidate;
    expanded_ += 16 * (1 + section.values.size());
    if (expanded_ > options_.expanded_bytes_max) return kNoSection;
    if (filter.empty() ? !section.is_template
                       : FilterAccepts(parsed, section)) {
      return candidate;
    }
  }
  return kNoSection;
}

bool Reader::Spend(size_t bytes, LineRef at) {
  if (expanded_ + bytes <= options_.expanded_bytes_max) {
    expanded_ += bytes;
    return true;
  }
  ledger_.Error(
      at, "templates that multiply the text beyond the limit",
      absl::StrCat("at most ", options_.expanded_bytes_max, " bytes in all"),
      "inherit less, or raise the limit");
  return false;
}

void Reader::ReadDirective(std::string_view text, LineRef at, int section) {
  size_t end = 1;
  while (end < text.size() && static_cast<unsigned char>(text[end]) > 32) ++end;
  const std::string_view word = text.substr(1, end - 1);
  std::string_view argument = Strip(text.substr(end));
  const bool include = EqualWords(word, "include");
  const bool try_include = EqualWords(word, "tryinclude");
  const bool exec = EqualWords(word, "exec");
  if (!include && !try_include && !exec) {
    ledger_.Error(at, Quoted(text.substr(0, end)),
                  "#include, #tryinclude or #exec",
                  "a comment begins with ; and not with #");
    return;
  }
  if (argument.size() >= 2 &&
      ((argument.front() == '"' && argument.back() == '"') ||
       (argument.front() == '<' && argument.back() == '>'))) {
    argument = argument.substr(1, argument.size() - 2);
  }
  if (argument.empty()) {
    ledger_.Error(at, absl::StrCat(Quoted(text), " without an argument"),
                  exec ? "a program" : "a file", "name it, or remove the line");
    return;
  }
  if (exec) {
    ledger_.Ignore(at,
                   "programs are never run here; write what it prints into a "
                   "file and #include that",
                   true);
    return;
  }
  if (section == kBroken) current_ = kBroken;
  Include(argument, include, at);
}

void Reader::Include(std::string_view argument, bool must_exist, LineRef at) {
  if (static_cast<int>(open_.size()) > options_.include_depth_max) {
    ledger_.Error(
        at, absl::StrCat("an include inside ", open_.size() - 1, " others"),
        absl::StrCat("at most ", options_.include_depth_max, " levels"),
        "include the file further up");
    return;
  }
  std::vector<AsteriskFile> files;
  if (resolver_) files = resolver_(std::string(argument), open_.back());
  if (files.empty()) {
    if (must_exist) {
      ledger_.Error(at, absl::StrCat(Quoted(argument), ", which is not there"),
                    "a file, or a pattern that matches one",
                    "add the file, correct the path, or use #tryinclude");
    } else {
      ledger_.Ignore(at, "no such file, which #tryinclude allows");
    }
    return;
  }
  for (const AsteriskFile& file : files) ReadIncluded(file, at);
  ledger_.Map(at, absl::StrCat("files read: ", files.size()));
}

void Reader::ReadIncluded(const AsteriskFile& file, LineRef at) {
  const auto open = std::find(open_.begin(), open_.end(), file.path);
  if (open != open_.end()) {
    std::vector<std::string> circle(open, open_.end());
    circle.push_back(file.path);
    ledger_.Error(at,
                  absl::StrCat("a circle of includes: ",
                               ToUtf8(absl::StrJoin(circle, " -> "))),
                  "files that do not include one another",
                  "remove one of these includes");
    return;
  }
  if (files_ >= options_.files_max ||
      file.text.size() >
          options_.bytes_max - std::min(bytes_, options_.bytes_max)) {
    ledger_.Error(at, absl::StrCat(Quoted(file.path), ", beyond the limit"),
                  absl::StrCat("at most ", options_.files_max, " files and ",
                               options_.bytes_max, " bytes in all"),
                  "include less, or raise the limit");
    return;
  }
  bytes_ += file.text.size();
  const std::string foreign = LooksForeign(file, FileRole::kIncluded);
  if (!foreign.empty()) {
    ++files_;
    const int32_t id = ledger_.AddFile(file.path, SplitLines(file.text).size());
    ledger_.RefuseFile(id, foreign);
    ledger_.Error(at, absl::StrCat(Quoted(file.path), ": ", foreign),
                  "lines of Asterisk configuration", "remove the include");
    return;
  }
  ReadFile(file);
}

void Reader::ReadAssignment(std::string_view text, LineRef at, int section) {
  if (section == kBroken) {
    ledger_.Ignore(
        at, absl::StrCat("in the section of ", ledger_.Where(broken_at_, at),
                         ", whose header could not be read"));
    return;
  }
  if (text[0] == '\\') {
    text.remove_prefix(1);
    if (text.empty() || static_cast<unsigned char>(text[0]) <= 32) {
      ledger_.Error(at, "a \\ before nothing", "a character after \\",
                    "remove the \\");
      return;
    }
  }
  // Only a key in front makes "=" the sign of an assignment.
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    const bool path = text[0] == '/' || text.substr(0, 2) == "..";
    ledger_.Error(at, Quoted(text), "key = value, [section] or #include file",
                  path ? "this looks like where a symbolic link points: give "
                         "the file it points to"
                       : "add = and a value, or put ; before it");
    return;
  }
  if (section == kNoSection) {
    ledger_.Error(at, absl::StrCat(Quoted(text), " before any section"),
                  "a [section] above it",
                  "add one, or import the file that includes this one");
    return;
  }
  const bool append = equals > 0 && text[equals - 1] == '+';
  const std::string_view key = Strip(text.substr(0, equals - (append ? 1 : 0)));
  std::string_view value = text.substr(equals + 1);
  if (key.empty()) {
    ledger_.Error(at, Quoted(text), "a key before =", "name what is set");
    return;
  }
  if (append) return AppendText(key, value, at, section);
  if (!value.empty() && value[0] == '>') value.remove_prefix(1);
  Section& to = document_.sections[static_cast<size_t>(section)];
  to.values.push_back({std::string(key), std::string(Strip(value)), {at}});
  const auto index = last_.find(section);
  if (index != last_.end()) {
    index->second[to.values.back().key] = to.values.size() - 1;
  }
}

// What follows `+=` is joined to the last value of that very spelling of the
// key, blanks before it included; without one it is a plain value.
void Reader::AppendText(std::string_view key, std::string_view text, LineRef at,
                        int section) {
  Section& to = document_.sections[static_cast<size_t>(section)];
  auto [index, fresh] = last_.try_emplace(section);
  if (fresh) {
    if (!Spend(Footprint(to), at)) return;
    for (size_t i = 0; i < to.values.size(); ++i) {
      index->second[to.values[i].key] = i;
    }
  }
  const auto last = index->second.find(std::string(key));
  if (last == index->second.end()) {
    to.values.push_back({std::string(key), std::string(Strip(text)), {at}});
    index->second[std::string(key)] = to.values.size() - 1;
    return;
  }
  Value& value = to.values[last->second];
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= 32) {
    text.remove_suffix(1);
  }
  value.text.append(text);
  if (value.text.size() == text.size()) {
    value.text = std::string(Strip(value.text));
  }
  value.lines.push_back(at);
}

}  // namespace callrouter::asterisk
