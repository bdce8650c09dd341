/* models/policies/search/variation.h - new points from old ones, in a box or over rows of shares.
 *
 * In a box: simulated binary crossover (Deb and Agrawal 1995) and polynomial mutation (Deb and Goyal 1996),
 * as in NSGA-II's published code. Over rows: a child takes each row whole from either parent, and mutation
 * moves a share, all of it or a part, from one place of a row to another. So both keep rows sparse. */
#ifndef GW_MODELS_POLICIES_SEARCH_VARIATION_H
#define GW_MODELS_POLICIES_SEARCH_VARIATION_H

#include "models/policies/search/problem.h"
#include "sim/core/rng.h"

struct gw_variation {
    double crossover_prob, crossover_eta, mutation_eta;
};

static inline double gw_variation_unit(struct gw_rng *rng)
{
    return gw_rng_unit(gw_rng_next(rng));
}

/* 0 .. n - 1 */
static inline uint32_t gw_variation_below(struct gw_rng *rng, uint32_t n)
{
    return (uint32_t)((gw_rng_next(rng) >> 32) * n >> 32);
}

/* A random point: uniform in a box; over rows, one to three places of a row share it. */
void gw_variation_draw(const struct gw_problem *problem, struct gw_rng *rng, double *x);

/* Two children of two parents; with probability 1 - crossover_prob they are copies. */
void gw_variation_cross(const struct gw_problem *problem, const struct gw_variation *how, struct gw_rng *rng,
                        const double *a, const double *b, double *child, double *other);

/* In a box each variable with probability 1/n; over rows each row with probability 1/rows. */
void gw_variation_mutate(const struct gw_problem *problem, const struct gw_variation *how, struct gw_rng *rng,
                         double *x);

/* One small change, made: a variable, or a share. For local search. */
void gw_variation_step(const struct gw_problem *problem, const struct gw_variation *how, struct gw_rng *rng,
                       double *x);

/* A random move of a row that has somewhere to go; amount 0 when the row drawn has not. */
struct gw_move gw_variation_move(const struct gw_problem *problem, struct gw_rng *rng, const double *x);

/* Makes the move; the last share of a place moves as a whole, so that no dust stays behind. */
static inline void gw_variation_make(double *x, const struct gw_move *move)
{
    const double left = x[move->from] - move->amount;
    x[move->to] += move->amount + (left < 1e-12 ? left : 0.0);
    x[move->from] = left < 1e-12 ? 0.0 : left;
}

#endif
