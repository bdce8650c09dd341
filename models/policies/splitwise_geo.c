/* splitwise-geo: each demand to the nearest site with spare capacity, blind to carbon, water and price. The
 * baseline that Splitwise (Patel et al., ISCA 2024) becomes when it is lifted to many sites: the paper has no
 * geography. Its other half, prompts and tokens on different machines and the shortest queue among them, is
 * the site's: `replicas: { split: ... }` and `dispatch: least-pending`. What finds no room is spread by
 * capacity. The engine: models/policies/filling.h; docs/policies/splitwise-geo.md. */
#include <stdio.h>

#include "models/policies/filling.h"
#include "models/policies/registry.h"

struct cfg {
    double fill;
};

static const struct gw_policy_param params[] = {
    {"fill", "1", GW_PARAM_NUMBER, offsetof(struct cfg, fill), 0.9, 0.01, 1.0, NULL,
     "Share of a site's capacity beyond which it has none to spare"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

static int splitwise_geo_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                                struct gw_policy_error *error)
{
    (void)seed;
    *self = gw_filling_create(view, &(struct gw_filling_cfg){.fill = ((const struct cfg *)cfg)->fill,
                                                             .weight = {[GW_FILLING_DISTANCE] = 1.0}});
    if (*self == NULL) {
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    return 0;
}

static void splitwise_geo_destroy(void *self)
{
    gw_filling_destroy(self);
}

static int splitwise_geo_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                              struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    gw_filling_plan(self, plan->share);
    return 0;
}

const struct gw_policy_ops gw_policy_splitwise_geo = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "splitwise-geo",
    .summary = "The nearest site with spare capacity: Splitwise lifted to many sites",
    .reference = "P. Patel et al., Splitwise: Efficient Generative LLM Inference Using Phase Splitting, ISCA "
                 "2024, arXiv:2311.18677",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = splitwise_geo_create,
    .destroy = splitwise_geo_destroy,
    .plan = splitwise_geo_plan,
};
