#include "sim/run/compile_training.h"

#include <math.h>
#include <stdlib.h>

#include "models/training/cap_choice.h"
#include "models/training/training.h"
#include "sim/base/units.h"
#include "sim/run/compile_files.h"

enum { MAX_TRACE_BYTES = 1 << 30 };
/* Of the scaling curves of the catalogue; and of a job whose power nobody gave. */
static const double curve_node = 8.0;
static const double usual_share_of_limit = 0.9;

static const struct gw_training_section *section(const struct gw_scenario *sc)
{
    return &sc->cfg.training;
}

static const struct gw_training_capacity_cfg *capacity_row(const struct gw_scenario *sc, uint32_t i)
{
    return (const struct gw_training_capacity_cfg *)section(sc)->capacity.at + i;
}

int64_t gw_compile_training_taken(const struct gw_scenario *sc, uint32_t site, uint32_t pool)
{
    const struct gw_training_place *place = sc->training.place != NULL ? &sc->training.place[site] : NULL;
    int64_t taken = place != NULL && place->has_pool && place->pool == pool ? place->nodes : 0;
    for (uint32_t i = 0; i < section(sc)->federated.n; i++) {
        const struct gw_slice *clients =
            &((const struct gw_federated_cfg *)section(sc)->federated.at + i)->clients;
        for (uint32_t k = 0; k < clients->n; k++) {
            const struct gw_federated_client_cfg *client =
                (const struct gw_federated_client_cfg *)clients->at + k;
            taken += client->site == site && client->pool != NULL && *client->pool == (int64_t)pool
                         ? client->nodes
                         : 0;
        }
    }
    return taken;
}

/* ---- accelerators ---- */

static uint32_t units(const struct gw_pick *pick)
{
    return pick->alt == GW_UNITS_UNLIMITED ? GW_YARD_UNLIMITED : (uint32_t) * (const int64_t *)pick->at;
}

static enum gw_status place_row(struct gw_compiler *c, uint32_t i)
{
    const struct gw_scenario *sc = c->sc;
    const struct gw_training_capacity_cfg *row = capacity_row(sc, i);
    struct gw_training_place *place = &sc->training.place[row->site];
    const struct gw_site_cfg *site = (const struct gw_site_cfg *)sc->cfg.sites.at + row->site;
    const struct gw_compiler_place at = gw_compiler_at("training.capacity[%u]", (unsigned)i);
    if (place->row != NULL) {
        return gw_compiler_fail(c, GW_ERR_RANGE, at,
                                "site \"%s\" has a row already: one lends one pool and rents all the rest",
                                site->name);
    }
    place->row = row;
    if (row->pool == NULL) {
        return GW_OK;
    }
    if (*row->pool >= (int64_t)site->pools.n) {
        return gw_compiler_fail(c, GW_ERR_RANGE, at, "site \"%s\" has %u pools, counted from 0", site->name,
                                (unsigned)site->pools.n);
    }
    const struct gw_pool_cfg *pool = (const struct gw_pool_cfg *)site->pools.at + *row->pool;
    place->has_pool = true;
    place->pool = (uint32_t)*row->pool;
    place->node = pool->node;
    place->spare = row->nodes.alt == GW_NODES_SPARE;
    place->nodes = place->spare ? 0 : *(const int64_t *)row->nodes.at;
    if (place->nodes > pool->count) {
        return gw_compiler_fail(c, GW_ERR_RANGE, at, "the pool has %lld nodes", (long long)pool->count);
    }
    return GW_OK;
}

enum gw_status gw_compile_training_nodes(struct gw_compiler *c)
{
    struct gw_scenario *sc = c->sc;
    sc->training.place = gw_compiler_array(c, sc->n_sites, sizeof *sc->training.place);
    if (sc->training.place == NULL) {
        return gw_compiler_no_memory(c);
    }
    enum gw_status s = GW_OK;
    for (uint32_t i = 0; i < section(sc)->capacity.n && s == GW_OK; i++) {
        s = place_row(c, i);
    }
    return s;
}

