#include "sim/run/meter.h"

#include <math.h>

#include "models/cooling/plant_step.h"
#include "sim/base/units.h"
#include "sim/run/air.h"
#include "sim/run/stages.h"

/* One group's energy at the nodes' DC side and its supply's losses, kWh. */
static void add_group(const struct gw_group *group, const struct gw_replica_meter *m,
                      const struct gw_stages_rest *rest, bool idle_counts, double *entry)
{
    const struct gw_machine *node = group->node;
    /* what the accelerators draw above resting loaded: the host's fans and CPUs follow it */
    const double accelerators = group->cfg.power.n_accelerators;
    const double active_j =
        fmax(m->busy_j - m->busy_s * accelerators * node->accelerator->loaded_idle_w, 0.0);
    const double idle_j = idle_counts ? rest->idle_j : 0.0;
    const double host_j = node->host_dynamic_frac * active_j;
    const double host_idle_j = idle_counts ? rest->host_idle_j : 0.0;
    const double dc_j = m->busy_j + m->moved_j + idle_j + host_j + host_idle_j + rest->loading_j;

    entry[GW_ACCOUNT_BUSY] += gw_kwh_from_j(m->busy_j + m->moved_j);
    entry[GW_ACCOUNT_IDLE] += gw_kwh_from_j(idle_j);
    entry[GW_ACCOUNT_HOST] += gw_kwh_from_j(host_j);
    entry[GW_ACCOUNT_HOST_IDLE] += gw_kwh_from_j(host_idle_j);
    entry[GW_ACCOUNT_LOADING] += gw_kwh_from_j(rest->loading_j);
    entry[GW_ACCOUNT_PSU] += gw_kwh_from_j(dc_j * (1.0 / node->psu_efficiency - 1.0));
    entry[GW_ACCOUNT_BUSY_S] += m->busy_s;
    entry[GW_ACCOUNT_REPLICA_S] += idle_counts ? rest->standing_s : m->busy_s;
    entry[GW_ACCOUNT_BATCH_S] += m->token_steps;
    entry[GW_ACCOUNT_TOKENS_OUT] += (double)m->out_tok;
    entry[GW_ACCOUNT_PROMPT_TOK] += (double)m->prompt_tok;
    entry[GW_ACCOUNT_ENGINE_STEPS] += (double)m->steps;
    entry[GW_ACCOUNT_ENGINE_EVENTS] += (double)m->events;
    entry[GW_ACCOUNT_PREEMPTIONS] += (double)m->preemptions;
}

static double it_kwh(const double *entry)
{
    return entry[GW_ACCOUNT_BUSY] + entry[GW_ACCOUNT_IDLE] + entry[GW_ACCOUNT_HOST] +
           entry[GW_ACCOUNT_HOST_IDLE] + entry[GW_ACCOUNT_SPARE] + entry[GW_ACCOUNT_LOADING] +
           entry[GW_ACCOUNT_TRAINING] + entry[GW_ACCOUNT_TRAINING_HELD] + entry[GW_ACCOUNT_PSU];
}

/* Jobs at the nodes' plugs. Nodes that they hold are not spare; those lent and not held are. */
static void add_training(const struct gw_scenario *sc, uint32_t s, const struct gw_yard_meter *m,
                         double step_s, bool idle_counts, double *entry)
{
    const struct gw_training_place *place = &sc->training.place[s];
    entry[GW_ACCOUNT_TRAINING] = gw_kwh_from_j(m->work_j);
    entry[GW_ACCOUNT_TRAINING_HELD] = gw_kwh_from_j(m->held_j);
    entry[GW_ACCOUNT_TRAINING_LOST] = gw_kwh_from_j(m->lost_j);
    entry[GW_ACCOUNT_TRAINING_S] = m->work_s;
    entry[GW_ACCOUNT_INSTANCES] = m->usd;
    if (place->row == NULL || !idle_counts) {
        return;
    }
    entry[GW_ACCOUNT_INSTANCES] +=
        place->row->reserved_usd_per_h * (double)place->row->reserved * step_s / 3600.0;
    if (place->has_pool) {
        const double held_s = m->nodes_s / (double)place->node->count;
        const double resting_s = (double)place->nodes * step_s - held_s;
        const double more_kwh = gw_kwh_from_j(resting_s * sc->site[s].spare_node_w[place->pool]);
        entry[GW_ACCOUNT_SPARE] = fmax(entry[GW_ACCOUNT_SPARE] + more_kwh, 0.0);
    }
}

