#include "sim/run/compile.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/base/array.h"
#include "sim/base/check.h"
#include "sim/base/file.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"
#include "sim/run/accounts.h"
#include "sim/run/ledger.h"
#include "sim/run/score.h"
#include "sim/run/trace_hdf5.h"

#define KEPT_TRACE_BYTES_MAX (16 << 20) /* of a request trace */

enum { WHERE_BYTES = 320, PATH_BYTES = 300, WHY_BYTES = 600 };

/* Replicas "auto": enough for the peak of all demand at this share of measured capacity (design.md section
 * 7). */
static const double auto_fill = 0.65;
static const gw_time_us until_done_max_us = 48 * GW_US_PER_H;
static const gw_time_us week_us = 7 * 24 * GW_US_PER_H;
static const gw_time_us longest_answer_window_us = 10 * GW_US_PER_S;
static const double window_requests = 1e5; /* about 5 MB of inboxes: they stay in the cache */
static const gw_time_us max_parts = 100000;
static const double result_bytes_max = 8e9; /* all runs of a scenario are in memory until they are written */

struct compiler {
    struct gw_scenario *sc;
    const struct gw_source *source;
    struct gw_errors *errs;
    struct gw_csv site_forecast[GW_FORECAST_SIGNALS], demand_forecast; /* tables that all may share */
};

/* A place in the scenario, "sites[oregon].grid". */
struct place_text {
    char path[PATH_BYTES];
};

static struct place_text place(const char *fmt, ...) GW_PRINTF(1, 2);
static struct place_text place(const char *fmt, ...)
{
    struct place_text p;
    va_list args;
    va_start(args, fmt);
    vsnprintf(p.path, sizeof p.path, fmt, args);
    va_end(args);
    return p;
}

/* The node of `path`, or the nearest one around it that somebody wrote: a default stands in no file. */
static const struct gw_node *written_at(const struct gw_tree *tree, struct place_text at)
{
    for (;;) {
        const struct gw_node *node = gw_tree_at(tree, at.path);
        if (node != NULL && !node->from_default) {
            return node;
        }
        char *dot = strrchr(at.path, '.'), *bracket = strrchr(at.path, '[');
        char *end = dot > bracket ? dot : bracket;
        if (end == NULL) {
            return tree->root;
        }
        *end = '\0';
    }
}

/* Reports a sentence at the node of `path`, printed as the binder does. */
static enum gw_status fail_at(struct compiler *c, enum gw_status status, struct place_text at,
                              const char *fmt, ...) GW_PRINTF(4, 5);
static enum gw_status fail_at(struct compiler *c, enum gw_status status, struct place_text at,
                              const char *fmt, ...)
{
    char where[WHERE_BYTES] = "", why[WHY_BYTES];
    gw_pos_print(written_at(&c->sc->tree, at)->pos, where, sizeof where);
    const size_t n = strlen(where);
    snprintf(where + n, sizeof where - n, "%s%s", n > 0 ? ": " : "", at.path);
    va_list args;
    va_start(args, fmt);
    vsnprintf(why, sizeof why, fmt, args);
    va_end(args);
    gw_errors_add(c->errs, status, where, "%s", why);
    return status;
}

static enum gw_status no_memory(struct compiler *c)
{
    gw_errors_add(c->errs, GW_ERR_NOMEM, "scenario", "out of memory");
    return GW_ERR_NOMEM;
}

static void *array(struct compiler *c, size_t n, size_t size)
{
    return gw_arena_array(&c->sc->arena, n, size);
}

/* ---- files: kept for provenance and for the result ---- */

/* A new entry for the path; *out is NULL when there is one already. False when memory is out. */
static bool add_file(struct gw_scenario *sc, const char *path, struct gw_scenario_file **out)
{
    *out = NULL;
    for (uint32_t i = 0; i < sc->n_files; i++) {
        if (strcmp(sc->file[i].path, path) == 0) {
            return true;
        }
    }
    size_t cap = sc->cap_files;
    void *at = sc->file;
    const char *copy = gw_arena_text(&sc->arena, path);
    if (copy == NULL || !gw_array_reserve(&at, &cap, sc->n_files + 1, sizeof *sc->file)) {
        return false;
    }
    sc->file = at;
    sc->cap_files = (uint32_t)cap;
    *out = &sc->file[sc->n_files++];
    **out = (struct gw_scenario_file){.path = copy};
    return true;
}

static enum gw_status keep_file(struct gw_scenario *sc, const char *path, const char *bytes, size_t n)
{
    struct gw_scenario_file *file;
    if (!add_file(sc, path, &file)) {
        return GW_ERR_NOMEM;
    }
    if (file == NULL) {
        return GW_OK;
    }
    file->bytes = gw_arena_text_n(&sc->arena, bytes, n);
    file->n = n;
    file->checksum = gw_hash_fnv1a(GW_HASH_START, bytes, n);
    return file->bytes != NULL ? GW_OK : GW_ERR_NOMEM;
}

static struct gw_scenario_file *file_of(struct gw_scenario *sc, const char *path)
{
    uint32_t i = 0;
    while (strcmp(sc->file[i].path, path) != 0) {
        i++;
    }
    return &sc->file[i];
}

