/* Generated years of weather against measured ones, by what two simple plants make of them.
 *
 * Places marked so have their normals from the very year they are compared with; the others compare the
 * reanalysis of 2023 with normals of 2020 to 2024, and differ as years do. */
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

#include "models/weather/generator.h"
#include "models/weather/import.h"
#include "models/weather/psychro.h"
#include "sim/base/check.h"
#include "sim/base/file.h"
#include "sim/base/units.h"
#include "sim/validate/validators.h"
#include "traces/lines.h"

enum { HOURS = 8760, YEARS = 20, FILE_BYTES_MAX = 1 << 28 };

#define START_2023_US (INT64_C(1672531200) * GW_US_PER_S)
#define YEAR_US       (HOURS * GW_US_PER_H)

/* --- two plants --------------------------------------------------------------------------------- */

struct plant_out {
    double pue, wue_l_per_kwh;
};

static double clamp(double x)
{
    return fmin(fmax(x, 0), 1);
}

static double ratio_at(double dew_point_c, double pressure_pa)
{
    return gw_psychro_humidity_ratio(gw_psychro_saturation_pa(dew_point_c), pressure_pa);
}

/* Outside air with an evaporative pad, closed to humid air; mechanical trim. Supply 21 degC, air warms by 12
 * K. */
static struct plant_out air_side(const struct gw_weather *w)
{
    const double supply_c = 21, rise_k = 12, heat = 1.07;
    const double ratio = ratio_at(w->dew_point_c, w->pressure_pa);
    const double limit =
        fmin(ratio_at(21, w->pressure_pa),
             gw_psychro_humidity_ratio(0.85 * gw_psychro_saturation_pa(supply_c), w->pressure_pa));
    const double cop =
        fmin(0.45 * (supply_c - 10 + 273.15) / fmax(w->dry_bulb_c + 12 - (supply_c - 10), 6), 14);
    double evaporated = 0, mechanical = 0; /* kg per kg of air; share of the heat */
    if (ratio > limit) {
        mechanical = 1;
    } else if (w->dry_bulb_c > supply_c) {
        const double h = gw_psychro_enthalpy_j_per_kg(w->dry_bulb_c, ratio) / 1e3;
        const double wettest_c = (h - 2501 * limit) / (1.006 + 1.86 * limit);
        const double pad_c = w->dry_bulb_c - 0.88 * (w->dry_bulb_c - w->wet_bulb_c);
        const double to_c = fmin(fmax(fmax(pad_c, supply_c), wettest_c), w->dry_bulb_c);
        evaporated = fmax((h - 1.006 * to_c) / (2501 + 1.86 * to_c) - ratio, 0);
        mechanical = clamp((to_c - supply_c) / rise_k);
    }
    const double air_kg_per_s = heat / (1.006 * rise_k);
    return (struct plant_out){1.085 + heat * mechanical / cop, 3600 * air_kg_per_s * evaporated * 1.5};
}

/* Cooling tower with an economizer before the chiller; water by the balance of the air that leaves. */
static struct plant_out tower(const struct gw_weather *w)
{
    const double chilled_c = 18, rise_k = 7, range_k = 5.5, heat = 1.07;
    const double approach_k = 4 + 0.15 * fmax(24 - w->wet_bulb_c, 0);
    const double free_frac = clamp((chilled_c + rise_k - (w->wet_bulb_c + approach_k + 2)) / rise_k);
    const double cold_c = free_frac < 1 ? fmax(w->wet_bulb_c + approach_k, 14) : w->wet_bulb_c + approach_k;
    const double lift_k = fmax(cold_c + range_k + 2 - (chilled_c - 2.5), 6);
    const double cop = 0.9 * fmin(0.6 * (chilled_c - 2.5 + 273.15) / lift_k, 11);
    const double compressor = heat * (1 - free_frac) / cop;
    const double exit_c = cold_c + range_k / 2, ratio = ratio_at(w->dew_point_c, w->pressure_pa);
    const double gained = ratio_at(exit_c, w->pressure_pa) - ratio;
    const double taken_kj = gw_psychro_enthalpy_j_per_kg(exit_c, ratio + gained) / 1e3 -
                            gw_psychro_enthalpy_j_per_kg(w->dry_bulb_c, ratio) / 1e3 -
                            gained * 4.186 * cold_c;
    const double air_kg_per_s = (heat + compressor) / taken_kj;
    const double fan = air_kg_per_s / 1.15 * 120 / 0.6 / 1e3;
    return (struct plant_out){1.115 + compressor + fan, 3600 * air_kg_per_s * gained * 1.25};
}

