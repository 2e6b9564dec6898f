// Codes, versions, bytes, faults, files, telephone numbers.

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "callrouter/phone_number.h"
#include "callrouter/version.h"
#include "callrouter_c.h"
#include "convert.h"
#include "handle.h"
#include "objects.h"

namespace callrouter::c {

absl::Status FromC(std::string_view field, uint64_t value, PhoneNumber* out) {
  if (FromC(value, out)) return absl::OkStatus();
  return absl::InvalidArgumentError(std::string(field) + ": found " +
                                    std::to_string(value) +
                                    ", expected 0 or 7 to 15 digits");
}

absl::Status Unknown(const void* in, std::size_t known, std::size_t size) {
  const auto* const bytes = static_cast<const unsigned char*>(in);
  if (std::all_of(bytes + known, bytes + size,
                  [](unsigned char byte) { return byte == 0; })) {
    return absl::OkStatus();
  }
  return absl::UnimplementedError(
      "a struct: found a field that is newer than this library");
}

absl::Status WrongSize(std::size_t found, std::size_t expected) {
  return absl::InvalidArgumentError("struct_size: found " +
                                    std::to_string(found) + ", expected " +
                                    std::to_string(expected) + " or more");
}

void FaultsObject::Clear() {
  list.clear();
  texts.clear();
  views.clear();
  SetMessage("");
}

void FaultsObject::Tell(const absl::Status& status) {
  const std::string_view words(status.message().data(),
                               status.message().size());
  SetMessage(words);
  if (list.empty() && !status.ok()) {
    list.emplace_back();
    texts.emplace_back(words);
  } else {
    for (const FileFault& fault : list) texts.push_back(fault.ToString());
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    const FileFault& fault = list[i];
    views.push_back({sizeof(cr_fault), fault.file.c_str(), fault.line,
                     fault.column, fault.field.c_str(), fault.found.c_str(),
                     fault.expected.c_str(), texts[i].c_str()});
  }
}

cr_status Code(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return CR_OK;
    case absl::StatusCode::kInvalidArgument:
      return CR_INVALID_ARGUMENT;
    case absl::StatusCode::kNotFound:
      return CR_NOT_FOUND;
    case absl::StatusCode::kAlreadyExists:
      return CR_ALREADY_EXISTS;
    case absl::StatusCode::kResourceExhausted:
      return CR_RESOURCE_EXHAUSTED;
    case absl::StatusCode::kFailedPrecondition:
      return CR_FAILED_PRECONDITION;
    case absl::StatusCode::kOutOfRange:
      return CR_OUT_OF_RANGE;
    case absl::StatusCode::kUnimplemented:
      return CR_UNIMPLEMENTED;
    case absl::StatusCode::kDataLoss:
      return CR_DATA_LOSS;
    default:  // Nothing of ours gives another.
      return CR_INTERNAL;
  }
}

absl::StatusOr<std::string*> Writable(cr_bytes* out) {
  BytesObject* const object = Find(out);
  if (object == nullptr) {
    return absl::InvalidArgumentError("bytes: found no handle of bytes");
  }
  return &object->bytes;
}

absl::Status WriteBytes(cr_bytes* out, std::string_view bytes) {
  if (out == nullptr) return absl::OkStatus();
  const absl::StatusOr<std::string*> to = Writable(out);
  if (to.ok()) **to = bytes;
  return to.status();
}

FileReader ReaderOf(cr_read read, void* context, std::string from) {
  return [read, context, from = std::move(from)](
             const std::string& name) -> absl::StatusOr<std::string> {
    if (read == nullptr) return absl::NotFoundError("no way to read it");
    auto object = std::make_unique<FilesObject>();
    FilesObject& found = *object;
    cr_files* const files = NewHandle<cr_files>(std::move(object));
    if (files == nullptr) return absl::ResourceExhaustedError("handles");
    const cr_status status = read(context, name.c_str(), from.c_str(), files);
    absl::StatusOr<std::string> text = absl::NotFoundError("not found");
    if (status == CR_OK && !found.files.empty()) {
      text = std::move(found.files.front().second);
    }
    Destroy(files);
    return text;
  };
}

}  // namespace callrouter::c

