/* tests/support/air.h - weather for a cooling plant from what people quote: temperature and relative
 * humidity. */
#ifndef GW_TESTS_SUPPORT_AIR_H
#define GW_TESTS_SUPPORT_AIR_H

#include "models/cooling/plant.h"
#include "models/weather/psychro.h"

static inline struct gw_plant_in air_at(double dry_bulb_c, double humidity_frac, double pressure_pa)
{
    const double ratio =
        gw_psychro_humidity_ratio(humidity_frac * gw_psychro_saturation_pa(dry_bulb_c), pressure_pa);
    return (struct gw_plant_in){.it_kw = 600,
                                .nameplate_kw = 1000,
                                .dry_bulb_c = dry_bulb_c,
                                .wet_bulb_c = gw_psychro_wet_bulb_c(dry_bulb_c, ratio, pressure_pa),
                                .humidity_ratio = ratio,
                                .pressure_pa = pressure_pa};
}

#endif
