#include "sim/run/islands.h"

#include <math.h>

#include "models/network/egress.h"
#include "models/serving/island.h"
#include "sim/base/units.h"
#include "sim/run/outages.h"
#include "sim/run/phases.h"

/* ---- from the scenario ---- */

static enum gw_status fail(struct gw_compiler *c, uint32_t m, const char *key, const char *why)
{
    return gw_compiler_fail(c, GW_ERR_RANGE,
                            gw_compiler_at("serving.models[%s].%s", c->sc->model_name[m], key), "%s", why);
}

static void join(struct gw_scenario *sc, uint32_t a, uint32_t b)
{
    const uint32_t x = sc->site[a].island, y = sc->site[b].island;
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        if (sc->site[s].island == x || sc->site[s].island == y) {
            sc->site[s].island = x < y ? x : y;
        }
    }
}

/* How fast keys and values of the model travel, and how long. */
static void measure(const struct gw_scenario *sc, struct gw_model *model, double link_gbps)
{
    const struct gw_network_cfg *network = &sc->cfg.network;
    const gw_time_us rtt_us =
        gw_network_rtt_us(network, sc->site[model->prefill_site].place, sc->site[model->decode_site].place);
    model->kv_gbps = fmin(gw_bandwidth_sites(&network->bandwidth, gw_ms_from_us((double)rtt_us)), link_gbps);
    model->kv_delay_us = rtt_us / 2;
}

static enum gw_status compile_model(struct gw_compiler *c, uint32_t m)
{
    struct gw_scenario *sc = c->sc;
    struct gw_model *model = &sc->model[m];
    const struct gw_split_cfg *split = gw_phases_split(sc, m) ? model->cfg->replicas.at : NULL;
    if (split == NULL || (split->prefill_site == NULL && split->decode_site == NULL)) {
        return GW_OK;
    }
    if (split->prefill_site == NULL || split->decode_site == NULL) {
        return fail(c, m, "replicas", "prefill_site and decode_site are said together or not at all");
    }
    if (*split->prefill_site == *split->decode_site) {
        return fail(c, m, "replicas",
                    "prefill_site and decode_site are the same: leave both out for phases of one site");
    }
    if (model->cfg->on_overload != GW_OVERLOAD_QUEUE) {
        return fail(c, m, "on_overload",
                    "with phases at two sites what is too much waits: neither end knows the other's queues");
    }
    model->prefill_site = *split->prefill_site;
    model->decode_site = *split->decode_site;
    const struct gw_egress *egress = sc->cfg.network.egress;
    if (egress != NULL && isnan(gw_egress_sites(egress, sc->site[model->prefill_site].place,
                                                sc->site[model->decode_site].place))) {
        return fail(c, m, "replicas", "network.egress has no price between its two sites");
    }
    join(sc, model->prefill_site, model->decode_site);
    measure(sc, model, split->link_gbps);
    return GW_OK;
}

enum gw_status gw_islands_compile(struct gw_compiler *c)
{
    for (uint32_t s = 0; s < c->sc->n_sites; s++) {
        c->sc->site[s].island = s;
    }
    enum gw_status worst = GW_OK;
    for (uint32_t m = 0; m < c->sc->n_models; m++) {
        const enum gw_status s = compile_model(c, m);
        worst = worst == GW_OK ? s : worst;
    }
    return worst;
}

enum gw_status gw_islands_check(struct gw_compiler *c)
{
    const struct gw_scenario *sc = c->sc;
    for (uint32_t i = 0; i < sc->n_outages; i++) {
        for (uint32_t m = 0; m < sc->n_models; m++) {
            const struct gw_model *model = &sc->model[m];
            const uint32_t s = sc->outage[i].site;
            if (sc->outage[i].what != GW_OUTAGE_GRID &&
                (model->prefill_site == s || model->decode_site == s)) {
                return gw_compiler_fail(c, GW_ERR_RANGE, gw_compiler_at("events[%u].what", (unsigned)i),
                                        "site \"%s\" has one phase of \"%s\" and another site the other: "
                                        "what becomes of requests "
                                        "between them in an outage is not modelled",
                                        sc->site[s].name, model->name);
            }
        }
    }
    return GW_OK;
}

/* ---- in a run ---- */

uint32_t gw_islands_links(const struct gw_scenario *sc, uint32_t s)
{
    for (uint32_t m = 0; m < sc->n_models; m++) {
        if (sc->model[m].prefill_site == s) {
            return sc->n_sites;
        }
    }
    return 0;
}

bool gw_islands_open(struct gw_islands *self, const struct gw_scenario *sc, struct gw_station *station,
                     struct gw_arena *arena)
{
    *self = (struct gw_islands){
        .sc = sc,
        .station = station,
        .fleet = gw_arena_array(arena, sc->n_sites, sizeof *self->fleet),
        .first = gw_arena_array(arena, sc->n_sites, sizeof *self->first),
        .n = gw_arena_array(arena, sc->n_sites, sizeof *self->n),
        .least_us = gw_arena_array(arena, sc->n_sites, sizeof *self->least_us),
    };
    if (self->fleet == NULL || self->first == NULL || self->n == NULL || self->least_us == NULL) {
        return false;
    }
    uint32_t filled = 0;
    for (uint32_t root = 0; root < sc->n_sites; root++) {
        self->first[root] = filled;
        self->least_us[root] = GW_NEVER_US;
        for (uint32_t s = root; s < sc->n_sites; s++) {
            if (sc->site[s].island == root) {
                self->fleet[filled++] = station[s].fleet;
            }
        }
        self->n[root] = filled - self->first[root];
    }
    for (uint32_t m = 0; m < sc->n_models; m++) {
        if (sc->model[m].decode_site != GW_AT_ANY_SITE) {
            gw_time_us *least_us = &self->least_us[sc->site[sc->model[m].decode_site].island];
            *least_us = sc->model[m].kv_delay_us < *least_us ? sc->model[m].kv_delay_us : *least_us;
        }
    }
    return true;
}

bool gw_islands_advance(const struct gw_islands *self, uint32_t s, gw_time_us until_us)
{
    if (self->n[s] <= 1) {
        return self->n[s] == 0 || gw_station_advance(&self->station[s], until_us);
    }
    return gw_island_advance(self->fleet + self->first[s], self->n[s], self->least_us[s], until_us);
}