static uint32_t least_of(uint64_t n)
{
    return n < GW_YARD_UNLIMITED ? (uint32_t)n : GW_YARD_UNLIMITED - 1;
}

static void fill_site(const struct gw_scenario *sc, uint32_t s, struct gw_yard_site *out)
{
    const struct gw_training_place *place = &sc->training.place[s];
    *out = (struct gw_yard_site){.name = sc->site_name[s]};
    if (place->row == NULL) {
        return;
    }
    const uint64_t of_nodes = place->has_pool ? (uint64_t)(place->nodes * place->node->count) : 0;
    out->total[GW_TIER_RESERVED] = least_of(of_nodes + (uint64_t)place->row->reserved);
    out->rented = (uint32_t)place->row->reserved;
    out->grace_us = place->row->grace_us != GW_ABSENT ? place->row->grace_us : 0;
    out->total[GW_TIER_ON_DEMAND] = units(&place->row->on_demand);
    out->total[GW_TIER_SPOT] = units(&place->row->spot);
    out->usd_per_h[GW_TIER_RESERVED] = place->row->reserved_usd_per_h;
    out->usd_per_h[GW_TIER_ON_DEMAND] = place->row->on_demand_usd_per_h;
    out->usd_per_h[GW_TIER_SPOT] = place->row->spot_usd_per_h;
    out->evictions_per_h = place->row->evictions_per_h;
}

/* ---- kinds ---- */

static void take_run(const struct gw_training_run_cfg *run, struct gw_training_cfg *cfg)
{
    if (run == NULL) {
        return;
    }
    cfg->mfu = run->mfu;
    cfg->tflops = run->tflops;
    cfg->efficiency = run->efficiency;
    cfg->sequence_tok = run->sequence_tok;
    cfg->attention_frac = run->attention_frac;
    cfg->recompute = run->recompute;
    cfg->precision_bits = run->precision_bits;
    cfg->checkpoint = run->checkpoint;
    cfg->failures = run->failures;
    cfg->power.compute_frac = cfg->power.exchange_frac = run->compute_frac;
    cfg->power.checkpoint_frac = run->checkpoint_frac;
}

/* The node of a site that lends some; NULL: it only rents. */
static const struct gw_machine *node_at(const struct gw_scenario *sc, uint32_t s)
{
    return sc->training.place[s].has_pool ? sc->training.place[s].node : NULL;
}

/* Of the first allowed site that has one: by it work is counted, and rented accelerators are like it. */
static const struct gw_machine *usual_node(const struct gw_scenario *sc, const struct gw_job_kind *kind)
{
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        if (kind->allowed[s] != 0 && node_at(sc, s) != NULL) {
            return node_at(sc, s);
        }
    }
    return NULL;
}

static gw_time_us us_of(double s)
{
    return isfinite(s) ? llround(s * 1e6) : GW_NEVER_US;
}

enum gw_status gw_compile_training_estimate(struct gw_compiler *c, const struct gw_compile_training_ask *ask,
                                            struct gw_compiler_place at, struct gw_training *out)
{
    struct gw_scenario *sc = c->sc;
    const struct gw_bind_env env = gw_scenario_env(&sc->catalogue);
    const void *efficiency = NULL;
    struct gw_training_cfg cfg;
    enum gw_status s = gw_training_defaults(&cfg, &sc->arena, c->errs);
    s = s == GW_OK
            ? gw_bind_entry(&sc->tree, &env, "efficiency", "megatron-a100", &efficiency, &sc->arena, c->errs)
            : s;
    if (s != GW_OK) {
        return s;
    }
    cfg.llm = ask->llm;
    cfg.node = ask->node;
    cfg.efficiency = efficiency;
    cfg.accelerators = ask->accelerators;
    cfg.tokens = ask->tokens;
    if (ask->adapters_frac > 0.0) {
        cfg.tuning.method = GW_TUNING_LORA;
        cfg.tuning.frac = ask->adapters_frac;
    }
    take_run(ask->run, &cfg);
    struct gw_error err;
    s = gw_training_estimate(&cfg, out, &err);
    return s == GW_OK ? GW_OK : gw_compiler_fail(c, s, at, "%s", err.why);
}

