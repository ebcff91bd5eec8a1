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

/// The bits of XCR0: which registers the operating system saves. None where it does not tell.
static unsigned int saved_registers(void) {
  unsigned int eax, ebx, ecx, edx;
  const unsigned int osxsave = 1u << 27;
  if (!__get_cpuid_count(1, 0, &eax, &ebx, &ecx, &edx) || !(ecx & osxsave)) return 0;
  unsigned int low, high;
  __asm__ __volatile__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

bool nefro_processor_has_avx2_and_fma(void) {
  unsigned int eax, ebx, ecx, edx;
  const unsigned int fma = 1u << 12, avx = 1u << 28;
  if (!__get_cpuid_count(1, 0, &eax, &ebx, &ecx, &edx)) return false;
  if ((ecx & (fma | avx)) != (fma | avx)) return false;

  const unsigned int xmm = 1u << 1, ymm = 1u << 2;
  if ((saved_registers() & (xmm | ymm)) != (xmm | ymm)) return false;

  const unsigned int avx2 = 1u << 5;
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return false;
  return (ebx & avx2) != 0;
}

bool nefro_processor_has_avx512(void) {
  if (!nefro_processor_has_avx2_and_fma()) return false;

  // The mask registers, the upper halves of ZMM0 to ZMM15, and ZMM16 to ZMM31.
  const unsigned int state = 1u << 5 | 1u << 6 | 1u << 7;
  if ((saved_registers() & state) != state) return false;

  unsigned int eax, ebx, ecx, edx;
  const unsigned int f = 1u << 16, dq = 1u << 17, bw = 1u << 30, vl = 1u << 31;
  if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return false;
  return (ebx & (f | dq | bw | vl)) == (f | dq | bw | vl);
}

#else

bool nefro_processor_has_avx2_and_fma(void) { return false; }
bool nefro_processor_has_avx512(void) { return false; }

#endif
