#include "sim/run/compile_replicas.h"

#include <math.h>

#include "sim/base/check.h"
#include "sim/base/units.h"
#include "sim/run/compile.h"
#include "sim/run/compile_training.h"
#include "sim/run/phases.h"

/* Replicas "auto": enough for the peak of all demand at this share of measured capacity (design.md section
 * 7). */
static const double auto_fill = 0.65;

static const struct gw_pool_cfg *pool_of(const struct gw_site *site, uint32_t pool)
{
    return (const struct gw_pool_cfg *)site->cfg->pools.at + pool;
}

/* Replicas of `cfg` that carry the peak of all rows of model m at the planned share of capacity. */
static uint32_t replicas_for_peak(const struct gw_scenario *sc, uint32_t m, const struct gw_replica_cfg *cfg)
{
    double need = 0.0;
    for (uint32_t i = 0; i < sc->n_demands; i++) {
        const struct gw_demand *d = &sc->demand[i];
        if (d->model == m) {
            const struct gw_serving_load mix = gw_compile_load(d, 1.0);
            need += gw_request_law_peak_rate(&d->law, 0, gw_compiler_arrivals_end_us(sc)) /
                    gw_serving_capacity(cfg, &mix);
        }
    }
    return (uint32_t)fmin(fmax(ceil(need / auto_fill), 1.0), 1e6);
}

/* A node that has fewer accelerators than a replica has stages is refused by the serving model. */
static int64_t tensor_parallel_on(const struct gw_model_cfg *model, const struct gw_machine *node)
{
    if (model->tensor_parallel.alt == GW_TENSOR_PARALLEL_COUNT) {
        return *(const int64_t *)model->tensor_parallel.at;
    }
    const int64_t all = (int64_t)node->count / model->pipeline_parallel;
    return all > 1 ? all : 1;
}

static struct gw_serving_setup setup_on(const struct gw_model *model, const struct gw_pool_cfg *pool)
{
    const struct gw_accelerator *a = pool->node->accelerator;
    return (struct gw_serving_setup){.llm = model->cfg->llm,
                                     .engine = model->cfg->engine,
                                     .node = pool->node,
                                     .tensor_parallel = tensor_parallel_on(model->cfg, pool->node),
                                     .pipeline_parallel = model->cfg->pipeline_parallel,
                                     .cap_w = gw_pool_limits_cap_w(&pool->limits, a),
                                     .clock_frac = gw_pool_limits_clock_frac(&pool->limits, a),
                                     .effect = &model->effect};
}

/* A replica that only prefills drafts nothing. */
static void draw_drafts(const struct gw_compiler *c, uint32_t m, const struct gw_serving_setup *setup,
                        struct gw_group *group)
{
    if (c->sc->model[m].cfg->drafts == GW_DRAFTS_DRAWN && !group->cfg.prefill_only) {
        struct gw_serving_setup drawn = *setup;
        drawn.drawn = true;
        const bool fits = gw_serving_cfg(&drawn, &group->drawn, NULL) == GW_OK;
        GW_REQUIRE(fits); /* as its mean does */
    }
}

/* Places replicas of model m on one pool; *wanted is what is still to be placed (auto: UINT32_MAX before the
 * first pool). */
