// Requirements read from their text, word by word, whenever they are asked.

#include <cctype>
#include <cstdlib>
#include <utility>

#include "tests/oracle/naive_engine.h"

namespace callrouter::oracle {

namespace {

// Evaluates while it reads; the grammar is that of requirement.h.
class Reader {
 public:
  Reader(std::string_view text, const std::map<std::string, int32_t>& skills,
         const std::map<std::string, std::string>& attributes,
         const std::map<std::string, int32_t>& penalties)
      : text_(text),
        skills_(skills),
        attributes_(attributes),
        penalties_(penalties) {
    Advance();
  }

  bool All() { return word_.empty() ? true : Or(); }
  const std::vector<std::string>& named() const { return named_; }

 private:
  void Advance() {
    while (at_ < text_.size() &&
           std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
      ++at_;
    }
    word_.clear();
    kind_ = ' ';
    if (at_ >= text_.size()) return;
    const char c = text_[at_];
    if (c == '"' || c == '`') {
      kind_ = c;
      for (++at_; at_ < text_.size() && text_[at_] != c; ++at_) {
        if (c == '"' && text_[at_] == '\\') ++at_;
        word_ += text_[at_];
      }
      ++at_;
      word_ = kind_ + word_;
      return;
    }
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
      kind_ = 'w';
      while (at_ < text_.size() &&
             (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
              text_[at_] == '_' || text_[at_] == '.' || text_[at_] == '-')) {
        word_ += text_[at_++];
      }
      return;
    }
    kind_ = 'o';
    word_ = c;
    ++at_;
    if ((c == '<' || c == '>' || c == '=' || c == '!') && at_ < text_.size() &&
        text_[at_] == '=') {
      word_ += '=';
      ++at_;
    }
  }
  bool Take(const char* word) {
    if (kind_ == '"' || kind_ == '`' || word_ != word) return false;
    Advance();
    return true;
  }
  std::string Text() {
    std::string text = word_.substr(kind_ == '"' || kind_ == '`' ? 1 : 0);
    Advance();
    return text;
  }

  bool Or() {
    bool value = And();
    while (Take("or")) value = And() || value;
    return value;
  }
  bool And() {
    bool value = Not();
    while (Take("and")) value = Not() && value;
    return value;
  }
  bool Not() {
    if (Take("not")) return !Not();
    if (Take("(")) {
      const bool value = Or();
      Take(")");
      return value;
    }
    return Atom();
  }
  bool Compared(int64_t x) {
    const std::string op = Text();
    const int64_t y = std::atoll(Text().c_str());
    if (op == "==") return x == y;
    if (op == "!=") return x != y;
    if (op == "<") return x < y;
    if (op == "<=") return x <= y;
    if (op == ">") return x > y;
    return x >= y;
  }
  bool Atom() {
    if (Take("true")) return true;
    if (Take("false")) return false;
    const bool member = Take("member");
    if (member || Take("penalty")) {
      Take("(");
      const auto found = penalties_.find(Text());
      Take(")");
      if (member) return found != penalties_.end();
      const bool compared =
          Compared(found == penalties_.end() ? 0 : found->second);
      return found != penalties_.end() && compared;
    }
    const std::string name = Text();
    if (Take("in")) return In(name);
    if ((word_ == "==" || word_ == "!=") && NextIsText()) {
      const bool equal = Take("==");
      if (!equal) Take("!=");
      const auto found = attributes_.find(name);
      const std::string value = Text();
      return (found != attributes_.end() && found->second == value) == equal;
    }
    named_.push_back(name);
    const auto found = skills_.find(name);
    const int32_t level = found == skills_.end() ? 0 : found->second;
    const bool compares = word_ == "==" || word_ == "!=" || word_ == "<" ||
                          word_ == "<=" || word_ == ">" || word_ == ">=";
    return compares ? Compared(level) : level >= 1;
  }
  bool In(const std::string& name) {
    Take("(");
    const auto found = attributes_.find(name);
    bool in = false;
    do {
      const std::string value = Text();
      in = in || (found != attributes_.end() && found->second == value);
    } while (Take(","));
    Take(")");
    return in;
  }
  bool NextIsText() const {
    std::size_t at = at_;
    while (at < text_.size() &&
           std::isspace(static_cast<unsigned char>(text_[at])) != 0) {
      ++at;
    }
    return at < text_.size() && text_[at] == '"';
  }

  std::string_view text_;
  const std::map<std::string, int32_t>& skills_;
  const std::map<std::string, std::string>& attributes_;
  const std::map<std::string, int32_t>& penalties_;
  std::size_t at_ = 0;
  std::string word_;
  char kind_ = ' ';
  std::vector<std::string> named_;
};

}  // namespace

bool NaiveHolds(std::string_view requirement,
                const std::map<std::string, int32_t>& skills,
                const std::map<std::string, std::string>& attributes,
                const std::map<std::string, int32_t>& penalties) {
  return Reader(requirement, skills, attributes, penalties).All();
}

std::vector<std::string> NaiveSkills(std::string_view requirement) {
  const std::map<std::string, int32_t> skills, penalties;
  const std::map<std::string, std::string> attributes;
  Reader reader(requirement, skills, attributes, penalties);
  reader.All();
  std::vector<std::string> named;
  for (const std::string& name : reader.named()) {
    bool known = false;
    for (const std::string& other : named) known = known || other == name;
    if (!known) named.push_back(name);
  }
  return named;
}

}  // namespace callrouter::oracle
