#include "sim/run/pool_limits.h"

#include <math.h>

/* The alternatives of both. A share is tried first: what has a unit is none. */
enum limit { LIMIT_NONE, LIMIT_SHARE, LIMIT_VALUE };

static const struct gw_type share = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0.05, .max = 1.0};
static const struct gw_type watts = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "W", .min = 1.0, .max = 50e3};
static const struct gw_type megahertz = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "MHz", .min = 1.0, .max = 1e5};

static const struct gw_alt cap_alts[] = {
    [LIMIT_NONE] = {.key = "none"},
    [LIMIT_SHARE] = {.key = "share", .type = &share, .scalar_form = true},
    [LIMIT_VALUE] = {.key = "watts", .type = &watts, .scalar_form = true},
    {0},
};
static const struct gw_alt clock_alts[] = {
    [LIMIT_NONE] = {.key = "none"},
    [LIMIT_SHARE] = {.key = "share", .type = &share, .scalar_form = true},
    [LIMIT_VALUE] = {.key = "mhz", .type = &megahertz, .scalar_form = true},
    {0},
};
const struct gw_type gw_pool_limits_cap = {.kind = GW_PICK, .size = sizeof(struct gw_pick), .of = cap_alts};
const struct gw_type gw_pool_limits_clock = {
    .kind = GW_PICK, .size = sizeof(struct gw_pick), .of = clock_alts};

static double number(const struct gw_pick *pick)
{
    return *(const double *)pick->at;
}

void gw_pool_limits_check(const struct gw_pool_limits *limits, const struct gw_accelerator *a,
                          struct gw_bind *bind, const struct gw_node *at)
{
    const double cap_w = gw_pool_limits_cap_w(limits, a);
    if (isfinite(cap_w) && cap_w > a->tdp_w) {
        gw_bind_fail(bind, at, "power_cap", "%g W is above the limit of %s, %g W", cap_w, a->name, a->tdp_w);
    }
    if (cap_w < a->loaded_idle_w) {
        gw_bind_fail(bind, at, "power_cap", "%g W is below what %s draws with a model and no work, %g W",
                     cap_w, a->name, a->loaded_idle_w);
    }
    if (limits->clock.alt == LIMIT_VALUE && isnan(a->clock_mhz)) {
        gw_bind_fail(bind, at, "clock", "the highest clock of %s is not known; give a share such as 0.7",
                     a->name);
    } else if (gw_pool_limits_clock_frac(limits, a) > 1.0) {
        gw_bind_fail(bind, at, "clock", "%g MHz is above the highest clock of %s, %g MHz",
                     number(&limits->clock), a->name, a->clock_mhz);
    }
    const double clock_frac = gw_pool_limits_clock_frac(limits, a),
                 lowest = gw_power_cap_lowest_speed(&a->cap);
    if (clock_frac > 0.0 && clock_frac < lowest) {
        gw_bind_fail(bind, at, "clock",
                     "%.2f of the highest clock of %s; what less than %.2f saves is not known", clock_frac,
                     a->name, lowest);
    }
}

double gw_pool_limits_cap_w(const struct gw_pool_limits *limits, const struct gw_accelerator *a)
{
    switch (limits->power_cap.alt) {
    case LIMIT_SHARE:
        return number(&limits->power_cap) * a->tdp_w;
    case LIMIT_VALUE:
        return number(&limits->power_cap);
    default:
        return INFINITY;
    }
}

double gw_pool_limits_clock_frac(const struct gw_pool_limits *limits, const struct gw_accelerator *a)
{
    switch (limits->clock.alt) {
    case LIMIT_SHARE:
        return number(&limits->clock);
    case LIMIT_VALUE:
        return number(&limits->clock) / a->clock_mhz;
    default:
        return 0.0;
    }
}
