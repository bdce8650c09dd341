#include "models/weather/import.h"

#include <math.h>

#include "models/weather/psychro.h"
#include "sim/base/check.h"
#include "sim/base/units.h"

enum { BRIDGE_MAX_H = 6, YEAR_DAYS = 365, LEAP_DAY_OF_YEAR = 59 };
#define DAY_US (24 * GW_US_PER_H)

#define COLDEST_C        (-60.0)
#define HOTTEST_C        60.0
#define DRIEST_FRAC      1e-3
#define LOWEST_PRESSURE  50e3
#define HIGHEST_PRESSURE 110e3

/* --- gaps --------------------------------------------------------------------------------------- */

static enum gw_status fail_at(const struct gw_meteo *file, const char *name, size_t i, struct gw_error *err,
                              const char *what, double x)
{
    if (file->typical) {
        return gw_fail(err, GW_ERR_RANGE, name, "hour %zu of the year: %s %g", i + 1, what, x);
    }
    char time[GW_CLOCK_TEXT_MAX];
    gw_clock_print(file->first_unix_us + (gw_time_us)i * file->step_us, time);
    return gw_fail(err, GW_ERR_RANGE, name, "%s: %s %g", time, what, x);
}

/* Straight lines over gaps; one at an end holds its neighbour's value. */
static enum gw_status bridge(const struct gw_meteo *file, const char *name, const char *what, double *x,
                             size_t *bridged, struct gw_error *err)
{
    for (size_t i = 0; i < file->n; i++) {
        if (!isnan(x[i])) {
            continue;
        }
        size_t end = i;
        while (end < file->n && isnan(x[end])) {
            end++;
        }
        const double gap_h = gw_h_from_us((gw_time_us)(end - i) * file->step_us);
        if (gap_h > BRIDGE_MAX_H) {
            return fail_at(file, name, i, err, what, gap_h);
        }
        if (i == 0 && end == file->n) {
            return gw_fail(err, GW_ERR_RANGE, name, "no values at all: %s", what);
        }
        const double from = i > 0 ? x[i - 1] : x[end], to = end < file->n ? x[end] : from;
        for (size_t k = i; k < end; k++) {
            x[k] = from + (to - from) * (double)(k - i + 1) / (double)(end - i + 1);
        }
        *bridged += end - i;
        i = end;
    }
    return GW_OK;
}

/* --- what the columns say of the air ------------------------------------------------------------- */

struct columns {
    double *dry_bulb_c, *dew_point_c, *pressure_pa;
};

static double column_at(const struct gw_meteo *file, enum gw_meteo_column c, size_t i)
{
    return file->value[c] == NULL ? (double)NAN : file->value[c][i];
}

/* The dew point that the row tells or implies; needs a bridged dry bulb. */
static double dew_point_of(const struct gw_meteo *file, double dry_bulb_c, size_t i)
{
    const double told_c = column_at(file, GW_METEO_DEW_POINT_C, i);
    const double humidity_frac = column_at(file, GW_METEO_HUMIDITY_FRAC, i);
    if (!isnan(told_c) || isnan(humidity_frac)) {
        return told_c;
    }
    return gw_psychro_dew_point_c(fmax(humidity_frac, DRIEST_FRAC) * gw_psychro_saturation_pa(dry_bulb_c));
}

static enum gw_status check_columns(const struct gw_meteo *file, const char *name, const struct columns *c,
                                    struct gw_error *err)
{
    for (size_t i = 0; i < file->n; i++) {
        if (!(c->dry_bulb_c[i] >= COLDEST_C && c->dry_bulb_c[i] <= HOTTEST_C)) {
            return fail_at(file, name, i, err, "a dry bulb outside -60 to 60 degC:", c->dry_bulb_c[i]);
        }
        if (!(c->dew_point_c[i] >= -100 && c->dew_point_c[i] <= HOTTEST_C)) {
            return fail_at(file, name, i, err, "a dew point outside -100 to 60 degC:", c->dew_point_c[i]);
        }
        if (!(c->pressure_pa[i] >= LOWEST_PRESSURE && c->pressure_pa[i] <= HIGHEST_PRESSURE)) {
            return fail_at(file, name, i, err, "a pressure outside 50 to 110 kPa:", c->pressure_pa[i]);
        }
    }
    return GW_OK;
}

