/* models/hardware/power_cap.h - how much a power cap slows work that would draw more, and what a locked clock
 * saves.
 *
 *   speed = the measured curve between its points, else the law
 *   speed = ((p - s) / (1 - s))^(1/a)      p = power allowed / power wanted, s < p <= 1
 *
 * A curve is measured on one accelerator and holds what the law cannot: the collapse below about 55 % of the
 * limit, where speed falls faster than power. s is the share of the power that lowering clocks does not
 * touch, a the exponent of the rest. Work that wants less than the cap runs at full speed. Both are read the
 * other way round for a clock that is locked: work bound by it runs at the clock's share of the speed and
 * draws what a cap that slows it so much would leave. Fitted on training runs that draw more than 80 % of the
 * limit; docs/models/power.md, eq. 4 and 5. */
#ifndef GW_MODELS_HARDWARE_POWER_CAP_H
#define GW_MODELS_HARDWARE_POWER_CAP_H

#include "sim/tree/bind.h"

/* Shares of what the work draws and does without a cap; both below 1 and both rising along a curve. */
struct gw_power_cap_point {
    double power, speed;
};

struct gw_power_cap {
    double static_frac, exponent; /* s, a; used where there is no curve */
    struct gw_slice curve;        /* of struct gw_power_cap_point; (1, 1) follows the last; may be empty */
};

extern const struct gw_type gw_power_cap_curve; /* of `curve` */

/* The point that is out of order, or curve.n when all rise. */
uint32_t gw_power_cap_out_of_order(const struct gw_power_cap *cap);

/* The smallest p and the smallest speed that were measured: below them nothing is known. */
double gw_power_cap_lowest(const struct gw_power_cap *cap);
double gw_power_cap_lowest_speed(const struct gw_power_cap *cap);

/* Relative speed in (0, 1]. allowed_w may be INFINITY. Both positive; the quotient at least
 * gw_power_cap_lowest. */
double gw_power_cap_speed(const struct gw_power_cap *cap, double allowed_w, double wanted_w);

/* The p at which speed is the one given, in [gw_power_cap_lowest_speed, 1]. */
double gw_power_cap_power(const struct gw_power_cap *cap, double speed);

#endif
