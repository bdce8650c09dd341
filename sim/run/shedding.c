#include "sim/run/shedding.h"

#include <math.h>

#include "sim/base/units.h"
#include "sim/run/outages.h"

static bool sheds(const struct gw_site *site)
{
    return site->cfg->supply.beyond_limit == GW_SUPPLY_CAP;
}

bool gw_shedding_ever(const struct gw_scenario *sc)
{
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        if (sheds(&sc->site[s])) {
            return true;
        }
    }
    return false;
}

/* ---- what there is ---- */

/* What the battery gives level from now on for so long. */
static double battery_kw(const struct gw_battery_cfg *battery, double stored_kwh, double hours)
{
    const double floor_kwh = gw_battery_floor_kwh(battery);
    const double lasts_kw = fmax(stored_kwh - floor_kwh, 0.0) * battery->discharge_efficiency / hours;
    const struct gw_battery_flow flow =
        gw_battery_discharge(battery, stored_kwh, floor_kwh, fmin(lasts_kw, gw_battery_power_kw(battery)));
    return gw_battery_kw(&flow, hours);
}

static double available_kw(const struct gw_scenario *sc, uint32_t s, const struct gw_onsite *onsite,
                           gw_time_us from_us, gw_time_us to_us)
{
    const struct gw_supply_cfg *cfg = &sc->site[s].cfg->supply;
    const gw_time_us from_unix_us = sc->cfg.time.start_unix_us + from_us;
    const gw_time_us to_unix_us = sc->cfg.time.start_unix_us + to_us;
    double own_kw = (double)INFINITY;
    for (gw_time_us t = from_unix_us; t < to_unix_us; t = gw_generation_next(&onsite->generation, t)) {
        const struct gw_generation_node own = gw_generation_at(&onsite->generation, t);
        own_kw = fmin(own_kw, own.pv_kw + own.wind_kw);
    }
    const bool islanded = gw_outages_at(sc, s, GW_OUTAGE_GRID, from_us);
    const double limit_kw = islanded                      ? 0.0
                            : isnan(cfg->import_limit_kw) ? (double)INFINITY
                                                          : cfg->import_limit_kw;
    const double stored_kw =
        cfg->battery == NULL ? 0.0
                             : battery_kw(cfg->battery, onsite->stored_kwh, gw_h_from_us(to_us - from_us));
    return limit_kw + own_kw + stored_kw;
}

/* ---- what is drawn ---- */

/* The most a group draws at its nodes' plugs at this percentage, W; NAN when memory is out. */
static double group_w(struct gw_caps *caps, uint32_t s, uint32_t g, uint32_t percent)
{
    const struct gw_group *group = &caps->sc->site[s].group[g];
    const struct gw_replica_cfg *cfg = gw_caps_cfg(caps, s, g, percent);
    if (cfg == NULL) {
        return (double)NAN;
    }
    const struct gw_machine *node = group->node;
    const double replicas = (double)group->replicas + (double)group->more;
    const double accelerators = replicas * group->accelerators;
    const double active_w =
        node->host_dynamic_frac * fmax(cfg->power.cap_w - node->accelerator->loaded_idle_w, 0.0);
    return (accelerators * (cfg->power.cap_w + active_w) + group->unused_idle_w + group->host_idle_w) /
           node->psu_efficiency;
}

/* All accelerators at the cap; nodes that serve nothing, lent ones at their most. */
static double it_kw(struct gw_caps *caps, uint32_t s, uint32_t percent)
{
    const struct gw_site *site = &caps->sc->site[s];
    const struct gw_training_place *lent =
        caps->sc->training.place != NULL ? &caps->sc->training.place[s] : NULL;
    double sum_w = site->spare_wall_w;
    for (uint32_t g = 0; g < site->n_groups; g++) {
        sum_w += group_w(caps, s, g, percent);
    }
    if (lent != NULL && lent->has_pool) {
        const struct gw_accelerator *a = lent->node->accelerator;
        const double each_w = a->tdp_w + lent->node->host_dynamic_frac * (a->tdp_w - a->idle_w);
        sum_w += (double)lent->nodes * ((double)lent->node->count * each_w + lent->node->host_idle_w) /
                 lent->node->psu_efficiency;
    }
    return gw_kw_from_w(sum_w);
}

static double facility_kw(const struct gw_scenario *sc, uint32_t s, const struct gw_air *air, gw_time_us t_us,
                          double it)
{
    const struct gw_site *site = &sc->site[s];
    const struct gw_plant_in in = gw_air_plant_in(sc, s, air, t_us, fmin(it, site->nameplate_kw));
    const struct gw_plant_out out = site->plant->at(site->cfg->cooling.cfg, &in);
    return it + out.cooling_kw + out.power_chain_kw + out.heat_pump_kw;
}

uint32_t gw_shedding_percent(struct gw_caps *caps, uint32_t s, const struct gw_air *air,
                             const struct gw_onsite *onsite, gw_time_us from_us, gw_time_us to_us)
{
    const struct gw_scenario *sc = caps->sc;
    if (!sheds(&sc->site[s])) {
        return GW_CAPS_PERCENT;
    }
    const double there_kw = available_kw(sc, s, onsite, from_us, to_us);
    for (uint32_t percent = GW_CAPS_PERCENT; percent > 1; percent--) {
        const double it = it_kw(caps, s, percent);
        if (isnan(it)) {
            return 0;
        }
        if (fmax(facility_kw(sc, s, air, from_us, it), facility_kw(sc, s, air, to_us, it)) <= there_kw) {
            return percent;
        }
    }
    return 1;
}
