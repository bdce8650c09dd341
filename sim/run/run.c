#include "sim/run/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/policies/eval.h"
#include "sim/base/check.h"
#include "sim/base/units.h"
#include "sim/run/air.h"
#include "sim/run/answers.h"
#include "sim/run/bounds.h"
#include "sim/run/caps.h"
#include "sim/run/shedding.h"
#include "sim/run/indicators.h"
#include "sim/run/islands.h"
#include "sim/run/deciders.h"
#include "sim/run/load.h"
#include "sim/run/federations.h"
#include "sim/run/feedback.h"
#include "sim/run/levels.h"
#include "sim/run/flows.h"
#include "sim/run/meter.h"
#include "sim/run/outages.h"
#include "sim/run/realised.h"
#include "sim/run/spill.h"
#include "sim/run/stages.h"
#include "sim/run/tally.h"
#include "sim/run/timing.h"
#include "sim/run/traffic.h"
#include "sim/run/trainings.h"
#include "sim/run/wire.h"

/* Below this many requests per thread in a window, waking the crew costs more than it saves. */
enum { REQUESTS_PER_THREAD = 1000 };

/* All state of one replication of one policy. */
struct run {
    uint32_t replication;
    const struct gw_scenario *sc;
    const struct gw_variant *variant;
    struct gw_run_watch *watch;
    struct gw_pool *pool;
    struct gw_arena arena;
    gw_time_us now_us;

    struct gw_deciders deciders;
    struct gw_exec_programs *programs;
    double *realised; /* the shares that came to be in the last epoch */
    struct gw_realised books;
    bool has_realised;
    struct gw_check_context context;
    struct gw_air air;
    struct gw_onsite *onsite; /* [sites] */
    struct gw_spill spill;
    bool spills;
    struct gw_observer observer;
    struct gw_caps caps; /* where the variant sets some, or a site sheds */
    struct gw_levels levels;
    struct gw_traffic traffic;
    struct gw_station *station; /* [sites] */
    struct gw_islands islands;
    struct gw_tally *tally; /* [sites] */
    struct gw_record_sample sample;
    struct gw_answers *answers; /* [sites] */
    struct site_port *port;     /* [sites] */
    struct gw_wire wire;
    struct gw_feedback feedback;
    struct gw_trainings trainings;
    struct gw_federations federations;
    struct gw_ledger ledger;
    struct gw_load load;
    struct gw_bounds bounds;
    struct gw_sum estimate_carbon_kg, estimate_ttft, estimate_requests;
};

/* What one thread needs to move one site: nothing in it is shared, but with sites of the same island. */
struct site_port {
    struct run *run;
    uint32_t site;
    gw_time_us from_us, to_us;
    struct gw_meter meter;
    struct gw_sum marginal_kg;
    struct gw_replica_meter *group_meter;
    double *class_j;
    struct gw_error error;
};

/* ---- sites ---- */

/* Lanes beyond the rows are those of requests that other sites sent on. */
static uint32_t row_of(const struct site_port *port, uint32_t lane)
{
    const uint32_t rows = port->run->sc->n_demands;
    return lane < rows ? lane : lane - rows;
}

/* Of the site where requests of a row are counted that end at this one: that of their prompts. */
static struct site_port *home_of(struct site_port *port, uint32_t d)
{
    const uint32_t s = port->run->sc->model[port->run->sc->demand[d].model].prefill_site;
    return s == GW_AT_ANY_SITE ? port : &port->run->port[s];
}

static gw_time_us sent_at(const struct site_port *port, uint32_t d, const struct gw_serve_request *request)
{
    return request->arrival_us - port->run->sc->demand[d].rtt_us[port->site] / 2;
}

static gw_time_us late(const struct site_port *port, uint32_t d, const struct gw_serve_request *request)
{
    return gw_wire_late_us(&port->run->wire, d, port->site, request->number, request->in_tok);
}

/* While its network is out a site's answers wait inside. */
static struct gw_served as_heard(const struct site_port *port, const struct gw_served *served)
{
    const struct gw_scenario *sc = port->run->sc;
    struct gw_served heard = *served;
    gw_tick *const at[] = {&heard.first_token, &heard.finish};
    for (size_t i = 0; i < sizeof at / sizeof at[0] && gw_outages_ever(sc, port->site, GW_OUTAGE_NETWORK);
         i++) {
        const gw_time_us at_us = served->request.arrival_us + *at[i] / GW_TICKS_PER_US;
        const gw_time_us heard_us = gw_outages_heard_us(sc, port->site, at_us);
        *at[i] += (heard_us - at_us) * GW_TICKS_PER_US;
    }
    return heard;
}

/* What is decoded elsewhere goes to its user from there. A tally takes all ways as those of its own site. */
static void shift_finish(const struct site_port *from, const struct site_port *home, uint32_t d,
                         struct gw_served *served)
{
    const gw_time_us *rtt_us = from->run->sc->demand[d].rtt_us;
    const gw_tick finish = served->finish + (rtt_us[from->site] - rtt_us[home->site]) / 2 * GW_TICKS_PER_US;
    served->finish = finish > served->first_token ? finish : served->first_token;
}

static void count_carried(struct site_port *at, const struct site_port *home, uint32_t d, gw_time_us sent_us,
                          uint32_t in_tok, uint32_t out_tok)
{
    struct gw_wire *wire = &at->run->wire;
    if (at == home) {
        gw_wire_carried(wire, d, at->site, sent_us, in_tok, out_tok);
    } else {
        gw_wire_answered(wire, d, at->site, sent_us, out_tok);
    }
}

