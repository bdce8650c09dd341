#include "sim/run/compile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/units.h"
#include "sim/run/accounts.h"
#include "sim/run/compile_demand.h"
#include "sim/run/compile_federation.h"
#include "sim/run/compile_forecasts.h"
#include "sim/run/compile_replicas.h"
#include "sim/run/compile_site.h"
#include "sim/run/compile_training.h"
#include "sim/run/compile_variant.h"
#include "sim/run/flows.h"
#include "sim/run/islands.h"
#include "sim/run/outages.h"
#include "sim/run/ledger.h"
#include "sim/run/record.h"
#include "sim/run/score.h"

static const gw_time_us until_done_max_us = 48 * GW_US_PER_H;
static const gw_time_us week_us = 7 * 24 * GW_US_PER_H;
static const double record_bytes_max = 4e8; /* all runs; about as much again while a run ends or is written */
static const double result_bytes_max = 8e9; /* all runs of a scenario are in memory until they are written */

struct gw_serving_load gw_compile_load(const struct gw_demand *demand, double rate_per_s)
{
    return (struct gw_serving_load){
        .rate_per_s = rate_per_s,
        .in_tok = demand->prompt_mean,
        .out_tok = demand->output.mean,
        .in_tok_sq = demand->prompt_mean_sq,
        .out_tok_sq = demand->output.mean_sq,
        .cached_frac = demand->cfg->prefix_hit_frac,
    };
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Collects the `name` (first member) of each element; equal names are an error. */
static enum gw_status take_names(struct gw_compiler *c, const char *list, const struct gw_slice *slice,
                                 size_t size, const char ***out)
{
    const char **name = gw_compiler_array(c, slice->n, sizeof *name),
               **sorted = gw_compiler_array(c, slice->n, sizeof *sorted);
    if (name == NULL || sorted == NULL) {
        return gw_compiler_no_memory(c);
    }
    for (uint32_t i = 0; i < slice->n; i++) {
        memcpy(&name[i], (const char *)slice->at + i * size, sizeof name[i]);
        sorted[i] = name[i];
    }
    qsort(sorted, slice->n, sizeof *sorted, compare_names);
    for (uint32_t i = 1; i < slice->n; i++) {
        if (strcmp(sorted[i - 1], sorted[i]) == 0) {
            return gw_compiler_fail(c, GW_ERR_RANGE, gw_compiler_at("%s", list),
                                    "two elements are named \"%s\"; names tell them apart in results",
                                    sorted[i]);
        }
    }
    *out = name;
    return GW_OK;
}
_Static_assert(offsetof(struct gw_site_cfg, name) == 0 && offsetof(struct gw_model_cfg, name) == 0 &&
                   offsetof(struct gw_demand_cfg, name) == 0 && offsetof(struct gw_variant_cfg, name) == 0,
               "take_names reads the first member");

/* A slip such as `every: 1 s` over a year is told before the machine runs out of memory. */
static enum gw_status check_size(struct gw_compiler *c)
{
    const struct gw_scenario *sc = c->sc;
    const double runs = (double)sc->n_variants * (double)sc->cfg.replications;
    const double rows = (double)((sc->cfg.time.duration_us + sc->drain_max_us) / sc->every_us + 1);
    const double cells = (rows + 1.0) * sc->n_sites * GW_ACCOUNT_COUNT + GW_SCORE_COUNT;
    const double jobs = gw_compile_training_expected(sc) * runs;
    const double job_bytes = jobs * (double)sizeof(struct gw_job_row);
    const double bytes = runs * cells * (double)sizeof(double);
    if (bytes + job_bytes <= result_bytes_max) {
        return GW_OK;
    }
    if (job_bytes > bytes) {
        return gw_compiler_fail(c, GW_ERR_RANGE, gw_compiler_at("training"),
                                "%.3g rows of jobs in %.0f runs would take %.0f GB; at most %.0f GB are "
                                "allowed",
                                jobs, runs, job_bytes * 1e-9, result_bytes_max * 1e-9);
    }
    char every[GW_CLOCK_TEXT_MAX];
    gw_clock_print_span(sc->every_us, every);
    return gw_compiler_fail(
        c, GW_ERR_RANGE, gw_compiler_at("output.every"),
        "%.0f runs with a row of %u sites every %s would take %.0f GB; at most %.0f GB are allowed: make "
        "it longer, or do less at once",
        runs, (unsigned)sc->n_sites, every, bytes * 1e-9, result_bytes_max * 1e-9);
}

/* The same of the record of requests: what `all` means is told before hours of work. */
static enum gw_status check_record(struct gw_compiler *c)
{
    const struct gw_scenario *sc = c->sc;
    const double frac = gw_record_frac(sc);
    double requests = 0.0;
    for (uint32_t d = 0; d < sc->n_demands && frac > 0.0; d++) {
        requests += gw_request_law_expected(&sc->demand[d].law, sc->burn_in_us,
                                            sc->burn_in_us + sc->cfg.time.duration_us);
    }
    const double rows = frac * requests * (double)sc->n_variants * (double)sc->cfg.replications;
    if (!(rows * GW_RECORD_BYTES > record_bytes_max)) {
        return GW_OK;
    }
    return gw_compiler_fail(c, GW_ERR_RANGE, gw_compiler_at("output.requests"),
                            "%.3g rows of all runs would take %.3g GB; at most %.3g GB are allowed: a sample "
                            "of %.2g %% fits",
                            rows, rows * GW_RECORD_BYTES * 1e-9, record_bytes_max * 1e-9,
                            0.9 * frac * record_bytes_max / (rows * GW_RECORD_BYTES) * 100.0);
}

static void compile_times(struct gw_scenario *sc)
{
    const struct gw_time_cfg *t = &sc->cfg.time;
    sc->burn_in_us = t->initial == GW_INITIAL_WARM ? t->epoch_us : 0;
    sc->drain_max_us = t->drain.alt == GW_DRAIN_UNTIL_DONE ? until_done_max_us
                       : t->drain.alt == GW_DRAIN_AT_MOST  ? *(const gw_time_us *)t->drain.at
                                                           : 0;
    /* whole steps, so that the last meter reading is a step's */
    sc->drain_max_us = (sc->drain_max_us + t->step_us - 1) / t->step_us * t->step_us;
    gw_time_us every = sc->cfg.output.every_us;
    if (every == GW_ABSENT) {
        const gw_time_us hourly = GW_US_PER_H % t->step_us == 0 ? GW_US_PER_H : t->epoch_us;
        every = t->duration_us > week_us ? hourly : t->epoch_us;
    }
    sc->every_us = every;
}

static enum gw_status allocate(struct gw_compiler *c)
{
    struct gw_scenario *sc = c->sc;
    sc->n_sites = sc->cfg.sites.n;
    sc->n_models = sc->cfg.serving.models.n;
    sc->n_demands = sc->cfg.serving.demand.n;
    sc->n_variants = sc->cfg.policies.n;
    sc->site = gw_compiler_array(c, sc->n_sites, sizeof *sc->site);
    sc->model = gw_compiler_array(c, sc->n_models, sizeof *sc->model);
    sc->demand = gw_compiler_array(c, sc->n_demands, sizeof *sc->demand);
    sc->variant = gw_compiler_array(c, sc->n_variants, sizeof *sc->variant);
    sc->origin = gw_compiler_array(c, sc->n_demands, sizeof *sc->origin);
    sc->origin_name = gw_compiler_array(c, sc->n_demands, sizeof *sc->origin_name);
    if (sc->site == NULL || sc->model == NULL || sc->demand == NULL || sc->variant == NULL ||
        sc->origin == NULL || sc->origin_name == NULL) {
        return gw_compiler_no_memory(c);
    }
    const struct {
        const char *list;
        const struct gw_slice *slice;
        size_t size;
        const char ***out;
    } lists[] = {
        {"sites", &sc->cfg.sites, sizeof(struct gw_site_cfg), &sc->site_name},
        {"serving.models", &sc->cfg.serving.models, sizeof(struct gw_model_cfg), &sc->model_name},
        {"serving.demand", &sc->cfg.serving.demand, sizeof(struct gw_demand_cfg), &sc->demand_name},
        {"policies", &sc->cfg.policies, sizeof(struct gw_variant_cfg), &sc->variant_name},
    };
    enum gw_status s = GW_OK;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0] && s == GW_OK; i++) {
        s = take_names(c, lists[i].list, lists[i].slice, lists[i].size, lists[i].out);
    }
    return s;
}