/* What an importer repaired stands in comments at the top: "# repair: gap, price_usd_per_mwh: ...". */
static enum gw_status note_repairs(struct gw_scenario *sc, const char *path, const char *bytes, size_t n,
                                   struct gw_error *err)
{
    static const char mark[] = "# repair: ";
    const char *const end = bytes + n;
    struct gw_text text = {0};
    for (const char *p = bytes, *newline; p < end && *p == '#'; p = newline + 1) {
        newline = memchr(p, '\n', (size_t)(end - p));
        newline = newline != NULL ? newline : end - 1;
        if ((size_t)(newline - p) >= sizeof mark && memcmp(p, mark, sizeof mark - 1) == 0) {
            gw_text_add(&text, text.n > 0 ? "\n" : "");
            gw_text_add_n(&text, p + sizeof mark - 1, (size_t)(newline - p) - (sizeof mark - 1));
        }
    }
    size_t bad;
    struct gw_scenario_file *file = file_of(sc, path);
    if (text.n > 0 && !text.failed && gw_text_is_utf8(text.at, text.n, &bad)) {
        file->repairs = gw_arena_text(&sc->arena, text.at);
        text.failed = file->repairs == NULL;
    }
    const bool failed = text.failed;
    gw_text_fini(&text);
    return failed ? gw_fail(err, GW_ERR_NOMEM, path, "out of memory") : GW_OK;
}

/* A source that remembers what was read through it, and gives compressed files and HDF5 traces as text. */
static enum gw_status read_and_keep(void *from, const char *path, size_t max_bytes, char **bytes, size_t *n,
                                    struct gw_error *err)
{
    struct compiler *c = from;
    const enum gw_status s = c->source != NULL
                                 ? c->source->read(c->source->from, path, max_bytes, bytes, n, err)
                                 : gw_file_read(path, max_bytes, bytes, n, err);
    if (s != GW_OK) {
        return s;
    }
    enum gw_status kept = keep_file(c->sc, path, *bytes, *n);
    kept = kept == GW_OK ? gw_trace_hdf5_plain(bytes, n, max_bytes, path, err)
                         : gw_fail(err, kept, path, "out of memory");
    kept = kept == GW_OK ? note_repairs(c->sc, path, *bytes, *n, err) : kept;
    if (kept != GW_OK) {
        free(*bytes);
        *bytes = NULL;
    }
    return kept;
}

/* ---- names ---- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Collects the `name` (first member) of each element; equal names are an error. */
static enum gw_status take_names(struct compiler *c, const char *list, const struct gw_slice *slice,
                                 size_t size, const char ***out)
{
    const char **name = array(c, slice->n, sizeof *name), **sorted = array(c, slice->n, sizeof *sorted);
    if (name == NULL || sorted == NULL) {
        return no_memory(c);
    }
    for (uint32_t i = 0; i < slice->n; i++) {
        memcpy(&name[i], (const char *)slice->at + i * size, sizeof name[i]);
        sorted[i] = name[i];
    }
    qsort(sorted, slice->n, sizeof *sorted, compare_names);
    for (uint32_t i = 1; i < slice->n; i++) {
        if (strcmp(sorted[i - 1], sorted[i]) == 0) {
            return fail_at(c, GW_ERR_RANGE, place("%s", list),
                           "two elements are named \"%s\"; names tell them apart in results", sorted[i]);
        }
    }
    *out = name;
    return GW_OK;
}
_Static_assert(offsetof(struct gw_site_cfg, name) == 0 && offsetof(struct gw_model_cfg, name) == 0 &&
                   offsetof(struct gw_demand_cfg, name) == 0 && offsetof(struct gw_variant_cfg, name) == 0,
               "take_names reads the first member");

/* ---- forecasts ---- */

static const char *const forecast_key[] = {
    [GW_FORECAST_CARBON] = "carbon", [GW_FORECAST_PRICE] = "price", [GW_FORECAST_WATER] = "water"};
static const char *const forecast_unit[] = {[GW_FORECAST_CARBON] = "gco2_per_kwh",
                                            [GW_FORECAST_PRICE] = "usd_per_mwh",
                                            [GW_FORECAST_WATER] = "l_per_kwh"};

static enum gw_status read_forecast(struct compiler *c, const struct gw_named *method, struct place_text at,
                                    struct gw_csv *out)
{
    const struct gw_source keeping = {.read = read_and_keep, .from = c};
    struct gw_error err;
    const enum gw_status s = gw_forecast_read(method, &keeping, out, &c->sc->arena, &err);
    return s == GW_OK ? GW_OK : fail_at(c, s, at, "%s: %s", err.where, err.why);
}

static enum gw_status read_forecasts(struct compiler *c)
{
    const struct gw_forecasts_cfg *cfg = &c->sc->cfg.forecast;
    enum gw_status worst = read_forecast(c, &cfg->demand, place("forecast.demand"), &c->demand_forecast);
    for (uint32_t i = 0; i < GW_FORECAST_SIGNALS; i++) {
        const enum gw_status s =
            read_forecast(c, &cfg->signal[i], place("forecast.%s", forecast_key[i]), &c->site_forecast[i]);
        worst = worst == GW_OK ? s : worst;
    }
    return worst;
}