struct step_air {
    const struct gw_scenario *sc;
    const struct gw_air *air;
    uint32_t site;
    gw_time_us from_us;
};

static void air_after(const void *from, double after_s, struct gw_plant_in *in)
{
    const struct step_air *step = from;
    const gw_time_us t_us = step->from_us + llround(after_s * 1e6);
    const struct gw_plant_in now = gw_air_plant_in(step->sc, step->site, step->air, t_us, in->it_kw);
    in->dry_bulb_c = now.dry_bulb_c;
    in->wet_bulb_c = now.wet_bulb_c;
    in->humidity_ratio = now.humidity_ratio;
    in->pressure_pa = now.pressure_pa;
    in->reuse = now.reuse;
}

/* Cooling and power chain at the step's mean IT power, for a plant that remembers when free cooling shut. In
 * the drain only what the work adds. */
static void add_plant(const struct step_air *step, double step_s, bool idle_counts, struct gw_meter *meter)
{
    const struct gw_site *site = &step->sc->site[step->site];
    const struct gw_plant_step_air air = {air_after, step};
    const double step_h = step_s / 3600.0;
    double *entry = meter->entry;
    struct gw_plant_in in = {.it_kw = it_kwh(entry) / step_h,
                             .nameplate_kw = site->nameplate_kw,
                             .shut_s = meter->shut_s,
                             .step_s = step_s,
                             .set_point_shift_k = meter->set_point_shift_k};
    struct gw_plant_out out = gw_plant_step(site->plant, site->cfg->cooling.cfg, &in, &air);
    meter->shut_s = out.shut_s;
    if (!idle_counts) {
        in.it_kw = 0.0;
        const struct gw_plant_out rest = gw_plant_step(site->plant, site->cfg->cooling.cfg, &in, &air);
        out.cooling_kw -= rest.cooling_kw;
        out.power_chain_kw -= rest.power_chain_kw;
        out.water_consumed_l_per_h -= rest.water_consumed_l_per_h;
        out.water_withdrawn_l_per_h -= rest.water_withdrawn_l_per_h;
        out.discharged_l_per_h -= rest.discharged_l_per_h;
        out.reused_kw -= rest.reused_kw;
        out.heat_pump_kw -= rest.heat_pump_kw;
    }
    entry[GW_ACCOUNT_COOLING] = out.cooling_kw * step_h;
    entry[GW_ACCOUNT_CHAIN] = out.power_chain_kw * step_h;
    entry[GW_ACCOUNT_WATER_ONSITE] = out.water_consumed_l_per_h * step_h;
    entry[GW_ACCOUNT_WATER_WITHDRAWN] = out.water_withdrawn_l_per_h * step_h;
    entry[GW_ACCOUNT_WATER_DISCHARGED] = out.discharged_l_per_h * step_h;
    entry[GW_ACCOUNT_WATER_STRESSED] = site->stress != GW_STRESS_UNKNOWN
                                           ? gw_stress_weight(site->stress) * entry[GW_ACCOUNT_WATER_ONSITE]
                                           : 0.0;
    entry[GW_ACCOUNT_HEAT_REUSED] = out.reused_kw * step_h;
    entry[GW_ACCOUNT_HEAT_PUMP] = out.heat_pump_kw * step_h;
}

