#include "sim/run/traffic.h"

#include <math.h>
#include <string.h>

#include "sim/run/compile.h"
#include "sim/run/flows.h"

enum gw_status gw_traffic_init(struct gw_traffic *self, const struct gw_scenario *sc, uint32_t replication,
                               struct gw_arena *arena, struct gw_error *err)
{
    const size_t cells = (size_t)sc->n_demands * sc->n_sites;
    const gw_time_us end_us = sc->cfg.time.duration_us + sc->burn_in_us;
    *self = (struct gw_traffic){
        .sc = sc,
        .now_us = -sc->burn_in_us,
        .source = gw_arena_array(arena, sc->n_demands, sizeof *self->source),
        .head = gw_arena_array(arena, sc->n_demands, sizeof *self->head),
        .has_head = gw_arena_array(arena, sc->n_demands, sizeof *self->has_head),
        .held = gw_arena_array(arena, sc->n_demands, sizeof *self->held),
        .has_held = gw_arena_array(arena, sc->n_demands, sizeof *self->has_held),
        .release = gw_arena_array(arena, sc->n_demands, sizeof *self->release),
        .credit = gw_arena_array(arena, cells, sizeof *self->credit),
        .sent = gw_arena_array(arena, cells, sizeof *self->sent),
    };
    if (self->source == NULL || self->head == NULL || self->has_head == NULL || self->held == NULL ||
        self->has_held == NULL || self->credit == NULL || self->release == NULL || self->sent == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
    }
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        const struct gw_request_law *law = &sc->demand[d].law;
        self->source[d] =
            law->ops->open(law, end_us, (uint64_t)sc->cfg.seed, replication, sc->demand[d].name, arena, err);
        if (self->source[d] == NULL) {
            return err->status;
        }
        const struct gw_demand_cfg *cfg = sc->demand[d].cfg;
        if (cfg->class == GW_CLASS_BATCH &&
            !gw_release_init(&self->release[d], &cfg->release, cfg->deadline_us, -sc->burn_in_us,
                             sc->cfg.time.duration_us, sc->cfg.time.epoch_us, arena)) {
            return gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
        }
    }
    return GW_OK;
}

void gw_traffic_fini(struct gw_traffic *self)
{
    for (uint32_t d = 0; self->source != NULL && d < self->sc->n_demands; d++) {
        gw_request_source_close(self->source[d]);
    }
}

/* Sources count time from the burn-in's start. */
static bool next_asked(struct gw_traffic *self, uint32_t d, gw_time_us until_us, struct gw_ask *out)
{
    if (!gw_request_source_next(self->source[d], until_us + self->sc->burn_in_us, out)) {
        return false;
    }
    out->t_us -= self->sc->burn_in_us;
    return true;
}

/* ---- batch rows ---- */

static bool is_gated(const struct gw_traffic *self, uint32_t d)
{
    return self->release[d].epoch != NULL;
}

/* The first request behind the gate, when it is already known, stays there until it goes. Its time becomes
 * that of its release. */
static bool next_released(struct gw_traffic *self, uint32_t d, gw_time_us until_us, struct gw_ask *out)
{
    if (!self->has_held[d]) {
        self->has_held[d] = next_asked(self, d, until_us, &self->held[d]);
    }
    if (!self->has_held[d]) {
        return false;
    }
    const gw_time_us at_us = gw_release_at(&self->release[d], self->held[d].t_us);
    if (at_us >= until_us) {
        return false;
    }
    *out = self->held[d];
    out->t_us = at_us;
    self->has_held[d] = false;
    return true;
}

static bool next_ask(struct gw_traffic *self, uint32_t d, gw_time_us until_us, struct gw_ask *out)
{
    return is_gated(self, d) ? next_released(self, d, until_us, out) : next_asked(self, d, until_us, out);
}

/* Forecast of the cleanest site that may serve row d. */
static double cleanest(const struct gw_scenario *sc, const struct gw_observer *observer, uint32_t d)
{
    const uint32_t horizon = observer->view.dims.horizon;
    double least = INFINITY;
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        if (sc->demand[d].allowed[s]) {
            least = fmin(least, observer->view.value[GW_VIEW_SITE_CARBON][(size_t)s * horizon]);
        }
    }
    return least;
}

