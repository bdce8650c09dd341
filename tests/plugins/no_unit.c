/* A plug-in whose author forgot a unit: it must be refused with a sentence. */
#include <stddef.h>

#include "models/policies/policy.h"

struct cfg {
    double fill;
};

static const struct gw_policy_param params[] = {
    {"fill", NULL, GW_PARAM_NUMBER, offsetof(struct cfg, fill), 0.5, 0, 1, NULL, "How full a site may get"},
    {NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL},
};

static int plan(void *self, const struct gw_view *view, struct gw_plan *out, struct gw_policy_error *error)
{
    (void)self;
    (void)view;
    (void)out;
    (void)error;
    return 0;
}

static const struct gw_policy_ops no_unit = {
    .bytes = sizeof no_unit,
    .abi = GW_POLICY_ABI,
    .name = "no-unit",
    .summary = "Has a parameter without a unit",
    .params = params,
    .cfg_size = sizeof(struct cfg),
    .plan = plan,
};

const struct gw_policy_ops *gw_policy_plugin(void);
const struct gw_policy_ops *gw_policy_plugin(void)
{
    return &no_unit;
}
