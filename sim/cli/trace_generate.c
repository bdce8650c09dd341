#include "sim/cli/trace_generate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/catalogue/catalogue.h"
#include "models/grid/grid_columns.h"
#include "sim/base/file.h"
#include "sim/base/units.h"
#include "sim/cli/command.h"
#include "sim/cli/terminal.h"
#include "sim/run/scenario.h"
#include "sim/run/trace_hdf5.h"

enum gw_status gw_trace_generate_write(const struct gw_trace *trace, const char *path, struct gw_error *err)
{
    enum gw_status s;
    if (gw_trace_hdf5_is_name(path)) {
        char *bytes = NULL;
        size_t n = 0;
        s = gw_trace_hdf5_pack(trace, path, &bytes, &n, err);
        s = s == GW_OK ? gw_file_write(path, bytes, n, err) : s;
        free(bytes);
        return s;
    }
    struct gw_text out = {0};
    gw_trace_print_csv(trace, &out);
    s = out.failed ? gw_fail(err, GW_ERR_NOMEM, path, "out of memory")
                   : gw_file_write(path, out.at, out.n, err);
    gw_text_fini(&out);
    return s;
}

/* --- a year ------------------------------------------------------------------------------------- */

struct wanted {
    struct gw_pick grid;
};

static const struct gw_field wanted_fields[] = {
    GW_FIELD(struct wanted, grid, &gw_grid_type, NULL, "What to generate", NULL),
    GW_FIELD_END,
};
static const struct gw_type wanted_type = {.kind = GW_OBJ,
                                           .size = sizeof(struct wanted),
                                           .of = wanted_fields,
                                           .doc = "A grid as a scenario writes it"};

/* As the scenario's `grid: { generated: ... }` would bind it. */
static enum gw_status bind_grid(const char *region, bool five_minutes, struct gw_tree *tree,
                                const struct gw_tree *catalogue, struct wanted *out, struct gw_arena *arena,
                                struct gw_errors *errs)
{
    struct gw_text yaml = {0};
    gw_text_add(&yaml, "grid: { generated: { region: ");
    gw_text_add_json(&yaml, region);
    gw_text_addf(&yaml, "%s } }\n", five_minutes ? ", resolution: five-minutes" : "");
    enum gw_status s = GW_ERR_NOMEM;
    if (!yaml.failed) {
        s = gw_tree_parse(tree, yaml.at, yaml.n, region, NULL, errs);
    }
    if (s == GW_OK) {
        const struct gw_bind_env env = gw_scenario_env(catalogue);
        s = gw_bind_root(tree, &wanted_type, &env, out, arena, errs);
    }
    gw_text_fini(&yaml);
    return s;
}

static gw_time_us new_year(int year)
{
    char text[GW_CLOCK_TEXT_MAX];
    gw_time_us us = 0;
    snprintf(text, sizeof text, "%04d-01-01", year);
    const enum gw_status s = gw_clock_parse(text, &us, NULL);
    return s == GW_OK ? us : 0;
}

/* What a run sees of a column: carbon, price and water come by five minutes when asked for, the others by
 * hours. */
static struct gw_signal seen(const struct gw_grid *grid, const struct gw_grid_column *column, size_t i,
                             size_t first_water)
{
    if (i < GW_CARBON_SIGNALS) {
        return grid->carbon[i];
    }
    if (i == GW_CARBON_SIGNALS) {
        return grid->price_usd_per_mwh;
    }
    if (i >= first_water) {
        return i == first_water ? grid->water_l_per_kwh : grid->water_with_hydro_l_per_kwh;
    }
    return (struct gw_signal){.series = &column->series, .scale = 1};
}

/* The part of a signal that lies in the year, which all of them cover. */
static bool add_column(struct gw_trace *trace, const char *name, const struct gw_signal *signal,
                       struct gw_arena *arena)
{
    double *value = gw_arena_array(arena, trace->n, sizeof *value);
    if (value == NULL) {
        return false;
    }
    for (size_t i = 0; i < trace->n; i++) {
        value[i] = gw_signal_at(signal, trace->start_unix_us + (gw_time_us)i * trace->step_us);
    }
    trace->column[trace->columns++] = (struct gw_trace_column){.name = name, .value = value};
    return true;
}

