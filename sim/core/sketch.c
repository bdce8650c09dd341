#include "sim/core/sketch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"

enum { PER_OCTAVE = 1 << GW_SKETCH_BITS };

/* floor(log2(v)) for v > 0: the exponent of v as a double. Clearing each bit that follows a set one keeps the
 * leading bit, and keeps large values from being rounded up to the next power of two. */
static unsigned floor_log2(uint64_t v)
{
    const double x = (double)(v & ~(v >> 1));
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (unsigned)(bits >> 52) - 1023;
}

/* Values below 2 * PER_OCTAVE have a bucket each; above, a value keeps its GW_SKETCH_BITS + 1 leading bits.
 */
static size_t bucket_of(int64_t value)
{
    const uint64_t v = (uint64_t)value;
    if (v < PER_OCTAVE) {
        return (size_t)v;
    }
    const unsigned shift = floor_log2(v) - GW_SKETCH_BITS;
    return (size_t)shift * PER_OCTAVE + (size_t)(v >> shift);
}

/* The place `part` in (0, 1) of the way through a bucket's integers. */
static double bucket_value(size_t bucket, double part)
{
    if (bucket < 2 * PER_OCTAVE) {
        return (double)bucket;
    }
    const unsigned shift = (unsigned)(bucket / PER_OCTAVE) - 1;
    const double width = (double)(UINT64_C(1) << shift);
    const uint64_t low = (bucket % PER_OCTAVE + PER_OCTAVE) << shift;
    return (double)low + fmin(fmax(part * width - 0.5, 0.0), width - 1.0);
}

void gw_sketch_fini(struct gw_sketch *self)
{
    if (self == NULL) {
        return;
    }
    free(self->exact);
    free(self->bucket);
    *self = (struct gw_sketch){0};
}

static bool spill(struct gw_sketch *self)
{
    uint64_t *bucket = calloc(GW_SKETCH_BUCKETS, sizeof *bucket);
    if (bucket == NULL) {
        return false;
    }
    for (uint64_t i = 0; i < self->n; i++) {
        bucket[bucket_of(self->exact[i])]++;
    }
    free(self->exact);
    self->exact = NULL;
    self->bucket = bucket;
    return true;
}

/* Room for `more` values, in whichever form that many take. */
static bool make_room(struct gw_sketch *self, uint64_t more)
{
    if (self->bucket != NULL) {
        return true;
    }
    if (self->n + more > GW_SKETCH_EXACT) {
        return spill(self);
    }
    if (self->exact == NULL) {
        self->exact = malloc(GW_SKETCH_EXACT * sizeof *self->exact);
    }
    return self->exact != NULL;
}

static void widen(struct gw_sketch *self, int64_t min, int64_t max)
{
    self->min = self->n == 0 || min < self->min ? min : self->min;
    self->max = self->n == 0 || max > self->max ? max : self->max;
}

bool gw_sketch_add(struct gw_sketch *self, int64_t value)
{
    GW_REQUIRE(value >= 0);
    if (self->bucket == NULL && !make_room(self, 1)) {
        return false;
    }
    if (self->bucket != NULL) {
        self->bucket[bucket_of(value)]++;
    } else {
        self->exact[self->n] = value;
    }
    widen(self, value, value);
    self->sum += (uint64_t)value;
    self->n++;
    return true;
}

bool gw_sketch_add_many(struct gw_sketch *self, int64_t value, uint64_t n)
{
    GW_REQUIRE(value >= 0);
    if (n == 0) {
        return true;
    }
    if (self->bucket == NULL && !make_room(self, n)) {
        return false;
    }
    if (self->bucket != NULL) {
        self->bucket[bucket_of(value)] += n;
    } else {
        for (uint64_t i = 0; i < n; i++) {
            self->exact[self->n + i] = value;
        }
    }
    widen(self, value, value);
    self->sum += (gw_sketch_sum)value * n;
    self->n += n;
    return true;
}

