#include "sim/validate/plant_year.h"

#include "models/cooling/plant_read.h"
#include "models/weather/psychro.h"

struct gw_plant_in gw_plant_year_air(double dry_bulb_c, double humidity_frac, double pressure_pa)
{
    const double vapour_pa = humidity_frac * gw_psychro_saturation_pa(dry_bulb_c);
    const double ratio = gw_psychro_humidity_ratio(vapour_pa, pressure_pa);
    return (struct gw_plant_in){.dry_bulb_c = dry_bulb_c,
                                .wet_bulb_c = gw_psychro_wet_bulb_c(dry_bulb_c, ratio, pressure_pa),
                                .humidity_ratio = ratio,
                                .pressure_pa = pressure_pa};
}

enum gw_status gw_plant_year_plant(struct gw_validation *out, const char *cooling, struct gw_named *plant,
                                   struct gw_error *err)
{
    struct gw_errors errs = {0};
    const enum gw_status s = gw_plant_read_text(cooling, "validate cooling", plant, &out->arena, &errs);
    if (s != GW_OK) {
        *err = errs.item[0];
    }
    return s;
}

struct gw_plant_year gw_plant_year_of(const struct gw_named *plant, const struct gw_plant_in *hour, size_t n,
                                      double load)
{
    const struct gw_plant *ops = gw_plant_find(plant->name);
    const double it_kw = 1000 * load;
    double overhead_kw = 0, withdrawn_l = 0, evaporated_l = 0;
    for (size_t h = 0; h < n; h++) {
        struct gw_plant_in in = hour[h];
        in.it_kw = it_kw;
        in.nameplate_kw = 1000;
        const struct gw_plant_out out = ops->at(plant->cfg, &in);
        overhead_kw += out.cooling_kw + out.power_chain_kw;
        withdrawn_l += out.water_withdrawn_l_per_h;
        evaporated_l += out.evaporated_l_per_h;
    }
    const double it_kwh = it_kw * (double)n;
    return (struct gw_plant_year){.pue = 1 + overhead_kw / it_kwh,
                                  .withdrawn_l_per_kwh = withdrawn_l / it_kwh,
                                  .evaporated_l_per_kwh = evaporated_l / it_kwh};
}
