#ifndef NEFRO_PROCESSOR_H
#define NEFRO_PROCESSOR_H

#include <stdbool.h>

/// Whether this processor executes AVX2 and FMA instructions and the operating system keeps their
/// registers across context switches. False on every other architecture.
bool nefro_processor_has_avx2_and_fma(void);

/// The same for AVX2, FMA and AVX-512's F, DQ, BW and VL parts.
bool nefro_processor_has_avx512(void);

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

#if defined(__AVX512F__)
typedef float nefro_vector16 __attribute__((ext_vector_type(16)));

/// The first `count` of sixteen elements, zero for the others; Swift has no word for a masked load.
static inline __attribute__((always_inline)) nefro_vector16 nefro_load_lanes(const float *source, long count) {
  return __builtin_ia32_loadups512_mask(source, (nefro_vector16)(0.0f), (unsigned short)((1u << count) - 1));
}

/// Writes the first `count` of sixteen elements and touches no memory beyond them.
static inline __attribute__((always_inline)) void nefro_store_lanes(float *target, nefro_vector16 vector, long count) {
  __builtin_ia32_storeups512_mask(target, vector, (unsigned short)((1u << count) - 1));
}
#endif

#endif
