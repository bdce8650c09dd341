#include "models/cooling/dry_chiller.h"

#include <math.h>

#define WATER_KJ_PER_KG_K 4.186
#define EVAPORATOR_K      3.0 /* refrigerant below the chilled water */
#define DERATING          0.9

void gw_dry_chiller_add(const struct gw_dry_chiller_cfg *cfg, const struct gw_hall_cfg *hall_cfg,
                        const struct gw_hall *hall, const struct gw_plant_in *in, double heat_kw,
                        struct gw_plant_out *out)
{
    const double supply_c = cfg->supply_c + in->set_point_shift_k, return_c = supply_c + cfg->water_rise_k;
    const double condensing_c = fmax(in->dry_bulb_c, cfg->condenser_low_c) + cfg->condenser_rise_k;
    const double cop =
        DERATING * gw_hall_cop(supply_c - EVAPORATOR_K, condensing_c, cfg->cop_eta, cfg->cop_cap);

    const double spare_k = return_c - (in->dry_bulb_c + cfg->dry_approach_k);
    const bool shut =
        gw_hall_shut(hall_cfg, in, cfg->dry_coolers && spare_k > 0, spare_k > hall_cfg->band_k, out);
    const double free = shut ? 0 : fmin(spare_k / cfg->water_rise_k, 1);

    const double left_kw = heat_kw - gw_hall_reuse(hall_cfg, in, heat_kw, return_c, out);
    const double work_kw = left_kw * (1 - free) / cop;
    out->pump_kw += hall->speed * gw_hall_pump_kw(hall->design_kw / (WATER_KJ_PER_KG_K * cfg->water_rise_k),
                                                  cfg->pump_pa, cfg->pump_efficiency);
    out->rejection_kw += cfg->dry_fan * left_kw * free;
    out->compressor_kw += work_kw;
    out->rejected_kw += left_kw + work_kw;
    gw_hall_condense(hall_cfg, heat_kw, out);
    out->free_frac = free;
}
