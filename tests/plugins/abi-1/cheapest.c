/* A policy built outside the tree: everything to the allowed site with the lowest price, but for a part of
 * each row that is spread evenly. Compiled for ever against the header of this folder, the first one of ABI
 * 1: it must load and run with every later geowatt of that ABI. */
#include "policy.h"

#include <stdlib.h>

struct cfg {
    double spread;
    int32_t rank;
};

static const char *const ranks[] = {"price", "carbon", NULL};
static const struct gw_policy_param params[] = {
    {"spread", "1", GW_PARAM_NUMBER, offsetof(struct cfg, spread), 0.0, 0.0, 1.0, NULL,
     "Part dealt to all sites evenly"},
    {"rank", NULL, GW_PARAM_CHOICE, offsetof(struct cfg, rank), 0, 0, 1, ranks, "What is to be low"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

static int create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                  struct gw_policy_error *error)
{
    (void)view;
    (void)seed;
    (void)error;
    struct cfg *own = malloc(sizeof *own);
    if (own == NULL) {
        return 1;
    }
    *own = *(const struct cfg *)cfg;
    *self = own;
    return 0;
}

static int plan(void *self, const struct gw_view *view, struct gw_plan *plan, struct gw_policy_error *error)
{
    (void)error;
    const struct cfg *cfg = self;
    const uint32_t sites = view->dims->sites, horizon = view->dims->horizon;
    const double *low = view->table(view, cfg->rank == 0 ? "site.price" : "site.carbon")->v;
    const double *allowed = view->table(view, "demand.allowed")->v;
    for (uint32_t d = 0; d < view->dims->demands; d++) {
        uint32_t best = UINT32_MAX;
        double n = 0.0;
        for (uint32_t s = 0; s < sites; s++) {
            if (allowed[d * sites + s] != 0.0) {
                n += 1.0;
                best = best == UINT32_MAX || low[s * horizon] < low[best * horizon] ? s : best;
            }
        }
        for (uint32_t s = 0; s < sites; s++) {
            plan->share[d * sites + s] =
                allowed[d * sites + s] * cfg->spread / n + (s == best ? 1.0 - cfg->spread : 0.0);
        }
    }
    return 0;
}

static const struct gw_policy_ops cheapest = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "cheapest",
    .summary = "Everything to the site with the lowest price",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = create,
    .destroy = free,
    .plan = plan,
};

const struct gw_policy_ops *gw_policy_plugin(void);
const struct gw_policy_ops *gw_policy_plugin(void)
{
    return &cheapest;
}
