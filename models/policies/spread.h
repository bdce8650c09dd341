/* models/policies/spread.h - plans that look at nothing but size: what floors are made of.
 *
 *   even           share_ds = 1 / sites of row d
 *   by capacity    share_ds = capacity_ds / sum of capacity_ds over the row's sites
 *
 * share[demands][sites] of the coming epoch; every cell is written. */
#ifndef GW_MODELS_POLICIES_SPREAD_H
#define GW_MODELS_POLICIES_SPREAD_H

#include "models/policies/policy.h"

void gw_spread_even(const struct gw_view *view, double *share);
void gw_spread_by_capacity(const struct gw_view *view, double *share);

#endif
