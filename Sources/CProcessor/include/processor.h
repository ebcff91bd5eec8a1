#ifndef NEFRO_PROCESSOR_H
#define NEFRO_PROCESSOR_H

#include <stdbool.h>

/// Whether this processor executes AVX2 and FMA instructions and the operating system keeps their
/// registers across context switches. False on every other architecture.
bool nefro_processor_has_avx2_and_fma(void);

/// Processors that this process may run on: a container's or `taskset`'s share, not the machine's.
int nefro_processor_count(void);

/// Asks for a cache line to be brought into the second cache. Any address is allowed.
static inline __attribute__((always_inline)) void nefro_processor_prefetch(const void *address) {
  __builtin_prefetch(address, 0, 2);
}

/// The same for the first cache.
static inline __attribute__((always_inline)) void nefro_processor_prefetch_near(const void *address) {
  __builtin_prefetch(address, 0, 3);
}

/// Tells the processor that this thread waits in a loop, so that a sibling thread gets its units.
static inline __attribute__((always_inline)) void nefro_processor_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

#endif
