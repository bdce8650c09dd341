#include "sim/run/run_private.h"

#include "sim/base/units.h"
#include "sim/run/outages.h"
#include "sim/run/shedding.h"

/* Below this many requests per thread in a window, waking the crew costs more than it saves. */
enum { REQUESTS_PER_THREAD = 1000 };

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

struct gw_fleet_sink gw_run_sites_sink(struct site_port *port)
{
    return (struct gw_fleet_sink){on_served,  on_refused, port,          on_timed_out,
                                  on_spilled, on_again,   on_handed_over};
}

void gw_run_sites_leave(struct site_port *port)
{
    gw_fleet_each(port->run->station[port->site].fleet, on_left, port);
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

enum gw_status gw_run_sites_advance(struct run *run, gw_time_us to_us, uint64_t requests,
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

enum gw_status gw_run_sites_read(struct run *run, gw_time_us from_us, gw_time_us to_us, struct gw_error *err)
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

enum gw_status gw_run_sites_shed(struct run *run, gw_time_us now_us, struct gw_error *err)
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
