#include "models/cooling/chilled.h"

#include <math.h>

#define WATER_KJ_PER_KG_K 4.186
#define EVAPORATOR_K      2.5 /* refrigerant below the chilled water */
#define CONDENSER_K       2.0 /* refrigerant above the water that leaves the condenser */
#define DERATING          0.9 /* fouling, part load, auxiliaries */

void gw_chilled_add(const struct gw_chilled_cfg *cfg, const struct gw_hall_cfg *hall_cfg,
                    const struct gw_hall *hall, const struct gw_plant_in *in, double heat_kw,
                    struct gw_plant_out *out)
{
    const double supply_c = cfg->supply_c + in->set_point_shift_k;
    const double return_c = supply_c + cfg->water_rise_k;
    const double reused_kw = gw_hall_reuse(hall_cfg, in, heat_kw, return_c, out);
    const double left_kw = heat_kw - reused_kw;
    const double left_frac = heat_kw > 0 ? left_kw / heat_kw : 1;

    /* (16) to (19) */
    const double tower_c = gw_tower_cold_water_c(&cfg->tower, in->wet_bulb_c);
    const double spare_k = return_c - (tower_c + cfg->exchanger_k);
    const bool shut =
        gw_hall_shut(hall_cfg, in, cfg->economizer && spare_k > 0, spare_k > hall_cfg->band_k, out);
    const double free = shut ? 0 : fmin(spare_k / cfg->water_rise_k, 1);
    const double cold_c = free < 1 ? fmax(tower_c, cfg->condenser_min_c) : tower_c;
    const double cop =
        cfg->curves != NULL
            ? gw_chiller_curves_cop(cfg->curves, supply_c, cold_c, left_kw * (1 - free), hall->design_kw)
            : DERATING * gw_hall_cop(supply_c - EVAPORATOR_K, cold_c + cfg->tower.range_k + CONDENSER_K,
                                     cfg->cop_eta, cfg->cop_cap);
    const double work = (1 - free) / cop;
    const double rejected_kw = left_kw * (1 + work);
    const struct gw_tower_out tower = gw_tower_at(&cfg->tower, in, rejected_kw, cold_c);

    /* (20): the pumps follow the hall's speed */
    const double chilled_pa = cfg->chilled_pump_pa + free * cfg->economizer_pump_pa;
    const double chilled_kg_per_s = hall->design_kw / (WATER_KJ_PER_KG_K * cfg->water_rise_k);
    const double tower_kg_per_s =
        hall->design_kw * left_frac * (1 + work) / (WATER_KJ_PER_KG_K * cfg->tower.range_k);
    out->pump_kw += hall->speed * (gw_hall_pump_kw(chilled_kg_per_s, chilled_pa, cfg->pump_efficiency) +
                                   gw_hall_pump_kw(tower_kg_per_s, cfg->tower_pump_pa, cfg->pump_efficiency));
    out->compressor_kw += left_kw * work;
    out->rejection_kw += tower.fan_kw;
    out->rejected_kw += rejected_kw;
    gw_hall_add_water(tower.evaporated_kg_per_s, tower.drift_kg_per_s, cfg->tower.cycles, out);
    gw_hall_condense(hall_cfg, heat_kw, out);
    out->free_frac = free;
}
