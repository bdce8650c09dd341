#include "sim/run/result_pack.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/text.h"
#include "sim/base/units.h"
#include "sim/run/load.h"
#include "sim/run/netcdf_write.h"
#include "sim/run/result_jobs.h"
#include "sim/run/tally.h"

/* What the file says of a demand row. */
static const struct demand_field {
    const char *name, *unit, *doc;
    size_t offset;
    bool is_count; /* uint64_t, else double */
} demand_fields[] = {
#define COUNT(field, unit, doc)                                                                              \
    {                                                                                                        \
#field, unit, doc, offsetof(struct gw_demand_result, field), true                                    \
    }
#define VALUE(field, unit, doc)                                                                              \
    {                                                                                                        \
#field, unit, doc, offsetof(struct gw_demand_result, field), false                                   \
    }
    COUNT(arrived, "1", "Requests sent within the scored time"),
    COUNT(completed, "1", "Of these, answered in full"),
    COUNT(dropped, "1", "Of these, refused"),
    COUNT(timed_out, "1", "Of these, gave up at their time-out"),
    COUNT(unfinished, "1", "Of these, neither when the run ended"),
    COUNT(slo_met, "1", "Requests that met every limit of their row"),
    COUNT(slo_of, "1", "Requests with a limit"),
    COUNT(in_tok, "tok", "Prompt tokens of completed requests"),
    COUNT(out_tok, "tok", "Output tokens of completed requests"),
    VALUE(busy_kwh, "kWh", "Share of the accelerators' busy energy; idle energy is not allocated"),
    VALUE(import_kwh, "kWh", "Imported energy of that share"),
    VALUE(carbon_kg, "kgCO2", "Operational carbon of that share, by the score's signal"),
    VALUE(water_l, "L", "Water consumed for that share, on site and off site"),
    VALUE(cost_usd, "USD", "Energy cost of that share, and of carrying its answers"),
    VALUE(ttft_ms_mean, "ms", "Time to first token, network and API included"),
    VALUE(ttft_ms_p50, "ms", "Median time to first token"),
    VALUE(ttft_ms_p99, "ms", "99th percentile of the time to first token"),
    VALUE(tpot_ms_mean, "ms", "Time per output token after the first, mean over requests"),
    VALUE(e2e_ms_mean, "ms", "Time from sending a request to its last token"),
#undef COUNT
#undef VALUE
};
enum { DEMAND_FIELDS = sizeof demand_fields / sizeof demand_fields[0] };

static double demand_value(const struct gw_demand_result *row, const struct demand_field *field)
{
    const char *at = (const char *)row + field->offset;
    if (field->is_count) {
        uint64_t count;
        memcpy(&count, at, sizeof count);
        return (double)count;
    }
    double value;
    memcpy(&value, at, sizeof value);
    return value;
}

struct writer {
    struct gw_netcdf_write *out;
    const struct gw_result *result;
    const struct gw_result_facts *facts;
    struct gw_arena arena; /* scratch */
    size_t n_runs, rows;
    size_t gaps;   /* epochs with a gap to a bound */
    double *value; /* room for the largest variable */
    struct gw_netcdf_dim policy, replication, site, demand, model, time;
};

/* A failed run has no numbers: what it got so far is written as missing. */
static bool is_whole(const struct writer *w, size_t i)
{
    return w->result->run[i].error.status == GW_OK;
}

/* with the baseline of the same replication */
static bool is_comparable(const struct writer *w, size_t i)
{
    const struct gw_result *result = w->result;
    const size_t base = (size_t)w->facts->baseline * result->replications + i % result->replications;
    const double *score = result->run[i].score, *base_score = result->run[base].score;
    return is_whole(w, i) && is_whole(w, base) &&
           (result->per_request ? gw_score_comparable_per_request(score, base_score)
                                : gw_score_comparable(score, base_score));
}

static void describe(struct writer *w, int64_t variable, const char *unit, const char *doc)
{
    gw_netcdf_write_text(w->out, variable, "units", unit);
    gw_netcdf_write_text(w->out, variable, "long_name", doc);
}