/* Its own forecast at `at`, or the one that all may share. */
static enum gw_status make_forecast(struct compiler *c, const struct gw_named *own, struct place_text at,
                                    const struct gw_named *common, const struct gw_csv *common_table,
                                    const char *name, const char *unit, struct gw_forecast *out)
{
    struct gw_csv own_table = {0};
    const bool has_own = own->name != NULL;
    enum gw_status s = has_own ? read_forecast(c, own, at, &own_table) : GW_OK;
    if (s != GW_OK) {
        return s;
    }
    char column[GW_NAME_BYTES_MAX + 32];
    snprintf(column, sizeof column, "%s_%s", name, unit);
    struct gw_error err;
    s = gw_forecast_make(has_own ? own : common, has_own ? &own_table : common_table, column, out, &err);
    return s == GW_OK ? GW_OK : fail_at(c, s, at, "%s: %s", err.where, err.why);
}

/* ---- demand ---- */

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

/* Time from the burn-in's start to the end of arrivals. */
static gw_time_us arrivals_end_us(const struct gw_scenario *sc)
{
    return sc->cfg.time.duration_us + sc->burn_in_us;
}

static uint32_t origin_index(struct gw_scenario *sc, const struct gw_place *place)
{
    for (uint32_t i = 0; i < sc->n_origins; i++) {
        const struct gw_place *known = sc->origin[i];
        if (known == place || (known->lat_deg == place->lat_deg && known->lon_deg == place->lon_deg &&
                               known->utc_offset_h == place->utc_offset_h)) {
            return i;
        }
    }
    sc->origin[sc->n_origins] = place;
    return sc->n_origins++;
}

/* A trace that is not kept: only its size and checksum. */
static enum gw_status note_trace(struct compiler *c, const struct gw_replay *replay)
{
    if (replay->bytes != NULL) {
        return GW_OK; /* kept when it was read */
    }
    struct gw_scenario_file *file;
    if (!add_file(c->sc, replay->cfg->file, &file)) {
        return no_memory(c);
    }
    if (file != NULL) {
        file->n = (size_t)replay->file_bytes;
        file->checksum = replay->checksum;
    }
    return GW_OK;
}

/* Rows that were left out are repairs, too. */
static enum gw_status note_left_out(struct compiler *c, const struct gw_replay *replay)
{
    const struct gw_requests_counts *n = &replay->counts;
    if (n->bad + n->unanswered == 0) {
        return GW_OK;
    }
    struct gw_text text = {0};
    if (n->bad > 0) {
        gw_text_addf(&text, "left out %llu bad rows, the first in line %llu: %s", (unsigned long long)n->bad,
                     (unsigned long long)n->bad_line, n->bad_why);
    }
    if (n->unanswered > 0) {
        gw_text_addf(&text, "%sleft out %llu requests that were not answered", n->bad > 0 ? "\n" : "",
                     (unsigned long long)n->unanswered);
    }
    const char *repairs = text.failed ? NULL : gw_arena_text(&c->sc->arena, text.at);
    gw_text_fini(&text);
    file_of(c->sc, replay->cfg->file)->repairs = repairs;
    return repairs != NULL ? GW_OK : no_memory(c);
}

/* True for a file on the disk that is too large to be held in memory and in the result. */
static bool is_large(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > KEPT_TRACE_BYTES_MAX;
}

/* Small ones are kept like other files, so that the result alone repeats the run; large ones stay on the disk
 * and every run streams them. */
static enum gw_status compile_trace(struct compiler *c, struct gw_demand *d)
{
    struct gw_scenario *sc = c->sc;
    struct gw_error err;
    d->replay = array(c, 1, sizeof *d->replay);
    if (d->replay == NULL) {
        return no_memory(c);
    }
    *d->replay = (struct gw_replay){.cfg = d->cfg->trace,
                                    .start_unix_us = sc->cfg.time.start_unix_us - sc->burn_in_us,
                                    .prompt = &d->prompt,
                                    .output = &d->output};
    enum gw_status s = GW_OK;
    if (!is_large(d->cfg->trace->file)) {
        char *bytes = NULL;
        size_t n;
        s = read_and_keep(c, d->cfg->trace->file, KEPT_TRACE_BYTES_MAX, &bytes, &n, &err);
        free(bytes);
        if (s == GW_OK) {
            const struct gw_scenario_file *file = file_of(sc, d->cfg->trace->file);
            d->replay->bytes = file->bytes;
            d->replay->n = file->n;
        }
    }
    s = s == GW_OK ? gw_replay_load(d->replay, arrivals_end_us(sc), d->cfg->rate_per_s, &sc->arena, &err) : s;
    if (s != GW_OK) {
        return fail_at(c, s == GW_ERR_USAGE ? GW_ERR_RANGE : s, place("serving.demand[%s].trace", d->name),
                       "%s: %s", err.where, err.why);
    }
    if (d->replay->has_lengths) { /* estimates follow the trace */
        d->prompt.mean = d->replay->in_mean;
        d->prompt.mean_sq = d->replay->in_sq;
        d->output.mean = d->replay->out_mean;
        d->output.mean_sq = d->replay->out_sq;
    }
    d->law = gw_replay_law(d->replay);
    s = note_trace(c, d->replay);
    return s == GW_OK ? note_left_out(c, d->replay) : s;
}