static void on_served(void *to, uint32_t lane, const struct gw_served *at_site)
{
    struct site_port *at = to;
    const uint32_t d = row_of(at, lane);
    struct site_port *port = home_of(at, d);
    struct run *run = port->run;
    struct gw_served heard = as_heard(port, at_site);
    const struct gw_served *served = &heard;
    shift_finish(at, port, d, &heard);
    const gw_time_us sent_us = sent_at(port, d, &served->request);
    const gw_time_us late_us = late(port, d, &served->request);
    gw_tally_served(&run->tally[port->site], d, sent_us,
                    sent_us - gw_traffic_asked(&run->traffic, d, sent_us), late_us, served);
    gw_answers_add(&run->answers[port->site], run->sc, d, port->site, late_us, served);
    count_carried(at, port, d, sent_us, served->request.in_tok, served->request.out_tok);
}

static void on_refused(void *to, uint32_t lane, const struct gw_serve_request *request)
{
    struct site_port *at = to;
    const uint32_t d = row_of(at, lane);
    struct site_port *port = home_of(at, d);
    const gw_time_us sent_us = sent_at(port, d, request);
    gw_tally_refused(&port->run->tally[port->site], d, sent_us, request);
    count_carried(at, port, d, sent_us, request->in_tok, 0);
}

static void on_timed_out(void *to, uint32_t lane, const struct gw_served *served)
{
    struct site_port *at = to;
    const uint32_t d = row_of(at, lane);
    struct site_port *port = home_of(at, d);
    const gw_time_us sent_us = sent_at(port, d, &served->request);
    gw_tally_timed_out(&port->run->tally[port->site], d, sent_us, late(port, d, &served->request), served);
    count_carried(at, port, d, sent_us, served->request.in_tok, served->emitted);
}

/* At this moment the other site's fleet is not further than where the request will be. */
static void on_handed_over(void *to, uint32_t lane, const struct gw_served *served, gw_time_us at_us)
{
    struct site_port *port = to;
    struct run *run = port->run;
    const uint32_t d = row_of(port, lane), s = run->sc->model[run->sc->demand[d].model].decode_site;
    gw_wire_handed_over(&run->wire, d, sent_at(port, d, &served->request), served->request.in_tok);
    if (!gw_fleet_split_receive(run->station[s].fleet, lane, served, at_us)) {
        (void)gw_fail(&port->error, GW_ERR_NOMEM, run->sc->site[port->site].name, "out of memory");
    }
}

static void on_left(void *to, uint32_t lane, const struct gw_serve_request *request, bool answered_first)
{
    const uint32_t d = row_of(to, lane);
    struct site_port *port = home_of(to, d);
    gw_tally_unfinished(&port->run->tally[port->site], d, sent_at(port, d, request), port->run->now_us,
                        request, answered_first);
}

/* What an outage interrupted is asked for again, as the row asks. */
static void on_again(void *to, uint32_t lane, struct gw_serve_request *request)
{
    const struct site_port *port = to;
    const uint32_t d = row_of(port, lane);
    gw_traffic_terms(port->run->sc->demand[d].cfg, request);
}

static void on_spilled(void *to, uint32_t lane, const struct gw_serve_request *request, gw_time_us at_us)
{
    struct site_port *port = to;
    struct run *run = port->run;
    const uint32_t d = row_of(port, lane);
    gw_spill_add(&run->spill, port->site, request, at_us);
    gw_wire_carried(&run->wire, d, port->site, sent_at(port, d, request), request->in_tok, 0);
}

/* With all sites of its island, if it is the first of them. */
static void advance_island(void *context, size_t site)
{
    struct run *run = context;
    struct site_port *port = &run->port[site];
    const struct gw_check_context *outer = gw_check_enter(&run->context);
    if (!gw_islands_advance(&run->islands, (uint32_t)site, port->to_us)) {
        (void)gw_fail(&port->error, GW_ERR_NOMEM, run->sc->site[site].name, "out of memory");
    }
    gw_check_enter(outer);
}

/* Every site up to to_us: one island after the other, or side by side when the window holds enough. */
static enum gw_status advance_sites(struct run *run, gw_time_us to_us, uint64_t requests,
                                    struct gw_error *err)
{
    for (uint32_t s = 0; s < run->sc->n_sites; s++) {
        run->port[s].to_us = to_us;
    }
    if (run->pool != NULL && requests >= (uint64_t)REQUESTS_PER_THREAD * gw_pool_threads(run->pool)) {
        gw_pool_for(run->pool, run->sc->n_sites, advance_island, run);
    } else {
        for (uint32_t s = 0; s < run->sc->n_sites; s++) {
            advance_island(run, s);
        }
    }
    for (uint32_t s = 0; s < run->sc->n_sites; s++) {
        if (run->port[s].error.status != GW_OK) {
            *err = run->port[s].error;
            return err->status;
        }
    }
    run->now_us = run->context.now_us = to_us;
    return GW_OK;
}

/* What was drawn at the nodes, and by federated jobs on what that leaves of the sites' own plants. */
static enum gw_status read_nodes(struct run *run, gw_time_us from_us, gw_time_us to_us, bool idle_counts,
                                 struct gw_error *err)
{
    const struct gw_scenario *sc = run->sc;
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        struct site_port *port = &run->port[s];
        port->meter.training = gw_trainings_read(&run->trainings, s, to_us);
        port->meter.set_point_shift_k = gw_orders_values(&run->deciders.orders, GW_ORDER_SET_POINT)[s];
        gw_meter_nodes(sc, s, &run->station[s], from_us, to_us, idle_counts, port->group_meter, port->class_j,
                       &port->meter);
        gw_federations_set(&run->federations, s, from_us, to_us, idle_counts, &run->air, &port->meter);
    }
    const enum gw_status status = gw_federations_advance(&run->federations, to_us, err);
    for (uint32_t s = 0; s < sc->n_sites && status == GW_OK; s++) {
        gw_federations_read(&run->federations, s, idle_counts, run->port[s].meter.entry);
    }
    return status;
}

