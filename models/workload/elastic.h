/* models/workload/elastic.h - demand that answers to what it got: rebound.
 *
 *   elastic: { of: latency, elasticity: -0.3, reference: 800 ms, least: 0.5, most: 2 }
 *   elastic: { of: price, elasticity: -0.5, reference: 0.002 USD }
 *   elastic: { of: energy, elasticity: -0.2, reference: 0.5 Wh }
 *
 *   factor = clamp((value / reference)^elasticity, least, most)
 *
 * `value` is what the last epoch's answered requests of the row met: mean time to first token, energy cost
 * per request, imported energy per request. At the reference the row asks at its configured rate. A value of
 * zero or below (prices may be negative) counts as zero, whose factor is a bound. */
#ifndef GW_MODELS_WORKLOAD_ELASTIC_H
#define GW_MODELS_WORKLOAD_ELASTIC_H

#include "sim/tree/bind.h"

extern const struct gw_type gw_elastic_type; /* NAMED; key `of` */

enum gw_elastic_of { GW_ELASTIC_LATENCY, GW_ELASTIC_PRICE, GW_ELASTIC_ENERGY };

struct gw_elastic {
    enum gw_elastic_of of;
    double elasticity;
    double reference; /* ms, USD or Wh per request */
    double least, most;
};
struct gw_elastic gw_elastic_of(const struct gw_named *cfg);

/* Of the row's rate; value in the unit of the reference, not NaN. */
double gw_elastic_factor(const struct gw_elastic *self, double value);

#endif
