#include "sim/run/stages.h"

#include <math.h>

#include "sim/base/units.h"

struct gw_stages_rest gw_stages_rest(const struct gw_site *site, uint32_t g, const struct gw_station *station,
                                     const struct gw_replica_meter *m, double step_s)
{
    const struct gw_group *group = &site->group[g];
    if (!station->staged) {
        return (struct gw_stages_rest){.idle_j = m->idle_j + group->unused_idle_w * step_s,
                                       .host_idle_j = group->host_idle_w * step_s,
                                       .standing_s = group->replicas * step_s};
    }
    const struct gw_machine *node = group->node;
    const struct gw_fleet_times *times = &gw_fleet_read_times(station->fleet)[g];
    const double idle_w = node->accelerator->idle_w, count = (double)node->count;
    const double awake_s = times->node_s - times->waking_s;
    const double unused_s = count * awake_s - group->accelerators * (times->standing_s + times->starting_s);
    return (struct gw_stages_rest){
        .idle_j = m->idle_j + unused_s * idle_w,
        .host_idle_j = awake_s * node->host_idle_w,
        .loading_j = times->starting_s * group->accelerators * idle_w +
                     times->waking_s * (node->host_idle_w + count * idle_w),
        .standing_s = times->standing_s,
    };
}

double gw_stages_spare_kwh(const struct gw_site *site, const struct gw_station *station, double step_s)
{
    if (!station->staged) {
        return gw_kw_from_w(site->spare_wall_w) * (step_s / 3600.0);
    }
    if (gw_fleet_dark(station->fleet)) {
        return 0.0;
    }
    const struct gw_fleet_times *times = gw_fleet_read_times(station->fleet);
    double j = 0.0;
    for (uint32_t p = 0; p < site->cfg->pools.n; p++) {
        double spare_s = (double)site->pool_nodes[p] * step_s - gw_fleet_down_s(station->fleet)[p];
        for (uint32_t g = 0; g < site->n_groups; g++) {
            spare_s -= site->group[g].pool == p ? times[g].node_s : 0.0;
        }
        j += fmax(spare_s, 0.0) * site->spare_node_w[p];
    }
    return gw_kwh_from_j(j);
}

uint32_t gw_stages_up(const struct gw_site *site, uint32_t g, const struct gw_station *station)
{
    return station == NULL || !station->staged ? site->group[g].replicas
                                               : gw_fleet_group_up(station->fleet, g);
}

double gw_stages_fixed_it_kw(const struct gw_site *site, const struct gw_station *station)
{
    if (station == NULL || !station->staged) {
        return site->fixed_it_kw;
    }
    if (gw_fleet_dark(station->fleet)) {
        return 0.0;
    }
    double wall_w = 0.0;
    for (uint32_t p = 0; p < site->cfg->pools.n; p++) {
        double spare = (double)site->pool_nodes[p];
        for (uint32_t g = 0; g < site->n_groups; g++) {
            const struct gw_group *group = &site->group[g];
            const struct gw_machine *node = group->node;
            if (group->pool != p) {
                continue;
            }
            const double up = gw_stages_up(site, g, station), nodes = ceil(up / group->per_node);
            const double loaded = up * group->accelerators;
            wall_w += (loaded * node->accelerator->loaded_idle_w +
                       (nodes * (double)node->count - loaded) * node->accelerator->idle_w +
                       nodes * node->host_idle_w) /
                      node->psu_efficiency;
            spare -= nodes;
        }
        wall_w += fmax(spare, 0.0) * site->spare_node_w[p];
    }
    return gw_kw_from_w(wall_w);
}

bool gw_stages_order(const struct gw_scenario *sc, struct gw_station *station, const double *replicas)
{
    bool good = true;
    for (uint32_t m = 0; m < sc->n_models; m++) {
        for (uint32_t s = 0; s < sc->n_sites; s++) {
            const double n = replicas[(size_t)m * sc->n_sites + s];
            if (!isnan(n)) {
                good = good && gw_fleet_stage_target(station[s].fleet, m, (uint32_t)llround(n));
            }
        }
    }
    return good;
}