static void write_globals(struct writer *w)
{
    const struct gw_result_facts *facts = w->facts;
    struct gw_netcdf_write *out = w->out;
    const int64_t root = gw_netcdf_write_root(out);
    char text[GW_CLOCK_TEXT_MAX];

    gw_netcdf_write_text(out, root, "Conventions", "CF-1.10");
    gw_netcdf_write_text(out, root, "title", facts->scenario_name);
    gw_netcdf_write_int(out, root, "schema_version", GW_RESULT_SCHEMA);
    gw_netcdf_write_text(out, root, "geowatt_version", facts->version);
    gw_netcdf_write_text(out, root, "geowatt_commit", facts->commit);
    gw_netcdf_write_uint(out, root, "seed", facts->seed);
    snprintf(text, sizeof text, "%016" PRIx64, facts->libm_fingerprint);
    gw_netcdf_write_text(out, root, "libm_fingerprint", text);
    gw_netcdf_write_text(out, root, "baseline", facts->policy[facts->baseline]);
    gw_netcdf_write_text(out, root, "transferred", facts->transferred);
    if (facts->external != NULL && facts->external[0] != '\0') {
        gw_netcdf_write_text(out, root, "external", facts->external);
    }

    gw_clock_print(facts->start_unix_us, text);
    gw_netcdf_write_text(out, root, "start", text);
    gw_netcdf_write_int(out, root, "start_unix_us", facts->start_unix_us);
    gw_netcdf_write_int(out, root, "duration_us", facts->duration_us);
    gw_netcdf_write_int(out, root, "step_us", facts->step_us);
    gw_netcdf_write_int(out, root, "epoch_us", facts->epoch_us);
    gw_netcdf_write_int(out, root, "every_us", w->result->every_us);
}

/* One text with a line for each: netCDF programs do not all read arrays of texts in attributes. */
static bool write_citations(struct writer *w)
{
    struct gw_text lines = {0};
    gw_text_add(&lines, "");
    for (uint32_t i = 0; i < w->facts->n_citations; i++) {
        gw_text_addf(&lines, "%s%s", i > 0 ? "\n" : "", w->facts->citation[i]);
    }
    const bool whole = !lines.failed;
    if (whole) {
        gw_netcdf_write_text(w->out, gw_netcdf_write_root(w->out), "citations", lines.at);
    }
    gw_text_fini(&lines);
    return whole;
}

static struct gw_netcdf_dim write_names(struct writer *w, const char *name, const char *const *names,
                                        size_t n, const char *doc)
{
    const struct gw_netcdf_dim dim =
        gw_netcdf_write_scale(w->out, gw_netcdf_write_root(w->out), name, GW_NETCDF_TEXT, n, names);
    gw_netcdf_write_text(w->out, dim.scale, "long_name", doc);
    return dim;
}

static bool write_dims(struct writer *w)
{
    const struct gw_result *result = w->result;
    int64_t *numbers = gw_arena_array(&w->arena, result->replications, sizeof *numbers);
    if (numbers == NULL) {
        return false;
    }
    for (uint32_t r = 0; r < result->replications; r++) {
        numbers[r] = r;
    }
    w->policy = write_names(w, "policy", w->facts->policy, result->policies, "Policy variant");
    w->replication = gw_netcdf_write_scale(w->out, gw_netcdf_write_root(w->out), "replication", GW_NETCDF_I64,
                                           result->replications, numbers);
    gw_netcdf_write_text(w->out, w->replication.scale, "long_name", "Replication");
    w->site = write_names(w, "site", w->facts->site, result->sites, "Site");
    if (result->demands > 0) {
        w->demand = write_names(w, "demand", w->facts->demand, result->demands, "Demand row");
    }
    if (result->models > 0) {
        w->model = write_names(w, "model", w->facts->model, result->models, "Served model");
    }
    return true;
}

static int64_t write_run_flags(struct writer *w, const char *name, const int8_t *flags, const char *meanings,
                               const char *doc)
{
    static const int8_t values[] = {0, 1};
    const struct gw_netcdf_dim dims[] = {w->policy, w->replication};
    const int64_t variable =
        gw_netcdf_write_variable(w->out, gw_netcdf_write_root(w->out), name, GW_NETCDF_I8, 2, dims, flags);
    gw_netcdf_write_text(w->out, variable, "long_name", doc);
    gw_netcdf_write_flags(w->out, variable, "flag_values", 2, values);
    gw_netcdf_write_text(w->out, variable, "flag_meanings", meanings);
    return variable;
}

