#ifndef NEFRO_ALLOCATION_COUNTER_H
#define NEFRO_ALLOCATION_COUNTER_H

#include <stddef.h>

/// Whether this build counts at all: it takes the place of the C library's allocator, which is done for glibc only.
int nefro_allocations_are_counted(void);

/// From now on, counts every block of at least `smallest` bytes that any thread of this process asks the system for:
/// malloc, calloc, realloc, aligned_alloc, posix_memalign, memalign, and mmap of memory without a file.
void nefro_allocations_start(size_t smallest);

/// Stops counting.
///
/// - Returns: the number of blocks.
size_t nefro_allocations_stop(void);

#endif
