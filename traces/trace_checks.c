#include "traces/trace_checks.h"

#include <gsl/gsl_math.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/units.h"

#define US_PER_DAY (24 * GW_US_PER_H)

static const double ci_max_gco2_per_kwh = 1500;   /* above any fuel: lignite is near 1200 */
static const double rounding_gco2_per_kwh = 0.01; /* files carry two decimals */
static const double outlier_mads = 8;
static const double periodic_share = 0.9;
static const double sun_tolerance_h = 2;
static const double straight_gap_h = 3;

enum { DAYS_AROUND = 7 }; /* that are looked at for the same time of day */

struct checks {
    struct gw_trace *trace;
    struct gw_arena *arena;
    double *work; /* n of them */
    bool failed;  /* memory is out */
};

static void add(struct checks *k, enum gw_trace_kind kind, enum gw_trace_verdict verdict, const char *column,
                uint64_t count, uint64_t line, const char *text)
{
    k->failed =
        k->failed || !gw_trace_add(k->trace, k->arena, kind, verdict, column, count, line, "%s", text);
}

static bool begins(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

static bool is_ci(const struct gw_trace_column *c)
{
    return begins(c->name, "ci_");
}

/* What a scenario reads: without it a place has no carbon or no cost. */
static bool is_signal(const struct gw_trace_column *c)
{
    return is_ci(c) || begins(c->name, "price_");
}

static uint64_t count_missing(const struct gw_trace *t, const double *value)
{
    uint64_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        n += isnan(value[i]) ? 1 : 0;
    }
    return n;
}

/* The line of the row at or before interval i. */
static uint64_t line_before(const struct gw_trace *t, size_t i)
{
    while (i > 0 && t->line[i] == 0) {
        i--;
    }
    return t->line[i];
}

/* --- values that cannot be ---------------------------------------------------------------------- */

static void drop_empty(struct checks *k)
{
    struct gw_trace *t = k->trace;
    uint32_t kept = 0;
    for (uint32_t c = 0; c < t->columns; c++) {
        if (count_missing(t, t->column[c].value) == t->n) {
            add(k, GW_TRACE_EMPTY, GW_TRACE_NOTE, t->column[c].name, t->n, 0, "no value at all; left out");
        } else {
            t->column[kept++] = t->column[c];
        }
    }
    t->columns = kept;
    if (kept == 0) {
        add(k, GW_TRACE_EMPTY, GW_TRACE_REFUSAL, NULL, t->rows, 0, "there are no values");
    }
}

/* Hours in which every fuel is reported as zero are hours without a report. */
static void find_no_generation(struct checks *k)
{
    struct gw_trace *t = k->trace;
    uint64_t n = 0, line = 0;
    for (size_t i = 0; i < t->n; i++) {
        bool any = false, all_zero = true;
        for (uint32_t c = 0; c < t->columns && all_zero; c++) {
            const double x = begins(t->column[c].name, "generation_") ? t->column[c].value[i] : (double)NAN;
            any = any || !isnan(x);
            all_zero = isnan(x) || x == 0;
        }
        if (!any || !all_zero) {
            continue;
        }
        line = n++ == 0 ? t->line[i] : line;
        for (uint32_t c = 0; c < t->columns; c++) {
            if (begins(t->column[c].name, "generation_") || is_ci(&t->column[c])) {
                t->column[c].value[i] = (double)NAN;
            }
        }
    }
    if (n > 0) {
        add(k, GW_TRACE_NO_GENERATION, GW_TRACE_REPAIR, NULL, n, line,
            "generation is zero for every fuel; made missing, and with it the intensity");
    }
}

static void find_out_of_range(struct checks *k, const struct gw_trace_column *c)
{
    const struct gw_trace *t = k->trace;
    uint64_t n = 0;
    size_t first = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (c->value[i] < 0 || c->value[i] > ci_max_gco2_per_kwh) {
            first = n++ == 0 ? i : first;
        }
    }
    if (n > 0) {
        char text[120];
        snprintf(text, sizeof text, "%.6g gCO2/kWh lies outside [0, %g]: another unit, or a fault",
                 c->value[first], ci_max_gco2_per_kwh);
        add(k, GW_TRACE_RANGE, GW_TRACE_REFUSAL, c->name, n, t->line[first], text);
    }
}