/* Where the energy comes from. In the drain all of it is bought. */
static void add_supply(struct gw_onsite *onsite, gw_time_us from_unix_us, gw_time_us to_unix_us,
                       bool idle_counts, double *entry)
{
    const double facility_kwh = it_kwh(entry) + (entry[GW_ACCOUNT_COOLING] + entry[GW_ACCOUNT_CHAIN]);
    const double load_kwh = facility_kwh + entry[GW_ACCOUNT_HEAT_PUMP];
    entry[GW_ACCOUNT_IMPORT] = load_kwh;
    if (onsite == NULL || !idle_counts) {
        return;
    }
    const double load_kw = load_kwh / gw_h_from_us(to_unix_us - from_unix_us);
    const struct gw_supply_out out = gw_onsite_step(onsite, from_unix_us, to_unix_us, load_kw);
    entry[GW_ACCOUNT_IMPORT] = out.import_kwh;
    entry[GW_ACCOUNT_PV] = out.pv_kwh;
    entry[GW_ACCOUNT_WIND] = out.wind_kwh;
    entry[GW_ACCOUNT_CHARGE] = out.charge_kwh;
    entry[GW_ACCOUNT_DISCHARGE] = out.discharge_kwh;
    entry[GW_ACCOUNT_BATTERY_LOSS] = out.loss_kwh;
    entry[GW_ACCOUNT_STORED] = out.stored_kwh;
    entry[GW_ACCOUNT_EXPORT] = out.export_kwh;
    entry[GW_ACCOUNT_CURTAILED] = out.curtailed_kwh;
    entry[GW_ACCOUNT_UNSERVED] = out.unserved_kwh;
}

static enum gw_status fail_signal(const struct gw_site *site, const struct gw_grid *grid, const char *what,
                                  gw_time_us unix_us, struct gw_error *err)
{
    char when[GW_CLOCK_TEXT_MAX];
    gw_clock_print(unix_us, when);
    return gw_fail(
        err, GW_ERR_RANGE, grid->label,
        "has no %s for %s, while site \"%s\" was still at work: shorten time.drain, or give a longer trace",
        what, when, site->name);
}

/* Carbon and water of energy bought at the means of [from, to). An absent carbon signal stays at zero:
 * no score may ask for it. */
static enum gw_status add_grid(const struct gw_site *site, const struct gw_grid *grid,
                               gw_time_us from_unix_us, gw_time_us to_unix_us, double bought_kwh,
                               double *entry, struct gw_error *err)
{
    const struct {
        const struct gw_signal *signal;
        enum gw_account account;
        double scale;
        const char *what;
    } rows[] = {
        {&grid->carbon[GW_CARBON_AVERAGE_LIFECYCLE], GW_ACCOUNT_CARBON_LIFECYCLE, 1e-3, "carbon intensity"},
        {&grid->carbon[GW_CARBON_AVERAGE_DIRECT], GW_ACCOUNT_CARBON_DIRECT, 1e-3, "carbon intensity"},
        {&grid->water_l_per_kwh, GW_ACCOUNT_WATER_OFFSITE, 1.0, "water intensity"},
        {&grid->water_with_hydro_l_per_kwh, GW_ACCOUNT_WATER_OFFSITE_HYDRO, 1.0, "water intensity"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!gw_region_has(rows[i].signal)) {
            continue;
        }
        const double mean = gw_signal_mean(rows[i].signal, from_unix_us, to_unix_us);
        if (isnan(mean)) {
            return fail_signal(site, grid, rows[i].what, from_unix_us, err);
        }
        entry[rows[i].account] += bought_kwh * mean * rows[i].scale;
    }
    return GW_OK;
}

/* A demand row's part of the step: its busy energy, and of import, carbon, water and cost the same part of IT
 * energy that its busy energy is. Idle, hosts at rest and spare nodes are nobody's. */
