#include "sim/run/compile_demand.h"

#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "sim/base/units.h"
#include "sim/run/compile_files.h"
#include "sim/run/compile_forecasts.h"

#define KEPT_TRACE_BYTES_MAX (16 << 20) /* of a request trace */

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
static enum gw_status note_trace(struct gw_compiler *c, const struct gw_replay *replay)
{
    if (replay->bytes != NULL) {
        return GW_OK; /* kept when it was read */
    }
    struct gw_scenario_file *file;
    if (!gw_compile_files_add(c->sc, replay->cfg->file, &file)) {
        return gw_compiler_no_memory(c);
    }
    if (file != NULL) {
        file->n = (size_t)replay->file_bytes;
        file->checksum = replay->checksum;
    }
    return GW_OK;
}

/* Rows that were left out are repairs, too. */
static enum gw_status note_left_out(struct gw_compiler *c, const struct gw_replay *replay)
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
    gw_compile_files_of(c->sc, replay->cfg->file)->repairs = repairs;
    return repairs != NULL ? GW_OK : gw_compiler_no_memory(c);
}

/* True for a file on the disk that is too large to be held in memory and in the result. */
static bool is_large(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > KEPT_TRACE_BYTES_MAX;
}

/* Small ones are kept like other files, so that the result alone repeats the run; large ones stay on the disk
 * and every run streams them. */
static enum gw_status compile_trace(struct gw_compiler *c, struct gw_demand *d)
{
    struct gw_scenario *sc = c->sc;
    struct gw_error err;
    d->replay = gw_compiler_array(c, 1, sizeof *d->replay);
    if (d->replay == NULL) {
        return gw_compiler_no_memory(c);
    }
    *d->replay = (struct gw_replay){.cfg = d->cfg->trace,
                                    .start_unix_us = sc->cfg.time.start_unix_us - sc->burn_in_us,
                                    .prompt = &d->prompt,
                                    .output = &d->output};
    enum gw_status s = GW_OK;
    if (!is_large(d->cfg->trace->file)) {
        char *bytes = NULL;
        size_t n;
        s = gw_compile_files_read(c, d->cfg->trace->file, KEPT_TRACE_BYTES_MAX, &bytes, &n, &err);
        free(bytes);
        if (s == GW_OK) {
            const struct gw_scenario_file *file = gw_compile_files_of(sc, d->cfg->trace->file);
            d->replay->bytes = file->bytes;
            d->replay->n = file->n;
        }
    }
    s = s == GW_OK
            ? gw_replay_load(d->replay, gw_compiler_arrivals_end_us(sc), d->cfg->rate_per_s, &sc->arena, &err)
            : s;
    if (s != GW_OK) {
        return gw_compiler_fail(c, s == GW_ERR_USAGE ? GW_ERR_RANGE : s,
                                gw_compiler_at("serving.demand[%s].trace", d->name), "%s: %s", err.where,
                                err.why);
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

enum gw_status gw_compile_demand(struct gw_compiler *c, uint32_t index)
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
        .elastic = cfg->elastic.name != NULL,
    };
    d->sessions = (struct gw_sessions_cfg){gw_sessions_of(&cfg->sessions), d->arrivals, {0}};
    d->law = d->sessions.sessions.turns > 0.0 ? gw_sessions_law(&d->sessions) : gw_arrivals_law(&d->arrivals);
    d->slo_ttft_us = isnan(cfg->slo.ttft_ms) ? GW_NEVER_US : (gw_time_us)llround(cfg->slo.ttft_ms * 1e3);
    d->slo_tpot_us = isnan(cfg->slo.tpot_ms) ? INFINITY : cfg->slo.tpot_ms * 1e3;
    d->rtt_us = gw_compiler_array(c, sc->n_sites, sizeof *d->rtt_us);
    d->allowed = gw_compiler_array(c, sc->n_sites, sizeof *d->allowed);

    const struct gw_engine *engine =
        ((const struct gw_model_cfg *)sc->cfg.serving.models.at)[d->model].engine;
    if (cfg->priority > 0 && engine->admission != GW_ADMISSION_PRIORITY) {
        return gw_compiler_fail(c, GW_ERR_RANGE, gw_compiler_at("serving.demand[%s].priority", d->name),
                                "the engine %s does not ask for priorities: its admission is %s",
                                engine->name, gw_admission_names[engine->admission]);
    }

    if (d->rtt_us == NULL || d->allowed == NULL ||
        !gw_length_build(&lengths->prompt, &d->prompt, &sc->arena) ||
        !gw_length_build(&lengths->output, &d->output, &sc->arena)) {
        return gw_compiler_no_memory(c);
    }
    if (cfg->directives != NULL && d->sessions.sessions.turns > 0.0) {
        return gw_compiler_fail(c, GW_ERR_RANGE, gw_compiler_at("serving.demand[%s].directives", d->name),
                                "the next turns of a session contain the answers: a row with sessions keeps "
                                "their lengths");
    }
    if (cfg->trace != NULL && d->sessions.sessions.turns > 0.0) {
        return gw_compiler_fail(c, GW_ERR_RANGE, gw_compiler_at("serving.demand[%s].sessions", d->name),
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
    return gw_compile_forecasts_of_demand(c, d);
}
