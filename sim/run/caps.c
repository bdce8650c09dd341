#include "sim/run/caps.h"

#include <math.h>
#include <string.h>

#include "sim/run/compile_replicas.h"

static bool init_site(struct gw_caps *self, uint32_t s)
{
    const struct gw_site *site = &self->sc->site[s];
    const uint32_t n = site->n_groups;
    struct gw_group *group = gw_arena_array(self->arena, n, sizeof *group);
    self->percent[s] = gw_arena_array(self->arena, n, sizeof *self->percent[s]);
    self->made[s] = gw_arena_array(self->arena, (size_t)n * (GW_CAPS_PERCENT + 1), sizeof *self->made[s]);
    if (group == NULL || self->percent[s] == NULL || self->made[s] == NULL) {
        return false;
    }
    if (n > 0) {
        memcpy(group, site->group, n * sizeof *group);
    }
    self->site[s] = *site;
    self->site[s].group = group;
    return true;
}

bool gw_caps_init(struct gw_caps *self, const struct gw_scenario *sc, const double *order,
                  struct gw_arena *arena)
{
    *self = (struct gw_caps){
        .sc = sc,
        .order = order,
        .site = gw_arena_array(arena, sc->n_sites, sizeof *self->site),
        .percent = gw_arena_array(arena, sc->n_sites, sizeof *self->percent),
        .made = gw_arena_array(arena, sc->n_sites, sizeof *self->made),
        .most = gw_arena_array(arena, sc->n_sites, sizeof *self->most),
        .arena = arena,
    };
    bool good = self->site != NULL && self->percent != NULL && self->made != NULL && self->most != NULL;
    for (uint32_t s = 0; s < sc->n_sites && good; s++) {
        self->most[s] = GW_CAPS_PERCENT;
        good = init_site(self, s);
    }
    return good;
}

const struct gw_replica_cfg *gw_caps_cfg(struct gw_caps *self, uint32_t s, uint32_t g, uint32_t percent)
{
    const struct gw_replica_cfg **made = &self->made[s][(size_t)g * (GW_CAPS_PERCENT + 1) + percent];
    if (*made == NULL) {
        struct gw_replica_cfg *cfg = gw_arena_alloc(self->arena, sizeof *cfg);
        if (cfg != NULL) {
            *cfg = gw_compile_replicas_capped(self->sc, s, g, (double)percent / GW_CAPS_PERCENT);
        }
        *made = cfg;
    }
    return *made;
}

/* One group at one order, NaN without; *changed is set, never cleared. */
static bool update_group(struct gw_caps *self, uint32_t s, uint32_t g, double frac,
                         struct gw_station *station, bool *changed)
{
    const uint32_t ordered = isnan(frac) ? GW_CAPS_PERCENT : (uint32_t)lround(frac * GW_CAPS_PERCENT);
    const uint32_t percent = ordered < self->most[s] ? ordered : self->most[s];
    const bool free_so_far = self->percent[s][g] == 0 && isnan(frac) && percent == GW_CAPS_PERCENT;
    if (percent == self->percent[s][g] || free_so_far) {
        return true;
    }
    const struct gw_replica_cfg *cfg = gw_caps_cfg(self, s, g, percent);
    if (cfg == NULL) {
        return false;
    }
    self->percent[s][g] = percent;
    struct gw_group *group = &self->site[s].group[g];
    const bool other = memcmp(&group->cfg.time, &cfg->time, sizeof cfg->time) != 0 ||
                       group->cfg.power.cap_w != cfg->power.cap_w;
    if (other) {
        group->cfg = *cfg;
        gw_fleet_stage_retune(station->fleet, g, cfg);
        *changed = true;
    }
    return true;
}

bool gw_caps_update(struct gw_caps *self, struct gw_station *station, bool *changed)
{
    const uint32_t sites = self->sc->n_sites;
    for (uint32_t s = 0; s < sites; s++) {
        for (uint32_t g = 0; g < self->site[s].n_groups; g++) {
            const double frac = self->order[(size_t)self->site[s].group[g].model * sites + s];
            if (!update_group(self, s, g, frac, &station[s], changed)) {
                return false;
            }
        }
    }
    return true;
}
