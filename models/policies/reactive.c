/* Reactive: follows the utilisation that was measured. Above `high` as many replicas as bring it back to
 * `target`, at once; below `low` the same, but only once it has been low for `hold`. What autoscalers of
 * clusters do: no forecast, and late by the time that a replica takes to stand.
 *
 *   utilisation[m, s] = sum over rows of m (rate sent / capacity of what stands or starts) */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "models/policies/registry.h"

struct cfg {
    double high, low, target, hold_s, least;
};

static const struct gw_policy_param params[] = {
    {"high", "1", GW_PARAM_NUMBER, offsetof(struct cfg, high), 0.8, 0.01, 10.0, NULL,
     "Utilisation above which replicas are added"},
    {"low", "1", GW_PARAM_NUMBER, offsetof(struct cfg, low), 0.4, 0.0, 10.0, NULL,
     "Utilisation below which they are taken away"},
    {"target", "1", GW_PARAM_NUMBER, offsetof(struct cfg, target), 0.6, 0.01, 10.0, NULL,
     "Utilisation to which either leads"},
    {"hold", "s", GW_PARAM_NUMBER, offsetof(struct cfg, hold_s), 1800.0, 0.0, 1e7, NULL,
     "Time that it must have been low"},
    {"least", "1", GW_PARAM_NUMBER, offsetof(struct cfg, least), 1.0, 1.0, 1e6, NULL,
     "Replicas that always stand"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct reactive {
    struct cfg cfg;
    int64_t *not_low_us; /* [models][sites] when it was last not low */
};

static void reactive_destroy(void *self)
{
    struct reactive *p = self;
    if (p != NULL) {
        free(p->not_low_us);
        free(p);
    }
}

static int reactive_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                           struct gw_policy_error *error)
{
    (void)seed;
    (void)error;
    const size_t cells = (size_t)view->dims->models * view->dims->sites;
    struct reactive *p = calloc(1, sizeof *p);
    int64_t *not_low_us = malloc((cells + 1) * sizeof *not_low_us);
    if (p == NULL || not_low_us == NULL) {
        free(p);
        free(not_low_us);
        return 1;
    }
    for (size_t i = 0; i < cells; i++) {
        not_low_us[i] = view->now_us;
    }
    p->cfg = *(const struct cfg *)cfg;
    p->not_low_us = not_low_us;
    *self = p;
    return 0;
}

static double utilisation(const struct gw_view *view, uint32_t m, uint32_t s)
{
    const uint32_t sites = view->dims->sites;
    const double *rate = view->table(view, "state.rate")->v;
    const double *capacity = view->table(view, "serving.capacity")->v;
    const double *model = view->table(view, "demand.model")->v;
    double u = 0.0;
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        const size_t cell = (size_t)d * sites + s;
        u += (uint32_t)model[d] == m && rate[cell] > 0.0 ? rate[cell] / capacity[cell] : 0.0;
    }
    return u;
}

static int reactive_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                         struct gw_policy_error *error)
{
    (void)error;
    struct reactive *p = self;
    const uint32_t sites = view->dims->sites;
    const double *standing = view->table(view, "serving.replicas")->v;
    const double *most = view->table(view, "serving.replicas_max")->v;
    for (uint32_t m = 0; m < view->dims->models; m++) {
        for (uint32_t s = 0; s < sites; s++) {
            const size_t cell = (size_t)m * sites + s;
            const double u = utilisation(view, m, s), now = fmax(standing[cell], 1.0);
            if (u >= p->cfg.low) {
                p->not_low_us[cell] = view->now_us;
            }
            const double low_s = (double)(view->now_us - p->not_low_us[cell]) / 1e6;
            const bool moves = u > p->cfg.high || (u < p->cfg.low && low_s >= p->cfg.hold_s);
            const double wanted = moves ? fmax(ceil(now * u / p->cfg.target), p->cfg.least) : standing[cell];
            const struct gw_order order = {GW_ORDER_REPLICAS, {m, s}, fmin(wanted, most[cell])};
            if (moves) {
                plan->order(plan, &order);
            }
        }
    }
    return 0;
}

const struct gw_policy_ops gw_policy_reactive = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_REPLICAS,
    .name = "reactive",
    .summary = "Replicas by measured utilisation, between two thresholds",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = reactive_create,
    .destroy = reactive_destroy,
    .plan = reactive_plan,
};
