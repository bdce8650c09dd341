#include "models/weather/generator.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/weather/factors.h"
#include "models/weather/psychro.h"
#include "sim/base/check.h"
#include "sim/base/units.h"

#define TWO_PI 6.283185307179586
#define RADIAN 0.017453292519943295

enum {
    DAY_HOURS = 24,
    YEAR_HOURS = GW_CLIMATE_DAYS_MAX * DAY_HOURS,
    WARM_UP_DAYS = 160, /* 0.84^160 < 1e-12 */
    WARM_UP_HOURS = 30 * DAY_HOURS,
    EDGE_DAYS = 1, /* before and after the year, for the lines across its ends */
    MONTH_PASSES = 8,
    HALF_MONTH = 15,
};

/* Of a day's noise within: its hourly memory, and the variance of a day's mean of 24 such hours. */
#define NOISE_MEMORY       0.85
#define NOISE_DAY_VARIANCE 0.3853700323846
#define HEAT_NOISE_K       0.6
#define COLDEST_C          (-58.0) /* nothing milder is ever cut; psychrometrics end at 60 degC */
#define HOTTEST_C          58.0
#define DRIEST_C           (-80.0)
#define DEW_BELOW_DRY_K    0.2
#define DEW_CEILING_C      27.5
#define DEW_LAPSE_K_PER_M  0.0018 /* of rising air that keeps its vapour */
#define SEASON_DAYS        10     /* a monsoon comes so much earlier or later */
#define DEW_ROOM           0.26
#define DRYNESS_IN_RANGE   0.45
#define DRYNESS_IN_CLOUD   -0.5
#define DRYNESS_IN_WIND    -0.2
#define CLOUD_SHARPNESS    1.2
#define WIND_SHAPE         1.8

const char *const gw_generator_years_names[] = {"typical", "varying", NULL};

/* One local calendar year in the making. Days and hours count from 1 January, 0 h, of local standard time. */
struct year {
    const struct gw_climate *climate;
    struct gw_factors factors;
    bool leap;
    int days;
    int64_t first_day; /* since 1970 */
    double dry_normal_c[GW_CLIMATE_DAYS_MAX], dew_normal_c[GW_CLIMATE_DAYS_MAX], range_k[GW_CLIMATE_DAYS_MAX];
    /* by day, from the one before the year to the one after */
    double heat_k[GW_CLIMATE_DAYS_MAX + 2 * EDGE_DAYS], damp_k[GW_CLIMATE_DAYS_MAX + 2 * EDGE_DAYS];
    double dryness[GW_CLIMATE_DAYS_MAX + 2 * EDGE_DAYS];
    double shape[DAY_HOURS];
    double dew_noise_k[GW_CLIMATE_DAYS_MAX];
    double draw[2][WARM_UP_DAYS + GW_CLIMATE_DAYS_MAX + 2 * EDGE_DAYS];
    double slow[WARM_UP_HOURS + YEAR_HOURS], fast[WARM_UP_HOURS + YEAR_HOURS];
    struct gw_weather node[YEAR_HOURS];
};

/* --- daily processes ---------------------------------------------------------------------------- */

/* A process that stands at each noon and runs on lines between has days with the mean 1/8 x_-1 + 3/4 x_0 +
 * 1/8 x_1. Their variance and autocorrelation when x has the memory r: */
static double day_variance(double r)
{
    return 0.59375 + 0.375 * r + 0.03125 * r * r;
}

static double day_memory(double r)
{
    const double covariance = 0.1875 + r * (0.609375 + r * (0.1875 + r * 0.015625));
    return covariance / day_variance(r);
}

/* The memory at noons that gives days the one wanted. */
static double noon_memory(double wanted)
{
    double low = -0.4, high = 0.999;
    for (int i = 0; i < 60; i++) {
        const double middle = 0.5 * (low + high);
        *(day_memory(middle) < wanted ? &low : &high) = middle;
    }
    return 0.5 * (low + high);
}

