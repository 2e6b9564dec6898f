// Handles: tokens that stand for objects, so that a null, destroyed or foreign
// one is recognised without looking at memory that may be gone.
//
//   struct BytesObject : Object { ... };
//   cr_bytes* handle = NewHandle<cr_bytes>(std::move(object));
//   BytesObject* object = Find(handle);        // null: it is none
//
// A token is [mark 16 bits | generation 32 | place 16]. No address has such a
// mark in its upper bits.
//
// Thread safety: all of it may be used from any thread at any time; an object
// must not be deleted while another thread uses it.

#ifndef CALLROUTER_BINDINGS_C_HANDLE_H_
#define CALLROUTER_BINDINGS_C_HANDLE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "callrouter_c.h"

namespace callrouter::c {

enum class Type : uint8_t {
  kBytes = 1,
  kFaults,
  kFiles,
  kConfig,
  kEngine,
  kPrepared,
  kStatistics,
  kReader,
  kPoolFile,
  kNumberPool,
  kNumberPatch,
  kMaskingPool,
  kVisitorPool,
  kReturnCalls,
  kDialFile,
  kLeadList,
  kLeadFile,
  kPacing,
  kPacer,
  kReports,
  kOutboundSetup,
};

class Object {
 public:
  explicit Object(Type type) : type_(type) {}
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
  virtual ~Object() = default;

  Type type() const { return type_; }
  // What the last call that was not const had to say.
  const char* message() const { return message_; }
  void SetMessage(std::string_view text);
  // Memory ran out while it changed: what it holds is not to be trusted.
  bool broken() const { return broken_; }
  void Break() { broken_ = true; }

 private:
  char message_[1024] = "";
  bool broken_ = false;
  const Type type_;
};

// A token for `object`; null, and nothing done, if all places are taken.
void* Register(Object* object);
// The object of a token, null if it has none (any more).
Object* Lookup(const void* token);
// The same, and the token is none from now on.
Object* Unregister(const void* token);

// The class behind a handle: ObjectOf<cr_bytes>::type, with kType.
template <class Handle>
struct ObjectOf;

template <class Handle>
typename ObjectOf<Handle>::type* Find(Handle* handle) {
  Object* object = Lookup(handle);
  if (object == nullptr || object->type() != ObjectOf<Handle>::type::kType) {
    return nullptr;
  }
  return static_cast<typename ObjectOf<Handle>::type*>(object);
}
template <class Handle>
const typename ObjectOf<Handle>::type* Find(const Handle* handle) {
  return Find(const_cast<Handle*>(handle));
}

// Null if all places are taken.
template <class Handle>
Handle* NewHandle(std::unique_ptr<typename ObjectOf<Handle>::type> object) {
  void* const token = Register(object.get());
  if (token == nullptr) return nullptr;
  static_cast<void>(object.release());
  return static_cast<Handle*>(token);
}

template <class Handle>
void Destroy(Handle* handle) noexcept {
  if (Find(handle) != nullptr) delete Unregister(handle);
}

}  // namespace callrouter::c

#endif  // CALLROUTER_BINDINGS_C_HANDLE_H_