static enum gw_status read_columns(const struct gw_meteo *file, const char *name, double elevation_m,
                                   struct columns *c, size_t *bridged, struct gw_error *err)
{
    const double height_m = isnan(file->elevation_m) ? elevation_m : file->elevation_m;
    const bool has_pressure = file->value[GW_METEO_PRESSURE_PA] != NULL;
    if (!has_pressure && !(height_m >= -500 && height_m <= 5000)) {
        return gw_fail(err, GW_ERR_RANGE, name,
                       "neither a pressure nor a height between -500 and 5000 m is known");
    }
    bool told = false;
    for (size_t i = 0; i < file->n; i++) {
        c->dry_bulb_c[i] = column_at(file, GW_METEO_DRY_BULB_C, i);
        c->pressure_pa[i] = column_at(file, GW_METEO_PRESSURE_PA, i);
        told = told || !isnan(c->pressure_pa[i]);
    }
    enum gw_status s = bridge(file, name, "hours without a dry bulb:", c->dry_bulb_c, bridged, err);
    for (size_t i = 0; s == GW_OK && i < file->n; i++) {
        c->dew_point_c[i] = dew_point_of(file, c->dry_bulb_c[i], i);
        if (!told) {
            c->pressure_pa[i] = gw_psychro_pressure_pa(height_m);
        }
    }
    if (s == GW_OK) {
        s = bridge(file, name, "hours without dew point or relative humidity:", c->dew_point_c, bridged, err);
    }
    if (s == GW_OK) {
        s = bridge(file, name, "hours without a pressure:", c->pressure_pa, bridged, err);
    }
    return s == GW_OK ? check_columns(file, name, c, err) : s;
}

static void solve_nodes(const struct gw_meteo *file, const struct columns *c, struct gw_weather *node)
{
    for (size_t i = 0; i < file->n; i++) {
        node[i] = (struct gw_weather){
            .dry_bulb_c = c->dry_bulb_c[i],
            .pressure_pa = c->pressure_pa[i],
            .cloud_frac = column_at(file, GW_METEO_CLOUD_FRAC, i),
            .wind_m_per_s = column_at(file, GW_METEO_WIND_M_PER_S, i),
            .ghi_w_per_m2 = column_at(file, GW_METEO_GHI_W_PER_M2, i),
        };
        gw_weather_solve(&node[i], gw_psychro_saturation_pa(c->dew_point_c[i]));
    }
}

/* --- years -------------------------------------------------------------------------------------- */

