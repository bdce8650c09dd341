#include "sim/run/observer.h"

#include <math.h>

#include "models/policies/eval.h"
#include "models/supply/stress.h"
#include "models/workload/release.h"
#include "sim/base/units.h"
#include "sim/run/air.h"
#include "sim/run/compile.h"
#include "sim/run/phases.h"
#include "sim/run/wire.h"
#include "sim/run/stages.h"

/* How far ahead policies see. */
static const gw_time_us horizon_us = 24 * GW_US_PER_H;
/* Operating points are kept off zero, where a marginal request has no meaning, and off saturation, where it
 * has no end. */
static const double least_load = 0.05, most_load = 0.95, nearly_full = 0.999;

/* More than any site draws: sides of a band that there are not, as numbers that a message can carry. */
static const double beyond_kw = 1e9;

#define V(self, id) ((self)->view.value[GW_VIEW_##id])

static const struct gw_group *first_group(const struct gw_site *site, uint32_t model)
{
    for (uint32_t g = 0; g < site->n_groups; g++) {
        if (site->group[g].model == model) {
            return &site->group[g];
        }
    }
    return NULL;
}

/* Of a site, as far as it has a station. */
static const struct gw_station *station_of(const struct gw_observer *self, uint32_t s)
{
    return self->station != NULL ? &self->station[s] : NULL;
}

/* Replicas of group g that stand or start; where the model has none, one of its first group: what is sent
 * there starts it. */
static uint32_t counted(const struct gw_observer *self, uint32_t s, uint32_t g)
{
    const struct gw_site *site = &self->site[s];
    uint32_t all = 0;
    for (uint32_t i = 0; i < site->n_groups; i++) {
        all += site->group[i].model == site->group[g].model ? gw_stages_up(site, i, station_of(self, s)) : 0;
    }
    const bool is_first = &site->group[g] == first_group(site, site->group[g].model);
    return all > 0 ? gw_stages_up(site, g, station_of(self, s)) : is_first;
}

/* Row d as a mean load, at the lengths that its directives make of its answers. */
static struct gw_serving_load row_load(const struct gw_observer *self, const struct gw_demand *d,
                                       double rate_per_s)
{
    struct gw_serving_load load = gw_compile_load(d, rate_per_s);
    if (self->levels != NULL) {
        const struct gw_levels_effect *effect = &self->levels->effect[d - self->sc->demand];
        load.out_tok = fmax(load.out_tok * effect->tok, 1.0);
        load.out_tok_sq *= effect->tok_sq;
    }
    return load;
}

static void add_capacity(const struct gw_observer *self, uint32_t s, uint32_t model,
                         const struct gw_serving_load *mix, double by_phase[GW_PHASES])
{
    const struct gw_site *site = &self->site[s];
    for (uint32_t g = 0; g < site->n_groups; g++) {
        if (site->group[g].model == model) {
            by_phase[site->group[g].phase] += counted(self, s, g) * gw_phases_capacity(&site->group[g], mix);
        }
    }
}

/* Requests per second of this mix at which the replicas of a model at the site saturate, by phase. What
 * decodes at another site counts where the prompts run, and so does the network between. */
static void capacity_by_phase(const struct gw_observer *self, uint32_t s, uint32_t model,
                              const struct gw_serving_load *mix, double by_phase[GW_PHASES])
{
    const struct gw_model *served = &self->sc->model[model];
    for (uint32_t p = 0; p < GW_PHASES; p++) {
        by_phase[p] = 0.0;
    }
    add_capacity(self, s, model, mix, by_phase);
    if (served->prefill_site == s) {
        add_capacity(self, served->decode_site, model, mix, by_phase);
        by_phase[GW_PHASE_PREFILL] = fmin(by_phase[GW_PHASE_PREFILL], gw_phases_link_capacity(served, mix));
    }
}