/* Reads every site's meters for [from, to) into the books. The burn-in is read and forgotten. */
static enum gw_status read_meters(struct run *run, gw_time_us from_us, gw_time_us to_us, struct gw_error *err)
{
    const bool scored = from_us >= 0;
    const bool idle_counts = scored && from_us < run->sc->cfg.time.duration_us;
    if (scored &&
        (!gw_ledger_open_step(&run->ledger, from_us) || !gw_load_open_step(&run->load, from_us, to_us))) {
        return gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
    }
    if (!scored) {
        for (uint32_t s = 0; s < run->sc->n_sites; s++) {
            gw_station_meter(&run->station[s], to_us, run->port[s].group_meter, run->port[s].class_j);
        }
        return GW_OK;
    }
    enum gw_status status = read_nodes(run, from_us, to_us, idle_counts, err);
    for (uint32_t s = 0; s < run->sc->n_sites && status == GW_OK; s++) {
        struct site_port *port = &run->port[s];
        if (port->meter.onsite != NULL) {
            port->meter.onsite->islanded = gw_outages_at(run->sc, s, GW_OUTAGE_GRID, from_us);
        }
        status = gw_meter_rest(run->sc, s, from_us, to_us, idle_counts, &run->air, port->class_j,
                               &port->meter, err);
        if (status != GW_OK) {
            return status;
        }
        port->meter.entry[GW_ACCOUNT_ARRIVED] = (double)run->tally[s].sent_in_step;
        port->meter.entry[GW_ACCOUNT_SPILLED] = (double)run->tally[s].spilled_in_step;
        run->tally[s].spilled_in_step = 0;
        port->meter.entry[GW_ACCOUNT_FINISHED] = (double)run->tally[s].finished_in_step;
        port->meter.entry[GW_ACCOUNT_TTFT_S] = gw_s_from_us(run->tally[s].ttft_us_in_step);
        run->tally[s].sent_in_step = run->tally[s].finished_in_step = 0;
        run->tally[s].ttft_us_in_step = 0;
        gw_wire_read(&run->wire, s, port->meter.entry, port->meter.share);
        gw_federations_sent(&run->federations, s, port->meter.entry);
        gw_ledger_enter(&run->ledger, from_us, s, port->meter.entry, port->meter.share);
        for (uint32_t m = 0; m < run->sc->n_models; m++) {
            gw_load_enter(&run->load, s, m, gw_station_load(&run->station[s], m));
        }
        gw_sum_add(&port->marginal_kg, port->meter.marginal_kg);
    }
    return status;
}

/* Sites that shed look at the step that begins at now_us. In the drain nothing is short. */
static enum gw_status shed(struct run *run, gw_time_us now_us, struct gw_error *err)
{
    const struct gw_scenario *sc = run->sc;
    if (!gw_shedding_ever(sc)) {
        return GW_OK;
    }
    bool changed = false;
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        run->caps.most[s] = now_us >= sc->cfg.time.duration_us
                                ? GW_CAPS_PERCENT
                                : gw_shedding_percent(&run->caps, s, &run->air, &run->onsite[s], now_us,
                                                      now_us + sc->cfg.time.step_us);
        if (run->caps.most[s] == 0) {
            return gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
        }
    }
    if (!gw_caps_update(&run->caps, run->station, &changed)) {
        return gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
    }
    if (changed) {
        gw_observer_refresh(&run->observer, now_us, run->has_realised ? run->realised : NULL);
    }
    return GW_OK;
}

/* ---- policy ---- */

/* Batteries see the forecasts of the epoch's view. */
static void look_ahead(struct run *run)
{
    const struct gw_view_store *view = &run->observer.view;
    const uint32_t horizon = view->dims.horizon;
    for (uint32_t s = 0; s < run->sc->n_sites; s++) {
        gw_onsite_look(&run->onsite[s], run->sc->cfg.time.start_unix_us + run->now_us,
                       run->sc->cfg.time.epoch_us, horizon,
                       view->value[GW_VIEW_SITE_CARBON] + (size_t)s * horizon,
                       view->value[GW_VIEW_SITE_PRICE] + (size_t)s * horizon);
    }
}

/* Who plans later sees what the orders of a plan change. */
static enum gw_status on_planned(void *to, uint32_t slots, struct gw_error *err)
{
    struct run *run = to;
    bool changed = false;
    if ((slots & GW_SLOT_DIRECTIVES) != 0) {
        const enum gw_status s = gw_levels_update(&run->levels, run->variant->name, &changed, err);
        if (s != GW_OK) {
            return s;
        }
    }
    if ((slots & GW_SLOT_POWER) != 0 && !gw_caps_update(&run->caps, run->station, &changed)) {
        return gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
    }
    if ((slots & GW_SLOT_BATTERY) != 0) {
        gw_observer_batteries(&run->observer);
    }
    if (changed) {
        gw_observer_refresh(&run->observer, run->now_us, run->has_realised ? run->realised : NULL);
    }
    return GW_OK;
}

/* Everyone whose time has come plans, on a view of this moment. */
static enum gw_status plan(struct run *run, struct gw_error *err)
{
    if (run->variant->staged) {
        gw_observer_window(&run->observer, run->now_us, run->station);
    }
    gw_observer_epoch(&run->observer, run->now_us, run->has_realised ? run->realised : NULL);
    look_ahead(run);
    gw_observer_batteries(&run->observer);
    const enum gw_status s = gw_deciders_plan(&run->deciders, run->now_us, &run->observer.view, err);
    if (s == GW_OK && run->variant->staged &&
        !gw_stages_order(run->sc, run->station, gw_orders_values(&run->deciders.orders, GW_ORDER_REPLICAS))) {
        return gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
    }
    return s;
}

/* What was sent in `span_us`, for policies. */
static void note_rates(struct run *run, gw_time_us span_us)
{
    const size_t cells = (size_t)run->sc->n_demands * run->sc->n_sites;
    for (size_t i = 0; i < cells; i++) {
        run->observer.view.value[GW_VIEW_STATE_RATE][i] =
            (double)run->traffic.sent[i] / gw_s_from_us(span_us);
    }
}

