#include "models/grid/natural.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>

#include "sim/base/units.h"
#include "sim/core/clock.h"

enum { HOURS_PER_DAY = 24, WEEKDAYS = 5, NAME_BYTES = 320 };

/* Before the span, so that filters have forgotten their start. */
enum { WARM_UP_H = 400, WARM_UP_D = 30 };

static const double pi = 3.14159265358979323846;
static const double rad_per_deg = 3.14159265358979323846 / 180;

/* --- arrays ------------------------------------------------------------------------------------- */

static void scale_to_mean_1(double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    const double scale = sum > 0 ? (double)n / sum : 0;
    for (size_t i = 0; i < n; i++) {
        x[i] *= scale;
    }
}

/* --- processes ---------------------------------------------------------------------------------- */

struct gw_natural_span gw_natural_span(const struct gw_zone *zone, int64_t hour, size_t n, uint64_t seed,
                                       uint32_t replication, struct gw_arena *arena)
{
    struct gw_natural_span span = {.zone = zone, .hour = hour, .n = n, .arena = arena};
    gw_factors_init(&span.weather, seed, replication, zone->weather,
                    zone->weather == NULL ? zone->name : NULL);
    return span;
}

static double memory_of(double memory_h)
{
    return exp(-1 / memory_h);
}

double *gw_natural_weather(const struct gw_natural_span *span, enum gw_factor what, double memory_h)
{
    const size_t n = span->n + WARM_UP_H;
    double *x = gw_arena_array(span->arena, n, sizeof *x);
    if (x == NULL) {
        return NULL;
    }
    gw_factors_draw(&span->weather, what, span->hour - WARM_UP_H, n, x);
    gw_factors_ar1(memory_of(memory_h), x, n);
    return x + WARM_UP_H;
}

/* White numbers of a named owner; NULL when memory is out. */
static double *white_of(const struct gw_natural_span *span, const char *level, const char *owner,
                        const char *what)
{
    double *x = gw_arena_array(span->arena, span->n, sizeof *x);
    if (x != NULL) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "%s/%s/%s", level, owner, what);
        gw_factors_white(span->weather.seed, span->weather.replication, name, span->hour, span->n, x);
    }
    return x;
}

double *gw_natural_own(const struct gw_natural_span *span, const char *what, double memory_h)
{
    double *x = white_of(span, "grid", span->zone->name, what);
    if (x != NULL) {
        gw_factors_ar1(memory_of(memory_h), x, span->n);
    }
    return x;
}

/* Part of the variance of what fuels cost that is the market's. */
static const double market_share = 0.7;

double *gw_natural_market(const struct gw_natural_span *span, double memory_h)
{
    double *x = gw_natural_own(span, "fuel", memory_h);
    if (x == NULL || span->zone->fuel_market == NULL) {
        return x;
    }
    double *common = white_of(span, "market", span->zone->fuel_market, "fuel");
    if (common == NULL) {
        return NULL;
    }
    gw_factors_ar1(memory_of(memory_h), common, span->n);
    for (size_t i = 0; i < span->n; i++) {
        x[i] = sqrt(market_share) * common[i] + sqrt(1 - market_share) * x[i];
    }
    return x;
}

/* --- demand ------------------------------------------------------------------------------------- */

/* Days lie about a quarter as far from the season's normal (3 K) as the season from mild days (12 K): so much
 * of what the season adds to demand a day of unusual temperature adds or takes. */
static const double heat_of_season = 0.25;
static const double heat_in_tropics = 0.02; /* of demand per standard deviation: about 1 K at 2 % per K */
static const double tropics_deg = 23.44, warmest_day = 200, half_year_d = 182.5;
static const double heat_memory_d = 2.5;

/* Days begin at local midnight, as those of the region's sites; along lines between noons. */
static enum gw_status make_heat(const struct gw_natural_span *span, struct gw_natural *out)
{
    const double local = (double)span->hour + span->zone->utc_offset_h;
    const int64_t first_day = (int64_t)floor(local / HOURS_PER_DAY) - 1;
    const size_t n_days =
        WARM_UP_D + span->n / HOURS_PER_DAY + 4; /* the noon before, both ends cut, the one after */
    double *heat = gw_arena_array(span->arena, n_days, sizeof *heat);
    if (heat == NULL) {
        return GW_ERR_NOMEM;
    }
    gw_factors_draw(&span->weather, GW_FACTOR_HEAT, first_day - WARM_UP_D, n_days, heat);
    gw_factors_ar1(memory_of(heat_memory_d), heat, n_days);
    for (size_t i = 0; i < span->n; i++) {
        const double noons = (local + (double)i + 0.5) / HOURS_PER_DAY - 0.5 - (double)first_day;
        const double before = floor(noons);
        const double *at = heat + WARM_UP_D + (size_t)before;
        out->heat[i] = at[0] + (at[1] - at[0]) * (noons - before);
    }
    return GW_OK;
}

