/* models/policies/filling.h - demand handed out row by row, each request to the site where it costs
 * least: the one engine of the greedy policies.
 *
 *   price of a request of row d at site s, in which kwh = (power(u') - power(u)) / requests per hour, u and
 * u' being the site's load without and with what is left of the row, as far as it has room; bought = kwh
 * marginal, or 0 as long as the site's own panels and turbines give more than it draws:
 *
 *     carbon     bought carbon                          water   bought water + kwh water_onsite
 *     cost       bought price + transfer                energy  bought
 *     ttft       rtt + ttft (1 + d(u w(u))/du)          w: the evaluator's waiting, taken over 5 % of load
 *     intensity  carbon                                 distance  rtt
 *
 *   score = sum_k weight_k price_k, each price over its mean over the row's sites when there are several
 *
 * A site takes requests until its price changes (its own power is used up; 5 % more load, when waiting
 * counts) or until `fill` of its capacity is used; then the next best is looked for. With a guard, sites that
 * would miss the row's limit on the time to first token come after those that meet it. What finds no room
 * anywhere is spread over the allowed sites in proportion to capacity: overload is then everybody's, and the
 * score shows it. Ties go to the site that stands first. docs/policies/greedy.md */
#ifndef GW_MODELS_POLICIES_FILLING_H
#define GW_MODELS_POLICIES_FILLING_H

#include <stdbool.h>

#include "models/policies/policy.h"

enum gw_filling_price { /* the objectives of policy.h come first */
                        GW_FILLING_INTENSITY = GW_OBJECTIVES,
                        GW_FILLING_DISTANCE,
                        GW_FILLING_PRICES
};

struct gw_filling_cfg {
    double fill; /* share of a site's capacity that is used before the next site */
    bool guard;
    double slo_margin_ms; /* kept below a row's limit */
    double weight[GW_FILLING_PRICES];
};

struct gw_filling;

/* The view's tables are found once, it stays the same for the run; NULL when memory is out. */
struct gw_filling *gw_filling_create(const struct gw_view *view, const struct gw_filling_cfg *cfg);
void gw_filling_destroy(struct gw_filling *self); /* accepts NULL */

/* share[demands][sites] for the coming epoch. */
void gw_filling_plan(struct gw_filling *self, double *share);

#endif
