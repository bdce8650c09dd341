/* models/policies/search/front.h - points with their objectives, and who dominates whom (minimisation).
 *
 * One container serves as population, as archive and as result. A zeroed struct is empty; its first use is
 * gw_front_init. */
#ifndef GW_MODELS_POLICIES_SEARCH_FRONT_H
#define GW_MODELS_POLICIES_SEARCH_FRONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/status.h"

struct gw_front {
    uint32_t vars, objectives, n, cap;
    double *x, *f;        /* [n][vars], [n][objectives] */
    uint64_t evaluations; /* spent on it by a search */
};

/* Room for `cap` members; false when memory is out, and then there is nothing to end. */
GW_MUST_USE bool gw_front_init(struct gw_front *self, uint32_t vars, uint32_t objectives, uint32_t cap);
void gw_front_fini(struct gw_front *self);

static inline double *gw_front_x(const struct gw_front *self, uint32_t i)
{
    return self->x + (size_t)i * self->vars;
}
static inline double *gw_front_f(const struct gw_front *self, uint32_t i)
{
    return self->f + (size_t)i * self->objectives;
}

/* Appends whatever it is. False when memory is out. */
GW_MUST_USE bool gw_front_append(struct gw_front *self, const double *x, const double *f);

/* Copies member j of `from` over member i; i may be n, within cap, and is then appended. */
void gw_front_copy(struct gw_front *self, uint32_t i, const struct gw_front *from, uint32_t j);

/* As an archive: refuses what a member dominates or equals in all objectives (*added false), and drops what
 * the new one dominates. False when memory is out. */
GW_MUST_USE bool gw_front_insert(struct gw_front *self, const double *x, const double *f, bool *added);

/* f no worse in any objective and better in one. */
bool gw_front_dominates(const double *f, const double *g, uint32_t objectives);

/* rank[i]: 0 for points that none dominates, k for those that only points of lower rank do. `order` [n] is
 * scratch and comes back sorted by rank, then lexicographically, then by index. Returns the number of ranks.
 */
uint32_t gw_front_rank(const double *f, uint32_t n, uint32_t objectives, uint32_t *rank, uint32_t *order);

/* Drops dominated members; of several with the same objectives the first stays. */
void gw_front_reduce(struct gw_front *self);

/* Smallest and largest value of each objective; n >= 1. */
void gw_front_range(const struct gw_front *self, double *low, double *high);

/* The member with the smallest sum_k weight_k (f_k - low_k) / (high_k - low_k), the first of equals; n >= 1.
 * An objective that is the same everywhere counts nothing. */
uint32_t gw_front_pick(const struct gw_front *self, const double *weight);

#endif
