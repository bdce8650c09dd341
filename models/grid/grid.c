/* What a site's `grid:` may be, and its signals made ready; declared in region.h. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/grid/grid_columns.h"
#include "models/grid/refine.h"
#include "sim/base/check.h"
#include "sim/base/file.h"
#include "sim/base/number.h"
#include "sim/base/text.h"
#include "sim/base/units.h"
#include "traces/csv.h"

enum { FILE_BYTES_MAX = 1 << 30 };

enum { NAME_BYTES = 320 };

/* Of five minutes within an hour, per mean. */
static const double average_spread = 0.015, price_spread = 0.15;

/* --- parameter tables --------------------------------------------------------------------------- */

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type path = {.kind = GW_PATH, .size = sizeof(const char *)};
static const struct gw_type carbon = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "g/kWh", .min = 0, .max = 5000};
static const struct gw_type price = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "USD/MWh", .min = -1000, .max = 100e3};
static const struct gw_type water = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "L/kWh", .min = 0, .max = 1000};
static const struct gw_type fraction = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1};
static const struct gw_type carbon_price = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "USD/t", .min = 0, .max = 10000};
static const struct gw_type basis = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = gw_region_basis_names};

#define R struct gw_region
static const struct gw_field constant_fields[] = {
    GW_FIELD_AS(R, "carbon", carbon_lifecycle_gco2_per_kwh, &carbon, NULL,
                "Average carbon intensity, life cycle", NULL),
    GW_FIELD_AS(R, "carbon_direct", carbon_direct_gco2_per_kwh, &carbon, "~",
                "Average carbon intensity at the stacks alone", NULL),
    GW_FIELD_AS(R, "price", price_usd_per_mwh, &price, NULL, "Wholesale price of electricity", NULL),
    GW_FIELD_AS(R, "water", water_l_per_kwh, &water, NULL, "Water consumed by the power plants", NULL),
    GW_FIELD_AS(R, "water_with_hydro", water_with_hydro_l_per_kwh, &water, "~",
                "The same with what evaporates from the reservoirs of hydropower", NULL),
    GW_FIELD_AS(R, "carbon_free", carbon_free_frac, &fraction, "~",
                "Share of plants without stacks in consumption, nuclear included", NULL),
    GW_FIELD_AS(R, "carbon_in_price", carbon_in_price_usd_per_t, &carbon_price, "0 USD/t",
                "Price of carbon that the price of electricity holds already", NULL),
    GW_FIELD(R, basis, &basis, "consumption", "Whether carbon is that of consumption or of production", NULL),
    GW_FIELD_END,
};
#undef R

#define F struct gw_grid_file
static const struct gw_field file_fields[] = {
    GW_FIELD(F, path, &path, NULL, "A CSV file in geowatt's own form (traces/README.md)", NULL),
    GW_FIELD_AS(F, "carbon", carbon_lifecycle, &text, "~",
                "Column of the average life-cycle carbon intensity", NULL),
    GW_FIELD(F, carbon_direct, &text, "~", "Column of the average direct carbon intensity", NULL),
    GW_FIELD(F, price, &text, "~", "Column of the wholesale price", NULL),
    GW_FIELD(F, price_usd_per_mwh, &price, "~", "Price where the file has none", NULL),
    GW_FIELD(F, water, &text, "~", "Column of the power plants' water consumption", NULL),
    GW_FIELD(F, water_l_per_kwh, &water, "~", "Water consumption where the file has none", NULL),
    GW_FIELD(F, water_with_hydro, &text, "~",
             "Column of water consumption with what evaporates from reservoirs", NULL),
    GW_FIELD(F, marginal_lifecycle, &text, "~", "Column of the marginal life-cycle carbon intensity", NULL),
    GW_FIELD(F, marginal_direct, &text, "~", "Column of the marginal direct carbon intensity", NULL),
    GW_FIELD(F, carbon_free, &text, "~", "Column of the share of plants without stacks, nuclear included",
             NULL),
    GW_FIELD(F, basis, &basis, "consumption", "Whether carbon is that of consumption or of production", NULL),
    GW_FIELD_END,
};
#undef F

/* A value comes from a column or as a constant: one of the two, not both. */
static void check_either(const char *column, double constant, const char *key, const char *constant_key,
                         struct gw_bind *bind, const struct gw_node *at)
{
    if (column == NULL && isnan(constant)) {
        gw_bind_fail(bind, at, key, "give the column `%s` or the constant `%s`", key, constant_key);
    } else if (column != NULL && !isnan(constant)) {
        gw_bind_fail(bind, at, constant_key, "`%s` names a column already; drop one of the two", key);
    }
}