/* --- a year in figures -------------------------------------------------------------------------- */

enum figure {
    DRY_MEAN,
    DRY_99,
    WET_MEAN,
    WET_SUMMER,
    WET_99,
    WET_SUMMER_99,
    AIR_PUE,
    AIR_WUE,
    TOWER_PUE,
    TOWER_WUE,
    FIGURES,
};
struct year {
    double at[FIGURES];
};

static double percentile_99(double *x, size_t n)
{
    gsl_sort(x, 1, n);
    return x[(size_t)(0.99 * (double)n)];
}

/* The three warmest months by their normals. */
static bool is_summer(const struct gw_climate *climate, int hour)
{
    const double *normal = climate->dry_bulb_c.at;
    int month = 0, warmer = 0;
    while (hour / 24 >= gw_climate_month_start(month + 1, false)) {
        month++;
    }
    for (int m = 0; m < GW_CLIMATE_MONTHS; m++) {
        warmer += normal[m] > normal[month] || (m < month && normal[m] >= normal[month]);
    }
    return warmer < 3;
}

static struct year measure(const struct gw_climate *climate, const struct gw_weather *node)
{
    double dry_c[HOURS], wet_c[HOURS], summer_c[HOURS];
    struct year y = {0};
    size_t n_summer = 0;
    double summer = 0;
    for (int h = 0; h < HOURS; h++) {
        const struct plant_out a = air_side(&node[h]), t = tower(&node[h]);
        y.at[DRY_MEAN] += node[h].dry_bulb_c / HOURS;
        y.at[WET_MEAN] += node[h].wet_bulb_c / HOURS;
        y.at[AIR_PUE] += a.pue / HOURS;
        y.at[AIR_WUE] += a.wue_l_per_kwh / HOURS;
        y.at[TOWER_PUE] += t.pue / HOURS;
        y.at[TOWER_WUE] += t.wue_l_per_kwh / HOURS;
        dry_c[h] = node[h].dry_bulb_c;
        wet_c[h] = node[h].wet_bulb_c;
        if (is_summer(climate, h)) {
            summer_c[n_summer++] = node[h].wet_bulb_c;
            summer += node[h].wet_bulb_c;
        }
    }
    y.at[WET_SUMMER] = summer / (double)n_summer;
    y.at[WET_SUMMER_99] = percentile_99(summer_c, n_summer);
    y.at[WET_99] = percentile_99(wet_c, HOURS);
    y.at[DRY_99] = percentile_99(dry_c, HOURS);
    return y;
}

/* The nodes of a local calendar year. */
static enum gw_status generate(const struct gw_climate *climate, uint32_t replication,
                               const struct gw_weather **node, struct gw_arena *arena, struct gw_error *err)
{
    struct gw_weather_series series;
    const gw_time_us from_us = START_2023_US - llround(climate->utc_offset_h * (double)GW_US_PER_H);
    const enum gw_status s = gw_generator_make(climate, GW_GENERATOR_TYPICAL, 1, replication, from_us,
                                               from_us + YEAR_US, &series, arena, err);
    if (s == GW_OK) {
        const size_t first = (size_t)((from_us + GW_US_PER_H / 2 - series.first_unix_us) / GW_US_PER_H);
        GW_REQUIRE(first + HOURS <= series.n);
        *node = series.node + first;
    }
    return s;
}

/* --- measured years ----------------------------------------------------------------------------- */

