/* Generated grids against hourly carbon intensity of 25 regions, marginal intensity of 24 and prices of 12:
 * spread, memory, hours of the day, neighbours. Prints ours beside theirs for each.
 *
 * Carbon needs published hourly series: GEOWATT_REFERENCE_DATA/grid/ci_2023/NAME_2023_hourly.csv and
 * grid/ci_2022_lca_zones.csv. Marginal means and price figures stand below with their sources. */
#include "tests/support/entries.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/grid/grid_year.h"
#include "sim/base/units.h"

enum { HOURS = 8760, REPLICATIONS = 10, LINE_BYTES = 4096, REGIONS = 25 };

static const struct {
    const char *grid, *file; /* file NULL: the column `grid` of the table of 2022 */
} regions[REGIONS] = {
    {"US-CAL-CISO", "US-CAL-CISO"},
    {"US-TEX-ERCO", "US-TEX-ERCO"},
    {"US-MIDA-PJM", "US-MIDA-PJM"},
    {"US-MIDW-MISO", NULL},
    {"US-SE-SOCO", NULL},
    {"US-CENT-SWPP", NULL},
    {"US-NW-BPAT", NULL},
    {"CA-QC", NULL},
    {"BR-CS", "BR-SP"},
    {"GB", "GB"},
    {"FR", NULL},
    {"DE", "DE-LU"},
    {"BE", NULL},
    {"ES", NULL},
    {"IT-NO", NULL},
    {"PL", NULL},
    {"SE-SE3", NULL},
    {"FI", NULL},
    {"CH", NULL},
    {"ZA", "ZA"},
    {"IN-WE", "IN-WE"},
    {"JP-TK", "JP-TK"},
    {"TW", NULL},
    {"SG", "SG"},
    {"AU-NSW", "AU-NSW"},
};

/* --- statistics --------------------------------------------------------------------------------- */

struct shape {
    double mean, cv, lag_1, lag_24, swing, daily_cv, hour[24], day[366];
    size_t n_days;
};

static double correlation(const double *x, const double *y, size_t n)
{
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        mx += x[i] / (double)n;
        my += y[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        xx += (x[i] - mx) * (x[i] - mx);
        yy += (y[i] - my) * (y[i] - my);
        xy += (x[i] - mx) * (y[i] - my);
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : 0;
}

static double spread(const double *x, size_t n, double *mean)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    *mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) {
        squares += (x[i] - *mean) * (x[i] - *mean);
    }
    return sqrt(squares / (double)n);
}

