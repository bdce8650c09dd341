/* Forecast: as many replicas as the demand ahead needs at a share of their capacity. A row's demand is split
 * over the sites as it was in the last epoch, evenly before the first; how far it looks ahead is how long a
 * replica takes to stand, at least the coming epoch.
 *
 *   replicas[m, s] = max(least, ceil(sum over rows of m (largest rate ahead x share[s] / capacity of one) /
 *                                    fill)) */
#include <math.h>
#include <stdlib.h>

#include "models/policies/registry.h"

struct cfg {
    double fill, least;
};

static const struct gw_policy_param params[] = {
    {"fill", "1", GW_PARAM_NUMBER, offsetof(struct cfg, fill), 0.65, 0.01, 1.0, NULL,
     "Share of a replica's capacity that is to be used"},
    {"least", "1", GW_PARAM_NUMBER, offsetof(struct cfg, least), 1.0, 0.0, 1e6, NULL,
     "Replicas that always stand; 0 leaves it to the first request to start one"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

static int forecast_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                           struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct cfg *p = malloc(sizeof *p);
    if (p == NULL) {
        return 1;
    }
    *p = *(const struct cfg *)cfg;
    *self = p;
    return 0;
}

/* Part of row d that goes to site s. */
static double share_of(const struct gw_view *view, uint32_t d, uint32_t s)
{
    const uint32_t sites = view->dims->sites;
    const double *sent = view->table(view, "state.rate")->v + (size_t)d * sites;
    const double *allowed = view->table(view, "demand.allowed")->v + (size_t)d * sites;
    double all = 0.0, open = 0.0;
    for (uint32_t i = 0; i < sites; i++) {
        all += sent[i];
        open += allowed[i];
    }
    return all > 0.0 ? sent[s] / all : allowed[s] / open;
}

/* Replicas of model m that the demand ahead keeps wholly busy at site s. */
static double needed(const struct gw_view *view, uint32_t m, uint32_t s)
{
    const uint32_t sites = view->dims->sites, horizon = view->dims->horizon;
    const double *rate = view->table(view, "demand.rate")->v;
    const double *model = view->table(view, "demand.model")->v;
    const double *capacity = view->table(view, "serving.replica_capacity")->v;
    const double start_s = view->table(view, "serving.start")->v[(size_t)m * sites + s];
    const double ahead = ceil(start_s * 1e6 / (double)view->epoch_us);
    double n = 0.0;
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        const double one = capacity[(size_t)d * sites + s];
        double most = 0.0;
        for (uint32_t h = 0; h < horizon && h <= ahead; h++) {
            most = fmax(most, rate[(size_t)d * horizon + h]);
        }
        if ((uint32_t)model[d] == m && one > 0.0 && most > 0.0) {
            n += most * share_of(view, d, s) / one;
        }
    }
    return n;
}

static int forecast_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                         struct gw_policy_error *error)
{
    (void)error;
    const struct cfg *cfg = self;
    const double *most = view->table(view, "serving.replicas_max")->v;
    for (uint32_t m = 0; m < view->dims->models; m++) {
        for (uint32_t s = 0; s < view->dims->sites; s++) {
            const double n = fmax(ceil(needed(view, m, s) / cfg->fill), cfg->least);
            const struct gw_order order = {
                GW_ORDER_REPLICAS, {m, s}, fmin(n, most[(size_t)m * view->dims->sites + s])};
            plan->order(plan, &order);
        }
    }
    return 0;
}

const struct gw_policy_ops gw_policy_forecast = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_REPLICAS,
    .name = "forecast",
    .summary = "Replicas for the demand ahead at a share of their capacity",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = forecast_create,
    .destroy = free,
    .plan = forecast_plan,
};