/* Noon values of unit variance in draw[i], the two independent of each other. */
static void draw_days(struct year *y, double heat_memory, double damp_memory)
{
    const size_t n = (size_t)(WARM_UP_DAYS + y->days + 2 * EDGE_DAYS);
    const int64_t first = y->first_day - EDGE_DAYS - WARM_UP_DAYS;
    gw_factors_draw(&y->factors, GW_FACTOR_HEAT, first, n, y->draw[0]);
    gw_factors_draw(&y->factors, GW_FACTOR_HUMIDITY, first, n, y->draw[1]);
    gw_factors_ar1(heat_memory, y->draw[0], n);
    gw_factors_ar1(damp_memory, y->draw[1], n);
}

/* By how much heat and dew point hang together more or less than in the year as a whole: where warm air is
 * far from saturated the ground is dry, and what heats it no longer moistens it; cold air brings its own
 * cold. */
static double coupling_excess(const struct year *y, int day)
{
    const double dry_c = y->dry_normal_c[day], below_k = dry_c - y->dew_normal_c[day];
    const double warm = fmin(fmax((dry_c - 8) / 6, 0), 1);
    const double dry_ground = fmin(fmax(0.07 * (below_k - 5.5), -0.05), 0.5);
    return 0.08 * (1 - warm) - warm * dry_ground;
}

/* The climate's coupling by the day of the year, of the same mean. */
static void make_coupling(const struct year *y, double *coupling)
{
    double mean = 0;
    for (int d = 0; d < y->days; d++) {
        coupling[d] = coupling_excess(y, d);
        mean += coupling[d] / y->days;
    }
    for (int d = 0; d < y->days; d++) {
        coupling[d] = fmin(fmax(y->climate->coupling + coupling[d] - mean, -0.98), 0.98);
    }
}

/* What noise within the day leaves of a spread of daily means. */
static double without_noise(double spread_k, double noise_k)
{
    return sqrt(
        fmax(spread_k * spread_k - NOISE_DAY_VARIANCE * noise_k * noise_k, 0.25 * spread_k * spread_k));
}

/* How fast the normal changes, in K per day, over a month about the day. */
static double dew_slope_k(const struct year *y, int day)
{
    const double before = y->dew_normal_c[(day - HALF_MONTH + y->days) % y->days];
    return (y->dew_normal_c[(day + HALF_MONTH) % y->days] - before) / (2 * HALF_MONTH);
}

/* Seasons that come earlier or later spread the days of a month in which the normal changes faster than it
 * does in most: by their days times the slope. The year's common slope is in the climate's spread already. */
static double season_spread_k(const struct year *y, int day)
{
    double squares = 0;
    for (int d = HALF_MONTH; d < y->days; d += 2 * HALF_MONTH) {
        squares += dew_slope_k(y, d) * dew_slope_k(y, d);
    }
    const double slope_k = dew_slope_k(y, day);
    return SEASON_DAYS * sqrt(fmax(slope_k * slope_k - squares / GW_CLIMATE_MONTHS, 0));
}

static double dew_spread_k(const struct year *y, int day)
{
    const double season_k = season_spread_k(y, day);
    const double spread_k = gw_climate_spread_k(&y->climate->dew_point_spread_k, day);
    const double ceiling_c = DEW_CEILING_C - DEW_LAPSE_K_PER_M * y->climate->elevation_m;
    const double room_k = DEW_ROOM * fmax(ceiling_c - y->dew_normal_c[day], 0) + 0.05;
    return hypot(pow(pow(spread_k, -4) + pow(room_k, -4), -0.25), season_k);
}

/* The day of the year at index i of arrays that begin the day before; the edges are like their neighbours. */
static int day_of(const struct year *y, int i)
{
    return i < EDGE_DAYS ? 0 : i >= y->days + EDGE_DAYS ? y->days - 1 : i - EDGE_DAYS;
}