static void check_file(const void *object, struct gw_bind *bind, const struct gw_node *at)
{
    const struct gw_grid_file *file = object;
    if (file->carbon_lifecycle == NULL && file->carbon_direct == NULL) {
        gw_bind_fail(bind, at, "carbon", "name at least one column of `carbon` and `carbon_direct`");
    }
    check_either(file->price, file->price_usd_per_mwh, "price", "price_usd_per_mwh", bind, at);
    check_either(file->water, file->water_l_per_kwh, "water", "water_l_per_kwh", bind, at);
}

static const char *const resolutions[] = {"hourly", "five-minutes", NULL};
static const struct gw_type resolution = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = resolutions};

#define G struct gw_grid_generated
static const struct gw_type zone_ref = {.kind = GW_REF, .size = sizeof(struct gw_zone), .of = "grid"};
static const struct gw_type water_ref = {
    .kind = GW_REF, .size = sizeof(struct gw_water_set), .of = "water-set"};
static const struct gw_field generated_fields[] = {
    GW_FIELD(G, region, &zone_ref, NULL, "A grid of the catalogue", NULL),
    GW_FIELD(G, water_factors, &water_ref, "~",
             "Convention of what power plants consume; that of the grid when absent", NULL),
    GW_FIELD(G, water_beside, &water_ref, "~",
             "A second convention, of the column water_with_hydro_l; that of the grid when absent", NULL),
    GW_FIELD(G, resolution, &resolution, "hourly", "Hours, or five minutes whose hours have the same means",
             NULL),
    GW_FIELD_END,
};
#undef G

static const struct gw_type constant_type = {.kind = GW_OBJ,
                                             .size = sizeof(struct gw_region),
                                             .of = constant_fields,
                                             .doc = "Electricity that is the same at all times"};
static const struct gw_type file_type = {.kind = GW_OBJ,
                                         .size = sizeof(struct gw_grid_file),
                                         .of = file_fields,
                                         .check = check_file,
                                         .doc = "Hourly or finer series of a file"};
static const struct gw_type generated_type = {.kind = GW_OBJ,
                                              .size = sizeof(struct gw_grid_generated),
                                              .of = generated_fields,
                                              .doc = "Hourly series made from mix, weather and demand"};
static const struct gw_type region_ref = {.kind = GW_REF, .size = sizeof(struct gw_region), .of = "region"};

enum { NAMED, GENERATED, MEAN, CONSTANT, SERIES };
static const struct gw_alt alternatives[] = {
    [NAMED] = {"grid", &zone_ref, true},    [GENERATED] = {"generated", &generated_type, false},
    [MEAN] = {"mean", &region_ref, false},  [CONSTANT] = {"constant", &constant_type, false},
    [SERIES] = {"file", &file_type, false}, {NULL, NULL, false},
};

const struct gw_type gw_grid_type = {.kind = GW_PICK, .size = sizeof(struct gw_pick), .of = alternatives};

/* --- units of columns --------------------------------------------------------------------------- */

struct unit {
    const char *suffix;
    double scale; /* to the unit of the signal */
};

static const struct unit carbon_units[] = {{"gco2_per_kwh", 1}, {"kgco2_per_mwh", 1}, {NULL, 0}};
static const struct unit price_units[] = {{"usd_per_mwh", 1}, {"usd_per_kwh", 1000}, {NULL, 0}};
static const struct unit share_units[] = {{"frac", 1}, {"percent", 0.01}, {NULL, 0}};
static const struct unit water_units[] = {{"l_per_kwh", 1}, {"l_per_mwh", 1e-3}, {NULL, 0}};

/* "price_usd_per_mwh" and "usd_per_mwh" end in the unit, "gusd_per_mwh" does not. */
static bool ends_in(const char *column, const char *suffix)
{
    const size_t n = strlen(column), m = strlen(suffix);
    return n >= m && strcmp(column + n - m, suffix) == 0 && (n == m || column[n - m - 1] == '_');
}

static enum gw_status find_scale(const char *column, const struct unit *unit, const char *where,
                                 double *scale, struct gw_error *err)
{
    struct gw_text known = {0};
    for (; unit->suffix != NULL; unit++) {
        if (ends_in(column, unit->suffix)) {
            gw_text_fini(&known);
            *scale = unit->scale;
            return GW_OK;
        }
        gw_text_addf(&known, "%s%s", known.n == 0 ? "" : " or ", unit->suffix);
    }
    const enum gw_status s =
        gw_fail(err, GW_ERR_TYPE, where, "the name of column %s must end in its unit: %s", column,
                known.failed ? "?" : known.at);
    gw_text_fini(&known);
    return s;
}

