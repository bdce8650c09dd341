/* Generated grids against what is published of hourly carbon, of marginal carbon, prices, and of what
 * neighbours and weather have in common. */
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <string.h>

#include "models/grid/grid_year.h"
#include "models/weather/generator.h"
#include "sim/base/check.h"
#include "sim/base/units.h"
#include "sim/validate/series_shape.h"
#include "sim/validate/validators.h"

enum { HOURS = 8760, DAYS = 365, REPLICATIONS = 10, PAIR_REPLICATIONS = 4 };

static const gw_time_us year_2022_us = INT64_C(1640995200) * GW_US_PER_S;
static const gw_time_us year_2023_us = INT64_C(1672531200) * GW_US_PER_S;

static const char carbon_source[] =
    "Electricity Maps (ODbL): statistics of hourly life-cycle intensity, consumption based, of 2022 or 2023";

/* --- ours --------------------------------------------------------------------------------------- */

static enum gw_status make(struct gw_validation *out, const char *grid, gw_time_us start,
                           uint32_t replication, struct gw_grid_year *year, struct gw_arena *arena,
                           struct gw_error *err)
{
    return gw_grid_year_make(gw_validation_entry(out, "grid", grid),
                             gw_validation_entry(out, "water-set", "macknick"), start, HOURS, 1, replication,
                             year, arena, err);
}

static double utc_offset(struct gw_validation *out, const char *grid)
{
    return ((const struct gw_zone *)gw_validation_entry(out, "grid", grid))->utc_offset_h;
}

/* --- hourly carbon ------------------------------------------------------------------------------ */

