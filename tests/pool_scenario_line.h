// One line of a pool scenario: words, and fields as "name=value".

#ifndef CALLROUTER_TESTS_POOL_SCENARIO_LINE_H_
#define CALLROUTER_TESTS_POOL_SCENARIO_LINE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "callrouter/number_pool.h"
#include "callrouter/visitor_pool.h"

namespace callrouter::testing {

// What is read is taken out; the first thing that is wrong is kept.
class PoolScenarioLine {
 public:
  explicit PoolScenarioLine(const std::string& text);

  // The next word; an error if there is none.
  std::string Word();
  PhoneNumber Number();
  int64_t Count();
  bool empty() const { return next_ == words_.size(); }
  // If the next word is a time, takes it.
  bool Time(absl::Duration* time);

  // The field of that name into `value`, if it is there.
  void Field(const char* name, std::string* value);
  void Field(const char* name, int32_t* value);
  void Field(const char* name, absl::Duration* value);
  void Field(const char* name, PhoneNumber* value);
  void Field(const char* name, bool* value);  // "yes"
  void Field(const char* name, std::vector<std::string>* list);
  // `names` are those of the enum's values 0, 1, ...
  template <class Enum>
  void Field(const char* name, const std::vector<std::string>& names,
             Enum* value) {
    std::string text;
    Field(name, &text);
    if (!text.empty()) *value = static_cast<Enum>(Find(names, text));
  }
  template <class Enum>
  Enum Word(const std::vector<std::string>& names) {
    return static_cast<Enum>(Find(names, Word()));
  }

  void Fail(const std::string& what);
  // OK only if everything has been taken out.
  absl::Status Done() const;

 private:
  std::size_t Find(const std::vector<std::string>& names,
                   const std::string& text);
  PhoneNumber ParseNumber(const std::string& text);

  std::string text_;
  std::string fault_;
  std::vector<std::string> words_;
  std::size_t next_ = 0;
};

// The rules and numbers of a scenario, line by line.
struct PoolScenarioSetup {
  NumberPoolOptions options;
  NumberRules rules;
  NumberPatch patch;
  VisitorPoolOptions visitors;
  VisitorPatch visitor_numbers;

  absl::Status Read(const std::string& text);
  static NumberConfig ReadNumber(PoolScenarioLine* line);
  static const std::vector<std::string>& States();
};

}  // namespace callrouter::testing

#endif  // CALLROUTER_TESTS_POOL_SCENARIO_LINE_H_