static struct shape shape_of(const double *x, size_t n, double utc_offset_h)
{
    struct shape s = {.n_days = n / 24};
    s.cv = spread(x, n, &s.mean) / s.mean;
    s.lag_1 = correlation(x, x + 1, n - 1);
    s.lag_24 = correlation(x, x + 24, n - 24);
    double count[24] = {0};
    for (size_t i = 0; i < n; i++) {
        const size_t h = (size_t)((int)i + 240 + (int)floor(utc_offset_h)) % 24;
        s.hour[h] += x[i];
        count[h]++;
    }
    double low = INFINITY, high = -INFINITY;
    for (int h = 0; h < 24; h++) {
        s.hour[h] /= count[h];
        low = fmin(low, s.hour[h]);
        high = fmax(high, s.hour[h]);
    }
    s.swing = (high - low) / s.mean;
    for (size_t d = 0; d < s.n_days; d++) {
        for (size_t h = 0; h < 24; h++) {
            s.day[d] += x[24 * d + h] / 24;
        }
    }
    double mean;
    s.daily_cv = spread(s.day, s.n_days, &mean) / s.mean;
    return s;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *x, size_t n)
{
    qsort(x, n, sizeof *x, by_value);
    return n % 2 == 1 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* Day means without the month's mean: what of two regions' weather is common. */
static void take_out_months(struct shape *s)
{
    for (size_t from = 0; from < s->n_days; from += 30) {
        const size_t to = from + 30 < s->n_days ? from + 30 : s->n_days;
        double mean = 0;
        for (size_t d = from; d < to; d++) {
            mean += s->day[d] / (double)(to - from);
        }
        for (size_t d = from; d < to; d++) {
            s->day[d] -= mean;
        }
    }
}

/* --- ours --------------------------------------------------------------------------------------- */

static const gw_time_us year_2022_us = INT64_C(1640995200) * GW_US_PER_S;
static const gw_time_us year_2023_us = INT64_C(1672531200) * GW_US_PER_S;

static struct gw_grid_year make(struct entries *entries, const char *grid, gw_time_us start,
                                uint32_t replication, struct gw_arena *arena)
{
    struct gw_grid_year year;
    struct gw_error err;
    if (gw_grid_year_make(entry(entries, "grid", grid), entry(entries, "water-set", "macknick"), start, HOURS,
                          1, replication, &year, arena, &err) != GW_OK) {
        fail_msg("%s: %s", err.where, err.why);
    }
    return year;
}

/* --- theirs ------------------------------------------------------------------------------------- */

static FILE *open_reference(const char *name)
{
    const char *folder = getenv("GEOWATT_REFERENCE_DATA");
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/grid/%s", folder == NULL ? "" : folder, name);
    return folder == NULL ? NULL : fopen(path, "r");
}

/* Column `number` (from 0) of a line. */
static double cell(const char *line, int number)
{
    for (; number > 0; number--) {
        line = strchr(line, ',') + 1;
    }
    return strtod(line, NULL);
}

static int column_of(const char *header, const char *name)
{
    int number = 0;
    for (const char *at = header;; number++) {
        const size_t n = strcspn(at, ",\r\n");
        if (n == strlen(name) && strncmp(at, name, n) == 0) {
            return number;
        }
        if (at[n] != ',') {
            fail_msg("no column %s", name);
        }
        at += n + 1;
    }
}

/* Life-cycle intensity; returns the number of hours, 0 without the file. */
static size_t read_carbon(size_t region, double *out)
{
    char name[200], line[LINE_BYTES];
    const char *file = regions[region].file;
    (void)snprintf(name, sizeof name, "ci_2023/%s_2023_hourly.csv", file == NULL ? "" : file);
    FILE *stream = open_reference(file == NULL ? "ci_2022_lca_zones.csv" : name);
    if (stream == NULL) {
        return 0;
    }
    assert_non_null(fgets(line, sizeof line, stream));
    const int column = file == NULL ? column_of(line, regions[region].grid) : 5;
    size_t n = 0;
    while (n < HOURS && fgets(line, sizeof line, stream) != NULL) {
        out[n++] = cell(line, column);
    }
    (void)fclose(stream);
    return n;
}

/* --- carbon ------------------------------------------------------------------------------------- */

struct distance {
    double log_cv, lag_1, lag_24, swing, log_daily, hours;
};

/* The means of the statistics over replications. */
static struct shape our_shape(struct entries *entries, size_t region, double utc_offset_h)
{
    struct shape sum = {0};
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        struct gw_arena arena = {0};
        const struct gw_grid_year year =
            make(entries, regions[region].grid, regions[region].file == NULL ? year_2022_us : year_2023_us, r,
                 &arena);
        const struct shape s = shape_of(year.carbon[GW_CARBON_AVERAGE_LIFECYCLE].value, HOURS, utc_offset_h);
        sum.mean += s.mean / REPLICATIONS;
        sum.cv += s.cv / REPLICATIONS;
        sum.lag_1 += s.lag_1 / REPLICATIONS;
        sum.lag_24 += s.lag_24 / REPLICATIONS;
        sum.swing += s.swing / REPLICATIONS;
        sum.daily_cv += s.daily_cv / REPLICATIONS;
        for (int h = 0; h < 24; h++) {
            sum.hour[h] += s.hour[h] / REPLICATIONS;
        }
        gw_arena_fini(&arena);
    }
    return sum;
}

static double utc_offset(struct entries *entries, const char *grid)
{
    return ((const struct gw_zone *)entry(entries, "grid", grid))->utc_offset_h;
}

static struct distance compare(const char *name, const struct shape *ours, const struct shape *theirs)
{
    const struct distance d = {.log_cv = fabs(log(ours->cv / theirs->cv)),
                               .lag_1 = fabs(ours->lag_1 - theirs->lag_1),
                               .lag_24 = fabs(ours->lag_24 - theirs->lag_24),
                               .swing = fabs(ours->swing - theirs->swing),
                               .log_daily = fabs(log(ours->daily_cv / theirs->daily_cv)),
                               .hours = correlation(ours->hour, theirs->hour, 24)};
    const bool met = d.log_cv <= 0.20 && d.lag_1 <= 0.02 && d.lag_24 <= 0.10 &&
                     (d.swing <= 0.08 || d.swing <= 0.3 * theirs->swing) &&
                     (d.hours >= 0.90 || theirs->swing <= 0.10);
    print_message("%-13s %6.1f/%6.1f %.3f/%.3f %.3f/%.3f %.3f/%.3f %.2f/%.2f %.3f/%.3f %5.2f  %s%s%s%s%s%s\n",
                  name, ours->mean, theirs->mean, ours->cv, theirs->cv, ours->lag_1, theirs->lag_1,
                  ours->lag_24, theirs->lag_24, ours->swing, theirs->swing, ours->daily_cv, theirs->daily_cv,
                  d.hours, met ? "met" : "missed:", d.log_cv > 0.2 ? " cv" : "",
                  d.lag_1 > 0.02 ? " lag-1" : "", d.lag_24 > 0.1 ? " lag-24" : "",
                  d.swing > 0.08 && d.swing > 0.3 * theirs->swing ? " swing" : "",
                  d.hours < 0.9 && theirs->swing > 0.1 ? " hours" : "");
    return d;
}

