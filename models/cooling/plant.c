#include "models/cooling/plant.h"

#include <string.h>

#include "models/cooling/plants.h"

#define ROW(symbol, name) &gw_plant_##symbol,
static const struct gw_plant *const plants[] = {GW_PLANT_LIST(ROW)};
#undef ROW

#define NAME(symbol, name) name,
static const char *const names[] = {GW_PLANT_LIST(NAME) NULL};
#undef NAME

const struct gw_plant *gw_plant_find(const char *name)
{
    for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
        if (strcmp(plants[i]->name, name) == 0) {
            return plants[i];
        }
    }
    return NULL;
}

const char *const *gw_plant_names(void)
{
    return names;
}

const struct gw_type *gw_plant_type(const char *name)
{
    const struct gw_plant *plant = gw_plant_find(name);
    return plant == NULL ? NULL : plant->type;
}

static double facility_kw(const struct gw_plant_out *out, double it_kw)
{
    return it_kw + out->cooling_kw + out->power_chain_kw;
}

struct gw_plant_estimate gw_plant_slope(struct gw_plant_out (*at)(const void *cfg,
                                                                  const struct gw_plant_in *in),
                                        const void *cfg, const struct gw_plant_in *in)
{
    struct gw_plant_in next = *in;
    next.it_kw += 1e-3 * in->nameplate_kw;
    const double step_kw = next.it_kw - in->it_kw;
    const struct gw_plant_out here = at(cfg, in), there = at(cfg, &next);
    const double here_kw = facility_kw(&here, in->it_kw);
    const double marginal = (facility_kw(&there, next.it_kw) - here_kw) / step_kw;
    return (struct gw_plant_estimate){
        .marginal_kw_per_kw = marginal,
        .fixed_kw = here_kw - marginal * in->it_kw,
        .water_l_per_kwh = (there.water_consumed_l_per_h - here.water_consumed_l_per_h) / step_kw,
    };
}

double gw_plant_erf(const struct gw_plant_out *out, double it_kw)
{
    return out->reused_kw / facility_kw(out, it_kw);
}

double gw_plant_ere(const struct gw_plant_out *out, double it_kw)
{
    return (facility_kw(out, it_kw) - out->reused_kw) / it_kw;
}