/* All columns of grid_columns.h, water by the grid's two conventions last. */
static enum gw_status make_trace(const struct gw_zone *zone, const struct gw_grid *grid,
                                 const struct gw_grid_year *made, int year, struct gw_trace *out,
                                 struct gw_arena *arena, struct gw_error *err)
{
    const struct gw_water_set *sets[] = {zone->water_factors, zone->water_beside};
    enum { SETS = sizeof sets / sizeof sets[0] };
    struct gw_grid_column *column = gw_arena_array(arena, GW_GRID_COLUMNS_MAX, sizeof *column);
    const size_t n = column != NULL ? gw_grid_columns_of(made, sets, SETS, column, arena) : 0;
    const gw_time_us start_us = new_year(year);
    const gw_time_us step_us = grid->price_usd_per_mwh.series->step_us;
    *out = (struct gw_trace){.format = "geowatt generator",
                             .file = zone->name,
                             .line_word = "line",
                             .start_unix_us = start_us,
                             .step_us = step_us,
                             .n = (size_t)((new_year(year + 1) - start_us) / step_us),
                             .column = gw_arena_array(arena, n, sizeof *out->column)};
    out->rows = out->n;
    bool ok = n > 0 && out->column != NULL;
    for (size_t i = 0; ok && i < n; i++) {
        const struct gw_signal signal = seen(grid, &column[i], i, n - SETS);
        ok = add_column(out, column[i].name, &signal, arena);
    }
    return ok ? GW_OK : gw_fail(err, GW_ERR_NOMEM, zone->name, "out of memory");
}

/* Everything but the words on the terminal; all memory is in the arena and the trees. */
static enum gw_status generate(const char *region, int year, uint64_t seed, bool five_minutes,
                               const char *path, struct gw_arena *arena, struct gw_trace *trace,
                               struct gw_errors *errs)
{
    struct gw_tree catalogue = {0}, tree = {0};
    struct wanted wanted = {0};
    struct gw_grid grid;
    struct gw_error err = {0};
    enum gw_status s = gw_catalogue_load(&catalogue, errs);
    s = s == GW_OK ? bind_grid(region, five_minutes, &tree, &catalogue, &wanted, arena, errs) : s;
    if (s == GW_OK) {
        const struct gw_grid_span span = {
            .from_unix_us = new_year(year), .to_unix_us = new_year(year + 1), .seed = seed};
        const struct gw_zone *zone = ((const struct gw_grid_generated *)wanted.grid.at)->region;
        struct gw_grid_year made;
        s = gw_grid_load(&wanted.grid, NULL, &span, &grid, arena, &err);
        s = s == GW_OK ? gw_grid_columns_year(zone, zone->water_factors, &span, &made, arena, &err) : s;
        s = s == GW_OK ? make_trace(zone, &grid, &made, year, trace, arena, &err) : s;
        s = s == GW_OK ? gw_trace_generate_write(trace, path, &err) : s;
        if (s != GW_OK) {
            gw_errors_add(errs, s, err.where, "%s", err.why);
        }
    }
    gw_tree_fini(&tree);
    gw_tree_fini(&catalogue);
    return s;
}

int gw_trace_generate(const char *region, const struct gw_arguments *arguments)
{
    long long year, seed;
    const char *const path = gw_command_value(arguments, "--output");
    if (!gw_command_number(arguments, "--year", 1970, 2200, 2023, &year) ||
        !gw_command_number(arguments, "--seed", 0, INT64_MAX, 42, &seed)) {
        return gw_status_exit(GW_ERR_USAGE);
    }
    if (path == NULL) {
        fprintf(stderr, "geowatt trace generate: say with -o where the file goes\n");
        return gw_status_exit(GW_ERR_USAGE);
    }
    struct gw_arena arena = {0};
    struct gw_errors errs = {0};
    struct gw_trace trace;
    const enum gw_status s =
        generate(region, (int)year, (uint64_t)seed, gw_command_value(arguments, "--five-minutes") != NULL,
                 path, &arena, &trace, &errs);
    if (s == GW_OK) {
        printf("%s: %s in %lld, %zu steps, %u columns\n", path, region, year, trace.n,
               (unsigned)trace.columns);
    }
    gw_arena_fini(&arena);
    return s == GW_OK ? 0 : gw_terminal_errors(&errs);
}
