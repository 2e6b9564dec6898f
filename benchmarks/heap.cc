// Operators new and delete that count.

#include <malloc.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>

#include "measure.h"

namespace callrouter::bench {

Heap g_heap;

namespace {

void *Allocate(std::size_t size, std::size_t align) {
  void *const p =
      align > alignof(std::max_align_t)
          ? std::aligned_alloc(align, (size + align - 1) / align * align)
          : std::malloc(size);
  if (p == nullptr) throw std::bad_alloc();
  ++g_heap.allocations;
  g_heap.bytes += static_cast<int64_t>(malloc_usable_size(p));
  return p;
}

void Free(void *p) {
  if (p == nullptr) return;
  g_heap.bytes -= static_cast<int64_t>(malloc_usable_size(p));
  std::free(p);
}

}  // namespace
}  // namespace callrouter::bench

void *operator new(std::size_t size) {
  return callrouter::bench::Allocate(size, 1);
}
void *operator new[](std::size_t size) {
  return callrouter::bench::Allocate(size, 1);
}
void *operator new(std::size_t size, std::align_val_t align) {
  return callrouter::bench::Allocate(size, static_cast<std::size_t>(align));
}
void *operator new[](std::size_t size, std::align_val_t align) {
  return callrouter::bench::Allocate(size, static_cast<std::size_t>(align));
}
void operator delete(void *p) noexcept { callrouter::bench::Free(p); }
void operator delete[](void *p) noexcept { callrouter::bench::Free(p); }
void operator delete(void *p, std::size_t) noexcept {
  callrouter::bench::Free(p);
}
void operator delete[](void *p, std::size_t) noexcept {
  callrouter::bench::Free(p);
}
void operator delete(void *p, std::align_val_t) noexcept {
  callrouter::bench::Free(p);
}
void operator delete[](void *p, std::align_val_t) noexcept {
  callrouter::bench::Free(p);
}
void operator delete(void *p, std::size_t, std::align_val_t) noexcept {
  callrouter::bench::Free(p);
}
void operator delete[](void *p, std::size_t, std::align_val_t) noexcept {
  callrouter::bench::Free(p);
}
