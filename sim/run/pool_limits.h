/* sim/run/pool_limits.h - power caps and locked clocks of a pool's accelerators, as the scenario writes them.
 *
 *   power_cap: 300 W | 0.6        watts per accelerator, or a share of its limit
 *   clock: 1410 MHz | 0.7         a clock, or a share of the highest */
#ifndef GW_SIM_RUN_POOL_LIMITS_H
#define GW_SIM_RUN_POOL_LIMITS_H

#include "models/hardware/hardware.h"
#include "sim/tree/bind.h"

struct gw_pool_limits {
    struct gw_pick power_cap, clock;
};

extern const struct gw_type gw_pool_limits_cap, gw_pool_limits_clock; /* PICK */

/* Reports what the accelerator cannot do: a cap above its limit, a clock above its highest. */
void gw_pool_limits_check(const struct gw_pool_limits *limits, const struct gw_accelerator *a,
                          struct gw_bind *bind, const struct gw_node *at);

/* Watts per accelerator, INFINITY for none; of the highest clock, 0 for none. */
double gw_pool_limits_cap_w(const struct gw_pool_limits *limits, const struct gw_accelerator *a);
double gw_pool_limits_clock_frac(const struct gw_pool_limits *limits, const struct gw_accelerator *a);

#endif
