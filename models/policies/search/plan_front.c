#include "models/policies/search/plan_front.h"

#include <math.h>
#include <stdlib.h>

#include "models/policies/search/weights.h"

enum { N = GW_PLAN_FRONT_OBJECTIVES };

/* Of the relaxation, over the optima of the single objectives. */
struct range {
    double low[N], high[N];
};

static bool find_range(struct gw_plan_lp *lp, struct range *range)
{
    for (int k = 0; k < N; k++) {
        range->low[k] = INFINITY;
        range->high[k] = -INFINITY;
    }
    for (int best = 0; best < N; best++) {
        double weight[GW_OBJECTIVES] = {0}, value[GW_OBJECTIVES];
        weight[best] = 1.0;
        if (gw_plan_lp_solve(lp, weight) != GW_LP_OPTIMAL) {
            return false;
        }
        gw_plan_lp_objectives(lp, value);
        for (int k = 0; k < N; k++) {
            range->low[k] = fmin(range->low[k], value[k]);
            range->high[k] = fmax(range->high[k], value[k]);
        }
    }
    return true;
}

/* The last solution's plan, valued by the evaluator. */
static bool append(const struct gw_plan_lp *lp, const struct gw_view *view, double *share,
                   struct gw_front *out)
{
    double value[GW_OBJECTIVES];
    gw_plan_lp_share(lp, share);
    view->eval(view, share, value);
    return gw_front_append(out, share, value);
}

static bool solve_all(struct gw_plan_lp *lp, const struct gw_view *view, const double *lattice, uint32_t n,
                      double *share, struct gw_front *out)
{
    struct range range;
    if (!find_range(lp, &range)) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        double weight[GW_OBJECTIVES] = {0};
        for (int k = 0; k < N; k++) {
            const double width = range.high[k] - range.low[k];
            weight[k] = width > 0.0 ? lattice[i * N + (uint32_t)k] / width : 0.0;
        }
        if (gw_plan_lp_solve(lp, weight) != GW_LP_OPTIMAL || !append(lp, view, share, out)) {
            return false;
        }
    }
    return true;
}

static uint32_t vars(const struct gw_view *view)
{
    return view->dims->demands * view->dims->sites;
}

static bool begin(const struct gw_view *view, uint32_t n, struct gw_front *out)
{
    return out->cap > 0 || gw_front_init(out, vars(view), N, n);
}

bool gw_plan_front_weights(struct gw_plan_lp *lp, const struct gw_view *view, uint32_t n,
                           struct gw_front *out)
{
    const uint32_t parts = gw_weights_lattice_parts(N, n);
    const uint32_t directions = (uint32_t)gw_weights_lattice_size(N, parts);
    double *lattice = calloc((size_t)directions * N, sizeof *lattice);
    double *share = calloc(vars(view), sizeof *share);
    bool ok = lattice != NULL && share != NULL && begin(view, directions, out);
    if (ok) {
        gw_weights_lattice(N, parts, lattice);
        ok = solve_all(lp, view, lattice, directions, share, out);
    }
    free(lattice);
    free(share);
    return ok;
}

bool gw_plan_front_epsilon(struct gw_plan_lp *lp, const struct gw_view *view, enum gw_objective a,
                           enum gw_objective b, uint32_t n, struct gw_front *out)
{
    double one[GW_OBJECTIVES] = {0}, other[GW_OBJECTIVES] = {0}, at_a[GW_OBJECTIVES], at_b[GW_OBJECTIVES];
    one[a] = 1.0;
    other[b] = 1.0;
    if (gw_plan_lp_solve(lp, other) != GW_LP_OPTIMAL) {
        return false;
    }
    gw_plan_lp_objectives(lp, at_b);
    if (gw_plan_lp_solve(lp, one) != GW_LP_OPTIMAL) {
        return false;
    }
    gw_plan_lp_objectives(lp, at_a);
    double *share = calloc(vars(view), sizeof *share);
    bool ok = share != NULL && begin(view, n, out);
    for (uint32_t i = 0; ok && i < n; i++) {
        /* ties were broken at b's least by a little, which the first step forgives */
        const double least = at_b[b] + 1e-4 * fabs(at_b[b]);
        const double most = at_b[b] + (at_a[b] - at_b[b]) * i / (n - 1);
        gw_plan_lp_cap(lp, b, fmax(most, least));
        ok = gw_plan_lp_solve(lp, one) == GW_LP_OPTIMAL && append(lp, view, share, out);
    }
    gw_plan_lp_cap(lp, b, INFINITY);
    free(share);
    return ok;
}
