/* models/policies/search/scalar.h - several objectives as one number, for searches that know only one.
 *
 *   weighted sum    sum_k w_k (f_k - ideal_k) / span_k
 *   Tchebycheff     max_k w_k (f_k - ideal_k) / span_k
 *
 * ideal is the best seen so far, span the range of a population: units drop out. */
#ifndef GW_MODELS_POLICIES_SEARCH_SCALAR_H
#define GW_MODELS_POLICIES_SEARCH_SCALAR_H

#include <math.h>

#include "models/policies/search/front.h"
#include "models/policies/search/problem.h"

enum gw_scalar_kind { GW_SCALAR_WEIGHTED_SUM, GW_SCALAR_TCHEBYCHEFF };

struct gw_scalar {
    enum gw_scalar_kind kind;
    uint32_t objectives;
    double ideal[GW_PROBLEM_OBJECTIVES_MAX], span[GW_PROBLEM_OBJECTIVES_MAX];
};

/* Ideal and span of the members; an objective that is the same everywhere has span 1. */
static inline void gw_scalar_fit(struct gw_scalar *self, const struct gw_front *members)
{
    double high[GW_PROBLEM_OBJECTIVES_MAX];
    self->objectives = members->objectives;
    gw_front_range(members, self->ideal, high);
    for (uint32_t k = 0; k < self->objectives; k++) {
        self->span[k] = high[k] > self->ideal[k] ? high[k] - self->ideal[k] : 1.0;
    }
}

/* A weight counts at least 1e-4: no objective is ever free. */
static inline double gw_scalar_of(const struct gw_scalar *self, const double *weight, const double *f)
{
    double sum = 0.0, worst = -INFINITY;
    for (uint32_t k = 0; k < self->objectives; k++) {
        const double w = weight[k] > 1e-4 ? weight[k] : 1e-4;
        const double part = w * (f[k] - self->ideal[k]) / self->span[k];
        sum += part;
        worst = part > worst ? part : worst;
    }
    return self->kind == GW_SCALAR_WEIGHTED_SUM ? sum : worst;
}

#endif