/* What a unit of heat adds to demand on each day: cooling in summer, in winter the heating it spares. */
static void make_heat_weights(const struct gw_zone *zone, const double months[12], double weight[366])
{
    double mild = months[0];
    for (int m = 1; m < 12; m++) {
        mild = fmin(mild, months[m]);
    }
    const double warmest = zone->lat_deg < 0 ? warmest_day - half_year_d : warmest_day;
    for (int d = 0; d < 366; d++) {
        const double summer = fmin(fmax(2 * cos(2 * pi * (d - warmest) / 365), -1), 1);
        weight[d] = fabs(zone->lat_deg) < tropics_deg
                        ? heat_in_tropics
                        : heat_of_season * summer * (gw_load_shape_at(months, d + 0.5) - mild);
    }
}

static void make_demand(const struct gw_natural_span *span, struct gw_natural *out)
{
    const struct gw_zone_demand *d = &span->zone->demand;
    const double *months = gw_load_shape_months((enum gw_load_year)d->year);
    double swing[HOURS_PER_DAY], heat_weight[366];
    make_heat_weights(span->zone, months, heat_weight);
    for (int h = 0; h < HOURS_PER_DAY; h++) {
        swing[h] = 1 + d->day_weight * (gw_load_shape_hour((enum gw_load_day)d->day, h) - 1);
    }
    for (size_t i = 0; i < out->n; i++) {
        const double rest = out->weekend[i] ? d->weekend_cut_frac : 0;
        out->demand[i] = swing[(int)out->hour_of_day[i]] * gw_load_shape_at(months, out->day_of_year[i]) *
                         (1 - rest) * (1 + heat_weight[(int)out->day_of_year[i]] * out->heat[i]);
    }
    scale_to_mean_1(out->demand, out->n);
}

/* --- wind --------------------------------------------------------------------------------------- */

/* Fleet power curve over wind speed, a logistic through half power at 9 m/s. */
static const double half_power_m_per_s = 9.0, width_m_per_s = 1.6;
static const double gust_part = 0.03, gust_memory_h = 3;
static const double least_shape = 1.2, most_shape = 9.0;
static const double windiest_hour = 1;

/* Every fifth hour is enough to choose two numbers, and meets all hours of the day. */
enum { THIN = 5, STEPS_MAX = 40 };

static double power_of(double speed_m_per_s)
{
    const double calm = 1 / (1 + exp(half_power_m_per_s / width_m_per_s));
    const double l = 1 / (1 + exp((half_power_m_per_s - speed_m_per_s) / width_m_per_s));
    return (l - calm) / (1 - calm);
}

/* speed = exp(log_scale + log_weibull / shape + log_season) */
struct wind_sample {
    size_t n;
    double *log_weibull, *log_season;
};

struct moments {
    double mean, variation;
};

static struct moments output_of(const struct wind_sample *s, double log_scale, double shape)
{
    double sum = 0, squares = 0;
    size_t n = 0;
    for (size_t i = 0; i < s->n; i += THIN, n++) {
        const double p = power_of(exp(log_scale + s->log_weibull[i] / shape + s->log_season[i]));
        sum += p;
        squares += p * p;
    }
    const double mean = sum / (double)n;
    return (struct moments){mean, sqrt(fmax(squares / (double)n - mean * mean, 0)) / mean};
}

/* The scale at which the mean output is the capacity factor: output grows with it. */
static double scale_for_mean(const struct wind_sample *s, double shape, double wanted, struct moments *found)
{
    double low = log(2.0), high = log(60.0), f_low = -wanted, f_high = 1 - wanted;
    double x = low;
    int side = 0;
    for (int step = 0; step < STEPS_MAX; step++) {
        x = (low * f_high - high * f_low) / (f_high - f_low); /* false position, Illinois variant */
        *found = output_of(s, x, shape);
        const double f = found->mean - wanted;
        if (fabs(f) < 1e-3 * wanted) {
            break;
        }
        if (f > 0) {
            high = x;
            f_high = f;
            f_low = side == 1 ? f_low / 2 : f_low;
            side = 1;
        } else {
            low = x;
            f_low = f;
            f_high = side == -1 ? f_high / 2 : f_high;
            side = -1;
        }
    }
    return x;
}

