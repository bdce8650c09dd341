#include "plots/scale.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/units.h"
#include "sim/core/clock.h"

/* Air between the data and the end of the axis, as a share of the span. */
#define AIR_FRAC 0.04

/* Smaller data read as zeros: their ticks would run into the end of what a double can hold. */
#define LEAST_SPAN 1e-290

double gw_scale_at(const struct gw_scale *self, double x)
{
    GW_REQUIRE(!isnan(x));
    GW_REQUIRE(self->lo < self->hi);
    const double inside = fmin(fmax(x, self->lo), self->hi);
    /* halves: the difference of two huge values of opposite sign must not overflow */
    const double share = self->kind == GW_SCALE_LOG
                             ? (log(inside) - log(self->lo)) / (log(self->hi) - log(self->lo))
                             : (inside / 2 - self->lo / 2) / (self->hi / 2 - self->lo / 2);
    return self->from_pt + share * (self->to_pt - self->from_pt);
}

void gw_scale_span_from_zero(double lo, double hi, double *from, double *to)
{
    GW_REQUIRE(isfinite(lo) && isfinite(hi));
    lo = fmin(lo, 0.0);
    hi = fmax(hi, 0.0);
    if (hi - lo < LEAST_SPAN) {
        lo = 0.0;
        hi = 1.0;
    }
    const double air = AIR_FRAC * (hi / 2 - lo / 2) * 2;
    *from = lo < 0.0 ? fmax(lo - air, -DBL_MAX / 2) : 0.0;
    *to = hi > 0.0 ? fmin(hi + air, DBL_MAX / 2) : 0.0;
}

void gw_scale_span_log(double lo, double hi, double *from, double *to)
{
    GW_REQUIRE(0.0 < lo && lo <= hi && isfinite(hi));
    const double middle = sqrt(lo) * sqrt(hi);
    const double least = fmin(lo, middle / sqrt(2.0)), most = fmax(hi, middle * sqrt(2.0));
    const double air = exp(AIR_FRAC * (log(most) - log(least)));
    *from = fmax(least / air, DBL_MIN);
    *to = fmin(most * air, DBL_MAX);
}

/* --- linear --------------------------------------------------------------------------------------- */

/* Multiples of step within [lo, hi]: first * step, and how many. */
static size_t multiples(double lo, double hi, double step, double *first)
{
    const double slack = 1e-9; /* of a step: an end that is itself a multiple counts */
    const double k_lo = ceil(lo / step - slack), k_hi = floor(hi / step + slack);
    *first = k_lo;
    const double n = k_hi - k_lo + 1.0;
    return n <= 0.0 ? 0 : n > 1e6 ? 1000000 : (size_t)n;
}

static struct gw_ticks every(double lo, double hi, double mantissa, int exponent)
{
    struct gw_ticks ticks = {0};
    const double step = mantissa * pow(10.0, exponent);
    double first;
    const size_t n = multiples(lo, hi, step, &first);
    const int decimals = mantissa == 2.5 ? 1 - exponent : -exponent;
    for (size_t i = 0; i < n && i < GW_SCALE_TICKS_MAX; i++) {
        const double at = (first + (double)i) * step;
        const bool zero = first + (double)i == 0.0;
        ticks.tick[i].at = zero ? 0.0 : at;
        ticks.tick[i].label = gw_label_number(ticks.tick[i].at, zero || decimals < 0 ? 0 : decimals);
        ticks.n++;
    }
    return ticks;
}

static struct gw_ticks linear_ticks(double lo, double hi, size_t at_most)
{
    static const double mantissa[] = {1.0, 2.0, 2.5, 5.0};
    const double rough = (hi / 2 - lo / 2) / (double)at_most;
    int exponent = (int)floor(log10(rough)) - 1;
    for (;; exponent++) {
        for (size_t m = 0; m < sizeof mantissa / sizeof mantissa[0]; m++) {
            double first;
            if (multiples(lo, hi, mantissa[m] * pow(10.0, exponent), &first) <= at_most) {
                return every(lo, hi, mantissa[m], exponent);
            }
        }
    }
}

/* --- log ------------------------------------------------------------------------------------------ */

static size_t log_ticks_of(double lo, double hi, const double *mantissa, size_t mantissas, int decades,
                           struct gw_ticks *ticks)
{
    size_t n = 0;
    const int first = (int)floor(log10(lo)) - 1, last = (int)ceil(log10(hi)) + 1;
    for (int e = first; e <= last; e++) {
        for (size_t m = 0; m < mantissas && ((e % decades) + decades) % decades == 0; m++) {
            const double at = mantissa[m] * pow(10.0, e);
            if (at < lo * (1 - 1e-12) || at > hi * (1 + 1e-12)) {
                continue;
            }
            if (n < GW_SCALE_TICKS_MAX) {
                ticks->tick[n] = (struct gw_tick){at, gw_label_number(at, e < 0 ? -e : 0)};
            }
            n++;
        }
    }
    ticks->n = n < GW_SCALE_TICKS_MAX ? n : GW_SCALE_TICKS_MAX;
    return n;
}