static enum gw_status each(struct gw_compiler *c, uint32_t n,
                           enum gw_status (*compile)(struct gw_compiler *, uint32_t))
{
    enum gw_status worst = GW_OK;
    for (uint32_t i = 0; i < n; i++) {
        const enum gw_status s = compile(c, i);
        worst = worst == GW_OK ? s : worst;
    }
    return worst;
}

static enum gw_status check_signals(struct gw_compiler *c)
{
    struct gw_error err;
    const enum gw_status s = gw_accounts_check_signals(c->sc, &err);
    return s == GW_OK ? s : gw_compiler_fail(c, s, gw_compiler_at("%s", err.where), "%s", err.why);
}

/* A flow's rates are constant over a step. */
static enum gw_status check_mode(struct gw_compiler *c)
{
    struct gw_scenario *sc = c->sc;
    struct gw_error err;
    if (sc->cfg.serving.mode != GW_MODE_FLOW) {
        return GW_OK;
    }
    const enum gw_status s = gw_flows_check(sc, &err);
    if (s != GW_OK) {
        return gw_compiler_fail(c, s, gw_compiler_at("%s", err.where), "%s", err.why);
    }
    for (uint32_t v = 0; v < sc->n_variants; v++) {
        sc->variant[v].window_us = sc->cfg.time.step_us;
    }
    return GW_OK;
}

