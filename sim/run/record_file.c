#include "sim/run/record_file.h"

#include <stdlib.h>

#include "sim/base/file.h"
#include "sim/base/version.h"
#include "sim/run/netcdf_write.h"
#include "sim/run/seal.h"
#include "sim/run/record.h"
#include "sim/run/traffic.h"

enum { SCHEMA = 1 };

struct writer {
    struct gw_netcdf_write *out;
    const struct gw_scenario *sc;
    const struct gw_result *result;
    size_t rows;
    struct gw_netcdf_dim request;
    int64_t *value; /* [rows] of the column being written */
};

/* One column: its value for a row of a run. */
struct column {
    const char *name, *unit, *doc;
    enum gw_netcdf_type type;
    bool may_lack; /* GW_RECORD_UNKNOWN where there is none; I64, as its attribute is */
    int64_t (*value)(const struct writer *w, const struct gw_run_result *run,
                     const struct gw_record_row *row);
};

#define COLUMN(name, expression)                                                                             \
    static int64_t name##_of(const struct writer *w, const struct gw_run_result *run,                        \
                             const struct gw_record_row *row)                                                \
    {                                                                                                        \
        (void)w, (void)run, (void)row;                                                                       \
        return expression;                                                                                   \
    }
COLUMN(policy, run->policy)
COLUMN(replication, run->replication)
COLUMN(demand, row->demand)
COLUMN(site, row->site)
COLUMN(number, (int64_t)row->number)
COLUMN(sent, row->sent_us)
COLUMN(in_tok, row->in_tok)
COLUMN(out_tok, row->out_tok)
COLUMN(ttft, row->ttft_us)
COLUMN(tpot, row->tpot_us)
COLUMN(e2e, row->e2e_us)
COLUMN(state, row->state)
#undef COLUMN

/* What the row states; what an engine's own cache held for one request is not known here. */
static int64_t cached_of(const struct writer *w, const struct gw_run_result *run,
                         const struct gw_record_row *row)
{
    (void)run;
    const struct gw_demand *demand = &w->sc->demand[row->demand];
    const bool unknown = w->sc->model[demand->model].cfg->engine->prefix_frac > 0.0;
    return unknown ? (int64_t)GW_RECORD_UNKNOWN : (int64_t)gw_traffic_cached_tok(demand->cfg, row->in_tok);
}

static const struct column columns[] = {
    {"policy_index", "1", "Place of the policy in policy", GW_NETCDF_I32, false, policy_of},
    {"replication", "1", "Replication", GW_NETCDF_I32, false, replication_of},
    {"demand_index", "1", "Place of the demand row in demand", GW_NETCDF_I32, false, demand_of},
    {"number", "1", "Number within the demand row: the same request under every policy", GW_NETCDF_I64, false,
     number_of},
    {"site_index", "1", "Place in site of where it was served, or last was", GW_NETCDF_I32, false, site_of},
    {"arrival_us", "us", "When its user sent it, or its gate let it go, since the start", GW_NETCDF_I64,
     false, sent_of},
    {"in_tok", "tok", "Prompt tokens", GW_NETCDF_I32, false, in_tok_of},
    {"out_tok", "tok", "Output tokens asked for", GW_NETCDF_I32, false, out_tok_of},
    {"cached_tok", "tok", "Prompt tokens of a stated prefix hit; not known of engines with a cache",
     GW_NETCDF_I64, true, cached_of},
    {"ttft_us", "us", "Time to first token; without one, its age when it left or the run ended",
     GW_NETCDF_I64, true, ttft_of},
    {"tpot_us", "us", "Time per output token after the first", GW_NETCDF_I64, true, tpot_of},
    {"e2e_us", "us", "Time to the last token; without one, its age when it left or the run ended",
     GW_NETCDF_I64, true, e2e_of},
    {"state", "1", "What became of it", GW_NETCDF_I8, false, state_of},
};

static bool is_whole(const struct gw_run_result *run)
{
    return run->error.status == GW_OK;
}

static size_t n_runs(const struct writer *w)
{
    return (size_t)w->result->policies * w->result->replications;
}

/* The column's values, narrowed in place to the type in which they are given. */
static void gather(const struct writer *w, const struct column *column)
{
    int32_t *narrow = (int32_t *)w->value;
    int8_t *flag = (int8_t *)w->value;
    size_t at = 0;
    for (size_t i = 0; i < n_runs(w); i++) {
        const struct gw_run_result *run = &w->result->run[i];
        for (size_t r = 0; is_whole(run) && r < run->n_record; r++, at++) {
            const int64_t value = column->value(w, run, &run->record[r]);
            if (column->type == GW_NETCDF_I64) {
                w->value[at] = value;
            } else if (column->type == GW_NETCDF_I32) {
                narrow[at] = (int32_t)value;
            } else {
                flag[at] = (int8_t)value;
            }
        }
    }
}