static struct gw_ticks log_ticks(double lo, double hi, size_t at_most)
{
    static const double mantissa[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 5, 1, 2, 5, 1, 3};
    static const struct {
        size_t from, n; /* of mantissa[] */
        int decades;
    } set[] = {{0, 9, 1}, {9, 4, 1}, {13, 3, 1}, {16, 2, 1}, {0, 1, 1},  {0, 1, 2},
               {0, 1, 3}, {0, 1, 6}, {0, 1, 12}, {0, 1, 48}, {0, 1, 200}};
    for (size_t i = 0; i < sizeof set / sizeof set[0]; i++) {
        struct gw_ticks ticks = {0};
        const size_t n = log_ticks_of(lo, hi, mantissa + set[i].from, set[i].n, set[i].decades, &ticks);
        if (n <= at_most) {
            return n >= 2 || hi / lo > 10.0 ? ticks : linear_ticks(lo, hi, at_most);
        }
    }
    return (struct gw_ticks){0};
}

/* --- time ----------------------------------------------------------------------------------------- */

#define US_PER_MIN (INT64_C(60) * GW_US_PER_S)
#define US_PER_DAY (INT64_C(24) * GW_US_PER_H)

static bool is_month_start(const struct gw_calendar *c, int every)
{
    return c->day == 1 && (c->month - 1) % every == 0;
}

/* Hours within a day, else the date, else the month; a midnight shows its date so that days can be told
 * apart. */
static struct gw_label time_label(int64_t unix_us, bool months)
{
    static const char *const month[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const struct gw_calendar c = gw_clock_calendar(unix_us);
    struct gw_label label;
    if (months && c.month == 1) {
        snprintf(label.text, sizeof label.text, "%d", c.year);
    } else if (months) {
        snprintf(label.text, sizeof label.text, "%s", month[c.month - 1]);
    } else if (unix_us % US_PER_DAY == 0) {
        snprintf(label.text, sizeof label.text, "%d %s", c.day, month[c.month - 1]);
    } else {
        snprintf(label.text, sizeof label.text, "%02d:%02d", c.hour, c.minute);
    }
    return label;
}

static int64_t floor_to(int64_t x, int64_t step)
{
    return x - ((x % step) + step) % step;
}

static size_t month_ticks(int64_t lo, int64_t hi, int every_months, struct gw_ticks *ticks)
{
    size_t n = 0;
    for (int64_t t = floor_to(lo + US_PER_DAY - 1, US_PER_DAY); t <= hi; t += US_PER_DAY) {
        const struct gw_calendar c = gw_clock_calendar(t);
        if (is_month_start(&c, every_months)) {
            if (n < GW_SCALE_TICKS_MAX) {
                ticks->tick[n] = (struct gw_tick){(double)t, time_label(t, true)};
            }
            n++;
        }
    }
    ticks->n = n < GW_SCALE_TICKS_MAX ? n : GW_SCALE_TICKS_MAX;
    return n;
}

static struct gw_ticks time_ticks(int64_t lo, int64_t hi, size_t at_most)
{
    static const int64_t step[] = {
        US_PER_MIN,      5 * US_PER_MIN,  15 * US_PER_MIN,  30 * US_PER_MIN, GW_US_PER_H,    2 * GW_US_PER_H,
        3 * GW_US_PER_H, 6 * GW_US_PER_H, 12 * GW_US_PER_H, US_PER_DAY,      2 * US_PER_DAY, 7 * US_PER_DAY,
    };
    static const int months[] = {1, 2, 3, 6, 12};
    struct gw_ticks ticks = {0};
    for (size_t i = 0; i < sizeof step / sizeof step[0]; i++) {
        const int64_t first = floor_to(lo + step[i] - 1, step[i]);
        if (first > hi || (hi - first) / step[i] + 1 <= (int64_t)at_most) {
            for (int64_t t = first; t <= hi; t += step[i]) {
                ticks.tick[ticks.n++] = (struct gw_tick){(double)t, time_label(t, false)};
            }
            return ticks;
        }
    }
    for (size_t i = 0; i < sizeof months / sizeof months[0]; i++) {
        if (month_ticks(lo, hi, months[i], &ticks) <= at_most) {
            return ticks;
        }
    }
    return (struct gw_ticks){0};
}

struct gw_ticks gw_scale_ticks(const struct gw_scale *self, size_t at_most)
{
    GW_REQUIRE(at_most >= 2);
    GW_REQUIRE(at_most <= GW_SCALE_TICKS_MAX);
    GW_REQUIRE(self->lo < self->hi);
    switch (self->kind) {
    case GW_SCALE_LOG:
        return log_ticks(self->lo, self->hi, at_most);
    case GW_SCALE_TIME:
        return time_ticks((int64_t)self->lo, (int64_t)self->hi, at_most);
    case GW_SCALE_LINEAR:
        break;
    }
    return linear_ticks(self->lo, self->hi, at_most);
}

/* --- categories ----------------------------------------------------------------------------------- */

double gw_scale_band_pt(const struct gw_bands *self)
{
    return (self->to_pt - self->from_pt) / (double)self->n;
}

double gw_scale_band_centre(const struct gw_bands *self, size_t index)
{
    return self->from_pt + ((double)index + 0.5) * gw_scale_band_pt(self);
}
