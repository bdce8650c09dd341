#include "sim/run/result_unpack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/netcdf_read.h"

struct reader {
    struct gw_netcdf_read *in;
    struct gw_result_file *out;
    int64_t root;
};

static void *room(struct reader *r, size_t n, size_t size)
{
    void *at = gw_arena_array(&r->out->arena, n, size);
    if (at == NULL) {
        gw_netcdf_read_out_of_memory(r->in);
    }
    return at;
}

static void read_facts(struct reader *r)
{
    struct gw_result_file *out = r->out;
    out->version = gw_netcdf_read_text(r->in, r->root, "geowatt_version");
    const int64_t schema = gw_netcdf_read_int(r->in, r->root, "schema_version");
    if (schema > GW_RESULT_SCHEMA) {
        gw_netcdf_read_refuse(r->in,
                              "was written by geowatt %s with result schema %" PRId64
                              "; this version reads up to schema %d",
                              out->version, schema, GW_RESULT_SCHEMA);
    }
    out->commit = gw_netcdf_read_text(r->in, r->root, "geowatt_commit");
    out->scenario_name = gw_netcdf_read_text(r->in, r->root, "title");
    out->seed = gw_netcdf_read_uint(r->in, r->root, "seed");
    out->libm_fingerprint = strtoull(gw_netcdf_read_text(r->in, r->root, "libm_fingerprint"), NULL, 16);
    out->start_unix_us = gw_netcdf_read_int(r->in, r->root, "start_unix_us");
    out->duration_us = gw_netcdf_read_int(r->in, r->root, "duration_us");
    out->step_us = gw_netcdf_read_int(r->in, r->root, "step_us");
    out->epoch_us = gw_netcdf_read_int(r->in, r->root, "epoch_us");
    out->every_us = gw_netcdf_read_int(r->in, r->root, "every_us");

    const struct gw_netcdf_variable yaml = gw_netcdf_read_find(r->in, r->root, "scenario_yaml");
    const char **text = gw_netcdf_read_texts(r->in, &yaml);
    out->scenario_yaml = text != NULL && yaml.n == 1 ? text[0] : "";
}

/* A one-dimensional variable of names, and how many there are. */
static const char **read_names(struct reader *r, const char *dimension, uint32_t *n)
{
    const struct gw_netcdf_variable names = gw_netcdf_read_find(r->in, r->root, dimension);
    if (names.rank != 1 || names.n == 0 || names.n > UINT32_MAX) {
        gw_netcdf_read_refuse(r->in, "%s is not a list of names", dimension);
        return NULL;
    }
    *n = (uint32_t)names.n;
    return gw_netcdf_read_texts(r->in, &names);
}

static void read_dims(struct reader *r)
{
    struct gw_result_file *out = r->out;
    out->policy = read_names(r, "policy", &out->policies);
    out->site = read_names(r, "site", &out->sites);
    if (gw_netcdf_read_has(r->in, r->root, "demand")) {
        out->demand = read_names(r, "demand", &out->demands);
    }
    if (gw_netcdf_read_has(r->in, r->root, "model")) {
        out->model = read_names(r, "model", &out->models);
    }
    const struct gw_netcdf_variable replication = gw_netcdf_read_find(r->in, r->root, "replication");
    if (replication.rank != 1 || replication.n == 0 || replication.n > UINT32_MAX) {
        gw_netcdf_read_refuse(r->in, "replication is not a list of numbers");
        return;
    }
    out->replications = (uint32_t)replication.n;
}

static void find_baseline(struct reader *r)
{
    const char *name = gw_netcdf_read_text(r->in, r->root, "baseline");
    for (uint32_t i = 0; r->out->policy != NULL && i < r->out->policies; i++) {
        if (strcmp(r->out->policy[i], name) == 0) {
            r->out->baseline = i;
            return;
        }
    }
    gw_netcdf_read_refuse(r->in, "its baseline %s is none of its policies", name);
}