static enum gw_status place_on_pool(struct gw_compiler *c, struct gw_site *site, uint32_t m,
                                    enum gw_phase phase, uint32_t pool, int64_t *free_nodes, uint32_t *wanted,
                                    struct gw_error *refusal)
{
    const struct gw_model_cfg *model = c->sc->model[m].cfg;
    const struct gw_machine *node = pool_of(site, pool)->node;
    const struct gw_serving_setup setup = setup_on(&c->sc->model[m], pool_of(site, pool));
    struct gw_group *group = &site->group[site->n_groups];
    const enum gw_status s = gw_serving_cfg(&setup, &group->cfg, refusal);
    if (s != GW_OK) {
        return s;
    }
    const int64_t each = tensor_parallel_on(model, node) * model->pipeline_parallel;
    const int64_t per_node = node->count / each;
    if (*wanted == UINT32_MAX) {
        *wanted = replicas_for_peak(c->sc, m, &group->cfg);
    }
    const int64_t fit = *free_nodes * per_node;
    const uint32_t replicas = (uint32_t)(fit < (int64_t)*wanted ? fit : (int64_t)*wanted);
    if (replicas == 0) {
        return GW_OK;
    }
    group->cfg.prefill_only = phase == GW_PHASE_PREFILL;
    draw_drafts(c, m, &setup, group);
    group->phase = phase;
    group->model = m;
    group->pool = pool;
    group->node = node;
    group->quality = (enum gw_fit_quality)gw_engine_fit_for(model->engine, node->accelerator)->quality;
    group->replicas = replicas;
    group->more = (uint32_t)(site->pool_nodes[pool] * per_node) - replicas;
    group->per_node = (uint32_t)per_node;
    group->accelerators = (double)each;
    group->nodes = (uint32_t)(((int64_t)replicas + per_node - 1) / per_node);
    const double used = (double)replicas * (double)each;
    group->idle_w = used * node->accelerator->loaded_idle_w;
    group->unused_idle_w = ((double)group->nodes * (double)node->count - used) * node->accelerator->idle_w;
    group->host_idle_w = (double)group->nodes * node->host_idle_w;
    *free_nodes -= group->nodes;
    *wanted -= replicas;
    site->n_groups++;
    return GW_OK;
}

/* A cap too low for a model would else only show in that nothing of it stands there. */
static bool only_the_cap_forbids(const struct gw_model *model, const struct gw_pool_cfg *pool)
{
    struct gw_serving_setup setup = setup_on(model, pool);
    setup.cap_w = INFINITY;
    struct gw_replica_cfg cfg;
    return gw_serving_cfg(&setup, &cfg, NULL) == GW_OK;
}

struct gw_replica_cfg gw_compile_replicas_capped(const struct gw_scenario *sc, uint32_t s, uint32_t g,
                                                 double tdp_frac)
{
    const struct gw_group *group = &sc->site[s].group[g];
    const struct gw_accelerator *a = group->node->accelerator;
    struct gw_serving_setup setup = setup_on(&sc->model[group->model], pool_of(&sc->site[s], group->pool));
    const double own_w = setup.cap_w;
    struct gw_replica_cfg out = group->cfg;
    for (int percent = (int)lround(100.0 * tdp_frac); percent < 100; percent++) {
        struct gw_replica_cfg cfg;
        setup.cap_w = fmin(own_w, (double)percent / 100.0 * a->tdp_w);
        if (setup.cap_w >= a->loaded_idle_w && gw_serving_cfg(&setup, &cfg, NULL) == GW_OK) {
            out.time = cfg.time;
            out.power = cfg.power;
            break;
        }
    }
    return out;
}

static enum gw_status place_phase(struct gw_compiler *c, struct gw_site *site, uint32_t m,
                                  enum gw_phase phase, uint32_t wanted, int64_t *free_nodes)
{
    static const char *const what[GW_PHASES] = {
        "of them", [GW_PHASE_PREFILL] = "that prefill", [GW_PHASE_DECODE] = "that decode"};
    const bool automatic = wanted == UINT32_MAX;
    const uint32_t pools = site->cfg->pools.n;
    struct gw_error refusal = {0};
    for (uint32_t i = 0; i < pools && wanted > 0; i++) {
        struct gw_error e;
        const uint32_t pool = phase == GW_PHASE_DECODE ? pools - 1 - i : i;
        const enum gw_status s = place_on_pool(c, site, m, phase, pool, &free_nodes[pool], &wanted, &e);
        if (s == GW_ERR_NOMEM) {
            return gw_compiler_no_memory(c);
        }
        if (s != GW_OK && only_the_cap_forbids(&c->sc->model[m], pool_of(site, pool))) {
            return gw_compiler_fail(
                c, s, gw_compiler_at("sites[%s].pools[%u].power_cap", site->name, (unsigned)pool), "%s",
                e.why);
        }
        if (s != GW_OK) {
            refusal = e;
        }
    }
    if (!automatic && wanted > 0) {
        return gw_compiler_fail(c, GW_ERR_RANGE,
                                gw_compiler_at("serving.models[%s].replicas", c->sc->model_name[m]),
                                "site \"%s\" has no room for %u %s%s%s", site->name, (unsigned)wanted,
                                what[phase], refusal.why[0] != '\0' ? ": " : "", refusal.why);
    }
    return GW_OK;
}