/* Of row d, were it alone. */
static double site_capacity(const struct gw_observer *self, uint32_t s, const struct gw_demand *d)
{
    const struct gw_serving_load mix = row_load(self, d, 1.0);
    double by_phase[GW_PHASES];
    capacity_by_phase(self, s, d->model, &mix, by_phase);
    return gw_phases_least(by_phase);
}

/* `load` of one replica's capacity for this mix. */
static struct gw_serving_load load_at(const struct gw_group *group, struct gw_serving_load mix, double load)
{
    mix.rate_per_s = 1.0;
    mix.rate_per_s = load * gw_phases_capacity(group, &mix);
    return gw_phases_load(group, mix);
}

/* The engine's estimate for one replica at `load` of its capacity for this mix. */
static struct gw_serving_estimate estimate_at(const struct gw_group *group, struct gw_serving_load mix,
                                              double load)
{
    const struct gw_serving_load at = load_at(group, mix, load);
    const struct gw_replica_cfg cfg = gw_phases_cfg(group);
    struct gw_serving_estimate estimate;
    gw_serving_estimate_state(&cfg, &at, &estimate);
    return estimate;
}

/* Energy of one more request there. */
static double marginal_j_at(const struct gw_group *group, struct gw_serving_load mix, double load)
{
    const struct gw_serving_load at = load_at(group, mix, load);
    const struct gw_replica_cfg cfg = gw_phases_cfg(group);
    return gw_serving_marginal_j(&cfg, &at);
}

/* The first row that asks the same of an engine as row d does. */
static uint32_t first_like(const struct gw_observer *self, uint32_t d)
{
    const struct gw_scenario *sc = self->sc;
    const struct gw_serving_load mine = row_load(self, &sc->demand[d], 1.0);
    for (uint32_t i = 0; i < d; i++) {
        const struct gw_serving_load other = row_load(self, &sc->demand[i], 1.0);
        if (sc->demand[i].model == sc->demand[d].model && other.in_tok == mine.in_tok &&
            other.out_tok == mine.out_tok && other.in_tok_sq == mine.in_tok_sq &&
            other.out_tok_sq == mine.out_tok_sq && other.cached_frac == mine.cached_frac) {
            return i;
        }
    }
    return d;
}

/* All rows of a model as one mean load of 1 request per second. */
static struct gw_serving_load model_mix(const struct gw_observer *self, uint32_t model)
{
    const struct gw_scenario *sc = self->sc;
    struct gw_serving_load mix = {.rate_per_s = 1.0};
    double rate = 0.0, rows = 0.0;
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        rate += sc->demand[d].model == model ? sc->demand[d].cfg->rate_per_s : 0.0;
        rows += sc->demand[d].model == model;
    }
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        const struct gw_demand *demand = &sc->demand[d];
        if (demand->model == model) {
            const double weight = rate > 0.0 ? demand->cfg->rate_per_s / rate : 1.0 / rows;
            const struct gw_serving_load row = row_load(self, demand, 1.0);
            mix.in_tok += weight * demand->prompt_mean;
            mix.out_tok += weight * row.out_tok;
            mix.in_tok_sq += weight * demand->prompt_mean_sq;
            mix.out_tok_sq += weight * row.out_tok_sq;
        }
    }
    return mix;
}

/* Accelerator watts of a group at the IT plug: the host's part that follows them, losses of the power supply.
 */
static double at_plug(const struct gw_machine *node, double accelerators)
{
    return accelerators * (1.0 + node->host_dynamic_frac) / node->psu_efficiency;
}