static enum gw_status compile_demand(struct compiler *c, uint32_t index)
{
    struct gw_scenario *sc = c->sc;
    struct gw_demand *d = &sc->demand[index];
    const struct gw_demand_cfg *cfg = (const struct gw_demand_cfg *)sc->cfg.serving.demand.at + index;
    const struct gw_length_pair_cfg *lengths = gw_length_pair(&cfg->lengths);
    d->name = sc->demand_name[index];
    d->cfg = cfg;
    d->model = cfg->model;
    d->place = gw_network_location(&cfg->origin);
    d->origin = origin_index(sc, d->place);
    d->arrivals = (struct gw_arrivals_cfg){
        .rate_per_s = cfg->rate_per_s,
        .shape = cfg->shape,
        .utc_offset_h = d->place->utc_offset_h,
        .start_unix_us = sc->cfg.time.start_unix_us - sc->burn_in_us,
        .end_us = GW_NEVER_US,
        .prompt = &d->prompt,
        .output = &d->output,
        .correlation = gw_length_correlation(lengths),
        .burst = gw_burst_of(&cfg->arrivals),
    };
    d->sessions = (struct gw_sessions_cfg){gw_sessions_of(&cfg->sessions), d->arrivals, {0}};
    d->law = d->sessions.sessions.turns > 0.0 ? gw_sessions_law(&d->sessions) : gw_arrivals_law(&d->arrivals);
    d->slo_ttft_us = isnan(cfg->slo.ttft_ms) ? GW_NEVER_US : (gw_time_us)llround(cfg->slo.ttft_ms * 1e3);
    d->slo_tpot_us = isnan(cfg->slo.tpot_ms) ? INFINITY : cfg->slo.tpot_ms * 1e3;
    d->rtt_us = array(c, sc->n_sites, sizeof *d->rtt_us);
    d->allowed = array(c, sc->n_sites, sizeof *d->allowed);

    const struct gw_engine *engine =
        ((const struct gw_model_cfg *)sc->cfg.serving.models.at)[d->model].engine;
    if (cfg->priority > 0 && engine->admission != GW_ADMISSION_PRIORITY) {
        return fail_at(c, GW_ERR_RANGE, place("serving.demand[%s].priority", d->name),
                       "the engine %s does not ask for priorities: its admission is %s", engine->name,
                       gw_admission_names[engine->admission]);
    }

    if (d->rtt_us == NULL || d->allowed == NULL ||
        !gw_length_build(&lengths->prompt, &d->prompt, &sc->arena) ||
        !gw_length_build(&lengths->output, &d->output, &sc->arena)) {
        return no_memory(c);
    }
    if (cfg->trace != NULL && d->sessions.sessions.turns > 0.0) {
        return fail_at(c, GW_ERR_RANGE, place("serving.demand[%s].sessions", d->name),
                       "a trace says by itself who comes back and when: leave sessions out");
    }
    if (cfg->trace != NULL) {
        const enum gw_status traced = compile_trace(c, d);
        if (traced != GW_OK) {
            return traced;
        }
    }
    gw_sessions_prompt(&d->sessions.sessions, &d->prompt, &d->output, &d->prompt_mean, &d->prompt_mean_sq);
    for (uint32_t s = 0; s < sc->n_sites; s++) {
        d->rtt_us[s] = gw_network_rtt_us(&sc->cfg.network, d->place, sc->site[s].place);
        d->allowed[s] = cfg->allowed_sites.alt == GW_SITES_ALL;
    }
    if (cfg->allowed_sites.alt == GW_SITES_LIST) {
        const struct gw_slice *list = cfg->allowed_sites.at;
        for (uint32_t i = 0; i < list->n; i++) {
            d->allowed[((const uint32_t *)list->at)[i]] = 1;
        }
    }
    return make_forecast(c, &cfg->forecast, place("serving.demand[%s].forecast", d->name),
                         &sc->cfg.forecast.demand, &c->demand_forecast, d->name, "per_s", &d->forecast);
}

/* ---- sites ---- */

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

static enum gw_status check_cover(struct compiler *c, const struct gw_site *site,
                                  const struct gw_signal *signal, const char *what)
{
    if (signal->series == NULL) {
        return GW_OK;
    }
    const gw_time_us from = c->sc->cfg.time.start_unix_us;
    gw_time_us gap;
    if (gw_signal_covers(signal, from, from + c->sc->cfg.time.duration_us, &gap)) {
        return GW_OK;
    }
    char when[GW_CLOCK_TEXT_MAX];
    gw_clock_print(gap, when);
    return fail_at(c, GW_ERR_RANGE, place("sites[%s].grid", site->name),
                   "%s has no %s for %s, inside the run", site->first_grid.label, what, when);
}