/* Of a job, on this node. */
static enum gw_status estimate(struct gw_compiler *c, const struct gw_training_job_cfg *job,
                               const struct gw_machine *node, struct gw_compiler_place at,
                               struct gw_training *out)
{
    const struct gw_compile_training_ask ask = {job->llm,    node, job->accelerators,
                                                job->tokens, 0.0,  job->run};
    return gw_compile_training_estimate(c, &ask, at, out);
}

static struct gw_job_here here_of(const struct gw_training *t, const struct gw_machine *node, double ideal_s)
{
    const double count = (double)node->count;
    return (struct gw_job_here){
        .pace = ideal_s / t->ideal_s, .watts = t->compute_w / count, .held_watts = t->checkpoint_w / count};
}

static void take_estimate(const struct gw_training *t, const struct gw_machine *node,
                          struct gw_job_kind *kind)
{
    const struct gw_job_here here = here_of(t, node, t->ideal_s);
    kind->watts = here.watts;
    kind->held_watts = here.held_watts;
    kind->start_us = us_of(t->failures.recover_s);
    kind->resume_us = us_of(t->failures.recover_s);
    kind->checkpoint_us = us_of(t->checkpoint.blocking_s);
    kind->interval_us = us_of(t->interval_s);
    kind->checkpoint_gb = t->checkpoint.bytes * 1e-9;
    kind->failures_per_h =
        isfinite(t->failures.mttf_s) ? 3600.0 / t->failures.mttf_s / (t->nodes * (double)node->count) : 0;
}

static void set_span(gw_time_us asked_us, gw_time_us *out)
{
    *out = asked_us != GW_ABSENT ? asked_us : *out;
}

static struct gw_job_here usual_power(const struct gw_machine *node)
{
    const struct gw_accelerator *a = node->accelerator;
    const double count = (double)node->count;
    return (struct gw_job_here){
        .pace = 1.0,
        .watts = gw_machine_plug_w(node, usual_share_of_limit * a->tdp_w) / count,
        .held_watts = gw_machine_plug_w(node, a->loaded_idle_w) / count,
    };
}

/* What a job without an llm draws: as said, or by each site's node. */
static enum gw_status take_power(struct gw_compiler *c, const struct gw_job_terms_cfg *terms,
                                 struct gw_compiler_place at, struct gw_job_kind *kind,
                                 struct gw_job_here *here)
{
    const struct gw_scenario *sc = c->sc;
    const struct gw_machine *usual = usual_node(sc, kind);
    if (isnan(terms->watts) && usual == NULL) {
        return gw_compiler_fail(
            c, GW_ERR_RANGE, at,
            "has no power: no row of training.capacity has a pool whose node could tell; give "
            "`pool` there, or `power` here");
    }
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        const struct gw_machine *node = node_at(sc, s) != NULL ? node_at(sc, s) : usual;
        here[s] = isnan(terms->watts) ? usual_power(node) : (struct gw_job_here){1.0, terms->watts, 0.0};
    }
    return GW_OK;
}