/* What a model's replicas at site s draw above idle, at each utilisation `by_phase` is the capacity of. */
static void add_power(const struct gw_observer *self, uint32_t s, uint32_t model, struct gw_serving_load mix,
                      const double by_phase[GW_PHASES], double *kw)
{
    const struct gw_site *site = &self->site[s];
    for (uint32_t g = 0; g < site->n_groups; g++) {
        const struct gw_group *group = &site->group[g];
        if (group->model != model) {
            continue;
        }
        const struct gw_replica_cfg cfg = gw_phases_cfg(group);
        struct gw_serving_load mine = gw_phases_load(group, mix);
        /* the phase with more room is never full */
        const double capacity =
            gw_serving_capacity(&cfg, &mine) *
            (group->phase == GW_PHASE_BOTH ? 1.0 : gw_phases_least(by_phase) / by_phase[group->phase]);
        const double idle_w = group->idle_w / group->replicas;
        for (uint32_t u = 1; u < GW_VIEW_LOADS; u++) {
            struct gw_serving_estimate estimate;
            mine.rate_per_s = capacity * fmin((double)u / (GW_VIEW_LOADS - 1), nearly_full);
            gw_serving_estimate(&cfg, &mine, &estimate);
            kw[u] += gw_kw_from_w(at_plug(group->node, counted(self, s, g) * (estimate.power_w - idle_w)));
        }
    }
}

/* serving.power of one model at one site: what its requests make replicas draw above idle, here and at the
 * site that decodes for it. */
static void fill_power(const struct gw_observer *self, uint32_t s, uint32_t model, struct gw_serving_load mix,
                       double *kw)
{
    const struct gw_model *served = &self->sc->model[model];
    double by_phase[GW_PHASES];
    capacity_by_phase(self, s, model, &mix, by_phase);
    for (uint32_t u = 0; u < GW_VIEW_LOADS; u++) {
        kw[u] = 0.0;
    }
    if (served->decode_site != s) {
        add_power(self, s, model, mix, by_phase, kw);
    }
    if (served->prefill_site == s) {
        add_power(self, served->decode_site, model, mix, by_phase, kw);
    }
}

/* What follows the number of replicas at one site. */
static void fill_standing(struct gw_observer *self, uint32_t s)
{
    const struct gw_scenario *sc = self->sc;
    const uint32_t sites = sc->n_sites;
    const struct gw_site *site = &self->site[s];
    for (uint32_t m = 0; m < sc->n_models; m++) {
        bool asked = false;
        for (uint32_t d = 0; d < sc->n_demands; d++) {
            asked = asked || sc->demand[d].model == m;
        }
        if (asked) {
            fill_power(self, s, m, model_mix(self, m),
                       V(self, SERVING_POWER) + ((size_t)m * sites + s) * GW_VIEW_LOADS);
        }
        V(self, SERVING_REPLICAS)[(size_t)m * sites + s] = 0.0;
    }
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        if (first_group(site, sc->demand[d].model) != NULL) {
            V(self, SERVING_CAPACITY)[(size_t)d * sites + s] = site_capacity(self, s, &sc->demand[d]);
        }
    }
    for (uint32_t g = 0; g < site->n_groups; g++) {
        V(self, SERVING_REPLICAS)
        [(size_t)site->group[g].model * sites + s] += gw_stages_up(site, g, station_of(self, s));
    }
    V(self, SITE_FIXED_IT)[s] = gw_stages_fixed_it_kw(site, station_of(self, s));
}

/* What a replica of the model would do under each cap. */
static void fill_caps(struct gw_observer *self, uint32_t s, uint32_t model)
{
    const struct gw_site *site = &self->site[s];
    const struct gw_group *own = first_group(site, model);
    if (self->caps == NULL || own == NULL) {
        return;
    }
    const size_t first = ((size_t)model * self->sc->n_sites + s) * GW_VIEW_CAPS;
    for (uint32_t c = 0; c < GW_VIEW_CAPS; c++) {
        const uint32_t percent = 40 + 5 * c;
        const struct gw_replica_cfg *cfg = gw_caps_cfg(self->caps, s, (uint32_t)(own - site->group), percent);
        if (cfg != NULL) {
            struct gw_group group = *own;
            group.cfg = *cfg;
            const struct gw_serving_load mix = model_mix(self, model);
            V(self, POWER_CAP_CAPACITY)[first + c] = gw_phases_capacity(&group, &mix);
            V(self, POWER_CAP_KW)
            [first + c] = gw_kw_from_w(at_plug(own->node, estimate_at(&group, mix, nearly_full).power_w));
        }
    }
}