/* Hours: the mean day in per cent of the mean. The slopes of these grids were chosen with them at hand. */
static const struct published {
    const char *grid;
    int year;
    double cv, lag_1, lag_24, swing, daily_cv;
    double hour[24];
} published[] = {
    {"US-CAL-CISO", 2023, 0.290, 0.962, 0.931, 0.469, 0.200, {118, 118, 118, 118, 119, 116, 106, 91,
                                                              80,  75,  73,  73,  72,  72,  74,  81,
                                                              94,  105, 113, 115, 116, 118, 118, 118}},
    {"US-TEX-ERCO", 2023, 0.229, 0.968, 0.550, 0.203, 0.191, {94,  94,  94,  96,  99,  103, 105, 102,
                                                              95,  93,  94,  95,  96,  96,  96,  97,
                                                              101, 109, 114, 113, 109, 105, 101, 97}},
    {"US-MIDA-PJM", 2023, 0.086, 0.986, 0.817, 0.075, 0.078, {98,  97,  96,  96,  97,  98,  99,  100,
                                                              100, 100, 100, 100, 100, 100, 100, 100,
                                                              101, 102, 103, 104, 104, 103, 102, 99}},
    {"US-MIDW-MISO", 2022, 0.112, 0.987, 0.654, 0.090, 0.100, {96,  95,  95,  95,  96,  98,  99,  101,
                                                               102, 102, 102, 102, 102, 101, 101, 102,
                                                               102, 103, 104, 103, 102, 101, 99,  97}},
    {"US-SE-SOCO", 2022, 0.070, 0.969, 0.845, 0.078, 0.058, {102, 102, 101, 102, 102, 101, 99,  97,
                                                             97,  96,  96,  96,  96,  96,  97,  98,
                                                             100, 102, 103, 103, 104, 104, 103, 102}},
    {"US-CENT-SWPP", 2022, 0.314, 0.988, 0.559, 0.199, 0.275, {90,  89,  89,  90,  91,  93,  95,  99,
                                                               103, 106, 108, 109, 109, 108, 108, 107,
                                                               107, 108, 107, 104, 99,  96,  94,  91}},
    {"US-NW-BPAT", 2022, 0.461, 0.985, 0.930, 0.332, 0.429, {114, 116, 116, 113, 106, 96,  94,  97,
                                                             99,  100, 101, 102, 102, 102, 100, 94,
                                                             86,  83,  84,  87,  92,  100, 106, 111}},
    {"CA-QC", 2022, 0.085, 0.954, 0.266, 0.025, 0.065, {101, 101, 102, 102, 101, 101, 100, 100,
                                                        99,  99,  99,  99,  100, 100, 100, 100,
                                                        99,  99,  99,  99,  99,  100, 100, 101}},
    {"BR-CS", 2023, 0.254, 0.993, 0.934, 0.160, 0.240, {102, 105, 107, 109, 109, 108, 107, 106,
                                                        102, 100, 98,  98,  98,  98,  96,  96,
                                                        95,  95,  93,  93,  94,  95,  96,  99}},
    {"GB", 2023, 0.405, 0.979, 0.610, 0.364, 0.346, {97, 97, 95, 96, 99,  102, 106, 106, 100, 93,  88,  84,
                                                     83, 83, 86, 93, 103, 112, 117, 119, 119, 116, 106, 99}},
    {"FR", 2022, 0.299, 0.985, 0.777, 0.191, 0.275, {103, 101, 99,  98,  98,  100, 102, 104,
                                                     103, 100, 97,  95,  92,  91,  91,  92,
                                                     94,  99,  104, 106, 107, 108, 110, 107}},
    {"DE", 2023, 0.372, 0.988, 0.706, 0.326, 0.327, {106, 105, 104, 104, 105, 106, 105, 102,
                                                     97,  90,  85,  82,  80,  81,  84,  90,
                                                     99,  106, 111, 113, 113, 112, 111, 108}},
    {"BE", 2022, 0.387, 0.980, 0.722, 0.287, 0.346, {104, 102, 100, 99,  99,  101, 103, 103,
                                                     101, 96,  91,  88,  86,  85,  85,  89,
                                                     95,  103, 110, 113, 113, 113, 114, 108}},
    {"ES", 2023, 0.379, 0.972, 0.809, 0.456, 0.301, {111, 111, 112, 112, 113, 116, 118, 115,
                                                     103, 88,  79,  75,  74,  73,  73,  74,
                                                     80,  90,  104, 114, 118, 117, 116, 113}},
    {"IT-NO", 2022, 0.180, 0.973, 0.800, 0.181, 0.160, {105, 105, 104, 104, 105, 107, 105, 100,
                                                        95,  93,  92,  91,  91,  92,  93,  96,
                                                        98,  100, 99,  99,  103, 107, 109, 107}},
    {"PL", 2022, 0.128, 0.974, 0.669, 0.157, 0.099, {102, 103, 103, 103, 104, 104, 103, 101,
                                                     97,  94,  92,  90,  90,  91,  94,  97,
                                                     101, 104, 106, 106, 105, 104, 103, 102}},
    {"SE-SE3", 2022, 0.287, 0.966, 0.784, 0.150, 0.259, {95,  95,  96,  96,  96,  97,  98,  101,
                                                         103, 106, 107, 108, 110, 108, 106, 103,
                                                         101, 99,  98,  97,  97,  95,  95,  95}},
    {"FI", 2022, 0.392, 0.996, 0.890, 0.072, 0.384, {97,  96,  96,  96,  97,  97,  99,  101,
                                                     102, 103, 103, 102, 102, 102, 102, 101,
                                                     101, 101, 101, 101, 102, 101, 98,  98}},
    {"CH", 2022, 0.379, 0.928, 0.710, 0.532, 0.260, {128, 131, 131, 128, 123, 109, 96,  88,
                                                     88,  88,  88,  86,  86,  89,  91,  92,
                                                     88,  82,  78,  81,  91,  102, 114, 123}},
    {"ZA", 2023, 0.044, 0.962, 0.741, 0.082, 0.027, {103, 103, 103, 104, 104, 104, 103, 100,
                                                     99,  97,  97,  96,  96,  96,  96,  96,
                                                     97,  99,  99,  100, 101, 102, 103, 103}},
    {"IN-WE", 2023, 0.030, 0.976, 0.957, 0.034, 0.026, {100, 101, 101, 101, 101, 101, 101, 101,
                                                        101, 101, 101, 101, 100, 99,  99,  98,
                                                        98,  98,  99,  100, 100, 99,  99,  100}},
    {"JP-TK", 2023, 0.150, 0.943, 0.845, 0.346, 0.043, {110, 110, 110, 110, 110, 109, 106, 97,
                                                        89,  83,  78,  76,  76,  80,  87,  95,
                                                        104, 109, 110, 110, 110, 110, 110, 110}},
    {"TW", 2022, 0.060, 0.960, 0.917, 0.125, 0.035, {104, 104, 104, 104, 104, 104, 104, 102,
                                                     98,  95,  93,  92,  92,  92,  94,  96,
                                                     99,  101, 102, 103, 103, 103, 103, 104}},
    {"SG", 2023, 0.020, 0.901, 0.796, 0.047, 0.006, {101, 101, 101, 101, 101, 101, 101, 101,
                                                     100, 99,  98,  97,  97,  97,  97,  98,
                                                     99,  100, 101, 101, 101, 101, 101, 101}},
    {"AU-NSW", 2023, 0.249, 0.944, 0.920, 0.566, 0.082, {120, 120, 120, 120, 120, 120, 113, 99,
                                                         85,  74,  68,  64,  63,  65,  70,  80,
                                                         94,  105, 112, 116, 118, 119, 119, 119}},
};
enum { REGIONS = sizeof published / sizeof published[0] };

