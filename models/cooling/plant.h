/* models/cooling/plant.h - electricity and water a site spends on top of its IT load.
 *
 * A plant is chosen by name (`cooling: wc-wse`, `cooling: { plant: wc-wse, cycles: 4 }`); a name is a preset,
 * every parameter of which may be overridden. Each has a pure function from weather and IT load to facility
 * load, heat and water, steady state, and `estimate`, the derivative a policy weighs.
 *
 *   ae-dec            outside air, evaporation into it, mechanical trim            plant_air.c
 *   iec               air to air with a wetted heat exchanger                      plant_air.c
 *   ae-wc ae-ac       outside air within a window, else chillers with or without a tower   plant_economizer.c
 *   wc-wse hyper-tower wc   chilled water, cooling tower, with and without economizer   plant_tower.c
 *   ac dx             air-cooled chillers with dry free cooling; room units        plant_dry.c
 *   liq-tower liq-hybrid liq-dry   warm water to the chips, the rest by air        plant_liquid.c
 *   constant          overhead and water as fixed shares                           plant_constant.c
 *   ren gupta shield sustaindc     what published tools compute, faults included   plant_compat.c
 *
 * Free cooling shuts at once when the weather ends it. With a memory (shut_s handed on from step to step) it
 * opens again only after `dwell_s` and when the weather is better by `band_k`; without one the plant has no
 * past.
 *
 * PUE where it is a parameter is a number; the reported PUE is a ratio of two energies taken by the ledger.
 * Equations, presets, sources, check values: docs/models/cooling.md. */
#ifndef GW_MODELS_COOLING_PLANT_H
#define GW_MODELS_COOLING_PLANT_H

#include <stdbool.h>

#include "sim/tree/bind.h"

/* Somebody takes heat: in place of what the plant's own parameters `reuse` and `reuse_supply_c` say. */
struct gw_plant_reuse {
    double share, supply_c;
    double most_kw; /* INFINITY: all that there is */
};

struct gw_plant_in {
    double it_kw, nameplate_kw;
    double dry_bulb_c, wet_bulb_c; /* NAN where no weather model stands behind the site */
    double humidity_ratio;         /* kg of vapour per kg of dry air, of the same air */
    double pressure_pa;
    double set_point_shift_k; /* a policy's: added to the supply temperature; 0: as designed */
    double shut_s, step_s;    /* shut_s of the step before, and the length of this one; 0: no memory */
    const struct gw_plant_reuse *reuse; /* NULL: by the plant's own parameters */
};

/* Plants that know only totals leave the parts in the second block at 0. */
struct gw_plant_out {
    double cooling_kw;     /* heat removal: the overhead above IT */
    double power_chain_kw; /* losses of UPS and distribution, lighting */
    double water_consumed_l_per_h, water_withdrawn_l_per_h;

    double fan_kw, pump_kw, rejection_kw, compressor_kw; /* their sum is cooling_kw */
    double evaporated_l_per_h, drift_l_per_h;            /* their sum is consumed */
    double discharged_l_per_h;                           /* withdrawn less consumed */
    double rejected_kw;  /* heat given to the air outside by coils, towers and exhaust */
    double reused_kw;    /* heat handed to its user */
    double shed_kw;      /* heat that never passes the plant: its pumps, outdoor fans, part of the chain */
    double heat_pump_kw; /* what lifts the reused heat to the user's temperature; not part of cooling_kw */
    double free_frac;    /* share of the heat that needs no compressor */
    double shut_s;       /* for how long free cooling has been shut at the end of the step; 0: it is open */
};

/* At an operating point: facility = fixed + marginal * it. */
struct gw_plant_estimate {
    double marginal_kw_per_kw, fixed_kw;
    double water_l_per_kwh; /* consumed, per further IT kWh */
};

struct gw_plant {
    const char *name, *summary;
    const char *caution; /* what is wrong with it, a sentence for whoever chooses it; NULL when nothing is */
    bool needs_weather;
    const struct gw_type *type;
    /* nameplate_kw > 0, it_kw >= 0; with needs_weather air that exists: wet bulb at most dry bulb. */
    struct gw_plant_out (*at)(const void *cfg, const struct gw_plant_in *in);
    struct gw_plant_estimate (*estimate)(const void *cfg, const struct gw_plant_in *in);
};

const struct gw_plant *gw_plant_find(const char *name); /* NULL when unknown */
const char *const *gw_plant_names(void);
const struct gw_type *gw_plant_type(const char *name); /* for GW_NAMED rows */

/* The estimate of any plant: the slope of `at` over the next thousandth of its nameplate. */
struct gw_plant_estimate gw_plant_slope(struct gw_plant_out (*at)(const void *cfg,
                                                                  const struct gw_plant_in *in),
                                        const void *cfg, const struct gw_plant_in *in);

/* Energy reuse factor and effectiveness (ISO/IEC 30134-6): reused heat over facility energy, facility less
 * reused energy over IT energy. The heat pump lies outside the boundary, though the site feeds it. it_kw > 0
 * for the second. */
double gw_plant_erf(const struct gw_plant_out *out, double it_kw);
double gw_plant_ere(const struct gw_plant_out *out, double it_kw);

#endif