/* Every variable [policy][replication]... has to have the file's own numbers of them. */
static bool has_shape(struct reader *r, const struct gw_netcdf_variable *variable, unsigned rank,
                      size_t third, size_t fourth, size_t fifth)
{
    const size_t size[] = {r->out->policies, r->out->replications, third, fourth, fifth};
    bool fits = variable->rank == rank;
    for (unsigned i = 0; fits && i < rank; i++) {
        fits = variable->size[i] == size[i];
    }
    if (!fits) {
        gw_netcdf_read_refuse(r->in, "%s does not have the shape that the dimensions ask for",
                              variable->name);
    }
    return fits;
}

static void read_runs(struct reader *r)
{
    const struct gw_netcdf_variable ok = gw_netcdf_read_find(r->in, r->root, "run_ok");
    const struct gw_netcdf_variable error = gw_netcdf_read_find(r->in, r->root, "run_error");
    if (has_shape(r, &ok, 2, 0, 0, 0) && has_shape(r, &error, 2, 0, 0, 0)) {
        r->out->ok = gw_netcdf_read_bytes(r->in, &ok);
        r->out->error = gw_netcdf_read_texts(r->in, &error);
    }
}

/* Appends to a table that has room. The name of the column is the variable's without `prefix`. */
static void add_column(struct reader *r, const struct gw_netcdf_variable *variable, size_t prefix,
                       struct gw_result_column *table, uint32_t *n)
{
    table[(*n)++] = (struct gw_result_column){
        .name = variable->name + prefix,
        .unit = gw_netcdf_read_text(r->in, variable->id, "units"),
        .doc = gw_netcdf_read_text(r->in, variable->id, "long_name"),
        .value = gw_netcdf_read_numbers(r->in, variable),
    };
}

/* Tells the columns of the root apart: a score says what is better, others begin with the name of their
 * dimension. */
static void read_column(struct reader *r, const struct gw_netcdf_variable *v)
{
    struct gw_result_file *out = r->out;
    if (v->kind != GW_NETCDF_NUMBERS) {
        return;
    }
    if (gw_netcdf_read_has_attribute(r->in, v->id, "better")) {
        if (has_shape(r, v, 2, 0, 0, 0)) {
            add_column(r, v, 0, out->score, &out->n_scores);
        }
    } else if (strncmp(v->name, "site_", 5) == 0) {
        if (has_shape(r, v, 3, out->sites, 0, 0)) {
            add_column(r, v, 5, out->account, &out->n_accounts);
        }
    } else if (strncmp(v->name, "demand_", 7) == 0) {
        if (has_shape(r, v, 3, out->demands, 0, 0)) {
            add_column(r, v, 7, out->per_demand, &out->n_per_demand);
        }
    } else if (strncmp(v->name, "bound_", 6) == 0) {
        if (v->rank == 2 && v->size[0] == GW_BOUNDS && v->size[1] == out->replications) {
            add_column(r, v, 6, out->bound, &out->n_bounds);
        }
    } else if (strcmp(v->name, "ttft_count") == 0) {
        const struct gw_netcdf_variable bin = gw_netcdf_read_find(r->in, r->root, "ttft_bin");
        if (bin.rank == 1 && bin.n <= UINT32_MAX && has_shape(r, v, 4, out->demands, bin.n, 0)) {
            out->ttft_bins = (uint32_t)bin.n;
            out->ttft_from_ms = gw_netcdf_read_numbers(r->in, &bin);
            out->ttft_count = gw_netcdf_read_numbers(r->in, v);
        }
    } else if (strcmp(v->name, "sent_frac") == 0) {
        if (has_shape(r, v, 4, out->demands, out->sites, 0)) {
            out->sent_frac = gw_netcdf_read_numbers(r->in, v);
        }
    }
}

