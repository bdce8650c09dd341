#include "sim/run/flows.h"

#include <math.h>
#include <stdio.h>

#include "models/serving/flow_times.h"
#include "sim/base/units.h"
#include "sim/run/compile.h"
#include "sim/run/record.h"

/* Lots that a step's requests of a row at a site are split into: so many that a short run has enough of them
 * for its quantiles. */
enum { LOTS_MIN = 4, LOTS_MAX = 512, LOTS_OF_RUN = 1 << 14 };

/* Above this share of capacity mean times are off by more than the promised 15 %: docs/models/flow.md. */
static const double near_saturation = 0.85;

/* Phases of arrivals that are remembered for longer are states of the engines, and not bursts: their energy
 * is off by up to 43 % (docs/models/flow.md). */
static const double longest_memory_s = 1.0;

/* What of a row is not yet a whole number; the next place of its sequence. */
struct row {
    double sent, served, in_tok, out_tok, near;
    uint64_t inside; /* sent and not ended */
    uint64_t place;
};

struct gw_flows {
    const struct gw_scenario *sc;
    uint32_t site;
    struct gw_tally *tally;
    struct gw_wire *wire;
    struct row *row; /* [demands] */
    uint64_t lots;
};

/* ---- what flow mode does not know ---- */

static enum gw_status check_demand(const struct gw_demand *d, char *where, size_t bytes, struct gw_error *err)
{
    snprintf(where, bytes, "serving.demand[%s]", d->name);
    if (d->sessions.sessions.turns > 0.0) {
        return gw_fail(err, GW_ERR_RANGE, where,
                       "serving.mode flow knows no single users: sessions need mode exact");
    }
    if (d->arrivals.burst.law == GW_BURST_CLIENTS && d->replay == NULL) {
        return gw_fail(err, GW_ERR_RANGE, where,
                       "serving.mode flow knows no single clients: arrivals of law clients need mode exact");
    }
    if (d->arrivals.burst.law == GW_BURST_MMPP && d->replay == NULL &&
        gw_burst_memory_s(&d->arrivals.burst) > longest_memory_s) {
        return gw_fail(
            err, GW_ERR_RANGE, where,
            "serving.mode flow takes phases of arrivals as shorter than answers: with 1 / (1 / high + "
            "1 / low) above %g s they need mode exact",
            longest_memory_s);
    }
    if (!isnan(d->cfg->timeout_ms)) {
        return gw_fail(err, GW_ERR_RANGE, where,
                       "serving.mode flow knows no single requests that give up: timeout needs mode exact");
    }
    if (d->cfg->priority > 0) {
        return gw_fail(err, GW_ERR_RANGE, where,
                       "serving.mode flow serves in order of arrival: priority needs mode exact");
    }
    if (d->cfg->elastic.name != NULL) {
        return gw_fail(
            err, GW_ERR_RANGE, where,
            "serving.mode flow sends what is expected beforehand: elastic demand needs mode exact");
    }
    if (d->cfg->class == GW_CLASS_BATCH) {
        return gw_fail(err, GW_ERR_RANGE, where,
                       "serving.mode flow sends requests when they are asked: class batch needs mode exact");
    }
    return GW_OK;
}

static enum gw_status check_model(const struct gw_model *m, char *where, size_t bytes, struct gw_error *err)
{
    snprintf(where, bytes, "serving.models[%s]", m->name);
    if (m->cfg->dispatch == GW_DISPATCH_PACK) {
        return gw_fail(err, GW_ERR_RANGE, where,
                       "serving.mode flow keeps replicas level: dispatch pack needs mode exact");
    }
    if (m->cfg->replicas.alt == GW_REPLICAS_SPLIT) {
        return gw_fail(err, GW_ERR_RANGE, where,
                       "in serving.mode flow a replica does both phases: split replicas need mode exact");
    }
    if (m->cfg->on_overload != GW_OVERLOAD_QUEUE) {
        return gw_fail(err, GW_ERR_RANGE, where,
                       "in serving.mode flow what is too much waits: on_overload needs mode exact");
    }
    if (m->cfg->engine->admission != GW_ADMISSION_FCFS) {
        return gw_fail(err, GW_ERR_RANGE, where,
                       "serving.mode flow serves in order of arrival: the engine %s needs mode exact",
                       m->cfg->engine->name);
    }
    return GW_OK;
}