/* --- loading ------------------------------------------------------------------------------------ */

static struct gw_signal constant(double value)
{
    return (struct gw_signal){.constant = value, .scale = 1};
}

static struct gw_signal absent(void)
{
    return constant((double)NAN);
}

static void load_constants(const struct gw_region *region, const char *label, struct gw_grid *out)
{
    *out = (struct gw_grid){
        .label = label,
        .carbon = {[GW_CARBON_AVERAGE_LIFECYCLE] = constant(region->carbon_lifecycle_gco2_per_kwh),
                   [GW_CARBON_AVERAGE_DIRECT] = constant(region->carbon_direct_gco2_per_kwh),
                   [GW_CARBON_MARGINAL_LIFECYCLE] = absent(),
                   [GW_CARBON_MARGINAL_DIRECT] = absent()},
        .price_usd_per_mwh = constant(region->price_usd_per_mwh),
        .water_l_per_kwh = constant(region->water_l_per_kwh),
        .water_with_hydro_l_per_kwh = constant(region->water_with_hydro_l_per_kwh),
        .carbon_free_frac = constant(region->carbon_free_frac),
        .wind = absent(),
        .solar = absent(),
        .renewable_frac = absent(),
        .load = absent(),
        .net_load = absent(),
        .carbon_in_price_usd_per_t = region->carbon_in_price_usd_per_t,
        .basis = (enum gw_carbon_basis)region->basis,
    };
}

/* What is no constant in a scenario is no value in a file: a wrong column or unit shows here. */
static enum gw_status check_values(const struct gw_signal *signal, const char *column,
                                   const struct gw_type *type, const char *file, struct gw_error *err)
{
    const struct gw_series *series = signal->series;
    for (uint64_t i = 0; i < series->n; i++) {
        const double x = series->value[i] * signal->scale;
        if (x < type->min || x > type->max) {
            char number[GW_NUMBER_MAX], when[GW_CLOCK_TEXT_MAX];
            gw_number_print(series->value[i], number);
            gw_clock_print(series->start_unix_us + (gw_time_us)i * series->step_us, when);
            return gw_fail(err, GW_ERR_RANGE, file, "column %s has %s at %s; %g to %g %s are allowed", column,
                           number, when, type->min, type->max, type->unit);
        }
    }
    return GW_OK;
}

/* The column as a signal; without a column the constant. */
static enum gw_status load_signal(const struct gw_csv *csv, const char *column, double otherwise,
                                  const struct unit *units, const struct gw_type *type, const char *file,
                                  struct gw_signal *out, struct gw_error *err)
{
    *out = constant(otherwise);
    if (column == NULL) {
        return GW_OK;
    }
    out->series = gw_csv_column(csv, column, file, err);
    if (out->series == NULL) {
        return GW_ERR_UNKNOWN;
    }
    const enum gw_status s = find_scale(column, units, file, &out->scale, err);
    return s == GW_OK ? check_values(out, column, type, file, err) : s;
}

static enum gw_status load_columns(const struct gw_grid_file *file, const struct gw_csv *csv,
                                   struct gw_grid *out, struct gw_error *err)
{
    *out = (struct gw_grid){.label = file->path,
                            .wind = absent(),
                            .solar = absent(),
                            .renewable_frac = absent(),
                            .load = absent(),
                            .net_load = absent(),
                            .basis = (enum gw_carbon_basis)file->basis};
    const struct {
        const char *column;
        double otherwise;
        const struct unit *units;
        const struct gw_type *type;
        struct gw_signal *signal;
    } wanted[] = {
        {file->carbon_lifecycle, (double)NAN, carbon_units, &carbon,
         &out->carbon[GW_CARBON_AVERAGE_LIFECYCLE]},
        {file->carbon_direct, (double)NAN, carbon_units, &carbon, &out->carbon[GW_CARBON_AVERAGE_DIRECT]},
        {file->price, file->price_usd_per_mwh, price_units, &price, &out->price_usd_per_mwh},
        {file->water, file->water_l_per_kwh, water_units, &water, &out->water_l_per_kwh},
        {file->water_with_hydro, (double)NAN, water_units, &water, &out->water_with_hydro_l_per_kwh},
        {file->marginal_lifecycle, (double)NAN, carbon_units, &carbon,
         &out->carbon[GW_CARBON_MARGINAL_LIFECYCLE]},
        {file->marginal_direct, (double)NAN, carbon_units, &carbon, &out->carbon[GW_CARBON_MARGINAL_DIRECT]},
        {file->carbon_free, (double)NAN, share_units, &fraction, &out->carbon_free_frac},
    };
    enum gw_status s = GW_OK;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0] && s == GW_OK; i++) {
        s = load_signal(csv, wanted[i].column, wanted[i].otherwise, wanted[i].units, wanted[i].type,
                        file->path, wanted[i].signal, err);
    }
    return s;
}