/* w->value as a variable of the root */
static int64_t write_values(struct writer *w, const char *name, unsigned rank,
                            const struct gw_netcdf_dim *dims, const char *unit, const char *doc)
{
    const int64_t variable = gw_netcdf_write_variable(w->out, gw_netcdf_write_root(w->out), name,
                                                      GW_NETCDF_F64, rank, dims, w->value);
    describe(w, variable, unit, doc);
    return variable;
}

/* How each run went. */
static bool write_runs(struct writer *w)
{
    int8_t *whole = gw_arena_array(&w->arena, w->n_runs, 1);
    int8_t *comparable = gw_arena_array(&w->arena, w->n_runs, 1);
    const char **why = gw_arena_array(&w->arena, w->n_runs, sizeof *why);
    if (whole == NULL || comparable == NULL || why == NULL) {
        return false;
    }
    for (size_t i = 0; i < w->n_runs; i++) {
        whole[i] = is_whole(w, i);
        comparable[i] = is_comparable(w, i);
        why[i] = is_whole(w, i) ? "" : w->result->run[i].error.why;
    }
    const struct gw_netcdf_dim dims[] = {w->policy, w->replication};
    write_run_flags(w, "run_ok", whole, "failed whole", "Whether the run came to its end");
    write_run_flags(
        w, "run_comparable", comparable, "other_work same_work",
        "Whether the run did the same work as the baseline's, or where users answer to the service "
        "the same share of it");
    const int64_t error = gw_netcdf_write_variable(w->out, gw_netcdf_write_root(w->out), "run_error",
                                                   GW_NETCDF_TEXT, 2, dims, why);
    gw_netcdf_write_text(w->out, error, "long_name", "Why the run failed");

    for (size_t i = 0; i < w->n_runs; i++) {
        w->value[i] = is_whole(w, i) ? gw_s_from_us(w->result->run[i].end_us) : NAN;
    }
    write_values(w, "run_end_s", 2, dims, "s", "End of the run after its start, drain included");
    for (size_t i = 0; i < w->n_runs; i++) {
        w->value[i] = is_whole(w, i) ? (double)w->result->run[i].ties : NAN;
    }
    write_values(w, "run_ties", 2, dims, "1",
                 "Requests that reached a site at the same microsecond as another");
    return true;
}

static void write_scores(struct writer *w)
{
    static const char *const better[] = {
        [GW_BETTER_NEITHER] = "neither", [GW_BETTER_LOW] = "low", [GW_BETTER_HIGH] = "high"};
    const struct gw_netcdf_dim dims[] = {w->policy, w->replication};
    for (int column = 0; column < GW_SCORE_COUNT; column++) {
        const struct gw_score_doc doc = gw_score_doc((enum gw_score)column);
        for (size_t i = 0; i < w->n_runs; i++) {
            w->value[i] = is_whole(w, i) ? w->result->run[i].score[column] : NAN;
        }
        const int64_t variable = write_values(w, doc.name, 2, dims, doc.unit, doc.doc);
        gw_netcdf_write_text(w->out, variable, "better", better[doc.better]);
    }
}

static void write_accounts(struct writer *w)
{
    const struct gw_netcdf_dim dims[] = {w->policy, w->replication, w->site};
    const size_t sites = w->result->sites;
    for (int account = 0; account < GW_ACCOUNT_COUNT; account++) {
        const struct gw_account_doc doc = gw_ledger_account((enum gw_account)account);
        for (size_t i = 0; i < w->n_runs; i++) {
            for (size_t s = 0; s < sites; s++) {
                w->value[i * sites + s] =
                    is_whole(w, i) ? w->result->run[i].site[s * GW_ACCOUNT_COUNT + (size_t)account] : NAN;
            }
        }
        char name[64];
        snprintf(name, sizeof name, "site_%s", doc.name);
        write_values(w, name, 3, dims, doc.unit, doc.doc);
    }
}

static void write_demands(struct writer *w)
{
    const struct gw_netcdf_dim dims[] = {w->policy, w->replication, w->demand};
    const size_t demands = w->result->demands;
    for (size_t f = 0; f < DEMAND_FIELDS; f++) {
        const struct demand_field *field = &demand_fields[f];
        for (size_t i = 0; i < w->n_runs; i++) {
            for (size_t d = 0; d < demands; d++) {
                w->value[i * demands + d] =
                    is_whole(w, i) ? demand_value(&w->result->run[i].demand[d], field) : NAN;
            }
        }
        char name[64];
        snprintf(name, sizeof name, "demand_%s", field->name);
        write_values(w, name, 3, dims, field->unit, field->doc);
    }
}