static bool routes_one_by_one(const struct run *run)
{
    return run->deciders.router->choice->ops->route != NULL;
}

/* The shares that came to be; in the scored time also what the evaluator expects of them, for the estimate
 * errors. */
static void close_epoch(struct run *run, bool scored)
{
    const struct gw_scenario *sc = run->sc;
    double requests = 0.0;
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        const uint64_t *sent = run->traffic.sent + (size_t)d * sc->n_sites;
        double n = 0.0;
        for (uint32_t s = 0; s < sc->n_sites; s++) {
            n += (double)sent[s];
        }
        for (uint32_t s = 0; s < sc->n_sites; s++) {
            run->realised[(size_t)d * sc->n_sites + s] = n > 0.0 ? (double)sent[s] / n : 0.0;
        }
        requests += n;
    }
    run->has_realised = true;
    note_rates(run, sc->cfg.time.epoch_us);
    if (scored) {
        double objective[GW_OBJECTIVES];
        gw_eval_plan(&run->observer.view, run->realised, objective);
        gw_sum_add(&run->estimate_carbon_kg, objective[GW_OBJ_CARBON_KG]);
        gw_sum_add(&run->estimate_ttft, objective[GW_OBJ_TTFT_MS] * requests);
        gw_sum_add(&run->estimate_requests, requests);
        gw_bounds_over(&run->bounds, run->traffic.sent, run->realised, routes_one_by_one(run));
        gw_realised_epoch(&run->books, sc, &run->ledger, run->observer.view.value[GW_VIEW_STATE_OBJECTIVE]);
    }
}

/* ---- time ---- */

static bool stopped(const struct run *run)
{
    return run->watch != NULL && atomic_load_explicit(&run->watch->stop, memory_order_relaxed) != 0;
}

static enum gw_status interrupted(struct gw_error *err)
{
    return gw_fail(err, GW_ERR_INTERRUPTED, "run", "stopped before its end");
}

/* The steps of a window: sites advance to each step boundary and are read there. A window shorter than a step
 * ends without a reading, unless it ends on the boundary. */
static enum gw_status run_steps(struct run *run, gw_time_us window_end_us, uint64_t requests,
                                struct gw_error *err)
{
    const gw_time_us step_us = run->sc->cfg.time.step_us;
    enum gw_status s = GW_OK;
    while (s == GW_OK && run->now_us < window_end_us) {
        const gw_time_us since_start_us = run->now_us + run->sc->burn_in_us;
        const gw_time_us boundary_us = (since_start_us / step_us + 1) * step_us - run->sc->burn_in_us;
        const gw_time_us to_us = boundary_us < window_end_us ? boundary_us : window_end_us;
        s = advance_sites(run, to_us, requests, err);
        if (s == GW_OK && to_us == boundary_us) {
            s = gw_trainings_advance(&run->trainings, boundary_us, err);
            s = s == GW_OK ? read_meters(run, boundary_us - step_us, boundary_us, err) : s;
            if (s == GW_OK && !gw_outages_apply(run->sc, boundary_us, run->station)) {
                s = gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
            }
            s = s == GW_OK ? gw_trainings_change(&run->trainings, boundary_us, run->station, err) : s;
            s = s == GW_OK ? shed(run, boundary_us, err) : s;
        }
    }
    return s;
}

static enum gw_status settle_spilled(struct run *run, struct gw_error *err)
{
    return !run->spills || gw_spill_settle(&run->spill, run->now_us, run->station, run->tally)
               ? GW_OK
               : gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
}

static enum gw_status run_epoch(struct run *run, struct gw_error *err)
{
    const gw_time_us epoch_end_us = run->now_us + run->sc->cfg.time.epoch_us;
    const struct gw_decider *router = run->deciders.router;
    const struct gw_traffic_rule rule = {
        .share = run->deciders.share, .ops = router->choice->ops, .self = router->self};
    const bool scored = run->now_us >= 0;

    memset(run->traffic.sent, 0, (size_t)run->sc->n_demands * run->sc->n_sites * sizeof *run->traffic.sent);
    for (uint32_t d = 0; d < run->sc->n_demands; d++) {
        run->observer.view.value[GW_VIEW_DEMAND_HELD][d] = gw_traffic_held(&run->traffic, d, run->now_us);
    }
    const double *before = run->has_realised ? run->realised : NULL;
    enum gw_status s = plan(run, err);
    if (s == GW_OK && scored) {
        gw_bounds_planned(&run->bounds, run->now_us, routes_one_by_one(run) ? NULL : run->deciders.share,
                          before);
    }
    gw_traffic_gates(&run->traffic, run->now_us, gw_orders_values(&run->deciders.orders, GW_ORDER_RELEASE),
                     &run->observer);
    while (s == GW_OK && run->now_us < epoch_end_us) {
        if (stopped(run)) {
            return interrupted(err);
        }
        const gw_time_us window_end_us = run->now_us + run->variant->window_us;
        uint64_t requests = 0;
        gw_observer_window(&run->observer, run->now_us, run->station);
        s = gw_traffic_window(&run->traffic, window_end_us, &rule, &run->observer, run->station, run->tally,
                              &requests, err);
        run->context.event += requests;
        if (s == GW_OK) {
            s = run_steps(run, window_end_us, requests, err);
        }
        s = s == GW_OK ? settle_spilled(run, err) : s;
        if (s == GW_OK && !gw_answers_tell(run->answers, run->sc, run->traffic.source, run->now_us)) {
            s = gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
        }
        if (s == GW_OK && run->now_us < epoch_end_us && gw_deciders_due(&run->deciders, run->now_us)) {
            note_rates(run, run->sc->cfg.time.epoch_us - (epoch_end_us - run->now_us));
            s = plan(run, err);
        }
    }
    if (s == GW_OK) {
        close_epoch(run, scored);
        gw_feedback_epoch(&run->feedback, run->now_us, run->tally, &run->ledger, run->traffic.source);
    }
    if (run->watch != NULL) {
        atomic_fetch_add_explicit(&run->watch->done, 1, memory_order_relaxed);
    }
    return s;
}