/* The catalogue's climate of the same name as the place; NULL when it has none. */
static const struct gw_climate *home_climate(struct compiler *c, const struct gw_place *of)
{
    const struct gw_node *climates = gw_node_get(c->sc->catalogue.root, "climates");
    if (gw_node_get(climates, of->name) == NULL) {
        return NULL;
    }
    const struct gw_bind_env env = gw_scenario_env(&c->sc->catalogue);
    const void *climate = NULL;
    const enum gw_status s =
        gw_bind_entry(&c->sc->tree, &env, "climate", of->name, &climate, &c->sc->arena, c->errs);
    return s == GW_OK ? climate : NULL;
}

static enum gw_status compile_weather(struct compiler *c, struct gw_site *site,
                                      const struct gw_source *source)
{
    const struct gw_climate *home = home_climate(c, site->place);
    if (site->cfg->weather == NULL && home == NULL) {
        return fail_at(c, GW_ERR_RANGE, place("sites[%s].weather", site->name),
                       "%s needs the weather, and the catalogue has no climate of %s: name one of geowatt "
                       "list climates, or "
                       "give a file",
                       site->plant->needs_weather     ? site->plant->name
                       : site->cfg->supply.pv != NULL ? "its PV"
                                                      : "its wind",
                       site->place->name);
    }
    static const struct gw_pick usual = {.alt = GW_SITE_WEATHER_GENERATED};
    struct gw_error err;
    const enum gw_status s =
        gw_site_weather_load(site->cfg->weather != NULL ? site->cfg->weather : &usual, home,
                             home != NULL ? home->elevation_m : NAN, site->place->name, source,
                             &site->weather, &c->sc->arena, &err);
    if (s != GW_OK) {
        return fail_at(c, s, place("sites[%s].weather", site->name), "%s: %s", err.where, err.why);
    }
    site->has_weather = true;
    return GW_OK;
}

static enum gw_status make_forecasts(struct compiler *c, struct gw_site *site)
{
    enum gw_status s = GW_OK;
    for (uint32_t i = 0; i < GW_FORECAST_SIGNALS && s == GW_OK; i++) {
        s = make_forecast(c, &site->cfg->forecast.signal[i],
                          place("sites[%s].forecast.%s", site->name, forecast_key[i]),
                          &c->sc->cfg.forecast.signal[i], &c->site_forecast[i], site->name, forecast_unit[i],
                          &site->forecast[i]);
    }
    return s;
}

static enum gw_status compile_site(struct compiler *c, uint32_t index)
{
    struct gw_scenario *sc = c->sc;
    struct gw_site *site = &sc->site[index];
    site->cfg = (const struct gw_site_cfg *)sc->cfg.sites.at + index;
    site->name = sc->site_name[index];
    site->place = gw_network_location(&site->cfg->place);
    site->plant = gw_plant_find(site->cfg->cooling.name);
    GW_REQUIRE(site->plant != NULL);

    const struct gw_source keeping = {.read = read_and_keep, .from = c};
    if (site->plant->needs_weather || site->cfg->supply.pv != NULL || site->cfg->supply.wind != NULL) {
        const enum gw_status weather = compile_weather(c, site, &keeping);
        if (weather != GW_OK) {
            return weather;
        }
    }
    struct gw_error err;
    const gw_time_us start = sc->cfg.time.start_unix_us;
    const struct gw_grid_span span = {start, start + sc->cfg.time.duration_us, (uint64_t)sc->cfg.seed, 0};
    const enum gw_status s =
        gw_grid_load(&site->cfg->grid, &keeping, &span, &site->first_grid, &sc->arena, &err);
    if (s != GW_OK) {
        return fail_at(c, s, place("sites[%s].grid", site->name), "%s: %s", err.where, err.why);
    }
    enum gw_status cover = check_cover(c, site, &site->first_grid.price_usd_per_mwh, "price");
    if (cover == GW_OK) {
        cover = check_cover(c, site, &site->first_grid.water_l_per_kwh, "water intensity");
    }
    if (cover == GW_OK) {
        cover = check_cover(c, site, &site->first_grid.carbon_free_frac, "carbon-free share");
    }
    const int32_t needed[] = {sc->cfg.score.signal, sc->cfg.score.policy_signal};
    for (size_t i = 0; i < 2 && cover == GW_OK; i++) {
        cover = check_cover(c, site, &site->first_grid.carbon[needed[i]], "carbon intensity");
    }
    if (cover == GW_OK && gw_accounts_compile_site(sc, site, &keeping, &err) != GW_OK) {
        return fail_at(c, err.status, place("%s", err.where), "%s", err.why);
    }
    return cover == GW_OK ? make_forecasts(c, site) : cover;
}

/* ---- replicas ---- */

/* Nodes of each pool not yet taken by a replica. */
struct free_nodes {
    int64_t *left; /* [pools] */
};

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
            need +=
                gw_request_law_peak_rate(&d->law, 0, arrivals_end_us(sc)) / gw_serving_capacity(cfg, &mix);
        }
    }
    return (uint32_t)fmin(fmax(ceil(need / auto_fill), 1.0), 1e6);
}