static enum gw_status read_epw(const char *path, const struct gw_weather **node, struct gw_arena *arena,
                               struct gw_error *err)
{
    char *bytes = NULL;
    size_t n = 0;
    struct gw_meteo meteo;
    struct gw_import import;
    enum gw_status s = gw_file_read(path, FILE_BYTES_MAX, &bytes, &n, err);
    s = s == GW_OK ? gw_meteo_parse(bytes, n, path, &meteo, arena, err) : s;
    s = s == GW_OK ? gw_import_prepare(&meteo, path, false, (double)NAN, &import, arena, err) : s;
    free(bytes);
    if (s == GW_OK && import.n != HOURS) {
        return gw_fail(err, GW_ERR_RANGE, path, "%zu hours are not a year", import.n);
    }
    *node = s == GW_OK ? import.node : NULL;
    return s;
}

/* A table of many places: columns PLACE_T_C, PLACE_RH_pct and perhaps PLACE_P_hPa. */
static enum gw_status read_table(const char *path, const char *place, double elevation_m,
                                 const struct gw_weather **out, struct gw_arena *arena, struct gw_error *err)
{
    char *bytes = NULL, heading[64];
    size_t n = 0;
    const enum gw_status s = gw_file_read(path, FILE_BYTES_MAX, &bytes, &n, err);
    struct gw_weather *node = gw_arena_array(arena, HOURS, sizeof *node);
    if (s != GW_OK || node == NULL) {
        free(bytes);
        return s != GW_OK ? s : gw_fail(err, GW_ERR_NOMEM, path, "out of memory");
    }
    struct gw_lines lines;
    gw_lines_init(&lines, bytes, n, path);
    snprintf(heading, sizeof heading, "%s_T_C", place);
    const size_t column = gw_lines_next(&lines) ? gw_lines_find(&lines, heading) : lines.n;
    snprintf(heading, sizeof heading, "%s_P_hPa", place);
    const bool whole = column < lines.n, has_pressure = whole && gw_lines_is(&lines, column + 2, heading);
    int h = 0;
    for (; whole && h < HOURS && gw_lines_next(&lines); h++) {
        node[h].dry_bulb_c = gw_lines_number(&lines, column);
        node[h].pressure_pa =
            has_pressure ? 100 * gw_lines_number(&lines, column + 2) : gw_psychro_pressure_pa(elevation_m);
        const double humidity_frac = fmax(gw_lines_number(&lines, column + 1), 1) / 100;
        gw_weather_solve(&node[h], humidity_frac * gw_psychro_saturation_pa(node[h].dry_bulb_c));
    }
    free(bytes);
    *out = node;
    return h == HOURS ? GW_OK : gw_fail(err, GW_ERR_RANGE, path, "has no year of hours for %s", place);
}

/* --- rows --------------------------------------------------------------------------------------- */

static const struct place {
    const char *climate, *file, *column;
    bool same_year;
} places[] = {
    {"ashburn", "epw/USA_VA_Leesburg.Exec.epw", NULL, true},
    {"phoenix", "epw/USA_AZ_Phoenix-Sky.Harbor.epw", NULL, true},
    {"san-jose", "epw/USA_CA_San.Jose-Mineta.epw", NULL, true},
    {"dallas", "epw/USA_TX_Dallas-Fort.Worth.epw", NULL, true},
    {"the-dalles", "epw/USA_WA_The.Dalles.Muni.AP.726988_TMY3.epw", NULL, true},
    {"council-bluffs", "epw/USA_IA_Council.Bluffs.Muni.AP.725497_TMY3.epw", NULL, true},
    {"las-vegas", "zones_tmy3_hourly.csv", "3B", true},
    {"sydney", "era5_2023_hourly.csv", "AU-NSW", false},
    {"melbourne", "era5_2023_hourly.csv", "AU-VIC", false},
    {"sao-paulo", "era5_2023_hourly.csv", "BR-SP", false},
    {"toronto", "era5_2023_hourly.csv", "CA-ON", false},
    {"santiago", "era5_2023_hourly.csv", "CL-SIC", false},
    {"frankfurt", "era5_2023_hourly.csv", "DE-LU", false},
    {"london", "era5_2023_hourly.csv", "GB", false},
    {"mumbai", "era5_2023_hourly.csv", "IN-WE", false},
    {"tokyo", "era5_2023_hourly.csv", "JP-TK", false},
    {"seoul", "era5_2023_hourly.csv", "KR", false},
    {"singapore", "era5_2023_hourly.csv", "SG", false},
    {"johannesburg", "era5_2023_hourly.csv", "ZA", false},
};