/* Takes the mean anomaly of each month off, along a line through the year. */
static void make_typical(const struct year *y, double *anomaly_k)
{
    double month[GW_CLIMATE_MONTHS], daily[GW_CLIMATE_DAYS_MAX];
    for (int m = 0; m < GW_CLIMATE_MONTHS; m++) {
        const int from = gw_climate_month_start(m, y->leap), to = gw_climate_month_start(m + 1, y->leap);
        double sum = 0;
        for (int d = from; d < to; d++) {
            sum += anomaly_k[d + EDGE_DAYS];
        }
        month[m] = sum / (to - from);
    }
    gw_climate_daily(month, y->leap, daily);
    for (int i = 0; i < y->days + 2 * EDGE_DAYS; i++) {
        anomaly_k[i] -= daily[day_of(y, i)];
    }
}

/* Anomalies at the noons in kelvin, and how dry each day is. */
static void make_days(struct year *y, enum gw_generator_years years)
{
    const double heat_memory = noon_memory(y->climate->dry_bulb_memory);
    const double damp_memory = noon_memory(y->climate->dew_point_memory);
    draw_days(y, heat_memory, damp_memory);
    const double *heat = y->draw[0] + WARM_UP_DAYS, *damp = y->draw[1] + WARM_UP_DAYS;
    const double heat_scale = 1 / sqrt(day_variance(heat_memory));
    const double damp_scale = 1 / sqrt(day_variance(damp_memory));
    double coupling[GW_CLIMATE_DAYS_MAX];
    make_coupling(y, coupling);
    for (int i = 0; i < y->days + 2 * EDGE_DAYS; i++) {
        const int day = day_of(y, i);
        const double heat_spread_k = gw_climate_spread_k(&y->climate->dry_bulb_spread_k, day);
        const double damp_spread_k = dew_spread_k(y, day);
        y->dew_noise_k[day] = 0.3 + 0.3 * damp_spread_k;
        y->heat_k[i] = heat[i] * heat_scale * without_noise(heat_spread_k, HEAT_NOISE_K);
        const double joint = coupling[day] * heat[i] + sqrt(1 - coupling[day] * coupling[day]) * damp[i];
        y->damp_k[i] = joint * damp_scale * without_noise(damp_spread_k, y->dew_noise_k[day]);
        y->dryness[i] = (heat[i] - joint) / sqrt(fmax(2 - 2 * coupling[day], 0.2));
    }
    if (years == GW_GENERATOR_TYPICAL) {
        make_typical(y, y->heat_k);
        make_typical(y, y->damp_k);
    }
}

/* --- from days to hours ------------------------------------------------------------------------- */

/* Along the line between two noons, in the middle of an hour; `at` holds days from the one before the year.
 */
static double along_noons(const double *at, int hour)
{
    const int twice = 2 * hour + 1 + DAY_HOURS; /* half hours since the noon before the year */
    const int day = twice / (2 * DAY_HOURS);
    return at[day] + (at[day + 1] - at[day]) * (twice % (2 * DAY_HOURS)) / (2 * DAY_HOURS);
}

/* The same for normals, whose year closes on itself. */
static double along_normals(const struct year *y, const double *normal, int hour)
{
    const int twice = 2 * hour + 1 + DAY_HOURS;
    const int day = twice / (2 * DAY_HOURS) - 1;
    const double from = normal[day < 0 ? y->days - 1 : day], to = normal[day + 1 < y->days ? day + 1 : 0];
    return from + (to - from) * (twice % (2 * DAY_HOURS)) / (2 * DAY_HOURS);
}

/* A half cosine up from the coolest hour to the warmest and another one down, less its mean; -1 to 1. */
static void make_shape(const struct gw_climate *climate, double shape[DAY_HOURS])
{
    const double up_h = fmod(climate->warmest_hour - climate->coolest_hour + DAY_HOURS, DAY_HOURS);
    double sum = 0;
    for (int h = 0; h < DAY_HOURS; h++) {
        const double x_h = fmod(h - climate->coolest_hour + DAY_HOURS, DAY_HOURS);
        const double half_turn = 0.5 * TWO_PI;
        shape[h] =
            x_h <= up_h ? -cos(half_turn * x_h / up_h) : cos(half_turn * (x_h - up_h) / (DAY_HOURS - up_h));
        sum += shape[h];
    }
    for (int h = 0; h < DAY_HOURS; h++) {
        shape[h] -= sum / DAY_HOURS;
    }
}