static struct gw_serving_setup setup_on(const struct gw_model *model, const struct gw_pool_cfg *pool)
{
    const struct gw_accelerator *a = pool->node->accelerator;
    return (struct gw_serving_setup){.llm = model->cfg->llm,
                                     .engine = model->cfg->engine,
                                     .node = pool->node,
                                     .tensor_parallel = model->cfg->tensor_parallel,
                                     .pipeline_parallel = model->cfg->pipeline_parallel,
                                     .cap_w = gw_pool_limits_cap_w(&pool->limits, a),
                                     .clock_frac = gw_pool_limits_clock_frac(&pool->limits, a),
                                     .effect = &model->effect};
}

/* Places replicas of model m on one pool; *wanted is what is still to be placed (auto: UINT32_MAX before the
 * first pool). */
static enum gw_status place_on_pool(struct compiler *c, struct gw_site *site, uint32_t m, uint32_t pool,
                                    int64_t *free_nodes, uint32_t *wanted, struct gw_error *refusal)
{
    const struct gw_model_cfg *model = c->sc->model[m].cfg;
    const struct gw_machine *node = pool_of(site, pool)->node;
    const struct gw_serving_setup setup = setup_on(&c->sc->model[m], pool_of(site, pool));
    struct gw_group *group = &site->group[site->n_groups];
    const enum gw_status s = gw_serving_cfg(&setup, &group->cfg, refusal);
    if (s != GW_OK) {
        return s;
    }
    const int64_t each = model->tensor_parallel * model->pipeline_parallel;
    const int64_t per_node = node->count / each;
    if (*wanted == UINT32_MAX) {
        *wanted = replicas_for_peak(c->sc, m, &group->cfg);
    }
    const int64_t fit = *free_nodes * per_node;
    const uint32_t replicas = (uint32_t)(fit < (int64_t)*wanted ? fit : (int64_t)*wanted);
    if (replicas == 0) {
        return GW_OK;
    }
    group->model = m;
    group->pool = pool;
    group->node = node;
    group->quality = (enum gw_fit_quality)gw_engine_fit_for(model->engine, node->accelerator)->quality;
    group->replicas = replicas;
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

static enum gw_status place_model(struct compiler *c, struct gw_site *site, uint32_t m, int64_t *free_nodes)
{
    const struct gw_model_cfg *model = c->sc->model[m].cfg;
    const bool automatic = model->replicas.alt == GW_REPLICAS_AUTO;
    uint32_t wanted = automatic ? UINT32_MAX : (uint32_t) * (const int64_t *)model->replicas.at;
    struct gw_error refusal = {0};
    for (uint32_t pool = 0; pool < site->cfg->pools.n && wanted > 0; pool++) {
        struct gw_error e;
        const enum gw_status s = place_on_pool(c, site, m, pool, &free_nodes[pool], &wanted, &e);
        if (s == GW_ERR_NOMEM) {
            return no_memory(c);
        }
        if (s != GW_OK && only_the_cap_forbids(&c->sc->model[m], pool_of(site, pool))) {
            return fail_at(c, s, place("sites[%s].pools[%u].power_cap", site->name, (unsigned)pool), "%s",
                           e.why);
        }
        if (s != GW_OK) {
            refusal = e;
        }
    }
    if (!automatic && wanted > 0) {
        return fail_at(c, GW_ERR_RANGE, place("serving.models[%s].replicas", c->sc->model_name[m]),
                       "site \"%s\" has no room for %u of them%s%s", site->name, (unsigned)wanted,
                       refusal.why[0] != '\0' ? ": " : "", refusal.why);
    }
    return GW_OK;
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

static enum gw_status place_replicas(struct compiler *c, struct gw_site *site)
{
    const uint32_t pools = site->cfg->pools.n;
    int64_t *free_nodes = array(c, pools, sizeof *free_nodes);
    site->group = array(c, (size_t)pools * c->sc->n_models, sizeof *site->group);
    site->fleet_group = array(c, (size_t)pools * c->sc->n_models, sizeof *site->fleet_group);
    if (free_nodes == NULL || site->group == NULL || site->fleet_group == NULL) {
        return no_memory(c);
    }
    for (uint32_t p = 0; p < pools; p++) {
        free_nodes[p] = pool_of(site, p)->count;
    }
    for (uint32_t m = 0; m < c->sc->n_models; m++) {
        const enum gw_status s = place_model(c, site, m, free_nodes);
        if (s != GW_OK) {
            return s;
        }
    }
    for (uint32_t g = 0; g < site->n_groups; g++) {
        site->fleet_group[g] = (struct gw_fleet_group){
            .model = site->group[g].model, .cfg = &site->group[g].cfg, .replicas = site->group[g].replicas};
    }
    sum_power(site, free_nodes);
    return GW_OK;
}

static uint32_t standing(const struct gw_site *site, uint32_t m)
{
    uint32_t n = 0;
    for (uint32_t g = 0; g < site->n_groups; g++) {
        n += site->group[g].model == m ? site->group[g].replicas : 0;
    }
    return n;
}

/* A model that stands nowhere gets the reason of the first pool it was tried on. */
static enum gw_status explain_unplaced(struct compiler *c, uint32_t m)
{
    struct gw_replica_cfg cfg;
    struct gw_error err = {0};
    const struct gw_serving_setup setup = setup_on(&c->sc->model[m], pool_of(&c->sc->site[0], 0));
    const bool fits = gw_serving_cfg(&setup, &cfg, &err) == GW_OK;
    return fail_at(c, GW_ERR_RANGE, place("serving.models[%s]", c->sc->model_name[m]),
                   "no site has a node for it: %s",
                   fits ? "models that stand before it in the list take them all" : err.why);
}

/* A demand row may go where it is allowed and replicas of its model stand; somewhere it must. */
static enum gw_status check_servable(struct compiler *c)
{
    struct gw_scenario *sc = c->sc;
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
            return fail_at(c, GW_ERR_RANGE, place("serving.demand[%s].allowed_sites", d->name),
                           "none of these sites has a replica of \"%s\"", sc->model_name[d->model]);
        }
    }
    return GW_OK;
}

