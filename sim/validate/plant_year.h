/* sim/validate/plant_year.h - a cooling plant through the hours of a year at one load: annual PUE and WUE.
 *
 * PUE is a ratio of two energies and WUE one of water and energy, both over the whole year. Without a memory
 * from hour to hour: published years are steady state too. */
#ifndef GW_SIM_VALIDATE_PLANT_YEAR_H
#define GW_SIM_VALIDATE_PLANT_YEAR_H

#include "models/cooling/plant.h"
#include "sim/validate/validation.h"

struct gw_plant_year {
    double pue, withdrawn_l_per_kwh, evaporated_l_per_kwh;
};

/* Outside air from temperature and relative humidity; the IT powers are filled in later. */
struct gw_plant_in gw_plant_year_air(double dry_bulb_c, double humidity_frac, double pressure_pa);

/* A plant as a scenario writes it after `cooling: `. Lives in the validation's arena. */
GW_MUST_USE enum gw_status gw_plant_year_plant(struct gw_validation *out, const char *cooling,
                                               struct gw_named *plant, struct gw_error *err);

/* Over n > 0 hours at `load` of the nameplate, 0 < load <= 1. */
struct gw_plant_year gw_plant_year_of(const struct gw_named *plant, const struct gw_plant_in *hour, size_t n,
                                      double load);

#endif