static void write_ttft(struct writer *w)
{
    int64_t edge_us[GW_RESULT_TTFT_BINS + 1];
    double from_ms[GW_RESULT_TTFT_BINS];
    gw_tally_ttft_edges(edge_us);
    for (size_t b = 0; b < GW_RESULT_TTFT_BINS; b++) {
        from_ms[b] = gw_ms_from_us((double)edge_us[b]);
    }
    const struct gw_netcdf_dim bin = gw_netcdf_write_scale(w->out, gw_netcdf_write_root(w->out), "ttft_bin",
                                                           GW_NETCDF_F64, GW_RESULT_TTFT_BINS, from_ms);
    describe(w, bin.scale, "ms", "Time to first token from which a bin counts, up to the next one");
    const struct gw_netcdf_dim dims[] = {w->policy, w->replication, w->demand, bin};
    const size_t n = (size_t)w->result->demands * GW_RESULT_TTFT_BINS;
    for (size_t i = 0; i < w->n_runs; i++) {
        for (size_t k = 0; k < n; k++) {
            w->value[i * n + k] = is_whole(w, i) ? (double)w->result->run[i].ttft_count[k] : (double)NAN;
        }
    }
    write_values(w, "ttft_count", 4, dims, "1", "Requests by their time to first token");
}

static void write_sent(struct writer *w)
{
    const struct gw_netcdf_dim dims[] = {w->policy, w->replication, w->demand, w->site};
    const size_t n = (size_t)w->result->demands * w->result->sites;
    for (size_t i = 0; i < w->n_runs; i++) {
        for (size_t k = 0; k < n; k++) {
            w->value[i * n + k] = is_whole(w, i) ? w->result->run[i].sent_frac[k] : NAN;
        }
    }
    write_values(w, "sent_frac", 4, dims, "1", "Share of the row's scored requests that went to the site");
}

/* CF wants "seconds since 2023-06-01 00:00:00"; the clock prints "2023-06-01T00:00:00Z". */
static void time_unit(gw_time_us start_unix_us, char out[GW_CLOCK_TEXT_MAX + 16])
{
    char start[GW_CLOCK_TEXT_MAX];
    gw_clock_print(start_unix_us, start);
    start[strcspn(start, "Z")] = '\0';
    char *t = strchr(start, 'T');
    if (t != NULL) {
        *t = ' ';
    }
    snprintf(out, GW_CLOCK_TEXT_MAX + 16, "seconds since %s", start);
}

static void gather_series(struct writer *w, int account)
{
    const size_t sites = w->result->sites;
    for (size_t i = 0; i < w->n_runs; i++) {
        const struct gw_run_result *run = &w->result->run[i];
        const size_t rows = is_whole(w, i) ? run->rows : 0;
        for (size_t s = 0; s < sites; s++) {
            double *to = w->value + (i * sites + s) * w->rows;
            for (size_t t = 0; t < w->rows; t++) {
                to[t] = t < rows ? run->series[(t * sites + s) * GW_ACCOUNT_COUNT + (size_t)account] : NAN;
            }
        }
    }
}

static void gather_load(struct writer *w, int column)
{
    const size_t cells = (size_t)w->result->sites * w->result->models;
    for (size_t i = 0; i < w->n_runs; i++) {
        const struct gw_run_result *run = &w->result->run[i];
        const size_t rows = is_whole(w, i) ? run->rows : 0;
        for (size_t c = 0; c < cells; c++) {
            double *to = w->value + (i * cells + c) * w->rows;
            for (size_t t = 0; t < w->rows; t++) {
                to[t] = t < rows ? run->load[(t * cells + c) * GW_LOAD_COUNT + (size_t)column] : (double)NAN;
            }
        }
    }
}