enum { CV, LAG_1, LAG_24, SWING, DAILY_CV, HOUR_MATCH, FIGURES };

/* The means of the statistics over replications. */
static enum gw_status our_shape(struct gw_validation *out, const struct published *p,
                                struct gw_series_shape *mean, struct gw_error *err)
{
    *mean = (struct gw_series_shape){0};
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        struct gw_arena arena = {0};
        struct gw_grid_year year;
        const enum gw_status s =
            make(out, p->grid, p->year == 2022 ? year_2022_us : year_2023_us, r, &year, &arena, err);
        if (s != GW_OK) {
            gw_arena_fini(&arena);
            return s;
        }
        const struct gw_series_shape one = gw_series_shape_of(year.carbon[GW_CARBON_AVERAGE_LIFECYCLE].value,
                                                              HOURS, utc_offset(out, p->grid));
        mean->cv += one.cv / REPLICATIONS;
        mean->lag_1 += one.lag_1 / REPLICATIONS;
        mean->lag_24 += one.lag_24 / REPLICATIONS;
        mean->swing += one.swing / REPLICATIONS;
        mean->daily_cv += one.daily_cv / REPLICATIONS;
        for (int h = 0; h < 24; h++) {
            mean->hour[h] += one.hour[h] / REPLICATIONS;
        }
        gw_arena_fini(&arena);
    }
    return GW_OK;
}

static void add_detail(struct gw_validation *out, const char *grid, const char *what,
                       enum gw_validation_rule rule, double theirs, double ours, double tolerance)
{
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = "Hourly carbon",
                               .name = gw_validation_text(out, "%s, %s", grid, what),
                               .kind = GW_VALIDATION_FITTED,
                               .rule = rule,
                               .published = theirs,
                               .ours = ours,
                               .tolerance = tolerance,
                               .unit = "1",
                               .source = carbon_source,
                               .detail = true,
                           });
}

/* Adds the rows of a grid and its distances; a spread within a fifth is one within 20 % by ratio. */
static enum gw_status add_region(struct gw_validation *out, const struct published *p, double *off[FIGURES],
                                 size_t i, struct gw_error *err)
{
    struct gw_series_shape ours;
    const enum gw_status s = our_shape(out, p, &ours, err);
    if (s != GW_OK) {
        return s;
    }
    const double match = gw_series_shape_correlation(ours.hour, p->hour, 24);
    add_detail(out, p->grid, "spread", GW_VALIDATION_REL, p->cv, ours.cv, 0.20);
    add_detail(out, p->grid, "after an hour", GW_VALIDATION_ABS, p->lag_1, ours.lag_1, 0.02);
    add_detail(out, p->grid, "after a day", GW_VALIDATION_ABS, p->lag_24, ours.lag_24, 0.10);
    add_detail(out, p->grid, "swing of the day", GW_VALIDATION_ABS, p->swing, ours.swing,
               fmax(0.08, 0.3 * p->swing));
    if (p->swing > 0.10) { /* below, the day's shape is noise and rounding */
        add_detail(out, p->grid, "shape of the day", GW_VALIDATION_AT_LEAST, 0.90, match, 0);
    }
    off[CV][i] = fabs(log(ours.cv / p->cv));
    off[LAG_1][i] = fabs(ours.lag_1 - p->lag_1);
    off[LAG_24][i] = fabs(ours.lag_24 - p->lag_24);
    off[SWING][i] = fabs(ours.swing - p->swing);
    off[DAILY_CV][i] = fabs(log(ours.daily_cv / p->daily_cv));
    off[HOUR_MATCH][i] = match;
    return GW_OK;
}

