#include "sim/core/rng.h"

#include <math.h>

#include "sim/core/rng_tables.h"

/* xoshiro256** 1.0 by Blackman and Vigna, https://prng.di.unimi.it, seeded by splitmix64 as they advise:
 * outputs of one splitmix64 are pairwise different, so the state is never all zero. */
void gw_rng_init(struct gw_rng *self, uint64_t seed)
{
    for (uint64_t i = 0; i < 4; i++) {
        self->s[i] = gw_rng_mix(seed + i * UINT64_C(0x9e3779b97f4a7c15));
    }
}

_Static_assert(sizeof(unsigned long) == sizeof(uint64_t),
               "gsl_rng hands seeds and draws over as unsigned long");

static void xoshiro_set(void *state, unsigned long seed)
{
    gw_rng_init(state, seed);
}

static unsigned long xoshiro_get(void *state)
{
    return gw_rng_next(state);
}

static double xoshiro_get_double(void *state)
{
    return gw_rng_unit(gw_rng_next(state));
}

static const gsl_rng_type xoshiro256ss = {
    .name = "xoshiro256**",
    .max = UINT64_MAX,
    .min = 0,
    .size = sizeof(struct gw_rng),
    .set = xoshiro_set,
    .get = xoshiro_get,
    .get_double = xoshiro_get_double,
};
const gsl_rng_type *const gw_rng_xoshiro256ss = &xoshiro256ss;

/* FNV-1a gathers the name; mixing after each part spreads a change of any bit over all 64. */
uint64_t gw_rng_seed(uint64_t run_seed, uint32_t replication, const char *name)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (const char *p = name; *p != '\0'; p++) {
        h = (h ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
    }
    return gw_rng_mix(gw_rng_mix(gw_rng_mix(h) ^ run_seed) ^ replication);
}

gsl_rng *gw_rng_create(uint64_t run_seed, uint32_t replication, const char *name)
{
    gsl_rng *rng = gsl_rng_alloc(gw_rng_xoshiro256ss);
    if (rng != NULL) {
        gsl_rng_set(rng, gw_rng_seed(run_seed, replication, name));
    }
    return rng;
}

/* One draw serves the layer (bits 0-7), the sign (bit 8) and the place in the layer (bits 11-63). */
double gw_rng_exponential(struct gw_rng *self)
{
    double from = 0.0; /* beyond the tail's start the density is the same again */
    for (;;) {
        const uint64_t bits = gw_rng_next(self);
        const struct layer *layer = &exponential_layer[bits & 255];
        const double x = (double)(bits >> 11) * layer->scale;
        if (bits >> 11 < layer->inside) {
            return from + x;
        }
        if (layer == exponential_layer) {
            from += exponential_tail;
            continue;
        }
        const double height = gw_rng_unit(gw_rng_next(self)) * (layer[1].density - layer->density);
        if (layer->density + height < exp(-x)) {
            return from + x;
        }
    }
}

/* Marsaglia 1964: beyond r, r + a/r with the probability that b > (a/r)^2 / 2; a, b standard exponential. */
static double normal_beyond_tail(struct gw_rng *self)
{
    double x, y;
    do {
        x = gw_rng_exponential(self) / normal_tail;
        y = gw_rng_exponential(self);
    } while (2.0 * y < x * x);
    return normal_tail + x;
}

static const double either_sign[2] = {1.0, -1.0}; /* looked up: a coin flip is no branch to predict */

double gw_rng_normal(struct gw_rng *self)
{
    for (;;) {
        const uint64_t bits = gw_rng_next(self);
        const struct layer *layer = &normal_layer[bits & 255];
        const double sign = either_sign[bits >> 8 & 1];
        const double x = (double)(bits >> 11) * layer->scale;
        if (bits >> 11 < layer->inside) {
            return sign * x;
        }
        if (layer == normal_layer) {
            return sign * normal_beyond_tail(self);
        }
        const double height = gw_rng_unit(gw_rng_next(self)) * (layer[1].density - layer->density);
        if (layer->density + height < exp(-0.5 * x * x)) {
            return sign * x;
        }
    }
}
