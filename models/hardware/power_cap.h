/* models/hardware/power_cap.h - how much a power cap slows work that would draw more.
 *
 *   speed = ((p - s) / (1 - s))^(1/a)      p = power allowed / power wanted, s < p <= 1
 *
 * s is the share of the power that lowering clocks does not touch, a the exponent of the rest. Work that
 * wants less than the cap runs at full speed. Fitted on training runs that draw more than 80 % of the limit;
 * docs/models/power.md, eq. 4. */
#ifndef GW_MODELS_HARDWARE_POWER_CAP_H
#define GW_MODELS_HARDWARE_POWER_CAP_H

/* The smallest p the fit stands on; below it the law falls steeply to 0 and nothing was measured. */
double gw_power_cap_lowest(double static_frac);

/* Relative speed in (0, 1]. allowed_w may be INFINITY. Both positive; the quotient at least
 * gw_power_cap_lowest. */
double gw_power_cap_speed(double static_frac, double exponent, double allowed_w, double wanted_w);

#endif