/* Speed and power of an llm's training at each site. */
static enum gw_status take_llm(struct gw_compiler *c, const struct gw_training_job_cfg *job,
                               struct gw_compiler_place at, struct gw_job_kind *kind,
                               struct gw_job_here *here, gw_time_us *work_us)
{
    const struct gw_scenario *sc = c->sc;
    const struct gw_machine *usual = usual_node(sc, kind);
    struct gw_training first, t;
    if (usual == NULL) {
        return gw_compiler_fail(
            c, GW_ERR_RANGE, at,
            "how long it takes depends on the node, and no row of training.capacity has a pool: give `pool` "
            "there, or `work` here");
    }
    enum gw_status s = estimate(c, job, usual, at, &first);
    if (s != GW_OK) {
        return s;
    }
    take_estimate(&first, usual, kind);
    kind->reshape_us = us_of(45.0 * 60.0);
    *work_us = us_of(first.ideal_s);
    for (uint32_t i = 0; i < sc->n_sites && s == GW_OK; i++) {
        const struct gw_machine *node = node_at(sc, i) != NULL ? node_at(sc, i) : usual;
        s = kind->allowed[i] != 0 ? estimate(c, job, node, at, &t) : GW_OK;
        if (s == GW_OK && kind->allowed[i] != 0) {
            here[i] = here_of(&t, node, first.ideal_s);
        }
    }
    return s;
}

/* What a job says of its power holds everywhere. The first of its sites, with a node if any has one, is what
 * policies are told. */
static void settle_power(const struct gw_scenario *sc, const struct gw_job_terms_cfg *terms,
                         struct gw_job_kind *kind, struct gw_job_here *here)
{
    const struct gw_machine *usual = usual_node(sc, kind);
    uint32_t first = UINT32_MAX;
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        if (!isnan(terms->watts)) {
            here[s].watts = terms->watts;
            here[s].held_watts = 0.0;
        }
        here[s].held_watts = isnan(terms->held_watts) ? here[s].held_watts : terms->held_watts;
        const bool fits = kind->allowed[s] != 0 && (usual == NULL || node_at(sc, s) != NULL);
        first = fits && first == UINT32_MAX ? s : first;
    }
    kind->watts = here[first].watts;
    kind->held_watts = here[first].held_watts;
    kind->here = here;
}

static enum gw_status take_sites(struct gw_compiler *c, const struct gw_pick *allowed,
                                 struct gw_compiler_place at, struct gw_job_kind *kind)
{
    const struct gw_scenario *sc = c->sc;
    uint8_t *on = gw_compiler_array(c, sc->n_sites, 1);
    if (on == NULL) {
        return gw_compiler_no_memory(c);
    }
    const struct gw_slice *list = allowed->alt == GW_SITES_LIST ? allowed->at : NULL;
    uint32_t n = 0;
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        bool named = list == NULL;
        for (uint32_t i = 0; list != NULL && i < list->n; i++) {
            named = named || ((const uint32_t *)list->at)[i] == s;
        }
        on[s] = named && sc->training.place[s].row != NULL;
        n += on[s];
    }
    kind->allowed = on;
    return n > 0 ? GW_OK
                 : gw_compiler_fail(c, GW_ERR_RANGE, at,
                                    "none of its allowed sites has a row in training.capacity");
}

/* Time over watts, each over that without a cap, whose watts are the last point's. */
static enum gw_status take_curve(struct gw_compiler *c, const struct gw_cap_curve *curve,
                                 struct gw_compiler_place at, struct gw_job_capping *out)
{
    const struct gw_cap_point *p = curve->points.at;
    const uint32_t n = curve->points.n;
    double *power = gw_compiler_array(c, n, sizeof *power);
    double *throughput = gw_compiler_array(c, n, sizeof *throughput);
    if (power == NULL || throughput == NULL) {
        return gw_compiler_no_memory(c);
    }
    for (uint32_t i = 0; i < n; i++) {
        power[i] = p[i].watts / p[n - 1].watts;
        throughput[i] = 1.0 / p[i].time;
        if (i > 0 && !(p[i].watts > p[i - 1].watts)) {
            return gw_compiler_fail(c, GW_ERR_RANGE, at,
                                    "capping: under %g W \"%s\" draws no more than under %g W", p[i].cap_w,
                                    curve->name, p[i - 1].cap_w);
        }
    }
    *out = (struct gw_job_capping){
        .n = n, .power = power, .throughput = throughput, .limit = p[n - 1].cap_w / p[n - 1].watts};
    return GW_OK;
}