enum gw_status gw_compile_scenario(struct gw_scenario *sc, const struct gw_source *source,
                                   struct gw_errors *errs)
{
    struct gw_compiler c = {.sc = sc, .source = source, .errs = errs};
    compile_times(sc);
    enum gw_status s = allocate(&c);
    if (s != GW_OK) {
        return s;
    }
    for (uint32_t m = 0; m < sc->n_models; m++) {
        const struct gw_model_cfg *cfg = (const struct gw_model_cfg *)sc->cfg.serving.models.at + m;
        sc->model[m] =
            (struct gw_model){.name = sc->model_name[m],
                              .cfg = cfg,
                              .prefill_site = GW_AT_ANY_SITE,
                              .decode_site = GW_AT_ANY_SITE,
                              .api_us = (gw_time_us)llround(cfg->engine->api_ms * 1e3),
                              .api_us_per_tok = cfg->engine->api_us_per_tok,
                              .effect = gw_technique_compose(cfg->techniques.at, cfg->techniques.n)};
    }
    s = gw_compile_forecasts_read(&c);
    s = s == GW_OK ? each(&c, sc->n_sites, gw_compile_site) : s;
    s = s == GW_OK ? check_signals(&c) : s;
    s = s == GW_OK ? each(&c, sc->n_demands, gw_compile_demand) : s;
    s = s == GW_OK ? gw_compile_training_nodes(&c) : s;
    s = s == GW_OK ? gw_islands_compile(&c) : s;
    s = s == GW_OK ? each(&c, sc->n_sites, gw_compile_replicas) : s;
    s = s == GW_OK ? gw_compile_replicas_check(&c) : s;
    s = s == GW_OK ? gw_compile_training(&c) : s;
    s = s == GW_OK ? gw_compile_federation(&c) : s;
    s = s == GW_OK ? gw_outages_compile(&c) : s;
    s = s == GW_OK ? gw_islands_check(&c) : s;
    s = s == GW_OK ? each(&c, sc->n_variants, gw_compile_variant) : s;
    s = s == GW_OK ? check_mode(&c) : s;
    s = s == GW_OK ? gw_compile_variant_baseline(&c) : s;
    s = s == GW_OK ? check_size(&c) : s;
    s = s == GW_OK ? check_record(&c) : s;
    for (uint32_t o = 0; o < sc->n_origins; o++) {
        sc->origin_name[o] = sc->origin[o]->name;
    }
    return s;
}