/* ---- variants ---- */

/* Planners get the same bytes for any window (docs/contracts.md), so theirs is an epoch, or what part of a
 * step keeps the requests in memory few and a signal soon heard. */
static gw_time_us planners_window_us(const struct gw_scenario *sc)
{
    double rate_per_s = 0.0;
    for (uint32_t i = 0; i < sc->n_demands; i++) {
        rate_per_s += gw_request_law_peak_rate(&sc->demand[i].law, 0, arrivals_end_us(sc));
    }
    gw_time_us window_us = sc->cfg.time.epoch_us;
    for (gw_time_us parts = 1; rate_per_s * gw_s_from_us(window_us) > window_requests && parts <= max_parts;
         parts++) {
        window_us = sc->cfg.time.step_us % parts == 0 ? sc->cfg.time.step_us / parts : window_us;
    }
    return window_us;
}

static enum gw_status compile_slot(struct compiler *c, struct gw_variant *v, const struct gw_variant_cfg *cfg,
                                   size_t k)
{
    struct gw_scenario *sc = c->sc;
    const struct gw_named *own = &cfg->slots.slot[k],
                          *row = own->name != NULL ? own : &sc->cfg.defaults.slot[k];
    const char *key = gw_slots_docs[k].key;
    const gw_time_us asked = cfg->every.slot_us[k];
    v->every_us[k] = asked != GW_ABSENT ? asked : sc->cfg.time.epoch_us;
    if (v->every_us[k] % sc->cfg.time.step_us != 0 || v->every_us[k] == 0) {
        return fail_at(c, GW_ERR_RANGE, place("policies[%s].every", v->name),
                       "%s: is not a multiple of time.step", key);
    }
    if (row->name == NULL) {
        return GW_OK;
    }
    struct gw_error err;
    const enum gw_status s = gw_registry_open(row, &v->slot[k], &sc->arena, &err);
    char slot[GW_NAME_BYTES_MAX + 40];
    snprintf(slot, sizeof slot, "policies[%s].%s", v->name, key);
    if (s != GW_OK) {
        return fail_at(c, s, place("%s", slot), "%s: %s", err.where, err.why);
    }
    if ((v->slot[k].ops->slots & gw_slots_docs[k].slot) == 0) {
        return fail_at(c, GW_ERR_RANGE, place("%s", slot), "this policy is not made for %s", key);
    }
    return GW_OK;
}

/* Planning moments are window edges. */
static gw_time_us window_at_moments(const struct gw_scenario *sc, const struct gw_variant *v,
                                    gw_time_us window_us)
{
    for (size_t k = 0; k < GW_SLOTS_COUNT; k++) {
        if (v->slot[k].ops != NULL && v->every_us[k] % window_us != 0) {
            return sc->cfg.time.step_us;
        }
    }
    return window_us;
}

/* Whether some row's next requests depend on when the former were answered. */
static bool answers_matter(const struct gw_scenario *sc)
{
    for (uint32_t i = 0; i < sc->n_demands; i++) {
        if (sc->demand[i].sessions.sessions.turns > 0.0) {
            return true;
        }
    }
    return false;
}

static enum gw_status compile_variant(struct compiler *c, uint32_t index)
{
    struct gw_scenario *sc = c->sc;
    struct gw_variant *v = &sc->variant[index];
    const struct gw_variant_cfg *cfg = (const struct gw_variant_cfg *)sc->cfg.policies.at + index;
    v->name = sc->variant_name[index];
    for (size_t k = 0; k < GW_SLOTS_COUNT; k++) {
        const enum gw_status s = compile_slot(c, v, cfg, k);
        if (s != GW_OK) {
            return s;
        }
    }
    v->state_aware = v->slot[GW_SLOTS_ROUTING].ops->route != NULL;
    const gw_time_us asked = sc->cfg.time.window_us;
    v->window_us = asked != GW_ABSENT ? asked : v->state_aware ? GW_US_PER_S : planners_window_us(sc);
    v->window_us = window_at_moments(sc, v, v->window_us);
    if (answers_matter(sc)) {
        v->window_us = asked == GW_ABSENT && v->window_us > GW_US_PER_S ? GW_US_PER_S : v->window_us;
        if (v->window_us > longest_answer_window_us) {
            return fail_at(
                c, GW_ERR_RANGE, place("time.window"),
                "users of sessions come back at window edges, so with sessions a window may last at "
                "most 10 s");
        }
    }
    if (sc->cfg.time.step_us % v->window_us != 0 && v->window_us % sc->cfg.time.step_us != 0) {
        return fail_at(c, GW_ERR_RANGE, place("time.step"),
                       "is not a multiple of 1 s, the window of policies that route each "
                       "request: set time.window to a divisor of it");
    }
    return GW_OK;
}

