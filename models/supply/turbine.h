/* models/supply/turbine.h - electricity of wind turbines at the site.
 *
 *   v_hub = v_10 (hub_height / 10 m)^shear                                                    (11)
 *   v     = v_hub (rho / 1.225 kg/m3)^(1/3),  rho = p / (287.05 (T + 273.15))                 (12)
 *   P     = power availability curve(v)     a Vestas V90-3.0 MW per rated power, lines between (13)
 *
 * Nothing below 3.5 m/s, rated power from 15 m/s on, nothing above 25 m/s. Availability includes what
 * neighbours take out of the wind. Pure functions; docs/models/supply.md. */
#ifndef GW_MODELS_SUPPLY_TURBINE_H
#define GW_MODELS_SUPPLY_TURBINE_H

#include "sim/tree/bind.h"

struct gw_turbine_cfg {
    double power_kw, hub_height_m, shear, availability;
};

extern const struct gw_type gw_turbine_type; /* OBJ struct gw_turbine_cfg */

struct gw_turbine_out {
    double hub_m_per_s, density_kg_per_m3, speed_m_per_s; /* v_hub, rho, v */
    double kw;
};

/* wind_m_per_s at 10 m above the ground. */
struct gw_turbine_out gw_turbine_at(const struct gw_turbine_cfg *cfg, double wind_m_per_s, double dry_bulb_c,
                                    double pressure_pa);

#endif
