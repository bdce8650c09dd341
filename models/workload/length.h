/* models/workload/length.h - how many tokens: a law as a table of integers, asked by quantile.
 *
 * A length is the inverse distribution function at a request's own quantile u, so that a directive can map
 * the same u through another law and a policy never changes what was asked. Laws: constant, uniform,
 * exponential, a mixture of lognormals (weights, mu, sigma of ln tokens), each truncated to
 * [min, max] tokens. The table is exact for integers: P(n) is the law's mass between n - 1/2 and n + 1/2,
 * renormalised. A guide table makes a draw O(1), about 7 ns. */
#ifndef GW_MODELS_WORKLOAD_LENGTH_H
#define GW_MODELS_WORKLOAD_LENGTH_H

#include "sim/tree/bind.h"

/* Catalogue kind "length": `lengths: azure-conversation`, or `{ laws: { prompt: ..., output: ... } }`. */
struct gw_length_pair_cfg {
    const char *name, *title;
    struct gw_pick prompt, output; /* laws of law.h */
    double correlation;            /* of the ranks of prompt and output (Spearman) */
};
extern const struct gw_type gw_length_type;  /* catalogue entry */
extern const struct gw_type gw_lengths_type; /* PICK for a demand's `lengths:` */
const struct gw_length_pair_cfg *gw_length_pair(const struct gw_pick *pick);

/* The correlation of the two standard normal numbers behind the ranks of a Gaussian copula with the pair's
 * rank correlation: 2 sin(pi rho / 6). */
double gw_length_correlation(const struct gw_length_pair_cfg *pair);

/* A tabulated law. */
struct gw_length {
    uint32_t min, max;
    double mean, mean_sq;
    const double *cdf;     /* [max - min + 1] */
    const uint32_t *guide; /* [guide_n + 1] first index whose cdf exceeds i / guide_n */
    uint32_t guide_n;
};

/* Builds the table of one law; false when memory is out. Checked configurations only. */
GW_MUST_USE bool gw_length_build(const struct gw_pick *law, struct gw_length *out, struct gw_arena *arena);

/* The law's value at quantile u in [0, 1). */
uint32_t gw_length_at(const struct gw_length *self, double u);

#endif