/* What follows the lengths of answers. */
static void fill_lengths(struct gw_observer *self)
{
    const struct gw_scenario *sc = self->sc;
    const uint32_t sites = sc->n_sites;
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        const struct gw_demand *demand = &sc->demand[d];
        const struct gw_serving_load mix = row_load(self, demand, 1.0);
        self->like[d] = first_like(self, d);
        V(self, DEMAND_OUT_TOK)[d] = mix.out_tok;
        for (uint32_t s = 0; s < sites; s++) {
            const struct gw_group *group = first_group(&self->site[s], demand->model);
            V(self, NETWORK_TRANSFER)[d * sites + s] = gw_wire_answer_usd(sc, s, mix.out_tok);
            if (group != NULL) {
                V(self, SERVING_REPLICA_CAPACITY)[d * sites + s] = gw_serving_capacity(&group->cfg, &mix);
                V(self, SERVING_TTFT)
                [d * sites + s] = estimate_at(group, mix, least_load).ttft_s * 1e3 +
                                  gw_ms_from_us((double)sc->model[demand->model].api_us);
            }
        }
    }
    for (uint32_t s = 0; s < sites; s++) {
        fill_standing(self, s);
        for (uint32_t m = 0; m < sc->n_models; m++) {
            fill_caps(self, s, m);
        }
    }
}

static void fill_levels(struct gw_observer *self)
{
    const uint32_t levels = self->view.dims.levels;
    for (uint32_t d = 0; d < self->sc->n_demands; d++) {
        const struct gw_directive *directives = self->sc->demand[d].cfg->directives;
        for (uint32_t l = 0; l < gw_directive_levels(directives); l++) {
            V(self, DIRECTIVES_OUTPUT)[d * levels + l] = gw_directive_output(directives, l);
            V(self, DIRECTIVES_QUALITY)[d * levels + l] = gw_directive_quality(directives, l);
        }
    }
}

static void fill_constants(struct gw_observer *self)
{
    const struct gw_scenario *sc = self->sc;
    const uint32_t sites = sc->n_sites;
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        const struct gw_demand *demand = &sc->demand[d];
        V(self, DEMAND_IN_TOK)[d] = demand->prompt_mean;
        V(self, DEMAND_MODEL)[d] = demand->model;
        V(self, DEMAND_ORIGIN)[d] = demand->origin;
        V(self, DEMAND_SLO_TTFT)
        [d] = demand->slo_ttft_us == GW_NEVER_US ? INFINITY : gw_ms_from_us((double)demand->slo_ttft_us);
        if (demand->cfg->class == GW_CLASS_BATCH) {
            V(self, DEMAND_PATIENCE)
            [d] = gw_s_from_us(gw_release_patience_us(&demand->cfg->release, demand->cfg->deadline_us));
        }
        for (uint32_t s = 0; s < sites; s++) {
            V(self, DEMAND_ALLOWED)[d * sites + s] = demand->allowed[s];
            V(self, NETWORK_RTT)[demand->origin * sites + s] = gw_ms_from_us((double)demand->rtt_us[s]);
        }
    }
    for (uint32_t s = 0; s < sites; s++) {
        for (uint32_t g = 0; g < self->site[s].n_groups; g++) {
            const struct gw_group *group = &self->site[s].group[g];
            const struct gw_fleet_group *times = &self->site[s].fleet_group[g];
            const size_t cell = (size_t)group->model * sites + s;
            V(self, SERVING_REPLICAS_MAX)[cell] += group->replicas + group->more;
            V(self, SERVING_START)
            [cell] = fmax(V(self, SERVING_START)[cell], gw_s_from_us(times->wake_us + times->load_us));
        }
        const double limit_kw = sc->site[s].cfg->supply.import_limit_kw;
        V(self, SITE_IMPORT_LIMIT)[s] = isnan(limit_kw) ? (double)INFINITY : limit_kw;
        const enum gw_stress stress = sc->site[s].stress;
        V(self, SITE_STRESS)[s] = stress != GW_STRESS_UNKNOWN ? gw_stress_weight(stress) : 1.0;
    }
    fill_levels(self);
    fill_lengths(self);
}