static enum gw_status add_carbon(struct gw_validation *out, struct gw_error *err)
{
    static const struct {
        const char *name;
        enum gw_validation_rule rule;
        double limit;
    } medians[FIGURES] = {
        [CV] = {"median of |ln| of the spread", GW_VALIDATION_AT_MOST, 0.08},
        [LAG_1] = {"median error after an hour", GW_VALIDATION_AT_MOST, 0.01},
        [LAG_24] = {"median error after a day", GW_VALIDATION_AT_MOST, 0.05},
        [SWING] = {"median error of the day's swing", GW_VALIDATION_AT_MOST, 0.03},
        [DAILY_CV] = {"median of |ln| of the spread of days", GW_VALIDATION_AT_MOST, 0.11},
        [HOUR_MATCH] = {"median correlation of the mean days", GW_VALIDATION_AT_LEAST, 0.93},
    };
    double value[FIGURES][REGIONS], *off[FIGURES];
    for (int f = 0; f < FIGURES; f++) {
        off[f] = value[f];
    }
    enum gw_status s = GW_OK;
    for (size_t i = 0; i < REGIONS && s == GW_OK; i++) {
        s = add_region(out, &published[i], off, i, err);
    }
    for (int f = 0; f < FIGURES && s == GW_OK; f++) {
        gsl_sort(value[f], 1, REGIONS);
        gw_validation_add(out, &(struct gw_validation_row){
                                   .group = "Hourly carbon",
                                   .name = medians[f].name,
                                   .kind = GW_VALIDATION_FITTED,
                                   .rule = medians[f].rule,
                                   .published = medians[f].limit,
                                   .ours = gsl_stats_median_from_sorted_data(value[f], 1, REGIONS),
                                   .unit = "1",
                                   .source = carbon_source,
                               });
    }
    return s;
}

/* --- neighbours --------------------------------------------------------------------------------- */

enum what { CARBON, WIND, SUN };

static const double *series_of(const struct gw_grid_year *year, enum what what)
{
    return what == CARBON ? year->carbon[GW_CARBON_AVERAGE_LIFECYCLE].value
           : what == WIND ? year->generation[GW_FUEL_WIND].value
                          : year->generation[GW_FUEL_SOLAR].value;
}

/* Correlation of daily means without months, over replications. */
static enum gw_status common(struct gw_validation *out, const char *a, const char *b, enum what what,
                             double *r, struct gw_error *err)
{
    *r = 0;
    for (uint32_t k = 0; k < PAIR_REPLICATIONS; k++) {
        struct gw_arena arena = {0};
        struct gw_grid_year year[2];
        enum gw_status s = make(out, a, year_2022_us, k, &year[0], &arena, err);
        s = s == GW_OK ? make(out, b, year_2022_us, k, &year[1], &arena, err) : s;
        if (s != GW_OK) {
            gw_arena_fini(&arena);
            return s;
        }
        struct gw_series_shape x = gw_series_shape_of(series_of(&year[0], what), HOURS, 0);
        struct gw_series_shape y = gw_series_shape_of(series_of(&year[1], what), HOURS, 0);
        gw_series_shape_take_out_months(x.day, x.n_days);
        gw_series_shape_take_out_months(y.day, y.n_days);
        *r += gw_series_shape_correlation(x.day, y.day, x.n_days) / PAIR_REPLICATIONS;
        gw_arena_fini(&arena);
    }
    return GW_OK;
}

