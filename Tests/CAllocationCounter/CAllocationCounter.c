// Takes the place of the C library's allocator in the test program: each call is counted and handed on. What the
// program links to, Swift's runtime included, calls these, so no allocation of tensors can pass unseen.
#define _GNU_SOURCE
#include "CAllocationCounter.h"

#include <errno.h>
#include <stdatomic.h>

// Sanitizers take the allocator's place themselves.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define NEFRO_SANITIZED
#endif
#endif

#if defined(__linux__) && defined(__GLIBC__) && !defined(NEFRO_SANITIZED)
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_size_t smallest_counted = SIZE_MAX;
static atomic_size_t blocks;

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static inline void count(size_t size) {
  if (size < atomic_load_explicit(&smallest_counted, memory_order_relaxed)) return;
  atomic_fetch_add(&blocks, 1);
}

void *malloc(size_t size) {
  count(size);
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  size_t all;
  if (!__builtin_mul_overflow(number, size, &all)) count(all);
  return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
  count(size);
  return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  count(size);
  if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
  void *memory = __libc_memalign(alignment, size);
  if (memory == NULL) return ENOMEM;
  *result = memory;
  return 0;
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
  if (flags & MAP_ANONYMOUS) count(length);
  return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}

int nefro_allocations_are_counted(void) { return 1; }

void nefro_allocations_start(size_t smallest) {
  atomic_store(&blocks, 0);
  atomic_store(&smallest_counted, smallest);
}

size_t nefro_allocations_stop(void) {
  atomic_store(&smallest_counted, SIZE_MAX);
  return atomic_load(&blocks);
}

#else

int nefro_allocations_are_counted(void) { return 0; }
void nefro_allocations_start(size_t smallest) { (void)smallest; }
size_t nefro_allocations_stop(void) { return 0; }

#endif
