/* models/supply/supply.h - where a site's electricity comes from.
 *
 *   net      = load - pv - wind
 *
 *   net > 0    serves    clamp(-order, net - import_limit, net), below the reserve only net - import_limit
 *              charges   clamp(order, 0, import_limit - net)
 *              import    the rest, at most its limit
 *              unserved  what is still missing                                                     (16)
 *   net < 0    charges   clamp(order, 0, -net + import_limit), from the surplus first, then from the grid
 *              export    the rest of the surplus, at most its limit
 *              curtailed what is left                                                              (17)
 *
 * In every step  import + pv + wind + discharge + unserved = load + charge + export + curtailed,
 * charge = discharge + loss + stored. Load, PV, wind and order are level over a step; the instants at which
 * the battery is full, empty, or falls below what is asked of it are solved for, so the length of a step
 * changes nothing. docs/models/supply.md. */
#ifndef GW_MODELS_SUPPLY_SUPPLY_H
#define GW_MODELS_SUPPLY_SUPPLY_H

#include <stdbool.h>

#include "models/supply/battery.h"
#include "models/supply/pv.h"
#include "models/supply/turbine.h"

/* What a site does that would draw more than it is given: nothing, and what is missing is counted; or it caps
 * its accelerators (sim/run/shedding.h). */
enum gw_beyond_limit { GW_SUPPLY_COUNT, GW_SUPPLY_CAP };

/* NULL: there is none. */
struct gw_supply_cfg {
    const struct gw_pv_cfg *pv;
    const struct gw_turbine_cfg *wind;
    const struct gw_battery_cfg *battery;
    double import_limit_kw; /* NAN: no limit */
    double export_limit_kw;
    int32_t beyond_limit; /* enum gw_beyond_limit */
};

/* False when all the site has is a grid without a limit. */
bool gw_supply_exists(const struct gw_supply_cfg *cfg);

struct gw_supply_in {
    double load_kw, pv_kw, wind_kw;
    double order_kw; /* of the battery's policy: positive charges */
    double hours;
};

struct gw_supply_out {
    double import_kwh, pv_kwh, wind_kwh; /* pv and wind: all they give, used or not */
    double charge_kwh, discharge_kwh;    /* at the battery's terminals */
    double loss_kwh, stored_kwh;         /* in the battery; change of the energy in its cells */
    double export_kwh, curtailed_kwh, unserved_kwh;
};

/* Adds one step to *out; *stored_kwh is the energy in the cells, before and after. */
void gw_supply_add(const struct gw_supply_cfg *cfg, const struct gw_supply_in *in, double *stored_kwh,
                   struct gw_supply_out *out);

/* Rows of a site's table: pv, wind, battery, import_limit, export_limit, beyond_limit. */
extern const struct gw_type gw_supply_pv, gw_supply_wind, gw_supply_battery, gw_supply_limit,
    gw_supply_beyond;
#define GW_SUPPLY_FIELDS(S, member)                                                                          \
    GW_FIELD_AS(S, "pv", member.pv, &gw_supply_pv, "~", "Its solar panels: a power, or { power: ..., ... }", \
                NULL),                                                                                       \
        GW_FIELD_AS(S, "wind", member.wind, &gw_supply_wind, "~",                                            \
                    "Its wind turbines: a power, or { power: ..., ... }", NULL),                             \
        GW_FIELD_AS(S, "battery", member.battery, &gw_supply_battery, "~", "Its battery", NULL),             \
        GW_FIELD_AS(S, "import_limit", member.import_limit_kw, &gw_supply_limit, "~",                        \
                    "Most power it may draw from the grid; beyond it the battery serves, then energy is "    \
                    "missing; no limit when absent",                                                         \
                    NULL),                                                                                   \
        GW_FIELD_AS(S, "export_limit", member.export_limit_kw, &gw_supply_limit, "0 kW",                     \
                    "Most power it may give to the grid, for nothing; more is curtailed", NULL),             \
        GW_FIELD_AS(S, "beyond_limit", member.beyond_limit, &gw_supply_beyond, "count",                      \
                    "Rather than draw more than its import limit: count what is missing, or cap its "        \
                    "accelerators",                                                                          \
                    NULL)

#endif