static void share_out(const struct gw_scenario *sc, const double *class_j, const double *entry, double *share)
{
    const double it = it_kwh(entry);
    const double carbon =
        entry[sc->cfg.score.signal == GW_CARBON_AVERAGE_LIFECYCLE ? GW_ACCOUNT_CARBON_LIFECYCLE
                                                                  : GW_ACCOUNT_CARBON_DIRECT];
    const double water = entry[GW_ACCOUNT_WATER_ONSITE] + entry[GW_ACCOUNT_WATER_OFFSITE];
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        double *row = share + (size_t)d * GW_SHARE_COUNT;
        const double busy = gw_kwh_from_j(class_j[d]);
        const double part = it > 0.0 ? busy / it : 0.0;
        row[GW_SHARE_BUSY_KWH] = busy;
        row[GW_SHARE_IMPORT_KWH] = part * entry[GW_ACCOUNT_IMPORT];
        row[GW_SHARE_CARBON_KG] = part * carbon;
        row[GW_SHARE_WATER_L] = part * water;
        row[GW_SHARE_COST_USD] = part * entry[GW_ACCOUNT_COST];
    }
}

static double marginal_kg(const struct gw_scenario *sc, const struct gw_grid *grid, gw_time_us from_unix_us,
                          gw_time_us to_unix_us, double bought_kwh)
{
    const struct gw_signal *marginal = &grid->carbon[sc->cfg.score.marginal_signal];
    return gw_kg_from_g(bought_kwh * gw_signal_mean(marginal, from_unix_us, to_unix_us));
}

/* At the end of the scored time the battery is brought back to its start, at the means of that time. */
static enum gw_status settle(const struct gw_scenario *sc, const struct gw_site *site,
                             const struct gw_grid *grid, struct gw_meter *meter, struct gw_error *err)
{
    const gw_time_us start_unix_us = sc->cfg.time.start_unix_us;
    const double settled_kwh = gw_onsite_settle_kwh(meter->onsite);
    if (settled_kwh == 0.0) {
        return GW_OK;
    }
    const gw_time_us end_unix_us = start_unix_us + sc->cfg.time.duration_us;
    meter->entry[GW_ACCOUNT_SETTLED] = settled_kwh;
    meter->marginal_kg += marginal_kg(sc, grid, start_unix_us, end_unix_us, settled_kwh);
    gw_billing_settle(meter->billing, sc, (uint32_t)(site - sc->site), settled_kwh, meter->entry);
    return add_grid(site, grid, start_unix_us, end_unix_us, settled_kwh, meter->entry, err);
}

/* The least that own plants give in the step: their slots are shorter than long steps. */
static double least_own_kw(const struct gw_generation *own, gw_time_us from_unix_us, gw_time_us to_unix_us)
{
    double least_kw = INFINITY;
    for (gw_time_us t = from_unix_us; t < to_unix_us; t = gw_generation_next(own, t)) {
        const struct gw_generation_node now = gw_generation_at(own, t);
        least_kw = fmin(least_kw, now.pv_kw + now.wind_kw);
    }
    return least_kw;
}

struct gw_meter_spare gw_meter_spare(const struct gw_scenario *sc, uint32_t s, gw_time_us from_us,
                                     gw_time_us to_us, bool idle_counts, double more_kw,
                                     const struct gw_air *air, const struct gw_meter *meter)
{
    enum { PARTS = 4 };
    const struct step_air step = {sc, air, s, from_us};
    const struct gw_plant_step_air outside = {air_after, &step};
    const struct gw_site *site = &sc->site[s];
    const double it_kw = it_kwh(meter->entry) / gw_h_from_us(to_us - from_us);
    double before_kw = 0.0;
    struct gw_meter_spare out = {.pue = 1.0};
    for (int i = 0; i <= PARTS; i++) {
        const double added_kw = more_kw * i / PARTS;
        const struct gw_plant_in in = {.it_kw = it_kw + added_kw,
                                       .nameplate_kw = site->nameplate_kw,
                                       .shut_s = meter->shut_s,
                                       .step_s = gw_s_from_us(to_us - from_us),
                                       .set_point_shift_k = meter->set_point_shift_k};
        const struct gw_plant_out plant = gw_plant_step(site->plant, site->cfg->cooling.cfg, &in, &outside);
        const double site_kw = in.it_kw + plant.cooling_kw + plant.power_chain_kw + plant.heat_pump_kw;
        if (i == 0) {
            before_kw = site_kw;
        } else {
            out.pue = fmax(out.pue, (site_kw - before_kw) / added_kw);
        }
    }
    if (meter->onsite != NULL && idle_counts) {
        const gw_time_us start_us = sc->cfg.time.start_unix_us;
        const double own_kw = least_own_kw(&meter->onsite->generation, start_us + from_us, start_us + to_us);
        out.kw = fmax(own_kw - before_kw, 0.0);
    }
    return out;
}