static void find_direct_above_lifecycle(struct checks *k)
{
    const struct gw_trace *t = k->trace;
    const struct gw_trace_column *direct = gw_trace_find(t, "ci_direct_gco2_per_kwh");
    const struct gw_trace_column *life = gw_trace_find(t, "ci_lifecycle_gco2_per_kwh");
    if (direct == NULL || life == NULL) {
        return;
    }
    uint64_t n = 0;
    size_t first = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (direct->value[i] > life->value[i] + rounding_gco2_per_kwh) {
            first = n++ == 0 ? i : first;
        }
    }
    if (n > 0) {
        char text[120];
        snprintf(text, sizeof text, "direct %.6g is above lifecycle %.6g gCO2/kWh: columns are mixed up",
                 direct->value[first], life->value[first]);
        add(k, GW_TRACE_DIRECT_ABOVE_LIFECYCLE, GW_TRACE_REFUSAL, NULL, n, t->line[first], text);
    }
}

/* --- values that look made up or shifted -------------------------------------------------------- */

static void find_profile(struct checks *k, const struct gw_trace_column *c)
{
    const struct gw_trace *t = k->trace;
    double first = (double)NAN;
    bool constant = true;
    for (size_t i = 0; i < t->n && constant; i++) {
        if (!isnan(c->value[i])) {
            first = isnan(first) ? c->value[i] : first;
            constant = c->value[i] == first;
        }
    }
    if (constant) {
        add(k, GW_TRACE_CONSTANT, GW_TRACE_NOTE, c->name, t->n, 0, "one value throughout: not measured");
        return;
    }
    if (US_PER_DAY % t->step_us != 0) {
        return;
    }
    const size_t day = (size_t)(US_PER_DAY / t->step_us);
    uint64_t pairs = 0, equal = 0;
    for (size_t i = day; i < t->n; i++) {
        if (!isnan(c->value[i]) && !isnan(c->value[i - day])) {
            pairs++;
            equal += c->value[i] == c->value[i - day];
        }
    }
    if (pairs >= 2 * day && (double)equal >= periodic_share * (double)pairs) {
        add(k, GW_TRACE_PERIODIC, GW_TRACE_NOTE, c->name, equal, 0,
            "values equal those of the day before: a repeated profile, an estimate or a tariff");
    }
}

static size_t copy_present(struct checks *k, const double *value)
{
    size_t n = 0;
    for (size_t i = 0; i < k->trace->n; i++) {
        if (!isnan(value[i])) {
            k->work[n++] = value[i];
        }
    }
    return n;
}

static void find_outliers(struct checks *k, const struct gw_trace_column *c)
{
    const struct gw_trace *t = k->trace;
    size_t n = copy_present(k, c->value);
    const double median = gsl_stats_median(k->work, 1, n);
    n = copy_present(k, c->value);
    for (size_t i = 0; i < n; i++) {
        k->work[i] = fabs(k->work[i] - median);
    }
    const double far = outlier_mads * gsl_stats_median(k->work, 1, n);
    if (!(far > 0)) {
        return;
    }
    uint64_t out = 0;
    size_t worst = 0;
    uint64_t line = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (fabs(c->value[i] - median) > far) {
            line = out++ == 0 ? t->line[i] : line;
            worst = isnan(c->value[worst]) || fabs(c->value[i] - median) > fabs(c->value[worst] - median)
                        ? i
                        : worst;
        }
    }
    if (out > 0) {
        char text[120];
        snprintf(text, sizeof text, "further than 8 MAD from the median %.6g; the furthest is %.6g", median,
                 c->value[worst]);
        add(k, GW_TRACE_OUTLIER, GW_TRACE_NOTE, c->name, out, line, text);
    }
}