static enum gw_status load_file(const struct gw_grid_file *file, const struct gw_source *source,
                                struct gw_grid *out, struct gw_arena *arena, struct gw_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    enum gw_status s = source == NULL
                           ? gw_file_read(file->path, FILE_BYTES_MAX, &bytes, &n, err)
                           : source->read(source->from, file->path, FILE_BYTES_MAX, &bytes, &n, err);
    if (s != GW_OK) {
        return s;
    }
    struct gw_csv csv;
    s = gw_csv_parse(bytes, n, file->path, true, &csv, arena, err);
    free(bytes);
    return s == GW_OK ? load_columns(file, &csv, out, err) : s;
}

/* A made series as a signal, refined when asked for. */
static enum gw_status made(const struct gw_grid_generated *cfg, const struct gw_grid_span *span,
                           const char *what, double spread, const struct gw_series *series,
                           struct gw_signal *out, struct gw_arena *arena)
{
    struct gw_series *kept = gw_arena_alloc(arena, sizeof *kept);
    if (kept == NULL) {
        return GW_ERR_NOMEM;
    }
    *kept = *series;
    if (cfg->resolution == GW_GRID_FIVE_MINUTES) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "grid/%s/five-minutes/%s", cfg->region->name, what);
        if (!gw_refine_make(series, spread, span->seed, span->replication, name, kept, arena)) {
            return GW_ERR_NOMEM;
        }
    }
    *out = (struct gw_signal){.series = kept, .scale = 1};
    return GW_OK;
}

/* Consumption at the plants by another convention than the year was made with. */
static enum gw_status made_water(const struct gw_grid_generated *cfg, const struct gw_grid_span *span,
                                 const struct gw_grid_year *year, struct gw_signal *out,
                                 struct gw_arena *arena)
{
    struct gw_series series;
    if (!gw_grid_columns_water(year, cfg->water_beside, &series, arena)) {
        return GW_ERR_NOMEM;
    }
    return made(cfg, span, "average", average_spread, &series, out, arena);
}

/* Hour by hour, whatever the resolution: what is matched by the hour has no use for less. */
static enum gw_status made_plain(const struct gw_series *series, double scale, struct gw_signal *out,
                                 struct gw_arena *arena)
{
    struct gw_series *kept = gw_arena_alloc(arena, sizeof *kept);
    if (kept == NULL) {
        return GW_ERR_NOMEM;
    }
    *kept = *series;
    *out = (struct gw_signal){.series = kept, .scale = scale};
    return GW_OK;
}

/* By five minutes the plants at the margin take turns. */
static enum gw_status made_margin(const struct gw_grid_generated *cfg, const struct gw_grid_year *year,
                                  enum gw_carbon_signal which, struct gw_signal *out, struct gw_arena *arena)
{
    struct gw_series series = year->carbon[which];
    if (cfg->resolution == GW_GRID_FIVE_MINUTES &&
        !gw_margin_refine(&year->margin, which == GW_CARBON_MARGINAL_DIRECT, series.start_unix_us, &series,
                          arena)) {
        return GW_ERR_NOMEM;
    }
    return made_plain(&series, 1, out, arena);
}

/* Output over its mean; absent where there are no such plants. */
static enum gw_status made_output(const struct gw_series *output, struct gw_signal *out,
                                  struct gw_arena *arena)
{
    double sum = 0;
    for (size_t i = 0; i < output->n; i++) {
        sum += output->value[i];
    }
    *out = absent();
    return sum > 0 ? made_plain(output, (double)output->n / sum, out, arena) : GW_OK;
}

/* What is left of demand for the plants that can follow it. */
static enum gw_status made_net_load(const struct gw_grid_year *year, struct gw_signal *out,
                                    struct gw_arena *arena)
{
    struct gw_series series = year->demand;
    double *value = gw_arena_array(arena, series.n, sizeof *value);
    if (value == NULL) {
        return GW_ERR_NOMEM;
    }
    for (size_t i = 0; i < series.n; i++) {
        value[i] = year->demand.value[i] - year->generation[GW_FUEL_WIND].value[i] -
                   year->generation[GW_FUEL_SOLAR].value[i];
    }
    series.value = value;
    return made_plain(&series, 1, out, arena);
}