static void read_columns(struct reader *r)
{
    struct gw_result_file *out = r->out;
    const size_t n = gw_netcdf_read_count(r->in, r->root);
    out->score = room(r, n, sizeof *out->score);
    out->account = room(r, n, sizeof *out->account);
    out->per_demand = room(r, n, sizeof *out->per_demand);
    out->bound = room(r, n, sizeof *out->bound);
    for (size_t i = 0; i < n && gw_netcdf_read_going(r->in); i++) {
        const struct gw_netcdf_variable variable = gw_netcdf_read_at(r->in, r->root, i);
        read_column(r, &variable);
    }
}

static void read_timeline(struct reader *r)
{
    struct gw_result_file *out = r->out;
    const int64_t group = gw_netcdf_read_group(r->in, r->root, "timeline");
    const struct gw_netcdf_variable time = gw_netcdf_read_find(r->in, group, "time");
    if (time.rank != 1 || time.n > UINT32_MAX) {
        gw_netcdf_read_refuse(r->in, "timeline/time is not a list of times");
        return;
    }
    out->rows = (uint32_t)time.n;

    const size_t n = gw_netcdf_read_count(r->in, group);
    out->series = room(r, n, sizeof *out->series);
    out->load = room(r, n, sizeof *out->load);
    for (size_t i = 0; i < n && gw_netcdf_read_going(r->in); i++) {
        const struct gw_netcdf_variable v = gw_netcdf_read_at(r->in, group, i);
        if (v.kind != GW_NETCDF_NUMBERS || strcmp(v.name, "time") == 0) {
            continue;
        }
        if (strncmp(v.name, "model_", 6) == 0) {
            if (has_shape(r, &v, 5, out->sites, out->models, out->rows)) {
                add_column(r, &v, 6, out->load, &out->n_load);
            }
        } else if (has_shape(r, &v, 4, out->sites, out->rows, 0)) {
            add_column(r, &v, 0, out->series, &out->n_series);
        }
    }
}

/* The gaps of each epoch's plan. */
static void read_epochs(struct reader *r)
{
    struct gw_result_file *out = r->out;
    const int64_t group = gw_netcdf_read_group(r->in, r->root, "epochs");
    const struct gw_netcdf_variable time = gw_netcdf_read_find(r->in, group, "time");
    if (time.rank != 1 || time.n > UINT32_MAX) {
        gw_netcdf_read_refuse(r->in, "epochs/time is not a list of times");
        return;
    }
    out->epochs = (uint32_t)time.n;
    const size_t n = gw_netcdf_read_count(r->in, group);
    out->gap = room(r, n, sizeof *out->gap);
    for (size_t i = 0; i < n && gw_netcdf_read_going(r->in); i++) {
        const struct gw_netcdf_variable v = gw_netcdf_read_at(r->in, group, i);
        if (v.kind == GW_NETCDF_NUMBERS && strcmp(v.name, "time") != 0 &&
            has_shape(r, &v, 3, out->epochs, 0, 0)) {
            add_column(r, &v, 0, out->gap, &out->n_gaps);
        }
    }
}

static bool has_grid_shape(struct reader *r, const struct gw_netcdf_variable *v, unsigned rank)
{
    const bool fits =
        v->rank == rank && v->size[0] == r->out->sites && (rank == 1 || v->size[1] == r->out->grids.hours);
    if (!fits) {
        gw_netcdf_read_refuse(r->in, "grids/%s does not have the shape that the dimensions ask for", v->name);
    }
    return fits;
}