/* The Weibull shape at which the spread is the fleet's: output varies less the larger it is. */
static double shape_for_variation(const struct wind_sample *s, const struct gw_zone_wind *wind,
                                  double *log_scale)
{
    double low = 1 / most_shape,
           high = 1 / least_shape; /* of 1/shape, in which the spread is almost linear */
    struct moments found;
    double inverse = 0;
    for (int step = 0; step < 9; step++) {
        inverse = 0.5 * (low + high);
        *log_scale = scale_for_mean(s, 1 / inverse, wind->capacity_factor, &found);
        *(found.variation > wind->variation ? &high : &low) = inverse;
    }
    return 1 / inverse;
}

static enum gw_status make_wind(const struct gw_natural_span *span, struct gw_natural *out)
{
    const struct gw_zone_wind *w = &span->zone->wind;
    const size_t warm = span->n + WARM_UP_H;
    double *slow = gw_arena_array(span->arena, warm, sizeof *slow);
    const double *gust = gw_natural_weather(span, GW_FACTOR_WIND_FAST, gust_memory_h);
    struct wind_sample s = {.n = out->n};
    s.log_weibull = gw_arena_array(span->arena, out->n, sizeof(double));
    s.log_season = gw_arena_array(span->arena, out->n, sizeof(double));
    if (slow == NULL || gust == NULL || s.log_weibull == NULL || s.log_season == NULL) {
        return GW_ERR_NOMEM;
    }
    gw_factors_draw(&span->weather, GW_FACTOR_WIND, span->hour - WARM_UP_H, warm, slow);
    gw_factors_ar2(memory_of(w->memory_h), slow, warm);
    for (size_t i = 0; i < out->n; i++) {
        const double z = sqrt(1 - gust_part) * slow[WARM_UP_H + i] + sqrt(gust_part) * gust[i];
        const double above = gsl_cdf_ugaussian_Q(z);
        s.log_weibull[i] = log(above > 0.5 ? -log1p(-gsl_cdf_ugaussian_P(z)) : -log(above));
        const double season = cos(2 * pi * (out->day_of_year[i] - w->windiest_day) / 365);
        const double daily = cos(2 * pi * (out->hour_of_day[i] - windiest_hour) / HOURS_PER_DAY);
        s.log_season[i] = log((1 + w->season_frac * season) * (1 + w->day_frac * daily));
    }
    double log_scale = 0;
    const double shape = shape_for_variation(&s, w, &log_scale);
    for (size_t i = 0; i < out->n; i++) {
        out->wind[i] = power_of(exp(log_scale + s.log_weibull[i] / shape + s.log_season[i]));
    }
    scale_to_mean_1(out->wind, out->n);
    return GW_OK;
}

/* --- sun ---------------------------------------------------------------------------------------- */

static const double cloud_memory_h = 30, patch_memory_h = 3, patch_part = 0.1;

/* Cosine of the sun's angle from the zenith in the middle of an hour (declination by Cooper, equation of time
 * by Spencer's short form). */
static double sun_height(const struct gw_zone *zone, double utc_hour, double day)
{
    const double declination = 23.44 * rad_per_deg * sin(2 * pi * (285 + day) / 365);
    const double b = 2 * pi * (day - 81) / 364;
    const double equation_of_time_min = 9.87 * sin(2 * b) - 7.53 * cos(b) - 1.5 * sin(b);
    const double solar_hour = utc_hour + 0.5 + zone->lon_deg / 15 + equation_of_time_min / 60;
    const double latitude = zone->lat_deg * rad_per_deg;
    return sin(latitude) * sin(declination) +
           cos(latitude) * cos(declination) * cos(15 * rad_per_deg * (solar_hour - 12));
}

static enum gw_status make_solar(const struct gw_natural_span *span, struct gw_natural *out)
{
    const struct gw_zone *zone = span->zone;
    const double *slow = gw_natural_weather(span, GW_FACTOR_CLOUD, cloud_memory_h);
    const double *patch = gw_natural_weather(span, GW_FACTOR_CLOUD_FAST, patch_memory_h);
    if (slow == NULL || patch == NULL) {
        return GW_ERR_NOMEM;
    }
    const double median = gsl_cdf_ugaussian_Pinv(zone->solar.cloud);
    for (size_t i = 0; i < out->n; i++) {
        const int64_t t = span->hour + (int64_t)i;
        const int64_t hour_of_day = (t % HOURS_PER_DAY + HOURS_PER_DAY) % HOURS_PER_DAY;
        const double height = sun_height(zone, (double)hour_of_day, floor(out->day_of_year[i]) + 1);
        out->solar[i] = 0;
        if (height > 0) {
            const double z = sqrt(1 - patch_part) * slow[i] + sqrt(patch_part) * patch[i];
            const double cloud = gsl_cdf_ugaussian_P(1.25 * median + 1.0 * z);
            const double clear = 1.098 * height * exp(-0.059 / height); /* Haurwitz, kW/m2 */
            out->solar[i] = pow(clear, zone->solar.exponent) * (1 - 0.70 * pow(cloud, 1.4));
        }
    }
    scale_to_mean_1(out->solar, out->n);
    return GW_OK;
}

