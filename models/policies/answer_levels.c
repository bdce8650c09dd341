#include "models/policies/answer_levels.h"

#include <math.h>

#include "models/policies/search/lp.h"

double gw_answer_levels_floor(double tolerance, double carbon, double low, double high)
{
    const double at = high > low ? (carbon - low) / (high - low) : 1.0;
    return 1.0 - tolerance * fmin(fmax(at, 0.0), 1.0);
}

/* What rounding leaves beside the simplex. */
static void clean(uint32_t n, double *x)
{
    double sum = 0.0;
    for (uint32_t l = 0; l < n; l++) {
        x[l] = fmin(fmax(x[l], 0.0), 1.0);
        sum += x[l];
    }
    for (uint32_t l = 0; l < n; l++) {
        x[l] /= sum;
    }
}

bool gw_answer_levels_solve(uint32_t n, const double *cost, const double *quality, double floor, double *x)
{
    static const uint32_t column[GW_ANSWER_LEVELS_MAX] = {0, 1, 2, 3, 4, 5, 6, 7};
    static const double one[GW_ANSWER_LEVELS_MAX] = {1, 1, 1, 1, 1, 1, 1, 1};
    struct gw_lp *lp = gw_lp_create(2, n);
    if (lp == NULL) {
        return false;
    }
    double dearest = 0.0; /* costs of 1e-2 g would drown in the solver's tolerances */
    for (uint32_t l = 0; l < n; l++) {
        dearest = fmax(dearest, cost[l]);
    }
    for (uint32_t l = 0; l < n; l++) {
        gw_lp_column(lp, l, 0.0, 1.0);
        gw_lp_cost(lp, l, dearest > 0.0 ? cost[l] / dearest : 0.0);
    }
    gw_lp_row(lp, 0, 1.0, 1.0, n, column, one);
    gw_lp_row(lp, 1, floor, INFINITY, n, column, quality);
    const bool good = gw_lp_solve(lp) == GW_LP_OPTIMAL;
    for (uint32_t l = 0; good && l < n; l++) {
        x[l] = gw_lp_value(lp, l);
    }
    gw_lp_destroy(lp);
    if (good) {
        clean(n, x);
    }
    return good;
}

uint32_t gw_answer_levels_n(const struct gw_view *view, uint32_t d)
{
    const struct gw_table *output = view->table(view, "directives.output");
    const uint32_t levels = output->dim[1];
    uint32_t n = 0;
    while (n < levels && output->v[d * levels + n] > 0.0) {
        n++;
    }
    return n;
}

void gw_answer_levels_sites(const struct gw_view *view, uint32_t d, double *weight)
{
    const uint32_t sites = view->dims->sites;
    const double *rate = view->table(view, "state.rate")->v + (size_t)d * sites;
    const double *allowed = view->table(view, "demand.allowed")->v + (size_t)d * sites;
    double sent = 0.0, may = 0.0;
    for (uint32_t s = 0; s < sites; s++) {
        sent += rate[s];
        may += allowed[s];
    }
    for (uint32_t s = 0; s < sites; s++) {
        weight[s] = sent > 0.0 ? rate[s] / sent : allowed[s] / may;
    }
}

double gw_answer_levels_carbon(const struct gw_view *view, const double *weight, uint32_t h)
{
    const double *carbon = view->table(view, "site.carbon")->v;
    double mean = 0.0;
    for (uint32_t s = 0; s < view->dims->sites; s++) {
        mean += weight[s] * carbon[s * view->dims->horizon + h];
    }
    return mean;
}

void gw_answer_levels_cost(const struct gw_view *view, uint32_t d, const double *weight, double *cost)
{
    const struct gw_table *kwh = view->table(view, "directives.request_kwh");
    const double *carbon = view->table(view, "site.carbon")->v;
    const double *marginal = view->table(view, "site.marginal")->v;
    const uint32_t sites = view->dims->sites, horizon = view->dims->horizon, levels = kwh->dim[1];
    for (uint32_t l = 0; l < gw_answer_levels_n(view, d); l++) {
        cost[l] = 0.0;
        for (uint32_t s = 0; s < sites; s++) {
            cost[l] += weight[s] * kwh->v[((size_t)d * levels + l) * sites + s] * marginal[s * horizon] *
                       carbon[s * horizon];
        }
    }
}

void gw_answer_levels_order(struct gw_plan *plan, uint32_t d, uint32_t n, const double *x)
{
    for (uint32_t l = 0; l < n; l++) {
        const struct gw_order order = {.kind = GW_ORDER_DIRECTIVES, .at = {d, l}, .value = x[l]};
        (void)plan->order(plan, &order);
    }
}