/* Means by hour of the day; hours without a value are NaN. */
static void hours_of(const struct gw_trace *t, const double *value, double hour[24])
{
    uint64_t n[24] = {0};
    for (int h = 0; h < 24; h++) {
        hour[h] = 0;
    }
    for (size_t i = 0; i < t->n; i++) {
        const gw_time_us us = (t->start_unix_us + (gw_time_us)i * t->step_us) % US_PER_DAY;
        const int h = (int)((us < 0 ? us + US_PER_DAY : us) / GW_US_PER_H);
        if (!isnan(value[i])) {
            hour[h] += value[i];
            n[h]++;
        }
    }
    for (int h = 0; h < 24; h++) {
        hour[h] /= (double)n[h];
    }
}

/* The middle of the day's generation on the circle of 24 hours; NaN when hours are missing. */
static double middle_h(const double hour[24])
{
    double x = 0, y = 0;
    for (int h = 0; h < 24; h++) {
        x += hour[h] * cos(M_PI / 12 * (h + 0.5));
        y += hour[h] * sin(M_PI / 12 * (h + 0.5));
    }
    const double at_h = atan2(y, x) * 12 / M_PI;
    return at_h < 0 ? at_h + 24 : at_h;
}

static double least_h(const double hour[24])
{
    int least = 0;
    for (int h = 1; h < 24; h++) {
        if (hour[h] < hour[least]) {
            least = h;
        }
    }
    return least + 0.5;
}

static void find_sun(struct checks *k, const struct gw_trace_column *c, double noon_utc_h)
{
    const bool solar = begins(c->name, "generation_solar");
    if ((!solar && (!is_ci(c) || isnan(noon_utc_h))) || k->trace->step_us > GW_US_PER_H) {
        return;
    }
    double hour[24];
    hours_of(k->trace, c->value, hour);
    const double at_h = solar ? middle_h(hour) : least_h(hour);
    if (isnan(at_h)) {
        return;
    }
    char text[160];
    if (isnan(noon_utc_h)) {
        snprintf(text, sizeof text,
                 "the middle of solar generation is %.1f h UTC, noon at %.0f degrees of longitude", at_h,
                 15 * (12 - at_h));
        add(k, GW_TRACE_SUN, GW_TRACE_NOTE, c->name, 1, 0, text);
        return;
    }
    const double away_h = fabs(remainder(at_h - noon_utc_h, 24));
    if (away_h > sun_tolerance_h) {
        snprintf(text, sizeof text, "%s %.1f h from local noon: %s",
                 solar ? "the middle of solar generation is" : "the least intensity of the mean day is",
                 away_h, solar ? "the times are shifted" : "little solar power, or the times are shifted");
        add(k, GW_TRACE_SUN, GW_TRACE_NOTE, c->name, 1, 0, text);
    }
}

/* --- gaps --------------------------------------------------------------------------------------- */

struct gaps {
    uint64_t n, values, straight, days, open;
    size_t first, longest, longest_open, first_open;
};

/* Mean of the nearest values at the same time of day before and after; NaN when there is none. */
static double same_time(const double *value, size_t n, size_t i, size_t day)
{
    double sum = 0;
    int found = 0;
    for (size_t d = 1; day > 0 && d <= DAYS_AROUND && d * day <= i; d++) {
        if (!isnan(value[i - d * day])) {
            sum += value[i - d * day];
            found++;
            break;
        }
    }
    for (size_t d = 1; day > 0 && d <= DAYS_AROUND && i + d * day < n; d++) {
        if (!isnan(value[i + d * day])) {
            sum += value[i + d * day];
            found++;
            break;
        }
    }
    return found == 0 ? (double)NAN : sum / found;
}

