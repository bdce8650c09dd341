/* models/grid/grid_price.h - wholesale prices from what the plants did.
 *
 *   raw  = base x^slope D exp(noise + drift) q^0.7 + scarcity
 *   base = mean over thermal plants, weighted by b_f G_f, of fuel + carbon price * direct intensity
 *   q    = clip((x - min x) / (6th percentile - min x), 0, 1)             low in surplus
 *   P    = level raw / mean raw + lowest (1 - 4 q)+                       of the region's annual mean */
#ifndef GW_MODELS_GRID_GRID_PRICE_H
#define GW_MODELS_GRID_GRID_PRICE_H

#include "models/grid/merit.h"

/* USD/MWh into out[merit->n]. GW_ERR_NOMEM is all that can fail. */
GW_MUST_USE enum gw_status gw_grid_price_make(const struct gw_natural_span *span,
                                              const struct gw_natural *natural, const struct gw_merit *merit,
                                              double *out);

#endif
