#include "models/supply/contracts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/grid/mix.h"
#include "sim/base/check.h"
#include "sim/base/file.h"
#include "sim/base/units.h"
#include "traces/csv.h"

enum { FILE_BYTES_MAX = 1 << 28 };

/* ---- output ---- */

static bool is_renewable(int32_t technology)
{
    return technology == GW_FUEL_HYDRO || technology == GW_FUEL_WIND || technology == GW_FUEL_SOLAR ||
           technology == GW_FUEL_BIOMASS || technology == GW_FUEL_GEOTHERMAL;
}

/* Medians that the grids' own tables have as defaults (models/grid/mix.c). */
static double factor_of(int32_t technology, bool lifecycle)
{
    static const double life[GW_FUELS] = {
        [GW_FUEL_NUCLEAR] = 12, [GW_FUEL_HYDRO] = 24,    [GW_FUEL_WIND] = 11,
        [GW_FUEL_SOLAR] = 45,   [GW_FUEL_BIOMASS] = 230, [GW_FUEL_GEOTHERMAL] = 38};
    return lifecycle ? life[technology] : 0.0;
}

static enum gw_status follow_grid(const struct gw_contract *cfg, const struct gw_grid *grid,
                                  struct gw_signal *out, struct gw_error *err)
{
    const struct gw_contract_like_grid *like = cfg->output.at;
    if (cfg->technology != GW_FUEL_WIND && cfg->technology != GW_FUEL_SOLAR) {
        return gw_fail(err, GW_ERR_RANGE, cfg->name,
                       "only wind and solar follow the grid's plants; give `output` as a number or a file");
    }
    const struct gw_signal *signal = cfg->technology == GW_FUEL_WIND ? &grid->wind : &grid->solar;
    if (!gw_region_has(signal)) {
        return gw_fail(
            err, GW_ERR_RANGE, cfg->name,
            "%s has no hours of %s to follow: take `grid: { generated: ... }`, or give `output` as a file",
            grid->label, gw_mix_fuel_names[cfg->technology]);
    }
    *out = *signal;
    out->scale *= like->capacity_factor;
    return GW_OK;
}

static enum gw_status read_output(const struct gw_contract *cfg, const struct gw_source *source,
                                  struct gw_signal *out, struct gw_arena *arena, struct gw_error *err)
{
    const struct gw_contract_file *file = cfg->output.at;
    const size_t n = strlen(file->column);
    const bool percent = n >= 8 && strcmp(file->column + n - 8, "_percent") == 0;
    if (!percent && (n < 5 || strcmp(file->column + n - 5, "_frac") != 0)) {
        return gw_fail(err, GW_ERR_TYPE, cfg->name,
                       "the name of column %s must end in its unit: frac or percent", file->column);
    }
    char *bytes = NULL;
    size_t size = 0;
    enum gw_status s = source == NULL
                           ? gw_file_read(file->path, FILE_BYTES_MAX, &bytes, &size, err)
                           : source->read(source->from, file->path, FILE_BYTES_MAX, &bytes, &size, err);
    if (s != GW_OK) {
        return s;
    }
    struct gw_csv csv;
    s = gw_csv_parse(bytes, size, file->path, true, &csv, arena, err);
    free(bytes);
    if (s != GW_OK) {
        return s;
    }
    out->scale = percent ? 0.01 : 1.0;
    out->series = gw_csv_column(&csv, file->column, file->path, err);
    return out->series != NULL ? GW_OK : GW_ERR_UNKNOWN;
}

enum gw_status gw_contracts_prepare(const struct gw_contract *cfg, const struct gw_grid *grid, bool lifecycle,
                                    const struct gw_source *source, struct gw_contract_ready *out,
                                    struct gw_arena *arena, struct gw_error *err)
{
    *out = (struct gw_contract_ready){
        .cfg = cfg,
        .output = {.scale = 1.0},
        .carbon_gco2_per_kwh = isnan(cfg->carbon_gco2_per_kwh) ? factor_of(cfg->technology, lifecycle)
                                                               : cfg->carbon_gco2_per_kwh,
        .renewable = is_renewable(cfg->technology),
    };
    if (cfg->output.alt == GW_CONTRACT_LIKE_GRID) {
        return follow_grid(cfg, grid, &out->output, err);
    }
    if (cfg->output.alt == GW_CONTRACT_FILE) {
        return read_output(cfg, source, &out->output, arena, err);
    }
    out->output.constant = *(const double *)cfg->output.at;
    return GW_OK;
}

void gw_contracts_follow(struct gw_contract_ready *self, const struct gw_grid *grid)
{
    if (self->cfg->output.alt == GW_CONTRACT_LIKE_GRID) {
        const enum gw_status s = follow_grid(self->cfg, grid, &self->output, NULL);
        GW_REQUIRE(s == GW_OK); /* it followed the first replication's */
    }
}

/* ---- matching ---- */