static void write_load(struct writer *w, int64_t group)
{
    const struct gw_netcdf_dim dims[] = {w->policy, w->replication, w->site, w->model, w->time};
    for (int column = 0; column < GW_LOAD_COUNT; column++) {
        const struct gw_load_doc doc = gw_load_column((enum gw_load_column)column);
        gather_load(w, column);
        char name[64];
        snprintf(name, sizeof name, "model_%s", doc.name);
        const int64_t variable =
            gw_netcdf_write_variable(w->out, group, name, GW_NETCDF_F64, 5, dims, w->value);
        describe(w, variable, doc.unit, doc.doc);
        gw_netcdf_write_text(w->out, variable, "cell_methods", doc.method);
    }
}

static void write_timeline(struct writer *w)
{
    char unit[GW_CLOCK_TEXT_MAX + 16];
    time_unit(w->facts->start_unix_us, unit);
    for (size_t t = 0; t < w->rows; t++) {
        w->value[t] = gw_s_from_us((int64_t)t * w->result->every_us);
    }
    const int64_t group = gw_netcdf_write_group(w->out, gw_netcdf_write_root(w->out), "timeline");
    w->time = gw_netcdf_write_scale(w->out, group, "time", GW_NETCDF_F64, w->rows, w->value);
    describe(w, w->time.scale, unit, "Start of the interval");
    gw_netcdf_write_text(w->out, w->time.scale, "standard_name", "time");
    gw_netcdf_write_text(w->out, w->time.scale, "calendar", "standard");

    const struct gw_netcdf_dim dims[] = {w->policy, w->replication, w->site, w->time};
    for (int account = 0; account < GW_ACCOUNT_COUNT; account++) {
        const struct gw_account_doc doc = gw_ledger_account((enum gw_account)account);
        gather_series(w, account);
        const int64_t variable =
            gw_netcdf_write_variable(w->out, group, doc.name, GW_NETCDF_F64, 4, dims, w->value);
        describe(w, variable, doc.unit, doc.doc);
        gw_netcdf_write_text(w->out, variable, "cell_methods", "time: sum");
    }
    if (w->result->models > 0) {
        write_load(w, group);
    }
}

/* False when memory is out. */
static bool write_grids(struct writer *w)
{
    const struct gw_result_grids *grids = &w->facts->grids;
    double *start_s = gw_arena_array(&w->arena, grids->hours, sizeof *start_s);
    if (start_s == NULL) {
        return false;
    }
    for (uint32_t h = 0; h < grids->hours; h++) {
        start_s[h] = gw_s_from_us((int64_t)h * GW_US_PER_H);
    }
    char unit[GW_CLOCK_TEXT_MAX + 16];
    time_unit(w->facts->start_unix_us, unit);
    const int64_t group = gw_netcdf_write_group(w->out, gw_netcdf_write_root(w->out), "grids");
    const struct gw_netcdf_dim time =
        gw_netcdf_write_scale(w->out, group, "time", GW_NETCDF_F64, grids->hours, start_s);
    describe(w, time.scale, unit, "Start of the hour");
    gw_netcdf_write_text(w->out, time.scale, "standard_name", "time");
    gw_netcdf_write_text(w->out, time.scale, "calendar", "standard");

    const struct gw_netcdf_dim dims[] = {w->site, time};
    const int64_t name =
        gw_netcdf_write_variable(w->out, group, "grid", GW_NETCDF_TEXT, 1, dims, grids->name);
    gw_netcdf_write_text(w->out, name, "long_name", "Grid of the site");
    const int64_t offset =
        gw_netcdf_write_variable(w->out, group, "utc_offset_h", GW_NETCDF_F64, 1, dims, grids->utc_offset_h);
    describe(w, offset, "h", "Local standard time of the site minus UTC");
    for (uint32_t i = 0; i < grids->n_columns; i++) {
        const struct gw_result_column *column = &grids->column[i];
        const int64_t variable =
            gw_netcdf_write_variable(w->out, group, column->name, GW_NETCDF_F64, 2, dims, column->value);
        describe(w, variable, column->unit, column->doc);
        gw_netcdf_write_text(w->out, variable, "cell_methods", "time: mean");
    }
    return true;
}

static void write_input_bytes(struct writer *w, int64_t group, uint32_t i, const char *checksum)
{
    const struct gw_result_input *input = &w->facts->input[i];
    char name[32], size_name[32];
    snprintf(name, sizeof name, "bytes_%" PRIu32, i);
    snprintf(size_name, sizeof size_name, "size_%" PRIu32, i);
    const struct gw_netcdf_dim dim = gw_netcdf_write_bare_dim(w->out, group, size_name, input->n);
    const int64_t variable =
        gw_netcdf_write_variable(w->out, group, name, GW_NETCDF_U8, 1, &dim, input->bytes);
    gw_netcdf_write_text(w->out, variable, "path", input->path);
    gw_netcdf_write_text(w->out, variable, "checksum", checksum);
}

