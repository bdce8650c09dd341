/* models/workload/law.h - the laws a length may follow, and their continuous distribution functions.
 *
 *   constant      prompt: 1000
 *   uniform       prompt: { uniform: { min: 1, max: 2000 } }             every integer equally likely
 *   exponential   prompt: { exponential: { mean: 150, max: 4096 } }      F(x) = 1 - exp(-x / mean)
 *   lognormals    prompt: { lognormals: { parts: [ { weight: 0.7, mu: 5.5, sigma: 1 }, ... ], max: 8192 } }
 *                 F(x) = sum of weight Phi((ln x - mu) / sigma), weights in proportion
 *   quantiles     prompt: { quantiles: { points: [ { p: 0, tok: 1 }, ..., { p: 1, tok: 9999 } ] } }
 *                 an empirical table: ln x is linear in p between neighbours; from p = 0 to p = 1
 *
 * Each is truncated to [min, max] tokens and made discrete by length.h. */
#ifndef GW_MODELS_WORKLOAD_LAW_H
#define GW_MODELS_WORKLOAD_LAW_H

#include "sim/tree/bind.h"

enum { GW_LAW_MAX = 4 << 20 }; /* tokens: the table of such a law takes 32 MB */

extern const struct gw_type gw_law_type; /* PICK over the laws */

struct gw_law_range {
    uint32_t min, max; /* tokens */
};
struct gw_law_range gw_law_range(const struct gw_pick *law);

/* The share of the untruncated law at or below x tokens. */
double gw_law_cdf(const struct gw_pick *law, double x_tok);

#endif