static void pool_add(struct gw_contract_pool *pool, double kwh, const struct gw_contract_ready *c)
{
    pool->kwh += kwh;
    pool->renewable_kwh += c->renewable ? kwh : 0.0;
    pool->kgco2 += gw_kg_from_g(kwh * c->carbon_gco2_per_kwh);
}

/* What a pool takes of a load: all of its output, or as much as there is load. */
struct match {
    double kwh, renewable_kwh, kgco2;
};

static struct match match(const struct gw_contract_pool *pool, double load_kwh)
{
    const double kwh = fmin(pool->kwh, load_kwh);
    const double part = pool->kwh > 0.0 ? kwh / pool->kwh : 0.0;
    return (struct match){kwh, part * pool->renewable_kwh, part * pool->kgco2};
}

/* The hour in progress, added to the hours before it: sums without the annual pool, and what is left for
 * that. */
static void close_hour(const struct gw_contract_book *self, struct gw_contract_sums *sums, double *left_kwh,
                       double *left_kgco2)
{
    *sums = self->closed;
    const struct match hourly = match(&self->hourly, self->load_kwh), any = match(&self->any, self->load_kwh);
    sums->matched_kwh += hourly.kwh;
    sums->renewable_kwh += hourly.renewable_kwh;
    sums->market_kgco2 += hourly.kgco2;
    sums->matched_hourly_kwh += any.kwh;
    const double load = self->load_kwh;
    *left_kwh = self->left_kwh + load - hourly.kwh;
    *left_kgco2 = self->left_kgco2;
    if (load > 0.0) {
        *left_kgco2 += (load - hourly.kwh) * (self->residual_kgco2 / load);
        sums->carbon_free_kwh += any.kwh + (load - any.kwh) * (self->grid_free_kwh / load);
    }
}

/* Everything up to now. */
static struct gw_contract_sums sums_now(const struct gw_contract_book *self)
{
    struct gw_contract_sums sums;
    double left_kwh, left_kgco2;
    close_hour(self, &sums, &left_kwh, &left_kgco2);
    const struct match annual = match(&self->annual, left_kwh);
    sums.matched_kwh += annual.kwh;
    sums.renewable_kwh += annual.renewable_kwh;
    sums.market_kgco2 += annual.kgco2;
    if (left_kwh > 0.0) {
        sums.market_kgco2 += (left_kwh - annual.kwh) * (left_kgco2 / left_kwh);
    }
    sums.contracted_kwh = self->contracted_kwh;
    sums.settlement_usd = self->settlement_usd;
    return sums;
}

static void begin_hour(struct gw_contract_book *self, int64_t hour)
{
    struct gw_contract_sums sums;
    double left_kwh, left_kgco2;
    close_hour(self, &sums, &left_kwh, &left_kgco2);
    self->closed = sums;
    self->left_kwh = left_kwh;
    self->left_kgco2 = left_kgco2;
    self->hour = hour;
    self->load_kwh = self->residual_kgco2 = self->grid_free_kwh = 0.0;
    self->hourly = self->any = (struct gw_contract_pool){0};
}

static void generate(struct gw_contract_book *self, const struct gw_contract_step *step, gw_time_us from,
                     gw_time_us to)
{
    for (uint32_t i = 0; i < self->n; i++) {
        const struct gw_contract_ready *c = &self->contract[i];
        const double kwh =
            c->cfg->capacity_kw * gw_signal_mean(&c->output, from, to) * gw_h_from_us(to - from);
        const double strike = c->cfg->kind == GW_CONTRACT_PPA
                                  ? c->cfg->price_usd_per_mwh - step->wholesale_usd_per_mwh
                                  : c->cfg->price_usd_per_mwh;
        self->contracted_kwh += kwh;
        self->settlement_usd += gw_mwh_from_kwh(kwh) * strike;
        if (!c->cfg->same_grid) {
            continue;
        }
        pool_add(&self->any, kwh, c);
        pool_add(c->cfg->matching == GW_CONTRACT_HOURLY ? &self->hourly : &self->annual, kwh, c);
    }
}

void gw_contracts_open(struct gw_contract_book *self, const struct gw_contract_ready *contract, uint32_t n)
{
    *self = (struct gw_contract_book){.contract = contract, .n = n, .hour = INT64_MIN};
}