static void write_column(const struct writer *w, const struct column *column)
{
    gather(w, column);
    const int64_t variable = gw_netcdf_write_variable(w->out, gw_netcdf_write_root(w->out), column->name,
                                                      column->type, 1, &w->request, w->value);
    gw_netcdf_write_text(w->out, variable, "units", column->unit);
    gw_netcdf_write_text(w->out, variable, "long_name", column->doc);
    if (column->may_lack) {
        gw_netcdf_write_int(w->out, variable, "missing_value", GW_RECORD_UNKNOWN);
    }
    if (column->type == GW_NETCDF_I8) {
        const int8_t states[] = {GW_RECORD_ANSWERED, GW_RECORD_UNFINISHED, GW_RECORD_DROPPED,
                                 GW_RECORD_TIMED_OUT};
        gw_netcdf_write_flags(w->out, variable, "flag_values", GW_RECORD_STATES, states);
        gw_netcdf_write_text(w->out, variable, "flag_meanings", "answered unfinished dropped timed_out");
    }
}

static void write_names(const struct writer *w, const char *name, const char *doc, size_t n,
                        const char *const *names)
{
    const struct gw_netcdf_dim dim =
        gw_netcdf_write_scale(w->out, gw_netcdf_write_root(w->out), name, GW_NETCDF_TEXT, n, names);
    gw_netcdf_write_text(w->out, dim.scale, "units", "1");
    gw_netcdf_write_text(w->out, dim.scale, "long_name", doc);
}

static void write_all(struct writer *w)
{
    const struct gw_scenario *sc = w->sc;
    const int64_t root = gw_netcdf_write_root(w->out);
    gw_netcdf_write_text(w->out, root, "Conventions", "CF-1.10");
    gw_netcdf_write_text(w->out, root, "title", sc->cfg.name);
    gw_netcdf_write_int(w->out, root, "schema_version", SCHEMA);
    gw_netcdf_write_text(w->out, root, "geowatt_version", gw_version_number());
    gw_netcdf_write_uint(w->out, root, "seed", (uint64_t)sc->cfg.seed);
    gw_netcdf_write_int(w->out, root, "start_unix_us", sc->cfg.time.start_unix_us);
    gw_netcdf_write_uint(w->out, root, "rows", w->rows);
    write_names(w, "policy", "Policies of the scenario", sc->n_variants, sc->variant_name);
    write_names(w, "site", "Sites", sc->n_sites, sc->site_name);
    write_names(w, "demand", "Demand rows", sc->n_demands, sc->demand_name);
    if (w->rows == 0) {
        return; /* a dimension of 0 would be one that grows */
    }
    w->request = gw_netcdf_write_bare_dim(w->out, root, "request", w->rows);
    for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++) {
        write_column(w, &columns[c]);
    }
}

enum gw_status gw_record_file_pack(const struct gw_scenario *sc, const struct gw_result *result, size_t extra,
                                   const char *path, char **bytes, size_t *n, struct gw_error *err)
{
    struct writer w = {.sc = sc, .result = result};
    for (size_t i = 0; i < n_runs(&w); i++) {
        w.rows += is_whole(&result->run[i]) ? result->run[i].n_record : 0;
    }
    w.out = gw_netcdf_write_create();
    w.value = malloc((w.rows + 1) * sizeof *w.value);
    enum gw_status s = GW_OK;
    if (w.out == NULL || w.value == NULL) {
        s = gw_fail(err, GW_ERR_NOMEM, path, "out of memory");
    } else {
        write_all(&w);
        s = gw_netcdf_write_finish(w.out, extra, path, bytes, n, err);
    }
    if (w.out != NULL) {
        gw_netcdf_write_destroy(w.out);
    }
    free(w.value);
    return s;
}

enum gw_status gw_record_file_write(const char *path, const struct gw_scenario *sc,
                                    const struct gw_result *result, struct gw_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    enum gw_status s = gw_record_file_pack(sc, result, GW_SEAL_BYTES, path, &bytes, &n, err);
    if (s == GW_OK) {
        gw_seal_put(bytes, n);
        s = gw_file_write(path, bytes, n + GW_SEAL_BYTES, err);
    }
    free(bytes);
    return s;
}