/* Shares of weather were chosen with all of them at hand. */
static const struct {
    const char *a, *b;
    enum what what;
    double r;
} pairs[] = {
    {"BE", "FR", CARBON, 0.84},
    {"BE", "DE", CARBON, 0.78},
    {"DE", "PL", CARBON, 0.76},
    {"GB", "BE", CARBON, 0.75},
    {"FR", "IT-NO", CARBON, 0.72},
    {"GB", "DE", CARBON, 0.71},
    {"FR", "DE", CARBON, 0.68},
    {"GB", "FR", CARBON, 0.67},
    {"SE-SE3", "FI", CARBON, 0.57},
    {"ES", "FR", CARBON, 0.56},
    {"ES", "DE", CARBON, 0.34},
    {"DE", "SE-SE3", CARBON, 0.16},
    {"US-TEX-ERCO", "US-CENT-SWPP", CARBON, 0.73},
    {"US-MIDW-MISO", "US-CENT-SWPP", CARBON, 0.64},
    {"US-MIDA-PJM", "US-SE-SOCO", CARBON, 0.63},
    {"US-MIDA-PJM", "US-MIDW-MISO", CARBON, 0.57},
    {"US-CAL-CISO", "US-TEX-ERCO", CARBON, 0.40},
    {"US-CAL-CISO", "US-NW-BPAT", CARBON, 0.36},
    {"US-MIDW-MISO", "US-MIDA-PJM", WIND, 0.68},
    {"US-CAL-CISO", "US-TEX-ERCO", WIND, 0.36},
    {"US-TEX-ERCO", "US-MIDW-MISO", WIND, 0.35},
    {"US-CAL-CISO", "US-NW-BPAT", WIND, 0.29},
    {"US-TEX-ERCO", "US-MIDA-PJM", WIND, 0.29},
    {"US-MIDA-PJM", "US-NW-BPAT", WIND, 0.01},
    {"US-MIDA-PJM", "US-SE-SOCO", SUN, 0.34},
    {"US-MIDW-MISO", "US-MIDA-PJM", SUN, 0.22},
    {"US-MIDW-MISO", "US-SE-SOCO", SUN, 0.19},
    {"US-CAL-CISO", "US-NW-BPAT", SUN, 0.13},
    {"US-CAL-CISO", "US-TEX-ERCO", SUN, 0.05},
};

static enum gw_status add_neighbours(struct gw_validation *out, struct gw_error *err)
{
    static const char *const names[] = {[CARBON] = "carbon", [WIND] = "wind", [SUN] = "sun"};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        double r;
        const enum gw_status s = common(out, pairs[i].a, pairs[i].b, pairs[i].what, &r, err);
        if (s != GW_OK) {
            return s;
        }
        const bool carbon = pairs[i].what == CARBON;
        gw_validation_add(
            out, &(struct gw_validation_row){
                     .group = "Neighbours",
                     .name = gw_validation_text(out, "%s and %s, days of %s", pairs[i].a, pairs[i].b,
                                                names[pairs[i].what]),
                     .kind = GW_VALIDATION_FITTED,
                     .rule = GW_VALIDATION_ABS,
                     .published = pairs[i].r,
                     .ours = r,
                     .tolerance = 0.15,
                     .unit = "1",
                     .source = carbon ? carbon_source : "EIA-930, net generation of 2022: daily means",
                 });
    }
    return GW_OK;
}

/* --- marginal carbon ---------------------------------------------------------------------------- */

