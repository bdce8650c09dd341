#include "sim/run/run_private.h"

#include <string.h>

#include "models/policies/eval.h"
#include "sim/base/units.h"
#include "sim/run/indicators.h"
#include "sim/run/outages.h"
#include "sim/run/stages.h"
#include "sim/run/timing.h"

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

enum gw_status gw_run_planned(void *to, uint32_t slots, struct gw_error *err)
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
        s = gw_run_sites_advance(run, to_us, requests, err);
        if (s == GW_OK && to_us == boundary_us) {
            s = gw_trainings_advance(&run->trainings, boundary_us, err);
            s = s == GW_OK ? gw_run_sites_read(run, boundary_us - step_us, boundary_us, err) : s;
            if (s == GW_OK && !gw_outages_apply(run->sc, boundary_us, run->station)) {
                s = gw_fail(err, GW_ERR_NOMEM, "run", "out of memory");
            }
            s = s == GW_OK ? gw_trainings_change(&run->trainings, boundary_us, run->station, err) : s;
            s = s == GW_OK ? gw_run_sites_shed(run, boundary_us, err) : s;
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

/* ---- one run ---- */

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

    enum gw_status s = gw_run_ends_open(&run, replication, out, &why);
    while (s == GW_OK && run.now_us < sc->cfg.time.duration_us) {
        s = run_epoch(&run, &why);
    }
    if (s == GW_OK) {
        s = drain(&run, &why);
    }
    if (s == GW_OK) {
        gw_exec_policy_done(programs, &run.observer.view.public);
        s = gw_run_ends_finish(&run, out, &why);
    } else if (stopped(&run) && s == GW_ERR_POLICY) {
        s = interrupted(&why); /* its policy was not waited for */
    }
    gw_run_ends_close(&run);
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
        return gw_run_no_memory(err);
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
