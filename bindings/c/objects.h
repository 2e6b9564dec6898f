// What handles stand for, and the three ways a function uses one: to change an
// object, to look at it, to make a new one. No exception gets out of them.
//
// Thread safety: as the objects'.

#ifndef CALLROUTER_BINDINGS_C_OBJECTS_H_
#define CALLROUTER_BINDINGS_C_OBJECTS_H_

#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "callrouter/config_file.h"
#include "callrouter/dial_rules.h"
#include "callrouter/lead_file.h"
#include "callrouter/pool_file.h"
#include "callrouter_c.h"
#include "handle.h"

namespace callrouter::c {

template <Type kValue>
struct Typed : Object {
  static constexpr Type kType = kValue;
  Typed() : Object(kValue) {}
};

#define CR_HANDLE(handle, object) \
  template <>                     \
  struct ObjectOf<handle> {       \
    using type = object;          \
  }

struct BytesObject final : Typed<Type::kBytes> {
  std::string bytes;
};
CR_HANDLE(cr_bytes, BytesObject);

struct FaultsObject final : Typed<Type::kFaults> {
  std::vector<FileFault> list;
  // Of `list`, made by Tell.
  std::vector<std::string> texts;
  std::vector<cr_fault> views;

  void Clear();
  // What the call had to say. A failure without a list becomes one entry.
  void Tell(const absl::Status& status);
};
CR_HANDLE(cr_faults, FaultsObject);

struct FilesObject final : Typed<Type::kFiles> {
  std::vector<std::pair<std::string, std::string>> files;  // Names, texts.
};
CR_HANDLE(cr_files, FilesObject);

struct ConfigObject final : Typed<Type::kConfig> {
  Configuration config;
};
CR_HANDLE(cr_config, ConfigObject);

struct PoolFileObject final : Typed<Type::kPoolFile> {
  PoolFile file;
};
CR_HANDLE(cr_pool_file, PoolFileObject);

struct DialFileObject final : Typed<Type::kDialFile> {
  DialRules rules;
};
CR_HANDLE(cr_dial_file, DialFileObject);

struct LeadFileObject final : Typed<Type::kLeadFile> {
  std::vector<LeadConfig> leads;
};
CR_HANDLE(cr_lead_file, LeadFileObject);

// The code of a status. Ours are Abseil's numbers.
cr_status Code(const absl::Status& status);

inline absl::Status Null(std::string_view what) {
  return absl::InvalidArgumentError(std::string(what) + ": found null");
}

// Calls `call(object)`, which gives a status, and keeps its words.
template <class Handle, class Call>
cr_status Change(Handle* handle, Call&& call) noexcept {
  auto* const object = Find(handle);
  if (object == nullptr) return CR_INVALID_HANDLE;
  if (object->broken()) return CR_INTERNAL;
  try {
    const absl::Status status = call(*object);
    object->SetMessage(
        std::string_view(status.message().data(), status.message().size()));
    return Code(status);
  } catch (const std::bad_alloc&) {
    object->Break();
    object->SetMessage("out of memory: this handle can only be destroyed");
    return CR_RESOURCE_EXHAUSTED;
  } catch (...) {
    object->Break();
    object->SetMessage("unforeseen: this handle can only be destroyed");
    return CR_INTERNAL;
  }
}

// Calls `call(object)`, which gives a status and changes nothing of the object.
template <class Handle, class Call>
cr_status Look(const Handle* handle, Call&& call) noexcept {
  const auto* const object = Find(handle);
  if (object == nullptr) return CR_INVALID_HANDLE;
  if (object->broken()) return CR_INTERNAL;
  try {
    return Code(call(*object));
  } catch (const std::bad_alloc&) {
    return CR_RESOURCE_EXHAUSTED;
  } catch (...) {
    return CR_INTERNAL;
  }
}

// The same for what gives a value: `otherwise` if there is no such object.
template <class Handle, class Value, class Call>
Value Get(const Handle* handle, Value otherwise, Call&& call) noexcept {
  const auto* const object = Find(handle);
  if (object == nullptr || object->broken()) return otherwise;
  try {
    return call(*object);
  } catch (...) {
    return otherwise;
  }
}

// The `index`-th of a list of views, or null.
template <class View>
const View* At(const std::vector<View>& views, std::size_t index) {
  return index < views.size() ? &views[index] : nullptr;
}

// Calls `call(faults)`, which gives a status; its words go to `handle`, which
// may be null.
template <class Call>
cr_status Check(cr_faults* handle, Call&& call) noexcept {
  if (handle != nullptr && Find(handle) == nullptr) return CR_INVALID_HANDLE;
  FaultsObject* faults = nullptr;
  try {
    FaultsObject unseen;
    faults = handle != nullptr ? Find(handle) : &unseen;
    faults->Clear();
    const absl::Status status = call(*faults);
    faults->Tell(status);
    return Code(status);
  } catch (const std::bad_alloc&) {
    if (handle != nullptr) faults->SetMessage("out of memory");
    return CR_RESOURCE_EXHAUSTED;
  } catch (...) {
    if (handle != nullptr) faults->SetMessage("unforeseen");
    return CR_INTERNAL;
  }
}

// The same for what gives a StatusOr<std::unique_ptr<object>>: a new handle.
template <class Handle, class Call>
cr_status Make(cr_faults* faults, Handle** out, Call&& call) noexcept {
  if (out != nullptr) *out = nullptr;
  return Check(faults, [&](FaultsObject& found) -> absl::Status {
    if (out == nullptr) return Null("out");
    auto made = call(found);
    if (!made.ok()) return made.status();
    *out = NewHandle<Handle>(*std::move(made));
    if (*out != nullptr) return absl::OkStatus();
    return absl::ResourceExhaustedError(
        "handles: found 65536 in use, expected fewer");
  });
}

// For objects that are empty at first.
template <class Handle>
cr_status MakeEmpty(Handle** out) noexcept {
  using T = typename ObjectOf<Handle>::type;
  return Make(nullptr, out, [](FaultsObject&) {
    return absl::StatusOr<std::unique_ptr<T>>(std::make_unique<T>());
  });
}

// Writes `bytes` to a handle that may be null: then nothing is written.
absl::Status WriteBytes(cr_bytes* out, std::string_view bytes);
// A handle for bytes that may not be null: what is written to, or why not.
absl::StatusOr<std::string*> Writable(cr_bytes* out);

// The host's way to read as ours; `from` is the file that names others.
FileReader ReaderOf(cr_read read, void* context, std::string from);

}  // namespace callrouter::c

#endif  // CALLROUTER_BINDINGS_C_OBJECTS_H_