bool gw_observer_init(struct gw_observer *self, const struct gw_scenario *sc, uint32_t replication,
                      const struct gw_air *air, struct gw_arena *arena)
{
    const gw_time_us epoch_us = sc->cfg.time.epoch_us;
    const struct gw_dims dims = {
        .bytes = sizeof dims,
        .origins = sc->n_origins,
        .demands = sc->n_demands,
        .models = sc->n_models,
        .sites = sc->n_sites,
        .levels = gw_levels_most(sc),
        .horizon = epoch_us < horizon_us ? (uint32_t)(horizon_us / epoch_us) : 1,
    };
    const struct gw_view_names names = {
        .origin = sc->origin_name, .demand = sc->demand_name, .model = sc->model_name, .site = sc->site_name};
    *self = (struct gw_observer){.sc = sc, .air = air, .site = sc->site};
    self->load = gw_arena_array(arena, (size_t)sc->n_models * sc->n_sites, sizeof *self->load);
    self->like = gw_arena_array(arena, sc->n_demands, sizeof *self->like);
    if (self->load == NULL || self->like == NULL ||
        !gw_foresight_init(&self->foresight, sc, replication, air, arena) ||
        !gw_view_init(&self->view, &dims, &names, arena)) {
        return false;
    }
    self->view.public.epoch_us = epoch_us;
    for (size_t k = 0; k < GW_OBJECTIVES; k++) {
        V(self, STATE_OBJECTIVE)[k] = (double)NAN;
    }
    fill_constants(self);
    return true;
}

/* One signal of a site over the horizon, in the view's unit. */
static void fill_forecast(struct gw_observer *self, uint32_t s, enum gw_forecast_signal signal,
                          gw_time_us now_us, double scale, double *row)
{
    const uint32_t horizon = self->view.dims.horizon;
    gw_foresight_site(&self->foresight, s, signal, now_us, horizon, row);
    for (uint32_t h = 0; h < horizon; h++) {
        row[h] *= scale;
    }
}

/* Own panels and turbines in the weather that is forecast. */
static void fill_onsite(const struct gw_observer *self, uint32_t s, gw_time_us now_us, double *kw)
{
    if (self->onsite == NULL || self->onsite[s].generation.n == 0) {
        return;
    }
    const gw_time_us epoch_us = self->view.public.epoch_us;
    for (uint32_t h = 0; h < self->view.dims.horizon; h++) {
        const gw_time_us middle = now_us + (gw_time_us)h * epoch_us + epoch_us / 2;
        const gw_time_us from = self->sc->cfg.time.start_unix_us +
                                gw_foresight_air(&self->foresight, now_us, middle) - epoch_us / 2;
        kw[h] = gw_generation_mean_kw(&self->onsite[s].generation, from, from + epoch_us);
    }
}

/* The forecast is of the wholesale price; what a kWh costs is the tariff's to say. */
static void fill_price(struct gw_observer *self, uint32_t s, gw_time_us now_us, double *row)
{
    const struct gw_site *site = &self->site[s];
    const gw_time_us epoch_us = self->view.public.epoch_us;
    const gw_time_us from = self->sc->cfg.time.start_unix_us + now_us;
    fill_forecast(self, s, GW_FORECAST_PRICE, now_us, 1.0, row);
    for (uint32_t h = 0; h < self->view.dims.horizon; h++) {
        const gw_time_us at = from + (gw_time_us)h * epoch_us;
        row[h] = 1e-3 * gw_tariff_price(site->tariff, site->place->utc_offset_h, at, at + epoch_us, row[h]);
    }
}

