#include "sim/run/outages.h"

/* ---- from the scenario ---- */

static enum gw_status fail(struct gw_compiler *c, uint32_t i, const char *key, const char *why)
{
    return gw_compiler_fail(c, GW_ERR_RANGE, gw_compiler_at("events[%u].%s", (unsigned)i, key), "%s", why);
}

static bool stands(const struct gw_site *site, const struct gw_outage *outage)
{
    for (uint32_t g = 0; g < site->n_groups; g++) {
        const struct gw_group *group = &site->group[g];
        if ((outage->model == GW_FLEET_ALL || outage->model == group->model) &&
            (outage->pool == GW_FLEET_ALL || outage->pool == group->pool)) {
            return true;
        }
    }
    return false;
}

static enum gw_status compile_one(struct gw_compiler *c, uint32_t i)
{
    const struct gw_scenario *sc = c->sc;
    const struct gw_event_cfg *cfg = (const struct gw_event_cfg *)sc->cfg.events.at + i;
    const gw_time_us step_us = sc->cfg.time.step_us;
    struct gw_outage *outage = &sc->outage[i];
    *outage = (struct gw_outage){.what = (enum gw_outage_what)cfg->what,
                                 .site = cfg->site,
                                 .model = cfg->model != NULL ? *cfg->model : GW_FLEET_ALL,
                                 .pool = cfg->pool != NULL ? (uint32_t)*cfg->pool : GW_FLEET_ALL,
                                 .replicas = cfg->replicas != NULL ? (uint32_t)*cfg->replicas : GW_FLEET_ALL,
                                 .from_us = cfg->at_us,
                                 .to_us = cfg->at_us + cfg->for_us};
    if (cfg->at_us % step_us != 0) {
        return fail(c, i, "at", "is not a multiple of time.step");
    }
    if (cfg->for_us % step_us != 0) {
        return fail(c, i, "for", "is not a multiple of time.step");
    }
    if (cfg->at_us >= sc->cfg.time.duration_us) {
        return fail(c, i, "at", "lies after the run's end");
    }
    const char *key = cfg->pool != NULL       ? "pool"
                      : cfg->model != NULL    ? "model"
                      : cfg->replicas != NULL ? "replicas"
                                              : NULL;
    if (cfg->what != GW_OUTAGE_NODE && key != NULL) {
        return fail(c, i, key, "only a node-outage is of a part of its site");
    }
    const struct gw_site *site = &sc->site[cfg->site];
    if (cfg->pool != NULL && *cfg->pool >= site->cfg->pools.n) {
        return fail(c, i, "pool", "the site has fewer pools; they are counted from 0");
    }
    const bool trains = cfg->what == GW_OUTAGE_SITE && sc->training.place[cfg->site].row != NULL;
    return trains || stands(site, outage) ? GW_OK
                                          : fail(c, i, "what", "no replica of that kind stands at the site");
}

enum gw_status gw_outages_compile(struct gw_compiler *c)
{
    struct gw_scenario *sc = c->sc;
    sc->n_outages = sc->cfg.events.n;
    sc->outage = gw_compiler_array(c, sc->n_outages, sizeof *sc->outage);
    if (sc->outage == NULL) {
        return gw_compiler_no_memory(c);
    }
    enum gw_status worst = GW_OK;
    for (uint32_t i = 0; i < sc->n_outages; i++) {
        const enum gw_status s = compile_one(c, i);
        worst = worst == GW_OK ? s : worst;
    }
    return worst;
}

/* ---- questions ---- */

bool gw_outages_stage(const struct gw_scenario *sc, uint32_t site)
{
    return gw_outages_ever(sc, site, GW_OUTAGE_SITE) || gw_outages_ever(sc, site, GW_OUTAGE_NODE);
}

bool gw_outages_at(const struct gw_scenario *sc, uint32_t site, enum gw_outage_what what, gw_time_us at_us)
{
    for (uint32_t i = 0; i < sc->n_outages; i++) {
        const struct gw_outage *o = &sc->outage[i];
        if (o->site == site && o->what == what && at_us >= o->from_us && at_us < o->to_us) {
            return true;
        }
    }
    return false;
}

bool gw_outages_ever(const struct gw_scenario *sc, uint32_t site, enum gw_outage_what what)
{
    for (uint32_t i = 0; i < sc->n_outages; i++) {
        if (sc->outage[i].site == site && sc->outage[i].what == what) {
            return true;
        }
    }
    return false;
}

gw_time_us gw_outages_heard_us(const struct gw_scenario *sc, uint32_t site, gw_time_us at_us)
{
    gw_time_us heard_us = at_us;
    for (uint32_t pass = 0; pass < sc->n_outages; pass++) { /* one may end inside another */
        for (uint32_t i = 0; i < sc->n_outages; i++) {
            const struct gw_outage *o = &sc->outage[i];
            if (o->site == site && o->what == GW_OUTAGE_NETWORK && heard_us >= o->from_us &&
                heard_us < o->to_us) {
                heard_us = o->to_us;
            }
        }
    }
    return heard_us;
}

bool gw_outages_to_come(const struct gw_scenario *sc, gw_time_us now_us)
{
    for (uint32_t i = 0; i < sc->n_outages; i++) {
        if (sc->outage[i].to_us > now_us) {
            return true;
        }
    }
    return false;
}

/* ---- in the run ---- */

static bool end(struct gw_fleet *fleet, const struct gw_outage *outage, uint32_t id)
{
    switch (outage->what) {
    case GW_OUTAGE_SITE:
        return gw_fleet_stage_lighten(fleet, id);
    case GW_OUTAGE_NODE:
        return gw_fleet_stage_repair(fleet, id);
    case GW_OUTAGE_NETWORK:
        return gw_fleet_wait_join(fleet);
    default:
        return true; /* the meters know of the grid */
    }
}

static bool begin(struct gw_fleet *fleet, const struct gw_outage *outage, uint32_t id)
{
    switch (outage->what) {
    case GW_OUTAGE_SITE:
        return gw_fleet_stage_darken(fleet, id);
    case GW_OUTAGE_NODE:
        return gw_fleet_stage_fail(fleet, id, outage->model, outage->pool, outage->replicas);
    case GW_OUTAGE_NETWORK:
        gw_fleet_wait_cut(fleet);
        return true;
    default:
        return true;
    }
}

bool gw_outages_apply(const struct gw_scenario *sc, gw_time_us now_us, struct gw_station *station)
{
    bool good = true;
    for (uint32_t i = 0; i < sc->n_outages; i++) {
        const struct gw_outage *o = &sc->outage[i];
        good = good && (o->to_us != now_us || end(station[o->site].fleet, o, i + 1));
    }
    for (uint32_t i = 0; i < sc->n_outages; i++) {
        const struct gw_outage *o = &sc->outage[i];
        good = good && (o->from_us != now_us || begin(station[o->site].fleet, o, i + 1));
    }
    return good;
}
