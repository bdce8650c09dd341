/* sim/core/sketch.h - quantiles of a stream of times or sizes in constant memory.
 *
 * Values are int64 >= 0 (microseconds, tokens). The first GW_SKETCH_EXACT are kept as they are and
 * quantiles of them are exact (nearest rank: the smallest value with at least q*n values at or below
 * it). Beyond, values fall into buckets: exact below 2^8, then 128 buckets per power of two, in which
 * they are taken to lie evenly. A quantile is wrong by at most 1/128 of its value (0.8 %, inside the
 * promised 1 %), when all values of a bucket sit at its edge; where they spread, by far less. Counts are
 * integers: merging is exact, associative and commutative, so threads and sites may be merged in any
 * order. The mean is exact (128-bit integer sum). A sketch takes 4 kB when small; buckets are
 * allocated on the first spill. */
#ifndef GW_SIM_CORE_SKETCH_H
#define GW_SIM_CORE_SKETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/status.h"

enum {
    GW_SKETCH_EXACT = 512,
    GW_SKETCH_BITS = 7, /* mantissa bits: 128 buckets per power of two */
    GW_SKETCH_BUCKETS = (63 - GW_SKETCH_BITS) * (1 << GW_SKETCH_BITS) + (1 << GW_SKETCH_BITS),
};

__extension__ typedef unsigned __int128 gw_sketch_sum;

struct gw_sketch {
    uint64_t n;
    int64_t min, max;
    gw_sketch_sum sum;
    int64_t *exact;   /* up to GW_SKETCH_EXACT values; NULL before the first and after the spill */
    uint64_t *bucket; /* NULL until the spill */
};

/* A zeroed struct is valid and empty. */
void gw_sketch_fini(struct gw_sketch *self);

/* Negative values are a bug of the caller. False when memory is out (then nothing changes). */
bool gw_sketch_add(struct gw_sketch *self, int64_t value);
/* The same as adding it n times. */
GW_MUST_USE bool gw_sketch_add_many(struct gw_sketch *self, int64_t value, uint64_t n);
/* other may not be self. */
GW_MUST_USE bool gw_sketch_merge(struct gw_sketch *self, const struct gw_sketch *other);

/* q in [0, 1]; NaN when empty. */
double gw_sketch_quantile(const struct gw_sketch *self, double q);
double gw_sketch_mean(const struct gw_sketch *self);

/* Adds to count[i] how many values lie in [edge[i], edge[i + 1]), i < n; edge rises from 0. Exact where edges
 * are those of buckets (below 2^8, or at most 8 significant bits); else a bucket counts where its lowest
 * value lies. */
void gw_sketch_histogram(const struct gw_sketch *self, const int64_t *edge, size_t n, uint64_t *count);

#endif