/* A heat pump of the user of the site's heat follows the plant's heat and so the IT power. */
static double heat_pump_kw_per_kw(const struct gw_site *site, const struct gw_plant_in *in)
{
    if (!site->has_heat_user || !(in->it_kw > 0.0)) {
        return 0.0;
    }
    return site->plant->at(site->cfg->cooling.cfg, in).heat_pump_kw / in->it_kw;
}

static void fill_battery(struct gw_observer *self, uint32_t s)
{
    const struct gw_battery_cfg *battery = self->site[s].cfg->supply.battery;
    if (battery == NULL || self->onsite == NULL) {
        return;
    }
    const double reserve_kwh = gw_battery_reserve_kwh(battery);
    V(self, BATTERY_ENERGY)[s] = gw_battery_ceiling_kwh(battery) - reserve_kwh;
    V(self, BATTERY_POWER)[s] = gw_battery_power_kw(battery);
    V(self, BATTERY_IN)[s] = battery->charge_efficiency;
    V(self, BATTERY_OUT)[s] = battery->discharge_efficiency;
    V(self, BATTERY_STORED)[s] = fmax(self->onsite[s].stored_kwh - reserve_kwh, 0.0);
    V(self, STATE_LOAD)[s] = self->onsite[s].load_kw;
}

void gw_observer_batteries(struct gw_observer *self)
{
    for (uint32_t s = 0; self->onsite != NULL && s < self->view.dims.sites; s++) {
        const struct gw_onsite *onsite = &self->onsite[s];
        const size_t now = (size_t)s * self->view.dims.horizon;
        const bool by_price = onsite->policy != NULL && onsite->policy->signal == GW_BATTERY_PRICE;
        const double signal = by_price ? 1e3 * V(self, SITE_PRICE)[now] : V(self, SITE_CARBON)[now];
        const struct gw_onsite_outlook outlook =
            gw_onsite_outlook(onsite, self->view.public.epoch_us, signal);
        V(self, BATTERY_TAKE)[s] = outlook.take_kw;
        V(self, BATTERY_GIVE)[s] = outlook.give_kw;
        V(self, BATTERY_LOW)[s] = fmin(fmax(outlook.low_kw, -beyond_kw), beyond_kw);
        V(self, BATTERY_HIGH)[s] = fmin(outlook.high_kw, beyond_kw);
    }
}

/* Peaks that are billed already, where the tariff has charges on them. */
static void fill_peaks(struct gw_observer *self, uint32_t s, gw_time_us now_us)
{
    double *kw = V(self, SITE_PEAK) + (size_t)s * GW_VIEW_PEAKS;
    double *usd = V(self, SITE_PEAK_PRICE) + (size_t)s * GW_VIEW_PEAKS;
    struct gw_tariff_threshold threshold[GW_VIEW_PEAKS] = {0};
    if (self->bill != NULL && now_us >= 0) {
        const gw_time_us from = self->sc->cfg.time.start_unix_us + now_us;
        (void)gw_tariff_thresholds(self->bill[s], from, from + self->view.public.epoch_us, GW_VIEW_PEAKS,
                                   threshold);
    }
    for (uint32_t p = 0; p < GW_VIEW_PEAKS; p++) {
        kw[p] = threshold[p].kw;
        usd[p] = threshold[p].usd_per_kw;
    }
}

