/* models/policies/share_lp.h - the coming epoch's shares by a linear program over a policy's own costs: what
 * published policies are stated in. (plan_lp.h is the program over geowatt's own evaluator.)
 *
 *   minimise  sum_ds cost_ds x_ds + sum_k weight_k z_k
 *   sum_s x_ds = 1      x_ds = 0 where not open
 *   sum over rows d of model m of x_ds rate_d / capacity_ds <= limit        at every site; softly
 *   z_k >= base_ks + sum_d part_kds x_ds                                    at every site
 *
 * cost_ds and part_kds are those of the whole row. When demand exceeds what the limit leaves, it is exceeded
 * by as little as can be. Ties go to the shorter round trip, then to the site that stands first. */
#ifndef GW_MODELS_POLICIES_SHARE_LP_H
#define GW_MODELS_POLICIES_SHARE_LP_H

#include <stdbool.h>

#include "models/policies/policy.h"
#include "models/policies/search/lp.h"

/* A highest value over the sites that is to be low. */
struct gw_share_lp_peak {
    double weight;
    double *base; /* [sites] */
    double *part; /* [demands][sites] */
};

struct gw_share_lp {
    const struct gw_view *view;
    struct gw_lp *lp;
    uint32_t peaks;
    double limit;
    /* filled before each solution: */
    double *rate;  /* [demands] requests per second */
    double *cost;  /* [demands][sites] */
    uint8_t *open; /* [demands][sites], within demand.allowed; at least one in each row */
    struct gw_share_lp_peak *peak;
    /* scratch of a row */
    uint32_t *column;
    double *coefficient;
};

/* Room for so many peaks; false when memory is out, self is then to be closed all the same. */
bool gw_share_lp_init(struct gw_share_lp *self, const struct gw_view *view, uint32_t peaks, double limit);
void gw_share_lp_fini(struct gw_share_lp *self);

/* The epoch's forecast rates, costs and parts of 0, everything open that is allowed: where a policy begins.
 */
void gw_share_lp_begin(struct gw_share_lp *self);

/* IT energy of a request of row d at site s, kWh: the power of the site's replicas at the limit over what
 * they serve there. Whatever the last epoch's load was, so that a site without work is not the dearer for it.
 */
double gw_share_lp_request_kwh(const struct gw_share_lp *self, uint32_t d, uint32_t s);

/* Leaves open, of row d's sites, those whose value is at most `limit`, or the least one when there is none.
 */
void gw_share_lp_within(struct gw_share_lp *self, uint32_t d, const double *value, double limit);

/* Writes share[demands][sites], rows summing to 1. 0; else the solver failed, and error says so. */
int gw_share_lp_plan(struct gw_share_lp *self, double *share, struct gw_policy_error *error);

#endif