/* The hour since 1970, in UTC, that the year's warm-up begins with: factors are shared by the clock of the
 * world. */
static int64_t warm_up_hour(const struct year *y)
{
    return y->first_day * DAY_HOURS - (int64_t)floor(y->climate->utc_offset_h) - WARM_UP_HOURS;
}

/* An hourly AR(1) process from 1 January, with the years' own warm-up before it. */
static const double *hourly(const struct year *y, enum gw_factor what, double memory, double *x)
{
    const size_t n = (size_t)(WARM_UP_HOURS + y->days * DAY_HOURS);
    gw_factors_draw(&y->factors, what, warm_up_hour(y), n, x);
    gw_factors_ar1(memory, x, n);
    return x + WARM_UP_HOURS;
}

/* --- temperature and dew point, (13) to (15) ----------------------------------------------------- */

/* Ranges stand at the noons as the anomalies do, so that no step divides one day from the next. */
static void make_dry_bulb(struct year *y)
{
    double *range = y->draw[0]; /* its noons are in heat_k by now */
    const int n = y->days + 2 * EDGE_DAYS;
    gw_factors_draw(&y->factors, GW_FACTOR_RANGE, y->first_day - EDGE_DAYS, (size_t)n, range);
    const double fresh = sqrt(1 - DRYNESS_IN_RANGE * DRYNESS_IN_RANGE);
    for (int i = 0; i < n; i++) {
        const double g = DRYNESS_IN_RANGE * y->dryness[i] + fresh * range[i];
        range[i] = y->range_k[day_of(y, i)] * fmin(fmax(1 + 0.3 * g, 0.1), 1.7);
    }
    make_shape(y->climate, y->shape);
    const double *noise = hourly(y, GW_FACTOR_HEAT_FAST, NOISE_MEMORY, y->fast);
    for (int h = 0; h < y->days * DAY_HOURS; h++) {
        const double dry_bulb_c = along_normals(y, y->dry_normal_c, h) + along_noons(y->heat_k, h) +
                                  0.45 * along_noons(range, h) * y->shape[h % DAY_HOURS] +
                                  HEAT_NOISE_K * noise[h];
        y->node[h].dry_bulb_c = fmin(fmax(dry_bulb_c, COLDEST_C), HOTTEST_C);
    }
}

/* How far each month's mean dew point lies below that of `wanted`. */
static void months_below(const struct year *y, const double *wanted, double below[GW_CLIMATE_MONTHS])
{
    for (int m = 0; m < GW_CLIMATE_MONTHS; m++) {
        const int from = gw_climate_month_start(m, y->leap) * DAY_HOURS;
        const int to = gw_climate_month_start(m + 1, y->leap) * DAY_HOURS;
        double sum = 0;
        for (int h = from; h < to; h++) {
            sum += wanted[h] - y->node[h].dew_point_c;
        }
        below[m] = sum / (to - from);
    }
}

static void cut_dew_point(struct year *y, const double *wanted, const double *raised)
{
    for (int h = 0; h < y->days * DAY_HOURS; h++) {
        const double raised_c = raised == NULL ? wanted[h] : wanted[h] + raised[h / DAY_HOURS];
        y->node[h].dew_point_c = fmax(fmin(raised_c, y->node[h].dry_bulb_c - DEW_BELOW_DRY_K), DRIEST_C);
    }
}

/* Cutting the dew point below the temperature dries the air; raising what is not cut puts the month's vapour
 * back. */