/* Fills [from, to) of k->work out of value. */
static void fill_gap(struct checks *k, const double *value, size_t from, size_t to, double longest_h,
                     struct gaps *g)
{
    const struct gw_trace *t = k->trace;
    const double length_h = gw_h_from_us((gw_time_us)(to - from) * t->step_us);
    const size_t day = US_PER_DAY % t->step_us == 0 ? (size_t)(US_PER_DAY / t->step_us) : 0;
    const bool inside = from > 0 && to < t->n;
    const uint64_t open = g->open;
    for (size_t i = from; i < to; i++) {
        if (inside && length_h <= fmin(straight_gap_h, longest_h)) {
            const double part = (double)(i - from + 1) / (double)(to - from + 1);
            k->work[i] = value[from - 1] * (1 - part) + value[to] * part;
            g->straight++;
        } else if (length_h <= longest_h) {
            k->work[i] = same_time(value, t->n, i, day);
            g->days += isnan(k->work[i]) ? 0 : 1;
            g->open += isnan(k->work[i]) ? 1 : 0;
        } else {
            g->open++;
        }
    }
    g->first = g->n++ == 0 ? from : g->first;
    g->values += to - from;
    g->longest = to - from > g->longest ? to - from : g->longest;
    if (g->open > open) {
        g->first_open = open == 0 ? from : g->first_open;
        g->longest_open = to - from > g->longest_open ? to - from : g->longest_open;
    }
}

static void report_gaps(struct checks *k, const struct gw_trace_column *c, const struct gaps *g)
{
    const struct gw_trace *t = k->trace;
    char span[GW_CLOCK_TEXT_MAX], text[200];
    if (g->straight + g->days > 0) {
        gw_clock_print_span((gw_time_us)g->longest * t->step_us, span);
        snprintf(text, sizeof text,
                 "gaps: %llu, longest %s; %llu values filled by a straight line, %llu from the same time of "
                 "other days",
                 (unsigned long long)g->n, span, (unsigned long long)g->straight,
                 (unsigned long long)g->days);
        add(k, GW_TRACE_GAP, GW_TRACE_REPAIR, c->name, g->straight + g->days, line_before(t, g->first), text);
    }
    if (g->open > 0) {
        gw_clock_print_span((gw_time_us)g->longest_open * t->step_us, span);
        snprintf(text, sizeof text, "missing values that cannot be filled; the longest such gap has %s",
                 span);
        add(k, GW_TRACE_GAP, is_signal(c) ? GW_TRACE_REFUSAL : GW_TRACE_NOTE, c->name, g->open,
            line_before(t, g->first_open), text);
    }
}

static void fill_gaps(struct checks *k, struct gw_trace_column *c, double longest_h)
{
    const struct gw_trace *t = k->trace;
    struct gaps gaps = {0};
    memcpy(k->work, c->value, t->n * sizeof *k->work);
    for (size_t i = 0; i < t->n; i++) {
        const size_t from = i;
        while (i < t->n && isnan(c->value[i])) {
            i++;
        }
        if (i > from) {
            fill_gap(k, c->value, from, i, longest_h, &gaps);
        }
    }
    memcpy(c->value, k->work, t->n * sizeof *k->work);
    c->missing = gaps.open;
    report_gaps(k, c, &gaps);
}

/* --- all of them -------------------------------------------------------------------------------- */

static void report_estimates(struct checks *k)
{
    const struct gw_trace *t = k->trace;
    if (t->estimated > 0) {
        char text[80];
        snprintf(text, sizeof text, "%.1f %% of the rows are estimates by the source",
                 100 * (double)t->estimated / (double)t->rows);
        add(k, GW_TRACE_ESTIMATED, GW_TRACE_NOTE, NULL, t->estimated, 0, text);
    }
}

bool gw_trace_checks_run(struct gw_trace *trace, double noon_utc_h, double longest_gap_h,
                         struct gw_arena *arena)
{
    struct checks k = {.trace = trace, .arena = arena};
    k.work = gw_arena_array(arena, trace->n, sizeof *k.work);
    if (k.work == NULL) {
        return false;
    }
    drop_empty(&k);
    find_no_generation(&k);
    find_direct_above_lifecycle(&k);
    report_estimates(&k);
    for (uint32_t c = 0; c < trace->columns; c++) {
        struct gw_trace_column *column = &trace->column[c];
        if (is_ci(column)) {
            find_out_of_range(&k, column);
        }
        if (is_signal(column)) {
            find_profile(&k, column);
        }
        if (!begins(column->name, "generation_solar")) {
            find_outliers(&k, column);
        }
        find_sun(&k, column, noon_utc_h);
        fill_gaps(&k, column, longest_gap_h);
    }
    return !k.failed;
}