static void hourly_carbon_has_the_shape_of_the_published(void **state)
{
    static double x[HOURS];
    double d[6][REGIONS];
    print_message(
        "ours/theirs        mean          cv          lag-1       lag-24     swing     daily cv   hours\n");
    for (size_t r = 0; r < REGIONS; r++) {
        const size_t n = read_carbon(r, x);
        if (n == 0) {
            skip();
            return;
        }
        const double offset_h = utc_offset(*state, regions[r].grid);
        const struct shape theirs = shape_of(x, n, offset_h), ours = our_shape(*state, r, offset_h);
        const struct distance at = compare(regions[r].grid, &ours, &theirs);
        const double values[] = {at.log_cv, at.lag_1, at.lag_24, at.swing, at.log_daily, at.hours};
        for (int i = 0; i < 6; i++) {
            d[i][r] = values[i];
        }
    }
    double m[6];
    for (int i = 0; i < 6; i++) {
        m[i] = median(d[i], REGIONS);
    }
    print_message("medians: ln cv %.3f, lag-1 %.3f, lag-24 %.3f, swing %.3f, ln daily cv %.3f, hours %.3f\n",
                  m[0], m[1], m[2], m[3], m[4], m[5]);
    assert_true(m[0] <= 0.08);
    assert_true(m[1] <= 0.012);
    assert_true(m[2] <= 0.05);
    assert_true(m[5] >= 0.93);
}

/* --- neighbours --------------------------------------------------------------------------------- */

/* Correlation of daily means of 2022, month effects removed. */
static void neighbours_have_common_weather(void **state)
{
    static const struct {
        const char *a, *b;
        double published;
    } pairs[] = {
        {"BE", "FR", 0.84},
        {"BE", "DE", 0.78},
        {"DE", "PL", 0.76},
        {"GB", "BE", 0.75},
        {"FR", "IT-NO", 0.72},
        {"GB", "DE", 0.71},
        {"FR", "DE", 0.68},
        {"GB", "FR", 0.67},
        {"SE-SE3", "FI", 0.57},
        {"ES", "FR", 0.56},
        {"ES", "DE", 0.34},
        {"DE", "SE-SE3", 0.16},
        {"US-TEX-ERCO", "US-CENT-SWPP", 0.73},
        {"US-MIDW-MISO", "US-CENT-SWPP", 0.64},
        {"US-MIDA-PJM", "US-SE-SOCO", 0.63},
        {"US-MIDA-PJM", "US-MIDW-MISO", 0.57},
        {"US-CAL-CISO", "US-TEX-ERCO", 0.40},
        {"US-CAL-CISO", "US-NW-BPAT", 0.36},
    };
    size_t near = 0;
    const size_t n = sizeof pairs / sizeof pairs[0];
    for (size_t i = 0; i < n; i++) {
        double r = 0;
        for (uint32_t k = 0; k < REPLICATIONS; k++) {
            struct gw_arena arena = {0};
            const struct gw_grid_year a = make(*state, pairs[i].a, year_2022_us, k, &arena);
            const struct gw_grid_year b = make(*state, pairs[i].b, year_2022_us, k, &arena);
            struct shape sa = shape_of(a.carbon[GW_CARBON_AVERAGE_LIFECYCLE].value, HOURS, 0);
            struct shape sb = shape_of(b.carbon[GW_CARBON_AVERAGE_LIFECYCLE].value, HOURS, 0);
            take_out_months(&sa);
            take_out_months(&sb);
            r += correlation(sa.day, sb.day, sa.n_days) / REPLICATIONS;
            gw_arena_fini(&arena);
        }
        const bool met = fabs(r - pairs[i].published) <= 0.15;
        near += met;
        print_message("%-13s %-13s %5.2f/%.2f %s\n", pairs[i].a, pairs[i].b, r, pairs[i].published,
                      met ? "met" : "missed");
    }
    print_message("%zu of %zu pairs within 0.15\n", near, n);
    assert_true(near >= n / 2);
}

/* --- margin ------------------------------------------------------------------------------------- */

/* Annual means of WattTime's marginal rate, as the Green Software Foundation's real-time-cloud lists them
 * (commit b2858aa2), g/kWh. */
