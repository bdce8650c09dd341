/* tests/support/failing_malloc.h - makes the n-th allocation fail, to walk through every out-of-memory path:
 *
 *   for (size_t n = 1; ; n++) {
 *       gw_failing_malloc_arm(n);
 *       ... what allocates, and keeps its promises whether or not it succeeds ...
 *       if (!gw_failing_malloc_disarm()) {
 *           break; // it needed fewer than n allocations
 *       }
 *   }
 *
 * Counts malloc, calloc, realloc and aligned_alloc of geowatt's own code in this thread; shared libraries are
 * left alone. Exactly one allocation fails, those after it succeed again. */
#ifndef GW_TESTS_SUPPORT_FAILING_MALLOC_H
#define GW_TESTS_SUPPORT_FAILING_MALLOC_H

#include <stdbool.h>
#include <stddef.h>

/* n from 1. */
void gw_failing_malloc_arm(size_t n);

/* True when an allocation was made to fail since arm. */
bool gw_failing_malloc_disarm(void);

#endif
