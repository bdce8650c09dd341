/* models/cooling/plant.h - electricity and water a site spends on top of its IT load.
 *
 * A plant is chosen by name (`cooling: constant`, `cooling: { plant: constant, pue: 1.1 }`). Each has a pure
 * function from weather and IT load to facility load and water. `estimate` is the derivative a policy weighs.
 * Today there is one:
 *
 *   constant   facility_kw = it_kw pue      water_l_per_h = it_kw wue
 *
 * PUE here is a parameter; the reported PUE is a ratio of two energies taken by the ledger. */
#ifndef GW_MODELS_COOLING_PLANT_H
#define GW_MODELS_COOLING_PLANT_H

#include "sim/tree/bind.h"

struct gw_plant_in {
    double it_kw, nameplate_kw;
    double dry_bulb_c, wet_bulb_c; /* NAN where no weather model stands behind the site */
};

struct gw_plant_out {
    double cooling_kw;     /* heat removal: the overhead above IT */
    double power_chain_kw; /* losses of UPS and distribution, lighting */
    double water_consumed_l_per_h, water_withdrawn_l_per_h;
};

/* At an operating point: facility = fixed + marginal * it. */
struct gw_plant_estimate {
    double marginal_kw_per_kw, fixed_kw;
    double water_l_per_kwh; /* consumed, per further IT kWh */
};

struct gw_plant {
    const char *name, *summary;
    const struct gw_type *type;
    struct gw_plant_out (*at)(const void *cfg, const struct gw_plant_in *in);
    struct gw_plant_estimate (*estimate)(const void *cfg, const struct gw_plant_in *in);
};

const struct gw_plant *gw_plant_find(const char *name); /* NULL when unknown */
const char *const *gw_plant_names(void);
const struct gw_type *gw_plant_type(const char *name); /* for GW_NAMED rows */

#endif