enum gw_status gw_meter_site(const struct gw_scenario *sc, uint32_t s, gw_time_us from_us, gw_time_us to_us,
                             bool idle_counts, const struct gw_air *air, struct gw_meter *out,
                             struct gw_error *err)
{
    const struct gw_site *site = &sc->site[s];
    const struct gw_grid *grid = &air->grid[s];
    const struct step_air step = {sc, air, s, from_us};
    if (!out->dark) {
        add_plant(&step, gw_s_from_us(to_us - from_us), idle_counts, out);
    }
    const gw_time_us from_unix_us = sc->cfg.time.start_unix_us + from_us;
    const gw_time_us to_unix_us = sc->cfg.time.start_unix_us + to_us;
    add_supply(out->onsite, from_unix_us, to_unix_us, idle_counts, out->entry);
    const double import_kwh = out->entry[GW_ACCOUNT_IMPORT];
    out->marginal_kg = marginal_kg(sc, grid, from_unix_us, to_unix_us, import_kwh);
    const enum gw_status status = add_grid(site, grid, from_unix_us, to_unix_us, import_kwh, out->entry, err);
    if (status == GW_OK && !gw_billing_add(out->billing, sc, s, from_us, to_us, idle_counts, out->entry)) {
        return fail_signal(site, grid, "price", from_unix_us, err);
    }
    return status;
}

void gw_meter_nodes(const struct gw_scenario *sc, uint32_t s, struct gw_station *station, gw_time_us from_us,
                    gw_time_us to_us, bool idle_counts, struct gw_replica_meter *group_meter, double *class_j,
                    struct gw_meter *out)
{
    const struct gw_site *site = &sc->site[s];
    const double step_s = gw_s_from_us(to_us - from_us);
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        class_j[d] = 0.0;
    }
    for (size_t i = 0; i < GW_ACCOUNT_COUNT; i++) {
        out->entry[i] = 0.0;
    }
    gw_station_meter(station, to_us, group_meter, class_j);
    for (uint32_t g = 0; g < site->n_groups; g++) {
        const struct gw_stages_rest rest = gw_stages_rest(site, g, station, &group_meter[g], step_s);
        add_group(&site->group[g], &group_meter[g], &rest, idle_counts, out->entry);
    }
    out->dark = station->fleet != NULL && gw_fleet_dark(station->fleet);
    out->entry[GW_ACCOUNT_SPARE] = idle_counts ? gw_stages_spare_kwh(site, station, step_s) : 0.0;
    if (sc->training.sources > 0) {
        add_training(sc, s, &out->training, step_s, idle_counts && !out->dark, out->entry);
    }
}

enum gw_status gw_meter_rest(const struct gw_scenario *sc, uint32_t s, gw_time_us from_us, gw_time_us to_us,
                             bool idle_counts, const struct gw_air *air, const double *class_j,
                             struct gw_meter *out, struct gw_error *err)
{
    enum gw_status status = gw_meter_site(sc, s, from_us, to_us, idle_counts, air, out, err);
    share_out(sc, class_j, out->entry, out->share);
    if (status == GW_OK && out->onsite != NULL && to_us == sc->cfg.time.duration_us) {
        status = settle(sc, &sc->site[s], &air->grid[s], out, err);
    }
    return status;
}
