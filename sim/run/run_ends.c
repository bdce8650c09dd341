#include "sim/run/run_private.h"

#include <math.h>
#include <string.h>

#include "sim/run/flows.h"
#include "sim/run/outages.h"
#include "sim/run/shedding.h"

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
            return gw_run_no_memory(err);
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
    const struct gw_fleet_sink sink = gw_run_sites_sink(port);
    if (group == NULL || overload == NULL || port->group_meter == NULL || port->class_j == NULL ||
        port->meter.share == NULL || port->meter.billing == NULL ||
        !gw_tally_init(&run->tally[s], sc, s, run->sample, &run->arena)) {
        return gw_run_no_memory(err);
    }
    if (sc->cfg.serving.mode == GW_MODE_FLOW) {
        return gw_flows_open(sc, s, &run->tally[s], &run->wire, &run->arena, &run->station[s])
                   ? GW_OK
                   : gw_run_no_memory(err);
    }
    run->station[s] = (struct gw_station){.fleet = gw_fleet_create(&cfg, &sink),
                                          .staged = run->variant->staged || gw_outages_stage(sc, s)};
    return run->station[s].fleet != NULL ? GW_OK : gw_run_no_memory(err);
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
        return gw_run_no_memory(err);
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
    return s != GW_OK || gw_islands_open(&run->islands, sc, run->station, &run->arena)
               ? s
               : gw_run_no_memory(err);
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
        return gw_run_no_memory(err);
    }
    run->observer.site = run->caps.site;
    run->observer.caps = ordered ? &run->caps : NULL;
    gw_observer_refresh(&run->observer, run->now_us, NULL);
    return gw_run_sites_shed(run, run->now_us, err);
}

enum gw_status gw_run_ends_open(struct run *run, uint32_t replication, struct gw_run_result *out,
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
        return gw_run_no_memory(err);
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
    run->deciders.hook = (struct gw_deciders_hook){gw_run_planned, run};
    run->deciders.programs = run->programs;
    s = gw_traffic_init(&run->traffic, sc, replication, &run->arena, err);
    run->traffic.levels = &run->levels;
    s = s == GW_OK ? open_sites(run, err) : s;
    if (s == GW_OK && !gw_outages_apply(sc, run->now_us, run->station)) {
        s = gw_run_no_memory(err);
    }
    if (s == GW_OK) {
        run->observer.station = run->station;
        if (!show_bills(run) ||
            !gw_bounds_open(&run->bounds, sc, replication, &run->observer, out, &run->arena)) {
            return gw_run_no_memory(err);
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

void gw_run_ends_close(struct run *run)
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

enum gw_status gw_run_ends_finish(struct run *run, struct gw_run_result *out, struct gw_error *err)
{
    const struct gw_scenario *sc = run->sc;
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        if (run->station[s].flow != NULL) {
            gw_flows_left(&run->station[s], run->now_us);
        } else {
            gw_run_sites_leave(&run->port[s]);
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
        return gw_run_no_memory(err);
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