static void read_grids(struct reader *r)
{
    struct gw_result_grids *out = &r->out->grids;
    const int64_t group = gw_netcdf_read_group(r->in, r->root, "grids");
    const struct gw_netcdf_variable time = gw_netcdf_read_find(r->in, group, "time");
    const struct gw_netcdf_variable name = gw_netcdf_read_find(r->in, group, "grid");
    const struct gw_netcdf_variable offset = gw_netcdf_read_find(r->in, group, "utc_offset_h");
    if (time.rank != 1 || time.n > UINT32_MAX) {
        gw_netcdf_read_refuse(r->in, "grids/time is not a list of times");
        return;
    }
    if (!has_grid_shape(r, &name, 1) || !has_grid_shape(r, &offset, 1)) {
        return;
    }
    out->name = gw_netcdf_read_texts(r->in, &name);
    out->utc_offset_h = gw_netcdf_read_numbers(r->in, &offset);
    out->hours = (uint32_t)time.n;

    const size_t n = gw_netcdf_read_count(r->in, group);
    out->column = room(r, n, sizeof *out->column);
    for (size_t i = 0; i < n && gw_netcdf_read_going(r->in); i++) {
        const struct gw_netcdf_variable v = gw_netcdf_read_at(r->in, group, i);
        if (v.kind == GW_NETCDF_NUMBERS && v.rank == 2 && has_grid_shape(r, &v, 2)) {
            add_column(r, &v, 0, out->column, &out->n_columns);
        }
    }
}

static void read_inputs(struct reader *r)
{
    struct gw_result_file *out = r->out;
    const int64_t group = gw_netcdf_read_group(r->in, r->root, "inputs");
    const struct gw_netcdf_variable input = gw_netcdf_read_find(r->in, group, "input");
    const struct gw_netcdf_variable checksum = gw_netcdf_read_find(r->in, group, "checksum");
    const char **path = gw_netcdf_read_texts(r->in, &input);
    const char **hex = gw_netcdf_read_texts(r->in, &checksum);
    if (input.n != checksum.n || input.n > UINT32_MAX) {
        gw_netcdf_read_refuse(r->in, "inputs do not have one checksum each");
    }
    const char **repairs = NULL;
    if (gw_netcdf_read_has(r->in, group, "repairs")) {
        const struct gw_netcdf_variable variable = gw_netcdf_read_find(r->in, group, "repairs");
        repairs = variable.n == input.n ? gw_netcdf_read_texts(r->in, &variable) : NULL;
    }
    out->input = room(r, input.n, sizeof *out->input);
    for (uint32_t i = 0; i < input.n && gw_netcdf_read_going(r->in); i++) {
        char name[32];
        snprintf(name, sizeof name, "bytes_%" PRIu32, i);
        out->input[i] = (struct gw_result_input){.path = path[i], .checksum = strtoull(hex[i], NULL, 16)};
        out->input[i].repairs = repairs != NULL && repairs[i][0] != '\0' ? repairs[i] : NULL;
        if (gw_netcdf_read_has(r->in, group, name)) {
            const struct gw_netcdf_variable bytes = gw_netcdf_read_find(r->in, group, name);
            out->input[i].bytes = (const char *)gw_netcdf_read_bytes(r->in, &bytes);
            out->input[i].n = bytes.n;
        }
        out->n_inputs++;
    }
}

enum gw_status gw_result_unpack(char *bytes, size_t n, const char *path, struct gw_result_file *out,
                                struct gw_error *err)
{
    *out = (struct gw_result_file){0};
    struct reader r = {.out = out};
    enum gw_status s = gw_netcdf_read_open(bytes, n, path, &out->arena, &r.in, err);
    if (s == GW_OK) {
        r.root = gw_netcdf_read_root(r.in);
        read_facts(&r);
        read_dims(&r);
        find_baseline(&r);
        read_runs(&r);
        read_columns(&r);
        if (gw_netcdf_read_has(r.in, r.root, "timeline")) {
            read_timeline(&r);
        }
        if (gw_netcdf_read_has(r.in, r.root, "epochs")) {
            read_epochs(&r);
        }
        if (gw_netcdf_read_has(r.in, r.root, "grids")) {
            read_grids(&r);
        }
        if (gw_netcdf_read_has(r.in, r.root, "inputs")) {
            read_inputs(&r);
        }
        s = gw_netcdf_read_status(r.in, err);
    }
    gw_netcdf_read_close(r.in);
    if (s != GW_OK) {
        gw_result_file_fini(out);
    }
    return s;
}