static void marginal_carbon_meets_annual_means(void **state)
{
    static const struct {
        const char *grid;
        double published;
    } rows[] = {
        {"US-CAL-CISO", 381}, {"US-TEX-ERCO", 484}, {"US-MIDA-PJM", 557}, {"US-MIDW-MISO", 586},
        {"US-SE-SOCO", 531},  {"GB", 424},          {"DE", 731},          {"BE", 416},
        {"FR", 395},          {"PL", 862},          {"ZA", 890},          {"IN-WE", 833},
        {"JP-TK", 536},       {"TW", 552},          {"SG", 349},          {"AU-NSW", 728},
        {"ES", 363},          {"US-NW-BPAT", 477},  {"SE-SE3", 791},      {"CH", 915},
        {"BR-CS", 710},       {"CA-QC", 458},       {"FI", 795},          {"IT-NO", 386},
    };
    const size_t n = sizeof rows / sizeof rows[0];
    size_t near = 0;
    for (size_t i = 0; i < n; i++) {
        struct gw_arena arena = {0};
        const struct gw_grid_year year = make(*state, rows[i].grid, year_2023_us, 0, &arena);
        double mean;
        (void)spread(year.carbon[GW_CARBON_MARGINAL_DIRECT].value, HOURS, &mean);
        const bool met = fabs(mean / rows[i].published - 1) <= 0.2;
        near += met;
        print_message("%-13s %5.0f/%.0f %+4.0f %% %s\n", rows[i].grid, mean, rows[i].published,
                      100 * (mean / rows[i].published - 1), met ? "met" : "missed");
        gw_arena_fini(&arena);
    }
    print_message("%zu of %zu within 20 %%\n", near, n);
    assert_true(near >= 20);
}

/* --- price -------------------------------------------------------------------------------------- */

/* Spread, memory and dearest local hour of hourly wholesale prices of 2023 (docs/models/grid.md). */
static void prices_move_as_they_did(void **state)
{
    static const struct {
        const char *grid;
        double cv, lag_24;
        int peak;
    } rows[] = {
        {"DE", 0.50, .635, 19},          {"FR", 0.47, .728, 19},         {"BE", 0.47, .709, 19},
        {"CH", 0.38, .793, 19},          {"ES", 0.47, .717, 20},         {"GB", 0.38, .786, 19},
        {"PL", 0.34, .665, 18},          {"SE-SE3", 0.88, .657, 18},     {"IT-NO", 0.28, .806, 19},
        {"US-CAL-CISO", 0.72, .848, 18}, {"US-TEX-ERCO", 3.9, .685, 19}, {"US-MIDA-PJM", 0.90, .344, 16},
        {"AU-NSW", 1.75, .299, 17},      {"JP-TK", 0.36, .728, 18},      {"SG", 1.37, .397, 17},
    };
    size_t met[3] = {0};
    const size_t n = sizeof rows / sizeof rows[0];
    for (size_t i = 0; i < n; i++) {
        struct gw_arena arena = {0};
        const struct gw_grid_year year = make(*state, rows[i].grid, year_2023_us, 0, &arena);
        const struct shape s =
            shape_of(year.price_usd_per_mwh.value, HOURS, utc_offset(*state, rows[i].grid));
        int peak = 0;
        for (int h = 0; h < 24; h++) {
            peak = s.hour[h] > s.hour[peak] ? h : peak;
        }
        const bool ok[3] = {fabs(log(s.cv / rows[i].cv)) <= 0.3, fabs(s.lag_24 - rows[i].lag_24) <= 0.15,
                            abs(peak - rows[i].peak) <= 2};
        for (int k = 0; k < 3; k++) {
            met[k] += ok[k];
        }
        print_message("%-13s mean %6.1f cv %.2f/%.2f lag-24 %.2f/%.2f peak %2d/%d%s%s%s\n", rows[i].grid,
                      s.mean, s.cv, rows[i].cv, s.lag_24, rows[i].lag_24, peak, rows[i].peak,
                      ok[0] ? "" : " cv", ok[1] ? "" : " lag-24", ok[2] ? "" : " peak");
        gw_arena_fini(&arena);
    }
    print_message("of %zu: cv %zu, lag-24 %zu, peak %zu\n", n, met[0], met[1], met[2]);
    assert_true(met[1] >= n / 2 && met[2] >= n / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hourly_carbon_has_the_shape_of_the_published),
        cmocka_unit_test(neighbours_have_common_weather),
        cmocka_unit_test(marginal_carbon_meets_annual_means),
        cmocka_unit_test(prices_move_as_they_did),
    };
    return cmocka_run_group_tests_name("grid", tests, entries_load, entries_unload);
}