static enum gw_status take_terms(struct gw_compiler *c, const struct gw_job_terms_cfg *terms,
                                 struct gw_compiler_place at, struct gw_job_kind *kind)
{
    const struct gw_pick *elasticity = &terms->elasticity;
    if (elasticity->alt == GW_ELASTICITY_CURVE) {
        kind->scaling =
            (struct gw_job_scaling){.curve = *(const void *const *)elasticity->at, .per_node = curve_node};
    } else if (elasticity->alt == GW_ELASTICITY_EACH) {
        kind->scaling =
            (struct gw_job_scaling){.curve = *(const void *const *)elasticity->at, .per_node = 1.0};
    } else {
        kind->scaling.exponent = *(const double *)elasticity->at;
    }
    kind->spares = (uint32_t)terms->spares;
    set_span(terms->start_us, &kind->start_us);
    set_span(terms->resume_us, &kind->resume_us);
    set_span(terms->checkpoint_us, &kind->checkpoint_us);
    set_span(terms->reshape_us, &kind->reshape_us);
    set_span(terms->interval_us, &kind->interval_us);
    kind->checkpoint_gb = isnan(terms->checkpoint_gb) ? kind->checkpoint_gb : terms->checkpoint_gb;
    kind->failures_per_h =
        isnan(terms->failures_per_day) ? kind->failures_per_h : terms->failures_per_day / 24.0;
    if (terms->capping.alt == GW_CAPPING_CURVE) {
        return take_curve(c, *(const void *const *)terms->capping.at, at, &kind->capping);
    }
    kind->capping.exponent = *(const double *)terms->capping.at;
    return GW_OK;
}

/* Everything of a kind but where its jobs come from. job NULL: of a stream. */
static enum gw_status take_kind(struct gw_compiler *c, const struct gw_job_terms_cfg *terms,
                                const struct gw_training_job_cfg *job, struct gw_compiler_place at,
                                struct gw_job_kind *kind, gw_time_us *work_us)
{
    struct gw_job_here *here = gw_compiler_array(c, c->sc->n_sites, sizeof *here);
    if (here == NULL) {
        return gw_compiler_no_memory(c);
    }
    kind->interval_us = GW_NEVER_US;
    enum gw_status s = take_sites(c, &terms->allowed_sites, at, kind);
    if (s == GW_OK) {
        s = job != NULL && job->llm != NULL ? take_llm(c, job, at, kind, here, work_us)
                                            : take_power(c, terms, at, kind, here);
    }
    s = s == GW_OK ? take_terms(c, terms, at, kind) : s;
    if (s == GW_OK) {
        settle_power(c->sc, terms, kind, here);
    }
    return s;
}

static enum gw_status compile_job(struct gw_compiler *c, uint32_t i)
{
    const struct gw_training_job_cfg *job = (const struct gw_training_job_cfg *)section(c->sc)->jobs.at + i;
    struct gw_training_source *out = &c->sc->training.source[i];
    *out = (struct gw_training_source){.name = job->name, .terms = &job->terms, .work_us = job->work_us};
    if (job->step_us != GW_ABSENT) {
        out->work_us = us_of(gw_s_from_us(job->step_us) * (double)job->steps);
    }
    return take_kind(c, &job->terms, job, gw_compiler_at("training.jobs[%u]", (unsigned)i),
                     &c->sc->training.kind[i], &out->work_us);
}

