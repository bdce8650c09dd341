#include "sim/run/fingerprint.h"

#include <math.h>
#include <stddef.h>

#include "sim/base/hash.h"

enum { ROUNDS = 40 };

/* Weyl's sequence in [0, 1) by the golden ratio: evenly spread, and made of exact operations only. */
static double next_unit(volatile uint64_t *at)
{
    *at += UINT64_C(0x9e3779b97f4a7c15);
    return (double)(*at >> 11) * 0x1p-53;
}

/* Each function over the range where geowatt, or a policy, is likely to call it. */
static const struct probe {
    double (*f)(double);
    double from, to;
} probes[] = {
    {exp, -30, 30},     {exp2, -30, 30},   {expm1, -2, 2}, {log, 1e-6, 1e6},  {log2, 1e-6, 1e6},
    {log10, 1e-6, 1e6}, {log1p, -0.9, 9},  {sqrt, 0, 1e9}, {cbrt, -1e6, 1e6}, {sin, -400, 400},
    {cos, -400, 400},   {tan, -1.5, 1.5},  {asin, -1, 1},  {acos, -1, 1},     {atan, -20, 20},
    {sinh, -20, 20},    {cosh, -20, 20},   {tanh, -5, 5},  {asinh, -50, 50},  {erf, -3, 3},
    {erfc, -3, 9},      {tgamma, 0.1, 20},
};

static const struct probe_of_two {
    double (*f)(double, double);
    double from[2], to[2];
} probes_of_two[] = {
    {pow, {1e-3, -4}, {1e3, 4}},
    {hypot, {-1e3, -1e3}, {1e3, 1e3}},
    {atan2, {-1e3, -1e3}, {1e3, 1e3}},
    {fmod, {-1e3, 1e-3}, {1e3, 10}},
};

/* The arguments pass through a volatile: a compiler would fold calls on constants with its own library. */
uint64_t gw_fingerprint_libm(void)
{
    volatile uint64_t at = UINT64_C(0x67656f77617474); /* "geowatt" */
    uint64_t hash = GW_HASH_START;
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
            const struct probe *p = &probes[i];
            const double y = p->f(p->from + (p->to - p->from) * next_unit(&at));
            hash = gw_hash_fnv1a(hash, &y, sizeof y);
        }
        for (size_t i = 0; i < sizeof probes_of_two / sizeof probes_of_two[0]; i++) {
            const struct probe_of_two *p = &probes_of_two[i];
            const double x0 = p->from[0] + (p->to[0] - p->from[0]) * next_unit(&at);
            const double x1 = p->from[1] + (p->to[1] - p->from[1]) * next_unit(&at);
            const double y = p->f(x0, x1);
            hash = gw_hash_fnv1a(hash, &y, sizeof y);
        }
    }
    return hash;
}