static enum gw_status place_model(struct gw_compiler *c, struct gw_site *site, uint32_t m,
                                  int64_t *free_nodes)
{
    const struct gw_pick *replicas = &c->sc->model[m].cfg->replicas;
    if (replicas->alt == GW_REPLICAS_SPLIT) {
        const struct gw_split_cfg *split = replicas->at;
        const struct gw_model *model = &c->sc->model[m];
        const uint32_t s = (uint32_t)(site - c->sc->site);
        const bool prefills = model->prefill_site == GW_AT_ANY_SITE || model->prefill_site == s;
        const bool decodes = model->decode_site == GW_AT_ANY_SITE || model->decode_site == s;
        const enum gw_status status =
            place_phase(c, site, m, GW_PHASE_PREFILL, prefills ? (uint32_t)split->prefill : 0, free_nodes);
        return status != GW_OK ? status
                               : place_phase(c, site, m, GW_PHASE_DECODE,
                                             decodes ? (uint32_t)split->decode : 0, free_nodes);
    }
    const uint32_t wanted =
        replicas->alt == GW_REPLICAS_AUTO ? UINT32_MAX : (uint32_t) * (const int64_t *)replicas->at;
    return place_phase(c, site, m, GW_PHASE_BOTH, wanted, free_nodes);
}

static double spare_wall_w(const struct gw_machine *node, int32_t state)
{
    switch (state) {
    case GW_SPARE_SLEEP:
        return node->sleep_w;
    case GW_SPARE_OFF:
        return node->off_w;
    default:
        return (node->host_idle_w + (double)node->count * node->accelerator->idle_w) / node->psu_efficiency;
    }
}

/* What flows at no load, and the most the site can draw. */
static void sum_power(struct gw_site *site, const int64_t *free_nodes)
{
    double wall_w = 0.0, most_w = 0.0;
    for (uint32_t g = 0; g < site->n_groups; g++) {
        const struct gw_group *group = &site->group[g];
        wall_w += (group->idle_w + group->unused_idle_w + group->host_idle_w) / group->node->psu_efficiency;
    }
    for (uint32_t p = 0; p < site->cfg->pools.n; p++) {
        const struct gw_machine *node = pool_of(site, p)->node;
        const double accelerators = (double)(pool_of(site, p)->count * node->count);
        const struct gw_accelerator *a = node->accelerator;
        site->spare_wall_w += (double)free_nodes[p] * spare_wall_w(node, site->cfg->spare);
        most_w += (accelerators * (a->tdp_w + node->host_dynamic_frac * (a->tdp_w - a->idle_w)) +
                   (double)pool_of(site, p)->count * node->host_idle_w) /
                  node->psu_efficiency;
    }
    site->fixed_it_kw = gw_kw_from_w(wall_w + site->spare_wall_w);
    site->nameplate_kw = gw_kw_from_w(most_w);
}

/* A cap cannot do what its site needs of it. */
static enum gw_status check_limit(struct gw_compiler *c, const struct gw_site *site)
{
    const struct gw_supply_cfg *supply = &site->cfg->supply;
    if (supply->beyond_limit != GW_SUPPLY_CAP || supply->pv != NULL || supply->wind != NULL ||
        supply->battery != NULL || !(supply->import_limit_kw < site->fixed_it_kw)) {
        return GW_OK;
    }
    return gw_compiler_fail(
        c, GW_ERR_RANGE, gw_compiler_at("sites[%s].import_limit", site->name),
        "%.3g kW cannot hold the %.3g kW that its nodes draw at no load, and a cap cannot "
        "lower that: raise it, let spare nodes sleep, or give the site PV, wind or a "
        "battery",
        supply->import_limit_kw, site->fixed_it_kw);
}

static gw_time_us us_from_s(double s)
{
    return (gw_time_us)llround(s * 1e6);
}