static enum gw_status compile_baseline(struct compiler *c)
{
    struct gw_scenario *sc = c->sc;
    const char *name = sc->cfg.score.baseline;
    for (uint32_t i = 0; name != NULL && i < sc->n_variants; i++) {
        if (strcmp(sc->variant_name[i], name) == 0) {
            sc->baseline = i;
            return GW_OK;
        }
    }
    if (name == NULL) {
        sc->baseline = 0;
        return GW_OK;
    }
    const char *nearest = gw_text_nearest(name, sc->variant_name, sc->n_variants);
    return fail_at(c, GW_ERR_UNKNOWN, place("score.baseline"), "no policy of this scenario is named \"%s\"%s",
                   name, gw_text_hint(nearest).text);
}

/* A slip such as `every: 1 s` over a year is told before the machine runs out of memory. */
static enum gw_status check_size(struct compiler *c)
{
    const struct gw_scenario *sc = c->sc;
    const double runs = (double)sc->n_variants * (double)sc->cfg.replications;
    const double rows = (double)((sc->cfg.time.duration_us + sc->drain_max_us) / sc->every_us + 1);
    const double cells = (rows + 1.0) * sc->n_sites * GW_ACCOUNT_COUNT + GW_SCORE_COUNT;
    const double bytes = runs * cells * (double)sizeof(double);
    if (bytes <= result_bytes_max) {
        return GW_OK;
    }
    char every[GW_CLOCK_TEXT_MAX];
    gw_clock_print_span(sc->every_us, every);
    return fail_at(
        c, GW_ERR_RANGE, place("output.every"),
        "%.0f runs with a row of %u sites every %s would take %.0f GB; at most %.0f GB are allowed: make "
        "it longer, or do less at once",
        runs, (unsigned)sc->n_sites, every, bytes * 1e-9, result_bytes_max * 1e-9);
}

/* ---- all of it ---- */

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

static enum gw_status allocate(struct compiler *c)
{
    struct gw_scenario *sc = c->sc;
    sc->n_sites = sc->cfg.sites.n;
    sc->n_models = sc->cfg.serving.models.n;
    sc->n_demands = sc->cfg.serving.demand.n;
    sc->n_variants = sc->cfg.policies.n;
    sc->site = array(c, sc->n_sites, sizeof *sc->site);
    sc->model = array(c, sc->n_models, sizeof *sc->model);
    sc->demand = array(c, sc->n_demands, sizeof *sc->demand);
    sc->variant = array(c, sc->n_variants, sizeof *sc->variant);
    sc->origin = array(c, sc->n_demands, sizeof *sc->origin);
    sc->origin_name = array(c, sc->n_demands, sizeof *sc->origin_name);
    if (sc->site == NULL || sc->model == NULL || sc->demand == NULL || sc->variant == NULL ||
        sc->origin == NULL || sc->origin_name == NULL) {
        return no_memory(c);
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

static enum gw_status each(struct compiler *c, uint32_t n,
                           enum gw_status (*compile)(struct compiler *, uint32_t))
{
    enum gw_status worst = GW_OK;
    for (uint32_t i = 0; i < n; i++) {
        const enum gw_status s = compile(c, i);
        worst = worst == GW_OK ? s : worst;
    }
    return worst;
}

static enum gw_status check_signals(struct compiler *c)
{
    struct gw_error err;
    const enum gw_status s = gw_accounts_check_signals(c->sc, &err);
    return s == GW_OK ? s : fail_at(c, s, place("%s", err.where), "%s", err.why);
}

static enum gw_status compile_replicas(struct compiler *c, uint32_t site)
{
    return place_replicas(c, &c->sc->site[site]);
}

enum gw_status gw_compile_scenario(struct gw_scenario *sc, const struct gw_source *source,
                                   struct gw_errors *errs)
{
    struct compiler c = {.sc = sc, .source = source, .errs = errs};
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
                              .api_us = (gw_time_us)llround(cfg->engine->api_ms * 1e3),
                              .api_us_per_tok = cfg->engine->api_us_per_tok,
                              .effect = gw_technique_compose(cfg->techniques.at, cfg->techniques.n)};
    }
    s = read_forecasts(&c);
    s = s == GW_OK ? each(&c, sc->n_sites, compile_site) : s;
    s = s == GW_OK ? check_signals(&c) : s;
    s = s == GW_OK ? each(&c, sc->n_demands, compile_demand) : s;
    s = s == GW_OK ? each(&c, sc->n_sites, compile_replicas) : s;
    s = s == GW_OK ? check_servable(&c) : s;
    s = s == GW_OK ? each(&c, sc->n_variants, compile_variant) : s;
    s = s == GW_OK ? compile_baseline(&c) : s;
    s = s == GW_OK ? check_size(&c) : s;
    for (uint32_t o = 0; o < sc->n_origins; o++) {
        sc->origin_name[o] = sc->origin[o]->name;
    }
    return s;
}
