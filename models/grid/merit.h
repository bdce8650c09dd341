/* models/grid/merit.h - which plants run: a soft merit order.
 *
 *   R0 = demand - wind - sun - nuclear - biomass - geothermal - run of river
 *   R  = max(mean + (1 - damped) (R0 - mean), least)
 *   G_f = R w_f x^(b_f - 1) q_f / sum over f,  x = R / mean R      coal, gas, oil, other, reservoirs
 *
 * Below `least` there is surplus, exported or curtailed.
 * w_f is found so that each kind's energy over the span is its share of the mix. Slopes b below 1 are base
 * load, above 1 peaking plants; q_f are outages, inflow, and how much of it a neighbour sells at the hour. */
#ifndef GW_MODELS_GRID_MERIT_H
#define GW_MODELS_GRID_MERIT_H

#include "models/grid/natural.h"

struct gw_merit {
    size_t n;
    double *generation[GW_FUELS]; /* in mean demands */
    double *residual;             /* x: R over its mean */
    double *curtailed;            /* in mean demands */
    double *net_export;           /* generation - demand */
    double slope[GW_FUELS];       /* b of the plants that answer demand; 0 for the others */
};

/* The arrays live in the span's arena. price_usd_per_mwh is the neighbour's by the hour, asked for where
 * imports follow it, else NULL. GW_ERR_NOMEM is all that can fail. */
GW_MUST_USE enum gw_status gw_merit_run(const struct gw_natural_span *span, const struct gw_natural *natural,
                                        const double *price_usd_per_mwh, struct gw_merit *out,
                                        struct gw_error *err);

#endif