static bool write_inputs(struct writer *w)
{
    const uint32_t n = w->facts->n_inputs;
    const char **path = gw_arena_array(&w->arena, n, sizeof *path);
    const char **checksum = gw_arena_array(&w->arena, n, sizeof *checksum);
    const char **repairs = gw_arena_array(&w->arena, n, sizeof *repairs);
    bool repaired = false;
    if (path == NULL || checksum == NULL || repairs == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        char hex[20];
        repairs[i] = w->facts->input[i].repairs != NULL ? w->facts->input[i].repairs : "";
        repaired = repaired || repairs[i][0] != '\0';
        snprintf(hex, sizeof hex, "%016" PRIx64, w->facts->input[i].checksum);
        path[i] = w->facts->input[i].path;
        checksum[i] = gw_arena_text(&w->arena, hex);
        if (checksum[i] == NULL) {
            return false;
        }
    }
    const int64_t group = gw_netcdf_write_group(w->out, gw_netcdf_write_root(w->out), "inputs");
    const struct gw_netcdf_dim dim = gw_netcdf_write_scale(w->out, group, "input", GW_NETCDF_TEXT, n, path);
    gw_netcdf_write_text(w->out, dim.scale, "long_name", "File, as the scenario names it");
    const int64_t variable =
        gw_netcdf_write_variable(w->out, group, "checksum", GW_NETCDF_TEXT, 1, &dim, checksum);
    gw_netcdf_write_text(w->out, variable, "long_name", "FNV-1a, 64 bits, of the file");
    if (repaired) {
        const int64_t id =
            gw_netcdf_write_variable(w->out, group, "repairs", GW_NETCDF_TEXT, 1, &dim, repairs);
        gw_netcdf_write_text(w->out, id, "long_name", "What was mended or left out in the file");
    }
    for (uint32_t i = 0; i < n; i++) {
        if (w->facts->input[i].bytes != NULL && w->facts->input[i].n > 0) {
            write_input_bytes(w, group, i, checksum[i]);
        }
    }
    return true;
}

/* Bounds, and each epoch's gaps to the bound of its forecast. False when memory is out. */
static bool write_bounds(struct writer *w)
{
    static const char *const names[] = {"bound-epoch", "bound-day"};
    const struct gw_result *result = w->result;
    const struct gw_netcdf_dim bound = write_names(w, "bound", names, GW_BOUNDS, "Bound, no policy");
    const struct gw_netcdf_dim dims[] = {bound, w->replication};
    for (int k = 0; k < GW_SCORE_OBJECTIVES; k++) {
        const struct gw_score_doc doc = gw_score_doc(gw_score_objective((enum gw_objective)k).score);
        for (size_t i = 0; i < (size_t)GW_BOUNDS * result->replications; i++) {
            w->value[i] = gw_result_bound(result, (enum gw_bound)(i / result->replications),
                                          (uint32_t)(i % result->replications), (enum gw_objective)k);
        }
        char name[64];
        snprintf(name, sizeof name, "bound_%s", doc.name);
        write_values(w, name, 2, dims, doc.unit, "No routing that overloads no site is worth less");
    }
    double *start_s = gw_arena_array(&w->arena, w->gaps, sizeof *start_s);
    if (start_s == NULL) {
        return false;
    }
    for (size_t e = 0; e < w->gaps; e++) {
        start_s[e] = gw_s_from_us((int64_t)e * w->facts->epoch_us);
    }
    char unit[GW_CLOCK_TEXT_MAX + 16];
    time_unit(w->facts->start_unix_us, unit);
    const int64_t group = gw_netcdf_write_group(w->out, gw_netcdf_write_root(w->out), "epochs");
    const struct gw_netcdf_dim time =
        gw_netcdf_write_scale(w->out, group, "time", GW_NETCDF_F64, w->gaps, start_s);
    describe(w, time.scale, unit, "Start of the epoch");
    gw_netcdf_write_text(w->out, time.scale, "standard_name", "time");
    gw_netcdf_write_text(w->out, time.scale, "calendar", "standard");
    const struct gw_netcdf_dim gap_dims[] = {w->policy, w->replication, time};
    for (int k = 0; k < GW_SCORE_OBJECTIVES; k++) {
        const struct gw_score_doc doc = gw_score_doc(gw_score_objective((enum gw_objective)k).plan_gap);
        for (size_t i = 0; i < w->n_runs * w->gaps; i++) {
            const struct gw_run_result *run = &result->run[i / w->gaps];
            const size_t e = i % w->gaps;
            const bool known = run->error.status == GW_OK && e < run->n_gaps;
            w->value[i] = known ? run->gap[e * GW_SCORE_OBJECTIVES + (size_t)k] : (double)NAN;
        }
        const int64_t variable =
            gw_netcdf_write_variable(w->out, group, doc.name, GW_NETCDF_F64, 3, gap_dims, w->value);
        describe(w, variable, doc.unit, "Plan's value by the evaluator over the least of any, minus 1");
    }
    return true;
}