static enum gw_status load_generated(const struct gw_grid_generated *cfg, const struct gw_grid_span *span,
                                     struct gw_grid *out, struct gw_arena *arena, struct gw_error *err)
{
    struct gw_grid_year year;
    enum gw_status s = gw_grid_columns_year(cfg->region, cfg->water_factors, span, &year, arena, err);
    if (s != GW_OK) {
        return s;
    }
    *out = (struct gw_grid){.label = cfg->region->name,
                            .carbon_in_price_usd_per_t = cfg->region->price.carbon_usd_per_t,
                            .basis = GW_CARBON_CONSUMPTION};
    for (int i = 0; i < GW_CARBON_SIGNALS && s == GW_OK; i++) {
        /* direct and life cycle are one event: they share their noise, and their turns at the margin */
        const bool marginal = i == GW_CARBON_MARGINAL_LIFECYCLE || i == GW_CARBON_MARGINAL_DIRECT;
        s = marginal ? made_margin(cfg, &year, (enum gw_carbon_signal)i, &out->carbon[i], arena)
                     : made(cfg, span, "average", average_spread, &year.carbon[i], &out->carbon[i], arena);
    }
    if (s == GW_OK) {
        s = made(cfg, span, "price", price_spread, &year.price_usd_per_mwh, &out->price_usd_per_mwh, arena);
    }
    if (s == GW_OK) {
        s = made(cfg, span, "average", average_spread, &year.water_l_per_kwh, &out->water_l_per_kwh, arena);
    }
    if (s == GW_OK) {
        s = made_water(cfg, span, &year, &out->water_with_hydro_l_per_kwh, arena);
    }
    s = s == GW_OK ? made_plain(&year.carbon_free_frac, 1, &out->carbon_free_frac, arena) : s;
    s = s == GW_OK ? made_output(&year.generation[GW_FUEL_WIND], &out->wind, arena) : s;
    s = s == GW_OK ? made_output(&year.generation[GW_FUEL_SOLAR], &out->solar, arena) : s;
    s = s == GW_OK ? made_plain(&year.renewable_frac, 1, &out->renewable_frac, arena) : s;
    s = s == GW_OK ? made_plain(&year.demand, 1, &out->load, arena) : s;
    s = s == GW_OK ? made_net_load(&year, &out->net_load, arena) : s;
    return s == GW_OK ? s : gw_fail(err, s, out->label, "out of memory");
}

/* The request for made series that a pick is; false when it is none. */
static bool wants_made(const struct gw_pick *pick, struct gw_grid_generated *out)
{
    if (pick->alt == NAMED) {
        *out = (struct gw_grid_generated){.region = *(const void *const *)pick->at};
    } else if (pick->alt == GENERATED) {
        *out = *(const struct gw_grid_generated *)pick->at;
    } else {
        return false;
    }
    out->water_factors = out->water_factors != NULL ? out->water_factors : out->region->water_factors;
    out->water_beside = out->water_beside != NULL ? out->water_beside : out->region->water_beside;
    return true;
}

enum gw_status gw_grid_load(const struct gw_pick *pick, const struct gw_source *source,
                            const struct gw_grid_span *span, struct gw_grid *out, struct gw_arena *arena,
                            struct gw_error *err)
{
    struct gw_grid_generated wanted;
    if (wants_made(pick, &wanted)) {
        return load_generated(&wanted, span, out, arena, err);
    }
    if (pick->alt == MEAN) {
        const struct gw_region *region = *(const void *const *)pick->at;
        load_constants(region, region->name, out);
        return GW_OK;
    }
    if (pick->alt == CONSTANT) {
        load_constants(pick->at, "constant", out);
        return GW_OK;
    }
    GW_REQUIRE(pick->alt == SERIES);
    return load_file(pick->at, source, out, arena, err);
}

enum gw_status gw_grid_replicate(const struct gw_pick *pick, const struct gw_grid *first,
                                 const struct gw_grid_span *span, struct gw_grid *out, struct gw_arena *arena,
                                 struct gw_error *err)
{
    struct gw_grid_generated wanted;
    if (span->replication > 0 && wants_made(pick, &wanted)) {
        return load_generated(&wanted, span, out, arena, err);
    }
    *out = *first;
    return GW_OK;
}