/* A group as the fleet wants it: its times are those of docs/models/serving.md, "Load and start". */
static struct gw_fleet_group fleet_group(const struct gw_compiler *c, const struct gw_site *site,
                                         const struct gw_group *group)
{
    const struct gw_model *model = &c->sc->model[group->model];
    const struct gw_serving_setup setup = setup_on(model, pool_of(site, group->pool));
    const struct gw_machine *node = group->node;
    struct gw_serving_terms terms = {0};
    struct gw_error err;
    const bool known = gw_serving_cfg_terms(&setup, &terms, &err) == GW_OK;
    GW_REQUIRE(known); /* it was placed */
    const double load_s = terms.weight_bytes / (node->load_gb_per_s * 1e9) + model->cfg->engine->start_s;
    const double wake_s = site->cfg->spare == GW_SPARE_SLEEP ? node->wake_s
                          : site->cfg->spare == GW_SPARE_OFF ? node->boot_s
                                                             : 0.0;
    const uint32_t behind = group->phase == GW_PHASE_DECODE ? c->sc->n_models : 0;
    return (struct gw_fleet_group){.model = behind + group->model,
                                   .cfg = &group->cfg,
                                   .replicas = group->replicas,
                                   .pool = group->pool,
                                   .per_node = group->per_node,
                                   .load_us = us_from_s(load_s),
                                   .wake_us = us_from_s(wake_s),
                                   .boot_us = us_from_s(node->boot_s)};
}

static enum gw_status place_replicas(struct gw_compiler *c, struct gw_site *site)
{
    const uint32_t pools = site->cfg->pools.n;
    int64_t *free_nodes = gw_compiler_array(c, pools, sizeof *free_nodes);
    const size_t most = (size_t)pools * c->sc->n_models * 2; /* of each model for each phase */
    site->group = gw_compiler_array(c, most, sizeof *site->group);
    site->fleet_group = gw_compiler_array(c, most, sizeof *site->fleet_group);
    site->pool_nodes = gw_compiler_array(c, pools, sizeof *site->pool_nodes);
    site->spare_node_w = gw_compiler_array(c, pools, sizeof *site->spare_node_w);
    if (free_nodes == NULL || site->group == NULL || site->fleet_group == NULL || site->pool_nodes == NULL ||
        site->spare_node_w == NULL) {
        return gw_compiler_no_memory(c);
    }
    for (uint32_t p = 0; p < pools; p++) {
        site->pool_nodes[p] =
            pool_of(site, p)->count - gw_compile_training_taken(c->sc, (uint32_t)(site - c->sc->site), p);
        free_nodes[p] = site->pool_nodes[p];
        site->spare_node_w[p] = spare_wall_w(pool_of(site, p)->node, site->cfg->spare);
    }
    for (uint32_t m = 0; m < c->sc->n_models; m++) {
        const enum gw_status s = place_model(c, site, m, free_nodes);
        if (s != GW_OK) {
            return s;
        }
    }
    for (uint32_t g = 0; g < site->n_groups; g++) {
        site->fleet_group[g] = fleet_group(c, site, &site->group[g]);
    }
    sum_power(site, free_nodes);
    return check_limit(c, site);
}

/* That take requests from users. */
static uint32_t standing(const struct gw_site *site, uint32_t m)
{
    uint32_t n = 0;
    for (uint32_t g = 0; g < site->n_groups; g++) {
        n += site->group[g].model == m && site->group[g].phase != GW_PHASE_DECODE ? site->group[g].replicas
                                                                                  : 0;
    }
    return n;
}

/* A model that stands nowhere gets the reason of the first pool it was tried on. */
static enum gw_status explain_unplaced(struct gw_compiler *c, uint32_t m)
{
    struct gw_replica_cfg cfg;
    struct gw_error err = {0};
    const struct gw_serving_setup setup = setup_on(&c->sc->model[m], pool_of(&c->sc->site[0], 0));
    const bool fits = gw_serving_cfg(&setup, &cfg, &err) == GW_OK;
    return gw_compiler_fail(c, GW_ERR_RANGE, gw_compiler_at("serving.models[%s]", c->sc->model_name[m]),
                            "no site has a node for it: %s",
                            fits ? "models that stand before it in the list take them all" : err.why);
}

/* The longest context that a replica of the model holds at the site that decodes for it. */
static int64_t room_tok(const struct gw_scenario *sc, uint32_t m)
{
    const struct gw_site *site = &sc->site[sc->model[m].decode_site];
    int64_t most = 0;
    for (uint32_t g = 0; g < site->n_groups; g++) {
        const struct gw_replica_cfg *cfg = &site->group[g].cfg;
        const int64_t room = (int64_t)cfg->kv_blocks * cfg->block_tok;
        most =
            site->group[g].model == m && site->group[g].phase == GW_PHASE_DECODE && room > most ? room : most;
    }
    return most;
}