static bool anything_left(const struct run *run)
{
    if (run->spill.under_way.n > 0 || gw_trainings_left(&run->trainings) ||
        gw_federations_left(&run->federations)) {
        return true;
    }
    for (uint32_t s = 0; s < run->sc->n_sites; s++) {
        if (gw_station_next(&run->station[s]) != GW_NEVER_US ||
            (run->station[s].fleet != NULL && gw_fleet_waiting(run->station[s].fleet) > 0 &&
             gw_outages_to_come(run->sc, run->now_us))) {
            return true;
        }
    }
    return false;
}

/* After the last arrival: whole steps until every site is empty, or the longest drain is over. */
static enum gw_status drain(struct run *run, struct gw_error *err)
{
    const gw_time_us last_us = run->sc->cfg.time.duration_us + run->sc->drain_max_us;
    enum gw_status s = GW_OK;
    while (s == GW_OK && run->now_us < last_us &&
           (anything_left(run) || run->now_us % run->sc->cfg.time.step_us != 0)) {
        if (stopped(run)) {
            return interrupted(err);
        }
        const gw_time_us pace_us = run->spills ? run->variant->window_us : run->sc->cfg.time.step_us;
        s = run_steps(run, run->now_us + pace_us, 0, err);
        s = s == GW_OK ? settle_spilled(run, err) : s;
    }
    return s;
}

/* ---- begin and end ---- */

static enum gw_status no_memory(struct gw_error *err)
{
    return gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
}

/* What is drawn is a replication's own, and the same under all policies. */
static bool draw_drafts(struct run *run, const struct gw_group *group, struct gw_fleet_group *out)
{
    if (group->drawn.drafts.tokens == 0) {
        return true;
    }
    struct gw_replica_cfg *cfg = gw_arena_array(&run->arena, 1, sizeof *cfg);
    if (cfg == NULL) {
        return false;
    }
    *cfg = group->drawn;
    cfg->drafts.key = gw_rng_seed((uint64_t)run->sc->cfg.seed, run->replication, "drafts");
    out->cfg = cfg;
    return true;
}

static enum gw_status open_site(struct run *run, uint32_t s, const enum gw_dispatch *dispatch,
                                const double *pack_limit, const uint32_t *lane_model, struct gw_error *err)
{
    const struct gw_scenario *sc = run->sc;
    struct site_port *port = &run->port[s];
    *port = (struct site_port){
        .run = run,
        .site = s,
        .group_meter = gw_arena_array(&run->arena, sc->site[s].n_groups, sizeof *port->group_meter),
        .class_j = gw_arena_array(&run->arena, sc->n_demands, sizeof *port->class_j),
        .meter.onsite = gw_supply_exists(&sc->site[s].cfg->supply) || gw_outages_ever(sc, s, GW_OUTAGE_GRID)
                            ? &run->onsite[s]
                            : NULL,
        .meter.share = gw_arena_array(&run->arena, (size_t)sc->n_demands * GW_SHARE_COUNT, sizeof(double)),
        .meter.billing = gw_billing_open(sc, s, &run->air.grid[s], &run->arena),
    };
    struct gw_fleet_group *group = gw_arena_array(&run->arena, sc->site[s].n_groups, sizeof *group);
    for (uint32_t g = 0; group != NULL && g < sc->site[s].n_groups; g++) {
        group[g] = sc->site[s].fleet_group[g];
        group[g].more = run->variant->staged ? sc->site[s].group[g].more : 0;
        if (!draw_drafts(run, &sc->site[s].group[g], &group[g])) {
            return no_memory(err);
        }
    }
    struct gw_fleet_overload *overload = gw_arena_array(&run->arena, sc->fleet_models, sizeof *overload);
    for (uint32_t m = 0; overload != NULL && m < sc->fleet_models; m++) {
        const struct gw_model_cfg *model = sc->model[m % sc->n_models].cfg;
        overload[m] =
            (struct gw_fleet_overload){(enum gw_overload)model->on_overload, (uint32_t)model->queue_limit};
    }
    const struct gw_fleet_cfg cfg = {
        .group = group,
        .n_groups = sc->site[s].n_groups,
        .overload = overload,
        .pool_nodes = sc->site[s].pool_nodes,
        .pools = sc->site[s].cfg->pools.n,
        .dispatch = dispatch,
        .pack_limit = pack_limit,
        .models = sc->fleet_models,
        .split = sc->site[s].fleet_split,
        .links = gw_islands_links(sc, s),
        .classes = sc->n_demands,
        .lanes = run->spills ? 2 * sc->n_demands : sc->n_demands,
        .lane_model = lane_model,
        .may_spill = run->spills ? sc->n_demands : 0,
        .base_us = -sc->burn_in_us,
    };
    const struct gw_fleet_sink sink = {on_served,  on_refused, port,          on_timed_out,
                                       on_spilled, on_again,   on_handed_over};
    if (group == NULL || overload == NULL || port->group_meter == NULL || port->class_j == NULL ||
        port->meter.share == NULL || port->meter.billing == NULL ||
        !gw_tally_init(&run->tally[s], sc, s, run->sample, &run->arena)) {
        return no_memory(err);
    }
    if (sc->cfg.serving.mode == GW_MODE_FLOW) {
        return gw_flows_open(sc, s, &run->tally[s], &run->wire, &run->arena, &run->station[s])
                   ? GW_OK
                   : no_memory(err);
    }
    run->station[s] = (struct gw_station){.fleet = gw_fleet_create(&cfg, &sink),
                                          .staged = run->variant->staged || gw_outages_stage(sc, s)};
    return run->station[s].fleet != NULL ? GW_OK : no_memory(err);
}