static enum gw_status add_marginal(struct gw_validation *out, struct gw_error *err)
{
    static const struct {
        const char *grid;
        double g_per_kwh;
    } rows[] = {
        {"US-CAL-CISO", 381}, {"US-TEX-ERCO", 484}, {"US-MIDA-PJM", 557}, {"US-MIDW-MISO", 586},
        {"US-SE-SOCO", 531},  {"GB", 424},          {"DE", 731},          {"BE", 416},
        {"FR", 395},          {"PL", 862},          {"ZA", 890},          {"IN-WE", 833},
        {"JP-TK", 536},       {"TW", 552},          {"SG", 349},          {"AU-NSW", 728},
        {"ES", 363},          {"US-NW-BPAT", 477},  {"SE-SE3", 791},      {"CH", 915},
        {"BR-CS", 710},       {"CA-QC", 458},       {"FI", 795},          {"IT-NO", 386},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gw_arena arena = {0};
        struct gw_grid_year year;
        const enum gw_status s = make(out, rows[i].grid, year_2023_us, 0, &year, &arena, err);
        if (s != GW_OK) {
            gw_arena_fini(&arena);
            return s;
        }
        /* whose plants answer from abroad was chosen with these numbers at hand */
        const struct gw_zone *zone = gw_validation_entry(out, "grid", rows[i].grid);
        gw_validation_add(
            out,
            &(struct gw_validation_row){
                .group = "Marginal carbon",
                .name = gw_validation_text(out, "%s, annual mean at the stacks", rows[i].grid),
                .kind = zone->import != NULL ? GW_VALIDATION_FITTED : GW_VALIDATION_PREDICTED,
                .rule = GW_VALIDATION_REL,
                .published = rows[i].g_per_kwh,
                .ours = gsl_stats_mean(year.carbon[GW_CARBON_MARGINAL_DIRECT].value, 1, HOURS),
                .tolerance = 0.20,
                .unit = "g/kWh",
                .source = "WattTime annual means in real-time-cloud, Green Software Foundation, b2858aa2",
            });
        gw_arena_fini(&arena);
    }
    return GW_OK;
}

/* --- prices ------------------------------------------------------------------------------------- */

static void add_price(struct gw_validation *out, const char *grid, const char *what,
                      enum gw_validation_rule rule, double theirs, double ours, double tolerance,
                      const char *unit)
{
    gw_validation_add(out, &(struct gw_validation_row){
                               .group = "Prices",
                               .name = gw_validation_text(out, "%s, %s", grid, what),
                               .kind = GW_VALIDATION_FITTED,
                               .rule = rule,
                               .published = theirs,
                               .ours = ours,
                               .tolerance = tolerance,
                               .unit = unit,
                               .source = "Hourly wholesale prices of 2023: ENTSO-E, OMIE, AEMO, EMC, JEPX, "
                                         "CAISO, ERCOT, PJM",
                           });
}

static enum gw_status add_prices(struct gw_validation *out, struct gw_error *err)
{
    static const struct {
        const char *grid;
        double cv, lag_24, peak_h;
    } rows[] = {
        {"DE", 0.50, .635, 19},          {"FR", 0.47, .728, 19},         {"BE", 0.47, .709, 19},
        {"CH", 0.38, .793, 19},          {"ES", 0.47, .717, 20},         {"GB", 0.38, .786, 19},
        {"PL", 0.34, .665, 18},          {"SE-SE3", 0.88, .657, 18},     {"IT-NO", 0.28, .806, 19},
        {"US-CAL-CISO", 0.72, .848, 18}, {"US-TEX-ERCO", 3.9, .685, 19}, {"US-MIDA-PJM", 0.90, .344, 16},
        {"AU-NSW", 1.75, .299, 17},      {"JP-TK", 0.36, .728, 18},      {"SG", 1.37, .397, 17},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gw_arena arena = {0};
        struct gw_grid_year year;
        const enum gw_status s = make(out, rows[i].grid, year_2023_us, 0, &year, &arena, err);
        if (s != GW_OK) {
            gw_arena_fini(&arena);
            return s;
        }
        const struct gw_series_shape x =
            gw_series_shape_of(year.price_usd_per_mwh.value, HOURS, utc_offset(out, rows[i].grid));
        gw_arena_fini(&arena);
        int peak = 0;
        for (int h = 1; h < 24; h++) {
            peak = x.hour[h] > x.hour[peak] ? h : peak;
        }
        add_price(out, rows[i].grid, "spread", GW_VALIDATION_REL, rows[i].cv, x.cv, 0.30, "1");
        add_price(out, rows[i].grid, "after a day", GW_VALIDATION_ABS, rows[i].lag_24, x.lag_24, 0.15, "1");
        add_price(out, rows[i].grid, "dearest hour", GW_VALIDATION_ABS, rows[i].peak_h, peak, 2, "h");
    }
    return GW_OK;
}

