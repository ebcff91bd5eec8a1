#if defined(__linux__)
#define _GNU_SOURCE
#include <sched.h>
#endif
#include <unistd.h>

#include "processor.h"

int nefro_processor_count(void) {
#if defined(__linux__)
  cpu_set_t usable;
  if (sched_getaffinity(0, sizeof usable, &usable) == 0) return CPU_COUNT(&usable);
#endif
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online < 1 ? 1 : (int)online;
}

#if defined(__x86_64__)
#include <cpuid.h>

bool nefro_processor_has_avx2_and_fma(void) {
  unsigned int eax, ebx, ecx, edx;
  const unsigned int fma = 1u << 12, osxsave = 1u << 27, avx = 1u << 28;
  if (!__get_cpuid_count(1, 0, &eax, &ebx, &ecx, &edx)) return false;
  if ((ecx & (fma | osxsave | avx)) != (fma | osxsave | avx)) return false;

  // Bits 1 and 2 of XCR0: the operating system saves the XMM and the YMM registers.
  unsigned int low, high;
  __asm__ __volatile__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  if ((low & 6u) != 6u) return false;

  const unsigned int avx2 = 1u << 5;
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return false;
  return (ebx & avx2) != 0;
}

#else

bool nefro_processor_has_avx2_and_fma(void) { return false; }

#endif
