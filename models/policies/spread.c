#include "models/policies/spread.h"

/* Each row by the weight of its allowed sites; weight NULL: 1. */
static void by_weight(const struct gw_view *view, const double *weight, double *share)
{
    const uint32_t sites = view->dims->sites;
    const double *allowed = view->table(view, "demand.allowed")->v;
    for (size_t row = 0; row < (size_t)view->dims->demands * sites; row += sites) {
        double sum = 0.0;
        for (uint32_t s = 0; s < sites; s++) {
            share[row + s] = allowed[row + s] * (weight != NULL ? weight[row + s] : 1.0);
            sum += share[row + s];
        }
        for (uint32_t s = 0; s < sites; s++) {
            share[row + s] /= sum;
        }
    }
}

void gw_spread_even(const struct gw_view *view, double *share)
{
    by_weight(view, NULL, share);
}

void gw_spread_by_capacity(const struct gw_view *view, double *share)
{
    by_weight(view, view->table(view, "serving.capacity")->v, share);
}