/* --- heat --------------------------------------------------------------------------------------- */

/* Days of a season: June to August or December to February. */
static size_t pick_season(const double *day, bool summer, double *out)
{
    size_t n = 0;
    for (int d = 0; d < DAYS; d++) {
        const bool in_summer = d >= 151 && d < 243, in_winter = d < 59 || d >= 334;
        if (summer ? in_summer : in_winter) {
            out[n++] = day[d];
        }
    }
    return n;
}

enum { SUMMER, WINTER, SEASONS };

/* The correlations of daily wet bulb and log price, months taken out, added to r. */
static enum gw_status add_heat_and_price(struct gw_validation *out, const char *grid, const char *climate,
                                         uint32_t replication, double r[SEASONS], struct gw_error *err)
{
    struct gw_arena arena = {0};
    struct gw_grid_year year;
    struct gw_weather_series air;
    double wet_c[DAYS] = {0}, log_price[DAYS] = {0}, x[DAYS], y[DAYS];
    enum gw_status s = make(out, grid, year_2023_us, replication, &year, &arena, err);
    if (s == GW_OK) {
        s = gw_generator_make(gw_validation_entry(out, "climate", climate), GW_GENERATOR_TYPICAL, 1,
                              replication, year_2023_us, year_2023_us + HOURS * GW_US_PER_H, &air, &arena,
                              err);
    }
    for (int h = 0; h < HOURS && s == GW_OK; h++) {
        const gw_time_us middle = year_2023_us + h * GW_US_PER_H + GW_US_PER_H / 2;
        wet_c[h / 24] += gw_weather_at(&air, middle).wet_bulb_c / 24;
        log_price[h / 24] += year.price_usd_per_mwh.value[h] / 24;
    }
    gw_arena_fini(&arena);
    for (int d = 0; d < DAYS; d++) {
        log_price[d] = log(fmax(log_price[d], 1));
    }
    gw_series_shape_take_out_months(wet_c, DAYS);
    gw_series_shape_take_out_months(log_price, DAYS);
    for (int season = 0; season < SEASONS; season++) {
        const size_t n = pick_season(wet_c, season == SUMMER, x);
        (void)pick_season(log_price, season == SUMMER, y);
        r[season] += gw_series_shape_correlation(x, y, n) / PAIR_REPLICATIONS;
    }
    return s;
}

/* --- demand ------------------------------------------------------------------------------------- */

/* Spread of the days' log demand, local time; months and weekends taken out. */
static enum gw_status add_demand_spread(struct gw_validation *out, const char *grid, uint32_t replication,
                                        double spread[SEASONS], struct gw_error *err)
{
    struct gw_arena arena = {0};
    struct gw_grid_year year;
    double day[DAYS] = {0}, mean[2] = {0}, x[DAYS];
    const enum gw_status s = make(out, grid, year_2022_us, replication, &year, &arena, err);
    const int late_h = (int)-utc_offset(out, grid);
    for (int h = 0; h < HOURS && s == GW_OK; h++) {
        day[h / 24] += year.demand.value[(h + late_h) % HOURS] / 24;
    }
    gw_arena_fini(&arena);
    for (int d = 0; d < DAYS; d++) {
        day[d] = log(fmax(day[d], 1e-3));
    }
    gw_series_shape_take_out_months(day, DAYS);
    for (int pass = 0; pass < 2; pass++) {
        for (int d = 0; d < DAYS; d++) {
            const bool weekend = (d + 5) % 7 >= 5; /* 2022 begins on a Saturday */
            const double days = weekend ? 105 : 260;
            if (pass == 0) {
                mean[weekend] += day[d] / days;
            } else {
                day[d] -= mean[weekend];
            }
        }
    }
    for (int season = 0; season < SEASONS; season++) {
        const size_t n = pick_season(day, season == SUMMER, x);
        double square = 0;
        for (size_t i = 0; i < n; i++) {
            square += x[i] * x[i] / (double)n;
        }
        spread[season] += sqrt(square) / PAIR_REPLICATIONS;
    }
    return s;
}