static enum gw_status open_sites(struct run *run, struct gw_error *err)
{
    const struct gw_scenario *sc = run->sc;
    enum gw_dispatch *dispatch = gw_arena_array(&run->arena, sc->fleet_models, sizeof *dispatch);
    double *pack_limit = gw_arena_array(&run->arena, sc->fleet_models, sizeof *pack_limit);
    uint32_t *lane_model = gw_arena_array(&run->arena, 2 * (size_t)sc->n_demands, sizeof *lane_model);
    run->station = gw_arena_array(&run->arena, sc->n_sites, sizeof *run->station);
    run->tally = gw_arena_array(&run->arena, sc->n_sites, sizeof *run->tally);
    run->port = gw_arena_array(&run->arena, sc->n_sites, sizeof *run->port);
    run->answers = gw_arena_array(&run->arena, sc->n_sites, sizeof *run->answers);
    run->spills = gw_spill_wanted(sc);
    if (!gw_spill_init(&run->spill, sc, &run->arena) || dispatch == NULL || pack_limit == NULL ||
        lane_model == NULL || run->station == NULL || run->tally == NULL || run->port == NULL ||
        run->answers == NULL) {
        return no_memory(err);
    }
    for (uint32_t m = 0; m < sc->fleet_models; m++) {
        const struct gw_model_cfg *model = sc->model[m % sc->n_models].cfg;
        dispatch[m] = (enum gw_dispatch)model->dispatch;
        pack_limit[m] = model->pack_limit;
    }
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        lane_model[d] = lane_model[sc->n_demands + d] = sc->demand[d].model;
    }
    enum gw_status s = GW_OK;
    for (uint32_t i = 0; i < sc->n_sites && s == GW_OK; i++) {
        s = open_site(run, i, dispatch, pack_limit, lane_model, err);
    }
    return s != GW_OK || gw_islands_open(&run->islands, sc, run->station, &run->arena) ? s : no_memory(err);
}

/* What is billed already, for those who plan. */
static bool show_bills(struct run *run)
{
    const uint32_t sites = run->sc->n_sites;
    const struct gw_tariff_bill **bill = gw_arena_array(&run->arena, sites, sizeof *bill);
    for (uint32_t s = 0; bill != NULL && s < sites; s++) {
        bill[s] = &run->port[s].meter.billing->bill;
    }
    run->observer.bill = bill;
    return bill != NULL;
}

/* Where a policy sets power caps the view shows what they would do. */
static enum gw_status open_caps(struct run *run, struct gw_error *err)
{
    const bool ordered = run->variant->slot[GW_SLOTS_POWER].ops != NULL;
    if (!ordered && !gw_shedding_ever(run->sc)) {
        return GW_OK;
    }
    if (!gw_caps_init(&run->caps, run->sc, gw_orders_values(&run->deciders.orders, GW_ORDER_POWER_CAP),
                      &run->arena)) {
        return no_memory(err);
    }
    run->observer.site = run->caps.site;
    run->observer.caps = ordered ? &run->caps : NULL;
    gw_observer_refresh(&run->observer, run->now_us, NULL);
    return shed(run, run->now_us, err);
}

static enum gw_status open_run(struct run *run, uint32_t replication, struct gw_run_result *out,
                               struct gw_error *err)
{
    run->replication = replication;
    const struct gw_scenario *sc = run->sc;
    run->now_us = -sc->burn_in_us;
    enum gw_status s = gw_air_make(sc, replication, &run->air, &run->arena, err);
    s = s == GW_OK ? gw_onsite_make(sc, &run->air, &run->onsite, &run->arena, err) : s;
    if (s != GW_OK) {
        return s;
    }
    const size_t cells = (size_t)sc->n_demands * sc->n_sites;
    run->realised = gw_arena_array(&run->arena, cells, sizeof *run->realised);
    if (run->realised == NULL || !gw_record_sample_init(&run->sample, sc, replication, &run->arena) ||
        !gw_wire_init(&run->wire, sc, replication, &run->arena) ||
        !gw_observer_init(&run->observer, sc, replication, &run->air, &run->arena) ||
        !gw_feedback_init(&run->feedback, sc, &run->arena) ||
        !gw_deciders_init(&run->deciders, sc, &run->observer.view.dims, &run->arena) ||
        !gw_levels_init(&run->levels, sc, replication,
                        gw_orders_values(&run->deciders.orders, GW_ORDER_DIRECTIVES), &run->arena) ||
        !gw_ledger_init(&run->ledger, sc->n_sites, sc->n_demands, sc->cfg.time.step_us, sc->every_us,
                        &run->arena)) {
        return no_memory(err);
    }
    run->load = gw_load_make(sc->n_sites, sc->n_models, sc->every_us);
    run->observer.set_point_shift_k = gw_orders_values(&run->deciders.orders, GW_ORDER_SET_POINT);
    run->observer.onsite = run->onsite;
    for (uint32_t i = 0; i < sc->n_sites; i++) {
        run->onsite[i].ordered_kw = gw_orders_values(&run->deciders.orders, GW_ORDER_BATTERY) + i;
        run->onsite[i].low_kw = gw_orders_values(&run->deciders.orders, GW_ORDER_IMPORT_LOW) + i;
        run->onsite[i].high_kw = gw_orders_values(&run->deciders.orders, GW_ORDER_IMPORT_HIGH) + i;
    }
    run->observer.demand_factor = run->feedback.factor;
    run->observer.levels = &run->levels;
    run->deciders.hook = (struct gw_deciders_hook){on_planned, run};
    run->deciders.programs = run->programs;
    s = gw_traffic_init(&run->traffic, sc, replication, &run->arena, err);
    run->traffic.levels = &run->levels;
    s = s == GW_OK ? open_sites(run, err) : s;
    if (s == GW_OK && !gw_outages_apply(sc, run->now_us, run->station)) {
        s = no_memory(err);
    }
    if (s == GW_OK) {
        run->observer.station = run->station;
        if (!show_bills(run) ||
            !gw_bounds_open(&run->bounds, sc, replication, &run->observer, out, &run->arena)) {
            return no_memory(err);
        }
        s = open_caps(run, err);
    }
    if (s == GW_OK) {
        gw_observer_epoch(&run->observer, run->now_us, NULL);
        s = gw_deciders_open(&run->deciders, sc, run->variant, replication, &run->observer.view, err);
    }
    if (s == GW_OK) {
        s = gw_trainings_open(&run->trainings, sc, replication, &run->air, &run->observer.foresight,
                              &run->deciders, &run->observer.view, &run->arena, err);
    }
    if (s == GW_OK) {
        s = gw_federations_open(&run->federations, sc, replication, &run->deciders, &run->observer.view,
                                &run->arena, err);
    }
    if (s == GW_OK) {
        s = gw_trainings_change(&run->trainings, run->now_us > 0 ? run->now_us : 0, run->station, err);
    }
    return s;
}