static void make_dew_point(struct year *y)
{
    double *wanted = y->slow;
    const double *noise = hourly(y, GW_FACTOR_HUMIDITY_FAST, NOISE_MEMORY, y->fast);
    for (int h = 0; h < y->days * DAY_HOURS; h++) {
        wanted[h] = along_normals(y, y->dew_normal_c, h) + along_noons(y->damp_k, h) +
                    y->dew_noise_k[h / DAY_HOURS] * noise[h];
    }
    cut_dew_point(y, wanted, NULL);

    double *raised = y->draw[0], month[GW_CLIMATE_MONTHS] = {0};
    for (int pass = 0; pass < MONTH_PASSES; pass++) {
        double below[GW_CLIMATE_MONTHS];
        months_below(y, wanted, below);
        for (int m = 0; m < GW_CLIMATE_MONTHS; m++) {
            month[m] += below[m];
        }
        gw_climate_daily(month, y->leap, raised);
        cut_dew_point(y, wanted, raised);
    }
}

/* --- cloud, wind, sun, (16) to (18) -------------------------------------------------------------- */

static void make_cloud(struct year *y)
{
    const double *slow = hourly(y, GW_FACTOR_CLOUD, exp(-1 / 30.0), y->slow);
    const double *fast = hourly(y, GW_FACTOR_CLOUD_FAST, exp(-1 / 3.0), y->fast);
    const double middle =
        sqrt(1 + CLOUD_SHARPNESS * CLOUD_SHARPNESS) * gsl_cdf_ugaussian_Pinv(y->climate->cloud_frac);
    const double fresh = sqrt(1 - DRYNESS_IN_CLOUD * DRYNESS_IN_CLOUD);
    for (int h = 0; h < y->days * DAY_HOURS; h++) {
        const double pace = sqrt(0.75) * slow[h] + 0.5 * fast[h];
        const double z = DRYNESS_IN_CLOUD * along_noons(y->dryness, h) + fresh * pace;
        y->node[h].cloud_frac = gsl_cdf_ugaussian_P(middle + CLOUD_SHARPNESS * z);
    }
}

static void make_wind(struct year *y)
{
    const size_t n = (size_t)(WARM_UP_HOURS + y->days * DAY_HOURS);
    gw_factors_draw(&y->factors, GW_FACTOR_WIND, warm_up_hour(y), n, y->slow);
    gw_factors_ar2(exp(-1 / 14.0), y->slow, n);
    const double *slow = y->slow + WARM_UP_HOURS;
    const double *fast = hourly(y, GW_FACTOR_WIND_FAST, exp(-1 / 3.0), y->fast);
    const double scale = y->climate->wind_m_per_s / tgamma(1 + 1 / WIND_SHAPE);
    const double fresh = sqrt(1 - DRYNESS_IN_WIND * DRYNESS_IN_WIND);
    for (int h = 0; h < y->days * DAY_HOURS; h++) {
        const double pace = sqrt(0.97) * slow[h] + sqrt(0.03) * fast[h];
        const double z = DRYNESS_IN_WIND * along_noons(y->dryness, h) + fresh * pace;
        const double weibull = pow(-log(gsl_cdf_ugaussian_Q(z)), 1 / WIND_SHAPE);
        const double day = 1 + 0.25 * cos(TWO_PI * (h % DAY_HOURS + 0.5 - 14.5) / DAY_HOURS);
        y->node[h].wind_m_per_s = scale * weibull * day;
    }
}

/* Cosine of the sun's zenith angle in the middle of an hour; its height for the year's mean orbit. */
static double cos_zenith(const struct gw_climate *climate, int hour)
{
    const double day = 1 + (hour + 0.5) / DAY_HOURS;
    const double declination = 23.44 * RADIAN * sin(TWO_PI * (284 + day) / 365);
    const double b = TWO_PI * (day - 81) / 364;
    const double equation_min = 9.87 * sin(2 * b) - 7.53 * cos(b) - 1.5 * sin(b);
    const double solar_h =
        hour % DAY_HOURS + 0.5 - climate->utc_offset_h + climate->lon_deg / 15 + equation_min / 60;
    const double latitude = climate->lat_deg * RADIAN;
    return sin(latitude) * sin(declination) +
           cos(latitude) * cos(declination) * cos(TWO_PI / DAY_HOURS * (solar_h - 12));
}

