#include "sim/run/trace_hdf5.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/netcdf_read.h"
#include "sim/run/netcdf_write.h"
#include "sim/run/seal.h"
#include "traces/gz.h"

enum { FORM = 1 }; /* of the file, in its attribute geowatt_trace */

static const char magic[8] = {'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};

bool gw_trace_hdf5_is_name(const char *path)
{
    const size_t n = strlen(path);
    return n > 3 && strcmp(path + n - 3, ".h5") == 0;
}

/* --- out ---------------------------------------------------------------------------------------- */

static const char *units_of(const char *name)
{
    static const struct {
        const char *end, *units;
    } table[] = {{"gco2_per_kwh", "g/kWh"},
                 {"usd_per_mwh", "USD/MWh"},
                 {"eur_per_mwh", "EUR/MWh"},
                 {"l_per_kwh", "L/kWh"},
                 {"_mw", "MW"},
                 {"_frac", "1"},
                 {"_per_mean", "1"},
                 {"_per_mean_demand", "1"}};
    const size_t n = strlen(name);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const size_t k = strlen(table[i].end);
        if (n >= k && strcmp(name + n - k, table[i].end) == 0) {
            return table[i].units;
        }
    }
    return NULL;
}

static void write_columns(struct gw_netcdf_write *out, const struct gw_trace *trace, const int64_t *time_us)
{
    const int64_t root = gw_netcdf_write_root(out);
    const struct gw_netcdf_dim time =
        gw_netcdf_write_scale(out, root, "time", GW_NETCDF_I64, trace->n, time_us);
    gw_netcdf_write_text(out, time.scale, "units", "microseconds since 1970-01-01 00:00:00");
    gw_netcdf_write_text(out, time.scale, "calendar", "proleptic_gregorian");
    gw_netcdf_write_text(out, time.scale, "long_name", "Start of the interval, UTC");
    for (uint32_t c = 0; c < trace->columns; c++) {
        const struct gw_trace_column *column = &trace->column[c];
        const int64_t id =
            gw_netcdf_write_variable(out, root, column->name, GW_NETCDF_F64, 1, &time, column->value);
        if (units_of(column->name) != NULL) {
            gw_netcdf_write_text(out, id, "units", units_of(column->name));
        }
    }
}

static bool write_findings(struct gw_netcdf_write *out, const struct gw_trace *trace)
{
    if (trace->findings == 0) {
        return true;
    }
    struct gw_text *line = calloc(trace->findings, sizeof *line);
    const char **text = calloc(trace->findings, sizeof *text);
    bool ok = line != NULL && text != NULL;
    for (uint32_t i = 0; ok && i < trace->findings; i++) {
        gw_trace_print_finding(trace, i, &line[i]);
        text[i] = line[i].at;
        ok = !line[i].failed;
    }
    if (ok) {
        (void)gw_netcdf_write_scale(out, gw_netcdf_write_root(out), "findings", GW_NETCDF_TEXT,
                                    trace->findings, text);
    }
    for (uint32_t i = 0; line != NULL && i < trace->findings; i++) {
        gw_text_fini(&line[i]);
    }
    free(text);
    free(line);
    return ok;
}

static bool write_all(struct gw_netcdf_write *out, const struct gw_trace *trace)
{
    const int64_t root = gw_netcdf_write_root(out);
    int64_t *time_us = malloc(trace->n * sizeof *time_us);
    if (time_us == NULL) {
        return false;
    }
    for (size_t i = 0; i < trace->n; i++) {
        time_us[i] = trace->start_unix_us + (gw_time_us)i * trace->step_us;
    }
    gw_netcdf_write_text(out, root, "Conventions", "CF-1.8");
    gw_netcdf_write_int(out, root, "geowatt_trace", FORM);
    gw_netcdf_write_text(out, root, "source_format", trace->format);
    gw_netcdf_write_text(out, root, "source_file", trace->file);
    if (trace->area != NULL) {
        gw_netcdf_write_text(out, root, "area", trace->area);
    }
    gw_netcdf_write_int(out, root, "step_us", trace->step_us);
    gw_netcdf_write_uint(out, root, "rows", trace->rows);
    write_columns(out, trace, time_us);
    free(time_us);
    return write_findings(out, trace);
}

enum gw_status gw_trace_hdf5_pack(const struct gw_trace *trace, const char *path, char **bytes, size_t *n,
                                  struct gw_error *err)
{
    struct gw_netcdf_write *out = gw_netcdf_write_create();
    enum gw_status s = out != NULL && write_all(out, trace)
                           ? gw_netcdf_write_finish(out, GW_SEAL_BYTES, path, bytes, n, err)
                           : gw_fail(err, GW_ERR_NOMEM, path, "out of memory");
    gw_netcdf_write_destroy(out);
    if (s == GW_OK) {
        gw_seal_put(*bytes, *n);
        *n += GW_SEAL_BYTES;
    }
    return s;
}