static void write_scenario(struct writer *w)
{
    const int64_t variable = gw_netcdf_write_variable(w->out, gw_netcdf_write_root(w->out), "scenario_yaml",
                                                      GW_NETCDF_TEXT, 0, NULL, &w->facts->scenario_yaml);
    gw_netcdf_write_text(w->out, variable, "long_name", "Scenario with all defaults");
}

/* False when memory is out. The order of the calls is the order in the file. */
static bool write_all(struct writer *w)
{
    const struct gw_result *result = w->result;
    for (size_t i = 0; i < w->n_runs; i++) {
        const size_t rows = is_whole(w, i) ? result->run[i].rows : 0;
        w->rows = rows > w->rows ? rows : w->rows;
        const size_t gaps = is_whole(w, i) ? result->run[i].n_gaps : 0;
        w->gaps = gaps > w->gaps ? gaps : w->gaps;
    }
    const size_t rows = w->rows * (result->models > 0 ? result->models : 1);
    const size_t per_site = rows > result->demands ? rows : result->demands;
    const size_t bins = (size_t)result->demands * GW_RESULT_TTFT_BINS;
    const size_t over_sites = (per_site + 1) * result->sites;
    const size_t most = bins > over_sites ? bins : over_sites;
    const size_t over_bounds = w->gaps > GW_BOUNDS ? w->gaps : GW_BOUNDS;
    w->value =
        gw_arena_array(&w->arena, w->n_runs, (most > over_bounds ? most : over_bounds) * sizeof *w->value);
    if (w->value == NULL) {
        return false;
    }

    write_globals(w);
    if (!write_citations(w) || !write_dims(w)) {
        return false;
    }
    write_scores(w);
    if (!write_runs(w)) {
        return false;
    }
    write_accounts(w);
    if (result->demands > 0) {
        write_demands(w);
        write_sent(w);
        write_ttft(w);
    }
    write_scenario(w);
    if (!gw_result_jobs_write(w->out, w->result)) {
        return false;
    }
    if (w->rows > 0) {
        write_timeline(w);
    }
    if (w->facts->grids.hours > 0 && !write_grids(w)) {
        return false;
    }
    if (result->has_bounds && w->gaps > 0 && !write_bounds(w)) {
        return false;
    }
    return w->facts->n_inputs == 0 || write_inputs(w);
}

enum gw_status gw_result_pack(const struct gw_result *result, const struct gw_result_facts *facts,
                              size_t extra, const char *path, char **bytes, size_t *n, struct gw_error *err)
{
    GW_REQUIRE(result->policies > 0 && result->replications > 0 && result->sites > 0);
    GW_REQUIRE(facts->baseline < result->policies);

    struct writer w = {.out = gw_netcdf_write_create(),
                       .result = result,
                       .facts = facts,
                       .n_runs = (size_t)result->policies * result->replications};
    enum gw_status s;
    if (w.out == NULL || !write_all(&w)) {
        s = gw_fail(err, GW_ERR_NOMEM, path, "out of memory");
    } else {
        s = gw_netcdf_write_finish(w.out, extra, path, bytes, n, err);
    }
    gw_netcdf_write_destroy(w.out);
    gw_arena_fini(&w.arena);
    return s;
}
