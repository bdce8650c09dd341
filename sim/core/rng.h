/* sim/core/rng.h - named random streams, and draws keyed by what they are for.
 *
 * Two ways to randomness, both pure functions of (run seed, replication, name):
 *
 * A *stream* is a sequence ("arrivals/us-east", "policy/slit"): xoshiro256** with a 256-bit state filled
 * from a 64-bit seed. Adding a site or changing the policy leaves every other stream's draws as they
 * were, so policies are compared on the same arrivals. It sits behind gsl_rng and works with gsl_ran_*.
 *
 * A *keyed draw* is a function value: request (origin, client, session, turn) has its prompt quantile
 * whatever happened before it, so a decision cannot change what a later request asks.
 *
 * GSL's own generators keep only 32 seed bits; with 10^5 streams two of them would be expected equal. */
#ifndef GW_SIM_CORE_RNG_H
#define GW_SIM_CORE_RNG_H

#include <gsl/gsl_rng.h>
#include <stdint.h>

extern const gsl_rng_type *const gw_rng_xoshiro256ss;

/* The 64-bit seed of a named stream. */
uint64_t gw_rng_seed(uint64_t run_seed, uint32_t replication, const char *name);

/* NULL when memory is out; gsl_rng_free() ends it. */
gsl_rng *gw_rng_create(uint64_t run_seed, uint32_t replication, const char *name);

/* The same generator without the gsl_rng shell, for hot loops: identical draws to the stream above. */
struct gw_rng {
    uint64_t s[4];
};
void gw_rng_init(struct gw_rng *self, uint64_t seed);

static inline uint64_t gw_rng_rotl(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

static inline uint64_t gw_rng_next(struct gw_rng *self)
{
    uint64_t *s = self->s;
    const uint64_t result = gw_rng_rotl(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = gw_rng_rotl(s[3], 45);
    return result;
}

/* [0, 1): 53 bits of x. */
static inline double gw_rng_unit(uint64_t x)
{
    return (double)(x >> 11) * 0x1p-53;
}

/* Standard exponential (mean 1) and standard normal by ziggurat, tables in rng_tables.h; about 5 ns each. */
double gw_rng_exponential(struct gw_rng *self);
double gw_rng_normal(struct gw_rng *self);

/* A mixing function of 64-bit words; statistically independent outputs for any two different inputs. */
static inline uint64_t gw_rng_mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

/* What a keyed draw is for. New uses are appended; numbers never change their meaning. */
enum gw_draw {
    GW_DRAW_PROMPT = 1,
    GW_DRAW_OUTPUT = 2,
    GW_DRAW_THINK = 3,
    GW_DRAW_QUALITY = 4,
    GW_DRAW_TURNS = 5,
    GW_DRAW_JITTER = 6,
};

/* The key of one request: `origin_key` = gw_rng_seed(seed, replication, "requests/<demand name>"). */
static inline uint64_t gw_rng_request_key(uint64_t origin_key, uint32_t client, uint64_t session,
                                          uint32_t turn)
{
    const uint64_t who = gw_rng_mix(origin_key ^ gw_rng_mix(session));
    return gw_rng_mix(who ^ ((uint64_t)client << 32 | turn));
}

static inline uint64_t gw_rng_draw(uint64_t request_key, enum gw_draw what)
{
    return gw_rng_mix(request_key + (uint64_t)what * UINT64_C(0xd1342543de82ef95));
}

#endif