static void fill_site(struct gw_observer *self, uint32_t s, gw_time_us now_us, double it_kw)
{
    const struct gw_scenario *sc = self->sc;
    const struct gw_site *site = &self->site[s];
    const uint32_t horizon = self->view.dims.horizon;
    fill_forecast(self, s, GW_FORECAST_CARBON, now_us, 1.0, V(self, SITE_CARBON) + s * horizon);
    fill_price(self, s, now_us, V(self, SITE_PRICE) + s * horizon);
    fill_forecast(self, s, GW_FORECAST_WATER, now_us, 1.0, V(self, SITE_WATER) + s * horizon);

    fill_onsite(self, s, now_us, V(self, SITE_ONSITE) + s * horizon);
    fill_battery(self, s);
    fill_peaks(self, s, now_us);

    /* the plant at the IT power of the plan in force, in the air of each epoch's middle */
    const gw_time_us epoch_us = self->view.public.epoch_us;
    for (uint32_t h = 0; h < horizon; h++) {
        const gw_time_us middle = now_us + (gw_time_us)h * epoch_us + epoch_us / 2;
        struct gw_plant_in in =
            gw_air_plant_in(sc, s, self->air, gw_foresight_air(&self->foresight, now_us, middle), it_kw);
        in.set_point_shift_k = self->set_point_shift_k != NULL ? self->set_point_shift_k[s] : 0.0;
        const struct gw_plant_estimate plant = site->plant->estimate(site->cfg->cooling.cfg, &in);
        const double marginal = plant.marginal_kw_per_kw + heat_pump_kw_per_kw(site, &in);
        V(self, SITE_MARGINAL)[s * horizon + h] = marginal;
        V(self, SITE_WATER_ONSITE)[s * horizon + h] = plant.water_l_per_kwh;
        V(self, SITE_FIXED_FACILITY)
        [s * horizon + h] = plant.fixed_kw + marginal * V(self, SITE_FIXED_IT)[s];
    }
}

/* Utilisation of every model at every site under the plan in force; before the first plan, under even shares.
 */
static void fill_load(struct gw_observer *self, const double *share)
{
    const struct gw_scenario *sc = self->sc;
    const uint32_t sites = sc->n_sites, horizon = self->view.dims.horizon;
    for (uint32_t i = 0; i < sc->n_models * sites; i++) {
        self->load[i] = 0.0;
    }
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        uint32_t allowed = 0;
        for (uint32_t s = 0; s < sites; s++) {
            allowed += sc->demand[d].allowed[s];
        }
        for (uint32_t s = 0; s < sites; s++) {
            const size_t cell = (size_t)d * sites + s;
            const double x = share != NULL ? share[cell] : (double)sc->demand[d].allowed[s] / allowed;
            if (x > 0.0) {
                self->load[sc->demand[d].model * sites + s] +=
                    V(self, DEMAND_RATE)[d * horizon] * x / V(self, SERVING_CAPACITY)[cell];
            }
        }
    }
}

/* IT energy that one more request of row d and of such lengths adds at the site, at its load. What is decoded
 * at another site for it counts here. */
static double request_kwh(const struct gw_observer *self, uint32_t d, uint32_t s, struct gw_serving_load mix)
{
    const uint32_t model = self->sc->demand[d].model;
    const struct gw_model *served = &self->sc->model[model];
    const struct gw_group *group = first_group(&self->site[s], model);
    if (group == NULL || served->decode_site == s) {
        return 0.0;
    }
    const double load = fmin(fmax(self->load[model * self->sc->n_sites + s], least_load), most_load);
    double j = at_plug(group->node, marginal_j_at(group, mix, load));
    if (served->prefill_site == s) {
        group = first_group(&self->site[served->decode_site], model);
        j += at_plug(group->node, marginal_j_at(group, mix, load));
    }
    return gw_kwh_from_j(j);
}

static void fill_request_kwh(struct gw_observer *self, uint32_t d)
{
    const uint32_t sites = self->sc->n_sites, like = self->like[d];
    const struct gw_serving_load mix = row_load(self, &self->sc->demand[d], 1.0);
    double *kwh = V(self, SERVING_REQUEST_KWH);
    for (uint32_t s = 0; s < sites; s++) {
        kwh[d * sites + s] = like < d ? kwh[like * sites + s] : request_kwh(self, d, s, mix);
    }
}