void gw_traffic_gates(struct gw_traffic *self, gw_time_us now_us, const double *order,
                      const struct gw_observer *observer)
{
    for (uint32_t d = 0; d < self->sc->n_demands; d++) {
        if (is_gated(self, d)) {
            const bool open = isnan(order[d])
                                  ? gw_release_wish(&self->release[d], cleanest(self->sc, observer, d))
                                  : order[d] >= 0.5;
            gw_release_begin(&self->release[d], open, now_us,
                             self->has_held[d] ? self->held[d].t_us : now_us);
        }
    }
}

double gw_traffic_held(const struct gw_traffic *self, uint32_t d, gw_time_us now_us)
{
    if (!is_gated(self, d) || !self->has_held[d]) {
        return 0.0;
    }
    const gw_time_us burn_in_us = self->sc->burn_in_us;
    return gw_request_law_expected(&self->sc->demand[d].law, self->held[d].t_us + burn_in_us,
                                   now_us + burn_in_us);
}

gw_time_us gw_traffic_asked(const struct gw_traffic *self, uint32_t d, gw_time_us sent_us)
{
    return is_gated(self, d) ? gw_release_asked(&self->release[d], sent_us) : sent_us;
}

/* A source that broke off says why. */
static enum gw_status check_sources(const struct gw_traffic *self, struct gw_error *err)
{
    for (uint32_t d = 0; d < self->sc->n_demands; d++) {
        if (self->source[d]->error.status != GW_OK) {
            *err = self->source[d]->error;
            return err->status;
        }
    }
    return GW_OK;
}

void gw_traffic_terms(const struct gw_demand_cfg *demand, struct gw_serve_request *request)
{
    request->timeout_ms = isnan(demand->timeout_ms) ? 0 : (uint32_t)llround(demand->timeout_ms);
    request->priority = (uint8_t)demand->priority;
}

uint32_t gw_traffic_cached_tok(const struct gw_demand_cfg *demand, uint32_t in_tok)
{
    return (uint32_t)((double)in_tok * demand->prefix_hit_frac);
}

static bool deliver(struct gw_traffic *self, uint32_t d, uint32_t s, const struct gw_ask *ask,
                    struct gw_station *station, struct gw_tally *tally)
{
    const struct gw_demand_cfg *demand = self->sc->demand[d].cfg;
    struct gw_serve_request request = {
        .arrival_us = ask->t_us + self->sc->demand[d].rtt_us[s] / 2,
        .in_tok = ask->in_tok,
        .out_tok = ask->out_tok,
        .class = (uint16_t)d,
        .number = ask->number,
        .prefix = ask->prefix,
        .prefix_tok = ask->prefix_tok,
        .cached_tok = gw_traffic_cached_tok(demand, ask->in_tok),
    };
    gw_traffic_terms(demand, &request);
    if (demand->directives != NULL) {
        const uint32_t level = self->levels != NULL ? gw_levels_of(self->levels, d, ask->number) : 0;
        request.out_tok = gw_directive_tok(demand->directives, level, ask->out_tok);
        gw_tally_level(&tally[s], d, ask->t_us, level);
    }
    self->sent[(size_t)d * self->sc->n_sites + s]++;
    gw_tally_sent(&tally[s], d, ask->t_us);
    return gw_fleet_push(station[s].fleet, d, &request);
}

/* ---- by plan ---- */

/* Smooth weighted round robin: everybody earns its share, the richest is served and pays one. Ties to the
 * lowest index. */
static uint32_t deal(double *credit, const double *share, uint32_t sites)
{
    uint32_t best = 0;
    double most = -1.0;
    for (uint32_t s = 0; s < sites; s++) {
        credit[s] += share[s];
        if (share[s] > 0.0 && credit[s] > most) {
            best = s;
            most = credit[s];
        }
    }
    credit[best] -= 1.0;
    return best;
}

static uint32_t only_site(const double *share, uint32_t sites)
{
    for (uint32_t s = 0; s < sites; s++) {
        if (share[s] == 1.0) {
            return s;
        }
    }
    return UINT32_MAX;
}

static bool send_by_plan(struct gw_traffic *self, gw_time_us until_us, const double *plan,
                         struct gw_station *station, struct gw_tally *tally, uint64_t *requests)
{
    const uint32_t sites = self->sc->n_sites;
    for (uint32_t d = 0; d < self->sc->n_demands; d++) {
        const double *share = plan + (size_t)d * sites;
        const uint32_t only = only_site(share, sites);
        struct gw_ask ask;
        while (next_ask(self, d, until_us, &ask)) {
            const uint32_t s =
                only != UINT32_MAX ? only : deal(self->credit + (size_t)d * sites, share, sites);
            if (!deliver(self, d, s, &ask, station, tally)) {
                return false;
            }
            ++*requests;
        }
    }
    return true;
}