/* --- water and nuclear -------------------------------------------------------------------------- */

static const double rain_memory_h = 336, outage_memory_h = 288;

static double month_at(const struct gw_slice *months, double day_of_year)
{
    return months->n == 0 ? 1 : gw_load_shape_at(months->at, day_of_year);
}

static enum gw_status make_inflow_and_nuclear(const struct gw_natural_span *span, struct gw_natural *out)
{
    const struct gw_zone *zone = span->zone;
    const double *rain = gw_natural_weather(span, GW_FACTOR_RAIN, rain_memory_h);
    const double *outage = gw_natural_own(span, "outages", outage_memory_h);
    if (rain == NULL || outage == NULL) {
        return GW_ERR_NOMEM;
    }
    for (size_t i = 0; i < out->n; i++) {
        const double day = out->day_of_year[i];
        out->inflow[i] = month_at(&zone->hydro.months, day) * exp(zone->hydro.variation * rain[i]);
        out->nuclear[i] = month_at(&zone->nuclear_months, day) * fmin(fmax(1 + 0.05 * outage[i], 0.7), 1.1);
    }
    scale_to_mean_1(out->inflow, out->n);
    scale_to_mean_1(out->nuclear, out->n);
    return GW_OK;
}

/* --- interface ---------------------------------------------------------------------------------- */

/* Local standard time of every hour. */
static enum gw_status make_clock(const struct gw_natural_span *span, struct gw_natural *out)
{
    double *hour_of_day = gw_arena_array(span->arena, out->n, sizeof(double));
    double *day_of_year = gw_arena_array(span->arena, out->n, sizeof(double));
    bool *weekend = gw_arena_array(span->arena, out->n, sizeof *weekend);
    if (hour_of_day == NULL || day_of_year == NULL || weekend == NULL) {
        return GW_ERR_NOMEM;
    }
    const gw_time_us offset_us = (gw_time_us)(span->zone->utc_offset_h * (double)GW_US_PER_H);
    struct gw_calendar c = {.hour = HOURS_PER_DAY - 1};
    for (size_t i = 0; i < out->n; i++) {
        if (++c.hour >= HOURS_PER_DAY || i == 0) {
            c = gw_clock_calendar((span->hour + (int64_t)i) * GW_US_PER_H + offset_us);
        }
        hour_of_day[i] = c.hour;
        day_of_year[i] = c.day_of_year + (double)c.hour / HOURS_PER_DAY;
        weekend[i] = c.weekday >= WEEKDAYS;
    }
    out->weekend = weekend;
    out->hour_of_day = hour_of_day;
    out->day_of_year = day_of_year;
    return GW_OK;
}

enum gw_status gw_natural_make(const struct gw_natural_span *span, struct gw_natural *out,
                               struct gw_error *err)
{
    *out = (struct gw_natural){.n = span->n};
    double **arrays[] = {&out->heat, &out->demand, &out->wind, &out->solar, &out->inflow, &out->nuclear};
    enum gw_status s = make_clock(span, out);
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0] && s == GW_OK; i++) {
        *arrays[i] = gw_arena_array(span->arena, span->n, sizeof(double));
        s = *arrays[i] == NULL ? GW_ERR_NOMEM : GW_OK;
    }
    if (s == GW_OK) {
        s = make_heat(span, out);
    }
    if (s == GW_OK) {
        make_demand(span, out);
    }
    if (s == GW_OK && span->zone->mix.of[GW_FUEL_WIND] > 0) {
        s = make_wind(span, out);
    }
    if (s == GW_OK && span->zone->mix.of[GW_FUEL_SOLAR] > 0) {
        s = make_solar(span, out);
    }
    if (s == GW_OK) {
        s = make_inflow_and_nuclear(span, out);
    }
    return s == GW_OK ? s : gw_fail(err, s, span->zone->name, "out of memory");
}