using namespace callrouter;     // NOLINT(build/namespaces): what C is given.
using namespace callrouter::c;  // NOLINT(build/namespaces)

const char* cr_status_name(int32_t status) {
  switch (static_cast<cr_status>(status)) {
    case CR_OK:
      return "ok";
    case CR_INVALID_ARGUMENT:
      return "invalid argument";
    case CR_NOT_FOUND:
      return "not found";
    case CR_ALREADY_EXISTS:
      return "already exists";
    case CR_RESOURCE_EXHAUSTED:
      return "resource exhausted";
    case CR_FAILED_PRECONDITION:
      return "failed precondition";
    case CR_OUT_OF_RANGE:
      return "out of range";
    case CR_UNIMPLEMENTED:
      return "unimplemented";
    case CR_INTERNAL:
      return "internal";
    case CR_DATA_LOSS:
      return "data loss";
    case CR_INVALID_HANDLE:
      return "invalid handle";
  }
  return "unknown";
}

const char* cr_message(const void* handle) {
  const Object* const object = Lookup(handle);
  return object == nullptr ? "the handle is null, destroyed or foreign"
                           : object->message();
}

int32_t cr_version_number(void) { return CR_VERSION_NUMBER; }

const char* cr_version(void) { return kVersion; }

cr_status cr_check_version(int32_t header_version) {
  const int32_t promise = CR_VERSION_MAJOR == 0 ? 100 : 10'000;
  const bool fits = header_version / promise == CR_VERSION_NUMBER / promise &&
                    header_version <= CR_VERSION_NUMBER;
  return fits ? CR_OK : CR_UNIMPLEMENTED;
}

cr_status cr_bytes_create(cr_bytes** out) { return MakeEmpty(out); }

void cr_bytes_destroy(cr_bytes* bytes) { Destroy(bytes); }

const char* cr_bytes_data(const cr_bytes* bytes) {
  return Get(bytes, static_cast<const char*>(nullptr),
             [](const BytesObject& b) { return b.bytes.c_str(); });
}

size_t cr_bytes_size(const cr_bytes* bytes) {
  return Get(bytes, size_t{0},
             [](const BytesObject& b) { return b.bytes.size(); });
}

cr_status cr_bytes_clear(cr_bytes* bytes) {
  return Change(bytes, [](BytesObject& b) {
    b.bytes.clear();
    return absl::OkStatus();
  });
}

cr_status cr_faults_create(cr_faults** out) { return MakeEmpty(out); }

void cr_faults_destroy(cr_faults* faults) { Destroy(faults); }

size_t cr_faults_count(const cr_faults* faults) {
  return Get(faults, size_t{0},
             [](const FaultsObject& f) { return f.views.size(); });
}

const cr_fault* cr_faults_at(const cr_faults* faults, size_t index) {
  return Get(faults, static_cast<const cr_fault*>(nullptr),
             [&](const FaultsObject& f) { return At(f.views, index); });
}

cr_status cr_files_add(cr_files* files, const char* name, const char* text,
                       size_t size) {
  return Change(files, [&](FilesObject& f) {
    f.files.emplace_back(Text(name), Sized(text, size));
    return absl::OkStatus();
  });
}

cr_status cr_phone_parse(const char* text, uint64_t* number) {
  return Check(nullptr, [&](FaultsObject&) {
    if (number == nullptr) return Null("number");
    const auto parsed = PhoneNumber::Parse(Text(text));
    if (parsed.ok()) *number = parsed->value();
    return parsed.status();
  });
}

cr_status cr_phone_format(uint64_t number, char* buffer, size_t size) {
  return Check(nullptr, [&](FaultsObject&) {
    if (buffer == nullptr) return Null("buffer");
    PhoneNumber phone;
    if (!FromC(number, &phone)) return FromC("number", number, &phone);
    const std::string text = phone.ToString();
    if (text.size() >= size) {
      return absl::OutOfRangeError("buffer: expected room for 17 bytes");
    }
    std::memcpy(buffer, text.c_str(), text.size() + 1);
    return absl::OkStatus();
  });
}