static enum gw_status compile_stream(struct gw_compiler *c, uint32_t i)
{
    struct gw_scenario *sc = c->sc;
    const struct gw_training_stream_cfg *stream =
        (const struct gw_training_stream_cfg *)section(sc)->streams.at + i;
    const uint32_t k = section(sc)->jobs.n + i;
    const struct gw_compiler_place at = gw_compiler_at("training.streams[%u]", (unsigned)i);
    struct gw_training_source *out = &sc->training.source[k];
    *out = (struct gw_training_source){.name = stream->name, .terms = &stream->terms};
    if (stream->trace != NULL) {
        char *bytes = NULL;
        size_t n = 0;
        struct gw_error err;
        enum gw_status s = gw_compile_files_read(c, stream->trace->file, MAX_TRACE_BYTES, &bytes, &n, &err);
        s = s == GW_OK ? gw_jobs_parse((enum gw_jobs_format)stream->trace->format, bytes, n,
                                       stream->trace->file, &out->trace, &sc->arena, &err)
                       : s;
        free(bytes);
        if (s != GW_OK) {
            return gw_compiler_fail(c, s, at, "%s: %s", err.where, err.why);
        }
    }
    return take_kind(c, &stream->terms, NULL, at, &sc->training.kind[k], NULL);
}

/* ---- how many ---- */

static double expected_of(const struct gw_scenario *sc, uint32_t index)
{
    const struct gw_training_stream_cfg *s =
        (const struct gw_training_stream_cfg *)section(sc)->streams.at + index;
    if (s->generate == NULL) {
        return sc->training.source[section(sc)->jobs.n + index].trace.n;
    }
    const gw_time_us end_us = sc->cfg.time.duration_us;
    const gw_time_us to_us = s->to_us != GW_ABSENT && s->to_us < end_us ? s->to_us : end_us;
    const double h = fmax(gw_h_from_us(to_us - s->from_us), 0.0);
    const struct gw_pick *how = &s->generate->arrivals;
    return how->alt == GW_JOB_ARRIVALS_EVERY ? ceil(h / gw_h_from_us(*(const gw_time_us *)how->at))
                                             : h * *(const double *)how->at;
}

double gw_compile_training_expected(const struct gw_scenario *sc)
{
    double n = 0.0;
    for (uint32_t i = 0; i < section(sc)->jobs.n; i++) {
        n += (double)((const struct gw_training_job_cfg *)section(sc)->jobs.at)[i].times;
    }
    for (uint32_t i = 0; i < section(sc)->streams.n; i++) {
        n += expected_of(sc, i);
    }
    return n;
}

/* ---- what sites promise ---- */

/* A replica loads beside the job that saves, and serves when it is gone. */
static enum gw_status check_grace(struct gw_compiler *c, uint32_t s)
{
    const struct gw_training_place *place = &c->sc->training.place[s];
    const struct gw_site *site = &c->sc->site[s];
    if (place->row == NULL || place->row->grace_us == GW_ABSENT) {
        return GW_OK;
    }
    const struct gw_compiler_place at = gw_compiler_at("training.capacity[%s]", c->sc->site_name[s]);
    if (!place->spare) {
        return gw_compiler_fail(c, GW_ERR_RANGE, at, "grace is for a pool whose spare nodes are lent");
    }
    for (uint32_t g = 0; g < site->n_groups; g++) {
        const struct gw_fleet_group *group = &site->fleet_group[g];
        if (site->group[g].pool == place->pool && place->row->grace_us > group->wake_us + group->load_us) {
            return gw_compiler_fail(
                c, GW_ERR_RANGE, at,
                "grace is %.0f s, and a replica of \"%s\" serves after %.0f s, when its node must be free",
                gw_s_from_us(place->row->grace_us), c->sc->model_name[site->group[g].model],
                gw_s_from_us(group->wake_us + group->load_us));
        }
    }
    return GW_OK;
}

