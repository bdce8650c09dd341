/* models/policies/search/plan_front.h - fronts of plans by linear programs: what searches begin with, and
 * what their hypervolume is held against.
 *
 *   weights   min sum_k w_k (f_k - low_k) / (high_k - low_k)   for each w of a lattice: corners of the front
 *   epsilon   min f_a subject to f_b <= e                      for e evenly from b's least to what a's least
 * has
 *
 * Ranges are those of the single objectives' optima. Plans are optima of the relaxation (plan_lp.h),
 * objectives in `out` are the evaluator's of these plans, so a front is one of plans and no bound. With n
 * weights it is the "n-weight front": a named yardstick, which a search may exceed. */
#ifndef GW_MODELS_POLICIES_SEARCH_PLAN_FRONT_H
#define GW_MODELS_POLICIES_SEARCH_PLAN_FRONT_H

#include "models/policies/search/front.h"
#include "models/policies/search/plan_lp.h"

enum { GW_PLAN_FRONT_OBJECTIVES = GW_OBJ_TTFT_MS + 1 }; /* carbon, water, cost, time to first token */

/* Appends one plan for each of the lattice's directions, at most n of them, n >= 4; `lp` has read the epoch.
 * False when memory is out or a program has no optimum. */
GW_MUST_USE bool gw_plan_front_weights(struct gw_plan_lp *lp, const struct gw_view *view, uint32_t n,
                                       struct gw_front *out);

/* Appends n >= 2 plans from the least b to the least a. */
GW_MUST_USE bool gw_plan_front_epsilon(struct gw_plan_lp *lp, const struct gw_view *view, enum gw_objective a,
                                       enum gw_objective b, uint32_t n, struct gw_front *out);

#endif
