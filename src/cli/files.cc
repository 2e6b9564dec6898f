#include "cli/files.h"

#include <glob.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

namespace callrouter::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kSizeMax = std::uintmax_t{256} << 20;

std::vector<std::string> Glob(const std::string& pattern) {
  std::vector<std::string> names;
  glob_t found;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    for (size_t i = 0; i < found.gl_pathc; ++i) {
      names.emplace_back(found.gl_pathv[i]);
    }
  }
  ::globfree(&found);
  return names;
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& name) {
  std::error_code error;
  const fs::file_status status = fs::status(name, error);
  if (!fs::exists(status)) {
    return absl::NotFoundError(absl::StrCat(name, ": no such file"));
  }
  if (fs::is_directory(status)) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": found a folder, expected a file"));
  }
  std::ifstream file(name, std::ios::binary);
  if (!file) {
    return absl::PermissionDeniedError(
        absl::StrCat(name, ": cannot be opened: ", std::strerror(errno)));
  }
  std::string text;
  char block[65536];
  while (file.read(block, sizeof(block)) || file.gcount() > 0) {
    text.append(block, static_cast<size_t>(file.gcount()));
    if (text.size() > kSizeMax) {
      return absl::OutOfRangeError(
          absl::StrCat(name, ": longer than 256 MiB, the most that is read"));
    }
  }
  if (file.bad()) {
    return absl::DataLossError(absl::StrCat(name, ": cannot be read"));
  }
  return text;
}

absl::Status WriteFile(const std::string& name, std::string_view text) {
  const std::string beside = absl::StrCat(name, ".new.", ::getpid());
  std::ofstream file(beside, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  std::error_code error;
  if (!file) {
    fs::remove(beside, error);
    return absl::UnavailableError(absl::StrCat(
        name, ": cannot be written; is there such a folder, and room?"));
  }
  fs::rename(beside, name, error);
  if (error) {
    const std::string why = error.message();
    fs::remove(beside, error);
    return absl::UnavailableError(
        absl::StrCat(name, ": cannot be written: ", why));
  }
  return absl::OkStatus();
}

std::string NameSeenFrom(const std::string& from, const std::string& name) {
  if (fs::path(name).is_absolute()) return name;
  const fs::path beside = fs::path(from).parent_path() / name;
  std::error_code error;
  return fs::exists(beside, error) ? beside.string() : name;
}

std::vector<AsteriskFile> ReadIncludes(const std::string& argument,
                                       const std::string& including,
                                       const std::string& main) {
  std::vector<std::string> names;
  if (fs::path(argument).is_absolute()) {
    names = Glob(argument);
  } else {
    names = Glob((fs::path(including).parent_path() / argument).string());
    if (names.empty()) {
      names = Glob((fs::path(main).parent_path() / argument).string());
    }
  }
  std::vector<AsteriskFile> files;
  for (const std::string& name : names) {
    auto text = ReadFile(name);
    if (text.ok()) files.push_back({name, *std::move(text)});
  }
  return files;
}

}  // namespace callrouter::cli
