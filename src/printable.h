// callrouter internal: foreign bytes made fit for a message.

#ifndef CALLROUTER_SRC_PRINTABLE_H_
#define CALLROUTER_SRC_PRINTABLE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace callrouter {

// The first `bytes_max` bytes or a little less of `text`, as whole UTF-8
// characters; control characters and what is not UTF-8 become \xNN, and "..."
// stands for what is left out. The result is valid UTF-8 on one line.
std::string Printable(std::string_view text, size_t bytes_max = 60);

// The length of the UTF-8 character at the start of `text`, 0 if there is none.
size_t Utf8Length(std::string_view text);

}  // namespace callrouter

#endif  // CALLROUTER_SRC_PRINTABLE_H_
