/* models/policies/search/plan_lp.h - the plan of one epoch as a linear program.
 *
 * Columns: shares x_ds, parts y_msk of loads, overload o_ms, bought power b_s, what of it is above a billed
 * peak e_sp.
 *
 *   sum_s x_ds = 1
 *   sum_d x_ds rate_d / capacity_ds = sum_k y_msk + o_ms,   0 <= y_msk <= length_k
 *
 * Load is cut where its power p(u) (the lower convex hull of serving.power) or its waiting q(u) (tangents of
 * capacity ttft u w(u), w: the evaluator's, of the row for which that is least) has a corner. Both are sums
 * over parts with slopes that rise, so that the optimum fills parts in their order.
 *
 *   b_s >= sides of the lower convex hull of purchase.h over fixed_s + marginal_s sum_m p_ms - onsite_s
 *          where its price is below 0: the other way round, with lines above both curves
 *   e_sp >= b_s - peak_sp;   b and e are left out where the hull is one line and no peak could be passed
 *
 *   carbon, water, energy: linear in b and p; cost: in b, e, x;   ttft: in x and y
 *
 * Every inequality lies below the evaluator (eval.h), so that with o = 0 and limit = 1 the minimum is a lower
 * bound of gw_eval_plan over all plans that overload no site. docs/policies/lp.md. */
#ifndef GW_MODELS_POLICIES_SEARCH_PLAN_LP_H
#define GW_MODELS_POLICIES_SEARCH_PLAN_LP_H

#include "models/policies/policy.h"
#include "models/policies/search/lp.h"

struct gw_plan_lp;

/* The view's tables are found once; NULL when memory is out. */
struct gw_plan_lp *gw_plan_lp_create(const struct gw_view *view);
void gw_plan_lp_destroy(struct gw_plan_lp *self); /* accepts NULL */

/* Reads the coming epoch. limit: the load no site should exceed; soft: it may at a price above any other. */
void gw_plan_lp_read(struct gw_plan_lp *self, double limit, bool soft);

/* The objective may be at most so much in the solutions to come, until the next epoch is read; INFINITY takes
 * the cap away. One objective at a time. */
void gw_plan_lp_cap(struct gw_plan_lp *self, enum gw_objective objective, double most);

/* Minimises sum_k weight_k objective_k. Ties go to the shorter time to first token, then to the site that
 * stands first by name. */
enum gw_lp_outcome gw_plan_lp_solve(struct gw_plan_lp *self, const double weight[GW_OBJECTIVES]);

/* The solution's shares [demands][sites], cleaned of rounding: rows sum to 1. */
void gw_plan_lp_share(const struct gw_plan_lp *self, double *share);

/* What the relaxation says of its solution, per objective; of the time to first token without waiting unless
 * it had a weight. */
void gw_plan_lp_objectives(const struct gw_plan_lp *self, double objective[GW_OBJECTIVES]);

/* A lower bound of one objective over all plans that overload no site, by as much below the solver's optimum
 * as its tolerances leave open; NAN when there is no such plan. */
double gw_plan_lp_bound(struct gw_plan_lp *self, enum gw_objective objective);

#endif