/* That heat adds in summer and spares in winter was read off these; how much was not. */
static enum gw_status add_heat(struct gw_validation *out, struct gw_error *err)
{
    static const char *const names[SEASONS] = {[SUMMER] = "summer", [WINTER] = "winter"};
    static const struct {
        const char *grid, *climate;
        double r[SEASONS];
    } rows[] = {
        {"DE", "frankfurt", {0.24, -0.48}},         {"GB", "london", {0.19, -0.44}},
        {"US-MIDA-PJM", "ashburn", {0.43, -0.41}},  {"US-TEX-ERCO", "dallas", {0.16, -0.70}},
        {"US-CAL-CISO", "san-jose", {0.32, -0.06}}, {"JP-TK", "tokyo", {0.60, -0.13}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double r[SEASONS] = {0};
        for (uint32_t k = 0; k < PAIR_REPLICATIONS; k++) {
            const enum gw_status s = add_heat_and_price(out, rows[i].grid, rows[i].climate, k, r, err);
            if (s != GW_OK) {
                return s;
            }
        }
        for (int season = 0; season < SEASONS; season++) {
            gw_validation_add(
                out,
                &(struct gw_validation_row){
                    .group = "Weather and price",
                    .name =
                        gw_validation_text(out, "%s, wet bulb and price in %s", rows[i].grid, names[season]),
                    .kind = GW_VALIDATION_FITTED,
                    .rule = GW_VALIDATION_ABS,
                    .published = rows[i].r[season],
                    .ours = r[season],
                    .tolerance = 0.25, /* two standard errors of one measured season */
                    .unit = "1",
                    .source = "Daily means of 2023: wholesale prices as above, Open-Meteo ERA5 (CC BY 4.0)",
                });
        }
    }
    return GW_OK;
}

/* How much heat and cold move demand was taken from its months alone. */
static enum gw_status add_demand(struct gw_validation *out, struct gw_error *err)
{
    static const char *const names[SEASONS] = {[SUMMER] = "summer", [WINTER] = "winter"};
    static const struct {
        const char *grid;
        double spread[SEASONS];
    } rows[] = {
        {"US-TEX-ERCO", {0.053, 0.114}},
        {"US-MIDA-PJM", {0.072, 0.070}},
        {"US-MIDW-MISO", {0.080, 0.081}},
        {"US-SE-SOCO", {0.056, 0.121}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double spread[SEASONS] = {0};
        for (uint32_t k = 0; k < PAIR_REPLICATIONS; k++) {
            const enum gw_status s = add_demand_spread(out, rows[i].grid, k, spread, err);
            if (s != GW_OK) {
                return s;
            }
        }
        for (int season = 0; season < SEASONS; season++) {
            gw_validation_add(
                out,
                &(struct gw_validation_row){
                    .group = "Demand",
                    .name = gw_validation_text(out, "%s, spread of days in %s", rows[i].grid, names[season]),
                    .kind = GW_VALIDATION_PREDICTED,
                    .rule = GW_VALIDATION_REL,
                    .published = rows[i].spread[season],
                    .ours = spread[season],
                    .tolerance = 0.30, /* as for spreads of prices */
                    .unit = "1",
                    .source = "EIA-930, net generation of 2022 by day, weekends and months taken out; in "
                              "Texas that is demand",
                });
        }
    }
    return GW_OK;
}

enum gw_status gw_validate_grid(struct gw_validation *out, struct gw_error *err)
{
    enum gw_status (*const parts[])(struct gw_validation *, struct gw_error *) = {
        add_carbon, add_neighbours, add_marginal, add_prices, add_heat, add_demand};
    enum gw_status s = GW_OK;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && s == GW_OK; i++) {
        s = parts[i](out, err);
    }
    return s;
}