/* The plant is built for what is rented, too. */
static enum gw_status add_nameplate(struct gw_compiler *c, uint32_t s)
{
    struct gw_scenario *sc = c->sc;
    const struct gw_training_capacity_cfg *row = sc->training.place[s].row;
    if (row == NULL) {
        return GW_OK;
    }
    const bool endless = row->on_demand.alt == GW_UNITS_UNLIMITED || row->spot.alt == GW_UNITS_UNLIMITED;
    if (!isnan(row->nameplate_kw) || endless) {
        const double given_kw = isnan(row->nameplate_kw) ? 0.0 : row->nameplate_kw;
        sc->site[s].nameplate_kw += given_kw;
        return sc->site[s].nameplate_kw > 0.0 || !sc->site[s].plant->needs_weather
                   ? GW_OK
                   : gw_compiler_fail(c, GW_ERR_RANGE,
                                      gw_compiler_at("training.capacity[%s]", sc->site_name[s]),
                                      "accelerators are unlimited: for how much power is the plant built? "
                                      "nameplate must say");
    }
    double watts = 0.0;
    for (uint32_t k = 0; k < sc->training.sources; k++) {
        const struct gw_job_kind *kind = &sc->training.kind[k];
        watts =
            kind->allowed[s] != 0 ? fmax(watts, fmax(kind->here[s].watts, kind->here[s].held_watts)) : watts;
    }
    const double n = (double)row->reserved + units(&row->on_demand) + units(&row->spot);
    sc->site[s].nameplate_kw += gw_kw_from_w(n * watts);
    return GW_OK;
}

/* ---- all of it ---- */

static enum gw_status compile_queues(struct gw_compiler *c)
{
    struct gw_training_ready *t = &c->sc->training;
    const struct gw_slice *list = &section(c->sc)->queues;
    t->queues = list->n > 0 ? list->n : 1;
    t->queue = gw_compiler_array(c, t->queues, sizeof *t->queue);
    if (t->queue == NULL) {
        return gw_compiler_no_memory(c);
    }
    t->queue[0] = (struct gw_job_queue){.name = "all", .longest_us = GW_NEVER_US, .wait_us = GW_NEVER_US};
    for (uint32_t q = 0; q < list->n; q++) {
        const struct gw_training_queue_cfg *cfg = (const struct gw_training_queue_cfg *)list->at + q;
        t->queue[q] = (struct gw_job_queue){
            .name = cfg->name,
            .longest_us = cfg->longest_us != GW_ABSENT ? cfg->longest_us : GW_NEVER_US,
            .wait_us = cfg->wait_us != GW_ABSENT ? cfg->wait_us : GW_NEVER_US,
            .priority = (int32_t)cfg->priority,
            .quota = cfg->quota != GW_ABSENT ? (uint32_t)cfg->quota : 0,
        };
    }
    return GW_OK;
}

enum gw_status gw_compile_training(struct gw_compiler *c)
{
    struct gw_scenario *sc = c->sc;
    struct gw_training_ready *t = &sc->training;
    const uint32_t jobs = section(sc)->jobs.n, streams = section(sc)->streams.n;
    t->sources = jobs + streams;
    t->source = gw_compiler_array(c, t->sources, sizeof *t->source);
    t->kind = gw_compiler_array(c, t->sources, sizeof *t->kind);
    t->site = gw_compiler_array(c, sc->n_sites, sizeof *t->site);
    t->gb_per_s = gw_compiler_array(c, (size_t)sc->n_sites * sc->n_sites, sizeof *t->gb_per_s);
    if (t->source == NULL || t->kind == NULL || t->site == NULL || t->gb_per_s == NULL) {
        return gw_compiler_no_memory(c);
    }
    enum gw_status s = compile_queues(c);
    for (uint32_t i = 0; i < jobs && s == GW_OK; i++) {
        s = compile_job(c, i);
    }
    for (uint32_t i = 0; i < streams && s == GW_OK; i++) {
        s = compile_stream(c, i);
    }
    for (uint32_t i = 0; i < sc->n_sites; i++) {
        fill_site(sc, i, &t->site[i]);
        s = s == GW_OK ? check_grace(c, i) : s;
        s = s == GW_OK ? add_nameplate(c, i) : s;
        for (uint32_t k = 0; k < sc->n_sites; k++) {
            t->gb_per_s[(size_t)i * sc->n_sites + k] = section(sc)->wan_gbps / 8.0;
        }
    }
    return s;
}