static void close_run(struct run *run)
{
    gw_trainings_close(&run->trainings);
    gw_federations_close(&run->federations);
    gw_deciders_close(&run->deciders);
    gw_bounds_close(&run->bounds);
    for (uint32_t s = 0; run->station != NULL && s < run->sc->n_sites; s++) {
        gw_station_close(&run->station[s]);
    }
    for (uint32_t s = 0; run->answers != NULL && s < run->sc->n_sites; s++) {
        gw_answers_fini(&run->answers[s]);
    }
    for (uint32_t s = 0; run->tally != NULL && s < run->sc->n_sites; s++) {
        if (run->tally[s].row != NULL) {
            gw_tally_fini(&run->tally[s]);
        }
    }
    gw_spill_fini(&run->spill);
    gw_traffic_fini(&run->traffic);
    gw_ledger_fini(&run->ledger);
    gw_load_fini(&run->load);
    gw_arena_fini(&run->arena);
}

static double relative_error(double estimate, double simulated)
{
    return simulated > 0.0 ? estimate / simulated - 1.0 : NAN;
}

/* Scores, books and time series into the result, which outlives the run. */
static enum gw_status finish(struct run *run, struct gw_run_result *out, struct gw_error *err)
{
    const struct gw_scenario *sc = run->sc;
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        if (run->station[s].flow != NULL) {
            gw_flows_left(&run->station[s], run->now_us);
        } else {
            gw_fleet_each(run->station[s].fleet, on_left, &run->port[s]);
        }
        out->ties += gw_station_ties(&run->station[s]);
    }
    for (size_t i = 0; i < run->spill.under_way.n; i++) {
        const struct gw_spilled *spilled = &run->spill.under_way.at[i];
        gw_tally_unfinished(&run->tally[spilled->from], spilled->request.class, spilled->sent_us, run->now_us,
                            &spilled->request, false);
    }
    const size_t series = run->ledger.rows * sc->n_sites * GW_ACCOUNT_COUNT;
    out->site = gw_arena_array(&out->arena, (size_t)sc->n_sites * GW_ACCOUNT_COUNT, sizeof *out->site);
    out->series = gw_arena_array(&out->arena, series, sizeof *out->series);
    const size_t load_row = (size_t)sc->n_sites * sc->n_models * GW_LOAD_COUNT;
    out->load = gw_arena_array(&out->arena, run->load.rows, load_row * sizeof *out->load);
    if (out->site == NULL || out->series == NULL || out->load == NULL ||
        !gw_tally_record(run->tally, sc, out) || !gw_tally_score(run->tally, sc, &run->ledger, out) ||
        !gw_trainings_score(&run->trainings, run->now_us, &run->ledger, out)) {
        return no_memory(err);
    }
    gw_federations_score(&run->federations, run->now_us, out->score);
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        for (size_t a = 0; a < GW_ACCOUNT_COUNT; a++) {
            out->site[s * GW_ACCOUNT_COUNT + a] = gw_ledger_site(&run->ledger, s, (enum gw_account)a);
        }
    }
    if (series > 0) {
        memcpy(out->series, run->ledger.series, series * sizeof *out->series);
    }
    GW_REQUIRE(run->load.rows == run->ledger.rows);
    for (size_t row = 0; row < run->load.rows; row++) {
        gw_load_row(&run->load, row, out->load + row * load_row);
    }
    struct gw_sum marginal_kg = {0};
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        gw_sum_merge(&marginal_kg, run->port[s].marginal_kg);
    }
    out->marginal_kg = gw_sum_value(marginal_kg);
    out->rows = run->ledger.rows;
    out->end_us = run->now_us;
    out->events = (uint64_t)gw_ledger_sum(&run->ledger, GW_ACCOUNT_ENGINE_EVENTS);
    /* an estimate by one signal says nothing about a score by another */
    const bool one_signal = sc->cfg.score.policy_signal == sc->cfg.score.signal;
    out->score[GW_SCORE_ESTIMATE_ERROR_CARBON] =
        one_signal ? relative_error(gw_sum_value(run->estimate_carbon_kg), out->score[GW_SCORE_CARBON]) : NAN;
    out->score[GW_SCORE_ESTIMATE_ERROR_TTFT] =
        relative_error(gw_sum_value(run->estimate_ttft) / gw_sum_value(run->estimate_requests),
                       out->score[GW_SCORE_TTFT_MEAN]);
    const struct gw_policy_report report = gw_deciders_report(&run->deciders);
    out->score[GW_SCORE_EVALUATIONS] = report.evaluations;
    out->score[GW_SCORE_HYPERVOLUME] = report.hypervolume;
    out->score[GW_SCORE_HYPERVOLUME_RATIO] = report.hypervolume_ratio;
    gw_bounds_write(&run->bounds, out);
    return GW_OK;
}