/* How the fleets carry keys and values of a split model, from its group that prefills. */
static struct gw_fleet_split carry(const struct gw_compiler *c, const struct gw_site *site,
                                   const struct gw_group *group)
{
    struct gw_model *model = &c->sc->model[group->model];
    const struct gw_split_cfg *split = model->cfg->replicas.at;
    const struct gw_serving_setup setup = setup_on(model, pool_of(site, group->pool));
    struct gw_serving_terms terms = {0};
    struct gw_error err;
    const bool known = gw_serving_cfg_terms(&setup, &terms, &err) == GW_OK;
    GW_REQUIRE(known); /* it was placed */
    const bool away = model->decode_site != GW_AT_ANY_SITE;
    model->kv_bytes_per_tok = terms.kv_bytes_per_tok;
    const double gbps = away ? model->kv_gbps : split->link_gbps;
    const double tok_us = terms.kv_bytes_per_tok * 8.0 / (gbps * 1e3);
    return (struct gw_fleet_split){
        .decode = away ? GW_FLEET_AWAY : c->sc->n_models + group->model,
        .link = away ? model->decode_site : 0,
        .delay_us = away ? model->kv_delay_us : 0,
        .room_tok = away ? room_tok(c->sc, group->model) : 0,
        .tok_ticks = (gw_tick)llround(tok_us * (double)GW_TICKS_PER_US),
        .tok_j = terms.kv_bytes_per_tok * 1e-9 * split->link_j_per_gb,
    };
}

/* Behind all models stand, where any is split, those that decode for them. */
static enum gw_status compile_splits(struct gw_compiler *c)
{
    struct gw_scenario *sc = c->sc;
    bool any = false;
    for (uint32_t m = 0; m < sc->n_models; m++) {
        any = any || gw_phases_split(sc, m);
    }
    sc->fleet_models = any ? 2 * sc->n_models : sc->n_models;
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        struct gw_site *site = &sc->site[s];
        site->fleet_split = gw_compiler_array(c, sc->fleet_models, sizeof *site->fleet_split);
        if (site->fleet_split == NULL) {
            return gw_compiler_no_memory(c);
        }
        for (uint32_t m = 0; m < sc->fleet_models; m++) {
            site->fleet_split[m].decode = GW_FLEET_WHOLE;
        }
        for (uint32_t g = 0; g < site->n_groups; g++) {
            const uint32_t m = site->group[g].model;
            if (site->group[g].phase == GW_PHASE_PREFILL) {
                site->fleet_split[m] = carry(c, site, &site->group[g]);
            } else if (sc->model[m].decode_site == s) {
                site->fleet_split[m].decode = sc->n_models + m;
            }
        }
    }
    return GW_OK;
}

enum gw_status gw_compile_replicas_check(struct gw_compiler *c)
{
    struct gw_scenario *sc = c->sc;
    const enum gw_status splits = compile_splits(c);
    if (splits != GW_OK) {
        return splits;
    }
    for (uint32_t m = 0; m < sc->n_models; m++) {
        uint32_t n = 0;
        for (uint32_t s = 0; s < sc->n_sites; s++) {
            n += standing(&sc->site[s], m);
        }
        if (n == 0) {
            return explain_unplaced(c, m);
        }
    }
    for (uint32_t i = 0; i < sc->n_demands; i++) {
        struct gw_demand *d = &sc->demand[i];
        bool servable = false;
        for (uint32_t s = 0; s < sc->n_sites; s++) {
            d->allowed[s] = d->allowed[s] && standing(&sc->site[s], d->model) > 0;
            servable = servable || d->allowed[s];
        }
        if (!servable) {
            return gw_compiler_fail(c, GW_ERR_RANGE,
                                    gw_compiler_at("serving.demand[%s].allowed_sites", d->name),
                                    "none of these sites has a replica of \"%s\"%s", sc->model_name[d->model],
                                    gw_phases_split(sc, d->model) ? " that prefills" : "");
        }
    }
    return GW_OK;
}

enum gw_status gw_compile_replicas(struct gw_compiler *c, uint32_t site)
{
    return place_replicas(c, &c->sc->site[site]);
}