enum gw_status gw_flows_check(const struct gw_scenario *sc, struct gw_error *err)
{
    char where[GW_NAME_BYTES_MAX + 40];
    enum gw_status s = GW_OK;
    if (sc->cfg.output.requests.alt != GW_REQUESTS_NONE) {
        return gw_fail(err, GW_ERR_RANGE, "output.requests",
                       "serving.mode flow has no single requests to record: it needs mode exact");
    }
    if (sc->cfg.events.n > 0) {
        return gw_fail(err, GW_ERR_RANGE, "events",
                       "in serving.mode flow replicas stand all the time: events need mode exact");
    }
    if (gw_record_frac(sc) > 0.0) {
        return gw_fail(
            err, GW_ERR_RANGE, "output.requests",
            "in serving.mode flow there are no single requests: a record of them needs mode exact");
    }
    for (uint32_t i = 0; i < sc->n_sites; i++) {
        if (sc->site[i].cfg->supply.beyond_limit == GW_SUPPLY_CAP) {
            snprintf(where, sizeof where, "sites[%s].beyond_limit", sc->site[i].name);
            return gw_fail(err, GW_ERR_RANGE, where,
                           "in serving.mode flow power caps do not change: cap needs mode exact");
        }
    }
    for (uint32_t d = 0; d < sc->n_demands && s == GW_OK; d++) {
        s = check_demand(&sc->demand[d], where, sizeof where, err);
    }
    for (uint32_t m = 0; m < sc->n_models && s == GW_OK; m++) {
        s = check_model(&sc->model[m], where, sizeof where, err);
    }
    for (uint32_t v = 0; v < sc->n_variants && s == GW_OK; v++) {
        snprintf(where, sizeof where, "policies[%s]", sc->variant[v].name);
        const bool directs = sc->variant[v].slot[GW_SLOTS_DIRECTIVES].ops != NULL,
                   caps = sc->variant[v].slot[GW_SLOTS_POWER].ops != NULL;
        if (directs || caps) {
            s = gw_fail(err, GW_ERR_RANGE, where,
                        "changes %s from epoch to epoch, and in serving.mode flow they stay: it needs mode "
                        "exact",
                        directs ? "the lengths of answers" : "power caps");
        } else if (sc->variant[v].staged) {
            s = gw_fail(err, GW_ERR_RANGE, where,
                        "starts and stops replicas, and in serving.mode flow all stand: it needs mode exact");
        } else if (sc->variant[v].state_aware) {
            s = gw_fail(err, GW_ERR_RANGE, where,
                        "routes request by request, and serving.mode flow has none: it needs mode exact");
        }
    }
    return s;
}

/* ---- from flows to counts ---- */

static uint64_t whole(double *carry, double more)
{
    *carry += more;
    const double n = floor(*carry + 1e-6);
    *carry -= n;
    return (uint64_t)n;
}

/* Of the row's requests inside, those that make `more` of them end. */
static uint64_t whole_inside(struct row *row, double more)
{
    const uint64_t wished = whole(&row->served, more);
    const uint64_t n = wished < row->inside ? wished : row->inside;
    row->served += (double)(wished - n);
    row->inside -= n;
    return n;
}

static void count_lots(struct gw_flows *self, const struct gw_flow_batch *batch, uint64_t n)
{
    const struct gw_demand *d = &self->sc->demand[batch->class];
    struct row *row = &self->row[batch->class];
    const bool by_moments = d->replay != NULL && d->replay->has_lengths;
    const struct gw_flow_times_law prompt = {by_moments ? NULL : &d->prompt, d->prompt.mean,
                                             d->prompt.mean_sq};
    const struct gw_flow_times_law output = {by_moments ? NULL : &d->output, d->output.mean,
                                             d->output.mean_sq};
    const uint64_t lots = n < self->lots ? n : self->lots;
    for (uint64_t i = 0; i < lots; i++) {
        double u[GW_FLOW_TIMES_DIMS];
        struct gw_flow_times at;
        gw_flow_times_place(row->place, u);
        gw_flow_times_at(batch, &prompt, &output, u, &at);
        const gw_time_us late_us =
            gw_wire_late_us(self->wire, batch->class, self->site, row->place++, (uint32_t)at.in_tok);
        gw_tally_lot(self->tally, batch->class, late_us,
                     &(struct gw_tally_lot){.n = n / lots + (i < n % lots),
                                            .out_tok = at.out_tok,
                                            .first_s = at.first_s,
                                            .finish_s = at.finish_s});
    }
}

