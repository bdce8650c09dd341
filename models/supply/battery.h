/* models/supply/battery.h - a battery whose limits depend on how full it is (the C/L/C model of Kazhamiaka,
 * Rosenberg and Keshav 2019), solved exactly in time.
 *
 *   charging      db/dt = e_c P,   P = min(request, power, (soc_max B - b) / t_c)             (14)
 *   discharging   db/dt = -P / e_d,  P = min(request, power, (b - floor) / t_d)               (15)
 *
 * b is the energy in the cells, B what they hold, P the power at the terminals. P is therefore level for a
 * while and then falls off exponentially, with the rate e_c / t_c or 1 / (e_d t_d); with t = 0 it stops at
 * once. That curve is a *flow*; the energies below are its integrals, so a step cut in two gives the same.
 *
 * Energies in kWh, powers in kW, times in hours. Pure functions; docs/models/supply.md. */
#ifndef GW_MODELS_SUPPLY_BATTERY_H
#define GW_MODELS_SUPPLY_BATTERY_H

#include "sim/tree/bind.h"

struct gw_battery_cfg {
    double energy_kwh, power_kw; /* power NAN: a quarter of the energy per hour; ask gw_battery_power_kw */
    double charge_efficiency, discharge_efficiency;
    double charge_taper_h, discharge_taper_h;
    double soc_min, soc_max, reserve, initial; /* shares of energy_kwh */
    struct gw_named policy;                    /* name NULL: as models/supply/battery_policy.h says */
};

extern const struct gw_type gw_battery_type; /* OBJ struct gw_battery_cfg */

double gw_battery_power_kw(const struct gw_battery_cfg *cfg);
double gw_battery_ceiling_kwh(const struct gw_battery_cfg *cfg);
double gw_battery_floor_kwh(const struct gw_battery_cfg *cfg);   /* never below */
double gw_battery_reserve_kwh(const struct gw_battery_cfg *cfg); /* no policy goes below; >= the floor */

/* Power over time: kw for flat_h hours, then kw exp(-rate (t - flat_h)); rate INFINITY: it ends. */
struct gw_battery_flow {
    double kw, flat_h, rate_per_h;
};

/* From the energy in the cells at the start; a request of 0 or less gives no flow. */
struct gw_battery_flow gw_battery_charge(const struct gw_battery_cfg *cfg, double stored_kwh,
                                         double request_kw);
struct gw_battery_flow gw_battery_discharge(const struct gw_battery_cfg *cfg, double stored_kwh,
                                            double floor_kwh, double request_kw);

double gw_battery_kw(const struct gw_battery_flow *flow, double h);  /* at time h */
double gw_battery_kwh(const struct gw_battery_flow *flow, double h); /* over [0, h) */
/* Over [0, h) of the part of the power that is below the level. */
double gw_battery_kwh_below(const struct gw_battery_flow *flow, double level_kw, double h);
/* For how long the power is at least the level, which is above 0. */
double gw_battery_hours_above(const struct gw_battery_flow *flow, double level_kw);

/* Energy bought (or, negative, saved) by bringing the cells from `stored` back to `start`. */
double gw_battery_settle_kwh(const struct gw_battery_cfg *cfg, double start_kwh, double stored_kwh);

#endif