struct comparison {
    struct year real, mean;           /* measured, and the mean of the generated years */
    double worst_pue, worst_wue_frac; /* of a single generated year */
};

static enum gw_status compare(const struct gw_climate *climate, const struct place *p, const char *path,
                              struct comparison *c, struct gw_arena *arena, struct gw_error *err)
{
    const struct gw_weather *node = NULL;
    enum gw_status s = p->column == NULL
                           ? read_epw(path, &node, arena, err)
                           : read_table(path, p->column, climate->elevation_m, &node, arena, err);
    if (s == GW_OK) {
        *c = (struct comparison){.real = measure(climate, node)};
    }
    for (uint32_t i = 0; i < YEARS && s == GW_OK; i++) {
        s = generate(climate, i, &node, arena, err);
        if (s != GW_OK) {
            break;
        }
        const struct year y = measure(climate, node);
        for (int f = 0; f < FIGURES; f++) {
            c->mean.at[f] += y.at[f] / YEARS;
        }
        c->worst_pue = fmax(c->worst_pue, fabs(y.at[AIR_PUE] - c->real.at[AIR_PUE]));
        c->worst_pue = fmax(c->worst_pue, fabs(y.at[TOWER_PUE] - c->real.at[TOWER_PUE]));
        c->worst_wue_frac = fmax(c->worst_wue_frac, fabs(y.at[TOWER_WUE] / c->real.at[TOWER_WUE] - 1));
    }
    return s;
}

/* The rows of a place; c NULL: its file is not there. */
static void add_place(struct gw_validation *out, const struct place *p, const struct comparison *c)
{
    const struct {
        const char *what;
        enum gw_validation_rule rule;
        double published, ours, tolerance;
        const char *unit;
    } rows[] = {
        {"99th percentile of the wet bulb", GW_VALIDATION_ABS, c ? c->real.at[WET_99] : NAN,
         c ? c->mean.at[WET_99] : NAN, 1.5, "K"},
        {"99th percentile of summer's wet bulb", GW_VALIDATION_ABS, c ? c->real.at[WET_SUMMER_99] : NAN,
         c ? c->mean.at[WET_SUMMER_99] : NAN, 1.5, "K"},
        {"PUE of the worst of twenty years", GW_VALIDATION_AT_MOST, 0.015, c ? c->worst_pue : NAN, 0, "1"},
        {"tower water of the worst of twenty years", GW_VALIDATION_AT_MOST, 0.01, c ? c->worst_wue_frac : NAN,
         0, "1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct gw_validation_row row = {
            .group = "Weather",
            .name = gw_validation_text(out, "%s, %s", p->climate, rows[i].what),
            .kind = GW_VALIDATION_FITTED, /* laws of coupling and spread were read off these places too */
            .rule = rows[i].rule,
            .published = rows[i].published,
            .ours = rows[i].ours,
            .tolerance = rows[i].tolerance,
            .unit = rows[i].unit,
            .source = p->column != NULL && !p->same_year
                          ? "Open-Meteo archive of ERA5, 2023 (CC BY 4.0)"
                          : "climate.onebuilding.org TMYx and NREL TMY3: typical years of hours",
            .note = c == NULL ? gw_validation_text(out, "needs weather/%s", p->file) : NULL,
        };
        (c == NULL ? gw_validation_skip : gw_validation_add)(out, &row);
    }
}

enum gw_status gw_validate_weather(struct gw_validation *out, struct gw_error *err)
{
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const struct place *p = &places[i];
        const char *path = gw_validation_file(out, gw_validation_text(out, "weather/%s", p->file));
        if (path == NULL) {
            add_place(out, p, NULL);
            continue;
        }
        struct gw_arena arena = {0};
        struct comparison c;
        const enum gw_status s =
            compare(gw_validation_entry(out, "climate", p->climate), p, path, &c, &arena, err);
        gw_arena_fini(&arena);
        if (s != GW_OK) {
            return s;
        }
        add_place(out, p, &c);
    }
    return GW_OK;
}