/* --- in ----------------------------------------------------------------------------------------- */

static void read_findings(struct gw_netcdf_read *in, struct gw_text *text)
{
    const int64_t root = gw_netcdf_read_root(in);
    if (!gw_netcdf_read_has(in, root, "findings")) {
        return;
    }
    const struct gw_netcdf_variable findings = gw_netcdf_read_find(in, root, "findings");
    const char **line = gw_netcdf_read_texts(in, &findings);
    for (size_t i = 0; gw_netcdf_read_going(in) && i < findings.n; i++) {
        gw_text_addf(text, "# %s\n", line[i]);
    }
}

/* Variables over time, in the order of writing. */
static void read_columns(struct gw_netcdf_read *in, struct gw_trace *trace, struct gw_arena *arena)
{
    const int64_t root = gw_netcdf_read_root(in);
    const size_t objects = gw_netcdf_read_count(in, root);
    trace->column = gw_arena_array(arena, objects, sizeof *trace->column);
    if (trace->column == NULL) {
        gw_netcdf_read_out_of_memory(in);
        return;
    }
    for (size_t i = 0; i < objects && gw_netcdf_read_going(in); i++) {
        const struct gw_netcdf_variable v = gw_netcdf_read_at(in, root, i);
        if (v.kind == GW_NETCDF_NUMBERS && v.rank == 1 && v.n == trace->n && strcmp(v.name, "time") != 0) {
            trace->column[trace->columns++] =
                (struct gw_trace_column){.name = v.name, .value = gw_netcdf_read_numbers(in, &v)};
        }
    }
}

static void read_trace(struct gw_netcdf_read *in, struct gw_text *text, struct gw_arena *arena)
{
    const int64_t root = gw_netcdf_read_root(in);
    if (!gw_netcdf_read_has_attribute(in, root, "geowatt_trace")) {
        gw_netcdf_read_refuse(in, "is no trace that geowatt wrote");
        return;
    }
    if (gw_netcdf_read_int(in, root, "geowatt_trace") != FORM) {
        gw_netcdf_read_refuse(in, "was written by a newer geowatt");
        return;
    }
    const struct gw_netcdf_variable time = gw_netcdf_read_find(in, root, "time");
    const double *time_us = gw_netcdf_read_numbers(in, &time);
    struct gw_trace trace = {.n = time.n, .step_us = gw_netcdf_read_int(in, root, "step_us")};
    read_columns(in, &trace, arena);
    if (!gw_netcdf_read_going(in)) {
        return;
    }
    if (trace.n == 0 || trace.columns == 0 || !(fabs(time_us[0]) < 9e15)) {
        gw_netcdf_read_refuse(in, "holds no series");
        return;
    }
    trace.start_unix_us = (gw_time_us)time_us[0];
    read_findings(in, text);
    gw_trace_print_rows(&trace, text);
}

static enum gw_status unpack(char *bytes, size_t n, const char *path, struct gw_text *text,
                             struct gw_error *err)
{
    size_t n_before;
    uint64_t checksum;
    enum gw_status s = gw_seal_check(bytes, n, path, &n_before, &checksum, err);
    if (s != GW_OK) {
        return s;
    }
    struct gw_arena arena = {0};
    struct gw_netcdf_read *in;
    s = gw_netcdf_read_open(bytes, n_before, path, &arena, &in, err);
    if (s == GW_OK) {
        read_trace(in, text, &arena);
        s = gw_netcdf_read_status(in, err);
        gw_netcdf_read_close(in);
    }
    if (s == GW_OK && text->failed) {
        s = gw_fail(err, GW_ERR_NOMEM, path, "out of memory");
    }
    gw_arena_fini(&arena);
    return s;
}

enum gw_status gw_trace_hdf5_plain(char **bytes, size_t *n, size_t max, const char *path,
                                   struct gw_error *err)
{
    if (*n < sizeof magic || memcmp(*bytes, magic, sizeof magic) != 0) {
        return gw_gz_plain(bytes, n, max, path, err);
    }
    struct gw_text text = {0};
    const enum gw_status s = unpack(*bytes, *n, path, &text, err);
    if (s != GW_OK) {
        gw_text_fini(&text);
        return s;
    }
    free(*bytes);
    *bytes = text.at;
    *n = text.n;
    return GW_OK;
}