static void on_served(void *to, const struct gw_flow_batch *batch)
{
    struct gw_flows *self = to;
    if (batch->from_us < 0) {
        return; /* burn-in */
    }
    const struct gw_serving_load load = gw_compile_load(&self->sc->demand[batch->class], 1.0);
    struct row *row = &self->row[batch->class];
    const bool near = batch->point->full || batch->point->utilisation > near_saturation;
    const struct gw_tally_done done = {
        .completed = whole_inside(row, batch->requests),
        .in_tok = whole(&row->in_tok, batch->requests * load.in_tok),
        .out_tok = whole(&row->out_tok, batch->requests * load.out_tok),
        .near = whole(&row->near, near ? batch->requests : 0.0),
    };
    gw_tally_done(self->tally, batch->class, &done);
    gw_wire_carried_many(self->wire, batch->class, self->site, batch->requests, load.in_tok, load.out_tok);
    count_lots(self, batch, done.completed);
}

bool gw_flows_open(const struct gw_scenario *sc, uint32_t site, struct gw_tally *tally, struct gw_wire *wire,
                   struct gw_arena *arena, struct gw_station *out)
{
    struct gw_flows *self = gw_arena_array(arena, 1, sizeof *self);
    struct row *row = gw_arena_array(arena, sc->n_demands, sizeof *row);
    struct gw_flow_class *class = gw_arena_array(arena, sc->n_demands, sizeof *class);
    enum gw_dispatch *dispatch = gw_arena_array(arena, sc->n_models, sizeof *dispatch);
    if (self == NULL || row == NULL || class == NULL || dispatch == NULL) {
        return false;
    }
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        const struct gw_demand *asks = &sc->demand[d];
        class[d] = (struct gw_flow_class){asks->model, gw_compile_load(asks, 0.0),
                                          asks->replay != NULL ? (struct gw_burst){0} : asks->arrivals.burst};
    }
    for (uint32_t m = 0; m < sc->n_models; m++) {
        dispatch[m] = (enum gw_dispatch)sc->model[m].cfg->dispatch;
    }
    const struct gw_flow_cfg cfg = {.group = sc->site[site].fleet_group,
                                    .n_groups = sc->site[site].n_groups,
                                    .dispatch = dispatch,
                                    .class = class,
                                    .models = sc->n_models,
                                    .classes = sc->n_demands,
                                    .base_us = -sc->burn_in_us};
    const struct gw_flow_sink sink = {on_served, self};
    const gw_time_us steps = sc->cfg.time.duration_us / sc->cfg.time.step_us;
    const gw_time_us lots = LOTS_OF_RUN / steps;
    *self = (struct gw_flows){.sc = sc,
                              .site = site,
                              .tally = tally,
                              .wire = wire,
                              .row = row,
                              .lots = (uint64_t)(lots < LOTS_MIN   ? LOTS_MIN
                                                 : lots > LOTS_MAX ? LOTS_MAX
                                                                   : lots)};
    *out = (struct gw_station){.flow = gw_flow_create(&cfg, &sink), .flows = self};
    return out->flow != NULL;
}

uint64_t gw_flows_send(struct gw_station *self, uint32_t d, double asked, double share, gw_time_us from_us)
{
    const double requests = asked * share;
    struct row *row = &self->flows->row[d];
    gw_flow_push(self->flow, d, requests, share);
    if (from_us < 0) {
        return (uint64_t)llround(requests);
    }
    const uint64_t n = whole(&row->sent, requests);
    row->inside += n;
    gw_tally_sent_many(self->flows->tally, d, from_us, n);
    return n;
}

/* ---- the end ---- */

struct leaving {
    struct gw_flows *flows;
    gw_time_us end_us;
};

static void on_left(void *to, uint32_t class, double requests, gw_time_us from_us, gw_time_us to_us)
{
    const struct leaving *l = to;
    if (from_us >= 0) {
        const uint64_t n = whole_inside(&l->flows->row[class], requests);
        gw_tally_unfinished_many(l->flows->tally, class, from_us + (to_us - from_us) / 2, l->end_us, n);
    }
}

void gw_flows_left(struct gw_station *self, gw_time_us end_us)
{
    struct leaving leaving = {self->flows, end_us};
    gw_flow_each(self->flow, on_left, &leaving);
    /* what rounding has kept back */
    for (uint32_t d = 0; d < self->flows->sc->n_demands; d++) {
        gw_tally_unfinished_many(self->flows->tally, d, end_us, end_us, self->flows->row[d].inside);
    }
}