/* One episode: the scored one, or one to learn from. */
static enum gw_status run_once(const struct gw_scenario *sc, uint32_t variant, uint32_t replication,
                               struct gw_pool *pool, struct gw_run_watch *watch,
                               struct gw_exec_programs *programs, struct gw_run_result *out)
{
    const double began_s = gw_timing_now_s();
    struct run run = {
        .sc = sc, .variant = &sc->variant[variant], .watch = watch, .pool = pool, .programs = programs};
    out->policy = variant;
    out->replication = replication;
    struct gw_error why = {0};
    run.context = (struct gw_check_context){
        .scenario = sc->cfg.name,
        .policy = run.variant->name,
        .seed = (uint64_t)sc->cfg.seed,
        .replication = replication,
        .now_us = -sc->burn_in_us,
    };
    const struct gw_check_context *outer = gw_check_enter(&run.context);

    enum gw_status s = open_run(&run, replication, out, &why);
    while (s == GW_OK && run.now_us < sc->cfg.time.duration_us) {
        s = run_epoch(&run, &why);
    }
    if (s == GW_OK) {
        s = drain(&run, &why);
    }
    if (s == GW_OK) {
        gw_exec_policy_done(programs, &run.observer.view.public);
        s = finish(&run, out, &why);
    } else if (stopped(&run) && s == GW_ERR_POLICY) {
        s = interrupted(&why); /* its policy was not waited for */
    }
    close_run(&run);
    gw_check_enter(outer);

    out->plan_s = run.deciders.plan_s;
    out->wall_s = gw_timing_now_s() - began_s;
    out->error = why;
    return s;
}

/* Whole runs of other draws, of which nothing stays but what the policy's program has learned. */
static enum gw_status train(const struct gw_scenario *sc, uint32_t variant, uint32_t replication,
                            struct gw_pool *pool, struct gw_run_watch *watch,
                            struct gw_exec_programs *programs, struct gw_run_result *out)
{
    enum gw_status s = GW_OK;
    for (int64_t e = 1; e <= programs->episodes && s == GW_OK; e++) {
        programs->episode = e;
        struct gw_run_result episode = {0};
        s = run_once(sc, variant, gw_exec_policy_replication(replication, e, programs->episodes), pool, watch,
                     programs, &episode);
        out->wall_s += episode.wall_s;
        if (s != GW_OK) {
            (void)gw_fail(&out->error, s, episode.error.where, "in training episode %lld: %s", (long long)e,
                          episode.error.why);
        }
        gw_arena_fini(&episode.arena);
    }
    programs->episode = 0;
    return s;
}

enum gw_status gw_run_exec(const struct gw_scenario *sc, uint32_t variant, uint32_t replication,
                           struct gw_pool *pool, struct gw_run_watch *watch, struct gw_run_result *out,
                           struct gw_error *err)
{
    struct gw_exec_programs programs = {.episodes = gw_exec_policy_episodes(&sc->variant[variant]),
                                        .stop = watch != NULL ? &watch->stop : NULL};
    out->policy = variant;
    out->replication = replication;
    enum gw_status s = train(sc, variant, replication, pool, watch, &programs, out);
    const double trained_s = out->wall_s;
    if (s == GW_OK) {
        s = run_once(sc, variant, replication, pool, watch, &programs, out);
        out->wall_s += trained_s;
    }
    gw_exec_policy_close(&programs);
    if (s != GW_OK && err != NULL) {
        *err = out->error;
    }
    return s;
}

/* ---- all runs ---- */

uint64_t gw_run_epochs(const struct gw_scenario *sc)
{
    return (uint64_t)((sc->cfg.time.duration_us + sc->burn_in_us) / sc->cfg.time.epoch_us);
}

struct all_runs {
    const struct gw_scenario *sc;
    struct gw_run_watch *watch;
    struct gw_result *result;
    struct gw_pool *inner;
};

static void run_one(void *context, size_t index)
{
    struct all_runs *all = context;
    const uint32_t replications = all->result->replications;
    struct gw_run_result *out = &all->result->run[index];
    if (all->watch != NULL && atomic_load_explicit(&all->watch->stop, memory_order_relaxed) != 0) {
        (void)interrupted(&out->error); /* of 100 000 runs the rest is not even opened */
        return;
    }
    const enum gw_status s = gw_run_exec(all->sc, (uint32_t)index / replications,
                                         (uint32_t)index % replications, all->inner, all->watch, out, NULL);
    GW_REQUIRE(s == out->error.status); /* the result keeps the sentence */
}

enum gw_status gw_run_all(const struct gw_scenario *sc, struct gw_pool *pool, struct gw_run_watch *watch,
                          struct gw_result *out, struct gw_error *err)
{
    const uint32_t replications = (uint32_t)sc->cfg.replications;
    if (!gw_result_init(out, sc->n_variants, replications, sc->n_sites, sc->n_demands)) {
        return no_memory(err);
    }
    out->every_us = sc->every_us;
    out->models = sc->n_models;
    out->per_request = gw_scenario_closes_loop(sc);
    out->has_bounds = sc->cfg.score.bounds.n > 0;
    const size_t n = (size_t)sc->n_variants * replications;
    if (watch != NULL) {
        uint64_t runs = 0;
        for (uint32_t v = 0; v < sc->n_variants; v++) {
            runs += replications * (1 + (uint64_t)gw_exec_policy_episodes(&sc->variant[v]));
        }
        atomic_store(&watch->total, runs * gw_run_epochs(sc));
    }
    struct all_runs all = {.sc = sc, .watch = watch, .result = out};
    if (pool != NULL && n >= gw_pool_threads(pool)) {
        gw_pool_for(pool, n, run_one, &all);
    } else {
        all.inner = pool;
        for (size_t i = 0; i < n; i++) {
            run_one(&all, i);
        }
    }
    gw_indicators_fill_deltas(sc, out);
    gw_bounds_fill_sim_gaps(sc, out);
    for (size_t i = 0; i < n; i++) {
        if (out->run[i].error.status != GW_OK) {
            *err = out->run[i].error;
            return err->status;
        }
    }
    return GW_OK;
}