bool gw_sketch_merge(struct gw_sketch *self, const struct gw_sketch *other)
{
    GW_REQUIRE(self != other);
    if (other->n == 0) {
        return true;
    }
    if (!make_room(self, other->n)) {
        return false;
    }
    if (other->bucket != NULL) {
        for (size_t i = 0; i < GW_SKETCH_BUCKETS; i++) {
            self->bucket[i] += other->bucket[i];
        }
    } else if (self->bucket != NULL) {
        for (uint64_t i = 0; i < other->n; i++) {
            self->bucket[bucket_of(other->exact[i])]++;
        }
    } else {
        memcpy(self->exact + self->n, other->exact, (size_t)other->n * sizeof *self->exact);
    }
    widen(self, other->min, other->max);
    self->sum += other->sum;
    self->n += other->n;
    return true;
}

static int by_value(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The rank-th smallest value, rank from 1. */
static double exact_at(const struct gw_sketch *self, uint64_t rank)
{
    int64_t sorted[GW_SKETCH_EXACT];
    memcpy(sorted, self->exact, (size_t)self->n * sizeof *sorted);
    qsort(sorted, (size_t)self->n, sizeof *sorted, by_value);
    return (double)sorted[rank - 1];
}

/* Values are taken to lie evenly within a bucket. */
static double bucket_at(const struct gw_sketch *self, uint64_t rank)
{
    size_t i = 0;
    uint64_t before = 0;
    for (; before + self->bucket[i] < rank; i++) {
        before += self->bucket[i];
    }
    const double part = ((double)(rank - before) - 0.5) / (double)self->bucket[i];
    /* the extremes are known exactly, so no quantile lies beyond them */
    return fmin(fmax(bucket_value(i, part), (double)self->min), (double)self->max);
}

double gw_sketch_quantile(const struct gw_sketch *self, double q)
{
    GW_REQUIRE(q >= 0.0);
    GW_REQUIRE(q <= 1.0);
    if (self->n == 0) {
        return NAN;
    }
    /* the nudge of two rounding errors makes 0.07 of 100 the 7th value, not the 8th */
    const double wanted = ceil(q * (double)self->n * (1.0 - 0x1p-51));
    const uint64_t rank = wanted < 1.0 ? 1 : wanted >= (double)self->n ? self->n : (uint64_t)wanted;
    if (rank == self->n) {
        return (double)self->max;
    }
    return rank == 1              ? (double)self->min
           : self->bucket != NULL ? bucket_at(self, rank)
                                  : exact_at(self, rank);
}

/* Which of the n bins holds a value: by halving. */
static size_t bin_of(const int64_t *edge, size_t n, int64_t value)
{
    size_t low = 0, high = n;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (value < edge[middle]) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return low;
}

static int64_t bucket_low(size_t bucket)
{
    if (bucket < 2 * PER_OCTAVE) {
        return (int64_t)bucket;
    }
    return (int64_t)(bucket % PER_OCTAVE + PER_OCTAVE) << (bucket / PER_OCTAVE - 1);
}

void gw_sketch_histogram(const struct gw_sketch *self, const int64_t *edge, size_t n, uint64_t *count)
{
    GW_REQUIRE(n > 0);
    GW_REQUIRE(edge[0] == 0);
    for (size_t i = 0; self->bucket != NULL && i < GW_SKETCH_BUCKETS; i++) {
        if (self->bucket[i] > 0 && bucket_low(i) < edge[n]) {
            count[bin_of(edge, n, bucket_low(i))] += self->bucket[i];
        }
    }
    for (uint64_t i = 0; self->bucket == NULL && i < self->n; i++) {
        if (self->exact[i] < edge[n]) {
            count[bin_of(edge, n, self->exact[i])]++;
        }
    }
}

double gw_sketch_mean(const struct gw_sketch *self)
{
    if (self->n == 0) {
        return NAN;
    }
    const uint64_t whole = (uint64_t)(self->sum / self->n), rest = (uint64_t)(self->sum % self->n);
    return (double)whole + (double)rest / (double)self->n;
}
