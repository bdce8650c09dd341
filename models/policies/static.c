/* Static: the same number of replicas all the time, what stood at the beginning or one number for all sites.
 * The floor for autoscalers: it never waits for a load, and pays for all that rests. */
#include <stdlib.h>
#include <string.h>

#include "models/policies/registry.h"

struct cfg {
    double replicas;
};

static const struct gw_policy_param params[] = {
    {"replicas", "1", GW_PARAM_NUMBER, offsetof(struct cfg, replicas), 0.0, 0.0, 1e6, NULL,
     "Of each model at each site where it stands; 0: as many as at the beginning"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

struct fixed {
    struct cfg cfg;
    double *standing; /* [models][sites] at the beginning */
};

static void static_destroy(void *self)
{
    struct fixed *p = self;
    if (p != NULL) {
        free(p->standing);
        free(p);
    }
}

static int static_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                         struct gw_policy_error *error)
{
    (void)seed;
    (void)error;
    const size_t cells = (size_t)view->dims->models * view->dims->sites;
    struct fixed *p = calloc(1, sizeof *p);
    double *standing = calloc(cells + 1, sizeof *standing);
    if (p == NULL || standing == NULL) {
        free(p);
        free(standing);
        return 1;
    }
    p->cfg = *(const struct cfg *)cfg;
    p->standing = standing;
    memcpy(standing, view->table(view, "serving.replicas")->v, cells * sizeof *standing);
    *self = p;
    return 0;
}

static int static_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                       struct gw_policy_error *error)
{
    (void)error;
    const struct fixed *p = self;
    const double *most = view->table(view, "serving.replicas_max")->v;
    for (uint32_t m = 0; m < view->dims->models; m++) {
        for (uint32_t s = 0; s < view->dims->sites; s++) {
            const size_t cell = (size_t)m * view->dims->sites + s;
            const double wanted = p->cfg.replicas > 0.0 ? p->cfg.replicas : p->standing[cell];
            const struct gw_order order = {
                GW_ORDER_REPLICAS, {m, s}, wanted < most[cell] ? wanted : most[cell]};
            plan->order(plan, &order);
        }
    }
    return 0;
}

const struct gw_policy_ops gw_policy_static = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_REPLICAS,
    .name = "static",
    .summary = "The same number of replicas all the time",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = static_create,
    .destroy = static_destroy,
    .plan = static_plan,
};