/* Microseconds since 1 January, 0 h, of a year without a 29 February: that day is the 28th once more. */
static gw_time_us time_of_year(gw_time_us local_us)
{
    const struct gw_calendar date = gw_clock_calendar(local_us);
    const bool leap = (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;
    const int day = date.day_of_year - (leap && date.day_of_year >= LEAP_DAY_OF_YEAR);
    const gw_time_us into_us = local_us % DAY_US;
    return day * DAY_US + (into_us < 0 ? into_us + DAY_US : into_us);
}

/* Puts the first year's worth of stamped nodes in order of the calendar. */
static enum gw_status fold_year(const struct gw_meteo *file, const char *name, struct gw_import *out,
                                struct gw_arena *arena, struct gw_error *err)
{
    const size_t n = (size_t)(YEAR_DAYS * DAY_US / file->step_us);
    if (file->step_us > DAY_US || DAY_US % file->step_us != 0 || file->n < n) {
        return gw_fail(err, GW_ERR_RANGE, name,
                       "a year to repeat has %d days of equal steps; the file has %zu steps", YEAR_DAYS,
                       file->n);
    }
    struct gw_weather *node = gw_arena_array(arena, n, sizeof *node);
    if (node == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
    }
    const gw_time_us offset_us = llround(file->utc_offset_h * (double)GW_US_PER_H);
    for (size_t i = file->n; i-- > 0;) { /* backwards, so that the first year counts */
        const gw_time_us local_us = file->first_unix_us + offset_us + (gw_time_us)i * file->step_us;
        node[time_of_year(local_us) / file->step_us] = out->node[i];
    }
    for (size_t i = 0; i < n; i++) {
        if (node[i].pressure_pa <= 0) {
            return gw_fail(err, GW_ERR_RANGE, name,
                           "a year to repeat needs every day of one; day %zu is missing",
                           i / (size_t)(DAY_US / file->step_us) + 1);
        }
    }
    out->first_unix_us = time_of_year(file->first_unix_us + offset_us) % file->step_us;
    out->n = n;
    out->node = node;
    return GW_OK;
}

enum gw_status gw_import_prepare(const struct gw_meteo *file, const char *name, bool repeat,
                                 double elevation_m, struct gw_import *out, struct gw_arena *arena,
                                 struct gw_error *err)
{
    *out = (struct gw_import){
        .name = name,
        .repeat = repeat || file->typical,
        .utc_offset_h = file->utc_offset_h,
        .first_unix_us = file->first_unix_us,
        .step_us = file->step_us,
        .n = file->n,
    };
    struct columns c = {
        .dry_bulb_c = gw_arena_array(arena, file->n, sizeof(double)),
        .dew_point_c = gw_arena_array(arena, file->n, sizeof(double)),
        .pressure_pa = gw_arena_array(arena, file->n, sizeof(double)),
    };
    out->node = gw_arena_array(arena, file->n, sizeof *out->node);
    if (c.dry_bulb_c == NULL || c.dew_point_c == NULL || c.pressure_pa == NULL || out->node == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, name, "out of memory");
    }
    enum gw_status s = read_columns(file, name, elevation_m, &c, &out->bridged, err);
    if (s == GW_OK) {
        solve_nodes(file, &c, out->node);
        s = out->repeat && !file->typical ? fold_year(file, name, out, arena, err) : GW_OK;
    }
    return s;
}

/* --- the series of a run ------------------------------------------------------------------------ */

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static enum gw_status lay_out_year(const struct gw_import *self, gw_time_us from_unix_us,
                                   gw_time_us to_unix_us, struct gw_weather_series *out,
                                   struct gw_arena *arena, struct gw_error *err)
{
    const gw_time_us offset_us = llround(self->utc_offset_h * (double)GW_US_PER_H);
    const gw_time_us phase_us = self->first_unix_us - offset_us; /* of the nodes, in UTC */
    const int64_t first = floor_divide(from_unix_us - phase_us, self->step_us);
    const int64_t last = floor_divide(to_unix_us - phase_us, self->step_us) + 1;
    const size_t n = (size_t)(last - first + 1);
    struct gw_weather *node = gw_arena_array(arena, n, sizeof *node);
    if (node == NULL) {
        return gw_fail(err, GW_ERR_NOMEM, self->name, "out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        const gw_time_us local_us = phase_us + (first + (int64_t)i) * self->step_us + offset_us;
        node[i] = self->node[time_of_year(local_us) / self->step_us];
    }
    *out = (struct gw_weather_series){phase_us + first * self->step_us, self->step_us, n, node};
    return GW_OK;
}

enum gw_status gw_import_make(const struct gw_import *self, gw_time_us from_unix_us, gw_time_us to_unix_us,
                              struct gw_weather_series *out, struct gw_arena *arena, struct gw_error *err)
{
    GW_REQUIRE(from_unix_us < to_unix_us);
    *out = (struct gw_weather_series){0};
    if (self->repeat) {
        return lay_out_year(self, from_unix_us, to_unix_us, out, arena, err);
    }
    const gw_time_us covered_from_us = self->first_unix_us - self->step_us;
    const gw_time_us covered_to_us = self->first_unix_us + (gw_time_us)self->n * self->step_us;
    if (from_unix_us < covered_from_us || to_unix_us > covered_to_us) {
        char time[GW_CLOCK_TEXT_MAX];
        gw_clock_print(from_unix_us < covered_from_us ? from_unix_us : covered_to_us, time);
        return gw_fail(err, GW_ERR_RANGE, self->name,
                       "no weather at %s; with `repeat: true` one year stands for all", time);
    }
    *out = (struct gw_weather_series){self->first_unix_us, self->step_us, self->n, self->node};
    return GW_OK;
}
