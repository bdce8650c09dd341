/* carbonmin: every request to the region with the lowest carbon intensity that has capacity left, as
 * CarbonMin (Chien et al., HotCarbon 2023) directs them. It knows neither what a request draws there, nor the
 * building's overhead, nor distance: greedy-carbon does, and the difference between the two is what that
 * knowledge is worth. The engine: models/policies/filling.h; docs/policies/carbonmin.md. */
#include <stdio.h>

#include "models/policies/filling.h"
#include "models/policies/registry.h"

struct cfg {
    double fill;
};

static const struct gw_policy_param params[] = {
    {"fill", "1", GW_PARAM_NUMBER, offsetof(struct cfg, fill), 0.8, 0.01, 1.0, NULL,
     "Share of a site's capacity that is filled before the next site is used"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

static int carbonmin_create(void **self, const void *cfg, const struct gw_view *view, uint64_t seed,
                            struct gw_policy_error *error)
{
    (void)seed;
    *self = gw_filling_create(view, &(struct gw_filling_cfg){.fill = ((const struct cfg *)cfg)->fill,
                                                             .weight = {[GW_FILLING_INTENSITY] = 1.0}});
    if (*self == NULL) {
        snprintf(error->why, sizeof error->why, "out of memory");
        return 1;
    }
    return 0;
}

static void carbonmin_destroy(void *self)
{
    gw_filling_destroy(self);
}

static int carbonmin_plan(void *self, const struct gw_view *view, struct gw_plan *plan,
                          struct gw_policy_error *error)
{
    (void)view;
    (void)error;
    gw_filling_plan(self, plan->share);
    return 0;
}

const struct gw_policy_ops gw_policy_carbonmin = {
    .abi = GW_POLICY_ABI,
    .bytes = sizeof(struct gw_policy_ops),
    .slots = GW_SLOT_ROUTING,
    .name = "carbonmin",
    .summary = "The site on the cleanest grid that has capacity left, after CarbonMin",
    .reference = "A. A. Chien et al., Reducing the Carbon Impact of Generative AI Inference (today and in "
                 "2035), HotCarbon 2023",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .create = carbonmin_create,
    .destroy = carbonmin_destroy,
    .plan = carbonmin_plan,
};