struct gw_contract_sums gw_contracts_add(struct gw_contract_book *self, const struct gw_contract_step *step)
{
    GW_REQUIRE(step->from_unix_us < step->to_unix_us);
    const double kwh_per_us = step->load_kwh / (double)(step->to_unix_us - step->from_unix_us);
    for (gw_time_us t = step->from_unix_us, next; t < step->to_unix_us; t = next) {
        const int64_t hour = t / GW_US_PER_H - (t % GW_US_PER_H < 0);
        next = (hour + 1) * GW_US_PER_H;
        next = next < step->to_unix_us ? next : step->to_unix_us;
        if (hour != self->hour) {
            begin_hour(self, hour);
        }
        const double kwh = kwh_per_us * (double)(next - t);
        self->load_kwh += kwh;
        self->residual_kgco2 += gw_kg_from_g(kwh * step->residual_gco2_per_kwh);
        self->grid_free_kwh += isnan(step->grid_free_frac) ? 0.0 : kwh * step->grid_free_frac;
        if (step->generates) {
            generate(self, step, t, next);
        }
    }
    const struct gw_contract_sums now = sums_now(self), before = self->before;
    self->before = now;
    return (struct gw_contract_sums){
        .contracted_kwh = now.contracted_kwh - before.contracted_kwh,
        .matched_kwh = now.matched_kwh - before.matched_kwh,
        .renewable_kwh = now.renewable_kwh - before.renewable_kwh,
        .matched_hourly_kwh = now.matched_hourly_kwh - before.matched_hourly_kwh,
        .carbon_free_kwh = now.carbon_free_kwh - before.carbon_free_kwh,
        .market_kgco2 = now.market_kgco2 - before.market_kgco2,
        .settlement_usd = now.settlement_usd - before.settlement_usd,
    };
}

/* ---- parameter table ---- */

static const struct gw_type text = {.kind = GW_TEXT, .size = sizeof(const char *)};
static const struct gw_type path = {.kind = GW_PATH, .size = sizeof(const char *)};
static const struct gw_type flag = {.kind = GW_BOOL, .size = sizeof(bool)};
static const struct gw_type frac = {.kind = GW_NUM, .size = sizeof(double), .unit = "1", .min = 0, .max = 1};
static const struct gw_type kw = {.kind = GW_NUM, .size = sizeof(double), .unit = "kW", .min = 0, .max = 1e8};
static const struct gw_type price = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "USD/MWh", .min = -1000, .max = 100e3};
static const struct gw_type carbon = {
    .kind = GW_NUM, .size = sizeof(double), .unit = "g/kWh", .min = 0, .max = 5000};
static const char *const kind_names[] = {"ppa", "certificates", NULL};
static const struct gw_type kind = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = kind_names};
static const char *const matching_names[] = {"hourly", "annual", NULL};
static const struct gw_type matching = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = matching_names};
static const struct gw_type technology = {.kind = GW_ENUM, .size = sizeof(int32_t), .of = gw_mix_fuel_names};

static const struct gw_field like_fields[] = {
    GW_FIELD(struct gw_contract_like_grid, capacity_factor, &frac, NULL, "Mean output per capacity", NULL),
    GW_FIELD_END,
};
static const struct gw_type like_grid = {.kind = GW_OBJ,
                                         .size = sizeof(struct gw_contract_like_grid),
                                         .of = like_fields,
                                         .doc = "Hours like those of the grid's plants of this kind"};
static const struct gw_field file_fields[] = {
    GW_FIELD(struct gw_contract_file, path, &path, NULL, "A CSV file in geowatt's own form", NULL),
    GW_FIELD(struct gw_contract_file, column, &text, NULL, "Column of the output per capacity", NULL),
    GW_FIELD_END,
};
static const struct gw_type file_type = {.kind = GW_OBJ,
                                         .size = sizeof(struct gw_contract_file),
                                         .of = file_fields,
                                         .doc = "Hours of a plant from a file"};
static const struct gw_alt output_alts[] = {
    [GW_CONTRACT_STEADY] = {.key = "steady", .type = &frac, .scalar_form = true},
    [GW_CONTRACT_LIKE_GRID] = {.key = "like_grid", .type = &like_grid},
    [GW_CONTRACT_FILE] = {.key = "file", .type = &file_type},
    {0},
};
static const struct gw_type output = {.kind = GW_PICK, .size = sizeof(struct gw_pick), .of = output_alts};

#define C struct gw_contract
static const struct gw_field fields[] = {
    GW_FIELD(C, name, &text, NULL, "Its name in messages", NULL),
    GW_FIELD(C, kind, &kind, "ppa", "A power purchase agreement, or certificates alone", NULL),
    GW_FIELD(C, technology, &technology, NULL, "Kind of the plants", NULL),
    GW_FIELD_AS(C, "capacity", capacity_kw, &kw, NULL, "Contracted power of the plants", NULL),
    GW_FIELD(C, output, &output, "1",
             "Output per capacity: a number (steady), { like_grid: ... } or { file: ... }", NULL),
    GW_FIELD_AS(C, "price", price_usd_per_mwh, &price, NULL, "Strike of a PPA, or price of certificates",
                NULL),
    GW_FIELD(C, matching, &matching, "hourly", "Matched with the load of each hour, or of the whole run",
             NULL),
    GW_FIELD_AS(C, "carbon", carbon_gco2_per_kwh, &carbon, "~",
                "Carbon intensity of the plants; of their kind when absent", "electricity-maps-2023"),
    GW_FIELD(C, same_grid, &flag, "true", "Whether the plants feed the grid that the site draws from", NULL),
    GW_FIELD_END,
};
#undef C
const struct gw_type gw_contracts_type = {.kind = GW_OBJ,
                                          .size = sizeof(struct gw_contract),
                                          .of = fields,
                                          .doc = "A claim on electricity of certain plants"};