/* Of each level of a row that has some. */
static void fill_level_kwh(struct gw_observer *self, uint32_t d)
{
    const struct gw_directive *directives = self->sc->demand[d].cfg->directives;
    const uint32_t sites = self->sc->n_sites, levels = self->view.dims.levels;
    for (uint32_t l = 0; directives != NULL && l < gw_directive_levels(directives); l++) {
        const double output = gw_directive_output(directives, l);
        struct gw_serving_load mix = gw_compile_load(&self->sc->demand[d], 1.0);
        mix.out_tok = fmax(mix.out_tok * output, 1.0);
        mix.out_tok_sq *= output * output;
        for (uint32_t s = 0; s < sites; s++) {
            V(self, DIRECTIVES_KWH)[(d * levels + l) * sites + s] = request_kwh(self, d, s, mix);
        }
    }
}

/* Rows go around sites that are out, as long as there is another one. */
static void fill_outages(struct gw_observer *self)
{
    const struct gw_scenario *sc = self->sc;
    const uint32_t sites = sc->n_sites;
    for (uint32_t s = 0; s < sites; s++) {
        const struct gw_station *station = station_of(self, s);
        V(self, SITE_UP)[s] = station == NULL || station->fleet == NULL || gw_fleet_reachable(station->fleet);
    }
    for (uint32_t d = 0; d < sc->n_demands && sc->n_outages > 0; d++) {
        bool any = false;
        for (uint32_t s = 0; s < sites; s++) {
            any = any || (sc->demand[d].allowed[s] && V(self, SITE_UP)[s] != 0.0);
        }
        for (uint32_t s = 0; s < sites; s++) {
            V(self, DEMAND_ALLOWED)
            [d * sites + s] = sc->demand[d].allowed[s] && (!any || V(self, SITE_UP)[s] != 0.0);
        }
    }
}

void gw_observer_epoch(struct gw_observer *self, gw_time_us now_us, const double *share)
{
    const struct gw_scenario *sc = self->sc;
    const uint32_t sites = sc->n_sites, horizon = self->view.dims.horizon;
    self->view.public.now_us = now_us;
    fill_outages(self);

    for (uint32_t d = 0; d < sc->n_demands; d++) {
        gw_foresight_demand(&self->foresight, d, now_us, horizon, V(self, DEMAND_RATE) + d * horizon);
        for (uint32_t h = 0; h < horizon && self->demand_factor != NULL; h++) {
            V(self, DEMAND_RATE)[d * horizon + h] *= self->demand_factor[d];
        }
    }
    for (uint32_t s = 0; s < sites; s++) {
        if (station_of(self, s) != NULL && station_of(self, s)->staged) {
            fill_standing(self, s);
        }
        const double routed_kw = share != NULL ? gw_eval_routed_kw(&self->view, share, s) : 0.0;
        fill_site(self, s, now_us, V(self, SITE_FIXED_IT)[s] + routed_kw);
    }
    fill_load(self, share);
    for (uint32_t i = 0; i < sc->n_models * sites; i++) {
        V(self, STATE_UTILISATION)[i] = self->load[i];
    }
    for (uint32_t d = 0; d < sc->n_demands; d++) {
        fill_request_kwh(self, d);
        fill_level_kwh(self, d);
    }
}

void gw_observer_refresh(struct gw_observer *self, gw_time_us now_us, const double *share)
{
    fill_lengths(self);
    gw_observer_epoch(self, now_us, share);
}

void gw_observer_window(struct gw_observer *self, gw_time_us now_us, const struct gw_station *station)
{
    const uint32_t sites = self->sc->n_sites;
    self->view.public.now_us = now_us;
    for (uint32_t m = 0; m < self->sc->n_models; m++) {
        for (uint32_t s = 0; s < sites; s++) {
            V(self, STATE_IN_FLIGHT)[m * sites + s] = gw_station_in_flight(&station[s], m);
        }
    }
}