/* ---- flow mode ---- */

static void send_flows(struct gw_traffic *self, gw_time_us until_us, const double *plan,
                       struct gw_station *station)
{
    const struct gw_scenario *sc = self->sc;
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        const double n = gw_request_law_expected(&sc->demand[d].law, self->now_us + sc->burn_in_us,
                                                 until_us + sc->burn_in_us);
        for (uint32_t s = 0; s < sc->n_sites; s++) {
            const size_t cell = (size_t)d * sc->n_sites + s;
            if (plan[cell] > 0.0) {
                self->sent[cell] += gw_flows_send(&station[s], d, n, plan[cell], self->now_us);
            }
        }
    }
    self->now_us = until_us;
}

/* ---- request by request ---- */

/* The demand row whose next request comes first; ties to the lowest row. UINT32_MAX when none is left in the
 * window. */
static uint32_t first_head(struct gw_traffic *self, gw_time_us until_us)
{
    uint32_t first = UINT32_MAX;
    for (uint32_t d = 0; d < self->sc->n_demands; d++) {
        if (!self->has_head[d]) {
            self->has_head[d] = next_ask(self, d, until_us, &self->head[d]);
        }
        if (self->has_head[d] && (first == UINT32_MAX || self->head[d].t_us < self->head[first].t_us)) {
            first = d;
        }
    }
    return first;
}

static enum gw_status refuse_route(const struct gw_scenario *sc, const struct gw_policy_ops *ops, uint32_t d,
                                   uint32_t s, struct gw_error *err)
{
    if (s >= sc->n_sites) {
        return gw_fail(err, GW_ERR_POLICY, ops->name,
                       "its route sent demand \"%s\" to site %u; there are %u sites", sc->demand[d].name,
                       (unsigned)s, (unsigned)sc->n_sites);
    }
    return gw_fail(err, GW_ERR_POLICY, ops->name,
                   "its route sent demand \"%s\" to site \"%s\", which may not serve it or "
                   "has no replica of its model",
                   sc->demand[d].name, sc->site[s].name);
}

static enum gw_status send_one_by_one(struct gw_traffic *self, gw_time_us until_us,
                                      const struct gw_traffic_rule *rule, struct gw_observer *observer,
                                      struct gw_station *station, struct gw_tally *tally, uint64_t *requests,
                                      struct gw_error *err)
{
    const struct gw_scenario *sc = self->sc;
    double *in_flight = observer->view.value[GW_VIEW_STATE_IN_FLIGHT];
    for (uint32_t d = first_head(self, until_us); d != UINT32_MAX; d = first_head(self, until_us)) {
        const struct gw_ask *ask = &self->head[d];
        const struct gw_req req = {
            .bytes = sizeof req,
            .demand = d,
            .at_us = ask->t_us,
            .number = ask->number,
            .in_tok = ask->in_tok,
            .out_tok_expected = observer->view.value[GW_VIEW_DEMAND_OUT_TOK][d],
        };
        const uint32_t s = rule->ops->route(rule->self, &observer->view.public, &req);
        if (s >= sc->n_sites || !sc->demand[d].allowed[s]) {
            return refuse_route(sc, rule->ops, d, s, err);
        }
        if (!deliver(self, d, s, ask, station, tally)) {
            return gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
        }
        in_flight[(size_t)sc->demand[d].model * sc->n_sites + s] += 1.0;
        self->has_head[d] = false;
        ++*requests;
    }
    return GW_OK;
}

enum gw_status gw_traffic_window(struct gw_traffic *self, gw_time_us until_us,
                                 const struct gw_traffic_rule *rule, struct gw_observer *observer,
                                 struct gw_station *station, struct gw_tally *tally, uint64_t *requests,
                                 struct gw_error *err)
{
    *requests = 0;
    if (station[0].flow != NULL) {
        send_flows(self, until_us, rule->share, station);
        return GW_OK;
    }
    if (rule->ops->route != NULL) {
        const enum gw_status s =
            send_one_by_one(self, until_us, rule, observer, station, tally, requests, err);
        return s == GW_OK ? check_sources(self, err) : s;
    }
    if (!send_by_plan(self, until_us, rule->share, station, tally, requests)) {
        return gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
    }
    return check_sources(self, err);
}
