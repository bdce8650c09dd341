#include "models/training/tuning.h"

#include <math.h>
#include <stddef.h>

#include "sim/base/check.h"

const char *const gw_tuning_method_names[] = {"full", "lora", "top", "budget", NULL};
_Static_assert(sizeof gw_tuning_method_names / sizeof gw_tuning_method_names[0] == GW_TUNING_METHODS + 1,
               "a name for each method");

/* One pass through all weights: a multiplication and an addition each. */
static const double pass = 2.0;

struct gw_tuning_cfg gw_tuning_full(void)
{
    return (struct gw_tuning_cfg){.method = GW_TUNING_FULL, .frac = 1.0, .kept_frac = 1.0};
}

struct gw_tuning_cost gw_tuning_cost(const struct gw_tuning_cfg *cfg)
{
    GW_REQUIRE(cfg->frac >= 0.0 && cfg->frac <= 1.0);
    GW_REQUIRE(cfg->kept_frac > 0.0 && cfg->kept_frac <= 1.0);
    const double f = cfg->frac;
    double forward = pass, activation = pass, weight = pass, trained = 1.0;
    switch (cfg->method) {
    case GW_TUNING_LORA:
        forward = activation = pass * (1.0 + f);
        weight = pass * f;
        trained = f;
        break;
    case GW_TUNING_TOP:
        activation = weight = pass * f;
        trained = f;
        break;
    case GW_TUNING_BUDGET:
        activation = weight = 0.5 * fmax(3.0 * pass * f - pass, 0.0);
        trained = weight / pass;
        break;
    default:
        break;
    }
    struct gw_tuning_cost cost = {
        .forward = forward * cfg->kept_frac,
        .activation_gradient = activation * cfg->kept_frac,
        .weight_gradient = weight * cfg->kept_frac,
        .teacher = pass * cfg->teacher_ratio,
        .trained_frac = trained * cfg->kept_frac,
    };
    cost.attention_passes = 1.0 + 2.0 * fmin(activation / pass, 1.0);
    cost.total = cost.forward + cost.activation_gradient + cost.weight_gradient + cost.teacher;
    cost.of_full = cost.total / (3.0 * pass);
    return cost;
}
