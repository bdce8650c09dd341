/* sim/core/pool.h - a fixed crew of threads that work through the indices 0..n-1.
 *
 * Which thread takes which index is not determined; so work(i) may write only what belongs to i.
 * Results are then merged by index by the caller, and are the same for any number of threads.
 * A pool of one thread runs in the caller and starts none. */
#ifndef GW_SIM_CORE_POOL_H
#define GW_SIM_CORE_POOL_H

#include <stddef.h>

struct gw_pool;

/* threads 0 means one per online core. NULL when memory or threads are out. */
struct gw_pool *gw_pool_create(unsigned threads);
void gw_pool_destroy(struct gw_pool *self);
unsigned gw_pool_threads(const struct gw_pool *self);

/* Returns when all are done. Not to be called from within work(). */
void gw_pool_for(struct gw_pool *self, size_t n, void (*work)(void *context, size_t index), void *context);

#endif