static void make_sun(struct year *y)
{
    for (int h = 0; h < y->days * DAY_HOURS; h++) {
        const double up = cos_zenith(y->climate, h);
        const double clear = up > 0 ? 1098 * up * exp(-0.057 / up) : 0;
        y->node[h].ghi_w_per_m2 = clear * (1 - 0.75 * pow(y->node[h].cloud_frac, 3.4));
    }
}

/* --- a year, and the years of a run ------------------------------------------------------------- */

static void make_year(struct year *y, enum gw_generator_years years)
{
    gw_climate_daily(y->climate->dry_bulb_c.at, y->leap, y->dry_normal_c);
    gw_climate_daily(y->climate->dew_point_c.at, y->leap, y->dew_normal_c);
    gw_climate_daily(y->climate->daily_range_k.at, y->leap, y->range_k);
    make_days(y, years);
    make_dry_bulb(y);
    make_dew_point(y);
    make_cloud(y);
    make_wind(y);
    make_sun(y);
    const double pressure_pa = gw_psychro_pressure_pa(y->climate->elevation_m);
    for (int h = 0; h < y->days * DAY_HOURS; h++) {
        struct gw_weather *node = &y->node[h];
        node->pressure_pa = pressure_pa;
        gw_weather_solve(node, gw_psychro_saturation_pa(node->dew_point_c));
    }
}

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* The local year that hour lies in. */
static void place_year(struct year *y, int64_t hour)
{
    const struct gw_calendar date = gw_clock_calendar(hour * GW_US_PER_H);
    y->leap = (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;
    y->days = gw_climate_month_start(GW_CLIMATE_MONTHS, y->leap);
    y->first_day = floor_divide(hour, DAY_HOURS) - date.day_of_year;
}

enum gw_status gw_generator_make(const struct gw_climate *climate, enum gw_generator_years years,
                                 uint64_t seed, uint32_t replication, gw_time_us from_unix_us,
                                 gw_time_us to_unix_us, struct gw_weather_series *out, struct gw_arena *arena,
                                 struct gw_error *err)
{
    GW_REQUIRE(from_unix_us < to_unix_us);
    *out = (struct gw_weather_series){0};

    /* local hours since 1970: the node of hour i lies at i + 1/2 */
    const gw_time_us offset_us = llround(climate->utc_offset_h * (double)GW_US_PER_H);
    const int64_t first = floor_divide(from_unix_us + offset_us, GW_US_PER_H) - 1;
    const int64_t last = floor_divide(to_unix_us + offset_us, GW_US_PER_H) + 1;
    const size_t n = (size_t)(last - first + 1);
    struct gw_weather *node = gw_arena_array(arena, n, sizeof *node);
    struct year *y = malloc(sizeof *y);
    if (node == NULL || y == NULL) {
        free(y);
        return gw_fail(err, GW_ERR_NOMEM, climate->name, "out of memory for %zu hours of weather", n);
    }
    y->climate = climate;
    gw_factors_init(&y->factors, seed, replication, climate->region, climate->name);
    for (int64_t hour = first; hour <= last;) {
        place_year(y, hour);
        make_year(y, years);
        const int64_t year_at = y->first_day * DAY_HOURS, year_end = year_at + y->days * DAY_HOURS;
        const int64_t end = last + 1 < year_end ? last + 1 : year_end;
        memcpy(node + (hour - first), y->node + (hour - year_at), (size_t)(end - hour) * sizeof *node);
        hour = end;
    }
    free(y);
    *out = (struct gw_weather_series){
        .first_unix_us = first * GW_US_PER_H + GW_US_PER_H / 2 - offset_us,
        .step_us = GW_US_PER_H,
        .n = n,
        .node = node,
    };
    return GW_OK;
}
