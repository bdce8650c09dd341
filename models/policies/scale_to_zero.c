/* Scale to zero: what stood at the beginning while a model is asked for at a site, nothing once nobody has
 * asked for a while. The request that comes next starts a replica itself and waits for it; the rest follow at
 * the next plan. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/registry.h"

struct cfg {
    double idle_s;
};

static const struct gw_policy_param params[] = {
    {"idle", "s", GW_PARAM_NUMBER, offsetof(struct cfg, idle_s), 900.0, 0.0, 1e7, NULL,
     "Time without requests after which nothing stands"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct scaler {
    struct cfg cfg;
    double *standing;  /* [models][sites] at the beginning */
    int64_t *asked_us; /* [models][sites] when it was last asked for */
};

static void scale_to_zero_destroy(void *self)
{
    struct scaler *p = self;
    if (p != NULL) {
        free(p->standing);
        free(p->asked_us);
        free(p);
    }
}

static int scale_to_zero_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                                struct gw_policy_error *error)
{
    (void)seed;
    (void)error;
    const size_t cells = (size_t)view->dims->models * view->dims->sites;
    struct scaler *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return 1;
    }
    p->cfg = *(const struct cfg *)cfg;
    p->standing = calloc(cells + 1, sizeof *p->standing);
    p->asked_us = malloc((cells + 1) * sizeof *p->asked_us);
    if (p->standing == NULL || p->asked_us == NULL) {
        scale_to_zero_destroy(p);
        return 1;
    }
    memcpy(p->standing, view->table(view, "serving.replicas")->v, cells * sizeof *p->standing);
    for (size_t i = 0; i < cells; i++) {
        p->asked_us[i] = view->now_us;
    }
    *self = p;
    return 0;
}

static bool asked(const struct gw_view *view, uint32_t m, uint32_t s)
{
    const uint32_t sites = view->dims->sites;
    const double *rate = view->table(view, "state.rate")->v;
    const double *model = view->table(view, "demand.model")->v;
    bool any = view->table(view, "state.in_flight")->v[(size_t)m * sites + s] > 0.0;
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        any = any || ((uint32_t)model[d] == m && rate[(size_t)d * sites + s] > 0.0);
    }
    return any;
}

static int scale_to_zero_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                              struct gw_policy_error *error)
{
    (void)error;
    struct scaler *p = self;
    for (uint32_t m = 0; m < view->dims->models; m++) {
        for (uint32_t s = 0; s < view->dims->sites; s++) {
            const size_t cell = (size_t)m * view->dims->sites + s;
            if (asked(view, m, s)) {
                p->asked_us[cell] = view->now_us;
            }
            const double idle_s = (double)(view->now_us - p->asked_us[cell]) / 1e6;
            const struct gw_order order = {
                GW_ORDER_REPLICAS, {m, s}, idle_s >= p->cfg.idle_s && idle_s > 0.0 ? 0.0 : p->standing[cell]};
            plan->order(plan, &order);
        }
    }
    return 0;
}

const struct gw_policy_ops gw_policy_scale_to_zero = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_REPLICAS,
    .name = "scale-to-zero",
    .summary = "Nothing stands where nobody has asked for a while",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = scale_to_zero_create,
    .destroy = scale_to_zero_destroy,
    .plan = scale_to_zero_plan,
};
